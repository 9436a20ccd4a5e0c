// Package rehearse makes precinct files out of published totals, so that a count
// can be rehearsed before the real files arrive, at any size. What is published
// is conserved to the vote; what is not is simulated, and looks like an election.
//
// A [Totals] file states what a commission published: votes, voters, ballots, and
// in what proportions the regions share them. [Make] splits it, in two steps:
//
//   - over the regions by largest remainder, in the proportions of the regional
//     figures where the totals file has them, else with mild noise (up to a
//     quarter either way) around each region's share of the voters;
//   - over the precincts of a region by running sums, one precinct after the
//     other, around weights that vary from precinct to precinct.
//
// What is split is a voter at a time, of whom each is one thing: a vote for a
// list, an invalid ballot, a ballot of which nothing more is published, or a
// voter who stayed away. Cast and registered are sums of those, precinct by
// precinct. So in every precinct votes + invalid <= cast <= registered, with
// equality where the published lines are complete, registered is at least 1, and
// in every region and in the nation each line adds up to the figure that was
// split: by construction, not by correction afterwards.
//
// A line that is not published is in no file: absent is not zero.
//
// The weights are made after the 2,399 precinct returns of Kyrgyzstan's election
// of 4 October 2020: sizes from tens of voters to about 1.7 times the mean, crowded
// towns, neighbouring precincts that vote alike, a home village for the small list
// that has no votes elsewhere. They have no statistical claim beyond that. In
// particular no test of digits or of turnout should be tried out on them.
//
// On request there are mistakes in the files ([Options].Faults), and [WriteLabels] says
// where: then the figures are no longer the published ones. Of a thousand of each kind
// in 10,000 precincts, reading them and checking the protocols found
//
//	                   the 2020 totals, with    those of 2021, without
//	                   invalid ballots          invalid ballots
//	copied-row         1,000                    1,000
//	total-row          1,000                    1,000
//	over-turnout       1,000                    1,000
//	digit-slip           956                       93
//	transposition        811                      189
//	shifted-row          371                        0
//	exchanged-lists        0                        0
//	copied-precinct        0 (register: 1,000)      0 (register: 1,000)
//	missing-precinct       0 (register: 1,000)      0 (register: 1,000)
//
// which is every one that breaks a relation of the protocol, and none that keeps them
// all: a slip in the registered voters, a row shifted so that nothing is lost, two lists
// exchanged. Half of the shifted rows keep their sum by construction. Without the line
// that votes must add up to, hardly anything but an excess of votes shows. A row that
// is there twice is an error after which total rows are not looked for: they show when
// it is out.
//
// Everything is integers, 128 bits wide where it must be, and one documented
// generator of random numbers, SplitMix64. The same totals, number of precincts
// and seed give the same bytes on every machine, in whatever order the files are
// written. A [File] is a recipe of some hundred bytes: its rows are made
// while they are written, and a million precincts need no more memory than one.
//
// Its neighbours are document, which reads the totals file, and cmd/kenesh, which
// names and writes the files and the labels.
package rehearse

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// A Figure is a published count. The zero value is a figure that was not
// published, which is not the figure zero.
type Figure struct {
	N     int64
	Known bool
}

// A List is a line of the published table that holds votes: a list, "against
// all", or a residue such as "Other lists".
type List struct {
	Name  string
	Votes int64 // in the nation
}

// A Region gets one file. Its figures are proportions: what they add up to need not
// be, and with figures of another hour is not, the national figure.
type Region struct {
	Name      string
	File      string // name of the file, without a folder
	Precincts int64  // its share of the precincts, at least 1
	// Registered is its share of the registered voters, at least 1; 0 in every
	// region: the voters are shared like the precincts.
	Registered int64
	// Votes holds its share of each list's votes, in the order of [Totals].Lists;
	// nil in every region: they are shared like the voters, with mild noise.
	Votes []int64
}

// Totals is what was published of one contest. See [Parse] for the file.
type Totals struct {
	Title   string
	Sources []string // where each figure stands, one text a source
	Notes   []string // what a reader of the figures must know
	Lists   []List   // in ballot order

	Registered Figure // registered voters
	Cast       Figure // voters who took part; ballots cast, invalid ones included
	Invalid    Figure // invalid ballots
	// Complete says that no list is left out, so that votes and invalid ballots
	// make up the ballots cast. Otherwise some of these are in no line.
	Complete bool

	Regions []Region // in the order of the precinct numbers
}

