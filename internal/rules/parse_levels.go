package rules

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/apportion"
	"kenesh/internal/document"
)

func (r *Rules) readQuotaBase(top document.Node) *QuotaBase {
	if !top.Field("quota-base").Exists() {
		return nil
	}
	n, cite := cited(top, "quota-base")
	if r.Method.Name != "" && !r.Method.IsQuota() {
		n.Fail("%s has no quota", r.Method.Name)
	}
	return &QuotaBase{readBase(n), cite}
}

func readAlliances(n document.Node) *Alliances {
	if !n.Exists() {
		return nil
	}
	keysOf(n, allianceKeys)
	return &Alliances{Together: oneOf(n.Need("qualify"), qualifyTable[:]) == 1, Method: readMethod(n.Need("method")), Cite: n.Field("cite").Text()}
}

// readMinorities reads how many times votes for minority lists count, a number with a
// point: 1.35 is 27/20.
func readMinorities(n document.Node) *Minorities {
	if !n.Exists() {
		return nil
	}
	keysOf(n, minorityKeys)
	q := n.Need("quotient")
	m := &Minorities{Quotient: big.NewRat(1, 1), Cite: n.Field("cite").Text()}
	text := q.Text()
	units, places, _ := strings.Cut(text, ".")
	if text == "" {
		return m
	}
	if len(units) != 1 || strings.Trim(units+places, "0123456789") != "" || len(places) > 4 {
		q.Fail("found %q, want a number with at most four decimals, such as 1.35", text)
		return m
	}
	if m.Quotient.SetString(text); m.Quotient.Cmp(big.NewRat(1, 1)) <= 0 {
		q.Fail("found %s; votes that count once are no favour, leave it out", text)
	}
	return m
}

func (r *Rules) readBonus(n document.Node) *Bonus {
	if !n.Exists() {
		return nil
	}
	keysOf(n, bonusKeys)
	seats := n.Need("seats")
	b := &Bonus{Seats: int(seats.Int(1, MaxSeats)), Cite: n.Field("cite").Text()}
	if r.Seats > 0 && b.Seats > r.Seats {
		seats.Fail("a bonus of %d seats in a house of %d", b.Seats, r.Seats)
	}
	if oneOf(n.Need("kind"), bonusTable[:]) == 1 {
		b.Kind = apportion.BonusFloor
	}
	return b
}

func readMinimum(n document.Node) *Minimum {
	if !n.Exists() {
		return nil
	}
	keysOf(n, minimumKeys)
	return &Minimum{Seats: int(n.Need("seats").Int(1, MaxSeats)), Cite: n.Field("cite").Text()}
}

func readHeld(n document.Node) *Held {
	if !n.Exists() {
		return nil
	}
	keysOf(n, heldKeys)
	h := &Held{Overhang: Overhang(oneOf(n.Need("overhang"), overhangTable[:])), Cite: n.Field("cite").Text()}
	if tolerate := n.Field("tolerate"); tolerate.Exists() {
		h.Tolerate = int(tolerate.Int(1, MaxSeats))
		if h.Overhang != Levelled {
			tolerate.Fail("says what is not levelled, and nothing is: overhang")
		}
	}
	return h
}

// readLevels reads what is divided before the nation, what the nation does then, and
// what is divided besides.
func (r *Rules) readLevels(top document.Node) {
	districts, nation := top.Field("districts"), top.Field("nation")
	if districts.Exists() && districts.IsList() && len(districts.Items()) == 0 {
		districts.Fail("found an empty list; when the nation divides all seats, leave it out")
	}
	for _, item := range districts.Items() {
		r.Districts = append(r.Districts, r.readDistricts(item))
	}
	for i := range r.Districts {
		r.checkDistricts(i, districts.Items()[i])
	}
	switch {
	case len(r.Districts) > 0:
		if n := top.Need("nation"); n.Exists() {
			r.readNation(n, top)
		}
	case nation.Exists():
		nation.Fail("says what follows the districts, and there are none")
	}
	ids := map[string]bool{}
	for _, item := range top.Field("further").Items() {
		keysOf(item, furtherKeys)
		id := item.Need("id")
		f := Further{ID: readSlug(id), Seats: int(item.Need("seats").Int(1, MaxSeats)), Method: readMethod(item.Need("method")), Cite: item.Field("cite").Text()}
		if ids[f.ID] {
			id.Fail("seats called %q already stand above", f.ID)
		}
		ids[f.ID] = true
		r.Further = append(r.Further, f)
	}
}

