package compare_test

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kenesh/internal/compare"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// numbers are pseudorandom and the same in every run.
type numbers uint64

func (n *numbers) below(limit int64) int64 {
	*n = *n*6364136223846793005 + 1442695040888963407
	return int64(uint64(*n)>>33) % limit
}

// set makes one of rows of votes, by precinct; ids are 1, 2, 3 …
func set(rows ...[]int64) *returns.Set {
	s := returns.New("region", "district")
	s.AddFile("votes.csv")
	for l := range rows[0] {
		name := string(rune('A' + l))
		s.AddList(returns.List{ID: name, Name: name})
	}
	for i, row := range rows {
		add(s, strconv.Itoa(i+1), row)
	}
	return s
}

func add(s *returns.Set, id string, votes []int64) int {
	p, _ := s.AddPrecinct([]byte(id), 0, s.Len()+2)
	for l, v := range votes {
		s.Put(p, l, v)
	}
	s.Rows++
	return p
}

func compared(t *testing.T, a, b *returns.Set) *compare.Comparison {
	t.Helper()
	log := &finding.Log{}
	c, ok := compare.Compare(a, b, log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return c
}

// Each signature holds where its definition says so, in both directions, and not beside it.
func TestSignatures(t *testing.T) {
	for _, tt := range []struct {
		what string
		a, b []int64
		want string
	}{
		{"two lists exchanged", []int64{120, 45, 3, 8}, []int64{45, 120, 3, 8}, "exchanged moved"},
		{"three lists in a circle are not", []int64{120, 45, 3, 8}, []int64{45, 3, 120, 8}, ""},
		{"shifted from the second on, the sum kept", []int64{120, 45, 30, 8}, []int64{120, 8, 45, 30}, "shifted"},
		{"shifted from the second on, the last lost", []int64{120, 45, 30, 8}, []int64{120, 0, 45, 30}, "shifted"},
		{"a shift that ends before the last is none", []int64{120, 45, 30, 8}, []int64{0, 120, 45, 8}, ""},
		{"shifted with something else in the free place", []int64{120, 45, 30, 8}, []int64{120, 1, 45, 30}, ""},
		{"shifted, behind equal numbers", []int64{7, 7, 30, 8}, []int64{0, 7, 7, 30}, "shifted"},
		{"the last two exchanged", []int64{120, 45, 30, 8}, []int64{120, 45, 8, 30}, "exchanged shifted moved"},
		{"two digits exchanged", []int64{132, 45, 30, 8}, []int64{123, 45, 30, 8}, "transposed"},
		{"digits apart exchanged", []int64{132, 45, 30, 8}, []int64{231, 45, 30, 8}, "transposed"},
		{"divisible by 9 and other digits", []int64{132, 45, 30, 8}, []int64{168, 45, 30, 8}, ""},
		{"a zero that goes to the front is no transposition", []int64{120, 45, 30, 8}, []int64{120, 45, 3, 8}, "tenfold"},
		{"one digit", []int64{143, 45, 30, 8}, []int64{183, 45, 30, 8}, "digit"},
		{"by one, over a ten", []int64{149, 45, 30, 8}, []int64{150, 45, 30, 8}, "digit"},
		{"by a hundred, over a thousand", []int64{940, 45, 30, 8}, []int64{1040, 45, 30, 8}, "digit"},
		{"two digits", []int64{149, 45, 30, 8}, []int64{171, 45, 30, 8}, ""},
		{"another length", []int64{9, 45, 30, 8}, []int64{21, 45, 30, 8}, ""},
		{"ten times", []int64{12, 45, 30, 8}, []int64{120, 45, 30, 8}, "tenfold"},
		{"zero is not ten times zero", []int64{12, 45, 30, 8}, []int64{0, 45, 30, 8}, ""},
		{"from one list to another", []int64{120, 45, 30, 8}, []int64{90, 75, 30, 8}, "moved"},
		{"from two lists to another is none", []int64{120, 45, 30, 8}, []int64{90, 70, 35, 8}, ""},
		{"twice the votes", []int64{120, 45, 30, 0}, []int64{240, 90, 60, 0}, "doubled"},
		{"twice the votes of two lists alone", []int64{120, 45, 0, 0}, []int64{240, 90, 0, 0}, ""},
		{"all but one doubled", []int64{120, 45, 30, 8}, []int64{240, 90, 60, 17}, ""},
		{"the same", []int64{120, 45, 30, 8}, []int64{120, 45, 30, 8}, "none differs"},
	} {
		for _, x := range [][2][]int64{{tt.a, tt.b}, {tt.b, tt.a}} {
			c := compared(t, set(x[0]), set(x[1]))
			got := "none differs"
			if len(c.Changed) > 0 {
				var names []string
				for _, s := range c.Changed[0].Signatures {
					names = append(names, s.String())
				}
				got = strings.Join(names, " ")
			}
			if got != tt.want {
				t.Errorf("%s: %v and %v: %q, want %q", tt.what, x[0], x[1], got, tt.want)
			}
		}
	}
}

// The signatures that look beyond the lists of the precinct.
func TestSignaturesOfLinesAndNeighbours(t *testing.T) {
	base := func() *returns.Set {
		s := set([]int64{50, 40, 9}, []int64{31, 22, 9}, []int64{77, 15, 9})
		for p := range 3 {
			s.PutLine(p, returns.Registered, 200)
			s.PutLine(p, returns.Cast, 110)
		}
		return s
	}
	for _, tt := range []struct {
		what, want string
		change     func(s *returns.Set)
	}{
		{"the votes of the precinct before", "[neighbour]", func(s *returns.Set) { s.Add(1, 0, 50-31) }},
		{"of the one behind, in two lists", "[neighbour]", func(s *returns.Set) { s.Add(1, 0, 77-31); s.Add(1, 1, 15-22) }},
		{"of one before and one behind", "[]", func(s *returns.Set) { s.Add(1, 0, 50-31); s.Add(1, 1, 15-22) }},
		{"of one two further is not", "[]", func(s *returns.Set) { s.Add(0, 0, 77-50) }},
		{"added with turnout", "[added]", func(s *returns.Set) { s.Add(1, 0, 23); s.Add(1, 1, 12); s.AddLine(1, returns.Cast, 35) }},
		{"taken with turnout", "[added]", func(s *returns.Set) { s.Add(1, 0, -23); s.Add(1, 1, -2); s.AddLine(1, returns.Cast, -25) }},
		{"added, without turnout", "[]", func(s *returns.Set) { s.Add(1, 0, 23); s.Add(1, 1, 12) }},
		{"added and taken", "[]", func(s *returns.Set) { s.Add(1, 0, 23); s.Add(1, 1, -12); s.AddLine(1, returns.Cast, 11) }},
		{"a digit of a line", "[digit]", func(s *returns.Set) { s.AddLine(1, returns.Registered, 30) }},
		{"a tenth of a line", "[tenfold over-registered]", func(s *returns.Set) { s.AddLine(1, returns.Registered, 20-200) }},
		{"two lines", "[]", func(s *returns.Set) { s.AddLine(1, returns.Registered, 30); s.AddLine(1, returns.Cast, 30) }},
		{"fewer registered than cast", "[over-registered]", func(s *returns.Set) { s.AddLine(1, returns.Registered, 93-200) }},
	} {
		b := base()
		tt.change(b)
		for _, c := range []*compare.Comparison{compared(t, base(), b), compared(t, b, base())} {
			if len(c.Changed) != 1 {
				t.Fatalf("%s: %d precincts differ", tt.what, len(c.Changed))
			}
			if got := fmt.Sprint(c.Changed[0].Signatures); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
			}
		}
	}
}

