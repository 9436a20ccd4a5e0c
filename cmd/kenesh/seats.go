package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/apportion"
	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/report"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

type seatsOptions struct {
	method, threshold string
	format, output    string
	lotsFile          string
	lotsSeed          string
	seats, cap        int
	explain           bool
	moreVotes         bool
}

func newSeats(s *streams) *cobra.Command {
	o := &seatsOptions{seats: 120}
	cmd := &cobra.Command{
		Use:   "seats NAME=VOTES... | FILE",
		Short: "Divide seats from totals, by any method",
		Long: `Divide the seats of a house among totals, given as arguments, or as a table of
two columns, list and votes, from a FILE or - for standard input.

--method all shows every method side by side, with indices of disproportionality.`,
		Example: `  kenesh seats --method dhondt --seats 120 A=5000 B=3000 C=2000
  kenesh seats --method sainte-lague --seats 7 --explain A=53 B=24 C=23
  kenesh seats --method all --seats 120 --threshold 7% A=5000 B=3000 C=1300 D=700`,
		RunE: func(_ *cobra.Command, args []string) error { return runSeats(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.method, "method", "lr:hare", "the `NAME` of a method (kenesh methods), or all")
	f.Var(count{&o.seats}, "seats", "seats to fill")
	f.StringVar(&o.threshold, "threshold", "", "lists need at least this `SHARE` of all votes: 7%, 0.7%, 1/3")
	f.Var(count{&o.cap}, "cap", "no list takes more than this; the other seats are divided anew among the others")
	f.BoolVar(&o.moreVotes, "more-votes", false, "of lists with equal claims, the one with more votes comes first")
	f.StringVar(&o.lotsFile, "lots", "", "the lots that were drawn for ties: a YAML `FILE` (kenesh help lots)")
	f.StringVar(&o.lotsSeed, "lots-seed", "", "draw the lots that are missing from a public seed, any `TEXT` (kenesh help lots)")
	f.BoolVar(&o.explain, "explain", false, "every seat in the order of award, with its runner-up")
	addOutputFlags(cmd, &o.format, &o.output)
	complete(cmd, "method", append(methodNames(), "all")...)
	return cmd
}

func methodNames() []string {
	var names []string
	for _, m := range apportion.Methods() {
		names = append(names, m.Name)
	}
	return names
}

func runSeats(s *streams, o *seatsOptions, args []string) error {
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	methods := apportion.Methods()
	if o.method != "all" {
		m, err := apportion.Find(o.method)
		if err != nil {
			return exitf(exitUsage, "--method: %v; see kenesh methods", err)
		}
		methods = []apportion.Method{m}
	}
	law, err := o.law()
	if err != nil {
		return err
	}
	log := &finding.Log{}
	set, err := totalsOf(s, args, log)
	if err != nil {
		return err
	}
	options := tally.Options{Explain: o.explain, Seed: o.lotsSeed}
	if o.lotsFile != "" {
		options.Lots = readLots(o.lotsFile, log)
	}
	var results []*tally.Result
	for _, m := range methods {
		if log.Failed() {
			break
		}
		one := *law
		one.Method = m
		if r, ok := tally.Count(set, &one, options, log); ok {
			results = append(results, r)
		}
	}
	s.state(log, 20)
	if log.Failed() {
		return &exit{code: exitInvalid}
	}
	err = writeOutput(s, o.output, func(w io.Writer) error {
		return report.WriteSeats(w, format, results, s.colored() && o.output == "")
	})
	if err != nil {
		return err
	}
	if r := results[0]; len(results) == 1 && r.Status == tally.Undecided {
		return exitf(exitOpen, "the outcome is open: %s", strings.Join(r.Why, "; "))
	}
	return nil
}

// law makes of the flags the rules of a contest that has no others.
func (o *seatsOptions) law() (*rules.Rules, error) {
	law := &rules.Rules{Name: "seats", Title: "Seats", Seats: o.seats, Base: rules.Valid, MoreVotes: o.moreVotes,
		OneQualified: rules.Outcome{Effect: rules.TakesAll}, AgainstAllLeads: rules.Outcome{Effect: rules.Ignored}}
	if o.seats < 1 || o.seats > apportion.MaxSeats {
		return nil, exitf(exitUsage, "--seats: %d, want 1 to %d", o.seats, apportion.MaxSeats)
	}
	if o.threshold != "" {
		share, err := document.ParseShare(o.threshold)
		if err != nil || share.Sign() == 0 {
			return nil, exitf(exitUsage, "--threshold: %q is no share of votes; write 7%%, 0.7%% or 1/3", o.threshold)
		}
		law.Thresholds = []rules.Threshold{{ID: "threshold", Share: share, Base: rules.Valid}}
	}
	if o.cap > 0 {
		law.Cap = &rules.Cap{Seats: o.cap, Excess: apportion.ExcessAnew}
	}
	return law, nil
}

// totalsOf reads the totals from arguments or from a file.
func totalsOf(s *streams, args []string, log *finding.Log) (*returns.Set, error) {
	switch {
	case len(args) == 0:
		return nil, exitf(exitUsage, "no totals; kenesh seats NAME=VOTES..., or a FILE, or - for standard input")
	case len(args) == 1 && !strings.Contains(args[0], "="):
		set, _ := ingest.ReadTotals(args[0], s.in, log)
		return set, nil
	}
	set := returns.New()
	set.AddFile("arguments")
	p, _ := set.AddPrecinct([]byte("all"), 0, 1)
	seen := map[string]bool{}
	for _, arg := range args {
		i := strings.LastIndexByte(arg, '=')
		if i <= 0 {
			return nil, exitf(exitUsage, "%q is not NAME=VOTES", arg)
		}
		name := arg[:i]
		if _, hidden := finding.Hidden(name); hidden || seen[name] {
			return nil, exitf(exitUsage, "list %q is there twice, or has a character that cannot be seen", name)
		}
		seen[name] = true
		var votes int64
		if !wholeNumber.MatchString(arg[i+1:]) {
			return nil, exitf(exitUsage, "%q: %q is no whole number of votes", arg, arg[i+1:])
		}
		if _, err := fmt.Sscanf(arg[i+1:], "%d", &votes); err != nil {
			return nil, exitf(exitUsage, "%q: the votes are out of range", arg)
		}
		set.Put(p, set.AddList(returns.List{ID: name, Name: name}), votes)
	}
	return set, nil
}
