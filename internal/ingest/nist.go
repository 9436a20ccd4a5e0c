package ingest

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"kenesh/internal/returns"
)

// Election reports of NIST SP 1500-100 v2, in JSON and in XML. Both become one tree, in
// which they differ only in how ids and types are written.
//
// Counts hang on the selections of a contest, each with the unit that it is of (a precinct,
// a county …) and with a way of voting, or the total of all ways. Units of several levels
// stand side by side, and totals beside their parts. Of a unit's counts for a selection the
// total is taken, or else the sum of the parts. Of the units those are taken that are lowest
// and leave nothing out: a county gives way to its precincts when each of them has counts.
// Everything else is held against what was taken, and never added.

const nistSpace = "http://itl.nist.gov/ns/voting/1500-100/v2"

var nistType = regexp.MustCompile(`"@type"\s*:\s*"ElectionResults\.ElectionReport"`)

func isNISTJSON(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("{")) && nistType.Match(head)
}

func isNISTXML(head []byte) bool {
	root, ok := rootOf(head)
	return ok && root.Name.Local == "ElectionReport"
}

func readNISTJSON(data []byte, o Options) (*table, error) {
	t, err := parseJSON("NIST 1500-100 JSON", data)
	if err != nil {
		return nil, err
	}
	return readNIST(t, o)
}

func readNISTXML(data []byte, o Options) (*table, error) {
	t, err := parseXML("NIST 1500-100 XML", data)
	if err != nil {
		return nil, err
	}
	if root, _ := rootOf(data[:min(len(data), headSize)]); root.Name.Space != nistSpace {
		t.fail(t.root, "FORMAT", "an ElectionReport of the namespace %q; want %q", root.Name.Space, nistSpace)
		return t.done(nil)
	}
	return readNIST(t, o)
}

// A gpUnit is a geopolitical unit, with what the contest has of it.
type gpUnit struct {
	unit
	name, kind       string // kind: its Type
	children         []*gpUnit
	parents          []*gpUnit
	suppressed       *node // a count of it that is kept back for privacy
	rank             int   // 0: not looked at, -1: just now; else one above its children's
	below            bool  // its children have counts for all of it
	complete         bool  // they or it has
	reached, counted bool
	owner            *gpUnit // that is counted and holds it
}

// has reports whether the unit's own counts are known.
func (u *gpUnit) has() bool { return len(u.votes) > 0 && u.suppressed == nil }

type nist struct {
	*tree
	units map[string]*gpUnit
	order []*gpUnit
	names map[string]string // of candidates and parties, by id
}

func readNIST(t *tree, o Options) (*table, error) {
	r := nist{tree: t, units: map[string]*gpUnit{}, names: map[string]string{}}
	if r.ids(t.root, map[string]*node{}); t.failed() {
		return t.done(nil)
	}
	r.gpUnits()
	for _, p := range t.root.all("Party") {
		r.names[nistID(p)] = r.inEnglish(r.one(p, "Name"))
	}
	var contests, elections []*node
	var names []label
	for _, e := range t.root.all("Election") {
		for _, c := range e.all("Candidate") {
			r.names[nistID(c)] = r.inEnglish(r.one(c, "BallotName"))
		}
		for _, c := range e.all("Contest") {
			if kind := r.typeOf(c); kind == "CandidateContest" || kind == "PartyContest" {
				contests, elections = append(contests, c), append(elections, e)
				names = append(names, label{nistID(c), r.text(c, "Name")})
			}
		}
	}
	i := t.choose(names, o.Contest)
	if i < 0 {
		return t.done(nil)
	}
	t.contest = cmp.Or(o.Contest, names[i].name)
	r.selections(contests[i])
	r.ballots(elections[i])
	r.others(contests[i])
	if r.typeOf(contests[i]) == "PartyContest" {
		r.rejected(elections[i])
	}
	if t.failed() {
		return t.done(nil) // the levels would only repeat it
	}
	return t.table(r.levels())
}

func nistID(n *node) string {
	for _, k := range n.kids {
		if k.name == "@id" || k.name == "@ObjectId" {
			return k.text
		}
	}
	return ""
}

// typeOf is the class of a node, without its package.
func (r *nist) typeOf(n *node) string {
	s := r.text(n, "@type")
	return s[strings.LastIndexAny(s, ".:")+1:]
}

// ids refuses an id that is there twice.
func (r *nist) ids(n *node, seen map[string]*node) {
	if id := nistID(n); id != "" {
		if first := seen[id]; first != nil {
			r.fail(n, "DUPLICATE", "the id %q is there twice: already on line %d", id, first.line)
		} else {
			seen[id] = n
		}
	}
	for _, k := range n.kids {
		if len(k.kids) > 0 {
			r.ids(k, seen)
		}
	}
}

