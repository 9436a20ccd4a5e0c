package apportion

import (
	"fmt"
	"slices"
	"strings"
)

// A Method is one named procedure, a row of the table that [Methods] gives, or a
// sequence of divisors that [Find] makes of its name. The zero value is no method
// and is refused. Methods are the same when their names are.
type Method struct {
	Name    string   // canonical: "dhondt", "sainte_lague_1.4", "lr:hare", "divisors:1.4,3,5,..." …
	Title   string   // for people: "D'Hondt divisors"
	Formula string   // the divisors d(0), d(1) … or the quota, from V votes of all lists and S seats
	ByHand  string   // how to check a result against its [Stage] with a pocket calculator
	Over    string   // of quotas: what happens when the whole quotas are more than the seats; "" = they never are
	Aliases []string // other names that Find takes
	Used    string   // where; "" = nowhere known
	Source  string   // who described it, or the act
	Owes    Properties
	Unknown Properties // neither proven nor seen to fail

	divisors divisors // of the divisor methods and of the quota method
	quota    quota    // of the methods with a quota
	kind     kind
}

// kind is how a method goes about it.
type kind uint8

const (
	byDivisors  kind = iota
	byRemainder      // whole quotas, leftovers to the largest remainders
	byVotes          // whole quotas, leftovers to the largest lists
	byQuota          // seat by seat, no list above its upper quota: Balinski and Young
	southAfrica      // five leftovers to the largest remainders, the rest to the highest averages
	kieswet          // the Dutch law
	leader           // all to the list with the most votes
)

// Properties are what a method keeps for all votes and houses, ties aside. Those of
// the divisor methods, of largest remainders and of the quota method are proven in
// Balinski and Young, Fair Representation (1982). The tests try each that is owed, and
// see each that is not fail, but for what is unknown.
// Beyond these, every method fills the house, follows the lists when they change
// places, and ranks seats as votes.
type Properties struct {
	Scaling bool // twice the votes, the same seats: not where the quota is rounded
	Votes   bool // more votes for one list alone never cost it a seat
	House   bool // one seat more in the house costs no list a seat
	Lower   bool // no list is below its exact share of the seats, rounded down
	Upper   bool // no list is above its exact share of the seats, rounded up
}

// IsQuota reports whether the method gives a seat for each whole quota and the
// rest by a rule for leftovers. (The Dutch law does so below 19 seats; see [Stage].)
func (m Method) IsQuota() bool { return m.quota != noQuota }

// RoundsQuota reports whether the quota is a whole number of votes, so that the votes
// left over are whole as well.
func (m Method) RoundsQuota() bool {
	switch m.quota {
	case droop, hagenbachBischoffRounded, hagenbachBischoffCeil, imperialiRounded:
		return true
	}
	return false
}

// IsDivisor reports whether the method gives each seat to the highest quotient.
func (m Method) IsDivisor() bool { return m.Name != "" && m.kind == byDivisors }

const (
	down     = "seats = votes / divisor, rounded down"
	odd      = "seats = votes / (2 × divisor), rounded to the nearest"
	highest  = "seats = how many of the quotients votes / d(0), votes / d(1) … are at least the divisor"
	wholes   = "votes / quota: the whole part, and 1 more for the largest remainders"
	takeBack = "a seat each is taken back from the smallest remainders"
	fair     = "Balinski and Young, Fair Representation (1982)"
)

var divisorProperties = Properties{Scaling: true, Votes: true, House: true}

