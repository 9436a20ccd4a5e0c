package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// lastSeats says what a seat costs, who got the last ones and who would get the
// next one, in each stage that stands.
func lastSeats(res *tally.Result) []string {
	a := res.Allocation
	if a == nil {
		return nil
	}
	var lines []string
	for n := range a.Certificate.Stages {
		lines = append(lines, stageWords(res, a, n)...)
	}
	lines = append(lines, byMinimums(res, a)...)
	for i := range res.Within {
		w := &res.Within[i]
		if w.Problem.Seats == 0 {
			continue
		}
		lines = append(lines, shared(res, w)+".")
		for n := range w.Certificate.Stages {
			for _, line := range stageWords(res, w, n) {
				lines = append(lines, "  "+line)
			}
		}
	}
	return lines
}

// byMinimums names those that have their minimum, and says how the house grows for it.
func byMinimums(res *tally.Result, a *tally.Allocation) (lines []string) {
	for k, n := range a.Problem.Minimums {
		if n == 0 || a.Seats[k] != n {
			continue
		}
		name, seats := finding.Visible(res.Member(a, k)), Group(int64(n))+" seat"+plural(int64(n))
		switch {
		case len(res.Rules.Districts) > 0:
			lines = append(lines, fmt.Sprintf("%s keeps the %s that it won in the districts.", name, seats))
		case res.Rules.Held != nil:
			lines = append(lines, fmt.Sprintf("%s keeps the %s that it holds.", name, seats))
		default:
			lines = append(lines, fmt.Sprintf("%s has its minimum of %s.", name, seats))
		}
	}
	if n := a.Overhang + res.Levelled; n > 0 {
		lines = append(lines, fmt.Sprintf("The house grows by %s seat%s to %s.", Group(int64(n)), plural(int64(n)), Group(int64(a.Problem.Seats+a.Overhang))))
	}
	return lines
}

// levels says where the seats come from that the nation does not divide.
func levels(res *tally.Result) (lines []string) {
	if res.Scale != nil {
		digits, _ := res.Scale.FloatPrec()
		lines = append(lines, fmt.Sprintf("Votes for lists of national minorities count %s times; for whole numbers all votes are multiplied by %d, and so are quotas and quotients here.", res.Scale.FloatString(digits), res.ScaledBy))
	}
	left := 0
	for _, d := range res.Districts {
		left += d.Left
	}
	if n := res.Rules.Nation; n != nil && res.Given {
		switch n.Takes {
		case rules.Pool:
			lines = append(lines, fmt.Sprintf("The nation divides the %s seat%s that the districts left, among the votes left over there.", Group(int64(left)), plural(int64(left))))
		case rules.Nothing:
			lines = append(lines, fmt.Sprintf("The seats are those of %d districts.", len(res.Districts)))
		case rules.Biproportional:
			lines = append(lines, "Lists stand with their voters: their votes over the seats of each district.")
		}
	}
	if res.Given && len(res.Districts) > 0 && !res.Explained {
		lines = append(lines, "For the seats of each district: --explain.")
	}
	for _, f := range res.Further {
		var got []string
		for k, n := range f.Seats {
			if n > 0 {
				got = append(got, fmt.Sprintf("%s %d", finding.Visible(res.Member(&f.Allocation, k)), n))
			}
		}
		lines = append(lines, fmt.Sprintf("%s seat%s besides (%s), by %s: %s.", Group(int64(f.Problem.Seats)), plural(int64(f.Problem.Seats)), finding.Visible(f.ID), f.Problem.Method.Title, strings.Join(got, ", ")))
	}
	return lines
}

// shared says how many seats an alliance shares.
func shared(res *tally.Result, a *tally.Allocation) string {
	var names []string
	for k := range a.Members {
		names = append(names, finding.Visible(res.Member(a, k)))
	}
	return fmt.Sprintf("%s share %s seat%s by %s", strings.Join(names, ", "), Group(int64(a.Problem.Seats)), plural(int64(a.Problem.Seats)), a.Problem.Method.Title)
}

