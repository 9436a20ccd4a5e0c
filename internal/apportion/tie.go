package apportion

import (
	"cmp"
	"fmt"
	"slices"
)

// A Tie is equal claims of several lists on fewer seats.
//
// Where more votes settle it in part, two ties follow each other: the whole one,
// with the winners that more votes decide, if any, and the rest, among lists with
// equal votes, for which a lot is wanted.
type Tie struct {
	Lists    []int    // ascending
	Seats    int      // at stake: 1 or more, fewer than Lists
	Quotient Fraction // the equal claim: a quotient, or a remainder as a part of the quota
	Settled  Settled
	Winners  []int // whom Settled serves, ascending; none of an open tie
	Stage    int   // in which it came up, as an index into Certificate.Stages

	// Together says that one list takes all the seats at stake, those of a bonus.
	Together bool
}

// Served is how many of the lists a draw serves.
func (t Tie) Served() int {
	if t.Together {
		return 1
	}
	return t.Seats
}

// Settled says how a tie ended.
type Settled uint8

const (
	Open        Settled = iota // it waits for a lot
	ByMoreVotes                // the law prefers more votes
	ByLot                      // a lot was drawn
)

func (s Settled) String() string { return [...]string{"open", "more votes", "lot"}[s] }

// A Lot is a draw that was held. Its indices may stand in any order. Where the same
// lists are tied twice, the first lot answers the first tie.
type Lot struct {
	Lists   []int // exactly the lists of the tie that it answers
	Winners []int // those of them that it serves, one for each seat at stake
}

// A LotError is a lot that does not answer a tie of the problem.
type LotError struct {
	Lot  int    // index into Problem.Lots
	Tie  *Tie   // the tie that it is, or seems to be, about; nil when there is none
	What string // without indices; for the names see Tie
}

func (e *LotError) Error() string {
	if e.Tie == nil {
		return fmt.Sprintf("lot %d: %s", e.Lot+1, e.What)
	}
	return fmt.Sprintf("lot %d: %s; tied are the lists %v, for %d", e.Lot+1, e.What, e.Tie.Lists, e.Tie.Seats)
}

// A contest is a tie before anything settles it, by position in a stage. As a rule
// it has one batch. Under the quota method a list may become eligible with an
// equal quotient when seats of that level are given already: it stands in a later
// batch, and contends with those whom the earlier ones leave unserved.
type contest struct {
	quotient Fraction
	batches  []batch
}

type batch struct {
	lists []int
	seats int
}

// settle serves the winners of the ties of a stage, and returns the lists that an
// open one may yet serve.
func (w *work) settle(s *Stage, ties []contest) (open []int, err error) {
	for _, t := range ties {
		var pool []int
		for n, b := range t.batches {
			for _, k := range b.lists {
				pool = append(pool, s.Lists[k])
			}
			slices.Sort(pool)
			winners, err := w.winners(pool, b.seats, t.quotient)
			if err != nil {
				return nil, err
			}
			for _, i := range winners {
				k, _ := slices.BinarySearch(s.Lists, i)
				s.Seats[k]++
			}
			pool = slices.DeleteFunc(pool, func(i int) bool { return slices.Contains(winners, i) })
			if len(winners) < b.seats { // who contends in the next batch hangs on this draw
				if n+1 == len(t.batches) {
					pool = w.out.Ties[len(w.out.Ties)-1].Lists // more votes may have left out some
				}
				open = append(open, pool...)
				for _, later := range t.batches[n+1:] {
					for _, k := range later.lists {
						open = append(open, s.Lists[k])
					}
				}
				break
			}
			if s.LastServed >= 0 { // now it is known which of the equal claims won
				s.LastServed, _ = slices.BinarySearch(s.Lists, winners[0])
				s.FirstUnserved, _ = slices.BinarySearch(s.Lists, pool[0])
			}
		}
	}
	return open, nil
}

// winners gives those of lists whom more votes or a lot serve: one for each seat,
// fewer when a lot is wanted.
func (w *work) winners(lists []int, seats int, q Fraction) ([]int, error) {
	if len(lists) == seats { // possible only in an early batch
		return slices.Clone(lists), nil
	}
	var winners []int
	if w.MoreVotes {
		lists, winners = w.byVotes(lists, seats, q)
		if seats -= len(winners); seats == 0 {
			return winners, nil
		}
	}
	drawn, err := w.drawn(Tie{Lists: slices.Clone(lists), Seats: seats, Quotient: q})
	return append(winners, drawn...), err
}

// drawn notes a tie and gives the winners that a lot names; none when there is no
// lot for it.
func (w *work) drawn(t Tie) (winners []int, err error) {
	lists, serves := t.Lists, t.Served()
	t.Stage = len(w.out.Certificate.Stages)
	for l, lot := range w.Lots {
		if w.used == nil {
			w.used = make([]bool, len(w.Lots))
		}
		if w.used[l] || !slices.Equal(slices.Sorted(slices.Values(lot.Lists)), lists) {
			continue
		}
		drawn := slices.Compact(slices.Sorted(slices.Values(lot.Winners)))
		switch {
		case len(lot.Winners) != serves && t.Together:
			return nil, &LotError{l, &t, fmt.Sprintf("the lot has %d winners, and one takes all %d seats", len(lot.Winners), t.Seats)}
		case len(lot.Winners) != serves:
			return nil, &LotError{l, &t, fmt.Sprintf("the lot has %d winners for %d seats", len(lot.Winners), serves)}
		case len(drawn) != serves:
			return nil, &LotError{l, &t, "the lot names a winner twice"}
		case slices.ContainsFunc(drawn, func(i int) bool { return !slices.Contains(lists, i) }):
			return nil, &LotError{l, &t, "a winner of the lot is not among its lists"}
		}
		w.used[l] = true
		t.Settled, t.Winners = ByLot, drawn
		winners = drawn
		break
	}
	w.out.Ties = append(w.out.Ties, t)
	return winners, nil
}

// byVotes serves the lists with the most votes as far as votes differ, and returns
// those that are tied still.
func (w *work) byVotes(lists []int, seats int, q Fraction) (tied, winners []int) {
	order := slices.Clone(lists)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.Votes[b], w.Votes[a]) })
	bar := w.Votes[order[seats-1]]
	clear := w.Votes[order[seats]] < bar // no other list has as many votes as the last winner
	for _, i := range lists {
		switch v := w.Votes[i]; {
		case v > bar || clear && v == bar:
			winners = append(winners, i)
		case v == bar:
			tied = append(tied, i)
		}
	}
	if len(tied) < len(lists) {
		w.out.Ties = append(w.out.Ties, Tie{Lists: slices.Clone(lists), Seats: seats, Quotient: q, Settled: ByMoreVotes, Winners: slices.Clone(winners), Stage: len(w.out.Certificate.Stages)})
	}
	return tied, winners
}

// unusedLot is an error for the first lot that answered no tie.
func (w *work) unusedLot() error {
	for l, lot := range w.Lots {
		if w.used != nil && w.used[l] {
			continue
		}
		for _, t := range w.out.Ties {
			if t.Settled == Open && slices.ContainsFunc(lot.Lists, func(i int) bool { return slices.Contains(t.Lists, i) }) {
				return &LotError{l, &t, "the lot is not of the lists that are tied"}
			}
		}
		return &LotError{l, nil, "the lot answers no tie of this count"}
	}
	return nil
}
