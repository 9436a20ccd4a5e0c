package margin

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// An Annulment is the fewest precincts without which anything is otherwise. That a precinct
// is among them says that its votes matter most to what then changes, and nothing of how
// it was run.
type Annulment struct {
	Precincts []string      // their ids, those that matter most first; none: no number does it
	Votes     int64         // in them
	After     *tally.Result // the count without them; nil where it cannot be made
	Why       string        // why it cannot
	From      []int         // lists that have fewer seats then, or may
	To        []int         // lists that have more seats then, or may
	In, Out   []int
}

// annul finds the fewest precincts whose annulment changes who takes part or any seat. What
// a precinct adds to a condition adds up over precincts, so the fewest that break it are
// those that hold it up most; the least over all conditions is exact in number, though
// other sets may be as small. why says what keeps it from being told.
func (w *work) annul(set *returns.Set, o tally.Options) (a *Annulment, why string) {
	if !w.linear {
		return nil, "the fewest precincts can be told where an outcome has linear conditions: " + w.why
	}
	x := &annulling{work: w, set: set, options: o}
	if why = x.prepare(); why != "" {
		return nil, why
	}
	a, same := x.fewest()
	if x.law.Admit != nil && same > 0 && (len(a.Precincts) == 0 || same < len(a.Precincts)) {
		return nil, "the fewest precincts can be told where an outcome has linear conditions: " + restored
	}
	return a, ""
}

// annulling is an annulment in search.
type annulling struct {
	*work
	set     *returns.Set
	options tally.Options
	counted []int32   // by precinct: its area, -1 when it is annulled already
	votes   [][]int64 // by list and precinct
	sums    []int64   // by precinct: votes for all lists
	most    int64     // of one list in one precinct
}

func (x *annulling) prepare() (why string) {
	x.counted = slices.Clone(x.set.InAreas())
	for _, id := range x.options.Annulled {
		if p := x.set.Find(id); p >= 0 {
			x.counted[p] = -1
		}
	}
	x.sums = make([]int64, x.set.Len())
	for l := range x.set.Lists {
		column := make([]int64, x.set.Len())
		for p := range column {
			if x.counted[p] < 0 {
				continue
			}
			column[p], _ = x.set.Votes(l).At(p)
			x.sums[p] += column[p]
			x.most = max(x.most, x.sums[p])
		}
		x.votes = append(x.votes, column)
	}
	// A condition sums up to so many votes times a coefficient, which must fit.
	if largest := x.largest(); x.most > math.MaxInt64/4/largest {
		return "a precinct has more votes than can be weighed"
	}
	return ""
}

// largest is a bound of all coefficients.
func (x *annulling) largest() int64 {
	n := int64(1)
	for _, rows := range [][]row{x.rows(&x.now), x.bareRows()} {
		for _, r := range rows {
			for _, c := range r.coefficients {
				n = max(n, c, -c)
			}
		}
	}
	for i := range x.result.Thresholds {
		if share := x.result.Thresholds[i].Share; share != nil {
			n = max(n, share.Num().Int64(), share.Denom().Int64())
		}
	}
	return n
}

func (x *annulling) bareRows() (list []row) {
	for _, r := range x.barRows() {
		list = append(list, r.row)
	}
	return list
}

// An effort is what precincts hold up of a condition.
type effort struct {
	by   []int64  // by precinct
	need *big.Int // above 0: so much must go before it breaks
	top  int64    // of by
}

// fewest tries the conditions, the promising ones first. The least that breaks one and
// changes nothing is so many precincts.
func (x *annulling) fewest() (best *Annulment, same int) {
	best = &Annulment{}
	for _, e := range x.efforts() {
		tried := 0
		for _, n := range x.enough(e, len(best.Precincts)) {
			ids, votes := []string(nil), int64(0)
			for _, p := range n {
				ids, votes = append(ids, x.set.ID(p)), votes+x.sums[p]
			}
			o := x.options
			o.Annulled = slices.Concat(o.Annulled, ids)
			own := &finding.Log{}
			after, ok := tally.Count(x.set, x.law, o, own)
			if !ok {
				if why := own.Sorted()[0]; why.Code != "EMPTY" { // else nothing is left to count
					best = &Annulment{Precincts: ids, Votes: votes, Why: why.Message}
					break
				}
				continue
			}
			out := after.Outcome()
			if !x.changed(&out) {
				tried = cmp.Or(tried, len(ids))
				continue
			}
			best = &Annulment{Precincts: ids, Votes: votes, After: after}
			best.From, best.To, best.In, best.Out = x.turns(&out)
			break
		}
		if tried > 0 && (same == 0 || tried < same) {
			same = tried
		}
	}
	return best, same
}

