package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/tally"
	"kenesh/internal/whatif"
)

type whatIfOptions struct {
	reading   readingFlags
	law       lawFlags
	counting  countFlags
	scenarios string
	resultFlags
}

func newWhatIf(s *streams) *cobra.Command {
	o := &whatIfOptions{}
	cmd := &cobra.Command{
		Use:   "whatif FILE... --scenarios FILE",
		Short: "Scenarios beside the count: annulments, lists struck off, moved ballots",
		Long: `Count the same votes in scenarios, side by side with the count itself, the base case:
votes, who qualifies, the seats, what differs from the base case, and whether the law lets
the whole election be declared void. FILE is what kenesh tally takes; the votes are read
once. The scenarios stand in a YAML file (kenesh help scenarios): precincts annulled or
restored, lists struck off, another law, base, threshold or house, ballots that move.

What else is asked (--annul, --exclude-list, --base ...) is the base case, from which every
scenario starts. The exit code is that of kenesh tally for the base case; an open outcome
of a scenario is told and changes nothing of it.`,
		Example: `  kenesh whatif testdata/kyrgyzstan-2020 --scenarios testdata/kyrgyzstan-2020/scenarios.yaml
  kenesh whatif testdata/kyrgyzstan-2020 --scenarios testdata/kyrgyzstan-2020/scenarios.yaml --base valid -f csv`,
		RunE: func(_ *cobra.Command, args []string) error { return runWhatIf(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.scenarios, "scenarios", "", "the scenarios: a YAML `FILE` (kenesh help scenarios)")
	o.law.add(cmd)
	o.reading.add(cmd)
	o.counting.add(cmd)
	o.resultFlags.add(cmd)
	return cmd
}

func runWhatIf(s *streams, o *whatIfOptions, args []string) error {
	switch {
	case len(args) == 0:
		return exitf(exitUsage, "no vote files; kenesh whatif FILE... --scenarios FILE (see kenesh whatif --help)")
	case o.scenarios == "":
		return exitf(exitUsage, "no scenarios; give a file with --scenarios (kenesh help scenarios)")
	case o.output != "" && isInput(o.output, []string{o.scenarios}):
		return exitf(exitUsage, "-o %s is the file of the scenarios", o.output)
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	log := &finding.Log{}
	options, err := o.counting.options(log)
	if err != nil {
		return err
	}
	law, ballot := o.law.load(log)
	options.Ballot = ballot
	scenarios, _ := whatif.Load(o.scenarios, log)
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
	base, ok := tally.Count(set, law, options, log)
	if !ok {
		return o.invalid(s, log)
	}
	var list []beside
	for i := range scenarios {
		c := &scenarios[i]
		list = append(list, beside{fmt.Sprintf("scenario %q", c.Name), "in ", func(log *finding.Log) (*tally.Result, bool) {
			return c.Count(set, law, options, base, log)
		}})
	}
	var cases []report.Case
	for i, r := range countBeside(list, log) {
		if r != nil {
			cases = append(cases, report.Case{Scenario: &scenarios[i], Result: r})
		}
	}
	if o.strict {
		log.Strict()
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	s.state(log, o.maxFindings)
	full := report.Report{Result: base, Findings: log.Sorted(), Inputs: inputs(reading.Sources),
		Tool: tool(), Color: o.colored(s)}
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteWhatIf(w, format, full, cases) }); err != nil {
		return err
	}
	if base.Status == tally.Undecided {
		return exitf(exitOpen, "the outcome of the base case is open: %s", strings.Join(base.Why, "; "))
	}
	return nil
}
