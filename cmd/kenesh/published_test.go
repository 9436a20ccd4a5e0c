package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// result is what the tests read of a result in JSON.
type result struct {
	Precincts struct{ Counted int }
	Rows      struct{ Read, Counted, Excluded, Refused int64 }
	Totals    map[string]*int64
	Lists     []struct {
		ID, Name string
		Votes    int64
	}
}

func count2json(t *testing.T, args ...string) (r result, errs string) {
	t.Helper()
	code, out, errs := kenesh(t, append([]string{"tally", "--rules", "plain", "-f", "json", "--max-findings", "3"}, args...)...)
	if code != 0 && code != 4 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r, errs
}

// The files of real elections, as they are, are read to the figures that their index
// expects, without a flag.
func TestPublishedReturns(t *testing.T) {
	data, err := os.ReadFile(shared(t, "data", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var index []struct {
		ID       string
		Expected struct {
			Units, Eligible, Registered, Cast, Invalid, Valid *int64
			Votes                                             map[string]int64
		}
	}
	if err := json.Unmarshal(data, &index); err != nil {
		t.Fatal(err)
	}
	// What is read of a case, and what the index explains.
	cases := map[string]struct {
		files  []string
		called map[string]string // lists that the index calls otherwise
		beside map[string]int64  // lists that it counts apart
		valid  string            // why valid ballots differ from the votes
	}{
		"israel-k15":        {files: []string{"israel-k15/results_15.csv.gz"}},
		"israel-k20":        {files: []string{"israel-k20/results_20.csv.gz"}},
		"israel-k24":        {files: []string{"israel-k24/results_24.csv.gz"}},
		"russia-2016":       {files: []string{"russia-2016/2016.csv.gz"}},
		"bulgaria-20210711": {files: []string{"bulgaria-20210711/50_votes_machine.csv.gz", "bulgaria-20210711/50_votes_paper.csv.gz"}, beside: map[string]int64{"НЕ ПОДКРЕПЯМ НИКОГО": 35201, "Independent candidate": 142}},
		"newzealand-2017":   {files: []string{"newzealand-2017/party_votes_by_voting_place_2017.csv.gz"}},
		"lithuania-2012": {files: []string{"lithuania-2012/2012-votes.csv.gz"}, called: map[string]string{ // cut off at its first comma there
			"Nacionalinis susivienijimas Už Lietuvą Lietuvoje (Lietuvos centro partijos": "Nacionalinis susivienijimas Už Lietuvą Lietuvoje (Lietuvos centro partijos, Lietuvos socialdemokratų sąjungos, Tautininkų sąjungos ir Tautos vienybės sąjungos koalicija)"}},
		"georgia-2024":     {files: []string{"georgia-2024/results.csv.gz"}, valid: "cast - invalid of the protocols, 235 of which do not add up"},
		"ukraine-2019":     {files: []string{"ukraine-2019/parliament_election_2019_by_vd_en.csv.gz"}},
		"netherlands-2012": {files: []string{"netherlands-2012/2012.csv"}},
		"norway-2017":      {files: []string{"norway-2017/st_2017.csv"}},
		"czechia-2017":     {files: []string{"czechia-2017/cz_psp_2017.csv"}},
		"austria-2024":     {files: []string{"austria-2024/wahl_20241003_214746.json.gz"}},
		"germany-2025":     {files: []string{"germany-2025/gesamtergebnis_01.xml.gz"}},
		"netherlands-2023": {files: []string{"netherlands-2023/Totaaltelling_TK2023.eml.xml.gz"}},
	}
	for _, c := range index {
		is, ok := cases[c.ID]
		if !ok {
			t.Errorf("%s is not read", c.ID)
			continue
		}
		delete(cases, c.ID)
		t.Run(c.ID, func(t *testing.T) {
			var args []string
			for _, f := range is.files {
				args = append(args, shared(t, append([]string{"data"}, strings.Split(f, "/")...)...))
			}
			r, errs := count2json(t, args...)
			if !strings.Contains(errs, "read as ") {
				t.Errorf("stderr does not say how the files were read: %s", errs)
			}
			got := map[string]int64{}
			for _, l := range r.Lists {
				got[l.Name] = l.Votes
				if _, there := c.Expected.Votes[l.ID]; there {
					delete(got, l.Name)
					got[l.ID] = l.Votes
				}
			}
			want := map[string]int64{}
			for name, v := range c.Expected.Votes {
				if called := is.called[name]; called != "" {
					name = called
				}
				want[name] = v
			}
			for name, v := range is.beside {
				want[name] = v
			}
			for name, v := range want {
				if g, ok := got[name]; !ok || g != v {
					t.Errorf("%q has %d votes (there: %v), want %d", name, g, ok, v)
				}
			}
			for name := range got {
				if _, ok := want[name]; !ok {
					t.Errorf("list %q is not expected", name)
				}
			}
			if u := c.Expected.Units; u != nil && int64(r.Precincts.Counted) != *u {
				t.Errorf("%d precincts, want %d", r.Precincts.Counted, *u)
			}
			registered := c.Expected.Registered
			if registered == nil {
				registered = c.Expected.Eligible
			}
			for name, want := range map[string]*int64{"registered": registered, "cast": c.Expected.Cast, "invalid": c.Expected.Invalid, "valid": c.Expected.Valid} {
				if want == nil || name == "valid" && is.valid != "" {
					continue
				}
				if g := r.Totals[name]; g == nil || *g != *want {
					t.Errorf("%s is %v, want %d", name, g, *want)
				}
			}
			if n := r.Rows; n.Read != n.Counted+n.Excluded+n.Refused || n.Refused != 0 || n.Read == 0 {
				t.Errorf("rows %+v do not add up", n)
			}
		})
	}
}

// A sample of every format that offices send is read, without a flag but
// for the one that has two contests.
func TestFormatSamples(t *testing.T) {
	dir := shared(t, "layout-samples", "in")
	tests := map[string]string{ // sample: a list and its votes
		"20261103__zz__general__alder__precinct.csv": "Ada Blue=540",
		"gas-svod-transposed-cp1251.csv":             "Иванов Иван Иванович=129",
		"gas-wide.csv":                               "Иванов Иван Иванович=129",
		"generic-long.csv":                           "Blue=510",
		"generic-wide-de.csv":                        "Blau=554",
		"kalpi-expb.csv":                             "מחל=407",
		"kerg2-sample.csv":                           "BLAU=580",
		"medsl-zz-precinct.csv":                      "ADA BLUE=540",
		"votes_08.11.2026.txt":                       "Партия А=160",
		"eml-nl-510b.eml.xml":                        "Blauwe Lijst=550",
		"clarity-detail.xml":                         "Ada BLUE=540",
		"nist-1500-100-v2.json":                      "Ada Blue=540",
		"nist-1500-100-v2.xml":                       "Ada Blue=420",
	}
	notVotes := []string{"README-bulgaria.txt", "cik_parties_08.11.2026.txt", "sections_08.11.2026.txt"}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		want, ok := tests[e.Name()]
		if !ok {
			if !slices.Contains(notVotes, e.Name()) {
				t.Errorf("%s is not read", e.Name())
			}
			continue
		}
		args := []string{filepath.Join(dir, e.Name())}
		if e.Name() == "nist-1500-100-v2.json" { // it has two
			args = append(args, "--contest", "cc-house3")
		}
		r, _ := count2json(t, args...)
		name, votes, _ := strings.Cut(want, "=")
		found := false
		for _, l := range r.Lists {
			found = found || l.Name == name && json.Number(votes).String() == jsonInt(l.Votes)
		}
		if !found {
			t.Errorf("%s: lists %+v, want %s", e.Name(), r.Lists, want)
		}
	}
}

func jsonInt(v int64) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// The files of real elections, as they are, are counted under the built-in laws to the
// seats that their index expects, or that it says the file must give.
func TestPublishedSeats(t *testing.T) {
	data, err := os.ReadFile(shared(t, "data", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var index []struct {
		ID       string
		Expected struct {
			Seats           map[string]int
			SeatsTotal      map[string]int                            `json:"seats_total"`          // with those of constituencies
			FromThisFile    map[string]int                            `json:"seats_from_this_file"` // where it lacks votes that decide a seat
			PerConstituency map[string]struct{ Seats map[string]int } `json:"per_constituency"`
		}
	}
	if err := json.Unmarshal(data, &index); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		ballot string // of testdata/elections, which names the law
		files  []string
		more   []string
	}{
		"israel-k15":        {"israel-1999", []string{"results_15.csv.gz"}, nil},
		"israel-k20":        {"israel-2015", []string{"results_20.csv.gz"}, nil},
		"israel-k24":        {"israel-2021", []string{"results_24.csv.gz"}, nil},
		"russia-2016":       {"russia-2016", []string{"2016.csv.gz"}, nil},
		"bulgaria-20210711": {"bulgaria-2021", []string{"50_votes_machine.csv.gz", "50_votes_paper.csv.gz"}, nil},
		"newzealand-2017":   {"new-zealand-2017", []string{"party_votes_by_voting_place_2017.csv.gz"}, nil},
		"lithuania-2012":    {"lithuania-2012", []string{"2012-votes.csv.gz"}, []string{"--base", "valid"}}, // the law's base, voters who took part, is not in the file
		"georgia-2024":      {"georgia-2024", []string{"results.csv.gz"}, nil},
		"ukraine-2019":      {"ukraine-2019", []string{"parliament_election_2019_by_vd_en.csv.gz"}, nil},
		"netherlands-2012":  {"netherlands-2012", []string{"2012.csv"}, nil},
		"norway-2017":       {"norway-2017", []string{"st_2017.csv"}, nil},
		"czechia-2017":      {"czechia-2017", []string{"cz_psp_2017.csv"}, nil},
		"austria-2024":      {"austria-2024", []string{"wahl_20241003_214746.json.gz"}, nil},
		"germany-2025":      {"germany-2025", []string{"gesamtergebnis_01.xml.gz"}, nil},
		"netherlands-2023":  {"netherlands-2023", []string{"Totaaltelling_TK2023.eml.xml.gz"}, nil},
	}
	for _, c := range index {
		is, ok := cases[c.ID]
		if !ok {
			t.Errorf("%s is not counted", c.ID)
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			args := []string{"tally", "-q", "-f", "json", "--ballot", filepath.Join("testdata", "elections", is.ballot, "ballot.yaml")}
			for _, f := range is.files {
				args = append(args, shared(t, "data", c.ID, f))
			}
			code, out, errs := kenesh(t, append(args, is.more...)...)
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			var r struct {
				Lists []struct {
					ID, Name string
					Seats    *int
				}
				Districts []struct {
					Name  string
					Lists []struct {
						List  string
						Seats int
					}
				}
				Official []struct{ Seats, Computed int }
			}
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			want := c.Expected.Seats
			switch {
			case c.Expected.FromThisFile != nil:
				want = c.Expected.FromThisFile
			case want == nil:
				want = c.Expected.SeatsTotal
			}
			found := 0
			for _, l := range r.Lists {
				n, ok := want[l.Name]
				if !ok {
					n, ok = want[l.ID]
				}
				if ok {
					found++
				}
				if l.Seats == nil || *l.Seats != n {
					t.Errorf("%q has %v seats, want %d", l.Name, l.Seats, n)
				}
			}
			if found != len(want) || found == 0 {
				t.Errorf("%d of %d lists that should have seats are there", found, len(want))
			}
			for _, o := range r.Official {
				if c.Expected.FromThisFile == nil && o.Seats != o.Computed {
					t.Errorf("%d seats, officially %d", o.Computed, o.Seats)
				}
			}
			if len(r.Official) == 0 {
				t.Error("no official seats")
			}
			if n := len(c.Expected.PerConstituency); n > 0 && n != len(r.Districts) {
				t.Errorf("%d districts, want %d", len(r.Districts), n)
			}
			for _, d := range r.Districts {
				want, ok := c.Expected.PerConstituency[d.Name]
				if !ok {
					continue
				}
				if len(d.Lists) != len(want.Seats) {
					t.Errorf("%s: %d lists have seats, want %d", d.Name, len(d.Lists), len(want.Seats))
				}
				for _, l := range d.Lists {
					if l.Seats != want.Seats[l.List] {
						t.Errorf("%s: %s has %d seats, want %d", d.Name, l.List, l.Seats, want.Seats[l.List])
					}
				}
			}
		})
	}
}
