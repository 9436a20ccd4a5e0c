package margin_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/margin"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

var elections = flag.Int("elections", 800, "random elections held against brute force")

// A small is an election of few ballots: lists, of which the last may be an option, and
// invalid ballots.
type small struct {
	votes    []int64
	invalid  int64
	house    int
	method   apportion.Method
	share    *big.Rat // nil: no threshold
	moreThan bool
	cast     bool // the threshold is of ballots cast
	option   bool
	more     bool         // votes
	admit    *rules.Admit // nil: no list is let in; together of valid votes
}

func (e *small) String() string {
	return fmt.Sprintf("%v invalid %d, %d seats by %s, threshold %v more than %v of cast %v, option %v, more votes %v, lets in %v", e.votes, e.invalid, e.house, e.method.Name, e.share, e.moreThan, e.cast, e.option, e.more, e.admit)
}

func random(r *rand.Rand, methods []apportion.Method) *small {
	e := &small{house: 1 + r.IntN(6), method: methods[r.IntN(len(methods))], invalid: int64(r.IntN(4)), moreThan: r.IntN(2) == 0, cast: r.IntN(2) == 0, option: r.IntN(3) == 0, more: r.IntN(3) == 0}
	for range 2 + r.IntN(3) {
		e.votes = append(e.votes, int64(r.IntN(6)))
	}
	if r.IntN(3) > 0 {
		e.share = big.NewRat(1+r.Int64N(4), 10+r.Int64N(3))
		if r.IntN(3) == 0 {
			e.admit = &rules.Admit{Lists: r.IntN(3)}
			if e.admit.Lists == 0 || r.IntN(2) == 0 {
				e.admit.Together, e.admit.MoreThan = big.NewRat(4+r.Int64N(6), 10), r.IntN(2) == 0
			}
		}
	}
	return e
}

// set is the election as returns of one precinct.
func (e *small) set() *returns.Set {
	s := returns.New()
	s.AddFile("a.csv")
	p, _ := s.AddPrecinct([]byte("1"), 0, 2)
	s.Rows = 1
	cast := e.invalid
	for i, v := range e.votes {
		name := string(rune('A' + i))
		s.Put(p, s.AddList(returns.List{ID: name, Name: name}), v)
		cast += v
	}
	s.PutLine(p, returns.Cast, cast)
	s.PutLine(p, returns.Invalid, e.invalid)
	return s
}

func (e *small) law() *rules.Rules {
	l := &rules.Rules{Name: "small", Title: "Small", Seats: e.house, Base: rules.Valid, Method: e.method, MoreVotes: e.more,
		OneQualified: rules.Outcome{Effect: rules.TakesAll}, AgainstAllLeads: rules.Outcome{Effect: rules.Ignored}}
	if e.share != nil {
		t := rules.Threshold{ID: "bar", Share: e.share, MoreThan: e.moreThan}
		if l.Admit = e.admit; e.cast {
			t.Base = rules.Cast
		}
		l.Thresholds = []rules.Threshold{t}
	}
	if e.option {
		l.Options = []rules.Option{{Name: string(rune('A' + len(e.votes) - 1)), Kind: rules.Blank}}
	}
	return l
}

// A result is an outcome by other means than those of the package: the threshold as a
// ratio, and the allocator alone.
type result struct {
	given      bool
	in         []bool
	seats, may []int
}

func (e *small) count(votes []int64) result {
	n := len(votes)
	r := result{in: make([]bool, n), seats: make([]int, n), may: make([]int, n)}
	base := int64(0)
	for _, v := range votes {
		base += v
	}
	if base == 0 {
		return r
	}
	if e.cast {
		base += e.invalid
	}
	p := apportion.Problem{Seats: e.house, Method: e.method, MoreVotes: e.more}
	option := func(l int) bool { return e.option && l == n-1 }
	for l, v := range votes {
		c := 1
		if e.share != nil {
			c = big.NewRat(v, base).Cmp(e.share)
		}
		if v > 0 && (c > 0 || c == 0 && !e.moreThan) && !option(l) {
			r.in[l] = true
		}
	}
	for e.admit != nil {
		lists, next, together := 0, -1, new(big.Rat)
		valid := int64(0)
		for l, v := range votes {
			valid += v
			switch {
			case r.in[l]:
				lists++
				together.Add(together, big.NewRat(v, 1))
			case v > 0 && !option(l) && (next < 0 || v > votes[next]):
				next = l
			}
		}
		enough := lists >= e.admit.Lists
		if e.admit.Together != nil {
			c := together.Quo(together, big.NewRat(valid, 1)).Cmp(e.admit.Together)
			enough = enough && (c > 0 || c == 0 && !e.admit.MoreThan)
		}
		if enough || next < 0 {
			break
		}
		for l, v := range votes { // lists with as many votes come in together
			if !r.in[l] && !option(l) && v == votes[next] {
				r.in[l] = true
			}
		}
	}
	var in []int
	for l, v := range votes {
		if r.in[l] {
			in = append(in, l)
			p.Votes = append(p.Votes, v)
		}
	}
	if in == nil {
		return r
	}
	a, err := apportion.AllocateAllied(p, nil)
	if err != nil {
		return r
	}
	r.given = true
	for k, l := range in {
		r.seats[l], r.may[l] = a.Seats[k], a.May[k]
	}
	return r
}

func (r *result) same(s *result) bool {
	return r.given == s.given && slices.Equal(r.in, s.in) && slices.Equal(r.seats, s.seats) && slices.Equal(r.may, s.may)
}

