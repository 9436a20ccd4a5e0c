package outlook

import (
	"fmt"

	"kenesh/internal/apportion"
	"kenesh/internal/rules"
)

// within is the method by which alliances share their seats.
func (f *field) within() apportion.Method {
	if a := f.law.Alliances; a != nil && a.Method.Name != "" {
		return a.Method
	}
	return f.method
}

// bounds are the least and the most seats of each list, where seats are given at all.
func (f *field) bounds() (least, most []int) {
	n := len(f.lists)
	least, most = make([]int, n), make([]int, n)
	each := func(low, high func(int) int) {
		for l := range f.lists {
			if f.statuses[l] != out {
				least[l], most[l] = low(l), high(l)
			}
		}
	}
	switch m := f.method; {
	case m.IsDivisor():
		each(f.divisorLeast, f.divisorMost)
	case lr(m):
		each(f.remainderLeast, f.remainderMost)
		f.capped(least, most)
	case m.Name == "hare_largest_lists":
		least, most = f.largestBounds()
	case m.Name == "droop_averages":
		least, most = f.averagesBounds()
	case m.Name == "kieswet":
		least, most = f.dutchBounds()
	case m.Name == "balinski_young_quota":
		for l := range f.lists {
			least[l], most[l] = f.quotaMethodBounds(l)
		}
	case m.Name == "winner_takes_all":
		each(f.allLeast, f.allMost)
	default:
		panic("outlook: no bounds for " + m.Name)
	}
	f.together(least, most)
	return least, most
}

// capped makes of bounds without the cap bounds with it, of quota methods.
func (f *field) capped(least, most []int) {
	excess := 0
	for _, n := range most {
		excess += max(0, n-f.cap)
	}
	if excess == 0 {
		return // the cap binds nobody
	}
	for l, s := range f.statuses {
		if s == out {
			continue
		}
		least[l] = min(least[l], f.cap)
		if f.onTop { // the others keep theirs, and share the excess
			most[l] = min(f.cap, most[l]+excess)
			continue
		}
		// All is divided anew among the others, whose shares only grow.
		most[l] = f.cap
		if x := f.span(l); s == in && f.method.Owes.Lower {
			whole, _ := f.wholes(x.least, x.leastOf)
			least[l] = min(least[l], whole)
		} else {
			least[l] = 0
		}
	}
}

// together tightens the bounds by each other: the seats of all lists are the house.
func (f *field) together(least, most []int) {
	low, high := 0, 0
	for l := range f.lists {
		low += least[l]
		high += most[l]
	}
	room := f.cap == f.house // else seats may stay empty
	for l := range f.lists {
		spare, owed := f.house-(low-least[l]), f.house-(high-most[l])
		if room && f.statuses[l] == in && owed > least[l] {
			least[l] = owed
		}
		most[l] = min(most[l], spare)
	}
}

// loose says why no seat is settled, whatever the figures of single lists are: the law may
// come to give no seats at all, or to let in others.
func (c *counting) loose(f *field) (why []string) {
	lists, sure := 0, 0
	var lead, most int64
	for l, s := range f.statuses {
		if f.lists[l].option == 0 {
			lead = max(lead, f.lists[l].votes)
		}
		if s != out {
			lists++
		}
		if s == in {
			sure++
			most += f.lists[l].votes
		}
	}
	for l, x := range f.lists {
		if x.option == rules.AgainstAll && x.votes+f.nation.more > lead && c.law.AgainstAllLeads.Effect != rules.Ignored {
			why = append(why, fmt.Sprintf("%q can still have more votes than every list", f.lists[l].name))
		}
	}
	switch {
	case sure == 0:
		why = append(why, "no list is sure to qualify")
	case sure == 1 && c.law.OneQualified.Effect == rules.Failed:
		why = append(why, "only one list is sure to qualify, and with a single one the election is failed")
	case sure == 1 && c.law.OneQualified.Effect != rules.TakesAll:
		why = append(why, "only one list is sure to qualify, and the law does not say what follows with a single one")
	case c.law.Admit != nil && c.admits(f):
		why = append(why, "more lists may be admitted because too few qualify")
	case f.method.OwesSeats() && lists > f.house:
		why = append(why, fmt.Sprintf("%d lists can still qualify, and the method owes a seat to each", lists))
	case f.method.IsQuota() && f.method.Quota(most, f.house).Sign() == 0:
		why = append(why, "the quota can still be 0")
	}
	return why
}

// admits reports whether more lists may yet be admitted than those that qualify.
func (c *counting) admits(f *field) bool {
	a := c.law.Admit
	lists, votes := 0, int64(0)
	for l, s := range f.statuses {
		if s == in {
			lists++
			votes += f.lists[l].votes
		}
	}
	if lists < a.Lists {
		return true
	}
	if a.Together == nil {
		return false
	}
	bar := rules.Threshold{Share: a.Together, Base: c.admitBase(), MoreThan: a.MoreThan}
	return votes < f.needs(&bar, 0, &f.nation, f.nation.more)
}
