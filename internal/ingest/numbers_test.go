package ingest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kenesh/internal/returns"
)

// Counts are read as they are written: of all lengths, beside one another in all ways,
// and up to what is no count.
func TestCounts(t *testing.T) { testCounts(t) }

func testCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 4))
	for range 200_000 {
		comma := ",;\t|"[r.IntN(4)]
		columns := 1 + r.IntN(12)
		last := r.IntN(2) == 0
		longest := 1 + r.IntN(7)
		var text strings.Builder
		var want []int
		plain := true
		for c := range columns {
			digits := 1 + r.IntN(longest)
			v := 0
			for d := range digits {
				digit := r.IntN(10)
				v = 10*v + digit
				if digits == 6 && d == 0 && r.IntN(2) == 0 {
					v = 0 // 0 in front
				}
			}
			cell := fmt.Sprintf("%0*d", digits, v)
			switch r.IntN(60) {
			case 0:
				cell = []string{"", "-1", "1.5", "1 2", "x", "5\"", "12\x8b", "\xff9", "1:", "/2"}[r.IntN(10)]
				plain = false
			case 1:
				cell = `"` + cell + `"`
			}
			want = append(want, v)
			plain = plain && v <= returns.Narrow
			text.WriteString(cell)
			if c < columns-1 {
				text.WriteByte(comma)
			}
		}
		end := string(comma)
		if last {
			end = []string{"\n", "\r\n"}[r.IntN(2)]
		}
		if r.IntN(40) == 0 {
			end, plain = []string{"x", "\r", "\"", "\x80", "\x00"}[r.IntN(5)], false
		}
		text.WriteString(end)
		n := text.Len()
		text.WriteString("100234,5\n,,3")
		b := append([]byte(text.String()), make([]byte, slack)...)
		s := newScanner(&cut{comma: comma})
		p := &part{}
		got := s.counts(p, b, 0, columns, last)
		if !plain {
			if got != 0 || len(p.votes) != 0 {
				t.Fatalf("%d columns of %q, last %v: %d bytes and %d counts are taken, want none", columns, b[:n], last, got, p.votes.Len())
			}
			continue
		}
		if got != n || p.votes.Len() != columns {
			t.Fatalf("%d columns of %q, last %v: %d bytes and %d counts, want %d bytes", columns, b[:n], last, got, p.votes.Len(), n)
		}
		for c, v := range want {
			if int(p.votes.At(c)) != v {
				t.Fatalf("column %d of %q is %d, want %d", c, b[:n], p.votes.At(c), v)
			}
		}
	}
}
