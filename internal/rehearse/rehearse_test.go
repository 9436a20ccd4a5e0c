package rehearse_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

func ExampleMake() {
	totals := &rehearse.Totals{
		Title:      "a small country",
		Lists:      []rehearse.List{{Name: "Alma", Votes: 300}, {Name: "Örük, Nan", Votes: 150}},
		Registered: rehearse.Figure{N: 900, Known: true},
		Cast:       rehearse.Figure{N: 460, Known: true},
		Invalid:    rehearse.Figure{N: 10, Known: true},
		Complete:   true,
		Regions: []rehearse.Region{
			{Name: "North", File: "north.csv", Precincts: 2, Votes: []int64{2, 1}},
			{Name: "South", File: "south.csv", Precincts: 1, Votes: []int64{1, 2}},
		},
	}
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: 5, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range files {
		fmt.Println(f.Name)
		if _, err := f.WriteTo(os.Stdout); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// north.csv
	// precinct,region,registered,cast,invalid,Alma,"Örük, Nan"
	// 11,North,78,44,0,43,1
	// 12,North,102,54,2,37,15
	// 13,North,420,158,4,120,34
	// south.csv
	// precinct,region,registered,cast,invalid,Alma,"Örük, Nan"
	// 21,South,133,84,1,44,39
	// 22,South,167,120,3,56,61
}

// collect copies the precincts of a file out of its iterator.
func collect(f rehearse.File) []rehearse.Precinct {
	var list []rehearse.Precinct
	for p := range f.All() {
		p.Votes = slices.Clone(p.Votes)
		list = append(list, p)
	}
	return list
}

// conserved checks everything that a split owes to its totals, element by element.
func conserved(t *testing.T, totals *rehearse.Totals, o rehearse.Options) {
	t.Helper()
	files, err := rehearse.Make(totals, o)
	if err != nil {
		t.Fatalf("Make(%+v, %+v): %v", totals, o, err)
	}
	if len(files) != len(totals.Regions) {
		t.Fatalf("%d files, want one for each of %d regions", len(files), len(totals.Regions))
	}
	got := rehearse.Totals{Lists: make([]rehearse.List, len(totals.Lists))}
	precincts, last := 0, int64(0)
	for _, f := range files {
		n := 0
		for p := range f.All() {
			n++
			if p.Number <= last || last > 0 && len(fmt.Sprint(p.Number)) != len(fmt.Sprint(last)) {
				t.Fatalf("precinct %d after %d, want ascending numbers of one length", p.Number, last)
			}
			last = p.Number
			counted := p.Invalid
			for l, v := range p.Votes {
				if v < 0 {
					t.Fatalf("precinct %d: list %d has %d votes", p.Number, l, v)
				}
				counted += v
				got.Lists[l].Votes += v
			}
			got.Registered.N += p.Registered
			got.Cast.N += p.Cast
			got.Invalid.N += p.Invalid
			switch {
			case p.Invalid < 0, !totals.Invalid.Known && p.Invalid != 0:
				t.Fatalf("precinct %d: %d invalid", p.Number, p.Invalid)
			case totals.Cast.Known && counted > p.Cast:
				t.Fatalf("precinct %d: votes + invalid = %d, more than %d cast", p.Number, counted, p.Cast)
			case totals.Cast.Known && totals.Invalid.Known && totals.Complete && counted != p.Cast:
				t.Fatalf("precinct %d: votes + invalid = %d, want the %d cast", p.Number, counted, p.Cast)
			case totals.Registered.Known && (p.Registered < 1 || p.Registered < p.Cast || p.Registered < counted):
				t.Fatalf("precinct %d: %d registered, %d cast, %d counted", p.Number, p.Registered, p.Cast, counted)
			}
		}
		if n != f.Precincts || n == 0 {
			t.Fatalf("%s: %d precincts, want %d and at least 1", f.Name, n, f.Precincts)
		}
		precincts += n
	}
	if precincts != o.Precincts {
		t.Fatalf("%d precincts, want %d", precincts, o.Precincts)
	}
	for l := range got.Lists {
		if got.Lists[l].Votes != totals.Lists[l].Votes {
			t.Errorf("list %d: %d votes, want %d", l, got.Lists[l].Votes, totals.Lists[l].Votes)
		}
	}
	for _, c := range []struct {
		name      string
		got, want rehearse.Figure
	}{{"registered", got.Registered, totals.Registered}, {"cast", got.Cast, totals.Cast}, {"invalid", got.Invalid, totals.Invalid}} {
		if c.got.N != c.want.N {
			t.Errorf("%s: %d, want %d", c.name, c.got.N, c.want.N)
		}
	}
}

// random draws totals that do not contradict themselves, of any size.
func random(r *rand.Rand) (*rehearse.Totals, rehearse.Options) {
	o := rehearse.Options{Seed: r.Uint64()}
	t := &rehearse.Totals{Title: "random", Complete: r.IntN(2) == 0}
	lists, regions := 1+r.IntN(20), 1+r.IntN(12)
	room := int64(1) << r.IntN(58) // 20 lists of it stay below 2^63
	for l := range lists {
		v := r.Int64N(room)
		if r.IntN(5) == 0 {
			v = 0
		}
		t.Lists = append(t.Lists, rehearse.List{Name: fmt.Sprint("list ", l), Votes: v})
	}
	t.Lists[0].Votes++
	var all int64
	for _, l := range t.Lists {
		all += l.Votes
	}
	if r.IntN(2) == 0 {
		t.Invalid = rehearse.Figure{N: r.Int64N(room), Known: true}
		all += t.Invalid.N
	}
	if r.IntN(3) > 0 {
		if !(t.Complete && t.Invalid.Known) {
			all += r.Int64N(room)
		}
		t.Cast = rehearse.Figure{N: all, Known: true}
	}
	o.Precincts = regions + r.IntN(300)
	if r.IntN(3) > 0 {
		if r.IntN(2) == 0 {
			all += r.Int64N(room)
		}
		t.Registered = rehearse.Figure{N: all, Known: true}
	}
	own, voters := r.IntN(2) == 0, r.IntN(2) == 0
	for i := range regions {
		g := rehearse.Region{Name: fmt.Sprint("region ", i), File: fmt.Sprint(i, ".csv"), Precincts: 1 + r.Int64N(50)}
		if voters {
			g.Registered = 1 + r.Int64N(room)
		}
		if own {
			for range lists {
				g.Votes = append(g.Votes, r.Int64N(3)*r.Int64N(room))
			}
		}
		t.Regions = append(t.Regions, g)
	}
	if own {
		for l := range lists {
			t.Regions[r.IntN(regions)].Votes[l]++
		}
	}
	return t, o
}

func TestConservesEveryTotal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	done := 0
	for range 1500 {
		totals, o := random(r)
		if _, err := rehearse.Make(totals, o); err != nil {
			if !strings.Contains(err.Error(), "registered voters for") {
				t.Fatalf("Make(%+v, %+v): %v", totals, o, err)
			}
			continue // more precincts than voters in some region, refused with reason
		}
		done++
		conserved(t, totals, o)
		if t.Failed() {
			t.Fatalf("totals %+v, options %+v", totals, o)
		}
	}
	if done < 500 {
		t.Errorf("only %d of 1500 random totals could be split", done)
	}
}

