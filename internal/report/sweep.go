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
	"kenesh/internal/rules"
	"kenesh/internal/sweep"
	"kenesh/internal/tally"
)

// A Sweep is the outcomes of a range of heights of the national threshold, or of a range
// of sizes of the house: one of the two.
type Sweep struct {
	Intervals *sweep.Intervals
	Sizes     *sweep.Sizes
	Findings  []finding.Finding
	Inputs    []Input
	Tool      Tool
	Color     bool
}

// SweepSchema is the JSON Schema of what WriteSweep writes as "json".
//
//go:embed sweep-1.schema.json
var SweepSchema string

// WriteSweep renders a sweep. The format must be one of [Formats].
func WriteSweep(w io.Writer, format string, s Sweep) error {
	return view{
		wire: func() any { return sweepWire(s) },
		lines: func(w io.Writer) error {
			if s.Sizes != nil {
				return writeLines(w, sizeRows(s.Sizes))
			}
			return writeLines(w, intervalRows(s.Intervals))
		},
		cells: func() ([]string, [][]string) { return sweepCells(s) },
		page:  func() page { return sweepPage(s) },
		color: s.Color,
	}.write(w, format)
}

func sweepPage(s Sweep) (p page) {
	if s.Sizes != nil {
		p = sizesPage(s.Sizes)
	} else {
		p = intervalsPage(s.Intervals)
	}
	p.foot = append(p.foot, summary(s.Findings)...)
	return p
}

// An end is one end of an interval of heights, ready to be seen.
type end struct {
	digits string // in percent, rounded into the interval; "" when no such digits lie in it
	exact  bool   // the digits are the end itself
}

// inward states an end in percent with that many decimals: a lower end is rounded up,
// an upper one down, so that the height that is shown has the outcome that it is shown
// with.
func inward(height *big.Rat, lower bool, decimals int) (*big.Int, bool) {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals+2)), nil)
	digits, rest := new(big.Int).QuoRem(scale.Mul(scale, height.Num()), height.Denom(), new(big.Int))
	if lower && rest.Sign() > 0 {
		digits.Add(digits, big.NewInt(1))
	}
	return digits, rest.Sign() == 0
}

// ends states both ends of an interval, if there are heights of that many decimals in it.
func ends(i *sweep.Interval, decimals int) (from, to end, ok bool) {
	low, lowest := inward(i.From, true, decimals)
	high, highest := inward(i.To, false, decimals)
	order := low.Cmp(high)
	if order > 0 || order == 0 && (lowest && !i.FromIn || highest && !i.ToIn) {
		return end{}, end{}, false
	}
	return end{point(low, decimals), lowest}, end{point(high, decimals), highest}, true
}

// point writes digits with so many of them behind the point.
func point(digits *big.Int, decimals int) string {
	text := fmt.Sprintf("%0*s", decimals+1, digits)
	return strings.TrimSuffix(text[:len(text)-decimals]+"."+text[len(text)-decimals:], ".")
}

// decimals are the fewest, of two or more, that tell all intervals apart and state the
// law's height as it is. An interval of one height that has no end in decimals is left
// out.
func decimals(x *sweep.Intervals) int {
	const most = 60 // shares of int64 differ within 40
	n := 2
	if digits, exact := new(big.Rat).Mul(x.Moved.Share, big.NewRat(100, 1)).FloatPrec(); exact {
		n = max(n, digits)
	}
	for i := range x.Rows {
		for x.Rows[i].From.Cmp(x.Rows[i].To) < 0 && n < most {
			if _, _, ok := ends(&x.Rows[i], n); ok {
				break
			}
			n++
		}
	}
	return n
}

// endCells are the ends of an interval in a table: an end that is shown and does not
// belong to it is called so.
func endCells(i *sweep.Interval, decimals int) (from, to string) {
	low, high, ok := ends(i, decimals)
	if !ok { // one height
		p := strings.TrimSuffix(rules.Percent(i.From), " %")
		return p, p
	}
	from, to = low.digits, high.digits
	if low.exact && !i.FromIn {
		from = "above " + from
	}
	if high.exact && !i.ToIn {
		to = "below " + to
	}
	return from, to
}

