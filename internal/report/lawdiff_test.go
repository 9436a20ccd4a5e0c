package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"kenesh/internal/report"
	"kenesh/internal/rules"
)

func lawDiff(t *testing.T, format string, a, b *rules.Rules) string {
	t.Helper()
	var out bytes.Buffer
	d := report.LawDiff{Labels: [2]string{"a_1", "b_1"}, Laws: [2]*rules.Rules{a, b}, Rules: rules.Diff(a, b)}
	if err := report.WriteLawDiff(&out, format, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestLawDiff(t *testing.T) {
	a := smallLaw(t, "{value: none, cite: Art. 1}", "")
	b := smallLaw(t, "{value: none, cite: Art. 2}", "bonus: {seats: 5, kind: extra, cite: Art. 3}\n")
	want := `- a_1: Council of Hill
+ b_1: Council of Hill

bonus, in b_1 alone
+ The list with the most votes has 5 seats first; all lists share the others. [Art. 3]

The same, cited otherwise: thresholds.
The same: seats, base, options, method, ties, outcomes.
`
	if got := lawDiff(t, "table", a, b); got != want {
		t.Errorf("text\n%s\nwant\n%s", got, want)
	}
	want = `**a\_1**: Council of Hill  
**b\_1**: Council of Hill  

### bonus, in b\_1 alone

- **b\_1**: The list with the most votes has 5 seats first; all lists share the others. \[Art. 3\]

The same, cited otherwise: thresholds.  
The same: seats, base, options, method, ties, outcomes.  
`
	if got := lawDiff(t, "markdown", a, b); got != want {
		t.Errorf("Markdown\n%s\nwant\n%s", got, want)
	}
	var doc struct {
		Differ bool
		Rules  []struct {
			Rule, Verdict string
			A, B          []struct{ Text, Cite string }
		}
	}
	if err := json.Unmarshal([]byte(lawDiff(t, "json", a, b)), &doc); err != nil {
		t.Fatal(err)
	}
	if r := doc.Rules[2]; !doc.Differ || len(doc.Rules) != 8 || r.Rule != "thresholds" || r.Verdict != "cited-otherwise" || r.A[0].Cite != "Art. 1" || r.B[0].Cite != "Art. 2" {
		t.Errorf("JSON %+v", doc)
	}
	if r := doc.Rules[5]; r.Rule != "bonus" || r.Verdict != "differs" || len(r.A) != 0 || len(r.B) != 1 {
		t.Errorf("JSON of the bonus: %+v", r)
	}
}
