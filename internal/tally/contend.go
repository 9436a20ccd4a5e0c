package tally

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// An Official is the official seats of one list beside those that were computed.
type Official struct {
	List            string
	Seats, Computed int
}

// contend takes from the law and the ballot what each list is.
func (c *count) contend() bool {
	n := len(c.set.Lists)
	c.kinds, c.contenders, c.won = make([]rules.OptionKind, n), make([]rules.Contender, n), make([]int, n)
	for l, list := range c.set.Lists {
		c.contenders[l] = c.ballot.Contender(list.Name, list.ID)
		option, _ := c.law.Option(list.Name)
		c.kinds[l] = max(option.Kind, c.contenders[l].Kind)
		c.won[l] = c.contenders[l].Held
		c.looksLikeOption(l)
	}
	ok := c.exclude()
	if c.ballot == nil {
		return ok
	}
	if err := c.law.CheckBallot(c.ballot); err != nil {
		ok = c.refuse("%v", err)
	}
	for l := range c.set.Lists {
		for k := range c.set.Lists[:l] {
			if c.contenders[k].Name == c.contenders[l].Name && slices.ContainsFunc(c.ballot.Lists, func(x rules.Contender) bool { return x.Is(c.contenders[l].Name) }) {
				ok = c.refuse("%q is two lists of the data, %q and %q", c.contenders[l].Name, c.set.Lists[k].Name, c.set.Lists[l].Name)
			}
		}
	}
	for _, x := range c.ballot.Lists {
		if x.Kind == 0 { // an option that is not in the data changes nothing
			ok = c.find(x.Name) >= 0 && ok
		}
	}
	c.unused()
	for _, names := range c.ballot.Alliances {
		var lists []int
		for _, name := range names {
			l := c.find(name)
			ok = l >= 0 && ok
			if l >= 0 && c.kinds[l] == rules.Excluded {
				continue // it stands no more, with nobody
			}
			lists = append(lists, l)
		}
		c.alliances = append(c.alliances, lists)
	}
	for _, s := range c.ballot.Published {
		ok = c.find(s.List) >= 0 && ok
	}
	return ok
}

// unused warns of what the ballot says and the law has no use for, and of a day on which
// the law does not hold.
func (c *count) unused() {
	minorities, coalitions := c.law.Minorities != nil, false
	c.law.EachBar(func(t *rules.Threshold) {
		minorities = minorities || t.Minorities || t.ForMinorities
		coalitions = coalitions || len(t.Coalitions) > 0
	})
	say := func(format string, args ...any) {
		c.log.Add(finding.Finding{Code: "BALLOT", Severity: finding.Warning, File: c.ballot.File, Message: fmt.Sprintf(format, args...)})
	}
	for _, x := range c.ballot.Lists {
		if x.Minority && !minorities {
			say("%q stands for a minority, and the law %q has nothing for minorities", x.Name, c.law.Name)
		}
		if x.Parties > 1 && !coalitions {
			say("%q is a coalition of %d, and the law %q asks the same of all lists", x.Name, x.Parties, c.law.Name)
		}
	}
	if day := c.ballot.Date; day != "" && (c.law.From != "" && day < c.law.From || c.law.Until != "" && day > c.law.Until) {
		say("the election is of %s, and the law %q holds %s", day, c.law.Name, c.law.Days())
	}
}

// looksLikeOption warns of a list that takes seats and has the name of a line that takes
// none on the ballots of many countries. The plain count knows no options.
func (c *count) looksLikeOption(l int) {
	name := strings.ToLower(strings.Join(strings.Fields(c.set.Lists[l].Name), " "))
	if c.kinds[l] != 0 || c.law.Name == rules.Plain || !slices.Contains(optionWords, name) {
		return
	}
	c.log.Add(finding.Finding{Code: "OPTION", Severity: finding.Warning, Message: fmt.Sprintf("%q takes part as a list; if it takes no seats, say so in the law (options) or the ballot (kind)", c.set.Lists[l].Name)})
}

// optionWords are such names, in small letters.
var optionWords = []string{"blank", "blanks", "blank votes", "blank ballots", "blank papers", "none of the above", "nota", "against all", "others", "other", "other lists", "other parties", "independents",
	"blanco", "blancos", "votos en blanco", "en blanco", "votos blancos", "blanc", "blancs", "votes blancs", "brancos", "blanke", "blankstimmen", "sonstige", "autres", "otros", "altri", "против всех"}