// seated is the lists with a seat, settled or open, in any of the outcomes, in the order
// of a table.
func seated(law *tally.Result, outcomes []*sweep.Outcome) (lists []int) {
	for _, l := range byVotes(law) {
		if slices.ContainsFunc(outcomes, func(o *sweep.Outcome) bool { return o.Seats[l]+o.Open[l] > 0 }) {
			lists = append(lists, l)
		}
	}
	return lists
}

// byVotes orders lists by votes alone: who is in differs from row to row.
func byVotes(law *tally.Result) []int {
	order := byRank(law)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(law.Lists[b].Votes, law.Lists[a].Votes) })
	return order
}

// seatsIn is the seats of a list in a table.
func seatsIn(law *tally.Result, o *sweep.Outcome, l int) string {
	list := law.Lists[l]
	list.Qualified, list.Seats, list.OpenSeats = o.Qualified[l], o.Seats[l], o.Open[l]
	return seatsCell(list, o.Given)
}

func lawMark(o *sweep.Outcome, figure string) string {
	if !o.Law {
		return ""
	}
	return "← the law: " + figure
}

// heightWords is the law's height as a reader calls it.
func heightWords(x *sweep.Intervals) string {
	if !x.Declared {
		return "no threshold"
	}
	return rules.Percent(x.Moved.Share)
}

func reachWords(t rules.Threshold) string {
	if t.MoreThan {
		return "more than"
	}
	return "at least"
}

func intervalsPage(x *sweep.Intervals) page {
	law := "the law says " + heightWords(x)
	if !x.Declared {
		law = "the law has none"
	}
	p := page{head: append(heading(x.Law), fmt.Sprintf("Threshold from %s to %s of %s, %s; %s", rules.Percent(x.From), rules.Percent(x.To), x.Moved.Base.Words(), reachWords(x.Moved), law))}
	outcomes := make([]*sweep.Outcome, len(x.Rows))
	for i := range x.Rows {
		outcomes[i] = &x.Rows[i].Outcome
	}
	columns := seated(x.Law, outcomes)
	p.grid = grid{header: []string{"From %", "To %", "Then falls out", "Votes"}, right: []bool{true, true, false, true}}
	for _, l := range columns {
		p.grid.header, p.grid.right = append(p.grid.header, finding.Visible(x.Law.Lists[l].Name)), append(p.grid.right, true)
	}
	p.grid.header, p.grid.right = append(p.grid.header, ""), append(p.grid.right, false)
	n := decimals(x)
	for i := range x.Rows {
		r := &x.Rows[i]
		from, to := endCells(r, n)
		var out []string
		votes := ""
		for _, l := range r.Out { // all have the same
			out, votes = append(out, finding.Visible(x.Law.Lists[l].Name)), Group(x.Law.Lists[l].Votes)
		}
		row := []string{from, to, strings.Join(out, ", "), votes}
		for _, l := range columns {
			row = append(row, seatsIn(x.Law, &r.Outcome, l))
		}
		p.grid.add(append(row, lawMark(&r.Outcome, heightWords(x)))...)
	}
	p.foot = slices.Concat(intervalWords(x), openAt(outcomes, func(first, last int) string {
		from, _ := endCells(&x.Rows[first], n)
		_, to := endCells(&x.Rows[last], n)
		switch {
		case from == to:
			return "at " + from + " %"
		case strings.HasPrefix(from, "above"):
			return from + " up to " + to + " %"
		}
		return "from " + from + " to " + to + " %"
	}))
	return p
}

