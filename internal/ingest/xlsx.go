package ingest

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenesh/internal/finding"
)

// A workbook is read as a table when one of its sheets has data, or one is named.
//
// No library does it, though excelize is one and well kept, and makes the workbooks of the
// tests: its rows end without an error where a sheet is broken off, put a cell in another
// column when two of a row change places, and do not tell a truth value from the count 1,
// or a date from a number; and it takes 4 ms when a program starts. Here a sheet is well
// formed to its end, each cell stands in its place, and nothing becomes a count that is
// none.

const (
	workbookPart  = "xl/workbook.xml"
	relationsPart = "xl/_rels/workbook.xml.rels"
	stylesPart    = "xl/styles.xml"

	maxUnzipped = 512 << 20 // bytes of a workbook, and of one of its parts
	maxFrame    = 8 << 20   // bytes of its lists of sheets and styles
	maxMarkup   = 1 << 20   // bytes of one tag or one text of a part
	maxStrings  = 1 << 22   // texts that cells share

	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// A workbook is one that is open.
type workbook struct {
	zip      *zip.Reader
	book     bookXML
	styles   stylesXML
	sheets   []sheetPart
	strings  *zip.File // the texts that cells share; nil: none
	shared   []string  // they, once they were read
	unzipped int64     // bytes, so far
	date     map[int]bool
}

// A sheetPart is where a sheet stands.
type sheetPart struct {
	name   string
	hidden bool
	part   *zip.File
}

func readWorkbook(data []byte, o Options) (*table, error) {
	z, err := openZip(data)
	if err != nil {
		return nil, err
	}
	if member(z, workbookPart) == nil {
		return nil, placed("FORMAT", 0, 0, "a zip file inside a zip file; unpack it")
	}
	w := &workbook{zip: z, date: map[int]bool{}}
	if err := w.open(); err != nil {
		return nil, err
	}
	s, err := w.choose(o.Sheet)
	if err != nil {
		return nil, err
	}
	if w.strings != nil {
		if err := w.readStrings(); err != nil {
			return nil, err
		}
	}
	r := &sheetReader{workbook: w, sheetPart: s}
	if err := w.read(s.part, r.element); err != nil && err != errEnough {
		r.faults = append(r.faults, err)
	}
	if len(r.faults) > 0 {
		return nil, r.faults.err()
	}
	return r.table()
}

// bookXML is what is wanted of the workbook's own part.
type bookXML struct {
	Pr struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets *struct {
		Sheet []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"` // of the relation
		} `xml:"sheet"`
	} `xml:"sheets"`
}

// stylesXML is what is wanted of the styles: the format of numbers of each.
type stylesXML struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Xf []struct {
		Format *int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// open opens all but the cells.
func (w *workbook) open() error {
	var relations []byte
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", workbookPart, relationsPart, stylesPart} {
		f := member(w.zip, name)
		if f == nil && name == stylesPart {
			continue
		}
		if f == nil {
			return damaged("%s is not in it", name)
		}
		r, err := openMember(f)
		if err != nil {
			return err
		}
		part, err := io.ReadAll(io.LimitReader(r, maxFrame+1))
		if err != nil {
			return &packedError{"zip", err}
		}
		if len(part) > maxFrame {
			return placed("LIMIT", 0, 0, "%s of this workbook has more than the limit of %d MiB", name, maxFrame>>20)
		}
		if err := w.read(f, func(*xml.Decoder, xml.StartElement) error { return nil }); err != nil {
			return err
		}
		switch name {
		case relationsPart:
			relations = part
		case workbookPart:
			err = xml.Unmarshal(part, &w.book)
		case stylesPart:
			err = xml.Unmarshal(part, &w.styles)
		}
		if err != nil {
			return damaged("its parts do not fit together (%v)", err)
		}
	}
	return w.findSheets(relations)
}

