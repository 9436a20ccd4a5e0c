package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/margin"
	"kenesh/internal/tally"
)

// A Margin is margins with what stands beside them.
type Margin struct {
	*margin.Margins
	Findings []finding.Finding
	Inputs   []Input
	Tool     Tool
	Color    bool
}

// MarginSchema is the JSON Schema of what WriteMargin writes as "json".
//
//go:embed margin-1.schema.json
var MarginSchema string

// WriteMargin renders margins. The format must be one of [Formats].
func WriteMargin(w io.Writer, format string, m Margin) error {
	return view{
		wire:  func() any { return marginWire(m) },
		lines: func(w io.Writer) error { return writeLines(w, marginRows(m.Margins)) },
		cells: func() ([]string, [][]string) { return marginCells(m.Margins) },
		page:  func() page { return marginPage(m) },
		color: m.Color,
	}.write(w, format)
}

// marginPage is what a reader sees.
func marginPage(m Margin) page {
	res := m.Result
	p := page{head: heading(res)}
	p.grid = grid{header: []string{"List", "Votes", "Seats", "One more: moved", "from", "added", "One fewer: moved", "to", "removed"},
		right: []bool{false, true, true, true, false, true, true, false, true}}
	for _, l := range byRank(res) {
		list := res.Lists[l]
		if list.Option {
			continue
		}
		more, fewer := &m.Lists[l].More, &m.Lists[l].Fewer
		p.grid.add(finding.Visible(list.Name), Group(list.Votes), seats(res, list), ballots(more.Moved), otherName(res, more.Moved), ballots(more.Added),
			ballots(fewer.Moved), otherName(res, fewer.Moved), ballots(fewer.Removed))
	}
	p.foot = slices.Concat(wholeWords(m.Margins), nearestBars(m.Margins), []string{
		"Moved ballots leave one list or option for another; added ones are for the list, removed ones were. Each figure was",
		"counted again with so many ballots, and with one fewer."}, lotWords(m.Margins))
	if !m.Linear {
		p.foot = append(p.foot, fmt.Sprintf("The outcome has no linear conditions (%s): the figures are found by counting again, between the ballots at which a list crosses a bar.", m.Why))
	}
	if m.Annul != nil || m.WhyNot != "" {
		p.foot = append(p.foot, annulWords(m.Margins)...)
	}
	p.foot = append(p.foot, summary(m.Findings)...)
	if m.Annul != nil && m.Annul.After != nil {
		p.more = append(p.more, beforeAfter(m.Margins))
	}
	return p
}

// ballots is a figure in a table.
func ballots(f margin.Figure) string {
	if f.Ballots == 0 {
		return "–"
	}
	return Group(f.Ballots)
}

// otherName is the list that the ballots of a figure come from or go to, and where.
func otherName(res *tally.Result, f margin.Figure) string {
	if f.Ballots == 0 || f.Other < 0 {
		return "–"
	}
	text := finding.Visible(res.Lists[f.Other].Name)
	if f.Area > 0 {
		text += " in " + finding.Visible(res.AreaNames[f.Area])
	}
	return text
}

// wholeWords tells of the fewest ballots that change anything.
func wholeWords(m *margin.Margins) []string {
	x := m.Whole
	if x.Ballots == 0 {
		return []string{"No number of moved ballots changes anything."}
	}
	var moves []string
	for _, v := range x.Moves {
		text := fmt.Sprintf("%s from %s to %s", Group(v.Ballots), finding.Visible(m.Result.Lists[v.From].Name), finding.Visible(m.Result.Lists[v.To].Name))
		if v.Area > 0 {
			text += " in " + finding.Visible(m.Result.AreaNames[v.Area])
		}
		moves = append(moves, text)
	}
	way := "in whatever way ballots move"
	if x.One {
		way = "of ballots that go from one list to one other"
	}
	text := fmt.Sprintf("The fewest that change anything, %s: %s ballot%s (%s).", way, Group(x.Ballots), plural(x.Ballots), strings.Join(moves, ", "))
	return []string{text, "  " + sentence(turnsWords(m.Result, x.From, x.To, x.In, x.Out, x.Lot)) + "."}
}

