package apportion

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func ExampleAllocateMatrix() {
	by, err := Find("sainte_lague")
	if err != nil {
		panic(err)
	}
	m := Matrix{
		Votes:  [][]int64{{123, 45, 815}, {912, 714, 414}, {312, 255, 215}},
		Rows:   []int{5, 11, 4},
		Cols:   []int{7, 5, 8},
		Method: by,
	}
	a, err := AllocateMatrix(m)
	if err != nil {
		panic(err)
	}
	for i, row := range a.Seats {
		fmt.Println(row, a.RowDivisors[i].FloatString(0))
	}
	for _, c := range a.ColDivisors {
		fmt.Print(c.FloatString(2), " ")
	}
	fmt.Println(VerifyMatrix(m, a))
	// The last cell of the first row: 815 / (110 × 0.84) = 8.8, half of it rounds to 4.

	// Output:
	// [1 0 4] 110
	// [4 4 3] 96
	// [2 1 1] 90
	// 1.10 1.00 0.84 <nil>
}

func ExampleAllocateMatrix_tie() {
	by, err := Find("sainte_lague")
	if err != nil {
		panic(err)
	}
	m := Matrix{
		Votes:  [][]int64{{1000, 500}, {1000, 500}, {1000, 500}},
		Rows:   []int{4, 4, 4},
		Cols:   []int{8, 4},
		Method: by,
	}
	a, err := AllocateMatrix(m)
	if err != nil {
		panic(err)
	}
	t := a.Ties[0]
	fmt.Println(a.Seats, a.Open, t.Rows, t.Cols)

	m.Lots = []MatrixLot{{Cells: t.Cells, Winners: []Cell{{0, 0}, {1, 1}, {2, 0}}}}
	a, err = AllocateMatrix(m)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Seats, a.Open, a.Ties[0].Settled, VerifyMatrix(m, a))
	// Output:
	// [[2 1] [2 1] [2 1]] 3 [{0 1} {1 1} {2 1}] [{0 2} {1 1}]
	// [[3 1] [2 2] [3 1]] 0 lot <nil>
}

