package rules

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

	"kenesh/internal/apportion"
	"kenesh/internal/document"
	"kenesh/internal/finding"
)

// grammar is the version of the grammar that Parse reads, the value of "rules:".
const grammar = 1

// Parse reads a rules file, called file in messages. All its problems go to log
// under the code RULES. With an error there is no law: r is nil and ok false.
func Parse(file string, data []byte, log *finding.Log) (r *Rules, ok bool) {
	// A log of its own tells the errors of this file from those of earlier ones,
	// also when log has dropped some of them for being too many.
	var own finding.Log
	top, ok := document.Parse(file, data, "RULES", &own)
	switch {
	case ok && !top.Field("rules").Exists() && top.Field("ballot").IsScalar():
		top.Fail("this is a ballot file; it is given with --ballot")
	case ok:
		r = &Rules{Source: data, SHA256: digest(data)}
		r.read(top)
	}
	log.Add(own.Sorted()...)
	if own.Failed() {
		return nil, false
	}
	return r, true
}

func (r *Rules) read(top document.Node) {
	keysOf(top, lawKeys)
	if n := top.Need("rules"); n.Int(1, 1000) > grammar {
		n.Fail("the file is written for a later kenesh; this one reads version %d", grammar)
	}
	r.Name = readSlug(top.Need("name"))
	r.Title = top.Need("title").Text()
	r.Country = top.Field("country").Text()
	r.Law = top.Field("law").Text()
	r.readDates(top.Field("valid"))
	r.Sources, r.Doubts = top.Field("sources").Texts(), top.Field("doubts").Texts()
	for _, n := range texts(top.Field("proven")) {
		r.Proven = append(r.Proven, readSlug(n))
	}

	seats, cite := cited(top, "seats")
	r.Seats, r.SeatsCite = int(seats.Int(1, MaxSeats)), cite
	base, cite := cited(top, "base")
	r.Base, r.BaseCite = readBase(base), cite
	thresholds, cite := cited(top, "thresholds")
	r.ThresholdsCite = cite
	if !none(thresholds) {
		r.Thresholds = r.readThresholds(thresholds, cite, false)
	}
	r.Admit = r.readAdmit(top.Field("admit"))
	options, cite := cited(top, "options")
	r.readOptions(options, cite)
	method, cite := cited(top, "method")
	r.Method, r.MethodCite = readMethod(method), cite
	r.QuotaBase = r.readQuotaBase(top)
	r.Alliances = readAlliances(top.Field("alliances"))
	r.Minorities = readMinorities(top.Field("minorities"))
	r.Bonus = r.readBonus(top.Field("bonus"))
	r.Minimum = readMinimum(top.Field("minimum"))
	r.Held = readHeld(top.Field("held"))
	r.Cap = r.readCap(top.Field("cap"))
	r.checkCap(top.Field("cap"))
	r.readLevels(top)
	ties, cite := cited(top, "ties")
	r.MoreVotes, r.TiesCite = oneOf(ties, tiesTable[:]) == 1, cite
	r.readOutcomes(top.Need("outcomes"))
	r.Annulment = readAnnulment(top.Field("annulment"))
	r.Ballot = readBallot(top.Field("ballot"))
	r.checkUses(top)
}

// cited takes a rule that is a value or a list, and must be there: written
// plainly, or with its citation as {value: …, cite: …}.
func cited(parent document.Node, key string) (value document.Node, cite string) {
	n := parent.Need(key)
	if !n.IsMap() {
		return n, ""
	}
	keysOf(n, citedKeys)
	return n.Need("value").Named(key), n.Field("cite").Text()
}

// oneOf is the place in a table of the word that a scalar must be, 0 when it is none.
func oneOf(n document.Node, table []entry) int {
	words := names(table)
	return max(0, slices.Index(words, n.OneOf(words...)))
}

// texts gives the members of a list of texts, or a single one.
func texts(n document.Node) []document.Node {
	if n.IsScalar() {
		return []document.Node{n}
	}
	return n.Items()
}

// readDates reads when elections under the law are held.
func (r *Rules) readDates(n document.Node) {
	if !n.Exists() {
		return
	}
	keysOf(n, dateKeys)
	r.From, r.Until = readDate(n.Need("from")), readDate(n.Field("until"))
	if r.Until != "" && r.Until < r.From {
		n.Field("until").Fail("%s is before %s", r.Until, r.From)
	}
}

// readDate reads a day as YYYY-MM-DD.
func readDate(n document.Node) string {
	text := n.Text()
	if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
		n.Fail("found %q, want a day of the calendar as 2020-10-04", text)
	}
	return text
}

// readSlug reads a name that is typed on command lines and stands in JSON.
func readSlug(n document.Node) string {
	text := n.Text()
	if text != "" && !isSlug(text) {
		n.Fail("found %q, want small letters and digits, in words joined by hyphens", text)
	}
	return text
}

