// Package tally counts an election: a set of returns under the rules of a law
// becomes totals, shares on every base, thresholds held against the votes,
// seats, ties and reasons: one [Result].
//
// Everything is exact. A share is a ratio with a named base and becomes digits
// in one function; thresholds are compared by multiplication; seats come from
// package apportion with a certificate. What the data does not decide stays
// open and is said to be: a base that is not in the data, a tie that waits for
// a lot, a case for which the law has no rule.
//
// Lists are in ballot order, areas in order of first appearance; nothing depends
// on the order of files beyond that. Nothing is formatted here: package report
// renders a result.
package tally

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/check"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// Options changes how the votes are counted. The zero value follows the law.
type Options struct {
	Seats      int         // instead of the law's; 0 = the law's
	Base       *rules.Base // instead of the law's, for shares and every threshold
	Annulled   []string    // ids of precincts excluded by decision
	Areas      []string    // names of areas of which all precincts are; where several have one name, with that of the larger: "Osh/Kara-Suu"
	Restored   []string    // ids of precincts that are not, though they are named, or lie in such an area
	Excluded   []string    // lists struck off: ballots for them stay valid, and they take no seats
	Moves      []Move      // ballots that are taken to be other than the returns say
	Register   *returns.Register
	Expected   int // how many precincts are expected; 0 = not said
	Lots       []Lot
	Seed       string // ties that no lot answers are drawn from it; "" = they stay open
	Explain    bool   // state the award of every seat
	Each       bool   // state every bar in areas for each of them
	Conditions Conditions
	By         string        // an area level, for totals of each of its areas
	Ballot     *rules.Ballot // who stands; nil: what the law's file says of it, if anything
}

// A Lot is the answer of a draw to a tie, by the names of the lists.
type Lot struct {
	Lists, Winners []string
	In             string // the district in which they are tied; "": the nation
	File           string // where the lot is stated
	Line           int
}

// Status says how much of the answer stands.
type Status uint8

const (
	Final     Status = iota // every expected precinct is in and every seat is given
	Partial                 // precincts are missing; the seats are those of the votes so far
	Undecided               // the data, a tie or the law leaves the outcome open
)

func (s Status) String() string { return [...]string{"final", "partial", "open"}[s] }

// A Result is the outcome of a count.
type Result struct {
	Rules      *rules.Rules
	Contest    string // the title of the contest
	House      int    // seats to fill
	HouseGiven bool   // by the user and not by the law
	Base       rules.Base
	BaseGiven  bool
	Status     Status
	Why        []string // why the status is not final, in sentences
	Precincts  Precincts
	Rows       Rows
	Nation     Figures
	Lists      []List
	Areas      []Area // with Options.By
	Level      string // the level of Areas
	Thresholds []Threshold
	Districts  []District   // what was divided before the nation, in the order of the law
	Explained  bool         // Options.Explain
	Given      bool         // seats were given
	Levelled   int          // seats by which the house grows, beside those on top
	Allocation *Allocation  // of the nation; nil when no seats were given, or the districts give all
	Within     []Allocation // of the seats of each alliance, as far as they are settled
	Further    []Further    // of seats that are divided besides
	Ties       []Tie
	Draws      []Draw     // with Options.Seed
	Scenarios  []Scenario // when a base is not in the data
	AreaNames  []string   // by area, for the verdicts of thresholds; precincts behind them
	Scale      *big.Rat   // votes for minority lists count so many times; nil: once
	ScaledBy   int64      // all votes in Allocation are multiplied by it, so that they are whole; 1 as a rule
	Official   []Official // the official seats that the ballot states and those that differ
	Alliances  [][]int    // the lists that stand together, as the ballot says
	Annulment  *Annulment // nil: the law has no rule on it
}

// Precincts says which returns were counted.
type Precincts struct {
	Expected Total
	Counted  int
	Missing  []string // in the register, and not in the data
	Annulled []string // excluded by decision
}

// Rows is what became of the rows of data: Read = Counted + Excluded + Refused.
type Rows struct{ Read, Counted, Excluded, Refused int64 }

