package apportion

import (
	"cmp"
	"math/bits"
	"slices"
)

// divisors is a rising sequence d(0), d(1) … of which the k-th seat of a list
// (from 0) has the quotient votes / d(k).
type divisors struct {
	shape   shape
	a, b, c uint64 // d(k) = (a·k + b) / c; where the shape is no line, the line that it lies near
	p, q    uint64 // d(0) = p/q instead; q is 0 when the first divisor is like the rest
}

type shape uint8

const (
	linear    shape = iota
	harmonic        // 2k(k+1) / (2k+1)
	geometric       // sqrt(k(k+1))
	powers          // 2^k
)

// A list may hold at most so many seats under powers: the next divisor needs more
// than 128 bits.
const maxPower = 126

// startsAtZero reports whether the first divisor is 0, so that each list with
// votes gets a seat before any list gets two.
func (d *divisors) startsAtZero() bool {
	return d.shape == harmonic || d.shape == geometric || d.shape == linear && d.b == 0
}

// owes reports whether a seat is owed to each of the lists, and the house too small.
func (d *divisors) owes(lists, house int) bool { return d.startsAtZero() && 0 < house && house < lists }

// quotient gives votes / d(k), not reduced. Votes are below 2^63 and k below 2^31
// (below 2^7 under powers), so each part fits in 128 bits.
func (d *divisors) quotient(v int64, k int) Fraction {
	votes, n := uint64(v), uint64(k)
	switch {
	case k == 0 && d.q != 0:
		return Fraction{num: mul(votes, d.q), den: wide{lo: d.p}}
	case d.shape == harmonic:
		return Fraction{num: mul(votes, 2*n+1), den: wide{lo: 2 * n * (n + 1)}}
	case d.shape == geometric:
		return Fraction{num: mul(votes, votes), den: wide{lo: n * (n + 1)}, root: true}
	case d.shape == powers:
		return Fraction{num: wide{lo: votes}, den: wide{lo: 1}.shift(k)}
	}
	return Fraction{num: mul(votes, d.c), den: wide{lo: d.a*n + d.b}}
}

// compare compares v/d(k) with w/d(l). Most methods need no fraction for it.
func (d *divisors) compare(v int64, k int, w int64, l int) int {
	if d.shape != linear || d.q != 0 {
		return d.quotient(v, k).Cmp(d.quotient(w, l))
	}
	hi, lo := bits.Mul64(uint64(v), d.a*uint64(l)+d.b)
	hj, lp := bits.Mul64(uint64(w), d.a*uint64(k)+d.b)
	if hi != hj {
		lo, lp = hi, hj
	}
	return cmp.Compare(lo, lp)
}

// byDivisors gives the seats of a stage to the highest quotients.
func (w *work) byDivisors(s *Stage, votes []int64, caps []int) ([]contest, error) {
	a := newAward(w.Method.divisors, votes, s.House, caps, s.Seats)
	switch {
	case a.shape == powers && s.House > maxPower*len(votes):
		return nil, a.tooMany()
	case w.Method.divisors.owes(len(votes), s.House) && !w.Strongest:
		return nil, wrong("seats", -1, "found %d, want at least %d: %s owes a seat to each list with votes", s.House, len(votes), w.Method.Name)
	}
	a.divide(s.House)
	if a.shape == powers && slices.ContainsFunc(s.Seats, func(n int) bool { return n > maxPower }) {
		return nil, a.tooMany()
	}
	return a.boundary(s), nil
}

// award is a division by divisors in progress. All lists have votes.
type award struct {
	divisors
	votes []int64
	limit []int // most seats of each list, nil: no limit
	seats []int
}

// newAward begins with no seats. Where more seats are owed than the house has, the
// quotient of a first seat is the votes, and there is no second.
func newAward(d divisors, votes []int64, house int, caps, seats []int) award {
	if !d.owes(len(votes), house) {
		return award{d, votes, caps, seats}
	}
	limit := make([]int, len(votes))
	for k := range limit {
		limit[k] = 1
		if caps != nil {
			limit[k] = min(1, caps[k])
		}
	}
	return award{divisors{a: 1, b: 1, c: 1}, votes, limit, seats}
}

func (w *award) tooMany() error {
	return wrong("seats", -1, "macau can give a list at most %d, for the next divisor is 2^%d", maxPower, maxPower)
}

// divide gives house seats to the highest quotients. The lists must have room for
// them. It sets all seats that one common divisor gives, which is exactly right
// for some number of seats near house, and steps the few that are missing or too
// many from a heap: the cost grows with the lists, not with the seats.
func (w *award) divide(house int) {
	sum := w.jump(house)
	if sum == house {
		return
	}
	step, give := house-sum, true
	if step < 0 {
		step, give = -step, false
	}
	var few [64]int32 // on the stack
	h := heap{award: w, give: give, lists: few[:0]}
	if len(w.votes) > len(few) {
		h.lists = make([]int32, 0, len(w.votes))
	}
	for i := range w.votes {
		if give && w.room(i) || !give && w.seats[i] > 0 {
			h.lists = append(h.lists, int32(i))
		}
	}
	h.init()
	for range step {
		if len(h.lists) == 0 {
			return // only under powers, whose end is an error
		}
		h.step()
	}
}

// room reports whether list i can take one more seat.
func (w *award) room(i int) bool {
	return (w.limit == nil || w.seats[i] < w.limit[i]) && (w.shape != powers || w.seats[i] <= maxPower)
}

