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
			return exitf(exitUsage, "say which: kenesh layouts list, show NAME, guess FILE or new FILE")
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
					if _, err := fmt.Fprintf(w, "%-22s %s\n", l.Name, l.Title); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}, &cobra.Command{
		Use:               "guess FILE",
		Short:             "What layout a file has, or what its columns may be",
		Example:           `  kenesh layouts guess testdata/kyrgyzstan-2020/osh-city.csv`,
		Args:              exactly(1, "a vote file: kenesh layouts guess FILE"),
		ValidArgsFunction: completions(fixed(), cobra.ShellCompDirectiveDefault),
		RunE:              func(_ *cobra.Command, args []string) error { return guessLayout(s, args, false) },
	}, &cobra.Command{
		Use:               "new FILE",
		Short:             "A layout for a file to start from, with its guesses marked",
		Example:           `  kenesh layouts new testdata/kyrgyzstan-2020/osh-city.csv`,
		Args:              exactly(1, "a vote file: kenesh layouts new FILE"),
		ValidArgsFunction: completions(fixed(), cobra.ShellCompDirectiveDefault),
		RunE:              func(_ *cobra.Command, args []string) error { return guessLayout(s, args, true) },
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

// guessLayout says what layout a file has, or what there is to say of its columns.
func guessLayout(s *streams, args []string, write bool) error {
	log := &finding.Log{}
	g, ok := ingest.GuessFile(args[0], ingest.Options{Stdin: s.in}, log)
	if !ok {
		s.state(log, 20)
		return &exit{code: exitInvalid}
	}
	return writeOutput(s, "", func(w io.Writer) error {
		if write {
			_, err := io.WriteString(w, g.YAML)
			return err
		}
		if g.Layout != "" {
			_, err := fmt.Fprintf(w, "%s: layout %s\n", args[0], g.Layout)
			return err
		}
		if _, err := fmt.Fprintf(w, "%s: no built-in layout; %s\n", args[0], g.Dialect); err != nil {
			return err
		}
		for _, c := range g.Columns {
			if _, err := fmt.Fprintf(w, "  %-24s %s\n", c.Role, c.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

const layoutManual = `A layout says what the columns and rows of a table mean. It is a YAML file:

  layout: 1               # the version of this grammar
  name: my-county
  title: what it is for   # may be left out
  shape: wide             # wide: a row a precinct; long: a row a list in a precinct;
                          # groups: a row a precinct, lists and votes in groups;
                          # transposed: a column a precinct
  delimiter: semicolon    # comma, semicolon, tab or pipe; left out: found out
  encoding: windows-1251  # left out: UTF-8; [utf-8, windows-1251]: the first that fits
  header: {find: Region}  # it is the row with such a cell; {rows: 2}: it has two
                          # rows; none: columns have numbers
  precinct: PEC           # its id; [Region, PEC] when it is unique in a region only
  key: [Region, Station]  # by which kenesh compare finds it in another count, where ids
                          # differ; a key that several precincts have joins none
  region: Oblast
  district: Rayon
  contest: Office
  registered: Voters      # lines of the protocol: registered, received, early, station,
  valid: Sum              # outside, issued, cancelled, lost, unaccounted, portable,
                          # stationary, cast, blank, invalid, valid; a column that sums
                          # up the votes is valid
  lists: rest             # wide: every other column is a list; {after: Sum}: those
                          # behind it; {matches: '^P[0-9]'}: those called so; or by name:
                          #   - Birimdik
                          #   - {column: P17, id: against-all, name: Against all}
  list: Party             # long: the column of the list,
  votes: Votes            #       and that of its votes
  strip: '^[0-9]+\\. '     # taken from the names of lists
  names: {file: 'parties*.csv', key: code, name: title}   # their names, beside the file
  groups: {from: 4, size: 3, list: 1, votes: 2}           # counted from 1
  ignore: [Remarks]       # columns that are left out, knowingly; or rest
  unnamed: ignore         # columns without a name, if they are empty
  numbers: {group: point} # between thousands: point, comma, space, apostrophe;
                          # {strip: ' [0-9.]+%$'}: what goes with a count in its cell
  empty: none             # an empty cell of a count is nothing, or zero; left out: an error
  may-be-empty: [precinct, district]   # a part of the key; a district
  same: add               # the same precinct and list again is added; another (wide):
                          # it is a precinct of its own; left out: an error
  modes: {columns: [Mail, Early]}      # parts of the votes, which must be their sum;
                          # {column: mode, total: TOTAL}: a row a mode, or for all
  rows:
    drop: [{column: PEC, equals: [Total, Sum]}]    # equals, matches or empty: yes
    keep: [{column: Level, equals: precinct}]
    lines: [{column: Party, equals: Spoiled, as: invalid}]   # or as: nothing
  kinds: [{column: PEC, matches: '^E', clear: [registered]}] # there it means nothing
  join: [{file: 'places*.csv', key: id, on: PEC, columns: [Region]}]
  detect: {columns: [PEC, Oblast]}     # what a built-in layout is known by; only: yes

A column is named as in the header, without regard to case, by {number: 3}, by
{matches: PATTERN}, or as the second of a name by {column: Votes, nth: 2}. A column
that is in the header and not in the layout is an error, and so is the reverse, but
for lines of the protocol and columns to ignore that are given by a pattern.
Patterns are regular expressions (RE2).`
