package tally

import (
	"math"
	"slices"
)

// scenarios works out the outcome for every size of a national base that the data
// does not have. A list that has enough votes at the smallest size falls out at a
// known one, so the outcome changes at those sizes and nowhere between. Verdicts
// in areas that are open are taken as reached.
func (c *count) scenarios() {
	r := c.result
	var open *Threshold
	for i := range r.Thresholds {
		if t := &r.Thresholds[i]; t.Level == "" && !t.Of.Known {
			open = t
			break
		}
	}
	if open == nil {
		s := Scenario{}
		for l, list := range r.Lists {
			if list.Qualified != Missed {
				s.Qualified = append(s.Qualified, l)
			}
		}
		c.scenario(s)
		return
	}
	least, most := r.Nation.least(open.Base), r.Nation.most(open.Base)
	from := []int64{least}
	for l, v := range open.Lists {
		if r.Lists[l].Qualified != Missed && v.FallsAt > 0 {
			from = append(from, v.FallsAt)
		}
	}
	slices.Sort(from)
	from = slices.Compact(from)
	for i, size := range from {
		s := Scenario{Base: open.Base, From: Total{size, true}, To: most}
		if i+1 < len(from) {
			s.To = Total{from[i+1] - 1, true}
		}
		for l, v := range open.Lists {
			if r.Lists[l].Qualified == Missed {
				continue
			}
			if fall := v.FallsAt; fall == 0 || size < fall {
				s.Qualified = append(s.Qualified, l)
			}
		}
		c.scenario(s)
	}
}

// scenario adds the seats that follow when just those lists qualify.
func (c *count) scenario(s Scenario) {
	seats, why, ok := c.divide(s.Qualified, false)
	if !ok {
		return
	}
	s.Why = why
	if seats != nil {
		s.Seats = make([]int, len(c.result.Lists))
		for i, l := range s.Qualified {
			s.Seats[l] = seats[i]
		}
	}
	c.result.Scenarios = append(c.result.Scenarios, s)
}

// First is the open verdict of a national threshold that falls at the smallest
// base: the figure that would decide first, and the list that it decides on.
func (r *Result) First() (t *Threshold, list int, ok bool) {
	least := int64(math.MaxInt64)
	for i := range r.Thresholds {
		if r.Thresholds[i].Level != "" {
			continue
		}
		for l, v := range r.Thresholds[i].Lists {
			if r.Lists[l].Qualified == Open && v.FallsAt > 0 && v.FallsAt < least {
				t, list, least, ok = &r.Thresholds[i], l, v.FallsAt, true
			}
		}
	}
	return t, list, ok
}
