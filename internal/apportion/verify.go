package apportion

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Verify checks an allocation against the problem, sharing no code with [Allocate]:
// its numbers are big.Rat, its divisors and quotas are written again below.
//
// At the heart of it is one inequality, [verifier.holds]. Say that the n-th seat of a
// list (from 0) has the claim v/d(n) under a divisor method, v/quota − n under largest
// remainders. Then seats are right when no claim that was served is below one that
// was not (Balinski and Young, Fair Representation, 1982; Pukelsheim's max-min
// inequality). Equal ones must be a tie, which is held against the lots and the
// votes. The quota method is counted again seat by seat. All else follows the stages:
// who takes part in each, for how many seats, within which bounds.
func Verify(p Problem, a Allocation) error {
	v := verifier{p: &p, a: &a, held: make([]int, len(p.Votes)), bonus: make([]int, len(p.Votes))}
	total := a.Open + a.Unfilled - a.Overhang
	if len(a.Seats) != len(p.Votes) {
		return fmt.Errorf("seats for %d lists, want %d", len(a.Seats), len(p.Votes))
	}
	for i, n := range a.Seats {
		total += n
		least := 0
		if p.Minimums != nil {
			least = p.Minimums[i]
		}
		if n < least || n > least && p.Votes[i] == 0 || p.Caps != nil && n > p.Caps[i]+p.Bonus.Seats {
			return fmt.Errorf("list %d cannot have %d seats", i, n)
		}
	}
	if total != p.Seats || a.Open < 0 || a.Unfilled < 0 || a.Overhang < 0 || a.Overhang > 0 && p.Overhang == OverhangWithin {
		return fmt.Errorf("%d seats are accounted for, the house has %d", total, p.Seats)
	}
	for _, t := range a.Ties {
		if err := v.inRange(t); err != nil {
			return err
		}
	}
	if err := v.all(); err != nil {
		return fmt.Errorf("stage %d: %w", v.at, err)
	}
	switch {
	case v.at < len(a.Certificate.Stages):
		return fmt.Errorf("%d stages, want %d", len(a.Certificate.Stages), v.at)
	case !slices.Equal(v.held, a.Seats):
		return fmt.Errorf("the lists hold %v, and the certificate gives %v", a.Seats, v.held)
	case v.unfilled != a.Unfilled || v.overhang != a.Overhang:
		return fmt.Errorf("%d seats are unfilled and %d above the house, want %d and %d", a.Unfilled, a.Overhang, v.unfilled, v.overhang)
	}
	return nil
}

// inRange refuses a tie of lists or of a stage that there are not.
func (v *verifier) inRange(t Tie) error {
	for _, lists := range [][]int{t.Lists, t.Winners} {
		for n, i := range lists {
			if i < 0 || i >= len(v.p.Votes) || n > 0 && i <= lists[n-1] {
				return fmt.Errorf("a tie of the lists %v and winners %v", t.Lists, t.Winners)
			}
		}
	}
	if t.Stage < 0 || t.Stage >= len(v.a.Certificate.Stages) || t.Seats < 1 {
		return fmt.Errorf("a tie on %d seats in stage %d", t.Seats, t.Stage+1)
	}
	return nil
}

type verifier struct {
	p        *Problem
	a        *Allocation
	at       int   // the stages that were met
	held     []int // by list
	bonus    []int // of these, seats that come beside the division
	unfilled int
	overhang int
	ties     []Tie // of this stage, not yet met
	open     []int // lists that the open draws of this stage may serve, once for each
}

// bounds are the fewest and the most seats of a list in a stage; most below 0: no bound.
type bounds func(i int) (least, most int)

func free(int) (least, most int) { return 0, -1 }

