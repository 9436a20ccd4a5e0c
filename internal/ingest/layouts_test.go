package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

// lines states the sums of the lines of the protocol that any precinct has.
func lines(s *returns.Set) string {
	var b strings.Builder
	for _, l := range returns.Lines() {
		sum, n := int64(0), 0
		for p := range s.Len() {
			if v, ok := s.Line(l).At(p); ok {
				sum += v
				n++
			}
		}
		if n > 0 {
			fmt.Fprintf(&b, "%v=%d ", l, sum)
		}
	}
	return strings.TrimSpace(b.String())
}

func encoded(t *testing.T, name, text string) string {
	t.Helper()
	e := map[string]*charmap.Charmap{"windows-1251": charmap.Windows1251, "windows-1255": charmap.Windows1255}[name]
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Each built-in layout knows its files by themselves and counts them.
func TestBuiltInLayouts(t *testing.T) {
	const kalpi = "סמל ועדה,ברזל,שם ישוב,סמל ישוב,קלפי,ריכוז,שופט,בזב,מצביעים,פסולים,כשרים,אמת,מחל,\n"
	const svod = ";Сумма;УИК №1;УИК №2\n1. Число избирателей, включенных в список избирателей;30;20;10\n" +
		"9. Число недействительных избирательных бюллетеней;3;2;1\n10. Число действительных избирательных бюллетеней;12;8;4\n" +
		"13. Иванов;7 58.33%;5 62.50%;2 50.00%\n14. Петров;5 41.67%;3 37.50%;2 50.00%\n"
	tests := []struct {
		layout string
		files  map[string]string
		votes  string
		lines  string
		n      int // precincts
	}{
		{"kyrgyzstan-2020", map[string]string{"a.csv": "row,region,Birimdik,Against all,sum_valid_plus_against,form2_percent\n1,Osh,5,1,6,3.5\n2,Osh,7,0,7,inf\n"},
			"Birimdik=12 Against all=1", "valid=13", 2},
		{"israel-kalpi", map[string]string{"expb.csv": "\ufeff" + kalpi + "6,1,א,9001,1,1,0,221,151,1,150,47,103,\n6,2,א,9001,1,1,0,20,10,0,10,4,6,\n99,3,ב,9999,1,0,0,0,50,4,46,40,6,\n"},
			"אמת=91 מחל=115", "registered=241 cast=211 invalid=5 valid=206", 3},
		{"israel-kalpi", map[string]string{"expb.csv": encoded(t, "windows-1255", kalpi+"6,1,א,9001,1,1,0,221,151,1,150,47,103,\n")},
			"אמת=47 מחל=103", "registered=221 cast=151 invalid=1 valid=150", 1},
		{"israel-1999", map[string]string{"a.csv": "שם ישוב,קלפי,בוחרים,סמל ישוב,בזב,פסולים,כשרים,ברק,נתניהו,בזב,מצביעים,פסולים,כשרים,אמת,ב\nא,1,496,9,163,34,129,118,11,,161,12,149,100,49\n"},
			"אמת=100 ב=49", "registered=496 cast=161 invalid=12 valid=149", 1},
		{"gas-vybory-wide", map[string]string{"a.csv": "region,tik,uik,\"Число избирателей, внесенных в список\",Число недействительных избирательных бюллетеней,Число действительных избирательных бюллетеней,Число чего-то ещё,1. Партия А,Партия Б,url\nR,T,1,100,1,60,9,40,20,http\nR,T,2,,,,,,,\n"},
			"1. Партия А=40 Партия Б=20", "registered=100 invalid=1 valid=60", 1},
		{"gas-vybory-table", map[string]string{"a.csv": encoded(t, "windows-1251", svod)}, "Иванов=7 Петров=5", "registered=30 invalid=3 valid=12", 2},
		{"gas-vybory-table", map[string]string{"a.csv": svod}, "Иванов=7 Петров=5", "registered=30 invalid=3 valid=12", 2},
		{"bulgaria-cik", map[string]string{
			"50_votes_paper.csv":   "section_id;party;votes\n01;1;5\n01;24;1\n01;100;6\n02;1;3\n",
			"50_votes_machine.csv": "section_id;party;votes\n01;1;50\n01;2;8\n",
			"31_sections.csv":      "section_id;rik_name;municipality\n01;Sofia;Bankya\n02;Abroad;\n",
			"41_protocols.csv":     "section_id;registered_voters;voted_voters;invalid_paper_ballots\n01;100;65;1\n02;9;3;0\n",
			"20_parties.csv":       "code;name;registration_code;registration_name\n9;a;1;Alpha\n8;b;2;Beta\n",
		}, "Alpha=58 Beta=8 Independent candidate=1", "registered=109 cast=68 invalid=1", 2},
		{"bulgaria-cik-text", map[string]string{"votes_1.txt": "24;010;01;1;120;70;50;2;80;50;30\n26;011;01;1;40;40;0;2;65;65;0\n", "cik_parties_1.txt": "1;A\n2;B\n"},
			"A=160 B=145", "", 2},
		{"new-zealand", map[string]string{"a.csv": "electorate_number,electorate,approx_location,voting_place,party,votes\n1,Auckland,City,Hall,Green,5\n1,Auckland,City,Hall,Green,2\n1,Auckland,,Special votes,Green,\n1,Auckland,City,Hall,Informal Party Votes,3\n1,Auckland,City,Hall,Informal Party Votes,1\n"},
			"Green=7", "invalid=4", 2},
		{"lithuania", map[string]string{
			"x-votes.csv": "minor_gid,org_id,votes\n0,5,7\n0,1,4\n1,1,2\n", "x-parties.csv": "org_id,org_name\n1,Vienas\n5,Penki (a, b)\n",
			"x-minor-district.csv": "minor_gid,major_id,minor_name,registered_voters,votes\n0,1,G,30,11\n1,1,S,20,2\n", "x-major-district.csv": "major_id,major_name\n1,Senamiestis\n",
		}, "Penki (a, b)=7 Vienas=6", "registered=50", 2},
		{"georgia-2024", map[string]string{"a.csv": "district,precinct,code,f_01,f_02,f_05,p_3,p_41,f_06,note\n1,1,0001,50,50,30,10,18,2,x\n1,2,0002,50,,30,10,18,2,\n"},
			"p_3=20 p_41=36", "registered=100 received=50 cast=60 invalid=4", 2},
		{"ukraine-2019", map[string]string{"a.csv": "polling_station_number,parliament_voters,Voice,Other parties,district_number\n50130,30,20,10,11\n"},
			"Voice=20 Other parties=10", "cast=30", 1},
		{"netherlands-municipal", map[string]string{"a.csv": "Amsterdamse code,CBS code,Naam,# geldige stemmen,# ongeldige stemmen,# blanco stemmen,Percentage blanco stemmen,# kiesgerechtigden,Opkomst,Opkomstpercentage,VVD,SP\n10,0738,Aalburg,20,2,1,\"0,1 %\",50,23,\"46,0 %\",12,8\n"},
			"VVD=12 SP=8", "registered=50 cast=23 blank=1 invalid=2 valid=20", 1},
		{"norway", map[string]string{"a.csv": "Fylkenummer;Fylkenavn;Partikode;Partinavn;Oppslutning prosentvis;Antall stemmeberettigede;Antall stemmer totalt;Antall mandater\n01;Oslo;A;Arbeiderpartiet;32,05;90;51;3;\n01;Oslo;SV;Sosialistisk;4,3;90;7;1;\n"},
			"A=51 SV=7", "registered=90", 1},
		{"czechia-table", map[string]string{"a.csv": "party;Hlavní město Praha;Středočeský kraj\nODS;10;20\nANO;30;40\n"}, "ODS=30 ANO=70", "", 2},
		{"germany-kerg2", map[string]string{"kerg2.csv": "\ufeffErgebnisse;;;;;;;\n;;;;;;;\nWahlart;Gebietsart;Gebietsnummer;UegGebietsnummer;Gruppenart;Gruppenname;Stimme;Anzahl\n" +
			"BT;Bund;99;;System-Gruppe;Wahlberechtigte;;100\nBT;Wahlkreis;001;01;System-Gruppe;Wahlberechtigte;;100\nBT;Wahlkreis;001;01;System-Gruppe;Ungültige;1;9\nBT;Wahlkreis;001;01;System-Gruppe;Ungültige;2;3\n" +
			"BT;Wahlkreis;001;01;Partei;BLAU;1;40\nBT;Wahlkreis;001;01;Partei;BLAU;2;30\nBT;Wahlkreis;001;01;Partei;ROT;2;20\nBT;Wahlkreis;001;01;Partei;LILA;2;\n"},
			"BLAU=30 ROT=20 LILA=0", "registered=100 invalid=3", 1},
		{"germany-table", map[string]string{"a.csv": "Region;Wahlbezirk;Wahlberechtigte;Wähler;Ungültig;Blau;Grün\nNord;001;1.200;812;12;430;370\n"},
			"Blau=430 Grün=370", "registered=1200 cast=812 invalid=12", 1},
		{"openelections", map[string]string{"a.csv": "county,precinct,office,district,party,candidate,votes,election_day,mail\nAlder,W1,Registered Voters,,,,1200,,\nAlder,W1,Ballots Cast,,,,812,500,312\nAlder,W1,U.S. House,3,BLU,Ada,420,250,170\nAlder,W1,U.S. House,3,,Over Votes,2,,\nAlder,Total,U.S. House,3,BLU,Ada,420,250,170\n"},
			"Ada=420", "registered=1200 cast=812", 1},
		{"medsl", map[string]string{"a.csv": "precinct,office,party_detailed,party_simplified,mode,votes,county_name,jurisdiction_fips,candidate\n" +
			"W1,HOUSE,B,O,ELECTION DAY,250,ALDER,1,ADA\nW1,HOUSE,B,O,ABSENTEE,170,ALDER,1,ADA\nW1,HOUSE,,O,ABSENTEE,5,ALDER,1,UNDERVOTES\nN,HOUSE,B,O,TOTAL,120,BIRCH,3,ADA\nN,HOUSE,B,O,MAIL,100,BIRCH,3,ADA\nN,HOUSE,B,O,EARLY,20,BIRCH,3,ADA\n"},
			"ADA=540", "", 2},
		{"invalid-rows", map[string]string{"a.csv": "region,station,registered,party,votes\nN,1,500,Blue,210\nN,1,500,INVALID,5\n"}, "Blue=210", "registered=500 invalid=5", 1},
	}
	tested := map[string]bool{}
	for _, tt := range tests {
		tested[tt.layout] = true
		t.Run(tt.layout, func(t *testing.T) {
			r, findings := read(t, ingest.Options{}, tt.files)
			for _, f := range findings {
				if f.Severity == finding.Error {
					t.Error(f)
				}
			}
			got := strings.Join(r.Dialects, "; ")
			_, joined, _ := strings.Cut(got, "; ")
			beside := map[string]string{"bulgaria-cik": "names and figures for others: 3 files", "bulgaria-cik-text": "names and figures for others: 1 file", "lithuania": "names and figures for others: 3 files"}
			if !strings.HasPrefix(got, "layout "+tt.layout+",") || joined != beside[tt.layout] {
				t.Errorf("read as %s, want layout %s", got, tt.layout)
			}
			if got := totals(r.Set); got != tt.votes || lines(r.Set) != tt.lines || r.Set.Len() != tt.n {
				t.Errorf("%d precincts, votes %s, lines %s\nwant %d, %s, %s", r.Set.Len(), got, lines(r.Set), tt.n, tt.votes, tt.lines)
			}
		})
	}
	for _, l := range ingest.Layouts() {
		if !tested[l.Name] {
			t.Errorf("no test reads by the layout %s", l.Name)
		}
	}
}

// A canonical table is read as one, though it has the columns of a layout among others.
func TestLayoutOfTheseColumnsOnly(t *testing.T) {
	r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": "region,station,registered,cast,party,votes\nN,1,500,210,Blue,210\n"})
	if got := strings.Join(r.Dialects, "; "); got != "long table, comma: 1 file" || totals(r.Set) != "Blue=210" || lines(r.Set) != "registered=500 cast=210" {
		t.Errorf("read as %s: %s, %s, %v", got, totals(r.Set), lines(r.Set), findings)
	}
}

// What a layout says of rows and cells is held against them.
func TestLayoutRules(t *testing.T) {
	const wide = "shape: wide\nprecinct: p\nlists: rest\n"
	const long = "shape: long\nprecinct: p\nlist: l\nvotes: v\n"
	tests := []struct {
		name, layout, text string
		votes, lines       string // when it is read
		want               string // an error, or warning, that is made
		rows, out          int64
	}{
		{"columns by number and pattern", "shape: wide\nprecinct: {number: 1}\ncast: {matches: '^c'}\nlists: {matches: '^[A-Z]$'}\nignore: rest\n", "x,cast,A,note,B\n1,9,2,n,3\n", "A=2 B=3", "cast=9", "", 1, 0},
		{"a pattern that two columns match", "shape: wide\nprecinct: p\ncast: {matches: '^c'}\nlists: rest\n", "p,c1,c2,A\n1,9,2,3\n", "", "", "a.csv:1:6: error LAYOUT: of which there are 2", 0, 0},
		{"a pattern for a line that no column matches", "shape: wide\nprecinct: p\ncast: {matches: '^c'}\nlists: rest\n", "p,A,B\n1,2,3\n", "A=2 B=3", "", "", 1, 0},
		{"lists behind a column", "shape: wide\nprecinct: p\nlists: {after: x}\nignore: [x, y]\n", "p,y,x,A,B\n1,5,6,2,3\n", "A=2 B=3", "", "", 1, 0},
		{"names without their numbers", wide + "strip: '^[0-9]+\\. '\n", "p,1. A,2. B\n1,2,3\n", "A=2 B=3", "", "", 1, 0},
		{"names that are one without their numbers", wide + "strip: '^[0-9]+\\. '\n", "p,1. A,2. A\n1,2,3\n", "", "", `a.csv:2:5: error DUPLICATE: precinct "1" has votes for "A" twice`, 0, 0},
		{"rows that are left out", long + "rows: {drop: [{column: p, equals: [All, Sum]}, {column: l, empty: yes}]}\n", "p,l,v\n1,A,2\nAll,A,9\n1,,9\n1,B,3\n", "A=2 B=3", "", "", 4, 2},
		{"rows that are kept", long + "rows: {keep: [{column: k, matches: '^x'}]}\n", "p,l,v,k\n1,A,2,x1\n1,A,9,y\n", "A=2", "", "", 2, 1},
		{"a line of the protocol in a row", long + "rows: {lines: [{column: l, equals: Spoiled, as: invalid}, {column: l, equals: None, as: nothing}]}\n", "p,l,v\n1,A,2\n1,Spoiled,4\n1,None,5\n", "A=2", "invalid=4", "", 3, 1},
		{"the same line twice", long + "rows: {lines: [{column: l, equals: Spoiled, as: invalid}]}\n", "p,l,v\n1,A,2\n1,Spoiled,4\n1,Spoiled,5\n", "", "", `a.csv:4:11: error DUPLICATE: invalid of precinct "1" is 5 here and 4 before`, 0, 0},
		{"votes that are added", long + "same: add\n", "p,l,v\n1,A,2\n1,A,70000\n1,B,1\n", "A=70002 B=1", "", "", 3, 0},
		{"votes that are there twice", long, "p,l,v\n1,A,2\n1,A,3\n", "", "", "a.csv:3:3: error DUPLICATE", 0, 0},
		{"two boxes under one number", wide + "same: another\n", "p,A,B\n1,2,3\n1,4,5\n1,6,7\n", "A=12 B=15", "", `a.csv:3:1: warning TWICE: precinct "1" is there twice, first in a.csv:2; layout test counts both`, 3, 0},
		{"an empty cell is nobody", wide + "empty: zero\n", "p,A,B\n1,2,\n", "A=2 B=0", "", "", 1, 0},
		{"an empty cell is nothing", wide + "empty: none\n", "p,A,B\n1,2,\n2,,\n", "A=2 B=0", "", "", 2, 1},
		{"an empty cell is an error", wide, "p,A,B\n1,2,\n", "", "", "a.csv:2:5: error NOT-A-COUNT: empty", 0, 0},
		{"points between thousands", wide + "numbers: {group: point}\n", "p,A,B\n1,1.234.567,12\n", "A=1234567 B=12", "", "", 1, 0},
		{"points elsewhere", wide + "numbers: {group: point}\n", "p,A,B\n1,12.34,12\n", "", "", `a.csv:2:3: error NOT-A-COUNT: found "12.34"`, 0, 0},
		{"points in front", wide + "numbers: {group: point}\n", "p,A,B\n1,.123,12\n", "", "", `a.csv:2:3: error NOT-A-COUNT: found ".123"`, 0, 0},
		{"a share behind the votes", wide + "numbers: {strip: ' [0-9.]+%$'}\n", "p,A,B\n1,12 5.5%,3\n", "A=12 B=3", "", "", 1, 0},
		{"modes that add up", long + "modes: {columns: [e, m]}\n", "p,l,v,e,m\n1,A,5,2,3\n1,B,5,,\n", "A=5 B=5", "", "", 2, 0},
		{"modes that do not", long + "modes: {columns: [e, m]}\n", "p,l,v,e,m\n1,A,5,2,4\n", "", "", `a.csv:2:5: error MODES: the votes for "A" in precinct "1" are 5 in all and 6 by modes`, 0, 0},
		{"a total beside its modes", long + "modes: {column: m, total: T}\n", "p,l,v,m\n1,A,2,x\n1,A,3,y\n1,A,5,T\n2,A,7,x\n", "A=12", "", "", 4, 0},
		{"a total that is not theirs", long + "modes: {column: m, total: T}\n", "p,l,v,m\n1,A,2,x\n1,A,3,y\n1,A,6,T\n", "", "", `a.csv:2: error MODES: are 6 in all and 5 by modes`, 0, 0},
		{"a line that means nothing", wide + "registered: r\nkinds: [{column: p, equals: env, clear: registered}]\n", "p,r,A,B\n1,9,2,3\nenv,0,4,5\n", "A=6 B=8", "registered=9", "", 2, 0},
		{"a header below others", wide + "header: {find: p}\n", "Results of,,\n,,\np,A,B\n1,2,3\n", "A=2 B=3", "", "", 1, 0},
		{"no such header", wide + "header: {find: p}\n", "Results of,,\n1,2,3\n", "", "", `a.csv: error HEADER: looks for a cell "p"`, 0, 0},
		{"a header of two rows", "shape: wide\nprecinct: No\nlists: {matches: '^Votes '}\n header: x\n"[:0] + "shape: wide\nprecinct: No\nlists: {matches: '^Votes '}\nheader: {rows: 2}\n", ",Votes,\nNo,A,B\n1,2,3\n", "Votes A=2 Votes B=3", "", "", 1, 0},
		{"no header", "shape: wide\nprecinct: {number: 1}\nheader: none\nlists: [{column: {number: 2}, name: A}, {column: {number: 3}, name: B}]\n", "1,2,3\n4,5,6\n", "A=7 B=9", "", "", 2, 0},
		{"a column without a name", wide + "unnamed: ignore\n", "p,A,B,\n1,2,3,\n", "A=2 B=3", "", "", 1, 0},
		{"a column without a name with something in it", wide + "unnamed: ignore\n", "p,A,B,\n1,2,3,4\n", "", "", `a.csv:2:7: error COLUMN: column 4 has no name and "4" in it`, 0, 0},
		{"columns of one name", "shape: wide\nprecinct: p\nvalid: {column: v, nth: 2}\nignore: [{column: v, nth: 1}]\nlists: rest\n", "p,v,A,v,B\n1,9,2,5,3\n", "A=2 B=3", "valid=5", "", 1, 0},
		{"groups", "shape: groups\nprecinct: {number: 1}\nheader: none\ngroups: {from: 2, size: 3, list: 1, votes: 2, parts: [3]}\n", "1,A,2,2,B,3,3\n2,A,4,4\n", "A=6 B=3", "", "", 2, 0},
		{"groups with parts that do not add up", "shape: groups\nprecinct: {number: 1}\nheader: none\ngroups: {from: 2, size: 3, list: 1, votes: 2, parts: [3]}\n", "1,A,2,1\n", "", "", `a.csv:1:5: error MODES: the votes for "A" in precinct "1" are 2 in all and 1 by parts`, 0, 0},
		{"a table that lies on its side", "shape: transposed\nprecinct: list\ninvalid: Spoiled\nlists: rest\n", "list,P1,P2\nA,2,3\nB,4,5\nSpoiled,1,1\n", "A=5 B=9", "invalid=2", "", 2, 0},
		{"a count in it that is none", "shape: transposed\nprecinct: list\nlists: rest\n", "list,P1,P2\nA,2,x\nB,4,5\n", "", "", `a.csv:1: error NOT-A-COUNT: the votes of "A" in precinct "P2": found "x"`, 0, 0},
		{"a table beside it that is missing", wide + "join: [{file: 'no*.csv', key: k, on: p, columns: [c]}]\n", "p,A,B\n1,2,3\n", "", "", "a.csv: error LAYOUT: needs a file no*.csv beside this one; there are 0", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log finding.Log
			l, ok := ingest.ParseLayout("l.yaml", []byte("layout: 1\nname: test\n"+tt.layout), &log)
			if !ok {
				t.Fatal(log.Sorted())
			}
			r, findings := read(t, ingest.Options{Layout: l}, map[string]string{"a.csv": tt.text})
			if tt.want != "" {
				place, word, _ := strings.Cut(tt.want, ": ")
				code, word, _ := strings.Cut(word, ": ")
				if !strings.Contains(code, " ") {
					t.Fatalf("want %q", tt.want)
				}
				found := false
				for _, f := range findings {
					found = found || strings.HasPrefix(f.String(), place+": "+code+": ") && strings.Contains(f.String(), word)
				}
				if !found {
					t.Errorf("findings %v\nwant %s", findings, tt.want)
				}
			} else if len(findings) > 0 {
				t.Errorf("findings %v, want none", findings)
			}
			if tt.votes == "" {
				return
			}
			if got := totals(r.Set); got != tt.votes || lines(r.Set) != tt.lines || r.Set.Rows != tt.rows || r.Set.Excluded != tt.out {
				t.Errorf("votes %s, lines %s, %d rows, %d left out\nwant %s, %s, %d, %d", got, lines(r.Set), r.Set.Rows, r.Set.Excluded, tt.votes, tt.lines, tt.rows, tt.out)
			}
		})
	}
}

