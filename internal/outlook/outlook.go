// Package outlook says what the ballots that are not counted yet can still change: of a
// partial count, the least and the most seats that each list can have at the end
// ([Of]), and since when in a night that was settled ([Follow]).
//
// A precinct of the register that is not in brings at most so many ballots as it has
// registered voters, or a part of them; each may be for any list, for an option, invalid,
// or not cast. R are all such ballots, R(r) those of a region. A completion is one way in
// which they fall. A bound is sound when no completion, and no lot in it, is outside of it.
// All that follows is for one list i with v votes, k seats and a house of S; the proofs
// are short, and the tests try all completions of small elections.
//
// # Thresholds
//
// Each ballot enlarges every base by one, but for that of registered voters, which is
// known. So i is most sure to miss a bar when it gets no ballot and the base all of them,
// v < τ(base + R), and most sure to reach it when it gets all, v + R >= τ(base + R); in
// regions the same with R(r). Both are completions, for all bars and alternatives at once,
// so that in, out and open are exact. (Where all lists but i are on the way out and no
// option takes ballots, a base of list votes need not grow; it is taken to.)
//
// # Divisor methods
//
// The seats go to the S highest quotients v/d(n), of those that a cap leaves. Fewer votes
// for i, more for others, or more others that take part, never give i a seat.
//
// Least: i gets no ballot. If it can miss a bar, 0. Else it may have fewer than k seats iff
// other lists can have S-k+1 quotients not below v/d(k-1), for a tie may go against it.
// With n such quotients a list needs v·d(n-1)/d(k-1) votes, and the votes T(B) that
// reach its bars when the base has grown by B. So n quotients cost c(n, B) = max(both) less
// the votes it has; the cheapest way to S-k+1 of them is found by dynamic programming
// over lists and quotients, which is exact. It rises with B, and costs ballots that are
// in the base: i can be left below k iff some B <= R has cost(B) <= B. The least such B
// is approached from below, B := cost(B). Two things may be no completion, and leave a
// bound wider than need be: a list's way over bars in regions, where its votes are counted
// as if no others came in the region; and ballots that must enlarge the base, where every
// list that could have them would take part.
//
// Most: i gets all ballots. That lifts it most and makes all bases as large as they can
// be, so that every other list that can fall out does; so it is one completion.
//
// Alliances are one claimant with the votes of their members that take part, and share
// their seats. Which members do is tried in every way. Of the others the cheapest part of
// an alliance makes the claims. Of the alliance of i, p claims of its partners before the
// k-th of i mean that i needs k+p seats of the alliance; they cost votes, which lift the
// alliance; all p are tried. At the most, partners get what they need and i the rest:
// with τ the share of a bar, i holds no more than (1-τ)/τ times the votes of a partner
// that takes part, so ballots that fall on both as 1-τ to τ do not lower its part.
//
// # Largest remainders
//
// The seats go to the S highest claims v/q - (n-1), q being the quota; where whole quotas
// are too many, or the leftovers more than lists, that is still the rule of package
// apportion. A claim n of list j is not below the k-th of i iff v(j) - v >= (n-k)·q. The
// quota grows with all votes V of the lists that take part, so who takes part is fixed
// first: all choices among the open lists are tried, or, of more than six open lists, q is
// put between those of the smallest and the largest choice.
//
// Least: a ballot for i can as well be invalid, or for a list that stays out: the base
// stays, and i has no more. And of two completions that with more ballots for the others
// is no better for i: claims that stand before the k-th of i number S-k+1, so that those
// with n > k rise by a sum of (n-k)/S < 1 votes for each further ballot, which it pays.
// So V = V + R, and n claims cost v + (n-k)·q - v(j), in parts of a vote, and at least
// T(B) - v(j), with the least B that lifts the choice. If the cheapest way to S-k+1 claims
// is beyond R, i has its k seats. That i needs whole ballots is left out: the bound can
// be one seat low in a small election.
//
// Most: i gets the ballots that are not needed to lift the choice; more votes for i alone
// never cost it a seat. A quota that is rounded lies within one vote of the line V/(S+1)
// or V/(S+2), and both ends are tried.
//
// A cap that no list can exceed changes nothing. Else, where the excess is given on top,
// a list keeps what it has below the cap, and may get all of the excess; where it is
// divided anew, a list keeps the whole quotas that it has at the least.
//
// # Others
//
// Winner takes all: the list with the most votes, the ballots to one rival. Whole quotas
// with leftovers to the largest lists: the whole quotas between V at its largest and
// its smallest, and a leftover where the rank is sure. The quota method: the share rounded
// down at the least and up at the most. Droop averages: whole quotas, and all leftovers that
// there can be. The Dutch law from 19 seats on: D'Hondt, and one seat where a list can have
// a majority; below, whole quotas and two leftovers. At last the bounds of all lists
// tighten each other, for the seats are S.
//
// # Nothing is settled
//
// Where a completion gives no seats (a single list qualifies and the law does not say that
// it takes all, an option against all leads, the method owes more lists a seat than there
// are), or where lists may be admitted that miss a bar, the least seats are 0, and
// [State.Loose] says why.
//
// Not here: ballots beyond R, corrections of precincts that are in, and lists that are
// not in the data.
package outlook

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Options says how votes are counted, and how many ballots may be outstanding.
type Options struct {
	Register     *returns.Register // must be given
	Ballot       *rules.Ballot
	Base         *rules.Base // instead of the law's, for every threshold
	Turnout      *big.Rat    // the most ballots in a precinct, as a part of its registered voters; nil: all of them
	Unregistered int64       // the most ballots in a precinct for which the register states no voters; 0 = not said
	EmptyIn      bool        // a return without a ballot is one: nobody voted; else its precinct is not in
}

