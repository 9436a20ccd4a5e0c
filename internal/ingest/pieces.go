package ingest

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

const (
	pieceSize = 256 << 10 // bytes of text in a piece, about
	chunk     = 256 << 10 // bytes unpacked at a time
	maxRow    = 4 << 20   // bytes in the longest row; a longer one is no row of votes
	far       = 4 << 10   // bytes behind a piece that are looked at
	slack     = 64        // bytes that can be read behind the text of a piece
)

var (
	errLongRow = errors.New("row too long")
	errShorter = errors.New("the file became shorter while it was read")
)

// A piece is some rows of a source, whole ones, each with its line feed: a row is a
// line, so a text may be cut behind any line feed. The last row of a source is given
// one if it has none.
type piece struct {
	buf  []byte
	text []byte // of buf, and zeros behind it
	err  error  // what broke the text off behind the piece

	from, to int64 // the range of a file whose rows these are: those that begin in it; of
	// another source only how far it was read
	fresh bool // the first row begins unlike the one before the piece
}

// next makes p the piece that follows; false when there is none. One at a time may
// ask for the next; a range is then read with [source.fill], by many at once.
func (s *source) next(p *piece) bool {
	p.text, p.err = nil, nil
	switch {
	case s.ended:
		return false
	case s.file != nil:
		p.from, p.to = s.at, min(s.at+int64(s.piece), s.size)
		p.fresh = s.fresh
		if s.fresh = false; p.to < s.size {
			p.to, s.fresh = s.change(p.to)
		}
		s.at = p.to
		s.ended = s.at == s.size
	default:
		s.read(p)
		p.to = s.bytes.Load()
	}
	return true
}

// change looks for a row not far behind at whose first cell is not that of the row before:
// most tables have the rows of a precinct one after the other, and what is cut there need
// not be put together. Where there is none, or what it takes for a cell is no cell, a piece
// is as good.
func (s *source) change(at int64) (to int64, found bool) {
	b := slices.Grow(s.ahead[:0], far)[:min(far, 2*s.piece)]
	s.ahead = b
	n, _ := s.file.ReadAt(b, at) // who reads the piece will say what is wrong
	b = b[:n]
	var before []byte
	for i := bytes.IndexByte(b, '\n') + 1; i > 0; {
		cell := firstCell(b[i:])
		if cell == nil {
			break
		}
		if before != nil && !bytes.Equal(cell, before) {
			return at + int64(i), true
		}
		before = cell
		next := bytes.IndexByte(b[i:], '\n') + 1
		if next == 0 {
			break
		}
		i += next
	}
	return at, false
}

// firstCell is what b begins with, up to what may be a delimiter; nil when there is none.
func firstCell(b []byte) []byte {
	for i, c := range b {
		switch c {
		case ',', ';', '\t', '|', '\n':
			return b[:i]
		}
	}
	return nil
}

// fill reads the piece, if next has not.
func (s *source) fill(p *piece) {
	if s.file != nil {
		s.readRange(p)
	}
}

// room makes the buffer of p hold n bytes of text, of which it keeps those it has.
func (p *piece) room(n int) {
	if n+slack <= len(p.buf) {
		return
	}
	buf := make([]byte, n+slack)
	copy(buf, p.buf)
	p.buf = buf
}

// set makes buf[from:to] the text; whole says that a last row without line feed is
// one all the same.
func (p *piece) set(from, to int, whole bool) {
	if to > from && p.buf[to-1] != '\n' {
		if whole {
			p.room(to + 1)
			p.buf[to] = '\n'
			to++
		} else {
			to = from + bytes.LastIndexByte(p.buf[from:to], '\n') + 1
		}
	}
	p.room(to)
	clear(p.buf[to : to+slack])
	p.text = p.buf[from:to]
}

// read reads the next piece of a stream.
func (s *source) read(p *piece) {
	p.room(max(s.piece, 2*len(s.carry)))
	n := copy(p.buf, s.carry)
	s.carry = s.carry[:0]
	for rows := 0; s.err == nil; { // rows: the bytes of whole rows
		if n+slack == len(p.buf) {
			if rows > 0 {
				break
			}
			if n > maxRow {
				s.err = errLongRow
				break
			}
			p.room(2 * n)
		}
		var m int
		m, s.err = s.stream.Read(p.buf[n : len(p.buf)-slack])
		if i := bytes.LastIndexByte(p.buf[n:n+m], '\n'); i >= 0 {
			rows = n + i + 1
		}
		n += m
	}
	if s.err != nil {
		s.ended = true
		if s.err != io.EOF {
			p.err = s.err
		}
		p.set(0, n, s.err == io.EOF)
		return
	}
	whole := bytes.LastIndexByte(p.buf[:n], '\n') + 1
	s.carry = append(s.carry, p.buf[whole:n]...)
	p.set(0, whole, false)
}

// readRange reads the rows that begin in the range of p: from behind the first line
// feed at or before its start, to the line feed at or behind its end.
//
// The range is put where the buffer is aligned as the file is, which copies it twice
// as fast; in front of it is the byte before, which says whether a row begins there.
func (s *source) readRange(p *piece) {
	start := 64 + int(p.from%64)
	n := start + int(p.to-p.from)
	if n+slack > len(p.buf) && p.to < s.size {
		p.room(n + 3*far) // for the end of the last row, and longer pieces
	}
	p.room(n)
	before := int(min(p.from, 1))
	if p.err = s.readAt(p.buf[start-before:n], p.from-int64(before)); p.err != nil {
		p.set(0, 0, false)
		return
	}
	from := start
	if before > 0 {
		i := bytes.IndexByte(p.buf[start-1:n-1], '\n')
		if i < 0 {
			p.set(0, 0, false) // no row begins here
			return
		}
		from += i
	}
	last := from + bytes.LastIndexByte(p.buf[from:n], '\n') + 1 // where the last row begins
	for at := p.to; at < s.size && p.buf[n-1] != '\n'; {
		more := int(min(far, s.size-at))
		if n-last > maxRow {
			p.err = errLongRow
			break
		}
		p.room(max(n+more, min(2*n, n+1<<20)))
		if p.err = s.readAt(p.buf[n:n+more], at); p.err != nil {
			break
		}
		if i := bytes.IndexByte(p.buf[n:n+more], '\n'); i >= 0 {
			n += i + 1
			break
		}
		n += more
		at += int64(more)
	}
	p.set(from, n, p.err == nil)
}

func (s *source) readAt(b []byte, at int64) error {
	n, err := s.file.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == io.EOF {
		return errShorter
	}
	return err
}