func TestConservesExtremes(t *testing.T) {
	known := func(n int64) rehearse.Figure { return rehearse.Figure{N: n, Known: true} }
	one := []rehearse.Region{{Name: "all", File: "all.csv", Precincts: 1}}
	two := []rehearse.Region{{Name: "a", File: "a.csv", Precincts: 1}, {Name: "b", File: "b.csv", Precincts: 1_000_000}}
	lists := func(votes ...int64) (list []rehearse.List) {
		for l, v := range votes {
			list = append(list, rehearse.List{Name: fmt.Sprint(l), Votes: v})
		}
		return list
	}
	const huge = 1<<62 - 1
	for _, c := range []struct {
		name      string
		totals    rehearse.Totals
		precincts int
	}{
		{"one precinct", rehearse.Totals{Lists: lists(3, 4), Cast: known(7), Registered: known(7), Regions: one}, 1},
		{"as many precincts as regions", rehearse.Totals{Lists: lists(3, 4), Regions: two}, 2},
		{"a list with no vote", rehearse.Totals{Lists: lists(0, 500, 0), Cast: known(600), Regions: two}, 100},
		{"more precincts than votes", rehearse.Totals{Lists: lists(1, 2), Invalid: known(1), Cast: known(4), Registered: known(5000), Regions: one}, 1000},
		{"more precincts than votes, voters not known", rehearse.Totals{Lists: lists(1, 2), Regions: two}, 1000},
		{"as many voters as precincts", rehearse.Totals{Lists: lists(100), Cast: known(250), Registered: known(300), Regions: one}, 300},
		{"all voters took part", rehearse.Totals{Lists: lists(700, 200), Invalid: known(100), Cast: known(1000), Registered: known(1000), Complete: true, Regions: one}, 900},
		{"all ballots invalid but one", rehearse.Totals{Lists: lists(1), Invalid: known(9999), Cast: known(10000), Complete: true, Regions: two}, 50},
		{"registered but not cast", rehearse.Totals{Lists: lists(70, 30), Registered: known(900), Regions: one}, 30},
		{"near 2^62", rehearse.Totals{Lists: lists(huge/2, huge/3, 1), Cast: known(huge - 5), Registered: known(huge), Regions: two}, 2000},
		{"the largest number", rehearse.Totals{Lists: lists(math.MaxInt64-10, 0, 10), Cast: known(math.MaxInt64), Registered: known(math.MaxInt64), Regions: two}, 2000},
		{"the largest proportions", rehearse.Totals{Lists: lists(huge, huge), Registered: known(math.MaxInt64), Regions: []rehearse.Region{
			{Name: "a", File: "a.csv", Precincts: math.MaxInt64 - 1, Registered: math.MaxInt64 - 1, Votes: []int64{math.MaxInt64 - 1, 1}},
			{Name: "b", File: "b.csv", Precincts: 1, Registered: 1, Votes: []int64{1, math.MaxInt64 - 1}}}}, 2000},
		{"ballots beyond a region's share of the voters", rehearse.Totals{Lists: lists(600), Registered: known(700), Regions: []rehearse.Region{
			{Name: "a", File: "a.csv", Precincts: 1, Registered: 1, Votes: []int64{9}},
			{Name: "b", File: "b.csv", Precincts: 1, Registered: 9, Votes: []int64{1}}}}, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(20) {
				conserved(t, &c.totals, rehearse.Options{Precincts: c.precincts, Seed: seed})
			}
		})
	}
}

