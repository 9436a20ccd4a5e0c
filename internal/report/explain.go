package report

import (
	_ "embed"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/story"
	"kenesh/internal/tally"
)

// ExplainSchema is the JSON Schema of what WriteExplain writes as "json".
//
//go:embed explain-1.schema.json
var ExplainSchema string

// WriteExplain renders the story of a list, by its index, as far as the facts go. The format
// must be one of [Formats].
func WriteExplain(w io.Writer, format string, r Report, list int, facts []story.Fact) error {
	s := storyOf{r.Result, list, facts}
	switch format {
	case "json":
		return writeIndented(w, s.wire(r))
	case "jsonl":
		return writeLines(w, s.rows())
	case "csv":
		return s.writeDelimited(w, ',')
	case "tsv":
		return s.writeDelimited(w, '\t')
	case "markdown":
		return s.writeMarkdown(w)
	}
	return s.writeText(w, painter(r.Color))
}

// storyOf is a story on its way to the page.
type storyOf struct {
	*tally.Result
	list  int
	facts []story.Fact
}

func (s *storyOf) head() []string {
	lines := heading(s.Result)
	lines[0] = finding.Visible(s.Lists[s.list].Name) + " · " + lines[0]
	return lines
}

// chapters are the parts of the story, by its topics.
var chapters = []struct {
	title string
	last  story.Topic
}{{"Votes", story.Option}, {"Thresholds", story.TakesPart}, {"Seats", story.AtCap}, {"Districts", story.Rest}, {"Outcome", story.Status}}

// chapter is the one that a fact stands in: what is told of a district stands with the
// districts.
func chapter(f *story.Fact) string {
	if f.In != "" && f.Topic > story.TakesPart && f.Topic <= story.AtCap {
		return "Districts"
	}
	for _, c := range chapters {
		if f.Topic <= c.last {
			return c.title
		}
	}
	panic("report: a topic without a chapter")
}

// told calls do with each chapter that has something, and its sentences.
func (s *storyOf) told(do func(title string, lines []string)) {
	for _, c := range chapters {
		var lines []string
		for i := 0; i < len(s.facts); {
			rest := s.alike(i)
			if chapter(&s.facts[i]) == c.title {
				lines = append(lines, s.sentence(s.facts[i:rest]))
			}
			i = rest
		}
		if lines != nil {
			do(c.title, lines)
		}
	}
}

// alike is the end of the facts that are told in one sentence with the i-th.
func (s *storyOf) alike(i int) int {
	rest := i + 1
	if topic := s.facts[i].Topic; topic == story.Share || topic == story.District {
		for rest < len(s.facts) && s.facts[rest].Topic == topic && s.facts[rest].ID == s.facts[i].ID {
			rest++
		}
	}
	return rest
}

func (s *storyOf) writeText(w io.Writer, paint func(style, s string) string) error {
	var b strings.Builder
	for _, l := range s.head() {
		b.WriteString(l + "\n")
	}
	s.told(func(title string, lines []string) {
		b.WriteString("\n" + paint(bold, title) + "\n")
		for _, l := range lines {
			b.WriteString("  " + l + "\n")
		}
	})
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *storyOf) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	for _, l := range s.head() {
		b.WriteString(escapeMarkdown(l) + "  \n")
	}
	s.told(func(title string, lines []string) {
		b.WriteString("\n**" + title + "**\n\n")
		for _, l := range lines {
			b.WriteString("- " + escapeMarkdown(l) + "\n")
		}
	})
	_, err := io.WriteString(w, b.String())
	return err
}

// sentence tells facts of one kind, as a rule one.
func (s *storyOf) sentence(facts []story.Fact) string {
	f := &facts[0]
	text := ""
	switch f.Topic {
	case story.Share:
		text = s.shares(facts)
	case story.District:
		text = s.seatsIn(facts)
	case story.Votes, story.Option, story.NoThreshold, story.Alliance, story.Held, story.Counted, story.Seats, story.Districts, story.Rest, story.Tie, story.Official, story.Status:
		text = s.standing(f)
	case story.Threshold, story.Area, story.DistrictBar:
		text = s.bar(f)
	case story.TakesPart:
		text = s.takesPart(f)
	default:
		text = s.award(f)
	}
	if f.Cite != "" {
		text += " (" + finding.Visible(f.Cite) + ")"
	}
	return text + "."
}

