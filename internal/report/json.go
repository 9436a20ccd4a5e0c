package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// Schema is the JSON Schema of the format "json".
//
//go:embed result-1.schema.json
var Schema string

// The types below are the wire form of a result. Counts are integers, exact
// fractions and percents strings; null is unknown, 0 is zero; arrays are in the
// order of the ballot, of the law, or of the input.
type jsonResult struct {
	Format     string          `json:"format"`
	Version    int             `json:"version"`
	Rules      jsonRules       `json:"rules"`
	House      int             `json:"house"` // seats to fill: the law's, or those of --seats
	Status     string          `json:"status"`
	Reasons    []string        `json:"reasons"`
	Precincts  jsonPrecincts   `json:"precincts"`
	Rows       jsonRows        `json:"rows"`
	Totals     jsonTotals      `json:"totals"`
	Base       string          `json:"base"`
	Lists      []jsonList      `json:"lists"`
	Thresholds []jsonThreshold `json:"thresholds"`
	Allocation *jsonAllocation `json:"allocation"`
	Ties       []jsonTie       `json:"ties"`
	Districts  []jsonDistrict  `json:"districts"`
	Further    []jsonFurther   `json:"further"`
	Official   []jsonOfficial  `json:"official"`
	Draws      []jsonDraw      `json:"draws"`
	Scenarios  []jsonScenario  `json:"scenarios"`
	Annulment  *jsonAnnulment  `json:"annulment"` // null: the law has no rule on it
	Areas      []jsonArea      `json:"areas"`
	Findings   []jsonFinding   `json:"findings"`
	Inputs     []jsonInput     `json:"inputs"`
	Tool       jsonTool        `json:"tool"`
}

type jsonRules struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Seats  int    `json:"seats"`
	SHA256 string `json:"sha256"`
}

// jsonAnnulment is the annulled precincts beside the bar at which the whole election may be
// declared void.
type jsonAnnulment struct {
	Voters  *int64  `json:"voters"` // in the annulled precincts; null: not known
	Of      *int64  `json:"of"`
	Share   *string `json:"share"` // a fraction of 1
	Bar     string  `json:"bar"`
	Reach   string  `json:"reach"`
	Base    string  `json:"base"`
	Needed  *int64  `json:"needed"`
	Reached *bool   `json:"reached"`
}

func annulment(res *tally.Result) *jsonAnnulment {
	a := res.Annulment
	if a == nil {
		return nil
	}
	x := &jsonAnnulment{Bar: a.Share.RatString(), Reach: "at-least", Base: a.Base.String()}
	if a.MoreThan {
		x.Reach = "more-than"
	}
	if a.Verdict != tally.Open {
		share, is := a.Voters.Decimal(6, a.Share), a.Verdict == tally.Reached
		x.Voters, x.Of, x.Share, x.Needed, x.Reached = &a.Voters.Votes, &a.Voters.Of, &share, &a.Needed, &is
	}
	return x
}

type jsonPrecincts struct {
	Expected *int64   `json:"expected"`
	Counted  int      `json:"counted"`
	Missing  []string `json:"missing"`
	Annulled []string `json:"annulled"`
}

type jsonRows struct {
	Read     int64 `json:"read"`
	Counted  int64 `json:"counted"`
	Excluded int64 `json:"excluded"`
	Refused  int64 `json:"refused"`
}

type jsonTotals struct {
	Registered *int64 `json:"registered"`
	Cast       *int64 `json:"cast"`
	Invalid    *int64 `json:"invalid"`
	Valid      *int64 `json:"valid"`
}

type jsonShare struct {
	Votes   int64  `json:"votes"`
	Of      int64  `json:"of"`
	Percent string `json:"percent"`
}

type jsonList struct {
	ID        string                `json:"id"`
	Name      string                `json:"name"`
	Votes     int64                 `json:"votes"`
	Shares    map[string]*jsonShare `json:"shares"` // sorted by key when marshalled
	Option    bool                  `json:"option"`
	Qualified *bool                 `json:"qualified"`
	Seats     *int                  `json:"seats"`
	OpenSeats int                   `json:"open_seats"`
	Won       int                   `json:"won"`      // from districts, or held
	Admitted  bool                  `json:"admitted"` // it reached no threshold, and takes part for want of others
	Excluded  bool                  `json:"excluded"` // struck off: an option by decision
}