// runMatrix divides the seats among the rows, where the vector does not say them, and
// then among the cells.
func (v *vector) runMatrix(t *testing.T) {
	seats := decode[struct{ Rows, Cols []int }](t, v.Seats)
	m := Matrix{Rows: seats.Rows, Cols: seats.Cols, Method: method(t, "sainte_lague")} // what the vectors call round
	for _, row := range decode[[][]json.Number](t, v.Votes) {
		m.Votes = append(m.Votes, hundredths(t, row))
	}
	if v.Kind == "biprop-full" {
		v.quorum(t, m.Votes)
		m.Rows = v.upper(t, m)
	}
	a, err := AllocateMatrix(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyMatrix(m, a); err != nil {
		t.Errorf("VerifyMatrix = %v", err)
	}
	if v.Tie != nil {
		if a.Open == 0 || len(a.Ties) == 0 {
			t.Errorf("AllocateMatrix = %s, want a tie", showSeats(a))
		}
		return
	}
	if want := decode[[][]int](t, v.Expected); a.Open != 0 || !reflect.DeepEqual(a.Seats, want) {
		t.Errorf("AllocateMatrix = %s, want %v", showSeats(a), want)
	}
}

// hundredths reads votes with up to two decimals, as Aargau has them.
func hundredths(t *testing.T, votes []json.Number) (whole []int64) {
	for _, n := range votes {
		r, ok := new(big.Rat).SetString(n.String())
		if !ok || !r.Mul(r, big.NewRat(100, 1)).IsInt() {
			t.Fatalf("votes of %s", n)
		}
		whole = append(whole, r.Num().Int64())
	}
	return whole
}

// quorum takes the votes of the rows that reach no bar of a vector such as
// "any(any_district=0.05,total=0.03)".
func (v *vector) quorum(t *testing.T, votes [][]int64) {
	bars := decode[string](t, v.Threshold)
	if bars == "none" {
		return
	}
	cols, all := make([]int64, len(votes[0])), int64(0)
	for _, row := range votes {
		for j, n := range row {
			cols[j] += n
			all += n
		}
	}
	bars = strings.TrimSuffix(strings.TrimPrefix(bars, "any("), ")")
	for _, row := range votes {
		reached, sum := false, int64(0)
		for _, n := range row {
			sum += n
		}
		for _, bar := range strings.Split(bars, ",") {
			where, text, _ := strings.Cut(bar, "=")
			share, ok := new(big.Rat).SetString(text)
			if !ok || where != "any_district" && where != "total" {
				t.Fatalf("threshold %s", bar)
			}
			if where == "total" {
				reached = reached || big.NewRat(sum, all).Cmp(share) >= 0
				continue
			}
			for j, n := range row {
				reached = reached || big.NewRat(n, cols[j]).Cmp(share) >= 0
			}
		}
		if !reached {
			clear(row)
		}
	}
}

func (v *vector) upper(t *testing.T, m Matrix) []int {
	p := Problem{Method: m.Method, Votes: make([]int64, len(m.Votes))}
	common := int64(1) // multiple of the seats of all columns
	for _, n := range m.Cols {
		p.Seats += n
		d := new(big.Int).GCD(nil, nil, big.NewInt(common), big.NewInt(int64(n))).Int64()
		common *= int64(n) / d
	}
	for i, row := range m.Votes {
		for j, n := range row {
			if v.WeightVotes {
				n *= common / int64(m.Cols[j])
			}
			p.Votes[i] += n
		}
	}
	a, err := Allocate(p)
	if err != nil || a.Open > 0 || !slices.Equal(a.Seats, v.Upper) {
		t.Fatalf("Allocate(%s) = %v, %v, want %v", show(p), a.Seats, err, v.Upper)
	}
	return a.Seats
}

func TestMatrixTies(t *testing.T) {
	corners := []Cell{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	halves := []Part{{0, 1}, {1, 1}}
	for _, c := range []struct {
		name       string
		votes      [][]int64
		rows, cols []int
		by         string
		minimums   [][]int
		seats      [][]int
		optimum    [][]int
		ties       []MatrixTie
	}{
		{"equal votes and odd margins are a tie", [][]int64{{5, 5}, {5, 5}}, []int{1, 1}, []int{1, 1}, "sainte_lague", nil,
			[][]int{{0, 0}, {0, 0}}, [][]int{{1, 0}, {0, 1}}, []MatrixTie{{Cells: corners, Seats: 2, Rows: halves, Cols: halves}}},
		{"equal votes and even margins are none", [][]int64{{5, 5}, {5, 5}}, []int{2, 2}, []int{2, 2}, "sainte_lague", nil,
			[][]int{{1, 1}, {1, 1}}, [][]int{{1, 1}, {1, 1}}, nil},
		{"equal products are a tie", [][]int64{{1, 2}, {3, 6}}, []int{1, 1}, []int{1, 1}, "dhondt", nil,
			[][]int{{0, 0}, {0, 0}}, [][]int{{1, 0}, {0, 1}}, []MatrixTie{{Cells: corners, Seats: 2, Rows: halves, Cols: halves}}},
		{"one vote more is none", [][]int64{{1, 2}, {3, 7}}, []int{1, 1}, []int{1, 1}, "dhondt", nil,
			[][]int{{1, 0}, {0, 1}}, [][]int{{1, 0}, {0, 1}}, nil},
		{"nor is it where floats see no difference", [][]int64{{math.MaxInt64, math.MaxInt64 - 1}, {math.MaxInt64 - 1, math.MaxInt64 - 2}}, []int{1, 1}, []int{1, 1}, "sainte_lague", nil,
			[][]int{{0, 1}, {1, 0}}, [][]int{{0, 1}, {1, 0}}, nil},
		{"a cell without votes breaks the circle", [][]int64{{5, 0}, {5, 5}}, []int{1, 1}, []int{1, 1}, "sainte_lague", nil,
			[][]int{{1, 0}, {0, 1}}, [][]int{{1, 0}, {0, 1}}, nil},
		{"a minimum may settle a tie", [][]int64{{5, 5}, {5, 5}}, []int{1, 1}, []int{1, 1}, "sainte_lague", [][]int{{0, 1}, {0, 0}},
			[][]int{{0, 1}, {1, 0}}, [][]int{{0, 1}, {1, 0}}, nil},
		{"a minimum stands against the votes", [][]int64{{900, 10}, {10, 900}}, []int{2, 2}, []int{2, 2}, "sainte_lague", [][]int{{0, 1}, {0, 0}},
			[][]int{{1, 1}, {1, 1}}, [][]int{{1, 1}, {1, 1}}, nil},
		{"a method that begins with 0 owes each cell a seat", [][]int64{{900, 10}, {10, 900}}, []int{2, 2}, []int{2, 2}, "adams", nil,
			[][]int{{1, 1}, {1, 1}}, [][]int{{1, 1}, {1, 1}}, nil},
		{"two ties are apart", [][]int64{{5, 5, 0, 0}, {5, 5, 0, 0}, {0, 0, 7, 7}, {0, 0, 7, 7}}, []int{1, 1, 1, 1}, []int{1, 1, 1, 1}, "sainte_lague", nil,
			[][]int{{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}, [][]int{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}},
			[]MatrixTie{{Cells: corners, Seats: 2, Rows: halves, Cols: halves},
				{Cells: []Cell{{2, 2}, {2, 3}, {3, 2}, {3, 3}}, Seats: 2, Rows: []Part{{2, 1}, {3, 1}}, Cols: []Part{{2, 1}, {3, 1}}}}},
		{"a row may have no seats", [][]int64{{5, 5}, {1, 2}}, []int{0, 3}, []int{1, 2}, "sainte_lague", nil,
			[][]int{{0, 0}, {1, 2}}, [][]int{{0, 0}, {1, 2}}, nil},
		{"and no votes", [][]int64{{0, 0}, {1, 2}}, []int{0, 3}, []int{1, 2}, "dhondt", nil,
			[][]int{{0, 0}, {1, 2}}, [][]int{{0, 0}, {1, 2}}, nil},
		{"the margins may be empty", [][]int64{{5, 0}}, []int{0}, []int{0, 0}, "dhondt", nil,
			[][]int{{0, 0}}, [][]int{{0, 0}}, nil},
		{"the matrix may be empty", nil, nil, nil, "dhondt", nil, [][]int{}, [][]int{}, nil},
		{"a billion seats", [][]int64{{1, 1}, {0, 1}}, []int{MaxSeats / 2, MaxSeats / 2}, []int{MaxSeats / 2, MaxSeats / 2}, "sainte_lague", nil,
			[][]int{{MaxSeats / 2, 0}, {0, MaxSeats / 2}}, [][]int{{MaxSeats / 2, 0}, {0, MaxSeats / 2}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Matrix{Votes: c.votes, Rows: c.rows, Cols: c.cols, Method: method(t, c.by), Minimums: c.minimums}
			a, err := AllocateMatrix(m)
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyMatrix(m, a); err != nil {
				t.Errorf("VerifyMatrix = %v", err)
			}
			open := 0
			for _, tie := range c.ties {
				open += tie.Seats
			}
			if !reflect.DeepEqual(a.Seats, c.seats) || !reflect.DeepEqual(a.Optimum, c.optimum) || !reflect.DeepEqual(a.Ties, c.ties) || a.Open != open {
				t.Errorf("AllocateMatrix(%s) = %s, want %v, %d open, ties %v, optimum %v", showMatrix(m), showSeats(a), c.seats, open, c.ties, c.optimum)
			}
		})
	}
}

func TestMatrixErrors(t *testing.T) {
	two := [][]int64{{5, 5}, {5, 5}}
	one := []int{1, 1}
	for _, c := range []struct {
		name string
		m    Matrix
		by   string
		want string
	}{
		{"no method", Matrix{Votes: two, Rows: one, Cols: one}, "", "method: none is named"},
		{"a quota", Matrix{Votes: two, Rows: one, Cols: one}, "lr:hare", "method: lr:hare has no divisors, which two directions need"},
		{"the quota method", Matrix{Votes: two, Rows: one, Cols: one}, "balinski_young_quota", "method: balinski_young_quota has no divisors, which two directions need"},
		{"irrational divisors", Matrix{Votes: two, Rows: one, Cols: one}, "huntington_hill", "method: huntington_hill has irrational divisors, which leave no certificate"},
		{"powers", Matrix{Votes: two, Rows: one, Cols: one}, "macau", "method: macau has divisors that grow too fast to divide in two directions"},
		{"other sums", Matrix{Votes: two, Rows: one, Cols: []int{1, 2}}, "dhondt", "seats: the rows have 2 and the columns 3, want the same"},
		{"seats below 0", Matrix{Votes: two, Rows: []int{2, -1}, Cols: []int{0, 1}}, "dhondt", "seats: row 1: found -1, want 0 to 1000000000"},
		{"too many seats", Matrix{Votes: two, Rows: []int{MaxSeats, 1}, Cols: []int{MaxSeats, 1}}, "dhondt", "seats: the rows have more than 1000000000"},
		{"a missing row", Matrix{Votes: two[:1], Rows: one, Cols: one}, "dhondt", "votes: found 1 rows, want 2"},
		{"a short row", Matrix{Votes: [][]int64{{5, 5}, {5}}, Rows: one, Cols: one}, "dhondt", "votes: row 1: found 1 columns, want 2"},
		{"votes below 0", Matrix{Votes: [][]int64{{5, -5}, {5, 5}}, Rows: one, Cols: one}, "dhondt", "votes: row 0, column 1: found -5, want 0 or more"},
		{"a minimum below 0", Matrix{Votes: two, Rows: one, Cols: one, Minimums: [][]int{{0, 0}, {0, -1}}}, "dhondt", "minimums: row 1, column 1: found -1, want 0 or more"},
		{"minimums of another shape", Matrix{Votes: two, Rows: one, Cols: one, Minimums: [][]int{{0, 0}}}, "dhondt", "minimums: found 1 rows, want 2"},
		{"and of short rows", Matrix{Votes: two, Rows: one, Cols: one, Minimums: [][]int{{0, 0}, {0}}}, "dhondt", "minimums: row 1: found 1 columns, want 2"},
		{"a minimum without votes", Matrix{Votes: [][]int64{{5, 0}, {5, 5}}, Rows: one, Cols: one, Minimums: [][]int{{0, 1}, {0, 0}}}, "dhondt", "minimums: row 0, column 1: found 1, and the cell has no votes"},
		{"minimums above a row", Matrix{Votes: two, Rows: one, Cols: one, Minimums: [][]int{{1, 1}, {0, 0}}}, "dhondt", "minimums: row 0 has 1 seats, and the minimums of its cells are 2"},
		{"minimums above a column", Matrix{Votes: two, Rows: one, Cols: one, Minimums: [][]int{{1, 0}, {1, 0}}}, "dhondt", "minimums: column 0 has 1 seats, and the minimums of its cells are 2"},
		{"a method that owes more", Matrix{Votes: two, Rows: one, Cols: one}, "adams", "seats: row 0 has 1 seats, and the minimums of its cells are 2: adams owes each cell with votes one"},
		{"no votes", Matrix{Votes: [][]int64{{0, 0}, {0, 0}}, Rows: one, Cols: one}, "dhondt", "no list has a vote"},
		{"no columns at all", Matrix{Votes: [][]int64{{}, {}}, Rows: one, Cols: nil}, "dhondt", "seats: the rows have 2 and the columns 0, want the same"},
		{"votes in too small a column", Matrix{Votes: [][]int64{{5, 0}, {5, 5}}, Rows: []int{2, 1}, Cols: []int{1, 2}}, "dhondt", "the rows [0] have 2 seats, and their votes are all in the columns [0], which have 1 for them"},
		{"or taken by others' minimums", Matrix{Votes: [][]int64{{5, 0}, {5, 5}}, Rows: []int{2, 2}, Cols: []int{2, 2}, Minimums: [][]int{{0, 0}, {1, 0}}}, "dhondt", "the rows [0] have 2 seats, and their votes are all in the columns [0], which have 1 for them"},
		{"of two obstacles that with fewer rows", Matrix{Votes: [][]int64{{5, 0, 0}, {5, 0, 0}, {0, 5, 0}, {1, 1, 1}}, Rows: []int{1, 1, 2, 1}, Cols: []int{1, 1, 3}}, "dhondt", "the rows [2] have 2 seats, and their votes are all in the columns [1], which have 1 for them"},
		{"a row without votes", Matrix{Votes: [][]int64{{0, 0}, {5, 5}}, Rows: one, Cols: one}, "dhondt", "the rows [0] have 1 seats and no votes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.by != "" {
				c.m.Method = method(t, c.by)
			}
			_, err := AllocateMatrix(c.m)
			if err == nil || err.Error() != c.want {
				t.Errorf("AllocateMatrix = %v, want %s", err, c.want)
			}
			problem, infeasible := (*ProblemError)(nil), (*InfeasibleError)(nil)
			if !errors.As(err, &problem) && !errors.As(err, &infeasible) && !errors.Is(err, ErrNoVotes) {
				t.Errorf("AllocateMatrix = %T, want a type to branch on", err)
			}
		})
	}
}

