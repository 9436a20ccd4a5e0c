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
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// A Line is a line of a precinct's protocol: a count of voters or ballots.
type Line uint8

const (
	Registered  Line = iota // voters on the precinct's list
	Received                // ballots that the commission received
	Early                   // ballots given out before election day
	Station                 // ballots given out at the polling station on the day
	Outside                 // ballots given out to voters outside of it
	Issued                  // ballots given out to voters in all
	Cancelled               // ballots that were left over and cancelled
	Lost                    // ballots that were lost
	Unaccounted             // ballots that were not counted when they were received
	Portable                // ballots in the mobile boxes
	Stationary              // ballots in the boxes of the station
	Cast                    // voters who took part; ballots cast, invalid ones included
	Blank                   // ballots without a mark
	Invalid                 // ballots that count for nobody
	Valid                   // ballots that count: cast - invalid
	lines
)

var lineNames = [lines]string{"registered", "received", "early", "station", "outside", "issued", "cancelled", "lost", "unaccounted",
	"portable", "stationary", "cast", "blank", "invalid", "valid"}

func (l Line) String() string { return lineNames[l] }

// Lines returns every protocol line in the order of a protocol.
func Lines() []Line {
	all := make([]Line, lines)
	for i := range all {
		all[i] = Line(i)
	}
	return all
}

// LineOf is the line of that name, if there is one.
func LineOf(name string) (Line, bool) {
	i := slices.Index(lineNames[:], name)
	return Line(max(i, 0)), i >= 0
}

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
	// Excluded is how many of the rows the layout leaves out, knowingly: totals of areas, or
	// facts that are not kept.
	Excluded int64

	votes grid // by list
	lines grid // by protocol line

	Known
	line  []uint32  // the line of the file on which the precinct first stands
	first []int     // by file: its first precinct
	from  [][]int32 // by file: see ReadFrom
	long  []bool    // by file: see RowPerList
	next  int       // the precinct that will follow the one last asked for, if they go on as they went

	areaIDs map[areaKey]int
	without map[int]uint64 // by precinct, a bit a line
	keys    []string       // by precinct, as far as they have been put; see PutKey
	keyed   []bool
}

type areaKey struct {
	parent int
	name   string
}

// New returns an empty set whose areas have the levels named, outermost first.
func New(levels ...string) *Set {
	return &Set{Levels: levels, Areas: []Area{{Parent: -1}}, areaIDs: map[areaKey]int{}, lines: grid{columns: int(lines)}}
}

// AddFile says that the precincts which follow come from the file named.
func (s *Set) AddFile(name string) {
	s.Files = append(s.Files, name)
	s.first = append(s.first, s.Len())
	s.from = append(s.from, nil)
	s.long = append(s.long, false)
}

// SetRowPerList says that a row of the file last added holds the votes of one list in a
// precinct (long); else it holds a precinct (wide).
func (s *Set) SetRowPerList() { s.long[len(s.long)-1] = true }

// RowPerList reports whether a row of that file holds the votes of one list.
func (s *Set) RowPerList(file int) bool { return s.long[file] }

// ReadFrom says that the file last added is read from a text that was made of it: lines
// has the line of the file for each line of the text, from 1 on. [Set.Position] states
// lines of the file.
func (s *Set) ReadFrom(lines []int32) { s.from[len(s.from)-1] = lines }

