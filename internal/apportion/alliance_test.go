package apportion

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
)

func ExampleAllocateAllied() {
	dhondt, err := Find("dhondt")
	if err != nil {
		panic(err)
	}
	hare, err := Find("lr:hare")
	if err != nil {
		panic(err)
	}
	p := Problem{Votes: []int64{410, 330, 135, 100}, Seats: 5, Method: dhondt}
	alone, err := Allocate(p)
	if err != nil {
		panic(err)
	}
	together, err := AllocateAllied(p, []Alliance{{Lists: []int{2, 3}, Method: hare}})
	if err != nil {
		panic(err)
	}
	fmt.Println(alone.Seats, together.Seats, VerifyAllied(p, together))
	// Output:
	// [3 2 0 0] [2 2 1 0] <nil>
}

func TestAlliances(t *testing.T) {
	for _, c := range []struct {
		name      string
		p         Problem
		alliances []Alliance
		seats     []int
		open      int
		divisions int
	}{
		{"without alliances it is a division", Problem{Votes: []int64{60, 28, 12}, Seats: 10, Method: method(t, "dhondt")}, nil, []int{6, 3, 1}, 0, 1},
		{"an alliance of all changes nothing", Problem{Votes: []int64{60, 28, 12}, Seats: 10, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{0, 1, 2}}}, []int{6, 3, 1}, 0, 2},
		{"an alliance within an alliance", Problem{Votes: []int64{50, 20, 11, 9, 9}, Seats: 9, Method: method(t, "dhondt")},
			[]Alliance{{Lists: []int{1}, Alliances: []Alliance{{Lists: []int{3, 2}, Method: method(t, "lr:hare")}}}}, []int{5, 2, 1, 1, 0}, 0, 3},
		{"an alliance without votes", Problem{Votes: []int64{60, 0, 0}, Seats: 3, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{1, 2}}}, []int{3, 0, 0}, 0, 2},
		{"candidates run out in an alliance", Problem{Votes: []int64{60, 40, 10}, Seats: 10, Method: method(t, "dhondt"), Caps: []int{10, 2, 1}},
			[]Alliance{{Lists: []int{1, 2}}}, []int{7, 2, 1}, 0, 2},
		{"a tie of an alliance leaves its lists what they have anyway", Problem{Votes: []int64{4, 3, 1}, Seats: 3, Method: method(t, "dhondt")},
			[]Alliance{{Lists: []int{1, 2}}}, []int{1, 1, 0}, 1, 1},
		{"a tie within an alliance", Problem{Votes: []int64{6, 2, 2}, Seats: 3, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{1, 2}}}, []int{2, 0, 0}, 1, 2},
		{"a lot of an alliance names its lists", Problem{Votes: []int64{4, 3, 1}, Seats: 3, Method: method(t, "dhondt"), Lots: []Lot{{[]int{0, 1, 2}, []int{2, 1}}}},
			[]Alliance{{Lists: []int{1, 2}}}, []int{1, 2, 0}, 0, 2},
		{"a lot within an alliance", Problem{Votes: []int64{6, 2, 2}, Seats: 3, Method: method(t, "dhondt"), Lots: []Lot{{[]int{1, 2}, []int{2}}}}, []Alliance{{Lists: []int{1, 2}}}, []int{2, 0, 1}, 0, 2},
		{"the base of a quota is that of the whole", Problem{Votes: []int64{610, 280, 50}, Seats: 10, Method: method(t, "lr:hare"), Base: 1000}, []Alliance{{Lists: []int{1, 2}}}, []int{6, 3, 1}, 0, 2},
		{"candidates of a list without votes are none", Problem{Votes: []int64{60, 40, 0}, Seats: 9, Method: method(t, "dhondt"), Caps: []int{10, 1, 5}}, []Alliance{{Lists: []int{1, 2}}}, []int{8, 1, 0}, 0, 2},
		{"seats that are held", Problem{Votes: []int64{60, 30, 10}, Seats: 10, Method: method(t, "dhondt"), Minimums: []int{0, 0, 3}}, []Alliance{{Lists: []int{1, 2}}}, []int{6, 1, 3}, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := AllocateAllied(c.p, c.alliances)
			if err != nil {
				t.Fatal(err)
			}
			if err := VerifyAllied(c.p, a); err != nil {
				t.Errorf("VerifyAllied = %v", err)
			}
			if !slices.Equal(a.Seats, c.seats) || a.Open != c.open || len(a.Divisions) != c.divisions {
				t.Errorf("AllocateAllied = %v, %d open, %d divisions, want %v, %d, %d", a.Seats, a.Open, len(a.Divisions), c.seats, c.open, c.divisions)
			}
		})
	}
}