func TestMatrixLots(t *testing.T) {
	corners := []Cell{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	good := MatrixLot{corners, []Cell{{1, 0}, {0, 1}}}
	for _, c := range []struct {
		name string
		lots []MatrixLot
		want string // "" when the lot is good
	}{
		{"good", []MatrixLot{good}, ""},
		{"twice", []MatrixLot{good, good}, "lot 2: the tie has a lot already"},
		{"of other cells", []MatrixLot{{[]Cell{{0, 2}}, nil}}, "lot 1: the lot answers no tie of this matrix"},
		{"of some of the cells", []MatrixLot{{corners[:2], corners[:1]}}, "lot 1: the lot is not of the cells that are tied"},
		{"a stranger wins", []MatrixLot{{corners, []Cell{{0, 0}, {7, 7}}}}, "lot 1: a winner of the lot is not among its cells"},
		{"a winner twice", []MatrixLot{{corners, []Cell{{0, 0}, {0, 0}}}}, "lot 1: the lot names a winner twice"},
		{"too few", []MatrixLot{{corners, []Cell{{0, 0}}}}, "lot 1: the lot has 1 winners for 2 seats"},
		{"a row wins twice", []MatrixLot{{corners, corners[:2]}}, "lot 1: the lot does not give each row its seats: row 0 would have 2, want 1"},
		{"a column wins twice", []MatrixLot{{corners, []Cell{{0, 0}, {1, 0}}}}, "lot 1: the lot does not give each column its seats: column 0 would have 2, want 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Matrix{Votes: [][]int64{{5, 5, 0}, {5, 5, 0}}, Rows: []int{1, 1}, Cols: []int{1, 1, 0}, Method: method(t, "sainte_lague"), Lots: c.lots}
			a, err := AllocateMatrix(m)
			if c.want == "" {
				if want := [][]int{{0, 1, 0}, {1, 0, 0}}; err != nil || !reflect.DeepEqual(a.Seats, want) {
					t.Errorf("AllocateMatrix = %v, %v, want %v", a.Seats, err, want)
				}
				return
			}
			var e *MatrixLotError
			if !errors.As(err, &e) {
				t.Fatalf("AllocateMatrix = %v, want a MatrixLotError", err)
			}
			if got, _, _ := strings.Cut(err.Error(), "; tied are"); got != c.want {
				t.Errorf("AllocateMatrix = %s, want %s", got, c.want)
			}
		})
	}
}

