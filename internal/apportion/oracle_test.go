package apportion

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var elections = flag.Int("elections", 20_000, "random elections a method in the differential tests")

// The oracle is as naive as can be: numbers are big.Rat, seats go one by one to the
// best claim, and where claims are equal it follows every choice. It returns all
// outcomes that a draw of lots could lead to.
type oracle struct {
	p        Problem
	outcomes [][]int
}

func (o *oracle) add(seats []int) {
	if !slices.ContainsFunc(o.outcomes, func(x []int) bool { return slices.Equal(x, seats) }) {
		o.outcomes = append(o.outcomes, slices.Clone(seats))
	}
}

func outcomes(p Problem) [][]int {
	o := oracle{p: p}
	lists := []int{}
	for i, v := range p.Votes {
		if v > 0 {
			lists = append(lists, i)
		}
	}
	o.stage(lists, p.Seats, make([]int, len(p.Votes)))
	return o.outcomes
}

// stage divides house seats among lists, and goes on with what caps set free.
func (o *oracle) stage(lists []int, house int, held []int) {
	if house == 0 || len(lists) == 0 {
		o.add(held)
		return
	}
	for _, got := range o.divide(lists, house) {
		o.after(lists, house, held, got)
	}
}

func (o *oracle) after(lists []int, house int, held, got []int) {
	now, next, more := slices.Clone(held), []int{}, 0
	for k, i := range lists {
		switch n := held[i] + got[k]; {
		case o.p.Caps == nil:
			now[i] = n
		case o.p.Excess == ExcessOnTop:
			now[i] = min(n, o.p.Caps[i])
			more += n - now[i]
			if now[i] < o.p.Caps[i] {
				next = append(next, i)
			}
		case n > o.p.Caps[i]:
			now[i] = o.p.Caps[i]
		default:
			now[i] = n
			next = append(next, i)
		}
	}
	switch {
	case o.p.Caps == nil, o.p.Excess == ExcessOnTop && more == 0, o.p.Excess == ExcessAnew && len(next) == len(lists):
		o.add(now)
		return
	case o.p.Excess == ExcessAnew:
		more = house
		for _, i := range lists {
			if slices.Contains(next, i) {
				now[i] = 0
			} else {
				more -= now[i]
			}
		}
	}
	o.stage(next, more, now)
}

// divide gives all outcomes of one division, seat by seat, by position.
func (o *oracle) divide(lists []int, house int) (all [][]int) {
	votes, total := make([]*big.Rat, len(lists)), new(big.Rat)
	for k, i := range lists {
		votes[k] = new(big.Rat).SetInt64(o.p.Votes[i])
		total.Add(total, votes[k])
	}
	claim := func(k, n int) *big.Rat { return naiveQuotient(o.p.Method.Name, votes[k], int64(n)) }
	if name, ok := strings.CutPrefix(o.p.Method.Name, "lr:"); ok {
		quota := naiveQuota(name, total, house)
		for k := range votes {
			votes[k].Quo(votes[k], quota)
		}
		claim = func(k, n int) *big.Rat { return new(big.Rat).Sub(votes[k], big.NewRat(int64(n), 1)) }
	}
	got := make([]int, len(lists))
	next := make([]*big.Rat, len(lists))
	for k := range next {
		next[k] = claim(k, 0)
	}
	seen := map[string]bool{}
	var award func(h int)
	award = func(h int) {
		if h > house {
			if !slices.ContainsFunc(all, func(x []int) bool { return slices.Equal(x, got) }) {
				all = append(all, slices.Clone(got))
			}
			return
		}
		var equal []int
		for k := range lists {
			if o.p.Method.Name == "balinski_young_quota" {
				quota := new(big.Rat).Mul(votes[k], big.NewRat(int64(h), 1))
				if big.NewRat(int64(got[k]), 1).Cmp(quota.Quo(quota, total)) >= 0 {
					continue
				}
			}
			order := 1
			if len(equal) > 0 {
				order = next[k].Cmp(next[equal[0]])
			}
			if order > 0 {
				equal = equal[:0]
			}
			if order >= 0 {
				equal = append(equal, k)
			}
		}
		if o.p.MoreVotes {
			most := int64(0)
			for _, k := range equal {
				most = max(most, o.p.Votes[lists[k]])
			}
			equal = slices.DeleteFunc(equal, func(k int) bool { return o.p.Votes[lists[k]] < most })
		}
		if len(equal) > 1 { // come here by another way already?
			key := fmt.Sprint(got)
			if seen[key] {
				return
			}
			seen[key] = true
		}
		for _, k := range equal {
			before := next[k]
			got[k]++
			next[k] = claim(k, got[k])
			award(h + 1)
			got[k]--
			next[k] = before
		}
	}
	award(1)
	return all
}

