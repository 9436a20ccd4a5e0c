package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

func newLayouts(s *streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "layouts",
		Short: "How files are read: the built-in layouts, and how to write one",
		Long:  layoutManual,
		Example: `  kenesh layouts list
  kenesh layouts show kyrgyzstan-2020`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return exitf(exitUsage, "say which: kenesh layouts list or show NAME")
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "list",
		Short:   "The built-in layouts",
		Example: `  kenesh layouts list`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return writeOutput(s, "", func(w io.Writer) error {
				for _, l := range ingest.Layouts() {
					if _, err := fmt.Fprintf(w, "%-20s %s\n", l.Name, l.Title); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}, &cobra.Command{
		Use:               "show NAME|FILE",
		Short:             "A layout file as it stands",
		Example:           `  kenesh layouts show kyrgyzstan-2020`,
		Args:              exactly(1, "a layout: kenesh layouts show NAME"),
		ValidArgsFunction: completions(layoutNames, cobra.ShellCompDirectiveDefault),
		RunE: func(_ *cobra.Command, args []string) error {
			log := &finding.Log{}
			l, ok := ingest.LoadLayout(args[0], log)
			if !ok {
				s.state(log, 20)
				return &exit{code: exitInvalid}
			}
			return writeOutput(s, "", func(w io.Writer) error {
				_, err := w.Write(l.Source)
				return err
			})
		},
	})
	return cmd
}

const layoutManual = `A layout says what the columns of a table mean. It is a YAML file:

  layout: 1               # the version of this grammar
  name: my-county
  title: what it is for   # may be left out
  shape: wide             # wide: a row a precinct; long: a row a list in a precinct
  delimiter: semicolon    # comma, semicolon, tab or pipe; left out: found out
  precinct: PEC           # its id; [Region, PEC] when it is unique in a region only
  region: Oblast
  district: Rayon
  registered: Voters      # lines of the protocol: registered, issued, cast, invalid,
  valid: Sum              # valid; a column that sums up the votes is valid
  lists: rest             # wide: every other column is a list; or name them:
                          #   - Birimdik
                          #   - {column: P17, id: against-all, name: Against all}
  list: Party             # long: the column of the list,
  votes: Votes            #       and that of its votes
  ignore: [Remarks]       # columns that are left out, knowingly

Columns are named as in the header, without regard to case. A column that is in
the header and not in the layout is an error, and so is the reverse.`