// MaxPrecincts bounds [Options].Precincts: a weight is below
// 0.6 * 2^40, and their sums over a region stay below 2^63.
const MaxPrecincts = 10_000_000

// Options says what to make of totals.
type Options struct {
	Precincts int    // in the nation, from the number of regions to MaxPrecincts
	Seed      uint64 // another seed gives another split of the same totals
	// Long writes a row for each precinct and list. It holds votes only: the
	// lines of the protocol have no place in that shape. False writes the wide
	// shape, a row for each precinct.
	Long bool
	// Faults are put into the files. Without any the files hold what was published.
	Faults []Fault
}

// Make splits t over regions and precincts and returns one file a region, in
// the order of t. It does no work that grows with the number of precincts, unless
// there are faults to be put into them.
// It returns an error when t contradicts itself (never after [Parse]), when there
// are fewer precincts than regions, when a region has fewer registered voters
// than precincts, and when too few precincts can have a fault.
func Make(t *Totals, o Options) ([]File, error) {
	if faults := t.faults(); len(faults) > 0 {
		return nil, fmt.Errorf("totals %q: %s", t.Title, faults[0])
	}
	switch {
	case o.Precincts < len(t.Regions):
		return nil, fmt.Errorf("found %d precincts for %d regions, want at least one in each", o.Precincts, len(t.Regions))
	case o.Precincts > MaxPrecincts:
		return nil, fmt.Errorf("found %d precincts, want at most %d", o.Precincts, MaxPrecincts)
	}
	precincts := t.precincts(o.Precincts)
	parts := t.split(stream(o.Seed))
	first, block := numbers(precincts)
	all := t.all()
	files := make([]File, len(t.Regions))
	for r, region := range t.Regions {
		f := File{
			Name: region.File, Region: region.Name, Precincts: precincts[r],
			lists: t.Lists, registered: t.Registered.Known, cast: t.Cast.Known, invalid: t.Invalid.Known,
			parts: parts[r], first: (first+int64(r))*block + 1, block: block, long: o.Long,
			seed: stream(o.Seed).fork(uint64(r) + 1),
		}
		voters := sum(f.parts)
		if t.Registered.Known && voters < int64(f.Precincts) {
			return nil, fmt.Errorf("region %q has %d registered voters for %d precincts, want one in each at least", region.Name, voters, f.Precincts)
		}
		f.crowding = crowding(voters, f.Precincts, all, o.Precincts)
		files[r] = f
	}
	if len(o.Faults) > 0 {
		if err := t.plant(files, o); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// The parts of an electorate beside the lists, which come first. Every voter is
// in one part; a part that cannot be known from the totals is 0 everywhere.
const (
	invalid = iota // ballots that are published as invalid
	other          // ballots cast, of which nothing more is published
	away           // registered voters who did not take part
	besides        // how many there are
)

// counted is the sum of what the totals say of ballots: votes and invalid.
func (t *Totals) counted() int64 {
	n := t.Invalid.N
	for _, l := range t.Lists {
		n += l.Votes
	}
	return n
}

// voted is the number of ballots cast, or what is known of it.
func (t *Totals) voted() int64 {
	if t.Cast.Known {
		return t.Cast.N
	}
	return t.counted()
}

// all is the number of voters, or what is known of it.
func (t *Totals) all() int64 {
	if t.Registered.Known {
		return t.Registered.N
	}
	return t.voted()
}

// precincts shares n precincts among the regions, none of which stays without.
func (t *Totals) precincts(n int) []int {
	weights := make([]uint64, len(t.Regions))
	for r := range t.Regions {
		weights[r] = uint64(t.Regions[r].Precincts)
	}
	list := make([]int, len(t.Regions))
	for r, k := range share(int64(n), weights) {
		list[r] = int(k)
	}
	for r := range list {
		if list[r] == 0 {
			list[slices.Index(list, slices.Max(list))]--
			list[r]++
		}
	}
	return list
}

// split shares every part of the electorate among the regions: parts[r] are the
// votes of region r by list, then the other parts.
func (t *Totals) split(seed stream) [][]int64 {
	parts := make([][]int64, len(t.Regions))
	for r := range parts {
		parts[r] = make([]int64, len(t.Lists)+besides)
	}
	put := func(part int, total int64, weights []uint64) {
		for r, n := range share(total, weights) {
			parts[r][part] = n
		}
	}

	size := t.sizes()
	for l, list := range t.Lists {
		weights := make([]uint64, len(t.Regions))
		for r := range weights {
			if v := t.Regions[r].Votes; v != nil {
				weights[r] = uint64(v[l])
			} else {
				weights[r] = max(size[r]>>32, 1) * (192 + seed.next(7))
			}
		}
		put(l, list.Votes, weights)
	}

	// Nobody publishes invalid ballots by region: they go with the votes.
	ballots := make([]uint64, len(t.Regions))
	for r := range ballots {
		ballots[r] = uint64(sum(parts[r]))
	}
	put(len(t.Lists)+invalid, t.Invalid.N, ballots)
	put(len(t.Lists)+other, t.voted()-t.counted(), ballots)

	// The voters are shared by size; who is not among the ballots stayed away. A
	// region whose ballots are more than its share of the voters gets as many
	// voters as ballots, at the cost of those who stayed away elsewhere.
	absent := make([]uint64, len(t.Regions))
	for r, n := range share(t.all(), size) {
		absent[r] = uint64(max(n-sum(parts[r]), 0))
	}
	put(len(t.Lists)+away, t.all()-t.voted(), absent)
	return parts
}

// sizes are the shares of the regions in the voters, scaled to add up to between
// 2^62 and 2^63, so that their upper halves are exact enough for noise.
func (t *Totals) sizes() []uint64 {
	list := make([]uint64, len(t.Regions))
	var all uint64
	for r, region := range t.Regions {
		if list[r] = uint64(region.Registered); list[r] == 0 {
			list[r] = uint64(region.Precincts)
		}
		all += list[r]
	}
	for r := range list {
		list[r] <<= bits.LeadingZeros64(all) - 1 // exact: no proportion changes
	}
	return list
}

// share divides total in the proportions of weights, whose sum must be less than 2^63,
// by largest remainder: every part is its exact share rounded down or up, and the
// parts add up to total. The earlier of two equal remainders is rounded up.
//
// For example 10 in the proportions 1, 1, 1 is 4, 3, 3.
func share(total int64, weights []uint64) []int64 {
	parts := make([]int64, len(weights))
	if total == 0 {
		return parts
	}
	var all uint64
	for _, w := range weights {
		all += w
	}
	if all == 0 {
		panic("rehearse: something to share, and nobody to have it")
	}
	left := total
	remainders := make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), w)
		quo, rem := bits.Div64(hi, lo, all)
		parts[i], remainders[i], order[i] = int64(quo), rem, i
		left -= int64(quo)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainders[a] > remainders[b]:
			return -1
		case remainders[a] < remainders[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// numbers says how precincts are numbered: those of region r from
// (first+r)*block + 1 on. The block is a power of ten above the precincts of any
// region, and first the power of ten that makes all numbers of one length:
// 1001, 1002 … in the first of nine regions, 9001 … in the last.
func numbers(precincts []int) (first, block int64) {
	for block = 10; block <= int64(slices.Max(precincts)); {
		block *= 10
	}
	for first = 1; first*10 < first+int64(len(precincts)); {
		first *= 10
	}
	return first, block
}

// crowding says how large the precincts of a region are beside those of the
// nation, in 256ths, from an eighth to four times.
func crowding(voters int64, precincts int, all int64, allPrecincts int) int64 {
	here, nation := uint64(voters)/uint64(precincts), uint64(all)/uint64(allPrecincts)
	hi, lo := bits.Mul64(here, 256)
	switch {
	case nation == 0: // less than one voter a precinct
		return 256
	case hi >= nation:
		return 1024
	}
	times, _ := bits.Div64(hi, lo, nation)
	return int64(min(max(times, 32), 1024))
}

// sum adds parts of one electorate, which never exceed it.
func sum(list []int64) int64 {
	var n int64
	for _, x := range list {
		n += x
	}
	return n
}

// add is a + b, and false when that is beyond the largest int64.
func add(a, b int64) (int64, bool) {
	if a > math.MaxInt64-b {
		return 0, false
	}
	return a + b, true
}
