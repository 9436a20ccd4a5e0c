package rehearse

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kenesh/internal/document"
	"kenesh/internal/finding"
)

// Parse reads a file of published totals, strictly; everything wrong with it goes to
// log under the code TOTALS, and then ok is false. A figure that was not published is
// left out.
//
//	title: Jogorku Kenesh, 4 October 2020
//	sources: [https://for.kg/news-669682-ru.html]
//	notes:                      # optional: what a reader of the figures must know
//	  - no precinct abroad is among the ballots
//	registered: 3523554         # optional
//	cast: 1990753               # optional
//	invalid: 31823              # optional
//	lists-complete: true        # every list is below; if not, some ballots are in no line
//	lists:                      # in ballot order
//	  Birimdik: 487685
//	  …
//	  Against all: 35714
//	regions:                    # in the order of the precinct numbers
//	  - name: Batken
//	    file: batken.csv
//	    precincts: 212          # these are proportions, and need not add up
//	    registered: 284294      # optional, in all regions or none
//	    votes:                  # optional, in all regions or none, for all lists
//	      Birimdik: 32529
//	      …
//	      Against all: 823
//
// Where cast and invalid are known and the lists complete, votes and invalid ballots
// must add up to the ballots cast; otherwise they must not exceed them. Figures are held
// against each other once every figure is one.
func Parse(file string, data []byte, log *finding.Log) (*Totals, bool) {
	var own finding.Log
	defer func() { log.Add(own.Sorted()...) }()
	top, ok := document.Parse(file, data, "TOTALS", &own)
	if !ok {
		return nil, false
	}
	top.Keys("title", "sources", "notes", "registered", "cast", "invalid", "lists-complete", "lists", "regions")
	t := &Totals{
		Title:      top.Need("title").Text(),
		Sources:    top.Need("sources").Texts(),
		Notes:      top.Field("notes").Texts(),
		Registered: figure(top.Field("registered"), 1),
		Cast:       figure(top.Field("cast"), 0),
		Invalid:    figure(top.Field("invalid"), 0),
		Complete:   top.Need("lists-complete").OneOf("true", "false") == "true",
	}
	for _, p := range top.Need("lists").Pairs() {
		t.Lists = append(t.Lists, List{p.Key, p.Value.Int(0, math.MaxInt64)})
	}
	for _, n := range top.Need("regions").Items() {
		t.Regions = append(t.Regions, region(n, t.Lists))
	}
	if own.Failed() {
		return nil, false
	}
	for _, f := range t.faults() {
		f.at.node(top, t).Fail("%s", f.text)
	}
	return t, !own.Failed()
}

func figure(n document.Node, least int64) Figure {
	return Figure{n.Int(least, math.MaxInt64), n.Exists()}
}

func region(n document.Node, lists []List) Region {
	n.Keys("name", "file", "precincts", "registered", "votes")
	r := Region{
		Name:       n.Need("name").Text(),
		File:       n.Need("file").Text(),
		Precincts:  n.Need("precincts").Int(1, math.MaxInt32),
		Registered: n.Field("registered").Int(1, math.MaxInt64),
	}
	votes := n.Field("votes")
	if !votes.Exists() {
		return r
	}
	names := make([]string, len(lists))
	for l := range lists {
		names[l] = lists[l].Name
	}
	votes.Keys(names...)
	for _, name := range names {
		r.Votes = append(r.Votes, votes.Need(name).Int(0, math.MaxInt64))
	}
	return r
}

// A fault is a contradiction among the figures of totals.
type fault struct {
	at   place
	text string
}

func (f fault) String() string { return f.at.String() + f.text }

// A place is where a figure stands: under a key at the top, or of a region;
// of a list there, or of none.
type place struct {
	key    string
	region int // -1 = at the top
	list   int // -1 = none
}

func (at place) String() string {
	s := at.key
	if at.region >= 0 {
		s = strings.TrimSuffix(fmt.Sprintf("region %d: %s", at.region+1, s), ": ")
	}
	if at.list >= 0 {
		s += fmt.Sprintf(", list %d", at.list+1)
	}
	return s + ": "
}

// node finds the place in the document that t was read from, or the nearest thing.
func (at place) node(top document.Node, t *Totals) document.Node {
	n := top
	if at.region >= 0 {
		n = top.Field("regions").Items()[at.region]
	}
	if f := n.Field(at.key); f.Exists() {
		n = f
	}
	if at.list >= 0 {
		n = n.Field(t.Lists[at.list].Name)
	}
	return n
}

// columns are the names that canonical files give to what is no list.
var columns = []string{"precinct", "region", "district", "contest", "mode", "registered", "issued", "cast", "invalid", "valid", "list", "votes"}

// faults finds the contradictions in t, and numbers too large to add up.
func (t *Totals) faults() []fault {
	var list []fault
	no := func(at place, format string, args ...any) {
		list = append(list, fault{at, fmt.Sprintf(format, args...)})
	}
	t.checkLists(no)
	t.checkRegions(no)
	return list
}

type refuse func(at place, format string, args ...any)

