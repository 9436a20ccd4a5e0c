package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kenesh/internal/export"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

type convertOptions struct {
	reading               readingFlags
	shape, format, output string
	report                export.Report
	maxFindings           int
}

var shapes = []string{"long", "wide"}

func newConvert(s *streams) *cobra.Command {
	o := &convertOptions{maxFindings: 20}
	cmd := &cobra.Command{
		Use:   "convert FILE...",
		Short: "Any vote files as one canonical file",
		Long: `Read vote files as tally does, and write them as one file: a canonical table in CSV
or TSV, the rows of it as JSON, or a report of the NIST common data format (SP 1500-100
version 2, JSON). A table that was written is read back before it is let out, so that
to count it gives what counting the files gives.

A long table has a row for each precinct and list, a wide one a row for each precinct
and a column for each list. What is missing is not written as 0: a list's votes have no
row then. Where a table would need an empty cell nothing is written, and the exit code
is 3; in json and jsonl the key is left out. Only the names of lists are kept, not the
codes that a layout gives them.

A NIST report must say when it was generated and of which election; what is not given
is written as "not stated", and the time as 1970-01-01T00:00:00Z, or as the environment
has it in SOURCE_DATE_EPOCH: the same input gives the same bytes.`,
		Example: `  kenesh convert testdata/kyrgyzstan-2020
  kenesh convert testdata/kyrgyzstan-2020 --shape wide -f tsv
  kenesh convert testdata/kyrgyzstan-2020 -f nist --election 'Jogorku Kenesh' --date 2020-10-04`,
		RunE: func(cmd *cobra.Command, args []string) error { return runConvert(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.reading.add(cmd)
	f.StringVarP(&o.format, "format", "f", "", "`FORMAT` to write: "+strings.Join(export.Formats(), ", ")+" (default: csv, or what the ending of -o asks for)")
	f.StringVar(&o.shape, "shape", shapes[0], "`SHAPE` of the rows: "+strings.Join(shapes, ", "))
	f.StringVarP(&o.output, "output", "o", "", "write to a `FILE` instead of standard output")
	f.StringVar(&o.report.Election, "election", "", "nist: the `NAME` of the election")
	f.StringVar(&o.report.Date, "date", "", "nist: the `DAY` of the election, as 2020-10-04")
	f.StringVar(&o.report.Issuer, "issuer", "", "nist: the `NAME` of who states the figures")
	f.StringVar(&o.report.Status, "status", export.Statuses()[0], "nist: what the figures are, a `WORD`: "+strings.Join(export.Statuses(), ", "))
	f.StringVar(&o.report.Generated, "generated", "", "nist: the `TIME` of the report, as 2020-10-04T20:00:00Z")
	f.Var(count{&o.maxFindings}, "max-findings", "findings printed for each file")
	complete(cmd, "format", export.Formats)
	complete(cmd, "shape", fixed(shapes...))
	complete(cmd, "status", export.Statuses)
	return cmd
}

func runConvert(s *streams, o *convertOptions, args []string) error {
	if len(args) == 0 {
		return exitf(exitUsage, "no vote files; kenesh convert FILE..., or - for standard input (see kenesh convert --help)")
	}
	to, err := o.export()
	if err != nil {
		return err
	}
	log := &finding.Log{}
	invalid := func() error {
		s.state(log, o.maxFindings)
		return &exit{code: exitInvalid}
	}
	reading, err := o.reading.read(s, args, o.output, false, log)
	if err != nil {
		return err
	}
	if log.Failed() {
		return invalid()
	}
	set := reading.Set
	if !export.Check(set, to, log) {
		return invalid()
	}
	if err := readsBack(set, to); err != nil {
		log.Add(finding.Finding{Code: "CONVERT", Severity: finding.Error, Message: err.Error()})
		return invalid()
	}
	s.state(log, o.maxFindings)
	s.leftOut(set, to)
	return streamOutput(s, o.output, func(w io.Writer) error { return export.Write(w, set, to) })
}

// export is what the flags ask for.
func (o *convertOptions) export() (export.Options, error) {
	to := export.Options{Format: o.format, Wide: o.shape == "wide", Report: o.report}
	if to.Format == "" {
		to.Format = export.Formats()[0]
		if f, ok := export.FormatOf(o.output); ok {
			to.Format = f
		}
	}
	if err := oneOf("format", to.Format, export.Formats()); err != nil {
		return to, err
	}
	if err := oneOf("shape", o.shape, shapes); err != nil {
		return to, err
	}
	r := &to.Report
	if err := oneOf("status", r.Status, export.Statuses()); err != nil {
		return to, err
	}
	if _, err := time.Parse(time.DateOnly, r.Date); r.Date != "" && err != nil {
		return to, exitf(exitUsage, "--date: found %q, want a day as 2020-10-04", r.Date)
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z07:00", r.Generated); r.Generated != "" && (err != nil || strings.ContainsAny(r.Generated, ".,")) {
		return to, exitf(exitUsage, "--generated: found %q, want a time with its zone and without fractions, as 2020-10-04T20:00:00Z", r.Generated)
	}
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); r.Generated == "" && epoch != "" && to.Format == "nist" {
		const last = 253402300799 // of the year 9999
		n, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil || n < 0 || n > last {
			return to, exitf(exitUsage, "SOURCE_DATE_EPOCH: found %q, want the seconds since 1970", epoch)
		}
		r.Generated = time.Unix(n, 0).UTC().Format(time.RFC3339)
	}
	r.Vendor = "kenesh " + version().Version
	return to, nil
}

// readsBack reads the table that would be written: it must be the set again. A name that
// stands for something else in such a table, two files that are something else as one, a
// mistake of the writer: all show here.
func readsBack(set *returns.Set, to export.Options) error {
	if to.Format == "nist" {
		return nil // it leaves things out, which is said
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(export.Write(w, set, to)) }()
	var log finding.Log
	again := ingest.Read([]string{ingest.Stdin}, ingest.Options{Stdin: r}, &log).Set
	r.Close() // it may not have been read to its end
	what := "the table"
	if to.Wide {
		what = "the wide table"
	}
	for _, f := range log.Sorted() {
		if f.Code == "LIMIT" && to.Format != "csv" && to.Format != "tsv" {
			return nil // more rows of JSON than are read, and those before were right
		}
		if f.Severity == finding.Error {
			return fmt.Errorf("%s that the files make is not valid: its line %d: %s: %s", what, f.Line, f.Code, f.Message)
		}
	}
	if diff := returns.Diff(set, again); diff != "" {
		return fmt.Errorf("%s that the files make would be read as something else: %s", what, diff)
	}
	return nil
}

// leftOut says what of the files is not written: rows that the layout leaves out, and what
// the format has no place for.
func (s *streams) leftOut(set *returns.Set, to export.Options) {
	if set.Excluded > 0 {
		s.note("rows that the layout leaves out: %d of %d", set.Excluded, set.Rows)
	}
	if to.Format == "nist" {
		var names []string
		for _, l := range export.Unreported(set) {
			names = append(names, l.String())
		}
		if len(names) > 0 {
			s.note("left out, for a NIST report has no place for it: %s", strings.Join(names, ", "))
		}
		return
	}
	for _, l := range set.Lists {
		if l.ID != l.Name {
			s.note("lists are written with their names; their codes are left out, such as %q of %q", l.ID, l.Name)
			return
		}
	}
}
