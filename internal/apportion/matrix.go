package apportion

import (
	"fmt"
	"math/big"
	"slices"
)

// A Matrix is seats to divide in two directions at once, as the double
// Pukelsheim does among lists and districts: every row and every column has its
// seats already, and each cell is to have as near as may be its share by votes.
//
// The answer is divisors R for the rows and C for the columns, such that each
// cell has as many seats as its quotient votes / (R·C) gives by the divisor method
// (Balinski and Demange, Axioms and Algorithms for Biproportional Apportionment,
// Mathematical Programming 45, 1989; Pukelsheim, Proportional Representation, 2nd
// ed., 2017, chapter 14). They exist where any seats fit the margins, and ties
// aside they give one answer only.
type Matrix struct {
	Votes  [][]int64 // by row and column, 0 or more; a cell with 0 gets no seat
	Rows   []int     // seats of each row, 0 or more
	Cols   []int     // seats of each column, 0 or more; the same sum, to MaxSeats
	Method Method    // a divisor method with rational divisors: not macau, huntington_hill or a sequence that ends

	// Minimums has the fewest seats of each cell, by row and column, 0 or more; nil:
	// none. A cell has the more of its minimum and what its quotient gives. The
	// methods that begin with the divisor 0 (adams, dean) owe each cell with votes a
	// seat whether or not it is asked for.
	Minimums [][]int

	Lots []MatrixLot // the draws for the ties; each must answer one
}

// A Cell is a place in a [Matrix].
type Cell struct{ Row, Col int }

// A MatrixAllocation is the answer to a [Matrix]: the sum of Seats, and Open, are
// its seats.
type MatrixAllocation struct {
	Seats [][]int // by row and column, as far as they are settled: what a cell has at least in every optimum
	Open  int     // seats that wait for a lot

	// Ties holds the cells between which votes do not decide, open or drawn, by their
	// first cell. They are independent of each other.
	Ties []MatrixTie

	// Optimum fills the margins: Seats, and in each open tie that one of the optima
	// which is first by row and column, so that the first tied cell has a seat if it
	// has one in any, and so on. It is Seats where nothing is open.
	Optimum [][]int

	// The certificate. With R·C of its row and column, votes v and the seats a that
	// it has in Optimum, each cell with votes keeps
	//
	//	d(a−1)·R·C ≤ v ≤ d(a)·R·C
	//
	// where the first counts for seats above the minimum alone. Both strict in all
	// cells prove the optimum the only one; in a tied cell one is an equality. Other
	// numbers may prove as much; these have few digits where the votes leave room.
	RowDivisors, ColDivisors []*big.Rat
}

// A MatrixTie is cells which each have one seat more in some optimum and not in
// another. The optima are all the ways to give a cell 1 seat or none that give
// each row and column of the tie its count.
type MatrixTie struct {
	Cells      []Cell // by row, then by column
	Seats      int    // at stake
	Rows, Cols []Part // how many of them each row and each column takes, ascending
	Settled    Settled
	Winners    []Cell // whom a lot served, as Cells are ordered; none of an open tie
}

// A Part is the tied seats of one row or column.
type Part struct {
	At    int // index into Matrix.Rows or Cols
	Seats int // of the tied cells there, 1 or more, fewer than these
}

// A MatrixLot is a draw that was held. Its cells may stand in any order.
type MatrixLot struct {
	Cells   []Cell // exactly the cells of the tie that it answers
	Winners []Cell // those that it serves: as many in each row and column as the tie says
}

// A MatrixLotError is a lot that does not answer a tie of the matrix.
type MatrixLotError struct {
	Lot  int        // index into Matrix.Lots
	Tie  *MatrixTie // the tie that it is, or seems to be, about; nil when there is none
	What string
}

func (e *MatrixLotError) Error() string {
	if e.Tie == nil {
		return fmt.Sprintf("lot %d: %s", e.Lot+1, e.What)
	}
	return fmt.Sprintf("lot %d: %s; tied are the cells %v, for %d", e.Lot+1, e.What, e.Tie.Cells, e.Tie.Seats)
}

// An InfeasibleError says why no seats fit the margins: all votes of some rows are
// in columns that have too few seats for them.
type InfeasibleError struct {
	Rows, Cols []int // ascending; no other column has a vote in these rows
	Need       int   // seats of the rows
	Have       int   // seats of the columns, less what the other rows must have there
}

func (e *InfeasibleError) Error() string {
	if len(e.Cols) == 0 {
		return fmt.Sprintf("the rows %v have %d seats and no votes", e.Rows, e.Need)
	}
	return fmt.Sprintf("the rows %v have %d seats, and their votes are all in the columns %v, which have %d for them", e.Rows, e.Need, e.Cols, e.Have)
}

