package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kenesh/internal/compare"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/report"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

type compareOptions struct {
	reading      readingFlags
	with, prior  others
	key          []string
	law          lawFlags
	base         string
	rows, failOn string
	top, over    int
	resultFlags
}

// failures are what --fail-on takes.
var failures = []string{"seats", "votes", "any"}

func newCompare(s *streams) *cobra.Command {
	o := &compareOptions{top: 10, over: 50, rows: report.ComparisonRows()[0]}
	cmd := &cobra.Command{
		Use:   "compare A... --with B... | compare A... --prior C...",
		Short: "Two counts of one election held against each other",
		Example: `  kenesh compare testdata/kyrgyzstan-2020 --with testdata/kyrgyzstan-2020
  kenesh compare testdata/compare/official.csv --with testdata/compare/observers.csv
  kenesh compare testdata/compare/official.csv --with testdata/compare/observers.csv --rows precincts -f csv
  kenesh compare testdata/compare/official.csv --with testdata/compare/observers.csv --fail-on seats  # exit code 1
  kenesh compare testdata/compare/second.csv --prior testdata/compare/first.csv`,
		RunE: func(cmd *cobra.Command, args []string) error { return runCompare(s, o, cmd.Flags(), args) },
	}
	manual(cmd, compareManual)
	f := cmd.Flags()
	f.SortFlags = false
	o.with.flags, o.prior.flags = f, f
	f.Var(&o.with, "with", "the other count, B: a `FILE` or several; all that follow are of B")
	f.Var(&o.prior, "prior", "an earlier round of the same lists, C: a `FILE` or several; all that follow are of C")
	f.StringSliceVar(&o.key, "key", nil, "join by these `COLUMNS`: region,box; or by the id: precinct (left out: as the layout says)")
	o.law.add(cmd)
	o.reading.add(cmd)
	f.StringVar(&o.base, "base", "", "take shares and thresholds of this `BASE` instead of the law's: "+strings.Join(baseNames(), ", "))
	f.StringVar(&o.rows, "rows", o.rows, "what a `ROW` of csv, tsv and jsonl is: "+strings.Join(report.ComparisonRows(), ", "))
	f.Var(count{&o.top}, "top", "how many of the largest differences the table has")
	f.Var(count{&o.over}, "over", "say in how many precincts the sum of all lists differs by more than `N`")
	f.StringVar(&o.failOn, "fail-on", "", "exit code 1 when the counts differ in `WHAT`: "+strings.Join(failures, ", "))
	o.resultFlags.add(cmd)
	complete(cmd, "base", baseNames)
	complete(cmd, "rows", report.ComparisonRows)
	complete(cmd, "fail-on", fixed(failures...))
	complete(cmd, "key", fixed("precinct"))
	return cmd
}

// others are the files behind a flag: its own, and all arguments that follow it.
type others struct {
	flags *pflag.FlagSet
	files []string
	after int // how many arguments came before the flag
}

func (o *others) Set(file string) error {
	if o.files == nil {
		o.after = o.flags.NArg()
	}
	o.files = append(o.files, file)
	return nil
}

func (o *others) String() string { return "" }
func (o *others) Type() string   { return "FILE" }

// cut takes the arguments behind the flag from the others.
func (o *others) cut(args []string) (before, files []string) {
	if o.files == nil {
		return args, nil
	}
	return args[:o.after], append(slices.Clone(o.files), args[o.after:]...)
}