// stageWords tells of one stage. Of stages that are divided anew because of a cap the
// last is the one that gave out the last seats.
func stageWords(res *tally.Result, a *tally.Allocation, n int) []string {
	stages := a.Certificate.Stages
	s := &stages[n]
	among := ""
	if s.By == apportion.Remainder || s.By == apportion.Quotient || s.By == apportion.ByVotes {
		switch {
		case n+1 < len(stages) && stages[n+1].By == s.By:
			return nil
		case n > 0 && stages[n-1].By == s.By:
			among = "Among the lists that are not at their bounds: "
			if a.Problem.Minimums == nil && res.Rules.Cap != nil {
				among = fmt.Sprintf("Among the lists below the cap of %d: ", res.Rules.Cap.Seats)
			}
		}
	}
	if s.House == 0 && s.By != apportion.Majority {
		return nil // minimums or a bonus have taken all
	}
	name := func(k int) string { return finding.Visible(res.Member(a, s.Lists[k])) }
	switch s.By {
	case apportion.Remainder, apportion.ByVotes:
		return append([]string{sentence(among + fmt.Sprintf("a seat for each %s.", votesWords(s.Quota.Rat())))}, leftovers(s, name)...)
	case apportion.Average:
		if s.LastServed < 0 || s.Open > 0 {
			return nil
		}
		text := fmt.Sprintf("%d more by votes for each seat, the last to %s (%s)", s.House, name(s.LastServed), s.To.Decimal(3))
		if s.FirstUnserved >= 0 && s.From != s.To {
			text += fmt.Sprintf("; next in line %s (%s)", name(s.FirstUnserved), s.From.Decimal(3))
		}
		return []string{text + "."}
	case apportion.Lead:
		if k := slices.IndexFunc(s.Seats, func(seats int) bool { return seats > 0 }); k >= 0 {
			return []string{fmt.Sprintf("%s has the most votes%s and takes %s seat%s.", name(k), ahead(res, a, s, k), Group(int64(s.Seats[k])), plural(int64(s.Seats[k])))}
		}
	case apportion.Majority:
		k, l := slices.Index(s.Seats, 1), slices.Index(s.Seats, -1)
		if k >= 0 && l >= 0 {
			return []string{fmt.Sprintf("%s has more than half of the votes, and so the last seat of %s.", name(k), name(l))}
		}
	case apportion.Quotient:
		if s.From != s.To { // else a tie, of which the quotient is told
			return []string{sentence(among + fmt.Sprintf("any divisor above %s and up to %s gives these seats, for instance %s%s.", s.From.Decimal(3), s.To.Decimal(3), divisorWords(s.Select()), atCap(res, a)))}
		}
	}
	return nil
}

// ahead says by how many votes the k-th leads.
func ahead(res *tally.Result, a *tally.Allocation, s *apportion.Stage, k int) string {
	votes := func(k int) int64 { return a.Problem.Votes[s.Lists[k]] }
	second := -1
	for l := range s.Lists {
		if l != k && (second < 0 || votes(l) > votes(second)) {
			second = l
		}
	}
	switch {
	case second < 0:
		return ""
	case votes(second) == votes(k):
		return " as others have, and drew the lot"
	}
	return fmt.Sprintf(", %s more than %s,", Group(votes(k)-votes(second)), finding.Visible(res.Member(a, s.Lists[second])))
}

// leftovers says who got the leftovers of a quota, and who just missed.
func leftovers(s *apportion.Stage, name func(k int) string) []string {
	if len(s.Served) == 0 || s.Open > 0 {
		return nil
	}
	label := func(k int) string { return fmt.Sprintf("%s (%s)", name(k), s.Remainders[k].Decimal(3)) }
	text, first := "Last seats: ", fmt.Sprintf("%s (remainder %s)", name(s.Served[0]), s.Remainders[s.Served[0]].Decimal(3))
	if s.By == apportion.ByVotes {
		label = name
		text, first = "Last seats, to the lists with the most votes: ", name(s.Served[0])
	}
	served := []string{first}
	for _, k := range s.Served[1:] {
		served = append(served, label(k))
	}
	text += strings.Join(served, ", ")
	if k := s.FirstUnserved; k >= 0 && s.From != s.To { // equal ones were a tie
		text += "; next in line " + label(k)
	}
	return []string{text + "."}
}

