package apportion

import (
	"fmt"
	"math/big"
	"math/bits"
)

// A Fraction is an exact ratio, 0 or more, in lowest terms; so equal fractions
// are ==. The zero value is 0.
type Fraction struct{ Num, Den uint64 }

func fraction(num, den uint64) Fraction {
	if num == 0 {
		return Fraction{}
	}
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	return Fraction{num / a, den / a}
}

// Cmp compares f with g: -1 below, 0 equal, +1 above.
func (f Fraction) Cmp(g Fraction) int {
	hi, lo := bits.Mul64(f.Num, max(g.Den, 1))
	hj, lp := bits.Mul64(g.Num, max(f.Den, 1))
	switch {
	case hi < hj || hi == hj && lo < lp:
		return -1
	case hi == hj && lo == lp:
		return 0
	}
	return 1
}

// Rat is the fraction as a big.Rat.
func (f Fraction) Rat() *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(f.Num), new(big.Int).SetUint64(max(f.Den, 1)))
}

// String writes the fraction exactly: "7/3", or "7" when it is whole.
func (f Fraction) String() string {
	if f.Den <= 1 {
		return fmt.Sprint(f.Num)
	}
	return fmt.Sprintf("%d/%d", f.Num, f.Den)
}

// Decimal writes the fraction with that many decimals, rounded half away from
// zero.
func (f Fraction) Decimal(decimals int) string { return f.Rat().FloatString(decimals) }
