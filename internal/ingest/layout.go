package ingest

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// A Layout says what the columns and rows of a table mean: kenesh help layouts has
// its grammar. Columns are named as in the header, without regard to case and to
// spaces around them, or by number, or by a pattern.
type Layout struct {
	Name, Title string
	Source      []byte // the file's bytes as they stand

	detect    detection
	shape     string // long, wide, groups or transposed
	delimiter byte   // 0: found out
	encodings []string
	header    headerSpec
	numbers   numbers

	precinct                  []ref
	key                       []ref // by which precincts are found again in another count; none: their id
	region, district, contest ref
	lines                     map[returns.Line]ref
	list, votes               ref       // of a long table
	lists                     []listRef // of a wide one, when they are named
	rest                      bool      // every column without another role is a list
	after                     ref       // lists are the columns behind it that have no other role
	matching                  *regexp.Regexp
	strip                     *regexp.Regexp // goes from the names of lists
	ignore                    []ref
	ignoreRest, unnamed       bool

	keep, drop []condition
	facts      []fact
	modes      modes
	same       string // what a precinct and list, or a wide precinct, is that comes again: "", add, another
	// What may be empty: a part of the precinct's key, or the district of one that lies in
	// none.
	emptyKey, emptyDistrict bool
	empty                   string // what an empty cell of a count is: "" an error, zero, none
	kinds                   []kind
	joins                   []join
	groups                  groups
	names                   join              // the names of the lists by their cells; no file: they are their names
	called                  map[string]string // some of them
}

// A ref names a column. The zero ref names none.
type ref struct {
	name    string
	nth     int // of several with that name, from 1
	number  int // from 1, instead of a name
	pattern *regexp.Regexp
}

// A listRef is a column of votes for one list.
type listRef struct {
	column   ref
	id, name string // "": as the header says
}

// A detection is how a file is known that the layout is for.
type detection struct {
	columns []string // the header has all of them
	only    bool     // and no others
	file    string   // a pattern of its name
	label   string   // a cell of the first column begins so
}

func (d *detection) none() bool { return len(d.columns) == 0 && d.file == "" && d.label == "" }

// A headerSpec is where the header is.
type headerSpec struct {
	absent bool
	find   string // a cell of the first of its rows; what stands above is left out
	rows   int    // how many rows it has, joined; 0 = 1
}

// numbers is how counts are written.
type numbers struct {
	group byte           // between thousands; 0: nothing
	strip *regexp.Regexp // what goes with a count in its cell
}

// A condition is met by rows whose cell in a column is, or matches, or is empty.
type condition struct {
	column  ref
	equals  []string
	matches *regexp.Regexp
	empty   bool
}

// A fact is a row that states a line of the protocol and no votes.
type fact struct {
	condition
	line   returns.Line
	ignore bool // it states something that is not kept
}

// modes is how the ways of voting stand, of which the votes are the sum.
type modes struct {
	columns []ref  // each a part of the votes, which are stated too
	column  ref    // names the way of each row
	total   string // what it says of rows that are the sum
}

// A kind is rows of a kind of precinct in which some lines mean nothing.
type kind struct {
	condition
	clear []returns.Line
}

// A join adds columns of a small table to each row.
type join struct {
	file    string // a pattern of its name, beside the file
	key     ref    // of that table
	on      ref    // of the rows
	columns []string
	as      []string
	none    bool // the table has no header
}

// groups are lists with their votes that follow one another in a row. Numbers are from 1;
// those of list, votes and parts count within a group.
type groups struct {
	from, size, list, votes int
	parts                   []int // of the votes
}

//go:embed layouts/*.yaml
var layoutFiles embed.FS

// Layouts returns the built-in layouts by name.
var Layouts = sync.OnceValue(func() []*Layout {
	var list []*Layout
	for _, name := range layoutNames() {
		list = append(list, builtin(name))
	}
	return list
})