// fewest is the smallest number of ballots that go from a list to another, -1 being nobody,
// after which a property holds; 0: none up to the votes that there are.
func (e *small) fewest(from, to int, holds func(*result) bool) int64 {
	limit := int64(0)
	for _, v := range e.votes {
		limit += v
	}
	if from >= 0 {
		limit = e.votes[from]
	}
	votes := slices.Clone(e.votes)
	for x := int64(1); x <= limit; x++ {
		if from >= 0 {
			votes[from]--
		}
		if to >= 0 {
			votes[to]++
		}
		if r := e.count(votes); holds(&r) {
			return x
		}
	}
	return 0
}

func least(list ...int64) (n int64) {
	for _, x := range list {
		if x > 0 && (n == 0 || x < n) {
			n = x
		}
	}
	return n
}

// whole is the fewest ballots that change anything, over all ways to distribute as many
// votes.
func (e *small) whole(now *result) int64 {
	total := int64(0)
	for _, v := range e.votes {
		total += v
	}
	best := int64(0)
	votes := make([]int64, len(e.votes))
	var try func(l int, left, moved int64)
	try = func(l int, left, moved int64) {
		if best > 0 && moved >= best {
			return
		}
		if l == len(votes)-1 {
			if votes[l] = left; left > e.votes[l] {
				moved += left - e.votes[l]
			}
			if moved == 0 || best > 0 && moved >= best {
				return
			}
			if r := e.count(votes); !r.same(now) {
				best = moved
			}
			return
		}
		for v := range left + 1 {
			votes[l] = v
			try(l+1, left-v, moved+max(0, v-e.votes[l]))
		}
	}
	try(0, total, 0)
	return best
}

// Every figure is that of brute force: of a list, ballot by ballot along each way; of the
// whole, over all vectors of as many votes, where the outcome has linear conditions, and
// over what goes from one list to one other elsewhere. The methods with rounded quotas may
// give and take back a seat within one way when ballots are added, so of these only what
// is moved is asked.
func TestAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	methods := apportion.Methods()
	told := map[string]int{}
	for told["elections"] < *elections {
		e := random(r, methods)
		now := e.count(e.votes)
		log := &finding.Log{}
		if e.total() == 0 {
			continue
		}
		m, why, ok := margin.Of(e.set(), e.law(), tally.Options{}, false, log)
		open := !now.given || slices.ContainsFunc(now.may, func(n int) bool { return n > 0 })
		if !ok || (why != "") != open {
			if len(log.Sorted()) > 0 && !now.given { // a method that cannot divide
				continue
			}
			t.Fatalf("%v: %v, %q; counted %+v", e, log.Sorted(), why, now)
		}
		if open {
			continue
		}
		told["elections"]++
		told[fmt.Sprint("linear ", m.Linear)]++
		for l := range e.votes {
			if e.option && l == len(e.votes)-1 {
				continue
			}
			e.check(t, m, l, &now)
		}
		if m.Linear {
			if want := e.whole(&now); m.Whole.Ballots != want {
				t.Fatalf("%v: seats %v, the margin is %d, want %d: %+v", e, now.seats, m.Whole.Ballots, want, m.Whole)
			}
			continue
		}
		want := int64(0)
		for from := range e.votes {
			for to := range e.votes {
				if from != to {
					want = least(want, e.fewest(from, to, func(r *result) bool { return !r.same(&now) }))
				}
			}
		}
		if m.Whole.Ballots != want {
			t.Fatalf("%v: seats %v, the margin from one to one is %d, want %d", e, now.seats, m.Whole.Ballots, want)
		}
	}
	t.Log(told)
}

func (e *small) total() (n int64) {
	for _, v := range e.votes {
		n += v
	}
	return n
}

// check holds the figures of one list.
func (e *small) check(t *testing.T, m *margin.Margins, l int, now *result) {
	t.Helper()
	more := func(sure bool) func(*result) bool {
		return func(r *result) bool {
			n := r.seats[l]
			if !sure {
				n += r.may[l]
			}
			return r.given && n > now.seats[l]
		}
	}
	fewer := func(sure bool) func(*result) bool {
		return func(r *result) bool {
			n := r.seats[l]
			if sure {
				n += r.may[l]
			}
			return r.given && n < now.seats[l]
		}
	}
	type way struct {
		name  string
		got   margin.Figure
		lines [][2]int
		holds func(bool) func(*result) bool
	}
	var into, out, from, to [][2]int
	for k := range e.votes {
		if k != l {
			into, out = append(into, [2]int{k, l}), append(out, [2]int{l, k})
			from, to = append(from, [2]int{k, -1}), append(to, [2]int{-1, k})
		}
	}
	ways := []way{
		{"moved to it", m.Lists[l].More.Moved, into, more},
		{"moved from it", m.Lists[l].Fewer.Moved, out, fewer},
	}
	if m.Linear {
		ways = append(ways,
			way{"added to it", m.Lists[l].More.Added, [][2]int{{-1, l}}, more},
			way{"removed from another", m.Lists[l].More.Removed, from, more},
			way{"removed from it", m.Lists[l].Fewer.Removed, [][2]int{{l, -1}}, fewer},
			way{"added to another", m.Lists[l].Fewer.Added, to, fewer})
	}
	for _, w := range ways {
		var sure, may int64
		for _, line := range w.lines {
			sure = least(sure, e.fewest(line[0], line[1], w.holds(true)))
			may = least(may, e.fewest(line[0], line[1], w.holds(false)))
		}
		if now.seats[l] == 0 && (w.name == "moved from it" || w.name == "removed from it" || w.name == "added to another") {
			sure, may = 0, 0
		}
		if may == sure {
			may = 0
		}
		if w.got.Ballots != sure || w.got.Lot != may {
			t.Fatalf("%v: seats %v; list %c, %s: %d (by lot %d), want %d (%d)", e, now.seats, 'A'+l, w.name, w.got.Ballots, w.got.Lot, sure, may)
		}
	}
}
