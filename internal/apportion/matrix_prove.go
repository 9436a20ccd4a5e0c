package apportion

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// prove makes the seats the right ones, and gives the divisors that show it and by
// cell the number of its tie, -1 where it is in none.
func (g *grid) prove() (row, col []*big.Rat, tied []int) {
	g.won = make([]bool, len(g.votes))
	for refined := false; ; refined = true {
		s := newDraft(g)
		s.relax()
		s.centre()
		if row, col, ok := s.short(nil); ok {
			return row, col, nil
		}
		if !refined && s.almost() && g.refine(s) {
			continue
		}
		e, better := newExact(s), false
		for ; !e.optimal(); e, better = newExact(s), true {
			s.bound()
		}
		if better {
			continue
		}
		group := e.groups()
		tied, found := e.tied(group)
		if found && g.foremost(tied) {
			continue // with that one of the optima from which anybody gets the same divisors
		}
		if s.adopt(e, group) {
			s.centre()
			if row, col, ok := s.short(e); ok {
				return row, col, tied
			}
		}
		row, col = e.divisors()
		return row, col, tied
	}
}

// A draft is a proposal of divisors for given seats. It computes without sums, so
// that no machine can fuse two roundings into one: all get the same certificate.
//
// Columns have the inverse S = 1/C, so that all nodes are alike: the inequalities
// are R ≤ high·S and S ≤ need·R.
type draft struct {
	*grid
	high, need []float64 // votes / d(a−1), infinite at the minimum; d(a) / votes
	value      []float64 // by node
	group      []int     // by node; the nodes of a group keep their ratios
	members    [][]int
}

func newDraft(g *grid) *draft {
	n := g.rows + g.cols
	s := &draft{grid: g, high: make([]float64, len(g.votes)), need: make([]float64, len(g.votes)), value: ones(n), group: make([]int, n), members: make([][]int, n)}
	for n := range s.group {
		s.group[n], s.members[n] = n, []int{n}
	}
	s.bound()
	return s
}

// bound computes the inequalities of the seats.
func (s *draft) bound() {
	for x, v := range s.votes {
		s.high[x], s.need[x] = math.Inf(1), math.Inf(1)
		if v == 0 {
			continue
		}
		num, den := s.Method.divisors.ratio(s.seats[x])
		s.need[x] = float64(num) / float64(den) / float64(v)
		if k := s.seats[x]; k > s.least[x] {
			num, den = s.Method.divisors.ratio(k - 1)
			s.high[x] = float64(v) * float64(den) / float64(num)
		}
	}
}

// relax lowers the values until they keep the inequalities (Bellman and Ford). Where
// a tie turns rounding errors in a circle it stops in time.
func (s *draft) relax() {
	const less = 1 - 1e-12
	row, col := s.value[:s.rows], s.value[s.rows:]
	for again, round := true, 0; again && round < len(s.value); round++ {
		again = false
		for i, r := range row {
			for j, h := range s.high[i*s.cols : (i+1)*s.cols] {
				if q := h * col[j]; q < r*less {
					r, again = q, true
				}
			}
			row[i] = r
			for j, n := range s.need[i*s.cols : (i+1)*s.cols] {
				if q := n * r; q < col[j]*less {
					col[j], again = q, true
				}
			}
		}
	}
}

// centre moves the groups, one after the other, amid what the others leave to them.
func (s *draft) centre() {
	inverse := make([]float64, len(s.value))
	for n, v := range s.value {
		inverse[n] = 1 / v
	}
	for round, again := 0, true; again && round < 200; round++ {
		again = false
		for _, nodes := range s.members {
			up, down := s.room(nodes, inverse)
			by := 1.0
			switch {
			case math.IsInf(up, 1) && math.IsInf(down, 1):
			case math.IsInf(up, 1):
				by = 2 / down
			case math.IsInf(down, 1):
				by = up / 2
			default:
				by = math.Sqrt(up / down)
			}
			again = again || math.Abs(by-1) > (float64(up*down)-1)/16
			for _, n := range nodes {
				s.value[n] *= by
				inverse[n] = 1 / s.value[n]
			}
		}
	}
}

