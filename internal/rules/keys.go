package rules

import "kenesh/internal/document"

// A key is one of a mapping in a rules or ballot file. The reader takes the keys of a
// table and no others, and the schema is written from the same table, so neither knows
// one that the other does not.
type key struct {
	name  string
	form  form
	value string // the definition of what it holds, in the schema
	need  bool   // it must be there, whatever else is
	means string
}

// A form is how a key holds its value.
type form uint8

const (
	single    form = iota // the value
	citable               // the value, or {value: …, cite: …}
	listOf                // a list of such values
	oneOrMore             // such a value, or a list of them
)

// keysOf refuses every key of a mapping that is not in the table.
func keysOf(n document.Node, tables ...[]key) {
	var names []string
	for _, table := range tables {
		for _, k := range table {
			names = append(names, k.name)
		}
	}
	n.Keys(names...)
}

const citeMeans = "the article, or whatever else says so"

var lawKeys = []key{
	{"rules", single, "version", true, "the version of this grammar"},
	{"name", single, "slug", true, "as --rules takes it: small letters, digits and hyphens"},
	{"title", single, "text", true, "of the contest"},
	{"country", single, "text", false, "where it holds"},
	{"law", single, "text", false, "the act, and the state of its text"},
	{"valid", single, "dates", false, "the days of the elections that are held under it"},
	{"sources", oneOrMore, "text", false, "where it can be read"},
	{"doubts", oneOrMore, "text", false, "what is not certain of it, or not in this file, in sentences"},
	{"proven", oneOrMore, "slug", false, "elections that it counts to the official seats, by their folders"},
	{"seats", citable, "seats", true, "how many seats there are"},
	{"base", citable, "base", true, "what shares are shares of"},
	{"thresholds", citable, "thresholds", true, "the bars, all of which a list must reach to take part; or none"},
	{"admit", single, "admit", false, "who takes part besides when few lists qualify"},
	{"options", citable, "options", true, "lines of the ballot, or of the table, that take no seats; or none"},
	{"method", citable, "method", true, "by which seats are divided: that of the nation, and of districts that state none"},
	{"quota-base", citable, "base", false, "the votes that the quota is of; left out: those of the lists that take part"},
	{"alliances", single, "alliances", false, "how lists stand together; the ballot says which"},
	{"minorities", single, "minorities", false, "what lists of national minorities have in the division"},
	{"bonus", single, "bonus", false, "seats for the list with the most votes"},
	{"minimum", single, "minimum", false, "the fewest seats of a list that takes part"},
	{"held", single, "held", false, "seats won in constituencies, which the ballot states, count in the house"},
	{"cap", single, "cap", false, "the most seats of one list"},
	{"ties", citable, "ties", true, "what decides between equal claims"},
	{"districts", listOf, "district", false, "what is divided before the nation, from the smallest areas up"},
	{"nation", single, "nation", false, "what the nation does after the districts"},
	{"further", listOf, "further", false, "seats that are divided besides, among the same lists"},
	{"outcomes", single, "outcomes", true, "what follows where the seats cannot be divided as usual"},
	{"annulment", single, "annulment", false, "when annulled precincts allow the whole election to be declared void"},
	{"ballot", single, "ballot", false, "who stands, where the law is written for one election"},
}

var dateKeys = []key{
	{"from", single, "date", true, "the first day"},
	{"until", single, "date", false, "the last day; left out: it still holds"},
}

var barKeys = []key{
	{"id", single, "slug", true, "its name in results; no other bar of the law has it"},
	{measures[ByShare], single, "share", false, "the bar is a share of the base: 5%, 0.7%, 1/3"},
	{measures[ByVotes], single, "votes", false, "the bar is a number of votes"},
	{measures[ByQuota], single, "quotas", false, "the bar is so many quotas, base / seats each: 1, 3/4"},
	{measures[BySeats], single, "seats", false, "the bar is seats that were won in districts, or are held"},
	{"reach", single, "reach", false, "whether the bar itself is enough; needed but for seats"},
	{"base", single, "bar-base", false, "what the share or the quota is of; left out: the base of the law"},
	{"in", single, "place", false, "where it must be reached; needed but for seats"},
	{"level", single, "level", false, "of the areas of in: each and in: any"},
	{"areas", single, "areas", false, "how many areas the law counts"},
	{"count", single, "areas", false, "with in: any, in how many areas; left out: one"},
	{"except", oneOrMore, "text", false, "areas that do not count"},
	{"coalitions", listOf, "coalition", false, "other shares for lists of several parties, by rising number"},
	{"exempt", single, "exempt", false, "lists that need not reach it"},
	{"for", single, "exempt", false, "of a bar beside another: for whom alone it is"},
	{"or", listOf, "other-bar", false, "other bars, any of which will do"},
	{"cite", single, "text", false, citeMeans},
}

