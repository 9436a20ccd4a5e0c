package main

import (
	"os"

	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/tally"
)

const lotsManual = `A tie that the law does not settle waits for a lot. What the draw decided is
given with --lots FILE, a YAML file:

  lots: 1                     # the version of this grammar
  ties:
    - lists: [Ak, Kok, Sary]  # the tied lists, as kenesh names them
      winners: [Kok]          # those that were drawn, as a rule one for each seat
      in: Oslo                # the district in which they are tied; left out: the nation
      note: drawn on 6 October 2020 before the commission   # may be left out

A lot that names other lists than those that are tied, or another number of
winners than there are seats at stake, is an error (LOTS). Where alliances are tied,
a lot names all lists of each, and all lists of the winners; a bonus and all the
seats of winner_takes_all go to one winner.

With --lots-seed TEXT kenesh draws, from a seed that everybody knows: one that was
announced before the tie was known, or made in public afterwards, such as the
numbers of a lottery. Each tied list has a ticket, the SHA-256 of the seed, a line
feed, the number of the draw (1, 2 … in the order in which ties come up), a line
feed, and the list's name, in UTF-8:

  printf 'Bishkek 2020-10-06\n1\nAk' | sha256sum
  eb1b8e36938f97628096da0a7774b208ce3e7fca28f2555153bb7179bed51305

In a district draws are numbered anew from 1, and the name of the district and a line
feed stand before that of the list. The ticket of an alliance has the names of its lists in the order of their bytes,
with a line feed between them. Ties of the whole are drawn before those within
alliances, and of these the one with the first names first.

The lists with the smallest tickets win. The tickets are printed with the result,
so that everybody can draw again.`

// readLots reads a file of drawn lots.
func readLots(path string, log *finding.Log) []tally.Lot {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Add(finding.Finding{Code: "FILE", Severity: finding.Error, File: path, Message: err.Error()})
		return nil
	}
	top, ok := document.Parse(path, data, "LOTS", log)
	if !ok {
		return nil
	}
	top.Keys("lots", "ties")
	top.Need("lots").Int(1, 1)
	var lots []tally.Lot
	for _, n := range top.Need("ties").Items() {
		n.Keys("lists", "winners", "in", "note")
		n.Field("note").Text()
		lots = append(lots, tally.Lot{In: n.Field("in").Text(), Lists: n.Need("lists").Texts(), Winners: n.Need("winners").Texts(), File: path, Line: n.Line()})
	}
	return lots
}
