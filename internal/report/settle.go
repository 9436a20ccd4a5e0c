package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/outlook"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A Settle is what is settled in a partial count, or in successive ones of a night: one
// of the two.
type Settle struct {
	State    *outlook.State
	Night    *outlook.Night
	Findings []finding.Finding
	Inputs   []Input
	Tool     Tool
	Color    bool
}

// SettleSchema is the JSON Schema of what WriteSettle writes as "json".
//
//go:embed settle-1.schema.json
var SettleSchema string

// WriteSettle renders it. The format must be one of [Formats].
func WriteSettle(w io.Writer, format string, s Settle) error {
	return view{
		wire:  func() any { return settleWire(s) },
		lines: func(w io.Writer) error { return writeLines(w, settleRows(s)) },
		cells: func() ([]string, [][]string) { return settleCells(s) },
		page:  func() page { return settlePage(s) },
		color: s.Color,
	}.write(w, format)
}

func settlePage(s Settle) (p page) {
	if s.Night != nil {
		p = nightPage(s.Night)
	} else {
		p = statePage(s.State)
	}
	p.foot = append(p.foot, summary(s.Findings)...)
	return p
}

// steps are the states that are rendered.
func (s *Settle) steps() []outlook.Step {
	if s.Night != nil {
		return s.Night.Steps
	}
	return []outlook.Step{{State: s.State}}
}

// settleWords are what a verdict says while ballots are outstanding.
var settleWords = [...]string{tally.Open: "open", tally.Reached: "in", tally.Missed: "out"}

func settleHeading(s *outlook.State) string {
	return fmt.Sprintf("%s · law %s · %s seat%s, %s", finding.Visible(s.Contest), finding.Visible(s.Law.Name), Group(int64(s.House)), plural(int64(s.House)), s.Law.Method.Title)
}

// outWords is how many precincts and ballots are outstanding.
func outWords(s *outlook.State) string {
	missing := s.Expected - (s.In - s.Unexpected)
	text := fmt.Sprintf("%s of %s precincts in", Group(int64(s.In-s.Unexpected)), Group(int64(s.Expected)))
	if s.Unexpected > 0 {
		text += fmt.Sprintf(" and %s more that the register does not have", Group(int64(s.Unexpected)))
	}
	if missing == 0 {
		return text + "; nothing is outstanding"
	}
	return text + fmt.Sprintf("; outstanding: %s, with %s ballot%s at most", Group(int64(missing)), Group(s.Outstanding), plural(s.Outstanding))
}

// settledWords is how many seats are settled.
func settledWords(s *outlook.State) string {
	whole := 0
	for _, l := range s.Lists {
		if l.Least == l.Most && l.Most > 0 {
			whole++
		}
	}
	open := s.House - s.Settled
	text := "No seat is settled"
	switch {
	case open == 0:
		return fmt.Sprintf("All %s seats are settled.", Group(int64(s.House)))
	case s.Settled == 1:
		text = "Seat 1 is settled"
	case s.Settled > 1:
		text = fmt.Sprintf("Seats 1–%s settled", Group(int64(s.Settled)))
	}
	text += fmt.Sprintf(", %s open", Group(int64(open)))
	if whole > 0 {
		text += fmt.Sprintf("; all seats of %s list%s settled", Group(int64(whole)), plural(int64(whole)))
	}
	return text + "."
}

// byOutlook orders lists by votes, and equal ones as on the ballot.
func byOutlook(s *outlook.State) []int {
	order := make([]int, len(s.Lists))
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Lists[b].Votes, s.Lists[a].Votes) })
	return order
}

// between is the seats that a list can have.
func between(l outlook.List) string {
	switch {
	case l.Most == 0:
		return "–"
	case l.Least == l.Most:
		return Group(int64(l.Least))
	}
	return Group(int64(l.Least)) + "–" + Group(int64(l.Most))
}

func statePage(s *outlook.State) page {
	p := page{head: []string{settleHeading(s), outWords(s), settledWords(s)}}
	p.grid = grid{header: []string{"List", "Votes"}, right: []bool{false, true}}
	for _, t := range s.Thresholds {
		p.grid.header, p.grid.right = append(p.grid.header, t.Words()+placeWords(&t.Threshold)), append(p.grid.right, false)
	}
	p.grid.header, p.grid.right = append(p.grid.header, "Least", "Most"), append(p.grid.right, true, true)
	some := slices.ContainsFunc(s.Lists, func(l outlook.List) bool { return l.Least == l.Most && l.Most > 0 })
	if some {
		p.grid.header, p.grid.right = append(p.grid.header, ""), append(p.grid.right, false)
	}
	var gone []string
	for _, l := range byOutlook(s) {
		x := s.Lists[l]
		if x.Option || x.Most == 0 {
			if !x.Option {
				gone = append(gone, finding.Visible(x.Name))
			}
			continue
		}
		row := []string{finding.Visible(x.Name), Group(x.Votes)}
		for _, t := range s.Thresholds {
			row = append(row, settleWords[t.Lists[l]])
		}
		row = append(row, Group(int64(x.Least)), Group(int64(x.Most)))
		switch {
		case some && x.Least == x.Most:
			row = append(row, "settled")
		case some:
			row = append(row, "")
		}
		p.grid.add(row...)
	}
	p.foot = settleFoot(s)
	if gone != nil {
		p.foot = append(p.foot, "Without a seat, whatever comes: "+manyNames(gone)+".")
	}
	return p
}