func (s *storyOf) name() string { return finding.Visible(s.Lists[s.list].Name) }

// votesOf is "1 vote", "1,234 votes".
func votesOf(n int64) string { return Group(n) + " vote" + plural(n) }

// countSeats is "1 seat", "12 seats".
func countSeats(n int64) string { return Group(n) + " seat" + plural(n) }

// ordinal is "1st", "22nd", "113th".
func ordinal(n int) string {
	end := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return Group(int64(n)) + end
}

func (s *storyOf) percent(votes, of int64) string {
	return tally.Share{Votes: votes, Of: of}.Percent(2, bars(s.Result)...) + " %"
}

// shares tells the shares of all bases at once, those of one size together.
func (s *storyOf) shares(facts []story.Fact) string {
	var words []string
	unknown := ""
	for i := 0; i < len(facts); {
		f := &facts[i]
		if !f.Of.Known {
			unknown = fmt.Sprintf("; how large the law's base is, %s, the data does not say", f.Base.Words())
			i++
			continue
		}
		var bases []string
		for ; i < len(facts) && facts[i].Of == f.Of; i++ {
			base := facts[i].Base.Words()
			switch {
			case facts[i].Base != s.Base:
			case s.BaseGiven:
				base += " (the base by --base)"
			default:
				base += " (the law's base)"
			}
			bases = append(bases, base)
		}
		words = append(words, fmt.Sprintf("%s of %s %s", s.percent(f.Votes.N, f.Of.N), Group(f.Of.N), inRow(bases, ", ", " and ")))
	}
	return "That is " + inRow(words, "; ", "; ") + unknown
}

// inRow joins words.
func inRow(words []string, between, last string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], between) + last + words[n-1]
	}
}

func visible(names []string) (list []string) {
	for _, n := range names {
		list = append(list, finding.Visible(n))
	}
	return list
}

func (s *storyOf) standing(f *story.Fact) string {
	switch f.Topic {
	case story.Votes:
		text := fmt.Sprintf("%s has %s", s.name(), votesOf(f.Votes.N))
		switch {
		case s.Lists[s.list].Option:
		case f.Rank == 1:
			text += fmt.Sprintf(", the most of %d lists", f.Lists)
		default:
			text += fmt.Sprintf(", the %s most of %d lists", ordinal(f.Rank), f.Lists)
		}
		return text
	case story.Option:
		if f.Kind == rules.Excluded {
			return "It was struck off: ballots for it stay valid, it reaches for no threshold, and it takes no seats"
		}
		return "It is no list but " + f.Kind.Means() + "; it takes no seats"
	case story.NoThreshold:
		return "The law has no threshold: every list with a vote takes part"
	case story.Alliance:
		text := fmt.Sprintf("It stands with %s; together they have %s", inRow(s.partners(f.With), ", ", " and "), votesOf(f.Votes.N))
		if f.Seats.Known {
			text += " and " + countSeats(f.Seats.N)
		}
		return text
	case story.Held:
		return fmt.Sprintf("It won %s in constituencies, as the ballot says", countSeats(f.Seats.N))
	case story.Counted:
		return fmt.Sprintf("In the division its votes stand as %s: those for lists of national minorities count more, and all are multiplied so that they are whole", Group(f.Votes.N))
	case story.Seats:
		switch {
		case !f.Seats.Known:
			return "No seats are given"
		case f.Count > 0:
			return fmt.Sprintf("It has %s of %s, and may get %d more by a lot", Group(f.Seats.N), countSeats(f.House.N), f.Count)
		case f.Seats.N == 0:
			return fmt.Sprintf("It has none of the %s", countSeats(f.House.N))
		}
		return fmt.Sprintf("It has %s of %s, %s", Group(f.Seats.N), countSeats(f.House.N), tally.Share{Votes: f.Seats.N, Of: f.House.N}.Percent(2)+" %")
	case story.Districts:
		return s.inDistricts(f)
	case story.Rest:
		return fmt.Sprintf("%s of it are left over there for the %s that the districts left", votesOf(f.Votes.N), countSeats(f.Seats.N))
	case story.Tie:
		who := "It is"
		if f.Whose != "" {
			who = finding.Visible(f.Whose) + " are"
		}
		text := fmt.Sprintf("%s tied%s with %s for %s", who, inPlace(f.In), inRow(visible(f.With), ", ", " and "), countSeats(f.Seats.N))
		if f.Why == apportion.Open.String() {
			return text + ", and a lot must be drawn"
		}
		return text + ", which was settled by " + f.Why
	case story.Official:
		if int64(f.Count) == f.Seats.N {
			return fmt.Sprintf("Officially it has %s as well", countSeats(f.Seats.N))
		}
		return fmt.Sprintf("Officially it has %s, and %d here", countSeats(f.Seats.N), f.Count)
	}
	state := "The outcome is open: "
	if s.Status == tally.Partial {
		state = "The count is partial: "
	}
	return state + finding.Visible(f.Why)
}