func TestAlliancesRefused(t *testing.T) {
	p := Problem{Votes: []int64{4, 3, 1}, Seats: 3, Method: method(t, "dhondt")}
	deep := Alliance{Lists: []int{0}}
	for range 30 {
		deep = Alliance{Alliances: []Alliance{deep}}
	}
	with := func(lists, winners []int) Problem { p := p; p.Lots = []Lot{{lists, winners}}; return p }
	for _, c := range []struct {
		name      string
		p         Problem
		alliances []Alliance
		want      string
	}{
		{"a list in two", p, []Alliance{{Lists: []int{0, 1}}, {Lists: []int{1}}}, "alliances of list 1: it is in two alliances"},
		{"no such list", p, []Alliance{{Lists: []int{0, 3}}}, "alliances of list 3: there is no such list"},
		{"of nobody", p, []Alliance{{}}, "alliances: an alliance has no lists"},
		{"too deep", p, []Alliance{deep}, "alliances: alliances within alliances, more than 20 deep"},
		{"beyond 2^63", Problem{Votes: []int64{math.MaxInt64, 1}, Seats: 1, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{0, 1}}}, "votes of list 1: those of its alliance are beyond 2^63"},
		{"negative votes", Problem{Votes: []int64{5, -1}, Seats: 1, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{0, 1}}}, "votes of list 1: found -1, want 0 or more"},
		{"caps of others", Problem{Votes: []int64{5, 1}, Seats: 1, Method: method(t, "dhondt"), Caps: []int{1}}, []Alliance{{Lists: []int{0, 1}}}, "caps: found 1 for 2 lists"},
		{"a lot of half an alliance", with([]int{0, 1}, []int{0}), []Alliance{{Lists: []int{1, 2}}}, "lot 1: the lot is not of the lists that are tied; tied are the lists [0 1 2], for 1"},
		{"too many winners", with([]int{0, 1, 2}, []int{0, 1, 2}), []Alliance{{Lists: []int{1, 2}}}, "lot 1: the lot has 2 winners for 1 seats; tied are the lists [0 1 2], for 1"},
		{"a bonus and caps", Problem{Votes: []int64{5, 1}, Seats: 4, Method: method(t, "dhondt"), Caps: []int{3, 3}, Bonus: Bonus{Seats: 1}}, []Alliance{{Lists: []int{0, 1}}}, "bonus: does not go with both alliances and caps"},
		{"a minimum above a cap", Problem{Votes: []int64{60, 40, 30, 20}, Seats: 4, Method: method(t, "dhondt"), Caps: []int{9, 9, 9, 1}, Minimums: []int{0, 0, 0, 2}}, []Alliance{{Lists: []int{0, 1}}}, "minimums of list 3: found 2, above the cap of 1"},
		{"a method without minimums, pending", Problem{Votes: []int64{2, 2, 1, 1}, Seats: 1, Method: method(t, "dhondt"), Minimums: make([]int, 4)}, []Alliance{{Lists: []int{2, 3}, Method: method(t, "kieswet")}}, "the alliance of the lists [2 3]: method: kieswet knows no minimums, no floor, and of caps those alone whose excess is divided anew"},
		{"within", Problem{Votes: []int64{6, 1, 1, 1}, Seats: 4, Method: method(t, "dhondt")}, []Alliance{{Lists: []int{1, 2, 3}, Method: method(t, "adams")}}, "the alliance of the lists [1 2 3]: seats: found 1, want at least 3: adams owes a seat to each list with votes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := AllocateAllied(c.p, c.alliances)
			if err == nil || err.Error() != c.want {
				t.Errorf("AllocateAllied = %v, want %s", err, c.want)
			}
			var problem *ProblemError
			var lot *LotError
			if !errors.As(err, &problem) && !errors.As(err, &lot) {
				t.Errorf("AllocateAllied = %T, want a type to branch on", err)
			}
		})
	}
}

// TestAllianceOfOnePending has an alliance of one list whose method may not be able to
// divide all that the lots give it: it has what its division gives, and no less.
func TestAllianceOfOnePending(t *testing.T) {
	p := Problem{Votes: []int64{3, 3}, Seats: 13, Method: method(t, "dhondt")}
	a, err := AllocateAllied(p, []Alliance{{Lists: []int{0}, Method: method(t, "lr:hagenbach_bischoff_rounded")}})
	if err != nil {
		t.Fatal(err)
	}
	if want, may := []int{6, 6}, []int{1, 1}; !slices.Equal(a.Seats, want) || a.Open != 1 || !slices.Equal(a.May, may) {
		t.Errorf("AllocateAllied = %v open %d may %v, want %v open 1 may %v", a.Seats, a.Open, a.May, want, may)
	}
	if err := VerifyAllied(p, a); err != nil {
		t.Error(err)
	}
}

