// Peers measures kenesh beside DuckDB, cores beside cores and sizes beside sizes, and
// prints Markdown tables. It is run by make bench-peers, or with flags by
//
//	go run ./internal/bench/peers [-n 6] [-scale 1] [-dir DIR [-keep]]
//
// It makes the files of an election of 1,050,000 precincts and 20 lists, 21 million
// rows, which needs about 4 GB of disk, installs DuckDB into its scratch
// folder from the npm registry, and builds kenesh. Node and npm must be there.
//
// # How it measures
//
// The two run in turn, n times each, half of the times kenesh first and half of the times
// DuckDB. A ratio is that of the medians; beside it stands the range of the ratios of
// the single pairs, which says how much the machine wavered. Every file is read once
// before, so all of it is in the cache of a machine that has the memory. Every
// answer is held against the votes that the file was made from; a wrong one ends the program.
//
// The seconds of kenesh are those of its whole process, kenesh tally --rules plain -f csv:
// it reads, makes every check, keeps every return and writes the result. The
// seconds of DuckDB are those of the query alone, in a fresh process: not the start of
// Node, not the loading of the library. DuckDB is told the type of each column and
// that there is a header, so that it need not find out. It
// has its default of threads, one a core, as has kenesh. All of this favours DuckDB.
//
// "Sums only" is the votes of each list. "With the same checks" adds what kenesh checks
// of good files across rows: no precinct and list twice; in a wide file no precinct
// twice, votes and invalid ballots making up the ballots cast, and these at most the
// registered voters. It counts the faults and could not name them. A query that has the
// names of the lists in it can check a long file in less than half of the time and a sixth
// of the memory; it finds a precinct in two regions as well, and stands in a row of its own.
//
// Peak memory is the largest resident set of the whole process, the largest of
// its runs; Node and the library alone make about 90 MiB of DuckDB's. This program is
// small for its sake, see [bench.PeakMiB], and makes its files in another process.
//
// # What it does not say
//
// Nothing about cold disks, about files that are not clean, about other questions that one may
// put to a database, nor about a DuckDB that has stored the file in its own format.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"kenesh/internal/bench"
)

func main() {
	// SIGPIPE too: nobody reads the tables, and the scratch folder must not stay.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	var err error
	if len(os.Args) > 1 && os.Args[1] == "make" {
		err = makeFile(os.Args[2:])
	} else {
		err = run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case interrupted:
		os.Exit(130)
	case err != nil:
		fmt.Fprintf(os.Stderr, "bench-peers: %v\n", err)
		os.Exit(1)
	}
}

// makeFile is the process that makes a file: make SHAPE PRECINCTS FILE.
func makeFile(args []string) error {
	if len(args) != 3 {
		return errors.New("make: want SHAPE PRECINCTS FILE")
	}
	precincts, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	for _, s := range bench.Shapes {
		if s.String() == args[0] {
			return bench.Election{Precincts: precincts}.WriteFile(args[2], s)
		}
	}
	return fmt.Errorf("make: no shape %q", args[0])
}

// run is the whole program.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("bench-peers", flag.ContinueOnError)
	flags.SetOutput(stderr)
	n := flags.Int("n", 6, "runs of each competitor, half of them in each order")
	scale := flags.Float64("scale", 1, "`part` of the 1,050,000 precincts, to try the program out")
	dir := flags.String("dir", os.TempDir(), "`folder` for a scratch folder, which is removed in the end")
	keep := flags.Bool("keep", false, "work in -dir itself, use the files that are there, and leave them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("found %q, want flags only", flags.Arg(0))
	case *n < 1:
		return fmt.Errorf("found -n %d, want 1 or more", *n)
	case !(*scale > 0 && *scale <= 1): // so that NaN is refused
		return fmt.Errorf("found -scale %v, want more than 0 and at most 1", *scale)
	}
	for _, program := range []string{"node", "npm", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not installed; DuckDB runs in Node and is installed with npm, kenesh is built with Go", program)
		}
	}

	out := &output{w: stdout}
	r := &rig{dir: *dir, keep: *keep, n: *n, out: out, log: stderr}
	// At least 30 precincts, one a region, in an eighth.
	r.precincts = max(8*30, int(bench.Precincts**scale))
	if !*keep {
		if r.dir, err = os.MkdirTemp(*dir, "kenesh-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	}
	for _, step := range []func(context.Context) error{r.prepare, r.describe, r.peers, r.cores, r.growth, r.country} {
		if err := errors.Join(step(ctx), out.err); err != nil {
			return err
		}
	}
	return nil
}

// An output remembers the first error, so that each line need not ask.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

// A rig is what the measurements share.
type rig struct {
	dir       string // the scratch folder
	keep      bool   // its files
	n         int    // runs of each competitor
	precincts int    // of the large files
	out, log  io.Writer

	root   string // the top of the repository
	kenesh string // the programs
	empty  string
	driver string
}

// prepare builds kenesh and a program that does nothing, and installs DuckDB.
func (r *rig) prepare(ctx context.Context) error {
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return err
	}
	var err error
	if r.dir, err = filepath.Abs(r.dir); err != nil {
		return err
	}
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("find the repository: %w", err)
	}
	r.root = filepath.Dir(strings.TrimSpace(string(mod)))

	r.progress("building kenesh")
	r.kenesh = filepath.Join(r.dir, "kenesh")
	// As make build does it.
	if err := r.command(ctx, r.root, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-o", r.kenesh, "./cmd/kenesh"); err != nil {
		return err
	}
	r.empty = filepath.Join(r.dir, "empty")
	if err := os.WriteFile(r.empty+".go", []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		return err
	}
	if err := r.command(ctx, r.dir, "go", "build", "-trimpath", "-o", r.empty, r.empty+".go"); err != nil {
		return err
	}
	return r.installDuckDB(ctx)
}

// command runs a command that the measurements need and whose output nobody does.
func (r *rig) command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// progress says on stderr what takes long.
func (r *rig) progress(format string, args ...any) {
	fmt.Fprintf(r.log, format+" …\n", args...)
}

// A vote file is one on the disk, whose content is known.
type voteFile struct {
	path  string
	shape bench.Shape
	bench.Election
}

// file makes a file, or finds it, and reads it once.
func (r *rig) file(ctx context.Context, s bench.Shape, precincts int) (voteFile, error) {
	f := voteFile{filepath.Join(r.dir, fmt.Sprintf("%v-%d.csv", s, precincts)), s, bench.Election{Precincts: precincts}}
	if _, err := os.Stat(f.path); errors.Is(err, os.ErrNotExist) {
		self, err := os.Executable()
		if err != nil {
			return f, err
		}
		r.progress("making %s", filepath.Base(f.path))
		if err := r.command(ctx, r.dir, self, "make", s.String(), strconv.Itoa(precincts), f.path); err != nil {
			return f, err
		}
	}
	return f, f.warm()
}

// done removes a file that is needed no more.
func (r *rig) done(f voteFile) error {
	if r.keep {
		return nil
	}
	return os.Remove(f.path)
}
