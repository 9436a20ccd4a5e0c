package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

const (
	chunk  = 256 << 10 // bytes read at a time
	maxRow = 4 << 20   // bytes in the longest row; a longer one is no row of votes
)

// rows cuts delimited text into rows and fields, by RFC 4180 with one exception:
// a row is a line. A line break inside quotes is legal CSV, but in returns it is
// the mark of a lost quote that swallows the rows after it with the field count
// still right, so it is refused where it stands.
//
// The fields are slices of the buffer and good until the next call of next.
type rows struct {
	r       io.Reader
	comma   byte
	line    int // of the row last read, from 1
	raw     []byte
	fields  [][]byte
	scratch []byte // fields that had doubled quotes

	buf     []byte
	at, end int // the bytes not yet cut are buf[at:end]
	eof     bool
	err     error // what ended the text, if not its end
	// plain: what is in the buffer is ASCII without quotes, carriage returns
	// and NULs, so that no row of it needs a look of its own.
	plain bool
}

func newRows(r io.Reader) *rows { return &rows{r: r, buf: make([]byte, chunk)} }

var errLongRow = errors.New("row too long")

// fill reads more text behind what is left of the buffer.
func (t *rows) fill() {
	left := copy(t.buf, t.buf[t.at:t.end])
	t.at, t.end = 0, left
	if left == len(t.buf) {
		if left >= maxRow {
			t.eof, t.err = true, errLongRow
			return
		}
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	for !t.eof && t.end == left {
		n, err := t.r.Read(t.buf[t.end:])
		t.end += n
		if err != nil {
			t.eof = true
			if err != io.EOF {
				t.err = err
			}
		}
	}
	t.plain = plain(t.buf[left:t.end]) && (left == 0 || t.plain)
}

// plain reports whether no byte of b is a quote, a carriage return, a NUL or
// part of a character beyond ASCII.
func plain(b []byte) bool {
	if bytes.IndexByte(b, '"') >= 0 || bytes.IndexByte(b, '\r') >= 0 || bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// peek returns what can be seen of the text, up to n bytes, without reading on.
func (t *rows) peek(n int) []byte {
	for t.end-t.at < n && !t.eof {
		t.fill()
	}
	return t.buf[t.at:min(t.end, t.at+n)]
}

// skip drops n bytes that were peeked at.
func (t *rows) skip(n int) { t.at += n }

// next reads one line that is not empty into raw; false at the end of the text
// or where it breaks off (err).
func (t *rows) next() bool {
	for {
		i := bytes.IndexByte(t.buf[t.at:t.end], '\n')
		for i < 0 {
			if t.eof {
				if t.at == t.end || t.err != nil {
					return false
				}
				i = t.end - t.at
				break
			}
			seen := t.end - t.at
			t.fill()
			if i = bytes.IndexByte(t.buf[t.at+seen:t.end], '\n'); i >= 0 {
				i += seen
			}
		}
		t.raw = t.buf[t.at : t.at+i]
		t.at = min(t.at+i+1, t.end)
		t.line++
		if n := len(t.raw); n > 0 && t.raw[n-1] == '\r' {
			t.raw = t.raw[:n-1]
		}
		if len(t.raw) > 0 {
			return true
		}
	}
}

// A fault is what is wrong with a row as text.
type fault struct {
	code   string
	offset int // in bytes from the start of the row
	text   string
}

// split cuts raw into fields.
func (t *rows) split() (fault, bool) {
	t.fields = t.fields[:0]
	if !t.plain {
		if f, bad := t.look(); bad {
			return f, true
		}
		if bytes.IndexByte(t.raw, '"') >= 0 {
			return t.splitQuoted()
		}
	}
	rest := t.raw
	for {
		i := bytes.IndexByte(rest, t.comma)
		if i < 0 {
			t.fields = append(t.fields, rest)
			return fault{}, false
		}
		t.fields = append(t.fields, rest[:i])
		rest = rest[i+1:]
	}
}

// look refuses what no row may hold.
func (t *rows) look() (fault, bool) {
	if i := bytes.IndexByte(t.raw, 0); i >= 0 {
		return fault{"ENCODING", i, "a NUL byte: this is no text, or not UTF-8"}, true
	}
	if i := bytes.IndexByte(t.raw, '\r'); i >= 0 {
		return fault{"ENCODING", i, "a carriage return inside a line: line ends must be LF or CRLF"}, true
	}
	if !utf8.Valid(t.raw) {
		i := 0
		for {
			r, n := utf8.DecodeRune(t.raw[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			i += n
		}
		return fault{"ENCODING", i, "the text is not UTF-8: save the file in that encoding"}, true
	}
	return fault{}, false
}

func (t *rows) splitQuoted() (fault, bool) {
	t.scratch = t.scratch[:0]
	for i := 0; ; {
		if i < len(t.raw) && t.raw[i] == '"' {
			open := i
			from := len(t.scratch)
			for i++; ; {
				q := bytes.IndexByte(t.raw[i:], '"')
				if q < 0 {
					return fault{"QUOTE", open, "a quote opens here and does not close on this line; a name cannot hold a line break"}, true
				}
				t.scratch = append(t.scratch, t.raw[i:i+q]...)
				i += q + 1
				if i == len(t.raw) || t.raw[i] != '"' {
					break
				}
				t.scratch = append(t.scratch, '"')
				i++
			}
			if i < len(t.raw) && t.raw[i] != t.comma {
				return fault{"QUOTE", i, "text after a closing quote; a quote inside a field must be doubled"}, true
			}
			// The scratch may move when it grows; it then leaves this field where it is.
			t.fields = append(t.fields, t.scratch[from:len(t.scratch):len(t.scratch)])
		} else {
			end := bytes.IndexByte(t.raw[i:], t.comma)
			if end < 0 {
				end = len(t.raw) - i
			}
			field := t.raw[i : i+end]
			if q := bytes.IndexByte(field, '"'); q >= 0 {
				return fault{"QUOTE", i + q, "a quote inside a field that does not begin with one"}, true
			}
			t.fields = append(t.fields, field)
			i += end
		}
		if i >= len(t.raw) {
			return fault{}, false
		}
		i++ // the delimiter
	}
}

// column is the place of a byte of the row in characters, from 1.
func (t *rows) column(offset int) int { return utf8.RuneCount(t.raw[:min(offset, len(t.raw))]) + 1 }

// start is the byte of the row at which field k's text begins.
func (t *rows) start(k int) int {
	i := 0
	for ; k > 0; k-- {
		if i < len(t.raw) && t.raw[i] == '"' {
			for i++; i < len(t.raw); i++ {
				if t.raw[i] == '"' {
					if i++; i >= len(t.raw) || t.raw[i] != '"' {
						break
					}
				}
			}
		}
		next := bytes.IndexByte(t.raw[min(i, len(t.raw)):], t.comma)
		if next < 0 {
			return len(t.raw)
		}
		i += next + 1
	}
	if i < len(t.raw) && t.raw[i] == '"' {
		i++
	}
	return i
}