// atCap names the lists that a cap, or the end of the divisors, holds back, which no
// divisor explains.
func atCap(res *tally.Result, a *tally.Allocation) string {
	var names, single []string
	for k, n := range a.Problem.Caps {
		if n == 0 || a.Seats[k] != n {
			continue
		}
		name := finding.Visible(res.Member(a, k))
		if res.Rules.Cap != nil && n == res.Rules.Cap.Seats {
			names = append(names, name)
		} else {
			single = append(single, fmt.Sprintf("%s (%d)", name, n))
		}
	}
	text := ""
	if names != nil {
		text = fmt.Sprintf(", but for the cap of %d that holds %s", res.Rules.Cap.Seats, strings.Join(names, ", "))
	}
	if single != nil {
		text += ", but for the seats that limit " + strings.Join(single, ", ")
	}
	return text
}

// sentence begins a line with a capital.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// votesWords is a number of votes: "1 vote", "12.50 votes".
func votesWords(q *big.Rat) string {
	if q.Cmp(big.NewRat(1, 1)) == 0 {
		return "vote"
	}
	return quotaWords(q) + " votes"
}

// divisorWords is a round divisor, which has few decimals.
func divisorWords(d apportion.Fraction) string {
	if r := d.Rat(); r != nil {
		if digits, exact := r.FloatPrec(); exact {
			return r.FloatString(digits)
		}
	}
	return d.String()
}

func quotaWords(q *big.Rat) string {
	whole := new(big.Int).Quo(q.Num(), q.Denom())
	if q.IsInt() {
		return Group(whole.Int64())
	}
	_, decimals, _ := strings.Cut(q.FloatString(2), ".")
	return Group(whole.Int64()) + "." + decimals
}

// sections are the tables behind the first one: the reasons for the seats, and
// the areas.
func sections(r Report, order []int) []section {
	res := r.Result
	var list []section
	if res.Allocation != nil {
		list = append(list, why(res, res.Allocation, "Why these seats: ")...)
	}
	for i := range res.Within {
		list = append(list, why(res, &res.Within[i], shared(res, &res.Within[i])+": ")...)
	}
	for i := range res.Further {
		f := &res.Further[i]
		list = append(list, why(res, &f.Allocation, fmt.Sprintf("%d seats besides (%s): ", f.Problem.Seats, finding.Visible(f.ID)))...)
	}
	if res.Explained {
		list = append(list, byDistrict(res, order)...)
		list = append(list, barsHere(res)...)
		for i := range res.Districts {
			if d := &res.Districts[i]; d.Given != nil {
				list = append(list, why(res, d.Given, finding.Visible(d.Name)+": ")...)
			}
		}
	}
	for i := range res.Areas {
		list = append(list, area(res, &res.Areas[i], order))
	}
	return list
}

// byDistrict is a table of each level of districts: its seats and whose they are.
func byDistrict(res *tally.Result, order []int) (list []section) {
	for n, law := range res.Rules.Districts {
		var lists []int
		for _, l := range order {
			for _, d := range res.Districts {
				if d.ID == law.ID && d.Seats[l] > 0 {
					lists = append(lists, l)
					break
				}
			}
		}
		g := grid{header: []string{sentence(law.Level), "Seats"}, right: []bool{false, true}}
		for _, l := range lists {
			g.header, g.right = append(g.header, finding.Visible(res.Lists[l].Name)), append(g.right, true)
		}
		if law.Up {
			g.header, g.right = append(g.header, "Left"), append(g.right, true)
		}
		open := slices.ContainsFunc(res.Districts, func(d tally.District) bool { return d.ID == law.ID && d.Open > 0 })
		if open {
			g.header, g.right = append(g.header, "Tied"), append(g.right, true)
		}
		for _, d := range res.Districts {
			if d.ID != law.ID {
				continue
			}
			row := []string{finding.Visible(d.Name), dash(d.House)}
			for _, l := range lists {
				row = append(row, dash(d.Seats[l]))
			}
			if law.Up {
				row = append(row, dash(d.Left))
			}
			if open {
				row = append(row, dash(d.Open))
			}
			g.add(row...)
		}
		title := "Seats by " + law.Level
		if n > 0 {
			title += ", beside those of the smaller districts"
		}
		list = append(list, section{title, g})
	}
	return list
}

