// Package apportion divides seats among vote counts, exactly.
//
// It knows integers and indices only: a list is its place in [Problem.Votes], and
// whoever calls has applied thresholds and knows the names. [Allocate] answers a
// [Problem] by one of the [Methods]; [Explain] lists the award of each seat;
// [Verify] checks an answer, sharing no code with Allocate.
//
// No float decides anything. Votes go up to 2^63−1 for each list, and their sum may
// be greater: quotients and remainders are compared in 128 and 256 bits, for
// which [MaxSeats] is the bound. The order of the lists changes nothing: equal
// claims on fewer seats are a [Tie], which the law's own rule or a [Lot] settles,
// and else the seats stay open. A list without votes gets no seat and draws no
// lot, under every method.
//
// Not here: who takes part (thresholds), names, districts, and any rounding but
// that of [Fraction.Decimal].
package apportion

import (
	"errors"
	"fmt"
	"slices"
)

// MaxSeats is the largest house. No parliament has 10,000 seats; the bound keeps
// every intermediate number exact.
const MaxSeats = 1_000_000_000

// A Problem is seats to divide, the claims on them and the rule.
type Problem struct {
	Votes  []int64 // by list, 0 or more; a list with 0 takes no part
	Seats  int     // the house, 0 to MaxSeats
	Method Method  // one of Methods; the zero value is refused

	Caps   []int  // by list, the most seats it may have, 0 or more; nil: no caps
	Excess Excess // what becomes of the seats above a cap

	// MoreVotes breaks ties before any lot is drawn: of the tied lists those with
	// more votes are served first. Equal votes stay tied.
	MoreVotes bool

	// Strongest says what a method that begins with the divisor 0 (adams, dean,
	// huntington_hill) does with fewer seats than lists with votes: the lists with
	// the most votes get a seat each. Without it that is an error, for such a method
	// owes every list a seat.
	Strongest bool

	Lots []Lot // the draws for the ties that remain; each must answer one
}

// Excess says what becomes of the seats of a list above its cap.
type Excess uint8

const (
	// ExcessAnew: the lists above their cap keep it, and all other seats are divided
	// anew among the other lists by the same method, until no list is above. With a
	// divisor method this is: the highest quotients of lists that have room.
	ExcessAnew Excess = iota
	// ExcessOnTop: the others keep what they have. Only the seats above the caps are
	// divided, by the same method, among the lists that are below theirs, until no
	// list is above (Kyrgyz practice).
	ExcessOnTop
)

// An Allocation is the answer to a [Problem]: Seats, Open and Unfilled add up to
// its house.
type Allocation struct {
	Seats    []int // by list, as far as they are settled
	Open     int   // seats that wait for a lot: those of the open ties, and all that hang on the outcome
	Unfilled int   // seats that no list can take, all being at their caps

	// Ties holds the equal claims on too few seats, settled or open, in the order in
	// which they came up. Equal claims that all fit are no tie.
	Ties        []Tie
	Certificate Certificate
}

// A Certificate is what proves an allocation: one stage, and another for each time
// that caps set seats free.
type Certificate struct{ Stages []Stage }

// A Stage is one division of seats among lists. Its slices go by position in Lists.
//
// Divisor methods: every divisor above From and up to To gives this result, as
// [Method.ByHand] says. From is the highest quotient that won no seat, 0 when no
// list has room for one more; To is the lowest that won one, infinite when it is a
// first seat that the method owes, or when there was no seat. They are equal
// where a tie is or was.
//
// Largest remainders: a seat for each whole quota, and the leftovers to the largest
// remainders, or what was too much taken back from the smallest. From is the
// largest remainder that lost, To the smallest that won in that last round; both
// are 0 when there was none.
//
// The quota method goes seat by seat and has no certificate but its steps: From
// and To are 0.
type Stage struct {
	Lists []int // that took part, ascending, as indices into Problem.Votes
	House int   // seats divided
	Seats []int // what each list got, before caps cut it; open seats left out
	Open  int   // seats that a lot decides

	From, To      Fraction
	LastServed    int // position of a list with the claim To; -1: none
	FirstUnserved int // position of a list with the claim From; -1: none

	// Of largest remainders alone:
	Quota      Fraction   // votes for a seat
	Whole      []int64    // votes / quota, rounded down
	Remainders []Fraction // what is left of that, from 0 to below 1, as a part of the quota
	// Served are the positions of the lists that won in the last round, by falling
	// remainders; Unserved are the others, those that did not stand in it last.
	Served, Unserved []int
	base             []int // the seats before the last round
}

