package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A scatter deals rows out to parts, which are files, and gathers them part by part.
type scatter struct {
	dir string // of the files
	n   int    // how many parts there are

	files []*os.File
	bufs  []*bufio.Writer
	turn  int // the part of the next row in turn
}

// inTurn puts a row into the part after that of the row before. Of rows which come
// precinct by precinct, list after list, each part gets those of one list.
func (s *scatter) inTurn(line []byte) error {
	part := s.turn
	s.turn = (s.turn + 1) % s.n
	return s.put(part, line)
}

// atRandom returns a function that puts each row into a part drawn for it.
func (s *scatter) atRandom(rng *rand.Rand) func([]byte) error {
	return func(line []byte) error { return s.put(rng.IntN(s.n), line) }
}

func (s *scatter) put(part int, line []byte) error {
	if s.files == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	_, err := s.bufs[part].Write(line)
	return err
}

func (s *scatter) open() error {
	for part := range s.n {
		f, err := os.Create(filepath.Join(s.dir, fmt.Sprintf("part-%04d", part)))
		if err != nil {
			return err
		}
		s.files = append(s.files, f)
		s.bufs = append(s.bufs, bufio.NewWriterSize(f, 32<<10))
	}
	return nil
}

// gather writes the parts to w one after the other, each by the function.
func (s *scatter) gather(w io.Writer, write func(w io.Writer, part *os.File) error) error {
	for part, f := range s.files {
		if err := s.bufs[part].Flush(); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := write(w, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *scatter) close() error {
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// whole writes a part as it is.
func whole(w io.Writer, part *os.File) error {
	_, err := io.Copy(w, part)
	return err
}

// shuffledRows is about how many rows are shuffled at a time, in memory.
const shuffledRows = 150_000

// newRandom returns the source of the order. The seed is fixed: every run is about the
// same file.
func newRandom() *rand.Rand { return rand.New(rand.NewPCG(4, 2020)) }

// shuffled returns a function that writes the rows of a part in a random order.
//
// With parts that are drawn row by row, independently and uniformly, every order of all
// rows is as likely as any other: given the parts, each order within them is, and the
// sizes of the parts do not depend on which rows are in them (Rao 1961,
// Sandelius 1962).
func shuffled(rng *rand.Rand) func(io.Writer, *os.File) error {
	var data bytes.Buffer // reused, as are the rows
	var rows [][]byte
	return func(w io.Writer, part *os.File) error {
		data.Reset()
		if _, err := data.ReadFrom(part); err != nil {
			return err
		}
		rows = rows[:0]
		for rest := data.Bytes(); len(rest) > 0; {
			n := indexLine(rest)
			rows = append(rows, rest[:n])
			rest = rest[n:]
		}
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, row := range rows {
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
		return nil
	}
}

// indexLine returns the length of the first line with its end, or -1 when p holds no
// whole line.
func indexLine(p []byte) int {
	if i := bytes.IndexByte(p, '\n'); i >= 0 {
		return i + 1
	}
	return -1
}
