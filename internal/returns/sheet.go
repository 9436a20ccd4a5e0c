package returns

import "math"

// A Sheet is the counts of up to 64 precincts that a set does not have yet, one after
// the other. Many can be written side by side; [Set.Adopt] takes one over as it is.
type Sheet struct{ votes, lines block }

// Sheets makes sheets. The zero value is ready.
type Sheets struct {
	votes, lines pool
	rooms        [][]uint64 // of finished sheets, for what the precincts have
}

// SheetSize is how many precincts a sheet has room for.
const SheetSize = perBlock

// New returns an empty sheet for votes of n lists from first on, and for the protocol
// if lines are asked for.
func (m *Sheets) New(first, n int, withLines bool) Sheet {
	s := Sheet{votes: m.block(&m.votes, first, n)}
	if withLines {
		s.lines = m.block(&m.lines, 0, int(lines))
	}
	return s
}

func (m *Sheets) block(p *pool, lo, n int) block {
	last := len(m.rooms) - 1
	if n > 64 || last < 0 {
		return p.block(lo, n)
	}
	b := p.blockWith(m.rooms[last], lo, n)
	m.rooms = m.rooms[:last]
	return b
}

// Finish says that no more than n precincts are on the sheet.
func (m *Sheets) Finish(s *Sheet, n int) {
	for _, b := range [2]*block{&s.votes, &s.lines} {
		if b.n > 0 {
			b.first, b.end = 0, n
			if room := b.condense(); room != nil {
				m.rooms = append(m.rooms, room)
			}
		}
	}
}

// Has reports whether the sheet is for those lists: n from l on.
func (s *Sheet) Has(l, n int) bool { return l >= s.votes.lo && l+n <= s.votes.lo+s.votes.n }

// Lists is which lists the sheet is for: n from first on.
func (s *Sheet) Lists() (first, n int) { return s.votes.lo, s.votes.n }

// PutRow notes the votes of the lists from l on in precinct k of the sheet. It is
// false when one has some already or is beyond 65,535; then the precinct must be
// cleared.
func (s *Sheet) PutRow(k, l int, votes []uint32) bool {
	return fit(votes) && s.votes.putRow(k, l-s.votes.lo, votes) == len(votes)
}

// PutLine notes a line of the protocol of precinct k, as PutRow does votes.
func (s *Sheet) PutLine(k int, l Line, v uint32) bool {
	return v <= math.MaxUint16 && s.lines.put(k, int(l), int64(v))
}

// Clear empties precinct k.
func (s *Sheet) Clear(k int) {
	s.votes.clear(k)
	s.lines.clear(k)
}

func (b *block) clear(k int) {
	clear(b.has[k*b.words():][:b.words()])
	for j := range b.n {
		b.narrow[j*perBlock+k] = 0
	}
}

// Adopt makes the first n precincts of the sheet the last n of the set, which have no
// counts yet. The sheet is then the set's.
func (s *Set) Adopt(sheet Sheet, n int) {
	s.byPrecinct = nil
	s.votes.adopt(sheet.votes, s.Len()-n, s.Len())
	if sheet.lines.n > 0 {
		s.lines.adopt(sheet.lines, s.Len()-n, s.Len())
	}
}

// adopt takes in a block of the precincts from first on, below end.
func (g *grid) adopt(b block, first, end int) {
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
