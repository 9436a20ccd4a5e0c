package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/report"
)

// schemas are those of what -f json writes, by command.
var schemas = []struct{ name, text string }{{"result", report.Schema}, {"check", report.CheckSchema}, {"sweep", report.SweepSchema}, {"compare-rules", report.LawsSchema}}

func newSchema(s *streams) *cobra.Command {
	var names []string
	for _, x := range schemas {
		names = append(names, x.name)
	}
	return &cobra.Command{
		Use:   "schema " + strings.Join(names, "|"),
		Short: "The JSON Schema of what -f json writes",
		Example: `  kenesh schema result
  kenesh schema check
  kenesh schema sweep
  kenesh schema compare-rules`,
		ValidArgs: names,
		Args:      exactly(1, "a format: kenesh schema "+strings.Join(names, ", ")),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, x := range schemas {
				if x.name == args[0] {
					return writeOutput(s, "", func(w io.Writer) error {
						_, err := io.WriteString(w, x.text)
						return err
					})
				}
			}
			return exitf(exitUsage, "no schema is called %q%s; there are %s", args[0], finding.DidYouMean(args[0], names), strings.Join(names, ", "))
		},
	}
}
