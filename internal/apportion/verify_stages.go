package apportion

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"
)

// take gives the next stage, if it is what must come.
func (v *verifier) take(by Claim, lists []int, house int) (*Stage, error) {
	if v.at == len(v.a.Certificate.Stages) {
		v.at++
		return nil, fmt.Errorf("a stage by %s of %d seats is missing", by, house)
	}
	s := &v.a.Certificate.Stages[v.at]
	v.ties = slices.DeleteFunc(slices.Clone(v.a.Ties), func(t Tie) bool { return t.Stage != v.at })
	v.open = nil
	v.at++
	given := s.Open
	for _, n := range s.Seats {
		given += n
	}
	switch {
	case s.By != by:
		return nil, fmt.Errorf("by %s, want %s", s.By, by)
	case !slices.Equal(s.Lists, lists) || len(s.Seats) != len(lists):
		return nil, fmt.Errorf("the lists %v take part, want %v", s.Lists, lists)
	case s.House != house || given != house || s.Open < 0:
		return nil, fmt.Errorf("%d seats divided and %d given, want %d", s.House, given, house)
	case (s.Held != nil) != (by == Average) || s.Held != nil && len(s.Held) != len(lists):
		return nil, fmt.Errorf("%d lists hold seats in a stage by %s", len(s.Held), by)
	case by != Remainder && by != ByVotes && (s.Quota != Fraction{} || s.Whole != nil || s.Remainders != nil || s.Served != nil || s.Unserved != nil):
		return nil, fmt.Errorf("a quota in a stage by %s", by)
	case (by == Remainder || by == ByVotes) && (len(s.Whole) != len(lists) || len(s.Remainders) != len(lists)):
		return nil, fmt.Errorf("%d whole quotas and %d remainders, want %d", len(s.Whole), len(s.Remainders), len(lists))
	}
	for k, i := range lists {
		switch {
		case s.Seats[k] < 0 && by != Majority:
			return nil, fmt.Errorf("list %d gets %d seats", i, s.Seats[k])
		case s.Held != nil && s.Held[k] != v.held[i]:
			return nil, fmt.Errorf("list %d held %d seats, want %d", i, s.Held[k], v.held[i])
		}
	}
	return s, nil
}

// met checks that a stage has no ties but those that were met.
func (v *verifier) met() error {
	if len(v.ties) > 0 {
		return fmt.Errorf("no equal claims of the lists %v", v.ties[0].Lists)
	}
	return nil
}

// add gives the seats of a stage.
func (v *verifier) add(s *Stage) {
	for k, i := range s.Lists {
		v.held[i] += s.Seats[k]
	}
}

// voted are the lists with votes, and with caps but those of 0 where they bind at once.
func (v *verifier) voted(capped bool) (lists []int) {
	for i, votes := range v.p.Votes {
		if votes > 0 && !(capped && v.p.Caps != nil && v.p.Caps[i] == 0) {
			lists = append(lists, i)
		}
	}
	return lists
}

// all follows the stages from the bonus to the last seat.
func (v *verifier) all() error {
	p, bonus := *v.p, v.p.Bonus.Seats
	house := p.Seats
	switch {
	case p.Method.Name == "winner_takes_all":
		if house == 0 {
			return nil
		}
		_, err := v.lead(house, house)
		return err
	case bonus > 0 && p.Bonus.Kind == BonusExtra:
		if _, err := v.lead(bonus, bonus); err != nil {
			return err
		}
		v.bonus, v.held = v.held, make([]int, len(v.held))
		err := v.rest(house - bonus)
		for i, n := range v.bonus {
			v.held[i] += n
		}
		return err
	case bonus > 0:
		stages := v.a.Certificate.Stages
		if len(stages) == 0 || stages[0].By != Lead {
			if err := v.rest(house); err != nil {
				return err
			}
			for _, i := range v.leaders() {
				if v.held[i] < bonus {
					return fmt.Errorf("list %d has the most votes and %d seats, want %d", i, v.held[i], bonus)
				}
			}
			return nil
		}
		first, err := v.lead(0, bonus)
		if err != nil {
			return err
		}
		p.Minimums = slices.Concat(p.Minimums, make([]int, len(p.Votes)-len(p.Minimums)))
		v.p = &p
		if first < 0 {
			copy(v.held, p.Minimums)
			return nil
		}
		p.Minimums[first], p.Overhang = max(p.Minimums[first], bonus), OverhangWithin
	}
	return v.rest(house)
}

