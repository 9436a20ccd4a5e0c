package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"kenesh/internal/returns"
)

// The fast path. A scanner goes over the rows of a piece beside other scanners,
// knows nothing of the pieces before, and says in short what it saw: precinct by
// precinct the lists and their votes. The reader takes what all pieces say in the
// order of the file, so that nothing depends on who was first.
//
// It is a shortcut to the same answer and nothing else. A long table mostly goes on
// as it went before: the next row is of the same precinct, and its list is the one
// that came after this list last time. So the scanner compares the bytes with the
// ones expected and reads the digits eight at a time, some ten times faster than by
// cutting the row into fields and looking its names up.
//
// What a scanner cannot know it does not decide. A list or an area that the reader
// has not taken yet, a precinct that has these votes already, an odd character, a
// letter in the votes: those rows go to the general path as they stand, which alone
// says what is wrong and alone takes in new names. A test reads the same random
// files both ways.
type scanner struct {
	cut *cut

	spellings []*spelling
	list      *spelling            // of the last row
	known     map[string]*spelling // by the cell as it stands, with its delimiter
	lists     [256]*spelling       // guesses by the first bytes

	contexts []*context
	context  int32            // of the last row
	where    map[string]int32 // by the cells
	key      []byte           // scratch
	behind   []byte           // that of the last row, as in wheres
	number   bool             // the precinct of the last row is a short number
	wheres   [256]struct {    // guesses by the first bytes
		behind  []byte // what rows have between the precinct and the list or the counts
		context int32
	}

	queries []returns.Query
	asked   []int // the mentions that the queries are of
	expect  int   // the precinct that comes next if they go on as in the set

	before  int // so many mentions of a piece are on no sheet: the reader has to see their rows
	maker   returns.Sheets
	group   sheet           // mentions that will make one
	placing []returns.Place // scratch
	plain   bool            // the sheets of this table are of no use: their precincts are not new
}

// A spelling is a way in which rows name a list.
type spelling struct {
	raw   []byte // the cell and its delimiter, as they stand
	cell  string // without quotes
	next  *spelling
	index uint16

	list atomic.Int32 // in the set; -1: the reader has not taken it yet
}

// A context is what rows say besides the precinct and the list: region, district
// and contest. The reader notes its area, which a scanner cannot know.
type context struct {
	cells [3][]byte
	area  atomic.Int32 // -1 = not yet
}

// A part is what a scanner saw in a piece.
type part struct {
	piece
	lines int
	scratch

	sheets []sheet

	spellings []*spelling
	contexts  []*context

	busy  bool // handed out and not taken yet
	ready bool // scanned
}

// A mention is some rows on consecutive lines that begin alike, and so are of one
// precinct; in a wide table one row.
type mention struct {
	at, line uint32 // where the first row stands in the piece: its byte, and the lines before it
	votes    uint32 // where the counts of its rows begin
	id       uint32 // where its id ends in ids
	context  int32
	p        int32 // the precinct, if known and in the area that the context says; else -1
	rows     uint32
	counts   uint32 // of them; none when they are on a sheet
	first    bool   // the general path must take the first row
	slot     int8   // its place in a sheet, which then has its counts; -1: none
}

// A sheet has the counts of mentions that follow one another.
type sheet struct {
	returns.Sheet
	from, n int  // the first mention, and how many they are
	ascends bool // their ids ascend
	refused bool // its precincts are not new
}

// A cut is how the rows of a table are cut, as far as a scanner can.
type cut struct {
	able     bool
	long     bool
	general  bool // the first row of a mention must take the general path
	comma    byte
	kinds    []byte // of the columns up to the list, of a wide table of all
	numbers  int    // counts in a row: columns of a wide table, 1 of a long one
	keys     int    // columns of the precinct's key
	firstKey int    // the first of them
	key      int    // the last of them, if all that makes a context is between it and the counts; else -1
	counts   int    // the first column of counts, or the list, if so; else -1
	runs     []int  // by column: how many columns of counts begin there
	known    *atomic.Pointer[returns.Known]

	places []returns.Place // of the counts of a row of a wide table
}

// Kinds of columns.
const (
	keyCell  = 'k' // the precinct, or a part of its key
	restCell = '-' // nothing to keep
	numCell  = '#' // a count
	// contexts are '0', '1' and '2'
)

