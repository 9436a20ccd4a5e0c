package apportion_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"kenesh/internal/apportion"
)

func Example() {
	m, _ := apportion.Find("lr:hare")
	p := apportion.Problem{Votes: []int64{487685, 475372, 174317, 141940}, Seats: 120, Method: m}
	a, _ := apportion.Allocate(p)
	s := a.Certificate.Stages[0]
	fmt.Println(a.Seats, "quota", s.Quota, "last", s.Remainders[s.Served[1]].Decimal(3), "next", s.Remainders[s.Unserved[0]].Decimal(3))
	fmt.Println(apportion.Verify(p, a))
	// Output:
	// [46 45 16 13] quota 213219/20 last 0.590 next 0.351
	// <nil>
}

func method(t testing.TB, name string) apportion.Method {
	t.Helper()
	m, err := apportion.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// divisors and quotas of the oracle, which shares nothing with the package.
var divisors = map[string]func(k int64) int64{
	"dhondt":       func(k int64) int64 { return k + 1 },
	"sainte_lague": func(k int64) int64 { return 2*k + 1 },
}

var quotas = map[string]func(v, s int64) *big.Rat{
	"lr:hare":               func(v, s int64) *big.Rat { return big.NewRat(v, s) },
	"lr:droop":              func(v, s int64) *big.Rat { return big.NewRat(v/(s+1)+1, 1) },
	"lr:hagenbach_bischoff": func(v, s int64) *big.Rat { return big.NewRat(v, s+1) },
	"lr:imperiali":          func(v, s int64) *big.Rat { return big.NewRat(v, s+2) },
}

// A claim is a list's claim to one seat.
type claim struct {
	list int
	at   *big.Rat
}

// oracle divides seats naively: it writes down every claim there can be, sorts
// them and serves the best. Equal claims at the end are a tie.
func oracle(name string, votes []int64, seats int) (settled, tied []int, open int) {
	settled = make([]int, len(votes))
	var claims []claim
	left := seats
	if d := divisors[name]; d != nil {
		for i, v := range votes {
			for k := range seats {
				if v > 0 {
					claims = append(claims, claim{i, big.NewRat(v, d(int64(k)))})
				}
			}
		}
	} else {
		var sum int64
		for _, v := range votes {
			sum += v
		}
		q := quotas[name](sum, int64(seats))
		for i, v := range votes {
			if v == 0 {
				continue
			}
			x := new(big.Rat).Quo(new(big.Rat).SetInt64(v), q)
			whole := new(big.Int).Quo(x.Num(), x.Denom()).Int64()
			settled[i] = int(whole)
			left -= int(whole)
			claims = append(claims, claim{i, x.Sub(x, big.NewRat(whole, 1))})
		}
		for left < 0 { // every list with a seat gives one back and claims it anew
			claims = slices.DeleteFunc(claims, func(c claim) bool { return settled[c.list] == 0 })
			for _, c := range claims {
				settled[c.list]--
				left++
			}
		}
	}
	for left > len(claims) { // so few votes that a leftover for everybody is not enough
		for _, c := range claims {
			settled[c.list]++
			left--
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int { return b.at.Cmp(a.at) })
	if left < len(claims) && left > 0 && claims[left-1].at.Cmp(claims[left].at) == 0 {
		for _, c := range claims {
			switch c.at.Cmp(claims[left].at) {
			case 1:
				settled[c.list]++
				open++
			case 0:
				tied = append(tied, c.list)
			}
		}
		slices.Sort(tied)
		return settled, tied, left - open
	}
	for _, c := range claims[:left] {
		settled[c.list]++
	}
	return settled, nil, 0
}

func randomVotes(r *rand.Rand, most int64) []int64 {
	votes := make([]int64, 1+r.IntN(6))
	for i := range votes {
		votes[i] = r.Int64N(most + 1)
	}
	votes[r.IntN(len(votes))]++
	return votes
}

// Small numbers are where ties live. Every allocation is verified, and so is
// that no seat can be moved.
func TestAllocateAgainstOracle(t *testing.T) {
	for _, m := range apportion.Methods() {
		t.Run(m.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 7))
			ties := 0
			for range 6000 {
				votes, seats := randomVotes(r, []int64{3, 12, 100, 100000}[r.IntN(4)]), 1+r.IntN(12)
				p := apportion.Problem{Votes: votes, Seats: seats, Method: m}
				a, err := apportion.Allocate(p)
				if err != nil {
					t.Fatalf("%v, %d seats: %v", votes, seats, err)
				}
				settled, tied, open := oracle(m.Name, votes, seats)
				var gotTied []int
				if len(a.Ties) > 0 {
					gotTied = a.Ties[0].Lists
					ties++
				}
				if !slices.Equal(a.Seats, settled) || a.Open != open || !slices.Equal(gotTied, tied) {
					t.Fatalf("%v, %d seats: %v with %d open between %v, want %v with %d open between %v", votes, seats, a.Seats, a.Open, gotTied, settled, open, tied)
				}
				if err := apportion.Verify(p, a); err != nil {
					t.Fatalf("%v, %d seats: %v: %v", votes, seats, a.Seats, err)
				}
			}
			if ties < 100 {
				t.Errorf("only %d ties among 6,000 elections: the test has no teeth", ties)
			}
		})
	}
}

