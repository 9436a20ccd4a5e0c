package returns

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"
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
	slots []slot // open-addressed; nil: they ascend, or are numbers
	seed  maphash.Seed

	// Ids that are numbers close together, as many are, need no more than a place each:
	// one look tells, and of less memory. By number from least on there is the precinct + 1,
	// 0 = none, and below 32 bits its area, which is wanted next.
	numbers []atomic.Uint64 // nil: they ascend, or are in slots
	least   uint64
}

// A slot holds a precinct and, if its id is short, the id: then one look into memory
// tells whether it is the one.
type slot struct {
	p    atomic.Uint32 // precinct + 1, 0 = free
	tail uint32        // the last bytes of a short id and its length; long for others
	head uint64        // the first 8 bytes of a short id; a hash of others
}

const (
	short = 11 // bytes
	long  = math.MaxUint32
)

// brief is what a slot says of an id; its hash is h.
func brief(id []byte, h uint64) (head uint64, tail uint32) {
	if len(id) > short {
		return h, long
	}
	var b [12]byte
	copy(b[:], id)
	b[11] = byte(len(id))
	return binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint32(b[8:])
}

// Snapshot is the precincts that the set has now.
func (s *Set) Snapshot() Known { return s.Known }

// Len is the number of precincts.
func (k *Known) Len() int { return len(k.ends) }

// ID is the id of precinct p.
func (k *Known) ID(p int) string { return string(k.id(p)) }

// AppendID is b with the id of precinct p behind it.
func (k *Known) AppendID(b []byte, p int) []byte { return append(b, k.id(p)...) }

// Area is the innermost area that precinct p lies in.
func (k *Known) Area(p int) int { return int(k.area[p]) }

// InAreas is by precinct the innermost area that it lies in. The slice is the set's own.
func (k *Known) InAreas() []int32 { return k.area }

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

// Above reports whether a comes after b in the order of numbers without leading
// zeros, which for ids of one length is that of their bytes.
func Above(a, b []byte) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return bytes.Compare(a, b) > 0
}

// New reports whether it can be seen at a glance that no precinct has that id.
func (k *Known) New(id []byte) bool {
	n := len(k.ends)
	return n == 0 || k.Ascends() && Above(id, k.id(n-1))
}

// Ascends reports whether the ids ascend. Then it takes as many comparisons to find one
// as a number of precincts has bits.
func (k *Known) Ascends() bool { return k.slots == nil && k.numbers == nil }

// Precinct returns the precinct of that id, or -1.
func (k *Known) Precinct(id []byte) int {
	if k.New(id) {
		return -1
	}
	if k.numbers != nil {
		n, ok := numberOf(id)
		p, _ := k.numbered(n, ok)
		return p
	}
	if k.slots == nil {
		lo, hi := 0, len(k.ends) // below lo are lesser ids, from hi on greater ones
		for lo < hi {
			switch m := (lo + hi) / 2; {
			case k.Is(m, id):
				return m
			case Above(id, k.id(m)):
				lo = m + 1
			default:
				hi = m
			}
		}
		return -1
	}
	h := maphash.Bytes(k.seed, id)
	return k.seek(id, h, h&k.mask())
}

// numbered returns the precinct whose id is the number n, if it is one, and its area.
func (k *Known) numbered(n uint64, ok bool) (p, area int) {
	if i := n - k.least; ok && i < uint64(len(k.numbers)) {
		// One that came after this view is none of it.
		v := k.numbers[i].Load()
		if p := int(v>>32) - 1; p >= 0 && p < len(k.ends) {
			return p, int(uint32(v))
		}
	}
	return -1, -1
}

// numberOf is the number that an id is, if it is one of at most 15 digits that is
// written in one way only: without zeros in front.
func numberOf(id []byte) (n uint64, ok bool) {
	if len(id) == 0 || len(id) > 15 || id[0] == '0' && len(id) > 1 {
		return 0, false
	}
	for _, c := range id {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + uint64(c)
	}
	return n, true
}

func (k *Known) mask() uint64 { return uint64(len(k.slots) - 1) }

// seek looks for an id and its hash from a slot on.
func (k *Known) seek(id []byte, h, slot uint64) int {
	head, tail := brief(id, h)
	for ; ; slot = (slot + 1) & k.mask() {
		s := &k.slots[slot]
		p := int(s.p.Load()) - 1
		if p < 0 {
			return -1
		}
		// One that came after this view is none of it.
		if s.head == head && s.tail == tail && p < len(k.ends) && (tail != long || k.Is(p, id)) {
			return p
		}
	}
}

