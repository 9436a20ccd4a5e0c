package returns

import (
	"fmt"
	"math"
	"runtime"
)

// A grid is the counts of some columns by precinct, in blocks of up to 64 precincts.
//
// Within a block the counts of one column stand together, so that a sum over a column
// runs through memory, and a return of many columns is written in few places. Blocks
// follow one another without a gap, and may come ready made from others (a [Sheet]).
type grid struct {
	columns  int
	expected int // so many columns there may be in the end
	blocks   []*block
	index    []uint32 // the block of each 64th precinct
	pool     pool
	fetched  uint64
}

// A block is the precincts from first on, below end, and has n columns from lo on:
// lists that none of its precincts knows take no room. Its counts are kept as narrow as
// they fit.
type block struct {
	first, end, lo, n int

	// As the rows of a sheet, until there is a change.
	rows *rows
	view *view

	// Else by column, 64 counts each: 0 where there is none, and one more than the count.
	narrow []uint16
	wide   []uint64 // instead of narrow, once it is not nil
}

const (
	perBlock = 64

	// Narrow is the largest count that is kept in 16 bits, which is nearly every one of a
	// precinct.
	Narrow = math.MaxUint16 - 1
)

// A pool has room for blocks, cut from larger pieces, each as large as all before it:
// what is not yet used of one takes no memory.
type pool struct {
	blocks []block
	room   []uint16
	cut    int // columns of room so far
}

// block is a block of which the rest is to be filled in.
func (r *pool) block() *block {
	if len(r.blocks) == 0 {
		r.blocks = make([]block, perBlock)
	}
	b := &r.blocks[0]
	r.blocks = r.blocks[1:]
	return b
}

// narrow has room for n columns.
func (r *pool) narrow(n int) []uint16 {
	const most = 1 << 16 // columns, 8 MiB
	if n*perBlock > len(r.room) {
		r.room = roomAnywhere[uint16](max(1, min(r.cut, most)/n) * n * perBlock)
	}
	r.cut += n
	room := r.room[: n*perBlock : n*perBlock]
	r.room = r.room[n*perBlock:]
	return room
}

// end is the precinct behind the last block.
func (g *grid) end() int {
	if len(g.blocks) == 0 {
		return 0
	}
	return g.blocks[len(g.blocks)-1].end
}

// append takes in a block of the precincts from end on.
func (g *grid) append(b *block) {
	for len(g.index)*perBlock < b.end {
		g.index = append(g.index, uint32(len(g.blocks)))
	}
	g.blocks = append(g.blocks, b)
}

// appendEmpty takes in an empty block of the precincts from end on.
func (g *grid) appendEmpty(end int) {
	b := g.pool.block()
	b.first, b.end = g.end(), end
	g.append(b)
}

// find is the block of precinct p, and its number; nil when there is none.
func (g *grid) find(p int) (b *block, i int) {
	if p >= g.end() {
		return nil, 0
	}
	for i = int(g.index[p/perBlock]); p >= g.blocks[i].end; i++ {
	}
	return g.blocks[i], i
}

// value is the count of precinct k of the block in column j of it; false when there is
// none.
func (b *block) value(k, j int) (int64, bool) {
	switch {
	case b.narrow != nil:
		v := b.narrow[j*perBlock+k]
		return int64(v) - 1, v > 0
	case b.wide != nil:
		v := b.wide[j*perBlock+k]
		return int64(v - 1), v > 0
	}
	if at := b.view.at[j]; at >= 0 {
		return int64(b.rows.counts.At(k*b.rows.width + at)), true
	}
	return -1, false
}

// put notes count v of column c in precinct p; false when it has one.
func (g *grid) put(p, c int, v int64) bool {
	b := g.at(p, c, 1)
	return b.put(p-b.first, c-b.lo, v)
}

// put notes count v of column j of the block in precinct k of it; false when it has
// one.
func (b *block) put(k, j int, v int64) bool {
	if b.wide == nil {
		to := &b.narrow[j*perBlock+k]
		if *to != 0 {
			return false
		}
		if v <= Narrow {
			*to = uint16(v + 1)
			return true
		}
		b.widen()
	}
	to := &b.wide[j*perBlock+k]
	if *to != 0 {
		return false
	}
	*to = uint64(v) + 1
	return true
}

// add adds v to the count of column c in precinct p; false when that leaves int64.
func (g *grid) add(p, c int, v int64) bool {
	b := g.at(p, c, 1)
	k, j := p-b.first, c-b.lo
	if before, ok := b.value(k, j); ok {
		if v > math.MaxInt64-before {
			return false
		}
		v += before
		if b.wide != nil {
			b.wide[j*perBlock+k] = 0
		} else {
			b.narrow[j*perBlock+k] = 0
		}
	}
	return b.put(k, j, v)
}

