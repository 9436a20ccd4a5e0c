package rules

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kenesh/internal/apportion"
)

// A Sentence is one rule of the law in plain words.
type Sentence struct {
	Rule string // the key in a rules file that it states
	Text string
	Cite string // "" = the file has none
}

func (s Sentence) String() string {
	if s.Cite == "" {
		return s.Text
	}
	return s.Text + " [" + s.Cite + "]"
}

// Sentences states the law in plain sentences, in the order of the count.
func (r *Rules) Sentences() []Sentence {
	var list []Sentence
	rule := ""
	add := func(cite, format string, args ...any) {
		list = append(list, Sentence{rule, fmt.Sprintf(format, args...), cite})
	}
	rule = "seats"
	add(r.SeatsCite, "There are %s.", plural(r.Seats, "seat"))
	rule = "base"
	add(r.BaseCite, "Shares are of %s: %s.", r.Base.Words(), r.Base.Means())
	rule = "thresholds"
	own := slices.ContainsFunc(r.Districts, func(d Districts) bool { return len(d.Thresholds) > 0 })
	switch {
	case len(r.Thresholds) == 0 && own:
		add(r.ThresholdsCite, "There is no threshold in the nation.")
	case len(r.Thresholds) == 0:
		add(r.ThresholdsCite, "There is no threshold.")
	}
	for _, t := range r.Thresholds {
		add(t.Cite, "A list needs %s to take part.", t.sentence())
	}
	rule = "admit"
	r.admitSentence(add)
	rule = "options"
	if len(r.Options) == 0 {
		add(r.OptionsCite, "Every line of the ballot can take seats.")
	}
	for _, o := range r.Options {
		add(o.Cite, "%q takes no seats (%s).", o.Name, o.Kind)
	}
	rule = "alliances"
	if a := r.Alliances; a != nil {
		how := "each must reach the thresholds by itself"
		if a.Together {
			how = "their votes are held against the thresholds together"
		}
		add(a.Cite, "Lists may stand together as one: %s, and they share their seats by %s.", how, a.Method.Title)
	}
	rule = "districts"
	for i := range r.Districts {
		r.districtSentences(&r.Districts[i], add)
	}
	r.methodSentences(&rule, add)
	rule = "further"
	for _, f := range r.Further {
		add(f.Cite, "Besides, %s (%s) are divided among the same lists by %s.", plural(f.Seats, "seat"), f.ID, f.Method.Title)
	}
	rule = "cap"
	if r.Cap != nil {
		how := "the seats above that are divided anew with all that remain"
		if r.Cap.Excess == apportion.ExcessOnTop {
			how = "the seats above that go to the other lists in proportion to their votes, on top of what they have"
		}
		add(r.Cap.Cite, "No list takes more than %d seats; %s.", r.Cap.Seats, how)
	}
	rule = "ties"
	if r.MoreVotes {
		add(r.TiesCite, "Of lists with equal claims the one with more votes comes first; then a lot is drawn.")
	} else {
		add(r.TiesCite, "Between lists with equal claims a lot is drawn.")
	}
	rule = "outcomes"
	if r.Nation == nil || r.Nation.Takes != Nothing { // else they never come up
		add(r.NoneQualified.Cite, "If no list qualifies, %s.", r.NoneQualified.Effect.means())
		add(r.OneQualified.Cite, "If a single list qualifies, %s.", r.OneQualified.Effect.means())
	}
	if r.hasAgainstAll() {
		add(r.AgainstAllLeads.Cite, "If \"against all\" has more votes than the leading list, %s.", r.AgainstAllLeads.Effect.means())
	}
	rule = "annulment"
	if a := r.Annulment; a != nil {
		add(a.Cite, "If precincts with %s of %s are annulled, the whole election may be declared void.", bar(a.Share, a.MoreThan), a.Base.Words())
	}
	return list
}

// Uncited are the keys of the rules that have no citation, in the order of the count.
func (r *Rules) Uncited() []string {
	var list []string
	for _, s := range r.Sentences() {
		if s.Cite == "" && !slices.Contains(list, s.Rule) {
			list = append(list, s.Rule)
		}
	}
	return list
}

