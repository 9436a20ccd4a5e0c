package ingest_test

import (
	"strings"
	"testing"

	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

const emlCount = `<?xml version="1.0" encoding="UTF-8"?>
<EML xmlns="urn:oasis:names:tc:evs:schema:eml" xmlns:kr="http://www.kiesraad.nl/extensions" Id="510b" SchemaVersion="5">
<ManagingAuthority><AuthorityIdentifier Id="9999">Dorp</AuthorityIdentifier></ManagingAuthority>
<Count><Election><Contests><Contest><ContestIdentifier Id="geen"/>
<TotalVotes>
<Selection><AffiliationIdentifier Id="1"><RegisteredName>Blauw &amp; Wit</RegisteredName></AffiliationIdentifier><ValidVotes>55</ValidVotes></Selection>
<Selection><AffiliationIdentifier Id="2"><RegisteredName></RegisteredName></AffiliationIdentifier><ValidVotes>53</ValidVotes></Selection>
<Cast>184</Cast><TotalCounted>108</TotalCounted>
<RejectedVotes ReasonCode="ongeldig">2</RejectedVotes><RejectedVotes ReasonCode="blanco">1</RejectedVotes>
</TotalVotes>
<ReportingUnitVotes><ReportingUnitIdentifier Id="SB1">Raadhuis</ReportingUnitIdentifier>
<Selection><AffiliationIdentifier Id="1"><RegisteredName>Blauw &amp; Wit</RegisteredName></AffiliationIdentifier><ValidVotes>43</ValidVotes></Selection>
<Selection><Candidate><CandidateIdentifier Id="1"/></Candidate><ValidVotes>30</ValidVotes></Selection>
<Selection><Candidate><CandidateIdentifier Id="2"/></Candidate><ValidVotes>13</ValidVotes></Selection>
<Selection><AffiliationIdentifier Id="2"><RegisteredName></RegisteredName></AffiliationIdentifier><ValidVotes>36</ValidVotes></Selection>
<Selection><Candidate><CandidateIdentifier ShortCode="JanssenA"/></Candidate><ValidVotes>36</ValidVotes></Selection>
<Cast>120</Cast><TotalCounted>79</TotalCounted><kr:InitialCast>7</kr:InitialCast>
<RejectedVotes ReasonCode="ongeldig">1</RejectedVotes><RejectedVotes ReasonCode="blanco">1</RejectedVotes>
<UncountedVotes ReasonCode="geldige volmachtbewijzen">6</UncountedVotes><UncountedVotes ReasonCode="toegelaten kiezers">81</UncountedVotes>
</ReportingUnitVotes>
<ReportingUnitVotes><ReportingUnitIdentifier Id="SB2">School</ReportingUnitIdentifier>
<Selection><AffiliationIdentifier Id="1"><RegisteredName>Blauw &amp; Wit</RegisteredName></AffiliationIdentifier><ValidVotes>12</ValidVotes></Selection>
<Selection><AffiliationIdentifier Id="2"><RegisteredName></RegisteredName></AffiliationIdentifier><ValidVotes>17</ValidVotes></Selection>
<Cast>64</Cast><TotalCounted>29</TotalCounted>
<RejectedVotes ReasonCode="ongeldig">1</RejectedVotes><RejectedVotes ReasonCode="blanco">0</RejectedVotes>
<UncountedVotes ReasonCode="toegelaten kiezers">30</UncountedVotes>
</ReportingUnitVotes>
</Contest></Contests></Election></Count></EML>
`

func TestEML(t *testing.T) {
	const (
		one  = "12 SB1 / Dorp: registered 120 cast 81 blank 1 invalid 2 valid 79 Blauw & Wit=43 2=36\n"
		both = one + "22 SB2 / Dorp: registered 64 cast 30 blank 0 invalid 1 valid 29 Blauw & Wit=12 2=17\n"
	)
	units := emlCount[strings.Index(emlCount, "<ReportingUnitVotes>"):strings.Index(emlCount, "</Contest>")]
	testTree(t, "a.xml", emlCount, []treeTest{
		{name: "units are counted, totals and candidates are not", want: both},
		{name: "a constituency has a region, and its units are districts", old: `"510b"`, new: `"510c"`,
			want: strings.NewReplacer("/ Dorp", "", "SB1 ", "SB1", "SB2 ", "SB2").Replace(both)},
		{name: "the whole has units that are regions", old: `"510b"`, new: `"510d"`,
			want: strings.Replace(strings.Replace(both, "Dorp", "Raadhuis", 1), "Dorp", "School", 1)},
		{name: "a named contest is the region", old: `<ContestIdentifier Id="geen"/>`, new: `<ContestIdentifier Id="9"><ContestName>Kring</ContestName></ContestIdentifier>`,
			want: strings.ReplaceAll(both, "/ Dorp", "/ Kring / Dorp")},
		{name: "a line that one unit lacks", old: `<UncountedVotes ReasonCode="toegelaten kiezers">30</UncountedVotes>`,
			want: strings.Replace(both, " cast 30", "", 1)},
		{name: "no units", old: units, want: "6 9999: registered 184 blank 1 invalid 3 valid 108 Blauw & Wit=55 2=53\n"},
		{name: "a total that is no sum", old: ">55<", new: ">56<",
			err: `a.xml:6:114: error TOTAL-SUM: the votes for "Blauw & Wit" in TotalVotes: the total is 56, and its 2 units sum to 55`},
		{name: "a total of voters that is no sum", old: ">184<", new: ">185<",
			err: `a.xml:5:1: error TOTAL-SUM: registered in TotalVotes: the total is 185, and its 2 units sum to 184`},
		{name: "candidates that do not sum to their list", old: ">13<", new: ">14<",
			err: `a.xml:12:114: error TOTAL-SUM: the votes for "Blauw & Wit" in SB1: the total is 43, and its candidates sum to 44`},
		{name: "no count", old: ">43<", new: "> 4 3 <",
			err: `a.xml:12:114: error NOT-A-COUNT: the votes for "Blauw & Wit" in SB1: found "4 3", not a whole number in digits 0-9`},
		{name: "spaces around a count", old: ">43<", new: ">\n 43 <", want: strings.Replace(both, "22 SB2", "23 SB2", 1)},
		{name: "beyond int64", old: ">43<", new: ">9223372036854775808<",
			err: `a.xml:12:114: error OVERFLOW: the votes for "Blauw & Wit" in SB1: found "9223372036854775808", out of range: larger than any count can be`},
		{name: "a sum beyond int64", old: `<ValidVotes>30<`, new: `<ValidVotes>9223372036854775807<`,
			err: `a.xml:14:64: error OVERFLOW: the candidates of "Blauw & Wit" in SB1: the sum is out of range: larger than any count can be`},
		{name: "a unit twice", old: `Id="SB2"`, new: `Id="SB1"`, err: `a.xml:21:1: error DUPLICATE: "SB1" is there twice: already on line 11`},
		{name: "a second count", old: "<ValidVotes>43</ValidVotes>", new: "<ValidVotes>43</ValidVotes><ValidVotes>0</ValidVotes>",
			err: `a.xml:12:141: error DUPLICATE: a second ValidVotes; the first is on line 12`},
		{name: "no votes", old: "<ValidVotes>43</ValidVotes>", err: `a.xml:12:1: error NOT-A-COUNT: the votes for "Blauw & Wit" in SB1: found nothing, want ValidVotes`},
		{name: "a list with two names", old: "Wit</RegisteredName></AffiliationIdentifier><ValidVotes>12", new: "Zwart</RegisteredName></AffiliationIdentifier><ValidVotes>12",
			err: `a.xml:22:12: error NAME: list 1 is called "Blauw & Zwart" here and "Blauw & Wit" on line 6`},
		{name: "a candidate without a list", old: `<Selection><AffiliationIdentifier Id="1"><RegisteredName>Blauw &amp; Wit</RegisteredName></AffiliationIdentifier><ValidVotes>43</ValidVotes></Selection>`,
			err: `a.xml:13:1: error FORMAT: a candidate in SB1 before any list`},
		{name: "a contest that is not there", contest: "Burgemeester", err: `a.xml: error UNKNOWN-NAME: no contest "Burgemeester"; there are "geen"`},
	})
}

// Two lists of one name are told apart by their numbers.
func TestEMLListsOfOneName(t *testing.T) {
	text := strings.ReplaceAll(emlCount, "<RegisteredName></RegisteredName>", "<RegisteredName>Blauw &amp; Wit</RegisteredName>")
	r, findings := readText(t, "a.xml", text, ingest.Options{})
	if got, want := totals(r.Set), "Blauw & Wit (1)=55 Blauw & Wit (2)=53"; len(findings) > 0 || got != want {
		t.Errorf("totals = %s, want %s; found %v", got, want, findings)
	}
}

// Voters who are stated in total and nowhere else are unknown in each unit.
func TestEMLVotersOnlyInTotal(t *testing.T) {
	text := strings.NewReplacer(">120<", ">0<", ">64<", ">0<").Replace(emlCount)
	r, findings := readText(t, "a.xml", text, ingest.Options{})
	if _, ok := r.Set.Line(returns.Registered).At(0); ok || len(findings) > 0 {
		t.Errorf("registered voters are stated: %t, want none; found %v", ok, findings)
	}
}

func TestNetherlands2023(t *testing.T) {
	want := expectedOf(t, "netherlands-2023")
	s := readShared(t, ingest.Options{}, "data", "netherlands-2023", "Totaaltelling_TK2023.eml.xml.gz")
	if s.Len() != 20 {
		t.Errorf("%d units, want 20", s.Len())
	}
	sameVotes(t, s, want.Votes)
	sameLines(t, s, map[returns.Line]int64{returns.Registered: 13473750, returns.Blank: 19655, returns.Invalid: 22822 + 19655, returns.Valid: want.Valid})

	// The constituencies by municipality say what the whole says of them.
	for _, tt := range []struct {
		name  string
		units int
	}{{"Amsterdam", 1}, {"Assen", 12}, {"Bonaire", 3}} {
		part := readShared(t, ingest.Options{}, "data", "netherlands-2023", "Telling_TK2023_kieskring_"+tt.name+".eml.xml.gz")
		if part.Len() != tt.units {
			t.Errorf("%s has %d units, want %d", tt.name, part.Len(), tt.units)
		}
		p := map[string]int{"Assen": 2, "Amsterdam": 8, "Bonaire": 19}[tt.name]
		votes := map[string]int64{}
		for l, list := range s.Lists {
			if v, ok := s.Votes(l).At(p); ok {
				votes[list.Name] = v
			}
		}
		sameVotes(t, part, votes)
		lines := map[returns.Line]int64{}
		for _, l := range []returns.Line{returns.Registered, returns.Blank, returns.Invalid, returns.Valid} {
			lines[l], _ = s.Line(l).At(p)
		}
		sameLines(t, part, lines)
	}
}

func TestEMLSample(t *testing.T) {
	s := readShared(t, ingest.Options{}, "layout-samples", "in", "eml-nl-510b.eml.xml")
	sameVotes(t, s, map[string]int64{"Blauwe Lijst": 550, "Groene Lijst": 540})
	sameLines(t, s, map[returns.Line]int64{returns.Registered: 1840, returns.Cast: 1112, returns.Blank: 10, returns.Invalid: 22, returns.Valid: 1090})
}

func FuzzEML(f *testing.F) {
	fuzzTree(f, emlCount, strings.Replace(emlCount, "510b", "510c", 1), strings.Replace(emlCount, ">55<", ">56<", 1))
}