// inEnglish is a text in English, or in the first language that it has.
func (r *nist) inEnglish(n *node) string {
	first := ""
	for _, t := range n.all("Text") {
		content, language := squeeze(t.text), r.text(t, "@Language")+r.text(t, "Language")
		if content == "" {
			content = r.text(t, "Content")
		}
		if language == "en" || strings.HasPrefix(language, "en-") {
			return content
		}
		if first == "" {
			first = content
		}
	}
	return first
}

// refs are the ids that n refers to under that name.
func references(n *node, name string) []string {
	var ids []string
	for _, k := range n.all(name) {
		ids = append(ids, strings.Fields(k.text)...)
	}
	return ids
}

func (r *nist) gpUnits() {
	nodes := r.root.all("GpUnit")
	for _, n := range nodes {
		id := nistID(n)
		u := &gpUnit{unit: unit{id: id, at: n}, name: r.inEnglish(r.one(n, "Name")), kind: r.text(n, "Type")}
		registered, ok := r.number(n, "VotersRegistered", "the registered voters of "+id)
		u.put(returns.Registered, registered, ok)
		cast, ok := r.number(n, "VotersParticipated", "the voters who took part in "+id)
		u.put(returns.Cast, cast, ok)
		r.units[id] = u
		r.order = append(r.order, u)
	}
	edges := 0
	for _, u := range r.order {
		for _, id := range references(u.at, "ComposingGpUnitIds") {
			if edges++; edges > maxNodes {
				r.fail(u.at, "LIMIT", "units composed of more than the limit of %d others", maxNodes)
				return
			}
			c := r.units[id]
			if c == nil {
				r.fail(u.at, "FORMAT", "%s is composed of %q, which is no GpUnit of the file", u.id, id)
				continue
			}
			u.children = append(u.children, c)
			c.parents = append(c.parents, u)
		}
	}
}

// number is a count, which the schema lets be any number: 12.0 is 12, and 12.5 is refused.
func (r *nist) number(n *node, name, whose string) (int64, bool) {
	k := r.one(n, name)
	if k == nil {
		return 0, false
	}
	whole := *k
	if before, after, point := strings.Cut(k.text, "."); point && after != "" && strings.Trim(after, "0") == "" {
		whole.text = before
	}
	return r.countOf(&whole, whose)
}

func (r *nist) selections(contest *node) {
	nodes := contest.all("ContestSelection")
	var all []label
	for i, n := range nodes {
		id, name := nistID(n), ""
		if id == "" {
			id = fmt.Sprint(i + 1)
		}
		for _, ref := range append(references(n, "CandidateIds"), references(n, "PartyIds")...) {
			if r.names[ref] == "" {
				r.fail(n, "FORMAT", "%q is no candidate or party of the file that has a name", ref)
			}
			if name != "" {
				name += " / "
			}
			name += r.names[ref]
			if r.typeOf(n) == "CandidateSelection" && len(references(n, "CandidateIds")) == 1 {
				break // the parties that endorse a candidate are no part of the name
			}
		}
		if name == "" && r.text(n, "IsWriteIn") == "true" {
			name = "Write-ins"
		}
		all = append(all, label{id, name})
	}
	names := distinct(all)
	for i, n := range nodes {
		r.selection(n, names[all[i].id])
	}
}

func (r *nist) selection(n *node, list string) {
	of := newUnitCounts()
	for _, c := range n.all("VoteCounts") {
		if r.text(c, "Type") == "seats" {
			continue
		}
		if k := r.one(c, "Round"); k != nil {
			r.fail(k, "FORMAT", "votes for %q by rounds, which are not read", list)
			continue
		}
		u := r.unitOf(c)
		if u == nil {
			continue
		}
		if r.text(c, "IsSuppressedForPrivacy") == "true" {
			u.suppressed = c
			continue
		}
		whose := fmt.Sprintf("the votes for %q in %s", list, u.id)
		v, ok := r.number(c, "Count", whose)
		if r.one(c, "Count") == nil {
			r.fail(c, "NOT-A-COUNT", "%s: found nothing, want Count", whose)
		}
		if ok {
			of.add(u, wayCount{r.way(c), v, c})
		}
	}
	for _, u := range of.units {
		if v, at, ok := r.resolve(of.parts[u], fmt.Sprintf("the votes for %q in %s", list, u.id)); ok {
			u.votes = append(u.votes, vote{list, v, at})
		}
	}
}

// ballots reads how many ballots were cast. Those that were rejected were not let in, where
// candidates stand, and are none of the invalid ones: but see rejected.
func (r *nist) ballots(election *node) {
	of := newUnitCounts()
	for _, c := range election.all("BallotCounts") {
		if u := r.unitOf(c); u != nil {
			if v, ok := r.number(c, "BallotsCast", "the ballots cast in "+u.id); ok {
				of.add(u, wayCount{r.way(c), v, c})
			}
		}
	}
	for _, u := range of.units {
		v, _, ok := r.resolve(of.parts[u], "the ballots cast in "+u.id)
		u.put(returns.Cast, v, ok)
	}
}

