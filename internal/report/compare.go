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

	"kenesh/internal/compare"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A Comparison is two counts held against each other, with what a reader needs to trust it.
type Comparison struct {
	*compare.Comparison
	Law      *rules.Rules
	Names    [2]string // of the counts, as the user named them
	Key      string    // the columns that precincts are joined by; "": their ids
	Rows     string    // one of [ComparisonRows], of the flat formats; "": the first
	Top      int       // how many of the largest differences a table has
	Over     int64     // a table says in how many precincts the sum of all lists differs by more
	Findings []finding.Finding
	Inputs   [2][]Input
	Tool     Tool
	Color    bool
}

// ComparisonSchema is the JSON Schema of what WriteComparison writes as "json".
//
//go:embed compare-1.schema.json
var ComparisonSchema string

// ComparisonRows returns what a row of the flat formats can be, the default first.
func ComparisonRows() []string { return []string{"lists", "precincts", "changes"} }

// WriteComparison renders a comparison. The format must be one of [Formats].
func WriteComparison(w io.Writer, format string, c Comparison) error {
	return view{
		wire: func() any { return comparisonWire(&c) },
		lines: func(w io.Writer) error {
			switch c.Rows {
			case "precincts":
				return writeLines(w, c.precinctRows())
			case "changes":
				return writeLines(w, c.changeRows())
			}
			return writeLines(w, c.listRows())
		},
		cells: c.cells,
		page:  c.page,
		color: c.Color,
	}.write(w, format)
}

// signed64 is a difference with its sign, for people; 0 has none.
func signed64(n int64) string {
	switch {
	case n < 0:
		return "−" + Group(-n)
	case n > 0:
		return "+" + Group(n)
	}
	return "0"
}

func (c *Comparison) page() page {
	p := page{head: c.heading()}
	p.grid = grid{header: []string{"In both", "A", "B", "B − A", "Changes", "Up", "Down", "Same", "Sign test", "Most up", "Most down"},
		right: []bool{false, true, true, true, true, true, true, true, true, true, true}}
	rows := c.byVotes()
	for _, l := range rows {
		p.grid.add(rowCells(&c.Lists[l])...)
	}
	p.rule, p.above = "all lists, and the lines that both protocols state", len(rows)
	p.grid.add(rowCells(&c.Votes)...)
	for l := range c.Lines {
		p.grid.add(rowCells(&c.Lines[l])...)
	}
	p.foot = []string{
		"Changes is the sum of all changes without their signs. Up, Down and Same count precincts.",
		"Sign test: how often a fair coin would split up and down so unevenly, or more so.",
	}
	p.foot = append(p.foot, c.coverage()...)
	p.foot = append(p.foot, c.outcomeWords()...)
	p.foot = append(p.foot, summary(c.Findings)...)
	p.more = slices.Concat(c.wholeSection(rows), c.conditionSection(), c.topSection(), c.signatureSection())
	return p
}

func (c *Comparison) heading() []string {
	by := "id"
	if c.Key != "" {
		by = finding.Visible(c.Key)
	}
	both := []string{fmt.Sprintf("%s precinct%s in both, by %s", Group(int64(c.Joined)), plural(int64(c.Joined)), by)}
	for side, name := range [2]string{"A", "B"} {
		both = append(both, fmt.Sprintf("%s only in %s", Group(int64(len(c.Only[side]))), name))
	}
	if n := len(c.Unclear[0]) + len(c.Unclear[1]); n > 0 {
		both = append(both, fmt.Sprintf("%s of A and %s of B not joined, for their key is not theirs alone", Group(int64(len(c.Unclear[0]))), Group(int64(len(c.Unclear[1])))))
	}
	over := 0
	for i := range c.Changed {
		if d := c.Changed[i].Votes[1] - c.Changed[i].Votes[0]; d > c.Over || -d > c.Over {
			over++
		}
	}
	return []string{
		fmt.Sprintf("Two counts compared: A is %s, B is %s; a difference is B − A", finding.Visible(c.Names[0]), finding.Visible(c.Names[1])),
		strings.Join(both, " · "),
		fmt.Sprintf("The same in every list: %s · in the sum of all lists: %s · in every figure: %s", Group(int64(c.SameLists)), Group(int64(c.SameVotes)), Group(int64(c.Same))),
		fmt.Sprintf("The sum of all lists differs by more than %s in %s precinct%s", Group(c.Over), Group(int64(over)), plural(int64(over))),
	}
}

