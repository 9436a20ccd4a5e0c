package report_test

import (
	"encoding/csv"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/sweep"
	"kenesh/internal/tally"
)

// swept sweeps the threshold over lists with these votes.
func swept(t testing.TB, law string, from, to *big.Rat, names []string, votes ...int64) report.Sweep {
	t.Helper()
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(law), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	s := returns.New("region")
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), s.AddArea(0, "North"), 2)
	s.Rows = 1
	for i, v := range votes {
		s.Put(p, s.AddList(returns.List{ID: names[i], Name: names[i]}), v)
	}
	x, ok := sweep.Threshold(s, r, tally.Options{}, from, to, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return report.Sweep{Intervals: x, Tool: report.Tool{Version: "test"}}
}

func writtenSweep(t testing.TB, format string, s report.Sweep) string {
	t.Helper()
	var b strings.Builder
	if err := report.WriteSweep(&b, format, s); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// inside reports whether a height that is shown has the outcome of its row.
func inside(row sweep.Interval, shown *big.Rat) bool {
	from, to := shown.Cmp(row.From), shown.Cmp(row.To)
	return (from > 0 || from == 0 && row.FromIn) && (to < 0 || to == 0 && row.ToIn)
}

// No height is shown in a row whose outcome it does not have, however close lists stand
// and whatever the reach; an end that does not belong to its row is called so.
func TestHeightsAreShownOnTheirSide(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	names := []string{"A", "B", "C", "D", "E"}
	row := regexp.MustCompile(`^ *(above )?([0-9./]+) +(below )?([0-9./]+)(?:  |$)`)
	called, ratios := 0, 0
	for range 600 {
		scale := []int64{10, 1000, 1_000_000, 1_000_000_000_000_000_000}[r.IntN(4)]
		votes := make([]int64, 5)
		for i := range votes {
			if votes[i] = 1 + r.Int64N(scale); i > 0 && r.IntN(2) == 0 {
				votes[i] = votes[i-1] + 1 // as close as can be
			}
		}
		text := law
		if r.IntN(2) == 0 {
			text = strings.Replace(law, "at-least", "more-than", 1)
		}
		from, to := big.NewRat(r.Int64N(30), []int64{100, 97, 10000}[r.IntN(3)]), big.NewRat(1, 1+r.Int64N(3))
		if r.IntN(9) == 0 {
			from = new(big.Rat).SetFrac(big.NewInt(votes[0]), new(big.Int).Add(big.NewInt(votes[0]+votes[1]), big.NewInt(votes[2]+votes[3]+votes[4])))
		}
		if from.Cmp(to) > 0 {
			from, to = to, from
		}
		s := swept(t, text, from, to, names, votes...)
		lines := strings.Split(writtenSweep(t, "table", s), "\n")[5:]
		for i, x := range s.Intervals.Rows {
			m := row.FindStringSubmatch(lines[i])
			if m == nil {
				t.Fatalf("row %d is %q", i, lines[i])
			}
			for k, end := range []struct {
				mark, shown string
				exact       *big.Rat
			}{{m[1], m[2], x.From}, {m[3], m[4], x.To}} {
				shown := shownShare(t, end.shown)
				switch {
				case end.mark == "" && !inside(x, shown):
					t.Fatalf("%v to %v is shown as %q", x.From, x.To, lines[i])
				case end.mark != "":
					if called++; shown.Cmp(end.exact) != 0 || inside(x, shown) {
						t.Fatalf("end %d of %v to %v is called %q", k, x.From, x.To, lines[i])
					}
				}
				if strings.Contains(end.shown, "/") {
					ratios++
				}
			}
		}
		machine(t, s)
	}
	if called < 50 || ratios == 0 {
		t.Errorf("%d ends called above or below, %d as a ratio: too few to prove anything", called, ratios)
	}
}

// shownShare reads what a table shows: a number of percent, or a ratio.
func shownShare(t *testing.T, text string) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	if !strings.Contains(text, "/") {
		x.Quo(x, big.NewRat(100, 1))
	}
	return x
}

// machine holds the same against the percents of csv: they are in their interval, but
// for an exact end that is said not to be.
func machine(t *testing.T, s report.Sweep) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(writtenSweep(t, "csv", s))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[column["interval"]])
		if err != nil {
			t.Fatal(err)
		}
		x := s.Intervals.Rows[n-1]
		for _, end := range []struct {
			name  string
			exact *big.Rat
		}{{"from", x.From}, {"to", x.To}} {
			if got := r[column[end.name]]; got != end.exact.RatString() {
				t.Fatalf("%s is %s, want %v", end.name, got, end.exact)
			}
			text := r[column[end.name+"_percent"]]
			if text == "" {
				if x.From.Cmp(x.To) != 0 {
					t.Fatalf("%v to %v has no percents", x.From, x.To)
				}
				continue
			}
			if shown := shownShare(t, text); !inside(x, shown) && (shown.Cmp(end.exact) != 0 || r[column[end.name+"_included"]] != "false") {
				t.Fatalf("%s of %v to %v is %s %%", end.name, x.From, x.To, text)
			}
		}
	}
}

// Names come from files: no format lets them do anything but be read.
func TestSweepsAreEscaped(t *testing.T) {
	names := []string{`pipe | and "quotes", commas`, "\x1b[31mred\x7f\u009b\u202e", "<b>"}
	s := swept(t, law, new(big.Rat), big.NewRat(1, 2), names, 60, 30, 10)
	for _, format := range report.Formats() {
		out := writtenSweep(t, format, s)
		if format == "csv" || format == "tsv" {
			continue // data as it stands, quoted
		}
		for _, c := range "\x1b\x7f\u009b\u202e" {
			if strings.ContainsRune(out, c) {
				t.Errorf("%s lets U+%04X through", format, c)
			}
		}
		if format == "markdown" && (strings.Contains(out, "<b>") || !strings.Contains(out, `pipe \| and`)) {
			t.Errorf("markdown is not escaped:\n%s", out)
		}
	}
	if err := report.WriteSweep(full{}, "table", s); err == nil || err.Error() != "disk full" {
		t.Errorf("the error of writing is lost: %v", err)
	}
}

// A list of equal reasons is told once, and a long one is cut.
func TestOpenOutcomesAreGrouped(t *testing.T) {
	var log finding.Log
	r, _ := rules.Parse("law.yaml", []byte(law), &log)
	s := returns.New("region")
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), s.AddArea(0, "North"), 2)
	for _, n := range []string{"A", "B"} {
		s.Put(p, s.AddList(returns.List{ID: n, Name: n}), 50)
	}
	x, ok := sweep.House(s, r, tally.Options{}, 1, 100, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	out := writtenSweep(t, "table", report.Sweep{Sizes: x})
	for _, want := range []string{"Open at 39 seats: A, B have equal claims", "… and 30 more open (-f json has all)", "  99  49 or 50  49 or 50  ?"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "Open at "); n != 20 {
		t.Errorf("%d reasons, want 20", n)
	}
}
