//go:build unix

package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The programs that every start is held against: nothing at all, and a command
// line without commands.
var others = []struct{ name, source string }{
	{"empty", "package main\n\nfunc main() {}\n"},
	{"cobra", `package main

import "github.com/spf13/cobra"

func main() {
	cmd := &cobra.Command{Use: "empty", Run: func(*cobra.Command, []string) {}}
	if err := cmd.Execute(); err != nil {
		panic(err)
	}
}
`},
}

// compile builds a program as make build does. A package or a file of this module.
func compile(b *testing.B, bin, what string) {
	cmd := exec.Command("go", "build", "-trimpath", "-o", bin, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// BenchmarkStart measures whole processes from a cold start: a count of 2,475
// precincts in 9 files, and kenesh --version. The programs take turns, so that a
// slow moment of the machine meets all of them. It reports the median of each in
// milliseconds, and the ratios, which stay when the machine is another one.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	kenesh := filepath.Join(dir, "kenesh")
	compile(b, kenesh, "kenesh/cmd/kenesh")
	bins := []string{kenesh}
	for _, o := range others {
		bin := filepath.Join(dir, o.name)
		if err := os.WriteFile(bin+".go", []byte(o.source), 0o644); err != nil {
			b.Fatal(err)
		}
		compile(b, bin, bin+".go")
		bins = append(bins, bin)
	}
	for _, run := range []struct {
		name, want string // what the output must have
		args       []string
	}{
		{"tally", "Birimdik             487,685", []string{"tally", "-q", "../../testdata/kyrgyzstan-2020"}},
		{"version", "kenesh ", []string{"--version"}},
	} {
		b.Run(run.name, func(b *testing.B) {
			times := make([][]float64, len(bins))
			for b.Loop() {
				for i, bin := range bins {
					cmd := exec.Command(bin)
					if i == 0 {
						cmd.Args = append(cmd.Args, run.args...)
					}
					start := time.Now()
					out, err := cmd.Output()
					times[i] = append(times[i], time.Since(start).Seconds()*1000)
					if err != nil || i == 0 && !strings.Contains(string(out), run.want) {
						b.Fatalf("%s: %v, output %q, want %q in it", filepath.Base(bin), err, out, run.want)
					}
				}
			}
			var medians []float64
			for _, t := range times {
				slices.Sort(t)
				medians = append(medians, t[len(t)/2])
			}
			b.ReportMetric(0, "ns/op") // of all programs together: says nothing
			b.ReportMetric(medians[0], "ms")
			for i, o := range others {
				b.ReportMetric(medians[i+1], o.name+"-ms")
				b.ReportMetric(medians[0]/medians[i+1], "times-"+o.name)
			}
		})
	}
}