// A State is how far a count has come.
type State struct {
	Law         *rules.Rules
	Contest     string
	House       int
	Count       *tally.Result // of the precincts that are in; nil: there is none
	In          int           // precincts that are in, those which are not in the register included
	Expected    int           // precincts of the register
	Empty       int           // of those that are out: they have a return without a ballot
	Unexpected  int           // of those that are in: they are not in the register
	Outstanding int64         // ballots, at most
	Turnout     *big.Rat
	Lists       []List
	Thresholds  []Threshold
	Settled     int      // seats: the sum of the least seats of the lists
	Loose       []string // why nothing is settled, whatever the figures say, in sentences
}

// A List is what one list has, and may yet have.
type List struct {
	returns.List
	Option      bool // takes no seat
	Votes       int64
	Qualified   tally.Verdict // Reached: settled in; Missed: settled out
	Least, Most int           // seats
}

// A Threshold is a bar of the law.
type Threshold struct {
	rules.Threshold
	Lists []tally.Verdict // by list: Reached: settled in; Missed: settled out
}

// Open reports whether anything is open: a seat, or whether a list takes part.
func (s *State) Open() bool { return s.Settled < s.House || s.ListsOpen() > 0 }

// ListsOpen is how many lists may yet take part, or not.
func (s *State) ListsOpen() (n int) {
	for _, l := range s.Lists {
		if !l.Option && l.Qualified == tally.Open {
			n++
		}
	}
	return n
}

// Of says what is settled in a partial count. A law whose seats cannot be bounded is a
// reason why, in a sentence; findings go to log, and after an error in it there is no
// state.
func Of(set *returns.Set, law *rules.Rules, o Options, log *finding.Log) (s *State, why string, ok bool) {
	c := &counting{set: set, law: law, options: o, log: log}
	if c.ballot = o.Ballot; c.ballot == nil {
		c.ballot = law.Ballot
	}
	s = &State{Law: law, Contest: law.Title, House: law.Seats, Expected: len(o.Register.Expected), Turnout: o.Turnout}
	if c.ballot != nil && c.ballot.Title != "" {
		s.Contest = c.ballot.Title
	}
	if s.Turnout == nil {
		s.Turnout = big.NewRat(1, 1)
	}
	c.state = s
	missing, ok := c.outstanding()
	if !ok {
		return nil, "", false
	}
	if why = c.refuse(missing); why != "" {
		return nil, why, true
	}
	if set.Rows > 0 {
		if ok = c.count(len(missing) == 0); !ok {
			return nil, "", false
		}
	}
	c.names()
	f, why, ok := c.field(missing)
	switch {
	case !ok || why != "":
		return nil, why, ok
	case s.Outstanding == 0 && s.Count != nil:
		c.final()
	default:
		c.bound(f)
	}
	for _, l := range s.Lists {
		s.Settled += l.Least
	}
	return s, "", true
}

