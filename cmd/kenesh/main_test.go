package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kenesh": main})
}

// root is the top of the repository.
var root = func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

// raced says that the race detector watches.
var raced bool

// TestScripts runs one script for each promise of the command line. With
// KENESH_UPDATE set, the golden files in them are rewritten.
func TestScripts(t *testing.T) {
	if raced {
		t.Skip("every command of a script is a process, which costs a second under the race detector; what runs side by side is raced in its package")
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("KENESH_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("ELECTIONS", filepath.Join(root, "testdata"))
			return os.Symlink(filepath.Join(root, "testdata"), filepath.Join(e.WorkDir, "testdata"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits N COMMAND... runs a command that must end with that exit code; "!"
// accepts any failure and could not tell them apart.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// kenesh runs the program in this process, from the top of the repository.
func kenesh(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(root)
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// Every example in the help of every command runs; one that ends in another code than 0
// says so in a comment.
func TestHelpExamplesRun(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(root)
	var walk func(c *cobra.Command)
	n := 0
	walk = func(c *cobra.Command) {
		for _, line := range strings.Split(c.Example, "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			n++
			want := 0
			line, comment, _ := strings.Cut(line, " # ")
			if _, code, ok := strings.Cut(comment, "exit code "); ok {
				want, _ = strconv.Atoi(code)
			}
			args := words(strings.TrimPrefix(strings.TrimSpace(line), "kenesh "))
			for i := range args {
				if args[i] == "rehearsal" {
					args[i] = dir
				}
			}
			var out, errs bytes.Buffer
			if code := run(args, strings.NewReader(""), &out, &errs); code != want {
				t.Errorf("%s: exit code %d, want %d: %s", line, code, want, errs.String())
			}
		}
		if c.Runnable() && c.Example == "" && c.HasParent() && c.Name() != "help" && !strings.HasPrefix(c.CommandPath(), "kenesh completion") {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&streams{}))
	if n < 10 {
		t.Errorf("only %d examples", n)
	}
}

// A manual that is written late is there all the same, for its own command and
// not for those below it; and so are the words that the shell completes.
func TestManualsAndCompletions(t *testing.T) {
	const grammar = "The kinds of options are"
	for _, tt := range []struct {
		args       string
		has, lacks string
	}{
		{"help rules", grammar, ""},
		{"rules --help", grammar, ""},
		{"help rules list", "The built-in laws", grammar},
		{"rules check --help", "Read rules files", grammar},
		{"help findings", "TOTAL-ROW", ""},
		{"help", "Manual pages", grammar},
		{"__complete tally --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete rules show ", "kyrgyzstan-2010\n", ""},
		{"__complete rules diff kyrgyzstan-2010 ", "kyrgyzstan-2020\n", ""},
		{"__complete rules diff -f ", "markdown\n", "csv"},
		{"__complete rules check ", "kyrgyzstan-2020\n", ""},
		{"__complete rules list -f ", "jsonl\n", ""},
		{"__complete tally --layout ", "kyrgyzstan-2020\n", ""},
		{"__complete layouts show ", "kyrgyzstan-2020\n", ""},
		{"__complete tally --base ", "list-votes\n", ""},
		{"__complete tally --by ", "district\n", ""},
		{"__complete tally --color ", "never\n", ""},
		{"help rehearse", "transposition", ""},
		{"__complete rehearse --faults ", "total-row=\n", ""},
		{"__complete convert -f ", "nist\n", ""},
		{"__complete convert --shape ", "wide\n", ""},
		{"__complete convert --layout ", "kyrgyzstan-2020\n", ""},
		{"__complete convert --status ", "certified\n", ""},
		{"__complete tally -f ", "jsonl\n", ""},
		{"__complete check -f ", "sarif\n", "markdown"},
		{"__complete check --fail-on ", "warning\n", ""},
		{"__complete check --enable ", "UNDER-ISSUED\n", "QUOTE"},
		{"__complete check --disable ", "ZERO\n", "QUOTE"},
		{"__complete check --layout ", "kyrgyzstan-2020\n", ""},
		{"__complete schema ", "check\n", ""},
		{"__complete schema ", "ballot\n", ""},
		{"help schema", "yaml-language-server: $schema=", ""},
		{"help rules", "kenesh schema rules is for editors", ""},
		{"help checks", "given + cancelled + lost − unaccounted = received", ""},
		{"__complete seats --method ", "all\n", ""},
		{"__complete seats --overhang ", "levelled\n", ""},
		{"__complete methods ", "dhondt\n", ""},
		{"help sweep", "no height between is left out", ""},
		{"__complete sweep --threshold ", "0..10%\n", ""},
		{"__complete sweep --seats ", "100..150\n", ""},
		{"__complete sweep --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete sweep --base ", "list-votes\n", ""},
		{"__complete sweep -f ", "jsonl\n", ""},
		{"__complete sweep --layout ", "kyrgyzstan-2020\n", ""},
		{"__complete schema ", "sweep\n", ""},
		{"help settle", "rows of zeros for those that have not reported", ""},
		{"__complete settle --fail-on ", "open\n", ""},
		{"__complete settle --max-turnout ", "80%\n", ""},
		{"__complete settle --base ", "list-votes\n", ""},
		{"__complete settle --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete settle --layout ", "israel-kalpi\n", ""},
		{"__complete settle -f ", "jsonl\n", ""},
		{"__complete schema ", "settle\n", ""},
		{"__complete schema ", "compare-rules\n", ""},
		{"help whatif", "The exit code is that of kenesh tally for the base case", ""},
		{"help scenarios", "no list can lose more votes", ""},
		{"__complete whatif --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete whatif --base ", "list-votes\n", ""},
		{"__complete whatif -f ", "jsonl\n", ""},
		{"__complete schema ", "whatif\n", ""},
		{"help explain", "LIST is a name or an id, in any case", ""},
		{"__complete explain --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete explain --base ", "list-votes\n", ""},
		{"__complete explain -f ", "jsonl\n", ""},
		{"__complete schema ", "explain\n", ""},
		{"help compare", "A signature is a relation between the numbers of a precinct.", ""},
		{"help compare", "in one count more ballots are cast than voters are registered", ""},
		{"__complete compare --rows ", "precincts\n", ""},
		{"__complete compare --fail-on ", "seats\n", ""},
		{"__complete compare --key ", "precinct\n", ""},
		{"__complete compare --rules ", "kyrgyzstan-2010\n", ""},
		{"__complete compare --base ", "list-votes\n", ""},
		{"__complete compare --layout ", "kyrgyzstan-2020\n", ""},
		{"__complete compare -f ", "jsonl\n", ""},
		{"__complete schema ", "compare\n", ""},
		{"__complete schema ", "prior\n", ""},
		{"__complete tally --compare-rules ", "kyrgyzstan-2010\n", ""},
	} {
		code, out, errs := kenesh(t, strings.Split(tt.args, " ")...)
		if code != 0 || !strings.Contains(out, tt.has) {
			t.Errorf("kenesh %s: exit code %d, output lacks %q:\n%s%s", tt.args, code, tt.has, out, errs)
		}
		if tt.lacks != "" && strings.Contains(out, tt.lacks) {
			t.Errorf("kenesh %s has %q, which belongs elsewhere", tt.args, tt.lacks)
		}
	}
}

// words splits a line as a shell would, as far as examples go.
func words(line string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		list = append(list, m[1]+m[2])
	}
	return list
}

// The commands in the README print what the README shows.
func TestREADME(t *testing.T) {
	data, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // some write
	if err := os.Symlink(root+"/testdata", "testdata"); err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(data), -1)
	if len(blocks) == 0 {
		t.Fatal("the README has no console blocks")
	}
	ran := 0
	for _, b := range blocks {
		for _, part := range strings.Split("\n"+b[1], "\n$ ")[1:] {
			line, want, _ := strings.Cut(part, "\n")
			command, ok := strings.CutPrefix(line, "go run ./cmd/kenesh ")
			if !ok {
				if command, ok = strings.CutPrefix(line, "kenesh "); !ok {
					continue
				}
			}
			ran++
			var out, errs bytes.Buffer
			run(append([]string{"-q"}, words(command)...), strings.NewReader(""), &out, &errs)
			if got := out.String() + errs.String(); want != "" && !matches(got, want) {
				t.Errorf("%s prints\n%s\nthe README has\n%s", line, got, want)
			}
		}
	}
	if ran == 0 {
		t.Error("no command of the README was run")
	}
}

// matches compares line by line; a line "…" stands for any number of lines.
func matches(got, want string) bool {
	var re strings.Builder
	for _, line := range strings.SplitAfter(strings.TrimRight(want, "\n"), "\n") {
		if strings.TrimSpace(line) == "…" {
			re.WriteString("(?s:.*)")
			continue
		}
		re.WriteString(regexp.QuoteMeta(strings.TrimRight(line, "\n")) + "\n?")
	}
	return regexp.MustCompile(`^` + re.String() + `\s*$`).MatchString(got)
}

// What -f json writes is what the schema says, in every kind of outcome.
func TestJSONFollowsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(report.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("result.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("result.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	tie := filepath.Join(dir, "tie.csv")
	if err := os.WriteFile(tie, []byte("precinct,region,list,votes\nP1,N,A,11\nP1,N,B,11\nP1,N,C,11\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	hill := "rules: 1\nname: hill\ntitle: Hill\nseats: 20\nbase: valid\nthresholds: none\noptions: none\nmethod: huntington_hill\nties: lot\n" +
		"outcomes: {none-qualified: failed, one-qualified: failed, against-all-leads: ignored}\n"
	if err := os.WriteFile(filepath.Join(dir, "hill.yaml"), []byte(hill), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"testdata/kyrgyzstan-2020", "--explain", "--by", "region", "--annul", "1001"},
		{"testdata/kyrgyzstan-2021", "--rules", "kyrgyzstan-2021-list"},
		{tie, "--rules", "plain", "--seats", "4", "--explain"},
		{tie}, // no base
		{"testdata/kyrgyzstan-2020", "--rules", filepath.Join(dir, "hill.yaml"), "--explain"},
	} {
		_, out, errs := kenesh(t, append([]string{"tally", "-f", "json"}, args...)...)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Errorf("%v: %v: %s", args, err, errs)
			continue
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// What kenesh check -f json writes is what its schema says, in every kind of outcome.
func TestCheckFollowsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(report.CheckSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("check.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("check.json")
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("precinct,region,cast,invalid,A,B\n1,N,9,1,4,4\n2,N,9,1,4,5\n3,N,x,1,4,4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(t.TempDir(), "good.csv")
	if err := os.WriteFile(good, []byte("precinct,region,cast,invalid,A,B\n1,N,9,1,4,4\n2,N,9,1,4,5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		code int
		args []string
	}{
		{0, []string{"testdata/kyrgyzstan-2020"}}, {3, []string{bad}}, {0, []string{good}}, {1, []string{good, "--strict"}}, {3, []string{"nope.csv"}},
	} {
		code, out, errs := kenesh(t, append([]string{"check", "-f", "json"}, tt.args...)...)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil || code != tt.code {
			t.Errorf("%v: exit code %d, want %d: %v: %s", tt.args, code, tt.code, err, errs)
			continue
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v: %v", tt.args, err)
		}
		if passed := v.(map[string]any)["passed"]; passed != (code == 0) {
			t.Errorf("%v: passed is %v, the exit code %d", tt.args, passed, code)
		}
	}
}

// follow checks that what commands write with -f json is what a schema says.
func follow(t *testing.T, schema string, commands [][]string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range commands {
		_, out, errs := kenesh(t, append(args, "-f", "json")...)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Errorf("%v: %v: %s", args, err, errs)
			continue
		}
		if err := compiled.Validate(v); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// tied is a file of three lists with equal votes, without ballots cast.
func tied(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tie.csv")
	if err := os.WriteFile(file, []byte("precinct,region,list,votes\nP1,N,A,11\nP1,N,B,11\nP1,N,C,11\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// What kenesh sweep -f json writes is what its schema says, for heights and for sizes.
func TestSweepFollowsSchema(t *testing.T) {
	tie := tied(t)
	follow(t, report.SweepSchema, [][]string{
		{"sweep", "testdata/kyrgyzstan-2020", "--threshold", "0..30%"},
		{"sweep", "testdata/kyrgyzstan-2021", "--rules", "kyrgyzstan-2021-list", "--threshold", "2%..3%"},
		{"sweep", "testdata/kyrgyzstan-2020", "--seats", "110..130"},
		{"sweep", tie, "--rules", "plain", "--threshold", "0..1/2"},
		{"sweep", tie, "--rules", "plain", "--threshold", "1/3..1/3"}, // no height in decimals
		{"sweep", tie, "--rules", "plain", "--seats", "1..9"},
		{"sweep", tie, "--base", "valid", "--threshold", "0..100%"},
	})
}

// So is what kenesh margin writes.
func TestMarginFollowsSchema(t *testing.T) {
	follow(t, report.MarginSchema, [][]string{
		{"margin", "testdata/kyrgyzstan-2020", "--annul"},
		{"margin", "testdata/kyrgyzstan-2020", "--base", "valid", "--seats", "7"},
		{"margin", "testdata/elections/israel-2021/votes.csv", "--ballot", "testdata/elections/israel-2021/ballot.yaml", "--annul"}, // no linear conditions
		{"margin", "testdata/elections/south-africa-2019/votes.csv", "--ballot", "testdata/elections/south-africa-2019/ballot.yaml"},
	})
}

// So is what kenesh tally --compare-rules writes.
func TestCompareRulesFollowsSchema(t *testing.T) {
	tie := tied(t)
	follow(t, report.LawsSchema, [][]string{
		{"tally", "testdata/kyrgyzstan-2020", "--compare-rules", "kyrgyzstan-2010,plain", "--annul", "1001"},
		{"tally", tie, "--compare-rules", "plain"}, // no base under the first
		{"tally", tie, "--rules", "plain", "--seats", "4", "--compare-rules", "kyrgyzstan-2015"},
	})
}

// So is what kenesh whatif writes.
func TestWhatIfFollowsSchema(t *testing.T) {
	tie := tied(t)
	cases := filepath.Join(t.TempDir(), "cases.yaml")
	text := "scenarios: 1\ncases:\n  - {name: a, exclude-lists: [C], seats: 5}\n  - {name: b, base: valid, threshold: 1/3, move: {from: A, to: B, votes: 2}, in: N}\n  - {name: c, rules: plain, add: {C: 1}, remove: {A: 1}}\n"
	if err := os.WriteFile(cases, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	follow(t, report.WhatIfSchema, [][]string{
		{"whatif", "testdata/kyrgyzstan-2020", "--scenarios", "testdata/kyrgyzstan-2020/scenarios.yaml", "--annul", "1001"},
		{"whatif", tie, "--scenarios", cases}, // no base in the base case
		{"whatif", tie, "--scenarios", cases, "--rules", "plain", "--seats", "4"},
	})
}

// So is the story of every list of the elections with the most different laws.
func TestExplainFollowsSchema(t *testing.T) {
	tie := tied(t)
	commands := [][]string{{"explain", "A", tie}, {"explain", "B", tie, "--rules", "plain", "--seats", "4"}, {"explain", "A", tie, "--exclude-list", "A"},
		{"explain", "Mekenchil", "testdata/kyrgyzstan-2020"}, {"explain", "Against all", "testdata/kyrgyzstan-2020"}, {"explain", "Kyrgyzstan", "testdata/kyrgyzstan-2020", "--all"}}
	for election, list := range map[string]string{"israel-2021": "Likud", "germany-2021": "CSU", "czechia-2021": "SPOLU", "norway-2021": "MDG", "zurich-2019": "AL", "greece-2019": "ND",
		"netherlands-2012": "SP", "denmark-2022": "Venstre", "south-africa-2019": "DA", "serbia-2023": "SPN", "armenia-2017": "HHK", "poland-2015": "PO"} {
		dir := "testdata/elections/" + election
		commands = append(commands, []string{"explain", list, dir + "/votes.csv", "--ballot", dir + "/ballot.yaml", "--all"})
	}
	follow(t, report.ExplainSchema, commands)
}

// A scenario gives the bytes that the flags give that ask for the same.
func TestScenariosAreTheirFlags(t *testing.T) {
	cases := filepath.Join(t.TempDir(), "cases.yaml")
	text := "scenarios: 1\ncases:\n  - {name: annulled, annul: [1001], annul-areas: [Osh city], restore: [9001]}\n  - {name: excluded, exclude-lists: [Kyrgyzstan, Birimdik]}\n" +
		"  - {name: law, rules: kyrgyzstan-2010}\n  - {name: base, base: valid, seats: 91}\n"
	if err := os.WriteFile(cases, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	const dir = "testdata/kyrgyzstan-2020"
	code, out, errs := kenesh(t, "whatif", "-q", dir, "--scenarios", cases, "-f", "csv")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")[1:]
	for _, tt := range []struct {
		name string
		args []string
	}{{"base case", nil}, {"annulled", []string{"--annul", "1001", "--annul-area", "Osh city", "--restore", "9001"}}, {"excluded", []string{"--exclude-list", "Kyrgyzstan", "--exclude-list", "Birimdik"}},
		{"law", []string{"--rules", "kyrgyzstan-2010"}}, {"base", []string{"--base", "valid", "--seats", "91"}}} {
		_, alone, _ := kenesh(t, append([]string{"tally", "-q", dir, "-f", "csv"}, tt.args...)...)
		for _, line := range strings.Split(strings.TrimSpace(alone), "\n")[1:] {
			_, want, _ := strings.Cut(line, ",nation,")
			if !strings.HasPrefix(lines[0], tt.name+","+want+",0,") {
				t.Errorf("%s, alone %s", lines[0], want)
			}
			lines = lines[1:]
		}
	}
	if len(lines) > 0 {
		t.Errorf("%d more lines", len(lines))
	}
}

// Under each of the laws that are compared a list has what it has under that law alone.
func TestCompareRulesIsEachLawAlone(t *testing.T) {
	laws := rules.Names()
	for _, dir := range []string{"testdata/kyrgyzstan-2020", "testdata/kyrgyzstan-2015"} {
		for _, more := range [][]string{nil, {"--base", "valid"}, {"--seats", "91"}} {
			args := slices.Concat([]string{"tally", "-q", dir, "-f", "csv"}, more)
			code, out, errs := kenesh(t, append(args, "--rules", laws[0], "--compare-rules", strings.Join(laws[1:], ","))...)
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			lines := strings.Split(strings.TrimSpace(out), "\n")[1:]
			for _, law := range laws {
				_, alone, _ := kenesh(t, append(args, "--rules", law)...)
				for _, line := range strings.Split(strings.TrimSpace(alone), "\n")[1:] {
					want := strings.Replace(line, ",nation,", ",", 1) + ",0," // no open seats; then what moved
					if !strings.HasPrefix(lines[0], want) {
						t.Fatalf("%v: %s, alone %s", args, lines[0], want)
					}
					lines = lines[1:]
				}
			}
			if len(lines) > 0 {
				t.Errorf("%d more lines", len(lines))
			}
		}
	}
}

// Scenarios give the same bytes, in every format, in any order of the files.
func TestWhatIfSameBytes(t *testing.T) {
	sameBytes(t, "whatif", "-q", "--scenarios", "testdata/kyrgyzstan-2020/scenarios.yaml")
}

// So does the story of a list.
func TestExplainSameBytes(t *testing.T) { sameBytes(t, "explain", "Mekenchil", "-q", "--all") }

// sameBytes runs a command on the example election in every format, with its files in two
// orders.
func sameBytes(t *testing.T, args ...string) {
	t.Helper()
	t.Chdir(root)
	files, err := filepath.Glob("testdata/kyrgyzstan-2020/*.csv")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, format := range report.Formats() {
		all := append(slices.Clone(args), "-f", format)
		code, want, errs := kenesh(t, append(all, files...)...)
		if code != 0 || want == "" {
			t.Fatalf("%v: exit code %d: %s", all, code, errs)
		}
		slices.Reverse(files)
		if _, got, _ := kenesh(t, append(all, files...)...); got != want {
			t.Errorf("%v differs with the files in another order", all)
		}
	}
}

// A sweep gives the same bytes, in every format, in any order of the files.
func TestSweepSameBytes(t *testing.T) {
	t.Chdir(root)
	files, err := filepath.Glob("testdata/kyrgyzstan-2020/*.csv")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, over := range [][]string{{"--threshold", "0..10%"}, {"--seats", "100..150"}} {
		for _, format := range report.Formats() {
			args := append([]string{"sweep", "-q", "-f", format}, over...)
			code, want, errs := kenesh(t, append(args, files...)...)
			if code != 0 || want == "" {
				t.Fatalf("%v: exit code %d: %s", args, code, errs)
			}
			slices.Reverse(files)
			if _, got, _ := kenesh(t, append(args, files...)...); got != want {
				t.Errorf("%v differs with the files in another order", args)
			}
		}
	}
}

// The same input gives the same bytes: in any order of the files, under any
// locale and time zone, on any number of cores.
func TestSameBytes(t *testing.T) {
	t.Chdir(root)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/kyrgyzstan-2020/*.csv")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	bin := filepath.Join(t.TempDir(), "kenesh")
	if err := os.Symlink(exe, bin); err != nil {
		t.Fatal(err)
	}
	for _, format := range report.Formats() {
		var want string
		for i, env := range []string{"LC_ALL=C", "LC_ALL=C.UTF-8", "LC_ALL=ru_RU.UTF-8", "LC_ALL=ky_KG.UTF-8", "LC_ALL=de_DE.UTF-8", "LC_ALL=tr_TR.UTF-8",
			"LC_ALL=zh_CN.UTF-8", "LC_ALL=ar_EG.UTF-8", "GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=8", "TZ=Asia/Kolkata", "LANG=ja_JP.UTF-8"} {
			order := slices.Clone(files)
			for k := range i {
				order[k%9], order[(k*4+1)%9] = order[(k*4+1)%9], order[k%9]
			}
			cmd := exec.Command(bin, append([]string{"tally", "-q", "-f", format, "--explain"}, order...)...)
			cmd.Env = append(os.Environ(), env)
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s, %s: %v", format, env, err)
			}
			if want == "" {
				want = string(out)
			}
			if string(out) != want {
				t.Errorf("%s under %s with the files as %v differs", format, env, order)
			}
		}
	}
}

// A check gives the same bytes too, in every format, in any order of the files.
func TestCheckSameBytes(t *testing.T) {
	t.Chdir(root)
	files, err := filepath.Glob("testdata/kyrgyzstan-2020/*.csv")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, format := range report.CheckFormats() {
		args := []string{"check", "-q", "-f", format, "--large", "10", "--enable", "INVALID-RATE"}
		_, want, _ := kenesh(t, append(args, files...)...)
		if !strings.Contains(want, "INVALID-RATE") {
			t.Errorf("%s: nothing found", format)
		}
		slices.Reverse(files)
		if _, got, _ := kenesh(t, append(args, files...)...); got != want {
			t.Errorf("%s differs with the files in another order", format)
		}
	}
}

// imports says what each package may import of ours. It is the design's table,
// with document, which the others share for YAML, rehearse, which reads its
// totals with it and needs no returns, and export, which writes returns as ingest
// reads them: report is for results, and of these it knows nothing.
var imports = map[string]string{
	"cmd/kenesh":           "apportion check compare document export finding ingest margin outlook rehearse report returns rules story sweep tally whatif",
	"internal/finding":     "",
	"internal/document":    "finding",
	"internal/returns":     "",
	"internal/ingest":      "document finding returns",
	"internal/apportion":   "",
	"internal/rules":       "apportion document finding",
	"internal/tally":       "apportion check finding returns rules",
	"internal/check":       "finding returns",
	"internal/export":      "finding returns",
	"internal/sweep":       "apportion finding returns rules tally",
	"internal/margin":      "apportion finding returns rules tally",
	"internal/report":      "apportion check compare finding margin outlook returns rules story sweep tally whatif",
	"internal/whatif":      "document finding returns rules tally",
	"internal/story":       "apportion rules tally",
	"internal/compare":     "apportion finding returns rules tally",
	"internal/outlook":     "apportion finding returns rules tally",
	"internal/rehearse":    "document finding",
	"internal/bench":       "finding rehearse",
	"internal/bench/peers": "bench",
}

func TestImportGraph(t *testing.T) {
	t.Chdir(root)
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	users := map[string][]string{} // of each library that is not the standard one
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, "kenesh/")
		allowed, ok := imports[name]
		if !ok {
			t.Errorf("package %s is not in the table: what is its job?", name)
		}
		for _, i := range p.Imports {
			if own, ours := strings.CutPrefix(i, "kenesh/internal/"); ours {
				if !slices.Contains(strings.Fields(allowed), own) {
					t.Errorf("%s imports %s, which the table does not allow", name, own)
				}
			} else if strings.Contains(strings.SplitN(i, "/", 2)[0], ".") {
				module := strings.Join(strings.SplitN(i, "/", 4)[:min(3, strings.Count(i, "/")+1)], "/")
				if !slices.Contains(users[module], name) {
					users[module] = append(users[module], name)
				}
			}
		}
	}
	for module, names := range users {
		if len(names) > 1 {
			t.Errorf("%s is imported by %v; one package should hide it", module, names)
		}
	}
}

// Every code of a finding is stated somewhere, or it would be a promise.
func TestCodesAreUsed(t *testing.T) {
	t.Chdir(root)
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	commands, err := filepath.Glob("cmd/kenesh/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range append(files, commands...) {
		if strings.HasSuffix(f, "_test.go") || filepath.Base(f) == "codes.go" {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(data)
	}
	for _, c := range finding.Codes {
		if !strings.Contains(code.String(), strconv.Quote(c.Name)) {
			t.Errorf("no code states %s", c.Name)
		}
	}
}

// Every flag that takes a file, a name or a word says what it takes, and every
// flag is explained.
func TestFlagsAreExplained(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s is not explained", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&streams{}))
}
