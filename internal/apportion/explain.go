package apportion

import (
	"cmp"
	"math/big"
	"slices"
)

// A Step is the award of one seat.
type Step struct {
	Seat     int      // from 1
	Stage    int      // index into Certificate.Stages
	List     int      // index into Problem.Votes
	Whole    bool     // for a whole quota: nobody competes for it
	Quotient Fraction // or the remainder, as a part of the quota; the quota of a whole one
	RunnerUp int      // the list with the next best claim to this seat; -1: nobody competed
	Next     Fraction // its quotient or remainder
}

// Gap is Quotient less Next, 0 when nobody competed. Under huntington_hill, where
// both are roots and their difference is no ratio, they are rounded to 12 decimals
// first; equal ones have the gap 0 all the same.
func (s Step) Gap() *big.Rat {
	a, b := s.Quotient, s.Next
	switch {
	case s.RunnerUp < 0 || a.den == wide{}:
		return new(big.Rat)
	case a.root:
		difference := new(big.Int).Sub(a.rounded(12), b.rounded(12))
		return new(big.Rat).SetFrac(difference, power(12).big())
	}
	return a.Rat().Sub(a.Rat(), b.Rat())
}

// maxLooks bounds the work of Explain: some seconds.
const maxLooks = 100_000_000

// Explain lists the settled seats in the order of award, for an allocation that
// [Allocate] made of this problem. Seats that a cap took away again are left out.
// Equal claims that all fit go by more votes, then by place in the input.
//
// The first seats that a method with the divisor 0 owes, whole quotas, and full
// rounds of leftovers have no runner-up. It looks at every list for each seat; more
// than 100,000,000 looks are a [*ProblemError].
func Explain(p Problem, a Allocation) ([]Step, error) {
	if len(p.Votes) > 0 && p.Seats > maxLooks/len(p.Votes) {
		return nil, wrong("seats", -1, "found %d for %d lists: seat by seat is more than anybody reads", p.Seats, len(p.Votes))
	}
	e := explanation{p: &p, steps: make([]Step, 0, p.Seats)}
	left := slices.Clone(a.Seats) // not yet explained
	for n := range a.Certificate.Stages {
		e.begin(a.Certificate.Stages[n:], n, left)
		switch {
		case p.Method.IsQuota():
			e.byRemainders()
		case p.Method.bounded:
			e.byQuotaMethod()
		default:
			e.byDivisors()
		}
	}
	for n := range e.steps {
		e.steps[n].Seat = n + 1
	}
	return e.steps, nil
}

// explanation is the retelling of one stage, by position in it.
type explanation struct {
	p     *Problem
	s     *Stage
	stage int
	votes []int64
	got   []int // awarded so far
	stand []int // how many of the awards no cap takes away
	steps []Step
}

func (e *explanation) begin(stages []Stage, n int, left []int) {
	e.s, e.stage = &stages[0], n
	e.votes, e.got, e.stand = make([]int64, len(e.s.Lists)), make([]int, len(e.s.Lists)), make([]int, len(e.s.Lists))
	for k, i := range e.s.Lists {
		e.votes[k] = e.p.Votes[i]
		again := len(stages) > 1 && slices.Contains(stages[1].Lists, i)
		if e.p.Excess == ExcessAnew && again {
			continue // its seats were divided anew
		}
		e.stand[k] = min(e.s.Seats[k], left[i])
		left[i] -= e.stand[k]
	}
}

// add awards a seat to k, and notes it when no cap takes it away.
func (e *explanation) add(k int, s Step, runner int, next Fraction) {
	s.Stage, s.List, s.RunnerUp = e.stage, e.s.Lists[k], -1
	if runner >= 0 {
		s.RunnerUp, s.Next = e.s.Lists[runner], next
	}
	if e.got[k] < e.stand[k] {
		e.steps = append(e.steps, s)
	}
	e.got[k]++
}

// byRemainders tells whole quotas, full rounds of leftovers and the last round.
func (e *explanation) byRemainders() {
	for k := range e.votes {
		for range min(int(e.s.Whole[k]), e.s.Seats[k]) {
			e.add(k, Step{Whole: true, Quotient: e.s.Quota}, -1, Fraction{})
		}
	}
	runner, order := -1, slices.Concat(e.s.Served, e.s.Unserved)
	if len(e.s.Unserved) > 0 {
		runner = e.s.Unserved[0]
	}
	for again := true; again; {
		again = false
		for _, k := range order {
			switch last := e.got[k] == e.s.Seats[k]-1 && slices.Contains(e.s.Served, k); {
			case e.got[k] >= e.s.Seats[k]:
			case last && runner >= 0:
				e.add(k, Step{Quotient: e.s.Remainders[k]}, runner, e.s.Remainders[runner])
			default:
				e.add(k, Step{Quotient: e.s.Remainders[k]}, -1, Fraction{})
				again = true
			}
		}
	}
}

// byDivisors tells the highest quotient again and again.
func (e *explanation) byDivisors() {
	var caps []int
	if e.p.Caps != nil && e.p.Excess == ExcessAnew {
		for _, i := range e.s.Lists {
			caps = append(caps, e.p.Caps[i])
		}
	}
	a := newAward(e.p.Method.divisors, e.votes, e.s.House, caps, e.got)
	for range e.s.House - e.s.Open {
		e.tell(&a, func(k int) bool { return a.room(k) })
	}
}

// byQuotaMethod tells the highest quotient of the lists below their quota. A seat
// for which only lists claim that have all theirs is one that waits for a lot.
func (e *explanation) byQuotaMethod() {
	a := award{divisors: e.p.Method.divisors, votes: e.votes, seats: e.got}
	var total wide
	for _, v := range e.votes {
		total = total.add(wide{lo: uint64(v)})
	}
	for h := range e.s.House {
		e.tell(&a, func(k int) bool { return total.mul(uint64(e.got[k])).cmp(mul(uint64(e.votes[k]), uint64(h+1))) < 0 })
	}
}

// tell awards the next seat to the best claim of the lists that may have one: of
// equal claims, to one that is to have a seat yet. If none is, the seat is open.
func (e *explanation) tell(a *award, may func(k int) bool) {
	better := func(k, than int) bool {
		if than < 0 {
			return true
		}
		return cmp.Or(a.next(k).Cmp(a.next(than)), cmp.Compare(e.votes[k], e.votes[than])) > 0
	}
	best, winner := -1, -1
	for k := range e.votes {
		if !may(k) {
			continue
		}
		if better(k, best) {
			best = k
		}
		if e.got[k] < e.s.Seats[k] && better(k, winner) {
			winner = k
		}
	}
	if winner < 0 || a.next(winner).Cmp(a.next(best)) < 0 {
		return
	}
	q := a.next(winner).lowest()
	runner, next := -1, Fraction{}
	for k := range e.votes {
		if k != winner && may(k) && q != infinite && better(k, runner) {
			runner, next = k, a.next(k).lowest()
		}
	}
	e.add(winner, Step{Quotient: q}, runner, next)
}
