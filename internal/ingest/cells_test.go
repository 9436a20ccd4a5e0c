package ingest

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

// Cells are called as in every workbook.
func TestCellNames(t *testing.T) {
	for _, column := range []int{1, 2, 26, 27, 52, 53, 702, 703, 704, maxSheetColumns} {
		for _, row := range []int{1, 9, maxSheetRows} {
			want, err := excelize.CoordinatesToCellName(column, row)
			if got, fault := nameOfCell(column, row); got != want || err != nil || fault != nil {
				t.Errorf("nameOfCell(%d, %d) = %q, %v, want %q", column, row, got, fault, want)
			}
			if c, r, err := cellAt(want); c != column || r != row || err != nil {
				t.Errorf("cellAt(%q) = %d, %d, %v", want, c, r, err)
			}
		}
	}
	for _, name := range []string{"", "A", "1", "A0", "A-1", "A+1", "XFE1", "AAAA1", "A1048577", "A1B", "Ä1", "$A$1"} {
		if c, r, err := cellAt(name); err == nil {
			t.Errorf("cellAt(%q) = %d, %d, want an error", name, c, r)
		}
	}
	for _, at := range [][2]int{{0, 1}, {1, 0}, {maxSheetColumns + 1, 1}, {1, maxSheetRows + 1}} {
		if name, err := nameOfCell(at[0], at[1]); err == nil {
			t.Errorf("nameOfCell(%d, %d) = %q, want an error", at[0], at[1], name)
		}
	}
}