// TestMatrixVerifyRejects changes what a true allocation says, one thing at a time.
func TestMatrixVerifyRejects(t *testing.T) {
	tied := Matrix{Votes: [][]int64{{5, 5, 90}, {5, 5, 90}}, Rows: []int{3, 3}, Cols: []int{1, 1, 4}, Method: method(t, "sainte_lague")}
	drawn := tied
	drawn.Lots = []MatrixLot{{Cells: []Cell{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, Winners: []Cell{{0, 1}, {1, 0}}}}
	for _, c := range []struct {
		name   string
		m      Matrix
		change func(a *MatrixAllocation)
	}{
		{"a divisor", tied, func(a *MatrixAllocation) { a.RowDivisors[0].Mul(a.RowDivisors[0], big.NewRat(11, 10)) }},
		{"a little of a divisor", tied, func(a *MatrixAllocation) {
			a.ColDivisors[0].Mul(a.ColDivisors[0], big.NewRat(1_000_000_000_000_000_001, 1_000_000_000_000_000_000))
		}},
		{"the sign of divisors", tied, func(a *MatrixAllocation) {
			for _, d := range slices.Concat(a.RowDivisors, a.ColDivisors) {
				d.Neg(d)
			}
		}},
		{"a missing divisor", tied, func(a *MatrixAllocation) { a.ColDivisors[1] = nil }},
		{"no divisors", tied, func(a *MatrixAllocation) { a.ColDivisors = nil }},
		{"the tie left out", tied, func(a *MatrixAllocation) { a.Ties = nil }},
		{"the tie twice", tied, func(a *MatrixAllocation) { a.Ties = append(a.Ties, a.Ties[0]) }},
		{"a cell of the tie", tied, func(a *MatrixAllocation) { a.Ties[0].Cells = a.Ties[0].Cells[1:] }},
		{"the seats of the tie", tied, func(a *MatrixAllocation) { a.Ties[0].Seats++ }},
		{"a row of the tie", tied, func(a *MatrixAllocation) { a.Ties[0].Rows[1].Seats++ }},
		{"a column of the tie", tied, func(a *MatrixAllocation) { a.Ties[0].Cols[1].At++ }},
		{"a draw that was not held", tied, func(a *MatrixAllocation) { a.Ties[0].Settled = ByLot }},
		{"a tie by more votes", tied, func(a *MatrixAllocation) { a.Ties[0].Settled = ByMoreVotes }},
		{"winners of an open tie", tied, func(a *MatrixAllocation) { a.Ties[0].Winners = a.Ties[0].Cells[:1] }},
		{"the optimum as settled", tied, func(a *MatrixAllocation) { a.Seats = a.Optimum }},
		{"the settled seats as optimum", tied, func(a *MatrixAllocation) { a.Optimum = a.Seats }},
		{"the open seats", tied, func(a *MatrixAllocation) { a.Open = 0 }},
		{"a short row", tied, func(a *MatrixAllocation) { a.Seats[1] = a.Seats[1][:2] }},
		{"a missing row", tied, func(a *MatrixAllocation) { a.Optimum = a.Optimum[:1] }},
		{"other winners than the lot has", drawn, func(a *MatrixAllocation) { a.Ties[0].Winners = []Cell{{0, 0}, {1, 1}} }},
		{"the lot's seats to others", drawn, func(a *MatrixAllocation) {
			a.Seats = [][]int{{1, 0, 2}, {0, 1, 2}}
			a.Optimum = a.Seats
		}},
		{"a drawn tie as open", drawn, func(a *MatrixAllocation) { a.Ties[0].Settled = Open }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := AllocateMatrix(c.m)
			if err == nil {
				err = VerifyMatrix(c.m, a)
			}
			if err != nil || len(a.Ties) != 1 {
				t.Fatal(err, a.Ties)
			}
			if c.change(&a); VerifyMatrix(c.m, a) == nil {
				t.Errorf("VerifyMatrix accepts %s", showSeats(a))
			}
		})
	}
	a, err := AllocateMatrix(tied)
	if err != nil {
		t.Fatal(err)
	}
	minimum, rows, cols := tied, tied, tied
	minimum.Minimums = [][]int{{0, 0, 2}, {0, 0, 3}}
	rows.Rows = []int{4, 2}
	cols.Cols = []int{2, 1, 3}
	for _, m := range []Matrix{minimum, rows, cols} {
		if VerifyMatrix(m, a) == nil {
			t.Errorf("VerifyMatrix(%s) accepts what is right for other margins or minimums", showMatrix(m))
		}
	}
	a = MatrixAllocation{Seats: [][]int{{1}}, Optimum: [][]int{{1}}, RowDivisors: []*big.Rat{big.NewRat(1, 1)}, ColDivisors: []*big.Rat{big.NewRat(1, 1)}}
	for _, by := range Methods() {
		m := Matrix{Votes: [][]int64{{1}}, Rows: []int{1}, Cols: []int{1}, Method: by}
		refuses := !slices.ContainsFunc(matrixMethods(), func(m Method) bool { return m.Name == by.Name })
		if _, err := AllocateMatrix(m); (err != nil) != refuses || refuses && VerifyMatrix(m, a) == nil {
			t.Errorf("%s: AllocateMatrix = %v, VerifyMatrix = %v, want refused: %t", by.Name, err, VerifyMatrix(m, a), refuses)
		}
	}
}

