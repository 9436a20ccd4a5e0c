package ingest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Roles of columns besides the protocol lines, whose names are their own.
const (
	rolePrecinct = "precinct"
	roleRegion   = "region"
	roleDistrict = "district"
	roleContest  = "contest"
	roleList     = "list"
	roleVotes    = "votes"
)

// synonyms gives the role of a column by its header, in lower case with spaces
// for underscores and hyphens. What is not here is a list in a wide table and
// an unknown column in a long one.
var synonyms = map[string]string{
	"precinct": rolePrecinct, "precinct id": rolePrecinct, "precinct code": rolePrecinct, "precinct number": rolePrecinct,
	"polling station": rolePrecinct, "station": rolePrecinct, "station id": rolePrecinct, "ballot box": rolePrecinct,
	"pec": rolePrecinct, "uik": rolePrecinct, "row": rolePrecinct, "id": rolePrecinct, "уик": rolePrecinct, "участок": rolePrecinct,
	"region": roleRegion, "oblast": roleRegion, "province": roleRegion, "state": roleRegion, "county": roleRegion, "область": roleRegion, "регион": roleRegion,
	"district": roleDistrict, "rayon": roleDistrict, "raion": roleDistrict, "municipality": roleDistrict, "район": roleDistrict,
	"contest": roleContest, "office": roleContest, "race": roleContest,
	"list": roleList, "party": roleList, "candidate": roleList, "choice": roleList, "bloc": roleList, "партия": roleList,
	"votes": roleVotes, "vote": roleVotes, "vote count": roleVotes, "голоса": roleVotes,
	"registered": "registered", "registered voters": "registered", "voters registered": "registered", "eligible": "registered",
	"eligible voters": "registered", "electorate": "registered", "voters on list": "registered",
	"issued": "issued", "ballots issued": "issued",
	"cast": "cast", "ballots cast": "cast", "ballotscast": "cast", "turnout": "cast", "took part": "cast", "voters took part": "cast", "voted": "cast",
	"invalid": "invalid", "invalid ballots": "invalid", "rejected": "invalid", "rejected ballots": "invalid", "spoiled": "invalid",
	"valid": "valid", "valid ballots": "valid", "valid votes": "valid",
	// The other lines by the names that package export gives them: the bare ones mean
	// something else, or are too common.
	"ballots received": "received", "ballots early": "early", "ballots station": "station", "ballots outside": "outside",
	"ballots cancelled": "cancelled", "ballots lost": "lost", "ballots unaccounted": "unaccounted",
	"ballots portable": "portable", "ballots stationary": "stationary", "ballots blank": "blank",
}

// fold is a header as synonyms has it: without case, underscores, hyphens and
// punctuation ("Ballots_cast:" is "ballots cast"). A percent sign stays: what it
// stands on is no count.
func fold(header string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(header), func(r rune) bool { return r == ' ' || r != '%' && unicode.IsPunct(r) }), " ")
}

// A plan says what to do with each column of a table. Indices are columns; -1
// is a column that the table does not have.
type plan struct {
	header           []string
	long             bool
	precinct         []int
	region, district int
	contest          int
	list, votes      int // of a long table
	lines            []lineColumn
	lists            []listColumn // of a wide table
}

type lineColumn struct {
	line   returns.Line
	column int
}

type listColumn struct {
	list   int // in the set
	column int
}

// sniff finds the delimiter of a table: the one that cuts the header into most
// fields, one that cuts the rows which can be seen into as many before all.
func sniff(head []byte) byte {
	const most = 50 // lines
	var lines [][]byte
	for len(head) > 0 && len(lines) < most {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		if !whole && len(lines) > 0 {
			break // it may be cut off
		}
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) > 0 {
			lines = append(lines, line)
		}
		head = rest
	}
	best, top := byte(','), 1
	for _, c := range []byte{',', ';', '\t', '|'} {
		if len(lines) == 0 || bytes.IndexByte(lines[0], c) < 0 {
			continue
		}
		t := rows{comma: c}
		width, even := 0, true
		for i, line := range lines {
			t.raw = line
			t.split()
			if i == 0 {
				width = len(t.fields)
			}
			even = even && len(t.fields) == width
		}
		score := 2 * width
		if even {
			score++
		}
		if width > 1 && score > top {
			best, top = c, score
		}
	}
	return best
}

var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

// header takes in the names of the columns; false when they cannot be told apart,
// which has been said.
func (f *file) header() bool {
	cells := make([]string, len(f.rows.fields))
	seen := map[string]int{}
	ok := true
	for i, cell := range f.rows.fields {
		clean, why := name(cell)
		if len(bytes.Trim(cell, " ")) == 0 && (f.layout.unnamed || f.layout.shape == "transposed") {
			continue
		}
		if why != "" {
			f.fail("HEADER", i, "the name of column %d %s", i+1, why)
			ok = false
			continue
		}
		cells[i] = string(clean)
		if j, twice := seen[skeleton(cells[i])]; twice {
			if f.layout.tells(cells[i]) {
				continue
			}
			if cells[j] == cells[i] {
				f.fail("HEADER", i, "column %q is there twice: columns %d and %d", cells[i], j+1, i+1)
			} else {
				f.fail("LOOK-ALIKE", i, "the names of columns %d and %d look the same and are spelt differently: %q, %q (a duplicate?)", j+1, i+1, cells[j], cells[i])
			}
			ok = false
		}
		seen[skeleton(cells[i])] = i
	}
	f.plan = emptyPlan(cells)
	return ok
}

