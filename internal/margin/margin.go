// Package margin says by how many votes an outcome of [tally.Count] stands: for every list
// the fewest ballots that would give it one seat more, or take one, and for the whole the
// fewest that would change anything.
//
// Under largest remainders with a quota that is not rounded, and under divisors that are
// ratios, an outcome is true if and only if finitely many linear conditions in the votes
// hold. With votes v, seats a, V the votes of the lists that take part, and n parts (n = S
// under Hare), for all lists k with a seat and l:
//
//	remainders  n·(v_k − v_l) − (a_k − a_l − 1)·V ≥ 0
//	divisors    v_k·d(a_l) − v_l·d(a_k − 1) ≥ 0
//	thresholds  v − τ·base ≥ 0 of a list that takes part, < 0 of one that does not
//
// (Pukelsheim, Proportional Representation, 2nd ed., 2017; Blom, Stuckey and Teague, arXiv
// 2102.08510.) A ballot that goes from one list to another changes such a sum by the
// difference of two coefficients, so where a condition breaks is a division. Where an outcome
// has no such conditions — caps that bind, alliances, rounded quotas — the real allocator is
// asked, by bisection between the ballots at which a list crosses a threshold.
//
// Ballots that move in the nation are taken to leave the bars in areas as they are; what
// breaks a bar in an area moves there.
//
// Every figure is confirmed by counting again with exactly so many ballots, and with one
// fewer. The package reads no files and prints nothing.
package margin

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Margins are those of one count.
type Margins struct {
	Result *tally.Result
	Linear bool   // the outcome has linear conditions; else the allocator was asked
	Why    string // why not, in words; "" when Linear
	Lists  []List // by list, in ballot order; options have no figures
	Whole  Whole
	Areas  []Bar      // the bars in areas, by list and area: those of lists that reach the nation's
	Annul  *Annulment // where it was asked for and can be told
	WhyNot string     // why it cannot
}

// A List is by how much its seats stand.
type List struct {
	More, Fewer Ways
}

// Ways are the fewest ballots that change a seat of one list, by what is done with them.
type Ways struct {
	Moved   Figure // from, or to, one other list or option
	Added   Figure // to the list; for one seat fewer, to another list
	Removed Figure // from the list; for one seat more, from another list
}

// A Figure is a number of ballots. The zero value is none: no number does it.
type Figure struct {
	Ballots int64 // that do it whatever a lot decides; 0: none
	Lot     int64 // that let a lot decide it, where fewer do; 0: none
	Other   int   // the list or option that the ballots come from or go to; -1: no other
	Area    int   // where they are cast, for a bar in an area: an index into Result.AreaNames; 0: wherever
	From    []int // lists that have fewer seats then
	To      []int // lists that have more seats then
	In, Out []int // lists that take part then, and do no longer
}

// A Whole is the fewest ballots that change who takes part or any seat, moved in whatever
// way.
type Whole struct {
	Ballots int64 // 0: no number does it
	Lot     bool  // so many let a lot decide; one more, as a rule, settle it
	Moves   []Move
	From    []int // lists that have fewer seats then, or may
	To      []int // lists that have more seats then, or may
	In, Out []int
	One     bool // asked was what goes from one list to one other: the outcome has no linear conditions
}

// A Move is ballots that go from one list or option to another.
type Move struct {
	From, To int
	Ballots  int64
	Area     int // as in Figure
}

// A Bar is how far one list is over or short of a bar in one area.
type Bar struct {
	Threshold string // its id
	List      int
	Area      int   // index into Result.AreaNames
	Votes     int64 // there
	Over      int64 // above what is needed, below 0: short of it
}

