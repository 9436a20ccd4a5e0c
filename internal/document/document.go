// Package document reads the small YAML files that people write for kenesh —
// laws, layouts, lots, totals — strictly, and says where each thing stands.
//
// YAML as its library decodes it is too kind for law: 120.5 becomes 120, 0120
// becomes 80, nothing becomes 0, a second document is ignored. So nothing is
// decoded here. A document is walked node by node, every scalar is taken by
// the letters that stand in the file, and what is not plainly right is a
// finding with file, line and column. All problems of a file are found in one
// run: a getter that fails notes it and returns a zero value.
//
// Refused everywhere: anchors, aliases, merge keys and tags (they hide what is
// said), duplicate keys, keys that are no plain text, a second document,
// control and invisible characters, files over 1 MiB.
//
// Its neighbours are rules, ingest (layouts), rehearse (totals) and cmd/kenesh
// (lots), which know what the keys mean.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"kenesh/internal/finding"
)

// maxBytes is the size beyond which a file is no document that a person wrote.
const maxBytes = 1 << 20

// A Node is a place in a document: a mapping, a list or a scalar. The zero Node
// stands for an absent value; its getters return zero values and note nothing.
type Node struct {
	doc  *doc
	yaml *yaml.Node
	what string // its key, for messages
}

type doc struct {
	file, code string
	log        *finding.Log
}

// Parse reads one document whose top is a mapping. What is wrong goes to log
// under the code given; ok is false when there is no document to walk.
func Parse(file string, data []byte, code string, log *finding.Log) (top Node, ok bool) {
	d := &doc{file: file, code: code, log: log}
	if len(data) > maxBytes {
		d.fail(0, 0, "the file has %d bytes, more than the %d that a file written by hand can have", len(data), maxBytes)
		return Node{}, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			d.fail(i+1, 0, "the text is not UTF-8")
			return Node{}, false
		}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var root, second yaml.Node
	if err := dec.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			d.fail(0, 0, "the file is empty")
		} else {
			line, text := syntax(err)
			d.fail(line, 0, "%s", text)
		}
		return Node{}, false
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		d.fail(second.Line, 1, "text after the first document; a file holds one")
		return Node{}, false
	}
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		d.fail(root.Line, root.Column, "the file must be a mapping of keys to values")
		return Node{}, false
	}
	if !d.clean(root.Content[0]) {
		return Node{}, false
	}
	return Node{d, root.Content[0], ""}, true
}

// syntax takes the line out of an error of the library: "yaml: line 3: …".
func syntax(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		number, after, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			line, text = n, after
		}
	}
	return line, "not valid YAML: " + text
}

func (d *doc) fail(line, column int, format string, args ...any) {
	d.log.Add(finding.Finding{Code: d.code, Severity: finding.Error, File: d.file, Line: line, Column: column,
		Message: fmt.Sprintf(format, args...)})
}

// clean refuses what has no place in any document, at any depth.
func (d *doc) clean(n *yaml.Node) bool {
	ok := true
	no := func(n *yaml.Node, format string, args ...any) {
		d.fail(n.Line, n.Column, format, args...)
		ok = false
	}
	switch {
	case n.Kind == yaml.AliasNode:
		no(n, "an alias (*%s) stands for something written elsewhere; write it out", n.Value)
	case n.Anchor != "":
		no(n, "an anchor (&%s) has no place here", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		no(n, "a tag (%s) has no place here", n.Tag)
	case n.Kind == yaml.ScalarNode:
		if r, hidden := finding.Hidden(n.Value); hidden {
			no(n, "a value has a line break or a character that cannot be seen (U+%04X)", r)
		}
	case n.Kind == yaml.MappingNode:
		seen := map[string]int{}
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i]
			switch {
			case k.Kind != yaml.ScalarNode || k.Tag == "!!merge" || k.Tag == "!!null":
				no(k, "a key must be plain text")
				continue
			case seen[k.Value] > 0:
				no(k, "key %q was already given on line %d", k.Value, seen[k.Value])
			}
			seen[k.Value] = k.Line
		}
	}
	for _, c := range n.Content {
		if !d.clean(c) {
			ok = false
		}
	}
	return ok
}