// AddList takes in a list and returns its index. Names are not compared here.
func (s *Set) AddList(l List) int {
	s.Lists = append(s.Lists, l)
	s.votes.columns++
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

// FindArea returns the area of that name inside parent; false when there is none.
func (s *Set) FindArea(parent int, name string) (int, bool) {
	id, ok := s.areaIDs[areaKey{parent, name}]
	return id, ok
}

// AddPrecinct returns the precinct of that id, and whether it is new: then it
// lies in the area and on the line given. Ids may be reused by the caller.
// It panics beyond 4 GiB of ids or 2^32 lines, which no election has.
func (s *Set) AddPrecinct(id []byte, area, line int) (p int, fresh bool) {
	ascends := s.New(id)
	if p = s.next; ascends {
		p = -1
	} else if !s.Is(p, id) {
		p = s.Precinct(id)
	}
	if p < 0 {
		p, fresh = s.Len(), true
		s.addNew(id, area, line, ascends)
	}
	s.next = p + 1
	return p, fresh
}

// A Newcomer is a precinct that is to be added: where its id ends in the ids of some that
// come together, and begins where the one before ends; its area; and its line.
type Newcomer struct{ End, Area, Line uint32 }

// AddAbove adds precincts, each with an id that is above that of the one before, where all
// ids of the set ascend: as AddPrecinct does, and sooner.
func (s *Set) AddAbove(ids []byte, some []Newcomer) {
	s.mayAdd(len(ids), int(some[len(some)-1].Line))
	from := uint32(len(s.names))
	s.names = append(grow(s.names, len(ids)), ids...)
	s.ends = grow(s.ends, len(some))
	s.area = grow(s.area, len(some))
	s.line = grow(s.line, len(some))
	for _, n := range some {
		s.ends = append(s.ends, from+n.End)
		s.area = append(s.area, int32(n.Area))
		s.line = append(s.line, n.Line)
	}
}

// mayAdd is called before precincts with so many bytes of ids are added, the last of them
// on a line.
func (s *Set) mayAdd(ids, line int) {
	if uint64(len(s.names)+ids) > math.MaxUint32 || uint64(line) > math.MaxUint32 {
		panic("returns: more precincts than can be told apart")
	}
}

func (s *Set) addNew(id []byte, area, line int, ascends bool) {
	s.mayAdd(len(id), line)
	s.add(id, area, ascends)
	s.line = append(grow(s.line, 1), uint32(line))
}

// PutKey notes a key by which precinct p is found again in another set, where its id is
// another; "": it has none. It is false when p has another key already, which it returns.
func (s *Set) PutKey(p int, key string) (before string, ok bool) {
	for len(s.keys) <= p {
		s.keys, s.keyed = append(s.keys, ""), append(s.keyed, false)
	}
	if s.keyed[p] {
		return s.keys[p], s.keys[p] == key
	}
	s.keys[p], s.keyed[p] = key, true
	return "", true
}

// HasKeys reports whether keys were put.
func (s *Set) HasKeys() bool { return s.keys != nil }

// Key is the key of precinct p; "" when it has none.
func (s *Set) Key(p int) string {
	if p >= len(s.keys) {
		return ""
	}
	return s.keys[p]
}

// Find returns the precinct of that id, or -1.
func (s *Set) Find(id string) int { return s.Precinct([]byte(id)) }

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
	line = int(s.line[p])
	if i := line - 1; i >= 0 && i < len(s.from[file]) {
		line = int(s.from[file][i])
	}
	return file, line
}

// PrecinctsOf is the precincts that were first read in a file: those from first on,
// below end.
func (s *Set) PrecinctsOf(file int) (first, end int) {
	if file+1 < len(s.first) {
		return s.first[file], s.first[file+1]
	}
	return s.first[file], s.Len()
}

// Put notes that list l has v votes in precinct p; false when it already has some.
func (s *Set) Put(p, l int, v int64) bool {
	return s.votes.put(p, l, v)
}

// PutRow notes the votes of the lists from l on in precinct p, up to one that has
// some already; it returns how many it noted.
func (s *Set) PutRow(p, l int, votes Counts) int {
	return s.votes.putRow(p, l, votes)
}

// MostProtocols is how many come at once at most: one bit of a word is enough for each.
const MostProtocols = perBlock

// Protocols are the lines of some precincts' protocols: of Len of them, at most
// [MostProtocols], which follow one another from First on.
type Protocols struct {
	First, Len int

	counts [lines][perBlock]int64
	stated [perBlock]uint64
	votes  [perBlock]int64
}

// Line is the counts of a line, one a precinct; 0 where it is not stated.
func (p *Protocols) Line(l Line) []int64 { return p.counts[l][:p.Len] }

// Stated has bit l set for each precinct that states line l.
func (p *Protocols) Stated() []uint64 { return p.stated[:p.Len] }

