package ingest

import (
	"bytes"
	"fmt"
	"strings"

	"kenesh/internal/finding"
)

// A Guess is what can be said of a vote file by its beginning.
type Guess struct {
	Layout  string // the built-in one that it fits; "": none
	Dialect string // e.g. "long table, comma"
	Columns []GuessedColumn
	YAML    string // a layout to start from
}

// A GuessedColumn is a column and what it may be.
type GuessedColumn struct{ Name, Role string }

// GuessFile looks at a file and says how it may be read; false when that cannot be, which has
// been said.
func GuessFile(name string, o Options, log *finding.Log) (Guess, bool) {
	src, err := open(name, o)
	if err != nil {
		log.Add(readError(name, err))
		return Guess{}, false
	}
	defer src.close()
	var own finding.Log
	f := newFile(&reader{log: &own}, src)
	g := Guess{}
	if src.layout != nil {
		g.Layout, f.layout = src.layout.Name, src.layout
		g.YAML = string(src.layout.Source)
		g.Dialect = "layout " + g.Layout
		return g, true
	}
	f.rows.comma = sniff(f.head())
	if src.lines != nil {
		f.rows.comma = ','
	}
	// Names that are there twice, or none, are no reason not to look at the others.
	f.layout = &Layout{unnamed: true}
	if !f.begin() && f.plan.header == nil {
		log.Add(own.Sorted()...)
		return g, false
	}
	var sample [][]string
	for range 20 {
		if !f.rows.next() {
			break
		}
		if _, bad := f.rows.split(); bad {
			continue
		}
		var cells []string
		for _, c := range f.rows.fields {
			cells = append(cells, string(bytes.Trim(c, " ")))
		}
		sample = append(sample, cells)
	}
	f.guess(&g, sample)
	return g, true
}

func (f *file) guess(g *Guess, sample [][]string) {
	taken := map[string]bool{}
	numeric := func(i int) bool {
		for _, row := range sample {
			if i >= len(row) || row[i] == "" || strings.Trim(row[i], "0123456789") != "" {
				return false
			}
		}
		return len(sample) > 0
	}
	for i, h := range f.plan.header {
		role := synonyms[fold(h)]
		if taken[role] {
			role = ""
		}
		switch {
		case role != "":
			taken[role] = true
		case h == "":
			role = "no name"
		case numeric(i):
			role = "numbers"
		default:
			role = "text"
		}
		g.Columns = append(g.Columns, GuessedColumn{h, role})
	}
	long := taken[roleList] && taken[roleVotes]
	g.Dialect = fmt.Sprintf("%s table, %s", shape(long), delimiterNames[f.rows.comma])

	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("layout: 1")
	say("name: my-layout            # give it a name")
	say("shape: %s                 # guessed", shape(long))
	say("delimiter: %s", delimiterNames[f.rows.comma])
	if f.src.encoding != "" && f.src.encoding != "utf-8" {
		say("encoding: %s", f.src.encoding)
	}
	if !taken[rolePrecinct] {
		say("precinct: ???              # the column, or columns, that tell one precinct from another")
	}
	var ignored, unknown []string
	unnamed := false
	for _, c := range g.Columns {
		switch c.Role {
		case "no name":
			unnamed = true
		case "text":
			ignored = append(ignored, yamlText(c.Name))
		case "numbers":
			unknown = append(unknown, yamlText(c.Name))
		default:
			say("%s: %s    # guessed by its name", c.Role, yamlText(c.Name))
		}
	}
	if unnamed {
		say("unnamed: ignore            # a column without a name")
	}
	switch {
	case long:
		ignored = append(ignored, unknown...)
	case len(unknown) > 0:
		say("lists:                     # guessed: columns of numbers; give lines of the protocol their own keys")
		for _, c := range unknown {
			say("  - %s", c)
		}
	default:
		say("lists: rest")
	}
	if len(ignored) > 0 {
		say("ignore: [%s]    # guessed: has text in it", strings.Join(ignored, ", "))
	}
	g.YAML = b.String()
}

// yamlText writes a text so that it is one in YAML.
func yamlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