// counting is a partial count in progress.
type counting struct {
	set     *returns.Set
	law     *rules.Rules
	options Options
	ballot  *rules.Ballot
	log     *finding.Log
	state   *State
	simple  bool // the method cannot divide the seats among the lists so far
}

func (c *counting) fail(code, format string, args ...any) bool {
	c.log.Add(finding.Finding{Code: code, Severity: finding.Error, Message: fmt.Sprintf(format, args...)})
	return false
}

// most is the most ballots that a precinct can bring.
func (c *counting) most(e returns.Expected) (int64, bool) {
	if e.Registered < 0 {
		if c.options.Unregistered <= 0 {
			return 0, false
		}
		return c.options.Unregistered, true
	}
	if c.options.Turnout == nil {
		return e.Registered, true
	}
	n := new(big.Int).Mul(c.options.Turnout.Num(), big.NewInt(e.Registered))
	n, r := n.QuoRem(n, c.options.Turnout.Denom(), new(big.Int))
	if r.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return n.Int64(), n.IsInt64()
}

// outstanding sorts the precincts: those of the register that are not in are missing.
func (c *counting) outstanding() (missing []returns.Expected, ok bool) {
	s, reg := c.state, c.options.Register
	away, unexpected := reg.Compare(c.set)
	s.Unexpected = len(unexpected)
	if n := c.set.Len(); n > 0 && s.Unexpected == n && s.Expected > 0 {
		return nil, c.fail("REGISTER", "not one of the %d precincts that are in stands in the register: the ids differ, %q in the data and %q in %s", n, c.set.ID(0), reg.Expected[0].ID, reg.File)
	}
	for _, p := range unexpected {
		file, line := c.set.Position(p)
		c.log.Add(finding.Finding{Code: "UNREGISTERED", Severity: finding.Warning, File: c.set.Files[file], Line: line, Precinct: c.set.ID(p),
			Message: fmt.Sprintf("precinct %q is not in the register", c.set.ID(p))})
	}
	missing = away
	if !c.options.EmptyIn {
		empty := map[string]bool{}
		for p := range c.set.Len() {
			if c.empty(p) {
				empty[c.set.ID(p)] = true
			}
		}
		if len(empty) > 0 {
			for _, e := range reg.Expected {
				if empty[e.ID] && e.Registered != 0 {
					missing = append(missing, e)
					s.Empty++
				}
			}
		}
	}
	s.In = c.set.Len() - s.Empty
	var unsaid []returns.Expected
	for _, e := range missing {
		n, said := c.most(e)
		switch {
		case !said && e.Registered < 0:
			unsaid = append(unsaid, e)
		case !said || n > math.MaxInt64/4-s.Outstanding:
			return nil, c.fail("OVERFLOW", "the ballots outstanding are too many")
		default:
			s.Outstanding += n
		}
	}
	if unsaid == nil {
		return missing, true
	}
	what := fmt.Sprintf("precinct %q is not in, and has", unsaid[0].ID)
	if n := len(unsaid); n > 1 {
		what = fmt.Sprintf("%d precincts are not in, of which %q is the first, and have", n, unsaid[0].ID)
	}
	c.log.Add(finding.Finding{Code: "REGISTER", Severity: finding.Error, File: reg.File, Line: unsaid[0].Line, Precinct: unsaid[0].ID,
		Message: what + " no registered voters in the register: say how many ballots each brings at most (--most-ballots)"})
	return nil, false
}

// empty reports whether a return has no ballot.
func (c *counting) empty(p int) bool {
	for l := range c.set.Lists {
		if v, _ := c.set.Votes(l).At(p); v > 0 {
			return false
		}
	}
	for _, l := range []returns.Line{returns.Cast, returns.Invalid, returns.Valid, returns.Issued} {
		if v, _ := c.set.Line(l).At(p); v > 0 {
			return false
		}
	}
	return true
}

