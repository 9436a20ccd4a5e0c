//go:build !race

package ingest_test

const racing = false
