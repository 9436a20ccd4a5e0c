// Package ingest reads vote files into one [returns.Set] and says what is wrong
// with them.
//
// A table is text in UTF-8, its fields cut by comma, semicolon, tab or bar, with
// a header; or rows of JSON, or a sheet of a workbook, which are read as such a text
// would be. Each may be compressed, or be the one table in a zip file. It is long (a row for each list in each precinct) or wide (a row a
// precinct, a column a list); the columns are known by their names or by a
// [Layout]. Results that commissions publish as XML or JSON are made such tables: the
// smallest units of a file are its rows, and every total in it is held against their
// sums. A count is digits and nothing else, in int64. Everything that is not
// plainly right is a finding with file, line and column; after an error there
// are no totals, but the rest of the input is read on so that one run says all.
// Every row of data is in the set or was refused: Set.Rows counts both.
//
// What is not checked here is whether a protocol adds up (package check) and
// what the law says of the votes (package tally).
package ingest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Options says how to read. The zero value reads canonical tables.
type Options struct {
	Layout   *Layout   // nil: columns are known by their names, or by a built-in layout that a file fits
	Encoding string    // of text files: one of Encodings; "": UTF-8, or what the layout says
	Contest  string    // which contest is read, where a file has several; "": the only one
	Sheet    string    // of a workbook, the one to be read; "": the only one that has data
	Stdin    io.Reader // what "-" stands for; nil: closed
	Hash     bool      // state the SHA-256 of each source
	// Keys has the keys of precincts read, by which another count is joined: those that a
	// layout names, or the columns Key.
	Keys bool
	Key  []string
	// Progress, if not nil, is called every now and then while Read reads, one call
	// after the other.
	Progress func(Progress)

	general bool // no fast path, for the test that compares both ways
	piece   int  // bytes of text in a piece, for the same test; 0: as many as are fast
}

// Progress is how far a reading has come.
type Progress struct {
	Bytes int64 // read, as they came
	Of    int64 // bytes of all files; standard input counts for none
	Rows  int64 // of data
}

// A Reading is what Read has read.
type Reading struct {
	Set     *returns.Set
	Sources []Source
	// Dialects says for each way in which files were read what it is and how
	// many files were read so, e.g. "wide table, comma: 9 files".
	Dialects []string
	// Key names the columns of the keys, e.g. "region and box"; "": the files have none, or
	// were not asked for them.
	Key string

	fast int64 // rows that the general path did not see
}

// Read reads the files, which [Expand] has listed, in their order into one set.
// What is wrong with them goes to log: after an error the set is not complete.
func Read(files []string, o Options, log *finding.Log) *Reading {
	r := &Reading{Set: returns.New(roleRegion, roleDistrict)}
	t := &reader{set: r.Set, log: log, lists: map[string]int{}, looks: map[string]seen{}, only: o.Contest}
	dialects := map[string]int{}
	var order []string
	t.progress = o.Progress
	if t.progress != nil {
		t.done.Of = sizeOf(files)
	}
	data := slices.DeleteFunc(slices.Clone(files), func(name string) bool { return joinedBy(name, files, o.Layout) })
	for name, src := range openAll(data, o) {
		if src.failed != nil {
			log.Add(readErrors(name, src.failed)...)
			continue
		}
		r.Set.AddFile(display(name))
		r.Set.ReadFrom(src.lines)
		f := newFile(t, src)
		f.table(o)
		if f.dialect != "" {
			if dialects[f.dialect]++; dialects[f.dialect] == 1 {
				order = append(order, f.dialect)
			}
		}
		if r.Key == "" {
			r.Key = f.keyWords()
		}
		r.fast += f.fast
		src.close()
		t.done.Bytes += src.bytes.Load()
		r.Sources = append(r.Sources, src.used())
	}
	for _, d := range order {
		r.Dialects = append(r.Dialects, fmt.Sprintf("%s: %d file%s", d, dialects[d], plural(dialects[d])))
	}
	if n := len(files) - len(data); n > 0 {
		r.Dialects = append(r.Dialects, fmt.Sprintf("names and figures for others: %d file%s", n, plural(n)))
	}
	if !log.Failed() && o.Contest != "" && t.contest == "" {
		log.Add(finding.Finding{Code: "UNKNOWN-NAME", Severity: finding.Error,
			Message: fmt.Sprintf("no row is of the contest %q%s; there are %s", o.Contest, finding.DidYouMean(o.Contest, t.others), someContests(t.others))})
	}
	if !log.Failed() {
		findTotalRows(r.Set, log)
	}
	return r
}