// A List is what one list has.
type List struct {
	returns.List
	Option    bool             // takes no seat, such as "against all"
	Kind      rules.OptionKind // what it is where it takes no seat; else 0
	Stands    rules.Contender  // what the ballot says of it
	Votes     int64
	Qualified Verdict
	Admitted  bool // it reached no threshold, and takes part for want of others
	Seats     int  // settled
	OpenSeats int  // that it may still get by a lot
	Won       int  // seats from the districts, or held: they count in Seats where the law says so
}

// An Area is the figures of one area.
type Area struct {
	Name  string
	Seats []int // by list, those of the districts inside of it; nil: the law has none there
	Figures

	at int // index into Set.Areas
}

// An Allocation is how seats were divided among members: lists alone, or alliances.
// Its indices go by place in Members.
type Allocation struct {
	apportion.Allocation
	Problem apportion.Problem
	Members [][]int          // the lists of each, as indices into Result.Lists
	Steps   []apportion.Step // with Options.Explain
}

// Member names the k-th member of an allocation: a list, or those of an alliance.
func (r *Result) Member(a *Allocation, k int) string {
	var names []string
	for _, l := range a.Members[k] {
		names = append(names, r.Lists[l].Name)
	}
	return strings.Join(names, " + ")
}

// A Tie is equal claims of several members of an allocation on fewer seats. Its
// indices go by place in the Members of that.
type Tie struct {
	apportion.Tie
	In    string // the district, or the seats besides; "": the nation
	Names []string
}

// A Scenario is what follows for one range of sizes of a base that is not known.
type Scenario struct {
	Base      rules.Base
	From, To  Total // the sizes of the base; neither known: whatever it is
	Qualified []int
	Seats     []int  // by list; nil when none are given
	Why       string // why none are given
}

// Count counts the returns under the law. Findings of the count go to log; after
// an error in log there is no result.
func Count(s *returns.Set, law *rules.Rules, o Options, log *finding.Log) (*Result, bool) {
	c := start(s, law, o, log)
	if !c.contend() || !c.run() {
		return nil, false
	}
	return c.result, !log.Failed()
}

// start is a count that has not begun.
func start(s *returns.Set, law *rules.Rules, o Options, log *finding.Log) *count {
	c := &count{set: s, law: law, options: o, log: log, ballot: o.Ballot}
	if c.ballot == nil {
		c.ballot = law.Ballot
	}
	c.result = &Result{Rules: law, Contest: law.Title, House: law.Seats, Base: law.Base, ScaledBy: 1, Explained: o.Explain}
	if c.ballot != nil && c.ballot.Title != "" {
		c.result.Contest = c.ballot.Title
	}
	if o.Seats > 0 {
		c.result.House, c.result.HouseGiven = o.Seats, o.Seats != law.Seats
	}
	if o.Base != nil {
		c.result.Base, c.result.BaseGiven = *o.Base, *o.Base != law.Base
	}
	return c
}

// run counts, once it is known what each list is.
func (c *count) run() bool {
	if !c.precincts() || !c.sums() {
		return false
	}
	c.annulment()
	if !c.move() {
		return false
	}
	c.lists()
	if c.result.Nation.Sum == 0 {
		return c.fail("EMPTY", "not a single vote was counted in %s", some(c.set.Files))
	}
	c.qualify()
	if !c.lotsFit() || !c.decide() {
		return false
	}
	c.inAreasOf()
	c.official()
	return true
}

// count is a count in progress.
type count struct {
	set     *returns.Set
	law     *rules.Rules
	options Options
	log     *finding.Log
	result  *Result
	counted []int32   // by precinct: its area, -1 when it is annulled
	areas   []Figures // by area

	ballot     *rules.Ballot
	kinds      []rules.OptionKind // by list; 0: it takes seats
	contenders []rules.Contender  // by list
	alliances  [][]int            // the lists of each
	won        []int              // by list: seats from the districts so far, or held
	verdicts   []Verdict          // by list: what the thresholds say, seats so far included
	precinct   []Figures          // of each precinct, where the law divides there
	moved      []moved            // ballots that were moved
	instead    string             // the level for which the data names no area and precincts stand
	stuck      bool               // seats of districts are open, so the nation cannot divide
}

func (c *count) fail(code, format string, args ...any) bool {
	c.log.Add(finding.Finding{Code: code, Severity: finding.Error, Message: fmt.Sprintf(format, args...)})
	return false
}

