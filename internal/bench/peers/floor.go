package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"kenesh/internal/bench"
)

// countLines reads a file with one goroutine a core, a section each, and counts the
// ends of lines: the least that any reader of a table does.
func countLines(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	type section struct {
		lines int
		err   error
	}
	workers := int64(runtime.GOMAXPROCS(0))
	done := make(chan section)
	for k := range workers {
		from, to := st.Size()*k/workers, st.Size()*(k+1)/workers
		go func() {
			n, err := countIn(io.NewSectionReader(f, from, to-from))
			done <- section{n, err}
		}()
	}
	lines := 0
	for range workers {
		s := <-done
		lines += s.lines
		err = errors.Join(err, s.err)
	}
	return lines, err
}

func countIn(r io.Reader) (int, error) {
	buf := make([]byte, 256<<10) // as much as a core's second cache holds
	lines := 0
	for {
		n, err := r.Read(buf)
		lines += bytes.Count(buf[:n], []byte{'\n'})
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// warm reads the file, so that it is in the cache, and holds its number of lines
// against what it should be: a file that was found may be another.
func (f voteFile) warm() error {
	want := 1 + f.Rows()
	if f.shape == bench.Wide {
		want = 1 + f.Precincts
	}
	lines, err := countLines(f.path)
	if err == nil && lines != want {
		err = fmt.Errorf("%s has %d lines, want %d; remove it", f.path, lines, want)
	}
	return err
}

// floor returns the competitor that counts the ends of lines in this process. Its peak
// is not known.
func (f voteFile) floor() (sample, error) {
	start := time.Now()
	_, err := countLines(f.path)
	return sample{seconds: time.Since(start).Seconds()}, err
}
