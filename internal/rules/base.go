package rules

import (
	"fmt"
	"strings"

	"kenesh/internal/finding"
)

// A Base is what a share is a share of.
type Base uint8

const (
	Valid            Base = iota // valid ballots, those for options such as "against all" included
	ValidWithoutNone             // valid ballots without those against all and blank ones
	ListVotes                    // votes for lists, those of the residue that a table does not name included
	ValidAndInvalid              // ballots found in the boxes
	Cast                         // ballots cast: voters who took part, invalid ballots included
	Issued                       // ballots given out to voters
	Registered                   // registered voters
	Qualified                    // votes of the lists that reach the thresholds which stand above in the law
)

// baseTable names the bases. Flags, files, messages and help go through it.
var baseTable = [...]entry{
	Valid:            {"valid", "votes for lists and for options such as against all, without invalid ballots"},
	ValidWithoutNone: {"valid-without-none", "votes for lists and independent candidates, without those against all, blank and invalid ballots"},
	ListVotes:        {"list-votes", "without independent candidates and options such as against all, without invalid ballots"},
	ValidAndInvalid:  {"valid-and-invalid", "ballots found in the boxes"},
	Cast:             {"cast", "voters who took part, invalid ballots included"},
	Issued:           {"issued", "ballots given out to voters, whether they were found in a box or not"},
	Registered:       {"registered", "whether they took part or not"},
	Qualified:        {"qualified", "votes of the lists that reach the thresholds above this one"},
}

// baseWords are the bases in a sentence.
var baseWords = [...]string{Valid: "valid votes", ValidWithoutNone: "valid votes for candidates", ListVotes: "votes for lists", ValidAndInvalid: "valid and invalid ballots",
	Cast: "ballots cast", Issued: "ballots issued", Registered: "registered voters", Qualified: "votes for qualified lists"}

// Bases returns every base that shares can be stated of, in the order of the table.
func Bases() []Base {
	return []Base{Valid, ValidWithoutNone, ListVotes, ValidAndInvalid, Cast, Issued, Registered}
}

func (b Base) String() string { return baseTable[b].name }

// Words is the base in a sentence: "7 % of ballots cast".
func (b Base) Words() string { return baseWords[b] }

// Means says what the base holds.
func (b Base) Means() string { return baseTable[b].means }

// ParseBase returns the base of that name, one of [Bases]; the error suggests the one
// that was probably meant.
func ParseBase(name string) (Base, error) {
	var known []string
	for _, b := range Bases() {
		if b.String() == name {
			return b, nil
		}
		known = append(known, b.String())
	}
	return 0, fmt.Errorf("%q is not one of %s%s", name, strings.Join(known, ", "), finding.DidYouMean(name, known))
}
