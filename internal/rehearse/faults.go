package rehearse

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/finding"
)

// A Fault asks for mistakes of one kind, each of them in a precinct that has no other.
type Fault struct {
	Kind  string // one of [FaultKinds], or "all": of every kind that the files can show
	Count int    // in all files together
}

// A FaultKind is a mistake that people make with precinct files.
type FaultKind struct {
	Name  string
	Means string
}

const allKinds = "all"

// A kind of fault in a file: what precinct may have it, and what it does to that.
type kind struct {
	FaultKind
	// able reports whether precinct i of the file may have it; nil: any.
	able func(f *File, i int, p *Precinct) bool
	// change makes it, and says what was changed; nil: rows are added or left out.
	change func(f *File, p *Precinct, s *stream) string
	where  spot
}

// A spot is where the row of a fault stands.
type spot uint8

const (
	there   spot = iota // it is the precinct's own
	behind              // another one, behind the precinct's
	end                 // another one, at the end of the file
	nowhere             // the precinct's own is left out
)

// kinds in the order in which precincts are chosen for them.
var kinds = []*kind{
	{FaultKind: FaultKind{"copied-row", "a precinct is in its file a second time"}, where: end},
	{FaultKind: FaultKind{"copied-precinct", "a precinct is in its file a second time, under a number of its own"}, where: end},
	{FaultKind: FaultKind{"total-row", "a row holds the sum of all precincts above it, under a number of its own"}, where: behind,
		able: func(_ *File, i int, _ *Precinct) bool { return i >= someAbove }},
	{FaultKind: FaultKind{"exchanged-lists", "two lists have each other's votes"}, able: (*File).uneven, change: (*File).exchange},
	{FaultKind: FaultKind{"digit-slip", "one digit of a count is another"}, change: (*File).slip},
	{FaultKind: FaultKind{"transposition", "two digits of a count stand in each other's place"}, able: (*File).transposable, change: (*File).transpose},
	{FaultKind: FaultKind{"shifted-row", "from a list on, each has the votes of the one before; those of the last are lost, or stand with the first of them"},
		able: (*File).uneven, change: (*File).shift},
	{FaultKind: FaultKind{"over-turnout", "fewer voters are registered than took part"},
		able: func(f *File, _ int, p *Precinct) bool { return f.registered && f.cast && !f.long && p.Cast > 1 },
		change: func(_ *File, p *Precinct, s *stream) string {
			was := p.Registered
			p.Registered = p.Cast - 1 - s.below(1+p.Cast>>(3+s.below(8))) // often by few
			return fmt.Sprintf("registered: %d for %d", p.Registered, was)
		}},
	{FaultKind: FaultKind{"missing-precinct", "a precinct is left out"}, where: nowhere,
		able: func(_ *File, i int, _ *Precinct) bool { return i >= someAbove }},
}

// someAbove is how many precincts of a file are never left out, nor followed by their
// sum: of one precinct alone a sum is a copy.
const someAbove = 2

// FaultKinds returns all kinds of faults.
func FaultKinds() []FaultKind {
	var list []FaultKind
	for _, k := range kinds {
		list = append(list, k.FaultKind)
	}
	return list
}

// ParseFaults reads what faults are wanted: "total-row=3,exchanged-lists=10", or
// "all=5" for five of every kind, of which others may say another number.
func ParseFaults(spec string) ([]Fault, error) {
	names := []string{allKinds}
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	var list []Fault
	for _, item := range strings.Split(spec, ",") {
		name, number, _ := strings.Cut(item, "=")
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("no kind of fault is called %q%s; there are %s", name, finding.DidYouMean(name, names), strings.Join(names, ", "))
		}
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil || n == 0 || number[0] == '0' || number[0] == '+' {
			return nil, fmt.Errorf("%s: found %q, want the number of faults, as %s=5", name, number, name)
		}
		if slices.ContainsFunc(list, func(f Fault) bool { return f.Kind == name }) {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		list = append(list, Fault{name, int(n)})
	}
	return list, nil
}

// A planted fault is one that a file has.
type planted struct {
	*kind
	precinct int   // of the file
	number   int64 // of the row that is added under its own
	seed     stream
}

