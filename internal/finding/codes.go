package finding

// A Code is one kind of finding.
type Code struct {
	Name  string // what scripts match; never reused for anything else
	Means string // what was found
	Do    string // what a clerk can do about it
}

// Codes lists every kind of finding that kenesh states, by subject.
var Codes = []Code{
	// Files.
	{"FILE", "a file cannot be opened or read", "check the path and the permissions"},
	{"SAME-FILE", "the same file, or a copy of it, was given twice", "give each file once"},
	{"EMPTY", "a file has no rows of votes", "leave the file out, or ask its sender for the full one"},
	{"FORMAT", "a file is in a format that is not read", "save it as CSV in UTF-8, or as XLSX"},
	{"GZIP", "compressed data is truncated or damaged", "fetch the file again"},
	{"LIMIT", "a file is larger than any real one: a line, a field or its unpacked size", "look at the file; a quote may be missing"},
	{"ENCODING", "the text is not UTF-8, or holds a character that cannot be seen", "save the file as UTF-8, or say what it is: --encoding"},
	// Syntax.
	{"JSON", "JSON is not well formed, or is no rows of texts and whole numbers", "look at the place; write the rows as an array of objects of one kind"},
	{"XLSX", "a workbook is damaged, or a cell or a choice of sheets has no one meaning", "look at the cell, and save the workbook again"},
	{"HIDDEN", "rows, columns or a sheet of a workbook are hidden, and are read", "show them in the spreadsheet program; take out what is not to be counted"},
	{"QUOTE", "a quote is missing or out of place", "quote a field as a whole and double the quotes in it"},
	{"RAGGED", "a row has more or fewer fields than the header", "look for a comma in an unquoted name or number"},
	{"HEADER", "the header lacks a column, or names one twice", "name the columns in a layout: kenesh help layouts"},
	{"COLUMN", "a column has no known meaning", "say in a layout what it is, or ignore it there"},
	{"TOTAL-COLUMN", "a column is the sum of others; it would count every vote twice", "give it a role in a layout (valid), or ignore it there"},
	{"TOTAL-ROW", "a row is the sum of others, or is called so; it would count every vote twice", "take the row out of the file"},
	{"TOTAL-SUM", "a total that a file states is not the sum of its parts", "ask the sender of the file which of the two numbers is right"},
	{"CONTEST", "a file has several contests, or not the one that is asked for", "name one of those that it has"},
	// Cells.
	{"NOT-A-COUNT", "a cell that must be a number of votes is something else", "write digits only; where nothing is known, leave the row out"},
	{"OVERFLOW", "a number or a sum is beyond 9,223,372,036,854,775,807", "look at the number: no electorate is that large"},
	{"NAME", "a name is empty, too long, broken over lines or has hidden characters", "retype the name"},
	{"NOT-A-LIST", "a line of the protocol stands among the lists", "give it a column of its own, called registered, cast or invalid"},
	{"LOOK-ALIKE", "two names look the same and are spelt differently", "spell the name in one way"},
	{"DUPLICATE", "a precinct has a list, or a line of its protocol, twice", "keep one of the two rows"},
	{"UNCHECKED", "a table has no line of the protocol to hold the votes against", "ask for the table with registered, cast and invalid"},
	{"TWICE", "two rows of one precinct count both, as the layout says", "make sure that they are two boxes and no copy"},
	{"MODES", "votes by ways of voting do not add up to the votes in all", "compare with the source; nobody can know which is right"},
	{"LOOKUP", "a table beside the file lacks a name, or has it twice", "fetch the files of one election together"},
	{"AREA", "a precinct is in two areas", "correct the region or district of one of its rows"},
	// Protocols.
	{"VALID-SUM", "the votes of a precinct do not add up to its valid ballots", "compare with the paper protocol"},
	{"CAST-SUM", "votes and invalid ballots of a precinct do not add up to the ballots cast", "compare with the paper protocol"},
	{"OVER-REGISTERED", "a precinct has more ballots cast than registered voters", "compare with the paper protocol; late registration can explain it"},
	{"OVER-CAST", "a precinct has more votes or invalid ballots than ballots cast", "compare with the paper protocol"},
	{"ISSUED-SUM", "the ballots given out early, at the station and outside do not add up to those issued", "compare with the paper protocol"},
	{"RECEIVED-SUM", "the ballots given out, cancelled and lost do not add up to those received", "count the cancelled ballots again, and compare with the paper protocol"},
	{"BOX-SUM", "the ballots in the boxes are not the valid and the invalid ones", "compare with the paper protocol"},
	{"ISSUED-REGISTERED", "more ballots were given out than there are registered voters", "compare with the paper protocol; late registration can explain it"},
	{"OVER-ISSUED", "more ballots are in the boxes than were given out", "have it explained: it is never right; a recount may be due"},
	{"UNDER-ISSUED", "fewer ballots are in the boxes than were given out", "nothing, if they are few: a voter may take the ballot away"},
	{"ISSUED-GAP", "many of the ballots given out, 2 % or more, are not in the boxes", "compare with the paper protocol; ask where they are"},
	{"PORTABLE-OVER", "more ballots are in the mobile boxes than were given out early and outside", "have it explained; compare with the list of those who voted outside"},
	{"ZERO", "a precinct reports no ballots at all", "make sure that it was counted, and is not missing"},
	{"INCOMPLETE", "precincts lack lists that others have", "make sure that the lists stood there; absent is not zero"},
	// What adds up and is remarkable.
	{"TURNOUT-FULL", "every registered voter of a large precinct took part", "make sure that it is no special one (a ship, a hospital, a station for travellers)"},
	{"ONE-LIST", "every vote of a large precinct is for one list", "compare with the paper protocol, and with the precincts around it"},
	{"SAME-VOTES", "two precincts of an area have the same votes for every list", "make sure that one was not entered twice, under the number of another"},
	{"SPREADSHEET", "the id of a precinct is a date or a power of ten, as spreadsheets make of 4-1 and 12E5", "take the ids from the source, and import their column as text"},
	{"INVALID-RATE", "3 % of the ballots of a large precinct, or more, are invalid", "look at invalid ballots again; a list or a column may be missing"},
	{"OUTSIDE-RATE", "30 % of the ballots of a large precinct, or more, were given out outside of the station", "compare with the applications to vote outside"},
	// The law's areas.
	{"AREAS", "the law names a number of areas and the data has another", "check the region names; a count may be partial"},
	// The register and the expected figures.
	{"MISSING", "a precinct of the register is not in the data", "wait for it, or count without it knowingly"},
	{"PUBLISHED", "sums differ from the published ones, or a file of those is not valid", "compare precinct by precinct; write the file as area,list,votes"},
	{"UNREGISTERED", "a precinct of the data is not in the register", "check its number"},
	{"REGISTER-DIFFERS", "the data and the register state another region, or other numbers of registered voters", "find out which is right; voters may have been added on the day"},
	{"ANNULLED", "precincts were excluded from the count by decision", "nothing; they are listed"},
	{"ANNULMENT", "annulled precincts reach the bar at which the law may void the election", "read the law's article"},
	// Law.
	{"RULES", "a rules file is not valid", "kenesh rules check FILE; kenesh help rules"},
	{"BALLOT", "what is said of who stands is not valid, or does not fit the law or the data", "kenesh help ballot"},
	{"OPTION", "a list has the name of a line that takes no seats on many ballots", "name it among the options of the law, or give it a kind in the ballot"},
	{"OFFICIAL", "seats differ from the official ones that the ballot states, or are the same", "compare the votes, and the law's dates, with the official record"},
	{"LAYOUT", "a layout file is not valid, or does not fit the data", "kenesh layouts show NAME"},
	{"REGISTER", "the register of precincts is not valid", "write it as precinct,region,registered"},
	{"TOTALS", "a file of published totals is not valid", "kenesh help rehearse"},
	{"SEATS", "a method cannot divide these seats, or not under these conditions", "ask for more seats, or take another method: kenesh methods"},
	{"LOTS", "a drawn lot does not answer a tie of this count", "name the tied lists and the winners of the draw"},
	{"SCENARIOS", "a file of scenarios is not valid", "kenesh help scenarios"},
	{"MOVES", "ballots cannot be moved, added or taken away as a scenario says", "say where they count, and no more than there are: kenesh help scenarios"},
	{"CONVERT", "returns cannot be written in the form that was asked for without saying something else", "take another shape or format: kenesh convert --help"},
	// Two counts.
	{"KEY", "precincts of one count cannot be found in the other for certain, or lie elsewhere there", "name columns that tell them apart in both: kenesh compare --key"},
	{"LISTS", "a list is in one of two counts alone", "make sure that it is spelt the same in both"},
	{"UNKNOWN-NAME", "a name given to kenesh is not in the data", "check its spelling"},
}

func known(name string) bool {
	for i := range Codes {
		if Codes[i].Name == name {
			return true
		}
	}
	return false
}