// Of computes the margins of a count, and with annul the fewest precincts. After an error
// in log there are none; where none can be told, why says it.
func Of(set *returns.Set, law *rules.Rules, o tally.Options, annul bool, log *finding.Log) (m *Margins, why string, ok bool) {
	t, ok := tally.Try(set, law, o, log)
	if !ok {
		return nil, "", false
	}
	w := &work{trial: t, result: t.Result, law: law, base: o.Base, now: t.Result.Outcome(), memo: map[string]tally.Outcome{}, budget: budget}
	if why = w.refuses(); why != "" {
		return nil, why, true
	}
	w.begin()
	m = &Margins{Result: t.Result, Lists: make([]List, len(w.votes))}
	for l := range m.Lists {
		if !t.Result.Lists[l].Option {
			m.Lists[l] = List{More: w.more(l), Fewer: w.fewer(l)}
		}
	}
	m.Whole = w.whole()
	m.Linear, m.Why = w.linear, w.why
	m.Areas = w.areas
	if annul {
		m.Annul, m.WhyNot = w.annul(set, o)
	}
	return m, "", true
}

// work is margins in progress.
type work struct {
	trial  *tally.Trial
	result *tally.Result
	law    *rules.Rules
	base   *rules.Base // the user's for all bars; nil: those of the law
	now    tally.Outcome
	votes  []int64
	lines  bool // the outcome has linear conditions along each line
	linear bool // and in whatever way ballots move
	why    string
	parts  int // of the quota; 0: the method has divisors
	memo   map[string]tally.Outcome
	areas  []Bar
	cross  []crossing // the bars of the votes as they are
	budget int        // of ballots to be tried one by one
	rowsOf []row      // the conditions of the seats as they are
}

// A crossing is a bar in the nation with how far it is from breaking.
type crossing struct {
	barRow
	value   *big.Int
	reached bool
}

// refuses says why no margin can be told.
func (w *work) refuses() string {
	switch {
	case len(w.law.Districts) > 0:
		return "the law divides seats in districts; margins are told of laws that divide in the nation alone"
	case w.unknown() != "":
		return "a bar is a share of " + w.unknown() + ", which the data does not have (--base takes another, such as valid)"
	case slices.Contains(w.now.In, tally.Open):
		return "who takes part is open: " + strings.Join(w.now.Why, "; ")
	case !w.now.Given:
		return "no seats are given: " + strings.Join(w.now.Why, "; ")
	case slices.ContainsFunc(w.now.May, func(n int) bool { return n > 0 }):
		return "a lot decides already, so the margin is no ballot at all: " + strings.Join(w.now.Why, "; ")
	}
	return ""
}

// unknown is a base of a bar that the data does not have: how far lists are from the bar is
// not known then, even where the bounds of the base decide who reaches it.
func (w *work) unknown() string {
	asked := func(t *tally.Threshold) bool {
		return (t.Measure == rules.ByShare || t.Measure == rules.ByQuota) && t.Base != rules.Qualified && !w.result.Nation.Base(t.Base).Known
	}
	for i := range w.result.Thresholds {
		t := &w.result.Thresholds[i]
		if asked(t) {
			return t.Base.Words()
		}
		for k := range t.Or {
			if asked(&t.Or[k]) {
				return t.Or[k].Base.Words()
			}
		}
	}
	return ""
}

