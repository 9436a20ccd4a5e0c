package apportion

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// VerifyMatrix checks an allocation against the matrix, sharing no code with
// [AllocateMatrix]: that Optimum fills the margins, keeps the minimums and stands
// under its divisors, each cell by the two inequalities; and that the ties are those
// of these equalities which form circles, settled by lots of the matrix. Whoever
// holds such divisors holds an optimum, whatever way they were found.
//
// The matrix must be one that AllocateMatrix accepts.
func VerifyMatrix(m Matrix, a MatrixAllocation) error {
	if len(m.Votes) != len(m.Rows) || len(a.Optimum) != len(m.Rows) || len(a.Seats) != len(m.Rows) || len(a.RowDivisors) != len(m.Rows) || len(a.ColDivisors) != len(m.Cols) {
		return fmt.Errorf("seats or divisors for another matrix than one of %d rows and %d columns", len(m.Rows), len(m.Cols))
	}
	if _, ends := sequenceEnd(m.Method.Name); ends || !m.Method.IsDivisor() || m.Method.Name == "macau" || m.Method.Name == "huntington_hill" {
		return fmt.Errorf("%q does not divide in two directions", m.Method.Name)
	}
	for _, r := range slices.Concat(a.RowDivisors, a.ColDivisors) {
		if r == nil || r.Sign() <= 0 {
			return fmt.Errorf("a divisor of %v, want more than 0", r)
		}
	}
	c := circles{m: &m, seats: a.Optimum}
	v := verifier{p: &Problem{Method: m.Method}}
	cols := make([]int, len(m.Cols))
	for i, seats := range a.Optimum {
		if len(seats) != len(cols) || len(a.Seats[i]) != len(cols) || len(m.Votes[i]) != len(cols) {
			return fmt.Errorf("row %d has %d and %d columns of seats, want %d", i, len(seats), len(a.Seats[i]), len(cols))
		}
		sum := 0
		for j, n := range seats {
			sum += n
			cols[j] += n
			least, votes := 0, new(big.Rat).SetInt64(m.Votes[i][j])
			if m.Minimums != nil {
				least = m.Minimums[i][j]
			}
			if n < least || n > 0 && votes.Sign() == 0 {
				return fmt.Errorf("row %d, column %d cannot have %d seats", i, j, n)
			}
			if votes.Sign() == 0 {
				continue
			}
			share := votes.Quo(votes.Quo(votes, a.RowDivisors[i]), a.ColDivisors[j])
			next := share.Cmp(v.divisor(int64(n)))
			if next > 0 || n > least && share.Cmp(v.divisor(int64(n-1))) < 0 {
				return fmt.Errorf("row %d, column %d has %d seats, and its quotient is %s", i, j, n, share.FloatString(6))
			}
			if next == 0 {
				c.raise = append(c.raise, Cell{i, j})
			} else if n > least && share.Cmp(v.divisor(int64(n-1))) == 0 {
				c.lower = append(c.lower, Cell{i, j})
			}
		}
		if sum != m.Rows[i] {
			return fmt.Errorf("row %d has %d seats, want %d", i, sum, m.Rows[i])
		}
	}
	if !slices.Equal(cols, m.Cols) {
		return fmt.Errorf("the columns have %v seats, want %v", cols, m.Cols)
	}
	return c.check(&a)
}

// circles holds the cells with an equality, those that could have one seat more and
// those that could have one less. A seat may go round where each is in turn: from
// a row to a column over one of the former, back over one of the latter.
type circles struct {
	m            *Matrix
	seats        [][]int
	raise, lower []Cell
	within       [][]bool // by node, a row or a column behind all rows: what it reaches; nil: nothing
}