// intervalWords says how the rows are meant, and what else the law demands.
func intervalWords(x *sweep.Intervals) []string {
	exactly := fmt.Sprintf("A list falls out above its own share, exactly its votes of %s; at that share it is still in.", Group(x.Of))
	if x.Moved.MoreThan {
		exactly = fmt.Sprintf("A list falls out at its own share, exactly its votes of %s; below that it is still in.", Group(x.Of))
	}
	base := fmt.Sprintf("Percents are of %s (%s): %s", x.Moved.Base.Words(), Group(x.Of), x.Moved.Base.Means())
	if declared := x.Law.Rules.Base; x.Law.BaseGiven {
		base += fmt.Sprintf(". By --base; the law takes %s", declared.Words())
	}
	lines := []string{
		base + ".",
		exactly,
		"Percents are rounded into their row: what is shown as its first and its last height has its outcome.",
		"Rows with equal seats stay apart where the lists that qualify differ.",
	}
	if x.Moved.Share.Cmp(x.From) < 0 || x.Moved.Share.Cmp(x.To) > 0 {
		lines = append(lines, fmt.Sprintf("The law's own height (%s) is not in this range.", heightWords(x)))
	}
	var others, names []string
	for _, t := range x.Law.Thresholds {
		if x.Declared && t.ID == x.Moved.ID {
			continue
		}
		others = append(others, t.Brief())
	}
	if others != nil {
		lines = append(lines, "As the law has them stay: "+strings.Join(others, "; ")+".")
	}
	for _, l := range x.KeptOut {
		names = append(names, finding.Visible(x.Law.Lists[l].Name))
	}
	if names != nil {
		lines = append(lines, "Out at every height, for other reasons: "+strings.Join(names, ", ")+".")
	}
	return lines
}

// openAt says why outcomes are open, those in a row for one reason together.
func openAt(outcomes []*sweep.Outcome, label func(first, last int) string) (lines []string) {
	const most = 20
	more := 0
	for i := 0; i < len(outcomes); i++ {
		o := outcomes[i]
		if o.Status != tally.Undecided {
			continue
		}
		first := i
		for i+1 < len(outcomes) && outcomes[i+1].Status == o.Status && slices.Equal(outcomes[i+1].Why, o.Why) {
			i++
		}
		if len(lines) == most {
			more += i - first + 1
			continue
		}
		lines = append(lines, fmt.Sprintf("Open %s: %s.", label(first, i), finding.Visible(strings.Join(o.Why, "; "))))
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("… and %s more open (-f json has all)", Group(int64(more))))
	}
	return lines
}

func sizesPage(x *sweep.Sizes) page {
	p := page{head: append(heading(x.Law), fmt.Sprintf("House from %s to %s seats; the law says %s", Group(int64(x.From)), Group(int64(x.To)), Group(int64(x.Law.Rules.Seats))))}
	outcomes := make([]*sweep.Outcome, len(x.Rows))
	for i := range x.Rows {
		outcomes[i] = &x.Rows[i].Outcome
	}
	columns := seated(x.Law, outcomes)
	p.grid = grid{header: []string{"House"}, right: []bool{true}}
	for _, l := range columns {
		p.grid.header, p.grid.right = append(p.grid.header, finding.Visible(x.Law.Lists[l].Name)), append(p.grid.right, true)
	}
	p.grid.header, p.grid.right = append(p.grid.header, "Gains", "Loses", ""), append(p.grid.right, false, false, false)
	for i := range x.Rows {
		r := &x.Rows[i]
		row := []string{Group(int64(r.House))}
		for _, l := range columns {
			row = append(row, seatsIn(x.Law, &r.Outcome, l))
		}
		gains := changeWords(x.Law, r.Gains, "+")
		if gains == "" && i > 0 && (slices.Max(r.Open) > 0 || slices.Max(x.Rows[i-1].Open) > 0) {
			gains = "?" // it hangs on a lot
		}
		p.grid.add(append(row, gains, changeWords(x.Law, r.Loses, "−"), lawMark(&r.Outcome, Group(int64(r.House))))...)
	}
	p.foot = append([]string{losses(x)}, openAt(outcomes, func(first, last int) string {
		if first == last {
			return fmt.Sprintf("at %s seat%s", Group(int64(x.Rows[first].House)), plural(int64(x.Rows[first].House)))
		}
		return fmt.Sprintf("from %s to %s seats", Group(int64(x.Rows[first].House)), Group(int64(x.Rows[last].House)))
	})...)
	if c := x.Law.Rules.Cap; c != nil {
		p.foot = append(p.foot, fmt.Sprintf("The law's cap of %s seat%s for one list stays.", Group(int64(c.Seats)), plural(int64(c.Seats))))
	}
	if x.Law.Rules.Seats < x.From || x.Law.Rules.Seats > x.To {
		p.foot = append(p.foot, fmt.Sprintf("The law's own house (%s) is not in this range.", Group(int64(x.Law.Rules.Seats))))
	}
	return p
}

