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
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
)

// Rules is the declared law of one contest. Every ...Cite names the source of the
// rule beside it, "" when the file has none.
type Rules struct {
	Name    string // as --rules takes it: small letters, digits, hyphens
	Title   string // of the contest
	Country string // "" = not said
	Law     string // the act and the state of its text; "" = not said
	Source  []byte // the file's bytes as they stand
	SHA256  string // of Source, in hexadecimal

	From, Until string   // dates, YYYY-MM-DD, of the first and the last election that may be held under it; "" = not said
	Sources     []string // where its text can be read
	Doubts      []string // what is not certain of it, or left out of the file, in sentences
	Proven      []string // published elections that it counts to the official seats, by the name of their folder

	Seats          int // the house, 1 to MaxSeats
	SeatsCite      string
	Base           Base // of which shares are stated; not Qualified
	BaseCite       string
	Thresholds     []Threshold // all must be reached; none: every list with a vote qualifies
	ThresholdsCite string      // of the list as a whole, or of there being none
	Admit          *Admit      // nil: the thresholds alone decide
	Options        []Option    // none: every line of the ballot takes seats
	OptionsCite    string      // of the list as a whole, or of there being none
	Method         apportion.Method
	MethodCite     string
	QuotaBase      *QuotaBase // nil: a quota is of the votes of the lists that take part
	Alliances      *Alliances // nil: no lists stand together
	Minorities     *Minorities
	Bonus          *Bonus
	Minimum        *Minimum
	Held           *Held // nil: no seats are won elsewhere
	Cap            *Cap  // nil: no list has a limit
	MoreVotes      bool  // a tie goes to the list with more votes before a lot is drawn
	TiesCite       string

	Districts []Districts // what is divided before the nation, from the smallest areas up; none: the nation divides all
	Nation    *Nation     // what the nation does then; nil without Districts
	Further   []Further   // seats that are divided besides
	Ballot    *Ballot     // who stands, where the file itself says it; nil: it does not

	NoneQualified   Outcome    // no list qualifies
	OneQualified    Outcome    // a single list does
	AgainstAllLeads Outcome    // an option against all has more votes than the leading list
	Annulment       *Annulment // nil: annulled precincts never touch the others
}

// MaxSeats is the largest house that a rules file may declare: thirty times the
// largest assembly there is. Beyond it a figure is a slip of the pen.
const MaxSeats = 100_000

// An Option is a line on the ballot, or of the table, that takes no seats.
type Option struct {
	Name string
	Also []string // other spellings in data files
	Kind OptionKind
	Cite string
}

// OptionKind says what an option is. The zero value is none, and never in a law.
type OptionKind uint8

const (
	AgainstAll OptionKind = iota + 1 // its lead can fail the election
	Blank
	Others
	Independent
	Excluded // struck off after it stood on the ballot
)

// An entry of a table explains a word that rules files use.
type entry struct{ name, means string }

func names(table []entry) []string {
	list := make([]string, len(table))
	for i, e := range table {
		list[i] = e.name
	}
	return list
}

// kindTable names the kinds of options. Files, messages and help go through it.
var kindTable = [...]entry{
	AgainstAll:  {"against-all", `a vote against every list: "against all", "none of the above"`},
	Blank:       {"blank", "blank ballots that count as valid"},
	Others:      {"others", "a residue of lists that a table does not name"},
	Independent: {"independent", "a candidate without a list, who takes none of the lists' seats"},
	Excluded:    {"excluded", "a list that was struck off: ballots for it stay valid, and it takes no seats"},
}

func (k OptionKind) String() string { return kindTable[k].name }

// A Cap is the most seats that one list may take.
type Cap struct {
	Seats  int              // 1 or more, fewer than the house
	Excess apportion.Excess // what happens with the seats above it
	Cite   string
}

// An Outcome is what the law says of a case in which it cannot divide seats as
// usual.
type Outcome struct {
	Effect Effect
	Cite   string
}

// Effect is what follows from a case. The zero value states nothing.
type Effect uint8

const (
	Undeclared  Effect = iota // the law says nothing, so kenesh says nothing
	Failed                    // the election is failed: no seats, it is repeated
	TakesAll                  // the only list takes every seat, within its cap
	Ignored                   // nothing follows; the seats are divided as usual
	AllTakePart               // the bars fall: every list with a vote takes part
)

