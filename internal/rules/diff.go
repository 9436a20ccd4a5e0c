package rules

import (
	"slices"
	"strings"
)

// A Difference is what two laws say of one rule.
type Difference struct {
	Rule    string // its key in a rules file
	Verdict Verdict
	A, B    []Sentence // those of each law that the other does not have, or cites otherwise
}

// A Verdict is how far two laws agree on a rule. The zero value is that they do.
type Verdict uint8

const (
	Alike          Verdict = iota
	CitedOtherwise         // the same words, with other citations
	Differing              // other words, or a rule of one law alone
)

var verdicts = [...]string{Alike: "same", CitedOtherwise: "cited-otherwise", Differing: "differs"}

func (v Verdict) String() string { return verdicts[v] }

// Diff holds two laws against each other, sentence by sentence: every rule of either,
// in the order of the count. What is no rule, such as dates and sources, and other
// spellings of options do not count.
func Diff(a, b *Rules) []Difference {
	keys, inA := a.claims()
	more, inB := b.claims()
	at := 0 // where a key of b alone goes: behind the key before it
	for _, key := range more {
		if i := slices.Index(keys, key); i >= 0 {
			at = i + 1
			continue
		}
		keys = slices.Insert(keys, at, key)
		at++
	}
	list := make([]Difference, len(keys))
	for i, key := range keys {
		list[i] = diffRule(key, inA[key], inB[key])
	}
	return list
}

// A claim is a sentence, and its words without the citations of the other ways to reach
// a bar, which stand inside of it.
type claim struct {
	Sentence
	words string
}

// claims are the sentences of each rule, and the keys of the rules in their order.
func (r *Rules) claims() (keys []string, byRule map[string][]claim) {
	thresholds := slices.Clone(r.Thresholds)
	for _, d := range r.Districts {
		thresholds = append(thresholds, d.Thresholds...)
	}
	byRule = map[string][]claim{}
	for _, s := range r.Sentences() {
		c := claim{s, s.Text}
		for _, t := range thresholds {
			for _, or := range t.Or {
				c.words = strings.Replace(c.words, or.whole()+or.citeBeside(&t), or.whole(), 1)
			}
		}
		if byRule[s.Rule] == nil {
			keys = append(keys, s.Rule)
		}
		byRule[s.Rule] = append(byRule[s.Rule], c)
	}
	return keys, byRule
}

// diffRule compares the claims of one rule. Those that are the same to the citation are
// taken out of both first, so that one that stands twice needs two on the other side;
// their order does not count.
func diffRule(key string, a, b []claim) Difference {
	a, b = without(a, b, func(x, y claim) bool { return x == y })
	newA, newB := without(a, b, func(x, y claim) bool { return x.words == y.words })
	d := Difference{Rule: key, Verdict: Differing, A: sentences(newA), B: sentences(newB)}
	switch {
	case len(a)+len(b) == 0:
		d.Verdict = Alike
	case len(newA)+len(newB) == 0:
		d = Difference{key, CitedOtherwise, sentences(a), sentences(b)}
	}
	return d
}

// without leaves out of both lists what is the same in them, one for one.
func without(a, b []claim, same func(x, y claim) bool) (onlyA, onlyB []claim) {
	onlyB = slices.Clone(b)
	for _, x := range a {
		if i := slices.IndexFunc(onlyB, func(y claim) bool { return same(x, y) }); i >= 0 {
			onlyB = slices.Delete(onlyB, i, i+1)
		} else {
			onlyA = append(onlyA, x)
		}
	}
	return onlyA, onlyB
}

func sentences(claims []claim) (list []Sentence) {
	for _, c := range claims {
		list = append(list, c.Sentence)
	}
	return list
}
