package check

import (
	"slices"
	"strings"

	"kenesh/internal/returns"
)

// A Rule is one thing that is held against every precinct. What fails it is a warning
// with its code; several rules may share one, and a precinct fails a code once.
type Rule struct {
	Code string // of finding.Codes, which says what a failure means and what to do
	// Holds is what must hold: a relation between lines of the protocol, the votes and
	// amounts ([Amounts]), or words. What stands in (+ ...) may be a part of its side or not.
	Holds  string
	Source string
	// Count says that kenesh tally holds it too, because totals that fail it are doubtful.
	// The others are of figures that add up and are remarkable.
	Count bool
	Off   bool // held only when it is asked for
	Large bool // held in large precincts only: more than Options.Large, on the right side of a relation

	unless string                       // lines with any of which it does not apply
	says   string                       // what is said of a precinct that fails: see form.say
	set    func(c *checker) (tried int) // instead of a relation: looks at the whole set
}

const (
	russia     = "Russia, federal law 20-FZ of 2014, annex 5"
	kyrgyzstan = "follows from the form of Kyrgyzstan, Electoral Code of 2005, art. 43"
	meaning    = "the meaning of the lines"
	abacus     = "as the Dutch Electoral Council's Abacus"
)

// rules is the table of all rules. A more exact relation stands before a weaker one of
// the same code.
var rules = []Rule{
	// What has to add up.
	{Code: "VALID-SUM", Holds: "votes (+ blank) = valid", Source: russia + ": 10 = 13 and all following", Count: true,
		says: "the votes sum to {votes}, the valid ballots are {valid}"},
	{Code: "CAST-SUM", Holds: "valid + invalid (+ blank) = cast", Source: meaning, Count: true,
		says: "{valid} valid and {invalid} invalid ballots do not sum to {cast} ballots cast"},
	{Code: "CAST-SUM", Holds: "votes + invalid (+ blank) = cast", Source: meaning, Count: true, unless: "valid",
		says: "{votes} votes and {invalid} invalid ballots do not sum to {cast} ballots cast"},
	{Code: "OVER-CAST", Holds: "votes ≤ cast", Source: meaning, Count: true, unless: "invalid",
		says: "{votes} votes are more than {cast} ballots cast"},
	{Code: "OVER-CAST", Holds: "valid ≤ cast", Source: meaning, Count: true, unless: "invalid",
		says: "{valid} votes are more than {cast} ballots cast"},
	{Code: "ISSUED-SUM", Holds: "early + station + outside = issued", Source: kyrgyzstan + ": 6 = 3 + 4 + 5", Count: true,
		says: "{early} ballots given out early, {station} at the station and {outside} outside do not sum to {issued} issued: {by} apart"},
	{Code: "RECEIVED-SUM", Holds: "given + cancelled + lost − unaccounted = received", Source: russia + ": 2 = 3 + 4 + 5 + 6 + 11 − 12", Count: true,
		says: "{given} ballots given out, {cancelled} cancelled and {lost} lost, less {unaccounted} not counted on receipt, do not sum to {received} received: {by} apart"},
	{Code: "RECEIVED-SUM", Holds: "given + cancelled = received", Source: kyrgyzstan + ": 2 = 3 + 4 + 5 + 7", Count: true, unless: "lost unaccounted",
		says: "{given} ballots given out and {cancelled} cancelled do not sum to {received} received: {by} apart"},
	{Code: "BOX-SUM", Holds: "portable + stationary = valid + invalid (+ blank)", Source: russia + ": 7 + 8 = 9 + 10", Count: true,
		says: "{portable} ballots in the mobile boxes and {stationary} in those of the station are not {valid} valid and {invalid} invalid ones: {by} apart"},
	// What cannot be more than something else.
	{Code: "OVER-REGISTERED", Holds: "cast ≤ registered", Source: meaning, Count: true,
		says: "{cast} ballots cast are more than {registered} registered voters"},
	{Code: "OVER-REGISTERED", Holds: "valid + invalid ≤ registered", Source: meaning, Count: true, unless: "cast",
		says: "{valid} valid and {invalid} invalid ballots are more than {registered} registered voters"},
	{Code: "OVER-REGISTERED", Holds: "votes ≤ registered", Source: meaning, Count: true, unless: "cast",
		says: "{votes} votes are more than {registered} registered voters"},
	{Code: "ISSUED-REGISTERED", Holds: "given ≤ registered", Source: russia + ": 1 ≥ 3 + 4 + 5", Count: true,
		says: "{given} ballots given out are more than {registered} registered voters"},
	{Code: "OVER-ISSUED", Holds: "ballots ≤ given", Source: meaning, Count: true,
		says: "{ballots} ballots in the boxes are more than {given} given out"},
	{Code: "ZERO", Holds: "votes (+ cast + invalid) > 0", Source: abacus + ", W.204", Count: true,
		says: "no ballots at all (zero in every list)"},
	{Code: "INCOMPLETE", Holds: "every precinct has a figure for each list and line that others have", Count: true, set: (*checker).complete},
	// What adds up and is remarkable.
	{Code: "PORTABLE-OVER", Holds: "portable ≤ early + outside", Source: meaning,
		says: "{portable} ballots in the mobile boxes are more than {early} given out early and {outside} outside"},
	{Code: "ISSUED-GAP", Holds: "50 ballots > 49 given", Source: abacus + ", W.203, of a difference of 2 %", Large: true,
		says: "{ballots} ballots in the boxes, and {given} given out: 2 % or more are not there"},
	{Code: "UNDER-ISSUED", Holds: "ballots ≥ given", Source: "lawful: a voter may take the ballot away", Off: true,
		says: "{ballots} ballots in the boxes are fewer than {given} given out: {by} are not there"},
	{Code: "TURNOUT-FULL", Holds: "turnout ≠ registered", Large: true,
		says: "all {registered} registered voters took part"},
	{Code: "ONE-LIST", Holds: "two lists have votes", Large: true, set: (*checker).oneList},
	{Code: "SAME-VOTES", Holds: "no two precincts of an area have the same votes for every list (50 or more, for 3 lists or more)", set: (*checker).sameVotes},
	{Code: "SPREADSHEET", Holds: "no id of a precinct is a date or a power of ten, where most are not", set: (*checker).spreadsheet},
	{Code: "INVALID-RATE", Holds: "100 invalid < 3 turnout", Source: abacus + ", W.202", Large: true, Off: true,
		says: "{invalid} of {turnout} ballots are invalid: 3 % or more"},
	{Code: "OUTSIDE-RATE", Holds: "10 outside < 3 given", Large: true, Off: true,
		says: "{outside} of {given} ballots were given out outside of the station: 30 % or more"},
	// The register.
	{Code: "MISSING", Holds: "every precinct of the register is in the data", Source: "--register", set: (*checker).missing},
	{Code: "UNREGISTERED", Holds: "every precinct of the data is in the register", Source: "--register", set: (*checker).unregistered},
	{Code: "PUBLISHED", Holds: "votes and lines of an area add up to what was published", Source: "--expect", set: (*checker).published},
	{Code: "REGISTER-DIFFERS", Holds: "region and registered voters of a precinct are those of the register", Source: "--register", set: (*checker).differs},
}

// Rules returns all rules, in the order in which they are held.
func Rules() []Rule { return slices.Clone(rules) }

// Codes returns the codes of all rules, each once.
func Codes() []string {
	var codes []string
	for _, r := range rules {
		if !slices.Contains(codes, r.Code) {
			codes = append(codes, r.Code)
		}
	}
	return codes
}

// compile spells the relations of the rules out that are on and of which the set states
// the lines.
func compile(s *returns.Set, on func(*Rule) bool) []form {
	stated := uint64(1) << votesLine
	for l, n := range s.LineCounts() {
		if n > 0 {
			stated |= 1 << l
		}
	}
	codes := Codes()
	var all []form
	for i := range rules {
		r := &rules[i]
		if r.set != nil || !on(r) {
			continue
		}
		for _, f := range forms(r.Holds) {
			if f.need&^stated != 0 {
				continue
			}
			if stated>>returns.Blank&1 == 0 {
				f.text = strings.ReplaceAll(f.text, " (+ blank)", "")
			}
			f.rule, f.code, f.large = i, slices.Index(codes, r.Code), r.Large
			for _, word := range strings.Fields(r.unless) {
				f.unless |= 1 << lineOf(word)
			}
			all = append(all, f)
		}
	}
	return all
}
