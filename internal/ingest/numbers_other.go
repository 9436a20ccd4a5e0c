//go:build !amd64

package ingest

func shorts(b []byte, at int, comma byte, counts []byte, done, columns int) (int, int) {
	return short4(b, at, comma, counts, done, columns)
}
