package report

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
	"kenesh/internal/whatif"
)

// WhatIfSchema is the JSON Schema of what WriteWhatIf writes as "json".
//
//go:embed whatif-1.schema.json
var WhatIfSchema string

// A Case is the outcome of a scenario.
type Case struct {
	*whatif.Scenario
	Result *tally.Result
}

// WriteWhatIf renders scenarios beside the base case, which is the result of the report.
// The format must be one of [Formats].
func WriteWhatIf(w io.Writer, format string, r Report, cases []Case) error {
	return view{
		wire:  func() any { return whatIfWire(r, cases) },
		lines: func(w io.Writer) error { return writeLines(w, caseRows(r, cases)) },
		cells: func() ([]string, [][]string) { return caseCells(r, cases) },
		page:  func() page { return whatIfPage(r, cases) },
		color: r.Color,
	}.write(w, format)
}

func whatIfPage(r Report, cases []Case) page {
	n := int64(len(cases))
	sides := []side{{whatif.BaseCase, "the " + whatif.BaseCase, r.Result}}
	of := map[*tally.Result]*whatif.Scenario{}
	for _, c := range cases {
		sides = append(sides, side{c.Name, c.Name, c.Result})
		of[c.Result] = c.Scenario
	}
	p := besides(fmt.Sprintf("the %s and %s scenario%s", whatif.BaseCase, Group(n), plural(n)), sides, func(s side) []string {
		line, by := finding.Visible(s.name)+": "+s.Status.String(), ""
		if scenario := of[s.Result]; scenario != nil {
			line += " · " + strings.Join(changeWordsOf(scenario), " · ")
		} else {
			line += " · law " + finding.Visible(s.Rules.Name)
			by = "by --seats; "
		}
		lines := []string{line, "  " + strings.Join(caseFigures(s.Result, houseBy(s.Result, by)), " · ")}
		for _, text := range voidable(s.Result) {
			lines = append(lines, "  "+text)
		}
		return lines
	})
	if votes := votesBeside(sides); len(votes.grid.rows) > 0 {
		p.more = append(p.more, votes)
	}
	p.foot = append(p.foot, summary(r.Findings)...)
	return p
}

// caseFigures are the house, what was counted, and the bar.
func caseFigures(res *tally.Result, house string) []string {
	n := res.Precincts
	counted := fmt.Sprintf("%s precinct%s", Group(int64(n.Counted)), plural(int64(n.Counted)))
	if len(n.Annulled) > 0 {
		counted += fmt.Sprintf(" (%s annulled)", Group(int64(len(n.Annulled))))
	}
	list := []string{house, counted}
	if cast := res.Nation.Base(rules.Cast); cast.Known {
		list = append(list, "cast "+Group(cast.N))
	} else {
		list = append(list, "votes "+Group(res.Nation.Sum))
	}
	bars := 0
	for i := range res.Thresholds {
		if t := &res.Thresholds[i]; t.Level == "" && t.Measure != rules.BySeats {
			list = append(list, ruleText(t))
		} else {
			list = append(list, t.Brief())
		}
		bars++
	}
	if bars == 0 {
		list = append(list, "no threshold")
	}
	return list
}

// changeWordsOf says what is otherwise in a scenario.
func changeWordsOf(s *whatif.Scenario) (list []string) {
	add := func(what string, names []string) {
		const most = 10
		if len(names) == 0 {
			return
		}
		var seen []string
		for _, name := range names[:min(most, len(names))] {
			seen = append(seen, finding.Visible(name))
		}
		text := what + strings.Join(seen, ", ")
		if more := len(names) - most; more > 0 {
			text += fmt.Sprintf(" and %s more", Group(int64(more)))
		}
		list = append(list, text)
	}
	add(fmt.Sprintf("annuls precinct%s ", plural(int64(len(s.Annulled)))), s.Annulled)
	add("annuls all of ", s.Areas)
	add(fmt.Sprintf("restores precinct%s ", plural(int64(len(s.Restored)))), s.Restored)
	add("strikes off ", s.Excluded)
	if s.Rules != nil {
		list = append(list, "by the law "+finding.Visible(s.Rules.Name))
	}
	if s.Base != nil {
		list = append(list, "of "+s.Base.Words())
	}
	if s.Threshold != nil {
		list = append(list, "a threshold of "+rules.Percent(s.Threshold))
	}
	if s.Seats > 0 {
		list = append(list, fmt.Sprintf("%s seat%s", Group(int64(s.Seats)), plural(int64(s.Seats))))
	}
	for _, m := range s.Moves {
		votes := Group(m.Votes) + " vote" + plural(m.Votes)
		text := fmt.Sprintf("moves %s from %s to %s", votes, finding.Visible(m.From), finding.Visible(m.To))
		switch {
		case m.From == "":
			text = fmt.Sprintf("adds %s for %s", votes, finding.Visible(m.To))
		case m.To == "":
			text = fmt.Sprintf("removes %s for %s", votes, finding.Visible(m.From))
		}
		list = append(list, text+inPlace(m.In))
	}
	return list
}