// ErrNoVotes says that there are seats and no list has a vote.
var ErrNoVotes = errors.New("no list has a vote")

// A ProblemError says what of a [Problem] cannot be.
type ProblemError struct {
	Field string // "votes", "seats", "method", "caps" or "excess"
	List  int    // the list concerned; -1: none in particular
	What  string
}

func (e *ProblemError) Error() string {
	if e.List < 0 {
		return e.Field + ": " + e.What
	}
	return fmt.Sprintf("%s of list %d: %s", e.Field, e.List, e.What)
}

func wrong(field string, list int, format string, args ...any) error {
	return &ProblemError{Field: field, List: list, What: fmt.Sprintf(format, args...)}
}

// Allocate divides the seats. The cost grows with the lists and not with the seats,
// but for macau and the quota method, which go seat by seat. Each list that
// reaches its cap may repeat the division.
//
// A lot is asked for only where a draw can change the seats; but where caps bind in
// several stages (quotas, the quota method, ExcessOnTop) a draw may turn out to
// lead to the same seats whoever wins.
//
// Errors: [ErrNoVotes], a [*ProblemError], a [*LotError].
func Allocate(p Problem) (Allocation, error) {
	positive, err := p.check()
	if err != nil {
		return Allocation{}, err
	}
	lists := make([]int, 0, positive)
	for i, v := range p.Votes {
		if v > 0 {
			lists = append(lists, i)
		}
	}
	w := work{Problem: p, out: Allocation{Seats: make([]int, len(p.Votes))}}
	switch {
	case p.Caps == nil:
		err = w.plain(lists)
	case p.Excess == ExcessOnTop:
		err = w.onTop(lists)
	case p.Method.IsQuota() || p.Method.bounded:
		err = w.anew(lists)
	default:
		err = w.plain(lists)
	}
	if err == nil {
		err = w.unusedLot()
	}
	if err != nil {
		return Allocation{}, err
	}
	w.out.Open = p.Seats - w.out.Unfilled
	for _, n := range w.out.Seats {
		w.out.Open -= n
	}
	return w.out, nil
}

// check returns how many lists have votes.
func (p *Problem) check() (positive int, err error) {
	if p.Method.Name == "" {
		return 0, wrong("method", -1, "none is named")
	}
	if p.Seats < 0 || p.Seats > MaxSeats {
		return 0, wrong("seats", -1, "found %d, want 0 to %d", p.Seats, MaxSeats)
	}
	if p.Caps != nil && len(p.Caps) != len(p.Votes) {
		return 0, wrong("caps", -1, "found %d for %d lists", len(p.Caps), len(p.Votes))
	}
	if p.Excess > ExcessOnTop {
		return 0, wrong("excess", -1, "found %d, want ExcessAnew or ExcessOnTop", p.Excess)
	}
	for i, v := range p.Votes {
		if v < 0 {
			return 0, wrong("votes", i, "found %d, want 0 or more", v)
		}
		if p.Caps != nil && p.Caps[i] < 0 {
			return 0, wrong("caps", i, "found %d, want 0 or more", p.Caps[i])
		}
		if v > 0 {
			positive++
		}
	}
	if positive == 0 && p.Seats > 0 {
		return 0, ErrNoVotes
	}
	return positive, nil
}

// work is an allocation in progress.
type work struct {
	Problem
	out  Allocation
	used []bool // by lot
}

// plain is one division, in which the caps of a divisor method bind at once.
func (w *work) plain(lists []int) error {
	house, caps := w.Seats, w.Caps
	if caps != nil {
		lists = slices.DeleteFunc(lists, func(i int) bool { return w.Caps[i] == 0 })
		room := 0
		caps = make([]int, len(lists))
		for k, i := range lists {
			caps[k] = min(w.Caps[i], w.Seats)
			room += caps[k]
		}
		w.out.Unfilled = max(0, house-room)
		house -= w.out.Unfilled
	}
	s, ties, err := w.divide(lists, house, caps)
	if err != nil {
		return err
	}
	if _, err = w.settle(&s, ties); err != nil {
		return err
	}
	w.keep(s)
	for k, i := range lists {
		w.out.Seats[i] = s.Seats[k]
	}
	return nil
}