// count counts what is in.
func (c *counting) count(complete bool) bool {
	o := tally.Options{Base: c.options.Base, Ballot: c.ballot}
	if c.inAreas() && c.set.Level("region") > 0 && c.hasAreas() {
		o.By = "region"
	}
	own := &finding.Log{}
	r, ok := tally.Count(c.set, c.law, o, own)
	if !ok && !complete && onlySeats(own) {
		// Who qualifies does not hang on the method: it is asked of one that can divide
		// any seats among any lists.
		law := *c.law
		law.Method, law.Cap, law.QuotaBase, law.Bonus = apportion.Methods()[0], nil, nil, nil
		own = &finding.Log{}
		r, ok = tally.Count(c.set, &law, o, own)
		c.simple = true
	}
	for _, f := range own.Sorted() {
		if f.Severity == finding.Error && f.Code == "EMPTY" && !ok && c.state.Outstanding > 0 {
			return true // returns without a vote: nothing is in
		}
		if f.Code != "OFFICIAL" && f.Code != "AREAS" { // the seats, and the areas, are not those of the end
			c.log.Add(f)
		}
	}
	c.state.Count = r
	return ok
}

func onlySeats(log *finding.Log) bool {
	return !slices.ContainsFunc(log.Sorted(), func(f finding.Finding) bool { return f.Severity == finding.Error && f.Code != "SEATS" })
}

func (c *counting) hasAreas() bool {
	level := c.set.Level("region")
	return slices.ContainsFunc(c.set.Areas, func(a returns.Area) bool { return a.Level == level })
}

// bars are all bars of the law, alternatives included.
func (c *counting) bars() (list []*rules.Threshold) {
	for i := range c.law.Thresholds {
		list = append(list, ways(&c.law.Thresholds[i])...)
	}
	return list
}

func (c *counting) inAreas() bool {
	return slices.ContainsFunc(c.bars(), func(t *rules.Threshold) bool { return t.In == rules.InEach || t.In == rules.InAny })
}

// refuse says why the seats of a law cannot be bounded; "" when they can.
func (c *counting) refuse(missing []returns.Expected) string {
	law, m := c.law, c.law.Method
	no := func(what string) string {
		return fmt.Sprintf("the seats under the law %q cannot be bounded while ballots are outstanding: %s", law.Name, what)
	}
	if c.state.Outstanding == 0 && c.set.Rows > 0 {
		return ""
	}
	held := false
	if c.ballot != nil {
		held = slices.ContainsFunc(c.ballot.Lists, func(x rules.Contender) bool { return x.Held > 0 })
	}
	switch {
	case len(law.Districts) > 0:
		return no("it divides seats in districts")
	case law.Held != nil || held:
		return no("lists hold seats that were won in constituencies")
	case law.Minorities != nil:
		return no("votes for minority lists count more than others")
	case law.Bonus != nil:
		return no("the list with the most votes takes a bonus")
	case law.Minimum != nil:
		return no("it owes every list that takes part some seats")
	case law.QuotaBase != nil:
		return no("its quota is not of the votes of the lists that take part")
	case law.NoneQualified.Effect == rules.AllTakePart:
		return no("its bars fall where no list reaches them")
	case len(law.Further) > 0:
		return no("it divides other seats besides")
	case law.Alliances != nil && c.allied() && law.Alliances.Together:
		return no("alliances reach the threshold together")
	case law.Alliances != nil && c.allied() && (!m.IsDivisor() || law.Alliances.Method.Name != "" && !law.Alliances.Method.IsDivisor()):
		return no("lists stand together, and not all of their seats are divided by divisors")
	case law.Alliances != nil && c.allied() && (m.OwesSeats() || law.Alliances.Method.OwesSeats()):
		return no("lists stand together, and the method owes a seat to each of them")
	case law.Alliances != nil && c.allied() && law.Cap != nil:
		return no("lists stand together, and have a cap")
	case law.Cap != nil && !m.IsDivisor() && (!lr(m) || m.Quota(1, law.Seats).Sign() == 0):
		return no("it has a cap, under " + m.Title)
	case law.Cap != nil && m.IsDivisor() && law.Cap.Excess == apportion.ExcessOnTop:
		return no("the seats above the cap are given on top of those of the others")
	case m.IsDivisor() && m.Most() < law.Seats:
		return no("its divisors come to an end")
	}
	for _, t := range c.bars() {
		switch {
		case t.Measure == rules.BySeats:
			return no(fmt.Sprintf("the threshold %q is one of seats", t.ID))
		case t.Base == rules.Qualified && t.Measure != rules.ByVotes:
			return no(fmt.Sprintf("the threshold %q is a share of the votes of qualified lists", t.ID))
		case (t.In == rules.InEach || t.In == rules.InAny) && t.Level != "region":
			return no(fmt.Sprintf("the threshold %q is one in each %s, and the register states regions alone", t.ID, t.Level))
		case (t.In == rules.InEach || t.In == rules.InAny) && t.Measure == rules.ByQuota:
			return no(fmt.Sprintf("the threshold %q is one of quotas of regions", t.ID))
		}
	}
	if c.inAreas() {
		for _, e := range missing {
			if e.Region == "" {
				return no(fmt.Sprintf("a threshold is one of regions, and the register does not state the region of precinct %q", e.ID))
			}
		}
	}
	return ""
}

