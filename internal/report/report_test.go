package report_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// count counts lists with these names and 60, 30, 10 … votes under a law of ten
// seats with a bar of 10 % of valid votes.
func count(t testing.TB, law string, names ...string) report.Report {
	t.Helper()
	return counted(t, false, law, names...)
}

// counted is that, with every seat explained or not.
func counted(t testing.TB, explained bool, law string, names ...string) report.Report {
	t.Helper()
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(law), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	s := returns.New("region")
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), s.AddArea(0, "North"), 2)
	s.Rows++
	votes := []int64{60, 30, 10, 5, 2, 1}
	for i, n := range names {
		s.Put(p, s.AddList(returns.List{ID: n, Name: n}), votes[i])
	}
	result, ok := tally.Count(s, r, tally.Options{Explain: explained, Each: explained}, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return report.Report{Result: result, Findings: log.Sorted(), Tool: report.Tool{Version: "test"}}
}

const law = `rules: 1
name: test
title: Test
seats: 10
base: valid
thresholds: [{id: national, share: 10%, reach: at-least, in: nation}]
options: [{name: Against all, kind: against-all}]
method: "lr:hare"
ties: lot
outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: failed}
`

func render(t testing.TB, format string, r report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := report.Write(&b, format, r); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// Names come from files: no format lets them do anything but be read.
func TestHostileNames(t *testing.T) {
	names := []string{`pipe | and "quotes", commas`, "<b>tags</b> & `code` *stars* _lines_ [x](http://y)", "\x1b[31mred\x7f\u009b\u202e", "=1+1"}
	r := count(t, law, names...)
	for _, format := range report.Formats() {
		out := render(t, format, r)
		if format == "table" || format == "markdown" || strings.HasPrefix(format, "json") {
			for _, c := range "\x1b\x7f\u009b\u202e" {
				if strings.ContainsRune(out, c) {
					t.Errorf("%s lets U+%04X through", format, c)
				}
			}
		}
		switch format {
		case "csv":
			rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
			if err != nil || len(rows) != 5 {
				t.Fatalf("csv: %d rows, %v", len(rows), err)
			}
			for i, n := range names {
				if rows[i+1][3] != n {
					t.Errorf("csv: %q came back as %q", n, rows[i+1][3])
				}
			}
		case "json":
			var v struct{ Lists []struct{ Name string } }
			if err := json.Unmarshal([]byte(out), &v); err != nil {
				t.Fatal(err)
			}
			for i, n := range names {
				if v.Lists[i].Name != n {
					t.Errorf("json: %q came back as %q", n, v.Lists[i].Name)
				}
			}
		case "markdown":
			for _, line := range strings.Split(out, "\n") {
				if strings.HasPrefix(line, "|") && strings.Count(line, "|")-strings.Count(line, `\|`) != 6 {
					t.Errorf("markdown: %s has not five cells", line)
				}
				for _, bad := range []string{"<b>", " `code", " *stars", "[x](", "://"} {
					if strings.Contains(line, bad) {
						t.Errorf("markdown: %q stands in %s", bad, line)
					}
				}
			}
		}
	}
}

// Names of any script keep the columns of the table straight: Cyrillic is one
// column wide, also where the locale is an East Asian one, and Han is two.
func TestTableIsAligned(t *testing.T) {
	for _, locale := range []string{"C.UTF-8", "zh_CN.UTF-8"} {
		t.Setenv("LC_ALL", locale)
		t.Setenv("LANG", locale)
		out := render(t, "table", count(t, law, "Бүтүн Кыргызстан", "民主党", "Ak"))
		want := "" +
			"List              Votes  % of valid votes  vs 10 %  Seats\n" +
			"Бүтүн Кыргызстан     60             60.00      +50      6\n" +
			"民主党               30             30.00      +20      3\n" +
			"Ak                   10             10.00       +0      1\n" +
			"─── 10 % of valid votes = 10 votes ──────────────────────\n"
		if !strings.Contains(out, want) {
			t.Errorf("under %s the table is\n%swant\n%s", locale, out, want)
		}
	}
}

func TestWholeTable(t *testing.T) {
	tests := []struct {
		name  string
		law   string
		names []string
		want  []string
	}{
		{"one list missed", law, []string{"A", "B", "C", "D"}, []string{"Just missed: C with 9.52 % of valid votes, short by 1 vote."}},
		{"no threshold", strings.Replace(law, "[{id: national, share: 10%, reach: at-least, in: nation}]", "none", 1), []string{"A", "B"}, []string{"List  Votes  % of valid votes  Seats\nA        60             66.67      7\n"}},
		{"more than", strings.Replace(law, "at-least", "more-than", 1), []string{"A", "B", "C"}, []string{"─── more than 10 % of valid votes = 11 votes", "C        10             10.00       −1      –"}},
		{"one list takes all", strings.Replace(law, "10%", "50%", 1), []string{"A", "B", "C"}, []string{"A        60             60.00      +10     10\n"}},
		{"nobody in", strings.Replace(law, "10%", "90%", 1), []string{"A", "B", "C"}, []string{"Seats\n─── 90 % of valid votes", "The outcome is open: no list qualifies: the election is failed."}},
		{"against all", law, []string{"A", "B", "Against all"}, []string{"Against all     10             10.00        –      –\n"}},
		{"a third", strings.Replace(law, "10%", "1/3", 1), []string{"A", "B", "C"}, []string{"vs 1/3", "─── 1/3 of valid votes = 34 votes"}},
	}
	for _, tt := range tests {
		out := render(t, "table", count(t, tt.law, tt.names...))
		for _, want := range tt.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: the table is\n%swant\n%s", tt.name, out, want)
			}
		}
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]string{"a.csv": "csv", "A.JSON": "json", "x.jsonl": "jsonl", "out.md": "markdown", "t.tsv": "tsv", "t.txt": "table", "none": "", "x.xlsx": ""} {
		if got, _ := report.FormatOf(file); got != want {
			t.Errorf("FormatOf(%s) = %q, want %q", file, got, want)
		}
	}
	if err := report.Write(&strings.Builder{}, "xml", report.Report{}); err == nil {
		t.Error("xml was written")
	}
}

// A failed write is an error in every format.
func TestWriteErrors(t *testing.T) {
	r := count(t, law, "A", "B")
	for _, format := range report.Formats() {
		if err := report.Write(full{}, format, r); err == nil {
			t.Errorf("%s: a full disk went unnoticed", format)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

func Example() {
	var log finding.Log
	law, _ := rules.Load("plain", &log)
	s := returns.New()
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), 0, 2)
	s.Put(p, s.AddList(returns.List{ID: "A", Name: "Ak"}), 30)
	s.Put(p, s.AddList(returns.List{ID: "K", Name: "Kok"}), 10)
	result, _ := tally.Count(s, law, tally.Options{}, &log)
	if err := report.Write(os.Stdout, "csv", report.Report{Result: result}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// contest,area,list_id,list,votes,share,share_base,qualified,seats
	// plain,nation,A,Ak,30,0.750000,valid,true,90
	// plain,nation,K,Kok,10,0.250000,valid,true,30
}
