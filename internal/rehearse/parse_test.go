package rehearse_test

import (
	"strings"
	"testing"

	"kenesh/internal/finding"
	"kenesh/internal/rehearse"
)

const valid = `title: a small country
sources: [https://example.org/]
registered: 900
cast: 460
invalid: 10
lists-complete: true
lists:
  Alma: 300
  Nan: 150
regions:
  - name: North
    file: north.csv
    precincts: 2
    registered: 500
    votes: {Alma: 2, Nan: 1}
  - name: South
    file: south.csv
    precincts: 1
    registered: 400
    votes: {Alma: 1, Nan: 2}
`

func TestParse(t *testing.T) {
	var log finding.Log
	totals, ok := rehearse.Parse("totals.yaml", []byte(valid), &log)
	if !ok || log.Failed() {
		t.Fatalf("Parse: %v", log.Sorted())
	}
	if totals.Title != "a small country" || len(totals.Sources) != 1 || len(totals.Notes) != 0 || !totals.Complete ||
		totals.Registered != (rehearse.Figure{N: 900, Known: true}) || totals.Cast.N != 460 || totals.Invalid.N != 10 ||
		len(totals.Lists) != 2 || totals.Lists[1] != (rehearse.List{Name: "Nan", Votes: 150}) ||
		len(totals.Regions) != 2 || totals.Regions[1].File != "south.csv" || totals.Regions[1].Votes[1] != 2 || totals.Regions[0].Registered != 500 {
		t.Errorf("Parse = %+v", totals)
	}
}

func TestParseLeavesOutWhatIsNotPublished(t *testing.T) {
	var log finding.Log
	text := "title: t\nsources: s\nlists-complete: false\nlists: {A: 1}\nregions: [{name: a, file: a.csv, precincts: 1}]\n"
	totals, ok := rehearse.Parse("totals.yaml", []byte(text), &log)
	if !ok {
		t.Fatalf("Parse: %v", log.Sorted())
	}
	if totals.Registered.Known || totals.Cast.Known || totals.Invalid.Known || totals.Regions[0].Votes != nil {
		t.Errorf("Parse = %+v, want no figures beside the votes", totals)
	}
}

