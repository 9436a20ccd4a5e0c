package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"kenesh/internal/returns"
)

// The results of a Nationalrat election as Austria's ministry of the interior publishes
// them in JSON: an object of areas by code, each with its name, the figures of its protocol
// and the votes of each party, all as strings. Areas of all levels stand in one object:
//
//	G00000  the nation
//	G30000  a state
//	G3A000  a regional constituency
//	G30100  a district
//	G30105  a municipality; G30199, G3A099 and G30099 are postal ballots
//
// What has nothing below it is counted, and the others are held against the sums of what
// they have. No code says which districts a regional constituency has, so that those of a
// state are held against it together. A party that an area does not have did not stand there.

// austrianCode is the first key of such a file, and what it is the value of.
var austrianCode = regexp.MustCompile(`^G[0-9][0-9A-Z][0-9]{3}$`)

func isAustria(head []byte) bool {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(head, []byte("\ufeff"))))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	key, err := d.Token()
	if err != nil {
		return false
	}
	code, ok := key.(string)
	if !ok || !austrianCode.MatchString(code) {
		return false
	}
	value, err := d.Token()
	return err == nil && value == json.Delim('{')
}

func readAustria(data []byte, _ Options) (*table, error) {
	t, err := parseJSON("Nationalrat JSON", data)
	if err != nil {
		return nil, err
	}
	a := austria{tree: t, by: map[string]*unit{}, below: map[string][]*unit{}}
	for _, n := range t.root.kids {
		a.area(n)
	}
	a.units()
	return t.table(a.leaves)
}

type austria struct {
	*tree
	all    []*unit
	by     map[string]*unit
	leaves []*unit
	below  map[string][]*unit // leaves below a nation, a state or a district, by its code
}

var austrianLines = map[string]returns.Line{
	"wahlberechtigt": returns.Registered, "abgegeben": returns.Cast, "ungueltig": returns.Invalid, "gueltig": returns.Valid,
}

func (a *austria) area(n *node) {
	if !austrianCode.MatchString(n.name) {
		a.fail(n, "FORMAT", "%q is no code of an area, such as G10101", shorten([]byte(n.name)))
		return
	}
	u := &unit{id: n.name, district: a.text(n, "gebietsname"), at: n}
	seen := map[string]bool{}
	for _, k := range n.kids {
		line, isLine := austrianLines[k.name]
		switch {
		case k.name == "gebietsname":
			continue
		case seen[k.name], len(k.kids) > 0:
			a.fail(k, "FORMAT", "%q of %s is no single number", k.name, n.name)
			continue
		}
		seen[k.name] = true
		v, ok := a.countOf(k, fmt.Sprintf("%q of %s", k.name, n.name))
		switch {
		case !ok:
		case isLine:
			u.put(line, v, true)
		default:
			u.votes = append(u.votes, vote{squeeze(k.name), v, k})
		}
	}
	a.all = append(a.all, u)
	a.by[u.id] = u
}

const austrianNation = "G00000"

func austrianState(code string) string { return code[:2] + "0000" }

// isRegional reports whether a code is one of a regional constituency.
func isRegional(code string) bool { return code[2] >= 'A' && strings.HasSuffix(code, "000") }

// parents are the areas that one lies in, innermost first; a regional constituency is not
// among them.
func parents(code string) []string {
	district := code[:4] + "00"
	switch {
	case code == austrianNation:
		return nil
	case code == austrianState(code):
		return []string{austrianNation}
	case code == district, code[2] >= 'A', district == austrianState(code):
		return []string{austrianState(code), austrianNation}
	}
	return []string{district, austrianState(code), austrianNation}
}

func (a *austria) units() {
	hasParts := map[string]bool{}
	regional := map[string][]*unit{} // by state
	for _, u := range a.all {
		if isRegional(u.id) {
			regional[austrianState(u.id)] = append(regional[austrianState(u.id)], u)
			continue
		}
		for _, p := range parents(u.id) {
			hasParts[p] = true
		}
	}
	for _, u := range a.all {
		if isRegional(u.id) || hasParts[u.id] {
			continue
		}
		for _, p := range parents(u.id) {
			a.below[p] = append(a.below[p], u)
		}
		a.leaves = append(a.leaves, u)
	}
	for _, u := range a.all {
		total := *u
		total.id = fmt.Sprintf("%s (%s)", u.district, u.id)
		if hasParts[u.id] {
			a.agree(&total, a.below[u.id], fmt.Sprintf("its %d parts", len(a.below[u.id])), "")
		}
		if parts := regional[u.id]; len(parts) > 0 {
			what := fmt.Sprintf("its %d regional constituencies", len(parts))
			if postal := a.by[u.id[:2]+"0099"]; postal != nil {
				parts = append(parts, postal)
				what += " and " + postal.id
			}
			a.agree(&total, parts, what, "")
		}
	}
	a.places()
}

// places says in which state and district each leaf lies. One that lies in no district is
// one by itself.
func (a *austria) places() {
	name := map[string]string{}
	for _, u := range a.all {
		name[u.id] = u.district
	}
	for _, u := range a.leaves {
		if u.region = name[austrianState(u.id)]; u.region == "" {
			u.region = austrianState(u.id)
		}
		if p := parents(u.id); len(p) == 3 {
			if u.district = name[p[0]]; u.district == "" {
				u.district = p[0]
			}
		}
	}
}
