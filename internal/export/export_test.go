package export_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/export"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

func Example() {
	s := returns.New("region")
	s.AddFile("osh.csv")
	ak, kok := s.AddList(returns.List{Name: "Ak"}), s.AddList(returns.List{Name: "Kok, new"})
	osh := s.AddArea(0, "Osh")
	for i, id := range []string{"1", "2"} {
		p, _ := s.AddPrecinct([]byte(id), osh, i+2)
		s.PutLine(p, returns.Cast, 20)
		s.Put(p, ak, int64(7+i))
	}
	s.Put(1, kok, 12)
	var log finding.Log
	if long := (export.Options{Format: "csv"}); export.Check(s, long, &log) {
		if err := export.Write(os.Stdout, s, long); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(export.Check(s, export.Options{Format: "csv", Wide: true}, &log))
	// Output:
	// precinct,region,cast,list,votes
	// 1,Osh,20,Ak,7
	// 2,Osh,20,Ak,8
	// 2,Osh,20,"Kok, new",12
	// false
}

// names are such as a table has trouble with.
var names = []string{"Ak", "Kok, new", `"Sary"`, `The "Red" one`, "Бир Бол", "Ата-Мекен", "=1+1", "@SUM(A1)", "-5", "+7", "'quoted'", "a;b;c;d", "x|y|z", "42",
	"Örük", "ᠮᠣᠩᠭᠣᠯ", "מפלגה", "一二三", "Ελιά", "<b>&amp;", `back\slash`, "null", "true", "#7", "1e5"}

// random makes a set that a table can hold: as long rows if it is not wide, where counts
// of votes may be missing.
func random(r *rand.Rand, wide bool) *returns.Set {
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	perm := r.Perm(len(names))
	lists := 1 + r.IntN(8)
	for _, i := range perm[:lists] {
		s.AddList(returns.List{ID: names[i], Name: names[i]})
	}
	levels := r.IntN(3)
	lines := slices.DeleteFunc(returns.Lines(), func(returns.Line) bool { return r.IntN(3) > 0 })
	most := []int64{3, 1000, 1 << 20, 1 << 40}[r.IntN(4)]
	for n := range 1 + r.IntN(150) {
		area := 0
		for range levels {
			area = s.AddArea(area, names[perm[len(names)-1-r.IntN(4)]])
		}
		id := fmt.Sprint(n)
		switch r.IntN(4) {
		case 0:
			id = fmt.Sprintf("Osh//West/%d/", n)
		case 1:
			id = fmt.Sprintf("%s %d", names[r.IntN(len(names))], n)
		}
		p, _ := s.AddPrecinct([]byte(id), area, n+2)
		for _, l := range lines {
			s.PutLine(p, l, r.Int64N(most))
		}
		one := r.IntN(lists) // has votes in any case
		for l := range lists {
			if wide || l == one || r.IntN(4) > 0 {
				s.Put(p, l, r.Int64N(most))
			}
		}
	}
	for l, n := range s.VoteCounts() {
		if n == 0 {
			s.Put(s.Len()-1, l, r.Int64N(most))
		}
	}
	return s
}

// again reads a text as a file of its own.
func again(t *testing.T, text string) *returns.Set {
	t.Helper()
	var log finding.Log
	set := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(text)}, &log).Set
	if log.Failed() {
		t.Fatalf("%v in\n%s", log.Sorted(), text)
	}
	return set
}

