package apportion

import (
	"math/big"
	"slices"
)

// quota names a number of votes that buys a seat.
type quota uint8

const (
	noQuota quota = iota
	hare
	droop
	hagenbachBischoff
	hagenbachBischoffRounded
	hagenbachBischoffCeil
	imperiali
	imperialiRounded
)

// of gives the quota p/q of so many votes for a house. Votes are below 2^94 (2^31
// lists of 2^63 votes) and seats below 2^30. Only a rounded quota can be 0.
func (q quota) of(votes wide, house int) (p wide, per uint64) {
	s := uint64(house)
	switch q {
	case hare:
		return votes, s
	case droop:
		p, _ = votes.quoRem(wide{lo: s + 1})
		return p.add(wide{lo: 1}), 1
	case hagenbachBischoff:
		return votes, s + 1
	case hagenbachBischoffRounded: // half up: (2V + S+1) / 2(S+1), rounded down
		p, _ = votes.mul(2).add(wide{lo: s + 1}).quoRem(wide{lo: 2 * (s + 1)})
		return p, 1
	case hagenbachBischoffCeil:
		p, _ = votes.add(wide{lo: s}).quoRem(wide{lo: s + 1})
		return p, 1
	}
	p, per = votes, s+2        // imperiali
	if q == imperialiRounded { // half up
		p, _ = votes.mul(2).add(wide{lo: s + 2}).quoRem(wide{lo: 2 * (s + 2)})
		per = 1
	}
	return p, per
}

// Quota is the votes for a seat under a quota method, of so many votes for a house of 1
// seat or more; nil under other methods. A rounded one may be 0.
func (m Method) Quota(votes int64, house int) *big.Rat {
	if m.quota == noQuota || house < 1 {
		return nil
	}
	p, per := m.quota.of(wide{lo: uint64(votes)}, house)
	return new(big.Rat).SetFrac(p.big(), new(big.Int).SetUint64(per))
}

// byQuotas gives a seat for each whole quota and the rest to the largest remainders,
// or to the largest lists. Two things can go wrong with the wholes, and the vectors of the
// field and Czech and Slovak practice say what then:
//
//   - More seats are left than lists (a Droop quota of 1 vote for 120 seats):
//     each list gets one more in turn, and the last round goes by remainders.
//   - More seats are given than the house has (the Imperiali quota): one seat is
//     taken back from each list in turn, and the last round spares the largest
//     remainders. So remainders decide who keeps, and a tie has the same form.
func (w *work) byQuotas(s *Stage, votes []int64) ([]contest, error) {
	left, err := w.wholes(s, votes, w.Method.quota)
	if err != nil || s.House == 0 {
		return nil, err
	}
	s.rank(votes)
	if left < 0 {
		return s.takeBack(-left), nil
	}
	for k := range votes {
		s.Seats[k] += left / len(votes)
	}
	return s.lastRound(left%len(votes), len(votes)), nil
}

// wholes gives a seat for each whole quota, within the bounds of the stage, and
// returns how many of the house are left, below 0 when they are too many.
func (w *work) wholes(s *Stage, votes []int64, q quota) (left int, err error) {
	s.Whole, s.Remainders = make([]int64, len(votes)), make([]Fraction, len(votes))
	s.Unserved = make([]int, len(votes))
	for k := range s.Unserved {
		s.Unserved[k] = k
	}
	if s.House == 0 {
		return 0, nil
	}
	var total wide
	for _, v := range votes {
		total = total.add(wide{lo: uint64(v)})
	}
	if w.Base > 0 {
		total = wide{lo: uint64(w.Base)}
	}
	p, per := q.of(total, s.House)
	if p == (wide{}) {
		return 0, wrong("seats", -1, "%s votes for %d: the quota of %s rounds to 0", total, s.House, w.Method.Name)
	}
	s.Quota = Fraction{num: p, den: wide{lo: per}}.lowest()
	left = s.House
	for k, v := range votes {
		whole, rem := mul(uint64(v), per).quoRem(p)
		s.Whole[k], s.Seats[k] = int64(whole.lo), int(whole.lo)
		s.Remainders[k] = Fraction{num: rem, den: p}.lowest()
		if s.most != nil {
			s.Seats[k] = min(s.Seats[k], s.most[k])
		}
		left -= s.Seats[k]
	}
	return left, nil
}

// rank puts the lists in the order in which leftovers go to them.
func (s *Stage) rank(votes []int64) {
	s.claims = s.Remainders
	if s.By == ByVotes {
		s.claims = make([]Fraction, len(votes))
		for k, v := range votes {
			s.claims[k] = Fraction{num: wide{lo: uint64(v)}, den: wide{lo: 1}}
		}
	}
	slices.SortStableFunc(s.Unserved, func(a, b int) int { return s.claims[b].Cmp(s.claims[a]) })
}

// takeBack takes n seats from the lists that hold any, one each in turn.
func (s *Stage) takeBack(n int) []contest {
	for {
		// Those without a seat stand last in the order, and stay there.
		slices.SortStableFunc(s.Unserved, func(a, b int) int { return min(s.Seats[b], 1) - min(s.Seats[a], 1) })
		holders, fewest := 0, n
		for _, x := range s.Seats {
			if x > 0 {
				holders, fewest = holders+1, min(fewest, x)
			}
		}
		rounds := min(n/holders, fewest)
		if rounds == 0 {
			rounds = 1 // the last: every holder gives a seat, and some get it back
		}
		for k := range s.Seats {
			s.Seats[k] = max(0, s.Seats[k]-rounds)
		}
		if n -= rounds * holders; n <= 0 {
			return s.lastRound(-n, holders)
		}
	}
}

// lastRound gives one seat each to the n largest of the first so many claims in
// order. Equal claims that do not all fit are the tie; their seats stand in it.
func (s *Stage) lastRound(n, stand int) []contest {
	order := s.Unserved
	if n > 0 {
		s.LastServed = order[n-1]
		s.To = s.claims[s.LastServed]
	}
	if n < stand {
		s.FirstUnserved = order[n]
		s.From = s.claims[s.FirstUnserved]
	}
	s.base = slices.Clone(s.Seats)
	tied := n > 0 && n < stand && s.From == s.To
	var level batch
	for place, k := range order[:stand] {
		switch {
		case tied && s.claims[k] == s.To:
			level.lists = append(level.lists, k)
			if place < n {
				level.seats++
			}
		case place < n:
			s.Seats[k]++
		}
	}
	if !tied {
		return nil
	}
	slices.Sort(level.lists)
	return []contest{{s.To, []batch{level}}}
}

// split parts the lists into those that the last round served, draws included, and
// the others.
func (s *Stage) split() {
	order := s.Unserved
	s.Unserved = nil
	for _, k := range order {
		if s.base != nil && s.Seats[k] > s.base[k] {
			s.Served = append(s.Served, k)
		} else {
			s.Unserved = append(s.Unserved, k)
		}
	}
}
