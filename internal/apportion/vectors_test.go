package apportion

import (
	"bufio"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"slices"
	"testing"
)

// A vector is one line of testdata/vectors.jsonl: the facts that shared/vectors
// collected from other systems and textbooks, each recomputed there exactly.
type vector struct {
	ID, Kind, Method string
	Votes, Seats     json.RawMessage
	Threshold        json.RawMessage
	Caps             []int
	Expected         json.RawMessage
	Tie              *struct {
		Parties                          []int
		Contested, Unassigned, Overaward int
		See                              string
	}
	Result []int // of an over-award, after the law took seats back
	Order  []int // lists in the order in which they win seats

	// Of elections in districts, by place in Votes:
	ElectorateSeats []int   `json:"electorate_seats"`   // won by each list
	DistrictSeats   []int   `json:"district_seats"`     // of each district, as they come out
	Constituency    []int   `json:"constituency_seats"` // of each district
	Adjustment      []int   `json:"adjustment_seats"`   // of each district, besides
	Value           float64 `json:"exact_value"`        // of an index
	Tolerance       float64 // of what was published
	Upper           []int   // seats of the lists in all
	WeightVotes     bool    `json:"weight_votes"` // a voter counts the same in each district
}

// elsewhere says of each vector that is not run here why.
var elsewhere = map[string]string{
	"threshold": "a share and no division: run in package tally",
	"1d-cap-lr": "a note without a result; TestCaps runs its votes",
	"property":  "a note; TestMonotone compares element by element",
}