// holds checks the inequality, and that equal claims at the boundary are a tie. Of a
// void stage, whose seats are divided anew, no open tie is reported. The n of a claim
// counts the seats that were held before the stage.
func (v *verifier) holds(s *Stage, claim func(i, n int) *big.Rat, within bounds, void bool) error {
	var low, high *big.Rat // the lowest claim that was served, the highest that was not
	may := func(i, n int) bool { _, most := within(i); return most < 0 || n < most }
	seats := func(k int) int {
		if s.Held != nil {
			return s.Held[k] + s.Seats[k]
		}
		return s.Seats[k]
	}
	for k, i := range s.Lists {
		n := seats(k)
		if least, most := within(i); n < least || most >= 0 && n > most {
			return fmt.Errorf("list %d has %d seats, outside its bounds", i, n)
		} else if n > least && (low == nil || claim(i, n-1).Cmp(low) < 0) {
			low = claim(i, n-1)
		}
		if may(i, n) && (high == nil || claim(i, n).Cmp(high) > 0) {
			high = claim(i, n)
		}
	}
	switch {
	case low != nil && high != nil && low.Cmp(high) < 0:
		return fmt.Errorf("a claim of %s waits, and one of %s got a seat", high.FloatString(6), low.FloatString(6))
	case s.Open > 0 && high == nil:
		return fmt.Errorf("%d seats are open, and no list has room", s.Open)
	}
	if err := v.boundary(s, low, high); err != nil {
		return err
	}
	switch {
	case s.Open == 0 && (low == nil || high == nil || low.Cmp(high) > 0):
		return nil
	}
	var tied, served []int
	for k, i := range s.Lists {
		n := seats(k)
		least, _ := within(i)
		switch {
		case n > least && claim(i, n-1).Cmp(high) == 0:
			tied, served = append(tied, i), append(served, i)
		case may(i, n) && claim(i, n).Cmp(high) == 0:
			tied = append(tied, i)
		}
	}
	if len(tied)-len(served) <= s.Open {
		return fmt.Errorf("%d seats are open, and the lists %v have equal claims on them: all fit", s.Open, tied)
	}
	return v.tie(tied, served, s.Open, v.shown(s, tied[0], high), void)
}

// boundary checks From and To: of quotients and averages they are the claims beside
// the boundary; of leftovers the claims of the two lists beside it, which a stage names.
func (v *verifier) boundary(s *Stage, low, high *big.Rat) error {
	if s.LastServed < -1 || s.LastServed >= len(s.Lists) || s.FirstUnserved < -1 || s.FirstUnserved >= len(s.Lists) {
		return fmt.Errorf("the lists beside the boundary are %d and %d", s.LastServed, s.FirstUnserved)
	}
	if s.Open > 0 {
		low = high // they wait for seats that are to go to such claims
	}
	from, to := high, low
	if s.By == Remainder || s.By == ByVotes {
		if from, to = new(big.Rat), new(big.Rat); s.FirstUnserved >= 0 {
			from = v.leftover(s, s.FirstUnserved)
		}
		if s.LastServed >= 0 {
			to = v.leftover(s, s.LastServed)
		}
		if s.LastServed >= 0 && s.FirstUnserved >= 0 && to.Cmp(from) < 0 {
			return fmt.Errorf("a leftover for %s, and none for %s", to.RatString(), from.RatString())
		}
	} else if from == nil {
		from = new(big.Rat)
	}
	if !v.shows(s.From, from) || !(to == nil && s.To == infinite) && (to == nil || !v.shows(s.To, to)) {
		return fmt.Errorf("the boundary is from %s to %s, want others", s.From, s.To)
	}
	return nil
}

// leftover is the claim of position k on a leftover.
func (v *verifier) leftover(s *Stage, k int) *big.Rat {
	if s.By == ByVotes {
		return new(big.Rat).SetInt64(v.p.Votes[s.Lists[k]])
	}
	return s.Remainders[k].Rat()
}

// shown is the claim as a tie states it: of leftovers what is beside whole quotas.
func (v *verifier) shown(s *Stage, i int, claim *big.Rat) *big.Rat {
	switch s.By {
	case ByVotes:
		return new(big.Rat).SetInt64(v.p.Votes[i])
	case Remainder:
		floor := new(big.Int).Div(claim.Num(), claim.Denom())
		return new(big.Rat).Sub(claim, new(big.Rat).SetInt(floor))
	}
	return claim
}

// shows reports whether a fraction is the claim. Under huntington_hill claims are
// squares, and those on first seats that are owed are the votes, or infinite.
func (v *verifier) shows(f Fraction, claim *big.Rat) bool {
	if claim.Num().BitLen() > 290 {
		votes := new(big.Rat).Quo(claim, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 300)))
		r := f.Rat()
		if r != nil && v.p.Method.Name == "huntington_hill" {
			r.Mul(r, r)
		}
		return f == infinite || r != nil && r.Cmp(votes) == 0
	}
	if f.root {
		return new(big.Rat).SetFrac(f.num.big(), f.den.big()).Cmp(claim) == 0
	}
	r := f.Rat()
	return r != nil && r.Cmp(claim) == 0
}