// TestMatrixShort holds certificates to digits that a reader can check by hand.
func TestMatrixShort(t *testing.T) {
	for _, c := range []struct {
		name       string
		m          Matrix
		rows, cols string
	}{
		{"three digits are enough for Zurich", zurich2019(t), "[7610/1 7590/1 7000/1 7600/1 7900/1 7470/1 7290/1 4410/1 5020/1]",
			"[319/500 133/100 137/250 29/25 109/125 1/1 793/1000 847/1000 41/25 171/100 131/100 17/10 103/100 33/20 493/500 119/250 159/100 118/125]"},
		{"a tie keeps exact ratios", Matrix{Votes: [][]int64{{100, 200}, {310, 620}}, Rows: []int{1, 1}, Cols: []int{1, 1}, Method: method(t, "sainte_lague")}, "[100/1 310/1]", "[1/1 2/1]"},
		{"a tie beside other cells", Matrix{Votes: [][]int64{{700, 700, 9000}, {700, 700, 8000}, {20, 3000, 1}}, Rows: []int{7, 6, 2}, Cols: []int{1, 3, 11}, Method: method(t, "sainte_lague")}, "[700/1 700/1 770/1]", "[1/1 1/1 11/10]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := AllocateMatrix(c.m)
			if err == nil {
				err = VerifyMatrix(c.m, a)
			}
			if rows, cols := fmt.Sprint(a.RowDivisors), fmt.Sprint(a.ColDivisors); err != nil || rows != c.rows || cols != c.cols {
				t.Errorf("AllocateMatrix has divisors %s and %s, %v, want %s and %s", rows, cols, err, c.rows, c.cols)
			}
		})
	}
}

