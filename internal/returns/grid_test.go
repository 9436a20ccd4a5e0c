package returns_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kenesh/internal/returns"
)

// A set that is filled in all ways at once holds what a map would.
func TestSetAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 10))
	for round := range 60 {
		s := returns.New("region")
		s.AddFile("a.csv")
		lists := 1 + r.IntN([]int{3, 20, 150}[r.IntN(3)])
		for l := range lists {
			s.AddList(returns.List{Name: fmt.Sprint(l)})
		}
		type cell struct{ p, c int } // c < 0: line -1 - c
		want := map[cell]int64{}
		largest := []int64{10, 70_000, 1 << 40}[r.IntN(3)]
		put := func(p, l int, v int64) {
			_, there := want[cell{p, l}]
			if ok := s.Put(p, l, v); ok == there {
				t.Fatalf("round %d: Put(%d, %d) = %v, there %v", round, p, l, ok, there)
			}
			if !there {
				want[cell{p, l}] = v
			}
		}
		var maker returns.Sheets
		id := 0
		add := func() int {
			id += 1 + r.IntN(3)
			p, fresh := s.AddPrecinct(fmt.Append(nil, id), 0, id)
			if !fresh || p != s.Len()-1 {
				t.Fatalf("AddPrecinct(%d) = %d, %v", id, p, fresh)
			}
			return p
		}
		for range 40 {
			switch r.IntN(6) {
			case 0, 1: // a sheet of some lists and lines
				n := 1 + r.IntN(returns.SheetSize)
				var places []returns.Place
				for _, l := range r.Perm(lists)[:1+r.IntN(lists)] {
					places = append(places, returns.Place{Of: int32(l)})
				}
				for _, l := range returns.Lines()[:r.IntN(4)] {
					places = append(places, returns.PlaceOf(l))
				}
				counts := make([]uint16, n*len(places))
				small := r.IntN(3)
				for i := range counts {
					if counts[i] = uint16(r.IntN(returns.Narrow + 1)); small > 0 && r.IntN(500) > 0 {
						counts[i] %= 256
					}
				}
				sheet := maker.New(places, pack(counts))
				first := s.Len()
				for range n {
					add()
				}
				if r.IntN(3) > 0 {
					s.Adopt(sheet)
				} else {
					for k := range n {
						s.Copy(sheet, k, first+k)
					}
				}
				for i, v := range counts {
					want[cell{first + i/len(places), int(places[i%len(places)].Of)}] = int64(v)
				}
			case 2: // rows of new precincts
				for range 1 + r.IntN(100) {
					p := add()
					if r.IntN(4) == 0 {
						continue // without any votes
					}
					l := r.IntN(lists)
					row := make([]uint16, 1+r.IntN(lists-l))
					for i := range row {
						row[i] = uint16(r.Int64N(min(largest, returns.Narrow+1)))
						want[cell{p, l + i}] = int64(row[i])
					}
					if n := s.PutRow(p, l, pack(row)); n != len(row) {
						t.Fatalf("PutRow = %d of %d", n, len(row))
					}
				}
			case 3: // counts here and there
				for range min(s.Len(), 50) {
					put(r.IntN(s.Len()), r.IntN(lists), r.Int64N(largest))
				}
			case 4: // many at a time, up to one that is there
				var counts []returns.Count
				for range min(s.Len(), 150) {
					counts = append(counts, returns.Count{Precinct: int32(r.IntN(s.Len())), List: int32(r.IntN(lists)), Votes: uint16(r.IntN(returns.Narrow + 1))})
				}
				n := 0
				for ; n < len(counts); n++ {
					c := cell{int(counts[n].Precinct), int(counts[n].List)}
					if _, there := want[c]; there {
						break
					}
					want[c] = int64(counts[n].Votes)
				}
				if got := s.PutAll(counts); got != n {
					t.Fatalf("PutAll = %d, want %d", got, n)
				}
			default:
				if p := s.Len() - 1; p >= 0 {
					p = r.IntN(p + 1)
					line := returns.Lines()[r.IntN(5)]
					_, there := want[cell{p, -1 - int(line)}]
					if ok := s.PutLine(p, line, 7); ok == there {
						t.Fatalf("PutLine = %v, there %v", ok, there)
					}
					if !there {
						want[cell{p, -1 - int(line)}] = 7
					}
				}
			}
		}
		by := make([]int32, s.Len())
		for p := range by {
			by[p] = int32(p/100%3) - int32(r.IntN(50)/49)
		}
		sums := make([][]returns.Sum, lists)
		counts := make([]int, lists)
		for l := range sums {
			sums[l] = make([]returns.Sum, 3)
		}
		all := make([]int64, s.Len())
		for p := range s.Len() {
			for l := range lists {
				v, ok := s.Votes(l).At(p)
				w, there := want[cell{p, l}]
				if v != w || ok != there {
					t.Fatalf("round %d: votes of %d in %d are %d, %v; want %d, %v", round, l, p, v, ok, w, there)
				}
				if all[p] += w; there {
					counts[l]++
				}
				if g := by[p]; g >= 0 && there {
					sums[l][g].Votes += w
					sums[l][g].Counts++
				}
			}
		}
		next := s.Len() / 5
		s.Protocols(next, s.Len(), func(of *returns.Protocols) {
			if of.First != next || of.Len < 1 || of.Len > s.Len()-next {
				t.Fatalf("round %d: %d Protocols from %d on, want them from %d on, of %d", round, of.Len, of.First, next, s.Len())
			}
			next += of.Len
			for k, stated := range of.Stated() {
				for _, l := range returns.Lines() {
					p := of.First + k
					v, ok := of.Line(l)[k], stated>>l&1 != 0
					at, has := s.Line(l).At(p)
					if w, there := want[cell{p, -1 - int(l)}]; v != w || ok != there || at != w || has != there {
						t.Fatalf("round %d: %v of %d is %d, %v and %d, %v; want %d, %v", round, l, p, v, ok, at, has, w, there)
					}
				}
			}
		})
		if next != s.Len() {
			t.Fatalf("round %d: Protocols up to %d, want %d", round, next, s.Len())
		}
		next = s.Len() / 3
		s.Ballots(next, s.Len(), func(p int, votes []int64) {
			if p != next || len(votes) != lists {
				t.Fatalf("round %d: Ballots of %d for %d lists, want %d for %d", round, p, len(votes), next, lists)
			}
			next++
			for l, v := range votes {
				if w, there := want[cell{p, l}]; there && v != w || !there && v != -1 {
					t.Fatalf("round %d: Ballots of %d for list %d is %d; want %d, %v", round, p, l, v, w, there)
				}
			}
			if id := string(s.AppendID(nil, p)); id != s.ID(p) {
				t.Fatalf("round %d: AppendID of %d is %s, want %s", round, p, id, s.ID(p))
			}
		})
		if next != s.Len() {
			t.Fatalf("round %d: Ballots up to %d, want %d", round, next, s.Len())
		}
		if got, err := s.SumVotes(by, 3); err != nil || fmt.Sprint(got) != fmt.Sprint(sums) {
			t.Fatalf("round %d: SumVotes = %v, %v, want %v", round, got, err, sums)
		}
		next = s.Len() / 4
		if !s.VotesByPrecinct(next, s.Len(), func(p int, votes []int64) {
			if p != next || !slices.Equal(votes, all[p:p+len(votes)]) {
				t.Fatalf("round %d: VotesByPrecinct from %d on = %v, want those from %d on of %v", round, p, votes, next, all)
			}
			next += len(votes)
		}) || next != s.Len() {
			t.Fatalf("round %d: VotesByPrecinct up to %d, want %d", round, next, s.Len())
		}
		if got := s.VoteCounts(); fmt.Sprint(got) != fmt.Sprint(counts) {
			t.Fatalf("round %d: VoteCounts = %v, want %v", round, got, counts)
		}
	}
}