// The divisors are those that the laws print; Pukelsheim (2017) has the theory of
// most. Methods that differ by a constant factor, such as imperiali and nohlen, give
// the same seats by other quotients.
var methods = []Method{
	{Name: "lr:hare", Title: "Hare quota, largest remainders", Formula: "V / S", ByHand: wholes,
		Aliases: []string{"hare", "hare_lr", "hamilton", "hare_niemeyer", "vinton"},
		Used:    "Kyrgyzstan, Kazakhstan, Bulgaria, Russia (2016), Denmark (nationwide), Namibia, Italy (since 2017)", Source: "Hamilton (1792); Hare, A Treatise on the Election of Representatives (1859)",
		Owes: Properties{Scaling: true, Votes: true, Lower: true, Upper: true}, kind: byRemainder, quota: hare},
	{Name: "lr:droop", Title: "Droop quota, largest remainders", Formula: "V / (S+1), rounded down, plus 1", ByHand: wholes,
		Aliases: []string{"droop", "droop_lr"}, Used: "South Africa (provinces)", Source: "Droop, Journal of the Statistical Society 44 (1881)",
		kind: byRemainder, quota: droop},
	{Name: "lr:hagenbach_bischoff", Title: "Hagenbach-Bischoff quota, largest remainders", Formula: "V / (S+1)", ByHand: wholes,
		Aliases: []string{"hagenbach_bischoff_lr"}, Used: "Hungary (regional lists, 1990 to 2010)", Source: "Hagenbach-Bischoff, Die Frage der Einführung einer Proportionalvertretung (1888), whose leftovers go to averages",
		Over: "all lists have whole quotas, one seat too many: " + takeBack,
		Owes: Properties{Scaling: true, Votes: true, Lower: true}, kind: byRemainder, quota: hagenbachBischoff},
	{Name: "lr:hagenbach_bischoff_rounded", Title: "rounded Hagenbach-Bischoff quota, largest remainders", Formula: "V / (S+1), rounded half up", ByHand: wholes,
		Aliases: []string{"hagenbach_bischoff_lr_rounded"}, Used: "Slovakia, Czechia (the rest in the nation, since 2021)", Source: "Slovakia, Act 180/2014, s. 68; Czechia, Act 247/1995, s. 51",
		Over: takeBack, kind: byRemainder, quota: hagenbachBischoffRounded},
	{Name: "lr:hagenbach_bischoff_ceil", Title: "Hagenbach-Bischoff quota rounded up, largest remainders", Formula: "V / (S+1), rounded up", ByHand: wholes,
		Aliases: []string{"hagenbach_bischoff_lr_ceil"}, Used: "whole quotas alone: Slovenia (constituencies)", Source: "Slovenia, National Assembly Elections Act, Art. 90",
		Over: "all lists have whole quotas, one seat too many: " + takeBack, kind: byRemainder, quota: hagenbachBischoffCeil},
	{Name: "lr:imperiali", Title: "Imperiali quota, largest remainders", Formula: "V / (S+2)", ByHand: wholes,
		Used: "whole quotas alone: Italy (constituencies, until 1992)", Source: "Lijphart, Electoral Systems and Party Systems (1994)",
		Over: takeBack, Owes: Properties{Scaling: true, Votes: true}, kind: byRemainder, quota: imperiali},
	{Name: "lr:imperiali_rounded", Title: "rounded Imperiali quota, largest remainders", Formula: "V / (S+2), rounded half up", ByHand: wholes,
		Used: "whole quotas alone: Czechia (regions, since 2021)", Source: "Czechia, Act 247/1995 as amended by Act 189/2021, s. 49",
		Over: takeBack, kind: byRemainder, quota: imperialiRounded},
	{Name: "hare_largest_lists", Title: "Hare quota, leftovers to the largest lists", Formula: "V / S; the leftovers one each by votes",
		ByHand: "votes / quota: the whole part, and 1 more for the lists with the most votes", Aliases: []string{"hare_largest_list", "georgia"},
		Used: "Georgia (2024)", Source: "Georgia, Election Code, Art. 125",
		Owes: Properties{Scaling: true, Votes: true, Lower: true}, kind: byVotes, quota: hare},
	{Name: "droop_averages", Title: "Droop quota, five leftovers to remainders, others to averages", Formula: "V / (S+1), rounded down, plus 1",
		ByHand: "votes / quota: the whole part; five leftovers to the largest remainders, one each; the others one by one to the highest votes / seats held", Aliases: []string{"south_africa", "za_droop_5lr_then_average"},
		Used: "South Africa (National Assembly)", Source: "South Africa, Electoral Act 73 of 1998, Schedule 1A",
		kind: southAfrica, quota: droop},
	{Name: "kieswet", Title: "Dutch law", Formula: "d(n) = n + 1 from 19 seats on; below that V / S",
		ByHand: "from 19 seats on as dhondt; below, votes / quota: the whole part, 1 more for the largest remainders of lists with 75 % of the quota, then to the highest votes / (seats + 1), first one each; a list with more than half of the votes and no more than half of the seats gets the last leftover", Aliases: []string{"netherlands", "kieswet_p5_p9"},
		Used: "Netherlands (parliament and councils)", Source: "Netherlands, Kieswet, Art. P 5 to P 10",
		Owes: Properties{Scaling: true, Lower: true}, Unknown: Properties{Votes: true}, kind: kieswet, divisors: divisors{a: 1, b: 1, c: 1}},
	{Name: "dhondt", Title: "D'Hondt divisors", Formula: "d(n) = n + 1: 1, 2, 3 …", ByHand: down,
		Aliases: []string{"jefferson", "d_hondt", "greatest_divisors"},
		Used:    "Austria (nationwide), Belgium, Finland, Israel, Moldova, Netherlands, Poland, Portugal, Serbia, Spain, Timor-Leste", Source: "Jefferson (1792); D'Hondt, Système pratique et raisonné de représentation proportionnelle (1882)",
		Owes: Properties{Scaling: true, Votes: true, House: true, Lower: true}, divisors: divisors{a: 1, b: 1, c: 1}},
	{Name: "sainte_lague", Title: "Sainte-Laguë divisors", Formula: "d(n) = 2n + 1: 1, 3, 5 …", ByHand: odd,
		Aliases: []string{"webster", "st_lague", "saintelague", "schepers", "odd_numbers"},
		Used:    "Germany, New Zealand, Latvia, Bosnia and Herzegovina, Indonesia, Kosovo", Source: "Webster (1832); Sainte-Laguë, Annales de l'École normale supérieure 27 (1910)",
		Owes: divisorProperties, divisors: divisors{a: 2, b: 1, c: 1}},
	{Name: "sainte_lague_1.4", Title: "modified Sainte-Laguë divisors, the first 1.4", Formula: "d(0) = 1.4, d(n) = 2n + 1: 1.4, 3, 5 …",
		ByHand: odd + "; at least 1.4 × divisor for the first", Aliases: []string{"modified_sainte_lague"},
		Used: "Norway, Sweden (1952 to 2014), Denmark (constituencies, 1953 to 2005)", Source: "Venice Commission, Report on Electoral Systems, CDL-AD(2004)003, para. 64",
		Owes: divisorProperties, divisors: divisors{a: 10, b: 5, c: 5, first: []uint64{7}}},
	{Name: "sainte_lague_1.2", Title: "modified Sainte-Laguë divisors, the first 1.2", Formula: "d(0) = 1.2, d(n) = 2n + 1: 1.2, 3, 5 …",
		ByHand: odd + "; at least 1.2 × divisor for the first",
		Used:   "Sweden (since 2018)", Source: "Sweden, Vallag (2005:837), ch. 14, s. 3",
		Owes: divisorProperties, divisors: divisors{a: 10, b: 5, c: 5, first: []uint64{6}}},
	{Name: "hungarian_1.5", Title: "Hungarian divisors (Sainte-Laguë, the first 1.5)", Formula: "d(0) = 1.5, d(n) = 2n + 1: 1.5, 3, 5 …",
		ByHand: odd + "; at least 1.5 × divisor for the first", Aliases: []string{"hungarian"}, Source: "Kohler and Zeh, Stata Journal 12 (2012)",
		Owes: divisorProperties, divisors: divisors{a: 4, b: 2, c: 2, first: []uint64{3}}},
	{Name: "danish", Title: "Danish divisors", Formula: "d(n) = 3n + 1: 1, 4, 7 …", ByHand: "seats = (votes / divisor + 2) / 3, rounded down",
		Used: "Denmark (levelling seats to constituencies)", Source: "Venice Commission, Report on Electoral Systems, CDL-AD(2004)003, para. 64",
		Owes: divisorProperties, divisors: divisors{a: 3, b: 1, c: 1}},
	{Name: "imperiali", Title: "Imperiali divisors", Formula: "d(n) = 1 + n/2: 1, 1.5, 2 …", ByHand: "seats = 2 × votes / divisor − 1, rounded down; not below 0",
		Used: "Belgium (local councils, since 1921)", Source: "proposal of Senator Imperiali (1921)",
		Owes: divisorProperties, divisors: divisors{a: 1, b: 2, c: 2}},
	{Name: "nohlen", Title: "Nohlen divisors", Formula: "d(n) = n + 2: 2, 3, 4 …", ByHand: "seats = votes / divisor − 1, rounded down; not below 0",
		Source: "Kohler and Zeh, Stata Journal 12 (2012); the seats are those of imperiali",
		Owes:   divisorProperties, divisors: divisors{a: 1, b: 2, c: 1}},
	{Name: "macau", Title: "Macau divisors", Formula: "d(n) = 2^n: 1, 2, 4, 8 …", ByHand: highest,
		Used: "Macau (Legislative Assembly)", Source: "Macau, Law 3/2001",
		Owes: divisorProperties, divisors: divisors{shape: powers}},
	{Name: "adams", Title: "Adams divisors", Formula: "d(n) = n: 0, 1, 2 …", ByHand: "seats = votes / divisor, rounded up",
		Aliases: []string{"smallest_divisors"}, Used: "Japan (seats of prefectures, since 2022)", Source: "Adams (1832), after " + fair,
		Owes: Properties{Scaling: true, Votes: true, House: true, Upper: true}, divisors: divisors{a: 1, b: 0, c: 1}},
	{Name: "dean", Title: "Dean divisors", Formula: "d(n) = 2n(n+1) / (2n+1), harmonic mean of n and n+1: 0, 4/3, 12/5 …", ByHand: highest,
		Source: "Dean (1832), after " + fair,
		Owes:   divisorProperties, divisors: divisors{shape: harmonic, a: 2, b: 1, c: 2}},
	{Name: "huntington_hill", Title: "Huntington–Hill divisors", Formula: "d(n) = sqrt(n(n+1)), geometric mean of n and n+1: 0, sqrt(2), sqrt(6) …", ByHand: highest,
		Aliases: []string{"hill", "huntington", "equal_proportions"}, Used: "United States (House seats of states)", Source: "Huntington, Transactions of the American Mathematical Society 30 (1928); 2 U.S.C. § 2a",
		Owes: divisorProperties, divisors: divisors{shape: geometric, a: 2, b: 1, c: 2}},
	{Name: "balinski_young_quota", Title: "Balinski–Young quota method", Formula: "d(n) = n + 1, for lists that stay below their quota", ByHand: "seat by seat: seat h goes to the highest votes / (n+1) of the lists whose n seats are below votes × h / V",
		Aliases: []string{"balinski_young", "quota_method"}, Source: "Balinski and Young, American Mathematical Monthly 82 (1975)",
		Owes: Properties{Scaling: true, House: true, Lower: true, Upper: true}, Unknown: Properties{Votes: true}, kind: byQuota, divisors: divisors{a: 1, b: 1, c: 1}},
	{Name: "winner_takes_all", Title: "Winner takes all", Formula: "all S seats to the list with the most votes", ByHand: "the list with the most votes",
		Aliases: []string{"wta", "general_ticket", "party_block_vote"}, Used: "United States (electors of most states), Singapore (group constituencies)", Source: "Lijphart, Electoral Systems and Party Systems (1994)",
		Owes: divisorProperties, kind: leader},
}

