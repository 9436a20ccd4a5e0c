package export

import (
	"bufio"
	"encoding/json"
	"strconv"
	"strings"
)

// A writer remembers the first error of what it writes to.
type writer struct {
	w     *bufio.Writer
	err   error
	names []text // of the columns
	after bool   // an element stands before the next one
}

func (w *writer) text(s string) {
	if w.err == nil {
		_, w.err = w.w.WriteString(s)
	}
}

func (w *writer) bytes(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

// A text is one that is written many times: as it stands in a table, and in JSON.
type text struct{ field, json string }

func newText(s string) text {
	var t text
	t.set(s)
	return t
}

func texts(list []string) []text {
	all := make([]text, len(list))
	for i, s := range list {
		all[i] = newText(s)
	}
	return all
}

func (t *text) set(s string) { t.field, t.json = field(s), quote(s) }

// field quotes what RFC 4180 asks to, and everything that another delimiter may be seen
// in: who reads the table finds the delimiter by the header.
func field(s string) string {
	if !strings.ContainsAny(s, "\",;\t|\r\n") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

func quote(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(`"\<>&`, c) >= 0 {
			b, err := json.Marshal(s)
			if err != nil {
				panic(err) // of a string
			}
			return string(b)
		}
	}
	return `"` + s + `"`
}

func (w *writer) header(comma byte) {
	cells := make([]cell, len(w.names))
	for i := range w.names {
		cells[i].text = &w.names[i]
	}
	w.delimited(cells, comma)
}

func (w *writer) delimited(cells []cell, comma byte) {
	b := w.w.AvailableBuffer()
	for i, c := range cells {
		if i > 0 {
			b = append(b, comma)
		}
		if c.text != nil {
			b = append(b, c.text.field...)
		} else {
			b = strconv.AppendInt(b, c.count, 10)
		}
	}
	w.bytes(append(b, '\n'))
}

func (w *writer) object(cells []cell) {
	b := append(w.w.AvailableBuffer(), '{')
	for i, c := range cells {
		if c.empty {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(b, w.names[i].json...)
		b = append(b, ':')
		if c.text != nil {
			b = append(b, c.text.json...)
		} else {
			b = strconv.AppendInt(b, c.count, 10)
		}
	}
	w.bytes(append(b, '}'))
}

// element writes a row as an element of an array.
func (w *writer) element(cells []cell) {
	w.next()
	w.object(cells)
}