// A jsonDistrict is an area that divides seats of its own.
type jsonDistrict struct {
	ID         string          `json:"id"` // of its level in the law
	Name       string          `json:"name"`
	House      int             `json:"house"` // 0 where they follow from the quota of a larger one
	Left       int             `json:"left"`  // seats that go up
	Quota      *string         `json:"quota"` // where whole quotas alone are given
	Lists      []jsonSeats     `json:"lists"` // those with seats
	Allocation *jsonAllocation `json:"allocation"`
}

// A jsonFurther is seats that are divided besides.
type jsonFurther struct {
	ID         string          `json:"id"`
	Seats      int             `json:"seats"`
	Allocation *jsonAllocation `json:"allocation"`
}

type jsonOfficial struct {
	List     string `json:"list"`
	Seats    int    `json:"seats"`
	Computed int    `json:"computed"`
}

type jsonThreshold struct {
	ID       string        `json:"id"`
	Base     string        `json:"base"`
	In       string        `json:"in"`
	Areas    *int          `json:"areas"`
	Of       *int64        `json:"of"`
	Share    *string       `json:"share"` // null: a bar of votes or seats
	Reach    string        `json:"reach"`
	Needed   *int64        `json:"needed"`
	Verdicts []jsonVerdict `json:"verdicts"`
	Measure  string        `json:"measure"`
	Any      int           `json:"any"` // in how many of the areas it must be reached; 0: in each
	// Or is other bars, any of which will do.
	Or []jsonThreshold `json:"or"`
}

type jsonVerdict struct {
	List    string   `json:"list"`
	Verdict string   `json:"verdict"`
	Area    string   `json:"area"`
	Votes   int64    `json:"votes"`
	Of      int64    `json:"of"`
	Needed  int64    `json:"needed"`
	Margin  int64    `json:"margin"`
	Missed  []string `json:"missed"`
	FallsAt *int64   `json:"falls_at"`
	Exempt  bool     `json:"exempt"`
}

type jsonAllocation struct {
	Method      string          `json:"method"`
	House       int             `json:"house"`
	Quota       *string         `json:"quota"`
	Divisor     *jsonDivisor    `json:"divisor"`
	Steps       []jsonStep      `json:"steps"`
	Certificate jsonCertificate `json:"certificate"`
	// Within is how each alliance shares its seats.
	Within []jsonAllocation `json:"within"`
	// Overhang is the seats above the house, for minimums.
	Overhang int `json:"overhang"`
	// Unfilled is the seats that no list can take.
	Unfilled int `json:"unfilled"`
}

type jsonDivisor struct {
	From   string `json:"from"`   // every divisor above this
	To     string `json:"to"`     // and up to this gives these seats
	Select string `json:"select"` // a round one among them
}

type jsonStep struct {
	Seat     int     `json:"seat"`
	List     string  `json:"list"`
	Quotient string  `json:"quotient"`
	RunnerUp *string `json:"runner_up"`
	Gap      *string `json:"gap"`
	By       string  `json:"by"` // what the quotient is
}

type jsonCertificate struct {
	Stages []jsonStage `json:"stages"`
}

// A jsonStage is one division: the first one, another for each time that a cap set
// seats free, and one for each round of a method that has several. Lists that were
// served and unserved stand in falling order of their remainders.
type jsonStage struct {
	House    int          `json:"house"`
	Open     int          `json:"open"`
	Quota    *string      `json:"quota"`
	Divisor  *jsonDivisor `json:"divisor"`
	Claims   []jsonClaim  `json:"claims"`
	Served   []string     `json:"served"`
	Unserved []string     `json:"unserved"`
	By       string       `json:"by"` // what the lists hold out for a seat
}

type jsonClaim struct {
	List      string  `json:"list"`
	Whole     *int64  `json:"whole"`
	Remainder *string `json:"remainder"`
	Seats     int     `json:"seats"`
	Held      *int    `json:"held"` // by average: the seats from the stages before
}

