// Package compare holds two counts of the same election against each other: the
// official one and that of observers, machine and hand, first count and recount.
//
// [Compare] joins the precincts of two sets and says of every list, and of every line of
// the protocol that both state, what changes from A to B: a difference is always B − A.
// [Comparison.Count] says what that does to the seats, and how much of the margin of each
// condition that the outcome rests on the differences use up. [Signatures] say how the
// numbers of a precinct relate; they say nothing of why. [Prior] looks for exchanged lists
// by an earlier round where there is no second count.
//
// Sums are int64 and checked, tests of signs are exact. Only Prior computes with floats,
// in an order and a rounding that are the same on every machine. Lists are in the ballot
// order of A, those of B alone behind them; precincts by area and id. A list that a
// precinct does not state has 0 votes there; a line that one count does not state is
// compared nowhere. Nothing here is formatted.
package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// A Comparison is two counts joined. Index 0 of a pair is A, index 1 is B.
type Comparison struct {
	Sets  [2]*returns.Set
	ByKey bool // joined by keys, not by ids

	Lists []Row
	Lines []Row // of the protocol: those that both counts state in a joined precinct
	Votes Row   // all lists together

	Joined    int
	SameLists int      // joined precincts that are the same in every list
	SameVotes int      // in the sum of all lists
	Same      int      // in every list and in every line that both state
	Changed   []Change // the other ones
	Only      [2][]Lone
	Unclear   [2][]int // precincts whose key is not theirs alone, in A or in B, or who have none
	Coverage  [2]Coverage

	Outcomes *Outcomes // nil before Count

	list [2][]int // by row of Lists: the list of the set, -1: it has none
	both []pair
}

// pair is a precinct of A and the same one of B.
type pair [2]int

// A Row is what one list, or line, has in both counts.
type Row struct {
	ID, Name string
	In       [2]bool  // the counts that have it
	Joined   [2]int64 // in the joined precincts
	Whole    [2]int64 // in all precincts
	Absolute int64    // the sum of |B − A| over joined precincts
	Up, Down int      // joined precincts in which B has more, or fewer
	Equal    int
	Sign     Sign
	// Largest is the largest change, with its sign; of several that of the first precinct.
	// Precinct is that of A, -1: there is none.
	Largest          int64
	Precinct         int
	MostUp, MostDown int64 // the largest changes up and down, without their signs; 0: none
}

// Net is B − A over the joined precincts.
func (r *Row) Net() int64 { return r.Joined[1] - r.Joined[0] }

// A Change is a joined precinct that is not the same in both counts.
type Change struct {
	Precinct   [2]int // of A and of B
	Votes      [2]int64
	Absolute   int64 // the sum of |B − A| over the lists
	Figures    []Figure
	Signatures []Signature // in their order
}

// A Figure is a count of a precinct that is another one in B.
type Figure struct {
	List int // row of Comparison.Lists; -1: a line
	Line returns.Line
	A, B int64
}

// A Lone is a precinct that only one count has.
type Lone struct {
	Precinct int
	CopyOf   int // another precinct of its area in the same count with the same votes for every list; -1: none
}

// Coverage is what the joined precincts are of one count.
type Coverage struct {
	Joined, Precincts int
	// Registered voters in the joined precincts and in all; not known where a precinct does
	// not state them.
	Voters, AllVoters int64
	VotersKnown       bool
	Votes, AllVotes   int64
}

// Compare joins two sets and holds them against each other: by the keys of their
// precincts where both sets have keys, else by id. What cannot be joined or compared goes
// to log; after an error there is no comparison.
func Compare(a, b *returns.Set, log *finding.Log) (*Comparison, bool) {
	c := &Comparison{Sets: [2]*returns.Set{a, b}, ByKey: a.HasKeys()}
	if a.HasKeys() != b.HasKeys() {
		with := "A"
		if b.HasKeys() {
			with = "B"
		}
		log.Add(finding.Finding{Code: "KEY", Severity: finding.Error, Message: fmt.Sprintf("only the precincts of %s have a key of their own; name its columns for both, or join by ids (--key precinct)", with)})
		return nil, false
	}
	c.pairLists(log)
	c.join(log)
	if len(c.both) == 0 {
		log.Add(finding.Finding{Code: "KEY", Severity: finding.Error,
			Message: fmt.Sprintf("not one of the %d precincts of A and %d of B is in both%s; are they the same election, read the same way?", a.Len(), b.Len(), c.example())})
		return nil, false
	}
	c.elsewhere(log)
	if err := c.compare(); err != nil {
		log.Add(finding.Finding{Code: "OVERFLOW", Severity: finding.Error, Message: err.Error()})
		return nil, false
	}
	return c, true
}

