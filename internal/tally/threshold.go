package tally

import (
	"fmt"
	"math/big"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// A Verdict says whether a bar was reached.
type Verdict uint8

const (
	Open    Verdict = iota // the data does not decide it
	Reached                // the votes are enough, whatever is not known
	Missed                 // they are not
)

func (v Verdict) String() string { return [...]string{"open", "reached", "missed"}[v] }

// A Threshold is a bar of the law held against the votes.
type Threshold struct {
	rules.Threshold
	Overridden bool       // its base is the user's, not the law's
	Of         Total      // the national base; of a bar in areas it is not used
	Needed     Total      // the votes that reach it in the nation, for a list of one party
	Areas      int        // how many areas it was held against; 0 in the nation
	Lists      []Verdicts // by list
	Or         []Threshold
}

// Verdicts is what one threshold says of one list.
type Verdicts struct {
	Verdict Verdict
	// Where the list is weakest, of a bar in any area where it is strongest: the nation
	// (0), or an area; its votes, base and need there.
	Area   int
	Share  Share
	Needed int64
	Missed []int // areas in which it missed the bar
	Bound  bool  // the base is not known, and Share.Of the least that it can be
	// FallsAt is the smallest size of the unknown base at which the list would
	// miss the bar; 0 when none would, or the verdict is not open.
	FallsAt int64
	Seats   int        // of a bar of seats: those that the list has
	Exempt  bool       // the law does not ask it of this list
	Each    []Verdicts // with Options.Each, of a bar in areas: every one, in the order of the data
}

// Says is what the threshold says of a list, its alternatives included.
func (t *Threshold) Says(list int) Verdict {
	v := t.Lists[list].Verdict
	for i := range t.Or {
		v = better(v, t.Or[i].Lists[list].Verdict)
	}
	return v
}

// better is what two bars say of a list that must reach one of them.
func better(a, b Verdict) Verdict {
	switch {
	case a == Reached || b == Reached:
		return Reached
	case a == Open || b == Open:
		return Open
	}
	return Missed
}

// worse is what two areas together say of a list: it must reach the bar in both.
func worse(a, b Verdict) Verdict {
	switch {
	case a == Missed || b == Missed:
		return Missed
	case a == Open || b == Open:
		return Open
	}
	return Reached
}

// A place is where a bar is held against a list: the nation, an area or a precinct.
type place struct {
	at    int // index into Result.AreaNames
	name  string
	seats int // of a bar of quotas: those that are divided there
	*Figures
}

func (c *count) nation() place { return place{seats: c.result.House, Figures: &c.areas[0]} }

// hold holds thresholds against the figures, in the order of the law; here is the
// district whose seats are divided, if any. in says which lists reached all of them.
func (c *count) hold(law []rules.Threshold, here place) (list []Threshold, in []Verdict) {
	in = make([]Verdict, len(c.set.Lists))
	for l := range in {
		in[l] = Reached
		if c.kinds[l] != 0 || c.areas[0].Votes[l] == 0 || here.Votes[l] == 0 {
			in[l] = Missed
		}
	}
	for _, t := range law {
		h := c.holdOne(t, here, in)
		for _, or := range t.Or {
			h.Or = append(h.Or, c.holdOne(or, here, in))
		}
		for l := range in {
			if in[l] != Missed {
				in[l] = worse(in[l], h.Says(l))
			}
		}
		list = append(list, h)
	}
	return list, in
}

func (c *count) holdOne(t rules.Threshold, here place, in []Verdict) Threshold {
	h := Threshold{Threshold: t, Lists: make([]Verdicts, len(c.set.Lists))}
	if c.options.Base != nil && (t.Measure == rules.ByShare || t.Measure == rules.ByQuota) {
		h.Overridden = *c.options.Base != t.Base
		h.Base = *c.options.Base
	}
	switch {
	case t.Measure == rules.BySeats:
		for l := range h.Lists {
			v := &h.Lists[l]
			v.Seats = c.won[l]
			v.Verdict = reached(int64(v.Seats), int64(t.Seats))
		}
	case t.In == rules.InEach || t.In == rules.InAny:
		c.inAreas(&h, in)
	case t.In == rules.Here:
		c.inOne(&h, here, in)
	default:
		c.inOne(&h, c.nation(), in)
	}
	for l := range h.Lists {
		if t.ForMinorities && !c.contenders[l].Minority {
			h.Lists[l].Verdict = Missed
		}
		if t.Minorities && c.contenders[l].Minority {
			h.Lists[l].Exempt, h.Lists[l].Verdict = true, Reached
		}
	}
	return h
}

func (c *count) inOne(t *Threshold, at place, in []Verdict) {
	t.Of = c.base(at.Figures, t.Base, in)
	if t.Measure == rules.ByVotes {
		t.Of = Total{}
	}
	if b := c.height(t, at, 1); t.Measure == rules.ByVotes || t.Of.Known {
		t.Needed = Total{b.needed(t.Of.N), true}
	}
	for l := range t.Lists {
		t.Lists[l] = c.bar(t, at, l, in)
	}
}

// base is the size of a base in a place; that of qualified lists goes by what stands
// above in the law.
func (c *count) base(f *Figures, b rules.Base, in []Verdict) Total {
	if b != rules.Qualified {
		return f.Base(b)
	}
	sum := int64(0)
	for l, v := range in {
		switch v {
		case Open:
			return Total{}
		case Reached:
			sum += f.Votes[l]
		}
	}
	return Total{sum, true}
}

// inAreas holds a threshold against every area of its level that the law counts.
func (c *count) inAreas(t *Threshold, in []Verdict) {
	var areas []place
	outside := c.areas[0].Precincts // precincts that lie in no area of the level
	for _, a := range c.places(t.Level) {
		outside -= a.Precincts
		// Where every precinct is annulled there is nothing to hold a list against.
		if !excepted(t.Except, a.name) && a.Precincts > 0 {
			areas = append(areas, a)
		}
	}
	if t.Measure == rules.ByQuota {
		for i := range areas {
			areas[i].seats = c.seatsInside(areas[i].at)
		}
	}
	t.Areas = len(areas)
	if outside > 0 && len(areas) > 0 {
		c.warn("AREAS", "precincts without a %s: %d; threshold %q counts them nowhere", t.Level, outside, t.ID)
	}
	if t.Threshold.Areas > 0 && t.Threshold.Areas != len(areas) {
		c.warn("AREAS", "threshold %q counts in %d areas of level %s, the data has %d: %s", t.ID, t.Threshold.Areas, t.Level, len(areas), placeNames(areas))
	}
	for l := range t.Lists {
		if len(areas) == 0 {
			continue // open: nothing is known
		}
		if t.In == rules.InAny {
			t.Lists[l] = c.inAny(t, areas, l, in)
		} else {
			t.Lists[l] = c.inEach(t, areas, l, in)
		}
	}
}

// seatsInside is the seats that the districts inside an area divide, as far as they have
// been divided: a quota there is of these.
func (c *count) seatsInside(at int) (n int) {
	for _, d := range c.result.Districts {
		if c.inside(d.at, at) {
			n += d.House
		}
	}
	return n
}

func (c *count) inEach(t *Threshold, areas []place, l int, in []Verdict) Verdicts {
	v := Verdicts{Verdict: Reached}
	var each []Verdicts
	for i, a := range areas {
		b := c.bar(t, a, l, in)
		if c.options.Each {
			each = append(each, b)
		}
		if b.Verdict == Missed {
			v.Missed = append(v.Missed, a.at)
		}
		if i == 0 || weaker(b, v) {
			b.Missed, b.Verdict = v.Missed, worse(b.Verdict, v.Verdict)
			v = b
		} else {
			v.Verdict = worse(b.Verdict, v.Verdict)
		}
	}
	v.Each = each
	return v
}

// inAny states the list's best area; the areas that it missed are told as of any bar.
func (c *count) inAny(t *Threshold, areas []place, l int, in []Verdict) Verdicts {
	var v Verdicts
	var missed []int
	var each []Verdicts
	count, may := 0, 0
	for i, a := range areas {
		b := c.bar(t, a, l, in)
		if c.options.Each {
			each = append(each, b)
		}
		switch b.Verdict {
		case Missed:
			missed = append(missed, a.at)
		case Reached:
			count++
		case Open:
			may++
		}
		if i == 0 || weaker(v, b) {
			v = b
		}
	}
	v.Missed, v.FallsAt, v.Each = missed, 0, each
	switch {
	case count >= t.Count:
		v.Verdict = Reached
	case count+may >= t.Count:
		v.Verdict = Open
	default:
		v.Verdict = Missed
	}
	return v
}

// weaker reports whether a's share is below b's. Where a base is not known the
// votes stand against the fewest ballots that it can have.
func weaker(a, b Verdicts) bool {
	switch {
	case a.Share.Of == 0:
		return false
	case b.Share.Of == 0:
		return true
	}
	return a.Share.less(b.Share)
}

// A height is how high a bar is: a share of a base, or votes.
type height struct {
	share    *big.Rat // nil: votes
	votes    int64
	moreThan bool
}

// height is that of a bar in a place, for a list of so many parties.
func (c *count) height(t *Threshold, at place, parties int) height {
	switch t.Measure {
	case rules.ByVotes:
		return height{votes: t.Votes, moreThan: t.MoreThan}
	case rules.ByQuota:
		return height{share: new(big.Rat).Quo(t.Share, big.NewRat(int64(max(1, at.seats)), 1)), moreThan: t.MoreThan}
	}
	return height{share: t.ShareOf(parties), moreThan: t.MoreThan}
}

func (h height) needed(base int64) int64 {
	switch {
	case h.share != nil:
		return needed(h.share, base, h.moreThan)
	case h.moreThan:
		return h.votes + 1
	}
	return h.votes
}

// bar holds a threshold against one list in one place.
func (c *count) bar(t *Threshold, at place, list int, in []Verdict) Verdicts {
	votes := c.standing(at.Figures, list)
	v := Verdicts{Area: at.at}
	h := c.height(t, at, c.contenders[list].Parties)
	base := c.base(at.Figures, t.Base, in)
	if h.share == nil || base.Known {
		v.Share = Share{votes, base.N}
		v.Needed = h.needed(base.N)
		v.Verdict = reached(votes, v.Needed)
		return v
	}
	if t.Base == rules.Qualified {
		return v // open: whom it counts is not known
	}
	v.Bound = true
	least := at.least(t.Base)
	v.Share = Share{votes, least}
	v.Needed = h.needed(least)
	most := at.most(t.Base)
	falls, can := fallsAt(h.share, votes, h.moreThan)
	switch {
	case votes < v.Needed:
		v.Verdict = Missed // it would miss a larger base as well
	case !can || most.Known && falls > most.N:
		v.Verdict = Reached
	default:
		v.FallsAt = falls
	}
	return v
}

// standing is the votes with which a list stands before a threshold: its own, or those
// of its alliance where the law takes them together.
func (c *count) standing(f *Figures, list int) int64 {
	if c.law.Alliances != nil && c.law.Alliances.Together {
		for _, a := range c.alliances {
			for _, l := range a {
				if l == list {
					sum := int64(0)
					for _, m := range a {
						sum += f.Votes[m]
					}
					return sum
				}
			}
		}
	}
	return f.Votes[list]
}

func reached(votes, needed int64) Verdict {
	if votes >= needed {
		return Reached
	}
	return Missed
}

// excepted reports whether the law leaves an area out.
func excepted(except []string, area string) bool {
	for _, e := range except {
		if strings.EqualFold(e, area) {
			return true
		}
	}
	return false
}

// placeNames lists places for a message.
func placeNames(list []place) string {
	if len(list) == 0 {
		return "none"
	}
	var names []string
	for _, a := range list {
		names = append(names, a.name)
	}
	return strings.Join(names, ", ")
}

func (c *count) warn(code, format string, args ...any) {
	c.log.Add(finding.Finding{Code: code, Severity: finding.Warning, Message: fmt.Sprintf(format, args...)})
}
