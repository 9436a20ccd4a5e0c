package ingest

import (
	"bytes"
	"iter"
	"runtime"
	"sync"

	"kenesh/internal/returns"
)

// openAll yields the files in their order, some of them opened ahead, so that they
// are fetched and unpacked side by side.
func openAll(names []string, o Options) iter.Seq2[string, *source] {
	return func(yield func(string, *source) bool) {
		ahead := make([]chan *source, 0, len(names))
		start := func() {
			if len(ahead) < len(names) {
				c, name := make(chan *source, 1), names[len(ahead)]
				ahead = append(ahead, c)
				go func() {
					src, err := open(name, o)
					if err != nil {
						src = &source{name: name, failed: err}
					}
					c <- src
				}()
			}
		}
		for range runtime.GOMAXPROCS(0) {
			start()
		}
		for i, name := range names {
			start()
			if !yield(name, <-ahead[i]) {
				return
			}
		}
	}
}

// beside has the pieces of the file that are still to come scanned by as many workers
// as there are processors, and calls take for each in the order of the file. It
// stops behind a piece after which the text broke off, and says why.
//
// Nobody waits for a piece to be taken: who has scanned one takes all that are ready,
// unless another is at it, who will find this one, too.
func (f *file) beside(take func(*part), broke *error) {
	const parts = 3 // of each worker, its own, so that they stay in its caches
	var next sync.Mutex
	var mu sync.Mutex // of what follows
	var order []*part // to be taken
	taking := false
	taken := sync.NewCond(&mu)
	broken := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return *broke != nil
	}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			s := f.scanner()
			mine := make([]part, parts)
			for n := 0; ; n++ {
				p := &mine[n%parts]
				mu.Lock()
				for p.busy {
					taken.Wait()
				}
				mu.Unlock()
				next.Lock()
				if broken() || !f.src.next(&p.piece) {
					next.Unlock()
					return
				}
				mu.Lock()
				p.busy, p.ready = true, false
				order = append(order, p)
				mu.Unlock()
				next.Unlock()

				f.src.fill(&p.piece)
				if s != nil {
					s.scan(p)
				}

				mu.Lock()
				p.ready = true
				if !taking {
					taking = true
					for len(order) > 0 && order[0].ready {
						q := order[0]
						order = append(order[:0], order[1:]...)
						if *broke == nil {
							mu.Unlock()
							take(q)
							f.tell(q)
							mu.Lock()
							*broke = q.err
						}
						q.busy = false
						taken.Broadcast()
					}
					taking = false
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
}

// scanner is one for the rows of the file; nil if none is of use.
func (f *file) scanner() *scanner {
	if f.cut == nil || !f.cut.able {
		return nil
	}
	return newScanner(f.cut)
}

// scanned takes what a scanner saw in a piece, row by row as the file has them.
func (f *file) scanned(p *part) {
	if !f.cut.able {
		for f.rows.text = p.text; f.rows.next(); {
			f.one(f.row)
		}
		return
	}
	line := f.rows.line
	id := uint32(0)
	sheets := p.sheets
	var on *sheet
	for k := 0; k < len(p.mentions); {
		if len(sheets) > 0 && sheets[0].from == k {
			on, sheets = &sheets[0], sheets[1:]
			if f.adopt(p, on, id, line) {
				k += on.n
				id = p.mentions[k-1].id
				continue
			}
		}
		if n := f.alone(p, k); n > 0 {
			n = f.set.PutAll(f.batch)
			f.took(n)
			if k += n; n > 0 {
				id = p.mentions[k-1].id
			}
			if n == len(f.batch) {
				continue
			}
		}
		m := &p.mentions[k]
		if m.slot >= 0 {
			f.onSheet(p, m, on, p.ids[id:m.id], line)
		} else {
			f.mention(p, m, p.ids[id:m.id], line)
		}
		id = m.id
		k++
	}
	f.rows.line = line + p.lines
	known := f.set.Snapshot()
	f.cut.known.Store(&known)
	f.expect(p)
	f.expectLists(p)
}

// alone collects the rows from mention k on that are the only ones of their mention and
// of which all is known, a batch at most; it returns how many they are.
func (f *file) alone(p *part, k int) int {
	const most = 64
	f.batch = f.batch[:0]
	for ; k < len(p.mentions) && len(f.batch) < most; k++ {
		m := &p.mentions[k]
		if m.p < 0 || m.counts != 1 {
			break
		}
		l := p.spellings[p.lists[m.votes]].list.Load()
		if l < 0 {
			break
		}
		f.batch = append(f.batch, returns.Count{Precinct: m.p, List: l, Votes: p.votes.At(int(m.votes))})
	}
	return len(f.batch)
}

// votesOf is the counts of a mention that is not on a sheet. One that has none may
// stand behind the last that were kept.
func (p *part) votesOf(m *mention) returns.Counts {
	if m.counts == 0 {
		return nil
	}
	return p.votes.Of(int(m.votes), int(m.votes+m.counts))
}

// expect makes room for the precincts that are to come, if the rest of a large file is
// like the first pieces of it; where each row is of another precinct, nobody knows.
func (f *file) expect(p *part) {
	if f.expected || f.src.file == nil || p.to < 4*int64(f.src.piece) {
		return
	}
	f.expected = true
	first, end := f.set.PrecinctsOf(len(f.set.Files) - 1)
	if !f.plan.long || f.data > 2*(end-first) {
		f.set.Expect(1.1 * float64(f.src.size) / float64(p.to))
	}
}

// expectLists makes room for the lists that are to come, if a table has list by list all
// precincts: when the second begins, it has come as far as one list takes. The names of
// others may be shorter.
func (f *file) expectLists(p *part) {
	const most = 64
	if len(f.set.Files) > 1 || f.src.file == nil || !f.plan.long {
		return
	}
	switch len(f.set.Lists) {
	case 1:
		f.byList = f.data == f.set.Len()
	case 2:
		if f.byList {
			f.set.ExpectLists(int(min(most, 2+f.src.size*5/4/p.to)))
		}
		f.byList = false
	}
}

// adopt takes a sheet as it is, if all of its precincts are new; id is where the ids
// before it end, line the one before the piece.
func (f *file) adopt(p *part, s *sheet, id uint32, line int) bool {
	mentions := p.mentions[s.from:][:s.n]
	if !s.ascends || !f.plan.long && f.totals.undecided() {
		return false
	}
	above := f.set.Ascends() && f.set.New(p.ids[id:mentions[0].id]) // and so are all
	var some [returns.SheetSize]returns.Newcomer
	rows, from, context := 0, id, int32(-1)
	for i := range mentions {
		m := &mentions[i]
		if !above && f.set.Precinct(p.ids[from:m.id]) >= 0 {
			return false
		}
		at := line + int(m.line) + 1
		if m.context != context && !f.settle(p.contexts[m.context], at) {
			return false
		}
		context, from = m.context, m.id
		some[i] = returns.Newcomer{End: m.id - id, Area: uint32(p.contexts[context].area.Load()), Line: uint32(at)}
		rows += int(m.rows)
	}
	if above {
		f.set.AddAbove(p.ids[id:from], some[:s.n])
	} else {
		ids, at := p.ids[id:], uint32(0)
		for _, n := range some[:s.n] {
			f.set.AddPrecinct(ids[at:n.End], int(n.Area), int(n.Line))
			at = n.End
		}
	}
	f.set.Adopt(s.Sheet)
	f.took(rows)
	return true
}

// settle finds the area of a context, a new one if its name is in order; false when
// the general path must see to a row of it. The line is that of its first row.
func (f *file) settle(c *context, line int) bool {
	if c.area.Load() >= 0 {
		return true
	}
	if f.plan.contest >= 0 && (f.contest == "" || string(c.cells[2]) != f.contest) {
		return false
	}
	area := 0
	for i, column := range [2]int{f.plan.region, f.plan.district} {
		if column < 0 {
			break
		}
		clean, why := name(c.cells[i])
		if why != "" {
			return false
		}
		inside, known := f.set.FindArea(area, string(clean))
		if !known {
			key := lookKey(f.set.Levels[i]+"s", string(clean))
			if s, ok := f.looks[key]; ok && s.name != string(clean) || calledTotal(string(clean)) {
				return false
			}
			f.looks[key] = seen{string(clean), f.name, f.lineAt(line)}
			inside = f.set.AddArea(area, string(clean))
		}
		area = inside
	}
	c.area.Store(int32(area))
	return true
}

// onSheet takes the rows of a mention whose counts are on a sheet that was not adopted.
func (f *file) onSheet(p *part, m *mention, s *sheet, id []byte, line int) {
	line += int(m.line) + 1
	if (f.plan.long || !f.totals.undecided()) && f.settle(p.contexts[m.context], line) {
		precinct, fresh := f.set.AddPrecinct(id, int(p.contexts[m.context].area.Load()), line)
		if fresh {
			f.set.Copy(s.Sheet, int(m.slot), precinct)
			f.took(int(m.rows))
			return
		}
		s.refused = true
	}
	for row := range int(m.rows) {
		f.general(p, m, row, line)
	}
}

// mention takes the rows of one mention of a precinct, whose id is given; line is the
// one before the piece.
func (f *file) mention(p *part, m *mention, id []byte, line int) {
	line += int(m.line) + 1
	row, counts := 0, p.votesOf(m).Len()
	precinct := int(m.p)
	var place *context
	if m.context >= 0 {
		place = p.contexts[m.context]
	}
	fresh := false
	switch {
	case m.first || !f.settle(place, line):
		precinct = f.general(p, m, 0, line)
		row++
		if precinct >= 0 && place != nil {
			place.area.Store(int32(f.area))
		}
	case precinct < 0:
		area := int(place.area.Load())
		precinct, fresh = f.set.AddPrecinct(id, area, line)
		if !fresh && f.set.Area(precinct) != area {
			precinct = -1
		}
	}
	if !f.plan.long {
		if row == 0 {
			if fresh {
				f.wideCounts(precinct, p.votesOf(m))
			} else {
				f.general(p, m, 0, line)
			}
		}
		return
	}
	if counts == 0 {
		return
	}
	lists, votes := p.listsOf(m), p.votesOf(m)
	if row > 0 {
		f.spelt(p.spellings[lists[0]])
	}
	for row < counts {
		l := int(p.spellings[lists[row]].list.Load())
		if precinct < 0 || l < 0 {
			if good := f.general(p, m, row, line); precinct < 0 {
				precinct = good // what the rows begin with is good, too
			}
			f.spelt(p.spellings[lists[row]])
			row++
			continue
		}
		end := row + 1
		for end < counts && int(p.spellings[lists[end]].list.Load()) == l+end-row {
			end++
		}
		n := f.set.PutRow(precinct, l, votes.Of(row, end))
		f.took(n)
		if row += n; row < end { // it has these votes already
			f.general(p, m, row, line)
			row++
		}
	}
}

// took counts rows that the general path did not see.
func (f *file) took(rows int) {
	f.fast += int64(rows)
	f.data += rows
	f.set.Rows += int64(rows)
}

// spelt notes which list a spelling means, if the general path has taken it by now.
func (f *file) spelt(s *spelling) {
	if l, ok := f.spell[s.cell]; ok {
		s.list.Store(int32(l))
	}
}

// general has the general path take a row of a mention, and returns its precinct, or
// -1 if anything was wrong with it.
func (f *file) general(p *part, m *mention, row, line int) int {
	text := p.text[m.at:]
	for range row {
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	f.rows.line = line + row
	f.rows.take(text[:bytes.IndexByte(text, '\n')])
	f.one(f.row)
	return f.good
}

// row takes the row last read, in the shape of the table.
func (f *file) row() {
	switch {
	case f.layout.shape == "groups":
		f.groupRow()
	case f.plan.long:
		f.longRow()
	default:
		f.wideRow()
	}
}

// placesIn is where the counts of a row of a wide table belong.
func placesIn(p *plan) []returns.Place {
	byColumn := map[int]returns.Place{}
	for _, l := range p.lists {
		byColumn[l.column] = returns.Place{Of: int32(l.list)}
	}
	for _, l := range p.lines {
		byColumn[l.column] = returns.PlaceOf(l.line)
	}
	var places []returns.Place
	for i := range p.header {
		if place, ok := byColumn[i]; ok {
			places = append(places, place)
		}
	}
	return places
}

// wideCounts takes the counts of a new precinct.
func (f *file) wideCounts(p int, counts returns.Counts) {
	sum := int64(0)
	for i, place := range f.cut.places {
		v := int64(counts.At(i))
		if line, ok := place.Line(); ok {
			f.set.PutLine(p, line, v)
		} else {
			f.set.Put(p, int(place.Of), v)
			sum += v
		}
	}
	if f.totals.undecided() {
		f.totals.row(f, p, sum, false)
	}
	f.took(1)
}
