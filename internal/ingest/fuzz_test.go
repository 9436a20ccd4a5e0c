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
		if strings.HasPrefix(r.Dialects[0], "layout ") {
			return // by whose rules a row may be none: see FuzzLayout
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
		if r.Set.RowPerList(0) && counts != r.Set.Rows {
			t.Fatalf("%d counts from %d rows", counts, r.Set.Rows)
		}
		if !r.Set.RowPerList(0) && int64(r.Set.Len()) != r.Set.Rows {
			t.Fatalf("%d precincts from %d rows", r.Set.Len(), r.Set.Rows)
		}
	})
}

// Whatever a layout says, and whatever stands in the table, nothing crashes, and each
// row that was read without an error is in the set or was left out.
func FuzzLayout(f *testing.F) {
	for _, l := range ingest.Layouts() {
		f.Add(string(l.Source), "region,tik,uik,x,y\nR,T,1,2,3\n")
	}
	f.Add("layout: 1\nname: a\nshape: wide\nprecinct: p\nlists: rest\nsame: another\nempty: none\n", "p,A,B\n1,2,\n1,,\n")
	f.Add("layout: 1\nname: a\nshape: long\nprecinct: p\nlist: l\nvotes: v\nsame: add\nrows: {drop: [{column: l, equals: x}], lines: [{column: l, equals: i, as: invalid}]}\n", "p,l,v\n1,A,2\n1,A,3\n1,x,3\n1,i,3\n")
	f.Add("layout: 1\nname: a\nshape: groups\nprecinct: {number: 1}\nheader: none\ngroups: {from: 2, size: 3, list: 1, votes: 2, parts: [3]}\n", "1,A,2,2,B,3,3\n")
	f.Add("layout: 1\nname: a\nshape: transposed\nprecinct: l\nlists: rest\nnumbers: {group: point, strip: ' %$'}\n", "l,P1,P2\nA,2,3 %\nB,1.000,4\n")
	f.Add("layout: 1\nname: a\nshape: long\nprecinct: p\nlist: l\nvotes: v\nmodes: {column: m, total: T}\nheader: {find: p, rows: 2}\n", "x\np,l,v,m\n,,,\n1,A,2,x\n1,A,2,T\n")
	f.Fuzz(func(t *testing.T, layout, text string) {
		var log finding.Log
		l, ok := ingest.ParseLayout("l.yaml", []byte(layout), &log)
		if !ok {
			return
		}
		r := ingest.Read([]string{"-"}, ingest.Options{Layout: l, Stdin: strings.NewReader(text)}, &log)
		if log.Failed() {
			return
		}
		s := r.Set
		if s.Excluded < 0 || s.Excluded > s.Rows || s.Rows > int64(strings.Count(text, "\n")+1+strings.Count(text, ",")) {
			t.Fatalf("%d rows, %d left out", s.Rows, s.Excluded)
		}
		if !s.RowPerList(0) && int64(s.Len()) != s.Rows-s.Excluded {
			t.Fatalf("%d precincts from %d rows, %d left out", s.Len(), s.Rows, s.Excluded)
		}
		var a, b int64
		if !s.VotesByPrecinct(0, s.Len(), func(_ int, votes []int64) {
			for _, v := range votes {
				a += v
			}
		}) {
			return
		}
		byList, err := s.SumVotes(make([]int32, s.Len()), 1)
		if err != nil {
			return
		}
		for _, v := range byList {
			b += v[0].Votes
		}
		if a != b {
			t.Fatalf("%d votes by precinct, %d by list", a, b)
		}
	})
}
