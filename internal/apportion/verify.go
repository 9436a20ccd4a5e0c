package apportion

import (
	"fmt"
	"math/big"
)

// Verify checks an allocation against the votes: that every stage gives out its
// house, and that no list has a better claim to a seat than one that got it. It
// shares no code with [Allocate]: quotients are big.Rat, built here.
//
// Divisor methods: for all lists i and j with seats a, v_i/d(a_i - 1) >= v_j/d(a_j).
// Quota methods: for all i and j, v_i/Q - a_i and v_j/Q - a_j differ by at most 1
// (the min-max inequality of largest remainders).
func Verify(p Problem, a Allocation) error {
	total := a.Open + a.Unfilled
	for i, n := range a.Seats {
		total += n
		if n < 0 || n > 0 && p.Votes[i] == 0 || p.Caps != nil && n > p.Caps[i] {
			return fmt.Errorf("list %d cannot have %d seats", i, n)
		}
	}
	if total != p.Seats {
		return fmt.Errorf("%d seats are accounted for, the house has %d", total, p.Seats)
	}
	sums := make([]int, len(p.Votes))
	for n, s := range a.Certificate.Stages {
		house := s.Open
		for k, i := range s.Lists {
			house += s.Seats[k]
			sums[i] += s.Seats[k]
		}
		if house != s.House {
			return fmt.Errorf("stage %d gives out %d of %d seats", n+1, house, s.House)
		}
		if err := s.verify(p); err != nil {
			return fmt.Errorf("stage %d: %w", n+1, err)
		}
	}
	for i := range sums {
		if p.Caps == nil && sums[i] != a.Seats[i] {
			return fmt.Errorf("list %d has %d seats and the certificate gives %d", i, a.Seats[i], sums[i])
		}
	}
	return nil
}

func (s *Stage) verify(p Problem) error {
	// The weakest claim that was served and the strongest that was not.
	var served, waiting *big.Rat
	var weak, strong int
	quota := s.Quota.Rat()
	for k, i := range s.Lists {
		v := new(big.Rat).SetInt64(p.Votes[i])
		n := int64(s.Seats[k])
		var last, next *big.Rat
		if p.Method.IsQuota() {
			rest := new(big.Rat).Sub(new(big.Rat).Quo(v, quota), big.NewRat(n, 1))
			last, next = new(big.Rat).Add(rest, big.NewRat(1, 1)), rest
		} else {
			d := func(k int64) *big.Rat { return big.NewRat(int64(p.Method.a)*k+int64(p.Method.b), 1) }
			next = new(big.Rat).Quo(v, d(n))
			if n > 0 {
				last = new(big.Rat).Quo(v, d(n-1))
			}
		}
		if n > 0 && (served == nil || last.Cmp(served) < 0) {
			served, weak = last, i
		}
		if waiting == nil || next.Cmp(waiting) > 0 {
			waiting, strong = next, i
		}
	}
	if served != nil && waiting != nil && served.Cmp(waiting) < 0 {
		return fmt.Errorf("list %d has a better claim (%s) than list %d, which got a seat for %s", strong, waiting.RatString(), weak, served.RatString())
	}
	return nil
}
