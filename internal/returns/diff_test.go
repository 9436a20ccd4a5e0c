package returns_test

import (
	"testing"

	"kenesh/internal/returns"
)

func TestDiff(t *testing.T) {
	// small makes two precincts that have Ak and Kok; change may do anything else to them.
	small := func(second bool, change func(s *returns.Set, p, q int)) *returns.Set {
		s := returns.New("region", "district")
		s.AddFile("a.csv")
		s.AddList(returns.List{ID: "1", Name: "Ak"})
		s.AddList(returns.List{ID: "2", Name: "Kok"})
		north := s.AddArea(0, "North")
		centre := s.AddArea(north, "Centre")
		var p, q int
		if second {
			q, _ = s.AddPrecinct([]byte("2"), centre, 2)
			p, _ = s.AddPrecinct([]byte("1"), north, 3)
		} else {
			p, _ = s.AddPrecinct([]byte("1"), north, 2)
			q, _ = s.AddPrecinct([]byte("2"), centre, 3)
		}
		s.Put(p, 0, 5)
		s.Put(q, 1, 7)
		s.PutLine(q, returns.Cast, 9)
		if change != nil {
			change(s, p, q)
		}
		return s
	}
	tests := []struct {
		name string
		b    *returns.Set
		want string
	}{
		{"the same", small(false, nil), ""},
		{"another order", small(true, nil), ""},
		{"another code", small(true, func(s *returns.Set, _, _ int) { s.Lists[0].ID = "x" }), ""},
		{"a list more", small(false, func(s *returns.Set, _, _ int) { s.AddList(returns.List{Name: "Sary"}) }), "2 lists are 3"},
		{"a list of another name", small(false, func(s *returns.Set, _, _ int) { s.Lists[1].Name = "Kök" }), `list 2, "Kok", is "Kök"`},
		{"a precinct more", small(false, func(s *returns.Set, _, _ int) { s.AddPrecinct([]byte("3"), 0, 9) }), "2 precincts are 3"},
		{"zero is not absent", small(false, func(s *returns.Set, p, _ int) { s.Put(p, 1, 0) }), `precinct "1" has other votes for "Kok"`},
		{"a line that is zero is not absent", small(true, func(s *returns.Set, p, _ int) { s.PutLine(p, returns.Lost, 0) }), `precinct "1" states another figure as lost`},
		{"a line that means nothing is not zero", small(false, func(s *returns.Set, p, _ int) { s.Without(p, returns.Registered) }), ""},
		{"a line that means nothing any more", small(false, func(s *returns.Set, _, q int) { s.Without(q, returns.Cast) }), `precinct "2" states another figure as cast`},
		{"another district", small(false, func(s *returns.Set, _, _ int) { s.Areas[2].Name = "Edge" }), `precinct "2" lies in another area`},
		{"another region", small(true, func(s *returns.Set, _, _ int) { s.Areas[1].Name = "South" }), `precinct "1" lies in another area`},
	}
	a := small(false, nil)
	for _, tt := range tests {
		if got := returns.Diff(a, tt.b); got != tt.want {
			t.Errorf("%s: Diff = %q, want %q", tt.name, got, tt.want)
		}
	}
	b := returns.New("region")
	b.AddFile("b.csv")
	for _, l := range a.Lists {
		b.AddList(l)
	}
	b.AddPrecinct([]byte("3"), 0, 2)
	b.AddPrecinct([]byte("1"), 0, 3)
	if got, want := returns.Diff(b, a), `precinct "3" is missing`; got != want {
		t.Errorf("Diff = %q, want %q", got, want)
	}
}
