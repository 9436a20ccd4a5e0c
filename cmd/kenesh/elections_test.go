package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// An election is a folder of testdata/elections: a ballot with the official seats, and
// the votes.
type election struct {
	name   string
	ballot *rules.Ballot
	set    *returns.Set
}

// elections reads every folder of testdata/elections.
func elections(t testing.TB) (list []election) {
	t.Helper()
	dir := filepath.Join(root, "testdata", "elections")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			list = append(list, readElection(t, filepath.Join(dir, e.Name())))
		}
	}
	return list
}

func readElection(t testing.TB, dir string) election {
	t.Helper()
	log := &finding.Log{}
	b, _ := rules.LoadBallot(filepath.Join(dir, "ballot.yaml"), log)
	reading := ingest.Read([]string{filepath.Join(dir, "votes.csv")}, ingest.Options{}, log)
	if log.Failed() {
		t.Fatalf("%s: %v", dir, log.Sorted())
	}
	return election{filepath.Base(dir), b, reading.Set}
}

// official counts an election under a law and says how the seats differ from the
// official ones; "" when they are the same.
func (e *election) official(law *rules.Rules) string {
	log := &finding.Log{}
	r, ok := tally.Count(e.set, law, tally.Options{Ballot: e.ballot}, log)
	if !ok {
		return fmt.Sprint(log.Sorted())
	}
	if !r.Given {
		return "no seats: " + strings.Join(r.Why, "; ")
	}
	if r.Status == tally.Undecided {
		return "open: " + strings.Join(r.Why, "; ")
	}
	var wrong []string
	for _, o := range r.Official {
		if o.Seats != o.Computed {
			wrong = append(wrong, fmt.Sprintf("%s has %d seats, officially %d", o.List, o.Computed, o.Seats))
		}
	}
	if len(r.Official) == 0 {
		return "the ballot states no official seats"
	}
	return strings.Join(wrong, "; ")
}

// Every built-in law counts every published election that it claims to the official
// seats of every list, and every election of the folder proves a law.
func TestElections(t *testing.T) {
	claimed := map[string]bool{}
	for _, e := range elections(t) {
		t.Run(e.name, func(t *testing.T) {
			log := &finding.Log{}
			law, ok := rules.Load(e.ballot.Law, log)
			if !ok {
				t.Fatal(log.Sorted())
			}
			if diff := e.official(law); diff != "" {
				t.Errorf("law %s: %s", law.Name, diff)
			}
			if !slices.Contains(law.Proven, e.name) {
				t.Errorf("law %s does not name it as proven", law.Name)
			}
			if e.ballot.Title == "" || e.ballot.Date == "" || len(e.ballot.Sources) == 0 {
				t.Error("the ballot lacks a title, a date or sources")
			}
			if law.From != "" && e.ballot.Date < law.From || law.Until != "" && e.ballot.Date > law.Until {
				t.Errorf("held on %s, and law %s is valid from %s until %s", e.ballot.Date, law.Name, law.From, law.Until)
			}
			claimed[law.Name+" "+e.name] = true
		})
	}
	countries := map[string]bool{}
	for _, law := range rules.Builtin() {
		if law.Name == "plain" {
			continue
		}
		countries[law.Country] = true
		if len(law.Proven) == 0 {
			t.Errorf("law %s is not proven", law.Name)
		}
		if law.From == "" || len(law.Sources) == 0 {
			t.Errorf("law %s lacks its dates or sources", law.Name)
		}
		for _, name := range law.Proven {
			if !claimed[law.Name+" "+name] {
				t.Errorf("law %s claims %s, which is no election of its", law.Name, name)
			}
		}
	}
	t.Logf("%d laws of %d countries", len(rules.Builtin())-1, len(countries))
}

// The order of rows and of lists in a file decides nothing.
func TestElectionsInAnyOrder(t *testing.T) {
	for _, e := range elections(t) {
		file := filepath.Join(root, "testdata", "elections", e.name, "votes.csv")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(rows[1:])
		first := 0 // of the lists
		for i, name := range rows[0] {
			if slices.Contains([]string{"precinct", "region", "district"}, name) {
				first = i + 1
			}
			if _, line := returns.LineOf(name); line {
				first = i + 1
			}
		}
		for _, row := range rows {
			slices.Reverse(row[first:])
		}
		dir := t.TempDir()
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		ballot, err := os.ReadFile(filepath.Join(filepath.Dir(file), "ballot.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range map[string][]byte{"votes.csv": out.Bytes(), "ballot.yaml": ballot} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		log := &finding.Log{}
		law, ok := rules.Load(e.ballot.Law, log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		reversed := readElection(t, dir)
		if diff := reversed.official(law); diff != "" {
			t.Errorf("%s, in the reverse order: %s", e.name, diff)
		}
	}
}
