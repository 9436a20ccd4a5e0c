package ingest

import (
	"fmt"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// ReadPublished reads published sums: a table with the columns list and votes, and area if
// there are others than of the nation. A list is its name, its id, or a line of the
// protocol; an area that is empty, or nation, is the nation. Its problems go to log under
// the code PUBLISHED.
func ReadPublished(path string, log *finding.Log) (*returns.Published, bool) {
	var own finding.Log
	src, err := open(path, Options{})
	if err != nil {
		log.Add(fileError("PUBLISHED", path, "%s", reason(err)))
		return nil, false
	}
	defer src.close()
	set := returns.New()
	set.AddFile(path)
	f := newFile(&reader{set: set, log: &own, lists: map[string]int{}, looks: map[string]seen{}}, src)
	p := &returns.Published{File: path}
	f.published(p)
	for _, e := range own.Sorted() {
		e.Code = "PUBLISHED"
		log.Add(e)
	}
	return p, !own.Failed()
}

func (f *file) published(into *returns.Published) {
	f.rows.comma = sniff(f.head())
	if !f.begin() {
		return
	}
	f.width = len(f.plan.header)
	area, list, votes := -1, -1, -1
	for i, h := range f.plan.header {
		switch role := synonyms[fold(h)]; {
		case fold(h) == "area", role == roleRegion, role == roleDistrict:
			area = i
		case role == roleList:
			list = i
		case role == roleVotes:
			votes = i
		default:
			f.fail("PUBLISHED", i, "unknown column %q; published sums have area, list and votes", h)
			return
		}
	}
	if list < 0 || votes < 0 {
		f.fail("PUBLISHED", 0, "want the columns list and votes, and area; the header has %s", f.columns())
		return
	}
	first := map[returns.Figure]int{}
	f.eachRow(func() {
		figure := returns.Figure{Line: f.line()}
		clean, why := name(f.rows.fields[list])
		if why != "" {
			f.fail("PUBLISHED", list, "the name of the list %s", why)
			return
		}
		figure.Name = string(clean)
		if area >= 0 {
			if clean, why := name(f.rows.fields[area]); why == "" && string(clean) != "nation" {
				figure.Area = string(clean)
			}
		}
		v, why := count(f.rows.fields[votes])
		if why != "" {
			f.notACount(votes, why, fmt.Sprintf("the votes of %q", figure.Name))
			return
		}
		key := returns.Figure{Area: figure.Area, Name: figure.Name}
		if line, twice := first[key]; twice {
			f.fail("PUBLISHED", list, "%q is there twice: already on line %d", figure.Name, line)
			return
		}
		first[key] = figure.Line
		figure.N = v
		into.Figures = append(into.Figures, figure)
	})
}