// turnsWords says whose seats change and who takes part then.
func turnsWords(res *tally.Result, from, to, in, out []int, lot bool) string {
	names := func(lists []int) string {
		var list []string
		for _, l := range lists {
			list = append(list, finding.Visible(res.Lists[l].Name))
		}
		return strings.Join(list, ", ")
	}
	var parts []string
	if len(out) > 0 {
		parts = append(parts, names(out)+" falls out")
	}
	if len(in) > 0 {
		parts = append(parts, names(in)+" comes in")
	}
	switch {
	case lot && len(sorted(from, to)) > 4: // the seats of many hang on it
		parts = append(parts, "a lot decides then")
	case lot && len(from)+len(to) > 0:
		parts = append(parts, "a lot decides then between "+names(sorted(from, to)))
	case len(from) > 0 && len(to) > 0:
		parts = append(parts, fmt.Sprintf("fewer seats for %s, more for %s", names(from), names(to)))
	case len(from) > 0:
		parts = append(parts, "fewer seats for "+names(from))
	case len(to) > 0:
		parts = append(parts, "more seats for "+names(to))
	}
	if parts == nil {
		return "the outcome is open then"
	}
	return strings.Join(parts, "; ")
}

func sorted(a, b []int) []int {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// lotWords says where fewer ballots let a lot decide.
func lotWords(m *margin.Margins) []string {
	for _, l := range m.Lists {
		for _, w := range []margin.Ways{l.More, l.Fewer} {
			for _, f := range []margin.Figure{w.Moved, w.Added, w.Removed} {
				if f.Lot > 0 {
					return []string{"Somewhat fewer ballots can let a lot decide: -f json and csv say how many."}
				}
			}
		}
	}
	return nil
}

// nearestBars names the bars in areas that are nearest to being missed, and those that were
// missed by least.
func nearestBars(m *margin.Margins) (lines []string) {
	const most = 3
	over := slices.Clone(m.Areas)
	slices.SortStableFunc(over, func(a, b margin.Bar) int { return cmp.Compare(max(a.Over, -a.Over), max(b.Over, -b.Over)) })
	for i, b := range over {
		if i == most {
			break
		}
		text := fmt.Sprintf("%s votes over", Group(b.Over))
		if b.Over < 0 {
			text = fmt.Sprintf("%s votes short of", Group(-b.Over))
		}
		lines = append(lines, fmt.Sprintf("Nearest bar in an area: %s in %s, %s %q.", finding.Visible(m.Result.Lists[b.List].Name), finding.Visible(m.Result.AreaNames[b.Area]), text, b.Threshold))
	}
	return lines
}

// annulWords tells of the fewest precincts.
func annulWords(m *margin.Margins) []string {
	a := m.Annul
	switch {
	case a == nil:
		return []string{sentence(m.WhyNot) + "."}
	case len(a.Precincts) == 0:
		return []string{"No set of precincts is there whose annulment changes anything."}
	}
	const most = 10
	var ids []string
	for i, id := range a.Precincts {
		if i == most {
			ids = append(ids, fmt.Sprintf("and %d more (-f json has all)", len(a.Precincts)-most))
			break
		}
		ids = append(ids, finding.Visible(id))
	}
	n := int64(len(a.Precincts))
	lines := []string{fmt.Sprintf("The fewest precincts without which anything is otherwise: %s, with %s votes: %s.", Group(n), Group(a.Votes), strings.Join(ids, ", "))}
	if a.After == nil {
		lines = append(lines, "  Without them the seats cannot be divided: "+a.Why+".")
	} else {
		lines = append(lines, "  "+sentence(turnsWords(m.Result, a.From, a.To, a.In, a.Out, a.After.Status == tally.Undecided))+".")
	}
	return append(lines, "  That a precinct is among them says that its votes matter most to this, and nothing of how it was run.")
}

// beforeAfter is both allocations side by side.
func beforeAfter(m *margin.Margins) section {
	g := grid{header: []string{"List", "Votes", "Seats", "Votes without", "Seats without"}, right: []bool{false, true, true, true, true}}
	for _, l := range byRank(m.Result) {
		before, after := m.Result.Lists[l], m.Annul.After.Lists[l]
		g.add(finding.Visible(before.Name), Group(before.Votes), seats(m.Result, before), Group(after.Votes), seats(m.Annul.After, after))
	}
	n := int64(len(m.Annul.Precincts))
	return section{fmt.Sprintf("Without the %s precinct%s", Group(n), plural(n)), g}
}

// A marginRow is one figure: the unit of the flat formats.
type marginRow struct {
	Contest string `json:"contest"`
	ListID  string `json:"list_id"` // "" of the whole
	List    string `json:"list"`
	Votes   *int64 `json:"votes"`
	Seats   *int   `json:"seats"`
	Change  string `json:"change"` // more, fewer: of the list's seats; any: of the whole
	Way     string `json:"way"`    // moved, added, removed, annulled
	Ballots *int64 `json:"ballots"`
	Lot     *int64 `json:"lot"` // fewer ballots that let a lot decide
	Other   string `json:"other"`
	Area    string `json:"area"`
	Loses   string `json:"loses"`
	Gains   string `json:"gains"`
}

var marginColumns = []string{"contest", "list_id", "list", "votes", "seats", "change", "way", "ballots", "lot", "other", "area", "loses", "gains"}

func marginRows(m *margin.Margins) (rows []marginRow) {
	res := m.Result
	for l, list := range res.Lists {
		if list.Option {
			continue
		}
		for _, x := range []struct {
			change string
			ways   margin.Ways
		}{{"more", m.Lists[l].More}, {"fewer", m.Lists[l].Fewer}} {
			for _, y := range []struct {
				way string
				f   margin.Figure
			}{{"moved", x.ways.Moved}, {"added", x.ways.Added}, {"removed", x.ways.Removed}} {
				r := marginRow{Contest: res.Rules.Name, ListID: list.ID, List: list.Name, Votes: &list.Votes, Seats: &list.Seats, Change: x.change, Way: y.way,
					Ballots: positive(y.f.Ballots), Lot: positive(y.f.Lot), Loses: strings.Join(listNames(res, y.f.From), "; "), Gains: strings.Join(listNames(res, y.f.To), "; ")}
				if y.f.Ballots+y.f.Lot > 0 && y.f.Other >= 0 {
					r.Other = res.Lists[y.f.Other].Name
				}
				if y.f.Area > 0 {
					r.Area = res.AreaNames[y.f.Area]
				}
				rows = append(rows, r)
			}
		}
	}
	x := m.Whole
	rows = append(rows, marginRow{Contest: res.Rules.Name, Change: "any", Way: "moved", Ballots: positive(x.Ballots), Loses: strings.Join(listNames(res, x.From), "; "), Gains: strings.Join(listNames(res, x.To), "; ")})
	if a := m.Annul; a != nil {
		for _, id := range a.Precincts {
			rows = append(rows, marginRow{Contest: res.Rules.Name, Change: "any", Way: "annulled", Other: id, Loses: strings.Join(listNames(res, a.From), "; "), Gains: strings.Join(listNames(res, a.To), "; ")})
		}
	}
	return rows
}

// positive is a number, nil for none.
func positive(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func marginCells(m *margin.Margins) (header []string, all [][]string) {
	for _, r := range marginRows(m) {
		all = append(all, []string{r.Contest, r.ListID, r.List, maybe(r.Votes), maybe(r.Seats), r.Change, r.Way, maybe(r.Ballots), maybe(r.Lot), r.Other, r.Area, r.Loses, r.Gains})
	}
	return marginColumns, all
}

// The types below are the wire form of margins, kenesh.margin version 1.
type jsonMargin struct {
	Format   string           `json:"format"`
	Version  int              `json:"version"`
	Rules    jsonRules        `json:"rules"`
	Method   string           `json:"method"`
	House    int              `json:"house"`
	Linear   bool             `json:"linear"`
	Why      *string          `json:"why"` // not linear
	Lists    []jsonMarginList `json:"lists"`
	Whole    jsonWhole        `json:"whole"`
	Bars     []jsonMarginBar  `json:"bars"`
	Annul    *jsonAnnul       `json:"annul"` // null: it was not asked for, or cannot be told
	AnnulWhy *string          `json:"annul_why"`
	Findings []jsonFinding    `json:"findings"`
	Inputs   []jsonInput      `json:"inputs"`
	Tool     jsonTool         `json:"tool"`
}

type jsonMarginList struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Votes int64     `json:"votes"`
	Seats int       `json:"seats"`
	More  *jsonWays `json:"more"` // null: an option
	Fewer *jsonWays `json:"fewer"`
}

type jsonWays struct {
	Moved   *jsonFigure `json:"moved"` // null: no number does it
	Added   *jsonFigure `json:"added"`
	Removed *jsonFigure `json:"removed"`
}

type jsonFigure struct {
	Ballots *int64  `json:"ballots"` // null: a lot may do it, and nothing does for certain
	Lot     *int64  `json:"lot"`     // fewer ballots that let a lot decide
	Other   *string `json:"other"`
	Area    *string `json:"area"`
	jsonTurns
}

type jsonTurns struct {
	From []string `json:"from"` // lists with fewer seats then
	To   []string `json:"to"`   // lists with more seats then
	In   []string `json:"in"`   // lists that take part then
	Out  []string `json:"out"`  // lists that no longer do
}

type jsonWhole struct {
	Ballots *int64           `json:"ballots"`
	Lot     bool             `json:"lot"`        // a lot decides then
	One     bool             `json:"one_to_one"` // asked was what goes from one list to one other
	Moves   []jsonMarginMove `json:"moves"`
	jsonTurns
}

type jsonMarginMove struct {
	From    string  `json:"from"`
	To      string  `json:"to"`
	Ballots int64   `json:"ballots"`
	Area    *string `json:"area"`
}

type jsonMarginBar struct {
	Threshold string `json:"threshold"`
	List      string `json:"list"`
	Area      string `json:"area"`
	Votes     int64  `json:"votes"`
	Over      int64  `json:"over"` // below 0: short
}

type jsonAnnul struct {
	Precincts []string    `json:"precincts"`
	Votes     int64       `json:"votes"`
	Seats     []jsonSeats `json:"seats"` // without them
	Reasons   []string    `json:"reasons"`
	jsonTurns
}

func marginWire(m Margin) jsonMargin {
	res := m.Result
	j := jsonMargin{Format: "kenesh.margin", Version: 1, Rules: jsonRules{res.Rules.Name, res.Rules.Title, res.Rules.Seats, res.Rules.SHA256}, Method: res.Rules.Method.Name, House: res.House, Linear: m.Linear,
		Lists: []jsonMarginList{}, Bars: []jsonMarginBar{}, Findings: jsonFindings(m.Findings), Inputs: jsonInputs(m.Inputs), Tool: jsonTool(m.Tool)}
	if m.Why != "" {
		j.Why = &m.Why
	}
	area := func(a int) *string {
		if a == 0 {
			return nil
		}
		return &res.AreaNames[a]
	}
	turns := func(from, to, in, out []int) jsonTurns {
		return jsonTurns{listNames(res, from), listNames(res, to), listNames(res, in), listNames(res, out)}
	}
	figure := func(f margin.Figure) *jsonFigure {
		if f.Ballots == 0 && f.Lot == 0 {
			return nil
		}
		x := &jsonFigure{Ballots: positive(f.Ballots), Lot: positive(f.Lot), Area: area(f.Area), jsonTurns: turns(f.From, f.To, f.In, f.Out)}
		if f.Other >= 0 {
			x.Other = &res.Lists[f.Other].Name
		}
		return x
	}
	ways := func(w margin.Ways) *jsonWays {
		return &jsonWays{figure(w.Moved), figure(w.Added), figure(w.Removed)}
	}
	for l, list := range res.Lists {
		x := jsonMarginList{ID: list.ID, Name: list.Name, Votes: list.Votes, Seats: list.Seats}
		if !list.Option {
			x.More, x.Fewer = ways(m.Lists[l].More), ways(m.Lists[l].Fewer)
		}
		j.Lists = append(j.Lists, x)
	}
	x := m.Whole
	j.Whole = jsonWhole{Ballots: positive(x.Ballots), Lot: x.Lot, One: x.One, Moves: []jsonMarginMove{}, jsonTurns: turns(x.From, x.To, x.In, x.Out)}
	for _, v := range x.Moves {
		j.Whole.Moves = append(j.Whole.Moves, jsonMarginMove{res.Lists[v.From].Name, res.Lists[v.To].Name, v.Ballots, area(v.Area)})
	}
	for _, b := range m.Areas {
		j.Bars = append(j.Bars, jsonMarginBar{b.Threshold, res.Lists[b.List].Name, res.AreaNames[b.Area], b.Votes, b.Over})
	}
	if m.WhyNot != "" {
		j.AnnulWhy = &m.WhyNot
	}
	if a := m.Annul; a != nil {
		j.Annul = &jsonAnnul{Precincts: some(a.Precincts), Votes: a.Votes, Seats: []jsonSeats{}, Reasons: []string{}, jsonTurns: turns(a.From, a.To, a.In, a.Out)}
		if a.After != nil {
			j.Annul.Reasons = some(a.After.Why)
			for _, l := range a.After.Lists {
				if l.Seats > 0 {
					j.Annul.Seats = append(j.Annul.Seats, jsonSeats{l.Name, l.Seats})
				}
			}
		} else if a.Why != "" {
			j.Annul.Reasons = []string{a.Why}
		}
	}
	return j
}
