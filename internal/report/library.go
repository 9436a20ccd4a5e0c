package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kenesh/internal/rules"
)

// jsonRulesFile is the wire form of a law, kenesh.rules version 1: what the file says of the
// law, its figures, and every rule as a sentence. null is not said.
type jsonRulesFile struct {
	Name       string         `json:"name"`
	Title      string         `json:"title"`
	Country    *string        `json:"country"`
	Law        *string        `json:"law"`
	From       *string        `json:"from"`
	Until      *string        `json:"until"`
	Seats      int            `json:"seats"`
	Further    []jsonBesides  `json:"further"`
	Base       string         `json:"base"`
	Thresholds []jsonBar      `json:"thresholds"`
	Districts  []jsonLevel    `json:"districts"`
	Nation     *string        `json:"nation"` // what it takes after the districts; null without them
	Method     string         `json:"method"`
	Rules      []jsonSentence `json:"rules"`
	Doubts     []string       `json:"doubts"`
	Sources    []string       `json:"sources"`
	Proven     []string       `json:"proven"`
	SHA256     string         `json:"sha256"`
}

type jsonBesides struct {
	ID     string `json:"id"`
	Seats  int    `json:"seats"`
	Method string `json:"method"`
}

// jsonBar is a threshold: so many shares, votes, quotas or seats, as the measure says.
type jsonBar struct {
	ID         string          `json:"id"`
	Measure    string          `json:"measure"`
	Bar        string          `json:"bar"`   // a number, a fraction for shares and parts of a quota
	Reach      string          `json:"reach"` // "" for seats
	Base       *string         `json:"base"`  // null for votes and seats
	In         *string         `json:"in"`    // null for seats
	Level      *string         `json:"level"`
	Areas      *int            `json:"areas"`
	Count      *int            `json:"count"`
	Except     []string        `json:"except"`
	Exempt     *string         `json:"exempt"` // minorities
	Coalitions []jsonCoalition `json:"coalitions"`
	Or         []jsonBar       `json:"or"`
}

type jsonCoalition struct {
	Parties int    `json:"parties"` // so many or more
	Bar     string `json:"bar"`
}

type jsonLevel struct {
	ID         string    `json:"id"`
	Level      string    `json:"level"`
	Method     string    `json:"method"`
	Thresholds []jsonBar `json:"thresholds"`
}

type jsonSentence struct {
	Rule string  `json:"rule"`
	Text string  `json:"text"`
	Cite *string `json:"cite"`
}

func newRulesFile(r *rules.Rules) jsonRulesFile {
	l := jsonRulesFile{Name: r.Name, Title: r.Title, Country: said(r.Country), Law: said(r.Law), From: said(r.From), Until: said(r.Until), Seats: r.Seats,
		Further: []jsonBesides{}, Base: r.Base.String(), Thresholds: jsonBars(r.Thresholds), Districts: []jsonLevel{}, Method: r.Method.Name,
		Rules: jsonSentences(r.Sentences()), Doubts: some(r.Doubts), Sources: some(r.Sources), Proven: some(r.Proven), SHA256: r.SHA256}
	for _, f := range r.Further {
		l.Further = append(l.Further, jsonBesides{f.ID, f.Seats, f.Method.Name})
	}
	for _, d := range r.Districts {
		l.Districts = append(l.Districts, jsonLevel{d.ID, d.Level, d.Method.Name, jsonBars(d.Thresholds)})
	}
	if r.Nation != nil {
		l.Nation = said(r.Nation.Takes.String())
	}
	return l
}

func jsonBars(thresholds []rules.Threshold) []jsonBar {
	list := []jsonBar{}
	for i := range thresholds {
		t := &thresholds[i]
		b := jsonBar{ID: t.ID, Measure: t.Measure.String(), Reach: "at-least", Level: said(t.Level), Except: some(t.Except), Coalitions: []jsonCoalition{}, Or: jsonBars(t.Or)}
		for _, c := range t.Coalitions {
			b.Coalitions = append(b.Coalitions, jsonCoalition{c.Parties, c.Share.RatString()})
		}
		if t.Minorities {
			b.Exempt = said("minorities")
		}
		if t.MoreThan {
			b.Reach = "more-than"
		}
		switch t.Measure {
		case rules.BySeats:
			b.Bar, b.Reach = fmt.Sprint(t.Seats), ""
		case rules.ByVotes:
			b.Bar, b.In = fmt.Sprint(t.Votes), said(t.In.String())
		default:
			b.Bar, b.Base, b.In = t.Share.RatString(), said(t.Base.String()), said(t.In.String())
		}
		if t.Areas > 0 {
			b.Areas = &t.Areas
		}
		if t.Count > 0 {
			b.Count = &t.Count
		}
		list = append(list, b)
	}
	return list
}

// said is a text that may be left out; nil when it is.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// libraryColumns are those of laws in csv and tsv; new ones come last.
var libraryColumns = []string{"name", "title", "country", "law", "from", "until", "seats", "further", "base", "threshold", "method", "proven", "sources", "doubts", "sha256"}

func libraryRow(r *rules.Rules) []string {
	further := 0
	for _, f := range r.Further {
		further += f.Seats
	}
	return []string{r.Name, r.Title, r.Country, r.Law, r.From, r.Until, fmt.Sprint(r.Seats), fmt.Sprint(further), r.Base.String(), thresholdWords(r), methodWords(r),
		strings.Join(r.Proven, " "), strings.Join(r.Sources, "; "), strings.Join(r.Doubts, " "), r.SHA256}
}