// Methods gives all named methods in a fixed order: quotas, divisors, the others.
// The slice is the caller's.
func Methods() []Method { return slices.Clone(methods) }

// Find gives the method of that name or alias; case, and what stands between the
// words, do not matter: "lr:hare", "LR-Hare" and "hamilton" are one. A name such as
// "divisors:1.4,3,5,..." is a method too: d(0), d(1) … as decimal numbers or ratios,
// rising, up to 1000 of them; with "..." at the end they go on by the last
// difference, and else no list can have more seats than there are divisors.
//
// Errors: an [*UnknownMethodError], a [*ProblemError] of a sequence.
func Find(name string) (Method, error) {
	if list, ok := cutSequence(name); ok {
		return sequence(list)
	}
	key := plain(name)
	near := &UnknownMethodError{Name: name}
	fewest := len(key)/3 + 1 // letters that may differ
	for _, m := range methods {
		for _, known := range append([]string{plain(m.Name)}, m.Aliases...) {
			d := distance(key, known)
			if d == 0 {
				return m, nil
			}
			if d < fewest {
				fewest, near.Suggest = d, m.Name
			}
		}
	}
	return Method{}, near
}

var separators = strings.NewReplacer("-", "_", "–", "_", " ", "_", ":", "_", "'", "_", "’", "_", "ë", "e")