// changeWords names lists that gain or lose, with how many seats when those are several.
func changeWords(law *tally.Result, list []sweep.Change, sign string) string {
	var words []string
	for _, c := range list {
		text := finding.Visible(law.Lists[c.List].Name)
		if c.Seats > 1 {
			text += fmt.Sprintf(" %s%d", sign, c.Seats)
		}
		words = append(words, text)
	}
	return strings.Join(words, ", ")
}

// losses names the sizes at which a list loses a seat though the house grows.
func losses(x *sweep.Sizes) string {
	const most = 40
	var at []string
	lots := false
	for _, r := range x.Rows {
		lots = lots || slices.Max(r.Open) > 0
		if len(r.Loses) > 0 {
			at = append(at, fmt.Sprintf("%s (%s)", Group(int64(r.House)), changeWords(x.Law, r.Loses, "−")))
		}
	}
	text := "A list loses a seat though the house grows (Alabama paradox) at: "
	switch {
	case at == nil && lots:
		return "No list loses a seat for certain as the house grows; where a lot is open, it may."
	case at == nil:
		return "No list loses a seat as the house grows."
	case len(at) > most:
		return text + strings.Join(at[:most], ", ") + fmt.Sprintf(" … and at %s more (-f csv has all).", Group(int64(len(at)-most)))
	}
	return text + strings.Join(at, ", ") + "."
}

// An intervalRow is one list in one interval: the unit of the flat formats.
type intervalRow struct {
	Contest      string `json:"contest"`
	Interval     int    `json:"interval"` // from 1
	From         string `json:"from"`     // exact
	To           string `json:"to"`
	FromIncluded bool   `json:"from_included"`
	ToIncluded   bool   `json:"to_included"`
	FromPercent  string `json:"from_percent"` // rounded into the interval
	ToPercent    string `json:"to_percent"`
	sweptList
	FallsOut bool `json:"falls_out"` // at the upper end
}

// A sizeRow is one list in a house of one size.
type sizeRow struct {
	Contest string `json:"contest"`
	House   int    `json:"house"`
	sweptList
	Change *int `json:"change"` // seats gained, or lost, for certain; nil: with nothing before it
}

// A sweptList is what both have.
type sweptList struct {
	Law       bool   `json:"law"` // the law's own figure is here
	Status    string `json:"status"`
	ListID    string `json:"list_id"`
	List      string `json:"list"`
	Votes     int64  `json:"votes"`
	Share     string `json:"share"` // a fraction of 1; "" when the base is not known
	ShareBase string `json:"share_base"`
	Qualified *bool  `json:"qualified"` // nil: an option, or not decided
	Seats     *int   `json:"seats"`     // nil: not decided
	OpenSeats int    `json:"open_seats"`
}

func sweptListOf(law *tally.Result, base rules.Base, o *sweep.Outcome, l int) sweptList {
	list := law.Lists[l]
	x := sweptList{o.Law, o.Status.String(), list.ID, list.Name, list.Votes, law.Nation.Share(l, base).Decimal(6, bars(law)...), base.String(),
		nil, nil, o.Open[l]}
	x.Qualified, x.Seats = qualifiedIn(law, o, l), givenIn(o, l)
	return x
}

// qualifiedIn is whether a list qualifies; nil: an option, or not decided.
func qualifiedIn(law *tally.Result, o *sweep.Outcome, l int) *bool {
	if law.Lists[l].Option || o.Qualified[l] == tally.Open {
		return nil
	}
	in := o.Qualified[l] == tally.Reached
	return &in
}

// givenIn is the seats of a list; nil: none are given.
func givenIn(o *sweep.Outcome, l int) *int {
	if !o.Given {
		return nil
	}
	return &o.Seats[l]
}

func (x *sweptList) cells() []string {
	return []string{strconv.FormatBool(x.Law), x.Status, x.ListID, x.List, strconv.FormatInt(x.Votes, 10), x.Share, x.ShareBase,
		maybe(x.Qualified), maybe(x.Seats), strconv.Itoa(x.OpenSeats)}
}

