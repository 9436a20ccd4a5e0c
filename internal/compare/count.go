package compare

import (
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Outcomes are both counts under one law, whole and as far as they are joined. A result is
// nil where the law cannot count the votes, or there are none; Why says so.
type Outcomes struct {
	Whole, Joined       [2]*tally.Result
	WhyWhole, WhyJoined [2]string
	Conditions          []Condition // what the outcome of A rests on, those that differences use up most first
	// NoSeats and NoBars say why the conditions of seats, or some of thresholds, are not
	// among them; "" where they are.
	NoSeats, NoBars string
}

// Count counts both sets under a law, and the joined precincts of both alone. Findings go
// to log; after an error that is not of the law alone there are no outcomes.
func (c *Comparison) Count(law *rules.Rules, options tally.Options, log *finding.Log) bool {
	o := &Outcomes{}
	options = tally.Options{Base: options.Base, Ballot: options.Ballot, Seats: options.Seats}
	for side, s := range c.Sets {
		of := options
		of.By = c.level(law, side)
		var ok bool
		if o.Whole[side], o.WhyWhole[side], ok = c.count(side, law, of, log); !ok {
			return false
		}
		if c.Joined == s.Len() {
			o.Joined[side], o.WhyJoined[side] = o.Whole[side], o.WhyWhole[side]
			continue
		}
		joined := make([]bool, s.Len())
		for _, j := range c.both {
			joined[j[side]] = true
		}
		for p, in := range joined {
			if !in {
				of.Annulled = append(of.Annulled, s.ID(p))
			}
		}
		// What is said of these votes has been said of all of them.
		if o.Joined[side], o.WhyJoined[side], ok = c.count(side, law, of, &finding.Log{}); !ok {
			return false
		}
	}
	c.Outcomes = o
	c.conditions()
	return true
}

// level is the areas that a threshold of the law looks at, as far as a set has them.
func (c *Comparison) level(law *rules.Rules, side int) string {
	s := c.Sets[side]
	for _, t := range law.Thresholds {
		if t.In == rules.InEach && slices.Contains(s.Levels, t.Level) {
			for _, a := range s.Areas {
				if a.Level == s.Level(t.Level) {
					return t.Level
				}
			}
		}
	}
	return ""
}

// count counts one set. What the law alone cannot do is the reason why there is no result.
func (c *Comparison) count(side int, law *rules.Rules, options tally.Options, log *finding.Log) (r *tally.Result, why string, ok bool) {
	own := &finding.Log{}
	r, ok = tally.Count(c.Sets[side], law, options, own)
	var whys []string
	for _, f := range own.Sorted() {
		switch {
		case f.Severity == finding.Note && f.Code != "OFFICIAL":
			continue // of precincts that are left out
		case f.Severity == finding.Error && slices.Contains([]string{"SEATS", "BALLOT", "AREAS", "EMPTY", "UNKNOWN-NAME"}, f.Code):
			whys = append(whys, f.Message)
			continue
		}
		f.Message = fmt.Sprintf("%s: %s", "AB"[side:side+1], f.Message)
		log.Add(f)
	}
	if !ok {
		return nil, strings.Join(whys, "; "), whys != nil
	}
	return r, "", true
}

// Seats is what a row of Lists has under one of the results of a side: its verdict, and
// seats that are settled and open; given is false where no seats are stated.
func (c *Comparison) Seats(r *tally.Result, side, row int) (l tally.List, given bool) {
	i := c.list[side][row]
	if r == nil || i < 0 {
		return tally.List{}, r != nil && r.Given
	}
	return r.Lists[i], r.Given
}

// A Difference says which questions have other answers in B.
type Difference struct {
	Votes bool // a list has other votes in a joined precinct
	Any   bool // any figure has, or a precinct is in one count alone; so it is where seats differ
	Seats bool // seats, settled or open, or the lists that qualify
	// SeatsOpen: they do not differ as far as is known, but an outcome is open.
	SeatsOpen bool
}

// Differs says what differs.
func (c *Comparison) Differs() (d Difference) {
	d.Votes = c.SameLists < c.Joined
	d.Any = len(c.Changed) > 0 || c.Joined < c.Sets[0].Len() || c.Joined < c.Sets[1].Len()
	if o := c.Outcomes; o != nil {
		for l := range c.Lists {
			d.Seats = d.Seats || c.turned(l)
		}
		a, b := o.Whole[0], o.Whole[1]
		d.Seats = d.Seats || a != nil && b != nil && a.Given != b.Given
		d.SeatsOpen = !d.Seats && (a == nil || b == nil || a.Status == tally.Undecided || b.Status == tally.Undecided)
	}
	return d
}

// turned reports whether a list has other seats in B as a whole, or qualifies in one alone.
func (c *Comparison) turned(l int) bool {
	o := c.Outcomes
	if o.Whole[0] == nil || o.Whole[1] == nil {
		return false
	}
	x, given := c.Seats(o.Whole[0], 0, l)
	y, other := c.Seats(o.Whole[1], 1, l)
	if given && other && (x.Seats != y.Seats || x.OpenSeats != y.OpenSeats) {
		return true
	}
	return x.Qualified+y.Qualified != 2*x.Qualified && c.list[0][l] >= 0 && c.list[1][l] >= 0
}
