package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// A mutation takes one line out of a law, or turns it into another.
type mutation struct {
	line  string // of the rules file, and what becomes of it
	apply func(*rules.Rules, *rules.Ballot)
}

// mutations are those of one law: every line that can be left out is, and of every line
// that cannot, another word is taken.
func mutations(law *rules.Rules) (list []mutation) {
	add := func(line string, apply func(*rules.Rules, *rules.Ballot)) {
		list = append(list, mutation{line, apply})
	}
	if n := law.Nation; n == nil || n.Takes == rules.Levelling { // else the districts have them, and another number is no law
		add("seats: one more", func(r *rules.Rules, _ *rules.Ballot) { r.Seats++ })
	}
	for i := range law.Thresholds {
		bars(law.Thresholds, i, "thresholds", func(r *rules.Rules) *[]rules.Threshold { return &r.Thresholds }, add)
	}
	if law.Admit != nil {
		add("admit: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Admit = nil })
	}
	for i, o := range law.Options {
		add(fmt.Sprintf("options: %s left out", o.Name), func(r *rules.Rules, _ *rules.Ballot) { r.Options = append(r.Options[:i:i], r.Options[i+1:]...) })
	}
	other := "lr:hare"
	if law.Method.Name == other {
		other = "dhondt"
	}
	method, err := apportion.Find(other)
	if err != nil {
		panic(err)
	}
	if law.Nation == nil || law.Nation.Takes != rules.Nothing {
		add("method: "+other, func(r *rules.Rules, _ *rules.Ballot) { r.Method = method })
	}
	if law.QuotaBase != nil {
		add("quota-base: left out", func(r *rules.Rules, _ *rules.Ballot) { r.QuotaBase = nil })
	}
	if law.Alliances != nil {
		add("alliances: left out", func(r *rules.Rules, b *rules.Ballot) { r.Alliances, b.Alliances = nil, nil })
		add("alliances: qualify the other way", func(r *rules.Rules, b *rules.Ballot) {
			a := *r.Alliances
			a.Together = !a.Together
			r.Alliances = &a
		})
	}
	if law.Minorities != nil {
		add("minorities: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Minorities = nil })
	}
	if law.Minimum != nil {
		add("minimum: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Minimum = nil })
	}
	if law.Bonus != nil {
		add("bonus: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Bonus = nil })
	}
	if law.Held != nil {
		add("held: left out", func(r *rules.Rules, b *rules.Ballot) {
			r.Held = nil
			for i := range b.Lists {
				b.Lists[i].Held = 0
			}
		})
		for _, o := range []rules.Overhang{rules.Within, rules.OnTop, rules.Levelled, rules.Returned} {
			if o != law.Held.Overhang {
				add("held: overhang "+o.String(), func(r *rules.Rules, _ *rules.Ballot) { r.Held = &rules.Held{Overhang: o} })
			}
		}
		if law.Held.Tolerate > 0 {
			add("held: tolerate left out", func(r *rules.Rules, _ *rules.Ballot) { r.Held = &rules.Held{Overhang: r.Held.Overhang} })
		}
	}
	if law.Cap != nil {
		add("cap: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Cap = nil })
	}
	add("ties: the other way", func(r *rules.Rules, _ *rules.Ballot) { r.MoreVotes = !r.MoreVotes })
	for i := range law.Districts {
		levels(law, i, method, add)
	}
	if n := law.Nation; n != nil && n.Takes == rules.Levelling {
		for _, o := range []rules.Overhang{rules.Within, rules.OnTop, rules.Levelled, rules.Returned} {
			if o != n.Overhang {
				add("nation: overhang "+o.String(), func(r *rules.Rules, _ *rules.Ballot) { r.Nation = &rules.Nation{Takes: n.Takes, Overhang: o} })
			}
		}
	}
	if n := law.Nation; n != nil && n.Takes == rules.Biproportional {
		add("nation: voters the other way", func(r *rules.Rules, _ *rules.Ballot) {
			r.Nation = &rules.Nation{Takes: n.Takes, Rounded: !n.Rounded}
		})
	}
	for i, f := range law.Further {
		add(fmt.Sprintf("further: %s left out", f.ID), func(r *rules.Rules, _ *rules.Ballot) { r.Further = append(r.Further[:i:i], r.Further[i+1:]...) })
	}
	undeclared := rules.Outcome{}
	if law.NoneQualified.Effect != rules.Undeclared {
		add("outcomes: none-qualified undeclared", func(r *rules.Rules, _ *rules.Ballot) { r.NoneQualified = undeclared })
	}
	if law.OneQualified.Effect != rules.Undeclared {
		add("outcomes: one-qualified undeclared", func(r *rules.Rules, _ *rules.Ballot) { r.OneQualified = undeclared })
	}
	if law.AgainstAllLeads.Effect == rules.Failed {
		add("outcomes: against-all-leads ignored", func(r *rules.Rules, _ *rules.Ballot) { r.AgainstAllLeads.Effect = rules.Ignored })
	}
	if law.Annulment != nil {
		add("annulment: left out", func(r *rules.Rules, _ *rules.Ballot) { r.Annulment = nil })
	}
	return list
}

// bars are the mutations of one threshold and of the bars beside it.
func bars(from []rules.Threshold, i int, key string, of func(*rules.Rules) *[]rules.Threshold, add func(string, func(*rules.Rules, *rules.Ballot))) {
	t := from[i]
	change := func(line string, apply func(*rules.Threshold)) {
		add(fmt.Sprintf("%s: %s: %s", key, t.ID, line), func(r *rules.Rules, _ *rules.Ballot) { apply(&(*of(r))[i]) })
	}
	add(fmt.Sprintf("%s: %s left out", key, t.ID), func(r *rules.Rules, _ *rules.Ballot) {
		list := of(r)
		*list = append((*list)[:i:i], (*list)[i+1:]...)
	})
	if t.Measure != rules.BySeats {
		change("reach the other way", func(t *rules.Threshold) { t.MoreThan = !t.MoreThan })
	}
	if t.Measure == rules.ByShare || t.Measure == rules.ByQuota {
		for _, b := range rules.Bases() {
			if b != t.Base {
				change("base → "+b.String(), func(t *rules.Threshold) { t.Base = b })
			}
		}
	}
	if t.Minorities {
		change("exempt left out", func(t *rules.Threshold) { t.Minorities = false })
	}
	if len(t.Except) > 0 {
		change("except left out", func(t *rules.Threshold) { t.Except = nil })
	}
	for k, c := range t.Coalitions {
		change(fmt.Sprintf("coalitions of %d left out", c.Parties), func(t *rules.Threshold) { t.Coalitions = append(t.Coalitions[:k:k], t.Coalitions[k+1:]...) })
	}
	for k, or := range t.Or {
		change(fmt.Sprintf("or %s left out", or.ID), func(t *rules.Threshold) { t.Or = append(t.Or[:k:k], t.Or[k+1:]...) })
	}
}

// levels are the mutations of one level of districts.
func levels(law *rules.Rules, i int, method apportion.Method, add func(string, func(*rules.Rules, *rules.Ballot))) {
	d := law.Districts[i]
	key := "districts: " + d.ID
	add(key+" left out", func(r *rules.Rules, _ *rules.Ballot) {
		if r.Districts = append(r.Districts[:i:i], r.Districts[i+1:]...); len(r.Districts) == 0 {
			r.Nation = nil
		}
	})
	if !d.Up && law.Nation.Takes != rules.Biproportional {
		add(key+": method "+method.Name, func(r *rules.Rules, _ *rules.Ballot) { r.Districts[i].Method = method })
	}
	if d.National || len(d.Thresholds) > 0 {
		add(key+": thresholds none", func(r *rules.Rules, _ *rules.Ballot) { r.Districts[i].National, r.Districts[i].Thresholds = false, nil })
	}
	for k := range d.Thresholds {
		bars(d.Thresholds, k, key, func(r *rules.Rules) *[]rules.Threshold { return &r.Districts[i].Thresholds }, add)
	}
	if d.QuotaBase != nil {
		add(key+": quota-base left out", func(r *rules.Rules, _ *rules.Ballot) { r.Districts[i].QuotaBase = nil })
	}
	if d.Up && d.QuotaOf == "" && law.Nation.Takes != rules.Pool {
		add(key+": leftovers here", func(r *rules.Rules, _ *rules.Ballot) { r.Districts[i].Up = false })
	}
}

// A line of a law that is left out, or is another, makes the count of a published election
// wrong; or it stands in the list of lines that no election of testdata exercises. The
// list is rewritten by make golden.
func TestEveryLineOfALawIsProven(t *testing.T) {
	all := map[string]election{}
	for _, e := range elections(t) {
		all[e.name] = e
	}
	var idle strings.Builder
	idle.WriteString("# Lines of the built-in laws that no election of this folder exercises: without the line, or\n" +
		"# with the other word, every election counts to its official seats all the same.")
	changes, unnoticed, last := 0, 0, ""
	for _, law := range rules.Builtin() {
		if len(law.Proven) == 0 {
			continue // TestElections says so
		}
		for _, m := range mutations(law) {
			changes++
			if !proven(law, m, all) {
				continue
			}
			unnoticed++
			line, word, several := strings.Cut(law.Name+": "+m.line, " → ") // the words for one line stand together
			switch {
			case several && line == last:
				idle.WriteString(", " + word)
			case several:
				idle.WriteString("\n" + line + ": as well " + word)
			default:
				idle.WriteString("\n" + line)
			}
			last = line
		}
	}
	idle.WriteString("\n")
	t.Logf("%d changes, %d not noticed", changes, unnoticed)
	golden := filepath.Join(root, "testdata", "elections", "unexercised.txt")
	if os.Getenv("KENESH_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(idle.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	before, after := strings.Split(string(want), "\n"), strings.Split(idle.String(), "\n")
	for _, line := range missing(before, after) {
		t.Errorf("now exercised, or gone; take it out of the list: %s", line)
	}
	for _, line := range missing(after, before) {
		t.Errorf("not exercised by any election: %s", line)
	}
}

// missing are the lines of a that are not in b.
func missing(a, b []string) (list []string) {
	in := map[string]bool{}
	for _, line := range b {
		in[line] = true
	}
	for _, line := range a {
		if !in[line] {
			list = append(list, line)
		}
	}
	return list
}

// proven reports whether every election of the law has its official seats under the
// changed one.
func proven(law *rules.Rules, m mutation, all map[string]election) bool {
	for _, name := range law.Proven {
		e, ok := all[name]
		if !ok {
			continue // TestElections says so
		}
		changed, ok := rules.Parse(law.Name, law.Source, &finding.Log{}) // a copy of its own
		if !ok {
			panic("a built-in law does not parse")
		}
		b := *e.ballot
		b.Lists = append([]rules.Contender(nil), b.Lists...)
		m.apply(changed, &b)
		e.ballot = &b
		if e.official(changed) != "" {
			return false
		}
	}
	return true
}
