//go:build race

package apportion

// The race detector makes big.Rat some ten times slower, and finds nothing more in
// more elections.
func init() { *elections = 5_000 }