func (w *award) next(i int) Fraction { return w.quotient(w.votes[i], w.seats[i]) }
func (w *award) last(i int) Fraction { return w.quotient(w.votes[i], w.seats[i]-1) }

// jump sets the seats that a divisor x near the right one gives, each list as many
// as its quotients of at least x, and returns their sum.
//
// A list has about (c·votes/x − b)/a + 1/2 seats, so the lists together have house
// seats at x = 2c·V / (2a·house + n(2b−a)). That holds for lists inside their
// limits; those with no seat or a full limit are known after a first try, so it
// tries again with the others alone, until no more lists are found full.
func (w *award) jump(house int) (sum int) {
	if w.shape == powers {
		return 0 // no line is near; and the seats are few
	}
	full, empty := 0, 0
	for try := 0; ; try++ {
		var total wide
		rest, n, before := house, 0, full
		full = 0
		for i, v := range w.votes {
			switch {
			case try > 0 && w.limit != nil && w.seats[i] == w.limit[i]:
				rest -= w.seats[i]
				full++
			case try == 0 || w.seats[i] > 0:
				total = total.add(wide{lo: uint64(v)})
				n++
			}
		}
		if n == 0 || rest <= 0 || try > 0 && full <= before && (try > 1 || empty < 8) {
			return sum
		}
		sum, empty = w.under(w.guess(total, rest, n))
	}
}

// guess gives the divisor x = p/q at which n lists with so many votes together have
// about rest seats. It need not be exact: only the number of steps hangs on it.
func (w *award) guess(total wide, rest, n int) (p, q uint64) {
	up := 2*w.a*uint64(rest) + 2*w.b*uint64(n)
	q = max(up-min(w.a*uint64(n), up-1), 1)
	for total = total.mul(2 * w.c); total.hi != 0; q = max(q/2, 1) {
		total.lo = total.lo>>1 | total.hi<<63
		total.hi >>= 1
	}
	return total.lo, q
}

// under sets the seats that the divisor p/q gives, exactly.
func (w *award) under(p, q uint64) (sum, empty int) {
	x := Fraction{num: wide{lo: p}, den: wide{lo: q}}
	if w.shape == geometric {
		x = Fraction{num: mul(p, p), den: mul(q, q), root: true}
	}
	straight := w.shape == linear && w.q == 0
	for i, v := range w.votes {
		// d(k) ≤ v/x where a·k + b ≤ c·v·q/p
		t, _ := mul(uint64(v), w.c*q).quoRem(wide{lo: p})
		k := 0
		if t.lo >= w.b {
			k = int((t.lo-w.b)/w.a) + 1
		}
		if !straight {
			for k > 0 && w.quotient(v, k-1).Cmp(x) < 0 {
				k--
			}
			for w.quotient(v, k).Cmp(x) >= 0 {
				k++
			}
		}
		if w.limit != nil {
			k = min(k, w.limit[i])
		}
		if k == 0 {
			empty++
		}
		w.seats[i] = k
		sum += k
	}
	return sum, empty
}

// heap keeps the lists by their next quotient, highest first, to give seats, or by
// their last, lowest first, to take them back.
type heap struct {
	*award
	give  bool
	lists []int32
}

func (h *heap) before(a, b int32) bool {
	if h.give {
		return h.compare(h.votes[a], h.seats[a], h.votes[b], h.seats[b]) > 0
	}
	return h.compare(h.votes[b], h.seats[b]-1, h.votes[a], h.seats[a]-1) > 0
}

func (h *heap) init() {
	for i := len(h.lists)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

// step gives one seat to the list on top, or takes one from it.
func (h *heap) step() {
	i, more := int(h.lists[0]), true
	if h.give {
		h.seats[i]++
		more = h.room(i)
	} else {
		h.seats[i]--
		more = h.seats[i] > 0
	}
	if !more {
		n := len(h.lists) - 1
		h.lists[0] = h.lists[n]
		h.lists = h.lists[:n]
	}
	h.down(0)
}

func (h *heap) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(h.lists) {
			return
		}
		if c+1 < len(h.lists) && h.before(h.lists[c+1], h.lists[c]) {
			c++
		}
		if !h.before(h.lists[c], h.lists[i]) {
			return
		}
		h.lists[i], h.lists[c] = h.lists[c], h.lists[i]
		i = c
	}
}

// boundary notes the lowest quotient that was served and the highest that was not.
// Equal ones are a tie: the seats at that level are taken back and stand in it.
func (w *award) boundary(s *Stage) []contest {
	last, next := -1, -1
	for k, v := range w.votes {
		n := w.seats[k]
		if n > 0 && (last < 0 || w.compare(v, n-1, w.votes[last], w.seats[last]-1) < 0) {
			last = k
		}
		if w.room(k) && (next < 0 || w.compare(v, n, w.votes[next], w.seats[next]) > 0) {
			next = k
		}
	}
	s.LastServed, s.FirstUnserved, s.To = last, next, infinite
	if last >= 0 {
		s.To = w.last(last).lowest()
	}
	if next >= 0 {
		s.From = w.next(next).lowest()
	}
	if last < 0 || next < 0 || s.From != s.To {
		return nil
	}
	var level batch
	for k := range w.votes {
		switch {
		case w.seats[k] > 0 && w.last(k).Cmp(s.To) == 0:
			w.seats[k]--
			level.seats++
			level.lists = append(level.lists, k)
		case w.room(k) && w.next(k).Cmp(s.To) == 0:
			level.lists = append(level.lists, k)
		}
	}
	return []contest{{s.To, []batch{level}}}
}

var infinite = Fraction{num: wide{lo: 1}}
