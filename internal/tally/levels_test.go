package tally_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// lawWith is a law of 10 seats by D'Hondt without thresholds, with the keys given instead
// of its own.
func lawWith(t testing.TB, keys string) *rules.Rules {
	t.Helper()
	text := "rules: 1\nname: test\ntitle: Test\nseats: 10\nbase: valid\nthresholds: none\noptions: none\nmethod: dhondt\nties: lot\n" +
		"outcomes: {none-qualified: failed, one-qualified: takes-all, against-all-leads: ignored}\n"
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(keys, -1) {
		text = regexp.MustCompile(`(?m)^`+m[1]+`:.*\n`).ReplaceAllString(text, "")
	}
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(text+keys), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return r
}

func ballot(t testing.TB, text string) *rules.Ballot {
	t.Helper()
	if text == "" {
		return nil
	}
	var log finding.Log
	b, ok := rules.ParseBallot("ballot.yaml", []byte("ballot: 1\n"+text), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return b
}

// seated is the status and the seats of each list, "2+1" where a lot may add one.
func seated(r *tally.Result) string {
	if r == nil {
		return "refused"
	}
	if !r.Given {
		return r.Status.String() + " without seats"
	}
	text := r.Status.String()
	for _, l := range r.Lists {
		text += fmt.Sprintf(" %d", l.Seats)
		if l.OpenSeats > 0 {
			text += fmt.Sprintf("+%d", l.OpenSeats)
		}
	}
	return text
}

const (
	fivePercent = "thresholds:\n  - {id: national, share: 5%, reach: at-least, in: nation"
	counties    = "districts:\n  - {id: counties, level: region, seats: {N: 6, S: 2}, method: dhondt, thresholds: none"
	alone       = "districts:\n  - {id: counties, level: region, seats: {N: 6, S: 2}, thresholds: none"
	levelling   = "}\nnation: {takes: levelling, overhang: "
)

// Each case names the rule that decides it; the comment has the arithmetic.
func TestRulesOfLaws(t *testing.T) {
	tests := []struct {
		name, header string
		rows         []string
		keys, ballot string
		want         string
	}{
		// Adams owes each list that takes part a seat, which shows who does.
		{"a bar in any region", "A,B,C", []string{"1,N,550,330,1", "2,S,10,10,39"}, fivePercent + ", or: [{id: local, share: 60%, reach: at-least, in: any, level: region}]}\nmethod: adams\n", "", "final 5 4 1"},
		{"missed in every region", "A,B,C", []string{"1,N,550,330,1", "2,S,20,20,39"}, fivePercent + ", or: [{id: local, share: 60%, reach: at-least, in: any, level: region}]}\nmethod: adams\n", "", "final 6 4 0"},
		{"in two regions of three", "A,B,C", []string{"1,N,500,20,0", "2,S,500,20,0", "3,W,500,0,60"},
			fivePercent + ", or: [{id: two, share: 3%, reach: at-least, in: any, level: region, count: 2}]}\nmethod: adams\n", "", "final 9 1 0"},
		{"more votes than a number", "A,B,C", []string{"1,N,900,51,50"}, "method: adams\nthresholds: [{id: x, votes: 50, reach: more-than, in: nation}]\n", "", "final 9 1 0"},
		{"as many votes as a number", "A,B,C", []string{"1,N,900,51,50"}, "method: adams\nthresholds: [{id: x, votes: 50, reach: at-least, in: nation}]\n", "", "final 8 1 1"},
		{"a full quota of 100", "A,B,C", []string{"1,N,800,101,99"}, "method: adams\nthresholds: [{id: x, quota: 1, reach: at-least, in: nation}]\n", "", "final 8 2 0"},
		{"three quarters of a quota", "A,B,C", []string{"1,N,824,101,75"}, "method: adams\nthresholds: [{id: x, quota: 3/4, reach: at-least, in: nation}]\n", "", "final 8 1 1"},
		{"a coalition of two needs more", "A,B", []string{"1,N,934,66"}, "method: adams\n" + fivePercent + ", coalitions: [{parties: 2, share: 7%}]}\n", "lists: [{name: B, parties: 2}]", "final 10 0"},
		{"one party does not", "A,B", []string{"1,N,934,66"}, "method: adams\n" + fivePercent + ", coalitions: [{parties: 2, share: 7%}]}\n", "lists: [{name: B, parties: 1}]", "final 9 1"},
		{"a coalition of five needs most", "A,B", []string{"1,N,920,80"}, "method: adams\n" + fivePercent + ", coalitions: [{parties: 2, share: 7%}, {parties: 4, share: 10%}]}\n", "lists: [{name: B, parties: 5}]", "final 10 0"},
		{"a minority need not reach it", "A,B,C", []string{"1,N,900,40,40"}, "method: adams\n" + fivePercent + ", exempt: minorities}\n", "lists: [{name: C, minority: true}]", "final 9 0 1"},
		{"a bar for minorities", "A,B,C", []string{"1,N,900,40,40"}, "method: adams\n" + fivePercent + ", or: [{id: m, share: 4%, reach: at-least, in: nation, for: minorities}]}\n", "lists: [{name: C, minority: true}]", "final 9 0 1"},
		{"a bar for minorities that is missed", "A,B,C", []string{"1,N,930,40,30"}, "method: adams\n" + fivePercent + ", or: [{id: m, share: 4%, reach: at-least, in: nation, for: minorities}]}\n", "lists: [{name: C, minority: true}]", "final 10 0 0"},
		{"qualified votes as a base", "A,B,C", []string{"1,N,600,100,39", "2,N,261,0,0"}, // of 1,000: A and B; C has 39 of 961
			"method: adams\nthresholds:\n  - {id: a, share: 5%, reach: at-least, in: nation}\n  - {id: b, share: 11%, reach: at-least, base: qualified, in: nation}\n", "", "final 10 0 0"},
		{"registered voters are not known", "A,B", []string{"1,N,900,40"}, fivePercent + ", base: registered}\n", "", "open without seats"},
		{"valid and invalid ballots", "invalid,A,B", []string{"1,N,40,912,48"}, "method: adams\n" + fivePercent + ", base: valid-and-invalid}\n", "", "final 10 0"},
		{"without those against all", "A,B,X", []string{"1,N,912,48,40"}, "method: adams\noptions: [{name: X, kind: against-all}]\n" + fivePercent + ", base: valid-without-none}\n", "", "final 9 1 0"},
		{"independents are in that base", "A,B,X", []string{"1,N,912,48,40"}, "method: adams\noptions: [{name: X, kind: independent}]\n" + fivePercent + ", base: valid-without-none}\n", "", "final 10 0 0"},
		{"and not among votes for lists", "A,B,X", []string{"1,N,912,48,40"}, "method: adams\noptions: [{name: X, kind: independent}]\n" + fivePercent + ", base: list-votes}\n", "", "final 9 1 0"},
		{"the residue of a table is", "A,B,X", []string{"1,N,912,48,40"}, "method: adams\n" + fivePercent + ", base: list-votes}\n", "lists: [{name: X, kind: others}]", "final 10 0 0"},

		{"no list reaches the bar, and all take part", "A,B,C", []string{"1,N,40,35,25"}, "method: adams\nthresholds: [{id: x, share: 50%, reach: at-least, in: nation}]\noutcomes: {none-qualified: all-take-part, one-qualified: takes-all, against-all-leads: ignored}\n", "", "final 4 3 3"},
		{"or none do", "A,B,C", []string{"1,N,40,35,25"}, "method: adams\nthresholds: [{id: x, share: 50%, reach: at-least, in: nation}]\n", "", "open without seats"},
		{"a second list is admitted", "A,B,C", []string{"1,N,960,21,19"}, "method: adams\n" + fivePercent + "}\nadmit: {lists: 2}\n", "", "final 9 1 0"},
		{"both of two equal ones are", "A,B,C", []string{"1,N,960,20,20"}, "method: adams\n" + fivePercent + "}\nadmit: {lists: 2}\n", "", "final 8 1 1"},
		{"until they have 60 % together", "A,B,C,D", []string{"1,N,40,30,20,10"}, "method: adams\nthresholds: [{id: x, share: 35%, reach: at-least, in: nation}]\nadmit: {together: 60%, reach: at-least, base: valid}\n", "", "final 6 4 0 0"},
		{"more than 70 %", "A,B,C,D", []string{"1,N,41,29,20,10"}, "method: adams\nthresholds: [{id: x, share: 35%, reach: at-least, in: nation}]\nadmit: {together: 70%, reach: more-than, base: valid}\n", "", "final 5 3 2 0"},

		// 480 240 160 120 96 80 | 300 150 100 75 | 150 75 | 70
		{"lists alone", "A,B,C,D", []string{"1,N,480,300,150,70"}, "", "", "final 6 3 1 0"},
		// B + D 370 185 123.3 92.5: 4; among them 300 150 100 75 | 70.
		{"two lists stand as one", "A,B,C,D", []string{"1,N,480,300,150,70"}, "alliances: {qualify: each, method: dhondt}\n", "alliances: [[B, D]]", "final 5 4 1 0"},
		{"a member below the bar drops out", "A,B,C,D", []string{"1,N,480,300,150,70"}, "alliances: {qualify: each, method: dhondt}\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "alliances: [[B, D]]", "final 6 3 1 0"},
		{"or they reach it together", "A,B,C,D", []string{"1,N,480,300,150,70"}, "alliances: {qualify: together, method: adams}\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "alliances: [[B, D]]", "final 5 3 1 1"},
		{"or miss it together", "A,B,C,D", []string{"1,N,880,40,40,40"}, "alliances: {qualify: together, method: adams}\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "alliances: [[B, D]]", "final 10 0 0 0"},

		// 907/10 = 90.7 against 70 × 1.35 = 94.5.
		{"votes for minorities count more", "A,B", []string{"1,N,907,70"}, "minorities: {quotient: 1.35}\n", "lists: [{name: B, minority: true}]", "final 9 1"},
		{"those of others do not", "A,B", []string{"1,N,907,70"}, "minorities: {quotient: 1.35}\n", "", "final 10 0"},
		{"a bonus for the largest", "A,B", []string{"1,N,60,40"}, "bonus: {seats: 5, kind: extra}\n", "", "final 8 2"},
		// The quota of 1,000 votes, 100, gives 5 4 and leaves one to the remainder .9; of the 940 of A and B
		// it would be 94: 5.85 4.15.
		{"a quota of all votes", "A,B,C", []string{"1,N,500,440,60"}, "method: \"lr:hare\"\nquota-base: valid\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "", "final 5 5 0"},
		{"a quota of the qualified", "A,B,C", []string{"1,N,500,440,60"}, "method: \"lr:hare\"\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "", "final 5 5 0"},
		{"seats besides", "A,B", []string{"1,N,70,30"}, "further: [{id: more, seats: 3, method: adams}]\n", "", "final 9 4"},

		{"the fewest seats of a list", "A,B,C", []string{"1,N,600,350,50"}, "minimum: {seats: 2}\n", "", "final 5 3 2"},
		{"of a list that takes part", "A,B,C", []string{"1,N,600,350,50"}, "minimum: {seats: 2}\nthresholds: [{id: x, share: 6%, reach: at-least, in: nation}]\n", "", "final 6 4 0"},
		{"held seats count within", "A,B,C", []string{"1,N,600,350,50"}, "held: {overhang: within}\n", "lists: [{name: C, held: 2}]", "final 5 3 2"},
		{"or on top", "A,B,C", []string{"1,N,600,350,50"}, "held: {overhang: on-top}\n", "lists: [{name: C, held: 2}]", "final 6 4 2"},
		{"or are returned", "A,B,C", []string{"1,N,600,350,50"}, "held: {overhang: returned}\n", "lists: [{name: C, held: 2}]", "final 6 4 0"},
		// The second quotient of C, 50/3, is the eleventh of B, 350/21; 18 of A are before them.
		{"or are levelled", "A,B,C", []string{"1,N,600,350,50"}, "method: sainte_lague\nheld: {overhang: levelled}\n", "lists: [{name: C, held: 2}]", "final 18 11 2"},
		// In a house of 10 a lot decides between the fourth of B and the first of C, so it is one of 11.
		{"but for one", "A,B,C", []string{"1,N,600,350,50"}, "method: sainte_lague\nheld: {overhang: levelled, tolerate: 1}\n", "lists: [{name: C, held: 2}]", "final 6 4 2"},
		// 510 255 170 127.5 102 85 | 310 155 103.3 | 180 90
		{"seats that qualify", "A,B,C", []string{"1,N,510,310,180"}, "held: {overhang: within}\nthresholds: [{id: x, share: 20%, reach: at-least, in: nation, or: [{id: s, seats: 1}]}]\n", "lists: [{name: C, held: 1}]", "final 5 3 2"},
		{"too few of them", "A,B,C", []string{"1,N,510,310,180"}, "held: {overhang: within}\nthresholds: [{id: x, share: 20%, reach: at-least, in: nation, or: [{id: s, seats: 2}]}]\n", "lists: [{name: C, held: 1}]", "final 6 3 1"},

		// N: 500 250 166.7 125 100 | 190: 5 and 1. S: 10 | 90 45: 0 and 2.
		{"districts alone", "A,B", []string{"1,N,500,190", "2,S,10,90"}, alone + "}\nnation: {takes: nothing}\nseats: 8\n", "", "final 5 3"},
		// The nation: 510 255 170 127.5 102 85 72.9 | 280 140 93.3 70.
		{"levelling to the share in the nation", "A,B", []string{"1,N,500,190", "2,S,10,90"}, counties + levelling + "within}\n", "", "final 7 3"},
		// N: A 6 at 600/6 = 100 before 99. S: A 2. The share of 6 + 2 is 700 of 889: 7.9, so A has 8 of 10 in either case;
		// of 8 seats B would have 1.
		{"overhang within", "A,B", []string{"1,N,600,99", "2,S,100,49"}, counties + levelling + "within}\nseats: 8\n", "", "final 8 0"},
		{"overhang on top", "A,B", []string{"1,N,600,99", "2,S,100,49"}, counties + levelling + "on-top}\nseats: 8\n", "", "final 8 1"},
		{"overhang returned", "A,B", []string{"1,N,600,99", "2,S,100,49"}, counties + levelling + "returned}\nseats: 8\n", "", "final 7 1"},
		{"below the bar with a seat of a district", "A,B,C", []string{"1,N,600,99,20", "2,S,10,0,40"}, counties + levelling + "within}\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "", "final 7 1 2"},
		// N: 600 300 200 150 120 | 145. S: 30 | 40. By Adams a seat each, and 630 315 210 157.5 126 | 145 | 140.
		{"a seat of a district qualifies", "A,B,C", []string{"1,N,600,145,100", "2,S,30,0,40"}, counties + levelling + "within}\nmethod: adams\nthresholds: [{id: x, share: 20%, reach: at-least, in: nation, or: [{id: s, seats: 1}]}]\n", "", "final 6 2 2"},
		{"or keeps what it has", "A,B,C", []string{"1,N,600,145,100", "2,S,30,0,40"}, counties + levelling + "within}\nmethod: adams\nthresholds: [{id: x, share: 20%, reach: at-least, in: nation}]\n", "", "final 8 1 1"},
		{"the bars of the nation in districts", "A,B,C", []string{"1,N,600,99,20", "2,S,10,0,40"}, strings.Replace(counties, "none", "national", 1) + levelling + "within}\nthresholds: [{id: x, share: 10%, reach: at-least, in: nation}]\n", "", "final 9 1 0"},
		{"a bar here", "A,B,C", []string{"1,N,600,99,20", "2,S,10,0,40"}, strings.Replace(counties, "none", "[{id: h, share: 90%, reach: at-least, in: here}]", 1) + levelling + "within}\n", "", "open without seats"},
		{"seats besides those of districts", "A,B", []string{"1,N,500,190", "2,S,10,90"}, alone + "}\nnation: {takes: nothing}\nseats: 8\nfurther: [{id: more, seats: 2, method: adams}]\n", "", "final 6 4"},
		{"as many seats in each", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(alone, "{N: 6, S: 2}", "4", 1) + "}\nnation: {takes: nothing}\nseats: 8\n", "", "final 3 5"},
		{"too many in each", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(alone, "{N: 6, S: 2}", "5", 1) + "}\nnation: {takes: nothing}\nseats: 8\n", "", "refused"},
		{"seats by votes", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(alone, "{N: 6, S: 2}", "{total: 8, method: \"lr:hare\", base: valid}", 1) + "}\nnation: {takes: nothing}\nseats: 8\n", "", "final 5 3"},
		{"seats announced", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(alone, "{N: 6, S: 2}", "announced", 1) + "}\nnation: {takes: nothing}\nseats: 8\n", "districts: {N: 7, S: 1}", "final 5 3"},
		{"seats not announced", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(alone, "{N: 6, S: 2}", "announced", 1) + "}\nnation: {takes: nothing}\nseats: 8\n", "", "refused"},
		{"precincts for districts", "A,B", []string{"N,,500,190", "S,,10,90"}, counties + levelling + "within}\n", "", "final 7 3"},
		{"a district that is not there", "A,B", []string{"1,N,500,190", "2,S,10,90", "3,W,1,1"}, counties + levelling + "within}\n", "", "refused"},
		{"a district without returns", "A,B", []string{"1,N,500,190"}, counties + levelling + "within}\n", "", "open without seats"},
		{"a tie in a district", "A,B", []string{"1,N,500,200", "2,S,10,90"}, counties + levelling + "within}\n", "", "open without seats"},

		// N: 690/7, rounded down, + 1 = 99: 5 and 1. S: 100/3, rounded down, + 1 = 34: 0 and 2.
		{"a pool of nothing", "A,B", []string{"1,N,500,190", "2,S,10,90"}, strings.Replace(counties, "dhondt", `"lr:droop", leftovers: up`, 1) + "}\nnation: {takes: pool}\nseats: 8\nmethod: \"lr:hare\"\n", "", "final 5 3"},
		// N: 640/7, rounded down, + 1 = 92: 4 1 0, rests 82 48 50, one seat left. S: 34: 1 1 0, rests 6 21 5.
		{"a pool of one", "A,B,C", []string{"1,N,450,140,50", "2,S,40,55,5"}, strings.Replace(counties, "dhondt", `"lr:droop", leftovers: up`, 1) + "}\nnation: {takes: pool}\nseats: 8\nmethod: \"lr:hare\"\n", "", "final 6 2 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, findings := count(election(t, tt.header, tt.rows...), lawWith(t, tt.keys), tally.Options{Ballot: ballot(t, tt.ballot)})
			if got := seated(r); got != tt.want {
				t.Errorf("%s, want %s (%v)", got, tt.want, findings)
			}
		})
	}
}

// A quota in an area is of the seats that are divided inside of it, once they are known.
func TestQuotaInAreas(t *testing.T) {
	l := law(t, "base: cast", "base: valid", "share: 10%, reach: at-least, in: nation}", "share: 40%, reach: at-least, in: nation, or: [{id: quota, quota: 1, reach: at-least, in: any, level: region}]}",
		"ties: lot", "ties: lot\ndistricts: [{id: d, level: region, seats: {N: 6, S: 3}, method: dhondt, thresholds: none}]\nnation: {takes: levelling, overhang: within}")
	r, findings := count(election(t, "A,B,C", "1,N,44,6,10", "2,S,30,15,0"), l, tally.Options{Each: true})
	if r == nil {
		t.Fatal(findings)
	}
	for list, want := range []string{"reached 10 in N, reached 15 in S", "missed 10 in N, reached 15 in S", "reached 10 in N, missed 15 in S"} {
		var got []string
		for _, v := range r.Thresholds[0].Or[0].Lists[list].Each {
			got = append(got, fmt.Sprintf("%v %d in %s", v.Verdict, v.Needed, r.AreaNames[v.Area]))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s: %s, want %s", r.Lists[list].Name, text, want)
		}
	}
	if got := outcome(r); got != "final A=7 B=2 C=1" {
		t.Error(got)
	}
}
