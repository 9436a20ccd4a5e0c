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
// At the heart of it is one inequality. Say that the n-th seat of a list (from 0)
// has the claim v/d(n) under a divisor method, v/quota − n under largest
// remainders. Then seats are right when no claim that was served is below one that
// was not (Balinski and Young, Fair Representation, 1982; Pukelsheim's max-min
// inequality). Equal ones must be a tie, which is held against the lots and the
// votes. The quota method is counted again seat by seat.
func Verify(p Problem, a Allocation) error {
	v := verifier{p: &p, held: make([]int, len(p.Votes)), all: a.Open}
	total := a.Open + a.Unfilled
	if len(a.Seats) != len(p.Votes) {
		return fmt.Errorf("seats for %d lists, want %d", len(a.Seats), len(p.Votes))
	}
	for i, n := range a.Seats {
		total += n
		if n < 0 || n > 0 && p.Votes[i] == 0 || p.Caps != nil && n > p.Caps[i] {
			return fmt.Errorf("list %d cannot have %d seats", i, n)
		}
	}
	if total != p.Seats || a.Open < 0 || a.Unfilled < 0 {
		return fmt.Errorf("%d seats are accounted for, the house has %d", total, p.Seats)
	}
	for n := range a.Certificate.Stages {
		v.open = nil
		v.ties = slices.DeleteFunc(slices.Clone(a.Ties), func(t Tie) bool { return t.Stage != n })
		if err := v.stage(&a.Certificate.Stages[n], n == len(a.Certificate.Stages)-1, a.Unfilled); err != nil {
			return fmt.Errorf("stage %d: %w", n+1, err)
		}
		if len(v.ties) > 0 {
			return fmt.Errorf("stage %d: no equal claims of the lists %v", n+1, v.ties[0].Lists)
		}
	}
	switch {
	case !slices.Equal(v.held, a.Seats):
		return fmt.Errorf("the lists hold %v, and the certificate gives %v", a.Seats, v.held)
	case v.next > a.Unfilled && a.Open == 0:
		return fmt.Errorf("%d seats above the caps are not divided", v.next)
	case a.Unfilled > 0 && slices.ContainsFunc(v.lists(), func(i int) bool { return v.held[i] < p.Caps[i] }):
		return fmt.Errorf("%d seats are unfilled, and a list is below its cap", a.Unfilled)
	}
	return nil
}

type verifier struct {
	p    *Problem
	held []int
	next int   // seats that the next stage must divide
	out  []int // lists that may take no part any more
	all  int   // open seats
	ties []Tie // of this stage, not yet met
	open []int // lists that the last open draw may serve
}

// lists are those that take part.
func (v *verifier) lists() (lists []int) {
	for i, votes := range v.p.Votes {
		if votes > 0 && !slices.Contains(v.out, i) && (!v.bounded() || v.p.Caps[i] > 0) {
			lists = append(lists, i)
		}
	}
	return lists
}

// bounded reports whether caps bind within a stage, and not after it.
func (v *verifier) bounded() bool {
	m := v.p.Method.Name
	return v.p.Caps != nil && v.p.Excess == ExcessAnew && !strings.HasPrefix(m, "lr:") && m != "balinski_young_quota"
}

// stage checks one division, and that it is the one that the caps ask for.
func (v *verifier) stage(s *Stage, last bool, unfilled int) error {
	house := v.next
	if house == 0 {
		house = v.p.Seats
		if v.bounded() {
			house -= unfilled
		}
	}
	given := s.Open
	for _, n := range s.Seats {
		given += n
	}
	if lists := v.lists(); !slices.Equal(s.Lists, lists) || len(s.Seats) != len(lists) {
		return fmt.Errorf("the lists %v take part, want %v", s.Lists, lists)
	}
	if s.House != house || given != house || s.Open < 0 {
		return fmt.Errorf("%d seats divided and %d given, want %d", s.House, given, house)
	}
	var err error
	if v.p.Method.Name == "balinski_young_quota" {
		err = v.again(s)
	} else {
		err = v.claims(s, last)
	}
	if err != nil {
		return err
	}
	v.next = 0
	if v.p.Caps != nil && v.p.Excess == ExcessAnew && !v.bounded() {
		return v.anew(s, last)
	}
	for k, i := range s.Lists {
		v.held[i] += s.Seats[k]
		if v.p.Caps != nil && v.held[i] >= v.p.Caps[i] {
			v.next += v.held[i] - v.p.Caps[i]
			v.held[i] = v.p.Caps[i]
			v.out = append(v.out, i)
		}
	}
	return nil
}

// anew fixes the lists above their caps, or all when none is.
func (v *verifier) anew(s *Stage, last bool) error {
	rest, above := s.House, 0
	for k, i := range s.Lists {
		if s.Seats[k] > v.p.Caps[i] {
			above++
			v.held[i] = v.p.Caps[i]
			v.out = append(v.out, i)
			rest -= v.p.Caps[i]
		}
	}
	switch {
	case above > 0:
		v.next = rest
	case !last:
		return fmt.Errorf("no list is above its cap, and another stage follows")
	case v.all > s.Open && slices.ContainsFunc(v.open, func(i int) bool {
		return s.Seats[slices.Index(s.Lists, i)] >= v.p.Caps[i]
	}): // whether this stage stands hangs on the draw, so all of it is open
	default:
		for k, i := range s.Lists {
			v.held[i] = s.Seats[k]
		}
	}
	return nil
}

