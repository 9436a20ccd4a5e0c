package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"kenesh/internal/finding"
	"kenesh/internal/ingest"
)

func packed(t testing.TB, packing string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	switch packing {
	case "gzip":
		w := gzip.NewWriter(&b)
		w.Write(text)
		w.Close()
	case "zstd":
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(text)
		w.Close()
	}
	return b.Bytes()
}

func TestUnpack(t *testing.T) {
	text := table(true, 3000) // more than one chunk
	plain := read1(t, text)
	before := runtime.NumGoroutine()
	for _, packing := range []string{"gzip", "zstd"} {
		data := packed(t, packing, text)
		got := read1(t, data)
		if got.Set.Rows != plain.Set.Rows || !reflect.DeepEqual(got.Set.Lists, plain.Set.Lists) || got.Sources[0].Bytes != int64(len(data)) {
			t.Errorf("%s: %d rows, %d bytes, want %d rows, %d bytes", packing, got.Set.Rows, got.Sources[0].Bytes, plain.Set.Rows, len(data))
		}
		for l := range plain.Set.Lists {
			for p := range plain.Set.Len() {
				v, _ := got.Set.Votes(l).At(p)
				if want, _ := plain.Set.Votes(l).At(p); v != want {
					t.Fatalf("%s: list %d in precinct %d has %d votes, want %d", packing, l, p, v, want)
				}
			}
		}
		for name, bad := range map[string][]byte{
			"truncated":  data[:len(data)/2],
			"cut":        data[:5],
			"damaged":    append(append(bytes.Clone(data[:len(data)/2]), 0xff, 0xff, 0xff, 0xff), data[len(data)/2:]...),
			"no table":   packed(t, packing, []byte("a b c\n1 2 3\n")),
			"a bomb":     packed(t, packing, make([]byte, 20<<20)),
			"packed two": packed(t, packing, data),
		} {
			var log finding.Log
			ingest.Read([]string{"-"}, ingest.Options{Stdin: bytes.NewReader(bad), Hash: true}, &log)
			if !log.Failed() {
				t.Errorf("%s, %s: no error", packing, name)
			}
			if text := fmt.Sprint(log.Sorted()); (name == "truncated" || name == "damaged" || name == "cut") && !strings.Contains(text, "GZIP: the "+packing+" data is truncated or corrupt") {
				t.Errorf("%s, %s: found %s", packing, name, text)
			}
		}
	}
	for tries := 0; runtime.NumGoroutine() > before; tries++ { // the last ones may be on their way out
		if tries == 1000 {
			t.Fatalf("%d goroutines are left of reading, %d before", runtime.NumGoroutine(), before)
		}
		time.Sleep(time.Millisecond)
	}
}

func BenchmarkUnpack(b *testing.B) {
	text := table(true, 20000)
	for _, packing := range []string{"gzip", "zstd"} {
		data := packed(b, packing, text)
		b.Run(packing, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				read1(b, data)
			}
		})
	}
}
