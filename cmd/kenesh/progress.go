package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"kenesh/internal/ingest"
	"kenesh/internal/report"
)

// A progress is a line on a terminal that says how far a long reading has come. It
// stands there from one second on, changes ten times a second, and is gone before
// anything else is said. nil: nobody watches.
type progress struct {
	w           io.Writer
	now         func() time.Time
	start, last time.Time // last: when the line was last written
}

const (
	patience = time.Second
	tick     = 100 * time.Millisecond
)

// progress is one on standard error, if that is a terminal and talk is wanted.
func (s *streams) progress() *progress {
	if s.quiet || os.Getenv("TERM") == "dumb" || !isTerminal(s.err) {
		return nil
	}
	return &progress{w: s.err, now: time.Now, start: time.Now()}
}

// callback is what reports to the line; nil when there is none, so that nothing is
// reported.
func (p *progress) callback() func(ingest.Progress) {
	if p == nil {
		return nil
	}
	return p.show
}

func (p *progress) show(at ingest.Progress) {
	now := p.now()
	if now.Sub(p.start) < patience || now.Sub(p.last) < tick {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r\x1b[K%s", progressLine(at, now.Sub(p.start)))
}

// clear takes the line away.
func (p *progress) clear() {
	if p != nil && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// progressLine says how much was read in a time, how fast, and how long the rest will
// take, if it is known how much there is.
func progressLine(at ingest.Progress, in time.Duration) string {
	megabytes := func(n int64) string { return report.Group(n/1_000_000) + " MB" }
	read := megabytes(at.Bytes)
	if at.Of > 0 {
		read += " of " + megabytes(at.Of)
	}
	rows := report.Group(at.Rows) + " rows"
	if at.Rows == 1 {
		rows = "1 row"
	}
	parts := []string{"reading: " + read, rows}
	if s := in.Seconds(); s > 0 && at.Bytes > 0 {
		rate := float64(at.Bytes) / s
		parts = append(parts, megabytes(int64(rate))+"/s")
		if at.Of > at.Bytes {
			left := time.Duration(float64(at.Of-at.Bytes) / rate * float64(time.Second)).Round(time.Second)
			parts = append(parts, fmt.Sprintf("%d:%02d left", int(left.Minutes()), int(left.Seconds())%60))
		}
	}
	return strings.Join(parts, " · ")
}