// enough is the fewest precincts that bring a condition to where it may break, and one
// more where it just holds then, if these are fewer than limit.
func (x *annulling) enough(e effort, limit int) (sets [][]int) {
	if limit > 0 && new(big.Int).Mul(big.NewInt(e.top), big.NewInt(int64(limit-1))).Cmp(e.need) < 0 {
		return nil
	}
	// Of the few that may be among the first, those with a sixteenth of the largest effort are
	// most; where they are not enough all are sorted.
	floor := e.top / 16
	sets, full := x.firsts(e, limit, floor)
	if !full && floor > 0 {
		sets, _ = x.firsts(e, limit, 0)
	}
	return sets
}

// firsts is enough among the precincts with an effort above floor; full says that no other
// would have been asked.
func (x *annulling) firsts(e effort, limit int, floor int64) (sets [][]int, full bool) {
	var positive []int
	for p, n := range e.by {
		if n > floor {
			positive = append(positive, p)
		}
	}
	slices.SortFunc(positive, func(a, b int) int {
		return cmp.Or(cmp.Compare(e.by[b], e.by[a]), cmp.Compare(x.set.ID(a), x.set.ID(b)))
	})
	left := new(big.Int).Set(e.need)
	for i, p := range positive {
		if limit > 0 && i+1 >= limit {
			return sets, true
		}
		left.Sub(left, big.NewInt(e.by[p]))
		if left.Sign() > 0 {
			continue
		}
		if sets = append(sets, positive[:i+1]); left.Sign() < 0 || len(sets) > 1 {
			return sets, true
		}
	}
	return sets, false
}

// efforts are the conditions, those first that the fewest of their largest precincts break.
func (x *annulling) efforts() (list []effort) {
	add := func(r row, in int, base []int64, num int64, g *big.Int) {
		e := effort{by: make([]int64, x.set.Len()), need: new(big.Int).Set(g)}
		if r.below {
			e.need.Add(e.need, big.NewInt(1))
		}
		for l, c := range r.coefficients {
			if c == 0 {
				continue
			}
			for p, v := range x.votes[l] {
				e.by[p] += c * v
			}
		}
		for p := range base {
			e.by[p] -= num * base[p]
		}
		for p := range e.by {
			if in > 0 && !x.inside(x.counted[p], in) {
				e.by[p] = 0
			}
			e.top = max(e.top, e.by[p])
		}
		if e.top > 0 {
			list = append(list, e)
		}
	}
	for _, r := range x.rows(&x.now) {
		add(r, 0, nil, 0, r.value(x.votesOf))
	}
	for _, r := range x.plainRows() {
		if g := r.value(x.votesOf); g.Sign() > 0 || g.Sign() == 0 && r.below {
			add(r.row, 0, nil, 0, g)
		} else if r.constant == nil { // a list that has no vote gets none
			opposite := row{coefficients: make([]int64, len(r.coefficients)), below: true}
			for l, c := range r.coefficients {
				opposite.coefficients[l] = -c
			}
			add(opposite, 0, nil, 0, g.Neg(g))
		}
	}
	if a := x.law.Admit; a != nil && a.Together != nil { // the lists that take part are enough, or no others are left
		base, num, den := x.baseOf(x.admitBase()), a.Together.Num().Int64(), a.Together.Denom().Int64()
		r := row{coefficients: make([]int64, len(x.votes)), below: !a.MoreThan}
		for l, in := range x.now.In {
			if in == tally.Reached {
				r.coefficients[l] = den
			}
		}
		g := r.value(x.votesOf)
		g.Sub(g, new(big.Int).Mul(big.NewInt(num), big.NewInt(x.sum(base, 0))))
		if g.Sign() > 0 || g.Sign() == 0 && r.below {
			add(r, 0, base, num, g)
		}
	}
	for i := range x.result.Thresholds {
		t := &x.result.Thresholds[i]
		x.barEfforts(t, add)
		for k := range t.Or {
			x.barEfforts(&t.Or[k], add)
		}
	}
	slices.SortStableFunc(list, func(a, b effort) int { // by need / top
		return new(big.Int).Mul(a.need, big.NewInt(b.top)).Cmp(new(big.Int).Mul(b.need, big.NewInt(a.top)))
	})
	return list
}

