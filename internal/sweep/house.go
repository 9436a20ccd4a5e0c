package sweep

import (
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Sizes are the outcomes of all sizes of the house in a range.
type Sizes struct {
	Law      *tally.Result // under the law as it stands
	From, To int           // the range, both ends included
	Rows     []Size        // by rising size, one each
	Why      string        // why no size can be told; then there is none
}

// A Size is the outcome in a house of one size.
//
// Gains and Loses compare it with the size before. Where a lot is open, a list counts as
// having gained or lost only when it has whatever the lot decides, beginning with the
// last size at which its seats were settled; so a loss is never missed, though it can be
// stated one size late.
type Size struct {
	House int
	Gains []Change
	Loses []Change
	Outcome
}

// A Change is seats that a list has more, or fewer.
type Change struct {
	List  int
	Seats int // 1 or more
}

// House divides the seats of each size of the house from one to another, 1 <= from <=
// to. The cap, where the law has one, stays as it is. After an error in log there are no
// sizes.
func House(set *returns.Set, law *rules.Rules, options tally.Options, from, to int, log *finding.Log) (*Sizes, bool) {
	c, ok := begin(set, law, options, log)
	if !ok {
		return nil, false
	}
	x := &Sizes{Law: c.law, From: from, To: to}
	if slices.ContainsFunc(c.law.Lists, func(l tally.List) bool { return l.Qualified == tally.Open }) {
		x.Why = strings.Join(c.law.Why, "; ")
		return x, true
	}
	ahead := track{}
	for house := from; house <= to; house++ {
		size := Size{House: house}
		if size.Outcome, ok = c.count(law, house, log); !ok {
			return nil, false
		}
		size.Law = house == law.Seats
		if size.Given {
			ahead.step(&size)
		}
		x.Rows = append(x.Rows, size)
	}
	return x, true
}

// track is the seats of each list so far, by list: at least and at most, since its seats
// were last settled or it gained or lost some for certain.
type track struct{ least, most []int }

// step compares a size with what was before it.
func (t *track) step(s *Size) {
	first := t.least == nil
	if first {
		t.least, t.most = make([]int, len(s.Seats)), make([]int, len(s.Seats))
	}
	for l, least := range s.Seats {
		most := least + s.Open[l]
		switch {
		case first:
		case most < t.least[l]:
			s.Loses = append(s.Loses, Change{l, t.least[l] - most})
		case least > t.most[l]:
			s.Gains = append(s.Gains, Change{l, least - t.most[l]})
		case least < most: // nothing is certain; a later size is compared with both
			t.least[l], t.most[l] = max(t.least[l], least), min(t.most[l], most)
			continue
		}
		t.least[l], t.most[l] = least, most
	}
}
