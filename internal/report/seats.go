package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"kenesh/internal/apportion"
	"kenesh/internal/finding"
	"kenesh/internal/tally"
)

// WriteSeats renders allocations of the same totals, one for each method: what
// kenesh seats prints. With several, they stand side by side, with their indices
// of disproportionality.
func WriteSeats(w io.Writer, format string, results []*tally.Result, color bool) error {
	return view{
		wire: func() any { return seatsWires(results) },
		lines: func(w io.Writer) error {
			var all []any
			for _, r := range results {
				all = append(all, seatsWire(r))
			}
			return writeLines(w, all)
		},
		cells: func() ([]string, [][]string) { return seatsCells(results) },
		page:  func() page { return seatsPage(results) },
		color: color,
	}.write(w, format)
}

func seatsPage(results []*tally.Result) page {
	if len(results) > 1 {
		return sideBySide(results)
	}
	res := results[0]
	p := newPage(Report{Result: res})
	national, _ := splitThresholds(res)
	p.foot = slices.Concat(reasons(res, national), outcome(res))
	p.grid.header[2] = "% of votes"
	p.head = []string{fmt.Sprintf("%s seat%s · %s · %s votes", Group(int64(res.House)), plural(int64(res.House)), res.Rules.Method.Title, Group(res.Nation.Sum))}
	return p
}

// sideBySide is a table with a column a method.
func sideBySide(results []*tally.Result) page {
	first := results[0]
	p := page{head: []string{fmt.Sprintf("%s seat%s · %s votes · every method", Group(int64(first.House)), plural(int64(first.House)), Group(first.Nation.Sum))}}
	p.grid = grid{header: []string{"Method"}, right: []bool{false}}
	order := byRank(first)
	for _, l := range order {
		p.grid.header = append(p.grid.header, finding.Visible(first.Lists[l].Name))
		p.grid.right = append(p.grid.right, true)
	}
	indices := indicesOf(first)
	for _, x := range indices {
		p.grid.header = append(p.grid.header, x.Name)
		p.grid.right = append(p.grid.right, true)
	}
	for _, r := range results {
		row := append([]string{r.Rules.Method.Name}, seatsOf(r, order)...)
		for _, x := range indicesOf(r) {
			row = append(row, x.Decimal(2))
		}
		p.grid.add(row...)
	}
	for _, x := range indices {
		p.foot = append(p.foot, fmt.Sprintf("%s: %s (%s).", x.Name, x.Formula, x.Source))
	}
	p.foot = append(p.foot, "v_i and s_i are the shares of list i in votes and in seats; open seats are in none.")
	return p
}

// seatsOf is the seats of lists in an order, as cells of a table.
func seatsOf(r *tally.Result, order []int) (cells []string) {
	for _, l := range order {
		cells = append(cells, seats(r, r.Lists[l]))
	}
	return cells
}

func indicesOf(r *tally.Result) []apportion.Index {
	var votes []int64
	var seats []int
	for _, l := range r.Lists {
		votes = append(votes, l.Votes)
		seats = append(seats, l.Seats)
	}
	return apportion.Indices(votes, seats)
}

func seatsCells(results []*tally.Result) (header []string, all [][]string) {
	for _, r := range results {
		for i, l := range r.Lists {
			all = append(all, []string{r.Rules.Method.Name, l.ID, l.Name, strconv.FormatInt(l.Votes, 10), r.Nation.Share(i, r.Base).Decimal(6, bars(r)...),
				strconv.FormatBool(l.Qualified == tally.Reached), strconv.Itoa(l.Seats), strconv.Itoa(l.OpenSeats)})
		}
	}
	return []string{"method", "list_id", "list", "votes", "share", "qualified", "seats", "open_seats"}, all
}

// jsonSeatsResult is the wire form of one allocation, kenesh.seats version 1.
type jsonSeatsResult struct {
	Format      string           `json:"format"`
	Version     int              `json:"version"`
	Method      string           `json:"method"`
	Seats       int              `json:"seats"`
	Status      string           `json:"status"`
	Lists       []jsonSeatsList  `json:"lists"`
	Ties        []jsonTie        `json:"ties"`
	Draws       []jsonDraw       `json:"draws"`
	Indices     []jsonIndex      `json:"indices"`
	Steps       []jsonStep       `json:"steps"`
	Certificate *jsonCertificate `json:"certificate"`
	Within      []jsonAllocation `json:"within"`   // how each alliance shares its seats
	Overhang    int              `json:"overhang"` // seats above the house, for minimums
	Unfilled    int              `json:"unfilled"` // seats that no list can take
	Why         []string         `json:"why"`      // why the status is not final
}

type jsonSeatsList struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Votes     int64  `json:"votes"`
	Qualified bool   `json:"qualified"`
	Seats     int    `json:"seats"`
	OpenSeats int    `json:"open_seats"`
}

type jsonIndex struct {
	Name  string  `json:"name"`
	Value *string `json:"value"` // null: undefined
}

func seatsWires(results []*tally.Result) any {
	if len(results) == 1 {
		return seatsWire(results[0])
	}
	var list []jsonSeatsResult
	for _, r := range results {
		list = append(list, seatsWire(r))
	}
	return map[string]any{"format": "kenesh.seats-by-method", "version": 1, "results": list}
}

func seatsWire(r *tally.Result) jsonSeatsResult {
	x := jsonSeatsResult{Format: "kenesh.seats", Version: 1, Method: r.Rules.Method.Name, Seats: r.House, Status: r.Status.String(), Steps: []jsonStep{}, Within: []jsonAllocation{}}
	for _, l := range r.Lists {
		x.Lists = append(x.Lists, jsonSeatsList{l.ID, l.Name, l.Votes, l.Qualified == tally.Reached, l.Seats, l.OpenSeats})
	}
	for _, t := range r.Ties {
		x.Ties = append(x.Ties, jsonTie{t.Names, t.Seats, t.Quotient.String(), t.Settled.String(), t.Together, where(t.In)})
	}
	x.Ties, x.Why = some(x.Ties), some(r.Why)
	x.Draws = draws(r.Draws)
	for _, i := range indicesOf(r) {
		y := jsonIndex{Name: i.Name}
		if i.Value != nil {
			value := i.Decimal(6)
			y.Value = &value
		}
		x.Indices = append(x.Indices, y)
	}
	if a := allocation(r); a != nil {
		x.Steps, x.Certificate, x.Within, x.Overhang, x.Unfilled = a.Steps, &a.Certificate, a.Within, a.Overhang, a.Unfilled
	}
	return x
}
