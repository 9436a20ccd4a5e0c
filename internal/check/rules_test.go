package check_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// build makes a set of precincts, each written as "id area: name=count ...": the names
// are lines and lists, and those that are no line are the lists.
func build(precincts ...string) *returns.Set {
	s := returns.New("region")
	s.AddFile("a.csv")
	lists := map[string]int{}
	for i, text := range precincts {
		head, counts, _ := strings.Cut(text, ": ")
		id, area, _ := strings.Cut(head, " ")
		p, _ := s.AddPrecinct([]byte(id), s.AddArea(0, area), i+2)
		for _, c := range strings.Fields(counts) {
			name, count, _ := strings.Cut(c, "=")
			n, err := strconv.ParseInt(count, 10, 64)
			if err != nil {
				panic(err)
			}
			if at := slices.IndexFunc(returns.Lines(), func(l returns.Line) bool { return l.String() == name }); at >= 0 {
				s.PutLine(p, returns.Line(at), n)
				continue
			}
			l, ok := lists[name]
			if !ok {
				l = s.AddList(returns.List{ID: name, Name: name})
				lists[name] = l
			}
			s.Put(p, l, n)
		}
	}
	return s
}

// found is the codes of what is found, by line.
func found(s *returns.Set, o check.Options) (codes string, log *finding.Log) {
	log = &finding.Log{}
	check.Run(s, o, log)
	var list []string
	for _, f := range log.Sorted() {
		list = append(list, fmt.Sprintf("%d:%s", f.Line, f.Code))
	}
	return strings.Join(list, " "), log
}

