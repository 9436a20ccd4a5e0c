package ingest

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"
)

// Bounds of a tree. No real one comes near: the Dutch count of 2023 has 150,000 nodes, 9 deep.
const (
	maxNodes = 4 << 20
	maxDepth = 64
	maxToken = 1 << 20 // bytes of a tag or a text; the parser holds one as a whole
	maxTold  = 100     // errors of one tree that are kept
)

// A node is an element of XML, an attribute of one, or a value of JSON. The items of an
// array are nodes of one name side by side, as XML has them.
type node struct {
	name   string // of an attribute "@" and its name
	text   string
	line   int32 // from 1
	offset int32 // in the data
	kids   []*node
}

// A tree is a document while it is read. What is wrong with it is collected.
type tree struct {
	what    string // the format, for people
	data    []byte
	root    *node
	contest string // that is read, for its rows to say so; "" = they do not
	errs    []error
	// differ is the totals that are not their sums. They are told when nothing else is
	// wrong, because a sum over figures that could not be read means nothing.
	differ []error
}

// fail notes what is wrong at a node; nil is the document as a whole.
func (t *tree) fail(n *node, code, format string, args ...any) {
	to := &t.errs
	if code == "TOTAL-SUM" {
		to = &t.differ
	}
	if len(*to) == maxTold {
		return
	}
	line, column := 0, 0
	if n != nil {
		line, column = int(n.line), t.column(int(n.offset))
	}
	*to = append(*to, placed(code, line, column, format, args...))
}

func (t *tree) failed() bool { return len(t.errs)+len(t.differ) > 0 }

// done is what a reader returns: the table, if nothing was wrong.
func (t *tree) done(table *table) (*table, error) {
	if len(t.errs) > 0 {
		return nil, errors.Join(t.errs...)
	}
	if len(t.differ) > 0 {
		return nil, errors.Join(t.differ...)
	}
	return table, nil
}

// column is that of a byte of the data in characters, from 1.
func (t *tree) column(offset int) int {
	return utf8.RuneCount(t.data[bytes.LastIndexByte(t.data[:offset], '\n')+1:offset]) + 1
}

// all is the nodes of that name in n.
func (n *node) all(name string) []*node {
	var some []*node
	if n != nil {
		for _, k := range n.kids {
			if k.name == name {
				some = append(some, k)
			}
		}
	}
	return some
}

// one is the node of that name in n; nil when there is none. A second one is refused,
// because nobody knows which is meant.
func (t *tree) one(n *node, name string) *node {
	var found *node
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		switch {
		case k.name != name:
		case found == nil:
			found = k
		default:
			t.fail(k, "DUPLICATE", "a second %s; the first is on line %d", strings.TrimPrefix(name, "@"), found.line)
		}
	}
	return found
}

// text is the text of the node of that name in n, its spaces made single; "" when there
// is none.
func (t *tree) text(n *node, name string) string {
	if k := t.one(n, name); k != nil {
		return squeeze(k.text)
	}
	return ""
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// count is the node of that name in n as a count; false when there is none, or when it is
// no count, which is said with whose it is.
func (t *tree) count(n *node, name, whose string) (int64, bool) {
	k := t.one(n, name)
	if k == nil {
		return 0, false
	}
	return t.countOf(k, whose)
}

// need is the node of that name in n as a count, and that node: both must be there.
func (t *tree) need(n *node, name, whose string) (int64, *node) {
	k := t.one(n, name)
	if k == nil {
		t.fail(n, "NOT-A-COUNT", "%s: found nothing, want %s", whose, strings.TrimPrefix(name, "@"))
		return 0, n
	}
	v, _ := t.countOf(k, whose)
	return v, k
}

func (t *tree) countOf(n *node, whose string) (int64, bool) {
	text := squeeze(n.text)
	v, why := count([]byte(text))
	switch {
	case text == "":
		t.fail(n, "NOT-A-COUNT", "%s: found nothing, want digits 0-9", whose)
	case why == tooLarge:
		t.fail(n, "OVERFLOW", "%s: found %q, %s", whose, shorten([]byte(text)), why)
	case why != "":
		t.fail(n, "NOT-A-COUNT", "%s: found %q, %s", whose, shorten([]byte(text)), why)
	}
	return v, why == ""
}

// add adds v to a sum, and says so when it leaves int64.
func (t *tree) add(to *int64, v int64, n *node, whose string) {
	if v > maxCount-*to {
		t.fail(n, "OVERFLOW", "%s: the sum is %s", whose, tooLarge)
		return
	}
	*to += v
}

// A grower makes a tree, node by node.
type grower struct {
	*tree
	at, line int // the line of a byte
	nodes    int
	names    map[string]string // each one once
}

func (g *grower) new(name string, offset int) (*node, error) {
	if g.nodes++; g.nodes > maxNodes {
		return nil, placed("LIMIT", g.line, 0, "%s with more than the limit of %d values", g.what, maxNodes)
	}
	own, ok := g.names[name]
	if !ok {
		own = strings.Clone(name)
		g.names[own] = own
	}
	if offset > g.at {
		g.line += bytes.Count(g.data[g.at:offset], []byte("\n"))
		g.at = offset
	}
	return &node{name: own, offset: int32(offset), line: int32(g.line)}, nil
}

func (g *grower) wrong(code string, offset int, format string, args ...any) error {
	offset = min(offset, len(g.data))
	return placed(code, bytes.Count(g.data[:offset], []byte("\n"))+1, g.column(offset), format, args...)
}

func newGrower(what string, data []byte) *grower {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return &grower{tree: &tree{what: what, data: data}, line: 1, names: map[string]string{}}
}

// notUTF8 says where the data is not UTF-8, if it is not.
func (g *grower) notUTF8() error {
	if utf8.Valid(g.data) {
		return nil
	}
	i := 0
	for i < len(g.data) {
		r, n := utf8.DecodeRune(g.data[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return g.wrong("ENCODING", i, "the text is not UTF-8: save the file in that encoding")
}