// findSheets lists the sheets that have cells, and finds the shared texts.
func (w *workbook) findSheets(relations []byte) error {
	var all struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := xml.Unmarshal(relations, &all); err != nil {
		return damaged("%v", err)
	}
	parts := map[string]*zip.File{}
	for _, r := range all.Relationship {
		target := strings.ReplaceAll(r.Target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = "/xl/" + target
		}
		part := member(w.zip, strings.TrimPrefix(path.Clean(target), "/"))
		switch path.Base(r.Type) {
		case "worksheet":
			if part == nil {
				return damaged("the sheet %q is not in it", shorten([]byte(r.Target)))
			}
			parts[r.ID] = part
		case "sharedStrings":
			w.strings = part
		}
	}
	if w.book.Sheets == nil {
		return damaged("it has no list of sheets")
	}
	names := map[string]bool{}
	for _, s := range w.book.Sheets.Sheet {
		if names[strings.ToLower(s.Name)] {
			return damaged("it has two sheets of the name %q", shorten([]byte(s.Name)))
		}
		names[strings.ToLower(s.Name)] = true
		if part := parts[s.ID]; part != nil { // else it is a chart
			w.sheets = append(w.sheets, sheetPart{s.Name, s.State != "" && s.State != "visible", part})
		}
	}
	return nil
}

func damaged(format string, args ...any) error {
	return placed("XLSX", 0, 0, "the workbook is damaged: %s; open it in a spreadsheet program and save it again", fmt.Sprintf(format, args...))
}

// choose finds the sheet to be read.
func (w *workbook) choose(name string) (sheetPart, error) {
	if name != "" {
		var names []string
		for _, s := range w.sheets {
			if strings.EqualFold(s.name, name) {
				return s, nil
			}
			names = append(names, s.name)
		}
		return sheetPart{}, placed("XLSX", 0, 0, "no sheet is called %q%s; the workbook has %s", name, finding.DidYouMean(name, names), w.names(w.sheets))
	}
	var full []sheetPart
	for _, s := range w.sheets {
		has, err := w.hasData(s)
		if err != nil {
			return s, err
		}
		if has {
			full = append(full, s)
		}
	}
	switch len(full) {
	case 0:
		return sheetPart{}, placed("EMPTY", 0, 0, "a workbook without data: no header and no rows")
	case 1:
		return full[0], nil
	}
	return sheetPart{}, placed("XLSX", 0, 0, "%d sheets of this workbook have data: %s; choose one with --sheet NAME, or delete the others", len(full), w.names(full))
}

func (w *workbook) names(sheets []sheetPart) string {
	const most = 10
	var names []string
	for _, s := range sheets[:min(len(sheets), most)] {
		hidden := ""
		if s.hidden {
			hidden = " (hidden)"
		}
		names = append(names, fmt.Sprintf("%q%s", shorten([]byte(s.name)), hidden))
	}
	if n := len(sheets) - most; n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return strings.Join(names, ", ")
}

// errEnough ends a reading that has seen what it was for.
var errEnough = errors.New("enough")

// hasData reports whether a sheet has a cell that is not empty. No more of it is read
// than tells.
func (w *workbook) hasData(s sheetPart) (bool, error) {
	err := w.read(s.part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "v" || e.Name.Local == "f" || e.Name.Local == "is" {
			return errEnough
		}
		return nil
	})
	if err == errEnough {
		return true, nil
	}
	return false, err
}

