package sweep_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/sweep"
	"kenesh/internal/tally"
)

// totals is a set of one precinct: NAME=VOTES, or a line of the protocol in small letters.
func totals(t testing.TB, figures ...string) *returns.Set {
	t.Helper()
	s := returns.New("region")
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), s.AddArea(0, "North"), 2)
	s.Rows = 1
	for _, f := range figures {
		name, value, _ := strings.Cut(f, "=")
		var votes int64
		if _, err := fmt.Sscan(value, &votes); err != nil {
			t.Fatal(err)
		}
		if l, ok := returns.LineOf(name); ok {
			s.PutLine(p, l, votes)
		} else {
			s.Put(p, s.AddList(returns.List{ID: name, Name: name}), votes)
		}
	}
	return s
}

// law is a rules file of ten seats, changed by replacing pairs of old and new text.
func law(t testing.TB, replace ...string) *rules.Rules {
	t.Helper()
	text := strings.NewReplacer(replace...).Replace(`rules: 1
name: test
title: Test
seats: 10
base: valid
thresholds:
  - {id: national, share: 10%, reach: at-least, in: nation}
options:
  - {name: Against all, kind: against-all}
method: "lr:hare"
ties: lot
outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: ignored}
`)
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(text), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return r
}

func threshold(t testing.TB, s *returns.Set, l *rules.Rules, base *rules.Base, from, to *big.Rat) *sweep.Intervals {
	t.Helper()
	var log finding.Log
	x, ok := sweep.Threshold(s, l, tally.Options{Base: base}, from, to, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return x
}

// words states intervals in short: range, what follows, who falls out.
func words(x *sweep.Intervals) (list []string) {
	for _, r := range x.Rows {
		open, shut := "(", ")"
		if r.FromIn {
			open = "["
		}
		if r.ToIn {
			shut = "]"
		}
		text := fmt.Sprintf("%s%s %s%s %s", open, r.From.RatString(), r.To.RatString(), shut, given(x.Law, r.Outcome))
		for _, l := range r.Out {
			text += " -" + x.Law.Lists[l].Name
		}
		if r.Law {
			text += " law"
		}
		list = append(list, text)
	}
	return list
}

func given(r *tally.Result, o sweep.Outcome) string {
	if !o.Given {
		return strings.Join(o.Why, "; ")
	}
	var seats []string
	for l, n := range o.Seats {
		switch {
		case r.Lists[l].Option || o.Qualified[l] == tally.Missed:
		case o.Open[l] > 0:
			seats = append(seats, fmt.Sprintf("%s%d+%d", r.Lists[l].Name, n, o.Open[l]))
		default:
			seats = append(seats, fmt.Sprintf("%s%d", r.Lists[l].Name, n))
		}
	}
	return strings.Join(seats, " ")
}

func TestThreshold(t *testing.T) {
	abc := []string{"A=60", "B=30", "C=7", "D=2", "Against all=1"}
	for _, tt := range []struct {
		name     string
		votes    []string
		law      []string
		base     rules.Base
		from, to *big.Rat
		want     []string
	}{
		{"at least: a list at exactly the height is in", abc, nil, rules.Valid, big.NewRat(1, 100), big.NewRat(1, 2), []string{
			"[1/100 1/50] A6 B3 C1 D0 -D", "(1/50 7/100] A6 B3 C1 -C", "(7/100 3/10] A7 B3 -B law", "(3/10 1/2] A10",
		}},
		{"more than: a list at exactly the height is out", abc, []string{"at-least", "more-than"}, rules.Valid, big.NewRat(1, 100), big.NewRat(1, 2), []string{
			"[1/100 1/50) A6 B3 C1 D0 -D", "[1/50 7/100) A6 B3 C1 -C", "[7/100 3/10) A7 B3 -B law", "[3/10 1/2] A10",
		}},
		{"at least: a list at the lowest height has it for itself", abc, nil, rules.Valid, big.NewRat(7, 100), big.NewRat(3, 10), []string{
			"[7/100 7/100] A6 B3 C1 -C", "(7/100 3/10] A7 B3 law",
		}},
		{"more than: a list at the highest height is out there", abc, []string{"at-least", "more-than"}, rules.Valid, big.NewRat(7, 100), big.NewRat(3, 10), []string{
			"[7/100 3/10) A7 B3 -B law", "[3/10 3/10] A10",
		}},
		{"equal shares fall together", []string{"A=60", "B=20", "C=20"}, nil, rules.Valid, new(big.Rat), big.NewRat(1, 1), []string{
			"[0 1/5] A6 B2 C2 -B -C law", "(1/5 3/5] A10 -A", "(3/5 1] no list qualifies: the election is failed",
		}},
		{"a tie is open in its interval alone", []string{"A=60", "B=15", "C=15", "D=10"}, []string{"seats: 10", "seats: 7"}, rules.Valid, big.NewRat(1, 100), big.NewRat(12, 100), []string{
			"[1/100 1/10] A4 B1 C1 D1 -D law", "(1/10 3/25] A5 B1 C1",
		}},
		{"another threshold keeps a list out, and its share is no end", abc,
			[]string{"in: nation}", "in: nation}\n  - {id: regional, share: 5%, reach: at-least, in: each, level: region}"}, rules.Valid, new(big.Rat), big.NewRat(1, 5), []string{
				"[0 7/100] A6 B3 C1 -C", "(7/100 1/5] A7 B3 law",
			}},
		{"a law without a threshold: at least, of its base, from nothing on", abc, []string{"thresholds:\n  - {id: national, share: 10%, reach: at-least, in: nation}", "thresholds: none"},
			rules.Valid, new(big.Rat), big.NewRat(1, 10), []string{
				"[0 1/50] A6 B3 C1 D0 -D law", "(1/50 7/100] A6 B3 C1 -C", "(7/100 1/10] A7 B3",
			}},
		{"another base", slices.Concat(abc, []string{"cast=200"}), nil, rules.Cast, big.NewRat(1, 100), big.NewRat(1, 10), []string{
			"[1/100 1/100] A6 B3 C1 D0 -D", "(1/100 7/200] A6 B3 C1 -C", "(7/200 1/10] A7 B3 law",
		}},
		{"seats that cannot be divided are an outcome", []string{"A=60", "B=30", "C=7", "D=3"}, []string{"lr:hare", "adams", "seats: 10", "seats: 3"}, rules.Valid, new(big.Rat), big.NewRat(1, 2), []string{
			"[0 3/100] the seats cannot be divided: found 3, want at least 4: adams owes a seat to each list with votes -D",
			"(3/100 7/100] A1 B1 C1 -C", "(7/100 3/10] A2 B1 -B law", "(3/10 1/2] A3",
		}},
		{"where against all leads, no height changes that", []string{"A=4", "B=2", "Against all=5"}, []string{"against-all-leads: ignored", "against-all-leads: failed"}, rules.Valid, new(big.Rat), big.NewRat(1, 4), []string{
			`[0 2/11] "Against all" has 5 votes and the leading list 4: the election is failed -B law`, `(2/11 1/4] "Against all" has 5 votes and the leading list 4: the election is failed`,
		}},
	} {
		base := &tt.base
		if tt.base == rules.Valid {
			base = nil
		}
		if got := words(threshold(t, totals(t, tt.votes...), law(t, tt.law...), base, tt.from, tt.to)); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

func TestKeptOut(t *testing.T) {
	regional := "in: nation}\n  - {id: regional, share: 5%, reach: at-least, in: each, level: region}"
	x := threshold(t, totals(t, "A=60", "B=30", "C=4", "D=2", "Against all=4"), law(t, "in: nation}", regional), nil, big.NewRat(3, 100), big.NewRat(1, 10))
	if !slices.Equal(x.KeptOut, []int{2}) {
		t.Errorf("kept out by the regional threshold: %v, want C alone", x.KeptOut)
	}
}

func TestBaseNotInTheData(t *testing.T) {
	cast := rules.Cast
	x := threshold(t, totals(t, "A=60", "B=40"), law(t), &cast, new(big.Rat), big.NewRat(1, 1))
	if want := "the threshold is a share of ballots cast, which the data does not have: no list's share is known"; x.Why != want || x.Rows != nil {
		t.Errorf("%d rows, %q", len(x.Rows), x.Why)
	}
	var log finding.Log
	sizes, ok := sweep.House(totals(t, "A=60", "B=40"), law(t), tally.Options{Base: &cast}, 1, 10, &log)
	if want := "the threshold is a share of ballots cast, which the data does not have"; !ok || sizes.Why != want || sizes.Rows != nil {
		t.Errorf("%v %+v", ok, sizes)
	}
}

// Methods of all kinds, with a law's thresholds, reach and ties of all kinds.
func randomLaw(t testing.TB, r *rand.Rand) *rules.Rules {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	base := func() string { return pick("valid", "cast", "list-votes", "registered") }
	share := func() string { return pick("5%", "10%", "1/3", "0.7%") }
	var bars []string
	national := func(id string) {
		bars = append(bars, fmt.Sprintf("\n  - {id: %s, share: %s, reach: %s, base: %s, in: nation}", id, share(), pick("at-least", "more-than"), base()))
	}
	if r.IntN(3) == 0 {
		bars = append(bars, fmt.Sprintf("\n  - {id: regional, share: %s, reach: at-least, base: %s, in: each, level: region}", share(), base()))
	}
	if r.IntN(5) > 0 {
		national("national")
	}
	if r.IntN(4) == 0 {
		national("second")
	}
	thresholds := "thresholds:" + strings.Join(bars, "")
	if bars == nil {
		thresholds = "thresholds: none"
	}
	methods := apportion.Methods()
	return law(t, "thresholds:\n  - {id: national, share: 10%, reach: at-least, in: nation}", thresholds, "lr:hare", methods[r.IntN(len(methods))].Name,
		"ties: lot", "ties: "+pick("lot", "more-votes"), "one-qualified: takes-all", "one-qualified: "+pick("takes-all", "failed"),
		"against-all-leads: ignored", "against-all-leads: "+pick("ignored", "failed"), "base: valid\n", "base: "+base()+"\n", "seats: 10", fmt.Sprintf("seats: %d", 1+r.IntN(12)))
}

// randomSet is some precincts in up to three regions, or in none, that do not all state
// the same lines.
func randomSet(r *rand.Rand) *returns.Set {
	s := returns.New("region", "district")
	s.AddFile("a.csv")
	names := []string{"A", "B", "C", "D", "E", "Against all"}[r.IntN(3):]
	for _, n := range names {
		s.AddList(returns.List{ID: n, Name: n})
	}
	most, missing := 1+r.Int64N(30), r.IntN(3) // equal votes are frequent
	for p := range 1 + r.IntN(6) {
		area := 0
		if r.IntN(8) > 0 {
			area = s.AddArea(0, fmt.Sprint("region ", r.IntN(3)))
		}
		if area > 0 && r.IntN(3) == 0 {
			area = s.AddArea(area, fmt.Sprint("district ", r.IntN(2)))
		}
		s.AddPrecinct(fmt.Appendf(nil, "%d", p), area, p+2)
		s.Rows++
		sum := int64(0)
		for l := range names {
			if r.IntN(10) > 0 {
				v := r.Int64N(most)
				s.Put(p, l, v)
				sum += v
			}
		}
		for _, line := range []returns.Line{returns.Cast, returns.Registered, returns.Invalid} {
			switch {
			case missing > 0 && r.IntN(4*missing) == 0:
			case line == returns.Invalid:
				s.PutLine(p, line, 0)
			default:
				sum += r.Int64N(5)
				s.PutLine(p, line, sum)
			}
		}
		if r.IntN(12) == 0 {
			s.Without(p, returns.Registered)
		}
	}
	return s
}

// counted is the outcome that one count says, of all precincts.
func counted(t testing.TB, s *returns.Set, l *rules.Rules, o tally.Options) (out sweep.Outcome, failed bool) {
	t.Helper()
	var log finding.Log
	r, ok := tally.Count(s, l, o, &log)
	if !ok {
		out.Status = tally.Undecided
		for _, f := range log.Sorted() {
			if f.Severity == finding.Error {
				out.Why = append(out.Why, f.Message)
			}
		}
		return out, true
	}
	out = sweep.Outcome{Given: r.Allocation != nil, Status: r.Status}
	for _, why := range r.Why {
		out.Why = append(out.Why, strings.Replace(why, " (--lots)", "", 1))
	}
	for _, l := range r.Lists {
		out.Qualified = append(out.Qualified, l.Qualified)
		out.Seats = append(out.Seats, l.Seats)
		out.Open = append(out.Open, l.OpenSeats)
	}
	return out, false
}

// agree reports whether an outcome is that of a count.
func agree(got, want sweep.Outcome, failed bool) bool {
	if got.Given != want.Given || got.Status != want.Status || !slices.Equal(got.Why, want.Why) {
		return false
	}
	return failed || slices.Equal(got.Qualified, want.Qualified) && slices.Equal(got.Seats, want.Seats) && slices.Equal(got.Open, want.Open)
}

// At any height in the range a count with a threshold of that height has the outcome
// of the one interval that contains it.
func TestEveryHeightIsCounted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	swept, rows, undecided := 0, 0, 0
	for range 1500 {
		s, l := randomSet(r), randomLaw(t, r)
		var base *rules.Base
		if r.IntN(3) == 0 {
			b := rules.Bases()[r.IntN(4)]
			base = &b
		}
		ends := []*big.Rat{big.NewRat(r.Int64N(40), 100), big.NewRat(r.Int64N(101), 100)}
		slices.SortFunc(ends, (*big.Rat).Cmp)
		var log finding.Log
		x, ok := sweep.Threshold(s, l, tally.Options{Base: base}, ends[0], ends[1], &log)
		if !ok {
			if _, failed := counted(t, s, l, tally.Options{Base: base}); !failed {
				t.Fatalf("a count gives an outcome, the sweep does not: %v", log.Sorted())
			}
			continue
		}
		if known := x.Law.Nation.Base(x.Moved.Base).Known; known != (x.Why == "") {
			t.Fatalf("the base is known: %v, and %q", known, x.Why)
		}
		if x.Why != "" {
			continue
		}
		swept++
		rows += len(x.Rows)
		covers(t, x)
		at := 0
		for at < len(l.Thresholds) && l.Thresholds[at].Level != "" {
			at++
		}
		moved := *l
		moved.Thresholds = slices.Clone(l.Thresholds)
		if at == len(moved.Thresholds) {
			moved.Thresholds = append(moved.Thresholds, rules.Threshold{ID: "t", Base: l.Base})
		}
		for _, height := range heights(r, x) {
			moved.Thresholds[at].Share = height
			want, failed := counted(t, s, &moved, tally.Options{Base: base})
			in := intervalsAt(x, height)
			if len(in) != 1 {
				t.Fatalf("%d intervals contain %v: %v", len(in), height, words(x))
			}
			if got := x.Rows[in[0]].Outcome; !agree(got, want, failed) {
				t.Fatalf("at %v the count gives %+v, the interval\n%+v of\n%s", height, want, got, strings.Join(words(x), "\n"))
			}
			if want.Status == tally.Undecided {
				undecided++
			}
		}
		for _, row := range x.Rows {
			if want, failed := counted(t, s, l, tally.Options{Base: base}); row.Law && !agree(row.Outcome, want, failed) {
				t.Fatalf("the law's interval is %+v, a count under the law gives %+v", row.Outcome, want)
			}
		}
	}
	if swept < 750 || rows < 2*swept || undecided == 0 {
		t.Errorf("%d elections with %d intervals, %d heights undecided: too few to prove anything", swept, rows, undecided)
	}
}

// heights are some in the range: its ends, the shares of lists, and others.
func heights(r *rand.Rand, x *sweep.Intervals) (list []*big.Rat) {
	list = append(list, x.From, x.To)
	for _, l := range x.Law.Lists {
		if x.Of > 0 {
			share, near := big.NewRat(l.Votes, x.Of), big.NewRat(1, 1_000_000_007)
			list = append(list, share, new(big.Rat).Add(share, near), new(big.Rat).Sub(share, near))
		}
	}
	for range 6 {
		n := 1 + r.Int64N(1000)
		list = append(list, big.NewRat(r.Int64N(n+1), n))
	}
	return slices.DeleteFunc(list, func(h *big.Rat) bool { return h.Cmp(x.From) < 0 || h.Cmp(x.To) > 0 })
}

// intervalsAt says which contain a height, by the ends that are stated.
func intervalsAt(x *sweep.Intervals, height *big.Rat) (in []int) {
	for n, row := range x.Rows {
		from, to := height.Cmp(row.From), height.Cmp(row.To)
		if from == 0 && row.FromIn && (to < 0 || row.ToIn) || to == 0 && row.ToIn && (from > 0 || row.FromIn) || from > 0 && to < 0 {
			in = append(in, n)
		}
	}
	return in
}

// covers checks that rows follow one another over the whole range, and that no two
// neighbours are one.
func covers(t *testing.T, x *sweep.Intervals) {
	t.Helper()
	if first, last := x.Rows[0], x.Rows[len(x.Rows)-1]; first.From.Cmp(x.From) != 0 || last.To.Cmp(x.To) != 0 || !first.FromIn || !last.ToIn {
		t.Fatalf("%v does not cover %v to %v", words(x), x.From, x.To)
	}
	for n, row := range x.Rows {
		if n == 0 {
			continue
		}
		before := x.Rows[n-1]
		if before.To.Cmp(row.From) != 0 || before.ToIn == row.FromIn {
			t.Fatalf("a gap or a double between %v", words(x))
		}
		if slices.Equal(before.Qualified, row.Qualified) && slices.Equal(before.Seats, row.Seats) {
			t.Fatalf("neighbours have one outcome: %v", words(x))
		}
		if len(before.Out) == 0 {
			t.Fatalf("nobody falls out between %v", words(x))
		}
	}
}

func TestHouse(t *testing.T) {
	// The smallest example of the Alabama paradox: 10 seats 4, 4, 2; 11 seats 5, 5, 1.
	var log finding.Log
	x, ok := sweep.House(totals(t, "A=6", "B=6", "C=2"), law(t), tally.Options{}, 9, 12, &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	var got []string
	for _, s := range x.Rows {
		text := fmt.Sprintf("%d: %s", s.House, given(x.Law, s.Outcome))
		for _, c := range s.Gains {
			text += fmt.Sprintf(" %s+%d", x.Law.Lists[c.List].Name, c.Seats)
		}
		for _, c := range s.Loses {
			text += fmt.Sprintf(" %s-%d", x.Law.Lists[c.List].Name, c.Seats)
		}
		if s.Law {
			text += " law"
		}
		got = append(got, text)
	}
	want := []string{"9: A4 B4 C1", "10: A4 B4 C2 C+1 law", "11: A5 B5 C1 A+1 B+1 C-1", "12: A5 B5 C2 C+1"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Each size has the outcome of a count in a house of that size; losses are those that
// are certain, and none is missed.
func TestEverySizeIsCounted(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	sizes, losses, ties := 0, 0, 0
	for range 800 {
		s, l := randomSet(r), randomLaw(t, r)
		from := 1 + r.IntN(6)
		to := from + r.IntN(14)
		var log finding.Log
		x, ok := sweep.House(s, l, tally.Options{}, from, to, &log)
		if !ok || x.Why != "" {
			continue
		}
		for n, row := range x.Rows {
			if row.House != from+n || row.Law != (row.House == l.Seats) {
				t.Fatalf("row %d is of %d seats, law %v; the law has %d", n, row.House, row.Law, l.Seats)
			}
			if want, failed := counted(t, s, l, tally.Options{Seats: row.House}); !agree(row.Outcome, want, failed) {
				t.Fatalf("%d seats: the count gives %+v, the sweep %+v", row.House, want, row.Outcome)
			}
			sizes++
			if slices.Max(row.Open) > 0 {
				ties++
			}
		}
		losses += changes(t, x)
	}
	if sizes < 3000 || losses < 20 || ties < 40 {
		t.Errorf("%d sizes, %d losses, %d ties: too few to prove anything", sizes, losses, ties)
	}
}

// changes holds gains and losses against all pairs of sizes.
func changes(t *testing.T, x *sweep.Sizes) (losses int) {
	t.Helper()
	at := func(list []sweep.Change, l int) int {
		for _, c := range list {
			if c.List == l {
				return c.Seats
			}
		}
		return 0
	}
	for l := range x.Law.Lists {
		for j, after := range x.Rows {
			gain, loss := at(after.Gains, l), at(after.Loses, l)
			losses += min(loss, 1)
			best, worst := 0, 0 // what is certain since one of the sizes before
			missed := false
			for i, before := range x.Rows[:j] {
				if !before.Given || !after.Given {
					continue
				}
				down, up := before.Seats[l]-(after.Seats[l]+after.Open[l]), after.Seats[l]-(before.Seats[l]+before.Open[l])
				best, worst = max(best, up), max(worst, down)
				if i == j-1 && before.Open[l] == 0 && after.Open[l] == 0 && (max(down, 0) != loss || max(up, 0) != gain) {
					t.Fatalf("%d seats after %d: list %d gains %d and loses %d, stated are %d and %d", after.House, before.House, l, up, down, gain, loss)
				}
				stated := false
				for _, k := range x.Rows[i+1 : j+1] {
					stated = stated || at(k.Loses, l) > 0
				}
				missed = missed || down > 0 && !stated
			}
			if missed || loss > worst || gain > best {
				t.Fatalf("%d seats: list %d is said to gain %d and to lose %d; certain are at most %d and %d; a loss was missed: %v", after.House, l, gain, loss, best, worst, missed)
			}
		}
	}
	return losses
}

// The election of 2020, whose breakpoints are the shares of its sixteen lists.
func TestKyrgyzstan2020(t *testing.T) {
	s, l := kyrgyzstan(t)
	x := threshold(t, s, l, nil, new(big.Rat), big.NewRat(1, 10))
	for _, row := range x.Rows {
		if !row.Law {
			continue
		}
		if row.From.Cmp(big.NewRat(136276, 1990753)) != 0 || row.To.Cmp(big.NewRat(141940, 1990753)) != 0 || row.FromIn || !row.ToIn {
			t.Errorf("7 %% lies in %v to %v", row.From, row.To)
		}
		if got, want := given(x.Law, row.Outcome), "Birimdik46 Mekenim Kyrgyzstan45 Kyrgyzstan16 Butun Kyrgyzstan13"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func kyrgyzstan(t testing.TB) (*returns.Set, *rules.Rules) {
	t.Helper()
	var log finding.Log
	files := ingest.Expand([]string{"../../testdata/kyrgyzstan-2020"}, &log)
	reading := ingest.Read(files, ingest.Options{}, &log)
	l, ok := rules.Load("kyrgyzstan-2020", &log)
	if !ok || log.Failed() {
		t.Fatal(log.Sorted())
	}
	return reading.Set, l
}

// nation is a set of so many precincts in nine regions, with sixteen lists.
func nation(precincts int) *returns.Set {
	r := rand.New(rand.NewPCG(7, 8))
	s := returns.New("region")
	s.AddFile("a.csv")
	for l := range 16 {
		s.AddList(returns.List{ID: fmt.Sprint(l), Name: fmt.Sprint("List ", l)})
	}
	for p := range precincts {
		s.AddPrecinct(fmt.Appendf(nil, "%06d", p), s.AddArea(0, fmt.Sprint("Region ", p*9/precincts)), p+2)
		s.Rows++
		sum := int64(0)
		for l := range 16 {
			v := r.Int64N(int64(400 / (l + 1)))
			s.Put(p, l, v)
			sum += v
		}
		s.PutLine(p, returns.Registered, 2*sum)
		s.PutLine(p, returns.Cast, sum)
		s.PutLine(p, returns.Invalid, 0)
	}
	return s
}

func BenchmarkSweep(b *testing.B) {
	small, l := kyrgyzstan(b)
	for _, set := range []struct {
		name string
		set  *returns.Set
	}{{"kyrgyzstan-2020", small}, {"96871-precincts", nation(96871)}} {
		b.Run("threshold/"+set.name, func(b *testing.B) {
			for b.Loop() {
				threshold(b, set.set, l, nil, new(big.Rat), big.NewRat(1, 10))
			}
		})
		b.Run("house/"+set.name, func(b *testing.B) {
			for b.Loop() {
				if _, ok := sweep.House(set.set, l, tally.Options{}, 100, 150, &finding.Log{}); !ok {
					b.Fatal("no sizes")
				}
			}
		})
		b.Run("tally/"+set.name, func(b *testing.B) { // one count, to compare with
			for b.Loop() {
				if _, ok := tally.Count(set.set, l, tally.Options{}, &finding.Log{}); !ok {
					b.Fatal("no result")
				}
			}
		})
	}
}

func Example() {
	log := &finding.Log{}
	set := returns.New()
	set.AddFile("example")
	p, _ := set.AddPrecinct([]byte("1"), 0, 1)
	for i, votes := range []int64{60, 33, 7} {
		set.Put(p, set.AddList(returns.List{Name: string(rune('A' + i))}), votes)
	}
	law, _ := rules.Load("plain", log)
	x, ok := sweep.Threshold(set, law, tally.Options{}, new(big.Rat), big.NewRat(1, 10), log)
	if !ok {
		fmt.Fprintln(os.Stderr, log.Sorted())
	}
	for _, row := range x.Rows {
		fmt.Println(row.From.RatString(), row.To.RatString(), row.Seats)
	}
	// Output:
	// 0 7/100 [72 40 8]
	// 7/100 1/10 [77 43 0]
}
