package column_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/formula"
	"liandong/place"
)

// fill answers some fields of a record, by chance, with values that their types allow.
func fill(t *rapid.T, r *form.Record) {
	for i := range r.Section().Fields {
		f := &r.Section().Fields[i]
		if rapid.IntRange(0, 3).Draw(t, "has") == 0 {
			continue
		}
		switch f.Type {
		case form.Bool:
			r.SetValue(i, int64(rapid.IntRange(0, 1).Draw(t, "bool")))
		case form.Number, form.Money:
			r.SetValue(i, rapid.SampledFrom([]int64{0, 1, 250, 99_999, 3_000_000_000}).Draw(t, "number"))
		case form.Code:
			r.SetValue(i, int64(rapid.SampledFrom(f.Codes.Entries).Draw(t, "code").Number))
		case form.Codes:
			r.SetValue(i, 1<<rapid.SampledFrom(f.Codes.Entries).Draw(t, "one").Number|1<<f.Codes.Entries[0].Number)
		case form.Date:
			r.SetValue(i, int64(rapid.IntRange(-20_000, 17_000).Draw(t, "day")))
		case form.Text:
			r.SetText(i, rapid.SampledFrom([]string{"", "张", "long words"}).Draw(t, "text"))
		case form.List:
			r.SetValue(i, 0)
			for range rapid.IntRange(0, 3).Draw(t, "items") {
				fill(t, r.Add(i))
			}
		}
	}
}

type entry struct {
	key    column.Key
	record *form.Record
}

func entries(t *rapid.T, from, n int) []entry {
	out := make([]entry, n)
	for i := range out {
		r := form.Household().Root.New()
		fill(t, r)
		var id [16]byte
		id[0], id[15] = byte(rapid.IntRange(0, 255).Draw(t, "id")), byte(from+i)
		out[i] = entry{column.Key{
			ID: id, Division: place.ID(130624_100200 + int64(rapid.IntRange(0, 2).Draw(t, "village"))), Revision: int64(i), Valid: day.FromUnixDays(16_000 + i),
		}, r}
	}
	return out
}

func tableOf(of []entry) *column.Table {
	b := column.NewBuilder(form.Household().Root.Schema(), 0)
	for _, e := range of {
		b.Append(e.key, e.record)
	}
	return b.Table()
}

func checks(t *testing.T, check func(*rapid.T)) { rapid.Check(t, check) }

// same compares a record of a table with the record it was made of, field by field.
func same(t *rapid.T, s *formula.Schema, got, want formula.Row) {
	for i := range s.Fields {
		f := &s.Fields[i]
		switch f.Type {
		case formula.Opaque:
		case formula.Text:
			g, ok := got.Text(i)
			w, wok := want.Text(i)
			if g != w && wok || ok != wok {
				t.Fatalf("%s: %q %t, want %q %t", f.Path, g, ok, w, wok)
			}
		case formula.List:
			g, ok := got.List(i)
			w, wok := want.List(i)
			if ok != wok || ok && g.Len() != w.Len() {
				t.Fatalf("%s: another list", f.Path)
			}
			for k := 0; ok && k < g.Len(); k++ {
				same(t, f.List, g.Row(k), w.Row(k))
			}
		default:
			g, ok := got.Value(i)
			w, wok := want.Value(i)
			if ok != wok || ok && g != w {
				t.Fatalf("%s: %d %t, want %d %t", f.Path, g, ok, w, wok)
			}
		}
	}
}

func TestWhatGoesInComesOutInTheOrderOfKeys(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		of := entries(t, 0, rapid.IntRange(0, 70).Draw(t, "n"))
		table := tableOf(of)
		if table.Len() != len(of) {
			t.Fatalf("%d records, want %d", table.Len(), len(of))
		}
		for i := range table.Len() {
			if i > 0 {
				a, b := table.Keys().Key(i-1), table.Keys().Key(i)
				if a.Division > b.Division || a.Division == b.Division && bytes.Compare(a.ID[:], b.ID[:]) >= 0 {
					t.Fatal("not in the order of keys")
				}
			}
		}
		for _, e := range of {
			row, ok := table.Keys().Find(e.key.Division, e.key.ID)
			if !ok || table.Keys().Key(row) != e.key {
				t.Fatalf("%v is not found", e.key)
			}
			same(t, table.Schema(), table.Row(row), e.record)
		}
		from, to := table.Keys().Range(130624_100201, 130624_100202)
		for i := range table.Len() {
			if inside := table.Keys().Key(i).Division == 130624_100201; inside != (i >= from && i < to) {
				t.Fatal("a division's rows are not one run")
			}
		}
	})
}