// byVotes is the rows of lists by their votes in A.
func (c *Comparison) byVotes() []int {
	order := make([]int, len(c.Lists))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(c.Lists[y].Whole[0], c.Lists[x].Whole[0]), cmp.Compare(c.Lists[y].Whole[1], c.Lists[x].Whole[1]))
	})
	return order
}

func rowCells(r *compare.Row) []string {
	cells := []string{finding.Visible(r.Name), "–", "–", "–", Group(r.Absolute), Group(int64(r.Up)), Group(int64(r.Down)), Group(int64(r.Equal)), "–", "–", "–"}
	for side, in := range r.In {
		if in {
			cells[1+side] = Group(r.Joined[side])
		}
	}
	cells[3] = signed64(r.Net())
	if r.Sign.P != nil {
		cells[8] = r.Sign.Decimal(3)
	}
	if r.MostUp > 0 {
		cells[9] = signed64(r.MostUp)
	}
	if r.MostDown > 0 {
		cells[10] = signed64(-r.MostDown)
	}
	return cells
}

// coverage says what part of both counts was compared.
func (c *Comparison) coverage() (lines []string) {
	for side, name := range [2]string{"A", "B"} {
		x := c.Coverage[side]
		parts := []string{fmt.Sprintf("%s of %s precincts (%s %%)", Group(int64(x.Joined)), Group(int64(x.Precincts)), tally.Share{Votes: int64(x.Joined), Of: int64(x.Precincts)}.Percent(2))}
		if x.VotersKnown && x.AllVoters > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s registered voters (%s %%)", Group(x.Voters), Group(x.AllVoters), tally.Share{Votes: x.Voters, Of: x.AllVoters}.Percent(2)))
		}
		if x.AllVotes > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s votes (%s %%)", Group(x.Votes), Group(x.AllVotes), tally.Share{Votes: x.Votes, Of: x.AllVotes}.Percent(2)))
		}
		text := fmt.Sprintf("Of %s: %s.", name, strings.Join(parts, ", "))
		if !x.VotersKnown {
			text = strings.TrimSuffix(text, ".") + "; registered voters are not in all of its data."
		}
		lines = append(lines, text)
	}
	return lines
}

// outcomeWords says what becomes of the seats.
func (c *Comparison) outcomeWords() (lines []string) {
	o := c.Outcomes
	for side, name := range [2]string{"A", "B"} {
		switch r := o.Whole[side]; {
		case r == nil:
			lines = append(lines, fmt.Sprintf("%s is not counted under the law: %s.", name, finding.Visible(o.WhyWhole[side])))
		case r.Status != tally.Final:
			lines = append(lines, fmt.Sprintf("%s: %s: %s.", name, statusWords(r), finding.Visible(strings.ReplaceAll(strings.Join(r.Why, "; "), " (--lots)", ""))))
		}
		if r := o.Whole[side]; r != nil && r.Status == tally.Undecided && !r.Nation.Base(r.Base).Known {
			lines = append(lines, fmt.Sprintf("With --base valid the thresholds of %s are held against its valid votes.", name))
		}
		if o.Whole[side] != nil && o.Joined[side] == nil {
			lines = append(lines, fmt.Sprintf("The joined precincts of %s are not counted under the law: %s.", name, finding.Visible(o.WhyJoined[side])))
		}
	}
	for _, x := range [2]struct {
		what string
		of   [2]*tally.Result
	}{{"From the whole of A to the whole of B", o.Whole}, {"From A to B in the joined precincts alone", o.Joined}} {
		if x.of[0] != nil && x.of[1] != nil {
			lines = append(lines, x.what+": "+c.movedWords(x.of)+".")
		}
	}
	return lines
}