func emptyPlan(header []string) plan {
	return plan{header: header, region: -1, district: -1, contest: -1, list: -1, votes: -1}
}

// roles gives each column its meaning; false when one has none, which has been
// said.
func (f *file) roles(o Options) bool {
	f.width = len(f.plan.header)
	if f.layout != noLayout {
		return f.byLayout(f.layout, o)
	}
	return f.bySynonyms(o)
}

// bySynonyms plans the canonical shapes.
func (f *file) bySynonyms(o Options) bool {
	p := &f.plan
	if !f.keyColumns(noLayout, o) {
		return false
	}
	taken := map[string]int{}
	var rest []int
	for i, h := range p.header {
		role := synonyms[fold(h)]
		if j, twice := taken[role]; twice && role != "" {
			f.fail("HEADER", i, "columns %q and %q both mean %s; say in a layout which one does%s", p.header[j], h, role, f.hint())
			return false
		}
		taken[role] = i
		switch role {
		case rolePrecinct:
			p.precinct = []int{i}
		case roleRegion:
			p.region = i
		case roleDistrict:
			p.district = i
		case roleContest:
			p.contest = i
		case roleList:
			p.list = i
		case roleVotes:
			p.votes = i
		case "":
			if !slices.Contains(f.keys, i) {
				rest = append(rest, i)
			}
		default:
			line, _ := returns.LineOf(role)
			p.lines = append(p.lines, lineColumn{line, i})
		}
	}
	p.long = p.list >= 0 || p.votes >= 0
	switch {
	case p.precinct == nil:
		f.fail("HEADER", 0, "no column is called precinct; the header (first row) has %s%s", f.columns(), f.hint())
	case p.long && p.votes < 0:
		f.fail("HEADER", p.list, "a column %q but none called votes; is one missing?%s", p.header[p.list], f.hint())
	case p.long && p.list < 0:
		f.fail("HEADER", p.votes, "a column %q but none called list (or party); is one missing?%s", p.header[p.votes], f.hint())
	case p.district >= 0 && p.region < 0:
		f.fail("HEADER", p.district, "a column %q but none called region, in which districts lie%s", p.header[p.district], f.hint())
	case p.long && len(rest) > 0:
		f.fail("COLUMN", rest[0], "unknown column %q; name it in a layout, or ignore it there%s", p.header[rest[0]], f.hint())
	case !p.long && len(rest) == 0:
		f.fail("HEADER", 0, "no column of votes: a wide table has one for each list (party); the header has %s", f.columns())
	default:
		for _, i := range rest {
			f.addList(i, returns.List{ID: p.header[i], Name: p.header[i]})
		}
		if !p.long {
			f.doubtful()
		}
		return !f.full
	}
	return false
}

// doubtful warns of a wide table that may be meant otherwise than it is read.
func (f *file) doubtful() {
	warn := func(code string, column int, format string, args ...any) {
		e := f.at(code, f.rows.start(column), fmt.Sprintf(format, args...))
		e.Severity = finding.Warning
		f.log.Add(e)
	}
	for _, l := range f.plan.lines {
		if h := f.plan.header[l.column]; fold(h) == "valid votes" {
			warn("COLUMN", l.column, "column %q is read as the valid ballots, the sum of all lists, and as no list; a layout can say so", h)
		}
	}
	if len(f.plan.lines) == 0 {
		warn("UNCHECKED", 0, "no line of the protocol (registered, cast, invalid): there is nothing to hold the votes against")
	}
}

