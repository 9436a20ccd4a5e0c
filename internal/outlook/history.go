package outlook

import (
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A Night is successive partial counts of one election.
type Night struct {
	Steps []Step
	Lists []Course // by list, as in every state
	Bars  []string // ids of the thresholds
}

// A Step is one of the counts.
type Step struct {
	Name string
	*State
	Changed   []string // precincts that were in before, with other numbers now
	Gone      []string // precincts that were in before, and are not now
	Overtaken []int    // lists whose seats, or whose part, are now other than the step before had settled
}

// A Course says when what a list has was settled: by step, -1 while it is open. A list
// whose seats were settled, and then changed by a correction, counts from the last time.
type Course struct {
	Seats int
	Bars  []int // by threshold
	Part  int   // whether it takes part
}

// A Reading is the returns of one step; nil: nothing was in yet.
type Reading struct {
	Name string
	Set  *returns.Set
}

// Follow says what was settled at each step. Lists that stand in some of the readings
// alone are lists of all.
func Follow(readings []Reading, law *rules.Rules, o Options, log *finding.Log) (n *Night, why string, ok bool) {
	readings = slices.Clone(readings)
	align(readings)
	n = &Night{}
	for i, r := range readings {
		own := &finding.Log{} // what is said of the last state is enough, but for errors
		s, why, ok := Of(r.Set, law, o, own)
		if !ok || i == len(readings)-1 {
			log.Add(own.Sorted()...)
		}
		if !ok || why != "" {
			return nil, why, ok
		}
		step := Step{Name: r.Name, State: s}
		if i > 0 {
			step.Changed, step.Gone = corrected(readings[i-1].Set, r.Set)
			step.Overtaken = overtaken(n.Steps[i-1].State, s)
		}
		n.Steps = append(n.Steps, step)
	}
	n.courses()
	return n, "", true
}

// align gives all readings the lists of all, in one order.
func align(readings []Reading) {
	var all []returns.List
	for i := len(readings) - 1; i >= 0; i-- { // the last is the fullest
		if readings[i].Set == nil {
			continue
		}
		for _, l := range readings[i].Set.Lists {
			if !slices.ContainsFunc(all, func(x returns.List) bool { return x.Name == l.Name }) {
				all = append(all, l)
			}
		}
	}
	for i := range readings {
		s := readings[i].Set
		same := s != nil && slices.EqualFunc(s.Lists, all, func(a, b returns.List) bool { return a.Name == b.Name })
		if !same {
			readings[i].Set = with(s, all)
		}
	}
}

// with is a set with the same returns and these lists.
func with(s *returns.Set, lists []returns.List) *returns.Set {
	out := returns.New("region")
	if s != nil {
		out = returns.New(s.Levels...)
	}
	for _, l := range lists {
		out.AddList(l)
	}
	if s == nil {
		return out
	}
	from := make([]int, len(lists)) // in s, -1: it has no such list
	for l := range lists {
		from[l] = slices.IndexFunc(s.Lists, func(x returns.List) bool { return x.Name == lists[l].Name })
	}
	for _, a := range s.Areas[1:] {
		out.AddArea(a.Parent, a.Name)
	}
	for file, name := range s.Files {
		out.AddFile(name)
		if s.RowPerList(file) {
			out.SetRowPerList()
		}
		first, end := s.PrecinctsOf(file)
		for p := first; p < end; p++ {
			_, line := s.Position(p)
			q, _ := out.AddPrecinct([]byte(s.ID(p)), s.Area(p), line)
			for l, k := range from {
				if k < 0 {
					continue
				}
				if v, ok := s.Votes(k).At(p); ok {
					out.Put(q, l, v)
				}
			}
			for _, line := range returns.Lines() {
				if v, ok := s.Stated(p, line); ok {
					out.PutLine(q, line, v)
				} else if _, ok := s.Line(line).At(p); ok {
					out.Without(q, line)
				}
			}
		}
	}
	out.Rows, out.Excluded = s.Rows, s.Excluded
	return out
}

// corrected compares the precincts of two sets with the same lists.
func corrected(before, now *returns.Set) (changed, gone []string) {
	for p := range before.Len() {
		q := now.Find(before.ID(p))
		switch {
		case q < 0:
			gone = append(gone, before.ID(p))
		case differ(before, p, now, q):
			changed = append(changed, before.ID(p))
		}
	}
	slices.Sort(changed)
	slices.Sort(gone)
	return changed, gone
}

func differ(a *returns.Set, p int, b *returns.Set, q int) bool {
	for l := range a.Lists {
		v, _ := a.Votes(l).At(p)
		if w, _ := b.Votes(l).At(q); v != w {
			return true
		}
	}
	for _, line := range []returns.Line{returns.Registered, returns.Cast, returns.Invalid, returns.Valid} {
		v, _ := a.Line(line).At(p)
		if w, _ := b.Line(line).At(q); v != w {
			return true
		}
	}
	return false
}

// overtaken are the lists of which a later state says what an earlier one had ruled out.
func overtaken(before, now *State) (list []int) {
	for l, x := range before.Lists {
		y := now.Lists[l]
		if y.Least < x.Least || y.Most > x.Most || x.Qualified != tally.Open && y.Qualified != x.Qualified {
			list = append(list, l)
		}
	}
	return list
}

// courses finds out since when each figure has stood.
func (n *Night) courses() {
	last := n.Steps[len(n.Steps)-1].State
	for _, t := range last.Thresholds {
		n.Bars = append(n.Bars, t.ID)
	}
	since := func(settled func(*State) bool) int {
		at := -1
		for i := len(n.Steps) - 1; i >= 0 && settled(n.Steps[i].State); i-- {
			at = i
		}
		return at
	}
	for l := range last.Lists {
		end := last.Lists[l]
		c := Course{
			Seats: since(func(s *State) bool {
				x := s.Lists[l]
				return x.Least == x.Most && x.Least == end.Least && end.Least == end.Most
			}),
			Part: since(func(s *State) bool {
				return s.Lists[l].Qualified == end.Qualified && end.Qualified != tally.Open
			}),
		}
		for i := range last.Thresholds {
			v := last.Thresholds[i].Lists[l]
			c.Bars = append(c.Bars, since(func(s *State) bool { return v != tally.Open && s.Thresholds[i].Lists[l] == v }))
		}
		n.Lists = append(n.Lists, c)
	}
}
