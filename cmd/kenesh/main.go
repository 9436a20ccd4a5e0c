// Kenesh counts elections: it reads precinct vote files, applies an electoral law
// written as data, and states the seats of a parliament, exactly and with its
// reasons. See the README, and kenesh help.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	collectLate()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// collectLate puts the first garbage collection off to a heap of 16 MiB; by itself it
// comes at 4. A nation's precincts fit in between, and to go through them for garbage,
// and start the threads for it, costs such a count a fifth of its time. After the first
// collection the heap grows as ever, to twice what is in use, so that a large count
// needs no more memory than before. Who sets GOGC has decided otherwise.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	before := debug.SetGCPercent(400)
	// Garbage from the start, which the first collection finds.
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) { debug.SetGCPercent(before) })
}