func naiveQuota(name string, v *big.Rat, house int) *big.Rat {
	over := func(n int) *big.Rat { return new(big.Rat).Quo(v, big.NewRat(int64(n), 1)) }
	whole := func(r *big.Rat, up int64) *big.Rat {
		n := new(big.Int).Add(r.Num(), new(big.Int).Mul(big.NewInt(up), new(big.Int).Sub(r.Denom(), big.NewInt(1))))
		return new(big.Rat).SetInt(n.Quo(n, r.Denom()))
	}
	switch name {
	case "hare":
		return over(house)
	case "droop":
		return new(big.Rat).Add(whole(over(house+1), 0), big.NewRat(1, 1))
	case "hagenbach_bischoff":
		return over(house + 1)
	case "hagenbach_bischoff_ceil":
		return whole(over(house+1), 1)
	case "hagenbach_bischoff_rounded":
		return whole(new(big.Rat).Add(over(house+1), big.NewRat(1, 2)), 0)
	case "imperiali":
		return over(house + 2)
	}
	panic(name)
}

// naiveQuotient is votes over the divisor of seat n, squared under Huntington-Hill;
// over a divisor of 0 it is beyond all others, and more votes are more.
func naiveQuotient(name string, votes *big.Rat, n int64) *big.Rat {
	var d *big.Rat
	switch name {
	case "dhondt", "balinski_young_quota":
		d = big.NewRat(n+1, 1)
	case "sainte_lague":
		d = big.NewRat(2*n+1, 1)
	case "sainte_lague_1.4", "sainte_lague_1.2", "hungarian_1.5":
		d = big.NewRat(2*n+1, 1)
		if n == 0 {
			d = map[string]*big.Rat{"sainte_lague_1.4": big.NewRat(14, 10), "sainte_lague_1.2": big.NewRat(12, 10), "hungarian_1.5": big.NewRat(15, 10)}[name]
		}
	case "danish":
		d = big.NewRat(1+3*n, 1)
	case "imperiali":
		d = new(big.Rat).Add(big.NewRat(1, 1), big.NewRat(n, 2))
	case "nohlen":
		d = big.NewRat(2+n, 1)
	case "macau":
		d = new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(2), big.NewInt(n), nil))
	case "adams":
		d = big.NewRat(n, 1)
	case "dean":
		if d = new(big.Rat); n > 0 {
			d.Inv(new(big.Rat).Add(big.NewRat(1, 2*n), big.NewRat(1, 2*(n+1))))
		}
	case "huntington_hill":
		d = big.NewRat(n*(n+1), 1)
		votes = new(big.Rat).Mul(votes, votes)
	default:
		panic(name)
	}
	if d.Sign() == 0 {
		return new(big.Rat).Mul(votes, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 400)))
	}
	return new(big.Rat).Quo(votes, d)
}

// election makes a small problem, where ties live.
func election(r *rand.Rand, m Method) Problem {
	p := Problem{Method: m, Strongest: true, Seats: r.IntN(9), MoreVotes: r.IntN(5) == 0}
	most := []int64{3, 12, 40, 1000}[r.IntN(4)]
	for range 1 + r.IntN(4) {
		p.Votes = append(p.Votes, r.Int64N(most+1))
	}
	if r.IntN(10) == 0 {
		p.Seats = 10 + r.IntN(40)
	}
	p.Votes[0] = max(p.Votes[0], 1)
	return p
}

func source(name string) *rand.Rand {
	var seed [32]byte
	copy(seed[:], name)
	return rand.New(rand.NewChaCha8(seed))
}

// TestDifferential compares every method with the oracle, ties included.
func TestDifferential(t *testing.T) {
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name)
			for range *elections {
				differ(t, r, election(r, m))
			}
		})
	}
}

// TestDifferentialCaps does so with caps of both kinds.
func TestDifferentialCaps(t *testing.T) {
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " caps")
			for range *elections / 5 {
				p := election(r, m)
				p.Caps = make([]int, len(p.Votes))
				for i := range p.Caps {
					p.Caps[i] = r.IntN(p.Seats + 2)
				}
				p.Excess = Excess(r.IntN(2))
				if m.Name == "lr:hagenbach_bischoff_rounded" { // a quota of 0 in some branch ends the comparison
					for i := range p.Votes {
						p.Votes[i] *= 50
					}
				}
				differ(t, r, p)
			}
		})
	}
}

