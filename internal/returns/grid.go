package returns

import (
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// A grid is the counts of some columns by precinct, in blocks of up to 64 precincts.
//
// Within a block the counts of one column stand together, so that a sum over a column
// runs through memory, and a return of many columns is written in few places. A count
// is kept in 16 bits as long as all of its block fit, which is always but for
// nonsense, and in 64 from the first that does not. Blocks follow one another without
// a gap, and may come ready made from others (a [Sheet]).
type grid struct {
	columns int
	blocks  []block
	index   []uint32 // the block of each 64th precinct
	pool             // of room for blocks
	fetched uint64
}

// A block is the precincts from first on, below end, and has n columns from lo on:
// lists that none of its precincts knows take no room.
type block struct {
	first, end int
	lo, n      int
	has        []uint64 // by precinct, a bit a column, in words of 64 columns; nil: all have every
	every      uint64
	narrow     []uint16 // by column, 64 counts
	wide       []int64  // instead of narrow, once it is not nil
	sums       []uint32 // by column; nil: not known
}

const perBlock = 64

// A pool has room for blocks, cut from larger pieces, each as large as all before it:
// what is not yet used of one takes no memory.
type pool struct {
	hasRoom    []uint64
	narrowRoom []uint16
	sumsRoom   []uint32
	cut        int // columns of blocks cut so far
}

// block is an empty block of n columns from lo on.
func (r *pool) block(lo, n int) block {
	words := (n + 63) / 64 * perBlock
	if words > len(r.hasRoom) {
		r.hasRoom = make([]uint64, r.blocks(n)*words)
	}
	has := r.hasRoom[:words:words]
	r.hasRoom = r.hasRoom[words:]
	// Who reads new memory before it writes there has the system fetch it twice.
	for i := 0; i < words; i += 512 {
		has[i] = 0
	}
	return r.blockWith(has, lo, n)
}

// blockWith is an empty block with room for what its precincts have.
func (r *pool) blockWith(has []uint64, lo, n int) block {
	counts := n * perBlock
	if counts > len(r.narrowRoom) {
		r.narrowRoom = make([]uint16, r.blocks(n)*counts)
	}
	b := block{lo: lo, n: n, has: has, narrow: r.narrowRoom[:counts:counts]}
	r.narrowRoom = r.narrowRoom[counts:]
	r.cut += n
	return b
}

// blocks is for how many blocks of n columns a new piece shall have room.
func (r *pool) blocks(n int) int {
	const most = 1 << 15 // columns, 4 MiB of counts
	return max(1, min(r.cut, most)/n)
}

// end is the precinct behind the last block.
func (g *grid) end() int {
	if len(g.blocks) == 0 {
		return 0
	}
	return g.blocks[len(g.blocks)-1].end
}

// append takes in a block of the precincts from end on.
func (g *grid) append(b block) {
	for len(g.index)*perBlock < b.end {
		g.index = append(g.index, uint32(len(g.blocks)))
	}
	g.blocks = append(g.blocks, b)
}

// find is the number of the block of precinct p; false when there is none.
func (g *grid) find(p int) (i int, ok bool) {
	if p >= g.end() {
		return 0, false
	}
	for i = int(g.index[p/perBlock]); p >= g.blocks[i].end; i++ {
	}
	return i, true
}

// words is how many words of has a precinct has.
func (b *block) words() int { return (b.n + 63) / 64 }

// there reports whether precinct k of the block has a count of column j of it.
func (b *block) there(k, j int) bool {
	if b.has == nil {
		return b.every>>j&1 != 0
	}
	return b.has[k*b.words()+j/64]>>(j%64)&1 != 0
}

// put notes count v of column c in precinct p; false when it has one.
func (g *grid) put(p, c int, v int64) bool {
	b := g.at(p, c, 1)
	return b.put(p-b.first, c-b.lo, v)
}

// put notes count v of column j of the block in precinct k of it; false when it has
// one.
func (b *block) put(k, j int, v int64) bool {
	word, bit := &b.has[k*b.words()+j/64], uint64(1)<<(j%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	if b.wide == nil && v > math.MaxUint16 {
		b.widen()
	}
	if b.wide != nil {
		b.wide[j*perBlock+k] = v
	} else {
		b.narrow[j*perBlock+k] = uint16(v)
	}
	return true
}

// putAll notes counts, up to one that is there already; it returns how many it noted.
// Of some at a time it first fetches what they need from memory, side by side: in
// short loops, of which the processor can be in many rounds at once.
func (g *grid) putAll(counts []Count) int {
	const batch = 64
	var blocks [batch]int
	for done := 0; done < len(counts); {
		some := counts[done:min(done+batch, len(counts))]
		var fetched uint64 // or the compiler would leave it all out
		for i, c := range some {
			if p := int(c.Precinct); p < g.end() {
				blocks[i] = int(g.index[p/perBlock])
				fetched += uint64(g.blocks[blocks[i]].end)
			}
		}
		for i, c := range some {
			blocks[i] = g.blockAt(int(c.Precinct), int(c.List), 1)
		}
		for i, c := range some {
			b := &g.blocks[blocks[i]]
			k, j := int(c.Precinct)-b.first, int(c.List)-b.lo
			if fetched += b.has[k*b.words()+j/64]; b.wide == nil {
				fetched += uint64(b.narrow[j*perBlock+k])
			}
		}
		g.fetched = fetched
		for i, c := range some {
			if b := &g.blocks[blocks[i]]; !b.put(int(c.Precinct)-b.first, int(c.List)-b.lo, int64(c.Votes)) {
				return done + i
			}
		}
		done += len(some)
	}
	return len(counts)
}

// putRow notes counts of the columns from c on in precinct p, up to one that is
// there already, and returns how many it noted.
func (g *grid) putRow(p, c int, counts []uint32) int {
	b := g.at(p, c, len(counts))
	return b.putRow(p-b.first, c-b.lo, counts)
}

func (b *block) putRow(k, j int, counts []uint32) int {
	if n := len(counts); n < 64 && b.n <= 64 && b.wide == nil {
		bits := (uint64(1)<<n - 1) << j
		if b.has[k]&bits == 0 && fit(counts) {
			b.has[k] |= bits
			at := b.narrow[j*perBlock+k:]
			for i, v := range counts {
				at[i*perBlock] = uint16(v)
			}
			return n
		}
	}
	for i, v := range counts {
		if !b.put(k, j+i, int64(v)) {
			return i
		}
	}
	return len(counts)
}

// fit reports whether counts can be kept in 16 bits.
func fit(counts []uint32) bool {
	all := uint32(0)
	for _, v := range counts {
		all |= v
	}
	return all <= math.MaxUint16
}

// at is the block of precinct p, with room for n columns from c on.
func (g *grid) at(p, c, n int) *block { return &g.blocks[g.blockAt(p, c, n)] }

// blockAt is the number of that block.
func (g *grid) blockAt(p, c, n int) int {
	for p >= g.end() {
		g.append(block{first: g.end(), end: g.end() + perBlock})
	}
	i, _ := g.find(p)
	b := &g.blocks[i]
	if c < b.lo || c+n > b.lo+b.n {
		g.widenTo(i, c, c+n)
	} else if b.has == nil {
		b.expand()
	}
	b.sums = nil
	return i
}

// widenTo makes room for the columns from lo on, below hi, in block i: a new block has
// the columns of the one before it if those are among them, and an old one doubles.
func (g *grid) widenTo(i, lo, hi int) {
	old := g.blocks[i]
	if old.n > 0 {
		if hi > old.lo+old.n {
			hi = max(hi, min(old.lo+2*old.n, g.columns))
		}
		if lo < old.lo {
			lo = max(0, min(lo, old.lo-old.n))
		}
		lo, hi = min(lo, old.lo), max(hi, old.lo+old.n)
	} else if i > 0 {
		if last := &g.blocks[i-1]; lo >= last.lo && hi <= last.lo+last.n {
			lo, hi = last.lo, last.lo+last.n
		}
	}
	b := g.block(lo, hi-lo)
	b.first, b.end = old.first, old.end
	if old.has != nil && old.lo == lo && old.words() == b.words() {
		copy(b.has, old.has)
	} else {
		for i := range (old.end - old.first) * old.n {
			if k, j := i/old.n, i%old.n; old.there(k, j) {
				to := old.lo + j - lo
				b.has[k*b.words()+to/64] |= 1 << (to % 64)
			}
		}
	}
	at := max(old.lo-lo, 0) * perBlock
	copy(b.narrow[at:], old.narrow)
	if old.wide != nil {
		b.widen()
		copy(b.wide[at:], old.wide)
	}
	g.blocks[i] = b
}

// expand says of each precinct what it has.
func (b *block) expand() {
	b.has = make([]uint64, perBlock)
	for k := range b.end - b.first {
		b.has[k] = b.every
	}
}

func (b *block) widen() {
	b.wide = make([]int64, len(b.narrow))
	for i, v := range b.narrow {
		b.wide[i] = int64(v)
	}
	b.narrow = nil
}

// value is the count of precinct k of the block in column j of it, which is there.
func (b *block) value(k, j int) int64 {
	if b.wide != nil {
		return b.wide[j*perBlock+k]
	}
	return int64(b.narrow[j*perBlock+k])
}

// A Column is one count a precinct: the votes of a list, or a line of the protocol.
// It is a view of its set.
type Column struct {
	grid *grid
	c    int
}

// At is the count of precinct p; false when it has none.
func (c Column) At(p int) (int64, bool) {
	i, ok := c.grid.find(p)
	if !ok {
		return 0, false
	}
	b := &c.grid.blocks[i]
	k, j := p-b.first, c.c-b.lo
	if j < 0 || j >= b.n || !b.there(k, j) {
		return 0, false
	}
	return b.value(k, j), true
}

// lens is the number of counts in each column.
func (g *grid) lens() []int {
	lens := make([]int, g.columns)
	for i := range g.blocks {
		b := &g.blocks[i]
		b.lens(lens)
	}
	return lens
}

// lens adds the numbers of counts that the columns have.
func (b *block) lens(to []int) {
	if b.has == nil {
		for rest := b.every; rest != 0; rest &= rest - 1 {
			to[b.lo+bits.TrailingZeros64(rest)] += b.end - b.first
		}
		return
	}
	words := b.words()
	for w := range words {
		// Mostly all precincts have the same columns, so that one word tells of all.
		all, any := ^uint64(0), uint64(0)
		for k := w; k < len(b.has); k += words {
			all &= b.has[k]
			any |= b.has[k]
		}
		for rest := any; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros64(rest)
			n := perBlock
			if all>>j&1 == 0 {
				n = 0
				for k := w; k < len(b.has); k += words {
					n += int(b.has[k] >> j & 1)
				}
			}
			to[b.lo+64*w+j] += n
		}
	}
}

// A Sum is what a column adds up to in one group of precincts.
type Sum struct {
	Votes  int64 // the sum of the counts that are there
	Counts int   // how many are there
}

// parts calls do for parts of the blocks, side by side: part i of n has the blocks from
// first on, below end.
func (g *grid) parts(do func(i, first, end int)) (n int) {
	const least = 1 << 10 // blocks that are worth a goroutine
	n = max(1, min(runtime.GOMAXPROCS(0), len(g.blocks)/least))
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i, i*len(g.blocks)/n, (i+1)*len(g.blocks)/n) })
	}
	all.Wait()
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
	lens := make([]int, g.columns)
	for i := first; i < end; i++ {
		b := &g.blocks[i]
		of := by[min(b.first, len(by)):min(b.end, len(by))]
		one := b.wide == nil && uniform(of)
		if one {
			clear(lens[b.lo:][:b.n])
			b.lens(lens)
		}
		for j := range b.n {
			to := sums[(b.lo+j)*groups:][:groups]
			if one { // a count that is not there is 0
				sum := int64(0)
				if b.sums != nil {
					sum = int64(b.sums[j])
				} else {
					sum = total(b.narrow[j*perBlock:][:perBlock])
				}
				to[of[0]].add(sum, lens[b.lo+j])
				continue
			}
			for k, group := range of {
				if group >= 0 && b.there(k, j) {
					to[group].add(b.value(k, j), 1)
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

func total(counts []uint16) int64 {
	var a, b, c, d uint64 // chains of additions, which run side by side
	for ; len(counts) >= 4; counts = counts[4:] {
		a += uint64(counts[0])
		b += uint64(counts[1])
		c += uint64(counts[2])
		d += uint64(counts[3])
	}
	return int64(a + b + c + d) // of a block, whose length is a multiple of 4
}

// byPrecinct is the sum of all columns in each of n precincts; false when one leaves
// int64.
func (g *grid) byPrecinct(n int) ([]int64, bool) {
	sums := make([]int64, n)
	over := make([]bool, runtime.GOMAXPROCS(0))
	g.parts(func(i, first, end int) {
		for k := first; k < end; k++ {
			over[i] = !g.blocks[k].addTo(sums) || over[i]
		}
	})
	return sums, !slices.Contains(over, true)
}

// addTo adds the counts of each precinct to its sum. One that is not there is 0.
func (b *block) addTo(sums []int64) bool {
	sums = sums[min(b.first, len(sums)):min(b.end, len(sums))]
	for j := range b.n {
		if j == 0 && b.wide == nil { // nothing is there yet, and need not be fetched
			for k, v := range b.narrow[:len(sums)] {
				sums[k] = int64(v)
			}
			continue
		}
		if b.wide == nil { // no sum of 2^47 columns overflows
			for k, v := range b.narrow[j*perBlock:][:len(sums)] {
				sums[k] += int64(v)
			}
			continue
		}
		for k, v := range b.wide[j*perBlock:][:len(sums)] {
			if sums[k] += v; sums[k] < 0 {
				return false
			}
		}
	}
	return true
}

// ErrOverflow says that a sum is beyond 9,223,372,036,854,775,807.
var ErrOverflow = fmt.Errorf("the sum is beyond %d", int64(math.MaxInt64))
