package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/term"

	"kenesh/internal/finding"
)

// unfinished is the output file that is being written, for whoever interrupts.
var unfinished tempFile

type tempFile struct {
	sync.Mutex
	name string
}

func (t *tempFile) set(name string) {
	t.Lock()
	t.name = name
	t.Unlock()
}

func (t *tempFile) remove() {
	t.Lock()
	defer t.Unlock()
	if t.name != "" {
		os.Remove(t.name)
	}
}

// writeOutput renders into memory and only then writes: to standard output, or
// to a temporary file that takes the name of the output when it is complete. A
// failed run leaves no file, and the file before it stays whole.
func writeOutput(s *streams, path string, render func(io.Writer) error) error {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return exitf(exitFailure, "%v", err)
	}
	return streamOutput(s, path, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// streamOutput does so for a result that may be too large to be held: its errors are
// those of writing alone. What standard output has had when one comes stays there.
func streamOutput(s *streams, path string, write func(io.Writer) error) error {
	if path == "" {
		if err := write(s.out); err != nil {
			return writeFailed("standard output", err)
		}
		return nil
	}
	if err := writeFile(path, write); err != nil {
		return writeFailed(path, err)
	}
	return nil
}

func writeFailed(what string, err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return err // nobody reads any more, and run knows what to do
	}
	return exitf(exitFailure, "%s cannot be written: %v", what, err)
}

func writeFile(path string, write func(io.Writer) error) error {
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		if st.IsDir() {
			return errors.New("it is a directory")
		}
		out, err := os.OpenFile(path, os.O_WRONLY, 0) // a device or a pipe cannot be renamed over
		if err != nil {
			return err
		}
		err = write(out)
		return errors.Join(err, out.Close())
	}
	out, err := create(path)
	if err != nil {
		return err
	}
	err = write(out)
	return errors.Join(err, out.done(err == nil))
}

// An output is a file that has its name only when it is complete.
type output struct {
	*os.File
	path string
}

// create begins an output under a temporary name beside the one it will have.
func create(path string) (*output, error) {
	// A link is followed, so that it keeps pointing at the new result.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, err
	}
	unfinished.set(f.Name())
	return &output{f, path}, nil
}

// done gives the file its name, if all went well; otherwise it removes it.
func (o *output) done(ok bool) error {
	defer unfinished.set("")
	var err error
	if ok {
		err = errors.Join(o.Sync(), o.Chmod(0o644))
	}
	err = errors.Join(err, o.Close())
	if ok && err == nil {
		err = os.Rename(o.Name(), o.path)
	}
	if !ok || err != nil {
		unfinished.remove()
	}
	return err
}

// isInput reports whether the output is one of the inputs, also by a link.
func isInput(out string, inputs []string) bool {
	st, err := os.Stat(out)
	if err != nil {
		return false
	}
	for _, in := range inputs {
		if other, err := os.Stat(in); err == nil && os.SameFile(st, other) {
			return true
		}
	}
	return false
}

// state prints the findings: all errors, and warnings and notes unless quiet, at
// most n a file.
func (s *streams) state(log *finding.Log, n int) {
	shown := map[string]int{}
	left := map[string]int{}
	var files []string
	for _, f := range log.Sorted() {
		if s.quiet && f.Severity != finding.Error {
			continue
		}
		if shown[f.File] == 0 {
			files = append(files, f.File)
		}
		if shown[f.File]++; shown[f.File] > n {
			left[f.File]++
			continue
		}
		fmt.Fprintln(s.err, f)
	}
	for _, f := range files {
		if more := left[f] + log.Dropped(f); more > 0 {
			name := ""
			if f != "" {
				name = finding.Visible(f) + ": "
			}
			fmt.Fprintf(s.err, "%s… and %d more\n", name, more)
		}
	}
}

// note says something that is no part of the result.
func (s *streams) note(format string, args ...any) {
	if !s.quiet {
		fmt.Fprintf(s.err, "kenesh: %s\n", finding.Visible(fmt.Sprintf(format, args...)))
	}
}

// colored decides on colour: never unless asked for or on a terminal, and NO_COLOR
// wins over everything but an explicit always.
func (s *streams) colored() bool {
	switch {
	case s.color == "always":
		return os.Getenv("NO_COLOR") == ""
	case s.color == "never" || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb":
		return false
	}
	return isTerminal(s.out)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
