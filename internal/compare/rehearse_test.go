package compare_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"kenesh/internal/compare"
	"kenesh/internal/finding"
	"kenesh/internal/ingest"
	"kenesh/internal/rehearse"
	"kenesh/internal/returns"
)

// belongs is the signature of each kind of fault that leaves the precinct in both counts.
var belongs = map[string]compare.Signature{
	"exchanged-lists": compare.Exchanged,
	"shifted-row":     compare.Shifted,
	"digit-slip":      compare.Digit,
	"transposition":   compare.Transposed,
	"over-turnout":    compare.OverRegistered,
}

// rehearsal makes files with faults, or none, and reads them.
func rehearsal(t *testing.T, seed uint64, long bool, faults string) (*returns.Set, map[string]rehearse.Label, *finding.Log) {
	t.Helper()
	name := "../../testdata/kyrgyzstan-2020/totals.yaml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	log := &finding.Log{}
	totals, ok := rehearse.Parse(name, data, log)
	if !ok {
		t.Fatal(log.Sorted())
	}
	o := rehearse.Options{Precincts: 2475, Seed: seed, Long: long}
	if faults != "" {
		if o.Faults, err = rehearse.ParseFaults(faults); err != nil {
			t.Fatal(err)
		}
	}
	files, err := rehearse.Make(totals, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var names []string
	labels := map[string]rehearse.Label{}
	for _, f := range files {
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
		for l := range f.Labels() {
			labels[strconv.FormatInt(l.Precinct, 10)] = l
		}
	}
	return ingest.Read(names, ingest.Options{}, log).Set, labels, log
}

// Each labelled fault of a rehearsal has the signature that belongs to it; a precinct
// without a fault has none; and a fault has the signature of another kind no more often
// than the help says.
func TestSignaturesOfFaults(t *testing.T) {
	claims := map[string][]int{} // by kind: how often each signature was stated
	n := map[string]int{}
	for seed := range uint64(6) {
		long := seed%3 == 2
		faults := "exchanged-lists=150,shifted-row=150,digit-slip=300,transposition=150,missing-precinct=40,copied-precinct=40"
		if !long {
			faults += ",over-turnout=150"
		}
		clean, _, log := rehearsal(t, seed, long, "")
		faulty, labels, other := rehearsal(t, seed, long, faults)
		if log.Failed() || other.Failed() {
			t.Fatal(log.Sorted(), other.Sorted())
		}
		c, ok := compare.Compare(clean, faulty, log)
		if !ok {
			t.Fatal(log.Sorted())
		}
		seen := map[string]bool{}
		state := func(id string, signatures []compare.Signature) {
			label, labelled := labels[id]
			if !labelled {
				t.Errorf("seed %d: precinct %s has no fault and differs", seed, id)
				return
			}
			seen[id] = true
			if claims[label.Kind] == nil {
				claims[label.Kind] = make([]int, len(compare.Signatures()))
			}
			n[label.Kind]++
			found := false
			for _, s := range signatures {
				claims[label.Kind][s]++
				found = found || s == belongs[label.Kind]
			}
			if _, ok := belongs[label.Kind]; ok && !found {
				t.Errorf("seed %d: precinct %s, %s (%s): signatures %v", seed, id, label.Kind, label.Detail, signatures)
			}
		}
		for i := range c.Changed {
			x := &c.Changed[i]
			state(c.Name(x), x.Signatures)
		}
		for _, x := range c.Only[0] {
			id := clean.ID(x.Precinct)
			if labels[id].Kind != "missing-precinct" {
				t.Errorf("seed %d: precinct %s is only in A, and is no missing one", seed, id)
			}
			seen[id] = true
		}
		for _, x := range c.Only[1] {
			id := faulty.ID(x.Precinct)
			if labels[id].Kind != "copied-precinct" {
				t.Errorf("seed %d: precinct %s is only in B, and is no copied one", seed, id)
			}
			// A precinct of a handful of votes can be a copy of several.
			want := "copy of precinct "
			if x.CopyOf < 0 {
				if c.VotesOf(1, x.Precinct) >= 10 {
					t.Errorf("seed %d: %s is not recognised as %s", seed, id, labels[id].Detail)
				}
			} else if got := want + faulty.ID(x.CopyOf); got != labels[id].Detail {
				t.Errorf("seed %d: %s is a %s, want %s", seed, id, got, labels[id].Detail)
			}
			seen[id] = true
		}
		for id, l := range labels {
			if !seen[id] {
				t.Errorf("seed %d: the fault of precinct %s is not seen: %s (%s)", seed, id, l.Kind, l.Detail)
			}
		}
	}
	// In percent of the faults of a kind: what the help says of chance.
	chance := map[string]map[compare.Signature]int{
		"exchanged-lists": {compare.Moved: 100, compare.Shifted: 4, compare.Neighbour: 1},
		"shifted-row":     {compare.Exchanged: 12, compare.Moved: 12, compare.Digit: 4, compare.Neighbour: 1},
		"digit-slip":      {compare.Shifted: 3, compare.Neighbour: 2, compare.OverRegistered: 1},
		"transposition":   {compare.Neighbour: 2, compare.OverRegistered: 2},
		"over-turnout":    {compare.Digit: 1, compare.Transposed: 1},
	}
	for kind, by := range claims {
		line := fmt.Sprintf("%-16s %4d:", kind, n[kind])
		for s, k := range by {
			if k > 0 {
				line += fmt.Sprintf("  %v %d", compare.Signature(s), k)
			}
			if s := compare.Signature(s); s != belongs[kind] && 100*k > chance[kind][s]*n[kind] {
				t.Errorf("%s: %d of %d have the signature %v, want %d %% at most", kind, k, n[kind], s, chance[kind][s])
			}
		}
		t.Log(line)
	}
	if len(claims) != len(belongs) || n["digit-slip"] != 1800 {
		t.Errorf("not all kinds were tried: %v", n)
	}
}

// The kinds that no two counts can be compared with are refused when they are read.
func TestFaultsThatAreNotRead(t *testing.T) {
	for kind, code := range map[string]string{"copied-row": "DUPLICATE", "total-row": "TOTAL-ROW"} {
		_, _, log := rehearsal(t, 1, false, kind+"=1")
		found := log.Sorted()
		if !log.Failed() || found[0].Code != code {
			t.Errorf("%s: %v", kind, found)
		}
	}
	kinds := len(belongs) + len([]string{"copied-row", "total-row", "missing-precinct", "copied-precinct"})
	if all := rehearse.FaultKinds(); len(all) != kinds {
		t.Errorf("%d kinds of faults, %d are tried", len(all), kinds)
	}
}
