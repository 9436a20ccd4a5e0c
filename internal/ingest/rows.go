package ingest

import (
	"bytes"
	"unicode/utf8"
)

// rows cuts delimited text into rows and fields, by RFC 4180 with one exception:
// a row is a line. A line break inside quotes is legal CSV, but in returns it is
// the mark of a lost quote that swallows the rows after it with the field count
// still right, so it is refused where it stands.
//
// The fields are slices of the text and good until the next call of split.
type rows struct {
	comma   byte
	line    int    // of the row last read, from 1
	raw     []byte // that row, without its line end
	fields  [][]byte
	scratch []byte // fields that had doubled quotes

	text []byte // what is still to be cut
}

// next reads one line that is not empty into raw; false at the end of the text.
func (t *rows) next() bool {
	for len(t.text) > 0 {
		i := bytes.IndexByte(t.text, '\n')
		row := t.text[:i]
		t.text = t.text[i+1:]
		t.line++
		if t.take(row) {
			return true
		}
	}
	return false
}

// take makes a line without its line feed the row last read; false when it is empty.
func (t *rows) take(row []byte) bool {
	if n := len(row); n > 0 && row[n-1] == '\r' {
		row = row[:n-1]
	}
	t.raw = row
	return len(row) > 0
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
	if f, bad := t.look(); bad {
		return f, true
	}
	if bytes.IndexByte(t.raw, '"') >= 0 {
		return t.splitQuoted()
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
	if i := notUTF8(t.raw); i >= 0 {
		return fault{"ENCODING", i, notUTF8Text}, true
	}
	return fault{}, false
}

const notUTF8Text = "the text is not UTF-8: save the file in that encoding"

// notUTF8 is the first byte of a text that is not UTF-8; -1 when all is.
func notUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	i := 0
	for {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
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
