package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/margin"
	"kenesh/internal/report"
	"kenesh/internal/tally"
)

type marginOptions struct {
	reading      readingFlags
	law          lawFlags
	base, method string
	seats        int
	annulled     []string
	annul        bool
	resultFlags
}

func newMargin(s *streams) *cobra.Command {
	o := &marginOptions{}
	cmd := &cobra.Command{
		Use:   "margin FILE...",
		Short: "By how many votes an outcome stands: each seat, each bar, and the whole",
		Long: `Say by how many ballots the outcome of a count stands: for every list the fewest that
give it one seat more, and from whom they come, and the fewest that take one, and to
whom they go; for the whole the fewest that change anything. FILE is what kenesh tally
takes.

Moved ballots leave one list or option for another. Added ballots are for the list, and
removed ones were: turnout changes, and bases with it. Every figure is counted again with
exactly so many ballots, and with one fewer. Where somewhat fewer let a lot decide, -f
json and csv say how many. For a bar in an area the ballots move in that area; those that
move in the nation are taken to leave the bars in areas as they are.

Under largest remainders whose quota is not rounded, and under divisors, the fewest that
change anything are the fewest in whatever way ballots move. Where the outcome has no
linear conditions (caps that bind, alliances, rounded quotas, lists let in for want of
others) they are those that go from one list to one other, and the page says so.

--annul finds the fewest precincts whose annulment changes who takes part or any seat.
That a precinct is among them says that its votes matter most, and nothing of how it was
run. --leave-out counts without precincts from the start.

The exit code is 4, and nothing is printed, where no margin can be told: the outcome is
open, the data does not have the base of a bar, or the law divides seats in districts.`,
		Example: `  kenesh margin testdata/kyrgyzstan-2020
  kenesh margin testdata/kyrgyzstan-2020 --annul
  kenesh margin testdata/kyrgyzstan-2020 --method dhondt -f csv
  kenesh margin testdata/elections/bulgaria-2024/votes.csv --ballot testdata/elections/bulgaria-2024/ballot.yaml`,
		RunE: func(_ *cobra.Command, args []string) error { return runMargin(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.law.add(cmd)
	o.reading.add(cmd)
	f.BoolVar(&o.annul, "annul", false, "also the fewest precincts whose annulment changes anything")
	f.StringVar(&o.method, "method", "", "divide by the `NAME` of a method instead of the law's (kenesh methods)")
	f.Var(count{&o.seats}, "seats", "seats to fill instead of the law's")
	f.StringVar(&o.base, "base", "", "take shares and thresholds of this `BASE` instead of the law's: "+strings.Join(baseNames(), ", "))
	f.StringSliceVar(&o.annulled, "leave-out", nil, "count without these precincts, by `ID`")
	o.resultFlags.add(cmd)
	complete(cmd, "base", baseNames)
	complete(cmd, "method", methodNames)
	return cmd
}

func runMargin(s *streams, o *marginOptions, args []string) error {
	if len(args) == 0 {
		return exitf(exitUsage, "no vote files; kenesh margin FILE..., or - for standard input (see kenesh margin --help)")
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	options := tally.Options{Seats: o.seats, Annulled: o.annulled}
	if options.Base, err = parseBase(o.base); err != nil {
		return err
	}
	log := &finding.Log{}
	law, ballot := o.law.load(log)
	options.Ballot = ballot
	if o.method != "" && law != nil {
		other := *law
		if other.Method, err = findMethod("--method", o.method); err != nil {
			return err
		}
		law = &other
	}
	reading, err := o.reading.read(s, args, o.output, format == "json", log)
	if err != nil {
		return err
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	check.Protocols(reading.Set, log)
	m, why, ok := margin.Of(reading.Set, law, options, o.annul, log)
	if o.strict {
		log.Strict()
	}
	s.state(log, o.maxFindings)
	switch {
	case !ok || log.Failed():
		return &exit{code: exitInvalid}
	case why != "":
		return exitf(exitOpen, "no margin can be told: %s", why)
	}
	out := report.Margin{Margins: m, Findings: log.Sorted(), Inputs: inputs(reading.Sources), Tool: tool(), Color: o.colored(s)}
	return writeOutput(s, o.output, func(w io.Writer) error { return report.WriteMargin(w, format, out) })
}
