package tally

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// An Annulment is the annulled precincts beside the bar at which the law lets the whole
// election be declared void.
type Annulment struct {
	rules.Annulment
	Voters  Share   // registered in the annulled precincts, of all in the data; Of is 0 where that is not known
	Needed  int64   // the voters that reach the bar; 0 where it is not known
	Verdict Verdict // Reached: the whole election may be declared void
	Unknown string  // a precinct that does not state its registered voters, where the verdict is open
}

// A Move is ballots that are taken to be other than the returns say. They are valid
// ballots that were cast: those that are added, or taken away, change the votes, the
// valid ballots, those issued and those cast, and not the registered voters.
type Move struct {
	From  string // the list, or option, that loses them; "": they are added
	To    string // the one that gains them; "": they are taken away
	Votes int64  // 1 or more
	In    string // the area, or the precinct by its id; "": the nation as a whole
}

// moved is a move on its way, to a list or from it.
type moved struct {
	list         int
	area         int   // index into Set.Areas
	precinct     int   // -1: none in particular
	votes        int64 // more; below 0: fewer
	ballotsMoved bool  // and not added or taken away
}

// annul takes out the precincts that a decision excludes.
func (c *count) annul() bool {
	ok, r := true, c.result
	restored := map[int]bool{}
	for _, id := range c.options.Restored {
		p := c.set.Find(id)
		if p < 0 {
			ok = c.fail("UNKNOWN-NAME", "precinct %q is to be restored and is not in the data", id)
		}
		restored[p] = false
	}
	out := func(p int) {
		if _, back := restored[p]; back {
			restored[p] = true
			return
		}
		if c.counted[p] < 0 {
			return
		}
		if len(r.Precincts.Annulled) == 0 {
			c.counted = slices.Clone(c.counted)
		}
		c.counted[p] = -1
		r.Precincts.Annulled = append(r.Precincts.Annulled, c.set.ID(p))
		r.Rows.Excluded += c.set.RowsOf(p)
	}
	for _, id := range c.options.Annulled {
		if p := c.set.Find(id); p < 0 {
			ok = c.fail("UNKNOWN-NAME", "precinct %q is to be annulled and is not in the data", id)
		} else {
			out(p)
		}
	}
	for _, name := range c.options.Areas {
		a, found := c.area(name, "to be annulled")
		if ok = ok && found; !found {
			continue
		}
		inside := make([]bool, len(c.set.Areas))
		for k := a; k < len(inside); k++ { // an area stands behind the one that it is a part of
			inside[k] = k == a || inside[c.set.Areas[k].Parent]
		}
		for p, in := range c.set.InAreas() {
			if inside[in] {
				out(p)
			}
		}
	}
	for _, id := range c.options.Restored {
		if p := c.set.Find(id); p >= 0 && !restored[p] {
			ok = c.fail("UNKNOWN-NAME", "precinct %q is to be restored and is not annulled", id)
		}
	}
	return ok
}

