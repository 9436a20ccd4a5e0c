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
// lot, under every method, but for a minimum that it has.
//
// Lists that stand together are divided by [AllocateAllied], seats of districts and
// lists at once by [AllocateMatrix].
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
	Method Method  // what Find or Methods gives; the zero value is refused

	// Base is the number of votes that a quota is of, where lists that take no part count
	// in it, not below the votes of the lists (South Africa). 0: it is of theirs. It goes
	// with quotas and without caps or minimums.
	Base int64

	// Minimums are the fewest seats of each list, 0 or more: those that it holds already,
	// won in constituencies, or that the law owes it. nil: none. They are in the house.
	Minimums []int
	Overhang Overhang // what becomes of the house where a minimum is above the list's share
	Caps     []int    // by list, the most seats it may have, such as its candidates, 0 or more; nil: no caps
	Excess   Excess   // what becomes of the seats above a cap
	Bonus    Bonus    // for the list with the most votes

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
	// divisor method this is: the highest quotients of lists that have room. Under
	// kieswet and droop_averages what is above a cap is a leftover (Kieswet, Art. P 10).
	ExcessAnew Excess = iota
	// ExcessOnTop: the others keep what they have. Only the seats above the caps are
	// divided, by the same method, among the lists that are below theirs, until no
	// list is above (Kyrgyz practice).
	ExcessOnTop
)

// Overhang says what becomes of the house where a list's minimum is more than its
// share of the seats.
type Overhang uint8

const (
	// OverhangWithin: the house stays. The list keeps its minimum, and the other seats
	// are divided anew among the others, until no list is below its minimum: levelling
	// seats (Norway, Denmark). With a divisor method this is: the highest quotients,
	// those of the seats that are held left out.
	OverhangWithin Overhang = iota
	// OverhangOnTop: the seats are divided as if there were no minimums, and what a
	// minimum is above that comes on top of the house (New Zealand).
	OverhangOnTop
	// OverhangLevelled: the house grows until no minimum is above the list's share, whoever
	// wins a lot (Germany, 2013 to 2021). With divisor methods alone.
	OverhangLevelled
)

// A Bonus is seats for the list with the most votes. Where several have as many,
// MoreVotes settles nothing, and a lot decides. Caps and minimums bind the division
// without it.
type Bonus struct {
	Seats int       // 0: none; at most the house
	Kind  BonusKind //
}

// BonusKind says how a bonus is given.
type BonusKind uint8

const (
	BonusExtra BonusKind = iota // the bonus first, and a share of the other seats (Greece)
	BonusFloor                  // no more than its share where that is as much; else so many, and the others share the rest (San Marino)
)

// An Allocation is the answer to a [Problem]: Seats, Open and Unfilled add up to
// its house and Overhang.
type Allocation struct {
	Seats    []int // by list, as far as they are settled
	Open     int   // seats that wait for a lot: those of the open ties, and all that hang on the outcome
	Unfilled int   // seats that no list can take, all being at their caps
	Overhang int   // seats above the house, for minimums; while lots are open, the most that there can be

	// Ties holds the equal claims on too few seats, settled or open, in the order in
	// which they came up. Equal claims that all fit are no tie.
	Ties        []Tie
	Certificate Certificate

	hangs bool // seats of lists in no open tie may change by a lot
}

// A Certificate is what proves an allocation: one stage as a rule, and more where
// caps set seats free, minimums bind, or the method goes in rounds.
type Certificate struct{ Stages []Stage }

