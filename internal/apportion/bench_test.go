package apportion

import (
	"math"
	"testing"
)

// election of a few large and many small lists, as they come.
func many(lists int) []int64 {
	r := source("bench")
	votes := make([]int64, lists)
	for i := range votes {
		votes[i] = int64(math.Exp(r.Float64()*12)) + r.Int64N(1000)
	}
	return votes
}

var kyrgyz = []int64{487685, 475372, 174317, 141940, 136276, 115288, 80279, 66747, 60305, 46568, 42862, 42460, 35714, 32795, 12468, 4395, 3459}

func benchmark(b *testing.B, p Problem) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Allocate(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApportionDHondt17x120(b *testing.B) {
	benchmark(b, Problem{Votes: kyrgyz, Seats: 120, Method: method(b, "dhondt")})
}

func BenchmarkApportionDHondt1000x10000(b *testing.B) {
	benchmark(b, Problem{Votes: many(1000), Seats: 10_000, Method: method(b, "dhondt")})
}

func BenchmarkApportionDHondt10000x1000000(b *testing.B) {
	benchmark(b, Problem{Votes: many(10_000), Seats: 1_000_000, Method: method(b, "dhondt")})
}

func BenchmarkApportionHuntingtonHill10000x1000000(b *testing.B) {
	benchmark(b, Problem{Votes: many(10_000), Seats: 1_000_000, Method: method(b, "huntington_hill")})
}

func BenchmarkApportionHare17x120(b *testing.B) {
	benchmark(b, Problem{Votes: kyrgyz, Seats: 120, Method: method(b, "lr:hare")})
}

func BenchmarkApportionHare10000x1000000(b *testing.B) {
	benchmark(b, Problem{Votes: many(10_000), Seats: 1_000_000, Method: method(b, "lr:hare")})
}

func BenchmarkApportionVerifyDHondt17x120(b *testing.B) {
	p := Problem{Votes: kyrgyz, Seats: 120, Method: method(b, "dhondt")}
	a, err := Allocate(p)
	for b.Loop() {
		if err != nil || Verify(p, a) != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApportionExplainDHondt17x120(b *testing.B) {
	p := Problem{Votes: kyrgyz, Seats: 120, Method: method(b, "dhondt")}
	a, err := Allocate(p)
	for b.Loop() {
		if _, e := Explain(p, a); err != nil || e != nil {
			b.Fatal(err, e)
		}
	}
}
