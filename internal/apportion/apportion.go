// Package apportion divides seats among vote counts, exactly.
//
// It knows integers and indices only: votes go in, seats come out, by position.
// Nothing is rounded and no float decides: quotients and remainders are ratios
// of 64-bit integers, compared by 128-bit cross-multiplication.
//
// A tie is a result. Where several lists have equal claims on fewer seats than
// claims, the seats at stake stay open unless the law prefers the list with more
// votes or a drawn lot answers; the order of the input never decides. A list
// without votes gets no seat and draws no lot.
//
// Every allocation carries its [Certificate], with which whoever holds the votes
// checks it by hand; [Verify] does, sharing no code with [Allocate].
package apportion

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// MaxSeats is the largest house. It keeps every product of a divisor and a vote
// count within 128 bits and a plain loop over the seats within reach.
const MaxSeats = 1_000_000

// A Problem is what is to be divided, and how.
type Problem struct {
	Votes     []int64 // by list, 0 or more; their sum in int64
	Seats     int     // the house, 0 to MaxSeats
	Method    Method
	Caps      []int  // the most seats of each list; nil = no limits
	Excess    Excess // what happens with seats above a cap
	MoreVotes bool   // of equal claims, those of lists with more votes come first
	Lots      []Lot  // what was drawn for the ties that remain
}

// Excess says what happens with the seats of a list above its cap.
type Excess uint8

const (
	// ExcessAnew: the list keeps its cap; all other seats are divided anew among
	// the others.
	ExcessAnew Excess = iota
	// ExcessOnTop: the others keep what they have; the seats above the cap are
	// divided among them in proportion to their votes.
	ExcessOnTop
)

// A Lot is the outcome of a draw: which lists were tied, and which were drawn.
type Lot struct{ Lists, Winners []int }

// A Tie is equal claims of several lists on fewer seats.
type Tie struct {
	Lists    []int // ascending
	Seats    int   // at stake, fewer than Lists
	Quotient Fraction
	Settled  Settled
}

// Settled says how a tie ended.
type Settled uint8

const (
	Open        Settled = iota // it waits for a lot
	ByMoreVotes                // the law prefers more votes
	ByLot                      // a lot was drawn
)

func (s Settled) String() string { return [...]string{"open", "more votes", "lot"}[s] }

// An Allocation is the outcome.
type Allocation struct {
	Seats       []int // by list, as far as they are settled
	Open        int   // seats that wait for a lot
	Unfilled    int   // seats that no list can take, all being at their caps
	Ties        []Tie
	Certificate Certificate
}

// A Certificate is what proves an allocation: one stage, and another for each
// time that a cap set seats free.
type Certificate struct{ Stages []Stage }

// A Stage is one division of seats among lists.
type Stage struct {
	Lists []int // those that took part, as indices into Problem.Votes
	House int
	Seats []int // what each got in this stage, by position in Lists; open seats left out
	Open  int

	// Divisor methods: every divisor above From and up to To gives these seats,
	// each list its votes over the divisor, counted in the method's steps. With a
	// tie From and To are equal.
	From, To Fraction

	// Quota methods: the quota, whole quotas in each list's votes, and what is
	// left, as a part of a quota. The leftovers went to Served by the largest
	// remainders; Unserved are the others, both in falling order.
	Quota      Fraction
	Whole      []int64
	Remainders []Fraction
	Served     []int
	Unserved   []int
}

// A LotError is a lot that does not answer a tie of the problem.
type LotError struct {
	Lot  int  // index into Problem.Lots
	Tie  *Tie // the tie that it is about; nil when there is none
	What string
}

func (e *LotError) Error() string { return e.What }

// ErrNoVotes says that no list has a vote.
var ErrNoVotes = errors.New("no list has a vote")

// Allocate divides the seats.
func Allocate(p Problem) (Allocation, error) {
	if err := p.check(); err != nil {
		return Allocation{}, err
	}
	d := division{problem: p, used: make([]bool, len(p.Lots)), out: Allocation{Seats: make([]int, len(p.Votes))}}
	lists := make([]int, 0, len(p.Votes))
	for i, v := range p.Votes {
		if v > 0 {
			lists = append(lists, i)
		}
	}
	house := p.Seats
	for house > 0 {
		if len(lists) == 0 {
			d.out.Unfilled = house
			break
		}
		if err := d.stage(lists, house); err != nil {
			return Allocation{}, err
		}
		lists, house = d.overCaps(lists)
	}
	for i, used := range d.used {
		if !used {
			return Allocation{}, &LotError{Lot: i, What: "the lot answers no tie of this count"}
		}
	}
	return d.out, nil
}

func (p *Problem) check() error {
	if p.Method.divide == nil {
		return errors.New("no method")
	}
	if p.Seats < 0 || p.Seats > MaxSeats {
		return fmt.Errorf("%d seats, want 0 to %d", p.Seats, MaxSeats)
	}
	if p.Caps != nil && len(p.Caps) != len(p.Votes) {
		return fmt.Errorf("%d caps for %d lists", len(p.Caps), len(p.Votes))
	}
	var sum int64
	for i, v := range p.Votes {
		if v < 0 {
			return fmt.Errorf("list %d has %d votes", i, v)
		}
		if v > math.MaxInt64-sum {
			return fmt.Errorf("the votes sum to more than %d", int64(math.MaxInt64))
		}
		sum += v
	}
	if sum == 0 {
		return ErrNoVotes
	}
	return nil
}

