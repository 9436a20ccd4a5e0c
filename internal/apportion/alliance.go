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
	May                      []int // by list, how many more it may get by the lots of the open ties
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
// An alliance has the votes, minimums and caps of its lists together; the base of a
// quota is that of the whole alone. A bonus goes to the member of the whole with the
// most votes, and goes with alliances or with caps. A lot on a tie of members names all
// the lists of each, and all the lists of the winners.
//
// While a lot is open on how many seats an alliance has, its lists have as many as they
// get whoever wins.
//
// Errors: those of [Allocate], within an [*AllianceError] where an alliance cannot
// share its seats; a [*ProblemError] for a list that is in two alliances.
func AllocateAllied(p Problem, alliances []Alliance) (Allied, error) {
	members, err := p.members(alliances)
	if err != nil {
		return Allied{}, err
	}
	if len(alliances) > 0 && p.Bonus.Seats > 0 && p.Caps != nil {
		return Allied{}, wrong("bonus", -1, "does not go with both alliances and caps")
	}
	w := allied{p: p, used: make([]bool, len(p.Lots)), out: Allied{Seats: make([]int, len(p.Votes)), May: make([]int, len(p.Votes))}}
	if err := w.combine(members); err != nil {
		return Allied{}, err
	}
	a, err := w.divide(p, members)
	if err != nil {
		return Allied{}, err
	}
	for l, used := range w.used {
		if !used {
			return Allied{}, w.unused(l)
		}
	}
	w.out.Overhang = a.Overhang
	w.out.Open = p.Seats + a.Overhang - w.out.Unfilled
	for _, n := range w.out.Seats {
		w.out.Open -= n
	}
	return w.out, nil
}

// unused is the error of a lot that answered no tie.
func (w *allied) unused(l int) error {
	for _, d := range w.out.Divisions {
		for _, t := range d.Allocation.Ties {
			named := d.named(t)
			if t.Settled == Open && slices.ContainsFunc(w.p.Lots[l].Lists, func(i int) bool { return slices.Contains(named.Lists, i) }) {
				return &LotError{l, &named, "the lot is not of the lists that are tied"}
			}
		}
	}
	return &LotError{l, nil, "the lot answers no tie of this count"}
}

// named is a tie of members with their lists.
func (d *Division) named(t Tie) Tie {
	members := t.Lists
	t.Lists = nil
	for _, k := range members {
		t.Lists = append(t.Lists, d.Members[k]...)
	}
	slices.Sort(t.Lists)
	return t
}

// An AllianceError says why an alliance cannot share its seats.
type AllianceError struct {
	Lists []int // all of them, ascending
	Err   error // with the indices of the whole
}

func (e *AllianceError) Error() string {
	return fmt.Sprintf("the alliance of the lists %v: %v", e.Lists, e.Err)
}

func (e *AllianceError) Unwrap() error { return e.Err }

// A member is a list alone or an alliance.
type member struct {
	lists    []int
	alliance *Alliance // nil: a list alone
}

// members are the alliances, and the lists in none, in the order of their first lists.
func (p *Problem) members(alliances []Alliance) ([]member, error) {
	in := make([]bool, len(p.Votes))
	of, err := membersOf(nil, alliances, in)
	if err != nil {
		return nil, err
	}
	for i := range p.Votes {
		if !in[i] {
			of = append(of, member{[]int{i}, nil})
		}
	}
	return byFirst(of), nil
}

// membersOf makes members of lists and alliances, and marks the lists of these.
func membersOf(lists []int, alliances []Alliance, in []bool) (of []member, err error) {
	for k := range alliances {
		all, err := alliances[k].all(in, 0)
		if err != nil {
			return nil, err
		}
		of = append(of, member{all, &alliances[k]})
	}
	for _, i := range lists {
		of = append(of, member{[]int{i}, nil})
	}
	return byFirst(of), nil
}

