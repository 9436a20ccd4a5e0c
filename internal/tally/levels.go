package tally

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// A District is an area that divides seats of its own, before the nation or with it.
type District struct {
	ID     string // of its level in the law
	Name   string
	House  int         // its seats; 0 where they follow from the quota of a larger one
	Quota  *big.Rat    // where whole quotas alone are given: the votes for one; else nil
	Seats  []int       // by list: what it gives, beside what smaller districts inside of it gave
	Rest   []int64     // by list: the votes left over where the nation pools them; else nil
	Left   int         // seats that go up
	Open   int         // seats that a lot decides
	Given  *Allocation // how it divides; nil where whole quotas alone are given, or all districts divide together
	Voters []Threshold // who takes part, where the district has bars of its own

	at int // as place.at
}

// HasWon reports whether lists have seats from districts, or hold some, beside those of
// the nation.
func (r *Result) HasWon() bool {
	levelled := r.Rules.Held != nil || r.Rules.Nation != nil && r.Rules.Nation.Takes != rules.Nothing && r.Rules.Nation.Takes != rules.Biproportional
	return levelled && slices.ContainsFunc(r.Lists, func(l List) bool { return l.Won > 0 })
}

// A Further is seats that are divided besides the others.
type Further struct {
	ID string
	Allocation
}

// places are the areas of a level, or precincts: where the law divides at a level that
// the data does not name, its precincts are taken for the areas.
func (c *count) places(level string) (list []place) {
	if level != "precinct" && level != c.instead {
		n := c.set.Level(level)
		for a := range c.set.Areas {
			if c.set.Areas[a].Level == n {
				list = append(list, place{at: a, name: c.set.Areas[a].Name, Figures: &c.areas[a]})
			}
		}
		return list
	}
	if c.precinct == nil {
		c.precinct = byPrecinct(c.set, c.counted, c.kinds)
		c.movedIn(c.precinct)
		for p := range c.precinct {
			c.result.AreaNames = append(c.result.AreaNames, c.set.ID(p))
		}
	}
	for p := range c.precinct {
		list = append(list, place{at: len(c.areas) + p, name: c.set.ID(p), Figures: &c.precinct[p]})
	}
	return list
}

// inside reports whether a place lies in another.
func (c *count) inside(at, outer int) bool {
	if at >= len(c.areas) {
		if at == outer {
			return true
		}
		at = c.set.Area(at - len(c.areas))
	}
	for ; at >= 0; at = c.set.Areas[at].Parent {
		if at == outer {
			return true
		}
	}
	return false
}

// districts divides what is divided before the nation, level by level.
func (c *count) districts() bool {
	if n := c.law.Nation; c.result.HouseGiven && n.Takes != rules.Levelling {
		return c.fail("SEATS", "the seats of the law %q are those of its districts; another house cannot be asked for", c.law.Name)
	}
	given := map[int][]int{} // by place, what its lists have in it so far
	for i := range c.law.Districts {
		d := &c.law.Districts[i]
		if !c.divideLevel(d, given) {
			return false
		}
		if c.stuck {
			return true
		}
		for l := range c.result.Lists {
			c.result.Lists[l].Won = c.won[l]
		}
		c.qualify()
	}
	return true
}

// divideLevel divides the seats of the districts of one level.
func (c *count) divideLevel(d *rules.Districts, given map[int][]int) bool {
	where := c.placesOf(d.Level)
	if where == nil {
		return c.fail("AREAS", "the law divides seats in each %s, and the data names none", d.Level)
	}
	if !c.seatsOf(d, where) {
		return false
	}
	if c.stuck {
		return true
	}
	var of []place // whose quota these take
	if d.QuotaOf != "" {
		i := slices.IndexFunc(c.law.Districts, func(x rules.Districts) bool { return x.ID == d.QuotaOf })
		of = c.placesOf(c.law.Districts[i].Level)
		if !c.seatsOf(&c.law.Districts[i], of) {
			return false
		}
	}
	for _, at := range where {
		have := make([]int, len(c.set.Lists)) // from smaller districts inside
		for other, seats := range given {
			if c.inside(other, at.at) {
				for l, n := range seats {
					have[l] += n
				}
			}
		}
		x, ok := c.district(d, at, of, have)
		if !ok {
			return false
		}
		for l, n := range x.Seats {
			c.won[l] += n
		}
		c.result.Districts = append(c.result.Districts, x)
		given[at.at] = x.Seats
	}
	return true
}

