package ingest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

// book makes a workbook as a spreadsheet program would, with the table in Sheet1.
func book(t testing.TB, edit func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"precinct", "region", "list", "votes"},
		{"P1", "North", "Alpha", 120}, {"P1", "North", "Beta", 80}, {"P2", "North", "Alpha", 95}, {"P2", "North", "Beta", 105},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// rawBook makes a workbook of one sheet that is written as given, with other parts.
func rawBook(t testing.TB, sheet string, parts map[string]string) string {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	return zipOf(t, all)
}

// zipOf makes a zip file of the members that have a text.
func zipOf(t testing.TB, members map[string]string) string {
	t.Helper()
	var list []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if members[name] != "" {
			list = append(list, name, members[name])
		}
	}
	return zipInOrder(t, list)
}

// sheet is a sheet as a workbook has it, with these rows behind a header in row 1.
func sheet(rows string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="inlineStr"><is><t>precinct</t></is></c><c r="B1" t="inlineStr"><is><t>list</t></is></c><c r="C1" t="inlineStr"><is><t>votes</t></is></c></row>` +
		rows + `</sheetData></worksheet>`
}

// row2 is row 2 of a sheet with a cell of votes that is written as given.
func row2(votes string) string {
	return sheet(`<row r="2"><c r="A2"><v>7</v></c><c r="B2" t="inlineStr"><is><t>Alpha</t></is></c>` + votes + `</row>`)
}

func TestReadWorkbook(t *testing.T) {
	tests := []struct {
		name string
		edit func(f *excelize.File)
		o    ingest.Options
		want string // dialect
	}{
		{"one sheet", nil, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"empty sheets beside it", func(f *excelize.File) { f.NewSheet("Notes"); f.NewSheet("Z") }, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"a sheet that is only formatted", func(f *excelize.File) {
			f.NewSheet("Notes")
			style, _ := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
			f.SetCellStyle("Notes", "A1", "C9", style)
		}, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"a sheet that is named", func(f *excelize.File) { f.NewSheet("Notes"); f.SetCellValue("Notes", "A1", "hello") }, ingest.Options{Sheet: "sheet1"}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"a table lower down and with empty rows", func(f *excelize.File) { f.InsertRows("Sheet1", 1, 3); f.InsertRows("Sheet1", 6, 2) }, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"a number format of counts", func(f *excelize.File) {
			for _, format := range []string{"#,##0", `0" days"`, "[Red]0.00", `0 "mm"`, "General"} {
				style, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
				f.SetCellStyle("Sheet1", "D2", "D3", style)
			}
		}, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"rich text and other texts", func(f *excelize.File) {
			f.SetCellRichText("Sheet1", "C2", []excelize.RichTextRun{{Text: "Al"}, {Text: "pha", Font: &excelize.Font{Bold: true}}})
			f.SetCellStr("Sheet1", "D2", "120")
		}, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
		{"merged cells of another sheet, a chart, a comment", func(f *excelize.File) {
			f.NewSheet("Notes")
			f.MergeCell("Notes", "A1", "B2")
			f.AddChart("Notes", "A1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Sheet1!$C$2", Values: "Sheet1!$D$2:$D$5"}}})
			f.AddChartSheet("Chart", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Sheet1!$C$2", Values: "Sheet1!$D$2:$D$5"}}})
			f.AddComment("Sheet1", excelize.Comment{Cell: "D2", Author: "x", Text: "checked"})
		}, ingest.Options{}, `sheet "Sheet1" of a workbook, a long table: 1 file`},
	}
	for _, tt := range tests {
		for _, packing := range []string{"", "gzip", "zstd", "zip"} {
			t.Run(tt.name+" "+packing, func(t *testing.T) {
				data := book(t, tt.edit)
				switch packing {
				case "zip":
					data = zipOf(t, map[string]string{"a.xlsx": data})
				case "gzip", "zstd":
					data = string(packed(t, packing, []byte(data)))
				}
				r, findings := read(t, tt.o, map[string]string{"a.xlsx": data})
				if len(findings) > 0 {
					t.Fatalf("findings: %v", findings)
				}
				if got, want := totals(r.Set), "Alpha=215 Beta=185"; got != want || r.Set.Len() != 2 {
					t.Errorf("totals = %s in %d precincts, want %s in 2", got, r.Set.Len(), want)
				}
				if got := strings.Join(r.Dialects, " "); got != tt.want {
					t.Errorf("dialects = %s, want %s", got, tt.want)
				}
				if r.Sources[0].Bytes != int64(len(data)) {
					t.Errorf("%d bytes, want %d", r.Sources[0].Bytes, len(data))
				}
			})
		}
	}
}

// A workbook and JSON that are larger than all buffers, in each packing.
func TestLargeTables(t *testing.T) {
	const n = 5000
	var json strings.Builder
	data := book(t, func(f *excelize.File) {
		json.WriteString("[")
		for i := range n {
			name := noise(20 + i%7)
			row := []any{fmt.Sprintf("Q%d-%s", i, name), "South", "Alpha", i}
			f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", 6+i), &row)
			fmt.Fprintf(&json, "%s{\"precinct\":%q,\"list\":\"Alpha\",\"votes\":%d}", strings.Repeat(",\n", min(i, 1)), row[0], i)
		}
		json.WriteString("]")
	})
	const sum = n * (n - 1) / 2
	for name, text := range map[string]string{fmt.Sprintf("Alpha=%d Beta=185", sum+215): data, fmt.Sprintf("Alpha=%d", sum): json.String()} {
		if len(text) < 70<<10 {
			t.Fatalf("only %d bytes", len(text))
		}
		for _, text := range []string{text, string(packed(t, "gzip", []byte(text))), string(packed(t, "zstd", []byte(text))), zipOf(t, map[string]string{"x": text})} {
			r, findings := read(t, ingest.Options{}, map[string]string{"a.csv": text})
			if got := totals(r.Set); got != name || len(findings) > 0 {
				t.Errorf("totals = %s with %v, want %s", got, findings, name)
			}
		}
	}
}

// What a cell of votes reads as: the count, or what is said of it.
func TestCells(t *testing.T) {
	const no = `a.xlsx:2: error NOT-A-COUNT: the votes of "Alpha" in precinct "7": found "%s", not a whole number in digits 0-9`
	tests := []struct{ name, cell, want string }{
		{"digits", `<c r="C2"><v>1280</v></c>`, "1280"},
		{"a fraction of zero", `<c r="C2" t="n"><v>1280.0</v></c>`, "1280"},
		{"an exponent", `<c r="C2"><v>1.28E3</v></c>`, "1280"},
		{"an exponent below zero", `<c r="C2"><v>128000e-2</v></c>`, "1280"},
		{"zero", `<c r="C2"><v>0</v></c>`, "0"},
		{"zero with a fraction", `<c r="C2"><v>0.0E0</v></c>`, "0"},
		{"2^53-1", `<c r="C2"><v>9.007199254740991E+15</v></c>`, "9007199254740991"},
		{"2^53", `<c r="C2"><v>9.007199254740992E+15</v></c>`, fmt.Sprintf(no, "9.007199254740992E+15")},
		{"digits beyond 2^53 are exact", `<c r="C2"><v>9007199254740993</v></c>`, "9007199254740993"},
		{"2^63", `<c r="C2"><v>9223372036854775808</v></c>`, `a.xlsx:2: error OVERFLOW: the votes of "Alpha" in precinct "7": found "9223372036854775808", out of range: larger than any count can be`},
		{"a fraction", `<c r="C2"><v>80.5</v></c>`, fmt.Sprintf(no, "80.5")},
		{"nearly 80", `<c r="C2"><v>79.999999999999986</v></c>`, fmt.Sprintf(no, "79.999999999999986")},
		{"a fraction by its exponent", `<c r="C2"><v>1285E-1</v></c>`, fmt.Sprintf(no, "1285E-1")},
		{"a huge exponent", `<c r="C2"><v>1E999999999</v></c>`, fmt.Sprintf(no, "1E999999999")},
		{"an exponent without digits", `<c r="C2"><v>1E</v></c>`, fmt.Sprintf(no, "1E")},
		{"only a point", `<c r="C2"><v>.</v></c>`, fmt.Sprintf(no, ".")},
		{"two points", `<c r="C2"><v>1.2.0</v></c>`, fmt.Sprintf(no, "1.2.0")},
		{"negative", `<c r="C2"><v>-80</v></c>`, fmt.Sprintf(no, "-80")},
		{"hexadecimal", `<c r="C2"><v>0x50</v></c>`, fmt.Sprintf(no, "0x50")},
		{"a shared text", `<c r="C2" t="s"><v>1</v></c>`, "17"},
		{"a shared text of runs, with a phonetic guide", `<c r="C2" t="s"><v>2</v></c>`, "18"},
		{"a shared text that is not there", `<c r="C2" t="s"><v>3</v></c>`, `a.xlsx: error XLSX: the workbook is damaged: cell C2 has the text "3" of 3; open it in a spreadsheet program and save it again`},
		{"a text with a thousands separator", `<c r="C2" t="inlineStr"><is><t>1 280</t></is></c>`, fmt.Sprintf(no, "1 280")},
		{"an escape in a text", `<c r="C2" t="inlineStr"><is><t>_x0031_2</t></is></c>`, "12"},
		{"true", `<c r="C2" t="b"><v>1</v></c>`, fmt.Sprintf(no, "TRUE")},
		{"false", `<c r="C2" t="b"><v>0</v></c>`, fmt.Sprintf(no, "FALSE")},
		{"an error", `<c r="C2" t="e"><v>#REF!</v></c>`, fmt.Sprintf(no, "#REF!")},
		{"an error that looks like a count", `<c r="C2" t="e"><v>80</v></c>`, fmt.Sprintf(no, "#80")},
		{"a date", `<c r="C2" s="1"><v>44108</v></c>`, fmt.Sprintf(no, "2020-10-04")},
		{"a date and a time", `<c r="C2" s="1"><v>44108.75</v></c>`, fmt.Sprintf(no, "2020-10-04 18:00:00")},
		{"a time", `<c r="C2" s="2"><v>0.75</v></c>`, fmt.Sprintf(no, "18:00:00")},
		{"a date that there is not", `<c r="C2" s="1"><v>-1</v></c>`, fmt.Sprintf(no, "date -1")},
		{"a date in ISO", `<c r="C2" t="d"><v>2020-10-04</v></c>`, fmt.Sprintf(no, "2020-10-04")},
		{"a format of its own with a day", `<c r="C2" s="3"><v>80</v></c>`, fmt.Sprintf(no, "1900-03-20")},
		{"elapsed time", `<c r="C2" s="4"><v>80</v></c>`, fmt.Sprintf(no, "1900-03-20")},
		{"a format with a unit in quotes", `<c r="C2" s="5"><v>80</v></c>`, "80"},
		{"a formula with its value", `<c r="C2"><f>SUM(A1:A9)</f><v>80</v></c>`, "80"},
		{"a formula with a text", `<c r="C2" t="str"><f>A1</f><v>x</v></c>`, fmt.Sprintf(no, "x")},
		{"a formula with an empty text", `<c r="C2" t="str"><f>A1</f><v></v></c>`, `a.xlsx:2: error NOT-A-COUNT: the votes of "Alpha" in precinct "7": found "", the cell is empty: write 0 if nobody, leave the row out if nothing is known`},
		{"a formula without a value", `<c r="C2"><f>SUM(A1:A9)</f></c>`, `a.xlsx:2:3: error XLSX: cell C2: a formula without a value; open the workbook in a spreadsheet program and save it, so that the values are in it`},
		{"a formula with an empty value", `<c r="C2"><f>SUM(A1:A9)</f><v/></c>`, `a.xlsx:2:3: error XLSX: cell C2: a formula without a value; open the workbook in a spreadsheet program and save it, so that the values are in it`},
		{"nothing", `<c r="C2"/>`, `a.xlsx:2: error NOT-A-COUNT: the votes of "Alpha" in precinct "7": found "", the cell is empty: write 0 if nobody, leave the row out if nothing is known`},
		{"no cell", ``, `a.xlsx:2: error NOT-A-COUNT: the votes of "Alpha" in precinct "7": found "", the cell is empty: write 0 if nobody, leave the row out if nothing is known`},
		{"a cell too many", `<c r="C2"><v>1</v></c><c r="E2"><v>280</v></c>`, `a.xlsx:2:5: error RAGGED: cell E2 has something, and the header, in row 1, ends with column 3`},
		{"cells that have changed places", `<c r="D2"/><c r="C2"><v>80</v></c>`, "80"},
		{"a cell twice", `<c r="C2"><v>80</v></c><c r="C2"><v>800</v></c>`, `a.xlsx: error XLSX: the workbook is damaged: cell C2 is there twice; open it in a spreadsheet program and save it again`},
		{"two values", `<c r="C2"><v>80</v><v>800</v></c>`, `a.xlsx: error XLSX: the workbook is damaged: cell C2 has two values; open it in a spreadsheet program and save it again`},
		{"a cell of another row", `<c r="C3"><v>80</v></c>`, `a.xlsx: error XLSX: the workbook is damaged: a cell of row 2 is called "C3"; open it in a spreadsheet program and save it again`},
		{"a cell without a name", `<c><v>80</v></c>`, "80"},
		{"an unknown kind", `<c r="C2" t="x"><v>80</v></c>`, `a.xlsx: error XLSX: the workbook is damaged: cell C2 is of the unknown kind "x"; open it in a spreadsheet program and save it again`},
	}
	parts := map[string]string{
		"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Beta</t></si><si><t>17</t></si><si><r><t>1</t></r><rPh sb="0" eb="1"><t>9</t></rPh><r><t>8</t></r></si></sst>`,
		"xl/styles.xml": `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="d\-mmm"/><numFmt numFmtId="165" formatCode="[h]"/><numFmt numFmtId="166" formatCode="0&quot; days&quot;"/></numFmts>` +
			`<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, findings := read(t, ingest.Options{}, map[string]string{"a.xlsx": rawBook(t, row2(tt.cell), parts)})
			got := strings.Trim(fmt.Sprint(findings), "[]")
			if got == "" {
				v, _ := r.Set.Votes(0).At(0)
				got = fmt.Sprint(v)
			}
			if got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestBadWorkbooks(t *testing.T) {
	const damaged = "a.xlsx: error XLSX: the workbook is damaged: %s; open it in a spreadsheet program and save it again"
	ok := row2(`<c r="C2"><v>80</v></c>`)
	tests := []struct{ name, data, want string }{
		{"two sheets with data", book(t, func(f *excelize.File) { f.NewSheet("Night"); f.SetCellValue("Night", "B7", 1) }),
			`a.xlsx: error XLSX: 2 sheets of this workbook have data: "Sheet1", "Night"; choose one with --sheet NAME, or delete the others`},
		{"a hidden sheet with data", book(t, func(f *excelize.File) {
			f.NewSheet("Old")
			f.SetCellValue("Old", "B7", 1)
			f.SetSheetVisible("Old", false, true)
		}),
			`a.xlsx: error XLSX: 2 sheets of this workbook have data: "Sheet1", "Old" (hidden); choose one with --sheet NAME, or delete the others`},
		{"no data", rawBook(t, `<worksheet><sheetData><row r="1"><c r="A1" s="1"/></row></sheetData></worksheet>`, nil), "a.xlsx: error EMPTY: a workbook without data: no header and no rows"},
		{"only empty texts", rawBook(t, `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t></t></is></c></row></sheetData></worksheet>`, nil), `a.xlsx: error EMPTY: sheet "S" has no data: no header and no rows`},
		{"a header only", rawBook(t, sheet(""), nil), "a.xlsx: error EMPTY: a header but no rows: no data"},
		{"merged cells", book(t, func(f *excelize.File) { f.MergeCell("Sheet1", "A2", "A3"); f.MergeCell("Sheet1", "B4", "B5") }),
			"a.xlsx:2:1: error XLSX: cell A2: A2:A3 are merged, and only the first of them has a value; unmerge them and fill in each a.xlsx:4:2: error XLSX: cell B4: B4:B5 are merged, and only the first of them has a value; unmerge them and fill in each"},
		{"a column without a name", book(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "B1", "") }), "a.xlsx:1: error HEADER: the name of column 2 is empty"},
		{"a hidden row", book(t, func(f *excelize.File) { f.SetRowVisible("Sheet1", 3, false) }), "a.xlsx:3: warning HIDDEN: a row is hidden in the sheet, perhaps by a filter; what they hold is counted"},
		{"hidden rows", book(t, func(f *excelize.File) {
			f.SetRowVisible("Sheet1", 3, false)
			f.SetRowVisible("Sheet1", 5, false)
			f.SetRowVisible("Sheet1", 9, false)
		}),
			"a.xlsx:3: warning HIDDEN: 2 rows are hidden in the sheet, perhaps by a filter; what they hold is counted"},
		{"hidden columns", book(t, func(f *excelize.File) { f.SetColVisible("Sheet1", "B:C", false) }), `a.xlsx:1:2: warning HIDDEN: column "region" is hidden in the sheet, and is read a.xlsx:1:3: warning HIDDEN: column "list" is hidden in the sheet, and is read`},
		{"the only sheet with data is hidden", book(t, func(f *excelize.File) { f.NewSheet("Cover"); f.SetActiveSheet(1); f.SetSheetVisible("Sheet1", false) }),
			`a.xlsx: warning HIDDEN: sheet "Sheet1" is hidden, and is read`},
		{"rows that have changed places", rawBook(t, sheet(`<row r="9"><c r="A9"><v>7</v></c><c r="B9" t="inlineStr"><is><t>A</t></is></c><c r="C9"><v>x</v></c></row><row r="2"><c r="A2"><v>8</v></c><c r="B2" t="inlineStr"><is><t>A</t></is></c><c r="C2"><v>y</v></c></row>`), nil),
			`a.xlsx:2: error NOT-A-COUNT: the votes of "A" in precinct "8": found "y", not a whole number in digits 0-9 a.xlsx:9: error NOT-A-COUNT: the votes of "A" in precinct "7": found "x", not a whole number in digits 0-9`},
		{"a row twice", rawBook(t, strings.Replace(ok, "</sheetData>", `<row r="2"><c r="A2"><v>8</v></c></row></sheetData>`, 1), nil), fmt.Sprintf(damaged, "row 2 is there twice")},
		{"a row that there is not", rawBook(t, strings.Replace(ok, `<row r="2">`, `<row r="1048577">`, 1), nil), "a.xlsx: error LIMIT: a row 1048577: a sheet has at most 1048576"},
		{"a cell far away", rawBook(t, strings.Replace(ok, "</sheetData>", `<row r="1048576"><c r="XFD1048576"><v>8</v></c></row></sheetData>`, 1), nil), "a.xlsx:1048576:16384: error RAGGED: cell XFD1048576 has something, and the header, in row 1, ends with column 3"},
		{"XML that breaks off", rawBook(t, ok[:len(ok)-40], nil), fmt.Sprintf(damaged, "xl/worksheets/sheet1.xml is not well formed (line 1: unexpected EOF)")},
		{"two roots", rawBook(t, ok+ok, nil), fmt.Sprintf(damaged, "xl/worksheets/sheet1.xml is not well formed")},
		{"a document type", rawBook(t, ok, map[string]string{"xl/workbook.xml": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook/>`}), fmt.Sprintf(damaged, "xl/workbook.xml declares a document type, which no workbook does")},
		{"an entity", rawBook(t, strings.Replace(ok, "80", "&e;", 1), nil), fmt.Sprintf(damaged, "xl/worksheets/sheet1.xml is not well formed (line 1: invalid character entity &e;)")},
		{"no list of what is in it", rawBook(t, ok, map[string]string{"[Content_Types].xml": ""}), fmt.Sprintf(damaged, "[Content_Types].xml is not in it")},
		{"a sheet that is not there", rawBook(t, "", nil), fmt.Sprintf(damaged, `the sheet "worksheets/sheet1.xml" is not in it`)},
		{"two sheets of a name", rawBook(t, ok, map[string]string{"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" r:id="rId1"/><sheet name="s" r:id="rId1"/></sheets></workbook>`}), fmt.Sprintf(damaged, `it has two sheets of the name "s"`)},
		{"a text without an end", rawBook(t, strings.Replace(ok, "80", noise(2<<20), 1), nil), "a.xlsx: error LIMIT: a workbook with a text or a tag of more than the limit of 1 MiB"},
		{"a bomb", rawBook(t, strings.Replace(ok, "</sheetData>", strings.Repeat("<!--"+strings.Repeat(" ", 1<<19)+"-->", 160)+"</sheetData>", 1), nil), "a.xlsx: error LIMIT: a bomb: the data is more than 200 times the size of the file that it is packed in"},
		{"cut off", ok2(t)[:400], "a.xlsx:1: error FORMAT: this is a zip file or a workbook, but it is truncated or corrupt (not a valid zip file)"},
		{"damaged data", strings.Replace(stored(t), "<v>80</v>", "<v>81</v>", 1), "a.xlsx: error GZIP: the zip data is truncated or corrupt (zip: checksum error)"},
		{"a binary workbook", zipOf(t, map[string]string{"xl/workbook.bin": "x"}), "a.xlsx: error FORMAT: this is a binary Excel sheet (.xlsb): save it as xlsx or csv"},
		{"an OpenDocument sheet", zipOf(t, map[string]string{"META-INF/manifest.xml": "x", "content.xml": "y"}), "a.xlsx: error FORMAT: this is an OpenDocument sheet or text: save it as xlsx or csv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read(t, ingest.Options{}, map[string]string{"a.xlsx": tt.data})
			if got := strings.Trim(fmt.Sprint(findings), "[]"); got != tt.want {
				t.Errorf("findings:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func ok2(t *testing.T) string { return rawBook(t, row2(`<c r="C2"><v>80</v></c>`), nil) }

// stored is a workbook that is not compressed.
func stored(t *testing.T) string {
	t.Helper()
	in, err := zip.NewReader(strings.NewReader(ok2(t)), int64(len(ok2(t))))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, _ := f.Open()
		w, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(w, r)
	}
	out.Close()
	return b.String()
}

// noise is a text that compression does not make small.
func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

func TestSheetOption(t *testing.T) {
	data := book(t, func(f *excelize.File) { f.NewSheet("Night"); f.SetCellValue("Night", "A1", "precinct") })
	for sheet, want := range map[string]string{
		"Sheet1": "",
		"Night":  `a.xlsx:1:1: error HEADER`,
		"Nihgt":  `a.xlsx: error XLSX: no sheet is called "Nihgt" (did you mean "Night"?); the workbook has "Sheet1", "Night"`,
	} {
		_, findings := read(t, ingest.Options{Sheet: sheet}, map[string]string{"a.xlsx": data, "b.csv": "precinct,region,list,votes\nP9,North,Alpha,1\n"})
		if got := strings.Trim(fmt.Sprint(findings), "[]"); !strings.HasPrefix(strings.Replace(got, "a.xlsx:1:", "a.xlsx:1:1:", 1), want) && !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("sheet %q: %s, want %s", sheet, got, want)
		}
	}
}

// A bomb is refused before it takes the memory of the machine. A text of nothing but
// spaces is what excelize and encoding/xml would take in as a whole.
func TestBombsTakeLittle(t *testing.T) {
	if racing {
		t.Skip("it measures memory, which the race detector takes as well")
	}
	spaces := strings.Repeat(" ", 80<<20)
	texts := map[string]string{"xl/sharedStrings.xml": `<sst><si><t>` + noise(1<<19) + `</t></si></sst>`}
	for name, data := range map[string]string{
		"workbook":               rawBook(t, strings.Replace(row2(`<c r="C2"><v>80</v></c>`), "80", spaces, 1), nil),
		"json":                   string(packed(t, "gzip", []byte("["+spaces))),
		"zip":                    zipOf(t, map[string]string{"a.json": "[" + spaces}),
		"csv":                    zipOf(t, map[string]string{"a.csv": "precinct,A,B\n" + strings.Repeat("\n", 80<<20)}),
		"rows in a zip":          zipOf(t, map[string]string{"a.csv": "precinct,A,B\n" + strings.Repeat("1,2,3\n", 14<<20)}),
		"one text in many cells": rawBook(t, sheet(strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 1000)), texts),
	} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		var log finding.Log
		ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(data)}, &log)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; !strings.Contains(fmt.Sprint(log.Sorted()), "LIMIT") || took > 300<<20 || time.Since(start) > 20*time.Second {
			t.Errorf("%s: %d MiB taken in %v, findings %v", name, took>>20, time.Since(start), log.Sorted())
		}
	}
}

// Nothing crashes or hangs, whatever a sheet, its styles and its texts are.
func FuzzXLSX(f *testing.F) {
	f.Add(row2(`<c r="C2"><v>80</v></c>`), "", "")
	f.Add(row2(`<c r="C2" s="1" t="s"><v>0</v></c>`), `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`, `<sst><si><t>8</t></si></sst>`)
	f.Add(sheet(`<row r="2" hidden="1"><c r="A2"><f>A1</f><v>1</v></c></row><row/></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells><sheetData>`), `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]\"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`, "")
	f.Fuzz(func(t *testing.T, sheet, styles, texts string) {
		var log finding.Log
		data := rawBook(t, sheet, map[string]string{"xl/styles.xml": styles, "xl/sharedStrings.xml": texts})
		r := ingest.Read([]string{"-"}, ingest.Options{Stdin: strings.NewReader(data)}, &log)
		if log.Failed() {
			return
		}
		// A count of digits is not made of anything else.
		for l := range r.Set.Lists {
			for p := range r.Set.Len() {
				if v, ok := r.Set.Votes(l).At(p); ok && v < 0 {
					t.Fatalf("precinct %q has %d votes", r.Set.ID(p), v)
				}
			}
		}
	})
}