// differ allocates, compares what is settled with every outcome that the lots could
// lead to, and then draws lots until nothing is open: one of those must result.
func differ(t *testing.T, r *rand.Rand, p Problem) {
	t.Helper()
	a, err := Allocate(p)
	if wrong := (*ProblemError)(nil); err != nil && refusable(p, err, &wrong) {
		return
	}
	if err != nil {
		t.Fatalf("Allocate(%s) = %v", show(p), err)
	}
	all := outcomes(p)
	least, most := slices.Clone(all[0]), slices.Clone(all[0])
	for _, x := range all {
		for i, n := range x {
			least[i], most[i] = min(least[i], n), max(most[i], n)
		}
	}
	if a.Open == 0 && len(all) > 1 {
		t.Fatalf("Allocate(%s) = %v, want one of %v", show(p), a.Seats, all)
	}
	// Where caps or the quota method let what follows hang on a draw, less may be
	// called settled than is.
	hangs := a.Open > stake(a) || p.Caps != nil && (p.Method.IsQuota() || p.Method.bounded || p.Excess == ExcessOnTop)
	for i, n := range a.Seats {
		may := 0
		for _, tie := range a.Ties {
			if tie.Settled == Open && slices.Contains(tie.Lists, i) {
				may++
			}
		}
		if n > least[i] || !hangs && (n != least[i] || n+may != most[i]) {
			t.Fatalf("Allocate(%s) = %v, %d open, ties %v, want one of %v", show(p), a.Seats, a.Open, a.Ties, all)
		}
	}
	for a.Open > 0 {
		if err := Verify(p, a); err != nil {
			t.Fatalf("Verify(%s, %+v) = %v", show(p), a, err)
		}
		open := a.Ties[slices.IndexFunc(a.Ties, func(x Tie) bool { return x.Settled == Open })]
		lot := Lot{Lists: slices.Clone(open.Lists), Winners: slices.Clone(open.Lists)}
		r.Shuffle(len(lot.Winners), func(i, j int) { lot.Winners[i], lot.Winners[j] = lot.Winners[j], lot.Winners[i] })
		lot.Winners = lot.Winners[:open.Seats]
		p.Lots = append(p.Lots, lot)
		if a, err = Allocate(p); err != nil {
			t.Fatalf("Allocate(%s) = %v", show(p), err)
		}
	}
	if !slices.ContainsFunc(all, func(x []int) bool { return slices.Equal(x, a.Seats) }) {
		t.Fatalf("Allocate(%s) = %v, want one of %v", show(p), a.Seats, all)
	}
	if r.IntN(4) > 0 {
		return // the rest takes longer than all before
	}
	if err := Verify(p, a); err != nil {
		t.Fatalf("Verify(%s, %+v) = %v", show(p), a, err)
	}
	tell(t, p, a)
}

// tell checks that Explain tells of each settled seat, and of no better claim.
func tell(t *testing.T, p Problem, a Allocation) {
	t.Helper()
	steps, err := Explain(p, a)
	if err != nil {
		t.Fatalf("Explain(%s) = %v", show(p), err)
	}
	told := make([]int, len(p.Votes))
	for _, s := range steps {
		told[s.List]++
		if s.RunnerUp >= 0 && s.Quotient.Cmp(s.Next) < 0 {
			t.Fatalf("Explain(%s): step %+v has a runner-up with a better claim", show(p), s)
		}
	}
	if !slices.Equal(told, a.Seats) {
		t.Fatalf("Explain(%s) tells of %v, want %v", show(p), told, a.Seats)
	}
}

// refusable reports whether a random problem is one that a method may refuse.
func refusable(p Problem, err error, wrong **ProblemError) bool {
	return p.Method.Name == "lr:hagenbach_bischoff_rounded" && asProblem(err, wrong) && (*wrong).Field == "seats"
}

// stake is how many seats the open ties have.
func stake(a Allocation) (sum int) {
	for _, t := range a.Ties {
		if t.Settled == Open {
			sum += t.Seats
		}
	}
	return sum
}

func show(p Problem) string {
	return fmt.Sprintf("%s of %v for %d, caps %v %d, lots %v, more votes %t", p.Method.Name, p.Votes, p.Seats, p.Caps, p.Excess, p.Lots, p.MoreVotes)
}
