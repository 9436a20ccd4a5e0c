package bench_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kenesh/internal/bench"
)

// checkTotals holds what a run has found against every vote of every list.
func checkTotals(b *testing.B, e bench.Election, out []byte) {
	votes := e.Votes()
	for _, name := range e.Lists() {
		want := fmt.Sprintf("\nplain,nation,%s,%[1]s,%d,", name, votes[name])
		if !strings.Contains(string(out), want) {
			b.Fatalf("the result lacks %q:\n%s", want, out)
		}
	}
}

func BenchmarkTally(b *testing.B) {
	dir := b.TempDir()
	bin := filepath.Join(dir, "kenesh")
	build := exec.Command("go", "build", "-o", bin, "kenesh/cmd/kenesh")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	e := bench.Election{Precincts: bench.Precincts}
	for _, c := range []struct {
		name  string
		shape bench.Shape
		rows  int
	}{{"long-21M-rows", bench.Long, e.Rows()}, {"wide-1M-rows", bench.Wide, e.Precincts}} {
		b.Run(c.name, func(b *testing.B) {
			file := filepath.Join(dir, c.name+".csv")
			if err := e.WriteFile(file, c.shape); err != nil {
				b.Fatal(err)
			}
			defer os.Remove(file)
			st, err := os.Stat(file)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(st.Size())
			peak := 0.0
			for b.Loop() {
				cmd := exec.Command(bin, "tally", "-q", "--rules", "plain", "-f", "csv", file)
				out, err := cmd.Output()
				if err != nil {
					b.Fatal(err)
				}
				checkTotals(b, e, out)
				peak = max(peak, bench.PeakMiB(cmd.ProcessState))
			}
			b.ReportMetric(float64(c.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(peak, "peak-MiB")
		})
	}
}
