package tally

import (
	"fmt"
	"math"

	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// A Total is a sum that may not be known: the data lacks it, in whole or in part.
type Total struct {
	N     int64
	Known bool
}

// Figures are the sums of one area, or of the nation.
type Figures struct {
	Precincts int
	Votes     []int64 // by list
	Sum       int64   // of Votes
	lines     []returns.Sum
	forLists  int64 // votes of lists, those of the residue that a table does not name included
	named     int64 // votes of lists and of independent candidates
	uncast    int64 // votes in precincts that do not state their ballots cast
}

// figures adds up the counted precincts by area; index 0 is the nation. A sum
// beyond int64 is an error that names what was summed.
func figures(s *returns.Set, counted []int32, kinds []rules.OptionKind) ([]Figures, error) {
	areas := make([]Figures, len(s.Areas))
	for a := range areas {
		areas[a].Votes = make([]int64, len(s.Lists))
		areas[a].lines = make([]returns.Sum, len(returns.Lines()))
	}
	for rest := counted; len(rest) > 0; { // mostly many of an area follow one another
		a, n := rest[0], 1
		for n < len(rest) && rest[n] == a {
			n++
		}
		if a >= 0 {
			areas[a].Precincts += n
		}
		rest = rest[n:]
	}
	// An area stands behind the one that it is a part of, so going backwards hands
	// every sum up to the nation.
	handUp := func(what string, sums []returns.Sum) error {
		for a := len(areas) - 1; a > 0; a-- {
			up := s.Areas[a].Parent
			if sums[a].Votes > math.MaxInt64-sums[up].Votes {
				return fmt.Errorf("%s: %w", what, returns.ErrOverflow)
			}
			sums[up].Votes += sums[a].Votes
			sums[up].Counts += sums[a].Counts
		}
		return nil
	}
	votes, err := s.SumVotes(counted, len(areas))
	if err != nil {
		return nil, err
	}
	for l, sums := range votes {
		if err := handUp(fmt.Sprintf("votes for %q", s.Lists[l].Name), sums); err != nil {
			return nil, err
		}
		for a := range areas {
			areas[a].Votes[l] = sums[a].Votes
		}
	}
	lines, err := s.SumLines(counted, len(areas))
	if err != nil {
		return nil, err
	}
	for l, sums := range lines {
		if err := handUp(returns.Line(l).String(), sums); err != nil {
			return nil, err
		}
		for a := range areas {
			areas[a].lines[l] = sums[a]
		}
	}
	uncast(s, counted, areas)
	for a := len(areas) - 1; a > 0; a-- {
		areas[s.Areas[a].Parent].Precincts += areas[a].Precincts
		areas[s.Areas[a].Parent].uncast += areas[a].uncast
	}
	for a := range areas {
		if err := areas[a].addUp(kinds); err != nil {
			return nil, err
		}
	}
	return areas, nil
}

// addUp makes the sums over the lists.
func (f *Figures) addUp(kinds []rules.OptionKind) error {
	for l, v := range f.Votes {
		if v > math.MaxInt64-f.Sum {
			return fmt.Errorf("votes for all lists: %w", returns.ErrOverflow)
		}
		f.Sum += v
		switch kinds[l] {
		case rules.AgainstAll, rules.Blank, rules.Excluded: // valid ballots, for nobody who stands
		case rules.Independent:
			f.named += v
		default:
			f.named += v
			f.forLists += v
		}
	}
	if i := f.lines[returns.Invalid].Votes; i > math.MaxInt64-max(f.Sum, f.lines[returns.Valid].Votes) {
		return fmt.Errorf("valid and invalid ballots: %w", returns.ErrOverflow)
	}
	return nil
}

// byPrecinct is the figures of each precinct that is counted; those of the others are
// empty. The sums over areas are checked before.
func byPrecinct(s *returns.Set, counted []int32, kinds []rules.OptionKind) []Figures {
	list := make([]Figures, s.Len())
	for p := range list {
		f := &list[p]
		f.Votes, f.lines = make([]int64, len(s.Lists)), make([]returns.Sum, len(returns.Lines()))
		if counted[p] < 0 {
			continue
		}
		f.Precincts = 1
		for l := range s.Lists {
			f.Votes[l], _ = s.Votes(l).At(p)
		}
		for _, l := range returns.Lines() {
			if v, ok := s.Line(l).At(p); ok {
				f.lines[l] = returns.Sum{Votes: v, Counts: 1}
			}
		}
		if err := f.addUp(kinds); err != nil {
			panic("tally: a precinct has more votes than its area")
		}
		if f.lines[returns.Cast].Counts == 0 && s.LineCounts()[returns.Cast] > 0 {
			f.uncast = f.Sum
		}
	}
	return list
}

// uncast adds up the votes of precincts without ballots cast, where other precincts
// have them: those are ballots cast as well. The sums of all votes are checked.
func uncast(s *returns.Set, counted []int32, areas []Figures) {
	cast := s.Line(returns.Cast)
	if n := s.LineCounts()[returns.Cast]; n == 0 || n == s.Len() {
		return
	}
	for p, a := range counted {
		if _, ok := cast.At(p); ok || a < 0 {
			continue
		}
		for l := range s.Lists {
			v, _ := s.Votes(l).At(p)
			areas[a].uncast += v
		}
	}
}

// Line is the sum of a protocol line; known when every precinct states it.
func (f *Figures) Line(l returns.Line) Total {
	s := f.lines[l]
	return Total{s.Votes, s.Counts == f.Precincts && s.Counts > 0}
}

// Base is the size of a base.
//
// Valid ballots are those of the protocol: its own line, else cast - invalid.
// Where the protocol has neither, they are the votes, unless more ballots were
// cast than there are votes: then nothing says how many of the rest are valid.
// Ballots cast are the protocol's line, else valid + invalid.
func (f *Figures) Base(b rules.Base) Total {
	cast, invalid, valid := f.Line(returns.Cast), f.Line(returns.Invalid), f.Line(returns.Valid)
	switch b {
	case rules.Registered:
		return f.Line(returns.Registered)
	case rules.Cast:
		if cast.Known {
			return cast
		}
		if v := f.Base(rules.Valid); v.Known && invalid.Known {
			return Total{v.N + invalid.N, true}
		}
		return Total{}
	case rules.ListVotes:
		return Total{f.forLists, true}
	case rules.ValidWithoutNone:
		return Total{f.named, true}
	case rules.Issued:
		return f.Line(returns.Issued)
	case rules.ValidAndInvalid:
		if v := f.Base(rules.Valid); v.Known && invalid.Known {
			return Total{v.N + invalid.N, true}
		}
		return Total{}
	case rules.Valid:
		switch {
		case valid.Known:
			return valid
		case cast.Known && invalid.Known && invalid.N <= cast.N:
			return Total{cast.N - invalid.N, true}
		case f.lines[returns.Cast].Counts > 0 && f.lines[returns.Cast].Votes > f.Sum:
			return Total{}
		}
		return Total{f.Sum, true}
	}
	panic(fmt.Sprintf("tally: no base %v", b))
}

// least is a bound that an unknown base cannot be under.
func (f *Figures) least(b rules.Base) int64 {
	n := f.Sum
	switch b {
	case rules.ValidAndInvalid:
		n = max(n, addUp(f.Sum, f.lines[returns.Invalid].Votes))
	case rules.Cast, rules.Issued, rules.Registered:
		n = max(n, addUp(f.lines[returns.Cast].Votes, f.uncast))
	}
	if b == rules.Registered {
		n = max(n, f.lines[returns.Registered].Votes)
	}
	return n
}

// most is a bound that an unknown base cannot be over, where there is one.
func (f *Figures) most(b rules.Base) Total {
	switch b {
	case rules.Cast, rules.Issued:
		return f.Line(returns.Registered)
	case rules.Valid, rules.ValidAndInvalid:
		return f.Base(rules.Cast)
	}
	return Total{}
}

// Share is the list's share of a base; its base is empty when it is not known.
func (f *Figures) Share(list int, b rules.Base) Share {
	return Share{f.Votes[list], f.Base(b).N}
}

// addUp is a sum that stops at the end of int64: it serves bounds alone.
func addUp(a, b int64) int64 { return a + min(b, math.MaxInt64-a) }