// begin finds out whether the outcome has linear conditions.
func (w *work) begin() {
	for _, l := range w.result.Lists {
		w.votes = append(w.votes, l.Votes)
	}
	method := w.law.Method
	parts, remainders := method.Parts(w.result.House)
	_, divisors := method.Scaled(w.result.House, 0)
	capped := w.law.Cap != nil && slices.ContainsFunc(w.now.Seats, func(n int) bool { return n+1 >= w.law.Cap.Seats })
	p := w.result.Allocation.Problem
	switch {
	case !remainders && !divisors:
		w.why = method.Name + " has no linear conditions"
		if !method.Owes.Votes {
			w.why += fmt.Sprintf(", and more votes may cost a list a seat; whether fewer ballots do it was tried up to %d", scanned)
		}
	case w.majority() && slices.ContainsFunc(w.votes, func(v int64) bool { return 2*v > w.result.Nation.Sum }):
		w.why = "a list has more than half of the votes, which brings it a seat"
	case capped:
		w.why = "a list is at the cap, or a seat from it"
	case len(w.trial.Alliances()) > 0:
		w.why = "lists stand together"
	case p.Minimums != nil || p.Bonus.Seats > 0 || p.Base > 0 || w.result.Scale != nil || len(w.law.Further) > 0 || w.law.Minimum != nil:
		w.why = "the law has more than one division, or bounds"
	}
	w.lines = w.why == ""
	if w.lines && w.now.LetIn {
		w.why = "a list takes part for want of others"
	}
	w.linear = w.why == ""
	w.bars()
	if remainders {
		w.parts = parts
	}
}

// majority reports whether more than half of the votes may bring a seat.
func (w *work) majority() bool { return w.law.Method.Name == "kieswet" }

// A line is a way in which ballots change, one after the other: from list from to list to;
// -1 is nobody, so that ballots are added or removed.
type line struct{ from, to int }

// changes are the line's after so many ballots.
func (l line) changes(x int64) (list []tally.Change) {
	cast := l.from < 0 || l.to < 0
	if x == 0 {
		return nil
	}
	if l.from >= 0 {
		list = append(list, tally.Change{List: l.from, Votes: -x, Cast: cast})
	}
	if l.to >= 0 {
		list = append(list, tally.Change{List: l.to, Votes: x, Cast: cast})
	}
	return list
}

// at is the outcome after so many ballots of a line.
func (w *work) at(l line, x int64) tally.Outcome {
	if x == 0 {
		return w.now
	}
	key := fmt.Sprint(l.from, " ", l.to, " ", x)
	if o, ok := w.memo[key]; ok {
		return o
	}
	o := w.trial.Outcome(l.changes(x)...)
	w.memo[key] = o
	return o
}

// votesAt are the votes of a list after so many ballots of a line.
func (w *work) votesAt(l line, x int64, list int) int64 {
	v := w.votes[list]
	if list == l.from {
		v -= x
	}
	if list == l.to {
		v += x
	}
	return v
}

// most is the largest number of ballots that a line can have: those of the list that they
// come from; of ballots that are added, as many as there are votes.
func (w *work) most(l line) int64 {
	if l.from >= 0 {
		return w.votes[l.from]
	}
	return w.result.Nation.Sum
}

// A property is what is asked of an outcome.
type property func(o *tally.Outcome) bool

// gains asks whether a list has more seats than now; for certain, or if a lot may give
// them.
func (w *work) gains(list int, certain bool) property {
	return func(o *tally.Outcome) bool {
		n := o.Seats[list]
		if !certain {
			n += o.May[list]
		}
		return o.Given && n > w.now.Seats[list]
	}
}

func (w *work) loses(list int, certain bool) property {
	return func(o *tally.Outcome) bool {
		n := o.Seats[list]
		if certain {
			n += o.May[list]
		}
		return o.Given && n < w.now.Seats[list]
	}
}

// changed asks whether anything is otherwise than now.
func (w *work) changed(o *tally.Outcome) bool { return !o.Same(&w.now) }

// more are the fewest ballots that give a list one seat more.
func (w *work) more(list int) (ways Ways) {
	for i := range w.result.Thresholds {
		if t := &w.result.Thresholds[i]; t.Level != "" && t.Says(list) == tally.Missed { // what moves in the nation does not help
			w.enter(&ways.Moved, list)
			return ways
		}
	}
	for other := range w.votes {
		if other != list {
			w.best(&ways.Moved, line{other, list}, other, list, w.gains)
			w.best(&ways.Removed, line{other, -1}, other, list, w.gains)
		}
	}
	w.best(&ways.Added, line{-1, list}, -1, list, w.gains)
	return ways
}

