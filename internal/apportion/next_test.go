package apportion_test

import (
	"fmt"
	"testing"

	"kenesh/internal/apportion"
)

// With one seat more in the house, the seat goes to the highest of the next claims, and by
// that claim.
func TestNext(t *testing.T) {
	votes := []int64{523, 311, 97, 41, 8}
	for _, m := range apportion.Methods() {
		if !m.IsDivisor() {
			if _, ok := m.Next(100, 3); ok != (m.Name == "kieswet") {
				t.Errorf("%s: a next claim, %v", m.Name, ok)
			}
			continue
		}
		for seats := 20; seats < 60; seats++ {
			p := apportion.Problem{Votes: votes, Seats: seats, Method: m, MoreVotes: true}
			a, err := apportion.Allocate(p)
			if err != nil {
				t.Fatal(err)
			}
			p.Seats++
			b, err := apportion.Allocate(p)
			if err != nil {
				t.Fatal(err)
			}
			best := -1
			var claim apportion.Fraction
			for k := range votes {
				if next, ok := m.Next(votes[k], a.Seats[k]); ok && (best < 0 || next.Cmp(claim) > 0) {
					best, claim = k, next
				}
			}
			if a.Open > 0 || b.Open > 0 || len(a.Ties) > 0 || len(b.Ties) > 0 {
				continue
			}
			if got := b.Seats[best] - a.Seats[best]; got != 1 || a.Certificate.Stages[0].From != claim {
				t.Errorf("%s, %d seats: the next is list %d with %v; it gains %d, the certificate has %v", m.Name, seats, best, claim, got, a.Certificate.Stages[0].From)
			}
		}
	}
	ends, err := apportion.Find("divisors:1,3,5")
	if err != nil {
		t.Fatal(err)
	}
	for seats, want := range []string{"90 true", "30 true", "18 true", "0 false"} {
		if next, ok := ends.Next(90, seats); fmt.Sprint(next, ok) != want {
			t.Errorf("after %d seats: %v %v, want %s", seats, next, ok, want)
		}
	}
}
