package story_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/story"
	"kenesh/internal/tally"
)

// elections counts every published election.
func elections(t *testing.T, do func(name string, r *tally.Result)) {
	t.Helper()
	dirs, err := filepath.Glob("../../testdata/elections/*/ballot.yaml")
	if err != nil || len(dirs) < 70 {
		t.Fatalf("%d elections, %v", len(dirs), err)
	}
	for _, file := range dirs {
		var log finding.Log
		ballot, ok := rules.LoadBallot(file, &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		law, ok := rules.Load(ballot.Law, &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		votes := filepath.Join(filepath.Dir(file), "votes.csv")
		if _, err := os.Stat(votes); err != nil {
			votes = filepath.Join("../../testdata", filepath.Base(filepath.Dir(file)))
		}
		reading := ingest.Read(ingest.Expand([]string{votes}, &log), ingest.Options{}, &log)
		if log.Failed() {
			t.Fatal(log.Sorted())
		}
		r, ok := tally.Count(reading.Set, law, tally.Options{Ballot: ballot, Explain: true, Each: true}, &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		do(filepath.Base(filepath.Dir(file)), r)
	}
}

// In every published election, the facts of every list agree with each other and with the
// result: the seats that are told one by one are those that it has, who is over a bar has
// reached it, and no claim without a seat is above one that won.
func TestStoriesAgree(t *testing.T) {
	stories, bars, edges, sums := 0, 0, 0, 0
	elections(t, func(name string, r *tally.Result) {
		for l := range r.Lists {
			stories++
			here := fmt.Sprintf("%s, %s", name, r.Lists[l].Name)
			facts := story.Of(r, l)
			var told, from int64 // of the division that is being told, and what it should be
			open := false        // a division is being told
			check := func() {
				if open && told != from {
					t.Errorf("%s: %d seats are told of %d", here, told, from)
				}
				if open {
					sums++
				}
				open = false
			}
			for _, f := range facts {
				switch f.Topic {
				case story.Seats:
					if f.Seats.N != int64(r.Lists[l].Seats) {
						t.Errorf("%s: %d seats, has %d", here, f.Seats.N, r.Lists[l].Seats)
					}
				case story.Threshold, story.Area, story.DistrictBar:
					if !f.Needed.Known || f.Exempt || f.Areas > 0 {
						continue
					}
					bars++
					have := f.Votes
					if f.Bar.Measure == rules.BySeats {
						have = f.Seats
					}
					if (have.N >= f.Needed.N) != (f.Verdict == tally.Reached) {
						t.Errorf("%s: %s in %q: has %d of %d, %v", here, f.ID, f.In, have.N, f.Needed.N, f.Verdict)
					}
				case story.Division:
					check()
					open, told, from = true, 0, f.Seats.N
				case story.Minimum, story.Bonus, story.Majority, story.Wholes, story.Order:
					told += f.Seats.N
				case story.Taken:
					told += 0 // the steps of whole quotas leave them out
				case story.LastSeat:
					if f.Claim != nil && f.Other != nil {
						edges++
						if f.Claim.Cmp(*f.Other) < 0 {
							t.Errorf("%s: the last seat by %v, and %s had %v and none", here, f.Claim, f.Rival, f.Other)
						}
					}
				case story.NextSeat:
					if f.Claim != nil && f.Other != nil {
						edges++
						if f.Claim.Cmp(*f.Other) > 0 {
							t.Errorf("%s: the next seat by %v, and %s had one by %v", here, f.Claim, f.Rival, f.Other)
						}
					}
				}
				if f.Topic > story.AtCap {
					check()
				}
			}
			check()
			districts, has := int64(0), false
			for _, f := range facts {
				if f.Topic == story.District {
					districts, has = districts+f.Seats.N, true
				}
			}
			if won := int64(r.Lists[l].Won - r.Lists[l].Stands.Held); has && r.Rules.Nation.Takes != rules.Biproportional && districts != won {
				t.Errorf("%s: %d seats of districts, won %d", here, districts, won)
			}
		}
	})
	if stories < 800 || bars < 2000 || edges < 1000 || sums < 400 {
		t.Errorf("%d stories, %d bars, %d last and next seats, %d divisions: the test says little", stories, bars, edges, sums)
	}
}

// The edges of a division are right: with the claims exchanged, who has the last seat would
// not have it, and the list that is told to lack least is the first in line.
func TestFirstInLine(t *testing.T) {
	elections(t, func(name string, r *tally.Result) {
		if r.Allocation == nil || len(r.Allocation.Certificate.Stages) != 1 || len(r.Within) > 0 {
			return
		}
		s := &r.Allocation.Certificate.Stages[0]
		if s.FirstUnserved < 0 || s.LastServed < 0 {
			return
		}
		first := r.Allocation.Members[s.Lists[s.FirstUnserved]][0]
		for l := range r.Lists {
			for _, f := range story.Of(r, l) {
				if f.In != "" || f.ID != "" || f.Topic != story.NextSeat || f.Claim == nil || f.Other == nil {
					continue
				}
				switch c := f.Claim.Cmp(s.From); {
				case l == first && c != 0:
					t.Errorf("%s: %s is first in line with %v, told %v", name, r.Lists[l].Name, s.From, f.Claim)
				case *f.Other != s.To || f.Rival != r.Member(r.Allocation, s.Lists[s.LastServed]):
					t.Errorf("%s: %s is told that %s had %v, the last seat went to list %d with %v", name, r.Lists[l].Name, f.Rival, f.Other, s.LastServed, s.To)
				case c > 0 && !f.Own:
					t.Errorf("%s: %s has the claim %v, above the first in line with %v", name, r.Lists[l].Name, f.Claim, s.From)
				}
			}
		}
	})
}

// Areas are told from the weakest on, all that are missed among them.
func TestAreasWeakestFirst(t *testing.T) {
	set := returns.New("region")
	set.AddFile("a.csv")
	for _, name := range []string{"A", "B"} {
		set.AddList(returns.List{ID: name, Name: name})
	}
	for i, b := range []int64{4, 90, 3, 50, 2, 1, 60} { // in each of 100 votes
		p, _ := set.AddPrecinct(fmt.Append(nil, i+1), set.AddArea(0, fmt.Sprintf("R%d", i+1)), i+2)
		set.Put(p, 0, 100-b)
		set.Put(p, 1, b)
		set.Rows++
	}
	var log finding.Log
	law, ok := rules.Parse("law.yaml", []byte(`rules: 1
name: test
title: Test
seats: 10
base: valid
thresholds: [{id: each, share: 5%, reach: at-least, in: each, level: region}]
options: none
method: "lr:hare"
ties: lot
outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: ignored}
`), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	r, ok := tally.Count(set, law, tally.Options{Explain: true, Each: true}, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	var areas, detail []string
	for _, f := range story.Of(r, 1) {
		if f.Topic == story.Area {
			areas = append(areas, f.In)
			if f.Detail {
				detail = append(detail, f.In)
			}
		}
	}
	if want := []string{"R6", "R5", "R3", "R1", "R4", "R7", "R2"}; !slices.Equal(areas, want) {
		t.Errorf("%v, want %v", areas, want)
	}
	if want := []string{"R4", "R7", "R2"}; !slices.Equal(detail, want) {
		t.Errorf("details %v, want %v", detail, want)
	}
}

func TestTopicsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range story.Topics() {
		if topic.String() == "" || seen[topic.String()] {
			t.Errorf("%d is called %q", topic, topic)
		}
		seen[topic.String()] = true
	}
	if last := story.Status.String(); last != "status" {
		t.Errorf("the last topic is called %q", last)
	}
}

func ExampleOf() {
	set := returns.New()
	set.AddFile("a.csv")
	p, _ := set.AddPrecinct([]byte("1"), 0, 2)
	for i, votes := range []int64{60, 28, 12} {
		name := string(rune('A' + i))
		set.Put(p, set.AddList(returns.List{ID: name, Name: name}), votes)
	}
	law, _ := rules.Load("plain", &finding.Log{})
	r, _ := tally.Count(set, law, tally.Options{Seats: 8, Explain: true, Each: true}, &finding.Log{})
	for _, f := range story.Of(r, 1) {
		if f.Topic == story.NextSeat {
			fmt.Println(f.Claim, f.Rival, f.Other)
		}
	}
	// Output: 6/25 A 4/5
}