// movedWords names the lists whose seats are others in B, or who qualify in one alone.
func (c *Comparison) movedWords(of [2]*tally.Result) string {
	var words []string
	if !of[0].Given || !of[1].Given {
		words = append(words, "seats cannot be compared while an outcome is open")
	}
	for _, l := range c.byVotes() {
		x, given := c.Seats(of[0], 0, l)
		y, too := c.Seats(of[1], 1, l)
		turn := turnWords(&x, &y)
		name := finding.Visible(c.Lists[l].Name)
		switch {
		case !given || !too:
			if turn != "" {
				words = append(words, name+turn)
			}
		case x.OpenSeats > 0 || y.OpenSeats > 0:
			words = append(words, name+" waits for a lot"+turn)
		case x.Seats != y.Seats:
			words = append(words, fmt.Sprintf("%s %s%s", name, signed(y.Seats-x.Seats), turn))
		case turn != "":
			words = append(words, name+" no seat"+turn)
		}
	}
	if words == nil {
		return "no seat moves, and the same lists qualify"
	}
	return strings.Join(words, ", ")
}

// wholeSection is both counts as wholes.
func (c *Comparison) wholeSection(rows []int) []section {
	o := c.Outcomes
	if o.Whole[0] == nil && o.Whole[1] == nil {
		return nil
	}
	title := "The counts as wholes"
	for _, r := range o.Whole {
		if r != nil {
			title += fmt.Sprintf(", law %s, %s", finding.Visible(r.Rules.Name), houseWords(r))
			break
		}
	}
	g := grid{header: []string{"List", "A", "% A", "B", "% B", "Seats A", "Seats B", "Joined A", "Joined B"}, right: []bool{false, true, true, true, true, true, true, true, true}}
	base := ""
	for _, l := range rows {
		row := []string{finding.Visible(c.Lists[l].Name)}
		for side, r := range o.Whole {
			share := "–"
			if x, _ := c.Seats(r, side, l); r != nil && c.Lists[l].In[side] {
				b := shownBase(r)
				base = b.Words()
				if s := (tally.Share{Votes: x.Votes, Of: r.Nation.Base(b).N}); s.Of > 0 {
					share = s.Percent(2, bars(r)...)
				}
			}
			row = append(row, Group(c.Lists[l].Whole[side]), share)
		}
		for _, of := range [2][2]*tally.Result{o.Whole, o.Joined} {
			for side, r := range of {
				x, given := c.Seats(r, side, l)
				cell := "–"
				if r != nil && c.Lists[l].In[side] {
					cell = seatsCell(x, given)
				}
				row = append(row, cell)
			}
		}
		g.add(row...)
	}
	return []section{{title + "; % of " + base + ". Joined: seats by the joined precincts alone", g}}
}

// mostConditions is how many conditions a table has.
const mostConditions = 8

// conditionSection is what the differences use up of the margins.
func (c *Comparison) conditionSection() []section {
	o := c.Outcomes
	var notes []string
	if o.NoSeats != "" {
		notes = append(notes, "not of seats, for "+o.NoSeats)
	}
	if o.NoBars != "" && o.NoBars != o.NoSeats {
		notes = append(notes, "not of "+o.NoBars)
	}
	note := ""
	if notes != nil {
		note = "; " + strings.Join(notes, "; ")
	}
	if len(o.Conditions) == 0 {
		if note == "" {
			return nil
		}
		g := grid{header: []string{"Margin consumed"}, right: []bool{false}}
		g.add("Not stated" + finding.Visible(strings.Replace(note, "; not of seats, for", " of seats:", 1)))
		return []section{{"What the outcome of A rests on", g}}
	}
	g := grid{header: []string{"Condition in A", "Margin", "Change", "Consumed", ""}, right: []bool{false, true, true, true, false}}
	for i := range o.Conditions[:min(mostConditions, len(o.Conditions))] {
		x := &o.Conditions[i]
		consumed, after := "–", ""
		if part := x.Consumed(); part != nil && part.Sign() > 0 {
			consumed = percentOf(part) + " %"
		}
		if !x.Holds() {
			after = "does not hold with the figures of B"
		}
		g.add(c.conditionWords(x), inBallots(x.Margin, false), inBallots(x.Change, true), consumed, after)
	}
	title := fmt.Sprintf("What the outcome of A rests on, and what the figures of B in the joined precincts would change (%d of %s, those most consumed; in ballots, of a pair ballots to move%s)",
		min(mostConditions, len(o.Conditions)), Group(int64(len(o.Conditions))), finding.Visible(note))
	return []section{{title, g}}
}