func someContests(names []string) string {
	if len(names) == 0 {
		return "no contests in these files"
	}
	return strings.Join(names, ", ")
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// display is how a file is named to people.
func display(name string) string {
	if name == Stdin {
		return "<stdin>"
	}
	return name
}

// A reader is what the files of one reading have in common.
type reader struct {
	set     *returns.Set
	log     *finding.Log
	lists   map[string]int  // by name
	looks   map[string]seen // lists and areas by skeleton
	wide    bool            // there was a wide table: a long one may not add to its precincts
	contest string
	only    string   // the contest asked for
	others  []string // some that there are beside it
	full    bool     // there are more lists than there can be

	first *scanner // of the first piece of each file, which is all of most
	spare scratch  // for it

	progress func(Progress) // nil: nobody asks
	done     Progress       // as of the files before this one
}

// seen is where a name was first read.
type seen struct {
	name, file string
	line       int
}

// A file is one table while it is read.
type file struct {
	*reader
	name    string
	rows    *rows
	plan    plan
	width   int // fields of a row; 0: as many as it likes
	dialect string
	data    int // rows of data

	src     *source
	layout  *Layout           // noLayout: columns are known by their names
	names   map[string]string // of lists by their cells; nil: they are their names
	joins   []joined
	unnamed []int  // columns without a name, which must be empty
	keys    []int  // columns of the key for another count; nil: nobody asks
	sieve   *sieve // nil: no row needs one
	cleared uint64 // lines that mean nothing in the row in hand, a bit each

	// What the row before was, which the next one mostly continues.
	last      int      // its precinct, -1 at first
	lastKey   [][]byte // its cells of the key and the areas, as they came
	key       []byte   // scratch for keys of several columns
	area      int      // its innermost area, while areaKnown
	areaKnown bool
	areaCells [2][]byte
	spell     map[string]int // list cells as they came
	good      int            // the precinct of the row last read, -1 if anything was wrong

	cut      *cut
	fast     int64 // rows that only the fast path saw
	expected bool  // room was made for all precincts
	byList   bool  // all rows so far are of one list, each of another precinct
	batch    []returns.Count
	totals   *totalColumns
	refused  []refusal // by column of a wide table
}

func newFile(r *reader, src *source) *file {
	f := &file{reader: r, name: display(src.name), rows: &rows{}, src: src, layout: noLayout, last: -1, spell: map[string]int{}}
	f.rows.text = src.first.text
	for _, w := range src.warnings {
		f.log.Add(placedFindings(src.name, finding.Warning, w)...)
	}
	return f
}

// A refusal collects the cells of one column that are no counts, because a
// column that is none in every row wants one finding and not a thousand.
type refusal struct {
	n     int
	first []finding.Finding
}

// fail notes an error at field k of the row last read.
func (f *file) fail(code string, k int, format string, args ...any) {
	f.log.Add(f.at(code, f.rows.start(k), fmt.Sprintf(format, args...)))
}

// at is an error at a byte of the row last read.
func (f *file) at(code string, offset int, text string) finding.Finding {
	e := finding.Finding{Code: code, Severity: finding.Error, File: f.name, Line: f.line(), Column: f.rows.column(offset), Message: text}
	if f.src.lines != nil {
		e.Column = 0 // of a text that nobody sees
	}
	return e
}

// line is the line of the file on which the row last read stands.
func (f *file) line() int { return f.lineAt(f.rows.line) }

// lineAt is the line of the file that a line of its text was made of.
func (f *file) lineAt(line int) int {
	if i := line - 1; i >= 0 && i < len(f.src.lines) {
		return int(f.src.lines[i])
	}
	return line
}

// table reads the whole file.
func (f *file) table(o Options) {
	f.layout = cmp.Or(o.Layout, f.src.layout, noLayout)
	f.rows.comma = f.layout.delimiter
	if f.layout.shape == "transposed" && !f.transpose() {
		return
	}
	if f.rows.comma == 0 || f.src.lines != nil {
		f.rows.comma = f.delimiter()
	}
	if !f.begin() || !f.roles(o) {
		return
	}
	if f.plan.long {
		f.set.SetRowPerList()
	} else {
		f.wide = true
	}
	f.dialect = fmt.Sprintf("%s table, %s", shape(f.plan.long), delimiterNames[f.rows.comma])
	if f.src.what != "" {
		f.dialect = fmt.Sprintf("%s, a %s table", f.src.what, shape(f.plan.long))
	}
	if f.layout.shape == "transposed" {
		f.dialect = "table with a column a precinct"
	}
	if f.src.encoding != "utf-8" && f.src.encoding != "" {
		f.dialect += ", " + f.src.encoding
	}
	if f.layout != noLayout {
		f.dialect = fmt.Sprintf("layout %s, %s", f.layout.Name, f.dialect)
	}
	f.prepare()
	f.cut.able = f.cut.able && !o.general && !f.special(o) && !(f.plan.long && f.wide)
	f.pieces(f.scanned)
	f.finish()
}

// special reports whether the layout says more than which column is what, so that the
// general path must see to each row.
func (f *file) special(o Options) bool {
	l := f.layout
	return o.Contest != "" || f.keys != nil || f.sieve != nil || f.joins != nil || f.names != nil || l.same != "" || l.empty != "" || l.shape == "groups" ||
		l.numbers != numbers{} || l.unnamed || l.header.absent || l.strip != nil && l.long()
}

// delimiter is what stands between the fields, as far as that can be seen.
func (f *file) delimiter() byte {
	if f.src.lines != nil { // the text was made of a table
		return ','
	}
	return sniff(f.head())
}

// head is the beginning of the text.
func (f *file) head() []byte { return f.rows.text[:min(len(f.rows.text), 64<<10)] }

// begin reads up to the header and takes it in; false when there is none, which
// has been said.
func (f *file) begin() bool {
	made := f.src.lines != nil // the text, of a table: it is what it seems
	if !made {
		f.rows.text = bytes.TrimPrefix(f.rows.text, []byte("\ufeff"))
		if what := foreign(f.head()); what != "" {
			f.log.Add(foreignFinding(f.name, what))
			return false
		}
	}
	if !f.rows.next() {
		f.brokeOff(f.src.first.err)
		f.log.Add(fileError("EMPTY", f.name, "the file is empty: it has no header and no data"))
		return false
	}
	// Excel's own first line, which names the delimiter.
	if s := f.rows.raw; !made && len(s) == 5 && bytes.HasPrefix(s, []byte("sep=")) {
		f.rows.comma = s[4]
		f.rows.next()
	}
	if f.layout.header.find != "" && !f.findHeader(f.layout.header.find) {
		return false
	}
	if t, bad := f.rows.split(); bad {
		f.log.Add(f.at(t.code, t.offset, t.text))
		return false
	}
	if f.layout.header.absent {
		f.plan = emptyPlan(numbered(len(f.rows.fields)))
		f.rows.text = f.src.first.text // the first row is one of data
		f.rows.line = 0
		return true
	}
	if f.layout.header.rows > 1 && !f.moreHeader(f.layout.header.rows-1) {
		return false
	}
	return f.header()
}

// findHeader goes on to the row that has a cell which says so, within the first lines.
func (f *file) findHeader(find string) bool {
	const most = 100
	for range most {
		if t, bad := f.rows.split(); bad {
			f.log.Add(f.at(t.code, t.offset, t.text))
			return false
		}
		if slices.ContainsFunc(f.rows.fields, func(c []byte) bool { return string(bytes.Trim(c, " ")) == find }) {
			return true
		}
		if !f.rows.next() {
			break
		}
	}
	f.log.Add(fileError("HEADER", f.name, "no header: layout %s looks for a cell %q in the first %d rows", f.layout.Name, find, most))
	return false
}

// moreHeader joins so many rows to the header: what stands in one cell over several columns
// belongs to each of them.
func (f *file) moreHeader(more int) bool {
	cells := make([]string, len(f.rows.fields))
	take := func() {
		above := ""
		for i, c := range f.rows.fields {
			if s := string(bytes.Trim(c, " ")); s != "" {
				above = s
			}
			if i < len(cells) {
				cells[i] = strings.Trim(cells[i]+" "+above, " ")
			}
		}
	}
	take()
	for range more {
		if !f.rows.next() {
			break
		}
		if t, bad := f.rows.split(); bad {
			f.log.Add(f.at(t.code, t.offset, t.text))
			return false
		}
		take()
	}
	f.rows.fields = f.rows.fields[:0]
	for _, c := range cells {
		f.rows.fields = append(f.rows.fields, []byte(c))
	}
	return true
}

func numbered(n int) []string {
	header := make([]string, n)
	for i := range header {
		header[i] = strconv.Itoa(i + 1)
	}
	return header
}

// pieces calls take for every piece of the file, in order, from what the header left
// of the first one on, and says what is wrong with the file as a whole.
func (f *file) pieces(take func(*part)) {
	p := &f.src.first
	p.text = f.rows.text
	if f.cut != nil && f.cut.able {
		if f.first == nil {
			f.first = newScanner(f.cut)
		}
		f.first.next(f.cut)
		if !f.plan.long {
			f.first.before = 4 // rows, which mostly tell of each column that it is no total
		}
		p.scratch = f.spare
		f.first.scan(p)
		f.spare = p.scratch
	}
	take(p)
	f.tell(p)
	if p.err == nil && !f.src.ended {
		f.beside(take, &p.err)
	}
	f.brokeOff(p.err)
	if f.data == 0 && p.err == nil {
		f.log.Add(fileError("EMPTY", f.name, "a header but no rows: no data"))
	}
}

// tell says how far the reading has come.
func (f *file) tell(p *part) {
	if f.progress != nil {
		f.progress(Progress{Bytes: f.done.Bytes + p.to, Of: f.done.Of, Rows: f.set.Rows})
	}
}

// brokeOff says why the text broke off, if it did.
func (f *file) brokeOff(err error) {
	if err != nil {
		f.log.Add(readErrors(f.name, err)...)
	}
}

// eachRow calls row for every row of data that has the header's width.
func (f *file) eachRow(row func()) {
	f.pieces(func(p *part) {
		for f.rows.text = p.text; f.rows.next(); {
			f.one(row)
		}
	})
}

// one takes the row last read.
func (f *file) one(row func()) {
	f.data++
	f.set.Rows++
	f.good = -1
	t, bad := f.rows.split()
	if n := len(f.rows.fields) - 1; n == f.width && f.layout.unnamed && !bad && len(f.rows.fields[n]) == 0 {
		f.rows.fields = f.rows.fields[:n] // a delimiter at the end of each row but the header
	}
	switch {
	case bad:
		f.log.Add(f.at(t.code, t.offset, t.text))
	case len(f.rows.fields) != f.width && f.width > 0:
		f.fail("RAGGED", 0, "the row has %d fields (columns), the header has %d", len(f.rows.fields), f.width)
	case f.unnamed != nil && !f.unnamedEmpty():
	case f.joins != nil && !f.extend():
	case f.sieve != nil && f.sifted():
	default:
		row()
		if f.keys != nil && f.good >= 0 {
			f.putKey()
		}
	}
}

// unnamedEmpty refuses a cell that has something in a column without a name.
func (f *file) unnamedEmpty() bool {
	for _, c := range f.unnamed {
		if cell := bytes.Trim(f.rows.fields[c], " "); len(cell) > 0 {
			f.fail("COLUMN", c, "column %d has no name and %q in it", c+1, shorten(cell))
			return false
		}
	}
	return true
}

func shape(long bool) string {
	if long {
		return "long"
	}
	return "wide"
}

// prepare makes what the rows need.
func (f *file) prepare() {
	p := &f.plan
	f.lastKey = make([][]byte, len(p.precinct))
	f.cut = newCut(p, f.rows.comma)
	if !p.long && f.width > 0 {
		f.refused = make([]refusal, len(p.header))
		f.totals = newTotalColumns(p)
	}
}

// finish states what can be said only after the last row.
func (f *file) finish() {
	if f.sieve != nil {
		f.putModes()
	}
	for c, r := range f.refused {
		if r.n == 0 {
			continue
		}
		if 2*r.n > f.data && f.data > 2 {
			one := r.first[0]
			one.Code = "COLUMN"
			one.Message = fmt.Sprintf("column %q holds no counts: %s, and so in %d of %d rows; ignore it in a layout%s",
				f.plan.header[c], one.Message, r.n, f.data, f.hint())
			f.log.Add(one)
			continue
		}
		f.log.Add(r.first...)
	}
	if f.totals != nil {
		f.totals.report(f)
	}
}

// addList makes column i one of votes for the list.
func (f *file) addList(i int, l returns.List) {
	f.plan.lists = append(f.plan.lists, listColumn{f.listNamed(l, i), i})
}

// listNamed returns the list of that name, known or new, read in field k.
func (f *file) listNamed(l returns.List, k int) int {
	if id, ok := f.lists[l.Name]; ok {
		return id
	}
	f.lookAlike("lists", l.Name, k)
	if len(f.set.Lists) == maxLists {
		if !f.full {
			f.full = true
			f.fail("LIMIT", k, "more than %d lists: no ballot has so many; is something else taken for lists?", maxLists)
		}
		return 0 // after an error there are no totals
	}
	id := f.set.AddList(l)
	f.lists[l.Name] = id
	return id
}

// maxLists is the largest number of lists that a contest can have.
const maxLists = 2000

// lookKey is one for all names of a kind that look alike.
func lookKey(what, name string) string { return what + "\x00" + skeleton(name) }

// lookAlike refuses a new name that cannot be told from one that is known.
func (f *file) lookAlike(what, name string, k int) {
	key := lookKey(what, name)
	if s, ok := f.looks[key]; ok && s.name != name {
		f.fail("LOOK-ALIKE", k, "two %s with names that look the same and are spelt differently: %q here and %q in %s:%d; are they one?",
			what, name, s.name, s.file, s.line)
		return
	}
	f.looks[key] = seen{name, f.name, f.line()}
}

// precinct returns the precinct of the row last read; false when the row names
// none, which has been said. fresh: it was not known before.
func (f *file) precinct() (p int, fresh, ok bool) {
	p, fields := f.last, f.rows.fields
	if p >= 0 && f.sameArea() && f.sameKey() {
		return p, false, true
	}
	f.last = -1
	area, ok := f.areaOf()
	if !ok {
		return 0, false, false
	}
	f.key = f.key[:0]
	for i, c := range f.plan.precinct {
		clean, why := fields[c], ""
		if !tidy(clean) && !(f.layout.emptyKey && len(bytes.Trim(clean, " ")) == 0) {
			clean, why = name(clean)
		}
		if why != "" {
			f.fail("NAME", c, "the precinct's %s %s", f.plan.header[c], why)
			return 0, false, false
		}
		if i > 0 {
			f.key = append(f.key, '/')
		}
		if len(f.plan.precinct) > 1 { // a/b and c are another precinct than a and b/c
			clean = bytes.ReplaceAll(clean, []byte("/"), []byte("//"))
		}
		f.key = append(f.key, clean...)
		f.lastKey[i] = append(f.lastKey[i][:0], fields[c]...)
	}
	p, fresh = f.set.AddPrecinct(f.key, area, f.rows.line)
	if fresh && calledTotalBytes(f.key) {
		f.fail("TOTAL-ROW", f.plan.precinct[0], "%q looks like a total row, not a precinct; take it out of the file", f.key)
		return 0, false, false
	}
	if !fresh && f.set.Area(p) != area {
		f.fail("AREA", f.plan.precinct[0], "precinct %q is in %s here and in %s in %s", f.key, f.areaName(area), f.areaName(f.set.Area(p)), f.where(p))
		return 0, false, false
	}
	f.last = p
	return p, fresh, true
}

// tidy reports whether a cell of plain text is a name as it stands: printable,
// not empty, not long, without spaces around it.
func tidy(b []byte) bool {
	if len(b) == 0 || len(b) > maxName || b[0] == ' ' || b[len(b)-1] == ' ' {
		return false
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// calledTotalBytes is calledTotal for ids, of which there may be a million: one
// word with a digit in it, as most are, is no word for a total.
func calledTotalBytes(id []byte) bool {
	if len(id) > 0 && id[0]-'0' <= 9 && id[len(id)-1]-'0' <= 9 && bytes.IndexByte(id, ' ') < 0 {
		return false // no word for a total begins or ends so
	}
	digit := false
	for _, c := range id {
		if c == ' ' || c == ':' || c == '.' || c >= utf8.RuneSelf {
			return calledTotal(string(id))
		}
		digit = digit || c >= '0' && c <= '9'
	}
	return !digit && calledTotal(string(id))
}

func (f *file) sameKey() bool {
	for i, c := range f.plan.precinct {
		if !bytes.Equal(f.lastKey[i], f.rows.fields[c]) {
			return false
		}
	}
	return true
}

// sameArea reports whether the row's area cells are those of the row before.
func (f *file) sameArea() bool {
	for i, c := range [2]int{f.plan.region, f.plan.district} {
		if c >= 0 && !bytes.Equal(f.areaCells[i], f.rows.fields[c]) {
			return false
		}
	}
	return true
}

// areaOf returns the innermost area that the row names.
func (f *file) areaOf() (int, bool) {
	if f.areaKnown && f.sameArea() {
		return f.area, true
	}
	f.area, f.areaKnown = 0, false
	for i, c := range [2]int{f.plan.region, f.plan.district} {
		if c < 0 {
			break
		}
		cell := f.rows.fields[c]
		if f.src.lines != nil && string(cell) == absent {
			if d := f.plan.district; i == 0 && d >= 0 && string(f.rows.fields[d]) != absent {
				f.fail("AREA", d, "a district %q, and no region that it lies in", shorten(f.rows.fields[d]))
				return 0, false
			}
			f.areaCells[i] = append(f.areaCells[i][:0], cell...)
			break // it lies in none
		}
		if i == 1 && f.layout.emptyDistrict && len(bytes.Trim(cell, " ")) == 0 {
			f.areaCells[i] = append(f.areaCells[i][:0], cell...)
			break
		}
		clean, why := name(cell)
		if why != "" {
			f.fail("NAME", c, "the %s %s", f.plan.header[c], why)
			return 0, false
		}
		area := string(clean)
		known := len(f.set.Areas)
		if f.area = f.set.AddArea(f.area, area); f.area == known {
			f.lookAlike(f.set.Levels[i]+"s", area, c)
			if calledTotal(area) {
				f.fail("TOTAL-ROW", c, "%q looks like the name of a total row, not of a %s; take it out of the file", area, f.set.Levels[i])
				return 0, false
			}
		}
		f.areaCells[i] = append(f.areaCells[i][:0], cell...)
	}
	f.areaKnown = true
	return f.area, true
}

func (f *file) areaName(a int) string {
	if a == 0 {
		return "no region"
	}
	var names []string
	for ; a > 0; a = f.set.Areas[a].Parent {
		names = append([]string{f.set.Areas[a].Name}, names...)
	}
	return strings.Join(names, " / ")
}

// where is the place at which precinct p was first read.
func (f *file) where(p int) string {
	i, line := f.set.Position(p)
	return fmt.Sprintf("%s:%d", f.set.Files[i], line)
}

// longRow reads a row of one list in one precinct.
func (f *file) longRow() {
	pl := &f.plan
	if !f.sameContest() {
		return
	}
	p, _, ok := f.precinct()
	if !ok {
		return
	}
	if f.wide {
		if file, _ := f.set.Position(p); !f.set.RowPerList(file) {
			f.fail("DUPLICATE", pl.precinct[0], "precinct %q is in a wide table already: %s", f.set.ID(p), f.where(p))
			return
		}
	}
	l, ok := f.list()
	if !ok {
		return
	}
	v, why := f.count(f.rows.fields[pl.votes])
	if why == blankCell {
		if f.protocol(p) {
			f.good = p
		}
		return
	}
	if why != "" {
		f.notACount(pl.votes, why, fmt.Sprintf("the votes of %q in precinct %q", f.set.Lists[l].Name, f.set.ID(p)))
		return
	}
	if f.sieve != nil {
		f.partsAgree(p, l, v)
	}
	if f.sieve != nil && f.sieve.mode >= 0 {
		f.mode(p, l, v)
	} else if !f.set.Put(p, l, v) && !f.again(p, l, v) {
		f.fail("DUPLICATE", pl.list, "precinct %q already has votes for %q: the precinct was first read in %s", f.set.ID(p), f.set.Lists[l].Name, f.where(p))
		return
	}
	if f.protocol(p) {
		f.good = p
	}
}

// again adds votes of a list that the precinct has already, where the layout says so.
func (f *file) again(p, l int, v int64) bool {
	if f.layout.same != "add" {
		return false
	}
	if !f.set.Add(p, l, v) {
		f.fail("OVERFLOW", f.plan.votes, "the votes of %q in precinct %q are beyond any count", f.set.Lists[l].Name, f.set.ID(p))
	}
	return true
}

// stripped is the name of a list without what the layout takes from it.
func (f *file) stripped(name string) string {
	if f.layout.strip == nil {
		return name
	}
	return strings.Trim(f.layout.strip.ReplaceAllString(name, ""), " ")
}

// list returns the list that the row names.
func (f *file) list() (int, bool) {
	cell := f.rows.fields[f.plan.list]
	l, ok := f.spell[string(cell)]
	if !ok {
		clean, why := name(cell)
		if why != "" {
			f.fail("NAME", f.plan.list, "the name of the list %s", why)
			return 0, false
		}
		list := returns.List{ID: string(clean), Name: string(clean)}
		if f.names != nil {
			if list.Name, ok = f.names[list.ID]; !ok {
				f.fail("LOOKUP", f.plan.list, "list %q is not among the names of the layout", list.ID)
				return 0, false
			}
		} else if list.Name = f.stripped(list.Name); !f.isList(list.Name) {
			return 0, false
		}
		if l = f.listNamed(list, f.plan.list); f.full {
			return 0, false
		}
		f.spell[string(cell)] = l
	}
	return l, true
}

// isList refuses the names of what some tables put among the lists of a precinct:
// sums of them, and lines of the protocol.
func (f *file) isList(name string) bool {
	word := fold(name)
	if totals[word] {
		f.fail("TOTAL-ROW", f.plan.list, "%q is called a total and no list: it would count every vote twice; take such rows out of the file", name)
		return false
	}
	if _, line := returns.LineOf(synonyms[word]); line {
		f.fail("NOT-A-LIST", f.plan.list, "%q is a line of the protocol and no list; it needs a column of its own", name)
		return false
	}
	return true
}

func (f *file) sameContest() bool {
	c := f.plan.contest
	if c < 0 {
		return true
	}
	cell := f.rows.fields[c]
	if f.only != "" && string(cell) != f.only {
		f.set.Excluded++
		const most = 12
		if len(f.others) < most && !slices.Contains(f.others, string(cell)) {
			f.others = append(f.others, string(cell))
		}
		return false
	}
	if f.contest == "" {
		f.contest = string(cell)
	}
	if string(cell) != f.contest {
		f.fail("COLUMN", c, "a second contest, %q; the rows before are of %q: say which one to read (--contest)", shorten(cell), f.contest)
		return false
	}
	return true
}

// wideRow reads a row of one precinct.
func (f *file) wideRow() {
	if !f.sameContest() {
		return
	}
	fields := f.rows.fields
	if f.layout.empty == "none" && !slices.ContainsFunc(f.plan.lists, func(c listColumn) bool { return len(bytes.Trim(fields[c.column], " ")) > 0 }) {
		f.set.Excluded++ // nothing was reported
		return
	}
	p, ok := f.wholeRow()
	if !ok {
		return
	}
	sum, bad := int64(0), false
	for _, c := range f.plan.lists {
		v, why := f.count(fields[c.column])
		if why == blankCell {
			continue
		}
		if why != "" {
			f.notACount(c.column, why, fmt.Sprintf("the votes of %q in precinct %q", f.plan.header[c.column], f.set.ID(p)))
			bad = true
			continue
		}
		if !f.set.Put(p, c.list, v) {
			f.fail("DUPLICATE", c.column, "precinct %q has votes for %q twice", f.set.ID(p), f.set.Lists[c.list].Name)
		}
		sum += min(v, maxCount-sum)
	}
	f.totals.row(f, p, sum, bad)
}

// wholeRow is the precinct of a row that has all of it, with its protocol; false when it
// is there already, or another thing is wrong, which has been said.
func (f *file) wholeRow() (p int, ok bool) {
	p, fresh, ok := f.precinct()
	if ok && !fresh && f.layout.same == "another" {
		p, fresh = f.another(p)
	}
	if !ok {
		return 0, false
	}
	if !fresh {
		f.fail("DUPLICATE", f.plan.precinct[0], "precinct %q is there twice: already in %s", f.set.ID(p), f.where(p))
		return 0, false
	}
	f.good = p
	f.protocol(p)
	return p, true
}

// another makes a precinct of its own of a row whose precinct is there already, as some
// commissions count two boxes under one number. It is called so: "1 (2)".
func (f *file) another(p int) (int, bool) {
	id := f.set.ID(p)
	for n := 2; ; n++ {
		q, fresh := f.set.AddPrecinct(fmt.Appendf(nil, "%s (%d)", id, n), f.set.Area(p), f.rows.line)
		if fresh {
			f.last = -1
			f.log.Add(finding.Finding{Code: "TWICE", Severity: finding.Warning, File: f.name, Line: f.line(), Column: 1, Precinct: id,
				Message: fmt.Sprintf("precinct %q is there twice, first in %s; layout %s counts both", id, f.where(p), f.layout.Name)})
			return q, true
		}
	}
}

// groupRow reads a row of one precinct that has lists and their votes in groups.
func (f *file) groupRow() {
	p, ok := f.wholeRow()
	if !ok {
		return
	}
	g := f.layout.groups
	for at := g.from - 1; at+g.size <= len(f.rows.fields); at += g.size {
		f.plan.list, f.plan.votes = at+g.list-1, at+g.votes-1
		l, ok := f.list()
		if !ok {
			return
		}
		v, why := f.count(f.rows.fields[f.plan.votes])
		parts := int64(0)
		for _, k := range g.parts {
			part, no := f.count(f.rows.fields[at+k-1])
			if no != "" {
				f.notACount(at+k-1, no, fmt.Sprintf("a part of the votes of %q in precinct %q", f.set.Lists[l].Name, f.set.ID(p)))
				return
			}
			parts += min(part, maxCount-parts)
		}
		switch {
		case why == blankCell:
		case why != "":
			f.notACount(f.plan.votes, why, fmt.Sprintf("the votes of %q in precinct %q", f.set.Lists[l].Name, f.set.ID(p)))
		case g.parts != nil && parts != v:
			f.fail("MODES", f.plan.votes, "the votes for %q in precinct %q are %d in all and %d by parts", f.set.Lists[l].Name, f.set.ID(p), v, parts)
		case !f.set.Put(p, l, v):
			f.fail("DUPLICATE", f.plan.list, "precinct %q has votes for %q twice", f.set.ID(p), f.set.Lists[l].Name)
		}
	}
}

// protocol notes the lines of the precinct's protocol that the row has; false when
// something was wrong with them. In a long table each row of a precinct repeats
// them, and they must agree.
func (f *file) protocol(p int) bool {
	ok := true
	for _, c := range f.plan.lines {
		if f.cleared>>c.line&1 != 0 {
			f.set.Without(p, c.line)
			continue
		}
		v, why := f.count(f.rows.fields[c.column])
		if why == blankCell {
			continue
		}
		if why != "" {
			f.notACount(c.column, why, fmt.Sprintf("%s in precinct %q", f.plan.header[c.column], f.set.ID(p)))
			ok = false
			continue
		}
		if !f.set.PutLine(p, c.line, v) {
			if before, _ := f.set.Line(c.line).At(p); before != v {
				f.fail("DUPLICATE", c.column, "%s of precinct %q is %d here and %d before: the precinct was first read in %s",
					f.plan.header[c.column], f.set.ID(p), v, before, f.where(p))
				ok = false
			}
		}
	}
	return ok
}

// notACount refuses a cell.
func (f *file) notACount(column int, why, whose string) {
	code := "NOT-A-COUNT"
	if why == tooLarge {
		code = "OVERFLOW"
	}
	e := f.at(code, f.rows.start(column), fmt.Sprintf("%s: found %q, %s", whose, shorten(f.rows.fields[column]), why))
	if f.refused == nil {
		f.log.Add(e)
		return
	}
	r := &f.refused[column]
	if r.n++; r.n <= 100 {
		r.first = append(r.first, e)
	}
}

const (
	maxCount = 1<<63 - 1
	tooLarge = "out of range: larger than any count can be"
)

// count reads a cell as a number of votes: digits only, in int64. A cell that is
// anything else gets the reason.
func count(cell []byte) (v int64, why string) {
	if len(cell) == 0 {
		return 0, "the cell is empty: write 0 if nobody, leave the row out if nothing is known"
	}
	for _, c := range cell {
		d := int64(c - '0')
		if c < '0' || c > '9' {
			return 0, "not a whole number in digits 0-9"
		}
		if v > (maxCount-d)/10 {
			return 0, tooLarge
		}
		v = 10*v + d
	}
	return v, ""
}
