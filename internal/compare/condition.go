package compare

import (
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A Condition is one of those that the outcome of A rests on: linear in the votes, true
// while its margin is not negative. Margin is that of the whole of A, Change what the
// joined precincts of B add to it in the place of those of A. Both are in ballots: to be
// moved from one list to the other, for a pair; over or short of a threshold.
//
//	largest remainders (Hare), seats a of list i and j: S(v_i − v_j) − (a_i − a_j − 1)V, over 2S
//	divisors: v_i d(a_j) − v_j d(a_i − 1), over d(a_j) + d(a_i − 1)
//	threshold: v − τV where the list reached it, τV − v where it missed it
type Condition struct {
	List      int    // row of Comparison.Lists: it keeps its last seat before Against, or its side of the bar
	Against   int    // row of Comparison.Lists; -1: a threshold
	Threshold string // id in the law; "": a pair
	Words     string // of a threshold: "7 %"
	Area      string // of a threshold in areas; "": the nation
	Reached   bool   // of a threshold
	Margin    *big.Rat
	Change    *big.Rat
	Strict    bool // it is broken at 0
}

// Consumed is the part of the margin that the change uses up, |change| / margin; nil: there
// is no margin. Where the change widens the margin, it is 0.
func (c *Condition) Consumed() *big.Rat {
	if c.Margin.Sign() <= 0 {
		return nil
	}
	if c.Change.Sign() >= 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Quo(new(big.Rat).Neg(c.Change), c.Margin)
}

// Holds reports whether the condition still holds after the change. At 0 there is a tie of
// a pair, of which it does not say who wins.
func (c *Condition) Holds() bool {
	after := new(big.Rat).Add(c.Margin, c.Change)
	return after.Sign() > 0 || after.Sign() == 0 && !c.Strict
}

// conditions states those of A.
func (c *Comparison) conditions() {
	o := c.Outcomes
	if o.Whole[0] == nil || o.Joined[0] == nil || o.Joined[1] == nil {
		o.NoSeats = "the law does not count both sets"
		return
	}
	if o.Whole[0].Rules.Districts != nil {
		o.NoSeats, o.NoBars = "the law divides seats in districts", "the law divides seats in districts"
		return
	}
	c.pairs()
	c.bars()
	slices.SortStableFunc(o.Conditions, func(x, y Condition) int {
		a, b := x.Consumed(), y.Consumed()
		switch {
		case a == nil && b == nil:
			return 0
		case a == nil:
			return -1
		case b == nil:
			return 1
		}
		if n := b.Cmp(a); n != 0 {
			return n
		}
		return x.Margin.Cmp(y.Margin)
	})
}

// pairs states the conditions of the seats.
func (c *Comparison) pairs() {
	o := c.Outcomes
	r := o.Whole[0]
	a := r.Allocation
	if o.NoSeats = notLinear(r); o.NoSeats != "" {
		return
	}
	divisor := divisors[r.Rules.Method.Name]
	rat := func(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
	house := rat(int64(a.Problem.Seats))
	// The rows of the lists that share in the seats, and their seats in A.
	var rows []int
	seats := map[int]int64{}
	for k, m := range a.Members {
		row := slices.Index(c.list[0], m[0])
		rows = append(rows, row)
		seats[row] = int64(a.Seats[k])
	}
	margin := func(i, j int, votes func(row int) *big.Rat) *big.Rat {
		if divisor != nil {
			di, dj := rat(divisor(seats[i]-1)), rat(divisor(seats[j]))
			g := new(big.Rat).Mul(votes(i), dj)
			g.Sub(g, new(big.Rat).Mul(votes(j), di))
			return g.Quo(g, di.Add(di, dj))
		}
		all := new(big.Rat)
		for _, row := range rows {
			all.Add(all, votes(row))
		}
		g := new(big.Rat).Sub(votes(i), votes(j))
		g.Mul(g, house)
		g.Sub(g, all.Mul(all, rat(seats[i]-seats[j]-1)))
		return g.Quo(g, rat(2*int64(a.Problem.Seats)))
	}
	for _, i := range rows {
		for _, j := range rows {
			if i == j || seats[i] == 0 {
				continue
			}
			o.Conditions = append(o.Conditions, Condition{List: i, Against: j,
				Margin: margin(i, j, func(row int) *big.Rat { return rat(c.Lists[row].Whole[0]) }),
				Change: margin(i, j, func(row int) *big.Rat {
					return new(big.Rat).Sub(rat(c.Lists[row].Joined[1]), rat(c.Lists[row].Joined[0]))
				})})
		}
	}
}

// divisors are those of the methods whose conditions are stated, but for largest
// remainders by the Hare quota.
var divisors = map[string]func(n int64) int64{
	"dhondt":       func(n int64) int64 { return n + 1 },
	"sainte_lague": func(n int64) int64 { return 2*n + 1 },
}

// notLinear says why the seats of a result do not rest on conditions of pairs of lists;
// "": they do.
func notLinear(r *tally.Result) string {
	a := r.Allocation
	switch {
	case !r.Given || a == nil:
		return "no seats are given in A"
	case a.Open > 0:
		return "seats are open in A"
	case r.Rules.Method.Name != "lr:hare" && divisors[r.Rules.Method.Name] == nil:
		return "they are stated for lr:hare, dhondt and sainte_lague, and the law takes " + r.Rules.Method.Name
	case len(r.Within) > 0 || slices.ContainsFunc(a.Members, func(m []int) bool { return len(m) != 1 }):
		return "alliances share seats"
	case a.Problem.Bonus.Seats > 0 || a.Problem.Base > 0 || len(r.Further) > 0 || r.ScaledBy != 1 || r.Levelled > 0 || r.Scale != nil:
		return "the law gives seats otherwise as well"
	case slices.ContainsFunc(a.Problem.Minimums, func(n int) bool { return n > 0 }):
		return "lists have seats for certain"
	case a.Unfilled > 0 || len(a.Certificate.Stages) != 1:
		return "a cap binds"
	}
	return ""
}

// bars states the conditions of the thresholds: of each list in the nation, and in areas
// of those that reached every bar of the nation.
func (c *Comparison) bars() {
	o := c.Outcomes
	r := o.Whole[0]
	var left []string
	for i := range r.Thresholds {
		t := &r.Thresholds[i]
		inAreas := t.In == rules.InEach && t.Level == r.Level
		if t.Measure != rules.ByShare && t.Measure != rules.ByVotes || t.In != rules.InNation && !inAreas || len(t.Or) > 0 || len(t.Coalitions) > 0 || t.Base == rules.Qualified ||
			r.Rules.Alliances != nil && r.Rules.Alliances.Together {
			left = append(left, t.Brief())
			continue
		}
		whole, joined := nations(o.Whole[0]), [2][]tally.Area{nations(o.Joined[0]), nations(o.Joined[1])}
		if inAreas {
			whole, joined = o.Whole[0].Areas, [2][]tally.Area{o.Joined[0].Areas, o.Joined[1].Areas}
		}
		known := true
		for k := range whole {
			if slices.Contains(t.Except, whole[k].Name) || whole[k].Precincts == 0 {
				continue
			}
			for row := range c.Lists {
				known = c.bar(t, row, &whole[k], joined, inAreas) && known
			}
		}
		if !known {
			left = append(left, t.Brief()+" (the base is not in the data)")
		}
	}
	if left != nil {
		o.NoBars = strings.Join(left, "; ")
	}
}

func nations(r *tally.Result) []tally.Area { return []tally.Area{{Figures: r.Nation}} }

// bar states the condition of one list and threshold in one place; false where its base is
// not known.
func (c *Comparison) bar(t *tally.Threshold, row int, whole *tally.Area, joined [2][]tally.Area, inAreas bool) bool {
	o := c.Outcomes
	l := c.list[0][row]
	if l < 0 || o.Whole[0].Lists[l].Option || o.Whole[0].Lists[l].Votes == 0 || t.Lists[l].Exempt {
		return true
	}
	if inAreas && !overNation(o.Whole[0], l) {
		return true
	}
	// over is v − τV, or v − the votes that the bar asks for.
	over := func(f *tally.Figures, side int, fixed bool) (*big.Rat, bool) {
		votes := int64(0)
		if i := c.list[side][row]; i >= 0 && f != nil {
			votes = f.Votes[i]
		}
		g := new(big.Rat).SetInt64(votes)
		if t.Measure == rules.ByVotes {
			if fixed {
				g.Sub(g, new(big.Rat).SetInt64(t.Votes))
			}
			return g, true
		}
		if f == nil {
			return g, true
		}
		base := f.Base(t.Base)
		if f.Precincts > 0 && !base.Known {
			return nil, false
		}
		return g.Sub(g, new(big.Rat).Mul(t.Share, new(big.Rat).SetInt64(base.N))), true
	}
	place := func(areas []tally.Area) *tally.Figures {
		for i := range areas {
			if areas[i].Name == whole.Name {
				return &areas[i].Figures
			}
		}
		return nil
	}
	margin, ok := over(&whole.Figures, 0, true)
	before, known := over(place(joined[0]), 0, false)
	after, too := over(place(joined[1]), 1, false)
	if !ok || !known || !too {
		return false
	}
	x := Condition{List: row, Against: -1, Threshold: t.ID, Words: t.Words(), Area: whole.Name, Margin: margin, Change: after.Sub(after, before)}
	x.Reached = margin.Sign() > 0 || margin.Sign() == 0 && !t.MoreThan
	x.Strict = x.Reached == t.MoreThan
	if !x.Reached {
		x.Margin.Neg(x.Margin)
		x.Change.Neg(x.Change)
	}
	o.Conditions = append(o.Conditions, x)
	return true
}

// overNation reports whether a list reached every bar of the nation.
func overNation(r *tally.Result, l int) bool {
	for i := range r.Thresholds {
		if t := &r.Thresholds[i]; t.Level == "" && t.Says(l) == tally.Missed {
			return false
		}
	}
	return true
}
