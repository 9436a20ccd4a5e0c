package apportion

import "slices"

// byQuotaMethod goes seat by seat: seat h goes to the highest votes/(n+1) of the
// lists whose n seats are below votes × h / total, so that none passes its quota
// rounded up. Balinski and Young, The Quota Method of Apportionment, American
// Mathematical Monthly 82 (1975).
//
// Equal claims are kept together as a contest until all of them are served, for
// until then it changes nothing who goes first: a list that was served claims
// less, and the others stay eligible. Meanwhile lists may become eligible with
// higher quotients, so contests lie on a stack, the highest on top. Those that are
// not all served when the house is full are ties: not subsets of one level (720,
// 720, 120, 120 votes and 8 seats leave one seat to either of the small lists
// and one to either of the large).
func byQuotaMethod(s *Stage, votes []int64) ([]contest, error) {
	const most = 5_000_000 // a second of work, most of it Verify's
	if s.House > 0 && len(votes) > most/s.House {
		return nil, wrong("seats", -1, "%d for %d lists: the quota method goes seat by seat, and ends at %d seats × lists", s.House, len(votes), most)
	}
	y := young{award: award{divisors: divisors{a: 1, b: 1, c: 1}, votes: votes, seats: s.Seats}, inside: make([]bool, len(votes))}
	for _, v := range votes {
		y.total = y.total.add(wide{lo: uint64(v)})
	}
	for h := range s.House {
		y.seat(uint64(h + 1))
	}
	var ties []contest
	for _, t := range y.stack {
		t.quotient = t.quotient.lowest()
		ties = append(ties, t.contest)
	}
	return ties, nil
}

type young struct {
	award
	total  wide
	stack  []level
	inside []bool // the list stands in a contest of the stack
	lists  []int  // scratch
}

// A level is a contest and how many of its lists are still unserved.
type level struct {
	contest
	unserved int
}

// seat gives the h-th seat.
func (y *young) seat(h uint64) {
	best, lists := y.best(h)
	top := len(y.stack) - 1
	order := 1 // of the best claim outside the stack against that on top of it
	if top >= 0 {
		order = best.Cmp(y.stack[top].quotient)
	}
	switch {
	case order > 0 && len(lists) == 1:
		y.seats[lists[0]]++
		return
	case order > 0:
		y.stack = append(y.stack, level{contest: contest{quotient: best}})
		top++
		y.join(top, lists)
	case order == 0:
		y.join(top, lists)
	}
	t := &y.stack[top]
	t.batches[len(t.batches)-1].seats++
	if t.unserved--; t.unserved > 0 {
		return
	}
	for _, b := range t.batches {
		for _, k := range b.lists {
			y.seats[k]++
			y.inside[k] = false
		}
	}
	y.stack = y.stack[:top]
}

// best finds the highest claim on seat h of the eligible lists outside the stack;
// it is 0 when there is none. The lists are valid until the next call.
func (y *young) best(h uint64) (Fraction, []int) {
	best := Fraction{}
	y.lists = y.lists[:0]
	for k, v := range y.votes {
		// The products fit: h and seats are below 2^30, the total is below 2^94.
		if y.inside[k] || y.total.mul(uint64(y.seats[k])).cmp(mul(uint64(v), h)) >= 0 {
			continue
		}
		switch q := y.next(k); q.Cmp(best) {
		case 1:
			best, y.lists = q, append(y.lists[:0], k)
		case 0:
			y.lists = append(y.lists, k)
		}
	}
	return best, y.lists
}

// join adds lists to a contest, as a batch: some seats of it may be given already.
func (y *young) join(at int, lists []int) {
	t := &y.stack[at]
	t.batches = append(t.batches, batch{lists: slices.Clone(lists)})
	t.unserved += len(lists)
	for _, k := range lists {
		y.inside[k] = true
	}
}
