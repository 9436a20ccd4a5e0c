package margin_test

import (
	"os"
	"path/filepath"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/margin"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

func read(t testing.TB, pattern, law string) (*returns.Set, *rules.Rules) {
	t.Helper()
	log := &finding.Log{}
	files, err := filepath.Glob(pattern)
	if err != nil || files == nil {
		t.Fatal(pattern, err)
	}
	reading := ingest.Read(files, ingest.Options{}, log)
	r, ok := rules.Load(law, log)
	if !ok || log.Failed() {
		t.Fatal(log.Sorted())
	}
	return reading.Set, r
}

// The State Duma of 2016: the figures were computed before, from the same file, by another
// program.
func TestDuma2016(t *testing.T) {
	dir := os.Getenv("KENESH_DATA")
	if dir == "" {
		t.Skip("KENESH_DATA does not name the folder of real data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	set, law := read(t, filepath.Join(dir, "data", "russia-2016", "2016.csv.gz"), "russia-2016")
	for _, tt := range []struct {
		method    string
		ballots   int64
		precincts int
	}{{"lr:hare", 20202, 42}, {"dhondt", 45311, 100}, {"sainte_lague", 11801, 25}} {
		other := *law
		var err error
		if other.Method, err = apportion.Find(tt.method); err != nil {
			t.Fatal(err)
		}
		m, why, ok := margin.Of(set, &other, tally.Options{}, true, &finding.Log{})
		if !ok || why != "" || !m.Linear {
			t.Fatal(why, ok)
		}
		if m.Whole.Ballots != tt.ballots || len(m.Annul.Precincts) != tt.precincts {
			t.Errorf("%s: %d ballots and %d precincts, want %d and %d", tt.method, m.Whole.Ballots, len(m.Annul.Precincts), tt.ballots, tt.precincts)
		}
	}
}

// In 2020 the nearest thing to happen was in an area: the fourth list falls below 0.7 % in
// Talas with 536 ballots fewer there, and not with 535.
func TestKyrgyzstan2020(t *testing.T) {
	set, law := read(t, "../../testdata/kyrgyzstan-2020/*.csv", "kyrgyzstan-2020")
	m, why, ok := margin.Of(set, law, tally.Options{}, true, &finding.Log{})
	if !ok || why != "" || !m.Linear {
		t.Fatal(why, ok)
	}
	find := func(name string) int {
		for l, list := range m.Result.Lists {
			if list.Name == name {
				return l
			}
		}
		t.Fatal(name)
		return -1
	}
	butun, birimdik := find("Butun Kyrgyzstan"), find("Birimdik")
	x := m.Whole
	if x.Ballots != 536 || len(x.Moves) != 1 || x.Moves[0].From != butun || m.Result.AreaNames[x.Moves[0].Area] != "Talas" || len(x.Out) != 1 || x.Out[0] != butun {
		t.Errorf("the whole is %+v", x)
	}
	trial, ok := tally.Try(set, law, tally.Options{}, &finding.Log{})
	if !ok {
		t.Fatal("no trial")
	}
	now := trial.Result.Outcome()
	move := func(n int64) tally.Outcome {
		area := x.Moves[0].Area
		return trial.Outcome(tally.Change{List: butun, Area: area, Votes: -n}, tally.Change{List: birimdik, Area: area, Votes: n})
	}
	if o := move(535); !o.Same(&now) {
		t.Error("535 ballots change something")
	}
	if o := move(536); o.In[butun] != tally.Missed || o.Seats[butun] != 0 {
		t.Error("536 ballots change nothing")
	}
	// Each figure of a list does what it says, and one ballot fewer does not.
	for l := range m.Lists {
		for _, w := range []struct {
			f    margin.Figure
			sign int64
			cast bool
			more bool
		}{{m.Lists[l].More.Moved, 1, false, true}, {m.Lists[l].More.Added, 1, true, true}, {m.Lists[l].Fewer.Moved, -1, false, false}, {m.Lists[l].Fewer.Removed, -1, true, false}} {
			if w.f.Ballots == 0 {
				continue
			}
			after := func(n int64) bool {
				c := []tally.Change{{List: l, Area: w.f.Area, Votes: w.sign * n, Cast: w.cast}}
				if !w.cast {
					c = append(c, tally.Change{List: w.f.Other, Area: w.f.Area, Votes: -w.sign * n})
				}
				o := trial.Outcome(c...)
				if w.more {
					return o.Seats[l] > now.Seats[l]
				}
				return o.Seats[l]+o.May[l] < now.Seats[l]
			}
			if !after(w.f.Ballots) || after(w.f.Ballots-1) {
				t.Errorf("%s: %+v", m.Result.Lists[l].Name, w.f)
			}
		}
	}
}

func BenchmarkMargin(b *testing.B) {
	set, law := read(b, "../../testdata/kyrgyzstan-2020/*.csv", "kyrgyzstan-2020")
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			tally.Count(set, law, tally.Options{}, &finding.Log{})
		}
	})
	b.Run("margin", func(b *testing.B) {
		for b.Loop() {
			margin.Of(set, law, tally.Options{}, false, &finding.Log{})
		}
	})
	b.Run("annul", func(b *testing.B) {
		for b.Loop() {
			margin.Of(set, law, tally.Options{}, true, &finding.Log{})
		}
	})
}