// barEfforts are the conditions of a bar in the nation, or in each area.
func (x *annulling) barEfforts(t *tally.Threshold, add func(row, int, []int64, int64, *big.Int)) {
	if t.Measure == rules.BySeats || t.Base == rules.Qualified || t.In == rules.InAny {
		return
	}
	areas := []int{0}
	if t.In == rules.InEach {
		areas = areas[:0]
		for k := range x.result.Thresholds {
			if &x.result.Thresholds[k] != t {
				continue
			}
			for _, l := range x.trial.Locals(k) {
				if !slices.Contains(areas, l.Area) {
					areas = append(areas, l.Area)
				}
			}
		}
	}
	base := x.baseOf(t.Base)
	for l, list := range x.result.Lists {
		if list.Option || t.Lists[l].Exempt || t.In == rules.InEach && !x.inNation(l) {
			continue
		}
		num, den := int64(0), int64(1)
		if t.Measure != rules.ByVotes {
			share := t.ShareOf(list.Stands.Parties)
			if t.Measure == rules.ByQuota {
				share = new(big.Rat).Quo(t.Share, big.NewRat(int64(x.result.House), 1))
			}
			num, den = share.Num().Int64(), share.Denom().Int64()
		}
		for _, area := range areas {
			r := row{coefficients: make([]int64, len(x.votes)), below: !t.MoreThan}
			for _, q := range x.together(l) {
				r.coefficients[q] = den
			}
			votes, all := int64(0), int64(0) // sums that the count has made before
			for _, q := range x.together(l) {
				votes += x.sum(x.votes[q], area)
			}
			if num > 0 {
				all = x.sum(base, area)
			}
			g := new(big.Int).Mul(big.NewInt(den), big.NewInt(votes))
			g.Sub(g, new(big.Int).Mul(big.NewInt(num), big.NewInt(all)))
			if t.Measure == rules.ByVotes {
				g.Sub(g, big.NewInt(t.Votes))
			}
			of := base
			if num == 0 {
				of = nil
			}
			if g.Sign() > 0 || g.Sign() == 0 && r.below {
				add(r, area, of, num, g)
				continue
			}
			opposite := row{coefficients: make([]int64, len(r.coefficients)), below: !r.below}
			for q, c := range r.coefficients {
				opposite.coefficients[q] = -c
			}
			add(opposite, area, of, -num, g.Neg(g))
		}
	}
}

// inside reports whether an area lies in another.
func (x *annulling) inside(area int32, outer int) bool {
	for a := int(area); a >= 0; a = x.set.Areas[a].Parent {
		if a == outer {
			return true
		}
	}
	return false
}

// sum adds up the precincts of an area, 0 being the nation.
func (x *annulling) sum(column []int64, area int) (n int64) {
	for p, v := range column {
		if area == 0 || x.inside(x.counted[p], area) {
			n += v
		}
	}
	return n
}

// baseOf is a base precinct by precinct, from what the protocols state, as it is for the
// nation; 0 of precincts that are annulled already.
func (x *annulling) baseOf(b rules.Base) []int64 {
	column := make([]int64, x.set.Len())
	add := func(line returns.Line, sign int64) {
		from := x.set.Line(line)
		for p := range column {
			if v, ok := from.At(p); ok && x.counted[p] >= 0 {
				column[p] += sign * v
			}
		}
	}
	known := func(l returns.Line) bool { return x.result.Nation.Line(l).Known }
	switch b {
	case rules.Registered:
		add(returns.Registered, 1)
	case rules.Issued:
		add(returns.Issued, 1)
	case rules.Cast:
		if known(returns.Cast) {
			add(returns.Cast, 1)
			return column
		}
		return x.baseOf(rules.ValidAndInvalid)
	case rules.ValidAndInvalid:
		column = x.baseOf(rules.Valid)
		add(returns.Invalid, 1)
	case rules.Valid:
		switch {
		case known(returns.Valid):
			add(returns.Valid, 1)
		case known(returns.Cast) && known(returns.Invalid):
			add(returns.Cast, 1)
			add(returns.Invalid, -1)
		default:
			copy(column, x.sums)
		}
	default:
		for l := range x.votes {
			if n := x.counts(b, l); n != 0 {
				for p, v := range x.votes[l] {
					column[p] += n * v
				}
			}
		}
	}
	return column
}
