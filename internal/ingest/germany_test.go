package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

// germanArea is an area on a line of its own: its voters, then first and second votes.
// Each group is "number kind name first second", its name without spaces.
func germanArea(attributes, name string, voters, cast int, groups ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<Gebietsergebnis %s><GebietText>%s</GebietText>`, attributes, name)
	fmt.Fprintf(&b, `<Gruppenergebnis Gruppe="100" Gruppenart="ALLGEMEIN" Name="Wahlberechtigte"><Stimmergebnis Stimmart="KEINE" Anzahl="%d"/></Gruppenergebnis>`, voters)
	fmt.Fprintf(&b, `<Gruppenergebnis Gruppe="200" Gruppenart="ALLGEMEIN" Name="Wählende"><Stimmergebnis Stimmart="KEINE" Anzahl="%d" AnzahlVergleich="1"/></Gruppenergebnis>`, cast)
	for _, g := range groups {
		f := strings.Fields(g)
		fmt.Fprintf(&b, `<Gruppenergebnis Gruppe="%s" Gruppenart="%s" Name="%s"><Stimmergebnis Stimmart="DIREKT" Anzahl="%s"/><Stimmergebnis Stimmart="LISTE" Anzahl="%s"/></Gruppenergebnis>`,
			f[0], f[1], f[2], f[3], f[4])
	}
	b.WriteString("</Gebietsergebnis>\n")
	return b.String()
}

var germanCount = "<Gesamtergebnis><WahlMetadaten/>\n" +
	germanArea(`Gebietsart="BUND" Gebietsnummer="99"`, "Bundesgebiet", 600, 420, "300 ALLGEMEIN Ungültige 6 3", "400 ALLGEMEIN Gültige 414 417", "1 PARTEI CDU 210 211", "3 PARTEI GRÜNE 200 206", "28 UEBRIGE Übrige 4 n/a") +
	germanArea(`Gebietsart="LAND" Gebietsnummer="1" UegGebietsart="BUND" UegGebietsnummer="99"`, "Nord", 300, 210, "1 PARTEI CDU 100 101", "3 PARTEI GRÜNE/B90 103 107", "28 UEBRIGE Übrige 4 n/a") +
	germanArea(`Gebietsart="WAHLKREIS" Gebietsnummer="7" UegGebietsart="LAND" UegGebietsnummer="1"`, "Küste", 300, 210, "300 ALLGEMEIN Ungültige 3 2", "400 ALLGEMEIN Gültige 207 208", "1 PARTEI CDU 100 101", "3 PARTEI GRÜNE/B90 103 107", "501 EINZELKANDIDAT EB:Ohm 4 n/a") +
	germanArea(`Gebietsart="LAND" Gebietsnummer="2"`, "Süd", 300, 210, "1 PARTEI CDU 110 110", "3 PARTEI GRÜNE 97 99") +
	germanArea(`Gebietsart="WAHLKREIS" Gebietsnummer="8" UegGebietsart="LAND" UegGebietsnummer="2"`, "Berg", 300, 210, "300 ALLGEMEIN Ungültige 3 1", "400 ALLGEMEIN Gültige 207 209", "1 PARTEI CDU 110 110", "3 PARTEI GRÜNE 97 99") +
	"</Gesamtergebnis>\n"

func TestGermany(t *testing.T) {
	const (
		second = "4 7 / Nord / Küste: registered 300 cast 210 invalid 2 valid 208 CDU=101 GRÜNE=107\n" +
			"6 8 / Süd / Berg: registered 300 cast 210 invalid 1 valid 209 CDU=110 GRÜNE=99\n"
		first = "4 7 / Nord / Küste: registered 300 cast 210 invalid 3 valid 207 CDU=100 GRÜNE=103 EB:Ohm=4\n" +
			"6 8 / Süd / Berg: registered 300 cast 210 invalid 3 valid 207 CDU=110 GRÜNE=97\n"
	)
	testTree(t, "gesamtergebnis_01.xml", germanCount, []treeTest{
		{name: "second votes of constituencies, a party by its number", want: second},
		{name: "second votes by name", contest: "Zweitstimmen", want: second},
		{name: "first votes, candidates among others in the totals", contest: "erststimmen", want: first},
		{name: "other votes", contest: "Drittstimmen",
			err: `gesamtergebnis_01.xml: error UNKNOWN-NAME: no contest "Drittstimmen" (did you mean "Erststimmen"?); there are "Zweitstimmen" (LISTE), "Erststimmen" (DIREKT)`},
		{name: "a federal total that is no sum", old: `Anzahl="211"`, new: `Anzahl="212"`,
			err: `gesamtergebnis_01.xml:2:847: error TOTAL-SUM: the votes for "CDU" in Bundesgebiet: the total is 212, and its 2 constituencies sum to 211`},
		{name: "a total of others that is no sum", contest: "Erststimmen", old: `Name="EB:Ohm"><Stimmergebnis Stimmart="DIREKT" Anzahl="4"/>`, new: `Name="EB:Ohm"><Stimmergebnis Stimmart="DIREKT" Anzahl="5"/>`,
			err: `gesamtergebnis_01.xml:2:1147: error TOTAL-SUM: the votes for "Übrige" in Bundesgebiet: the total is 4, and its 2 constituencies sum to 5`},
		{name: "no count", old: `Anzahl="211"`, new: `Anzahl="-"`,
			err: `gesamtergebnis_01.xml:2:847: error NOT-A-COUNT: the votes for "CDU" in Bundesgebiet: found "-", not a whole number in digits 0-9`},
		{name: "a constituency twice", old: `Gebietsnummer="8"`, new: `Gebietsnummer="7"`, err: `gesamtergebnis_01.xml:6:1: error DUPLICATE: "7" is there twice: already on line 4`},
		{name: "another level", old: `Gebietsart="WAHLKREIS" Gebietsnummer="8"`, new: `Gebietsart="GEMEINDE" Gebietsnummer="8"`,
			err: `gesamtergebnis_01.xml:6:1: error FORMAT: an area of the kind "GEMEINDE"; want BUND, LAND or WAHLKREIS`},
		{name: "others in a constituency", old: `Gruppe="501" Gruppenart="EINZELKANDIDAT" Name="EB:Ohm"`, new: `Gruppe="28" Gruppenart="UEBRIGE" Name="Übrige"`, contest: "Erststimmen",
			err: `gesamtergebnis_01.xml:4:1190: error TOTAL-ROW: "Übrige" in the constituency Küste: it may be the sum of others there`},
		{name: "a constituency that is missing", old: germanCount[strings.Index(germanCount, `<Gebietsergebnis Gebietsart="WAHLKREIS" Gebietsnummer="8"`):strings.Index(germanCount, "</Gesamt")],
			err: `gesamtergebnis_01.xml:2:1: error TOTAL-SUM: cast in Bundesgebiet: the total is 420, and its 1 constituencies sum to 210`},
	})
}

func TestGermany2025(t *testing.T) {
	want := expectedOf(t, "germany-2025")
	s := readShared(t, ingest.Options{}, "data", "germany-2025", "gesamtergebnis_01.xml.gz")
	if s.Len() != 299 {
		t.Errorf("%d constituencies, want 299", s.Len())
	}
	sameVotes(t, s, want.Votes)
	sameLines(t, s, map[returns.Line]int64{returns.Registered: 60490603, returns.Cast: 49927315, returns.Invalid: 285228, returns.Valid: want.Valid})

	first := readShared(t, ingest.Options{Contest: "Erststimmen"}, "data", "germany-2025", "gesamtergebnis_01.xml.gz")
	sameLines(t, first, map[returns.Line]int64{returns.Registered: 60490603, returns.Cast: 49927315, returns.Invalid: 429129, returns.Valid: 49498186})
	var votes int64
	for l := range first.Lists {
		sum, _ := sumOf(first, first.Votes(l))
		votes += sum
	}
	if votes != 49498186 {
		t.Errorf("%d first votes, want as many as are valid, 49498186", votes)
	}
}

func FuzzGermany(f *testing.F) {
	fuzzTree(f, germanCount, strings.ReplaceAll(germanCount, "n/a", "0"))
}
