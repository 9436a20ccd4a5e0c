package rehearse

import (
	"io"
	"iter"
	"math/bits"
	"strconv"
	"strings"
)

// A File is the precinct file of one region, ready to be made. Its methods may be
// called any number of times and at once with those of other files.
type File struct {
	Name      string // as [Region].File says
	Region    string
	Precincts int

	lists                     []List
	registered, cast, invalid bool    // which lines are known
	parts                     []int64 // of the region: votes by list, then the other parts
	first                     int64   // number of the first precinct
	crowding                  int64   // size of its precincts beside the nation's, in 256ths
	seed                      stream
	long                      bool
	block                     int64     // of the numbers of a region
	faults                    []planted // by precinct
}

// A Precinct is one return. A line that the totals do not know is 0.
type Precinct struct {
	Number     int64 // unique in the nation, ascending, of one length everywhere
	Registered int64
	Cast       int64
	Invalid    int64
	Votes      []int64 // by list; reused for the next precinct
}

// All yields the precincts of the file in ascending order of number, as they are before
// any fault.
//
// A part of the electorate, of which the region has total, comes to the precincts by
// running sums of their weights: after precincts of the weights w1 … wp it has
//
//	floor((total * (w1 + … + wp) + start) / (w1 + … + wn))
//
// given out, with a random start below the sum of all weights. The last value is
// total itself, and no precinct is off its exact share by a whole voter. With
// total 3, weights 1, 1, 2 and start 2 the sums are 1, 2, 3: the precincts get 1, 1, 1.
//
// Before that each precinct gets one voter, so that none is without any.
func (f File) All() iter.Seq[Precinct] {
	return func(yield func(Precinct) bool) {
		parts := f.runningParts()
		lists := len(f.lists)
		p := Precinct{Votes: make([]int64, lists)}
		got := make([]int64, len(parts))
		founders := f.founders()
		for i, w := range f.weights() {
			for k := range parts {
				got[k] = parts[k].next(w[k])
			}
			if founders != nil {
				for founders[0].voters == 0 {
					founders = founders[1:]
				}
				founders[0].voters--
				got[founders[0].part]++
			}
			copy(p.Votes, got)
			p.Invalid = got[lists+invalid]
			p.Cast = sum(got[:lists+away])
			p.Registered = p.Cast + got[lists+away]
			p.Number = f.first + int64(i)
			if !f.cast {
				p.Cast = 0
			}
			if !f.registered {
				p.Registered = 0
			}
			if !yield(p) {
				return
			}
		}
	}
}

// A running is a part of the electorate on its way over the precincts.
type running struct {
	total   uint64
	weights uint64 // of all precincts
	start   uint64
	before  uint64 // weights of the precincts served
	given   uint64 // voters given to them
}

// next returns the voters of the next precinct, of weight w.
func (r *running) next(w uint64) int64 {
	r.before += w
	hi, lo := bits.Mul64(r.total, r.before)
	lo, carry := bits.Add64(lo, r.start, 0)
	now, _ := bits.Div64(hi+carry, lo, r.weights)
	n := now - r.given
	r.given = now
	return int64(n)
}

// runningParts adds up the weights of all precincts: the first of two passes, which costs
// time and saves holding the region in memory.
func (f File) runningParts() []running {
	parts := make([]running, len(f.parts))
	for _, w := range f.weights() {
		for k := range parts {
			parts[k].weights += w[k]
		}
	}
	seed := f.seed.fork(0)
	for k := range parts {
		parts[k].total = uint64(f.parts[k])
		parts[k].start, _ = bits.Mul64(seed.next(64), parts[k].weights)
	}
	for _, x := range f.founders() {
		parts[x.part].total -= uint64(x.voters)
	}
	return parts
}

// A founder is the part that the first voters of some precincts are taken from.
type founder struct {
	part   int
	voters int64
}