// read reads a part of the workbook to its end and calls element for each element that
// begins. Such a call may read on.
func (w *workbook) read(f *zip.File, element func(*xml.Decoder, xml.StartElement) error) error {
	r, err := openMember(f)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(&markup{r: r, w: w})
	open := 0 // there is more than one root, or none, without an error of the decoder
	for roots := 0; ; {
		t, err := d.Token()
		switch {
		case err == io.EOF && roots == 1:
			return nil
		case err == io.EOF:
			return damaged("%s is empty", f.Name)
		case err != nil:
			return xmlError(f, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if open == 0 {
				if roots++; roots > 1 {
					return damaged("%s is not well formed", f.Name)
				}
			}
			open++
			if err := element(d, t); err == errSkipped {
				open--
			} else if err != nil {
				return err
			}
		case xml.EndElement:
			open--
		case xml.Directive:
			return damaged("%s declares a document type, which no workbook does", f.Name)
		}
	}
}

// errSkipped says that an element was read to its end.
var errSkipped = errors.New("skipped")

// xmlError says what is wrong with a part.
func xmlError(f *zip.File, err error) error {
	var syntax *xml.SyntaxError
	var p *placedError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &syntax):
		return damaged("%s is not well formed (line %d: %s)", f.Name, syntax.Line, syntax.Msg)
	case errors.Is(err, errEnough):
		return err
	}
	if strings.HasPrefix(err.Error(), "xml: ") {
		return damaged("%s: %v", f.Name, err)
	}
	return &packedError{"zip", err}
}

// markup reads a part and refuses what would take much memory: too much of it, and tags
// and texts that do not end.
type markup struct {
	r   io.Reader
	w   *workbook
	run int // bytes since the last tag began
}

func (m *markup) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if m.w.unzipped += int64(n); m.w.unzipped > maxUnzipped {
		return n, placed("LIMIT", 0, 0, "a workbook of more than the limit of %d MiB, unpacked", maxUnzipped>>20)
	}
	first, last := bytes.IndexByte(p[:n], '<'), bytes.LastIndexByte(p[:n], '<')
	if first < 0 {
		first, last = n, -1-m.run
	}
	if m.run+first > maxMarkup {
		return n, placed("LIMIT", 0, 0, "a workbook with a text or a tag of more than the limit of %d MiB", maxMarkup>>20)
	}
	m.run = n - last - 1
	return n, err
}

// cellText reads the text of an element that was opened, of all its elements of that name,
// up to its end. What a phonetic guide says is left out.
func cellText(d *xml.Decoder, name string) (string, error) {
	var text []byte
	in := 0 // elements of the name
	if name == "" {
		in = 1
	}
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := d.Skip(); err != nil {
					return "", err
				}
				continue
			}
			depth++
			if t.Name.Local == name {
				in++
			}
		case xml.EndElement:
			depth--
			if t.Name.Local == name {
				in--
			}
		case xml.CharData:
			if in > 0 {
				text = append(text, t...)
			}
		}
	}
	return string(text), nil
}

// unescape reads _xHHHH_, as which workbooks have the characters that XML has not.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		v, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString("_x")
			s = s[i+2:]
			continue
		}
		b.WriteRune(rune(v))
		s = s[i+7:]
	}
}

// readStrings reads the texts that cells share.
func (w *workbook) readStrings() error {
	return w.read(w.strings, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.shared) == maxStrings {
			return placed("LIMIT", 0, 0, "a workbook of more than the limit of %d texts", maxStrings)
		}
		text, err := cellText(d, "t")
		if err != nil {
			return xmlError(w.strings, err)
		}
		w.shared = append(w.shared, unescape(text))
		return errSkipped
	})
}

// A sheetReader reads the cells of a sheet.
type sheetReader struct {
	*workbook
	sheetPart

	rows    []tableRow // those that have something, each as wide as its last cell
	cells   int        // of them
	last    int        // the row that began last
	falls   bool       // they are not in their order
	hidden  []int      // rows with something that are hidden
	columns [][2]int   // from, to: those that are hidden
	faults  faults

	buffer []string // scratch: the cells of a row
	filled []bool   // those that were there
}

// fault notes what is wrong with a cell.
func (r *sheetReader) fault(code string, row, column int, format string, args ...any) error {
	r.faults = append(r.faults, placed(code, row, column, "cell %s: %s", cellName(row, column), fmt.Sprintf(format, args...)))
	if len(r.faults) >= maxFaults {
		return errEnough
	}
	return nil
}

func cellName(row, column int) string {
	name, err := nameOfCell(column, row)
	if err != nil {
		return fmt.Sprintf("in row %d, column %d", row, column)
	}
	return name
}

