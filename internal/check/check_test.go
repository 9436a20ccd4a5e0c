package check_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// set makes returns of one precinct a row; absent figures are -1. The columns are
// registered, cast, invalid, valid, and the votes of two lists.
func set(rows ...[6]int64) *returns.Set {
	s := returns.New("region")
	s.AddFile("a.csv")
	s.AddList(returns.List{Name: "A"})
	s.AddList(returns.List{Name: "B"})
	for i, r := range rows {
		p, _ := s.AddPrecinct(fmt.Appendf(nil, "%d", i+1), 0, i+2)
		for k, l := range []returns.Line{returns.Registered, returns.Cast, returns.Invalid, returns.Valid} {
			if r[k] >= 0 {
				s.PutLine(p, l, r[k])
			}
		}
		for l := range 2 {
			if r[4+l] >= 0 {
				s.Put(p, l, r[4+l])
			}
		}
	}
	return s
}

func Example() {
	var log finding.Log
	check.Protocols(set([6]int64{100, 60, 2, -1, 30, 29}), &log)
	for _, f := range log.Sorted() {
		fmt.Println(f)
	}
	// Output:
	// a.csv:2: warning CAST-SUM: precinct "1": 59 votes and 2 invalid ballots do not sum to 60 ballots cast
}

func TestProtocols(t *testing.T) {
	tests := []struct {
		name string
		row  [6]int64
		want string // codes
	}{
		{"all lines, and they add up", [6]int64{100, 60, 2, 58, 30, 28}, ""},
		{"no lines", [6]int64{-1, -1, -1, -1, 30, 28}, ""},
		{"every voter took part", [6]int64{60, 60, 2, 58, 30, 28}, ""},
		{"one ballot over the registered", [6]int64{59, 60, 2, 58, 30, 28}, "OVER-REGISTERED"},
		{"votes over the registered, cast not stated", [6]int64{57, -1, -1, -1, 30, 28}, "OVER-REGISTERED"},
		{"one vote too many for the valid ballots", [6]int64{100, 60, 2, 58, 31, 28}, "VALID-SUM"},
		{"valid and invalid do not make cast", [6]int64{100, 61, 2, 58, 30, 28}, "CAST-SUM"},
		{"votes and invalid do not make cast", [6]int64{100, 61, 2, -1, 30, 28}, "CAST-SUM"},
		{"more invalid than cast", [6]int64{100, 60, 61, -1, 0, 0}, "CAST-SUM"},
		{"fewer votes than cast, invalid not stated", [6]int64{100, 60, -1, -1, 30, 28}, ""},
		{"more votes than cast, invalid not stated", [6]int64{100, 57, -1, -1, 30, 28}, "OVER-CAST"},
		{"nothing", [6]int64{100, 0, 0, 0, 0, 0}, "ZERO"},
		{"only invalid ballots", [6]int64{100, 3, 3, 0, 0, 0}, ""},
		{"numbers near the end of int64", [6]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, -1, 1, 0}, "CAST-SUM"},
	}
	for _, tt := range tests {
		var log finding.Log
		check.Protocols(set(tt.row), &log)
		var codes []string
		for _, f := range log.Sorted() {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != tt.want {
			t.Errorf("%s: findings %v, want %q", tt.name, log.Sorted(), tt.want)
		}
	}
}

// Errors that cancel each other in the sum are found in each precinct.
func TestErrorsThatCancel(t *testing.T) {
	var log finding.Log
	check.Protocols(set([6]int64{100, 61, 2, -1, 30, 28}, [6]int64{100, 59, 2, -1, 30, 28}), &log)
	if f := log.Sorted(); len(f) != 2 || f[0].Line != 2 || f[1].Line != 3 {
		t.Errorf("findings %v, want one on line 2 and one on line 3", f)
	}
}

func TestIncomplete(t *testing.T) {
	var log finding.Log
	check.Protocols(set([6]int64{100, 60, 2, -1, 30, 28}, [6]int64{100, -1, 2, -1, 30, -1}, [6]int64{100, -1, 2, -1, 30, 1}), &log)
	got := fmt.Sprint(log.Sorted())
	for _, want := range []string{
		`a.csv:3: warning INCOMPLETE: precinct "2": no figure for votes for "B", here and in 1 of 3 precincts`,
		`a.csv:3: warning INCOMPLETE: precinct "2": no figure for cast, here and in 2 of 3 precincts`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("findings %s\nwant %s", got, want)
		}
	}
}
