package returns

import (
	"bytes"
	"hash/maphash"
	"sync/atomic"
)

// Known is the ids and areas of the precincts that a set had at one time, in
// order of first appearance. It may be read while the set grows.
type Known struct {
	// Ids stand one after the other in one arena: a million strings would cost
	// 16 bytes each and a scan by the garbage collector.
	names []byte
	ends  []uint32 // where the id of each precinct ends in names
	area  []int32

	// As long as ids ascend, which in published files is nearly always, they are
	// their own index. The first that does not makes a table of all.
	slots []atomic.Uint32 // open-addressed: precinct + 1, 0 = free; nil: they ascend
	seed  maphash.Seed
}

// Snapshot is the precincts that the set has now.
func (s *Set) Snapshot() Known { return s.Known }

// Len is the number of precincts.
func (k *Known) Len() int { return len(k.ends) }

// ID is the id of precinct p.
func (k *Known) ID(p int) string { return string(k.id(p)) }

// Area is the innermost area that precinct p lies in.
func (k *Known) Area(p int) int { return int(k.area[p]) }

// Is reports whether there is a precinct p and that is its id.
func (k *Known) Is(p int, id []byte) bool {
	return p < len(k.ends) && string(k.id(p)) == string(id)
}

func (k *Known) id(p int) []byte {
	from := uint32(0)
	if p > 0 {
		from = k.ends[p-1]
	}
	return k.names[from:k.ends[p]]
}

// above reports whether a comes after b in the order of numbers without leading
// zeros, which for ids of one length is that of their bytes.
func above(a, b []byte) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return bytes.Compare(a, b) > 0
}

// New reports whether it can be seen at a glance that no precinct has that id.
func (k *Known) New(id []byte) bool {
	n := len(k.ends)
	return n == 0 || k.slots == nil && above(id, k.id(n-1))
}

// find returns the precinct of that id, or -1.
func (k *Known) find(id []byte) int {
	if k.New(id) {
		return -1
	}
	if k.slots == nil {
		lo, hi := 0, len(k.ends) // below lo are lesser ids, from hi on greater ones
		for lo < hi {
			switch m := (lo + hi) / 2; {
			case k.Is(m, id):
				return m
			case above(id, k.id(m)):
				lo = m + 1
			default:
				hi = m
			}
		}
		return -1
	}
	mask := uint64(len(k.slots) - 1)
	return k.seek(id, maphash.Bytes(k.seed, id)&mask)
}

// seek looks for id from a slot on.
func (k *Known) seek(id []byte, slot uint64) int {
	mask := uint64(len(k.slots) - 1)
	for ; ; slot = (slot + 1) & mask {
		s := k.slots[slot].Load()
		if s == 0 {
			return -1
		}
		if p := int(s - 1); k.Is(p, id) { // false for one that came after this view
			return p
		}
	}
}

// A Query asks for the precinct of an id.
type Query struct {
	ID []byte
	P  int // the answer, -1 = none

	slot     uint64
	from, to uint32 // where the id of P stands
}

// FindAll answers the queries. Many at a time are answered sooner than one after
// the other: each step fetches from memory what all of them need, side by side.
func (k *Known) FindAll(queries []Query) {
	if k.slots == nil {
		for i := range queries {
			queries[i].P = k.find(queries[i].ID)
		}
		return
	}
	mask := uint64(len(k.slots) - 1)
	for i := range queries {
		q := &queries[i]
		q.slot = maphash.Bytes(k.seed, q.ID) & mask
		q.P = int(k.slots[q.slot].Load()) - 1
	}
	for i := range queries {
		q := &queries[i]
		q.from, q.to = 0, 0
		if q.P >= 0 && q.P < len(k.ends) {
			if q.to = k.ends[q.P]; q.P > 0 {
				q.from = k.ends[q.P-1]
			}
		}
	}
	for i := range queries {
		if q := &queries[i]; q.P >= 0 && string(k.names[q.from:q.to]) != string(q.ID) {
			q.P = k.seek(q.ID, q.slot)
		}
	}
}

// add takes in a precinct with an id that is not known; ascends: as [Known.New] says.
func (k *Known) add(id []byte, area int, ascends bool) {
	k.names = append(k.names, id...)
	k.ends = append(k.ends, uint32(len(k.names)))
	k.area = append(k.area, int32(area))
	switch {
	case ascends:
	case 2*len(k.ends) > len(k.slots):
		k.index()
	default:
		k.enter(len(k.ends) - 1)
	}
}

// index makes the table anew, for four times as many precincts as there are.
func (k *Known) index() {
	if k.slots == nil {
		k.seed = maphash.MakeSeed()
	}
	size := 1024
	for size < 8*len(k.ends) {
		size *= 2
	}
	k.slots = make([]atomic.Uint32, size)
	for p := range k.ends {
		k.enter(p)
	}
}

// enter puts precinct p into the table. Views of earlier times share it and meet a
// precinct that they do not know.
func (k *Known) enter(p int) {
	mask := uint64(len(k.slots) - 1)
	slot := maphash.Bytes(k.seed, k.id(p)) & mask
	for k.slots[slot].Load() != 0 {
		slot = (slot + 1) & mask
	}
	k.slots[slot].Store(uint32(p) + 1)
}
