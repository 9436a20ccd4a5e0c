package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/returns"
)

const rows = `[{"precinct":"P1","region":"North","list":"Alpha","votes":120},
 {"precinct":"P1","region":"North","list":"Beta","votes":80},
 {"precinct":"P2","region":"North","list":"Alpha","votes":95},
 {"precinct":"P2","region":"North","list":"Beta","votes":105}]
`

func TestReadJSON(t *testing.T) {
	object := strings.NewReplacer("[", "", "},\n ", "}\n", "]", "").Replace(rows)
	tests := []struct{ name, text, dialect string }{
		{"an array", rows, "JSON, a long table"},
		{"an array on one line", strings.ReplaceAll(rows, "\n", ""), "JSON, a long table"},
		{"a key on each line", strings.NewReplacer(",", ",\n", "{", "{\n", "}", "\n}").Replace(rows), "JSON, a long table"},
		{"CRLF and a byte order mark", "\ufeff" + strings.ReplaceAll(rows, "\n", "\r\n"), "JSON, a long table"},
		{"keys in another order", strings.Replace(rows, `{"precinct":"P2","region":"North","list":"Alpha","votes":95}`, `{"votes":95,"list":"Alpha","region":"North","precinct":"P2"}`, 1), "JSON, a long table"},
		{"an object around it", `{"election":"2020","final":true,"share":[0.5,1e3],"note":null,"rows":` + rows + `,"by":{"name":"x"}}`, "JSON, a long table"},
		{"an empty array beside it", `{"notes":[],"precincts":` + rows + `}`, "JSON, a long table"},
		{"JSON Lines", object, "JSON Lines, a long table"},
		{"JSON Lines with empty lines and no line end", strings.ReplaceAll("\n"+strings.TrimSpace(object), "\n", "\r\n\n"), "JSON Lines, a long table"},
		{"counts as texts", strings.NewReplacer("120", `"120"`, "80", `"80"`).Replace(rows), "JSON, a long table"},
		{"escapes", strings.NewReplacer("Alpha", `\u0041l\u0070ha`, `"votes"`, `"vot\u0065s"`).Replace(rows), "JSON, a long table"},
		{"a comma and a quote in a name", strings.ReplaceAll(rows, "North", `N\"or, th`), "JSON, a long table"},
		{"wide", `[{"precinct":1,"registered":300,"cast":205,"invalid":5,"Alpha":120,"Beta":80},{"precinct":2,"registered":280,"cast":203,"invalid":3,"Alpha":95,"Beta":105}]`, "JSON, a wide table"},
	}
	for _, tt := range tests {
		for name, text := range map[string]string{tt.name: tt.text, tt.name + ", gzip": string(packed(t, "gzip", []byte(tt.text))), tt.name + ", zstd": string(packed(t, "zstd", []byte(tt.text)))} {
			t.Run(name, func(t *testing.T) {
				r, findings := read(t, ingest.Options{}, map[string]string{"a.json": text})
				if len(findings) > 0 {
					t.Fatalf("findings: %v", findings)
				}
				if got, want := totals(r.Set), "Alpha=215 Beta=185"; got != want || r.Set.Len() != 2 {
					t.Errorf("totals = %s in %d precincts, want %s in 2", got, r.Set.Len(), want)
				}
				if got, want := fmt.Sprint(r.Dialects), "["+tt.dialect+": 1 file]"; got != want {
					t.Errorf("dialects = %s, want %s", got, want)
				}
			})
		}
	}
}

func TestJSONKeepsIdsAsTheyAre(t *testing.T) {
	r, findings := read(t, ingest.Options{}, map[string]string{"a.json": `[{"precinct":"0012","list":"<b>","votes":1},{"precinct":12,"list":"<b>","votes":2},{"precinct":"1.10","list":"𝔸\ud835\udd38","votes":9223372036854775807}]`})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for p, want := range []string{"0012", "12", "1.10"} {
		if got := r.Set.ID(p); got != want {
			t.Errorf("precinct %d is %q, want %q", p, got, want)
		}
	}
	if got, want := totals(r.Set), "<b>=3 𝔸𝔸=9223372036854775807"; got != want {
		t.Errorf("totals = %s, want %s", got, want)
	}
}