// open notes why the outcome is not final.
func (c *count) open(format string, args ...any) {
	c.result.Status = Undecided
	c.result.Why = append(c.result.Why, fmt.Sprintf(format, args...))
}

// precincts sorts out which returns count.
func (c *count) precincts() bool {
	r := c.result
	c.counted = c.set.InAreas()
	r.Rows.Read = c.set.Rows
	ok := c.annul()
	r.Rows.Excluded += c.set.Excluded
	r.Rows.Counted = r.Rows.Read - r.Rows.Excluded
	r.Precincts.Counted = c.set.Len() - len(r.Precincts.Annulled)
	if n := len(r.Precincts.Annulled); n > 0 {
		c.log.Add(finding.Finding{Code: "ANNULLED", Severity: finding.Note,
			Message: fmt.Sprintf("%d precinct%s excluded from the count: %s", n, plural(n), some(r.Precincts.Annulled))})
	}
	if c.options.Expected > 0 {
		r.Precincts.Expected = Total{int64(c.options.Expected), true}
		if n := c.options.Expected - c.set.Len(); n > 0 {
			r.Status = Partial
			r.Why = append(r.Why, fmt.Sprintf("%d of %d expected precincts are missing", n, c.options.Expected))
		}
	}
	c.register()
	return ok
}

func (c *count) register() {
	reg, r := c.options.Register, c.result
	if reg == nil {
		return
	}
	r.Precincts.Expected = Total{int64(len(reg.Expected)), true}
	missing := check.Register(c.set, reg, c.log)
	for _, e := range missing {
		r.Precincts.Missing = append(r.Precincts.Missing, e.ID)
	}
	if len(missing) > 0 {
		r.Status = Partial
		r.Why = append(r.Why, fmt.Sprintf("%d of %d expected precincts are missing", len(missing), len(reg.Expected)))
	}
}

// sums adds everything up.
func (c *count) sums() bool {
	r := c.result
	var err error
	if c.areas, err = figures(c.set, c.counted, c.kinds); err != nil {
		return c.fail("OVERFLOW", "%v (in %s): no total can be stated", err, some(c.set.Files))
	}
	c.agree()
	r.Nation = c.areas[0]
	r.Alliances = c.alliances
	r.AreaNames = make([]string, len(c.areas))
	for a := range c.areas {
		r.AreaNames[a] = c.set.Areas[a].Name
	}
	if c.options.By == "" {
		return true
	}
	level := c.set.Level(c.options.By)
	r.Level = c.options.By
	for a, f := range c.areas {
		if c.set.Areas[a].Level == level {
			r.Areas = append(r.Areas, Area{Name: c.set.Areas[a].Name, Figures: f, at: a})
		}
	}
	switch {
	case level < 0:
		return c.fail("UNKNOWN-NAME", "no area level is called %q%s; there are %s", c.options.By, finding.DidYouMean(c.options.By, c.set.Levels), strings.Join(c.set.Levels, ", "))
	case r.Areas == nil:
		return c.fail("UNKNOWN-NAME", "the data names no %s", c.options.By)
	}
	return true
}

// agree adds the votes up by another route, precinct by precinct and not list by list. It
// panics when the two are not one: then no figure can be trusted.
func (c *count) agree() {
	type part struct {
		sum  int64
		fits bool
	}
	parts := make([]part, c.set.PartCount())
	c.set.Parts(func(i, first, end int) {
		sum := int64(0)
		fits := c.set.VotesByPrecinct(first, end, func(p int, votes []int64) {
			for k, area := range c.counted[p:][:len(votes)] {
				sum += votes[k] &^ int64(area>>31) // nothing where it is below 0
			}
		})
		parts[i] = part{sum, fits}
	})
	sum := int64(0)
	for _, part := range parts {
		if !part.fits {
			return // a precinct beyond int64, of which the sums by list say so
		}
		sum += part.sum
	}
	if sum != c.areas[0].Sum {
		panic(fmt.Sprintf("tally: the votes are %d by list and %d by precinct", c.areas[0].Sum, sum))
	}
}

// lists states what each list has, but for seats.
func (c *count) lists() {
	for l, list := range c.set.Lists {
		c.result.Lists = append(c.result.Lists, List{List: list, Option: c.kinds[l] != 0, Kind: c.kinds[l], Stands: c.contenders[l], Votes: c.areas[0].Votes[l], Won: c.won[l]})
	}
}

