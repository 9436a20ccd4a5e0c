package finding

import (
	"fmt"
	"strings"
)

// DidYouMean returns ` (did you mean "x"?)` for the word of known that is nearest
// to s, or nothing when none is near: at most a third of its letters differ.
func DidYouMean(s string, known []string) string {
	best, near := len([]rune(s))/3+1, ""
	for _, k := range known {
		if d := distance(strings.ToLower(s), strings.ToLower(k)); d <= best && (near == "" || d < best) {
			best, near = d, k
		}
	}
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near)
}

// distance counts the letters to insert, drop, replace or exchange with their
// neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before, last []int
	now := make([]int, len(y)+1)
	for j := range now {
		now[j] = j
	}
	for i := range x {
		before, last, now = last, now, make([]int, len(y)+1)
		now[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
	}
	return now[len(y)]
}
