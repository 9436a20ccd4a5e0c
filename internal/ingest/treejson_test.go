package ingest_test

import (
	"strings"
	"testing"

	"kenesh/internal/ingest"
)

// What no document may be, with its place.
func TestJSONThatIsRefused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no UTF-8 in JSON", "{\"G00000\": {\n \"A\xff\": \"1\"}}", "a.json:2:4: error ENCODING: the text is not UTF-8: save the file in that encoding"},
		{"deep JSON", `{"G00000": {"A": ` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "}}", "a.json:1:81: error LIMIT: values inside each other deeper than the limit of 64"},
		{"cut off JSON", "{\"G00000\": {\n", "a.json:2:1: error FORMAT: the JSON ends in the middle"},
		{"JSON that is none", "{\"G00000\": {\n\"A\": 1 \"B\"}}", "a.json:2:8: error FORMAT: the JSON is not well-formed: invalid character '\"' after object key:value pair"},
		{"something behind JSON", "{\"G00000\": {}}\n{}", "a.json:2:1: error FORMAT: something behind the end of the JSON document"},
		{"a key twice", "{\"G00000\": {\"A\": \"1\",\n \"A\": \"1\"}}", "a.json:2:2: error DUPLICATE: the key \"A\" is there twice"},
		{"other JSON", `{"G0": {}}`, `a.json:1:8: error JSON: "G0" is an object, want a text or a whole number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := readText(t, "a.json", tt.text, ingest.Options{})
			if len(findings) != 1 || findings[0].String() != tt.want {
				t.Errorf("found %v, want %s", findings, tt.want)
			}
		})
	}
}