func (v *verifier) leaders() (lists []int) {
	most := slices.Max(v.p.Votes)
	for i, votes := range v.p.Votes {
		if votes > 0 && votes == most {
			lists = append(lists, i)
		}
	}
	return lists
}

// lead checks who has the most votes.
func (v *verifier) lead(house, stake int) (first int, err error) {
	s, err := v.take(Lead, v.voted(false), house)
	if err != nil {
		return 0, err
	}
	leaders := v.leaders()
	if len(leaders) > 1 {
		if len(v.ties) != 1 || !slices.Equal(v.ties[0].Lists, leaders) || v.ties[0].Seats != stake || !v.ties[0].Together ||
			!v.shows(v.ties[0].Quotient, new(big.Rat).SetInt64(v.p.Votes[leaders[0]])) {
			return 0, fmt.Errorf("the lists %v have as many votes, and the ties are %v", leaders, v.ties)
		}
		if err := v.fair(v.ties[0]); err != nil {
			return 0, err
		}
		leaders, v.ties = v.ties[0].Winners, nil
	}
	want := make([]int, len(s.Lists))
	if first = -1; len(leaders) == 1 {
		first = leaders[0]
		want[slices.Index(s.Lists, first)] = house
	}
	if !slices.Equal(s.Seats, want) {
		return 0, fmt.Errorf("the lead gives %v, want %v", s.Seats, want)
	}
	v.add(s)
	return first, v.met()
}

// rest follows the stages without a bonus.
func (v *verifier) rest(house int) error {
	p := *v.p
	for i, n := range p.Minimums {
		if p.Votes[i] == 0 && p.Overhang == OverhangWithin {
			v.held[i] = n
			house -= n
		}
	}
	if p.Minimums != nil && p.Overhang != OverhangWithin {
		if p.Overhang == OverhangLevelled {
			v.overhang = -house
			house = v.levelled(house)
			v.overhang += house
		}
		without := p
		without.Minimums = nil
		v.p = &without
		err := v.divide(house)
		v.p = &p
		for i, n := range p.Minimums {
			v.overhang += max(n-v.held[i], 0)
			v.held[i] = max(v.held[i], n)
		}
		return err
	}
	return v.divide(house)
}

// levelled is the number of claims that are no less than the least which a minimum
// needs, but not below the house. Of equal ones those with fewer votes may wait, where
// more votes come first.
func (v *verifier) levelled(house int) int {
	var least *big.Rat
	fewest := int64(0)
	for i, n := range v.p.Minimums {
		if v.p.Votes[i] == 0 || n == 0 {
			continue
		}
		order := -1
		if least != nil {
			order = v.quotients(i, n-1).Cmp(least)
		}
		if order < 0 || order == 0 && v.p.Votes[i] < fewest {
			least, fewest = v.quotients(i, n-1), v.p.Votes[i]
		}
	}
	sum := 0
	for _, i := range v.voted(false) {
		if least != nil { // the claims fall
			sum += sort.Search(MaxSeats, func(n int) bool {
				order := v.quotients(i, n).Cmp(least)
				return order < 0 || order == 0 && v.p.MoreVotes && v.p.Votes[i] < fewest
			})
		}
	}
	return max(house, sum)
}

// divide follows the stages of the method.
func (v *verifier) divide(house int) error {
	caps := v.p.Caps != nil
	switch name := v.p.Method.Name; {
	case name == "kieswet" && 0 < house && house < 19:
		return v.small(house)
	case name == "droop_averages":
		return v.southAfrica(house)
	case v.claimOf() == Quotient && !(caps && v.p.Excess == ExcessOnTop):
		return v.once(house)
	case caps && v.p.Excess == ExcessOnTop:
		return v.onTop(house)
	}
	return v.anew(house)
}

