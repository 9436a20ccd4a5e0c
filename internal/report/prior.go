package report

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenesh/internal/compare"
	"kenesh/internal/finding"
)

// An Expectation is a round held against an earlier one.
type Expectation struct {
	*compare.Expectation
	Names    [2]string // of the rounds, as the user named them: the one in question, the earlier one
	Key      string    // the columns that precincts are joined by; "": their ids
	Findings []finding.Finding
	Inputs   [2][]Input
	Tool     Tool
	Color    bool
}

// PriorSchema is the JSON Schema of what WriteExpectation writes as "json".
//
//go:embed prior-1.schema.json
var PriorSchema string

// WriteExpectation renders the flags. The format must be one of [Formats].
func WriteExpectation(w io.Writer, format string, e Expectation) error {
	return view{
		wire:  func() any { return expectationWire(&e) },
		lines: func(w io.Writer) error { return writeLines(w, e.rows()) },
		cells: e.cells,
		page:  e.page,
		color: e.Color,
	}.write(w, format)
}

// figure is a statistic with so many decimals; no -0.
func figure(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

func (e *Expectation) page() page {
	by := "id"
	if e.Key != "" {
		by = finding.Visible(e.Key)
	}
	parts := []string{fmt.Sprintf("%s precinct%s in both, by %s", Group(int64(e.Joined)), plural(int64(e.Joined)), by), Group(int64(e.Fitted)) + " with votes in both"}
	for side, name := range [2]string{"this round", "the earlier one"} {
		parts = append(parts, fmt.Sprintf("%s only in %s", Group(int64(len(e.Only[side]))), name))
		if n := len(e.Unclear[side]); n > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s not joined", Group(int64(n)), name))
		}
	}
	p := page{head: []string{
		fmt.Sprintf("Lists that look exchanged: %s, by the earlier round %s", finding.Visible(e.Names[0]), finding.Visible(e.Names[1])),
		strings.Join(parts, " · "),
	}}
	p.grid = grid{header: []string{"Precinct", "Area", "Lists", "Votes", "Earlier", "z", "z exchanged"}, right: []bool{false, false, false, true, true, true, true}}
	for i := range e.Flags {
		f := &e.Flags[i]
		pair := func(a, b string) string { return a + " / " + b }
		p.grid.add(finding.Visible(e.Sets[0].ID(f.Precinct[0])), finding.Visible(e.Area(0, f.Precinct[0])),
			pair(finding.Visible(e.Lists[f.Lists[0]].Name), finding.Visible(e.Lists[f.Lists[1]].Name)), pair(Group(f.Votes[0]), Group(f.Votes[1])), pair(Group(f.Earlier[0]), Group(f.Earlier[1])),
			pair(figure(f.Z[0], 1), figure(f.Z[1], 1)), pair(figure(f.Swapped[0], 1), figure(f.Swapped[1], 1)))
	}
	n := int64(len(e.Flags))
	p.foot = []string{
		fmt.Sprintf("%s precinct%s: a list is more than %d robust standard deviations from its prediction, and with two lists exchanged both are within %d.", Group(n), plural(n), compare.Far, compare.Near),
		"A flag says that the numbers would be as expected the other way round. Only the paper protocol says which way is right.",
	}
	p.foot = append(p.foot, summary(e.Findings)...)
	g := grid{header: []string{"List", "Slope", "Intercept", "Spread", ""}, right: []bool{false, true, true, true, false}}
	for l := range e.Lists {
		f := &e.Fits[l]
		name := finding.Visible(e.Lists[l].Name)
		if f.None != "" {
			g.add(name, "–", "–", "–", "no prediction: "+f.None)
			continue
		}
		g.add(name, figure(f.Slope, 4), figure(f.Intercept, 4), figure(f.Spread, 4), "")
	}
	p.more = []section{{"Predicted share = intercept + slope × earlier share (Tukey's resistant line; spread: 1.4826 × the median distance; z is over that, or over the scatter of chance where that is more)", g}}
	return p
}

// A priorRow is a flag: the unit of the flat formats.
type priorRow struct {
	Precinct  string `json:"precinct"`
	EarlierID string `json:"precinct_earlier"`
	Area      string `json:"area"`
	ListX     string `json:"list_x"`
	ListY     string `json:"list_y"`
	VotesX    int64  `json:"votes_x"`
	VotesY    int64  `json:"votes_y"`
	EarlierX  int64  `json:"earlier_x"`
	EarlierY  int64  `json:"earlier_y"`
	ZX        string `json:"z_x"`
	ZY        string `json:"z_y"`
	SwappedX  string `json:"z_exchanged_x"`
	SwappedY  string `json:"z_exchanged_y"`
}

