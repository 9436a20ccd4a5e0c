package tally_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// messages are the errors among findings.
func messages(list []finding.Finding) (text string) {
	for _, f := range list {
		if f.Severity == finding.Error {
			text += f.Code + ": " + f.Message + "\n"
		}
	}
	return strings.TrimSpace(text)
}

// towns is a set with two areas of one name.
func towns(t *testing.T) *returns.Set {
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	for _, l := range []string{"A", "B"} {
		s.AddList(returns.List{ID: l, Name: l})
	}
	for i, at := range [][2]string{{"Osh", "Old Town"}, {"Osh", "New Town"}, {"Chuy", "Old Town"}, {"Chuy", "Osh"}} {
		p, _ := s.AddPrecinct([]byte{byte('1' + i)}, s.AddArea(s.AddArea(0, at[0]), at[1]), i+2)
		s.Rows++
		s.Put(p, 0, 10)
		s.Put(p, 1, int64(i))
	}
	return s
}

func TestAnnulledAreas(t *testing.T) {
	plain, _ := rules.Load("plain", &finding.Log{})
	for _, tt := range []struct {
		name     string
		o        tally.Options
		annulled []string
		err      string
	}{
		{"an area by its name, without case", tally.Options{Areas: []string{"chuy"}}, []string{"3", "4"}, ""},
		{"an area and its parts once", tally.Options{Areas: []string{"Chuy", "Chuy/Old Town"}, Annulled: []string{"4"}}, []string{"4", "3"}, ""},
		{"a restored precinct", tally.Options{Areas: []string{"Chuy"}, Restored: []string{"3"}}, []string{"4"}, ""},
		{"a restored precinct that was named", tally.Options{Annulled: []string{"1", "3"}, Restored: []string{"3"}}, []string{"1"}, ""},
		{"the path tells areas of one name apart", tally.Options{Areas: []string{"Osh/Old Town"}}, []string{"1"}, ""},
		{"two areas of one name", tally.Options{Areas: []string{"Old Town"}}, nil,
			`UNKNOWN-NAME: area "Old Town" is to be annulled, and 2 have that name: the district Old Town in Osh (Osh/Old Town), the district Old Town in Chuy (Chuy/Old Town)`},
		{"a region and a district of one name", tally.Options{Areas: []string{"Osh"}}, nil,
			`UNKNOWN-NAME: area "Osh" is to be annulled, and 2 have that name: the region Osh, the district Osh in Chuy (Chuy/Osh)`},
		{"no such area", tally.Options{Areas: []string{"Chui"}}, nil, `UNKNOWN-NAME: area "Chui" is to be annulled and is not in the data (did you mean "Chuy"?)`},
		{"restored and not there", tally.Options{Areas: []string{"Chuy"}, Restored: []string{"9"}}, nil, `UNKNOWN-NAME: precinct "9" is to be restored and is not in the data`},
		{"restored and not annulled", tally.Options{Areas: []string{"Chuy"}, Restored: []string{"1"}}, nil, `UNKNOWN-NAME: precinct "1" is to be restored and is not annulled`},
	} {
		r, findings := count(towns(t), plain, tt.o)
		if got := messages(findings); got != tt.err {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.err)
		}
		if r != nil && !slices.Equal(r.Precincts.Annulled, tt.annulled) {
			t.Errorf("%s: annulled %v, want %v", tt.name, r.Precincts.Annulled, tt.annulled)
		}
	}
}

