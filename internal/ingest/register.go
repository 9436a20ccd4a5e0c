package ingest

import (
	"fmt"

	"kenesh/internal/finding"
	"kenesh/internal/returns"
)

// ReadRegister reads the list of expected precincts: a table with the columns
// precinct, region and registered, of which the first must be there; where registered is
// empty, it is not said. Its problems go to log under the code REGISTER.
func ReadRegister(path string, log *finding.Log) (*returns.Register, bool) {
	var own finding.Log
	reg := &returns.Register{File: path}
	src, err := open(path, Options{})
	if err != nil {
		for _, e := range readErrors(path, err) {
			e.Code = "REGISTER"
			log.Add(e)
		}
		return nil, false
	}
	defer src.close()
	// A set without lists is enough to refuse duplicates and double areas.
	set := returns.New(roleRegion)
	set.AddFile(path)
	set.ReadFrom(src.lines)
	f := newFile(&reader{set: set, log: &own, lists: map[string]int{}, looks: map[string]seen{}}, src)
	f.register(reg)
	ok := !own.Failed()
	for _, e := range own.Sorted() {
		e.Code = "REGISTER"
		log.Add(e)
	}
	return reg, ok
}

func (f *file) register(reg *returns.Register) {
	f.rows.comma = f.delimiter()
	if !f.begin() {
		return
	}
	p := &f.plan
	registered := -1
	for i, h := range p.header {
		switch role := synonyms[fold(h)]; role {
		case rolePrecinct:
			p.precinct = append(p.precinct, i)
		case roleRegion:
			p.region = i
		case returns.Registered.String():
			registered = i
		default:
			f.fail("REGISTER", i, "unknown column %q; a register has precinct, region and registered", h)
		}
	}
	if len(p.precinct) != 1 {
		f.fail("REGISTER", 0, "one column must be called precinct; the header has %s", f.columns())
		return
	}
	f.lastKey = make([][]byte, 1)
	f.eachRow(func() {
		id, fresh, ok := f.precinct()
		if !ok {
			return
		}
		e := returns.Expected{ID: f.set.ID(id), Registered: -1, Line: f.line()}
		if !fresh {
			f.fail("REGISTER", p.precinct[0], "precinct %q is there twice: already in %s", e.ID, f.where(id))
			return
		}
		if a := f.set.Area(id); a > 0 {
			e.Region = f.set.Areas[a].Name
		}
		if registered >= 0 && len(f.rows.fields[registered]) > 0 { // empty: not said
			v, why := count(f.rows.fields[registered])
			if why != "" {
				f.notACount(registered, why, fmt.Sprintf("the registered voters of precinct %q", e.ID))
				return
			}
			e.Registered = v
		}
		reg.Expected = append(reg.Expected, e)
	})
}
