package main

import (
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/outlook"
	"kenesh/internal/report"
	"kenesh/internal/returns"
)

type settleOptions struct {
	reading     readingFlags
	law         lawFlags
	register    string
	turnout     string
	mostBallots int
	emptyIn     bool
	history     []string
	base        string
	failOn      string
	resultFlags
}

func newSettle(s *streams) *cobra.Command {
	o := &settleOptions{turnout: "100%"}
	cmd := &cobra.Command{
		Use:   "settle FILE... --register FILE",
		Short: "What is settled in a partial count, and what is open",
		Long: `Say what the precincts that are not in yet can still change. FILE holds those that are
in, as kenesh tally takes it; the register holds all that are expected
(precinct,region,registered).

An outstanding precinct brings at most one ballot for each registered voter, or as many
as --max-turnout says; each ballot may go to any list, be invalid, or not be cast. Of
each list the least and the most seats are stated that it can still get, and of each
threshold whether it is in for certain, out for certain, or open. A seat that a lot may
decide is open. A seat that is settled stays so, unless a precinct that is in is
corrected, or one brings more ballots than that.

A precinct without a ballot in its return counts as outstanding: many offices publish
rows of zeros for those that have not reported. --empty-in takes such returns as they
stand. Where the register leaves registered empty, as for envelopes, --most-ballots says
how many ballots such a precinct can bring.

--history takes the successive files of a night: those of a directory in the order of
their names, or several, each behind its own --history. Each file is a state, and so is
each folder in the directory; a file without rows is a state in which nothing is in. It
prints when each seat and each threshold was settled, and which states corrected
precincts that were in.

No bound is ever too narrow. Under divisor methods they are exact but in rare corners (bars
in regions), under quotas within a few votes of it; see the package outlook for the proofs.
The exit code is 4, and nothing is printed, for a law whose seats cannot be bounded
(districts, seats held or owed, minorities, a bonus), and when the base of a threshold is
not in the data. Where nothing is outstanding, every law is counted.`,
		Example: `  kenesh settle testdata/night/states/4-0400.csv --register testdata/night/register.csv --rules testdata/night/law.yaml
  kenesh settle testdata/night/states/4-0400.csv --register testdata/night/register.csv --rules testdata/night/law.yaml --max-turnout 75%
  kenesh settle --history testdata/night/states --register testdata/night/register.csv --rules testdata/night/law.yaml
  kenesh settle testdata/night/states/4-0400.csv --register testdata/night/register.csv --rules testdata/night/law.yaml --fail-on open # exit code 1
  kenesh settle testdata/night/states/4-0400.csv --register testdata/night/register.csv --rules testdata/night/law.yaml -f csv`,
		RunE: func(_ *cobra.Command, args []string) error { return runSettle(s, o, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.register, "register", "", "all precincts that are expected: a `FILE` with precinct,region,registered")
	f.StringVar(&o.turnout, "max-turnout", o.turnout, "the most ballots of a precinct, as a `SHARE` of its registered voters; it may be above 100%")
	f.Var(count{&o.mostBallots}, "most-ballots", "the most ballots of a precinct for which the register states no voters")
	f.BoolVar(&o.emptyIn, "empty-in", false, "take a return without a ballot as it stands: nobody voted there")
	f.StringArrayVar(&o.history, "history", nil, "successive states of a night: a `DIR`, or a file; may be given again")
	f.StringVar(&o.failOn, "fail-on", "", "exit 1 while anything is `OPEN`: open")
	o.law.add(cmd)
	o.reading.add(cmd)
	f.StringVar(&o.base, "base", "", "take thresholds of this `BASE` instead of the law's: "+strings.Join(baseNames(), ", "))
	o.resultFlags.add(cmd)
	complete(cmd, "max-turnout", fixed("100%", "80%"))
	complete(cmd, "fail-on", fixed("open"))
	complete(cmd, "base", baseNames)
	return cmd
}

func runSettle(s *streams, o *settleOptions, args []string) error {
	switch {
	case len(args) == 0 && len(o.history) == 0:
		return exitf(exitUsage, "no vote files; kenesh settle FILE... --register FILE, or --history DIR (see kenesh settle --help)")
	case len(args) > 0 && len(o.history) > 0:
		return exitf(exitUsage, "give the states behind --history, and no other files (found %s)", args[0])
	case o.register == "":
		return exitf(exitUsage, "which precincts are expected? --register FILE, with precinct,region,registered")
	}
	format, err := formatOf(o.format, o.output)
	if err != nil {
		return err
	}
	if o.failOn != "" {
		if err := oneOf("fail-on", o.failOn, []string{"open"}); err != nil {
			return err
		}
	}
	options := outlook.Options{Unregistered: int64(o.mostBallots), EmptyIn: o.emptyIn}
	if options.Turnout, err = turnoutOf(o.turnout); err != nil {
		return err
	}
	if options.Base, err = parseBase(o.base); err != nil {
		return err
	}
	log := &finding.Log{}
	law, ballot := o.law.load(log)
	options.Ballot = ballot
	options.Register, _ = ingest.ReadRegister(o.register, log)
	if log.Failed() {
		return o.invalid(s, log)
	}
	out := report.Settle{Tool: tool(), Color: o.colored(s)}
	var why string
	var ok bool
	if len(o.history) > 0 {
		readings, sources, err := o.states(s, options.Register, format == "json", log)
		switch {
		case err != nil:
			return err
		case log.Failed():
			return o.invalid(s, log)
		case !slices.ContainsFunc(readings, func(r outlook.Reading) bool { return r.Set != nil }):
			log.Add(finding.Finding{Code: "EMPTY", Severity: finding.Error, Message: "nothing is in, in any of the states"})
			return o.invalid(s, log)
		}
		out.Inputs = inputs(sources)
		out.Night, why, ok = outlook.Follow(readings, law, options, log)
	} else {
		reading, err := o.reading.read(s, args, o.output, format == "json", log)
		if err != nil {
			return err
		}
		if log.Failed() {
			return o.invalid(s, log)
		}
		out.Inputs = inputs(reading.Sources)
		options.Register.Fill(reading.Set)
		check.Protocols(reading.Set, log)
		out.State, why, ok = outlook.Of(reading.Set, law, options, log)
	}
	if o.strict {
		log.Strict()
	}
	if !ok || log.Failed() {
		return o.invalid(s, log)
	}
	s.state(log, o.maxFindings)
	if why != "" {
		return exitf(exitOpen, "%s", why)
	}
	out.Findings = log.Sorted()
	if err := writeOutput(s, o.output, func(w io.Writer) error { return report.WriteSettle(w, format, out) }); err != nil {
		return err
	}
	last := out.State
	if out.Night != nil {
		last = out.Night.Steps[len(out.Night.Steps)-1].State
	}
	if o.failOn != "" && last.Open() {
		return exitf(exitNo, "%s", openWords(last))
	}
	return nil
}

// states reads the states of a night, each into a set of its own.
func (o *settleOptions) states(s *streams, register *returns.Register, hash bool, log *finding.Log) (readings []outlook.Reading, sources []ingest.Source, err error) {
	quiet := s.quiet
	defer func() { s.quiet = quiet }()
	for _, path := range o.history {
		paths := []string{path}
		st, err := os.Stat(path)
		if err == nil && st.IsDir() {
			entries, err := os.ReadDir(path) // by name
			if err != nil {
				return nil, nil, exitf(exitFailure, "%s: %v", path, err)
			}
			paths = nil
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), ".") {
					paths = append(paths, filepath.Join(path, e.Name()))
				}
			}
		}
		for _, path := range paths {
			own := &finding.Log{}
			reading, err := o.reading.read(s, []string{path}, o.output, hash, own)
			if err != nil {
				return nil, nil, err
			}
			r := outlook.Reading{Name: filepath.Base(path)}
			if nothing(own) {
				s.note("%s has no rows: nothing was in yet", path)
			} else {
				log.Add(own.Sorted()...)
				if !own.Failed() {
					s.quiet = true // the others are read as this one
					r.Set = reading.Set
					register.Fill(r.Set)
					sources = append(sources, reading.Sources...)
				}
			}
			readings = append(readings, r)
		}
	}
	if len(readings) == 0 && !log.Failed() {
		log.Add(finding.Finding{Code: "EMPTY", Severity: finding.Error, File: o.history[0], Message: "no files in this directory"})
	}
	return readings, sources, nil
}

