package rules_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// Parts of the manual's example that the cases below exchange.
const (
	seats  = `seats: {value: 90, cite: "Art. 2"}`
	share  = "share: 5% "
	option = "name: Against all"
	title  = "title: Council of Example"
)

// edit returns the example with one part exchanged.
func edit(t testing.TB, old, new string) string {
	t.Helper()
	text := strings.Replace(whole(t), old, new, 1)
	if text == whole(t) {
		t.Fatalf("the example has no %q", old)
	}
	return text
}

// Each case changes one part of the example and has one finding, here without
// its file and severity.
func TestParseRefuses(t *testing.T) {
	const digits = ", want a whole number in digits"
	tests := []struct{ name, old, new, want string }{
		{"zero seats", seats, "seats: 0", "7:8 seats: found 0, want a number from 1 to 100000"},
		{"zero seats with a citation", "value: 90", "value: 0", "7:16 seats: found 0, want a number from 1 to 100000"},
		{"negative seats", seats, "seats: -5", `7:8 seats: found "-5"` + digits},
		{"half a seat", seats, "seats: 10.5", `7:8 seats: found "10.5"` + digits},
		{"seats as a decimal", seats, "seats: 80.0", `7:8 seats: found "80.0"` + digits},
		{"seats with an exponent", seats, "seats: 8e1", `7:8 seats: found "8e1"` + digits},
		{"seats octal of YAML 1.1", seats, "seats: 0100", `7:8 seats: found "0100"` + digits},
		{"seats octal of YAML 1.2", seats, "seats: 0o120", `7:8 seats: found "0o120"` + digits},
		{"seats hexadecimal", seats, "seats: 0x50", `7:8 seats: found "0x50"` + digits},
		{"seats with an underscore", seats, "seats: 1_280", `7:8 seats: found "1_280"` + digits},
		{"seats of base 60", seats, "seats: 1:20", `7:8 seats: found "1:20"` + digits},
		{"seats infinite", seats, "seats: .inf", `7:8 seats: found ".inf"` + digits},
		{"seats not a number", seats, "seats: .nan", `7:8 seats: found ".nan"` + digits},
		{"seats quoted", seats, "seats: '80'", `7:8 seats: found "80" in quotes, want a whole number in digits, without quotes`},
		{"seats in words", seats, "seats: many", `7:8 seats: found "many"` + digits},
		{"seats boolean", seats, "seats: yes", `7:8 seats: found "yes"` + digits},
		{"seats null", seats, "seats: ~", "7:8 seats: found nothing" + digits},
		{"seats left open", seats, "seats:", "7:7 seats: found nothing" + digits},
		{"seats a list", seats, "seats: [90]", "7:8 seats: found a list" + digits},
		{"seats cited without a value", "value: 90, ", "", `7:8 seats: key "value" is missing`},
		{"seats with an empty citation", `cite: "Art. 2"`, `cite: ""`, "7:26 cite: found nothing, want text"},
		{"a million seats", seats, "seats: 1000000", "7:8 seats: found 1000000, want a number from 1 to 100000"},
		{"10^12 seats", seats, "seats: 1000000000000", "7:8 seats: found 1000000000000, want a number from 1 to 100000"},
		{"seats beyond 64 bits", seats, "seats: 99999999999999999999", "7:8 seats: found 99999999999999999999, want a number from 1 to 100000"},

		{"threshold negative", share, "share: -5% ", `11:12 share: found "-5%", want a share such as "7%", "0.7%" or "1/3"`},
		{"threshold over the whole", share, "share: 101% ", `11:12 share: found "101%", want a share such as "7%", "0.7%" or "1/3"`},
		{"threshold not a number", share, "share: NaN ", `11:12 share: found "NaN", want a share`},
		{"threshold in words", share, "share: five ", `11:12 share: found "five", want a share`},
		{"threshold with a decimal comma", share, "share: 5,5% ", `11:12 share: found "5,5%", want a share`},
		{"threshold without a percent sign", share, "share: 5 ", `11:12 share: found "5", want a share`},
		{"threshold null", share, "share: ~ ", "11:12 share: found nothing, want text"},
		{"threshold a list", share, "share: [5%] ", "11:12 share: found a list, want text"},
		{"threshold of nothing", share, "share: 0.0% ", `11:12 share: found "0.0%"; a bar of nothing is no bar, leave it out`},
		{"threshold of more than the whole", share + "                # or 0.7%, or 1/3; never a bare number\n    reach: at-least", "share: 100%\n    reach: more-than", "12:12 reach: nothing is more than the whole"},
		{"reach not said", "reach: at-least           # or more-than", "", `10:5 thresholds: key "reach" is missing`},
		{"level in the nation", "in: nation", "in: nation\n    level: region", "15:12 level: has a meaning only with in: each"},
		{"exceptions in the nation", "in: nation", "in: nation\n    except: [Abroad]", "15:13 except: has a meaning only with in: each"},
		{"each without a level", "level: region ", "", `16:5 thresholds: key "level" is missing`},
		{"unknown level", "level: region ", "level: oblast ", `20:12 level: found "oblast", want one of region, district`},
		{"one id twice", "id: regional", "id: national", `16:9 id: a threshold called "national" already stands on line 10`},
		{"id with spaces", "id: regional", "id: the regions", `16:9 id: found "the regions", want small letters and digits`},

		{"unknown method", `"lr:hare"`, `"lr:hair"`, `29:17 method: found "lr:hair" (did you mean "lr:hare"?), want one of lr:hare, lr:droop`},
		{"divisors that fall", `"lr:hare"`, `"divisors:1,3,2"`, `29:17 method: found "divisors:1,3,2": the divisor 2 does not come after 3: divisors rise`},
		{"divisors that are none", `"lr:hare"`, `"divisors:1,x"`, `29:17 method: found "divisors:1,x": the divisor "x" is no number such as 3, 1.4 or 7/5`},
		{"a cap that the method does not know", `"lr:hare"`, `winner_takes_all`, `31:3 cap: winner_takes_all knows no caps`},
		{"unknown base", "base: {value: valid,", "base: {value: vald,", `8:15 base: found "vald" (did you mean "valid"?), want one of valid, valid-without-none, list-votes, valid-and-invalid, cast, issued, registered`},
		{"unknown key", "country: Example ", "colour: blue ", `4:1 unknown key "colour"; known here: rules, name,`},
		{"key with a capital", "country: Example ", "Country: Example ", `4:1 unknown key "Country" (did you mean "country"?)`},
		{"unknown key in a citation", `seats: {value: 90, cite`, `seats: {value: 90, cites`, `7:20 unknown key "cites" (did you mean "cite"?)`},
		{"duplicate key", "country: Example ", "title: Again ", `4:1 key "title" was already given on line 3`},
		{"option twice", "also: [None of the above]", "also: [None, AGAINST  ALL]", `26:18 also: "AGAINST  ALL" already stands on line 25; case and spaces make no other name`},
		{"option twice in one line", "also: [None of the above]", "also: against all", `26:11 also: "against all" already stands on line 25`},
		{"unknown kind", "kind: against-all", "kind: against", `27:11 kind: found "against", want one of against-all, blank, others`},
		{"cap that limits nobody", "seats: 45", "seats: 90", "31:10 seats: a cap of 90 seats in a house of 90 limits nobody"},
		{"unknown excess", "excess: anew ", "excess: lost ", `32:11 excess: found "lost", want one of anew, on-top`},
		{"takes-all when none qualifies", "none-qualified: {value: failed", "none-qualified: {value: takes-all", `38:27 none-qualified: found "takes-all", want one of failed, undeclared`},
		{"annulment of valid votes", "base: registered\n", "base: valid\n", `44:9 base: found "valid", want one of registered`},
		{"annulment of nothing", "share: 1/3 ", "share: 0% ", `42:10 share: found "0%"; a bar of nothing is no bar, leave it out`},
		{"annulment with another effect", "effect: may-void", "effect: voids", `45:11 effect: found "voids", want one of may-void`},
		{"a later grammar", "rules: 1 ", "rules: 2 ", "1:8 rules: the file is written for a later kenesh; this one reads version 1"},
		{"name ends in a hyphen", "name: example ", "name: example- ", `2:7 name: found "example-", want small letters and digits`},
		{"name with two hyphens", "name: example ", "name: exam--ple ", `2:7 name: found "exam--ple", want small letters and digits`},
		{"name with capitals", "name: example ", "name: Example ", `2:7 name: found "Example", want small letters and digits`},
		{"title null", title, "title: null", "3:8 title: found nothing, want text"},
		{"country null", "country: Example ", "country: ~ ", "4:10 country: found nothing, want text"},
		{"escape through an escape", title, `title: "Example\e[31m"`, "3:8 a value has a line break or a character that cannot be seen (U+001B)"},
		{"line break in a name", option, "name: |\n      Against\n      all", "25:11 a value has a line break or a character that cannot be seen (U+000A)"},

		{"alias", "id: regional", "id: *x", "0:0 not valid YAML: unknown anchor 'x' referenced"},
		{"anchor", "id: national", "id: &x national", "10:9 an anchor (&x) has no place here"},
		{"merge key", "country: Example ", "<<: {country: Example} ", "4:1 a key must be plain text"},
		{"complex key", "country: Example ", "? [a, b]\n: c ", "4:3 a key must be plain text"},
		{"integer tag", seats, `seats: !!int "90"`, "7:8 a tag (!!int) has no place here"},
		{"binary tag", option, "name: !!binary QWxs", "25:11 a tag (!!binary) has no place here"},
		{"language tag", option, "name: !!python/object:os.system x", "25:11 a tag (!!python/object:os.system) has no place here"},
		{"tab", "  - id: national", "\t- id: national", "10:0 not valid YAML: found character that cannot start any token"},
		{"second document", "annulment:", "---\nannulment:", "41:1 text after the first document; a file holds one"},
		{"text after the end mark", "annulment:", "...\nannulment:", "text after the first document; a file holds one"},
		{"comment in windows-1251", "# the version of this grammar", "# \xc7\xe0\xea\xee\xed", "1:0 the text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, ok, findings := parse(edit(t, tt.old, tt.new))
			if r != nil || ok || len(findings) != 1 {
				t.Fatalf("Parse = %v, %v; findings %v, want %s", r, ok, findings, tt.want)
			}
			f := findings[0]
			if got := fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Message); !strings.Contains(got, tt.want) || f.File != "law.yaml" || f.Code != "RULES" {
				t.Errorf("found  %s\nwanted %s", got, tt.want)
			}
		})
	}
}

