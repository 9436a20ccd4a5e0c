package apportion_test

import (
	"testing"

	"kenesh/internal/apportion"
)

func TestIndices(t *testing.T) {
	tests := []struct {
		name  string
		votes []int64
		seats []int
		want  [6]string // Loosemore–Hanby, Gallagher, Sainte-Laguë, Rae, parties by votes and by seats
	}{
		{"one of two lists takes all", []int64{68, 22}, []int{2, 0}, [6]string{"24.444", "24.444", "32.353", "24.444", "1.586", "1.000"}},
		{"a seat each for two of three", []int64{68, 22, 10}, []int{1, 1, 0}, [6]string{"28.000", "24.576", "50.401", "18.667", "1.920", "2.000"}},
		{"in proportion", []int64{50, 30, 20}, []int{5, 3, 2}, [6]string{"0.000", "0.000", "0.000", "0.000", "2.632", "2.632"}},
		{"seats without votes", []int64{7, 3, 0}, []int{1, 1, 2}, [6]string{"50.000", "47.697", "–", "33.333", "1.724", "2.667"}},
		{"no votes", []int64{0, 0}, []int{0, 0}, [6]string{"–", "–", "–", "–", "–", "–"}},
		{"large numbers", []int64{1<<63 - 1, 1<<63 - 1}, []int{3, 1}, [6]string{"25.000", "25.000", "25.000", "25.000", "2.000", "1.600"}},
	}
	for _, tt := range tests {
		for i, x := range apportion.Indices(tt.votes, tt.seats) {
			if got := x.Decimal(3); got != tt.want[i] {
				t.Errorf("%s: %s = %s, want %s (%s)", tt.name, x.Name, got, tt.want[i], x.Formula)
			}
		}
	}
}
