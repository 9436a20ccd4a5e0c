package export

import (
	"cmp"
	"strconv"

	"kenesh/internal/returns"
)

// A Report is what an election report of NIST SP 1500-100 version 2 must state and
// returns do not say. Each has a default for "", which says that it is not known.
type Report struct {
	Generated string // a time with its zone and without fractions; "": [Epoch]
	Issuer    string // "": [NotStated]
	Election  string // its name; "": [NotStated]
	Date      string // of the election, YYYY-MM-DD; "": the day of [Epoch]
	Status    string // one of [Statuses]; "": the first
	Vendor    string // the application that wrote it
}

const (
	Epoch     = "1970-01-01T00:00:00Z" // when nobody says: the clock is not asked
	NotStated = "not stated"
)

// Statuses returns what a report may say of its figures, the default first.
func Statuses() []string {
	return []string{"unofficial-partial", "unofficial-complete", "certified", "correction", "recount", "pre-election"}
}

// Unreported returns the lines of the protocol that the set has and a report has no
// place for.
func Unreported(s *returns.Set) []returns.Line {
	var lines []returns.Line
	for l, n := range s.LineCounts() {
		if line := returns.Line(l); n > 0 && line != returns.Registered && line != returns.Cast && line != returns.Invalid {
			lines = append(lines, line)
		}
	}
	return lines
}

// writeReport writes the set as an election report in JSON: every area and precinct is a
// reporting unit below the country, every list a party with a selection of the one
// contest, and counts are of the type total and of precincts alone, so that nobody adds
// up two levels. Registered voters are of the unit, ballots cast and invalid ones are
// its ballot counts. A contest whose lists are candidates is written as one of parties
// too.
func writeReport(w *writer, s *returns.Set, r Report) {
	date := cmp.Or(r.Date, Epoch[:len("1970-01-01")])
	issuer := quote(cmp.Or(r.Issuer, NotStated))
	w.text(`{"@type":"ElectionResults.ElectionReport","Format":"precinct-level","GeneratedDate":` + quote(cmp.Or(r.Generated, Epoch)) +
		`,"Issuer":` + issuer + `,"IssuerAbbreviation":` + issuer + `,"SequenceStart":1,"SequenceEnd":1,"Status":` + quote(cmp.Or(r.Status, Statuses()[0])) +
		`,"VendorApplicationId":` + quote(r.Vendor) + ",\n\"GpUnit\":[")
	w.units(s)
	w.text("\n],\n\"Party\":[")
	w.after = false
	for l, list := range s.Lists {
		w.next()
		w.text(`{"@type":"ElectionResults.Party","@id":"party-` + strconv.Itoa(l) + `","Name":` + international(list.Name))
		if list.ID != list.Name {
			w.text(`,"ExternalIdentifier":[{"@type":"ElectionResults.ExternalIdentifier","Type":"other","OtherType":"code","Value":` + quote(list.ID) + "}]")
		}
		w.text("}")
	}
	election := cmp.Or(r.Election, NotStated)
	w.text("\n],\n\"Election\":[{\"@type\":\"ElectionResults.Election\",\"ElectionScopeId\":\"area-0\",\"Name\":" + international(election) +
		`,"StartDate":` + quote(date) + `,"EndDate":` + quote(date) + `,"Type":"other","OtherType":` + quote(NotStated) + ",\n\"BallotCounts\":[")
	w.ballots(s)
	w.text("\n],\n\"Contest\":[{\"@type\":\"ElectionResults.PartyContest\",\"@id\":\"contest\",\"ElectionDistrictId\":\"area-0\",\"Name\":" +
		quote(election) + ",\"ContestSelection\":[")
	for l := range s.Lists {
		n := strconv.Itoa(l)
		if l > 0 {
			w.text(",")
		}
		w.text("\n{\"@type\":\"ElectionResults.PartySelection\",\"@id\":\"selection-" + n + `","PartyIds":["party-` + n + `"],"VoteCounts":[`)
		w.votes(s.Len(), s.Votes(l))
		w.text("]}")
	}
	w.text("\n]}]}]}\n")
}

