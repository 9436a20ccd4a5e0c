package returns

import "fmt"

// Diff says in which way two sets do not state the same returns, the first that is
// found: the names of the lists in their order, and of every precinct its areas, its
// votes and the lines of its protocol, of which one that is missing, or means nothing, is not 0. It is ""
// when they do. Where something was read, in which order precincts come, and the codes
// of lists make no difference.
func Diff(a, b *Set) string {
	if len(a.Lists) != len(b.Lists) {
		return fmt.Sprintf("%d lists are %d", len(a.Lists), len(b.Lists))
	}
	for l := range a.Lists {
		if x, y := a.Lists[l].Name, b.Lists[l].Name; x != y {
			return fmt.Sprintf("list %d, %q, is %q", l+1, x, y)
		}
	}
	if a.Len() != b.Len() {
		return fmt.Sprintf("%d precincts are %d", a.Len(), b.Len())
	}
	same := make([]int, a.Len()) // the precinct of b
	areas := map[[2]int]bool{}   // pairs that were found to be the same
	for p := range a.Len() {
		q := p // mostly
		if !b.Is(q, a.Known.id(p)) {
			if q = b.Precinct(a.Known.id(p)); q < 0 {
				return fmt.Sprintf("precinct %q is missing", a.ID(p))
			}
		}
		same[p] = q
		pair := [2]int{a.Area(p), b.Area(q)}
		if !areas[pair] {
			if !sameArea(a, pair[0], b, pair[1]) {
				return fmt.Sprintf("precinct %q lies in another area", a.ID(p))
			}
			areas[pair] = true
		}
	}
	for l, list := range a.Lists {
		x, y := a.Votes(l), b.Votes(l)
		if p := differ(x.At, y.At, same); p >= 0 {
			return fmt.Sprintf("precinct %q has other votes for %q", a.ID(p), list.Name)
		}
	}
	for _, l := range Lines() {
		x := func(p int) (int64, bool) { return a.Stated(p, l) }
		y := func(p int) (int64, bool) { return b.Stated(p, l) }
		if p := differ(x, y, same); p >= 0 {
			return fmt.Sprintf("precinct %q states another figure as %v", a.ID(p), l)
		}
	}
	return ""
}

// differ is the first precinct for which b has another count than a; -1 when there is none.
func differ(a, b func(p int) (int64, bool), same []int) int {
	for p, q := range same {
		v, ok := a(p)
		if w, there := b(q); v != w || ok != there {
			return p
		}
	}
	return -1
}

func sameArea(a *Set, i int, b *Set, j int) bool {
	for i > 0 && j > 0 {
		x, y := a.Areas[i], b.Areas[j]
		if x.Name != y.Name || a.Levels[x.Level-1] != b.Levels[y.Level-1] {
			return false
		}
		i, j = x.Parent, y.Parent
	}
	return i == j
}