// room gives the factors by which a group can grow and shrink.
func (s *draft) room(nodes []int, inverse []float64) (up, down float64) {
	up, down = math.Inf(1), math.Inf(1)
	for _, n := range nodes {
		v, w, g := s.value[n], inverse[n], s.group[n]
		if n < s.rows {
			high, need := s.high[n*s.cols:(n+1)*s.cols], s.need[n*s.cols:(n+1)*s.cols]
			for j := range high {
				m := s.rows + j
				if s.group[m] == g {
					continue
				}
				if q := high[j] * s.value[m] * w; q < up {
					up = q
				}
				if q := need[j] * v * inverse[m]; q < down {
					down = q
				}
			}
			continue
		}
		for i, x := 0, n-s.rows; i < s.rows; i, x = i+1, x+s.cols {
			if s.group[i] == g {
				continue
			}
			if q := s.need[x] * s.value[i] * w; q < up {
				up = q
			}
			if q := s.high[x] * v * inverse[i]; q < down {
				down = q
			}
		}
	}
	return up, down
}

// adopt takes the values and the groups of an exact proof, if floats can hold them.
func (s *draft) adopt(e *exact, group []int) bool {
	s.group, s.members = group, make([][]int, len(group))
	for n, v := range e.value {
		s.value[n], _ = v.Float64()
		s.members[group[n]] = append(s.members[group[n]], n)
	}
	return s.sound()
}

// sound reports whether the values are numbers to compute with.
func (s *draft) sound() bool {
	return !slices.ContainsFunc(s.value, func(v float64) bool { return !(v > 1e-150 && v < 1e150) })
}

// almost reports whether no inequality is broken by more than rounding.
func (s *draft) almost() bool {
	for x := range s.votes {
		if row, col := s.slack(x); row < 1-1e-6 || col < 1-1e-6 {
			return false
		}
	}
	return s.sound()
}

// short rounds the divisors to the fewest digits with which each cell keeps both
// inequalities strictly, but for the tied ones in the groups of a proof, where it
// keeps the exact ratios. It reports whether there are any: nothing of this is
// float but the proposal.
func (s *draft) short(e *exact) (row, col []*big.Rat, ok bool) {
	if !s.sound() {
		return nil, nil, false
	}
	unit := 1.0 // columns are as a rule near 1, and rows carry the votes
	if s.cols > 0 {
		sorted := slices.Sorted(slices.Values(s.value[s.rows:]))
		unit = sorted[s.cols/2]
	}
	div := make([]float64, len(s.value)) // R and C
	for n, v := range s.value {
		if n < s.rows {
			div[n] = v / unit
		} else {
			div[n] = unit / v
		}
	}
	for digits := 1; digits <= 17; digits++ {
		t := trial{grid: s.grid, div: make([]decimal, len(div)), group: s.group, proof: e}
		for n, x := range div {
			t.div[n] = rounded(x, digits)
		}
		if e != nil {
			t.keepRatios(s.members)
		}
		if t.strict() {
			row, col = t.result()
			return row, col, true
		}
	}
	return nil, nil, false
}

// A decimal is p · 10^e.
type decimal struct {
	p uint64
	e int
}

// rounded gives x with so many significant digits, to 17.
func rounded(x float64, digits int) decimal {
	text := strconv.FormatFloat(x, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	whole, part, _ := strings.Cut(mantissa, ".")
	part = strings.TrimRight(part, "0")
	p, err := strconv.ParseUint(whole+part, 10, 64)
	e, err2 := strconv.Atoi(exponent)
	if err != nil || err2 != nil {
		panic("apportion: a divisor of " + text)
	}
	return decimal{p, e - len(part)}
}

func (d decimal) rat() *big.Rat {
	p, ten := new(big.Int).SetUint64(d.p), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(d.e, -d.e))), nil)
	if d.e < 0 {
		return new(big.Rat).SetFrac(p, ten)
	}
	return new(big.Rat).SetInt(p.Mul(p, ten))
}

var powers10 = func() (p [39]wide) {
	for n := range p {
		p[n] = power(n)
	}
	return p
}()