// Regional figures are proportions: every part is the exact share of the national
// figure, rounded down or up.
func TestRegionsGetTheirExactShare(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	checked := 0
	for range 300 {
		totals, o := random(r)
		files, err := rehearse.Make(totals, o)
		if err != nil || totals.Regions[0].Votes == nil {
			continue
		}
		for l, list := range totals.Lists {
			all := new(big.Int)
			for _, g := range totals.Regions {
				all.Add(all, big.NewInt(g.Votes[l]))
			}
			for i, f := range files {
				got := int64(0)
				for p := range f.All() {
					got += p.Votes[l]
				}
				// |got - votes * part / all| < 1, without the division
				off := new(big.Int).Mul(big.NewInt(list.Votes), big.NewInt(totals.Regions[i].Votes[l]))
				off.Sub(new(big.Int).Mul(big.NewInt(got), all), off)
				if off.CmpAbs(all) >= 0 {
					t.Fatalf("list %d in region %d: %d votes, want %d * %d / %d", l, i, got, list.Votes, totals.Regions[i].Votes[l], all)
				}
				checked++
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d figures were looked at", checked)
	}
}

// In words: how regional figures are rounded, and what happens when they contradict.
func TestRegionalFigures(t *testing.T) {
	for _, c := range []struct {
		name             string
		votes            int64
		registered       rehearse.Figure
		voters, of       []int64 // proportions of the regions
		wantVotes, wantR []int64
	}{
		{"the largest remainder is rounded up", 10, rehearse.Figure{}, nil, []int64{1, 3, 5}, []int64{1, 3, 6}, nil},
		{"of equal remainders the first", 10, rehearse.Figure{}, nil, []int64{1, 1, 1}, []int64{4, 3, 3}, nil},
		{"a region without votes", 10, rehearse.Figure{}, nil, []int64{0, 1, 0}, []int64{0, 10, 0}, nil},
		{"voters by their own proportions", 10, rehearse.Figure{N: 100, Known: true}, []int64{1, 2, 1}, []int64{1, 3, 5}, []int64{1, 3, 6}, []int64{25, 50, 25}},
		{"no fewer voters than votes", 60, rehearse.Figure{N: 100, Known: true}, []int64{1, 5, 4}, []int64{4, 1, 1}, []int64{40, 10, 10}, []int64{40, 33, 27}},
	} {
		t.Run(c.name, func(t *testing.T) {
			totals := &rehearse.Totals{Title: "t", Lists: []rehearse.List{{Name: "A", Votes: c.votes}}, Registered: c.registered}
			for r := range c.of {
				g := rehearse.Region{Name: fmt.Sprint(r), File: fmt.Sprint(r, ".csv"), Precincts: 1, Votes: c.of[r : r+1]}
				if c.voters != nil {
					g.Registered = c.voters[r]
				}
				totals.Regions = append(totals.Regions, g)
			}
			files, err := rehearse.Make(totals, rehearse.Options{Precincts: len(c.of)})
			if err != nil {
				t.Fatal(err)
			}
			var votes, registered []int64
			for _, f := range files {
				for p := range f.All() {
					votes = append(votes, p.Votes[0])
					if c.registered.Known {
						registered = append(registered, p.Registered)
					}
				}
			}
			if !slices.Equal(votes, c.wantVotes) || !slices.Equal(registered, c.wantR) {
				t.Errorf("votes %d, registered %d; want %d, %d", votes, registered, c.wantVotes, c.wantR)
			}
		})
	}
}

func TestMakeRefuses(t *testing.T) {
	good := func() *rehearse.Totals {
		return &rehearse.Totals{Title: "t", Lists: []rehearse.List{{Name: "A", Votes: 5}}, Registered: rehearse.Figure{N: 20, Known: true},
			Regions: []rehearse.Region{{Name: "a", File: "a.csv", Precincts: 9}, {Name: "b", File: "b.csv", Precincts: 1}}}
	}
	for _, c := range []struct {
		name      string
		break_    func(*rehearse.Totals)
		precincts int
		want      string
	}{
		{"fewer precincts than regions", func(*rehearse.Totals) {}, 1, "found 1 precincts for 2 regions, want at least one in each"},
		{"no precinct", func(*rehearse.Totals) {}, 0, "found 0 precincts for 2 regions, want at least one in each"},
		{"too many precincts", func(*rehearse.Totals) {}, rehearse.MaxPrecincts + 1, "found 10000001 precincts, want at most 10000000"},
		{"more precincts than voters", func(*rehearse.Totals) {}, 30, `region "a" has 18 registered voters for 27 precincts, want one in each at least`},
		{"no region", func(t *rehearse.Totals) { t.Regions = nil }, 5, "no region"},
		{"negative votes", func(t *rehearse.Totals) { t.Lists[0].Votes = -1 }, 5, "found -1 votes"},
		{"a figure that is not known", func(t *rehearse.Totals) { t.Cast.N = 7 }, 5, "cast: found 7 for a figure that is not known"},
		{"negative share of precincts", func(t *rehearse.Totals) { t.Regions[1].Precincts = -1 }, 5, "region 2: precincts: found -1"},
		{"votes of too few lists", func(t *rehearse.Totals) { t.Regions[0].Votes = []int64{}; t.Regions[1].Votes = []int64{1} }, 5, "region 1: votes: found 0 figures for 1 lists"},
		{"negative share of votes", func(t *rehearse.Totals) { t.Regions[0].Votes = []int64{-1}; t.Regions[1].Votes = []int64{1} }, 5, "region 1: votes, list 1: found -1 votes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			totals := good()
			c.break_(totals)
			files, err := rehearse.Make(totals, rehearse.Options{Precincts: c.precincts})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Make = %d files, %v; want error %q", len(files), err, c.want)
			}
		})
	}
}

