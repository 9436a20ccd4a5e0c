package apportion

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// matrixMethods are those that divide in two directions, and two sequences.
func matrixMethods() []Method {
	list := slices.DeleteFunc(Methods(), func(m Method) bool {
		return !m.IsDivisor() || m.Name == "macau" || m.Name == "huntington_hill"
	})
	for _, name := range []string{"divisors:1.7,3,5,...", "divisors:0.5,4,5,9,..."} {
		m, err := Find(name)
		if err != nil {
			panic(err)
		}
		list = append(list, m)
	}
	return list
}

// optima tries every matrix that fits the margins, and gives those with the greatest
// product of all quotients that got a seat: it is greatest where no circle of cells
// can do better. Quotients below the minimum count for nothing, in all alike.
func optima(m Matrix) (all [][][]int) {
	rows, cols := len(m.Rows), slices.Clone(m.Cols)
	seats := make([][]int, rows)
	best := new(big.Rat)
	var row func(i int, product *big.Rat)
	var cell func(i, j, left int, product *big.Rat)
	row = func(i int, product *big.Rat) {
		if i < rows {
			seats[i] = make([]int, len(cols))
			cell(i, 0, m.Rows[i], product)
			return
		}
		if slices.ContainsFunc(cols, func(n int) bool { return n > 0 }) {
			return
		}
		switch product.Cmp(best) {
		case 1:
			best, all = product, nil
			fallthrough
		case 0:
			var x [][]int
			for _, line := range seats {
				x = append(x, slices.Clone(line))
			}
			all = append(all, x)
		}
	}
	cell = func(i, j, left int, product *big.Rat) {
		if j == len(cols) {
			if left == 0 {
				row(i+1, product)
			}
			return
		}
		most, votes := min(left, cols[j]), new(big.Rat).SetInt64(m.Votes[i][j])
		if votes.Sign() == 0 {
			most = 0
		}
		for n := leastSeats(m, i, j); n <= most; n++ {
			if n > leastSeats(m, i, j) {
				product = new(big.Rat).Mul(product, naiveQuotient(m.Method.Name, votes, int64(n-1)))
			}
			seats[i][j] = n
			cols[j] -= n
			cell(i, j+1, left-n, product)
			cols[j] += n
		}
		seats[i][j] = 0
	}
	row(0, big.NewRat(1, 1))
	return all
}

func leastSeats(m Matrix, i, j int) (n int) {
	if m.Minimums != nil {
		n = m.Minimums[i][j]
	}
	if m.Votes[i][j] > 0 && (m.Method.Name == "adams" || m.Method.Name == "dean") {
		n = max(n, 1)
	}
	return n
}

// smallMatrix makes a matrix where ties live, and margins that mostly fit.
func smallMatrix(r *rand.Rand, by Method) Matrix {
	m := Matrix{Method: by, Rows: make([]int, []int{1, 2, 2, 3, 3}[r.IntN(5)]), Cols: make([]int, []int{1, 2, 2, 3, 3, 4}[r.IntN(6)])}
	most := []int64{1, 2, 2, 4, 12, 60, 1000}[r.IntN(7)]
	unit := []int64{1, 1, 1, 1 << 40, 1 << 62 / most}[r.IntN(5)]
	noise := []int64{1, 1, 1, 3}[r.IntN(4)]
	zeros := r.IntN(4)
	for range m.Rows {
		line := make([]int64, len(m.Cols))
		for j := range line {
			if r.IntN(12) >= zeros {
				line[j] = (1+r.Int64N(most))*unit + r.Int64N(noise)
			}
		}
		m.Votes = append(m.Votes, line)
	}
	if r.IntN(4) == 0 {
		for i := range m.Rows {
			m.Minimums = append(m.Minimums, make([]int, len(m.Cols)))
			for j, v := range m.Votes[i] {
				if v > 0 && r.IntN(4) == 0 {
					m.Minimums[i][j] = r.IntN(3)
				}
			}
		}
	}
	for i, line := range m.Votes { // what is owed, and some more
		for j := range line {
			n := leastSeats(m, i, j)
			m.Rows[i] += n
			m.Cols[j] += n
		}
	}
	for range r.IntN(8) {
		i, j := r.IntN(len(m.Rows)), r.IntN(len(m.Cols))
		if m.Votes[i][j] > 0 || r.IntN(8) == 0 {
			m.Rows[i]++
			m.Cols[j]++
		}
	}
	return m
}

func TestMatrixDifferential(t *testing.T) {
	for _, by := range matrixMethods() {
		t.Run(by.Name, func(t *testing.T) {
			t.Parallel()
			r := source(by.Name + " matrix")
			found := map[string]int{}
			for range *elections / 10 {
				m := smallMatrix(r, by)
				found[differMatrix(t, r, m)]++
			}
			for _, kind := range []string{"one", "tied", "infeasible"} {
				if *elections >= 5_000 && found[kind] < *elections/500 {
					t.Errorf("%v, of %d, want more: %s", found, *elections/10, kind)
				}
			}
		})
	}
}