// Text in another encoding is read when somebody says so, or its first bytes do.
func TestEncodings(t *testing.T) {
	const text = "precinct,region,list,votes\n1,Ош,Кыргызстан,7\n"
	utf16, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	for _, tt := range []struct{ name, encoding, text, want string }{
		{"windows-1251", "windows-1251", encoded(t, "windows-1251", text), "Кыргызстан=7"},
		{"UTF-16 with its mark", "", utf16, "Кыргызстан=7"},
		{"windows-1251 that nobody named", "", encoded(t, "windows-1251", text), "error ENCODING"},
		{"a byte that it does not have", "windows-1251", encoded(t, "windows-1251", text) + "\x98,a,b,1\n", "a.csv:3: error ENCODING: a byte that windows-1251 does not have"},
		{"UTF-16 that is none", "utf-16", "precinct,list,votes\n", "error ENCODING: this is not utf-16"},
	} {
		r, findings := read(t, ingest.Options{Encoding: tt.encoding}, map[string]string{"a.csv": tt.text})
		if got := totals(r.Set) + fmt.Sprint(findings); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A table beside the file must have each name once.
func TestLookup(t *testing.T) {
	const votes = "code,l,v\n01,1,5\n02,2,3\n"
	const layout = "layout: 1\nname: test\nshape: long\nprecinct: code\nregion: place\nlist: l\nvotes: v\n" +
		"join: [{file: 'places.csv', key: id, on: code, columns: [place]}]\nnames: {file: 'parties.csv', key: no, name: title}\n"
	for _, tt := range []struct{ places, parties, want string }{
		{"id,place\n01,North\n02,South\n", "no,title\n1,Alpha\n2,Beta, Gamma\n", ""},
		{"id,place\n01,North\n", "no,title\n1,Alpha\n2,Beta\n", `votes.csv:3:1: error LOOKUP: "02" is not in places.csv`},
		{"id,place\n01,North\n02,South\n", "no,title\n1,Alpha\n", `votes.csv:3:4: error LOOKUP: list "2" is not among the names of the layout`},
		{"id,place\n01,North\n02,South\n01,West\n", "no,title\n1,Alpha\n2,Beta\n", `places.csv:4: error LOOKUP: "01" is there twice`},
		{"id,place\n01,North\n02\n", "no,title\n1,Alpha\n2,Beta\n", "places.csv:3: error LOOKUP: the row has 1 fields (columns), the header has 2"},
		{"nr,place\n01,North\n", "no,title\n1,Alpha\n2,Beta\n", `places.csv:1: error LOOKUP: layout test names a column "id"; the header has nr, place`},
		{"id,place\n01,North\n02,South\n", "no,title\n1,\n2,Beta\n", `parties.csv: error LOOKUP: the name of list "1" is empty`},
	} {
		var log finding.Log
		l, ok := ingest.ParseLayout("l.yaml", []byte(layout), &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		r, findings := read(t, ingest.Options{Layout: l}, map[string]string{"votes.csv": votes, "places.csv": tt.places, "parties.csv": tt.parties})
		got := fmt.Sprint(findings)
		if !strings.Contains(got, tt.want) || tt.want == "" && (got != "[]" || totals(r.Set) != "Alpha=5 Beta, Gamma=3") {
			t.Errorf("places %q, parties %q: %s %s\nwant %s", tt.places, tt.parties, totals(r.Set), got, tt.want)
		}
	}
}
