package returns

// room is new memory for n of something; what of it is not used yet takes none.
func room[T any](n int) []T {
	if s := hugeRoom[T](n); s != nil {
		return s
	}
	return make([]T, n)
}

// grow makes room for n more behind s. It does not touch the room, as slices.Grow does.
func grow[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	more := room[T](len(s) + n)[:len(s)]
	copy(more, s)
	return more
}