// Exists reports whether the document has this value.
func (n Node) Exists() bool { return n.yaml != nil }

// Line is the line on which the value stands, from 1; 0 for an absent one.
func (n Node) Line() int {
	if n.yaml == nil {
		return 0
	}
	return n.yaml.Line
}

// Fail notes an error at the node.
func (n Node) Fail(format string, args ...any) {
	if n.yaml == nil {
		return
	}
	text := fmt.Sprintf(format, args...)
	if n.what != "" {
		text = n.what + ": " + text
	}
	n.doc.fail(n.yaml.Line, n.yaml.Column, "%s", text)
}

// IsMap, IsList and IsScalar tell the kinds of node apart.
func (n Node) IsMap() bool    { return n.yaml != nil && n.yaml.Kind == yaml.MappingNode }
func (n Node) IsList() bool   { return n.yaml != nil && n.yaml.Kind == yaml.SequenceNode }
func (n Node) IsScalar() bool { return n.yaml != nil && n.yaml.Kind == yaml.ScalarNode }

// Is reports whether the node is a scalar of these letters; it notes nothing.
func (n Node) Is(text string) bool { return n.IsScalar() && n.yaml.Value == text }

// Keys refuses every key of the mapping that is not among known, with a
// suggestion where one is near.
func (n Node) Keys(known ...string) {
	if n.yaml == nil {
		return
	}
	if n.yaml.Kind != yaml.MappingNode {
		n.Fail("found %s, want keys and values: %s", n.describe(), strings.Join(known, ", "))
		return
	}
	for i := 0; i < len(n.yaml.Content); i += 2 {
		k := Node{n.doc, n.yaml.Content[i], ""}
		if !contains(known, k.yaml.Value) {
			k.Fail("unknown key %q%s; known here: %s", k.yaml.Value, finding.DidYouMean(k.yaml.Value, known), strings.Join(known, ", "))
		}
	}
}

// Field is the value under key, or the zero Node.
func (n Node) Field(key string) Node {
	if n.IsMap() {
		for i := 0; i < len(n.yaml.Content); i += 2 {
			if n.yaml.Content[i].Value == key {
				return Node{n.doc, n.yaml.Content[i+1], key}
			}
		}
	}
	return Node{}
}

// Need is Field for a key that must be there.
func (n Node) Need(key string) Node {
	f := n.Field(key)
	if !f.Exists() && n.IsMap() {
		n.Fail("key %q is missing", key)
	}
	return f
}

// Named is the node under another name in messages. The 90 of
// "seats: {value: 90, cite: …}" is called seats, as if it stood there alone.
func (n Node) Named(what string) Node {
	n.what = what
	return n
}

// A Pair is one entry of a mapping whose keys are names.
type Pair struct {
	Key   string
	Value Node
}

// Pairs returns the entries of a mapping in the order of the file.
func (n Node) Pairs() []Pair {
	if n.yaml == nil {
		return nil
	}
	if n.yaml.Kind != yaml.MappingNode {
		n.Fail("found %s, want names and values", n.describe())
		return nil
	}
	var list []Pair
	for i := 0; i < len(n.yaml.Content); i += 2 {
		k := n.yaml.Content[i]
		list = append(list, Pair{k.Value, Node{n.doc, n.yaml.Content[i+1], k.Value}})
	}
	return list
}

// Items returns the elements of a list.
func (n Node) Items() []Node {
	if n.yaml == nil {
		return nil
	}
	if n.yaml.Kind != yaml.SequenceNode {
		n.Fail("found %s, want a list", n.describe())
		return nil
	}
	var list []Node
	for _, c := range n.yaml.Content {
		list = append(list, Node{n.doc, c, n.what})
	}
	return list
}

// Text is a scalar by its letters: NO, 1.10 and 0012 stay what was written.
// An empty or null value is an error.
func (n Node) Text() string {
	if n.yaml == nil {
		return ""
	}
	if n.yaml.Kind != yaml.ScalarNode || n.yaml.Tag == "!!null" || n.yaml.Value == "" {
		n.Fail("found %s, want text", n.describe())
		return ""
	}
	return n.yaml.Value
}