// A Stage is one division of seats among lists. Its slices go by position in Lists.
//
// By Quotient: every divisor above From and up to To gives this result, as
// [Method.ByHand] says. From is the highest quotient that won no seat, 0 when no
// list has room for one more; To is the lowest that won one, infinite when it is a
// first seat that the method owes, or when there was no seat. They are equal
// where a tie is or was. Seats that a minimum gives have no part in that.
//
// By Remainder and ByVotes: a seat for each whole quota, and the leftovers to the
// largest claims, or what was too much taken back from the smallest. From is the
// largest claim that lost, To the smallest that won in that last round; both
// are 0 when there was none.
//
// By Average: as by Quotient, on top of the seats Held.
//
// The quota method goes seat by seat and has no certificate but its steps: From
// and To are 0, as they are by Lead and by Majority.
type Stage struct {
	By    Claim
	Lists []int // that took part, ascending, as indices into Problem.Votes
	House int   // seats divided
	Held  []int // by Average: the seats that each list had from the stages before; else nil
	Seats []int // what each list got, before caps cut it; open seats left out
	Open  int   // seats that a lot decides

	From, To      Fraction
	LastServed    int // position of a list with the claim To; -1: none
	FirstUnserved int // position of a list with the claim From; -1: none

	// Of quotas alone:
	Quota      Fraction   // votes for a seat
	Whole      []int64    // votes / quota, rounded down
	Remainders []Fraction // what is left of that, from 0 to below 1, as a part of the quota
	// Served are the positions of the lists that won in the last round, by falling
	// claims; Unserved are the others, those that did not stand in it last.
	Served, Unserved []int

	least, most []int      // bounds on the seats, nil: none
	base        []int      // the seats before the last round
	claims      []Fraction // on a leftover, by position
}

// A Claim is what the lists hold out for a seat, by which a stage gives it.
type Claim uint8

const (
	Quotient  Claim = iota // votes / d(n)
	Remainder              // votes / quota − n
	ByVotes                // votes, for the leftovers of whole quotas
	Average                // votes / (seats held + 1), under droop_averages votes / seats held
	Seatwise               // as the quota method says, seat by seat
	Lead                   // votes, for all the seats together: a bonus
	Majority               // the seat that a majority of votes brings from the last one served (Kieswet, Art. P 9)
)

func (c Claim) String() string {
	return [...]string{"quotient", "remainder", "votes", "average", "seatwise", "lead", "majority"}[c]
}

// ErrNoVotes says that there are seats and no list has a vote.
var ErrNoVotes = errors.New("no list has a vote")

