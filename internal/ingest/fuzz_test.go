package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

// What is accepted is conserved: every vote of the set stands in the text, and
// every row is counted or refused. Nothing crashes or hangs.
func FuzzRead(f *testing.F) {
	f.Add(long)
	f.Add(wide)
	f.Add(strings.ReplaceAll(long, "\n", "\r\n"))
	f.Add("\ufeff\"precinct\";list;votes\n\"1\";\"A \"\"b\"\"\";7\n")
	f.Add("precinct,A,B,Total\n1,2,3,5\n2,2,3,5\n3,1,1,2\n")
	f.Add("sep=;\nprecinct;list;votes\n1;A;00\n")
	f.Fuzz(func(t *testing.T, text string) {
		var log finding.Log
		r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(text)}, &log)
		if log.Failed() {
			return
		}
		if lines := int64(strings.Count(text, "\n") + 1); r.Set.Rows >= lines {
			t.Fatalf("%d rows from %d lines", r.Set.Rows, lines)
		}
		counts := int64(0)
		for l := range r.Set.Lists {
			counts += int64(r.Set.VoteCounts()[l])
			for p := range r.Set.Len() {
				if v, ok := r.Set.Votes(l).At(p); ok && (v < 0 || !strings.Contains(text, fmt.Sprint(v))) {
					t.Fatalf("precinct %q has %d votes, which is not in the text", r.Set.ID(p), v)
				}
			}
		}
		if r.Set.RowPerList && counts != r.Set.Rows {
			t.Fatalf("%d counts from %d rows", counts, r.Set.Rows)
		}
		if !r.Set.RowPerList && int64(r.Set.Len()) != r.Set.Rows {
			t.Fatalf("%d precincts from %d rows", r.Set.Len(), r.Set.Rows)
		}
	})
}
