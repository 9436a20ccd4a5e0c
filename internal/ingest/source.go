package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"kenesh/internal/finding"
)

// A Source is one input as it was given.
type Source struct {
	Name   string
	Bytes  int64
	SHA256 string // hexadecimal, of the bytes as they came; "" unless asked for
}

// source is an open input, and its text piece by piece.
type source struct {
	name   string
	failed error // why it could not be opened
	closer io.Closer
	end    func()       // of the unpacking; nil: there is none
	bytes  atomic.Int64 // as they came, so far
	hash   hash.Hash

	// A plain file is read in ranges, by whoever is free; anything else is a
	// stream, which is read in its order.
	piece    int // bytes of text in a piece, about
	file     io.ReaderAt
	at, size int64
	fresh    bool   // the row at at begins unlike the one before
	ahead    []byte // scratch
	stream   io.Reader
	carry    []byte  // of the stream: the beginning of a row
	err      error   // what ended the stream
	layout   *Layout // the built-in one that the file fits; nil: none
	encoding string
	what     string  // the format, when the text was made of a table
	lines    []int32 // of the file, by line of such a text
	warnings []error // of unpacking and of making it: [placedError]s
	ended    bool    // there are no more pieces
	first    part    // the first one
}

// open opens a file, looks at its first bytes, unpacks it when they say so, and reads
// the first piece of its text.
func open(name string, o Options) (*source, error) {
	s := &source{name: name, piece: cmp.Or(o.piece, pieceSize)}
	if err := s.open(o); err != nil {
		s.close()
		return nil, err
	}
	s.next(&s.first.piece)
	s.fill(&s.first.piece)
	return s, nil
}

func (s *source) open(o Options) error {
	if s.name == Stdin {
		if o.Stdin == nil {
			return errors.New("standard input is closed")
		}
		return s.begin(o.Stdin, -1, o)
	}
	st, err := os.Stat(s.name)
	if err != nil {
		return err
	}
	if m := st.Mode(); m&(os.ModeDevice|os.ModeSocket|os.ModeDir) != 0 {
		return errors.New("is no file but a device, a socket or a directory")
	}
	f, err := os.Open(s.name)
	if err != nil {
		return err
	}
	s.closer = f
	if st.Mode().IsRegular() && st.Size() > 0 && !o.Hash {
		head := make([]byte, headSize)
		n, err := f.ReadAt(head, 0)
		if err != nil && err != io.EOF {
			return err
		}
		if head = head[:n]; !isPacked(head) && !isFormat(head) && s.look(head, o) {
			s.file, s.size = f, st.Size()
			s.bytes.Store(s.size)
			return nil
		}
	}
	return s.begin(f, st.Size(), o)
}

// look finds out by its beginning what layout the text has, and in what encoding it is;
// true when that is UTF-8.
func (s *source) look(head []byte, o Options) bool {
	l := o.Layout
	if l == nil && o.Encoding == "" && !hasUTF16(head) {
		s.layout = detect(s.name, head)
		l = s.layout
	}
	s.encoding = encodingOf(head, o, l)
	if l == nil && s.encoding != "utf-8" {
		s.layout = detect(s.name, decodeHead(head, s.encoding))
	}
	return s.encoding == "utf-8"
}

// begin makes the source a stream. Of raw there are size bytes, -1 if nobody knows.
func (s *source) begin(raw io.Reader, size int64, o Options) error {
	if o.Hash {
		s.hash = sha256.New()
		raw = io.TeeReader(raw, s.hash)
	}
	text := bufio.NewReaderSize(&counter{raw, &s.bytes}, 64<<10)
	magic, err := text.Peek(4)
	if err != nil && err != io.EOF {
		return err
	}
	unpacked, end, err := unpack(magic, text)
	if err != nil {
		return err
	}
	s.end = end
	whole := func(what string) ([]byte, error) { return readWhole(what, text, size) }
	if unpacked != nil {
		text = bufio.NewReaderSize(unpacked, 64<<10)
		whole = func(what string) ([]byte, error) {
			return readWhole(what, &fuse{r: text, packed: s.bytes.Load}, -1)
		}
	}
	s.stream = text
	start, err := peek(text)
	if err != nil {
		return nil // reading on will say so, with what was read before
	}
	if isZip(start) {
		data, err := whole("a zip file")
		if err != nil {
			return err
		}
		inside, err := s.unzip(data, unpacked != nil)
		if err != nil {
			return err
		}
		whole = func(string) ([]byte, error) { return data, nil }
		if inside != nil {
			text = bufio.NewReaderSize(inside, 64<<10)
			whole = func(what string) ([]byte, error) { return readWhole(what, text, -1) }
			s.stream = text
			if start, err = peek(text); err != nil {
				return nil
			}
		}
	}
	t, err := asTable(start, whole, o)
	if err != nil {
		return err
	}
	if t == nil {
		if !s.look(start, o) {
			s.stream = decode(text, s.encoding)
		}
		return nil
	}
	made, lines, err := t.text()
	if err != nil {
		return err
	}
	if o.Layout == nil {
		s.layout = detect(s.name, made[:min(len(made), headSize)])
	}
	s.stream, s.what, s.lines = bytes.NewReader(made), t.what, lines
	s.warnings = append(s.warnings, t.warnings...)
	return nil
}

