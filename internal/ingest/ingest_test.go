package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

// read writes the files into a folder of their own and reads them from there.
// Names in findings are without the folder.
func read(t testing.TB, o ingest.Options, files map[string]string) (*ingest.Reading, []finding.Finding) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var log finding.Log
	r := ingest.Read(ingest.Expand([]string{"."}, &log), o, &log)
	return r, log.Sorted()
}

// but is the findings but for those of a code.
func but(code string, findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(findings, func(f finding.Finding) bool { return f.Code == code })
}

func totals(s *returns.Set) string {
	var b strings.Builder
	for l, list := range s.Lists {
		var sum int64
		for p := range s.Len() {
			v, _ := s.Votes(l).At(p)
			sum += v
		}
		fmt.Fprintf(&b, "%s=%d ", list.Name, sum)
	}
	return strings.TrimSpace(b.String())
}

const (
	long = "precinct,region,list,votes\nP1,North,Alpha,120\nP1,North,Beta,80\nP2,North,Alpha,95\nP2,North,Beta,105\n"
	wide = "precinct,region,registered,cast,invalid,Alpha,Beta\nP1,North,300,205,5,120,80\nP2,North,280,203,3,95,105\n"
)

func TestRead(t *testing.T) {
	const want = "Alpha=215 Beta=185"
	tests := []struct{ name, text string }{
		{"long", long},
		{"wide", wide},
		{"CRLF", strings.ReplaceAll(long, "\n", "\r\n")},
		{"byte order mark", "\ufeff" + wide},
		{"byte order mark before a quote", "\ufeff\"precinct\",region,list,votes\n" + long[27:]},
		{"semicolons", strings.ReplaceAll(wide, ",", ";")},
		{"tabs", strings.ReplaceAll(long, ",", "\t")},
		{"bars", strings.ReplaceAll(long, ",", "|")},
		{"Excel's first line", "sep=;\n" + strings.ReplaceAll(long, ",", ";")},
		{"no line end at the end", strings.TrimSuffix(long, "\n")},
		{"empty lines", strings.ReplaceAll(long, "\nP2", "\n\n\r\nP2")},
		{"quotes", strings.ReplaceAll(strings.ReplaceAll(long, "Alpha", `"Alpha"`), "P1", `"P1"`)},
		{"quoted counts", strings.ReplaceAll(long, "120", `"120"`)},
		{"synonyms without case", strings.Replace(long, "precinct,region,list,votes", "Polling Station,OBLAST,Party,Votes", 1)},
		{"punctuation in a header", strings.NewReplacer("invalid", "Invalid.", "cast", "ballots_cast:").Replace(wide)},
		{"leading zeros in a count", strings.ReplaceAll(long, ",80", ",0080")},
		{"spaces around names", strings.ReplaceAll(long, "Alpha", " Alpha ")},
		{"columns in another order", "votes,list,region,precinct\n120,Alpha,North,P1\n80,Beta,North,P1\n95,Alpha,North,P2\n105,Beta,North,P2\n"},
		{"lists in another order in each precinct", "precinct,region,list,votes\nP1,North,Alpha,120\nP1,North,Beta,80\nP2,North,Beta,105\nP2,North,Alpha,95\n"},
		{"precincts taken up again", "precinct,region,list,votes\nP1,North,Alpha,120\nP2,North,Alpha,95\nP1,North,Beta,80\nP2,North,Beta,105\n"},
		{"protocol lines repeated in a long table", "precinct,region,cast,list,votes\nP1,North,205,Alpha,120\nP1,North,205,Beta,80\nP2,North,203,Alpha,95\nP2,North,203,Beta,105\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": tt.text})
			if len(findings) > 0 {
				t.Fatalf("findings: %v", findings)
			}
			if got := totals(r.Set); got != want {
				t.Errorf("totals = %s, want %s", got, want)
			}
			if got := r.Set.Len(); got != 2 {
				t.Errorf("%d precincts, want 2", got)
			}
		})
	}
}

func TestReadKeepsIdsAsTheyAre(t *testing.T) {
	r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": "precinct,list,votes\n0012,A,1\n12,A,2\n1.10,A,3\n#7,A,4\n"})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for p, want := range []string{"0012", "12", "1.10", "#7"} {
		if got := r.Set.ID(p); got != want {
			t.Errorf("precinct %d is %q, want %q", p, got, want)
		}
	}
}

func TestQuotedFields(t *testing.T) {
	text := "precinct,region,list,votes\n\"P,1\",\"No\"\"rth\",\"Alpha, the\",7\nP2,\"No\"\"rth\",\"\"\"Beta\"\"\",8\n"
	r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": text})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	if got, want := totals(r.Set), `Alpha, the=7 "Beta"=8`; got != want {
		t.Errorf("totals = %s, want %s", got, want)
	}
	if got, want := r.Set.Areas[1].Name, `No"rth`; got != want {
		t.Errorf("region = %s, want %s", got, want)
	}
}

