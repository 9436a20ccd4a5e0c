package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"kenesh/internal/returns"
)

// A sieve is what a layout says of single rows and cells. Tables that need one are read by
// the general path alone.
type sieve struct {
	keep, drop []rowTest
	facts      []factTest
	kinds      []kindTest
	parts      []int // columns of the modes
	mode       int   // the column that names the mode of the row; -1: none
	total      string
	sums       map[modeKey]*modeSum
	order      []modeKey
}

// A rowTest is a condition on columns of this table.
type rowTest struct {
	condition
	at int
}

type factTest struct {
	rowTest
	line   returns.Line
	ignore bool
}

type kindTest struct {
	rowTest
	clear uint64 // lines, a bit each
}

type modeKey struct{ p, l int }

// A modeSum is the votes of a list in a precinct by the ways of voting.
type modeSum struct {
	total, parts       int64
	hasTotal, hasParts bool
	line               int
}

func (t *rowTest) met(fields [][]byte) bool {
	cell := bytes.Trim(fields[t.at], " ")
	switch {
	case t.empty && len(cell) == 0:
		return true
	case t.matches != nil && t.matches.Match(cell):
		return true
	}
	return slices.ContainsFunc(t.equals, func(s string) bool { return string(cell) == s })
}

// sift finds out what the layout says of rows; false when it names a column that is not
// there, which has been said.
func (f *file) sift(l *Layout) bool {
	if len(l.keep)+len(l.drop)+len(l.facts)+len(l.kinds)+len(l.modes.columns) == 0 && l.modes.column.none() {
		return true
	}
	s := &sieve{mode: -1, total: l.modes.total, sums: map[modeKey]*modeSum{}}
	ok := true
	at := func(r ref) int {
		found := r.find(f.plan.header)
		if len(found) != 1 {
			f.fail("LAYOUT", 0, "layout %s names a column %s, of which the header has %d: %s", l.Name, r, len(found), f.columns())
			ok = false
			return 0
		}
		return found[0]
	}
	for _, c := range l.keep {
		s.keep = append(s.keep, rowTest{c, at(c.column)})
	}
	for _, c := range l.drop {
		s.drop = append(s.drop, rowTest{c, at(c.column)})
	}
	for _, c := range l.facts {
		s.facts = append(s.facts, factTest{rowTest{c.condition, at(c.column)}, c.line, c.ignore})
	}
	for _, k := range l.kinds {
		t := kindTest{rowTest: rowTest{k.condition, at(k.column)}}
		for _, line := range k.clear {
			t.clear |= 1 << line
		}
		s.kinds = append(s.kinds, t)
	}
	for _, c := range l.modes.columns {
		if found := c.find(f.plan.header); len(found) == 1 { // a file has those that its state has
			s.parts = append(s.parts, found[0])
		}
	}
	if !l.modes.column.none() {
		s.mode = at(l.modes.column)
	}
	f.sieve = s
	return ok
}

// sifted does with the row last read what the layout says; true when it is done with.
func (f *file) sifted() bool {
	s := f.sieve
	fields := f.rows.fields
	out := len(s.keep) > 0 && !slices.ContainsFunc(s.keep, func(t rowTest) bool { return t.met(fields) })
	if out || slices.ContainsFunc(s.drop, func(t rowTest) bool { return t.met(fields) }) {
		f.set.Excluded++
		return true
	}
	for _, t := range s.facts {
		if t.met(fields) {
			if t.ignore {
				f.set.Excluded++
			} else {
				f.factRow(t.line)
			}
			return true
		}
	}
	f.cleared = 0
	for _, k := range s.kinds {
		if k.met(fields) {
			f.cleared |= k.clear
		}
	}
	return false
}

// factRow reads a row that states a line of the protocol.
func (f *file) factRow(line returns.Line) {
	p, _, ok := f.precinct()
	if !ok {
		return
	}
	c := f.plan.votes
	v, why := f.count(f.rows.fields[c])
	switch {
	case why == blankCell:
	case why != "":
		f.notACount(c, why, fmt.Sprintf("%v in precinct %q", line, f.set.ID(p)))
	case f.sieve.mode >= 0: // the sum of the rows, or the total of them
		f.mode(p, -1-int(line), v)
	case !f.set.PutLine(p, line, v):
		if before, _ := f.set.Line(line).At(p); f.layout.same == "add" {
			f.set.AddLine(p, line, v)
		} else if before != v {
			f.fail("DUPLICATE", c, "%v of precinct %q is %d here and %d before: the precinct was first read in %s", line, f.set.ID(p), v, before, f.where(p))
		}
	}
}

