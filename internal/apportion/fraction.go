package apportion

import (
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// A Fraction is an exact number that is not negative: a ratio of two integers of
// at most 128 bits in lowest terms; for Huntington–Hill alone, whose divisors
// are irrational, the square root of such a ratio; or infinite, which is votes
// over the divisor 0. The zero value is the number 0. Equal fractions are equal
// under ==.
type Fraction struct {
	num, den wide // 0 is 0/0, infinite is 1/0
	root     bool // the number is the square root of num/den
}

// String gives "num/den", "num" alone when it is an integer, "sqrt(num/den)"
// for a root and "∞" when it is infinite.
func (f Fraction) String() string {
	s := f.num.String()
	switch {
	case f.num == wide{}:
		return "0"
	case f.den == wide{}:
		return "∞"
	case f.den != wide{lo: 1}:
		s += "/" + f.den.String()
	}
	if f.root {
		return "sqrt(" + s + ")"
	}
	return s
}

// Decimal gives the number with so many digits after the point, rounded half
// away from zero: 2/3 with three digits is "0.667". Digits below 0 count as 0;
// an infinite number is "∞".
func (f Fraction) Decimal(digits int) string {
	if f.num != (wide{}) && f.den == (wide{}) {
		return "∞"
	}
	digits = max(digits, 0)
	s := f.rounded(digits).String()
	if digits == 0 {
		return s
	}
	s = strings.Repeat("0", max(digits+1-len(s), 0)) + s
	return s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// rounded gives 10^digits times the number, rounded half up: the whole part of
// twice as much, plus 1, halved. So a root needs no fraction either.
func (f Fraction) rounded(digits int) *big.Int {
	n := f.floor(2, digits)
	return n.Rsh(n.Add(n, big.NewInt(1)), 1)
}

// floor gives the whole part of by × 10^digits times the number, which is finite.
func (f Fraction) floor(by int64, digits int) *big.Int {
	if f.num == (wide{}) {
		return new(big.Int)
	}
	n, d := big.NewInt(by), big.NewInt(1)
	for range max(digits, -digits) {
		if digits > 0 {
			n.Mul(n, big.NewInt(10))
		} else {
			d.Mul(d, big.NewInt(10))
		}
	}
	if f.root {
		n.Mul(n, n)
		d.Mul(d, d)
	}
	n.Quo(n.Mul(n, f.num.big()), d.Mul(d, f.den.big()))
	if f.root {
		n.Sqrt(n)
	}
	return n
}

// Rat gives the number as a big.Rat, or nil when it is a root or infinite.
func (f Fraction) Rat() *big.Rat {
	switch {
	case f.num == wide{}:
		return new(big.Rat)
	case f.root || f.den == wide{}:
		return nil
	}
	return new(big.Rat).SetFrac(f.num.big(), f.den.big())
}

// float is about the number, for guesses alone.
func (f Fraction) float() float64 {
	x := f.num.float() / f.den.float()
	if f.root {
		return math.Sqrt(x)
	}
	return x
}

// Cmp gives -1, 0 or 1 as f is less than, equal to or greater than g, exactly.
func (f Fraction) Cmp(g Fraction) int {
	switch zero := (wide{}); {
	case f.num == zero && g.num == zero:
		return 0
	case f.num == zero:
		return -1
	case g.num == zero:
		return 1
	}
	if f.root != g.root && f.den != (wide{}) && g.den != (wide{}) {
		return f.square().Cmp(g.square())
	}
	return cmpProducts(f.num, g.den, g.num, f.den)
}

// square is for a root and a ratio: the square of a ratio may need 256 bits.
func (f Fraction) square() *big.Rat {
	r := new(big.Rat).SetFrac(f.num.big(), f.den.big())
	if f.root {
		return r
	}
	return r.Mul(r, r)
}

// lowest reduces a fraction that was made without care for common factors.
func (f Fraction) lowest() Fraction {
	switch zero := (wide{}); {
	case f.num == zero:
		return Fraction{}
	case f.den == zero:
		return Fraction{num: wide{lo: 1}}
	}
	a, b := f.num, f.den
	for a.hi|b.hi != 0 && b != (wide{}) {
		_, r := a.quoRem(b)
		a, b = b, r
	}
	for b.lo != 0 { // as a rule all of it: votes and divisors are short
		a.lo, b.lo = b.lo, a.lo%b.lo
	}
	f.num, _ = f.num.quoRem(a)
	f.den, _ = f.den.quoRem(a)
	return f
}

// wide is an unsigned integer of 128 bits. Its operations do not check for
// overflow: [Problem] bounds what goes in, and each caller says why it fits.
type wide struct{ hi, lo uint64 }

func mul(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	return wide{hi, lo}
}

func (a wide) add(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return wide{hi, lo}
}

func (a wide) sub(b wide) wide {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return wide{hi, lo}
}

func (a wide) mul(b uint64) wide {
	w := mul(a.lo, b)
	w.hi += a.hi * b
	return w
}

func (a wide) cmp(b wide) int {
	switch {
	case a == b:
		return 0
	case a.hi < b.hi || a.hi == b.hi && a.lo < b.lo:
		return -1
	}
	return 1
}

func (a wide) shift(n int) wide { // to the left, n from 0 to 127
	if n >= 64 {
		return wide{a.lo << (n - 64), 0}
	}
	return wide{a.hi<<n | a.lo>>(64-n), a.lo << n}
}

func (a wide) len() int {
	if a.hi != 0 {
		return 64 + bits.Len64(a.hi)
	}
	return bits.Len64(a.lo)
}

// quoRem divides by b, which is not 0.
func (a wide) quoRem(b wide) (quo, rem wide) {
	if a.hi|b.hi == 0 {
		return wide{lo: a.lo / b.lo}, wide{lo: a.lo % b.lo}
	}
	if b.hi == 0 {
		quo.hi = a.hi / b.lo
		quo.lo, rem.lo = bits.Div64(a.hi%b.lo, a.lo, b.lo)
		return quo, rem
	}
	for n := a.len() - b.len(); n >= 0; n-- { // long division, one bit at a time: rare
		if s := b.shift(n); a.cmp(s) >= 0 {
			a = a.sub(s)
			quo.lo |= 1 << n
		}
	}
	return quo, a
}

func (a wide) float() float64 { return float64(a.hi)*(1<<64) + float64(a.lo) }

func (a wide) big() *big.Int {
	n := new(big.Int).SetUint64(a.hi)
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(a.lo))
}

func (a wide) String() string { return a.big().String() }

// cmpProducts compares a·b with c·d, in 256 bits where 128 are too few.
func cmpProducts(a, b, c, d wide) int {
	if a.hi|b.hi|c.hi|d.hi == 0 {
		return mul(a.lo, b.lo).cmp(mul(c.lo, d.lo))
	}
	xhi, xlo := product(a, b)
	yhi, ylo := product(c, d)
	if c := xhi.cmp(yhi); c != 0 {
		return c
	}
	return xlo.cmp(ylo)
}

// product gives the upper and lower halves of a·b.
func product(a, b wide) (hi, lo wide) {
	lo, hi = mul(a.lo, b.lo), mul(a.hi, b.hi)
	for _, m := range [2]wide{mul(a.hi, b.lo), mul(a.lo, b.hi)} {
		var carry uint64
		lo.hi, carry = bits.Add64(lo.hi, m.lo, 0)
		hi = hi.add(wide{lo: m.hi}).add(wide{lo: carry})
	}
	return hi, lo
}