func newScanner(c *cut) *scanner {
	return &scanner{cut: c, context: -1, known: map[string]*spelling{}, where: map[string]int32{}, list: &spelling{}}
}

// next makes the scanner one for another table, with the room that it has left.
func (s *scanner) next(c *cut) {
	clear(s.known)
	clear(s.where)
	*s = scanner{cut: c, context: -1, known: s.known, where: s.where, list: &spelling{}, maker: s.maker}
}

// scratch is the room for what a scanner sees in a piece.
type scratch struct {
	mentions []mention
	ids      []byte         // of the mentions, one after the other
	lists    []uint16       // of a long table, by row: which spelling
	votes    returns.Counts // by row, or by row and column of a wide table
}

// newCut decides how the rows of a table can be cut.
func newCut(p *plan, comma byte) *cut {
	c := &cut{able: true, long: p.long, comma: comma, known: &atomic.Pointer[returns.Known]{}}
	n := len(p.header)
	if p.long {
		// Up to the list all is compared, so it must be behind all else but the votes.
		n, c.numbers = p.list, 1
		c.able = n > 0 && p.votes == n+1 && p.votes == len(p.header)-1
		c.general = len(p.lines) > 0
	}
	c.kinds = bytes.Repeat([]byte{restCell}, n)
	set := func(column int, kind byte) {
		if column >= 0 && column < n {
			c.kinds[column] = kind
		}
	}
	if !p.long {
		taken := map[int]bool{}
		for _, l := range p.lists {
			c.able = c.able && !taken[l.list]
			taken[l.list] = true
			set(l.column, numCell)
		}
		for _, l := range p.lines {
			set(l.column, numCell)
		}
		c.numbers = len(p.lists) + len(p.lines)
		c.places = placesIn(p)
		c.able = c.able && len(c.places) > 0
	}
	for i, column := range [3]int{p.region, p.district, p.contest} {
		set(column, byte('0'+i))
	}
	c.keys, c.firstKey = len(p.precinct), slices.Min(p.precinct)
	for i, column := range p.precinct {
		if column >= n || c.kinds[column] != restCell || i > 0 && column < p.precinct[i-1] {
			c.able = false // a part of the key that is an area as well, or is not where it stands
			break
		}
		c.kinds[column] = keyCell
	}
	c.key = slices.Max(p.precinct)
	if c.counts = bytes.IndexByte(c.kinds, numCell); c.counts < 0 {
		c.counts = n
	}
	for _, column := range [3]int{p.region, p.district, p.contest} {
		if column >= 0 && column < c.key || column > c.counts {
			c.key = -1
		}
	}
	if c.counts < c.key {
		c.key = -1
	}
	if c.key < 0 {
		c.counts = -1
	}
	c.runs = make([]int, n+1)
	for i := n - 1; i >= 0; i-- {
		if c.kinds[i] == numCell {
			c.runs[i] = c.runs[i+1] + 1
		}
	}
	return c
}

// scan goes over a piece.
func (s *scanner) scan(p *part) {
	p.lines = 0
	for i := range p.sheets {
		s.plain = s.plain || p.sheets[i].refused
	}
	p.sheets = p.sheets[:0]
	p.mentions, p.ids, p.lists, p.votes = p.mentions[:0], p.ids[:0], p.lists[:0], p.votes[:0]
	p.spellings, p.contexts = nil, nil
	if n := len(p.text) / 32; p.votes == nil { // as many as there can be in rows of a common length
		p.votes = make(returns.Counts, 0, 2*n*max(1, s.cut.numbers/4))
		if s.cut.long {
			p.lists = make([]uint16, 0, n)
		}
		p.mentions, p.ids = make([]mention, 0, n/4), make([]byte, 0, n*2)
	}
	b := p.text[:len(p.text)+slack]
	for i := 0; i < len(p.text); {
		if n := blank(b[i:]); n > 0 {
			i += n
			p.lines++
			continue
		}
		k := len(p.mentions)
		p.mentions = slices.Grow(p.mentions, 1)[:k+1]
		m := &p.mentions[k] // one by one: what is copied whole has to wait for its parts
		m.at, m.line, m.votes = uint32(i), uint32(p.lines), uint32(p.votes.Len())
		m.context, m.p, m.first, m.slot = -1, -1, s.cut.general, -1
		var n int
		if s.cut.long {
			n = s.long(p, b, i, m)
		} else {
			n = s.wide(p, b, i, m)
		}
		if n == 0 { // the general path shall see to this row
			n = bytes.IndexByte(b[i:], '\n') + 1
			p.lines++
			m.context, m.first = -1, true
			p.keep(m.votes)
		}
		if m.first || !s.number && calledTotalBytes(p.ids[p.idStart(k):]) {
			p.ids, m.first = p.ids[:p.idStart(k)], true
		}
		m.id = uint32(len(p.ids))
		m.counts = uint32(p.votes.Len()) - m.votes
		if m.rows = 1; s.cut.long {
			m.rows = m.counts
		}
		s.join(p, k)
		i += n
	}
	if s.group.n > 0 {
		s.sheet(p, 1) // once a piece, so that its precincts need no block for 64 others
	}
	if s.cut.long {
		s.resolve(p)
	}
	p.spellings, p.contexts = s.spellings, s.contexts
}