// TestMatrixHard runs matrices that no election makes: very unequal, very sparse,
// equal, almost equal beyond what floats can tell, and long chains.
func TestMatrixHard(t *testing.T) {
	const n = 25
	for _, c := range []struct {
		name  string
		votes func(r *rand.Rand, i, j int) int64
	}{
		{"even", func(r *rand.Rand, i, j int) int64 { return 1 + r.Int64N(100_000) }},
		{"unequal", func(r *rand.Rand, i, j int) int64 { return 1 + r.Int64N(1<<(1+r.IntN(62))) }},
		{"half empty", func(r *rand.Rand, i, j int) int64 { return r.Int64N(2) * (1 + r.Int64N(100_000)) }},
		{"sparse", func(r *rand.Rand, i, j int) int64 {
			if i != j && r.IntN(20) > 0 {
				return 0
			}
			return 1 + r.Int64N(9)
		}},
		{"equal", func(r *rand.Rand, i, j int) int64 { return 7 }},
		{"products", func(r *rand.Rand, i, j int) int64 { return int64(1+i) * int64(1+j) }},
		{"greatest", func(r *rand.Rand, i, j int) int64 { return math.MaxInt64 - r.Int64N(1<<60) }},
		{"almost equal", func(r *rand.Rand, i, j int) int64 { return 1<<62 + r.Int64N(3) }},
		{"close", func(r *rand.Rand, i, j int) int64 { return 1<<40 + r.Int64N(100) }},
		{"chain", func(r *rand.Rand, i, j int) int64 { return [n]int64{1, 1 << 62}[(j-i+n)%n] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := source(c.name)
			for _, seats := range []int{n / 2, n, 10 * n, 1000 * n} {
				m := Matrix{Rows: make([]int, n), Cols: make([]int, n), Method: method(t, []string{"sainte_lague", "dhondt"}[r.IntN(2)])}
				for i := range n {
					m.Votes = append(m.Votes, make([]int64, n))
					for j := range n {
						m.Votes[i][j] = c.votes(r, i, j)
					}
				}
				for seats > 0 {
					if i, j := r.IntN(n), r.IntN(n); m.Votes[i][j] > 0 {
						m.Rows[i]++
						m.Cols[j]++
						seats--
					}
				}
				a, err := AllocateMatrix(m)
				if err == nil {
					err = VerifyMatrix(m, a)
				}
				if err != nil {
					t.Errorf("%s for %v and %v: %v", m.Method.Name, m.Rows, m.Cols, err)
				}
			}
		})
	}
}

