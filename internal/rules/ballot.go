package rules

import (
	_ "embed"
	"slices"

	"kenesh/internal/document"
	"kenesh/internal/finding"
)

// A Ballot is who stands in one election: what no law knows and no table of votes says.
type Ballot struct {
	File      string // "" when it is a part of a rules file
	Title     string // of the election; "": the law's
	Date      string // YYYY-MM-DD; "" = not said
	Law       string // the name of the law that it is for; "" = not said
	Sources   []string
	Notes     []string
	Lists     []Contender
	Alliances [][]string  // the lists of each
	Districts []AreaSeats // the seats that were announced for this election
	Published []Seats     // the official seats of every list that has any
}

// A Contender is what is to be known of one list.
type Contender struct {
	Name     string
	Also     []string   // other names, or the code, that it has in data files
	Minority bool       // it stands for a national minority
	Parties  int        // how many it is a coalition of; 1 as a rule
	Held     int        // seats that it won in constituencies
	Kind     OptionKind // of a line that takes no seats; 0: it is a list
}

// Seats are the seats of one list.
type Seats struct {
	List  string
	Seats int
}

// Contender is what the ballot says of a list, by the first of its names that stands
// there; a list of one party where it says nothing.
func (b *Ballot) Contender(names ...string) Contender {
	if b != nil {
		for _, name := range names {
			for _, c := range b.Lists {
				if c.Is(name) {
					return c
				}
			}
		}
	}
	return Contender{Name: names[0], Parties: 1}
}

// Is reports whether a name is one of the contender's; case and spaces do not count.
func (c *Contender) Is(name string) bool {
	return fold(c.Name) == fold(name) || slices.ContainsFunc(c.Also, func(also string) bool { return fold(also) == fold(name) })
}

// LoadBallot reads a file of the ballot. What is wrong goes to log under the code BALLOT.
func LoadBallot(file string, log *finding.Log) (*Ballot, bool) {
	data, err := readFile(file)
	if err != nil {
		log.Add(finding.Finding{Code: "BALLOT", Severity: finding.Error, File: file, Message: err.Error()})
		return nil, false
	}
	return ParseBallot(file, data, log)
}

// ParseBallot reads a ballot, called file in messages.
func ParseBallot(file string, data []byte, log *finding.Log) (*Ballot, bool) {
	var own finding.Log
	b := &Ballot{File: file}
	if top, ok := document.Parse(file, data, "BALLOT", &own); ok && !top.Field("ballot").Exists() && top.Field("rules").Exists() {
		top.Fail("this is a rules file; it is given with --rules")
	} else if ok {
		keysOf(top, ballotFileKeys, ballotKeys)
		top.Need("ballot").Int(1, grammar)
		b.Title = top.Field("title").Text()
		b.Date = readDate(top.Field("date"))
		b.Law = readSlug(top.Field("law"))
		b.Sources, b.Notes = top.Field("sources").Texts(), top.Field("notes").Texts()
		b.read(top)
	}
	log.Add(own.Sorted()...)
	return b, !own.Failed()
}

// readBallot reads the ballot that stands in a rules file.
func readBallot(n document.Node) *Ballot {
	if !n.Exists() {
		return nil
	}
	keysOf(n, ballotKeys)
	b := &Ballot{}
	b.read(n)
	return b
}

func (b *Ballot) read(n document.Node) {
	lines := map[string]int{}
	for _, item := range n.Field("lists").Items() {
		keysOf(item, contenderKeys)
		c := Contender{Name: item.Need("name").Text(), Also: item.Field("also").Texts(), Parties: 1}
		for _, n := range append([]document.Node{item.Field("name")}, texts(item.Field("also"))...) {
			name := fold(n.Named("name").Text())
			if line := lines[name]; line > 0 && name != "" {
				n.Fail("%q already stands on line %d", n.Text(), line)
			}
			lines[name] = n.Line()
		}
		c.Minority = oneOf(item.Field("minority"), yesOrNo[:]) == 1
		if parties := item.Field("parties"); parties.Exists() {
			c.Parties = int(parties.Int(1, maxParties))
		}
		c.Held = int(item.Field("held").Int(1, MaxSeats))
		if kind := item.Field("kind"); kind.Exists() {
			c.Kind = readKind(kind)
			for _, key := range []string{"minority", "parties", "held"} {
				item.Field(key).Fail("%q takes no seats, so this has no meaning", c.Name)
			}
		}
		b.Lists = append(b.Lists, c)
	}
	in := map[string]int{}
	for _, item := range n.Field("alliances").Items() {
		names := item.Texts()
		if len(names) < 2 {
			item.Fail("an alliance has two lists or more")
		}
		for _, name := range names {
			if line := in[fold(name)]; line > 0 {
				item.Fail("%q already stands in an alliance, on line %d", name, line)
			}
			in[fold(name)] = item.Line()
		}
		b.Alliances = append(b.Alliances, names)
	}
	if districts := n.Field("districts"); districts.Exists() {
		b.Districts = readAreaSeats(districts)
	}
	for _, p := range n.Field("published").Pairs() {
		b.Published = append(b.Published, Seats{p.Key, int(p.Value.Int(1, MaxSeats))})
	}
}

// readAreaSeats reads the seats of areas by their names.
func readAreaSeats(n document.Node) (list []AreaSeats) {
	lines := map[string]int{}
	total := 0
	for _, p := range n.Pairs() {
		a := AreaSeats{p.Key, int(p.Value.Int(1, MaxSeats))}
		if line := lines[fold(a.Area)]; line > 0 {
			p.Value.Fail("the seats of %q already stand on line %d", a.Area, line)
		}
		lines[fold(a.Area)] = p.Value.Line()
		if total += a.Seats; total > MaxSeats {
			p.Value.Fail("the seats are more than %d up to here", MaxSeats)
			total = 0
		}
		list = append(list, a)
	}
	return list
}

// SeatsIn is the seats of an area in a list of them; case and spaces of names do not count.
func SeatsIn(list []AreaSeats, area string) (int, bool) {
	for _, a := range list {
		if fold(a.Area) == fold(area) {
			return a.Seats, true
		}
	}
	return 0, false
}

// Total is the sum of seats.
func Total(list []AreaSeats) (n int) {
	for _, a := range list {
		n += a.Seats
	}
	return n
}

// Same reports whether two names of lists or areas are one: case and the number of
// spaces do not count.
func Same(a, b string) bool { return fold(a) == fold(b) }

// BallotManual is the manual of ballot files.
func BallotManual() string { return ballotManual }

//go:embed ballot.txt
var ballotManual string
