// Package finding says what is wrong or remarkable in an input: where, how bad,
// under which code, and what to do about it.
//
// A finding is a value and never printed here. Codes are stable words that
// scripts may match; the table [Codes] explains every one of them. Lines and
// columns count from 1, columns in characters of the line as an editor shows
// it; 0 means that a finding has no such place.
//
// The package knows nothing of votes: ingest, rules, check and tally state
// findings, report and cmd/kenesh print them.
package finding

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Severity says what a finding does to a result. The zero value is refused by
// [Log.Add]: every finding must say how bad it is.
type Severity uint8

const (
	Note    Severity = iota + 1 // worth knowing; changes nothing
	Warning                     // counted, but look at it; --strict makes it an error
	Error                       // no totals are stated
)

func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// A Finding is one remark on one place of the input.
type Finding struct {
	Code     string // a name of [Codes]
	Severity Severity
	File     string // as the user named it; "" when it is about no single file
	Line     int    // from 1; 0 = the whole file
	Column   int    // in characters, from 1; 0 = the whole line
	Precinct string // "" when it is about no single precinct
	Message  string // what is wrong, what was found, what is wanted
}

// String is the line that a person reads: file:line:column: severity CODE: text.
// Nothing of the input reaches it unescaped.
func (f Finding) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(Visible(f.File))
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
			if f.Column > 0 {
				fmt.Fprintf(&b, ":%d", f.Column)
			}
		}
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s %s: %s", f.Severity, f.Code, Visible(f.Message))
	return b.String()
}

// compare orders findings as a reader works through them: by file, line and
// column, then by code, precinct and text, so that no order of work shows.
func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Precinct, b.Precinct),
		cmp.Compare(a.Message, b.Message),
	)
}

// kept bounds the findings that a Log holds for one file and code: a file of a
// million bad cells must not need memory for a million messages.
const kept = 1000

// A Log collects the findings of a run. The zero value is ready for use.
type Log struct {
	list    []Finding
	counts  map[key]int // also of those that were dropped
	dropped map[kind]int
	worst   Severity
}

type key struct{ file, code string }

type kind struct {
	key
	severity Severity
}

// Add takes findings in. Beyond 1,000 of one code in one file they are only
// counted ([Log.Dropped]). It panics on a finding without a severity or with
// a code that is not in [Codes]: both are broken invariants of the program.
func (l *Log) Add(list ...Finding) {
	for _, f := range list {
		if f.Severity < Note || f.Severity > Error {
			panic("finding: no severity: " + f.Message)
		}
		if !known(f.Code) {
			panic("finding: no such code: " + f.Code)
		}
		k := kind{key{f.File, f.Code}, f.Severity}
		if l.count(k, 1) > kept {
			l.dropped[k]++
			continue
		}
		l.list = append(l.list, f)
	}
}

// count counts n findings more and returns how many there are of their code in their
// file.
func (l *Log) count(k kind, n int) int {
	if l.counts == nil {
		l.counts, l.dropped = map[key]int{}, map[kind]int{}
	}
	l.worst = max(l.worst, k.severity)
	l.counts[k.key] += n
	return l.counts[k.key]
}

// Join takes in what others found side by side, as if it had been found here one
// after the other: which of too many findings are kept depends on their order alone.
func (l *Log) Join(parts ...Log) {
	for _, part := range parts {
		l.Add(part.list...)
		for k, n := range part.dropped {
			l.count(k, n)
			l.dropped[k] += n
		}
	}
}

// Sorted returns the findings by file, line and column.
func (l *Log) Sorted() []Finding {
	s := slices.Clone(l.list)
	slices.SortStableFunc(s, compare)
	return s
}

// Dropped is the number of findings on file that were counted but not kept.
func (l *Log) Dropped(file string) int {
	n := 0
	for k, dropped := range l.dropped {
		if k.file == file {
			n += dropped
		}
	}
	return n
}

// A Count is how often one code was found in one file.
type Count struct {
	File, Code  string
	Severity    Severity
	Found, Kept int // those beyond Kept were only counted
}

// Counts returns how often each code was found, by file, the worst first, then by code.
func (l *Log) Counts() []Count {
	counts := map[kind]Count{}
	add := func(k kind, kept, dropped int) {
		c := counts[k]
		counts[k] = Count{k.file, k.code, k.severity, c.Found + kept + dropped, c.Kept + kept}
	}
	for _, f := range l.list {
		add(kind{key{f.File, f.Code}, f.Severity}, 1, 0)
	}
	for k, n := range l.dropped {
		add(k, 0, n)
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Code, b.Code))
	})
}

// Failed reports whether an error was found, so that no totals may be stated.
func (l *Log) Failed() bool { return l.worst == Error }

// Strict makes every warning an error, as --strict asks.
func (l *Log) Strict() {
	for i := range l.list {
		if l.list[i].Severity == Warning {
			l.list[i].Severity = Error
		}
	}
	for k, n := range l.dropped {
		if k.severity == Warning {
			delete(l.dropped, k)
			k.severity = Error
			l.dropped[k] += n
		}
	}
	if l.worst == Warning {
		l.worst = Error
	}
}