func plain(name string) string { return separators.Replace(strings.ToLower(strings.TrimSpace(name))) }

// An UnknownMethodError says that no method has the name, and which one was
// perhaps meant.
type UnknownMethodError struct {
	Name    string // as it was asked for
	Suggest string // a canonical name, "" when none is near
}

func (e *UnknownMethodError) Error() string {
	if e.Suggest == "" {
		return fmt.Sprintf("no method is called %q", e.Name)
	}
	return fmt.Sprintf("no method is called %q (did you mean %q?)", e.Name, e.Suggest)
}

// distance counts the letters to insert, drop or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// Scaled gives the divisor d(k) times a constant that makes all divisors of the method
// whole numbers; false when the method has no such divisors for a house of that size. So
// v/d(k) and w/d(l) compare as v·Scaled(l) and w·Scaled(k). Under kieswet a list with more
// than half of the votes may have a seat besides.
func (m Method) Scaled(house, k int) (int64, bool) {
	if !m.IsDivisor() && (m.kind != kieswet || house < largeCouncil) || m.divisors.shape != linear || m.divisors.ends && k >= len(m.divisors.first) {
		return 0, false
	}
	return int64(m.divisors.at(k)), true
}

// Parts gives the number n of which the quota is one part of the votes: under largest
// remainders with a quota that is not rounded every list has votes·n/V seats, rounded down
// or up by what is left. False under other methods.
func (m Method) Parts(house int) (n int, ok bool) {
	per, low, high := m.QuotaLine(house)
	return int(per), m.kind == byRemainder && low == high
}

