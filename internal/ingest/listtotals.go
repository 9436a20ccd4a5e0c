package ingest

import (
	"fmt"
	"io"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// ReadTotals reads a table of two columns, list and votes, into a set of one
// precinct: the totals of a contest, already added up. The path "-" is stdin.
func ReadTotals(path string, stdin io.Reader, log *finding.Log) (*returns.Set, bool) {
	var own finding.Log
	src, err := open(path, Options{Stdin: stdin})
	if err != nil {
		log.Add(readErrors(display(path), err)...)
		return nil, false
	}
	defer src.close()
	set := returns.New()
	set.AddFile(display(path))
	p, _ := set.AddPrecinct([]byte("all"), 0, 1)
	f := newFile(&reader{set: set, log: &own, lists: map[string]int{}, looks: map[string]seen{}}, src)
	f.totalsOf(p)
	log.Add(own.Sorted()...)
	return set, !own.Failed()
}

func (f *file) totalsOf(precinct int) {
	f.rows.comma = f.delimiter()
	if !f.begin() {
		return
	}
	p := &f.plan
	for i, h := range p.header {
		switch synonyms[fold(h)] {
		case roleList:
			p.list = i
		case roleVotes:
			p.votes = i
		default:
			f.fail("COLUMN", i, "unknown column %q; totals have the columns list and votes", h)
			return
		}
	}
	if p.list < 0 || p.votes < 0 {
		f.fail("HEADER", 0, "want the columns list and votes; the header has %s", f.columns())
		return
	}
	f.eachRow(func() {
		l, ok := f.list()
		if !ok {
			return
		}
		name := f.set.Lists[l].Name
		v, why := count(f.rows.fields[p.votes])
		switch {
		case why != "":
			f.notACount(p.votes, why, fmt.Sprintf("the votes of %q", name))
		case !f.set.Put(precinct, l, v):
			f.fail("DUPLICATE", p.list, "list %q is there twice", name)
		}
	})
}