func layoutNames() []string {
	entries, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		panic(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func layoutSource(file string) []byte {
	data, err := layoutFiles.ReadFile("layouts/" + file)
	if err != nil {
		panic(err)
	}
	return data
}

func builtin(file string) *Layout {
	var log finding.Log
	l, ok := ParseLayout(file, layoutSource(file), &log)
	if !ok {
		panic("ingest: built-in layout: " + log.Sorted()[0].String())
	}
	return l
}

// LoadLayout returns the built-in layout of that name, or reads the file.
func LoadLayout(name string, log *finding.Log) (*Layout, bool) {
	var names []string
	for _, l := range Layouts() {
		if l.Name == name {
			return l, true
		}
		names = append(names, l.Name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		isPath := strings.ContainsRune(name, filepath.Separator) || filepath.Ext(name) != ""
		if isPath {
			log.Add(fileError("LAYOUT", name, "%s", reason(err)))
		} else {
			log.Add(fileError("LAYOUT", "", "no layout is called %q%s; built in: %s", name, finding.DidYouMean(name, names), strings.Join(names, ", ")))
		}
		return nil, false
	}
	return ParseLayout(name, data, log)
}

// ParseLayout reads a layout file. Its problems go to log under the code LAYOUT.
func ParseLayout(file string, data []byte, log *finding.Log) (*Layout, bool) {
	var own finding.Log // tells the errors of this file from earlier ones
	top, ok := document.Parse(file, data, "LAYOUT", &own)
	l := &Layout{Source: data, lines: map[returns.Line]ref{}}
	if ok {
		l.read(top)
	}
	log.Add(own.Sorted()...)
	if own.Failed() {
		return nil, false
	}
	return l, true
}

// noLayout is that of files whose columns are known by their names: it says nothing.
var noLayout = &Layout{}

// long reports whether a row is of one list.
func (l *Layout) long() bool { return l.shape == "long" }

func (l *Layout) read(top document.Node) {
	keys := []string{"layout", "name", "title", "detect", "shape", "delimiter", "encoding", "header", "numbers", "precinct", "key", "region", "district", "contest",
		"list", "votes", "lists", "strip", "ignore", "unnamed", "rows", "modes", "same", "empty", "kinds", "join", "groups", "names", "may-be-empty"}
	for _, line := range returns.Lines() {
		keys = append(keys, line.String())
	}
	top.Keys(keys...)
	top.Need("layout").Int(1, 1)
	l.Name = top.Need("name").Text()
	l.Title = top.Field("title").Text()
	l.readDetect(top.Field("detect"))
	l.shape = top.Need("shape").OneOf("long", "wide", "groups", "transposed")
	if d := top.Field("delimiter"); d.Exists() {
		l.delimiter = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}[d.OneOf("comma", "semicolon", "tab", "pipe")]
	}
	l.encodings = top.Field("encoding").Texts()
	for _, e := range l.encodings {
		if _, ok := encodings[e]; !ok {
			top.Field("encoding").Fail("found %q%s, want one of %s", e, finding.DidYouMean(e, Encodings()), strings.Join(Encodings(), ", "))
		}
	}
	l.readHeader(top.Field("header"))
	l.readNumbers(top.Field("numbers"))
	key := top.Need("precinct")
	if l.precinct = refs(key); key.Exists() && len(l.precinct) == 0 {
		key.Fail("no column: name those that tell one precinct from another")
	}
	if k := top.Field("key"); k.Exists() {
		if l.key = refs(k); len(l.key) == 0 {
			k.Fail("no column: name those that tell one precinct from another in every count")
		}
	}
	l.region, l.district, l.contest = readRef(top.Field("region")), readRef(top.Field("district")), readRef(top.Field("contest"))
	if top.Field("district").Exists() && !top.Field("region").Exists() {
		top.Field("district").Fail("a district lies in a region; name the region's column too")
	}
	for _, line := range returns.Lines() {
		if n := top.Field(line.String()); n.Exists() {
			l.lines[line] = readRef(n)
		}
	}
	if n := top.Field("ignore"); n.IsScalar() && n.Text() == "rest" {
		l.ignoreRest = true
	} else {
		l.ignore = refs(n)
	}
	l.unnamed = top.Field("unnamed").Exists() && top.Field("unnamed").OneOf("ignore") == "ignore"
	l.strip = pattern(top.Field("strip"))
	l.readRows(top.Field("rows"))
	l.readModes(top.Field("modes"))
	if n := top.Field("same"); n.Exists() {
		l.same = n.OneOf("add", "another")
	}
	if n := top.Field("empty"); n.Exists() {
		l.empty = n.OneOf("zero", "none")
	}
	for _, what := range top.Field("may-be-empty").Texts() {
		switch what {
		case rolePrecinct:
			l.emptyKey = true
		case roleDistrict:
			l.emptyDistrict = true
		default:
			top.Field("may-be-empty").Fail("found %q, want precinct (a part of its key) or district", what)
		}
	}
	for _, n := range top.Field("kinds").Items() {
		n.Keys("column", "equals", "matches", "empty", "clear")
		k := kind{condition: readCondition(n)}
		for _, name := range n.Need("clear").Texts() {
			k.clear = append(k.clear, readLine(n.Field("clear"), name))
		}
		l.kinds = append(l.kinds, k)
	}
	l.readJoins(top.Field("join"))
	l.readNames(top.Field("names"))
	switch l.shape {
	case "long":
		l.list, l.votes = readRef(top.Need("list")), readRef(top.Need("votes"))
		top.Field("lists").Fail("a long table has its lists in rows; this key is for wide ones")
	case "groups":
		g := top.Need("groups")
		g.Keys("from", "size", "list", "votes", "parts")
		l.groups = groups{from: int(g.Need("from").Int(1, 1000)), size: int(g.Need("size").Int(1, 100)), list: int(g.Need("list").Int(1, 100)), votes: int(g.Need("votes").Int(1, 100))}
		for _, n := range g.Field("parts").Items() {
			l.groups.parts = append(l.groups.parts, int(n.Int(1, 100)))
		}
		top.Field("lists").Fail("the lists of this shape are in its groups")
	default:
		top.Field("list").Fail("a wide table has a column a list; this key is for long ones")
		top.Field("votes").Fail("a wide table has a column a list; this key is for long ones")
		l.readLists(top.Need("lists"))
	}
	if l.shape != "groups" {
		top.Field("groups").Fail("this key is for the shape groups")
	}
}

func (l *Layout) readDetect(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("columns", "only", "file", "label")
	l.detect = detection{columns: n.Field("columns").Texts(), file: n.Field("file").Text(), label: n.Field("label").Text()}
	l.detect.only = n.Field("only").Exists() && n.Field("only").OneOf("yes") == "yes"
	if l.detect.none() {
		n.Fail("nothing to know a file by: give columns, file or label")
	}
	if _, err := filepath.Match(l.detect.file, ""); err != nil {
		n.Field("file").Fail("found %q, which is no pattern for names", l.detect.file)
	}
}

func (l *Layout) readHeader(n document.Node) {
	switch {
	case !n.Exists():
	case n.IsScalar():
		l.header.absent = n.OneOf("none") == "none"
	default:
		n.Keys("find", "rows")
		l.header.find = n.Field("find").Text()
		l.header.rows = int(n.Field("rows").Int(1, 9))
	}
}

func (l *Layout) readNumbers(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("group", "strip")
	if g := n.Field("group"); g.Exists() {
		l.numbers.group = map[string]byte{"point": '.', "comma": ',', "space": ' ', "apostrophe": '\''}[g.OneOf("point", "comma", "space", "apostrophe")]
	}
	l.numbers.strip = pattern(n.Field("strip"))
}

func (l *Layout) readRows(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("keep", "drop", "lines")
	conditions := func(n document.Node) (list []condition) {
		for _, item := range n.Items() {
			item.Keys("column", "equals", "matches", "empty")
			list = append(list, readCondition(item))
		}
		return list
	}
	l.keep, l.drop = conditions(n.Field("keep")), conditions(n.Field("drop"))
	for _, item := range n.Field("lines").Items() {
		item.Keys("column", "equals", "matches", "empty", "as")
		f := fact{condition: readCondition(item)}
		if as := item.Need("as"); as.Exists() && as.Text() == "nothing" {
			f.ignore = true
		} else {
			f.line = readLine(as, as.Text())
		}
		l.facts = append(l.facts, f)
	}
}

func readCondition(n document.Node) condition {
	c := condition{column: readRef(n.Need("column")), equals: n.Field("equals").Texts(), matches: pattern(n.Field("matches"))}
	c.empty = n.Field("empty").Exists() && n.Field("empty").OneOf("yes") == "yes"
	if len(c.equals) == 0 && c.matches == nil && !c.empty {
		n.Fail("no condition: give equals, matches or empty")
	}
	return c
}

func readLine(n document.Node, name string) returns.Line {
	line, ok := returns.LineOf(name)
	if !ok && name != "" {
		var names []string
		for _, l := range returns.Lines() {
			names = append(names, l.String())
		}
		n.Fail("found %q%s, want a line of the protocol: %s", name, finding.DidYouMean(name, names), strings.Join(names, ", "))
	}
	return line
}

func (l *Layout) readModes(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("columns", "column", "total")
	l.modes = modes{refs(n.Field("columns")), readRef(n.Field("column")), n.Field("total").Text()}
	if (len(l.modes.columns) > 0) == (l.modes.total != "") {
		n.Fail("give either the columns that are parts of the votes, or the column that names the mode and what it says of a total")
	}
}

func (l *Layout) readJoins(n document.Node) {
	for _, item := range n.Items() {
		item.Keys("file", "key", "on", "columns", "as", "header")
		j := join{file: item.Need("file").Text(), key: readRef(item.Need("key")), on: readRef(item.Need("on")), columns: item.Need("columns").Texts(), as: item.Field("as").Texts()}
		j.none = item.Field("header").Exists() && item.Field("header").OneOf("none") == "none"
		if j.as == nil {
			j.as = j.columns
		}
		if len(j.as) != len(j.columns) {
			item.Field("as").Fail("%d names for %d columns", len(j.as), len(j.columns))
		}
		if _, err := filepath.Match(j.file, ""); err != nil {
			item.Field("file").Fail("found %q, which is no pattern for names", j.file)
		}
		l.joins = append(l.joins, j)
	}
}

func (l *Layout) readNames(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("file", "key", "name", "header", "also")
	l.names = join{file: n.Need("file").Text(), key: columnCalled(n.Need("key").Text()), columns: []string{n.Need("name").Text()}}
	l.names.none = n.Field("header").Exists() && n.Field("header").OneOf("none") == "none"
	l.called = map[string]string{}
	for _, p := range n.Field("also").Pairs() {
		l.called[p.Key] = p.Value.Text()
	}
}

func (l *Layout) readLists(n document.Node) {
	switch {
	case n.IsScalar():
		l.rest = n.OneOf("rest") == "rest"
		return
	case n.IsMap():
		n.Keys("after", "matches")
		l.after, l.matching = readRef(n.Field("after")), pattern(n.Field("matches"))
		if l.after.none() && l.matching == nil {
			n.Fail("no lists: give after or matches, or rest, or a list of columns")
		}
		return
	}
	for _, item := range n.Items() {
		if item.IsScalar() {
			l.lists = append(l.lists, listRef{column: ref{name: item.Text()}})
			continue
		}
		item.Keys("column", "id", "name")
		l.lists = append(l.lists, listRef{readRef(item.Need("column")), item.Field("id").Text(), item.Field("name").Text()})
	}
}

func pattern(n document.Node) *regexp.Regexp {
	if !n.Exists() {
		return nil
	}
	re, err := regexp.Compile(n.Text())
	if err != nil {
		n.Fail("found %q, which is no regular expression: %v", n.Text(), err)
		return nil
	}
	return re
}

// refs is a list of columns, or a single one.
func refs(n document.Node) (list []ref) {
	if !n.IsList() {
		if !n.Exists() {
			return nil
		}
		return []ref{readRef(n)}
	}
	for _, item := range n.Items() {
		list = append(list, readRef(item))
	}
	return list
}

func readRef(n document.Node) ref {
	switch {
	case !n.Exists():
		return ref{}
	case n.IsMap():
		n.Keys("column", "nth", "number", "matches")
		r := ref{name: n.Field("column").Text(), nth: int(n.Field("nth").Int(1, 1000)), number: int(n.Field("number").Int(1, 100_000)), pattern: pattern(n.Field("matches"))}
		if given := btoi(r.name != "") + btoi(r.number > 0) + btoi(r.pattern != nil); given != 1 {
			n.Fail("want one of column, number and matches")
		}
		return r
	}
	return ref{name: n.Text()}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r ref) none() bool { return r.name == "" && r.number == 0 && r.pattern == nil }

func (r ref) String() string {
	switch {
	case r.number > 0:
		return strconv.Itoa(r.number)
	case r.pattern != nil:
		return fmt.Sprintf("that matches %q", r.pattern)
	}
	return fmt.Sprintf("%q", r.name)
}

// find is the columns of a header that a ref means.
func (r ref) find(header []string) (found []int) {
	if r.number > 0 {
		if r.number <= len(header) {
			found = append(found, r.number-1)
		}
		return found
	}
	for i, h := range header {
		if r.pattern != nil && r.pattern.MatchString(h) || r.pattern == nil && strings.EqualFold(h, strings.Trim(r.name, " ")) {
			found = append(found, i)
		}
	}
	if r.nth > 0 && r.pattern == nil {
		if r.nth > len(found) {
			return nil
		}
		return found[r.nth-1 : r.nth]
	}
	return found
}

// fits reports whether a table with this header is one that the layout is for.
func (d *detection) fits(header []string) bool {
	return len(d.columns) > 0 && !(d.only && len(header) != len(d.columns)) && !slices.ContainsFunc(d.columns, func(c string) bool {
		return !slices.ContainsFunc(header, func(h string) bool { return strings.EqualFold(strings.Trim(h, " \ufeff"), c) })
	})
}