func text(t *testing.T, s *returns.Set, o export.Options) string {
	t.Helper()
	var log finding.Log
	if !export.Check(s, o, &log) {
		t.Fatal(log.Sorted())
	}
	var b strings.Builder
	if err := export.Write(&b, s, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is written and read is the set that it was.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 100))
	rounds := 200
	if testing.Short() {
		rounds = 50
	}
	sums := 0
	for round := range rounds {
		wide := round%2 == 0
		s := random(r, wide)
		if findsSums(s, wide) {
			sums++ // small counts add up by chance, and reading refuses such a table
			continue
		}
		for _, f := range []string{"csv", "tsv"} {
			got := text(t, s, export.Options{Format: f, Wide: wide})
			set := again(t, got)
			if diff := returns.Diff(s, set); diff != "" {
				t.Fatalf("round %d, %s, wide %v: %s:\n%s", round, f, wide, diff, got)
			}
		}
		gap, _ := s.AddPrecinct([]byte("gap"), 0, 999) // in no area, without a protocol
		s.Put(gap, r.IntN(len(s.Lists)), r.Int64N(9))
		s.Without(gap, returns.Registered)
		for _, f := range []string{"json", "jsonl"} {
			got := text(t, s, export.Options{Format: f, Wide: wide})
			if diff := returns.Diff(s, decode(t, s, got, f, wide)); diff != "" {
				t.Fatalf("round %d, %s, wide %v: %s:\n%s", round, f, wide, diff, got)
			}
		}
		checkReport(t, s, text(t, s, export.Options{Format: "nist"}))
	}
	if sums > rounds/4 {
		t.Errorf("%d of %d sets were left out", sums, rounds)
	}
}

// findsSums reports whether a reader finds a total row or column in the set.
func findsSums(s *returns.Set, wide bool) bool {
	var b strings.Builder
	if err := export.Write(&b, s, export.Options{Format: "csv", Wide: wide}); err != nil {
		return false
	}
	var log finding.Log
	ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(b.String())}, &log)
	for _, f := range log.Sorted() {
		if f.Code == "TOTAL-ROW" || f.Code == "TOTAL-COLUMN" {
			return true
		}
	}
	return false
}

