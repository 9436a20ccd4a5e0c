package outlook_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/outlook"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

var elections = flag.Int("elections", 2500, "small elections whose outstanding ballots are distributed in every way")

// An election is a small partial count: what is in, by region, and what is outstanding.
type election struct {
	law     *rules.Rules
	ballot  *rules.Ballot
	options []rules.OptionKind // by list
	votes   [][]int64          // by region and list
	invalid []int64            // by region
	more    []int64            // by region: ballots outstanding
}

var regions = []string{"North", "South", "East"}

// set is the returns with what further ballots bring: by region, those for each list, then
// those that are invalid. nil: none, and no precinct of theirs.
func (e *election) set(further [][]int64) *returns.Set {
	s := returns.New("region")
	s.AddFile("a.csv")
	for l := range e.options {
		name := string(rune('A' + l))
		s.AddList(returns.List{ID: name, Name: name})
	}
	add := func(id string, r int, votes []int64, invalid, registered int64) {
		p, _ := s.AddPrecinct([]byte(id), s.AddArea(0, regions[r]), s.Len()+2)
		s.Rows++
		cast := invalid
		for l, v := range votes {
			s.Put(p, l, v)
			cast += v
		}
		s.PutLine(p, returns.Cast, cast)
		s.PutLine(p, returns.Invalid, invalid)
		s.PutLine(p, returns.Registered, registered)
	}
	for r := range e.votes {
		add(fmt.Sprintf("in%d", r), r, e.votes[r], e.invalid[r], 100)
	}
	for r := range further {
		if e.more[r] > 0 {
			n := len(e.options)
			add(fmt.Sprintf("out%d", r), r, further[r][:n], further[r][n], e.more[r])
		}
	}
	return s
}

func (e *election) register() *returns.Register {
	reg := &returns.Register{File: "register.csv"}
	for r := range e.votes {
		reg.Expected = append(reg.Expected, returns.Expected{ID: fmt.Sprintf("in%d", r), Region: regions[r], Registered: 100})
		if e.more[r] > 0 {
			reg.Expected = append(reg.Expected, returns.Expected{ID: fmt.Sprintf("out%d", r), Region: regions[r], Registered: e.more[r]})
		}
	}
	return reg
}

// every calls do with each way in which at most n ballots fall on so many kinds.
func every(n int64, kinds int, do func(by []int64)) {
	by := make([]int64, kinds)
	var from func(k int, left int64)
	from = func(k int, left int64) {
		if k == kinds {
			do(by)
			return
		}
		for by[k] = 0; by[k] <= left; by[k]++ {
			from(k+1, left-by[k])
		}
		by[k] = 0
	}
	from(0, n)
}

// everywhere calls do with each way in all regions.
func (e *election) everywhere(do func(further [][]int64)) {
	further := make([][]int64, len(e.more))
	var from func(r int)
	from = func(r int) {
		if r == len(further) {
			do(further)
			return
		}
		every(e.more[r], len(e.options)+1, func(by []int64) {
			further[r] = by
			from(r + 1)
		})
	}
	from(0)
}

func (e *election) String() string {
	return fmt.Sprintf("%s\nvotes %v invalid %v outstanding %v", e.law.Source, e.votes, e.invalid, e.more)
}

// seen is what all distributions of the ballots bring: by list the least and the most
// seats, whoever wins a lot, and whether it qualified ever, and always.
type seen struct {
	least, most     []int
	ever, always    []bool
	reached, missed [][]bool // by threshold and list
	refused         bool     // the method cannot divide the seats of an outcome
	distributions   int
}

