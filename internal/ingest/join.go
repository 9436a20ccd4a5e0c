package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/finding"
)

// A joined is a small table whose cells go behind the cells of each row.
type joined struct {
	on    int
	file  string
	cells map[string][][]byte
	n     int // columns
}

// join reads the tables that the layout joins and adds their columns to the header;
// false when that cannot be done, which has been said.
func (f *file) join(l *Layout) bool {
	ok := true
	for _, j := range l.joins {
		file, t := f.companion(j.file, j.none)
		if t == nil {
			ok = false
			continue
		}
		on := j.on.find(f.plan.header)
		if len(on) != 1 {
			f.fail("LAYOUT", 0, "layout %s joins %s on a column %s; the header has %s", l.Name, j.file, j.on, f.columns())
			ok = false
			continue
		}
		one := joined{on: on[0], file: file, n: len(j.columns)}
		if one.cells = t.lookup(f, file, l, j.key, j.columns); one.cells == nil {
			ok = false
			continue
		}
		f.joins = append(f.joins, one)
		f.plan.header = append(f.plan.header, j.as...)
	}
	return ok
}

// extend puts the joined cells behind those of the row last read; false when a table has
// none for it, which has been said.
func (f *file) extend() bool {
	for _, j := range f.joins {
		key := bytes.Trim(f.rows.fields[j.on], " ")
		cells, ok := j.cells[string(key)]
		if !ok {
			f.fail("LOOKUP", j.on, "%q is not in %s", shorten(key), j.file)
			return false
		}
		f.rows.fields = append(f.rows.fields, cells...)
	}
	return true
}

// small is a small table in memory.
type small struct {
	header []string
	rows   [][][]byte
}

// companion reads the only file of that name, or pattern, in the folder of the one in hand;
// nil when there is none, which has been said.
func (f *file) companion(pattern string, headless bool) (name string, t *small) {
	dir := filepath.Dir(f.src.name)
	if f.src.name == Stdin {
		dir = "."
	}
	entries, _ := os.ReadDir(dir)
	var found []string
	for _, e := range entries {
		if named(e.Name(), pattern) {
			found = append(found, e.Name())
		}
	}
	if len(found) != 1 {
		f.log.Add(fileError("LAYOUT", f.name, "layout %s needs a file %s beside this one; there are %d", f.layout.Name, pattern, len(found)))
		return "", nil
	}
	name = filepath.Join(dir, found[0])
	text, e := wholeText(name)
	if e != nil {
		f.log.Add(*e)
		return "", nil
	}
	r := rows{text: bytes.TrimPrefix(text, []byte("\ufeff"))}
	r.comma = sniff(r.text)
	t = &small{}
	for r.next() {
		if fault, bad := r.split(); bad {
			f.log.Add(finding.Finding{Code: fault.code, Severity: finding.Error, File: name, Line: r.line, Message: fault.text})
			return "", nil
		}
		cells := make([][]byte, len(r.fields))
		for i, c := range r.fields {
			cells[i] = bytes.Trim(bytes.Clone(c), " ")
		}
		if t.header == nil && !headless {
			for _, c := range cells {
				t.header = append(t.header, string(c))
			}
			continue
		}
		t.rows = append(t.rows, cells)
	}
	if headless && len(t.rows) > 0 {
		t.header = numbered(len(t.rows[0]))
	}
	return name, t
}

// wholeText is the text of a file, unpacked.
func wholeText(name string) ([]byte, *finding.Finding) {
	src, err := open(name, Options{})
	if err != nil {
		e := readError(name, err)
		return nil, &e
	}
	defer src.close()
	text, err := src.all(nil)
	if err != nil {
		e := readError(name, err)
		return nil, &e
	}
	return text, nil
}

// all is the text of a source from the first piece on, of which the rest is given.
func (s *source) all(first []byte) ([]byte, error) {
	if first == nil {
		first = s.first.text
	}
	text := bytes.Clone(first)
	if s.first.err != nil {
		return text, s.first.err
	}
	var p piece
	for s.next(&p) {
		s.fill(&p)
		if p.err != nil {
			return text, p.err
		}
		if text = append(text, p.text...); len(text) > maxTable {
			return text, placed("LIMIT", 0, 0, "a table of more than the limit of %d MiB, which the layout has turned as a whole", maxTable>>20)
		}
	}
	return text, nil
}

// lookup is some columns of the table by its key; nil when that cannot be, which has been
// said.
func (t *small) lookup(f *file, file string, l *Layout, key ref, columns []string) map[string][][]byte {
	fail := func(line int, format string, args ...any) map[string][][]byte {
		e := fileError("LOOKUP", file, format, args...)
		e.Line = line
		f.log.Add(e)
		return nil
	}
	at := key.find(t.header)
	if len(at) != 1 {
		return fail(1, "layout %s names a column %s; the header has %s", l.Name, key, strings.Join(t.header, ", "))
	}
	var take []int
	for _, c := range columns {
		i := columnCalled(c).find(t.header)
		if len(i) != 1 {
			return fail(1, "layout %s names a column %q; the header has %s", l.Name, c, strings.Join(t.header, ", "))
		}
		take = append(take, i[0])
	}
	cells := map[string][][]byte{}
	for k, row := range t.rows {
		if n := len(t.header); len(row) > n { // an unquoted delimiter in the name that comes last
			row = append(row[:n-1:n-1], bytes.Join(row[n-1:], []byte(", ")))
		}
		if len(row) != len(t.header) {
			return fail(k+2, "the row has %d fields (columns), the header has %d", len(row), len(t.header))
		}
		var some [][]byte
		for _, i := range take {
			some = append(some, row[i])
		}
		id := string(row[at[0]])
		if before, twice := cells[id]; twice && !slices.EqualFunc(before, some, bytes.Equal) {
			return fail(k+2, "%q is there twice", id)
		}
		cells[id] = some
	}
	return cells
}

// columnCalled is the column of that name, or of that number.
func columnCalled(name string) ref {
	if n, err := strconv.Atoi(name); err == nil && n > 0 {
		return ref{number: n}
	}
	return ref{name: name}
}

// nameLists reads the names of the lists, where a layout has them in a file of their own.
func (f *file) nameLists(l *Layout) bool {
	n := l.names
	if n.file == "" {
		return true
	}
	file, t := f.companion(n.file, n.none)
	if t == nil {
		return false
	}
	cells := t.lookup(f, file, l, n.key, n.columns)
	if cells == nil {
		return false
	}
	f.names = map[string]string{}
	for id, c := range cells {
		clean, why := name(c[0])
		if why != "" {
			f.log.Add(fileError("LOOKUP", file, "the name of list %q %s", id, why))
			return false
		}
		f.names[id] = string(clean)
	}
	for id, called := range l.called {
		f.names[id] = called
	}
	return true
}
