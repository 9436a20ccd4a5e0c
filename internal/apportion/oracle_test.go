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

// outcomes follows the law from the bonus to the last seat.
func outcomes(p Problem) [][]int {
	o := oracle{p: p}
	var leaders []int
	for i, v := range p.Votes {
		if v > 0 && v == slices.Max(p.Votes) {
			leaders = append(leaders, i)
		}
	}
	extra := p.Bonus.Seats
	if p.Method.Name == "winner_takes_all" {
		extra = p.Seats
	}
	switch {
	case extra == 0 || len(leaders) == 0:
		o.rest(p, p.Seats)
	case p.Method.Name == "winner_takes_all" || p.Bonus.Kind == BonusExtra:
		inner := oracle{p: p}
		if inner.add(make([]int, len(p.Votes))); p.Method.Name != "winner_takes_all" {
			inner.outcomes = nil
			inner.rest(p, p.Seats-extra)
		}
		for _, i := range leaders {
			for _, x := range inner.outcomes {
				x = slices.Clone(x)
				x[i] += extra
				o.add(x)
			}
		}
	default: // the floor of the leader, where the share is less
		o.rest(p, p.Seats)
		if !slices.ContainsFunc(o.outcomes, func(x []int) bool {
			return slices.ContainsFunc(leaders, func(i int) bool { return x[i] < extra })
		}) {
			break
		}
		o.outcomes = nil
		for _, i := range leaders {
			q := p
			q.Minimums = make([]int, len(p.Votes))
			copy(q.Minimums, p.Minimums)
			q.Minimums[i] = max(q.Minimums[i], extra)
			o.p = q
			o.rest(q, q.Seats)
		}
	}
	return o.outcomes
}

// rest divides a house by the method, with the minimums.
func (o *oracle) rest(p Problem, house int) {
	lists := []int{}
	held := make([]int, len(p.Votes))
	for i, v := range p.Votes {
		if v > 0 {
			lists = append(lists, i)
		} else if p.Minimums != nil && p.Overhang == OverhangWithin {
			held[i] = p.Minimums[i]
			house -= held[i]
		}
	}
	if p.Minimums == nil || p.Overhang == OverhangWithin {
		o.stage(lists, house, held)
		return
	}
	without := p
	without.Minimums = nil
	short := func(all [][]int) bool {
		return slices.ContainsFunc(all, func(x []int) bool {
			return slices.ContainsFunc(lists, func(i int) bool { return x[i] < p.Minimums[i] })
		})
	}
	inner := oracle{p: without}
	for inner.stage(lists, house, held); p.Overhang == OverhangLevelled && short(inner.outcomes); house++ {
		inner.outcomes = nil
		inner.stage(lists, house+1, held)
	}
	for _, x := range inner.outcomes {
		x = slices.Clone(x)
		for i, n := range p.Minimums {
			x[i] = max(x[i], n)
		}
		o.add(x)
	}
}

// stage divides house seats among lists, and goes on with what caps set free, or
// minimums bind.
func (o *oracle) stage(lists []int, house int, held []int) {
	if house == 0 || len(lists) == 0 {
		o.add(held)
		return
	}
	switch o.p.Method.Name {
	case "kieswet", "droop_averages":
		o.rounds(lists, house, held)
		return
	}
	bounded := o.p.Minimums != nil && o.p.Method.IsDivisor()
	for _, got := range o.divide(lists, house) {
		if bounded {
			now := slices.Clone(held)
			for k, i := range lists {
				now[i] = got[k]
			}
			o.add(now)
			continue
		}
		o.after(lists, house, held, got)
	}
}

