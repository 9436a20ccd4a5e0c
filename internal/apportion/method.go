package apportion

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// A Method is a procedure for dividing seats. The zero value is none; use [Find].
type Method struct {
	Name    string   // as --method, rules files and JSON have it
	Title   string   // in a sentence
	Formula string   // in plain text; v votes, V all votes, S seats, k seats already held
	Aliases []string // other names that Find takes
	divide  func(s *Stage, votes []int64) claims
	// quota is nil for divisor methods.
	quota func(votes, seats uint64) Fraction
	// divisor k is a*k+b; a is 0 for quota methods.
	a, b uint64
}

// methods are all procedures, in the order of lists and help.
var methods = []Method{
	quotaMethod("lr:hare", "Hare quota, largest remainders", "quota V/S", func(v, s uint64) Fraction { return fraction(v, s) }, "hamilton"),
	quotaMethod("lr:droop", "Droop quota, largest remainders", "quota floor(V/(S+1)) + 1", func(v, s uint64) Fraction { return fraction(v/(s+1)+1, 1) }),
	quotaMethod("lr:hagenbach_bischoff", "Hagenbach-Bischoff quota, largest remainders", "quota V/(S+1)", func(v, s uint64) Fraction { return fraction(v, s+1) }),
	quotaMethod("lr:imperiali", "Imperiali quota, largest remainders", "quota V/(S+2)", func(v, s uint64) Fraction { return fraction(v, s+2) }),
	divisorMethod("dhondt", "D'Hondt divisors", "quotients v/(k+1): 1, 2, 3 …", 1, 1, "d'hondt", "d_hondt", "jefferson"),
	divisorMethod("sainte_lague", "Sainte-Laguë divisors", "quotients v/(2k+1): 1, 3, 5 …", 2, 1, "saintelague", "sainte_laguë", "webster"),
}

func quotaMethod(name, title, formula string, quota func(votes, seats uint64) Fraction, aliases ...string) Method {
	m := Method{Name: name, Title: title, Formula: formula, Aliases: aliases, quota: quota}
	m.divide = m.byQuota
	return m
}

func divisorMethod(name, title, formula string, a, b uint64, aliases ...string) Method {
	m := Method{Name: name, Title: title, Formula: formula, Aliases: aliases, a: a, b: b}
	m.divide = m.byDivisors
	return m
}

// IsQuota reports whether the method divides by a quota and remainders, and not
// by a row of divisors.
func (m Method) IsQuota() bool { return m.quota != nil }

// Methods returns all methods.
func Methods() []Method { return slices.Clone(methods) }

// An UnknownMethodError is a name that no method has.
type UnknownMethodError struct{ Name string }

func (e *UnknownMethodError) Error() string {
	var names []string
	for _, m := range methods {
		names = append(names, m.Name)
	}
	return fmt.Sprintf("no method is called %q; there are %s", e.Name, strings.Join(names, ", "))
}

// Find returns the method of that name or alias. Case does not count, and a
// hyphen stands for an underscore or a colon.
func Find(name string) (Method, error) {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(s))
	}
	for _, m := range methods {
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			if plain(n) == plain(name) {
				return m, nil
			}
		}
	}
	return Method{}, &UnknownMethodError{name}
}

// byQuota gives each list a seat for each whole quota in its votes, and the
// leftovers one each to the largest remainders. Where the whole quotas are more
// than the house, as the Imperiali quota can have it, the lists with the smallest
// remainders give one back.
func (m Method) byQuota(s *Stage, votes []int64) claims {
	var all uint64
	for _, v := range votes {
		all += uint64(v)
	}
	s.Quota = m.quota(all, uint64(s.House))
	left := s.House
	c := claims{settled: make([]int, len(votes))}
	for k, v := range votes {
		// v / (num/den) = v*den / num. The whole part is at most about the house.
		hi, lo := bits.Mul64(uint64(v), s.Quota.Den)
		whole, rest := bits.Div64(hi, lo, s.Quota.Num)
		s.Whole = append(s.Whole, int64(whole))
		s.Remainders = append(s.Remainders, fraction(rest, s.Quota.Num))
		c.settled[k] = int(whole)
		left -= int(whole)
	}
	order := make([]int, len(votes))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.Remainders[b].Cmp(s.Remainders[a]) })
	for left < 0 { // give back: then there are leftovers for all but those that did
		for k := range c.settled {
			if c.settled[k] > 0 {
				c.settled[k]--
				left++
			} else {
				order = slices.DeleteFunc(order, func(x int) bool { return x == k })
			}
		}
	}
	for left > len(order) { // a quota so large that every list gets a leftover
		for k := range c.settled {
			c.settled[k]++
			left--
		}
	}
	s.Unserved = order
	c.base = slices.Clone(c.settled)
	if left == 0 || left == len(order) || s.Remainders[order[left-1]] != s.Remainders[order[left]] {
		for _, k := range order[:left] {
			c.settled[k]++
		}
		return c
	}
	c.at = s.Remainders[order[left]]
	c.seats = left
	for _, k := range order {
		switch s.Remainders[k].Cmp(c.at) {
		case 1:
			c.settled[k]++
			c.seats--
		case 0:
			c.tied = append(c.tied, k)
		}
	}
	slices.Sort(c.tied)
	return c
}

// byDivisors gives the seats to the largest quotients v/(a*k+b). It starts from
// each list's share of the house, rounded down, and takes the few seats that are
// missing or too many one by one.
func (m Method) byDivisors(s *Stage, votes []int64) claims {
	var all uint64
	for _, v := range votes {
		all += uint64(v)
	}
	seats := make([]int, len(votes))
	left := s.House
	for k, v := range votes {
		hi, lo := bits.Mul64(uint64(v), uint64(s.House))
		q, _ := bits.Div64(hi, lo, all)
		seats[k] = int(q)
		left -= int(q)
	}
	for left > 0 {
		k := m.best(votes, seats, 0, 1)
		seats[k]++
		left--
	}
	// A share rounded down can still be a seat too many (Sainte-Laguë does not
	// keep to it): exchange as long as a waiting quotient is above a served one.
	for {
		in, out := m.best(votes, seats, 0, 1), m.best(votes, seats, -1, -1)
		if m.quotient(votes[in], seats[in]).Cmp(m.quotient(votes[out], seats[out]-1)) <= 0 {
			break
		}
		seats[in]++
		seats[out]--
	}
	in, out := m.best(votes, seats, 0, 1), m.best(votes, seats, -1, -1)
	s.From, s.To = m.quotient(votes[in], seats[in]), m.quotient(votes[out], seats[out]-1)
	c := claims{settled: seats}
	if s.From != s.To {
		return c
	}
	c.at = s.From
	for k, v := range votes {
		served := seats[k] > 0 && m.quotient(v, seats[k]-1) == c.at
		if served {
			seats[k]--
			c.seats++
		}
		if served || m.quotient(v, seats[k]) == c.at {
			c.tied = append(c.tied, k)
		}
	}
	return c
}

// best is the list whose quotient is the largest (sign 1) or smallest (sign -1):
// the one for its next seat (back 0), or for its last (back -1).
func (m Method) best(votes []int64, seats []int, back, sign int) int {
	best := -1
	var at Fraction
	for k, v := range votes {
		if seats[k]+back < 0 {
			continue
		}
		if q := m.quotient(v, seats[k]+back); best < 0 || sign*q.Cmp(at) > 0 {
			best, at = k, q
		}
	}
	return best
}

// quotient is v over the divisor of the seat after k others.
func (m Method) quotient(v int64, k int) Fraction { return fraction(uint64(v), m.a*uint64(k)+m.b) }
