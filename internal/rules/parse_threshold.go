package rules

import (
	"cmp"
	"math/big"
	"strings"

	"kenesh/internal/document"
)

// readThresholds reads a list of bars. cite stands for those that have no citation of
// their own; in the thresholds of districts a bar may stand in the district itself.
func (r *Rules) readThresholds(n document.Node, cite string, inDistricts bool) []Threshold {
	ids := map[string]int{} // their lines
	var list []Threshold
	for _, item := range n.Items() {
		t := r.readBar(item, cite, ids, inDistricts)
		item.Field("for").Fail("has a meaning only in a bar beside another, under or")
		if or := item.Field("or"); or.Exists() {
			if len(or.Items()) == 0 {
				or.Fail("found an empty list; when there is no other way, leave it out")
			}
			for _, other := range or.Items() {
				if more := other.Field("or"); more.Exists() {
					more.Fail("stands in one already; write the bars in one list")
				}
				t.Or = append(t.Or, r.readBar(other, t.Cite, ids, inDistricts))
			}
		}
		list = append(list, t)
	}
	return list
}

// readBar reads one bar, without its alternatives.
func (r *Rules) readBar(item document.Node, cite string, ids map[string]int, inDistricts bool) Threshold {
	keysOf(item, barKeys)
	id := item.Need("id")
	t := Threshold{ID: readSlug(id), Base: r.Base, Cite: cmp.Or(item.Field("cite").Text(), cite)}
	if line := ids[t.ID]; line > 0 && t.ID != "" {
		id.Fail("a threshold called %q already stands on line %d", t.ID, line)
	}
	ids[t.ID] = id.Line()
	if base := item.Field("base"); base.Exists() {
		t.Base = readBase(base, Qualified)
	}
	t.readMeasure(item)
	if t.Measure != BySeats {
		t.readPlace(item, inDistricts)
	}
	t.readCoalitions(item.Field("coalitions"))
	if exempt := item.Field("exempt"); exempt.Exists() {
		t.Minorities = exempt.OneOf(names(exemptTable[:])...) != ""
	}
	if only := item.Field("for"); only.Exists() {
		t.ForMinorities = only.OneOf(names(exemptTable[:])...) != ""
	}
	return t
}

// readMeasure reads what a bar counts: exactly one of the measures.
func (t *Threshold) readMeasure(item document.Node) {
	var found []string
	for m, key := range measures {
		if item.Field(key).Exists() {
			found = append(found, key)
			t.Measure = Measure(m)
		}
	}
	switch {
	case len(found) == 0:
		if t.Share = new(big.Rat); item.IsMap() {
			item.Fail(`one of the keys "share", "votes", "quota" and "seats" is missing`)
		}
		return
	case len(found) > 1:
		item.Field(found[1]).Fail("stands beside %s; a bar is one of them, another is a bar of its own", found[0])
	}
	no := func(why string, keys ...string) {
		for _, key := range keys {
			item.Field(key).Fail("%s", why)
		}
	}
	switch t.Measure {
	case ByShare:
		t.Share = readShare(item.Field("share"))
		t.MoreThan = readReach(item, t.Share)
	case ByVotes:
		t.Votes = item.Field("votes").Int(1, 1<<62)
		t.MoreThan = readReach(item, new(big.Rat))
		no("has no meaning beside votes", "base")
	case ByQuota:
		t.Share = readQuota(item.Field("quota"))
		t.MoreThan = readReach(item, new(big.Rat))
	case BySeats:
		t.Seats = int(item.Field("seats").Int(1, MaxSeats))
		no("has no meaning beside seats, which are those of all districts together", "reach", "base", "in", "level", "areas", "count", "except")
	}
	if t.Measure != ByShare {
		no("gives other shares, and this bar is none", "coalitions")
	}
}

// readQuota reads how many quotas a bar is: a whole number, or a ratio.
func readQuota(n document.Node) *big.Rat {
	text := n.Text()
	if ratio, err := document.ParseShare(text); err == nil && strings.Contains(text, "/") {
		return ratio
	}
	return new(big.Rat).SetInt64(n.Int(1, maxQuotas))
}

// readPlace reads where a bar must be reached.
func (t *Threshold) readPlace(n document.Node, inDistricts bool) {
	in := n.Need("in")
	places := placeTable[:Here]
	if inDistricts {
		places = placeTable[:]
	}
	t.In = Place(oneOf(in, places))
	level, areas, count, except := n.Field("level"), n.Field("areas"), n.Field("count"), n.Field("except")
	switch t.In {
	case InNation, Here:
		for _, f := range []document.Node{level, areas, except} {
			f.Fail("has a meaning only with in: each, or in: any")
		}
	case InEach, InAny:
		t.Level = n.Need("level").OneOf(names(levelTable[:])...)
		if areas.Exists() {
			t.Areas = int(areas.Int(1, maxAreas))
		}
		t.Except = except.Texts()
	}
	switch {
	case t.In == InAny && count.Exists():
		t.Count = int(count.Int(1, maxAreas))
	case t.In == InAny:
		t.Count = 1
	default:
		count.Fail("has a meaning only with in: any")
	}
}

// readCoalitions reads the shares of coalitions, by rising number of parties.
func (t *Threshold) readCoalitions(n document.Node) {
	for _, item := range n.Items() {
		keysOf(item, coalitionKeys)
		c := Coalition{Parties: int(item.Need("parties").Int(2, maxParties)), Share: readShare(item.Need("share"))}
		if k := len(t.Coalitions); k > 0 && c.Parties <= t.Coalitions[k-1].Parties {
			item.Field("parties").Fail("found %d after %d; write them in rising order", c.Parties, t.Coalitions[k-1].Parties)
		}
		t.Coalitions = append(t.Coalitions, c)
	}
}

// readAdmit reads who is let in when few lists qualify.
func (r *Rules) readAdmit(n document.Node) *Admit {
	if !n.Exists() {
		return nil
	}
	keysOf(n, admitKeys)
	a := &Admit{Base: r.Base, Cite: n.Field("cite").Text()}
	lists, together := n.Field("lists"), n.Field("together")
	if !lists.Exists() && !together.Exists() {
		n.Fail(`one of the keys "lists" and "together" is missing`)
	}
	if lists.Exists() {
		a.Lists = int(lists.Int(2, maxLists))
	}
	if together.Exists() {
		a.Together = readShare(together)
		a.MoreThan = readReach(n, a.Together)
	} else {
		n.Field("reach").Fail("says how a share is reached, and there is none: together")
	}
	if base := n.Field("base"); base.Exists() {
		a.Base = readBase(base)
	}
	if len(r.Thresholds) == 0 {
		n.Fail("without a threshold every list takes part, and there is nobody to admit")
	}
	return a
}