func placeWords(t *rules.Threshold) string {
	switch t.In {
	case rules.InEach:
		return " in each " + t.Level
	case rules.InAny:
		return " in any " + t.Level
	}
	return ""
}

// manyNames lists names for a sentence.
func manyNames(names []string) string {
	const most = 12
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + fmt.Sprintf(" … and %s more (-f csv has all)", Group(int64(len(names)-most)))
}

// settleFoot says how the bounds are meant.
func settleFoot(s *outlook.State) (lines []string) {
	for _, why := range s.Loose {
		if s.Outstanding == 0 {
			lines = append(lines, "No seats are given: "+finding.Visible(why)+".")
			continue
		}
		lines = append(lines, "Nothing is settled: "+finding.Visible(why)+".")
	}
	if s.Empty > 0 {
		lines = append(lines, fmt.Sprintf("%s return%s without a ballot: the precinct counts as outstanding (--empty-in: nobody voted there).", Group(int64(s.Empty)), plural(int64(s.Empty))))
	}
	if s.Outstanding == 0 {
		return lines
	}
	turnout := "as many ballots as it has registered voters"
	if s.Turnout.Cmp(big.NewRat(1, 1)) != 0 {
		turnout = "as many ballots as " + rules.Percent(s.Turnout) + " of its registered voters"
	}
	return append(lines, "An outstanding precinct brings at most "+turnout+"; each may go to any list, be invalid, or not be cast.",
		"A seat is settled for good unless a precinct brings more than that, or one that is in is corrected.")
}

func nightPage(n *outlook.Night) page {
	last := n.Steps[len(n.Steps)-1].State
	p := page{head: []string{settleHeading(last), fmt.Sprintf("%s states; the last: %s", Group(int64(len(n.Steps))), outWords(last)), settledWords(last)}}
	p.grid = grid{header: []string{"", "State", "In", "Ballots out", "Settled", "Open", "Lists open", "Corrected"}, right: []bool{true, false, true, true, true, true, true, true}}
	for i, s := range n.Steps {
		corrected := ""
		if k := len(s.Changed) + len(s.Gone); k > 0 {
			corrected = Group(int64(k))
		}
		p.grid.add(strconv.Itoa(i+1), finding.Visible(s.Name), Group(int64(s.In)), Group(s.Outstanding), Group(int64(s.Settled)), Group(int64(s.House-s.Settled)),
			Group(int64(s.ListsOpen())), corrected)
	}
	for i, s := range n.Steps {
		for _, why := range s.Loose {
			p.foot = append(p.foot, fmt.Sprintf("Nothing is settled in state %d: %s.", i+1, finding.Visible(why)))
		}
		if s.Overtaken != nil {
			var names []string
			for _, l := range s.Overtaken {
				names = append(names, finding.Visible(s.Lists[l].Name))
			}
			p.foot = append(p.foot, fmt.Sprintf("In state %d corrections, or more ballots than were outstanding, undo what was settled for %s.", i+1, manyNames(names)))
		}
	}
	p.foot = append(p.foot, "Lists open: those that may yet reach the threshold, or miss it. Corrected: precincts that were in before, and have other numbers now, or are gone.")
	p.foot = append(p.foot, settleFoot(last)...)
	p.more = []section{{"When it was settled, by state", sinceGrid(n)}}
	if len(n.Steps) <= 16 {
		p.more = append(p.more, section{"Least and most seats, by state", courseGrid(n)})
	}
	return p
}

// followed are the lists that a night is told of: with seats at the end, or settled ones
// at any time.
func followed(n *outlook.Night) (lists []int) {
	last := n.Steps[len(n.Steps)-1].State
	for _, l := range byOutlook(last) {
		if last.Lists[l].Most > 0 || slices.ContainsFunc(n.Steps, func(s outlook.Step) bool { return s.Lists[l].Least > 0 }) {
			lists = append(lists, l)
		}
	}
	return lists
}

