// Package rules reads the law of a contest from a rules file, and holds the
// built-in library of laws.
//
// A rules file is data: it declares how many seats there are, of what base a
// threshold is a share and how it is reached, by which method the seats are
// divided, what happens when the law's ordinary case does not arise — and cites
// the article for each line. Nothing is assumed in silence: whether a bar is "at
// least" or "more than" must be said, and a law without thresholds says so.
// Numbers are exact: 0.7% is 7/1000.
//
// The package holds what a law declares. Package tally applies it, package
// apportion divides the seats. Adding a country is a file, not code.
package rules

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
)

// Rules is the declared law of one contest.
type Rules struct {
	Name    string // [a-z0-9-]+, as --rules takes it
	Title   string // of the contest
	Country string
	Law     string // the act and the state of its text
	Source  []byte // the file's bytes as they stand
	SHA256  string // of Source, in hexadecimal

	Seats      int // the house, 1 to MaxSeats
	SeatsCite  string
	Base       Base // of which shares are stated
	BaseCite   string
	Thresholds []Threshold // all must be reached; none: every list with a vote qualifies
	Options    []Option
	Method     apportion.Method
	MethodCite string
	Cap        *Cap // nil: no list has a limit
	MoreVotes  bool // a tie goes to the list with more votes before a lot is drawn
	TiesCite   string

	NoneQualified   Outcome // no list qualifies
	OneQualified    Outcome // a single list does
	AgainstAllLeads Outcome // the option has more votes than the leading list
	Annulment       *Annulment
}

// MaxSeats is the largest house that a rules file may declare: ten times the
// largest assembly there is.
const MaxSeats = 100_000

// A Threshold is a bar that a list must reach to take part in the division.
type Threshold struct {
	ID       string
	Share    *big.Rat // above 0, at most 1
	Base     Base     // what it is a share of, in the nation or in the area
	MoreThan bool     // the law says "more than" and not "at least"
	Level    string   // "" = in the nation; else in each area of this level
	Areas    int      // how many areas of the level the law counts; 0 = not said
	Except   []string // areas that do not count, such as voters abroad
	Cite     string
}

// An Option is a line on the ballot, or of the table, that takes no seats.
type Option struct {
	Name string
	Also []string // other spellings in data files
	Kind Kind
	Cite string
}

// Kind says what an option is.
type Kind uint8

const (
	AgainstAll Kind = iota + 1 // "against all", "none of the above"
	Blank                      // blank ballots that count as valid
	Others                     // a residue of lists that the table does not name
)

var kinds = []string{"against-all", "blank", "others"}

func (k Kind) String() string { return kinds[k-1] }

// A Cap is the most seats that one list may take.
type Cap struct {
	Seats  int
	Excess apportion.Excess // what happens with the seats above it
	Cite   string
}

// An Outcome is what the law says of a case in which it cannot divide seats as
// usual.
type Outcome struct {
	Effect Effect
	Cite   string
}

// Effect is what follows from a case.
type Effect uint8

const (
	Undeclared Effect = iota // the law says nothing, so kenesh says nothing
	Failed                   // the election is failed: no seats, it is repeated
	TakesAll                 // the only list takes every seat, within its cap
	Ignored                  // nothing follows; the seats are divided as usual
)

var effects = []string{"undeclared", "failed", "takes-all", "ignored"}

func (e Effect) String() string { return effects[e] }

// An Annulment is the bar at which annulled precincts allow the whole election
// to be declared void.
type Annulment struct {
	Share    *big.Rat
	MoreThan bool
	Base     Base // of the annulled precincts against all: registered voters
	Cite     string
}

// A Base is what a share is a share of.
type Base uint8

const (
	Valid      Base = iota // valid ballots, those for options such as "against all" included
	ListVotes              // votes for lists that can take seats
	Cast                   // ballots cast: voters who took part, invalid ballots included
	Registered             // registered voters
)

// baseTable names the bases. Flags, files, messages and help go through it.
var baseTable = []struct{ name, words, means string }{
	{"valid", "valid votes", "votes for lists and for options such as against all, without invalid ballots"},
	{"list-votes", "votes for lists", "without options such as against all, without invalid ballots"},
	{"cast", "ballots cast", "voters who took part, invalid ballots included"},
	{"registered", "registered voters", "whether they took part or not"},
}

// Bases returns every base in the order of the table.
func Bases() []Base { return []Base{Valid, ListVotes, Cast, Registered} }

func (b Base) String() string { return baseTable[b].name }

// Words is the base in a sentence: "7 % of ballots cast".
func (b Base) Words() string { return baseTable[b].words }

// Means says what the base holds.
func (b Base) Means() string { return baseTable[b].means }

func baseNames() []string {
	var names []string
	for _, b := range baseTable {
		names = append(names, b.name)
	}
	return names
}

// ParseBase returns the base of that name; the error suggests the one that was
// probably meant.
func ParseBase(name string) (Base, error) {
	for i, b := range baseTable {
		if b.name == name {
			return Base(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not one of %s%s", name, strings.Join(baseNames(), ", "), finding.DidYouMean(name, baseNames()))
}

// Option returns the option that a list's name or another spelling of it stands
// for. Case and the number of spaces do not count.
func (r *Rules) Option(list string) (Option, bool) {
	for _, o := range r.Options {
		for _, name := range append([]string{o.Name}, o.Also...) {
			if fold(name) == fold(list) {
				return o, true
			}
		}
	}
	return Option{}, false
}

func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

//go:embed library/*.yaml
var library embed.FS

// order is that of the built-in laws in every list; the first is the default.
var order = []string{"kyrgyzstan-2020", "kyrgyzstan-2015", "kyrgyzstan-2010", "kyrgyzstan-2021-list", "plain"}

// Builtin returns the built-in laws.
func Builtin() []*Rules {
	var list []*Rules
	for _, name := range order {
		list = append(list, builtin(name))
	}
	return list
}

func builtin(name string) *Rules {
	data, err := library.ReadFile("library/" + name + ".yaml")
	if err != nil {
		panic(err)
	}
	var log finding.Log
	r, ok := Parse(name+".yaml", data, &log)
	if !ok {
		panic("rules: built-in law: " + log.Sorted()[0].String())
	}
	return r
}

// Load returns the built-in law of that name, or reads the file. What is wrong
// goes to log under the code RULES; ok is then false.
func Load(name string, log *finding.Log) (r *Rules, ok bool) {
	for _, known := range order {
		if name == known {
			return builtin(name), true
		}
	}
	data, err := os.ReadFile(name)
	if err == nil {
		return Parse(name, data, log)
	}
	f := finding.Finding{Code: "RULES", Severity: finding.Error}
	if strings.ContainsRune(name, filepath.Separator) || filepath.Ext(name) != "" {
		f.File, f.Message = name, "cannot be read: no such file, or no permission"
	} else {
		f.Message = fmt.Sprintf("no law is called %q%s; built in: %s", name, finding.DidYouMean(name, order), strings.Join(order, ", "))
	}
	log.Add(f)
	return nil, false
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
