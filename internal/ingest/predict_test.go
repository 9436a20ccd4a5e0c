package ingest

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

var files = flag.Int("files", 4_000, "random files in the test of prediction")

// TestPrediction reads random long files, valid and broken, with and without
// prediction: totals, findings and positions are the same.
func TestPrediction(t *testing.T) {
	r := rand.New(rand.NewPCG(2020, 10))
	predicted := 0
	for n := range *files {
		text := randomLong(r)
		step := 1 + r.IntN(200) // bytes at a time, so that rows are cut anywhere
		with, skipped := readBoth(text, step, false)
		without, none := readBoth(text, step, true)
		if with != without {
			t.Fatalf("file %d:\n%s\nwith prediction:\n%s\nwithout:\n%s", n, text, with, without)
		}
		if none != 0 {
			t.Fatalf("%d rows predicted where none should be", none)
		}
		predicted += skipped
	}
	if predicted < *files {
		t.Errorf("%d rows predicted", predicted)
	}
}

// readBoth reads a text, and tells all that came of it.
func readBoth(text string, step int, general bool) (told string, predicted int) {
	var log finding.Log
	r := Read([]string{"-"}, Options{Stdin: &dripping{text, step}, general: general}, &log)
	var b strings.Builder
	for _, f := range log.Sorted() {
		fmt.Fprintln(&b, f)
	}
	s := r.Set
	fmt.Fprintln(&b, r.Dialects, s.Rows, s.Lists, s.Areas)
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
	return b.String(), int(r.fast)
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
	headers := []string{"precinct,region,list,votes", "precinct,list,votes", "region,precinct,list,votes", "precinct,list,votes,region", "precinct,cast,list,votes", "list,precinct,votes", "contest,precinct,list,votes"}
	header := headers[r.IntN(3)]
	if r.IntN(6) == 0 {
		header = headers[r.IntN(len(headers))]
	}
	lists := [][]string{{"A", "B", "C"}, {"Ак", "Көк", "Сары"}, {"A B", "A", "AB"}, {"Alpha", "\"Beta, Gamma\"", "Delta"}, {"7", "77", "777"}}[r.IntN(5)]
	end := []string{"\n", "\n", "\r\n"}[r.IntN(3)]
	var rows []string
	for p := range 1 + r.IntN(5) {
		order := r.Perm(len(lists))
		if r.IntN(3) > 0 {
			order = []int{0, 1, 2}
		}
		for _, l := range order {
			votes := fmt.Sprint(r.Int64N([]int64{3, 900, 1 << 40}[r.IntN(3)]))
			cells := map[string]string{"precinct": fmt.Sprintf("P%d", p), "region": fmt.Sprintf("R%d", p/3), "list": lists[l], "votes": votes, "cast": fmt.Sprint(100 + p), "contest": "x"}
			if r.IntN(40) == 0 {
				cells["region"] = "\"Нарын\""
			}
			var row []string
			for _, h := range strings.Split(header, ",") {
				row = append(row, cells[h])
			}
			rows = append(rows, strings.Join(row, ","))
		}
	}
	for range r.IntN(4) * r.IntN(2) { // spoil a row
		k := r.IntN(len(rows))
		if rows[k] == "" {
			continue
		}
		b := []byte(rows[k])
		switch at := r.IntN(len(b) + 1); r.IntN(7) {
		case 0:
			b[min(at, len(b)-1)] = "x\",; -\x00\xff\r9"[r.IntN(10)]
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
		default:
			b = append(b, '\n')
		}
		rows[k] = string(b)
	}
	text := header + end + strings.Join(rows, end)
	if r.IntN(2) == 0 {
		text += end
	}
	if r.IntN(9) == 0 {
		text = "\ufeff" + text
	}
	if strings.Contains(header, ",") && r.IntN(9) == 0 && !bytes.ContainsAny([]byte(text), ";\"") {
		text = strings.ReplaceAll(text, ",", ";")
	}
	return text
}