// A key that begins as files of other kinds do is a key.
func TestJSONThatLooksLikeOthers(t *testing.T) {
	for _, key := range []string{"<b>", "[x]", "%PDF", "sep=;"} {
		r, findings := read(t, ingest.Options{}, map[string]string{"a.json": fmt.Sprintf(`[{%q:1,"precinct":7}]`, key)})
		if got, want := totals(r.Set), key+"=1"; got != want || len(but("UNCHECKED", findings)) > 0 {
			t.Errorf("totals = %s with %v, want %s", got, findings, want)
		}
	}
}

func TestBadJSON(t *testing.T) {
	// A second row that is bad, in line 2.
	second := func(row string) string {
		return `[{"precinct":"P1","list":"Alpha","votes":120},` + "\n " + row + "]\n"
	}
	tests := []struct{ name, text, want string }{
		// What a row holds.
		{"a key twice", second(`{"precinct":"P1","list":"Beta","votes":80,"votes":800}`), `a.json:2:44: error HEADER: key "votes" is there twice in a row`},
		{"a key twice, once with an escape", second(`{"precinct":"P1","list":"Beta","votes":80,"vot\u0065s":800}`), `a.json:2:44: error HEADER: key "votes" is there twice in a row`},
		{"a key twice in the first row", `[{"precinct":1,"list":"A","votes":1,"list":"B"}]`, `a.json:1:37: error HEADER: key "list" is there twice in a row`},
		{"keys that differ in case", second(`{"precinct":"P1","list":"Beta","votes":80,"Votes":800}`), `a.json:2:44: error LOOK-ALIKE: key "Votes" is "votes" in the first row: they differ only in case`},
		{"keys that differ in case in the first row", `[{"precinct":1,"list":"A","votes":1,"List":"B"}]`, `a.json:1:37: error LOOK-ALIKE: keys "list" and "List" of a row differ only in case`},
		{"a key that the first row has not", second(`{"precinct":"P1","list":"Beta","vots":80}`), `a.json:2:33: error RAGGED: unknown key "vots": the first row, in line 1, does not have it (did you mean "votes"?)`},
		{"a key that is missing", second(`{"precinct":"P1","list":"Beta"}`), `a.json:2:2: error RAGGED: the row has no key "votes", which the first row has, in line 1`},
		{"null", second(`{"precinct":"P1","list":null,"votes":80}`), `a.json:2:26: error JSON: "list" is null, want a text or a whole number`},
		{"a truth value", second(`{"precinct":"P1","list":"Beta","votes":true}`), `a.json:2:41: error JSON: "votes" is true, want a text or a whole number`},
		{"an object", second(`{"precinct":"P1","list":"Beta","votes":{"n":80}}`), `a.json:2:41: error JSON: "votes" is an object, want a text or a whole number`},
		{"an array", second(`{"precinct":"P1","list":"Beta","votes":[80]}`), `a.json:2:41: error JSON: "votes" is an array, want a text or a whole number`},
		{"a fraction", second(`{"precinct":"P1","list":"Beta","votes":80.5}`), `a.json:2:41: error NOT-A-COUNT: "votes": found 80.5, not a whole number in digits 0-9`},
		{"a fraction of zero", second(`{"precinct":"P1","list":"Beta","votes":80.0}`), `a.json:2:41: error NOT-A-COUNT: "votes": found 80.0, not a whole number in digits 0-9`},
		{"an exponent", second(`{"precinct":"P1","list":"Beta","votes":8e1}`), `a.json:2:41: error NOT-A-COUNT: "votes": found 8e1, not a whole number in digits 0-9`},
		{"2^63", second(`{"precinct":"P1","list":"Beta","votes":9223372036854775808}`), `a.json:2:41: error OVERFLOW: "votes": found 9223372036854775808, out of range: larger than any count can be`},
		{"negative", second(`{"precinct":"P1","list":"Beta","votes":-80}`), `a.json:2: error NOT-A-COUNT: the votes of "Beta" in precinct "P1": found "-80", not a whole number in digits 0-9`},
		{"thousands in a text", second(`{"precinct":"P1","list":"Beta","votes":"1,280"}`), `a.json:2: error NOT-A-COUNT: the votes of "Beta" in precinct "P1": found "1,280", not a whole number in digits 0-9`},
		{"a line break in a text", second(`{"precinct":"P1","list":"Be\nta","votes":1}`), `a.json:2: error NAME: a cell with a line break: "Be\nta"`},
		{"all that is wrong at once", second(`{"precinct":null,"list":"Beta","votes":0.5}, {"precinct":"P1"}`), `a.json:2:14: error JSON: "precinct" is null, want a text or a whole number a.json:2:41: error NOT-A-COUNT: "votes": found 0.5, not a whole number in digits 0-9 a.json:2:47: error RAGGED: the row has no key "list", which the first row has, in line 1 a.json:2:47: error RAGGED: the row has no key "votes", which the first row has, in line 1`},
		// What is written.
		{"a leading zero", second(`{"precinct":"P1","list":"Beta","votes":080}`), `a.json:2:41: error JSON: found "080", want a value; a number does not begin with 0`},
		{"a plus sign", second(`{"precinct":"P1","list":"Beta","votes":+80}`), `a.json:2:41: error JSON: found "+80", want a value; a number has no plus sign`},
		{"a hexadecimal number", second(`{"precinct":"P1","list":"Beta","votes":0x50}`), `a.json:2:41: error JSON: found "0x50", want a value`},
		{"NaN", second(`{"precinct":"P1","list":"Beta","votes":NaN}`), `a.json:2:41: error JSON: found "NaN", want a value`},
		{"a number that ends early", second(`{"precinct":"P1","list":"Beta","votes":8.}`), `a.json:2:41: error JSON: found "8.", want a value`},
		{"no value", second(`{"precinct":"P1","list":"Beta","votes":}`), `a.json:2:41: error JSON: found "}", want a value`},
		{"single quotes", second(`{"precinct":'P1'}`), `a.json:2:14: error JSON: found "'P1'", want a value; a text has double quotes`},
		{"a key without quotes", second(`{precinct:"P1"}`), `a.json:2:3: error JSON: found "precinct", want a key in double quotes`},
		{"no colon", second(`{"precinct" "P1"}`), `a.json:2:14: error JSON: found "\"", want ":" behind a key`},
		{"a comma before the end", second(`{"precinct":"P1",}`), `a.json:2:19: error JSON: found "}", want a key in double quotes`},
		{"a comma behind the last row", rows[:len(rows)-2] + ",]", `a.json:4:63: error JSON: found "]", want an object: the rows of a table are an array of objects`},
		{"a comment", second(`/* x */ {}`), `a.json:2:2: error JSON: found "/*", want an object: the rows of a table are an array of objects`},
		{"broken off", rows[:70], `a.json:2:3: error JSON: a quote opens here and does not close`},
		{"broken off behind a row", rows[:62], `a.json:1:63: error JSON: found the end of the file, want "," or "]": the end of the rows`},
		{"a tab in a text", second("{\"precinct\":\"P\t1\"}"), `a.json:2:16: error JSON: a control character inside a text: U+0009; is a quote missing?`},
		{"a quote that does not close on its line", second("{\"precinct\":\"P1}"), `a.json:2:19: error JSON: a control character inside a text: U+000A; is a quote missing?`},
		{"half a character", second(`{"precinct":"П\ud835x"}`), `a.json:2:16: error ENCODING: half a character: \ud835 stands for nothing alone`},
		{"the second half of a character", second(`{"precinct":"\udd38"}`), `a.json:2:15: error ENCODING: half a character: \udd38 stands for nothing alone`},
		{"NUL", second(`{"precinct":"P\u0000"}`), `a.json:2:16: error ENCODING: a NUL character in a text: \u0000`},
		{"an escape of nothing", second(`{"precinct":"\x50"}`), `a.json:2:15: error JSON: a backslash that stands for nothing`},
		{"an escape of three digits", second(`{"precinct":"\u12g4"}`), `a.json:2:15: error JSON: a backslash that stands for nothing`},
		{"not UTF-8", second("{\"precinct\":\"Пé\xe9\"}"), `a.json:2:17: error ENCODING: the text is not UTF-8: save the file in that encoding`},
		// The document.
		{"text after the end", rows + "x", `a.json:5:1: error JSON: text after the end of the document, found "x"`},
		{"two documents", rows + rows, `a.json:5:1: error JSON: text after the end of the document, found "["`},
		{"two documents with an object around", `{"rows":` + rows + "}\n{}", `a.json:6:1: error JSON: text after the end of the document, found "{"`},
		{"two rows on a line of JSON Lines", `{"precinct":"P1"} {"precinct":"P2"}`, `a.json:1:19: error JSON: text after the end of the document, found "{"; in JSON Lines each row is an object on a line of its own`},
		{"a row over two lines of JSON Lines", "{\"precinct\":\n1}\n{\"precinct\":2}", `a.json:1:1: error JSON: an object over several lines among other objects; rows are an array of objects, or JSON Lines with an object on each line`},
		{"something else among JSON Lines", "{\"precinct\":1}\n[2]", `a.json:2:1: error JSON: found "[", want an object: the lines before are JSON Lines, a row each`},
		{"an array of arrays", `[["precinct","votes"],["P1",1]]`, `a.json:1:2: error JSON: found "[", want an object: the rows of a table are an array of objects`},
		{"deep", strings.Repeat("[", 100000), `a.json:1:2: error JSON: found "[", want an object: the rows of a table are an array of objects`},
		{"deep beside rows", `{"a":` + strings.Repeat("[", 100000), `a.json:1:106: error JSON: nested deeper than 100: no rows are`},
		{"two arrays of rows", `{"day":` + rows + `,"night":` + rows + `}`, `a.json:1:1: error JSON: several values of this object are arrays of rows: "day", "night"; give one of them in a file`},
		{"the array of rows twice", `{"rows":[],"rows":` + rows + `}`, `a.json:1:12: error HEADER: key "rows" is there twice`},
		{"another key twice, before the rows", `{"a":1,"a":2,"rows":` + rows + `}`, `a.json:1:8: error HEADER: key "a" is there twice`},
		{"no array of rows", `{"votes":[1,2,3]}`, `a.json:1:1: error JSON: no value of this object is an array of rows, which are objects`},
		{"no rows", " [ ]", `a.json: error EMPTY: no rows: no data`},
		{"no rows in an object", `{"rows":[]}`, `a.json: error EMPTY: no rows: no data`},
		{"no keys", `[{}]`, `a.json: error EMPTY: the file is empty: it has no header and no data`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read(t, ingest.Options{}, map[string]string{"a.json": tt.text})
			if got := strings.Trim(fmt.Sprint(findings), "[]"); got != strings.Trim(tt.want, "[]") {
				t.Errorf("findings:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// A file in which all is wrong says so once it has said enough.
func TestJSONFaultsEnd(t *testing.T) {
	_, findings := read(t, ingest.Options{}, map[string]string{"a.json": `[{"precinct":1` + strings.Repeat(`},{"precinct":null`, 500) + "}]"})
	if n := len(findings); n == 0 || n > 101 {
		t.Errorf("%d findings, want some, and not more than 101", n)
	}
}

// The line of a row is that of its object, in what is found later, too.
func TestJSONLines(t *testing.T) {
	text := "\n\n[\n{\"precinct\":\n1,\"list\":\"A\",\"votes\":1},\n\n\n{\"precinct\":\n2,\"list\":\"A\",\"votes\":\"x\"}]"
	_, findings := read(t, ingest.Options{}, map[string]string{"a.json": text})
	if got, want := fmt.Sprint(findings), `[a.json:8: error NOT-A-COUNT: the votes of "A" in precinct "2": found "x", not a whole number in digits 0-9]`; got != want {
		t.Errorf("findings %s, want %s", got, want)
	}
}

func TestTotalsAndRegisterAsJSON(t *testing.T) {
	var log finding.Log
	set, ok := ingest.ReadTotals("-", strings.NewReader(`[{"list":"A","votes":5},{"list":"B; C","votes":7}]`), &log)
	if got, want := totals(set), "A=5 B; C=7"; !ok || got != want {
		t.Errorf("totals = %s with %v, want %s", got, log.Sorted(), want)
	}
	if _, ok := ingest.ReadTotals("-", strings.NewReader(`[{"list":"A","votes":null}]`), &log); ok || !strings.HasPrefix(fmt.Sprint(log.Sorted()), "[<stdin>:1:22: error JSON") {
		t.Errorf("null as votes: %v", log.Sorted())
	}
	inFolder(t, map[string]string{"r.json": "[{\"precinct\":1},\n\n{\"precinct\":2}]", "bad.json": `[{"precinct":null}]`})
	log = finding.Log{}
	if r, ok := ingest.ReadRegister("r.json", &log); !ok || len(r.Expected) != 2 || r.Expected[1].Line != 3 {
		t.Errorf("register = %+v with %v, want 2 precincts, the second in line 3", r, log.Sorted())
	}
	if _, ok := ingest.ReadRegister("bad.json", &log); ok || !strings.HasPrefix(fmt.Sprint(log.Sorted()), "[bad.json:1:14: error REGISTER") {
		t.Errorf("null as a precinct: %v", log.Sorted())
	}
}

// What is accepted stands in the text, and nothing crashes or hangs.
func FuzzJSON(f *testing.F) {
	f.Add(rows)
	f.Add(`{"rows":` + rows + `,"x":[{}]}`)
	f.Add("{\"precinct\":1,\"A\":2,\"B\":3}\n{\"precinct\":2,\"A\":4,\"B\":5}\n")
	f.Add(`[{"precinct":"\ud835\udd38","list":"A","votes":-0.5e+7}]`)
	f.Add(`[{"precinct":null,"list":true,"votes":[{"a":[]}]},{"votes":080}]`)
	f.Fuzz(func(t *testing.T, text string) {
		text = "[" + text
		for _, text := range []string{text, text[1:]} {
			var log finding.Log
			r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(text)}, &log)
			for _, e := range log.Sorted() {
				if lines := strings.Count(text, "\n") + 1; e.Line > lines || !utf8.ValidString(e.Message) {
					t.Fatalf("%v in a text of %d lines", e, lines)
				}
			}
			if log.Failed() || len(r.Dialects) == 0 || !strings.HasPrefix(r.Dialects[0], "JSON") {
				continue
			}
			for l := range r.Set.Lists {
				for p := range r.Set.Len() {
					if v, ok := r.Set.Votes(l).At(p); ok && !strings.Contains(text, fmt.Sprint(v)) && !strings.Contains(text, `\u`) {
						t.Fatalf("precinct %q has %d votes, which is not in the text", r.Set.ID(p), v)
					}
				}
			}
		}
	})
}

// A key that a row does not have is nothing stated, where that has a meaning, and never 0.
func TestJSONMissingKeys(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`[{"precinct":"1","region":"N","cast":9,"list":"A","votes":5}, {"precinct":"2","list":"A","votes":4}]`, "A=9 cast=9 of 1"},
		{`[{"precinct":"1","list":"A","votes":5}, {"precinct":"2","region":"N","cast":9,"list":"A","votes":4}]`, "A=9 cast=9 of 1"},
		{`[{"precinct":"1","cast":9,"A":5,"B":4}, {"precinct":"2","cast":3,"A":3}]`, "A=8 B=4 cast=12 of 2"},
		{`[{"precinct":"1","region":"N","district":"D","list":"A","votes":5}, {"precinct":"2","district":"D","list":"A","votes":4}]`, `a.json:1: error AREA: a district "D", and no region that it lies in`},
		{`[{"precinct":"1","cast":9,"A":5,"B":4}, {"precinct":"2","cast":"\ue000","A":3}]`, "ENCODING: a character that cannot be seen (U+E000)"},
		{`[{"precinct":"1","cast":9,"A":5,"B":4}, {"precinct":"2","cast":"","A":3}]`, "error NOT-A-COUNT"},
	} {
		r, findings := read(t, ingest.Options{}, map[string]string{"a.json": tt.text})
		n, sum := 0, int64(0)
		for p := range r.Set.Len() {
			if v, ok := r.Set.Line(returns.Cast).At(p); ok {
				n, sum = n+1, sum+v
			}
		}
		got := fmt.Sprintf("%s cast=%d of %d %v", totals(r.Set), sum, n, findings)
		if !strings.Contains(got, tt.want) || strings.HasPrefix(tt.want, "A=") && strings.Contains(got, ": error") {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}