func (c *Comparison) conditionWords(x *compare.Condition) string {
	name := finding.Visible(c.Lists[x.List].Name)
	if x.Against >= 0 {
		return fmt.Sprintf("%s keeps its last seat before %s", name, finding.Visible(c.Lists[x.Against].Name))
	}
	in := ""
	if x.Area != "" {
		in = " in " + finding.Visible(x.Area)
	}
	if x.Reached {
		return fmt.Sprintf("%s reaches %s%s", name, x.Words, in)
	}
	return fmt.Sprintf("%s misses %s%s", name, x.Words, in)
}

// inBallots is a number of ballots with one decimal, rounded half away from zero.
func inBallots(n *big.Rat, sign bool) string {
	text := n.FloatString(1)
	whole, tenth, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	text = whole + "." + tenth
	switch {
	case n.Sign() < 0:
		return "−" + text
	case n.Sign() > 0 && sign:
		return "+" + text
	}
	return text
}

// percentOf is a part in percent with one decimal, never 100 when it is below.
func percentOf(part *big.Rat) string {
	text := new(big.Rat).Mul(part, big.NewRat(100, 1)).FloatString(1)
	if text == "100.0" && part.Cmp(big.NewRat(1, 1)) < 0 {
		return "99.9"
	}
	return text
}

// topSection is the largest differences.
func (c *Comparison) topSection() []section {
	if c.Top == 0 || len(c.Changed) == 0 {
		return nil
	}
	order := make([]int, len(c.Changed))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(c.Changed[y].Absolute, c.Changed[x].Absolute) })
	order = order[:min(c.Top, len(order))]
	g := grid{header: []string{"Precinct", "Area", "Votes in A", "in B", "B − A", "Changes", "Largest", "Signatures"}, right: []bool{false, false, true, true, true, true, false, false}}
	for _, i := range order {
		x := &c.Changed[i]
		g.add(finding.Visible(c.precinct(x)), finding.Visible(c.Area(0, x.Precinct[0])), Group(x.Votes[0]), Group(x.Votes[1]), signed64(x.Votes[1]-x.Votes[0]), Group(x.Absolute),
			c.figureWords(x, 2), cmp.Or(strings.Join(signatureNames(x.Signatures), ", "), "–"))
	}
	return []section{{fmt.Sprintf("The largest differences, by the changes of all lists (%s of %s precincts that differ)", Group(int64(len(order))), Group(int64(len(c.Changed)))), g}}
}

// precinct is what a joined precinct is called in a table: its id, both where they differ.
func (c *Comparison) precinct(x *compare.Change) string {
	a, b := c.Sets[0].ID(x.Precinct[0]), c.Sets[1].ID(x.Precinct[1])
	if a == b {
		return a
	}
	return a + " | " + b
}

// figureWords are the largest changes of a precinct.
func (c *Comparison) figureWords(x *compare.Change, most int) string {
	figures := slices.Clone(x.Figures)
	size := func(f compare.Figure) int64 { return max(f.A, f.B) - min(f.A, f.B) }
	slices.SortStableFunc(figures, func(f, g compare.Figure) int {
		return cmp.Or(cmp.Compare(min(g.List, 0), min(f.List, 0)), cmp.Compare(size(g), size(f))) // lists before lines
	})
	var words []string
	for i, f := range figures {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(figures)-most))
			break
		}
		words = append(words, fmt.Sprintf("%s %s → %s", finding.Visible(c.figureName(f)), Group(f.A), Group(f.B)))
	}
	return strings.Join(words, ", ")
}

func (c *Comparison) figureName(f compare.Figure) string {
	if f.List < 0 {
		return f.Line.String()
	}
	return c.Lists[f.List].Name
}