// tie holds equal claims against the ties that are reported. Of a void stage, whose
// seats are divided anew, no open tie is.
func (v *verifier) tie(tied, served []int, open int, claim *big.Rat, void bool) error {
	var winners []int
	for seats := len(served) + open; seats > 0; {
		if void && len(v.ties) == 0 && seats == open {
			break
		}
		if len(v.ties) == 0 {
			return fmt.Errorf("the lists %v have equal claims, and no tie is reported", tied)
		}
		t := v.ties[0]
		v.ties = v.ties[1:]
		if !slices.Equal(t.Lists, tied) || t.Seats != seats || t.Together || !v.shows(t.Quotient, claim) {
			return fmt.Errorf("the tie is between %v for %d with %s, want %v for %d with %s", t.Lists, t.Seats, t.Quotient, tied, seats, claim.RatString())
		}
		if err := v.fair(t); err != nil {
			return err
		}
		if t.Settled == Open {
			v.open = append(v.open, tied...)
			break
		}
		winners = append(winners, t.Winners...)
		seats -= len(t.Winners)
		tied = slices.DeleteFunc(slices.Clone(tied), func(i int) bool { return slices.Contains(t.Winners, i) })
		most := int64(0)
		for _, i := range tied {
			most = max(most, v.p.Votes[i])
		}
		tied = slices.DeleteFunc(tied, func(i int) bool { return v.p.Votes[i] < most })
	}
	slices.Sort(winners)
	if !slices.Equal(winners, served) {
		return fmt.Errorf("the lists %v got a tied seat, and the winners are %v", served, winners)
	}
	return nil
}

// fair checks how a tie was settled.
func (v *verifier) fair(t Tie) error {
	least, most := int64(-1), int64(-1) // votes of the winners, of the others
	for _, i := range t.Lists {
		switch n := v.p.Votes[i]; {
		case !slices.Contains(t.Winners, i):
			most = max(most, n)
		case least < 0 || n < least:
			least = n
		}
	}
	drawn := func(l Lot) bool {
		return slices.Equal(slices.Sorted(slices.Values(l.Lists)), t.Lists) && slices.Equal(slices.Sorted(slices.Values(l.Winners)), t.Winners)
	}
	switch {
	case t.Settled == Open && len(t.Winners) == 0:
		return nil
	case t.Settled == ByMoreVotes && v.p.MoreVotes && len(t.Winners) <= t.Seats && (least > most || least < 0):
		return nil
	case t.Settled == ByLot && (t.Together && len(t.Winners) == 1 || !t.Together && len(t.Winners) == t.Seats) && slices.ContainsFunc(v.p.Lots, drawn):
		return nil
	}
	return fmt.Errorf("the tie between %v cannot be settled by %s for %v", t.Lists, t.Settled, t.Winners)
}

// quotients are the claims of divisor methods.
func (v *verifier) quotients(i, n int) *big.Rat {
	votes := new(big.Rat).SetInt64(v.p.Votes[i])
	if v.p.Method.Name == "huntington_hill" { // squares are in the same order
		votes.Mul(votes, votes)
	}
	d := v.divisor(int64(n))
	if d.Sign() == 0 { // above all others; among themselves by votes
		d.SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 300))
	}
	return votes.Quo(votes, d)
}

// averages are votes / (n + plus).
func (v *verifier) averages(plus int64) func(i, n int) *big.Rat {
	return func(i, n int) *big.Rat {
		return new(big.Rat).Quo(new(big.Rat).SetInt64(v.p.Votes[i]), big.NewRat(int64(n)+plus, 1))
	}
}

// remainders are the claims v/quota − n. They may go on below 0.
func (v *verifier) remainders(quota *big.Rat) func(i, n int) *big.Rat {
	return func(i, n int) *big.Rat {
		votes := new(big.Rat).SetInt64(v.p.Votes[i])
		return votes.Sub(votes.Quo(votes, quota), big.NewRat(int64(n), 1))
	}
}