func (r *Rules) readDistricts(n document.Node) Districts {
	keysOf(n, districtKeys)
	d := Districts{ID: readSlug(n.Need("id")), Level: n.Need("level").OneOf(names(levelTable[:])...), Method: r.Method, Cite: n.Field("cite").Text()}
	if method := n.Field("method"); method.Exists() {
		d.Method = readMethod(method)
	}
	d.QuotaOf = readSlug(n.Field("quota-of"))
	seats := n.Field("seats")
	if d.QuotaOf == "" {
		seats = n.Need("seats")
	}
	switch {
	case seats.IsScalar() && seats.Text() == announcedTable[0].name:
		d.Announced = true
	case seats.IsScalar():
		if _, err := strconv.Atoi(seats.Text()); err == nil {
			d.Each = int(seats.Int(1, MaxSeats))
		} else {
			seats.Fail("found %q, want the seats of every area by its name, {Hill: 4, Dale: 6}; a number that each has; announced; or {total: 10, method: \"lr:hare\", base: valid}", seats.Text())
		}
	case seats.Field("total").Exists() || seats.Field("method").Exists():
		keysOf(seats, byVotesKeys)
		d.ByVotes = &ByPopulation{Total: int(seats.Need("total").Int(1, MaxSeats)), Method: readMethod(seats.Need("method")), Base: readBase(seats.Need("base"))}
	case seats.Exists():
		d.Seats = readAreaSeats(seats)
		if len(d.Seats) == 0 && seats.IsMap() {
			seats.Fail("found no areas; want the seats of each, or announced")
		}
	}
	d.Up = oneOf(n.Field("leftovers"), leftoversTable[:]) == 1
	if base := n.Field("quota-base"); base.Exists() {
		b := readBase(base)
		d.QuotaBase = &b
		if d.Method.Name != "" && !d.Method.IsQuota() {
			base.Fail("%s has no quota", d.Method.Name)
		}
	}
	switch thresholds := n.Need("thresholds"); {
	case thresholds.IsScalar():
		d.National = oneOf(thresholds, nationalTable[:]) == 1
	case thresholds.Exists():
		d.Thresholds = r.readThresholds(thresholds, d.Cite, true)
	}
	return d
}

// checkDistricts refuses what single keys do not show.
func (r *Rules) checkDistricts(i int, n document.Node) {
	d := &r.Districts[i]
	for _, other := range r.Districts[:i] {
		if other.ID == d.ID && d.ID != "" {
			n.Field("id").Fail("districts called %q already stand above", d.ID)
		}
	}
	if d.Up && d.Method.Name != "" && !d.Method.IsQuota() {
		n.Field("leftovers").Fail("%s gives all seats; leftovers are those of a quota", d.Method.Name)
	}
	if d.QuotaOf == "" {
		return
	}
	of := slices.IndexFunc(r.Districts, func(x Districts) bool { return x.ID == d.QuotaOf })
	switch {
	case of < 0:
		n.Field("quota-of").Fail("no districts are called %q", d.QuotaOf)
	case of <= i:
		n.Field("quota-of").Fail("%q does not stand below; its districts must be larger than these", d.QuotaOf)
	case r.Districts[of].QuotaOf != "":
		n.Field("quota-of").Fail("%q has no quota of its own", d.QuotaOf)
	}
	if !d.Up {
		n.Fail("with the quota of another level whole quotas alone can be given; write leftovers: up")
	}
	n.Field("seats").Fail("follow from the quota of %q", d.QuotaOf)
}

// total is how many seats the law gives to the districts of a level in all; false when
// the file does not say it.
func (d *Districts) total() (int, bool) {
	switch {
	case d.ByVotes != nil:
		return d.ByVotes.Total, true
	case d.Seats != nil:
		return Total(d.Seats), true
	}
	return 0, false
}

func (r *Rules) readNation(n, top document.Node) {
	keysOf(n, nationKeys)
	takes := n.Need("takes")
	r.Nation = &Nation{Takes: Takes(oneOf(takes, takesTable[:])), Cite: n.Field("cite").Text()}
	if overhang := n.Field("overhang"); takes.Is(Levelling.String()) {
		r.Nation.Overhang = Overhang(oneOf(n.Need("overhang"), overhangTable[:]))
	} else if r.Nation.Takes != Levelling {
		overhang.Fail("has a meaning only when the nation takes levelling")
	}
	if voters := n.Field("voters"); r.Nation.Takes == Biproportional {
		r.Nation.Rounded = oneOf(n.Need("voters"), votersTable[:]) == 1
	} else {
		voters.Fail("has a meaning only when the nation takes biproportional")
	}
	last := &r.Districts[len(r.Districts)-1]
	given, known := last.total()
	switch r.Nation.Takes {
	case Nothing:
		if known && given < r.Seats {
			takes.Fail("the districts have %d seats and the house %d; who divides the others?", given, r.Seats)
		} else if known && given > r.Seats {
			takes.Fail("the districts have %d seats and the house %d", given, r.Seats)
		}
		if !slices.ContainsFunc(top.Field("districts").Items(), func(d document.Node) bool { return !d.Field("method").Exists() }) {
			method, _ := cited(top, "method")
			method.Fail("is used nowhere: the nation takes nothing, and all districts state a method of their own; leave out one of them")
		}
		if last.Up {
			takes.Fail("the seats that %q leaves go up, and nobody takes them", last.ID)
		}
	case Levelling:
		if known && given > r.Seats {
			takes.Fail("the districts have %d seats and the house %d", given, r.Seats)
		}
	case Pool:
		if !last.Up || len(r.Districts) > 1 {
			takes.Fail("a pool needs one level of districts, with leftovers: up")
		} else if last.Method.Name != "" && !last.Method.RoundsQuota() {
			takes.Fail("the quota of %s is a fraction, and so are the votes that are left over; the pool needs a quota in whole votes", last.Method.Name)
		}
	case Biproportional:
		r.checkBiproportional(takes)
	}
}