// Every row is in the set or refused: what was read says so.
func TestRowsAreConserved(t *testing.T) {
	r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": long + "P3,North,Alpha,x\n"})
	if r.Set.Rows != 5 || len(findings) != 1 {
		t.Errorf("%d rows read and %d findings, want 5 and 1", r.Set.Rows, len(findings))
	}
}

func TestProtocolLines(t *testing.T) {
	r, _ := read(t, ingest.Options{}, map[string]string{"a.csv": wide})
	for line, want := range map[returns.Line]int64{returns.Registered: 300, returns.Cast: 205, returns.Invalid: 5} {
		if got, ok := r.Set.Line(line).At(0); !ok || got != want {
			t.Errorf("%v = %d (%v), want %d", line, got, ok, want)
		}
	}
	if _, ok := r.Set.Line(returns.Valid).At(0); ok {
		t.Error("valid is there though the table does not have it")
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(long))
	z.Close()
	r, findings := read(t, ingest.Options{}, map[string]string{"a.csv.gz": b.String(), "b.csv": "precinct,region,list,votes\nP3,North,Alpha,1\n"})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	if got, want := totals(r.Set), "Alpha=216 Beta=185"; got != want {
		t.Errorf("totals = %s, want %s", got, want)
	}
	for name, text := range map[string]string{"cut": b.String()[:b.Len()-9], "bad checksum": b.String()[:b.Len()-8] + "\x00\x00\x00\x00" + b.String()[b.Len()-4:]} {
		if _, findings := read(t, ingest.Options{}, map[string]string{"a.csv.gz": text}); len(findings) != 1 || findings[0].Code != "GZIP" {
			t.Errorf("%s: findings %v, want one of GZIP", name, findings)
		}
	}
}

// The same files give the same set in whatever order they are named.
func TestExpandSorts(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"b.csv", "a.csv", "sub/c.tsv", "sub/.hidden.csv", "notes.md"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := "a.csv b.csv sub/c.tsv"
	for _, args := range [][]string{{"."}, {"sub", "b.csv", "a.csv"}, {"[ab].csv", "sub/c.tsv"}} {
		var log finding.Log
		if got := strings.Join(ingest.Expand(args, &log), " "); got != want || len(log.Sorted()) > 0 {
			t.Errorf("Expand(%q) = %q with %v, want %q", args, got, log.Sorted(), want)
		}
	}
}

func TestExpandKnowsEndings(t *testing.T) {
	inFolder(t, map[string]string{"a.csv": "1", "b.TSV": "2", "c.txt.gz": "3", "d.json": "4", "e.jsonl.zst": "5", "f.xlsx": "6", "g.zip": "7", "h.md": "8", "i.xls": "9"})
	var log finding.Log
	if got, want := strings.Join(ingest.Expand([]string{"."}, &log), " "), "a.csv b.TSV c.txt.gz d.json e.jsonl.zst f.xlsx g.zip"; got != want {
		t.Errorf("Expand = %q, want %q", got, want)
	}
	if got, want := fmt.Sprint(log.Sorted()), "[i.xls: warning FORMAT: left out: of a directory only .csv, .tsv, .txt, .json, .jsonl, .xlsx, .xml and .zip files are read, also as .gz or .zst]"; got != want {
		t.Errorf("findings %s, want %s", got, want)
	}
	log = finding.Log{}
	inFolder(t, map[string]string{"h.md": "8"})
	ingest.Expand([]string{"."}, &log)
	if got, want := fmt.Sprint(log.Sorted()), "[.: error EMPTY: no .csv, .tsv, .txt, .json, .jsonl, .xlsx, .xml or .zip files in this directory]"; got != want {
		t.Errorf("findings %s, want %s", got, want)
	}
}

// manyRows is so much of a table that what follows is read later than its head.
func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "P%d,A,1\n", i)
	}
	return b.String()
}

