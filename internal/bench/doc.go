// Package bench measures the whole program, as a process, on files of the size of
// an election. It is never linked into the binary.
//
// The largest election on earth, India's, has 1,050,000 polling stations; with 20
// lists that is 21 million rows. An [Election] is made up like it, in any size, and
// written as a file in one of the [Shape]s in which election offices send theirs.
//
// BenchmarkTally runs kenesh tally on two such files and reports seconds, rows a
// second and the peak memory of the process: go test -bench Tally ./internal/bench,
// or make bench. The program in the folder peers runs kenesh beside DuckDB, cores
// beside cores and sizes beside sizes: make bench-peers.
//
// The count of a small country is over in milliseconds, most of which are the start
// of the program. BenchmarkStart holds it against programs that do nothing.
package bench
