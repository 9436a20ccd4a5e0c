package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
)

// schemas are those of what -f json writes, by command, and of the files that people
// write.
var schemas = []struct {
	name string
	text func() string
}{
	{"result", func() string { return report.Schema }},
	{"check", func() string { return report.CheckSchema }},
	{"sweep", func() string { return report.SweepSchema }},
	{"margin", func() string { return report.MarginSchema }},
	{"compare", func() string { return report.ComparisonSchema }},
	{"prior", func() string { return report.PriorSchema }},
	{"settle", func() string { return report.SettleSchema }},
	{"compare-rules", func() string { return report.LawsSchema }},
	{"whatif", func() string { return report.WhatIfSchema }},
	{"explain", func() string { return report.ExplainSchema }},
	{"rules", rules.Schema},
	{"ballot", rules.BallotSchema},
}

func newSchema(s *streams) *cobra.Command {
	var names []string
	for _, x := range schemas {
		names = append(names, x.name)
	}
	return &cobra.Command{
		Use:   "schema " + strings.Join(names, "|"),
		Short: "The JSON Schema of what -f json writes, of rules files and of ballot files",
		Long: `The schemas of rules and ballot files are for editors. With kenesh schema rules in
rules.schema.json, this line on top of a law makes an editor that has the YAML language
server complete its keys and words, explain and check them:

  # yaml-language-server: $schema=rules.schema.json

It knows keys, words and numbers one by one; kenesh rules check finds what only several
of them together show, and takes other spellings of methods, too.`,
		Example: `  kenesh schema result
  kenesh schema check
  kenesh schema sweep
  kenesh schema settle
  kenesh schema compare-rules
  kenesh schema whatif
  kenesh schema explain
  kenesh schema compare
  kenesh schema prior
  kenesh schema rules
  kenesh schema ballot`,
		ValidArgs: names,
		Args:      exactly(1, "a format: kenesh schema "+strings.Join(names, ", ")),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, x := range schemas {
				if x.name == args[0] {
					return writeOutput(s, "", func(w io.Writer) error {
						_, err := io.WriteString(w, x.text())
						return err
					})
				}
			}
			return exitf(exitUsage, "no schema is called %q%s; there are %s", args[0], finding.DidYouMean(args[0], names), strings.Join(names, ", "))
		},
	}
}
