package ingest_test

import (
	"strings"
	"testing"

	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

const nistReport = `{"@type": "ElectionResults.ElectionReport",
"GpUnit": [
{"@type": "ElectionResults.ReportingUnit", "@id": "c", "Type": "county", "Name": {"Text": [{"Language": "en", "Content": "Alder"}]}, "ComposingGpUnitIds": ["p1", "p2"]},
{"@type": "ElectionResults.ReportingUnit", "@id": "p1", "Type": "precinct", "Name": {"Text": [{"Language": "es", "Content": "Uno"}, {"Language": "en", "Content": "Ward 1"}]}, "VotersRegistered": 30},
{"@type": "ElectionResults.ReportingUnit", "@id": "p2", "Type": "precinct", "Name": {"Text": [{"Language": "en", "Content": "Ward 2"}]}, "VotersRegistered": 20, "VotersParticipated": 15}],
"Party": [{"@id": "b", "Name": {"Text": [{"Language": "en", "Content": "Blue"}]}}, {"@id": "g", "Name": {"Text": [{"Language": "en", "Content": "Green"}]}}],
"Election": [{
"BallotCounts": [{"GpUnitId": "p1", "Type": "early", "BallotsCast": 9}, {"GpUnitId": "p1", "Type": "election-day", "BallotsCast": 10}],
"Candidate": [{"@id": "ada", "BallotName": {"Text": [{"Language": "en", "Content": "Ada"}]}}],
"Contest": [
{"@type": "ElectionResults.PartyContest", "@id": "council", "Name": "Council", "ContestSelection": [
{"@type": "ElectionResults.PartySelection", "@id": "s1", "PartyIds": ["b"], "VoteCounts": [
{"GpUnitId": "p1", "Type": "early", "Count": 4},
{"GpUnitId": "p1", "Type": "election-day", "Count": 6},
{"GpUnitId": "p1", "Type": "total", "Count": 10.0},
{"GpUnitId": "p2", "Type": "early", "Count": 3},
{"GpUnitId": "p2", "Type": "election-day", "Count": 2},
{"GpUnitId": "c", "Type": "seats", "Count": 99},
{"GpUnitId": "c", "Type": "total", "Count": 15}]},
{"@type": "ElectionResults.PartySelection", "@id": "s2", "PartyIds": ["g", "b"], "VoteCounts": [
{"GpUnitId": "p1", "Type": "total", "Count": 7},
{"GpUnitId": "p2", "Type": "total", "Count": 8},
{"GpUnitId": "c", "Type": "total", "Count": 15}]}],
"OtherCounts": [{"GpUnitId": "p1", "Overvotes": 1, "Undervotes": 1}, {"GpUnitId": "p2", "Overvotes": 2, "Undervotes": 0}]}
]}]}
`

const nistSecond = `,
{"@type": "ElectionResults.CandidateContest", "@id": "mayor", "Name": "Mayor", "VotesAllowed": 2, "ContestSelection": [
{"@type": "ElectionResults.CandidateSelection", "@id": "m1", "CandidateIds": ["ada"], "VoteCounts": [{"GpUnitId": "p1", "Type": "total", "Count": 1}]},
{"@type": "ElectionResults.CandidateSelection", "@id": "m2", "IsWriteIn": true, "VoteCounts": [{"GpUnitId": "p1", "Type": "write-in", "Count": 2}]}],
"OtherCounts": [{"GpUnitId": "p1", "Overvotes": 1, "Undervotes": 1}]}
]}]}`

func TestNIST(t *testing.T) {
	const (
		end  = "\n]}]}"
		both = "15 Ward 1 / Alder: registered 30 cast 19 blank 1 invalid 2 Blue=10 Green / Blue=7\n" +
			"16 Ward 2 / Alder: registered 20 cast 15 blank 0 invalid 2 Blue=5 Green / Blue=8\n"
		c2 = `{"GpUnitId": "p2", "Type": "total", "Count": 8},`
		p2 = `{"GpUnitId": "p2", "Type": "early", "Count": 3},
{"GpUnitId": "p2", "Type": "election-day", "Count": 2},
{"GpUnitId": "c", "Type": "seats", "Count": 99},
{"GpUnitId": "c", "Type": "total", "Count": 15}]},
{"@type": "ElectionResults.PartySelection", "@id": "s2", "PartyIds": ["g", "b"], "VoteCounts": [
{"GpUnitId": "p1", "Type": "total", "Count": 7},
{"GpUnitId": "p2", "Type": "total", "Count": 8},
`
		counties = `{"GpUnitId": "c", "Type": "total", "Count": 15}]},
{"@type": "ElectionResults.PartySelection", "@id": "s2", "PartyIds": ["g", "b"], "VoteCounts": [
{"GpUnitId": "p1", "Type": "total", "Count": 7},
{"GpUnitId": "p2", "Type": "total", "Count": 8},
{"GpUnitId": "c", "Type": "total", "Count": 15}`
		county = `{"GpUnitId": "c", "Type": "total", "Count": 15}]},
{"@type": "ElectionResults.PartySelection", "@id": "s2", "PartyIds": ["g", "b"], "VoteCounts": [
{"GpUnitId": "p1", "Type": "total", "Count": 7},
`
	)
	testTree(t, "report.json", nistReport, []treeTest{
		{name: "precincts, totals before parts, and never the county", want: both},
		{name: "a county whose precincts have not all counts", old: p2, new: strings.NewReplacer(`"p2"`, `"p1"`, `"early", "Count": 3`, `"provisional", "Count": 0`, `"election-day", "Count": 2`, `"seats", "Count": 0`, `"total", "Count": 8`, `"seats", "Count": 8`).Replace(p2),
			want: "19 Alder: Blue=15 Green / Blue=15\n"},
		{name: "a county that has less than some of its precincts", old: p2, new: strings.NewReplacer(`"p2"`, `"p1"`, `"early", "Count": 3`, `"provisional", "Count": 0`, `"election-day", "Count": 2`, `"seats", "Count": 0`, `"total", "Count": 8`, `"seats", "Count": 8`, `"Count": 15}`, `"Count": 9}`).Replace(p2),
			err: `report.json:19:1: error TOTAL-SUM: the votes for "Blue" in c: the total is 9, and some of its parts have 10`},
		{name: "precincts without a county that has counts", old: counties, new: strings.ReplaceAll(counties, `"c", "Type": "total"`, `"c", "Type": "seats"`), want: both},
		{name: "a county that has counts of one list", old: county, new: strings.Replace(county, `"c", "Type": "total"`, `"c", "Type": "seats"`, 1),
			err: `report.json:3:1: error TOTAL-SUM: the total of c has no votes for "Blue"; its 2 parts have 15`},
		{name: "a county that is no sum", old: county, new: strings.Replace(county, "15", "16", 1),
			err: `report.json:19:1: error TOTAL-SUM: the votes for "Blue" in c: the total is 16, and its 2 parts sum to 15`},
		{name: "a total that is no sum of its ways", old: `"Count": 10.0`, new: `"Count": 11`,
			err: `report.json:15:1: error TOTAL-SUM: the votes for "Blue" in p1: the total is 11, and its ways of voting sum to 10`},
		{name: "ways that may hold each other, and no total", old: `"p2", "Type": "early", "Count": 3`, new: `"p2", "Type": "write-in", "Count": 3`,
			err: `report.json:16:1: error TOTAL-SUM: the votes for "Blue" in p2: ways of voting that may hold each other (absentee, write-in) and no total`},
		{name: "a way of voting twice", old: `"p2", "Type": "early", "Count": 3`, new: `"p2", "Type": "election-day", "Count": 3`,
			err: `report.json:17:1: error DUPLICATE: the votes for "Blue" in p2: election-day is there twice`},
		{name: "a fraction", old: `"Count": 10.0`, new: `"Count": 10.5`,
			err: `report.json:15:46: error NOT-A-COUNT: the votes for "Blue" in p1: found "10.5", not a whole number in digits 0-9`},
		{name: "an id twice", old: `"@id": "s2"`, new: `"@id": "s1"`, err: `report.json:20:1: error DUPLICATE: the id "s1" is there twice: already on line 12`},
		{name: "a unit that is not there", old: c2, new: strings.Replace(c2, "p2", "p3", 1), err: `report.json:22:1: error FORMAT: a count of "p3", which is no GpUnit of the file`},
		{name: "a county composed of what is not there", old: `["p1", "p2"]`, new: `["p1", "p3"]`,
			err: `report.json:3:1: error FORMAT: c is composed of "p3", which is no GpUnit of the file`},
		{name: "a county composed of itself", old: `["p1", "p2"]`, new: `["p1", "c"]`, err: `report.json:3:1: error FORMAT: c is composed of itself`},
		{name: "a county that does not say what it is composed of", old: `, "ComposingGpUnitIds": ["p1", "p2"]`,
			err: `report.json:3:1: error FORMAT: c (county) and p1 (precinct) have votes, and neither says that it holds the other`},
		{name: "a candidate that is not there", old: `"PartyIds": ["b"]`, new: `"PartyIds": ["x"]`, err: `report.json:12:1: error FORMAT: "x" is no candidate or party of the file that has a name`},
		{name: "votes kept back, and the county has them", old: c2, new: `{"GpUnitId": "p2", "Type": "total", "IsSuppressedForPrivacy": true},`, want: "19 Alder: Blue=15 Green / Blue=15\n"},
		{name: "rounds", old: c2, new: strings.Replace(c2, "8}", `8, "Round": 1}`, 1), err: `report.json:22:58: error FORMAT: votes for "Green / Blue" by rounds, which are not read`},
		{name: "several contests", old: end, new: nistSecond,
			err: `report.json: error CONTEST: 2 contests in one file: say which one to read (--contest); there are "Council" (council), "Mayor" (mayor)`},
		{name: "one of several contests, where a voter has two votes", old: end, new: nistSecond, contest: "Mayor", want: "26 Ward 1 / Alder: registered 30 cast 19 Ada=1 Write-ins=2\n"},
	})
}

// Units of two areas, of which neither can be left out, would be counted twice where both
// hold the same.
func TestNISTOverlap(t *testing.T) {
	text := strings.NewReplacer(
		`"VotersParticipated": 15}]`, `"VotersParticipated": 15}, {"@id": "city", "Type": "county", "ComposingGpUnitIds": ["p2"]}]`,
		`{"GpUnitId": "p2", "Type": "early", "Count": 3},`, "", `{"GpUnitId": "p2", "Type": "election-day", "Count": 2},`, "",
		`{"GpUnitId": "p2", "Type": "total", "Count": 8},`, `{"GpUnitId": "city", "Type": "total", "Count": 8},`,
	).Replace(nistReport)
	_, findings := readText(t, "a.json", text, ingest.Options{})
	const want = "a.json:5:189: error FORMAT: c and city both hold p2, and none of them can be left out"
	if len(findings) != 1 || findings[0].String() != want {
		t.Errorf("found %v, want %s", findings, want)
	}
}

const nistXML = `<?xml version="1.0" encoding="UTF-8"?>
<ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Election><Contest ObjectId="k" xsi:type="PartyContest"><ContestSelection ObjectId="s" xsi:type="PartySelection">
<VoteCounts><GpUnitId>p1</GpUnitId><Type>total</Type><Count>4</Count></VoteCounts>
<VoteCounts><GpUnitId>p2</GpUnitId><Type>total</Type><Count>5.00</Count></VoteCounts>
<VoteCounts><GpUnitId>c</GpUnitId><Type>total</Type><Count>9</Count></VoteCounts>
<PartyIds>b g</PartyIds></ContestSelection><Name>Council</Name></Contest></Election>
<GpUnit ObjectId="c" xsi:type="ReportingUnit"><ComposingGpUnitIds>p1 p2</ComposingGpUnitIds><Name><Text Language="en">Alder</Text></Name><Type>county</Type></GpUnit>
<GpUnit ObjectId="p1" xsi:type="ReportingUnit"><Name><Text Language="en">Ward</Text></Name><Type>precinct</Type></GpUnit>
<GpUnit ObjectId="p2" xsi:type="ReportingUnit"><Name><Text Language="en">Ward</Text></Name><Type>precinct</Type></GpUnit>
<Party ObjectId="b"><Name><Text Language="en">Blue</Text></Name></Party><Party ObjectId="g"><Name><Text Language="en">Green</Text></Name></Party>
</ElectionReport>
`

func TestNISTXML(t *testing.T) {
	testTree(t, "report.xml", nistXML, []treeTest{
		{name: "precincts of one name have their ids", want: "4 p1 / Alder: Blue / Green=4\n5 p2 / Alder: Blue / Green=5\n"},
		{name: "an id twice", old: `ObjectId="p2"`, new: `ObjectId="p1"`, err: `report.xml:10:1: error DUPLICATE: the id "p1" is there twice: already on line 9`},
		{name: "a county that is no sum", old: "<Count>9<", new: "<Count>10<",
			err: `report.xml:6:1: error TOTAL-SUM: the votes for "Blue / Green" in c: the total is 10, and its 2 parts sum to 9`},
		{name: "another version", old: "1500-100/v2", new: "1500-100/v1",
			err: `report.xml:2:1: error FORMAT: an ElectionReport of the namespace "http://itl.nist.gov/ns/voting/1500-100/v1"; want "http://itl.nist.gov/ns/voting/1500-100/v2"`},
		{name: "no contest", old: `xsi:type="PartyContest"`, new: `xsi:type="BallotMeasureContest"`, err: `report.xml: error EMPTY: NIST 1500-100 XML without any contest`},
	})
}

func TestNISTSamples(t *testing.T) {
	house := readShared(t, ingest.Options{Contest: "U.S. House District 3"}, "layout-samples", "in", "nist-1500-100-v2.json")
	sameVotes(t, house, map[string]int64{"Ada Blue": 540, "Gus Green": 541, "Write-ins": 13})
	sameLines(t, house, map[returns.Line]int64{returns.Registered: 1840, returns.Cast: 1112, returns.Blank: 16, returns.Invalid: 18})
	council := readShared(t, ingest.Options{Contest: "pc-council"}, "layout-samples", "in", "nist-1500-100-v2.json")
	sameVotes(t, council, map[string]int64{"Blue Party": 554, "Green Party": 540})
	sameLines(t, council, map[returns.Line]int64{returns.Registered: 1840, returns.Cast: 1112})
	xml := readShared(t, ingest.Options{}, "layout-samples", "in", "nist-1500-100-v2.xml")
	sameVotes(t, xml, map[string]int64{"Ada Blue": 420})
	sameLines(t, xml, map[returns.Line]int64{returns.Registered: 1200, returns.Cast: 812})
}

func FuzzNIST(f *testing.F) {
	fuzzTree(f, nistReport, nistXML, strings.Replace(nistReport, `["p1", "p2"]`, `["p1", "c"]`, 1))
}
