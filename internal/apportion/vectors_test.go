package apportion

import (
	"bufio"
	"encoding/json"
	"errors"
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
}

// notRun says by kind or id why a vector is not run here.
var notRun = map[string]string{
	"nl-lt19-list_numbers":                                        "needs the Dutch residual seats below 19",
	"nl-lt19-with_3_lists_that_meet_threshold_0_remainders":       "needs the Dutch residual seats below 19",
	"nl-lt19-with_0_lists_that_meet_threshold":                    "needs the Dutch residual seats below 19",
	"nl-lt19-1st_round_unique_highest_averages_method_regression": "needs the Dutch residual seats below 19",
	"nl-lt19-with_0_votes":                                        "needs the Dutch residual seats below 19",
	"nl-lt19-with_absolute_majority_of_votes_but_not_seats":       "needs the Dutch residual seats below 19",
	"nl-ge19-with_absolute_majority_of_votes_but_not_seats":       "needs the Dutch absolute majority rule",
	"nl-ge19-with_0_votes":                                        "no votes: expects empty seats, here ErrNoVotes",
	"biprop":                                                      "two dimensions",
	"biprop-full":                                                 "two dimensions",
	"mmp":                                                         "overhang",
	"districts":                                                   "several levels",
	"levelling-iceland":                                           "levelling seats",
	"threshold":                                                   "a share and no division: package tally",
	"index":                                                       "a measure and no division",
	"1d-cap-lr":                                                   "a note without a result; TestCaps runs its votes",
	"property":                                                    "a note; TestMonotone compares element by element",
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
		switch {
		case v.Kind == "1d" || v.Kind == "1d-cap":
			run++
			t.Run(v.ID, func(t *testing.T) { v.run(t) })
		case v.Kind == "districts-dhondt":
			run++
			t.Run(v.ID, func(t *testing.T) { v.runDistricts(t) })
		case notRun[v.ID] != "" || notRun[v.Kind] != "":
			notes++
		case v.Kind == "nl": // from 19 seats on this is D'Hondt
			run++
			v.Method = "dhondt"
			t.Run(v.ID, func(t *testing.T) { v.run(t) })
		default:
			t.Errorf("%s of kind %s is neither run nor named", v.ID, v.Kind)
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	if lines != 177 || run != 144 || notes != 33 {
		t.Errorf("%d vectors, %d run and %d named, want 177, 144 and 33", lines, run, notes)
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
