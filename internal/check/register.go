package check

import (
	"fmt"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// Register compares a set with the register and notes in log which precincts are missing
// and which are not in it. It returns the missing ones.
func Register(s *returns.Set, r *returns.Register, log *finding.Log) []returns.Expected {
	c := checker{set: s, log: log, options: Options{Register: r}}
	c.unregistered()
	c.missing()
	missing, _ := r.Compare(s)
	return missing
}

func (c *checker) missing() int {
	r := c.options.Register
	if r == nil {
		return 0
	}
	missing, _ := r.Compare(c.set)
	for _, e := range missing {
		c.log.Add(finding.Finding{Code: "MISSING", Severity: finding.Warning, File: r.File, Line: e.Line, Precinct: e.ID,
			Message: fmt.Sprintf("precinct %q is expected and missing: it has not reported", e.ID)})
	}
	return len(r.Expected)
}

func (c *checker) unregistered() int {
	r := c.options.Register
	if r == nil {
		return 0
	}
	_, unexpected := r.Compare(c.set)
	for _, p := range unexpected {
		file, line := c.set.Position(p)
		c.log.Add(finding.Finding{Code: "UNREGISTERED", Severity: finding.Warning, File: c.set.Files[file], Line: line, Precinct: c.set.ID(p),
			Message: fmt.Sprintf("precinct %q is not in the register", c.set.ID(p))})
	}
	return c.set.Len()
}

// differs compares what the register and the data both say of a precinct.
func (c *checker) differs() (tried int) {
	r := c.options.Register
	if r == nil {
		return 0
	}
	registered := c.set.Line(returns.Registered)
	for _, e := range r.Expected {
		p := c.set.Find(e.ID)
		if p < 0 {
			continue
		}
		tried++
		if v, ok := registered.At(p); ok && e.Registered >= 0 && v != e.Registered {
			c.warn("REGISTER-DIFFERS", p, "%d registered voters, and %d in the register (%s:%d)", v, e.Registered, r.File, e.Line)
		}
		// A region that the data does not have is another way to spell one.
		at, ok := c.set.FindArea(0, e.Region)
		if own := c.set.AreaAt(p, 1); ok && own > 0 && own != at {
			c.warn("REGISTER-DIFFERS", p, "it is in %q, and in %q in the register (%s:%d)", c.set.Areas[own].Name, e.Region, r.File, e.Line)
		}
	}
	return tried
}
