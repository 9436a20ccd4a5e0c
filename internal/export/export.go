// Package export writes a [returns.Set] as a file that others read, and that kenesh
// reads again: the canonical tables as CSV and TSV, the same rows as JSON and JSON
// Lines, and a report of the NIST common data format.
//
// A long table has a row for each count of votes, with the columns precinct, region,
// district, the lines of the protocol, list and votes; a wide one a row for each
// precinct and a column for each list. Columns that no precinct has are left out.
// Votes, lines, areas and ids stand in the file as they stand in the set, text as it is,
// also where a spreadsheet would take it for a formula.
//
// Absent is not zero. A list's votes that are missing have no row in a long table. A
// cell has no way to say that something is missing, so a table that would need an empty
// one is refused ([Check]); in JSON such a key is left out. Nor is a precinct dropped
// because it has no votes: rows that would not name it are refused as well. The codes
// that a layout gives to lists have no column: only their names are in the rows.
//
// Lists keep their order, and so do precincts: rows go precinct by precinct. Only where
// this would bring a list before one that precedes it they go list by list instead.
// Nothing reads the clock.
//
// Its counterpart is package ingest, whose tables these are; which names a table cannot
// carry is known there, so who must be sure reads back what was written.
package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Options says how to write. The format must be one of [Formats].
type Options struct {
	Format string
	Wide   bool // a row a precinct; else a row a precinct and list. NIST has no rows
	Report Report
}

// A format is one way to write a set. Flags, help and tests go through this table.
type format struct {
	name    string
	endings []string
	empty   bool // what is missing can be left out of a row
	begin   func(*writer)
	row     func(*writer, []cell)
	end     func(*writer)
}

var formats = []format{
	{"csv", []string{".csv"}, false, func(w *writer) { w.header(',') }, func(w *writer, cells []cell) { w.delimited(cells, ',') }, nil},
	{"tsv", []string{".tsv"}, false, func(w *writer) { w.header('\t') }, func(w *writer, cells []cell) { w.delimited(cells, '\t') }, nil},
	{"jsonl", []string{".jsonl", ".ndjson"}, true, nil, func(w *writer, cells []cell) { w.object(cells); w.text("\n") }, nil},
	{"json", []string{".json"}, true, func(w *writer) { w.text("[") }, (*writer).element, func(w *writer) { w.text("\n]\n") }},
	{nist, nil, true, nil, nil, nil},
}

const nist = "nist"

// Formats returns the names of all formats, the default first.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// FormatOf returns the format that a file's name asks for by its ending.
func FormatOf(file string) (string, bool) {
	for _, f := range formats {
		if slices.ContainsFunc(f.endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(file), e) }) {
			return f.name, true
		}
	}
	return "", false
}

func named(name string) format {
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if i < 0 {
		panic("export: no format " + name)
	}
	return formats[i]
}

// headers are the columns of the lines of the protocol. The bare names of some are the
// names of lists or precincts elsewhere.
var headers = map[returns.Line]string{
	returns.Registered: "registered", returns.Issued: "issued", returns.Cast: "cast", returns.Invalid: "invalid", returns.Valid: "valid",
}

func header(l returns.Line) string {
	if h, ok := headers[l]; ok {
		return h
	}
	return "ballots_" + l.String()
}

// Check notes in log why the set cannot be written so, at the first precinct that
// stands in the way for each reason, and reports whether it can.
func Check(s *returns.Set, o Options, log *finding.Log) bool {
	if o.Format == nist {
		return true
	}
	ok := true
	refuse := func(p int, format string, args ...any) {
		ok = false
		file, line := s.Position(p)
		log.Add(finding.Finding{Code: "CONVERT", Severity: finding.Error, File: s.Files[file], Line: line, Precinct: s.ID(p),
			Message: fmt.Sprintf("precinct %q ", s.ID(p)) + fmt.Sprintf(format, args...)})
	}
	const leave = "; a table has no way to say so: write it as jsonl, where what is missing is left out"
	counts := s.VoteCounts()
	if p := without(s.Len(), slices.Max(append(counts, 0)), func(p int) bool { return firstList(s, p) >= 0 }); p >= 0 {
		refuse(p, "has no votes for any list, and would be in no row; write it as nist, which lists precincts")
	}
	for l, list := range s.Lists {
		if counts[l] == 0 {
			ok = false
			log.Add(finding.Finding{Code: "CONVERT", Severity: finding.Error, Message: fmt.Sprintf("list %q has votes in no precinct, and would be in no row; write it as nist, which lists them", list.Name)})
		}
	}
	t := newTable(s, o.Wide)
	if named(o.Format).empty {
		for i, name := range t.names {
			if slices.Contains(t.names[:i], name) {
				ok = false
				log.Add(finding.Finding{Code: "CONVERT", Severity: finding.Error, Message: fmt.Sprintf("list %q is called as a column of every wide row is; write long rows", name)})
			}
		}
		return ok
	}
	for level := 1; level <= t.levels; level++ {
		if p := without(s.Len(), -1, func(p int) bool { return s.AreaAt(p, level) >= 0 }); p >= 0 {
			refuse(p, "lies in no %s, and others do%s", s.Levels[level-1], leave)
		}
	}
	for _, l := range t.lines {
		if p := without(s.Len(), -1, func(p int) bool { _, ok := s.Stated(p, l); return ok }); p >= 0 {
			refuse(p, "does not state %v, and others do%s", l, leave)
		}
	}
	for l, list := range s.Lists {
		if !o.Wide || counts[l] == 0 {
			continue
		}
		if p := without(s.Len(), counts[l], column{s.Votes(l)}.has); p >= 0 {
			refuse(p, "has no votes for %q, and others do; a wide table has no way to say so: write a long one, where a count that is missing has no row", list.Name)
		}
	}
	return ok
}