// area is the area of a name, or of the names of one and of larger ones around it,
// "Osh/Kara-Suu". why says what it is wanted for.
func (c *count) area(name, why string) (int, bool) {
	var found []int
	var names []string
	for a := 1; a < len(c.set.Areas); a++ {
		names = append(names, c.set.Areas[a].Name)
		path := c.set.Areas[a].Name
		for up := a; up > 0; {
			if rules.Same(path, name) {
				found = append(found, a)
				break
			}
			if up = c.set.Areas[up].Parent; up > 0 {
				path = c.set.Areas[up].Name + "/" + path
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case names == nil:
		return 0, c.fail("UNKNOWN-NAME", "area %q is %s, and the data names no areas", name, why)
	case found == nil:
		return 0, c.fail("UNKNOWN-NAME", "area %q is %s and is not in the data%s", name, why, meant(name, names))
	}
	var where []string
	for _, a := range found {
		text := "the " + c.set.Levels[c.set.Areas[a].Level-1] + " " + c.set.Areas[a].Name
		if up := c.set.Areas[a].Parent; up > 0 {
			text += fmt.Sprintf(" in %s (%s/%s)", c.set.Areas[up].Name, c.set.Areas[up].Name, c.set.Areas[a].Name)
		}
		where = append(where, text)
	}
	return 0, c.fail("UNKNOWN-NAME", "area %q is %s, and %d have that name: %s", name, why, len(found), some(where))
}

// exclude strikes lists off.
func (c *count) exclude() bool {
	ok := true
	for _, name := range c.options.Excluded {
		l, found := c.line(name, "to be excluded")
		switch {
		case !found:
			ok = false
		case c.kinds[l] == rules.Excluded:
		case c.kinds[l] != 0:
			ok = c.fail("UNKNOWN-NAME", "%q is to be excluded and is no list: it takes no seats (%v)", c.set.Lists[l].Name, c.kinds[l])
		case c.won[l] > 0:
			ok = c.fail("BALLOT", "%q is to be excluded and holds %d seat%s by the ballot; say there who has %s then", c.set.Lists[l].Name, c.won[l], plural(c.won[l]), those(c.won[l]))
		default:
			c.kinds[l] = rules.Excluded
		}
	}
	return ok
}

func those(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// line is the list, or option, of a name or an id.
func (c *count) line(name, why string) (int, bool) {
	var names []string
	for l, list := range c.set.Lists {
		if rules.Same(list.Name, name) || rules.Same(list.ID, name) || c.contenders[l].Is(name) {
			return l, true
		}
		names = append(names, list.Name)
	}
	return 0, c.fail("UNKNOWN-NAME", "list %q is %s and is not in the data%s", name, why, meant(name, names))
}

// meant is what was probably meant: another name, or several with commas between.
func meant(name string, names []string) string {
	parts := strings.Split(name, ",")
	for _, part := range parts {
		if len(parts) == 1 || !slices.ContainsFunc(names, func(n string) bool { return rules.Same(n, part) }) {
			return finding.DidYouMean(name, names)
		}
	}
	return fmt.Sprintf("; these are %d names, to be given one by one", len(parts))
}

// annulment compares the voters of annulled precincts with the bar at which the
// law lets the whole election be declared void.
func (c *count) annulment() {
	law := c.law.Annulment
	if law == nil {
		return
	}
	a := &Annulment{Annulment: *law}
	c.result.Annulment = a
	registered := c.set.Line(returns.Registered)
	sum, known := c.areas[0].lines[returns.Registered], true
	if sum.Counts < c.areas[0].Precincts { // the precinct is wanted only for the sentence
		for p := 0; known && p < c.set.Len(); p++ {
			if _, ok := registered.At(p); !ok && c.counted[p] >= 0 {
				a.Unknown, known = c.set.ID(p), false
			}
		}
	}
	void, all := int64(0), sum.Votes
	for _, id := range c.result.Precincts.Annulled {
		v, ok := registered.At(c.set.Find(id))
		if !ok && known {
			a.Unknown, known = id, false
		}
		if v > math.MaxInt64-all {
			known = false // nobody's electorate: the sums of all precincts are refused elsewhere
			break
		}
		void, all = void+v, all+v
	}
	if !known || all == 0 {
		if len(c.result.Precincts.Annulled) > 0 && a.Unknown != "" {
			c.warn("ANNULMENT", "whether the law's bar for voiding the whole election is reached (%s of registered voters) cannot be said: precinct %q does not state its registered voters", law.Share.RatString(), a.Unknown)
		}
		return
	}
	a.Voters, a.Needed = Share{void, all}, needed(law.Share, all, law.MoreThan)
	if a.Verdict = reached(void, a.Needed); a.Verdict == Reached {
		c.warn("ANNULMENT", "the annulled precincts cover %d of %d registered voters (%s %%): the law lets the whole election be declared void from %s of them", void, all, a.Voters.Percent(2, law.Share), barWords(law))
	}
}

// move moves, adds and takes away ballots, in the figures and not in the returns.
func (c *count) move() bool {
	if len(c.options.Moves) == 0 {
		return true
	}
	ok := true
	for _, m := range c.options.Moves {
		ok = c.moveOne(m) && ok
	}
	if !ok {
		return false
	}
	for a := range c.areas {
		f := &c.areas[a]
		f.Sum, f.forLists, f.named = 0, 0, 0
		if err := f.addUp(c.kinds); err != nil {
			return c.fail("OVERFLOW", "%v: no total can be stated", err)
		}
	}
	c.result.Nation = c.areas[0]
	for i := range c.result.Areas {
		c.result.Areas[i].Figures = c.areas[c.result.Areas[i].at]
	}
	return true
}

func (c *count) moveOne(m Move) bool {
	const why = "to gain or to lose ballots"
	at, ok := moved{precinct: -1, ballotsMoved: m.From != "" && m.To != ""}, true
	from, to := -1, -1
	if m.From != "" {
		from, ok = c.line(m.From, why)
	}
	if m.To != "" {
		var found bool
		to, found = c.line(m.To, why)
		ok = ok && found
	}
	switch {
	case !ok:
		return false
	case from == to:
		return c.fail("MOVES", "ballots move from %q to itself", m.From)
	}
	if m.In != "" {
		if at.precinct = c.set.Find(m.In); at.precinct >= 0 {
			at.area = c.set.Area(at.precinct)
		} else if at.area, ok = c.area(m.In, why); !ok {
			return false
		}
	}
	if !c.placed(at, m.In) {
		return false
	}
	for _, side := range []struct {
		list int
		by   int64
	}{{from, -m.Votes}, {to, m.Votes}} {
		if side.list < 0 {
			continue
		}
		at.list, at.votes = side.list, side.by
		if !c.apply(at, m.In) {
			return false
		}
	}
	return true
}

// placed refuses ballots whose place leaves open before which bars, or in which
// districts, they count.
func (c *count) placed(at moved, in string) bool {
	areas, divided := c.dividing()
	for i, level := range slices.Concat(areas, divided) {
		n := c.set.Level(level)
		named := slices.ContainsFunc(c.set.Areas, func(a returns.Area) bool { return n > 0 && a.Level == n })
		switch {
		case named && c.set.Areas[at.area].Level >= n || at.precinct >= 0:
		case named && in == "":
			return c.fail("MOVES", "the law looks at each %s: say in which the ballots count", level)
		case named:
			return c.fail("MOVES", "the law looks at each %s, and %q lies in none: say in which the ballots count", level, in)
		case level == "precinct" || i >= len(areas): // where the data names no district, precincts stand for them
			return c.fail("MOVES", "the law looks at each %s, and here that is each precinct: say in which the ballots count", level)
		}
	}
	switch {
	case at.precinct >= 0 && c.counted[at.precinct] < 0:
		return c.fail("MOVES", "precinct %q is annulled, so no ballots count in it", in)
	case c.areas[at.area].Precincts == 0:
		return c.fail("MOVES", "all precincts of %q are annulled, so no ballots count there", in)
	}
	return true
}

// dividing are the levels at which the law has bars in areas, and those at which it
// divides seats.
func (c *count) dividing() (areas, divided []string) {
	add := func(to *[]string, level string) {
		if level != "" && !slices.Contains(*to, level) {
			*to = append(*to, level)
		}
	}
	bars := func(list []rules.Threshold) {
		for _, t := range list {
			for _, t := range append([]rules.Threshold{t}, t.Or...) {
				add(&areas, t.Level)
			}
		}
	}
	bars(c.law.Thresholds)
	for _, d := range c.law.Districts {
		bars(d.Thresholds)
		add(&divided, d.Level)
	}
	return areas, divided
}

// apply changes the figures of an area and of those around it; of a precinct, too, if it is
// one.
func (c *count) apply(m moved, in string) bool {
	where := ""
	if in != "" {
		where = " in " + in
	}
	name := c.set.Lists[m.list].Name
	have := c.areas[m.area].Votes[m.list]
	if m.precinct >= 0 {
		have, _ = c.set.Votes(m.list).At(m.precinct)
		for _, before := range c.moved {
			if before.precinct == m.precinct && before.list == m.list {
				have += before.votes
			}
		}
	}
	if m.votes < 0 && have < -m.votes {
		return c.fail("MOVES", "%q has %d votes%s, fewer than the %d that it is to lose", name, have, where, -m.votes)
	}
	for a := m.area; a >= 0; a = c.set.Areas[a].Parent {
		f := &c.areas[a]
		if f.Votes[m.list] > math.MaxInt64-max(m.votes, 0) {
			return c.fail("OVERFLOW", "votes for %q: %v: no total can be stated", name, returns.ErrOverflow)
		}
		f.Votes[m.list] += m.votes
		if !m.ballotsMoved && !f.ballots(m.votes) {
			return c.fail("MOVES", "the protocols%s state fewer ballots than are to be taken away", where)
		}
	}
	c.moved = append(c.moved, m)
	return true
}

// ballots adds valid ballots that were cast to the lines of the protocols that are stated.
func (f *Figures) ballots(n int64) bool {
	for _, l := range []returns.Line{returns.Issued, returns.Cast, returns.Valid} {
		s := &f.lines[l]
		if s.Counts == 0 {
			continue
		}
		if n > 0 && s.Votes > math.MaxInt64-n || s.Votes+n < 0 {
			return false
		}
		s.Votes += n
	}
	return true
}

// movedIn changes the figures of the precincts in which ballots were moved.
func (c *count) movedIn(list []Figures) {
	for _, m := range c.moved {
		if m.precinct < 0 {
			continue
		}
		f := &list[m.precinct]
		f.Votes[m.list] += m.votes
		if !m.ballotsMoved {
			f.ballots(m.votes)
		}
		f.Sum, f.forLists, f.named = 0, 0, 0
		if err := f.addUp(c.kinds); err != nil {
			panic(fmt.Sprintf("tally: a precinct has more votes than its area: %v", err))
		}
	}
}

// barWords is the bar of an annulment: "1/3", "more than 1/3".
func barWords(a *rules.Annulment) string {
	if a.MoreThan {
		return "more than " + a.Share.RatString()
	}
	return a.Share.RatString()
}
