// Package sweep moves one figure of a law through a range and says where the outcome
// of a count changes: the height of the national threshold ([Threshold]), or the size
// of the house ([House]).
//
// Heights are exact and not a grid. A list qualifies or not by comparing its share,
// votes / base, with the height, so the outcome can change at the shares of lists and
// nowhere between; one count within each interval is the outcome of all of it. Every
// outcome is that of [tally.Count] under a law that differs in the figure alone: what
// else the law demands holds as before and may keep a list out.
//
// The votes are added up once. All counts after the first are of a set with as few
// precincts as the law can tell apart, and the first of them must agree with the
// count of all precincts.
package sweep

import (
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// An Outcome is what follows at one value of the figure, or in one interval of it.
type Outcome struct {
	Law       bool            // the law's own figure is here
	Qualified []tally.Verdict // by list, in ballot order
	Given     bool            // seats were given; else Seats and Open are all 0
	Seats     []int           // by list: settled
	Open      []int           // by list: that it may still get by a lot
	Status    tally.Status    // final or open
	Why       []string        // why it is open, in sentences
}

// same reports whether two outcomes are one, wherever the law stands.
func (o *Outcome) same(p *Outcome) bool {
	return slices.Equal(o.Qualified, p.Qualified) && o.Given == p.Given && slices.Equal(o.Seats, p.Seats) && slices.Equal(o.Open, p.Open) &&
		o.Status == p.Status && slices.Equal(o.Why, p.Why)
}

// A counter counts the same votes again and again, under laws that differ in a figure.
type counter struct {
	all     *returns.Set
	few     *returns.Set // the same sums in as few precincts as can be
	options tally.Options
	law     *tally.Result // the count of all precincts under the law as it stands
}

// begin counts all precincts under the law as it stands. Findings go to log.
func begin(set *returns.Set, law *rules.Rules, options tally.Options, log *finding.Log) (*counter, bool) {
	c := &counter{all: set, options: tally.Options{Base: options.Base, Ballot: options.Ballot}}
	var ok bool
	if c.law, ok = tally.Count(set, law, c.options, log); !ok {
		return nil, false
	}
	if c.few = set; !byPrecinct(set, law) {
		c.few = reduce(set)
	}
	again, ok := tally.Count(c.few, law, c.options, &finding.Log{})
	if !ok || !slices.EqualFunc(again.Lists, c.law.Lists, func(a, b tally.List) bool {
		return a.Votes == b.Votes && a.Qualified == b.Qualified && a.Seats == b.Seats && a.OpenSeats == b.OpenSeats
	}) {
		panic("sweep: the votes by area do not give what the precincts give")
	}
	return c, true
}

// count is the outcome under a law, in a house of so many seats (0: the law's). Seats
// that cannot be divided are an outcome; any other error goes to log.
func (c *counter) count(law *rules.Rules, house int, log *finding.Log) (Outcome, bool) {
	options := c.options
	options.Seats = house
	own := &finding.Log{}
	r, ok := tally.Count(c.few, law, options, own)
	if ok && slices.ContainsFunc(r.Lists, func(l tally.List) bool { return l.Qualified == tally.Open }) {
		r, ok = tally.Count(c.all, law, options, own) // its sentences number the precincts that lack a line
	}
	if ok {
		return outcome(r), true
	}
	var why []string
	for _, f := range own.Sorted() {
		switch {
		case f.Severity != finding.Error:
		case f.Code != "SEATS":
			log.Add(f)
			return Outcome{}, false
		default:
			why = append(why, f.Message)
		}
	}
	// Who qualifies does not hang on the method: it is asked of one that can divide any
	// seats among any lists.
	simple := *law
	simple.Method, simple.Cap, simple.QuotaBase, simple.Bonus = apportion.Methods()[0], nil, nil, nil
	if r, ok = tally.Count(c.few, &simple, options, log); !ok {
		return Outcome{}, false
	}
	o := outcome(r)
	clear(o.Seats)
	clear(o.Open)
	o.Given, o.Status, o.Why = false, tally.Undecided, why
	return o, true
}

func outcome(r *tally.Result) Outcome {
	o := Outcome{Given: r.Given, Status: r.Status}
	for _, why := range r.Why {
		o.Why = append(o.Why, strings.ReplaceAll(why, " (--lots)", "")) // a lot answers one tie of one count
	}
	for _, l := range r.Lists {
		o.Qualified = append(o.Qualified, l.Qualified)
		o.Seats = append(o.Seats, l.Seats)
		o.Open = append(o.Open, l.OpenSeats)
	}
	return o
}

// byPrecinct reports whether the law tells single precincts apart: they are its districts, or
// stand for districts that the data does not name.
func byPrecinct(set *returns.Set, law *rules.Rules) bool {
	single := func(level string) bool {
		return level == "precinct" || !slices.ContainsFunc(set.Areas, func(a returns.Area) bool { return a.Level > 0 && set.Levels[a.Level-1] == level })
	}
	for _, d := range law.Districts {
		if single(d.Level) {
			return true
		}
	}
	return slices.ContainsFunc(law.Thresholds, func(t rules.Threshold) bool {
		return t.Level == "precinct" || slices.ContainsFunc(t.Or, func(t rules.Threshold) bool { return t.Level == "precinct" })
	})
}

// reduce makes of the precincts of an area one, or as many as there are ways to fill in
// a protocol: a line is known in an area when every precinct states it. Sums, and what
// is known of them, stay as they are in every area.
func reduce(set *returns.Set) *returns.Set {
	type kind struct {
		area   int32
		stated uint64
	}
	var partly []returns.Line // lines that some precincts have and others do not
	for l, n := range set.LineCounts() {
		if n > 0 && n < set.Len() {
			partly = append(partly, returns.Line(l))
		}
	}
	var kinds []kind
	known := map[kind]int32{}
	by := make([]int32, set.Len())
	for p, area := range set.InAreas() {
		k := kind{area: area}
		for _, l := range partly {
			if _, ok := set.Line(l).At(p); ok {
				k.stated |= 1 << l
			}
		}
		if p > 0 && kinds[by[p-1]] == k { // mostly many of a kind follow one another
			by[p] = by[p-1]
			continue
		}
		i, ok := known[k]
		if !ok {
			i = int32(len(kinds))
			kinds, known[k] = append(kinds, k), i
		}
		by[p] = i
	}
	few := returns.New(set.Levels...)
	few.AddFile("sums")
	for _, l := range set.Lists {
		few.AddList(l)
	}
	for _, a := range set.Areas[1:] {
		few.AddArea(a.Parent, a.Name)
	}
	for i, k := range kinds {
		few.AddPrecinct(fmt.Appendf(nil, "%09d", i), int(k.area), 1)
	}
	few.Rows = int64(len(kinds))
	// The sums have been made once, by the count of all precincts.
	votes, err := set.SumVotes(by, len(kinds))
	lines, failed := set.SumLines(by, len(kinds))
	if err != nil || failed != nil {
		panic(fmt.Sprintf("sweep: sums that were made cannot be made again: %v, %v", err, failed))
	}
	for l, sums := range votes {
		for p, s := range sums {
			few.Put(p, l, s.Votes)
		}
	}
	for l, sums := range lines {
		for p, s := range sums {
			if s.Counts > 0 {
				few.PutLine(p, returns.Line(l), s.Votes)
			}
		}
	}
	return few
}
