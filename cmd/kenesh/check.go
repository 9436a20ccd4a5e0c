package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/report"
	"kenesh/internal/returns"
)

type checkOptions struct {
	reading          readingFlags
	register, expect string
	format, output   string
	failOn           string
	enable, disable  []string
	large            int
	strict           bool
	maxFindings      int
}

func newCheck(s *streams) *cobra.Command {
	o := &checkOptions{maxFindings: 20, large: check.DefaultLarge}
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Do the protocols add up, and can they be? Every precinct, every rule",
		Long: `Check precinct files without counting them: the arithmetic of each protocol, and what
is remarkable among many. FILE is what kenesh tally takes. kenesh help checks lists
the rules, kenesh help findings what each code means.

The findings are the result and go to standard output (-q leaves them there). All
findings of the rules are warnings, and so are some of reading; --strict makes them
errors. The exit code is 3 when a file cannot be read as it stands, whatever else is
asked: then no precinct was checked, and what is wrong is said in the same format.
It is 1 when something was found that is as bad as --fail-on, and 0 otherwise.`,
		Example: `  kenesh check testdata/kyrgyzstan-2020
  kenesh check testdata/kyrgyzstan-2020 --fail-on warning
  kenesh check testdata/kyrgyzstan-2020 --enable INVALID-RATE --disable ZERO,SAME-VOTES
  kenesh check testdata/kyrgyzstan-2020 -f sarif`,
		RunE: func(_ *cobra.Command, args []string) error { return runCheck(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.reading.add(cmd)
	f.StringVar(&o.register, "register", "", "the expected precincts: a `FILE` with precinct,region,registered")
	f.StringVar(&o.expect, "expect", "", "the sums that were published: a `FILE` with area,list,votes")
	f.StringVar(&o.failOn, "fail-on", "error", "exit 1 on findings as `BAD` as this: error, warning")
	f.BoolVar(&o.strict, "strict", false, "make every warning an error")
	f.StringSliceVar(&o.enable, "enable", nil, "hold a rule that is off by itself, by `CODE` (kenesh help checks)")
	f.StringSliceVar(&o.disable, "disable", nil, "leave out the rules of a `CODE`")
	f.Var(count{&o.large}, "large", "a precinct with more voters or ballots is large")
	addFormats(cmd, &o.format, &o.output, report.CheckFormats)
	f.Var(count{&o.maxFindings}, "max-findings", "findings that a table shows for each file")
	complete(cmd, "fail-on", fixed("error", "warning"))
	complete(cmd, "enable", check.Codes)
	complete(cmd, "disable", check.Codes)
	return cmd
}

// runCheck shows the whole program: files become a set, the set is held against the
// rules, what was found is rendered, and the exit code says whether it passes.
func runCheck(s *streams, o *checkOptions, args []string) error {
	if len(args) == 0 {
		return exitf(exitUsage, "no vote files; kenesh check FILE..., or - for standard input (see kenesh check --help)")
	}
	format, failOn, err := o.parse(s)
	if err != nil {
		return err
	}
	log := &finding.Log{}
	register := readRegister(o.register, log)
	var published *returns.Published
	if o.expect != "" {
		published, _ = ingest.ReadPublished(o.expect, log)
	}
	hash := format == "json" || format == "sarif"
	reading, err := o.reading.read(s, args, o.output, hash, log)
	if err != nil {
		return err
	}
	unread := log.Failed()
	result := report.Check{FailOn: failOn, Max: o.maxFindings, Color: s.colored() && o.output == "",
		Tool: tool()}
	if reading != nil {
		set := reading.Set
		result.Files, result.Precincts, result.Rows, result.Inputs = set.Files, set.Len(), set.Rows, inputs(reading.Sources)
		if !unread {
			s.fill(set, register, o.register)
			result.Checked = check.Run(set, check.Options{Enable: o.enable, Disable: o.disable, Register: register, Published: published, Large: o.large}, log)
		}
	}
	if o.strict {
		log.Strict()
	}
	result.Findings, result.Counts = log.Sorted(), log.Counts()
	failing := slices.ContainsFunc(result.Counts, func(c finding.Count) bool { return c.Severity >= failOn })
	result.Passed = !failing && !unread
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteCheck(w, format, result) }); err != nil {
		return err
	}
	switch {
	case unread:
		return &exit{code: exitInvalid}
	case failing:
		return &exit{code: exitNo}
	}
	return nil
}

// parse decides on the flags that are words.
func (o *checkOptions) parse(s *streams) (format string, failOn finding.Severity, err error) {
	format = report.CheckFormats()[0]
	if f, ok := report.CheckFormatOf(o.output); ok {
		format = f
	}
	if o.format != "" {
		format = o.format
	}
	failOn = finding.Error
	if o.failOn == "warning" {
		failOn = finding.Warning
	}
	for _, err := range []error{
		oneOf("format", format, report.CheckFormats()),
		oneOf("fail-on", o.failOn, []string{"error", "warning"}),
		ruleCodes("enable", o.enable),
		ruleCodes("disable", o.disable),
	} {
		if err != nil {
			return "", 0, err
		}
	}
	if o.large == 0 {
		return "", 0, exitf(exitUsage, "--large: want a number above 0")
	}
	for _, code := range o.enable {
		if slices.Contains(o.disable, code) {
			return "", 0, exitf(exitUsage, "%s is to be enabled and disabled", code)
		}
	}
	return format, failOn, nil
}

// ruleCodes refuses what is no code of a rule. What reading finds wrong cannot be left
// out: there would be figures that nobody read.
func ruleCodes(flag string, codes []string) error {
	for _, code := range codes {
		if slices.Contains(check.Codes(), code) {
			continue
		}
		if slices.ContainsFunc(finding.Codes, func(c finding.Code) bool { return c.Name == code }) {
			return exitf(exitUsage, "--%s: %s is not a rule of kenesh check; it stays as it is (kenesh help checks)", flag, code)
		}
		return exitf(exitUsage, "--%s: no rule has the code %q%s; kenesh help checks lists them", flag, code, finding.DidYouMean(code, check.Codes()))
	}
	return nil
}

// checksManual lists the rules as they are held.
func checksManual() string {
	var b strings.Builder
	b.WriteString("kenesh check holds these against every precinct that states the lines they speak of;\n" +
		"absent is not zero. What fails is a warning with the code; --strict makes it an error.\n" +
		"kenesh tally holds those marked T. Those marked – are off: --enable CODE.\n\n")
	for _, r := range check.Rules() {
		mark := " "
		switch {
		case r.Count:
			mark = "T"
		case r.Off:
			mark = "–"
		}
		where := ""
		if r.Large {
			where = ", in large precincts"
		}
		fmt.Fprintf(&b, "%s %-17s %s%s\n", mark, r.Code, r.Holds, where)
		if r.Source != "" {
			fmt.Fprintf(&b, "  %-17s   (%s)\n", "", r.Source)
		}
	}
	b.WriteString("\nIn these,\n")
	for _, a := range check.Amounts() {
		fmt.Fprintf(&b, "  %-9s is %s\n", a.Name, strings.Join(a.Ways, ", else "))
	}
	fmt.Fprintf(&b, `
votes is the sum over all lists; the other words are lines of the protocol. What stands
in (+ ...) may be a part of its side or not. A large precinct has more than %d voters or
ballots, or than --large N.

A clean run is no evidence of a clean count: figures can be made to add up, and systems
that refuse protocols which do not only ever publish ones that do.`, check.DefaultLarge)
	return b.String()
}
