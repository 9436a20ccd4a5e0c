// Package returns is the model: every precinct return of one contest, column by
// column, with the areas that precincts lie in and the lines of their protocols.
//
// A [Set] is columnar because 21 million numbers must fit and fly. Lists,
// precincts and areas are small indices in order of first appearance; each list
// and each protocol line is a [Column] of int64 counts by precinct. Absent is
// not zero: a column knows which precincts it has a count for, and that a count
// is already there is how a duplicate shows.
//
// The package holds what was read and adds it up, with every sum checked. It
// does not judge: what a file means is ingest's matter, whether a protocol adds
// up is check's, what the votes are worth is tally's.
package returns

import (
	"fmt"
	"hash/maphash"
	"math"
	"sort"
)

// A Line is a line of a precinct's protocol: a count of voters or ballots.
type Line uint8

const (
	Registered Line = iota // voters on the precinct's list
	Issued                 // ballots given out to voters
	Cast                   // voters who took part; ballots cast, invalid ones included
	Invalid                // ballots that count for nobody
	Valid                  // ballots that count: cast - invalid
	lines
)

var lineNames = [lines]string{"registered", "issued", "cast", "invalid", "valid"}

func (l Line) String() string { return lineNames[l] }

// Lines returns every protocol line in the order of a protocol.
func Lines() []Line { return []Line{Registered, Issued, Cast, Invalid, Valid} }

// A List competes for seats, or is an option on the ballot such as "against
// all", which the law tells apart from it.
type List struct {
	ID   string // the code that the layout or the rules give; else the name
	Name string
}

// An Area is a part of the country. Area 0 is the nation, its level is 0.
type Area struct {
	Name   string
	Level  int // index into Set.Levels, plus one
	Parent int // the area that it is a part of; the nation's is -1
}

// A Set is the returns of one contest. Use [New].
type Set struct {
	Files  []string // in the order in which they were read
	Levels []string // names of the levels below the nation, e.g. "region", "district"
	Lists  []List   // in ballot order
	Areas  []Area
	Rows   int64 // rows of data read; each one is in the set, or was refused with a finding
	// RowPerList says that a row held one list's votes in a precinct (long);
	// otherwise it held a precinct (wide).
	RowPerList bool

	votes []Column // by list
	lines [lines]Column

	// Precinct ids stand one after the other in one arena: a million strings
	// would cost 16 bytes each and a scan by the garbage collector.
	names []byte
	ends  []uint32 // where the id of each precinct ends in names
	area  []int32
	line  []uint32 // the line of the file on which the precinct first stands
	first []int    // by file: its first precinct
	slots []uint32 // open-addressed index of the ids: precinct + 1, 0 = free
	seed  maphash.Seed

	areaIDs map[areaKey]int
}

type areaKey struct {
	parent int
	name   string
}

// New returns an empty set whose areas have the levels named, outermost first.
func New(levels ...string) *Set {
	return &Set{
		Levels:  levels,
		Areas:   []Area{{Parent: -1}},
		seed:    maphash.MakeSeed(),
		slots:   make([]uint32, 1024),
		areaIDs: map[areaKey]int{},
	}
}

// AddFile says that the precincts which follow come from the file named.
func (s *Set) AddFile(name string) {
	s.Files = append(s.Files, name)
	s.first = append(s.first, s.Len())
}

// AddList takes in a list and returns its index. Names are not compared here.
func (s *Set) AddList(l List) int {
	s.Lists = append(s.Lists, l)
	s.votes = append(s.votes, Column{})
	return len(s.Lists) - 1
}

// AddArea returns the area of that name inside parent, new or known.
func (s *Set) AddArea(parent int, name string) int {
	k := areaKey{parent, name}
	id, ok := s.areaIDs[k]
	if !ok {
		id = len(s.Areas)
		s.areaIDs[k] = id
		s.Areas = append(s.Areas, Area{Name: name, Level: s.Areas[parent].Level + 1, Parent: parent})
	}
	return id
}

// AddPrecinct returns the precinct of that id, and whether it is new: then it
// lies in the area and on the line given. Ids may be reused by the caller.
// It panics beyond 4 GiB of ids or 2^32 lines, which no election has.
func (s *Set) AddPrecinct(id []byte, area, line int) (p int, fresh bool) {
	slot, p := s.find(id)
	if p >= 0 {
		return p, false
	}
	p = s.Len()
	if uint64(len(s.names)+len(id)) > math.MaxUint32 || uint64(line) > math.MaxUint32 {
		panic("returns: more precincts than can be told apart")
	}
	s.names = append(s.names, id...)
	s.ends = append(s.ends, uint32(len(s.names)))
	s.area = append(s.area, int32(area))
	s.line = append(s.line, uint32(line))
	s.slots[slot] = uint32(p) + 1
	if 2*len(s.ends) > len(s.slots) {
		s.grow()
	}
	return p, true
}

// Find returns the precinct of that id, or -1.
func (s *Set) Find(id string) int {
	_, p := s.find([]byte(id))
	return p
}

