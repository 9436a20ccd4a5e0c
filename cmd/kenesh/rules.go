package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
)

func newRules(s *streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "The built-in laws; a law as text; how to write one; a rules file checked",
		Example: `  kenesh rules list
  kenesh rules show kyrgyzstan-2020
  kenesh rules show plain --yaml
  kenesh rules new`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return exitf(exitUsage, "say which: kenesh rules list, show NAME, new, diff A B or check FILE")
		},
	}
	var yaml bool
	show := &cobra.Command{
		Use:   "show NAME|FILE",
		Short: "A law in plain sentences with its articles",
		Example: `  kenesh rules show kyrgyzstan-2020
  kenesh rules show plain --yaml`,
		Args:              exactly(1, "a law: kenesh rules show NAME"),
		ValidArgsFunction: completions(rules.Names, cobra.ShellCompDirectiveDefault),
		RunE:              func(_ *cobra.Command, args []string) error { return runRulesShow(s, args[0], yaml) },
	}
	show.Flags().BoolVar(&yaml, "yaml", false, "the file as it stands")
	checkCmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Read rules files and say what is wrong with them",
		Long: `Every error of a file with its line and column. Of a file without errors, notes say
which rules have no citation, and whether it lacks the days of its elections or its
sources: a law counts without them, but nobody can hold it against its text.`,
		Example:           `  kenesh rules check kyrgyzstan-2020`,
		ValidArgsFunction: completions(rules.Names, cobra.ShellCompDirectiveDefault),
		RunE:              func(_ *cobra.Command, args []string) error { return runRulesCheck(s, args) },
	}
	cmd.AddCommand(newRulesList(s), show, newRulesNew(s), newRulesDiff(s), checkCmd)
	manual(cmd, rules.Grammar)
	return cmd
}

// exactly is cobra.ExactArgs with a message that says what is wanted.
func exactly(n int, want string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return exitf(exitUsage, "want %s", want)
		}
		return nil
	}
}

func newRulesList(s *streams) *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The built-in laws: seats, method, threshold, and the elections that prove each",
		Long: `The built-in laws as a table. -f csv has the dates as days, the sources and the doubts
besides; -f json has the thresholds and levels as figures and every rule as a sentence.`,
		Example: `  kenesh rules list
  kenesh rules list -f json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			as, err := formatOf(format, output)
			if err != nil {
				return err
			}
			return writeOutput(s, output, func(w io.Writer) error {
				return report.WriteLibrary(w, as, rules.Builtin(), s.colored() && output == "")
			})
		},
	}
	addOutputFlags(cmd, &format, &output)
	return cmd
}

func newRulesNew(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "new [NAME]",
		Short: "A law to start from, with its keys explained",
		Long: `A rules file that is valid as it stands, with the keys that most laws need:
kenesh rules new my-law > my-law.yaml. NAME is the name of the law.`,
		Example: `  kenesh rules new
  kenesh rules new atlantis-2026`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exitf(exitUsage, "want one name: kenesh rules new NAME")
			}
			return nil
		},
		ValidArgsFunction: completions(fixed(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := rules.Starter(strings.Join(args, ""))
			if err != nil {
				return exitf(exitUsage, "%v", err)
			}
			return writeOutput(s, "", func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			})
		},
	}
}

func newRulesDiff(s *streams) *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "What two laws differ in, rule by rule, in sentences",
		Long: `The rules in which two laws differ, each built in or a file: "-" is what A says and B
does not, "+" what B says and A does not. Then the rules that are the same but cited
otherwise, and those that are the same. Titles, dates, sources, other spellings of
options and who stands are no rules.

The exit code is 0 when no rule differs, whatever is cited for it, and 1 when one does.
-f json has every rule with its verdict (same, cited-otherwise, differs) and under a
and b the sentences that the other law does not have, or cites otherwise.`,
		Example: `  kenesh rules diff kyrgyzstan-2015 kyrgyzstan-2020
  kenesh rules diff kyrgyzstan-2010 kyrgyzstan-2020   # they differ: exit code 1`,
		Args:              exactly(2, "two laws: kenesh rules diff A B"),
		ValidArgsFunction: completions(rules.Names, cobra.ShellCompDirectiveDefault),
		RunE: func(_ *cobra.Command, args []string) error {
			return runRulesDiff(s, format, output, args)
		},
	}
	addFormats(cmd, &format, &output, report.LawDiffFormats)
	return cmd
}