// barsHere is, for each district with bars of its own, the list that is in by least and the
// one that is out by least.
func barsHere(res *tally.Result) (list []section) {
	for _, law := range res.Rules.Districts {
		for k := range law.Thresholds {
			t := &law.Thresholds[k]
			if t.In != rules.Here || t.Measure == rules.BySeats {
				continue
			}
			g := grid{header: []string{sentence(law.Level), "Needed", "Just in", "Over by", "Just out", "Short by"}, right: []bool{false, true, false, true, false, true}}
			for _, d := range res.Districts {
				if d.ID != law.ID || k >= len(d.Voters) {
					continue
				}
				in, out := -1, -1
				v := d.Voters[k].Lists
				over := func(l int) int64 { return v[l].Share.Votes - v[l].Needed }
				for l := range v {
					switch {
					case res.Lists[l].Option || v[l].Share.Votes == 0 || v[l].Verdict == tally.Open:
					case over(l) >= 0 && (in < 0 || over(l) < over(in)):
						in = l
					case over(l) < 0 && (out < 0 || over(l) > over(out)):
						out = l
					}
				}
				row := []string{finding.Visible(d.Name), "–", "–", "–", "–", "–"}
				if n := d.Voters[k].Needed; n.Known {
					row[1] = Group(n.N)
				}
				if in >= 0 {
					row[2], row[3] = finding.Visible(res.Lists[in].Name), Group(over(in))
				}
				if out >= 0 {
					row[4], row[5] = finding.Visible(res.Lists[out].Name), Group(-over(out))
				}
				g.add(row...)
			}
			list = append(list, section{fmt.Sprintf("Who takes part: %s in each %s", t.Brief(), law.Level), g})
		}
	}
	return list
}

// dash is a number of seats, none as a dash.
func dash(n int) string {
	if n == 0 {
		return "–"
	}
	return Group(int64(n))
}

// why shows each stage of a division that was explained.
func why(res *tally.Result, a *tally.Allocation, title string) (list []section) {
	if a.Steps == nil {
		return nil
	}
	for n := range a.Certificate.Stages {
		switch s := &a.Certificate.Stages[n]; {
		case s.House == 0:
		case s.By == apportion.Remainder, s.By == apportion.ByVotes:
			list = append(list, quotas(res, a, n, title))
		case s.By == apportion.Lead:
			list = append(list, runs(res, a, n, "The list with the most votes", "Votes"))
		case s.By != apportion.Majority:
			list = append(list, awards(res, a, n, title))
		}
	}
	if held := runs(res, a, -1, "Seats that minimums give", ""); len(held.grid.rows) > 0 {
		list = append(list, held)
	}
	return list
}

// runs shows seats that one list after the other gets in a row: those of a bonus, or,
// as stage -1, those that minimums give beside the division.
func runs(res *tally.Result, a *tally.Allocation, n int, title, claim string) section {
	g := grid{header: []string{"Seats", "List"}, right: []bool{true, false}}
	if claim != "" {
		g.header, g.right = append(g.header, claim), append(g.right, true)
	}
	for i := 0; i < len(a.Steps); i++ {
		first := a.Steps[i]
		if !ofRun(first, n) {
			continue
		}
		for i+1 < len(a.Steps) && ofRun(a.Steps[i+1], n) && a.Steps[i+1].List == first.List {
			i++
		}
		seats := fmt.Sprint(first.Seat)
		if last := a.Steps[i].Seat; last > first.Seat {
			seats = fmt.Sprintf("%d–%d", first.Seat, last)
		}
		row := []string{seats, finding.Visible(res.Member(a, first.List))}
		if claim != "" {
			row = append(row, Group(a.Problem.Votes[first.List]))
		}
		g.add(row...)
	}
	return section{title, g}
}

// ofRun reports whether a step is one of the stage, or for -1 of the minimums, which
// stand beside the stages or before the seats of one.
func ofRun(s apportion.Step, n int) bool {
	if s.Held {
		return n < 0
	}
	return s.Stage == n
}