// Votes is the sums of all votes, one a precinct.
func (p *Protocols) Votes() []int64 { return p.votes[:p.Len] }

// Protocols calls do with the protocols of the precincts from first on, below end. They
// are good until do returns. It ends, and is false, where the votes of a precinct sum
// beyond int64.
func (s *Set) Protocols(first, end int, do func(of *Protocols)) bool {
	of := new(Protocols)
	for of.First = first; of.First < end; of.First += of.Len {
		of.Len = min(perBlock, end-of.First)
		b, _ := s.lines.find(of.First)
		if b == nil {
			b = new(block)
		} else {
			of.Len = min(of.Len, b.end-of.First)
		}
		for l := range of.counts {
			if j := l - b.lo; j < 0 || j >= b.n {
				clear(of.counts[l][:])
			}
		}
		clear(of.stated[:])
		b.protocols(of)
		s.drop(of)
		if !s.votes.byPrecinct(of.First, of.Votes()) {
			return false
		}
		do(of)
	}
	return true
}

// drop takes the lines from protocols that their precincts are without.
func (s *Set) drop(of *Protocols) {
	if s.without == nil {
		return
	}
	for k := range of.Len {
		without := s.without[of.First+k] & of.stated[k]
		of.stated[k] &^= without
		for ; without != 0; without &= without - 1 {
			of.counts[bits.TrailingZeros64(without)][k] = 0
		}
	}
}

// protocols reads what the precincts have in the columns of the block.
func (b *block) protocols(of *Protocols) {
	from, all := of.First-b.first, uint64(0) // all: the lines that all of them state
	for j := range b.n {
		counts, line := of.Line(Line(b.lo+j)), uint64(1)<<(b.lo+j)
		if b.rows == nil {
			for k := range counts {
				v, ok := b.value(from+k, j)
				if counts[k] = max(v, 0); ok {
					of.stated[k] |= line
				}
			}
			continue
		}
		at := b.view.at[j]
		if at < 0 {
			clear(counts)
			continue
		}
		rows := b.rows.counts[2*(from*b.rows.width+at):]
		for k := range counts {
			counts[k] = int64(rows.At(k * b.rows.width))
		}
		all |= line
	}
	for k := range of.Stated() {
		of.stated[k] |= all
	}
}

// Ballots calls do with the votes of each precinct from first on, below end: by list, -1
// where there are none. They are good until do returns.
func (s *Set) Ballots(first, end int, do func(p int, votes []int64)) {
	votes := make([]int64, len(s.Lists))
	for p := first; p < end; p++ {
		for l := range votes {
			votes[l] = -1
		}
		if b, _ := s.votes.find(p); b != nil {
			for j := range min(b.n, len(votes)-b.lo) {
				votes[b.lo+j], _ = b.value(p-b.first, j)
			}
		}
		do(p, votes)
	}
}

// A Count is the votes of a list in a precinct.
type Count struct {
	Precinct, List int32
	Votes          uint16 // at most Narrow
}

// PutAll notes counts, up to one that is there already; it returns how many it noted.
// Where they lie far apart, many at a time are noted sooner than one after the other.
func (s *Set) PutAll(counts []Count) int {
	return s.votes.putAll(counts)
}

// PutLine notes a line of p's protocol; false when it is already there.
func (s *Set) PutLine(p int, l Line, v int64) bool { return s.lines.put(p, int(l), v) }

// Add adds v to the votes of list l in precinct p; false when that leaves int64.
func (s *Set) Add(p, l int, v int64) bool {
	return s.votes.add(p, l, v)
}

// AddLine adds v to a line of p's protocol; false when that leaves int64.
func (s *Set) AddLine(p int, l Line, v int64) bool { return s.lines.add(p, int(l), v) }

// Without says that a line means nothing in precinct p: nobody is registered in a box of
// envelopes, so that turnout is not defined there. It adds nothing to the sums, and is not
// missing in them.
func (s *Set) Without(p int, l Line) {
	if s.without == nil {
		s.without = map[int]uint64{}
	}
	s.without[p] |= 1 << l
	s.lines.put(p, int(l), 0)
}

