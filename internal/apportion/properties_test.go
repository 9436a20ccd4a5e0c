package apportion

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestProperties tries each property that a method owes on every election, and wants
// to see each that it does not owe fail on some.
func TestProperties(t *testing.T) {
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " properties")
			failed := map[string]bool{}
			for n := range *elections + *elections/10 {
				p := election(r, m)
				switch {
				case n >= *elections:
					large(r, &p)
				case n%8 == 0: // of many lists, where exact shares are far from the seats
					base, spread := r.Int64N(900), []int64{3, 40, 900}[r.IntN(3)]
					for range 8 {
						p.Votes = append(p.Votes, 1+base+r.Int64N(spread))
					}
					p.Votes[0] += r.Int64N(20_000)
					p.Seats = 10 + r.IntN(40)
				}
				a, err := Allocate(p)
				if err != nil {
					continue // the rounded quota of few votes; TestErrors has these
				}
				fills(t, p, a)
				permutes(t, r, p, a)
				ranks(t, p, a)
				for _, x := range properties {
					violation := ""
					if a.Open == 0 || x.name == "scaling" {
						violation = x.violation(r, p, a)
					}
					switch {
					case violation != "" && x.owed(m.Owes):
						t.Fatalf("Allocate(%s) = %v: %s is owed, and %s", show(p), a.Seats, x.name, violation)
					case violation != "":
						failed[x.name] = true
					}
				}
			}
			if *elections < 20_000 {
				return // too few to see the rare ones fail
			}
			for _, x := range properties {
				if !x.owed(m.Owes) && failed[x.name] == x.owed(m.Unknown) {
					t.Errorf("%s is not owed; it fails on some of %d elections: %t, unknown: %t", x.name, *elections, failed[x.name], x.owed(m.Unknown))
				}
			}
		})
	}
}

// properties are those of Properties, each with what is wrong, "" when it holds.
var properties = []struct {
	name      string
	owed      func(Properties) bool
	violation func(r *rand.Rand, p Problem, a Allocation) string
}{
	{"scaling", func(x Properties) bool { return x.Scaling }, scales},
	{"votes", func(x Properties) bool { return x.Votes }, gains},
	{"house", func(x Properties) bool { return x.House }, grows},
	{"lower", func(x Properties) bool { return x.Lower }, func(_ *rand.Rand, p Problem, a Allocation) string { return quotaRule(p, a, true) }},
	{"upper", func(x Properties) bool { return x.Upper }, func(_ *rand.Rand, p Problem, a Allocation) string { return quotaRule(p, a, false) }},
}

// large replaces the votes by some that are close to each other or to 2^62.
func large(r *rand.Rand, p *Problem) {
	unit := int64(1) << (30 + r.IntN(30))
	for i, v := range p.Votes {
		p.Votes[i] = min(v, 3)*unit + r.Int64N(3)
	}
	if r.IntN(2) == 0 {
		for i := range p.Votes {
			p.Votes[i] = r.Int64N(1 << 62)
		}
	}
	p.Votes[0] = max(p.Votes[0], 1)
}

// TestDifferentialLarge compares with the oracle where 64 bits are too few.
func TestDifferentialLarge(t *testing.T) {
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " large")
			for range *elections / 10 {
				p := election(r, m)
				large(r, &p)
				differ(t, r, p)
			}
		})
	}
}

func fills(t *testing.T, p Problem, a Allocation) {
	t.Helper()
	sum := a.Open + a.Unfilled
	for _, n := range a.Seats {
		sum += n
	}
	if sum != p.Seats {
		t.Fatalf("Allocate(%s) = %v and %d open: %d seats", show(p), a.Seats, a.Open, sum)
	}
}

func permutes(t *testing.T, r *rand.Rand, p Problem, a Allocation) {
	t.Helper()
	q, to := p, r.Perm(len(p.Votes))
	q.Votes = make([]int64, len(p.Votes))
	want := make([]int, len(p.Votes))
	for i, k := range to {
		q.Votes[k], want[k] = p.Votes[i], a.Seats[i]
	}
	b, err := Allocate(q)
	if err != nil || !slices.Equal(b.Seats, want) || b.Open != a.Open || len(b.Ties) != len(a.Ties) {
		t.Fatalf("Allocate(%s) = %v, %v, want %v as %s", show(q), b.Seats, err, want, show(p))
	}
	for n, tie := range a.Ties {
		var lists []int
		for _, i := range tie.Lists {
			lists = append(lists, to[i])
		}
		slices.Sort(lists)
		if found := b.Ties[n]; !slices.Equal(found.Lists, lists) || found.Seats != tie.Seats || found.Quotient != tie.Quotient {
			t.Fatalf("Allocate(%s) has the tie %v, want %v", show(q), found, lists)
		}
	}
}

func ranks(t *testing.T, p Problem, a Allocation) {
	t.Helper()
	for i, v := range p.Votes {
		for j, w := range p.Votes {
			if v > w && a.Seats[i]+a.Open < a.Seats[j] {
				t.Fatalf("Allocate(%s) = %v: list %d has more votes than %d", show(p), a.Seats, i, j)
			}
		}
	}
}