func TestBadFiles(t *testing.T) {
	const head = "precinct,region,list,votes\n"
	const widely = "precinct,region,Alpha,Beta,Gamma\nP1,N,1,20,5\n"
	tests := []struct {
		name, text string
		want       string // file:line:column: severity CODE: and a word of the text
	}{
		{"empty file", "", "a.csv: error EMPTY: header"},
		{"only a byte order mark", "\ufeff", "a.csv: error EMPTY: empty"},
		{"header only", head, "a.csv: error EMPTY: no rows"},
		{"no header", "P1,North,Alpha,120\nP2,North,Alpha,3\n", "a.csv:1:1: error HEADER: no column is called precinct"},
		{"no votes column", "precinct,region,list\nP1,N,A\n", "a.csv:1:17: error HEADER: none called votes"},
		{"no list column", "precinct,region,votes\nP1,N,3\n", "a.csv:1:17: error HEADER: none called list"},
		{"wide without lists", "precinct,region,cast\nP1,N,3\n", "a.csv:1:1: error HEADER: no column of votes"},
		{"column twice", "precinct,Alpha,Beta,Alpha\nP1,1,2,3\n", `a.csv:1:21: error HEADER: "Alpha" is there twice: columns 2 and 4`},
		{"columns that look alike", "precinct,Alpha,Beta,ALPHA\nP1,1,2,3\n", "a.csv:1:21: error LOOK-ALIKE: columns 2 and 4"},
		{"column without a name", "precinct,Alpha,\nP1,1,2\n", "a.csv:1:16: error HEADER: column 3 is empty"},
		{"two columns of one role", "precinct,registered,electorate,A\nP1,1,1,1\n", "a.csv:1:21: error HEADER: both mean registered"},
		{"unknown column of a long table", "precinct,list,votes,mood\nP1,A,1,good\n", `a.csv:1:21: error COLUMN: unknown column "mood"`},
		{"district without region", "precinct,district,list,votes\nP1,D,A,1\n", "a.csv:1:10: error HEADER: none called region"},
		{"a row too short", head + "P1,North,Alpha\n", "a.csv:2:1: error RAGGED: 3 fields (columns), the header has 4"},
		{"a row too long", head + "P1,North,Alpha,1,280\n", "a.csv:2:1: error RAGGED: 5 fields"},
		{"footer", long + "Source: commission\n", "a.csv:6:1: error RAGGED: 1 fields"},
		{"empty count", head + "P1,North,Alpha,\n", "a.csv:2:16: error NOT-A-COUNT: empty"},
		{"spaces", head + "P1,North,Alpha, 7\n", `a.csv:2:16: error NOT-A-COUNT: found " 7"`},
		{"negative", head + "P1,North,Alpha,-7\n", `a.csv:2:16: error NOT-A-COUNT: found "-7"`},
		{"plus", head + "P1,North,Alpha,+7\n", "a.csv:2:16: error NOT-A-COUNT: digits"},
		{"fraction", head + "P1,North,Alpha,7.0\n", "a.csv:2:16: error NOT-A-COUNT: digits"},
		{"quoted thousands", head + "P1,North,Alpha,\"1,280\"\n", `a.csv:2:17: error NOT-A-COUNT: found "1,280"`},
		{"Arabic digits", head + "P1,North,Alpha,١٢\n", "a.csv:2:16: error NOT-A-COUNT: digits"},
		{"columns count characters", head + "П1,Нарын,Альфа,x\n", "a.csv:2:16: error NOT-A-COUNT: digits"},
		{"2^63", head + "P1,North,Alpha,9223372036854775808\n", "a.csv:2:16: error OVERFLOW: out of range"},
		{"2^64 and more", head + "P1,North,Alpha,118446744073709551616\n", "a.csv:2:16: error OVERFLOW: out of range"},
		{"quote not closed", head + "P1,North,\"Alpha,7\n", "a.csv:2:10: error QUOTE: does not close"},
		{"line break in a name", head + "P1,North,\"Al\npha\",7\n", "a.csv:2:10: error QUOTE: does not close"},
		{"text after a quote", head + "P1,North,\"Al\"pha,7\n", "a.csv:2:14: error QUOTE: closing quote"},
		{"quote in a field", head + "P1,North,Al\"pha,7\n", "a.csv:2:12: error QUOTE: inside a field"},
		{"not UTF-8", head + "P1,North,Caf\xe9,7\n", "a.csv:2:13: error ENCODING: UTF-8"},
		{"NUL at the beginning", head + "P1,No\x00rth,A,7\n", "a.csv:1: error FORMAT: NUL"},
		{"NUL far down", "precinct,list,votes\n" + manyRows(20000) + "Q,\x00,7\n", "a.csv:20002:3: error ENCODING: NUL"},
		{"carriage returns only", "precinct,list,votes\rP1,A,1\r", "a.csv:1:20: error ENCODING: carriage return"},
		{"escape in a name", head + "P1,North,\x1b[31m,7\n", "a.csv:2:10: error NAME: U+001B"},
		{"zero width space", head + "P1,North,Al\u200bpha,7\n", "a.csv:2:10: error NAME: U+200B"},
		{"byte order mark in the file", head + "\ufeffP1,North,Alpha,7\n", "a.csv:2:1: error NAME: U+FEFF"},
		{"empty precinct", head + " ,North,Alpha,7\n", "a.csv:2:1: error NAME: is empty"},
		{"empty region", head + "P1,,Alpha,7\n", "a.csv:2:4: error NAME: is empty"},
		{"empty list", head + "P1,North,,7\n", "a.csv:2:10: error NAME: is empty"},
		{"name too long", head + "P1,North," + strings.Repeat("a", 1001) + ",7\n", "a.csv:2:10: error NAME: too long"},
		{"case", head + "P1,North,Alpha,7\nP2,North,ALPHA,7\n", `a.csv:3:10: error LOOK-ALIKE: "ALPHA" here and "Alpha" in a.csv:2`},
		{"Cyrillic look-alike", head + "P1,North,CCCP,7\nP1,North,СССР,7\n", "a.csv:3:10: error LOOK-ALIKE: look the same"},
		{"decomposed", head + "P1,North,Café,7\nP1,North,Cafe\u0301,7\n", "a.csv:3:10: error LOOK-ALIKE: look the same"},
		{"regions that look alike", head + "P1,North,A,7\nP2,north,A,7\n", "a.csv:3:4: error LOOK-ALIKE: regions"},
		{"percent of turnout is no line", "precinct,turnout %,A,B\n1,55.5,1,2\n2,50.1,1,2\n3,51.0,1,2\n", `a.csv:2:3: error COLUMN: column "turnout %" holds no counts`},
		{"a protocol line among the lists", long + "P2,North,INVALID,5\n", `a.csv:6:10: error NOT-A-LIST: "INVALID" is a line of the protocol`},
		{"a total among the lists", long + "P2,North,Total,200\n", `a.csv:6:10: error TOTAL-ROW: "Total" is called a total`},
		{"list twice in a precinct", head + "P1,North,Alpha,7\nP2,North,Alpha,7\nP1,North,Alpha,8\n", "a.csv:4:10: error DUPLICATE: first read in a.csv:2"},
		{"precinct twice in a wide table", wide + "P1,North,300,205,5,120,80\n", "a.csv:4:1: error DUPLICATE: already in a.csv:2"},
		{"protocol line with two values", "precinct,cast,list,votes\nP1,10,A,1\nP1,11,B,2\n", "a.csv:3:4: error DUPLICATE: cast of precinct \"P1\" is 11 here and 10 before"},
		{"precinct in two regions", head + "P1,North,Alpha,7\nP1,South,Beta,7\n", "a.csv:3:1: error AREA: South here and in North"},
		{"row called total", long + "Total,North,Alpha,215\n", "a.csv:6:1: error TOTAL-ROW: looks like a total"},
		{"row called total in Kyrgyz", long + "Жалпы,North,Alpha,215\n", "a.csv:6:1: error TOTAL-ROW: looks like a total"},
		{"region called total", long + "X,Total,Alpha,215\n", "a.csv:6:3: error TOTAL-ROW: looks like"},
		{"unlabelled total row", wide + "P9,North,580,408,8,215,185\n", "a.csv:4:1: error TOTAL-ROW: the sum of the 2 precincts above it"},
		{"unlabelled total row at the top", "precinct,A,B,C\nP0,6,9,13\nP1,1,2,8\nP2,5,7,5\n", "a.csv:2:1: error TOTAL-ROW: the sum of all other precincts"},
		{"a second total row", wide + "P9,North,580,408,8,215,185\nP3,North,10,9,0,4,5\nP10,North,590,417,8,219,190\n", "a.csv:6:1: error TOTAL-ROW: the sum of the 3 precincts above it"},
		{"a total below subtotals", "precinct,region,A,B,C\nP1,N,1,2,3\nP2,N,5,7,9\nP3,N,6,9,12\nP4,S,2,2,2\nP5,S,3,1,1\nP6,S,5,3,3\nP7,S,11,12,15\n", "a.csv:8:1: error TOTAL-ROW: the sum of the 4 precincts above it"},
		{"subtotal of a region", "precinct,region,A,B,C\nP1,N,1,2,3\nP2,N,5,7,9\nP3,S,8,1,1\nP4,S,2,2,2\nP5,S,10,3,3\n", "a.csv:6:1: error TOTAL-ROW: above it in S"},
		{"total column", "precinct,Alpha,Beta,Sum of both\nP1,1,2,3\nP2,5,7,12\nP3,1,1,2\n", `a.csv:1: error TOTAL-COLUMN: "Sum of both" equals the sum of the other columns of votes in all 3 rows`},
		{"total column of one row by its name", "precinct,Alpha,Beta,Total\nP1,1,2,3\n", "a.csv:1: error TOTAL-COLUMN: Total"},
		{"total column with the invalid ballots", "precinct,invalid,Alpha,Beta,All\nP1,1,1,2,4\nP2,2,5,7,14\nP3,3,1,1,5\n", "a.csv:1: error TOTAL-COLUMN: and the invalid ballots"},
		{"column called total that is none", widely[:33] + "P1,N,1,20,5\n", ""},
		{"two contests", "contest,precinct,list,votes\nPresident,P1,A,1\nSheriff,P1,A,1\n", `a.csv:3:1: error COLUMN: a second contest, "Sheriff"`},
		{"HTML", "<!DOCTYPE html><html>", "a.csv:1: error FORMAT: HTML"},
		{"JSON without votes", "[{\"precinct\":1}]", "a.csv:1: error HEADER: no column of votes"},
		{"JSON that begins too late to be known", strings.Repeat(" ", 20_000) + "[{\"precinct\":1}]", "a.csv:1: error FORMAT: JSON"},
		{"an old Excel sheet", "\xd0\xcf\x11\xe0\xa1\xb1", "a.csv:1: error FORMAT: save it as xlsx or csv"},
		{"zip", "PK\x03\x04abc", "a.csv:1: error FORMAT: zip"},
		{"UTF-32", "\xff\xfe\x00\x00p\x00\x00\x00", "a.csv:1: error ENCODING: UTF-32"},
		{"a line without end", head + strings.Repeat("a", 5<<20), "a.csv: error LIMIT: longer than the limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read(t, ingest.Options{}, map[string]string{"a.csv": tt.text})
			if tt.want == "" {
				if len(but("UNCHECKED", findings)) > 0 {
					t.Errorf("findings %v, want none", findings)
				}
				return
			}
			place, word, _ := strings.Cut(tt.want, ": error ")
			code, word, _ := strings.Cut(word, ": ")
			for _, f := range findings {
				if strings.HasPrefix(f.String(), place+": error "+code+": ") && strings.Contains(f.String(), word) {
					return
				}
			}
			t.Errorf("findings %v\nwant %s", findings, tt.want)
		})
	}
}

