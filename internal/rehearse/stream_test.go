package rehearse

import "testing"

// The first numbers of SplitMix64 from 1234567, as other implementations give
// them: the stream must never change, or no file is ever made again.
func TestStreamIsSplitMix64(t *testing.T) {
	s := stream(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := s.next(64); got != want {
			t.Errorf("number %d = %d, want %d", i+1, got, want)
		}
	}
}
