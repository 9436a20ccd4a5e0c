package report

import (
	"fmt"
	"strconv"
	"strings"

	"kenesh/internal/finding"
	"kenesh/internal/tally"
)

// A side is one of several counts of the same lists: under a law, or in a scenario. The
// first is the one with which the others are compared.
type side struct {
	name   string
	called string // in a sentence: "the base case"
	*tally.Result
}

// besides is the page of counts side by side. told says of each what a reader should know
// before what differs from the first.
func besides(head string, sides []side, told func(s side) []string) page {
	first := sides[0]
	lines := heading(first.Result)
	lines[0] = finding.Visible(first.Contest) + " · " + head
	p := page{head: lines, grid: grid{header: []string{"List", "Votes"}, right: []bool{false, true}}}
	order := byRank(first.Result)
	var columns [][]string
	for _, s := range sides {
		p.grid.header, p.grid.right = append(p.grid.header, finding.Visible(s.name)), append(p.grid.right, true)
		columns = append(columns, seatsOf(s.Result, order))
	}
	for i, l := range order {
		row := []string{finding.Visible(first.Lists[l].Name), Group(first.Lists[l].Votes)}
		for _, c := range columns {
			row = append(row, c[i])
		}
		p.grid.add(row...)
	}
	p.foot = []string{"Seats of the lists that qualify; – does not qualify, ? is open."}
	for n, s := range sides {
		p.foot = append(p.foot, told(s)...)
		if s.Status != tally.Final {
			p.foot = append(p.foot, fmt.Sprintf("  %s: %s.", sentence(statusWords(s.Result)), finding.Visible(strings.ReplaceAll(strings.Join(s.Why, "; "), " (--lots)", ""))))
		}
		if n > 0 {
			p.foot = append(p.foot, "  "+againstFirst(first, s, order)+".")
		}
	}
	return p
}

// moved is how many seats a list has more than in the first count; nil where one of
// the two is open.
func moved(first, r *tally.Result, l int) *int {
	if !first.Given || !r.Given || first.Lists[l].OpenSeats > 0 || r.Lists[l].OpenSeats > 0 {
		return nil
	}
	n := r.Lists[l].Seats - first.Lists[l].Seats
	return &n
}

func statusWords(res *tally.Result) string {
	if res.Status == tally.Undecided {
		return "the outcome is open"
	}
	return res.Status.String() + " count"
}

// againstFirst says what differs from the first count.
func againstFirst(first, s side, order []int) string {
	res := s.Result
	text := "Against " + finding.Visible(first.called) + ": "
	var words, open []string
	for _, l := range order {
		name := finding.Visible(res.Lists[l].Name)
		turn := turnWords(&first.Lists[l], &res.Lists[l])
		switch n := moved(first.Result, res, l); {
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

// turnWords says that a list qualifies in one count and not in the other.
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

// A sideRow is what a list has in one count: the unit of the flat formats.
type sideRow struct {
	ListID    string `json:"list_id"`
	List      string `json:"list"`
	Votes     int64  `json:"votes"`
	Share     string `json:"share"` // a fraction of 1; "" when the base is not known
	ShareBase string `json:"share_base"`
	Qualified *bool  `json:"qualified"` // nil: an option, or not decided
	Seats     *int   `json:"seats"`     // nil: not decided
	OpenSeats int    `json:"open_seats"`
	Moved     *int   `json:"moved"` // seats more than in the first count; nil: one of them is open
}

var sideColumns = []string{"list_id", "list", "votes", "share", "share_base", "qualified", "seats", "open_seats", "moved"}

// sideRows is those of one count, in ballot order.
func sideRows(first, res *tally.Result) (all []sideRow) {
	for l, x := range rows(Report{Result: res})[:len(res.Lists)] {
		all = append(all, sideRow{x.ListID, x.List, x.Votes, x.Share, x.ShareBase, x.Qualified, x.Seats, res.Lists[l].OpenSeats, moved(first, res, l)})
	}
	return all
}

func (x *sideRow) cells() []string {
	return []string{x.ListID, x.List, strconv.FormatInt(x.Votes, 10), x.Share, x.ShareBase, maybe(x.Qualified), maybe(x.Seats), strconv.Itoa(x.OpenSeats), maybe(x.Moved)}
}