func TestVerifyRejectsAMovedSeat(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	tried := 0
	for tried < 3000 {
		m := apportion.Methods()[r.IntN(len(apportion.Methods()))]
		p := apportion.Problem{Votes: randomVotes(r, 100000), Seats: 2 + r.IntN(20), Method: m}
		a, err := apportion.Allocate(p)
		if err != nil || len(a.Ties) > 0 || len(p.Votes) < 2 {
			continue
		}
		from, to := r.IntN(len(p.Votes)), r.IntN(len(p.Votes))
		s := &a.Certificate.Stages[0]
		i, j := slices.Index(s.Lists, from), slices.Index(s.Lists, to)
		if from == to || a.Seats[from] == 0 || i < 0 || j < 0 {
			continue
		}
		tried++
		a.Seats[from]--
		a.Seats[to]++
		s.Seats[i]--
		s.Seats[j]++
		if apportion.Verify(p, a) == nil {
			t.Fatalf("%s of %v: %v passes with a seat moved from %d to %d", m.Name, p.Votes, a.Seats, from, to)
		}
	}
}

// Properties that every method owes, element by element.
func TestProperties(t *testing.T) {
	for _, m := range apportion.Methods() {
		r := rand.New(rand.NewPCG(11, 11))
		for range 2000 {
			votes, seats := randomVotes(r, []int64{9, 1 << 50}[r.IntN(2)]), 1+r.IntN(30)
			a, err := apportion.Allocate(apportion.Problem{Votes: votes, Seats: seats, Method: m})
			if err != nil {
				t.Fatal(err)
			}
			total := a.Open
			for _, n := range a.Seats {
				total += n
			}
			if total != seats {
				t.Fatalf("%s of %v: %d seats of %d", m.Name, votes, total, seats)
			}
			order := r.Perm(len(votes))
			turned := make([]int64, len(votes))
			for i, k := range order {
				turned[k] = votes[i]
			}
			b, _ := apportion.Allocate(apportion.Problem{Votes: turned, Seats: seats, Method: m})
			for i, k := range order {
				if a.Seats[i] != b.Seats[k] {
					t.Fatalf("%s of %v: %v, and permuted %v: %v", m.Name, votes, a.Seats, turned, b.Seats)
				}
			}
			scaled := slices.Clone(votes)
			for i := range scaled {
				scaled[i] *= 7
			}
			c, _ := apportion.Allocate(apportion.Problem{Votes: scaled, Seats: seats, Method: m})
			if m.Name != "lr:droop" && !slices.Equal(a.Seats, c.Seats) { // Droop's quota is rounded
				t.Fatalf("%s of %v: %v, and seven times that: %v", m.Name, votes, a.Seats, c.Seats)
			}
		}
	}
}

