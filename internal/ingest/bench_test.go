package ingest_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

// table is a long or wide table of that many precincts with 20 lists.
func table(long bool, precincts int) []byte {
	var b bytes.Buffer
	b.WriteString("precinct,region")
	if long {
		b.WriteString(",list,votes\n")
	} else {
		b.WriteString(",registered,cast,invalid")
		for l := range 20 {
			fmt.Fprintf(&b, ",List %02d", l)
		}
		b.WriteByte('\n')
	}
	votes := func(p, l int) int { return (p*7919 + l*104729) % 800 }
	for p := range precincts {
		head := fmt.Sprintf("S%07d,Region %02d", p, p/1000)
		if !long {
			fmt.Fprintf(&b, "%s,20000,16100,100", head)
		}
		for l := range 20 {
			if long {
				fmt.Fprintf(&b, "%s,List %02d,%d\n", head, l, votes(p, l))
			} else {
				fmt.Fprintf(&b, ",%d", votes(p, l))
			}
		}
		if !long {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

func read1(t testing.TB, data []byte) *ingest.Reading {
	var log finding.Log
	r := ingest.Read([]string{"-"}, ingest.Options{Stdin: bytes.NewReader(data)}, &log)
	if log.Failed() {
		t.Fatal(log.Sorted()[0])
	}
	return r
}

// A row costs no allocation: what is allocated grows with the logarithm of the
// rows (columns and ids that double) and not with the rows.
func TestNoAllocationPerRow(t *testing.T) {
	for _, long := range []bool{true, false} {
		allocs := func(precincts int) uint64 {
			data := table(long, precincts)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rows := read1(t, data).Set.Rows
			runtime.ReadMemStats(&after)
			if rows == 0 {
				t.Fatal("nothing was read")
			}
			return after.Mallocs - before.Mallocs
		}
		small, large := allocs(1000), allocs(16000)
		rows := uint64(15000)
		if long {
			rows *= 20
		}
		if more := large - small; more*20 > rows {
			t.Errorf("long %v: %d rows more cost %d allocations more", long, rows, more)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, shape := range []struct {
		name string
		long bool
	}{{"long", true}, {"wide", false}} {
		data := table(shape.long, 20000)
		b.Run(shape.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				read1(b, data)
			}
		})
	}
}
