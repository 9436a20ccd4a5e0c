package apportion

import (
	"cmp"
	"math/big"
	"slices"
)

// A Step is the award of one seat.
type Step struct {
	Seat     int      // from 1
	List     int      // index into Problem.Votes
	Stage    int      // index into Certificate.Stages; -1: of a minimum
	By       Claim    // of the stage
	Whole    bool     // for a whole quota: nobody competes for it
	Held     bool     // for a minimum: nobody competes for it
	Quotient Fraction // the claim: a quotient, a remainder as a part of the quota, votes; the quota of a whole one
	RunnerUp int      // the list with the next best claim to this seat; -1: nobody competed
	Next     Fraction // its claim
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

// maxLooks bounds the work of Explain to some seconds, maxSteps what it keeps.
const (
	maxLooks = 100_000_000
	maxSteps = 1_000_000
)

// Explain lists the settled seats in the order of award, for an allocation that
// [Allocate] made of this problem. Seats that a cap took away again are left out.
// Equal claims that all fit go by more votes, then by place in the input.
//
// The first seats that a method with the divisor 0 owes, whole quotas, minimums, and
// full rounds of leftovers have no runner-up. It looks at every list for each seat; more
// than 100,000,000 looks, or a million seats, are a [*ProblemError].
func Explain(p Problem, a Allocation) ([]Step, error) {
	given := int64(0)
	for _, n := range a.Seats {
		given += int64(n)
	}
	if given > maxSteps || given*int64(len(p.Votes)) > maxLooks {
		return nil, wrong("seats", -1, "found %d for %d lists: seat by seat is more than anybody reads", given, len(p.Votes))
	}
	e := explanation{p: &p, steps: make([]Step, 0, given)}
	left := slices.Clone(a.Seats) // not yet explained
	for n := range a.Certificate.Stages {
		e.begin(a.Certificate.Stages[n:], n, left)
		switch e.s.By {
		case Remainder, ByVotes:
			e.byQuotas()
		case Seatwise:
			e.byQuotaMethod()
		case Lead:
			e.byLead()
		case Majority:
			e.byMajority()
		default:
			e.byDivisors()
		}
	}
	for i, n := range left {
		for range n {
			e.steps = append(e.steps, Step{Stage: -1, List: i, Held: true, RunnerUp: -1})
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
	anew := e.p.Excess == ExcessAnew && len(stages) > 1 && stages[1].By == e.s.By && e.s.By != Average
	for k, i := range e.s.Lists {
		e.votes[k] = e.p.Votes[i]
		if anew && slices.Contains(stages[1].Lists, i) {
			continue // its seats were divided anew
		}
		e.stand[k] = max(0, min(e.s.Seats[k], left[i]))
		left[i] -= e.stand[k]
	}
}

// add awards a seat to k, and notes it when no cap takes it away.
func (e *explanation) add(k int, s Step, runner int, next Fraction) {
	s.Stage, s.By, s.List, s.RunnerUp = e.stage, e.s.By, e.s.Lists[k], -1
	if runner >= 0 {
		s.RunnerUp, s.Next = e.s.Lists[runner], next
	}
	if e.got[k] < e.stand[k] {
		e.steps = append(e.steps, s)
	}
	e.got[k]++
}

// byLead tells the seats of a bonus.
func (e *explanation) byLead() {
	claim := func(k int) Fraction { return Fraction{num: wide{lo: uint64(e.votes[k])}, den: wide{lo: 1}} }
	for k, n := range e.s.Seats {
		second := -1
		for l := range e.votes {
			if l != k && (second < 0 || e.votes[l] > e.votes[second]) {
				second = l
			}
		}
		for range n {
			if second < 0 {
				e.add(k, Step{Quotient: claim(k)}, -1, Fraction{})
			} else {
				e.add(k, Step{Quotient: claim(k)}, second, claim(second))
			}
		}
	}
}

// byMajority tells the seat that goes to the majority. The one that it comes from was
// not told, for the list does not have it.
func (e *explanation) byMajority() {
	for k, n := range e.s.Seats {
		for range n {
			e.add(k, Step{Quotient: Fraction{num: wide{lo: uint64(e.votes[k])}, den: wide{lo: 1}}}, -1, Fraction{})
		}
	}
}

// byQuotas tells whole quotas, full rounds of leftovers and the last round.
func (e *explanation) byQuotas() {
	claim := func(k int) Fraction {
		if e.s.By == ByVotes {
			return Fraction{num: wide{lo: uint64(e.votes[k])}, den: wide{lo: 1}}
		}
		return e.s.Remainders[k]
	}
	for k := range e.votes {
		for range min(int(e.s.Whole[k]), e.s.Seats[k]) {
			e.add(k, Step{Whole: true, Quotient: e.s.Quota}, -1, Fraction{})
		}
	}
	runner, order := e.s.FirstUnserved, slices.Concat(e.s.Served, e.s.Unserved)
	for again := true; again; {
		again = false
		for _, k := range order {
			switch last := e.got[k] == e.s.Seats[k]-1 && slices.Contains(e.s.Served, k); {
			case e.got[k] >= e.s.Seats[k]:
			case last && runner >= 0:
				e.add(k, Step{Quotient: claim(k)}, runner, claim(runner))
			default:
				e.add(k, Step{Quotient: claim(k)}, -1, Fraction{})
				again = true
			}
		}
	}
}

// byDivisors tells the highest quotient again and again, on top of what is held.
func (e *explanation) byDivisors() {
	d, s := e.p.Method.divisors, *e.s
	s.Seats = e.got
	if s.By == Average {
		d = divisors{a: 1, b: 1, c: 1}
		if e.p.Method.kind == southAfrica {
			d.b = 0
		}
	}
	a := newAward(d, e.votes, &s)
	if s.By == Average {
		a = award{d, e.votes, s.least, s.most, s.Seats}
	}
	held := 0
	for k, n := range s.least {
		if s.By == Average {
			e.got[k] += n
			continue
		}
		held += n
		for range n {
			e.add(k, Step{Held: true}, -1, Fraction{})
		}
	}
	if s.By == Average {
		for k := range e.stand { // count from zero here, and from what is held there
			e.stand[k] += e.s.Held[k]
		}
		whole := *e.s
		whole.Seats = slices.Clone(e.s.Seats)
		for k, n := range e.s.Held {
			whole.Seats[k] += n
		}
		e.s = &whole
	}
	for range e.s.House - e.s.Open - held {
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
