package main

import (
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/report"
)

// resultFlags are those of every command that counts: how its result is written, and what
// becomes of findings.
type resultFlags struct {
	format, output string
	strict         bool
	maxFindings    int
}

func (o *resultFlags) add(cmd *cobra.Command) {
	o.maxFindings = 20
	cmd.Flags().BoolVar(&o.strict, "strict", false, "make every warning an error")
	addOutputFlags(cmd, &o.format, &o.output)
	cmd.Flags().Var(count{&o.maxFindings}, "max-findings", "findings printed for each file")
}

// invalid states what is wrong with the input, and ends without totals.
func (o *resultFlags) invalid(s *streams, log *finding.Log) error {
	s.state(log, o.maxFindings)
	return &exit{code: exitInvalid}
}

func (o *resultFlags) colored(s *streams) bool { return s.colored() && o.output == "" }

func tool() report.Tool {
	return report.Tool{Version: version().Version, Revision: version().Revision}
}

func inputs(sources []ingest.Source) []report.Input {
	var list []report.Input
	for _, s := range sources {
		list = append(list, report.Input(s))
	}
	return list
}

// addOutputFlags gives a command its -f and -o.
func addOutputFlags(cmd *cobra.Command, format, output *string) {
	addFormats(cmd, format, output, report.Formats)
}

// addFormats gives a command its -f and -o with formats of its own.
func addFormats(cmd *cobra.Command, format, output *string, formats func() []string) {
	cmd.Flags().StringVarP(format, "format", "f", "", "`FORMAT` of the result: "+strings.Join(formats(), ", ")+" (default: table, or what the ending of -o asks for)")
	cmd.Flags().StringVarP(output, "output", "o", "", "write to a `FILE` instead of standard output")
	complete(cmd, "format", formats)
}

// formatOf decides on the format: what -f says, what the output's ending says,
// else a table.
func formatOf(format, output string) (string, error) {
	if format != "" {
		return format, oneOf("format", format, report.Formats())
	}
	if f, ok := report.FormatOf(output); ok {
		return f, nil
	}
	return report.Formats()[0], nil
}
