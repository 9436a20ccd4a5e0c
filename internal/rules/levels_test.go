package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// fragments are the pieces of law in the manual behind its whole example.
func fragments(t *testing.T) []string {
	t.Helper()
	_, rest, ok := strings.Cut(rules.Grammar(), "prove a built-in law.\n")
	rest, _, end := strings.Cut(rest, "\nThe bases are")
	if !ok || !end {
		t.Fatal("the manual has no fragments")
	}
	var list []string
	for _, block := range strings.Split(rest, "\n\n") {
		if strings.HasPrefix(strings.TrimLeft(block, "\n"), "  ") {
			list = append(list, regexp.MustCompile(`(?m)^  `).ReplaceAllString(strings.TrimLeft(block, "\n")+"\n", ""))
		}
	}
	return list
}

var topKey = regexp.MustCompile(`(?m)^([a-z-]+):`)

// with is a law of 90 seats by method that has the fragment instead of what it says of
// the same keys.
func with(fragment, method string) string {
	base := strings.Replace(strings.Replace(minimal, "seats: 5", "seats: 90", 1), "method: dhondt", "method: \""+method+"\"", 1)
	for _, m := range topKey.FindAllStringSubmatch(fragment, -1) {
		base = regexp.MustCompile(`(?m)^`+m[1]+`:.*\n`).ReplaceAllString(base, "")
	}
	return base + fragment
}

// districts is a law with districts, and the lines given beside them.
const districts = `districts:
  - {id: counties, level: region, seats: {Hill: 50, Dale: 40}%METHOD%, thresholds: none%MORE%}
`

func levels(method, more, nation string) string {
	if method = `, method: "` + method + `"`; strings.Contains(nation, "nothing") {
		method = "" // that of the law
	}
	return strings.NewReplacer("%METHOD%", method, "%MORE%", more).Replace(districts) + nation
}

// manualLaws are whole laws, each with one of the fragments.
func manualLaws(t *testing.T) (laws []string) {
	t.Helper()
	all := fragments(t)
	if len(all) != 6 {
		t.Fatalf("%d fragments", len(all))
	}
	for _, f := range all {
		switch {
		case strings.HasPrefix(f, "thresholds:"):
			f += "held: {overhang: within}\n" // in which the seats of a bar are won
		case strings.HasPrefix(f, "admit:"): // two blocks that exclude each other
			f += "thresholds: [{id: x, share: 5%, reach: at-least, in: nation}]\n"
		case strings.HasPrefix(f, "nation:"):
			for _, line := range strings.SplitAfter(f, "\n") {
				method, more := "dhondt", ""
				if strings.Contains(line, "pool") {
					method, more = "lr:droop", ", leftovers: up"
				}
				if line != "" {
					laws = append(laws, with(levels(method, more, line), method))
				}
			}
			continue
		}
		laws = append(laws, with(f, "lr:hare"))
	}
	return laws
}

func TestManualsFragmentsParse(t *testing.T) {
	for _, law := range manualLaws(t) {
		if _, ok, findings := parse(law); !ok {
			t.Errorf("%v in\n%s", findings, law)
		}
	}
}

