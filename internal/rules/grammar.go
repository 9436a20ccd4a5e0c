package rules

import (
	_ "embed"
	"fmt"
	"strings"

	"kenesh/internal/apportion"
)

// manual holds what no table knows: a whole rules file, explained.
//
//go:embed grammar.txt
var manual string

//go:embed starter.yaml
var starter string

// Starter is a rules file to begin with, valid as it stands, explained by comments. The
// name is that of the law, "" for one to be replaced.
func Starter(name string) (string, error) {
	switch {
	case name == "":
		return starter, nil
	case !isSlug(name):
		return "", fmt.Errorf("a law cannot be called %q; want small letters and digits, in words joined by hyphens", name)
	}
	const key = "name: my-law                    " // up to its comment
	return strings.Replace(starter, key, fmt.Sprintf("%-*s", len(key), "name: "+name+"  "), 1), nil
}

// Grammar is the manual of rules files: a whole one as its example, and every
// word that has a table, from that table.
func Grammar() string {
	var b strings.Builder
	b.WriteString(manual)
	section := func(title string, table []entry) {
		width := 0
		for _, e := range table {
			width = max(width, len(e.name))
		}
		fmt.Fprintf(&b, "\n%s\n", title)
		for _, e := range table {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, e.name, e.means)
		}
	}
	bases := baseEntries(append(Bases(), Qualified)...)
	bases[len(bases)-1].means += "; of thresholds alone"
	section("The bases are", bases)
	section("The places of a bar are", placeTable[:])
	section("The kinds of options are", kindTable[1:])
	section("The nation takes", takesTable[:])
	section("Of seats above a list's share, overhang says", overhangTable[:])
	section("What follows from an outcome is one of", effectTable[:])
	section("The methods are (V votes of all lists, S seats, d(n) the divisor of a list with n seats)", methodEntries())
	b.WriteString(`
or a sequence of divisors: divisors:1.4,3,5,... goes on by 2; without "..." no list
has more seats than there are divisors.

What is unknown, twice there, no whole number or contradictory is an error with
its line and column: kenesh rules check FILE. kenesh schema rules is for editors, which
complete and check the keys by it.
`)
	return b.String()
}

// baseEntries explain bases.
func baseEntries(bases ...Base) (table []entry) {
	for _, b := range bases {
		table = append(table, entry{b.String(), b.Words() + ": " + b.Means()})
	}
	return table
}

// methodEntries explain the methods that have a name.
func methodEntries() (table []entry) {
	for _, m := range apportion.Methods() {
		table = append(table, entry{m.Name, m.Title + ": " + m.Formula})
	}
	return table
}
