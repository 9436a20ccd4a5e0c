package export_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kenesh/internal/export"
	"kenesh/internal/returns"
)

// The part of NIST SP 1500-100 version 2 (JSON schema 2.0.3) that is written: for each
// type the keys that it must have, and those that it may have. What stands behind the
// colon is what a value is: a type, a list of them, a word, or one of some words.
var nistTypes = map[string]struct{ must, may string }{
	"ElectionReport": {"Format:precinct-level|summary-contest GeneratedDate:time Issuer:text IssuerAbbreviation:text SequenceEnd:integer SequenceStart:integer " +
		"Status:certified|correction|pre-election|recount|unofficial-complete|unofficial-partial VendorApplicationId:text",
		"GpUnit:[ReportingUnit] Party:[Party] Election:[Election] IsTest:boolean TestType:text"},
	"ReportingUnit": {"@id:id Type:country|county|other|precinct", "OtherType:text Name:InternationalizedText ComposingGpUnitIds:[ref] VotersRegistered:integer " +
		"VotersParticipated:integer TotalSubUnits:integer SubUnitsReported:integer ExternalIdentifier:[ExternalIdentifier] CountStatus:[CountStatus]"},
	"CountStatus":           {"Type:absentee-mail|election-day|total Status:completed|in-process|not-processed|unknown", "OtherType:text"},
	"Party":                 {"@id:id Name:InternationalizedText", "ExternalIdentifier:[ExternalIdentifier] Abbreviation:InternationalizedText Color:text"},
	"ExternalIdentifier":    {"Type:fips|local-level|national-level|ocd-id|other|state-level Value:text", "OtherType:text"},
	"InternationalizedText": {"Text:[LanguageString]", ""},
	"LanguageString":        {"Content:text Language:text", ""},
	"Election": {"ElectionScopeId:ref EndDate:date Name:InternationalizedText StartDate:date Type:general|other|partisan-primary-closed|partisan-primary-open|primary|runoff|special",
		"OtherType:text BallotCounts:[BallotCounts] Contest:[PartyContest] Candidate:[Candidate]"},
	"BallotCounts":   {"GpUnitId:ref Type:total", "BallotsCast:integer BallotsOutstanding:integer BallotsRejected:integer"},
	"PartyContest":   {"@id:id ElectionDistrictId:ref Name:text", "ContestSelection:[PartySelection] VoteVariation:proportional"},
	"PartySelection": {"@id:id PartyIds:[ref]", "VoteCounts:[VoteCounts]"},
	"VoteCounts":     {"Count:integer GpUnitId:ref Type:total|election-day|absentee-mail|seats", "OtherType:text"},
}

// nistFaults says what is wrong with a value of a type by the table above.
func nistFaults(v any, kind, at string, ids map[string]bool, refs *[]string) (faults []string) {
	fail := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	def, isObject := nistTypes[kind]
	switch {
	case strings.HasPrefix(kind, "["):
		list, ok := v.([]any)
		if !ok {
			fail("no list")
		}
		for i, x := range list {
			faults = append(faults, nistFaults(x, strings.Trim(kind, "[]"), fmt.Sprintf("%s[%d]", at, i), ids, refs)...)
		}
	case isObject:
		object, ok := v.(map[string]any)
		if !ok || object["@type"] != "ElectionResults."+kind {
			fail("no %s", kind)
			return faults
		}
		known := map[string]bool{"@type": true}
		for _, pair := range strings.Fields(def.must + " " + def.may) {
			key, of, _ := strings.Cut(pair, ":")
			known[key] = true
			if x, there := object[key]; there {
				faults = append(faults, nistFaults(x, of, at+"."+key, ids, refs)...)
			} else if strings.Contains(" "+def.must, " "+key+":") {
				fail("no %s", key)
			}
		}
		for key := range object {
			if !known[key] {
				fail("%s is not known", key)
			}
		}
	case kind == "integer":
		if !isNumber || strings.ContainsAny(number.String(), ".eE") {
			fail("%v is no integer", v)
		}
	case kind == "boolean":
	case !isText:
		fail("%v is no text", v)
	case kind == "id":
		if ids[text] {
			fail("id %q is there twice", text)
		}
		ids[text] = true
	case kind == "ref":
		*refs = append(*refs, text)
	case kind == "time" && (len(text) != len(export.Epoch) || !strings.HasSuffix(text, "Z")), kind == "date" && len(text) != 10:
		fail("%q is no %s", text, kind)
	case strings.Contains(kind, "|") || kind == "total":
		if !strings.Contains("|"+kind+"|", "|"+text+"|") {
			fail("%q is none of %s", text, kind)
		}
	}
	return faults
}

