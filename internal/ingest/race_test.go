//go:build race

package ingest_test

// racing: the race detector takes memory of its own, and ten times as long.
const racing = true
