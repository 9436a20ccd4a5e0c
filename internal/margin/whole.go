package margin

import (
	"cmp"
	"math/big"
	"slices"

	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A candidate is ballots that break a condition.
type candidate struct {
	moves []Move
	n     int64
	more  *Move // one ballot more, for a condition that holds at 0 and breaks below
}

// whole is the fewest ballots that change anything. Any change of the outcome breaks a
// condition of it, and a condition is broken with the fewest ballots when each goes from
// the list that holds it up most to the one that pulls it down most, as far as there are
// votes. So the least of these numbers is the margin, over all ways in which ballots can
// move; unless the outcome has no linear conditions, where what goes from one list to one
// other is asked.
func (w *work) whole() Whole {
	var all []candidate
	add := func(c candidate, ok bool) {
		if ok {
			all = append(all, c)
		}
	}
	for _, r := range w.barRows() {
		if g := r.value(w.votesOf); g.Sign() > 0 || g.Sign() == 0 && r.below {
			add(w.breaking(r.row, g))
		} else { // the list is to reach the bar: the condition that it does not is to break
			opposite := row{coefficients: make([]int64, len(r.coefficients)), below: !r.below}
			for l, c := range r.coefficients {
				opposite.coefficients[l] = -c
			}
			add(w.breaking(opposite, g.Neg(g)))
		}
	}
	for _, b := range w.areas {
		if other := w.receiver(b.List); b.Over >= 0 && w.now.In[b.List] == tally.Reached && other >= 0 {
			add(candidate{moves: []Move{{From: b.List, To: other, Ballots: b.Over + 1, Area: b.Area}}, n: b.Over + 1}, true)
		}
	}
	for l := range w.votes {
		if moves, n := w.lacking(l); n > 0 {
			add(candidate{moves: moves, n: n}, true)
		}
	}
	add(w.againstAll())
	if w.linear {
		for _, r := range w.rows(&w.now) {
			add(w.breaking(r, r.value(w.votesOf)))
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.n, b.n) })
	best := Whole{One: !w.linear}
	for len(all) > 0 {
		c := all[0]
		all = all[1:]
		if best.Ballots > 0 && c.n >= best.Ballots {
			break
		}
		o := w.trial.Outcome(changesOf(c.moves)...)
		if w.changed(&o) {
			best = w.taken(c, &o)
			break
		}
		if w.law.Admit != nil && w.linear && c.n > 0 {
			w.linear, w.why, best.One = false, restored, true
		}
		if c.more != nil { // at 0 the law itself decides for what is; one ballot more breaks it
			c.moves = append(slices.Clone(c.moves), *c.more)
			c.n, c.more = c.n+1, nil
			i, _ := slices.BinarySearchFunc(all, c.n, func(x candidate, n int64) int { return cmp.Compare(x.n, n) })
			all = slices.Insert(all, i, c)
		}
	}
	if !w.linear {
		best = w.oneToOne(best)
	}
	return best
}

// Where the law lets lists in for want of others, a list that falls out may come in again and
// nothing changes; what changes first then lies beyond one condition.
const restored = "the law lets in what falls below a bar"

func (w *work) votesOf(list int) int64 { return w.votes[list] }

func (w *work) taken(c candidate, o *tally.Outcome) Whole {
	x := Whole{Ballots: c.n, Moves: merge(c.moves), Lot: slices.ContainsFunc(o.May, func(n int) bool { return n > 0 }), One: !w.linear}
	x.From, x.To, x.In, x.Out = w.turns(o)
	return x
}

// oneToOne is the fewest ballots from one list to another that change anything, where they
// are fewer than what stands.
func (w *work) oneToOne(best Whole) Whole {
	for from := range w.votes {
		for to := range w.votes {
			l := line{from, to}
			limit := w.most(l)
			if best.Ballots > 0 {
				limit = min(limit, best.Ballots-1)
			}
			if from == to || limit < 1 {
				continue
			}
			if x, ok := w.first(l, w.changed, limit); ok {
				o := w.at(l, x)
				best = w.taken(candidate{moves: []Move{{From: from, To: to, Ballots: x}}, n: x}, &o)
			}
		}
	}
	return best
}