// once checks a division by quotients in which the bounds bind at once.
func (v *verifier) once(house int) error {
	lists, room, most := v.voted(true), int64(0), free
	if v.p.Caps != nil || v.p.Minimums != nil {
		most = func(i int) (int, int) {
			least, most := 0, -1
			if v.p.Minimums != nil {
				least = v.p.Minimums[i]
			}
			if v.p.Caps != nil {
				most = v.p.Caps[i]
			}
			return least, most
		}
	}
	if v.p.Caps != nil {
		for _, i := range lists {
			room += int64(min(v.p.Caps[i], house))
		}
		v.unfilled = int(max(0, int64(house)-room))
	}
	s, err := v.take(Quotient, lists, house-v.unfilled)
	if err != nil {
		return err
	}
	if err := v.division(s, s.House, most, false); err != nil {
		return err
	}
	v.add(s)
	if v.p.Method.Name == "kieswet" && s.Open == 0 && house > 0 {
		return v.majority(house, s, v.averages(1), free)
	}
	return nil
}

// division checks one division of all the seats of a house by the method.
func (v *verifier) division(s *Stage, house int, within bounds, void bool) error {
	if v.p.Method.Name == "balinski_young_quota" {
		return v.again(s, void)
	}
	claim := v.quotients
	if q := v.quota(v.total(s.Lists), int64(house)); q != nil && s.By != Quotient {
		if claim = v.remainders(q); s.By == ByVotes {
			claim = v.largest(q)
		}
		if err := v.onPaper(s, q); err != nil {
			return err
		}
	}
	if list, ends := sequenceEnd(v.p.Method.Name); ends {
		inner := within
		within = func(i int) (int, int) {
			least, most := inner(i)
			if most < 0 || most > list {
				most = list
			}
			return least, most
		}
	}
	if house == 0 {
		return v.met()
	}
	if err := v.holds(s, claim, within, void); err != nil {
		return err
	}
	return v.met()
}

// onPaper checks the quota, what it goes into the votes, and the order of leftovers.
func (v *verifier) onPaper(s *Stage, quota *big.Rat) error {
	if q := s.Quota.Rat(); q == nil || q.Cmp(quota) != 0 {
		return fmt.Errorf("the quota is %s, want %s", s.Quota, quota.RatString())
	}
	for k, i := range s.Lists {
		whole := v.whole(i, quota)
		rest := v.remainders(quota)(i, int(whole))
		if r := s.Remainders[k].Rat(); s.Whole[k] != whole || r == nil || r.Cmp(rest) != 0 {
			return fmt.Errorf("list %d has %d quotas and %s, want %d and %s", i, s.Whole[k], s.Remainders[k], whole, rest.RatString())
		}
	}
	all := slices.Sorted(slices.Values(slices.Concat(s.Served, s.Unserved)))
	for k := range s.Lists {
		if len(all) != len(s.Lists) || all[k] != k {
			return fmt.Errorf("leftovers go to %v and not to %v, of %d lists", s.Served, s.Unserved, len(s.Lists))
		}
	}
	for n := range s.Served {
		if n > 0 && v.leftover(s, s.Served[n-1]).Cmp(v.leftover(s, s.Served[n])) < 0 {
			return fmt.Errorf("the leftovers %v are not in order", s.Served)
		}
	}
	return nil
}

// claimOf is by what the method gives the seats of a division.
func (v *verifier) claimOf() Claim {
	switch name := v.p.Method.Name; {
	case name == "balinski_young_quota":
		return Seatwise
	case name == "hare_largest_lists":
		return ByVotes
	case strings.HasPrefix(name, "lr:"):
		return Remainder
	}
	return Quotient
}

// outside reports whether a list with so many seats is beyond its bounds, and where
// it stays then.
func (v *verifier) outside(i, seats int) (at int, out bool) {
	at = seats
	if v.p.Minimums != nil {
		at = max(at, v.p.Minimums[i])
	}
	if v.p.Caps != nil {
		at = min(at, v.p.Caps[i])
	}
	return at, at != seats
}

// hangs reports whether an open draw decides which lists are beyond their bounds, and
// they have no more than their minimums.
func (v *verifier) hangs(s *Stage) bool {
	for _, i := range s.Lists {
		if least, _ := v.outside(i, 0); v.a.Seats[i] != least+v.bonus[i] {
			return false
		}
	}
	for k, i := range s.Lists {
		best := s.Seats[k]
		for _, o := range v.open {
			if o == i {
				best++
			}
		}
		_, a := v.outside(i, s.Seats[k])
		_, b := v.outside(i, best)
		if a != b {
			return true
		}
	}
	return false
}