// byLayout plans the columns that a layout names.
func (f *file) byLayout(l *Layout, o Options) bool {
	if l.shape == "groups" {
		f.width = 0
	}
	if !f.join(l) || !f.sift(l) || !f.nameLists(l) {
		return false
	}
	p := &f.plan
	p.long = l.long()
	ok := true
	used := make([]bool, len(p.header))
	optional := false // a pattern may match no column
	find := func(r ref) int {
		if r.none() {
			return -1
		}
		found := r.find(p.header)
		switch {
		case len(found) == 0 && optional && r.pattern != nil:
			return -1
		case len(found) == 0:
			f.fail("LAYOUT", 0, "layout %s names a column %s; the header has %s%s", l.Name, r, f.columns(), finding.DidYouMean(r.name, p.header))
			ok = false
			return -1
		case len(found) > 1:
			f.fail("LAYOUT", found[1], "layout %s names a column %s, of which there are %d", l.Name, r, len(found))
			ok = false
		case used[found[0]]:
			f.fail("LAYOUT", found[0], "layout %s gives column %q two roles", l.Name, p.header[found[0]])
			ok = false
		default:
			used[found[0]] = true
		}
		return found[0]
	}
	for _, r := range l.precinct {
		p.precinct = append(p.precinct, find(r))
	}
	// A part of the precinct's key may be its area as well.
	areas := slices.Concat(l.region.find(p.header), l.district.find(p.header))
	for _, i := range p.precinct {
		if i >= 0 && slices.Contains(areas, i) {
			used[i] = false
		}
	}
	p.region, p.district, p.contest = find(l.region), find(l.district), find(l.contest)
	p.list, p.votes = find(l.list), find(l.votes)
	for _, line := range returns.Lines() {
		if r, named := l.lines[line]; named {
			optional = true
			if i := find(r); i >= 0 || r.pattern == nil {
				p.lines = append(p.lines, lineColumn{line, i})
			}
			optional = false
		}
	}
	for _, r := range l.ignore {
		for _, i := range r.find(p.header) {
			used[i] = true
		}
		if len(r.find(p.header)) == 0 && r.pattern == nil {
			find(r)
		}
	}
	if !ok || !f.keyColumns(l, o) {
		return false
	}
	for _, r := range l.key {
		for _, i := range r.find(p.header) {
			used[i] = true
		}
	}
	for _, i := range f.keys {
		used[i] = true
	}
	for _, c := range l.lists {
		if i := find(c.column); i >= 0 {
			name := cmp.Or(c.name, f.stripped(p.header[i]))
			f.addList(i, returns.List{ID: cmp.Or(c.id, name), Name: name})
		}
	}
	// Columns that a condition or a join looks at have their meaning by that.
	for _, i := range f.looked() {
		used[i] = true
	}
	after := -1
	if !l.after.none() {
		found := l.after.find(p.header)
		if len(found) != 1 {
			f.fail("LAYOUT", 0, "layout %s has its lists after a column %s, of which the header has %d", l.Name, l.after, len(found))
			return false
		}
		after = found[0]
	}
	for i, h := range p.header {
		switch {
		case used[i]:
		case h == "" && l.unnamed:
			f.unnamed = append(f.unnamed, i)
		case l.rest, after >= 0 && i > after && i < f.width && l.matching == nil, l.matching != nil && i > after && l.matching.MatchString(h):
			name := f.stripped(h)
			f.addList(i, returns.List{ID: name, Name: name})
		case l.ignoreRest, l.shape == "groups":
		default:
			f.fail("COLUMN", i, "layout %s says nothing of column %q; give it a role there, or ignore it", l.Name, h)
			ok = false
		}
	}
	ok = ok && !f.full
	if !p.long && l.shape != "groups" && len(p.lists) == 0 {
		f.fail("LAYOUT", 0, "no column of votes: layout %s finds no list; the header has %s", l.Name, f.columns())
		ok = false
	}
	return ok
}

// looked is the columns that conditions, modes and joins look at.
func (f *file) looked() (columns []int) {
	if s := f.sieve; s != nil {
		for _, t := range slices.Concat(s.keep, s.drop) {
			columns = append(columns, t.at)
		}
		for _, t := range s.facts {
			columns = append(columns, t.at)
		}
		for _, t := range s.kinds {
			columns = append(columns, t.at)
		}
		columns = append(columns, s.parts...)
		if s.mode >= 0 {
			columns = append(columns, s.mode)
		}
	}
	for _, j := range f.joins {
		columns = append(columns, j.on)
	}
	for i := f.width; f.width > 0 && i < len(f.plan.header); i++ {
		columns = append(columns, i) // joined, and asked for by name where it is wanted
	}
	return columns
}

// tells reports whether the layout tells columns of that name apart.
func (l *Layout) tells(name string) bool {
	is := func(r ref) bool { return r.nth > 0 && strings.EqualFold(r.name, name) }
	if slices.ContainsFunc(slices.Concat(l.precinct, l.ignore, []ref{l.region, l.district, l.contest, l.list, l.votes}), is) {
		return true
	}
	for _, r := range l.lines {
		if is(r) {
			return true
		}
	}
	return slices.ContainsFunc(l.lists, func(c listRef) bool { return is(c.column) })
}

// columns names the columns of the header for a message.
func (f *file) columns() string {
	const most = 8
	var b strings.Builder
	for i, h := range f.plan.header[:min(len(f.plan.header), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", shorten([]byte(h)))
	}
	if n := len(f.plan.header) - most; n > 0 {
		fmt.Fprintf(&b, " and %d more", n)
	}
	if len(f.plan.header) == 1 && f.src.lines == nil {
		b.WriteString(" as its only column; is the delimiter another one?")
	}
	return b.String()
}

// hint names a built-in layout that is for tables with this header.
func (f *file) hint() string {
	for _, l := range Layouts() {
		if l != f.layout && l.detect.fits(f.plan.header) {
			return fmt.Sprintf("; try --layout %s", l.Name)
		}
	}
	return ""
}
