package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

func Example() {
	var log finding.Log
	law, _ := rules.Load("kyrgyzstan-2020", &log)
	for _, t := range law.Thresholds {
		fmt.Println(t.ID, t.Share, t.Base, t.Cite)
	}
	_, isOption := law.Option("AGAINST  ALL")
	fmt.Println(law.Seats, law.Method.Name, isOption)
	// Output:
	// national 7/100 cast Art. 64(2): lists with less than 7 % are excluded
	// regional 7/1000 cast Art. 64(2)-(3): lists with less than 0.7 % in an oblast, Bishkek or Osh are excluded
	// 120 lr:hare true
}

// whole is a rules file with every key.
func whole(t testing.TB) string {
	t.Helper()
	_, text, ok := strings.Cut(rules.Grammar(), "This is a whole one:\n\n")
	if !ok {
		t.Fatal("the manual has no example")
	}
	text, _, _ = strings.Cut(text, "\nThe bases are")
	return regexp.MustCompile(`(?m)^  `).ReplaceAllString(text, "")
}

func parse(text string) (*rules.Rules, bool, []finding.Finding) {
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(text), &log)
	return r, ok, log.Sorted()
}

func TestManualsExampleParses(t *testing.T) {
	r, ok, findings := parse(whole(t))
	if !ok {
		t.Fatal(findings)
	}
	if r.Seats != 90 || len(r.Thresholds) != 2 || r.Thresholds[1].Areas != 7 || r.Cap.Seats != 45 || !r.Annulment.MoreThan {
		t.Errorf("read %+v", r)
	}
}

func TestEveryBaseIsInTheManual(t *testing.T) {
	for _, b := range rules.Bases() {
		if !regexp.MustCompile(`(?m)^  ` + b.String() + ` `).MatchString(rules.Grammar()) {
			t.Errorf("base %s is not explained", b)
		}
		if got, err := rules.ParseBase(b.String()); err != nil || got != b {
			t.Errorf("ParseBase(%s) = %v, %v", b, got, err)
		}
	}
	if _, err := rules.ParseBase("regsitered"); err == nil || !strings.Contains(err.Error(), `did you mean "registered"`) {
		t.Errorf("ParseBase(regsitered): %v", err)
	}
}

