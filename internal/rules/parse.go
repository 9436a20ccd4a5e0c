package rules

import (
	"regexp"
	"slices"

	"kenesh/internal/apportion"
	"kenesh/internal/document"
	"kenesh/internal/finding"
)

// Parse reads a rules file. All its problems go to log under the code RULES; ok
// is false when there is one.
func Parse(file string, data []byte, log *finding.Log) (r *Rules, ok bool) {
	before := len(log.Sorted())
	top, ok := document.Parse(file, data, "RULES", log)
	if !ok {
		return nil, false
	}
	r = &Rules{Source: data, SHA256: digest(data)}
	r.read(top)
	return r, len(log.Sorted()) == before
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (r *Rules) read(top document.Node) {
	top.Keys("rules", "name", "title", "country", "law", "seats", "base", "thresholds", "options", "method", "cap", "ties", "outcomes", "annulment")
	top.Need("rules").Int(1, 1)
	if name := top.Need("name"); name.Exists() {
		if r.Name = name.Text(); r.Name != "" && !slug.MatchString(r.Name) {
			name.Fail("found %q, want small letters, digits and hyphens", r.Name)
		}
	}
	r.Title = top.Need("title").Text()
	r.Country = top.Field("country").Text()
	r.Law = top.Field("law").Text()

	seats, cite := cited(top.Need("seats"))
	r.Seats, r.SeatsCite = int(seats.Int(1, MaxSeats)), cite
	base, cite := cited(top.Need("base"))
	r.Base, r.BaseCite = readBase(base), cite
	r.thresholds(top.Need("thresholds"))
	r.options(top.Field("options"))
	r.method(top.Need("method"))
	r.cap(top.Field("cap"))
	ties, cite := cited(top.Need("ties"))
	r.MoreVotes, r.TiesCite = ties.OneOf("more-votes", "lot") == "more-votes", cite
	r.outcomes(top.Need("outcomes"))
	r.annulment(top.Field("annulment"))
}

// cited takes a rule that is one value: written plainly, or with its citation as
// {value: …, cite: …}.
func cited(n document.Node) (value document.Node, cite string) {
	if !n.IsMap() {
		return n, ""
	}
	n.Keys("value", "cite")
	return n.Need("value"), n.Field("cite").Text()
}

func readBase(n document.Node) Base {
	if name := n.OneOf(baseNames()...); name != "" {
		return Base(slices.Index(baseNames(), name))
	}
	return Valid
}

// moreThan reads how a bar is reached, which must be declared.
func moreThan(n document.Node) bool {
	return n.Need("reach").OneOf("at-least", "more-than") == "more-than"
}

func (r *Rules) thresholds(n document.Node) {
	if n.IsScalar() {
		n.OneOf("none")
		return
	}
	ids := map[string]bool{}
	for _, item := range n.Items() {
		item.Keys("id", "share", "reach", "base", "in", "level", "areas", "except", "cite")
		t := Threshold{ID: item.Need("id").Text(), MoreThan: moreThan(item), Base: r.Base, Cite: item.Field("cite").Text()}
		if ids[t.ID] && t.ID != "" {
			item.Fail("a second threshold is called %q", t.ID)
		}
		ids[t.ID] = true
		share := item.Need("share")
		t.Share = share.Share()
		if zero, err := document.ParseShare(share.Text()); err == nil && zero.Sign() == 0 {
			share.Fail("a threshold of nothing is none: write thresholds: none")
		}
		if b := item.Field("base"); b.Exists() {
			t.Base = readBase(b)
		}
		level, areas, except := item.Field("level"), item.Field("areas"), item.Field("except")
		if item.Need("in").OneOf("nation", "each") == "each" {
			t.Level = item.Need("level").OneOf("region", "district")
			if areas.Exists() {
				t.Areas = int(areas.Int(1, 1_000_000))
			}
			t.Except = except.Texts()
		} else {
			for _, f := range []document.Node{level, areas, except} {
				f.Fail("has a meaning only with in: each")
			}
		}
		r.Thresholds = append(r.Thresholds, t)
	}
}

func (r *Rules) options(n document.Node) {
	names := map[string]bool{}
	for _, item := range n.Items() {
		item.Keys("name", "also", "kind", "cite")
		o := Option{Name: item.Need("name").Text(), Also: item.Field("also").Texts(), Cite: item.Field("cite").Text()}
		if kind := item.Need("kind").OneOf(kinds...); kind != "" {
			o.Kind = Kind(slices.Index(kinds, kind) + 1)
		}
		for _, name := range append([]string{o.Name}, o.Also...) {
			if names[fold(name)] && name != "" {
				item.Fail("%q is there twice", name)
			}
			names[fold(name)] = true
		}
		r.Options = append(r.Options, o)
	}
}

func (r *Rules) method(n document.Node) {
	name, cite := cited(n)
	r.MethodCite = cite
	text := name.Text()
	if text == "" {
		return
	}
	m, err := apportion.Find(text)
	if err != nil {
		var names []string
		for _, m := range apportion.Methods() {
			names = append(names, m.Name)
		}
		name.Fail("%v%s", err, finding.DidYouMean(text, names))
		return
	}
	r.Method = m
}

// excesses are the words for what happens with seats above a cap.
var excesses = map[string]apportion.Excess{"anew": apportion.ExcessAnew, "on-top": apportion.ExcessOnTop}

func (r *Rules) cap(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("seats", "excess", "cite")
	c := &Cap{Seats: int(n.Need("seats").Int(1, MaxSeats)), Cite: n.Field("cite").Text()}
	c.Excess = excesses[n.Need("excess").OneOf("anew", "on-top")]
	if r.Seats > 0 && c.Seats >= r.Seats {
		n.Fail("a cap of %d seats in a house of %d limits nobody", c.Seats, r.Seats)
	}
	r.Cap = c
}

func (r *Rules) outcomes(n document.Node) {
	n.Keys("none-qualified", "one-qualified", "against-all-leads")
	read := func(key string, words ...string) Outcome {
		value, cite := cited(n.Need(key))
		if word := value.OneOf(words...); word != "" {
			return Outcome{Effect(slices.Index(effects, word)), cite}
		}
		return Outcome{}
	}
	r.NoneQualified = read("none-qualified", "failed", "undeclared")
	r.OneQualified = read("one-qualified", "failed", "undeclared", "takes-all")
	r.AgainstAllLeads = read("against-all-leads", "failed", "undeclared", "ignored")
}

func (r *Rules) annulment(n document.Node) {
	if !n.Exists() {
		return
	}
	n.Keys("share", "reach", "base", "effect", "cite")
	a := &Annulment{Share: n.Need("share").Share(), MoreThan: moreThan(n), Cite: n.Field("cite").Text(), Base: Registered}
	n.Need("base").OneOf(Registered.String())
	n.Need("effect").OneOf("may-void")
	r.Annulment = a
}