func (o *oracle) after(lists []int, house int, held, got []int) {
	now, next, more := slices.Clone(held), []int{}, 0
	bound := func(i, n int) int {
		if o.p.Minimums != nil {
			n = max(n, o.p.Minimums[i])
		}
		if o.p.Caps != nil {
			n = min(n, o.p.Caps[i])
		}
		return n
	}
	for k, i := range lists {
		switch n := held[i] + got[k]; {
		case o.p.Caps != nil && o.p.Excess == ExcessOnTop:
			now[i] = min(n, o.p.Caps[i])
			more += n - now[i]
			if now[i] < o.p.Caps[i] {
				next = append(next, i)
			}
		default:
			if now[i] = bound(i, n); now[i] == n {
				next = append(next, i)
			}
		}
	}
	switch {
	case o.p.Caps != nil && o.p.Excess == ExcessOnTop && more == 0, (o.p.Caps == nil || o.p.Excess == ExcessAnew) && len(next) == len(lists):
		o.add(now)
		return
	case o.p.Caps == nil || o.p.Excess == ExcessAnew:
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

// rounds is the Dutch and the South African law, seat by seat, each step with all the
// lists that a draw could take.
func (o *oracle) rounds(lists []int, house int, held []int) {
	dutch := o.p.Method.Name == "kieswet"
	total := new(big.Rat)
	for _, i := range lists {
		total.Add(total, big.NewRat(o.p.Votes[i], 1))
	}
	if o.p.Base > 0 {
		total = big.NewRat(o.p.Base, 1)
	}
	quota := naiveQuota("hare", total, house)
	if !dutch {
		quota = naiveQuota("droop", total, house)
	}
	votes := func(i int) *big.Rat { return big.NewRat(o.p.Votes[i], 1) }
	full := func(x []int, i int) bool { return o.p.Caps != nil && x[i] >= o.p.Caps[i] }
	start := slices.Clone(held)
	over := make([]*big.Rat, len(o.p.Votes))
	left := house
	for _, i := range lists {
		q := new(big.Rat).Quo(votes(i), quota)
		whole := new(big.Int).Quo(q.Num(), q.Denom())
		over[i] = q.Sub(q, new(big.Rat).SetInt(whole))
		for n := whole.Int64(); n > 0 && !full(start, i); n-- {
			start[i]++
			left--
		}
	}
	type state struct {
		seats []int
		phase int
		used  []bool // served in this phase
		last  []int  // equal in the last step, as far as they were served
		claim *big.Rat
	}
	seen := map[string]bool{}
	var step func(s state, left, steps int)
	step = func(s state, left, steps int) {
		key := fmt.Sprint(s.seats, s.phase, s.used, s.last, left)
		if seen[key] {
			return
		}
		seen[key] = true
		if left == 0 {
			o.finish(lists, house, s.seats, s.last)
			return
		}
		var best *big.Rat
		var equal []int
		for _, i := range lists {
			var claim *big.Rat
			switch {
			case full(s.seats, i):
			case s.phase == 0 && dutch && (house >= 19 || new(big.Rat).Quo(votes(i), quota).Cmp(big.NewRat(3, 4)) < 0):
			case s.phase == 0 && (s.used[i] || !dutch && steps == 5):
			case s.phase == 0:
				claim = over[i]
			case s.phase == 1 && (s.used[i] || !dutch || house >= 19):
			case dutch:
				claim = new(big.Rat).Quo(votes(i), big.NewRat(int64(s.seats[i]+1), 1))
			case s.seats[i] > 0:
				claim = new(big.Rat).Quo(votes(i), big.NewRat(int64(s.seats[i]), 1))
			}
			if claim == nil {
				continue
			}
			if order := 1; best != nil {
				if order = claim.Cmp(best); order < 0 {
					continue
				} else if order > 0 {
					equal = nil
				}
			}
			best, equal = claim, append(equal, i)
		}
		if o.p.MoreVotes {
			most := int64(0)
			for _, i := range equal {
				most = max(most, o.p.Votes[i])
			}
			equal = slices.DeleteFunc(equal, func(i int) bool { return o.p.Votes[i] < most })
		}
		if equal == nil {
			if s.phase == 2 {
				o.finish(lists, house, s.seats, s.last)
				return
			}
			step(state{s.seats, s.phase + 1, make([]bool, len(s.used)), s.last, s.claim}, left, steps)
			return
		}
		for _, i := range equal {
			next := state{slices.Clone(s.seats), s.phase, slices.Clone(s.used), []int{i}, best}
			next.seats[i]++
			next.used[i] = true
			// The whole claim and the phase in which it was served, together.
			if s.claim != nil && s.claim.Cmp(best) == 0 && slices.ContainsFunc(s.last, func(l int) bool { return s.used[l] }) {
				next.last = append(slices.Clone(s.last), i)
				slices.Sort(next.last)
			}
			step(next, left-1, steps+1)
		}
	}
	step(state{start, 0, make([]bool, len(held)), nil, nil}, left, 0)
}

// finish makes a majority of votes a majority of seats, at the cost of any one of
// those served last.
func (o *oracle) finish(lists []int, house int, seats, last []int) {
	total := new(big.Rat)
	first := lists[0]
	for _, i := range lists {
		if total.Add(total, big.NewRat(o.p.Votes[i], 1)); o.p.Votes[i] > o.p.Votes[first] {
			first = i
		}
	}
	last = slices.DeleteFunc(slices.Clone(last), func(i int) bool { return i == first })
	if o.p.Method.Name != "kieswet" || total.Cmp(new(big.Rat).Mul(big.NewRat(2, 1), big.NewRat(o.p.Votes[first], 1))) >= 0 || 2*seats[first] > house || len(last) == 0 ||
		o.p.Caps != nil && seats[first] >= o.p.Caps[first] {
		o.add(seats)
		return
	}
	for _, i := range last {
		x := slices.Clone(seats)
		x[first]++
		x[i]--
		o.add(x)
	}
}

// divide gives all outcomes of one division, seat by seat, by position.
func (o *oracle) divide(lists []int, house int) (all [][]int) {
	votes, total := make([]*big.Rat, len(lists)), new(big.Rat)
	for k, i := range lists {
		votes[k] = new(big.Rat).SetInt64(o.p.Votes[i])
		total.Add(total, votes[k])
	}
	if o.p.Base > 0 {
		total = big.NewRat(o.p.Base, 1)
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
	if o.p.Minimums != nil && o.p.Method.IsDivisor() {
		for k, i := range lists {
			got[k] = o.p.Minimums[i]
			house -= got[k]
		}
	}
	if o.p.Method.Name == "hare_largest_lists" {
		quota := naiveQuota("hare", total, house)
		for k := range votes {
			for got[k] = 0; new(big.Rat).Mul(quota, big.NewRat(int64(got[k]+1), 1)).Cmp(votes[k]) <= 0; got[k]++ {
			}
		}
		whole := slices.Clone(got)
		for _, n := range whole {
			house -= n
		}
		claim = func(k, n int) *big.Rat { // in rounds of one leftover each
			rounds := new(big.Int).Lsh(big.NewInt(int64(whole[k]-n)), 70)
			return new(big.Rat).Add(votes[k], new(big.Rat).SetInt(rounds))
		}
	}
	next := make([]*big.Rat, len(lists))
	for k := range next {
		next[k] = claim(k, got[k])
	}
	seen := map[string]bool{}
	var award func(h int)
	award = func(h int) {
		full := h <= house && o.p.Minimums != nil && o.p.Caps != nil && !slices.ContainsFunc(lists, func(i int) bool {
			return got[slices.Index(lists, i)] < o.p.Caps[i]
		})
		if h > house || full {
			if !slices.ContainsFunc(all, func(x []int) bool { return slices.Equal(x, got) }) {
				all = append(all, slices.Clone(got))
			}
			return
		}
		var equal []int
		for k, i := range lists {
			if o.p.Minimums != nil && o.p.Caps != nil && o.p.Method.IsDivisor() && got[k] >= o.p.Caps[i] {
				continue
			}
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
	case "imperiali_rounded":
		return whole(new(big.Rat).Add(over(house+2), big.NewRat(1, 2)), 0)
	}
	panic(name)
}

// naiveQuotient is votes over the divisor of seat n, squared under Huntington-Hill;
// over a divisor of 0 it is beyond all others, and more votes are more.
func naiveQuotient(name string, votes *big.Rat, n int64) *big.Rat {
	var d *big.Rat
	if list, ok := strings.CutPrefix(name, "divisors:"); ok {
		texts := strings.Split(list, ",")
		at := func(k int64) *big.Rat { d, _ := new(big.Rat).SetString(texts[k]); return d }
		if m := int64(len(texts)) - 1; n < m {
			d = at(n)
		} else { // "..."
			d = new(big.Rat).Sub(at(m-1), at(m-2))
			d.Add(at(m-1), d.Mul(d, big.NewRat(n-m+1, 1)))
		}
		name = ""
	}
	switch name {
	case "":
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
	for _, m := range append(Methods(), method(t, "divisors:1.7,3,5,..."), method(t, "divisors:2,3,7,...")) {
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
		if m.kind == leader {
			continue // knows no caps
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " caps")
			for range *elections / 5 {
				p := election(r, m)
				p.Caps = make([]int, len(p.Votes))
				for i := range p.Caps {
					p.Caps[i] = r.IntN(p.Seats + 2)
				}
				if p.Excess = Excess(r.IntN(2)); m.kind == kieswet || m.kind == southAfrica {
					p.Excess = ExcessAnew
				}
				if strings.HasSuffix(m.Name, "_rounded") { // a quota of 0 in some branch ends the comparison
					for i := range p.Votes {
						p.Votes[i] *= 50
					}
				}
				differ(t, r, p)
			}
		})
	}
}

// TestDifferentialConditions does so with minimums of each kind, with bonuses, and
// with caps beside them.
func TestDifferentialConditions(t *testing.T) {
	for _, m := range append(Methods(), method(t, "divisors:1.7,3,5,..."), method(t, "divisors:2,3,7,...")) {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " conditions")
			run := 0
			for range *elections / 4 {
				p := election(r, m)
				if r.IntN(3) > 0 {
					p.Minimums = make([]int, len(p.Votes))
					for i := range p.Minimums {
						p.Minimums[i] = r.IntN(3) * r.IntN(3)
					}
					p.Overhang = Overhang(r.IntN(3))
				}
				if r.IntN(3) == 0 {
					p.Caps = make([]int, len(p.Votes))
					for i := range p.Caps {
						p.Caps[i] = r.IntN(p.Seats + 2)
					}
					p.Excess = Excess(r.IntN(2))
				}
				if r.IntN(3) == 0 {
					p.Bonus = Bonus{Seats: r.IntN(p.Seats + 1), Kind: BonusKind(r.IntN(2))}
				}
				if strings.HasSuffix(m.Name, "_rounded") { // a quota of 0 in some branch ends the comparison
					for i := range p.Votes {
						p.Votes[i] *= 50
					}
				}
				if m.IsQuota() && p.Caps == nil && p.Minimums == nil && r.IntN(2) == 0 {
					for _, v := range p.Votes {
						p.Base += v
					}
					p.Base += r.Int64N(40)
				}
				var wrong *ProblemError
				a, err := Allocate(p)
				if asProblem(err, &wrong) {
					continue // TestErrors has what is refused
				}
				if a.Overhang > 60 {
					continue // the oracle tries every house up to the one that is large enough
				}
				run++
				differ(t, r, p)
			}
			if run < *elections/20 && m.kind != leader { // which knows no conditions
				t.Errorf("%d elections run", run)
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
	// called settled than is; and the Dutch majority may undo a draw.
	hangs := a.Open > stake(a) || p.Method.kind == kieswet || p.Caps != nil && (!p.Method.IsDivisor() || p.Excess == ExcessOnTop) ||
		p.Minimums != nil && (!p.Method.IsDivisor() || p.Overhang != OverhangWithin) || p.Bonus.Seats > 0
	for i, n := range a.Seats {
		may := 0
		for _, tie := range a.Ties {
			if tie.Settled == Open && slices.Contains(tie.Lists, i) {
				may += tie.Seats / tie.Served()
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
		lot.Winners = lot.Winners[:open.Served()]
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
	return strings.HasSuffix(p.Method.Name, "_rounded") && asProblem(err, wrong) && (*wrong).Field == "seats"
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
	return fmt.Sprintf("%s of %v for %d, caps %v %d, minimums %v %d, bonus %v, base %d, lots %v, more votes %t",
		p.Method.Name, p.Votes, p.Seats, p.Caps, p.Excess, p.Minimums, p.Overhang, p.Bonus, p.Base, p.Lots, p.MoreVotes)
}