// placesOf are the districts of a level with returns that count. Where the data names no
// area of the level, precincts stand for them.
func (c *count) placesOf(level string) (list []place) {
	if level != "precinct" && c.instead == "" && c.places(level) == nil {
		c.instead = level
		c.log.Add(finding.Finding{Code: "AREAS", Severity: finding.Note, Message: fmt.Sprintf("the data names no %s; each precinct is taken for one", level)})
	}
	for _, p := range c.places(level) {
		if p.Precincts > 0 {
			list = append(list, p)
		}
	}
	return list
}

// seatsOf says how many seats each district has.
func (c *count) seatsOf(d *rules.Districts, where []place) bool {
	if d.QuotaOf != "" {
		return true
	}
	if d.ByVotes != nil {
		return c.seatsByVotes(d, where)
	}
	if d.Each > 0 {
		for i := range where {
			where[i].seats = d.Each
		}
		if n := d.Each * len(where); c.law.Nation.Takes != rules.Levelling && n != c.law.Seats || n > c.law.Seats {
			return c.fail("AREAS", "each %s has %d seats, so the %d of the data have %d, and the house has %d", d.Level, d.Each, len(where), n, c.law.Seats)
		}
		return true
	}
	seats, said := d.Seats, "the law"
	if d.Announced {
		if c.ballot == nil || len(c.ballot.Districts) == 0 {
			return c.fail("BALLOT", "the seats of each %s are announced before an election, and no ballot states them (--ballot, kenesh help ballot)", d.Level)
		}
		seats, said = c.ballot.Districts, "the ballot"
	}
	ok := true
	if n := rules.Total(seats); d.Announced && c.law.Nation.Takes != rules.Levelling && n != c.law.Seats || n > c.law.Seats {
		ok = c.refuse("the seats announced for each %s are %d together, and the house has %d", d.Level, n, c.law.Seats)
	}
	known := func(a rules.AreaSeats) bool {
		return slices.ContainsFunc(where, func(p place) bool { return rules.Same(p.name, a.Area) })
	}
	if !slices.ContainsFunc(seats, known) {
		return c.fail("AREAS", "%s has seats for %d %ss, and none of them is in the data, which has %s", said, len(seats), d.Level, some(placeList(where)))
	}
	var away []string // areas of the law without returns
	for _, a := range seats {
		if !known(a) {
			away = append(away, a.Area)
		}
	}
	for i := range where {
		n, found := rules.SeatsIn(seats, where[i].name)
		if !found {
			ok = c.fail("AREAS", "%s states no seats for the %s %q%s", said, d.Level, where[i].name, finding.DidYouMean(where[i].name, away))
		}
		if slices.ContainsFunc(where[:i], func(p place) bool { return rules.Same(p.name, where[i].name) }) {
			ok = c.fail("AREAS", "the data has the %s %q twice", d.Level, where[i].name)
		}
		where[i].seats = n
	}
	if len(away) > 0 && ok { // they are not in yet
		c.stuck = true
		c.open("no returns of %s", some(away))
	}
	return ok
}

func placeList(where []place) (names []string) {
	for _, p := range where {
		names = append(names, p.name)
	}
	return names
}