// keep notes a stage when all is settled in it that will be.
func (w *work) keep(s Stage) {
	s.Open = s.House
	for _, n := range s.Seats {
		s.Open -= n
	}
	if w.Method.IsQuota() {
		s.split()
	}
	w.out.Certificate.Stages = append(w.out.Certificate.Stages, s)
}

// divide applies the method once. Caps go by position, and bind in divisor methods.
func (w *work) divide(lists []int, house int, caps []int) (Stage, []contest, error) {
	votes := w.Votes
	if len(lists) < len(votes) {
		votes = make([]int64, len(lists))
		for k, i := range lists {
			votes[k] = w.Votes[i]
		}
	}
	s := Stage{Lists: lists, House: house, Seats: make([]int, len(lists)), LastServed: -1, FirstUnserved: -1}
	var ties []contest
	var err error
	switch {
	case w.Method.IsQuota():
		ties, err = w.Method.byRemainders(&s, votes)
	case w.Method.bounded:
		ties, err = byQuotaMethod(&s, votes)
	default:
		ties, err = w.byDivisors(&s, votes, caps)
	}
	return s, ties, err
}

// onTop gives the seats above the caps to the lists below theirs, stage by stage.
func (w *work) onTop(lists []int) error {
	pending := make([]int, len(w.Votes)) // open ties in which the list stands
	for house := w.Seats; ; {
		s, ties, err := w.divide(lists, house, nil)
		if err != nil {
			return err
		}
		open, err := w.settle(&s, ties)
		if err != nil {
			return err
		}
		for _, i := range open {
			pending[i]++
		}
		w.keep(s)
		var below []int
		above, unsure := 0, false
		for k, i := range lists {
			w.out.Seats[i] += s.Seats[k]
			if more := w.out.Seats[i] - w.Caps[i]; more > 0 {
				w.out.Seats[i] -= more
				above += more
			}
			if w.out.Seats[i] < w.Caps[i] {
				below = append(below, i)
			}
			unsure = unsure || pending[i] > 0 && w.out.Seats[i]+pending[i] >= w.Caps[i]
		}
		switch {
		case above == 0 || unsure: // whether a list reaches its cap by a lot, only the lot can say
			return nil
		case len(below) == 0:
			w.out.Unfilled = above
			return nil
		}
		lists, house = below, above
	}
}

// anew divides all but the seats of the lists above their caps among the others,
// stage by stage. (Divisor methods need no stages, see [ExcessAnew].)
func (w *work) anew(lists []int) error {
	for house := w.Seats; ; {
		s, ties, err := w.divide(lists, house, nil)
		if err != nil {
			return err
		}
		hangs, err := w.settleAnew(&s, ties)
		if err != nil {
			return err
		}
		w.keep(s)
		var below []int
		for k, i := range lists {
			if s.Seats[k] > w.Caps[i] {
				w.out.Seats[i] = w.Caps[i]
				house -= w.Caps[i]
			} else {
				below = append(below, i)
			}
		}
		switch {
		case hangs:
			return nil // those above their caps keep them; all else is open
		case len(below) == len(lists):
			for k, i := range lists {
				w.out.Seats[i] = s.Seats[k]
			}
			return nil
		case len(below) == 0:
			w.out.Unfilled = house
			return nil
		}
		lists = below
	}
}

// settleAnew settles the ties of a stage whose seats may be divided anew, and reports
// whether an open one decides who is above the cap. Where lists are above whoever
// wins, an open tie is void: it is not noted, and uses no lot.
func (w *work) settleAnew(s *Stage, ties []contest) (hangs bool, err error) {
	lots, seats, before := w.Lots, slices.Clone(s.Seats), len(w.out.Ties)
	for _, w.Lots = range [][]Lot{nil, lots} { // first as far as votes decide
		copy(s.Seats, seats)
		w.out.Ties = w.out.Ties[:before]
		open, err := w.settle(s, ties)
		if err != nil {
			return false, err
		}
		above, may := false, false
		for k, i := range s.Lists {
			above = above || s.Seats[k] > w.Caps[i]
			may = may || s.Seats[k] >= w.Caps[i] && slices.Contains(open, i)
		}
		if above && !may {
			isOpen := func(t Tie) bool { return t.Stage == len(w.out.Certificate.Stages) && t.Settled == Open }
			w.out.Ties = slices.DeleteFunc(w.out.Ties, isOpen)
			w.Lots = lots
			return false, nil
		}
		hangs = may
	}
	return hangs, nil
}
