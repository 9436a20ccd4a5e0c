package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// JSON is read as a table when it is rows: an array of objects of one kind, an object
// that has one such array among its values, or JSON Lines, an object on each line. The
// keys are the header, as the first row has them; a value is a text or a whole number.
//
// Package encoding/json is of no use here. It takes the last of two equal keys, puts
// U+FFFD for what is no UTF-8, so that two names become one, and reads on from there.
// This reader takes nothing that has two meanings, and says line and column.

// isJSON reports whether a file begins like rows of JSON.
func isJSON(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return len(head) > 0 && (head[0] == '[' || head[0] == '{')
}

func readJSON(data []byte, _ Options) (*table, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r := &jsonReader{data: data, line: 1, columns: map[string]int{}, folded: map[string]string{}}
	if i := notUTF8(data); i >= 0 {
		return nil, r.at(i, "ENCODING", notUTF8Text)
	}
	if err := r.document(); err != nil {
		r.faults = append(r.faults, err)
	}
	if len(r.faults) > 0 {
		return nil, r.faults.err()
	}
	for i := range r.table.rows {
		row := &r.table.rows[i]
		for len(row.cells) < len(r.table.header) {
			row.cells = append(row.cells, absent)
		}
	}
	return &r.table, nil
}

// mayLack reports whether a row may be without that key: where a line of the protocol is
// not stated, or a precinct lies in no region or district.
func mayLack(key string) bool {
	role := synonyms[fold(key)]
	_, line := returns.LineOf(role)
	return role == roleRegion || role == roleDistrict || line
}

// wide reports whether the rows seem to be of precincts, with a key for each list: one may
// have no votes stated for some.
func (r *jsonReader) wide() bool {
	return !slices.ContainsFunc(r.table.header, func(key string) bool { return synonyms[fold(key)] == roleList || synonyms[fold(key)] == roleVotes })
}

// A jsonReader reads one file.
type jsonReader struct {
	data []byte
	i    int // what is read next
	line int // of it, from 1
	from int // where that line begins

	table   table
	faults  faults
	columns map[string]int    // by key
	folded  map[string]string // the keys by what they are in lower case
	seen    []int             // by column: the row that had it last, from 1
	cells   []byte            // scratch: those of a row, in the order in which they stand
	places  []jsonCell        // of them, by column
	name    []byte            // scratch: a key
}

type jsonCell struct{ from, to int }

// at is an error at a byte of the text, which may be before or behind what was read.
func (r *jsonReader) at(i int, code, format string, args ...any) error {
	line := r.line
	if i < r.from {
		line -= bytes.Count(r.data[i:r.from], []byte("\n"))
	} else {
		line += bytes.Count(r.data[r.from:i], []byte("\n"))
	}
	from := bytes.LastIndexByte(r.data[:i], '\n') + 1
	return placed(code, line, utf8.RuneCount(r.data[from:i])+1, format, args...)
}

// fault notes what is wrong with a row that can be read on; an error when there is too
// much of that.
func (r *jsonReader) fault(i int, code, format string, args ...any) error {
	r.faults = append(r.faults, r.at(i, code, format, args...))
	if len(r.faults) >= maxFaults {
		return r.at(i, "JSON", "too much is wrong here; the rest of the file was not read")
	}
	return nil
}