// founders says of which part the first voter of each precinct is: of those who
// stayed away as long as there are enough, where it shows least, then of the largest part
// left. It is nil when there are fewer voters than precincts, which happens only
// when the number of registered voters is not known.
func (f File) founders() []founder {
	need := int64(f.Precincts)
	if sum(f.parts) < need {
		return nil
	}
	left := append([]int64(nil), f.parts...)
	var list []founder
	for part := len(f.lists) + away; need > 0; {
		if n := min(need, left[part]); n > 0 {
			list = append(list, founder{part, n})
			left[part] -= n
			need -= n
		}
		for k := range left {
			if left[k] > left[part] {
				part = k
			}
		}
	}
	return list
}

// neighbours is how many precincts in a row vote alike.
const neighbours = 12

// weights yields, precinct by precinct, the weight of each part, from 1 to below
// 2^40. The slice is reused.
//
// A list pulls in a precinct, relative to its votes in the region, by
//
//	neighbourhood * precinct * home
//
// where the first two are drawn from 32 to 287, and home is 1 except in one precinct of 16.
// The pulls are divided by their mean over the votes, so that lists compete for voters
// and the size of a precinct is kept. So is the pull of voting against
// staying away, each from 128 to 383.
//
// The figures are fitted to the 2,399 precincts of 2020, where the share of a list varies
// by about 0.6 of its mean within a region when it has a quarter of the votes,
// by one to three times when it has under 2 %, and where about half of the
// variance is common to neighbours.
func (f File) weights() iter.Seq2[int, []uint64] {
	lists := len(f.lists)
	votes, voters := sum(f.parts[:lists]), sum(f.parts)
	shares := make([]uint64, lists) // of the votes, in 2^16ths
	homes := make([]uint64, lists)  // the pull of a list at home
	for l, n := range f.parts[:lists] {
		shares[l] = portion(n, votes)
		homes[l] = 10
		if n > 0 {
			homes[l] = 1 + uint64(min(votes/n/4, 9))
		}
	}
	staying := portion(f.parts[lists+away], voters)

	return func(yield func(int, []uint64) bool) {
		near := make([]uint64, lists)
		w := make([]uint64, len(f.parts))
		for i := range f.Precincts {
			if i%neighbours == 0 {
				seed := f.seed.fork(1).fork(uint64(i))
				for l := range near {
					near[l] = 32 + seed.next(8)
				}
			}
			seed := f.seed.fork(2).fork(uint64(i))
			size := f.size(&seed)
			vote, stay := 128+seed.next(8), 128+seed.next(8)
			mean := vote*(1<<16-staying) + stay*staying // in 2^16ths
			ballots := size * vote << 16 / mean

			var pulls uint64 // their mean over the votes, in 2^16ths
			for l := range near {
				pull := near[l] * (32 + seed.next(8))
				if seed.next(4) == 0 {
					pull *= homes[l]
				}
				w[l] = pull
				pulls += pull * shares[l]
			}
			for l := range near {
				w[l] = ballots * (w[l] << 28 / max(pulls, 1<<26)) // the mean is 2^12
			}
			w[lists+invalid] = ballots * (32 + seed.next(8))
			w[lists+other] = ballots * (128 + seed.next(7))
			w[lists+away] = size * stay << 16 / mean
			if !yield(i, w) {
				return
			}
		}
	}
}

// portion is n of all, in 2^16ths, rounded down; of nothing it is 0.
func portion(n, all int64) uint64 {
	if n == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(n), 1<<16)
	quo, _ := bits.Div64(hi, lo, uint64(all))
	return quo
}