// Each fragment has one finding, here without its file and place.
func TestParseRefusesLevels(t *testing.T) {
	bar := func(text string) string { return "thresholds: [{id: x, " + text + "}]\n" }
	tests := []struct{ name, method, fragment, want string }{
		{"no measure", "dhondt", bar("in: nation"), `one of the keys "share", "votes", "quota" and "seats" is missing`},
		{"two measures", "dhondt", bar("share: 5%, votes: 10, reach: at-least, in: nation"), "votes: stands beside share; a bar is one of them, another is a bar of its own"},
		{"votes of a base", "dhondt", bar("votes: 5, base: cast, reach: at-least, in: nation"), "base: has no meaning beside votes"},
		{"seats in a place", "dhondt", bar("seats: 1, in: nation") + "held: {overhang: within}\n", "in: has no meaning beside seats"},
		{"seats that nobody can win", "dhondt", bar("seats: 1"), "a bar counts seats, and there are neither districts nor held seats"},
		{"half a quota as a decimal", "dhondt", bar("quota: 0.5, reach: at-least, in: nation"), `quota: found "0.5", want a whole number in digits`},
		{"a quota of nothing", "dhondt", bar("quota: 0, reach: at-least, in: nation"), "quota: found 0, want a number from 1 to 1000"},
		{"here in the nation", "dhondt", bar("share: 5%, reach: at-least, in: here"), `in: found "here"`},
		{"any without a level", "dhondt", bar("share: 5%, reach: at-least, in: any"), `key "level" is missing`},
		{"count in each", "dhondt", bar("share: 5%, reach: at-least, in: each, level: region, count: 2"), "count: has a meaning only with in: any"},
		{"unknown place", "dhondt", bar("share: 5%, reach: at-least, in: al"), `in: found "al"`},
		{"no other way", "dhondt", bar("share: 5%, reach: at-least, in: nation, or: []"), "or: found an empty list"},
		{"a way of a way", "dhondt", bar("share: 5%, reach: at-least, in: nation, or: [{id: y, votes: 1, reach: at-least, in: nation, or: [{id: z, votes: 1, reach: at-least, in: nation}]}]"), "or: stands in one already"},
		{"two bars of one name", "dhondt", bar("share: 5%, reach: at-least, in: nation, or: [{id: x, votes: 1, reach: at-least, in: nation}]"), `id: a threshold called "x" already stands`},
		{"coalitions in disorder", "dhondt", bar("share: 5%, reach: at-least, in: nation, coalitions: [{parties: 4, share: 10%}, {parties: 2, share: 7%}]"), "parties: found 2 after 4"},
		{"coalitions of one", "dhondt", bar("share: 5%, reach: at-least, in: nation, coalitions: [{parties: 1, share: 7%}]"), "parties: found 1, want a number from 2 to 100"},
		{"coalitions of votes", "dhondt", bar("votes: 5, reach: at-least, in: nation, coalitions: [{parties: 2, share: 7%}]"), "coalitions: gives other shares"},
		{"exempt whom", "dhondt", bar("share: 5%, reach: at-least, in: nation, exempt: all"), `exempt: found "all"`},
		{"for whom, of the bar itself", "dhondt", bar("share: 5%, reach: at-least, in: nation, for: minorities"), "for: has a meaning only in a bar beside another, under or"},
		{"bars that nobody asks for", "dhondt", bar("share: 5%, reach: at-least, in: nation") + levels("", "", "nation: {takes: nothing}\n"), "thresholds: nobody asks for them"},
		{"a number of words", "dhondt", strings.Replace(levels("dhondt", "", "nation: {takes: levelling, overhang: within}\n"), "{Hill: 50, Dale: 40}", "fourteen", 1), `seats: found "fourteen", want the seats of every area by its name`},
		{"what is no way to take", "dhondt", levels("dhondt", "", "nation: {takes: none}\n"), `takes: found "none"`},
		{"a share with a comma", "dhondt", bar("share: \"0,7%\", reach: at-least, in: nation"), `want a share such as "7%", "0.7%" or "1/3", with a point and not a comma`},
		{"a share with a space", "dhondt", bar("share: 3 %, reach: at-least, in: nation"), `"1/3", without a space`},
		{"a share above the whole", "dhondt", bar("share: 300%, reach: at-least, in: nation"), `"1/3", at most 100%`},
		{"admit nobody", "dhondt", bar("share: 5%, reach: at-least, in: nation") + "admit: {cite: x}\n", `one of the keys "lists" and "together" is missing`},
		{"admit without a bar", "dhondt", "admit: {lists: 2}\n", "without a threshold every list takes part"},
		{"reach of no share", "dhondt", bar("share: 5%, reach: at-least, in: nation") + "admit: {lists: 2, reach: at-least}\n", "reach: says how a share is reached"},
		{"qualified as the base of shares", "dhondt", "base: qualified\n", `base: found "qualified"`},
		{"quota base of divisors", "dhondt", "quota-base: valid\n", "quota-base: dhondt has no quota"},
		{"a favour of nothing", "dhondt", "minorities: {quotient: 1.00}\n", "quotient: found 1.00; votes that count once are no favour"},
		{"a favour in percent", "dhondt", "minorities: {quotient: 135%}\n", `quotient: found "135%", want a number with at most four decimals`},
		{"a bonus above the house", "dhondt", "bonus: {seats: 91, kind: extra}\n", "seats: a bonus of 91 seats in a house of 90"},
		{"tolerate what is not levelled", "dhondt", "held: {overhang: within, tolerate: 3}\n", "tolerate: says what is not levelled"},
		{"held as nobody knows", "dhondt", "held: {overhang: shared}\n", `overhang: found "shared"`},
		{"no districts", "dhondt", "districts: []\n", "districts: found an empty list"},
		{"a nation after nothing", "dhondt", "nation: {takes: nothing}\n", "nation: says what follows the districts, and there are none"},
		{"districts, and then", "dhondt", levels("dhondt", "", ""), `key "nation" is missing`},
		{"levelling without a word on overhang", "dhondt", levels("dhondt", "", "nation: {takes: levelling}\n"), `key "overhang" is missing`},
		{"overhang of nothing", "dhondt", levels("dhondt", "", "nation: {takes: nothing, overhang: within}\n"), "overhang: has a meaning only when the nation takes levelling"},
		{"voters of levelling", "dhondt", levels("dhondt", "", "nation: {takes: levelling, overhang: within, voters: exact}\n"), "voters: has a meaning only when the nation takes biproportional"},
		{"seats of areas below the house", "dhondt", strings.Replace(levels("dhondt", "", "nation: {takes: nothing}\n"), "Hill: 50", "Hill: 49", 1), "takes: the districts have 89 seats and the house 90; who divides the others?"},
		{"seats of areas above the house", "dhondt", strings.Replace(levels("dhondt", "", "nation: {takes: levelling, overhang: within}\n"), "Hill: 50", "Hill: 51", 1), "takes: the districts have 91 seats and the house 90"},
		{"an area twice", "dhondt", strings.Replace(levels("dhondt", "", "nation: {takes: levelling, overhang: within}\n"), "Hill: 50", "hill: 1, Hill: 49", 1), `the seats of "Hill" already stand on line`},
		{"leftovers of divisors", "dhondt", levels("dhondt", ", leftovers: up", "nation: {takes: levelling, overhang: within}\n"), "leftovers: dhondt gives all seats"},
		{"a pool of nothing", "lr:droop", levels("lr:droop", "", "nation: {takes: pool}\n"), "takes: a pool needs one level of districts, with leftovers: up"},
		{"a pool of fractions", "lr:hare", levels("lr:hare", ", leftovers: up", "nation: {takes: pool}\n"), "takes: the quota of lr:hare is a fraction"},
		{"seats that nobody takes", "lr:hare", levels("lr:hare", ", leftovers: up", "nation: {takes: nothing}\n"), `takes: the seats that "counties" leaves go up, and nobody takes them`},
		{"two methods at once", "dhondt", levels("sainte_lague", "", "nation: {takes: biproportional, voters: exact}\n"), "takes: the districts' method is sainte_lague and the nation's dhondt"},
		{"remainders at once", "lr:hare", levels("lr:hare", "", "nation: {takes: biproportional, voters: exact}\n"), "takes: "},
		{"a method for nobody", "dhondt", strings.Replace(levels("", "", "nation: {takes: nothing}\n"), "thresholds", "method: adams, thresholds", 1), "method: is used nowhere"},
		{"the quota of nobody", "dhondt", levels("dhondt", ", quota-of: land, leftovers: up", "nation: {takes: levelling, overhang: within}\n"), ""},
		{"a cap beside districts", "dhondt", levels("dhondt", "", "nation: {takes: levelling, overhang: within}\n") + "cap: {seats: 50, excess: anew}\n", "cap: does not go with districts"},
		{"an alliance beside districts", "dhondt", levels("dhondt", "", "nation: {takes: levelling, overhang: within}\n") + "alliances: {qualify: each, method: dhondt}\n", "alliances: does not go with districts"},
		{"further of one name", "dhondt", "further: [{id: a, seats: 1, method: dhondt}, {id: a, seats: 2, method: dhondt}]\n", `id: seats called "a" already stand above`},
		{"a day that is none", "dhondt", "valid: {from: 2020-02-30}\n", `from: found "2020-02-30", want a day of the calendar as 2020-10-04`},
		{"days in disorder", "dhondt", "valid: {from: 2020-02-03, until: 2019-02-03}\n", "until: 2019-02-03 is before 2020-02-03"},
		{"a ballot of alliances", "dhondt", "ballot: {alliances: [[A, B]]}\n", `alliances: the law "a" knows no alliances`},
		{"a ballot of held seats", "dhondt", "ballot: {lists: [{name: A, held: 3}]}\n", `lists: "A" holds 3 seats, and the law "a" knows no held seats`},
		{"a ballot of districts", "dhondt", "ballot: {districts: {Hill: 3}}\n", `districts: the law "a" has no districts whose seats are announced`},
		{"an alliance of one", "dhondt", "alliances: {qualify: each, method: dhondt}\nballot: {alliances: [[A]]}\n", "alliances: an alliance has two lists or more"},
		{"in two alliances", "dhondt", "alliances: {qualify: each, method: dhondt}\nballot: {alliances: [[A, B], [b, C]]}\n", `alliances: "b" already stands in an alliance`},
		{"a list twice", "dhondt", "ballot: {lists: [{name: A, parties: 2}, {name: a, parties: 3}]}\n", `name: "a" already stands on line`},
		{"an option with seats", "dhondt", "held: {overhang: within}\nballot: {lists: [{name: A, kind: others, held: 3}]}\n", `held: "A" takes no seats, so this has no meaning`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, ok, findings := parse(with(tt.fragment, tt.method))
			if ok || len(findings) == 0 {
				t.Fatalf("accepted, want %s", tt.want)
			}
			if tt.want != "" && (len(findings) > 1 || !strings.Contains(findings[0].String(), "error RULES: "+tt.want) && !strings.Contains(findings[0].String(), tt.want)) {
				t.Errorf("found %v, want %s", findings, tt.want)
			}
		})
	}
}

