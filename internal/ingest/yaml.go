package ingest

import (
	"bytes"
	"regexp"
	"strings"

	"kenesh/internal/document"
	"kenesh/internal/finding"
)

// yamlRows is how a list of rows begins in YAML.
var yamlRows = regexp.MustCompile(`^(?:\x{FEFF})?(?:---[ \t]*\r?\n)?- +["'\pL][^\n:,;|\t]*:(?: |\r?\n)`)

// readYAML reads a list of flat rows, all with the same keys.
func readYAML(data []byte, _ Options) (*table, error) {
	// Under a key the list is a document like all others: a line further down, or in the
	// place of the mark that begins it.
	const key = "rows:\n"
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	down := 1
	if first, rest, _ := bytes.Cut(data, []byte("\n")); bytes.HasPrefix(first, []byte("---")) {
		data, down = rest, 0
	}
	var log finding.Log
	top, ok := document.Parse("", append([]byte(key), data...), "FORMAT", &log)
	t := &table{what: "YAML"}
	if ok {
		for _, item := range top.Field("rows").Items() {
			if !item.IsMap() {
				item.Fail("a row must be a mapping of columns to cells")
				continue
			}
			row := tableRow{line: item.Line() - down}
			cells := map[string]string{}
			for _, p := range item.Pairs() {
				cells[p.Key] = p.Value.Text()
				if len(t.rows) == 0 {
					t.header = append(t.header, p.Key)
				}
			}
			for _, column := range t.header {
				cell, there := cells[column]
				if !there {
					item.Fail("the row has no %q", column)
				}
				row.cells = append(row.cells, cell)
			}
			if len(cells) > len(t.header) {
				item.Fail("the row has %d columns, the first one has %d", len(cells), len(t.header))
			}
			t.rows = append(t.rows, row)
		}
	}
	for _, e := range log.Sorted() {
		return nil, placed(e.Code, max(e.Line-down, 0), e.Column, "%s", strings.TrimPrefix(e.Message, "rows: "))
	}
	if len(t.rows) == 0 {
		return nil, placed("EMPTY", 1, 0, "no rows of votes")
	}
	t.line = t.rows[0].line
	return t, nil
}
