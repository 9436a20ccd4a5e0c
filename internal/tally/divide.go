package tally

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// Conditions bind single lists beyond what the law says of all: seats that they hold,
// candidates that they have, who stands together. Lists are named as in the data.
type Conditions struct {
	Minimums  []Bound // the fewest seats of a list, whether it qualified or not
	Caps      []Bound // the most, beside the law's cap
	Overhang  apportion.Overhang
	Bonus     apportion.Bonus
	Alliances []Alliance
	Base      int64 // votes that a quota is of, where those of other lists count; 0: of the lists
}

// A Bound is a number of seats of one list.
type Bound struct {
	List  string
	Seats int
}

// An Alliance is lists that stand as one in the division, and then share its seats.
type Alliance struct {
	Lists  []string
	Method apportion.Method // the zero value: the law's
}

// A division is a problem on its way: some lists, and the alliances among them.
type division struct {
	lists     []int // as indices into Result.Lists
	problem   apportion.Problem
	alliances []apportion.Alliance
	in        string // the district, or the seats besides; "": the nation
	lots      []int  // of each lot of the problem: its place in Options.Lots
}

// divide gives the seats to the lists that qualified: by position in that slice,
// or none and the reason why. Only the final division notes its ties and
// certificate in the result; a scenario just asks for the numbers.
func (c *count) divide(lists []int, final bool) (seats []int, why string, ok bool) {
	switch effect := c.law.OneQualified; {
	case len(lists) == 0:
		return nil, outcome("no list qualifies", c.law.NoneQualified), true
	case len(lists) == 1 && effect.Effect != rules.TakesAll:
		return nil, outcome(fmt.Sprintf("only %q qualifies", c.result.Lists[lists[0]].Name), effect), true
	}
	d, ok := c.pose(lists)
	if !ok {
		return nil, "", false
	}
	a, ok := c.allocate(&d, final)
	if !ok {
		return nil, "", false
	}
	for n, l := range d.lists {
		if slices.Contains(lists, l) {
			seats = append(seats, a.Seats[n]+c.besides(l))
		} else if final { // a minimum of a list that did not qualify
			c.result.Lists[l].Seats = a.Seats[n]
		}
	}
	if final && c.pooled() {
		for l := range c.result.Lists { // what lists that do not take part have from the districts
			c.result.Lists[l].Seats = c.won[l]
		}
	}
	if !final {
		if a.Open > 0 {
			why = fmt.Sprintf("%d seat%s tied", a.Open, plural(a.Open))
		}
		return seats, why, true
	}
	return seats, "", c.finish(a, d.lists)
}

// pooled reports whether the nation divides only what the districts left over.
func (c *count) pooled() bool { return c.law.Nation != nil && c.law.Nation.Takes == rules.Pool }

// besides is what a list has beside its seats in the nation's division.
func (c *count) besides(list int) int {
	if c.pooled() {
		return c.won[list]
	}
	return 0
}

// allocate divides, by the lots that were drawn, or a seed, where the division is final.
func (c *count) allocate(d *division, final bool) (a apportion.Allied, ok bool) {
	if final && !c.lots(d) {
		return a, false
	}
	if !c.tolerate(d) {
		return a, false
	}
	a, err := apportion.AllocateAllied(d.problem, d.alliances)
	if err == nil && final && c.options.Seed != "" {
		a, err = c.drawAll(d, a)
	}
	if err != nil {
		return a, c.refused(err, d)
	}
	if err := apportion.VerifyAllied(d.problem, a); err != nil {
		panic(fmt.Sprintf("tally: the certificate does not hold: %v", err))
	}
	return a, true
}

// tolerate enlarges the house until no more seats than the law tolerates are above the
// shares of those that hold them; these then come on top.
func (c *count) tolerate(d *division) bool {
	if c.law.Held == nil || c.law.Held.Tolerate == 0 || d.in != "" || d.problem.Minimums == nil {
		return true
	}
	p := d.problem
	minimums := p.Minimums
	p.Minimums, p.Lots = nil, nil
	p.Overhang = apportion.OverhangWithin
	for ; p.Seats <= apportion.MaxSeats; p.Seats++ {
		a, err := apportion.Allocate(p)
		if err != nil {
			return c.refused(err, d)
		}
		above := 0
		for k, n := range minimums {
			above += max(0, n-a.Seats[k])
		}
		if above <= c.law.Held.Tolerate {
			d.problem.Seats, d.problem.Overhang = p.Seats, apportion.OverhangOnTop
			c.result.Levelled = p.Seats - c.result.House
			return true
		}
	}
	return c.fail("SEATS", "no house up to %d seats has room for the seats that are held", apportion.MaxSeats)
}

