package apportion

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func ExampleAllocate() {
	m, err := Find("hare")
	if err != nil {
		panic(err)
	}
	p := Problem{Votes: []int64{487685, 475372, 174317, 141940}, Seats: 120, Method: m}
	a, err := Allocate(p)
	if err != nil {
		panic(err)
	}
	s := a.Certificate.Stages[0]
	fmt.Println(a.Seats, "one for each", s.Quota.Decimal(2), "votes")
	for k := range s.Lists {
		fmt.Println(s.Whole[k], "and", s.Remainders[k].Decimal(3))
	}
	// Output:
	// [46 45 16 13] one for each 10660.95 votes
	// 45 and 0.745
	// 44 and 0.590
	// 16 and 0.351
	// 13 and 0.314
}

func ExampleAllocate_tie() {
	m, err := Find("dhondt")
	if err != nil {
		panic(err)
	}
	p := Problem{Votes: []int64{300, 200, 100}, Seats: 5, Method: m}
	a, err := Allocate(p)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Seats, a.Open, a.Ties[0].Lists, a.Ties[0].Quotient)

	p.Lots = []Lot{{Lists: []int{0, 1, 2}, Winners: []int{2, 0}}}
	a, err = Allocate(p)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Seats, a.Open, a.Ties[0].Settled, Verify(p, a))
	// Output:
	// [2 1 0] 2 [0 1 2] 100
	// [3 1 1] 0 lot <nil>
}

// TestOnce compares the short way with the one through stages.
func TestOnce(t *testing.T) {
	r, taken := source("once"), 0
	for _, m := range Methods() {
		for range 500 {
			p := election(r, m)
			short, ok := p.once()
			if !ok {
				continue
			}
			taken++
			if long, err := p.inStages(); err != nil || !reflect.DeepEqual(short, long) {
				t.Fatalf("Allocate(%s) = %+v in short, %+v, %v in stages", show(p), short, long, err)
			}
		}
	}
	if taken < 1000 {
		t.Errorf("taken in %d elections", taken)
	}
}

// A result is what most table tests compare.
type result struct {
	seats          []int
	open, unfilled int
	ties           []Tie
}

func allocate(t *testing.T, p Problem) result {
	t.Helper()
	a, err := Allocate(p)
	if err != nil {
		t.Fatalf("Allocate(%s) = %v", show(p), err)
	}
	if err := Verify(p, a); err != nil {
		t.Errorf("Verify(%s) = %v", show(p), err)
	}
	return result{a.Seats, a.Open, a.Unfilled, a.Ties}
}

func whole(n uint64) Fraction { return ratio(n, 1) }

func ratio(num, den uint64) Fraction {
	return Fraction{num: wide{lo: num}, den: wide{lo: den}}.lowest()
}