// minimal is a rules file with nothing that may be left out.
const minimal = `rules: 1
name: a
title: A
seats: 5
base: valid
thresholds: none
options: none
method: dhondt
ties: lot
outcomes: {none-qualified: failed, one-qualified: failed, against-all-leads: ignored}
`

// What the file does not say must not be taken for "there is none": a misspelt key,
// an empty list or an empty value never means that there is no threshold.
func TestParseWantsWhatIsNotThereSaid(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{"misspelt thresholds", "thresholds:", "tresholds:", []string{`key "thresholds" is missing`, `unknown key "tresholds" (did you mean "thresholds"?)`}},
		{"misspelt seats", "seats:", "seat:", []string{`key "seats" is missing`, `unknown key "seat" (did you mean "seats"?)`}},
		{"empty thresholds", "thresholds: none", "thresholds: []", []string{"6:13 thresholds: found an empty list; when there are none, write none"}},
		{"thresholds null", "thresholds: none", "thresholds: ~", []string{"6:13 thresholds: found nothing, want text"}},
		{"thresholds left open", "thresholds: none", "thresholds:", []string{"6:12 thresholds: found nothing, want text"}},
		{"thresholds no", "thresholds: none", "thresholds: no", []string{`6:13 thresholds: found "no", want a list, or none`}},
		{"a threshold as a number", "thresholds: none", "thresholds: 5%", []string{`6:13 thresholds: found "5%", want a list, or none`}},
		{"thresholds cited and null", "thresholds: none", "thresholds: {value: ~, cite: x}", []string{"6:21 thresholds: found nothing, want text"}},
		{"a threshold outside a list", "thresholds: none", "thresholds: {id: x}", []string{`6:13 thresholds: key "value" is missing`, `6:14 unknown key "id"; known here: value, cite`}},
		{"a threshold that is text", "thresholds: none", "thresholds: [5%]", []string{`6:14 thresholds: found "5%", want keys and values`}},
		{"empty options", "options: none", "options: []", []string{"7:10 options: found an empty list"}},
		{"options in a word", "options: none", "options: Against all", []string{`7:10 options: found "Against all", want a list, or none`}},
		{"cap null", "ties: lot", "cap: ~\nties: lot", []string{"found nothing, want keys and values: seats, excess, cite"}},
		{"outcomes null", "{none-qualified: failed, one-qualified: failed, against-all-leads: ignored}", "~", []string{"found nothing, want keys and values"}},
		{"against all leads and is no option", "ignored", "failed", []string{"10:78 against-all-leads: no option is of the kind against-all"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(minimal, tt.old, tt.new, 1)
			if text == minimal {
				t.Fatalf("the file has no %q", tt.old)
			}
			_, ok, findings := parse(text)
			if ok || len(findings) != len(tt.want) {
				t.Fatalf("findings %v, want %q", findings, tt.want)
			}
			for i, f := range findings {
				if got := fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Message); !strings.Contains(got, tt.want[i]) {
					t.Errorf("found  %s\nwanted %s", got, tt.want[i])
				}
			}
		})
	}
}

