package outlook

import (
	"math/big"
	"slices"
)

// most lists whose part is open for which every choice of them is looked at; beyond that
// all choices are bounded at once.
const fewOpen = 6

// A choice is lists that take part beside the one in question. Where it stands for many,
// maybe are those that may or may not, and with those that do.
type choice struct {
	with, maybe []int
	grown       int64 // the base has grown by so much at the least, so that the others are out
}

// choices are all choices of lists that can take part beside one.
func (f *field) choices(but int) (list []choice) {
	certain, undecided := f.certain(but), f.undecided(but)
	if len(undecided) > fewOpen {
		return []choice{{with: certain, maybe: undecided}}
	}
	f.parts(undecided, func(with, without []int) bool {
		if grown := f.growth(without); grown <= f.nation.more {
			list = append(list, choice{with: slices.Concat(certain, with), grown: grown})
		}
		return false
	})
	return list
}

// raise is what it costs to have the lists of a choice take part, list by list: it grows
// the base, which raises the bars, until both fit. ok is false where that is beyond the
// outstanding ballots.
func (f *field) raise(c *choice) (by []int64, sum int64, ok bool) {
	for range 200 {
		by, sum = by[:0], 0
		for _, l := range c.with {
			x := f.lifted(l, c.grown)
			if x > f.nation.more {
				return nil, 0, false
			}
			by = append(by, x)
			sum += x
		}
		if sum > f.nation.more {
			return nil, 0, false
		}
		if sum <= c.grown {
			break
		}
		c.grown = sum
	}
	return by, sum, true
}

// A line is a quota in parts of a vote: a seat costs from low/den to high/den votes.
type line struct{ den, low, high int64 }

// quotaOf bounds the quota when the lists that take part have from least to most votes.
func (f *field) quotaOf(least, most int64) line {
	per, low, high := f.method.QuotaLine(f.house)
	return line{2 * per, 2*least + low*per, 2*most + high*per}
}

// remainderLeast is the seats that a list has whatever comes, by largest remainders.
func (f *field) remainderLeast(list int) int {
	if f.statuses[list] != in {
		return 0
	}
	worst := f.house
	for _, c := range f.choices(list) {
		by, _, ok := f.raise(&c)
		if !ok {
			continue
		}
		low := 0
		for low < worst {
			if k := (low + worst + 1) / 2; f.remainderLoses(list, k, &c, by) {
				worst = k - 1
			} else {
				low = k
			}
		}
	}
	return worst
}

// remainderLoses reports whether the list may have fewer than k seats beside a choice: all
// outstanding ballots are for the others.
func (f *field) remainderLoses(list, k int, c *choice, by []int64) bool {
	votes, more := f.lists[list].votes, f.nation.more
	sum := votes + f.sum(c.with) + more
	q := f.quotaOf(sum, sum+f.sum(c.maybe))
	claims := f.house - k + 1
	if q.low <= 0 {
		return true // so few votes that the rounding decides
	}
	var costs [][]int64
	cost := func(l int, lift int64, must bool) {
		x := make([]int64, claims+1)
		for n := range x {
			price := q.den * (votes - f.lists[l].votes)
			if n > k {
				price += int64(n-k) * q.low
			} else {
				price += int64(n-k) * q.high
			}
			x[n] = max(price, q.den*lift)
		}
		if must {
			x[0] = q.den * lift
		} else {
			x[0] = 0
		}
		costs = append(costs, x)
	}
	for i, l := range c.with {
		cost(l, by[i], true)
	}
	for _, l := range c.maybe {
		if x := f.lifted(l, c.grown); x <= more {
			cost(l, x, false)
		}
	}
	return cheapest(costs, claims, q.den*more) != impossible
}

// remainderMost is the seats that a list has at the best, by largest remainders: the
// outstanding ballots are for it, but for those that lift others over the bar.
func (f *field) remainderMost(list int) int {
	if f.statuses[list] == out {
		return 0
	}
	best := 0
	for _, c := range f.choices(list) {
		if by, sum, ok := f.raise(&c); ok {
			best = max(best, f.remainderWins(list, &c, by, f.nation.more-sum))
		}
	}
	return best
}

// remainderWins is the most seats of a list beside a choice, when it has up to so many
// votes more.
func (f *field) remainderWins(list int, c *choice, by []int64, more int64) int {
	type end struct {
		votes int64
		line
	}
	// Where the quota is rounded, the best may be at either end.
	rest := f.sum(c.with)
	for _, x := range by {
		rest += x
	}
	var ends []end
	for _, x := range []int64{0, more} {
		v := f.lists[list].votes + x
		ends = append(ends, end{v, f.quotaOf(v+rest, v+rest+f.sum(c.maybe))})
	}
	ahead := func(k int) (n int64) { // claims that come before the k-th for certain
		for i, l := range c.with {
			v := f.lists[l].votes + by[i]
			fewest := int64(never)
			for _, e := range ends {
				fewest = min(fewest, e.ahead(v-e.votes, k))
			}
			if below := v - ends[0].votes; below > 0 && v-ends[1].votes < 0 { // it meets it on the way
				fewest = min(fewest, ends[0].ahead(0, k))
			}
			n += fewest
		}
		return n
	}
	low, high := 0, f.house
	for low < high {
		if k := (low + high + 1) / 2; ahead(k) <= int64(f.house-k) {
			low = k
		} else {
			high = k - 1
		}
	}
	return low
}

