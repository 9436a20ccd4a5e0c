package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
	seats             int
	explain           bool
	moreVotes         bool

	caps, minimums, allies []string
	allyMethod, overhang   string
	bonus, bonusFloor      int
	base                   string
}

func newSeats(s *streams) *cobra.Command {
	o := &seatsOptions{seats: 120}
	cmd := &cobra.Command{
		Use:   "seats NAME=VOTES... | FILE",
		Short: "Divide seats from totals, by any method",
		Long: `Divide the seats of a house among totals, given as arguments, or as a table of
two columns, list and votes, from a FILE or - for standard input.

--method all shows every method side by side, with indices of disproportionality;
it compares, and ends with 0 whatever is open.
A method may be a sequence of divisors: divisors:1.4,3,5,... goes on by 2.`,
		Example: `  kenesh seats --method dhondt --seats 120 A=5000 B=3000 C=2000
  kenesh seats --method sainte-lague --seats 7 --explain A=53 B=24 C=23
  kenesh seats --method divisors:1.7,3,5,... --seats 7 A=53 B=24 C=23
  kenesh seats --method dhondt --seats 20 --ally B+C --ally-method lr:hare A=5000 B=3000 C=2000
  kenesh seats --method sainte-lague --seats 20 --minimum C=5 --overhang on-top A=5000 B=3000 C=1000
  kenesh seats --method all --seats 120 --threshold 7% A=5000 B=3000 C=1300 D=700`,
		RunE: func(_ *cobra.Command, args []string) error { return runSeats(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.method, "method", "lr:hare", "the `NAME` of a method (kenesh methods), or all")
	f.Var(count{&o.seats}, "seats", "seats to fill")
	f.StringVar(&o.threshold, "threshold", "", "lists need at least this `SHARE` of all votes: 7%, 0.7%, 1/3")
	f.StringArrayVar(&o.caps, "cap", nil, "the most seats of each list, `N`, or of one, NAME=N, such as its candidates; the other seats are divided anew among the others")
	f.StringArrayVar(&o.minimums, "minimum", nil, "the fewest seats of a list, `NAME=N`: held already, or owed by law")
	f.StringVar(&o.overhang, "overhang", "within", "where a minimum is above the list's share, `HOW`: within (the house stays), on-top, levelled (the house grows)")
	f.Var(count{&o.bonus}, "bonus", "seats for the list with the most votes, before the others are divided among all")
	f.Var(count{&o.bonusFloor}, "bonus-floor", "the fewest seats of the list with the most votes")
	f.StringArrayVar(&o.allies, "ally", nil, "lists that stand as one and then share their seats: `A+B`; may be repeated")
	f.StringVar(&o.allyMethod, "ally-method", "", "the `NAME` of the method by which they share; else as the whole")
	f.StringVar(&o.base, "quota-base", "", "the `VOTES` that a quota is of, where those of other lists count")
	f.BoolVar(&o.moreVotes, "more-votes", false, "of lists with equal claims, the one with more votes comes first")
	f.StringVar(&o.lotsFile, "lots", "", "the lots that were drawn for ties: a YAML `FILE` (kenesh help lots)")
	f.StringVar(&o.lotsSeed, "lots-seed", "", "draw the lots that are missing from a public seed, any `TEXT` (kenesh help lots)")
	f.BoolVar(&o.explain, "explain", false, "every seat in the order of award, with its runner-up")
	addOutputFlags(cmd, &o.format, &o.output)
	complete(cmd, "method", func() []string { return append(methodNames(), "all") })
	complete(cmd, "ally-method", methodNames)
	complete(cmd, "overhang", fixed(overhangs...))
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
		m, err := findMethod("--method", o.method)
		if err != nil {
			return err
		}
		methods = []apportion.Method{m}
	}
	if len(methods) > 1 && o.lotsFile != "" {
		return exitf(exitUsage, "--lots answers the ties of one method; with --method all use --lots-seed, or leave it out")
	}
	law, err := o.law()
	if err != nil {
		return err
	}
	options := tally.Options{Explain: o.explain, Seed: o.lotsSeed}
	if options.Conditions, err = o.conditions(); err != nil {
		return err
	}
	log := &finding.Log{}
	set, err := totalsOf(s, args, log)
	if err != nil {
		return err
	}
	if o.lotsFile != "" {
		options.Lots = readLots(o.lotsFile, log)
	}
	var results []*tally.Result
	for _, m := range methods {
		if log.Failed() {
			break
		}
		one, own := *law, &finding.Log{}
		one.Method = m
		r, ok := tally.Count(set, &one, options, own)
		why, left := cannotDivide(own)
		switch {
		case ok:
			results = append(results, r)
		case len(methods) > 1 && left:
			own = &finding.Log{}
			own.Add(finding.Finding{Code: "SEATS", Severity: finding.Note, Message: m.Name + " is left out: " + why})
		}
		log.Add(own.Sorted()...)
	}
	if len(results) == 0 && !log.Failed() {
		return exitf(exitInvalid, "no method can divide these seats")
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

// findMethod gives the method of that name; the error names the flag.
func findMethod(flag, name string) (apportion.Method, error) {
	m, err := apportion.Find(name)
	var wrong *apportion.ProblemError
	switch {
	case errors.As(err, &wrong):
		return m, exitf(exitUsage, "%s: %s", flag, wrong.What)
	case err != nil:
		return m, exitf(exitUsage, "%s: %v; see kenesh methods", flag, err)
	}
	return m, nil
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
	for _, text := range o.caps {
		if strings.Contains(text, "=") {
			continue // of one list
		}
		n := 0
		if err := (count{&n}).Set(text); err != nil || n == 0 || law.Cap != nil {
			return nil, exitf(exitUsage, "--cap: found %q, want one whole number of seats for all, or NAME=N", text)
		}
		law.Cap = &rules.Cap{Seats: n, Excess: apportion.ExcessAnew}
	}
	return law, nil
}

// overhangs are the words of --overhang, by apportion.Overhang.
var overhangs = []string{"within", "on-top", "levelled"}

// conditions makes of the flags what binds single lists.
func (o *seatsOptions) conditions() (c tally.Conditions, err error) {
	if err := oneOf("overhang", o.overhang, overhangs); err != nil {
		return c, err
	}
	c.Overhang = apportion.Overhang(slices.Index(overhangs, o.overhang))
	switch {
	case o.bonus > 0 && o.bonusFloor > 0:
		return c, exitf(exitUsage, "--bonus and --bonus-floor exclude each other")
	case o.bonus > o.seats || o.bonusFloor > o.seats:
		return c, exitf(exitUsage, "the bonus is more than the %d seats", o.seats)
	case o.bonus > 0:
		c.Bonus = apportion.Bonus{Seats: o.bonus}
	case o.bonusFloor > 0:
		c.Bonus = apportion.Bonus{Seats: o.bonusFloor, Kind: apportion.BonusFloor}
	}
	switch {
	case len(o.minimums) == 0 && c.Overhang != apportion.OverhangWithin:
		return c, exitf(exitUsage, "--overhang says what becomes of minimums, and no --minimum is given")
	case len(o.allies) == 0 && o.allyMethod != "":
		return c, exitf(exitUsage, "--ally-method is how allies share, and no --ally is given")
	}
	if c.Minimums, err = boundsOf("--minimum", o.minimums); err != nil {
		return c, err
	}
	ofLists := slices.DeleteFunc(slices.Clone(o.caps), func(text string) bool { return !strings.Contains(text, "=") }) // the others are the law's
	if c.Caps, err = boundsOf("--cap", ofLists); err != nil {
		return c, err
	}
	if o.base != "" {
		if _, err := fmt.Sscanf(o.base, "%d", &c.Base); err != nil || !digits(o.base) || c.Base == 0 {
			return c, exitf(exitUsage, "--quota-base: found %q, want a whole number of votes below 2^63", o.base)
		}
	}
	var within apportion.Method
	if o.allyMethod != "" {
		if within, err = findMethod("--ally-method", o.allyMethod); err != nil {
			return c, err
		}
	}
	for _, text := range o.allies {
		lists := strings.Split(text, "+")
		if len(lists) < 2 || slices.Contains(lists, "") {
			return c, exitf(exitUsage, "--ally: found %q, want lists joined by a plus sign: A+B", text)
		}
		c.Alliances = append(c.Alliances, tally.Alliance{Lists: lists, Method: within})
	}
	return c, nil
}

// boundsOf reads NAME=N of several lists, each once.
func boundsOf(flag string, texts []string) (bounds []tally.Bound, err error) {
	for _, text := range texts {
		b, err := boundOf(flag, text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(bounds, func(x tally.Bound) bool { return x.List == b.List }) {
			return nil, exitf(exitUsage, "%s: list %q is there twice", flag, b.List)
		}
		bounds = append(bounds, b)
	}
	return bounds, nil
}

// boundOf reads NAME=N.
func boundOf(flag, text string) (b tally.Bound, err error) {
	i := strings.LastIndexByte(text, '=')
	if i <= 0 {
		return b, exitf(exitUsage, "%s: found %q, want NAME=N", flag, text)
	}
	b.List = text[:i]
	if err := (count{&b.Seats}).Set(text[i+1:]); err != nil {
		return b, exitf(exitUsage, "%s: %q is no whole number of seats", flag, text[i+1:])
	}
	return b, nil
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
		if !digits(arg[i+1:]) {
			return nil, exitf(exitUsage, "%q: %q is no whole number of votes", arg, arg[i+1:])
		}
		if _, err := fmt.Sscanf(arg[i+1:], "%d", &votes); err != nil {
			return nil, exitf(exitUsage, "%q: the votes are out of range", arg)
		}
		set.Put(p, set.AddList(returns.List{ID: name, Name: name}), votes)
	}
	return set, nil
}
