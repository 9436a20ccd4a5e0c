package whatif_test

import (
	"fmt"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
	"kenesh/internal/whatif"
)

func read(t *testing.T, text string) []whatif.Scenario {
	t.Helper()
	var log finding.Log
	list, ok := whatif.Read("cases.yaml", []byte(text), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return list
}

// The file in the manual is one.
func TestManualIsAFile(t *testing.T) {
	_, text, _ := strings.Cut(whatif.Manual(), "YAML file:\n")
	text, _, _ = strings.Cut(text, "\nannul, restore")
	list := read(t, text)
	if len(list) != 7 || list[4].Rules.Name != "kyrgyzstan-2010" || list[4].Seats != 90 || len(list[6].Moves) != 3 {
		t.Errorf("%d scenarios: %+v", len(list), list)
	}
	if m := list[6].Moves[2]; m != (tally.Move{From: "Birimdik", Votes: 55, In: "Osh city"}) {
		t.Errorf("%+v", m)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "the file is empty",
		"scenarios: 1\n":                 `key "cases" is missing`,
		"cases: [{name: a, seats: 1}]\n": `key "scenarios" is missing`,
		"scenarios: 2\ncases: [{name: a, seats: 1}]\n":                            "want a number from 1 to 1",
		"scenarios: 1\ncases: []\n":                                               "there is no case",
		"scenarios: 1\ncases: [{name: a, seats: 1}, {name: a, seats: 2}]\n":       `"a" already stands on line 2`,
		"scenarios: 1\ncases: [{name: Base  Case, seats: 1}]\n":                   "is the count without a scenario",
		"scenarios: 1\ncases: [{name: a, move: {from: A, to: B, vots: 1}}]\n":     `unknown key "vots" (did you mean "votes"?)`,
		"scenarios: 1\ncases: [{name: a, add: {A: 0}}]\n":                         "A: found 0, want a number from 1",
		"scenarios: 1\ncases: [{name: a, add: {A: 1, A: 2}}]\n":                   `key "A" was already given`,
		"scenarios: 1\ncases: [{name: a, annul: [1, ~]}]\n":                       "annul: found nothing, want text",
		"scenarios: 1\ncases: [{name: a, threshold: 120%}]\n":                     "want a share",
		"scenarios: 1\ncases: [{name: a, annul: &x [1]}, {name: b, annul: *x}]\n": "an anchor (&x) has no place here",
		"scenarios: 1\ncases: [{name: a, seats: 1}]\n---\nscenarios: 1\n":         "text after the first document",
	} {
		var log finding.Log
		if list, ok := whatif.Read("cases.yaml", []byte(text), &log); ok || !strings.Contains(fmt.Sprint(log.Sorted()), want) {
			t.Errorf("%q: %v %v, want %q", text, list, log.Sorted(), want)
		}
	}
}

// A bar that the law does not have is "at least" of its base; the laws that are changed stay
// what they are.
func TestThreshold(t *testing.T) {
	set := returns.New("region")
	set.AddFile("a.csv")
	p, _ := set.AddPrecinct([]byte("1"), 0, 2)
	for name, votes := range map[string]int64{"A": 80, "B": 20} {
		set.Put(p, set.AddList(returns.List{ID: name, Name: name}), votes)
	}
	set.Rows = 1
	plain, _ := rules.Load("plain", &finding.Log{})
	base, _ := tally.Count(set, plain, tally.Options{}, &finding.Log{})
	for height, want := range map[string]int{"20%": 2, "21%": 1} {
		s := read(t, "scenarios: 1\ncases: [{name: a, threshold: "+height+"}]\n")[0]
		var log finding.Log
		r, ok := s.Count(set, plain, tally.Options{}, base, &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		in := 0
		for _, l := range r.Lists {
			if l.Qualified == tally.Reached {
				in++
			}
		}
		if in != want || len(plain.Thresholds) != 0 {
			t.Errorf("%s: %d lists qualify, want %d; the law has %d thresholds", height, in, want, len(plain.Thresholds))
		}
	}
}

func ExampleScenario_Count() {
	set := returns.New("region")
	set.AddFile("a.csv")
	for i, votes := range [][2]int64{{60, 40}, {20, 80}} {
		p, _ := set.AddPrecinct(fmt.Append(nil, i+1), 0, i+2)
		for l, v := range votes {
			if i == 0 {
				set.AddList(returns.List{ID: string(rune('A' + l)), Name: string(rune('A' + l))})
			}
			set.Put(p, l, v)
		}
	}
	law, _ := rules.Load("plain", &finding.Log{})
	base, _ := tally.Count(set, law, tally.Options{Seats: 10}, &finding.Log{})
	var log finding.Log
	list, _ := whatif.Read("cases.yaml", []byte("scenarios: 1\ncases: [{name: without the second precinct, annul: [2]}]\n"), &log)
	r, _ := list[0].Count(set, law, tally.Options{Seats: 10}, base, &log)
	fmt.Println(base.Lists[0].Seats, base.Lists[1].Seats)
	fmt.Println(r.Lists[0].Seats, r.Lists[1].Seats)
	// Output:
	// 4 6
	// 6 4
}