func signatureNames(list []compare.Signature) []string {
	names := []string{}
	for _, s := range list {
		names = append(names, s.String())
	}
	return names
}

// counts is how many precincts have each signature, and how many changed ones have none.
func (c *Comparison) counts() (of []int, none int) {
	of = make([]int, len(compare.Signatures()))
	for i := range c.Changed {
		if len(c.Changed[i].Signatures) == 0 {
			none++
		}
		for _, s := range c.Changed[i].Signatures {
			of[s]++
		}
	}
	for _, list := range c.Only {
		for _, x := range list {
			if x.CopyOf >= 0 {
				of[compare.Copied]++
			}
		}
	}
	return of, none
}

func (c *Comparison) signatureSection() []section {
	of, none := c.counts()
	g := grid{header: []string{"Signature", "Precincts", "What holds"}, right: []bool{false, true, false}}
	for _, s := range compare.Signatures() {
		if of[s] > 0 {
			g.add(s.String(), Group(int64(of[s])), s.Brief())
		}
	}
	if len(g.rows) == 0 && none == 0 {
		return nil
	}
	if none > 0 {
		g.add("none", Group(int64(none)), "none of those that kenesh compare --help defines")
	}
	return []section{{"Signatures say how numbers relate, not how they came about; several may hold, and by chance", g}}
}

// A compareRow is a list, a line of the protocol or all lists together: a row of the flat
// formats.
type compareRow struct {
	Kind      string `json:"kind"` // list, votes, line
	ListID    string `json:"list_id"`
	List      string `json:"list"`
	A         *int64 `json:"a"` // in the joined precincts; nil: the count does not have it
	B         *int64 `json:"b"`
	Net       int64  `json:"net"`
	Absolute  int64  `json:"absolute"`
	Up        int    `json:"up"`
	Down      int    `json:"down"`
	Same      int    `json:"same"`
	Sign      string `json:"sign_p"` // "" where nothing differs
	Largest   int64  `json:"largest"`
	Precinct  string `json:"largest_precinct"` // its id in A
	MostUp    int64  `json:"most_up"`          // 0: none
	MostDown  int64  `json:"most_down"`        // 0, or below
	WholeA    *int64 `json:"whole_a"`
	WholeB    *int64 `json:"whole_b"`
	InA       *bool  `json:"qualified_a"`
	InB       *bool  `json:"qualified_b"`
	SeatsA    *int   `json:"seats_a"`
	SeatsB    *int   `json:"seats_b"`
	OpenA     int    `json:"open_seats_a"`
	OpenB     int    `json:"open_seats_b"`
	JoinedInA *int   `json:"joined_seats_a"`
	JoinedInB *int   `json:"joined_seats_b"`
}

func (c *Comparison) listRow(kind string, r *compare.Row) compareRow {
	x := compareRow{Kind: kind, ListID: r.ID, List: r.Name, Net: r.Net(), Absolute: r.Absolute, Up: r.Up, Down: r.Down, Same: r.Equal, Sign: r.Sign.Decimal(6), Largest: r.Largest, MostUp: r.MostUp, MostDown: -r.MostDown}
	if r.Precinct >= 0 {
		x.Precinct = c.Sets[0].ID(r.Precinct)
	}
	for side, p := range [2][2]**int64{{&x.A, &x.WholeA}, {&x.B, &x.WholeB}} {
		if r.In[side] {
			*p[0], *p[1] = &r.Joined[side], &r.Whole[side]
		}
	}
	return x
}

