package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
)

type packing struct {
	name  string
	magic []byte
	open  func(io.Reader) (text io.Reader, end func(), err error)
}

// packings are the compressions that a file's first bytes tell.
var packings = []packing{
	{"gzip", []byte{0x1f, 0x8b}, func(r io.Reader) (io.Reader, func(), error) {
		z, err := gzip.NewReader(r)
		return z, func() {}, err
	}},
	{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd}, func(r io.Reader) (io.Reader, func(), error) {
		// One goroutine, and no more memory than any file of votes asks for.
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}},
}

// A packedError is a fault of compressed data, or of reading it.
type packedError struct {
	packing string
	err     error
}

func (e *packedError) Error() string { return fmt.Sprintf("%s: %v", e.packing, e.err) }
func (e *packedError) Unwrap() error { return e.err }

func isPacked(magic []byte) bool {
	return slices.ContainsFunc(packings, func(p packing) bool { return bytes.HasPrefix(magic, p.magic) })
}

// unpack gives the text of a source that begins so, and what ends the unpacking; nil
// where it is not compressed.
func unpack(magic []byte, r io.Reader) (text io.Reader, end func(), err error) {
	for _, p := range packings {
		if !bytes.HasPrefix(magic, p.magic) {
			continue
		}
		z, closing, err := p.open(r)
		if err != nil {
			return nil, nil, &packedError{p.name, err}
		}
		b := newBeside(p.name, z)
		return b, func() { b.stop(); closing() }, nil
	}
	return nil, nil, nil
}

// beside unpacks in a goroutine of its own, a few chunks ahead of the reader, so that
// unpacking and counting take one another's time.
type beside struct {
	full    chan []byte // in order; closed at the end of the text
	empty   chan []byte // chunks to fill
	stopped chan struct{}
	done    chan struct{}
	err     error // why the text ended, to be read when full is closed

	chunk, rest []byte // what the reader has, and what is left of it
}

func newBeside(packing string, r io.Reader) *beside {
	const chunks = 3
	b := &beside{full: make(chan []byte, chunks), empty: make(chan []byte, chunks), stopped: make(chan struct{}), done: make(chan struct{})}
	for range chunks {
		b.empty <- make([]byte, chunk)
	}
	go b.run(packing, r)
	return b
}

func (b *beside) run(packing string, r io.Reader) {
	defer close(b.done)
	defer close(b.full)
	for b.err == nil {
		var p []byte
		select {
		case p = <-b.empty:
		case <-b.stopped:
			return
		}
		n := 0
		for n < len(p) && b.err == nil {
			var more int
			more, b.err = r.Read(p[n:])
			n += more
		}
		b.full <- p[:n] // has room for all chunks that there are
	}
	if b.err != io.EOF {
		b.err = &packedError{packing, b.err}
	}
}

func (b *beside) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.chunk != nil {
			b.empty <- b.chunk[:cap(b.chunk)]
		}
		var more bool
		if b.chunk, more = <-b.full; !more {
			return 0, b.err
		}
		b.rest = b.chunk
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// stop ends the goroutine and waits for it. Nothing is read any more.
func (b *beside) stop() {
	close(b.stopped)
	<-b.done
}