// fewer are the fewest ballots that take a seat from a list.
func (w *work) fewer(list int) (ways Ways) {
	if w.now.Seats[list] == 0 {
		return ways
	}
	for other := range w.votes {
		if other != list {
			w.best(&ways.Moved, line{list, other}, other, list, w.loses)
			w.best(&ways.Added, line{-1, other}, other, list, w.loses)
		}
	}
	w.best(&ways.Removed, line{list, -1}, -1, list, w.loses)
	w.leave(&ways.Moved, list)
	return ways
}

// best takes a line into a figure where it needs fewer ballots than what stands there.
func (w *work) best(f *Figure, l line, other, list int, asks func(int, bool) property) {
	limit := w.most(l)
	if f.Ballots > 0 {
		limit = min(limit, f.Ballots-1)
	}
	lot := f.Lot
	sure, ok := w.first(l, asks(list, true), limit)
	if ok {
		o := w.at(l, sure)
		if before := w.at(l, sure-1); asks(list, true)(&before) {
			panic(fmt.Sprintf("margin: %d ballots from list %d to %d are not the fewest", sure, l.from, l.to))
		}
		*f = Figure{Ballots: sure, Other: other, Lot: lot}
		f.From, f.To, f.In, f.Out = w.turns(&o)
		limit = min(limit, sure-1)
	}
	if lot > 0 {
		limit = min(limit, lot-1)
	}
	if may, ok := w.first(l, asks(list, false), limit); ok {
		f.Lot = may
		if f.Ballots == 0 {
			f.Other = other
		}
	}
	if f.Ballots > 0 && f.Lot >= f.Ballots {
		f.Lot = 0
	}
}

// turns says whose seats are fewer and more in another outcome, lots included, and who
// takes part then and no longer.
func (w *work) turns(o *tally.Outcome) (from, to, in, out []int) {
	for l := range w.votes {
		now := w.now.Seats[l]
		switch {
		case !o.Given:
		case o.Seats[l] < now:
			from = append(from, l)
		case o.Seats[l]+o.May[l] > now:
			to = append(to, l)
		}
		switch {
		case w.now.In[l] == tally.Reached && o.In[l] != tally.Reached:
			out = append(out, l)
		case w.now.In[l] != tally.Reached && o.In[l] == tally.Reached:
			in = append(in, l)
		}
	}
	return from, to, in, out
}

// first is the smallest number of ballots of a line, up to a limit, after which a property
// holds.
func (w *work) first(l line, holds property, limit int64) (int64, bool) {
	if limit < 1 {
		return 0, false
	}
	cuts := w.crossings(l, limit)
	for i, from := range cuts {
		to := limit
		if i+1 < len(cuts) {
			to = cuts[i+1] - 1
		}
		if x, ok := w.within(l, holds, from, to); ok {
			return x, true
		}
	}
	return 0, false
}

// within is first between two numbers of ballots between which no list crosses a
// threshold.
func (w *work) within(l line, holds property, from, to int64) (int64, bool) {
	if w.lines {
		return w.walk(l, holds, from, to)
	}
	if o := w.at(l, from); from > 0 && holds(&o) {
		return from, true
	}
	x, ok := int64(0), false
	if o := w.at(l, to); holds(&o) {
		x, ok = w.bisect(l, holds, from, to), true
	}
	if w.law.Method.Owes.Votes {
		return x, ok
	}
	// More votes may cost a list a seat here, so what holds may hold earlier as well.
	for n := from + 1; n <= min(to, scanned) && (!ok || n < x) && w.budget > 0; n++ {
		w.budget--
		if o := w.at(l, n); holds(&o) {
			return n, true
		}
	}
	return x, ok
}

// Where bisection may miss the first ballots that do something they are tried one by one, up
// to scanned of them along a way, and budget in all.
const (
	scanned = 200
	budget  = 10_000
)