func lr(m apportion.Method) bool { return strings.HasPrefix(m.Name, "lr:") }

func (c *counting) allied() bool { return c.ballot != nil && len(c.ballot.Alliances) > 0 }

// names fills in the lists.
func (c *counting) names() {
	for l, list := range c.set.Lists {
		x := List{List: list}
		option, _ := c.law.Option(list.Name)
		x.Option = max(option.Kind, c.ballot.Contender(list.Name, list.ID).Kind) != 0
		if c.state.Count != nil {
			x.Votes = c.state.Count.Lists[l].Votes
		}
		c.state.Lists = append(c.state.Lists, x)
	}
}

// field takes together what the bounds hang on.
func (c *counting) field(missing []returns.Expected) (*field, string, bool) {
	s := c.state
	f := &field{law: c.law, method: c.law.Method, house: s.House, cap: s.House, thresholds: slices.Clone(c.law.Thresholds)}
	if c.law.Cap != nil {
		f.cap = c.law.Cap.Seats
		f.onTop = c.law.Cap.Excess == apportion.ExcessOnTop
	}
	if c.options.Base != nil {
		for i := range f.thresholds {
			t := &f.thresholds[i]
			t.Or = slices.Clone(t.Or)
			for _, way := range ways(t) {
				way.Base = *c.options.Base
			}
		}
	}
	for _, l := range s.Lists {
		x := c.ballot.Contender(l.Name, l.ID)
		option, _ := c.law.Option(l.Name)
		f.lists = append(f.lists, contender{l.Name, l.Votes, x.Parties, x.Minority, max(option.Kind, x.Kind)})
		f.total += l.Votes
	}
	if s.Outstanding+f.total > math.MaxInt64/(16*int64(f.house+2)) {
		return nil, "", c.fail("OVERFLOW", "the votes are too many for the seats to be bounded")
	}
	f.nation = place{votes: make([]int64, len(f.lists)), size: make([]int64, len(rules.Bases()))}
	for l := range f.lists {
		f.nation.votes[l] = f.lists[l].votes
	}
	if s.Count != nil {
		if why := c.sizes(f, &f.nation, &s.Count.Nation, ""); why != "" {
			return nil, why, true
		}
		for i := range s.Count.Areas {
			a := &s.Count.Areas[i]
			at := place{name: a.Name, votes: slices.Clone(a.Votes), size: make([]int64, len(rules.Bases()))}
			if why := c.sizes(f, &at, &a.Figures, " in "+a.Name); why != "" {
				return nil, why, true
			}
			f.regions = append(f.regions, at)
		}
		if c.inAreas() && len(f.regions) == 0 {
			return nil, "a threshold is one in each region, and the data names none", true
		}
	}
	empty := map[string]bool{}
	for _, e := range missing {
		empty[e.ID] = c.set.Find(e.ID) >= 0
		n, _ := c.most(e)
		places := []*place{&f.nation}
		if e.Region != "" && c.inAreas() {
			i := slices.IndexFunc(f.regions, func(p place) bool { return p.name == e.Region })
			if i < 0 {
				i = len(f.regions)
				f.regions = append(f.regions, place{name: e.Region, votes: make([]int64, len(f.lists)), size: make([]int64, len(rules.Bases()))})
			}
			places = append(places, &f.regions[i])
		}
		for _, at := range places {
			at.more += n
			if e.Registered > 0 && !empty[e.ID] {
				at.size[rules.Registered] += e.Registered
			}
		}
	}
	for _, t := range c.bars() {
		if t.Base != rules.Registered || t.Measure == rules.ByVotes {
			continue
		}
		for _, e := range missing {
			if e.Registered < 0 {
				return nil, fmt.Sprintf("the threshold is a share of registered voters, and the register does not state those of precinct %q", e.ID), true
			}
		}
	}
	if c.allied() && c.law.Alliances != nil {
		for _, names := range c.ballot.Alliances {
			var of []int
			for _, name := range names {
				for l, list := range s.Lists {
					x := c.ballot.Contender(list.Name, list.ID)
					if rules.Same(list.Name, name) || rules.Same(list.ID, name) || x.Is(name) {
						of = append(of, l)
						break
					}
				}
			}
			if len(of) > 1 {
				f.alliances = append(f.alliances, of)
			}
		}
	}
	f.judge()
	return f, "", true
}