// blank is the length of an empty line at the start of b.
func blank(b []byte) int {
	switch {
	case b[0] == '\n':
		return 1
	case b[0] == '\r' && b[1] == '\n':
		return 2
	}
	return 0
}

// keep drops the counts behind the first n.
func (p *part) keep(n uint32) {
	p.lists, p.votes = p.lists[:min(len(p.lists), int(n))], p.votes.Of(0, int(n))
}

// join adds mention k, the last one of p, to the rows that will make a sheet, if it is like
// them; else those make one now, and it may begin others.
func (s *scanner) join(p *part, k int) {
	m := &p.mentions[k]
	// The first precinct of a piece may go on from the one before, and one that has a
	// single row will have others elsewhere.
	fits := !m.first && !s.plain && k >= s.before && (!s.cut.long || (k > 0 || p.fresh) && m.rows > 1)
	g := &s.group
	if g.n > 0 && (!fits || s.cut.long && !slices.Equal(p.listsOf(m), p.listsOf(&p.mentions[g.from]))) {
		s.sheet(p, returns.SheetSize/4)
	}
	if !fits {
		return
	}
	id := p.ids[p.idStart(k):]
	if g.n == 0 {
		*g = sheet{from: k, ascends: true}
	} else if g.ascends {
		g.ascends = returns.Above(id, p.ids[p.idStart(k-1):p.mentions[k-1].id])
	}
	if g.n++; g.n == returns.SheetSize {
		s.sheet(p, returns.SheetSize)
	}
}

// sheet makes a sheet of the mentions that were joined, which follow one another. Where
// they are fewer than least, they are taken one by one.
func (s *scanner) sheet(p *part, least int) {
	g := s.group
	s.group.n = 0
	if g.n < least {
		return
	}
	places := s.cut.places
	first := &p.mentions[g.from]
	if s.cut.long {
		const most = 200 // lists of a precinct that are looked through for one twice
		if first.rows > most {
			return
		}
		if places = s.placesOf(p.listsOf(first)); places == nil {
			return
		}
	}
	from := int(first.votes)
	to := from + g.n*len(places)
	g.Sheet = s.maker.New(places, p.votes.Of(from, to))
	p.sheets = append(p.sheets, g)
	for i := range g.n {
		m := &p.mentions[g.from+i]
		m.slot, m.counts = int8(i), 0
	}
	if to == p.votes.Len() { // so that the next ones are written where it is warm
		p.keep(uint32(from))
	}
}

// placesOf is where the votes of rows of these lists belong; nil when the reader has not
// taken all of the lists yet, or when one is there twice.
func (s *scanner) placesOf(lists []uint16) []returns.Place {
	s.placing = s.placing[:0]
	for _, l := range lists {
		place := returns.Place{Of: s.spellings[l].list.Load()}
		if place.Of < 0 || slices.Contains(s.placing, place) {
			return nil
		}
		s.placing = append(s.placing, place)
	}
	return s.placing
}

// listsOf is the lists of a mention's rows.
func (p *part) listsOf(m *mention) []uint16 { return p.lists[m.votes:][:m.rows] }

// idStart is where the id of mention k begins, and the one before it ends.
func (p *part) idStart(k int) int {
	if k == 0 {
		return 0
	}
	return int(p.mentions[k-1].id)
}

