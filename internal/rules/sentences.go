package rules

import (
	"fmt"
	"math/big"
	"strings"

	"kenesh/internal/apportion"
)

// Sentences states the law in plain sentences, each with its citation.
func (r *Rules) Sentences() []string {
	s := []string{fmt.Sprintf("%s (%s).", r.Title, r.Name)}
	add := func(cite, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if cite != "" {
			text += " [" + cite + "]"
		}
		s = append(s, text)
	}
	if r.Law != "" {
		s = append(s, r.Law+".")
	}
	add(r.SeatsCite, "There are %d seats.", r.Seats)
	add(r.BaseCite, "Shares are of %s: %s.", r.Base.Words(), r.Base.Means())
	if len(r.Thresholds) == 0 {
		add(r.ThresholdsCite, "There is no threshold.")
	}
	for _, t := range r.Thresholds {
		add(t.Cite, "A list takes part with %s of %s %s.", bar(t.Share, t.MoreThan), t.Base.Words(), t.where())
	}
	if len(r.Options) == 0 {
		add(r.OptionsCite, "Every line of the ballot takes seats, \"against all\" as any other.")
	}
	for _, o := range r.Options {
		add(o.Cite, "%q takes no seats (%s).", o.Name, o.Kind)
	}
	add(r.MethodCite, "Seats are divided by %s.", r.Method.Title)
	if r.Cap != nil {
		how := "the seats above that are divided anew with all that remain"
		if r.Cap.Excess == apportion.ExcessOnTop {
			how = "the seats above that go to the other lists in proportion to their votes, on top of what they have"
		}
		add(r.Cap.Cite, "No list takes more than %d seats; %s.", r.Cap.Seats, how)
	}
	if r.MoreVotes {
		add(r.TiesCite, "Of lists with equal claims the one with more votes comes first; then a lot is drawn.")
	} else {
		add(r.TiesCite, "Between lists with equal claims a lot is drawn.")
	}
	add(r.NoneQualified.Cite, "If no list qualifies, %s.", r.NoneQualified.Effect.means())
	add(r.OneQualified.Cite, "If a single list qualifies, %s.", r.OneQualified.Effect.means())
	add(r.AgainstAllLeads.Cite, "If \"against all\" has more votes than the leading list, %s.", r.AgainstAllLeads.Effect.means())
	if a := r.Annulment; a != nil {
		add(a.Cite, "If precincts with %s of %s are annulled, the whole election may be declared void.", bar(a.Share, a.MoreThan), a.Base.Words())
	}
	return s
}

func bar(share *big.Rat, moreThan bool) string {
	if moreThan {
		return "more than " + percent(share)
	}
	return "at least " + percent(share)
}

// percent states a share as laws do: 0.7 %, or as a ratio when it is no round
// percentage.
func percent(share *big.Rat) string {
	p := new(big.Rat).Mul(share, big.NewRat(100, 1))
	if digits, exact := p.FloatPrec(); exact {
		return p.FloatString(digits) + " %"
	}
	return share.RatString()
}

func (t Threshold) where() string {
	if t.Level == "" {
		return "in the nation"
	}
	text := "in each " + t.Level
	if t.Areas > 0 {
		text = fmt.Sprintf("in each of the %d %ss", t.Areas, t.Level)
	}
	if len(t.Except) > 0 {
		text += " (but not " + strings.Join(t.Except, ", ") + ")"
	}
	return text
}