// partners names lists, and says which of them take no part.
func (s *storyOf) partners(names []string) (list []string) {
	for _, name := range names {
		text := finding.Visible(name)
		for _, l := range s.Lists {
			if l.Name == name && l.Qualified == tally.Missed {
				text += " (which takes no part)"
			}
		}
		list = append(list, text)
	}
	return list
}

func (s *storyOf) inDistricts(f *story.Fact) string {
	level := f.Why
	if f.Seats.N == 0 {
		return fmt.Sprintf("It has no seat in any of the %d %ss", f.Among, level)
	}
	text := fmt.Sprintf("It has %s", Group(f.Seats.N))
	if f.House.N > 0 {
		text += " of the " + countSeats(f.House.N)
	} else {
		text += " seat" + plural(f.Seats.N)
	}
	return fmt.Sprintf("%s of the %d %ss, in %d of them", text, f.Among, level, f.Count)
}

// seatsIn names districts and the seats in each.
func (s *storyOf) seatsIn(facts []story.Fact) string {
	var words, none []string
	for _, f := range facts {
		name := finding.Visible(f.In)
		switch {
		case f.Seats.N == 0:
			none = append(none, name)
		case f.House.Known:
			words = append(words, fmt.Sprintf("%s: %d of %d", name, f.Seats.N, f.House.N))
		default:
			words = append(words, fmt.Sprintf("%s: %d", name, f.Seats.N))
		}
	}
	if none != nil {
		words = append(words, "none in "+strings.Join(none, ", "))
	}
	return sentence(strings.Join(words, "; "))
}

// bar tells of a bar: what is asked, what it has, and by how many votes it is over or short.
func (s *storyOf) bar(f *story.Fact) string {
	if f.Topic == story.Area {
		return "  " + finding.Visible(f.In) + ": " + s.reached(f)
	}
	asks := "The law asks for "
	if f.Or {
		asks = "Or else it asks for "
	}
	t := f.Bar
	text := asks + s.height(f)
	switch {
	case t.Measure == rules.BySeats:
		return fmt.Sprintf("%s won elsewhere: %s", text, s.reached(f))
	case f.Topic == story.DistrictBar:
		return fmt.Sprintf("  %s: the law asks for %s, and it has %s", finding.Visible(f.In), s.height(f), s.reached(f))
	case t.Level == "":
		text += " in the nation"
	default:
		text += " " + t.Where()
	}
	switch {
	case f.Exempt:
		return text + ", and not of a list of a national minority, as it is one"
	case t.Level == "" && f.Needed.Known && t.Measure != rules.ByVotes:
		text += ", which is " + votesOf(f.Needed.N)
	case t.Level != "":
		return text + s.areas(f)
	}
	return text + ": " + s.reached(f)
}

