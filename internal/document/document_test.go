package document_test

import (
	"fmt"
	"strings"
	"testing"

	"kenesh/internal/document"
	"kenesh/internal/finding"
)

func Example() {
	var log finding.Log
	top, _ := document.Parse("law.yaml", []byte("seats: 0120\nbar: 7%\n"), "RULES", &log)
	top.Keys("seats", "bar")
	fmt.Println(top.Need("bar").Share())
	top.Need("seats").Int(1, 1000)
	for _, f := range log.Sorted() {
		fmt.Println(f)
	}
	// Output:
	// 7/100
	// law.yaml:1:8: error RULES: seats: found "0120", want a whole number in digits
}

func TestParseRefuses(t *testing.T) {
	var deep strings.Builder
	for i := range 2000 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"only a comment", "# nothing\n", "empty"},
		{"a scalar", "hello\n", "x.yaml:1:1: error RULES: the file must be a mapping"},
		{"a list", "- a\n", "must be a mapping"},
		{"two documents", "a: 1\n---\nb: 2\n", "after the first document"},
		{"text after the end mark", "a: 1\n...\nb: 2\n", "after the first document"},
		{"duplicate key", "a: 1\nb: 2\na: 3\n", `x.yaml:3:1: error RULES: key "a" was already given on line 1`},
		{"duplicate key inside", "a:\n  b: 1\n  b: 2\n", "x.yaml:3:3"},
		{"alias", "a: &x 1\nb: *x\n", "x.yaml:1:4: error RULES: an anchor"},
		{"merge key", "a: {b: 1}\nc:\n  <<: {b: 1}\n", "x.yaml:3:3: error RULES: a key must be plain text"},
		{"billion laughs", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "an anchor"},
		{"tag", "a: !!int \"3\"\n", "x.yaml:1:4: error RULES: a tag"},
		{"language tag", "a: !!python/object:os.system x\n", "a tag"},
		{"null key", "~: 1\n", "a key must be plain text"},
		{"list as a key", "[a, b]: 1\n", "a key must be plain text"},
		{"tab indentation", "a:\n\tb: 1\n", "not valid YAML"},
		{"cut", "a: [1, 2\n", "not valid YAML"},
		{"many brackets", "a: " + strings.Repeat("[", 50000), "not valid YAML"},
		{"deep", deep.String(), "x.yaml"},
		{"not UTF-8", "a: 1\nb: caf\xe9\n", "x.yaml:2: error RULES: the text is not UTF-8"},
		{"escape through an escape", `a: "\e[31m"` + "\n", "x.yaml:1:4: error RULES: a value has a line break or a character that cannot be seen (U+001B)"},
		{"block scalar", "a: |\n  two\n  lines\n", "U+000A"},
		{"too large", "a: " + strings.Repeat("x", 1<<20), "the file has"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log finding.Log
			if _, ok := document.Parse("x.yaml", []byte(tt.text), "RULES", &log); ok && tt.name != "deep" {
				t.Error("accepted")
			} else if f := log.Sorted(); !ok && (len(f) == 0 || !strings.Contains(f[0].String(), tt.want)) {
				t.Errorf("findings %v, want %s", f, tt.want)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	for name, text := range map[string]string{
		"CRLF": "a: 1\r\nb: x\r\n", "byte order mark": "\ufeffa: 1\n", "directive": "%YAML 1.1\n---\na: 1\n", "end mark": "a: 1\n...\n",
	} {
		var log finding.Log
		if top, ok := document.Parse("x.yaml", []byte(text), "RULES", &log); !ok || top.Field("a").Int(0, 9) != 1 || len(log.Sorted()) > 0 {
			t.Errorf("%s: findings %v", name, log.Sorted())
		}
	}
}

// Scalars are taken by their letters: YAML 1.1 would make another value of each.
func TestText(t *testing.T) {
	for _, s := range []string{"NO", "no", "off", "yes", "y", "true", "1.10", "0012", "12:30", "2024-03-12", "1_280", "0x50", ".inf", "Бирimdik"} {
		var log finding.Log
		top, _ := document.Parse("x.yaml", []byte("a: "+s+"\n"), "RULES", &log)
		if got := top.Field("a").Text(); got != s || len(log.Sorted()) > 0 {
			t.Errorf("Text of %s = %q, findings %v", s, got, log.Sorted())
		}
	}
	for _, s := range []string{"", "~", "null", `""`, "[a]", "{a: 1}"} {
		var log finding.Log
		top, _ := document.Parse("x.yaml", []byte("a: "+s+"\n"), "RULES", &log)
		if got := top.Field("a").Text(); got != "" || len(log.Sorted()) != 1 {
			t.Errorf("Text of %q = %q, findings %v; want an error", s, got, log.Sorted())
		}
	}
}

func TestInt(t *testing.T) {
	for _, s := range []string{"0120", "0o120", "0x50", "1_280", "1:20", "80.7", "80.0", "8e1", ".inf", ".nan", "~", "", "'80'", "-1", "+5", "yes", "[1]", "9223372036854775808"} {
		var log finding.Log
		top, _ := document.Parse("x.yaml", []byte("a: "+s+"\n"), "RULES", &log)
		if got := top.Field("a").Int(0, 1<<62); got != 0 || len(log.Sorted()) != 1 {
			t.Errorf("Int of %q = %d, findings %v; want an error", s, got, log.Sorted())
		}
	}
	var log finding.Log
	top, _ := document.Parse("x.yaml", []byte("a: 120\n"), "RULES", &log)
	if got := top.Field("a").Int(1, 120); got != 120 || len(log.Sorted()) > 0 {
		t.Errorf("Int of 120 = %d, findings %v", got, log.Sorted())
	}
	if top.Field("a").Int(1, 119); len(log.Sorted()) != 1 {
		t.Error("120 passed a bound of 119")
	}
}

func TestParseShare(t *testing.T) {
	for s, want := range map[string]string{"7%": "7/100", "0.7%": "7/1000", "100%": "1", "0%": "0", "1/3": "1/3", "0.1%": "1/1000", "3.25%": "13/400", "0.000000001%": "1/100000000000",
		"999999998/999999999": "999999998/999999999"} {
		if got, err := document.ParseShare(s); err != nil || got.RatString() != want {
			t.Errorf("ParseShare(%q) = %v, %v; want %s", s, got, err, want)
		}
	}
	for _, s := range []string{"7", "0.07", "7 %", "101%", "-1%", "4/3", "1/0", "0,7%", "1e1%", "NaN", "07%", "007%", "7.%", ".7%", "%", "7%%", "7.1.1%", "0.0000000001%",
		"0/3", "01/3", "1/03", "1/3/4", "1/", "/3", "1/1000000000", "٧%", ""} {
		if got, err := document.ParseShare(s); err == nil {
			t.Errorf("ParseShare(%q) = %v, want an error", s, got)
		}
	}
}

func TestKeysSuggest(t *testing.T) {
	var log finding.Log
	top, _ := document.Parse("x.yaml", []byte("seats: 1\ntresholds: none\n"), "RULES", &log)
	top.Keys("seats", "thresholds")
	top.Need("thresholds")
	got := fmt.Sprint(log.Sorted())
	for _, want := range []string{`x.yaml:1:1: error RULES: key "thresholds" is missing`, `x.yaml:2:1: error RULES: unknown key "tresholds" (did you mean "thresholds"?); known here: seats, thresholds`} {
		if !strings.Contains(got, want) {
			t.Errorf("findings %s\nwant %s", got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a: 1\nb: [x, 7%]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var log finding.Log
		top, ok := document.Parse("x.yaml", data, "RULES", &log)
		if ok == log.Failed() {
			t.Fatalf("ok = %v with findings %v", ok, log.Sorted())
		}
		for _, p := range top.Pairs() {
			p.Value.Int(0, 10)
			p.Value.Share()
			p.Value.Texts()
		}
	})
}
