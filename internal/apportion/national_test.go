package apportion_test

import (
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"kenesh/internal/apportion"
)

// National elections whose law is one division of the whole house: the seats
// that were published come out of the votes that were published. Those that need
// more are named.
func TestNationalElections(t *testing.T) {
	data, err := os.ReadFile("testdata/national.json")
	if err != nil {
		t.Fatal(err)
	}
	var elections []struct {
		ID, Election, Method, Needs, Source string
		Seats                               int
		Base                                int64
		Lists                               []struct {
			Name, Bar string
			Votes     int64
			Seats     int
		}
	}
	if err := json.Unmarshal(data, &elections); err != nil {
		t.Fatal(err)
	}
	run := 0
	for _, e := range elections {
		if e.Needs != "" {
			t.Logf("%s is not run: it needs %s", e.Election, e.Needs)
			continue
		}
		run++
		m, err := apportion.Find(e.Method)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		p := apportion.Problem{Seats: e.Seats, Method: m}
		for _, l := range e.Lists {
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
			p.Votes = append(p.Votes, v)
		}
		a, err := apportion.Allocate(p)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		if err := apportion.Verify(p, a); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
		for i, l := range e.Lists {
			if a.Seats[i] != l.Seats {
				t.Errorf("%s: %s gets %d seats, officially %d (%s)", e.Election, l.Name, a.Seats[i], l.Seats, e.Source)
			}
		}
	}
	if len(elections) != 22 || run != 17 {
		t.Errorf("%d elections, %d run; want 22 and 17", len(elections), run)
	}
}
