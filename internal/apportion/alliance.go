package apportion

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// An Alliance is lists that stand as one in a division and then share what it won:
// an apparentment, a combination of lists, an agreement on leftovers. Its members
// may be alliances themselves.
type Alliance struct {
	Lists     []int      // members that are lists, as indices into Problem.Votes
	Alliances []Alliance // members that are alliances
	Method    Method     // divides its seats among the members; the zero value: that of the Problem
}

// Allied is the answer to a [Problem] with alliances: Seats, Open and Unfilled add up
// to its house and Overhang.
type Allied struct {
	Seats                    []int // by list, as far as they are settled
	Open, Unfilled, Overhang int   // as in Allocation

	// Divisions proves it: the whole, and each alliance whose seats are settled, in the
	// order in which they are given, each before its own members.
	Divisions []Division
}

// A Division is a division among members, each of which is a list alone or an
// alliance. The indices in its Problem and Allocation go by place in Members.
type Division struct {
	Members    [][]int // the lists of each member, ascending
	Problem    Problem
	Allocation Allocation
}

// AllocateAllied divides the seats among alliances and the lists outside of them, in
// the order of their first lists, and then those of each alliance among its members.
//
// An alliance has the votes, minimums and caps of its lists together. A bonus goes to
// the member of the whole with the most votes. A lot on a tie of members names all the
// lists of each, and all the lists of the winners.
//
// While a lot is open on how many seats an alliance has, its lists have as many as they
// get whoever wins.
//
// Errors: those of [Allocate]; a [*ProblemError] for a list that is in two alliances.
func AllocateAllied(p Problem, alliances []Alliance) (Allied, error) {
	members, err := p.members(alliances)
	if err != nil {
		return Allied{}, err
	}
	w := allied{p: p, used: make([]bool, len(p.Lots)), out: Allied{Seats: make([]int, len(p.Votes))}}
	a, err := w.divide(p, members)
	if err != nil {
		return Allied{}, err
	}
	for l, used := range w.used {
		if !used {
			return Allied{}, &LotError{l, nil, "the lot answers no tie of this count"}
		}
	}
	w.out.Unfilled, w.out.Overhang = a.Unfilled, a.Overhang
	w.out.Open = p.Seats + a.Overhang - a.Unfilled
	for _, n := range w.out.Seats {
		w.out.Open -= n
	}
	return w.out, nil
}

// A member is a list alone or an alliance.
type member struct {
	lists    []int
	alliance *Alliance // nil: a list alone
}

// members are the alliances, and the lists in none, in the order of their first lists.
func (p *Problem) members(alliances []Alliance) ([]member, error) {
	in := make([]bool, len(p.Votes))
	var list []member
	for k := range alliances {
		lists, err := alliances[k].all(in, 0)
		if err != nil {
			return nil, err
		}
		list = append(list, member{lists, &alliances[k]})
	}
	for i := range p.Votes {
		if !in[i] {
			list = append(list, member{[]int{i}, nil})
		}
	}
	slices.SortFunc(list, func(a, b member) int { return a.lists[0] - b.lists[0] })
	return list, nil
}

// all gives the lists of an alliance, ascending, and marks them.
func (a *Alliance) all(in []bool, depth int) (lists []int, err error) {
	const deepest = 20
	if depth > deepest {
		return nil, wrong("alliances", -1, "alliances within alliances, more than %d deep", deepest)
	}
	for _, i := range a.Lists {
		switch {
		case i < 0 || i >= len(in):
			return nil, wrong("alliances", i, "there is no such list")
		case in[i]:
			return nil, wrong("alliances", i, "it is in two alliances")
		}
		in[i] = true
		lists = append(lists, i)
	}
	for k := range a.Alliances {
		more, err := a.Alliances[k].all(in, depth+1)
		if err != nil {
			return nil, err
		}
		lists = append(lists, more...)
	}
	if len(lists) == 0 {
		return nil, wrong("alliances", -1, "an alliance has no lists")
	}
	slices.Sort(lists)
	return lists, nil
}