// A ProblemError says what of a [Problem] or a [Matrix] cannot be.
type ProblemError struct {
	Field string // "votes", "seats", "method", "caps", "minimums", "overhang", "excess", "bonus", "base" or "alliances"
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
// reaches its cap, or is below its minimum, may repeat the division.
//
// A lot is asked for only where a draw can change the seats; but where caps or
// minimums bind in several stages (quotas, the quota method, ExcessOnTop), or a
// majority takes a seat (kieswet), a draw may turn out to lead to the same seats
// whoever wins.
//
// Errors: [ErrNoVotes], a [*ProblemError], a [*LotError].
func Allocate(p Problem) (Allocation, error) {
	if err := p.check(); err != nil {
		return Allocation{}, err
	}
	if a, ok := p.once(); ok {
		return a, nil
	}
	return p.inStages()
}

// inStages is Allocate of a problem that was checked.
func (p *Problem) inStages() (Allocation, error) {
	w := work{Problem: *p, house: p.Seats, spare: make([]int, 3*len(p.Votes))} // for the seats, and for one stage
	w.out.Seats = w.ints(len(p.Votes))
	err := w.all()
	if err == nil {
		err = w.unusedLot()
	}
	if err != nil {
		return Allocation{}, err
	}
	w.out.Open = p.Seats + w.out.Overhang - w.out.Unfilled
	for _, n := range w.out.Seats {
		w.out.Open -= n
	}
	return w.out, nil
}

// once is the division of all seats among lists with votes by a divisor method without
// conditions, if there is no tie: what most elections ask for, a quarter faster than
// with the bookkeeping of stages, and nothing else.
func (p *Problem) once() (a Allocation, ok bool) {
	d := &p.Method.divisors
	if !p.Method.IsDivisor() || d.shape == powers || d.ends || d.startsAtZero() || p.Seats == 0 ||
		p.Caps != nil || p.Minimums != nil || p.Bonus.Seats > 0 || p.Lots != nil || slices.Contains(p.Votes, 0) {
		return a, false
	}
	n := len(p.Votes)
	ints := make([]int, 3*n)
	a.Seats = ints[:n:n]
	a.Certificate.Stages = make([]Stage, 1)
	s := &a.Certificate.Stages[0]
	s.House, s.Seats, s.Lists = p.Seats, ints[n:2*n:2*n], ints[2*n:]
	w := award{divisors: *d, votes: p.Votes, seats: s.Seats}
	w.divide(p.Seats)
	if w.boundary(s) != nil {
		return a, false
	}
	for i, seats := range s.Seats {
		a.Seats[i], s.Lists[i] = seats, i
	}
	return a, true
}

// check refuses what cannot be.
func (p *Problem) check() error {
	if p.Method.Name == "" {
		return wrong("method", -1, "none is named")
	}
	if p.Seats < 0 || p.Seats > MaxSeats {
		return wrong("seats", -1, "found %d, want 0 to %d", p.Seats, MaxSeats)
	}
	votes, owed := false, 0
	for i, v := range p.Votes {
		if v < 0 {
			return wrong("votes", i, "found %d, want 0 or more", v)
		}
		votes = votes || v > 0
	}
	if err := checkBounds("caps", p.Caps, len(p.Votes)); err != nil {
		return err
	}
	if err := checkBounds("minimums", p.Minimums, len(p.Votes)); err != nil {
		return err
	}
	for i, n := range p.Minimums {
		if p.Caps != nil && n > p.Caps[i] {
			return wrong("minimums", i, "found %d, above the cap of %d", n, p.Caps[i])
		}
		if owed += min(n, MaxSeats+1); owed > MaxSeats {
			return wrong("minimums", -1, "found more than %d in all", MaxSeats)
		}
	}
	house := p.Seats
	if p.Bonus.Kind == BonusExtra {
		house -= p.Bonus.Seats
	}
	if p.Overhang == OverhangWithin && owed > max(house, 0) {
		return wrong("minimums", -1, "found %d in all, for %d seats", owed, max(house, 0))
	}
	if !votes && p.Seats > 0 && (p.Overhang != OverhangWithin || p.Seats > owed) {
		return ErrNoVotes
	}
	if err := p.combine(); err != nil {
		return err
	}
	if p.Bonus.Seats > 0 && p.Bonus.Kind == BonusFloor {
		if err := p.checkFloor(owed); err != nil {
			return err
		}
	}
	return p.checkEnd()
}

// checkFloor refuses a floor that a list with the most votes cannot have.
func (p *Problem) checkFloor(owed int) error {
	most := slices.Max(p.Votes)
	for i, v := range p.Votes {
		least := 0
		if p.Minimums != nil {
			least = p.Minimums[i]
		}
		switch all := owed - least + max(least, p.Bonus.Seats); {
		case v < most:
		case p.Caps != nil && p.Caps[i] < p.Bonus.Seats:
			return wrong("bonus", i, "the floor of %d is above its cap", p.Bonus.Seats)
		case all > p.Seats:
			return wrong("bonus", -1, "a floor of %d and the minimums of other lists are %d, for %d seats", p.Bonus.Seats, all, p.Seats)
		}
	}
	return nil
}

// checkEnd refuses to give a list more seats than there are divisors.
func (p *Problem) checkEnd() error {
	end := p.Method.divisors.end()
	if !p.Method.IsDivisor() || end == MaxSeats {
		return nil
	}
	if p.Bonus.Kind == BonusFloor && p.Bonus.Seats > end {
		return wrong("bonus", -1, "found a floor of %d, and the divisors give a list at most %d", p.Bonus.Seats, end)
	}
	for i, n := range p.Minimums {
		if p.Overhang == OverhangWithin && n > end && p.Votes[i] > 0 {
			return wrong("minimums", i, "found %d, and the divisors give a list at most %d", n, end)
		}
	}
	return nil
}

// checkBounds refuses bounds that are no numbers of seats, one a list.
func checkBounds(field string, by []int, lists int) error {
	if by != nil && len(by) != lists {
		return wrong(field, -1, "found %d for %d lists", len(by), lists)
	}
	for i, n := range by {
		if n < 0 {
			return wrong(field, i, "found %d, want 0 or more", n)
		}
	}
	return nil
}

// combine refuses conditions that have no meaning together.
func (p *Problem) combine() error {
	m := p.Method
	rounds := m.kind == kieswet || m.kind == southAfrica
	floor := p.Bonus.Seats > 0 && p.Bonus.Kind == BonusFloor
	switch {
	case p.Excess > ExcessOnTop:
		return wrong("excess", -1, "found %d, want ExcessAnew or ExcessOnTop", p.Excess)
	case p.Overhang > OverhangLevelled:
		return wrong("overhang", -1, "found %d, want OverhangWithin, OverhangOnTop or OverhangLevelled", p.Overhang)
	case p.Bonus.Kind > BonusFloor || p.Bonus.Seats < 0 || p.Bonus.Seats > p.Seats:
		return wrong("bonus", -1, "found %d seats of kind %d, want 0 to %d of BonusExtra or BonusFloor", p.Bonus.Seats, p.Bonus.Kind, p.Seats)
	case p.Base != 0 && (!m.IsQuota() || p.Caps != nil || p.Minimums != nil || floor):
		return wrong("base", -1, "goes with quotas, and without caps or minimums")
	case p.Base != 0 && (p.Base < 0 || p.total().cmp(wide{lo: uint64(p.Base)}) > 0):
		return wrong("base", -1, "found %d, want no less than the votes of the lists", p.Base)
	case m.kind == leader && (p.Caps != nil || p.Minimums != nil || p.Bonus.Seats > 0):
		return wrong("method", -1, "%s knows no caps, minimums or bonus", m.Name)
	case rounds && (p.Minimums != nil || p.Caps != nil && p.Excess == ExcessOnTop || floor):
		return wrong("method", -1, "%s knows no minimums, no floor, and of caps those alone whose excess is divided anew", m.Name)
	case p.Minimums == nil && !floor:
		return nil
	case floor && p.Minimums != nil && p.Overhang != OverhangWithin:
		return wrong("bonus", -1, "a floor goes with minimums within the house alone")
	case p.Overhang == OverhangLevelled && (!m.IsDivisor() || p.Caps != nil || m.divisors.ends || m.divisors.shape == powers || p.Bonus.Seats > 0):
		return wrong("overhang", -1, "levelled goes with divisor methods without an end, and without caps or a bonus")
	case p.Caps != nil && (!m.IsDivisor() || p.Excess == ExcessOnTop):
		return wrong("caps", -1, "go with minimums under divisor methods alone, and where the excess is divided anew")
	}
	return nil
}

// total is the votes of all lists.
func (p *Problem) total() (sum wide) {
	for _, v := range p.Votes {
		sum = sum.add(wide{lo: uint64(v)})
	}
	return sum
}

// work is an allocation in progress.
type work struct {
	Problem
	house int // seats of the division, without a bonus
	out   Allocation
	used  []bool // by lot

	stages []Stage // the stage in progress, alone
	spare  []int
}

// ints gives so many zeros, as a rule without an allocation of their own.
func (w *work) ints(n int) []int {
	if n > len(w.spare) {
		return make([]int, n)
	}
	given := w.spare[:n:n]
	w.spare = w.spare[n:]
	return given
}

// all goes from the lists with votes to the seats.
func (w *work) all() error {
	if w.Bonus.Seats > 0 && w.Bonus.Kind == BonusFloor {
		return w.atLeast()
	}
	extra := w.Bonus.Seats
	if w.Method.kind == leader {
		extra = w.house
	}
	first := -1
	if extra > 0 {
		w.house -= extra
		var err error
		if first, err = w.lead(extra, extra); err != nil {
			return err
		}
	}
	if w.Method.kind != leader {
		if err := w.rest(); err != nil {
			return err
		}
	}
	if first >= 0 {
		w.out.Seats[first] += extra
	}
	return nil
}

// rest is the division without a bonus.
func (w *work) rest() error {
	lists := w.voted()
	for i, n := range w.Minimums {
		if w.Votes[i] > 0 || n == 0 {
			continue
		}
		w.out.Seats[i] = n
		if w.Overhang == OverhangWithin {
			w.house -= n
		} else {
			w.out.Overhang += n
		}
	}
	if w.Minimums != nil && w.Overhang != OverhangWithin {
		return w.overhang(lists)
	}
	return w.among(lists)
}

// among divides the house among lists as the method goes about it.
func (w *work) among(lists []int) error {
	switch {
	case w.Method.kind == kieswet:
		return w.kieswet(lists)
	case w.Method.kind == southAfrica:
		return w.southAfrica(lists)
	case w.Caps == nil && w.Minimums == nil:
		return w.plain(lists)
	case w.Caps != nil && w.Excess == ExcessOnTop:
		return w.onTop(lists)
	case !w.Method.IsDivisor():
		return w.anew(lists)
	}
	return w.plain(lists)
}

// voted are the lists with votes.
func (w *work) voted() []int {
	lists := w.ints(len(w.Votes))[:0]
	for i, v := range w.Votes {
		if v > 0 {
			lists = append(lists, i)
		}
	}
	return lists
}

// plain is one division, in which the bounds of a divisor method bind at once.
func (w *work) plain(lists []int) error {
	if w.Caps != nil {
		lists = slices.DeleteFunc(slices.Clone(lists), func(i int) bool { return w.Caps[i] == 0 })
		room := int64(0)
		for _, i := range lists {
			room += int64(min(w.Caps[i], w.house))
		}
		w.out.Unfilled = int(max(0, int64(w.house)-room))
	}
	s, ties, err := w.divide(lists, w.house-w.out.Unfilled)
	if err != nil {
		return err
	}
	if _, err = w.settle(s, ties); err != nil {
		return err
	}
	w.keep(s)
	for k, i := range lists {
		w.out.Seats[i] = s.Seats[k]
	}
	return nil
}

// keep notes a stage when all is settled in it that will be.
func (w *work) keep(s *Stage) {
	s.Open = s.House
	for _, n := range s.Seats {
		s.Open -= n
	}
	if s.By == Remainder || s.By == ByVotes {
		s.split()
	}
	if w.out.Certificate.Stages == nil && s == &w.stages[0] {
		w.out.Certificate.Stages = w.stages // as a rule there is no other
		return
	}
	w.out.Certificate.Stages = append(w.out.Certificate.Stages, *s)
}

// stage begins a division of seats among lists.
func (w *work) stage(by Claim, lists []int, house int) (*Stage, []int64) {
	votes := w.Votes
	if len(lists) < len(votes) {
		votes = make([]int64, len(lists))
		for k, i := range lists {
			votes[k] = w.Votes[i]
		}
	}
	w.stages = make([]Stage, 1)
	s := &w.stages[0]
	s.By, s.Lists, s.House, s.Seats, s.LastServed, s.FirstUnserved = by, lists, house, w.ints(len(lists)), -1, -1
	return s, votes
}

// divide applies the method once. In divisor methods the minimums bind, and the caps
// where what is above them is divided anew.
func (w *work) divide(lists []int, house int) (s *Stage, ties []contest, err error) {
	by := [...]Claim{byRemainder: Remainder, byVotes: ByVotes, byQuota: Seatwise, kieswet: Quotient}[w.Method.kind]
	s, votes := w.stage(by, lists, house)
	switch by {
	case Quotient:
		if w.Excess == ExcessAnew {
			s.most = of(w.Caps, lists)
		}
		if w.Overhang == OverhangWithin {
			s.least = of(w.Minimums, lists)
		}
		ties, err = w.byDivisors(s, votes)
	case Seatwise:
		ties, err = byQuotaMethod(s, votes)
	default:
		ties, err = w.byQuotas(s, votes)
	}
	return s, ties, err
}

// of picks the figures of lists.
func of(figures []int, lists []int) []int {
	if figures == nil {
		return nil
	}
	picked := make([]int, len(lists))
	for k, i := range lists {
		picked[k] = figures[i]
	}
	return picked
}