// next is the next byte that is no space, 0 at the end.
func (r *jsonReader) next() byte {
	for ; r.i < len(r.data); r.i++ {
		switch c := r.data[r.i]; c {
		case '\n':
			r.line, r.from = r.line+1, r.i+1
		case ' ', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

// found is what stands at a byte, for a message.
func (r *jsonReader) found(i int) string {
	if i >= len(r.data) {
		return "the end of the file"
	}
	end := i
	for end < len(r.data) && end < i+20 && !bytes.ContainsRune([]byte(" \t\r\n,:[]{}\""), rune(r.data[end])) {
		end++
	}
	if end == i {
		_, n := utf8.DecodeRune(r.data[i:])
		end += n
	}
	for !utf8.Valid(r.data[i:end]) {
		end--
	}
	return fmt.Sprintf("%q", r.data[i:end])
}

// want takes one byte.
func (r *jsonReader) want(c byte, where string) error {
	if got := r.next(); got != c || r.i == len(r.data) {
		return r.at(r.i, "JSON", "found %s, want %q %s", r.found(r.i), string(rune(c)), where)
	}
	r.i++
	return nil
}

// list reads what stands between two brackets, items with commas between them; the next
// byte is the opening one.
func (r *jsonReader) list(closing byte, what string, item func() error) error {
	r.i++
	if r.next() == closing {
		r.i++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch r.next() {
		case closing:
			r.i++
			return nil
		case ',':
			r.i++
		default:
			return r.at(r.i, "JSON", "found %s, want \",\" or %q: %s", r.found(r.i), string(rune(closing)), what)
		}
	}
}

// document reads the whole file.
func (r *jsonReader) document() error {
	r.table.what = "JSON"
	if r.next() == '[' {
		if err := r.rows(); err != nil {
			return err
		}
		return r.end()
	}
	first := r.i
	wrapped, err := r.wrapper()
	if err != nil {
		return err
	}
	if wrapped {
		return r.end()
	}
	// No array in it: it is a row, and JSON Lines.
	r.table.what = "JSON Lines"
	r.i, r.line, r.from = 0, 1, 0
	last := 0 // the line on which the row before ended
	for r.next() != 0 || r.i < len(r.data) {
		start, line := r.i, r.line
		if start != first && line == last {
			return r.at(start, "JSON", "text after the end of the document, found %s; in JSON Lines each row is an object on a line of its own", r.found(start))
		}
		if r.data[start] != '{' {
			return r.at(start, "JSON", "found %s, want an object: the lines before are JSON Lines, a row each", r.found(start))
		}
		if err := r.row(); err != nil {
			return err
		}
		last = r.line
		if line != last && (start != first || r.next() != 0) {
			return r.at(start, "JSON", "an object over several lines among other objects; rows are an array of objects, or JSON Lines with an object on each line")
		}
	}
	return nil
}

// end wants the end of the file.
func (r *jsonReader) end() error {
	if r.next(); r.i < len(r.data) {
		return r.at(r.i, "JSON", "text after the end of the document, found %s", r.found(r.i))
	}
	if len(r.table.rows) == 0 && len(r.faults) == 0 {
		return placed("EMPTY", 0, 0, "no rows: no data")
	}
	return nil
}

// wrapper reads an object for the rows that stand in it under one of its keys; false
// when no value of it is an array, so that it is a row itself.
func (r *jsonReader) wrapper() (bool, error) {
	type place struct {
		key                string
		i, line, from, end int
		empty              bool
	}
	var rows []place
	first, arrays := r.i, 0
	keys := map[string]bool{}
	var twice error
	err := r.list('}', "the end of an object", func() error {
		r.next()
		start := r.i
		key, err := r.key()
		if err != nil {
			return err
		}
		if r.next() == '[' {
			arrays++
			p := place{key: key, i: r.i, line: r.line, from: r.from, empty: true}
			ahead := *r
			ahead.i++
			c := ahead.next()
			if p.empty = c == ']'; c == '{' || p.empty {
				rows = append(rows, p)
			}
		}
		if err := r.skip(1); err != nil {
			return err
		}
		if keys[key] && twice == nil {
			twice = r.at(start, "HEADER", "key %q is there twice", shorten([]byte(key)))
		}
		keys[key] = true
		if n := len(rows); n > 0 && rows[n-1].end == 0 {
			rows[n-1].end = r.i
		}
		return nil
	})
	if err != nil || arrays == 0 {
		return false, err
	}
	if twice != nil {
		return false, twice
	}
	if len(rows) > 1 { // those with rows count
		var full []place
		for _, p := range rows {
			if !p.empty {
				full = append(full, p)
			}
		}
		if len(full) > 0 {
			rows = full
		}
	}
	if len(rows) != 1 {
		names := make([]string, len(rows))
		for i, p := range rows {
			names[i] = fmt.Sprintf("%q", shorten([]byte(p.key)))
		}
		if len(names) == 0 {
			return false, r.at(first, "JSON", "no value of this object is an array of rows, which are objects")
		}
		return false, r.at(first, "JSON", "several values of this object are arrays of rows: %s; give one of them in a file", strings.Join(names, ", "))
	}
	after := *r
	r.i, r.line, r.from = rows[0].i, rows[0].line, rows[0].from
	if err := r.rows(); err != nil {
		return true, err
	}
	r.i, r.line, r.from = after.i, after.line, after.from
	return true, nil
}

// skip reads a value of which nothing is kept.
func (r *jsonReader) skip(depth int) error {
	const most = 100
	if depth > most {
		return r.at(r.i, "JSON", "nested deeper than %d: no rows are", most)
	}
	switch r.next() {
	case '[':
		return r.list(']', "the end of an array", func() error { return r.skip(depth + 1) })
	case '{':
		return r.list('}', "the end of an object", func() error {
			if _, err := r.key(); err != nil {
				return err
			}
			return r.skip(depth + 1)
		})
	case '"':
		_, err := r.string(nil)
		return err
	}
	_, err := r.literal()
	return err
}

// rows reads an array of rows.
func (r *jsonReader) rows() error {
	return r.list(']', "the end of the rows", func() error {
		if c := r.next(); c != '{' {
			return r.at(r.i, "JSON", "found %s, want an object: the rows of a table are an array of objects", r.found(r.i))
		}
		return r.row()
	})
}

// key reads a key and the colon behind it.
func (r *jsonReader) key() (string, error) {
	if r.next() != '"' {
		return "", r.at(r.i, "JSON", "found %s, want a key in double quotes", r.found(r.i))
	}
	var err error
	if r.name, err = r.string(r.name[:0]); err != nil {
		return "", err
	}
	key := string(r.name)
	return key, r.want(':', "behind a key")
}

// row reads an object that is a row; the first one is the header as well.
func (r *jsonReader) row() error {
	t := &r.table
	start, line := r.i, r.line
	first := t.line == 0
	if first {
		t.line = line
	}
	number := len(t.rows) + 1
	r.cells = r.cells[:0]
	n, broken := 0, len(r.faults)
	err := r.list('}', "the end of a row", func() error {
		r.next()
		at := r.i
		key, err := r.key()
		if err != nil {
			return err
		}
		column, known := r.columns[key]
		switch other, alike := r.folded[strings.ToLower(key)]; {
		case known && r.seen[column] == number:
			err = r.fault(at, "HEADER", "key %q is there twice in a row", shorten([]byte(key)))
		case known:
			r.seen[column] = number
			n++
		case alike && first:
			err = r.fault(at, "LOOK-ALIKE", "keys %q and %q of a row differ only in case", shorten([]byte(other)), shorten([]byte(key)))
		case alike:
			err = r.fault(at, "LOOK-ALIKE", "key %q is %q in the first row: they differ only in case", shorten([]byte(key)), shorten([]byte(other)))
		case first:
			column = len(t.header)
			r.columns[key], r.folded[strings.ToLower(key)] = column, key
			t.header = append(t.header, key)
			r.seen = append(r.seen, number)
			r.places = append(r.places, jsonCell{})
			if n++; n > maxColumns {
				err = r.at(at, "LIMIT", "more than the limit of %d columns", maxColumns)
			}
		case mayLack(key): // rows before do not state it
			column = len(t.header)
			r.columns[key], r.folded[strings.ToLower(key)] = column, key
			t.header = append(t.header, key)
			r.seen = append(r.seen, number)
			r.places = append(r.places, jsonCell{})
			n++
		default:
			hint := ""
			if len(key) < 100 && len(t.header) < 100 {
				hint = finding.DidYouMean(key, t.header)
			}
			err = r.fault(at, "RAGGED", "unknown key %q: the first row, in line %d, does not have it%s", shorten([]byte(key)), t.line, hint)
		}
		if err != nil {
			return err
		}
		from := len(r.cells)
		if err := r.cell(key); err != nil {
			return err
		}
		if column < len(r.places) {
			r.places[column] = jsonCell{from, len(r.cells)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n < len(t.header) && len(r.faults) == broken {
		for column, key := range t.header {
			if r.seen[column] != number && !mayLack(key) && !(r.wide() && synonyms[fold(key)] == "") {
				err = r.fault(start, "RAGGED", "the row has no key %q, which the first row has, in line %d", shorten([]byte(key)), t.line)
			}
			if err != nil {
				return err
			}
		}
	}
	if number*len(t.header) > maxCells {
		return r.at(start, "LIMIT", "more than the limit of %d cells", maxCells)
	}
	// One piece of text for all cells of a row.
	text := string(r.cells)
	values := make([]string, len(t.header))
	for i := range values {
		if values[i] = absent; r.seen[i] == number {
			values[i] = text[r.places[i].from:r.places[i].to]
		}
	}
	t.rows = append(t.rows, tableRow{line, values})
	return nil
}

// cell reads the value of a row's key and puts it behind the cells.
func (r *jsonReader) cell(key string) error {
	switch c := r.next(); {
	case c == '"':
		at, from := r.i, len(r.cells)
		var err error
		if r.cells, err = r.string(r.cells); err == nil && bytes.Contains(r.cells[from:], []byte(absent)) {
			err = r.fault(at, "ENCODING", "a character that cannot be seen (U+E000)")
		}
		return err
	case c == '{' || c == '[':
		at, kind := r.i, "an object"
		if c == '[' {
			kind = "an array"
		}
		if err := r.skip(1); err != nil {
			return err
		}
		return r.fault(at, "JSON", "%q is %s, want a text or a whole number", shorten([]byte(key)), kind)
	}
	at := r.i
	literal, err := r.literal()
	if err != nil {
		return err
	}
	switch c := literal[0]; {
	case c != '-' && (c < '0' || c > '9'):
		return r.fault(at, "JSON", "%q is %s, want a text or a whole number", shorten([]byte(key)), literal)
	case bytes.ContainsAny(literal, ".eE"):
		return r.fault(at, "NOT-A-COUNT", "%q: found %s, not a whole number in digits 0-9", shorten([]byte(key)), shorten(literal))
	case c != '-':
		if _, why := count(literal); why != "" {
			return r.fault(at, "OVERFLOW", "%q: found %s, %s", shorten([]byte(key)), shorten(literal), why)
		}
	}
	r.cells = append(r.cells, literal...)
	return nil
}

// literal reads a number, true, false or null.
func (r *jsonReader) literal() ([]byte, error) {
	at := r.i
	rest := r.data[at:]
	n := numberLen(rest)
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			n = len(word)
		}
	}
	if n == 0 || n < len(rest) && !bytes.ContainsRune([]byte(" \t\r\n,]}:"), rune(rest[n])) {
		hint := ""
		switch {
		case at == len(r.data):
		case rest[0] == '0' && n == 1 && rest[1]-'0' <= 9:
			hint = "; a number does not begin with 0"
		case rest[0] == '+':
			hint = "; a number has no plus sign"
		case rest[0] == '/':
			hint = "; JSON has no comments"
		case rest[0] == '\'':
			hint = "; a text has double quotes"
		}
		return nil, r.at(at, "JSON", "found %s, want a value%s", r.found(at), hint)
	}
	r.i += n
	return rest[:n], nil
}

// numberLen is how many bytes of text are a number as JSON has them; 0 when none are.
func numberLen(text []byte) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && text[i]-'0' <= 9 {
			i++
		}
		return i > from
	}
	is := func(chars string) bool {
		if i < len(text) && strings.IndexByte(chars, text[i]) >= 0 {
			i++
			return true
		}
		return false
	}
	is("-")
	if !is("0") && !digits() {
		return 0
	}
	if whole := i; is(".") && !digits() {
		return whole
	}
	whole := i
	if is("eE") {
		if is("+-"); !digits() {
			return whole
		}
	}
	return i
}

// string reads a text in double quotes and puts it behind to.
func (r *jsonReader) string(to []byte) ([]byte, error) {
	open := r.i
	r.i++
	for {
		from := r.i
		for r.i < len(r.data) && r.data[r.i] != '"' && r.data[r.i] != '\\' && r.data[r.i] >= ' ' {
			r.i++
		}
		to = append(to, r.data[from:r.i]...)
		if r.i == len(r.data) {
			return to, r.at(open, "JSON", "a quote opens here and does not close")
		}
		switch c := r.data[r.i]; c {
		case '"':
			r.i++
			return to, nil
		case '\\':
			c, err := r.escape()
			if err != nil {
				return to, err
			}
			to = utf8.AppendRune(to, c)
		default:
			return to, r.at(r.i, "JSON", "a control character inside a text: U+%04X; is a quote missing?", c)
		}
	}
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what begins with a backslash.
func (r *jsonReader) escape() (rune, error) {
	at := r.i
	if at+1 < len(r.data) {
		if c, ok := escapes[r.data[at+1]]; ok {
			r.i += 2
			return c, nil
		}
	}
	c, ok := r.unit(at)
	if !ok {
		return 0, r.at(at, "JSON", "a backslash that stands for nothing")
	}
	r.i += 6
	if utf16.IsSurrogate(c) {
		low, _ := r.unit(r.i)
		if c = utf16.DecodeRune(c, low); c == utf8.RuneError {
			return 0, r.at(at, "ENCODING", "half a character: %s stands for nothing alone", r.data[at:at+6])
		}
		r.i += 6
	}
	if c == 0 {
		return 0, r.at(at, "ENCODING", "a NUL character in a text: %s", r.data[at:at+6])
	}
	return c, nil
}

// unit reads \u and four digits at a byte.
func (r *jsonReader) unit(at int) (rune, bool) {
	if at+6 > len(r.data) || r.data[at] != '\\' || r.data[at+1] != 'u' {
		return 0, false
	}
	v := rune(0)
	for _, c := range r.data[at+2 : at+6] {
		switch {
		case c-'0' <= 9:
			v = v<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