// bisect finds where a property begins to hold that does not at from and does at to.
func (w *work) bisect(l line, holds property, from, to int64) int64 {
	for to-from > 1 {
		x := from + (to-from)/2
		if o := w.at(l, x); holds(&o) {
			to = x
		} else {
			from = x
		}
	}
	return to
}

// walk goes from one outcome to the next along a line, as the conditions of each say where
// it ends.
func (w *work) walk(l line, holds property, from, to int64) (int64, bool) {
	for x := from; ; {
		o := w.at(l, x)
		if x > 0 && holds(&o) {
			return x, true
		}
		next := int64(0)
		switch {
		case !o.Given && w.law.Admit == nil: // between two crossings, so none are given before the next
		case w.atCap(&o): // the conditions leave out the cap
			if o := w.at(l, to); to > x && holds(&o) {
				return w.bisect(l, holds, x, to), true
			}
		case slices.ContainsFunc(o.May, func(n int) bool { return n > 0 }):
			next = x + 1 // a lot decides here, and one ballot more settles it
		default:
			next = w.ends(l, x, &o)
		}
		if next == 0 || next > to {
			return 0, false
		}
		x = next
	}
}

// atCap reports whether a list has all the seats that the law allows one.
func (w *work) atCap(o *tally.Outcome) bool {
	return w.law.Cap != nil && slices.ContainsFunc(o.Seats, func(n int) bool { return n >= w.law.Cap.Seats })
}

// ends is the smallest number of ballots above x after which an outcome that holds at x
// ends, or a lot decides; 0: it does not end.
func (w *work) ends(l line, x int64, o *tally.Outcome) int64 {
	best := int64(0)
	rows := w.rowsOf
	if x > 0 {
		rows = w.rows(o)
	} else if rows == nil {
		rows = w.rows(o)
		w.rowsOf = rows
	}
	for _, r := range slices.Concat(rows, w.admitRows(l, x, o)) {
		g, slope := r.value(func(list int) int64 { return w.votesAt(l, x, list) }), r.of(l.to)-r.of(l.from)
		if slope >= 0 {
			continue
		}
		// The first n with g + slope·n ≤ 0, at least one.
		n := new(big.Int).Add(g, big.NewInt(-slope-1))
		n.Quo(n, big.NewInt(-slope))
		if g.Sign() <= 0 {
			n.SetInt64(1)
		}
		if n.IsInt64() && n.Int64() > 0 && (best == 0 || x+n.Int64() < best) {
			best = x + n.Int64()
		}
	}
	return best
}

// A row is a linear condition: the sum of coefficients times votes, and a constant.
type row struct {
	coefficients []int64 // by list
	constant     *big.Int
	below        bool // the condition breaks below 0; else at 0 as well
}

func (r *row) of(list int) int64 {
	if list < 0 {
		return 0
	}
	return r.coefficients[list]
}

// value is the sum.
func (r *row) value(votes func(list int) int64) *big.Int {
	sum, term := new(big.Int), new(big.Int)
	if r.constant != nil {
		sum.Set(r.constant)
	}
	for list, c := range r.coefficients {
		if c != 0 {
			sum.Add(sum, term.Mul(big.NewInt(c), big.NewInt(votes(list))))
		}
	}
	return sum
}

// rows are the conditions of the seats of an outcome. At 0 a lot decides.
func (w *work) rows(o *tally.Outcome) (list []row) {
	for k, in := range o.In {
		for l := range o.In {
			if k == l || in != tally.Reached || o.In[l] != tally.Reached || o.Seats[k] == 0 {
				continue
			}
			r := row{coefficients: make([]int64, len(w.votes))}
			if w.parts > 0 {
				d := int64(o.Seats[k] - o.Seats[l] - 1)
				for m, in := range o.In {
					if in == tally.Reached {
						r.coefficients[m] = -d
					}
				}
				r.coefficients[k] += int64(w.parts)
				r.coefficients[l] -= int64(w.parts)
			} else {
				r.coefficients[k], _ = w.law.Method.Scaled(w.result.House, o.Seats[l])
				d, _ := w.law.Method.Scaled(w.result.House, o.Seats[k]-1)
				r.coefficients[l] = -d
			}
			list = append(list, r)
		}
	}
	return list
}