// next begins an element of an array on a line of its own.
func (w *writer) next() {
	if w.after {
		w.text(",")
	}
	w.after = true
	w.text("\n")
}

// international is a text in a language that nobody states.
func international(s string) string {
	return `{"@type":"ElectionResults.InternationalizedText","Text":[{"@type":"ElectionResults.LanguageString","Language":"und","Content":` + quote(s) + "}]}"
}

// votes writes what a selection has in each precinct.
func (w *writer) votes(precincts int, c returns.Column) {
	w.after = false
	for p := range precincts {
		v, ok := c.At(p)
		if !ok {
			continue
		}
		w.next()
		b := append(w.w.AvailableBuffer(), `{"@type":"ElectionResults.VoteCounts","GpUnitId":"precinct-`...)
		b = strconv.AppendInt(b, int64(p), 10)
		b = strconv.AppendInt(append(b, `","Type":"total","Count":`...), v, 10)
		w.bytes(append(b, '}'))
	}
}

// ballots writes what the protocols say of ballots cast and invalid ones.
func (w *writer) ballots(s *returns.Set) {
	w.after = false
	for p := range s.Len() {
		c, hasCast := s.Stated(p, returns.Cast)
		i, hasInvalid := s.Stated(p, returns.Invalid)
		if !hasCast && !hasInvalid {
			continue
		}
		w.next()
		b := append(w.w.AvailableBuffer(), `{"@type":"ElectionResults.BallotCounts","GpUnitId":"precinct-`...)
		b = append(strconv.AppendInt(b, int64(p), 10), `","Type":"total"`...)
		if hasCast {
			b = strconv.AppendInt(append(b, `,"BallotsCast":`...), c, 10)
		}
		if hasInvalid {
			b = strconv.AppendInt(append(b, `,"BallotsRejected":`...), i, 10)
		}
		w.bytes(append(b, '}'))
	}
}

// units writes the areas, each with the units that it is composed of, and the precincts.
func (w *writer) units(s *returns.Set) {
	inner := make([][]int, len(s.Areas))   // the areas right below
	parts := make([][]int32, len(s.Areas)) // the precincts that lie in no smaller area
	for a, area := range s.Areas[1:] {
		inner[area.Parent] = append(inner[area.Parent], a+1)
	}
	for p, a := range s.InAreas() {
		parts[a] = append(parts[a], int32(p))
	}
	w.after = false
	for a, area := range s.Areas {
		w.next()
		w.text(`{"@type":"ElectionResults.ReportingUnit","@id":"area-` + strconv.Itoa(a) + `",`)
		if a == 0 {
			w.text(`"Type":"country"`)
		} else {
			w.text(`"Type":"other","OtherType":` + quote(s.Levels[area.Level-1]) + `,"Name":` + international(area.Name))
		}
		w.text(`,"ComposingGpUnitIds":[`)
		comma := ""
		for _, b := range inner[a] {
			w.text(comma + `"area-` + strconv.Itoa(b) + `"`)
			comma = ","
		}
		for _, p := range parts[a] {
			b := append(append(w.w.AvailableBuffer(), comma...), `"precinct-`...)
			w.bytes(append(strconv.AppendInt(b, int64(p), 10), '"'))
			comma = ","
		}
		w.text("]}")
	}
	for p := range s.Len() {
		w.next()
		b := append(w.w.AvailableBuffer(), `{"@type":"ElectionResults.ReportingUnit","@id":"precinct-`...)
		w.bytes(append(strconv.AppendInt(b, int64(p), 10), `","Type":"precinct","Name":`...))
		w.text(international(s.ID(p)))
		if v, ok := s.Stated(p, returns.Registered); ok {
			w.bytes(strconv.AppendInt(append(w.w.AvailableBuffer(), `,"VotersRegistered":`...), v, 10))
		}
		w.text("}")
	}
}
