package ingest_test

import (
	"strings"
	"testing"

	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

const austrianCount = `{
"G00000": {"gebietsname": "Österreich", "wahlberechtigt": "100", "abgegeben": "90", "ungueltig": "4", "gueltig": "86", "ÖVP": "50", "SPÖ": "30", "BGE": "6"},
"G10000": {"gebietsname": "Burgenland", "wahlberechtigt": "60", "abgegeben": "56", "ungueltig": "2", "gueltig": "54", "ÖVP": "28", "SPÖ": "20", "BGE": "6"},
"G10099": {"gebietsname": "Wahlkarten - Burgenland", "wahlberechtigt": "0", "abgegeben": "1", "ungueltig": "1", "gueltig": "0", "ÖVP": "0", "SPÖ": "0", "BGE": "0"},
"G1A000": {"gebietsname": "Burgenland Nord", "wahlberechtigt": "60", "abgegeben": "55", "ungueltig": "1", "gueltig": "54", "ÖVP": "28", "SPÖ": "20", "BGE": "6"},
"G1A099": {"gebietsname": "Wahlkarten - Burgenland Nord", "wahlberechtigt": "0", "abgegeben": "5", "ungueltig": "1", "gueltig": "4", "ÖVP": "3", "SPÖ": "1", "BGE": "0"},
"G10100": {"gebietsname": "Eisenstadt Stadt", "wahlberechtigt": "60", "abgegeben": "50", "ungueltig": "0", "gueltig": "50", "ÖVP": "25", "SPÖ": "19", "BGE": "6"},
"G10101": {"gebietsname": "Eisenstadt", "wahlberechtigt": "60", "abgegeben": "50", "ungueltig": "0", "gueltig": "50", "ÖVP": "25", "SPÖ": "19", "BGE": "6"},
"G90000": {"gebietsname": "Wien", "wahlberechtigt": "40", "abgegeben": "34", "ungueltig": "2", "gueltig": "32", "ÖVP": "22", "SPÖ": "10"},
"G90100": {"gebietsname": "Wien 1.", "wahlberechtigt": "40", "abgegeben": "34", "ungueltig": "2", "gueltig": "32",
  "ÖVP": "22", "SPÖ": 10}
}
`

func TestAustria(t *testing.T) {
	const all = "4 G10099 / Burgenland / Wahlkarten - Burgenland: registered 0 cast 1 invalid 1 valid 0 ÖVP=0 SPÖ=0 BGE=0\n" +
		"6 G1A099 / Burgenland / Wahlkarten - Burgenland Nord: registered 0 cast 5 invalid 1 valid 4 ÖVP=3 SPÖ=1 BGE=0\n" +
		"8 G10101 / Burgenland / Eisenstadt Stadt: registered 60 cast 50 invalid 0 valid 50 ÖVP=25 SPÖ=19 BGE=6\n" +
		"11 G90100 / Wien / Wien 1.: registered 40 cast 34 invalid 2 valid 32 ÖVP=22 SPÖ=10\n"
	testTree(t, "wahl.json", austrianCount, []treeTest{
		{name: "leaves, and a party that stood in one state", want: all},
		{name: "null is nothing", old: `"SPÖ": 10}`, new: `"SPÖ": 10, "BGE": null}`, want: all},
		{name: "the nation is no sum", old: `"SPÖ": "30"`, new: `"SPÖ": "31"`,
			err: `wahl.json:2:140: error TOTAL-SUM: the votes for "SPÖ" in Österreich (G00000): the total is 31, and its 4 parts sum to 30`},
		{name: "a district is no sum", old: `"Eisenstadt Stadt", "wahlberechtigt": "60"`, new: `"Eisenstadt Stadt", "wahlberechtigt": "61"`,
			err: `wahl.json:7:11: error TOTAL-SUM: registered in Eisenstadt Stadt (G10100): the total is 61, and its 1 parts sum to 60`},
		{name: "regional constituencies are no sum", old: `"Burgenland Nord", "wahlberechtigt": "60"`, new: `"Burgenland Nord", "wahlberechtigt": "59"`,
			err: `wahl.json:3:11: error TOTAL-SUM: registered in Burgenland (G10000): the total is 60, and its 1 regional constituencies and G10099 sum to 59`},
		{name: "a party that the total lacks", old: `"22", "SPÖ": "10"}`, new: `"22"}`,
			err: `wahl.json:9:11: error TOTAL-SUM: the total of Wien (G90000) has no votes for "SPÖ"; its 1 parts have 10`},
		{name: "no count", old: `"SPÖ": 10}`, new: `"SPÖ": 10.5}`, err: `wahl.json:11:23: error NOT-A-COUNT: "SPÖ" of G90100: found "10.5", not a whole number in digits 0-9`},
		{name: "nothing", old: `"SPÖ": 10}`, new: `"SPÖ": ""}`, err: `wahl.json:11:23: error NOT-A-COUNT: "SPÖ" of G90100: found nothing, want digits 0-9`},
		{name: "no code", old: `"G90100"`, new: `"Wien-1"`, err: `wahl.json:10:11: error FORMAT: "Wien-1" is no code of an area, such as G10101`},
		{name: "several numbers", old: `"SPÖ": 10}`, new: `"SPÖ": [10, 11]}`, err: `wahl.json:11:28: error FORMAT: "SPÖ" of G90100 is no single number`},
		{name: "a code twice", old: `"G90100"`, new: `"G90000"`, err: `wahl.json:10:1: error DUPLICATE: the key "G90000" is there twice`},
	})
}

// Nations and states without parts are counted themselves.
func TestAustrianLevelsAlone(t *testing.T) {
	for name, want := range map[string]string{
		"G00000": "1 G00000 / G00000 / Land: registered 5 ÖVP=3\n",
		"G20000": "1 G20000 / Land / Land: registered 5 ÖVP=3\n",
	} {
		r, findings := readText(t, "a.json", `{"`+name+`": {"gebietsname": "Land", "wahlberechtigt": "5", "ÖVP": "3"}}`, ingest.Options{})
		if got := strings.Replace(dump(r.Set), "G00000 / Land / Land", "G00000 / G00000 / Land", 1); got != want || len(findings) > 0 {
			t.Errorf("read %s, want %s; found %v", got, want, findings)
		}
	}
}

func TestAustria2024(t *testing.T) {
	want := expectedOf(t, "austria-2024")
	s := readShared(t, ingest.Options{}, "data", "austria-2024", "wahl_20241003_214746.json.gz")
	if s.Len() != 2279 {
		t.Errorf("%d units, want 2279", s.Len())
	}
	sameVotes(t, s, want.Votes)
	sameLines(t, s, map[returns.Line]int64{returns.Registered: want.Eligible, returns.Cast: want.Cast, returns.Invalid: want.Invalid, returns.Valid: want.Valid})
}

func FuzzAustria(f *testing.F) {
	fuzzTree(f, austrianCount, `{"G20000": {"gebietsname": "Land", "ÖVP": "3"}}`)
}
