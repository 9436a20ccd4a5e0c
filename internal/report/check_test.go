package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/report"
)

// checked is a check of two files, one with a hostile name, one clean, with more found
// than is kept.
func checked() report.Check {
	var log finding.Log
	const hostile = "a\x1b[31m:b,<&\"'>%\nc.csv"
	log.Add(finding.Finding{Code: "FORMAT", Severity: finding.Warning, Message: "of no file"},
		finding.Finding{Code: "NAME", Severity: finding.Error, File: hostile, Line: 3, Column: 7, Message: "a \x1b[2J \u202e name, 5 % </failure> ]]> :: \n::error::x"})
	for i := range 1500 {
		log.Add(finding.Finding{Code: "ZERO", Severity: finding.Warning, File: hostile, Line: i + 10, Precinct: fmt.Sprint(i), Message: "nothing"})
	}
	return report.Check{
		Findings: log.Sorted(), Counts: log.Counts(), Files: []string{hostile, "clean.csv"}, Precincts: 2000, Rows: 2000, FailOn: finding.Error, Max: 3,
		Checked: []check.Checked{{Rule: check.Rule{Code: "ZERO", Holds: "votes > 0"}, On: true, Precincts: 2000}, {Rule: check.Rule{Code: "BOX-SUM", Holds: "x = y"}, On: true}, {Rule: check.Rule{Code: "INVALID-RATE"}}},
		Inputs:  []report.Input{{Name: hostile, Bytes: 5, SHA256: strings.Repeat("ab", 32)}}, Tool: report.Tool{Version: "1.2.3"},
	}
}

func written(t *testing.T, format string, c report.Check) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteCheck(&b, format, c); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// No format lets a control character of a file through.
func TestChecksAreEscaped(t *testing.T) {
	for _, format := range report.CheckFormats() {
		out := written(t, format, checked())
		if r, hidden := finding.Hidden(strings.ReplaceAll(out, "\n", "")); hidden {
			t.Errorf("%s has %q", format, r)
		}
		if strings.Contains(out, "\n::error::x") {
			t.Errorf("%s has a command that a file brought along", format)
		}
	}
}

func TestCheckTable(t *testing.T) {
	out := written(t, "table", checked())
	for _, want := range []string{
		"warning FORMAT: of no file\n\n",
		`a\u{1b}[31m:b,<&"'>%\u{a}c.csv:3:7: error NAME: a \u{1b}[2J \u{202e} name`, // the only one of its code is shown
		"c.csv:10: warning ZERO: nothing\n",
		"c.csv:11: warning ZERO: nothing\n",
		"c.csv: … and 1,498 more\n",
		"1,500  ZERO    a precinct reports no ballots at all\n",
		"               → make sure that it was counted, and is not missing\n",
		"    2,000  ZERO  votes > 0\n",
		"Not held, for want of lines of the protocol, of a register or of published sums: BOX-SUM.\nOff: INVALID-RATE.\n",
		"\n2,000 precincts in 2 files: 1 error, 1,501 warnings.\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "clean count") {
		t.Error("a run with findings is called clean")
	}
}

func TestCheckOnGitHub(t *testing.T) {
	lines := strings.Split(written(t, "github", checked()), "\n")
	// The worst first, everything in its place, and nothing breaks out of it.
	want := `::error file=a\u{1b}[31m%3Ab%2C<&"'>%25%0Ac.csv,line=3,col=7,title=NAME::a \u{1b}[2J \u{202e} name, 5 %25 </failure> ]]> :: %0A::error::x`
	if lines[0] != want {
		t.Errorf("first\n%s\nwant\n%s", lines[0], want)
	}
	if lines[1] != "::warning title=FORMAT::of no file" {
		t.Errorf("second %s", lines[1])
	}
	if n := len(lines); n != 1+1+1000+1+1+1 || !strings.HasSuffix(lines[n-3], ",title=ZERO::500 more of this code in this file, which are not listed") {
		t.Errorf("%d lines, the last %q", n, lines[n-3:])
	}
}