// TestAlliancesDifferential composes the outcomes of each division and compares.
func TestAlliancesDifferential(t *testing.T) {
	r := source("alliances")
	methods := []Method{method(t, "dhondt"), method(t, "lr:hare"), method(t, "sainte_lague_1.4"), method(t, "balinski_young_quota"), method(t, "hare_largest_lists")}
	for range *elections / 4 {
		p := Problem{Method: methods[r.IntN(len(methods))], Seats: r.IntN(9), MoreVotes: r.IntN(3) == 0}
		for range 5 {
			p.Votes = append(p.Votes, r.Int64N(12))
		}
		p.Votes[0]++
		if r.IntN(3) == 0 {
			for range p.Votes {
				p.Caps = append(p.Caps, r.IntN(p.Seats+2))
			}
		}
		inner := methods[r.IntN(len(methods))]
		groups := [][]int{{0, 3}, {1, 2, 4}}
		if r.IntN(2) == 0 {
			groups = [][]int{{0}, {1, 2, 4}, {3}}
		}
		var alliances []Alliance
		outer := p
		outer.Votes, outer.Caps = nil, nil
		for _, g := range groups {
			sum := int64(0)
			for _, i := range g {
				sum += p.Votes[i]
			}
			outer.Votes = append(outer.Votes, sum)
			if p.Caps != nil {
				room := 0
				for _, i := range g {
					if p.Votes[i] > 0 {
						room += p.Caps[i]
					}
				}
				outer.Caps = append(outer.Caps, room)
			}
			if len(g) > 1 {
				alliances = append(alliances, Alliance{Lists: g, Method: inner})
			}
		}
		all := [][]int{}
		for _, x := range outcomes(outer) {
			whole := [][]int{make([]int, 5)}
			for k, g := range groups {
				parts := [][]int{{x[k]}}
				if len(g) > 1 {
					q := p
					q.Votes, q.Seats, q.Method = of64(p.Votes, g), x[k], inner
					if p.Caps != nil {
						q.Caps = of(p.Caps, g)
					}
					parts = outcomes(q)
				}
				var longer [][]int
				for _, w := range whole {
					for _, y := range parts {
						z := slices.Clone(w)
						for n, i := range g {
							z[i] = y[n]
						}
						longer = append(longer, z)
					}
				}
				whole = longer
			}
			all = append(all, whole...)
		}
		for {
			a, err := AllocateAllied(p, alliances)
			if err != nil {
				t.Fatalf("AllocateAllied(%s, %v) = %v", show(p), groups, err)
			}
			if err := VerifyAllied(p, a); err != nil {
				t.Fatalf("VerifyAllied(%s, %v, %+v) = %v", show(p), groups, a, err)
			}
			for i, n := range a.Seats {
				if p.Lots == nil && slices.ContainsFunc(all, func(x []int) bool { return x[i] > n+a.May[i] }) {
					t.Fatalf("AllocateAllied(%s, %v) = %v and perhaps %v, want no less than in each of %v", show(p), groups, a.Seats, a.May, all)
				}
				if p.Lots == nil && slices.ContainsFunc(all, func(x []int) bool { return x[i] < n }) {
					t.Fatalf("AllocateAllied(%s, %v) = %v, want no more than in each of %v", show(p), groups, a.Seats, all)
				}
			}
			if a.Open == 0 {
				if !slices.ContainsFunc(all, func(x []int) bool { return slices.Equal(x, a.Seats) }) {
					t.Fatalf("AllocateAllied(%s, %v) = %v, want one of %v", show(p), groups, a.Seats, all)
				}
				break
			}
			before := len(p.Lots)
			for _, d := range a.Divisions {
				for _, tie := range d.Allocation.Ties {
					if tie.Settled != Open || len(p.Lots) > before {
						continue
					}
					var l Lot
					for n, k := range r.Perm(len(tie.Lists)) {
						l.Lists = append(l.Lists, d.Members[tie.Lists[k]]...)
						if n < tie.Served() {
							l.Winners = append(l.Winners, d.Members[tie.Lists[k]]...)
						}
					}
					p.Lots = append(p.Lots, l)
				}
			}
			if len(p.Lots) == before {
				t.Fatalf("AllocateAllied(%s, %v) leaves %d open and no tie", show(p), groups, a.Open)
			}
		}
	}
}

func of64(votes []int64, lists []int) (picked []int64) {
	for _, i := range lists {
		picked = append(picked, votes[i])
	}
	return picked
}

func TestVerifyAlliedRejects(t *testing.T) {
	p := Problem{Votes: []int64{410, 330, 135, 100}, Seats: 5, Method: method(t, "dhondt")}
	good, err := AllocateAllied(p, []Alliance{{Lists: []int{2, 3}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(a *Allied){
		"a seat moved":           func(a *Allied) { a.Seats = []int{2, 2, 0, 1} },
		"no divisions":           func(a *Allied) { a.Divisions = nil },
		"a division left out":    func(a *Allied) { a.Divisions = a.Divisions[:1] },
		"the order turned":       func(a *Allied) { slices.Reverse(a.Divisions) },
		"seats from nowhere":     func(a *Allied) { a.Seats, a.Open = []int{3, 2, 1, 0}, -1 },
		"another house":          func(a *Allied) { a.Divisions[1].Problem.Seats++ },
		"other votes":            func(a *Allied) { a.Divisions[0].Problem.Votes[2]++ },
		"a seat of the alliance": func(a *Allied) { a.Divisions[0].Allocation.Seats = []int{3, 2, 0} },
	} {
		a := good
		a.Divisions = slices.Clone(good.Divisions)
		for n := range a.Divisions {
			a.Divisions[n].Problem.Votes = slices.Clone(a.Divisions[n].Problem.Votes)
		}
		change(&a)
		if reflect.DeepEqual(a, good) || VerifyAllied(p, a) == nil {
			t.Errorf("VerifyAllied accepts %s", name)
		}
	}
}
