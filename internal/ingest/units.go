package ingest

import (
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// A unit is what a tree states of one precinct, or of a larger area: its votes, and the
// lines of its protocol.
type unit struct {
	id, region, district string // "" = none
	at                   *node
	lines                map[returns.Line]int64 // those that are stated
	votes                []vote
}

type vote struct {
	list string
	n    int64
	at   *node
}

// put notes a line of the unit's protocol that is known.
func (u *unit) put(l returns.Line, v int64, known bool) {
	if !known {
		return
	}
	if u.lines == nil {
		u.lines = map[returns.Line]int64{}
	}
	u.lines[l] = v
}

// states reports whether the unit has a figure for a line.
func (u *unit) states(l returns.Line) bool {
	_, ok := u.lines[l]
	return ok
}

// table writes units out as a long table. A line of the protocol has a column when a unit
// states it, and cells that are absent for the units that do not.
func (t *tree) table(units []*unit) (*table, error) {
	if len(units) == 0 && !t.failed() {
		t.fail(nil, "EMPTY", "%s without any unit that has votes", t.what)
	}
	seen := map[string]*unit{}
	region, district := true, true
	for _, u := range units {
		if first := seen[u.id]; first != nil {
			t.fail(u.at, "DUPLICATE", "%q is there twice: already on line %d", u.id, first.at.line)
		}
		seen[u.id] = u
		if len(u.votes) == 0 {
			t.fail(u.at, "EMPTY", "%q has no votes for any list", u.id)
		}
		region = region && u.region != ""
		district = district && u.district != ""
	}
	if t.failed() {
		return t.done(nil)
	}
	district = district && region
	var lines []returns.Line
	for _, l := range returns.Lines() {
		if slices.ContainsFunc(units, func(u *unit) bool { return u.states(l) }) {
			lines = append(lines, l)
		}
	}
	out := &table{what: t.what, line: int(t.root.line), header: []string{rolePrecinct}}
	if region {
		out.header = append(out.header, roleRegion)
	}
	if district {
		out.header = append(out.header, roleDistrict)
	}
	if t.contest != "" {
		out.header = append(out.header, roleContest)
	}
	for _, l := range lines {
		out.header = append(out.header, headerOf(l))
	}
	out.header = append(out.header, roleList, roleVotes)
	for _, u := range units {
		start := []string{u.id}
		if region {
			start = append(start, u.region)
		}
		if district {
			start = append(start, u.district)
		}
		if t.contest != "" {
			start = append(start, t.contest)
		}
		for _, l := range lines {
			cell := absent
			if u.states(l) {
				cell = fmt.Sprint(u.lines[l])
			}
			start = append(start, cell)
		}
		for _, v := range u.votes {
			out.rows = append(out.rows, tableRow{int(v.at.line), append(start[:len(start):len(start)], v.list, fmt.Sprint(v.n))})
		}
	}
	return out, nil
}

// headerOf is how a header names a line of the protocol.
func headerOf(l returns.Line) string {
	if name := l.String(); synonyms[name] == name {
		return name
	}
	return "ballots_" + l.String()
}

// everyUnit reports whether all units state a line of the protocol.
func everyUnit(units []*unit, l returns.Line) bool {
	for _, u := range units {
		if !u.states(l) {
			return false
		}
	}
	return len(units) > 0
}

// agree holds a total that the tree states against its parts: each list, and each line of
// the protocol that all of them state. Nobody knows which of two numbers is right, so that
// a difference is an error. What the total has no figure for may be in its list called
// rest, if it has that ("others"); "" = no list is called so.
func (t *tree) agree(total *unit, parts []*unit, what, rest string) {
	stated := map[string]bool{}
	for _, v := range total.votes {
		stated[v.list] = true
	}
	sums := map[string]int64{}
	var order []string // of lists that are not stated
	for _, p := range parts {
		for _, v := range p.votes {
			list := v.list
			if !stated[list] && stated[rest] {
				list = rest
			}
			sum, known := sums[list]
			if !known && !stated[list] {
				order = append(order, list)
			}
			t.add(&sum, v.n, v.at, fmt.Sprintf("the votes for %q", v.list))
			sums[list] = sum
		}
	}
	for _, v := range total.votes {
		t.agreeOn(v.at, fmt.Sprintf("the votes for %q in %s", v.list, total.id), what, v.n, sums[v.list])
	}
	for _, list := range order {
		if sums[list] > 0 {
			t.fail(total.at, "TOTAL-SUM", "the total of %s has no votes for %q; %s have %d", total.id, list, what, sums[list])
		}
	}
	for _, l := range returns.Lines() {
		v, ok := total.lines[l]
		if !ok || !everyUnit(parts, l) {
			continue
		}
		sum := int64(0)
		for _, p := range parts {
			t.add(&sum, p.lines[l], p.at, l.String())
		}
		t.agreeOn(total.at, fmt.Sprintf("%s in %s", l, total.id), what, v, sum)
	}
}

func (t *tree) agreeOn(at *node, whose, what string, total, sum int64) {
	if total != sum {
		t.fail(at, "TOTAL-SUM", "%s: the total is %d, and %s sum to %d", whose, total, what, sum)
	}
}

// unlessUnknown takes a line away from all units when each of them has 0 there and their
// total has not: then nobody filled it in for them.
func unlessUnknown(total *unit, units []*unit, l returns.Line) {
	if total.lines[l] == 0 {
		return
	}
	for _, u := range units {
		if v, ok := u.lines[l]; !ok || v > 0 {
			return
		}
	}
	for _, u := range units {
		delete(u.lines, l)
	}
}

// A label is the id of a thing, its own in its document, and a name that may be another's too.
type label struct{ id, name string }

// distinct is a name for each id: its own; with the id where another has it, too; the id
// alone where it has none.
func distinct(all []label) map[string]string {
	first := map[string]string{}
	shared := map[string]bool{}
	for _, a := range all {
		if id, ok := first[a.name]; ok && id != a.id {
			shared[a.name] = true
		}
		first[a.name] = a.id
	}
	names := map[string]string{}
	for _, a := range all {
		switch {
		case a.name == "":
			names[a.id] = a.id
		case shared[a.name]:
			names[a.id] = fmt.Sprintf("%s (%s)", a.name, a.id)
		default:
			names[a.id] = a.name
		}
	}
	return names
}

// choose chooses among the contests of a document the one that is wanted, by name or id,
// or the only one; -1 when that is none, which has been said.
func (t *tree) choose(all []label, want string) int {
	if len(all) == 0 {
		t.fail(nil, "EMPTY", "%s without any contest", t.what)
		return -1
	}
	if want == "" && len(all) > 1 {
		t.fail(nil, "CONTEST", "%d contests in one file: say which one to read (--contest); there are %s", len(all), listed(all))
		return -1
	}
	found := -1
	var names []string
	for i, c := range all {
		names = append(names, c.name)
		if want != "" && !strings.EqualFold(want, c.name) && !strings.EqualFold(want, c.id) {
			continue
		}
		if found >= 0 {
			t.fail(nil, "CONTEST", "contest %q is there twice: say its id; there are %s", want, listed(all))
			return -1
		}
		found = i
	}
	if found < 0 {
		t.fail(nil, "UNKNOWN-NAME", "no contest %q%s; there are %s", want, finding.DidYouMean(want, names), listed(all))
	}
	return found
}

// listed names contests for a message.
func listed(all []label) string {
	const most = 12
	var b strings.Builder
	for i, c := range all[:min(len(all), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", shorten([]byte(c.name)))
		if c.id != "" && c.id != c.name {
			fmt.Fprintf(&b, " (%s)", shorten([]byte(c.id)))
		}
	}
	if n := len(all) - most; n > 0 {
		fmt.Fprintf(&b, " and %d more", n)
	}
	return b.String()
}