// rejected reads the rejected ballots, which of a vote for parties are the invalid ones,
// where nothing is said of overvotes and undervotes.
func (r *nist) rejected(election *node) {
	of := newUnitCounts()
	for _, c := range election.all("BallotCounts") {
		if u := r.unitOf(c); u != nil {
			if v, ok := r.number(c, "BallotsRejected", "the rejected ballots in "+u.id); ok {
				of.add(u, wayCount{r.way(c), v, c})
			}
		}
	}
	for _, u := range of.units {
		if _, known := u.lines[returns.Invalid]; known {
			continue
		}
		v, _, ok := r.resolve(of.parts[u], "the rejected ballots in "+u.id)
		u.put(returns.Invalid, v, ok)
	}
}

// others reads the overvotes and the undervotes, which are ballots where a voter has one
// vote: invalid ones, the undervotes without a mark.
func (r *nist) others(contest *node) {
	if allowed := r.text(contest, "VotesAllowed"); allowed != "1" && (allowed != "" || r.typeOf(contest) != "PartyContest") {
		return
	}
	over, under := newUnitCounts(), newUnitCounts()
	for _, c := range contest.all("OtherCounts") {
		u := r.unitOf(c)
		if u == nil {
			continue
		}
		if v, ok := r.number(c, "Overvotes", "the overvotes in "+u.id); ok {
			over.add(u, wayCount{r.way(c), v, c})
		}
		if v, ok := r.number(c, "Undervotes", "the undervotes in "+u.id); ok {
			under.add(u, wayCount{r.way(c), v, c})
		}
	}
	for _, u := range over.units {
		if len(under.parts[u]) == 0 {
			continue
		}
		v, at, ok := r.resolve(over.parts[u], "the overvotes in "+u.id)
		w, _, both := r.resolve(under.parts[u], "the undervotes in "+u.id)
		if ok && both {
			r.add(&v, w, at, "the invalid ballots in "+u.id)
			u.put(returns.Invalid, v, true)
			u.put(returns.Blank, w, true)
		}
	}
}

// unitOf is the unit that a count is of; nil when there is none, which has been said.
func (r *nist) unitOf(c *node) *gpUnit {
	id := r.text(c, "GpUnitId")
	u := r.units[id]
	if u == nil {
		r.fail(c, "FORMAT", "a count of %q, which is no GpUnit of the file", id)
	}
	return u
}

// way is the way of voting of a count.
func (r *nist) way(c *node) string {
	switch way := r.text(c, "Type"); way {
	case "":
		return "total"
	case "other":
		return "other " + r.text(c, "OtherType")
	default:
		return way
	}
}

// A wayCount is a count by one way of voting, or by all.
type wayCount struct {
	way string
	n   int64
	at  *node
}

type unitCounts struct {
	units []*gpUnit
	parts map[*gpUnit][]wayCount
}

func newUnitCounts() *unitCounts { return &unitCounts{parts: map[*gpUnit][]wayCount{}} }

func (c *unitCounts) add(u *gpUnit, p wayCount) {
	if c.parts[u] == nil {
		c.units = append(c.units, u)
	}
	c.parts[u] = append(c.parts[u], p)
}

// resolve is the one count that parts make: their total if there is one, which must agree
// with the others, or their sum.
func (r *nist) resolve(parts []wayCount, whose string) (v int64, at *node, ok bool) {
	seen := map[string]bool{}
	var total *wayCount
	var sum, writeIns, absentee int64 // those by absentee-mail etc.
	for i, p := range parts {
		if seen[p.way] {
			r.fail(p.at, "DUPLICATE", "%s: %s is there twice", whose, p.way)
			return 0, nil, false
		}
		seen[p.way] = true
		if p.way == "total" {
			total = &parts[i]
			continue
		}
		r.add(&sum, p.n, p.at, whose)
		switch {
		case p.way == "write-in":
			writeIns = p.n
		case strings.HasPrefix(p.way, "absentee-"):
			seen["absentee-"] = true
			absentee += p.n // sum is more, and fits
		}
	}
	// These may be parts of the others and not beside them. Only a total tells.
	overlap := seen["write-in"] && len(parts) > 1 || seen["absentee"] && seen["absentee-"]
	if !seen["absentee"] {
		absentee = 0
	}
	switch {
	case total == nil && overlap:
		r.fail(parts[0].at, "TOTAL-SUM", "%s: ways of voting that may hold each other (absentee, write-in) and no total", whose)
		return 0, nil, false
	case total == nil:
		return sum, parts[0].at, true
	case len(parts) > 1 && total.n != sum && total.n != sum-writeIns && total.n != sum-absentee && total.n != sum-writeIns-absentee:
		r.agreeOn(total.at, whose, "its ways of voting", total.n, sum)
	}
	return total.n, total.at, true
}