func (r *Rules) admitSentence(add func(cite, format string, args ...any)) {
	a := r.Admit
	if a == nil {
		return
	}
	var until []string
	if a.Lists > 0 {
		until = append(until, fmt.Sprintf("there are %d", a.Lists))
	}
	if a.Together != nil {
		until = append(until, fmt.Sprintf("together they have %s of %s", bar(a.Together, a.MoreThan), a.Base.Words()))
	}
	add(a.Cite, "If too few lists qualify, the next largest take part as well, one by one, until %s.", strings.Join(until, " and "))
}

func (r *Rules) districtSentences(d *Districts, add func(cite, format string, args ...any)) {
	switch n, known := d.total(); {
	case d.ByVotes != nil:
		add(d.Cite, "The %d seats are divided among the %ss by %s, by %s.", n, d.Level, d.ByVotes.Base.Words(), d.ByVotes.Method.Title)
	case known:
		var seats []string
		for _, a := range d.Seats {
			seats = append(seats, fmt.Sprintf("%s %d", a.Area, a.Seats))
		}
		add(d.Cite, "%s are divided in %d %ss: %s.", plural(n, "seat"), len(d.Seats), d.Level, strings.Join(seats, ", "))
	case d.Each > 0:
		add(d.Cite, "Each %s has %s.", d.Level, plural(d.Each, "seat"))
	case d.Announced:
		add(d.Cite, "Each %s has the seats that are announced before the election.", d.Level)
	}
	cite := d.Cite
	if d.Method.Name == r.Method.Name && r.Nation.Takes == Nothing && r.MethodCite != "" {
		cite = r.MethodCite // the method is the law's
	}
	who := "Every list takes part"
	if d.National {
		who = "The lists that reach the national thresholds take part"
	}
	how := "seats are divided by " + d.Method.Title
	switch {
	case d.QuotaOf != "":
		how = fmt.Sprintf("a list has a seat for each whole quota of the %s in which the %s lies", d.QuotaOf, d.Level)
	case d.Up:
		how = fmt.Sprintf("a list has a seat for each whole quota (%s%s), and the seats left go up", d.Method.Formula, quotaOf(d.QuotaBase))
	case d.QuotaBase != nil:
		how += quotaOf(d.QuotaBase)
	}
	if i := slices.IndexFunc(r.Districts, func(x Districts) bool { return x.ID == d.ID }); i > 0 && d.Up {
		how += "; what it won in the smaller districts counts"
	}
	switch {
	case r.Nation.Takes == Biproportional && len(d.Thresholds) == 0:
		add(d.Cite, "%s in the %s.", who, d.Level)
		return
	case len(d.Thresholds) == 0:
		add(cite, "%s in the %s; %s.", who, d.Level, how)
		return
	}
	for _, t := range d.Thresholds {
		add(t.Cite, "A list needs %s to take part in the %s.", t.sentence(), d.Level)
	}
	add(cite, "In the %s %s.", d.Level, how)
}

func quotaOf(base *Base) string {
	if base == nil {
		return ""
	}
	return ", the quota being of " + base.Words()
}