// One more seat costs no list one: divisor methods owe it, largest remainders
// famously do not, and the check is shown to find it.
func TestHouseMonotonicity(t *testing.T) {
	for _, m := range apportion.Methods() {
		r := rand.New(rand.NewPCG(5, 5))
		broken := false
		for range 5000 {
			votes, seats := randomVotes(r, 1000), 1+r.IntN(30)
			a, _ := apportion.Allocate(apportion.Problem{Votes: votes, Seats: seats, Method: m})
			b, _ := apportion.Allocate(apportion.Problem{Votes: votes, Seats: seats + 1, Method: m})
			if len(a.Ties)+len(b.Ties) > 0 {
				continue
			}
			for i := range votes {
				broken = broken || b.Seats[i] < a.Seats[i]
			}
		}
		if want := m.Name == "lr:hare"; broken != want && (m.Name == "lr:hare" || !m.IsQuota()) {
			t.Errorf("%s: a list lost a seat to a larger house: %v, want %v", m.Name, broken, want)
		}
	}
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID, Method, Source string
		Threshold          any
		Votes              []int64
		Seats              int
		Want, Caps         []int
		Tie                *struct {
			Parties               []int
			Contested, Unassigned int
			Overaward             int
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	run := 0
	missing := map[string]int{}
	for _, v := range vectors {
		m, err := apportion.Find(v.Method)
		if err != nil {
			missing[v.Method]++
			continue
		}
		run++
		if v.Threshold != nil {
			var sum int64
			for _, n := range v.Votes {
				sum += n
			}
			for i, n := range v.Votes {
				bar, ok := new(big.Rat).SetString(fmt.Sprint(v.Threshold))
				if !ok {
					t.Fatalf("%s: threshold %v", v.ID, v.Threshold)
				}
				if big.NewRat(n, sum).Cmp(bar) < 0 {
					v.Votes[i] = 0
				}
			}
		}
		p := apportion.Problem{Votes: v.Votes, Seats: v.Seats, Method: m, Caps: v.Caps}
		a, err := apportion.Allocate(p)
		switch {
		case v.Tie != nil && v.Tie.Unassigned > 0:
			if !errors.Is(err, apportion.ErrNoVotes) {
				t.Errorf("%s: %v, %v; want no votes", v.ID, a.Seats, err)
			}
		case v.ID == "trap-int64": // a sum of votes beyond int64, which no electorate has, is refused
			if err == nil {
				t.Errorf("%s: %v, want it refused", v.ID, a.Seats)
			}
		case err != nil:
			t.Errorf("%s: %v", v.ID, err)
		case v.Tie != nil && v.Tie.Overaward > 0:
			if len(a.Ties) != 1 || a.Open != 1 || !slices.Equal(a.Seats, []int{0, 1, 0}) {
				t.Errorf("%s: %v, ties %v", v.ID, a.Seats, a.Ties)
			}
		case v.Tie != nil:
			if len(a.Ties) != 1 || !slices.Equal(a.Ties[0].Lists, v.Tie.Parties) || a.Open != v.Tie.Contested {
				t.Errorf("%s: %v with ties %v, want a tie of %v for %d", v.ID, a.Seats, a.Ties, v.Tie.Parties, v.Tie.Contested)
			}
		case !slices.Equal(a.Seats, v.Want):
			t.Errorf("%s: %v, want %v (%s)", v.ID, a.Seats, v.Want, v.Source)
		}
	}
	t.Logf("%d of %d vectors run; methods that are not there yet: %v", run, len(vectors), missing)
	if len(vectors) != 139 || run != 84 {
		t.Errorf("%d of %d vectors run, want 84 of 139", run, len(vectors))
	}
}

func TestTiesAndLots(t *testing.T) {
	three := []int64{11, 11, 11}
	tests := []struct {
		name      string
		votes     []int64
		seats     int
		moreVotes bool
		lots      []apportion.Lot
		want      []int
		open      int
		settled   apportion.Settled
		bad       bool
	}{
		{"open", three, 4, false, nil, []int{1, 1, 1}, 1, apportion.Open, false},
		{"a lot", three, 4, false, []apportion.Lot{{Lists: []int{2, 0, 1}, Winners: []int{2}}}, []int{1, 1, 2}, 0, apportion.ByLot, false},
		{"two seats, two winners", three, 5, false, []apportion.Lot{{Lists: []int{0, 1, 2}, Winners: []int{2, 0}}}, []int{2, 1, 2}, 0, apportion.ByLot, false},
		{"more votes", []int64{215, 185}, 120, true, nil, []int{65, 55}, 0, apportion.ByMoreVotes, false},
		{"more votes leave a smaller tie", []int64{50, 30, 30, 10}, 6, true, nil, []int{3, 1, 1, 0}, 1, apportion.Open, false},
		{"a lot among other lists", three, 4, false, []apportion.Lot{{Lists: []int{0, 1}, Winners: []int{0}}}, nil, 0, 0, true},
		{"a lot with too few winners", three, 5, false, []apportion.Lot{{Lists: []int{0, 1, 2}, Winners: []int{0}}}, nil, 0, 0, true},
		{"one winner twice", three, 5, false, []apportion.Lot{{Lists: []int{0, 1, 2}, Winners: []int{0, 0}}}, nil, 0, 0, true},
		{"a winner from outside", three, 4, false, []apportion.Lot{{Lists: []int{0, 1, 2}, Winners: []int{3}}}, nil, 0, 0, true},
		{"a needless lot", three, 3, false, []apportion.Lot{{Lists: []int{0, 1, 2}, Winners: []int{0}}}, nil, 0, 0, true},
	}
	for _, tt := range tests {
		a, err := apportion.Allocate(apportion.Problem{Votes: tt.votes, Seats: tt.seats, Method: method(t, "lr:hare"), MoreVotes: tt.moreVotes, Lots: tt.lots})
		var lot *apportion.LotError
		if errors.As(err, &lot) != tt.bad {
			t.Errorf("%s: error %v, want a lot's: %v", tt.name, err, tt.bad)
			continue
		}
		if !tt.bad && (!slices.Equal(a.Seats, tt.want) || a.Open != tt.open || a.Ties[len(a.Ties)-1].Settled != tt.settled) {
			t.Errorf("%s: %v, %d open, ties %+v; want %v, %d open, settled %v", tt.name, a.Seats, a.Open, a.Ties, tt.want, tt.open, tt.settled)
		}
	}
}

func TestCaps(t *testing.T) {
	votes := []int64{700000, 150000, 100000, 50000}
	tests := []struct {
		method   string
		excess   apportion.Excess
		caps     []int
		want     []int
		unfilled int
	}{
		{"dhondt", apportion.ExcessAnew, []int{65, 65, 65, 65}, []int{65, 28, 18, 9}, 0},
		{"sainte_lague", apportion.ExcessAnew, []int{65, 65, 65, 65}, []int{65, 28, 18, 9}, 0},
		// Hare: 84, 18, 12, 6; the 19 above the cap go 9.5, 6.33, 3.17 on top.
		{"lr:hare", apportion.ExcessOnTop, []int{65, 65, 65, 65}, []int{65, 28, 18, 9}, 0},
		{"lr:hare", apportion.ExcessAnew, []int{65, 20, 65, 65}, []int{65, 20, 23, 12}, 0},
		{"lr:hare", apportion.ExcessAnew, []int{10, 10, 10, 10}, []int{10, 10, 10, 10}, 80},
		{"lr:hare", apportion.ExcessOnTop, []int{0, 65, 65, 65}, []int{0, 60, 40, 20}, 0},
	}
	for _, tt := range tests {
		p := apportion.Problem{Votes: votes, Seats: 120, Method: method(t, tt.method), Caps: tt.caps, Excess: tt.excess}
		a, err := apportion.Allocate(p)
		if err != nil || !slices.Equal(a.Seats, tt.want) || a.Unfilled != tt.unfilled {
			t.Errorf("%s with caps %v: %v, %d unfilled, %v; want %v, %d", tt.method, tt.caps, a.Seats, a.Unfilled, err, tt.want, tt.unfilled)
		}
		if err := apportion.Verify(p, a); err != nil {
			t.Errorf("%s with caps %v: %v", tt.method, tt.caps, err)
		}
	}
}

func TestExplain(t *testing.T) {
	for _, name := range []string{"dhondt", "lr:hare"} {
		p := apportion.Problem{Votes: []int64{50, 30, 21}, Seats: 5, Method: method(t, name)}
		a, _ := apportion.Allocate(p)
		steps, err := apportion.Explain(p, a)
		if err != nil || len(steps) != 5 {
			t.Fatalf("%s: %d steps, %v", name, len(steps), err)
		}
		got := make([]int, 3)
		for i, s := range steps {
			got[s.List]++
			if s.Seat != i+1 || s.RunnerUp >= 0 && s.Gap().Sign() < 0 {
				t.Errorf("%s: step %+v", name, s)
			}
			if name == "dhondt" && i > 0 && s.Quotient.Cmp(steps[i-1].Quotient) > 0 {
				t.Errorf("seat %d went for %s after one for %s", s.Seat, s.Quotient, steps[i-1].Quotient)
			}
		}
		if !slices.Equal(got, a.Seats) {
			t.Errorf("%s: the steps give %v, the allocation %v", name, got, a.Seats)
		}
	}
}

func TestRefused(t *testing.T) {
	m := method(t, "dhondt")
	for name, p := range map[string]apportion.Problem{
		"negative votes":   {Votes: []int64{-1, 2}, Seats: 1, Method: m},
		"no votes":         {Votes: []int64{0, 0}, Seats: 1, Method: m},
		"no lists":         {Seats: 1, Method: m},
		"negative seats":   {Votes: []int64{1}, Seats: -1, Method: m},
		"10^12 seats":      {Votes: []int64{1}, Seats: 1_000_000_000_000, Method: m},
		"no method":        {Votes: []int64{1}, Seats: 1},
		"a sum over int64": {Votes: []int64{1<<63 - 1, 1}, Seats: 1, Method: m},
		"caps of others":   {Votes: []int64{1, 2}, Seats: 1, Method: m, Caps: []int{1}},
	} {
		if a, err := apportion.Allocate(p); err == nil {
			t.Errorf("%s: %v, want an error", name, a.Seats)
		}
	}
}

func TestFind(t *testing.T) {
	for alias, want := range map[string]string{"d'Hondt": "dhondt", "Jefferson": "dhondt", "sainte-lague": "sainte_lague", "Webster": "sainte_lague", "lr-hare": "lr:hare", "lr:hagenbach-bischoff": "lr:hagenbach_bischoff", "LR:HARE": "lr:hare"} {
		if m, err := apportion.Find(alias); err != nil || m.Name != want {
			t.Errorf("Find(%q) = %q, %v; want %q", alias, m.Name, err, want)
		}
	}
	var unknown *apportion.UnknownMethodError
	if _, err := apportion.Find("lr:hair"); !errors.As(err, &unknown) {
		t.Errorf("Find(lr:hair): %v", err)
	}
}

func TestLargeNumbers(t *testing.T) {
	votes := []int64{1<<62 - 1, 1<<61 + 12345, 1 << 60}
	for _, m := range apportion.Methods() {
		p := apportion.Problem{Votes: votes, Seats: apportion.MaxSeats, Method: m}
		a, err := apportion.Allocate(p)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if err := apportion.Verify(p, a); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}

func BenchmarkAllocate(b *testing.B) {
	votes := []int64{487685, 475372, 174317, 141940, 136276, 115288, 80279, 66747, 60305, 46568, 42862, 42460, 32795, 12468, 4395, 3459, 35714}
	for _, m := range apportion.Methods() {
		b.Run(m.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := apportion.Allocate(apportion.Problem{Votes: votes, Seats: 120, Method: m}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
