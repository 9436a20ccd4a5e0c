package returns

// roomAnywhere is new memory for n of something that is then used here and there: in large
// pages, so that each has its place in memory found sooner. Where things are put one after
// the other, large pages are no help, and take longer to be had.
func roomAnywhere[T any](n int) []T {
	if s := hugeRoom[T](n); s != nil {
		return s
	}
	return make([]T, n)
}

// grow makes room for n more behind s, and if there is none for as many as there are. It
// does not touch the room, as slices.Grow does.
func grow[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	more := make([]T, len(s), len(s)+max(n, len(s)))
	copy(more, s)
	return more
}