// size draws the size of a precinct, relative to the others of the region, from
// 1,024 to 2^16. The largest has 1.7 times the mean of the nation, or 1.25 times that of
// a crowded region. Where the mean is k/(k+1) of the largest, the size is the largest of
// k even draws, whose mean that is; where it is 1/(k+1), the smallest of k.
// One in 32 is a hospital, a barracks or a prison, with an eighth.
func (f File) size(seed *stream) uint64 {
	mean := f.crowding
	most := max(256*17/10, mean*5/4)
	full := mean >= most-mean
	k := 256 * mean / (most - mean)
	if !full {
		k = 256 * (most - mean) / mean
	}
	draws := k >> 8
	if int64(seed.next(8)) < k&255 {
		draws++ // k is seldom whole: one more draw as often as its fraction says
	}
	size := seed.next(16)
	for range draws - 1 {
		if full {
			size = max(size, seed.next(16))
		} else {
			size = min(size, seed.next(16))
		}
	}
	if seed.next(5) == 0 {
		size /= 8
	}
	return 1024 + size*63/64
}

// WriteTo writes the file as canonical CSV: precinct, region, the lines of the
// protocol that are known of registered, cast and invalid, and one column a list; or, in
// the long shape, precinct, region, list, votes. It holds 64 KiB of it at a time.
func (f File) WriteTo(w io.Writer) (int64, error) {
	out := output{w: w, buf: make([]byte, 0, chunk)}
	if f.long {
		f.writeLong(&out)
	} else {
		f.writeWide(&out)
	}
	out.flush()
	return out.n, out.err
}

func (f File) writeWide(out *output) {
	b := append(out.buf, "precinct,region"...)
	for _, c := range []struct {
		known bool
		name  string
	}{{f.registered, ",registered"}, {f.cast, ",cast"}, {f.invalid, ",invalid"}} {
		if c.known {
			b = append(b, c.name...)
		}
	}
	for _, l := range f.lists {
		b = append(b, ',')
		b = append(b, field(l.Name)...)
	}
	out.buf = append(b, '\n')

	region := field(f.Region)
	for p, m := range f.rows() {
		if m != nil && m.where == nowhere {
			continue
		}
		b := strconv.AppendInt(out.buf, p.Number, 10)
		b = append(b, ',')
		b = append(b, region...)
		if f.registered {
			b = strconv.AppendInt(append(b, ','), p.Registered, 10)
		}
		if f.cast {
			b = strconv.AppendInt(append(b, ','), p.Cast, 10)
		}
		if f.invalid {
			b = strconv.AppendInt(append(b, ','), p.Invalid, 10)
		}
		for _, v := range p.Votes {
			b = strconv.AppendInt(append(b, ','), v, 10)
		}
		out.buf = append(b, '\n')
		if !out.ok() {
			return
		}
	}
}

func (f File) writeLong(out *output) {
	out.buf = append(out.buf, "precinct,region,list,votes\n"...)
	middle := make([]string, len(f.lists)) // what stands between number and votes
	for l := range f.lists {
		middle[l] = "," + field(f.Region) + "," + field(f.lists[l].Name) + ","
	}
	for p, m := range f.rows() {
		if m != nil && m.where == nowhere {
			continue
		}
		b := out.buf
		for l, v := range p.Votes {
			b = strconv.AppendInt(b, p.Number, 10)
			b = append(b, middle[l]...)
			b = strconv.AppendInt(b, v, 10)
			b = append(b, '\n')
		}
		out.buf = b
		if !out.ok() {
			return
		}
	}
}

// field quotes a name as RFC 4180 asks, where it asks.
func field(s string) string {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// chunk is how much text is held before it is written.
const chunk = 64 << 10

// An output gathers text and remembers the first error.
type output struct {
	w   io.Writer
	buf []byte
	n   int64
	err error
}

// ok writes what has been gathered when it is a chunk, and reports whether all is well.
func (o *output) ok() bool {
	if len(o.buf) >= chunk {
		o.flush()
	}
	return o.err == nil
}

func (o *output) flush() {
	if o.err == nil {
		var n int
		n, o.err = o.w.Write(o.buf)
		o.n += int64(n)
	}
	o.buf = o.buf[:0]
}
