package main

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
	"kenesh/internal/sweep"
	"kenesh/internal/tally"
)

type sweepOptions struct {
	reading          readingFlags
	threshold, seats string
	law              lawFlags
	base             string
	resultFlags
}

func newSweep(s *streams) *cobra.Command {
	o := &sweepOptions{}
	cmd := &cobra.Command{
		Use:   "sweep FILE... --threshold FROM..TO | --seats FROM..TO",
		Short: "Where the outcome changes as the threshold, or the house, moves",
		Long: `Move one figure of the law through a range, and say where the outcome changes. FILE
is what kenesh tally takes; the votes are read once.

--threshold moves the height of the law's first national threshold, with its base and
reach. Only at the share of a list can the outcome change, so the rows are exact and
no height between is left out: from where to where, which list then falls out, and
the seats. The law's other thresholds stay. Of a law without a national threshold the
heights are "at least" of its base. Rows with equal seats are one only if the same
lists qualify.

--seats moves the size of the house: who gains, and who loses a seat though the house
grows, which quota methods allow (the Alabama paradox). A cap of the law stays.

A tie, or seats that the law does not give, are an open outcome in their row. The exit
code is that of kenesh tally for the row in which the law itself stands: 4 when it is
open. Where the law is not in the range it is 0. It is 4, and nothing is printed, when
the base of a threshold is not in the data.`,
		Example: `  kenesh sweep testdata/kyrgyzstan-2020 --threshold 0..10%
  kenesh sweep testdata/kyrgyzstan-2020 --threshold 1/20..7% --base valid
  kenesh sweep testdata/kyrgyzstan-2020 --seats 100..150
  kenesh sweep testdata/kyrgyzstan-2020 --threshold 0..10% -f csv`,
		RunE: func(_ *cobra.Command, args []string) error { return runSweep(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.threshold, "threshold", "", "the heights of the national threshold, `FROM..TO`: 0..10%, 1/20..7%")
	f.StringVar(&o.seats, "seats", "", "the sizes of the house, `FROM..TO`: 100..150")
	o.law.add(cmd)
	o.reading.add(cmd)
	f.StringVar(&o.base, "base", "", "take shares and thresholds of this `BASE` instead of the law's: "+strings.Join(baseNames(), ", "))
	o.resultFlags.add(cmd)
	complete(cmd, "threshold", fixed("0..5%", "0..10%"))
	complete(cmd, "seats", fixed("100..150"))
	complete(cmd, "base", baseNames)
	return cmd
}

// A swept is the range that the flags ask for: of heights, or of sizes.
type swept struct {
	heights [2]*big.Rat // nil: sizes
	sizes   [2]int
}

func runSweep(s *streams, o *sweepOptions, args []string) error {
	if len(args) == 0 {
		return exitf(exitUsage, "no vote files; kenesh sweep FILE..., or - for standard input (see kenesh sweep --help)")
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	over, err := o.over()
	if err != nil {
		return err
	}
	options := tally.Options{}
	if options.Base, err = parseBase(o.base); err != nil {
		return err
	}
	log := &finding.Log{}
	law, ballot := o.law.load(log)
	options.Ballot = ballot
	reading, err := o.reading.read(s, args, o.output, format == "json", log)
	if err != nil {
		return err
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	check.Protocols(reading.Set, log)
	out := report.Sweep{Inputs: inputs(reading.Sources), Tool: tool(),
		Color: o.colored(s)}
	var ok bool
	var why string
	var at sweep.Outcome // where the law itself stands
	if over.heights[0] != nil {
		if out.Intervals, ok = sweep.Threshold(reading.Set, law, options, over.heights[0], over.heights[1], log); ok {
			why = out.Intervals.Why
			for _, r := range out.Intervals.Rows {
				if r.Law {
					at = r.Outcome
				}
			}
		}
	} else if out.Sizes, ok = sweep.House(reading.Set, law, options, over.sizes[0], over.sizes[1], log); ok {
		why = out.Sizes.Why
		for _, r := range out.Sizes.Rows {
			if r.Law {
				at = r.Outcome
			}
		}
	}
	if o.strict {
		log.Strict()
	}
	if !ok || log.Failed() {
		return o.invalid(s, log)
	}
	s.state(log, o.maxFindings)
	if why != "" {
		if out.Intervals != nil && options.Base == nil {
			why += " (--base takes another, such as valid)"
		}
		return exitf(exitOpen, "nothing can be swept: %s", why)
	}
	out.Findings = log.Sorted()
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteSweep(w, format, out) }); err != nil {
		return err
	}
	if at.Status == tally.Undecided {
		return exitf(exitOpen, "under the law itself the outcome is open: %s", strings.Join(at.Why, "; "))
	}
	return nil
}

// over reads the range of the one flag that there must be.
func (o *sweepOptions) over() (x swept, err error) {
	switch {
	case (o.threshold == "") == (o.seats == ""):
		return x, exitf(exitUsage, "give --threshold FROM..TO or --seats FROM..TO, and not both")
	case o.threshold != "":
		from, to, err := cutRange(o.threshold, height)
		if err != nil || from.Cmp(to) > 0 {
			return x, exitf(exitUsage, "--threshold: found %q, want two shares, the lower first: 0..10%%, 0.5%%..7%%, 1/20..1/10", o.threshold)
		}
		x.heights = [2]*big.Rat{from, to}
		return x, nil
	}
	from, to, err := cutRange(o.seats, func(text string) (n int, err error) { return n, (count{&n}).Set(text) })
	if err != nil || from < 1 || from > to || to > rules.MaxSeats {
		return x, exitf(exitUsage, "--seats: found %q, want two whole numbers from 1 to %d, the lower first: 100..150", o.seats, rules.MaxSeats)
	}
	x.sizes = [2]int{from, to}
	return x, nil
}

// cutRange reads FROM..TO.
func cutRange[T any](text string, end func(string) (T, error)) (from, to T, err error) {
	low, high, found := strings.Cut(text, "..")
	if !found {
		return from, to, errors.New("no range")
	}
	if from, err = end(low); err != nil {
		return from, to, err
	}
	to, err = end(high)
	return from, to, err
}

// height reads a share, or 0.
func height(text string) (*big.Rat, error) {
	if text == "0" {
		return new(big.Rat), nil
	}
	share, err := document.ParseShare(text)
	if err != nil {
		return nil, fmt.Errorf("a height: %w", err)
	}
	return share, nil
}
