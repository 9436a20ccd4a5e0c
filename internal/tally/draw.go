package tally

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kenesh/internal/apportion"
)

// A Draw is a lot drawn from a public seed, which everybody can draw again.
//
// Each tied list has a ticket: the SHA-256 of the seed, a line feed, the number of
// the draw in decimal (from 1, in the order in which ties come up), a line feed,
// and the list's name, all in UTF-8. The lists with the smallest tickets, as
// numbers of 256 bits, win. With the seed "Bishkek 2020-10-06", draw 1 and the
// list "Ak" the ticket is that of
//
//	printf 'Bishkek 2020-10-06\n1\nAk' | sha256sum
//
// A seed is fair when nobody could choose it: announced before the tie was known,
// or made in public afterwards, such as the numbers of a lottery.
type Draw struct {
	Seed    string
	Number  int
	Seats   int      // how many lists it serves, one seat each as a rule
	Tickets []Ticket // by rising number; the first Seats of them win
}

// A Ticket is one list's part in a draw.
type Ticket struct{ List, SHA256 string }

// draw makes the draw of that number among the lists.
func draw(seed string, number int, lists []string, seats int) Draw {
	d := Draw{Seed: seed, Number: number, Seats: seats}
	for _, name := range lists {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", seed, number, name))
		d.Tickets = append(d.Tickets, Ticket{name, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(d.Tickets, func(a, b Ticket) int { return cmp.Compare(a.SHA256, b.SHA256) })
	return d
}

// drawAll answers every open tie of an allocation by the seed. Each draw can make
// the next tie come up, so the seats are divided anew after each. The name of an
// alliance is those of its lists, joined by " + ".
func (c *count) drawAll(d *division, a apportion.Allied) (apportion.Allied, error) {
	for {
		tie, members := openTie(a)
		if members == nil {
			return a, nil
		}
		of := map[string][]int{}
		var names []string
		lot := apportion.Lot{}
		for _, k := range tie.Lists {
			var name []string
			for _, l := range members[k] {
				name = append(name, c.result.Lists[d.lists[l]].Name)
			}
			names = append(names, strings.Join(name, " + "))
			of[names[len(names)-1]] = members[k]
			lot.Lists = append(lot.Lists, members[k]...)
		}
		drawn := draw(c.options.Seed, len(c.result.Draws)+1, names, tie.Served())
		c.result.Draws = append(c.result.Draws, drawn)
		for _, t := range drawn.Tickets[:tie.Served()] {
			lot.Winners = append(lot.Winners, of[t.List]...)
		}
		d.problem.Lots = append(d.problem.Lots, lot)
		var err error
		if a, err = apportion.AllocateAllied(d.problem, d.alliances); err != nil {
			return a, err
		}
	}
}

// openTie is the first tie that waits for a lot, and the members that it is among.
func openTie(a apportion.Allied) (apportion.Tie, [][]int) {
	for _, d := range a.Divisions {
		for _, t := range d.Allocation.Ties {
			if t.Settled == apportion.Open {
				return t, d.Members
			}
		}
	}
	return apportion.Tie{}, nil
}