// listRows is the lists in ballot order, all together, and the lines.
func (c *Comparison) listRows() (all []compareRow) {
	o := c.Outcomes
	for l := range c.Lists {
		x := c.listRow("list", &c.Lists[l])
		for side, p := range [2]struct {
			in            **bool
			seats, joined **int
			open          *int
		}{{&x.InA, &x.SeatsA, &x.JoinedInA, &x.OpenA}, {&x.InB, &x.SeatsB, &x.JoinedInB, &x.OpenB}} {
			if !c.Lists[l].In[side] {
				continue
			}
			if r := o.Whole[side]; r != nil {
				list, given := c.Seats(r, side, l)
				*p.open = list.OpenSeats
				if !list.Option && list.Qualified != tally.Open {
					in := list.Qualified == tally.Reached
					*p.in = &in
				}
				if given {
					*p.seats = &list.Seats
				}
			}
			if r := o.Joined[side]; r != nil && r.Given {
				list, _ := c.Seats(r, side, l)
				*p.joined = &list.Seats
			}
		}
		all = append(all, x)
	}
	all = append(all, c.listRow("votes", &c.Votes))
	for l := range c.Lines {
		all = append(all, c.listRow("line", &c.Lines[l]))
	}
	return all
}

// A precinctRow is a precinct that is not the same in both counts, or in one alone.
type precinctRow struct {
	Where      string   `json:"where"` // both, a, b, unclear-a, unclear-b
	Key        string   `json:"key"`   // "": joined by id
	PrecinctA  string   `json:"precinct_a"`
	PrecinctB  string   `json:"precinct_b"`
	Area       string   `json:"area"` // of A where it has the precinct
	VotesA     *int64   `json:"votes_a"`
	VotesB     *int64   `json:"votes_b"`
	Net        *int64   `json:"net"`
	Absolute   *int64   `json:"absolute"`
	Figures    int      `json:"figures"` // that differ
	Signatures []string `json:"signatures"`
	CopyOf     string   `json:"copy_of"` // of signature copied: the other precinct
}

func (c *Comparison) precinctRows() (all []precinctRow) {
	key := func(side, p int) string {
		if !c.ByKey {
			return ""
		}
		return c.Sets[side].Key(p)
	}
	for i := range c.Changed {
		x := &c.Changed[i]
		net := x.Votes[1] - x.Votes[0]
		all = append(all, precinctRow{"both", key(0, x.Precinct[0]), c.Sets[0].ID(x.Precinct[0]), c.Sets[1].ID(x.Precinct[1]), c.Area(0, x.Precinct[0]),
			&x.Votes[0], &x.Votes[1], &net, &x.Absolute, len(x.Figures), signatureNames(x.Signatures), ""})
	}
	alone := func(side, p int, where string, copyOf int) {
		row := precinctRow{Where: where + [2]string{"a", "b"}[side], Key: key(side, p), Area: c.Area(side, p), Signatures: []string{}}
		votes := c.VotesOf(side, p)
		if side == 0 {
			row.PrecinctA, row.VotesA = c.Sets[0].ID(p), &votes
		} else {
			row.PrecinctB, row.VotesB = c.Sets[1].ID(p), &votes
		}
		if copyOf >= 0 {
			row.Signatures, row.CopyOf = signatureNames([]compare.Signature{compare.Copied}), c.Sets[side].ID(copyOf)
		}
		all = append(all, row)
	}
	for side := range c.Sets {
		for _, x := range c.Only[side] {
			alone(side, x.Precinct, "", x.CopyOf)
		}
	}
	for side := range c.Sets {
		for _, p := range c.Unclear[side] {
			alone(side, p, "unclear-", -1)
		}
	}
	return all
}

// A changeRow is one figure of one precinct that is another one in B.
type changeRow struct {
	Key       string `json:"key"`
	PrecinctA string `json:"precinct_a"`
	PrecinctB string `json:"precinct_b"`
	Area      string `json:"area"`
	Kind      string `json:"kind"` // list, line
	List      string `json:"list"`
	A         int64  `json:"a"`
	B         int64  `json:"b"`
	Net       int64  `json:"net"`
}

func (c *Comparison) changeRows() (all []changeRow) {
	for i := range c.Changed {
		x := &c.Changed[i]
		key := ""
		if c.ByKey {
			key = c.Name(x)
		}
		for _, f := range x.Figures {
			kind := "list"
			if f.List < 0 {
				kind = "line"
			}
			all = append(all, changeRow{key, c.Sets[0].ID(x.Precinct[0]), c.Sets[1].ID(x.Precinct[1]), c.Area(0, x.Precinct[0]), kind, c.figureName(f), f.A, f.B, f.B - f.A})
		}
	}
	return all
}

