package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
	"kenesh/internal/story"
	"kenesh/internal/tally"
)

type explainOptions struct {
	reading  readingFlags
	law      lawFlags
	counting countFlags
	all      bool
	resultFlags
}

func newExplain(s *streams) *cobra.Command {
	o := &explainOptions{}
	cmd := &cobra.Command{
		Use:   "explain LIST FILE...",
		Short: "The whole story of one list: votes, bars, seats, and what it lacked",
		Long: `Tell the story of one list in sentences, each from the count and with its article: its
votes and its share of every base that the data has; each threshold, what was needed, what
it had, and by how many votes it is over or short, in the regions too where the law has bars
there; whether and why it takes part; its seats in the order of award, which was the last of
them and against whom, and what it lacked for one more; its alliance, its districts. Lists
without seats, those that were struck off and options such as "against all" have a story, too.

LIST is a name or an id, in any case. FILE is what kenesh tally takes. Of bars in areas the
three weakest are told, and all that are missed; of seats that go by claims, their numbers;
of districts, those with seats. --all tells all: each area, each award, each district.

The exit code is that of kenesh tally.`,
		Example: `  kenesh explain Mekenchil testdata/kyrgyzstan-2020
  kenesh explain kyrgyzstan testdata/kyrgyzstan-2020 --all
  kenesh explain 'Against all' testdata/kyrgyzstan-2020 -f markdown
  kenesh explain Likud --ballot testdata/elections/israel-2021/ballot.yaml testdata/elections/israel-2021/votes.csv`,
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.all, "all", false, "tell all: each area, each award of a seat, each district")
	o.law.add(cmd)
	o.reading.add(cmd)
	o.counting.add(cmd)
	o.resultFlags.add(cmd)
	return cmd
}

func runExplain(s *streams, o *explainOptions, args []string) error {
	switch len(args) {
	case 0:
		return exitf(exitUsage, "no list and no vote files; kenesh explain LIST FILE... (see kenesh explain --help)")
	case 1:
		return exitf(exitUsage, "no vote files for %q; kenesh explain LIST FILE..., or - for standard input", args[0])
	}
	if isFile(args[0]) && !isFile(args[len(args)-1]) {
		return exitf(exitUsage, "%s is a file; the list comes first: kenesh explain LIST FILE...", args[0])
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	log := &finding.Log{}
	options, err := o.counting.options(log)
	if err != nil {
		return err
	}
	law, ballot := o.law.load(log)
	options.Ballot, options.Explain, options.Each = ballot, true, true
	reading, err := o.reading.read(s, args[1:], o.output, format == "json", log)
	if err != nil {
		return err
	}
	if log.Failed() {
		return o.invalid(s, log)
	}
	set := reading.Set
	s.fill(set, options.Register, o.counting.register)
	check.Protocols(set, log)
	result, ok := tally.Count(set, law, options, log)
	list := -1
	if ok {
		list = listCalled(result, args[0], log)
	}
	if o.strict {
		log.Strict()
	}
	if !ok || log.Failed() {
		return o.invalid(s, log)
	}
	s.state(log, o.maxFindings)
	facts := story.Of(result, list)
	if !o.all {
		facts = slices.DeleteFunc(facts, func(f story.Fact) bool { return f.Detail })
	}
	full := report.Report{Result: result, Findings: log.Sorted(), Inputs: inputs(reading.Sources),
		Tool: tool(), Color: o.colored(s)}
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteExplain(w, format, full, list, facts) }); err != nil {
		return err
	}
	if result.Status == tally.Undecided {
		return exitf(exitOpen, "the outcome is open: %s", strings.Join(result.Why, "; "))
	}
	return nil
}

func isFile(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// listCalled is the list, or option, of that name or id; case and spaces do not count.
func listCalled(r *tally.Result, name string, log *finding.Log) int {
	var names []string
	for l, list := range r.Lists {
		if rules.Same(list.Name, name) || rules.Same(list.ID, name) || list.Stands.Is(name) {
			return l
		}
		names = append(names, list.Name)
	}
	hint := finding.DidYouMean(name, names)
	if hint == "" {
		hint = named(name, names)
	}
	log.Add(finding.Finding{Code: "UNKNOWN-NAME", Severity: finding.Error, Message: fmt.Sprintf("list %q is not in the data%s", name, hint)})
	return -1
}

// named is the lists of which a word is a part, for whoever gave no more of a name.
func named(word string, names []string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	var list []string
	for _, n := range names {
		if word != "" && strings.Contains(strings.ToLower(n), word) {
			list = append(list, strconv.Quote(n))
		}
	}
	switch len(list) {
	case 0:
		return "; it has " + strings.Join(names, ", ")
	case 1:
		return " (did you mean " + list[0] + "?)"
	}
	return "; of that name are " + strings.Join(list, ", ")
}