// A trial holds divisors against the cells.
type trial struct {
	*grid
	div   []decimal // by node
	group []int
	proof *exact
	ratio exact // the same divisors as ratios, where there are groups
}

// keepRatios replaces the values in each group by the first one times exact ratios.
func (t *trial) keepRatios(members [][]int) {
	t.ratio = exact{grid: t.grid, value: make([]*big.Rat, len(t.div))}
	for _, nodes := range members {
		for _, n := range nodes {
			v := t.div[nodes[0]].rat()
			if nodes[0] >= t.rows { // a column alone
				v.Inv(v)
			}
			if n != nodes[0] {
				v.Mul(v, t.proof.value[n])
				v.Quo(v, t.proof.value[nodes[0]])
			}
			t.ratio.value[n] = v
		}
	}
}

// strict is the final check of a certificate, in integers alone.
func (t *trial) strict() bool {
	for x, v := range t.votes {
		i, j, n := x/t.cols, t.rows+x%t.cols, t.seats[x]
		switch {
		case v == 0:
		case t.proof == nil:
			if t.side(x, n) <= 0 || n > t.least[x] && t.side(x, n-1) >= 0 {
				return false
			}
		case t.group[i] == t.group[j]:
			if t.ratio.side(x, n) < 0 || n > t.least[x] && t.ratio.side(x, n-1) > 0 {
				return false
			}
		case t.ratio.side(x, n) <= 0 || n > t.least[x] && t.ratio.side(x, n-1) >= 0:
			return false
		}
	}
	return true
}

// side compares d(k)·R·C with the votes of a cell.
func (t *trial) side(x, k int) int {
	num, den := t.Method.divisors.ratio(k)
	r, c := t.div[x/t.cols], t.div[t.rows+x%t.cols]
	scale, e := mul(r.p, c.p), r.e+c.e
	switch votes := mul(uint64(t.votes[x]), den); {
	case -38 <= e && e <= 0:
		return cmpProducts(wide{lo: num}, scale, votes, powers10[-e])
	case 0 < e && e <= 19:
		return cmpProducts(mul(num, powers10[e].lo), scale, votes, wide{lo: 1})
	}
	q := r.rat()
	q.Mul(q, c.rat())
	q.Mul(q, ratOf(num, den))
	return q.Cmp(new(big.Rat).SetInt64(t.votes[x]))
}

func ratOf(num, den uint64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(num), new(big.Int).SetUint64(den))
}

func (t *trial) result() (row, col []*big.Rat) {
	if t.proof != nil {
		return t.ratio.divisors()
	}
	for n, d := range t.div {
		if n < t.rows {
			row = append(row, d.rat())
		} else {
			col = append(col, d.rat())
		}
	}
	return row, col
}

// exact is the proof where floats do not see the difference: values as in a draft,
// in rational numbers.
type exact struct {
	*grid
	value      []*big.Rat
	near       []int // cells in which an inequality is an equality or almost, or broken; nil: all
	from       []int // by node: the node whose value it got; -1: none
	l, r, v, d big.Int
}

func newExact(s *draft) *exact {
	e := &exact{grid: s.grid, value: make([]*big.Rat, len(s.value)), from: make([]int, len(s.value))}
	if !s.sound() {
		for n := range e.value {
			e.value[n] = big.NewRat(1, 1)
		}
		return e
	}
	e.near = []int{}
	for x := range s.votes {
		up, down := s.slack(x)
		if up < 1+1e-6 || down < 1+1e-6 {
			e.near = append(e.near, x)
		}
	}
	for n := range e.value {
		if e.value[n] == nil {
			e.spread(s, n)
		}
	}
	return e
}

// slack gives by what factor R and S could grow in a cell.
func (s *draft) slack(x int) (row, col float64) {
	r, c := s.value[x/s.cols], s.value[s.rows+x%s.cols]
	return s.high[x] * c / r, s.need[x] * r / c
}

