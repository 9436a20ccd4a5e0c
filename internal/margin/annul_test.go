package margin_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/margin"
	"kenesh/internal/returns"
	"kenesh/internal/tally"
)

// The fewest precincts are those of brute force over all sets of precincts, and without
// them the outcome is another.
func TestAnnulAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	methods := apportion.Methods()
	told := 0
	for told < *elections/2 {
		e := random(r, methods)
		lists := len(e.votes)
		precincts := make([][]int64, 2+r.IntN(6)) // votes by list, then invalid ballots
		for p := range precincts {
			precincts[p] = make([]int64, lists+1)
			for l := range precincts[p] {
				precincts[p][l] = int64(r.IntN(5))
			}
			precincts[p][lists] /= 2
		}
		set := returns.New()
		set.AddFile("a.csv")
		for l := range lists {
			name := string(rune('A' + l))
			set.AddList(returns.List{ID: name, Name: name})
		}
		for i, row := range precincts {
			p, _ := set.AddPrecinct(fmt.Appendf(nil, "%d", i), 0, i+2)
			set.Rows++
			cast := int64(0)
			for l, v := range row {
				cast += v
				if l < lists {
					set.Put(p, l, v)
				}
			}
			set.PutLine(p, returns.Cast, cast)
			set.PutLine(p, returns.Invalid, row[lists])
		}
		outcome := func(without uint) (r result, left bool) {
			votes := make([]int64, lists)
			e.invalid = 0
			for i, row := range precincts {
				if without>>i&1 == 1 {
					continue
				}
				for l := range votes {
					votes[l] += row[l]
				}
				e.invalid += row[lists]
			}
			return e.count(votes), slices.Max(votes) > 0
		}
		now, _ := outcome(0)
		if !now.given || slices.ContainsFunc(now.may, func(n int) bool { return n > 0 }) {
			continue
		}
		var log finding.Log
		m, why, ok := margin.Of(set, e.law(), tally.Options{}, true, &log)
		if !ok || why != "" {
			t.Fatalf("%v: %q, %v", e, why, log.Sorted())
		}
		if !m.Linear {
			if m.Annul != nil || m.WhyNot == "" {
				t.Fatalf("%v: told without linear conditions", e)
			}
			continue
		}
		if m.Annul == nil { // a list that falls out may be let in again
			if e.admit == nil || m.WhyNot == "" {
				t.Fatalf("%v: not told: %q", e, m.WhyNot)
			}
			continue
		}
		told++
		want := 0
		for set := uint(1); set < 1<<len(precincts); set++ {
			if n := bits.OnesCount(set); want == 0 || n < want {
				if o, left := outcome(set); left && !o.same(&now) { // else nothing is left to count
					want = n
				}
			}
		}
		got := len(m.Annul.Precincts)
		if got != want {
			t.Fatalf("%v of %v: seats %v; %d precincts %v, want %d", e, precincts, now.seats, got, m.Annul.Precincts, want)
		}
	}
}