// admitRows are conditions under which, between two crossings, a law that lets lists in for
// want of others lets in the same ones: those that take part come to the share that is
// enough, or do not. Once some are let in, those without any one of them, and who has as many
// votes, do not come to it either, and lists keep their order.
func (w *work) admitRows(l line, x int64, o *tally.Outcome) (list []row) {
	a := w.law.Admit
	if a == nil {
		return nil
	}
	add := func(r row) {
		g := r.value(func(list int) int64 { return w.votesAt(l, x, list) })
		back := row{coefficients: make([]int64, len(r.coefficients)), constant: new(big.Int)}
		for i, c := range r.coefficients {
			back.coefficients[i] = -c
		}
		if r.constant != nil {
			back.constant.Neg(r.constant)
		}
		if g.Sign() >= 0 {
			list = append(list, r)
		}
		if g.Sign() <= 0 {
			list = append(list, back)
		}
	}
	takes := func(k int) bool { return o.In[k] == tally.Reached }
	for _, k := range []int{l.from, l.to} { // the others keep theirs
		for m := range w.votes {
			if o.LetIn && k >= 0 && m != k {
				r := row{coefficients: make([]int64, len(w.votes))}
				r.coefficients[k], r.coefficients[m] = 1, -1
				add(r)
			}
		}
	}
	if a.Together == nil {
		return list
	}
	base := w.admitBase()
	num, den := a.Together.Num().Int64(), a.Together.Denom().Int64()
	rest := w.result.Nation.Base(base).N // of the base, beside votes of the table
	for q, v := range w.votes {
		rest -= w.counts(base, q) * v
	}
	for without := -1; without < len(w.votes); without++ {
		if without >= 0 && !(o.LetIn && takes(without)) {
			continue
		}
		r := row{coefficients: make([]int64, len(w.votes)), constant: big.NewInt(-rest)}
		r.constant.Mul(r.constant, big.NewInt(num))
		for q := range w.votes {
			r.coefficients[q] = -num * w.counts(base, q)
			if takes(q) && (without < 0 || w.votesAt(l, x, q) != w.votesAt(l, x, without)) { // those with as many come in together
				r.coefficients[q] += den
			}
		}
		add(r)
	}
	return list
}

// admitBase is the base of the share that is enough.
func (w *work) admitBase() rules.Base {
	if w.base != nil {
		return *w.base
	}
	return w.law.Admit.Base
}

// A barRow is a bar in the nation for one list.
type barRow struct {
	list int
	row
}

// counts is how much a ballot for a list counts in a base.
func (w *work) counts(base rules.Base, list int) int64 {
	kind := w.result.Lists[list].Kind
	switch base {
	case rules.Valid, rules.Cast, rules.ValidAndInvalid:
		return 1
	case rules.ValidWithoutNone:
		if kind != rules.AgainstAll && kind != rules.Blank {
			return 1
		}
	case rules.ListVotes:
		if kind == 0 || kind == rules.Others {
			return 1
		}
	}
	return 0 // registered voters and ballots issued stay as they are
}

