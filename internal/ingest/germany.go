package ingest

import (
	"fmt"

	"kenesh/internal/returns"
)

// The results of the Bundestag election as the Bundeswahlleiterin publishes them
// (gesamtergebnis_01.xml): the federation, its states and the constituencies, one beside
// the other. The constituencies are counted, the others are held against their sums.
//
// A voter has two votes. The first (Stimmart DIREKT) is for a person, the second (LISTE)
// for a list, and the second is what a parliament is made of. A party is known by the
// number of its group, because some have another name in some states ("GRÜNE/B 90"). A
// group called "Übrige" is the sum of those which have none of their own at that level.

func isGermany(head []byte) bool {
	root, ok := rootOf(head)
	return ok && root.Name.Local == "Gesamtergebnis"
}

var germanVotes = []label{{"LISTE", "Zweitstimmen"}, {"DIREKT", "Erststimmen"}}

func readGermany(data []byte, o Options) (*table, error) {
	t, err := parseXML("Bundeswahlleiterin", data)
	if err != nil {
		return nil, err
	}
	want := o.Contest
	if want == "" {
		want = germanVotes[0].id
	}
	i := t.choose(germanVotes, want)
	if i < 0 {
		return t.done(nil)
	}
	t.contest = o.Contest
	t.what += ", " + germanVotes[i].name
	g := germany{tree: t, kind: germanVotes[i].id, regions: map[string]*germanState{}}
	g.lists()
	for _, n := range t.root.all("Gebietsergebnis") {
		g.area(n)
	}
	g.totals()
	return t.table(g.units)
}

type germany struct {
	*tree
	kind    string            // the Stimmart that is counted
	names   map[string]string // of the groups, by number
	units   []*unit           // constituencies
	nation  *unit
	regions map[string]*germanState // by number
	order   []*germanState
}

type germanState struct {
	name  string
	total *unit // nil: none is stated
	parts []*unit
}

// lists names the groups: as the federation calls them, else as the first area does.
func (g *germany) lists() {
	areas := g.root.all("Gebietsergebnis")
	var all []label
	seen := map[string]bool{}
	for _, federal := range []bool{true, false} {
		for _, a := range areas {
			if (g.text(a, "@Gebietsart") == "BUND") != federal {
				continue
			}
			for _, n := range a.all("Gruppenergebnis") {
				if id := g.text(n, "@Gruppe"); !seen[id] {
					seen[id] = true
					all = append(all, label{id, g.text(n, "@Name")})
				}
			}
		}
	}
	g.names = distinct(all)
}

const germanOthers = "UEBRIGE" // Gruppenart of a sum of groups

func (g *germany) area(n *node) {
	kind, id := g.text(n, "@Gebietsart"), g.text(n, "@Gebietsnummer")
	name := g.text(n, "GebietText")
	u := &unit{id: id, at: n, district: name}
	if kind != "WAHLKREIS" {
		u.id = name
	}
	g.groups(n, u, kind)
	switch kind {
	case "BUND":
		if g.nation != nil {
			g.fail(n, "DUPLICATE", "a second result of the federation; the first is on line %d", g.nation.at.line)
		}
		g.nation = u
	case "LAND":
		r := g.region(id)
		if r.total != nil {
			g.fail(n, "DUPLICATE", "a second result of %s; the first is on line %d", name, r.total.at.line)
		}
		r.name, r.total = name, u
	case "WAHLKREIS":
		if len(u.votes) == 0 {
			return // it is not counted yet
		}
		r := g.region(g.text(n, "@UegGebietsnummer"))
		r.parts = append(r.parts, u)
		g.units = append(g.units, u)
	default:
		g.fail(n, "FORMAT", "an area of the kind %q; want BUND, LAND or WAHLKREIS", kind)
	}
}

func (g *germany) region(id string) *germanState {
	r := g.regions[id]
	if r == nil {
		r = &germanState{name: id}
		g.regions[id] = r
		g.order = append(g.order, r)
	}
	return r
}

var germanLines = map[string]returns.Line{
	"Wahlberechtigte": returns.Registered, "Wählende": returns.Cast, "Ungültige": returns.Invalid, "Gültige": returns.Valid,
}

// groups reads what an area has of the votes that are counted.
func (g *germany) groups(n *node, u *unit, kind string) {
	seen := map[string]bool{}
	for _, group := range n.all("Gruppenergebnis") {
		id, art := g.text(group, "@Gruppe"), g.text(group, "@Gruppenart")
		list := g.names[id]
		if seen[id] {
			g.fail(group, "DUPLICATE", "group %s, %q, is there twice in %s", id, list, u.district)
		}
		seen[id] = true
		var at *node
		for _, s := range group.all("Stimmergebnis") {
			switch g.text(s, "@Stimmart") {
			case g.kind, "KEINE":
				if at != nil {
					g.fail(s, "DUPLICATE", "%q is there twice in %s", list, u.district)
				}
				at = s
			}
		}
		if at == nil || g.text(at, "@Anzahl") == "n/a" {
			continue // it was not on the ballot there
		}
		whose := fmt.Sprintf("the votes for %q in %s", list, u.district)
		line, isLine := germanLines[list]
		if isLine = isLine && art == "ALLGEMEIN"; isLine {
			whose = fmt.Sprintf("%s in %s", list, u.district)
		}
		v, _ := g.need(at, "@Anzahl", whose)
		switch {
		case isLine:
			u.put(line, v, true)
		case art == germanOthers && kind == "WAHLKREIS":
			if v > 0 {
				g.fail(at, "TOTAL-ROW", "%q in the constituency %s: it may be the sum of others there", list, u.district)
			}
		case art == germanOthers, art == "PARTEI", art == "EINZELKANDIDAT":
			u.votes = append(u.votes, vote{list, v, at})
		default:
			g.fail(group, "FORMAT", "a group of the kind %q; want PARTEI, EINZELKANDIDAT or ALLGEMEIN", art)
		}
	}
}

// totals holds the states and the federation against their constituencies.
func (g *germany) totals() {
	rest := ""
	for _, a := range g.root.all("Gebietsergebnis") {
		for _, n := range a.all("Gruppenergebnis") {
			if g.text(n, "@Gruppenart") == germanOthers {
				rest = g.names[g.text(n, "@Gruppe")]
			}
		}
	}
	for _, r := range g.order {
		for _, u := range r.parts {
			u.region = r.name
		}
		if r.total != nil {
			g.agree(r.total, r.parts, fmt.Sprintf("its %d constituencies", len(r.parts)), rest)
		}
	}
	if g.nation != nil {
		g.agree(g.nation, g.units, fmt.Sprintf("its %d constituencies", len(g.units)), rest)
	}
}
