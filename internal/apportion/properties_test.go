package apportion

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestProperties(t *testing.T) {
	for _, m := range Methods() {
		has := m.Owes
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := source(m.Name + " properties")
			for n := range *elections / 4 {
				p := election(r, m)
				if n%10 == 0 {
					large(r, &p)
				}
				a, err := Allocate(p)
				if err != nil {
					continue // the rounded quota of few votes; TestErrors has these
				}
				fills(t, p, a)
				permutes(t, r, p, a)
				ranks(t, p, a)
				if has.Scaling && slices.Max(p.Votes) < 1<<60 {
					scales(t, p, a)
				}
				if a.Open > 0 {
					continue
				}
				if has.Votes {
					gains(t, r, p, a)
				}
				if has.House {
					grows(t, p, a)
				}
				bounds(t, p, a, has.Lower, has.Upper)
			}
		})
	}
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
			for range *elections / 20 {
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

func scales(t *testing.T, p Problem, a Allocation) {
	t.Helper()
	q := p
	q.Votes = slices.Clone(p.Votes)
	for i := range q.Votes {
		q.Votes[i] *= 7
	}
	if b, err := Allocate(q); err != nil || !slices.Equal(b.Seats, a.Seats) || b.Open != a.Open {
		t.Fatalf("Allocate(%s) = %v, %v, want %v as with a 7th of the votes", show(q), b.Seats, err, a.Seats)
	}
}

func gains(t *testing.T, r *rand.Rand, p Problem, a Allocation) {
	t.Helper()
	q, i := p, r.IntN(len(p.Votes))
	q.Votes = slices.Clone(p.Votes)
	q.Votes[i] += 1 + r.Int64N(5)
	if b, err := Allocate(q); err != nil || b.Seats[i]+b.Open < a.Seats[i] || b.Open == 0 && b.Seats[i] < a.Seats[i] {
		t.Fatalf("Allocate(%s) = %v, %v: list %d loses by more votes, it had %v", show(q), b.Seats, err, i, a.Seats)
	}
}

func grows(t *testing.T, p Problem, a Allocation) {
	t.Helper()
	q := p
	q.Seats++
	b, err := Allocate(q)
	if err != nil {
		t.Fatalf("Allocate(%s) = %v", show(q), err)
	}
	for i, n := range a.Seats {
		if b.Seats[i] < n {
			t.Fatalf("Allocate(%s) = %v: list %d loses by one more seat, %v", show(q), b.Seats, i, a.Seats)
		}
	}
}

func bounds(t *testing.T, p Problem, a Allocation, lower, upper bool) {
	t.Helper()
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
		if lower && n < floor.Int64() || upper && n > most {
			t.Fatalf("Allocate(%s) = %v: list %d is outside %d to %d", show(p), a.Seats, i, floor, most)
		}
	}
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
		if want := strings.HasPrefix(m.Name, "lr:"); lost[m.Name] != want {
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
	s := &b.Certificate.Stages[0]
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
