package report

import "io"

// A view is one result in every format; a part is made only when its format is asked for.
type view struct {
	wire  func() any                                // json
	lines func(io.Writer) error                     // jsonl
	cells func() (header []string, rows [][]string) // csv, tsv
	page  func() page                               // table, markdown
	color bool
}

// write renders it. The format must be one of [Formats].
func (v view) write(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeIndented(w, v.wire())
	case "jsonl":
		return v.lines(w)
	case "csv":
		header, rows := v.cells()
		return writeCells(w, ',', header, rows)
	case "tsv":
		header, rows := v.cells()
		return writeCells(w, '\t', header, rows)
	case "markdown":
		return v.page().writeMarkdown(w)
	}
	return v.page().writeTable(w, painter(v.color))
}