// A long table and a wide one of other precincts are one count, in any order.
func TestTwoShapes(t *testing.T) {
	other := strings.ReplaceAll(wide, "P", "Q")
	for _, files := range []map[string]string{{"a.csv": long, "b.csv": other}, {"a.csv": other, "b.csv": long}} {
		r, findings := read(t, ingest.Options{}, files)
		if got := totals(r.Set); got != "Alpha=430 Beta=370" || r.Set.Rows != 6 || r.Set.Len() != 4 {
			t.Errorf("%s, %d rows of %d precincts: %v", got, r.Set.Rows, r.Set.Len(), findings)
		}
		for _, f := range findings {
			if f.Severity == finding.Error {
				t.Error(f)
			}
		}
		if rows := r.Set.RowsOf(r.Set.Find("P1")) + r.Set.RowsOf(r.Set.Find("Q1")); rows != 3 {
			t.Errorf("P1 and Q1 were read from %d rows, want 3", rows)
		}
	}
}

func TestBadSetsOfFiles(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a copy", map[string]string{"a.csv": long, "b.csv": long}, "b.csv: error SAME-FILE: the same file as a.csv"},
		{"the same precincts again", map[string]string{"a.csv": long, "b.csv": strings.ReplaceAll(long, "\n", "\r\n")}, "b.csv:2:10: error DUPLICATE: first read in a.csv:2"},
		{"a long table and a wide one of the same precincts", map[string]string{"a.csv": long, "b.csv": wide}, `b.csv:2:1: error DUPLICATE: precinct "P1" is there twice: already in a.csv:2`},
		{"a wide table and a long one of the same precincts", map[string]string{"a.csv": wide, "b.csv": "precinct,region,list,votes\nP1,North,Gamma,1\n"}, `b.csv:2:1: error DUPLICATE: precinct "P1" is in a wide table already: a.csv:2`},
		{"one is empty", map[string]string{"a.csv": long, "b.csv": ""}, "b.csv: error EMPTY"},
		{"one is no table", map[string]string{"a.csv": long, "b.ods": "PK"}, "b.ods: warning FORMAT: left out"},
		{"one is no workbook", map[string]string{"a.csv": long, "b.xlsx": "PK"}, "b.xlsx:1:1: error HEADER: no column is called precinct"},
		{"none", map[string]string{"README.md": "hello"}, ".: error EMPTY: no .csv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read(t, ingest.Options{}, tt.files)
			place, word, _ := strings.Cut(tt.want, ": ")
			code, word, _ := strings.Cut(word, ": ")
			if len(findings) == 0 || !strings.HasPrefix(findings[0].String(), place+": "+code) || !strings.Contains(findings[0].String(), word) {
				t.Errorf("findings %v\nwant %s", findings, tt.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.csv", []byte(long), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.csv", "link.csv"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"nope.csv"}, "nope.csv: error FILE: no such file"},
		{[]string{"a.csv", "a.csv"}, "a.csv: error SAME-FILE: given twice"},
		{[]string{"a.csv", "./a.csv"}, "a.csv: error SAME-FILE: given twice"},
		{[]string{"a.csv", "link.csv"}, "link.csv: error SAME-FILE: the same file as a.csv"},
		{[]string{"-", "-"}, "-: error FILE: standard input is closed"},
		{[]string{"-"}, "-: error FILE: standard input is closed"},
		{[]string{"/dev/zero"}, "/dev/zero: error FILE: is no file but a device"},
	}
	for _, tt := range tests {
		var log finding.Log
		ingest.Read(ingest.Expand(tt.args, &log), ingest.Options{}, &log)
		if f := log.Sorted(); len(f) == 0 || !strings.HasPrefix(f[0].String(), tt.want) {
			t.Errorf("%q: findings %v, want %s", tt.args, f, tt.want)
		}
	}
}