func TestVectors(t *testing.T) {
	f, err := os.Open("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, run, notes := 0, 0, 0
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for ; in.Scan(); lines++ {
		var v vector
		if err := json.Unmarshal(in.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", lines+1, err)
		}
		kinds := map[string]func(*testing.T){"1d": v.run, "1d-cap": v.run, "nl": v.runKieswet, "mmp": v.runMixed, "districts": v.runTwoLevels,
			"districts-dhondt": v.runDistricts, "levelling-iceland": v.runIceland, "index": v.runIndex, "biprop": v.runMatrix, "biprop-full": v.runMatrix}
		switch {
		case kinds[v.Kind] != nil:
			run++
			t.Run(v.ID, kinds[v.Kind])
		case elsewhere[v.Kind] != "":
			notes++
			t.Logf("%s is not run here: %s", v.ID, elsewhere[v.Kind])
		default:
			t.Errorf("%s of kind %s is neither run nor named", v.ID, v.Kind)
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	if lines != 177 || run != 171 || notes != 6 {
		t.Errorf("%d vectors, %d run and %d named, want 177, 171 and 6", lines, run, notes)
	}
}

func decode[T any](t *testing.T, raw json.RawMessage) (x T) {
	t.Helper()
	if err := json.Unmarshal(raw, &x); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return x
}

func (v *vector) run(t *testing.T) {
	p := Problem{Votes: decode[[]int64](t, v.Votes), Seats: decode[int](t, v.Seats), Method: method(t, v.Method), Caps: v.Caps, Strongest: true}
	v.filter(t, p.Votes)
	a, err := Allocate(p)
	if v.Tie != nil && v.Tie.Unassigned > 0 {
		if !errors.Is(err, ErrNoVotes) {
			t.Errorf("Allocate(no votes) = %v, want ErrNoVotes", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(p, a); err != nil {
		t.Errorf("Verify = %v", err)
	}
	if v.Tie == nil {
		if want := decode[[]int](t, v.Expected); !slices.Equal(a.Seats, want) || a.Open != 0 {
			t.Errorf("Allocate = %v, %d open, want %v", a.Seats, a.Open, want)
		}
		if v.Order != nil {
			v.order(t, p, a)
		}
		return
	}
	v.tied(t, a)
}

// tied holds the outcome against the tie of the vector.
func (v *vector) tied(t *testing.T, a Allocation) {
	type tie struct {
		lists []int
		seats int
	}
	want := []tie{{v.Tie.Parties, v.Tie.Contested}}
	switch v.ID {
	case "ml-quota-midtie": // one of the small lists and one of the large
		want = []tie{{[]int{2, 3}, 1}, {[]int{0, 1}, 1}}
	case "vl-imperiali-overaward-tied": // 4 whole quotas, 2 seats: two of three lists give one back
		want = []tie{{[]int{0, 1, 2}, 1}}
	case "vl-cz2021-pk-imperiali-overaward":
		if !slices.Equal(a.Seats, v.Result) || a.Open != 0 {
			t.Errorf("Allocate = %v, %d open, want %v", a.Seats, a.Open, v.Result)
		}
		return
	}
	var got []tie
	open := 0
	for _, x := range a.Ties {
		got = append(got, tie{x.Lists, x.Seats})
		open += x.Seats
	}
	same := func(a, b tie) bool { return slices.Equal(a.lists, b.lists) && a.seats == b.seats }
	if !slices.EqualFunc(got, want, same) || a.Open != open {
		t.Errorf("ties %v and %d open, want %v", got, a.Open, want)
	}
}

func (v *vector) order(t *testing.T, p Problem, a Allocation) {
	steps, err := Explain(p, a)
	if err != nil {
		t.Fatal(err)
	}
	var order []int
	for _, s := range steps {
		order = append(order, s.List)
	}
	if !slices.Equal(order, v.Order) {
		t.Errorf("order of award %v, want %v", order, v.Order)
	}
}

// runDistricts divides the seats of each district, a column of the votes.
func (v *vector) runDistricts(t *testing.T) {
	votes, want := decode[[][]int64](t, v.Votes), decode[[][]int](t, v.Expected)
	for c, seats := range decode[struct{ Cols []int }](t, v.Seats).Cols {
		p := Problem{Seats: seats, Method: method(t, "dhondt")}
		var column []int
		for l := range votes {
			p.Votes = append(p.Votes, votes[l][c])
			column = append(column, want[l][c])
		}
		if a, err := Allocate(p); err != nil || !slices.Equal(a.Seats, column) {
			t.Errorf("district %d: Allocate = %v, %v, want %v", c, a.Seats, err, column)
		}
	}
}

// runKieswet applies the Dutch law. Without votes it leaves the seats empty; here that
// is an error.
func (v *vector) runKieswet(t *testing.T) {
	v.Method = "kieswet"
	if slices.Max(decode[[]int64](t, v.Votes)) > 0 {
		v.run(t)
		return
	}
	p := Problem{Votes: decode[[]int64](t, v.Votes), Seats: decode[int](t, v.Seats), Method: method(t, v.Method)}
	if _, err := Allocate(p); !errors.Is(err, ErrNoVotes) || slices.Max(decode[[]int](t, v.Expected)) > 0 {
		t.Errorf("Allocate(no votes) = %v, want ErrNoVotes", err)
	}
}

// runMixed is the law of New Zealand: 5 % or an electorate; electorates that are more
// than a list's share come on top of the house.
func (v *vector) runMixed(t *testing.T) {
	p := Problem{Votes: decode[[]int64](t, v.Votes), Seats: decode[int](t, v.Seats), Method: method(t, v.Method), Minimums: v.ElectorateSeats, Overhang: OverhangOnTop}
	below := slices.Clone(p.Votes)
	v.filter(t, below)
	for i := range below {
		if v.ElectorateSeats[i] == 0 {
			p.Votes[i] = below[i]
		}
	}
	a, err := Allocate(p)
	if want := decode[[]int](t, v.Expected); err != nil || !slices.Equal(a.Seats, want) || a.Open != 0 {
		t.Errorf("Allocate = %v, %v, want %v", a.Seats, err, want)
	}
	if err := Verify(p, a); err != nil {
		t.Errorf("Verify = %v", err)
	}
	house := p.Seats
	if house += a.Overhang; house != sum(a.Seats) {
		t.Errorf("overhang %d, and %d seats in all", a.Overhang, sum(a.Seats))
	}
}

func sum(of []int) (n int) {
	for _, x := range of {
		n += x
	}
	return n
}

// runTwoLevels is the Czech law of 2017: the seats of the regions by Hare on the votes
// of all lists, those of the lists that pass the national threshold by D'Hondt in each.
func (v *vector) runTwoLevels(t *testing.T) {
	votes := decode[[][]int64](t, v.Votes)
	regions, nation := make([]int64, len(votes[0])), make([]int64, len(votes))
	for l := range votes {
		for r, n := range votes[l] {
			regions[r] += n
			nation[l] += n
		}
	}
	p := Problem{Votes: regions, Seats: decode[int](t, v.Seats), Method: method(t, "lr:hare")}
	a, err := Allocate(p)
	if err != nil || !slices.Equal(a.Seats, v.DistrictSeats) || Verify(p, a) != nil {
		t.Fatalf("Allocate(regions) = %v, %v, want %v", a.Seats, err, v.DistrictSeats)
	}
	v.filter(t, nation)
	got := make([]int, len(votes))
	for r, seats := range a.Seats {
		p := Problem{Votes: make([]int64, len(votes)), Seats: seats, Method: method(t, "dhondt")}
		for l := range votes {
			if nation[l] > 0 {
				p.Votes[l] = votes[l][r]
			}
		}
		b, err := Allocate(p)
		if err != nil || b.Open > 0 || Verify(p, b) != nil {
			t.Fatalf("Allocate(region %d) = %v, %v", r, b, err)
		}
		for l, n := range b.Seats {
			got[l] += n
		}
	}
	if want := decode[[]int](t, v.Expected); !slices.Equal(got, want) {
		t.Errorf("seats %v, want %v", got, want)
	}
}

// runIceland is Act 24/2000: D'Hondt in the constituencies; then the levelling seats,
// each to the list with the next quotient in the nation (5 %), and to the constituency
// in which the list has the highest next quotient as a share of all votes there, of
// those whose levelling seats are not all given.
func (v *vector) runIceland(t *testing.T) {
	votes := decode[[][]int64](t, v.Votes) // by constituency
	lists := len(votes[0])
	nation, held, all := make([]int64, lists), make([]int, lists), make([]int64, len(votes))
	got := make([][]int, len(votes))
	for c := range votes {
		p := Problem{Votes: votes[c], Seats: v.Constituency[c], Method: method(t, "dhondt")}
		a, err := Allocate(p)
		if err != nil || a.Open > 0 || Verify(p, a) != nil {
			t.Fatalf("Allocate(constituency %d) = %v, %v", c, a, err)
		}
		got[c] = a.Seats
		for l, n := range votes[c] {
			nation[l] += n
			all[c] += n
			held[l] += a.Seats[l]
		}
	}
	v.filter(t, nation)
	p := Problem{Votes: nation, Seats: decode[int](t, v.Seats), Method: method(t, "dhondt"), Minimums: held}
	a, err := Allocate(p)
	if err != nil || a.Open > 0 || Verify(p, a) != nil {
		t.Fatalf("Allocate(nation) = %v, %v", a, err)
	}
	steps, err := Explain(p, a)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.Clone(v.Adjustment)
	for _, s := range steps {
		if s.Held {
			continue
		}
		best, where := new(big.Rat), -1
		for c := range votes {
			if q := big.NewRat(votes[c][s.List], all[c]*int64(got[c][s.List]+1)); left[c] > 0 && q.Cmp(best) > 0 {
				best, where = q, c
			}
		}
		left[where]--
		got[where][s.List]++
	}
	if want := decode[[][]int](t, v.Expected); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("seats %v, want %v", got, want)
	}
}

// runIndex compares with the exact value, in percent.
func (v *vector) runIndex(t *testing.T) {
	seats := decode[[]int](t, v.Seats)
	name := map[string]string{"rae": "Rae", "loosemore_hanby": "Loosemore–Hanby"}[v.Method]
	for _, x := range Indices(decode[[]int64](t, v.Votes), seats) {
		if x.Name != name {
			continue
		}
		if got, _ := x.Value.Float64(); math.Abs(got-100*v.Value) > 1e-9 {
			t.Errorf("%s = %g, want %g", name, got, 100*v.Value)
		}
		if v.Expected != nil && math.Abs(decode[float64](t, v.Expected)-v.Value) > v.Tolerance {
			t.Errorf("%s is not near the published %s", name, v.Expected)
		}
		return
	}
	t.Errorf("no index is called %q", name)
}

// filter drops the votes of lists below the threshold: one share, or one a list.
func (v *vector) filter(t *testing.T, votes []int64) {
	if v.Threshold == nil || string(v.Threshold) == `"none"` {
		return
	}
	var bars []string
	if v.Threshold[0] == '[' {
		bars = decode[[]string](t, v.Threshold)
	} else {
		bars = slices.Repeat([]string{decode[string](t, v.Threshold)}, len(votes))
	}
	total := new(big.Int)
	for _, n := range votes {
		total.Add(total, big.NewInt(n))
	}
	for i, n := range votes {
		bar, _ := new(big.Rat).SetString(bars[i])
		if new(big.Rat).SetInt64(n).Cmp(bar.Mul(bar, new(big.Rat).SetInt(total))) < 0 {
			votes[i] = 0
		}
	}
}

func method(t testing.TB, name string) Method {
	t.Helper()
	m, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func asProblem(err error, e **ProblemError) bool { return errors.As(err, e) }
