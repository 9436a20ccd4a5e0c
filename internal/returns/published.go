package returns

// Published is what was published of a contest by area, to hold a set against.
type Published struct {
	File    string
	Figures []Figure
}

// A Figure is one published sum.
type Figure struct {
	Area string // the name of a region or district; "": the nation
	Name string // of a list, its id, or a line of the protocol
	N    int64
	Line int // of the file
}
