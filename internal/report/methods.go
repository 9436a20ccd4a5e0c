package report

import (
	"fmt"
	"io"
	"strings"

	"kenesh/internal/apportion"
)

// jsonMethod is the wire form of a method, kenesh.methods version 1.
type jsonMethod struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Formula string   `json:"formula"`
	ByHand  string   `json:"by_hand"`
	Over    string   `json:"over"` // what happens when the whole quotas are more than the seats
	Keeps   []string `json:"keeps"`
	Fails   []string `json:"fails"`
	Used    string   `json:"used"`
	Source  string   `json:"source"`
	Aliases []string `json:"aliases"`
}

// Properties names those of a method that always hold, and those that do not. What
// is in neither is not known.
func Properties(m apportion.Method) (keeps, fails []string) {
	each := func(p apportion.Properties) []bool { return []bool{p.House, p.Votes, p.Scaling, p.Lower, p.Upper} }
	owed, unknown := each(m.Owes), each(m.Unknown)
	for i, name := range propertyNames {
		switch {
		case owed[i]:
			keeps = append(keeps, name)
		case !unknown[i]:
			fails = append(fails, name)
		}
	}
	return keeps, fails
}

var propertyNames = []string{"house", "votes", "scaling", "lower", "upper"}

// PropertyMeans says what the names of Properties stand for.
var PropertyMeans = map[string]string{
	"house":   "one seat more in the house costs no list a seat",
	"votes":   "more votes for one list alone never cost it a seat",
	"scaling": "twice the votes for all give the same seats",
	"lower":   "no list is below its exact share of the seats, rounded down",
	"upper":   "no list is above its exact share of the seats, rounded up",
}

// WriteMethods renders the table of methods: what kenesh methods prints.
func WriteMethods(w io.Writer, format string, methods []apportion.Method, color bool) error {
	var all []jsonMethod
	for _, m := range methods {
		keeps, fails := Properties(m)
		all = append(all, jsonMethod{m.Name, m.Title, m.Formula, m.ByHand, m.Over, some(keeps), some(fails), m.Used, m.Source, some(m.Aliases)})
	}
	return view{
		wire:  func() any { return map[string]any{"format": "kenesh.methods", "version": 1, "methods": all} },
		lines: func(w io.Writer) error { return writeLines(w, all) },
		cells: func() (header []string, rows [][]string) {
			for _, m := range all {
				rows = append(rows, []string{m.Name, m.Title, m.Formula, m.ByHand, m.Over, strings.Join(m.Keeps, " "), strings.Join(m.Fails, " "), m.Used, m.Source, strings.Join(m.Aliases, " ")})
			}
			return []string{"name", "title", "formula", "by_hand", "over", "keeps", "fails", "used", "source", "aliases"}, rows
		},
		page:  func() page { return methodsPage(all) },
		color: color,
	}.write(w, format)
}

func methodsPage(all []jsonMethod) page {
	p := page{head: []string{fmt.Sprintf("%d methods of dividing seats", len(all))}}
	p.grid = grid{header: []string{"Method", "Divisors, or quota of V votes and S seats", "Keeps"}, right: []bool{false, false, false}}
	for _, m := range all {
		p.grid.add(m.Name, m.Formula, strings.Join(m.Keeps, " "))
	}
	for _, name := range propertyNames {
		p.foot = append(p.foot, name+": "+PropertyMeans[name]+".")
	}
	p.foot = append(p.foot, "Any rising sequence is a method too: divisors:1.4,3,5,... goes on by 2. kenesh methods NAME tells of one.")
	return p
}
