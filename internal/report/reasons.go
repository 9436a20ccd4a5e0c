package report

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// lastSeats says what a seat costs, who got the last ones and who would get the
// next one.
func lastSeats(res *tally.Result) []string {
	a := res.Allocation
	if a == nil {
		return nil
	}
	name := func(i int) string { return finding.Visible(res.Lists[a.Lists[i]].Name) }
	// With a cap the last stage is the one that gave out the last seats.
	s, among := a.Certificate.Stages[len(a.Certificate.Stages)-1], ""
	if len(a.Certificate.Stages) > 1 {
		among = fmt.Sprintf("Among the lists below the cap of %d: ", res.Rules.Cap.Seats)
	}
	if !a.Problem.Method.IsQuota() {
		if s.From == s.To { // a tie, of which the quotient is told
			return nil
		}
		return []string{sentence(among + fmt.Sprintf("any divisor above %s and up to %s gives these seats, for instance %s%s.", s.From.Decimal(3), s.To.Decimal(3), s.Select(), atCap(res)))}
	}
	lines := []string{sentence(among + fmt.Sprintf("a seat for each %s votes.", quotaWords(s.Quota.Rat())))}
	var served []string
	for n, k := range s.Served {
		text := fmt.Sprintf("%s (%s)", name(s.Lists[k]), s.Remainders[k].Decimal(3))
		if n == 0 {
			text = fmt.Sprintf("%s (remainder %s)", name(s.Lists[k]), s.Remainders[k].Decimal(3))
		}
		served = append(served, text)
	}
	if len(s.Served) == 0 || s.Open > 0 {
		return lines
	}
	text := "Last seats: " + strings.Join(served, ", ")
	if len(s.Unserved) > 0 && s.Remainders[s.Unserved[0]] != s.Remainders[s.Served[len(s.Served)-1]] { // equal ones were a tie
		k := s.Unserved[0]
		text += fmt.Sprintf("; next in line %s (%s)", name(s.Lists[k]), s.Remainders[k].Decimal(3))
	}
	return append(lines, text+".")
}

// atCap names the lists that a cap holds back, which no divisor explains.
func atCap(res *tally.Result) string {
	var names []string
	for _, l := range res.Lists {
		if res.Rules.Cap != nil && l.Seats == res.Rules.Cap.Seats {
			names = append(names, finding.Visible(l.Name))
		}
	}
	if names == nil {
		return ""
	}
	return fmt.Sprintf(", but for the cap of %d that holds %s", res.Rules.Cap.Seats, strings.Join(names, ", "))
}

// sentence begins a line with a capital.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func quotaWords(q *big.Rat) string {
	whole := new(big.Int).Quo(q.Num(), q.Denom())
	if q.IsInt() {
		return group(whole.Int64())
	}
	_, decimals, _ := strings.Cut(q.FloatString(2), ".")
	return group(whole.Int64()) + "." + decimals
}

// sections are the tables behind the first one: the reasons for the seats, and
// the areas.
func sections(r Report, order []int) []section {
	res := r.Result
	var list []section
	if res.Allocation != nil && res.Allocation.Steps != nil {
		if res.Allocation.Problem.Method.IsQuota() {
			list = append(list, quotas(res)...)
		} else {
			list = append(list, awards(res))
		}
	}
	for i := range res.Areas {
		list = append(list, area(res, &res.Areas[i], order))
	}
	return list
}

// quotas shows a quota method as it is done on paper: votes over the quota, whole
// seats, remainders in falling order, and who got the leftovers.
func quotas(res *tally.Result) []section {
	a := res.Allocation
	var list []section
	for n, s := range a.Certificate.Stages {
		title := fmt.Sprintf("Why these seats: one for each %s votes, leftovers to the largest remainders", quotaWords(s.Quota.Rat()))
		if n > 0 {
			title = fmt.Sprintf("Seats above the cap of %d: %d divided among the others", res.Rules.Cap.Seats, s.House)
		}
		g := grid{header: []string{"List", "Votes", "Quotas", "Whole", "Remainder", "Leftover", "Seats"}, right: []bool{false, true, true, true, true, true, true}}
		for _, k := range slices.Concat(s.Served, s.Unserved) {
			left := "–"
			switch {
			case s.Open > 0 && s.Remainders[k] == s.Remainders[s.Unserved[0]]: // the tied ones are the best of those unserved
				left = "tied"
			case int64(s.Seats[k]) > s.Whole[k]:
				left = fmt.Sprintf("+%d", int64(s.Seats[k])-s.Whole[k])
			case int64(s.Seats[k]) < s.Whole[k]:
				left = fmt.Sprintf("−%d", s.Whole[k]-int64(s.Seats[k]))
			}
			votes := res.Lists[a.Lists[s.Lists[k]]].Votes
			quotas := new(big.Rat).Quo(new(big.Rat).SetInt64(votes), s.Quota.Rat())
			g.add(finding.Visible(res.Lists[a.Lists[s.Lists[k]]].Name), group(votes), quotas.FloatString(3), group(s.Whole[k]), s.Remainders[k].Decimal(3), left, group(int64(s.Seats[k])))
		}
		list = append(list, section{title, g})
	}
	return list
}

// awards shows a divisor method seat by seat.
func awards(res *tally.Result) section {
	a := res.Allocation
	g := grid{header: []string{"Seat", "List", "Quotient", "Runner-up", "Ahead by"}, right: []bool{true, false, true, false, true}}
	for _, s := range a.Steps {
		runner, gap := "–", "–"
		if s.RunnerUp >= 0 {
			runner, gap = finding.Visible(res.Lists[a.Lists[s.RunnerUp]].Name), s.Gap().FloatString(3)
		}
		g.add(fmt.Sprint(s.Seat), finding.Visible(res.Lists[a.Lists[s.List]].Name), s.Quotient.Decimal(3), runner, gap)
	}
	return section{"Why these seats: in the order of award, " + res.Rules.Method.Title, g}
}

// area is the table of one area.
func area(res *tally.Result, a *tally.Area, order []int) section {
	title := []string{finding.Visible(a.Name), group(int64(a.Precincts)) + " precincts"}
	for _, t := range []struct {
		name  string
		total tally.Total
	}{{"registered", a.Line(returns.Registered)}, {"cast", a.Base(rules.Cast)}, {"invalid", a.Line(returns.Invalid)}} {
		if t.total.Known {
			title = append(title, t.name+" "+group(t.total.N))
		}
	}
	g := grid{header: []string{"List", "Votes", "% of " + shownBase(res).Words()}, right: []bool{false, true, true}}
	for _, l := range order {
		share := "–"
		if s := a.Share(l, shownBase(res)); s.Of > 0 {
			share = s.Percent(2, bars(res)...)
		}
		g.add(finding.Visible(res.Lists[l].Name), group(a.Votes[l]), share)
	}
	return section{strings.Join(title, " · "), g}
}
