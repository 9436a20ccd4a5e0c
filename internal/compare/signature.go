package compare

import (
	"math"
	"slices"
	"strconv"

	"kenesh/internal/returns"
)

// A Signature is a relation between the numbers that both counts have of a precinct. It
// holds or it does not; several may. It does not say how the numbers came about.
type Signature uint8

const (
	Exchanged Signature = iota
	Shifted
	Transposed
	Digit
	Tenfold
	Neighbour
	Moved
	Added
	Doubled
	OverRegistered
	Copied // of a precinct that one count has alone
)

// signatureTable names and defines the signatures, in the order in which they are stated.
var signatureTable = [...]struct{ name, brief, means string }{
	Exchanged:      {"exchanged", "two lists have each other's votes", "two lists differ, and each has in one count the votes of the other in the other count"},
	Shifted:        {"shifted", "votes stand one list further down, or up", "from a list on, in ballot order, each has the votes that the list before it, or behind it, has in the other count; the place left free has 0, or the votes that fell out at the end"},
	Transposed:     {"transposed", "the same digits in another order", "one number differs, and has the same digits in another order, so that the difference is divisible by 9: 132, 123"},
	Digit:          {"digit", "one number differs in one digit, or by 1, 10, 100 …", "one number differs, and in one digit (143, 183; always so below 10) or by 1, 10, 100 …"},
	Tenfold:        {"tenfold", "one number is ten times as large", "one number differs, and is ten times as large in one count: 12, 120"},
	Neighbour:      {"neighbour", "what differs is as in the next precinct", "each list that differs has, in one count, the votes that it has there in the precinct before, or in the one behind, in the file; one of them 10 or more"},
	Moved:          {"moved", "one list has as many more as another has fewer", "two lists differ, and one has as many votes more as the other has fewer"},
	Added:          {"added", "lists have more votes, and as many more are cast", "lists differ, all with more votes in the same count, and in that count as many ballots more are cast"},
	Doubled:        {"doubled", "every list has twice the votes", "every list has in one count twice the votes that it has in the other; three lists with votes at least"},
	OverRegistered: {"over-registered", "more cast than registered in one count alone", "in one count more ballots are cast than voters are registered, in the other not"},
	Copied:         {"copied", "in one count alone, with the votes of another precinct there", "of a precinct that one count has alone: it has the same votes for every list as another one of its area in that count; 10 votes or more, for two lists at least"},
}

func (s Signature) String() string { return signatureTable[s].name }

// Brief is the signature in a few words.
func (s Signature) Brief() string { return signatureTable[s].brief }

// Means defines the signature.
func (s Signature) Means() string { return signatureTable[s].means }

// Signatures returns all signatures in the order in which they are stated.
func Signatures() []Signature {
	list := make([]Signature, len(signatureTable))
	for i := range list {
		list[i] = Signature(i)
	}
	return list
}

// A reader reads what both counts have of a joined precinct.
type reader struct {
	*Comparison
	votes  [2][]int64 // by row of Lists
	lines  [2][]int64
	stated [2]uint64 // lines, a bit each
}

func newReader(c *Comparison) *reader {
	w := &reader{Comparison: c}
	for side := range w.votes {
		w.votes[side] = make([]int64, len(c.Lists))
		w.lines[side] = make([]int64, len(returns.Lines()))
	}
	return w
}

// at is the votes of a row of Lists in precinct p of a side.
func (w *reader) at(side, row, p int) int64 {
	l := w.list[side][row]
	if l < 0 {
		return 0
	}
	v, _ := w.Sets[side].Votes(l).At(p)
	return v
}

func (w *reader) read(j pair) {
	for side, p := range j {
		for l := range w.votes[side] {
			w.votes[side][l] = w.at(side, l, p)
		}
		w.stated[side] = 0
		for l := range w.lines[side] {
			v, ok := w.Sets[side].Stated(p, returns.Line(l))
			if w.lines[side][l] = v; ok {
				w.stated[side] |= 1 << l
			}
		}
	}
}

// signatures are those of the precinct in hand.
func (w *reader) signatures(c *Change) (list []Signature) {
	var lists, lines []Figure
	for _, f := range c.Figures {
		if f.List >= 0 {
			lists = append(lists, f)
		} else {
			lines = append(lines, f)
		}
	}
	one := lists // the number that differs alone
	if len(lists) == 0 {
		one = lines
	}
	single := len(one) == 1
	two := len(lists) == 2
	for s, holds := range [...]bool{
		Exchanged:      two && lists[0].A == lists[1].B && lists[1].A == lists[0].B,
		Shifted:        len(lists) > 0 && shifted(w.votes[0], w.votes[1]),
		Transposed:     single && transposed(one[0].A, one[0].B),
		Digit:          single && digit(one[0].A, one[0].B),
		Tenfold:        single && tenfold(one[0].A, one[0].B),
		Neighbour:      len(lists) > 0 && w.neighbour(c, lists),
		Moved:          two && lists[0].B-lists[0].A == lists[1].A-lists[1].B,
		Added:          len(lists) > 0 && w.added(lists),
		Doubled:        len(lists) > 0 && (doubled(w.votes[0], w.votes[1]) || doubled(w.votes[1], w.votes[0])),
		OverRegistered: w.overRegistered(),
	} {
		if holds {
			list = append(list, Signature(s))
		}
	}
	return list
}

