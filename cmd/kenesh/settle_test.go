package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/report"
	"kenesh/internal/returns"
)

const night = "testdata/night/"

// What kenesh settle -f json writes is what its schema says.
func TestSettleFollowsSchema(t *testing.T) {
	with := []string{"--register", night + "register.csv", "--rules", night + "law.yaml"}
	follow(t, report.SettleSchema, [][]string{
		append([]string{"settle", night + "states/2-2300.csv"}, with...),
		append([]string{"settle", night + "states/4-0400.csv", "--max-turnout", "62.5%"}, with...),
		append([]string{"settle", night + "states/5-1200.csv"}, with...),
		append([]string{"settle", "--history", night + "states"}, with...),
	})
}

// The figures of all formats are the same.
func TestSettleFormatsAgree(t *testing.T) {
	args := []string{"settle", "-q", "--history", night + "states", "--register", night + "register.csv", "--rules", night + "law.yaml", "-f"}
	_, out, _ := kenesh(t, append(args, "json")...)
	var j struct {
		States []struct {
			Seats struct{ Settled, Open int }
			Lists []struct {
				Name        string
				Least, Most int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &j); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, s := range j.States {
		sum := 0
		for _, l := range s.Lists {
			want = append(want, fmt.Sprintf("%d %s %d %d", i+1, l.Name, l.Least, l.Most))
			sum += l.Least
		}
		if sum != s.Seats.Settled || sum+s.Seats.Open != 25 {
			t.Errorf("state %d: %d seats settled, %d open, the lists have %d", i+1, s.Seats.Settled, s.Seats.Open, sum)
		}
	}
	for _, format := range []string{"csv", "tsv", "jsonl"} {
		_, out, _ := kenesh(t, append(args, format)...)
		var got []string
		if format == "jsonl" {
			for line := range strings.Lines(out) {
				var r struct {
					State       int
					List        string
					Least, Most int
				}
				if err := json.Unmarshal([]byte(line), &r); err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%d %s %d %d", r.State, r.List, r.Least, r.Most))
			}
		} else {
			c := csv.NewReader(strings.NewReader(out))
			if format == "tsv" {
				c.Comma = '\t'
			}
			rows, err := c.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows[1:] {
				got = append(got, fmt.Sprintf("%s %s %s %s", r[1], r[7], r[13], r[14]))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
}

// A real night: the seven states of the count of the 24th Knesset. What a state calls
// settled is so in every later one, and the bounds shrink, although boxes that were in were
// corrected: 1, 1, 4 and 130 of them. The register is the boxes of the final file; for the
// double envelopes, where nobody is registered, 700 ballots a box are taken as the most (659
// is the largest there was).
func TestSettleIsraelAsItCameIn(t *testing.T) {
	live := shared(t, "data", "israel-k24-live")
	register, boxes := registerOf(t, shared(t, "data", "israel-k24", "results_24.csv.gz"))
	code, out, errs := kenesh(t, "settle", "--history", live, "--register", register, "--most-ballots", "700",
		"--ballot", filepath.Join(root, "testdata/elections/israel-2021/ballot.yaml"), "-f", "json")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var night struct {
		States []struct {
			Name      string
			Precincts struct{ Expected, In, Unregistered int }
			Ballots   int64 `json:"ballots_outstanding"`
			Seats     struct{ Settled, Open int }
			Lists     []struct {
				Name, Qualified string
				Least, Most     int
			}
			Changed, Gone, Overtaken []string
		}
	}
	if err := json.Unmarshal([]byte(out), &night); err != nil {
		t.Fatal(err)
	}
	type figures struct{ in, settled, changed int }
	want := []figures{{0, 0, 0}, {193, 0, 0}, {2974, 0, 0}, {9397, 48, 1}, {12031, 97, 1}, {12924, 119, 4}, {12926, 120, 130}}
	var got []figures
	for i, s := range night.States {
		got = append(got, figures{s.Precincts.In, s.Seats.Settled, len(s.Changed)})
		t.Logf("%s: %d boxes in, %d ballots outstanding, seats 1–%d settled, %d open; %d boxes corrected", s.Name, s.Precincts.In, s.Ballots, s.Seats.Settled, s.Seats.Open, len(s.Changed))
		if s.Precincts.Expected != boxes || s.Precincts.Unregistered > 0 || len(s.Gone) > 0 || len(s.Overtaken) > 0 {
			t.Errorf("%s: %d boxes expected, want %d; not in the register %d, gone %v, overtaken %v", s.Name, s.Precincts.Expected, boxes, s.Precincts.Unregistered, s.Gone, s.Overtaken)
		}
		for l, x := range s.Lists {
			if i == 0 {
				break
			}
			y := night.States[i-1].Lists[l]
			if x.Name != y.Name || x.Least < y.Least || x.Most > y.Most || y.Qualified != "open" && x.Qualified != y.Qualified {
				t.Errorf("%s: %+v, and before that %+v", s.Name, x, y)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("states %v, want %v", got, want)
	}
	official := map[string]int{"מחל": 30, "פה": 17, "שס": 9, "כן": 8, "ב": 7, "אמת": 7, "ג": 7, "ל": 7, "ט": 6, "ודעם": 6, "ת": 6, "מרצ": 6, "עם": 4}
	for _, x := range night.States[len(night.States)-1].Lists {
		if x.Least != official[x.Name] || x.Most != official[x.Name] {
			t.Errorf("%s ends with %d to %d seats, officially %d", x.Name, x.Least, x.Most, official[x.Name])
		}
	}
}

// registerOf makes a register of the boxes of a file: their ids and registered voters,
// which double envelopes do not have. That file writes box 1 as 1.0.
func registerOf(t *testing.T, file string) (register string, boxes int) {
	t.Helper()
	var log finding.Log
	layout, ok := ingest.LoadLayout("israel-kalpi", &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	set := ingest.Read([]string{file}, ingest.Options{Layout: layout}, &log).Set
	if log.Failed() {
		t.Fatal(log.Sorted())
	}
	var b bytes.Buffer
	b.WriteString("precinct,registered\n")
	for p := range set.Len() {
		registered := ""
		if v, ok := set.Stated(p, returns.Registered); ok {
			registered = fmt.Sprint(v)
		}
		fmt.Fprintf(&b, "%s,%s\n", strings.TrimSuffix(set.ID(p), ".0"), registered)
	}
	register = filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(register, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return register, set.Len()
}