// plant chooses the precincts that have faults: at random among those that may have one
// of the kind. It goes over all precincts once.
func (t *Totals) plant(files []File, o Options) error {
	wanted, n := wanted(o.Faults)
	if limit := int64(math.MaxInt64) / 10 / int64(n+1); t.all() > limit {
		return fmt.Errorf("found %d voters, want at most %d for a sum with %d faults in it", t.all(), limit, n)
	}
	may := make([]uint16, 0, o.Precincts) // by precinct of the nation: which kinds, a bit each
	for i := range files {
		if files[i].Name == LabelsFile {
			return fmt.Errorf("the file of region %q is called %s, as that of the labels is", files[i].Region, LabelsFile)
		}
		k := 0
		for p := range files[i].All() {
			may = append(may, able(&files[i], k, &p))
			k++
		}
	}
	seed := stream(o.Seed).fork(faultSeed)
	order := shuffled(len(may), &seed)
	next := files[len(files)-1].first - 1 + files[0].block // behind the numbers of all regions
	for b, k := range kinds {
		left := wanted[k.Name]
		if can := slices.ContainsFunc(may, func(m uint16) bool { return m>>b&1 != 0 }); left.ifAble && !can {
			continue
		}
		for _, at := range order {
			if left.n == 0 {
				break
			}
			if may[at]>>b&1 == 0 {
				continue
			}
			may[at] = 0
			left.n--
			next++
			f, i := fileOf(files, int(at))
			f.faults = append(f.faults, planted{k, i, next, seed.fork(uint64(at))})
		}
		if left.n > 0 {
			return fmt.Errorf("%s: found %d precincts that can have it and have no other fault, want %d", k.Name, wanted[k.Name].n-left.n, wanted[k.Name].n)
		}
	}
	for i := range files {
		slices.SortFunc(files[i].faults, func(a, b planted) int { return cmp.Compare(a.precinct, b.precinct) })
	}
	return nil
}

// faultSeed is the fork of the seed that faults are drawn from; no region has it.
const faultSeed = 1 << 40

type want struct {
	n      int
	ifAble bool
}

// wanted is how many faults of each kind are wanted, and of all.
func wanted(list []Fault) (of map[string]want, n int) {
	of = map[string]want{}
	for _, f := range list {
		if f.Kind != allKinds {
			of[f.Kind] = want{f.Count, false}
		}
	}
	for _, f := range list {
		for _, k := range kinds {
			if _, own := of[k.Name]; f.Kind == allKinds && !own {
				of[k.Name] = want{f.Count, true}
			}
		}
	}
	for _, w := range of {
		n += w.n
	}
	return of, n
}

func able(f *File, i int, p *Precinct) (may uint16) {
	for b, k := range kinds {
		if k.able == nil || k.able(f, i, p) {
			may |= 1 << b
		}
	}
	return may
}

// shuffled is the numbers below n in a random order (Fisher and Yates).
func shuffled(n int, s *stream) []int32 {
	order := make([]int32, n)
	for i := range order {
		k := s.below(int64(i) + 1)
		order[i] = order[k]
		order[k] = int32(i)
	}
	return order
}

// fileOf is the file that has precinct at of the nation, and which it is there.
func fileOf(files []File, at int) (f *File, i int) {
	for k := range files {
		if at < files[k].Precincts {
			return &files[k], at
		}
		at -= files[k].Precincts
	}
	panic("rehearse: a precinct in no file")
}

// below is a random number from 0 on, below n. It favours none by more than n in 2^64.
func (s *stream) below(n int64) int64 {
	hi, _ := bits.Mul64(s.next(64), uint64(n))
	return int64(hi)
}

// A mark says what fault a row has; nil: none.
type mark struct {
	*planted
	detail string
}

// rows yields what is written: the precincts with their faults, and the rows that these
// add. A row that is left out is yielded with a mark that says so.
func (f File) rows() iter.Seq2[Precinct, *mark] {
	return func(yield func(Precinct, *mark) bool) {
		if len(f.faults) == 0 {
			for p := range f.All() {
				if !yield(p, nil) {
					return
				}
			}
			return
		}
		var last []Precinct // rows at the end of the file
		var marks []*mark
		above := Precinct{Votes: make([]int64, len(f.lists))} // the sum
		i, rows, left := 0, 0, f.faults
		for p := range f.All() {
			var m *mark
			if len(left) > 0 && left[0].precinct == i {
				m = &mark{planted: &left[0]}
				left = left[1:]
			}
			i++
			if m == nil || m.where != nowhere {
				rows++
			}
			switch {
			case m == nil:
			case m.where == there:
				s := m.seed
				m.detail = m.change(&f, &p, &s)
			case m.where == nowhere:
				m.detail = "left out"
				if !yield(p, m) {
					return
				}
				continue
			case m.where == end:
				again := p
				again.Votes = slices.Clone(p.Votes)
				m.detail = "the row again"
				if m.Name == "copied-precinct" {
					again.Number, m.detail = m.number, fmt.Sprintf("copy of precinct %d", p.Number)
				}
				last, marks = append(last, again), append(marks, m)
				m = nil
			}
			above.add(p)
			if m == nil || m.where == there {
				if !yield(p, m) {
					return
				}
				continue
			}
			above.Number, m.detail = m.number, fmt.Sprintf("sum of the %d precincts above", rows)
			if !yield(p, nil) || !yield(above, m) {
				return
			}
		}
		for i, p := range last {
			if !yield(p, marks[i]) {
				return
			}
		}
	}
}

func (p *Precinct) add(q Precinct) {
	p.Registered += q.Registered
	p.Cast += q.Cast
	p.Invalid += q.Invalid
	for l, v := range q.Votes {
		p.Votes[l] += v
	}
}

// uneven reports whether not all lists have as many votes as the others.
func (f *File) uneven(_ int, p *Precinct) bool {
	return slices.ContainsFunc(p.Votes, func(v int64) bool { return v != p.Votes[0] })
}

