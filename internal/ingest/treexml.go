package ingest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// A tokenReader gives the XML decoder its bytes, so that no token takes more than its
// bound: the decoder itself would hold any number of attributes.
type tokenReader struct {
	data     []byte
	from, at int
}

var errLongToken = errors.New("a tag or a text is too long")

func (r *tokenReader) ReadByte() (byte, error) {
	if r.at == len(r.data) {
		return 0, io.EOF
	}
	if r.at-r.from > maxToken {
		return 0, errLongToken
	}
	r.at++
	return r.data[r.at-1], nil
}

func (r *tokenReader) Read(p []byte) (int, error) {
	for i := range p {
		b, err := r.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}

// parseXML reads a document of XML. Elements of another namespace than the root's are
// left out with all that is in them: they extend what is asked for here.
func parseXML(what string, data []byte) (*tree, error) {
	g := newGrower(what, data)
	in := &tokenReader{data: g.data}
	d := xml.NewDecoder(in)
	d.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") {
			return input, nil
		}
		return nil, placed("ENCODING", 1, 0, "XML in %s: what is read is UTF-8; save the file in that encoding", charset)
	}
	if err := g.xml(d, in); err != nil {
		return nil, g.xmlError(err, in.at)
	}
	if g.root == nil {
		return nil, placed("EMPTY", 0, 0, "the file is empty: it has no element")
	}
	return g.tree, nil
}

func (g *grower) xml(d *xml.Decoder, in *tokenReader) error {
	var open []*node
	var texts [][]byte      // theirs, so far
	space, foreign := "", 0 // elements open that are left out
	for {
		from := int(d.InputOffset())
		in.from = in.at
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.Directive:
			return g.wrong("FORMAT", from, "a document type declaration (<!DOCTYPE …>): it is not read, because it can stand for anything")
		case xml.CharData:
			if len(open) > 0 && foreign == 0 {
				texts[len(open)-1] = append(texts[len(open)-1], token...)
			}
		case xml.StartElement:
			if len(open)+foreign == maxDepth {
				return g.wrong("LIMIT", from, "elements inside each other deeper than the limit of %d", maxDepth)
			}
			switch {
			case len(open) == 0 && g.root != nil:
				return g.wrong("FORMAT", from, "a second document: <%s> behind the end of the first", token.Name.Local)
			case len(open) == 0:
				space = token.Name.Space
			}
			if foreign > 0 || token.Name.Space != space {
				foreign++
				continue
			}
			n, err := g.element(token, from)
			if err != nil {
				return err
			}
			if len(open) == 0 {
				g.root = n
			} else {
				parent := open[len(open)-1]
				parent.kids = append(parent.kids, n)
			}
			open, texts = append(open, n), append(texts, nil)
		case xml.EndElement:
			if foreign > 0 {
				foreign--
				continue
			}
			last := len(open) - 1
			open[last].text = string(bytes.TrimSpace(texts[last]))
			open, texts = open[:last], texts[:last]
		}
	}
}

// element is an element with its attributes.
func (g *grower) element(start xml.StartElement, offset int) (*node, error) {
	n, err := g.new(start.Name.Local, offset)
	if err != nil {
		return nil, err
	}
	for _, a := range start.Attr {
		if a.Name.Space == "xmlns" {
			continue
		}
		k, err := g.new("@"+a.Name.Local, offset)
		if err != nil {
			return nil, err
		}
		k.text = a.Value
		n.kids = append(n.kids, k)
	}
	return n, nil
}

func (g *grower) xmlError(err error, at int) error {
	var p *placedError
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, errLongToken):
		return g.wrong("LIMIT", at, "a tag or a text of more than the limit of %d KiB", maxToken>>10)
	}
	if err := g.notUTF8(); err != nil {
		return err
	}
	text := err.Error()
	if errors.As(err, &syntax) {
		text = syntax.Msg
	}
	return g.wrong("FORMAT", at, "the XML is not well-formed: %s", text)
}

// rootOf is the first element of XML, if the head begins with one.
func rootOf(head []byte) (xml.StartElement, bool) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<")) {
		return xml.StartElement{}, false
	}
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for {
		token, err := d.Token()
		if err != nil {
			return xml.StartElement{}, false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, true
		}
	}
}
