package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// parseJSON reads a document of JSON whose root is an object. A key that is there twice
// is refused; null is nothing.
func parseJSON(what string, data []byte) (*tree, error) {
	g := newGrower(what, data)
	if err := g.notUTF8(); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(g.data))
	d.UseNumber()
	holder := &node{}
	err := g.value(d, holder, "", 0)
	if err == nil && d.More() {
		err = g.wrong("FORMAT", g.next(d), "something behind the end of the JSON document")
	}
	if err != nil {
		return nil, g.jsonError(err, d)
	}
	if len(holder.kids) == 0 {
		return nil, placed("EMPTY", 0, 0, "the file is empty: it holds null")
	}
	g.root = holder.kids[0]
	return g.tree, nil
}

// next is where the next token begins.
func (g *grower) next(d *json.Decoder) int {
	at := int(d.InputOffset())
	for at < len(g.data) && strings.IndexByte(" \t\r\n,:", g.data[at]) >= 0 {
		at++
	}
	return at
}

// value reads a value into nodes of that name in parent.
func (g *grower) value(d *json.Decoder, parent *node, name string, depth int) error {
	from := g.next(d)
	token, err := d.Token()
	if err != nil {
		return err
	}
	if depth > maxDepth {
		return g.wrong("LIMIT", from, "values inside each other deeper than the limit of %d", maxDepth)
	}
	if token == nil {
		return nil
	}
	if token == json.Delim('[') {
		for d.More() {
			if err := g.value(d, parent, name, depth+1); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	}
	n, err := g.new(name, from)
	if err != nil {
		return err
	}
	parent.kids = append(parent.kids, n)
	if token != json.Delim('{') {
		n.text = fmt.Sprint(token)
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		at := g.next(d)
		key, err := d.Token()
		if err != nil {
			return err
		}
		k := key.(string) // the decoder has no other keys
		if seen[k] {
			return g.wrong("DUPLICATE", at, "the key %q is there twice", shorten([]byte(k)))
		}
		seen[k] = true
		if err := g.value(d, n, k, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func (g *grower) jsonError(err error, d *json.Decoder) error {
	var p *placedError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return g.wrong("FORMAT", len(g.data), "the JSON ends in the middle")
	case errors.As(err, &syntax):
		return g.wrong("FORMAT", max(int(syntax.Offset)-1, g.next(d)), "the JSON is not well-formed: %s", syntax.Error())
	}
	return g.wrong("FORMAT", g.next(d), "the JSON is not well-formed: %s", err)
}