// seatsByVotes divides seats among the districts by a figure of each.
func (c *count) seatsByVotes(d *rules.Districts, where []place) bool {
	p := apportion.Problem{Seats: d.ByVotes.Total, Method: d.ByVotes.Method}
	for _, at := range where {
		base := at.Base(d.ByVotes.Base)
		if !base.Known {
			return c.fail("AREAS", "the seats of each %s follow from its %s, which %q does not state", d.Level, d.ByVotes.Base.Words(), at.name)
		}
		p.Votes = append(p.Votes, base.N)
	}
	a, err := apportion.Allocate(p)
	switch {
	case err != nil:
		return c.fail("SEATS", "the seats of each %s cannot be divided: %v", d.Level, err)
	case a.Open > 0:
		var tied []string
		for _, k := range a.Ties[len(a.Ties)-1].Lists {
			tied = append(tied, where[k].name)
		}
		return c.fail("SEATS", "the seats of each %s hang on a tie among %s, for which no lot can be given", d.Level, strings.Join(tied, ", "))
	}
	for i, n := range a.Seats {
		where[i].seats = n
	}
	return true
}

// district divides the seats of one district; have is what its lists have in it already.
func (c *count) district(d *rules.Districts, at place, of []place, have []int) (District, bool) {
	x := District{ID: d.ID, Name: at.name, at: at.at, House: at.seats, Seats: make([]int, len(c.set.Lists))}
	in := c.verdicts
	if !d.National {
		x.Voters, in = c.hold(d.Thresholds, at)
	}
	var lists []int
	unknown := false // who takes part
	for l, v := range in {
		switch {
		case at.Votes[l] == 0 || c.kinds[l] != 0:
		case v == Reached:
			lists = append(lists, l)
		case v == Open:
			unknown = true
		}
	}
	if unknown && !c.stuck {
		voters := x.Voters
		if d.National {
			voters = c.result.Thresholds
		}
		c.sayUnknown(voters, " in "+at.name)
	}
	c.stuck = c.stuck || unknown
	switch {
	case unknown || c.law.Nation.Takes == rules.Biproportional:
		return x, true
	case d.Up || d.QuotaOf != "":
		return x, c.wholeQuotas(d, at, of, have, lists, &x)
	case len(lists) == 0:
		c.stuck = true
		c.open("no list takes part in %s, whose %d seats stay empty", at.name, at.seats)
		return x, true
	}
	return x, c.divideDistrict(d, at, have, lists, &x)
}

// divideDistrict divides all seats of a district.
func (c *count) divideDistrict(d *rules.Districts, at place, have, lists []int, x *District) bool {
	p := apportion.Problem{Method: d.Method, Seats: at.seats, MoreVotes: c.law.MoreVotes}
	for _, l := range lists {
		p.Votes = append(p.Votes, at.Votes[l])
		if have[l] > 0 {
			p.Minimums = make([]int, len(lists))
		}
	}
	for k := range p.Minimums {
		p.Minimums[k] = have[lists[k]]
	}
	if d.QuotaBase != nil {
		base := c.base(at.Figures, *d.QuotaBase, c.verdicts)
		if !base.Known {
			return c.fail("AREAS", "the quota is of %s, which %q does not state", d.QuotaBase.Words(), at.name)
		}
		p.Base = base.N
	}
	a, given, ties := c.divideIn(p, lists, at.name)
	if given == nil {
		return false
	}
	x.Given, x.Open = given, a.Open
	for k, l := range lists {
		x.Seats[l] = a.Seats[k] - have[l]
	}
	if a.Open > 0 {
		c.stuck = true
		c.openTies(ties)
	}
	return true
}

