package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/bench"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{8, 1, 2, 4}, 3},
		{[]float64{3, 3, 1, 3}, 3},
	} {
		before := slices.Clone(c.list)
		if got := median(c.list); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.list, got, c.want)
		}
		if !slices.Equal(c.list, before) {
			t.Errorf("median(%v) changes the order to %v", before, c.list)
		}
	}
}

// The competitors take turns, in both orders, and the samples stay with who made them.
func TestAlternate(t *testing.T) {
	for _, c := range []struct {
		n    int
		want string
	}{{1, "ab"}, {2, "ab ba"}, {5, "ab ab ab ba ba"}, {6, "ab ab ab ba ba ba"}} {
		ran := ""
		of := func(name string, seconds float64) competitor {
			return func() (sample, error) {
				ran += name
				return sample{seconds: seconds}, nil
			}
		}
		all, err := alternate(c.n, of("a", 1), of("b", 2))
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.ReplaceAll(c.want, " ", ""); ran != want {
			t.Errorf("%d rounds run %s, want %s", c.n, ran, want)
		}
		for k, want := range []float64{1, 2} {
			if len(all[k]) != c.n || all[k].median() != want {
				t.Errorf("%d rounds: competitor %d has %v", c.n, k, all[k])
			}
		}
	}
	wrong := errors.New("wrong")
	if _, err := alternate(2, func() (sample, error) { return sample{}, wrong }); err != wrong {
		t.Errorf("the error of a competitor becomes %v", err)
	}
}

func TestRatio(t *testing.T) {
	short := series{{seconds: 1, peak: 10}, {seconds: 2, peak: 30}, {seconds: 4, peak: 20}}
	long := series{{seconds: 8}, {seconds: 6}, {seconds: 12}}
	if got, want := times(short, long), "4.00× (3.00–8.00)"; got != want {
		t.Errorf("times = %q, want %q", got, want)
	}
	if got := short.peak(); got != 30 {
		t.Errorf("peak = %v, want the largest, 30", got)
	}
}

// tiny returns a file that is not there, of an election of 60 precincts.
func tiny(s bench.Shape) voteFile {
	return voteFile{"it's.csv", s, bench.Election{Precincts: 60}}
}

func TestVerify(t *testing.T) {
	f := tiny(bench.Long)
	name := f.Lists()[1]
	for _, c := range []struct {
		what   string
		change func(map[string]int64)
		want   string // part of the error
	}{
		{"the votes of the file", func(map[string]int64) {}, ""},
		{"one vote more", func(v map[string]int64) { v[name]++ }, fmt.Sprintf("%q has 1261 votes, want 1260", name)},
		{"votes of another list", func(v map[string]int64) { v[name], v[f.Lists()[2]] = v[f.Lists()[2]], v[name] }, name},
		{"no such list", func(v map[string]int64) { v["Nobody"] = 0 }, `there is no list "Nobody"`},
		{"a list is missing", func(v map[string]int64) { delete(v, name) }, "has 0 votes"},
		{"nothing", func(v map[string]int64) { clear(v) }, "has 0 votes"},
	} {
		votes := f.Votes()
		c.change(votes)
		err := f.verify("X", votes)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}

func TestAnswerVotes(t *testing.T) {
	lists := []string{"A", "B"}
	cell := func(values ...string) []*string {
		var row []*string
		for _, v := range values {
			if v == "NULL" {
				row = append(row, nil)
			} else {
				row = append(row, &v)
			}
		}
		return row
	}
	long := []string{"list", "votes", "twice"}
	for _, c := range []struct {
		what string
		answer
		want  map[string]int64
		fault string
	}{
		{"sums of a long file", answer{Columns: long[:2], Rows: [][]*string{cell("B", "3"), cell("A", "9")}}, map[string]int64{"A": 9, "B": 3}, ""},
		{"sums of a wide file", answer{Columns: lists, Rows: [][]*string{cell("9", "3")}}, map[string]int64{"A": 9, "B": 3}, ""},
		{"checks without faults", answer{Columns: long, Rows: [][]*string{cell("A", "9", "0"), cell("NULL", "NULL", "0")}}, map[string]int64{"A": 9}, ""},
		{"a fault", answer{Columns: long, Rows: [][]*string{cell("A", "9", "0"), cell("NULL", "NULL", "2")}}, nil, `finds "twice"`},
		{"a fault in a wide file", answer{Columns: []string{"A", "x"}, Rows: [][]*string{cell("9", "1")}}, nil, `finds "x"`},
		{"no number", answer{Columns: lists, Rows: [][]*string{cell("9", "3.5")}}, nil, "3.5"},
		{"no rows", answer{Columns: lists}, nil, "no votes"},
	} {
		got, err := c.votes(lists)
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: %v, %v, want the error %q", c.what, got, err, c.fault)
			}
			continue
		}
		if !maps.Equal(got, c.want) || err != nil {
			t.Errorf("%s: %v, %v, want %v", c.what, got, err, c.want)
		}
	}
}

