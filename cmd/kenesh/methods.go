package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/apportion"
	"kenesh/internal/report"
)

func newMethods(s *streams) *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "methods [NAME]",
		Short: "Every method of dividing seats: formula, properties, who uses it",
		Long: `The methods of dividing seats, as a table; or one of them with its formula, how to
check it by hand, an example worked out, where it is used, what it keeps, and who
described it.`,
		Example: `  kenesh methods
  kenesh methods sainte-lague
  kenesh methods divisors:1.7,3,5,...`,
		ValidArgsFunction: completions(methodNames, cobra.ShellCompDirectiveNoFileComp),
		Args:              cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			as, err := formatOf(format, output)
			if err != nil {
				return err
			}
			methods := apportion.Methods()
			if len(args) == 1 {
				m, err := findMethod("methods", args[0])
				if err != nil {
					return err
				}
				if methods = []apportion.Method{m}; as == "table" {
					return writeOutput(s, output, func(w io.Writer) error { return writeMethod(w, m) })
				}
			}
			return writeOutput(s, output, func(w io.Writer) error {
				return report.WriteMethods(w, as, methods, s.colored() && output == "")
			})
		},
	}
	addOutputFlags(cmd, &format, &output)
	return cmd
}

// writeMethod explains one method with an example that is computed.
func writeMethod(w io.Writer, m apportion.Method) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\nFormula  %s\nBy hand  %s\n", m.Name, m.Title, m.Formula, m.ByHand)
	for _, x := range []struct{ label, text string }{
		{"Over    ", m.Over},
		{"Used    ", m.Used},
		{"Source  ", m.Source},
		{"Also    ", strings.Join(m.Aliases, ", ")},
	} {
		if x.text != "" {
			fmt.Fprintln(&b, x.label, x.text)
		}
	}
	b.WriteByte('\n')
	keeps, fails := report.Properties(m)
	for _, name := range keeps {
		fmt.Fprintln(&b, "Kept    ", report.PropertyMeans[name])
	}
	for _, name := range fails {
		fmt.Fprintln(&b, "Not kept", report.PropertyMeans[name])
	}
	if err := writeExample(&b, m); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeExample divides seats by the method, and shows each claim that got one.
func writeExample(b *strings.Builder, m apportion.Method) error {
	p := apportion.Problem{Votes: []int64{53, 24, 23}, Seats: 7, Method: m}
	const names = "ABC"
	b.WriteString("\nExample  A has 53 votes, B 24 and C 23; ")
	a, err := apportion.Allocate(p)
	if err != nil {
		fmt.Fprintf(b, "they cannot share 7 seats: %v\n", err)
		return nil
	}
	fmt.Fprintf(b, "7 seats: %d, %d and %d\n", a.Seats[0], a.Seats[1], a.Seats[2])
	for _, s := range a.Certificate.Stages {
		switch {
		case s.Whole != nil:
			fmt.Fprintf(b, "         the quota is %s; whole quotas %d, %d and %d; remainders %s, %s and %s of one\n", s.Quota,
				s.Whole[0], s.Whole[1], s.Whole[2], s.Remainders[0], s.Remainders[1], s.Remainders[2])
		case s.By == apportion.Quotient && s.To != s.From:
			fmt.Fprintf(b, "         any divisor above %s and up to %s gives this\n", s.From, s.To)
		}
	}
	steps, err := apportion.Explain(p, a)
	if err != nil {
		return err
	}
	for _, s := range steps {
		what := s.Quotient.String()
		switch {
		case s.Whole:
			what = "a whole quota"
		case what == "∞":
			what = "a first seat, which is owed"
		case s.By == apportion.Remainder:
			what = "the remainder " + what
		case s.By == apportion.ByVotes, s.By == apportion.Lead:
			what += " votes"
		}
		if s.RunnerUp >= 0 {
			what += fmt.Sprintf("; next %c with %s", names[s.RunnerUp], s.Next)
		}
		fmt.Fprintf(b, "         seat %d to %c: %s\n", s.Seat, names[s.List], what)
	}
	return nil
}
