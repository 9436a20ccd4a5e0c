package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// A grid is a table of text: cells that are ready to be seen.
type grid struct {
	header []string
	right  []bool // by column: numbers, aligned at their last digit
	rows   [][]string
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// lines renders the grid, one line a row, the header first, no line longer than
// its cells. Everything that the table library would decide by itself is stated:
// it would upper-case headers, wrap and trim cells, draw borders, keep the slices
// that it is given, and count Cyrillic letters double under some locales.
func (g *grid) lines() ([]string, error) {
	align := make([]tw.Align, len(g.header))
	for i := range align {
		align[i] = tw.AlignLeft
		if g.right[i] {
			align[i] = tw.AlignRight
		}
	}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    tw.CellPadding{Global: tw.Padding{Right: "  ", Overwrite: true}},
	}
	var b bytes.Buffer
	t := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
	)
	t.Header(slices.Clone(g.header))
	for _, row := range g.rows {
		if err := t.Append(slices.Clone(row)); err != nil {
			return nil, fmt.Errorf("table row: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	if len(lines) != len(g.rows)+1 {
		return nil, fmt.Errorf("a table of %d rows came out with %d lines", len(g.rows)+1, len(lines))
	}
	return lines, nil
}

// markdown renders the grid as a pipe table. The library does not escape what
// has a meaning in Markdown, so it is not asked.
func (g *grid) markdown(w io.Writer) error {
	var b strings.Builder
	row := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + escapeMarkdown(c) + " ")
		}
		b.WriteString("|\n")
	}
	row(g.header)
	for _, right := range g.right {
		if right {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| :--- ")
		}
	}
	b.WriteString("|\n")
	for _, r := range g.rows {
		row(r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var markdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "#", `\#`, "@", "&#64;", "://", "&#58;//")

func escapeMarkdown(s string) string { return markdown.Replace(s) }