func TestPatchEqualsGatheringAnew(t *testing.T) {
	t.Parallel()
	checks(t, func(t *rapid.T) {
		before := entries(t, 0, rapid.IntRange(0, 20).Draw(t, "before"))
		after := map[[16]byte]entry{}
		for _, e := range before {
			after[e.key.ID] = e
		}
		changed := entries(t, 100, rapid.IntRange(0, 5).Draw(t, "added"))
		var gone [][16]byte
		for i, e := range before {
			switch rapid.IntRange(0, 3).Draw(t, "fate") {
			case 0:
				gone = append(gone, e.key.ID)
				delete(after, e.key.ID)
			case 1: // moved to another village and answered anew
				e = entries(t, 0, 1)[0]
				e.key.ID = before[i].key.ID
				changed = append(changed, e)
			}
		}
		for _, e := range changed {
			after[e.key.ID] = e
		}
		anew := make([]entry, 0, len(after))
		for _, e := range after {
			anew = append(anew, e)
		}
		patched, want := column.Patch(tableOf(before), tableOf(changed), gone), tableOf(anew)
		if patched.Digest() != want.Digest() {
			t.Fatal("the patched table has another digest")
		}
		for _, e := range anew {
			row, ok := patched.Keys().Find(e.key.Division, e.key.ID)
			if !ok {
				t.Fatal("lost a record")
			}
			same(t, patched.Schema(), patched.Row(row), e.record)
		}
	})
}

func TestSegmentFilesComeBackTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.arrow")
	checks(t, func(t *rapid.T) {
		s := &column.Segment{County: 130624_000000, AsOf: day.MustOf(2015, 12, 31), Head: 77, Table: tableOf(entries(t, 0, rapid.IntRange(0, 30).Draw(t, "n")))}
		if err := s.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		got, err := column.ReadSegment(path, s.Table.Schema())
		if err != nil {
			t.Fatal(err)
		}
		if got.County != s.County || got.AsOf != s.AsOf || got.Head != s.Head || got.Table.Digest() != s.Table.Digest() {
			t.Fatal("another segment came back")
		}
		for i := range s.Table.Len() {
			same(t, s.Table.Schema(), got.Table.Row(i), s.Table.Row(i))
		}
	})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v %v", info.Mode(), err)
	}
}

// Whatever byte a power cut or a disk spoiled, the file is refused before the Arrow library sees it: one wrong byte in a footer made it ask
// for 236 GB of memory.
func TestDamagedSegmentIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.arrow")
	var whole []byte
	refused := func(fail func(string, ...any), damaged []byte, how string) {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			fail("%v", err)
		}
		if _, err := column.ReadSegment(path, form.Household().Root.Schema()); errs.KindOf(err) != errs.Invalid {
			fail("%s of a segment: %v", how, err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		if whole == nil {
			s := &column.Segment{County: 130624_000000, AsOf: day.MustOf(2015, 12, 31), Head: 77, Table: tableOf(entries(r, 0, 40))}
			if err := s.WriteFile(path); err != nil {
				r.Fatal(err)
			}
			whole, _ = os.ReadFile(path)
		}
		switch damaged := slices.Clone(whole); rapid.IntRange(0, 2).Draw(r, "damage") {
		case 0:
			n := rapid.IntRange(0, len(whole)-1).Draw(r, "length")
			refused(r.Fatalf, damaged[:n], fmt.Sprintf("the first %d bytes", n))
		case 1:
			more := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(r, "more")
			refused(r.Fatalf, append(damaged, more...), fmt.Sprintf("%d bytes more", len(more)))
		default:
			at := rapid.IntRange(0, len(damaged)-1).Draw(r, "at")
			damaged[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "bits"))
			refused(r.Fatalf, damaged, fmt.Sprintf("another byte %d", at))
		}
	})
	for at := len(whole) - 2000; at < len(whole); at++ {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x80
		refused(t.Fatalf, damaged, fmt.Sprintf("another byte %d", at))
	}
}