// spread gives a node its value, and the nodes that look tied to it the ones that
// make an equality of it. So what is a tie needs no steps of relax, and few digits.
func (e *exact) spread(s *draft, n int) {
	e.value[n] = new(big.Rat).SetFloat64(s.value[n])
	tight := func(slack float64) bool { return slack > 1-1e-9 && slack < 1+1e-9 }
	for queue := []int{n}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		visit := func(to, x int) {
			if e.value[to] != nil {
				return
			}
			up, down := s.slack(x)
			k := e.seats[x]
			switch {
			case tight(down):
			case tight(up):
				k--
			default:
				return
			}
			e.value[to] = e.equal(x, k, at < e.rows, e.value[at])
			queue = append(queue, to)
		}
		if at < e.rows {
			for j := range e.cols {
				visit(e.rows+j, at*e.cols+j)
			}
		} else {
			for i := range e.rows {
				visit(i, i*e.cols+at-e.rows)
			}
		}
	}
}

// equal gives the value across a cell with which d(k)·R·C is its votes: that of the
// column from that of the row, or the other way round.
func (e *exact) equal(x, k int, fromRow bool, value *big.Rat) *big.Rat {
	num, den := e.Method.divisors.ratio(k)
	q := ratOf(num, den)
	q.Quo(q, new(big.Rat).SetInt64(e.votes[x]))
	if !fromRow {
		q.Inv(q)
	}
	return q.Mul(q, value)
}

// side compares d(k)·R·C with the votes of a cell.
func (e *exact) side(x, k int) int {
	num, den := e.Method.divisors.ratio(k)
	r, s := e.value[x/e.cols], e.value[e.rows+x%e.cols]
	e.l.Mul(r.Num(), s.Denom())
	e.l.Mul(&e.l, e.d.SetUint64(num))
	e.r.Mul(s.Num(), r.Denom())
	e.r.Mul(&e.r, e.d.Mul(e.v.SetInt64(e.votes[x]), e.d.SetUint64(den)))
	return e.l.Cmp(&e.r)
}

// over gives by what part d(k)·R·C is above the votes of a cell.
func (e *exact) over(x, k int) float64 {
	e.side(x, k)
	votes, _ := e.r.Float64()
	over, _ := e.l.Sub(&e.l, &e.r).Float64()
	return over / votes
}

// optimal reports whether the seats are an optimum; else it has made them better. In
// the end the values keep all inequalities.
func (e *exact) optimal() bool {
	if e.near != nil {
		if !e.relax() {
			return false
		}
		if e.kept() {
			return true
		}
		e.near = nil
	}
	if !e.relax() {
		return false
	}
	if !e.kept() {
		panic("apportion: divisors that break an inequality")
	}
	return true
}

func (e *exact) kept() bool {
	for x, v := range e.votes {
		if n := e.seats[x]; v > 0 && (e.side(x, n) < 0 || n > e.least[x] && e.side(x, n-1) > 0) {
			return false
		}
	}
	return true
}

// relax is Bellman and Ford's again. A value that would follow from itself is a
// circle of cells, which to raise and to lower in turn is better: it moves the seats
// and gives up.
func (e *exact) relax() (done bool) {
	for n := range e.from {
		e.from[n] = -1
	}
	cells := e.near
	if cells == nil {
		for x := range e.votes {
			cells = append(cells, x)
		}
	}
	for again := true; again; {
		again = false
		for _, x := range cells {
			i, j, n := x/e.cols, e.rows+x%e.cols, e.seats[x]
			to, at, k := -1, 0, n
			switch {
			case e.votes[x] == 0:
			case e.side(x, n) < 0:
				to, at = j, i
			case n > e.least[x] && e.side(x, n-1) > 0:
				to, at, k = i, j, n-1
			}
			if to < 0 {
				continue
			}
			again = true
			e.value[to] = e.equal(x, k, at == i, e.value[at])
			e.from[to] = at
			if e.turn(to) {
				return false
			}
		}
	}
	return true
}

// turn moves a seat along the circle in which the node stands, if it is in one.
func (e *exact) turn(node int) bool {
	at := e.from[node]
	for ; at >= 0 && at != node; at = e.from[at] {
	}
	if at < 0 {
		return false
	}
	for first := true; first || at != node; first = false {
		before := e.from[at]
		if at < e.rows {
			e.seats[at*e.cols+before-e.rows]--
		} else {
			e.seats[before*e.cols+at-e.rows]++
		}
		at = before
	}
	return true
}