// A file that was given in the place of the other kind is called so.
func TestRulesAndBallotsAreToldApart(t *testing.T) {
	if _, ok, findings := parse("ballot: 1\nlists: []\n"); ok || len(findings) != 1 || !strings.Contains(findings[0].Message, "this is a ballot file; it is given with --ballot") {
		t.Errorf("a ballot as rules: %v", findings)
	}
	var log finding.Log
	if _, ok := rules.ParseBallot("b.yaml", []byte(minimal), &log); ok || len(log.Sorted()) != 1 || !strings.Contains(log.Sorted()[0].Message, "this is a rules file; it is given with --rules") {
		t.Errorf("rules as a ballot: %v", log.Sorted())
	}
}

func TestParseBallot(t *testing.T) {
	whole := regexp.MustCompile(`(?m)^  `).ReplaceAllString(rules.BallotManual()[strings.Index(rules.BallotManual(), "  ballot: 1"):], "")
	whole = whole[:strings.Index(whole, "\n\n")]
	var log finding.Log
	b, ok := rules.ParseBallot("b.yaml", []byte(whole), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	if b.Title != "Council of Example, 3 May 2026" || b.Law != "example" || b.Date != "2026-05-03" || len(b.Lists) != 5 || len(b.Alliances) != 2 || len(b.Districts) != 2 || len(b.Published) != 2 {
		t.Errorf("read %+v", b)
	}
	if c := b.Contender("nothing", " NORTH"); c.Held != 4 || c.Parties != 1 || c.Minority {
		t.Errorf("North is %+v", c)
	}
	if c := b.Contender("Somebody"); c.Parties != 1 || c.Name != "Somebody" {
		t.Errorf("Somebody is %+v", c)
	}
	for text, want := range map[string]string{
		"title: x\n":                       `key "ballot" is missing`,
		"ballot: 2\n":                      "ballot: found 2, want a number from 1 to 1",
		"ballot: 1\nlist: []\n":            `unknown key "list"`,
		"ballot: 1\ndate: 3 May\n":         `date: found "3 May"`,
		"ballot: 1\npublished: {A: 0}\n":   "A: found 0",
		"ballot: 1\nlaw: Norway 2005\n":    `law: found "Norway 2005"`,
		"ballot: 1\nlists: [{held: 3}]\n":  `key "name" is missing`,
		"ballot: 1\nlists: [{name: ~}]\n":  "name: found nothing",
		"ballot: 1\ndistricts: {A: 1.5}\n": `A: found "1.5"`,
	} {
		var log finding.Log
		if _, ok := rules.ParseBallot("b.yaml", []byte(text), &log); ok || !strings.Contains(log.Sorted()[0].String(), want) || log.Sorted()[0].Code != "BALLOT" {
			t.Errorf("%q: %v, want %s", text, log.Sorted(), want)
		}
	}
}

func FuzzParseBallot(f *testing.F) {
	f.Add([]byte("ballot: 1\nlists:\n  - {name: A, also: [B], minority: true, parties: 2, held: 1}\nalliances: [[A, C]]\ndistricts: {Hill: 3}\npublished: {A: 3}\n"))
	f.Add([]byte(minimal))
	f.Fuzz(func(t *testing.T, data []byte) {
		var log finding.Log
		b, ok := rules.ParseBallot("b.yaml", data, &log)
		if ok == log.Failed() {
			t.Fatalf("ok = %v, findings %v", ok, log.Sorted())
		}
		if !ok {
			return
		}
		for _, c := range b.Lists {
			if c.Name == "" || c.Parties < 1 || c.Held < 0 || !c.Is(c.Name) || b.Contender(c.Name).Name == "" {
				t.Errorf("accepted %+v", c)
			}
		}
		for _, s := range b.Published {
			if s.Seats < 1 {
				t.Errorf("accepted %+v", s)
			}
		}
	})
}
