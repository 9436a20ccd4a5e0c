package apportion_test

import (
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/apportion"
)

// National elections whose law divides the whole house at once: the seats that were
// published come out of the votes that were published.
func TestNationalElections(t *testing.T) {
	data, err := os.ReadFile("testdata/national.json")
	if err != nil {
		t.Fatal(err)
	}
	var elections []struct {
		ID, Election, Method, Source string
		Seats                        int
		Base                         int64
		QuotaBase                    bool           `json:"quota_base"` // the quota is of Base
		Held                         map[string]int // seats that a list has whatever its share
		Alliances                    [][]string     // of lists
		Within                       string         // the method that divides the seats of an alliance
		Weight                       string         // by which the quotients of some lists are multiplied
		Weighted                     []string
		Lists                        []struct {
			Name, Bar string
			Votes     int64
			Seats     int
		}
	}
	if err := json.Unmarshal(data, &elections); err != nil {
		t.Fatal(err)
	}
	for _, e := range elections {
		m, err := apportion.Find(e.Method)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		p := apportion.Problem{Seats: e.Seats, Method: m}
		if e.QuotaBase {
			p.Base = e.Base
		}
		weight := big.NewRat(1, 1)
		if e.Weight != "" {
			weight.SetString(e.Weight)
		}
		place := map[string]int{}
		for i, l := range e.Lists {
			place[l.Name] = i
			v := l.Votes
			if l.Bar != "" {
				bar, ok := new(big.Rat).SetString(strings.TrimSuffix(l.Bar, "%"))
				if !ok {
					t.Fatalf("%s: bar %q", e.ID, l.Bar)
				}
				if strings.HasSuffix(l.Bar, "%") {
					bar.Quo(bar, big.NewRat(100, 1))
				}
				if big.NewRat(v, e.Base).Cmp(bar) < 0 {
					v = 0
				}
			}
			// A quotient times 27/20 beside one as it is: 27 times the votes beside 20 times.
			if slices.Contains(e.Weighted, l.Name) {
				v *= weight.Num().Int64()
			} else {
				v *= weight.Denom().Int64()
			}
			p.Votes = append(p.Votes, v)
		}
		for name, n := range e.Held {
			if p.Minimums == nil {
				p.Minimums = make([]int, len(p.Votes))
			}
			p.Minimums[place[name]] = n
		}
		var alliances []apportion.Alliance
		for _, names := range e.Alliances {
			within, err := apportion.Find(e.Within)
			if err != nil {
				t.Fatalf("%s: %v", e.ID, err)
			}
			a := apportion.Alliance{Method: within}
			for _, name := range names {
				a.Lists = append(a.Lists, place[name])
			}
			alliances = append(alliances, a)
		}
		a, err := apportion.AllocateAllied(p, alliances)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		if err := apportion.VerifyAllied(p, a); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
		for i, l := range e.Lists {
			if a.Seats[i] != l.Seats {
				t.Errorf("%s: %s gets %d seats, officially %d (%s)", e.Election, l.Name, a.Seats[i], l.Seats, e.Source)
			}
		}
	}
	if len(elections) != 22 {
		t.Errorf("%d elections, want 22", len(elections))
	}
}
