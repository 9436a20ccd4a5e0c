package main

import (
	"fmt"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
	"kenesh/internal/whatif"
)

// topics are the manual pages that are no commands: kenesh help NAME.
var topics = []struct {
	name, short string
	text        func() string
}{
	{"exit-codes", "What the exit code says", func() string {
		return `  0    done
  1    the answer is no: an assertion or an expected figure does not hold, a check
       found what it was to fail on, two laws or (--fail-on) two counts differ
  2    usage: a flag or an argument is wrong
  3    the input or the rules are not valid: no totals are stated
  4    counted, but the outcome is open: a tie waits for a lot, the base of a
       threshold is not in the data, or the law declares no result
  5    a result could not be written, or an internal failure
  130  interrupted`
	}},
	{"findings", "Every code of a finding, and what to do about it", func() string {
		var b strings.Builder
		b.WriteString("A finding is printed as file:line:column: severity CODE: text. Errors leave no\ntotals; warnings do, unless --strict makes them errors.\n\n")
		for _, c := range finding.Codes {
			fmt.Fprintf(&b, "  %-17s %s\n  %-17s → %s\n", c.Name, c.Means, "", c.Do)
		}
		return b.String()
	}},
	{"checks", "What kenesh check holds against the precincts", checksManual},
	{"ballot", "How to say who stands: alliances, minorities, seats held or announced", rules.BallotManual},
	{"scenarios", "How to say what might be otherwise: scenarios for kenesh whatif", whatif.Manual},
	{"lots", "How to give the outcome of a draw", func() string { return lotsManual }},
	{"assert", "What --assert understands", func() string {
		return "An assertion is SUBJECT OP VALUE, quoted for the shell:\n\n" +
			"  --assert 'seats.Birimdik>=45'   --assert 'share.Mekenchil<7%'\n" +
			"  --assert 'qualified.Mekenchil=false'   --assert 'status=final'\n\n" +
			"SUBJECT is one of\n  " + strings.Join(tally.Subjects, "\n  ") +
			"\n\nOP is >=, <=, =, !=, > or <. VALUE is a whole number, a percentage for a share\n(compared exactly), true, false or open for qualified, final, partial or open for\nstatus. What is not known never holds. The exit code is 1 when one does not hold."
	}},
}