var coalitionKeys = []key{
	{"parties", single, "coalition-parties", true, "so many parties or more, as the ballot says"},
	{"share", single, "share", true, "what their list must reach"},
}

var admitKeys = []key{
	{"lists", single, "lists", false, "until so many lists take part"},
	{"together", single, "share", false, "until they have this share together"},
	{"reach", single, "reach", false, "whether that share itself is enough; needed with together"},
	{"base", single, "base", false, "what the share is of; left out: the base of the law"},
	{"cite", single, "text", false, citeMeans},
}

var optionKeys = []key{
	{"name", single, "text", true, "as data files have it"},
	{"also", oneOrMore, "text", false, "other spellings in data files"},
	{"kind", single, "kind", true, "what it is"},
	{"cite", single, "text", false, citeMeans},
}

var allianceKeys = []key{
	{"qualify", single, "qualify", true, "who must reach the thresholds"},
	{"method", single, "method", true, "by which the lists of an alliance share their seats"},
	{"cite", single, "text", false, citeMeans},
}

var minorityKeys = []key{
	{"quotient", single, "quotient", true, "their votes count so many times: 1.35"},
	{"cite", single, "text", false, citeMeans},
}

var bonusKeys = []key{
	{"seats", single, "seats", true, "how many"},
	{"kind", single, "bonus-kind", true, "whether beside its share or not"},
	{"cite", single, "text", false, citeMeans},
}

var minimumKeys = []key{
	{"seats", single, "seats", true, "how many"},
	{"cite", single, "text", false, citeMeans},
}

var heldKeys = []key{
	{"overhang", single, "overhang", true, "what becomes of seats above a list's share"},
	{"tolerate", single, "seats", false, "with levelled: so many seats above the shares are not levelled"},
	{"cite", single, "text", false, citeMeans},
}

var capKeys = []key{
	{"seats", single, "seats", true, "how many"},
	{"excess", single, "excess", true, "what happens with the seats above it"},
	{"cite", single, "text", false, citeMeans},
}

var districtKeys = []key{
	{"id", single, "slug", true, "its name in results and in quota-of"},
	{"level", single, "level", true, "the areas that divide seats"},
	{"seats", single, "district-seats", false, "how many each area has; needed but for quota-of"},
	{"method", single, "method", false, "left out: the method of the law"},
	{"thresholds", single, "district-thresholds", true, "who takes part in the districts"},
	{"leftovers", single, "leftovers", false, "what becomes of seats that no whole quota takes"},
	{"quota-base", single, "base", false, "the votes that the quota is of; left out: those of the lists that take part"},
	{"quota-of", single, "slug", false, "the id of larger districts whose quota these take"},
	{"cite", single, "text", false, citeMeans},
}

var byVotesKeys = []key{
	{"total", single, "seats", true, "seats of all districts together"},
	{"method", single, "method", true, "by which they are divided among the districts"},
	{"base", single, "base", true, "by which figure of each district"},
}

var nationKeys = []key{
	{"takes", single, "takes", true, "what it divides"},
	{"overhang", single, "overhang", false, "with levelling, and needed there: what becomes of seats above a list's share"},
	{"voters", single, "voters", false, "with biproportional, and needed there: how votes become voters"},
	{"cite", single, "text", false, citeMeans},
}

var furtherKeys = []key{
	{"id", single, "slug", true, "their name in results"},
	{"seats", single, "seats", true, "how many"},
	{"method", single, "method", true, "by which they are divided"},
	{"cite", single, "text", false, citeMeans},
}

var outcomeKeys = []key{
	{"none-qualified", citable, "none-qualified", true, "no list qualifies"},
	{"one-qualified", citable, "one-qualified", true, "a single list qualifies"},
	{"against-all-leads", citable, "against-all-leads", true, "an option against all has more votes than the leading list"},
}

