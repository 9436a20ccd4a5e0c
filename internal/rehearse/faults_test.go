package rehearse_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/rehearse"
	"kenesh/internal/returns"
)

// table is the rows of a file, the header first.
func table(t *testing.T, f rehearse.File) [][]string {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func numbers(t *testing.T, cells []string) []int64 {
	t.Helper()
	list := make([]int64, len(cells))
	for i, c := range cells {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = n
	}
	return list
}

func labels(files []rehearse.File) (all []rehearse.Label) {
	for _, f := range files {
		all = slices.AppendSeq(all, f.Labels())
	}
	return all
}

// others are the columns in which two rows differ.
func others(a, b []string) (list []int) {
	for i := range a {
		if a[i] != b[i] {
			list = append(list, i)
		}
	}
	return list
}

// Every fault is where its label says and what its kind says; no other row is touched.
func TestFaultsAreAsLabelled(t *testing.T) {
	const first = 5 // the column of the first list
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	for seed := range uint64(20) {
		o := rehearse.Options{Precincts: 900, Seed: seed}
		clean, err := rehearse.Make(totals, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Faults = []rehearse.Fault{{Kind: "all", Count: 20}, {Kind: "total-row", Count: 9}}
		faulty, err := rehearse.Make(totals, o)
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for i, f := range faulty {
			was := map[string][]string{}
			var order []string
			for _, row := range table(t, clean[i])[1:] {
				was[row[0]] = row
				order = append(order, row[0])
			}
			rows := table(t, f)
			labelled := map[int]bool{} // lines
			gone := map[string]bool{}
			for l := range f.Labels() {
				counts[l.Kind]++
				id := strconv.FormatInt(l.Precinct, 10)
				fail := func(text string) { t.Fatalf("seed %d: %+v: %s", seed, l, text) }
				if l.Kind == "missing-precinct" {
					gone[id] = true
					if slices.ContainsFunc(rows, func(r []string) bool { return r[0] == id }) || was[id] == nil {
						fail("it is there")
					}
					n := int(l.Line) - 1
					original := func(k int) bool {
						return was[rows[k][0]] != nil && k == slices.IndexFunc(rows, func(r []string) bool { return r[0] == rows[k][0] })
					}
					if original(n-1) && rows[n-1][0] > id || n < len(rows) && original(n) && rows[n][0] < id {
						fail("it would not stand there")
					}
					continue
				}
				row := rows[l.Line-1]
				labelled[int(l.Line)] = true
				if row[0] != id || l.File != f.Name {
					fail("another precinct stands there: " + row[0])
				}
				old := was[id]
				if old != nil && slices.Contains(strings.Fields("exchanged-lists digit-slip transposition shifted-row over-turnout"), l.Kind) {
					if len(others(row, old)) == 0 {
						fail("nothing is wrong")
					}
					was[id] = row // as it stands now
				}
				switch l.Kind {
				case "copied-row":
					if !slices.Equal(row, old) || slices.IndexFunc(rows, func(r []string) bool { return r[0] == id }) == int(l.Line)-1 {
						fail("no copy")
					}
				case "copied-precinct":
					if original := was[strings.TrimPrefix(l.Detail, "copy of precinct ")]; old != nil || !slices.Equal(row[1:], original[1:]) {
						fail("no copy")
					}
				case "total-row":
					sum := make([]int64, len(row)-2)
					for _, r := range rows[1 : l.Line-1] {
						if was[r[0]] != nil { // and no total
							for k, v := range numbers(t, r[2:]) {
								sum[k] += v
							}
						}
					}
					if old != nil || !slices.Equal(sum, numbers(t, row[2:])) {
						fail("no sum")
					}
				case "exchanged-lists":
					if c := others(row, old); len(c) != 2 || c[0] < first || row[c[0]] != old[c[1]] || row[c[1]] != old[c[0]] {
						fail("no exchange")
					}
				case "digit-slip", "transposition":
					c := others(row, old)
					if len(c) != 1 || len(row[c[0]]) != len(old[c[0]]) {
						fail("no slip")
					}
					a, b := row[c[0]], old[c[0]]
					d := others(strings.Split(a, ""), strings.Split(b, ""))
					if l.Kind == "digit-slip" && len(d) != 1 || l.Kind == "transposition" && (len(d) != 2 || d[0]+1 != d[1] || a[d[0]] != b[d[1]] || a[d[1]] != b[d[0]]) {
						fail("another slip")
					}
				case "shifted-row":
					c := others(row, old)
					from := c[0]
					for ; !slices.Equal(row[from+1:], old[from:len(old)-1]); from-- {
						if from == first {
							fail("no shift")
						}
					}
					if want := map[bool]string{true: old[len(old)-1], false: "0"}[strings.HasSuffix(l.Detail, "the sum is kept")]; row[from] != want {
						fail("the first of them has " + row[from])
					}
				case "over-turnout":
					if c := others(row, old); len(c) != 1 || c[0] != 2 || numbers(t, row[2:4])[0] >= numbers(t, row[2:4])[1] {
						fail("no turnout over 100 %")
					}
				default:
					fail("no kind")
				}
			}
			seen := map[string]bool{}
			for n, row := range rows[1:] {
				if !labelled[n+2] || was[row[0]] != nil && !seen[row[0]] {
					if !slices.Equal(row, was[row[0]]) {
						t.Fatalf("seed %d, %s:%d: %v, want %v, and no label says why", seed, f.Name, n+2, row, was[row[0]])
					}
					seen[row[0]] = true
				}
			}
			for _, id := range order {
				if !seen[id] && !gone[id] {
					t.Fatalf("seed %d: precinct %s is missing without a label", seed, id)
				}
			}
		}
		for _, k := range rehearse.FaultKinds() {
			want := 20
			if k.Name == "total-row" {
				want = 9
			}
			if counts[k.Name] != want {
				t.Errorf("%d faults %s, want %d", counts[k.Name], k.Name, want)
			}
		}
	}
}

// The same seed gives the same faults, another one others.
func TestFaultsFollowTheSeed(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	told := func(seed uint64, long bool) string {
		files, err := rehearse.Make(totals, rehearse.Options{Precincts: 700, Seed: seed, Long: long, Faults: []rehearse.Fault{{Kind: "all", Count: 5}}})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := rehearse.WriteLabels(&b, files); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if _, err := f.WriteTo(&b); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	for _, long := range []bool{false, true} {
		one, again := told(1, long), told(1, long)
		if one != again {
			t.Errorf("long %v: one seed gives two rehearsals", long)
		}
		if one == told(2, long) {
			t.Errorf("long %v: two seeds give one rehearsal", long)
		}
	}
	if long := told(1, true); strings.Contains(long, "over-turnout") || strings.Count(long, ",exchanged-lists,") != 5 {
		t.Error("a long table cannot show the turnout, and can show what lists have")
	}
}

func TestFaultsAreRefused(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	for _, tt := range []struct {
		faults []rehearse.Fault
		long   bool
		want   string
	}{
		{[]rehearse.Fault{{Kind: "digit-slip", Count: 101}}, false, "digit-slip: found 100 precincts that can have it and have no other fault, want 101"},
		{[]rehearse.Fault{{Kind: "all", Count: 12}}, false, "want 12"},
		{[]rehearse.Fault{{Kind: "over-turnout", Count: 1}}, true, "over-turnout: found 0 precincts"},
		{[]rehearse.Fault{{Kind: "missing-precinct", Count: 83}}, false, "missing-precinct: found 82 precincts"},
	} {
		_, err := rehearse.Make(totals, rehearse.Options{Precincts: 100, Long: tt.long, Faults: tt.faults})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %s", tt.faults, err, tt.want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	got, err := rehearse.ParseFaults("total-row=3,all=10")
	if want := []rehearse.Fault{{Kind: "total-row", Count: 3}, {Kind: "all", Count: 10}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("ParseFaults = %v, %v, want %v", got, err, want)
	}
	for spec, want := range map[string]string{
		"":                           `no kind of fault is called ""`,
		"total-rows=1":               `did you mean "total-row"`,
		"total-row":                  `total-row: found "", want the number of faults, as total-row=5`,
		"total-row=0":                `found "0"`,
		"total-row=010":              `found "010"`,
		"total-row=-1":               `found "-1"`,
		"total-row=+1":               `found "+1"`,
		"total-row=1,":               `no kind of fault is called ""`,
		"all=1,all=2":                `all is there twice`,
		"total-row=99999999999":      `found "99999999999"`,
		"total-row=1, digit-slip=1":  `no kind of fault is called " digit-slip"`,
		"total-row=1,total-row=1":    `total-row is there twice`,
		"exchanged-lists=1,foo=2":    `no kind of fault is called "foo"`,
		"total-row=1;digit-slip=2":   `found "1;digit-slip=2"`,
		"transposition = 3":          `no kind of fault is called "transposition "`,
		"missing-precinct=3precinct": `found "3precinct"`,
	} {
		if _, err := rehearse.ParseFaults(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFaults(%q) = %v, want %s", spec, err, want)
		}
	}
}

// A rehearsed is a rehearsal that was read and checked.
type rehearsed struct {
	labels   []rehearse.Label
	rows     map[string][]string // by file and line
	findings []finding.Finding
	set      *returns.Set
}

func rehearseAndRead(t *testing.T, totals *rehearse.Totals, o rehearse.Options) *rehearsed {
	t.Helper()
	files, err := rehearse.Make(totals, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := &rehearsed{labels: labels(files), rows: map[string][]string{}}
	for _, f := range files {
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		for i, row := range table(t, f) {
			r.rows[fmt.Sprint(f.Name, ":", i+1)] = row
		}
	}
	var b bytes.Buffer
	if err := rehearse.WriteLabels(&b, files); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, rehearse.LabelsFile), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	var log finding.Log
	r.set = ingest.Read(ingest.Expand([]string{dir}, &log), ingest.Options{}, &log).Set
	check.Protocols(r.set, &log)
	for _, f := range log.Sorted() {
		f.File = filepath.Base(f.File)
		r.findings = append(r.findings, f)
	}
	return r
}

// breaks reports whether a row of a wide table with registered, cast and, if so, invalid
// breaks a relation of the protocol.
func breaks(t *testing.T, row []string, invalid bool) bool {
	n := numbers(t, row[2:])
	registered, cast, rest := n[0], n[1], n[2:]
	var ballots int64 // votes, and invalid ones
	for _, v := range rest {
		ballots += v
	}
	return cast > registered || invalid && ballots != cast || ballots > cast
}

// foundOfThousand are the figures in the documentation of the package, with the totals of
// 2020 and those of 2021; with another seed they are about the same.
var foundOfThousand = map[string][2]int{
	"copied-row": {1000, 1000}, "total-row": {1000, 1000}, "over-turnout": {1000, 1000},
	"digit-slip": {956, 93}, "transposition": {811, 189}, "shifted-row": {371, 0},
	"exchanged-lists": {0, 0}, "copied-precinct": {0, 0}, "missing-precinct": {0, 0},
}

// How many of a thousand faults of each kind reading and checking find.
func TestFaultsAreFound(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	for i, tt := range []struct {
		year    string
		invalid bool // is published
	}{{"2020", true}, {"2021", false}} {
		totals := totals(t, "../../testdata/kyrgyzstan-"+tt.year+"/totals.yaml")
		o := rehearse.Options{Precincts: 10 * n, Seed: 7}
		clean := rehearseAndRead(t, totals, o)
		if len(clean.findings) > 0 {
			t.Fatalf("without a fault: %v", clean.findings[0])
		}
		register := &returns.Register{}
		for p := range clean.set.Len() {
			register.Expected = append(register.Expected, returns.Expected{ID: clean.set.ID(p), Registered: -1})
		}
		for _, k := range rehearse.FaultKinds() {
			o.Faults = []rehearse.Fault{{Kind: k.Name, Count: n}}
			r := rehearseAndRead(t, totals, o)
			if len(r.labels) != n {
				t.Fatalf("%s: %d labels, want %d", k.Name, len(r.labels), n)
			}
			at := map[string]bool{} // findings by precinct, and by file and line
			for _, f := range r.findings {
				at[f.Precinct] = true
				at[fmt.Sprint(f.File, ":", f.Line)] = true
			}
			unknown := map[string]bool{}
			missing, unexpected := register.Compare(r.set)
			for _, e := range missing {
				unknown[e.ID] = true
			}
			for _, p := range unexpected {
				unknown[r.set.ID(p)] = true
			}
			found, broken, brokenFound, withRegister := 0, 0, 0, 0
			for _, l := range r.labels {
				id := strconv.FormatInt(l.Precinct, 10)
				place := fmt.Sprint(l.File, ":", l.Line)
				was := at[id] || at[place] && k.Name != "missing-precinct"
				if was {
					found++
				}
				if was || unknown[id] {
					withRegister++
				}
				if k.Name != "missing-precinct" && k.Name != "total-row" && breaks(t, r.rows[place], tt.invalid) {
					if broken++; was {
						brokenFound++
					}
				}
			}
			t.Logf("%s %-16s %4d of %d found, %4d with a register; %4d break the protocol", tt.year, k.Name, found, n, withRegister, broken)
			if want := foundOfThousand[k.Name][i]; found != want && !testing.Short() {
				t.Errorf("%s %s: %d found, the documentation says %d", tt.year, k.Name, found, want)
			}
			if brokenFound != broken {
				t.Errorf("%s %s: of %d that break the protocol %d were found", tt.year, k.Name, broken, brokenFound)
			}
			for _, l := range r.labels {
				delete(at, strconv.FormatInt(l.Precinct, 10))
				delete(at, fmt.Sprint(l.File, ":", l.Line))
			}
			if delete(at, ""); len(at) > 0 { // that of a duplicate is of no precinct
				t.Errorf("%s %s: findings where no fault is: %v", tt.year, k.Name, at)
			}
			switch k.Name {
			case "copied-row", "total-row", "over-turnout":
				if found != n {
					t.Errorf("%s %s: %d of %d found, want all", tt.year, k.Name, found, n)
				}
			case "copied-precinct", "missing-precinct":
				if found != 0 || withRegister != n {
					t.Errorf("%s %s: %d found, and %d with a register; want 0 and %d", tt.year, k.Name, found, withRegister, n)
				}
			case "exchanged-lists":
				if found != 0 {
					t.Errorf("%s %s: %d found, want none: every sum is kept", tt.year, k.Name, found)
				}
			}
		}
	}
}