// find returns the precinct of that id, or -1 and the slot that it would take.
func (s *Set) find(id []byte) (slot uint64, p int) {
	mask := uint64(len(s.slots) - 1)
	for slot = maphash.Bytes(s.seed, id) & mask; s.slots[slot] != 0; slot = (slot + 1) & mask {
		if p := int(s.slots[slot] - 1); string(s.id(p)) == string(id) {
			return slot, p
		}
	}
	return slot, -1
}

func (s *Set) grow() {
	s.slots = make([]uint32, 4*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for p := range s.ends {
		slot := maphash.Bytes(s.seed, s.id(p)) & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = uint32(p) + 1
	}
}

func (s *Set) id(p int) []byte {
	from := uint32(0)
	if p > 0 {
		from = s.ends[p-1]
	}
	return s.names[from:s.ends[p]]
}

// Len is the number of precincts.
func (s *Set) Len() int { return len(s.ends) }

// ID is the id of precinct p.
func (s *Set) ID(p int) string { return string(s.id(p)) }

// Area is the innermost area that precinct p lies in.
func (s *Set) Area(p int) int { return int(s.area[p]) }

// AreaAt is the area of that level (from 1; 0 is the nation) that precinct p
// lies in, or -1 when it lies in none.
func (s *Set) AreaAt(p, level int) int {
	a := int(s.area[p])
	for a >= 0 && s.Areas[a].Level > level {
		a = s.Areas[a].Parent
	}
	if a >= 0 && s.Areas[a].Level < level {
		return -1
	}
	return a
}

// Level is the number of the level named, or -1.
func (s *Set) Level(name string) int {
	for i, l := range s.Levels {
		if l == name {
			return i + 1
		}
	}
	return -1
}

// Position is the file, by index, and the line on which precinct p first stands.
func (s *Set) Position(p int) (file, line int) {
	file = sort.SearchInts(s.first, p+1) - 1
	return file, int(s.line[p])
}

// Put notes that list l has v votes in precinct p; false when it already has some.
func (s *Set) Put(p, l int, v int64) bool { return s.votes[l].put(p, v) }

// PutLine notes a line of p's protocol; false when it is already there.
func (s *Set) PutLine(p int, l Line, v int64) bool { return s.lines[l].put(p, v) }

// Votes is the column of list l.
func (s *Set) Votes(l int) *Column { return &s.votes[l] }

// Line is the column of a protocol line.
func (s *Set) Line(l Line) *Column { return &s.lines[l] }

// RowsOf is the number of rows that precinct p was read from.
func (s *Set) RowsOf(p int) int64 {
	if !s.RowPerList {
		return 1
	}
	n := int64(0)
	for l := range s.votes {
		if _, ok := s.votes[l].At(p); ok {
			n++
		}
	}
	return n
}

// A Column is one count a precinct. The zero value is empty.
//
// Counts are kept in 32 bits as long as all of them fit, which is always but
// for nonsense, and in 64 from the first that does not.
type Column struct {
	narrow []uint32
	wide   []int64 // instead of narrow, once it is not nil
	has    []uint64
	n      int
}

func (c *Column) put(p int, v int64) bool {
	word, bit := p>>6, uint64(1)<<(p&63)
	for word >= len(c.has) {
		c.has = append(c.has, 0)
	}
	if c.has[word]&bit != 0 {
		return false
	}
	c.has[word] |= bit
	c.n++
	if c.wide == nil && v > math.MaxUint32 {
		c.wide = make([]int64, len(c.narrow), max(len(c.narrow), p+1))
		for i, x := range c.narrow {
			c.wide[i] = int64(x)
		}
		c.narrow = nil
	}
	if c.wide != nil {
		for p >= len(c.wide) {
			c.wide = append(c.wide, 0)
		}
		c.wide[p] = v
		return true
	}
	for p >= len(c.narrow) {
		c.narrow = append(c.narrow, 0)
	}
	c.narrow[p] = uint32(v)
	return true
}

// At is the count of precinct p; false when it has none.
func (c *Column) At(p int) (int64, bool) {
	if word := p >> 6; word >= len(c.has) || c.has[word]>>(p&63)&1 == 0 {
		return 0, false
	}
	if c.wide != nil {
		return c.wide[p], true
	}
	return int64(c.narrow[p]), true
}

// Len is the number of precincts that the column has a count for.
func (c *Column) Len() int { return c.n }

// A Sum is what a column adds up to in one group of precincts.
type Sum struct {
	Votes  int64 // the sum of the counts that are there
	Counts int   // how many are there
}

// Sums adds the column up by group: precinct p counts for sums[group[p]], and
// for none where group[p] < 0. It returns [ErrOverflow] when a sum leaves int64.
func (c *Column) Sums(group []int32, sums []Sum) error {
	for p, g := range group {
		if g < 0 {
			continue
		}
		v, ok := c.At(p)
		if !ok {
			continue
		}
		s := &sums[g]
		if v > math.MaxInt64-s.Votes {
			return ErrOverflow
		}
		s.Votes += v
		s.Counts++
	}
	return nil
}

// ErrOverflow says that a sum is beyond 9,223,372,036,854,775,807.
var ErrOverflow = fmt.Errorf("the sum is beyond %d", int64(math.MaxInt64))
