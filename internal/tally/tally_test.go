package tally_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// An election is written as rows of a wide table: precinct, region, then the
// figures in the order of the header; "-" is absent.
func election(t testing.TB, header string, rows ...string) *returns.Set {
	t.Helper()
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	names := strings.Split(header, ",")
	lists := make([]int, len(names))
	for i, n := range names {
		if lists[i] = -1; !isLine(n) {
			lists[i] = s.AddList(returns.List{ID: n, Name: n})
		}
	}
	for r, row := range rows {
		cells := strings.Split(row, ",")
		area := 0
		if cells[1] != "" {
			area = s.AddArea(0, cells[1])
		}
		p, _ := s.AddPrecinct([]byte(cells[0]), area, r+2)
		s.Rows++
		for i, c := range cells[2:] {
			if c == "-" {
				continue
			}
			var v int64
			if _, err := fmt.Sscan(c, &v); err != nil {
				t.Fatal(err)
			}
			if lists[i] >= 0 {
				s.Put(p, lists[i], v)
				continue
			}
			for _, l := range returns.Lines() {
				if l.String() == names[i] {
					s.PutLine(p, l, v)
				}
			}
		}
	}
	return s
}

func isLine(name string) bool {
	return slices.ContainsFunc(returns.Lines(), func(l returns.Line) bool { return l.String() == name })
}

// law is a rules file of 10 seats with a bar of 10 % of ballots cast, changed by
// replacing pairs of old and new text.
func law(t testing.TB, replace ...string) *rules.Rules {
	t.Helper()
	text := strings.NewReplacer(replace...).Replace(`rules: 1
name: test
title: Test
seats: 10
base: cast
thresholds:
  - {id: national, share: 10%, reach: at-least, in: nation}
options:
  - {name: Against all, kind: against-all}
method: "lr:hare"
ties: lot
outcomes: {none-qualified: failed, one-qualified: undeclared, against-all-leads: failed}
`)
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(text), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return r
}

func count(s *returns.Set, r *rules.Rules, o tally.Options) (*tally.Result, []finding.Finding) {
	var log finding.Log
	result, ok := tally.Count(s, r, o, &log)
	if !ok {
		result = nil
	}
	return result, log.Sorted()
}