// claims checks the inequality, and that equal claims at the boundary are a tie.
func (v *verifier) claims(s *Stage, last bool) error {
	if s.House == 0 {
		return nil
	}
	claim := v.claim(s)
	if q := claim(0, -1); q != nil && q.Cmp(s.Quota.Rat()) != 0 {
		return fmt.Errorf("the quota is %s, want %s", s.Quota, q.RatString())
	}
	var low, high *big.Rat // the lowest claim that was served, the highest that was not
	for k, i := range s.Lists {
		if n := s.Seats[k]; n > 0 && (low == nil || claim(i, n-1).Cmp(low) < 0) {
			low = claim(i, n-1)
		}
		if n := s.Seats[k]; (!v.bounded() || n < v.p.Caps[i]) && (high == nil || claim(i, n).Cmp(high) > 0) {
			high = claim(i, n)
		}
	}
	switch {
	case low != nil && high != nil && low.Cmp(high) < 0:
		return fmt.Errorf("a claim of %s waits, and one of %s got a seat", high.FloatString(6), low.FloatString(6))
	case s.Open > 0 && high == nil:
		return fmt.Errorf("%d seats are open, and no list has room", s.Open)
	case s.Open == 0 && (low == nil || high == nil || low.Cmp(high) > 0):
		return nil
	}
	var tied, served []int
	for k, i := range s.Lists {
		n := s.Seats[k]
		switch {
		case n > 0 && claim(i, n-1).Cmp(high) == 0:
			tied, served = append(tied, i), append(served, i)
		case (!v.bounded() || n < v.p.Caps[i]) && claim(i, n).Cmp(high) == 0:
			tied = append(tied, i)
		}
	}
	if len(tied)-len(served) <= s.Open {
		return fmt.Errorf("%d seats are open, and the lists %v have equal claims on them: all fit", s.Open, tied)
	}
	return v.tie(tied, served, s.Open, !last && v.p.Excess == ExcessAnew)
}

// tie holds equal claims against the ties that are reported. Of a void stage, whose
// seats are divided anew, no open tie is.
func (v *verifier) tie(tied, served []int, open int, void bool) error {
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
		if !slices.Equal(t.Lists, tied) || t.Seats != seats {
			return fmt.Errorf("the tie is between %v for %d, want %v for %d", t.Lists, t.Seats, tied, seats)
		}
		if err := v.fair(t); err != nil {
			return err
		}
		if t.Settled == Open {
			v.open = tied
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
	case t.Settled == ByLot && len(t.Winners) == t.Seats && slices.ContainsFunc(v.p.Lots, drawn):
		return nil
	}
	return fmt.Errorf("the tie between %v cannot be settled by %s for %v", t.Lists, t.Settled, t.Winners)
}

// claim gives the function that states the claim of a list on its n-th seat, from
// 0. For n = -1 it gives the quota, nil when the method has none.
func (v *verifier) claim(s *Stage) func(i, n int) *big.Rat {
	total := new(big.Int)
	for _, i := range s.Lists {
		total.Add(total, big.NewInt(v.p.Votes[i]))
	}
	quota := v.quota(new(big.Rat).SetInt(total), int64(s.House))
	return func(i, n int) *big.Rat {
		if n < 0 {
			return quota
		}
		votes := new(big.Rat).SetInt64(v.p.Votes[i])
		if quota != nil {
			return votes.Sub(votes.Quo(votes, quota), big.NewRat(int64(n), 1))
		}
		if v.p.Method.Name == "huntington_hill" { // squares are in the same order
			votes.Mul(votes, votes)
		}
		d := v.divisor(int64(n))
		if d.Sign() == 0 { // above all others; among themselves by votes
			d.SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 300))
		}
		return votes.Quo(votes, d)
	}
}

func (v *verifier) quota(votes *big.Rat, s int64) *big.Rat {
	over := func(seats int64) *big.Rat { return new(big.Rat).Quo(votes, big.NewRat(seats, 1)) }
	down := func(r *big.Rat) *big.Rat { return new(big.Rat).SetInt(new(big.Int).Quo(r.Num(), r.Denom())) }
	one := big.NewRat(1, 1)
	switch name, _ := strings.CutPrefix(v.p.Method.Name, "lr:"); {
	case s == 0:
	case name == "hare":
		return over(s)
	case name == "droop":
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
	}
	return nil
}

// divisor is d(n), or its square under huntington_hill.
func (v *verifier) divisor(n int64) *big.Rat {
	switch v.p.Method.Name {
	case "dhondt":
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

// again gives the seats of the quota method one by one, with the result as a guide
// among equal claims, and holds the equal claims that lost against the ties.
func (v *verifier) again(s *Stage) error {
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
		if won < 0 {
			open++
		} else {
			got[equal[won]]++
		}
	}
	if !slices.Equal(got, s.Seats) || open != s.Open {
		return fmt.Errorf("the quota method gives %v and leaves %d open, found %v and %d", got, open, s.Seats, s.Open)
	}
	return v.losers(s, lost)
}

// losers checks that whoever lost to an equal claim for good stands in a tie, and
// that in each tie the winners hold the claim, and the others lack it by one seat.
func (v *verifier) losers(s *Stage, lost []int) error {
	var winners, tied []int
	open := 0
	for _, t := range v.ties {
		if t.Settled == Open {
			open += t.Seats
		}
		winners, tied = append(winners, t.Winners...), append(tied, t.Lists...)
	}
	// Where a draw decides who stands in the next tie, that one is not reported yet.
	void := len(v.ties) == 0 && v.p.Caps != nil || s.Open > open
	for k, i := range s.Lists {
		if lost[k] == s.Seats[k]+1 && !slices.Contains(tied, i) && !void {
			return fmt.Errorf("list %d lost to an equal claim, and no tie is reported", i)
		}
	}
	for _, t := range v.ties {
		if err := v.fair(t); err != nil {
			return err
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
			if n == 0 || big.NewRat(v.p.Votes[i], n).Cmp(t.Quotient.Rat()) != 0 {
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
