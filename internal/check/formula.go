package check

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/returns"
)

// votesLine is the sum of the votes in a precinct: no line of the protocol, and always
// stated.
var votesLine = returns.Line(len(returns.Lines()))

// An Amount is a figure that protocols state in several ways, of which the first counts
// that a precinct has all lines of.
type Amount struct {
	Name string
	Ways []string
}

// Amounts returns the amounts that rules speak of.
func Amounts() []Amount { return slices.Clone(amounts) }

var amounts = []Amount{
	{"given", []string{"issued", "early + station + outside"}},
	{"ballots", []string{"valid + invalid (+ blank)", "portable + stationary", "cast"}},
	{"turnout", []string{"cast", "valid + invalid (+ blank)"}},
}

// A form is a rule's relation with one way for each amount in it, ready to be held
// against a million protocols.
type form struct {
	rule, code   int // which rule, and which code: an index that rules of one code share
	large        bool
	need, unless uint64 // lines by bit, votes among them
	op           string
	terms        []term
	text         string // the relation
	names        map[string]string

	// The terms again, as they are added up: the lines that are a part of their side, those
	// that may be, and how many times the votes.
	sure, may []term
	votes     int64
	signs     uint // of the difference that the op allows: -, 0 and +, a bit each
}

// A term is a multiple of a line. The relation is left - right against 0: what stands on
// the right has a negative multiple there.
type term struct {
	line  returns.Line
	times int64
	may   bool // where blank ballots are a part of others or not, both are right
	right bool
}

// forms spells a relation out, one way after the other. Its words are lines, votes and
// amounts, with whole multiples; what stands in (+ ...) may be a part of its side or not.
func forms(relation string) []form {
	words := strings.Fields(relation)
	for i, w := range words {
		for _, a := range amounts {
			if w != a.Name {
				continue
			}
			var all []form
			for _, way := range a.Ways {
				in := way
				if i > 0 && number(words[i-1]) {
					in = "( " + way + " )"
				}
				for _, f := range forms(strings.Join(slices.Concat(words[:i], []string{in}, words[i+1:]), " ")) {
					f.names[a.Name] = way
					all = append(all, f)
				}
			}
			return all
		}
	}
	f := form{names: map[string]string{}, text: strings.ReplaceAll(strings.ReplaceAll(relation, "( ", "("), " )", ")")}
	f.op, f.terms = parse(relation)
	for _, t := range f.terms {
		switch {
		case t.may:
			f.may = append(f.may, t)
		case t.line == votesLine:
			f.votes += t.times
		default:
			f.sure = append(f.sure, t)
			f.need |= 1 << t.line
		}
	}
	for i := range 3 {
		if compares(f.op, int64(i-1)) {
			f.signs |= 1 << i
		}
	}
	return []form{f}
}

func number(word string) bool { return strings.Trim(word, "0123456789") == "" }

// parse reads a relation of lines alone, or one side of it. It panics on what is none:
// relations are constants of the program.
func parse(relation string) (op string, terms []term) {
	words := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(relation, "(", "( "), ")", " )"))
	side, sign, group := int64(1), int64(1), int64(1)
	times, may := int64(1), false
	for i, w := range words {
		switch {
		case w == "=", w == "≠", w == "≤", w == "≥", w == "<", w == ">":
			op, side, sign = w, -1, 1
		case w == "+":
			sign = 1
		case w == "−":
			sign = -1
		case w == "(" && words[i+1] == "+":
			may = true
		case w == "(":
			group, times = times, 1
		case w == ")" && may:
			may = false
		case w == ")":
			group = 1
		case number(w):
			times, _ = strconv.ParseInt(w, 10, 64)
		default:
			terms = append(terms, term{lineOf(w), side * sign * group * times, may, side < 0})
			times = 1
		}
	}
	return op, terms
}

func lineOf(word string) returns.Line {
	for l := range votesLine {
		if l.String() == word {
			return l
		}
	}
	if word == "votes" {
		return votesLine
	}
	panic("check: no line is called " + word)
}

// A protocol is one of some.
type protocol struct {
	of *returns.Protocols
	k  int
}

