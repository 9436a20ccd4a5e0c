// Package check holds the protocols of a [returns.Set] against themselves: does
// what a precinct states add up, and can it be?
//
// A rule applies only where the lines that it speaks of are there: absent is not
// zero. What fails is a warning, because the figures are those of the protocol
// and stay in the count; --strict makes it an error. Each rule has its code in
// the table of package finding. A clean run is not evidence of a clean count:
// systems that refuse protocols which do not add up only ever publish ones that
// do.
package check

import (
	"fmt"
	"runtime"
	"sync"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Protocols holds every precinct of the set against the rules and notes in log
// what fails, in the order of the precincts. It does nothing for sums beyond
// int64, which package tally refuses.
func Protocols(s *returns.Set, log *finding.Log) {
	sums, ok := s.VotesByPrecinct()
	if !ok {
		return
	}
	// Parts of the precincts are checked side by side, each with a log of its own.
	const least = 1 << 14 // precincts that are worth a goroutine
	parts := max(1, min(runtime.GOMAXPROCS(0), s.Len()/least))
	logs := make([]finding.Log, parts)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			c := checker{set: s, log: &logs[i], sums: sums}
			s.Protocols(i*s.Len()/parts, (i+1)*s.Len()/parts, c.precinct)
		})
	}
	all.Wait()
	log.Join(logs...)
	c := checker{set: s, log: log, sums: sums}
	c.complete()
}

type checker struct {
	set  *returns.Set
	log  *finding.Log
	sums []int64 // all votes of a precinct
}

func (c *checker) warn(code string, p int, format string, args ...any) {
	file, line := c.set.Position(p)
	c.log.Add(finding.Finding{Code: code, Severity: finding.Warning, File: c.set.Files[file], Line: line,
		Precinct: c.set.ID(p), Message: fmt.Sprintf("precinct %q: ", c.set.ID(p)) + fmt.Sprintf(format, args...)})
}

func (c *checker) precinct(p int, of *returns.Protocol) {
	votes := c.sums[p]
	registered, hasRegistered := of.Line(returns.Registered)
	cast, hasCast := of.Line(returns.Cast)
	invalid, hasInvalid := of.Line(returns.Invalid)
	valid, hasValid := of.Line(returns.Valid)
	if hasValid && votes != valid {
		c.warn("VALID-SUM", p, "the votes sum to %d, the valid ballots are %d", votes, valid)
	}
	switch {
	case !hasCast:
	case hasInvalid && !hasValid && (invalid > cast || votes != cast-invalid):
		c.warn("CAST-SUM", p, "%d votes and %d invalid ballots do not sum to %d ballots cast", votes, invalid, cast)
	case hasInvalid && hasValid && (invalid > cast || valid != cast-invalid):
		c.warn("CAST-SUM", p, "%d valid and %d invalid ballots do not sum to %d ballots cast", valid, invalid, cast)
	case !hasInvalid && max(votes, valid) > cast:
		c.warn("OVER-CAST", p, "%d votes are more than %d ballots cast", max(votes, valid), cast)
	}
	if hasRegistered && hasCast && cast > registered {
		c.warn("OVER-REGISTERED", p, "%d ballots cast are more than %d registered voters", cast, registered)
	}
	if hasRegistered && !hasCast && votes > registered {
		c.warn("OVER-REGISTERED", p, "%d votes are more than %d registered voters", votes, registered)
	}
	if votes == 0 && cast == 0 && invalid == 0 {
		c.warn("ZERO", p, "no ballots at all (zero in every list)")
	}
}

// complete looks for lists and lines that only some precincts have: one finding
// each, at the first precinct without it.
func (c *checker) complete() {
	counts := c.set.VoteCounts()
	for l, list := range c.set.Lists {
		c.completeColumn(fmt.Sprintf("votes for %q", list.Name), c.set.Votes(l), counts[l])
	}
	counts = c.set.LineCounts()
	for _, l := range returns.Lines() {
		c.completeColumn(l.String(), c.set.Line(l), counts[l])
	}
}

// completeColumn looks at a column that so many precincts have.
func (c *checker) completeColumn(name string, column returns.Column, counts int) {
	missing := c.set.Len() - counts
	if missing == 0 || counts == 0 {
		return
	}
	for p := range c.sums {
		if _, ok := column.At(p); !ok {
			c.warn("INCOMPLETE", p, "no figure for %s, here and in %d of %d precincts; absent is not zero", name, missing, c.set.Len())
			return
		}
	}
}
