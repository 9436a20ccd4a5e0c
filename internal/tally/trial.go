package tally

import (
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// A Trial asks what would follow if some votes were others: the same count under the same
// law, again and again, without reading the precincts again.
type Trial struct {
	Result *Result // of the votes as they are

	base *count
	won  []int // by list: seats that it holds, before any district
}

// A Change is votes more or fewer for one list.
type Change struct {
	List  int
	Area  int   // in which they are cast, as an index into Set.Areas; 0: in the nation, wherever
	Votes int64 // below 0: fewer
	Cast  bool  // they are ballots more, or fewer, and not those of another list
}

// An Outcome is what follows from votes.
type Outcome struct {
	In    []Verdict // by list: whether it takes part
	Given bool      // seats were given; else Seats and May are all 0
	Seats []int     // by list: settled
	May   []int     // by list: how many more it may get by a lot
	LetIn bool      // a list takes part for want of others
	Why   []string  // why it is not settled, in sentences
}

// Same reports whether two outcomes are one, but for the reasons why they are open.
func (o *Outcome) Same(p *Outcome) bool {
	return o.Given == p.Given && slices.Equal(o.In, p.In) && slices.Equal(o.Seats, p.Seats) && slices.Equal(o.May, p.May) && (o.Why == nil) == (p.Why == nil)
}

// Try counts the returns and makes a trial of the count. After an error in log there is
// none.
func Try(s *returns.Set, law *rules.Rules, o Options, log *finding.Log) (*Trial, bool) {
	c := start(s, law, o, log)
	t := &Trial{base: c}
	if !c.contend() {
		return nil, false
	}
	t.won = slices.Clone(c.won)
	if !c.run() {
		return nil, false
	}
	t.Result = c.result
	return t, !log.Failed()
}

// Outcome is what follows from the changes. They must leave no list below 0; the lines of
// the protocol follow ballots that are more or fewer, registered voters stay.
func (t *Trial) Outcome(changes ...Change) Outcome {
	c := *t.base
	c.log, c.stuck, c.won = &finding.Log{}, false, slices.Clone(t.won)
	c.options.Explain, c.options.By = false, ""
	c.areas = slices.Clone(t.base.areas)
	touched := map[int]bool{}
	for _, x := range changes {
		for a := x.Area; a >= 0; a = c.set.Areas[a].Parent {
			f := &c.areas[a]
			if !touched[a] {
				touched[a] = true
				f.Votes, f.lines = slices.Clone(f.Votes), slices.Clone(f.lines)
			}
			f.Votes[x.List] += x.Votes
			if !x.Cast {
				continue
			}
			for _, line := range []returns.Line{returns.Cast, returns.Valid} {
				if f.lines[line].Counts > 0 {
					f.lines[line].Votes += x.Votes
				}
			}
		}
	}
	for a := range touched {
		f := &c.areas[a]
		f.Sum, f.forLists, f.named = 0, 0, 0
		if err := f.addUp(c.kinds); err != nil {
			c.fail("OVERFLOW", "%v", err)
		}
	}
	r := t.Result
	c.result = &Result{Rules: r.Rules, House: r.House, HouseGiven: r.HouseGiven, Base: r.Base, BaseGiven: r.BaseGiven, ScaledBy: 1, AreaNames: r.AreaNames, Nation: c.areas[0]}
	c.lists()
	if c.result.Nation.Sum > 0 && !c.log.Failed() {
		c.qualify()
		c.decide()
	} else {
		c.open("not a single vote")
	}
	return c.result.outcome(c.log)
}

// outcome is that of a count, whose errors make it open.
func (r *Result) outcome(log *finding.Log) Outcome {
	o := Outcome{Given: r.Given, Why: r.Why}
	for _, f := range log.Sorted() {
		if f.Severity == finding.Error {
			o.Given, o.Why = false, append(o.Why, f.Message)
		}
	}
	for _, l := range r.Lists {
		o.In, o.LetIn = append(o.In, l.Qualified), o.LetIn || l.Admitted
		if !o.Given {
			l.Seats, l.OpenSeats = 0, 0
		}
		o.Seats, o.May = append(o.Seats, l.Seats), append(o.May, l.OpenSeats)
	}
	return o
}

// Outcome is what follows from the votes of a count that had no errors.
func (r *Result) Outcome() Outcome { return r.outcome(&finding.Log{}) }

// Alliances are the lists of each alliance that the ballot names.
func (t *Trial) Alliances() [][]int { return t.base.alliances }

// A Local is a list before a bar in one area.
type Local struct {
	List, Area    int // Area is an index into Set.Areas
	Votes, Needed int64
}

// Locals are all lists before a bar of the law that must be reached in each area of a
// level, area by area: the k-th of Result.Thresholds. Areas whose base is not known are
// left out, and so are levels of precincts.
func (t *Trial) Locals(k int) (list []Local) {
	h := &t.Result.Thresholds[k]
	if h.In != rules.InEach || h.Level == "precinct" {
		return nil
	}
	for _, at := range t.base.places(h.Level) {
		if excepted(h.Except, at.name) || at.Precincts == 0 || h.Measure != rules.ByVotes && !at.Base(h.Base).Known {
			continue
		}
		for l, x := range t.Result.Lists {
			if v := t.base.bar(h, at, l, nil); !x.Option && !h.Lists[l].Exempt {
				list = append(list, Local{l, at.at, v.Share.Votes, v.Needed})
			}
		}
	}
	return list
}