func scales(_ *rand.Rand, p Problem, a Allocation) string {
	if slices.Max(p.Votes) >= 1<<60 {
		return ""
	}
	q := p
	q.Votes = slices.Clone(p.Votes)
	for i := range q.Votes {
		q.Votes[i] *= 7
	}
	if b, err := Allocate(q); err != nil || !slices.Equal(b.Seats, a.Seats) || b.Open != a.Open {
		return fmt.Sprintf("7 times the votes give %v, %v", b.Seats, err)
	}
	return ""
}

func gains(r *rand.Rand, p Problem, a Allocation) string {
	q, i := p, r.IntN(len(p.Votes))
	q.Votes = slices.Clone(p.Votes)
	q.Votes[i] += 1 + r.Int64N(5)
	if b, err := Allocate(q); err != nil || b.Seats[i]+b.Open < a.Seats[i] || b.Open == 0 && b.Seats[i] < a.Seats[i] {
		return fmt.Sprintf("with %d votes list %d loses: %v, %v", q.Votes[i], i, b.Seats, err)
	}
	return ""
}

func grows(_ *rand.Rand, p Problem, a Allocation) string {
	q := p
	q.Seats++
	b, err := Allocate(q)
	if err != nil {
		return err.Error()
	}
	for i, n := range a.Seats {
		if b.Seats[i] < n {
			return fmt.Sprintf("with one seat more list %d loses: %v", i, b.Seats)
		}
	}
	return ""
}

// quotaRule compares with the exact shares, rounded down or up.
func quotaRule(p Problem, a Allocation, lower bool) string {
	total := new(big.Int)
	for _, v := range p.Votes {
		total.Add(total, big.NewInt(v))
	}
	for i, v := range p.Votes {
		floor, rest := new(big.Int).Mul(big.NewInt(v), big.NewInt(int64(p.Seats))), new(big.Int)
		floor.QuoRem(floor, total, rest)
		n, most := int64(a.Seats[i]), floor.Int64()
		if rest.Sign() > 0 {
			most++
		}
		if lower && n < floor.Int64() || !lower && n > most {
			return fmt.Sprintf("list %d is outside %d to %d", i, floor, most)
		}
	}
	return ""
}

// TestMonotone shows that the house test can fail: with the votes of the Alabama
// paradox largest remainders take a seat away when the house grows.
func TestMonotone(t *testing.T) {
	votes := []int64{1500, 1500, 900, 500, 500, 200}
	lost := map[string]bool{}
	for _, m := range Methods() {
		for seats := 6; seats < 60; seats++ {
			a, err := Allocate(Problem{Votes: votes, Seats: seats, Method: m})
			b, err2 := Allocate(Problem{Votes: votes, Seats: seats + 1, Method: m})
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			for i := range votes {
				if a.Open == 0 && b.Open == 0 && b.Seats[i] < a.Seats[i] {
					lost[m.Name] = true
				}
			}
		}
	}
	for _, m := range Methods() {
		if want := !m.Owes.House; lost[m.Name] != want {
			t.Errorf("%s takes a seat when the house grows: %t, want %t", m.Name, lost[m.Name], want)
		}
	}
}

// TestVerifyRejects moves one seat in every way, in the result alone and in its
// certificate too, and Verify must refuse each.
func TestVerifyRejects(t *testing.T) {
	for _, m := range Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " verify")
			moved := 0
			for range *elections / 20 {
				p := election(r, m)
				p.MoreVotes = r.IntN(2) == 0
				switch r.IntN(6) {
				case 0:
					p.Minimums = make([]int, len(p.Votes))
					p.Minimums[r.IntN(len(p.Votes))] = r.IntN(4)
					p.Overhang = Overhang(r.IntN(3))
				case 1:
					p.Bonus = Bonus{r.IntN(p.Seats + 1), BonusKind(r.IntN(2))}
				case 2:
					p.Caps = slices.Repeat([]int{1 + p.Seats/2}, len(p.Votes))
				}
				a, err := Allocate(p)
				if err != nil {
					continue
				}
				if err := Verify(p, a); err != nil {
					t.Fatalf("Verify(%s, %v) = %v", show(p), a, err)
				}
				for from := range p.Votes {
					for to := range p.Votes {
						moved += move(t, p, a, from, to)
					}
				}
			}
			if moved < *elections/20 {
				t.Errorf("only %d seats moved", moved)
			}
			t.Logf("%d allocations changed by a seat, all rejected", moved)
		})
	}
}

func move(t *testing.T, p Problem, a Allocation, from, to int) int {
	t.Helper()
	if from == to || a.Seats[from] == 0 {
		return 0
	}
	b := a
	b.Seats = slices.Clone(a.Seats)
	b.Seats[from]--
	b.Seats[to]++
	if Verify(p, b) == nil {
		t.Fatalf("Verify(%s, %v) accepts %v", show(p), a.Seats, b.Seats)
	}
	b.Certificate.Stages = slices.Clone(a.Certificate.Stages)
	if len(b.Certificate.Stages) == 0 {
		return 1
	}
	s := &b.Certificate.Stages[len(b.Certificate.Stages)-1]
	s.Seats = slices.Clone(s.Seats)
	x, y := slices.Index(s.Lists, from), slices.Index(s.Lists, to)
	if x < 0 || y < 0 {
		return 1
	}
	s.Seats[x]--
	s.Seats[y]++
	if Verify(p, b) == nil {
		t.Fatalf("Verify(%s, %v) accepts %v with its certificate", show(p), a.Seats, b.Seats)
	}
	return 2
}