// votesBeside is the votes of the lists that do not have the same in every count.
func votesBeside(sides []side) section {
	first := sides[0]
	g := grid{header: []string{"List", finding.Visible(first.name)}, right: []bool{false, true}}
	var others []side
	for _, s := range sides[1:] {
		for l := range s.Lists {
			if s.Lists[l].Votes != first.Lists[l].Votes {
				g.header, g.right = append(g.header, finding.Visible(s.name)), append(g.right, true)
				others = append(others, s)
				break
			}
		}
	}
	for _, l := range byRank(first.Result) {
		row, differs := []string{finding.Visible(first.Lists[l].Name), Group(first.Lists[l].Votes)}, false
		for _, s := range others {
			differs = differs || s.Lists[l].Votes != first.Lists[l].Votes
			row = append(row, Group(s.Lists[l].Votes))
		}
		if differs {
			g.add(row...)
		}
	}
	return section{"Votes, where they differ", g}
}

// A caseRow is what a list has in one case.
type caseRow struct {
	Scenario string `json:"scenario"`
	sideRow
	VotesMoved int64 `json:"votes_moved"` // votes more than in the base case
	Excluded   bool  `json:"excluded"`
}

// caseRows is all of it, case by case, the base case first.
func caseRows(r Report, cases []Case) (all []caseRow) {
	for _, c := range append([]Case{{nil, r.Result}}, cases...) {
		name := whatif.BaseCase
		if c.Scenario != nil {
			name = c.Name
		}
		for l, x := range sideRows(r.Result, c.Result) {
			all = append(all, caseRow{name, x, x.Votes - r.Result.Lists[l].Votes, c.Result.Lists[l].Kind == rules.Excluded})
		}
	}
	return all
}

func caseCells(r Report, cases []Case) (header []string, all [][]string) {
	for _, x := range caseRows(r, cases) {
		all = append(all, append(append([]string{x.Scenario}, x.cells()...), strconv.FormatInt(x.VotesMoved, 10), strconv.FormatBool(x.Excluded)))
	}
	return append(append([]string{"scenario"}, sideColumns...), "votes_moved", "excluded"), all
}

// The types below are the wire form of scenarios, kenesh.whatif version 1.
type jsonWhatIf struct {
	Format   string        `json:"format"`
	Version  int           `json:"version"`
	Rows     jsonRows      `json:"rows"`
	Cases    []jsonCase    `json:"cases"`
	Findings []jsonFinding `json:"findings"`
	Inputs   []jsonInput   `json:"inputs"`
	Tool     jsonTool      `json:"tool"`
}

type jsonCase struct {
	Name      string         `json:"name"`
	Changes   *jsonScenarios `json:"changes"` // null: the base case
	Precincts jsonPrecincts  `json:"precincts"`
	Annulment *jsonAnnulment `json:"annulment"`
	jsonLaw
}

type jsonScenarios struct {
	Annul        []string   `json:"annul"`
	AnnulAreas   []string   `json:"annul_areas"`
	Restore      []string   `json:"restore"`
	ExcludeLists []string   `json:"exclude_lists"`
	Rules        *string    `json:"rules"`
	Base         *string    `json:"base"`
	Threshold    *string    `json:"threshold"`
	Seats        *int       `json:"seats"`
	Moves        []jsonMove `json:"moves"`
}

type jsonMove struct {
	From  *string `json:"from"` // null: ballots are added
	To    *string `json:"to"`   // null: they are removed
	Votes int64   `json:"votes"`
	In    *string `json:"in"` // null: in the nation as a whole
}

func whatIfWire(r Report, cases []Case) jsonWhatIf {
	whole := wire(r)
	j := jsonWhatIf{Format: "kenesh.whatif", Version: 1, Rows: whole.Rows, Findings: whole.Findings, Inputs: whole.Inputs, Tool: whole.Tool}
	j.Cases = append(j.Cases, jsonCase{whatif.BaseCase, nil, whole.Precincts, whole.Annulment, lawWire(r.Result, r.Result)})
	for _, c := range cases {
		one := wire(Report{Result: c.Result})
		j.Cases = append(j.Cases, jsonCase{c.Name, scenarioWire(c.Scenario), one.Precincts, one.Annulment, lawWire(r.Result, c.Result)})
	}
	return j
}

func scenarioWire(s *whatif.Scenario) *jsonScenarios {
	x := &jsonScenarios{Annul: some(s.Annulled), AnnulAreas: some(s.Areas), Restore: some(s.Restored), ExcludeLists: some(s.Excluded), Moves: []jsonMove{}}
	if s.Rules != nil {
		x.Rules = &s.Rules.Name
	}
	if s.Base != nil {
		base := s.Base.String()
		x.Base = &base
	}
	if s.Threshold != nil {
		share := s.Threshold.RatString()
		x.Threshold = &share
	}
	if s.Seats > 0 {
		x.Seats = &s.Seats
	}
	for _, m := range s.Moves {
		x.Moves = append(x.Moves, jsonMove{where(m.From), where(m.To), m.Votes, where(m.In)})
	}
	return x
}