// Each case replaces a text of the valid file by another.
func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"no document", valid, "", "totals.yaml: error TOTALS: the file is empty"},
		{"unknown key", "cast: 460", "casts: 460", `totals.yaml:4:1: error TOTALS: unknown key "casts" (did you mean "cast"?)`},
		{"no title", "title: a small country\n", "", `totals.yaml:1:1: error TOTALS: key "title" is missing`},
		{"no sources", "sources: [https://example.org/]\n", "", `totals.yaml:1:1: error TOTALS: key "sources" is missing`},
		{"no word on completeness", "lists-complete: true\n", "", `totals.yaml:1:1: error TOTALS: key "lists-complete" is missing`},
		{"completeness is neither", "lists-complete: true", "lists-complete: yes", `totals.yaml:6:17: error TOTALS: lists-complete: found "yes"`},
		{"votes with a point", "Alma: 300", "Alma: 300.0", `totals.yaml:8:9: error TOTALS: Alma: found "300.0", want a whole number in digits`},
		{"votes with a leading zero", "Alma: 300", "Alma: 0300", `totals.yaml:8:9: error TOTALS: Alma: found "0300", want a whole number in digits`},
		{"votes beyond int64", "Alma: 300", "Alma: 9223372036854775808", `totals.yaml:8:9: error TOTALS: Alma: found 9223372036854775808, want a number from 0 to`},
		{"votes that add up beyond int64", "Alma: 300", "Alma: 9223372036854775800", "totals.yaml:8:3: error TOTALS: lists: the votes add up to more than"},
		{"invalid beyond int64 with the votes", "invalid: 10", "invalid: 9223372036854775800", "totals.yaml:5:10: error TOTALS: invalid: with the votes it adds up to more than"},
		{"no votes", "  Alma: 300\n  Nan: 150", "  Alma: 0\n  Nan: 0", "totals.yaml:8:3: error TOTALS: lists: no list has a vote"},
		{"a list twice", "  Nan: 150", "  Alma: 150", `totals.yaml:9:3: error TOTALS: key "Alma" was already given on line 8`},
		{"a list twice but for case", "Nan", "ALMA", `totals.yaml:9:9: error TOTALS: ALMA: the name "ALMA" is there twice, in capitals and small letters`},
		{"a list named as a column", "Nan", "Cast", `totals.yaml:9:9: error TOTALS: Cast: "Cast" is the name of a column; a list cannot have it`},
		{"a list with spaces around", "Nan", `" Nan"`, `totals.yaml:9:11: error TOTALS:  Nan: found the name " Nan", want letters without spaces around them`},
		{"cast is less than counted", "cast: 460", "cast: 459", "totals.yaml:4:7: error TOTALS: cast: found 459, but votes (450) and invalid ballots (10) are 460"},
		{"cast is more than all lists", "cast: 460", "cast: 461", "totals.yaml:4:7: error TOTALS: cast: found 461, but votes (450) and invalid ballots (10) are 460; where a list is missing"},
		{"fewer registered than cast", "registered: 900", "registered: 459", "totals.yaml:3:13: error TOTALS: registered: found 459, but the ballots cast are 460"},
		{"fewer registered than counted", "registered: 900\ncast: 460\n", "registered: 459\n", "totals.yaml:3:13: error TOTALS: registered: found 459, but the votes and invalid ballots are 460"},
		{"nobody registered", "registered: 900", "registered: 0", "totals.yaml:3:13: error TOTALS: registered: found 0, want a number from 1 to"},
		{"no regions", valid[strings.Index(valid, "regions"):], "regions: []\n", "totals.yaml:10:10: error TOTALS: regions: no region; want one at least"},
		{"a region twice", "name: South", "name: north", `totals.yaml:16:11: error TOTALS: name: "north" is there twice`},
		{"a file twice", "file: south.csv", "file: North.csv", `totals.yaml:17:11: error TOTALS: file: "North.csv" is there twice`},
		{"a file in a folder", "file: south.csv", "file: ../south.csv", `totals.yaml:17:11: error TOTALS: file: found "../south.csv", want the name of a CSV file without a folder`},
		{"a file of another kind", "file: south.csv", "file: south.xlsx", `totals.yaml:17:11: error TOTALS: file: found "south.xlsx"`},
		{"a region without precincts", "precincts: 1", "precincts: 0", "totals.yaml:18:16: error TOTALS: precincts: found 0, want a number from 1 to"},
		{"registered in one region only", "    registered: 400\n", "", "totals.yaml:16:5: error TOTALS: regions: every region must have its registered voters, or none"},
		{"registered of regions beyond int64", "registered: 400", "registered: 9223372036854775807", "totals.yaml:19:17: error TOTALS: registered: the regions add up to more than"},
		{"votes in one region only", "    votes: {Alma: 1, Nan: 2}\n", "", "totals.yaml:16:5: error TOTALS: regions: every region must have its votes, or none"},
		{"a list missing in a region", "{Alma: 1, Nan: 2}", "{Alma: 1}", `totals.yaml:20:12: error TOTALS: votes: key "Nan" is missing`},
		{"an unknown list in a region", "{Alma: 1, Nan: 2}", "{Alma: 1, Nan: 2, Nam: 3}", `totals.yaml:20:30: error TOTALS: unknown key "Nam" (did you mean "Nan"?)`},
		{"votes of regions beyond int64", "{Alma: 1, Nan: 2}", "{Alma: 9223372036854775807, Nan: 2}", "totals.yaml:20:19: error TOTALS: Alma: the regions add up to more than"},
		{"a list with votes in no region", "votes: {Alma: 2, Nan: 1}", "votes: {Alma: 2, Nan: 0}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.ReplaceAll(valid, c.old, c.new)
			if text == valid {
				t.Fatalf("the valid file has no %q", c.old)
			}
			if c.want == "" {
				text = strings.Replace(text, "{Alma: 1, Nan: 2}", "{Alma: 1, Nan: 0}", 1)
				c.want = "totals.yaml:9:8: error TOTALS: Nan: 150 votes in the nation and none in any region"
			}
			var log finding.Log
			_, ok := rehearse.Parse("totals.yaml", []byte(text), &log)
			if ok || !log.Failed() {
				t.Fatalf("Parse accepted %s", text)
			}
			var got []string
			for _, f := range log.Sorted() {
				got = append(got, f.String())
			}
			if !strings.HasPrefix(got[0], c.want) {
				t.Errorf("findings %q, want %q first", got, c.want)
			}
		})
	}
}

func TestParseFindsAllProblemsInOneRun(t *testing.T) {
	text := strings.NewReplacer("cast: 460", "cast: 461", "registered: 900", "registered: 400", "name: South", "name: North", "south.csv", "south").Replace(valid)
	var log finding.Log
	if _, ok := rehearse.Parse("totals.yaml", []byte(text), &log); ok || len(log.Sorted()) != 4 {
		t.Errorf("findings %v, want 4", log.Sorted())
	}
}

// Whatever is accepted can be made, and conserves its totals.
func FuzzParse(f *testing.F) {
	f.Add([]byte(valid))
	f.Fuzz(func(t *testing.T, data []byte) {
		var log finding.Log
		totals, ok := rehearse.Parse("totals.yaml", data, &log)
		if ok == log.Failed() {
			t.Fatalf("ok = %t with findings %v", ok, log.Sorted())
		}
		if !ok {
			return
		}
		o := rehearse.Options{Precincts: len(totals.Regions) + 3}
		if _, err := rehearse.Make(totals, o); err != nil {
			if !strings.Contains(err.Error(), "registered voters for") {
				t.Fatal(err)
			}
			return
		}
		conserved(t, totals, o)
	})
}
