package ingest

import (
	"cmp"
	"fmt"

	"kenesh/internal/returns"
)

// detail.xml of Clarity (SOE) election night reporting, which many counties of the United
// States publish: contests, their choices, and for each the votes by way of voting and
// precinct. The file of a state has counties where that of a county has precincts.
//
// Overvotes and undervotes stand beside the choices and are no lists. They are not taken
// for invalid ballots either: the file does not say whether they are ballots or votes, and
// write-in votes that count for nobody may be in neither.

func isClarity(head []byte) bool {
	root, ok := rootOf(head)
	return ok && root.Name.Local == "ElectionResult" && root.Name.Space == ""
}

func readClarity(data []byte, o Options) (*table, error) {
	t, err := parseXML("Clarity detail", data)
	if err != nil {
		return nil, err
	}
	contests := t.root.all("Contest")
	var names []label
	for _, c := range contests {
		names = append(names, label{t.text(c, "@key"), t.text(c, "@text")})
	}
	i := t.choose(names, o.Contest)
	if i < 0 {
		return t.done(nil)
	}
	t.contest = cmp.Or(o.Contest, names[i].name)
	c := clarity{tree: t, by: map[string]*unit{}, region: t.text(t.root, "Region")}
	c.choices(contests[i])
	c.turnout()
	return t.table(c.units)
}

type clarity struct {
	*tree
	region string
	units  []*unit // in order of appearance
	by     map[string]*unit
}

func (c *clarity) choices(contest *node) {
	choices := contest.all("Choice")
	var all []label
	for i, n := range choices {
		all = append(all, label{fmt.Sprint(i), c.text(n, "@text")})
	}
	// The same person may stand for several parties; the party tells the choices apart.
	shared := map[string]int{}
	for _, a := range all {
		shared[a.name]++
	}
	for i, n := range choices {
		list := all[i].name
		if shared[list] > 1 {
			list = fmt.Sprintf("%s (%s)", list, c.text(n, "@party"))
		}
		if list == "" {
			c.fail(n, "NAME", "a choice without a text")
			continue
		}
		c.choice(n, list)
	}
}

// choice adds up the votes of a choice in each precinct, and holds the totals of the file
// against them.
func (c *clarity) choice(n *node, list string) {
	ways := n.all("VoteType")
	votes := map[*unit]int{} // where they are among the votes of the unit
	sum := int64(0)
	for _, way := range ways {
		name := c.text(way, "@name")
		if totals[fold(name)] && len(ways) > 1 {
			c.fail(way, "TOTAL-ROW", "%q among the ways of voting for %q: it would count every vote twice", name, list)
			continue
		}
		own := c.way(way, list, name, votes)
		c.add(&sum, own, way, fmt.Sprintf("the votes for %q", list))
		if v, ok := c.count(way, "@votes", fmt.Sprintf("the votes for %q, %s", list, name)); ok {
			c.agreeOn(way, fmt.Sprintf("the votes for %q, %s", list, name), "the precincts", v, own)
		}
	}
	if v, ok := c.count(n, "@totalVotes", fmt.Sprintf("the total votes for %q", list)); ok {
		c.agreeOn(n, fmt.Sprintf("the votes for %q", list), "the precincts", v, sum)
	}
}

func (c *clarity) way(way *node, list, name string, votes map[*unit]int) (sum int64) {
	here := map[*unit]bool{}
	for _, p := range way.kids {
		if p.name != "Precinct" && p.name != "County" {
			continue
		}
		u := c.unit(p)
		v, _ := c.need(p, "@votes", fmt.Sprintf("the votes for %q in %s, %s", list, u.id, name))
		if here[u] {
			c.fail(p, "DUPLICATE", "%q is there twice in the votes for %q, %s", u.id, list, name)
			continue
		}
		here[u] = true
		c.add(&sum, v, p, fmt.Sprintf("the votes for %q", list))
		k, known := votes[u]
		if !known {
			k = len(u.votes)
			votes[u] = k
			u.votes = append(u.votes, vote{list, 0, p})
		}
		c.add(&u.votes[k].n, v, p, fmt.Sprintf("the votes for %q in %s", list, u.id))
	}
	return sum
}

func (c *clarity) unit(p *node) *unit {
	name := c.text(p, "@name")
	u := c.by[name]
	if u == nil {
		if name == "" {
			c.fail(p, "NAME", "a %s without a name", p.name)
		}
		u = &unit{id: name, region: c.region, at: p}
		c.by[name] = u
		c.units = append(c.units, u)
	}
	return u
}

// turnout reads the voters and the ballots of the precincts. A 0 is what the file has where
// nobody knows: beside a total, or beside votes.
func (c *clarity) turnout() {
	all := c.one(c.root, "VoterTurnout")
	if all == nil {
		return
	}
	total := &unit{id: "VoterTurnout", at: all}
	c.figures(all, total)
	var parts []*unit
	for _, group := range all.kids {
		if group.name != "Precincts" && group.name != "Counties" {
			continue
		}
		for _, p := range group.kids {
			if p.name == "Precinct" || p.name == "County" {
				u := &unit{id: c.text(p, "@name"), at: p}
				c.figures(p, u)
				parts = append(parts, u)
			}
		}
	}
	for _, l := range []returns.Line{returns.Registered, returns.Cast} {
		unlessUnknown(total, parts, l)
		if total.lines[l] == 0 {
			delete(total.lines, l)
		}
	}
	c.agree(total, parts, fmt.Sprintf("its %d precincts", len(parts)), "")
	seen := map[string]bool{}
	for _, p := range parts {
		if seen[p.id] {
			c.fail(p.at, "DUPLICATE", "%q is there twice in the turnout", p.id)
		}
		seen[p.id] = true
		u := c.by[p.id]
		if u == nil {
			continue // it has no votes in this contest
		}
		some := p.lines[returns.Cast] > 0
		for _, v := range u.votes {
			some = some || v.n > 0
		}
		for l, v := range p.lines {
			u.put(l, v, v > 0 || !some)
		}
	}
}

func (c *clarity) figures(n *node, u *unit) {
	registered, ok := c.count(n, "@totalVoters", "the registered voters of "+u.id)
	u.put(returns.Registered, registered, ok)
	cast, ok := c.count(n, "@ballotsCast", "the ballots cast in "+u.id)
	u.put(returns.Cast, cast, ok)
}
