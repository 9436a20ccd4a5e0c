package ingest

import "fmt"

// levels chooses the units that are counted, and holds all others against them.
func (r *nist) levels() []*unit {
	for _, u := range r.order {
		if !r.covers(u, 1) {
			return nil
		}
	}
	for _, u := range r.order {
		if len(u.parents) == 0 {
			u.choose()
		}
	}
	var chosen []*gpUnit
	for _, u := range r.order {
		if u.counted {
			chosen = append(chosen, u)
		}
	}
	for _, u := range chosen {
		r.own(u, u)
	}
	r.oneLevel(chosen)
	if !r.failed() {
		r.compare()
	}
	return r.named(chosen)
}

// covers finds out whether a unit's own counts or those of its children say all of it;
// false when units are composed of themselves, or too deep, which has been said.
func (r *nist) covers(u *gpUnit, depth int) bool {
	switch {
	case u.rank > 0:
		return true
	case u.rank < 0:
		r.fail(u.at, "FORMAT", "%s is composed of itself", u.id)
		return false
	case depth > maxDepth:
		r.fail(u.at, "LIMIT", "units inside each other deeper than the limit of %d", maxDepth)
		return false
	}
	u.rank = -1
	rank := 1
	u.below = len(u.children) > 0
	for _, c := range u.children {
		if !r.covers(c, depth+1) {
			return false
		}
		u.below = u.below && c.complete
		rank = max(rank, c.rank+1)
	}
	if u.rank = rank; rank > maxDepth {
		r.fail(u.at, "LIMIT", "units inside each other deeper than the limit of %d", maxDepth)
		return false
	}
	u.complete = u.below || u.has()
	return true
}

// choose takes the lowest units that say all of u, or, where nothing does, what there is.
func (u *gpUnit) choose() {
	if u.reached {
		return
	}
	u.reached = true
	if !u.below && u.has() {
		u.counted = true
		return
	}
	for _, c := range u.children {
		c.choose()
	}
}

// own notes that u holds what is in it. Two that hold the same would count it twice.
func (r *nist) own(u, in *gpUnit) {
	if in.owner == u {
		return
	}
	if in.owner != nil {
		r.fail(u.at, "FORMAT", "%s and %s both hold %s, and none of them can be left out", in.owner.id, u.id, in.id)
		return
	}
	in.owner = u
	for _, c := range in.children {
		r.own(u, c)
	}
}

// oneLevel refuses units that may hold each other without saying so, and votes that are
// not there.
func (r *nist) oneLevel(chosen []*gpUnit) {
	var alone *gpUnit // in no other
	for _, u := range chosen {
		if len(u.parents) == 0 {
			alone = u
			break
		}
	}
	for _, u := range chosen {
		if alone != nil && u.kind != alone.kind {
			r.fail(alone.at, "FORMAT", "%s (%s) and %s (%s) have votes, and neither says that it holds the other", alone.id, alone.kind, u.id, u.kind)
			break
		}
	}
	for _, u := range r.order {
		if u.suppressed != nil && u.owner == nil && !u.below {
			r.fail(u.suppressed, "NOT-A-COUNT", "votes in %s are kept back for privacy, and no unit that holds it has them", u.id)
		}
	}
}

// compare holds the units that are not counted against those that are.
func (r *nist) compare() {
	for _, u := range r.order {
		switch {
		case u.counted:
			r.atMost(u)
		case u.has() && u.owner == nil:
			seen := map[*gpUnit]bool{}
			var parts []*unit
			u.inside(seen, func(c *gpUnit) bool {
				if c.counted {
					parts = append(parts, &c.unit)
				}
				return c.counted
			})
			r.agree(&u.unit, parts, fmt.Sprintf("its %d parts", len(parts)), "")
		}
	}
}

// inside calls do for each unit in u once, from the top, and goes on below one for which
// it is false.
func (u *gpUnit) inside(seen map[*gpUnit]bool, do func(*gpUnit) bool) {
	for _, c := range u.children {
		if !seen[c] {
			seen[c] = true
			if !do(c) {
				c.inside(seen, do)
			}
		}
	}
}

// atMost refuses a counted unit in which some parts alone have more votes.
func (r *nist) atMost(u *gpUnit) {
	sums := map[string]int64{}
	u.inside(map[*gpUnit]bool{}, func(c *gpUnit) bool {
		if !c.has() {
			return false
		}
		for _, v := range c.votes {
			sum := sums[v.list]
			r.add(&sum, v.n, v.at, fmt.Sprintf("the votes for %q", v.list))
			sums[v.list] = sum
		}
		return true
	})
	for _, v := range u.votes {
		if sums[v.list] > v.n {
			r.fail(v.at, "TOTAL-SUM", "the votes for %q in %s: the total is %d, and some of its parts have %d", v.list, u.id, v.n, sums[v.list])
		}
	}
}

// named gives the chosen units their names, if each has one of its own, and the county
// that they lie in, or the one unit.
func (r *nist) named(chosen []*gpUnit) []*unit {
	own := map[string]bool{}
	for _, u := range chosen {
		if u.name != "" {
			own[u.name] = true
		}
	}
	var units []*unit
	for _, u := range chosen {
		if len(own) == len(chosen) {
			u.id = u.name
		}
		for _, p := range u.parents {
			if p.kind == "county" || len(u.parents) == 1 {
				u.region = p.name
			}
		}
		units = append(units, &u.unit)
	}
	return units
}
