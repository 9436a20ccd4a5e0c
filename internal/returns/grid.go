package returns

import (
	"fmt"
	"math"
	"math/bits"
)

// A grid is the counts of some columns by precinct, in blocks of 64 precincts.
//
// Within a block the counts of one column stand together, as do the bits that say
// which are there, so that a sum over a column runs through memory and a return
// of many columns is written in few places. Blocks never move: a growing set
// copies nothing. A count is kept in 16 bits as long as all of its block fit,
// which is always but for nonsense, and in 64 from the first that does not.
type grid struct {
	blocks []block
	counts []int // by column: how many are there

	// Blocks are cut from larger pieces, each as large as all before it: what is
	// not yet used of one takes no memory.
	hasRoom    []uint64
	narrowRoom []uint16
	cut        int // columns of blocks cut so far
}

// A block has the columns from lo on, as many as it has words in has: lists that
// no precinct of the block knows take no room.
type block struct {
	lo     int
	has    []uint64 // by column: a bit a precinct
	narrow []uint16 // by column: 64 counts
	wide   []int64  // instead of narrow, once it is not nil
}

const perBlock = 64

func (g *grid) addColumn() { g.counts = append(g.counts, 0) }

// put notes count v of column c in precinct p; false when it has one.
func (g *grid) put(p, c int, v int64) bool {
	b := g.at(p, c)
	j := c - b.lo
	bit := uint64(1) << (p % perBlock)
	if b.has[j]&bit != 0 {
		return false
	}
	b.has[j] |= bit
	g.counts[c]++
	if b.wide == nil && v > math.MaxUint16 {
		b.widen()
	}
	if k := j*perBlock + p%perBlock; b.wide != nil {
		b.wide[k] = v
	} else {
		b.narrow[k] = uint16(v)
	}
	return true
}

// putRow notes counts of the columns from c on in precinct p, up to one that is
// there already, and returns how many it noted.
func (g *grid) putRow(p, c int, counts []uint32) int {
	if len(counts) == 0 {
		return 0
	}
	g.at(p, c)
	b := g.at(p, c+len(counts)-1)
	bit := uint64(1) << (p % perBlock)
	j := c - b.lo
	has := b.has[j:][:len(counts)]
	if b.wide == nil {
		k := j*perBlock + p%perBlock
		for i, v := range counts {
			if has[i]&bit != 0 || v > math.MaxUint16 {
				return i + g.putEach(p, c+i, counts[i:])
			}
			has[i] |= bit
			b.narrow[k] = uint16(v)
			k += perBlock
			g.counts[c+i]++
		}
		return len(counts)
	}
	return g.putEach(p, c, counts)
}

func (g *grid) putEach(p, c int, counts []uint32) int {
	for i, v := range counts {
		if !g.put(p, c+i, int64(v)) {
			return i
		}
	}
	return len(counts)
}

// at is the block of precinct p, with room for column c.
func (g *grid) at(p, c int) *block {
	for p/perBlock >= len(g.blocks) {
		g.blocks = append(g.blocks, block{})
	}
	b := &g.blocks[p/perBlock]
	if c-b.lo < 0 || c-b.lo >= len(b.has) {
		g.widenTo(p/perBlock, c)
	}
	return b
}

// widenTo makes room for column c in block i: a new block has the columns of the
// one before it if c is among them, and an old one doubles.
func (g *grid) widenTo(i, c int) {
	b := &g.blocks[i]
	lo, hi := c, c+1
	if len(b.has) > 0 {
		lo, hi = min(lo, b.lo), max(hi, b.lo+len(b.has))
		if c > b.lo {
			hi = max(hi, min(b.lo+2*len(b.has), len(g.counts)))
		} else {
			lo = max(0, min(lo, b.lo-len(b.has)))
		}
	} else if i > 0 {
		if last := &g.blocks[i-1]; c >= last.lo && c < last.lo+len(last.has) {
			lo, hi = last.lo, last.lo+len(last.has)
		}
	}
	wider := g.cutBlock(lo, hi-lo)
	at := max(b.lo-lo, 0)
	copy(wider.has[at:], b.has)
	copy(wider.narrow[at*perBlock:], b.narrow)
	if b.wide != nil {
		wider.widen()
		copy(wider.wide[at*perBlock:], b.wide)
	}
	*b = wider
}

