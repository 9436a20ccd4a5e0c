package ingest

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A fingerprint is what a built-in layout is detected by, read from its file without
// reading all of it: a count of canonical files needs no layout, and shall not wait for
// a dozen.
type fingerprint struct {
	source string // the file of the layout
	detection
	encodings []string
	joins     []string // patterns of the files that it joins
}

var fingerprints = sync.OnceValue(func() (list []fingerprint) {
	for _, name := range layoutNames() {
		f := fingerprint{source: name}
		for _, line := range strings.Split(string(layoutSource(name)), "\n") {
			key, value, _ := strings.Cut(line, ":")
			switch strings.TrimSpace(key) {
			case "detect":
				f.columns = flowList(between(value, "columns: [", "]"))
				f.only = strings.Contains(value, "only: yes")
				f.file = unquote(between(value, "file: ", "}"))
				f.label = unquote(between(value, "label: ", "}"))
			case "encoding":
				f.encodings = flowList(strings.Trim(value, " []"))
			case "- {file", "names":
				if file := between(line, "file: ", ","); file != "" {
					f.joins = append(f.joins, unquote(file))
				}
			}
		}
		list = append(list, f)
	}
	return list
})

// between is what stands between two texts; "" where the first is missing.
func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return s
}

func flowList(s string) (list []string) {
	for _, item := range strings.Split(s, ",") {
		if item = unquote(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func unquote(s string) string { return strings.Trim(strings.TrimSpace(s), `"'`) }

// detect is the built-in layout that a file is for, by its name and its beginning; nil when
// there is none. Of several that would do it is the one that asks for most.
func detect(name string, head []byte) *Layout {
	valid := isUTF8(head)
	var best *fingerprint
	for i := range fingerprints() {
		f := &fingerprints()[i]
		if f.none() || f.file != "" && !named(name, f.file) {
			continue
		}
		text := head
		if !valid {
			other := slices.IndexFunc(f.encodings, func(e string) bool { return e != "utf-8" && encodings[e] != nil })
			if other < 0 {
				continue
			}
			text = decodeHead(head, f.encodings[other])
		}
		has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
		if slices.ContainsFunc(f.columns, func(c string) bool { return !has(c) }) || f.label != "" && !has(f.label) {
			continue
		}
		if !f.headed(text) || best != nil && len(best.columns) >= len(f.columns) {
			continue
		}
		best = f
	}
	if best == nil {
		return nil
	}
	return builtin(best.source)
}

// named reports whether a file has a name of that pattern, packed or not.
func named(path, pattern string) bool {
	base := filepath.Base(path)
	for _, ending := range []string{"", ".gz", ".zst"} {
		if ok, _ := filepath.Match(pattern, strings.TrimSuffix(base, ending)); ok {
			return true
		}
	}
	return false
}

// headed reports whether one of the first lines is a header with the columns, or begins
// with the label.
func (f *fingerprint) headed(text []byte) bool {
	const most = 40 // lines
	for range most {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		line = bytes.TrimPrefix(bytes.TrimSuffix(line, []byte("\r")), []byte("\ufeff"))
		if f.label != "" && strings.HasPrefix(strings.TrimLeft(string(line), `"`), f.label) {
			return true
		}
		for _, comma := range []byte{',', ';', '\t', '|'} {
			if len(f.columns) == 0 || bytes.IndexByte(line, comma) < 0 {
				continue
			}
			t := rows{comma: comma, raw: line}
			if _, bad := t.split(); bad {
				continue
			}
			header := make([]string, len(t.fields))
			for i, cell := range t.fields {
				header[i] = string(cell)
			}
			if f.fits(header) {
				return true
			}
		}
		if !more {
			break
		}
		text = rest
	}
	return len(f.columns) == 0 && f.label == ""
}

// joinedBy reports whether a file is one that a layout for another of the files joins to
// it, and so holds no returns.
func joinedBy(name string, files []string, given *Layout) bool {
	beside := func(pattern string) bool {
		return slices.ContainsFunc(files, func(other string) bool {
			return other != name && filepath.Dir(other) == filepath.Dir(name) && named(other, pattern)
		})
	}
	if given != nil {
		return slices.ContainsFunc(append(slices.Clone(given.joins), given.names), func(j join) bool { return j.file != "" && named(name, j.file) })
	}
	for _, f := range fingerprints() {
		if f.file != "" && slices.ContainsFunc(f.joins, func(pattern string) bool { return named(name, pattern) }) && beside(f.file) {
			return true
		}
	}
	return false
}
