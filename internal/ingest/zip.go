package ingest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	// Compressed data of a certain size that holds so many times as much is a bomb. Tables
	// that are mostly zeros are packed to a fiftieth.
	bombSize  = 64 << 20
	bombTimes = 200

	maxMembers = 1 << 16 // of a zip file
)

// isZip reports whether a file begins like a zip file, which a workbook is, too.
func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// A fuse reads what was unpacked and refuses a bomb.
type fuse struct {
	r      io.Reader
	packed func() int64 // bytes of what is unpacked, up to here
	n      int64
}

func (f *fuse) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if f.n += int64(n); f.n > bombSize && f.n/bombTimes > f.packed() {
		return n, errBomb
	}
	return n, err
}

var errBomb = placed("LIMIT", 0, 0, "a bomb: the data is more than %d times the size of the file that it is packed in", bombTimes)

// openZip reads the list of what a zip file holds. Names are given once.
func openZip(data []byte) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is written by these names
		return nil, placed("FORMAT", 1, 0, "this is a zip file or a workbook, but it is truncated or corrupt (%s)", strings.TrimPrefix(err.Error(), "zip: "))
	}
	if len(z.File) > maxMembers {
		return nil, placed("LIMIT", 0, 0, "a zip file of more than the limit of %d members", maxMembers)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		if f.CompressedSize64 > uint64(len(data)) { // else a bomb would not be known as one
			return nil, placed("FORMAT", 1, 0, "this is a zip file or a workbook, but it is corrupt (a member larger than the file)")
		}
		name := memberName(f)
		if names[strings.ToLower(name)] {
			return nil, placed("FORMAT", 0, 0, "this zip file has two members of the name %q", shorten([]byte(name)))
		}
		names[strings.ToLower(name)] = true
	}
	return z, nil
}

// memberName is the name of a member as zip files have them by right.
func memberName(f *zip.File) string { return strings.ReplaceAll(f.Name, `\`, "/") }

// member finds a member, without regard to case.
func member(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(memberName(f), name) {
			return f
		}
	}
	return nil
}

// openMember unpacks a member.
func openMember(f *zip.File) (io.Reader, error) {
	if f.Flags&1 != 0 {
		return nil, placed("FORMAT", 0, 0, "%q in this zip file has a password; unpack it", memberName(f))
	}
	if n := f.UncompressedSize64; n > bombSize && n/bombTimes > f.CompressedSize64 {
		return nil, errBomb // it says so itself: no row of it need be read
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, placed("FORMAT", 0, 0, "%q in this zip file is packed in a way that is not known here (method %d); unpack it", memberName(f), f.Method)
	}
	if err != nil {
		return nil, &packedError{"zip", err}
	}
	return &fuse{r: r, packed: func() int64 { return int64(f.CompressedSize64) }}, nil
}

// oneTable finds the member of a zip file that is to be read: the only one, or the only
// one that is a table by its name. The others that may hold votes are said to be left out.
func oneTable(z *zip.Reader) (f *zip.File, leftOut []error, err error) {
	var all, named []*zip.File
	for _, f := range z.File {
		name := memberName(f)
		if strings.HasSuffix(name, "/") || strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		all = append(all, f)
		if isTable(name) {
			named = append(named, f)
		}
	}
	switch {
	case len(all) == 0:
		return nil, nil, placed("EMPTY", 0, 0, "a zip file with nothing in it")
	case len(all) == 1:
		return all[0], nil, nil
	case len(named) == 0:
		return nil, nil, placed("FORMAT", 0, 0, "a zip file of %d files, none of which is a table by its name: %s", len(all), memberNames(all))
	case len(named) > 1:
		return nil, nil, placed("FORMAT", 0, 0, "a zip file of %d tables: %s; unpack it and give the folder", len(named), memberNames(named))
	}
	for _, f := range all {
		if isOtherData(f.Name) && f != named[0] {
			leftOut = append(leftOut, placed("FORMAT", 0, 0, "%q in this zip file is left out: what is read is %q", shorten([]byte(memberName(f))), shorten([]byte(memberName(named[0])))))
		}
	}
	return named[0], leftOut, nil
}

func memberNames(files []*zip.File) string {
	const most = 8
	var b strings.Builder
	for i, f := range files[:min(len(files), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", shorten([]byte(memberName(f))))
	}
	if n := len(files) - most; n > 0 {
		fmt.Fprintf(&b, " and %d more", n)
	}
	return b.String()
}

// otherZip says what a zip file is that is neither a workbook nor a packed table; "" when
// it may be one.
func otherZip(z *zip.Reader) string {
	for _, other := range []struct{ member, what string }{
		{"xl/workbook.bin", "a binary Excel sheet (.xlsb): save it as xlsx or csv"},
		{"META-INF/manifest.xml", "an OpenDocument sheet or text: save it as xlsx or csv"},
		{"word/document.xml", "a Word document: save its table as xlsx or csv"},
	} {
		if member(z, other.member) != nil {
			return other.what
		}
	}
	return ""
}

// unzip opens the table that a zip file holds; nil when it is a workbook. packed says
// that the zip file was packed itself.
func (s *source) unzip(data []byte, packed bool) (io.Reader, error) {
	z, err := openZip(data)
	if err != nil || member(z, workbookPart) != nil {
		return nil, err
	}
	if what := otherZip(z); what != "" {
		return nil, placed("FORMAT", 0, 0, "this is %s", what)
	}
	if packed {
		return nil, placed("FORMAT", 0, 0, "a zip file inside compressed data; unpack it")
	}
	f, leftOut, err := oneTable(z)
	if err != nil {
		return nil, err
	}
	r, err := openMember(f)
	if err != nil {
		return nil, err
	}
	s.warnings = leftOut
	b := newBeside("zip", r)
	s.end = b.stop
	text := bufio.NewReaderSize(b, 64<<10)
	if magic, _ := text.Peek(4); isPacked(magic) {
		return nil, placed("FORMAT", 0, 0, "%q in this zip file is packed itself; unpack it", shorten([]byte(memberName(f))))
	}
	return text, nil
}
