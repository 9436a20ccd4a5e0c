package apportion

import (
	"math"
	"slices"
)

// largeCouncil is the house from which on the Dutch act divides by highest averages alone
// (Art. P 7).
const largeCouncil = 19

// kieswet follows Art. P 5 to P 10 of the Dutch Elections Act. From 19 seats on the
// leftovers of whole quotas go to the highest averages, which is D'Hondt (P 7). Below,
// they go to the largest remainders of the lists with three quarters of a quota, one
// each; then to the highest averages, one each; then, which takes exhausted lists, to
// the highest averages (P 8). Of a list with more seats than candidates the seats
// above are leftovers too (P 10).
func (w *work) kieswet(lists []int) error {
	const least = 4 // and 3/4 of the quota
	if w.house == 0 {
		return w.plain(lists)
	}
	left := 0
	if w.house >= largeCouncil {
		if err := w.plain(lists); err != nil {
			return err
		}
	} else {
		s, votes := w.stage(Remainder, lists, w.house)
		s.most = of(w.Caps, lists)
		var err error
		if left, err = w.wholes(s, votes, hare); err != nil {
			return err
		}
		total := wide{}
		for _, v := range votes {
			total = total.add(wide{lo: uint64(v)})
		}
		held := func(k int) bool { return mul(uint64(votes[k]), least*uint64(w.house)).cmp(total.mul(3)) >= 0 }
		if left, err = w.remainders(s, votes, left, math.MaxInt, held); err != nil {
			return err
		}
		for _, once := range []bool{true, false} {
			if left > 0 && w.open() == 0 {
				if left, err = w.averages(lists, left, divisors{a: 1, b: 1, c: 1}, once); err != nil {
					return err
				}
			}
		}
	}
	if w.open() > 0 {
		w.out.hangs = true
		return nil // all that follows hangs on the lot
	}
	w.out.Unfilled += left
	return w.majority(lists)
}

// southAfrica follows Schedule 1A of the South African Electoral Act: five leftovers
// to the largest remainders, one each; the others to the parties with the most votes
// for each seat that they hold, one after the other. A party without a seat has no
// such average.
func (w *work) southAfrica(lists []int) error {
	const most = 5
	s, votes := w.stage(Remainder, lists, w.house)
	s.most = of(w.Caps, lists)
	left, err := w.wholes(s, votes, w.Method.quota)
	if err != nil {
		return err
	}
	if left, err = w.remainders(s, votes, left, most, func(int) bool { return true }); err != nil {
		return err
	}
	if w.open() > 0 {
		w.out.hangs = left > 0
		return nil // all that follows hangs on the lot
	}
	if left > 0 {
		left, err = w.averages(lists, left, divisors{a: 1, b: 0, c: 1}, false)
		w.out.Unfilled = left
	}
	return err
}

// open is how many seats of the stages wait for a lot, but for a bonus.
func (w *work) open() (sum int) {
	for _, s := range w.out.Certificate.Stages {
		if s.By != Lead {
			sum += s.Open
		}
	}
	return sum
}

// remainders gives one leftover each to the largest remainders, most at the most, of
// the lists that hold the right to one and have room, and returns what is left then.
func (w *work) remainders(s *Stage, votes []int64, left, most int, held func(k int) bool) (int, error) {
	s.rank(votes)
	may := func(k int) bool { return held(k) && (s.most == nil || s.Seats[k] < s.most[k]) }
	slices.SortStableFunc(s.Unserved, func(a, b int) int {
		switch {
		case may(a) == may(b):
			return 0
		case may(a):
			return -1
		}
		return 1
	})
	stand := 0
	for k := range votes {
		if may(k) {
			stand++
		}
	}
	n := min(left, most, stand)
	s.House -= left - n
	if s.House == 0 {
		return left - n, nil
	}
	ties := s.lastRound(n, stand)
	if err := w.add(s, ties); err != nil {
		return 0, err
	}
	return left - n, nil
}

// averages gives seats on top of those that the lists have to the highest quotients
// of these divisors, one each if once, and returns what is left when none has room.
func (w *work) averages(lists []int, left int, d divisors, once bool) (int, error) {
	s, votes := w.stage(Average, lists, 0)
	s.Held = of(w.out.Seats, lists)
	s.Seats, s.least = slices.Clone(s.Held), s.Held
	s.most = make([]int, len(lists))
	room := int64(0)
	for k, n := range s.Held {
		s.most[k] = n + MaxSeats
		if once {
			s.most[k] = n + 1
		}
		if w.Caps != nil {
			s.most[k] = max(n, min(s.most[k], w.Caps[lists[k]]))
		}
		if n == 0 && d.b == 0 {
			s.most[k] = 0
		}
		room += int64(min(s.most[k]-n, left))
	}
	if s.House = int(min(int64(left), room)); s.House == 0 {
		return left, nil
	}
	a := award{d, votes, s.least, s.most, s.Seats}
	sum := s.House
	for _, n := range s.Held {
		sum += n
	}
	a.divide(sum)
	ties := a.boundary(s)
	for k, n := range s.Held {
		s.Seats[k] -= n
	}
	return left - s.House, w.add(s, ties)
}

// add settles a stage and adds its seats to those that the lists have.
func (w *work) add(s *Stage, ties []contest) error {
	if _, err := w.settle(s, ties); err != nil {
		return err
	}
	w.keep(s)
	for k, i := range s.Lists {
		w.out.Seats[i] += s.Seats[k]
	}
	return nil
}

// majority gives a list with more than half of the votes and no more than half of the
// seats one more: that of the list which was served last, of several a lot says
// which keep theirs (Kieswet, Art. P 9).
func (w *work) majority(lists []int) error {
	var total wide
	first := lists[0]
	for _, i := range lists {
		total = total.add(wide{lo: uint64(w.Votes[i])})
		if w.Votes[i] > w.Votes[first] {
			first = i
		}
	}
	seats := w.out.Seats[first]
	if (wide{lo: uint64(w.Votes[first])}).mul(2).cmp(total) <= 0 || 2*seats > w.house || w.Caps != nil && seats >= w.Caps[first] {
		return nil
	}
	last := w.lastServed(first)
	if last == nil {
		return nil
	}
	s, _ := w.stage(Majority, lists, 0)
	position := func(i int) int { k, _ := slices.BinarySearch(lists, i); return k }
	s.Seats[position(first)] = 1
	for _, i := range last {
		s.Seats[position(i)] = -1
	}
	if len(last) > 1 {
		before := w.out.Certificate.Stages[len(w.out.Certificate.Stages)-1]
		keep, err := w.drawn(Tie{Lists: last, Seats: len(last) - 1, Quotient: before.To})
		if err != nil {
			return err
		}
		for _, i := range keep {
			s.Seats[position(i)] = 0
		}
	}
	w.keep(s)
	for k, i := range lists {
		w.out.Seats[i] += s.Seats[k]
	}
	return nil
}

// lastServed are the lists, but for one, with the lowest claim that the last stage
// with leftovers served.
func (w *work) lastServed(but int) (last []int) {
	stages := w.out.Certificate.Stages
	s := &stages[len(stages)-1]
	for k, i := range s.Lists {
		if i == but || s.Seats[k] == 0 {
			continue
		}
		switch s.By {
		case Remainder:
			if slices.Contains(s.Served, k) && s.Remainders[k] == s.To {
				last = append(last, i)
			}
		default:
			if d := (&divisors{a: 1, b: 1, c: 1}); d.quotient(w.Votes[i], w.out.Seats[i]-1).Cmp(s.To) == 0 {
				last = append(last, i)
			}
		}
	}
	return last
}