// ahead is how many claims of a list with so many votes more than another come before
// the k-th of that for certain: those n with more > (n−k) × quota.
func (q line) ahead(more int64, k int) int64 {
	quota := q.high
	if more < 0 {
		quota = q.low
	}
	if quota <= 0 {
		return 0
	}
	n := big.NewInt(more)
	n.Mul(n, big.NewInt(q.den))
	n.Add(n, new(big.Int).Mul(big.NewInt(int64(k)), big.NewInt(quota)))
	if n.Sign() <= 0 {
		return 0
	}
	n.Sub(n, big.NewInt(1))
	return n.Quo(n, big.NewInt(quota)).Int64() // rounded up, less 1
}

// A span is how many votes a list has of how many, at the least and at the most.
type span struct {
	least, most     int64 // votes
	leastOf, mostOf int64 // of all that take part, when it has the least and the most
}

func (f *field) span(list int) span {
	certain, more, votes := f.sum(f.certain(list)), f.nation.more, f.lists[list].votes
	return span{votes, votes + more, votes + certain + f.sum(f.undecided(list)) + more, votes + certain + more}
}

// wholes is the whole quotas in votes, of so many votes in all, rounded down; exact
// reports whether nothing is left over.
func (f *field) wholes(votes, of int64) (n int, exact bool) {
	if of == 0 {
		return 0, true
	}
	q := f.method.Quota(of, f.house)
	x := new(big.Int).Mul(big.NewInt(votes), q.Denom())
	x, r := x.QuoRem(x, q.Num(), new(big.Int))
	return int(min(x.Int64(), int64(f.house))), r.Sign() == 0
}

// shareOf is the exact share of the house, rounded down; exact: nothing is left over.
func (f *field) shareOf(votes, of int64) (n int, exact bool) {
	if of == 0 {
		return 0, true
	}
	x := new(big.Int).Mul(big.NewInt(votes), big.NewInt(int64(f.house)))
	x, r := x.QuoRem(x, big.NewInt(of), new(big.Int))
	return int(x.Int64()), r.Sign() == 0
}

// quotaMethodBounds are those of a method that keeps both quotas: a list has its share,
// rounded down or up.
func (f *field) quotaMethodBounds(list int) (least, most int) {
	if f.statuses[list] == out {
		return 0, 0
	}
	s := f.span(list)
	if f.statuses[list] == in {
		least, _ = f.shareOf(s.least, s.leastOf)
	}
	most, exact := f.shareOf(s.most, s.mostOf)
	if !exact {
		most++
	}
	return least, min(most, f.house)
}

// largestBounds are those of whole quotas with the leftovers to the largest lists.
func (f *field) largestBounds() (least, most []int) {
	n := len(f.lists)
	least, most = make([]int, n), make([]int, n)
	fewest, largest := f.house, f.house // leftovers
	lists := 0
	for l, s := range f.statuses {
		if s == out {
			continue
		}
		lists++
		x := f.span(l)
		if s == in {
			least[l], _ = f.shareOf(x.least, x.leastOf)
			largest -= least[l]
		}
		most[l], _ = f.shareOf(x.most, x.mostOf)
		fewest -= most[l]
	}
	largest = min(largest, lists-1)
	for l, s := range f.statuses {
		if s == out {
			continue
		}
		above, rivals := 0, 0 // lists that have more votes for certain; that may have as many
		for r, s := range f.statuses {
			switch {
			case r == l || s == out:
			case s == in && f.lists[r].votes > f.lists[l].votes+f.nation.more:
				above++
				rivals++
			case f.lists[r].votes+f.nation.more >= f.lists[l].votes:
				rivals++
			}
		}
		x := f.span(l)
		if _, exact := f.shareOf(x.least, x.leastOf); s == in && (rivals < fewest || rivals == 0 && !exact) {
			least[l]++
		}
		if above < largest {
			most[l]++
		}
		most[l] = min(most[l], f.house)
	}
	return least, most
}

// averagesBounds are those of a Droop quota with five leftovers to remainders and the
// others to averages.
func (f *field) averagesBounds() (least, most []int) {
	n := len(f.lists)
	least, most = make([]int, n), make([]int, n)
	left := f.house
	for l, s := range f.statuses {
		if x := f.span(l); s == in {
			least[l], _ = f.wholes(x.least, x.leastOf)
			left -= least[l]
		}
	}
	for l, s := range f.statuses {
		if s == out {
			continue
		}
		x := f.span(l)
		share := new(big.Int).Mul(big.NewInt(x.most), big.NewInt(int64(f.house+1)))
		share.Quo(share, big.NewInt(max(1, x.mostOf)))
		most[l] = min(f.house, int(share.Int64())+1+max(0, left-5))
	}
	return least, most
}

// dutchBounds are those of the Dutch law: D'Hondt from 19 seats on, below that whole
// quotas and at most two leftovers; and the seat that a majority may bring.
func (f *field) dutchBounds() (least, most []int) {
	const small = 19
	n := len(f.lists)
	least, most = make([]int, n), make([]int, n)
	for l, s := range f.statuses {
		if s == out {
			continue
		}
		x := f.span(l)
		if f.house >= small {
			least[l], most[l] = f.divisorLeast(l), f.divisorMost(l)
		} else {
			if s == in {
				least[l], _ = f.shareOf(x.least, x.leastOf)
			}
			most[l], _ = f.shareOf(x.most, x.mostOf)
			most[l] += 2
		}
	}
	for l, s := range f.statuses {
		if x := f.span(l); s == out || x.most <= x.mostOf/2 {
			continue
		}
		for other := range f.lists { // it may win one, and each of the others may lose it
			switch {
			case other == l:
				most[l]++
			case f.house >= small: // below, what it loses is a leftover
				least[other] = max(0, least[other]-1)
			}
		}
	}
	for l := range most {
		most[l] = min(most[l], f.house)
	}
	return least, most
}
