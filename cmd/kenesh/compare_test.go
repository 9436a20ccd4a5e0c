package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/report"
)

// What kenesh compare -f json writes is what its schemas say.
func TestCompareFollowsSchema(t *testing.T) {
	tie := tied(t)
	follow(t, report.ComparisonSchema, [][]string{
		{"compare", "testdata/compare/official.csv", "--with", "testdata/compare/observers.csv"},
		{"compare", "testdata/compare/official.csv", "--rules", "plain", "--key", "region,registered", "--with", "testdata/compare/observers.csv"},
		{"compare", "testdata/kyrgyzstan-2020", "--with", "testdata/kyrgyzstan-2020"},
		{"compare", tie, "--rules", "plain", "--with", tie},
		{"compare", tie, "--with", tie}, // no base
		{"compare", tie, "--ballot", "testdata/elections/israel-2021/ballot.yaml", "--with", tie}, // not counted
	})
	follow(t, report.PriorSchema, [][]string{
		{"compare", "testdata/compare/second.csv", "--prior", "testdata/compare/first.csv"},
		{"compare", tie, "--prior", tie},
	})
}

// A comparison gives the same bytes, in every format, in any order of the files.
func TestCompareSameBytes(t *testing.T) {
	t.Chdir(root)
	files, err := filepath.Glob("testdata/kyrgyzstan-2020/*.csv")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	dir := t.TempDir()
	if code, _, errs := kenesh(t, "rehearse", "-q", "--totals", "testdata/kyrgyzstan-2020/totals.yaml", "--precincts", "2475", "--seed", "9",
		"--faults", "exchanged-lists=9,shifted-row=9,digit-slip=9,missing-precinct=5,copied-precinct=5", "-o", dir); code != 0 {
		t.Fatal(errs)
	}
	others, err := filepath.Glob(dir + "/*.csv")
	if err != nil || len(others) != 9 {
		t.Fatalf("%d files, %v", len(others), err)
	}
	for _, flag := range []string{"--with", "--prior"} {
		for _, format := range report.Formats() {
			for _, rows := range report.ComparisonRows() {
				var want string
				for turn := range 2 {
					first, last := files[0], others[0]
					args := []string{"compare", "-q", "-f", format}
					if flag == "--with" {
						args = append(args, "--rows", rows)
					}
					got := slices.Concat(args, files, []string{flag, others[0]}, others[1:])
					code, out, errs := kenesh(t, got...)
					if code != 0 || out == "" && (flag == "--with" || format != "jsonl") {
						t.Fatalf("%v: exit code %d: %s", got, code, errs)
					}
					if turn == 0 {
						want = out
					} else if out = strings.ReplaceAll(strings.ReplaceAll(out, files[0], "A"), others[0], "B"); format == "json" || format == "table" || format == "markdown" {
						// These name the files, in their order.
						if a, b := len(strings.Split(out, "\n")), len(strings.Split(want, "\n")); a != b {
							t.Errorf("%s %s has %d lines, with the files in another order %d", flag, format, b, a)
						}
					} else if out != want {
						t.Errorf("%s %s of %s differs with the files in another order", flag, format, rows)
					}
					if files[0] != first || others[0] != last {
						t.Fatal("the order of files was changed")
					}
					slices.Reverse(files)
					slices.Reverse(others)
				}
			}
		}
	}
}

// The machine and the manual count of 4 October 2020, joined by region and the share of
// voters who had changed their address, where no other precinct has both.
func TestCompareKyrgyzstan2020(t *testing.T) {
	machine, manual := shared(t, "data", "kyrgyzstan-2020", "precincts-asu-2399.csv"), shared(t, "data", "kyrgyzstan-2020", "precincts-manual-2413.csv")
	code, out, errs := kenesh(t, "compare", machine, "--with", manual, "--base", "valid")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{
		"2,281 precincts in both, by region and form2_percent · 60 only in A · 57 only in B · 58 of A and 75 of B not joined",
		"The same in every list: 1,929 · in the sum of all lists: 1,932 ·",
		"The sum of all lists differs by more than 50 in 41 precincts\n",
		"votes                1,834,201  1,829,197  −5,004   25,510  305    44  1,932   3.46e-49   +1,529     −1,353\n",
		"Birimdik −5, Mekenim Kyrgyzstan −5, Kyrgyzstan −1, Butun Kyrgyzstan −1, Mekenchil +12 (in).",
		"From A to B in the joined precincts alone: no seat moves, and the same lists qualify.",
		"Mekenchil misses 7 %                                             1,118.0  −228.3    20.4 %\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if !strings.Contains(errs, `58 precincts of A are joined with none, for the key is not of one precinct alone in both counts; the first is "321" with "Batken oblast/0.0"`) {
		t.Error(errs)
	}
	// Of the key that is no number one pair is joined: the manual count has another in Osh oblast alone.
	_, out, _ = kenesh(t, "compare", machine, "--with", manual, "--rows", "precincts", "-f", "csv")
	if n := strings.Count(out, "/inf,"); n != 1 || !strings.Contains(out, "\nb,Osh oblast/inf,,1150,") {
		t.Errorf("%d rows have a key inf", n)
	}
}
