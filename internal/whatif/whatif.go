// Package whatif counts the same returns again in scenarios: with precincts annulled or
// restored, lists struck off, another law, base, threshold or house, or with ballots moved,
// added or removed.
//
// [Read] reads scenarios from a file, strictly; [Scenario.Count] counts one. Each outcome
// is that of [tally.Count], with the options of the base case changed as the scenario says
// and nothing else: nothing is guessed, and what the law makes ambiguous, such as ballots
// that move in a nation with bars in its regions, is refused.
package whatif

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"slices"

	"kenesh/internal/document"
	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// BaseCase is what the count without a scenario is called; no scenario may be.
const BaseCase = "base case"

// A Scenario is what is otherwise than in the base case. The zero value changes nothing,
// and no file has it.
type Scenario struct {
	Name string
	File string
	Line int

	Annulled  []string     // ids of precincts
	Areas     []string     // names of areas of which all precincts are annulled
	Restored  []string     // ids of precincts that count all the same
	Excluded  []string     // lists that are struck off
	Base      *rules.Base  // nil: that of the base case
	Seats     int          // 0: those of the base case
	Rules     *rules.Rules // nil: those of the base case
	Threshold *big.Rat     // of the first national share threshold; nil: as the law has it
	Moves     []tally.Move // in the order in which they are made
}

// Manual is the manual of the file.
func Manual() string { return manual }

//go:embed scenarios.txt
var manual string

// grammar is the version of the files that are read.
const grammar = 1

var keys = []string{"name", "annul", "annul-areas", "restore", "exclude-lists", "rules", "base", "threshold", "seats", "move", "add", "remove", "in"}

// Load reads a file of scenarios. What is wrong goes to log under the code SCENARIOS.
func Load(file string, log *finding.Log) ([]Scenario, bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		if path := new(fs.PathError); errors.As(err, &path) {
			err = path.Err // without the name, which the finding has
		}
		log.Add(finding.Finding{Code: "FILE", Severity: finding.Error, File: file, Message: err.Error()})
		return nil, false
	}
	return Read(file, data, log)
}

// Read reads scenarios from the text of a file, called file in messages.
func Read(file string, data []byte, log *finding.Log) ([]Scenario, bool) {
	own := &finding.Log{}
	var list []Scenario
	if top, ok := document.Parse(file, data, "SCENARIOS", own); ok {
		top.Keys("scenarios", "cases")
		top.Need("scenarios").Int(1, grammar)
		cases := top.Need("cases")
		lines := map[string]int{}
		for _, n := range cases.Items() {
			s := readOne(n, own)
			s.File = file
			if line := lines[s.Name]; line > 0 && s.Name != "" {
				n.Field("name").Fail("%q already stands on line %d", s.Name, line)
			}
			lines[s.Name] = s.Line
			list = append(list, s)
		}
		if cases.IsList() && list == nil {
			cases.Fail("there is no case")
		}
	}
	log.Add(own.Sorted()...)
	return list, !own.Failed()
}

func readOne(n document.Node, log *finding.Log) Scenario {
	n.Keys(keys...)
	s := Scenario{Name: n.Need("name").Text(), Line: n.Line(), Annulled: n.Field("annul").Texts(), Areas: n.Field("annul-areas").Texts(),
		Restored: n.Field("restore").Texts(), Excluded: n.Field("exclude-lists").Texts(), Seats: int(n.Field("seats").Int(1, rules.MaxSeats))}
	if rules.Same(s.Name, BaseCase) {
		n.Field("name").Fail("%q is the count without a scenario; call this one otherwise", s.Name)
	}
	for _, id := range s.Restored {
		if slices.Contains(s.Annulled, id) {
			n.Field("restore").Fail("precinct %q is annulled and restored in one scenario", id)
		}
	}
	if base := n.Field("base"); base.Exists() {
		b := base.OneOf(baseNames()...)
		if parsed, err := rules.ParseBase(b); err == nil {
			s.Base = &parsed
		}
	}
	if t := n.Field("threshold"); t.Exists() {
		s.Threshold = t.Share()
	}
	if law := n.Field("rules"); law.Exists() {
		s.Rules = readRules(law, log)
	}
	s.readMoves(n)
	if n.IsMap() && !slices.ContainsFunc(n.Pairs(), func(p document.Pair) bool { return p.Key != "name" }) {
		n.Fail("the scenario changes nothing; it may have %s", some(keys[1:]))
	}
	return s
}

