package returns_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"kenesh/internal/returns"
)

func Example() {
	s := returns.New("region")
	s.AddFile("osh.csv")
	birimdik := s.AddList(returns.List{ID: "B", Name: "Birimdik"})
	osh := s.AddArea(0, "Osh")
	p, _ := s.AddPrecinct([]byte("5001"), osh, 2)
	fmt.Println(s.Put(p, birimdik, 120), s.Put(p, birimdik, 120))
	v, ok := s.Votes(birimdik).At(p)
	fmt.Println(s.ID(p), s.Areas[s.Area(p)].Name, v, ok)
	// Output:
	// true false
	// 5001 Osh 120 true
}

// A million ids come back as they went in, in order, once each.
func TestPrecinctsAreInterned(t *testing.T) {
	s := returns.New()
	s.AddFile("a.csv")
	const n = 100_000
	for round := range 2 {
		for i := range n {
			p, fresh := s.AddPrecinct(fmt.Appendf(nil, "P%d", i*7), 0, i+2)
			if p != i || fresh != (round == 0) {
				t.Fatalf("AddPrecinct(P%d) = %d, %v; want %d, %v", i*7, p, fresh, i, round == 0)
			}
		}
	}
	if s.Len() != n || s.ID(5) != "P35" || s.Find("P35") != 5 || s.Find("P36") != -1 {
		t.Errorf("Len %d, ID(5) %s, Find(P35) %d, Find(P36) %d", s.Len(), s.ID(5), s.Find("P35"), s.Find("P36"))
	}
}

func TestPositions(t *testing.T) {
	s := returns.New()
	s.AddFile("a.csv")
	s.AddPrecinct([]byte("1"), 0, 2)
	s.AddPrecinct([]byte("2"), 0, 3)
	s.AddFile("empty.csv")
	s.AddFile("b.csv")
	s.AddPrecinct([]byte("3"), 0, 2)
	for p, want := range []string{"a.csv:2", "a.csv:3", "b.csv:2"} {
		file, line := s.Position(p)
		if got := fmt.Sprintf("%s:%d", s.Files[file], line); got != want {
			t.Errorf("Position(%d) = %s, want %s", p, got, want)
		}
	}
}

func TestAreasAreATree(t *testing.T) {
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	north, south := s.AddArea(0, "North"), s.AddArea(0, "South")
	a, b := s.AddArea(north, "Centre"), s.AddArea(south, "Centre")
	if a == b || s.AddArea(north, "Centre") != a {
		t.Error("districts of one name in two regions are one, or one is two")
	}
	p, _ := s.AddPrecinct([]byte("1"), b, 2)
	q, _ := s.AddPrecinct([]byte("2"), north, 3)
	tests := []struct{ p, level, want int }{{p, 0, 0}, {p, 1, south}, {p, 2, b}, {q, 0, 0}, {q, 1, north}, {q, 2, -1}}
	for _, tt := range tests {
		if got := s.AreaAt(tt.p, tt.level); got != tt.want {
			t.Errorf("AreaAt(%d, %d) = %d, want %d", tt.p, tt.level, got, tt.want)
		}
	}
	if s.Level("region") != 1 || s.Level("district") != 2 || s.Level("ward") != -1 {
		t.Error("levels are not 1, 2 and none")
	}
}

// Absent is not zero, and the first count beyond 32 bits changes none before it.
func TestColumn(t *testing.T) {
	s := returns.New()
	s.AddFile("a.csv")
	l := s.AddList(returns.List{Name: "A"})
	want := map[int]int64{0: 0, 3: math.MaxUint32, 64: 7, 65: math.MaxUint32 + 1, 130: math.MaxInt64 - 1<<40, 131: 1}
	for p := range 140 {
		s.AddPrecinct(fmt.Appendf(nil, "%d", p), 0, p)
		if v, ok := want[p]; ok && !s.Put(p, l, v) {
			t.Fatalf("Put(%d) = false", p)
		}
	}
	for p := range 140 {
		v, ok := s.Votes(l).At(p)
		if w, there := want[p]; v != w || ok != there {
			t.Errorf("At(%d) = %d, %v; want %d, %v", p, v, ok, w, there)
		}
		if _, there := want[p]; there && s.Put(p, l, 5) {
			t.Errorf("Put(%d) a second time = true", p)
		}
	}
	if got := s.VoteCounts()[l]; got != len(want) {
		t.Errorf("Len = %d, want %d", got, len(want))
	}
}

