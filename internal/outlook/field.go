package outlook

import (
	"math"
	"math/big"
	"slices"

	"kenesh/internal/apportion"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// A field is the lists that compete, the bars before them and the ballots that are
// outstanding: all that the bounds hang on.
type field struct {
	law        *rules.Rules
	method     apportion.Method
	house      int
	cap        int // the most seats of a list; the house where the law has no cap
	onTop      bool
	lists      []contender
	total      int64 // votes, options included
	thresholds []rules.Threshold
	nation     place
	regions    []place
	alliances  [][]int // of lists that may yet take part

	regional [][]int64 // by list and bar in areas, in the order of the law: votes to reach it; see lifts
	statuses []status  // by list
}

type contender struct {
	name     string
	votes    int64
	parties  int
	minority bool
	option   rules.OptionKind // 0: it takes seats
}

// A place is the nation or a region.
type place struct {
	name  string
	votes []int64 // by list
	size  []int64 // by base; of registered voters the final one
	more  int64   // ballots outstanding
}

// A status says whether a list takes part at the end.
type status uint8

const (
	open status = iota
	in
	out
)

const never = math.MaxInt64

// sizeAt is a base when so many more ballots are in.
func (p *place) sizeAt(b rules.Base, more int64) int64 {
	if b == rules.Registered {
		more = 0
	}
	return p.size[b] + more
}

// share is the share of the base that a threshold asks of a list; nil: it asks for votes.
func (f *field) share(t *rules.Threshold, list int) *big.Rat {
	switch t.Measure {
	case rules.ByVotes:
		return nil
	case rules.ByQuota:
		return new(big.Rat).Quo(t.Share, big.NewRat(int64(max(1, f.house)), 1))
	}
	return t.ShareOf(f.lists[list].parties)
}

// needs is the votes with which a list reaches a bar in a place when so many more ballots
// are in; [never] where none are enough.
func (f *field) needs(t *rules.Threshold, list int, at *place, more int64) int64 {
	if f.exempt(t, list) {
		return 0
	}
	share := f.share(t, list)
	if share == nil {
		if t.MoreThan {
			return t.Votes + 1
		}
		return t.Votes
	}
	n := new(big.Int).Mul(share.Num(), big.NewInt(at.sizeAt(t.Base, more)))
	q, r := n.QuoRem(n, share.Denom(), new(big.Int))
	if t.MoreThan || r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return never
	}
	return q.Int64()
}

func (f *field) exempt(t *rules.Threshold, list int) bool {
	return t.Minorities && f.lists[list].minority
}

// ways are a threshold and its alternatives.
func ways(t *rules.Threshold) []*rules.Threshold {
	all := []*rules.Threshold{t}
	for i := range t.Or {
		all = append(all, &t.Or[i])
	}
	return all
}

// counts are the regions in which a bar is held against the lists.
func (f *field) counts(t *rules.Threshold) (list []*place) {
	for i := range f.regions {
		if !slices.ContainsFunc(t.Except, func(e string) bool { return rules.Same(e, f.regions[i].name) }) {
			list = append(list, &f.regions[i])
		}
	}
	return list
}

// areasNeeded is in how many of so many areas a bar must be reached.
func areasNeeded(t *rules.Threshold, areas int) int {
	if t.In == rules.InAny {
		return t.Count
	}
	return areas
}

// mayReach reports whether a list can reach a bar: with all outstanding ballots, which
// lift its share as far as it goes.
func (f *field) mayReach(t *rules.Threshold, list int) bool {
	reached := func(at *place) bool { return at.votes[list]+at.more >= f.needs(t, list, at, at.more) }
	return f.holds(t, list, reached)
}

// mayMiss reports whether a list can miss a bar: with no further vote, and all
// outstanding ballots in the base.
func (f *field) mayMiss(t *rules.Threshold, list int) bool {
	reached := func(at *place) bool { return at.votes[list] >= f.needs(t, list, at, at.more) }
	return !f.holds(t, list, reached)
}

// holds reports whether a bar is reached, by what is so in single places.
func (f *field) holds(t *rules.Threshold, list int, reached func(*place) bool) bool {
	switch {
	case f.exempt(t, list):
		return true
	case t.In == rules.InNation:
		return reached(&f.nation)
	}
	areas, n := f.counts(t), 0
	for _, at := range areas {
		if reached(at) {
			n++
		}
	}
	return n >= areasNeeded(t, len(areas))
}

// verdict is what a threshold says of a list, its alternatives included: the same
// ballots decide on all of them.
func (f *field) verdict(t *rules.Threshold, list int) tally.Verdict {
	may, miss := false, true
	for _, way := range ways(t) {
		may = may || f.mayReach(way, list)
		miss = miss && f.mayMiss(way, list)
	}
	switch {
	case !may:
		return tally.Missed
	case !miss:
		return tally.Reached
	}
	return tally.Open
}

// judge says which lists take part.
func (f *field) judge() {
	f.statuses = make([]status, len(f.lists))
	for l, c := range f.lists {
		s := in
		if c.votes == 0 {
			s = open
		}
		if c.option != 0 || c.votes+f.nation.more == 0 {
			s = out
		}
		for i := range f.thresholds {
			switch v := f.verdict(&f.thresholds[i], l); {
			case v == tally.Missed:
				s = out
			case v == tally.Open && s == in:
				s = open
			}
		}
		f.statuses[l] = s
	}
	f.lifts()
}

