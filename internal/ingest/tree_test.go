package ingest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

// readText reads a text as if it were a file of that name.
func readText(t testing.TB, name, text string, o ingest.Options) (*ingest.Reading, []finding.Finding) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var log finding.Log
	r := ingest.Read([]string{name}, o, &log)
	return r, log.Sorted()
}

// dump writes out a set, a precinct a line: where it stands, its areas, the lines of its
// protocol, and its votes.
func dump(s *returns.Set) string {
	var b strings.Builder
	for p := range s.Len() {
		_, line := s.Position(p)
		fmt.Fprintf(&b, "%d %s", line, s.ID(p))
		for level := 1; level <= len(s.Levels); level++ {
			if a := s.AreaAt(p, level); a >= 0 {
				fmt.Fprintf(&b, " / %s", s.Areas[a].Name)
			}
		}
		b.WriteString(":")
		for _, l := range returns.Lines() {
			if v, ok := s.Line(l).At(p); ok {
				fmt.Fprintf(&b, " %s %d", l, v)
			}
		}
		for l, list := range s.Lists {
			if v, ok := s.Votes(l).At(p); ok {
				fmt.Fprintf(&b, " %s=%d", list.Name, v)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A treeTest changes a document and says what is read of it, or what is wrong with it.
type treeTest struct {
	name     string
	old, new string // old stands in the document once; "" = nothing is changed
	contest  string
	want     string // the set, as dump writes it
	err      string // the first finding
}

func testTree(t *testing.T, file, document string, tests []treeTest) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n := strings.Count(document, tt.old); tt.old != "" && n != 1 {
				t.Fatalf("%q is in the document %d times", tt.old, n)
			}
			text := document
			if tt.old != "" {
				text = strings.Replace(document, tt.old, tt.new, 1)
			}
			r, findings := readText(t, file, text, ingest.Options{Contest: tt.contest})
			switch {
			case tt.err == "" && len(findings) > 0:
				t.Fatalf("findings: %v", findings)
			case tt.err == "":
				if got := dump(r.Set); got != tt.want {
					t.Errorf("read\n%swant\n%s", got, tt.want)
				}
			case len(findings) == 0:
				t.Fatalf("nothing found, want %s; read\n%s", tt.err, dump(r.Set))
			case findings[0].String() != tt.err:
				t.Errorf("found %v, want %s", findings, tt.err)
			}
		})
	}
}

