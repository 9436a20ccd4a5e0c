package main

import (
	"os"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

// readingFlags say how vote files are read; every command that reads them has these.
type readingFlags struct {
	layout, encoding, contest, sheet string
	keys                             bool // of precincts, for another count
	key                              []string
}

func (r *readingFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.layout, "layout", os.Getenv("KENESH_LAYOUT"), "what columns and rows mean: a built-in name or a layout `FILE` (left out: found out)")
	f.StringVar(&r.encoding, "encoding", "", "the `ENCODING` of text that is not UTF-8, e.g. windows-1251")
	f.StringVar(&r.contest, "contest", "", "read the `CONTEST` of that name, where a file has several")
	f.StringVar(&r.sheet, "sheet", "", "read the `SHEET` of that name, where a workbook has several with data")
	complete(cmd, "layout", layoutNames)
	complete(cmd, "encoding", ingest.Encodings)
}

// read reads the files that the arguments mean, with a bar on a terminal, and says how
// they were read. What is wrong goes to log; the reading is nil when that is so before
// the first file. An error is one of usage: output, if any, must not be an input.
func (r *readingFlags) read(s *streams, args []string, output string, hash bool, log *finding.Log) (*ingest.Reading, error) {
	o, err := r.options(s, log)
	if err != nil {
		return nil, err
	}
	files := ingest.Expand(args, log)
	if output != "" && isInput(output, files) {
		return nil, exitf(exitUsage, "-o %s is one of the inputs", output)
	}
	if log.Failed() {
		return nil, nil
	}
	bar := s.progress()
	o.Hash, o.Progress = hash, bar.callback()
	reading := ingest.Read(files, o, log)
	bar.clear()
	if !log.Failed() {
		for _, d := range reading.Dialects {
			s.note("read as %s", d)
		}
	}
	return reading, nil
}

// options is what the flags say; what is wrong with a layout goes to log.
func (r *readingFlags) options(s *streams, log *finding.Log) (ingest.Options, error) {
	o := ingest.Options{Stdin: s.in, Encoding: r.encoding, Contest: r.contest, Sheet: r.sheet, Keys: r.keys, Key: r.key}
	if r.encoding != "" {
		if err := oneOf("encoding", r.encoding, ingest.Encodings()); err != nil {
			return o, err
		}
	}
	if r.layout != "" {
		o.Layout, _ = ingest.LoadLayout(r.layout, log)
	}
	return o, nil
}

func layoutNames() []string {
	var names []string
	for _, l := range ingest.Layouts() {
		names = append(names, l.Name)
	}
	return names
}