// without is the first of n precincts that has not; -1 when all have, which is so when
// so many counts are known.
func without(n, counts int, has func(p int) bool) int {
	if counts == n {
		return -1
	}
	for p := range n {
		if !has(p) {
			return p
		}
	}
	return -1
}

func firstList(s *returns.Set, p int) int {
	for l := range s.Lists {
		if (column{s.Votes(l)}).has(p) {
			return l
		}
	}
	return -1
}

type column struct{ returns.Column }

func (c column) has(p int) bool {
	_, ok := c.At(p)
	return ok
}

// Write writes a set that [Check] has found nothing against. Its errors are those of w.
func Write(w io.Writer, s *returns.Set, o Options) error {
	out := &writer{w: bufio.NewWriterSize(w, 1<<16)}
	if o.Format == nist {
		writeReport(out, s, o.Report)
	} else {
		out.rows(newTable(s, o.Wide), named(o.Format))
	}
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

// A table is what the rows are made of.
type table struct {
	set    *returns.Set
	wide   bool
	levels int // of areas that precincts lie in
	lines  []returns.Line
	votes  []column
	names  []string // of the columns
}

func newTable(s *returns.Set, wide bool) *table {
	t := &table{set: s, wide: wide, names: []string{"precinct"}}
	for _, a := range s.Areas {
		t.levels = max(t.levels, a.Level)
	}
	t.names = append(t.names, s.Levels[:t.levels]...)
	counts := s.LineCounts()
	for _, l := range returns.Lines() {
		if counts[l] > 0 {
			t.lines = append(t.lines, l)
			t.names = append(t.names, header(l))
		}
	}
	for l, list := range s.Lists {
		t.votes = append(t.votes, column{s.Votes(l)})
		if wide {
			t.names = append(t.names, list.Name)
		}
	}
	if !wide {
		t.names = append(t.names, "list", "votes")
	}
	return t
}

// A cell is a text or a count.
type cell struct {
	text  *text
	count int64
	empty bool // there is nothing to say
}

// rows writes all rows.
func (w *writer) rows(t *table, f format) {
	w.names = texts(t.names)
	if f.begin != nil {
		f.begin(w)
	}
	lists := make([]text, len(t.set.Lists))
	for l, list := range t.set.Lists {
		lists[l] = newText(list.Name)
	}
	r := row{table: t, lists: lists, areas: make([]text, len(t.set.Areas))}
	for a, area := range t.set.Areas {
		r.areas[a] = newText(area.Name)
	}
	write := func(cells []cell) bool { f.row(w, cells); return w.err == nil }
	switch {
	case t.wide:
		r.byPrecinct(write)
	case t.inOrder():
		r.byCount(write)
	default:
		r.byList(write)
	}
	if f.end != nil {
		f.end(w)
	}
}

// inOrder reports whether lists appear in their order when rows go precinct by precinct.
func (t *table) inOrder() bool {
	next := 0
	for p := range t.set.Len() {
		for l := next; l < len(t.votes); l++ {
			switch has := t.votes[l].has(p); {
			case has && l == next:
				next++
			case has:
				return false
			}
		}
		if next == len(t.votes) {
			return true
		}
	}
	return true
}

// A row makes the cells of one row after the other.
type row struct {
	*table
	lists, areas []text
	id           text
	cells        []cell
}

// begin makes the cells that a precinct has in each of its rows.
func (r *row) begin(p int) {
	r.id.set(r.set.ID(p))
	r.cells = append(r.cells[:0], cell{text: &r.id})
	for level := 1; level <= r.levels; level++ {
		if a := r.set.AreaAt(p, level); a >= 0 {
			r.cells = append(r.cells, cell{text: &r.areas[a]})
		} else {
			r.cells = append(r.cells, cell{empty: true})
		}
	}
	for _, l := range r.lines {
		v, ok := r.set.Stated(p, l)
		r.cells = append(r.cells, cell{count: v, empty: !ok})
	}
}

func (r *row) count(c column, p int) {
	v, ok := c.At(p)
	r.cells = append(r.cells, cell{count: v, empty: !ok})
}

func (r *row) byPrecinct(write func([]cell) bool) {
	for p := range r.set.Len() {
		r.begin(p)
		for _, c := range r.votes {
			r.count(c, p)
		}
		if !write(r.cells) {
			return
		}
	}
}

func (r *row) byCount(write func([]cell) bool) {
	for p := range r.set.Len() {
		r.begin(p)
		n := len(r.cells)
		for l, c := range r.votes {
			if v, ok := c.At(p); ok {
				if r.cells = append(r.cells[:n], cell{text: &r.lists[l]}, cell{count: v}); !write(r.cells) {
					return
				}
			}
		}
	}
}

func (r *row) byList(write func([]cell) bool) {
	for l, c := range r.votes {
		for p := range r.set.Len() {
			if v, ok := c.At(p); ok {
				r.begin(p)
				if r.cells = append(r.cells, cell{text: &r.lists[l]}, cell{count: v}); !write(r.cells) {
					return
				}
			}
		}
	}
}
