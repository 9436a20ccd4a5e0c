package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

// Precincts is how many the largest election has: India's polling stations.
const Precincts = 1_050_000

// Names are made up, of the lengths and with the apostrophes that real ones have, because
// most of the bytes of a long file are names.
var (
	lists = []string{
		"National People's Congress", "Union of the Democratic Centre", "Green Future", "Workers and Peasants Party",
		"Alliance of the South", "Liberal Forum", "Party of the Free Homeland", "Social Justice",
		"Christian Democrats", "Pensioners' and Veterans' Voice", "New Generation", "Movement for Change",
		"Farmers' and Landowners' League", "Republican Bloc of the Regions", "Civic Platform", "Northern Unity Front",
		"Pirate Party", "Reform and Progress", "National Women's List", "Against all candidates",
	}
	regions = []string{
		"Andhra Pradesh", "Arunachal Pradesh", "Assam", "Bihar", "Chhattisgarh", "Delhi", "Goa", "Gujarat",
		"Haryana", "Himachal Pradesh", "Jammu and Kashmir", "Jharkhand", "Karnataka", "Kerala", "Madhya Pradesh",
		"Maharashtra", "Manipur", "Meghalaya", "Mizoram", "Nagaland", "Odisha", "Punjab", "Rajasthan", "Sikkim",
		"Tamil Nadu", "Telangana", "Tripura", "Uttarakhand", "Uttar Pradesh", "West Bengal",
	}
)

// An Election is made up, of 20 lists and 30 regions. In it 772 of 950 voters a
// precinct take part, and 12 of them invalidly.
type Election struct {
	Precincts int // in the nation, at least one in each of the 30 regions
}

// Lists are the names of the lists in ballot order.
func (e Election) Lists() []string { return lists }

// Rows is how many rows the data has when each precinct and list has one.
func (e Election) Rows() int { return e.Precincts * len(lists) }

// Votes are those of each list in the nation, by name. No two lists have the same, so
// that votes which went to another list show.
func (e Election) Votes() map[string]int64 {
	votes := map[string]int64{}
	for l, name := range lists {
		votes[name] = int64(e.Precincts) * int64(19+2*l) // 38 in the mean
	}
	return votes
}

// totals are the election as if a commission had published it.
func (e Election) totals() (*rehearse.Totals, error) {
	n := int64(e.Precincts)
	var b strings.Builder
	fmt.Fprintf(&b, "title: Bench\nsources: [made up]\nregistered: %d\ncast: %d\ninvalid: %d\nlists-complete: true\nlists:\n", 950*n, 772*n, 12*n)
	votes := e.Votes()
	for _, name := range lists {
		fmt.Fprintf(&b, "  %q: %d\n", name, votes[name])
	}
	b.WriteString("regions:\n")
	for r, name := range regions {
		fmt.Fprintf(&b, "  - {name: %s Division, file: region-%02d.csv, precincts: 1}\n", name, r+1)
	}
	var log finding.Log
	t, ok := rehearse.Parse("bench.yaml", []byte(b.String()), &log)
	if !ok {
		return nil, errors.New(log.Sorted()[0].String())
	}
	return t, nil
}

// A Shape is how an election lies in a file.
type Shape int

const (
	Long     Shape = iota // a row for each precinct and list, precinct by precinct
	Wide                  // a row for each precinct
	ByList                // the rows of Long, list by list, each in the order of the precincts
	Shuffled              // the rows of Long in a random order
)

var shapes = [...]string{"long", "wide", "by-list", "shuffled"}

// Shapes are all shapes.
var Shapes = []Shape{Long, Wide, ByList, Shuffled}

func (s Shape) String() string { return shapes[s] }

// WriteFile makes one file of the whole election. It appears under its name when it
// is complete and on the disk, so that its writing disturbs no measurement. It is the same
// on every machine. Beside the file stand, meanwhile, parts of its size; memory
// does not grow with it.
func (e Election) WriteFile(path string, s Shape) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	unfinished := filepath.Join(dir, "unfinished")
	out, err := os.Create(unfinished)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<20)
	err = e.write(w, s, dir)
	if err := errors.Join(err, w.Flush(), out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(unfinished, path)
}

// write makes the file; its parts, if it needs any, are put into dir.
func (e Election) write(w io.Writer, s Shape, dir string) (err error) {
	t, err := e.totals()
	if err != nil {
		return err
	}
	files, err := rehearse.Make(t, rehearse.Options{Precincts: e.Precincts, Seed: 1, Long: s != Wide})
	if err != nil {
		return err
	}
	row := func(line []byte) error { _, err := w.Write(line); return err }
	end := func() error { return nil }
	parts := scatter{dir: dir}
	defer func() { err = errors.Join(err, parts.close()) }()
	switch s {
	case ByList:
		parts.n = len(lists)
		row, end = parts.inTurn, func() error { return parts.gather(w, whole) }
	case Shuffled:
		parts.n = 1 + e.Rows()/shuffledRows
		rng := newRandom()
		row, end = parts.atRandom(rng), func() error { return parts.gather(w, shuffled(rng)) }
	}
	for i, f := range files {
		header := true
		each := func(line []byte) error {
			if !header {
				return row(line)
			}
			header = false
			if i > 0 {
				return nil // one is enough
			}
			_, err := w.Write(line)
			return err
		}
		if _, err := f.WriteTo(&lines{each: each}); err != nil {
			return err
		}
	}
	return end()
}

// lines passes on what is written to it line by line.
type lines struct {
	each func(line []byte) error // with its end; reused for the next one
	open []byte                  // a line whose end has not come yet
}

func (l *lines) Write(p []byte) (int, error) {
	rest := p
	for {
		n := indexLine(rest)
		if n < 0 {
			l.open = append(l.open, rest...)
			return len(p), nil
		}
		line := rest[:n]
		if len(l.open) > 0 {
			l.open = append(l.open, line...)
			line = l.open
		}
		if err := l.each(line); err != nil {
			return len(p) - len(rest), err
		}
		l.open = l.open[:0]
		rest = rest[n:]
	}
}
