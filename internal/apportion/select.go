package apportion

import "math/big"

// Select gives the roundest divisor of a stage's interval, to check it by hand: of
// the numbers above From and up to To one with the fewest decimal digits, and the
// least of these. It is 0 where From and To are equal, which only a tie settles,
// and under methods without divisors.
//
// Example: 60, 28 and 12 votes for 10 seats by D'Hondt give 6, 3 and 1; From is
// 60/7 = 8.57 and To is 28/3 = 9.33; Select is 9: 60/9 = 6.7, 28/9 = 3.1, 12/9 = 1.3.
func (s Stage) Select() Fraction {
	if s.From.Cmp(s.To) >= 0 {
		return Fraction{}
	}
	digits := 38 // 10^38 is the last in 128 bits
	if s.To.den == (wide{}) {
		digits = len(s.From.floor(1, 0).String())
	}
	for ; digits >= -38; digits-- {
		unit := Fraction{num: power(max(digits, 0)), den: power(max(-digits, 0))}
		n := s.From.floor(1, -digits)
		n.Add(n, big.NewInt(1)) // the first multiple of the unit that is above From
		n.Mul(n, unit.num.big())
		if n.BitLen() > 128 {
			break // finer than any fraction here
		}
		unit.num = narrow(n)
		if x := unit.lowest(); x.Cmp(s.To) <= 0 {
			return x
		}
	}
	return s.To
}

// power is 10^n, n from 0 to 38.
func power(n int) wide {
	p := wide{lo: 1}
	for range n {
		p = p.mul(10)
	}
	return p
}

func narrow(n *big.Int) wide {
	return wide{hi: new(big.Int).Rsh(n, 64).Uint64(), lo: new(big.Int).And(n, new(big.Int).SetUint64(1<<64-1)).Uint64()}
}

// Next is the claim of a list with so many votes, and seats, on one seat more: votes over
// the divisor of that seat. It is false under methods that do not go by divisors, and where
// the divisors have ended. The Dutch law has those of D'Hondt, as it goes by from 19 seats on.
func (m Method) Next(votes int64, seats int) (Fraction, bool) {
	d := &m.divisors
	if !m.IsDivisor() && m.kind != kieswet || votes < 1 || seats < 0 || d.ends && seats >= len(d.first) || d.shape == powers && seats >= maxPower {
		return Fraction{}, false
	}
	return d.quotient(votes, seats).lowest(), true
}