type jsonTie struct {
	Lists    []string `json:"lists"`
	Seats    int      `json:"seats"`
	Quotient string   `json:"quotient"`
	Settled  string   `json:"settled"`
	Together bool     `json:"together"` // all seats go to one of the lists
	In       *string  `json:"in"`       // the district, or the seats besides; null: the nation
}

type jsonDraw struct {
	Seed    string       `json:"seed"`
	Number  int          `json:"number"`
	Seats   int          `json:"seats"`
	Tickets []jsonTicket `json:"tickets"` // by rising number; the first Seats of them won
	In      *string      `json:"in"`      // the district, or the seats besides; null: the nation
}

type jsonTicket struct {
	List   string `json:"list"`
	SHA256 string `json:"sha256"`
}

// where is a place, null for the nation.
func where(in string) *string {
	if in == "" {
		return nil
	}
	return &in
}

func draws(list []tally.Draw) []jsonDraw {
	out := []jsonDraw{}
	for _, d := range list {
		x := jsonDraw{Seed: d.Seed, Number: d.Number, Seats: d.Seats, In: where(d.In)}
		for _, t := range d.Tickets {
			x.Tickets = append(x.Tickets, jsonTicket(t))
		}
		out = append(out, x)
	}
	return out
}

type jsonScenario struct {
	Base  *string     `json:"base"`
	From  *int64      `json:"from"`
	To    *int64      `json:"to"`
	Seats []jsonSeats `json:"seats"`
	Why   string      `json:"why"`
}

type jsonSeats struct {
	List  string `json:"list"`
	Seats int    `json:"seats"`
}

type jsonArea struct {
	Name      string      `json:"name"`
	Level     string      `json:"level"`
	Precincts int         `json:"precincts"`
	Totals    jsonTotals  `json:"totals"`
	Lists     []jsonVotes `json:"lists"`
}

type jsonVotes struct {
	ID    string `json:"id"`
	Votes int64  `json:"votes"`
	Seats *int   `json:"seats"` // of the districts inside the area; null: the law has none
}

type jsonFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Precinct string `json:"precinct"`
	Message  string `json:"message"`
}

type jsonInput struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

type jsonTool struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
}

func writeJSON(w io.Writer, r Report) error {
	data, err := json.MarshalIndent(wire(r), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeJSON(data), '\n'))
	return err
}

// escapeJSON writes the characters that JSON leaves as they are and a terminal
// or a reader must not see — DEL, C1 controls, bidirectional marks, invisible
// ones — as \u escapes. They can only stand inside strings, so the value of the
// document stays what it is.
func escapeJSON(data []byte) []byte {
	var out []byte
	last := 0
	for i, c := range string(data) {
		if c < 0x7f || unicode.IsPrint(c) {
			continue
		}
		out = append(out, data[last:i]...)
		for _, u := range utf16.Encode([]rune{c}) {
			out = fmt.Appendf(out, `\u%04x`, u)
		}
		last = i + len(string(c))
	}
	return append(out, data[last:]...)
}

