package apportion

import (
	"math/big"
	"slices"
)

// A Step is the award of one seat.
type Step struct {
	Seat     int      // from 1
	List     int      // index into Problem.Votes
	Whole    bool     // by a whole quota: nobody competes for it
	Quotient Fraction // or the remainder, as a part of a quota
	RunnerUp int      // who would have got it next; -1 = nobody
	Next     Fraction // the runner-up's quotient or remainder
}

// Gap is how far the winner was ahead of the runner-up.
func (s Step) Gap() *big.Rat { return new(big.Rat).Sub(s.Quotient.Rat(), s.Next.Rat()) }

// Explain returns every settled seat in the order of award. It costs a look at
// every list for each seat. Seats that a cap takes away and gives to others are
// listed in the stage in which they were given.
func Explain(p Problem, a Allocation) ([]Step, error) {
	var steps []Step
	for i := range a.Certificate.Stages {
		s := &a.Certificate.Stages[i]
		if p.Method.IsQuota() {
			steps = append(steps, s.explainQuota()...)
		} else {
			steps = append(steps, s.explainDivisors(p)...)
		}
	}
	for i := range steps {
		steps[i].Seat = i + 1
	}
	return steps, nil
}

func (s *Stage) explainQuota() []Step {
	var steps []Step
	got := make([]int, len(s.Lists))
	for k, w := range s.Whole {
		for range min(int(w), s.Seats[k]) {
			steps = append(steps, Step{List: s.Lists[k], Whole: true, Quotient: s.Quota, RunnerUp: -1})
			got[k]++
		}
	}
	runner := -1
	if len(s.Unserved) > 0 {
		runner = s.Unserved[0]
	}
	for _, k := range slices.Concat(s.Served, s.Unserved) {
		if got[k] >= s.Seats[k] {
			continue
		}
		step := Step{List: s.Lists[k], Quotient: s.Remainders[k], RunnerUp: -1}
		if runner >= 0 && runner != k {
			step.RunnerUp, step.Next = s.Lists[runner], s.Remainders[runner]
		}
		steps = append(steps, step)
	}
	return steps
}

func (s *Stage) explainDivisors(p Problem) []Step {
	var steps []Step
	got := make([]int, len(s.Lists))
	quotient := func(k int) Fraction { return p.Method.quotient(p.Votes[s.Lists[k]], got[k]) }
	total := 0
	for _, n := range s.Seats {
		total += n
	}
	for range total {
		first, second := -1, -1
		for k := range s.Lists {
			switch {
			case got[k] < s.Seats[k] && (first < 0 || quotient(k).Cmp(quotient(first)) > 0):
				if first >= 0 && (second < 0 || quotient(first).Cmp(quotient(second)) > 0) {
					second = first
				}
				first = k
			case second < 0 || quotient(k).Cmp(quotient(second)) > 0:
				second = k
			}
		}
		step := Step{List: s.Lists[first], Quotient: quotient(first), RunnerUp: -1}
		if second >= 0 {
			step.RunnerUp, step.Next = s.Lists[second], quotient(second)
		}
		steps = append(steps, step)
		got[first]++
	}
	return steps
}
