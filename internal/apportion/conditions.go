package apportion

import "slices"

// lead finds the list with the most votes, -1 when a lot must decide, and gives it
// the seats of the stage. At stake are as many or more, which it may have anyway.
func (w *work) lead(seats, stake int) (first int, err error) {
	lists := w.voted()
	if len(lists) == 0 {
		return -1, nil
	}
	s, votes := w.stage(Lead, lists, seats)
	most := slices.Max(votes)
	var best []int
	for k, i := range lists {
		if votes[k] == most {
			best = append(best, i)
		}
	}
	winners := best
	if len(best) > 1 {
		claim := Fraction{num: wide{lo: uint64(most)}, den: wide{lo: 1}}
		if winners, err = w.drawn(Tie{Lists: best, Seats: stake, Quotient: claim, Together: true}); err != nil {
			return 0, err
		}
	}
	first = -1
	if len(winners) == 1 {
		first = winners[0]
		k, _ := slices.BinarySearch(lists, first)
		s.Seats[k] = seats
	}
	w.keep(s)
	return first, nil
}

// atLeast gives the list with the most votes no less than the bonus. Who that is
// need not be known where every such list has as much by its share, whoever wins a
// lot.
func (w *work) atLeast() error {
	bonus := w.Bonus.Seats
	plain := *w
	plain.Bonus, plain.Lots = Bonus{}, nil
	plain.out.Seats, plain.spare = slices.Clone(w.out.Seats), nil
	if err := plain.rest(); err != nil {
		return err
	}
	most := slices.Max(w.Votes)
	enough := true
	for i, v := range w.Votes {
		enough = enough && (v < most || plain.out.Seats[i] >= bonus)
	}
	if enough {
		return w.rest()
	}
	first, err := w.lead(0, bonus)
	if err != nil || first < 0 {
		copy(w.out.Seats, w.Minimums)
		w.out.hangs = true
		return err // all else hangs on the lot
	}
	w.Minimums = slices.Concat(w.Minimums, make([]int, len(w.Votes)-len(w.Minimums)))
	w.Minimums[first] = max(w.Minimums[first], bonus)
	w.Overhang = OverhangWithin
	return w.rest()
}

// overhang divides the seats with no regard to the minimums, and lets the house grow.
func (w *work) overhang(lists []int) error {
	if w.Overhang == OverhangLevelled && len(lists) > 0 {
		votes := make([]int64, len(lists))
		for k, i := range lists {
			votes[k] = w.Votes[i]
		}
		a := award{divisors: w.Method.divisors, votes: votes}
		house := a.grown(w.house, of(w.Minimums, lists), w.MoreVotes)
		if house > MaxSeats {
			return wrong("overhang", -1, "the house would have more than %d seats", MaxSeats)
		}
		w.out.Overhang += house - w.house
		w.house = house
	}
	minimums := w.Minimums
	w.Minimums = nil
	if err := w.among(lists); err != nil {
		return err
	}
	w.Minimums = minimums
	for i, n := range minimums {
		if more := n - w.out.Seats[i]; more > 0 {
			w.out.Seats[i] = n
			w.out.Overhang += more
		}
	}
	return nil
}

// onTop gives the seats above the caps to the lists below theirs, stage by stage.
func (w *work) onTop(lists []int) error {
	pending := make([]int, len(w.Votes)) // open ties in which the list stands
	for house := w.house; ; {
		s, ties, err := w.divide(lists, house)
		if err != nil {
			return err
		}
		open, err := w.settle(s, ties)
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
			w.out.hangs = unsure
			return nil
		case len(below) == 0:
			w.out.Unfilled = above
			return nil
		}
		lists, house = below, above
	}
}

// anew divides all but the seats of the lists above their caps, or below their
// minimums, among the others, stage by stage. (Divisor methods need no stages, see
// [ExcessAnew].)
func (w *work) anew(lists []int) error {
	for house := w.house; ; {
		s, ties, err := w.divide(lists, house)
		if err != nil {
			return err
		}
		hangs, err := w.settleAnew(s, ties)
		if err != nil {
			return err
		}
		w.keep(s)
		var free []int
		for k, i := range lists {
			if bound := w.bound(i, s.Seats[k]); hangs || bound == s.Seats[k] {
				free = append(free, i)
			} else {
				w.out.Seats[i] = bound
				house -= bound
			}
		}
		switch {
		case hangs:
			w.out.hangs = true
			for _, i := range lists { // whoever wins, they have their minimums; all else is open
				w.out.Seats[i] = w.bound(i, 0)
			}
			return nil
		case len(free) == len(lists):
			for k, i := range lists {
				w.out.Seats[i] = s.Seats[k]
			}
			return nil
		case len(free) == 0:
			w.out.Unfilled = house
			return nil
		}
		lists = free
	}
}

// bound puts the seats of a list within its minimum and its cap.
func (w *work) bound(i, seats int) int {
	if w.Minimums != nil {
		seats = max(seats, w.Minimums[i])
	}
	if w.Caps != nil {
		seats = min(seats, w.Caps[i])
	}
	return seats
}

// settleAnew settles the ties of a stage whose seats may be divided anew, and reports
// whether an open one decides who is outside its bounds. Where lists are outside
// whoever wins, an open tie is void: it is not noted, and uses no lot.
func (w *work) settleAnew(s *Stage, ties []contest) (hangs bool, err error) {
	lots, seats, before := w.Lots, slices.Clone(s.Seats), len(w.out.Ties)
	for _, w.Lots = range [][]Lot{nil, lots} { // first as far as votes decide
		copy(s.Seats, seats)
		w.out.Ties = w.out.Ties[:before]
		open, err := w.settle(s, ties)
		if err != nil {
			return false, err
		}
		outside, may := false, false
		for k, i := range s.Lists {
			worst, best := s.Seats[k], s.Seats[k]
			for _, o := range open {
				if o == i {
					best++
				}
			}
			out := func(n int) bool { return w.bound(i, n) != n }
			outside = outside || out(worst) && out(best)
			may = may || out(worst) != out(best)
		}
		least := 0
		for _, i := range s.Lists {
			least += w.bound(i, 0)
		}
		if outside && !may || least == s.House && s.House > 0 { // minimums alone fill the house
			isOpen := func(t Tie) bool { return t.Stage == len(w.out.Certificate.Stages) && t.Settled == Open }
			w.out.Ties = slices.DeleteFunc(w.out.Ties, isOpen)
			w.Lots = lots
			return false, nil
		}
		hangs = may
	}
	return hangs, nil
}