func runRulesDiff(s *streams, format, output string, names []string) error {
	known := report.LawDiffFormats()
	if ending, ok := report.FormatOf(output); format == "" && ok && slices.Contains(known, ending) {
		format = ending
	}
	if format == "" {
		format = known[0]
	}
	if err := oneOf("format", format, known); err != nil {
		return err
	}
	if output != "" && isInput(output, names) {
		return exitf(exitUsage, "-o %s is one of the laws", output)
	}
	log := &finding.Log{}
	a, _ := rules.Load(names[0], log)
	b, _ := rules.Load(names[1], log)
	s.state(log, 20)
	if log.Failed() {
		return &exit{code: exitInvalid}
	}
	d := report.LawDiff{Labels: [2]string{a.Name, b.Name}, Laws: [2]*rules.Rules{a, b}, Rules: rules.Diff(a, b), Color: s.colored() && output == ""}
	if a.Name == b.Name { // two states of one law: the files tell them apart
		d.Labels = [2]string{finding.Visible(names[0]), finding.Visible(names[1])}
	}
	if err := writeOutput(s, output, func(w io.Writer) error { return report.WriteLawDiff(w, format, d) }); err != nil {
		return err
	}
	if d.Differ() {
		return &exit{code: exitNo}
	}
	return nil
}

func runRulesShow(s *streams, name string, yaml bool) error {
	log := &finding.Log{}
	r, ok := rules.Load(name, log)
	if !ok {
		s.state(log, 20)
		return &exit{code: exitInvalid}
	}
	return writeOutput(s, "", func(w io.Writer) error {
		text := lawText(r)
		if yaml {
			text = string(r.Source)
		}
		_, err := io.WriteString(w, text)
		return err
	})
}

// lawText is a law for people: what it is of, its sentences, what is not certain of it,
// where it can be read, and what proves it.
func lawText(r *rules.Rules) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s).\n", r.Title, r.Name)
	if r.Law != "" {
		b.WriteString(r.Law + ".\n")
	}
	switch {
	case r.From != "" && r.Until != "":
		fmt.Fprintf(&b, "For elections from %s until %s.\n", r.From, r.Until)
	case r.From != "":
		fmt.Fprintf(&b, "For elections from %s on.\n", r.From)
	}
	for _, s := range r.Sentences() {
		b.WriteString(s.String() + "\n")
	}
	part := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		b.WriteString("\n" + title + "\n")
		for _, l := range lines {
			b.WriteString("  " + l + "\n")
		}
	}
	part("Not certain, or not in this file:", r.Doubts)
	part("Where it can be read:", r.Sources)
	part("It gives the official seats of (testdata/elections):", r.Proven)
	return b.String()
}

func runRulesCheck(s *streams, names []string) error {
	if len(names) == 0 {
		return exitf(exitUsage, "want rules files: kenesh rules check FILE...")
	}
	log := &finding.Log{}
	for _, name := range names {
		if r, ok := rules.Load(name, log); ok {
			s.note("%s: %s, %d seats: no errors", name, r.Title, r.Seats)
			for _, text := range lacks(r) {
				s.note("%s: %s", name, text)
			}
		}
	}
	s.state(log, 20)
	if log.Failed() {
		return &exit{code: exitInvalid}
	}
	return nil
}

// lacks says what a law has not that is no rule: what a reader needs to hold it against
// its text.
func lacks(r *rules.Rules) (list []string) {
	if n := r.Uncited(); len(n) == 1 {
		list = append(list, "1 rule has no citation: "+n[0])
	} else if len(n) > 1 {
		list = append(list, fmt.Sprintf("%d rules have no citation: %s", len(n), strings.Join(n, ", ")))
	}
	switch days, sources := r.From != "", len(r.Sources) > 0; {
	case !days && !sources:
		list = append(list, "no days of its elections (valid) and no sources")
	case !days:
		list = append(list, "no days of its elections (valid)")
	case !sources:
		list = append(list, "no sources")
	}
	return list
}