// lifts works out, for each bar in areas, the votes that a list needs in the nation to
// reach it: those it has and the fewest more, area by area, as if the ballots for it were
// the only ones there. No fewer can do.
func (f *field) lifts() {
	f.regional = make([][]int64, len(f.lists))
	for l := range f.lists {
		if f.statuses[l] == out {
			continue
		}
		for i := range f.thresholds {
			for _, t := range ways(&f.thresholds[i]) {
				if t.In == rules.InNation {
					continue
				}
				var costs []int64
				for _, at := range f.counts(t) {
					costs = append(costs, f.lift(t, l, at))
				}
				slices.Sort(costs)
				sum := int64(0)
				for _, c := range costs[:min(len(costs), areasNeeded(t, len(costs)))] {
					if sum += c; c == never {
						sum = never
						break
					}
				}
				if areasNeeded(t, len(costs)) > len(costs) {
					sum = never
				}
				if f.exempt(t, l) {
					sum = 0
				}
				if sum != never {
					sum += f.lists[l].votes
				}
				f.regional[l] = append(f.regional[l], sum)
			}
		}
	}
}

// lift is the fewest ballots for a list with which it reaches a bar in an area.
func (f *field) lift(t *rules.Threshold, list int, at *place) int64 {
	reaches := func(x int64) bool { return at.votes[list]+x >= f.needs(t, list, at, x) }
	if !reaches(at.more) {
		return never
	}
	return least(0, at.more, reaches)
}

// least is the smallest number from low to high for which holds; it holds for high, and
// for all above one for which it does.
func least(low, high int64, holds func(int64) bool) int64 {
	for low < high {
		if mid := low + (high-low)/2; holds(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// bar is the votes that a list needs to take part when the base has grown by so many
// ballots; [never] where it cannot.
func (f *field) bar(list int, more int64) int64 {
	need, k := int64(1), 0
	for i := range f.thresholds {
		best := int64(never)
		for _, t := range ways(&f.thresholds[i]) {
			if t.In == rules.InNation {
				best = min(best, f.needs(t, list, &f.nation, more))
				continue
			}
			best = min(best, f.regional[list][k])
			k++
		}
		need = max(need, best)
	}
	return need
}

// lifted is how many ballots a list needs to take part when the base has grown by more.
func (f *field) lifted(list int, more int64) int64 {
	need := f.bar(list, more)
	if need == never {
		return never
	}
	return max(0, need-f.lists[list].votes)
}

// falls is the growth of the base below which a list without further votes takes part for
// certain; [never] where it takes part whatever comes.
func (f *field) falls(list int) int64 {
	if f.statuses[list] == in {
		return never
	}
	if f.lists[list].votes == 0 {
		return 0
	}
	best := int64(never)
	for i := range f.thresholds {
		if f.verdict(&f.thresholds[i], list) == tally.Reached {
			continue
		}
		latest := int64(0) // all ways must be missed
		for _, t := range ways(&f.thresholds[i]) {
			soonest := int64(never)
			places := []*place{&f.nation}
			if t.In != rules.InNation {
				places = f.counts(t)
			}
			for _, at := range places {
				misses := func(x int64) bool { return at.votes[list] < f.needs(t, list, at, x) }
				if misses(at.more) {
					soonest = min(soonest, least(0, at.more, misses))
				}
			}
			latest = max(latest, soonest)
		}
		best = min(best, latest)
	}
	return best
}

// undecided are the lists whose part is open, but for one.
func (f *field) undecided(but int) (list []int) {
	for l, s := range f.statuses {
		if s == open && l != but {
			list = append(list, l)
		}
	}
	return list
}

// certain are the lists that take part whatever comes, but for one.
func (f *field) certain(but int) (list []int) {
	for l, s := range f.statuses {
		if s == in && l != but {
			list = append(list, l)
		}
	}
	return list
}

func (f *field) sum(lists []int) (n int64) {
	for _, l := range lists {
		n += f.lists[l].votes
	}
	return n
}

// impossible marks claims that cannot be had.
const impossible = int64(math.MaxInt64)

// cheapest is the fewest ballots for so many claims, where costs[u][n] is what n claims of
// unit u cost, at the least the rising rest of it; [impossible] beyond limit. A unit may be
// made to cost something with no claim.
func cheapest(costs [][]int64, claims int, limit int64) int64 {
	base := int64(0)
	var rest [][]int64
	for _, c := range costs {
		free := 0
		if c[0] == impossible {
			return impossible
		}
		for free+1 < len(c) && c[free+1] == c[0] {
			free++
		}
		if base += c[0]; base > limit {
			return impossible
		}
		claims -= free
		if c = c[free:]; len(c) > 1 && c[1] != impossible {
			rest = append(rest, c)
		}
	}
	if claims <= 0 {
		return base
	}
	limit -= base
	best := make([]int64, claims+1) // by claims so far: the fewest ballots
	for n := 1; n <= claims; n++ {
		best[n] = impossible
	}
	for _, c := range rest {
		for n := claims; n > 0; n-- { // from above, so that a unit is asked once
			for k := 1; k < len(c) && c[k] != impossible && c[k]-c[0] <= limit; k++ {
				before := best[max(0, n-k)]
				if before == impossible {
					continue
				}
				if sum := before + c[k] - c[0]; sum <= limit && sum < best[n] {
					best[n] = sum
				}
			}
		}
	}
	if best[claims] == impossible {
		return impossible
	}
	return base + best[claims]
}