// drawn calls do with the result of each way in which the lots can fall.
func (e *election) drawn(t testing.TB, set *returns.Set, r *tally.Result, lots []tally.Lot, do func(*tally.Result)) {
	i := slices.IndexFunc(r.Ties, func(t tally.Tie) bool { return t.Settled == apportion.Open })
	if i < 0 {
		do(r)
		return
	}
	tie := r.Ties[i]
	for bits := range 1 << len(tie.Names) {
		lot := tally.Lot{}
		n := 0
		for k, name := range tie.Names {
			lists := strings.Split(name, " + ")
			lot.Lists = append(lot.Lists, lists...)
			if bits>>k&1 != 0 {
				lot.Winners = append(lot.Winners, lists...)
				n++
			}
		}
		if n != tie.Served() {
			continue
		}
		with := append(slices.Clone(lots), lot)
		var log finding.Log
		r, ok := tally.Count(set, e.law, tally.Options{Ballot: e.ballot, Lots: with}, &log)
		if !ok {
			t.Fatalf("%v\nlots %v: %v", e, with, log.Sorted())
		}
		e.drawn(t, set, r, with, do)
	}
}

func (e *election) exhaust(t testing.TB) seen {
	n := len(e.options)
	s := seen{least: make([]int, n), most: make([]int, n), ever: make([]bool, n), always: slices.Repeat([]bool{true}, n)}
	for l := range s.least {
		s.least[l] = e.law.Seats
	}
	for range e.law.Thresholds {
		s.reached = append(s.reached, make([]bool, n))
		s.missed = append(s.missed, make([]bool, n))
	}
	e.everywhere(func(further [][]int64) {
		s.distributions++
		var log finding.Log
		r, ok := tally.Count(e.set(further), e.law, tally.Options{Ballot: e.ballot}, &log)
		if !ok {
			if f := log.Sorted()[0]; f.Code != "SEATS" && f.Code != "EMPTY" {
				t.Fatalf("%v\n%v: %v", e, further, log.Sorted())
			}
			s.refused = true
			clear(s.least)
			return
		}
		e.drawn(t, e.set(further), r, nil, func(r *tally.Result) {
			for l, x := range r.Lists {
				s.least[l] = min(s.least[l], x.Seats)
				s.most[l] = max(s.most[l], x.Seats)
			}
		})
		for l, x := range r.Lists {
			s.ever[l] = s.ever[l] || x.Qualified == tally.Reached
			s.always[l] = s.always[l] && x.Qualified == tally.Reached
			for i := range r.Thresholds {
				v := r.Thresholds[i].Says(l)
				s.reached[i][l] = s.reached[i][l] || v == tally.Reached
				s.missed[i][l] = s.missed[i][l] || v == tally.Missed
			}
		}
	})
	return s
}