// WriteLibrary renders a table of laws: what kenesh rules list prints. The format must be
// one of [Formats].
func WriteLibrary(w io.Writer, format string, laws []*rules.Rules, color bool) error {
	files := func() (all []jsonRulesFile) {
		for _, r := range laws {
			all = append(all, newRulesFile(r))
		}
		return all
	}
	return view{
		wire: func() any {
			return struct {
				Format  string          `json:"format"`
				Version int             `json:"version"`
				Laws    []jsonRulesFile `json:"laws"`
			}{"kenesh.rules", 1, files()}
		},
		lines: func(w io.Writer) error { return writeLines(w, files()) },
		cells: func() (header []string, rows [][]string) {
			for _, r := range laws {
				rows = append(rows, libraryRow(r))
			}
			return libraryColumns, rows
		},
		page:  func() page { return libraryPage(laws) },
		color: color,
	}.write(w, format)
}

func libraryPage(laws []*rules.Rules) page {
	p := page{head: []string{"The built-in laws"}}
	p.grid = grid{header: []string{"Law", "Country", "Elections", "Seats", "Method", "Proven on", "Threshold"}, right: []bool{false, false, false, true, false, false, false}}
	countries := map[string]bool{}
	counted := 0
	for _, r := range laws {
		country := r.Country
		if country == "" {
			country = "–"
		} else {
			countries[country] = true
			counted++
		}
		p.grid.add(r.Name, country, years(r), seatsWords(r), methodWords(r), provenWords(r), thresholdWords(r))
	}
	p.foot = []string{
		fmt.Sprintf("%d law%s of %d countr%s.", counted, plural(int64(counted)), len(countries), ies(len(countries))),
		"Shares are of valid votes where nothing else is said; 5–10 % rises with the parties of a coalition.",
		"kenesh rules show LAW states one in sentences, with its articles, doubts, sources and the elections that prove it.",
	}
	return p
}

func ies(n int) string {
	if n == 1 {
		return "y"
	}
	return "ies"
}

// years is when elections are held under a law: 2005–2018, 2018–, 2010.
func years(r *rules.Rules) string {
	if r.From == "" {
		return "–"
	}
	from := r.From[:4]
	switch {
	case r.Until == "":
		return from + "–"
	case r.Until[:4] == from:
		return from
	}
	return from + "–" + r.Until[:4]
}

// seatsWords is the house, and behind a plus the seats that are divided besides.
func seatsWords(r *rules.Rules) string {
	text := fmt.Sprint(r.Seats)
	for _, f := range r.Further {
		text += fmt.Sprintf("+%d", f.Seats)
	}
	return text
}

// methodWords names the method by which the seats of the house are given: that of the
// nation, or of the districts where the nation divides nothing.
func methodWords(r *rules.Rules) string {
	if r.Nation == nil || r.Nation.Takes != rules.Nothing {
		return r.Method.Name
	}
	var names []string
	for _, d := range r.Districts {
		if !slices.Contains(names, d.Method.Name) {
			names = append(names, d.Method.Name)
		}
	}
	return strings.Join(names, ", ")
}

// thresholdWords are the bars of a law in few words: "7 % cast, 0.7 % each region".
func thresholdWords(r *rules.Rules) string {
	list := []string{}
	if len(r.Thresholds) > 0 {
		list = append(list, barsWords(r.Thresholds))
	}
	for _, d := range r.Districts {
		text := "in districts " + barsWords(d.Thresholds)
		if len(d.Thresholds) > 0 && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, "; ")
}

func barsWords(thresholds []rules.Threshold) string {
	base := rules.Valid // what goes without saying: valid votes, then the base said last
	var list []string
	for i := range thresholds {
		list = append(list, barWords(&thresholds[i], &base))
	}
	return strings.Join(list, ", ")
}

func barWords(t *rules.Threshold, base *rules.Base) string {
	text := t.Words()
	if n := len(t.Coalitions); n > 0 {
		text = strings.TrimSuffix(text, " %") + "–" + rules.Percent(t.Coalitions[n-1].Share)
	}
	if t.MoreThan {
		text = "over " + text
	}
	if of := t.Base; (t.Measure == rules.ByShare || t.Measure == rules.ByQuota) && of != *base {
		text += " " + of.String()
		*base = of
	}
	switch {
	case t.In == rules.InEach:
		text += " each " + t.Level
	case t.In == rules.InAny && t.Count > 1:
		text += fmt.Sprintf(" in %d %ss", t.Count, t.Level)
	case t.In == rules.InAny:
		text += " in a " + t.Level
	case t.In == rules.Here:
		text += " here"
	}
	for i := range t.Or {
		text += " or " + barWords(&t.Or[i], base)
	}
	return text
}

// provenWords names the elections that prove a law as far as a column has room: by
// their years where the law's country says the rest, or how many they are.
func provenWords(r *rules.Rules) string {
	const room = 11
	country := strings.ReplaceAll(strings.ToLower(r.Country), " ", "-") + "-"
	var list []string
	for _, name := range r.Proven {
		list = append(list, strings.TrimPrefix(name, country))
	}
	switch text := strings.Join(list, ", "); {
	case len(list) == 0:
		return "–"
	case len(text) <= room || len(list) == 1:
		return text
	}
	return fmt.Sprintf("%d elections", len(list))
}
