package check

import (
	"fmt"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// published holds the sums of areas against those that were published. What differs is an
// error: one of the two is wrong.
func (c *checker) published() (tried int) {
	pub := c.options.Published
	if pub == nil {
		return 0
	}
	s := c.set
	say := func(f returns.Figure, format string, args ...any) {
		c.log.Add(finding.Finding{Code: "PUBLISHED", Severity: finding.Error, File: pub.File, Line: f.Line, Message: fmt.Sprintf(format, args...)})
	}
	votes, err := s.SumVotes(s.InAreas(), len(s.Areas))
	var lines [][]returns.Sum
	if err == nil {
		lines, err = s.SumLines(s.InAreas(), len(s.Areas))
	}
	if err != nil {
		say(returns.Figure{}, "%v", err)
		return 0
	}
	// Areas stand behind those that they are a part of.
	within := func(area int) []bool {
		in := make([]bool, len(s.Areas))
		for a := range s.Areas {
			in[a] = a == area || s.Areas[a].Parent >= 0 && in[s.Areas[a].Parent]
		}
		return in
	}
	for _, f := range pub.Figures {
		area := 0
		if f.Area != "" {
			var names []string
			area = -1
			for a := range s.Areas[1:] {
				if name := s.Areas[a+1].Name; name == f.Area {
					if area >= 0 {
						area = -2
						break
					}
					area = a + 1
				} else {
					names = append(names, name)
				}
			}
			if area < 0 {
				why := "is not in the data" + finding.DidYouMean(f.Area, names)
				if area == -2 {
					why = "is there twice in the data: published sums of it cannot be told apart"
				}
				say(f, "area %q %s", f.Area, why)
				continue
			}
		}
		sums := c.sumsOf(f.Name, votes, lines)
		if sums == nil {
			say(f, "%q is no list of the data and no line of the protocol", f.Name)
			continue
		}
		tried++
		sum, counts, in := int64(0), 0, within(area)
		for a, v := range sums {
			if in[a] {
				sum += v.Votes
				counts += v.Counts
			}
		}
		where := "the nation"
		if f.Area != "" {
			where = f.Area
		}
		switch {
		case counts == 0:
			say(f, "%s of %s: published are %d, and no precinct states it", f.Name, where, f.N)
		case sum != f.N:
			say(f, "%s of %s: published are %d, the precincts add up to %d: %d too %s", f.Name, where, f.N, sum, abs(sum-f.N), map[bool]string{true: "many", false: "few"}[sum > f.N])
		}
	}
	return tried
}

// sumsOf is the sums by area of a list or a line; nil when there is none of that name.
func (c *checker) sumsOf(name string, votes, lines [][]returns.Sum) []returns.Sum {
	for l, list := range c.set.Lists {
		if list.Name == name || list.ID == name {
			return votes[l]
		}
	}
	if l, ok := returns.LineOf(strings.ToLower(name)); ok {
		return lines[l]
	}
	return nil
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