func (c *Comparison) cells() (header []string, rows [][]string) {
	integer := func(n int64) string { return strconv.FormatInt(n, 10) }
	switch c.Rows {
	case "precincts":
		for _, x := range c.precinctRows() {
			rows = append(rows, []string{x.Where, x.Key, x.PrecinctA, x.PrecinctB, x.Area, maybe(x.VotesA), maybe(x.VotesB), maybe(x.Net), maybe(x.Absolute),
				strconv.Itoa(x.Figures), strings.Join(x.Signatures, " "), x.CopyOf})
		}
		return []string{"where", "key", "precinct_a", "precinct_b", "area", "votes_a", "votes_b", "net", "absolute", "figures", "signatures", "copy_of"}, rows
	case "changes":
		for _, x := range c.changeRows() {
			rows = append(rows, []string{x.Key, x.PrecinctA, x.PrecinctB, x.Area, x.Kind, x.List, integer(x.A), integer(x.B), integer(x.Net)})
		}
		return []string{"key", "precinct_a", "precinct_b", "area", "kind", "list", "a", "b", "net"}, rows
	}
	for _, x := range c.listRows() {
		rows = append(rows, []string{x.Kind, x.ListID, x.List, maybe(x.A), maybe(x.B), integer(x.Net), integer(x.Absolute), strconv.Itoa(x.Up), strconv.Itoa(x.Down), strconv.Itoa(x.Same),
			x.Sign, integer(x.Largest), x.Precinct, integer(x.MostUp), integer(x.MostDown), maybe(x.WholeA), maybe(x.WholeB), maybe(x.InA), maybe(x.InB), maybe(x.SeatsA), maybe(x.SeatsB),
			strconv.Itoa(x.OpenA), strconv.Itoa(x.OpenB), maybe(x.JoinedInA), maybe(x.JoinedInB)})
	}
	return []string{"kind", "list_id", "list", "a", "b", "net", "absolute", "up", "down", "same", "sign_p", "largest", "largest_precinct", "most_up", "most_down", "whole_a", "whole_b",
		"qualified_a", "qualified_b", "seats_a", "seats_b", "open_seats_a", "open_seats_b", "joined_seats_a", "joined_seats_b"}, rows
}

// The types below are the wire form of a comparison, kenesh.compare version 1.
type jsonCompare struct {
	Format     string                 `json:"format"`
	Version    int                    `json:"version"`
	Rules      jsonRules              `json:"rules"`
	Key        *string                `json:"key"` // null: by id
	Precincts  jsonComparePrecincts   `json:"precincts"`
	Coverage   [2]jsonCoverage        `json:"coverage"` // of A, of B
	Outcomes   [2]jsonCompareOutcome  `json:"outcomes"`
	Rows       []compareRow           `json:"rows"`
	Conditions []jsonCompareCondition `json:"conditions"`
	NotStated  []string               `json:"conditions_not_stated"`
	Signatures map[string]int         `json:"signatures"` // sorted by key when marshalled
	Changed    []jsonCompareChange    `json:"changed"`
	Alone      []precinctRow          `json:"alone"`
	Findings   []jsonFinding          `json:"findings"`
	Inputs     [2][]jsonInput         `json:"inputs"`
	Tool       jsonTool               `json:"tool"`
}

type jsonComparePrecincts struct {
	Both      int `json:"both"`
	OnlyA     int `json:"only_a"`
	OnlyB     int `json:"only_b"`
	UnclearA  int `json:"unclear_a"`
	UnclearB  int `json:"unclear_b"`
	SameLists int `json:"same_lists"`
	SameVotes int `json:"same_votes"`
	Same      int `json:"same"`
	Changed   int `json:"changed"`
	NoneOf    int `json:"without_signature"`
}

type jsonCoverage struct {
	Joined    int    `json:"joined"`
	Precincts int    `json:"precincts"`
	Voters    *int64 `json:"voters"` // null: not known
	AllVoters *int64 `json:"all_voters"`
	Votes     int64  `json:"votes"`
	AllVotes  int64  `json:"all_votes"`
}