// random makes a small election under a law with this method.
func random(t testing.TB, r *rand.Rand, m apportion.Method) *election {
	t.Helper()
	e := &election{}
	lists := 2 + r.IntN(3)
	areas := 1
	var thresholds []string
	bases := []string{"valid", "cast", "list-votes", "valid-without-none", "valid-and-invalid", "registered"}
	shares := []string{"5%", "10%", "1/7", "20%", "25%", "1/3"}
	bar := func(id, in, more string) string {
		base := bases[r.IntN(len(bases))]
		share := shares[r.IntN(len(shares))]
		if base == "registered" || in != "nation" {
			share = shares[r.IntN(2)]
		}
		reach := "at-least"
		if r.IntN(2) == 0 {
			reach = "more-than"
		}
		idText := ""
		if id != "" {
			idText = "id: " + id + ", "
		}
		return fmt.Sprintf("{%sshare: %s, reach: %s, base: %s, in: %s%s}", idText, share, reach, base, in, more)
	}
	switch r.IntN(7) {
	case 0:
	case 6:
		thresholds = append(thresholds, fmt.Sprintf("{id: national, votes: %d, reach: at-least, in: nation}", 1+r.IntN(12)))
	case 1:
		areas = 2
		in, more := "each", ", level: region"
		if r.IntN(2) == 0 {
			in, more = "any", ", level: region, count: 1"
		}
		thresholds = append(thresholds, bar("regional", in, more))
		if r.IntN(2) == 0 {
			thresholds = append(thresholds, bar("national", "nation", ""))
		}
	case 2:
		thresholds = append(thresholds, bar("national", "nation", ", or: ["+bar("other", "nation", "")+"]"))
	default:
		thresholds = append(thresholds, bar("national", "nation", ""))
	}
	admit := ""
	if len(thresholds) > 0 && r.IntN(8) == 0 {
		admit = []string{"admit: {lists: 2}\n", "admit: {together: 60%, reach: at-least, base: cast}\n", "admit: {lists: 2, together: 1/2, reach: more-than, base: valid}\n"}[r.IntN(3)]
	}
	against := r.IntN(4) == 0
	house := 1 + r.IntN(9)
	if m.Name == "kieswet" && r.IntN(2) == 0 {
		house = 19 + r.IntN(4)
	}
	text := fmt.Sprintf("rules: 1\nname: test\ntitle: Test\nseats: %d\nbase: valid\n", house)
	if thresholds == nil {
		text += "thresholds: none\n"
	} else {
		text += "thresholds:\n  - " + strings.Join(thresholds, "\n  - ") + "\n" + admit
	}
	for range lists {
		e.options = append(e.options, 0)
	}
	if against {
		e.options = append(e.options, rules.AgainstAll)
		text += fmt.Sprintf("options:\n  - {name: %c, kind: against-all}\n", 'A'+lists)
	} else {
		text += "options: none\n"
	}
	text += fmt.Sprintf("method: %q\nties: %s\n", m.Name, []string{"lot", "more-votes"}[r.IntN(2)])
	one := []string{"failed", "takes-all", "takes-all", "undeclared"}[r.IntN(4)]
	leads := "ignored"
	if against && r.IntN(2) == 0 {
		leads = "failed"
	}
	text += fmt.Sprintf("outcomes: {none-qualified: failed, one-qualified: %s, against-all-leads: %s}\n", one, leads)
	switch {
	case m.IsDivisor() && !m.OwesSeats() && lists > 2 && r.IntN(3) == 0:
		text += fmt.Sprintf("alliances: {qualify: each, method: %q}\n", []string{"macau", "dhondt", "sainte_lague"}[r.IntN(3)])
		e.ballot = &rules.Ballot{Alliances: [][]string{{"A", "B"}}}
		if lists == 4 && r.IntN(2) == 0 {
			e.ballot.Alliances = append(e.ballot.Alliances, []string{"C", "D"})
		} else if r.IntN(3) == 0 {
			e.ballot.Alliances[0] = []string{"A", "B", "C"}
		}
	case (m.IsDivisor() || strings.HasPrefix(m.Name, "lr:") && !strings.HasSuffix(m.Name, "_rounded")) && house > 2 && r.IntN(4) == 0:
		excess := "anew"
		if !m.IsDivisor() && r.IntN(2) == 0 {
			excess = "on-top"
		}
		text += fmt.Sprintf("cap: {seats: %d, excess: %s}\n", house/2+r.IntN(house-house/2-1), excess)
	}
	var log finding.Log
	law, ok := rules.Parse("law.yaml", []byte(text), &log)
	if !ok {
		t.Fatalf("%s\n%v", text, log.Sorted())
	}
	e.law = law
	large := []int64{6, 20, 40}[r.IntN(3)]
	left := int64(1 + r.IntN(5))
	if lists > 3 || areas > 1 {
		left = int64(1 + r.IntN(3))
	}
	for range areas {
		var votes []int64
		for range e.options {
			votes = append(votes, r.Int64N(large))
		}
		votes[0]++
		if law.Cap != nil && r.IntN(2) == 0 || m.Name == "kieswet" && r.IntN(4) > 0 { // about a majority, or above the cap
			for _, v := range votes[1:] {
				votes[0] += v
			}
			votes[0] -= r.Int64N(votes[0]/2 + 1)
		}
		e.votes = append(e.votes, votes)
		e.invalid = append(e.invalid, r.Int64N(3))
		e.more = append(e.more, 0)
	}
	for ; left > 0; left-- {
		e.more[r.IntN(areas)]++
	}
	return e
}