func sinceGrid(n *outlook.Night) grid {
	last := n.Steps[len(n.Steps)-1].State
	g := grid{header: []string{"List", "Seats", "since"}, right: []bool{false, true, true}}
	for _, t := range last.Thresholds {
		g.header, g.right = append(g.header, t.Words()+placeWords(&t.Threshold), "since"), append(g.right, false, true)
	}
	since := func(at int) string {
		if at < 0 {
			return "–"
		}
		return strconv.Itoa(at + 1)
	}
	for _, l := range followed(n) {
		c := n.Lists[l]
		row := []string{finding.Visible(last.Lists[l].Name), between(last.Lists[l]), since(c.Seats)}
		for i, t := range last.Thresholds {
			row = append(row, settleWords[t.Lists[l]], since(c.Bars[i]))
		}
		g.add(row...)
	}
	return g
}

func courseGrid(n *outlook.Night) grid {
	g := grid{header: []string{"List"}, right: []bool{false}}
	for i := range n.Steps {
		g.header, g.right = append(g.header, strconv.Itoa(i+1)), append(g.right, true)
	}
	for _, l := range followed(n) {
		row := []string{finding.Visible(n.Steps[0].Lists[l].Name)}
		for _, s := range n.Steps {
			row = append(row, between(s.Lists[l]))
		}
		g.add(row...)
	}
	return g
}

// A settleRow is one list in one state: the unit of the flat formats.
type settleRow struct {
	Contest            string `json:"contest"`
	State              int    `json:"state"` // from 1
	Name               string `json:"name"`  // of the state; "" when there is one
	PrecinctsIn        int    `json:"precincts_in"`
	PrecinctsExpected  int    `json:"precincts_expected"`
	BallotsOutstanding int64  `json:"ballots_outstanding"`
	ListID             string `json:"list_id"`
	List               string `json:"list"`
	Votes              int64  `json:"votes"`
	Qualified          string `json:"qualified"` // in, out, open; "" of an option
	ThresholdsIn       string `json:"thresholds_in"`
	ThresholdsOut      string `json:"thresholds_out"`
	ThresholdsOpen     string `json:"thresholds_open"`
	Least              int    `json:"least"`
	Most               int    `json:"most"`
	Settled            bool   `json:"settled"`
}

var settleColumns = []string{"contest", "state", "name", "precincts_in", "precincts_expected", "ballots_outstanding", "list_id", "list", "votes", "qualified",
	"thresholds_in", "thresholds_out", "thresholds_open", "least", "most", "settled"}

