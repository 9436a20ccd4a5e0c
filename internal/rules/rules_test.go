package rules_test

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/apportion"
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

// whole is a rules file with every key: the example of the manual.
func whole(t testing.TB) string {
	t.Helper()
	_, text, start := strings.Cut(rules.Grammar(), "This is a whole one:\n\n")
	text, _, end := strings.Cut(text, "\nA rule that is one value")
	if !start || !end {
		t.Fatal("the manual has no example")
	}
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

func TestEveryWordIsInTheManual(t *testing.T) {
	words := []string{rules.AgainstAll.String(), rules.Blank.String(), rules.Others.String(), rules.Independent.String(), rules.Qualified.String(),
		rules.InNation.String(), rules.InEach.String(), rules.InAny.String(), rules.Here.String(), rules.Levelling.String(), rules.Pool.String(), rules.Nothing.String(), rules.Biproportional.String(),
		rules.Within.String(), rules.OnTop.String(), rules.Levelled.String(), rules.Returned.String(),
		rules.Undeclared.String(), rules.Failed.String(), rules.TakesAll.String(), rules.Ignored.String(), rules.AllTakePart.String()}
	for _, b := range rules.Bases() {
		words = append(words, b.String())
		if got, err := rules.ParseBase(b.String()); err != nil || got != b {
			t.Errorf("ParseBase(%s) = %v, %v", b, got, err)
		}
	}
	for _, m := range apportion.Methods() {
		words = append(words, m.Name)
	}
	for _, w := range words {
		if !regexp.MustCompile(`(?m)^  ` + w + ` +\S`).MatchString(rules.Grammar()) {
			t.Errorf("%s is not explained", w)
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
		if _, ok, findings := parse(string(data)); !ok || len(findings) > 0 {
			t.Errorf("%s: findings %v", r.Name, findings)
		}
		for _, place := range uncited(reflect.ValueOf(*r), r.Name) {
			t.Errorf("%s is empty", place)
		}
	}
}

// uncited returns the citations that are empty, at any depth of a law.
func uncited(v reflect.Value, path string) []string {
	var list []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*big.Rat]() {
			return uncited(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, uncited(v.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			// The members of a list have citations; the list needs one when it is empty.
			if members := v.FieldByName(strings.TrimSuffix(name, "Cite")); members.IsValid() && members.Kind() == reflect.Slice && members.Len() > 0 && strings.HasSuffix(name, "Cite") {
				continue
			}
			if strings.HasSuffix(name, "Cite") && v.Field(i).String() == "" {
				list = append(list, path+"."+name)
			}
			list = append(list, uncited(v.Field(i), path+"."+name)...)
		}
	}
	return list
}

// The figures of each law, by facts that were gathered apart from the files.
func TestBuiltinFigures(t *testing.T) {
	tests := []struct {
		name       string
		seats, cap int
		thresholds string // of the nation, of each of 9 regions
		base       rules.Base
		outcomes   [3]rules.Effect // none qualified, one qualified, against all leads
	}{
		{"kyrgyzstan-2020", 120, 65, "7/100 7/1000", rules.Cast, [3]rules.Effect{rules.Failed, rules.Undeclared, rules.Failed}},
		{"kyrgyzstan-2015", 120, 65, "7/100 7/1000", rules.Cast, [3]rules.Effect{rules.Failed, rules.Undeclared, rules.Failed}},
		{"kyrgyzstan-2010", 120, 65, "1/20 1/200", rules.Registered, [3]rules.Effect{rules.Undeclared, rules.Undeclared, rules.Undeclared}},
		{"kyrgyzstan-2021-list", 54, 27, "1/20 1/200", rules.Cast, [3]rules.Effect{rules.Failed, rules.Undeclared, rules.Failed}},
		{"plain", 120, 0, "", rules.Valid, [3]rules.Effect{rules.Undeclared, rules.TakesAll, rules.Ignored}},
	}
	for _, want := range tests {
		var log finding.Log
		r, ok := rules.Load(want.name, &log)
		if !ok {
			t.Error(log.Sorted())
			continue
		}
		if r.Name != want.name || r.Seats != want.seats || r.Base != want.base || r.Method.Name != "lr:hare" {
			t.Errorf("law %s is %s with %d seats of %s by %s", want.name, r.Name, r.Seats, r.Base, r.Method.Name)
		}
		if got := [3]rules.Effect{r.NoneQualified.Effect, r.OneQualified.Effect, r.AgainstAllLeads.Effect}; got != want.outcomes {
			t.Errorf("%s: outcomes %v, want %v", r.Name, got, want.outcomes)
		}
		var shares []string
		for k, th := range r.Thresholds {
			shares = append(shares, th.Share.RatString())
			region := k == 1
			if th.MoreThan || th.Base != want.base || (th.Level == "region") != region || (th.Areas == 9) != region || (len(th.Except) > 0) != region {
				t.Errorf("%s: threshold %+v", r.Name, th)
			}
		}
		if got := strings.Join(shares, " "); got != want.thresholds {
			t.Errorf("%s: thresholds %s, want %s", r.Name, got, want.thresholds)
		}
		switch {
		case want.cap == 0 && r.Cap != nil:
			t.Errorf("%s has a cap", r.Name)
		case want.cap > 0 && (r.Cap == nil || r.Cap.Seats != want.cap || r.Cap.Excess != apportion.ExcessOnTop):
			t.Errorf("%s: cap %+v, want %d", r.Name, r.Cap, want.cap)
		}
		_, option := r.Option("Against all")
		if option != (r.Name != "plain") {
			t.Errorf("%s: against all is an option: %v", r.Name, option)
		}
	}
}

// These laws have every kind of rule between them.
func TestSentences(t *testing.T) {
	for _, name := range []string{"kyrgyzstan-2020", "kyrgyzstan-2015", "kyrgyzstan-2010", "kyrgyzstan-2021-list", "plain", "austria", "czechia-2021", "germany-2021", "norway", "zurich"} {
		var log finding.Log
		r, ok := rules.Load(name, &log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		got := ""
		for _, s := range r.Sentences() {
			got += s.String() + "\n"
		}
		golden := "testdata/" + r.Name + ".txt"
		if os.Getenv("KENESH_UPDATE") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s reads\n%s\nwant (%v)\n%s", r.Name, got, err, want)
		}
	}
}

func TestOptionFoldsCaseAndSpaces(t *testing.T) {
	var log finding.Log
	law, _ := rules.Load("kyrgyzstan-2020", &log)
	for name, want := range map[string]bool{
		"Against all": true, "AGAINST ALL": true, " against   all ": true, "against\u00a0all": true,
		"ПРОТИВ ВСЕХ": true, "Баарына каршы": true, "Against everyone": true,
		"Against": false, "Birimdik": false, "": false, "Againstall": false,
	} {
		if o, got := law.Option(name); got != want || got && o.Kind != rules.AgainstAll {
			t.Errorf("Option(%q) = %+v, %v; want %v", name, o, got, want)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "my.yaml")
	large := filepath.Join(dir, "votes.csv")
	for name, text := range map[string]string{file: whole(t), large: strings.Repeat("1,Osh,A,7\n", 1<<17)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var log finding.Log
	if r, ok := rules.Load(file, &log); !ok || r.Name != "example" {
		t.Errorf("Load of a file: %v", log.Sorted())
	}
	tests := []struct{ name, want string }{
		{"kyrgyzstan-2002", `error RULES: no law is called "kyrgyzstan-2002" (did you mean "kyrgyzstan-2020"?); kenesh rules list shows those that are built in`},
		{"", `error RULES: no law is called ""`},
		{"no/such", "no/such: error RULES: no such file"},
		{"such.yaml", "such.yaml: error RULES: no such file"},
		{dir, dir + ": error RULES: is a directory"},
		{large, "the file has more than 1048576 bytes"},
	}
	for _, tt := range tests {
		var log finding.Log
		r, ok := rules.Load(tt.name, &log)
		if f := log.Sorted(); r != nil || ok || len(f) != 1 || !strings.Contains(f[0].String(), tt.want) {
			t.Errorf("Load(%q): %v, want %s", tt.name, f, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range rules.Builtin() {
		f.Add(r.Source)
	}
	f.Add([]byte(whole(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var log finding.Log
		r, ok := rules.Parse("law.yaml", data, &log)
		if ok == log.Failed() || ok != (r != nil) {
			t.Fatalf("ok = %v, rules %v, findings %v", ok, r, log.Sorted())
		}
		if !ok {
			return
		}
		r.Sentences()
		whole := big.NewRat(1, 1)
		if r.Name == "" || r.Title == "" || r.Method.Name == "" || r.Seats < 1 || r.Seats > rules.MaxSeats {
			t.Errorf("accepted as %+v", r)
		}
		for _, th := range r.Thresholds {
			if th.ID == "" || th.Measure == rules.ByShare && (th.Share.Sign() <= 0 || th.Share.Cmp(whole) > 0) || th.Level == "" && (th.Areas > 0 || th.Except != nil) {
				t.Errorf("accepted threshold %+v", th)
			}
		}
		for _, o := range r.Options {
			if got, ok := r.Option(o.Name); !ok || got.Kind != o.Kind || o.Kind == 0 {
				t.Errorf("accepted option %+v", o)
			}
		}
	})
}

// The law to begin with is valid as it stands, cites every rule, and takes a name.
func TestStarter(t *testing.T) {
	for name, want := range map[string]string{"": "my-law", "atlantis-2026": "atlantis-2026", "a": "a"} {
		text, err := rules.Starter(name)
		if err != nil {
			t.Fatal(err)
		}
		r, ok, findings := parse(text)
		if !ok || r.Name != want || len(r.Uncited()) > 0 || r.From == "" || len(r.Sources) == 0 {
			t.Errorf("Starter(%q) = %+v, findings %v", name, r, findings)
		}
	}
	for _, name := range []string{"Atlantis", "a b", "-", "a-", "a\nb", "ä"} {
		if text, err := rules.Starter(name); err == nil || text != "" {
			t.Errorf("Starter(%q) gives a law, want an error", name)
		}
	}
}

// A rule without a citation is named once, however many sentences state it.
func TestUncited(t *testing.T) {
	r, _, _ := parse(minimal)
	if got, want := r.Uncited(), []string{"seats", "base", "thresholds", "options", "method", "ties", "outcomes"}; !slices.Equal(got, want) {
		t.Errorf("nothing is cited: %q, want %q", got, want)
	}
	r, ok, findings := parse(strings.Replace(whole(t), `cite: "Art. 8(2)"`, "", 1))
	if !ok || !slices.Equal(r.Uncited(), []string{"thresholds"}) {
		t.Errorf("one threshold is not cited: %q, findings %v", r.Uncited(), findings)
	}
}