// figures are those of a line, or the votes, one a protocol; 0 where it is not stated.
func figures(of *returns.Protocols, l returns.Line) []int64 {
	if l == votesLine {
		return of.Votes()
	}
	return of.Line(l)
}

func (p protocol) value(l returns.Line) int64 { return figures(p.of, l)[p.k] }

// hold says which protocols do not keep to the relation, and for which it is one, a bit
// each: a relation for large precincts is for those with more than large on its right side.
func (f *form) hold(of *returns.Protocols, large int64) (failed, applies uint64) {
	var sums, mores, rights [returns.MostProtocols]int64
	sum, all := sums[:of.Len], int64(0)
	if f.votes != 0 {
		all = add(sum, of.Votes(), f.votes)
	}
	for _, t := range f.sure {
		all |= add(sum, of.Line(t.line), t.times)
	}
	more := mores[:copy(mores[:], sum)]
	for _, t := range f.may {
		all |= add(more, figures(of, t.line), t.times)
	}
	// Sums of counts up to 2^48 with multiples up to 1,000 stay in int64.
	if all>>48 != 0 {
		return f.holdExactly(of, large)
	}
	if failed = f.refused(sum); len(f.may) > 0 {
		failed &= f.refused(more)
	}
	if !f.large {
		return failed, 1<<of.Len - 1
	}
	right := rights[:of.Len]
	for _, t := range f.terms {
		if t.right {
			add(right, figures(of, t.line), 1)
		}
	}
	for k, v := range right {
		if v > large {
			applies |= 1 << k
		}
	}
	return failed & applies, applies
}

// add adds a multiple of counts to sums, and returns all bits that the counts have.
func add(sums, counts []int64, times int64) (all int64) {
	sums = sums[:len(counts)]
	for k, v := range counts {
		sums[k] += times * v
		all |= v
	}
	return all
}

// refused has a bit for each difference that the op of the form does not allow. It is
// compares, without looking at the op a million times.
func (f *form) refused(differences []int64) (bits uint64) {
	not := uint64(^f.signs)
	for k, d := range differences {
		bits |= not >> ((1 + uint(d>>63) + uint(uint64(-d)>>63)) & 3) & 1 << (k & 63)
	}
	return bits
}

func compares(op string, difference int64) bool {
	switch op {
	case "=":
		return difference == 0
	case "≠":
		return difference != 0
	case "≤":
		return difference <= 0
	case "≥":
		return difference >= 0
	case "<":
		return difference < 0
	}
	return difference > 0
}

func (f *form) holdExactly(of *returns.Protocols, large int64) (failed, applies uint64) {
	for k := range of.Len {
		p := protocol{of, k}
		right := new(big.Int)
		for _, t := range f.terms {
			if t.right {
				right.Add(right, big.NewInt(p.value(t.line)))
			}
		}
		if f.large && right.Cmp(big.NewInt(large)) <= 0 {
			continue
		}
		applies |= 1 << k
		sum := p.total(f.terms, func(t term) bool { return !t.may })
		may := p.total(f.terms, func(term) bool { return true })
		if !compares(f.op, int64(sum.Sign())) && !compares(f.op, int64(may.Sign())) {
			failed |= 1 << k
		}
	}
	return failed, applies
}

// total adds up some of the terms.
func (p protocol) total(terms []term, which func(term) bool) *big.Int {
	sum := new(big.Int)
	for _, t := range terms {
		if which(t) {
			v := big.NewInt(p.value(t.line))
			sum.Add(sum, v.Mul(v, big.NewInt(t.times)))
		}
	}
	return sum
}

// say fills the figures of a protocol into a text: {line}, {amount}, and {by} for how much
// the sides differ.
func (f *form) say(text string, p protocol) string {
	sure := func(t term) bool { return !t.may }
	pairs := []string{"{votes}", fmt.Sprint(p.value(votesLine)), "{by}", new(big.Int).Abs(p.total(f.terms, sure)).String()}
	for _, l := range returns.Lines() {
		pairs = append(pairs, "{"+l.String()+"}", fmt.Sprint(p.value(l)))
	}
	for _, a := range amounts {
		if way, ok := f.names[a.Name]; ok {
			_, terms := parse(way)
			pairs = append(pairs, "{"+a.Name+"}", p.total(terms, sure).String())
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
