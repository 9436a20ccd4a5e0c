package tally

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

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
	Seats   int
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
// the next tie come up, so the seats are divided anew after each.
func (c *count) drawAll(p *apportion.Problem, a apportion.Allocation, lists []int) (apportion.Allocation, error) {
	for {
		i := slices.IndexFunc(a.Ties, func(t apportion.Tie) bool { return t.Settled == apportion.Open })
		if i < 0 {
			return a, nil
		}
		tie := a.Ties[i]
		position := map[string]int{}
		var names []string
		for _, l := range tie.Lists {
			names = append(names, c.result.Lists[lists[l]].Name)
			position[names[len(names)-1]] = l
		}
		d := draw(c.options.Seed, len(c.result.Draws)+1, names, tie.Seats)
		c.result.Draws = append(c.result.Draws, d)
		lot := apportion.Lot{Lists: tie.Lists}
		for _, t := range d.Tickets[:tie.Seats] {
			lot.Winners = append(lot.Winners, position[t.List])
		}
		p.Lots = append(p.Lots, lot)
		var err error
		if a, err = apportion.Allocate(*p); err != nil {
			return a, err
		}
	}
}
