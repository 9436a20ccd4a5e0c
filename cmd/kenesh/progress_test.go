package main

import (
	"bytes"
	"testing"
	"time"

	"kenesh/internal/ingest"
)

func TestProgressLine(t *testing.T) {
	tests := []struct {
		at   ingest.Progress
		in   time.Duration
		want string
	}{
		{ingest.Progress{Bytes: 512_400_000, Of: 1_170_306_844, Rows: 9_412_334}, 2 * time.Second, "reading: 512 MB of 1,170 MB · 9,412,334 rows · 256 MB/s · 0:03 left"},
		{ingest.Progress{Bytes: 5_000_000_000, Of: 500_000_000_000, Rows: 1}, 50 * time.Second, "reading: 5,000 MB of 500,000 MB · 1 row · 100 MB/s · 82:30 left"},
		{ingest.Progress{Bytes: 3_000_000, Rows: 17}, time.Second, "reading: 3 MB · 17 rows · 3 MB/s"}, // standard input
		{ingest.Progress{Bytes: 9, Of: 9, Rows: 1}, time.Second, "reading: 0 MB of 0 MB · 1 row · 0 MB/s"},
		{ingest.Progress{}, 0, "reading: 0 MB · 0 rows"},
	}
	for _, tt := range tests {
		if got := progressLine(tt.at, tt.in); got != tt.want {
			t.Errorf("progressLine(%+v, %v) = %q, want %q", tt.at, tt.in, got, tt.want)
		}
	}
}

// Nothing is shown before a second is over, then at most ten lines a second, and at the
// end nothing is left of it.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{w: &b, now: func() time.Time { return now }, start: now}
	show := func(ms int, want string) {
		t.Helper()
		b.Reset()
		now = time.Unix(0, 0).Add(time.Duration(ms) * time.Millisecond)
		p.callback()(ingest.Progress{Bytes: 1_000_000, Rows: 5})
		if got := b.String(); got != want {
			t.Errorf("after %d ms: %q, want %q", ms, got, want)
		}
	}
	show(999, "")
	p.clear()
	if b.Len() > 0 {
		t.Errorf("cleared without a line: %q", b.String())
	}
	show(1000, "\r\x1b[Kreading: 1 MB · 5 rows · 1 MB/s")
	show(1050, "")
	show(1100, "\r\x1b[Kreading: 1 MB · 5 rows · 0 MB/s")
	b.Reset()
	if p.clear(); b.String() != "\r\x1b[K" {
		t.Errorf("clear = %q", b.String())
	}
	var none *progress
	if none.clear(); none.callback() != nil {
		t.Error("a line that nobody watches is reported to")
	}
}

// What is no terminal gets no line.
func TestNoProgress(t *testing.T) {
	s := &streams{err: &bytes.Buffer{}}
	if s.progress() != nil {
		t.Error("a progress line for a buffer")
	}
}
