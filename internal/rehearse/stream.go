package rehearse

// A stream is a source of random bits: SplitMix64 (Steele, Lea, Flood: Fast
// splittable pseudorandom number generators, OOPSLA 2014, figure 17). It is
// written out here because its stream must never change, and because a place in it
// costs nothing: every precinct has a stream of its own, made from its number.
type stream uint64

const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio, odd

// next returns the number of random bits asked for, 1 to 64.
func (s *stream) next(width int) uint64 {
	*s += golden
	return mix(uint64(*s)) >> (64 - width)
}

// fork returns the stream of number n beneath s, which stays where it is. It is
// mixed twice, so that no fork starts at a number that s itself gives out.
func (s stream) fork(n uint64) stream {
	return stream(mix(mix(uint64(s)) + n*golden))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