type jsonCompareOutcome struct {
	Status  *string  `json:"status"` // null: not counted under the law
	Reasons []string `json:"reasons"`
}

type jsonCompareCondition struct {
	List      string  `json:"list"`
	Against   *string `json:"against"`   // null: a threshold
	Threshold *string `json:"threshold"` // null: a pair
	Area      string  `json:"area"`      // "": the nation
	Reached   *bool   `json:"reached"`
	Margin    string  `json:"margin"` // exact, in ballots
	Change    string  `json:"change"`
	Consumed  *string `json:"consumed"` // null: no margin; six decimals
	Holds     bool    `json:"holds"`
}

type jsonCompareChange struct {
	precinctRow
	Changes []jsonCompareFigure `json:"changes"`
}

type jsonCompareFigure struct {
	Kind string `json:"kind"`
	List string `json:"list"`
	A    int64  `json:"a"`
	B    int64  `json:"b"`
}

func comparisonWire(c *Comparison) jsonCompare {
	j := jsonCompare{Format: "kenesh.compare", Version: 1, Rules: jsonRules{c.Law.Name, c.Law.Title, c.Law.Seats, c.Law.SHA256}, Rows: c.listRows(),
		Conditions: []jsonCompareCondition{}, NotStated: []string{}, Signatures: map[string]int{}, Changed: []jsonCompareChange{}, Alone: []precinctRow{},
		Findings: jsonFindings(c.Findings), Inputs: [2][]jsonInput{jsonInputs(c.Inputs[0]), jsonInputs(c.Inputs[1])}, Tool: jsonTool(c.Tool)}
	if c.Key != "" {
		j.Key = &c.Key
	}
	of, none := c.counts()
	for s, n := range of {
		j.Signatures[compare.Signature(s).String()] = n
	}
	j.Precincts = jsonComparePrecincts{c.Joined, len(c.Only[0]), len(c.Only[1]), len(c.Unclear[0]), len(c.Unclear[1]), c.SameLists, c.SameVotes, c.Same, len(c.Changed), none}
	for side := range c.Sets {
		x := c.Coverage[side]
		y := jsonCoverage{x.Joined, x.Precincts, nil, nil, x.Votes, x.AllVotes}
		if x.VotersKnown {
			y.Voters, y.AllVoters = &x.Voters, &x.AllVoters
		}
		j.Coverage[side] = y
		out := jsonCompareOutcome{nil, []string{}}
		if r := c.Outcomes.Whole[side]; r != nil {
			status := r.Status.String()
			out.Status, out.Reasons = &status, some(r.Why)
		} else {
			out.Reasons = []string{c.Outcomes.WhyWhole[side]}
		}
		j.Outcomes[side] = out
	}
	for i := range c.Outcomes.Conditions {
		x := &c.Outcomes.Conditions[i]
		y := jsonCompareCondition{List: c.Lists[x.List].Name, Area: x.Area, Margin: x.Margin.RatString(), Change: x.Change.RatString(), Holds: x.Holds()}
		if x.Against >= 0 {
			y.Against = &c.Lists[x.Against].Name
		} else {
			y.Threshold, y.Reached = &x.Threshold, &x.Reached
		}
		if part := x.Consumed(); part != nil {
			text := part.FloatString(6)
			y.Consumed = &text
		}
		j.Conditions = append(j.Conditions, y)
	}
	for _, why := range []string{c.Outcomes.NoSeats, c.Outcomes.NoBars} {
		if why != "" && !slices.Contains(j.NotStated, why) {
			j.NotStated = append(j.NotStated, why)
		}
	}
	for i, row := range c.precinctRows() {
		if i >= len(c.Changed) {
			j.Alone = append(j.Alone, row)
			continue
		}
		x := jsonCompareChange{row, nil}
		for _, f := range c.Changed[i].Figures {
			kind := "list"
			if f.List < 0 {
				kind = "line"
			}
			x.Changes = append(x.Changes, jsonCompareFigure{kind, c.figureName(f), f.A, f.B})
		}
		j.Changed = append(j.Changed, x)
	}
	return j
}
