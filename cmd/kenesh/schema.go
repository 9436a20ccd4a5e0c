package main

import (
	"io"

	"github.com/spf13/cobra"

	"kenesh/internal/report"
)

func newSchema(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:       "schema result",
		Short:     "The JSON Schema of what -f json writes",
		Example:   `  kenesh schema result`,
		ValidArgs: []string{"result"},
		Args:      exactly(1, "a format: kenesh schema result"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] != "result" {
				return exitf(exitUsage, "no schema is called %q; there is result", args[0])
			}
			return writeOutput(s, "", func(w io.Writer) error {
				_, err := io.WriteString(w, report.Schema)
				return err
			})
		},
	}
}
