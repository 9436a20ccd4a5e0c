package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

type rehearseOptions struct {
	totals, dir     string
	faults          string
	precincts, seed int
	long            bool
}

func newRehearse(s *streams) *cobra.Command {
	o := &rehearseOptions{}
	cmd := &cobra.Command{
		Use:   "rehearse --totals FILE --precincts N -o DIR",
		Short: "Precinct files made from published totals, to rehearse a count with",
		Example: `  kenesh rehearse --totals testdata/kyrgyzstan-2020/totals.yaml --precincts 2475 --seed 2020 -o rehearsal
  kenesh rehearse --totals testdata/kyrgyzstan-2020/totals.yaml --precincts 2475 --faults total-row=3,digit-slip=20 -o rehearsal`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runRehearse(s, o) },
	}
	manual(cmd, rehearseManual)
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.totals, "totals", "", "the published totals, a YAML `FILE`")
	f.Var(count{&o.precincts}, "precincts", "how many precincts to make")
	f.Var(count{&o.seed}, "seed", "another seed makes another split of the same totals")
	f.StringVarP(&o.dir, "output", "o", "", "the `DIR` to write to; it is made if it is not there")
	f.BoolVar(&o.long, "long", false, "a row a precinct and list instead of a row a precinct")
	f.StringVar(&o.faults, "faults", "", "put mistakes into the files, by `SPEC`: kinds and numbers as total-row=3,digit-slip=20, or all=5")
	complete(cmd, "faults", faultWords)
	for _, name := range []string{"totals", "precincts", "output"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return cmd
}

func rehearseManual() string {
	var b strings.Builder
	b.WriteString(`Make precinct files, one a region, whose sums are exactly the published totals.
How the votes lie in the precincts is simulated. The same totals, number of
precincts and seed give the same bytes on every machine.

A totals file is YAML; testdata/kyrgyzstan-2020/totals.yaml is one.

With --faults the files have mistakes in them, to see which of them a count finds.
Each is in a precinct of its own, which the seed decides on. What they are is in
` + rehearse.LabelsFile + ` beside the files, a CSV table with the columns file, line,
precinct, kind and detail; tally does not read it as votes. all=5 is five of every kind
that the files can show. The kinds are

`)
	for _, k := range rehearse.FaultKinds() {
		fmt.Fprintf(&b, "  %-17s %s\n", k.Name, k.Means)
	}
	b.WriteString(`
A row twice, a total row and whatever breaks the protocol are found by a count,
exchanged lists and shifted rows that keep the sum are not; a precinct that is missing,
or has two numbers, is found with a register.`)
	return b.String()
}

// faultWords begin what --faults takes.
func faultWords() []string {
	words := []string{"all="}
	for _, k := range rehearse.FaultKinds() {
		words = append(words, k.Name+"=")
	}
	return words
}

func runRehearse(s *streams, o *rehearseOptions) error {
	var faults []rehearse.Fault
	if o.faults != "" {
		var err error
		if faults, err = rehearse.ParseFaults(o.faults); err != nil {
			return exitf(exitUsage, "--faults: %v", err)
		}
	}
	log := &finding.Log{}
	data, err := os.ReadFile(o.totals)
	if err != nil {
		return exitf(exitInvalid, "%v", err)
	}
	totals, ok := rehearse.Parse(o.totals, data, log)
	s.state(log, 20)
	if !ok || log.Failed() {
		return &exit{code: exitInvalid}
	}
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: o.precincts, Seed: uint64(o.seed), Long: o.long, Faults: faults})
	if err != nil {
		return exitf(exitUsage, "%v", err)
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return exitf(exitFailure, "%v", err)
	}
	for _, f := range files {
		path := filepath.Join(o.dir, f.Name)
		err := writeFile(path, func(w io.Writer) error { _, err := f.WriteTo(w); return err })
		if err != nil {
			return exitf(exitFailure, "%s cannot be written: %v", path, err)
		}
	}
	s.note("wrote %d files with %d precincts to %s; the split over precincts is simulated", len(files), o.precincts, o.dir)
	return s.label(filepath.Join(o.dir, rehearse.LabelsFile), files, len(faults) > 0)
}

// label writes the labels of a rehearsal with faults. Those of an earlier one would be
// wrong about one without, and are taken away.
func (s *streams) label(path string, files []rehearse.File, faults bool) error {
	if !faults {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return exitf(exitFailure, "%s is of another rehearsal, and cannot be removed: %v", path, err)
		}
		return nil
	}
	if err := writeFile(path, func(w io.Writer) error { return rehearse.WriteLabels(w, files) }); err != nil {
		return exitf(exitFailure, "%s cannot be written: %v", path, err)
	}
	s.note("the faults in them are listed in %s", path)
	return nil
}
