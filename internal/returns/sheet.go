package returns

import "math"

// A Sheet is the counts of up to 64 precincts that a set does not have yet, which all
// have counts of the same lists and lines. Sheets can be made side by side; [Set.Adopt]
// takes one over as it is.
type Sheet struct{ votes, lines block }

// SheetSize is how many precincts a sheet has room for.
const SheetSize = perBlock

// Sheets makes sheets. The zero value is ready.
type Sheets struct{ votes, lines pool }

// A Place says what a column of counts is of: of list Of, or with Of < 0 of the line
// -1 - Of of the protocol.
type Place struct{ Of int32 }

// PlaceOf is the place of a line.
func PlaceOf(l Line) Place { return Place{-1 - int32(l)} }

// Line is the line that the place is of, if it is of one.
func (p Place) Line() (Line, bool) { return Line(-1 - p.Of), p.Of < 0 }

// New makes a sheet of counts that stand row by row, a row a precinct, with the places
// of its columns, each of which is there once. It is false when a count is beyond
// 65,535: those are for [Set.Put].
func (m *Sheets) New(places []Place, counts []uint32) (s Sheet, ok bool) {
	n := len(counts) / len(places)
	lo, hi := int32(math.MaxInt32), int32(-1)
	lined := false
	for _, p := range places {
		if p.Of < 0 {
			lined = true
		} else {
			lo, hi = min(lo, p.Of), max(hi, p.Of)
		}
	}
	if hi >= 0 {
		s.votes = m.votes.sheet(int(lo), int(hi-lo)+1, n)
	}
	if lined {
		s.lines = m.lines.sheet(0, int(lines), n)
	}
	all := uint32(0)
	for i, p := range places {
		b, j := &s.votes, int(p.Of-lo)
		if p.Of < 0 {
			b, j = &s.lines, int(-1-p.Of)
		}
		all |= b.fill(j, n, counts[i:], len(places))
	}
	return s, all <= math.MaxUint16
}

// sheet is a block of n precincts.
func (r *pool) sheet(lo, columns, n int) block {
	var b block
	if columns <= 64 {
		b = r.blockWith(nil, lo, columns)
	} else {
		b = r.block(lo, columns)
	}
	if columns > len(r.sumsRoom) {
		r.sumsRoom = make([]uint32, r.blocks(columns)*columns)
	}
	b.sums, r.sumsRoom = r.sumsRoom[:columns:columns], r.sumsRoom[columns:]
	b.end = n
	return b
}

// fill gives the n precincts of the block counts in column j: the first one, and each
// that is so many further on. It returns the bits that any of them has.
func (b *block) fill(j, n int, counts []uint32, step int) (all uint32) {
	to := b.narrow[j*perBlock:][:n]
	sum, at := uint32(0), 0 // of at most 64 counts of 16 bits
	for k := range to {
		v := counts[at]
		to[k] = uint16(v)
		sum += v
		all |= v
		at += step
	}
	b.sums[j] = sum
	if b.has == nil {
		b.every |= 1 << j
		return all
	}
	for k := range n {
		b.has[k*b.words()+j/64] |= 1 << (j % 64)
	}
	return all
}

// Adopt makes the precincts of the sheet the last ones of the set, which have no counts
// yet. The sheet is then the set's.
func (s *Set) Adopt(sheet Sheet) {
	s.byPrecinct = nil
	s.votes.adopt(sheet.votes, s.Len())
	s.lines.adopt(sheet.lines, s.Len())
}

// adopt takes in a block whose last precinct is the one before end.
func (g *grid) adopt(b block, end int) {
	if b.n == 0 {
		return
	}
	first := end - b.end
	for first > g.end() {
		g.append(block{first: g.end(), end: min(first, g.end()+perBlock)})
	}
	if last := len(g.blocks) - 1; last >= 0 {
		g.blocks[last].end = first // the rest of it is empty
	}
	b.first, b.end = first, end
	g.append(b)
}

// Copy notes in the set what precinct k of the sheet has as the counts of precinct p,
// which has none yet.
func (s *Set) Copy(sheet Sheet, k, p int) {
	s.byPrecinct = nil
	s.votes.copy(&sheet.votes, k, p)
	s.lines.copy(&sheet.lines, k, p)
}

func (g *grid) copy(b *block, k, p int) {
	for j := range b.n {
		if b.there(k, j) {
			g.put(p, b.lo+j, b.value(k, j))
		}
	}
}