// merge puts moves from one list to another together.
func merge(moves []Move) (list []Move) {
	for _, m := range moves {
		i := slices.IndexFunc(list, func(x Move) bool { return x.From == m.From && x.To == m.To && x.Area == m.Area })
		if i < 0 {
			list = append(list, m)
		} else {
			list[i].Ballots += m.Ballots
		}
	}
	return list
}

func changesOf(moves []Move) (list []tally.Change) {
	for _, m := range moves {
		list = append(list, tally.Change{List: m.From, Area: m.Area, Votes: -m.Ballots}, tally.Change{List: m.To, Area: m.Area, Votes: m.Ballots})
	}
	return list
}

// breaking finds the fewest ballots that bring a condition with the value g to 0, or below
// it where it holds at 0.
func (w *work) breaking(r row, g *big.Int) (c candidate, ok bool) {
	order := make([]int, len(w.votes))
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.coefficients[b], r.coefficients[a]) })
	to := order[len(order)-1]
	left := new(big.Int).Set(g)
	if r.below { // it holds at 0: go below
		left.Add(left, big.NewInt(1))
	}
	for _, from := range order {
		rate := r.coefficients[from] - r.coefficients[to]
		if rate <= 0 || left.Sign() <= 0 {
			break
		}
		if w.votes[from] == 0 {
			continue
		}
		n := new(big.Int).Add(left, big.NewInt(rate-1))
		n.Quo(n, big.NewInt(rate))
		if n.Cmp(big.NewInt(w.votes[from])) > 0 {
			n.SetInt64(w.votes[from])
		}
		left.Sub(left, new(big.Int).Mul(n, big.NewInt(rate)))
		c.moves = append(c.moves, Move{From: from, To: to, Ballots: n.Int64()})
		c.n += n.Int64()
	}
	if left.Sign() > 0 {
		return c, false
	}
	if left.Sign() == 0 { // just at 0: perhaps one more is wanted
		for _, from := range order {
			used := int64(0)
			for _, m := range c.moves {
				if m.From == from {
					used = m.Ballots
				}
			}
			if r.coefficients[from] > r.coefficients[to] && used < w.votes[from] {
				c.more = &Move{From: from, To: to, Ballots: 1}
				break
			}
		}
	}
	return c, c.n > 0 || c.more != nil
}

// againstAll is the fewest ballots that bring an option against all before every list,
// where that fails the election: all lists above what it then has give it what they have
// more.
func (w *work) againstAll() (c candidate, ok bool) {
	if w.law.AgainstAllLeads.Effect != rules.Failed {
		return c, false
	}
	for option, x := range w.result.Lists {
		if x.Kind != rules.AgainstAll {
			continue
		}
		enough := func(n int64) bool { // ballots that go to it suffice
			give := int64(0)
			for _, y := range w.result.Lists {
				if !y.Option {
					give += max(0, y.Votes-(x.Votes+n-1))
				}
			}
			return give <= n
		}
		low, high := int64(0), w.result.Nation.Sum+1
		for high-low > 1 {
			if n := low + (high-low)/2; enough(n) {
				high = n
			} else {
				low = n
			}
		}
		if ok && high >= c.n {
			continue
		}
		c, ok = candidate{n: high}, true
		left := high
		for l, y := range w.result.Lists {
			if n := max(0, y.Votes-(x.Votes+high-1)); !y.Option && n > 0 {
				c.moves = append(c.moves, Move{From: l, To: option, Ballots: n})
				left -= n
			}
		}
		for l, y := range w.result.Lists { // the others from wherever
			if n := min(left, y.Votes-given(c.moves, l)); l != option && n > 0 {
				c.moves = append(c.moves, Move{From: l, To: option, Ballots: n})
				left -= n
			}
		}
		ok = left == 0
	}
	return c, ok
}

// given is what a list gives in moves.
func given(moves []Move, list int) (n int64) {
	for _, m := range moves {
		if m.From == list {
			n += m.Ballots
		}
	}
	return n
}
