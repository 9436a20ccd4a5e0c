// Package report renders results: as a table for people, as CSV, TSV, JSON,
// JSON Lines and Markdown for what comes after.
//
// Rows are computed before anything is printed, and every rendering is of the
// same rows. Machine formats are plain: integers without grouping, shares as
// decimal strings, no clock, no path that was not given, the same bytes on every
// machine. Only tables and Markdown group digits. Text of the input is escaped
// for the format in which it stands; what a terminal must not see is written
// as \u{HEX}.
package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/tally"
)

// A Report is a result with what a reader needs to trust it.
type Report struct {
	Result   *tally.Result
	Findings []finding.Finding
	Inputs   []Input
	Tool     Tool
	Color    bool // terminal colours in tables
}

// An Input is a file that the result was counted from.
type Input struct {
	Name   string
	Bytes  int64
	SHA256 string
}

// Tool names the program that counted.
type Tool struct{ Version, Revision string }

// A format is one way to write a report. Every place that lists formats —
// flags, help, completion, tests — goes through this table.
type format struct {
	name    string
	means   string
	endings []string
	write   func(io.Writer, Report) error
}

var formats = []format{
	{"table", "for people, on a terminal or in mail", []string{".txt"}, writeTable},
	{"csv", "one row a list and area", []string{".csv"}, func(w io.Writer, r Report) error { return writeDelimited(w, r, ',') }},
	{"tsv", "the same with tabs", []string{".tsv"}, func(w io.Writer, r Report) error { return writeDelimited(w, r, '\t') }},
	{"json", "the whole result, kenesh.result version 1", []string{".json"}, writeJSON},
	{"jsonl", "the rows of csv, one JSON object a line", []string{".jsonl", ".ndjson"}, writeJSONLines},
	{"markdown", "the table for a page or an issue", []string{".md"}, writeMarkdown},
}

// Formats returns the names of all formats, the default first.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// FormatOf returns the format that a file's name asks for by its ending.
func FormatOf(file string) (string, bool) {
	for _, f := range formats {
		if slices.ContainsFunc(f.endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(file), e) }) {
			return f.name, true
		}
	}
	return "", false
}

// Write renders a report. The format must be one of [Formats].
func Write(w io.Writer, name string, r Report) error {
	for _, f := range formats {
		if f.name == name {
			return f.write(w, r)
		}
	}
	return fmt.Errorf("no format %q", name)
}

// A row is what a list has in one area: the unit of all flat formats.
type row struct {
	Contest   string `json:"contest"`
	Area      string `json:"area"`
	ListID    string `json:"list_id"`
	List      string `json:"list"`
	Votes     int64  `json:"votes"`
	Share     string `json:"share"` // a fraction of 1; "" when the base is not known
	ShareBase string `json:"share_base"`
	Qualified *bool  `json:"qualified"` // nil: an option, or not decided
	Seats     *int   `json:"seats"`     // nil: not decided; in areas those of the districts, nil where the law has none
}

// columns are those of row in the order of the contract; new ones come last.
var columns = []string{"contest", "area", "list_id", "list", "votes", "share", "share_base", "qualified", "seats"}

// rows computes every row: the nation's lists in ballot order, then each area's.
func rows(r Report) []row {
	res := r.Result
	var all []row
	for i, l := range res.Lists {
		x := row{Contest: res.Rules.Name, Area: "nation", ListID: l.ID, List: l.Name, Votes: l.Votes, ShareBase: res.Base.String()}
		x.Share = res.Nation.Share(i, res.Base).Decimal(6, bars(res)...)
		if !l.Option && l.Qualified != tally.Open {
			in := l.Qualified == tally.Reached
			x.Qualified = &in
		}
		if res.Given {
			seats := l.Seats
			x.Seats = &seats
		}
		all = append(all, x)
	}
	for _, a := range res.Areas {
		for i, l := range res.Lists {
			x := row{Contest: res.Rules.Name, Area: a.Name, ListID: l.ID, List: l.Name, Votes: a.Votes[i],
				Share: a.Share(i, res.Base).Decimal(6, bars(res)...), ShareBase: res.Base.String()}
			if a.Seats != nil {
				x.Seats = &a.Seats[i]
			}
			all = append(all, x)
		}
	}
	return all
}

func writeDelimited(w io.Writer, r Report, comma rune) error {
	var all [][]string
	for _, x := range rows(r) {
		all = append(all, []string{x.Contest, x.Area, x.ListID, x.List, strconv.FormatInt(x.Votes, 10), x.Share, x.ShareBase, maybe(x.Qualified), maybe(x.Seats)})
	}
	return writeCells(w, comma, columns, all)
}

// writeCells writes a table with its header.
func writeCells(w io.Writer, comma rune, header []string, rows [][]string) error {
	c := csv.NewWriter(w)
	c.Comma = comma
	if err := c.Write(header); err != nil {
		return err
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}

func writeJSONLines(w io.Writer, r Report) error { return writeLines(w, rows(r)) }

// writeLines writes each as JSON on a line of its own.
func writeLines[T any](w io.Writer, all []T) error {
	for _, x := range all {
		line, err := json.Marshal(x)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(escapeJSON(line), '\n')); err != nil {
			return err
		}
	}
	return nil
}