func TestStdin(t *testing.T) {
	var log finding.Log
	r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(long + "P3,North,Alpha,x\n"), Hash: true}, &log)
	if f := log.Sorted(); len(f) != 1 || !strings.HasPrefix(f[0].String(), "<stdin>:6:16: error NOT-A-COUNT") {
		t.Errorf("findings %v", f)
	}
	if s := r.Sources[0]; s.Bytes != int64(len(long)+17) || len(s.SHA256) != 64 {
		t.Errorf("source %+v, want %d bytes and a hash", s, len(long)+17)
	}
}

// What may be meant otherwise is read, and said.
func TestDoubtfulTables(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"precinct,Alpha,Beta\nP1,1,2\n", "a.csv:1:1: warning UNCHECKED: no line of the protocol"},
		{"precinct,Alpha,Beta,valid_votes\nP1,1,2,3\n", `a.csv:1:21: warning COLUMN: column "valid_votes" is read as the valid ballots`},
		{wide, ""},
		{"precinct,list,votes\nP1,A,1\n", ""},
	} {
		r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": tt.text})
		if got := fmt.Sprint(findings); len(findings) > 1 || !strings.Contains(got, tt.want) || tt.want == "" && len(findings) > 0 || r.Set.Len() == 0 {
			t.Errorf("%q: findings %s, want %s", tt.text, got, tt.want)
		}
	}
}

