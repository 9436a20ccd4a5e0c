package ingest

import "testing"

// Processors without the instructions read the same.
func TestCountsWithoutSSSE3(t *testing.T) {
	if !hasSSSE3 {
		t.Skip("this processor has no SSSE3: TestCounts is the same")
	}
	hasSSSE3 = false
	defer func() { hasSSSE3 = true }()
	testCounts(t)
}