// AllocateMatrix divides the seats.
//
// Floats propose and do not decide: they find seats that fit the margins, and
// divisors for them, which are then held against each cell in integers. Where that
// is not strictly right, rational numbers take over: they find a better optimum,
// or the tie. So the answer is exact, and the same on every machine.
//
// Errors: [ErrNoVotes], a [*ProblemError], an [*InfeasibleError], a
// [*MatrixLotError].
func AllocateMatrix(m Matrix) (MatrixAllocation, error) {
	g, err := newGrid(m)
	if err != nil {
		return MatrixAllocation{}, err
	}
	if err := g.fill(); err != nil {
		return MatrixAllocation{}, err
	}
	g.propose()
	a := MatrixAllocation{}
	var tied []int
	a.RowDivisors, a.ColDivisors, tied = g.prove()
	a.Ties = g.ties(tied)
	if err := g.draw(a.Ties); err != nil {
		return MatrixAllocation{}, err
	}
	a.Optimum, a.Seats = g.table(), g.table()
	for _, t := range a.Ties {
		if t.Settled == Open {
			a.Open += t.Seats
			for _, c := range t.Cells {
				if g.won[c.Row*g.cols+c.Col] {
					a.Seats[c.Row][c.Col]--
				}
			}
		}
	}
	return a, nil
}

// A grid is a Matrix laid flat: the cell (i, j) is at i·cols + j. A node is a row,
// or a column behind all rows.
type grid struct {
	Matrix
	rows, cols int
	votes      []int64
	least      []int  // seats that a cell has at least
	seats      []int  // that it has so far
	won        []bool // one of these is a tied one
	first      int    // seats that each cell with votes is owed, 0 or 1
}

func newGrid(m Matrix) (*grid, error) {
	g := &grid{Matrix: m, rows: len(m.Rows), cols: len(m.Cols)}
	if err := g.checkMethod(); err != nil {
		return nil, err
	}
	total := [2]int{}
	for n, margin := range [][]int{m.Rows, m.Cols} {
		for i, seats := range margin {
			if seats < 0 || seats > MaxSeats {
				return nil, wrong("seats", -1, "%s %d: found %d, want 0 to %d", lines[n], i, seats, MaxSeats)
			}
			if total[n] += seats; total[n] > MaxSeats {
				return nil, wrong("seats", -1, "the %ss have more than %d", lines[n], MaxSeats)
			}
		}
	}
	if total[0] != total[1] {
		return nil, wrong("seats", -1, "the rows have %d and the columns %d, want the same", total[0], total[1])
	}
	if len(m.Votes) != g.rows {
		return nil, wrong("votes", -1, "found %d rows, want %d", len(m.Votes), g.rows)
	}
	if m.Minimums != nil && len(m.Minimums) != g.rows {
		return nil, wrong("minimums", -1, "found %d rows, want %d", len(m.Minimums), g.rows)
	}
	if err := g.lay(); err != nil {
		return nil, err
	}
	if total[0] > 0 && slices.Max(g.votes) == 0 {
		return nil, ErrNoVotes
	}
	return g, g.checkLeast()
}

var lines = [2]string{"row", "column"}

func (g *grid) checkMethod() error {
	switch m := g.Method; {
	case m.Name == "":
		return wrong("method", -1, "none is named")
	case !m.IsDivisor():
		return wrong("method", -1, "%s has no divisors, which two directions need", m.Name)
	case m.divisors.shape == powers:
		return wrong("method", -1, "%s has divisors that grow too fast to divide in two directions", m.Name)
	case m.divisors.shape == geometric:
		return wrong("method", -1, "%s has irrational divisors, which leave no certificate", m.Name)
	}
	if g.Method.divisors.startsAtZero() {
		g.first = 1
	}
	return nil
}

// lay checks and flattens the cells.
func (g *grid) lay() error {
	g.votes, g.least = make([]int64, g.rows*g.cols), make([]int, g.rows*g.cols)
	for i, row := range g.Votes {
		if len(row) != g.cols {
			return wrong("votes", -1, "row %d: found %d columns, want %d", i, len(row), g.cols)
		}
		if g.Minimums != nil && len(g.Minimums[i]) != g.cols {
			return wrong("minimums", -1, "row %d: found %d columns, want %d", i, len(g.Minimums[i]), g.cols)
		}
		for j, v := range row {
			least := 0
			if g.Minimums != nil {
				least = g.Minimums[i][j]
			}
			switch {
			case v < 0:
				return wrong("votes", -1, "row %d, column %d: found %d, want 0 or more", i, j, v)
			case least < 0:
				return wrong("minimums", -1, "row %d, column %d: found %d, want 0 or more", i, j, least)
			case least > 0 && v == 0:
				return wrong("minimums", -1, "row %d, column %d: found %d, and the cell has no votes", i, j, least)
			case v > 0:
				g.votes[i*g.cols+j], g.least[i*g.cols+j] = v, max(least, g.first)
			}
		}
	}
	return nil
}