// A Query asks for the precinct of an id.
type Query struct {
	ID []byte
	// The answer: the precinct and its area, -1 = none.
	P, Area int

	hash   uint64 // or the number that the id is
	number bool
}

// FindAll answers the queries. Many at a time are answered sooner than one after
// the other: what all of them need is fetched from memory side by side.
func (k *Known) FindAll(queries []Query) {
	switch {
	case k.numbers != nil:
		for i := range queries {
			q := &queries[i]
			q.hash, q.number = numberOf(q.ID)
		}
		for i := range queries {
			q := &queries[i]
			q.P, q.Area = k.numbered(q.hash, q.number)
		}
		return
	case k.slots == nil:
		for i := range queries {
			queries[i].P = k.Precinct(queries[i].ID)
		}
		k.areas(queries)
		return
	}
	for i := range queries {
		queries[i].hash = maphash.Bytes(k.seed, queries[i].ID)
	}
	for i := range queries { // fetches the slots: a short loop, many rounds at once
		queries[i].P = int(k.slots[queries[i].hash&k.mask()].p.Load())
	}
	for i := range queries {
		q := &queries[i]
		q.P = k.seek(q.ID, q.hash, q.hash&k.mask())
	}
	k.areas(queries)
}

func (k *Known) areas(queries []Query) {
	for i := range queries {
		q := &queries[i]
		if q.Area = -1; q.P >= 0 {
			q.Area = k.Area(q.P)
		}
	}
}

// add takes in a precinct with an id that is not known; ascends: as [Known.New] says.
func (k *Known) add(id []byte, area int, ascends bool) {
	k.names = append(grow(k.names, len(id)), id...)
	k.ends = append(grow(k.ends, 1), uint32(len(k.names)))
	k.area = append(grow(k.area, 1), int32(area))
	switch p := len(k.ends) - 1; {
	case ascends:
	case k.numbers != nil && k.enterNumber(p):
	case k.numbers != nil || 4*len(k.ends) > 3*len(k.slots):
		k.index()
	default:
		k.enter(p)
	}
}

// index makes the table anew, for twice as many precincts as there are. At most three
// in four slots are taken.
func (k *Known) index() {
	if k.indexNumbers() {
		return
	}
	if k.slots == nil {
		k.seed = maphash.MakeSeed()
	}
	size := 1024
	for 3*size < 8*len(k.ends) {
		size *= 2
	}
	k.slots, k.numbers = roomAnywhere[slot](size), nil
	for p := range k.ends {
		k.enter(p)
	}
}

// indexNumbers makes a table by number, with room for twice the range; false when not
// all ids are numbers, or they lie so far apart that it would be larger than slots.
func (k *Known) indexNumbers() bool {
	least, most := uint64(math.MaxUint64), uint64(0)
	for p := range k.ends {
		n, ok := numberOf(k.id(p))
		if !ok {
			return false
		}
		least, most = min(least, n), max(most, n)
	}
	size := most - least + 1
	if size > 8*uint64(len(k.ends))+1024 {
		return false
	}
	k.least = least - min(least, size/2)
	k.numbers, k.slots = roomAnywhere[atomic.Uint64](int(2*size)), nil
	for p := range k.ends {
		k.enterNumber(p)
	}
	return true
}

// enterNumber puts precinct p into the table by number, if it has a place there.
func (k *Known) enterNumber(p int) bool {
	n, ok := numberOf(k.id(p))
	if !ok || n-k.least >= uint64(len(k.numbers)) {
		return false
	}
	k.numbers[n-k.least].Store(uint64(p+1)<<32 | uint64(uint32(k.area[p])))
	return true
}

// enter puts precinct p into the table. Views of earlier times share it: the slot is
// complete before they can see that it is taken.
func (k *Known) enter(p int) {
	id := k.id(p)
	h := maphash.Bytes(k.seed, id)
	i := h & k.mask()
	for k.slots[i].p.Load() != 0 {
		i = (i + 1) & k.mask()
	}
	s := &k.slots[i]
	s.head, s.tail = brief(id, h)
	s.p.Store(uint32(p) + 1)
}
