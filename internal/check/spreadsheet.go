package check

import "bytes"

// spreadsheet looks for ids that a spreadsheet has taken for a date or for a power of
// ten, and has changed: "4-1" becomes "4-Jan", and "12E5" becomes "1.20E+06".
func (c *checker) spreadsheet() int {
	var changed []int
	var id []byte
	for p := range c.set.Len() {
		if id = c.set.AppendID(id[:0], p); isDate(id) || isPower(id) {
			changed = append(changed, p)
		}
	}
	if 2*len(changed) < c.set.Len() { // else it is how precincts are called here
		for _, p := range changed {
			c.warn("SPREADSHEET", p, "its id is a date or a power of ten, and those of most others are not")
		}
	}
	return c.set.Len()
}

// isDate reports whether an id is a date as spreadsheets and programs write one. Two
// numbers alone (4-1) are none: they are how a precinct is called before.
func isDate(id []byte) bool {
	const longest = len("2020-04-01 00:00:00")
	if len(id) > longest {
		return false
	}
	id = bytes.TrimSuffix(id, []byte(" 00:00:00"))
	at := bytes.IndexAny(id, "-./ ")
	if at < 0 {
		return false
	}
	separator := id[at]
	first, rest := id[:at], bytes.TrimLeft(id[at+1:], " ")
	second, third, three := bytes.Cut(rest, []byte{separator})
	if three {
		return isYear(first) && isNumber(second, 12) && isNumber(third, 31) && len(second) == 2 && len(third) == 2 ||
			isNumber(first, 31) && (isNumber(second, 31) || isMonth(second)) && (isYear(third) || isMonth(second) && isNumber(third, 99))
	}
	return isNumber(first, 31) && isMonth(second) || isMonth(first) && (isNumber(second, 99) || isYear(second))
}

// isNumber reports whether b is a number of one or two digits, up to most.
func isNumber(b []byte, most int) bool {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
		n = 10*n + int(c-'0')
	}
	return len(b) > 0 && len(b) <= 2 && n <= most
}

func isYear(b []byte) bool {
	return len(b) == 4 && isNumber(b[2:], 99) && (b[0] == '1' && b[1] == '9' || b[0] == '2' && b[1] == '0')
}

var months = [][]byte{
	[]byte("jan"), []byte("feb"), []byte("mar"), []byte("apr"), []byte("may"), []byte("jun"),
	[]byte("jul"), []byte("aug"), []byte("sep"), []byte("oct"), []byte("nov"), []byte("dec"),
	[]byte("янв"), []byte("фев"), []byte("мар"), []byte("апр"), []byte("май"), []byte("июн"),
	[]byte("июл"), []byte("авг"), []byte("сен"), []byte("окт"), []byte("ноя"), []byte("дек"),
}

func isMonth(b []byte) bool {
	for _, m := range months {
		if bytes.EqualFold(b, m) {
			return true
		}
	}
	return false
}

// isPower reports whether an id is a number with an exponent, which has a sign and two
// digits where a spreadsheet writes it: 1.20E+06.
func isPower(id []byte) bool {
	mantissa, exponent, ok := bytes.Cut(id, []byte("E+"))
	if !ok || len(exponent) != 2 || !isNumber(exponent, 99) || len(mantissa) == 0 {
		return false
	}
	for _, c := range mantissa {
		if (c < '0' || c > '9') && c != '.' && c != ',' {
			return false
		}
	}
	return true
}
