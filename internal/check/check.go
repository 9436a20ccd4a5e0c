// Package check holds the protocols of a [returns.Set] against themselves and against
// each other: does what a precinct states add up, can it be, and is it remarkable?
//
// Each rule stands in one table ([Rules]) with a code of package finding; most are
// relations between lines, written as the law writes them. A rule applies only where the
// lines that it speaks of are there: absent is not zero. What fails is a warning, because
// the figures are those of the protocol and stay in the count; --strict makes it an
// error. Sums are exact for any int64. Findings do not depend on how many look for them.
//
// A clean run is not evidence of a clean count: systems that refuse protocols which do
// not add up only ever publish ones that do.
package check

import (
	"fmt"
	"math/bits"
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Options say what is held against a set. The zero value holds every rule that is on by
// itself and knows no register.
type Options struct {
	Enable, Disable []string // codes of rules
	Register        *returns.Register
	Published       *returns.Published
	// Large is the number of voters or ballots above which a precinct is too large for
	// some things to be a chance; 0: DefaultLarge.
	Large int
}

// DefaultLarge is the size above which all of one mind are remarkable.
const DefaultLarge = 100

// Checked says how far a rule was held.
type Checked struct {
	Rule
	On bool // it was to be held
	// Precincts is how many it applied to, in the way that Holds states: a rule of which
	// several ways were used is there several times.
	Precincts int
}

// Protocols holds every precinct against the rules of a count and notes in log what
// fails. It does nothing for sums beyond int64, which package tally refuses.
func Protocols(s *returns.Set, log *finding.Log) {
	run(s, Options{}, func(r *Rule) bool { return r.Count }, log)
}

// Run holds the set against all rules that the options want, notes in log what fails,
// and says how far each was held. Votes of a precinct that sum beyond int64 are an error.
func Run(s *returns.Set, o Options, log *finding.Log) []Checked {
	checked, ok := run(s, o, func(r *Rule) bool {
		return (!r.Off || slices.Contains(o.Enable, r.Code)) && !slices.Contains(o.Disable, r.Code)
	}, log)
	if !ok {
		log.Add(finding.Finding{Code: "OVERFLOW", Severity: finding.Error, Message: fmt.Sprintf("the votes of a precinct: %v", returns.ErrOverflow)})
	}
	return checked
}

func run(s *returns.Set, o Options, on func(*Rule) bool, log *finding.Log) ([]Checked, bool) {
	if o.Large == 0 {
		o.Large = DefaultLarge
	}
	c := checker{set: s, log: log, options: o, forms: compile(s, on)}
	tried, ok := c.relations()
	if !ok {
		return nil, false
	}
	var checked []Checked
	for i := range rules {
		r := Checked{Rule: rules[i], On: on(&rules[i])}
		known := false
		for k, f := range c.forms {
			if f.rule == i && tried[k] > 0 {
				r.Holds, r.Precincts, known = f.text, tried[k], true
				checked = append(checked, r)
			}
		}
		if r.On && r.set != nil {
			r.Precincts = r.set(&c)
		}
		if !known {
			checked = append(checked, r)
		}
	}
	return checked, true
}

type checker struct {
	set     *returns.Set
	log     *finding.Log
	options Options
	forms   []form

	stated uint64 // by the precinct before, and which forms apply to it
	apply  []int

	failed []uint64 // by form, of the protocols in hand: a bit a precinct
	any    uint64   // all of them
}

func (c *checker) warn(code string, p int, format string, args ...any) {
	file, line := c.set.Position(p)
	c.log.Add(finding.Finding{Code: code, Severity: finding.Warning, File: c.set.Files[file], Line: line,
		Precinct: c.set.ID(p), Message: fmt.Sprintf("precinct %q: ", c.set.ID(p)) + fmt.Sprintf(format, args...)})
}

// parts calls do for parts of the precincts, side by side: part i has those from first
// on, below end, and a log of its own. If one of them is false, nothing is noted.
func (c *checker) parts(do func(i int, part *checker, first, end int) bool) bool {
	logs := make([]finding.Log, c.set.PartCount())
	done := make([]bool, len(logs))
	c.set.Parts(func(i, first, end int) {
		part := *c
		part.log, part.failed = &logs[i], make([]uint64, len(c.forms))
		done[i] = do(i, &part, first, end)
	})
	if slices.Contains(done, false) {
		return false
	}
	c.log.Join(logs...)
	return true
}

// relations holds all protocols against all forms, and returns how many each applied to;
// false when votes sum beyond int64.
func (c *checker) relations() (sums []int, ok bool) {
	tried := make([][]int, c.set.PartCount())
	if !c.parts(func(i int, part *checker, first, end int) bool {
		own := make([]int, len(c.forms)) // not in tried: its parts share lines of the cache
		tried[i] = own
		return part.set.Protocols(first, end, func(of *returns.Protocols) { part.protocols(of, own) })
	}) {
		return nil, false
	}
	sums = tried[0]
	for _, more := range tried[1:] {
		for k, n := range more {
			sums[k] += n
		}
	}
	return sums, true
}

// protocols is the hot path: a million protocols go through it. Each form is held against
// some of them at once. Which forms apply depends on what is stated alone, which is the
// same for most precincts.
func (c *checker) protocols(of *returns.Protocols, tried []int) {
	for rest := uint64(1)<<of.Len - 1; rest != 0; {
		stated := of.Stated()[bits.TrailingZeros64(rest)]
		same := uint64(0)
		for k, s := range of.Stated() {
			if s == stated {
				same |= 1 << k
			}
		}
		rest &^= same
		if stated |= 1 << votesLine; stated != c.stated {
			c.stated, c.apply = stated, c.applying(c.apply[:0], stated)
		}
		for _, i := range c.apply {
			failed, applies := c.forms[i].hold(of, int64(c.options.Large))
			tried[i] += bits.OnesCount64(applies & same)
			c.failed[i] |= failed & same
			c.any |= failed & same
		}
	}
	if c.any != 0 {
		c.say(of)
		clear(c.failed)
	}
}

// say notes which forms failed where, of a code the first in a precinct, until any is 0.
func (c *checker) say(of *returns.Protocols) {
	for ; c.any != 0; c.any &= c.any - 1 {
		k := bits.TrailingZeros64(c.any)
		said := uint64(0) // codes
		for i := range c.forms {
			f := &c.forms[i]
			if c.failed[i]>>k&1 != 0 && said>>f.code&1 == 0 {
				said |= 1 << f.code
				c.warn(rules[f.rule].Code, of.First+k, "%s", f.say(rules[f.rule].says, protocol{of, k}))
			}
		}
	}
}

// applying lists the forms for precincts that state these lines: of each rule the first.
func (c *checker) applying(list []int, stated uint64) []int {
	done := uint64(0) // rules
	for i, f := range c.forms {
		if f.need&^stated == 0 && f.unless&stated == 0 && done>>f.rule&1 == 0 {
			done |= 1 << f.rule
			list = append(list, i)
		}
	}
	return list
}

// complete looks for lists and lines that only some precincts have: one finding
// each, at the first precinct without it.
func (c *checker) complete() int {
	counts := c.set.VoteCounts()
	for l, list := range c.set.Lists {
		c.completeColumn(fmt.Sprintf("votes for %q", list.Name), c.set.Votes(l), counts[l])
	}
	counts = c.set.LineCounts()
	for _, l := range returns.Lines() {
		c.completeColumn(l.String(), c.set.Line(l), counts[l])
	}
	return c.set.Len()
}

// completeColumn looks at a column that so many precincts have.
func (c *checker) completeColumn(name string, column returns.Column, counts int) {
	missing := c.set.Len() - counts
	if missing == 0 || counts == 0 {
		return
	}
	for p := range c.set.Len() {
		if _, ok := column.At(p); !ok {
			c.warn("INCOMPLETE", p, "no figure for %s, here and in %d of %d precincts; absent is not zero", name, missing, c.set.Len())
			return
		}
	}
}