func (e *exact) divisors() (row, col []*big.Rat) {
	for n, v := range e.value {
		if n < e.rows {
			row = append(row, v)
		} else {
			col = append(col, new(big.Rat).Inv(v))
		}
	}
	return row, col
}

// groups numbers the nodes by the circles of equalities in which they stand: the
// strongly connected components of the steps that cost nothing (Tarjan).
func (e *exact) groups() []int {
	next := make([][]int, len(e.value))
	for x, v := range e.votes {
		i, j, n := x/e.cols, e.rows+x%e.cols, e.seats[x]
		switch {
		case v == 0:
		case e.side(x, n) == 0: // can be raised
			next[i] = append(next[i], j)
		case n > e.least[x] && e.side(x, n-1) == 0: // can be lowered
			next[j] = append(next[j], i)
		}
	}
	group, low, stack, count, groups := make([]int, len(next)), make([]int, len(next)), []int{}, 0, 0
	for n := range group {
		group[n] = -1
	}
	var visit func(n int)
	visit = func(n int) {
		count++
		number := count
		low[n] = count
		stack = append(stack, n)
		for _, to := range next[n] {
			if low[to] == 0 {
				visit(to)
			}
			if group[to] < 0 {
				low[n] = min(low[n], low[to])
			}
		}
		if low[n] < number {
			return
		}
		for last := -1; last != n; {
			last = stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			group[last] = groups
		}
		groups++
	}
	for n := range next {
		if low[n] == 0 {
			visit(n)
		}
	}
	return group
}

// tied numbers the ties by their first cell, and marks who has a tied seat.
func (e *exact) tied(group []int) (tied []int, found bool) {
	tied = make([]int, len(e.votes))
	number, count := make(map[int]int), 0
	for x, v := range e.votes {
		i, j, n := x/e.cols, e.rows+x%e.cols, e.seats[x]
		tied[x], e.won[x] = -1, false
		if v == 0 || group[i] != group[j] {
			continue
		}
		low := n > e.least[x] && e.side(x, n-1) == 0
		if !low && e.side(x, n) != 0 {
			continue
		}
		e.won[x] = low
		if _, met := number[group[i]]; !met {
			number[group[i]] = count
			count++
		}
		tied[x] = number[group[i]]
	}
	return tied, count > 0
}

// foremost gives the tied seats to the first cells, by row and column, that can have
// them, and reports whether that changed any: for each cell it looks for a circle
// over cells that are not decided yet.
func (g *grid) foremost(tied []int) (changed bool) {
	for i := range g.rows {
		last := i*g.cols - 1 // the last cell of the row that holds a tied seat
		for x := i * g.cols; x < (i+1)*g.cols; x++ {
			if g.won[x] {
				last = x
			}
		}
		for x := i * g.cols; x < last; x++ {
			if tied[x] < 0 || g.won[x] || !g.circle(x, tied) {
				continue
			}
			changed = true
			for !g.won[last] {
				last--
			}
		}
	}
	return changed
}

// circle gives a seat to cell x, if cells behind it in its row and in lower rows can
// make up for it.
func (g *grid) circle(x int, tied []int) bool {
	i, first := x/g.cols, x%g.cols
	type step struct{ row, col int } // how a column was reached: over that row from that column
	from := make([]step, g.cols)
	met, rowMet := make([]bool, g.cols), make([]bool, g.rows)
	met[first] = true
	for queue := []int{first}; len(queue) > 0; queue = queue[1:] {
		j := queue[0]
		if y := i*g.cols + j; j > first && tied[y] >= 0 && g.won[y] {
			g.move(y, x)
			for ; j != first; j = from[j].col {
				g.move(from[j].row*g.cols+from[j].col, from[j].row*g.cols+j)
			}
			return true
		}
		for r := i + 1; r < g.rows; r++ {
			if y := r*g.cols + j; rowMet[r] || tied[y] < 0 || !g.won[y] {
				continue
			}
			rowMet[r] = true
			for c := range g.cols {
				if y := r*g.cols + c; !met[c] && tied[y] >= 0 && !g.won[y] {
					met[c], from[c] = true, step{r, j}
					queue = append(queue, c)
				}
			}
		}
	}
	return false
}