func TestCheckAsSARIF(t *testing.T) {
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                     string
						ShortDescription, Help struct{ Text string }
						DefaultConfiguration   struct {
							Level   string
							Enabled bool
						}
					}
				}
			}
			ColumnKind string
			Artifacts  []struct {
				Location struct{ URI string }
				Hashes   map[string]string
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
					LogicalLocations []struct{ Name string }
				}
			}
		}
	}
	c := checked()
	if err := json.Unmarshal([]byte(written(t, "sarif", c)), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 {
		t.Fatalf("version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	run := log.Runs[0]
	rules := run.Tool.Driver.Rules
	for _, r := range rules {
		if r.ShortDescription.Text == "" || r.Help.Text == "" || r.DefaultConfiguration.Level == "" {
			t.Errorf("rule %s is not explained", r.ID)
		}
		if off := r.ID == "UNDER-ISSUED" || r.ID == "INVALID-RATE" || r.ID == "OUTSIDE-RATE"; r.DefaultConfiguration.Enabled == off {
			t.Errorf("rule %s is enabled: %v", r.ID, !off)
		}
	}
	if len(rules) != len(finding.Codes) || len(run.Results) != len(c.Findings)+1 || run.ColumnKind != "unicodeCodePoints" || run.Tool.Driver.Name != "kenesh" {
		t.Errorf("%d rules, %d results, columns in %s", len(rules), len(run.Results), run.ColumnKind)
	}
	for _, r := range run.Results {
		if rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || !slices.Contains([]string{"note", "warning", "error"}, r.Level) {
			t.Errorf("result %+v", r)
		}
		for _, l := range r.Locations {
			u, err := url.Parse(l.PhysicalLocation.ArtifactLocation.URI)
			if err != nil || u.Scheme != "" || strings.TrimPrefix(u.Path, "./") != c.Files[0] {
				t.Errorf("location %+v: %v", l, err)
			}
			if region := l.PhysicalLocation.Region; region != nil && region.StartLine < 1 {
				t.Errorf("region %+v", region)
			}
		}
	}
	if r := run.Results[1]; r.RuleID != "NAME" || r.Level != "error" || r.Locations[0].PhysicalLocation.Region.StartLine != 3 || r.Locations[0].PhysicalLocation.Region.StartColumn != 7 {
		t.Errorf("second result %+v", r)
	}
	if run.Results[2].Locations[0].LogicalLocations[0].Name != "0" || run.Artifacts[0].Hashes["sha-256"] == "" {
		t.Errorf("no precinct, or no hash: %+v, %+v", run.Results[2], run.Artifacts)
	}
}

func TestCheckAsJUnit(t *testing.T) {
	var log struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Out string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	for failOn, failures := range map[finding.Severity]int{finding.Error: 1, finding.Warning: 3} {
		c := checked()
		c.FailOn = failOn
		log.Suites = nil
		if err := xml.Unmarshal([]byte(written(t, "junit", c)), &log); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range log.Suites {
			for _, x := range s.Cases {
				got = append(got, fmt.Sprintf("%s/%s %v", s.Name, x.Name, x.Failure == nil))
			}
		}
		passes := fmt.Sprint(failOn == finding.Error)
		hostile := finding.Visible(c.Files[0])
		want := []string{"all files/FORMAT " + passes, hostile + "/NAME false", hostile + "/ZERO " + passes, "clean.csv/ZERO true"}
		if !slices.Equal(got, want) || log.Tests != 4 || log.Failures != failures {
			t.Errorf("fail on %v: %d tests, %d failures: %q, want %q", failOn, log.Tests, log.Failures, got, want)
		}
		if x := log.Suites[1].Cases[0]; !strings.Contains(x.Failure.Text, "5 % </failure> ]]>") {
			t.Errorf("failure %+v", x.Failure)
		}
	}
}

func TestCheckFormatOf(t *testing.T) {
	for file, want := range map[string]string{"a.json": "json", "a.sarif": "sarif", "A.SARIF.JSON": "sarif", "a.xml": "junit", "a.txt": "table", "a.ndjson": "jsonl", "a.csv": "", "": ""} {
		if got, ok := report.CheckFormatOf(file); got != want || ok != (want != "") {
			t.Errorf("CheckFormatOf(%q) = %q, %v, want %q", file, got, ok, want)
		}
	}
}