// element takes an element of the sheet.
func (r *sheetReader) element(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		if err := r.row(d, e); err != nil {
			return err
		}
		return errSkipped
	case "col":
		from, _ := strconv.Atoi(attribute(e, "min"))
		to, _ := strconv.Atoi(attribute(e, "max"))
		if isTrue(attribute(e, "hidden")) {
			r.columns = append(r.columns, [2]int{from, to})
		}
	case "mergeCell":
		ref := attribute(e, "ref")
		from, to, several := strings.Cut(ref, ":")
		if column, row, err := cellAt(from); err == nil && several && from != to {
			return r.fault("XLSX", row, column, "%s are merged, and only the first of them has a value; unmerge them and fill in each", shorten([]byte(ref)))
		}
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// row reads a row.
func (r *sheetReader) row(d *xml.Decoder, e xml.StartElement) error {
	row := r.last + 1
	if s := attribute(e, "r"); s != "" {
		var err error
		if row, err = strconv.Atoi(s); err != nil {
			return damaged("a row has the number %q", shorten([]byte(s)))
		}
	}
	if row < 1 || row > maxSheetRows {
		return placed("LIMIT", 0, 0, "a row %d: a sheet has at most %d", row, maxSheetRows)
	}
	r.falls = r.falls || row <= r.last
	r.last = row
	r.buffer, r.filled = r.buffer[:0], r.filled[:0]
	column, width := 0, 0
	for {
		t, err := d.Token()
		if err != nil {
			return xmlError(r.part, err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			return r.add(row, width, isTrue(attribute(e, "hidden")))
		case xml.StartElement:
			if t.Name.Local != "c" {
				if err := d.Skip(); err != nil {
					return xmlError(r.part, err)
				}
				continue
			}
			column++
			if s := attribute(t, "r"); s != "" {
				var at int
				if column, at, err = cellAt(s); err != nil || at != row {
					return damaged("a cell of row %d is called %q", row, shorten([]byte(s)))
				}
			}
			if column > maxSheetColumns {
				return damaged("row %d has more than %d columns", row, maxSheetColumns)
			}
			text, err := r.cell(d, t, row, column)
			if err != nil {
				return err
			}
			for len(r.buffer) < column {
				r.buffer, r.filled = append(r.buffer, ""), append(r.filled, false)
			}
			if r.filled[column-1] {
				return damaged("cell %s is there twice", cellName(row, column))
			}
			r.buffer[column-1], r.filled[column-1] = text, true
			if text != "" {
				width = max(width, column)
			}
		}
	}
}

// add notes a row that was read, if it has anything.
func (r *sheetReader) add(row, width int, hidden bool) error {
	if width == 0 {
		return nil
	}
	room := width
	if len(r.rows) > 0 { // rows mostly are as wide as the first
		room = max(room, len(r.rows[0].cells))
	}
	if r.cells += room; r.cells > maxCells {
		return placed("LIMIT", row, 0, "a sheet of more than the limit of %d cells, empty ones included", maxCells)
	}
	if hidden {
		r.hidden = append(r.hidden, row)
	}
	r.rows = append(r.rows, tableRow{row, append(make([]string, 0, room), r.buffer[:width]...)})
	return nil
}

// cell reads a cell as text: a whole number in digits, a date as one, and what is no text
// as it is shown.
func (r *sheetReader) cell(d *xml.Decoder, e xml.StartElement, row, column int) (string, error) {
	var value, inline string
	formula, hasValue := false, false
	for {
		t, err := d.Token()
		if err != nil {
			return "", xmlError(r.part, err)
		}
		if _, end := t.(xml.EndElement); end {
			break
		}
		part, begins := t.(xml.StartElement)
		if !begins {
			continue
		}
		switch part.Name.Local {
		case "v":
			if hasValue {
				return "", damaged("cell %s has two values", cellName(row, column))
			}
			hasValue = true
			value, err = cellText(d, "")
		case "is":
			inline, err = cellText(d, "t")
		case "f":
			formula = true
			err = d.Skip()
		default:
			err = d.Skip()
		}
		if err != nil {
			return "", xmlError(r.part, err)
		}
	}
	kind := attribute(e, "t")
	if formula && !(hasValue && (value != "" || kind == "str")) {
		return "", r.fault("XLSX", row, column, "a formula without a value; open the workbook in a spreadsheet program and save it, so that the values are in it")
	}
	switch kind {
	case "", "n":
		if value == "" {
			return "", nil
		}
		if r.isDate(attribute(e, "s")) {
			return r.dateOf(value), nil
		}
		return plain(value), nil
	case "s":
		if value == "" {
			return "", nil
		}
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(r.shared) {
			return "", damaged("cell %s has the text %q of %d", cellName(row, column), shorten([]byte(value)), len(r.shared))
		}
		return r.shared[i], nil
	case "inlineStr":
		return unescape(inline), nil
	case "str":
		return unescape(value), nil
	case "b":
		if isTrue(value) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		if !strings.HasPrefix(value, "#") { // so that no count parser takes it for one
			value = "#" + value
		}
		return value, nil
	case "d":
		return value, nil
	}
	return "", damaged("cell %s is of the unknown kind %q", cellName(row, column), shorten([]byte(kind)))
}

// plain is a number of a cell in digits, if it is a whole one. Programs write 1280 as
// 1280, 1280.0 or 1.28E3. What is no whole number below 2^53 stays as it is.
func plain(number string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToUpper(number), "E")
	e := 0
	if exponent != "" {
		var err error
		if e, err = strconv.Atoi(exponent); err != nil || e < -400 || e > 400 {
			return number
		}
	} else if mantissa != number && strings.ToUpper(number) != mantissa {
		return number
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	for _, c := range digits {
		if c < '0' || c > '9' {
			return number
		}
	}
	point := len(whole) + e
	if strings.Trim(digits, "0") == "" && digits != "" {
		return "0"
	}
	digits, lead := strings.TrimLeft(digits, "0"), len(digits)
	point -= lead - len(digits)
	digits = strings.TrimRight(digits, "0")
	if len(digits) > point || digits == "" || point > 19 {
		return number
	}
	digits += strings.Repeat("0", point-len(digits))
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || v >= 1<<53 && digits != number {
		return number
	}
	return digits
}

// isDate reports whether a style shows numbers as dates or times.
func (r *sheetReader) isDate(style string) bool {
	s, err := strconv.Atoi(style)
	if err != nil {
		return false
	}
	is, known := r.date[s]
	if !known {
		is = r.dateStyle(s)
		r.date[s] = is
	}
	return is
}

func (r *sheetReader) dateStyle(s int) bool {
	if s < 0 || s >= len(r.styles.Xf) || r.styles.Xf[s].Format == nil {
		return false
	}
	n := *r.styles.Xf[s].Format
	for _, f := range r.styles.Formats {
		if f.ID == n {
			return dateFormat(f.Code)
		}
	}
	switch {
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58, n >= 71 && n <= 81:
		return true
	}
	return false
}

// dateFormat reports whether a number format has parts of a date or a time, outside of
// quotes, brackets and what is escaped.
func dateFormat(format string) bool {
	format, _, _ = strings.Cut(format, ";")
	for i := 0; i < len(format); i++ {
		switch c := format[i] | 0x20; {
		case format[i] == '\\' || format[i] == '_' || format[i] == '*':
			i++
		case format[i] == '"':
			for i++; i < len(format) && format[i] != '"'; i++ {
			}
		case format[i] == '[':
			end := strings.IndexByte(format[i:], ']')
			if end < 0 {
				return false
			}
			if inside := strings.ToLower(format[i+1 : i+end]); inside != "" && strings.Trim(inside, "hms") == "" {
				return true // elapsed time
			}
			i += end
		case strings.HasPrefix(strings.ToLower(format[i:]), "general"):
			i += len("general") - 1
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			return true
		}
	}
	return false
}

// dateOf is a date or a time in text, as which no count is taken for it.
func (r *sheetReader) dateOf(value string) string {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 3e6 {
		return "date " + value
	}
	// Day 1 is the first of 1900, which is taken for a leap year; or day 0 that of 1904.
	days, part := math.Modf(v)
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904, _ := strconv.ParseBool(r.book.Pr.Date1904); from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		first = first.AddDate(0, 0, 1)
	}
	t := first.AddDate(0, 0, int(days)).Add(time.Duration(part * float64(24*time.Hour)))
	switch t = t.Round(time.Second); {
	case v < 1:
		return t.Format("15:04:05")
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}

// table makes the table of the rows.
func (r *sheetReader) table() (*table, error) {
	if r.falls {
		slices.SortStableFunc(r.rows, func(a, b tableRow) int { return cmp.Compare(a.line, b.line) })
		slices.Sort(r.hidden)
		for i := 1; i < len(r.rows); i++ {
			if r.rows[i].line == r.rows[i-1].line {
				return nil, damaged("row %d is there twice", r.rows[i].line)
			}
		}
	}
	if len(r.rows) == 0 {
		return nil, placed("EMPTY", 0, 0, "sheet %q has no data: no header and no rows", shorten([]byte(r.name)))
	}
	t := &table{what: fmt.Sprintf("sheet %q of a workbook", shorten([]byte(r.name))), line: r.rows[0].line, header: r.rows[0].cells, rows: r.rows[1:]}
	width := len(t.header)
	if width*len(t.rows) > maxCells {
		return nil, placed("LIMIT", 0, 0, "a sheet of more than the limit of %d cells, empty ones included", maxCells)
	}
	for i, row := range t.rows {
		if n := len(row.cells); n > width {
			if r.faults = append(r.faults, placed("RAGGED", row.line, n, "cell %s has something, and the header, in row %d, ends with column %d", cellName(row.line, n), t.line, width)); len(r.faults) == maxFaults {
				break
			}
			continue
		}
		t.rows[i].cells = append(row.cells, make([]string, width-len(row.cells))...)
	}
	if len(r.faults) > 0 {
		return nil, r.faults.err()
	}
	r.warn(t)
	return t, nil
}

// warn says what of the table is hidden; it counts all the same.
func (r *sheetReader) warn(t *table) {
	warn := func(line, column int, format string, args ...any) {
		t.warnings = append(t.warnings, placed("HIDDEN", line, column, format, args...))
	}
	if r.sheetPart.hidden {
		warn(0, 0, "sheet %q is hidden, and is read", shorten([]byte(r.name)))
	}
	if n := len(r.hidden); n > 0 {
		rows := "a row is"
		if n > 1 {
			rows = fmt.Sprintf("%d rows are", n)
		}
		warn(r.hidden[0], 0, "%s hidden in the sheet, perhaps by a filter; what they hold is counted", rows)
	}
	for i, c := range r.columns {
		for column := c[0]; column <= min(c[1], len(t.header)) && column > 0; column++ {
			warn(t.line, column, "column %q is hidden in the sheet, and is read", shorten([]byte(t.header[column-1])))
		}
		if i == maxFaults {
			break
		}
	}
}

// nameOfCell is how a cell is called: C2.
func nameOfCell(column, row int) (string, error) {
	if column < 1 || column > maxSheetColumns || row < 1 || row > maxSheetRows {
		return "", fmt.Errorf("no cell in column %d and row %d", column, row)
	}
	name := strconv.Itoa(row)
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name, nil
}

// cellAt is the column and the row of a cell that is called so.
func cellAt(name string) (column, row int, err error) {
	i := 0
	for ; i < len(name) && i < 4; i++ {
		c := name[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = 26*column + int(c-'A') + 1
	}
	row, err = strconv.Atoi(name[i:])
	if err != nil || i == 0 || name[i] == '+' || name[i] == '-' || column > maxSheetColumns || row < 1 || row > maxSheetRows {
		return 0, 0, fmt.Errorf("no cell is called %q", name)
	}
	return column, row, nil
}
