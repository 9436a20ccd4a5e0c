package report

import (
	"cmp"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A page is what the formats for people show: lines of text around one table.
type page struct {
	head  []string
	grid  grid
	rule  string // the line between those in and those out
	above int    // how many rows stand above it
	foot  []string
	more  []section
}

// A section is a table behind the first one, under its own heading.
type section struct {
	title string
	grid  grid
}

func writeTable(w io.Writer, r Report) error {
	return newPage(r).writeTable(w, painter(r.Color))
}

func writeMarkdown(w io.Writer, r Report) error { return newPage(r).writeMarkdown(w) }

func (p page) writeTable(w io.Writer, paint func(style, s string) string) error {
	lines := p.grid.lines()
	var b strings.Builder
	for _, l := range p.head {
		b.WriteString(l + "\n")
	}
	b.WriteString("\n" + paint(bold, lines[0]) + "\n")
	width := 0
	for _, l := range lines {
		width = max(width, displaywidth.String(l))
	}
	for i, l := range append(lines[1:], "") {
		if i == p.above && p.rule != "" {
			b.WriteString(paint(dim, ruleLine(p.rule, width)) + "\n")
		}
		b.WriteString(l + "\n") // the last, empty one parts the table from its foot
	}
	for _, l := range p.foot {
		b.WriteString(l + "\n")
	}
	for _, s := range p.more {
		lines := s.grid.lines()
		b.WriteString("\n" + s.title + "\n" + paint(bold, lines[0]) + "\n")
		for _, l := range lines[1:] {
			b.WriteString(l + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p page) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	for _, l := range p.head {
		b.WriteString(escapeMarkdown(l) + "  \n")
	}
	b.WriteString("\n")
	if err := p.grid.markdown(&b); err != nil {
		return err
	}
	b.WriteString("\n")
	if p.rule != "" { // the table has no line to stand on
		b.WriteString(escapeMarkdown("Threshold: "+p.rule+".") + "  \n")
	}
	for _, l := range p.foot {
		b.WriteString(escapeMarkdown(l) + "  \n")
	}
	for _, s := range p.more {
		b.WriteString("\n" + escapeMarkdown(s.title) + "\n\n")
		if err := s.grid.markdown(&b); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ruleLine sets text into a line of the table's width.
func ruleLine(text string, width int) string {
	return "─── " + text + " " + strings.Repeat("─", max(3, width-utf8.RuneCountInString(text)-5))
}

const (
	bold = "1"
	dim  = "2"
)

func painter(color bool) func(style, s string) string {
	if !color {
		return func(_, s string) string { return s }
	}
	return func(style, s string) string { return "\x1b[" + style + "m" + s + "\x1b[0m" }
}

// newPage computes everything that a reader sees.
func newPage(r Report) page {
	res := r.Result
	p := page{head: heading(res)}
	order := byRank(res)
	national, others := splitThresholds(res)
	p.grid = grid{header: []string{"List", "Votes", "% of " + shownBase(res).Words()}, right: []bool{false, true, true}}
	if national != nil {
		p.grid.header = append(p.grid.header, "vs "+national.Words())
		p.grid.right = append(p.grid.right, true)
	}
	for _, t := range others {
		in := "in each "
		if t.In == rules.InAny {
			in = "in any "
		}
		p.grid.header = append(p.grid.header, t.Words()+" "+in+t.Level)
		p.grid.right = append(p.grid.right, true)
	}
	if res.HasWon() {
		title := "Held"
		if len(res.Rules.Districts) > 0 {
			title = "In districts"
		}
		p.grid.header = append(p.grid.header, title)
		p.grid.right = append(p.grid.right, true)
	}
	p.grid.header = append(p.grid.header, "Seats")
	p.grid.right = append(p.grid.right, true)
	for i, l := range order {
		p.grid.add(cells(res, national, others, l)...)
		if national != nil && res.Lists[l].Qualified != tally.Missed {
			p.above = i + 1
		}
	}
	if national != nil {
		p.rule = ruleText(national)
	}
	p.foot = slices.Concat(reasons(res, national), []string{baseWords(res)}, outcome(res), summary(r.Findings))
	p.more = sections(r, order)
	return p
}

// byRank orders the lists as a reader looks for them: those in, those that may
// be, those out, each by votes; options that take no seats last.
func byRank(res *tally.Result) []int {
	rank := func(l tally.List) int {
		switch {
		case l.Option:
			return 3
		case l.Qualified == tally.Reached:
			return 0
		case l.Qualified == tally.Open:
			return 1
		}
		return 2
	}
	order := make([]int, len(res.Lists))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := res.Lists[a], res.Lists[b]
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(y.Votes, x.Votes))
	})
	return order
}

// splitThresholds picks the first national threshold and those in areas.
func splitThresholds(res *tally.Result) (national *tally.Threshold, inAreas []*tally.Threshold) {
	for i := range res.Thresholds {
		switch t := &res.Thresholds[i]; {
		case t.Level != "":
			inAreas = append(inAreas, t)
		case national == nil && t.Measure != rules.BySeats:
			national = t
		}
	}
	return national, inAreas
}

func cells(res *tally.Result, national *tally.Threshold, inAreas []*tally.Threshold, l int) []string {
	list := res.Lists[l]
	share := "–"
	if s := res.Nation.Share(l, shownBase(res)); s.Of > 0 {
		share = s.Percent(2, bars(res)...)
	}
	row := []string{finding.Visible(list.Name), Group(list.Votes), share}
	if national != nil {
		row = append(row, against(res, national, l))
	}
	for _, t := range inAreas {
		row = append(row, areasReached(res, t, l))
	}
	if res.HasWon() {
		won := "–"
		if list.Won > 0 {
			won = Group(int64(list.Won))
		}
		row = append(row, won)
	}
	return append(row, seats(res, list))
}

// against is how far a list is over or short of the bar; where the base is not
// known, the size of it from which the list would be out.
func against(res *tally.Result, t *tally.Threshold, l int) string {
	v := t.Lists[l]
	switch {
	case res.Lists[l].Option || v.Exempt:
		return "–"
	case v.Verdict == tally.Open:
		return "out from " + Group(v.FallsAt)
	case !t.Of.Known && v.Verdict == tally.Missed:
		return "below"
	case !t.Of.Known:
		return "above"
	case v.Share.Votes >= v.Needed:
		return "+" + Group(v.Share.Votes-v.Needed)
	}
	return "−" + Group(v.Needed-v.Share.Votes)
}

// areasReached counts the areas in which a list reached the bar.
func areasReached(res *tally.Result, t *tally.Threshold, l int) string {
	v := t.Lists[l]
	switch {
	case res.Lists[l].Option:
		return "–"
	case t.Areas == 0:
		return "?"
	}
	text := fmt.Sprintf("%d of %d", t.Areas-len(v.Missed), t.Areas)
	if v.Verdict == tally.Open {
		text += "?" // as far as the data says
	}
	return text
}

func seats(res *tally.Result, list tally.List) string { return seatsCell(list, res.Given) }

// seatsCell is the seats of a list where some are given, or not.
func seatsCell(list tally.List, given bool) string {
	switch {
	case list.Option || list.Qualified == tally.Missed && list.Seats == 0:
		return "–"
	case !given:
		return "?"
	case list.OpenSeats > 0:
		return fmt.Sprintf("%d or %d", list.Seats, list.Seats+list.OpenSeats)
	}
	return Group(int64(list.Seats))
}

func ruleText(t *tally.Threshold) string {
	bar := t.Words()
	if t.MoreThan {
		bar = "more than " + bar
	}
	if t.Measure == rules.ByVotes {
		return bar
	}
	if !t.Of.Known {
		return fmt.Sprintf("%s of %s: not in the data", bar, t.Base.Words())
	}
	return fmt.Sprintf("%s of %s = %s votes", bar, t.Base.Words(), Group(t.Needed.N))
}

func heading(res *tally.Result) []string {
	law := []string{finding.Visible(res.Contest), "law " + finding.Visible(res.Rules.Name)}
	law = append(law, houseWords(res))
	n := res.Precincts
	counted := fmt.Sprintf("%s precinct%s", Group(int64(n.Counted)), plural(int64(n.Counted)))
	if n.Expected.Known {
		counted = fmt.Sprintf("%s of %s precincts", Group(int64(n.Counted)), Group(n.Expected.N))
	}
	if len(n.Annulled) > 0 {
		counted += fmt.Sprintf(" (%s annulled)", Group(int64(len(n.Annulled))))
	}
	figures := []string{counted}
	registered, cast, invalid := res.Nation.Line(returns.Registered), res.Nation.Base(rules.Cast), res.Nation.Line(returns.Invalid)
	if registered.Known {
		figures = append(figures, "registered "+Group(registered.N))
	}
	if cast.Known {
		text := "cast " + Group(cast.N)
		if registered.Known && registered.N > 0 {
			text += fmt.Sprintf(" (%s %%)", tally.Share{Votes: cast.N, Of: registered.N}.Percent(2))
		}
		figures = append(figures, text)
	} else {
		figures = append(figures, "votes "+Group(res.Nation.Sum))
	}
	if invalid.Known {
		figures = append(figures, "invalid "+Group(invalid.N))
	}
	lines := []string{strings.Join(law, " · "), strings.Join(figures, " · ")}
	for i, l := range res.Lists {
		if l.Kind == rules.Excluded {
			lines = append(lines, fmt.Sprintf("Excluded by decision: %s; its %s vote%s stay valid ballots and bring no seats", finding.Visible(l.Name), Group(res.Nation.Votes[i]), plural(res.Nation.Votes[i])))
		}
	}
	if rows := res.Rows; rows.Excluded > 0 {
		lines = append(lines, fmt.Sprintf("%s rows read: %s counted, %s left out by the layout or annulled", Group(rows.Read), Group(rows.Counted), Group(rows.Excluded)))
	}
	return lines
}

// houseWords is the house and how its seats are divided.
func houseWords(res *tally.Result) string { return houseBy(res, "by --seats; ") }

// houseBy is that, with what another house is by.
func houseBy(res *tally.Result, by string) string {
	house := fmt.Sprintf("%s seat%s", Group(int64(res.House)), plural(int64(res.House)))
	if res.HouseGiven {
		house += fmt.Sprintf(" (%sthe law says %s)", by, Group(int64(res.Rules.Seats)))
	}
	for _, f := range res.Rules.Further {
		house += fmt.Sprintf(" and %d besides", f.Seats)
	}
	if n := res.Rules.Nation; n != nil && n.Takes == rules.Nothing {
		return house + " of districts"
	}
	return house + ", " + res.Rules.Method.Title
}

// reasons says in words who got the last seats and who just missed.
func reasons(res *tally.Result, national *tally.Threshold) []string {
	lines := append(lastSeats(res), levels(res)...)
	if national != nil {
		lines = append(lines, nearest(res, national)...)
	}
	return slices.Concat(lines, besideMissed(res, national), areasMissed(res), otherwise(res))
}

// outcome says in words what was settled how, and what is open.
func outcome(res *tally.Result) []string {
	var lines []string
	for _, t := range res.Ties {
		if t.Settled != apportion.Open {
			lines = append(lines, tieWords(t))
		}
	}
	for _, d := range res.Draws {
		lines = append(lines, fmt.Sprintf("Draw %d%s by the seed %q, %d to win, the smallest tickets first (kenesh help lots):", d.Number, inPlace(d.In), d.Seed, d.Seats))
		for _, t := range d.Tickets {
			lines = append(lines, "  "+t.SHA256+"  "+finding.Visible(t.List))
		}
	}
	switch res.Status {
	case tally.Partial:
		lines = append(lines, "Partial count: "+strings.Join(res.Why, "; ")+".")
	case tally.Undecided:
		lines = append(lines, "The outcome is open: "+finding.Visible(strings.Join(res.Why, "; "))+".")
	}
	return slices.Concat(lines, scenarioWords(res), voidable(res), official(res))
}

// voidable says whether the law lets the whole election be declared void, where precincts
// are annulled.
func voidable(res *tally.Result) []string {
	a := res.Annulment
	if a == nil || len(res.Precincts.Annulled) == 0 {
		return nil
	}
	bar := "from " + rules.Percent(a.Share)
	if a.MoreThan {
		bar = "from more than " + rules.Percent(a.Share)
	}
	if a.Verdict == tally.Open {
		return []string{fmt.Sprintf("Whether the law lets the whole election be declared void is open: it does %s of %s, which not every precinct states.", bar, a.Base.Words())}
	}
	may := "the law does not let the whole election be declared void; it does"
	if a.Verdict == tally.Reached {
		may = "the law lets the whole election be declared void,"
	}
	return []string{fmt.Sprintf("The annulled precincts have %s of %s %s (%s %%): %s %s (%s).", Group(a.Voters.Votes), Group(a.Voters.Of), a.Base.Words(),
		a.Voters.Percent(2, a.Share), may, bar, Group(a.Needed))}
}

// official says whether every list has its official seats, where the ballot states them.
func official(res *tally.Result) []string {
	if len(res.Official) == 0 {
		return nil
	}
	var differ []string
	for _, o := range res.Official {
		if o.Seats != o.Computed {
			differ = append(differ, fmt.Sprintf("%s %d, here %d", finding.Visible(o.List), o.Seats, o.Computed))
		}
	}
	if differ == nil {
		return []string{"Every list has its official seats."}
	}
	return []string{"The official seats are others: " + strings.Join(differ, "; ") + "."}
}

// nearest names the list that missed the national bar by least, or the figure
// that would decide where the base is not known.
func nearest(res *tally.Result, t *tally.Threshold) []string {
	if !t.Of.Known {
		return decides(res)
	}
	best := -1
	for l, v := range t.Lists {
		if !res.Lists[l].Option && v.Verdict == tally.Missed && res.Lists[l].Qualified == tally.Missed && v.Share.Votes > 0 && (best < 0 || v.Share.Votes > t.Lists[best].Share.Votes) {
			best = l
		}
	}
	if best < 0 {
		return nil
	}
	v := t.Lists[best]
	return []string{fmt.Sprintf("Just missed: %s with %s, short by %s vote%s.", finding.Visible(res.Lists[best].Name),
		has(res, t, v), Group(v.Needed-v.Share.Votes), plural(v.Needed-v.Share.Votes))}
}

// has is what a list has before a bar: a share of its base, or votes.
func has(res *tally.Result, t *tally.Threshold, v tally.Verdicts) string {
	if t.Measure == rules.ByVotes {
		return Group(v.Share.Votes) + " votes"
	}
	return v.Share.Percent(2, bars(res)...) + " % of " + t.Base.Words()
}

// decides says at which size of the unknown base the first list would be out.
func decides(res *tally.Result) []string {
	t, l, ok := res.First()
	if !ok {
		return nil
	}
	v := t.Lists[l]
	name := finding.Visible(res.Lists[l].Name)
	valid := res.Nation.Base(rules.Valid)
	if t.Base == rules.Cast && valid.Known && !res.Nation.Line(returns.Cast).Known && v.FallsAt > valid.N {
		more := v.FallsAt - valid.N
		return []string{fmt.Sprintf("%s is in on valid votes (%s %%); out if %s or more ballots were invalid (%s %% of those cast).", name,
			tally.Share{Votes: v.Share.Votes, Of: valid.N}.Percent(2, bars(res)...), Group(more), tally.Share{Votes: more, Of: v.FallsAt}.Percent(2))}
	}
	return []string{fmt.Sprintf("%s is in up to %s %s; out from %s.", name, Group(v.FallsAt-1), t.Base.Words(), Group(v.FallsAt))}
}

// besideMissed names the lists that reached the bar of the table and missed another in the
// nation.
func besideMissed(res *tally.Result, shown *tally.Threshold) (lines []string) {
	for i := range res.Thresholds {
		t := &res.Thresholds[i]
		if t.In != rules.InNation || t == shown || shown == nil {
			continue
		}
		for l, v := range t.Lists {
			if res.Lists[l].Option || t.Says(l) != tally.Missed || shown.Says(l) != tally.Reached {
				continue
			}
			if t.Measure == rules.BySeats {
				lines = append(lines, fmt.Sprintf("%s is out: it has won %d seat%s, and the law asks for %d.", finding.Visible(res.Lists[l].Name), v.Seats, plural(int64(v.Seats)), t.Seats))
				continue
			}
			lines = append(lines, fmt.Sprintf("%s is out: below %s, with %s, short by %s vote%s.", finding.Visible(res.Lists[l].Name), t.Words(), has(res, t, v), Group(v.Needed-v.Share.Votes), plural(v.Needed-v.Share.Votes)))
		}
	}
	return lines
}

// areasMissed names the lists that reached the national bar and missed one in
// an area, and where.
func areasMissed(res *tally.Result) []string {
	var lines []string
	for i := range res.Thresholds {
		t := &res.Thresholds[i]
		if t.In != rules.InEach {
			continue
		}
		for l, v := range t.Lists {
			if res.Lists[l].Option || len(v.Missed) == 0 || t.Says(l) == tally.Reached || !overNational(res, l) {
				continue
			}
			var names []string
			for _, a := range v.Missed {
				names = append(names, finding.Visible(areaName(res, a)))
			}
			lines = append(lines, fmt.Sprintf("%s is out: below %s of %s in %s (%s %% in %s, short by %s votes).", finding.Visible(res.Lists[l].Name),
				t.Words(), t.Base.Words(), strings.Join(names, ", "), v.Share.Percent(2, bars(res)...), finding.Visible(areaName(res, v.Area)), Group(v.Needed-v.Share.Votes)))
		}
	}
	return lines
}

func overNational(res *tally.Result, l int) bool {
	for i := range res.Thresholds {
		if t := &res.Thresholds[i]; t.Level == "" && t.Says(l) == tally.Missed {
			return false
		}
	}
	return true
}

// otherwise tells of the lists that take part though they missed a bar: by which other
// one, or why they need not reach it.
func otherwise(res *tally.Result) (lines []string) {
	for l, list := range res.Lists {
		if list.Qualified != tally.Reached || list.Option {
			continue
		}
		name := finding.Visible(list.Name)
		if list.Admitted {
			lines = append(lines, fmt.Sprintf("%s takes part though it reached no threshold, for too few lists did.", name))
			continue
		}
		for i := range res.Thresholds {
			t := &res.Thresholds[i]
			if t.Lists[l].Exempt {
				lines = append(lines, fmt.Sprintf("%s stands for a national minority and takes part without %s.", name, t.Words()))
			}
			if t.Lists[l].Verdict != tally.Missed {
				continue
			}
			for k := range t.Or {
				if or := &t.Or[k]; or.Lists[l].Verdict == tally.Reached {
					lines = append(lines, fmt.Sprintf("%s missed %s and takes part by another way: %s.", name, t.Words(), reachedBy(res, or, l)))
					break
				}
			}
		}
	}
	return lines
}

// reachedBy says how a list reached a bar.
func reachedBy(res *tally.Result, t *tally.Threshold, l int) string {
	v := t.Lists[l]
	switch {
	case v.Exempt:
		return "it stands for a national minority"
	case t.Measure == rules.BySeats:
		return fmt.Sprintf("it has won %d seat%s, and the law asks for %d", v.Seats, plural(int64(v.Seats)), t.Seats)
	case t.Level != "":
		return fmt.Sprintf("%s %s, with %s in %s", t.Words(), t.Where(), has(res, t, v), finding.Visible(areaName(res, v.Area)))
	}
	return fmt.Sprintf("%s, with %s", t.Words(), has(res, t, v))
}

// shownBase is the base of the shares in a table: the law's, or valid votes where
// the data does not have it.
func shownBase(res *tally.Result) rules.Base {
	if res.Nation.Base(res.Base).Known {
		return res.Base
	}
	return rules.Valid
}

// baseWords says what the shares are shares of.
func baseWords(res *tally.Result) string {
	shown := shownBase(res)
	text := "Shares are of " + shown.Words()
	if base := res.Nation.Base(shown); base.Known {
		text += " (" + Group(base.N) + ")"
	}
	text += ": " + shown.Means()
	switch {
	case shown != res.Base:
		text += fmt.Sprintf(". The law takes %s, which the data does not have", res.Base.Words())
	case res.BaseGiven:
		text += fmt.Sprintf(". By --base; the law takes %s", res.Rules.Base.Words())
	}
	return text + "."
}

// tieWords tells of a tie that was settled; an open one is told by the status.
func tieWords(t tally.Tie) string {
	var names []string
	for _, n := range t.Names {
		names = append(names, finding.Visible(n))
	}
	return fmt.Sprintf("Tie%s: %s had equal claims (%s) on %d seat%s; settled by %s.", inPlace(t.In), strings.Join(names, ", "), t.Quotient, t.Seats, plural(int64(t.Seats)), t.Settled)
}

// inPlace is " in Oslo", nothing for the nation.
func inPlace(in string) string {
	if in == "" {
		return ""
	}
	return " in " + finding.Visible(in)
}

// scenarioWords lists the outcomes for the sizes of a base that is not known,
// at most four: those that come first are those that are likely.
func scenarioWords(res *tally.Result) []string {
	const most = 4
	var lines []string
	for i, s := range res.Scenarios {
		if i == most {
			lines = append(lines, fmt.Sprintf("  … and %d more (-f json has all)", len(res.Scenarios)-most))
			break
		}
		when := "  if the open thresholds are reached: "
		switch {
		case s.From.Known && s.To.Known:
			when = fmt.Sprintf("  %s %s to %s: ", s.Base.Words(), Group(s.From.N), Group(s.To.N))
		case s.From.Known:
			when = fmt.Sprintf("  %s %s or more: ", s.Base.Words(), Group(s.From.N))
		}
		var seats []string
		for _, l := range byRank(res) {
			if s.Seats == nil {
				break
			}
			if n := s.Seats[l]; n > 0 {
				seats = append(seats, fmt.Sprintf("%s %d", finding.Visible(res.Lists[l].Name), n))
			}
		}
		if s.Why != "" {
			seats = append(seats, finding.Visible(s.Why))
		}
		lines = append(lines, when+strings.Join(seats, ", "))
	}
	return lines
}

// summary counts the findings, which stand one by one on stderr and in JSON.
func summary(list []finding.Finding) []string {
	counts := map[string]int{}
	var codes []string
	for _, f := range list {
		if f.Severity == finding.Note {
			continue
		}
		key := f.Severity.String() + " " + f.Code
		if counts[key]++; counts[key] == 1 {
			codes = append(codes, key)
		}
	}
	if len(codes) == 0 {
		return nil
	}
	slices.Sort(codes)
	for i, c := range codes {
		codes[i] = fmt.Sprintf("%s × %d", c, counts[c])
	}
	return []string{"Findings: " + strings.Join(codes, ", ") + "."}
}

func plural(n int64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// bars are the shares that no rounding may show as reached when they are not.
func bars(res *tally.Result) []*big.Rat {
	var list []*big.Rat
	add := func(t *rules.Threshold) {
		if t.Measure != rules.ByShare {
			return
		}
		list = append(list, t.Share)
		for _, c := range t.Coalitions {
			list = append(list, c.Share)
		}
	}
	res.Rules.EachBar(add)
	return list
}

// Group writes an integer for people, with commas between thousands.
func Group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
