package ingest

import (
	"fmt"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// totalColumns looks for columns of a wide table that are the sum of the other
// columns of votes in every row: counted as lists they would double every vote.
//
// With m such columns beside the lists, the sum S of all columns is m+1 times
// each of them. A column with c*(m+1) = S in every row for m = 1, 2 or 3 is a
// total; so is one that holds the invalid ballots as well. After a row or two
// hardly any candidate is left, so the search costs nothing.
type totalColumns struct {
	candidates []totalColumn
	rows       int // with votes
}

type totalColumn struct {
	column, list int
	times        int64 // how many columns' worth the sum is
	invalid      bool  // it holds invalid ballots too
}

func newTotalColumns(p *plan) *totalColumns {
	t := &totalColumns{}
	hasInvalid := false
	for _, l := range p.lines {
		hasInvalid = hasInvalid || l.line == returns.Invalid
	}
	if len(p.lists) < 3 {
		return t // one list and its total are two equal lists, which is no proof
	}
	for _, l := range p.lists {
		for times := int64(2); times <= 4; times++ {
			t.candidates = append(t.candidates, totalColumn{l.column, l.list, times, false})
		}
		if hasInvalid {
			t.candidates = append(t.candidates, totalColumn{l.column, l.list, 2, true})
		}
	}
	return t
}

// undecided reports whether more rows can change anything.
func (t *totalColumns) undecided() bool { return t.rows == 0 || len(t.candidates) > 0 }

// row holds the candidates against a row whose columns of votes add up to sum.
func (t *totalColumns) row(f *file, p int, sum int64, bad bool) {
	if sum == 0 || sum > maxCount/8 || bad && t.allBad(f) {
		return
	}
	t.rows++
	invalid, _ := f.set.Line(returns.Invalid).At(p)
	kept := t.candidates[:0]
	for _, c := range t.candidates {
		v, _ := f.set.Votes(c.list).At(p)
		want := sum
		if c.invalid {
			if invalid > maxCount/8 {
				continue
			}
			want += invalid
		}
		if v <= maxCount/8 && v*c.times == want {
			kept = append(kept, c)
		}
	}
	t.candidates = kept
}

// allBad reports whether a row has a bad cell in a column that was good so far:
// such a row proves nothing. A column that is bad in every row is no list and
// does not stand in the way.
func (t *totalColumns) allBad(f *file) bool {
	for _, r := range f.refused {
		if r.n > 0 && r.n < f.data {
			return true
		}
	}
	return false
}

// report refuses the columns that are totals by proof: in three rows with votes
// at least, or in any when the column is called so.
func (t *totalColumns) report(f *file) {
	if t.rows == 0 {
		return
	}
	said := map[int]bool{}
	for _, c := range t.candidates {
		header := f.plan.header[c.column]
		if said[c.column] || t.rows < 3 && !calledSum(header) {
			continue
		}
		said[c.column] = true
		what := "the other columns of votes"
		if c.invalid {
			what += " and the invalid ballots"
		}
		f.log.Add(finding.Finding{Code: "TOTAL-COLUMN", Severity: finding.Error, File: f.name, Line: 1,
			Message: fmt.Sprintf("column %q equals the sum of %s in all %d rows with votes: it is a total and no list; name it as valid in a layout, or ignore it there%s",
				header, what, t.rows, f.hint())})
	}
	for _, l := range f.plan.lists {
		if h := f.plan.header[l.column]; !said[l.column] && totals[fold(h)] {
			f.log.Add(finding.Finding{Code: "TOTAL-COLUMN", Severity: finding.Error, File: f.name, Line: 1,
				Message: fmt.Sprintf("column %q is called a total and is not the sum of the others; say in a layout what it is", h)})
		}
	}
}

// calledSum reports whether a header speaks of a sum.
func calledSum(header string) bool {
	switch w := fold(header); {
	case calledTotal(w), w == "valid", w == "votes", w == "cast":
		return true
	}
	return false
}

// findTotalRows refuses precincts that are the sum of others in every column:
// of all precincts before them in the file, of those before them in their own
// area, or of all others. Equal sums in one or two columns happen by chance,
// so three columns with votes are wanted as a proof. What is found is no part of
// the sums that follow: a file may have a total for each of its districts and one
// for all.
func findTotalRows(s *returns.Set, log *finding.Log) {
	n := s.Len()
	grand := sumOfAll(s)
	if grand == tooMany {
		return // numbers of this size are refused when they are summed up
	}
	inArea := make([]int64, len(s.Areas)) // in the file so far, as is before
	areas := s.InAreas()
	found := map[int]bool{} // they are no part of what another one sums up
	for file := range s.Files {
		var before int64
		above := 0 // precincts that are part of before
		clear(inArea)
		first, end := s.PrecinctsOf(file)
		here, area := int64(0), int32(0) // of inArea, as long as it goes on there
		s.VotesByPrecinct(first, end, func(from int, votes []int64) {
			// Mostly none has as many votes as any sum that it could be.
			if sum, most, ok := sumWithin(votes, areas[from:], area); ok && most < min(before, here, grand/2) {
				before, above, here = before+sum, above+len(votes), here+sum
				return
			}
			for k, v := range votes {
				p := from + k
				if areas[p] != area {
					inArea[area] = here
					area = areas[p]
					here = inArea[area]
				}
				switch {
				case v == 0:
				case v == before && above > 1 && isSum(s, p, first, p, func(q int) bool { return !found[q] }):
					found[p] = true
					totalRow(s, p, fmt.Sprintf("the sum of the %d precincts above it", above), log)
					continue // it adds nothing to what follows
				case v == here && area > 0 && v != before && isSum(s, p, first, p, func(q int) bool { return areas[q] == area && !found[q] }):
					found[p] = true
					totalRow(s, p, "the sum of the precincts above it in "+s.Areas[area].Name, log)
					continue
				case 2*v == grand && n > 2 && isSum(s, p, 0, n, func(q int) bool { return q != p }):
					totalRow(s, p, "the sum of all other precincts", log)
					continue
				}
				before += v
				above++
				here += v
			}
		})
	}
}

// tooMany is more votes than can be compared with twice as many.
const tooMany = maxCount/4 + 1

// sumOfAll is the sum of all votes, or tooMany.
func sumOfAll(s *returns.Set) int64 {
	sums := make([]int64, s.PartCount())
	s.Parts(func(i, first, end int) {
		sum := int64(0)
		if !s.VotesByPrecinct(first, end, func(_ int, votes []int64) {
			for _, v := range votes {
				sum = min(sum+min(v, tooMany), tooMany)
			}
		}) {
			sum = tooMany
		}
		sums[i] = sum
	})
	all := int64(0)
	for _, sum := range sums {
		all = min(all+sum, tooMany)
	}
	return all
}

// sumWithin is the sum of votes, and the most of a precinct; false when not all of them are
// in the area.
func sumWithin(votes []int64, areas []int32, area int32) (sum, most int64, ok bool) {
	others := int32(0)
	for k, a := range areas[:len(votes)] {
		sum += votes[k]
		most = max(most, votes[k])
		others |= a ^ area
	}
	return sum, most, others == 0
}

// isSum reports whether precinct p is the sum of those precincts of [from, to)
// that are of it, in every column, and in three with something in them; one
// precinct that is twice in the table is not meant here.
func isSum(s *returns.Set, p, from, to int, of func(int) bool) bool {
	columns := make([]returns.Column, 0, len(s.Lists)+5)
	for l := range s.Lists {
		columns = append(columns, s.Votes(l))
	}
	for _, l := range returns.Lines() {
		columns = append(columns, s.Line(l))
	}
	filled, parts := 0, 0
	for q := from; q < to; q++ {
		if of(q) && q != p {
			parts++
		}
	}
	if parts < 2 {
		return false
	}
	for _, c := range columns {
		want, _ := c.At(p)
		var sum int64
		for q := from; q < to; q++ {
			if q != p && of(q) {
				v, _ := c.At(q)
				sum += min(v, maxCount-sum)
			}
		}
		if sum != want {
			return false
		}
		if want > 0 {
			filled++
		}
	}
	return filled >= 3
}

func totalRow(s *returns.Set, p int, what string, log *finding.Log) {
	i, line := s.Position(p)
	log.Add(finding.Finding{Code: "TOTAL-ROW", Severity: finding.Error, File: s.Files[i], Line: line, Column: 1, Precinct: s.ID(p),
		Message: fmt.Sprintf("%q equals %s in every column: it is a total row and no precinct; take it out of the file", s.ID(p), what)})
}