func (e *Expectation) rows() (all []priorRow) {
	for i := range e.Flags {
		f := &e.Flags[i]
		all = append(all, priorRow{e.Sets[0].ID(f.Precinct[0]), e.Sets[1].ID(f.Precinct[1]), e.Area(0, f.Precinct[0]), e.Lists[f.Lists[0]].Name, e.Lists[f.Lists[1]].Name,
			f.Votes[0], f.Votes[1], f.Earlier[0], f.Earlier[1], figure(f.Z[0], 3), figure(f.Z[1], 3), figure(f.Swapped[0], 3), figure(f.Swapped[1], 3)})
	}
	return all
}

func (e *Expectation) cells() (header []string, rows [][]string) {
	integer := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, x := range e.rows() {
		rows = append(rows, []string{x.Precinct, x.EarlierID, x.Area, x.ListX, x.ListY, integer(x.VotesX), integer(x.VotesY), integer(x.EarlierX), integer(x.EarlierY),
			x.ZX, x.ZY, x.SwappedX, x.SwappedY})
	}
	return []string{"precinct", "precinct_earlier", "area", "list_x", "list_y", "votes_x", "votes_y", "earlier_x", "earlier_y",
		"z_x", "z_y", "z_exchanged_x", "z_exchanged_y"}, rows
}

// The types below are the wire form of flags, kenesh.prior version 1.
type jsonPrior struct {
	Format    string             `json:"format"`
	Version   int                `json:"version"`
	Key       *string            `json:"key"`
	Far       int                `json:"far"`
	Near      int                `json:"near"`
	Precincts jsonPriorPrecincts `json:"precincts"`
	Fits      []jsonFit          `json:"fits"`
	Flags     []jsonFlag         `json:"flags"`
	Findings  []jsonFinding      `json:"findings"`
	Inputs    [2][]jsonInput     `json:"inputs"`
	Tool      jsonTool           `json:"tool"`
}

type jsonPriorPrecincts struct {
	Both           int `json:"both"`
	OnlyNow        int `json:"only_now"`
	OnlyEarlier    int `json:"only_earlier"`
	UnclearNow     int `json:"unclear_now"`
	UnclearEarlier int `json:"unclear_earlier"`
	Fitted         int `json:"fitted"`
}

type jsonFit struct {
	List      string  `json:"list"`
	Slope     *string `json:"slope"`
	Intercept *string `json:"intercept"`
	Spread    *string `json:"spread"`
	None      string  `json:"none"`
}

type jsonFlag struct {
	Precinct  string    `json:"precinct"`
	EarlierID string    `json:"precinct_earlier"`
	Area      string    `json:"area"`
	Lists     [2]string `json:"lists"`
	Votes     [2]int64  `json:"votes"`
	Earlier   [2]int64  `json:"earlier"`
	Z         [2]string `json:"z"`
	Exchanged [2]string `json:"z_exchanged"`
}

func expectationWire(e *Expectation) jsonPrior {
	j := jsonPrior{Format: "kenesh.prior", Version: 1, Far: compare.Far, Near: compare.Near, Flags: []jsonFlag{},
		Precincts: jsonPriorPrecincts{e.Joined, len(e.Only[0]), len(e.Only[1]), len(e.Unclear[0]), len(e.Unclear[1]), e.Fitted},
		Findings:  jsonFindings(e.Findings), Inputs: [2][]jsonInput{jsonInputs(e.Inputs[0]), jsonInputs(e.Inputs[1])}, Tool: jsonTool(e.Tool)}
	if e.Key != "" {
		j.Key = &e.Key
	}
	for l := range e.Lists {
		f := &e.Fits[l]
		x := jsonFit{List: e.Lists[l].Name, None: f.None}
		if f.None == "" {
			text := [3]string{figure(f.Slope, 6), figure(f.Intercept, 6), figure(f.Spread, 6)}
			x.Slope, x.Intercept, x.Spread = &text[0], &text[1], &text[2]
		}
		j.Fits = append(j.Fits, x)
	}
	for _, x := range e.rows() {
		j.Flags = append(j.Flags, jsonFlag{x.Precinct, x.EarlierID, x.Area, [2]string{x.ListX, x.ListY}, [2]int64{x.VotesX, x.VotesY}, [2]int64{x.EarlierX, x.EarlierY},
			[2]string{x.ZX, x.ZY}, [2]string{x.SwappedX, x.SwappedY}})
	}
	return j
}
