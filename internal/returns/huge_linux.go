package returns

import (
	"syscall"
	"unsafe"
)

// inHugePages asks the system to back new memory with pages of 2 MiB, if it is much. To
// have it page by page, and to give it back so in the end, takes a fourth of the time that
// it takes to read the counts that are put there; in huge pages a sixth of that.
func inHugePages[T any](s []T) {
	const (
		advice = 14 // MADV_HUGEPAGE; where it is not to be had, all is as it was
		page   = 4 << 10
		least  = 4 << 20
	)
	if len(s)*int(unsafe.Sizeof(s[0])) < least {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
	skip := int(-uintptr(unsafe.Pointer(&b[0])) % page)
	_ = syscall.Madvise(b[skip:skip+(len(b)-skip)/page*page], advice)
}
