package report

import (
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// A grid is a table of text: cells that are ready to be seen.
type grid struct {
	header []string
	right  []bool // by column: numbers, aligned at their last digit
	rows   [][]string
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// lines renders the grid, one line a row, the header first, no line longer than
// its cells. A letter is as wide as it is, under any locale. (A library for tables was
// asked before. For columns without borders it cost a fifth of the count of a small
// country, most of it before the first row, and all that it decides by itself, such as
// upper case for headers, had to be switched off.)
func (g *grid) lines() []string {
	all := append([][]string{g.header}, g.rows...)
	widths := make([]int, len(g.header))
	for _, row := range all {
		for i, cell := range row {
			widths[i] = max(widths[i], displaywidth.String(cell))
		}
	}
	lines := make([]string, len(all))
	for i, row := range all {
		var b strings.Builder
		for k, cell := range row {
			gap := strings.Repeat(" ", widths[k]-displaywidth.String(cell))
			if g.right[k] {
				b.WriteString(gap + cell + "  ")
			} else {
				b.WriteString(cell + gap + "  ")
			}
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
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
