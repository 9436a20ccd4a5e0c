package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kenesh/internal/finding"
)

// maxName is the longest name of a list, an area or a precinct, in characters.
const maxName = 1000

// name checks a cell that names something and takes the spaces around it away,
// which nobody means. The reason says what is wrong with it, if anything.
func name(cell []byte) (clean []byte, reason string) {
	clean = bytes.Trim(cell, " ")
	if len(clean) == 0 {
		return nil, "is empty"
	}
	if r, hidden := finding.Hidden(string(clean)); hidden {
		return nil, fmt.Sprintf("has a character that cannot be seen or a control character (U+%04X), found %q", r, shorten(clean))
	}
	if n := utf8.RuneCount(clean); n > maxName {
		return nil, fmt.Sprintf("is too long: %d characters, the limit is %d", n, maxName)
	}
	return clean, ""
}

// shorten returns the beginning of a cell for a message.
func shorten(cell []byte) string {
	const most = 40
	if r := []rune(string(cell)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(cell)
}

// lookAlikes writes letters of other scripts, dashes and quotes as the one that
// they cannot be told from in print.
var lookAlikes = strings.NewReplacer(
	// Cyrillic
	"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "У", "Y", "Х", "X",
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "І", "I", "ѕ", "s", "Ѕ", "S", "ј", "j", "Ј", "J",
	// Greek
	"Α", "A", "Β", "B", "Ε", "E", "Ζ", "Z", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O", "Ρ", "P", "Τ", "T", "Υ", "Y", "Χ", "X", "ο", "o", "ν", "v",
	// Dashes and apostrophes
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-",
	"\u2018", "'", "\u2019", "'", "\u02bc", "'", "`", "'",
	"ı", "i", "ß", "ss",
)

// skeleton is what is left of a name when everything is taken away that a reader
// may overlook: two names with one skeleton look alike.
func skeleton(s string) string {
	if isASCII(s) { // nothing in it looks like anything else but for case and spaces
		return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(s, "`", "'"))), " ")
	}
	s = lookAlikes.Replace(norm.NFKC.String(s))
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(lookAlikes.Replace(b.String())), " ")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// totals are the words by which tables call the rows and columns that hold sums.
var totals = map[string]bool{
	"total": true, "totals": true, "subtotal": true, "subtotals": true, "sub-total": true,
	"итого": true, "всего": true, "жалпы": true, "баары": true, "бардыгы": true, "общо": true, "всичко": true,
	"summe": true, "gesamt": true, "insgesamt": true, "gesamtsumme": true,
	"totales": true, "totaal": true, "totale": true, "suma": true, "razem": true, "ogółem": true, "celkem": true,
	"összesen": true, "toplam": true, "סה\"כ": true, "合计": true, "总计": true, "合計": true, "総計": true, "المجموع": true,
}

// figures are words for other rows that are no precinct; they are too common in
// addresses to be looked for inside one.
var figures = map[string]bool{"sum": true, "average": true, "mean": true, "percent": true, "%": true, "сумма": true}

// calledTotal reports whether a cell says that what it names is a sum: it is a
// word for it, or begins or ends with one ("Total Osh", "Osh: total").
func calledTotal(cell string) bool {
	words := strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == '.' })
	switch len(words) {
	case 0:
		return false
	case 1:
		return totals[words[0]] || figures[words[0]]
	}
	return totals[words[0]] || totals[words[len(words)-1]]
}