// Stated is what precinct p states as line l; false when it does not, or when the line
// means nothing there.
func (s *Set) Stated(p int, l Line) (int64, bool) {
	if s.without[p]>>l&1 != 0 {
		return 0, false
	}
	return s.Line(l).At(p)
}

// Meaningless reports whether a line means nothing in precinct p, as [Set.Without] says.
func (s *Set) Meaningless(p int, l Line) bool { return s.without[p]>>l&1 != 0 }

// Votes is the column of list l.
func (s *Set) Votes(l int) Column { return Column{&s.votes, l} }

// Line is the column of a protocol line.
func (s *Set) Line(l Line) Column { return Column{&s.lines, int(l)} }

// SumVotes adds up the votes of each list by group: sums[l][g] is what list l has in
// the precincts p with by[p] = g; those with by[p] < 0 count for none. It returns an
// [ErrOverflow] that names the list when a sum leaves int64.
func (s *Set) SumVotes(by []int32, groups int) (sums [][]Sum, err error) {
	sums, l := s.votes.sums(by, groups)
	if l >= 0 {
		return nil, fmt.Errorf("votes for %q: %w", s.Lists[l].Name, ErrOverflow)
	}
	return sums, nil
}

// SumLines adds up each line of the protocol as SumVotes does the votes.
func (s *Set) SumLines(by []int32, groups int) (sums [][]Sum, err error) {
	sums, l := s.lines.sums(by, groups)
	if l >= 0 {
		return nil, fmt.Errorf("%v: %w", Line(l), ErrOverflow)
	}
	return sums, nil
}

// VoteCounts is, by list, how many precincts have votes for it, be they 0.
func (s *Set) VoteCounts() []int { return s.votes.lens() }

// LineCounts is, by line, how many precincts state it.
func (s *Set) LineCounts() []int { return s.lines.lens() }

// Expect says that the file last added may have so many times the precincts that it
// has now: room is made for them at once. Room that is not used takes no memory.
func (s *Set) Expect(times float64) {
	first := s.first[len(s.first)-1]
	from := 0
	if first > 0 {
		from = int(s.ends[first-1])
	}
	precincts := int(float64(s.Len()-first) * (times - 1))
	s.names = grow(s.names, int(float64(len(s.names)-from)*(times-1)))
	s.ends = grow(s.ends, precincts)
	s.area = grow(s.area, precincts)
	s.line = grow(s.line, precincts)
}

// ExpectLists says that so many lists may come to have votes in every precinct: room for
// them is made once.
func (s *Set) ExpectLists(n int) { s.votes.expected = n }

// PartCount is how many parts the precincts are worth cutting into, for work on them side
// by side.
func (s *Set) PartCount() int { return partCount(s.Len(), 1<<14) }

// Parts calls do for all parts of the precincts, side by side: part i has those from first
// on, below end.
func (s *Set) Parts(do func(i, first, end int)) { inParts(s.Len(), s.PartCount(), do) }

// partCount is how many parts things are worth cutting into, of which at least so many are
// worth a goroutine.
func partCount(things, least int) int { return max(1, min(runtime.GOMAXPROCS(0), things/least)) }

func inParts(things, parts int, do func(i, first, end int)) {
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() { do(i, i*things/parts, (i+1)*things/parts) })
	}
	all.Wait()
}

// VotesByPrecinct calls do with the sums of all votes of the precincts from first on, below
// end: of some at a time, which follow one another from p on. They are good until do
// returns. It ends, and is false, where a sum leaves int64.
func (s *Set) VotesByPrecinct(first, end int, do func(p int, votes []int64)) bool {
	var room [perBlock]int64
	for p := first; p < end; p += perBlock {
		sums := room[:min(perBlock, end-p)]
		if !s.votes.byPrecinct(p, sums) {
			return false
		}
		do(p, sums)
	}
	return true
}

// RowsOf is the number of rows that precinct p was read from.
func (s *Set) RowsOf(p int) int64 {
	if file, _ := s.Position(p); !s.long[file] {
		return 1
	}
	n := int64(0)
	for l := range s.Lists {
		if _, ok := s.Votes(l).At(p); ok {
			n++
		}
	}
	return n
}
