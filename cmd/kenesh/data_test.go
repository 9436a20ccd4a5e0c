package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shared is the folder of real data, which has no licence to be in the
// repository. Tests that want it skip without it.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	dir := os.Getenv("KENESH_DATA")
	if dir == "" {
		t.Skip("KENESH_DATA does not name the folder of real data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	file := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("KENESH_DATA: %v", err)
	}
	return file
}

// The two snapshots of 4 October 2020 as they were taken from the commission's
// site: the machine count without and the manual count with Mekenchil, and what
// decides on it.
func TestKyrgyzstan2020AsPublished(t *testing.T) {
	tests := []struct {
		name, file string
		args       []string
		code       int
		out, err   []string
	}{
		{"machine count on valid votes", "precincts-asu-2399.csv", []string{"--layout", "kyrgyzstan-2020", "--base", "valid", "--expect-precincts", "2399", "--expect-votes", "1920214",
			"--assert", "seats.Birimdik=46", "--assert", "seats.Mekenim Kyrgyzstan=45", "--assert", "seats.Kyrgyzstan=16", "--assert", "seats.Butun Kyrgyzstan=13", "--assert", "qualified.Mekenchil=false"},
			0, []string{"2,399 precincts · votes 1,920,214"}, nil},
		{"manual count on valid votes", "precincts-manual-2413.csv", []string{"--layout", "kyrgyzstan-2020", "--base", "valid", "--expect-precincts", "2413",
			"--assert", "seats.Birimdik=41", "--assert", "seats.Mekenim Kyrgyzstan=40", "--assert", "seats.Kyrgyzstan=15", "--assert", "seats.Butun Kyrgyzstan=12", "--assert", "seats.Mekenchil=12"},
			0, []string{"Mekenchil            132,807              7.04"}, nil},
		{"manual count under the law", "precincts-manual-2413.csv", []string{"--layout", "kyrgyzstan-2020"},
			4, []string{"Mekenchil is in on valid votes (7.04 %); out if 9,898 or more ballots were invalid (0.52 % of those cast)."}, []string{"the outcome is open"}},
		{"the layout is found out", "precincts-manual-2413.csv", nil,
			4, []string{"2,413 precincts · votes 1,887,345"}, []string{"read as layout kyrgyzstan-2020, wide table, comma: 1 file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := shared(t, "data", "kyrgyzstan-2020", tt.file)
			code, out, errs := kenesh(t, append([]string{"tally", file}, tt.args...)...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, errs)
			}
			for _, want := range tt.out {
				if !strings.Contains(out, want) {
					t.Errorf("stdout lacks %q:\n%s", want, out)
				}
			}
			if tt.out == nil && out != "" {
				t.Errorf("stdout has %q, want nothing", out)
			}
			for _, want := range tt.err {
				if !strings.Contains(errs, want) {
					t.Errorf("stderr lacks %q:\n%s", want, errs)
				}
			}
		})
	}
}

// corpusFloor is how many of the hostile files are answered as they should be: all.
const corpusFloor = 287

func TestHostileCorpus(t *testing.T) {
	runner := shared(t, "corpus", "run_corpus.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("the corpus runner needs python3")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bin, result := filepath.Join(dir, "kenesh"), filepath.Join(dir, "report.json")
	if err := os.Symlink(exe, bin); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, runner, "--adapter", filepath.Join(filepath.Dir(runner), "kenesh.py"), "--json", result)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KENESH="+bin, "PYTHONDONTWRITEBYTECODE=1")
	out, _ := cmd.CombinedOutput() // it fails as long as one case does
	data, err := os.ReadFile(result)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var graded struct{ Summary map[string]int }
	if err := json.Unmarshal(data, &graded); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", graded.Summary)
	for _, never := range []string{"WRONG-TOTAL", "CRASH", "HANG", "MEMORY"} {
		if n := graded.Summary[never]; n > 0 {
			t.Errorf("%d cases end in %s:\n%s", n, never, out)
		}
	}
	if n := graded.Summary["PASS"]; n < corpusFloor {
		t.Errorf("%d cases pass, want %d:\n%s", n, corpusFloor, out)
	}
}