// TestMatrixExact leaves out the floats that come before the proof, which must find
// the same answer from any seats that fit, and with the same certificate.
func TestMatrixExact(t *testing.T) {
	r := source("exact")
	for range *elections / 20 {
		m := smallMatrix(r, matrixMethods()[r.IntN(len(matrixMethods()))])
		want, err := AllocateMatrix(m)
		if err != nil {
			continue
		}
		g, err := newGrid(m)
		if err == nil {
			err = g.fill()
		}
		if err != nil {
			t.Fatal(err)
		}
		row, col, _ := g.prove()
		if got := g.table(); !reflect.DeepEqual(got, want.Optimum) || fmt.Sprint(row, col) != fmt.Sprint(want.RowDivisors, want.ColDivisors) {
			t.Fatalf("%s: the proof alone gives %v with %v and %v, want %s", showMatrix(m), got, row, col, showSeats(want))
		}
	}
}

func zurich2019(b testing.TB) Matrix {
	return Matrix{
		Votes: [][]int64{
			{5662, 33512, 2806, 19416, 10255, 34595, 42481, 19265, 90998, 84129, 65778, 104683, 29795, 60891, 34466, 12437, 140138, 64859},
			{10910, 70295, 13484, 47596, 18531, 48742, 26964, 12885, 62623, 44284, 27743, 66288, 13278, 78239, 11390, 4796, 69786, 21420},
			{7360, 23592, 3544, 23745, 19624, 19779, 25055, 10929, 80180, 78979, 29178, 58214, 13278, 34703, 13911, 5329, 70138, 21372},
			{5902, 28663, 6298, 23529, 11897, 22934, 17993, 10265, 44371, 41532, 21841, 58620, 10930, 47208, 13606, 2891, 53964, 19054},
			{7844, 40514, 7648, 28051, 12358, 25102, 8943, 7841, 38102, 28743, 26285, 41076, 9147, 49152, 9274, 3289, 35950, 14529},
			{1733, 9960, 605, 4593, 3841, 7495, 11792, 2046, 27867, 13575, 12702, 19030, 2560, 12248, 2963, 546, 15590, 5866},
			{595, 5633, 332, 3210, 1761, 7270, 4696, 6198, 17095, 7707, 12406, 13213, 9014, 17964, 7823, 1500, 22574, 4442},
			{2416, 19009, 6716, 13611, 3497, 8129, 2059, 645, 5358, 3387, 3348, 6346, 1142, 12915, 638, 348, 5680, 1387},
			{234, 579, 132, 527, 254, 2007, 1912, 1666, 5201, 5799, 13508, 9538, 4628, 5837, 2685, 915, 16807, 8512},
		},
		Rows:   []int{45, 35, 29, 23, 22, 8, 8, 6, 4},
		Cols:   []int{5, 12, 5, 9, 6, 12, 11, 6, 15, 12, 11, 16, 7, 13, 7, 4, 18, 11},
		Method: method(b, "sainte_lague"),
	}
}