// sizes takes the bases that the law asks for from the figures of a place.
func (c *counting) sizes(f *field, at *place, figures *tally.Figures, where string) string {
	needed := map[rules.Base]bool{}
	for i := range f.thresholds {
		for _, t := range ways(&f.thresholds[i]) {
			if t.Measure != rules.ByVotes && (where == "") == (t.In == rules.InNation) {
				needed[t.Base] = true
			}
		}
	}
	if c.law.Admit != nil && where == "" {
		needed[c.admitBase()] = true
	}
	for _, b := range rules.Bases() {
		size := figures.Base(b)
		if needed[b] && !size.Known {
			return fmt.Sprintf("the threshold is a share of %s, which the data does not have%s", b.Words(), where)
		}
		at.size[b] = size.N
	}
	return ""
}

func (c *counting) admitBase() rules.Base {
	if c.options.Base != nil {
		return *c.options.Base
	}
	return c.law.Admit.Base
}

// final states what a count in which nothing is outstanding has given.
func (c *counting) final() {
	s := c.state
	for l := range s.Lists {
		x := s.Count.Lists[l]
		s.Lists[l].Qualified = x.Qualified
		s.Lists[l].Least, s.Lists[l].Most = x.Seats, x.Seats+x.OpenSeats
	}
	for _, t := range s.Count.Thresholds {
		y := Threshold{Threshold: t.Threshold}
		for l := range s.Lists {
			y.Lists = append(y.Lists, t.Says(l))
		}
		s.Thresholds = append(s.Thresholds, y)
	}
	if !s.Count.Given {
		s.Loose = s.Count.Why
	}
}

// bound works out the bounds.
func (c *counting) bound(f *field) {
	s := c.state
	for l := range s.Lists {
		s.Lists[l].Qualified = [...]tally.Verdict{open: tally.Open, in: tally.Reached, out: tally.Missed}[f.statuses[l]]
	}
	for i := range f.thresholds {
		y := Threshold{Threshold: f.thresholds[i]}
		for l := range s.Lists {
			y.Lists = append(y.Lists, f.verdict(&f.thresholds[i], l))
		}
		s.Thresholds = append(s.Thresholds, y)
	}
	least, most := f.bounds()
	s.Loose = c.loose(f)
	admits := len(s.Loose) > 0 && c.law.Admit != nil && c.admits(f)
	for l := range s.Lists {
		if admits && f.lists[l].option == 0 {
			most[l] = f.cap
			if f.statuses[l] == out {
				s.Lists[l].Qualified = tally.Open
			}
		}
		if len(s.Loose) > 0 {
			least[l] = 0
		}
		s.Lists[l].Least, s.Lists[l].Most = least[l], most[l]
	}
}
