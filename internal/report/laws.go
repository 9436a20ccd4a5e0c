package report

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/tally"
)

// LawsSchema is the JSON Schema of what WriteLaws writes as "json".
//
//go:embed compare-rules-1.schema.json
var LawsSchema string

// WriteLaws renders results of the same votes under several laws side by side: that of
// the report comes first, and the others are compared with it. The format must be one
// of [Formats].
func WriteLaws(w io.Writer, format string, r Report, others []*tally.Result) error {
	results := append([]*tally.Result{r.Result}, others...)
	return view{
		wire:  func() any { return lawsWire(r, results) },
		lines: func(w io.Writer) error { return writeLines(w, lawRows(results)) },
		cells: func() ([]string, [][]string) { return lawCells(results) },
		page:  func() page { return lawsPage(r, results) },
		color: r.Color,
	}.write(w, format)
}

func lawsPage(r Report, results []*tally.Result) page {
	n := int64(len(results))
	var sides []side
	for _, res := range results {
		sides = append(sides, side{res.Rules.Name, res.Rules.Name, res})
	}
	p := besides(fmt.Sprintf("the same votes under %s law%s", Group(n), plural(n)), sides, func(s side) []string { return []string{lawWords(s.Result)} })
	p.foot = append(p.foot, summary(r.Findings)...)
	return p
}

// lawWords is a law in a line: status, house, method, thresholds.
func lawWords(res *tally.Result) string {
	var bars []string
	for i := range res.Thresholds {
		bars = append(bars, res.Thresholds[i].Brief())
	}
	if bars == nil {
		bars = []string{"no threshold"}
	}
	text := fmt.Sprintf("%s: %s · %s · %s", finding.Visible(res.Rules.Name), res.Status, houseWords(res), strings.Join(bars, "; "))
	if res.BaseGiven {
		text += fmt.Sprintf(" · of %s by --base", res.Base.Words())
	}
	return text
}

// A lawRow is what a list has under one law.
type lawRow struct {
	Law string `json:"law"`
	sideRow
}

// lawRows is all of it, law by law, in ballot order.
func lawRows(results []*tally.Result) (all []lawRow) {
	for _, res := range results {
		for _, x := range sideRows(results[0], res) {
			all = append(all, lawRow{res.Rules.Name, x})
		}
	}
	return all
}

func lawCells(results []*tally.Result) (header []string, all [][]string) {
	for _, x := range lawRows(results) {
		all = append(all, append([]string{x.Law}, x.cells()...))
	}
	return append([]string{"law"}, sideColumns...), all
}

// The types below are the wire form of laws side by side, kenesh.compare-rules version 1.
type jsonLaws struct {
	Format    string        `json:"format"`
	Version   int           `json:"version"`
	Precincts jsonPrecincts `json:"precincts"`
	Rows      jsonRows      `json:"rows"`
	Laws      []jsonLaw     `json:"laws"`
	Findings  []jsonFinding `json:"findings"`
	Inputs    []jsonInput   `json:"inputs"`
	Tool      jsonTool      `json:"tool"`
}

type jsonLaw struct {
	Rules      jsonRules       `json:"rules"`
	House      int             `json:"house"`
	Method     string          `json:"method"`
	Base       string          `json:"base"`
	Status     string          `json:"status"`
	Reasons    []string        `json:"reasons"`
	Totals     jsonTotals      `json:"totals"`
	Thresholds []jsonThreshold `json:"thresholds"`
	Lists      []jsonLawList   `json:"lists"`
}

type jsonLawList struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Votes     int64      `json:"votes"`
	Share     *jsonShare `json:"share"`
	Option    bool       `json:"option"`
	Qualified *bool      `json:"qualified"`
	Seats     *int       `json:"seats"`
	OpenSeats int        `json:"open_seats"`
	Moved     *int       `json:"moved"`
}

func lawsWire(r Report, results []*tally.Result) jsonLaws {
	whole := wire(r)
	j := jsonLaws{Format: "kenesh.compare-rules", Version: 1, Precincts: whole.Precincts, Rows: whole.Rows, Findings: whole.Findings, Inputs: whole.Inputs, Tool: whole.Tool}
	for _, res := range results {
		j.Laws = append(j.Laws, lawWire(results[0], res))
	}
	return j
}

// lawWire is one count; the first is the one that it is compared with.
func lawWire(first, res *tally.Result) jsonLaw {
	one := wire(Report{Result: res})
	x := jsonLaw{one.Rules, one.House, res.Rules.Method.Name, one.Base, one.Status, one.Reasons, one.Totals, one.Thresholds, nil}
	for l, row := range sideRows(first, res) {
		y := jsonLawList{ID: row.ListID, Name: row.List, Votes: row.Votes, Option: res.Lists[l].Option, Qualified: row.Qualified, Seats: row.Seats, OpenSeats: row.OpenSeats, Moved: row.Moved}
		if share := res.Nation.Share(l, res.Base); share.Of > 0 {
			y.Share = &jsonShare{share.Votes, share.Of, share.Percent(4, bars(res)...)}
		}
		x.Lists = append(x.Lists, y)
	}
	return x
}
