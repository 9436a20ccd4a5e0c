package apportion

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"
)

// cutSequence takes the list of divisors from a name such as "divisors:1,3,5,...".
func cutSequence(name string) (list string, ok bool) {
	before, list, ok := strings.Cut(strings.TrimSpace(name), ":")
	return list, ok && strings.EqualFold(before, "divisors")
}

// divisorText is compiled for whoever writes a sequence, and not at every start.
var divisorText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(\.[0-9]{1,6}|/[1-9][0-9]{0,8})?$`)
})

// sequence makes a method of divisors that somebody wrote down.
func sequence(list string) (Method, error) {
	const most = 1000
	texts := strings.Split(strings.ReplaceAll(list, "…", "..."), ",")
	for i := range texts {
		texts[i] = strings.TrimSpace(texts[i])
	}
	goesOn := texts[len(texts)-1] == "..."
	if goesOn {
		texts = texts[:len(texts)-1]
	}
	if goesOn && len(texts) < 2 || len(texts) > most {
		return Method{}, wrong("method", -1, "%d divisors; want 1 to %d, and at least two before \"...\"", len(texts), most)
	}
	var numbers []*big.Rat
	common := big.NewInt(1) // of the denominators
	for i, text := range texts {
		x, ok := new(big.Rat).SetString(text)
		switch {
		case !divisorText().MatchString(text) || !ok:
			return Method{}, wrong("method", -1, "the divisor %q is no number such as 3, 1.4 or 7/5", text)
		case i > 0 && x.Cmp(numbers[i-1]) <= 0:
			return Method{}, wrong("method", -1, "the divisor %s does not come after %s: divisors rise", text, texts[i-1])
		}
		numbers = append(numbers, x)
		gcd := new(big.Int).GCD(nil, nil, common, x.Denom())
		common.Mul(common, gcd.Quo(x.Denom(), gcd))
	}
	last := new(big.Rat).Mul(numbers[len(numbers)-1], new(big.Rat).SetInt(common))
	if common.BitLen() > 32 || last.Num().BitLen() > 32 {
		return Method{}, wrong("method", -1, "the divisors are too fine: over a common denominator they must be below 2^32")
	}
	d := divisors{c: common.Uint64(), ends: !goesOn}
	for _, x := range numbers {
		d.first = append(d.first, new(big.Rat).Mul(x, new(big.Rat).SetInt(common)).Num().Uint64())
	}
	m := Method{Name: "divisors:" + strings.Join(texts, ","), Title: "divisors " + strings.Join(texts, ", "),
		Formula: "d(0), d(1) … = " + strings.Join(texts, ", "), ByHand: highest,
		Owes: divisorProperties, Unknown: Properties{Lower: true, Upper: true}}
	if goesOn {
		n := len(d.first)
		d.a = d.first[n-1] - d.first[n-2]
		d.b = int64(d.first[n-1]) - int64(d.a)*int64(n-1)
		for n = len(d.first); n > 0 && int64(d.first[n-1]) == int64(d.a)*int64(n-1)+d.b; n-- {
			d.first = d.first[:n-1] // the line has it
		}
		if len(d.first) == 0 {
			d.first = nil // it is a line and nothing else
		}
		m.Name += ",..."
		m.Title += " …"
		m.Formula += fmt.Sprintf(" and so on by %s", new(big.Rat).Sub(numbers[len(numbers)-1], numbers[len(numbers)-2]).RatString())
	} else {
		m.Formula += fmt.Sprintf("; no list has more than %d seats", len(texts))
	}
	m.divisors = d
	return m, nil
}