// However many there are: it is one finding, and no work for each.
func TestTooManyLists(t *testing.T) {
	var b strings.Builder
	b.WriteString("precinct,list,votes\n")
	for l := range 20_000 {
		fmt.Fprintf(&b, "P1,List %d,1\n", l)
	}
	if _, findings := read(t, ingest.Options{}, map[string]string{"a.csv": b.String()}); len(findings) != 1 || !strings.HasPrefix(findings[0].String(), "a.csv:2002:4: error LIMIT: more than 2000 lists") {
		t.Errorf("findings %v", findings)
	}
}

// Rows in YAML are read by the letters that stand there.
func TestYAML(t *testing.T) {
	const rows = "- precinct: P1\n  list: NO\n  votes: 120\n- precinct: 0012\n  list: NO\n  votes: 80\n"
	for _, tt := range []struct{ text, want string }{
		{rows, "NO=200"},
		{"---\n" + rows, "NO=200"},
		{rows + "- precinct: P3\n  list: NO\n", `a.yaml:7:3: error FORMAT: the row has no "votes"`},
		{rows + "- precinct: P3\n  list: NO\n  votes: 12.5\n", `a.yaml:7: error NOT-A-COUNT: the votes of "NO" in precinct "P3": found "12.5"`},
		{rows + "- precinct: P3\n  list: NO\n  votes:\n", "a.yaml:9:"},
		{rows + "- precinct: P1\n  list: NO\n  votes: 1\n", `a.yaml:7: error DUPLICATE: precinct "P1" already has votes for "NO": the precinct was first read in a.yaml:1`},
		{rows + "- precinct: &a P3\n  list: NO\n  votes: 1\n", "a.yaml:7:"},
		{rows + "- just text\n", "a.yaml:7:3: error FORMAT"},
	} {
		t.Chdir(t.TempDir())
		if err := os.WriteFile("a.yaml", []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		var log finding.Log
		r := ingest.Read([]string{"a.yaml"}, ingest.Options{}, &log)
		if got := totals(r.Set) + fmt.Sprint(log.Sorted()); !strings.Contains(got, tt.want) || tt.want[0] == 'a' == (len(log.Sorted()) == 0) {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestColumnWithoutCountsIsOneFinding(t *testing.T) {
	text := "precinct,Alpha,share\nP1,1,0.5\nP2,2,0.6\nP3,3,0.7\n"
	_, findings := read(t, ingest.Options{}, map[string]string{"a.csv": text})
	findings = but("UNCHECKED", findings)
	if len(findings) != 1 || findings[0].Code != "COLUMN" || !strings.Contains(findings[0].Message, "3 of 3 rows") {
		t.Errorf("findings %v, want one of COLUMN", findings)
	}
}

func TestSmallCoincidencesAreNoTotals(t *testing.T) {
	for name, text := range map[string]string{
		"one list, 3 = 1 + 2":          "precinct,list,votes\nP1,A,1\nP2,A,2\nP3,A,3\n",
		"two lists, (1,1) = sum":       "precinct,A,B\nP1,1,0\nP2,0,1\nP3,1,1\n",
		"one precinct, A = B + C":      "precinct,A,B,C\nP1,3,2,1\n",
		"all zero":                     "precinct,A,B,C\nP1,0,0,0\nP2,0,0,0\nP3,0,0,0\n",
		"the same precinct twice over": "precinct,A,B,C\nP1,1,2,3\nP2,1,2,3\n",
	} {
		if _, findings := read(t, ingest.Options{}, map[string]string{"a.csv": text}); len(but("UNCHECKED", findings)) > 0 {
			t.Errorf("%s: findings %v, want none", name, findings)
		}
	}
}

func TestLayouts(t *testing.T) {
	layout := func(text string) *ingest.Layout {
		var log finding.Log
		l, ok := ingest.ParseLayout("l.yaml", []byte("layout: 1\nname: test\n"+text), &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		return l
	}
	tests := []struct {
		name, layout, text, want string
		ids                      string
	}{
		{"a key of two columns", "shape: long\nprecinct: [Oblast, Nr]\nregion: Oblast\nlist: P\nvotes: V\n", "Oblast,Nr,P,V\nOsh,1,A,5\nTalas,1,A,7\n", "A=12", "Osh/1 Talas/1"},
		{"keys that only look the same", "shape: long\nprecinct: [X, Nr]\nlist: P\nvotes: V\n", "X,Nr,P,V\na/b,c,A,5\na,b/c,A,7\n", "A=12", "a//b/c a/b//c"},
		{"named lists with codes", "shape: wide\nprecinct: Nr\nlists: [{column: P1, name: Ak}, P2]\nignore: [Note]\n", "Nr,P2,Note,P1\n1,5,hm,7\n", "Ak=7 P2=5", "1"},
		{"columns without regard to case", "shape: wide\nprecinct: NR\nvalid: SUM\nlists: rest\n", "nr,A,B,Sum\n1,5,7,12\n2,1,1,2\n3,2,2,4\n", "A=8 B=10", "1 2 3"},
		{"another delimiter", "shape: wide\ndelimiter: pipe\nprecinct: Nr\nlists: rest\n", "Nr|A,x|B\n1|5|7\n", "A,x=5 B=7", "1"},
	}
	for _, tt := range tests {
		r, findings := read(t, ingest.Options{Layout: layout(tt.layout)}, map[string]string{"a.csv": tt.text})
		var ids []string
		for p := range r.Set.Len() {
			ids = append(ids, r.Set.ID(p))
		}
		if got := totals(r.Set); got != tt.want || strings.Join(ids, " ") != tt.ids || len(findings) > 0 {
			t.Errorf("%s: %s in %v with %v, want %s in %s", tt.name, got, ids, findings, tt.want, tt.ids)
		}
	}
	for name, tt := range map[string][3]string{
		"a column that is not there":   {"shape: wide\nprecinct: Nr\nlists: [A]\n", "No,A\n1,2\n", `error LAYOUT: layout test names a column "Nr"`},
		"a column that is not named":   {"shape: wide\nprecinct: Nr\nlists: [A]\n", "Nr,A,B\n1,2,3\n", `error COLUMN: layout test says nothing of column "B"`},
		"one column with two roles":    {"shape: wide\nprecinct: Nr\ncast: A\nlists: [A]\n", "Nr,A\n1,2\n", `gives column "A" two roles`},
		"votes that are not the valid": {"shape: wide\nprecinct: Nr\nlists: rest\n", "Nr,A,B,Sum\n1,5,7,12\n2,1,1,2\n3,2,2,4\n", `error TOTAL-COLUMN: column "Sum"`},
	} {
		if _, findings := read(t, ingest.Options{Layout: layout(tt[0])}, map[string]string{"a.csv": tt[1]}); !strings.Contains(fmt.Sprint(findings), tt[2]) {
			t.Errorf("%s: %v, want %s", name, findings, tt[2])
		}
	}
}

func TestBadLayouts(t *testing.T) {
	for text, want := range map[string]string{
		"layout: 1\nname: a\nshape: wide\nprecinct: []\nlists: rest\n":                   "no column: name those that tell one precinct from another",
		"layout: 2\nname: a\nshape: wide\nprecinct: p\nlists: rest\n":                    "want a number from 1 to 1",
		"layout: 1\nname: a\nshape: tall\nprecinct: p\nlists: rest\n":                    "want one of long, wide",
		"layout: 1\nname: a\nshape: wide\nlists: rest\n":                                 `key "precinct" is missing`,
		"layout: 1\nname: a\nshape: wide\nprecinct: p\n":                                 `key "lists" is missing`,
		"layout: 1\nname: a\nshape: long\nprecinct: p\nlists: rest\nlist: l\nvotes: v\n": "this key is for wide ones",
		"layout: 1\nname: a\nshape: wide\nprecinct: p\nlists: rest\nvotes: v\n":          "this key is for long ones",
		"layout: 1\nname: a\nshape: wide\nprecinct: p\nlists: rest\ndistrict: d\n":       "a district lies in a region",
		"layout: 1\nname: a\nshape: wide\nprecint: p\nlists: rest\n":                     `did you mean "precinct"`,
	} {
		var log finding.Log
		if _, ok := ingest.ParseLayout("l.yaml", []byte(text), &log); ok || !strings.Contains(fmt.Sprint(log.Sorted()), want) {
			t.Errorf("%q: %v, want %s", text, log.Sorted(), want)
		}
	}
	var log finding.Log
	if _, ok := ingest.LoadLayout("no/such.yaml", &log); ok || !strings.Contains(fmt.Sprint(log.Sorted()), "no such file") {
		t.Errorf("LoadLayout of a missing file: %v", log.Sorted())
	}
}

func TestReadTotals(t *testing.T) {
	for text, want := range map[string]string{
		"list,votes\nA,5\nB,7\n":       "A=5 B=7",
		"Votes;Party\n5;A\n7;B\n":      "A=5 B=7",
		"list,votes\nA,5\nA,7\n":       "error DUPLICATE",
		"list,votes\nA,-5\n":           "error NOT-A-COUNT",
		"list,votes,mood\nA,5,good\n":  `error COLUMN: unknown column "mood"`,
		"list\nA\n":                    "error HEADER: want the columns list and votes",
		"list,votes\n":                 "error EMPTY",
		"precinct,list,votes\n1,A,5\n": "error COLUMN: unknown column",
	} {
		var log finding.Log
		set, ok := ingest.ReadTotals("-", strings.NewReader(text), &log)
		got := fmt.Sprint(log.Sorted())
		if ok {
			got = totals(set)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestReadRegister(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"precinct,region,registered\n1,Osh,100\n2,Osh,0\n": "",
		"precinct\n1\n2\n":                "",
		"precinct,registered\n1,9\n2,\n":  "",
		"precinct,registered\n1,x\n":      "r.csv:2:3: error REGISTER: the registered voters of precinct \"1\": found \"x\"",
		"precinct,region\n1,Osh\n1,Osh\n": "r.csv:3:1: error REGISTER: precinct \"1\" is there twice",
		"region\nOsh\n":                   "one column must be called precinct",
		"precinct,votes\n1,5\n":           "unknown column \"votes\"",
		"":                                "error REGISTER: the file is empty",
	} {
		if err := os.WriteFile("r.csv", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var log finding.Log
		reg, ok := ingest.ReadRegister("r.csv", &log)
		if got := fmt.Sprint(log.Sorted()); !strings.Contains(got, want) || ok != (want == "") {
			t.Errorf("%q: %v, %s, want %s", text, ok, got, want)
		} else if ok && len(reg.Expected) != 2 {
			t.Errorf("%q: %d precincts, want 2", text, len(reg.Expected))
		}
	}
	var log finding.Log
	if _, ok := ingest.ReadRegister("nope.csv", &log); ok {
		t.Error("a missing register was read")
	}
}

func Example() {
	var log finding.Log
	r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader("precinct,region,list,votes\n1001,Batken,Ak,120\n1001,Batken,Kok,eighty\n")}, &log)
	for _, f := range log.Sorted() {
		fmt.Println(f)
	}
	fmt.Println(r.Set.Rows, "rows,", r.Dialects[0])
	// Output:
	// <stdin>:3:17: error NOT-A-COUNT: the votes of "Kok" in precinct "1001": found "eighty", not a whole number in digits 0-9
	// 2 rows, long table, comma: 1 file
}

// inFolder makes the files in a folder of their own, and goes there.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