// matrix200 is 200 lists in 200 districts, whose strengths differ as they do.
func matrix200(b testing.TB) Matrix {
	r := source("matrix")
	m := Matrix{Method: method(b, "sainte_lague")}
	rows, cols := make([]int64, 200), make([]int64, 200)
	strength := many(200)
	for i := range 200 {
		line := make([]int64, 200)
		for j := range line {
			line[j] = int64(float64(strength[i]) * math.Exp(r.NormFloat64()*0.5))
			rows[i] += line[j]
			cols[j] += line[j]
		}
		m.Votes = append(m.Votes, line)
	}
	m.Rows, m.Cols = margin(b, rows, 10_000), margin(b, cols, 10_000)
	return m
}

func margin(t testing.TB, votes []int64, seats int) []int {
	a, err := Allocate(Problem{Votes: votes, Seats: seats, Method: method(t, "sainte_lague"), MoreVotes: true})
	if err != nil || a.Open > 0 {
		t.Fatal(err, a.Open)
	}
	return a.Seats
}

func benchmarkMatrix(b *testing.B, m Matrix) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := AllocateMatrix(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApportionMatrixZurich2019(b *testing.B) { benchmarkMatrix(b, zurich2019(b)) }
func BenchmarkApportionMatrix200x200(b *testing.B)    { benchmarkMatrix(b, matrix200(b)) }

func BenchmarkVerifyMatrixZurich2019(b *testing.B) {
	m := zurich2019(b)
	a, err := AllocateMatrix(m)
	for b.Loop() {
		if err != nil || VerifyMatrix(m, a) != nil {
			b.Fatal(err)
		}
	}
}