// become makes a text that was made of the file the text of the source, from its beginning.
func (s *source) become(text []byte, lines []int32) {
	s.file, s.stream, s.lines = nil, bytes.NewReader(text), lines
	s.carry, s.err, s.ended = nil, nil, false
	s.first = part{}
	bytes := s.bytes.Load()
	s.next(&s.first.piece)
	s.bytes.Store(bytes)
}

// peek is the beginning of a text, as much of it as tells a format: a copy, for it is
// asked for when the text was read.
func peek(text *bufio.Reader) ([]byte, error) {
	start, err := text.Peek(headSize)
	if err == io.EOF {
		err = nil
	}
	return bytes.Clone(start), err
}

func (s *source) close() {
	if s.end != nil {
		s.end()
	}
	if s.closer != nil {
		s.closer.Close() // opened to read: nothing can be lost
	}
}

// used is the source as it was read, to its end.
func (s *source) used() Source {
	u := Source{Name: s.name, Bytes: s.bytes.Load()}
	if s.hash != nil {
		u.SHA256 = hex.EncodeToString(s.hash.Sum(nil))
	}
	return u
}

type counter struct {
	r io.Reader
	n *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func digest(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return string(h.Sum(nil)), nil
}

// readErrors are findings for an error of opening, unpacking or reading a file.
func readErrors(name string, err error) []finding.Finding {
	if list := placedFindings(name, finding.Error, err); list != nil {
		return list
	}
	return []finding.Finding{readError(name, err)}
}

func readError(name string, err error) finding.Finding {
	if errors.Is(err, errLongRow) {
		return fileError("LIMIT", name, "a line is longer than the limit of %d bytes", maxRow)
	}
	var packed *packedError
	var path *fs.PathError // of reading, and not of what was read
	if errors.As(err, &packed) && !errors.As(err, &path) {
		return fileError("GZIP", name, "the %s data is truncated or corrupt (%s)", packed.packing, reason(packed.err))
	}
	return fileError("FILE", name, "%s", reason(err))
}

// foreign says what a text is by its first bytes when it cannot be a table.
func foreign(head []byte) string {
	text := bytes.TrimLeft(head, " \t\r\n")
	magics := []struct{ magic, what string }{
		{"\xff\xfe\x00\x00", "UTF-32 text"},
		{"\xff\xfe", "UTF-16 text"},
		{"\xfe\xff", "UTF-16 text"},
		{"\x1f\x8b", "gzip inside gzip"},
		{"\xd0\xcf\x11\xe0", "an old Excel sheet (.xls), or one with a password: save it as xlsx or csv"},
		{"\x28\xb5\x2f\xfd", "zstd inside compressed data"},
		{"%PDF", "a PDF file"},
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.what
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return "HTML or XML"
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return fmt.Sprintf("JSON behind more than %d KiB of spaces", headSize>>10) // or [isJSON] would know it
	case bytes.IndexByte(head, 0) >= 0:
		return "no text (it has NUL bytes)"
	}
	return ""
}

const whatIsRead = "CSV or TSV in UTF-8 with a header, JSON rows, or an XLSX sheet"

func foreignFinding(name, what string) finding.Finding {
	code := "FORMAT"
	if what == "UTF-16 text" || what == "UTF-32 text" {
		code = "ENCODING"
	}
	return finding.Finding{Code: code, Severity: finding.Error, File: name, Line: 1, Message: fmt.Sprintf("this is %s; what is read is %s", what, whatIsRead)}
}