// pose makes a problem of the law, the votes of the lists that qualified, and the
// conditions. A list that did not takes part without votes where it has a minimum.
func (c *count) pose(lists []int) (division, bool) {
	o := &c.options.Conditions
	d := division{lists: slices.Clone(lists)}
	ok := true
	said := map[string]bool{}
	find := func(what, name string) int {
		l := slices.IndexFunc(c.result.Lists, func(l List) bool { return l.Name == name || l.ID == name })
		if l < 0 || c.result.Lists[l].Option {
			names := make([]string, len(c.result.Lists))
			for i := range names {
				names[i] = c.result.Lists[i].Name
			}
			if ok = false; said[what+name] {
				return -1
			}
			said[what+name] = true
			c.fail("UNKNOWN-NAME", "%s: %q is no list that takes seats%s", what, name, finding.DidYouMean(name, names))
			return -1
		}
		return l
	}
	for _, b := range o.Minimums {
		if l := find("minimum", b.List); l >= 0 && !slices.Contains(d.lists, l) {
			d.lists = append(d.lists, l)
		}
	}
	held := c.held(lists)
	for l, n := range held {
		if n > 0 && !slices.Contains(d.lists, l) {
			d.lists = append(d.lists, l)
		}
	}
	slices.Sort(d.lists)
	p := &d.problem
	*p = apportion.Problem{Method: c.law.Method, Seats: c.result.House, MoreVotes: c.law.MoreVotes, Overhang: o.Overhang, Bonus: o.Bonus, Base: o.Base}
	if !c.terms(p) || !c.votesOf(p, d.lists, lists) {
		return d, false
	}
	if held != nil {
		p.Overhang = c.overhang()
		p.Minimums = make([]int, len(d.lists))
		for k, l := range d.lists {
			p.Minimums[k] = held[l]
		}
	}
	if m := c.law.Minimum; m != nil {
		if p.Minimums == nil {
			p.Minimums = make([]int, len(d.lists))
		}
		for k, l := range d.lists {
			if slices.Contains(lists, l) {
				p.Minimums[k] = max(p.Minimums[k], m.Seats)
			}
		}
	}
	if c.law.Cap != nil {
		p.Caps, p.Excess = slices.Repeat([]int{c.law.Cap.Seats}, len(d.lists)), c.law.Cap.Excess
	}
	for _, b := range o.Caps {
		if p.Caps == nil {
			p.Caps = slices.Repeat([]int{apportion.MaxSeats}, len(d.lists))
		}
		if n := slices.Index(d.lists, find("cap", b.List)); n >= 0 {
			p.Caps[n] = min(p.Caps[n], b.Seats)
		}
	}
	for _, b := range o.Minimums {
		if p.Minimums == nil {
			p.Minimums = make([]int, len(d.lists))
		}
		if n := slices.Index(d.lists, find("minimum", b.List)); n >= 0 {
			p.Minimums[n] = b.Seats
		}
	}
	for _, a := range o.Alliances {
		of := apportion.Alliance{Method: a.Method}
		for _, name := range a.Lists {
			if n := slices.Index(d.lists, find("alliance", name)); n >= 0 {
				of.Lists = append(of.Lists, n)
			}
		}
		if len(of.Lists) > 1 { // else a list alone is left of it
			d.alliances = append(d.alliances, of)
		}
	}
	if law := c.law.Alliances; law != nil {
		for _, lists := range c.alliances {
			of := apportion.Alliance{Method: law.Method}
			for _, l := range lists {
				if n := slices.Index(d.lists, l); n >= 0 && p.Votes[n] > 0 {
					of.Lists = append(of.Lists, n)
				}
			}
			if len(of.Lists) > 1 {
				d.alliances = append(d.alliances, of)
			}
		}
	}
	return d, ok
}