// mode notes votes, or a line with l < 0, of one way of voting.
func (f *file) mode(p, l int, v int64) {
	k := modeKey{p, l}
	m := f.sieve.sums[k]
	if m == nil {
		m = &modeSum{line: f.rows.line}
		f.sieve.sums[k] = m
		f.sieve.order = append(f.sieve.order, k)
	}
	if string(bytes.Trim(f.rows.fields[f.sieve.mode], " ")) != f.sieve.total {
		m.parts += min(v, maxCount-m.parts)
		m.hasParts = true
		return
	}
	if m.hasTotal {
		f.fail("DUPLICATE", f.sieve.mode, "precinct %q has a total for %s twice", f.set.ID(p), f.counted(l))
	}
	m.total, m.hasTotal = v, true
}

// counted names a list or, with l < 0, a line.
func (f *file) counted(l int) string {
	if l < 0 {
		return returns.Line(-1 - l).String()
	}
	return strconv.Quote(f.set.Lists[l].Name)
}

// putModes puts the votes of all modes into the set: the total where there is one, which must
// be the sum of the parts if those are there.
func (f *file) putModes() {
	for _, k := range f.sieve.order {
		m := f.sieve.sums[k]
		v := m.parts
		if m.hasTotal {
			v = m.total
		}
		if m.hasTotal && m.hasParts && m.parts != m.total {
			f.failAt(m.line, "MODES", "the votes for %s in precinct %q are %d in all and %d by modes", f.counted(k.l), f.set.ID(k.p), m.total, m.parts)
		}
		if k.l < 0 {
			f.set.PutLine(k.p, returns.Line(-1-k.l), v)
		} else if !f.set.Put(k.p, k.l, v) {
			f.failAt(m.line, "DUPLICATE", "precinct %q already has votes for %s", f.set.ID(k.p), f.counted(k.l))
		}
	}
}

// failAt notes an error on a line that was read before.
func (f *file) failAt(line int, code, format string, args ...any) {
	e := fileError(code, f.name, format, args...)
	e.Line = f.lineAt(line)
	f.log.Add(e)
}

// partsAgree holds the parts of the votes in the row against their sum.
func (f *file) partsAgree(p, l int, votes int64) {
	sum := int64(0)
	for _, c := range f.sieve.parts {
		v, why := count(bytes.Trim(f.rows.fields[c], " "))
		if why != "" {
			return // a mode that is not stated
		}
		sum += min(v, maxCount-sum)
	}
	if len(f.sieve.parts) > 0 && sum != votes {
		f.fail("MODES", f.plan.votes, "the votes for %s in precinct %q are %d in all and %d by modes", f.counted(l), f.set.ID(p), votes, sum)
	}
}

// blankCell is said of an empty cell where the layout has nothing stand for it.
const blankCell = "the cell is blank"

// count reads a cell of a count as the layout has them written.
func (f *file) count(cell []byte) (int64, string) {
	if f.src.lines != nil && string(cell) == absent {
		return 0, blankCell
	}
	l := f.layout
	if l.numbers.strip != nil {
		cell = l.numbers.strip.ReplaceAll(cell, nil)
	}
	if l.empty != "" && len(bytes.Trim(cell, " ")) == 0 {
		if l.empty == "zero" {
			return 0, ""
		}
		return 0, blankCell
	}
	if l.numbers.group != 0 {
		cell = ungroup(cell, l.numbers.group)
	}
	return count(cell)
}

// ungroup takes the marks between thousands away, if they stand where they should: before
// each three digits from the end, and nowhere else.
func ungroup(cell []byte, mark byte) []byte {
	for i, c := range cell {
		if (len(cell)-i)%4 == 0 != (c == mark) || i == 0 && c == mark {
			return cell
		}
	}
	return bytes.ReplaceAll(cell, []byte{mark}, nil)
}