// example shows the first ids of both.
func (c *Comparison) example() string {
	if c.Sets[0].Len() == 0 || c.Sets[1].Len() == 0 {
		return ""
	}
	return fmt.Sprintf(" (A begins with %q, B with %q)", c.name(0, 0), c.name(1, 0))
}

// name is what precinct p of a side is joined by.
func (c *Comparison) name(side, p int) string {
	if c.ByKey {
		return c.Sets[side].Key(p)
	}
	return c.Sets[side].ID(p)
}

// Name is what a joined precinct is called: its key, or its id.
func (c *Comparison) Name(x *Change) string { return c.name(0, x.Precinct[0]) }

// pairLists pairs the lists of A with those of B by name; case and spaces do not count.
func (c *Comparison) pairLists(log *finding.Log) {
	a, b := c.Sets[0], c.Sets[1]
	taken := make([]bool, len(b.Lists))
	find := func(x returns.List) int {
		for _, same := range []func(y returns.List) bool{
			func(y returns.List) bool { return x.Name == y.Name },
			func(y returns.List) bool { return rules.Same(x.Name, y.Name) },
		} {
			for i, y := range b.Lists {
				if !taken[i] && same(y) {
					taken[i] = true
					return i
				}
			}
		}
		return -1
	}
	var lone [2][]string
	for i, l := range a.Lists {
		k := find(l)
		c.Lists = append(c.Lists, Row{ID: l.ID, Name: l.Name, In: [2]bool{true, k >= 0}, Precinct: -1})
		c.list[0], c.list[1] = append(c.list[0], i), append(c.list[1], k)
		if k < 0 {
			lone[0] = append(lone[0], l.Name)
		}
	}
	for k, l := range b.Lists {
		if !taken[k] {
			c.Lists = append(c.Lists, Row{ID: l.ID, Name: l.Name, In: [2]bool{false, true}, Precinct: -1})
			c.list[0], c.list[1] = append(c.list[0], -1), append(c.list[1], k)
			lone[1] = append(lone[1], l.Name)
		}
	}
	for side, names := range lone {
		for _, name := range names {
			log.Add(finding.Finding{Code: "LISTS", Severity: finding.Warning,
				Message: fmt.Sprintf("list %q is in %s alone%s; the other count has 0 votes for it", name, "AB"[side:side+1], finding.DidYouMean(name, lone[1-side]))})
		}
	}
}

