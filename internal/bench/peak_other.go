//go:build !unix

package bench

import "os"

// PeakMiB is 0: not known here.
func PeakMiB(*os.ProcessState) float64 { return 0 }
