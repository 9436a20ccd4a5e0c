package main

import (
	"fmt"
	"slices"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
	"kenesh/internal/rules"
	"kenesh/internal/tally"
)

// comparable refuses what belongs to one law where several are compared.
func (o *tallyOptions) comparable() error {
	switch {
	case len(o.compare) == 0:
		return nil
	case o.explain || o.by != "":
		return exitf(exitUsage, "--explain and --by tell of one law; leave out --compare-rules")
	case o.counting.lotsFile != "":
		return exitf(exitUsage, "--lots answers the ties of one law; with --compare-rules use --lots-seed, or leave it out")
	}
	first := o.law.rules
	if first == "" && o.law.ballot == "" {
		first = rules.Default
	}
	for i, name := range o.compare {
		if name == first || slices.Contains(o.compare[:i], name) {
			return exitf(exitUsage, "--compare-rules: %q is there twice", name)
		}
	}
	return nil
}

// others loads the laws that the first is compared with. Each must have a name of its
// own, by which the result tells them apart.
func (o *tallyOptions) others(first *rules.Rules, log *finding.Log) (laws []*rules.Rules, err error) {
	for _, name := range o.compare {
		law, ok := rules.Load(name, log)
		if !ok || first == nil {
			continue
		}
		if law.Name == first.Name || slices.ContainsFunc(laws, func(l *rules.Rules) bool { return l.Name == law.Name }) {
			return nil, exitf(exitUsage, "--compare-rules: two laws have the name %q; change it in one of the files", law.Name)
		}
		laws = append(laws, law)
	}
	return laws, nil
}

// countOthers counts the same votes under the other laws. A law that cannot divide the
// seats is left out, with a warning.
func countOthers(set *returns.Set, laws []*rules.Rules, options tally.Options, log *finding.Log) (results []*tally.Result) {
	var list []beside
	for _, law := range laws {
		list = append(list, beside{law.Name, "under ", func(log *finding.Log) (*tally.Result, bool) { return tally.Count(set, law, options, log) }})
	}
	return slices.DeleteFunc(countBeside(list, log), func(r *tally.Result) bool { return r == nil })
}

// A beside is a count beside another one of the same votes.
type beside struct {
	name, in string // as findings have it: "plain is left out", "under plain: ..."
	count    func(*finding.Log) (*tally.Result, bool)
}

// countBeside makes counts beside the first one. What the log has already said of the votes
// is not said again; what is new names its count. Where the seats cannot be divided there is
// no result, and a warning.
func countBeside(list []beside, log *finding.Log) []*tally.Result {
	said := log.Sorted()
	results := make([]*tally.Result, len(list))
	for i, b := range list {
		own := &finding.Log{}
		r, ok := b.count(own)
		why, left := cannotDivide(own)
		switch {
		case ok:
			results[i] = r
		case left:
			log.Add(finding.Finding{Code: "SEATS", Severity: finding.Warning, Message: b.name + " is left out: " + why})
			continue
		}
		for _, f := range own.Sorted() {
			if !slices.Contains(said, f) {
				f.Message = b.in + b.name + ": " + f.Message
				log.Add(f)
			}
		}
	}
	return results
}

// cannotDivide is why a law cannot divide the seats, where no other error was found: its
// method, its districts or who stands do not fit. Side by side, what one method or one law
// cannot do is no error of the others.
func cannotDivide(log *finding.Log) (why string, ok bool) {
	more := 0
	for _, f := range log.Sorted() {
		switch {
		case f.Severity != finding.Error:
		case f.Code != "SEATS" && f.Code != "BALLOT" && f.Code != "AREAS":
			return "", false
		case why == "":
			why = f.Message
		default:
			more++
		}
	}
	if more > 0 {
		why += fmt.Sprintf("; and %d more", more)
	}
	return why, why != ""
}