// check holds the circles against the ties, their seats and the lots.
func (c *circles) check(a *MatrixAllocation) error {
	c.reach()
	settled := make([][]int, len(c.seats))
	for i, row := range c.seats {
		settled[i] = slices.Clone(row)
	}
	open, next := 0, 0
	met := make([]bool, len(c.seats))
	for i := range c.seats {
		if met[i] {
			continue
		}
		tie := c.tie(i)
		for _, x := range tie.Cells {
			met[x.Row] = true
		}
		if len(tie.Cells) == 0 {
			continue
		}
		if next == len(a.Ties) {
			return fmt.Errorf("the cells %v are tied, and no tie is reported", tie.Cells)
		}
		t := a.Ties[next]
		next++
		if !slices.Equal(t.Cells, tie.Cells) || t.Seats != tie.Seats || !slices.Equal(t.Rows, tie.Rows) || !slices.Equal(t.Cols, tie.Cols) {
			return fmt.Errorf("the tie is between %v for %d, want %v for %d", t.Cells, t.Seats, tie.Cells, tie.Seats)
		}
		drawn := func(l MatrixLot) bool { return equalSets(l.Cells, t.Cells) && equalSets(l.Winners, t.Winners) }
		switch {
		case t.Settled == ByLot && slices.Equal(t.Winners, tie.Winners) && slices.ContainsFunc(c.m.Lots, drawn):
		case t.Settled == Open && len(t.Winners) == 0:
			open += t.Seats
			for _, x := range tie.Winners {
				settled[x.Row][x.Col]--
			}
		default:
			return fmt.Errorf("the tie between %v cannot be settled by %s for %v", t.Cells, t.Settled, t.Winners)
		}
	}
	switch {
	case next < len(a.Ties):
		return fmt.Errorf("the cells %v are not tied", a.Ties[next].Cells)
	case open != a.Open:
		return fmt.Errorf("%d seats are open, want %d", a.Open, open)
	case !slices.EqualFunc(settled, a.Seats, slices.Equal):
		return fmt.Errorf("the settled seats are %v, want %v", a.Seats, settled)
	}
	return nil
}

func (c *circles) reach() {
	rows := len(c.m.Rows)
	steps := make([][]int, rows+len(c.m.Cols))
	for _, x := range c.raise {
		steps[x.Row] = append(steps[x.Row], rows+x.Col)
	}
	for _, x := range c.lower {
		steps[rows+x.Col] = append(steps[rows+x.Col], x.Row)
	}
	c.within = make([][]bool, len(steps))
	for n := range steps {
		if len(steps[n]) == 0 {
			continue
		}
		c.within[n] = make([]bool, len(steps))
		for reached := []int{n}; len(reached) > 0; {
			at := reached[len(reached)-1]
			reached = reached[:len(reached)-1]
			for _, to := range steps[at] {
				if !c.within[n][to] {
					c.within[n][to] = true
					reached = append(reached, to)
				}
			}
		}
	}
}

// tie gives the cells on circles through a row. Its winners are the cells that have
// a seat in the optimum.
func (c *circles) tie(row int) (t MatrixTie) {
	both := func(x, y int) bool {
		return c.within[x] != nil && c.within[y] != nil && c.within[x][y] && c.within[y][x]
	}
	rows, cols := make([]int, len(c.m.Rows)), make([]int, len(c.m.Cols))
	for n, x := range slices.Concat(c.lower, c.raise) {
		if !both(row, x.Row) || !both(row, len(rows)+x.Col) {
			continue
		}
		t.Cells = append(t.Cells, x)
		if n < len(c.lower) {
			t.Winners = append(t.Winners, x)
			t.Seats++
			rows[x.Row]++
			cols[x.Col]++
		}
	}
	slices.SortFunc(t.Cells, byPlace)
	for i, n := range rows {
		if n > 0 {
			t.Rows = append(t.Rows, Part{i, n})
		}
	}
	for j, n := range cols {
		if n > 0 {
			t.Cols = append(t.Cols, Part{j, n})
		}
	}
	return t
}

func byPlace(a, b Cell) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col)) }

func equalSets(a, b []Cell) bool {
	return slices.Equal(slices.SortedFunc(slices.Values(a), byPlace), slices.SortedFunc(slices.Values(b), byPlace))
}
