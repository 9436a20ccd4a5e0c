package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

type tallyOptions struct {
	reading  readingFlags
	law      lawFlags
	counting countFlags
	by       string
	resultFlags
	expectPrecincts, expectVotes int
	asserts                      []string
	compare                      []string
	explain                      bool
}

func newTally(s *streams) *cobra.Command {
	o := &tallyOptions{}
	cmd := &cobra.Command{
		Use:   "tally FILE...",
		Short: "Totals, shares, thresholds and seats from precinct files",
		Long: `Count precinct files under a law.

FILE is a table of votes (CSV or TSV, rows of JSON, JSON Lines or YAML, the sheet of an
XLSX workbook that has data), a file that an election office publishes (EML 510, NIST
1500-100, Clarity detail.xml, and others), a directory of such files, a pattern, or - for
standard input; also as gzip or zstd, or alone in a zip file. Tables are long
(precinct,region,list,votes) or wide (precinct,region,registered,cast,invalid and one
column a list). Files of many offices are known by their header; for others see kenesh
help layouts.

Precincts that were annulled are left out with --annul, --annul-area (an area may have the
name of the larger one before it, Osh/Kara-Suu) and --annul-file, and counted again with
--restore. Where the law says from which share of the registered voters the whole election
may be declared void, the result says whether that is reached.

A list that was struck off (--exclude-list) takes no seats. Ballots for it stay valid: they
count in the bases valid, valid-and-invalid, cast, issued and registered. In list-votes and
valid-without-none, the votes for those who stand, they do not.

--compare-rules counts the same votes under other laws as well, side by side: who
qualifies, the seats, and what differs from the law of --rules. What else is asked
(--base, --seats, --annul ...) holds for all of them; the exit code, --assert and
--expect-... are those of the law of --rules alone.`,
		Example: `  kenesh tally testdata/kyrgyzstan-2020
  kenesh tally testdata/kyrgyzstan-2020 --explain
  kenesh tally testdata/kyrgyzstan-2020 --base valid
  kenesh tally testdata/kyrgyzstan-2020 --by region -f csv
  kenesh tally testdata/kyrgyzstan-2020 --assert 'seats.Birimdik>=45'
  kenesh tally testdata/kyrgyzstan-2010 --rules kyrgyzstan-2010
  kenesh tally testdata/kyrgyzstan-2020 --annul-area 'Osh city' --restore 9001
  kenesh tally testdata/kyrgyzstan-2020 --exclude-list Kyrgyzstan
  kenesh tally testdata/kyrgyzstan-2020 --compare-rules kyrgyzstan-2010,plain`,
		RunE: func(cmd *cobra.Command, args []string) error { return runTally(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.law.add(cmd)
	o.reading.add(cmd)
	o.counting.add(cmd)
	f.StringSliceVar(&o.compare, "compare-rules", nil, "count under other laws, too, side by side: built-in names or `FILE`s, with commas between")
	f.StringVar(&o.by, "by", "", "also the totals of each area of a `LEVEL`: region, district")
	f.BoolVar(&o.explain, "explain", false, "every seat in the order of award, with its runner-up")
	f.Var(count{&o.expectPrecincts}, "expect-precincts", "exit 1 unless this many precincts were read")
	f.Var(count{&o.expectVotes}, "expect-votes", "exit 1 unless this many votes were counted")
	f.StringArrayVar(&o.asserts, "assert", nil, "exit 1 unless this `CLAIM` holds, e.g. 'seats.Birimdik>=45' (kenesh help assert)")
	o.resultFlags.add(cmd)
	complete(cmd, "compare-rules", rules.Names)
	complete(cmd, "by", fixed("region", "district"))
	return cmd
}

// runTally shows the whole program: files become a set, the set is checked and
// counted under the law, the result is rendered, and the exit code says how
// much of it stands.
func runTally(s *streams, o *tallyOptions, args []string) error {
	if len(args) == 0 {
		return exitf(exitUsage, "no vote files; kenesh tally FILE..., or - for standard input (see kenesh tally --help)")
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	if err := o.comparable(); err != nil {
		return err
	}
	asserts, err := parseAsserts(o.asserts)
	if err != nil {
		return err
	}
	log := &finding.Log{}
	law, options, err := prepare(o, log)
	if err != nil {
		return err
	}
	laws, err := o.others(law, log)
	if err != nil {
		return err
	}
	reading, err := o.reading.read(s, args, o.output, format == "json", log)
	if err != nil {
		return err
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	set := reading.Set
	s.fill(set, options.Register, o.counting.register)
	check.Protocols(set, log)
	result, ok := tally.Count(set, law, options, log)
	var others []*tally.Result
	if ok {
		others = countOthers(set, laws, options, log)
	}
	if o.strict {
		log.Strict()
	}
	if !ok || log.Failed() {
		return o.invalid(s, log)
	}
	s.state(log, o.maxFindings)
	full := report.Report{
		Result:   result,
		Findings: log.Sorted(),
		Inputs:   inputs(reading.Sources),
		Tool:     tool(),
		Color:    o.colored(s),
	}
	err = writeOutput(s, o.output, func(w io.Writer) error {
		if len(o.compare) > 0 {
			return report.WriteLaws(w, format, full, others)
		}
		return report.Write(w, format, full)
	})
	if err != nil {
		return err
	}
	return verdict(s, o, result, set, asserts)
}

// prepare reads what the flags name and says what is wrong with them.
func prepare(o *tallyOptions, log *finding.Log) (*rules.Rules, tally.Options, error) {
	options, err := o.counting.options(log)
	if err != nil {
		return nil, options, err
	}
	options.By, options.Explain, options.Expected = o.by, o.explain, o.expectPrecincts
	law, ballot := o.law.load(log)
	options.Ballot = ballot
	return law, options, nil
}

// verdict turns a result that has been printed into the exit code.
func verdict(s *streams, o *tallyOptions, r *tally.Result, set *returns.Set, asserts []tally.Assertion) error {
	no := false
	say := func(format string, args ...any) {
		no = true
		fmt.Fprintf(s.err, "kenesh: %s\n", finding.Visible(fmt.Sprintf(format, args...)))
	}
	if n := set.Len(); o.expectPrecincts > 0 && n != o.expectPrecincts {
		say("expected %d precincts, read %d", o.expectPrecincts, n)
	}
	if n := r.Nation.Sum; o.expectVotes > 0 && n != int64(o.expectVotes) {
		say("expected %d votes, counted %d", o.expectVotes, n)
	}
	for _, a := range asserts {
		holds, found, err := a.Holds(r)
		switch {
		case err != nil:
			return exitf(exitUsage, "--assert %s: %v", a.Text, err)
		case !holds:
			say("assertion failed: %s, found %s", a.Text, found)
		}
	}
	switch {
	case no:
		return &exit{code: exitNo}
	case r.Status == tally.Undecided:
		return exitf(exitOpen, "the outcome is open: %s", strings.Join(r.Why, "; "))
	}
	return nil
}

func parseAsserts(texts []string) ([]tally.Assertion, error) {
	var list []tally.Assertion
	for _, t := range texts {
		a, err := tally.ParseAssertion(t)
		if err != nil {
			return nil, exitf(exitUsage, "--assert: %v", err)
		}
		list = append(list, a)
	}
	return list, nil
}

func baseNames() []string {
	var names []string
	for _, b := range rules.Bases() {
		names = append(names, b.String())
	}
	return names
}
