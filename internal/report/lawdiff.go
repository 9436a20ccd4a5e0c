package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"kenesh/internal/rules"
)

// A LawDiff is two laws held against each other.
type LawDiff struct {
	Labels [2]string // what the laws are called in it
	Laws   [2]*rules.Rules
	Rules  []rules.Difference
	Color  bool // terminal colours in text
}

// Differ reports whether the laws differ in a rule; citations are none.
func (d LawDiff) Differ() bool { return len(d.with(rules.Differing)) > 0 }

// with are the keys of the rules of which that holds.
func (d LawDiff) with(v rules.Verdict) (keys []string) {
	for _, r := range d.Rules {
		if r.Verdict == v {
			keys = append(keys, r.Rule)
		}
	}
	return keys
}

// lawDiffFormats are the ways to write it: flags, help, completion and tests go
// through this table.
var lawDiffFormats = []struct {
	name  string
	write func(io.Writer, LawDiff) error
}{{"table", writeLawDiff}, {"json", writeLawDiffJSON}, {"markdown", writeLawDiffMarkdown}}

// LawDiffFormats returns the names of the formats, the default first.
func LawDiffFormats() (names []string) {
	for _, f := range lawDiffFormats {
		names = append(names, f.name)
	}
	return names
}

// WriteLawDiff renders what two laws differ in. The format must be one of
// [LawDiffFormats].
func WriteLawDiff(w io.Writer, format string, d LawDiff) error {
	for _, f := range lawDiffFormats {
		if f.name == format {
			return f.write(w, d)
		}
	}
	return fmt.Errorf("no format %q", format)
}

// heading is the key of a rule, and which law has it where the other does not.
func (d LawDiff) heading(r rules.Difference) string {
	for side, label := range d.Labels {
		if !d.has(1-side, r.Rule) {
			return r.Rule + ", in " + label + " alone"
		}
	}
	return r.Rule
}

func (d LawDiff) has(side int, rule string) bool {
	for _, s := range d.Laws[side].Sentences() {
		if s.Rule == rule {
			return true
		}
	}
	return false
}

// rest says in a line each what differs in nothing, or in nothing but citations.
func (d LawDiff) rest() (lines []string) {
	if !d.Differ() {
		lines = append(lines, "No rule differs.")
	}
	if keys := d.with(rules.CitedOtherwise); len(keys) > 0 {
		lines = append(lines, "The same, cited otherwise: "+strings.Join(keys, ", ")+".")
	}
	if keys := d.with(rules.Alike); len(keys) > 0 {
		lines = append(lines, "The same: "+strings.Join(keys, ", ")+".")
	}
	return lines
}

func writeLawDiff(w io.Writer, d LawDiff) error {
	const red, green = "31", "32"
	paint := painter(d.Color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", paint(red, "- "+d.Labels[0]+": "+d.Laws[0].Title), paint(green, "+ "+d.Labels[1]+": "+d.Laws[1].Title))
	for _, r := range d.Rules {
		if r.Verdict != rules.Differing {
			continue
		}
		b.WriteString(paint(bold, d.heading(r)) + "\n")
		for _, s := range r.A {
			b.WriteString(paint(red, "- "+s.String()) + "\n")
		}
		for _, s := range r.B {
			b.WriteString(paint(green, "+ "+s.String()) + "\n")
		}
		b.WriteString("\n")
	}
	for _, line := range d.rest() {
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeLawDiffMarkdown(w io.Writer, d LawDiff) error {
	var b strings.Builder
	for side, r := range d.Laws {
		fmt.Fprintf(&b, "**%s**: %s  \n", escapeMarkdown(d.Labels[side]), escapeMarkdown(r.Title))
	}
	b.WriteString("\n")
	for _, r := range d.Rules {
		if r.Verdict != rules.Differing {
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n", escapeMarkdown(d.heading(r)))
		for side, list := range [2][]rules.Sentence{r.A, r.B} {
			for _, s := range list {
				fmt.Fprintf(&b, "- **%s**: %s\n", escapeMarkdown(d.Labels[side]), escapeMarkdown(s.String()))
			}
		}
		b.WriteString("\n")
	}
	for _, line := range d.rest() {
		b.WriteString(escapeMarkdown(line) + "  \n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// The types below are the wire form, kenesh.rules-diff version 1.
type jsonLawDiff struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	A       jsonDiffLaw     `json:"a"`
	B       jsonDiffLaw     `json:"b"`
	Differ  bool            `json:"differ"` // in a rule; citations are none
	Rules   []jsonDiffering `json:"rules"`
}

type jsonDiffLaw struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	SHA256 string `json:"sha256"`
}

type jsonDiffering struct {
	Rule    string         `json:"rule"`
	Verdict string         `json:"verdict"` // same, cited-otherwise, differs
	A       []jsonSentence `json:"a"`       // sentences that b does not have, or cites otherwise
	B       []jsonSentence `json:"b"`
}

func writeLawDiffJSON(w io.Writer, d LawDiff) error {
	law := func(r *rules.Rules) jsonDiffLaw { return jsonDiffLaw{r.Name, r.Title, r.SHA256} }
	out := jsonLawDiff{"kenesh.rules-diff", 1, law(d.Laws[0]), law(d.Laws[1]), d.Differ(), []jsonDiffering{}}
	for _, r := range d.Rules {
		out.Rules = append(out.Rules, jsonDiffering{r.Rule, r.Verdict.String(), jsonSentences(r.A), jsonSentences(r.B)})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeJSON(data), '\n'))
	return err
}

func jsonSentences(sentences []rules.Sentence) []jsonSentence {
	list := []jsonSentence{}
	for _, s := range sentences {
		list = append(list, jsonSentence{s.Rule, s.Text, said(s.Cite)})
	}
	return list
}