// terms adds what the law says of the nation's division.
func (c *count) terms(p *apportion.Problem) bool {
	if b := c.law.Bonus; b != nil {
		p.Bonus = apportion.Bonus{Seats: b.Seats, Kind: b.Kind}
	}
	if q := c.law.QuotaBase; q != nil {
		base := c.areas[0].Base(q.Base)
		if !base.Known {
			return c.fail("SEATS", "the quota is of %s, which the data does not have", q.Base.Words())
		}
		p.Base = base.N
	}
	return true
}

// votesOf adds the votes with which the lists take part; a list that did not qualify has
// none.
func (c *count) votesOf(p *apportion.Problem, lists, in []int) (ok bool) {
	votes := make([]int64, len(lists))
	for k, l := range lists {
		if slices.Contains(in, l) {
			votes[k] = c.result.Lists[l].Votes
		}
	}
	switch {
	case c.pooled():
		return c.pool(p, lists)
	case c.law.Nation != nil && c.law.Nation.Takes == rules.Biproportional:
		p.Votes, ok = c.voters(lists)
	default:
		p.Votes, ok = c.scaled(lists, votes)
	}
	return ok
}

// held is, by list, the seats that it keeps whatever its share; nil: none has any.
func (c *count) held(in []int) []int {
	if c.pooled() || !slices.ContainsFunc(c.won, func(n int) bool { return n > 0 }) {
		return nil
	}
	held := slices.Clone(c.won)
	if c.returned() {
		for _, l := range in {
			held[l] = 0
		}
	}
	return held
}

// returned reports whether seats above a list's share are not given.
func (c *count) returned() bool {
	return c.law.Held != nil && c.law.Held.Overhang == rules.Returned || c.law.Nation != nil && c.law.Nation.Overhang == rules.Returned
}

// overhang is what becomes of the house where a list holds more than its share.
func (c *count) overhang() apportion.Overhang {
	o := rules.Within
	switch {
	case c.law.Held != nil:
		o = c.law.Held.Overhang
	case c.law.Nation != nil:
		o = c.law.Nation.Overhang
	}
	switch o {
	case rules.OnTop:
		return apportion.OverhangOnTop
	case rules.Levelled:
		return apportion.OverhangLevelled
	}
	return apportion.OverhangWithin
}

// finish takes the allocation of the nation into the result.
func (c *count) finish(a apportion.Allied, lists []int) bool {
	r := c.result
	before := len(r.Ties)
	given := c.take(a, lists, "")
	if given == nil {
		return false
	}
	r.Allocation, r.Within = &given[0], given[1:]
	for n, l := range lists {
		r.Lists[l].OpenSeats = a.May[n]
	}
	c.openTies(r.Ties[before:])
	tied := 0
	for _, t := range r.Ties[before:] {
		if t.Settled == apportion.Open {
			tied += t.Seats
		}
	}
	if more := a.Open - tied; more > 0 {
		c.open("%d more seat%s on the lot", more, depend(more))
	}
	if a.Unfilled > 0 {
		c.open("%d seat%s cannot be filled: every list has reached the most that the law allows", a.Unfilled, plural(a.Unfilled))
	}
	return true
}

// take makes allocations of the result out of those of lists by number, that of the
// whole first, and notes their ties; nil when one cannot be explained.
func (c *count) take(a apportion.Allied, lists []int, in string) (given []Allocation) {
	r := c.result
	for _, d := range a.Divisions {
		x := Allocation{Allocation: d.Allocation, Problem: d.Problem}
		for _, m := range d.Members {
			of := make([]int, len(m))
			for i, l := range m {
				of[i] = lists[l]
			}
			x.Members = append(x.Members, of)
		}
		if c.options.Explain {
			var err error
			if x.Steps, err = apportion.Explain(d.Problem, d.Allocation); err != nil {
				c.fail("SEATS", "the award of the seats cannot be explained: %v", err)
				return nil
			}
		}
		for _, t := range d.Allocation.Ties {
			tie := Tie{Tie: t, In: in}
			for _, k := range t.Lists {
				tie.Names = append(tie.Names, r.Member(&x, k))
			}
			r.Ties = append(r.Ties, tie)
		}
		given = append(given, x)
	}
	return given
}

