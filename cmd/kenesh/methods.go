package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/apportion"
)

func newMethods(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "methods [NAME]",
		Short: "Every method of dividing seats: formula, how to check it by hand",
		Example: `  kenesh methods
  kenesh methods sainte-lague`,
		ValidArgsFunction: cobra.FixedCompletions(methodNames(), cobra.ShellCompDirectiveNoFileComp),
		Args:              cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			list := apportion.Methods()
			if len(args) == 1 {
				m, err := apportion.Find(args[0])
				if err != nil {
					return exitf(exitUsage, "%v; kenesh methods lists them", err)
				}
				return writeOutput(s, "", func(w io.Writer) error { return writeMethod(w, m) })
			}
			return writeOutput(s, "", func(w io.Writer) error {
				width := 0
				for _, m := range list {
					width = max(width, len(m.Name))
				}
				for _, m := range list {
					if _, err := fmt.Fprintf(w, "%-*s  %s: %s\n", width, m.Name, m.Title, m.Formula); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

// writeMethod explains one method with an example that is computed.
func writeMethod(w io.Writer, m apportion.Method) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\nFormula  %s\nBy hand  %s\n", m.Name, m.Title, m.Formula, m.ByHand)
	if m.Used != "" {
		fmt.Fprintf(&b, "Used     %s\n", m.Used)
	}
	if len(m.Aliases) > 0 {
		fmt.Fprintf(&b, "Also     %s\n", strings.Join(m.Aliases, ", "))
	}
	b.WriteByte('\n')
	for _, x := range []struct {
		holds bool
		what  string
	}{
		{m.Owes.House, "one seat more in the house costs no list a seat"},
		{m.Owes.Votes, "more votes for one list alone never cost it a seat"},
		{m.Owes.Scaling, "twice the votes for all give the same seats"},
		{m.Owes.Lower, "no list is below its exact share of the seats, rounded down"},
		{m.Owes.Upper, "no list is above its exact share of the seats, rounded up"},
	} {
		kept := "Kept     "
		if !x.holds {
			kept = "Not kept "
		}
		fmt.Fprintln(&b, kept+x.what)
	}
	p := apportion.Problem{Votes: []int64{53, 24, 23}, Seats: 7, Method: m}
	a, err := apportion.Allocate(p)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nExample  53, 24 and 23 votes, 7 seats: %d, %d and %d\n", a.Seats[0], a.Seats[1], a.Seats[2])
	if s := a.Certificate.Stages[0]; m.IsQuota() {
		fmt.Fprintf(&b, "         the quota is %s; the remainders are %s, %s and %s of it\n", s.Quota, s.Remainders[0], s.Remainders[1], s.Remainders[2])
	} else if s.To != s.From {
		fmt.Fprintf(&b, "         any divisor above %s and up to %s gives this\n", s.From, s.To)
	}
	_, err = io.WriteString(w, b.String())
	return err
}