func totals(t testing.TB, file string) *rehearse.Totals {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var log finding.Log
	totals, ok := rehearse.Parse(file, data, &log)
	if !ok {
		t.Fatalf("%v", log.Sorted())
	}
	return totals
}

// elections are the folders under testdata that are made by this package. Their
// files are rewritten when KENESH_UPDATE is set.
var elections = []struct {
	year                      string
	precincts                 int
	seed                      uint64
	registered, cast, invalid int64 // as published; -1 = the line is in no file
	votes                     []int64
	base                      string // of the regional threshold
	perMille                  int64  // the regional threshold
	qualified                 []int  // lists with seats, which must reach it everywhere
}{
	{"2020", 2475, 2020, 3523554, 1990753, 31823, []int64{487685, 475372, 174317, 141940, 136276, 115288, 80279, 66747,
		60305, 46568, 42862, 42460, 32795, 12468, 4395, 3459, 35714}, "cast", 7, []int{0, 1, 2, 3}},
	{"2015", 2475, 2015, 2761297, 1626255, 32410, []int64{435968, 320115, 206094, 148279, 135875, 123055, 97869, 43405,
		23899, 12807, 12679, 9619, 6398, 5355, 12428}, "cast", 7, []int{0, 1, 2, 3, 4, 5}},
	{"2010", 2333, 2010, 3004540, 1679538, -1, []int64{266923, 241528, 232682, 217601, 168218, 145455, 78952, 63435, 244703},
		"registered", 5, []int{0, 1, 2, 3, 4}},
	{"2021", 2494, 2021, 3703420, 1281622, -1, []int64{222005, 174470, 141009, 106955, 90223, 79025}, "cast", 5, []int{0, 1, 2, 3, 4, 5}},
}