func (r *Rules) checkBiproportional(takes document.Node) {
	d := &r.Districts[0]
	switch {
	case len(r.Districts) > 1 || d.Up || d.QuotaOf != "":
		takes.Fail("it needs one level of districts, which has its seats")
	case r.Method.Name != "" && d.Method.Name != "" && r.Method.Name != d.Method.Name:
		takes.Fail("the districts' method is %s and the nation's %s; biproportional is one method for both", d.Method.Name, r.Method.Name)
	case r.Method.Name != "":
		m := apportion.Matrix{Votes: [][]int64{{1}}, Rows: []int{1}, Cols: []int{1}, Method: r.Method}
		var wrong *apportion.ProblemError
		if _, err := apportion.AllocateMatrix(m); errors.As(err, &wrong) && wrong.Field == "method" {
			takes.Fail("%s", wrong.What)
		}
	}
	if given, known := d.total(); known && given != r.Seats {
		takes.Fail("the districts have %d seats and the house %d", given, r.Seats)
	}
}

// checkUses refuses rules that could never apply, for what they need is not there, and
// combinations that no mechanism knows.
func (r *Rules) checkUses(top document.Node) {
	if n := r.Nation; n != nil && n.Takes == Nothing && len(r.Thresholds) > 0 && len(r.Further) == 0 && !slices.ContainsFunc(r.Districts, func(d Districts) bool { return d.National }) {
		top.Field("thresholds").Fail("nobody asks for them: the nation takes nothing, and no districts have thresholds: national")
	}
	seatBars := 0
	r.EachBar(func(t *Threshold) {
		if t.Measure == BySeats {
			seatBars++
		}
	})
	if seatBars > 0 && len(r.Districts) == 0 && r.Held == nil {
		top.Field("thresholds").Fail("a bar counts seats, and there are neither districts nor held seats to have won them in")
	}
	type use struct {
		key string
		on  bool
	}
	conflict := func(a, b use, why string) {
		if a.on && b.on {
			top.Field(a.key).Fail("does not go with %s: %s", b.key, why)
		}
	}
	districts := use{"districts", len(r.Districts) > 0}
	conflict(use{"held", r.Held != nil}, districts, "seats won before the nation's division come from one of them")
	conflict(use{"alliances", r.Alliances != nil}, districts, "lists stand together in the nation alone")
	conflict(use{"bonus", r.Bonus != nil}, districts, "a bonus is of one division")
	conflict(use{"minorities", r.Minorities != nil}, districts, "votes count more in one division alone")
	conflict(use{"cap", r.Cap != nil}, districts, "a cap is of one division")
	conflict(use{"minimum", r.Minimum != nil}, districts, "it is of one division")
	conflict(use{"minimum", r.Minimum != nil}, use{"quota-base", r.QuotaBase != nil}, "such a quota knows no minimum")
	conflict(use{"held", r.Held != nil}, use{"quota-base", r.QuotaBase != nil}, "such a quota knows no minimum")
	conflict(use{"cap", r.Cap != nil}, use{"quota-base", r.QuotaBase != nil}, "such a quota knows no cap")
	conflict(use{"minorities", r.Minorities != nil}, use{"quota-base", r.QuotaBase != nil}, "the quota would be of votes that count once")
	if b := r.Ballot; b != nil {
		ballot := top.Field("ballot")
		r.checkBallot(b, func(key, format string, args ...any) { ballot.Field(key).Fail(format, args...) })
	}
}

// checkBallot refuses what a ballot says of lists and the law knows nothing of.
func (r *Rules) checkBallot(b *Ballot, fail func(key, format string, args ...any)) {
	if len(b.Alliances) > 0 && r.Alliances == nil {
		fail("alliances", "the law %q knows no alliances", r.Name)
	}
	announced := slices.ContainsFunc(r.Districts, func(d Districts) bool { return d.Announced })
	if len(b.Districts) > 0 && !announced {
		fail("districts", "the law %q has no districts whose seats are announced", r.Name)
	}
	for _, c := range b.Lists {
		if c.Held > 0 && r.Held == nil {
			fail("lists", "%q holds %d seats, and the law %q knows no held seats", c.Name, c.Held, r.Name)
		}
	}
}

// CheckBallot holds a ballot from a file of its own against the law.
func (r *Rules) CheckBallot(b *Ballot) error {
	var text []string
	r.checkBallot(b, func(key, format string, args ...any) {
		text = append(text, key+": "+fmt.Sprintf(format, args...))
	})
	if text == nil {
		return nil
	}
	return errors.New(strings.Join(text, "; "))
}