// allied is a division among alliances in progress.
type allied struct {
	p    Problem
	used []bool // by lot
	out  Allied
}

// divide divides the seats of a problem among members, and then those of each.
func (w *allied) divide(whole Problem, members []member) (Allocation, error) {
	d, lots, err := w.division(whole, members)
	if err != nil {
		return Allocation{}, err
	}
	a, err := Allocate(d.Problem)
	if err != nil {
		return Allocation{}, w.named(err, d, lots)
	}
	for _, l := range lots {
		w.used[l] = true
	}
	d.Allocation = a
	w.out.Divisions = append(w.out.Divisions, d)
	for k, m := range members {
		more := a.mayGain(k)
		switch {
		case m.alliance == nil:
			w.out.Seats[m.lists[0]] = a.Seats[k]
		case more == 0:
			inner, of, err := w.inner(m, a.Seats[k])
			if err == nil {
				_, err = w.divide(inner, of)
			}
			if err != nil {
				return Allocation{}, err
			}
		default:
			w.atLeast(m, a.Seats[k], more)
		}
	}
	return a, nil
}

// mayGain is how many seats the k-th may still get by lots.
func (a *Allocation) mayGain(k int) (seats int) {
	stake := 0
	for _, t := range a.Ties {
		if t.Settled != Open {
			continue
		}
		stake += t.Seats
		if slices.Contains(t.Lists, k) {
			seats += t.Seats / t.Served()
		}
	}
	if a.Open > stake { // and all that hangs on the lots
		return a.Open
	}
	return seats
}

// inner is the problem of an alliance that has so many seats.
func (w *allied) inner(m member, seats int) (Problem, []member, error) {
	p := w.p
	p.Seats, p.Bonus, p.Overhang = seats, Bonus{}, OverhangWithin
	if m.alliance.Method.Name != "" {
		p.Method = m.alliance.Method
	}
	var of []member
	for _, i := range m.alliance.Lists {
		of = append(of, member{[]int{i}, nil})
	}
	for k := range m.alliance.Alliances {
		lists, err := m.alliance.Alliances[k].all(make([]bool, len(w.p.Votes)), 0)
		if err != nil {
			return p, nil, err
		}
		of = append(of, member{lists, &m.alliance.Alliances[k]})
	}
	slices.SortFunc(of, func(a, b member) int { return a.lists[0] - b.lists[0] })
	return p, of, nil
}

// atLeast gives the lists of an alliance what they have with any number of its seats.
func (w *allied) atLeast(m member, seats, more int) {
	const most = 1000 // beyond that nothing is called settled
	for h := seats; h <= seats+more && more <= most; h++ {
		try := allied{p: w.p, out: Allied{Seats: make([]int, len(w.p.Votes))}}
		try.p.Lots = nil
		inner, of, err := try.inner(m, h)
		if err == nil {
			_, err = try.divide(inner, of)
		}
		for _, i := range m.lists {
			switch {
			case err != nil:
				w.out.Seats[i] = 0
			case h == seats:
				w.out.Seats[i] = try.out.Seats[i]
			default:
				w.out.Seats[i] = min(w.out.Seats[i], try.out.Seats[i])
			}
		}
		if err != nil {
			return
		}
	}
}

