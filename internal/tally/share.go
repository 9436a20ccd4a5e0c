package tally

import (
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// A Share is votes over a stated base, kept as a ratio. Of is 0 when the base is
// empty; the share is then undefined, not zero.
type Share struct{ Votes, Of int64 }

// Cmp compares the share with a bar exactly: -1 below, 0 equal, +1 above. The
// base must not be empty.
func (s Share) Cmp(bar *big.Rat) int { return big.NewRat(s.Votes, s.Of).Cmp(bar) }

// Percent states the share in percent with that many decimals; see [Share.Decimal].
func (s Share) Percent(decimals int, bars ...*big.Rat) string { return s.decimal(100, decimals, bars) }

// Decimal states the share as a fraction of 1 with that many decimals, rounded
// half away from zero. Where rounding would show the share at one of the bars,
// or at the whole, though it is below, it is cut off instead: 6.9996 % is not
// 7.00 % when 7 % is the bar. It is "" for an empty base.
//
// This is the only place in which a share becomes digits.
func (s Share) Decimal(decimals int, bars ...*big.Rat) string { return s.decimal(1, decimals, bars) }

func (s Share) decimal(unit int64, decimals int, bars []*big.Rat) string {
	if s.Of <= 0 {
		return ""
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	scale.Mul(scale, big.NewInt(unit))
	// digits = floor(votes*scale/of + 1/2) = floor((2*votes*scale + of) / 2*of)
	num := new(big.Int).Mul(big.NewInt(s.Votes), scale)
	of := big.NewInt(s.Of)
	down := new(big.Int).Quo(num, of)
	digits := new(big.Int).Quo(new(big.Int).Add(new(big.Int).Lsh(num, 1), of), new(big.Int).Lsh(of, 1))
	if digits.Cmp(down) != 0 {
		for _, bar := range append(bars, big.NewRat(1, 1)) {
			shown := new(big.Rat).SetFrac(digits, scale)
			if s.Cmp(bar) < 0 && shown.Cmp(bar) >= 0 {
				digits = down
				break
			}
		}
	}
	text := digits.String()
	if decimals == 0 {
		return text
	}
	if short := decimals + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	return text[:len(text)-decimals] + "." + text[len(text)-decimals:]
}

// needed is the fewest votes that reach the share of base: at least the share,
// or more than it.
func needed(share *big.Rat, base int64, moreThan bool) int64 {
	n := new(big.Int).Mul(share.Num(), big.NewInt(base))
	q, r := n.QuoRem(n, share.Denom(), new(big.Int))
	if moreThan || r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() { // of several quotas in a house of fewer seats: nobody reaches it
		return math.MaxInt64
	}
	return q.Int64()
}

// fallsAt is the smallest base at which votes no longer reach the share; false
// when no base in int64 is that large.
func fallsAt(share *big.Rat, votes int64, moreThan bool) (int64, bool) {
	n := new(big.Int).Mul(share.Denom(), big.NewInt(votes))
	q, r := n.QuoRem(n, share.Num(), new(big.Int))
	// At least: the last base is floor(votes/share). More than: it is the last
	// whole number below votes/share.
	if !moreThan || r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q.Int64(), q.IsInt64()
}

// less reports whether the share is below another, by the exact products in 128
// bits. Neither base must be empty.
func (s Share) less(t Share) bool {
	hi, lo := bits.Mul64(uint64(s.Votes), uint64(t.Of))
	high, low := bits.Mul64(uint64(t.Votes), uint64(s.Of))
	return hi < high || hi == high && lo < low
}
