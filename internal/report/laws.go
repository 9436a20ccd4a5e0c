package report

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
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
	switch format {
	case "json":
		return writeIndented(w, lawsWire(r, results))
	case "jsonl":
		return writeLines(w, lawRows(results))
	case "csv":
		return writeLawsDelimited(w, results, ',')
	case "tsv":
		return writeLawsDelimited(w, results, '\t')
	}
	p := lawsPage(r, results)
	if format == "markdown" {
		return p.writeMarkdown(w)
	}
	return p.writeTable(w, painter(r.Color))
}

// moved is how many seats a list has more than under the first law; nil where one of
// the two is open.
func moved(first, r *tally.Result, l int) *int {
	if !first.Given || !r.Given || first.Lists[l].OpenSeats > 0 || r.Lists[l].OpenSeats > 0 {
		return nil
	}
	n := r.Lists[l].Seats - first.Lists[l].Seats
	return &n
}

func lawsPage(r Report, results []*tally.Result) page {
	first := results[0]
	lines := heading(first)
	n := int64(len(results))
	lines[0] = fmt.Sprintf("%s · the same votes under %s law%s", finding.Visible(first.Contest), Group(n), plural(n))
	p := page{head: lines, grid: grid{header: []string{"List", "Votes"}, right: []bool{false, true}}}
	order := byRank(first)
	var columns [][]string
	for _, res := range results {
		p.grid.header, p.grid.right = append(p.grid.header, finding.Visible(res.Rules.Name)), append(p.grid.right, true)
		columns = append(columns, seatsOf(res, order))
	}
	for i, l := range order {
		row := []string{finding.Visible(first.Lists[l].Name), Group(first.Lists[l].Votes)}
		for _, c := range columns {
			row = append(row, c[i])
		}
		p.grid.add(row...)
	}
	p.foot = []string{"Seats of the lists that qualify; – does not qualify, ? is open."}
	for _, res := range results {
		p.foot = append(p.foot, lawWords(res))
		if res.Status != tally.Final {
			p.foot = append(p.foot, fmt.Sprintf("  %s: %s.", sentence(statusWords(res)), finding.Visible(strings.ReplaceAll(strings.Join(res.Why, "; "), " (--lots)", ""))))
		}
		if res != first {
			p.foot = append(p.foot, "  "+againstFirst(first, res, order)+".")
		}
	}
	p.foot = append(p.foot, summary(r.Findings)...)
	return p
}

func statusWords(res *tally.Result) string {
	if res.Status == tally.Undecided {
		return "the outcome is open"
	}
	return res.Status.String() + " count"
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

// againstFirst says what differs from the first law.
func againstFirst(first, res *tally.Result, order []int) string {
	text := "Against " + finding.Visible(first.Rules.Name) + ": "
	var words, open []string
	for _, l := range order {
		name := finding.Visible(res.Lists[l].Name)
		turn := turnWords(&first.Lists[l], &res.Lists[l])
		switch n := moved(first, res, l); {
		case n == nil && (!first.Given || !res.Given):
			if turn != "" {
				words = append(words, name+turn)
			}
		case n == nil:
			open = append(open, name+turn)
		case *n != 0:
			words = append(words, fmt.Sprintf("%s %s%s", name, signed(*n), turn))
		case turn != "":
			words = append(words, name+" no seat"+turn)
		}
	}
	switch {
	case !first.Given || !res.Given:
		words = append(words, "seats cannot be compared while an outcome is open")
	case words == nil && open == nil:
		words = append(words, "the same")
	}
	text += strings.Join(words, ", ")
	if open != nil {
		if words != nil {
			text += "; "
		}
		text += "waiting for a lot: " + strings.Join(open, ", ")
	}
	return text
}

// turnWords says that a list qualifies under one law and not under the other.
func turnWords(first, l *tally.List) string {
	qualifies := func(l *tally.List) bool { return l.Qualified == tally.Reached }
	switch {
	case first.Qualified == tally.Open || l.Qualified == tally.Open || qualifies(first) == qualifies(l):
		return ""
	case qualifies(l):
		return " (in)"
	}
	return " (out)"
}

// signed is a difference with its sign.
func signed(n int) string {
	if n < 0 {
		return "−" + Group(int64(-n))
	}
	return "+" + Group(int64(n))
}

// A lawRow is what a list has under one law: the unit of the flat formats.
type lawRow struct {
	Law       string `json:"law"`
	ListID    string `json:"list_id"`
	List      string `json:"list"`
	Votes     int64  `json:"votes"`
	Share     string `json:"share"` // a fraction of 1; "" when the base is not known
	ShareBase string `json:"share_base"`
	Qualified *bool  `json:"qualified"` // nil: an option, or not decided
	Seats     *int   `json:"seats"`     // nil: not decided
	OpenSeats int    `json:"open_seats"`
	Moved     *int   `json:"moved"` // seats more than under the first law; nil: one of them is open
}

// lawRows is all of it, law by law, in ballot order.
func lawRows(results []*tally.Result) (all []lawRow) {
	for _, res := range results {
		for l, x := range rows(Report{Result: res})[:len(res.Lists)] {
			all = append(all, lawRow{x.Contest, x.ListID, x.List, x.Votes, x.Share, x.ShareBase, x.Qualified, x.Seats, res.Lists[l].OpenSeats, moved(results[0], res, l)})
		}
	}
	return all
}

func writeLawsDelimited(w io.Writer, results []*tally.Result, comma rune) error {
	var all [][]string
	for _, x := range lawRows(results) {
		all = append(all, []string{x.Law, x.ListID, x.List, strconv.FormatInt(x.Votes, 10), x.Share, x.ShareBase, maybe(x.Qualified), maybe(x.Seats),
			strconv.Itoa(x.OpenSeats), maybe(x.Moved)})
	}
	return writeCells(w, comma, []string{"law", "list_id", "list", "votes", "share", "share_base", "qualified", "seats", "open_seats", "moved"}, all)
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
	all := lawRows(results)
	for _, res := range results {
		one := wire(Report{Result: res})
		x := jsonLaw{one.Rules, one.House, res.Rules.Method.Name, one.Base, one.Status, one.Reasons, one.Totals, one.Thresholds, nil}
		for l, row := range all[:len(res.Lists)] {
			y := jsonLawList{ID: row.ListID, Name: row.List, Votes: row.Votes, Option: res.Lists[l].Option, Qualified: row.Qualified, Seats: row.Seats, OpenSeats: row.OpenSeats, Moved: row.Moved}
			if share := res.Nation.Share(l, res.Base); share.Of > 0 {
				y.Share = &jsonShare{share.Votes, share.Of, share.Percent(4, bars(res)...)}
			}
			x.Lists = append(x.Lists, y)
		}
		all = all[len(res.Lists):]
		j.Laws = append(j.Laws, x)
	}
	return j
}