// maybe is a cell that may be empty.
func maybe[T any](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

var sweptColumns = []string{"law", "status", "list_id", "list", "votes", "share", "share_base", "qualified", "seats", "open_seats"}

// machinePercents are the ends of an interval with at least four decimals, as in other
// machine formats; "" when no such height lies in it.
func machinePercents(x *sweep.Intervals) func(i *sweep.Interval) (from, to string) {
	n := max(4, decimals(x))
	return func(i *sweep.Interval) (string, string) {
		from, to, _ := ends(i, n)
		return from.digits, to.digits
	}
}

func intervalRows(x *sweep.Intervals) (rows []intervalRow) {
	percents := machinePercents(x)
	for i := range x.Rows {
		r := &x.Rows[i]
		from, to := percents(r)
		for l := range x.Law.Lists {
			rows = append(rows, intervalRow{x.Law.Rules.Name, i + 1, r.From.RatString(), r.To.RatString(), r.FromIn, r.ToIn, from, to,
				sweptListOf(x.Law, x.Moved.Base, &r.Outcome, l), slices.Contains(r.Out, l)})
		}
	}
	return rows
}

func sizeRows(x *sweep.Sizes) (rows []sizeRow) {
	first := true
	for i := range x.Rows {
		r := &x.Rows[i]
		for l := range x.Law.Lists {
			row := sizeRow{x.Law.Rules.Name, r.House, sweptListOf(x.Law, x.Law.Base, &r.Outcome, l), nil}
			if !first && r.Given {
				change := 0
				for _, c := range r.Gains {
					if c.List == l {
						change = c.Seats
					}
				}
				for _, c := range r.Loses {
					if c.List == l {
						change = -c.Seats
					}
				}
				row.Change = &change
			}
			rows = append(rows, row)
		}
		first = first && !r.Given
	}
	return rows
}

func sweepCells(s Sweep) (header []string, all [][]string) {
	if s.Sizes != nil {
		for _, r := range sizeRows(s.Sizes) {
			all = append(all, slices.Concat([]string{r.Contest, strconv.Itoa(r.House)}, r.cells(), []string{maybe(r.Change)}))
		}
		return slices.Concat([]string{"contest", "house"}, sweptColumns, []string{"change"}), all
	}
	for _, r := range intervalRows(s.Intervals) {
		all = append(all, slices.Concat([]string{r.Contest, strconv.Itoa(r.Interval), r.From, r.To, strconv.FormatBool(r.FromIncluded), strconv.FormatBool(r.ToIncluded),
			r.FromPercent, r.ToPercent}, r.cells(), []string{strconv.FormatBool(r.FallsOut)}))
	}
	return slices.Concat([]string{"contest", "interval", "from", "to", "from_included", "to_included", "from_percent", "to_percent"},
		sweptColumns, []string{"falls_out"}), all
}

// The types below are the wire form of a sweep, kenesh.sweep version 1.
type jsonSweep struct {
	Format    string            `json:"format"`
	Version   int               `json:"version"`
	Rules     jsonRules         `json:"rules"`
	Base      string            `json:"base"` // of the shares of lists
	Lists     []jsonSweepList   `json:"lists"`
	Threshold *jsonSweepHeights `json:"threshold"` // null: the house is swept
	House     *jsonSweepSizes   `json:"house"`     // null: the threshold is
	Findings  []jsonFinding     `json:"findings"`
	Inputs    []jsonInput       `json:"inputs"`
	Tool      jsonTool          `json:"tool"`
}

type jsonSweepList struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Votes  int64      `json:"votes"`
	Share  *jsonShare `json:"share"`
	Option bool       `json:"option"`
}

type jsonSweepHeights struct {
	ID        string         `json:"id"`
	Base      string         `json:"base"`
	Of        int64          `json:"of"`
	Reach     string         `json:"reach"`
	Law       *string        `json:"law"` // null: the law has no such threshold
	From      string         `json:"from"`
	To        string         `json:"to"`
	KeptOut   []string       `json:"kept_out"`
	Intervals []jsonInterval `json:"intervals"`
}

type jsonEnd struct {
	Share    string  `json:"share"`
	Percent  *string `json:"percent"`
	Included bool    `json:"included"`
}

type jsonInterval struct {
	From jsonEnd  `json:"from"`
	To   jsonEnd  `json:"to"`
	Out  []string `json:"out"`
	jsonOutcome
}

