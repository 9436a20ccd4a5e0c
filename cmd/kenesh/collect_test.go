package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// percent is the growth of the heap that the collector allows.
func percent() uint64 {
	s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// Only the first collection is late: the heap of a large count grows as ever.
func TestCollectLate(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(150))
	t.Setenv("GOGC", "")
	collectLate()
	if got := percent(); got != 400 {
		t.Errorf("before the first collection: %d %%, want 400", got)
	}
	for end := time.Now().Add(10 * time.Second); percent() != 150 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		runtime.GC()
	}
	if got := percent(); got != 150 {
		t.Errorf("after it: %d %%, want what it was, 150", got)
	}
	t.Setenv("GOGC", "150")
	if collectLate(); percent() != 150 {
		t.Error("GOGC was overruled")
	}
}
