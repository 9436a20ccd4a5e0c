package apportion

import (
	"reflect"
	"testing"
)

func TestConditions(t *testing.T) {
	dhondt, webster, hare := method(t, "dhondt"), method(t, "sainte_lague"), method(t, "lr:hare")
	for _, c := range []struct {
		name     string
		p        Problem
		want     result
		overhang int
	}{
		{"minimums beyond the house, on top", Problem{Votes: []int64{60, 31, 9}, Seats: 5, Method: webster, Minimums: []int{0, 0, 7}, Overhang: OverhangOnTop}, result{seats: []int{3, 2, 7}}, 7},
		{"seats that are held count in the division", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: dhondt, Minimums: []int{0, 0, 3}},
			result{seats: []int{5, 2, 3}}, 0},
		{"a minimum below the share changes nothing", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: dhondt, Minimums: []int{3, 2, 0}},
			result{seats: []int{6, 3, 1}}, 0},
		{"quotas are taken anew without the list", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: hare, Minimums: []int{0, 5, 0}},
			result{seats: []int{4, 5, 1}}, 0},
		{"on top of the house", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: webster, Minimums: []int{0, 0, 3}, Overhang: OverhangOnTop},
			result{seats: []int{6, 3, 3}}, 2},
		{"the house grows until it is in proportion", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: webster, Minimums: []int{0, 0, 3}, Overhang: OverhangLevelled},
			result{seats: []int{15, 8, 3}}, 16},
		{"a list without votes keeps what it holds", Problem{Votes: []int64{60, 30, 0}, Seats: 10, Method: dhondt, Minimums: []int{0, 0, 1}},
			result{seats: []int{6, 3, 1}}, 0},
		{"on top, what it holds comes beside", Problem{Votes: []int64{60, 30, 0}, Seats: 9, Method: dhondt, Minimums: []int{0, 0, 1}, Overhang: OverhangOnTop},
			result{seats: []int{6, 3, 1}}, 1},
		{"nobody has votes, and all seats are held", Problem{Votes: []int64{0, 0}, Seats: 3, Method: dhondt, Minimums: []int{1, 2}}, result{seats: []int{1, 2}}, 0},
		{"minimums fill the house", Problem{Votes: []int64{60, 30}, Seats: 3, Method: dhondt, Minimums: []int{1, 2}}, result{seats: []int{1, 2}}, 0},
		{"a minimum makes a lot needless", Problem{Votes: []int64{5, 5, 1}, Seats: 2, Method: dhondt, Minimums: []int{0, 0, 0}, Caps: []int{1, 1, 1}},
			result{seats: []int{1, 1, 0}}, 0},
		{"a minimum between equal claims", Problem{Votes: []int64{5, 5}, Seats: 3, Method: dhondt, Minimums: []int{0, 2}}, result{seats: []int{1, 2}}, 0},
		{"a bonus comes first", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: dhondt, Bonus: Bonus{Seats: 4}}, result{seats: []int{8, 2, 0}}, 0},
		{"a floor that the share reaches", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: hare, Bonus: Bonus{Seats: 6, Kind: BonusFloor}}, result{seats: []int{6, 3, 1}}, 0},
		{"a floor that it does not", Problem{Votes: []int64{60, 31, 9}, Seats: 10, Method: hare, Bonus: Bonus{Seats: 8, Kind: BonusFloor}}, result{seats: []int{8, 2, 0}}, 0},
		{"a bonus that two lists claim", Problem{Votes: []int64{30, 30}, Seats: 4, Method: dhondt, Bonus: Bonus{Seats: 2}},
			result{seats: []int{1, 1}, open: 2, ties: []Tie{{Lists: []int{0, 1}, Seats: 2, Quotient: whole(30), Together: true}}}, 0},
		{"the lot for it", Problem{Votes: []int64{30, 30}, Seats: 4, Method: dhondt, Bonus: Bonus{Seats: 2}, Lots: []Lot{{[]int{1, 0}, []int{1}}}},
			result{seats: []int{1, 3}, ties: []Tie{{Lists: []int{0, 1}, Seats: 2, Quotient: whole(30), Settled: ByLot, Winners: []int{1}, Together: true}}}, 0},
		{"winner takes all", Problem{Votes: []int64{30, 31}, Seats: 4, Method: method(t, "winner_takes_all")}, result{seats: []int{0, 4}}, 0},
		{"candidates run out and a lot is needless", Problem{Votes: []int64{6, 6, 1}, Seats: 3, Method: dhondt, Caps: []int{1, 5, 5}}, result{seats: []int{1, 2, 0}}, 0},
		{"a sequence that ends is a cap", Problem{Votes: []int64{90, 10}, Seats: 3, Method: method(t, "divisors:1,2")}, result{seats: []int{2, 1}}, 0},
		{"six leftovers in South Africa", Problem{Votes: []int64{260, 162, 161, 160, 159, 158, 157, 156, 76, 74, 73, 72, 71}, Seats: 20, Method: method(t, "south africa")},
			result{seats: []int{4, 3, 2, 2, 2, 2, 2, 2, 1, 0, 0, 0, 0}}, 0},
		{"a party without a seat has no average", Problem{Votes: []int64{80, 70, 60, 50, 40, 30, 20}, Seats: 7, Method: method(t, "south africa"), Base: 1000},
			result{seats: []int{2, 2, 1, 1, 1, 0, 0}}, 0},
		{"a tie of remainders leaves all that follows open", Problem{Votes: []int64{80, 70, 60, 50, 30, 30, 20}, Seats: 7, Method: method(t, "south africa"), Base: 1000},
			result{seats: []int{1, 1, 1, 1, 0, 0, 0}, open: 3, ties: []Tie{{Lists: []int{4, 5}, Seats: 1, Quotient: ratio(30, 126)}}}, 0},
		{"the quota of all votes leaves more over", Problem{Votes: []int64{50, 31}, Seats: 8, Method: hare, Base: 160}, result{seats: []int{4, 4}}, 0},
		{"a Dutch council of 15", Problem{Votes: []int64{480, 240, 240, 55, 50, 45, 45, 45}, Seats: 15, Method: method(t, "kieswet")}, result{seats: []int{7, 4, 4, 0, 0, 0, 0, 0}}, 0},
		{"a majority of votes is a majority of seats", Problem{Votes: []int64{2571, 977, 567, 536, 453}, Seats: 15, Method: method(t, "kieswet")}, result{seats: []int{8, 3, 2, 1, 1}}, 0},
		{"a lot says who keeps a seat beside a majority", Problem{Votes: []int64{2571, 977, 536, 536, 484}, Seats: 15, Method: method(t, "kieswet")},
			result{seats: []int{8, 3, 1, 1, 1}, open: 1, ties: []Tie{{Lists: []int{2, 3}, Seats: 1, Quotient: ratio(367, 638), Stage: 1}}}, 0},
		{"and who drew it", Problem{Votes: []int64{2571, 977, 536, 536, 484}, Seats: 15, Method: method(t, "kieswet"), Lots: []Lot{{[]int{2, 3}, []int{3}}}},
			result{seats: []int{8, 3, 1, 2, 1}, ties: []Tie{{Lists: []int{2, 3}, Seats: 1, Quotient: ratio(367, 638), Settled: ByLot, Winners: []int{3}, Stage: 1}}}, 0},
		{"without a majority there is no such seat", Problem{Votes: []int64{2552, 996, 567, 536, 453}, Seats: 15, Method: method(t, "kieswet")}, result{seats: []int{7, 3, 2, 2, 1}}, 0},
		{"exhausted lists leave seats that nobody fills", Problem{Votes: []int64{60, 40}, Seats: 9, Method: method(t, "kieswet"), Caps: []int{3, 2}}, result{seats: []int{3, 2}, unfilled: 4}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := Allocate(c.p)
			if err != nil {
				t.Fatal(err)
			}
			if got := (result{a.Seats, a.Open, a.Unfilled, a.Ties}); !reflect.DeepEqual(got, c.want) || a.Overhang != c.overhang {
				t.Errorf("Allocate(%s) = %+v, overhang %d, want %+v, %d", show(c.p), got, a.Overhang, c.want, c.overhang)
			}
			if err := Verify(c.p, a); err != nil {
				t.Errorf("Verify(%s) = %v", show(c.p), err)
			}
			tell(t, c.p, a)
		})
	}
}