// join finds each precinct of A in B.
func (c *Comparison) join(log *finding.Log) {
	a, b := c.Sets[0], c.Sets[1]
	const several = -2
	var at [2]map[string]int // by key: the precinct
	for side, s := range c.Sets {
		if !c.ByKey {
			break
		}
		at[side] = make(map[string]int, s.Len())
		for p := range s.Len() {
			key := s.Key(p)
			if _, twice := at[side][key]; twice || key == "" {
				at[side][key] = several
			} else {
				at[side][key] = p
			}
		}
	}
	found := make([]bool, b.Len())
	look := func(side, p int) (q int, clear bool) {
		if !c.ByKey {
			return c.Sets[1-side].Find(c.Sets[side].ID(p)), true
		}
		key := c.Sets[side].Key(p)
		q, ok := at[1-side][key]
		if !ok {
			q = -1
		}
		return q, q != several && at[side][key] != several
	}
	for p := range a.Len() {
		switch q, clear := look(0, p); {
		case !clear:
			c.Unclear[0] = append(c.Unclear[0], p)
		case q < 0:
			c.Only[0] = append(c.Only[0], Lone{p, -1})
		default:
			c.both = append(c.both, pair{p, q})
			found[q] = true
		}
	}
	for q := range b.Len() {
		if found[q] {
			continue
		}
		if _, clear := look(1, q); clear {
			c.Only[1] = append(c.Only[1], Lone{q, -1})
		} else {
			c.Unclear[1] = append(c.Unclear[1], q)
		}
	}
	c.Joined = len(c.both)
	for side, s := range c.Sets {
		order := ordering(s)
		slices.SortFunc(c.Unclear[side], order)
		slices.SortFunc(c.Only[side], func(x, y Lone) int { return order(x.Precinct, y.Precinct) })
		c.copies(side)
		if n := len(c.Unclear[side]); n > 0 {
			p := c.Unclear[side][0]
			what := fmt.Sprintf("the first is %q", s.ID(p))
			if key := s.Key(p); key != "" {
				what = fmt.Sprintf("the first is %q with %q", s.ID(p), key)
			}
			log.Add(finding.Finding{Code: "KEY", Severity: finding.Warning,
				Message: fmt.Sprintf("%d precinct%s of %s joined with none, for the key is not of one precinct alone in both counts; %s", n, plural(n), "AB"[side:side+1]+verb(n), what)})
		}
	}
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

func verb(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// ordering orders precincts of a set by area and id.
func ordering(s *returns.Set) func(p, q int) int {
	paths := make([]string, len(s.Areas))
	for a := range s.Areas {
		if up := s.Areas[a].Parent; up >= 0 { // an area stands behind the one that it is a part of
			paths[a] = paths[up] + "\x00" + s.Areas[a].Name
		}
	}
	return func(p, q int) int {
		if o := strings.Compare(paths[s.Area(p)], paths[s.Area(q)]); o != 0 {
			return o
		}
		x, y := s.ID(p), s.ID(q)
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	}
}

// elsewhere warns of joined precincts that lie in another area in B.
func (c *Comparison) elsewhere(log *finding.Log) {
	var moved []int
	first := ""
	a, b := c.Sets[0], c.Sets[1]
	order := ordering(a)
	for _, j := range c.both {
		x, y := areaPath(a, j[0]), areaPath(b, j[1])
		if x != "" && y != "" && x != y && !strings.HasPrefix(x, y+" / ") && !strings.HasPrefix(y, x+" / ") {
			if moved = append(moved, j[0]); len(moved) == 1 || order(j[0], moved[0]) < 0 {
				moved[0], moved[len(moved)-1] = j[0], moved[0]
				first = fmt.Sprintf("%q is in %s in A and in %s in B", c.name(0, j[0]), x, y)
			}
		}
	}
	if n := len(moved); n > 0 {
		log.Add(finding.Finding{Code: "KEY", Severity: finding.Warning, Message: fmt.Sprintf("%d joined precinct%s in another area in B: %s", n, lies(n), first)})
	}
}

func lies(n int) string {
	if n == 1 {
		return " lies"
	}
	return "s lie"
}

// areaPath is the areas that a precinct lies in, outermost first; "" when it lies in none.
func areaPath(s *returns.Set, p int) string {
	var names []string
	for a := s.Area(p); a > 0; a = s.Areas[a].Parent {
		names = append(names, s.Areas[a].Name)
	}
	slices.Reverse(names)
	return strings.Join(names, " / ")
}

// Area is the areas that a precinct of a side lies in, outermost first; "" when it lies in
// none.
func (c *Comparison) Area(side, p int) string { return areaPath(c.Sets[side], p) }

// compare computes the rows and the changes.
func (c *Comparison) compare() error {
	lines := make([]Row, len(returns.Lines()))
	for l := range lines {
		lines[l] = Row{ID: returns.Line(l).String(), Name: returns.Line(l).String(), Precinct: -1}
	}
	c.Votes = Row{ID: "votes", Name: "votes", In: [2]bool{true, true}, Precinct: -1}
	w := newReader(c)
	order := ordering(c.Sets[0])
	var sum checked
	for _, j := range c.both {
		w.read(j)
		change := Change{Precinct: j}
		for l := range c.Lists {
			x, y := w.votes[0][l], w.votes[1][l]
			c.Lists[l].take(x, y, j[0], order, &sum)
			sum.add(&change.Votes[0], x)
			sum.add(&change.Votes[1], y)
			if x != y {
				sum.add(&change.Absolute, distance(x, y))
				change.Figures = append(change.Figures, Figure{List: l, A: x, B: y})
			}
		}
		differ := len(change.Figures)
		c.Votes.take(change.Votes[0], change.Votes[1], j[0], order, &sum)
		for _, l := range returns.Lines() {
			if w.stated[0]&w.stated[1]>>l&1 == 0 {
				continue
			}
			x, y := w.lines[0][l], w.lines[1][l]
			lines[l].In = [2]bool{true, true}
			lines[l].take(x, y, j[0], order, &sum)
			if x != y {
				change.Figures = append(change.Figures, Figure{List: -1, Line: l, A: x, B: y})
			}
		}
		if differ == 0 {
			c.SameLists++
		}
		if change.Votes[0] == change.Votes[1] {
			c.SameVotes++
		}
		if len(change.Figures) == 0 {
			c.Same++
			continue
		}
		change.Signatures = w.signatures(&change)
		c.Changed = append(c.Changed, change)
	}
	slices.SortFunc(c.Changed, func(x, y Change) int { return order(x.Precinct[0], y.Precinct[0]) })
	c.wholes(lines, &sum)
	for _, r := range lines {
		if r.In[0] {
			c.Lines = append(c.Lines, r)
		}
	}
	if sum.over {
		return fmt.Errorf("votes of two counts together: %w", returns.ErrOverflow)
	}
	c.signTests()
	return nil
}

// checked adds up, and remembers that a sum left int64.
type checked struct{ over bool }

func (s *checked) add(to *int64, n int64) {
	if n > math.MaxInt64-*to {
		s.over = true
		return
	}
	*to += n
}

func distance(x, y int64) int64 { return max(x, y) - min(x, y) }

// take takes the figures of one joined precinct in, p of A.
func (r *Row) take(x, y int64, p int, order func(p, q int) int, sum *checked) {
	sum.add(&r.Joined[0], x)
	sum.add(&r.Joined[1], y)
	switch {
	case x == y:
		r.Equal++
		return
	case y > x:
		r.Up++
		r.MostUp = max(r.MostUp, y-x)
	default:
		r.Down++
		r.MostDown = max(r.MostDown, x-y)
	}
	d := distance(x, y)
	sum.add(&r.Absolute, d)
	if most := max(r.Largest, -r.Largest); d > most || d == most && order(p, r.Precinct) < 0 {
		r.Largest, r.Precinct = y-x, p
	}
}

// wholes adds up what all precincts have, joined or not, and the coverage.
func (c *Comparison) wholes(lines []Row, sum *checked) {
	for side, s := range c.Sets {
		cover := &c.Coverage[side]
		cover.Joined, cover.Precincts, cover.VotersKnown = c.Joined, s.Len(), s.Len() > 0
		s.Ballots(0, s.Len(), func(_ int, votes []int64) {
			for l := range c.Lists {
				if i := c.list[side][l]; i >= 0 && votes[i] > 0 {
					sum.add(&c.Lists[l].Whole[side], votes[i])
					sum.add(&c.Votes.Whole[side], votes[i])
				}
			}
		})
		for p := range s.Len() {
			for _, l := range returns.Lines() {
				if !lines[l].In[0] && l != returns.Registered {
					continue
				}
				v, ok := s.Stated(p, l)
				if ok {
					sum.add(&lines[l].Whole[side], v)
				}
				if l == returns.Registered {
					sum.add(&cover.AllVoters, v)
					cover.VotersKnown = cover.VotersKnown && (ok || s.Meaningless(p, l))
				}
			}
		}
		for _, j := range c.both {
			v, _ := s.Stated(j[side], returns.Registered)
			sum.add(&cover.Voters, v)
		}
		cover.Votes, cover.AllVotes = c.Votes.Joined[side], c.Votes.Whole[side]
	}
}

// signTests tests the signs of all rows, side by side: of a hundred thousand precincts
// one takes a part of a second.
func (c *Comparison) signTests() {
	var all sync.WaitGroup
	test := func(r *Row) { all.Go(func() { r.Sign = signTest(r.Up, r.Down) }) }
	for l := range c.Lists {
		test(&c.Lists[l])
	}
	for l := range c.Lines {
		test(&c.Lines[l])
	}
	test(&c.Votes)
	all.Wait()
}

// VotesOf is the votes of all lists in precinct p of a side.
func (c *Comparison) VotesOf(side, p int) int64 {
	sum := int64(0)
	c.Sets[side].VotesByPrecinct(p, p+1, func(_ int, votes []int64) { sum = votes[0] }) // no more than a sum that was made
	return sum
}