// cutBlock is an empty block of n columns.
func (g *grid) cutBlock(lo, n int) block {
	const most = 1 << 15 // columns of blocks in a piece, 4 MiB
	if n > len(g.hasRoom) {
		g.hasRoom = make([]uint64, max(n, min(g.cut, most)))
		g.narrowRoom = make([]uint16, len(g.hasRoom)*perBlock)
	}
	b := block{lo: lo, has: g.hasRoom[:n:n], narrow: g.narrowRoom[: n*perBlock : n*perBlock]}
	g.hasRoom, g.narrowRoom = g.hasRoom[n:], g.narrowRoom[n*perBlock:]
	g.cut += n
	return b
}

func (b *block) widen() {
	b.wide = make([]int64, len(b.narrow))
	for i, v := range b.narrow {
		b.wide[i] = int64(v)
	}
	b.narrow = nil
}

// value is the count at place k of the block, which is there.
func (b *block) value(k int) int64 {
	if b.wide != nil {
		return b.wide[k]
	}
	return int64(b.narrow[k])
}

// A Column is one count a precinct: the votes of a list, or a line of the protocol.
// It is a view of its set.
type Column struct {
	grid *grid
	c    int
}

// At is the count of precinct p; false when it has none.
func (c Column) At(p int) (int64, bool) {
	if p/perBlock >= len(c.grid.blocks) {
		return 0, false
	}
	b := &c.grid.blocks[p/perBlock]
	j := c.c - b.lo
	if j < 0 || j >= len(b.has) || b.has[j]>>(p%perBlock)&1 == 0 {
		return 0, false
	}
	return b.value(j*perBlock + p%perBlock), true
}

// Len is the number of precincts that the column has a count for.
func (c Column) Len() int { return c.grid.counts[c.c] }

// A Sum is what a column adds up to in one group of precincts.
type Sum struct {
	Votes  int64 // the sum of the counts that are there
	Counts int   // how many are there
}

// Groups says which group each precinct is of, for sums: precinct p counts for
// group By[p], and for none where By[p] < 0.
type Groups struct {
	By    []int32
	block []int32 // by block: the group of all its precincts, or mixed
}

const mixed = -2

// NewGroups prepares groups for the sums of many columns.
func NewGroups(by []int32) Groups {
	g := Groups{By: by}
	for rest := by; len(rest) > 0; rest = rest[min(perBlock, len(rest)):] {
		of := rest[0]
		for _, o := range rest[:min(perBlock, len(rest))] {
			if o != of || o < 0 {
				of = mixed
				break
			}
		}
		g.block = append(g.block, of)
	}
	return g
}

// Sums adds the column up by group; sums has one for each. It returns
// [ErrOverflow] when a sum leaves int64.
func (c Column) Sums(groups Groups, sums []Sum) error {
	for i, of := range groups.block {
		if i == len(c.grid.blocks) {
			break
		}
		b := &c.grid.blocks[i]
		j := c.c - b.lo
		if j < 0 || j >= len(b.has) || b.has[j] == 0 {
			continue
		}
		if of != mixed && b.wide == nil { // a count that is not there is 0
			if !sums[of].add(total(b.narrow[j*perBlock:][:perBlock]), bits.OnesCount64(b.has[j])) {
				return ErrOverflow
			}
			continue
		}
		by := groups.By[i*perBlock : min((i+1)*perBlock, len(groups.By))]
		for k, g := range by {
			if g >= 0 && b.has[j]>>k&1 != 0 && !sums[g].add(b.value(j*perBlock+k), 1) {
				return ErrOverflow
			}
		}
	}
	return nil
}

func (s *Sum) add(v int64, counts int) bool {
	if v > math.MaxInt64-s.Votes {
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

// addTo adds each precinct's counts of all columns to its sum; false when one
// leaves int64.
func (g *grid) addTo(sums []int64) bool {
	for i := range g.blocks {
		b := &g.blocks[i]
		of := sums[min(i*perBlock, len(sums)):min((i+1)*perBlock, len(sums))]
		for j, has := range b.has {
			switch {
			case has == 0:
			case b.wide == nil:
				// A count that is not there is 0, and no sum of 2^47 columns overflows.
				for k, v := range b.narrow[j*perBlock:][:len(of)] {
					of[k] += int64(v)
				}
			default:
				for k, v := range b.wide[j*perBlock:][:len(of)] {
					if of[k] += v; of[k] < 0 {
						return false
					}
				}
			}
		}
	}
	return true
}

// ErrOverflow says that a sum is beyond 9,223,372,036,854,775,807.
var ErrOverflow = fmt.Errorf("the sum is beyond %d", int64(math.MaxInt64))
