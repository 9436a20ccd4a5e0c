package rules

import (
	"fmt"
	"math/big"
	"strings"
)

// A Threshold is a bar that a list must reach to take part in the division: a share or
// a number of votes, or seats that it has won already.
type Threshold struct {
	ID       string // small letters, digits, hyphens; no other threshold of the law has it
	Measure  Measure
	Share    *big.Rat // ByShare: above 0, at most 1; ByQuota: so many quotas, above 0; else nil
	Votes    int64    // ByVotes: 1 or more
	Seats    int      // BySeats: 1 or more
	Base     Base     // what it is a share of, or what the quota is of, in the nation or in the area
	MoreThan bool     // the law says "more than" and not "at least"

	In     Place
	Level  string   // of the areas of InEach and InAny: region, district or precinct
	Areas  int      // how many areas of the level the law counts; 0 = not said
	Count  int      // InAny: in how many of them it must be reached, 1 or more
	Except []string // areas that do not count, such as voters abroad

	Coalitions    []Coalition // other shares for lists of several parties, by rising number
	Minorities    bool        // lists of national minorities need not reach it
	ForMinorities bool        // of a bar beside another: it is for lists of national minorities alone
	Or            []Threshold // other bars, any of which will do
	Cite          string
}

// Words is how high the bar is, as a law says it: "7 %", "30000 votes", "1 quota".
func (t *Threshold) Words() string {
	switch t.Measure {
	case ByVotes:
		return plural(int(t.Votes), "vote")
	case ByQuota:
		if t.Share.IsInt() {
			return plural(int(t.Share.Num().Int64()), "quota")
		}
		return t.Share.RatString() + " of a quota"
	case BySeats:
		return plural(t.Seats, "seat")
	}
	return Percent(t.Share)
}

// Brief is the bar with its base, its place where that is not the nation, and the other
// ways to qualify: "5 % of valid votes or 1 seat".
func (t *Threshold) Brief() string {
	text := t.Words()
	if t.Measure == ByShare || t.Measure == ByQuota {
		text += " of " + t.Base.Words()
	}
	if t.MoreThan {
		text = "more than " + text
	}
	if t.In != InNation && t.Measure != BySeats {
		text += " in " + t.In.String()
		switch {
		case t.In == Here:
			text = strings.TrimSuffix(text, " in here")
		case t.Count > 1:
			text += fmt.Sprintf(" %d %ss", t.Count, t.Level)
		default:
			text += " " + t.Level
		}
	}
	for i := range t.Or {
		text += " or " + t.Or[i].Brief()
	}
	return text
}

// plural is "1 seat", "3 seats".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// A Measure is what a bar counts. The zero value is a share of the base.
type Measure uint8

const (
	ByShare Measure = iota
	ByVotes
	ByQuota // a part of, or several of, the quota base / seats
	BySeats // seats won in the districts below, or held
)

// measures are the keys of the measures in rules files.
var measures = [...]string{ByShare: "share", ByVotes: "votes", ByQuota: "quota", BySeats: "seats"}

func (m Measure) String() string { return measures[m] }

// A Place is where a bar must be reached.
type Place uint8

const (
	InNation Place = iota
	InEach         // in each area of a level
	InAny          // in so many areas of a level
	Here           // in the district whose seats are divided
)

var placeTable = [...]entry{
	InNation: {"nation", "the whole country"},
	InEach:   {"each", "each area of a level: region, district or precinct"},
	InAny:    {"any", "one area of a level, or as many as count says"},
	Here:     {"here", "the district whose seats are divided; of the thresholds of districts alone"},
}

// A Coalition is the share that a list of so many parties or more must reach.
type Coalition struct {
	Parties int
	Share   *big.Rat
}

// ShareOf is the share that a list of so many parties must reach.
func (t *Threshold) ShareOf(parties int) *big.Rat {
	share := t.Share
	for _, c := range t.Coalitions {
		if parties >= c.Parties {
			share = c.Share
		}
	}
	return share
}

// An Admit lets more lists take part when few qualify: the next largest, one by one.
type Admit struct {
	Lists    int      // until so many take part; 0: it is no matter of number
	Together *big.Rat // until they have so much of the base together; nil: it is no matter of votes
	MoreThan bool     // the law says "more than" and not "at least"
	Base     Base
	Cite     string
}

func (p Place) String() string { return placeTable[p].name }