// An excluded list takes no seats, its ballots stay valid, and those who stand have fewer
// votes together.
func TestExcludedList(t *testing.T) {
	s := func() *returns.Set {
		return election(t, "registered,cast,invalid,A,B,C,Against all", "1,N,200,120,10,50,30,20,10")
	}
	r, findings := count(s(), law(t), tally.Options{Excluded: []string{"b"}})
	if got := outcome(r); got != "final A=7 B:missed C=3 Against all:missed" {
		t.Errorf("%s, %v", got, findings)
	}
	if b := r.Lists[1]; !b.Option || b.Kind != rules.Excluded || b.Votes != 30 {
		t.Errorf("%+v", b)
	}
	for base, want := range map[rules.Base]int64{rules.Valid: 110, rules.Cast: 120, rules.ValidAndInvalid: 120, rules.ListVotes: 70, rules.ValidWithoutNone: 70, rules.Registered: 200} {
		if got := r.Nation.Base(base); got.N != want {
			t.Errorf("%v = %d, want %d", base, got.N, want)
		}
	}
	for _, tt := range []struct{ name, want string }{
		{"Nobody", `UNKNOWN-NAME: list "Nobody" is to be excluded and is not in the data`},
		{"Against al", `UNKNOWN-NAME: list "Against al" is to be excluded and is not in the data (did you mean "Against all"?)`},
		{"against  all", `UNKNOWN-NAME: "Against all" is to be excluded and is no list: it takes no seats (against-all)`},
	} {
		if _, findings := count(s(), law(t), tally.Options{Excluded: []string{tt.name}}); messages(findings) != tt.want {
			t.Errorf("%q, want %q", messages(findings), tt.want)
		}
	}
	if r, _ := count(s(), law(t), tally.Options{Excluded: []string{"A", "B", "C"}}); r == nil || r.Given {
		t.Error("seats are given though nobody stands")
	}
}

