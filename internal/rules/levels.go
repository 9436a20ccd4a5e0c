package rules

import (
	"math/big"

	"kenesh/internal/apportion"
)

// Districts are areas of a level which divide seats of their own, before the nation
// does. What lists have won in smaller districts inside of one counts as won in it.
type Districts struct {
	ID         string
	Level      string        // region, district or precinct
	Seats      []AreaSeats   // in the order of the file; nil: announced, or by votes, or by the quota of another level
	ByVotes    *ByPopulation // the seats of the areas follow from the votes
	Each       int           // the seats of every area, where all have as many; 0: they have not
	Announced  bool          // the ballot says how many
	Method     apportion.Method
	QuotaBase  *Base       // of which the quota is; nil: of the votes of the lists that take part
	QuotaOf    string      // the level whose quota it takes; "": its own
	Thresholds []Threshold // who takes part; none: every list with a vote
	National   bool        // those that reach the nation's thresholds take part
	Up         bool        // whole quotas alone are given; the seats left go up
	Cite       string
}

// An AreaSeats is the seats of one area.
type AreaSeats struct {
	Area  string
	Seats int
}

// ByPopulation divides seats among areas.
type ByPopulation struct {
	Total  int // seats in all
	Method apportion.Method
	Base   Base // by which figure of each area
}

// A Nation is what the nation does after the districts.
type Nation struct {
	Takes    Takes
	Overhang Overhang // Levelling: what becomes of seats that a list has above its share
	Rounded  bool     // Biproportional: voters are rounded to whole numbers in each district
	Cite     string
}

// Takes is what the nation divides.
type Takes uint8

const (
	Levelling      Takes = iota // the whole house; what lists have from the districts counts
	Pool                        // the seats that the districts left, among the votes that are left over there
	Nothing                     // the districts give all seats
	Biproportional              // the house among lists, and these seats among districts
)

var takesTable = [...]entry{
	Levelling:      {"levelling", "divides the whole house; what lists won in the districts counts"},
	Pool:           {"pool", "divides the seats that the districts left, among the votes that are left over there"},
	Nothing:        {"nothing", "divides nothing; the districts give all seats"},
	Biproportional: {"biproportional", "divides the house among the lists, then the seats of each list among the districts, so that both fit"},
}

// An Overhang says what becomes of seats that a list holds above its share of the house.
type Overhang uint8

const (
	Within Overhang = iota
	OnTop
	Levelled
	Returned
)

var overhangTable = [...]entry{
	Within:   {"within", "it keeps them, the house stays, and the other lists share what is left"},
	OnTop:    {"on-top", "it keeps them, and the house grows by them"},
	Levelled: {"levelled", "the house grows until no list holds more than its share"},
	Returned: {"returned", "they are not given; every list has its share"},
}

func (o Overhang) String() string { return overhangTable[o].name }

// A Held is what the law makes of seats won in single-member constituencies, which the
// ballot states.
type Held struct {
	Overhang Overhang
	Tolerate int // Levelled: so many seats above the shares are not levelled
	Cite     string
}

// An Alliances is how lists stand together.
type Alliances struct {
	Together bool             // their votes are held against the thresholds together; else each list's own
	Method   apportion.Method // by which they share their seats
	Cite     string
}

// A Minorities is what the law gives to lists of national minorities in the division.
type Minorities struct {
	Quotient *big.Rat // their votes count so many times; above 1
	Cite     string
}

// A QuotaBase is the votes that a quota is of, where those of other lists count.
type QuotaBase struct {
	Base Base
	Cite string
}

// A Bonus is seats for the list with the most votes.
type Bonus struct {
	Seats int
	Kind  apportion.BonusKind
	Cite  string
}

// A Minimum is the fewest seats of a list that takes part.
type Minimum struct {
	Seats int
	Cite  string
}

// A Further is seats that are divided among the qualified lists besides the others.
type Further struct {
	ID     string
	Seats  int
	Method apportion.Method
	Cite   string
}

func (t Takes) String() string { return takesTable[t].name }