// What no document may be, with its place.
func TestXMLThatIsRefused(t *testing.T) {
	const eml = `<EML xmlns="urn:oasis:names:tc:evs:schema:eml" Id="510d">`
	deep := strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70)
	tests := []struct{ name, text, want string }{
		{"entities", "<!DOCTYPE EML [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n" + eml + "&b;</EML>",
			"a.xml:1:1: error FORMAT: a document type declaration (<!DOCTYPE …>): it is not read, because it can stand for anything"},
		{"an entity that nobody knows", eml + "\n&b;</EML>", "a.xml:2:4: error FORMAT: the XML is not well-formed: invalid character entity &b;"},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?>` + eml + "</EML>",
			"a.xml:1: error ENCODING: XML in ISO-8859-1: what is read is UTF-8; save the file in that encoding"},
		{"no UTF-8", eml + "\n<a>\xff</a></EML>", "a.xml:2:4: error ENCODING: the text is not UTF-8: save the file in that encoding"},
		{"deep", eml + "\n" + deep + "</EML>", "a.xml:2:190: error LIMIT: elements inside each other deeper than the limit of 64"},
		{"deep among what is left out", eml + "\n" + `<a xmlns="b">` + deep + "</a></EML>", "a.xml:2:200: error LIMIT: elements inside each other deeper than the limit of 64"},
		{"a tag without end", eml + "<a" + strings.Repeat(` a="1"`, 1<<18) + "></a></EML>", "error LIMIT: a tag or a text of more than the limit of 1024 KiB"},
		{"cut off", eml + "\n<Count>", "a.xml:2:8: error FORMAT: the XML is not well-formed: unexpected EOF"},
		{"two roots", eml + "</EML>\n<EML/>", "a.xml:2:1: error FORMAT: a second document: <EML> behind the end of the first"},
		{"another EML", strings.Replace(eml, "510d", "520", 1) + "</EML>", "a.xml:1:1: error FORMAT: EML 520 is no count by units; want 510b, 510c or 510d"},
		{"other XML", "<kml/>", "a.xml:1: error FORMAT: this is HTML or XML; what is read is CSV or TSV in UTF-8 with a header, JSON rows, or an XLSX sheet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := readText(t, "a.xml", tt.text, ingest.Options{})
			if len(findings) != 1 || !strings.HasSuffix(findings[0].String(), tt.want) {
				t.Errorf("found %v, want %s", findings, tt.want)
			}
		})
	}
}

// Before its root a document may have a byte order mark, a declaration and comments.
func TestTreesAreKnownByTheirBeginning(t *testing.T) {
	for _, start := range []string{"", "\ufeff", `<?xml version="1.0"?>`, "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- <kml> -->\n", "\n  ", `<?xml version="1.0" encoding="US-ASCII"?>`} {
		r, findings := readText(t, "a.xml", start+clarityDetail, ingest.Options{})
		if len(findings) > 0 || r.Set.Len() != 2 {
			t.Errorf("after %q: %d precincts, found %v", start, r.Set.Len(), findings)
		}
		if got, want := strings.Join(r.Dialects, ""), "Clarity detail, a long table: 1 file"; got != want {
			t.Errorf("dialect = %s, want %s", got, want)
		}
	}
}

// All that is wrong with a file is said at once.
func TestTreesSayAllErrors(t *testing.T) {
	text := strings.NewReplacer(`votes="7"`, `votes="seven"`, `votes="5"`, `votes="-5"`).Replace(clarityDetail)
	_, findings := readText(t, "a.xml", text, ingest.Options{})
	if len(findings) != 2 || findings[0].Line != 6 || findings[1].Line != 10 {
		t.Errorf("found %v, want both", findings)
	}
}

func TestDirectoriesHaveXML(t *testing.T) {
	r, findings := read(t, ingest.Options{}, map[string]string{"a.xml": clarityDetail, "b.csv": "precinct,region,list,votes\nP3,Alder,Ada,1\n"})
	if len(findings) > 0 || r.Set.Len() != 3 {
		t.Errorf("%d precincts, want 3; found %v", r.Set.Len(), findings)
	}
}

// fuzzTree is for each reader: nothing crashes, and what is accepted has rows.
func fuzzTree(f *testing.F, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var log finding.Log
		r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(text)}, &log)
		if log.Failed() {
			return
		}
		if r.Set.Rows == 0 || r.Set.Len() == 0 {
			t.Fatalf("accepted without rows")
		}
	})
}

// expected is what the index of the real data has of an election.
type expected struct {
	Eligible, Cast, Invalid, Valid int64
	Votes                          map[string]int64
}

// sharedData is a folder of real data, which has no licence to be in the repository.
// Tests that want it skip without it.
func sharedData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("KENESH_DATA")
	if dir == "" {
		t.Skip("KENESH_DATA does not name the folder of real data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	return dir
}

func expectedOf(t *testing.T, id string) expected {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedData(t), "data", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		ID       string
		Expected expected
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.ID == id {
			return e.Expected
		}
	}
	t.Fatalf("no election %s in the index", id)
	return expected{}
}

func readShared(t *testing.T, o ingest.Options, path ...string) *returns.Set {
	t.Helper()
	var log finding.Log
	r := ingest.Read([]string{filepath.Join(append([]string{sharedData(t)}, path...)...)}, o, &log)
	if found := log.Sorted(); len(found) > 0 {
		t.Fatalf("findings: %v", found)
	}
	return r.Set
}

// sumOf adds up a column; false when a precinct has no figure.
func sumOf(s *returns.Set, c returns.Column) (sum int64, all bool) {
	all = true
	for p := range s.Len() {
		v, ok := c.At(p)
		sum += v
		all = all && ok
	}
	return sum, all
}

// sameVotes compares the votes of every list.
func sameVotes(t *testing.T, s *returns.Set, want map[string]int64) {
	t.Helper()
	got := map[string]int64{}
	for l, list := range s.Lists {
		got[list.Name], _ = sumOf(s, s.Votes(l))
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s has %d votes, want %d", name, got[name], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lists, want %d: %v", len(got), len(want), got)
	}
}

// sameLines compares the sums of lines of the protocol, which every precinct must have.
func sameLines(t *testing.T, s *returns.Set, want map[returns.Line]int64) {
	t.Helper()
	for _, l := range returns.Lines() {
		w, wanted := want[l]
		sum, all := sumOf(s, s.Line(l))
		if wanted && (!all || sum != w) {
			t.Errorf("%s = %d (in all precincts: %t), want %d", l, sum, all, w)
		}
		if !wanted && sum > 0 {
			t.Errorf("%s = %d, want none", l, sum)
		}
	}
}
