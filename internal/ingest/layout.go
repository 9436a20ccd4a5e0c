package ingest

import (
	"embed"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// A Layout says what the columns of a table mean. Columns are named as in the
// header, without regard to case and to spaces around them.
type Layout struct {
	Name, Title string
	Source      []byte // the file's bytes as they stand
	Long        bool   // one row a precinct and list; else one row a precinct
	Delimiter   byte   // 0: found out
	Precinct    []string
	Region      string // "" = the table has none
	District    string
	Lines       map[returns.Line]string
	List, Votes string       // of a long table
	Lists       []ListColumn // of a wide table, when not Rest
	Rest        bool         // every column without another role is a list
	Ignore      []string
}

// A ListColumn is a column of votes for one list.
type ListColumn struct{ Column, ID, Name string }

//go:embed layouts/*.yaml
var layoutFiles embed.FS

// Layouts returns the built-in layouts by name.
func Layouts() []*Layout {
	entries, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		panic(err)
	}
	var list []*Layout
	for _, e := range entries {
		data, err := layoutFiles.ReadFile("layouts/" + e.Name())
		if err != nil {
			panic(err)
		}
		var log finding.Log
		l, ok := ParseLayout(e.Name(), data, &log)
		if !ok {
			panic("ingest: built-in layout: " + log.Sorted()[0].String())
		}
		list = append(list, l)
	}
	return list
}

// LoadLayout returns the built-in layout of that name, or reads the file.
func LoadLayout(name string, log *finding.Log) (*Layout, bool) {
	var names []string
	for _, l := range Layouts() {
		if l.Name == name {
			return l, true
		}
		names = append(names, l.Name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		isPath := strings.ContainsRune(name, filepath.Separator) || filepath.Ext(name) != ""
		if isPath {
			log.Add(fileError("LAYOUT", name, "%s", reason(err)))
		} else {
			log.Add(fileError("LAYOUT", "", "no layout is called %q%s; built in: %s", name, finding.DidYouMean(name, names), strings.Join(names, ", ")))
		}
		return nil, false
	}
	return ParseLayout(name, data, log)
}

// ParseLayout reads a layout file. Its problems go to log under the code LAYOUT.
func ParseLayout(file string, data []byte, log *finding.Log) (*Layout, bool) {
	var own finding.Log // tells the errors of this file from earlier ones
	top, ok := document.Parse(file, data, "LAYOUT", &own)
	l := &Layout{Source: data, Lines: map[returns.Line]string{}}
	if ok {
		l.read(top)
	}
	log.Add(own.Sorted()...)
	if own.Failed() {
		return nil, false
	}
	return l, true
}

func (l *Layout) read(top document.Node) {
	top.Keys("layout", "name", "title", "shape", "delimiter", "precinct", "region", "district",
		"registered", "issued", "cast", "invalid", "valid", "list", "votes", "lists", "ignore")
	top.Need("layout").Int(1, 1)
	l.Name = top.Need("name").Text()
	l.Title = top.Field("title").Text()
	l.Long = top.Need("shape").OneOf("long", "wide") == "long"
	if d := top.Field("delimiter"); d.Exists() {
		l.Delimiter = map[string]byte{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}[d.OneOf("comma", "semicolon", "tab", "pipe")]
	}
	key := top.Need("precinct")
	if l.Precinct = key.Texts(); key.Exists() && len(l.Precinct) == 0 {
		key.Fail("no column: name those that tell one precinct from another")
	}
	l.Region = top.Field("region").Text()
	l.District = top.Field("district").Text()
	if top.Field("district").Exists() && !top.Field("region").Exists() {
		top.Field("district").Fail("a district lies in a region; name the region's column too")
	}
	for _, line := range returns.Lines() {
		if n := top.Field(line.String()); n.Exists() {
			l.Lines[line] = n.Text()
		}
	}
	l.Ignore = top.Field("ignore").Texts()
	if l.Long {
		l.List, l.Votes = top.Need("list").Text(), top.Need("votes").Text()
		top.Field("lists").Fail("a long table has its lists in rows; this key is for wide ones")
	} else {
		top.Field("list").Fail("a wide table has a column a list; this key is for long ones")
		top.Field("votes").Fail("a wide table has a column a list; this key is for long ones")
		l.lists(top.Need("lists"))
	}
}

func (l *Layout) lists(n document.Node) {
	if n.IsScalar() {
		l.Rest = n.OneOf("rest") == "rest"
		return
	}
	for _, item := range n.Items() {
		if item.IsScalar() {
			name := item.Text()
			l.Lists = append(l.Lists, ListColumn{name, name, name})
			continue
		}
		item.Keys("column", "id", "name")
		c := ListColumn{Column: item.Need("column").Text(), ID: item.Field("id").Text(), Name: item.Field("name").Text()}
		if c.Name == "" {
			c.Name = c.Column
		}
		if c.ID == "" {
			c.ID = c.Name
		}
		l.Lists = append(l.Lists, c)
	}
}

// fits reports whether a table with this header could be read by the layout, so
// that it may be suggested.
func (l *Layout) fits(header []string) bool {
	has := func(column string) bool {
		return column == "" || slices.ContainsFunc(header, func(h string) bool { return strings.EqualFold(h, column) })
	}
	columns := slices.Concat(l.Precinct, []string{l.Region, l.District, l.List, l.Votes}, l.Ignore)
	for _, c := range l.Lines {
		columns = append(columns, c)
	}
	for _, c := range l.Lists {
		columns = append(columns, c.Column)
	}
	return !slices.ContainsFunc(columns, func(c string) bool { return !has(c) })
}
