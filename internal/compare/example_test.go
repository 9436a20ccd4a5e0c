package compare_test

import (
	"fmt"

	"kenesh/internal/compare"
	"kenesh/internal/finding"
)

// Two counts of three precincts: in the second one two lists have each other's votes.
func ExampleCompare() {
	official := set([]int64{120, 45, 9}, []int64{80, 61, 7}, []int64{33, 70, 4})
	observers := set([]int64{120, 45, 9}, []int64{61, 80, 7}, []int64{33, 70, 4})
	c, ok := compare.Compare(official, observers, &finding.Log{})
	if !ok {
		return
	}
	for i := range c.Lists {
		l := &c.Lists[i]
		fmt.Printf("%s: %d, %d: %+d, up in %d, down in %d\n", l.Name, l.Joined[0], l.Joined[1], l.Net(), l.Up, l.Down)
	}
	for i := range c.Changed {
		fmt.Println(c.Name(&c.Changed[i]), c.Changed[i].Signatures)
	}
	// Output:
	// A: 233, 214: -19, up in 0, down in 1
	// B: 176, 195: +19, up in 1, down in 0
	// C: 20, 20: +0, up in 0, down in 0
	// 2 [exchanged moved]
}