func (f *File) exchange(p *Precinct, s *stream) string {
	for {
		a, b := s.below(int64(len(p.Votes))), s.below(int64(len(p.Votes)))
		if p.Votes[a] != p.Votes[b] {
			p.Votes[a], p.Votes[b] = p.Votes[b], p.Votes[a]
			return fmt.Sprintf("%s and %s: %d and %d", f.lists[a].Name, f.lists[b].Name, p.Votes[a], p.Votes[b])
		}
	}
}

func (f *File) shift(p *Precinct, s *stream) string {
	from := s.below(int64(len(p.Votes)))
	for !slices.ContainsFunc(p.Votes[from:], func(v int64) bool { return v != p.Votes[from] }) {
		from-- // the first of all is one
	}
	votes := p.Votes[from:]
	last := votes[len(votes)-1]
	copy(votes[1:], votes)
	votes[0] = 0
	if s.next(1) == 0 {
		votes[0] = last
		return fmt.Sprintf("from %s on, the sum is kept", f.lists[from].Name)
	}
	return fmt.Sprintf("from %s on, %d votes are lost", f.lists[from].Name, last)
}

// counts are the counts that the file has of a precinct, and what they are.
func (f *File) counts(p *Precinct) (all []*int64, names []string) {
	for _, c := range []struct {
		known bool
		count *int64
		name  string
	}{{f.registered, &p.Registered, "registered"}, {f.cast, &p.Cast, "cast"}, {f.invalid, &p.Invalid, "invalid"}} {
		if c.known && !f.long {
			all, names = append(all, c.count), append(names, c.name)
		}
	}
	for l := range p.Votes {
		all, names = append(all, &p.Votes[l]), append(names, f.lists[l].Name)
	}
	return all, names
}

// slip writes another digit for one of a count. No number begins with a zero because of it.
func (f *File) slip(p *Precinct, s *stream) string {
	counts, names := f.counts(p)
	i := s.below(int64(len(counts)))
	was := *counts[i]
	digits := []byte(strconv.FormatInt(was, 10))
	for at := s.below(int64(len(digits))); *counts[i] == was; {
		digits[at] = '0' + byte(s.below(10))
		if digits[0] != '0' || len(digits) == 1 {
			*counts[i] = number(digits)
		}
	}
	return fmt.Sprintf("%s: %d for %d", names[i], *counts[i], was)
}

// swaps are the digits of a count that may be exchanged with the next one: others, and no
// zero comes to the front.
func swaps(n int64) (at []int) {
	digits := strconv.FormatInt(n, 10)
	for i := range len(digits) - 1 {
		if digits[i] != digits[i+1] && (i > 0 || digits[1] != '0') {
			at = append(at, i)
		}
	}
	return at
}

func (f *File) transposable(_ int, p *Precinct) bool {
	counts, _ := f.counts(p)
	return slices.ContainsFunc(counts, func(c *int64) bool { return len(swaps(*c)) > 0 })
}

func (f *File) transpose(p *Precinct, s *stream) string {
	counts, names := f.counts(p)
	for {
		i := s.below(int64(len(counts)))
		at := swaps(*counts[i])
		if len(at) == 0 {
			continue
		}
		was := *counts[i]
		digits := []byte(strconv.FormatInt(was, 10))
		k := at[s.below(int64(len(at)))]
		digits[k], digits[k+1] = digits[k+1], digits[k]
		*counts[i] = number(digits)
		return fmt.Sprintf("%s: %d for %d", names[i], *counts[i], was)
	}
}

// number is that of some digits; nothing here writes one beyond int64.
func number(digits []byte) int64 {
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// LabelsFile is the name of the file that the labels of a rehearsal stand in, beside its
// files: a name that no reader of a directory takes for that of a table.
const LabelsFile = "faults.labels"

// A Label says where a fault is.
type Label struct {
	File     string
	Line     int64 // from 1; the first of its rows; of a precinct that is missing, where it would stand
	Precinct int64
	Kind     string
	Detail   string // what is wrong
}

// Labels yields the faults of the file in the order of its lines.
func (f File) Labels() iter.Seq[Label] {
	return func(yield func(Label) bool) {
		line, rows := int64(2), int64(1)
		if f.long {
			rows = int64(len(f.lists))
		}
		for p, m := range f.rows() {
			if m != nil && !yield(Label{f.Name, line, p.Number, m.Name, m.detail}) {
				return
			}
			if m == nil || m.where != nowhere {
				line += rows
			}
		}
	}
}

// WriteLabels writes the labels of all files as CSV, with the columns file, line,
// precinct, kind and detail.
func WriteLabels(w io.Writer, files []File) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"file", "line", "precinct", "kind", "detail"}); err != nil {
		return err
	}
	for _, f := range files {
		for l := range f.Labels() {
			if err := c.Write([]string{l.File, strconv.FormatInt(l.Line, 10), strconv.FormatInt(l.Precinct, 10), l.Kind, l.Detail}); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}
