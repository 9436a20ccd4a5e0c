package returns

// A Register is the precincts that are expected: who must report.
type Register struct {
	File     string
	Expected []Expected // in the order of the file
}

// Expected is one precinct of a register.
type Expected struct {
	ID         string
	Region     string // "" = not said
	Registered int64  // voters; -1 = not said
	Line       int    // of the file
}

// Compare returns the expected precincts that the set lacks, and the precincts
// of the set that are not expected, each in its own order.
func (r *Register) Compare(s *Set) (missing []Expected, unexpected []int) {
	known := make([]bool, s.Len())
	for _, e := range r.Expected {
		if p := s.Find(e.ID); p >= 0 {
			known[p] = true
		} else {
			missing = append(missing, e)
		}
	}
	for p, ok := range known {
		if !ok {
			unexpected = append(unexpected, p)
		}
	}
	return missing, unexpected
}

// Fill gives the registered voters of the register to every precinct whose
// return does not state them, and reports whether it gave any.
func (r *Register) Fill(s *Set) bool {
	filled := false
	for _, e := range r.Expected {
		if p := s.Find(e.ID); p >= 0 && e.Registered >= 0 && s.PutLine(p, Registered, e.Registered) {
			filled = true
		}
	}
	return filled
}