// decode makes a set of rows in JSON, with the lists of s in their order.
func decode(t *testing.T, s *returns.Set, text, format string, wide bool) *returns.Set {
	t.Helper()
	var rows []map[string]any
	if format == "jsonl" {
		text = "[" + strings.Join(strings.Split(strings.TrimSpace(text), "\n"), ",") + "]"
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	got := returns.New("region", "district")
	got.AddFile("a")
	for _, l := range s.Lists {
		got.AddList(l)
	}
	number := func(v any) int64 {
		n, err := v.(json.Number).Int64()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i, row := range rows {
		area := 0
		for _, level := range got.Levels {
			if name, ok := row[level]; ok {
				area = got.AddArea(area, name.(string))
			}
		}
		p, _ := got.AddPrecinct([]byte(row["precinct"].(string)), area, i+1)
		for _, l := range returns.Lines() {
			for _, key := range []string{l.String(), "ballots_" + l.String()} {
				if v, ok := row[key]; ok {
					got.PutLine(p, l, number(v))
				}
			}
		}
		for l, list := range got.Lists {
			v, ok := row[list.Name]
			if !wide {
				v, ok = row["votes"], row["list"] == list.Name
			}
			if ok && !got.Put(p, l, number(v)) {
				t.Fatalf("precinct %s has %s twice", got.ID(p), list.Name)
			}
		}
	}
	return got
}

// A name that other delimiters stand in does not make one of them the table's.
func TestDelimitersInNames(t *testing.T) {
	for _, name := range []string{"a;b;c;d;e;f", "a|b|c|d|e|f", "a,b,c,d,e,f"} {
		s := returns.New("region")
		s.AddFile("a.csv")
		s.AddList(returns.List{Name: name})
		s.AddPrecinct([]byte("1"), 0, 2)
		s.Put(0, 0, 7)
		for _, o := range []export.Options{{Format: "csv"}, {Format: "csv", Wide: true}, {Format: "tsv"}, {Format: "tsv", Wide: true}} {
			if diff := returns.Diff(s, again(t, text(t, s, o))); diff != "" {
				t.Errorf("%q, %v: %s", name, o, diff)
			}
		}
	}
}

// Lists keep their order where precinct by precinct would change it.
func TestListsKeepTheirOrder(t *testing.T) {
	text := "precinct,list,votes\n1,A,1\n2,B,2\n1,C,3\n2,C,4\n"
	s := again(t, text)
	var b strings.Builder
	if err := export.Write(&b, s, export.Options{Format: "csv"}); err != nil {
		t.Fatal(err)
	}
	if want := "precinct,list,votes\n1,A,1\n2,B,2\n1,C,3\n2,C,4\n"; b.String() != want {
		t.Errorf("written as\n%s\nwant\n%s", b.String(), want)
	}
	if diff := returns.Diff(s, again(t, b.String())); diff != "" {
		t.Error(diff)
	}
}

// Absent is not zero, and no precinct is dropped: what rows cannot say is refused.
func TestCheck(t *testing.T) {
	set := func(change func(s *returns.Set)) *returns.Set {
		s := returns.New("region", "district")
		s.AddFile("a.csv")
		for _, name := range []string{"Ak", "Kok"} {
			s.AddList(returns.List{ID: name, Name: name})
		}
		north := s.AddArea(0, "North")
		for i, id := range []string{"1", "2"} {
			p, _ := s.AddPrecinct([]byte(id), north, i+2)
			s.Put(p, 0, 5)
			s.Put(p, 1, 0)
		}
		change(s)
		return s
	}
	third := func(s *returns.Set, area int) int {
		p, _ := s.AddPrecinct([]byte("3"), area, 9)
		return p
	}
	rows := []string{"csv", "tsv", "csv wide", "tsv wide", "json", "jsonl", "json wide", "jsonl wide"}
	tests := []struct {
		name    string
		set     *returns.Set
		refused []string
		says    string
	}{
		{"all is there", set(func(*returns.Set) {}), nil, ""},
		{"a precinct without any votes", set(func(s *returns.Set) { third(s, 1) }), rows, `a.csv:9: error CONVERT: precinct "3" has no votes for any list`},
		{"a list without votes in one precinct", set(func(s *returns.Set) { s.Put(third(s, 1), 1, 4) }), []string{"csv wide", "tsv wide"},
			`a.csv:9: error CONVERT: precinct "3" has no votes for "Ak", and others do; a wide table has no way`},
		{"a line that one precinct does not state", set(func(s *returns.Set) { s.PutLine(0, returns.Cast, 5) }), []string{"csv", "tsv", "csv wide", "tsv wide"},
			`a.csv:3: error CONVERT: precinct "2" does not state cast, and others do; a table has no way`},
		{"a line that means nothing in one precinct", set(func(s *returns.Set) { s.PutLine(0, returns.Registered, 5); s.Without(1, returns.Registered) }),
			[]string{"csv", "tsv", "csv wide", "tsv wide"}, `a.csv:3: error CONVERT: precinct "2" does not state registered, and others do; a table has no way`},
		{"a precinct in no region", set(func(s *returns.Set) { p := third(s, 0); s.Put(p, 0, 1); s.Put(p, 1, 1) }), []string{"csv", "tsv", "csv wide", "tsv wide"},
			`a.csv:9: error CONVERT: precinct "3" lies in no region, and others do`},
		{"a list without any votes", set(func(s *returns.Set) { s.AddList(returns.List{Name: "Sary"}) }), rows,
			`error CONVERT: list "Sary" has votes in no precinct`},
		{"a list called as a column", set(func(s *returns.Set) { s.Lists[1].Name = "precinct" }), []string{"json wide", "jsonl wide"},
			`error CONVERT: list "precinct" is called as a column`},
	}
	for _, tt := range tests {
		for _, f := range append(rows, "nist") {
			var log finding.Log
			name, wide := strings.CutSuffix(f, " wide")
			ok := export.Check(tt.set, export.Options{Format: name, Wide: wide}, &log)
			if want := !slices.Contains(tt.refused, f); ok != want {
				t.Errorf("%s, %s: Check = %v, want %v", tt.name, f, ok, want)
			}
			if !ok && !slices.ContainsFunc(log.Sorted(), func(f finding.Finding) bool { return strings.Contains(f.String(), tt.says) }) {
				t.Errorf("%s, %s: %v, want %s", tt.name, f, log.Sorted(), tt.says)
			}
		}
	}
}

type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("no space left")

// A write error is one wherever it comes.
func TestWriteErrors(t *testing.T) {
	s := random(rand.New(rand.NewPCG(3, 3)), true)
	for _, f := range export.Formats() {
		whole := len(text(t, s, export.Options{Format: f}))
		for _, room := range []int{0, whole / 2, whole - 1} {
			if err := export.Write(&full{room}, s, export.Options{Format: f}); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d of %d bytes: %v", f, room, whole, err)
			}
		}
	}
}