// putAll notes counts, up to one that is there already; it returns how many it noted.
// Of some at a time it first fetches what they need from memory, side by side: in
// short loops, of which the processor can be in many rounds at once.
func (g *grid) putAll(counts []Count) int {
	const batch = 64
	var blocks [batch]*block
	for done := 0; done < len(counts); {
		some := counts[done:min(done+batch, len(counts))]
		var fetched uint64 // or the compiler would leave it all out
		for i, c := range some {
			if p := int(c.Precinct); p < g.end() {
				blocks[i] = g.blocks[g.index[p/perBlock]]
				fetched += uint64(blocks[i].end)
			}
		}
		for i, c := range some {
			blocks[i] = g.at(int(c.Precinct), int(c.List), 1)
		}
		for i, c := range some {
			if b := blocks[i]; b.wide == nil {
				fetched += uint64(b.narrow[(int(c.List)-b.lo)*perBlock+int(c.Precinct)-b.first])
			}
		}
		g.fetched = fetched
		for i, c := range some {
			if b := blocks[i]; !b.put(int(c.Precinct)-b.first, int(c.List)-b.lo, int64(c.Votes)) {
				return done + i
			}
		}
		done += len(some)
	}
	return len(counts)
}

// putRow notes counts of the columns from c on in precinct p, up to one that is
// there already, and returns how many it noted.
func (g *grid) putRow(p, c int, counts Counts) int {
	n := counts.Len()
	b := g.at(p, c, n)
	for i := range n {
		if !b.put(p-b.first, c-b.lo+i, int64(counts.At(i))) {
			return i
		}
	}
	return n
}

// at is the block of precinct p, ready for changes in n columns from c on.
func (g *grid) at(p, c, n int) *block {
	for p >= g.end() {
		g.appendEmpty(g.end() + perBlock)
	}
	b, i := g.find(p)
	if c < b.lo || c+n > b.lo+b.n {
		g.widenTo(b, i, c, c+n)
	} else if b.rows != nil {
		b.unpack(g.pool.narrow(b.n), 0)
	}
	return b
}

// widenTo makes room for the columns from lo on, below hi, in block i: a new one has
// the columns of the one before it if those are among them, and an old one doubles, up
// to the columns that there are and, where those are many, some that may follow; or has
// all at once that are expected.
func (g *grid) widenTo(b *block, i, lo, hi int) {
	if b.n > 0 {
		if hi > b.lo+b.n {
			hi = max(hi, g.expected, min(b.lo+2*b.n, g.columns+g.columns/64*8))
		}
		if lo < b.lo {
			lo = max(0, min(lo, b.lo-b.n))
		}
		lo, hi = min(lo, b.lo), max(hi, b.lo+b.n)
	} else if i > 0 {
		if last := g.blocks[i-1]; lo >= last.lo && hi <= last.lo+last.n {
			lo, hi = last.lo, last.lo+last.n
		}
	}
	at := max(b.lo-lo, 0) * perBlock // of the first column that it has
	switch {
	case b.wide != nil:
		wide := make([]uint64, (hi-lo)*perBlock)
		copy(wide[at:], b.wide)
		b.wide = wide
	case b.rows != nil:
		b.unpack(g.pool.narrow(hi-lo), at)
	default:
		narrow := g.pool.narrow(hi - lo)
		copy(narrow[at:], b.narrow)
		b.narrow = narrow
	}
	b.lo, b.n = lo, hi-lo
}

// unpack makes a block that has rows one that can be changed, with its counts in narrow
// from there on.
func (b *block) unpack(narrow []uint16, at int) {
	for j := range b.n {
		for k := range b.end - b.first {
			if v, ok := b.value(k, j); ok {
				narrow[at+j*perBlock+k] = uint16(v + 1)
			}
		}
	}
	b.narrow, b.rows, b.view = narrow, nil, nil
}

func (b *block) widen() {
	b.wide = make([]uint64, len(b.narrow))
	for i, v := range b.narrow {
		b.wide[i] = uint64(v)
	}
	b.narrow = nil
}

// A Column is one count a precinct: the votes of a list, or a line of the protocol.
// It is a view of its set.
type Column struct {
	grid *grid
	c    int
}

// At is the count of precinct p; false when it has none.
func (c Column) At(p int) (int64, bool) {
	b, _ := c.grid.find(p)
	if b == nil || c.c < b.lo || c.c >= b.lo+b.n {
		return 0, false
	}
	v, ok := b.value(p-b.first, c.c-b.lo)
	return max(v, 0), ok
}

// lens is the number of counts in each column.
func (g *grid) lens() []int {
	lens := make([]int, g.columns)
	for _, b := range g.blocks {
		for j := range min(b.n, g.columns-b.lo) {
			lens[b.lo+j] += b.len(j)
		}
	}
	return lens
}

