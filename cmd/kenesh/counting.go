package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// countFlags say how votes are counted beside what the law says: another house or base,
// and what was decided of precincts, lists and ties.
type countFlags struct {
	seats                                   int
	base                                    string
	annul, annulAreas, restore, exclude     []string
	annulFile, lotsFile, lotsSeed, register string
}

func (c *countFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(count{&c.seats}, "seats", "seats to fill instead of the law's")
	f.StringVar(&c.base, "base", "", "take shares and thresholds of this `BASE` instead of the law's: "+strings.Join(baseNames(), ", "))
	f.StringSliceVar(&c.annul, "annul", nil, "leave these precincts out, by `ID`")
	f.StringArrayVar(&c.annulAreas, "annul-area", nil, "leave out all precincts of an `AREA`, by its name; once for each area")
	f.StringVar(&c.annulFile, "annul-file", "", "leave out the precincts that a `FILE` names, one a line")
	f.StringSliceVar(&c.restore, "restore", nil, "count these precincts all the same, by `ID`, though the file or their area is left out")
	f.StringArrayVar(&c.exclude, "exclude-list", nil, "the list of that `NAME` was struck off: its votes stay valid ballots, and it takes no seats; once for each list")
	f.StringVar(&c.lotsFile, "lots", "", "the lots that were drawn for ties: a YAML `FILE` (kenesh help lots)")
	f.StringVar(&c.lotsSeed, "lots-seed", "", "draw the lots that are missing from a public seed, any `TEXT` (kenesh help lots)")
	f.StringVar(&c.register, "register", "", "the expected precincts: a `FILE` with precinct,region,registered")
	complete(cmd, "base", baseNames)
}

// options reads what the flags name. What is wrong with a file goes to log; an error is one
// of usage.
func (c *countFlags) options(log *finding.Log) (tally.Options, error) {
	o := tally.Options{Seats: c.seats, Seed: c.lotsSeed, Annulled: slices.Clone(c.annul), Areas: c.annulAreas, Restored: c.restore, Excluded: c.exclude}
	for _, id := range c.restore {
		if slices.Contains(c.annul, id) {
			return o, exitf(exitUsage, "precinct %q is to be left out (--annul) and to be counted (--restore); leave out one of the two", id)
		}
	}
	var err error
	if o.Base, err = parseBase(c.base); err != nil {
		return o, err
	}
	if c.annulFile != "" {
		o.Annulled = append(o.Annulled, readIDs(c.annulFile, log)...)
	}
	if c.lotsFile != "" {
		o.Lots = readLots(c.lotsFile, log)
	}
	o.Register = readRegister(c.register, log)
	return o, nil
}

// parseBase is the base of that name; nil: none was given.
func parseBase(name string) (*rules.Base, error) {
	if name == "" {
		return nil, nil
	}
	base, err := rules.ParseBase(name)
	if err != nil {
		return nil, exitf(exitUsage, "--base: %v", err)
	}
	return &base, nil
}

// readIDs reads precinct ids, one a line; empty lines and lines that begin with
// # are left out.
func readIDs(path string, log *finding.Log) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Add(finding.Finding{Code: "FILE", Severity: finding.Error, File: path, Message: err.Error()})
		return nil
	}
	var ids []string
	for _, line := range strings.Split(string(data), "\n") {
		if id := strings.TrimSpace(line); id != "" && !strings.HasPrefix(id, "#") {
			ids = append(ids, id)
		}
	}
	return ids
}

func readRegister(name string, log *finding.Log) *returns.Register {
	if name == "" {
		return nil
	}
	register, _ := ingest.ReadRegister(name, log)
	return register
}

// fill takes registered voters from a register, if there is one.
func (s *streams) fill(set *returns.Set, register *returns.Register, file string) {
	if register != nil && register.Fill(set) {
		s.note("registered voters are those of the register %s", file)
	}
}