type jsonOutcome struct {
	Law     bool               `json:"law"`
	Status  string             `json:"status"`
	Reasons []string           `json:"reasons"`
	Lists   []jsonSweptOutcome `json:"lists"`
}

type jsonSweptOutcome struct {
	Name      string `json:"name"`
	Qualified *bool  `json:"qualified"`
	Seats     *int   `json:"seats"`
	OpenSeats int    `json:"open_seats"`
}

type jsonSweepSizes struct {
	Law   int        `json:"law"`
	From  int        `json:"from"`
	To    int        `json:"to"`
	Sizes []jsonSize `json:"sizes"`
}

type jsonSize struct {
	House int         `json:"house"`
	Gains []jsonSeats `json:"gains"`
	Loses []jsonSeats `json:"loses"`
	jsonOutcome
}

func sweepWire(s Sweep) jsonSweep {
	j := jsonSweep{Format: "kenesh.sweep", Version: 1, Findings: jsonFindings(s.Findings), Inputs: jsonInputs(s.Inputs), Tool: jsonTool(s.Tool)}
	var law *tally.Result
	var base rules.Base
	if x := s.Sizes; x != nil {
		law, base = x.Law, x.Law.Base
		j.House = &jsonSweepSizes{Law: law.Rules.Seats, From: x.From, To: x.To}
		for i := range x.Rows {
			r := &x.Rows[i]
			j.House.Sizes = append(j.House.Sizes, jsonSize{r.House, jsonChanges(law, r.Gains), jsonChanges(law, r.Loses), outcomeWire(law, &r.Outcome)})
		}
	} else {
		x := s.Intervals
		law, base = x.Law, x.Moved.Base
		j.Threshold = heightsWire(x)
	}
	j.Rules, j.Base = jsonRules{law.Rules.Name, law.Rules.Title, law.Rules.Seats, law.Rules.SHA256}, base.String()
	for i, l := range law.Lists {
		y := jsonSweepList{ID: l.ID, Name: l.Name, Votes: l.Votes, Option: l.Option}
		if share := law.Nation.Share(i, base); share.Of > 0 {
			y.Share = &jsonShare{share.Votes, share.Of, share.Percent(4, bars(law)...)}
		}
		j.Lists = append(j.Lists, y)
	}
	return j
}

func heightsWire(x *sweep.Intervals) *jsonSweepHeights {
	h := &jsonSweepHeights{ID: x.Moved.ID, Base: x.Moved.Base.String(), Of: x.Of, Reach: strings.ReplaceAll(reachWords(x.Moved), " ", "-"),
		From: x.From.RatString(), To: x.To.RatString(), KeptOut: listNames(x.Law, x.KeptOut)}
	if x.Declared {
		share := x.Moved.Share.RatString()
		h.Law = &share
	}
	percents := machinePercents(x)
	for i := range x.Rows {
		r := &x.Rows[i]
		y := jsonInterval{jsonEnd{r.From.RatString(), nil, r.FromIn}, jsonEnd{r.To.RatString(), nil, r.ToIn}, listNames(x.Law, r.Out), outcomeWire(x.Law, &r.Outcome)}
		if from, to := percents(r); from != "" {
			y.From.Percent, y.To.Percent = &from, &to
		}
		h.Intervals = append(h.Intervals, y)
	}
	return h
}

func listNames(law *tally.Result, lists []int) []string {
	names := []string{}
	for _, l := range lists {
		names = append(names, law.Lists[l].Name)
	}
	return names
}

func outcomeWire(law *tally.Result, o *sweep.Outcome) jsonOutcome {
	x := jsonOutcome{Law: o.Law, Status: o.Status.String(), Reasons: some(o.Why)}
	for l, list := range law.Lists {
		x.Lists = append(x.Lists, jsonSweptOutcome{list.Name, qualifiedIn(law, o, l), givenIn(o, l), o.Open[l]})
	}
	return x
}

func jsonChanges(law *tally.Result, list []sweep.Change) []jsonSeats {
	out := []jsonSeats{}
	for _, c := range list {
		out = append(out, jsonSeats{law.Lists[c.List].Name, c.Seats})
	}
	return out
}