// len is how many counts column j of the block has.
func (b *block) len(j int) (n int) {
	switch {
	case b.wide != nil:
		for _, v := range b.wide[j*perBlock:][:perBlock] {
			n += int(min(v, 1))
		}
	case b.narrow != nil:
		for _, v := range b.narrow[j*perBlock:][:perBlock] {
			n += int(min(v, 1))
		}
	case b.view.at[j] >= 0:
		n = b.end - b.first
	}
	return n
}

// A Sum is what a column adds up to in one group of precincts.
type Sum struct {
	Votes  int64 // the sum of the counts that are there
	Counts int   // how many are there
}

// parts calls do for parts of the blocks, side by side: part i of n has the blocks from
// first on, below end.
func (g *grid) parts(do func(i, first, end int)) (n int) {
	n = partCount(len(g.blocks), 1<<10)
	inParts(len(g.blocks), n, do)
	return n
}

// sums adds up all columns by group: precinct p counts for group by[p], and for none
// where by[p] < 0. It goes block by block, each of them read once. The column is the
// first of which a sum leaves int64, or -1.
func (g *grid) sums(by []int32, groups int) (sums [][]Sum, column int) {
	parts := make([][]Sum, runtime.GOMAXPROCS(0))
	n := g.parts(func(i, first, end int) {
		parts[i] = make([]Sum, g.columns*groups)
		g.sumsOf(first, end, by, groups, parts[i])
	})
	sums = make([][]Sum, g.columns)
	for c := range sums {
		sums[c] = parts[0][c*groups:][:groups]
		for i, part := range parts[:n] {
			for k, s := range part[c*groups:][:groups] {
				if s.Votes < 0 || i > 0 && !sums[c][k].add(s.Votes, s.Counts) {
					return nil, c
				}
			}
		}
	}
	return sums, -1
}

// sumsOf adds some blocks to sums. One that leaves int64 becomes negative and stays so.
func (g *grid) sumsOf(first, end int, by []int32, groups int, sums []Sum) {
	for _, b := range g.blocks[first:end] {
		of := by[min(b.first, len(by)):min(b.end, len(by))]
		one := b.wide == nil && uniform(of)
		for j := range min(b.n, g.columns-b.lo) {
			to := sums[(b.lo+j)*groups:][:groups]
			switch {
			case one && b.rows != nil:
				if at := b.view.at[j]; at >= 0 {
					to[of[0]].add(int64(b.rows.sums[at]), len(of))
				}
			case one:
				sum, counts := uint32(0), uint32(0)
				for _, v := range b.narrow[j*perBlock:][:perBlock] {
					sum += uint32(v)
					counts += uint32(min(v, 1))
				}
				to[of[0]].add(int64(sum-counts), int(counts))
			default:
				for k, group := range of {
					if group < 0 {
						continue
					}
					if v, ok := b.value(k, j); ok {
						to[group].add(v, 1)
					}
				}
			}
		}
	}
}

// uniform reports whether all precincts are of one group.
func uniform(of []int32) bool {
	for _, g := range of {
		if g != of[0] || g < 0 {
			return false
		}
	}
	return len(of) > 0
}

// add adds v; false when the sum leaves int64, which makes it -1 for ever.
func (s *Sum) add(v int64, counts int) bool {
	if s.Votes < 0 || v > math.MaxInt64-s.Votes {
		s.Votes = -1
		return false
	}
	s.Votes += v
	s.Counts += counts
	return true
}

// byPrecinct puts the sums of all columns in the precincts from p on into sums, 0 where
// there is none; false when one leaves int64.
func (g *grid) byPrecinct(p int, sums []int64) bool {
	for len(sums) > 0 {
		b, _ := g.find(p)
		if b == nil {
			clear(sums)
			return true
		}
		n := min(len(sums), b.end-p)
		if !b.byPrecinct(p-b.first, sums[:n]) {
			return false
		}
		p, sums = p+n, sums[n:]
	}
	return true
}

// byPrecinct is that for a block, from its precinct k on.
func (b *block) byPrecinct(k int, sums []int64) bool {
	switch {
	case b.rows != nil:
		for i, v := range b.rows.votes[k:][:len(sums)] {
			sums[i] = int64(v)
		}
	case b.wide == nil:
		var room [perBlock]uint64
		all := room[:len(sums)]
		for j := range b.n {
			counts := b.narrow[j*perBlock+k:][:len(all)]
			for i := range all {
				v := counts[i]
				all[i] += uint64(v - min(v, 1))
			}
		}
		for i, v := range all {
			sums[i] = int64(v)
		}
	default:
		clear(sums)
		for j := range b.n {
			for i, v := range b.wide[j*perBlock+k:][:len(sums)] {
				if sums[i] += int64(v - min(v, 1)); sums[i] < 0 {
					return false
				}
			}
		}
	}
	return true
}

// ErrOverflow says that a sum is beyond 9,223,372,036,854,775,807.
var ErrOverflow = fmt.Errorf("the sum is beyond %d", int64(math.MaxInt64))
