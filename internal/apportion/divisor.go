package apportion

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// divisors is a rising sequence d(0), d(1) … of which the k-th seat of a list
// (from 0) has the quotient votes / d(k).
type divisors struct {
	shape shape
	a, c  uint64   // d(k) = (a·k + b) / c; where the shape is no line, the line that it lies near
	b     int64    // below 0 only where first covers that
	first []uint64 // c·d(0), c·d(1) … where the sequence does not begin as it goes on
	ends  bool     // there are no divisors but first
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

// at gives c·d(k) of a linear sequence.
func (d *divisors) at(k int) uint64 {
	if k < len(d.first) {
		return d.first[k]
	}
	return d.a*uint64(k) + uint64(d.b)
}

// startsAtZero reports whether the first divisor is 0, so that each list with
// votes gets a seat before any list gets two.
func (d *divisors) startsAtZero() bool {
	return d.shape == harmonic || d.shape == geometric || d.shape == linear && d.at(0) == 0
}

// owes reports whether a seat is owed to each of the lists, and the house of the
// stage too small for that: least is the smallest that is not.
func (d *divisors) owes(s *Stage) (least int, short bool) {
	if s.House == 0 || !d.startsAtZero() {
		return 0, false
	}
	for k := range s.Seats {
		n := 1
		if s.least != nil {
			n = max(n, s.least[k])
		}
		if s.most != nil {
			n = min(n, s.most[k])
		}
		least += n
	}
	return least, s.House < least
}

// quotient gives votes / d(k), not reduced. Votes are below 2^63, c and first below
// 2^32 and k below 2^31 (below 2^7 under powers), so each part fits in 128 bits.
func (d *divisors) quotient(v int64, k int) Fraction {
	votes, n := uint64(v), uint64(k)
	switch d.shape {
	case harmonic:
		return Fraction{num: mul(votes, 2*n+1), den: wide{lo: 2 * n * (n + 1)}}
	case geometric:
		return Fraction{num: mul(votes, votes), den: wide{lo: n * (n + 1)}, root: true}
	case powers:
		return Fraction{num: wide{lo: votes}, den: wide{lo: 1}.shift(k)}
	}
	return Fraction{num: mul(votes, d.c), den: wide{lo: d.at(k)}}
}

// compare compares v/d(k) with w/d(l). Most methods need no fraction for it.
func (d *divisors) compare(v int64, k int, w int64, l int) int {
	if d.shape != linear {
		return d.quotient(v, k).Cmp(d.quotient(w, l))
	}
	hi, lo := bits.Mul64(uint64(v), d.at(l))
	hj, lp := bits.Mul64(uint64(w), d.at(k))
	if hi != hj {
		lo, lp = hi, hj
	}
	return cmp.Compare(lo, lp)
}

// upTo gives about how many divisors are at most t, but no more than most. It
// computes in floats, so at the boundary it may be one off.
func (d *divisors) upTo(t float64, most int) int {
	var x float64 // the number, less what is cut off
	switch d.shape {
	case linear:
		t *= float64(d.c)
		k := len(d.first)
		if d.ends || k > 0 && t < float64(d.at(k)) {
			for k > 0 && float64(d.first[k-1]) > t {
				k--
			}
			return min(k, most)
		}
		if t < float64(d.b) {
			return 0
		}
		x = (t-float64(d.b))/float64(d.a) + 1
	case powers:
		if t < 1 {
			return 0
		}
		x = float64(math.Ilogb(t)) + 1
	default:
		x = max(1, math.Floor(t)) // d(k) is between k and k + 1/2
		if near := d.line(x); near <= t {
			x++
		}
	}
	if x >= float64(most) {
		return most
	}
	return int(x)
}

// line is d(k) of the means, in floats.
func (d *divisors) line(k float64) float64 {
	if d.shape == harmonic {
		return 2 * k * (k + 1) / (2*k + 1)
	}
	return math.Sqrt(k * (k + 1))
}

// byDivisors gives the seats of a stage to the highest quotients.
func (w *work) byDivisors(s *Stage, votes []int64) ([]contest, error) {
	d := w.Method.divisors
	switch {
	case d.shape == powers && s.House > d.room(len(votes), s.most):
		return nil, tooMany()
	case d.ends && s.House > d.room(len(votes), s.most):
		return nil, wrong("seats", -1, "found %d, want at most %d: the sequence ends, and gives a list at most %d", s.House, d.room(len(votes), s.most), d.end())
	}
	// Of seats that caps set free every list has had its first one already.
	if least, short := d.owes(s); short && !w.Strongest && len(w.out.Certificate.Stages) == 0 {
		return nil, wrong("seats", -1, "found %d, want at least %d: %s owes a seat to each list with votes", s.House, least, w.Method.Name)
	}
	a := newAward(d, votes, s)
	a.divide(s.House)
	if d.shape == powers && slices.ContainsFunc(s.Seats, func(n int) bool { return n > maxPower }) {
		return nil, tooMany()
	}
	return a.boundary(s), nil
}

// end is the most seats that the divisors can give a list.
func (d *divisors) end() int {
	switch {
	case d.shape == powers:
		return maxPower
	case d.ends:
		return len(d.first)
	}
	return MaxSeats
}

// room is how many seats lists can take from a sequence that ends.
func (d *divisors) room(lists int, most []int) int {
	sum := int64(0)
	for k := range lists {
		n := d.end()
		if most != nil {
			n = min(n, most[k])
		}
		sum += int64(n)
	}
	return int(min(sum, MaxSeats))
}

func tooMany() error {
	return wrong("seats", -1, "macau can give a list at most %d, for the next divisor is 2^%d", maxPower, maxPower)
}

// award is a division by divisors in progress. All lists have votes.
type award struct {
	divisors
	votes       []int64
	least, most []int // bounds on the seats of each list, nil: none
	seats       []int
}

// newAward begins a stage. Where more seats are owed than the house has, the
// quotient of a first seat is the votes, and there is no second.
func newAward(d divisors, votes []int64, s *Stage) award {
	a := award{d, votes, s.least, s.most, s.Seats}
	_, short := d.owes(s)
	switch {
	case short:
		a.divisors, a.most = divisors{a: 1, b: 1, c: 1}, make([]int, len(votes))
		for k := range a.most {
			a.most[k] = 1
			if s.least != nil {
				a.most[k] = max(1, s.least[k])
			}
			if s.most != nil {
				a.most[k] = min(a.most[k], s.most[k])
			}
		}
	case d.ends:
		a.most = slices.Repeat([]int{len(d.first)}, len(votes))
		for k := range s.most {
			a.most[k] = min(a.most[k], s.most[k])
		}
	}
	return a
}

// divide gives house seats to the highest quotients. The lists must have room for
// them, and the least that each must have must fit. It sets at once what one common
// divisor gives, which is right for some number of seats near house, and steps the
// few seats that are missing or too many: the cost grows with the lists, not with
// the seats. The divisor is found in floats, and the boundary puts right what they
// got wrong.
func (w *award) divide(house int) {
	const few = 4
	missing := w.jump(house)
	give := missing > 0
	if missing < 0 {
		missing = -missing
	}
	if missing > few {
		w.fromHeap(missing, give)
		return
	}
	for range missing {
		last, next := w.edges()
		if give {
			w.seats[next]++
		} else {
			w.seats[last]--
		}
	}
}

// jump sets the seats that a divisor near the right one gives, and returns how many
// of the house are missing; below 0, how many are too many.
//
// It looks for seats per vote, the inverse of the divisor, by Newton's method:
// between the steps at which a list gets a seat, the lists that are inside their
// bounds get c/a seats for each vote.
func (w *award) jump(house int) (missing int64) {
	const near = 2 // stepping so few costs no more than another look at all lists
	n, total := float64(len(w.votes)), 0.0
	for _, v := range w.votes {
		total += float64(v)
	}
	a, b, c := float64(w.a), float64(w.b), float64(w.c)
	if w.shape == powers || w.ends {
		a, b, c = 1, 1, 1
	}
	y := max((float64(house)*a+n*(b-a/2))/(c*total), float64(house)*a/(c*total)/4)
	best, off := 0.0, int64(math.MaxInt64)
	low, high := 0.0, math.Inf(1)
	for range 200 {
		sum, moving := w.under(y, house)
		missing = int64(house) - sum
		if miss := max(missing, -missing); miss < off {
			best, off = y, miss
		}
		if off <= near {
			break
		}
		if missing > 0 {
			low = y
		} else {
			high = y
		}
		next := y + float64(missing)*a/(c*moving) // infinite when no list moves
		switch {
		case next > low && next < high:
		case math.IsInf(high, 1):
			next = 2 * y
		case low == 0:
			next = high / 2
		default: // they may be magnitudes apart
			next = math.Sqrt(low) * math.Sqrt(high)
		}
		if next == y || next <= low || next >= high {
			break
		}
		y = next
	}
	if y != best {
		sum, _ := w.under(best, house)
		missing = int64(house) - sum
	}
	return missing
}

// under sets the seats that y seats per vote give, and returns their sum and the votes
// of the lists whose seats move with y.
func (w *award) under(y float64, house int) (sum int64, moving float64) {
	if w.straight() {
		return w.underStraight(y, house)
	}
	for i, v := range w.votes {
		k := w.upTo(float64(v)*y, house)
		free := k > 0
		if w.most != nil && k >= w.most[i] {
			k, free = w.most[i], false
		}
		if w.least != nil && k <= w.least[i] {
			k, free = w.least[i], false
		}
		if w.seats[i] = k; free {
			moving += float64(v)
		}
		sum += int64(k)
	}
	return sum, moving
}

// room reports whether list i can take one more seat.
func (w *award) room(i int) bool {
	return (w.most == nil || w.seats[i] < w.most[i]) && (w.shape != powers || w.seats[i] <= maxPower)
}

// spare reports whether list i can lose a seat.
func (w *award) spare(i int) bool {
	return w.seats[i] > 0 && (w.least == nil || w.seats[i] > w.least[i])
}

func (w *award) next(i int) Fraction { return w.quotient(w.votes[i], w.seats[i]) }
func (w *award) last(i int) Fraction { return w.quotient(w.votes[i], w.seats[i]-1) }

// edges gives the list with the lowest quotient that was served, and the one with
// the highest that was not; -1 where there is none.
func (w *award) edges() (last, next int) {
	if w.straight() {
		return w.edgesStraight()
	}
	last, next = -1, -1
	for k, v := range w.votes {
		n := w.seats[k]
		if w.spare(k) && (last < 0 || w.compare(v, n-1, w.votes[last], w.seats[last]-1) < 0) {
			last = k
		}
		if w.room(k) && (next < 0 || w.compare(v, n, w.votes[next], w.seats[next]) > 0) {
			next = k
		}
	}
	return last, next
}

// straight reports whether the divisors are a line without a special beginning, and
// no list has bounds. The loops over all lists are then done without a call for each
// list: three times faster, and nothing else.
func (w *award) straight() bool {
	return w.shape == linear && w.first == nil && w.least == nil && w.most == nil && len(w.votes) > 0
}

// underStraight is under.
func (w *award) underStraight(y float64, house int) (sum int64, moving float64) {
	slope, start, most := y*float64(w.c)/float64(w.a), 1-float64(w.b)/float64(w.a), float64(house)
	for i, v := range w.votes {
		k := 0
		if x := float64(v)*slope + start; x >= 1 {
			k = int(min(x, most))
			moving += float64(v)
		}
		w.seats[i] = k
		sum += int64(k)
	}
	return sum, moving
}

// edgesStraight is edges. A quotient v/(a·n + b) is below another where the products
// across are.
func (w *award) edgesStraight() (last, next int) {
	last, next = -1, 0
	var lastVotes, lastBy uint64
	nextVotes, nextBy := uint64(w.votes[0]), w.a*uint64(w.seats[0])+uint64(w.b)
	for k, v := range w.votes {
		votes, by := uint64(v), w.a*uint64(w.seats[k])+uint64(w.b)
		if w.seats[k] > 0 {
			hi, lo := bits.Mul64(votes, lastBy)
			hj, lp := bits.Mul64(lastVotes, by-w.a)
			if hi < hj || hi == hj && lo < lp || last < 0 {
				last, lastVotes, lastBy = k, votes, by-w.a
			}
		}
		hi, lo := bits.Mul64(votes, nextBy)
		hj, lp := bits.Mul64(nextVotes, by)
		if hi > hj || hi == hj && lo > lp {
			next, nextVotes, nextBy = k, votes, by
		}
	}
	return last, next
}

// boundary notes the lowest quotient that was served and the highest that was not.
// Equal ones are a tie: the seats at that level are taken back and stand in it.
func (w *award) boundary(s *Stage) []contest {
	last, next := w.edges()
	for last >= 0 && next >= 0 && w.compare(w.votes[next], w.seats[next], w.votes[last], w.seats[last]-1) > 0 {
		w.seats[last]-- // a float was on the wrong side
		w.seats[next]++
		last, next = w.edges()
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
		case w.spare(k) && w.last(k).Cmp(s.To) == 0:
			w.seats[k]--
			level.seats++
			level.lists = append(level.lists, k)
		case w.room(k) && w.next(k).Cmp(s.To) == 0:
			level.lists = append(level.lists, k)
		}
	}
	return []contest{{s.To, []batch{level}}}
}