func pack(counts []uint16) (packed returns.Counts) {
	for _, v := range counts {
		packed = packed.With(v)
	}
	return packed
}

// A view of the precincts that a set had stays as it was while the set grows.
func TestSnapshot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, kind := range []string{"ascending", "shuffled numbers", "numbers far apart", "descending numbers", "names", "numbers, then names"} {
		s := returns.New()
		s.AddFile("a.csv")
		ids := make([]string, 5000)
		for i, k := range r.Perm(len(ids)) {
			ids[i] = fmt.Sprint(10_000 + k)
			switch {
			case kind == "ascending":
				ids[i] = fmt.Sprint(10_000 + i)
			case kind == "numbers far apart":
				ids[i] = fmt.Sprint(k * k * k)
			case kind == "descending numbers":
				ids[i] = fmt.Sprint(2*len(ids) - i)
			case kind == "names", kind == "numbers, then names" && i > 3000:
				ids[i] = fmt.Sprintf("%05d", k) + " and a name that is long"[:k%24]
			}
		}
		for i, id := range ids[:2000] {
			s.AddPrecinct([]byte(id), 0, i+2)
		}
		known := s.Snapshot()
		done := make(chan string)
		go func() {
			queries := make([]returns.Query, len(ids))
			for range 20 {
				for i, id := range ids {
					queries[i] = returns.Query{ID: []byte(id)}
				}
				known.FindAll(queries)
				for i, q := range queries {
					want := i
					if i >= 2000 {
						want = -1
					}
					if q.P != want || q.Area != min(want, 0) || known.Precinct(q.ID) != want {
						done <- fmt.Sprintf("%s: %q is precinct %d, want %d", kind, q.ID, q.P, want)
						return
					}
				}
			}
			done <- ""
		}()
		for i, id := range ids[2000:] {
			s.AddPrecinct([]byte(id), 0, i+2002)
		}
		if wrong := <-done; wrong != "" {
			t.Error(wrong)
		}
		if s.Ascends() != (kind == "ascending") || known.Len() != 2000 || s.Len() != len(ids) {
			t.Errorf("%s: Ascends %v, %d known, %d in the set", kind, s.Ascends(), known.Len(), s.Len())
		}
		for i, id := range ids {
			if p := s.Find(id); p != i {
				t.Errorf("%s: Find(%s) = %d, want %d", kind, id, p, i)
			}
		}
		if s.Find("010000") >= 0 || s.Find("") >= 0 || s.Find("1000000000000000") >= 0 || s.Find("9999") >= 0 && kind != "descending numbers" {
			t.Errorf("%s: a precinct is found that is not there", kind)
		}
	}
}