// division is an allocation in progress.
type division struct {
	problem Problem
	used    []bool // by lot
	out     Allocation
}

// stage divides house seats among some of the lists and adds the outcome up.
func (d *division) stage(lists []int, house int) error {
	votes := make([]int64, len(lists))
	for k, i := range lists {
		votes[k] = d.problem.Votes[i]
	}
	s := Stage{Lists: lists, House: house, Seats: make([]int, len(lists))}
	claims := d.problem.Method.divide(&s, votes)
	copy(s.Seats, claims.settled)
	if err := d.contest(&s, claims, votes); err != nil {
		return err
	}
	if claims.base != nil { // of a quota method: who got a leftover is known only now
		order := s.Unserved
		s.Unserved = nil
		for _, k := range order {
			if s.Seats[k] > claims.base[k] {
				s.Served = append(s.Served, k)
			} else {
				s.Unserved = append(s.Unserved, k)
			}
		}
	}
	for k, i := range lists {
		d.out.Seats[i] += s.Seats[k]
	}
	d.out.Open += s.Open
	d.out.Certificate.Stages = append(d.out.Certificate.Stages, s)
	return nil
}

// claims is what a method finds: seats that are settled, and at most one group
// of equal claims on fewer seats. Positions are those of Stage.Lists.
type claims struct {
	settled []int
	base    []int // of a quota method: the seats before the leftovers
	tied    []int // ascending
	seats   int
	at      Fraction
}

// contest settles a tie as the law and the draw have it, or leaves it open.
func (d *division) contest(s *Stage, c claims, votes []int64) error {
	if c.seats == 0 {
		return nil
	}
	name := func(positions []int) []int {
		var lists []int
		for _, k := range positions {
			lists = append(lists, s.Lists[k])
		}
		slices.Sort(lists)
		return lists
	}
	tied, seats := c.tied, c.seats
	if d.problem.MoreVotes {
		byVotes := slices.Clone(tied)
		slices.SortFunc(byVotes, func(a, b int) int { return cmp.Compare(votes[b], votes[a]) })
		last := votes[byVotes[seats-1]]
		var equal []int
		left := seats
		for _, k := range byVotes {
			switch {
			case votes[k] > last:
				s.Seats[k]++
				left--
			case votes[k] == last:
				equal = append(equal, k)
			}
		}
		slices.Sort(equal)
		if len(equal) == left {
			for _, k := range equal {
				s.Seats[k]++
			}
			d.out.Ties = append(d.out.Ties, Tie{name(tied), seats, c.at, ByMoreVotes})
			return nil
		}
		tied, seats = equal, left
	}
	tie := Tie{Lists: name(tied), Seats: seats, Quotient: c.at}
	for n, lot := range d.problem.Lots {
		drawn := slices.Sorted(slices.Values(lot.Lists))
		if d.used[n] || !overlap(drawn, tie.Lists) {
			continue
		}
		d.used[n] = true
		switch winners := slices.Compact(slices.Sorted(slices.Values(lot.Winners))); {
		case !slices.Equal(drawn, tie.Lists):
			return &LotError{n, &tie, "the lot is not of the lists that are tied"}
		case len(winners) != seats || len(lot.Winners) != seats:
			return &LotError{n, &tie, fmt.Sprintf("the lot has %d winners for %d seats", len(lot.Winners), seats)}
		case !subset(winners, drawn):
			return &LotError{n, &tie, "a winner of the lot is not among its lists"}
		}
		for _, w := range lot.Winners {
			s.Seats[slices.Index(s.Lists, w)]++
		}
		tie.Settled = ByLot
		d.out.Ties = append(d.out.Ties, tie)
		return nil
	}
	s.Open = seats
	d.out.Ties = append(d.out.Ties, tie)
	return nil
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(x int) bool { return slices.Contains(b, x) })
}

func subset(a, b []int) bool {
	return !slices.ContainsFunc(a, func(x int) bool { return !slices.Contains(b, x) })
}

// overCaps takes away what lists have above their caps and returns what is to be
// divided next, and among whom; no seats when every cap holds.
func (d *division) overCaps(lists []int) (next []int, house int) {
	if d.problem.Caps == nil {
		return nil, 0
	}
	over := 0
	for _, i := range lists {
		if more := d.out.Seats[i] - d.problem.Caps[i]; more > 0 {
			over += more
			d.out.Seats[i] = d.problem.Caps[i]
		}
	}
	if over == 0 {
		return nil, 0
	}
	for _, i := range lists {
		if d.out.Seats[i] < d.problem.Caps[i] {
			next = append(next, i)
		}
	}
	if d.problem.Excess == ExcessOnTop {
		return next, over
	}
	// Anew: what the others have is given back, and a tie among them with it.
	house = d.problem.Seats
	for i := range d.out.Seats {
		if slices.Contains(next, i) {
			d.out.Seats[i] = 0
		}
		house -= d.out.Seats[i]
	}
	d.out.Open, d.out.Ties = 0, nil
	return next, house
}
