package ingest

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encodings are those that a layout or --encoding may name. None is guessed: text that
// is not UTF-8 is read only when somebody has said what it is, or its first bytes do.
var encodings = map[string]encoding.Encoding{
	"utf-8":        nil,
	"utf-16":       unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM),
	"windows-1250": charmap.Windows1250,
	"windows-1251": charmap.Windows1251,
	"windows-1252": charmap.Windows1252,
	"windows-1253": charmap.Windows1253,
	"windows-1254": charmap.Windows1254,
	"windows-1255": charmap.Windows1255,
	"windows-1256": charmap.Windows1256,
	"windows-1257": charmap.Windows1257,
	"iso-8859-1":   charmap.ISO8859_1,
	"iso-8859-2":   charmap.ISO8859_2,
	"iso-8859-5":   charmap.ISO8859_5,
	"iso-8859-15":  charmap.ISO8859_15,
	"koi8-r":       charmap.KOI8R,
	"cp866":        charmap.CodePage866,
}

// Encodings names the encodings of text that are read.
func Encodings() []string {
	return []string{"utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
		"windows-1256", "windows-1257", "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-15", "koi8-r", "cp866"}
}

// decode makes text in an encoding UTF-8. A byte that the encoding does not have is an
// error: what it was meant to be, nobody knows.
func decode(r io.Reader, name string) io.Reader {
	e := encodings[name]
	if e == nil {
		return r
	}
	return &decoded{transform.NewReader(r, e.NewDecoder()), name, 1}
}

type decoded struct {
	r    io.Reader
	name string
	line int
}

func (d *decoded) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if i := bytes.Index(p[:n], []byte("\ufffd")); i >= 0 {
		line := d.line + bytes.Count(p[:i], []byte("\n"))
		return i, placed("ENCODING", line, 0, "a byte that %s does not have; is the text in another encoding?", d.name)
	}
	d.line += bytes.Count(p[:n], []byte("\n"))
	if err == encoding.ErrInvalidUTF8 || err == unicode.ErrMissingBOM {
		err = placed("ENCODING", 0, 0, "this is not %s: %v", d.name, err)
	}
	return n, err
}

// isUTF8 reports whether a text begins in UTF-8; its last character may be cut off.
func isUTF8(head []byte) bool {
	for cut := range utf8.UTFMax {
		if cut <= len(head) && utf8.Valid(head[:len(head)-cut]) {
			return true
		}
	}
	return false
}

// hasUTF16 reports whether a text begins as UTF-16 does, and says so.
func hasUTF16(head []byte) bool {
	little := bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00"))
	return little || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// encodingOf is the encoding of a text that begins so: the one asked for, or of those of
// the layout UTF-8 if it is that, and else the other.
func encodingOf(head []byte, o Options, l *Layout) string {
	switch {
	case o.Encoding != "":
		return o.Encoding
	case hasUTF16(head):
		return "utf-16"
	case l != nil:
		for _, e := range l.encodings {
			if e != "utf-8" || isUTF8(head) {
				return e
			}
		}
	}
	return "utf-8"
}

// decodeHead decodes the beginning of a text, to look at.
func decodeHead(head []byte, name string) []byte {
	text, err := io.ReadAll(decode(bytes.NewReader(head), name))
	if err != nil && len(text) == 0 {
		return nil
	}
	return text
}