// shifted reports whether one of two rows is the other with each number one place further,
// to the end or from it.
func shifted(a, b []int64) bool {
	return shift(a, b) || shift(b, a) || lift(a, b) || lift(b, a)
}

// shift reports whether b is a with the numbers from a place on one place further down:
// what falls out at the end is lost, or stands in the place left free.
func shift(a, b []int64) bool {
	from, last := start(a, b)
	return last > 0 && slices.Equal(b[from+1:], a[from:last]) && (b[from] == 0 || b[from] == a[last])
}

// lift reports whether b is a with the numbers from a place on one place further up: the
// last place has 0, or the number that the first one had.
func lift(a, b []int64) bool {
	from, last := start(a, b)
	return last > 0 && slices.Equal(b[from:last], a[from+1:]) && (b[last] == 0 || b[last] == a[from])
}

// start is where numbers that stand one place further begin to do so, if they do, and the
// last place. They differ first there, or behind numbers that are all one, from any of
// which it can be said to begin; but one place alone has nothing to give to.
func start(a, b []int64) (from, last int) {
	last = len(a) - 1
	for from < last-1 && a[from] == b[from] {
		from++
	}
	return from, last
}

// transposed reports whether two numbers have the same digits in another order.
func transposed(x, y int64) bool {
	a, b := []byte(strconv.FormatInt(x, 10)), []byte(strconv.FormatInt(y, 10))
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// digit reports whether two numbers of as many digits differ in one of them, or whether
// they differ by a power of ten.
func digit(x, y int64) bool {
	d := distance(x, y)
	for d%10 == 0 {
		d /= 10
	}
	if d == 1 {
		return true
	}
	a, b := strconv.FormatInt(x, 10), strconv.FormatInt(y, 10)
	if len(a) != len(b) {
		return false
	}
	differ := 0
	for i := range a {
		if a[i] != b[i] {
			differ++
		}
	}
	return differ == 1
}

// doubled reports whether all numbers of b are twice those of a.
func doubled(a, b []int64) bool {
	const least = 3
	lists := 0
	for l, v := range a {
		if v > math.MaxInt64/2 || b[l] != 2*v {
			return false
		}
		if v > 0 {
			lists++
		}
	}
	return lists >= least
}

func tenfold(x, y int64) bool {
	small, large := min(x, y), max(x, y)
	return small > 0 && small <= math.MaxInt64/10 && 10*small == large
}

// neighbour reports whether the lists that differ have the votes of a neighbour.
func (w *reader) neighbour(c *Change, lists []Figure) bool {
	const least = 10
	for side, p := range c.Precinct {
		s := w.Sets[side]
		file, _ := s.Position(p)
		first, end := s.PrecinctsOf(file)
		for _, q := range []int{p - 1, p + 1} {
			if q < first || q >= end {
				continue
			}
			most := int64(0)
			if !slices.ContainsFunc(lists, func(f Figure) bool {
				v := w.at(side, f.List, q)
				most = max(most, v)
				return v != w.votes[side][f.List]
			}) && most >= least {
				return true
			}
		}
	}
	return false
}

// added reports whether all lists that differ have more in one count, and ballots cast
// with them.
func (w *reader) added(lists []Figure) bool {
	if w.stated[0]&w.stated[1]>>returns.Cast&1 == 0 {
		return false
	}
	sum := int64(0)
	for _, f := range lists {
		d := f.B - f.A
		if d > 0 != (lists[0].B > lists[0].A) || d > 0 && sum > math.MaxInt64-d || d < 0 && sum < math.MinInt64-d {
			return false
		}
		sum += d
	}
	return w.lines[1][returns.Cast]-w.lines[0][returns.Cast] == sum
}

func (w *reader) overRegistered() bool {
	const needs = 1<<returns.Registered | 1<<returns.Cast
	if w.stated[0]&w.stated[1]&needs != needs {
		return false
	}
	over := func(side int) bool { return w.lines[side][returns.Cast] > w.lines[side][returns.Registered] }
	return over(0) != over(1)
}

// copies finds the precincts that a side has alone and that have the votes of another one
// of their area.
func (c *Comparison) copies(side int) {
	if len(c.Only[side]) == 0 {
		return
	}
	const least = 10
	s := c.Sets[side]
	key := func(p int, votes []int64) (string, bool) {
		b := strconv.AppendInt(nil, int64(s.Area(p)), 10)
		sum, lists := int64(0), 0
		for _, v := range votes {
			if v > 0 {
				sum += min(v, least)
				lists++
			}
			b = strconv.AppendInt(append(b, ','), max(v, 0), 10)
		}
		return string(b), sum >= least && lists > 1
	}
	wanted := map[string][]int{} // the places in Only of those with these votes
	for i, x := range c.Only[side] {
		s.Ballots(x.Precinct, x.Precinct+1, func(p int, votes []int64) {
			if k, ok := key(p, votes); ok {
				wanted[k] = append(wanted[k], i)
			}
		})
	}
	order := ordering(s)
	s.Ballots(0, s.Len(), func(p int, votes []int64) {
		k, ok := key(p, votes)
		if !ok {
			return
		}
		for _, i := range wanted[k] {
			x := &c.Only[side][i]
			if p != x.Precinct && (x.CopyOf < 0 || order(p, x.CopyOf) < 0) {
				x.CopyOf = p
			}
		}
	})
}
