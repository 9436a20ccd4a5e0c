package apportion

import (
	"math"
	"math/big"
	"slices"
)

// ratio gives d(k) as a ratio of integers below 2^63 and 2^32.
func (d *divisors) ratio(k int) (num, den uint64) {
	if n := uint64(k); d.shape == harmonic {
		return 2 * n * (n + 1), 2*n + 1
	}
	return d.at(k), d.c
}

// near gives about d(x), for places between the whole ones too.
func (d *divisors) near(x float64) float64 {
	switch k := int(x); {
	case d.shape == harmonic:
		return 2 * x * (x + 1) / (2*x + 1)
	case x < float64(len(d.first)):
		from, to := float64(d.at(k)), float64(d.at(k+1))
		return (from + (to-from)*(x-float64(k))) / float64(d.c)
	}
	return (float64(d.a)*x + float64(d.b)) / float64(d.c)
}

// propose replaces the seats by ones that are the best as far as floats can tell.
func (g *grid) propose() {
	s := scaling{grid: g, v: make([]float64, len(g.votes)), got: slices.Clone(g.least), row: ones(g.rows), col: ones(g.cols)}
	for x, v := range g.votes {
		s.v[x] = float64(v)
	}
	for i, seats := range g.Rows {
		for _, v := range s.v[i*g.cols : (i+1)*g.cols] {
			s.row[i] += v / float64(max(seats, 1))
		}
	}
	s.alternate()
	t := newTransfer(&s)
	if t.run() {
		g.seats = s.got
	}
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

// A scaling finds divisors of the rows and of the columns in turn (alternating
// scaling). As a rule this ends with the right seats, or a few off.
type scaling struct {
	*grid
	v        []float64
	got      []int
	row, col []float64
}

func (s *scaling) alternate() {
	for before := int64(math.MaxInt64); ; {
		for i, seats := range s.Rows {
			s.row[i] = s.fit(i*s.cols, 1, seats, s.col, s.row[i])
		}
		for j, seats := range s.Cols {
			s.col[j] = s.fit(j, s.cols, seats, s.row, s.col[j])
		}
		off := int64(0)
		for i, seats := range s.Rows {
			n := int64(seats)
			for _, got := range s.got[i*s.cols : (i+1)*s.cols] {
				n -= int64(got)
			}
			off += max(n, -n)
		}
		if off <= int64(s.rows+s.cols)/16 || off >= before-before/4 {
			return // few are left, or it hardly gets on: the transfer is faster
		}
		before = off
	}
}

// fit finds the divisor of one row or column, given those across it, and sets its
// seats: the cells x = at, at + stride …
func (s *scaling) fit(at, stride, house int, across []float64, div float64) float64 {
	d := &s.Method.divisors
	slope := float64(d.c) / float64(d.a)
	low, high := 0.0, math.Inf(1)
	var off int64
	for range 60 { // as a rule a few are enough; 60 halve any bracket to what floats tell apart
		sum, weight := int64(0), 0.0
		for k, x := 0, at; k < len(across); k, x = k+1, x+stride {
			if s.v[x] == 0 {
				continue
			}
			n := s.round(s.v[x]/(across[k]*div), s.least[x])
			s.got[x] = n
			sum += int64(n)
			if n > s.least[x] {
				weight += s.v[x] / across[k]
			}
		}
		if off = int64(house) - sum; -3 <= off && off <= 3 || high < low*(1+1e-9) {
			break
		}
		if off < 0 {
			low = div
		} else {
			high = div
		}
		// About weight·slope/div seats hang on the divisor.
		next := weight * slope / (float64(off) + weight*slope/div)
		switch {
		case next > low && next < high:
		case low == 0:
			next = high / 4
		case math.IsInf(high, 1):
			next = low * 4
		default:
			next = math.Sqrt(low * high)
		}
		div = next
	}
	s.step(at, stride, off, across)
	return s.middle(at, stride, across, div)
}

// round gives the seats of a quotient.
func (s *scaling) round(quotient float64, least int) int {
	d := &s.Method.divisors
	quotient = min(quotient, MaxSeats)
	n := int(math.Floor((quotient*float64(d.c)-float64(d.b))/float64(d.a))) + 1
	if d.shape != linear || d.first != nil {
		for n = max(n, 0); d.near(float64(n)) <= quotient; n++ {
		}
		for ; n > 0 && d.near(float64(n-1)) > quotient; n-- {
		}
	}
	return max(n, least)
}

// step gives so many seats to the highest quotients, or takes them from the lowest.
// More than a few for each cell are left to the transfer.
func (s *scaling) step(at, stride int, off int64, across []float64) {
	d := &s.Method.divisors
	turn := at/len(across) + at // so that of equal claims each row and column begins with another
	for range min(max(off, -off), int64(2*len(across))) {
		best, pick := 0.0, -1
		for n := range across {
			k := (n + turn) % len(across)
			x := at + k*stride
			var claim float64
			switch {
			case s.v[x] == 0 || off < 0 && s.got[x] == s.least[x]:
				continue
			case off > 0:
				claim = s.v[x] / (across[k] * d.near(float64(s.got[x])))
			default:
				claim = d.near(float64(s.got[x]-1)) * across[k] / s.v[x]
			}
			if claim > best {
				best, pick = claim, x
			}
		}
		switch {
		case pick < 0:
			return
		case off > 0:
			s.got[pick]++
		default:
			s.got[pick]--
		}
	}
}

// middle gives a divisor amid those that give the seats of a row or a column.
func (s *scaling) middle(at, stride int, across []float64, div float64) float64 {
	d := &s.Method.divisors
	from, to := 0.0, math.Inf(1)
	for k, x := 0, at; k < len(across); k, x = k+1, x+stride {
		if s.v[x] == 0 {
			continue
		}
		q := s.v[x] / across[k]
		from = max(from, q/d.near(float64(s.got[x])))
		if n := s.got[x]; n > s.least[x] {
			to = min(to, q/d.near(float64(n-1)))
		}
	}
	switch {
	case from == 0:
		return div
	case math.IsInf(to, 1):
		return from * 2
	}
	return math.Sqrt(from * to)
}

// A transfer moves seats between rows and columns until all have theirs, each time
// over the cells where it costs the least: successive shortest paths for a flow
// of convex cost. To raise a cell with a seats costs log d(a) − log v; what a step
// costs beside the divisors of its row and column is not negative, and stays so.
type transfer struct {
	*scaling
	log        []float64 // of the votes
	raise      []float64 // cost of the next seat of a cell
	lower      []float64 // cost of its last one, infinite at its minimum
	price      []float64 // by node: log R, −log C
	excess     []int64   // by node: seats that a row must place yet, that a column has too many
	dist       []float64
	from       []int
	done, used []bool
	order      []int  // in which nodes were done
	fine       *exact // the prices are beside these values; nil: beside none
}

func newTransfer(s *scaling) *transfer {
	n := s.rows + s.cols
	t := &transfer{scaling: s, log: make([]float64, len(s.v)), raise: make([]float64, len(s.v)), lower: make([]float64, len(s.v)),
		price: make([]float64, n), excess: make([]int64, n), dist: make([]float64, n), from: make([]int, n), done: make([]bool, n), used: make([]bool, n)}
	for x, v := range s.v {
		t.log[x] = math.Log(v)
	}
	for n := range t.price {
		if n < s.rows {
			t.price[n] = math.Log(s.row[n])
		} else {
			t.price[n] = -math.Log(s.col[n-s.rows])
		}
		if math.IsNaN(t.price[n]) || math.IsInf(t.price[n], 0) {
			t.price[n] = 0
		}
	}
	return t
}

// run reports whether it found seats that fit the margins. Where very many seats are
// to move, it moves large units of them first, and then halves these.
func (t *transfer) run() bool {
	unit := 1
	for first := true; ; first = false {
		t.count()
		off := int64(0)
		for _, e := range t.excess {
			off += max(e, -e)
		}
		if off == 0 && unit == 1 {
			return true
		}
		if first {
			for off > 8*int64(unit)*int64(len(t.excess)) {
				unit *= 2
			}
		}
		t.start(unit, first && unit == 1)
		for t.pass(unit) {
		}
		if unit == 1 {
			break
		}
		unit /= 2
	}
	return !slices.ContainsFunc(t.excess, func(e int64) bool { return e != 0 })
}

// refine transfers seats again, where votes differ by less than floats can tell: all
// costs are now beside the divisors of a draft, exactly, so that only small numbers
// are rounded. It reports whether other seats are better.
func (g *grid) refine(s *draft) bool {
	e := exact{grid: g, value: make([]*big.Rat, len(s.value))}
	for n, v := range s.value {
		e.value[n] = new(big.Rat).SetFloat64(v)
	}
	t := newTransfer(&scaling{grid: g, v: make([]float64, len(g.votes)), got: slices.Clone(g.seats), row: ones(g.rows), col: ones(g.cols)})
	t.fine = &e
	for x, v := range g.votes {
		t.raise[x], t.lower[x] = math.Inf(1), math.Inf(1)
		if v == 0 {
			continue
		}
		for t.cost(x, 1); t.raise[x] < 0; t.cost(x, 1) {
			t.got[x]++
		}
		for ; t.lower[x] < 0; t.cost(x, 1) {
			t.got[x]--
		}
	}
	t.count()
	for t.pass(1) {
	}
	if slices.ContainsFunc(t.excess, func(e int64) bool { return e != 0 }) || slices.Equal(t.got, g.seats) {
		return false
	}
	g.seats = t.got
	return true
}

func (t *transfer) count() {
	for i, seats := range t.Rows {
		t.excess[i] = int64(seats)
	}
	for j, seats := range t.Cols {
		t.excess[t.rows+j] = -int64(seats)
	}
	for x, n := range t.got {
		t.excess[x/t.cols] -= int64(n)
		t.excess[t.rows+x%t.cols] += int64(n)
	}
}

// start sets the seats by the prices, to the minimum and so many units, and all costs.
func (t *transfer) start(unit int, keep bool) {
	d := &t.Method.divisors
	for x, v := range t.v {
		if v == 0 {
			t.raise[x], t.lower[x] = math.Inf(1), math.Inf(1)
			continue
		}
		if !keep {
			q := min(math.Exp(t.log[x]-t.price[x/t.cols]+t.price[t.rows+x%t.cols]), MaxSeats)
			middle := (q*float64(d.c)-float64(d.b))/float64(d.a) - float64(t.least[x]) - float64(unit-1)/2
			t.got[x] = t.least[x] + unit*max(0, int(math.Floor(middle/float64(unit)))+1)
			for t.following(x, unit) <= q && t.got[x] < MaxSeats {
				t.got[x] += unit
			}
			for t.got[x] > t.least[x] && d.near(float64(t.got[x]-unit)+float64(unit-1)/2) > q {
				t.got[x] -= unit
			}
		}
		t.cost(x, unit)
	}
	t.count()
}

// following is the divisor of the next unit of seats: that of its middle.
func (t *transfer) following(x, unit int) float64 {
	return t.Method.divisors.near(float64(t.got[x]) + float64(unit-1)/2)
}

func (t *transfer) cost(x, unit int) {
	d := &t.Method.divisors
	if t.fine != nil {
		t.raise[x], t.lower[x] = math.Log1p(t.fine.over(x, t.got[x])), math.Inf(1)
		if n := t.got[x]; n > t.least[x] {
			t.lower[x] = -math.Log1p(t.fine.over(x, n-1))
		}
		return
	}
	t.raise[x] = math.Log(t.following(x, unit)) - t.log[x]
	t.lower[x] = math.Inf(1)
	if t.got[x] > t.least[x] {
		t.lower[x] = t.log[x] - math.Log(d.near(float64(t.got[x]-unit)+float64(unit-1)/2))
	}
}

// pass finds the shortest paths to all nodes that lack a unit, and moves one over
// each of those that have no step in common. It reports whether any was moved.
func (t *transfer) pass(unit int) (moved bool) {
	if !t.search(int64(unit)) {
		return false
	}
	last := t.dist[t.order[len(t.order)-1]]
	for n := range t.price {
		t.price[n] += min(t.dist[n], last)
		t.used[n] = false
	}
	for _, to := range t.order {
		if t.excess[to] > -int64(unit) {
			continue
		}
		at := to
		for ; t.from[at] >= 0 && !t.used[at]; at = t.from[at] {
		}
		if t.used[at] || t.excess[at] < int64(unit) {
			continue
		}
		t.excess[at] -= int64(unit)
		t.excess[to] += int64(unit)
		for at = to; t.from[at] >= 0; at = t.from[at] {
			t.used[at] = true
			x := t.from[at]*t.cols + at - t.rows
			if at < t.rows {
				x = at*t.cols + t.from[at] - t.rows
				t.got[x] -= unit
			} else {
				t.got[x] += unit
			}
			t.cost(x, unit)
		}
		moved = true
	}
	return moved
}

// search is Dijkstra's, from all nodes with a unit to spare to all that lack one.
func (t *transfer) search(unit int64) bool {
	left := 0
	for n, e := range t.excess {
		t.dist[n], t.from[n], t.done[n] = math.Inf(1), -1, false
		if e >= unit {
			t.dist[n] = 0
		}
		if e <= -unit {
			left++
		}
	}
	t.order = t.order[:0]
	for left > 0 {
		at, d := -1, math.Inf(1)
		for n, far := range t.dist {
			if far < d && !t.done[n] {
				at, d = n, far
			}
		}
		if at < 0 {
			break
		}
		t.done[at] = true
		t.order = append(t.order, at)
		if t.excess[at] <= -unit {
			left--
		}
		if at < t.rows {
			cost := t.raise[at*t.cols : (at+1)*t.cols]
			for j, c := range cost {
				n := t.rows + j
				if far := d + max(0, c+t.price[at]-t.price[n]); far < t.dist[n] && !t.done[n] {
					t.dist[n], t.from[n] = far, at
				}
			}
			continue
		}
		for n, x := 0, at-t.rows; n < t.rows; n, x = n+1, x+t.cols {
			if far := d + max(0, t.lower[x]+t.price[at]-t.price[n]); far < t.dist[n] && !t.done[n] {
				t.dist[n], t.from[n] = far, at
			}
		}
	}
	return len(t.order) > 0
}
