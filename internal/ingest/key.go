package ingest

import (
	"bytes"
	"strings"

	"kenesh/internal/finding"
)

// keyColumns finds the columns of the key by which another count is joined, if anybody
// asks for it; false when one is not there, which has been said.
func (f *file) keyColumns(l *Layout, o Options) bool {
	if !o.Keys && l.key == nil {
		return true
	}
	wanted := l.key
	if o.Key != nil {
		wanted = nil
		for _, name := range o.Key {
			wanted = append(wanted, columnCalled(name))
		}
	}
	var columns []int
	for _, r := range wanted {
		found := r.find(f.plan.header)
		if len(found) != 1 {
			f.fail("HEADER", 0, "the key of precincts is a column %s, of which the header has %d: %s%s", r, len(found), f.columns(), finding.DidYouMean(r.name, f.plan.header))
			return false
		}
		columns = append(columns, found[0])
	}
	if o.Keys {
		f.keys = columns
	}
	return true
}

// keyWords names the columns of the key.
func (f *file) keyWords() string {
	var names []string
	for _, c := range f.keys {
		names = append(names, f.plan.header[c])
	}
	return strings.Join(names, " and ")
}

// putKey notes the key of the precinct of the row last read. One with an empty part is
// none. In a long table each row of a precinct repeats it.
func (f *file) putKey() {
	key := f.key[:0]
	for i, c := range f.keys {
		cell := bytes.Trim(f.rows.fields[c], " ")
		if len(cell) == 0 || f.src.lines != nil && string(cell) == absent {
			key = key[:0]
			break
		}
		if i > 0 {
			key = append(key, '/')
		}
		if len(f.keys) > 1 { // as in the ids of precincts
			cell = bytes.ReplaceAll(cell, []byte("/"), []byte("//"))
		}
		key = append(key, cell...)
	}
	f.key = key
	if before, ok := f.set.PutKey(f.good, string(key)); !ok {
		f.fail("DUPLICATE", f.keys[0], "the key of precinct %q is %q here and %q before: the precinct was first read in %s", f.set.ID(f.good), key, before, f.where(f.good))
	}
}