func differMatrix(t *testing.T, r *rand.Rand, m Matrix) (kind string) {
	t.Helper()
	a, err := AllocateMatrix(m)
	all := optima(m)
	if len(all) == 0 {
		obstructs(t, m, err)
		return "infeasible"
	}
	if errors.Is(err, ErrNoVotes) && !slices.ContainsFunc(m.Votes, func(v []int64) bool { return slices.Max(v) > 0 }) {
		return "empty"
	}
	if err != nil {
		t.Fatalf("AllocateMatrix(%s) = %v, want one of %v", showMatrix(m), err, all)
	}
	if err := VerifyMatrix(m, a); err != nil {
		t.Fatalf("VerifyMatrix(%s, %s) = %v", showMatrix(m), showSeats(a), err)
	}
	slices.SortFunc(all, func(x, y [][]int) int { return slices.CompareFunc(y, x, slices.Compare[[]int]) })
	if !reflect.DeepEqual(a.Optimum, all[0]) {
		t.Fatalf("AllocateMatrix(%s) = %s, want the first of %v", showMatrix(m), showSeats(a), all)
	}
	least, open, ways := [][]int{}, 0, 1
	for i := range all[0] {
		least = append(least, slices.Clone(all[0][i]))
		for j := range least[i] {
			for _, x := range all {
				least[i][j] = min(least[i][j], x[i][j])
			}
			open += all[0][i][j] - least[i][j]
		}
	}
	for _, tie := range a.Ties {
		ways *= fillings(tie.Cells, tie.Rows, tie.Cols)
	}
	if !reflect.DeepEqual(a.Seats, least) || a.Open != open || ways != len(all) {
		t.Fatalf("AllocateMatrix(%s) = %s, which leaves %d ways, want %v and %d open in %v", showMatrix(m), showSeats(a), ways, least, open, all)
	}
	movesMatrix(t, r, m, a)
	if len(all) == 1 {
		rotates(t, m, a)
		return "one"
	}
	drawsMatrix(t, r, m, a, all)
	return "tied"
}

// obstructs checks why a matrix has no answer.
func obstructs(t *testing.T, m Matrix, err error) {
	t.Helper()
	if errors.Is(err, ErrNoVotes) {
		return // and seats, or there would be the empty matrix
	}
	var e *InfeasibleError
	if !errors.As(err, &e) {
		t.Fatalf("AllocateMatrix(%s) = %v, want an InfeasibleError", showMatrix(m), err)
	}
	need, have := 0, 0
	for _, j := range e.Cols {
		have += m.Cols[j]
	}
	for i := range m.Rows {
		if slices.Contains(e.Rows, i) {
			need += m.Rows[i]
		}
		for j, v := range m.Votes[i] {
			switch in := slices.Contains(e.Cols, j); {
			case slices.Contains(e.Rows, i) && v > 0 && !in:
				t.Fatalf("AllocateMatrix(%s) = %v: row %d has votes in column %d", showMatrix(m), err, i, j)
			case !slices.Contains(e.Rows, i) && in:
				have -= leastSeats(m, i, j)
			}
		}
	}
	if need != e.Need || have != e.Have || need <= have {
		t.Fatalf("AllocateMatrix(%s) = %v, want need %d above have %d", showMatrix(m), err, need, have)
	}
}

// fillings counts the ways to give 1 or 0 to cells so that rows and columns have
// their counts.
func fillings(cells []Cell, rows, cols []Part) int {
	if len(cells) == 0 {
		for _, p := range slices.Concat(rows, cols) {
			if p.Seats != 0 {
				return 0
			}
		}
		return 1
	}
	ways := fillings(cells[1:], rows, cols)
	i := slices.IndexFunc(rows, func(p Part) bool { return p.At == cells[0].Row && p.Seats > 0 })
	j := slices.IndexFunc(cols, func(p Part) bool { return p.At == cells[0].Col && p.Seats > 0 })
	if i >= 0 && j >= 0 {
		rows[i].Seats--
		cols[j].Seats--
		ways += fillings(cells[1:], rows, cols)
		rows[i].Seats++
		cols[j].Seats++
	}
	return ways
}

// rotates moves one seat around every rectangle: none of these may stand.
func rotates(t *testing.T, m Matrix, a MatrixAllocation) {
	t.Helper()
	for i := range m.Rows {
		for k := range i {
			for j := range m.Cols {
				for l := range m.Cols {
					if j == l {
						continue
					}
					turn := func(step int) {
						a.Seats[i][j] += step
						a.Seats[k][l] += step
						a.Seats[i][l] -= step
						a.Seats[k][j] -= step
					}
					turn(1)
					moved := a
					if moved.Optimum = a.Seats; VerifyMatrix(m, moved) == nil {
						t.Fatalf("VerifyMatrix(%s) accepts %v", showMatrix(m), a.Seats)
					}
					turn(-1)
				}
			}
		}
	}
}

