package tally

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
)

// An Assertion is a claim about a result, such as "seats.Birimdik>=45".
type Assertion struct {
	Text    string
	subject string // a name of subjects
	list    string // what stands behind the point
	op      string
	value   string
}

// Subjects are what an assertion can be about, for help and errors. Those with a
// point take the name of a list.
var Subjects = []string{"seats.LIST", "votes.LIST", "share.LIST", "qualified.LIST",
	"total.registered", "total.cast", "total.invalid", "total.valid", "total.votes", "precincts", "status"}

// assertion is compiled for whoever asserts something, and not at every start.
var assertion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*([a-z]+)(?:\.(.+?))?\s*(>=|<=|==|!=|=|>|<)\s*(\S.*?)\s*$`)
})

// ParseAssertion reads SUBJECT OP VALUE. OP is >=, <=, =, ==, !=, > or <. A value
// is a whole number, a share ("7%"), true or false, or a status.
func ParseAssertion(text string) (Assertion, error) {
	m := assertion().FindStringSubmatch(text)
	if m == nil {
		return Assertion{}, fmt.Errorf("%q is no assertion; write SUBJECT OP VALUE, e.g. seats.Birimdik>=45", text)
	}
	a := Assertion{Text: text, subject: m[1], list: m[2], op: m[3], value: m[4]}
	if a.op == "==" {
		a.op = "="
	}
	var names []string
	for _, s := range Subjects {
		name, _, withList := strings.Cut(s, ".")
		if name == a.subject && withList == (a.list != "") {
			return a, nil
		}
		names = append(names, name)
	}
	return Assertion{}, fmt.Errorf("%q: no such subject%s; there are %s", text, finding.DidYouMean(a.subject, names), strings.Join(Subjects, ", "))
}

// Holds holds the assertion against a result; found is what the result says. An
// error is an assertion that cannot be held against this result at all.
func (a Assertion) Holds(r *Result) (holds bool, found string, err error) {
	switch a.subject {
	case "status":
		return a.word(r.Status.String())
	case "precincts":
		return a.number(int64(r.Precincts.Counted))
	case "total":
		return a.total(r)
	}
	var names []string
	for l, list := range r.Lists {
		if list.Name == a.list || list.ID == a.list {
			return a.onList(r, l)
		}
		names = append(names, list.Name)
	}
	return false, "", fmt.Errorf("no list is called %q%s", a.list, finding.DidYouMean(a.list, names))
}

func (a Assertion) onList(r *Result, l int) (bool, string, error) {
	list := r.Lists[l]
	switch a.subject {
	case "votes":
		return a.number(list.Votes)
	case "seats":
		if !r.Given || list.OpenSeats > 0 {
			return false, "open", nil
		}
		return a.number(int64(list.Seats))
	case "qualified":
		return a.word(map[Verdict]string{Reached: "true", Missed: "false", Open: "open"}[list.Qualified])
	}
	want, err := parseShare(a.value)
	if err != nil {
		return false, "", err
	}
	s := r.Nation.Share(l, r.Base)
	if s.Of == 0 {
		return false, "unknown", nil
	}
	return a.compare(s.Cmp(want)), s.Percent(4, want) + "%", nil
}

func (a Assertion) total(r *Result) (bool, string, error) {
	totals := map[string]Total{
		"registered": r.Nation.Line(returns.Registered), "cast": r.Nation.Base(rules.Cast), "invalid": r.Nation.Line(returns.Invalid),
		"valid": r.Nation.Base(rules.Valid), "votes": {r.Nation.Sum, true},
	}
	t, ok := totals[a.list]
	switch {
	case !ok:
		return false, "", fmt.Errorf("no total is called %q; there are registered, cast, invalid, valid, votes", a.list)
	case !t.Known:
		return false, "unknown", nil
	}
	return a.number(t.N)
}

func (a Assertion) number(found int64) (bool, string, error) {
	want, ok := new(big.Int).SetString(a.value, 10)
	if !ok {
		return false, "", fmt.Errorf("%q is no whole number", a.value)
	}
	return a.compare(big.NewInt(found).Cmp(want)), fmt.Sprint(found), nil
}

func (a Assertion) word(found string) (bool, string, error) {
	switch a.op {
	case "=":
		return found == a.value, found, nil
	case "!=":
		return found != a.value, found, nil
	}
	return false, "", fmt.Errorf("%s takes = or !=", a.subject)
}

func (a Assertion) compare(order int) bool {
	switch a.op {
	case ">=":
		return order >= 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case "<":
		return order < 0
	case "!=":
		return order != 0
	}
	return order == 0
}

// parseShare reads "7.04%" exactly.
func parseShare(s string) (*big.Rat, error) {
	r, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "%"))
	if !ok || !strings.HasSuffix(s, "%") || strings.ContainsAny(s, "eE/_") {
		return nil, fmt.Errorf("%q is no share; write a percentage such as 7.04%%", s)
	}
	return r.Quo(r, big.NewRat(100, 1)), nil
}
