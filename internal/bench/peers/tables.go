package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/bench"
)

// describe prints what the figures depend on.
func (r *rig) describe(ctx context.Context) error {
	duck, err := r.version(ctx)
	if err != nil {
		return err
	}
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return explain("node", err)
	}
	_, nothing, err := process(exec.CommandContext(ctx, r.empty))
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Machine: %s.\n", machine(ctx))
	fmt.Fprintf(r.out, "kenesh built by %s; DuckDB %s (%s) in Node %s.\n", runtime.Version(), duck, duckDB, strings.TrimSpace(string(node)))
	fmt.Fprintf(r.out, "Runs of each: %d, in turn, half of them in each order; warm cache; every answer verified.\n", r.n)
	fmt.Fprintf(r.out, "kenesh: the whole process, with all checks. DuckDB: the query alone, types given. Peaks: whole processes; what is below %.0f MiB does not show.\n",
		math.Ceil(nothing.peak))
	return nil
}

// machine is the processor, its cores, the memory, the system and, because others may
// be at work, the load, as far as the system says.
func machine(ctx context.Context) string {
	cpu := cmp.Or(field("/proc/cpuinfo", "model name"), runtime.GOARCH)
	memory := "memory not known"
	if kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		memory = fmt.Sprintf("%.1f GiB of memory", kb/(1<<20))
	}
	system := runtime.GOOS
	if out, err := exec.CommandContext(ctx, "uname", "-sr").Output(); err == nil {
		system = strings.TrimSpace(string(out))
	}
	load := "not known"
	if data, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(data), " ")
	}
	return fmt.Sprintf("%s, %d cores, %s, %s, %s; load before: %s", cpu, runtime.NumCPU(), memory, system, runtime.GOARCH, load)
}

// field is the first value of that name in a file of lines "name : value", or empty.
func field(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// table prints the head of a Markdown table: the first column is text, the others are numbers.
func (r *rig) table(names ...string) {
	fmt.Fprintln(r.out)
	r.row(names...)
	r.row(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(names)-1)...)...)
}

func (r *rig) row(cells ...string) {
	fmt.Fprintf(r.out, "| %s |\n", strings.Join(cells, " | "))
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }
func mib(m float64) string     { return strconv.FormatFloat(m, 'f', 0, 64) }

// times writes a ratio with the range of the single rounds.
func times(a, longer series) string {
	medians, least, most := a.ratio(longer)
	return fmt.Sprintf("%.2f× (%.2f–%.2f)", medians, least, most)
}

// grouped writes a whole number with commas.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

var orders = map[bench.Shape]string{
	bench.Long: "long", bench.Wide: "wide", bench.ByList: "long, list by list", bench.Shuffled: "long, random order",
}

// peers prints the table of kenesh and DuckDB, and the floor.
func (r *rig) peers(ctx context.Context) error {
	r.table("work", "kenesh s", "DuckDB s", "DuckDB / kenesh", "kenesh peak MiB", "DuckDB peak MiB")
	type floor struct {
		name string
		series
	}
	var floors []floor
	for _, shape := range bench.Shapes {
		f, err := r.file(ctx, shape, r.precincts)
		if err != nil {
			return err
		}
		st, err := os.Stat(f.path)
		if err != nil {
			return err
		}
		rows := f.Rows()
		if shape == bench.Wide {
			rows = f.Precincts
		}
		name := fmt.Sprintf("%s: %s rows, %s MB", orders[shape], grouped(rows), grouped(int((st.Size()+500_000)/1_000_000)))
		low, err := alternate(r.n, f.floor)
		if err != nil {
			return err
		}
		floors = append(floors, floor{name, low[0]})
		for _, q := range questions {
			sql := q.sql(f)
			if sql == "" {
				continue
			}
			what := "DuckDB " + q.what
			r.progress("measuring %s, %s", name, what)
			s, err := alternate(r.n, r.tally(ctx, f), r.query(ctx, f, sql))
			if err != nil {
				return err
			}
			r.row(name+"; "+what, seconds(s[0].median()), seconds(s[1].median()), times(s[0], s[1]), mib(s[0].peak()), mib(s[1].peak()))
		}
		if shape != bench.Long { // which is used again
			if err := r.done(f); err != nil {
				return err
			}
		}
	}
	r.table(fmt.Sprintf("floor: read and count line ends, Go, %d goroutines", runtime.GOMAXPROCS(0)), "s")
	for _, f := range floors {
		r.row(f.name, seconds(f.median()))
	}
	return nil
}