// quotas shows a quota method as it is done on paper: votes over the quota, whole
// seats, remainders in falling order, and who got the leftovers.
func quotas(res *tally.Result, a *tally.Allocation, n int, title string) section {
	s := &a.Certificate.Stages[n]
	to := "remainders"
	if s.By == apportion.ByVotes {
		to = "lists"
	}
	if stages := a.Certificate.Stages; n+1 < len(stages) && stages[n+1].By == s.By && a.Problem.Excess == apportion.ExcessAnew {
		title = "At first, before lists beyond their bounds are left out: "
	}
	title += fmt.Sprintf("one for each %s, leftovers to the largest %s", votesWords(s.Quota.Rat()), to)
	if n > 0 && a.Certificate.Stages[n-1].By == s.By {
		title = fmt.Sprintf("%d seats divided among the lists that are not at their bounds", s.House)
		if res.Rules.Cap != nil && res.Rules.Cap.Excess == apportion.ExcessOnTop {
			title = fmt.Sprintf("Seats above the cap of %d: %d divided among the others", res.Rules.Cap.Seats, s.House)
		}
	}
	g := grid{header: []string{"List", "Votes", "Quotas", "Whole", "Remainder", "Leftover", "Seats"}, right: []bool{false, true, true, true, true, true, true}}
	for _, k := range slices.Concat(s.Served, s.Unserved) {
		left := "–"
		switch {
		case s.Open > 0 && s.FirstUnserved >= 0 && s.Remainders[k] == s.Remainders[s.FirstUnserved]: // the tied ones are the best of those unserved
			left = "tied"
		case int64(s.Seats[k]) > s.Whole[k]:
			left = fmt.Sprintf("+%d", int64(s.Seats[k])-s.Whole[k])
		case int64(s.Seats[k]) < s.Whole[k]:
			left = fmt.Sprintf("−%d", s.Whole[k]-int64(s.Seats[k]))
		}
		votes := a.Problem.Votes[s.Lists[k]]
		quotas := new(big.Rat).Quo(new(big.Rat).SetInt64(votes), s.Quota.Rat())
		g.add(finding.Visible(res.Member(a, s.Lists[k])), Group(votes), quotas.FloatString(3), Group(s.Whole[k]), s.Remainders[k].Decimal(3), left, Group(int64(s.Seats[k])))
	}
	return section{title, g}
}

// awards shows a stage seat by seat.
func awards(res *tally.Result, a *tally.Allocation, n int, title string) section {
	claim := "Quotient"
	title += "in the order of award, " + a.Problem.Method.Title
	if a.Certificate.Stages[n].By == apportion.Average {
		claim, title = "Votes a seat", "The seats that are left: to the most votes for each seat"
	}
	g := grid{header: []string{"Seat", "List", claim, "Runner-up", "Ahead by"}, right: []bool{true, false, true, false, true}}
	for _, s := range a.Steps {
		if s.Stage != n || s.Held {
			continue
		}
		runner, gap, quotient := "–", "–", s.Quotient.Decimal(3)
		if s.RunnerUp >= 0 {
			runner, gap = finding.Visible(res.Member(a, s.RunnerUp)), s.Gap().FloatString(3)
		}
		g.add(fmt.Sprint(s.Seat), finding.Visible(res.Member(a, s.List)), quotient, runner, gap)
	}
	return section{title, g}
}

// area is the table of one area.
func area(res *tally.Result, a *tally.Area, order []int) section {
	title := []string{finding.Visible(a.Name), Group(int64(a.Precincts)) + " precincts"}
	for _, t := range []struct {
		name  string
		total tally.Total
	}{{"registered", a.Line(returns.Registered)}, {"cast", a.Base(rules.Cast)}, {"invalid", a.Line(returns.Invalid)}} {
		if t.total.Known {
			title = append(title, t.name+" "+Group(t.total.N))
		}
	}
	g := grid{header: []string{"List", "Votes", "% of " + shownBase(res).Words()}, right: []bool{false, true, true}}
	if a.Seats != nil {
		g.header, g.right = append(g.header, "Seats"), append(g.right, true)
	}
	for _, l := range order {
		share := "–"
		if s := a.Share(l, shownBase(res)); s.Of > 0 {
			share = s.Percent(2, bars(res)...)
		}
		row := []string{finding.Visible(res.Lists[l].Name), Group(a.Votes[l]), share}
		if a.Seats != nil {
			row = append(row, dash(a.Seats[l]))
		}
		g.add(row...)
	}
	return section{strings.Join(title, " · "), g}
}
