package check_test

import (
	"fmt"
	"strings"
	"testing"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Sums of the nation and of areas are held against those that were published; districts
// count for their region.
func TestPublished(t *testing.T) {
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	s.AddList(returns.List{ID: "a", Name: "Alpha"})
	north := s.AddArea(0, "North")
	for i, area := range []int{s.AddArea(north, "Left"), s.AddArea(north, "Right"), s.AddArea(0, "South")} {
		p, _ := s.AddPrecinct(fmt.Append(nil, i), area, i+2)
		s.Put(p, 0, int64(10*(i+1)))
		s.PutLine(p, returns.Invalid, int64(i))
	}
	for _, tt := range []struct {
		area, name string
		n          int64
		want       string
	}{
		{"", "Alpha", 60, ""},
		{"", "a", 60, ""},
		{"", "Alpha", 59, "Alpha of the nation: published are 59, the precincts add up to 60: 1 too many"},
		{"North", "Alpha", 30, ""},
		{"Right", "Alpha", 20, ""},
		{"North", "invalid", 2, "invalid of North: published are 2, the precincts add up to 1: 1 too few"},
		{"", "cast", 0, "cast of the nation: published are 0, and no precinct states it"},
		{"Nort", "Alpha", 1, `area "Nort" is not in the data (did you mean "North"?)`},
		{"", "Beta", 1, `"Beta" is no list of the data`},
	} {
		var log finding.Log
		check.Run(s, check.Options{Published: &returns.Published{File: "p.csv", Figures: []returns.Figure{{Area: tt.area, Name: tt.name, N: tt.n, Line: 2}}}}, &log)
		var got []string
		for _, f := range log.Sorted() {
			if f.Code == "PUBLISHED" {
				got = append(got, f.String())
			}
		}
		if (tt.want == "") != (len(got) == 0) || !strings.Contains(strings.Join(got, "\n"), tt.want) {
			t.Errorf("%q %s = %d: %q, want %q", tt.area, tt.name, tt.n, got, tt.want)
		}
	}
}