// A file that is no rules file as a whole.
func TestParseRefusesFiles(t *testing.T) {
	var deep, keys strings.Builder
	for i := range 1000 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for i := range 20000 {
		fmt.Fprintf(&keys, "? {k: %d}\n: 1\n", i)
	}
	laughs := "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b]\n"
	tests := []struct{ name, text, want string }{
		{"zero bytes", "", "law.yaml: error RULES: the file is empty"},
		{"only a comment", "# a law\n", "law.yaml: error RULES: the file is empty"},
		{"a scalar", "120\n", "law.yaml:1:1: error RULES: the file must be a mapping"},
		{"list at the top", "- seats: 120\n", "law.yaml:1:1: error RULES: the file must be a mapping"},
		{"only null", "~\n", "law.yaml:1:1: error RULES: the file must be a mapping"},
		{"no keys", "{}\n", `law.yaml:1:1: error RULES: key "base" is missing`},
		{"cut in a list", strings.Replace(minimal, "thresholds: none", "thresholds: [", 1), "not valid YAML"},
		{"cut in an outcome", minimal[:len(minimal)-30], "not valid YAML"},
		{"cut before the outcomes", minimal[:strings.Index(minimal, "outcomes")], `key "outcomes" is missing`},
		{"billion laughs", laughs, "law.yaml:1:4: error RULES: an anchor (&a) has no place here"},
		{"billion laughs beside good rules", minimal + laughs, "law.yaml:11:4: error RULES: an anchor (&a) has no place here"},
		{"anchor that holds itself", "a: &a [*a]\n", "law.yaml:1:4: error RULES: an anchor (&a) has no place here"},
		{"alias beside an unknown key", minimal + "x: &x 1\ny: *x\n", "law.yaml:11:4: error RULES: an anchor"},
		{"many brackets", "a: " + strings.Repeat("[", 50000), "not valid YAML"},
		{"many maps", deep.String(), `unknown key "a"`},
		{"maps over a megabyte", strings.Repeat(" ", 1<<20) + "a:\n", "the file has 1048579 bytes"},
		{"many complex keys", keys.String(), "law.yaml:1:3: error RULES: a key must be plain text"},
		{"two documents", minimal + "---\n" + minimal, "law.yaml:11:1: error RULES: text after the first document"},
		{"not UTF-8", minimal + "# caf\xe9\n", "law.yaml:11: error RULES: the text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, ok, findings := parse(tt.text)
			if r != nil || ok || !slices.ContainsFunc(findings, func(f finding.Finding) bool { return strings.Contains(f.String(), tt.want) }) {
				t.Errorf("Parse = %v, %v; findings %.500v, want %s", r, ok, findings, tt.want)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	for name, text := range map[string]string{
		"the smallest file":  minimal,
		"the whole file":     whole(t),
		"CRLF":               strings.ReplaceAll(minimal, "\n", "\r\n"),
		"byte order mark":    "\ufeff" + minimal,
		"directive":          "%YAML 1.1\n---\n" + minimal,
		"end mark":           minimal + "...\n",
		"the largest house":  strings.Replace(minimal, "seats: 5", "seats: 100000", 1),
		"a list with a cite": strings.Replace(minimal, "thresholds: none", "thresholds:\n  cite: Art. 1\n  value:\n    - {id: x, share: 100%, reach: at-least, in: nation}", 1),
		"alias of a method":  strings.Replace(minimal, "dhondt", "D'Hondt", 1),
	} {
		if _, ok, findings := parse(text); !ok || len(findings) > 0 {
			t.Errorf("%s: findings %v", name, findings)
		}
	}
}

// Names are taken by their letters; YAML 1.1 would make another value of each.
func TestParseKeepsNamesAsWritten(t *testing.T) {
	for _, name := range []string{"NO", "No", "no", "N", "off", "yes", "Y", "on", "true", "1.10", "2024-03-12", "0012", "12:30", "0100", "1_280", "0x50", ".inf", "null."} {
		r, ok, findings := parse(edit(t, option, "name: "+name))
		if !ok || r.Options[0].Name != name {
			t.Errorf("option %s: read %v, findings %v", name, r, findings)
			continue
		}
		if _, ok := r.Option(name); !ok {
			t.Errorf("option %s is not found", name)
		}
	}
	for _, name := range []string{"~", "null", `""`, "", "[A]", "{a: b}"} {
		if _, ok, findings := parse(edit(t, option, "name: "+name)); ok || len(findings) != 1 || findings[0].Line != 25 {
			t.Errorf("option %q: findings %v, want one on line 25", name, findings)
		}
	}
}

// No share goes through a float: a list exactly at the bar is at the bar.
func TestSharesAreExact(t *testing.T) {
	for text, want := range map[string]string{"0.1%": "1/1000", "0.7%": "7/1000", "7%": "7/100", "1/3": "1/3", "275/600": "11/24", "33.333333333%": "33333333333/100000000000", "100%": "1"} {
		r, ok, findings := parse(edit(t, share, "share: "+text+" "))
		if !ok || r.Thresholds[0].Share.RatString() != want {
			t.Errorf("share %s: read %v, findings %v; want %s", text, r, findings, want)
		}
	}
}

func TestCitationOfAListStandsForItsMembers(t *testing.T) {
	r, ok, findings := parse(strings.Replace(minimal, "thresholds: none", `thresholds:
  cite: Art. 1
  value:
    - {id: x, share: 5%, reach: at-least, in: nation}
    - {id: y, share: 1%, reach: more-than, in: each, level: district, base: cast, cite: Art. 2}`, 1))
	if !ok {
		t.Fatal(findings)
	}
	x, y := r.Thresholds[0], r.Thresholds[1]
	if x.Cite != "Art. 1" || y.Cite != "Art. 2" || r.ThresholdsCite != "Art. 1" {
		t.Errorf("cited %q and %q", x.Cite, y.Cite)
	}
	if x.Base != rules.Valid || y.Base != rules.Cast || x.MoreThan || !y.MoreThan || x.Level != "" || y.Level != "district" {
		t.Errorf("read %+v and %+v", x, y)
	}
}

// example is the manual's without its comments, line by line.
func example(t *testing.T) []string {
	lines := strings.SplitAfter(regexp.MustCompile(`(?m) +#.*$|^ *#.*\n`).ReplaceAllString(whole(t), ""), "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
}

// keyLine takes the indentation, the hyphen and the key out of a line.
var keyLine = regexp.MustCompile(`^( *)(- )?([a-z-]+):`)

// A required key that is left out is named, at every depth: each key of the example
// is taken out with all that is under it.
func TestParseWantsEveryRequiredKey(t *testing.T) {
	optional := []string{"country", "law", "areas", "except", "also", "cite", "cap", "annulment", "valid", "sources", "doubts"}
	lines := example(t)
	for i, line := range lines {
		m := keyLine.FindStringSubmatch(line)
		indent, hyphen, key := m[1], m[2], m[3]
		end := i + 1
		if hyphen == "" { // what is deeper goes with the key; after "- " only the key goes
			for end < len(lines) && strings.HasPrefix(lines[end], indent+" ") {
				end++
			}
		}
		rest := indent + strings.TrimSuffix(hyphen, " ") + "\n"
		_, ok, findings := parse(strings.Join(lines[:i], "") + rest + strings.Join(lines[end:], ""))
		mayGo := slices.Contains(optional, key) || key == "base" && indent == "    " // a threshold's
		want := fmt.Sprintf("key %q is missing", key)
		if key == "share" && indent == "      " || key == "share" && indent == "    " && i < 20 {
			want = `one of the keys "share", "votes", "quota" and "seats" is missing`
		}
		if ok != mayGo || !ok && !strings.Contains(fmt.Sprint(findings), want) {
			t.Errorf("without %s on line %d: ok = %v, findings %v", key, i+1, ok, findings)
		}
	}
	if len(lines) < 38 {
		t.Errorf("the example has %d lines, want every key in it", len(lines))
	}
}

// A misspelt key is an error where it stands, at every depth, also one that may be
// left out.
func TestParseRefusesEveryMisspeltKey(t *testing.T) {
	lines := example(t)
	for i, line := range lines {
		m := keyLine.FindStringSubmatch(line)
		text := slices.Clone(lines)
		text[i] = strings.Replace(line, m[3]+":", m[3]+"x:", 1)
		want := fmt.Sprintf("law.yaml:%d:%d: error RULES: unknown key %q", i+1, len(m[1])+len(m[2])+1, m[3]+"x")
		if _, ok, findings := parse(strings.Join(text, "")); ok || !slices.ContainsFunc(findings, func(f finding.Finding) bool { return strings.HasPrefix(f.String(), want) }) {
			t.Errorf("findings %v, want %s", findings, want)
		}
	}
}

// All problems of a file are found in one run, in the order of the file.
func TestParseReportsEverything(t *testing.T) {
	_, _, findings := parse("rules: 1\nname: A\ntitle: A\nseats: 0\nbase: vald\nthresholds: none\nmethod: nope\nties: lot\noutcomes: {}\n")
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%d:%d", f.Line, f.Column))
	}
	if want := "1:1 2:7 4:8 5:7 7:9 9:11 9:11 9:11"; strings.Join(got, " ") != want {
		t.Errorf("findings at %v, want %s: %v", got, want, findings)
	}
}

// A log that is full of the errors of one file drops what follows, but a file with
// errors is never taken for a law.
func TestParseIntoAFullLog(t *testing.T) {
	var log finding.Log
	for range 1001 {
		log.Add(finding.Finding{Code: "RULES", Severity: finding.Error, File: "law.yaml", Message: "x"})
	}
	if r, ok := rules.Parse("law.yaml", []byte(strings.Replace(minimal, "seats: 5", "seats: 0", 1)), &log); ok || r != nil {
		t.Error("a file of 0 seats was accepted")
	}
	if r, ok := rules.Parse("law.yaml", []byte(minimal), &log); !ok || r == nil {
		t.Error("the errors of others refused a good file")
	}
}