func TestTies(t *testing.T) {
	for _, c := range []struct {
		name  string
		votes []int64
		seats int
		by    string
		more  bool
		lots  []Lot
		want  result
	}{
		{"equal claims that all fit are no tie", []int64{5, 5, 1}, 2, "dhondt", false, nil,
			result{seats: []int{1, 1, 0}}},
		{"equal claims on fewer seats stay open", []int64{5, 5, 1}, 1, "dhondt", false, nil,
			result{seats: []int{0, 0, 0}, open: 1, ties: []Tie{{Lists: []int{0, 1}, Seats: 1, Quotient: whole(5)}}}},
		{"a list without votes draws no lot", []int64{0, 2, 0, 2}, 3, "lr:hare", false, nil,
			result{seats: []int{0, 1, 0, 1}, open: 1, ties: []Tie{{Lists: []int{1, 3}, Seats: 1, Quotient: ratio(1, 2)}}}},
		{"more votes come first", []int64{100, 300, 200}, 5, "dhondt", true, nil,
			result{seats: []int{0, 3, 2}, ties: []Tie{{[]int{0, 1, 2}, 2, whole(100), ByMoreVotes, []int{1, 2}, 0, false}}}},
		{"more votes settle a part", []int64{100, 300, 100}, 4, "dhondt", true, nil,
			result{seats: []int{0, 3, 0}, open: 1, ties: []Tie{{[]int{0, 1, 2}, 2, whole(100), ByMoreVotes, []int{1}, 0, false},
				{Lists: []int{0, 2}, Seats: 1, Quotient: whole(100)}}}},
		{"more votes leave fewer to draw", []int64{300, 300, 100}, 5, "dhondt", true, nil,
			result{seats: []int{2, 2, 0}, open: 1, ties: []Tie{{[]int{0, 1, 2}, 1, whole(100), ByMoreVotes, nil, 0, false},
				{Lists: []int{0, 1}, Seats: 1, Quotient: whole(100)}}}},
		{"equal votes stay tied", []int64{7, 7}, 3, "sainte_lague", true, nil,
			result{seats: []int{1, 1}, open: 1, ties: []Tie{{Lists: []int{0, 1}, Seats: 1, Quotient: ratio(7, 3)}}}},
		{"a lot settles what more votes leave", []int64{100, 300, 100}, 4, "dhondt", true, []Lot{{[]int{2, 0}, []int{2}}},
			result{seats: []int{0, 3, 1}, ties: []Tie{{[]int{0, 1, 2}, 2, whole(100), ByMoreVotes, []int{1}, 0, false}, {[]int{0, 2}, 1, whole(100), ByLot, []int{2}, 0, false}}}},
		{"irrational quotients can be equal", []int64{12, 11, 1, 10, 7, 8}, 120, "huntington_hill", false, nil,
			result{seats: []int{29, 27, 2, 24, 17, 20}, open: 1, ties: []Tie{{Lists: []int{2, 3}, Seats: 1, Quotient: Fraction{wide{lo: 1}, wide{lo: 6}, true}}}}},
		{"ties of two levels", []int64{720, 720, 120, 120}, 8, "balinski_young_quota", false, nil,
			result{seats: []int{3, 3, 0, 0}, open: 2, ties: []Tie{{Lists: []int{2, 3}, Seats: 1, Quotient: whole(120)}, {Lists: []int{0, 1}, Seats: 1, Quotient: whole(180)}}}},
		{"two lots for two ties", []int64{720, 720, 120, 120}, 8, "balinski_young_quota", false, []Lot{{[]int{0, 1}, []int{1}}, {[]int{2, 3}, []int{2}}},
			result{seats: []int{3, 4, 1, 0}, ties: []Tie{{[]int{2, 3}, 1, whole(120), ByLot, []int{2}, 0, false}, {[]int{0, 1}, 1, whole(180), ByLot, []int{1}, 0, false}}}},
		{"a second tie hangs on the first", []int64{1, 1, 3}, 4, "balinski_young_quota", false, nil,
			result{seats: []int{0, 0, 2}, open: 2, ties: []Tie{{Lists: []int{0, 1}, Seats: 1, Quotient: whole(1)}}}},
		{"and comes up after its lot", []int64{1, 1, 3}, 4, "balinski_young_quota", false, []Lot{{[]int{0, 1}, []int{0}}},
			result{seats: []int{1, 0, 2}, open: 1, ties: []Tie{{[]int{0, 1}, 1, whole(1), ByLot, []int{0}, 0, false}, {Lists: []int{1, 2}, Seats: 1, Quotient: whole(1)}}}},
		{"whole quotas beyond the house come back from the smallest remainders", []int64{73556, 38628, 78163, 25673}, 10, "lr:imperiali", false, nil,
			result{seats: []int{3, 2, 4, 1}}},
		{"more leftovers than lists go round", []int64{9, 7}, 119, "lr:droop", false, nil,
			result{seats: []int{60, 58}, open: 1, ties: []Tie{{Lists: []int{0, 1}, Seats: 1}}}},
		{"the house may be empty", []int64{3, 2}, 0, "dhondt", false, nil, result{seats: []int{0, 0}}},
		{"and without votes", []int64{0}, 0, "lr:hare", false, nil, result{seats: []int{0}}},
		{"one list takes all", []int64{0, 1}, 5, "lr:imperiali", false, nil, result{seats: []int{0, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Problem{Votes: c.votes, Seats: c.seats, Method: method(t, c.by), MoreVotes: c.more, Lots: c.lots}
			if got := allocate(t, p); !reflect.DeepEqual(got, c.want) {
				t.Errorf("Allocate(%s) = %+v, want %+v", show(p), got, c.want)
			}
		})
	}
}

func TestCaps(t *testing.T) {
	for _, c := range []struct {
		name   string
		votes  []int64
		seats  int
		by     string
		caps   []int
		excess Excess
		lots   []Lot
		want   result
	}{
		{"divided anew", []int64{700, 150, 100, 50}, 120, "dhondt", []int{65, 65, 65, 65}, ExcessAnew, nil,
			result{seats: []int{65, 28, 18, 9}}},
		{"on top of what the others hold", []int64{700, 150, 110, 40}, 120, "lr:hare", []int{65, 65, 65, 65}, ExcessOnTop, nil,
			result{seats: []int{65, 27, 20, 8}}}, // 84, 18, 13 and 5; of the 19 above, 9.5, 6.97 and 2.53 are 9, 7 and 3
		{"remainders anew", []int64{900, 50, 50}, 10, "lr:droop", []int{5, 10, 10}, ExcessAnew, nil,
			result{seats: []int{5, 2, 2}, open: 1, ties: []Tie{{Lists: []int{1, 2}, Seats: 1, Quotient: ratio(16, 17), Stage: 1}}}},
		{"a cap of 0", []int64{5, 3}, 4, "sainte_lague", []int{0, 4}, ExcessAnew, nil, result{seats: []int{0, 4}}},
		{"every list at its cap", []int64{5, 3}, 10, "dhondt", []int{4, 3}, ExcessAnew, nil, result{seats: []int{4, 3}, unfilled: 3}},
		{"every list at its cap, on top", []int64{5, 3, 0}, 10, "lr:hare", []int{4, 3, 9}, ExcessOnTop, nil, result{seats: []int{4, 3, 0}, unfilled: 3}},
		{"every list at its cap, anew", []int64{5, 3}, 10, "lr:hare", []int{4, 3}, ExcessAnew, nil, result{seats: []int{4, 3}, unfilled: 3}},
		{"a full list draws no lot", []int64{5, 5}, 3, "dhondt", []int{1, 3}, ExcessAnew, nil, result{seats: []int{1, 2}}},
		{"a tie that is divided anew asks for no lot", []int64{60, 20, 20}, 4, "lr:hare", []int{1, 3, 3}, ExcessAnew, nil,
			result{seats: []int{1, 1, 1}, open: 1, ties: []Tie{{Lists: []int{1, 2}, Seats: 1, Quotient: ratio(1, 2), Stage: 1}}}},
		{"a draw that decides who is above its cap leaves all open", []int64{5, 5}, 3, "lr:hare", []int{1, 3}, ExcessAnew, nil,
			result{seats: []int{0, 0}, open: 3, ties: []Tie{{Lists: []int{0, 1}, Seats: 1, Quotient: ratio(1, 2)}}}},
		{"and its winner is cut", []int64{5, 5}, 3, "lr:hare", []int{1, 3}, ExcessAnew, []Lot{{[]int{0, 1}, []int{0}}},
			result{seats: []int{1, 2}, ties: []Tie{{[]int{0, 1}, 1, ratio(1, 2), ByLot, []int{0}, 0, false}}}},
		{"the lot of the second stage", []int64{60, 20, 20}, 4, "lr:hare", []int{1, 3, 3}, ExcessAnew, []Lot{{[]int{1, 2}, []int{1}}},
			result{seats: []int{1, 2, 1}, ties: []Tie{{[]int{1, 2}, 1, ratio(1, 2), ByLot, []int{1}, 1, false}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Problem{Votes: c.votes, Seats: c.seats, Method: method(t, c.by), Caps: c.caps, Excess: c.excess, Lots: c.lots}
			if got := allocate(t, p); !reflect.DeepEqual(got, c.want) {
				t.Errorf("Allocate(%s) = %+v, want %+v", show(p), got, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	tied := Problem{Votes: []int64{5, 5, 5}, Seats: 2, Method: method(t, "dhondt")}
	with := func(change func(p *Problem)) Problem {
		p := tied
		change(&p)
		return p
	}
	lot := func(lists, winners []int) Problem {
		return with(func(p *Problem) { p.Lots = []Lot{{lists, winners}} })
	}
	for _, c := range []struct {
		name string
		p    Problem
		want string
	}{
		{"no votes", with(func(p *Problem) { p.Votes = []int64{0, 0} }), "no list has a vote"},
		{"no lists", with(func(p *Problem) { p.Votes = nil }), "no list has a vote"},
		{"negative votes", with(func(p *Problem) { p.Votes = []int64{3, -1} }), "votes of list 1: found -1, want 0 or more"},
		{"negative seats", with(func(p *Problem) { p.Seats = -1 }), "seats: found -1, want 0 to 1000000000"},
		{"too many seats", with(func(p *Problem) { p.Seats = MaxSeats + 1 }), "seats: found 1000000001, want 0 to 1000000000"},
		{"no method", with(func(p *Problem) { p.Method = Method{} }), "method: none is named"},
		{"too few caps", with(func(p *Problem) { p.Caps = []int{1} }), "caps: found 1 for 3 lists"},
		{"negative cap", with(func(p *Problem) { p.Caps = []int{1, 1, -5} }), "caps of list 2: found -5, want 0 or more"},
		{"unknown excess", with(func(p *Problem) { p.Excess = 7 }), "excess: found 7, want ExcessAnew or ExcessOnTop"},
		{"fewer seats than a method owes", with(func(p *Problem) { p.Method = method(t, "adams") }), "seats: found 2, want at least 3: adams owes a seat to each list with votes"},
		{"a quota of 0", with(func(p *Problem) { p.Seats, p.Method = 40, method(t, "lr:hagenbach_bischoff_rounded") }), "seats: 15 votes for 40: the quota of lr:hagenbach_bischoff_rounded rounds to 0"},
		{"powers beyond 128 bits", with(func(p *Problem) { p.Seats, p.Method = 400, method(t, "macau") }), "seats: macau can give a list at most 126, for the next divisor is 2^126"},
		{"one list beyond 128 bits", with(func(p *Problem) { p.Votes, p.Seats, p.Method = []int64{1, math.MaxInt64}, 200, method(t, "macau") }), "seats: macau can give a list at most 126, for the next divisor is 2^126"},
		{"a cap beyond 128 bits", with(func(p *Problem) {
			p.Votes, p.Caps, p.Seats, p.Method = []int64{9, 9}, []int{140, 20}, 150, method(t, "macau")
		}), "seats: macau can give a list at most 126, for the next divisor is 2^126"},
		{"too much work", with(func(p *Problem) { p.Seats, p.Method = MaxSeats, method(t, "balinski_young_quota") }), "seats: 1000000000 for 3 lists: the quota method goes seat by seat, and ends at 5000000 seats × lists"},
		{"minimums of others", with(func(p *Problem) { p.Minimums = []int{1} }), "minimums: found 1 for 3 lists"},
		{"negative minimum", with(func(p *Problem) { p.Minimums = []int{0, -1, 0} }), "minimums of list 1: found -1, want 0 or more"},
		{"minimums above the house", with(func(p *Problem) { p.Minimums = []int{1, 1, 1} }), "minimums: found 3 in all, for 2 seats"},
		{"minimums above the house without the bonus", with(func(p *Problem) { p.Minimums, p.Bonus.Seats = []int{1, 0, 0}, 2 }), "minimums: found 1 in all, for 0 seats"},
		{"minimums beyond any house", with(func(p *Problem) { p.Minimums, p.Overhang = []int{math.MaxInt, math.MaxInt, 0}, OverhangOnTop }), "minimums: found more than 1000000000 in all"},
		{"a minimum above its cap", with(func(p *Problem) { p.Minimums, p.Caps = []int{2, 0, 0}, []int{1, 1, 1} }), "minimums of list 0: found 2, above the cap of 1"},
		{"unknown overhang", with(func(p *Problem) { p.Overhang = 9 }), "overhang: found 9, want OverhangWithin, OverhangOnTop or OverhangLevelled"},
		{"levelled by quotas", with(func(p *Problem) {
			p.Method, p.Minimums, p.Overhang = method(t, "hare"), []int{1, 0, 0}, OverhangLevelled
		}), "overhang: levelled goes with divisor methods without an end, and without caps or a bonus"},
		{"levelled beyond any house", with(func(p *Problem) {
			p.Votes, p.Minimums, p.Overhang = []int64{math.MaxInt64, 1, 1}, []int{0, 1, 0}, OverhangLevelled
		}), "overhang: the house would have more than 1000000000 seats"},
		{"minimums and caps by quotas", with(func(p *Problem) {
			p.Method, p.Minimums, p.Caps = method(t, "hare"), []int{1, 0, 0}, []int{2, 2, 2}
		}), "caps: go with minimums under divisor methods alone, and where the excess is divided anew"},
		{"a bonus of more than the house", with(func(p *Problem) { p.Bonus.Seats = 3 }), "bonus: found 3 seats of kind 0, want 0 to 2 of BonusExtra or BonusFloor"},
		{"unknown bonus", with(func(p *Problem) { p.Bonus = Bonus{1, 7} }), "bonus: found 1 seats of kind 7, want 0 to 2 of BonusExtra or BonusFloor"},
		{"a floor that minimums leave no room for", with(func(p *Problem) { p.Minimums, p.Bonus = []int{0, 0, 1}, Bonus{2, BonusFloor} }), "bonus: a floor of 2 and the minimums of other lists are 3, for 2 seats"},
		{"a floor above a cap", with(func(p *Problem) { p.Caps, p.Bonus = []int{9, 9, 1}, Bonus{2, BonusFloor} }), "bonus of list 2: the floor of 2 is above its cap"},
		{"a floor and a house that grows", with(func(p *Problem) {
			p.Minimums, p.Overhang, p.Bonus = []int{0, 0, 1}, OverhangOnTop, Bonus{2, BonusFloor}
		}), "bonus: a floor goes with minimums within the house alone"},
		{"minimums of the Dutch law", with(func(p *Problem) { p.Method, p.Minimums = method(t, "kieswet"), []int{0, 0, 1} }), "method: kieswet knows no minimums, no floor, and of caps those alone whose excess is divided anew"},
		{"winner takes all but a cap", with(func(p *Problem) { p.Method, p.Caps = method(t, "winner_takes_all"), []int{1, 1, 1} }), "method: winner_takes_all knows no caps, minimums or bonus"},
		{"a base of divisors", with(func(p *Problem) { p.Base = 20 }), "base: goes with quotas, and without caps or minimums"},
		{"a base below the votes", with(func(p *Problem) { p.Method, p.Base = method(t, "hare"), 14 }), "base: found 14, want no less than the votes of the lists"},
		{"a negative base", with(func(p *Problem) { p.Method, p.Base = method(t, "hare"), -14 }), "base: found -14, want no less than the votes of the lists"},
		{"a sequence that ends", with(func(p *Problem) { p.Method, p.Seats = method(t, "divisors:1,2"), 7 }), "seats: found 7, want at most 6: the sequence ends, and gives a list at most 2"},
		{"a minimum beyond the end of a sequence", with(func(p *Problem) { p.Method, p.Seats, p.Minimums = method(t, "divisors:1,2"), 5, []int{3, 0, 0} }), "minimums of list 0: found 3, and the divisors give a list at most 2"},
		{"a floor beyond the end of a sequence", with(func(p *Problem) { p.Method, p.Seats, p.Bonus = method(t, "divisors:1,2"), 5, Bonus{3, BonusFloor} }), "bonus: found a floor of 3, and the divisors give a list at most 2"},
		{"no votes, and minimums on top", with(func(p *Problem) { p.Votes, p.Minimums, p.Overhang = []int64{0, 0, 0}, []int{5, 7, 0}, OverhangOnTop }), "no list has a vote"},
		{"winners of a bonus", with(func(p *Problem) { p.Bonus.Seats, p.Lots = 2, []Lot{{[]int{0, 1, 2}, []int{0, 1}}} }), "lot 1: the lot has 2 winners, and one takes all 2 seats; tied are the lists [0 1 2], for 2"},
		{"lot of other lists", lot([]int{0, 1}, []int{0}), "lot 1: the lot is not of the lists that are tied; tied are the lists [0 1 2], for 2"},
		{"lot of a list twice", lot([]int{0, 1, 2, 2}, []int{0, 1}), "lot 1: the lot is not of the lists that are tied; tied are the lists [0 1 2], for 2"},
		{"lot without a tie", with(func(p *Problem) { p.Seats, p.Lots = 3, []Lot{{[]int{0, 1, 2}, []int{0, 1}}} }), "lot 1: the lot answers no tie of this count"},
		{"too few winners", lot([]int{0, 1, 2}, []int{1}), "lot 1: the lot has 1 winners for 2 seats; tied are the lists [0 1 2], for 2"},
		{"a winner twice", lot([]int{0, 1, 2}, []int{1, 1}), "lot 1: the lot names a winner twice; tied are the lists [0 1 2], for 2"},
		{"a strange winner", lot([]int{0, 1, 2}, []int{1, 7}), "lot 1: a winner of the lot is not among its lists; tied are the lists [0 1 2], for 2"},
		{"one lot too many", with(func(p *Problem) { p.Lots = []Lot{{[]int{0, 1, 2}, []int{0, 1}}, {[]int{0, 1, 2}, []int{0, 1}}} }), "lot 2: the lot answers no tie of this count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := Allocate(c.p)
			if err == nil || err.Error() != c.want || a.Seats != nil {
				t.Errorf("Allocate(%s) = %v, %v, want %s", show(c.p), a.Seats, err, c.want)
			}
			var wrong *ProblemError
			var draw *LotError
			if !errors.Is(err, ErrNoVotes) && !errors.As(err, &wrong) && !errors.As(err, &draw) {
				t.Errorf("Allocate(%s) = %T, want a type to branch on", show(c.p), err)
			}
		})
	}
}

func TestFind(t *testing.T) {
	for _, m := range Methods() {
		for _, name := range append(m.Aliases, m.Name, strings.ToUpper(m.Name), strings.NewReplacer("_", "-", ":", "-").Replace(m.Name), " "+strings.ReplaceAll(m.Name, "_", " ")) {
			if got, err := Find(name); err != nil || got.Name != m.Name {
				t.Errorf("Find(%q) = %q, %v, want %q", name, got.Name, err, m.Name)
			}
		}
		if m.Title == "" || m.Formula == "" || m.ByHand == "" {
			t.Errorf("%s is not explained", m.Name)
		}
	}
	for name, want := range map[string]string{
		"D'Hondt": "dhondt", "d’hondt": "dhondt", "Sainte-Laguë": "sainte_lague", "Hare–Niemeyer": "lr:hare",
	} {
		if got, err := Find(name); err != nil || got.Name != want {
			t.Errorf("Find(%q) = %q, %v, want %q", name, got.Name, err, want)
		}
	}
	for name, want := range map[string]string{"dhont": "dhondt", "lr:hair": "lr:hare", "webstr": "sainte_lague", "huntington-hil": "huntington_hill", "first past the post": "", "": ""} {
		_, err := Find(name)
		var unknown *UnknownMethodError
		if !errors.As(err, &unknown) || unknown.Name != name || unknown.Suggest != want {
			t.Errorf("Find(%q) = %v, want the suggestion %q", name, err, want)
		}
	}
}

func TestMethodsIsACopy(t *testing.T) {
	Methods()[0].Name = "changed"
	if got := Methods()[0].Name; got != "lr:hare" {
		t.Errorf("Methods()[0] = %q, want lr:hare", got)
	}
}

func TestFraction(t *testing.T) {
	huge := Fraction{num: wide{1 << 60, 7}, den: wide{1 << 59, 9}}.lowest()
	for _, c := range []struct {
		f       Fraction
		digits  int
		text    string
		decimal string
	}{
		{Fraction{}, 2, "0", "0.00"},
		{ratio(4, 6), 3, "2/3", "0.667"},
		{ratio(1, 8), 2, "1/8", "0.13"}, // half away from zero
		{ratio(1999, 2000), 3, "1999/2000", "1.000"},
		{whole(120), 0, "120", "120"},
		{ratio(5, 2), -1, "5/2", "3"},
		{ratio(1, 300), 4, "1/300", "0.0033"},
		{infinite, 2, "∞", "∞"},
		{Fraction{wide{lo: 1}, wide{lo: 6}, true}, 4, "sqrt(1/6)", "0.4082"},
		{Fraction{wide{lo: 2}, wide{lo: 1}, true}, 20, "sqrt(2)", "1.41421356237309504880"},
		{huge, 6, "21267647932558653966460912964485513223/10633823966279326983230456482242756617", "2.000000"},
	} {
		if got := c.f.String(); got != c.text {
			t.Errorf("String = %s, want %s", got, c.text)
		}
		if got := c.f.Decimal(c.digits); got != c.decimal {
			t.Errorf("%s.Decimal(%d) = %s, want %s", c.text, c.digits, got, c.decimal)
		}
	}
	rising := []Fraction{{}, ratio(1, 3), {wide{lo: 1}, wide{lo: 6}, true}, ratio(1, 2), {wide{lo: 2}, wide{lo: 1}, true}, ratio(3, 2), huge, whole(3), infinite}
	for i, f := range rising {
		for j, g := range rising {
			if got, want := f.Cmp(g), min(max(i-j, -1), 1); got != want {
				t.Errorf("%s.Cmp(%s) = %d, want %d", f, g, got, want)
			}
		}
	}
	if r := ratio(6, 4).Rat(); r.String() != "3/2" || infinite.Rat() != nil || (Fraction{}).Rat().Sign() != 0 {
		t.Errorf("Rat(6/4) = %s, want 3/2", r)
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		from, to Fraction
		want     string
	}{
		{ratio(60, 7), ratio(28, 3), "9"},
		{whole(12345), whole(12500), "12400"},
		{whole(12345), whole(12400), "12400"}, // up to To
		{whole(12300), whole(12345), "12310"}, // but above From
		{ratio(1, 3), ratio(2, 5), "2/5"},
		{whole(1999), whole(2100), "2000"},
		{whole(7), whole(7), "0"},
		{whole(123), infinite, "1000"},
		{Fraction{}, whole(345), "100"},
		{Fraction{wide{lo: 2}, wide{lo: 1}, true}, Fraction{wide{lo: 3}, wide{lo: 1}, true}, "3/2"},
		{ratio(1_000_000_006, 1_000_000_007), ratio(1_000_000_007, 1_000_000_008), "999999999000000007/1000000000000000000"},
	} {
		s := Stage{From: c.from, To: c.to}
		if got := s.Select(); got.String() != c.want {
			t.Errorf("Select(%s to %s) = %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestSelectGives divides each list's votes by the round divisor, as a reader does.
func TestSelectGives(t *testing.T) {
	p := Problem{Votes: kyrgyz, Seats: 120, Method: method(t, "sainte_lague")}
	a, err := Allocate(p)
	if err != nil {
		t.Fatal(err)
	}
	d := a.Certificate.Stages[0].Select().Rat()
	for i, v := range p.Votes {
		x, _ := d.Float64()
		if got := int(math.Round(float64(v) / (2 * x))); got != a.Seats[i] {
			t.Errorf("%d votes over twice %s = %d seats, want %d", v, d.RatString(), got, a.Seats[i])
		}
	}
}

func TestExplain(t *testing.T) {
	explain := func(p Problem) (lines []string) {
		t.Helper()
		a, err := Allocate(p)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := Explain(p, a)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			line := fmt.Sprintf("%d: %d for %s", s.Seat, s.List, s.Quotient)
			if s.Whole {
				line += ", whole"
			}
			if s.RunnerUp >= 0 {
				line += fmt.Sprintf(", ahead of %d by %s", s.RunnerUp, s.Gap().RatString())
			}
			lines = append(lines, line)
		}
		return lines
	}
	for _, c := range []struct {
		name string
		p    Problem
		want []string
	}{
		{"quotients", Problem{Votes: []int64{100, 60, 0, 9}, Seats: 3, Method: method(t, "dhondt")},
			[]string{"1: 0 for 100, ahead of 1 by 40", "2: 1 for 60, ahead of 0 by 10", "3: 0 for 50, ahead of 1 by 20"}},
		{"remainders", Problem{Votes: []int64{100, 60, 0, 9}, Seats: 3, Method: method(t, "lr:hare")},
			[]string{"1: 0 for 169/3, whole", "2: 1 for 169/3, whole", "3: 0 for 131/169, ahead of 3 by 8/13"}},
		{"owed seats", Problem{Votes: []int64{100, 60, 9}, Seats: 4, Method: method(t, "adams")},
			[]string{"1: 0 for ∞", "2: 1 for ∞", "3: 2 for ∞", "4: 0 for 100, ahead of 1 by 40"}},
		{"roots", Problem{Votes: []int64{100, 60}, Seats: 3, Method: method(t, "huntington_hill")},
			[]string{"1: 0 for ∞", "2: 1 for ∞", "3: 0 for sqrt(5000), ahead of 1 by 14142135623731/500000000000"}},
		{"an open seat is left out", Problem{Votes: []int64{5, 5}, Seats: 3, Method: method(t, "dhondt")},
			[]string{"1: 0 for 5, ahead of 1 by 0", "2: 1 for 5, ahead of 0 by 5/2"}},
		{"the winner of a lot", Problem{Votes: []int64{5, 5}, Seats: 1, Method: method(t, "dhondt"), Lots: []Lot{{[]int{0, 1}, []int{1}}}},
			[]string{"1: 1 for 5, ahead of 0 by 0"}},
		{"seats above a cap are left out", Problem{Votes: []int64{100, 60, 20}, Seats: 3, Method: method(t, "dhondt"), Caps: []int{1, 3, 3}, Excess: ExcessOnTop},
			[]string{"1: 0 for 100, ahead of 1 by 40", "2: 1 for 60, ahead of 0 by 10", "3: 1 for 60, ahead of 2 by 40"}},
		{"the quota method", Problem{Votes: []int64{5, 3}, Seats: 3, Method: method(t, "balinski_young_quota")},
			[]string{"1: 0 for 5, ahead of 1 by 2", "2: 1 for 3, ahead of 0 by 1/2", "3: 0 for 5/2, ahead of 1 by 1"}},
	} {
		if got := explain(c.p); !slices.Equal(got, c.want) {
			t.Errorf("%s: Explain =\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	p := Problem{Votes: kyrgyz, Seats: 100_000_000, Method: method(t, "dhondt")}
	a, err := Allocate(p)
	if err != nil {
		t.Fatal(err)
	}
	var wrong *ProblemError
	if _, err := Explain(p, a); !errors.As(err, &wrong) || wrong.Field != "seats" {
		t.Errorf("Explain(100,000,000 seats) = %v, want a ProblemError", err)
	}
}

// FuzzAllocate makes a problem of any bytes: it must not panic, and what comes out
// must be proved by Verify and told by Explain.
func FuzzAllocate(f *testing.F) {
	f.Add(uint8(0), uint16(120), uint8(0), []byte("\x05\x05\x09"))
	f.Add(uint8(6), uint16(3), uint8(7), []byte("\x05\x05\x05"))
	f.Add(uint8(18), uint16(8), uint8(2), []byte("\x48\x48\x0c\x0c"))
	f.Add(uint8(14), uint16(216), uint8(0xc9), []byte("\x80\x30"))                              // caps beyond what macau can give
	f.Add(uint8(18), uint16(160), uint8(0x0b), []byte("\x0f0 \x03\x03\x0327\x021000\x03\x030")) // caps, and a tie that hangs on another
	f.Add(uint8(18), uint16(180), uint8(0x9b), []byte("0\x1400AX\xaf\xaf \x047"))               // more votes leave out the list whose cap matters
	f.Fuzz(func(t *testing.T, which uint8, seats uint16, flags uint8, votes []byte) {
		if len(votes) > 20 {
			return
		}
		p := Problem{Method: methods[int(which)%len(methods)], Seats: int(seats) % 300, MoreVotes: flags&1 != 0, Strongest: flags&2 != 0, Excess: Excess(flags >> 2 & 1)}
		for i, v := range votes {
			p.Votes = append(p.Votes, int64(v)<<(flags>>4*3))
			if other := int(votes[len(votes)-1-i]); flags&8 != 0 {
				p.Caps = append(p.Caps, other)
			} else if seats > 1<<15 {
				p.Minimums = append(p.Minimums, other%4)
			}
		}
		switch n := int(seats >> 9 & 7); {
		case n < 3 && p.Minimums != nil:
			p.Overhang = Overhang(n)
		case n > 4:
			p.Bonus = Bonus{Seats: p.Seats / n, Kind: BonusKind(n & 1)}
		}
		a, err := Allocate(p)
		if err != nil || a.Overhang > 1000 {
			return // the checker counts each claim of a house that grows
		}
		if err := Verify(p, a); err != nil {
			t.Errorf("Verify(%s, %+v) = %v", show(p), a, err)
		}
		tell(t, p, a)
	})
}
