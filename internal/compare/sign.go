package compare

import (
	"fmt"
	"math/big"
	"strings"
)

// A Sign is a two-sided sign test: how often at least so uneven a split of changes into
// up and down would come of tosses of a fair coin,
//
//	p = min(1, 2 × (C(n,0) + C(n,1) + … + C(n,m)) / 2^n)
//
// where n precincts differ and m is the smaller of up and down. It is exact. With 5 up and
// 1 down it is 2 × (1 + 6) / 64 = 7/32.
type Sign struct{ P *big.Rat } // nil: nothing differs

func signTest(up, down int) Sign {
	n := up + down
	if n == 0 {
		return Sign{}
	}
	term, sum := big.NewInt(1), big.NewInt(1)
	factor := new(big.Int)
	for k := range min(up, down) {
		term.Mul(term, factor.SetInt64(int64(n-k)))
		term.Quo(term, factor.SetInt64(int64(k+1)))
		sum.Add(sum, term)
	}
	p := new(big.Rat).SetFrac(sum.Lsh(sum, 1), new(big.Int).Lsh(big.NewInt(1), uint(n)))
	if one := big.NewRat(1, 1); p.Cmp(one) > 0 {
		p = one
	}
	return Sign{p}
}

// Decimal states the probability with so many significant digits, rounded half up:
// "0.2188", "1", "3.917e-12" below 0.0001; "" where nothing differs.
func (s Sign) Decimal(digits int) string {
	if s.P == nil {
		return ""
	}
	if s.P.Cmp(big.NewRat(1, 1)) == 0 {
		return "1"
	}
	ten := big.NewInt(10)
	// Rounded to an integer of that many digits: p × 10^shift.
	shift := digits
	low := (s.P.Denom().BitLen() - s.P.Num().BitLen() - 1) * 30102 / 100000 // zeros behind the point, at least
	shift += max(0, low-1)
	limit := new(big.Int).Exp(ten, big.NewInt(int64(digits-1)), nil)
	var n *big.Int
	for {
		scale := new(big.Int).Exp(ten, big.NewInt(int64(shift)), nil)
		num := scale.Mul(scale, s.P.Num())
		num.Lsh(num, 1).Add(num, s.P.Denom())
		n = num.Quo(num, new(big.Int).Lsh(s.P.Denom(), 1))
		if n.Cmp(limit) >= 0 {
			break
		}
		shift++
	}
	text := n.String()
	if len(text) > digits { // 0.99996 is 1.000
		text, shift = text[:digits], shift-1
	}
	power := len(text) - 1 - shift // p is about d × 10^power
	if power >= 0 {
		return "1"
	}
	if power < -4 {
		return fmt.Sprintf("%s.%se%d", text[:1], text[1:], power)
	}
	return "0." + strings.Repeat("0", -power-1) + text
}