func (t *Totals) checkLists(no refuse) {
	names := map[string]bool{}
	for l, list := range t.Lists {
		at := place{"lists", -1, l}
		fold := strings.ToLower(list.Name)
		switch {
		case list.Name == "" || list.Name != strings.TrimSpace(list.Name):
			no(at, "found the name %q, want letters without spaces around them", list.Name)
		case slices.Contains(columns, fold):
			no(at, "%q is the name of a column; a list cannot have it", list.Name)
		case names[fold]:
			no(at, "the name %q is there twice, in capitals and small letters", list.Name)
		case list.Votes < 0:
			no(at, "found %d votes, want 0 or more", list.Votes)
		}
		names[fold] = true
	}
	for _, f := range []struct {
		key string
		Figure
		least int64
	}{{"registered", t.Registered, 1}, {"cast", t.Cast, 0}, {"invalid", t.Invalid, 0}} {
		switch {
		case f.Known && f.N < f.least:
			no(place{f.key, -1, -1}, "found %d, want %d or more", f.N, f.least)
		case !f.Known && f.N != 0:
			no(place{f.key, -1, -1}, "found %d for a figure that is not known", f.N)
		}
	}
	t.checkSums(no)
}

// checkSums holds votes, invalid, cast and registered against each other.
func (t *Totals) checkSums(no refuse) {
	votes, ok := int64(0), true
	for _, l := range t.Lists {
		if votes, ok = add(votes, max(l.Votes, 0)); !ok {
			no(place{"lists", -1, -1}, "the votes add up to more than 9,223,372,036,854,775,807")
			return
		}
	}
	counted, ok := add(votes, max(t.Invalid.N, 0))
	cast, what := counted, "votes and invalid ballots"
	switch {
	case !ok:
		no(place{"invalid", -1, -1}, "with the votes it adds up to more than 9,223,372,036,854,775,807")
		return
	case votes == 0:
		no(place{"lists", -1, -1}, "no list has a vote")
	case t.Cast.Known && counted > t.Cast.N:
		no(place{"cast", -1, -1}, "found %d, but votes (%d) and invalid ballots (%d) are %d", t.Cast.N, votes, t.Invalid.N, counted)
	case t.Cast.Known && t.Complete && t.Invalid.Known && counted < t.Cast.N:
		no(place{"cast", -1, -1}, "found %d, but votes (%d) and invalid ballots (%d) are %d; where a list is missing, say lists-complete: false",
			t.Cast.N, votes, t.Invalid.N, counted)
	}
	if t.Cast.Known {
		cast, what = t.Cast.N, "ballots cast"
	}
	if t.Registered.Known && cast > t.Registered.N {
		no(place{"registered", -1, -1}, "found %d, but the %s are %d", t.Registered.N, what, cast)
	}
}

func (t *Totals) checkRegions(no refuse) {
	if len(t.Regions) == 0 {
		no(place{"regions", -1, -1}, "no region; want one at least")
		return
	}
	names, files := map[string]bool{}, map[string]bool{}
	first := t.Regions[0]
	var precincts, registered int64
	votes := make([]int64, len(t.Lists))
	for r, region := range t.Regions {
		name, file := strings.ToLower(region.Name), strings.ToLower(region.File)
		at := func(key string) place { return place{key, r, -1} }
		switch {
		case region.Name == "" || region.Name != strings.TrimSpace(region.Name):
			no(at("name"), "found %q, want letters without spaces around them", region.Name)
		case names[name]:
			no(at("name"), "%q is there twice", region.Name)
		}
		switch {
		case !strings.HasSuffix(region.File, ".csv") || strings.HasPrefix(region.File, ".") || strings.ContainsAny(region.File, `/\:`):
			no(at("file"), "found %q, want the name of a CSV file without a folder, such as batken.csv", region.File)
		case files[file]:
			no(at("file"), "%q is there twice", region.File)
		}
		names[name], files[file] = true, true

		if region.Precincts < 1 || region.Registered < 0 {
			no(at("precincts"), "found %d precincts and %d registered voters, want 1 or more", region.Precincts, region.Registered)
			continue
		}
		if (region.Registered > 0) != (first.Registered > 0) {
			no(at("registered"), "every region must have its registered voters, or none")
		}
		if !grow(&precincts, region.Precincts) || !grow(&registered, region.Registered) {
			no(at("registered"), "the regions add up to more than 9,223,372,036,854,775,807")
		}
		t.checkVotes(r, votes, no)
	}
	for l := range votes {
		if first.Votes != nil && votes[l] == 0 && t.Lists[l].Votes > 0 {
			no(place{"lists", -1, l}, "%d votes in the nation and none in any region", t.Lists[l].Votes)
		}
	}
}

// checkVotes looks at the figures of region r by list and adds them to votes.
func (t *Totals) checkVotes(r int, votes []int64, no refuse) {
	own := t.Regions[r].Votes
	switch {
	case (own != nil) != (t.Regions[0].Votes != nil):
		no(place{"votes", r, -1}, "every region must have its votes, or none")
		return
	case own != nil && len(own) != len(t.Lists):
		no(place{"votes", r, -1}, "found %d figures for %d lists", len(own), len(t.Lists))
		return
	}
	for l, v := range own {
		switch {
		case v < 0:
			no(place{"votes", r, l}, "found %d votes, want 0 or more", v)
		case !grow(&votes[l], v):
			no(place{"votes", r, l}, "the regions add up to more than 9,223,372,036,854,775,807")
		}
	}
}

// grow adds n to total, or reports false and leaves it.
func grow(total *int64, n int64) bool {
	s, ok := add(*total, n)
	if ok {
		*total = s
	}
	return ok
}
