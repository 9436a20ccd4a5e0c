package rules_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// An editing is one kind of file as an editor and as the reader see it.
type editing struct {
	name    string
	schema  *jsonschema.Schema
	text    map[string]any // the schema
	read    func(text string) []finding.Finding
	samples map[string]string
}

func compile(t *testing.T, text string) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema, doc.(map[string]any)
}

// editings are those of laws and of ballots, with everything that is written of them:
// the library, the manuals, the law to begin with, and the elections.
func editings(t *testing.T) []editing {
	t.Helper()
	starter, _ := rules.Starter("")
	laws := map[string]string{"minimal": minimal, "whole": whole(t), "starter": starter}
	for _, r := range rules.Builtin() {
		laws[r.Name] = string(r.Source)
	}
	for i, f := range manualLaws(t) {
		laws[fmt.Sprintf("manual-%d", i)] = f
	}
	laws["by-votes"] = with(levels("dhondt", "", "nation: {takes: levelling, overhang: levelled}\n"), "dhondt")
	laws["by-votes"] = strings.Replace(laws["by-votes"], "{Hill: 50, Dale: 40}", `{total: 90, method: "lr:hare", base: cast}`, 1)
	manual := rules.BallotManual()
	manual, _, _ = strings.Cut(manual[strings.Index(manual, "  ballot: 1"):], "\n\n")
	ballots := map[string]string{"manual": regexp.MustCompile(`(?m)^  `).ReplaceAllString(manual, "")}
	files, err := filepath.Glob("../../testdata/elections/*/ballot.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d elections, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ballots[file] = string(data)
	}
	law, lawText := compile(t, rules.Schema())
	ballot, ballotText := compile(t, rules.BallotSchema())
	return []editing{
		{"rules", law, lawText, func(text string) []finding.Finding { _, _, f := parse(text); return f }, laws},
		{"ballot", ballot, ballotText, func(text string) []finding.Finding {
			var log finding.Log
			rules.ParseBallot("ballot.yaml", []byte(text), &log)
			return log.Sorted()
		}, ballots},
	}
}

// asJSON is a document as an editor takes it, by the rules of YAML 1.2: a day is text.
func asJSON(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return asJSON(n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = asJSON(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, asJSON(c))
		}
		return list
	}
	switch n.Tag {
	case "!!int":
		if v, err := strconv.Atoi(n.Value); err == nil {
			return v
		}
	case "!!float":
		if v, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return v
		}
	case "!!bool":
		return n.Value == "true"
	case "!!null":
		return nil
	}
	return n.Value
}

func document(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return &n
}

// mappings calls f with every mapping of a document, and with its keys and those on the
// way to it; of words that decide which keys are needed, with the word.
func mappings(n *yaml.Node, path string, f func(m *yaml.Node, path string)) {
	if n.Kind != yaml.MappingNode {
		for _, c := range n.Content {
			mappings(c, path, f)
		}
		return
	}
	here := path + "{"
	for i := 0; i < len(n.Content); i += 2 {
		here += " " + n.Content[i].Value
		if key := n.Content[i].Value; key == "takes" || key == "in" {
			here += "=" + n.Content[i+1].Value
		}
	}
	f(n, here)
	for i := 0; i < len(n.Content); i += 2 {
		mappings(n.Content[i+1], path+"/"+n.Content[i].Value, f)
	}
}