// qualify says which lists take part, by the seats won so far.
func (c *count) qualify() {
	var in []Verdict
	c.result.Thresholds, in = c.hold(c.law.Thresholds, c.nation())
	for l := range c.result.Lists {
		c.result.Lists[l].Qualified = in[l]
	}
	c.verdicts = in
	c.barsFall()
	c.admit()
}

// decide follows the law from the thresholds to the seats.
func (c *count) decide() bool {
	r := c.result
	if c.againstAllLeads() {
		return true
	}
	if len(c.law.Districts) > 0 {
		if !c.districts() {
			return false
		}
		c.qualify()
	}
	var in, maybe []int
	for l, list := range r.Lists {
		if list.Qualified != Missed {
			maybe = append(maybe, l)
		}
		if list.Qualified == Reached {
			in = append(in, l)
		}
	}
	switch nation := c.law.Nation; {
	case c.stuck:
		return true
	case nation != nil && nation.Takes == rules.Nothing:
		for l := range r.Lists {
			r.Lists[l].Seats = c.won[l]
		}
		r.Given = true
		return len(in) < len(maybe) || c.further(in)
	case len(in) < len(maybe):
		c.undecided()
		return true
	}
	seats, why, ok := c.divide(in, true)
	if !ok {
		return false
	}
	if why != "" {
		c.open("%s", why)
	}
	for i, l := range in {
		if seats != nil {
			r.Lists[l].Seats = seats[i]
		}
	}
	if seats == nil {
		return true
	}
	r.Given = true
	return c.spread(in) && c.further(in)
}

// againstAllLeads applies the law's rule on an option "against all" with more
// votes than the leading list.
func (c *count) againstAllLeads() bool {
	r := c.result
	if c.law.AgainstAllLeads.Effect == rules.Ignored {
		return false
	}
	var lead int64
	for _, l := range r.Lists {
		if !l.Option {
			lead = max(lead, l.Votes)
		}
	}
	for i, l := range r.Lists {
		if c.kinds[i] == rules.AgainstAll && l.Votes > lead {
			c.open("%s", outcome(fmt.Sprintf("%q has %d votes and the leading list %d", l.Name, l.Votes, lead), c.law.AgainstAllLeads))
			return true
		}
	}
	return false
}

func outcome(what string, o rules.Outcome) string {
	cite := ""
	if o.Cite != "" {
		cite = " (" + o.Cite + ")"
	}
	if o.Effect == rules.Failed {
		return what + ": the election is failed" + cite
	}
	return what + ": the law does not say what follows" + cite
}

// some names the first few of a list.
func some(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// undecided says what is open when a base is not in the data, and what follows
// for each size that it can have.
func (c *count) undecided() {
	c.sayUnknown(c.result.Thresholds, "")
	if len(c.law.Districts) == 0 {
		c.scenarios()
	}
}

// sayUnknown says which bases of open thresholds are not known, each once.
func (c *count) sayUnknown(list []Threshold, where string) {
	var unknown []rules.Base
	for _, t := range list {
		for _, t := range append([]Threshold{t}, t.Or...) {
			switch {
			case !slices.ContainsFunc(t.Lists, func(v Verdicts) bool { return v.Verdict == Open }):
			case t.Level != "" && t.Areas == 0:
				c.open("threshold %q is one in each %s, and the data names none", t.ID, t.Level)
			case !slices.Contains(unknown, t.Base):
				unknown = append(unknown, t.Base)
				c.open("the threshold%s is a share of %s, which the data does not have%s", where, t.Base.Words(), c.lacking(t.Base))
			}
		}
	}
}

// lacking says how far a base is from being known.
func (c *count) lacking(b rules.Base) string {
	line := returns.Cast
	switch b {
	case rules.Registered:
		line = returns.Registered
	case rules.Issued:
		line = returns.Issued
	case rules.ValidAndInvalid:
		line = returns.Invalid
	}
	nation := c.areas[0]
	if n := nation.lines[line].Counts; n > 0 && n < nation.Precincts {
		return fmt.Sprintf(" for %d of %d precincts", nation.Precincts-n, nation.Precincts)
	}
	return ""
}