func settleRows(s Settle) (rows []settleRow) {
	for i, step := range s.steps() {
		for l, x := range step.Lists {
			r := settleRow{Contest: step.Law.Name, State: i + 1, Name: step.Name, PrecinctsIn: step.In, PrecinctsExpected: step.Expected, BallotsOutstanding: step.Outstanding,
				ListID: x.ID, List: x.Name, Votes: x.Votes, Least: x.Least, Most: x.Most, Settled: x.Least == x.Most}
			if !x.Option {
				r.Qualified = settleWords[x.Qualified]
				r.ThresholdsIn, r.ThresholdsOut, r.ThresholdsOpen = barsThat(step.State, l, tally.Reached), barsThat(step.State, l, tally.Missed), barsThat(step.State, l, tally.Open)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// barsThat are the ids of the thresholds that say so of a list.
func barsThat(s *outlook.State, list int, v tally.Verdict) string {
	var ids []string
	for _, t := range s.Thresholds {
		if t.Lists[list] == v {
			ids = append(ids, t.ID)
		}
	}
	return strings.Join(ids, ";")
}

func settleCells(s Settle) (header []string, all [][]string) {
	for _, r := range settleRows(s) {
		all = append(all, []string{r.Contest, strconv.Itoa(r.State), r.Name, strconv.Itoa(r.PrecinctsIn), strconv.Itoa(r.PrecinctsExpected), strconv.FormatInt(r.BallotsOutstanding, 10),
			r.ListID, r.List, strconv.FormatInt(r.Votes, 10), r.Qualified, r.ThresholdsIn, r.ThresholdsOut, r.ThresholdsOpen, strconv.Itoa(r.Least), strconv.Itoa(r.Most), strconv.FormatBool(r.Settled)})
	}
	return settleColumns, all
}

// The types below are the wire form, kenesh.settle version 1.
type jsonSettle struct {
	Format   string            `json:"format"`
	Version  int               `json:"version"`
	Rules    jsonRules         `json:"rules"`
	Turnout  string            `json:"max_turnout"`
	States   []jsonSettleState `json:"states"`
	Since    []jsonSettleSince `json:"since"` // null: there is one state
	Findings []jsonFinding     `json:"findings"`
	Inputs   []jsonInput       `json:"inputs"`
	Tool     jsonTool          `json:"tool"`
}

type jsonSettleState struct {
	Name       string              `json:"name"`
	Precincts  jsonSettlePrecincts `json:"precincts"`
	Ballots    int64               `json:"ballots_outstanding"`
	Seats      jsonSettleSeats     `json:"seats"`
	Reasons    []string            `json:"reasons"`
	Thresholds []jsonSettleBar     `json:"thresholds"`
	Lists      []jsonSettleList    `json:"lists"`
	Changed    []string            `json:"changed"`
	Gone       []string            `json:"gone"`
	Overtaken  []string            `json:"overtaken"`
}

type jsonSettlePrecincts struct {
	Expected     int `json:"expected"`
	In           int `json:"in"`
	Unregistered int `json:"unregistered"`
	Empty        int `json:"empty"`
}

type jsonSettleSeats struct {
	Settled int `json:"settled"`
	Open    int `json:"open"`
}

type jsonSettleBar struct {
	ID   string   `json:"id"`
	Bar  string   `json:"bar"`
	In   []string `json:"in"`
	Out  []string `json:"out"`
	Open []string `json:"open"`
}

type jsonSettleList struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Option    bool    `json:"option"`
	Votes     int64   `json:"votes"`
	Qualified *string `json:"qualified"` // null: an option
	Least     int     `json:"least"`
	Most      int     `json:"most"`
	Settled   bool    `json:"settled"`
}

type jsonSettleSince struct {
	List       string           `json:"list"`
	Seats      *int             `json:"seats"` // the state, from 1; null: open
	Qualified  *int             `json:"qualified"`
	Thresholds []jsonSettlePart `json:"thresholds"`
}

type jsonSettlePart struct {
	ID    string `json:"id"`
	Since *int   `json:"since"`
}

func settleWire(s Settle) jsonSettle {
	steps := s.steps()
	law := steps[0].Law
	j := jsonSettle{Format: "kenesh.settle", Version: 1, Rules: jsonRules{law.Name, law.Title, law.Seats, law.SHA256}, Turnout: steps[0].Turnout.RatString(),
		Findings: jsonFindings(s.Findings), Inputs: jsonInputs(s.Inputs), Tool: jsonTool(s.Tool)}
	for i := range steps {
		j.States = append(j.States, settleStateWire(&steps[i]))
	}
	if s.Night == nil {
		return j
	}
	from := func(at int) *int {
		if at < 0 {
			return nil
		}
		at++
		return &at
	}
	j.Since = []jsonSettleSince{}
	for l, c := range s.Night.Lists {
		list := steps[0].Lists[l]
		if list.Option {
			continue
		}
		x := jsonSettleSince{List: list.Name, Seats: from(c.Seats), Qualified: from(c.Part), Thresholds: []jsonSettlePart{}}
		for k, id := range s.Night.Bars {
			x.Thresholds = append(x.Thresholds, jsonSettlePart{id, from(c.Bars[k])})
		}
		j.Since = append(j.Since, x)
	}
	return j
}

func settleStateWire(s *outlook.Step) jsonSettleState {
	x := jsonSettleState{Name: s.Name, Precincts: jsonSettlePrecincts{s.Expected, s.In, s.Unexpected, s.Empty}, Ballots: s.Outstanding,
		Seats: jsonSettleSeats{s.Settled, s.House - s.Settled}, Reasons: some(s.Loose), Thresholds: []jsonSettleBar{}, Lists: []jsonSettleList{},
		Changed: some(s.Changed), Gone: some(s.Gone), Overtaken: []string{}}
	for _, t := range s.Thresholds {
		b := jsonSettleBar{ID: t.ID, Bar: t.Brief(), In: []string{}, Out: []string{}, Open: []string{}}
		for l, v := range t.Lists {
			if s.Lists[l].Option {
				continue
			}
			of := [...]*[]string{tally.Open: &b.Open, tally.Reached: &b.In, tally.Missed: &b.Out}[v]
			*of = append(*of, s.Lists[l].Name)
		}
		x.Thresholds = append(x.Thresholds, b)
	}
	for _, l := range s.Lists {
		y := jsonSettleList{ID: l.ID, Name: l.Name, Option: l.Option, Votes: l.Votes, Least: l.Least, Most: l.Most, Settled: l.Least == l.Most}
		if !l.Option {
			y.Qualified = &settleWords[l.Qualified]
		}
		x.Lists = append(x.Lists, y)
	}
	for _, l := range s.Overtaken {
		x.Overtaken = append(x.Overtaken, s.Lists[l].Name)
	}
	return x
}