// anew checks divisions that are repeated without the lists beyond their bounds.
func (v *verifier) anew(house int) error {
	for lists := v.voted(false); ; {
		s, err := v.take(v.claimOf(), lists, house)
		if err != nil {
			return err
		}
		// An open tie is void where the seats are divided anew, or are too many for all.
		void := v.at < len(v.a.Certificate.Stages) || v.a.Unfilled > 0
		if err := v.division(s, house, free, void); err != nil {
			return err
		}
		if v.at == len(v.a.Certificate.Stages) && v.hangs(s) {
			for _, i := range lists {
				v.held[i], _ = v.outside(i, 0)
			}
			return nil
		}
		var inside []int
		for k, i := range lists {
			at, out := v.outside(i, s.Seats[k])
			if v.held[i] = at; out {
				house -= at
			} else {
				inside = append(inside, i)
			}
		}
		switch {
		case len(inside) == len(lists):
			return nil
		case len(inside) == 0:
			v.unfilled = house
			return nil
		}
		lists = inside
	}
}

// onTop checks divisions of the seats above the caps.
func (v *verifier) onTop(house int) error {
	pending := make([]int, len(v.held)) // open draws that a list stands in
	for lists := v.voted(false); ; {
		s, err := v.take(v.claimOf(), lists, house)
		if err != nil {
			return err
		}
		if err := v.division(s, house, free, false); err != nil {
			return err
		}
		v.add(s)
		for _, i := range v.open {
			pending[i]++
		}
		unsure := false // whether a list reaches its cap by a lot, only the lot can say
		var below []int
		above := 0
		for _, i := range lists {
			more := max(0, v.held[i]-v.p.Caps[i])
			v.held[i] -= more
			above += more
			if v.held[i] < v.p.Caps[i] {
				below = append(below, i)
			}
			unsure = unsure || pending[i] > 0 && v.held[i]+pending[i] >= v.p.Caps[i]
		}
		if s.By == Seatwise { // where one draw may lead to another, more lists seem to stand in it
			unsure = unsure && v.at == len(v.a.Certificate.Stages)
		}
		switch {
		case above == 0 || unsure:
			return nil
		case len(below) == 0:
			v.unfilled = above
			return nil
		}
		lists, house = below, above
	}
}

// small checks the Dutch law below 19 seats.
func (v *verifier) small(house int) error {
	lists := v.voted(false)
	quota := v.quota(v.total(lists), int64(house))
	bar := new(big.Rat).Mul(quota, big.NewRat(3, 4))
	stands := func(i int) bool { return new(big.Rat).SetInt64(v.p.Votes[i]).Cmp(bar) >= 0 }
	s, within, left, err := v.wholes(lists, house, quota, house, stands)
	if err != nil {
		return err
	}
	claim := v.remainders(quota)
	for _, once := range []bool{true, false} {
		if left == 0 || s != nil && s.Open > 0 {
			break
		}
		t, bound, more, err := v.average(lists, left, 1, once)
		if err != nil {
			return err
		}
		if left = more; t != nil {
			s, claim, within = t, v.averages(1), bound
		}
	}
	if s != nil && s.Open > 0 {
		return nil
	}
	v.unfilled = left
	if s == nil {
		return nil
	}
	return v.majority(house, s, claim, within)
}

// southAfrica checks the South African law.
func (v *verifier) southAfrica(house int) error {
	lists := v.voted(false)
	if house == 0 {
		return nil
	}
	quota := v.quota(v.total(lists), int64(house))
	s, _, left, err := v.wholes(lists, house, quota, 5, func(int) bool { return true })
	if err != nil || left == 0 || s != nil && s.Open > 0 {
		return err
	}
	_, _, v.unfilled, err = v.average(lists, left, 0, false)
	return err
}