// No distribution of the outstanding ballots brings what was said to be settled otherwise.
func TestBoundsAreSound(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 4))
	methods := apportion.Methods()
	type tightness struct{ lists, exact, over, elections int }
	tight := map[string]*tightness{}
	distributions, loose := 0, 0
	for n := range *elections {
		m := methods[n%len(methods)]
		e := random(t, r, m)
		var log finding.Log
		s, why, ok := outlook.Of(e.set(nil), e.law, outlook.Options{Register: e.register(), Ballot: e.ballot}, &log)
		if !ok && log.Sorted()[0].Code == "SEATS" {
			continue
		}
		if !ok || why != "" {
			t.Fatalf("%v: %s %v", e, why, log.Sorted())
		}
		all := e.exhaust(t)
		distributions += all.distributions
		x := tight[m.Name]
		if x == nil {
			x = &tightness{}
			tight[m.Name] = x
		}
		x.elections++
		if len(s.Loose) > 0 {
			loose++
		}
		settled := 0
		for l, list := range s.Lists {
			settled += list.Least
			if list.Option {
				continue
			}
			if list.Least > all.least[l] || list.Most < all.most[l] {
				t.Errorf("%v\n%s: seats from %d to %d, and in truth from %d to %d (%v)", e, list.Name, list.Least, list.Most, all.least[l], all.most[l], s.Loose)
			}
			if list.Qualified == tally.Reached && !all.always[l] || list.Qualified == tally.Missed && all.ever[l] {
				t.Errorf("%v\n%s: %v, and in truth ever %v, always %v", e, list.Name, list.Qualified, all.ever[l], all.always[l])
			}
			if list.Qualified == tally.Open && e.law.Admit == nil && !all.refused && !(all.ever[l] && !all.always[l]) {
				t.Errorf("%v\n%s: whether it takes part is open, and in truth ever %v, always %v", e, list.Name, all.ever[l], all.always[l])
			}
			for i := range s.Thresholds {
				v := s.Thresholds[i].Lists[l]
				if v == tally.Reached && all.missed[i][l] || v == tally.Missed && all.reached[i][l] {
					t.Errorf("%v\n%s: threshold %d is %v", e, list.Name, i, v)
				}
				if v == tally.Open && !all.refused && !(all.missed[i][l] && all.reached[i][l]) {
					t.Errorf("%v\n%s: threshold %d is open, and in truth it is not", e, list.Name, i)
				}
			}
			if len(s.Loose) > 0 {
				continue
			}
			x.lists += 2
			slack := all.least[l] - list.Least + list.Most - all.most[l]
			if list.Least == all.least[l] {
				x.exact++
			}
			if list.Most == all.most[l] {
				x.exact++
			}
			x.over += slack
		}
		if settled != s.Settled || settled > s.House {
			t.Errorf("%v\n%d seats settled, the sum is %d", e, s.Settled, settled)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d elections, %d distributions, in %d nothing is settled", *elections, distributions, loose)
	wide, of := 0, 0 // bounds of divisor methods
	for _, m := range methods {
		if x := tight[m.Name]; x != nil {
			share := 25 // of bounds that must be exact, in percent
			switch {
			case m.IsDivisor() || m.Name == "winner_takes_all":
				wide += x.lists - x.exact
				of += x.lists
			case m.IsQuota() && m.Name != "droop_averages":
				share = 89
			}
			if x.exact*100 < x.lists*share {
				t.Errorf("%s: %d of %d bounds are exact, want %d %%", m.Name, x.exact, x.lists, share)
			}
			t.Logf("%-28s %d of %d bounds are exact, the others off by %d seats in all", m.Name, x.exact, x.lists, x.over)
		}
	}
	if wide > 1+of/4000 {
		t.Errorf("%d of %d bounds of divisor methods are not exact", wide, of)
	}
}

// As precincts come in the bounds only shrink, and the end is inside of all of them: a real
// election, whose precincts come in in any order, under every method.
func TestBoundsShrink(t *testing.T) {
	var log finding.Log
	reading := ingest.Read(ingest.Expand([]string{"../../testdata/kyrgyzstan-2020"}, &log), ingest.Options{}, &log)
	full := reading.Set
	reg := &returns.Register{File: "register.csv"}
	for p := range full.Len() {
		registered, _ := full.Line(returns.Registered).At(p)
		reg.Expected = append(reg.Expected, returns.Expected{ID: full.ID(p), Region: full.Areas[full.AreaAt(p, 1)].Name, Registered: registered})
	}
	r := rand.New(rand.NewPCG(10, 4))
	for _, m := range apportion.Methods() {
		law, _ := rules.Load(rules.Default, &log)
		other := *law
		if other.Method = m; m.Name != "lr:hare" {
			other.Cap = nil
		}
		order := r.Perm(full.Len())
		var before *outlook.State
		settled := []int{}
		for _, in := range []int{800, 1600, 2100, 2350, 2450, 2470, 2475} {
			own := &finding.Log{}
			s, why, ok := outlook.Of(part(full, order[:in]), &other, outlook.Options{Register: reg, Turnout: big.NewRat(1, 1)}, own)
			if !ok || why != "" {
				t.Fatalf("%s: %s %v", m.Name, why, own.Sorted())
			}
			settled = append(settled, s.Settled)
			for l, x := range s.Lists {
				if before == nil {
					break
				}
				if y := before.Lists[l]; x.Least < y.Least || x.Most > y.Most || y.Qualified != tally.Open && x.Qualified != y.Qualified {
					t.Errorf("%s, %d precincts in: %s has from %d to %d seats, %v, and before that from %d to %d, %v", m.Name, in, x.Name, x.Least, x.Most, x.Qualified, y.Least, y.Most, y.Qualified)
				}
			}
			before = s
		}
		if before.Settled != 120 {
			t.Errorf("%s: %d seats are settled at the end", m.Name, before.Settled)
		}
		t.Logf("%-28s settled %v", m.Name, settled)
	}
}

// part is a set of some of the precincts of another.
func part(full *returns.Set, precincts []int) *returns.Set {
	s := returns.New("region")
	s.AddFile("part.csv")
	for _, l := range full.Lists {
		s.AddList(l)
	}
	for i, p := range precincts {
		q, _ := s.AddPrecinct([]byte(full.ID(p)), s.AddArea(0, full.Areas[full.AreaAt(p, 1)].Name), i+2)
		for l := range full.Lists {
			v, _ := full.Votes(l).At(p)
			s.Put(q, l, v)
		}
		for _, line := range returns.Lines() {
			if v, ok := full.Line(line).At(p); ok {
				s.PutLine(q, line, v)
			}
		}
		s.Rows++
	}
	return s
}

// Four ballots of a precinct that is not in yet can bring Kok the last seat, which Ak has so
// far, and nothing else.
func Example() {
	set := returns.New("region")
	set.AddFile("votes.csv")
	p, _ := set.AddPrecinct([]byte("1"), 0, 2)
	set.Rows = 1
	for _, l := range []struct {
		name  string
		votes int64
	}{{"Ak", 60}, {"Kok", 29}} {
		set.Put(p, set.AddList(returns.List{ID: l.name, Name: l.name}), l.votes)
	}
	reg := &returns.Register{Expected: []returns.Expected{{ID: "1", Registered: 120}, {ID: "2", Registered: 4}}}
	var log finding.Log
	law, _ := rules.Parse("law.yaml", []byte(`{rules: 1, name: five, title: Five, seats: 5, base: valid, thresholds: none, options: none,
  method: dhondt, ties: lot, outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: ignored}}`), &log)
	s, _, ok := outlook.Of(set, law, outlook.Options{Register: reg}, &log)
	if !ok {
		fmt.Println(log.Sorted())
		return
	}
	fmt.Printf("%d of %d seats settled\n", s.Settled, s.House)
	for _, l := range s.Lists {
		fmt.Printf("%s: %d to %d\n", l.Name, l.Least, l.Most)
	}
	// Output:
	// 4 of 5 seats settled
	// Ak: 3 to 4
	// Kok: 1 to 2
}
