package ingest

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

func load(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i : i+8]) }

// zeros has the high bit of the lowest zero byte of w set, and of no byte below it.
func zeros(w uint64) uint64 { return (w - ones) &^ w & highs }

// odds has the high bit of the lowest byte set that is no printable ASCII or is a
// quote, and of no byte below it.
func odds(w uint64) uint64 {
	return (w | (w + ones) | (w-' '*ones)&^w | zeros(w^'"'*ones)) & highs
}

// nonDigits has the high bit of each byte of w set that is not 0 to 9. Behind the first
// of them a byte may be taken for one that is.
func nonDigits(w uint64) uint64 { return (w + 0x76*ones | w) & highs }

// digits is how many digits w begins with; a digit is 0 to 9 in it.
func digits(w uint64) int { return bits.TrailingZeros64(nonDigits(w)) >> 3 }

// number is the number of the n digits that w begins with, at most 7. They move to
// the top, zeros in front of them; then pairs of digits are added up, pairs of pairs,
// and both halves.
func number(w uint64, n int) uint32 {
	w <<= (64 - 8*n) & 63
	w = (w*10 + w>>8) & 0x00ff00ff00ff00ff
	w = (w*100 + w>>16) & 0x0000ffff0000ffff
	return uint32(w*10000 + w>>32)
}

// short is the number of the n digits that w begins with, at most 4.
func short(w uint64, n int) uint32 {
	x := uint32(w) << ((32 - 8*n) & 31)
	x = (x*10 + x>>8) & 0x00ff00ff
	return (x*100 + x>>16) & 0xffff
}

// count8 reads the count at b[i:] if it is one of at most 9 digits; n is how many
// bytes it is, quotes included, 0 when it is none or longer.
func count8(b []byte, i int) (v uint32, n int) {
	w := load(b, i) ^ '0'*ones
	if n = digits(w); uint(n-1) < 7 {
		return number(w, n), n
	}
	return longCount(b, i)
}

func longCount(b []byte, i int) (v uint32, n int) {
	if b[i] == '"' && b[i+1] != '"' {
		if v, n = count8(b, i+1); n > 0 && b[i+1+n] == '"' {
			return v, n + 2
		}
		return 0, 0
	}
	for n < 9 && b[i+n]-'0' <= 9 {
		v = 10*v + uint32(b[i+n]-'0')
		n++
	}
	if b[i+n]-'0' <= 9 {
		return 0, 0
	}
	return v, n
}

// atOnce is how many counts are read at once: as many as end within 8 bytes.
const atOnce = 4

// A cutting is how 8 bytes are cut that hold numbers of up to 4 digits.
type cutting struct {
	masks [atOnce]uint64 // of the digits of each number, when it was turned
	turns [atOnce]uint8  // by so many bits to the left its last digit is on top of a half
	ends  [atOnce]uint8  // the byte behind each
	stops uint64         // the bytes that are no digits
	n     int            // how many numbers there are; 0 when one is longer, or empty
}

// cuttings has a cutting for all sets of bytes that are no digits, a bit a byte.
var cuttings = func() (all [256]cutting) {
	for set := range all {
		c := &all[set]
		for start, i := 0, 0; i < 8; i++ {
			if set>>i&1 == 0 {
				continue
			}
			c.stops |= 0xff << (8 * i)
			digits := i - start
			if digits == 0 || digits > 4 {
				c.n = 0
				break
			}
			half := 32 * (c.n / 2)
			c.turns[c.n] = uint8(32+half-8*i) & 63
			c.masks[c.n] = uint64(^uint32(0)<<(32-8*digits)) << half
			c.ends[c.n] = uint8(i)
			c.n++
			start = i + 1
		}
	}
	return all
}()

// short4 reads counts of up to 4 digits that stand at b[at:] with delimiters between them,
// and puts them into counts, from done on: all at once that end within 8 bytes. It returns
// where it stopped, and the columns that it has: it stops behind the last of the columns, or
// before a count that is not such a one. There is room in counts for some more than there
// are columns.
func short4(b []byte, at int, comma byte, counts []byte, done, columns int) (int, int) {
	commas := uint64(comma^'0') * ones
	for {
		w := load(b, at) ^ '0'*ones
		stops := nonDigits(w)
		c := &cuttings[stops*0x0002040810204081>>56] // brings the high bits together
		n := c.n
		if n == 0 {
			return at, done
		}
		// Two are read side by side as short reads one, and two more beside them.
		x := bits.RotateLeft64(w, int(c.turns[0]))&c.masks[0] | bits.RotateLeft64(w, int(c.turns[2]))&c.masks[2]
		y := bits.RotateLeft64(w, int(c.turns[1]))&c.masks[1] | bits.RotateLeft64(w, int(c.turns[3]))&c.masks[3]
		x = (x*10 + x>>8) & 0x00ff00ff00ff00ff
		y = (y*10 + y>>8) & 0x00ff00ff00ff00ff
		x = (x*100 + x>>16) & 0x0000ffff0000ffff
		y = (y*100 + y>>16) & 0x0000ffff0000ffff
		binary.LittleEndian.PutUint64(counts[2*done:2*done+8], x|y<<16)
		others := (w ^ commas) & c.stops // but for commas
		if done+n < columns && others == 0 {
			done += n
			at += bits.Len64(stops) >> 3 // not from the table: the next 8 bytes wait for it
			continue
		}
		if left := columns - done; left <= n {
			end := int(c.ends[left-1])
			if others<<((64-8*end)&63) == 0 {
				return at + end, columns
			}
		}
		return at, done
	}
}
