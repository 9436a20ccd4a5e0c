package tally

import (
	"fmt"
	"math"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
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
	Needed     Total      // the votes that reach it in the nation
	Areas      int        // how many areas it was held against; 0 in the nation
	Lists      []Verdicts // by list
}

// Verdicts is what one threshold says of one list.
type Verdicts struct {
	Verdict Verdict
	// Where the list is weakest: the nation (0), or the area with its smallest
	// share; its votes, base and need there.
	Area   int
	Share  Share
	Needed int64
	Missed []int // areas in which it missed the bar
	// FallsAt is the smallest size of the unknown base at which the list would
	// miss the bar; 0 when none would, or the verdict is not open.
	FallsAt int64
}

// thresholds holds every threshold of the law against the figures.
func (c *count) thresholds() []Threshold {
	var list []Threshold
	for _, t := range c.law.Thresholds {
		h := Threshold{Threshold: t, Lists: make([]Verdicts, len(c.set.Lists))}
		if c.options.Base != nil {
			h.Overridden = *c.options.Base != t.Base
			h.Base = *c.options.Base
		}
		if t.Level == "" {
			c.national(&h)
		} else {
			c.inAreas(&h)
		}
		list = append(list, h)
	}
	return list
}

func (c *count) national(t *Threshold) {
	t.Of = c.areas[0].Base(t.Base)
	if t.Of.Known {
		t.Needed = Total{needed(t.Share, t.Of.N, t.MoreThan), true}
	}
	for l := range t.Lists {
		t.Lists[l] = c.bar(t, 0, l)
	}
}

// inAreas holds a threshold against every area of its level that the law counts.
func (c *count) inAreas(t *Threshold) {
	level := c.set.Level(t.Level)
	var areas []int
	outside := c.areas[0].Precincts // precincts that lie in no area of the level
	for a := range c.set.Areas {
		if c.set.Areas[a].Level != level {
			continue
		}
		outside -= c.areas[a].Precincts
		// Where every precinct is annulled there is nothing to hold a list against.
		if !excepted(t.Except, c.set.Areas[a].Name) && c.areas[a].Precincts > 0 {
			areas = append(areas, a)
		}
	}
	t.Areas = len(areas)
	if outside > 0 && len(areas) > 0 {
		c.warn("AREAS", "precincts without a %s: %d; threshold %q counts them nowhere", t.Level, outside, t.ID)
	}
	if t.Threshold.Areas > 0 && t.Threshold.Areas != len(areas) {
		c.warn("AREAS", "threshold %q counts in %d areas of level %s, the data has %d: %s", t.ID, t.Threshold.Areas, t.Level, len(areas), c.names(areas))
	}
	for l := range t.Lists {
		v := &t.Lists[l]
		if len(areas) == 0 {
			continue // open: nothing is known
		}
		v.Verdict = Reached
		for i, a := range areas {
			b := c.bar(t, a, l)
			if b.Verdict == Missed {
				v.Missed = append(v.Missed, a)
			}
			if i == 0 || weaker(b, *v) {
				b.Missed, b.Verdict = v.Missed, worse(b.Verdict, v.Verdict)
				*v = b
			} else {
				v.Verdict = worse(b.Verdict, v.Verdict)
			}
		}
	}
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

// bar holds a threshold against one list in one area.
func (c *count) bar(t *Threshold, area, list int) Verdicts {
	f := &c.areas[area]
	votes := f.Votes[list]
	v := Verdicts{Area: area}
	base := f.Base(t.Base)
	if base.Known {
		v.Share = Share{votes, base.N}
		v.Needed = needed(t.Share, base.N, t.MoreThan)
		v.Verdict = reached(votes, v.Needed)
		return v
	}
	least := f.least(t.Base)
	v.Share = Share{votes, least}
	v.Needed = needed(t.Share, least, t.MoreThan)
	most := f.most(t.Base)
	at, can := fallsAt(t.Share, votes, t.MoreThan)
	switch {
	case votes < v.Needed:
		v.Verdict = Missed // it would miss a larger base as well
	case !can || most.Known && at > most.N:
		v.Verdict = Reached
	default:
		v.FallsAt = at
	}
	return v
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

// names lists areas for a message.
func (c *count) names(areas []int) string {
	if len(areas) == 0 {
		return "none"
	}
	var names []string
	for _, a := range areas {
		names = append(names, c.set.Areas[a].Name)
	}
	return strings.Join(names, ", ")
}

func (c *count) warn(code, format string, args ...any) {
	c.log.Add(finding.Finding{Code: code, Severity: finding.Warning, Message: fmt.Sprintf(format, args...)})
}

// annulment compares the voters of annulled precincts with the bar at which the
// law lets the whole election be declared void.
func (c *count) annulment() {
	a := c.law.Annulment
	if a == nil || len(c.result.Precincts.Annulled) == 0 {
		return
	}
	var void, all int64
	for p := range c.set.Len() {
		v, ok := c.set.Line(returns.Registered).At(p)
		if !ok {
			c.warn("ANNULMENT", "whether the law's bar for voiding the whole election is reached (%s of registered voters) cannot be said: precinct %q does not state its registered voters", a.Share.RatString(), c.set.ID(p))
			return
		}
		if v > math.MaxInt64-all {
			return // figures of this size are refused when they are summed up
		}
		all += v
		if c.counted[p] < 0 {
			void += v
		}
	}
	s := Share{void, all}
	if all > 0 && void >= needed(a.Share, all, a.MoreThan) {
		c.warn("ANNULMENT", "the annulled precincts cover %d of %d registered voters (%s %%): the law lets the whole election be declared void from %s of them", void, all, s.Percent(2, a.Share), a.Share.RatString())
	}
}