func TestSequences(t *testing.T) {
	same := map[string]string{
		"divisors:1,2,...": "dhondt", "divisors:1, 3, 5, …": "sainte_lague", "Divisors:1.4,3,5,...": "sainte_lague_1.4", "divisors:7/5,3,5,...": "sainte_lague_1.4",
		"divisors:1,4,...": "danish", "divisors:1,1.5,...": "imperiali", "divisors:0,1,...": "adams", "divisors:1,2,4,8,16,32,64,128,256,512": "macau",
	}
	r := source("sequences")
	for name, known := range same {
		m, k := method(t, name), method(t, known)
		for range 2000 {
			p := election(r, m)
			p.Seats %= 10
			q := p
			q.Method = k
			a, err := Allocate(p)
			b, err2 := Allocate(q)
			if err != nil || err2 != nil || !reflect.DeepEqual(a.Seats, b.Seats) || a.Open != b.Open {
				t.Fatalf("Allocate(%s) = %v, %v, and by %s %v, %v", show(p), a.Seats, err, known, b.Seats, err2)
			}
			if err := Verify(p, a); err != nil {
				t.Fatalf("Verify(%s) = %v", show(p), err)
			}
		}
	}
	for name, want := range map[string]string{
		"divisors:":                           `method: the divisor "" is no number such as 3, 1.4 or 7/5`,
		"divisors:...":                        `method: 0 divisors; want 1 to 1000, and at least two before "..."`,
		"divisors:1,...":                      `method: 1 divisors; want 1 to 1000, and at least two before "..."`,
		"divisors:1,...,3":                    `method: the divisor "..." is no number such as 3, 1.4 or 7/5`,
		"divisors:1,1":                        `method: the divisor 1 does not come after 1: divisors rise`,
		"divisors:-1,1":                       `method: the divisor "-1" is no number such as 3, 1.4 or 7/5`,
		"divisors:1e3,2":                      `method: the divisor "1e3" is no number such as 3, 1.4 or 7/5`,
		"divisors:1,010/2":                    `method: the divisor "010/2" is no number such as 3, 1.4 or 7/5`,
		"divisors:01,2":                       `method: the divisor "01" is no number such as 3, 1.4 or 7/5`,
		"divisors:1/0,2":                      `method: the divisor "1/0" is no number such as 3, 1.4 or 7/5`,
		"divisors:1/99999,2/99991,3/99989,40": "method: the divisors are too fine: over a common denominator they must be below 2^32",
	} {
		if _, err := Find(name); err == nil || err.Error() != want {
			t.Errorf("Find(%q) = %v, want %s", name, err, want)
		}
	}
	if m := method(t, " divisors: 1.40 , 3,…"); m.Name != "divisors:1.40,3,..." {
		t.Errorf("the name is %q", m.Name)
	}
}