// movesMatrix permutes rows and columns, and turns the matrix over.
func movesMatrix(t *testing.T, r *rand.Rand, m Matrix, a MatrixAllocation) {
	t.Helper()
	rows, cols := r.Perm(len(m.Rows)), r.Perm(len(m.Cols))
	p := Matrix{Method: m.Method, Rows: make([]int, len(rows)), Cols: make([]int, len(cols)), Votes: make([][]int64, len(rows))}
	q := Matrix{Method: m.Method, Rows: m.Cols, Cols: m.Rows, Votes: make([][]int64, len(cols))}
	wantP, wantQ := make([][]int, len(rows)), make([][]int, len(cols))
	if m.Minimums != nil {
		p.Minimums, q.Minimums = make([][]int, len(rows)), make([][]int, len(cols))
	}
	for i, to := range rows {
		p.Rows[to], p.Votes[to], wantP[to] = m.Rows[i], make([]int64, len(cols)), make([]int, len(cols))
		if m.Minimums != nil {
			p.Minimums[to] = make([]int, len(cols))
		}
		for j, c := range cols {
			p.Cols[c], p.Votes[to][c], wantP[to][c] = m.Cols[j], m.Votes[i][j], a.Seats[i][j]
			q.Votes[j], wantQ[j] = append(q.Votes[j], m.Votes[i][j]), append(wantQ[j], a.Seats[i][j])
			if m.Minimums != nil {
				p.Minimums[to][c], q.Minimums[j] = m.Minimums[i][j], append(q.Minimums[j], m.Minimums[i][j])
			}
		}
	}
	for _, c := range []struct {
		m    Matrix
		want [][]int
	}{{p, wantP}, {q, wantQ}} {
		b, err := AllocateMatrix(c.m)
		if err != nil || !reflect.DeepEqual(b.Seats, c.want) || b.Open != a.Open || len(b.Ties) != len(a.Ties) {
			t.Fatalf("AllocateMatrix(%s) = %s, %v, want %v as %s", showMatrix(c.m), showSeats(b), err, c.want, showMatrix(m))
		}
	}
}

// drawsMatrix draws one of the optima by lots, which must result, and tries wrong lots.
func drawsMatrix(t *testing.T, r *rand.Rand, m Matrix, a MatrixAllocation, all [][][]int) {
	t.Helper()
	want := all[r.IntN(len(all))]
	for _, tie := range a.Ties {
		lot := MatrixLot{Cells: slices.Clone(tie.Cells)}
		for _, c := range tie.Cells {
			if want[c.Row][c.Col] > a.Seats[c.Row][c.Col] {
				lot.Winners = append(lot.Winners, c)
			}
		}
		r.Shuffle(len(lot.Cells), func(i, j int) { lot.Cells[i], lot.Cells[j] = lot.Cells[j], lot.Cells[i] })
		m.Lots = append(m.Lots, lot)
	}
	b, err := AllocateMatrix(m)
	if err != nil || !reflect.DeepEqual(b.Seats, want) || !reflect.DeepEqual(b.Optimum, want) || b.Open != 0 {
		t.Fatalf("AllocateMatrix(%s, lots %v) = %s, %v, want %v", showMatrix(m), m.Lots, showSeats(b), err, want)
	}
	if err := VerifyMatrix(m, b); err != nil {
		t.Fatalf("VerifyMatrix(%s, %s) = %v", showMatrix(m), showSeats(b), err)
	}
	undrawn := m
	if undrawn.Lots = nil; VerifyMatrix(undrawn, b) == nil {
		t.Fatalf("VerifyMatrix(%s) accepts a draw that was not held", showMatrix(m))
	}
	lot := &m.Lots[r.IntN(len(m.Lots))]
	cells := slices.Clone(lot.Cells)
	lot.Winners = cells[:len(lot.Winners)] // by chance
	b, err = AllocateMatrix(m)
	wrongLot := (*MatrixLotError)(nil)
	switch {
	case err == nil && slices.ContainsFunc(all, func(x [][]int) bool { return reflect.DeepEqual(x, b.Seats) }):
	case err != nil && errors.As(err, &wrongLot):
	default:
		t.Fatalf("AllocateMatrix(%s, lots %v) = %s, %v, want one of %v", showMatrix(m), m.Lots, showSeats(b), err, all)
	}
}

func showMatrix(m Matrix) string {
	return fmt.Sprintf("%s of %v for %v and %v, minimums %v", m.Method.Name, m.Votes, m.Rows, m.Cols, m.Minimums)
}

func showSeats(a MatrixAllocation) string {
	return fmt.Sprintf("%v, %d open, ties %v, optimum %v, divisors %v and %v", a.Seats, a.Open, a.Ties, a.Optimum, a.RowDivisors, a.ColDivisors)
}