// openTies opens the outcome for every tie that waits for a lot.
func (c *count) openTies(ties []Tie) {
	for _, t := range ties {
		if t.Settled != apportion.Open {
			continue
		}
		in := ""
		if t.In != "" {
			in = " in " + t.In
		}
		together := ""
		if t.Together && t.Seats > 1 {
			together = ", which go to one of them"
		}
		c.open("%s have equal claims (%s) on %d seat%s%s%s, and a lot must be drawn (--lots)", strings.Join(t.Names, ", "), t.Quotient, t.Seats, plural(t.Seats), in, together)
	}
}

// lots makes the lots, which name lists, part of the problem, which numbers them.
func (c *count) lots(d *division) bool {
	ok := true
	number := func(lot Lot, names []string) (numbers []int) {
		for _, name := range names {
			i := slices.IndexFunc(d.lists, func(l int) bool { return c.result.Lists[l].Name == name || c.result.Lists[l].ID == name })
			if i < 0 {
				ok = c.failLot(lot, "%q is no list that takes part in the division", name)
			}
			numbers = append(numbers, i)
		}
		return numbers
	}
	for i, lot := range c.options.Lots {
		if !rules.Same(lot.In, d.in) {
			continue
		}
		d.lots = append(d.lots, i)
		d.problem.Lots = append(d.problem.Lots, apportion.Lot{Lists: number(lot, lot.Lists), Winners: number(lot, lot.Winners)})
	}
	return ok
}

// lotsFit refuses lots of districts that there are not.
func (c *count) lotsFit() bool {
	var names []string
	for _, d := range c.law.Districts {
		names = append(names, placeList(c.placesOf(d.Level))...)
	}
	for _, f := range c.law.Further {
		names = append(names, f.ID)
	}
	ok := true
	for _, lot := range c.options.Lots {
		if lot.In != "" && !slices.ContainsFunc(names, func(n string) bool { return rules.Same(n, lot.In) }) {
			ok = c.failLot(lot, "no seats are divided in %q%s", lot.In, finding.DidYouMean(lot.In, names))
		}
	}
	return ok
}

func (c *count) failLot(lot Lot, format string, args ...any) bool {
	c.log.Add(finding.Finding{Code: "LOTS", Severity: finding.Error, File: lot.File, Line: lot.Line, Message: fmt.Sprintf(format, args...)})
	return false
}

// refused says why the seats were not divided: a lot that does not fit, with the
// names of the lists that are tied, or a fault of the rules.
func (c *count) refused(err error, d *division) bool {
	lists := d.lists
	var lot *apportion.LotError
	if !errors.As(err, &lot) {
		return c.fail("SEATS", "the seats cannot be divided%s", c.fault(err, lists))
	}
	text := lot.What
	if lot.Tie != nil {
		var names []string
		for _, i := range lot.Tie.Lists {
			names = append(names, c.result.Lists[lists[i]].Name)
		}
		text += fmt.Sprintf("; tied are %s, for %d seat%s", strings.Join(names, ", "), lot.Tie.Seats, plural(lot.Tie.Seats))
	}
	if lot.Lot >= len(d.lots) {
		return c.fail("LOTS", "the draw: %s", text)
	}
	return c.failLot(c.options.Lots[d.lots[lot.Lot]], "%s", text)
}

// fault says what is wrong, with the names of lists, behind "the seats cannot be
// divided".
func (c *count) fault(err error, lists []int) string {
	text := ": "
	var within *apportion.AllianceError
	if errors.As(err, &within) {
		var names []string
		for _, i := range within.Lists {
			names = append(names, c.result.Lists[lists[i]].Name)
		}
		text = " among " + strings.Join(names, ", ") + ": "
		err = within.Err
	}
	var wrong *apportion.ProblemError
	switch {
	case !errors.As(err, &wrong):
		return text + err.Error()
	case wrong.List >= 0:
		return text + fmt.Sprintf("%s of %q: %s", wrong.Field, c.result.Lists[lists[wrong.List]].Name, wrong.What)
	case wrong.Field == "seats" || wrong.Field == "method":
		return text + wrong.What
	}
	return text + wrong.Error()
}

// depend is the end of "1 seat depends", "2 seats depend".
func depend(n int) string {
	if n == 1 {
		return " depends"
	}
	return "s depend"
}
