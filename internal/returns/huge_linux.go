package returns

import (
	"syscall"
	"unsafe"
)

// hugeRoom is new memory in pages of 2 MiB, where the system has them; nil when n are too
// few for one.
func hugeRoom[T any](n int) []T {
	const (
		advice = 14 // MADV_HUGEPAGE; where it is not to be had, all is as it was
		page   = 2 << 20
	)
	var t T
	one := int(unsafe.Sizeof(t))
	if n*one < page || page%one != 0 {
		return nil
	}
	pages := (n*one + page - 1) / page
	all := make([]T, (pages+1)*page/one)
	skip := int(-uintptr(unsafe.Pointer(&all[0])) % page) // up to where a page begins
	b := unsafe.Slice((*byte)(unsafe.Pointer(&all[0])), (pages+1)*page)
	_ = syscall.Madvise(b[skip:skip+pages*page], advice)
	return all[skip/one:][:n:n]
}