// barRows are the bars in the nation for each list: the sum is not below 0, or above it,
// where the list reaches the bar.
func (w *work) barRows() (list []barRow) {
	add := func(t *tally.Threshold) {
		if t.In != rules.InNation || t.Measure == rules.BySeats || t.Base == rules.Qualified {
			return
		}
		for l, x := range w.result.Lists {
			if x.Option || t.Lists[l].Exempt {
				continue
			}
			r := barRow{l, row{coefficients: make([]int64, len(w.votes)), constant: new(big.Int), below: !t.MoreThan}}
			num, den := big.NewInt(0), big.NewInt(1)
			switch t.Measure {
			case rules.ByVotes:
				r.constant.SetInt64(-t.Votes)
			default:
				share := t.ShareOf(x.Stands.Parties)
				if t.Measure == rules.ByQuota {
					share = new(big.Rat).Quo(t.Share, big.NewRat(int64(w.result.House), 1))
				}
				num, den = share.Num(), share.Denom()
			}
			sum := int64(0) // of what the table's votes have in the base
			for q := range w.votes {
				n := w.counts(t.Base, q)
				r.coefficients[q] = -num.Int64() * n
				sum += n * w.votes[q]
			}
			for _, q := range w.together(l) {
				r.coefficients[q] += den.Int64()
			}
			if t.Measure != rules.ByVotes { // what the base has beside them: invalid ballots, or all voters
				rest := new(big.Int).Sub(big.NewInt(t.Of.N), big.NewInt(sum))
				r.constant.Neg(rest.Mul(rest, num))
			}
			list = append(list, r)
		}
	}
	list = w.plainRows()
	for i := range w.result.Thresholds {
		add(&w.result.Thresholds[i])
		for k := range w.result.Thresholds[i].Or {
			add(&w.result.Thresholds[i].Or[k])
		}
	}
	if a := w.law.Admit; a != nil && a.Together != nil { // below this the next list is let in
		of := w.admitBase()
		all := &tally.Threshold{Threshold: rules.Threshold{Share: a.Together, Base: of, MoreThan: a.MoreThan}, Lists: make([]tally.Verdicts, len(w.votes)), Of: w.result.Nation.Base(of)}
		before := len(list)
		add(all)
		if len(list) > before {
			r := list[before]
			list = list[:before]
			for _, q := range w.together(r.list) {
				r.coefficients[q] -= a.Together.Denom().Int64()
			}
			for l, in := range w.now.In {
				if in == tally.Reached {
					r.coefficients[l] += a.Together.Denom().Int64()
				}
			}
			list = append(list, r)
		}
	}
	return list
}

// plainRows are the conditions of single lists that are no bars: a list without a vote
// takes no part, and one with more than half may have a seat for that.
func (w *work) plainRows() (list []barRow) {
	for l, x := range w.result.Lists {
		if !x.Option { // a list without a vote takes no part
			r := barRow{l, row{coefficients: make([]int64, len(w.votes)), constant: big.NewInt(-1), below: true}}
			r.coefficients[l] = 1
			list = append(list, r)
		}
	}
	for l, x := range w.result.Lists {
		if w.majority() && !x.Option {
			r := barRow{l, row{coefficients: slices.Repeat([]int64{-1}, len(w.votes))}}
			r.coefficients[l] = 1
			list = append(list, r)
		}
	}
	return list
}

// together are the lists whose votes are held against a threshold as one with a list's.
func (w *work) together(list int) []int {
	if w.law.Alliances != nil && w.law.Alliances.Together {
		for _, a := range w.trial.Alliances() {
			if slices.Contains(a, list) {
				return a
			}
		}
	}
	return []int{list}
}

