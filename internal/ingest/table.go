package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenesh/internal/finding"
)

// A table is what a file holds that is no text of rows: a sheet of a workbook, an array
// of JSON, a tree of XML. It is written out as such a text and read as all are, so that
// no format has rules of its own; what is found is said with the lines of the file.
type table struct {
	what   string // the format, for people: "EML 510b"
	line   int    // of the header; 0 = it has none
	header []string
	rows   []tableRow

	warnings []error // what is to be said of it all the same: [placedError]s
}

// A tableRow has as many cells as the header.
type tableRow struct {
	line  int // where it stands in the file, from 1: its line, or the row of a sheet
	cells []string
}

// absent is the cell of a column that a row of a table does not have, which is not the same
// as an empty one. No file has it: the character is for private use, and refused in names.
const absent = "\ue000"

// A format is a kind of file that is read as a table.
type format struct {
	name string // for people
	// is reports whether a file begins like one, unpacked: head is its first 16 KiB.
	is func(head []byte) bool
	// read reads the whole file, which is at most maxTable bytes. An error says where it
	// is wrong, as a [placedError] or several that are joined, if that can be said.
	read func(data []byte, o Options) (*table, error)
}

// formats are tried in their order.
var formats = []format{
	{"a workbook", isZip, readWorkbook},
	{"EML", isEML, readEML},
	{"Clarity detail", isClarity, readClarity},
	{"NIST 1500-100 XML", isNISTXML, readNISTXML},
	{"Bundeswahlleiterin XML", isGermany, readGermany},
	{"NIST 1500-100 JSON", isNISTJSON, readNISTJSON},
	{"Nationalrat JSON", isAustria, readAustria},
	{"JSON", isJSON, readJSON},
	{"YAML", func(head []byte) bool { return yamlRows.Match(head) }, readYAML},
}

const (
	maxTable   = 512 << 20 // bytes of a file that is read as a table, unpacked
	maxCells   = 1 << 24   // of a table; 100,000 precincts with 160 columns have fewer
	maxColumns = 1 << 16
	maxText    = 256 << 20 // bytes of a table that is written out
	headSize   = 16 << 10  // bytes that are looked at to know a format or a layout
)

// isFormat reports whether a format knows the beginning of a file.
func isFormat(head []byte) bool {
	return slices.ContainsFunc(formats, func(f format) bool { return f.is(head) })
}

// A placedError is what is wrong with a file, and where: line and column, 0 = as a whole.
type placedError struct {
	code         string // of package finding
	line, column int
	text         string
}

func (e *placedError) Error() string { return e.text }

func placed(code string, line, column int, format string, args ...any) error {
	return &placedError{code, line, column, fmt.Sprintf(format, args...)}
}

// asTable reads what begins with head as a table, if a format knows that beginning; nil
// when none does. The rest, head included, is asked for only then.
func asTable(head []byte, whole func(what string) ([]byte, error), o Options) (*table, error) {
	for _, f := range formats {
		if !f.is(head) {
			continue
		}
		data, err := whole(f.name)
		if err != nil {
			return nil, err
		}
		return f.read(data, o)
	}
	return nil, nil
}

// readWhole reads what is left of a text that must be in memory as a whole. It has size
// bytes, -1 if nobody knows.
func readWhole(what string, r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), maxTable) + bytes.MinRead)) // so that it need not grow
	if _, err := b.ReadFrom(io.LimitReader(r, maxTable+1)); err != nil {
		return nil, err
	}
	if b.Len() > maxTable {
		return nil, placed("LIMIT", 0, 0, "%s of more than the limit of %d MiB", what, maxTable>>20)
	}
	return b.Bytes(), nil
}

// faults collects what is wrong with a table that can be read on for all that.
type faults []error

const maxFaults = 100 // then reading on is of no use

func (f faults) err() error { return errors.Join(f...) }

// text writes the table out as CSV: its first line is the header, and each row is a line.
// lines has the line of the file for each line of the text.
func (t *table) text() (text []byte, lines []int32, err error) {
	size := sizeOfCells(t.header)
	for _, r := range t.rows {
		if size += sizeOfCells(r.cells); size > maxText {
			return nil, nil, placed("LIMIT", 0, 0, "a table of more than the limit of %d MiB of text", maxText>>20)
		}
	}
	var b bytes.Buffer
	b.Grow(size + size/16)
	write := func(line int, cells []string) error {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(c, "\r\n") {
				return placed("NAME", line, 0, "a cell with a line break: %q", shorten([]byte(c)))
			}
			if strings.ContainsAny(c, `",`) || len(cells) == 1 && c == "" {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteByte('\n')
		lines = append(lines, int32(line))
		return nil
	}
	if err := write(t.line, t.header); err != nil {
		return nil, nil, err
	}
	for _, r := range t.rows {
		if err := write(r.line, r.cells); err != nil {
			return nil, nil, err
		}
	}
	return b.Bytes(), lines, nil
}

func sizeOfCells(cells []string) int {
	n := len(cells)
	for _, c := range cells {
		n += len(c)
	}
	return n
}

// placedFindings are the findings of placed errors, if err is one or has some.
func placedFindings(name string, severity finding.Severity, err error) []finding.Finding {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var list []finding.Finding
		for _, e := range all.Unwrap() {
			list = append(list, placedFindings(name, severity, e)...)
		}
		return list
	}
	var p *placedError
	if !errors.As(err, &p) {
		return nil
	}
	return []finding.Finding{{Code: p.code, Severity: severity, File: display(name), Line: p.line, Column: p.column, Message: p.text}}
}