// Every built-in law is read without a finding, cites every rule and is the file
// that its name says.
func TestBuiltin(t *testing.T) {
	files, err := filepath.Glob("library/*.yaml")
	if err != nil || len(files) != len(rules.Builtin()) {
		t.Fatalf("%d files, %d laws, %v", len(files), len(rules.Builtin()), err)
	}
	for _, r := range rules.Builtin() {
		data, err := os.ReadFile("library/" + r.Name + ".yaml")
		if err != nil || string(data) != string(r.Source) {
			t.Errorf("%s: not the file of that name (%v)", r.Name, err)
		}
		cites := []string{r.SeatsCite, r.BaseCite, r.MethodCite, r.TiesCite, r.NoneQualified.Cite, r.OneQualified.Cite, r.AgainstAllLeads.Cite}
		for _, th := range r.Thresholds {
			cites = append(cites, th.Cite)
		}
		for _, o := range r.Options {
			cites = append(cites, o.Cite)
		}
		if r.Cap != nil {
			cites = append(cites, r.Cap.Cite)
		}
		if r.Annulment != nil {
			cites = append(cites, r.Annulment.Cite)
		}
		for i, c := range cites {
			if c == "" {
				t.Errorf("%s: rule %d has no citation", r.Name, i)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	var log finding.Log
	for _, name := range []string{"kyrgyzstan-2020", "plain"} {
		r, _ := rules.Load(name, &log)
		got := strings.Join(r.Sentences(), "\n") + "\n"
		golden := "testdata/" + name + ".txt"
		if os.Getenv("KENESH_UPDATE") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s reads\n%s\nwant (%v)\n%s", name, got, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "my.yaml")
	if err := os.WriteFile(file, []byte(whole(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	var log finding.Log
	if r, ok := rules.Load(file, &log); !ok || r.Name != "example" {
		t.Errorf("Load of a file: %v", log.Sorted())
	}
	for name, want := range map[string]string{"kyrgyzstan-2002": `did you mean "kyrgyzstan-20`, "no/such.yaml": "cannot be read", "": "no law is called"} {
		var log finding.Log
		if _, ok := rules.Load(name, &log); ok || !strings.Contains(fmt.Sprint(log.Sorted()), want) {
			t.Errorf("Load(%q): %v, want %s", name, log.Sorted(), want)
		}
	}
}

// Each case changes one line of the whole example.
func TestParseRefuses(t *testing.T) {
	seats, share := "seats: {value: 90, cite: \"Art. 2\"}", "share: 5% "
	tests := []struct{ name, old, new, want string }{
		{"zero seats", seats, "seats: 0", "law.yaml:7:8: error RULES: seats: found 0, want a number from 1 to 100000"},
		{"negative seats", seats, "seats: -5", "law.yaml:7:8: error RULES: seats: found \"-5\", want a whole number"},
		{"half a seat", seats, "seats: 10.5", "law.yaml:7:8"},
		{"seats in words", seats, "seats: many", "law.yaml:7:8"},
		{"seats null", seats, "seats:", "found nothing, want a whole number"},
		{"seats boolean", seats, "seats: true", "law.yaml:7:8"},
		{"seats octal", seats, "seats: 010", "law.yaml:7:8"},
		{"seats a list", seats, "seats: [90]", "found a list, want a whole number"},
		{"10^12 seats", seats, "seats: 1000000000000", "want a number from 1 to 100000"},
		{"seats cited without a value", seats, "seats: {cite: x}", `key "value" is missing`},
		{"negative threshold", share, "share: -5% ", `want a share such as "7%"`},
		{"threshold over the whole", share, "share: 101% ", "law.yaml:11:12"},
		{"threshold not a number", share, "share: NaN ", "law.yaml:11:12"},
		{"threshold in words", share, "share: five ", "law.yaml:11:12"},
		{"decimal comma", share, "share: 5,5% ", "law.yaml:11:12"},
		{"bare number", share, "share: 5 ", "law.yaml:11:12"},
		{"threshold of nothing", share, "share: 0% ", "a threshold of nothing is none"},
		{"unknown method", `"lr:hare"`, `"lr:hair"`, `law.yaml:29:17: error RULES: value: no method is called "lr:hair"`},
		{"misspelt key", "thresholds: ", "tresholds: ", `unknown key "tresholds" (did you mean "thresholds"?)`},
		{"misspelt key hides nothing", "thresholds: ", "tresholds: ", `key "thresholds" is missing`},
		{"duplicate key", "country: Example ", "title: Again ", `key "title" was already given on line 3`},
		{"unknown key", "country: Example ", "colour: blue ", `unknown key "colour"`},
		{"unknown base", "base: {value: valid,", "base: {value: vald,", `did you mean "valid"`},
		{"level in the nation", "in: nation", "in: nation\n    level: region", "has a meaning only with in: each"},
		{"each without a level", "level: region ", "", `key "level" is missing`},
		{"reach not said", "reach: at-least           # or more-than", "", `key "reach" is missing`},
		{"one id twice", "id: regional", "id: national", `a second threshold is called "national"`},
		{"option twice", "also: [None of the above]", "also: [AGAINST ALL]", `"AGAINST ALL" is there twice`},
		{"cap that limits nobody", "cap: {seats: 45", "cap: {seats: 90", "limits nobody"},
		{"unknown excess", "excess: anew", "excess: lost", "want one of anew, on-top"},
		{"version", "rules: 1", "rules: 2", "want a number from 1 to 1"},
		{"name with capitals", "name: example ", "name: Example ", "small letters"},
		{"takes-all when none qualifies", "none-qualified: {value: failed", "none-qualified: {value: takes-all", "want one of failed, undeclared"},
		{"annulment of valid votes", "base: registered\n", "base: valid\n", "want one of registered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(whole(t), tt.old, tt.new, 1)
			if text == whole(t) {
				t.Fatalf("the example has no %q", tt.old)
			}
			_, ok, findings := parse(text)
			if got := fmt.Sprint(findings); ok || !strings.Contains(got, tt.want) {
				t.Errorf("findings %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A required key that is left out is named; no key is taken for granted.
func TestParseWantsEveryRequiredKey(t *testing.T) {
	minimal := "rules: 1\nname: a\ntitle: A\nseats: 5\nbase: valid\nthresholds: none\nmethod: dhondt\nties: lot\noutcomes: {none-qualified: failed, one-qualified: failed, against-all-leads: ignored}\n"
	if _, ok, findings := parse(minimal); !ok {
		t.Fatal(findings)
	}
	lines := strings.SplitAfter(minimal, "\n")
	for i, line := range lines[:len(lines)-1] {
		key, _, _ := strings.Cut(line, ":")
		_, ok, findings := parse(strings.Join(lines[:i], "") + strings.Join(lines[i+1:], ""))
		if want := fmt.Sprintf("key %q is missing", key); ok || !strings.Contains(fmt.Sprint(findings), want) {
			t.Errorf("without %s: findings %v", key, findings)
		}
	}
}

// All problems of a file are found in one run.
func TestParseReportsEverything(t *testing.T) {
	_, _, findings := parse("rules: 1\nname: A\ntitle: A\nseats: 0\nbase: vald\nthresholds: none\nmethod: nope\nties: lot\noutcomes: {}\n")
	if len(findings) != 7 {
		t.Errorf("%d findings, want 7: %v", len(findings), findings)
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range rules.Builtin() {
		f.Add(r.Source)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var log finding.Log
		r, ok := rules.Parse("law.yaml", data, &log)
		if ok == log.Failed() {
			t.Fatalf("ok = %v, findings %v", ok, log.Sorted())
		}
		if ok {
			r.Sentences()
		}
	})
}