// long goes over the rows of a long table that begin as the one at b[i:], and
// returns how many bytes they are; 0 when this one is not plain.
func (s *scanner) long(p *part, b []byte, i int, m *mention) int {
	at := s.begin(p, b, i, m)
	if at == 0 {
		return 0
	}
	prefix := b[i:at]
	list, start, end := s.list, i, len(p.text)
	lists, votes := p.lists, p.votes
	for {
		next := list.next
		if next == nil || !bytes.HasPrefix(b[at:], next.raw) {
			guess := &s.lists[slotOf(load(b, at))]
			if next = *guess; next == nil || !bytes.HasPrefix(b[at:], next.raw) {
				if next = s.spellingAt(b, at); next == nil {
					break
				}
				*guess = next
			}
			list.next = next
		}
		at += len(next.raw)
		w := load(b, at) ^ '0'*ones
		n := digits(w)
		var v uint32
		if uint(n-1) < 4 {
			v = short(w, n)
		} else if v, n = count8(b, at); n == 0 || v > returns.Narrow {
			break
		}
		at += n
		if b[at] != '\n' {
			if b[at] != '\r' || b[at+1] != '\n' {
				break
			}
			at++
		}
		lists = append(lists, next.index)
		votes = votes.With(uint16(v))
		list = next
		i = at + 1
		if i >= end || !bytes.HasPrefix(b[i:], prefix) {
			break
		}
		at = i + len(prefix)
	}
	s.list = list
	p.lists, p.votes = lists, votes
	p.lines += votes.Len() - int(m.votes)
	return i - start
}

// begin takes in what the row at b[i:] says up to the list, and returns where that
// ends; 0 when it is not plain.
func (s *scanner) begin(p *part, b []byte, i int, m *mention) int {
	if at := s.quick(p, b, i, m); at > 0 {
		return at
	}
	var cells [3][]byte
	at, key := i, 0
	for c, kind := range s.cut.kinds {
		from, to, next, odd := cell(b, at, s.cut.comma)
		if next == 0 {
			return 0
		}
		s.text(p, m, kind, b[from:to], odd, c, &cells)
		at = next
		// Mostly all is as in the row before but for the precinct.
		if c == s.cut.key {
			if key = at; s.isBehind(b, at) {
				m.context = s.context
				return at + len(s.behind)
			}
		}
	}
	m.context = s.contextOf(&cells)
	if s.cut.key >= 0 {
		s.learn(b, key, at)
	}
	return at
}

// quick takes in what the row at b[i:] says up to the list or the counts, if the
// precinct is a short number that comes first and the rest is known, and returns where
// that ends; 0 when it is not so.
func (s *scanner) quick(p *part, b []byte, i int, m *mention) int {
	s.number = false
	if s.cut.key != 0 {
		return 0
	}
	n := digits(load(b, i) ^ '0'*ones)
	if uint(n-1) >= 7 || b[i+n] != s.cut.comma || !s.isBehind(b, i+n+1) {
		return 0
	}
	p.ids = append(p.ids, b[i:i+n]...)
	m.context, s.number = s.context, true
	return i + n + 1 + len(s.behind)
}

// isBehind reports whether b[i:] begins with the bytes of a context that is known, and
// makes that the context of the row.
func (s *scanner) isBehind(b []byte, i int) bool {
	if len(s.behind) > 0 && bytes.HasPrefix(b[i:], s.behind) {
		return true
	}
	if g := &s.wheres[slotOf(load(b, i))]; len(g.behind) > 0 && bytes.HasPrefix(b[i:], g.behind) {
		s.behind, s.context = g.behind, g.context
		return true
	}
	return false
}

// learn notes that b[i:j] is what rows of the context of the last row have between
// precinct and counts.
func (s *scanner) learn(b []byte, i, j int) {
	g := &s.wheres[slotOf(load(b, i))]
	g.behind, g.context = append(g.behind[:0], b[i:j]...), s.context
	s.behind = g.behind
}

// slotOf is a place in a table of guesses, for what begins with the bytes of w.
func slotOf(w uint64) uint64 { return w * 0x9e3779b97f4a7c15 >> 56 }