// crossings are the numbers of ballots of a line, up to a limit, from which on a list is on
// the other side of a bar; 0 stands first.
func (w *work) crossings(l line, limit int64) []int64 {
	cuts := []int64{0}
	if w.cross == nil {
		for _, r := range w.barRows() {
			g := r.value(w.votesOf)
			w.cross = append(w.cross, crossing{r, g, g.Sign() > 0 || g.Sign() == 0 && r.below})
		}
	}
	for _, r := range w.cross {
		g, reached := r.value, r.reached
		slope := r.of(l.to) - r.of(l.from)
		n := new(big.Int)
		switch {
		case reached && slope < 0: // the first n with g + slope·n below 0, or at it
			n.Neg(g).Quo(n, big.NewInt(slope)) // ⌊g / −slope⌋
			if r.below || new(big.Int).Mul(n, big.NewInt(-slope)).Cmp(g) < 0 {
				n.Add(n, big.NewInt(1))
			}
		case !reached && slope > 0: // the first n with g + slope·n at 0, or above it
			n.Neg(g).Quo(n, big.NewInt(slope))
			if exact := new(big.Int).Mul(n, big.NewInt(slope)); exact.Add(exact, g).Sign() < 0 || !r.below && exact.Sign() == 0 {
				n.Add(n, big.NewInt(1))
			}
		default:
			continue
		}
		if n.IsInt64() && n.Int64() > 0 && n.Int64() <= limit {
			cuts = append(cuts, n.Int64())
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// bars gathers the bars in areas of the lists that reach all bars of the nation.
func (w *work) bars() {
	for k := range w.result.Thresholds {
		t := &w.result.Thresholds[k]
		for _, x := range w.trial.Locals(k) {
			if w.inNation(x.List) {
				w.areas = append(w.areas, Bar{Threshold: t.ID, List: x.List, Area: x.Area, Votes: x.Votes, Over: x.Votes - x.Needed})
			}
		}
	}
}

// inNation reports whether a list reaches all bars but those in areas.
func (w *work) inNation(list int) bool {
	if w.result.Lists[list].Option {
		return false
	}
	for i := range w.result.Thresholds {
		if t := &w.result.Thresholds[i]; t.In != rules.InEach && t.Says(list) != tally.Reached {
			return false
		}
	}
	return true
}

// receiver is a list or option to which ballots of an area may go, or from which they may
// come: the one with the most votes beside a list.
func (w *work) receiver(list int) int {
	best := -1
	for l, v := range w.votes {
		if l != list && (best < 0 || v > w.votes[best]) {
			best = l
		}
	}
	return best
}

// leave is the fewest ballots by which a list falls below a bar in an area.
func (w *work) leave(f *Figure, list int) {
	for _, b := range w.areas {
		other := w.receiver(list)
		if b.List != list || b.Over < 0 || other < 0 || f.Ballots > 0 && b.Over+1 >= f.Ballots {
			continue
		}
		n := b.Over + 1
		o := w.trial.Outcome(tally.Change{List: list, Area: b.Area, Votes: -n}, tally.Change{List: other, Area: b.Area, Votes: n})
		if !w.loses(list, true)(&o) {
			continue // another bar will do
		}
		*f = Figure{Ballots: n, Other: other, Area: b.Area}
		f.From, f.To, f.In, f.Out = w.turns(&o)
	}
}

// enter is the ballots by which a list reaches the only bars in areas that keep it out.
func (w *work) enter(f *Figure, list int) {
	moves, n := w.lacking(list)
	if n == 0 || len(moves) > 1 || f.Ballots > 0 && n >= f.Ballots {
		return
	}
	m := moves[0]
	o := w.trial.Outcome(tally.Change{List: m.From, Area: m.Area, Votes: -n}, tally.Change{List: m.To, Area: m.Area, Votes: n})
	if w.gains(list, true)(&o) {
		*f = Figure{Ballots: n, Other: m.From, Area: m.Area}
		f.From, f.To, f.In, f.Out = w.turns(&o)
	}
}

// lacking is what would lift a list over all bars in areas that it missed, where nothing else
// keeps it out; nothing where an area has too few votes for others.
func (w *work) lacking(list int) (moves []Move, n int64) {
	if w.now.In[list] == tally.Reached {
		return nil, 0
	}
	for _, b := range w.areas {
		if b.List == list && b.Over < 0 {
			moves = append(moves, Move{From: w.receiver(list), To: list, Ballots: -b.Over, Area: b.Area})
			n += -b.Over
		}
	}
	return moves, n
}