func wire(r Report) jsonResult {
	res := r.Result
	name := func(l int) string { return res.Lists[l].Name }
	j := jsonResult{
		Format:    "kenesh.result",
		Version:   1,
		Rules:     jsonRules{res.Rules.Name, res.Rules.Title, res.Rules.Seats, res.Rules.SHA256},
		House:     res.House,
		Status:    res.Status.String(),
		Reasons:   some(res.Why),
		Precincts: jsonPrecincts{known(res.Precincts.Expected), res.Precincts.Counted, some(res.Precincts.Missing), some(res.Precincts.Annulled)},
		Rows:      jsonRows(res.Rows),
		Totals:    totals(&res.Nation),
		Base:      res.Base.String(),
		Tool:      jsonTool(r.Tool),
	}
	for i, l := range res.Lists {
		x := jsonList{ID: l.ID, Name: l.Name, Votes: l.Votes, Shares: map[string]*jsonShare{}, Option: l.Option, OpenSeats: l.OpenSeats, Won: l.Won, Admitted: l.Admitted, Excluded: l.Kind == rules.Excluded}
		for _, b := range []rules.Base{rules.Valid, rules.Cast, rules.Registered} {
			x.Shares[b.String()] = nil
			if s := res.Nation.Share(i, b); s.Of > 0 {
				x.Shares[b.String()] = &jsonShare{s.Votes, s.Of, s.Percent(4, bars(res)...)}
			}
		}
		if !l.Option && l.Qualified != tally.Open {
			in := l.Qualified == tally.Reached
			x.Qualified = &in
		}
		if res.Given {
			seats := l.Seats
			x.Seats = &seats
		}
		j.Lists = append(j.Lists, x)
	}
	for i := range res.Thresholds {
		j.Thresholds = append(j.Thresholds, threshold(res, &res.Thresholds[i]))
	}
	j.Allocation = allocation(res)
	j.Districts, j.Further, j.Official = districts(res), []jsonFurther{}, []jsonOfficial{}
	for i := range res.Further {
		f := &res.Further[i]
		j.Further = append(j.Further, jsonFurther{f.ID, f.Problem.Seats, divided(res, &f.Allocation)})
	}
	for _, o := range res.Official {
		j.Official = append(j.Official, jsonOfficial(o))
	}
	for _, t := range res.Ties {
		j.Ties = append(j.Ties, jsonTie{t.Names, t.Seats, t.Quotient.String(), t.Settled.String(), t.Together, where(t.In)})
	}
	j.Draws = draws(res.Draws)
	for _, s := range res.Scenarios {
		x := jsonScenario{From: known(s.From), To: known(s.To), Why: s.Why}
		if s.From.Known {
			base := s.Base.String()
			x.Base = &base
		}
		for l, n := range s.Seats {
			if n > 0 {
				x.Seats = append(x.Seats, jsonSeats{name(l), n})
			}
		}
		x.Seats = some(x.Seats)
		j.Scenarios = append(j.Scenarios, x)
	}
	for i := range res.Areas {
		a := &res.Areas[i]
		x := jsonArea{Name: a.Name, Level: res.Level, Precincts: a.Precincts, Totals: totals(&a.Figures)}
		for l, v := range a.Votes {
			y := jsonVotes{ID: res.Lists[l].ID, Votes: v}
			if a.Seats != nil {
				seats := a.Seats[l]
				y.Seats = &seats
			}
			x.Lists = append(x.Lists, y)
		}
		j.Areas = append(j.Areas, x)
	}
	j.Annulment = annulment(res)
	j.Findings = jsonFindings(r.Findings)
	j.Inputs = jsonInputs(r.Inputs)
	j.Lists, j.Thresholds, j.Ties, j.Scenarios = some(j.Lists), some(j.Thresholds), some(j.Ties), some(j.Scenarios)
	j.Areas = some(j.Areas)
	return j
}

func jsonFindings(list []finding.Finding) []jsonFinding {
	out := []jsonFinding{}
	for _, f := range list {
		out = append(out, jsonFinding{f.Code, f.Severity.String(), f.File, f.Line, f.Column, f.Precinct, f.Message})
	}
	return out
}

func jsonInputs(list []Input) []jsonInput {
	out := []jsonInput{}
	for _, in := range list {
		out = append(out, jsonInput(in))
	}
	return out
}

// some makes an empty array of none, which JSON would write as null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func known(t tally.Total) *int64 {
	if !t.Known {
		return nil
	}
	return &t.N
}

func totals(f *tally.Figures) jsonTotals {
	return jsonTotals{
		Registered: known(f.Line(returns.Registered)),
		Cast:       known(f.Base(rules.Cast)),
		Invalid:    known(f.Line(returns.Invalid)),
		Valid:      known(f.Base(rules.Valid)),
	}
}