// wide goes over one row of a wide table, and returns how many bytes it is; 0 when
// it is not plain.
func (s *scanner) wide(p *part, b []byte, i int, m *mention) int {
	last := len(s.cut.kinds) - 1
	if at := s.quick(p, b, i, m); at > 0 && s.cut.counts+s.cut.runs[s.cut.counts] > last {
		if n := s.counts(p, b, at, s.cut.runs[s.cut.counts], true); n > 0 {
			p.lines++
			return at + n - i
		}
		return 0
	}
	p.ids, m.context, s.number = p.ids[:p.idStart(len(p.mentions)-1)], -1, false
	var cells [3][]byte
	at, key := i, 0
	for c := 0; c <= last; c++ {
		if kind := s.cut.kinds[c]; kind != numCell {
			stop := s.cut.comma
			if c == last {
				stop = '\n'
			}
			from, to, next, odd := cell(b, at, stop)
			if next == 0 || c == last && b[at] != '"' && bytes.IndexByte(b[from:to], s.cut.comma) >= 0 {
				return 0
			}
			s.text(p, m, kind, b[from:to], odd, c, &cells)
			at = next
			// Mostly all up to the counts is as in the row before but for the precinct.
			if c == s.cut.key {
				if key = at; s.isBehind(b, at) {
					m.context = s.context
					at += len(s.behind)
					c = s.cut.counts - 1
				}
			}
			continue
		}
		if c == s.cut.counts && m.context < 0 {
			m.context = s.contextOf(&cells)
			s.learn(b, key, at)
		}
		run := s.cut.runs[c]
		n := s.counts(p, b, at, run, c+run > last)
		if n == 0 {
			return 0
		}
		at += n
		c += run - 1
	}
	if m.context < 0 {
		m.context = s.contextOf(&cells)
	}
	p.lines++
	return at - i
}

// counts reads the counts of some columns that stand one behind the other at b[i:],
// and returns how many bytes they are; 0 when one is not plain. last says that they end
// the row.
func (s *scanner) counts(p *part, b []byte, i, columns int, last bool) int {
	from := len(p.votes)
	p.votes = slices.Grow(p.votes, 2*(columns+atOnce))
	votes := p.votes[from : from+2*(columns+atOnce)]
	at, done := i, 0
	for {
		at, done = shorts(b, at, s.cut.comma, votes, done, columns)
		if done == columns {
			break
		}
		v, n := count8(b, at)
		if n == 0 || v > returns.Narrow {
			return 0
		}
		binary.LittleEndian.PutUint16(votes[2*done:], uint16(v))
		at += n
		if done++; done == columns {
			break
		}
		if b[at] != s.cut.comma {
			return 0
		}
		at++
	}
	if last && b[at] == '\r' {
		at++
	}
	if last && b[at] != '\n' || !last && b[at] != s.cut.comma {
		return 0
	}
	p.votes = p.votes[:from+2*columns]
	return at + 1 - i
}

// text takes in a cell that is no count.
func (s *scanner) text(p *part, m *mention, kind byte, cell []byte, odd bool, column int, cells *[3][]byte) {
	switch kind {
	case restCell:
	case keyCell:
		m.first = m.first || !s.addKey(p, cell, odd, column)
	default:
		cells[kind-'0'] = cell
	}
}

// addKey adds a cell to the id of the precinct in hand; false when the general path
// must make the id.
func (s *scanner) addKey(p *part, cell []byte, odd bool, column int) bool {
	if len(cell) == 0 || len(cell) > maxName || cell[0] == ' ' || cell[len(cell)-1] == ' ' {
		return false
	}
	if odd {
		if _, why := name(cell); why != "" {
			return false
		}
	}
	if s.cut.keys > 1 {
		if bytes.IndexByte(cell, '/') >= 0 {
			return false
		}
		if column > s.cut.firstKey {
			p.ids = append(p.ids, '/')
		}
	}
	p.ids = append(p.ids, cell...)
	return true
}

// contextOf is the number of a context.
func (s *scanner) contextOf(cells *[3][]byte) int32 {
	if s.context >= 0 && s.contexts[s.context].is(cells) {
		return s.context
	}
	s.key = s.key[:0]
	for _, c := range cells {
		s.key = append(append(s.key, c...), 0) // no cell has a NUL
	}
	n, ok := s.where[string(s.key)]
	if !ok {
		c := &context{}
		for i := range cells {
			c.cells[i] = bytes.Clone(cells[i])
		}
		c.area.Store(-1)
		n = int32(len(s.contexts))
		s.contexts = append(s.contexts, c)
		s.where[string(s.key)] = n
	}
	s.context = n
	return n
}