// readRules loads a law. A name that is none is wrong here; what is wrong with a file is
// said of that.
func readRules(n document.Node, log *finding.Log) *rules.Rules {
	name := n.Text()
	if name == "" {
		return nil
	}
	own := &finding.Log{}
	law, ok := rules.Load(name, own)
	if ok {
		log.Add(own.Sorted()...)
		return law
	}
	for _, f := range own.Sorted() {
		if f.Line > 0 {
			log.Add(f)
		} else if f.File != "" {
			n.Fail("%s: %s", f.File, f.Message)
		} else {
			n.Fail("%s", f.Message)
		}
	}
	return nil
}

func (s *Scenario) readMoves(n document.Node) {
	in := n.Field("in").Text()
	votes := func(n document.Node) int64 { return n.Int(1, math.MaxInt64) }
	moves := n.Field("move")
	items := []document.Node{moves}
	if moves.IsList() || !moves.Exists() {
		items = moves.Items()
	}
	for _, item := range items {
		item.Keys("from", "to", "votes", "in")
		m := tally.Move{From: item.Need("from").Text(), To: item.Need("to").Text(), Votes: votes(item.Need("votes")), In: in}
		if own := item.Field("in"); own.Exists() {
			m.In = own.Text()
		}
		s.Moves = append(s.Moves, m)
	}
	for _, p := range n.Field("add").Pairs() {
		s.Moves = append(s.Moves, tally.Move{To: p.Key, Votes: votes(p.Value), In: in})
	}
	for _, p := range n.Field("remove").Pairs() {
		s.Moves = append(s.Moves, tally.Move{From: p.Key, Votes: votes(p.Value), In: in})
	}
	if len(s.Moves) == 0 {
		n.Field("in").Fail("no ballots move in this scenario, so this has no meaning")
	}
}

func baseNames() (names []string) {
	for _, b := range rules.Bases() {
		names = append(names, b.String())
	}
	return names
}

// some names the words of a choice.
func some(words []string) (text string) {
	for i, w := range words {
		switch {
		case i == len(words)-1:
			text += " or "
		case i > 0:
			text += ", "
		}
		text += w
	}
	return text
}

// Count counts the returns in the scenario. base is the outcome of the base case, law and
// options are those it was counted by. Findings go to log; one of a name that is not in the
// data, or of ballots that cannot move so, has the place of the scenario in its file.
func (s *Scenario) Count(set *returns.Set, law *rules.Rules, options tally.Options, base *tally.Result, log *finding.Log) (*tally.Result, bool) {
	own := &finding.Log{}
	result, ok := tally.Count(set, s.law(law), s.options(options, base), own)
	for _, f := range own.Sorted() {
		if f.Code == "OFFICIAL" {
			continue // a scenario is not to have the official seats
		}
		if f.Severity == finding.Error && f.File == "" && (f.Code == "UNKNOWN-NAME" || f.Code == "MOVES" || f.Code == "EMPTY") {
			f.File, f.Line = s.File, s.Line
		}
		log.Add(f)
	}
	return result, ok
}

// options are those of the base case as the scenario changes them. What the base case
// annuls is named by its precincts, so that a scenario restores any of them, and annuls
// what the base case restores.
func (s *Scenario) options(o tally.Options, base *tally.Result) tally.Options {
	o.Annulled = slices.Concat(base.Precincts.Annulled, s.Annulled)
	o.Areas, o.Restored = s.Areas, s.Restored
	o.Excluded = slices.Concat(o.Excluded, s.Excluded)
	o.Moves = slices.Concat(o.Moves, s.Moves)
	o.Lots = nil // a lot answers a tie of one count
	if s.Base != nil {
		o.Base = s.Base
	}
	if s.Seats > 0 {
		o.Seats = s.Seats
	}
	return o
}

// law is the law of the scenario.
func (s *Scenario) law(law *rules.Rules) *rules.Rules {
	if s.Rules != nil {
		law = s.Rules
	}
	if s.Threshold == nil {
		return law
	}
	own := *law
	own.Thresholds = slices.Clone(law.Thresholds)
	at := slices.IndexFunc(own.Thresholds, func(t rules.Threshold) bool { return t.In == rules.InNation && t.Measure == rules.ByShare })
	if at < 0 {
		id := "threshold"
		for n := 2; slices.ContainsFunc(own.Thresholds, func(t rules.Threshold) bool { return t.ID == id }); n++ {
			id = fmt.Sprintf("threshold-%d", n)
		}
		at = len(own.Thresholds)
		own.Thresholds = append(own.Thresholds, rules.Threshold{ID: id, Base: law.Base})
	}
	own.Thresholds[at].Share = s.Threshold
	return &own
}
