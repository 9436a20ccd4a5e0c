package ingest

import (
	"reflect"
	"testing"
)

// What detection reads of a layout without reading all of it is what the layout says.
func TestFingerprints(t *testing.T) {
	list := fingerprints()
	layouts := Layouts()
	if len(list) != len(layouts) {
		t.Fatalf("%d fingerprints of %d layouts", len(list), len(layouts))
	}
	for i, f := range list {
		l := layouts[i]
		if f.source != l.Name+".yaml" {
			t.Errorf("layout %s is in %s", l.Name, f.source)
		}
		if !reflect.DeepEqual(f.detection, l.detect) {
			t.Errorf("%s: detected by %+v, want %+v", l.Name, f.detection, l.detect)
		}
		if !reflect.DeepEqual(f.encodings, l.encodings) {
			t.Errorf("%s: encodings %q, want %q", l.Name, f.encodings, l.encodings)
		}
		var joins []string
		for _, j := range append(l.joins, l.names) {
			if j.file != "" {
				joins = append(joins, j.file)
			}
		}
		if !reflect.DeepEqual(f.joins, joins) {
			t.Errorf("%s: joined files %q, want %q", l.Name, f.joins, joins)
		}
	}
}