func compareManual() string {
	var b strings.Builder
	b.WriteString(`Hold two counts of the same election against each other: the official one and that of
observers, machine and hand, first count and recount. A and B are what kenesh tally takes;
what stands before --with is A, all behind it is B. Every difference is B − A.

Precincts are joined by id. Where ids differ, a layout names a key (kenesh help layouts), or
--key does: columns that tell a precinct in both counts. A key that several precincts of one
count have joins none of them, and a finding says how many. Lists are joined by name. A list
that a precinct does not state has 0 votes there; a line of the protocol is compared where
both state it. Whether protocols add up is not looked at here: kenesh check.

For each list: its votes in both, the net change, the sum of changes without their signs, in
how many precincts it goes up and down, the largest change, and the exact two-sided sign test,
2 × (C(n,0) + … + C(n,m)) / 2^n of n changes of which m are of the rarer sign. Then both counts
under the law, as wholes and in the joined precincts alone. Last, what the outcome of A rests
on: each list that keeps its last seat before another one (of lr:hare, dhondt and sainte_lague
without districts, alliances and caps that bind), and each threshold; by how many ballots, what
the figures of B in the joined precincts add to that, and how much of the margin it consumes.

A signature is a relation between the numbers of a precinct. Those that hold are stated in
this order; of lists "the number that differs" is among the lists alone, and among the lines
of the protocol where no list differs:

`)
	for _, s := range compare.Signatures() {
		b.WriteString(wrapped(s.String(), s.Means()))
	}
	b.WriteString(compareChance + `
--prior takes an earlier round of the same lists instead, and looks for precincts in which two
lists look exchanged. The share of a list, of the votes of all lists in both rounds, is predicted
by a line on its earlier share: Tukey's resistant line. The precincts are sorted by earlier
share and cut into three, equal shares together; the slope is that through the medians of the
outer thirds, corrected by the slope through the residuals at most 20 times; the intercept is
the median of the rest. z is the residual over the spread, 1.4826 × the median of all |residuals|,
or over sqrt(p(1−p)/n) where that is more, what chance alone scatters in n votes around a
prediction p (at least 1/n from 0 and 1). A precinct is flagged when |z| > 8 for a list, and
|z| < 3 for it and another one with their votes exchanged.

Neither a difference nor a signature or a flag says how it came about, or who is right: the
paper protocol does.

--fail-on votes: a list has other votes in a joined precinct. seats: a list has other seats, or
qualifies in one count alone; the exit code is 4 when an outcome is open and nothing else
differs. any: any figure differs, or a precinct is in one count alone. Without it the exit code
is 0, whatever differs.`)
	return b.String()
}

// wrapped is a word and what it means, in lines of a page.
func wrapped(word, means string) string {
	const width, indent = 74, 19
	var b strings.Builder
	line := fmt.Sprintf("  %-*s", indent-3, word)
	for _, w := range strings.Fields(means) {
		if len([]rune(line))+1+len([]rune(w)) > indent+width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = strings.Repeat(" ", indent-1)
		}
		line += " " + w
	}
	return b.String() + line + "\n"
}

// compareChance says how often signatures hold by chance; a test measures it.
const compareChance = `
Small numbers are alike by chance. In 5,100 faults that kenesh rehearse made, each had the
signature of its kind, and precincts without a fault had none. Beside its own, a slip of a
digit was also shifted in 2 % (such as 3 to 0 behind a 0) and neighbour in 2 %, a transposition
neighbour in 1 %. Two lists exchanged are always moved as well, and shifted where they are the
last two.
`