func TestSums(t *testing.T) {
	s := returns.New()
	s.AddFile("a.csv")
	l := s.AddList(returns.List{Name: "A"})
	for p, v := range []int64{5, math.MaxInt64 - 5, 1, 7} {
		s.AddPrecinct(fmt.Appendf(nil, "%d", p), 0, p)
		s.Put(p, l, v)
	}
	s.AddPrecinct([]byte("absent"), 0, 9)
	tests := []struct {
		name  string
		group []int32
		want  []returns.Sum
		err   error
	}{
		{"exactly the largest sum", []int32{0, 0, -1, 1, 1}, []returns.Sum{{math.MaxInt64, 2}, {7, 1}}, nil},
		{"one more", []int32{0, 0, 0, 1, 1}, nil, returns.ErrOverflow},
		{"none", []int32{-1, -1, -1, -1, -1}, []returns.Sum{{}, {}}, nil},
	}
	for _, tt := range tests {
		sums, err := s.SumVotes(tt.group, 2)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.err)
		} else if tt.err == nil && (sums[l][0] != tt.want[0] || sums[l][1] != tt.want[1]) {
			t.Errorf("%s: SumVotes = %v, want %v", tt.name, sums, tt.want)
		}
	}
}

func TestRegister(t *testing.T) {
	s := returns.New("region")
	s.AddFile("a.csv")
	for i, id := range []string{"1", "2", "9"} {
		s.AddPrecinct([]byte(id), 0, i+2)
	}
	s.PutLine(1, returns.Registered, 50)
	r := &returns.Register{Expected: []returns.Expected{{ID: "1", Registered: 100}, {ID: "2", Registered: 60}, {ID: "3", Registered: 70}, {ID: "4", Registered: -1}}}
	missing, unexpected := r.Compare(s)
	if len(missing) != 2 || missing[0].ID != "3" || missing[1].ID != "4" || len(unexpected) != 1 || unexpected[0] != 2 {
		t.Errorf("Compare = %v, %v; want precincts 3 and 4 missing and 9 unexpected", missing, unexpected)
	}
	if !r.Fill(s) {
		t.Error("Fill = false")
	}
	for p, want := range []int64{100, 50} { // the return's own figure stays
		if got, _ := s.Line(returns.Registered).At(p); got != want {
			t.Errorf("registered of %s = %d, want %d", s.ID(p), got, want)
		}
	}
}

func TestRowsOf(t *testing.T) {
	s := returns.New()
	s.AddFile("a.csv")
	a, b := s.AddList(returns.List{Name: "A"}), s.AddList(returns.List{Name: "B"})
	p, _ := s.AddPrecinct([]byte("1"), 0, 2)
	s.Put(p, a, 1)
	s.Put(p, b, 0)
	if got := s.RowsOf(p); got != 1 {
		t.Errorf("wide: RowsOf = %d, want 1", got)
	}
	s.SetRowPerList()
	if got := s.RowsOf(p); got != 2 {
		t.Errorf("long: RowsOf = %d, want 2", got)
	}
}

// A column grows wide for a count of a precinct that stands before others.
func TestWideColumn(t *testing.T) {
	s := returns.New()
	l := s.AddList(returns.List{ID: "A", Name: "A"})
	for p := 5; p >= 0; p-- {
		if !s.Put(p, l, int64(p)<<40) {
			t.Fatalf("Put(%d) = false", p)
		}
	}
	for p := range 6 {
		if v, ok := s.Votes(l).At(p); !ok || v != int64(p)<<40 {
			t.Errorf("At(%d) = %d, %t, want %d", p, v, ok, int64(p)<<40)
		}
	}
	narrow := s.AddList(returns.List{ID: "B", Name: "B"})
	s.Put(5, narrow, 7)
	s.Put(1, narrow, 1<<40)
	if v, ok := s.Votes(narrow).At(5); !ok || v != 7 {
		t.Errorf("At(5) = %d, %t, want 7", v, ok)
	}
}
