package ingest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

func TestReadZip(t *testing.T) {
	big := string(table(true, 3000))
	for name, members := range map[string]map[string]string{
		"a table":                 {"votes.csv": big},
		"a table in a folder":     {"2020/": "", "2020/votes.csv": big},
		"what a Mac adds to it":   {"votes.csv": big, "__MACOSX/._votes.csv": "x", ".DS_Store": "y"},
		"a table of another name": {"votes": big},
		"a table and a picture":   {"votes.csv": big, "logo.png": "\x89PNG"},
	} {
		plain := read1(t, []byte(big))
		var log finding.Log
		data := zipOf(t, members)
		got := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(data), Hash: true}, &log)
		if len(log.Sorted()) > 0 || totals(got.Set) != totals(plain.Set) || got.Set.Rows != plain.Set.Rows || got.Dialects[0] != plain.Dialects[0] {
			t.Errorf("%s: %d rows, %v with %v, want %d rows, %v", name, got.Set.Rows, got.Dialects, log.Sorted(), plain.Set.Rows, plain.Dialects)
		}
		if s := got.Sources[0]; s.Bytes != int64(len(data)) || len(s.SHA256) != 64 {
			t.Errorf("%s: source %+v, want %d bytes and a hash", name, s, len(data))
		}
	}
	r, findings := read(t, ingest.Options{}, map[string]string{"a.zip": zipOf(t, map[string]string{"votes.json": rows})})
	if len(findings) > 0 || totals(r.Set) != "Alpha=215 Beta=185" || r.Dialects[0] != "JSON, a long table: 1 file" {
		t.Errorf("JSON in a zip file: %s, %v with %v", totals(r.Set), r.Dialects, findings)
	}
}

func TestBadZips(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"several tables", zipInOrder(t, []string{"north.csv", long, "south.csv", long, "x/east.json", rows}), `a.zip: error FORMAT: a zip file of 3 tables: "north.csv", "south.csv", "x/east.json"; unpack it and give the folder`},
		{"no table by its name", zipInOrder(t, []string{"a.pdf", "%PDF", "b.png", "x"}), `a.zip: error FORMAT: a zip file of 2 files, none of which is a table by its name: "a.pdf", "b.png"`},
		{"nothing in it", "PK\x05\x06" + strings.Repeat("\x00", 18), "a.zip: error EMPTY: a zip file with nothing in it"},
		{"only a folder", zipInOrder(t, []string{"__MACOSX/x", "y"}), "a.zip: error EMPTY: a zip file with nothing in it"},
		{"a table and other votes", zipInOrder(t, []string{"a.csv", long, "b.ods", "x"}), `a.zip: warning FORMAT: "b.ods" in this zip file is left out: what is read is "a.csv"`},
		{"a zip file in it", zipInOrder(t, []string{"a.zip", zipInOrder(t, []string{"a.csv", long})}), "a.zip: error FORMAT: a zip file inside a zip file; unpack it"},
		{"gzip in it", zipInOrder(t, []string{"a.csv.gz", string(packed(t, "gzip", []byte(long)))}), `a.zip: error FORMAT: "a.csv.gz" in this zip file is packed itself; unpack it`},
		{"zstd in it", zipInOrder(t, []string{"a.csv", string(packed(t, "zstd", []byte(long)))}), `a.zip: error FORMAT: "a.csv" in this zip file is packed itself; unpack it`},
		{"in gzip", string(packed(t, "gzip", []byte(zipInOrder(t, []string{"a.csv", long})))), "a.zip: error FORMAT: a zip file inside compressed data; unpack it"},
		{"two members of a name", zipInOrder(t, []string{"a.csv", long, "A.csv", wide}), `a.zip: error FORMAT: this zip file has two members of the name "A.csv"`},
		{"cut off", zipInOrder(t, []string{"a.csv", long})[:60], "a.zip:1: error FORMAT: this is a zip file or a workbook, but it is truncated or corrupt (not a valid zip file)"},
		{"a password", passworded(zipInOrder(t, []string{"a.csv", long})), `a.zip: error FORMAT: "a.csv" in this zip file has a password; unpack it`},
		{"empty", zipInOrder(t, []string{"a.csv", "\n"}), "a.zip: error EMPTY: the file is empty: it has no header and no data"},
		{"a fault in it", zipInOrder(t, []string{"a.csv", long + "P3,North,Alpha,x\n"}), `a.zip:6:16: error NOT-A-COUNT: the votes of "Alpha" in precinct "P3": found "x", not a whole number in digits 0-9`},
		{"no table in it", zipInOrder(t, []string{"a.csv", "<html>"}), "a.zip:1: error FORMAT: this is HTML or XML; what is read is CSV or TSV in UTF-8 with a header, JSON rows, or an XLSX sheet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read(t, ingest.Options{}, map[string]string{"a.zip": tt.data})
			if got := strings.Trim(fmt.Sprint(findings), "[]"); got != tt.want {
				t.Errorf("findings:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
	data := zipInOrder(t, []string{"a.csv", string(table(true, 3000))})
	_, findings := read(t, ingest.Options{}, map[string]string{"a.zip": data[:5000] + "\xff\xff\xff\xff" + data[5004:]})
	if got := fmt.Sprint(findings); !strings.Contains(got, "a.zip: error GZIP: the zip data is truncated or corrupt (") {
		t.Errorf("damaged: %s", got)
	}
}

// zipInOrder makes a zip file of members: a name, its text, and so on.
func zipInOrder(t testing.TB, members []string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, members[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// passworded says of the only member that it is encrypted.
func passworded(data string) string {
	i := strings.LastIndex(data, "PK\x01\x02")
	return data[:i+8] + string(data[i+8]|1) + data[i+9:]
}