// byFirst puts members in the order of their first lists.
func byFirst(of []member) []member {
	slices.SortFunc(of, func(a, b member) int { return a.lists[0] - b.lists[0] })
	return of
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
	w.out.Unfilled += a.Unfilled
	for k, m := range members {
		more := d.mayGain(k)
		switch {
		case m.alliance == nil:
			w.out.Seats[m.lists[0]], w.out.May[m.lists[0]] = a.Seats[k], more
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

// combine refuses the method of an alliance that does not go with the conditions,
// before a lot decides whether it has seats to share.
func (w *allied) combine(members []member) error {
	for _, m := range members {
		if m.alliance == nil {
			continue
		}
		inner, of, err := w.inner(m, 0)
		if err != nil {
			return err
		}
		if err := inner.combine(); err != nil {
			return &AllianceError{m.lists, err}
		}
		if err := w.combine(of); err != nil {
			return err
		}
	}
	return nil
}

// mayGain is how many seats the k-th may still get by lots.
func (d *Division) mayGain(k int) (seats int) {
	a, stake := &d.Allocation, 0
	for _, t := range a.Ties {
		if t.Settled != Open {
			continue
		}
		stake += t.Seats
		if slices.Contains(t.Lists, k) {
			seats += t.Seats / t.Served()
		}
	}
	if a.hangs || a.Open > stake { // and all that hangs on the lots
		seats = a.Open
	}
	if d.Problem.Minimums == nil || d.Problem.Overhang == OverhangWithin || len(a.Certificate.Stages) != 1 {
		return seats
	}
	// What it has above its share it does not get again.
	s := &a.Certificate.Stages[0]
	if at, ok := slices.BinarySearch(s.Lists, k); ok && s.Seats[at] < a.Seats[k] {
		seats = max(0, seats-(a.Seats[k]-s.Seats[at]))
	}
	return seats
}

// inner is the problem of an alliance that has so many seats.
func (w *allied) inner(m member, seats int) (Problem, []member, error) {
	p := w.p
	p.Seats, p.Bonus, p.Overhang, p.Base = seats, Bonus{}, OverhangWithin, 0
	if m.alliance.Method.Name != "" {
		p.Method = m.alliance.Method
	}
	of, err := membersOf(m.alliance.Lists, m.alliance.Alliances, make([]bool, len(w.p.Votes)))
	return p, of, err
}

// atLeast gives the lists of an alliance what they have with any number of its seats.
func (w *allied) atLeast(m member, seats, more int) {
	if len(m.lists) == 1 { // and so shares with nobody
		w.out.Seats[m.lists[0]], w.out.May[m.lists[0]] = seats, more
		return
	}
	const most = 1000 // beyond that nothing is called settled
	for h := seats; h <= seats+more && more <= most; h++ {
		try := allied{p: w.p, out: Allied{Seats: make([]int, len(w.p.Votes)), May: make([]int, len(w.p.Votes))}}
		try.p.Lots = nil
		inner, of, err := try.inner(m, h)
		if err == nil {
			_, err = try.divide(inner, of)
		}
		for _, i := range m.lists {
			best := w.out.Seats[i] + w.out.May[i]
			switch {
			case err != nil: // which is said when it is known how many seats they share
				w.out.Seats[i], w.out.May[i] = 0, seats+more
				continue
			case h == seats:
				w.out.Seats[i], best = try.out.Seats[i], 0
			default:
				w.out.Seats[i] = min(w.out.Seats[i], try.out.Seats[i])
			}
			w.out.May[i] = max(best, try.out.Seats[i]+try.out.May[i]) - w.out.Seats[i]
		}
		if err != nil {
			return
		}
	}
	if more > most {
		for _, i := range m.lists {
			w.out.May[i] = seats + more
		}
	}
}

// division makes the problem of members, with the lots that are about them.
func (w *allied) division(whole Problem, members []member) (d Division, lots []int, err error) {
	d.Problem = whole
	d.Problem.Votes, d.Problem.Lots = make([]int64, len(members)), nil
	sum := func(of []int, lists []int) int { // no list has more than MaxSeats
		n := int64(0)
		for _, i := range lists {
			n += int64(min(of[i], MaxSeats))
		}
		return int(min(n, MaxSeats))
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
		if whole.Caps != nil { // a list without votes has no more than its minimum
			room := slices.Clone(whole.Caps)
			for _, i := range m.lists {
				if whole.Votes[i] == 0 && whole.Minimums != nil {
					room[i] = min(room[i], whole.Minimums[i])
				} else if whole.Votes[i] == 0 {
					room[i] = 0
				}
			}
			d.Problem.Caps = append(d.Problem.Caps, sum(room, m.lists))
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
	var lot *LotError
	var problem *ProblemError
	switch {
	case errors.As(err, &lot):
		e := &LotError{Lot: lots[lot.Lot], What: lot.What}
		if lot.Tie != nil {
			t := d.named(*lot.Tie)
			e.Tie = &t
		}
		return e
	case errors.As(err, &problem) && problem.List >= 0:
		e := &ProblemError{Field: problem.Field, List: d.Members[problem.List][0], What: problem.What}
		if of := d.Members[problem.List]; len(of) > 1 {
			e.List, e.What = -1, fmt.Sprintf("of the alliance of the lists %v: %s", of, problem.What)
		}
		err = e
	}
	if len(w.out.Divisions) == 0 {
		return err
	}
	return &AllianceError{slices.Sorted(slices.Values(slices.Concat(d.Members...))), err}
}

// VerifyAllied checks each division by [Verify], and that they belong together: the
// seats of each member of one are the house of its own.
func VerifyAllied(p Problem, a Allied) error {
	if len(a.Divisions) == 0 || len(a.Seats) != len(p.Votes) {
		return errors.New("no division of all lists")
	}
	house := map[string]int{}                                            // of the lists of an alliance
	divided := map[string]bool{}                                         // the lists that have a division
	held, alone := make([]int, len(p.Votes)), make([]bool, len(p.Votes)) // by lists that stand alone in some division
	for n, d := range a.Divisions {
		lists := fmt.Sprint(slices.Sorted(slices.Values(slices.Concat(d.Members...))))
		seats, known := house[lists]
		divided[lists] = true
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
				held[m[0]], alone[m[0]] = d.Allocation.Seats[k], true
			}
		}
	}
	sum := a.Open + a.Unfilled - a.Overhang
	for i, n := range a.Seats {
		if sum += n; n < 0 || alone[i] && n != held[i] {
			return fmt.Errorf("list %d has %d seats, and its division gives %d", i, n, held[i])
		}
	}
	if sum != p.Seats || a.Open < 0 || a.Unfilled < 0 {
		return fmt.Errorf("%d seats are accounted for, the house has %d", sum, p.Seats)
	}
	for _, d := range a.Divisions {
		for k, m := range d.Members { // what its lists have settled is no more than it may get
			all := 0
			for _, i := range m {
				all += a.Seats[i]
			}
			switch more := d.mayGain(k); {
			case len(m) > 1 && more == 0 && !divided[fmt.Sprint(m)]:
				return fmt.Errorf("how the lists %v share %d seats is not said", m, d.Allocation.Seats[k])
			case all > d.Allocation.Seats[k]+more:
				return fmt.Errorf("the lists %v have %d seats, and their division gives %d", m, all, d.Allocation.Seats[k])
			}
		}
	}
	return nil
}