// wholes checks whole quotas and leftovers by remainders, one each to the lists that
// stand, most at the most; left is what they leave.
func (v *verifier) wholes(lists []int, house int, quota *big.Rat, most int, stands func(i int) bool) (s *Stage, within bounds, left int, err error) {
	left = house
	standing := 0
	whole := make([]int, len(v.held))
	limit := make([]int, len(v.held))
	for _, i := range lists {
		whole[i] = int(v.whole(i, quota))
		if v.p.Caps != nil {
			whole[i] = min(whole[i], v.p.Caps[i])
		}
		left -= whole[i]
		if limit[i] = whole[i]; stands(i) && (v.p.Caps == nil || whole[i] < v.p.Caps[i]) {
			standing++
			limit[i]++
		}
	}
	n := min(left, most, standing)
	within = func(i int) (int, int) { return whole[i], limit[i] }
	if house-left+n == 0 {
		return nil, within, left, nil
	}
	if s, err = v.take(Remainder, lists, house-left+n); err != nil {
		return nil, nil, 0, err
	}
	if err := v.onPaper(s, quota); err != nil {
		return nil, nil, 0, err
	}
	if err = v.holds(s, v.remainders(quota), within, false); err == nil {
		err = v.met()
	}
	v.add(s)
	return s, within, left - n, err
}

// average checks seats that go to the highest votes / (seats + plus); s is nil when
// no list has room.
func (v *verifier) average(lists []int, left int, plus int64, once bool) (s *Stage, within bounds, more int, err error) {
	limit := slices.Clone(v.held)
	before := slices.Clone(v.held)
	room := int64(0)
	for _, i := range lists {
		if limit[i] += MaxSeats; once {
			limit[i] = v.held[i] + 1
		}
		if v.p.Caps != nil {
			limit[i] = max(v.held[i], min(limit[i], v.p.Caps[i]))
		}
		if plus == 0 && v.held[i] == 0 {
			limit[i] = 0
		}
		room += int64(min(limit[i]-v.held[i], left))
	}
	within = func(i int) (int, int) { return before[i], limit[i] }
	n := int(min(int64(left), room))
	if n == 0 {
		return nil, within, left, nil
	}
	if s, err = v.take(Average, lists, n); err != nil {
		return nil, nil, 0, err
	}
	if err = v.holds(s, v.averages(plus), within, false); err == nil {
		err = v.met()
	}
	v.add(s)
	return s, within, left - n, err
}

// majority checks that more than half of the votes are more than half of the seats.
func (v *verifier) majority(house int, s *Stage, claim func(i, n int) *big.Rat, within bounds) error {
	lists := v.voted(false)
	first := v.leaders()[0]
	votes := new(big.Rat).SetInt64(v.p.Votes[first])
	if votes.Mul(votes, big.NewRat(2, 1)).Cmp(v.total(lists)) <= 0 || 2*v.held[first] > house || v.p.Caps != nil && v.held[first] >= v.p.Caps[first] {
		return nil
	}
	var last []int
	var low *big.Rat
	for k, i := range s.Lists {
		least, _ := within(i)
		n := s.Seats[k]
		if s.Held != nil {
			n += s.Held[k]
		}
		if i == first || n <= least {
			continue
		}
		if c := claim(i, n-1); low == nil || c.Cmp(low) < 0 {
			low, last = c, []int{i}
		} else if c.Cmp(low) == 0 {
			last = append(last, i)
		}
	}
	if last == nil {
		return nil
	}
	m, err := v.take(Majority, lists, 0)
	if err != nil {
		return err
	}
	keep := []int{}
	if len(last) > 1 {
		if len(v.ties) != 1 || !slices.Equal(v.ties[0].Lists, last) || v.ties[0].Seats != len(last)-1 || v.ties[0].Together || !v.shows(v.ties[0].Quotient, v.shown(s, last[0], low)) {
			return fmt.Errorf("the lists %v were served last, and the ties are %v", last, v.ties)
		}
		if err := v.fair(v.ties[0]); err != nil {
			return err
		}
		keep, v.ties = v.ties[0].Winners, nil
	}
	want := make([]int, len(lists))
	want[slices.Index(lists, first)] = 1
	for _, i := range last {
		if !slices.Contains(keep, i) {
			want[slices.Index(lists, i)] = -1
		}
	}
	if !slices.Equal(m.Seats, want) {
		return fmt.Errorf("the majority gives %v, want %v", m.Seats, want)
	}
	v.add(m)
	return v.met()
}