func (c *context) is(cells *[3][]byte) bool {
	for i := range cells {
		if string(c.cells[i]) != string(cells[i]) {
			return false
		}
	}
	return true
}

// spellingAt is the list that the cell at b[i:] names, known or new; nil when the
// cell is not plain.
func (s *scanner) spellingAt(b []byte, i int) *spelling {
	from, to, next, _ := cell(b, i, s.cut.comma)
	if next == 0 {
		return nil
	}
	if l := s.known[string(b[i:next])]; l != nil {
		return l
	}
	if len(s.spellings) > 0xffff {
		return nil
	}
	l := &spelling{raw: bytes.Clone(b[i:next]), cell: string(b[from:to]), index: uint16(len(s.spellings))}
	l.list.Store(-1)
	s.known[string(l.raw)] = l
	s.spellings = append(s.spellings, l)
	return l
}

// resolve finds the precincts of the mentions in what is known of the set already,
// so that the reader need not. Where they ascend there is nothing to find.
func (s *scanner) resolve(p *part) {
	known := s.cut.known.Load()
	if known == nil {
		return
	}
	from := uint32(0)
	for k := range p.mentions {
		m := &p.mentions[k]
		id := p.ids[from:m.id]
		from = m.id
		switch {
		case m.first || m.slot >= 0 || s.contexts[m.context].area.Load() < 0 || known.New(id):
		case known.Is(s.expect, id):
			s.resolved(m, s.expect, known.Area(s.expect))
			s.expect++
		case known.Ascends():
			if q := known.Precinct(id); q >= 0 {
				s.resolved(m, q, known.Area(q))
				s.expect = q + 1
			}
		default:
			s.queries = append(s.queries, returns.Query{ID: id})
			s.asked = append(s.asked, k)
			if len(s.queries) == 64 {
				s.ask(p, known)
			}
		}
	}
	s.ask(p, known)
}

func (s *scanner) ask(p *part, known *returns.Known) {
	known.FindAll(s.queries)
	for i, q := range s.queries {
		if q.P >= 0 {
			s.resolved(&p.mentions[s.asked[i]], q.P, q.Area)
			s.expect = q.P + 1
		}
	}
	s.queries, s.asked = s.queries[:0], s.asked[:0]
}

func (s *scanner) resolved(m *mention, p, area int) {
	if int32(area) == s.contexts[m.context].area.Load() {
		m.p = int32(p)
	}
}

// cell finds the field at b[i:] that ends with the byte stop: where what it holds
// begins and ends, where the next one begins, and whether there is anything in it but
// printable ASCII. next is 0 when it is not plain: a line ends in it, it is no text,
// or has quotes that do not just stand around it.
func cell(b []byte, i int, stop byte) (from, to, next int, odd bool) {
	if b[i] == '"' {
		return quotedCell(b, i, stop)
	}
	stops := uint64(stop) * ones
	for j := i; ; j += 8 {
		w := load(b, j)
		end, odd := zeros(w^stops), odds(w)
		if end != 0 && odd&(end&-end-1) == 0 {
			to = j + bits.TrailingZeros64(end)>>3
			return i, to, to + 1, false
		}
		if odd != 0 {
			return oddCell(b, i, stop)
		}
	}
}

func quotedCell(b []byte, i int, stop byte) (from, to, next int, odd bool) {
	from = i + 1
	n := bytes.IndexByte(b[from:], '"')
	if n < 0 {
		return 0, 0, 0, false
	}
	to = from + n
	next = to + 1
	if stop == '\n' && b[next] == '\r' {
		next++
	}
	if b[next] != stop || !isText(b[from:to]) {
		return 0, 0, 0, false
	}
	return from, to, next + 1, true
}

func oddCell(b []byte, i int, stop byte) (from, to, next int, odd bool) {
	for to = i; b[to] != stop; to++ {
		if b[to] == '"' || b[to] == '\n' || b[to] == 0 {
			return 0, 0, 0, false
		}
	}
	next = to + 1
	if stop == '\n' && to > i && b[to-1] == '\r' {
		to--
	}
	if !isText(b[i:to]) {
		return 0, 0, 0, false
	}
	return i, to, next, true
}

// isText reports whether a cell may stand in a row.
func isText(cell []byte) bool {
	for _, c := range cell {
		if c == 0 || c == '\n' || c == '\r' {
			return false
		}
	}
	return utf8.Valid(cell)
}
