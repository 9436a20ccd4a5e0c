package returns

import (
	"encoding/binary"
	"math"
	"slices"
)

// Counts are counts of up to [Narrow] one after the other, of two bytes each,
// little-endian: so that some can be read, written and added up at once.
type Counts []byte

// Len is how many there are.
func (c Counts) Len() int { return len(c) / 2 }

// At is count i.
func (c Counts) At(i int) uint16 { return binary.LittleEndian.Uint16(c[2*i : 2*i+2]) }

// Of is the counts from one on, below another.
func (c Counts) Of(from, to int) Counts { return c[2*from : 2*to] }

// With is the counts with another one behind them.
func (c Counts) With(v uint16) Counts { return binary.LittleEndian.AppendUint16(c, v) }

// A Sheet is the counts of up to 64 precincts that a set does not have yet, which all
// have counts of the same lists and lines. Sheets can be made side by side; [Set.Adopt]
// takes one over as it is. The lines are nil when there are none, and so are the votes.
type Sheet struct{ votes, lines *block }

// SheetSize is how many precincts a sheet has room for.
const SheetSize = perBlock

// rows are the counts of a sheet as they stand, and what they add up to: who adds them up
// later has to fetch them from memory again.
type rows struct {
	counts Counts
	width  int      // counts in a row
	sums   []uint32 // by place in a row
	votes  []uint32 // of each row, without the lines
}

// A view is which counts of the rows belong to the columns of a grid: by column from lo
// on, where in a row it stands; -1: not at all.
type view struct {
	lo int
	at []int
}

// Sheets makes sheets. The zero value is ready.
type Sheets struct {
	pool pool
	rows []rows
	sums []uint32
	room []byte
	cut  int // bytes of room so far
	// What rows of these places are.
	places      []Place
	votes, line *view    // nil when they have none of it
	masks       []uint64 // the votes of a row, in words of 4 counts
}

// A Place says what a column of counts is of: of list Of, or with Of < 0 of the line
// -1 - Of of the protocol.
type Place struct{ Of int32 }

// PlaceOf is the place of a line.
func PlaceOf(l Line) Place { return Place{-1 - int32(l)} }

// Line is the line that the place is of, if it is of one.
func (p Place) Line() (Line, bool) { return Line(-1 - p.Of), p.Of < 0 }

// New makes a sheet of counts that stand row by row, a row a precinct, with the places
// of its columns, each of which is there once.
func (m *Sheets) New(places []Place, counts Counts) Sheet {
	if !slices.Equal(places, m.places) {
		m.see(places)
	}
	if len(m.rows) == 0 {
		m.rows = make([]rows, perBlock)
	}
	r := &m.rows[0]
	m.rows = m.rows[1:]
	r.width = len(places)
	r.counts = m.copyOf(counts)
	r.add(m.masks, m.roomForSums(4*len(m.masks)+counts.Len()/r.width, len(counts)))
	return Sheet{m.sheet(m.votes, r), m.sheet(m.line, r)}
}

// copyOf is a copy of counts that can be read in words, the last of which may go on behind
// them.
func (m *Sheets) copyOf(counts Counts) Counts {
	size := (len(counts)+7)&^7 + 8
	if size > len(m.room) {
		const most = 1 << 20
		m.room = make([]byte, max(1, min(m.cut, most)/size)*size)
	}
	m.cut += size
	copy(m.room, counts)
	copied := m.room[:len(counts):size]
	m.room = m.room[size:]
	return copied
}

// roomForSums is room for n sums of so many bytes of counts, and for those of the sheets
// for which there is room.
func (m *Sheets) roomForSums(n, counts int) []uint32 {
	if n > len(m.sums) {
		m.sums = make([]uint32, (1+len(m.room)/counts)*n)
	}
	sums := m.sums[:n:n]
	m.sums = m.sums[n:]
	return sums
}

// see decides what rows of such places are.
func (m *Sheets) see(places []Place) {
	m.places = slices.Clone(places)
	m.masks = make([]uint64, (len(places)+3)/4)
	votes, lines := span{math.MaxInt, -1}, span{math.MaxInt, -1}
	for i, p := range places {
		if l, ok := p.Line(); ok {
			lines.add(int(l))
			continue
		}
		votes.add(int(p.Of))
		m.masks[i/4] |= math.MaxUint16 << (i % 4 * 16)
	}
	m.votes, m.line = votes.view(), lines.view()
	for i, p := range places {
		if l, ok := p.Line(); ok {
			m.line.at[int(l)-m.line.lo] = i
		} else {
			m.votes.at[int(p.Of)-m.votes.lo] = i
		}
	}
}

// A span is the columns from lo on, up to hi.
type span struct{ lo, hi int }

func (s *span) add(c int) { s.lo, s.hi = min(s.lo, c), max(s.hi, c) }

// view is a view of these columns that sees none of them yet; nil when there are none.
func (s *span) view() *view {
	if s.hi < 0 {
		return nil
	}
	v := &view{s.lo, make([]int, s.hi+1-s.lo)}
	for j := range v.at {
		v.at[j] = -1
	}
	return v
}

// sheet is a block of rows, of which a view sees something.
func (m *Sheets) sheet(v *view, r *rows) *block {
	if v == nil {
		return nil
	}
	b := m.pool.block()
	b.lo, b.n, b.end = v.lo, len(v.at), len(r.votes)
	b.rows, b.view = r, v
	return b
}

// add adds the counts up, in the room given, with masks of the votes among them. No sum
// of 64 counts of 16 bits, or of a row, leaves 32 bits.
func (r *rows) add(masks []uint64, sums []uint32) {
	const evens = 0x0000ffff0000ffff // the counts of a word of which the others are put aside
	r.sums, r.votes = sums[:4*len(masks)], sums[4*len(masks):]
	counts := r.counts[:len(r.counts)+8]
	for i, mask := range masks {
		a, b := uint64(0), uint64(0)
		words := counts[8*i:]
		for k := range r.votes {
			w := binary.LittleEndian.Uint64(words[2*k*r.width : 2*k*r.width+8])
			a += w & evens
			b += w >> 16 & evens
			w &= mask
			w = w&evens + w>>16&evens
			r.votes[k] += uint32(w) + uint32(w>>32)
		}
		copy(r.sums[4*i:4*i+4], []uint32{uint32(a), uint32(b), uint32(a >> 32), uint32(b >> 32)})
	}
}

// Adopt makes the precincts of the sheet the last ones of the set, which have no counts
// yet. The sheet is then the set's.
func (s *Set) Adopt(sheet Sheet) {
	s.votes.adopt(sheet.votes, s.Len())
	s.lines.adopt(sheet.lines, s.Len())
}

// adopt takes in a block whose last precinct is the one before end.
func (g *grid) adopt(b *block, end int) {
	if b == nil {
		return
	}
	first := end - b.end
	for first > g.end() {
		g.appendEmpty(min(first, g.end()+perBlock))
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
	s.votes.copy(sheet.votes, k, p)
	s.lines.copy(sheet.lines, k, p)
}

func (g *grid) copy(b *block, k, p int) {
	if b == nil {
		return
	}
	for j := range b.n {
		if v, ok := b.value(k, j); ok {
			g.put(p, b.lo+j, v)
		}
	}
}
