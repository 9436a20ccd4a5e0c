package report_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"kenesh/internal/report"
	"kenesh/internal/story"
	"kenesh/internal/tally"
	"kenesh/internal/whatif"
)

// hostile are names that nobody may see as they are.
var hostile = []string{"\x1b[31mred\x7f\u009b\u202e", "<b>|", "=1+1", "D"}

// onlyRead checks that names are only read: no format for people lets them through as they
// are, Markdown escapes them, and rows are rectangular.
func onlyRead(t *testing.T, write func(w io.Writer, format string) error) {
	t.Helper()
	for _, format := range report.Formats() {
		var b strings.Builder
		if err := write(&b, format); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		out := b.String()
		switch format {
		case "csv", "tsv":
			r := csv.NewReader(strings.NewReader(out))
			if format == "tsv" {
				r.Comma = '\t'
			}
			if rows, err := r.ReadAll(); err != nil || len(rows) < 5 {
				t.Errorf("%s: %d rows, %v", format, len(rows), err)
			}
			continue
		case "json":
			if !json.Valid([]byte(out)) {
				t.Errorf("no JSON:\n%s", out)
			}
		case "markdown":
			if strings.Contains(out, "<b>") {
				t.Errorf("markdown is not escaped:\n%s", out)
			}
		}
		for _, c := range "\x1b\x7f\u009b\u202e" {
			if strings.ContainsRune(out, c) {
				t.Errorf("%s lets U+%04X through", format, c)
			}
		}
		if strings.Contains(out, "%!") {
			t.Errorf("%s is badly put:\n%s", format, out)
		}
	}
	if err := write(full{}, "table"); err == nil || err.Error() != "disk full" {
		t.Errorf("the error of writing is lost: %v", err)
	}
}

func TestExplainIsOnlyRead(t *testing.T) {
	r := counted(t, true, law, hostile...)
	for l := range hostile {
		facts := story.Of(r.Result, l)
		onlyRead(t, func(w io.Writer, format string) error { return report.WriteExplain(w, format, r, l, facts) })
	}
}

func TestWhatIfIsOnlyRead(t *testing.T) {
	r := count(t, law, hostile...)
	second := count(t, strings.NewReplacer("name: test", "name: second", "share: 10%", "share: 20%").Replace(law), hostile...)
	cases := []report.Case{{Scenario: &whatif.Scenario{Name: hostile[0], Excluded: hostile, Annulled: hostile, Areas: hostile, Restored: hostile, Rules: second.Result.Rules,
		Moves: []tally.Move{{From: hostile[0], To: hostile[1], Votes: 3, In: hostile[0]}, {From: hostile[0], Votes: 1}, {To: hostile[1], Votes: 1}}}, Result: second.Result}}
	onlyRead(t, func(w io.Writer, format string) error { return report.WriteWhatIf(w, format, r, cases) })
}

// A list that was struck off is said to be, in the head and as data.
func TestExcludedIsSaid(t *testing.T) {
	r := count(t, strings.Replace(law, "{name: Against all, kind: against-all}", "{name: B, kind: excluded}, {name: Against all, kind: against-all}", 1), "A", "B", "C")
	for format, want := range map[string]string{"table": "Excluded by decision: B; its 30 votes stay valid ballots and bring no seats\n", "json": `"excluded": true`} {
		var b strings.Builder
		if err := report.Write(&b, format, r); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %q (%v):\n%s", format, want, err, b.String())
		}
	}
}