// refuse notes what is wrong with the ballot.
func (c *count) refuse(format string, args ...any) bool {
	c.log.Add(finding.Finding{Code: "BALLOT", Severity: finding.Error, File: c.ballot.File, Message: fmt.Sprintf(format, args...)})
	return false
}

// find is the list that the ballot calls by a name or an id.
func (c *count) find(name string) int {
	var names []string
	for l, list := range c.set.Lists {
		if rules.Same(list.Name, name) || rules.Same(list.ID, name) || c.contenders[l].Is(name) {
			return l
		}
		names = append(names, list.Name)
	}
	c.refuse("the data has no list %q%s", name, finding.DidYouMean(name, names))
	return -1
}

// barsFall lets every list with a vote take part where none reaches the bars and the law
// says so.
func (c *count) barsFall() {
	if c.law.NoneQualified.Effect != rules.AllTakePart || slices.Contains(c.verdicts, Reached) || slices.Contains(c.verdicts, Open) {
		return
	}
	for l := range c.verdicts {
		if c.kinds[l] == 0 && c.areas[0].Votes[l] > 0 {
			c.verdicts[l], c.result.Lists[l].Qualified, c.result.Lists[l].Admitted = Reached, Reached, true
		}
	}
}

// admit lets the next largest lists take part where the law wants more of them.
func (c *count) admit() {
	a := c.law.Admit
	if a == nil || slices.Contains(c.verdicts, Open) {
		return
	}
	of := a.Base
	if c.options.Base != nil {
		of = *c.options.Base
	}
	base := c.areas[0].Base(of)
	for {
		n, together, next := 0, int64(0), -1
		for l, v := range c.verdicts {
			votes := c.areas[0].Votes[l]
			switch {
			case v == Reached:
				n++
				together += votes
			case c.kinds[l] == 0 && votes > 0 && (next < 0 || votes > c.areas[0].Votes[next]):
				next = l
			}
		}
		if a.Together != nil && !base.Known {
			c.open("whether more lists are to be admitted hangs on %s, which the data does not have", of.Words())
			c.stuck = true
			return
		}
		enough := n >= a.Lists && (a.Together == nil || together >= needed(a.Together, base.N, a.MoreThan))
		if enough || next < 0 {
			return
		}
		for l, v := range c.verdicts {
			if v != Reached && c.kinds[l] == 0 && c.areas[0].Votes[l] == c.areas[0].Votes[next] { // all that have as many
				c.verdicts[l], c.result.Lists[l].Qualified, c.result.Lists[l].Admitted = Reached, Reached, true
			}
		}
	}
}

// official holds the seats against the official ones that the ballot states.
func (c *count) official() {
	if c.ballot == nil || len(c.ballot.Published) == 0 || !c.result.Given {
		return
	}
	differ := 0
	for l, list := range c.result.Lists {
		official := 0
		for _, s := range c.ballot.Published {
			if c.find(s.List) == l {
				official = s.Seats
			}
		}
		if official == 0 && list.Seats == 0 {
			continue
		}
		c.result.Official = append(c.result.Official, Official{c.set.Lists[l].Name, official, list.Seats})
		if official != list.Seats {
			differ++
			c.log.Add(finding.Finding{Code: "OFFICIAL", Severity: finding.Warning, File: c.ballot.File, Message: fmt.Sprintf("%q: %d seats by this count, %d officially", list.Name, list.Seats, official)})
		}
	}
	if differ == 0 {
		c.log.Add(finding.Finding{Code: "OFFICIAL", Severity: finding.Note, File: c.ballot.File, Message: "every list has its official seats"})
	}
}

// scaled gives the votes with which lists take part: those of minorities count more
// where the law says so, and all are multiplied so that they stay whole.
func (c *count) scaled(lists []int, votes []int64) ([]int64, bool) {
	m := c.law.Minorities
	if m == nil || !slices.ContainsFunc(lists, func(l int) bool { return c.contenders[l].Minority }) {
		return votes, true
	}
	out := make([]int64, len(votes))
	for i, l := range lists {
		by := m.Quotient.Denom()
		if c.contenders[l].Minority {
			by = m.Quotient.Num()
		}
		v := new(big.Int).Mul(big.NewInt(votes[i]), by)
		if !v.IsInt64() {
			return nil, c.fail("OVERFLOW", "the votes for %q are too many to be multiplied by %s", c.set.Lists[l].Name, m.Quotient.RatString())
		}
		out[i] = v.Int64()
	}
	c.result.Scale, c.result.ScaledBy = m.Quotient, m.Quotient.Denom().Int64()
	return out, true
}