// largest are the claims of the largest lists: first whole quotas, then leftovers in
// rounds of one each, and in each round by votes, which are below 2^64.
func (v *verifier) largest(quota *big.Rat) func(i, n int) *big.Rat {
	return func(i, n int) *big.Rat {
		round := new(big.Int).Lsh(big.NewInt(v.whole(i, quota)-int64(n)), 64)
		return new(big.Rat).SetInt(round.Add(round, big.NewInt(v.p.Votes[i])))
	}
}

// whole is votes / quota, rounded down.
func (v *verifier) whole(i int, quota *big.Rat) int64 {
	q := new(big.Rat).Quo(new(big.Rat).SetInt64(v.p.Votes[i]), quota)
	return new(big.Int).Quo(q.Num(), q.Denom()).Int64()
}

// total is the votes of the lists, or the base that stands for them.
func (v *verifier) total(lists []int) *big.Rat {
	if v.p.Base > 0 {
		return new(big.Rat).SetInt64(v.p.Base)
	}
	total := new(big.Rat)
	for _, i := range lists {
		total.Add(total, new(big.Rat).SetInt64(v.p.Votes[i]))
	}
	return total
}

func (v *verifier) quota(votes *big.Rat, s int64) *big.Rat {
	over := func(seats int64) *big.Rat { return new(big.Rat).Quo(votes, big.NewRat(seats, 1)) }
	down := func(r *big.Rat) *big.Rat { return new(big.Rat).SetInt(new(big.Int).Quo(r.Num(), r.Denom())) }
	one := big.NewRat(1, 1)
	switch name, _ := strings.CutPrefix(v.p.Method.Name, "lr:"); {
	case s == 0:
	case name == "hare", name == "hare_largest_lists", name == "kieswet":
		return over(s)
	case name == "droop", name == "droop_averages":
		return one.Add(one, down(over(s+1)))
	case name == "hagenbach_bischoff":
		return over(s + 1)
	case name == "hagenbach_bischoff_rounded":
		return down(one.Add(big.NewRat(1, 2), over(s+1)))
	case name == "hagenbach_bischoff_ceil":
		if q := over(s + 1); q.IsInt() {
			return q
		}
		return one.Add(one, down(over(s+1)))
	case v.p.Method.Name == "lr:imperiali":
		return over(s + 2)
	case name == "imperiali_rounded":
		return down(one.Add(big.NewRat(1, 2), over(s+2)))
	}
	return nil
}

// divisor is d(n), or its square under huntington_hill.
func (v *verifier) divisor(n int64) *big.Rat {
	if list, ok := strings.CutPrefix(v.p.Method.Name, "divisors:"); ok {
		return written(strings.Split(list, ","), n)
	}
	switch v.p.Method.Name {
	case "dhondt", "kieswet":
		return big.NewRat(n+1, 1)
	case "sainte_lague_1.4", "sainte_lague_1.2", "hungarian_1.5":
		if n == 0 {
			d, _ := new(big.Rat).SetString(v.p.Method.Name[len(v.p.Method.Name)-3:])
			return d
		}
		return big.NewRat(2*n+1, 1)
	case "sainte_lague":
		return big.NewRat(2*n+1, 1)
	case "danish":
		return big.NewRat(3*n+1, 1)
	case "imperiali":
		return big.NewRat(n+2, 2)
	case "nohlen":
		return big.NewRat(n+2, 1)
	case "macau":
		return new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(n)))
	case "adams":
		return big.NewRat(n, 1)
	case "dean":
		return big.NewRat(2*n*(n+1), 2*n+1)
	case "huntington_hill":
		return big.NewRat(n*(n+1), 1)
	}
	panic("apportion: no divisors of " + v.p.Method.Name)
}

// written is d(n) of a sequence that stands in a method's name.
func written(list []string, n int64) *big.Rat {
	at := func(k int) *big.Rat { d, _ := new(big.Rat).SetString(list[k]); return d }
	last := int64(len(list) - 1)
	if list[last] == "..." {
		last--
	}
	if n <= last {
		return at(int(n))
	}
	step := new(big.Rat).Sub(at(int(last)), at(int(last)-1))
	return step.Add(at(int(last)), step.Mul(step, big.NewRat(n-last, 1)))
}

