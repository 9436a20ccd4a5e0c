package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
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

// The national elections of the vectors have their official seats under the built-in
// laws. They have the votes of the nation alone, so of laws with districts the nation is
// asked.
func TestNationalVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/national.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID         string
		Votes      map[string]int64
		Base       int64          // 0: only lists that qualify stand there
		Seats      map[string]int `json:"official_seats"`
		Alliances  [][]string
		Exempt     []string // minorities
		Coalitions []string
		Held       map[string]int
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	laws := map[string]string{"sk": "slovakia", "se": "sweden-2018", "dk": "denmark", "at": "austria", "de": "germany-2023", "nl-2017": "netherlands-1989", "nl-2023": "netherlands-2017",
		"kg-2010": "kyrgyzstan-2010", "kg-2015": "kyrgyzstan-2015", "kz": "kazakhstan-2022", "ge": "georgia-2024", "md": "moldova", "rs": "serbia-2020", "tl": "timor-leste-2017",
		"za": "south-africa", "cz-ep-2019": "czechia-ep", "bg": "bulgaria"}
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			country, _, _ := strings.Cut(v.ID, "-")
			log := &finding.Log{}
			law, ok := rules.Load(cmp.Or(laws[v.ID], laws[country]), log)
			if !ok {
				t.Fatal(log.Sorted())
			}
			law.Districts, law.Nation = nil, nil
			law.Thresholds = slices.DeleteFunc(law.Thresholds, func(r rules.Threshold) bool { return r.In == rules.InEach })
			set := returns.New()
			set.AddFile(v.ID)
			p, _ := set.AddPrecinct([]byte("nation"), 0, 1)
			b := &rules.Ballot{}
			rest := v.Base
			for _, name := range slices.Sorted(maps.Keys(v.Votes)) {
				set.Put(p, set.AddList(returns.List{ID: name, Name: name}), v.Votes[name])
				rest -= v.Votes[name]
				c := rules.Contender{Name: name, Parties: 1, Minority: slices.Contains(v.Exempt, name)}
				if slices.Contains(v.Coalitions, name) {
					c.Parties = 2
				}
				b.Lists = append(b.Lists, c)
			}
			all := v.Base
			if rest > 0 {
				set.Put(p, set.AddList(returns.List{ID: "Others", Name: "Others"}), rest)
				b.Lists = append(b.Lists, rules.Contender{Name: "Others", Kind: rules.Others})
			} else if v.Base == 0 {
				all = -rest
			}
			for _, line := range []returns.Line{returns.Registered, returns.Cast, returns.Valid} {
				set.PutLine(p, line, all)
			}
			set.PutLine(p, returns.Invalid, 0)
			b.Alliances = v.Alliances
			o := tally.Options{Ballot: b}
			for name, n := range v.Held {
				o.Conditions.Minimums = append(o.Conditions.Minimums, tally.Bound{List: name, Seats: n})
			}
			r, ok := tally.Count(set, law, o, log)
			if !ok || !r.Given {
				t.Fatal(r, log.Sorted())
			}
			for _, l := range r.Lists {
				if l.Seats != v.Seats[l.Name] || l.OpenSeats > 0 {
					t.Errorf("%s has %d seats, want %d", l.Name, l.Seats, v.Seats[l.Name])
				}
			}
		})
	}
	if len(vectors) != 22 {
		t.Errorf("%d elections", len(vectors))
	}
}