// height is how high the bar is for this list.
func (s *storyOf) height(f *story.Fact) string {
	t := f.Bar
	words := t.Words()
	parties := s.Lists[s.list].Stands.Parties
	if t.Measure == rules.ByShare && t.ShareOf(parties).Cmp(t.Share) != 0 {
		words = fmt.Sprintf("%s (of a list of %d parties; else %s)", rules.Percent(t.ShareOf(parties)), parties, t.Words())
	}
	switch {
	case t.MoreThan:
		words = "more than " + words
	case t.Measure != rules.BySeats:
		words = "at least " + words
	}
	if t.Measure == rules.ByShare || t.Measure == rules.ByQuota {
		words += " of " + t.Base.Words()
		if t.Overridden {
			words += " (by --base)"
		}
	}
	return words
}

// areas is the sum of a bar in areas, behind what it asks for.
func (s *storyOf) areas(f *story.Fact) string {
	t := f.Bar
	if f.Areas == 0 {
		return fmt.Sprintf(": the data names no %s, so it is open", t.Level)
	}
	text := fmt.Sprintf(": it reaches that in %d of %d", f.Areas-f.Short, f.Areas)
	if f.Verdict == tally.Open {
		text = fmt.Sprintf(": the data does not decide it; it misses that in %d of %d", f.Short, f.Areas)
	}
	if law := t.Threshold.Areas; law > 0 && law != f.Areas {
		text += fmt.Sprintf(" %ss whose returns count", t.Level)
	}
	where := "weakest"
	if t.In == rules.InAny {
		where = "strongest"
	}
	return fmt.Sprintf("%s, %s in %s", text, where, finding.Visible(f.In))
}

// reached is what the list has before the bar: enough or not, and by how much.
func (s *storyOf) reached(f *story.Fact) string {
	t := f.Bar
	if t.Measure == rules.BySeats {
		return fmt.Sprintf("it has %s, %s", countSeats(f.Seats.N), map[bool]string{true: "enough", false: "too few"}[f.Verdict == tally.Reached])
	}
	has := votesOf(f.Votes.N)
	if f.Topic == story.Threshold && t.Level == "" {
		has = "it has " + has
		if f.Votes.N != s.Lists[s.list].Votes {
			has = "together with its alliance " + has
		}
	}
	if f.Of.Known && f.Of.N > 0 {
		if f.In == "" {
			has += fmt.Sprintf(" (%s)", s.percent(f.Votes.N, f.Of.N))
		} else {
			has += fmt.Sprintf(" of %s (%s)", Group(f.Of.N), s.percent(f.Votes.N, f.Of.N))
		}
	}
	switch {
	case f.FallsAt.Known:
		return fmt.Sprintf("%s, enough up to %s %s and too few from %s; how many there are the data does not say", has, Group(f.FallsAt.N-1), t.Base.Words(), Group(f.FallsAt.N))
	case f.Verdict == tally.Open:
		return has + ", and the data does not say of how many"
	case !f.Of.Known && t.Measure != rules.ByVotes:
		return has + map[bool]string{true: ", enough", false: ", too few"}[f.Verdict == tally.Reached] + ", whatever the data lacks"
	case f.Votes.N == f.Needed.N:
		return has + ", exactly enough"
	case f.Votes.N > f.Needed.N:
		return fmt.Sprintf("%s, %s more than needed", has, Group(f.Votes.N-f.Needed.N))
	}
	return fmt.Sprintf("%s, %s short", has, Group(f.Needed.N-f.Votes.N))
}

