package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/rules"
)

// said is what two laws differ in, in short: the rule, the verdict, and how many
// sentences each law has that the other has not.
func said(list []rules.Difference) string {
	var words []string
	for _, d := range list {
		if d.Verdict != rules.Alike {
			words = append(words, fmt.Sprintf("%s %s -%d +%d", d.Rule, d.Verdict, len(d.A), len(d.B)))
		}
	}
	return strings.Join(words, "; ")
}

func TestDiff(t *testing.T) {
	const bars = "thresholds: [{id: x, share: 5%, reach: at-least, in: nation, cite: A, or: [{id: y, votes: 9, reach: at-least, in: nation, cite: B}]}, {id: z, share: 1%, reach: at-least, in: each, level: region}]"
	none := "thresholds: none"
	with := func(old, new string) string { return strings.Replace(minimal, old, new, 1) }
	tests := []struct{ name, a, b, want string }{
		{"a law and itself", minimal, minimal, ""},
		{"title, dates, sources and doubts are no rules", minimal, with("title: A", "title: B\nvalid: {from: 2020-01-01}\nsources: [x]\ndoubts: [y]"), ""},
		{"one figure", minimal, with("seats: 5", "seats: 6"), "seats differs -1 +1"},
		{"a citation alone", minimal, with("seats: 5", "seats: {value: 5, cite: Art. 1}"), "seats cited-otherwise -1 +1"},
		{"a figure and its citation", minimal, with("seats: 5", "seats: {value: 6, cite: Art. 1}"), "seats differs -1 +1"},
		{"thresholds where there were none", minimal, with(none, bars), "thresholds differs -1 +2"},
		{"one threshold of two", with(none, bars), with(none, strings.Replace(bars, "1%", "2%", 1)), "thresholds differs -1 +1"},
		{"thresholds in another order", with(none, "thresholds: [{id: x, share: 5%, reach: at-least, in: nation}, {id: z, share: 1%, reach: at-least, in: each, level: region}]"),
			with(none, "thresholds: [{id: z, share: 1%, reach: at-least, in: each, level: region}, {id: x, share: 5%, reach: at-least, in: nation}]"), ""},
		{"the same threshold twice is not once", with(none, "thresholds: [{id: x, share: 5%, reach: at-least, in: nation}, {id: z, share: 5%, reach: at-least, in: nation}]"),
			with(none, "thresholds: [{id: x, share: 5%, reach: at-least, in: nation}]"), "thresholds differs -1 +0"},
		{"the citation of another way", with(none, bars), with(none, strings.Replace(bars, "cite: B", "cite: C", 1)), "thresholds cited-otherwise -1 +1"},
		{"the citation of another way beside a figure", with(none, bars), with(none, strings.NewReplacer("cite: B", "cite: C", "1%", "2%").Replace(bars)), "thresholds differs -1 +1"},
		{"reach", with(none, bars), with(none, strings.Replace(bars, "at-least", "more-than", 1)), "thresholds differs -1 +1"},
		{"a rule of one law alone", minimal, minimal + "cap: {seats: 3, excess: anew}\nbonus: {seats: 1, kind: extra}\n", "bonus differs -0 +1; cap differs -0 +1"},
		{"another method", minimal, with("dhondt", "sainte_lague"), "method differs -1 +1"},
	}
	for _, tt := range tests {
		a, okA, findings := parse(tt.a)
		b, okB, more := parse(tt.b)
		if !okA || !okB {
			t.Fatal(tt.name, findings, more)
		}
		if got := said(rules.Diff(a, b)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		back := rules.Diff(b, a)
		for i := range back {
			back[i].A, back[i].B = back[i].B, back[i].A
		}
		for _, d := range rules.Diff(a, b) {
			if !slices.ContainsFunc(back, func(x rules.Difference) bool { return fmt.Sprint(x) == fmt.Sprint(d) }) {
				t.Errorf("%s: %v is not the same from the other side", tt.name, d)
			}
		}
	}
}

// The rules come in the order of the count, those of one law alone at their place.
func TestDiffOrder(t *testing.T) {
	a, _, _ := parse(minimal + "cap: {seats: 3, excess: anew}\n")
	b, _, _ := parse(minimal + "bonus: {seats: 1, kind: extra}\n")
	var keys []string
	for _, d := range rules.Diff(a, b) {
		keys = append(keys, d.Rule)
	}
	if got, want := strings.Join(keys, " "), "seats base thresholds options method bonus cap ties outcomes"; got != want {
		t.Errorf("rules %s, want %s", got, want)
	}
}

// A built-in law does not differ from itself, and every sentence of one of two laws is
// either in the other or in the difference.
func TestDiffLosesNothing(t *testing.T) {
	all := rules.Builtin()
	for _, a := range all {
		for _, b := range all {
			list := rules.Diff(a, b)
			if a.Name == b.Name && said(list) != "" {
				t.Errorf("%s differs from itself: %s", a.Name, said(list))
			}
			for _, s := range a.Sentences() {
				i := slices.IndexFunc(list, func(d rules.Difference) bool { return d.Rule == s.Rule })
				if i < 0 {
					t.Fatalf("%s and %s: no %s", a.Name, b.Name, s.Rule)
				}
				same := func(x rules.Sentence) bool { return x.Text == s.Text }
				if !slices.ContainsFunc(list[i].A, same) && !slices.ContainsFunc(b.Sentences(), same) && list[i].Verdict == rules.Alike {
					t.Errorf("%s and %s: %q is lost", a.Name, b.Name, s.Text)
				}
			}
		}
	}
}
