//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
)

// PeakMiB is the peak memory of a process that has ended, its largest resident set
// (ru_maxrss), in MiB.
//
// Linux counts from the peak that the starting process had by then: a new process
// shares its memory until it runs its own program. So nothing below that shows,
// and who measures must be small itself.
func PeakMiB(p *os.ProcessState) float64 {
	u, ok := p.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin": // which counts bytes and not KiB
		return float64(u.Maxrss) / (1 << 20)
	}
	return float64(u.Maxrss) / (1 << 10)
}
