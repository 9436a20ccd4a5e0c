package ingest

import (
	"bytes"
	"strings"
)

// transpose turns a table that has a column for each precinct, and a row for each line of
// the protocol and each list, into one that has them the other way round. The label of a
// row becomes the name of a column. What is found in it is said of the precinct: a row of
// the new text stands in no line of the file.
func (f *file) transpose() bool {
	text, err := f.src.all(f.rows.text)
	if err != nil {
		f.log.Add(readError(f.name, err))
		return false
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	t := rows{text: text, comma: f.rows.comma}
	if t.comma == 0 {
		t.comma = sniff(text[:min(len(text), 64<<10)])
	}
	var cells [][]string
	var names []string
	for t.next() {
		fault, bad := t.split()
		if bad {
			f.rows.line = t.line
			f.log.Add(f.at(fault.code, 0, fault.text))
			return false
		}
		if len(cells) > 0 && len(t.fields) != len(cells[0]) {
			f.rows.line = t.line
			f.log.Add(f.at("RAGGED", 0, "the row has another number of fields (columns) than the first one"))
			return false
		}
		row := make([]string, len(t.fields))
		for i, c := range t.fields {
			row[i] = strings.Trim(string(c), " ")
		}
		if label := row[0]; len(cells) == 0 && label == "" {
			row[0] = "precinct"
		}
		cells = append(cells, row)
		names = append(names, row[0])
	}
	if len(cells) < 2 {
		f.log.Add(fileError("EMPTY", f.name, "a header but no rows: no data"))
		return false
	}
	out := &table{line: 1, header: names}
	for c := 1; c < len(cells[0]); c++ {
		row := tableRow{line: 1}
		for _, r := range cells {
			row.cells = append(row.cells, r[c])
		}
		out.rows = append(out.rows, row)
	}
	turned, lines, err := out.text()
	if err != nil {
		f.log.Add(readError(f.name, err))
		return false
	}
	f.src.become(turned, lines)
	f.rows.text = f.src.first.text
	return true
}