func threshold(res *tally.Result, t *tally.Threshold) jsonThreshold {
	x := jsonThreshold{ID: t.ID, Base: t.Base.String(), In: "nation", Reach: "at-least", Measure: t.Measure.String(),
		Of: known(t.Of), Needed: known(t.Needed), Any: t.Count, Or: []jsonThreshold{}}
	if t.Share != nil {
		share := t.Share.RatString()
		x.Share = &share
	}
	if t.MoreThan {
		x.Reach = "more-than"
	}
	if t.Level != "" {
		x.In = t.Level
		x.Areas = &t.Areas
	}
	for i := range t.Or {
		x.Or = append(x.Or, threshold(res, &t.Or[i]))
	}
	for l, v := range t.Lists {
		if res.Lists[l].Option {
			continue
		}
		y := jsonVerdict{List: res.Lists[l].Name, Verdict: v.Verdict.String(), Area: areaName(res, v.Area),
			Votes: v.Share.Votes, Of: v.Share.Of, Needed: v.Needed, Margin: v.Share.Votes - v.Needed, Exempt: v.Exempt}
		if t.Measure == rules.BySeats {
			y.Votes, y.Needed, y.Margin = int64(v.Seats), int64(t.Seats), int64(v.Seats-t.Seats)
		}
		if v.FallsAt > 0 {
			y.FallsAt = &v.FallsAt
		}
		for _, a := range v.Missed {
			y.Missed = append(y.Missed, areaName(res, a))
		}
		y.Missed = some(y.Missed)
		x.Verdicts = append(x.Verdicts, y)
	}
	x.Verdicts = some(x.Verdicts)
	return x
}

func areaName(res *tally.Result, a int) string {
	if a == 0 {
		return "nation"
	}
	return res.AreaNames[a]
}

func allocation(res *tally.Result) *jsonAllocation {
	if res.Allocation == nil {
		return nil
	}
	x := divided(res, res.Allocation)
	for i := range res.Within {
		x.Within = append(x.Within, *divided(res, &res.Within[i]))
	}
	return x
}

func districts(res *tally.Result) []jsonDistrict {
	list := []jsonDistrict{}
	for i := range res.Districts {
		d := &res.Districts[i]
		x := jsonDistrict{ID: d.ID, Name: d.Name, House: d.House, Left: d.Left, Lists: []jsonSeats{}}
		if d.Quota != nil {
			quota := d.Quota.RatString()
			x.Quota = &quota
		}
		for l, n := range d.Seats {
			if n > 0 {
				x.Lists = append(x.Lists, jsonSeats{res.Lists[l].Name, n})
			}
		}
		if d.Given != nil {
			x.Allocation = divided(res, d.Given)
		}
		list = append(list, x)
	}
	return list
}

// divided is one division, that of the whole or of an alliance.
func divided(res *tally.Result, a *tally.Allocation) *jsonAllocation {
	name := func(i int) string { return res.Member(a, i) }
	x := &jsonAllocation{Method: a.Problem.Method.Name, House: a.Problem.Seats, Overhang: a.Overhang, Unfilled: a.Unfilled, Within: []jsonAllocation{}, Steps: []jsonStep{}, Certificate: jsonCertificate{Stages: []jsonStage{}}}
	for _, s := range a.Certificate.Stages {
		y := jsonStage{House: s.House, Open: s.Open, Served: []string{}, Unserved: []string{}, By: s.By.String()}
		if s.Whole != nil {
			if s.House > 0 {
				quota := s.Quota.String()
				y.Quota = &quota
			}
			for _, k := range s.Served {
				y.Served = append(y.Served, name(s.Lists[k]))
			}
			for _, k := range s.Unserved {
				y.Unserved = append(y.Unserved, name(s.Lists[k]))
			}
		} else if s.By == apportion.Quotient {
			y.Divisor = &jsonDivisor{s.From.String(), s.To.String(), s.Select().String()}
		}
		for k, i := range s.Lists {
			c := jsonClaim{List: name(i), Seats: s.Seats[k]}
			if s.Held != nil {
				c.Held = &s.Held[k]
			}
			if s.Whole != nil {
				remainder := s.Remainders[k].String()
				c.Whole, c.Remainder = &s.Whole[k], &remainder
			}
			y.Claims = append(y.Claims, c)
		}
		x.Certificate.Stages = append(x.Certificate.Stages, y)
	}
	if len(x.Certificate.Stages) > 0 {
		x.Quota, x.Divisor = x.Certificate.Stages[0].Quota, x.Certificate.Stages[0].Divisor
	}
	for _, s := range a.Steps {
		y := jsonStep{Seat: s.Seat, List: name(s.List), Quotient: s.Quotient.String(), By: s.By.String()}
		if s.Held {
			y.By = "minimum"
		}
		if s.RunnerUp >= 0 {
			runner, gap := name(s.RunnerUp), s.Gap().RatString()
			y.RunnerUp, y.Gap = &runner, &gap
		}
		x.Steps = append(x.Steps, y)
	}
	return x
}
