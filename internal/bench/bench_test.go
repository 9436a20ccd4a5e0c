//go:build unix

package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

const (
	precincts = 1_050_000
	lists     = 20
	perList   = 40_000_000 // votes of each list in the nation
)

// totals is an election of 20 lists in 30 regions in which 0.8 of 1.0 billion
// voters took part.
func totals(tb testing.TB) *rehearse.Totals {
	var b strings.Builder
	fmt.Fprintf(&b, "title: Bench\nsources: [made up]\nregistered: %d\ncast: %d\ninvalid: 0\nlists-complete: true\nlists:\n", 1_000_000_000, lists*perList)
	for l := range lists {
		fmt.Fprintf(&b, "  List %02d: %d\n", l+1, perList)
	}
	b.WriteString("regions:\n")
	for r := range 30 {
		fmt.Fprintf(&b, "  - {name: Region %02d, file: region-%02d.csv, precincts: 35000}\n", r+1, r+1)
	}
	var log finding.Log
	t, ok := rehearse.Parse("bench.yaml", []byte(b.String()), &log)
	if !ok {
		tb.Fatal(log.Sorted())
	}
	return t
}

// write makes one file of the whole election and returns its size.
func write(tb testing.TB, path string, long bool) int64 {
	files, err := rehearse.Make(totals(tb), rehearse.Options{Precincts: precincts, Seed: 1, Long: long})
	if err != nil {
		tb.Fatal(err)
	}
	out, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriterSize(out, 1<<20)
	for i, f := range files {
		var to interface {
			Write([]byte) (int, error)
		} = w
		if i > 0 {
			to = &tail{w: w} // one header is enough
		}
		if _, err := f.WriteTo(to); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	st, err := out.Stat()
	if err != nil {
		tb.Fatal(err)
	}
	if err := out.Close(); err != nil {
		tb.Fatal(err)
	}
	return st.Size()
}

// tail passes on what comes after the first line.
type tail struct {
	w    *bufio.Writer
	past bool
}

func (t *tail) Write(p []byte) (int, error) {
	q := p
	if !t.past {
		i := strings.IndexByte(string(p[:min(len(p), 4096)]), '\n')
		if i < 0 {
			return len(p), nil
		}
		t.past, q = true, p[i+1:]
	}
	if _, err := t.w.Write(q); err != nil {
		return 0, err
	}
	return len(p), nil
}

// The totals that a run must find: every vote of every list.
func checkTotals(b *testing.B, out []byte) {
	for l := range lists {
		want := fmt.Sprintf("plain,nation,List %02d,List %02d,%d,0.050000,valid,true,6\n", l+1, l+1, perList)
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
	for _, shape := range []struct {
		name string
		long bool
		rows float64
	}{{"long-21M-rows", true, precincts * lists}, {"wide-1M-rows", false, precincts}} {
		b.Run(shape.name, func(b *testing.B) {
			file := filepath.Join(dir, shape.name+".csv")
			size := write(b, file, shape.long)
			defer os.Remove(file)
			b.SetBytes(size)
			peak := int64(0)
			for b.Loop() {
				cmd := exec.Command(bin, "tally", "-q", "--rules", "plain", "-f", "csv", file)
				out, err := cmd.Output()
				if err != nil {
					b.Fatal(err)
				}
				checkTotals(b, out)
				if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
					peak = max(peak, int64(u.Maxrss))
				}
			}
			b.ReportMetric(shape.rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			if runtime.GOOS == "darwin" { // which counts bytes and not KiB
				peak /= 1024
			}
			b.ReportMetric(float64(peak)/1024, "peak-MiB")
		})
	}
}