func (s *storyOf) takesPart(f *story.Fact) string {
	var missed []string
	for _, id := range f.Missed {
		for i := range s.Thresholds {
			if t := &s.Thresholds[i]; t.ID == id {
				missed = append(missed, t.Brief())
			}
		}
	}
	division := "the division of the seats"
	if n := s.Rules.Nation; n != nil && (n.Takes == rules.Levelling || n.Takes == rules.Pool) {
		division += " in the nation"
	}
	switch {
	case f.Admitted:
		return "It takes part in " + division + " though it reached no threshold, for too few lists did"
	case f.Verdict == tally.Reached:
		return "So it takes part in " + division
	case f.Verdict == tally.Open:
		return "So whether it takes part in " + division + " is open: it hangs on " + strings.Join(missed, "; ")
	case f.Votes.N == 0:
		return "It has no vote, and takes no part in " + division
	case missed == nil:
		return "It takes no part in " + division
	}
	return "So it takes no part in " + division + ": it missed " + strings.Join(missed, "; ")
}

// claimWords is a claim: a quotient, a remainder of a quota, votes.
func claimWords(by apportion.Claim, f *apportion.Fraction) string {
	digits := f.Decimal(3)
	whole, rest, _ := strings.Cut(digits, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	switch {
	case err != nil: // infinite
		return digits
	case by == apportion.Lead || by == apportion.Majority || by == apportion.ByVotes:
		return Group(n)
	}
	return Group(n) + "." + rest
}

// gapWords is how far a claim is from another, exact where three decimals say nothing.
func gapWords(gap *big.Rat) string {
	if gap == nil {
		return ""
	}
	gap = new(big.Rat).Abs(gap)
	text := gap.FloatString(3)
	if text == "0.000" && gap.Sign() > 0 {
		return gap.RatString()
	}
	whole, rest, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return text
	}
	return Group(n) + "." + rest
}

// claimOf is a claim with its name: "quotient 35,563.067", "remainder 0.745".
func claimOf(by apportion.Claim, f *apportion.Fraction) string {
	switch by {
	case apportion.Remainder:
		return "remainder " + claimWords(by, f)
	case apportion.Average:
		return claimWords(by, f) + " votes for each seat"
	case apportion.ByVotes, apportion.Lead, apportion.Majority:
		return claimWords(by, f) + " votes"
	}
	return "quotient " + claimWords(by, f)
}

// divides is "1 seat is divided", "120 seats are divided".
func divides(n int64) string {
	if n == 1 {
		return "1 seat is divided"
	}
	return countSeats(n) + " are divided"
}

// votesThere is the votes with which a list stands in a division.
func (s *storyOf) votesThere(f *story.Fact) string {
	text := votesOf(f.Votes.N)
	if n := s.Rules.Nation; n != nil && f.In == "" && f.ID == "" && !f.Within {
		switch n.Takes {
		case rules.Biproportional:
			return Group(f.Votes.N) + " voters, its votes over the seats of each district"
		case rules.Pool:
			return text + " left over in the districts"
		}
	}
	return text
}

