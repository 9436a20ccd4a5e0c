package main

import (
	"fmt"
	"io"
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
  kenesh rules show plain --yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return exitf(exitUsage, "say which: kenesh rules list, show NAME or check FILE")
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
		Use:     "check FILE...",
		Short:   "Read rules files and say what is wrong with them",
		Example: `  kenesh rules check kyrgyzstan-2020`,
		RunE:    func(_ *cobra.Command, args []string) error { return runRulesCheck(s, args) },
	}
	cmd.AddCommand(newRulesList(s), show, checkCmd)
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
		}
	}
	s.state(log, 20)
	if log.Failed() {
		return &exit{code: exitInvalid}
	}
	return nil
}