// checkLeast refuses a row or a column that has not the seats that it owes its cells.
func (g *grid) checkLeast() error {
	owed := [2][]int{make([]int, g.rows), make([]int, g.cols)}
	for x, least := range g.least {
		owed[0][x/g.cols] += min(least, MaxSeats-owed[0][x/g.cols])
		owed[1][x%g.cols] += min(least, MaxSeats-owed[1][x%g.cols])
	}
	for n, margin := range [][]int{g.Rows, g.Cols} {
		for at, seats := range margin {
			if owed[n][at] <= seats {
				continue
			}
			what := fmt.Sprintf("%s %d has %d seats, and the minimums of its cells are %d", lines[n], at, seats, owed[n][at])
			if g.first > 0 {
				return wrong("seats", -1, "%s: %s owes each cell with votes one", what, g.Method.Name)
			}
			return wrong("minimums", -1, "%s", what)
		}
	}
	return nil
}

func (g *grid) table() [][]int {
	t := make([][]int, g.rows)
	for i := range t {
		t[i] = slices.Clone(g.seats[i*g.cols : (i+1)*g.cols])
	}
	return t
}

// fill finds seats that fit the margins, whatever the votes: the greatest flow from
// the rows to the columns over the cells with votes.
func (g *grid) fill() error {
	g.seats = slices.Clone(g.least)
	f := filling{grid: g, row: slices.Clone(g.Rows), col: slices.Clone(g.Cols), from: make([]int, g.rows+g.cols)}
	for x, n := range g.least {
		f.row[x/g.cols] -= n
		f.col[x%g.cols] -= n
	}
	for x, v := range g.votes {
		if v > 0 {
			f.give(x, min(f.row[x/g.cols], f.col[x%g.cols]))
		}
	}
	var worst *InfeasibleError
	for i := range f.row {
		for f.row[i] > 0 {
			if f.reach(i) {
				continue
			}
			if e := f.obstacle(); worst == nil || len(e.Rows) < len(worst.Rows) {
				worst = e
			}
			break
		}
	}
	if worst != nil {
		return worst
	}
	return nil
}

type filling struct {
	*grid
	row, col []int // seats that are missing still
	from     []int // by node: the node before it, -1: not reached, -2: the first
}

func (f *filling) give(x, n int) {
	f.seats[x] += n
	f.row[x/f.cols] -= n
	f.col[x%f.cols] -= n
}

// reach sends seats of row i to a column that lacks some, over other rows whose
// seats can go elsewhere. If there is none, from tells which nodes were reached.
func (f *filling) reach(i int) bool {
	for n := range f.from {
		f.from[n] = -1
	}
	f.from[i] = -2
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at >= f.rows {
			j := at - f.rows
			if f.col[j] > 0 {
				f.send(at)
				return true
			}
			for i := range f.rows {
				if x := i*f.cols + j; f.from[i] == -1 && f.seats[x] > f.least[x] {
					f.from[i] = at
					queue = append(queue, i)
				}
			}
			continue
		}
		for j := range f.cols {
			if f.from[f.rows+j] == -1 && f.votes[at*f.cols+j] > 0 {
				f.from[f.rows+j] = at
				queue = append(queue, f.rows+j)
			}
		}
	}
	return false
}

func (f *filling) send(to int) {
	most, first := f.col[to-f.rows], to
	for ; f.from[first] >= 0; first = f.from[first] {
		if first < f.rows {
			x := first*f.cols + f.from[first] - f.rows
			most = min(most, f.seats[x]-f.least[x])
		}
	}
	most = min(most, f.row[first])
	for at := to; f.from[at] >= 0; at = f.from[at] {
		if at < f.rows {
			f.give(at*f.cols+f.from[at]-f.rows, -most)
		} else {
			f.give(f.from[at]*f.cols+at-f.rows, most)
		}
	}
}

// obstacle is what reach could not leave: rows, and all columns where they have votes.
// These columns are full, and of these rows' seats alone but for what others must have.
func (f *filling) obstacle() *InfeasibleError {
	e := &InfeasibleError{}
	for n, from := range f.from {
		switch {
		case from == -1:
		case n < f.rows:
			e.Rows = append(e.Rows, n)
			e.Need += f.Rows[n]
		default:
			e.Cols = append(e.Cols, n-f.rows)
			e.Have += f.Cols[n-f.rows]
		}
	}
	for _, j := range e.Cols {
		for i := range f.rows {
			if f.from[i] == -1 {
				e.Have -= f.least[i*f.cols+j]
			}
		}
	}
	return e
}