// award tells of seats in a division.
func (s *storyOf) award(f *story.Fact) string {
	who := "It"
	if f.Whose != "" {
		who = finding.Visible(f.Whose)
	}
	in := ""
	if f.In != "" {
		in = "  " + finding.Visible(f.In) + ": "
		who = lower(who, f)
	}
	has := "has"
	if f.Whose != "" {
		has = "have"
	}
	switch f.Topic {
	case story.Division:
		seats := divides(f.House.N)
		switch {
		case f.Within:
			return fmt.Sprintf("Among the lists of the alliance %s by %s: %s has %s, for %s", seats, f.Method.Title, lower(who, f), Group(f.Seats.N), s.votesThere(f))
		case f.ID != "" && f.In == "":
			return fmt.Sprintf("Besides (%s) %s by %s: %s %s %s, for %s", finding.Visible(f.ID), seats, f.Method.Title, lower(who, f), has, Group(f.Seats.N), s.votesThere(f))
		}
		return fmt.Sprintf("%s%s by %s: %s %s %s, for %s", in, seats, f.Method.Title, lower(who, f), has, Group(f.Seats.N), s.votesThere(f))
	case story.Minimum:
		from := "that are its minimum"
		switch {
		case len(s.Rules.Districts) > 0:
			from = "from the districts"
		case s.Rules.Held != nil:
			from = "that it won in constituencies"
		}
		keeps := map[bool]string{true: "keep", false: "keeps"}[f.Whose != ""]
		if f.Own && s.Lists[s.list].Qualified == tally.Reached {
			return fmt.Sprintf("%s%s %s %s %s above its share", in, who, keeps, countSeats(f.Seats.N), from)
		}
		return fmt.Sprintf("%s%s %s %s %s", in, who, keeps, countSeats(f.Seats.N), from)
	case story.Bonus:
		text := fmt.Sprintf("%s%s %s the most votes and %s %s", in, who, has, map[bool]string{true: "take", false: "takes"}[f.Whose != ""], countSeats(f.Seats.N))
		if f.Rival != "" {
			text += fmt.Sprintf(", before %s with %s", finding.Visible(f.Rival), claimOf(f.By, f.Other))
		}
		return text
	case story.Majority:
		return in + who + " " + has + " more than half of the votes, and so the last seat of another list"
	case story.Wholes:
		return fmt.Sprintf("%s%s %s %s for whole quotas of %s", in, who, has, countSeats(f.Seats.N), strings.TrimSuffix(votesWords(f.Claim.Rat()), " votes")+" votes")
	case story.Taken:
		return fmt.Sprintf("%sThe whole quotas were more than the seats: %s of them was taken back", in, countSeats(f.Seats.N))
	case story.Order:
		return in + s.order(f, who, has)
	case story.Award:
		text := fmt.Sprintf("  %sseat %s", strings.TrimPrefix(in, "  "), Group(f.Number.N))
		text += " with " + the(f.By) + claimOf(f.By, f.Claim)
		return text + s.before(f)
	case story.LastSeat:
		return in + s.last(f)
	case story.NextSeat:
		return in + s.next(f)
	}
	return fmt.Sprintf("%s%s %s the most seats that the law allows it, %s; more votes bring it none", in, who, has, Group(f.Seats.N)) // AtCap
}

// lower is who a sentence is about, in the middle of it.
func lower(who string, f *story.Fact) string {
	if f.Whose == "" {
		return strings.ToLower(who)
	}
	return who
}

// the is the article before a claim.
func the(by apportion.Claim) string {
	switch by {
	case apportion.Remainder, apportion.Quotient, apportion.Seatwise:
		return "the "
	}
	return ""
}

// before names who came next.
func (s *storyOf) before(f *story.Fact) string {
	if f.Rival == "" {
		return ""
	}
	rival := finding.Visible(f.Rival)
	if gap := f.Gap(); gap != nil && gap.Sign() > 0 {
		return fmt.Sprintf(", %s before %s with %s", gapWords(gap), rival, claimWords(f.By, f.Other))
	}
	return fmt.Sprintf(", before %s with %s", rival, claimWords(f.By, f.Other))
}

func (s *storyOf) order(f *story.Fact, who, has string) string {
	const most = 20
	var numbers []string
	for _, n := range f.Numbers[:min(most, len(f.Numbers))] {
		numbers = append(numbers, Group(int64(n)))
	}
	list := inRow(numbers, ", ", " and ")
	if more := len(f.Numbers) - most; more > 0 {
		list = strings.Join(numbers, ", ") + fmt.Sprintf(" and %d more", more)
	}
	switch f.By {
	case apportion.Remainder, apportion.ByVotes:
		return fmt.Sprintf("%s %s %s of those left over, number %s of %s in the order of award", who, has, countSeats(f.Seats.N), list, Group(f.House.N))
	}
	text := fmt.Sprintf("In the order of award %s %s number %s of %s", lower(who, f), has, list, Group(f.House.N))
	if len(f.Numbers) == 1 {
		return text + ", with " + the(f.By) + claimOf(f.By, f.Claim)
	}
	return fmt.Sprintf("%s, from %s%s down to %s", text, the(f.By), claimOf(f.By, f.Claim), claimWords(f.By, f.Other))
}

