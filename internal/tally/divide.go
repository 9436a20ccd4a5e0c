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
	if !ok || final && !c.lots(&d) {
		return nil, "", false
	}
	a, err := apportion.AllocateAllied(d.problem, d.alliances)
	if err == nil && final && c.options.Seed != "" {
		a, err = c.drawAll(&d, a)
	}
	if err != nil {
		return nil, "", c.refused(err, d.lists)
	}
	if err := apportion.VerifyAllied(d.problem, a); err != nil {
		panic(fmt.Sprintf("tally: the certificate does not hold: %v", err))
	}
	for n, l := range d.lists {
		if slices.Contains(lists, l) {
			seats = append(seats, a.Seats[n])
		} else if final { // a minimum of a list that did not qualify
			c.result.Lists[l].Seats = a.Seats[n]
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
	slices.Sort(d.lists)
	p := &d.problem
	*p = apportion.Problem{Method: c.law.Method, Seats: c.result.House, MoreVotes: c.law.MoreVotes, Overhang: o.Overhang, Bonus: o.Bonus, Base: o.Base}
	for _, l := range d.lists {
		votes := int64(0)
		if slices.Contains(lists, l) {
			votes = c.result.Lists[l].Votes
		}
		p.Votes = append(p.Votes, votes)
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
	return d, ok
}

// finish takes the allocation into the result.
func (c *count) finish(a apportion.Allied, lists []int) bool {
	r := c.result
	tied := 0
	for n, d := range a.Divisions {
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
				return c.fail("SEATS", "the award of the seats cannot be explained: %v", err)
			}
		}
		for _, t := range d.Allocation.Ties {
			tie := Tie{Tie: t}
			for _, k := range t.Lists {
				tie.Names = append(tie.Names, r.Member(&x, k))
			}
			if r.Ties = append(r.Ties, tie); t.Settled == apportion.Open {
				tied += t.Seats
			}
		}
		if n == 0 {
			r.Allocation = &x
		} else {
			r.Within = append(r.Within, x)
		}
	}
	for n, l := range lists {
		r.Lists[l].OpenSeats = a.May[n]
	}
	c.openTies()
	if more := a.Open - tied; more > 0 {
		c.open("%d more seat%s on the lot", more, depend(more))
	}
	if a.Unfilled > 0 {
		c.open("%d seat%s cannot be filled: every list has reached the most that the law allows", a.Unfilled, plural(a.Unfilled))
	}
	return true
}

// openTies opens the outcome for every tie that waits for a lot.
func (c *count) openTies() {
	for _, t := range c.result.Ties {
		if t.Settled != apportion.Open {
			continue
		}
		together := ""
		if t.Together && t.Seats > 1 {
			together = ", which go to one of them"
		}
		c.open("%s have equal claims (%s) on %d seat%s%s, and a lot must be drawn (--lots)", strings.Join(t.Names, ", "), t.Quotient, t.Seats, plural(t.Seats), together)
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
	for _, lot := range c.options.Lots {
		d.problem.Lots = append(d.problem.Lots, apportion.Lot{Lists: number(lot, lot.Lists), Winners: number(lot, lot.Winners)})
	}
	return ok
}

func (c *count) failLot(lot Lot, format string, args ...any) bool {
	c.log.Add(finding.Finding{Code: "LOTS", Severity: finding.Error, File: lot.File, Line: lot.Line, Message: fmt.Sprintf(format, args...)})
	return false
}

// refused says why the seats were not divided: a lot that does not fit, with the
// names of the lists that are tied, or a fault of the rules.
func (c *count) refused(err error, lists []int) bool {
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
	if lot.Lot >= len(c.options.Lots) {
		return c.fail("LOTS", "the draw: %s", text)
	}
	return c.failLot(c.options.Lots[lot.Lot], "%s", text)
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
