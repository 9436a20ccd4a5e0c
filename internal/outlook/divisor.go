package outlook

import (
	"slices"
)

// A unit is lists that stand together, or one alone.
type unit []int

// units are the lists that may take part, without those given, as they stand together.
func (f *field) units(without unit) (list []unit) {
	placed := make([]bool, len(f.lists))
	for _, l := range without {
		placed[l] = true
	}
	for _, a := range f.alliances {
		if slices.ContainsFunc(a, func(l int) bool { return placed[l] }) {
			continue
		}
		var u unit
		for _, l := range a {
			if f.statuses[l] != out {
				u = append(u, l)
			}
			placed[l] = true
		}
		if len(u) > 0 {
			list = append(list, u)
		}
	}
	for l, s := range f.statuses {
		if s != out && !placed[l] {
			list = append(list, unit{l})
		}
	}
	return list
}

// ally is the lists with which a list stands together, those that are out left aside, and
// the whole alliance.
func (f *field) ally(list int) (partners []int, whole unit) {
	for _, a := range f.alliances {
		if !slices.Contains(a, list) {
			continue
		}
		for _, l := range a {
			if l != list && f.statuses[l] != out {
				partners = append(partners, l)
			}
		}
		return partners, a
	}
	return nil, unit{list}
}

// parts calls do with each choice of lists that can be had: those that are in for certain
// are in all of them.
func (f *field) parts(lists []int, do func(with, without []int) (stop bool)) bool {
	for bits := range 1 << len(lists) {
		var with, without []int
		for i, l := range lists {
			if bits>>i&1 != 0 {
				with = append(with, l)
			} else {
				without = append(without, l)
			}
		}
		if slices.ContainsFunc(without, func(l int) bool { return f.statuses[l] == in }) {
			continue
		}
		if do(with, without) {
			return true
		}
	}
	return false
}

// growth is what the base must have grown by for all of some lists to be out.
func (f *field) growth(without []int) (n int64) {
	for _, l := range without {
		n = max(n, f.falls(l))
	}
	return n
}

// divisorLeast is the seats that a list has whatever comes.
func (f *field) divisorLeast(list int) int {
	if f.statuses[list] != in {
		return 0
	}
	low, high := 0, f.cap // the list has low; it may have fewer than high + 1
	for low < high {
		if k := (low + high + 1) / 2; f.mayLose(list, k) {
			high = k - 1
		} else {
			low = k
		}
	}
	return low
}

// mayLose reports whether outstanding ballots can leave a list with fewer than k seats.
func (f *field) mayLose(list, k int) bool {
	partners, whole := f.ally(list)
	others := f.units(whole)
	return f.parts(partners, func(with, without []int) bool {
		grown := f.growth(without)
		if grown > f.nation.more {
			return false
		}
		for p := 0; k+p <= f.house+1; p++ { // with one more they leave it nothing in any house
			lost, more := f.loses(list, k, p, with, others, grown)
			if lost {
				return true
			}
			if !more || len(with) == 0 {
				return false
			}
		}
		return false
	})
}

// loses reports whether a list can be left without its k-th seat by p claims of its
// partners, so that the alliance needs k+p seats for it, and the claims of others above
// the (k+p)-th of the alliance. The base has grown by at least so much. more is false
// where not even the partners can have p claims, and so no more.
func (f *field) loses(list, k, p int, with []int, others []unit, grown int64) (lost, more bool) {
	limit := f.nation.more
	claims := f.house - (k + p) + 1
	inner := f.claims(f.law.Alliances != nil, f.lists[list].votes, k, p)
	last := int64(-1)
	var need []int64
	for range 200 {
		within := make([][]int64, len(with))
		for i, l := range with {
			within[i] = f.cost(unit{l}, inner, grown)
			within[i][0] = f.lifted(l, grown)
			for n := range within[i] {
				within[i][n] = max(within[i][n], within[i][0])
			}
		}
		inside := cheapest(within, p, limit)
		if inside == impossible {
			return false, false
		}
		if inside != last {
			need = f.claims(false, f.lists[list].votes+f.sum(with)+inside, k+p, claims)
			last = inside
		}
		costs := make([][]int64, len(others))
		for i, u := range others {
			costs[i] = f.cost(u, need, grown)
		}
		outside := cheapest(costs, claims, limit-inside)
		if outside == impossible {
			return false, true
		}
		sum := inside + outside
		if sum <= grown {
			return true, true
		}
		grown = sum // no fewer ballots will do, and they raise the bars
	}
	return true, true // it has not come to an end: take the worse
}