func runCompare(s *streams, o *compareOptions, flags *pflag.FlagSet, args []string) error {
	if err := o.usable(flags); err != nil {
		return err
	}
	of, name, how := &o.with, "with", [2]string{"A", "B"}
	if o.prior.files != nil {
		of, name, how = &o.prior, "prior", [2]string{"A", "C"}
	}
	before, files := of.cut(args)
	if len(before) == 0 {
		return exitf(exitUsage, "no vote files of A: they come before --%s, those of %s behind it (see kenesh compare --help)", name, how[1])
	}
	if slices.Contains(before, ingest.Stdin) && slices.Contains(files, ingest.Stdin) {
		return exitf(exitUsage, "standard input cannot be both A and %s", how[1])
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	o.reading.keys = !slices.Equal(o.key, []string{"precinct"})
	if o.reading.keys {
		o.reading.key = o.key
	}
	log := &finding.Log{}
	var law *rules.Rules
	options := tally.Options{}
	if name == "with" {
		law, options.Ballot = o.law.load(log)
	}
	if options.Base, err = parseBase(o.base); err != nil {
		return err
	}
	var readings [2]*ingest.Reading
	for i, args := range [2][]string{before, files} {
		if readings[i], err = o.reading.read(s, args, o.output, format == "json", log); err != nil {
			return err
		}
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	x := compared{readings: readings, names: [2]string{called(before), called(files)}, format: format, log: log}
	if name == "prior" {
		return o.expect(s, &x)
	}
	return o.compare(s, &x, law, options)
}

// compared is two readings on their way to a report.
type compared struct {
	readings [2]*ingest.Reading
	names    [2]string
	format   string
	log      *finding.Log
}

func (x *compared) inputs() [2][]report.Input {
	return [2][]report.Input{inputs(x.readings[0].Sources), inputs(x.readings[1].Sources)}
}

func (o *compareOptions) compare(s *streams, x *compared, law *rules.Rules, options tally.Options) error {
	c, ok := compare.Compare(x.readings[0].Set, x.readings[1].Set, x.log)
	ok = ok && c.Count(law, options, x.log)
	if o.strict {
		x.log.Strict()
	}
	s.state(x.log, o.maxFindings)
	if !ok || x.log.Failed() {
		return &exit{code: exitInvalid}
	}
	out := report.Comparison{Comparison: c, Law: law, Names: x.names, Key: x.readings[0].Key, Rows: o.rows, Top: o.top, Over: int64(o.over), Findings: x.log.Sorted(), Inputs: x.inputs(),
		Tool: tool(), Color: o.colored(s)}
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteComparison(w, x.format, out) }); err != nil {
		return err
	}
	d := c.Differs()
	switch {
	case o.failOn == "votes" && d.Votes:
		return exitf(exitNo, "the counts differ: lists have other votes in %d of %d joined precincts (--fail-on votes)", c.Joined-c.SameLists, c.Joined)
	case o.failOn == "seats" && d.Seats:
		return exitf(exitNo, "the counts differ in their seats, or in the lists that qualify (--fail-on seats)")
	case o.failOn == "any" && d.Any:
		return exitf(exitNo, "the counts differ (--fail-on any)")
	case o.failOn == "seats" && d.SeatsOpen:
		return exitf(exitOpen, "whether the counts differ in their seats is open, for an outcome is")
	}
	return nil
}

func (o *compareOptions) expect(s *streams, x *compared) error {
	e, ok := compare.Prior(x.readings[0].Set, x.readings[1].Set, x.log)
	if o.strict {
		x.log.Strict()
	}
	s.state(x.log, o.maxFindings)
	if !ok || x.log.Failed() {
		return &exit{code: exitInvalid}
	}
	out := report.Expectation{Expectation: e, Names: x.names, Key: x.readings[0].Key, Findings: x.log.Sorted(), Inputs: x.inputs(),
		Tool: tool(), Color: o.colored(s)}
	return writeOutput(s, o.output, func(w io.Writer) error { return report.WriteExpectation(w, x.format, out) })
}

// usable refuses flags that do not go together, and words that are none.
func (o *compareOptions) usable(flags *pflag.FlagSet) error {
	switch {
	case (o.with.files == nil) == (o.prior.files == nil):
		return exitf(exitUsage, "give the other count, --with B..., or an earlier round, --prior C..., and not both (see kenesh compare --help)")
	case o.prior.files != nil:
		for _, name := range []string{"rules", "ballot", "base", "rows", "top", "over", "fail-on"} {
			if flags.Changed(name) {
				return exitf(exitUsage, "--%s is for two counts of one election; --prior asks no law and states flags alone", name)
			}
		}
	}
	if err := oneOf("rows", o.rows, report.ComparisonRows()); err != nil {
		return err
	}
	if o.failOn != "" {
		return oneOf("fail-on", o.failOn, failures)
	}
	return nil
}

// called is what a count is called in a table: its only file, or the first of them.
func called(files []string) string {
	name := files[0]
	if name == ingest.Stdin {
		name = "standard input"
	}
	if len(files) > 1 {
		name += fmt.Sprintf(" and %d more", len(files)-1)
	}
	return name
}