// isSlug reports whether s is small letters and digits in words joined by hyphens.
func isSlug(s string) bool {
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// readBase reads a base that shares can be stated of, or one of more.
func readBase(n document.Node, more ...Base) Base {
	known := append(Bases(), more...)
	words := make([]string, len(known))
	for i, b := range known {
		words[i] = b.String()
	}
	if i := slices.Index(words, n.OneOf(words...)); i >= 0 {
		return known[i]
	}
	return Valid // noted by OneOf, or the key is missing
}

// readShare reads the height of a bar: above 0, because a bar of nothing is none
// and the file must say that, and at most the whole.
func readShare(n document.Node) *big.Rat {
	if n.Text() == "" { // absent, or noted as no text
		return new(big.Rat)
	}
	share := n.Share()
	if _, err := document.ParseShare(n.Text()); err == nil && share.Sign() == 0 {
		n.Fail("found %q; a bar of nothing is no bar, leave it out", n.Text())
	}
	return share
}

// readReach reads whether a bar is passed by more than the share, and not by the
// share itself. It must be declared: laws have both, and one vote can decide.
func readReach(n document.Node, share *big.Rat) (moreThan bool) {
	reach := n.Need("reach")
	moreThan = oneOf(reach, reachTable[:]) == 1
	if moreThan && share.Cmp(big.NewRat(1, 1)) == 0 {
		reach.Fail("nothing is more than the whole")
	}
	return moreThan
}

// none reports that the file says in so many words: there is no such rule. An
// empty list says nothing and is refused, as a scalar that is another word.
func none(n document.Node) bool {
	switch {
	case n.IsScalar():
		if text := n.Text(); text != "" && text != noneTable[0].name {
			n.Fail("found %q, want a list, or none", text)
		}
		return true
	case n.IsList() && len(n.Items()) == 0:
		n.Fail("found an empty list; when there are none, write none")
		return true
	}
	return false
}

// readOptions reads the options. cite stands for those that have no citation of
// their own.
func (r *Rules) readOptions(n document.Node, cite string) {
	r.OptionsCite = cite
	if none(n) {
		return
	}
	lines := map[string]int{} // of the names, folded
	for _, item := range n.Items() {
		keysOf(item, optionKeys)
		o := Option{Name: item.Need("name").Text(), Also: item.Field("also").Texts(), Cite: cmp.Or(item.Field("cite").Text(), cite)}
		o.Kind = readKind(item.Need("kind"))
		spellings := []document.Node{item.Field("name"), item.Field("also")}
		if also := item.Field("also"); also.IsList() {
			spellings = append(spellings[:1], also.Items()...)
		}
		for i, name := range append([]string{o.Name}, o.Also...) {
			if line := lines[fold(name)]; line > 0 && name != "" {
				spellings[i].Fail("%q already stands on line %d; case and spaces make no other name", name, line)
			}
			lines[fold(name)] = spellings[i].Line()
		}
		r.Options = append(r.Options, o)
	}
}

func readKind(n document.Node) OptionKind {
	return OptionKind(oneOf(n, kindTable[1:]) + 1)
}

func readMethod(n document.Node) apportion.Method {
	name := n.Text()
	if name == "" {
		return apportion.Method{}
	}
	m, err := apportion.Find(name)
	var wrong *apportion.ProblemError
	switch {
	case errors.As(err, &wrong): // of a sequence of divisors
		n.Fail("found %q: %s", name, wrong.What)
	case err != nil:
		var known []string
		for _, m := range apportion.Methods() {
			known = append(known, m.Name)
		}
		n.Fail("found %q%s, want one of %s", name, finding.DidYouMean(name, known), strings.Join(known, ", "))
	}
	return m
}

func (r *Rules) readCap(n document.Node) *Cap {
	if !n.Exists() {
		return nil
	}
	keysOf(n, capKeys)
	seats := n.Need("seats")
	c := &Cap{Seats: int(seats.Int(1, MaxSeats)), Cite: n.Field("cite").Text()}
	if r.Seats > 0 && c.Seats >= r.Seats {
		seats.Fail("a cap of %d seats in a house of %d limits nobody", c.Seats, r.Seats)
	}
	if oneOf(n.Need("excess"), excessTable[:]) == 1 {
		c.Excess = apportion.ExcessOnTop
	}
	return c
}

// checkCap refuses a cap that the method does not know.
func (r *Rules) checkCap(n document.Node) {
	if r.Cap == nil || r.Method.Name == "" {
		return
	}
	p := apportion.Problem{Votes: []int64{1}, Seats: 1, Method: r.Method, Caps: []int{1}, Excess: r.Cap.Excess}
	var wrong *apportion.ProblemError
	if _, err := apportion.Allocate(p); errors.As(err, &wrong) && wrong.Field == "method" {
		n.Fail("%s", wrong.What)
	}
}

func (r *Rules) readOutcomes(n document.Node) {
	keysOf(n, outcomeKeys)
	r.NoneQualified, _ = readOutcome(n, "none-qualified")
	r.OneQualified, _ = readOutcome(n, "one-qualified")
	leads, at := readOutcome(n, "against-all-leads")
	r.AgainstAllLeads = leads
	if leads.Effect == Failed && !r.hasAgainstAll() {
		at.Fail("no option is of the kind %s, so this can never happen; write %s, or name the option", AgainstAll, Ignored)
	}
}

// readOutcome reads what follows from a case, one of the effects that make sense
// there, and where it stands.
func readOutcome(parent document.Node, key string) (Outcome, document.Node) {
	effects := outcomeEffects[key]
	n, cite := cited(parent, key)
	words := make([]string, len(effects))
	for i, e := range effects {
		words[i] = e.String()
	}
	word := n.OneOf(words...)
	for i, e := range effects {
		if words[i] == word {
			return Outcome{e, cite}, n
		}
	}
	return Outcome{}, n
}

func (r *Rules) hasAgainstAll() bool {
	for _, o := range r.Options {
		if o.Kind == AgainstAll {
			return true
		}
	}
	return false
}

func readAnnulment(n document.Node) *Annulment {
	if !n.Exists() {
		return nil
	}
	keysOf(n, annulmentKeys)
	a := &Annulment{Share: readShare(n.Need("share")), Cite: n.Field("cite").Text(), Base: Registered}
	a.MoreThan = readReach(n, a.Share)
	// The votes of an annulled precinct count nowhere; its registered voters are
	// all that can be held against the whole. "may-void" is all that a law is
	// known to say: whether to void is for the commission or a court.
	n.Need("base").OneOf(Registered.String())
	oneOf(n.Need("effect"), annulmentTable[:])
	return a
}
