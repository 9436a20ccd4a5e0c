// Package story tells the story of one list in a count as a row of facts: its votes and
// shares, every bar of the law with what it had and what was needed, whether and why it
// takes part, its seats in the order of award, which was the last of them, and what it
// lacked for one more.
//
// Everything is read from a [tally.Result] that was counted with Explain and Each; nothing
// is counted again. Claims on seats are those of the allocation as it stands: how many
// votes would change it is the business of margins, not of a story. Facts stand in the
// order in which they are told; package report makes sentences of them.
package story

import (
	"cmp"
	"math/big"
	"slices"

	"kenesh/internal/apportion"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A Topic says what a fact is about, and which of its fields it has.
type Topic uint8

const (
	Votes       Topic = iota // Votes; Rank among Lists
	Share                    // Votes of a base, which is not known where Of is not
	Option                   // it is no list; Kind
	Threshold                // a bar in the nation, or in areas as a whole
	Area                     // a bar in one area
	NoThreshold              // the law has none
	TakesPart                // Verdict; Missed are the bars that it missed
	Alliance                 // With; their Votes and Seats together
	Held                     // Seats that it won in constituencies
	Counted                  // its votes count more in the division: Votes
	Seats                    // Seats of House; not known where none are given
	Division                 // a division in which it takes part: Seats of House, for Votes
	Minimum                  // Seats that it keeps whatever its share; Own: above it
	Bonus                    // Seats for the most votes, Rival second
	Majority                 // a seat for more than half of the votes
	Wholes                   // Seats for whole quotas, Claim each
	Order                    // the Numbers of the seats that it won by claims, from Claim down to Other
	Award                    // one such seat: Number, Claim, Rival next with Other
	Taken                    // Seats of whole quotas that were taken back
	LastSeat                 // its last seat: Number, Claim, before Rival with Other, who had none for it
	NextSeat                 // one seat more: its Claim; the last seat went to Rival with Other
	AtCap                    // Seats, the most that it may have
	Districts                // Seats of House in all districts of a level, in Count of them
	DistrictBar              // a bar of a district
	District                 // Seats of House in one
	Rest                     // Votes left over in the districts
	Tie                      // With; Seats
	Official                 // Seats officially
	Status                   // Why the outcome is not final
)

// topics are the names of the topics, for data.
var topics = [...]string{"votes", "share", "option", "threshold", "area", "no-threshold", "takes-part", "alliance", "held", "counted", "seats", "division", "minimum",
	"bonus", "majority", "whole-quotas", "order", "award", "taken-back", "last-seat", "next-seat", "cap", "districts", "district-bar", "district", "votes-left", "tie",
	"official", "status"}

func (t Topic) String() string { return topics[t] }

// Topics returns every topic, in the order in which they are told.
func Topics() (list []Topic) {
	for t := range topics {
		list = append(list, Topic(t))
	}
	return list
}

// A Fact is one of the story. Which fields it has its topic says; a number that is not
// known, or does not belong to it, has Known false.
type Fact struct {
	Topic  Topic
	Detail bool // one of many alike, of which others are told without being asked

	ID     string           // of a threshold, of a level of districts, or of seats besides
	In     string           // the area or the district; "": the nation
	Bar    *tally.Threshold // of Threshold, Area and DistrictBar
	Base   rules.Base       // of Share
	Kind   rules.OptionKind // of Option
	Cite   string           // the article
	Method apportion.Method // of Division and Alliance

	Votes, Of, Needed tally.Total
	FallsAt           tally.Total // the size of an unknown base from which the bar is missed
	Verdict           tally.Verdict
	Or                bool     // a bar that will do in place of the one before
	Exempt, Admitted  bool     // of Threshold: it need not reach it; of TakesPart: it reached none
	Missed            []string // the ids of bars

	Rank, Lists          int
	Areas, Short         int // of a bar in areas: held against so many, missed in so many
	Count, Among         int // of Districts: in so many of so many; of Seats: Count may come by lots; of Official: Count here
	Seats, House, Number tally.Total
	Numbers              []int
	Whose                string   // the alliance that has the seats together; "": the list
	With                 []string // other lists
	By                   apportion.Claim
	Claim, Other         *apportion.Fraction
	Rival                string // whose Other is; "" where nobody's
	Own                  bool   // Other is a claim of the list, or of its alliance; without Other, see Topic
	Within               bool   // of a division among the lists of an alliance
	Why                  string
}

// Gap is the claim less the other one; nil where there are not two, or they are roots or
// infinite.
func (f *Fact) Gap() *big.Rat {
	if f.Claim == nil || f.Other == nil || f.Claim.Rat() == nil || f.Other.Rat() == nil {
		return nil
	}
	return new(big.Rat).Sub(f.Claim.Rat(), f.Other.Rat())
}

// nearest is how many areas are told without being asked.
const nearest = 3

// Of tells the story of a list, by its index in the result, which must have been counted
// with Explain and Each.
func Of(r *tally.Result, list int) []Fact {
	t := &teller{r: r, l: list, list: &r.Lists[list]}
	t.votes()
	if t.list.Option {
		t.add(Fact{Topic: Option, Kind: t.list.Kind, Cite: t.optionCite()})
	} else {
		t.thresholds()
		t.takesPart()
		t.seats()
		t.districts()
	}
	t.outcome()
	return t.facts
}

type teller struct {
	r     *tally.Result
	l     int
	list  *tally.List
	facts []Fact
}

func (t *teller) add(f Fact) { t.facts = append(t.facts, f) }

func known[N int | int64](n N) tally.Total { return tally.Total{N: int64(n), Known: true} }

func (t *teller) votes() {
	f := Fact{Topic: Votes, Votes: known(t.list.Votes), Rank: 1}
	for _, l := range t.r.Lists {
		if l.Option {
			continue
		}
		f.Lists++
		if l.Votes > t.list.Votes {
			f.Rank++
		}
	}
	t.add(f)
	for _, b := range rules.Bases() {
		if (b == rules.ListVotes || b == rules.ValidWithoutNone) && t.list.Option && (b == rules.ListVotes || t.list.Kind != rules.Independent) && t.list.Kind != rules.Others {
			continue // it does not count there
		}
		of := t.r.Nation.Base(b)
		if of.Known && of.N > 0 || b == t.r.Base {
			t.add(Fact{Topic: Share, Base: b, Votes: known(t.list.Votes), Of: of})
		}
	}
}

func (t *teller) optionCite() string {
	if o, ok := t.r.Rules.Option(t.list.Name); ok && t.list.Kind == o.Kind {
		return o.Cite
	}
	return ""
}

func (t *teller) thresholds() {
	if len(t.r.Thresholds) == 0 {
		t.add(Fact{Topic: NoThreshold, Cite: t.r.Rules.ThresholdsCite})
	}
	for i := range t.r.Thresholds {
		bar := &t.r.Thresholds[i]
		t.bar(bar, false)
		for k := range bar.Or {
			t.bar(&bar.Or[k], true)
		}
	}
}

// bar tells of a bar in the nation, or of one in areas as a whole and then in each.
func (t *teller) bar(bar *tally.Threshold, or bool) {
	v := &bar.Lists[t.l]
	f := Fact{Topic: Threshold, ID: bar.ID, Bar: bar, Cite: cmp.Or(bar.Cite, t.r.Rules.ThresholdsCite), Or: or, Verdict: v.Verdict, Exempt: v.Exempt}
	if or {
		f.Cite = bar.Cite
	}
	switch {
	case bar.Measure == rules.BySeats:
		f.Seats, f.Needed = known(v.Seats), known(bar.Seats)
	case bar.Level == "":
		f.Votes = known(v.Share.Votes)
		if bar.Measure == rules.ByVotes || bar.Of.Known {
			f.Needed = known(v.Needed)
		}
		f.Of = bar.Of
		if v.FallsAt > 0 {
			f.FallsAt = known(v.FallsAt)
		}
	default:
		f.Areas, f.Short = bar.Areas, len(v.Missed)
		if bar.Areas > 0 {
			f.In = t.r.AreaNames[v.Area]
			t.held(&f, bar, v)
		}
	}
	t.add(f)
	t.areas(bar, v.Each)
}

// held adds what a list had and needed before a bar in an area.
func (t *teller) held(f *Fact, bar *tally.Threshold, v *tally.Verdicts) {
	f.Votes = known(v.Share.Votes)
	if v.FallsAt > 0 {
		f.FallsAt = known(v.FallsAt)
	}
	if v.Bound || bar.Base == rules.Qualified && v.Share.Of == 0 {
		return
	}
	f.Needed = known(v.Needed)
	if bar.Measure != rules.ByVotes && v.Share.Of > 0 {
		f.Of = known(v.Share.Of)
	}
}

// areas tells of a bar in each area, the weakest first; of one that any area will do for,
// the strongest.
func (t *teller) areas(bar *tally.Threshold, each []tally.Verdicts) {
	order := slices.Clone(each)
	slices.SortStableFunc(order, func(a, b tally.Verdicts) int {
		n := compare(a.Share, b.Share)
		if bar.In == rules.InAny {
			n = -n
		}
		return n
	})
	for i := range order {
		v := &order[i]
		missed := v.Verdict != tally.Reached && bar.In == rules.InEach
		f := Fact{Topic: Area, Detail: i >= nearest && !missed, ID: bar.ID, Bar: bar, In: t.r.AreaNames[v.Area], Verdict: v.Verdict}
		t.held(&f, bar, v)
		t.add(f)
	}
}

// compare compares shares exactly; one of nothing is the least.
func compare(a, b tally.Share) int {
	if a.Of == 0 || b.Of == 0 {
		return cmp.Compare(min(a.Of, 1), min(b.Of, 1))
	}
	return a.Cmp(big.NewRat(b.Votes, b.Of))
}

func (t *teller) takesPart() {
	f := Fact{Topic: TakesPart, Verdict: t.list.Qualified, Admitted: t.list.Admitted, Votes: known(t.list.Votes)}
	if f.Admitted && t.r.Rules.Admit != nil {
		f.Cite = t.r.Rules.Admit.Cite
	}
	for i := range t.r.Thresholds {
		bar := &t.r.Thresholds[i]
		if says := bar.Says(t.l); says == tally.Missed || says == tally.Open && f.Verdict == tally.Open {
			f.Missed = append(f.Missed, bar.ID)
		}
	}
	t.add(f)
}

func (t *teller) seats() {
	r := t.r
	for _, lists := range r.Alliances {
		if !slices.Contains(lists, t.l) || len(lists) < 2 {
			continue
		}
		f := Fact{Topic: Alliance, Votes: known(int64(0)), Cite: r.Rules.Alliances.Cite, Method: r.Rules.Alliances.Method}
		if r.Given {
			f.Seats = known(0)
		}
		for _, l := range lists {
			f.Votes.N += r.Lists[l].Votes
			f.Seats.N += int64(r.Lists[l].Seats)
			if l != t.l {
				f.With = append(f.With, r.Lists[l].Name)
			}
		}
		t.add(f)
	}
	if n := t.list.Stands.Held; n > 0 {
		f := Fact{Topic: Held, Seats: known(n)}
		if r.Rules.Held != nil {
			f.Cite = r.Rules.Held.Cite
		}
		t.add(f)
	}
	f := Fact{Topic: Seats}
	if r.Given {
		f.Seats, f.House = known(t.list.Seats), known(r.House+r.Levelled)
		f.Count = t.list.OpenSeats
		if r.Allocation != nil {
			f.House.N += int64(r.Allocation.Overhang)
		}
		for i := range r.Further {
			f.House.N += int64(r.Further[i].Problem.Seats)
		}
	}
	t.add(f)
	if a := r.Allocation; a != nil {
		t.division(a, Fact{}, false)
	}
	for i := range r.Within {
		t.division(&r.Within[i], Fact{Within: true}, false)
	}
	for i := range r.Further {
		t.division(&r.Further[i].Allocation, Fact{ID: r.Further[i].ID}, false)
	}
}

// division tells of the list's part in a division. is has what all of its facts have.
func (t *teller) division(a *tally.Allocation, is Fact, detail bool) {
	k := slices.IndexFunc(a.Members, func(lists []int) bool { return slices.Contains(lists, t.l) })
	if k < 0 {
		return
	}
	is.Detail = detail
	if len(a.Members[k]) > 1 {
		is.Whose = t.r.Member(a, k)
	}
	if a.Problem.Votes[k] == 0 { // it is there for what it keeps
		t.awards(a, k, is)
		return
	}
	f := is
	f.Topic, f.Method, f.Votes, f.Seats, f.House = Division, a.Problem.Method, known(a.Problem.Votes[k]), known(a.Seats[k]), known(a.Problem.Seats+a.Overhang)
	if f.Whose == "" && t.r.ScaledBy > 1 && a == t.r.Allocation {
		g := is
		g.Topic, g.Votes = Counted, f.Votes
		t.add(g)
	}
	t.add(f)
	t.awards(a, k, is)
	if a.Problem.Caps != nil && a.Seats[k] > 0 && a.Seats[k] == a.Problem.Caps[k] {
		f := is
		f.Topic, f.Seats = AtCap, known(a.Seats[k])
		if t.r.Rules.Cap != nil {
			f.Cite = t.r.Rules.Cap.Cite
		}
		t.add(f)
		return
	}
	t.edges(a, k, is)
}

// awards tells the seats of member k in the order of award.
func (t *teller) awards(a *tally.Allocation, k int, is Fact) {
	fact := func(topic Topic, seats int) Fact {
		f := is
		f.Topic, f.Seats = topic, known(seats)
		return f
	}
	for i := 0; i < len(a.Steps); {
		s := a.Steps[i]
		if s.List != k {
			i++
			continue
		}
		var run []apportion.Step // of one kind
		rest := i
		for ; rest < len(a.Steps); rest++ {
			n := a.Steps[rest]
			if n.Stage != s.Stage || n.Held != s.Held || n.Whole != s.Whole {
				break
			}
			if n.List == k {
				run = append(run, n)
			}
		}
		switch {
		case s.Held:
			f := fact(Minimum, len(run))
			f.Own = s.Stage < 0
			t.add(f)
		case s.Whole:
			f := fact(Wholes, len(run))
			f.Claim = &s.Quotient
			t.add(f)
			t.takenBack(a, k, s.Stage, is)
		case s.By == apportion.Lead:
			f := fact(Bonus, len(run))
			t.against(&f, a, s)
			if t.r.Rules.Bonus != nil {
				f.Cite = t.r.Rules.Bonus.Cite
			}
			t.add(f)
		case s.By == apportion.Majority:
			t.add(fact(Majority, len(run)))
		default:
			t.claims(a, run, is)
		}
		i = rest
	}
}

// takenBack tells of whole quotas that were more than the seats.
func (t *teller) takenBack(a *tally.Allocation, k, stage int, is Fact) {
	s := &a.Certificate.Stages[stage]
	pos := slices.Index(s.Lists, k)
	if n := s.Whole[pos] - int64(s.Seats[pos]); n > 0 {
		f := is
		f.Topic, f.Seats = Taken, known(n)
		t.add(f)
	}
}

// claims tells of seats that were won by claims: as one, and then each.
func (t *teller) claims(a *tally.Allocation, run []apportion.Step, is Fact) {
	first, last := &run[0], &run[len(run)-1]
	f := is
	f.Topic, f.Seats, f.By, f.Claim, f.Other, f.House = Order, known(len(run)), first.By, &first.Quotient, &last.Quotient, known(len(a.Steps))
	for _, s := range run {
		f.Numbers = append(f.Numbers, s.Seat)
	}
	t.add(f)
	for _, s := range run {
		f := is
		f.Topic, f.Detail, f.Number, f.By = Award, true, known(s.Seat), s.By
		t.against(&f, a, s)
		t.add(f)
	}
}

// against adds the claim of a step, and who came next.
func (t *teller) against(f *Fact, a *tally.Allocation, s apportion.Step) {
	f.By, f.Claim = s.By, &s.Quotient
	if s.RunnerUp >= 0 {
		f.Rival, f.Other, f.Own = t.r.Member(a, s.RunnerUp), &s.Next, s.RunnerUp == s.List
	}
}

// edges tells of the last seat of member k, and of what it lacked for one more, in the stage
// that gives the last seats.
func (t *teller) edges(a *tally.Allocation, k int, is Fact) {
	stages := a.Certificate.Stages
	for n := len(stages) - 1; n >= 0; n-- {
		s := &stages[n]
		pos := slices.Index(s.Lists, k)
		if pos < 0 || s.House == 0 {
			continue
		}
		switch s.By {
		case apportion.Quotient:
			t.byQuotient(a, s, n, pos, is)
		case apportion.Remainder, apportion.ByVotes:
			t.byRemainder(a, s, pos, is)
		case apportion.Average:
			t.byAverage(a, s, n, pos, is)
		default:
			continue
		}
		return
	}
}

// rivalOf puts a claim of another member, or of this one, beside the fact's own.
func (t *teller) rivalOf(f *Fact, a *tally.Allocation, s *apportion.Stage, pos, other int, claim apportion.Fraction) {
	if other >= 0 {
		f.Rival, f.Other, f.Own = t.r.Member(a, s.Lists[other]), &claim, other == pos
	}
}

// lastStep is the last seat of a member that a stage gave by a claim.
func lastStep(a *tally.Allocation, k, stage int) (apportion.Step, bool) {
	for _, s := range slices.Backward(a.Steps) {
		if s.List == k && s.Stage == stage && !s.Held && !s.Whole {
			return s, true
		}
	}
	return apportion.Step{}, false
}

// lastSeat tells of the last seat that a list was given in a stage, if it was given one.
func (t *teller) lastSeat(a *tally.Allocation, s *apportion.Stage, stage, pos int, is Fact) {
	if step, ok := lastStep(a, s.Lists[pos], stage); ok {
		is.Topic, is.Number, is.By, is.Claim = LastSeat, known(step.Seat), s.By, &step.Quotient
		t.rivalOf(&is, a, s, pos, s.FirstUnserved, s.From)
		t.add(is)
	}
}

func (t *teller) byQuotient(a *tally.Allocation, s *apportion.Stage, stage, pos int, is Fact) {
	t.lastSeat(a, s, stage, pos, is)
	next, ok := a.Problem.Method.Next(a.Problem.Votes[s.Lists[pos]], s.Seats[pos])
	if !ok || s.Open > 0 || s.LastServed < 0 || next.Cmp(s.To) > 0 {
		return // no divisor is left, a lot is, or a seat is owed to others before
	}
	f := is
	f.Topic, f.By, f.Claim = NextSeat, s.By, &next
	t.rivalOf(&f, a, s, pos, s.LastServed, s.To)
	t.add(f)
}

func (t *teller) byRemainder(a *tally.Allocation, s *apportion.Stage, pos int, is Fact) {
	claim := s.Remainders[pos]
	if s.By == apportion.ByVotes {
		claim = apportion.Fraction{}
	}
	f := is
	f.By, f.Claim = s.By, &claim
	if s.By == apportion.ByVotes {
		f.Claim = nil
	}
	if s.Open > 0 && slices.ContainsFunc(s.Unserved, func(k int) bool { return k == pos && s.Remainders[k] == s.From }) {
		return // it is tied, and that is told
	}
	served := slices.Contains(s.Served, pos)
	switch {
	case served:
		f.Topic = LastSeat
		t.rivalOf(&f, a, s, pos, s.FirstUnserved, s.From)
		t.add(f)
		f.Rival, f.Other, f.Own = "", nil, true // the remainder has brought a seat already
	case s.Seats[pos] > 0:
		f.Topic, f.Claim = LastSeat, nil // a whole quota
		f.Own = true
		t.add(f)
		f.Claim, f.Own = &claim, false
	}
	f.Topic = NextSeat
	if !served {
		t.rivalOf(&f, a, s, pos, s.LastServed, s.To)
	}
	if s.By == apportion.ByVotes {
		f.Claim = nil
	}
	t.add(f)
}

func (t *teller) byAverage(a *tally.Allocation, s *apportion.Stage, stage, pos int, is Fact) {
	t.lastSeat(a, s, stage, pos, is)
	if s.FirstUnserved == pos && s.Open == 0 && s.LastServed >= 0 {
		f := is
		f.Topic, f.By, f.Claim = NextSeat, s.By, &s.From
		t.rivalOf(&f, a, s, pos, s.LastServed, s.To)
		t.add(f)
	}
}

func (t *teller) districts() {
	for i := range t.r.Rules.Districts {
		law := &t.r.Rules.Districts[i]
		sum := Fact{Topic: Districts, ID: law.ID, Cite: law.Cite, Seats: known(0), House: known(0), Why: law.Level}
		rest := Fact{Topic: Rest, ID: law.ID, Votes: known(int64(0)), Seats: known(0)}
		pooled := false
		var each []Fact
		for n := range t.r.Districts {
			d := &t.r.Districts[n]
			if d.ID != law.ID {
				continue
			}
			sum.Among++
			sum.Seats.N += int64(d.Seats[t.l])
			sum.House.N += int64(d.House)
			if d.Seats[t.l] > 0 {
				sum.Count++
			}
			f := Fact{Topic: District, Detail: d.Seats[t.l] == 0, ID: d.ID, In: d.Name, Seats: known(d.Seats[t.l])}
			if d.House > 0 {
				f.House = known(d.House)
			}
			each = append(each, f)
			rest.Seats.N += int64(d.Left)
			if d.Rest != nil {
				pooled = true
				rest.Votes.N += d.Rest[t.l]
			}
		}
		if sum.Among == 0 {
			continue
		}
		t.add(sum)
		slices.SortStableFunc(each, func(a, b Fact) int { return cmp.Compare(b.Seats.N, a.Seats.N) })
		for _, f := range each {
			t.add(f)
		}
		if pooled {
			t.add(rest)
		}
		t.inDistricts(law)
	}
}

// inDistricts tells of the bars and the divisions of each district.
func (t *teller) inDistricts(law *rules.Districts) {
	for n := range t.r.Districts {
		d := &t.r.Districts[n]
		if d.ID != law.ID {
			continue
		}
		for i := range d.Voters {
			for k, bar := range append([]tally.Threshold{d.Voters[i]}, d.Voters[i].Or...) {
				v := &bar.Lists[t.l]
				f := Fact{Topic: DistrictBar, Detail: true, ID: bar.ID, In: d.Name, Bar: &bar, Cite: bar.Cite, Verdict: v.Verdict, Or: k > 0, Exempt: v.Exempt}
				if bar.Measure == rules.BySeats {
					f.Seats, f.Needed = known(v.Seats), known(bar.Seats)
				} else {
					t.held(&f, &bar, v)
				}
				t.add(f)
			}
		}
		if d.Given != nil {
			t.division(d.Given, Fact{ID: d.ID, In: d.Name}, true)
		}
	}
}

func (t *teller) outcome() {
	r := t.r
	for _, tie := range r.Ties {
		if !slices.ContainsFunc(tie.Names, func(name string) bool { return t.named(name) }) {
			continue
		}
		f := Fact{Topic: Tie, In: tie.In, Seats: known(tie.Seats), Why: tie.Settled.String(), Claim: &tie.Quotient}
		for _, name := range tie.Names {
			if !t.named(name) {
				f.With = append(f.With, name)
			} else if name != t.list.Name {
				f.Whose = name
			}
		}
		t.add(f)
	}
	for _, o := range r.Official {
		if o.List == t.list.Name {
			t.add(Fact{Topic: Official, Seats: known(o.Seats), Count: o.Computed})
		}
	}
	for _, why := range r.Why {
		t.add(Fact{Topic: Status, Why: why})
	}
}

// named reports whether a member of an allocation is the list, or an alliance of it.
func (t *teller) named(name string) bool {
	if name == t.list.Name {
		return true
	}
	if a := t.r.Allocation; a != nil { // alliances stand in the nation's division alone
		for k, lists := range a.Members {
			if slices.Contains(lists, t.l) && t.r.Member(a, k) == name {
				return true
			}
		}
	}
	return false
}