// cores prints how much faster two cores are than one.
func (r *rig) cores(ctx context.Context) error {
	f, err := r.file(ctx, bench.Long, r.precincts)
	if err != nil {
		return err
	}
	r.progress("measuring one core and two")
	s, err := alternate(r.n, r.tally(ctx, f, "GOMAXPROCS=2"), r.tally(ctx, f, "GOMAXPROCS=1"))
	if err != nil {
		return err
	}
	r.table("kenesh, long", "GOMAXPROCS=1 s", "GOMAXPROCS=2 s", "1 / 2", "1: peak MiB", "2: peak MiB")
	r.row(grouped(f.Rows())+" rows", seconds(s[1].median()), seconds(s[0].median()), times(s[0], s[1]), mib(s[1].peak()), mib(s[0].peak()))
	return nil
}

// growth prints how time and memory grow with the rows, a million rows at a time, and
// how far that is from the largest file.
func (r *rig) growth(ctx context.Context) error {
	parts := []int{1, 2, 4, 8}
	var files []voteFile
	var runs []competitor
	for _, k := range parts {
		f, err := r.file(ctx, bench.Long, r.precincts*k/8)
		if err != nil {
			return err
		}
		files = append(files, f)
		runs = append(runs, r.tally(ctx, f))
	}
	r.progress("measuring growth")
	all, err := alternate(r.n, runs...)
	if err != nil {
		return err
	}
	r.table("kenesh, long", "rows", "s", "peak MiB", "s a million rows", "off 8×", "MiB a million rows", "off 8×")
	last := len(parts) - 1
	each := func(k int) (time, memory float64) {
		millions := float64(files[k].Rows()) / 1e6
		return all[k].median() / millions, all[k].peak() / millions
	}
	time8, memory8 := each(last)
	for k, part := range parts {
		time, memory := each(k)
		r.row(fmt.Sprintf("%d×", part), grouped(files[k].Rows()), seconds(all[k].median()), mib(all[k].peak()),
			fmt.Sprintf("%.4f", time), percent(time/time8-1), fmt.Sprintf("%.2f", memory), percent(memory/memory8-1))
		if err := r.done(files[k]); err != nil {
			return err
		}
	}
	return nil
}

func percent(part float64) string { return fmt.Sprintf("%+.1f %%", 100*part) }

// countryRuns is how often a country is counted, at least: it takes milliseconds, of
// which much is chance.
const countryRuns = 30

// country prints what a small country takes, beside what any program takes.
func (r *rig) country(ctx context.Context) error {
	folder := filepath.Join(r.root, "testdata", "kyrgyzstan-2020")
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no files in %s", folder)
	}
	r.progress("measuring a small country")
	command := func(name string, args ...string) competitor {
		return func() (sample, error) {
			_, s, err := process(exec.CommandContext(ctx, name, args...))
			return s, err
		}
	}
	n := max(countryRuns, r.n)
	s, err := alternate(n, command(r.empty), command("cat", files...), command(r.kenesh, "tally", "-q", folder))
	if err != nil {
		return err
	}
	r.table(fmt.Sprintf("2,475 precincts × 17 lists in %d files, %d runs", len(files), n), "median ms", "least ms", "peak MiB")
	for k, name := range []string{"a Go program that does nothing", "cat of the files", "kenesh tally, from the start of the process"} {
		r.row(name, millis(s[k].median()), millis(slices.Min(s[k].seconds())), mib(s[k].peak()))
	}
	return nil
}

func millis(s float64) string { return strconv.FormatFloat(1000*s, 'f', 2, 64) }