func parseReport(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// checkReport holds a report against the standard and against the set.
func checkReport(t *testing.T, s *returns.Set, text string) {
	t.Helper()
	report := parseReport(t, text)
	ids := map[string]bool{}
	var refs []string
	for _, f := range nistFaults(report, "ElectionReport", "report", ids, &refs) {
		t.Error(f)
	}
	for _, r := range refs {
		if !ids[r] {
			t.Errorf("%q is an id of nothing", r)
		}
	}
	if t.Failed() {
		t.Fatal(text)
	}

	// The set comes back, but for lines that have no place.
	got := returns.New("region", "district")
	got.AddFile("report")
	unit := map[string]int{}
	object := func(v any) map[string]any { return v.(map[string]any) }
	list := func(v any) []any { l, _ := v.([]any); return l }
	name := func(v any) string { return object(list(object(v)["Text"])[0])["Content"].(string) }
	number := func(v any) int64 { n, _ := v.(json.Number).Int64(); return n }
	parent := map[string]string{}
	units := list(report["GpUnit"])
	for _, u := range units {
		for _, part := range list(object(u)["ComposingGpUnitIds"]) {
			if parent[part.(string)] != "" {
				t.Fatalf("%v is part of two units", part)
			}
			parent[part.(string)] = object(u)["@id"].(string)
		}
	}
	for i, u := range units {
		u := object(u)
		id := u["@id"].(string)
		switch u["Type"] {
		case "country":
			unit[id] = 0
		case "precinct":
			unit[id], _ = got.AddPrecinct([]byte(name(u["Name"])), unit[parent[id]], i)
			if v, ok := u["VotersRegistered"]; ok {
				got.PutLine(unit[id], returns.Registered, number(v))
			}
		default:
			unit[id] = got.AddArea(unit[parent[id]], name(u["Name"]))
		}
	}
	election := object(list(report["Election"])[0])
	for _, b := range list(election["BallotCounts"]) {
		b := object(b)
		for key, l := range map[string]returns.Line{"BallotsCast": returns.Cast, "BallotsRejected": returns.Invalid} {
			if v, ok := b[key]; ok {
				got.PutLine(unit[b["GpUnitId"].(string)], l, number(v))
			}
		}
	}
	for i, x := range list(object(list(election["Contest"])[0])["ContestSelection"]) {
		l := got.AddList(returns.List{Name: name(object(list(report["Party"])[i])["Name"])})
		for _, c := range list(object(x)["VoteCounts"]) {
			if !got.Put(unit[object(c)["GpUnitId"].(string)], l, number(object(c)["Count"])) {
				t.Fatal("a count is there twice")
			}
		}
	}
	for _, l := range export.Unreported(s) {
		for p := range s.Len() {
			if v, ok := s.Stated(p, l); ok {
				got.PutLine(p, l, v) // as nobody could
			}
		}
	}
	if diff := returns.Diff(s, got); diff != "" {
		t.Fatalf("%s:\n%s", diff, text)
	}
}

// What the returns do not say is as the options have it, or said not to be known.
func TestReport(t *testing.T) {
	s := random(rand.New(rand.NewPCG(1500, 100)), true)
	s.Lists[0].ID = "A1"
	for _, tt := range []struct {
		report export.Report
		want   []string
	}{
		{export.Report{}, []string{`"GeneratedDate":"1970-01-01T00:00:00Z"`, `"Issuer":"not stated","IssuerAbbreviation":"not stated"`, `"Status":"unofficial-partial"`,
			`"StartDate":"1970-01-01","EndDate":"1970-01-01"`, `"Content":"not stated"`, `"OtherType":"code","Value":"A1"`}},
		{export.Report{Generated: "2020-10-05T11:00:00Z", Issuer: "CEC", Election: "Jogorku \"Kenesh\"", Date: "2020-10-04", Status: "certified", Vendor: "kenesh 1"},
			[]string{`"GeneratedDate":"2020-10-05T11:00:00Z","Issuer":"CEC"`, `"Status":"certified","VendorApplicationId":"kenesh 1"`, `"StartDate":"2020-10-04"`, `"Content":"Jogorku \"Kenesh\""`}},
	} {
		got := text(t, s, export.Options{Format: "nist", Report: tt.report})
		checkReport(t, s, got)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("no %s in\n%s", want, got)
			}
		}
	}
}

// The table above finds nothing in a report that is valid by the published schema, but
// for the contests of candidates, which it does not know.
func TestReportTable(t *testing.T) {
	dir := os.Getenv("KENESH_DATA")
	if dir == "" {
		t.Skip("KENESH_DATA does not name the folder of real data")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	data, err := os.ReadFile(filepath.Join(dir, "layout-samples", "in", "nist-1500-100-v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	report := parseReport(t, string(data))
	election := report["Election"].([]any)[0].(map[string]any)
	delete(election, "Candidate")
	election["Contest"] = election["Contest"].([]any)[1:]
	var refs []string
	for _, f := range nistFaults(report, "ElectionReport", "report", map[string]bool{}, &refs) {
		t.Error(f)
	}
}