// The files under testdata are what the totals beside them give, to the byte, in
// whatever order and on however many cores they are written.
func TestElectionsAreReproduced(t *testing.T) {
	for _, e := range elections {
		t.Run(e.year, func(t *testing.T) {
			dir := filepath.Join("..", "..", "testdata", "kyrgyzstan-"+e.year)
			files, err := rehearse.Make(totals(t, filepath.Join(dir, "totals.yaml")), rehearse.Options{Precincts: e.precincts, Seed: e.seed})
			if err != nil {
				t.Fatal(err)
			}
			got := make([]bytes.Buffer, len(files))
			var wg sync.WaitGroup
			for i := range files {
				wg.Go(func() { files[i].WriteTo(&got[i]) })
			}
			wg.Wait()
			for i, f := range files {
				name := filepath.Join(dir, f.Name)
				if os.Getenv("KENESH_UPDATE") != "" {
					if err := os.WriteFile(name, got[i].Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got[i].Bytes(), want) {
					t.Errorf("%s is not what %s/totals.yaml gives; KENESH_UPDATE=1 rewrites it", name, dir)
				}
			}
			if names, _ := filepath.Glob(filepath.Join(dir, "*.csv")); len(names) != len(files) {
				t.Errorf("%d CSV files in %s, want %d", len(names), dir, len(files))
			}
		})
	}
}

// What was published is written out a second time here: a wrong digit in
// totals.yaml must not pass for its own proof.
func TestElectionsHoldWhatWasPublished(t *testing.T) {
	for _, e := range elections {
		t.Run(e.year, func(t *testing.T) {
			totals := totals(t, filepath.Join("..", "..", "testdata", "kyrgyzstan-"+e.year, "totals.yaml"))
			o := rehearse.Options{Precincts: e.precincts, Seed: e.seed}
			conserved(t, totals, o)
			var votes []int64
			for _, l := range totals.Lists {
				votes = append(votes, l.Votes)
			}
			if !slices.Equal(votes, e.votes) {
				t.Errorf("votes = %d, want %d", votes, e.votes)
			}
			for _, c := range []struct {
				name string
				got  rehearse.Figure
				want int64
			}{{"registered", totals.Registered, e.registered}, {"cast", totals.Cast, e.cast}, {"invalid", totals.Invalid, e.invalid}} {
				if c.got.Known != (c.want >= 0) || c.got.Known && c.got.N != c.want {
					t.Errorf("%s = %+v, want %d", c.name, c.got, c.want)
				}
			}

			files, err := rehearse.Make(totals, o)
			if err != nil {
				t.Fatal(err)
			}
			var shares int64
			for _, r := range totals.Regions {
				shares += r.Registered
			}
			for i, f := range files {
				base, registered, votes := int64(0), int64(0), make([]int64, len(totals.Lists))
				smallest, largest := int64(math.MaxInt64), int64(0)
				for _, p := range collect(f) {
					if e.base == "cast" {
						base += p.Cast
					} else {
						base += p.Registered
					}
					for l, v := range p.Votes {
						votes[l] += v
					}
					registered += p.Registered
					smallest, largest = min(smallest, p.Registered), max(largest, p.Registered)
					if p.Cast == 0 {
						t.Errorf("%s: nobody took part in precinct %d", f.Region, p.Number)
					}
				}
				if off := registered*shares - e.registered*totals.Regions[i].Registered; off <= -shares || off >= shares {
					t.Errorf("%s has %d registered voters, want %d * %d / %d", f.Region, registered, e.registered, totals.Regions[i].Registered, shares)
				}
				t.Logf("%-10s %4d precincts, registered %4d to %4d", f.Region, f.Precincts, smallest, largest)
				for _, l := range e.qualified {
					if votes[l]*1000 < e.perMille*base {
						t.Errorf("%s in %s: %d of %d %s, below %d per mille", totals.Lists[l].Name, f.Region, votes[l], base, e.base, e.perMille)
					}
				}
			}
		})
	}
}

// The split of 2020 looks like the election it is made after.
func TestElectionLooksReal(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: 2475, Seed: 2020})
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]int, len(totals.Lists))
	var sizes, turnouts []int64
	for _, f := range files {
		for p := range f.All() {
			sizes = append(sizes, p.Registered)
			turnouts = append(turnouts, 100*p.Cast/p.Registered)
			for l, v := range p.Votes {
				if v == 0 {
					zeros[l]++
				}
			}
		}
	}
	slices.Sort(sizes)
	slices.Sort(turnouts)
	at := func(list []int64, percent int) int64 { return list[len(list)*percent/100] }
	t.Logf("registered: least %d, 5%% %d, median %d, 95%% %d, most %d", sizes[0], at(sizes, 5), at(sizes, 50), at(sizes, 95), sizes[len(sizes)-1])
	t.Logf("turnout: least %d, 5%% %d, median %d, 95%% %d, most %d", turnouts[0], at(turnouts, 5), at(turnouts, 50), at(turnouts, 95), turnouts[len(turnouts)-1])
	t.Logf("precincts without a vote, by list: %d", zeros)
	for _, c := range []struct {
		what             string
		got, least, most int64
	}{
		{"smallest precinct", sizes[0], 10, 99},
		{"5 % of precincts have at most", at(sizes, 5), 60, 400},
		{"median precinct", at(sizes, 50), 1000, 1700},
		{"largest precinct", sizes[len(sizes)-1], 2400, 3000},
		{"turnout that 5 % are below", at(turnouts, 5), 30, 50},
		{"turnout that 5 % are above", at(turnouts, 95), 62, 80},
		{"zeros of the largest list", int64(zeros[0]), 0, 30},
		{"zeros of the smallest list", int64(zeros[15]), 800, 1800},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s: %d, want %d to %d", c.what, c.got, c.least, c.most)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	text := func(seed uint64) string {
		files, err := rehearse.Make(totals, rehearse.Options{Precincts: 50, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range files {
			if _, err := f.WriteTo(&b); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	first := text(1)
	if text(1) != first {
		t.Error("one seed gave two splits")
	}
	if text(2) == first {
		t.Error("two seeds gave one split")
	}
}

// The long shape holds the votes of the wide one, row by row.
func TestLongShape(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2021/totals.yaml")
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: 400, Seed: 3, Long: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		want := "precinct,region,list,votes\n"
		for p := range f.All() {
			for l, v := range p.Votes {
				want += fmt.Sprintf("%d,%s,%s,%d\n", p.Number, f.Region, totals.Lists[l].Name, v)
			}
		}
		var got bytes.Buffer
		if n, err := f.WriteTo(&got); err != nil || n != int64(got.Len()) || got.String() != want {
			t.Errorf("%s: WriteTo = %d, %v, and not the votes of All", f.Name, n, err)
		}
	}
}

// full is a disk with no room left after some bytes.
type full int

func (f *full) Write(p []byte) (int, error) {
	if len(p) > int(*f) {
		n := int(*f)
		*f = 0
		return n, errFull
	}
	*f -= full(len(p))
	return len(p), nil
}

var errFull = errors.New("no space left on device")

func TestWriteErrorsAreErrors(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	for _, long := range []bool{false, true} {
		files, err := rehearse.Make(totals, rehearse.Options{Precincts: 20000, Long: long})
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range []int64{0, 10, 100_000} {
			disk := full(room)
			if n, err := files[0].WriteTo(&disk); !errors.Is(err, errFull) || n != room {
				t.Errorf("WriteTo a disk with %d bytes = %d, %v; want %d, %v", room, n, err, room, errFull)
			}
		}
	}
}

// Writing holds a chunk of the text, not the text.
func TestMemoryDoesNotGrowWithPrecincts(t *testing.T) {
	totals := totals(t, "../../testdata/kyrgyzstan-2020/totals.yaml")
	allocations := func(precincts int) float64 {
		files, err := rehearse.Make(totals, rehearse.Options{Precincts: precincts})
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(3, func() { files[0].WriteTo(io.Discard) })
	}
	if few, many := allocations(1000), allocations(50_000); many > few+5 {
		t.Errorf("%.0f allocations for 1,000 precincts, %.0f for 50,000", few, many)
	}
}

func BenchmarkWriteLong(b *testing.B) {
	totals := totals(b, "../../testdata/kyrgyzstan-2020/totals.yaml")
	files, err := rehearse.Make(totals, rehearse.Options{Precincts: 100_000, Long: true})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var bytes, rows int64
		for _, f := range files {
			n, err := f.WriteTo(io.Discard)
			if err != nil {
				b.Fatal(err)
			}
			bytes += n
			rows += int64(f.Precincts * len(totals.Lists))
		}
		b.SetBytes(bytes)
		b.ReportMetric(float64(rows), "rows/op")
	}
}