// move takes a tied seat from one cell to another.
func (g *grid) move(from, to int) {
	g.won[from], g.won[to] = false, true
	g.seats[from]--
	g.seats[to]++
}

// ties lists the ties, all open.
func (g *grid) ties(tied []int) (ties []MatrixTie) {
	for x, t := range tied {
		if t < 0 {
			continue
		}
		if t == len(ties) {
			ties = append(ties, MatrixTie{})
		}
		ties[t].Cells = append(ties[t].Cells, Cell{x / g.cols, x % g.cols})
	}
	for n := range ties {
		t := &ties[n]
		var held []Cell
		for _, c := range t.Cells {
			if g.won[c.Row*g.cols+c.Col] {
				held = append(held, c)
			}
		}
		t.Seats = len(held)
		t.Rows, t.Cols = parts(held)
	}
	return ties
}

// parts counts cells by row and by column.
func parts(cells []Cell) (rows, cols []Part) {
	add := func(parts []Part, at int) []Part {
		n, found := slices.BinarySearchFunc(parts, at, func(p Part, at int) int { return p.At - at })
		if !found {
			parts = slices.Insert(parts, n, Part{At: at})
		}
		parts[n].Seats++
		return parts
	}
	for _, c := range cells {
		rows, cols = add(rows, c.Row), add(cols, c.Col)
	}
	return rows, cols
}

// draw serves the winners of the lots.
func (g *grid) draw(ties []MatrixTie) error {
	for l, lot := range g.Lots {
		cells, winners := slices.SortedFunc(slices.Values(lot.Cells), inOrder), slices.SortedFunc(slices.Values(lot.Winners), inOrder)
		n := slices.IndexFunc(ties, func(t MatrixTie) bool { return slices.Equal(t.Cells, cells) })
		if n < 0 {
			n = slices.IndexFunc(ties, func(t MatrixTie) bool {
				return slices.ContainsFunc(cells, func(c Cell) bool { return slices.Contains(t.Cells, c) })
			})
			if n < 0 {
				return &MatrixLotError{l, nil, "the lot answers no tie of this matrix"}
			}
			return &MatrixLotError{l, &ties[n], "the lot is not of the cells that are tied"}
		}
		t := &ties[n]
		rows, cols := parts(winners)
		what := ""
		switch {
		case t.Settled == ByLot:
			what = "the tie has a lot already"
		case len(slices.Compact(slices.Clone(winners))) != len(winners):
			what = "the lot names a winner twice"
		case slices.ContainsFunc(winners, func(c Cell) bool { return !slices.Contains(cells, c) }):
			what = "a winner of the lot is not among its cells"
		case len(winners) != t.Seats:
			what = fmt.Sprintf("the lot has %d winners for %d seats", len(winners), t.Seats)
		case !slices.Equal(rows, t.Rows):
			what = "the lot does not give each row its seats: " + uneven("row", rows, t.Rows)
		case !slices.Equal(cols, t.Cols):
			what = "the lot does not give each column its seats: " + uneven("column", cols, t.Cols)
		}
		if what != "" {
			return &MatrixLotError{l, t, what}
		}
		t.Settled, t.Winners = ByLot, winners
		for _, c := range t.Cells {
			x := c.Row*g.cols + c.Col
			if g.won[x] {
				g.seats[x]--
			}
			if g.won[x] = slices.Contains(winners, c); g.won[x] {
				g.seats[x]++
			}
		}
	}
	return nil
}

func inOrder(a, b Cell) int {
	if a.Row != b.Row {
		return a.Row - b.Row
	}
	return a.Col - b.Col
}

// uneven names the first row or column that has another count than it should.
func uneven(line string, got, want []Part) string {
	for _, w := range want {
		n := 0
		for _, p := range got {
			if p.At == w.At {
				n = p.Seats
			}
		}
		if n != w.Seats {
			return fmt.Sprintf("%s %d would have %d, want %d", line, w.At, n, w.Seats)
		}
	}
	return ""
}
