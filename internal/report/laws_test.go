package report_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"kenesh/internal/report"
	"kenesh/internal/tally"
)

// Side by side, too, names are only read; and what moved is against the first.
func TestLaws(t *testing.T) {
	names := []string{"\x1b[31mred\x7f\u009b\u202e", "<b>|", "=1+1", "D"}
	first := count(t, law, names...)
	second := count(t, strings.NewReplacer("name: test", "name: second", "share: 10%", "share: 20%").Replace(law), names...)
	write := func(format string) string {
		var b strings.Builder
		if err := report.WriteLaws(&b, format, first, []*tally.Result{second.Result}); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		return b.String()
	}
	for _, format := range report.Formats() {
		out := write(format)
		if format == "csv" || format == "tsv" {
			continue
		}
		for _, c := range "\x1b\x7f\u009b\u202e" {
			if strings.ContainsRune(out, c) {
				t.Errorf("%s lets U+%04X through", format, c)
			}
		}
		if format == "markdown" && strings.Contains(out, "<b>") {
			t.Errorf("markdown is not escaped:\n%s", out)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(write("csv"))).ReadAll()
	if err != nil || len(rows) != 9 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows[1:] {
		want := map[string]string{"<b>|": "3", "=1+1": "0"}[r[2]] // 30 of 90 votes at 20 %: 3 of 10 seats
		if r[0] == "second" && want != "" && r[7] != want {
			t.Errorf("%v, want %s seats", r, want)
		}
	}
	if err := report.WriteLaws(full{}, "table", first, nil); err == nil || err.Error() != "disk full" {
		t.Errorf("the error of writing is lost: %v", err)
	}
}