// A list that was struck off brings its partner no votes, and keeps no seats.
func TestExcludedFromAlliance(t *testing.T) {
	allied := law(t, "method:", "alliances: {qualify: together, method: dhondt}\nmethod:")
	s := election(t, "cast,A,B,C", "1,N,100,60,6,5")
	ballot := &rules.Ballot{Alliances: [][]string{{"B", "C"}}}
	if r, _ := count(s, allied, tally.Options{Ballot: ballot}); outcome(r) != "final A=8 B=1 C=1" {
		t.Error(outcome(r))
	}
	if r, _ := count(s, allied, tally.Options{Ballot: ballot, Excluded: []string{"C"}}); r.Given || r.Lists[1].Qualified != tally.Missed {
		t.Error(outcome(r))
	}
	held := law(t, "method:", "held: {overhang: within}\nmethod:")
	_, findings := count(s, held, tally.Options{Ballot: &rules.Ballot{Lists: []rules.Contender{{Name: "C", Parties: 1, Held: 2}}}, Excluded: []string{"C"}})
	if got, want := messages(findings), `BALLOT: "C" is to be excluded and holds 2 seats by the ballot; say there who has them then`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAnnulmentOfResult(t *testing.T) {
	rule := func(reach string) []string {
		return []string{"ties: lot", "ties: lot\nannulment: {share: 1/3, reach: " + reach + ", base: registered, effect: may-void}"}
	}
	rows := []string{"1,N,100,50,30,20", "2,S,50,50,30,20"}
	for _, tt := range []struct {
		name, reach string
		annulled    []string
		want        tally.Annulment
	}{
		{"nothing annulled", "more-than", nil, tally.Annulment{Voters: tally.Share{Votes: 0, Of: 150}, Needed: 51, Verdict: tally.Missed}},
		{"a third is not more than a third", "more-than", []string{"2"}, tally.Annulment{Voters: tally.Share{Votes: 50, Of: 150}, Needed: 51, Verdict: tally.Missed}},
		{"a third is at least a third", "at-least", []string{"2"}, tally.Annulment{Voters: tally.Share{Votes: 50, Of: 150}, Needed: 50, Verdict: tally.Reached}},
		{"two thirds", "more-than", []string{"1"}, tally.Annulment{Voters: tally.Share{Votes: 100, Of: 150}, Needed: 51, Verdict: tally.Reached}},
	} {
		r, _ := count(election(t, "registered,cast,A,B", rows...), law(t, rule(tt.reach)...), tally.Options{Annulled: tt.annulled})
		got := *r.Annulment
		got.Annulment = rules.Annulment{}
		if got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	r, _ := count(election(t, "registered,cast,A,B", "1,N,100,50,30,20", "2,S,-,50,30,20"), law(t, rule("at-least")...), tally.Options{})
	if a := r.Annulment; a.Verdict != tally.Open || a.Unknown != "2" || a.Voters.Of != 0 {
		t.Errorf("%+v", a)
	}
	if r, _ := count(election(t, "cast,A,B", "1,N,50,30,20"), law(t), tally.Options{}); r.Annulment != nil {
		t.Error("a law without the rule has it")
	}
}

func TestMoves(t *testing.T) {
	const header = "registered,cast,invalid,A,B,C"
	rows := []string{"1,N,100,60,5,30,20,5", "2,S,100,55,5,20,20,10"}
	regional := []string{"in: nation}", "in: nation}\n  - {id: each, share: 10%, reach: at-least, in: each, level: region}"}
	for _, tt := range []struct {
		name    string
		law     []string
		moves   []tally.Move
		more    tally.Options
		want    string // seats
		cast, a int64
		err     string
	}{
		{"moved in the nation", nil, []tally.Move{{From: "A", To: "b", Votes: 10}}, tally.Options{}, "final A=4 B=5 C=1", 115, 40, ""},
		{"added", nil, []tally.Move{{To: "C", Votes: 85}}, tally.Options{}, "final A=3 B=2 C=5", 200, 50, ""},
		{"taken away", nil, []tally.Move{{From: "A", Votes: 45}}, tally.Options{}, "final A:missed B=7 C=3", 70, 5, ""},
		{"one after the other", nil, []tally.Move{{To: "C", Votes: 10}, {From: "C", To: "A", Votes: 25}}, tally.Options{}, "final A=7 B=3 C:missed", 125, 75, ""},
		{"more than there are", nil, []tally.Move{{From: "C", To: "A", Votes: 16}}, tally.Options{}, "", 0, 0, `MOVES: "C" has 15 votes, fewer than the 16 that it is to lose`},
		{"more than there are in the area", nil, []tally.Move{{From: "C", To: "A", Votes: 6, In: "N"}}, tally.Options{}, "", 0, 0, `MOVES: "C" has 5 votes in N, fewer than the 6 that it is to lose`},
		{"twice out of one precinct", nil, []tally.Move{{From: "C", Votes: 3, In: "1"}, {From: "C", Votes: 3, In: "1"}}, tally.Options{}, "", 0, 0, `MOVES: "C" has 2 votes in 1, fewer than the 3 that it is to lose`},
		{"to itself", nil, []tally.Move{{From: "C", To: "c", Votes: 1}}, tally.Options{}, "", 0, 0, `MOVES: ballots move from "C" to itself`},
		{"no such list", nil, []tally.Move{{From: "Nobody", To: "A", Votes: 1}}, tally.Options{}, "", 0, 0, `UNKNOWN-NAME: list "Nobody" is to gain or to lose ballots and is not in the data`},
		{"a bar in each region wants the region", regional, []tally.Move{{From: "A", To: "C", Votes: 1}}, tally.Options{}, "", 0, 0, `MOVES: the law looks at each region: say in which the ballots count`},
		{"in a region", regional, []tally.Move{{From: "A", To: "C", Votes: 1, In: "n"}}, tally.Options{}, "final A=5 B=4 C=1", 115, 49, ""},
		{"in a precinct of it", regional, []tally.Move{{From: "A", To: "C", Votes: 1, In: "1"}}, tally.Options{}, "final A=5 B=4 C=1", 115, 49, ""},
		{"below the bar in the region", regional, []tally.Move{{From: "C", To: "A", Votes: 5, In: "S"}}, tally.Options{}, "final A=6 B=4 C:missed", 115, 55, ""},
		{"in an annulled region", nil, []tally.Move{{From: "C", To: "A", Votes: 5, In: "S"}}, tally.Options{Areas: []string{"S"}}, "", 0, 0, `MOVES: all precincts of "S" are annulled, so no ballots count there`},
		{"in an annulled precinct", nil, []tally.Move{{From: "C", To: "A", Votes: 5, In: "2"}}, tally.Options{Areas: []string{"S"}}, "", 0, 0, `MOVES: precinct "2" is annulled, so no ballots count in it`},
	} {
		tt.more.Moves = tt.moves
		r, findings := count(election(t, header, rows...), law(t, tt.law...), tt.more)
		if got := messages(findings); got != tt.err {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.err)
		}
		if r == nil {
			continue
		}
		if got := outcome(r); got != tt.want || r.Nation.Base(rules.Cast).N != tt.cast || r.Lists[0].Votes != tt.a {
			t.Errorf("%s: %s, %d cast, A %d votes; want %s, %d, %d", tt.name, got, r.Nation.Base(rules.Cast).N, r.Lists[0].Votes, tt.want, tt.cast, tt.a)
		}
	}
}

// What ballots moved in a precinct give is what a count of returns gives that have them so,
// in the nation, in regions and in precincts that stand for districts.
func TestMovesAreReturns(t *testing.T) {
	regional := []string{"in: nation}", "in: nation}\n  - {id: each, share: 10%, reach: at-least, in: each, level: region}"}
	districts := []string{"seats: 10", "seats: 20", "ties: lot", "ties: lot\ndistricts: [{id: d, level: district, seats: {total: 10, method: dhondt, base: cast}, method: dhondt, thresholds: none}]\nnation: {takes: levelling, overhang: within}"}
	r := rand.New(rand.NewPCG(7, 7))
	differ := 0
	for n := range 3000 {
		lists := []string{"A", "B", "C"}
		var votes [4][3]int64
		for p := range votes {
			for l := range lists {
				votes[p][l] = int64(1 + r.IntN(60))
			}
		}
		write := func(v [4][3]int64) (rows []string) {
			for p, x := range v {
				rows = append(rows, fmt.Sprintf("%d,%s,%d,3,%d,%d,%d", p+1, []string{"N", "S"}[p/2], x[0]+x[1]+x[2]+3, x[0], x[1], x[2]))
			}
			return rows
		}
		base := write(votes)
		var moves []tally.Move
		for range 1 + r.IntN(3) {
			p, from, to := r.IntN(4), r.IntN(4), r.IntN(4)
			m := tally.Move{Votes: int64(1 + r.IntN(40)), In: fmt.Sprint(p + 1)}
			if from < 3 {
				if votes[p][from] < m.Votes {
					continue
				}
				m.From = lists[from]
			}
			if to < 3 {
				m.To = lists[to]
			}
			if from == to {
				continue
			}
			if from < 3 {
				votes[p][from] -= m.Votes
			}
			if to < 3 {
				votes[p][to] += m.Votes
			}
			moves = append(moves, m)
		}
		under := law(t, [][]string{nil, regional, districts}[n%3]...)
		got, findings := count(election(t, "cast,invalid,A,B,C", base...), under, tally.Options{Moves: moves, Seed: "x"})
		want, _ := count(election(t, "cast,invalid,A,B,C", write(votes)...), under, tally.Options{Seed: "x"})
		before, _ := count(election(t, "cast,invalid,A,B,C", base...), under, tally.Options{Seed: "x"})
		if got == nil && want == nil { // a tie for which no lot can be given
			continue
		}
		if outcome(got) != outcome(want) || got.Nation.Base(rules.Cast) != want.Nation.Base(rules.Cast) || got.Nation.Base(rules.ListVotes) != want.Nation.Base(rules.ListVotes) {
			t.Fatalf("%v moved in %v: %s, counted %s: %v", moves, base, outcome(got), outcome(want), findings)
		}
		for i := range got.Thresholds {
			if a, b := got.Thresholds[i].Lists, want.Thresholds[i].Lists; !reflect.DeepEqual(a, b) {
				t.Fatalf("%v moved in %v: %+v, counted %+v", moves, base, a, b)
			}
		}
		if outcome(before) != outcome(want) {
			differ++
		}
	}
	if differ < 500 {
		t.Errorf("only %d of 3,000 outcomes change: the comparison says little", differ)
	}
}

// With Each, a bar in areas is stated for each of them, and they agree with the verdict.
func TestEach(t *testing.T) {
	regional := law(t, "in: nation}", "in: nation}\n  - {id: each, share: 20%, reach: at-least, in: each, level: region}")
	s := election(t, "cast,A,B", "1,N,100,60,40", "2,S,100,81,19", "3,E,50,40,10")
	r, _ := count(s, regional, tally.Options{Each: true})
	for l := range r.Lists {
		v := r.Thresholds[1].Lists[l]
		missed := 0
		for _, e := range v.Each {
			if (e.Share.Cmp(big.NewRat(1, 5)) < 0) != (e.Verdict == tally.Missed) {
				t.Errorf("%+v", e)
			}
			if e.Verdict == tally.Missed {
				missed++
			}
		}
		if len(v.Each) != 3 || missed != len(v.Missed) {
			t.Errorf("%+v", v)
		}
	}
	if r, _ := count(s, regional, tally.Options{}); r.Thresholds[1].Lists[0].Each != nil {
		t.Error("stated though it was not asked for")
	}
}
