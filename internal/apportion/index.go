package apportion

import "math/big"

// An Index measures how far seats are from votes, or how many lists share them.
type Index struct {
	Name    string
	Formula string // v_i and s_i are the shares of list i in votes and seats
	Source  string
	Value   *big.Rat // exact; under a root where Root is set; nil when undefined
	Root    bool     // the index is the square root of Value
}

// Decimal gives the index with that many decimals, rounded half away from zero; "–"
// when it is undefined.
func (x Index) Decimal(decimals int) string {
	switch {
	case x.Value == nil:
		return "–"
	case !x.Root:
		return x.Value.FloatString(decimals)
	}
	// sqrt(n/d) with one decimal more and all that follows cut off: a last digit of 5
	// or more is rounded up, whatever was cut.
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(2*int64(decimals)+2), nil)
	n := scale.Mul(scale, x.Value.Num())
	n.Sqrt(n.Quo(n, x.Value.Denom()))
	n.Quo(n.Add(n, big.NewInt(5)), big.NewInt(10))
	return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)).FloatString(decimals)
}

// Indices computes every index of an allocation over all lists with votes. Seats
// that are open are in none of them; without votes or seats all are undefined.
// Loosemore–Hanby, Gallagher and Rae are in percent.
func Indices(votes []int64, seats []int) []Index {
	list := []Index{
		{Name: "Loosemore–Hanby", Formula: "100 × Σ|v_i − s_i| / 2", Source: "Loosemore and Hanby, BJPS 1 (1971)"},
		{Name: "Gallagher", Formula: "100 × sqrt(Σ(v_i − s_i)² / 2)", Source: "Gallagher, Electoral Studies 10 (1991)", Root: true},
		{Name: "Sainte-Laguë", Formula: "100 × Σ(s_i − v_i)² / v_i", Source: "Gallagher, Electoral Studies 10 (1991)"},
		{Name: "Rae", Formula: "100 × Σ|v_i − s_i| / number of lists", Source: "Rae, The Political Consequences of Electoral Laws (1967)"},
		{Name: "parties by votes", Formula: "1 / Σv_i²", Source: "Laakso and Taagepera, CPS 12 (1979)"},
		{Name: "parties by seats", Formula: "1 / Σs_i²", Source: "Laakso and Taagepera, CPS 12 (1979)"},
	}
	allVotes, allSeats, n := new(big.Int), int64(0), int64(0)
	for i, v := range votes {
		allVotes.Add(allVotes, big.NewInt(v))
		allSeats += int64(seats[i])
		if v > 0 || seats[i] > 0 {
			n++
		}
	}
	if allVotes.Sign() == 0 || allSeats == 0 {
		return list
	}
	distance, square, chi, vv, ss := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	finite := true
	for i := range votes {
		v := new(big.Rat).SetFrac(big.NewInt(votes[i]), allVotes)
		s := big.NewRat(int64(seats[i]), allSeats)
		d := new(big.Rat).Sub(v, s)
		dd := new(big.Rat).Mul(d, d)
		distance.Add(distance, new(big.Rat).Abs(d))
		square.Add(square, dd)
		vv.Add(vv, new(big.Rat).Mul(v, v))
		ss.Add(ss, new(big.Rat).Mul(s, s))
		switch {
		case v.Sign() > 0:
			chi.Add(chi, new(big.Rat).Quo(dd, v))
		case s.Sign() > 0:
			finite = false // seats without votes
		}
	}
	percent := func(x *big.Rat, over int64) *big.Rat { return new(big.Rat).Mul(x, big.NewRat(100, over)) }
	list[0].Value = percent(distance, 2)
	list[1].Value = new(big.Rat).Mul(square, big.NewRat(10000, 2))
	if finite {
		list[2].Value = percent(chi, 1)
	}
	list[3].Value = percent(distance, n)
	list[4].Value = vv.Inv(vv)
	list[5].Value = ss.Inv(ss)
	return list
}