// TestVerifyRejectsFields changes each field of an allocation, and Verify must refuse it.
func TestVerifyRejectsFields(t *testing.T) {
	half := Fraction{num: wide{lo: 1 << 40}, den: wide{lo: 3}}
	stages := func(change func(s *Stage) bool) func(a *Allocation) bool {
		return func(a *Allocation) bool {
			changed := false
			for n := range a.Certificate.Stages {
				changed = changed || change(&a.Certificate.Stages[n])
			}
			return changed
		}
	}
	ties := func(change func(x *Tie)) func(a *Allocation) bool {
		return func(a *Allocation) bool {
			if len(a.Ties) > 0 {
				change(&a.Ties[0])
			}
			return len(a.Ties) > 0
		}
	}
	for _, c := range []struct {
		name   string
		change func(a *Allocation) bool // false: not in this one
	}{
		{"a seat open that is not", func(a *Allocation) bool { a.Open++; return true }},
		{"a seat unfilled that is open", func(a *Allocation) bool { a.Open--; a.Unfilled++; return a.Open >= 0 }},
		{"a larger house", func(a *Allocation) bool { a.Overhang++; a.Open++; return true }},
		{"an unfilled seat above the house", func(a *Allocation) bool { a.Overhang++; a.Unfilled++; return true }},
		{"no certificate", func(a *Allocation) bool { a.Certificate.Stages = nil; return true }},
		{"a stage twice", func(a *Allocation) bool {
			s := a.Certificate.Stages
			a.Certificate.Stages = append(s, s[len(s)-1])
			return true
		}},
		{"From", stages(func(s *Stage) bool {
			s.From = half
			return s.By != Seatwise && s.By != Lead && s.By != Majority && s.House > 0
		})},
		{"To", stages(func(s *Stage) bool {
			s.To = half
			return s.By != Seatwise && s.By != Lead && s.By != Majority && s.House > 0
		})},
		{"LastServed", stages(func(s *Stage) bool {
			s.LastServed = 99
			return s.By != Seatwise && s.By != Lead && s.By != Majority && s.House > 0
		})},
		{"By", stages(func(s *Stage) bool { s.By = (s.By + 1) % 7; return true })},
		{"House", stages(func(s *Stage) bool { s.House++; return true })},
		{"Open", stages(func(s *Stage) bool { s.Open++; return true })},
		{"Lists", stages(func(s *Stage) bool { s.Lists = s.Lists[1:]; return true })},
		{"Held", stages(func(s *Stage) bool { s.Held = []int{1}; return len(s.Lists) != 1 })},
		{"Quota", stages(func(s *Stage) bool { s.Quota = infinite; return s.Whole != nil && s.House > 0 })},
		{"Whole", stages(func(s *Stage) bool {
			if s.Whole == nil || s.House == 0 {
				return false
			}
			s.Whole = slices.Clone(s.Whole)
			s.Whole[0]++
			return true
		})},
		{"Remainders", stages(func(s *Stage) bool {
			if s.Whole == nil || s.House == 0 {
				return false
			}
			s.Remainders = slices.Clone(s.Remainders)
			s.Remainders[0] = half
			return true
		})},
		{"Unserved", stages(func(s *Stage) bool { s.Unserved = append(s.Unserved, 0); return s.Whole != nil && s.House > 0 })},
		{"the quotient of a tie", ties(func(x *Tie) { x.Quotient = half })},
		{"a tie together", ties(func(x *Tie) { x.Together = !x.Together })},
		{"seats of a tie", ties(func(x *Tie) { x.Seats++ })},
		{"the stage of a tie", ties(func(x *Tie) { x.Stage = 77 })},
		{"lists of a tie", ties(func(x *Tie) { x.Lists = []int{99} })},
		{"winners of a tie", ties(func(x *Tie) { x.Winners = []int{-1} })},
		{"a tie that is none", func(a *Allocation) bool {
			a.Ties = append(slices.Clone(a.Ties), Tie{Lists: []int{0}, Seats: 1})
			return true
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			met := map[string]int{}
			for _, m := range Methods() {
				r := source(m.Name + c.name)
				for range 150 {
					p := election(r, m)
					a, err := Allocate(p)
					if err != nil || p.Seats == 0 {
						continue
					}
					b := a
					b.Ties, b.Certificate.Stages = slices.Clone(a.Ties), slices.Clone(a.Certificate.Stages)
					if !c.change(&b) {
						continue
					}
					met[m.Name]++
					if Verify(p, b) == nil {
						t.Fatalf("Verify(%s, %+v) accepts %+v", show(p), a, b)
					}
				}
			}
			if len(met) < 5 {
				t.Errorf("tried with %v", met)
			}
		})
	}
}
