package finding_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"kenesh/internal/finding"
)

func Example() {
	var log finding.Log
	log.Add(finding.Finding{Code: "NOT-A-COUNT", Severity: finding.Error, File: "osh.csv", Line: 14, Column: 7, Message: `found "1,234"`})
	log.Add(finding.Finding{Code: "ZERO", Severity: finding.Warning, File: "batken.csv", Line: 3, Message: "no ballots"})
	for _, f := range log.Sorted() {
		fmt.Println(f)
	}
	fmt.Println("failed:", log.Failed())
	// Output:
	// batken.csv:3: warning ZERO: no ballots
	// osh.csv:14:7: error NOT-A-COUNT: found "1,234"
	// failed: true
}

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain text stays", "Birimdik, 46 seats", "Birimdik, 46 seats"},
		{"other scripts stay", "Бирimdik 民主党 हिन्दी ענן", "Бирimdik 民主党 हिन्दी ענן"},
		{"escape", "\x1b[31mred", `\u{1b}[31mred`},
		{"line break", "a\nb", `a\u{a}b`},
		{"bidirectional mark", "A\u202eB", `A\u{202e}B`},
		{"zero width space", "Al\u200bpha", `Al\u{200b}pha`},
		{"zero width joiner in a word", "Al\u200dpha", `Al\u{200d}pha`},
		{"zero width joiner in an emoji", "👩\u200d👩", "👩\u200d👩"},
		{"no UTF-8", "a\xffb", `a\xffb`},
		{"delete and C1", "\x7f\u0085", `\u{7f}\u{85}`},
		{"no-break space", "a\u00a0b", `a\u{a0}b`},
	}
	for _, tt := range tests {
		if got := finding.Visible(tt.in); got != tt.want {
			t.Errorf("%s: Visible(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
		if _, hidden := finding.Hidden(tt.in); hidden != (tt.in != tt.want && tt.name != "no UTF-8") {
			t.Errorf("%s: Hidden(%q) = %v", tt.name, tt.in, hidden)
		}
	}
}

func TestLogKeepsAThousandOfOneCode(t *testing.T) {
	var log finding.Log
	for i := range 1500 {
		log.Add(finding.Finding{Code: "RAGGED", Severity: finding.Error, File: "a.csv", Line: i + 1, Message: "x"})
	}
	log.Add(finding.Finding{Code: "QUOTE", Severity: finding.Error, File: "a.csv", Line: 9, Message: "x"})
	if got, want := len(log.Sorted()), 1001; got != want {
		t.Errorf("kept %d, want %d", got, want)
	}
	if got, want := log.Dropped("a.csv"), 500; got != want {
		t.Errorf("Dropped = %d, want %d", got, want)
	}
}

func TestStrictMakesWarningsErrors(t *testing.T) {
	var log finding.Log
	log.Add(finding.Finding{Code: "ANNULLED", Severity: finding.Note, Message: "n"}, finding.Finding{Code: "ZERO", Severity: finding.Warning, Message: "w"})
	if log.Failed() {
		t.Fatal("a warning failed the run")
	}
	log.Strict()
	if !log.Failed() {
		t.Error("Strict left a warning")
	}
	for _, f := range log.Sorted() {
		if want := map[string]finding.Severity{"ANNULLED": finding.Note, "ZERO": finding.Error}[f.Code]; f.Severity != want {
			t.Errorf("%s is %v, want %v", f.Code, f.Severity, want)
		}
	}
}

// Every finding is counted, kept or not, also by joining and as an error by --strict.
func TestCounts(t *testing.T) {
	var part, log finding.Log
	for i := range 1500 {
		part.Add(finding.Finding{Code: "ZERO", Severity: finding.Warning, File: "b.csv", Line: i + 1, Message: "x"})
	}
	part.Add(finding.Finding{Code: "FORMAT", Severity: finding.Warning, File: "a.csv", Message: "x"}, finding.Finding{Code: "FORMAT", Severity: finding.Error, File: "a.csv", Message: "x"})
	log.Join(part)
	want := []finding.Count{{"a.csv", "FORMAT", finding.Error, 1, 1}, {"a.csv", "FORMAT", finding.Warning, 1, 1}, {"b.csv", "ZERO", finding.Warning, 1500, 1000}}
	if got := log.Counts(); !slices.Equal(got, want) {
		t.Errorf("Counts = %v, want %v", got, want)
	}
	log.Strict()
	want = []finding.Count{{"a.csv", "FORMAT", finding.Error, 2, 2}, {"b.csv", "ZERO", finding.Error, 1500, 1000}}
	if got := log.Counts(); !slices.Equal(got, want) {
		t.Errorf("strict: Counts = %v, want %v", got, want)
	}
}

func TestAddRefusesBrokenFindings(t *testing.T) {
	for _, f := range []finding.Finding{{Code: "ZERO"}, {Code: "NO-SUCH-CODE", Severity: finding.Error}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Add(%+v) did not panic", f)
				}
			}()
			new(finding.Log).Add(f)
		}()
	}
}

func TestCodesAreWordsAndUnique(t *testing.T) {
	word := regexp.MustCompile(`^[A-Z]+(-[A-Z]+)*$`)
	seen := map[string]bool{}
	for _, c := range finding.Codes {
		if !word.MatchString(c.Name) || c.Means == "" || c.Do == "" || seen[c.Name] {
			t.Errorf("code %+v is not a word, not explained, or there twice", c)
		}
		seen[c.Name] = true
	}
}

func TestDidYouMean(t *testing.T) {
	words := []string{"registered", "cast", "valid", "invalid"}
	tests := []struct{ in, want string }{
		{"casr", ` (did you mean "cast"?)`},
		{"vaild", ` (did you mean "valid"?)`},
		{"Registerd", ` (did you mean "registered"?)`},
		{"turnout", ""},
	}
	for _, tt := range tests {
		if got := finding.DidYouMean(tt.in, words); got != tt.want {
			t.Errorf("DidYouMean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Joined logs are the log of one after the other, also where too much was found.
func TestJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 50 {
		var one, joined finding.Log
		parts := make([]finding.Log, 3)
		for i := range parts {
			for n := range r.IntN(2500) {
				f := finding.Finding{Code: []string{"ZERO", "VALID-SUM"}[r.IntN(2)], Severity: finding.Warning, File: []string{"a.csv", "b.csv"}[r.IntN(2)], Line: n, Message: fmt.Sprint(i)}
				one.Add(f)
				parts[i].Add(f)
			}
		}
		joined.Join(parts...)
		if !slices.Equal(joined.Sorted(), one.Sorted()) || joined.Dropped("a.csv") != one.Dropped("a.csv") || joined.Dropped("b.csv") != one.Dropped("b.csv") {
			t.Fatalf("joined: %d findings, %d and %d dropped; one after the other: %d, %d and %d", len(joined.Sorted()), joined.Dropped("a.csv"), joined.Dropped("b.csv"),
				len(one.Sorted()), one.Dropped("a.csv"), one.Dropped("b.csv"))
		}
	}
}
