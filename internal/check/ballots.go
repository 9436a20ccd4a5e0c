package check

import (
	"cmp"
	"slices"
)

// oneList looks for large precincts that vote for one list alone.
func (c *checker) oneList() int {
	if len(c.set.Lists) < 2 {
		return 0
	}
	tried := make([]int, c.set.PartCount())
	c.parts(func(i int, part *checker, first, end int) bool {
		n := 0
		part.set.Ballots(first, end, func(p int, votes []int64) {
			all := ballots(votes)
			if all <= int64(part.options.Large) {
				return
			}
			n++
			if l := slices.Index(votes, all); l >= 0 {
				part.warn("ONE-LIST", p, "all %d votes are for %q", all, part.set.Lists[l].Name)
			}
		})
		tried[i] = n
		return true
	})
	return sum(tried)
}

// ballots adds up the votes of a precinct, of which a list that it has none for is below 0.
func ballots(votes []int64) (sum int64) {
	for _, v := range votes {
		sum += max(v, 0)
	}
	return sum
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// Votes can be the same by chance, and are where there are few of them, or few lists
// among which they differ.
const (
	sameVotes = 50 // at least
	sameLists = 3  // with votes, at least
)

// An imprint is the votes of a precinct and its area as a number, which is the same where
// they are.
type imprint struct {
	hash     uint64
	precinct int32
}

// sameVotes looks for precincts of one area with the same votes for every list: each is
// compared with the first of its kind.
func (c *checker) sameVotes() int {
	parts := make([][]imprint, c.set.PartCount())
	c.parts(func(i int, part *checker, first, end int) bool {
		parts[i] = part.prints(first, end)
		return true
	})
	prints := slices.Concat(parts...)
	slices.SortFunc(prints, func(a, b imprint) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.precinct, b.precinct))
	})
	var pairs []pair
	for len(prints) > 0 {
		n := 1
		for n < len(prints) && prints[n].hash == prints[0].hash {
			n++
		}
		if n > 1 {
			pairs = append(pairs, c.pairs(prints[:n])...)
		}
		prints = prints[n:]
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.precinct, b.precinct) })
	for _, pair := range pairs {
		file, line := c.set.Position(pair.first)
		c.warn("SAME-VOTES", pair.precinct, "the same votes for every list, %d in all, as precinct %q of its area (%s:%d)", pair.votes, c.set.ID(pair.first), c.set.Files[file], line)
	}
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	return n
}

// prints is those of the precincts that can be compared.
func (c *checker) prints(first, end int) []imprint {
	var all []imprint
	areas := c.set.InAreas()
	c.set.Ballots(first, end, func(p int, votes []int64) {
		if ballots(votes) < sameVotes {
			return
		}
		lists := 0
		hash := mix(0, uint64(areas[p]))
		for _, v := range votes {
			if v > 0 {
				lists++
			}
			hash = mix(hash, uint64(v))
		}
		if lists >= sameLists {
			all = append(all, imprint{hash, int32(p)})
		}
	})
	return all
}

// mix is the step of a hash that is the same on every machine, so that work is too.
func mix(hash, v uint64) uint64 {
	hash = (hash ^ v) * 0x9e3779b97f4a7c15
	return hash ^ hash>>29
}

// A pair is a precinct with the votes of an earlier one, and how many they are.
type pair struct {
	precinct, first int
	votes           int64
}

// pairs compares precincts of one hash in full.
func (c *checker) pairs(prints []imprint) (pairs []pair) {
	type kind struct {
		first int
		votes []int64
	}
	var kinds []kind
	for _, x := range prints {
		p := int(x.precinct)
		c.set.Ballots(p, p+1, func(_ int, votes []int64) {
			same := func(k kind) bool { return c.set.Area(k.first) == c.set.Area(p) && slices.Equal(k.votes, votes) }
			if i := slices.IndexFunc(kinds, same); i >= 0 {
				pairs = append(pairs, pair{p, kinds[i].first, ballots(votes)})
			} else {
				kinds = append(kinds, kind{p, slices.Clone(votes)})
			}
		})
	}
	return pairs
}