// grown gives the smallest house, at least as large as this one, in which no list has
// fewer seats than its floor by the quotients alone, whoever wins a lot.
func (w *award) grown(house int, floors []int, moreVotes bool) int {
	x, bar := infinite, int64(math.MaxInt64) // the lowest quotient that must be served, and the fewest votes behind it
	needed := false
	for k, n := range floors {
		if n == 0 {
			continue
		}
		needed = true
		q := w.quotient(w.votes[k], n-1)
		order := q.Cmp(x)
		if order < 0 {
			x, bar = q, w.votes[k]
		} else if order == 0 {
			bar = min(bar, w.votes[k])
		}
	}
	sum := 0
	for _, v := range w.votes {
		if !needed {
			break
		}
		n := w.upTo(float64(v)/x.float(), w.end()) // one off at the boundary
		for n > 0 && w.quotient(v, n-1).Cmp(x) < 0 {
			n--
		}
		for n < w.end() && w.quotient(v, n).Cmp(x) >= 0 {
			n++
		}
		// Equal claims go by votes where the law says so, and first seats that are owed.
		if n > 0 && v < bar && (moreVotes || x.den == wide{}) && w.quotient(v, n-1).Cmp(x) == 0 {
			n--
		}
		if sum += n; sum > MaxSeats {
			return sum
		}
	}
	return max(house, sum)
}

var infinite = Fraction{num: wide{lo: 1}}

// fromHeap gives or takes back so many seats one by one.
func (w *award) fromHeap(steps int64, give bool) {
	h := heap{award: w, give: give, lists: make([]int32, 0, len(w.votes))}
	for i := range w.votes {
		if give && w.room(i) || !give && w.spare(i) {
			h.lists = append(h.lists, int32(i))
		}
	}
	h.init()
	for range steps {
		if len(h.lists) == 0 {
			return // only under powers, whose end is an error
		}
		h.step()
	}
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
		more = h.spare(i)
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