// whose is "Its last seat", "The last seat of A + B".
func whose(f *story.Fact, what string) string {
	if f.Whose != "" {
		return "The " + what + " of " + finding.Visible(f.Whose)
	}
	return "Its " + what
}

func (s *storyOf) last(f *story.Fact) string {
	text := whose(f, "last seat")
	switch {
	case f.Claim == nil && f.By == apportion.ByVotes && !f.Own:
		text += " was one of those left over, which go to the lists with the most votes"
		if f.Rival != "" {
			text += "; next in line was " + finding.Visible(f.Rival)
		}
		return text
	case f.Claim == nil:
		return text + " was for a whole quota, for which nobody competes"
	}
	if f.Number.Known {
		text += ", number " + Group(f.Number.N) + ","
	}
	text += " came by its " + claimOf(f.By, f.Claim)
	gap := f.Gap()
	switch {
	case f.Other == nil || f.Rival == "" && !f.Own:
		return text + "; no other claim was left"
	case f.Own:
		return fmt.Sprintf("%s; the best claim that won no seat was its own next one, %s", text, claimWords(f.By, f.Other))
	case gap != nil && gap.Sign() == 0:
		return fmt.Sprintf("%s, as much as %s had, who won none with it", text, finding.Visible(f.Rival))
	case gap == nil:
		return fmt.Sprintf("%s; %s had %s, and won none with it", text, finding.Visible(f.Rival), claimWords(f.By, f.Other))
	}
	return fmt.Sprintf("%s: %s more than %s had with %s, who won none with it", text, gapWords(gap), finding.Visible(f.Rival), claimWords(f.By, f.Other))
}

func (s *storyOf) next(f *story.Fact) string {
	gap := f.Gap()
	rival := finding.Visible(f.Rival)
	switch {
	case f.By == apportion.ByVotes && f.Rival != "":
		return fmt.Sprintf("For one more seat it needed more votes than %s, the last list to get one of the seats left over", rival)
	case f.By == apportion.ByVotes:
		return "For one more seat it needed another whole quota"
	case f.By == apportion.Remainder && f.Other == nil && f.Own:
		return fmt.Sprintf("For one more seat it needs its next whole quota first, of which it has %s", claimWords(f.By, f.Claim))
	case f.By == apportion.Remainder && f.Other == nil:
		return fmt.Sprintf("For one more seat it needed a whole quota, of which it has %s; no seats were left for remainders", claimWords(f.By, f.Claim))
	case f.Other == nil:
		return "For one more seat its next claim was " + the(f.By) + claimOf(f.By, f.Claim)
	case f.Own:
		return "The last of all these seats was its own; its next claim was " + the(f.By) + claimOf(f.By, f.Claim)
	case gap == nil || gap.Sign() == 0:
		return fmt.Sprintf("For one more seat it had %s%s; the last seat went to %s with %s", the(f.By), claimOf(f.By, f.Claim), rival, claimWords(f.By, f.Other))
	}
	return fmt.Sprintf("For one more seat it had %s%s, and lacked %s: the last seat went to %s with %s", the(f.By), claimOf(f.By, f.Claim), gapWords(gap), rival, claimWords(f.By, f.Other))
}

// A factRow is one fact: the unit of the flat formats, and of JSON.
type factRow struct {
	Topic   string   `json:"topic"`
	ID      *string  `json:"id"`
	In      *string  `json:"in"`
	Base    *string  `json:"base"`
	Verdict *string  `json:"verdict"`
	Votes   *int64   `json:"votes"`
	Of      *int64   `json:"of"`
	Needed  *int64   `json:"needed"`
	Margin  *int64   `json:"margin"` // over, or short where it is below 0
	FallsAt *int64   `json:"falls_at"`
	Number  *int64   `json:"number"`
	Seats   *int64   `json:"seats"`
	House   *int64   `json:"house"`
	Claim   *string  `json:"claim"`
	Other   *string  `json:"other"`
	Rival   *string  `json:"rival"`
	By      *string  `json:"by"`
	With    []string `json:"with"`
	Cite    *string  `json:"cite"`
	Text    string   `json:"text"`
}