// methodSentences states what the nation divides and how.
func (r *Rules) methodSentences(rule *string, add func(cite, format string, args ...any)) {
	*rule = "method"
	n := r.Nation
	switch {
	case n == nil:
		add(r.MethodCite, "Seats are divided by %s.", r.Method.Title)
	case n.Takes != Nothing:
		add(r.MethodCite, "In the nation seats are divided by %s.", r.Method.Title)
	}
	if q := r.QuotaBase; q != nil {
		*rule = "quota-base"
		add(q.Cite, "The quota is of %s, not of the votes of the lists that take part.", q.Base.Words())
	}
	if n != nil {
		*rule = "nation"
		text := "The nation " + takesTable[n.Takes].means
		switch {
		case n.Takes == Levelling:
			text += ". Where a list won more in the districts than its share, " + overhangTable[n.Overhang].means
		case n.Takes == Biproportional && n.Rounded:
			text += ". A list stands with its voters: its votes over the seats of the district, rounded in each"
		case n.Takes == Biproportional:
			text += ". A list stands with its voters: its votes over the seats of the district"
		}
		add(n.Cite, "%s.", text)
	}
	if m := r.Minorities; m != nil {
		*rule = "minorities"
		add(m.Cite, "Votes for lists of national minorities count %s times.", decimal(m.Quotient))
	}
	if b := r.Bonus; b != nil {
		*rule = "bonus"
		if b.Kind == apportion.BonusFloor {
			add(b.Cite, "The list with the most votes has at least %s.", plural(b.Seats, "seat"))
		} else {
			add(b.Cite, "The list with the most votes has %s first; all lists share the others.", plural(b.Seats, "seat"))
		}
	}
	if m := r.Minimum; m != nil {
		*rule = "minimum"
		add(m.Cite, "A list that takes part has at least %s.", plural(m.Seats, "seat"))
	}
	if h := r.Held; h != nil {
		*rule = "held"
		text := "Seats won in constituencies count in the house. Where a list won more than its share, " + overhangTable[h.Overhang].means
		if h.Tolerate > 0 {
			text += fmt.Sprintf("; up to %s above the shares are not levelled", plural(h.Tolerate, "seat"))
		}
		add(h.Cite, "%s.", text)
	}
}

// decimal writes a number that is one: 27/20 is 1.35.
func decimal(r *big.Rat) string {
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

func bar(share *big.Rat, moreThan bool) string {
	if moreThan {
		return "more than " + Percent(share)
	}
	return "at least " + Percent(share)
}

// sentence is a bar and the ways around it, behind "needs".
func (t *Threshold) sentence() string {
	text := t.whole()
	for _, or := range t.Or {
		text += ", or with " + or.whole() + or.citeBeside(t)
	}
	return text
}

// citeBeside is the citation of a bar that stands in the sentence of another one, where
// it has its own.
func (t *Threshold) citeBeside(first *Threshold) string {
	if t.Cite == "" || t.Cite == first.Cite {
		return ""
	}
	return " (" + t.Cite + ")"
}

func (t *Threshold) whole() string {
	text := "at least " + t.Words()
	if t.MoreThan {
		text = "more than " + t.Words()
	}
	if t.Measure == ByShare || t.Measure == ByQuota {
		text += " of " + t.Base.Words()
	}
	if t.Measure == BySeats {
		text += " won elsewhere"
	} else {
		text += " " + t.Where()
	}
	for _, c := range t.Coalitions {
		text += fmt.Sprintf(", a coalition of %d parties or more %s", c.Parties, Percent(c.Share))
	}
	if t.ForMinorities {
		text += " (lists of national minorities alone)"
	}
	if t.Minorities {
		text += " (lists of national minorities are exempt)"
	}
	return text
}

// Percent states a share as laws do: 0.7 %, or as a ratio when it is no round
// percentage.
func Percent(share *big.Rat) string {
	p := new(big.Rat).Mul(share, big.NewRat(100, 1))
	if digits, exact := p.FloatPrec(); exact {
		return p.FloatString(digits) + " %"
	}
	return share.RatString()
}

// Where is the place of a bar, behind its height: "in the nation", "in each of the 9
// regions", "in any 2 districts".
func (t *Threshold) Where() string {
	text := ""
	switch t.In {
	case InNation:
		return "in the nation"
	case Here:
		return "there"
	case InEach:
		text = "in each " + t.Level
		if t.Areas > 0 {
			text = fmt.Sprintf("in each of the %d %ss", t.Areas, t.Level)
		}
	case InAny:
		text = "in any " + t.Level
		if t.Count > 1 {
			text = fmt.Sprintf("in any %d %ss", t.Count, t.Level)
		}
		if t.Areas > 0 {
			text += fmt.Sprintf(" of %d", t.Areas)
		}
	}
	if len(t.Except) > 0 {
		text += " (but not " + strings.Join(t.Except, ", ") + ")"
	}
	return text
}
