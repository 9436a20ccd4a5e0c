package ingest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// BenchmarkScan is the inner loop alone: a piece of a long and of a wide table. The
// counts are drawn, as in real files: the processor learns a pattern by heart.
func BenchmarkScan(b *testing.B) {
	const lists = 20
	rng := rand.New(rand.NewPCG(2020, 10))
	for _, long := range []bool{true, false} {
		var text strings.Builder
		header, rows := "precinct,region,list,votes\n", 0
		if !long {
			header = "precinct,region,registered,cast,invalid"
			for l := range lists {
				header += fmt.Sprintf(",The Party of Number %02d", l)
			}
			header += "\n"
		}
		text.WriteString(header)
		for p := 0; text.Len() < pieceSize*9/10; p++ {
			head := fmt.Sprintf("%d,Andhra Pradesh Division", 1000000+p)
			if !long {
				text.WriteString(head + ",1200,1000,10")
			}
			for l := range lists {
				votes := int(rng.ExpFloat64() * 30)
				if long {
					fmt.Fprintf(&text, "%s,The Party of Number %02d,%d\n", head, l, votes)
				} else {
					fmt.Fprintf(&text, ",%d", votes)
				}
				rows++
			}
			if !long {
				text.WriteByte('\n')
			}
		}
		b.Run(fmt.Sprintf("long=%v", long), func(b *testing.B) {
			src := &source{stream: strings.NewReader(text.String()), piece: pieceSize}
			p := &part{}
			src.read(&p.piece)
			plan := plan{header: strings.Split(strings.TrimSpace(header), ","), long: long, precinct: []int{0}, region: 1, district: -1, contest: -1, list: 2, votes: 3}
			if !long {
				for i := range plan.header[2:] {
					plan.lists = append(plan.lists, listColumn{i, i + 2})
				}
			}
			p.text = p.text[len(header):]
			s := newScanner(newCut(&plan, ','))
			for b.Loop() {
				s.scan(p)
			}
			counts := 0
			for _, m := range p.mentions {
				if m.first {
					b.Fatal("a row was left to the general path")
				}
				counts += int(m.rows)
			}
			if !long {
				counts *= lists
			}
			if counts != rows {
				b.Fatalf("%d counts, want %d", counts, rows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/count")
		})
	}
}
