package ingest

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

var files = flag.Int("files", 4_000, "random files in the test of the fast path")

// TestFastPath reads random files, valid and broken, by the general path alone and by
// the fast one: as a stream that drips, and as a file in pieces of any size, by several
// workers. Totals, findings and positions are the same.
func TestFastPath(t *testing.T) {
	r := rand.New(rand.NewPCG(2020, 10))
	name := filepath.Join(t.TempDir(), "random.csv")
	fast, broken := int64(0), 0
	for n := range *files {
		text := randomLong(r)
		if n%3 == 0 {
			text = randomWide(r)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want, none := tell(name, Options{general: true})
		if none != 0 {
			t.Fatalf("%d rows took the fast path where none should", none)
		}
		if strings.Contains(want, " error ") {
			broken++
		}
		streamed, n1 := tell(Stdin, Options{Stdin: &dripping{text, 1 + r.IntN(200)}, piece: 1 + r.IntN(300)})
		ranged, n2 := tell(name, Options{piece: 1 + r.IntN(300)})
		streamed = strings.ReplaceAll(streamed, "<stdin>", name)
		if streamed != want || ranged != want {
			t.Fatalf("file %d:\n%s\nby the general path:\n%s\nas a stream:\n%s\nas a file:\n%s", n, text, want, streamed, ranged)
		}
		fast += n1 + n2
	}
	t.Logf("%d files, %d of them with errors; %d rows took the fast path", *files, broken, fast)
	if fast < 4*int64(*files) || broken < *files/4 || broken > *files*3/4 {
		t.Errorf("of %d files %d have errors; %d rows took the fast path", *files, broken, fast)
	}
}

// tell reads a file, and tells all that came of it.
func tell(name string, o Options) (told string, fast int64) {
	var log finding.Log
	r := Read([]string{name}, o, &log)
	var b strings.Builder
	for _, f := range log.Sorted() {
		fmt.Fprintln(&b, f)
	}
	s := r.Set
	fmt.Fprintln(&b, r.Dialects, s.Rows, s.Lists, s.Areas, r.Sources[0].Bytes)
	for p := range s.Len() {
		_, line := s.Position(p)
		fmt.Fprint(&b, s.ID(p), " ", s.Area(p), " ", line)
		for l := range s.Lists {
			v, ok := s.Votes(l).At(p)
			fmt.Fprint(&b, " ", v, ok)
		}
		for _, l := range returns.Lines() {
			v, ok := s.Line(l).At(p)
			fmt.Fprint(&b, " ", v, ok)
		}
		fmt.Fprintln(&b)
	}
	return b.String(), r.fast
}

// dripping gives a text a few bytes at a time.
type dripping struct {
	text string
	step int
}

func (d *dripping) Read(p []byte) (int, error) {
	if d.text == "" {
		return 0, io.EOF
	}
	n := copy(p, d.text[:min(d.step, len(d.text))])
	d.text = d.text[n:]
	return n, nil
}

// randomLong makes a long table of a few precincts, and spoils some.
func randomLong(r *rand.Rand) string {
	headers := []string{"precinct,region,list,votes", "precinct,list,votes", "region,precinct,list,votes", "precinct,list,votes,region", "precinct,cast,list,votes",
		"list,precinct,votes", "contest,precinct,list,votes", "precinct,region,district,registered,list,votes"}
	header := headers[r.IntN(3)]
	if r.IntN(3) == 0 {
		header = headers[r.IntN(len(headers))]
	}
	lists := listNames[r.IntN(len(listNames))]
	ids := precinctNames[r.IntN(len(precinctNames))]
	quoted := r.IntN(6) == 0
	var rows []string
	precincts := some(r)
	byList := r.IntN(4) == 0
	clumsy, large := 60*(1+r.IntN(20)), 2+r.IntN(3)
	for n := range precincts * len(lists) {
		p, l := n/len(lists), n%len(lists)
		if byList {
			p, l = n%precincts, n/precincts
		}
		if r.IntN(clumsy) == 0 {
			l = r.IntN(len(lists))
		}
		votes := fmt.Sprint(r.Int64N([]int64{3, 900, 1 << 20, 1 << 40}[r.IntN(large)]))
		cells := map[string]string{"precinct": fmt.Sprintf(ids, p), "region": fmt.Sprintf("R%d", p/3), "district": fmt.Sprintf("D%d", p/2), "list": lists[l],
			"votes": votes, "cast": fmt.Sprint(100 + p), "registered": fmt.Sprint(2000 + p), "contest": "x"}
		if r.IntN(40) == 0 {
			cells["region"] = "\"Нарын\""
		}
		if r.IntN(10*clumsy) == 0 {
			cells["contest"], cells["cast"] = "y", "99"
		}
		var row []string
		for _, h := range strings.Split(header, ",") {
			cell := cells[h]
			if quoted && !strings.Contains(cell, "\"") && (h != "votes" || p%2 == 0) {
				cell = "\"" + cell + "\""
			}
			row = append(row, cell)
		}
		rows = append(rows, strings.Join(row, ","))
	}
	if r.IntN(6) == 0 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	return spoil(r, header, rows)
}

// randomWide makes a wide table of a few precincts, and spoils some.
func randomWide(r *rand.Rand) string {
	headers := []string{"precinct,region,registered,cast,invalid,A,B,C,D", "region,precinct,A,B,C", "precinct,A,cast,B,C,district,region,invalid", "A,B,C,D,precinct", "contest,precinct,A,B,C"}
	header := headers[r.IntN(len(headers))]
	ids := precinctNames[r.IntN(len(precinctNames))]
	quoted := r.IntN(6) == 0
	large := 3 + r.IntN(4)*r.IntN(2)
	var rows []string
	for p := range some(r) {
		var row []string
		for _, h := range strings.Split(header, ",") {
			cell := fmt.Sprint(r.Int64N([]int64{3, 900, 20_000, 1 << 20, 1 << 40}[min(r.IntN(large), 4)]))
			switch h {
			case "precinct":
				cell = fmt.Sprintf(ids, p)
			case "region":
				cell = []string{"North", "South", "Нарын", "\"West, East\""}[p/2%4]
			case "district":
				cell = fmt.Sprint("D", p/3)
			case "contest":
				cell = "x"
			}
			if quoted && !strings.Contains(cell, "\"") {
				cell = "\"" + cell + "\""
			}
			row = append(row, cell)
		}
		rows = append(rows, strings.Join(row, ","))
	}
	return spoil(r, header, rows)
}

// some is mostly few.
func some(r *rand.Rand) int {
	if r.IntN(12) == 0 {
		return 50 + r.IntN(200)
	}
	return 1 + r.IntN(9)
}

var (
	listNames     = [][]string{{"A", "B", "C"}, {"Ак", "Көк", "Сары"}, {"A B", "A", "AB"}, {"Alpha", "\"Beta, Gamma\"", "Delta"}, {"7", "77", "777"}, {"A list with a rather long name", "A list with a rather long name, too", "A"}, {"\"A\"", "A", "B"}}
	precinctNames = []string{"P%d", "%d", "УИК %d", "Station %03d", "%d/1", " %d"}
)

// spoil makes a text of rows, of which it breaks some.
func spoil(r *rand.Rand, header string, rows []string) string {
	for range r.IntN(4) * r.IntN(2) {
		k := r.IntN(len(rows))
		if rows[k] == "" {
			continue
		}
		b := []byte(rows[k])
		switch at := r.IntN(len(b) + 1); r.IntN(8) {
		case 0:
			b[min(at, len(b)-1)] = "x\",; -\x01\xff\r9"[r.IntN(10)]
		case 1:
			b = b[:at]
		case 2:
			rows = append(rows, rows[k]) // a duplicate
		case 3:
			rows[k], rows[0] = rows[0], rows[k]
			continue
		case 4:
			b = append(b, "0000000000000000000"[:r.IntN(19)]...)
		case 5:
			b = append(b, ' ')
		case 6:
			b = slices.Insert(b, at, "\",;\r\t\v0"[r.IntN(7)])
		default:
			b = append(b, '\n')
		}
		rows[k] = string(b)
	}
	end := []string{"\n", "\n", "\r\n"}[r.IntN(3)]
	text := header + end + strings.Join(rows, end)
	if r.IntN(2) == 0 {
		text += end
	}
	if r.IntN(9) == 0 {
		text = "\ufeff" + text
	}
	if strings.Contains(header, ",") && r.IntN(9) == 0 && !strings.ContainsAny(text, ";\"") {
		text = strings.ReplaceAll(text, ",", ";")
	}
	return text
}

// The shortcut for plain names says what the long way does.
func TestSkeletonOfASCII(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		b := make([]byte, r.IntN(8))
		for i := range b {
			b[i] = "aBcZ `'-.\t_9"[r.IntN(12)]
		}
		s := string(b)
		if got, want := skeleton(s), strings.TrimSuffix(skeleton(s+" б"), " б"); got != strings.TrimSpace(want) && want != "б" {
			t.Fatalf("skeleton(%q) = %q, want %q", s, got, want)
		}
	}
}

// A row for the general path behind a whole sheet, whose counts are not kept.
func TestOddRowBehindSheet(t *testing.T) {
	var b strings.Builder
	b.WriteString("precinct,A,B,C\n")
	for p := range 40 {
		fmt.Fprintf(&b, "%d,%d,2,3\n", 1000+p, p)
	}
	b.WriteString("2000,x,2,3\n2001,1,2,3\n")
	name := filepath.Join(t.TempDir(), "odd.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	want, _ := tell(name, Options{general: true})
	for piece := 1; piece < 600; piece++ {
		if got, _ := tell(name, Options{piece: piece}); got != want {
			t.Fatalf("in pieces of %d bytes:\n%s\nby the general path:\n%s", piece, got, want)
		}
	}
}
