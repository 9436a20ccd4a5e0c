package ingest_test

import (
	"strings"
	"testing"

	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

const clarityDetail = `<ElectionResult><Region>Alder</Region>
<VoterTurnout totalVoters="40" ballotsCast="27"><Precincts><Precinct name="Ward 1" totalVoters="25" ballotsCast="17" percentReporting="4"/><Precinct name="Ward 2" totalVoters="15" ballotsCast="10"/></Precincts></VoterTurnout>
<Contest key="4" text="House" voteFor="1">
<VoteType name="Undervotes" votes="3"><Precinct name="Ward 1" votes="3"/></VoteType>
<Choice key="1" text="Ada" party="BLU" totalVotes="12">
<VoteType name="Election Day" votes="10"><Precinct name="Ward 1" votes="7"/><Precinct name="Ward 2" votes="3"/></VoteType>
<VoteType name="Absentee" votes="2"><Precinct name="Ward 1" votes="2"/><Precinct name="Ward 2" votes="0"/></VoteType>
</Choice>
<Choice key="2" text="Gus" party="GRN" totalVotes="11">
<VoteType name="Election Day" votes="9"><Precinct name="Ward 1" votes="4"/><Precinct name="Ward 2" votes="5"/></VoteType>
<VoteType name="Absentee" votes="2"><Precinct name="Ward 1" votes="1"/><Precinct name="Ward 2" votes="1"/></VoteType>
</Choice>
</Contest>
</ElectionResult>
`

func TestClarity(t *testing.T) {
	const both = "6 Ward 1 / Alder: registered 25 cast 17 Ada=9 Gus=5\n6 Ward 2 / Alder: registered 15 cast 10 Ada=3 Gus=6\n"
	second := "</Contest>\n" + `<Contest key="5" text="Sheriff"><Choice text="Eve"><VoteType name="Election Day"><Precinct name="Ward 1" votes="8"/></VoteType></Choice></Contest>`
	testTree(t, "detail.xml", clarityDetail, []treeTest{
		{name: "ways of voting add up, undervotes are no list", want: both},
		{name: "one of several contests by name", old: "</Contest>", new: second, contest: "sheriff", want: "14 Ward 1 / Alder: registered 25 cast 17 Eve=8\n"},
		{name: "one of several contests by key", old: "</Contest>", new: second, contest: "4", want: both},
		{name: "several contests", old: "</Contest>", new: second,
			err: `detail.xml: error CONTEST: 2 contests in one file: say which one to read (--contest); there are "House" (4), "Sheriff" (5)`},
		{name: "no such contest", contest: "Mayor", err: `detail.xml: error UNKNOWN-NAME: no contest "Mayor"; there are "House" (4)`},
		{name: "one person for two parties", old: `text="Gus"`, new: `text="Ada"`,
			want: strings.NewReplacer("Ada", "Ada (BLU)", "Gus", "Ada (GRN)").Replace(both)},
		{name: "a total of 0 is unknown", old: `totalVoters="40"`, new: `totalVoters="0"`, want: both},
		{name: "voters of 0 beside votes are unknown", old: `totalVoters="40" ballotsCast="27"><Precincts><Precinct name="Ward 1" totalVoters="25"`,
			new: `totalVoters="15" ballotsCast="27"><Precincts><Precinct name="Ward 1" totalVoters="0"`, want: strings.Replace(both, " registered 25", "", 1)},
		{name: "voters of 0 beside a total are unknown", old: `totalVoters="25" ballotsCast="17" percentReporting="4"/><Precinct name="Ward 2" totalVoters="15"`,
			new: `totalVoters="0" ballotsCast="17"/><Precinct name="Ward 2" totalVoters="0"`, want: strings.NewReplacer(" registered 25", "", " registered 15", "").Replace(both)},
		{name: "no turnout of a precinct", old: `<Precinct name="Ward 2" totalVoters="15" ballotsCast="10"/>`,
			err: `detail.xml:2:1: error TOTAL-SUM: cast in VoterTurnout: the total is 27, and its 1 precincts sum to 17`},
		{name: "a total of a choice", old: `totalVotes="12"`, new: `totalVotes="13"`,
			err: `detail.xml:5:1: error TOTAL-SUM: the votes for "Ada": the total is 13, and the precincts sum to 12`},
		{name: "a total of a way of voting", old: `votes="10"`, new: `votes="11"`,
			err: `detail.xml:6:1: error TOTAL-SUM: the votes for "Ada", Election Day: the total is 11, and the precincts sum to 10`},
		{name: "a total among the ways", old: `name="Absentee" votes="2"><Precinct name="Ward 1" votes="2"/>`, new: `name="Total" votes="2"><Precinct name="Ward 1" votes="2"/>`,
			err: `detail.xml:7:1: error TOTAL-ROW: "Total" among the ways of voting for "Ada": it would count every vote twice`},
		{name: "a precinct twice in one way", old: `<Precinct name="Ward 2" votes="3"/>`, new: `<Precinct name="Ward 1" votes="3"/>`,
			err: `detail.xml:6:77: error DUPLICATE: "Ward 1" is there twice in the votes for "Ada", Election Day`},
		{name: "no count", old: `votes="7"`, new: `votes="7.0"`,
			err: `detail.xml:6:42: error NOT-A-COUNT: the votes for "Ada" in Ward 1, Election Day: found "7.0", not a whole number in digits 0-9`},
	})
}

// The file of a state has counties where that of a county has precincts.
func TestClarityByCounty(t *testing.T) {
	text := strings.NewReplacer("<Precinct ", "<County ", "<Precincts", "<Counties", "</Precincts", "</Counties").Replace(clarityDetail)
	r, findings := readText(t, "a.xml", text, ingest.Options{})
	if got, want := totals(r.Set), "Ada=12 Gus=11"; len(findings) > 0 || got != want {
		t.Errorf("totals = %s, want %s; found %v", got, want, findings)
	}
}

func TestClaritySample(t *testing.T) {
	s := readShared(t, ingest.Options{}, "layout-samples", "in", "clarity-detail.xml")
	sameVotes(t, s, map[string]int64{"Ada BLUE": 540, "Gus GREEN": 541})
	sameLines(t, s, map[returns.Line]int64{returns.Registered: 1840, returns.Cast: 1112})
}

func FuzzClarity(f *testing.F) {
	fuzzTree(f, clarityDetail, strings.Replace(clarityDetail, "<Precinct ", "<County ", 1))
}