// nothing reports whether all that is wrong with a state is that it has no rows.
func nothing(log *finding.Log) bool {
	return log.Failed() && !slices.ContainsFunc(log.Sorted(), func(f finding.Finding) bool { return f.Severity == finding.Error && f.Code != "EMPTY" })
}

// turnoutOf reads a share that may be above the whole.
func turnoutOf(text string) (*big.Rat, error) {
	wrong := exitf(exitUsage, "--max-turnout: found %q, want a share of the registered voters above 0, such as 80%% or 100%%", text)
	number, ok := strings.CutSuffix(text, "%")
	if !ok || len(number) > 12 || strings.Trim(number, "0123456789.") != "" {
		return nil, wrong
	}
	if _, err := strconv.ParseFloat(number, 64); err != nil {
		return nil, wrong
	}
	share, ok := new(big.Rat).SetString(number)
	if !ok || share.Sign() == 0 {
		return nil, wrong
	}
	return share.Quo(share, big.NewRat(100, 1)), nil
}

// openWords says what is open of a state.
func openWords(s *outlook.State) string {
	var words []string
	switch n := s.House - s.Settled; n {
	case 0:
	case 1:
		words = append(words, "1 seat is open")
	default:
		words = append(words, fmt.Sprintf("%d seats are open", n))
	}
	switch n := s.ListsOpen(); n {
	case 0:
	case 1:
		words = append(words, "whether 1 list takes part is open")
	default:
		words = append(words, fmt.Sprintf("whether %d lists take part is open", n))
	}
	return strings.Join(words, "; ")
}