// wholeQuotas gives a seat for each whole quota and leaves the others to go up.
func (c *count) wholeQuotas(d *rules.Districts, at place, of []place, have, lists []int, x *District) bool {
	whose, seats, quotaBase, method := at, at.seats, d.QuotaBase, d.Method
	if d.QuotaOf != "" {
		i := slices.IndexFunc(of, func(p place) bool { return c.inside(at.at, p.at) })
		if i < 0 {
			return c.fail("AREAS", "%q lies in none of the areas of %q, whose quota it takes", at.name, d.QuotaOf)
		}
		whose, seats = of[i], of[i].seats
		k := slices.IndexFunc(c.law.Districts, func(x rules.Districts) bool { return x.ID == d.QuotaOf })
		quotaBase, method = c.law.Districts[k].QuotaBase, c.law.Districts[k].Method
	}
	votes := int64(0)
	for _, l := range lists {
		votes += whose.Votes[l]
	}
	if quotaBase != nil {
		base := c.base(whose.Figures, *quotaBase, c.verdicts)
		if !base.Known {
			return c.fail("AREAS", "the quota is of %s, which %q does not state", quotaBase.Words(), whose.name)
		}
		votes = base.N
	}
	x.Quota = method.Quota(votes, seats)
	if votes == 0 || x.Quota.Sign() == 0 {
		x.Left = at.seats
		return true
	}
	sum := 0
	wholes := make([]int, len(lists))
	for k, l := range lists {
		whole := new(big.Int).Mul(big.NewInt(at.Votes[l]), x.Quota.Denom())
		wholes[k] = int(whole.Quo(whole, x.Quota.Num()).Int64())
		sum += wholes[k]
	}
	if d.QuotaOf == "" && sum > at.seats { // the quota gives too many: the method takes some back
		p := apportion.Problem{Method: method, Seats: at.seats, MoreVotes: c.law.MoreVotes}
		for _, l := range lists {
			p.Votes = append(p.Votes, at.Votes[l])
		}
		if quotaBase != nil {
			p.Base = votes
		}
		q := division{lists: lists, problem: p, in: at.name}
		a, ok := c.allocate(&q, true)
		if !ok {
			return false
		}
		if a.Open > 0 {
			before := len(c.result.Ties)
			c.take(a, lists, q.in)
			c.stuck = true
			c.openTies(c.result.Ties[before:])
		}
		wholes = a.Seats
	}
	if c.law.Nation.Takes == rules.Pool {
		x.Rest = make([]int64, len(c.set.Lists))
	}
	already := 0
	for _, n := range have {
		already += n
	}
	for k, l := range lists {
		x.Seats[l] = max(0, wholes[k]-have[l])
		already += x.Seats[l]
		if x.Rest != nil { // the quota is a whole number of votes
			x.Rest[l] = max(0, at.Votes[l]-int64(wholes[k])*x.Quota.Num().Int64())
		}
	}
	x.Left = max(0, at.seats-already)
	return true
}

// pool is the problem of the seats and the votes that the districts left over.
func (c *count) pool(p *apportion.Problem, lists []int) bool {
	p.Seats = 0
	votes := make([]int64, len(c.set.Lists))
	for _, d := range c.result.Districts {
		p.Seats += d.Left
		for l, n := range d.Rest {
			if n > math.MaxInt64-votes[l] {
				return c.fail("OVERFLOW", "the votes left over are beyond %d", int64(math.MaxInt64))
			}
			votes[l] += n
		}
	}
	for _, l := range lists {
		p.Votes = append(p.Votes, votes[l])
	}
	return true
}

// voters gives the votes with which lists stand in the nation's part of a biproportional
// division: votes over the seats of the district, so that a district's voters count
// alike however many votes each has. They are rounded in each district, or multiplied by
// what makes them whole.
func (c *count) voters(lists []int) ([]int64, bool) {
	sums := make([]*big.Rat, len(lists))
	for i := range sums {
		sums[i] = new(big.Rat)
	}
	for _, at := range c.divided() {
		for i, l := range lists {
			v := big.NewRat(at.Votes[l], int64(at.seats))
			if c.law.Nation.Rounded { // half up
				v.Add(v, big.NewRat(1, 2))
				v.SetInt(new(big.Int).Quo(v.Num(), v.Denom()))
			}
			sums[i].Add(sums[i], v)
		}
	}
	by := big.NewInt(1)
	for _, s := range sums {
		g := new(big.Int).GCD(nil, nil, by, s.Denom())
		by.Mul(by, g.Quo(s.Denom(), g))
	}
	out := make([]int64, len(lists))
	for i, s := range sums {
		n := new(big.Int).Mul(s.Num(), by)
		if n.Quo(n, s.Denom()); !n.IsInt64() {
			return nil, c.fail("OVERFLOW", "the voters of %q are too many for the common denominator of the districts' seats", c.set.Lists[lists[i]].Name)
		}
		out[i] = n.Int64()
	}
	return out, true
}

