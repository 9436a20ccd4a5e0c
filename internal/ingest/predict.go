package ingest

import "bytes"

// A long table mostly goes on as it went before: the next row is of the same precinct,
// and its list is the one that came after this list last time. So the text of the next
// row can be predicted up to its votes. predicted compares the bytes with the ones
// expected, reads the digits, and takes the row, some ten times faster than by cutting
// it into fields and looking its names up.
//
// It is a shortcut to the same answer and nothing else. The bytes before the list are
// those of a row that the general path took, and the list is spelt as in its name, so
// there is nothing left to check in them. Whatever is not exactly as expected — a new
// precinct, another list, a letter in the votes, the end of the buffer, votes that are
// there already — is left to the general path, which alone says what is wrong. A test
// reads the same random files both ways.
type prediction struct {
	able   bool     // list and votes are the last two columns, and nothing else must be read
	of     int      // the precinct that prefix belongs to, -1 before the first
	prefix []byte   // of the rows of that precinct, up to the list
	cells  [][]byte // by list: its name and a delimiter, as a row has them; nil: it needs quotes
	taken  int      // rows that were as expected
}

// prepare decides whether the rows of this table can be predicted.
func (x *prediction) prepare(p *plan) {
	x.of = -1
	x.able = p.long && p.contest < 0 && len(p.lines) == 0 && p.votes == len(p.header)-1 && p.list == p.votes-1
}

// learn notes what the rows of precinct p begin with, from one that the general path
// took.
func (f *file) learn(p int) {
	x, t := &f.ahead, f.rows
	if !x.able || x.of == p {
		return
	}
	if x.of = -1; !t.plain && bytes.IndexByte(t.raw, '"') >= 0 {
		return // the fields are not as they stand in the row
	}
	end := len(t.raw) - len(t.fields[f.plan.votes]) - 1 - len(t.fields[f.plan.list])
	x.prefix = append(x.prefix[:0], t.raw[:end]...)
	x.of = p
}

// skip takes the rows that are as expected, up to the first that is not.
func (f *file) skip() {
	x, t := &f.ahead, f.rows
	if !x.able || x.of < 0 || x.of != f.last {
		return
	}
	taken := 0
	for f.lastList >= 0 {
		l := f.next[f.lastList]
		if l < 0 {
			break
		}
		for len(x.cells) <= l {
			x.cells = append(x.cells, cellOf(f.set.Lists[len(x.cells)].Name, t.comma))
		}
		rest, ok := bytes.CutPrefix(t.buf[t.at:t.end], x.prefix)
		if !ok || x.cells[l] == nil {
			break
		}
		if rest, ok = bytes.CutPrefix(rest, x.cells[l]); !ok {
			break
		}
		v, n := digits(rest)
		end := n
		if end < len(rest) && rest[end] == '\r' {
			end++
		}
		if n == 0 || end == len(rest) || rest[end] != '\n' || !f.set.Put(x.of, l, v) {
			break
		}
		t.at = t.end - len(rest) + end + 1
		f.lastList = l
		taken++
	}
	x.taken += taken
	t.line += taken
	f.data += taken
	f.set.Rows += int64(taken)
}

// cellOf is how a row has the name of a list, if it has it as it is.
func cellOf(name string, comma byte) []byte {
	if bytes.IndexByte([]byte(name), comma) >= 0 || bytes.ContainsAny([]byte(name), "\"\r\n") {
		return nil
	}
	return append([]byte(name), comma)
}

// digits reads the number at the start of b, if it is one of at most 18 digits; n is
// how many they are, 0 when there are more.
func digits(b []byte) (v int64, n int) {
	for ; n < len(b) && b[n]-'0' <= 9; n++ {
		v = 10*v + int64(b[n]-'0')
	}
	if n > 18 {
		return 0, 0
	}
	return v, n
}
