package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

type rehearseOptions struct {
	totals, dir     string
	precincts, seed int
	long            bool
}

func newRehearse(s *streams) *cobra.Command {
	o := &rehearseOptions{}
	cmd := &cobra.Command{
		Use:   "rehearse --totals FILE --precincts N -o DIR",
		Short: "Precinct files made from published totals, to rehearse a count with",
		Long: `Make precinct files, one a region, whose sums are exactly the published totals.
How the votes lie in the precincts is simulated. The same totals, number of
precincts and seed give the same bytes on every machine.

A totals file is YAML; testdata/kyrgyzstan-2020/totals.yaml is one.`,
		Example: `  kenesh rehearse --totals testdata/kyrgyzstan-2020/totals.yaml --precincts 2475 --seed 2020 -o rehearsal`,
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runRehearse(s, o) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.totals, "totals", "", "the published totals, a YAML `FILE`")
	f.Var(count{&o.precincts}, "precincts", "how many precincts to make")
	f.Var(count{&o.seed}, "seed", "another seed makes another split of the same totals")
	f.StringVarP(&o.dir, "output", "o", "", "the `DIR` to write to; it is made if it is not there")
	f.BoolVar(&o.long, "long", false, "a row a precinct and list instead of a row a precinct")
	for _, name := range []string{"totals", "precincts", "output"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return cmd
}

func runRehearse(s *streams, o *rehearseOptions) error {
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
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: o.precincts, Seed: uint64(o.seed), Long: o.long})
	if err != nil {
		return exitf(exitUsage, "%v", err)
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return exitf(exitFailure, "%v", err)
	}
	for _, f := range files {
		if err := rehearseFile(filepath.Join(o.dir, f.Name), f); err != nil {
			return exitf(exitFailure, "%s cannot be written: %v", filepath.Join(o.dir, f.Name), err)
		}
	}
	s.note("wrote %d files with %d precincts to %s; the split over precincts is simulated", len(files), o.precincts, o.dir)
	return nil
}

func rehearseFile(path string, f rehearse.File) error {
	out, err := create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteTo(out)
	return errors.Join(err, out.done(err == nil))
}