// division makes the problem of members, with the lots that are about them.
func (w *allied) division(whole Problem, members []member) (d Division, lots []int, err error) {
	d.Problem = whole
	d.Problem.Votes, d.Problem.Lots = make([]int64, len(members)), nil
	sum := func(of []int, lists []int) (n int) {
		for _, i := range lists {
			n += min(of[i], MaxSeats) // no list has more
		}
		return n
	}
	if whole.Caps != nil && len(whole.Caps) != len(whole.Votes) || whole.Minimums != nil && len(whole.Minimums) != len(whole.Votes) {
		return d, nil, whole.check()
	}
	d.Problem.Caps, d.Problem.Minimums = nil, nil
	for k, m := range members {
		d.Members = append(d.Members, m.lists)
		for _, i := range m.lists {
			v := whole.Votes[i]
			if v < 0 {
				return d, nil, wrong("votes", i, "found %d, want 0 or more", v)
			}
			if d.Problem.Votes[k] > math.MaxInt64-v {
				return d, nil, wrong("votes", i, "those of its alliance are beyond 2^63")
			}
			d.Problem.Votes[k] += v
		}
		if whole.Caps != nil {
			d.Problem.Caps = append(d.Problem.Caps, sum(whole.Caps, m.lists))
		}
		if whole.Minimums != nil {
			d.Problem.Minimums = append(d.Problem.Minimums, sum(whole.Minimums, m.lists))
		}
	}
	for l, lot := range w.p.Lots {
		of, ok := d.whichOf(lot.Lists)
		winners, won := d.whichOf(lot.Winners)
		if ok && won && len(of) > 1 && !w.used[l] {
			d.Problem.Lots = append(d.Problem.Lots, Lot{of, winners})
			lots = append(lots, l)
		}
	}
	return d, lots, nil
}

// whichOf gives the members whose lists these are, if they are whole members.
func (d *Division) whichOf(lists []int) (members []int, ok bool) {
	sorted := slices.Compact(slices.Sorted(slices.Values(lists)))
	left := len(sorted)
	for k, m := range d.Members {
		if !slices.ContainsFunc(m, func(i int) bool { _, found := slices.BinarySearch(sorted, i); return !found }) {
			members = append(members, k)
			left -= len(m)
		}
	}
	return members, left == 0 && len(sorted) == len(lists)
}

// named is an error with the lists of the members.
func (w *allied) named(err error, d Division, lots []int) error {
	var wrong *LotError
	if !errors.As(err, &wrong) {
		if len(w.out.Divisions) > 0 {
			return fmt.Errorf("the alliance of the lists %v: %w", slices.Concat(d.Members...), err)
		}
		return err
	}
	e := &LotError{Lot: lots[wrong.Lot], What: wrong.What}
	if wrong.Tie != nil {
		t := *wrong.Tie
		t.Lists = nil
		for _, k := range wrong.Tie.Lists {
			t.Lists = append(t.Lists, d.Members[k]...)
		}
		slices.Sort(t.Lists)
		e.Tie = &t
	}
	return e
}

// VerifyAllied checks each division by [Verify], and that they belong together: the
// seats of each member of one are the house of its own.
func VerifyAllied(p Problem, a Allied) error {
	if len(a.Divisions) == 0 || len(a.Seats) != len(p.Votes) {
		return errors.New("no division of all lists")
	}
	house := map[string]int{} // of the lists of an alliance
	held := make([]int, len(p.Votes))
	for n, d := range a.Divisions {
		seats, known := house[fmt.Sprint(slices.Sorted(slices.Values(slices.Concat(d.Members...))))]
		if n == 0 {
			seats, known = p.Seats, len(slices.Concat(d.Members...)) == len(p.Votes)
		}
		if !known || d.Problem.Seats != seats {
			return fmt.Errorf("division %d: the lists %v divide %d seats, want %d", n+1, d.Members, d.Problem.Seats, seats)
		}
		if err := Verify(d.Problem, d.Allocation); err != nil {
			return fmt.Errorf("division %d: %w", n+1, err)
		}
		for k, m := range d.Members {
			votes := int64(0)
			for _, i := range m {
				votes += p.Votes[i]
			}
			if votes != d.Problem.Votes[k] {
				return fmt.Errorf("division %d: the lists %v have %d votes, want %d", n+1, m, d.Problem.Votes[k], votes)
			}
			house[fmt.Sprint(m)] = d.Allocation.Seats[k]
			if len(m) == 1 {
				held[m[0]] = d.Allocation.Seats[k]
			}
		}
	}
	sum := a.Open + a.Unfilled - a.Overhang
	for i, n := range a.Seats {
		if sum += n; a.Open == 0 && n != held[i] {
			return fmt.Errorf("list %d has %d seats, and its division gives %d", i, n, held[i])
		}
	}
	if sum != p.Seats {
		return fmt.Errorf("%d seats are accounted for, the house has %d", sum, p.Seats)
	}
	return nil
}