// outcome is what a table of tests compares: status and seats by list.
func outcome(r *tally.Result) string {
	if r == nil {
		return "refused"
	}
	parts := []string{r.Status.String()}
	for _, l := range r.Lists {
		text := fmt.Sprintf("%s:%v", l.Name, l.Qualified)
		if r.Allocation != nil && l.Qualified == tally.Reached {
			text = fmt.Sprintf("%s=%d", l.Name, l.Seats)
			if l.OpenSeats > 0 {
				text += fmt.Sprintf("+%d", l.OpenSeats)
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func TestCount(t *testing.T) {
	const (
		bar    = "{id: national, share: 10%, reach: at-least, in: nation}"
		noBar  = "thresholds:\n  - " + bar
		none   = "thresholds: none"
		each   = bar + "\n  - {id: regional, share: 5%, reach: at-least, in: each, level: region, except: [Abroad]}"
		header = "cast,invalid,A,B,C"
	)
	tests := []struct {
		name    string
		law     []string
		options tally.Options
		header  string
		rows    []string
		want    string
	}{
		{"share equal to an at-least threshold qualifies", nil, tally.Options{}, header, []string{"1,N,100,0,50,40,10"}, "final A=5 B=4 C=1"},
		{"one vote below it does not", nil, tally.Options{}, header, []string{"1,N,100,0,51,40,9"}, "final A=6 B=4 C:missed"},
		{"share equal to a more-than threshold does not", []string{"at-least", "more-than"}, tally.Options{}, header, []string{"1,N,100,0,50,40,10"}, "final A=6 B=4 C:missed"},
		{"invalid ballots are in the base of ballots cast", nil, tally.Options{}, header, []string{"1,N,101,1,50,40,10"}, "final A=6 B=4 C:missed"},
		{"and not in that of valid votes", []string{"base: cast", "base: valid"}, tally.Options{}, header, []string{"1,N,101,1,50,40,10"}, "final A=5 B=4 C=1"},
		{"against all is in the base and takes no seats", []string{"base: cast", "base: valid"}, tally.Options{}, "A,B,Against all", []string{"1,N,50,9,41"}, "open A:reached B:missed Against all:missed"},
		{"it is not in the base of votes for lists", []string{"base: cast", "base: list-votes"}, tally.Options{}, "A,B,Against all", []string{"1,N,50,9,41"}, "final A=8 B=2 Against all:missed"},
		{"against all leads", nil, tally.Options{}, "cast,A,B,Against all", []string{"1,N,100,30,30,40"}, "open A:reached B:reached Against all:missed"},
		{"against all leads and is ignored", []string{"leads: failed", "leads: ignored"}, tally.Options{}, "cast,A,B,Against all", []string{"1,N,100,30,30,40"}, "final A=5 B=5 Against all:missed"},
		{"against all equals the leading list: it does not lead", nil, tally.Options{}, "cast,A,B,Against all", []string{"1,N,100,40,20,40"}, "final A=7 B=3 Against all:missed"},
		{"none qualifies", []string{"10%", "60%"}, tally.Options{}, header, []string{"1,N,100,0,50,40,10"}, "open A:missed B:missed C:missed"},
		{"one qualifies and the law is silent", []string{"10%", "45%"}, tally.Options{}, header, []string{"1,N,100,0,50,40,10"}, "open A:reached B:missed C:missed"},
		{"one qualifies and takes all", []string{"10%", "45%", "undeclared", "takes-all"}, tally.Options{}, header, []string{"1,N,100,0,50,40,10"}, "final A=10 B:missed C:missed"},
		{"a list without votes never qualifies", []string{noBar, none}, tally.Options{}, header, []string{"1,N,100,0,60,40,0"}, "final A=6 B=4 C:missed"},
		{"no votes at all", nil, tally.Options{}, header, []string{"1,N,0,0,0,0,0"}, "refused"},
		{"regional bar missed in one region", []string{bar, each}, tally.Options{}, header, []string{"1,N,100,0,50,40,10", "2,S,100,0,52,44,4"}, "final A=5 B=5 C:missed"},
		{"regional bar reached exactly", []string{bar, each}, tally.Options{}, header, []string{"1,N,100,0,50,35,15", "2,S,100,0,51,44,5"}, "final A=5 B=4 C=1"},
		{"abroad is no region and counts in the nation", []string{bar, each}, tally.Options{}, header, []string{"1,N,100,0,50,35,15", "2,S,100,0,46,44,10", "3,Abroad,10,0,10,0,0"}, "final A=5 B=4 C=1"},
		{"no regions in the data", []string{bar, each}, tally.Options{}, header, []string{"1,,100,0,50,40,10"}, "open A:open B:open C:open"},
		{"base not in the data", nil, tally.Options{}, "A,B,C", []string{"1,N,50,40,10"}, "open A:open B:open C:open"},
		{"base not in the data, and a list short of it anyway", nil, tally.Options{}, "A,B,C", []string{"1,N,51,40,9"}, "open A:open B:open C:missed"},
		{"base in some precincts only", nil, tally.Options{}, "cast,A,B,C", []string{"1,N,100,50,40,10", "2,N,-,50,40,10"}, "open A:open B:open C:open"},
		{"cast not in the data and bounded by the registered voters", nil, tally.Options{}, "registered,A,B,C", []string{"1,N,105,50,40,10"}, "open A:reached B:reached C:open"},
		{"cast not in the data, and no more voters than decide", nil, tally.Options{}, "registered,A,B,C", []string{"1,N,100,50,40,10"}, "final A=5 B=4 C=1"},
		{"cast in some precincts only, and enough of it to decide", nil, tally.Options{}, "cast,A,B,C", []string{"1,N,400,50,40,10", "2,N,-,50,40,10"}, "open A:open B:open C:missed"},
		{"a region whose precincts are all annulled", []string{bar, each}, tally.Options{Annulled: []string{"2"}}, header, []string{"1,N,100,0,50,40,10", "2,S,100,0,100,0,0"}, "final A=5 B=4 C=1"},
		{"cast known by valid and invalid", nil, tally.Options{}, "invalid,A,B,C", []string{"1,N,1,50,40,10"}, "final A=6 B=4 C:missed"},
		{"another base by the user", nil, tally.Options{Base: new(rules.Base)}, "A,B,C", []string{"1,N,50,40,10"}, "final A=5 B=4 C=1"},
		{"other seats by the user", nil, tally.Options{Seats: 20}, header, []string{"1,N,100,0,50,40,10"}, "final A=10 B=8 C=2"},
		{"an annulled precinct does not count", nil, tally.Options{Annulled: []string{"2"}}, header, []string{"1,N,100,0,50,40,10", "2,N,100,0,0,0,100"}, "final A=5 B=4 C=1"},
		{"an annulled precinct that is not there", nil, tally.Options{Annulled: []string{"9"}}, header, []string{"1,N,100,0,50,40,10"}, "refused"},
		{"a tie is open", []string{noBar, none}, tally.Options{Seats: 4}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "open A=1+1 B=1+1 C=1+1"},
		{"a lot settles it", []string{noBar, none}, tally.Options{Seats: 4, Lots: []tally.Lot{{Lists: []string{"C", "A", "B"}, Winners: []string{"B"}}}}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "final A=1 B=2 C=1"},
		{"a lot of other lists", []string{noBar, none}, tally.Options{Seats: 4, Lots: []tally.Lot{{Lists: []string{"A", "B"}, Winners: []string{"B"}}}}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "refused"},
		{"a lot with too many winners", []string{noBar, none}, tally.Options{Seats: 4, Lots: []tally.Lot{{Lists: []string{"A", "B", "C"}, Winners: []string{"A", "B"}}}}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "refused"},
		{"a lot with a winner from outside", []string{noBar, none}, tally.Options{Seats: 4, Lots: []tally.Lot{{Lists: []string{"A", "B", "C"}, Winners: []string{"D"}}}}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "refused"},
		{"a lot without a tie", []string{noBar, none}, tally.Options{Seats: 3, Lots: []tally.Lot{{Lists: []string{"A", "B", "C"}, Winners: []string{"A"}}}}, "cast,A,B,C", []string{"1,N,33,11,11,11"}, "refused"},
		{"more votes before the lot", []string{noBar, none, "ties: lot", "ties: more-votes"}, tally.Options{Seats: 120}, "cast,A,B", []string{"1,N,400,215,185"}, "final A=65 B=55"},
		{"no more than the cap; the rest on top", []string{noBar, none, "ties: lot", "ties: lot\ncap: {seats: 6, excess: on-top}"}, tally.Options{}, header, []string{"1,N,100,0,80,14,6"}, "final A=6 B=2 C=2"},
		{"no more than the cap; the rest anew", []string{noBar, none, "ties: lot", "ties: lot\ncap: {seats: 6, excess: anew}"}, tally.Options{}, header, []string{"1,N,100,0,80,14,6"}, "final A=6 B=3 C=1"},
		{"more seats than the caps allow", []string{noBar, none, "ties: lot", "ties: lot\ncap: {seats: 4, excess: anew}"}, tally.Options{}, "cast,A,B", []string{"1,N,100,60,40"}, "open A=4 B=4"},
		{"a sum beyond int64", nil, tally.Options{}, "A,B", []string{"1,N,9223372036854775807,0", "2,N,1,0"}, "refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result, findings := count(election(t, tt.header, tt.rows...), law(t, tt.law...), tt.options)
			if got := outcome(result); got != tt.want {
				t.Errorf("got  %s\nwant %s\nfindings %v", got, tt.want, findings)
			}
			if result != nil && (result.Status == tally.Final) != (len(result.Why) == 0) {
				t.Errorf("status %v with reasons %v", result.Status, result.Why)
			}
			if result != nil {
				if r := result.Rows; r.Read != r.Counted+r.Excluded+r.Refused {
					t.Errorf("rows are not conserved: %+v", r)
				}
			}
		})
	}
}

// The figure that decides is exact: one ballot less and the list is in, with it
// the list is out. Each is confirmed by counting with just that many.
func TestDecidingFigure(t *testing.T) {
	s := func(cast string) *returns.Set { return election(t, "cast,A,B,C", "1,N,"+cast+",469098,452971,132807") }
	r, _ := count(s("-"), law(t, "10%", "7%"), tally.Options{})
	if _, l, ok := r.First(); !ok || r.Lists[l].Name != "C" {
		t.Fatalf("First = %d, %v; want C", l, ok)
	}
	at := r.Thresholds[0].Lists[2].FallsAt
	if at != 1897243 { // floor(132807 * 100/7) + 1
		t.Errorf("C falls at %d, want 1897243", at)
	}
	for size, want := range map[int64]tally.Verdict{at - 1: tally.Reached, at: tally.Missed} {
		r, _ := count(s(fmt.Sprint(size)), law(t, "10%", "7%"), tally.Options{})
		if got := r.Lists[2].Qualified; got != want {
			t.Errorf("with %d cast C is %v, want %v", size, got, want)
		}
	}
	if len(r.Scenarios) != 4 || r.Scenarios[0].To.N != at-1 || r.Scenarios[1].From.N != at || r.Scenarios[1].Seats[2] != 0 || r.Scenarios[0].Seats[2] == 0 {
		t.Errorf("scenarios %+v", r.Scenarios)
	}
}

// Every open verdict and every scenario agrees with a count in which the unknown
// base has a size within its range.
func TestScenariosAgreeWithCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		votes := [4]int64{r.Int64N(60), r.Int64N(30), r.Int64N(10), r.Int64N(10)}
		reach := []string{"at-least", "more-than"}[r.IntN(2)]
		share := []string{"7%", "10%", "1/3", "0.5%"}[r.IntN(4)]
		s := func(cast string) *returns.Set {
			return election(t, "cast,A,B,C,Against all", fmt.Sprintf("1,N,%s,%d,%d,%d,%d", cast, votes[0], votes[1], votes[2], votes[3]))
		}
		l := law(t, "10%", share, "at-least", reach)
		open, _ := count(s("-"), l, tally.Options{})
		if open == nil {
			continue
		}
		for _, sc := range open.Scenarios {
			last := sc.From.N + 3
			if sc.To.Known {
				last = sc.To.N
			}
			for _, size := range []int64{sc.From.N, (sc.From.N + last) / 2, last} {
				known, _ := count(s(fmt.Sprint(size)), l, tally.Options{})
				var in []int
				for i, x := range known.Lists {
					if x.Qualified == tally.Reached {
						in = append(in, i)
					}
				}
				if !slices.Equal(in, sc.Qualified) {
					t.Fatalf("votes %v, %s %s, cast %d: %v qualify, the scenario %d to %d says %v", votes, reach, share, size, in, sc.From.N, last, sc.Qualified)
				}
				for i := range known.Lists {
					if known.Allocation != nil && len(known.Ties) == 0 && known.Lists[i].Seats != sc.Seats[i] {
						t.Fatalf("votes %v, cast %d: seats of list %d are %d, the scenario says %v", votes, size, i, known.Lists[i].Seats, sc.Seats)
					}
				}
			}
		}
	}
}

// A share is rounded, and never shown at a bar that it is below.
func TestPercent(t *testing.T) {
	seven := big.NewRat(7, 100)
	tests := []struct {
		votes, of int64
		decimals  int
		bars      []*big.Rat
		want      string
	}{
		{136276, 1990753, 2, []*big.Rat{seven}, "6.85"},
		{1, 3, 2, nil, "33.33"},
		{2, 3, 2, nil, "66.67"},
		{1, 8, 2, nil, "12.50"},
		{1, 16, 3, nil, "6.250"},
		{125, 100000, 2, nil, "0.13"}, // half away from zero
		{0, 5, 2, nil, "0.00"},
		{5, 5, 2, nil, "100.00"},
		{99999, 100000, 2, nil, "99.99"},
		{69999, 1000000, 2, nil, "7.00"},
		{69999, 1000000, 2, []*big.Rat{seven}, "6.99"},
		{70000, 1000000, 2, []*big.Rat{seven}, "7.00"},
		{1, 0, 2, nil, ""},
		{7, 9, 0, nil, "78"},
		{1<<63 - 2, 1<<63 - 1, 4, nil, "99.9999"},
	}
	for _, tt := range tests {
		if got := (tally.Share{Votes: tt.votes, Of: tt.of}).Percent(tt.decimals, tt.bars...); got != tt.want {
			t.Errorf("%d of %d with %d decimals = %s, want %s", tt.votes, tt.of, tt.decimals, got, tt.want)
		}
	}
	if got := (tally.Share{Votes: 136276, Of: 1990753}).Decimal(6, seven); got != "0.068454" {
		t.Errorf("Decimal = %s, want 0.068454", got)
	}
}

func TestBases(t *testing.T) {
	tests := []struct {
		name, header, row string
		want              string // by rules.Bases; ? = not known
	}{
		{"all lines", "registered,cast,invalid,valid,A,Against all", "1,N,100,60,2,58,40,18", "58 40 40 60 60 ? 100"},
		{"without valid", "registered,cast,invalid,A,Against all", "1,N,100,60,2,40,18", "58 40 40 60 60 ? 100"},
		{"cast alone, all votes there", "cast,A", "1,N,60,60", "60 60 60 ? 60 ? ?"},
		{"cast alone, some ballots unexplained", "cast,A", "1,N,60,58", "? 58 58 ? 60 ? ?"},
		{"invalid alone", "invalid,A", "1,N,2,58", "58 58 58 60 60 ? ?"},
		{"nothing", "A,B", "1,N,40,18", "58 58 58 ? ? ? ?"},
		{"issued", "registered,issued,cast,invalid,A", "1,N,100,61,60,2,57", "58 57 57 60 60 61 100"},
		{"registered alone", "registered,A", "1,N,100,58", "58 58 58 ? ? ? 100"},
	}
	for _, tt := range tests {
		r, _ := count(election(t, tt.header, tt.row), law(t, "thresholds:\n  - {id: national, share: 10%, reach: at-least, in: nation}", "thresholds: none"), tally.Options{})
		var got []string
		for _, b := range rules.Bases() {
			text := "?"
			if x := r.Nation.Base(b); x.Known {
				text = fmt.Sprint(x.N)
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: bases %v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestByArea(t *testing.T) {
	s := election(t, "cast,A,B", "1,N,10,6,4", "2,S,20,5,15", "3,N,10,6,4")
	r, _ := count(s, law(t), tally.Options{By: "region"})
	if len(r.Areas) != 2 || r.Areas[0].Name != "N" || r.Areas[0].Votes[0] != 12 || r.Areas[1].Votes[1] != 15 || r.Areas[0].Precincts != 2 {
		t.Errorf("areas %+v", r.Areas)
	}
	var sum int64
	for _, a := range r.Areas {
		sum += a.Sum
	}
	if sum != r.Nation.Sum {
		t.Errorf("the areas sum to %d, the nation to %d", sum, r.Nation.Sum)
	}
	if r, findings := count(s, law(t), tally.Options{By: "district"}); r != nil || !strings.Contains(fmt.Sprint(findings), "the data names no district") {
		t.Errorf("by a level without areas: %v", findings)
	}
	if r, findings := count(s, law(t), tally.Options{By: "regoin"}); r != nil || !strings.Contains(fmt.Sprint(findings), `did you mean "region"`) {
		t.Errorf("by an unknown level: %v", findings)
	}
}

func TestRegister(t *testing.T) {
	s := election(t, "cast,A,B", "1,N,10,6,4", "9,N,10,6,4")
	reg := &returns.Register{File: "reg.csv", Expected: []returns.Expected{{ID: "1", Line: 2}, {ID: "2", Line: 3}}}
	r, findings := count(s, law(t), tally.Options{Register: reg})
	if r.Status != tally.Partial || len(r.Precincts.Missing) != 1 || r.Precincts.Missing[0] != "2" || r.Precincts.Expected.N != 2 {
		t.Errorf("status %v, precincts %+v", r.Status, r.Precincts)
	}
	got := fmt.Sprint(findings)
	for _, want := range []string{`reg.csv:3: warning MISSING: precinct "2"`, `a.csv:3: warning UNREGISTERED: precinct "9"`} {
		if !strings.Contains(got, want) {
			t.Errorf("findings %s, want %s", got, want)
		}
	}
}

// A list is weakest where its share is smallest: exactly, for votes whose products
// are beyond int64, and in the first of the areas with equal shares.
func TestWeakestArea(t *testing.T) {
	regional := law(t, "in: nation}", "in: each, level: region}", "base: cast", "base: valid")
	const half = 1 << 61
	for _, tt := range []struct {
		name string
		rows []string
		want string
	}{
		{"the smallest share, not the fewest votes", []string{"1,N,1,8", "2,S,20,180", "3,W,30,210"}, "S"},
		{"equal shares", []string{"1,N,3,7", "2,S,2,8", "3,W,20,80"}, "S"},
		{"one vote in 2^61", []string{fmt.Sprintf("1,N,%d,%d", half/2, half/2), fmt.Sprintf("2,S,%d,%d", half/2-1, half/2+1), "3,W,1,1"}, "S"},
		{"one vote in 2^61, the other way", []string{fmt.Sprintf("1,N,%d,%d", half/2+1, half/2-1), fmt.Sprintf("2,S,%d,%d", half/2, half/2), "3,W,2,1"}, "S"},
	} {
		r, findings := count(election(t, "A,B", tt.rows...), regional, tally.Options{})
		if r == nil {
			t.Errorf("%s: %v", tt.name, findings)
			continue
		}
		v := r.Thresholds[0].Lists[0]
		if got := r.AreaNames[v.Area]; got != tt.want {
			t.Errorf("%s: weakest in %s with %d of %d, want %s", tt.name, got, v.Share.Votes, v.Share.Of, tt.want)
		}
	}
}

// The bar for voiding the whole is one of voters, not of precincts.
func TestAnnulment(t *testing.T) {
	annulment := []string{"ties: lot", "ties: lot\nannulment: {share: 1/3, reach: more-than, base: registered, effect: may-void}"}
	for rows, want := range map[string]bool{
		"1,N,200,10,6,4 2,N,100,10,6,4": false, // a third exactly
		"1,N,199,10,6,4 2,N,100,10,6,4": true,
		"1,N,1,1,1,0 2,N,100,10,6,4":    true,
	} {
		_, findings := count(election(t, "registered,cast,A,B", strings.Fields(rows)...), law(t, annulment...), tally.Options{Annulled: []string{"2"}})
		got := slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Code == "ANNULMENT" })
		if got != want {
			t.Errorf("%s: said %v, want %v: %v", rows, got, want, findings)
		}
	}
	_, findings := count(election(t, "cast,A,B", "1,N,10,6,4", "2,N,10,6,4"), law(t, annulment...), tally.Options{Annulled: []string{"2"}})
	if !strings.Contains(fmt.Sprint(findings), "cannot be said") {
		t.Errorf("without registered voters: %v", findings)
	}
}

func TestPrecinctsWithoutARegion(t *testing.T) {
	each := law(t, "in: nation}", "in: each, level: region, areas: 3}")
	_, findings := count(election(t, "cast,A,B", "1,N,10,6,4", "2,,10,6,4"), each, tally.Options{})
	got := fmt.Sprint(findings)
	for _, want := range []string{`precincts without a region: 1; threshold "national" counts them nowhere`, "counts in 3 areas of level region, the data has 1: N"} {
		if !strings.Contains(got, want) {
			t.Errorf("findings %s, want %s", got, want)
		}
	}
}

// The tickets are what anybody computes with sha256sum, and the smallest win.
func TestDraws(t *testing.T) {
	none := law(t, "thresholds:\n  - {id: national, share: 10%, reach: at-least, in: nation}", "thresholds: none")
	s := election(t, "cast,Ak,Kok,Sary", "1,N,33,11,11,11")
	r, findings := count(s, none, tally.Options{Seats: 5, Seed: "Bishkek 2020-10-06"})
	if r == nil || r.Status != tally.Final || len(r.Draws) != 1 {
		t.Fatalf("result %+v, findings %v", r, findings)
	}
	want := []tally.Ticket{
		{List: "Sary", SHA256: "089e903eedd7f74c490eade78652a0bf8a88b068e91c0cddcc5d5d17dd2acda7"},
		{List: "Kok", SHA256: "a426d3b403b955ac240b043a5060b305d81d2e2b94bd2068e9e5579452bf6a15"},
		{List: "Ak", SHA256: "eb1b8e36938f97628096da0a7774b208ce3e7fca28f2555153bb7179bed51305"},
	}
	if !slices.Equal(r.Draws[0].Tickets, want) {
		t.Errorf("tickets %v, want %v", r.Draws[0].Tickets, want)
	}
	for _, l := range r.Lists {
		seats := 1
		if l.Name == want[0].List || l.Name == want[1].List {
			seats = 2
		}
		if l.Seats != seats {
			t.Errorf("%s has %d seats, want %d", l.Name, l.Seats, seats)
		}
	}
	if turned, _ := count(election(t, "cast,Sary,Kok,Ak", "1,N,33,11,11,11"), none, tally.Options{Seats: 5, Seed: "Bishkek 2020-10-06"}); !slices.Equal(turned.Draws[0].Tickets, want) {
		t.Errorf("with the lists in another order the tickets are %v", turned.Draws[0].Tickets)
	}
	if r, _ := count(s, none, tally.Options{Seats: 3, Seed: "x"}); len(r.Draws) > 0 {
		t.Errorf("a draw without a tie: %v", r.Draws)
	}
}

func TestAssertions(t *testing.T) {
	r, _ := count(election(t, "registered,cast,invalid,A,B c,C", "1,N,200,100,0,51,40,9"), law(t), tally.Options{})
	tests := []struct {
		text  string
		holds bool
		found string
	}{
		{"seats.A>=6", true, "6"}, {"seats.A > 6", false, "6"}, {"seats.B c=4", true, "4"}, {"seats.C==0", true, "0"},
		{"votes.A!=51", false, "51"}, {"share.C<10%", true, "9.0000%"}, {"share.B c=40%", true, "40.0000%"},
		{"qualified.C=false", true, "false"}, {"qualified.A!=true", false, "true"},
		{"total.cast=100", true, "100"}, {"total.registered<=200", true, "200"}, {"total.votes=100", true, "100"},
		{"precincts=1", true, "1"}, {"status=final", true, "final"},
	}
	for _, tt := range tests {
		a, err := tally.ParseAssertion(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if holds, found, err := a.Holds(r); err != nil || holds != tt.holds || found != tt.found {
			t.Errorf("%s: %v, found %q, %v; want %v, %q", tt.text, holds, found, err, tt.holds, tt.found)
		}
	}
	for text, want := range map[string]string{"seats": "no assertion", "seets.A>1": `did you mean "seats"`, "seats>1": "no such subject", "status.A=x": "no such subject"} {
		if _, err := tally.ParseAssertion(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseAssertion(%q): %v, want %s", text, err, want)
		}
	}
	for text, want := range map[string]string{"seats.Aa>1": `did you mean "A"`, "seats.A>x": "no whole number", "share.A>7": "write a percentage", "status>final": "takes = or !=", "total.x=1": "no total"} {
		a, err := tally.ParseAssertion(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, _, err := a.Holds(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func Example() {
	s := returns.New("region")
	s.AddFile("all.csv")
	a, b := s.AddList(returns.List{Name: "Ak"}), s.AddList(returns.List{Name: "Kok"})
	p, _ := s.AddPrecinct([]byte("1001"), s.AddArea(0, "Batken"), 2)
	s.Put(p, a, 200)
	s.Put(p, b, 100)
	var log finding.Log
	law, _ := rules.Load("plain", &log)
	r, _ := tally.Count(s, law, tally.Options{}, &log)
	for _, l := range r.Lists {
		fmt.Println(l.Name, l.Votes, l.Seats)
	}
	fmt.Println(r.Status, r.Nation.Share(a, rules.Valid).Percent(2))
	// Output:
	// Ak 200 80
	// Kok 100 40
	// final 66.67
}

// TestThresholdVectors counts the vectors that are about a share and no division; the
// others are run in package apportion.
func TestThresholdVectors(t *testing.T) {
	f, err := os.Open("../apportion/testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	run := 0
	for in := json.NewDecoder(f); in.More(); {
		var v struct {
			ID, Kind                   string
			Votes, Threshold, Expected json.RawMessage
		}
		if err := in.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if v.Kind != "threshold" {
			continue
		}
		run++
		var votes, want []int64
		var share string
		for raw, to := range map[*json.RawMessage]any{&v.Votes: &votes, &v.Expected: &want, &v.Threshold: &share} {
			if err := json.Unmarshal(*raw, to); err != nil {
				t.Fatalf("%s: %v", v.ID, err)
			}
		}
		bar, ok := new(big.Rat).SetString(share)
		if !ok {
			t.Fatalf("%s: threshold %q", v.ID, share)
		}
		law := &rules.Rules{Name: "vector", Seats: 10, Method: method(t, "lr:hare"), Thresholds: []rules.Threshold{{ID: "national", Share: bar, Base: rules.Valid}}}
		var header, row []string
		for i, n := range votes {
			header, row = append(header, fmt.Sprintf("L%d", i)), append(row, fmt.Sprint(n))
		}
		var log finding.Log
		r, ok := tally.Count(election(t, strings.Join(header, ","), "1,,"+strings.Join(row, ",")), law, tally.Options{}, &log)
		if !ok {
			t.Fatalf("%s: %v", v.ID, log.Sorted())
		}
		for i, n := range want {
			if in := r.Lists[i].Qualified == tally.Reached; in != (n > 0) {
				t.Errorf("%s: list %d with %d votes qualifies: %t, want %t", v.ID, i, votes[i], in, n > 0)
			}
		}
	}
	if run != 4 {
		t.Errorf("%d vectors run, want 4", run)
	}
}

func method(t *testing.T, name string) apportion.Method {
	t.Helper()
	m, err := apportion.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestConditions counts with seats that are held, candidates, bonuses and alliances.
func TestConditions(t *testing.T) {
	set := election(t, "A,B,C,D", "1,,5000,3000,1500,500")
	law := &rules.Rules{Name: "law", Seats: 20, Method: method(t, "dhondt"), Base: rules.Valid,
		Thresholds: []rules.Threshold{{ID: "national", Share: big.NewRat(1, 10), Base: rules.Valid}}}
	for _, tt := range []struct {
		name       string
		conditions tally.Conditions
		seats      [4]int
		open       [4]int
		want       string // in an error
	}{
		{"none", tally.Conditions{}, [4]int{11, 6, 3, 0}, [4]int{}, ""},
		{"a list below the threshold keeps what it holds", tally.Conditions{Minimums: []tally.Bound{{"D", 2}}}, [4]int{9, 5, 2, 2}, [4]int{1, 1, 1}, ""},
		{"on top of the house", tally.Conditions{Minimums: []tally.Bound{{"D", 2}}, Overhang: apportion.OverhangOnTop}, [4]int{11, 6, 3, 2}, [4]int{}, ""},
		{"candidates run out", tally.Conditions{Caps: []tally.Bound{{"A", 4}}}, [4]int{4, 11, 5, 0}, [4]int{}, ""},
		{"a bonus", tally.Conditions{Bonus: apportion.Bonus{Seats: 10}}, [4]int{16, 3, 1, 0}, [4]int{}, ""},
		{"an alliance, and a tie within it", tally.Conditions{Alliances: []tally.Alliance{{Lists: []string{"B", "C"}, Method: method(t, "imperiali")}}}, [4]int{11, 6, 2, 0}, [4]int{0, 1, 1}, ""},
		{"an alliance with a list that did not qualify", tally.Conditions{Alliances: []tally.Alliance{{Lists: []string{"C", "D"}}}}, [4]int{11, 6, 3, 0}, [4]int{}, ""},
		{"unknown lists", tally.Conditions{Minimums: []tally.Bound{{"X", 2}}}, [4]int{}, [4]int{}, `minimum: "X" is no list that takes seats`},
		{"more than the house", tally.Conditions{Minimums: []tally.Bound{{"A", 25}}}, [4]int{}, [4]int{}, "minimums: found 25 in all, for 20 seats"},
	} {
		var log finding.Log
		r, ok := tally.Count(set, law, tally.Options{Conditions: tt.conditions, Explain: true}, &log)
		if tt.want != "" {
			if ok || !strings.Contains(fmt.Sprint(log.Sorted()), tt.want) {
				t.Errorf("%s: Count = %v, %v, want %s", tt.name, ok, log.Sorted(), tt.want)
			}
			continue
		}
		if !ok {
			t.Errorf("%s: %v", tt.name, log.Sorted())
			continue
		}
		var seats, open [4]int
		for i, l := range r.Lists {
			seats[i], open[i] = l.Seats, l.OpenSeats
		}
		if seats != tt.seats || open != tt.open {
			t.Errorf("%s: seats %v, open %v, want %v and %v", tt.name, seats, open, tt.seats, tt.open)
		}
	}
}