// Keys join what is one precinct in both counts; one that several have joins none.
func TestKeys(t *testing.T) {
	a, b := set([]int64{1}, []int64{2}, []int64{3}, []int64{4}, []int64{5}, []int64{6}), set([]int64{1}, []int64{2}, []int64{3}, []int64{4}, []int64{5})
	for p, key := range []string{"x", "y", "twice in A", "twice in A", "twice in B", ""} {
		a.PutKey(p, key)
	}
	for p, key := range []string{"y", "z", "twice in A", "twice in B", "twice in B"} {
		b.PutKey(p, key)
	}
	log := &finding.Log{}
	c, ok := compare.Compare(a, b, log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	if c.Joined != 1 || c.Name(&c.Changed[0]) != "y" || c.Changed[0].Votes != [2]int64{2, 1} {
		t.Errorf("joined %d: %+v", c.Joined, c.Changed)
	}
	if len(c.Only[0]) != 1 || len(c.Only[1]) != 1 || len(c.Unclear[0]) != 4 || len(c.Unclear[1]) != 3 {
		t.Errorf("only %v, unclear %v", c.Only, c.Unclear)
	}
	want := []string{`warning KEY: 3 precincts of B are joined with none, for the key is not of one precinct alone in both counts; the first is "3" with "twice in A"`,
		`warning KEY: 4 precincts of A are joined with none, for the key is not of one precinct alone in both counts; the first is "3" with "twice in A"`}
	var got []string
	for _, f := range log.Sorted() {
		got = append(got, f.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings %q", got)
	}
	if _, ok := compare.Compare(a, set([]int64{1}), &finding.Log{}); ok {
		t.Error("a count with keys was joined with one without")
	}
	if _, ok := compare.Compare(set([]int64{1}), func() *returns.Set { s := returns.New(); s.AddFile("b.csv"); add(s, "9", nil); return s }(), &finding.Log{}); ok {
		t.Error("two counts without a common precinct were compared")
	}
}

// The rows are what precinct by precinct gives, whatever the order of precincts and lists.
func TestRows(t *testing.T) {
	r := numbers(5)
	for range 200 {
		n, lists := int(2+r.below(9)), int(1+r.below(5))
		var x, y [][]int64
		for range n {
			var v, w []int64
			for range lists {
				v = append(v, r.below(4))
				w = append(w, r.below(4))
			}
			x, y = append(x, v), append(y, w)
		}
		a := returns.New("region", "district") // from a place on, and round
		a.AddFile("a.csv")
		for l := range lists {
			name := string(rune('A' + l))
			a.AddList(returns.List{ID: name, Name: name})
		}
		for i, turn := 0, int(r.below(int64(n))); i < n; i++ {
			k := (i + turn) % n
			add(a, strconv.Itoa(k+1), x[k])
		}
		b := returns.New("region", "district") // backwards, its lists as well, and one precinct more
		b.AddFile("b.csv")
		for l := lists - 1; l >= 0; l-- {
			b.AddList(a.Lists[l])
		}
		more := make([]int64, lists)
		more[0] = 7
		add(b, "99", more)
		for i := n - 1; i >= 0; i-- {
			w := slices.Clone(y[i])
			slices.Reverse(w)
			add(b, strconv.Itoa(i+1), w)
		}
		c := compared(t, a, b)
		same := 0
		for i := range n {
			if slices.Equal(x[i], y[i]) {
				same++
			}
		}
		if c.Joined != n || c.SameLists != same || len(c.Changed) != n-same || len(c.Only[1]) != 1 || len(c.Only[0]) != 0 {
			t.Fatalf("joined %d, same %d, want %d and %d", c.Joined, c.SameLists, n, same)
		}
		for l := range lists {
			var want compare.Row
			want.ID, want.Name, want.In, want.Precinct = a.Lists[l].ID, a.Lists[l].Name, [2]bool{true, true}, -1
			for i := range n {
				d := y[i][l] - x[i][l]
				want.Joined[0] += x[i][l]
				want.Joined[1] += y[i][l]
				want.Absolute += max(d, -d)
				switch {
				case d > 0:
					want.Up++
				case d < 0:
					want.Down++
				default:
					want.Equal++
				}
				want.MostUp, want.MostDown = max(want.MostUp, d), max(want.MostDown, -d)
				if max(d, -d) > max(want.Largest, -want.Largest) {
					want.Largest, want.Precinct = d, a.Find(strconv.Itoa(i+1))
				}
			}
			want.Whole = want.Joined
			if l == lists-1 {
				want.Whole[1] += 7
			}
			got := c.Lists[l]
			if want.Up+want.Down > 0 && got.Sign.P.Cmp(coin(want.Up, want.Down)) != 0 {
				t.Fatalf("sign test of %d and %d: %v", want.Up, want.Down, got.Sign.P)
			}
			got.Sign = compare.Sign{}
			if got != want {
				t.Fatalf("%+v, want %+v", got, want)
			}
		}
	}
}

// coin is the sign test by all sequences of tosses.
func coin(up, down int) *big.Rat {
	n, as := up+down, int64(0)
	for tosses := range 1 << n {
		heads := strings.Count(strconv.FormatInt(int64(tosses), 2), "1")
		if min(heads, n-heads) <= min(up, down) {
			as++
		}
	}
	return big.NewRat(as, 1<<n)
}

// Probabilities are stated to so many digits, however small.
func TestSignDecimal(t *testing.T) {
	for _, tt := range []struct {
		up, down, digits int
		want             string
	}{
		{0, 0, 3, ""}, {1, 0, 3, "1"}, {2, 2, 3, "1"}, {2, 0, 3, "0.500"}, {5, 1, 4, "0.2188"}, {0, 10, 3, "0.00195"}, {14, 0, 3, "0.000122"}, {15, 0, 3, "6.10e-5"},
		{100, 0, 6, "1.57772e-30"}, {50, 51, 3, "1"}, {1000, 3, 3, "3.92e-294"},
	} {
		a, b := [][]int64{}, [][]int64{}
		for range tt.up {
			a, b = append(a, []int64{1}), append(b, []int64{2})
		}
		for range tt.down {
			a, b = append(a, []int64{2}), append(b, []int64{1})
		}
		a, b = append(a, []int64{1}), append(b, []int64{1})
		c := compared(t, set(a...), set(b...))
		if got := c.Lists[0].Sign.Decimal(tt.digits); got != tt.want {
			t.Errorf("%d up, %d down: %q, want %q", tt.up, tt.down, got, tt.want)
		}
	}
}

func law(t *testing.T, method string, seats int64, thresholds string) *rules.Rules {
	t.Helper()
	log := &finding.Log{}
	r, ok := rules.Parse("law.yaml", fmt.Appendf(nil, `rules: 1
name: law
title: Law
seats: %d
base: valid
thresholds: %s
options: none
method: "%s"
ties: lot
outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: ignored}
`, seats, thresholds, method), log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return r
}

// All conditions of A hold with the figures of B exactly when B gives the same seats: in
// counts of the same precincts, without ties.
func TestConditionsAreTheSeats(t *testing.T) {
	r := numbers(77)
	tried, moved := 0, 0
	for _, method := range []string{"lr:hare", "dhondt", "sainte_lague"} {
		for range 1500 {
			lists := int(2 + r.below(4))
			var x, y [2][]int64
			for i := range 2 {
				for range lists {
					v := 1 + r.below(60)
					x[i] = append(x[i], v)
					y[i] = append(y[i], max(1, v+r.below(13)-6))
				}
			}
			l := law(t, method, 1+r.below(9), "none")
			c := compared(t, set(x[:]...), set(y[:]...))
			log := &finding.Log{}
			if !c.Count(l, tally.Options{}, log) {
				t.Fatal(log.Sorted())
			}
			o := c.Outcomes
			if o.Whole[0].Status != tally.Final || o.Whole[1].Status != tally.Final {
				continue // a tie
			}
			if o.NoSeats != "" {
				t.Fatal(o.NoSeats)
			}
			same, hold := true, true
			for i := range c.Lists {
				same = same && o.Whole[0].Lists[i].Seats == o.Whole[1].Lists[i].Seats
			}
			for i := range o.Conditions {
				d := &o.Conditions[i]
				hold = hold && d.Holds()
				if d.Margin.Sign() <= 0 {
					t.Fatalf("a condition of A has the margin %v", d.Margin)
				}
				if i > 0 && o.Conditions[i-1].Consumed().Cmp(d.Consumed()) < 0 {
					t.Fatal("conditions are not in their order")
				}
			}
			tried++
			if !same {
				moved++
			}
			if same != hold {
				t.Fatalf("%s: seats the same: %v, conditions hold: %v; %v %v", method, same, hold, x, y)
			}
		}
	}
	if tried < 3000 || moved < 500 {
		t.Errorf("only %d tried, in %d of which seats move", tried, moved)
	}
}

// A threshold is reached, or missed, in B exactly when its condition holds.
func TestConditionsAreTheBars(t *testing.T) {
	r := numbers(78)
	turned := 0
	for _, bar := range []string{"[{id: bar, share: 20%, reach: at-least, in: nation}]", "[{id: bar, share: 20%, reach: more-than, in: nation}]", "[{id: bar, votes: 30, reach: at-least, in: nation}]",
		"[{id: bar, votes: 30, reach: more-than, in: nation}]"} {
		for range 1500 {
			var x, y [2][]int64
			for i := range 2 {
				for range 4 {
					v := 1 + r.below(20)
					x[i] = append(x[i], v)
					y[i] = append(y[i], max(1, v+r.below(7)-3))
				}
			}
			c := compared(t, set(x[:]...), set(y[:]...))
			log := &finding.Log{}
			if !c.Count(law(t, "dhondt", 5, bar), tally.Options{}, log) {
				t.Fatal(log.Sorted())
			}
			n := 0
			for i := range c.Outcomes.Conditions {
				d := &c.Outcomes.Conditions[i]
				if d.Against >= 0 {
					continue
				}
				n++
				before, after := c.Outcomes.Whole[0].Thresholds[0].Says(d.List), c.Outcomes.Whole[1].Thresholds[0].Says(d.List)
				if d.Reached != (before == tally.Reached) || d.Holds() != (before == after) {
					t.Fatalf("%s: %v becomes %v, %+v; %v %v", bar, before, after, d, x, y)
				}
				if before != after {
					turned++
				}
			}
			if n != 4 {
				t.Fatalf("%d conditions, want 4: %s", n, c.Outcomes.NoBars)
			}
		}
	}
	if turned < 500 {
		t.Errorf("only %d verdicts turn", turned)
	}
}

// In areas conditions are of the lists that reached the bar of the nation, and hold exactly
// when the verdict in the area stays; an area that is left out has none.
func TestConditionsInAreas(t *testing.T) {
	r := numbers(79)
	areas := func(votes [3][]int64) *returns.Set {
		s := set(votes[0])
		s = returns.New(s.Levels...)
		s.AddFile("votes.csv")
		for _, name := range []string{"A", "B", "C"} {
			s.AddList(returns.List{ID: name, Name: name})
		}
		for i, name := range []string{"Osh", "Talas", "Abroad"} {
			p, _ := s.AddPrecinct([]byte(name), s.AddArea(0, name), i+2)
			for l, v := range votes[i] {
				s.Put(p, l, v)
			}
		}
		s.Rows = 3
		return s
	}
	turned, out := 0, 0
	for range 2000 {
		var x, y [3][]int64
		for i := range 3 {
			for range 3 {
				v := 1 + r.below(20)
				x[i], y[i] = append(x[i], v), append(y[i], max(1, v+r.below(9)-4))
			}
		}
		c := compared(t, areas(x), areas(y))
		log := &finding.Log{}
		bars := "[{id: nation, share: 25%, reach: at-least, in: nation}, {id: each, share: 20%, reach: at-least, in: each, level: region, except: [Abroad]}]"
		if !c.Count(law(t, "dhondt", 5, bars), tally.Options{}, log) {
			t.Fatal(log.Sorted())
		}
		o, n := c.Outcomes, 0
		missed := func(side, l int, area string) bool {
			for _, a := range o.Whole[side].Thresholds[1].Lists[l].Missed {
				if o.Whole[side].AreaNames[a] == area {
					return true
				}
			}
			return false
		}
		over := 0
		for l := range c.Lists {
			if o.Whole[0].Thresholds[0].Says(l) == tally.Reached {
				over++
			}
		}
		out += 3 - over
		for i := range o.Conditions {
			d := &o.Conditions[i]
			if d.Threshold != "each" {
				continue
			}
			n++
			before, after := missed(0, d.List, d.Area), missed(1, d.List, d.Area)
			if d.Area == "Abroad" || d.Reached == before || d.Holds() != (before == after) {
				t.Fatalf("%+v; missed in A: %v, in B: %v; %v %v", d, before, after, x, y)
			}
			if before != after {
				turned++
			}
		}
		if n != 2*over {
			t.Fatalf("%d conditions in areas, want %d", n, 2*over)
		}
	}
	if turned < 200 || out < 200 {
		t.Errorf("only %d verdicts turn, %d lists are out", turned, out)
	}
}

// Registered voters cover a count only where every precinct states them, or has none.
func TestCoverage(t *testing.T) {
	a, b := set([]int64{5, 3}, []int64{7, 1}, []int64{2, 9}), set([]int64{5, 3}, []int64{7, 1})
	for p, n := range []int64{20, 30} {
		a.PutLine(p, returns.Registered, n)
		b.PutLine(p, returns.Registered, n)
	}
	c := compared(t, a, b)
	want := [2]compare.Coverage{{Joined: 2, Precincts: 3, Voters: 50, AllVoters: 50, Votes: 16, AllVotes: 27}, {Joined: 2, Precincts: 2, Voters: 50, AllVoters: 50, VotersKnown: true, Votes: 16, AllVotes: 16}}
	if c.Coverage != want {
		t.Errorf("%+v, want %+v", c.Coverage, want)
	}
	a.Without(2, returns.Registered)
	want[0].VotersKnown = true
	if c = compared(t, a, b); c.Coverage != want {
		t.Errorf("with envelopes %+v, want %+v", c.Coverage, want)
	}
}

// A precinct that one count has alone is a copy where it has votes enough to tell.
func TestCopies(t *testing.T) {
	a := set([]int64{5, 3}, []int64{50, 31}, []int64{40, 0})
	b := set([]int64{5, 3}, []int64{50, 31}, []int64{40, 0}, []int64{5, 3}, []int64{50, 31}, []int64{40, 0}, []int64{50, 30})
	var got []int
	for _, x := range compared(t, a, b).Only[1] {
		got = append(got, x.CopyOf)
	}
	if want := []int{-1, 1, -1, -1}; !slices.Equal(got, want) {
		t.Errorf("copies of %v, want %v", got, want)
	}
}

// What is not linear, or not there, is said and never guessed.
func TestConditionsNotStated(t *testing.T) {
	a, b := []int64{30, 20, 10}, []int64{20, 30, 10}
	for _, tt := range []struct{ method, bar, seats, bars string }{
		{"lr:droop", "none", "they are stated for lr:hare, dhondt and sainte_lague, and the law takes lr:droop", ""},
		{"dhondt", "[{id: bar, share: 5%, reach: at-least, in: nation, or: [{id: way, votes: 9, reach: at-least, in: nation}]}]", "", "5 % of valid votes or 9 votes"},
		{"dhondt", "[{id: bar, quota: 1/2, base: valid, reach: at-least, in: nation}]", "", "1/2 of a quota of valid votes"},
		{"dhondt", "[{id: bar, share: 5%, base: cast, reach: at-least, in: nation}]", "no seats are given in A", "5 % of ballots cast (the base is not in the data)"},
	} {
		c := compared(t, set(a), set(b))
		log := &finding.Log{}
		if !c.Count(law(t, tt.method, 7, tt.bar), tally.Options{}, log) {
			t.Fatal(log.Sorted())
		}
		if c.Outcomes.NoSeats != tt.seats || c.Outcomes.NoBars != tt.bars {
			t.Errorf("%s, %s: %q, %q", tt.method, tt.bar, c.Outcomes.NoSeats, c.Outcomes.NoBars)
		}
	}
}

// An earlier round finds exactly the precincts in which two lists were exchanged, in any
// order of the precincts.
func TestPrior(t *testing.T) {
	r := numbers(3)
	var first, second [][]int64
	planted := map[int][2]int{}
	for i := range 900 {
		size := 200 + r.below(800)
		shares := []int64{20 + r.below(30), 10 + r.below(12), 3 + r.below(6), 1 + r.below(2)}
		var x, y []int64
		for _, s := range shares {
			x = append(x, size*s/100)
			y = append(y, size*(s*100+s*r.below(7)-s*3)/10000*103/100)
		}
		if i%90 == 7 {
			y[0], y[2] = y[2], y[0]
			planted[i] = [2]int{0, 2}
		}
		if i%90 == 50 { // no exchange of two sets these right
			y[0], y[1], y[2] = y[1], y[2], y[0]
		}
		first, second = append(first, x), append(second, y)
	}
	var want string
	for turn := range 3 {
		a, b := returns.New("region", "district"), set(first...)
		a.AddFile("now.csv")
		for _, l := range b.Lists {
			a.AddList(l)
		}
		for i := range second {
			k := (i*(1+turn*6) + turn) % len(second)
			add(a, strconv.Itoa(k+1), second[k])
		}
		log := &finding.Log{}
		e, ok := compare.Prior(a, b, log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		if len(e.Flags) != len(planted) || e.Fitted != 900 {
			t.Errorf("%d flags of %d precincts, want %d of 900", len(e.Flags), e.Fitted, len(planted))
		}
		text := fmt.Sprintf("%v", e.Fits)
		for _, f := range e.Flags {
			if lists, ok := planted[f.Precinct[1]]; !ok || lists != f.Lists {
				t.Errorf("precinct %d, lists %v is flagged", f.Precinct[1]+1, f.Lists)
			}
			text += fmt.Sprint(b.ID(f.Precinct[1]), f.Z, f.Swapped)
		}
		if want == "" {
			want = text
		}
		if text != want {
			t.Errorf("in another order: %s, want %s", text, want)
		}
	}
}

// A line through points that lie on it is found exactly, and what has none says why.
func TestPriorFits(t *testing.T) {
	var first, second [][]int64
	for i := range int64(60) {
		first = append(first, []int64{100 + i, 900 - i, 0})
		second = append(second, []int64{150 + i/2, 850 - i/2 - i%3, i % 3})
	}
	log := &finding.Log{}
	e, ok := compare.Prior(set(second...), set(first...), log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	if f := e.Fits[0]; f.None != "" || f.Slope < 0.49 || f.Slope > 0.51 || f.Intercept < 0.09 || f.Intercept > 0.11 {
		t.Errorf("%+v, want a slope of 0.5 and an intercept of 0.1", f)
	}
	if f := e.Fits[2]; f.None != "its earlier shares are mostly one" {
		t.Errorf("a list that had no votes: %+v", f)
	}
	// Rounds that are the same but for one vote of a few, and one large exchange.
	same := slices.Clone(first)
	for i := range same {
		same[i] = []int64{4 + int64(i), 3, 1, 0}
	}
	again := slices.Clone(same)
	again[0], again[40] = []int64{4, 3, 0, 1}, []int64{3, 44, 1, 0}
	e, ok = compare.Prior(set(again...), set(same...), log)
	if !ok || len(e.Flags) != 1 || e.Flags[0].Precinct[0] != 40 || e.Flags[0].Lists != [2]int{0, 1} {
		t.Errorf("flags %+v, want one of the large exchange", e.Flags)
	}
	if e, _ := compare.Prior(set(second[:5]...), set(first[:5]...), log); e.Fits[0].None != "only 5 precincts have votes in both rounds" {
		t.Errorf("%+v", e.Fits[0])
	}
}
