package bench_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/bench"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

// small is an election of which a part of the shuffled file is not the whole.
var small = bench.Election{Precincts: 9000}

// made returns the file of the shape.
func made(t *testing.T, e bench.Election, s bench.Shape) (path string, data []byte) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, s.String()+".csv")
	if err := e.WriteFile(path, s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v: %d files are left in the folder (%v), want 1", s, len(left), err)
	}
	return path, data
}

// Whatever the order of the rows, the files are of one election, without a fault.
func TestFilesReadAsTheElection(t *testing.T) {
	want := small.Votes()
	for _, s := range bench.Shapes {
		path, _ := made(t, small, s)
		var log finding.Log
		set := ingest.Read([]string{path}, ingest.Options{}, &log).Set
		if f := log.Sorted(); len(f) > 0 {
			t.Errorf("%v: %d findings, the first is %v", s, len(f), f[0])
			continue
		}
		if set.Len() != small.Precincts {
			t.Errorf("%v: %d precincts, want %d", s, set.Len(), small.Precincts)
		}
		if len(set.Lists) != len(want) {
			t.Errorf("%v: %d lists, want %d", s, len(set.Lists), len(want))
		}
		for l, list := range set.Lists {
			if n := votes(set, l); n != want[list.Name] {
				t.Errorf("%v: %s has %d votes, want %d", s, list.Name, n, want[list.Name])
			}
		}
	}
}

func votes(set *returns.Set, l int) int64 {
	var n int64
	for p := range set.Len() {
		v, _ := set.Votes(l).At(p)
		n += v
	}
	return n
}

// The three long shapes have the same header and the same rows, each once.
func TestOrdersKeepEveryRowOnce(t *testing.T) {
	_, long := made(t, small, bench.Long)
	header, rows, _ := strings.Cut(string(long), "\n")
	want := slices.Sorted(strings.Lines(rows))
	if len(want) != small.Rows() {
		t.Fatalf("%d rows, want %d", len(want), small.Rows())
	}
	for _, s := range []bench.Shape{bench.ByList, bench.Shuffled} {
		_, data := made(t, small, s)
		if bytes.Equal(data, long) {
			t.Errorf("%v: the order is that of the precincts", s)
		}
		h, rows, _ := strings.Cut(string(data), "\n")
		if h != header {
			t.Errorf("%v: the header is %q, want %q", s, h, header)
		}
		if got := slices.Sorted(strings.Lines(rows)); !slices.Equal(got, want) {
			t.Errorf("%v: the rows are not those of the precinct order", s)
		}
	}
}

// List by list, every list has one run of rows, in ballot order and in the order of
// the precincts.
func TestByListOrder(t *testing.T) {
	_, data := made(t, small, bench.ByList)
	row := 0
	last := ""
	for line := range strings.Lines(string(data[bytes.IndexByte(data, '\n')+1:])) {
		f := strings.Split(line, ",")
		if want := small.Lists()[row/small.Precincts]; f[2] != want {
			t.Fatalf("row %d is of %q, want %q", row+1, f[2], want)
		}
		if row%small.Precincts > 0 && f[0] <= last {
			t.Fatalf("row %d: precinct %s after %s", row+1, f[0], last)
		}
		last = f[0]
		row++
	}
}

// In a random order of n rows about half of the pairs of neighbours ascend, and the
// rows of a list are as many in one half of the file as in the other.
func TestShuffledOrderIsRandom(t *testing.T) {
	_, data := made(t, small, bench.Shuffled)
	_, again := made(t, small, bench.Shuffled)
	if !bytes.Equal(data, again) {
		t.Error("a second file differs")
	}
	rows := slices.Collect(strings.Lines(string(data)))[1:]
	n := len(rows)
	ascending, early := 0, map[string]int{}
	for i, row := range rows {
		if i > 0 && rows[i-1] < row {
			ascending++
		}
		if i < n/2 {
			early[strings.Split(row, ",")[2]]++
		}
	}
	// The standard deviations are the square roots of n/12, 122, and of
	// 9000/4, 47; five of them are less than the bounds.
	if off := ascending - n/2; off < -650 || off > 650 {
		t.Errorf("%d of %d rows come after a lesser one, want about half", ascending, n)
	}
	for _, name := range small.Lists() {
		if off := early[name] - small.Precincts/2; off < -300 || off > 300 {
			t.Errorf("%d of %d rows of %s are in the first half", early[name], small.Precincts, name)
		}
	}
}

func TestWriteFileRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "few.csv")
	if err := (bench.Election{Precincts: 29}).WriteFile(path, bench.Long); err == nil {
		t.Error("29 precincts in 30 regions were accepted")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file is left of what failed")
	}
}
