package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/report"
	"kenesh/internal/rules"
)

// smallLaw reads a small law with what is added to it.
func smallLaw(t *testing.T, thresholds, more string) *rules.Rules {
	t.Helper()
	text := "rules: 1\nname: hill-2020\ntitle: Council of Hill\nseats: 90\nbase: valid\nthresholds: " + thresholds + "\noptions: none\nmethod: sainte_lague\nties: lot\n" +
		"outcomes: {none-qualified: failed, one-qualified: failed, against-all-leads: ignored}\n" + more
	var log finding.Log
	r, ok := rules.Parse("law.yaml", []byte(text), &log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	return r
}

// The cells of a row in the table of laws.
func TestLibraryTable(t *testing.T) {
	const districts = "districts: [{id: a, level: region, seats: announced, method: dhondt, thresholds: "
	tests := []struct{ name, thresholds, more, want string }{
		{"nothing but the count", "none", "", "–|–|90|sainte_lague|–|–"},
		{"a law from a day on", "none", "valid: {from: 2005-03-01}\n", "–|2005–|90|sainte_lague|–|–"},
		{"a law of some years", "none", "country: Hill\nvalid: {from: 2005-03-01, until: 2018-01-31}\n", "Hill|2005–2018|90|sainte_lague|–|–"},
		{"a law of one year", "none", "valid: {from: 2020-10-04, until: 2020-10-04}\n", "–|2020|90|sainte_lague|–|–"},
		{"seats besides", "none", "further: [{id: m, seats: 4, method: dhondt}, {id: n, seats: 2, method: dhondt}]\n", "–|–|90+4+2|sainte_lague|–|–"},
		{"a base that is not valid votes is said once", "[{id: a, share: 7%, reach: at-least, base: cast, in: nation}, {id: b, share: 0.7%, reach: at-least, base: cast, in: each, level: region}]", "", "–|–|90|sainte_lague|–|7 % cast, 0.7 % each region"},
		{"other ways", "[{id: a, share: 5%, reach: more-than, in: nation, or: [{id: b, quota: 1, reach: at-least, in: any, level: region, count: 2}, {id: c, votes: 3000, reach: at-least, in: any, level: district}, {id: d, seats: 1}]}]", "held: {overhang: within}\n", "–|–|90|sainte_lague|–|over 5 % or 1 quota in 2 regions or 3000 votes in a district or 1 seat"},
		{"coalitions", "[{id: a, share: 5%, reach: at-least, in: nation, coalitions: [{parties: 2, share: 7%}, {parties: 4, share: 10.5%}]}]", "", "–|–|90|sainte_lague|–|5–10.5 %"},
		{"the nation has its own method", "none", districts + "none}]\nnation: {takes: levelling, overhang: within}\n", "–|–|90|sainte_lague|–|–"},
		{"the districts give all", "[{id: a, share: 4%, reach: at-least, in: nation}]", districts + "[{id: b, share: 12%, reach: at-least, in: here}]}, {id: b, level: district, seats: announced, thresholds: national}]\nnation: {takes: nothing}\n", "–|–|90|dhondt, sainte_lague|–|4 %; in districts 12 % here"},
		{"proven by years", "none", "country: New Hill\nproven: [new-hill-2008, new-hill-2014]\n", "New Hill|–|90|sainte_lague|2008, 2014|–"},
		{"proven more often", "none", "proven: [hill-2008, hill-2014]\n", "–|–|90|sainte_lague|2 elections|–"},
		{"proven once", "none", "proven: hill-2008-autumn\n", "–|–|90|sainte_lague|hill-2008-autumn|–"},
	}
	for _, tt := range tests {
		if got := libraryTable(t, smallLaw(t, tt.thresholds, tt.more))[3]; got != "hill-2020|"+tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// libraryTable is the table of laws, line by line, its cells parted by |.
func libraryTable(t *testing.T, laws ...*rules.Rules) []string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteLibrary(&b, "table", laws, false); err != nil {
		t.Fatal(err)
	}
	return strings.Split(regexp.MustCompile(" {2,}").ReplaceAllString(b.String(), "|"), "\n")
}

func TestLibraryTableCounts(t *testing.T) {
	a, b, plain := smallLaw(t, "none", "country: Hill\n"), smallLaw(t, "none", "country: Dale\n"), smallLaw(t, "none", "")
	for want, laws := range map[string][]*rules.Rules{
		"1 law of 1 country.":    {a, plain},
		"2 laws of 1 country.":   {a, a},
		"3 laws of 2 countries.": {a, b, a, plain},
		"0 laws of 0 countries.": {plain},
	} {
		if got := libraryTable(t, laws...)[4+len(laws)]; got != want {
			t.Errorf("the foot says %q, want %q", got, want)
		}
	}
}

// Every format has every law, in the order given.
func TestWriteLibrary(t *testing.T) {
	laws := rules.Builtin()
	var names []string
	for _, r := range laws {
		names = append(names, r.Name)
	}
	for _, format := range report.Formats() {
		var b bytes.Buffer
		if err := report.WriteLibrary(&b, format, laws, false); err != nil {
			t.Fatal(err)
		}
		var got []string
		switch format {
		case "json":
			var doc struct{ Laws []struct{ Name string } }
			if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			for _, l := range doc.Laws {
				got = append(got, l.Name)
			}
		case "jsonl":
			for dec := json.NewDecoder(&b); dec.More(); {
				var l struct{ Name string }
				if err := dec.Decode(&l); err != nil {
					t.Fatal(err)
				}
				got = append(got, l.Name)
			}
		case "csv", "tsv":
			c := csv.NewReader(&b)
			if format == "tsv" {
				c.Comma = '\t'
			}
			rows, err := c.ReadAll()
			if err != nil || rows[0][0] != "name" {
				t.Fatalf("%s: %v, rows %v", format, err, rows)
			}
			for _, row := range rows[1:] {
				got = append(got, row[0])
			}
		default:
			for _, line := range strings.Split(b.String(), "\n") {
				line = strings.TrimPrefix(line, "| ")
				for _, name := range names {
					if strings.HasPrefix(line, name+" ") {
						got = append(got, name)
					}
				}
			}
		}
		if !slices.Equal(got, names) {
			t.Errorf("%s: laws %v, want %v", format, got, names)
		}
	}
}

// What a law says is in its JSON as figures and as sentences.
func TestLibraryJSON(t *testing.T) {
	r := smallLaw(t, "[{id: a, share: 5%, reach: more-than, base: cast, in: each, level: region, areas: 9, except: [Abroad], coalitions: [{parties: 2, share: 7%}], exempt: minorities, cite: Art. 1, or: [{id: b, seats: 3}]}]",
		"sources: [Gazette]\ndoubts: [Not found.]\nproven: [hill-2008]\nheld: {overhang: within}\nfurther: [{id: m, seats: 4, method: dhondt}]\n")
	var b bytes.Buffer
	if err := report.WriteLibrary(&b, "jsonl", []*rules.Rules{r}, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"name":"hill-2020","title":"Council of Hill","country":null,"law":null,"from":null,"until":null,"seats":90,"further":[{"id":"m","seats":4,"method":"dhondt"}],"base":"valid"`,
		`"thresholds":[{"id":"a","measure":"share","bar":"1/20","reach":"more-than","base":"cast","in":"each","level":"region","areas":9,"count":null,"except":["Abroad"],"exempt":"minorities","coalitions":[{"parties":2,"bar":"7/100"}],"or":[{"id":"b","measure":"seats","bar":"3","reach":"","base":null,"in":null,`,
		`"districts":[],"nation":null,"method":"sainte_lague"`,
		`{"rule":"seats","text":"There are 90 seats.","cite":null}`,
		`"doubts":["Not found."],"sources":["Gazette"],"proven":["hill-2008"],"sha256":"` + r.SHA256 + `"`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\nlacks %s", b.String(), want)
		}
	}
}