// Texts is a list of scalars, or a single one.
func (n Node) Texts() []string {
	if n.IsScalar() {
		return []string{n.Text()}
	}
	var list []string
	for _, item := range n.Items() {
		list = append(list, item.Text())
	}
	return list
}

// OneOf is a scalar that must be among the words given.
func (n Node) OneOf(words ...string) string {
	s := n.Text()
	if s != "" && !contains(words, s) {
		n.Fail("found %q%s, want one of %s", s, finding.DidYouMean(s, words), strings.Join(words, ", "))
		return ""
	}
	return s
}

// whole reports whether s is a whole number in digits, with no zero before it.
func whole(s string) bool { return digits(s) && (s[0] != '0' || s == "0") }

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Int is a whole number from least to most, written in digits without a leading
// zero, sign, point or quotes.
func (n Node) Int(least, most int64) int64 {
	if n.yaml == nil {
		return 0
	}
	if n.yaml.Kind == yaml.ScalarNode && n.yaml.Style != 0 && whole(n.yaml.Value) {
		n.Fail("found %s in quotes, want a whole number in digits, without quotes", n.describe())
		return 0
	}
	if n.yaml.Kind != yaml.ScalarNode || !whole(n.yaml.Value) {
		n.Fail("found %s, want a whole number in digits", n.describe())
		return 0
	}
	v, err := strconv.ParseInt(n.yaml.Value, 10, 64)
	if err != nil || v < least || v > most {
		n.Fail("found %s, want a number from %d to %d", n.yaml.Value, least, most)
		return 0
	}
	return v
}

// Share is an exact share of 0 to 1, written as a percentage with a point ("7%",
// "0.7%") or as a ratio ("1/3"). A bare number is refused: 7 could mean 700 %.
func (n Node) Share() *big.Rat {
	if n.yaml == nil {
		return new(big.Rat)
	}
	share, err := ParseShare(n.yaml.Value)
	if n.yaml.Kind != yaml.ScalarNode || err != nil {
		n.Fail(`found %s, want a share such as "7%%", "0.7%%" or "1/3"%s`, n.describe(), shareHint(n.yaml.Value))
		return new(big.Rat)
	}
	return share
}

// shareHint says what is wrong with a share that is nearly one.
func shareHint(s string) string {
	number, percent := strings.CutSuffix(s, "%")
	switch {
	case percent && strings.TrimSpace(number) != number:
		return ", without a space"
	case strings.Contains(s, ","):
		return ", with a point and not a comma"
	case percent && isPercentage(s):
		return ", at most 100%"
	}
	return ""
}

// ParseShare reads a share from text, as a flag gives it.
func ParseShare(s string) (*big.Rat, error) {
	share := new(big.Rat)
	switch {
	case isPercentage(s):
		share.SetString(strings.TrimSuffix(s, "%"))
		share.Quo(share, big.NewRat(100, 1))
	case isRatio(s):
		share.SetString(s)
	default:
		return nil, fmt.Errorf("%q is no share", s)
	}
	if share.Cmp(big.NewRat(1, 1)) > 0 {
		return nil, fmt.Errorf("%q is more than the whole", s)
	}
	return share, nil
}

// isPercentage reports whether s is a percentage below 1000 with at most nine
// places: 7%, 0.7%.
func isPercentage(s string) bool {
	number, ok := strings.CutSuffix(s, "%")
	units, places, point := strings.Cut(number, ".")
	return ok && whole(units) && len(units) <= 3 && (!point || digits(places) && len(places) <= 9)
}

// isRatio reports whether s is a ratio of numbers from 1 to 999999999: 1/3.
func isRatio(s string) bool {
	above, below, ok := strings.Cut(s, "/")
	number := func(s string) bool { return whole(s) && s != "0" && len(s) <= 9 }
	return ok && number(above) && number(below)
}

// describe says in words what stands at the node.
func (n Node) describe() string {
	switch n.yaml.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.yaml.Tag == "!!null" || n.yaml.Value == "" {
		return "nothing"
	}
	return strconv.Quote(n.yaml.Value)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