// effectTable names the effects. Files, messages and help go through it.
var effectTable = [...]entry{
	Undeclared:  {"undeclared", "the law does not say what follows, and the outcome is open"},
	Failed:      {"failed", "the election is failed and no seats are given"},
	TakesAll:    {"takes-all", "it takes every seat"},
	Ignored:     {"ignored", "nothing follows"},
	AllTakePart: {"all-take-part", "the bars fall and every list with a vote takes part"},
}

func (e Effect) String() string { return effectTable[e].name }

// means is what follows, as the end of a sentence.
func (e Effect) means() string { return effectTable[e].means }

// An Annulment is the bar at which annulled precincts allow the whole election
// to be declared void.
type Annulment struct {
	Share    *big.Rat // above 0, at most 1
	MoreThan bool     // the law says "more than" and not "at least"
	Base     Base     // of which the annulled precincts have that share: registered voters
	Cite     string
}

// Option returns the option that a list's name or another spelling of it stands
// for. Case and the number of spaces do not count.
func (r *Rules) Option(list string) (Option, bool) {
	list = fold(list)
	for _, o := range r.Options {
		if fold(o.Name) == list || slices.ContainsFunc(o.Also, func(also string) bool { return fold(also) == list }) {
			return o, true
		}
	}
	return Option{}, false
}

func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

//go:embed library/*.yaml
var library embed.FS

// Default is the name of the law that holds where nobody names one.
const Default = "kyrgyzstan-2020"

// Plain is the name of the count without a law, in which every line takes seats.
const Plain = "plain"

// Days are those of the elections that the law is for, behind "holds": "from 2005-01-01
// until 2021-12-31"; "" when it does not say.
func (r *Rules) Days() string {
	switch {
	case r.Until != "":
		return "from " + r.From + " until " + r.Until
	case r.From != "":
		return "from " + r.From + " on"
	}
	return ""
}

// EachBar calls use with every bar of the law, also those of districts and those that
// stand beside others.
func (r *Rules) EachBar(use func(*Threshold)) {
	each := func(list []Threshold) {
		for i := range list {
			use(&list[i])
			for k := range list[i].Or {
				use(&list[i].Or[k])
			}
		}
	}
	each(r.Thresholds)
	for _, d := range r.Districts {
		each(d.Thresholds)
	}
}

// Names returns the names of the built-in laws without reading one: those of Kyrgyzstan,
// of which the first is the default, the others by name, and at the end the plain count.
func Names() []string {
	list := []string{Default, "kyrgyzstan-2015", "kyrgyzstan-2010", "kyrgyzstan-2021-list"}
	files, err := library.ReadDir("library")
	if err != nil {
		panic(err)
	}
	for _, f := range files { // sorted
		name := strings.TrimSuffix(f.Name(), ".yaml")
		if name != Plain && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return append(list, Plain)
}

// Builtin returns the built-in laws.
func Builtin() []*Rules {
	var list []*Rules
	for _, name := range Names() {
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

// Load returns the built-in law of that name, or else reads the file of that
// name. What is wrong goes to log under the code RULES; with an error r is nil
// and ok false. A file called like a built-in law is read as ./NAME.
func Load(name string, log *finding.Log) (r *Rules, ok bool) {
	if slices.Contains(Names(), name) {
		return builtin(name), true
	}
	data, err := readFile(name)
	if err == nil {
		return Parse(name, data, log)
	}
	f := finding.Finding{Code: "RULES", Severity: finding.Error, File: name, Message: err.Error()}
	if errors.Is(err, fs.ErrNotExist) {
		f.Message = "no such file"
		// A word without a folder or an ending was meant as the name of a law.
		if !strings.ContainsAny(name, "/"+string(filepath.Separator)) && filepath.Ext(name) == "" {
			f.File = ""
			f.Message = fmt.Sprintf("no law is called %q%s; kenesh rules list shows those that are built in", name, finding.DidYouMean(name, Names()))
		}
	}
	log.Add(f)
	return nil, false
}

// maxBytes is the largest rules file that is read. A file of votes given in its
// place must not be read into memory to find out.
const maxBytes = 1 << 20

// readFile reads a file of at most maxBytes. Its errors do not repeat the name.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(data) > maxBytes {
		return nil, fmt.Errorf("the file has more than %d bytes; a rules file is written by hand and small", maxBytes)
	}
	return data, nil
}

// reason is the error of the system without the operation and the name.
func reason(err error) error {
	if path := new(fs.PathError); errors.As(err, &path) {
		return path.Err
	}
	return err
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Means says what an option of the kind is.
func (k OptionKind) Means() string { return kindTable[k].means }
