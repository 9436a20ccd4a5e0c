package sweep

import (
	"fmt"
	"math/big"
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Intervals are the outcomes of all heights of the national threshold in a range.
type Intervals struct {
	Law      *tally.Result   // under the law as it stands
	Moved    rules.Threshold // the threshold that moves, at the law's height; 0 where the law has none
	Declared bool            // the law has it; else it is "at least" of the law's base
	Of       int64           // the size of its base
	From, To *big.Rat        // the range, both ends included
	Rows     []Interval      // by rising height; they cover the range without a gap
	KeptOut  []int           // lists that reach the lowest height, and do not qualify there for other reasons
	Why      string          // why no interval can be told; then there is none
}

// An Interval is heights that all have the same outcome. Neighbours differ in it: in
// the seats, or only in the lists that qualify.
type Interval struct {
	From, To     *big.Rat // exact shares of the base
	FromIn, ToIn bool     // whether that end is part of it
	Out          []int    // lists that qualify in it and not in the next one; none in the last
	Outcome
}

// contains reports whether a height lies in the interval.
func (i *Interval) contains(height *big.Rat) bool {
	from, to := height.Cmp(i.From), height.Cmp(i.To)
	return (from > 0 || from == 0 && i.FromIn) && (to < 0 || to == 0 && i.ToIn)
}

// Threshold moves the height of the law's first national share threshold from one share
// to another, 0 <= from <= to <= 1, and says at which heights the outcome changes. Base
// and reach of the threshold are as declared, but for the base where another is given;
// a law without one gets "at least" of the law's base. Other ways to qualify, and other
// shares for coalitions, stay. Of the options only the base and the ballot have a part. After an error in log there are
// no intervals.
//
// A list at exactly the height is in where the law says "at least": the intervals are
// then open below and closed above. With "more than" it is the other way round. The
// ends of the range are part of it; an end that a list stands on can be an interval of
// its own.
func Threshold(set *returns.Set, law *rules.Rules, options tally.Options, from, to *big.Rat, log *finding.Log) (*Intervals, bool) {
	c, ok := begin(set, law, options, log)
	if !ok {
		return nil, false
	}
	x := &Intervals{Law: c.law, From: from, To: to}
	at := slices.IndexFunc(law.Thresholds, func(t rules.Threshold) bool { return t.In == rules.InNation && t.Measure == rules.ByShare })
	thresholds := slices.Clone(law.Thresholds)
	if x.Declared = at >= 0; !x.Declared {
		at = len(thresholds)
		thresholds = append(thresholds, rules.Threshold{ID: "threshold", Share: new(big.Rat), Base: law.Base})
	}
	if options.Base != nil {
		thresholds[at].Base = *options.Base
	}
	x.Moved = thresholds[at]
	of := c.law.Nation.Base(x.Moved.Base)
	if !of.Known {
		x.Why = fmt.Sprintf("the threshold is a share of %s, which the data does not have: no list's share is known", x.Moved.Base.Words())
		return x, true
	}
	x.Of = of.N
	for _, i := range x.cut() {
		moved := *law
		moved.Thresholds = slices.Clone(thresholds)
		moved.Thresholds[at].Share = i.To
		if !i.ToIn {
			moved.Thresholds[at].Share = i.From
		}
		if i.Outcome, ok = c.count(&moved, 0, log); !ok {
			return nil, false
		}
		if n := len(x.Rows); n > 0 && x.Rows[n-1].same(&i.Outcome) {
			x.Rows[n-1].To, x.Rows[n-1].ToIn = i.To, i.ToIn
		} else {
			x.Rows = append(x.Rows, i)
		}
	}
	for n := range x.Rows {
		x.Rows[n].Law = x.Rows[n].contains(x.Moved.Share)
		if n+1 < len(x.Rows) {
			x.Rows[n].Out = fallen(x.Rows[n].Qualified, x.Rows[n+1].Qualified)
		}
	}
	x.KeptOut = x.keptOut()
	return x, true
}

// cut cuts the range at the shares of lists. Each interval has at least one end that
// is part of it.
func (x *Intervals) cut() []Interval {
	var shares []*big.Rat
	for _, l := range x.Law.Lists {
		if l.Option || l.Votes == 0 || x.Of == 0 {
			continue
		}
		share := big.NewRat(l.Votes, x.Of)
		from, to := share.Cmp(x.From), share.Cmp(x.To)
		// Nothing changes where a list falls out at or below the lowest height, or
		// above the highest.
		if x.Moved.MoreThan && from > 0 && to <= 0 || !x.Moved.MoreThan && from >= 0 && to < 0 {
			shares = append(shares, share)
		}
	}
	slices.SortFunc(shares, (*big.Rat).Cmp)
	shares = slices.CompactFunc(shares, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	list := []Interval{{From: x.From, FromIn: true}}
	for _, s := range shares {
		last := &list[len(list)-1]
		last.To, last.ToIn = s, !x.Moved.MoreThan
		list = append(list, Interval{From: s, FromIn: x.Moved.MoreThan})
	}
	last := &list[len(list)-1]
	last.To, last.ToIn = x.To, true
	return list
}

// fallen is the lists that qualify, or may, in one outcome and not in the next.
func fallen(here, next []tally.Verdict) (out []int) {
	for l := range here {
		if here[l] != tally.Missed && next[l] == tally.Missed {
			out = append(out, l)
		}
	}
	return out
}

// keptOut is the lists that reach the lowest height and do not qualify even there.
func (x *Intervals) keptOut() (out []int) {
	for l, list := range x.Law.Lists {
		if list.Option || list.Votes == 0 || x.Rows[0].Qualified[l] != tally.Missed {
			continue
		}
		// votes >= height * base, without a division: the base may be empty
		reach := new(big.Rat).SetInt64(list.Votes).Cmp(new(big.Rat).Mul(x.From, new(big.Rat).SetInt64(x.Of)))
		if reach > 0 || reach == 0 && !x.Moved.MoreThan {
			out = append(out, l)
		}
	}
	return out
}