// sequenceEnd is the most seats that a sequence gives a list, if it ends.
func sequenceEnd(name string) (most int, ends bool) {
	list, ok := strings.CutPrefix(name, "divisors:")
	return strings.Count(list, ",") + 1, ok && !strings.HasSuffix(list, "...")
}

// again gives the seats of the quota method one by one, with the result as a guide
// among equal claims, and holds the equal claims that lost against the ties.
func (v *verifier) again(s *Stage, void bool) error {
	total := new(big.Int)
	for _, i := range s.Lists {
		total.Add(total, big.NewInt(v.p.Votes[i]))
	}
	times := func(x *big.Int, n int) *big.Int { return new(big.Int).Mul(x, big.NewInt(int64(n))) }
	votes := func(k int) *big.Int { return big.NewInt(v.p.Votes[s.Lists[k]]) }
	got := make([]int, len(s.Lists))
	lost := make([]int, len(s.Lists)) // seats with which a list lost against an equal claim, plus 1
	open := 0
	for h := 1; h <= s.House; h++ {
		var equal []int // the best claims
		for k := range s.Lists {
			if times(total, got[k]).Cmp(times(votes(k), h)) >= 0 {
				continue
			}
			order := 1
			if len(equal) > 0 {
				order = times(votes(k), got[equal[0]]+1).Cmp(times(votes(equal[0]), got[k]+1))
			}
			if order > 0 {
				equal = equal[:0]
			}
			if order >= 0 {
				equal = append(equal, k)
			}
		}
		won := slices.IndexFunc(equal, func(k int) bool { return got[k] < s.Seats[k] })
		for at, k := range equal {
			if at != won {
				lost[k] = got[k] + 1
			}
		}
		if won < 0 && len(equal) < 2 {
			return fmt.Errorf("seat %d is open, and no lists have equal claims on it", h)
		} else if won < 0 {
			open++
		} else {
			got[equal[won]]++
		}
	}
	if !slices.Equal(got, s.Seats) || open != s.Open {
		return fmt.Errorf("the quota method gives %v and leaves %d open, found %v and %d", got, open, s.Seats, s.Open)
	}
	return v.losers(s, lost, void)
}

// losers checks that whoever lost to an equal claim for good stands in a tie, and
// that in each tie the winners hold the claim, and the others lack it by one seat.
func (v *verifier) losers(s *Stage, lost []int, void bool) error {
	var winners, tied []int
	open := 0
	for _, t := range v.ties {
		if t.Settled == Open {
			open += t.Seats
		}
		winners, tied = append(winners, t.Winners...), append(tied, t.Lists...)
	}
	// Where a draw decides who stands in the next tie, that one is not reported yet.
	void = void && open == 0 || open > 0 && s.Open > open
	if s.Open > 0 && open == 0 && !void {
		return fmt.Errorf("%d seats are open, and no tie is", s.Open)
	}
	for k, i := range s.Lists {
		if lost[k] == s.Seats[k]+1 && !slices.Contains(tied, i) && !void {
			return fmt.Errorf("list %d lost to an equal claim, and no tie is reported", i)
		}
	}
	if open > s.Open {
		return fmt.Errorf("ties on %d seats, and %d are open", open, s.Open)
	}
	for _, t := range v.ties {
		if err := v.fair(t); err != nil {
			return err
		}
		if t.Together || t.Seats >= len(t.Lists) {
			return fmt.Errorf("a tie of %v for %d", t.Lists, t.Seats)
		}
		for _, i := range t.Lists {
			k := slices.Index(s.Lists, i)
			if k < 0 {
				return fmt.Errorf("list %d is tied and takes no part", i)
			}
			n := int64(s.Seats[k])
			if !slices.Contains(winners, i) {
				n++
			}
			if q := t.Quotient.Rat(); n == 0 || q == nil || big.NewRat(v.p.Votes[i], n).Cmp(q) != 0 {
				return fmt.Errorf("list %d has no claim of %s", i, t.Quotient)
			}
		}
		if t.Settled == Open {
			v.open = append(v.open, t.Lists...)
		}
	}
	if s.Open > open && open > 0 {
		v.open = s.Lists
	}
	v.ties = nil
	return nil
}