// Compare compares two quotients of a divisor method: of v votes for the seat that a list
// has after k, with that of w votes after l. First seats that the method owes are equal,
// and above all others.
func (m Method) Compare(v int64, k int, w int64, l int) int {
	return m.divisors.compare(v, k, w, l)
}

// OwesSeats reports whether a divisor method owes a seat to each list with votes, so that
// fewer seats than lists cannot be divided.
func (m Method) OwesSeats() bool { return m.IsDivisor() && m.divisors.startsAtZero() }

// Most is the most seats that a divisor method can give one list.
func (m Method) Most() int { return m.divisors.end() }

// QuotaLine bounds a quota by lines that rise with the votes: of V votes it is from
// V/per + low/2 to V/per + high/2. Both are 0 where it is not rounded.
func (m Method) QuotaLine(house int) (per, low, high int64) {
	s := int64(house)
	switch m.quota {
	case droop:
		return s + 1, 0, 2
	case hagenbachBischoff:
		return s + 1, 0, 0
	case hagenbachBischoffRounded:
		return s + 1, -1, 1
	case hagenbachBischoffCeil:
		return s + 1, 0, 2
	case imperiali:
		return s + 2, 0, 0
	case imperialiRounded:
		return s + 2, -1, 1
	}
	return s, 0, 0 // hare
}