// Every law and ballot that is there is valid for an editor, too.
func TestSchemaTakesEveryFile(t *testing.T) {
	for _, e := range editings(t) {
		for name, text := range e.samples {
			if f := e.read(text); len(f) > 0 {
				t.Errorf("%s: %v", name, f)
			}
			if err := e.schema.Validate(asJSON(document(t, text))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Where the reader misses a key or does not know one, so does the schema; and what the
// reader takes, the schema takes. Each key of each file is taken out, and misspelt.
func TestSchemaAgreesWithTheReader(t *testing.T) {
	tried := 0
	for _, e := range editings(t) {
		alike := map[string]bool{} // mappings of the same keys at the same place: one is enough
		for _, name := range slices.Sorted(maps.Keys(e.samples)) {
			doc := document(t, e.samples[name])
			mappings(doc, "", func(m *yaml.Node, path string) {
				if alike[path] {
					return
				}
				alike[path] = true
				for i := 0; i < len(m.Content); i += 2 {
					tried++
					content, key := m.Content, m.Content[i].Value
					try := func(what, wrong string) {
						edited, err := yaml.Marshal(doc)
						if err != nil {
							t.Fatal(err)
						}
						findings := fmt.Sprint(e.read(string(edited)))
						invalid := e.schema.Validate(asJSON(document(t, string(edited)))) != nil
						if refused := findings != "[]"; invalid && !refused || !invalid && strings.Contains(findings, wrong) {
							t.Errorf("%s with %s %s: the schema refuses it: %v; the reader finds %s", name, key, what, invalid, findings)
						}
					}
					m.Content = slices.Delete(slices.Clone(content), i, i+2)
					try("taken out", fmt.Sprintf("key %q is missing", key))
					m.Content = slices.Clone(content)
					misspelt := *content[i]
					misspelt.Value += "x"
					m.Content[i] = &misspelt
					try("misspelt", "unknown key")
					m.Content = content
				}
			})
		}
	}
	if tried < 300 {
		t.Errorf("%d keys tried", tried)
	}
}

// The keys that the reader says it knows at a place are those of an object of the
// schema, and the other way round.
func TestSchemaHasTheKeysOfTheReader(t *testing.T) {
	knownHere := regexp.MustCompile(`unknown key "zzz".*; known here: ([a-z, -]+)`)
	for _, e := range editings(t) {
		reader := map[string]bool{}
		alike := map[string]bool{}
		for _, text := range e.samples {
			doc := document(t, text)
			mappings(doc, "", func(m *yaml.Node, path string) {
				if alike[path] {
					return
				}
				alike[path] = true
				content := m.Content
				m.Content = append(slices.Clone(content), &yaml.Node{Kind: yaml.ScalarNode, Value: "zzz"}, &yaml.Node{Kind: yaml.ScalarNode, Value: "1"})
				edited, err := yaml.Marshal(doc)
				if err != nil {
					t.Fatal(err)
				}
				m.Content = content
				for _, f := range e.read(string(edited)) {
					if found := knownHere.FindStringSubmatch(f.Message); found != nil {
						keys := strings.Split(found[1], ", ")
						slices.Sort(keys)
						reader[strings.Join(keys, " ")] = true
					}
				}
			})
		}
		schema := map[string]bool{}
		objects(e.text, "", func(name string, properties map[string]any) {
			keys := slices.Sorted(maps.Keys(properties))
			if strings.HasPrefix(name, "other-") { // in which the reader refuses or: by another message
				keys = append(keys, "or")
				slices.Sort(keys)
			}
			if name == "bar" || name == "district-bar" { // as for:
				keys = append(keys, "for")
				slices.Sort(keys)
			}
			schema[strings.Join(keys, " ")] = true
			for key, p := range properties {
				if text, _ := p.(map[string]any)["description"].(string); text == "" {
					t.Errorf("%s: %s is not described", name, key)
				}
			}
		})
		for keys := range reader {
			if !schema[keys] {
				t.Errorf("%s: the schema has no object of %s", e.name, keys)
			}
		}
		for keys := range schema {
			if !reader[keys] {
				t.Errorf("%s: the reader, or no file tried, knows %s", e.name, keys)
			}
		}
	}
}

// objects calls f with the properties of every object of a schema, and the name of the
// definition that it stands in.
func objects(part any, name string, f func(name string, properties map[string]any)) {
	switch part := part.(type) {
	case map[string]any:
		if p, ok := part["properties"].(map[string]any); ok && part["additionalProperties"] == false {
			f(name, p)
		}
		for key, v := range part {
			if key == "$defs" {
				for def, v := range v.(map[string]any) {
					objects(v, def, f)
				}
				continue
			}
			objects(v, name, f)
		}
	case []any:
		for _, v := range part {
			objects(v, name, f)
		}
	}
}

// Every word that the tables have is in the schema.
func TestSchemaHasEveryWord(t *testing.T) {
	words := []string{"at-least", "more-than", "lot", "more-votes", "none", "national", "announced", "may-void", "minorities"}
	for _, m := range apportion.Methods() {
		words = append(words, m.Name)
	}
	for _, b := range rules.Bases() {
		words = append(words, b.String())
	}
	for _, w := range []fmt.Stringer{rules.Qualified, rules.AgainstAll, rules.Independent, rules.Failed, rules.TakesAll, rules.Here, rules.InAny, rules.Biproportional, rules.Returned} {
		words = append(words, w.String())
	}
	for _, w := range words {
		if !strings.Contains(rules.Schema(), strconv.Quote(w)) {
			t.Errorf("the schema has no %s", w)
		}
	}
}

// What an editor must mark, and what it must not.
func TestSchemaValues(t *testing.T) {
	law, _ := compile(t, rules.Schema())
	tests := []struct {
		name, old, new string
		ok             bool
	}{
		{"no seats", "seats: 5", "seats: 0", false},
		{"half a seat", "seats: 5", "seats: 5.5", false},
		{"seats in words", "seats: 5", "seats: many", false},
		{"seats with a citation", "seats: 5", "seats: {value: 5, cite: Art. 1}", true},
		{"seats with a misspelt citation", "seats: 5", "seats: {value: 5, site: Art. 1}", false},
		{"a base that is none", "base: valid", "base: vald", false},
		{"a base of bars alone", "base: valid", "base: qualified", false},
		{"a method that is none", "method: dhondt", "method: dhont", false},
		{"a method by another name", "method: dhondt", "method: jefferson", true},
		{"a sequence of divisors", "method: dhondt", `method: "divisors:1.4,3,5,..."`, true},
		{"a name in capitals", "name: a", "name: Atlantis", false},
		{"a name that is a year", "name: a", "name: 2020", true},
		{"a title that is a number", "title: A", "title: 2020", true},
		{"a title left open", "title: A", "title:", false},
		{"a day", "title: A", "title: A\nvalid: {from: 2020-02-29}", true},
		{"a day that is none", "title: A", "title: A\nvalid: {from: 2020-02-30}", false},
		{"a share", "thresholds: none", "thresholds: [{id: x, share: 0.7%, reach: at-least, in: nation}]", true},
		{"a ratio", "thresholds: none", "thresholds: [{id: x, share: 1/3, reach: at-least, in: nation}]", true},
		{"a share without a sign", "thresholds: none", "thresholds: [{id: x, share: 7, reach: at-least, in: nation}]", false},
		{"two measures", "thresholds: none", "thresholds: [{id: x, share: 7%, votes: 9, reach: at-least, in: nation}]", false},
		{"no measure", "thresholds: none", "thresholds: [{id: x, reach: at-least, in: nation}]", false},
		{"a share without a reach", "thresholds: none", "thresholds: [{id: x, share: 7%, in: nation}]", false},
		{"a bar in the district, of the nation", "thresholds: none", "thresholds: [{id: x, share: 7%, reach: at-least, in: here}]", false},
		{"one in another", "thresholds: none", "thresholds: [{id: x, share: 7%, reach: at-least, in: nation, or: [{id: y, votes: 9, reach: at-least, in: nation, or: []}]}]", false},
		{"another rule than none", "thresholds: none", "thresholds: nothing", false},
		{"what no single list can have", "none-qualified: failed", "none-qualified: takes-all", false},
		{"a cited outcome", "none-qualified: failed", "none-qualified: {value: failed, cite: Art. 1}", true},
		{"a later grammar", "rules: 1", "rules: 2", false},
	}
	for _, tt := range tests {
		text := strings.Replace(minimal, tt.old, tt.new, 1)
		if text == minimal {
			t.Fatalf("%s: the file has no %q", tt.name, tt.old)
		}
		if err := law.Validate(asJSON(document(t, text))); (err == nil) != tt.ok {
			t.Errorf("%s: valid is %v, want %v: %v", tt.name, err == nil, tt.ok, err)
		}
		if _, ok, findings := parse(text); ok != tt.ok {
			t.Errorf("%s: the reader takes it: %v, want %v: %v", tt.name, ok, tt.ok, findings)
		}
	}
}