var factColumns = []string{"contest", "list_id", "list", "topic", "id", "in", "base", "verdict", "votes", "of", "needed", "margin", "falls_at", "number", "seats", "house", "claim", "other", "rival", "by", "with", "cite", "text"}

func (s *storyOf) rows() (all []factRow) {
	for i := range s.facts {
		f := &s.facts[i]
		x := factRow{Topic: f.Topic.String(), ID: where(f.ID), In: where(f.In), Votes: known(f.Votes), Of: known(f.Of), Needed: known(f.Needed), FallsAt: known(f.FallsAt),
			Number: known(f.Number), Seats: known(f.Seats), House: known(f.House), Rival: where(f.Rival), With: some(f.With), Cite: where(f.Cite)}
		x.Text = strings.TrimSpace(s.sentence(s.facts[i : i+1]))
		switch f.Topic {
		case story.Share:
			base := f.Base.String()
			x.Base = &base
		case story.Threshold, story.Area, story.DistrictBar:
			verdict := f.Verdict.String()
			x.Verdict = &verdict
			if m := f.Bar.Measure; m == rules.ByShare || m == rules.ByQuota {
				base := f.Bar.Base.String()
				x.Base = &base
			}
			if have := f.Votes; f.Needed.Known {
				if f.Bar.Measure == rules.BySeats {
					have = f.Seats
				}
				margin := have.N - f.Needed.N
				x.Margin = &margin
			}
		case story.TakesPart:
			verdict := f.Verdict.String()
			x.Verdict = &verdict
			x.Votes = nil
		}
		if f.Claim != nil {
			claim := f.Claim.String()
			x.Claim = &claim
		}
		if f.Other != nil {
			other := f.Other.String()
			x.Other = &other
		}
		if f.Claim != nil && f.Topic != story.Wholes && f.Topic != story.Tie {
			by := f.By.String()
			x.By = &by
		}
		all = append(all, x)
	}
	return all
}

func (s *storyOf) writeDelimited(w io.Writer, comma rune) error {
	var all [][]string
	l := s.Lists[s.list]
	for _, x := range s.rows() {
		all = append(all, []string{s.Rules.Name, l.ID, l.Name, x.Topic, maybe(x.ID), maybe(x.In), maybe(x.Base), maybe(x.Verdict), maybe(x.Votes), maybe(x.Of), maybe(x.Needed), maybe(x.Margin),
			maybe(x.FallsAt), maybe(x.Number), maybe(x.Seats), maybe(x.House), maybe(x.Claim), maybe(x.Other), maybe(x.Rival), maybe(x.By), strings.Join(x.With, "; "), maybe(x.Cite), x.Text})
	}
	return writeCells(w, comma, factColumns, all)
}

// The types below are the wire form of a story, kenesh.explain version 1.
type jsonExplain struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Rules     jsonRules      `json:"rules"`
	House     int            `json:"house"`
	Base      string         `json:"base"`
	Status    string         `json:"status"`
	Reasons   []string       `json:"reasons"`
	List      jsonList       `json:"list"`
	Facts     []factRow      `json:"facts"`
	Annulment *jsonAnnulment `json:"annulment"`
	Findings  []jsonFinding  `json:"findings"`
	Inputs    []jsonInput    `json:"inputs"`
	Tool      jsonTool       `json:"tool"`
}

func (s *storyOf) wire(r Report) jsonExplain {
	one := wire(Report{Result: s.Result, Findings: r.Findings, Inputs: r.Inputs, Tool: r.Tool})
	return jsonExplain{"kenesh.explain", 1, one.Rules, one.House, one.Base, one.Status, one.Reasons, one.Lists[s.list], some(s.rows()), one.Annulment, one.Findings, one.Inputs, one.Tool}
}
