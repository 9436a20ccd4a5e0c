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
// the draw in decimal, a line feed, and the list's name, all in UTF-8; of an alliance
// the names of its lists in the order of their bytes, with a line feed between them.
// Draws are numbered from 1 in the order in which ties come up: those of the whole
// before those within alliances, and of alliances those with the first names first.
// In a district draws are numbered anew, and its name and a line feed stand before the
// list's. The lists with the smallest tickets, as numbers of 256 bits, win. With the seed
// "Bishkek 2020-10-06", draw 1 and the list "Ak" the ticket is that of
//
//	printf 'Bishkek 2020-10-06\n1\nAk' | sha256sum
//
// A seed is fair when nobody could choose it: announced before the tie was known,
// or made in public afterwards, such as the numbers of a lottery.
type Draw struct {
	Seed    string
	In      string // the district, or the seats besides; "": the nation
	Number  int
	Seats   int      // how many lists it serves, one seat each as a rule
	Tickets []Ticket // by rising number; the first Seats of them win
}

// A Ticket is one list's part in a draw.
type Ticket struct {
	List   string // its name; of an alliance those of its lists, joined by " + "
	SHA256 string
}

// ticket is that of a member with these names.
func ticket(seed string, number int, in string, names []string) Ticket {
	sorted := slices.Sorted(slices.Values(names))
	if in != "" {
		in += "\n"
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s%s", seed, number, in, strings.Join(sorted, "\n")))
	return Ticket{strings.Join(names, " + "), hex.EncodeToString(sum[:])}
}

// drawAll answers every open tie of an allocation by the seed. Each draw can make
// the next tie come up, so the seats are divided anew after each.
func (c *count) drawAll(d *division, a apportion.Allied) (apportion.Allied, error) {
	for {
		tie, members := c.openTie(d, a)
		if members == nil {
			return a, nil
		}
		drawn := Draw{Seed: c.options.Seed, In: d.in, Number: 1, Seats: tie.Served()}
		for _, before := range c.result.Draws {
			if before.In == d.in {
				drawn.Number++
			}
		}
		lot, of := apportion.Lot{}, map[string][]int{} // by ticket
		for _, k := range tie.Lists {
			t := ticket(drawn.Seed, drawn.Number, d.in, c.namesOf(d, members[k]))
			drawn.Tickets, of[t.SHA256] = append(drawn.Tickets, t), members[k]
			lot.Lists = append(lot.Lists, members[k]...)
		}
		slices.SortFunc(drawn.Tickets, func(a, b Ticket) int { return cmp.Compare(a.SHA256, b.SHA256) })
		for _, t := range drawn.Tickets[:drawn.Seats] {
			lot.Winners = append(lot.Winners, of[t.SHA256]...)
		}
		c.result.Draws = append(c.result.Draws, drawn)
		d.problem.Lots = append(d.problem.Lots, lot)
		var err error
		if a, err = apportion.AllocateAllied(d.problem, d.alliances); err != nil {
			return a, err
		}
	}
}

func (c *count) namesOf(d *division, lists []int) []string {
	var names []string
	for _, l := range lists {
		names = append(names, c.result.Lists[d.lists[l]].Name)
	}
	return names
}

// openTie is the next tie to draw for, and the members that it is among; nil: there is
// none. It does not hang on the order of the lists.
func (c *count) openTie(d *division, a apportion.Allied) (next apportion.Tie, members [][]int) {
	var first []string
	for n, x := range a.Divisions {
		i := slices.IndexFunc(x.Allocation.Ties, func(t apportion.Tie) bool { return t.Settled == apportion.Open })
		if i < 0 {
			continue
		}
		if n == 0 {
			return x.Allocation.Ties[i], x.Members
		}
		names := slices.Sorted(slices.Values(c.namesOf(d, slices.Concat(x.Members...))))
		if members == nil || slices.Compare(names, first) < 0 {
			next, members, first = x.Allocation.Ties[i], x.Members, names
		}
	}
	return next, members
}
