package ingest

import (
	"bytes"
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
		if why != "" {
			f.fail("HEADER", i, "the name of column %d %s", i+1, why)
			ok = false
			continue
		}
		cells[i] = string(clean)
		if j, twice := seen[skeleton(cells[i])]; twice {
			if cells[j] == cells[i] {
				f.fail("HEADER", i, "column %q is there twice: columns %d and %d", cells[i], j+1, i+1)
			} else {
				f.fail("LOOK-ALIKE", i, "the names of columns %d and %d look the same and are spelt differently: %q, %q (a duplicate?)", j+1, i+1, cells[j], cells[i])
			}
			ok = false
		}
		seen[skeleton(cells[i])] = i
	}
	f.plan = plan{header: cells, region: -1, district: -1, contest: -1, list: -1, votes: -1}
	return ok
}

// roles gives each column its meaning; false when one has none, which has been
// said.
func (f *file) roles(o Options) bool {
	if o.Layout != nil {
		return f.byLayout(o.Layout)
	}
	return f.bySynonyms()
}

// bySynonyms plans the canonical shapes.
func (f *file) bySynonyms() bool {
	p := &f.plan
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
			rest = append(rest, i)
		default:
			p.lines = append(p.lines, lineColumn{lineNamed(role), i})
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
		return true
	}
	return false
}

// byLayout plans the columns that a layout names.
func (f *file) byLayout(l *Layout) bool {
	p := &f.plan
	p.long = l.Long
	ok := true
	used := make([]bool, len(p.header))
	find := func(column string) int {
		if column == "" {
			return -1
		}
		i := slices.IndexFunc(p.header, func(h string) bool { return strings.EqualFold(h, strings.Trim(column, " ")) })
		switch {
		case i < 0:
			f.fail("LAYOUT", 0, "layout %s names a column %q; the header has %s%s", l.Name, column, f.columns(), finding.DidYouMean(column, p.header))
			ok = false
		case used[i]:
			f.fail("LAYOUT", i, "layout %s gives column %q two roles", l.Name, column)
			ok = false
		default:
			used[i] = true
		}
		return i
	}
	for _, column := range l.Precinct {
		p.precinct = append(p.precinct, find(column))
	}
	// A part of the precinct's key may be its area as well.
	for _, i := range p.precinct {
		if i >= 0 && (strings.EqualFold(p.header[i], l.Region) || strings.EqualFold(p.header[i], l.District)) {
			used[i] = false
		}
	}
	p.region, p.district = find(l.Region), find(l.District)
	p.list, p.votes = find(l.List), find(l.Votes)
	for _, line := range returns.Lines() {
		if column := l.Lines[line]; column != "" {
			p.lines = append(p.lines, lineColumn{line, find(column)})
		}
	}
	for _, column := range l.Ignore {
		find(column)
	}
	for _, c := range l.Lists {
		if i := find(c.Column); i >= 0 {
			f.addList(i, returns.List{ID: c.ID, Name: c.Name})
		}
	}
	for i, h := range p.header {
		switch {
		case used[i]:
		case l.Rest:
			f.addList(i, returns.List{ID: h, Name: h})
		default:
			f.fail("COLUMN", i, "layout %s says nothing of column %q; give it a role there, or ignore it", l.Name, h)
			ok = false
		}
	}
	return ok
}

func lineNamed(name string) returns.Line {
	for _, l := range returns.Lines() {
		if l.String() == name {
			return l
		}
	}
	panic("ingest: no protocol line " + name)
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
	if len(f.plan.header) == 1 {
		b.WriteString(" as its only column; is the delimiter another one?")
	}
	return b.String()
}

// hint names a built-in layout that fits the header.
func (f *file) hint() string {
	for _, l := range Layouts() {
		if l.fits(f.plan.header) {
			return fmt.Sprintf("; try --layout %s", l.Name)
		}
	}
	return ""
}