// claims gives, for n from 1 to most, the fewest votes with which the n-th claim of a list
// may come before the k-th of one with so many votes, by the method of the law or within
// alliances; 0 for n = 0.
func (f *field) claims(within bool, votes int64, k, most int) []int64 {
	m := f.method
	if within {
		m = f.within()
	}
	need := make([]int64, max(0, most)+1)
	for n := 1; n <= most; n++ {
		before := func(v int64) bool {
			c := m.Compare(v, n-1, votes, k-1)
			return c > 0 || c == 0 && !(f.law.MoreVotes && v < votes)
		}
		high := f.total + f.nation.more + 1
		if n > f.cap || !before(high) {
			need[n] = impossible
			continue
		}
		need[n] = least(max(1, need[n-1]), high, before)
	}
	return need
}

// cost is what claims cost a unit when the base has grown by more: the cheapest of its
// parts that can have them.
func (f *field) cost(u unit, need []int64, more int64) []int64 {
	costs := make([]int64, len(need))
	for n := range costs[1:] {
		costs[n+1] = impossible
	}
	for bits := 1; bits < 1<<len(u); bits++ {
		votes, lift := int64(0), int64(0)
		for i, l := range u {
			if bits>>i&1 == 0 {
				continue
			}
			x := f.lifted(l, more)
			if x > f.nation.more {
				lift = impossible
				break
			}
			lift += x
			votes += f.lists[l].votes + x
		}
		if lift > f.nation.more {
			continue
		}
		for n := 1; n < len(need) && need[n] != impossible; n++ {
			costs[n] = min(costs[n], lift+max(0, need[n]-votes))
		}
	}
	return costs
}

// divisorMost is the seats that a list has at the best: all outstanding ballots are for
// it, but for those that lift partners over the bar, and lists that can fall out do.
func (f *field) divisorMost(list int) int {
	if f.statuses[list] == out {
		return 0
	}
	partners, whole := f.ally(list)
	best := 0
	f.parts(partners, func(with, without []int) bool {
		grown, spent := f.growth(without), int64(0)
		for range 200 {
			spent = 0
			for _, l := range with {
				if x := f.lifted(l, grown); x > f.nation.more {
					return false
				} else {
					spent += x
				}
			}
			if spent <= grown {
				break
			}
			grown = spent
		}
		if max(grown, spent) > f.nation.more {
			return false
		}
		votes := f.lists[list].votes + f.sum(with) + f.nation.more
		var rivals []int64
		for _, u := range f.units(whole) {
			sum := int64(0)
			for _, l := range u {
				if f.statuses[l] == in {
					sum += f.lists[l].votes
				}
			}
			rivals = append(rivals, sum)
		}
		seats := f.given(false, votes, rivals, f.house)
		var inside []int64
		for _, l := range with {
			inside = append(inside, f.lists[l].votes+f.lifted(l, grown))
		}
		best = max(best, f.given(true, f.lists[list].votes+f.nation.more-spent, inside, seats))
		return false
	})
	return best
}

// given is the most seats of a list with so many votes beside others with theirs, in a
// house: it wins all lots.
func (f *field) given(within bool, votes int64, others []int64, house int) int {
	m := f.method
	if within && f.law.Alliances != nil {
		m = f.within()
	}
	ahead := func(k int) (n int) { // claims that come before the k-th for certain
		for _, v := range others {
			if v == 0 {
				continue
			}
			before := func(x int64) bool { // its x-th claim does not
				c := m.Compare(v, int(x)-1, votes, k-1)
				return c < 0 || c == 0 && !(f.law.MoreVotes && v > votes)
			}
			limit := int64(min(house, f.cap)) + 1
			if before(limit) {
				n += int(least(1, limit, before)) - 1
			} else {
				n += int(limit) - 1
			}
		}
		return n
	}
	low, high := 0, min(house, f.cap)
	for low < high {
		if k := (low + high + 1) / 2; ahead(k) <= house-k {
			low = k
		} else {
			high = k - 1
		}
	}
	return low
}

// all is the bounds where all seats go to the list with the most votes.
func (f *field) allLeast(list int) int {
	if f.statuses[list] != in {
		return 0
	}
	for l, s := range f.statuses {
		if l == list || s == out {
			continue
		}
		for grown := int64(0); ; {
			x := max(f.lists[list].votes-f.lists[l].votes, f.lifted(l, grown))
			if x > f.nation.more {
				break
			}
			if x <= grown {
				return 0
			}
			grown = x
		}
	}
	return f.cap
}

func (f *field) allMost(list int) int {
	if f.statuses[list] == out {
		return 0
	}
	for _, l := range f.certain(list) {
		if f.lists[l].votes > f.lists[list].votes+f.nation.more {
			return 0
		}
	}
	return f.cap
}
