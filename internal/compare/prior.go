package compare

import (
	"fmt"
	"math"
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Bounds of a flag: a list is far from its prediction beyond Far, and near it below Near,
// in robust standard deviations.
const (
	Far  = 8
	Near = 3
)

// An Expectation is what an earlier round lets one expect of each precinct.
type Expectation struct {
	*Comparison       // A is the round in question, B the earlier one
	Fits        []Fit // by row of Lists
	Fitted      int   // joined precincts with votes in both rounds
	Flags       []Flag
}

// A Fit predicts the share of a list in a precinct: Intercept + Slope × its share in the
// earlier round.
type Fit struct {
	Slope, Intercept float64
	Spread           float64 // 1.4826 × the median of |share − prediction|
	None             string  // why there is no fit, and z of the list says nothing; "": there is one
}

// A Flag is a precinct in which a list is farther from its prediction than [Far], while
// with the votes of two lists exchanged both are nearer than [Near].
type Flag struct {
	Precinct [2]int
	Lists    [2]int     // rows of Lists
	Votes    [2]int64   // of both, in the round in question
	Earlier  [2]int64   // and in the earlier one
	Z        [2]float64 // of both lists, as they stand
	Swapped  [2]float64 // with their votes exchanged
}

// Prior looks for precincts in which the votes of two lists look exchanged, by an earlier
// round of the same lists. A share is votes over the votes of all lists in both rounds.
// For each list a line is fitted over all precincts, Tukey's resistant line:
//
//  1. the precincts are sorted by earlier share, then by share, and cut into three; those
//     at a cut with equal earlier shares stay together below it;
//  2. the slope is that through the medians of the outer thirds; it is added to by the slope
//     through the residuals in the same way, at most 20 times, until that is below 1e-9;
//  3. the intercept is the median of what is left.
//
// z is the residual over the spread, 1.4826 times the median of all |residuals|, or over
// what chance alone scatters in n votes where that is more: sqrt(p(1−p)/n), p being the
// prediction, but not nearer than 1/n to 0 or 1. Else one vote in a precinct of ten would be
// far from any prediction. Of two middle values a median is the mean. A flag needs |z| > 8 of one list, and that with the
// votes of it and another list exchanged, |z| < 3 of both. Of several such lists the one
// with the smallest |z| afterwards is named.
//
// These are the only floats in this package: 64 bits, each product rounded by itself, sums
// in the order of precincts by area and id.
func Prior(now, earlier *returns.Set, log *finding.Log) (*Expectation, bool) {
	c, ok := Compare(now, earlier, log)
	if !ok {
		return nil, false
	}
	e := &Expectation{Comparison: c}
	order := ordering(now)
	slices.SortFunc(c.both, func(x, y pair) int { return order(x[0], y[0]) })
	var lists []int // in both rounds
	for l := range c.Lists {
		if c.Lists[l].In == [2]bool{true, true} {
			lists = append(lists, l)
		}
	}
	if len(lists) < 2 {
		log.Add(finding.Finding{Code: "LISTS", Severity: finding.Error, Message: fmt.Sprintf("%d list%s in both rounds; exchanged lists need two", len(lists), plural(len(lists))+verb(len(lists)))})
		return nil, false
	}
	w := newReader(c)
	var rows []sample
	for _, j := range c.both {
		w.read(j)
		s := sample{pair: j}
		for side := range s.votes {
			for _, l := range lists {
				v := w.votes[side][l]
				s.votes[side] = append(s.votes[side], v)
				s.all[side] += v // no more than was summed up before
			}
		}
		if s.all[0] > 0 && s.all[1] > 0 {
			rows = append(rows, s)
		}
	}
	e.Fitted = len(rows)
	e.Fits = make([]Fit, len(c.Lists))
	for l := range e.Fits {
		e.Fits[l].None = "it is in one round alone"
	}
	for k, l := range lists {
		e.Fits[l] = fit(rows, k)
	}
	for i := range rows {
		if f, ok := e.flag(&rows[i], lists); ok {
			e.Flags = append(e.Flags, f)
		}
	}
	return e, true
}

// A sample is a precinct with votes in both rounds, its votes by list that both have.
type sample struct {
	pair
	votes [2][]int64
	all   [2]int64
}

func (s *sample) share(side, k int) float64 { return float64(s.votes[side][k]) / float64(s.all[side]) }

// A point is the earlier share of a list and what is to be explained by it.
type point struct{ x, y float64 }

// fit fits the line of the k-th list.
func fit(rows []sample, k int) Fit {
	const fewest = 9 // three in each third
	if len(rows) < fewest {
		return Fit{None: fmt.Sprintf("only %d precincts have votes in both rounds", len(rows))}
	}
	points := make([]point, len(rows))
	for i := range rows {
		points[i] = point{rows[i].share(1, k), rows[i].share(0, k)}
	}
	slices.SortFunc(points, func(p, q point) int {
		switch {
		case p.x != q.x:
			return sign(p.x - q.x)
		default:
			return sign(p.y - q.y)
		}
	})
	low, high := cut(points, len(points)/3), cut(points, len(points)-len(points)/3)
	if low == 0 || high == len(points) || low == len(points) {
		return Fit{None: "its earlier shares are mostly one"}
	}
	xs, ys := func(p point) float64 { return p.x }, func(p point) float64 { return p.y }
	left, right := median(points[:low], xs), median(points[high:], xs)
	if left == right {
		return Fit{None: "its earlier shares are mostly one"}
	}
	var f Fit
	for range 20 {
		step := (median(points[high:], ys) - median(points[:low], ys)) / (right - left)
		f.Slope += step
		for i := range points {
			points[i].y -= float64(step * points[i].x)
		}
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	f.Intercept = median(points, ys)
	f.Spread = float64(1.4826 * median(points, func(p point) float64 { return math.Abs(p.y - f.Intercept) }))
	return f
}

func sign(d float64) int {
	switch {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}

// cut moves a cut behind all points with the same x as the one before it.
func cut(points []point, at int) int {
	for at > 0 && at < len(points) && points[at].x == points[at-1].x {
		at++
	}
	return at
}

func median(points []point, of func(point) float64) float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = of(p)
	}
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}

// z is how far the k-th list, of row l, would be from its prediction with so many votes.
func (e *Expectation) z(s *sample, k, l int, votes int64) float64 {
	f := &e.Fits[l]
	predicted := f.Intercept + float64(f.Slope*s.share(1, k))
	n := float64(s.all[0])
	p := min(max(predicted, 1/n), 1-1/n)
	chance := 0.0
	if n > 1 {
		chance = math.Sqrt(float64(p*(1-p)) / n)
	}
	return (float64(votes)/n - predicted) / max(f.Spread, chance, 1/n/n)
}

// flag looks for lists whose exchange explains a precinct.
func (e *Expectation) flag(s *sample, lists []int) (best Flag, found bool) {
	for k, l := range lists {
		if e.Fits[l].None != "" {
			continue
		}
		z := e.z(s, k, l, s.votes[0][k])
		if math.Abs(z) <= Far {
			continue
		}
		for m, other := range lists {
			if m == k || e.Fits[other].None != "" {
				continue
			}
			swapped := [2]float64{e.z(s, k, l, s.votes[0][m]), e.z(s, m, other, s.votes[0][k])}
			if math.Abs(swapped[0]) >= Near || math.Abs(swapped[1]) >= Near {
				continue
			}
			f := Flag{Precinct: s.pair, Lists: [2]int{l, other}, Votes: [2]int64{s.votes[0][k], s.votes[0][m]}, Earlier: [2]int64{s.votes[1][k], s.votes[1][m]},
				Z: [2]float64{z, e.z(s, m, other, s.votes[0][m])}, Swapped: swapped}
			if !found || f.left() < best.left() {
				best, found = f, true
			}
		}
	}
	if found && best.Lists[0] > best.Lists[1] { // in ballot order
		for _, swap := range []func(){
			func() { best.Lists[0], best.Lists[1] = best.Lists[1], best.Lists[0] },
			func() { best.Votes[0], best.Votes[1] = best.Votes[1], best.Votes[0] },
			func() { best.Earlier[0], best.Earlier[1] = best.Earlier[1], best.Earlier[0] },
			func() { best.Z[0], best.Z[1] = best.Z[1], best.Z[0] },
			func() { best.Swapped[0], best.Swapped[1] = best.Swapped[1], best.Swapped[0] },
		} {
			swap()
		}
	}
	return best, found
}

// left is how far the lists are from their predictions after the exchange.
func (f *Flag) left() float64 { return max(math.Abs(f.Swapped[0]), math.Abs(f.Swapped[1])) }