// outcomeEffects are what may follow from each case.
var outcomeEffects = map[string][]Effect{
	"none-qualified":    {Failed, Undeclared, AllTakePart},
	"one-qualified":     {Failed, Undeclared, TakesAll},
	"against-all-leads": {Failed, Undeclared, Ignored},
}

var annulmentKeys = []key{
	{"share", single, "share", true, "which the annulled precincts must have"},
	{"reach", single, "reach", true, "whether that share itself is enough"},
	{"base", single, "annulment-base", true, "what it is a share of"},
	{"effect", single, "annulment-effect", true, "what follows"},
	{"cite", single, "text", false, citeMeans},
}

// ballotFileKeys stand in a ballot file before ballotKeys, which may stand in a rules
// file as well.
var ballotFileKeys = []key{
	{"ballot", single, "version", true, "the version of this grammar"},
	{"title", single, "text", false, "of the election; left out: the law's"},
	{"date", single, "date", false, "of the election"},
	{"law", single, "slug", false, "the law to count by, where --rules is not given"},
	{"sources", oneOrMore, "text", false, "where it can be read"},
	{"notes", oneOrMore, "text", false, "what else a reader should know, in sentences"},
}

var ballotKeys = []key{
	{"lists", listOf, "contender", false, "what no law knows and no table of votes says of a list"},
	{"alliances", listOf, "alliance", false, "the lists that stand together"},
	{"districts", single, "seats-by-name", false, "the seats that were announced, by district"},
	{"published", single, "seats-by-name", false, "the official seats, by list"},
}

var contenderKeys = []key{
	{"name", single, "text", true, "as data files have it"},
	{"also", oneOrMore, "text", false, "other names, or the code, that it has in data files"},
	{"minority", single, "yes-or-no", false, "whether it stands for a national minority"},
	{"parties", single, "parties", false, "how many parties it is a coalition of"},
	{"held", single, "seats", false, "seats that it won in constituencies"},
	{"kind", single, "kind", false, "it is no list but a line that takes no seats"},
}

var citedKeys = []key{
	{"value", single, "", true, "the rule"},
	{"cite", single, "text", false, citeMeans},
}

// Limits of numbers, beside MaxSeats. Beyond them a figure is a slip of the pen.
const (
	maxAreas   = 1_000_000
	maxLists   = 1000
	maxParties = 100
	maxQuotas  = 1000
)

// Words that files use, beside the tables of bases, kinds, effects and so on. Where the
// model has a boolean, the second word is true.
var (
	levelTable = [...]entry{
		{"region", "the areas into which the country is parted first"},
		{"district", "the areas into which regions are parted"},
		{"precinct", "where votes are counted"},
	}
	reachTable     = [...]entry{{"at-least", "the bar itself is enough"}, {"more-than", "the bar itself is not enough"}}
	tiesTable      = [...]entry{{"lot", "a lot is drawn"}, {"more-votes", "the list with more votes comes first; then a lot is drawn"}}
	exemptTable    = [...]entry{{"minorities", "lists of national minorities, as the ballot says"}}
	qualifyTable   = [...]entry{{"each", "each list by itself"}, {"together", "the lists of an alliance together"}}
	bonusTable     = [...]entry{{"extra", "before the others are divided, and a share of those besides"}, {"floor", "at least so many, its share counted in"}}
	excessTable    = [...]entry{{"anew", "all seats of the others are divided anew, with those above the cap"}, {"on-top", "those above the cap alone are divided, and the others keep what they have"}}
	leftoversTable = [...]entry{{"here", "the method gives them here"}, {"up", "whole quotas alone are given, and the seats left go up"}}
	votersTable    = [...]entry{{"exact", "votes over the seats of the district"}, {"rounded", "the same, rounded to a whole number in each district"}}
	annulmentTable = [...]entry{{"may-void", "the whole election may be declared void"}}
	noneTable      = [...]entry{{"none", "there is none, in so many words"}}
	nationalTable  = [...]entry{noneTable[0], {"national", "those of the nation"}}
	announcedTable = [...]entry{{"announced", "the ballot says how many seats each area has"}}
	yesOrNo        = [...]entry{{"false", ""}, {"true", ""}}
)
