package ingest

import (
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/returns"
)

// EML 510 of the Dutch Electoral Council (EML_NL): 510b is a municipality by polling
// stations, 510c a constituency (kieskring) by municipalities, 510d the whole by
// constituencies.
//
// A block of counts, of a unit or of all of them, is a row of selections: a list with its
// votes, and behind it the candidates of that list with theirs, which are the same votes
// once more. Its "Cast" is the voters who may vote, its "TotalCounted" the valid ballots,
// and who came to vote is among the votes that were not counted ("toegelaten kiezers").

func isEML(head []byte) bool {
	root, ok := rootOf(head)
	return ok && root.Name.Local == "EML"
}

func readEML(data []byte, o Options) (*table, error) {
	t, err := parseXML("EML", data)
	if err != nil {
		return nil, err
	}
	id := t.text(t.root, "@Id")
	if !slices.Contains([]string{"510b", "510c", "510d"}, id) {
		t.fail(t.root, "FORMAT", "EML %s is no count by units; want 510b, 510c or 510d", shorten([]byte(id)))
		return t.done(nil)
	}
	t.what = "EML " + id
	var contests []*node
	var names []label
	for _, election := range t.one(t.root, "Count").all("Election") {
		for _, c := range t.one(election, "Contests").all("Contest") {
			identifier := t.one(c, "ContestIdentifier")
			n := label{t.text(identifier, "@Id"), t.text(identifier, "ContestName")}
			if n.name == "" {
				n.name = n.id
			}
			contests, names = append(contests, c), append(names, n)
		}
	}
	i := t.choose(names, o.Contest)
	if i < 0 {
		return t.done(nil)
	}
	t.contest = o.Contest // else none: each constituency is one of its own
	e := eml{tree: t, within: contests[i], lists: emlLists(t, contests[i])}
	return t.table(e.units(id))
}

type eml struct {
	*tree
	within *node             // the contest
	lists  map[string]string // names by id
}

// emlLists names the lists of a contest: as registered, or by number where a list has no
// name. A list has one name, wherever it stands.
func emlLists(t *tree, contest *node) map[string]string {
	var all []label
	at := map[string]*node{} // by id: where its name first stands
	for _, block := range contest.kids {
		for _, s := range block.all("Selection") {
			a := t.one(s, "AffiliationIdentifier")
			if a == nil {
				continue
			}
			l := label{t.text(a, "@Id"), t.text(a, "RegisteredName")}
			if l.id == "" {
				t.fail(a, "NAME", "a list without an id")
			}
			if first := at[l.id]; first == nil {
				at[l.id] = a
				all = append(all, l)
			} else if name := t.text(first, "RegisteredName"); name != l.name {
				t.fail(a, "NAME", "list %s is called %q here and %q on line %d", l.id, l.name, name, first.line)
			}
		}
	}
	return distinct(all)
}

func (e *eml) units(id string) []*unit {
	authority := e.one(e.one(e.root, "ManagingAuthority"), "AuthorityIdentifier")
	place := e.text(e.one(e.within, "ContestIdentifier"), "ContestName")
	var units []*unit
	for _, n := range e.within.all("ReportingUnitVotes") {
		identifier := e.one(n, "ReportingUnitIdentifier")
		u := e.block(n, e.text(identifier, "@Id"))
		name := squeeze(textOf(identifier))
		switch {
		case id == "510d":
			u.region = name
		case id == "510c":
			u.region, u.district = place, name
		case place != "":
			u.region, u.district = place, squeeze(textOf(authority))
		default:
			u.region = squeeze(textOf(authority))
		}
		units = append(units, u)
	}
	n := e.one(e.within, "TotalVotes")
	if n == nil {
		return units
	}
	total := e.block(n, "TotalVotes")
	if len(units) == 0 {
		total.id = e.text(authority, "@Id")
		if total.id == "" {
			total.id = e.text(e.one(e.within, "ContestIdentifier"), "@Id")
		}
		total.region = place
		return []*unit{total}
	}
	unlessUnknown(total, units, returns.Registered)
	e.agree(total, units, fmt.Sprintf("its %d units", len(units)), "")
	return units
}

func textOf(n *node) string {
	if n == nil {
		return ""
	}
	return n.text
}

// block reads the counts of a unit, or of all of them.
func (e *eml) block(n *node, id string) *unit {
	u := &unit{id: id, at: n}
	if id == "" {
		e.fail(n, "NAME", "a reporting unit without an id")
	}
	var candidates int64 // votes of those of the list before
	some := false
	closeList := func() {
		if some {
			list := u.votes[len(u.votes)-1]
			e.agreeOn(list.at, fmt.Sprintf("the votes for %q in %s", list.list, id), "its candidates", list.n, candidates)
		}
		candidates, some = 0, false
	}
	for _, s := range n.all("Selection") {
		list, candidate := e.one(s, "AffiliationIdentifier"), e.one(s, "Candidate")
		if (list == nil) == (candidate == nil) {
			e.fail(s, "FORMAT", "a selection in %s that is not one of a list or of a candidate", id)
			continue
		}
		if candidate != nil && len(u.votes) == 0 {
			e.fail(s, "FORMAT", "a candidate in %s before any list", id)
			continue
		}
		name := ""
		if list != nil {
			closeList()
			name = e.lists[e.text(list, "@Id")]
		} else {
			name = u.votes[len(u.votes)-1].list
		}
		v, votes := e.need(s, "ValidVotes", fmt.Sprintf("the votes for %q in %s", name, id))
		if list != nil {
			u.votes = append(u.votes, vote{name, v, votes})
			continue
		}
		some = true
		e.add(&candidates, v, votes, fmt.Sprintf("the candidates of %q in %s", name, id))
	}
	closeList()
	e.protocol(n, u)
	return u
}

// protocol reads the other figures of a block.
func (e *eml) protocol(n *node, u *unit) {
	line := func(l returns.Line, element string) {
		v, ok := e.count(n, element, fmt.Sprintf("%s in %s", element, u.id))
		u.put(l, v, ok)
	}
	line(returns.Registered, "Cast")
	line(returns.Valid, "TotalCounted")
	seen := map[string]bool{}
	var rejected int64
	for _, k := range n.kids {
		if k.name != "RejectedVotes" && k.name != "UncountedVotes" {
			continue
		}
		reason := strings.ToLower(e.text(k, "@ReasonCode"))
		if seen[k.name+reason] {
			e.fail(k, "DUPLICATE", "%s %q is there twice in %s", k.name, reason, u.id)
		}
		seen[k.name+reason] = true
		v, ok := e.countOf(k, fmt.Sprintf("%s %q in %s", k.name, reason, u.id))
		if !ok {
			continue
		}
		switch {
		case k.name == "RejectedVotes":
			e.add(&rejected, v, k, "RejectedVotes in "+u.id)
			u.put(returns.Invalid, rejected, true)
			u.put(returns.Blank, v, reason == "blanco")
		case reason == "toegelaten kiezers":
			u.put(returns.Cast, v, true)
		}
	}
}
