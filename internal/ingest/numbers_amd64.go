package ingest

import "golang.org/x/sys/cpu"

// shorts is short4, with instructions for 16 bytes at once where the processor has them.
// What 64 bytes are is found first, so that no number waits for the one before; then one
// instruction moves the digits of four numbers each to its place.
func shorts(b []byte, at int, comma byte, counts []byte, done, columns int) (int, int) {
	if !hasSSSE3 {
		return short4(b, at, comma, counts, done, columns)
	}
	_ = b[at : at+slack] // of the text something is left, and slack behind it
	return shortsSSSE3(&b[0], at, ones*uint64(comma), &counts[0], done, columns, &shuffles)
}

var hasSSSE3 = cpu.X86.HasSSSE3

// shortsSSSE3 is written in numbers_amd64.s. In commas each byte is the delimiter.
//
//go:noescape
func shortsSSSE3(b *byte, at int, commas uint64, counts *byte, done, columns int, shuffles *[256]shuffle) (int, int)

// A shuffle is a cutting in other words. The assembler knows where its parts stand.
type shuffle struct {
	from [16]uint8 // which of the 8 bytes goes where; 0xff: a zero
	n    uint8     // how many numbers there are
	next uint8     // the byte behind the last delimiter
	ends [14]uint8 // the byte behind each number; the rest makes it 32 bytes
}

var shuffles = func() (all [256]shuffle) {
	for set := range all {
		s, c := &all[set], &cuttings[set]
		for i := range s.from {
			s.from[i] = 0xff
		}
		s.n = uint8(c.n)
		for k, end := range c.ends[:c.n] {
			for i := s.next; i < end; i++ {
				s.from[4*k+4-int(end-i)] = i
			}
			s.ends[k], s.next = end, end+1
		}
	}
	return all
}()