// Names and paths are quoted as SQL asks.
func TestQueriesQuote(t *testing.T) {
	for _, s := range bench.Shapes {
		f := tiny(s)
		for _, q := range questions {
			sql := q.sql(f)
			if sql == "" && s == bench.Wide {
				continue
			}
			if !strings.Contains(sql, "read_csv('it''s.csv', header = true, columns = {'precinct': 'BIGINT', ") {
				t.Errorf("%v: the file is not in %s", s, sql)
			}
			if strings.Count(sql, "'")%2 != 0 {
				t.Errorf("%v: quotes do not match in %s", s, sql)
			}
			if s == bench.Wide && (!strings.Contains(sql, `sum("National People's Congress")`) || !strings.Contains(sql, `'National People''s Congress': 'BIGINT'`)) {
				t.Errorf("%v: a list is not summed in %s", s, sql)
			}
		}
	}
}

// Lines are counted once, wherever the sections of a file meet.
func TestCountLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines")
	for _, text := range []string{"", "\n", "a", "a\nb\n", "a\nb", strings.Repeat("\n", 1001), strings.Repeat("0123456\n", 100_003)} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := countLines(path)
		if want := strings.Count(text, "\n"); got != want || err != nil {
			t.Errorf("%d bytes: %d lines, %v, want %d", len(text), got, err, want)
		}
	}
	if _, err := countLines(path + "-none"); err == nil {
		t.Error("a file that is not there was counted")
	}
}

// What kenesh makes of the files is what they were made from, and another file under
// the same name is noticed.
func TestKeneshAnswers(t *testing.T) {
	dir := t.TempDir()
	r := &rig{kenesh: filepath.Join(dir, "kenesh")}
	if err := r.command(t.Context(), "", "go", "build", "-o", r.kenesh, "kenesh/cmd/kenesh"); err != nil {
		t.Fatal(err)
	}
	for _, s := range bench.Shapes {
		f := tiny(s)
		f.path = filepath.Join(dir, s.String())
		if err := makeFile([]string{s.String(), "60", f.path}); err != nil {
			t.Fatal(err)
		}
		if err := f.warm(); err != nil {
			t.Error(err)
		}
		all, err := alternate(2, r.tally(t.Context(), f), r.tally(t.Context(), f, "GOMAXPROCS=1"))
		if err != nil {
			t.Error(err)
			continue
		}
		if all[0].median() <= 0 {
			t.Errorf("%v: no time was measured: %v", s, all[0])
		}
		f.Precincts++
		if err := f.warm(); err == nil {
			t.Errorf("%v: a file of another size is not noticed", s)
		}
		if _, err := r.tally(t.Context(), f)(); err == nil || !strings.Contains(err.Error(), "WRONG ANSWER of kenesh") {
			t.Errorf("%v: a wrong answer is not noticed: %v", s, err)
		}
	}
	if _, err := r.tally(t.Context(), tiny(bench.Long))(); err == nil || !strings.Contains(err.Error(), "it's.csv") {
		t.Errorf("kenesh failed, and the error is %v", err)
	}
}

func TestNationVotes(t *testing.T) {
	const text = "contest,area,list_id,list,votes,share\n" +
		"plain,nation,a,\"A, B\",9,0.75\nplain,nation,c,C,3,0.25\nplain,North,a,\"A, B\",7,0.7\n"
	got, err := nationVotes([]byte(text))
	if want := map[string]int64{"A, B": 9, "C": 3}; !maps.Equal(got, want) || err != nil {
		t.Errorf("nationVotes = %v, %v, want %v", got, err, want)
	}
	for _, bad := range []string{"", "contest,area,list\n", "area,list,votes\nnation,A,many\n"} {
		if got, err := nationVotes([]byte(bad)); err == nil {
			t.Errorf("nationVotes(%q) = %v, want an error", bad, got)
		}
	}
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	r := &rig{out: &b}
	r.table("work", "s", "MiB")
	r.row("long", seconds(1.23456), mib(169.6))
	if want := "\n| work | s | MiB |\n| --- | ---: | ---: |\n| long | 1.235 | 170 |\n"; b.String() != want {
		t.Errorf("the table is\n%s\nwant\n%s", b.String(), want)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 21_000_000: "21,000,000", 210_000: "210,000"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
	if got, want := percent(-0.0314), "-3.1 %"; got != want {
		t.Errorf("percent = %q, want %q", got, want)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"file.csv"}, `found "file.csv", want flags only`},
		{[]string{"-n", "0"}, "found -n 0"},
		{[]string{"-scale", "2"}, "found -scale 2"},
		{[]string{"-scale", "NaN"}, "found -scale NaN"},
		{nil, "node is not installed"},
	} {
		t.Setenv("PATH", t.TempDir())
		err := run(context.Background(), c.args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("run(%q) = %v, want %q", c.args, err, c.want)
		}
	}
	if err := makeFile([]string{"round", "60", filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("a file of an unknown shape was made")
	}
}

// What a failed process said is in the error.
func TestExplain(t *testing.T) {
	_, _, err := process(exec.Command("go", "no-such-command"))
	if err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("the error is %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

// A table that cannot be written is an error, the first one.
func TestOutputRemembers(t *testing.T) {
	out := &output{w: full{}}
	r := &rig{out: out}
	r.table("work", "s")
	out.w = io.Discard
	r.row("long", "1")
	if out.err == nil {
		t.Error("the error of the first line is lost")
	}
}