// A case says which code fails first or not at all: the least that a rule objects to,
// and the most that it does not.
var cases = []struct {
	code, name string
	in         []string
	want       string // lines and codes
	says       string
}{
	{"VALID-SUM", "votes are the valid ballots", []string{"1 N: valid=58 A=30 B=28"}, "", ""},
	{"VALID-SUM", "one vote more", []string{"1 N: valid=58 A=31 B=28"}, "2:VALID-SUM", "the votes sum to 59, the valid ballots are 58"},
	{"VALID-SUM", "blank ballots are valid in this country", []string{"1 N: blank=2 valid=60 A=30 B=28"}, "", ""},
	{"VALID-SUM", "blank ballots do not explain it", []string{"1 N: blank=1 valid=60 A=30 B=28"}, "2:VALID-SUM", ""},
	{"CAST-SUM", "valid and invalid are cast", []string{"1 N: cast=60 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"CAST-SUM", "one ballot less", []string{"1 N: cast=59 invalid=2 valid=58 A=30 B=28"}, "2:CAST-SUM", "58 valid and 2 invalid ballots do not sum to 59 ballots cast"},
	{"CAST-SUM", "blank ballots are beside the invalid ones", []string{"1 N: cast=63 blank=3 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"CAST-SUM", "blank ballots are among the invalid ones", []string{"1 N: cast=60 blank=2 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"OVER-CAST", "votes are more than cast, invalid not stated", []string{"1 N: cast=57 A=30 B=28"}, "2:OVER-CAST", "58 votes are more than 57 ballots cast"},
	{"OVER-CAST", "valid ballots are more than cast, and than votes", []string{"1 N: cast=57 valid=58 A=30 B=27"}, "2:OVER-CAST 2:VALID-SUM", "58 votes are more than 57 ballots cast"},
	{"ISSUED-SUM", "all ways are issued", []string{"1 N: early=1 station=50 outside=9 issued=60 A=30"}, "", ""},
	{"ISSUED-SUM", "one outside not in the sum", []string{"1 N: early=1 station=50 outside=10 issued=60 A=30"}, "2:ISSUED-SUM", "1 ballots given out early, 50 at the station and 10 outside do not sum to 60 issued: 1 apart"},
	{"RECEIVED-SUM", "the Russian relation", []string{"1 N: received=100 early=1 station=50 outside=9 cancelled=41 lost=2 unaccounted=3 A=30"}, "", ""},
	{"RECEIVED-SUM", "one ballot not accounted for", []string{"1 N: received=101 early=1 station=50 outside=9 cancelled=41 lost=2 unaccounted=3 A=30"}, "2:RECEIVED-SUM",
		"60 ballots given out, 41 cancelled and 2 lost, less 3 not counted on receipt, do not sum to 101 received: 1 apart"},
	{"RECEIVED-SUM", "the Kyrgyz relation, by the sum of issued", []string{"1 N: received=100 issued=60 cancelled=40 A=30"}, "", ""},
	{"RECEIVED-SUM", "one ballot too many", []string{"1 N: received=99 issued=60 cancelled=40 A=30"}, "2:RECEIVED-SUM", "60 ballots given out and 40 cancelled do not sum to 99 received: 1 apart"},
	{"RECEIVED-SUM", "lost ballots stated alone: the relation is of another form", []string{"1 N: received=99 issued=60 cancelled=40 lost=0 A=30"}, "", ""},
	{"BOX-SUM", "boxes hold what was counted", []string{"1 N: portable=9 stationary=51 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"BOX-SUM", "one ballot less in the boxes", []string{"1 N: portable=9 stationary=50 invalid=2 valid=58 A=30 B=28"}, "2:BOX-SUM", "9 ballots in the mobile boxes and 50 in those of the station are not 58 valid and 2 invalid ones: 1 apart"},
	{"OVER-REGISTERED", "valid and invalid, cast not stated", []string{"1 N: registered=59 invalid=2 valid=58 A=30 B=28"}, "2:OVER-REGISTERED", "58 valid and 2 invalid ballots are more than 59 registered voters"},
	{"OVER-REGISTERED", "cast fits, and nothing else is asked", []string{"1 N: registered=60 cast=60 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"OVER-REGISTERED", "votes, nothing else stated", []string{"1 N: registered=57 A=30 B=28"}, "2:OVER-REGISTERED", "58 votes are more than 57 registered voters"},
	{"ISSUED-REGISTERED", "all voters were given one", []string{"1 N: registered=60 issued=60 A=30"}, "", ""},
	{"ISSUED-REGISTERED", "one more than voters", []string{"1 N: registered=59 early=1 station=50 outside=9 A=30"}, "2:ISSUED-REGISTERED", "60 ballots given out are more than 59 registered voters"},
	{"OVER-ISSUED", "all that were given out", []string{"1 N: issued=60 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"OVER-ISSUED", "one more by the count", []string{"1 N: issued=59 invalid=2 valid=58 A=30 B=28"}, "2:OVER-ISSUED", "60 ballots in the boxes are more than 59 given out"},
	{"OVER-ISSUED", "one more by the boxes", []string{"1 N: early=0 station=50 outside=9 portable=9 stationary=51 A=30 B=28"}, "2:OVER-ISSUED", ""},
	{"OVER-ISSUED", "one more by those who took part", []string{"1 N: issued=59 cast=60 A=30 B=28"}, "2:OVER-ISSUED", ""},
	{"OVER-ISSUED", "blank ballots may be among the invalid ones", []string{"1 N: issued=60 blank=2 invalid=2 valid=58 A=30 B=28"}, "", ""},
	{"ZERO", "one invalid ballot", []string{"1 N: invalid=1 A=0 B=0"}, "", ""},
	{"ZERO", "nothing", []string{"1 N: invalid=0 A=0 B=0"}, "2:ZERO", "no ballots at all"},
	{"INCOMPLETE", "a list without a figure", []string{"1 N: A=1 B=1", "2 N: A=1"}, "3:INCOMPLETE", `no figure for votes for "B", here and in 1 of 2 precincts`},
	{"PORTABLE-OVER", "as many as given out", []string{"1 N: early=1 outside=9 portable=10 A=30"}, "", ""},
	{"PORTABLE-OVER", "one more", []string{"1 N: early=1 outside=9 portable=11 A=30"}, "2:PORTABLE-OVER", "11 ballots in the mobile boxes are more than 1 given out early and 9 outside"},
	{"ISSUED-GAP", "2 % are not there", []string{"1 N: issued=150 cast=147 A=30"}, "2:ISSUED-GAP", "147 ballots in the boxes, and 150 given out: 2 % or more are not there"},
	{"ISSUED-GAP", "less than 2 %", []string{"1 N: issued=151 cast=148 A=30"}, "", ""},
	{"ISSUED-GAP", "a small precinct", []string{"1 N: issued=100 cast=90 A=30"}, "", ""},
	{"TURNOUT-FULL", "100 voters are few", []string{"1 N: registered=100 cast=100 A=30"}, "", ""},
	{"TURNOUT-FULL", "101 are not", []string{"1 N: registered=101 cast=101 A=30"}, "2:TURNOUT-FULL", "all 101 registered voters took part"},
	{"TURNOUT-FULL", "by valid and invalid", []string{"1 N: registered=101 invalid=71 valid=30 A=30"}, "2:TURNOUT-FULL", ""},
	{"ONE-LIST", "100 votes are few", []string{"1 N: A=100 B=0"}, "", ""},
	{"ONE-LIST", "101 are not", []string{"1 N: A=101 B=0"}, "2:ONE-LIST", `all 101 votes are for "A"`},
	{"ONE-LIST", "another has one", []string{"1 N: A=101 B=1"}, "", ""},
	{"ONE-LIST", "nobody else stands", []string{"1 N: A=101"}, "", ""},
	{"SAME-VOTES", "50 votes in one area", []string{"1 N: A=30 B=19 C=1", "2 N: A=30 B=19 C=1", "3 N: A=30 B=19 C=1"}, "3:SAME-VOTES 4:SAME-VOTES", `precinct "2": the same votes for every list, 50 in all, as precinct "1" of its area (a.csv:2)`},
	{"SAME-VOTES", "49 votes are few", []string{"1 N: A=29 B=19 C=1", "2 N: A=29 B=19 C=1"}, "", ""},
	{"SAME-VOTES", "two lists are few", []string{"1 N: A=30 B=20 C=0", "2 N: A=30 B=20 C=0"}, "", ""},
	{"SAME-VOTES", "another area", []string{"1 N: A=30 B=19 C=1", "2 S: A=30 B=19 C=1"}, "", ""},
	{"SAME-VOTES", "in another order", []string{"1 N: A=30 B=19 C=1", "2 N: A=19 B=30 C=1"}, "", ""},
	{"SPREADSHEET", "a day among numbers", []string{"4-2 N: A=1", "4-Jan N: A=1", "4-3 N: A=1"}, "3:SPREADSHEET", `precinct "4-Jan": its id is a date`},
	{"SPREADSHEET", "days are how precincts are called", []string{"4-Jan N: A=1", "5-Jan N: A=1", "x N: A=1"}, "", ""},
	{"UNDER-ISSUED", "not unless asked for", []string{"1 N: issued=60 cast=59 A=30"}, "", ""},
	{"INVALID-RATE", "not unless asked for", []string{"1 N: cast=200 invalid=170 A=30"}, "", ""},
	{"OUTSIDE-RATE", "not unless asked for", []string{"1 N: issued=200 outside=170 A=30"}, "", ""},
}

func TestRules(t *testing.T) {
	reached := map[string]bool{}
	for _, tt := range cases {
		got, log := found(build(tt.in...), check.Options{})
		if got != tt.want {
			t.Errorf("%s: %s: found %q, want %q: %v", tt.code, tt.name, got, tt.want, log.Sorted())
		}
		if !strings.Contains(fmt.Sprint(log.Sorted()), tt.says) {
			t.Errorf("%s: %s: says %v, want %q", tt.code, tt.name, log.Sorted(), tt.says)
		}
		reached[tt.code] = true
	}
	for _, code := range check.Codes() {
		if !reached[code] && code != "MISSING" && code != "UNREGISTERED" && code != "REGISTER-DIFFERS" && code != "PUBLISHED" {
			t.Errorf("no case for %s", code)
		}
	}
}

// Rules that are off are held when asked for, with a minimal precinct that fails.
func TestEnable(t *testing.T) {
	tests := []struct{ code, in, want string }{
		{"UNDER-ISSUED", "1 N: issued=60 cast=60 A=30", ""},
		{"UNDER-ISSUED", "1 N: issued=60 cast=59 A=30", "2:UNDER-ISSUED"},
		{"UNDER-ISSUED", "1 N: issued=62 blank=2 invalid=2 valid=58 A=58", ""}, // blank ones beside the invalid
		{"INVALID-RATE", "1 N: cast=200 invalid=5 A=195", ""},
		{"INVALID-RATE", "1 N: cast=200 invalid=6 A=194", "2:INVALID-RATE"},
		{"INVALID-RATE", "1 N: cast=100 invalid=50 A=50", ""}, // small
		{"OUTSIDE-RATE", "1 N: issued=200 outside=59 A=30", ""},
		{"OUTSIDE-RATE", "1 N: issued=200 outside=60 A=30", "2:OUTSIDE-RATE"},
	}
	for _, tt := range tests {
		in := build(tt.in, "2 N: B=1") // so that no list is alone
		got, log := found(in, check.Options{Enable: []string{tt.code}, Disable: []string{"INCOMPLETE", "ONE-LIST"}})
		if got != tt.want {
			t.Errorf("%s of %s: found %q, want %q: %v", tt.code, tt.in, got, tt.want, log.Sorted())
		}
	}
}

// A code that is disabled is not found, and no other takes its place.
func TestDisable(t *testing.T) {
	for _, tt := range cases {
		got, _ := found(build(tt.in...), check.Options{Disable: []string{tt.code}})
		want := strings.TrimSpace(regexp.MustCompile(`\d+:`+tt.code+`\b ?`).ReplaceAllString(tt.want, ""))
		if got != want {
			t.Errorf("%s: %s: found %q, want %q", tt.code, tt.name, got, want)
		}
	}
}

func TestVotesBeyondInt64(t *testing.T) {
	var log finding.Log
	checked := check.Run(build("1 N: A=9223372036854775807 B=1"), check.Options{}, &log)
	if f := log.Sorted(); checked != nil || len(f) != 1 || f[0].Code != "OVERFLOW" || !log.Failed() {
		t.Errorf("checked %v, found %v", checked, f)
	}
}

func TestLarge(t *testing.T) {
	for large, want := range map[int]string{10: "2:ONE-LIST 2:TURNOUT-FULL", 11: ""} {
		if got, _ := found(build("1 N: registered=11 cast=11 A=11 B=0"), check.Options{Large: large}); got != want {
			t.Errorf("large %d: found %q, want %q", large, got, want)
		}
	}
}

func TestRegister(t *testing.T) {
	reg := &returns.Register{File: "reg.csv", Expected: []returns.Expected{
		{ID: "1", Region: "N", Registered: 100, Line: 2}, {ID: "2", Region: "S", Registered: 99, Line: 3},
		{ID: "3", Registered: -1, Line: 4}, {ID: "4", Region: "North", Registered: -1, Line: 5},
	}}
	s := build("1 N: registered=100 A=1 B=1", "2 N: registered=100 A=1 B=1", "9 S: registered=5 A=1 B=1", "4 N: registered=5 A=1 B=1")
	_, log := found(s, check.Options{Register: reg})
	var got []string
	for _, f := range log.Sorted() {
		got = append(got, f.String())
	}
	want := []string{
		`a.csv:3: warning REGISTER-DIFFERS: precinct "2": 100 registered voters, and 99 in the register (reg.csv:3)`,
		`a.csv:3: warning REGISTER-DIFFERS: precinct "2": it is in "N", and in "S" in the register (reg.csv:3)`,
		`a.csv:4: warning UNREGISTERED: precinct "9" is not in the register`,
		`reg.csv:4: warning MISSING: precinct "3" is expected and missing: it has not reported`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What was tried is said, in the way that it was.
func TestChecked(t *testing.T) {
	var log finding.Log
	checked := check.Run(build("1 N: cast=60 invalid=2 A=58", "2 N: cast=60 invalid=2 valid=58 A=58", "3 N: A=5"), check.Options{Disable: []string{"ONE-LIST"}}, &log)
	var got []string
	for _, c := range checked {
		if c.Code == "CAST-SUM" || c.Code == "BOX-SUM" || c.Code == "UNDER-ISSUED" || c.Code == "ONE-LIST" {
			got = append(got, fmt.Sprintf("%s %v %d: %s", c.Code, c.On, c.Precincts, c.Holds))
		}
	}
	want := []string{
		"CAST-SUM true 1: valid + invalid = cast",
		"CAST-SUM true 1: votes + invalid = cast",
		"BOX-SUM true 0: portable + stationary = valid + invalid (+ blank)",
		"UNDER-ISSUED false 0: ballots ≥ given",
		"ONE-LIST false 0: two lists have votes",
	}
	if !slices.Equal(got, want) {
		t.Errorf("checked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		id   string
		date bool
	}{
		{"1-Apr", true}, {"01.апр", true}, {"Apr-20", true}, {"2020-04-01", true}, {"2020-04-01 00:00:00", true}, {"01.04.2020", true}, {"4/1/2020", true},
		{"1. Apr 2020", false}, {"1 apr 2020", true}, {"5-Okt", false}, {"1.20E+06", true}, {"1E+05", true},
		{"4-1", false}, {"12/5", false}, {"2020-4", false}, {"8001", false}, {"April", false}, {"32-Apr", false}, {"E-12", false}, {"12E5", false}, {"10.4.7", false}, {"Маячная 1-апр", false}, {"", false},
	}
	for _, tt := range tests {
		if tt.id == "" {
			continue
		}
		s := returns.New("region")
		s.AddFile("a.csv")
		l := s.AddList(returns.List{Name: "A"})
		for i, id := range []string{"x1", tt.id, "x3"} {
			p, _ := s.AddPrecinct([]byte(id), 0, i+2)
			s.Put(p, l, 1)
		}
		if got, _ := found(s, check.Options{}); (got == "3:SPREADSHEET") != tt.date {
			t.Errorf("%q: found %q, a date %v", tt.id, got, tt.date)
		}
	}
}

// The relations as they are written hold as they are computed: an independent reading
// of the text, in whole numbers of any size, on any counts.
func TestRelationsAgainstOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 20))
	failed := map[string]int{}
	for range 1000 {
		large := int64(5)
		top := []int64{4, 20, math.MaxInt64}[r.IntN(3)]
		counts := map[string]int64{}
		text := "1 N:"
		for _, l := range returns.Lines() {
			if r.IntN(3) > 0 {
				counts[l.String()] = r.Int64N(top)
				text += fmt.Sprintf(" %v=%d", l, counts[l.String()])
			}
		}
		counts["votes"] = r.Int64N(top)
		text += fmt.Sprintf(" A=%d B=0", counts["votes"])
		var off []string
		for _, rule := range check.Rules() {
			if rule.Off {
				off = append(off, rule.Code)
			}
		}
		got, log := found(build(text), check.Options{Large: int(large), Enable: off, Disable: []string{"ONE-LIST"}})
		var want []string
		for _, code := range check.Codes() {
			if breaks(code, counts, large) {
				want = append(want, "2:"+code)
				failed[code]++
			}
		}
		slices.Sort(want)
		if got != strings.Join(want, " ") {
			t.Fatalf("%s: found %q, want %q: %v", text, got, want, log.Sorted())
		}
	}
	for _, code := range check.Codes() {
		if _, relation := oracle[code]; relation && failed[code] < 5 {
			t.Errorf("%s failed %d times: the test does not reach it", code, failed[code])
		}
	}
}

// figures are counts by name; one that is not stated is nil, and makes every sum nil.
type figures map[string]int64

func (f figures) sum(names string) *big.Int {
	sum := new(big.Int)
	for _, n := range strings.Fields(names) {
		v, ok := f[strings.TrimPrefix(n, "-")]
		switch {
		case !ok:
			return nil
		case n[0] == '-':
			sum.Sub(sum, big.NewInt(v))
		default:
			sum.Add(sum, big.NewInt(v))
		}
	}
	return sum
}

// first is the first sum that is stated, and what blank ballots may add to it.
func (f figures) first(ways ...string) (sum, blank *big.Int) {
	for _, w := range ways {
		if sum := f.sum(w); sum != nil {
			if strings.Contains(w, "valid invalid") {
				return sum, big.NewInt(f["blank"])
			}
			return sum, new(big.Int)
		}
	}
	return nil, nil
}

func (f figures) given() *big.Int { g, _ := f.first("issued", "early station outside"); return g }

// differ reports whether a stated and a stated b differ, whatever blank adds to a.
func differ(a, b, blank *big.Int) bool {
	return a != nil && b != nil && a.Cmp(b) != 0 && new(big.Int).Add(a, blank).Cmp(b) != 0
}

func times(n int64, x *big.Int) *big.Int { return new(big.Int).Mul(big.NewInt(n), x) }

var oracle = map[string]func(f figures, large *big.Int) bool{
	"VALID-SUM": func(f figures, _ *big.Int) bool {
		return differ(f.sum("votes"), f.sum("valid"), big.NewInt(f["blank"]))
	},
	"CAST-SUM": func(f figures, _ *big.Int) bool {
		s, _ := f.first("valid invalid")
		if _, ok := f["valid"]; !ok {
			s = f.sum("votes invalid")
		}
		return differ(s, f.sum("cast"), big.NewInt(f["blank"]))
	},
	"OVER-CAST": func(f figures, _ *big.Int) bool {
		_, invalid := f["invalid"]
		cast, ok := f["cast"]
		return !invalid && ok && max(f["votes"], f["valid"]) > cast
	},
	"ISSUED-SUM": func(f figures, _ *big.Int) bool {
		return differ(f.sum("early station outside"), f.sum("issued"), new(big.Int))
	},
	"RECEIVED-SUM": func(f figures, _ *big.Int) bool {
		rest := f.sum("cancelled lost -unaccounted")
		_, lost := f["lost"]
		_, unaccounted := f["unaccounted"]
		if !lost && !unaccounted {
			rest = f.sum("cancelled")
		}
		return rest != nil && f.given() != nil && differ(rest.Add(rest, f.given()), f.sum("received"), new(big.Int))
	},
	"BOX-SUM": func(f figures, _ *big.Int) bool {
		return differ(f.sum("valid invalid"), f.sum("portable stationary"), big.NewInt(f["blank"]))
	},
	"OVER-REGISTERED": func(f figures, _ *big.Int) bool {
		took := []*big.Int{f.sum("cast")}
		if took[0] == nil {
			took = []*big.Int{f.sum("votes"), f.sum("valid invalid")}
		}
		return slices.ContainsFunc(took, func(x *big.Int) bool { r := f.sum("registered"); return x != nil && r != nil && x.Cmp(r) > 0 })
	},
	"ISSUED-REGISTERED": func(f figures, _ *big.Int) bool {
		return f.given() != nil && f.sum("registered") != nil && f.given().Cmp(f.sum("registered")) > 0
	},
	"OVER-ISSUED": func(f figures, _ *big.Int) bool {
		b, _ := f.first("valid invalid", "portable stationary", "cast")
		return b != nil && f.given() != nil && b.Cmp(f.given()) > 0
	},
	"UNDER-ISSUED": func(f figures, _ *big.Int) bool {
		b, blank := f.first("valid invalid", "portable stationary", "cast")
		return b != nil && f.given() != nil && b.Add(b, blank).Cmp(f.given()) < 0
	},
	"ISSUED-GAP": func(f figures, large *big.Int) bool {
		b, blank := f.first("valid invalid", "portable stationary", "cast")
		return b != nil && f.given() != nil && f.given().Cmp(large) > 0 && times(50, b.Add(b, blank)).Cmp(times(49, f.given())) <= 0
	},
	"ZERO": func(f figures, _ *big.Int) bool { return f["votes"] == 0 && f["cast"] == 0 && f["invalid"] == 0 },
	"PORTABLE-OVER": func(f figures, _ *big.Int) bool {
		a, b := f.sum("portable"), f.sum("early outside")
		return a != nil && b != nil && a.Cmp(b) > 0
	},
	"TURNOUT-FULL": func(f figures, large *big.Int) bool {
		a, blank := f.first("cast", "valid invalid")
		r := f.sum("registered")
		return a != nil && r != nil && r.Cmp(large) > 0 && a.Cmp(r) == 0 && blank.Sign() == 0
	},
	"INVALID-RATE": func(f figures, large *big.Int) bool {
		a, blank := f.first("cast", "valid invalid")
		i := f.sum("invalid")
		if a == nil || i == nil {
			return false
		}
		all := new(big.Int).Add(a, blank)
		return all.Cmp(large) > 0 && times(100, i).Cmp(times(3, all)) >= 0
	},
	"OUTSIDE-RATE": func(f figures, large *big.Int) bool {
		o := f.sum("outside")
		return o != nil && f.given() != nil && f.given().Cmp(large) > 0 && times(10, o).Cmp(times(3, f.given())) >= 0
	},
}

func breaks(code string, counts figures, large int64) bool {
	f, ok := oracle[code]
	return ok && f(counts, big.NewInt(large))
}

// What is found does not depend on how many look for it.
func TestParts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := returns.New("region")
	s.AddFile("a.csv")
	for _, n := range []string{"A", "B", "C"} {
		s.AddList(returns.List{Name: n})
	}
	for i := range 40_000 {
		p, _ := s.AddPrecinct(fmt.Append(nil, i), s.AddArea(0, fmt.Sprint(i%100)), i+2)
		for l := range 3 {
			s.Put(p, l, 30+r.Int64N(20))
		}
		s.PutLine(p, returns.Registered, 130+r.Int64N(10))
	}
	var want string
	for _, procs := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(procs)
		var log finding.Log
		checked := check.Run(s, check.Options{}, &log)
		runtime.GOMAXPROCS(old)
		got := fmt.Sprint(log.Counts(), log.Sorted(), checked)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%d at once find something else", procs)
		}
	}
	if !strings.Contains(want, "SAME-VOTES") || !strings.Contains(want, "OVER-REGISTERED") {
		t.Error("nothing found")
	}
}

// A precinct that keeps to every rule takes no memory.
func TestNoAllocations(t *testing.T) {
	allocations := func(n int) float64 {
		s := returns.New("region")
		s.AddFile("a.csv")
		a, b := s.AddList(returns.List{Name: "A"}), s.AddList(returns.List{Name: "B"})
		for i := range n {
			p, _ := s.AddPrecinct(fmt.Append(nil, i), 0, i+2)
			s.Put(p, a, 30)
			s.Put(p, b, 28)
			s.PutLine(p, returns.Registered, 100)
			s.PutLine(p, returns.Cast, 60)
			s.PutLine(p, returns.Invalid, 2)
			s.PutLine(p, returns.Issued, 60)
		}
		return testing.AllocsPerRun(3, func() {
			var log finding.Log
			check.Run(s, check.Options{}, &log)
			if len(log.Sorted()) > 0 {
				t.Fatal(log.Sorted())
			}
		})
	}
	if few, many := allocations(100), allocations(10_000); many > few+20 {
		t.Errorf("%v allocations for 100 precincts, %v for 10,000", few, many)
	}
}

// Every code of a rule is in the table of codes, and every rule says where it is from or
// speaks for itself.
func TestRulesAreExplained(t *testing.T) {
	for _, r := range check.Rules() {
		if !slices.ContainsFunc(finding.Codes, func(c finding.Code) bool { return c.Name == r.Code }) || r.Holds == "" {
			t.Errorf("rule %+v is not explained", r)
		}
		if r.Off && r.Count {
			t.Errorf("rule %s is a part of a count and off", r.Code)
		}
	}
	if n := len(check.Rules()); n > 64 {
		t.Errorf("%d rules do not fit into a word", n)
	}
}