// divided are the districts of the only level, with their seats.
func (c *count) divided() (list []place) {
	for _, at := range c.placesOf(c.law.Districts[0].Level) {
		for _, x := range c.result.Districts {
			if x.Name == at.name {
				at.seats = x.House
				list = append(list, at)
			}
		}
	}
	return list
}

// spread divides the seats of the lists among the districts, where the law does both at
// once.
func (c *count) spread(lists []int) bool {
	nation, r := c.law.Nation, c.result
	if nation == nil || nation.Takes != rules.Biproportional {
		return true
	}
	if r.Status == Undecided {
		c.open("the seats of the lists in the districts hang on that")
		return true
	}
	m := apportion.Matrix{Method: c.law.Method}
	where := c.divided()
	for _, at := range where {
		row := make([]int64, len(lists))
		for k, l := range lists {
			row[k] = at.Votes[l]
		}
		m.Votes, m.Rows = append(m.Votes, row), append(m.Rows, at.seats)
	}
	for _, l := range lists {
		m.Cols = append(m.Cols, r.Lists[l].Seats)
	}
	a, err := apportion.AllocateMatrix(m)
	var none *apportion.InfeasibleError
	switch {
	case errors.As(err, &none):
		var names []string
		for _, i := range none.Rows {
			names = append(names, where[i].name)
		}
		return c.fail("SEATS", "no seats fit: in %s only lists have votes which have %d seats in all, and %d are needed", strings.Join(names, ", "), none.Have, none.Need)
	case err != nil:
		return c.fail("SEATS", "the seats cannot be divided among the districts: %v", err)
	}
	for i := range where {
		for k, l := range lists {
			r.Districts[i].Seats[l] = a.Seats[i][k]
		}
	}
	for _, t := range a.Ties {
		if t.Settled != apportion.Open {
			continue
		}
		var cells []string
		for _, x := range t.Cells {
			cells = append(cells, fmt.Sprintf("%s in %s", r.Lists[lists[x.Col]].Name, where[x.Row].name))
		}
		c.open("%d seats of the districts are tied: %s have equal claims", t.Seats, strings.Join(cells, ", "))
	}
	return true
}

// inAreasOf adds up the seats of the districts inside each area that totals are asked of.
func (c *count) inAreasOf() {
	for i := range c.result.Areas {
		a := &c.result.Areas[i]
		for _, d := range c.result.Districts {
			if !c.result.Given || !c.inside(d.at, a.at) {
				continue
			}
			if a.Seats == nil {
				a.Seats = make([]int, len(c.set.Lists))
			}
			for l, n := range d.Seats {
				a.Seats[l] += n
			}
		}
	}
}

// further divides the seats that are divided besides.
func (c *count) further(lists []int) bool {
	for _, f := range c.law.Further {
		p := apportion.Problem{Method: f.Method, Seats: f.Seats, MoreVotes: c.law.MoreVotes}
		for _, l := range lists {
			p.Votes = append(p.Votes, c.areas[0].Votes[l])
		}
		a, given, ties := c.divideIn(p, lists, f.ID)
		if given == nil {
			return false
		}
		c.result.Further = append(c.result.Further, Further{f.ID, *given})
		for k, l := range lists {
			c.result.Lists[l].Seats += a.Seats[k]
			c.result.Lists[l].OpenSeats += a.May[k]
		}
		c.openTies(ties)
	}
	return true
}

// divideIn divides seats in a district, or besides, and notes the ties; given is nil when
// they cannot be divided.
func (c *count) divideIn(p apportion.Problem, lists []int, in string) (a apportion.Allied, given *Allocation, ties []Tie) {
	a, ok := c.allocate(&division{lists: lists, problem: p, in: in}, true)
	if !ok {
		return a, nil, nil
	}
	before := len(c.result.Ties)
	all := c.take(a, lists, in)
	if all == nil {
		return a, nil, nil
	}
	return a, &all[0], c.result.Ties[before:]
}
