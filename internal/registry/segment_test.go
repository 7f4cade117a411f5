package registry_test

import (
	"os"
	"path/filepath"
	"testing"

	"liandong/column"
	"liandong/day"
	"liandong/form"
	"liandong/internal/db"
	"liandong/internal/registry"
	"liandong/place"
)

// segmentOf reads the county's segment through a register.
func (d *desk) segmentOf(r *registry.Registry, at registry.Moment) *column.Segment {
	d.t.Helper()
	segments, err := r.Segments(d.ctx, []place.ID{fuping}, at)
	if err != nil {
		d.t.Fatal(err)
	}
	return segments[0]
}

// another is a register over the same store that remembers nothing: it makes every segment from the records, or reads it from the folder.
func (d *desk) another(folder string) *registry.Registry {
	d.t.Helper()
	r, err := registry.New(registry.Options{DB: d.db, Places: d.places, City: baoding, Segments: folder})
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) setStatus(status registry.Status, from day.Date, households ...registry.ID) {
	d.t.Helper()
	changes := map[registry.ID]registry.Status{}
	for _, id := range households {
		changes[id] = status
	}
	if err := d.db.Write(d.ctx, func(tx *db.Tx) error { return d.SetStatus(tx, d.fuping, fuping, "决定", from, changes) }); err != nil {
		d.t.Fatal(err)
	}
}

func TestSegmentsHoldWhatTheRegisterSays(t *testing.T) {
	each(t, func(d *desk) {
		wage := form.Household().Root.Must("income.wage")
		var drafts []registry.Draft
		for i := range 12 {
			draft := d.household(fuping, i)
			d.save(d.fuping, draft)
			drafts = append(drafts, draft)
		}
		d.setStatus(registry.NotOut, day.MustOf(2014, 1, 1), drafts[0].Household, drafts[1].Household)
		before := d.segmentOf(d.Registry, on(2015, 12, 31))

		changed := drafts[3]
		changed.Record = changed.Record.Clone()
		changed.Record.SetValue(wage, 999_00)
		changed.Valid, changed.Version, changed.Event = day.MustOf(2015, 1, 1), 1, registry.Rechecked
		d.save(d.fuping, changed)
		d.save(d.fuping, d.household(fuping, 40))
		d.setStatus(registry.Out, day.MustOf(2015, 11, 1), drafts[1].Household)

		for _, day := range []registry.Moment{on(2014, 6, 30), on(2015, 12, 31)} {
			patched := d.segmentOf(d.Registry, day)
			if anew := d.segmentOf(d.another(""), day); patched.Table.Digest() != anew.Table.Digest() || patched.Head != anew.Head {
				d.t.Errorf("%s: a segment that was patched differs from one that was made anew", day.AsOf)
			}
			d.compare(patched, day)
		}
		if after := d.segmentOf(d.Registry, on(2015, 12, 31)); after.Table.Digest() == before.Table.Digest() || after.Table.Len() != 13 {
			d.t.Error("the changes did not reach the segment")
		}
	})
}

// compare looks every household of a segment up in the register.
func (d *desk) compare(s *column.Segment, at registry.Moment) {
	d.t.Helper()
	wage, status := s.Table.Lookup("income.wage"), s.Table.Lookup("register.status")
	for i := range s.Table.Len() {
		key := s.Table.Keys().Key(i)
		h, err := d.Household(d.ctx, d.scope(d.fuping), key.ID, at)
		if err != nil {
			d.t.Fatal(err)
		}
		want, _ := h.Record.Value(form.Household().Root.Must("income.wage"))
		gotWage, _ := wage.Value(i)
		gotStatus, _ := status.Value(i)
		if gotWage != want || registry.Status(gotStatus) != h.Status || key.Division != h.Village || key.Valid != h.Valid {
			d.t.Errorf("%s at %s: wage %d status %d, want %d %d", h.Number, at.AsOf, gotWage, gotStatus, want, h.Status)
		}
	}
}

func TestDamagedSegmentFilesAreMadeAgain(t *testing.T) {
	each(t, func(d *desk) {
		d.save(d.fuping, d.household(fuping, 1))
		folder := t.TempDir()
		want := d.segmentOf(d.another(folder), on(2015, 12, 31)).Table.Digest()
		files, _ := filepath.Glob(filepath.Join(folder, "*.arrow"))
		if len(files) != 1 {
			d.t.Fatalf("files %v", files)
		}
		content, err := os.ReadFile(files[0])
		if err != nil {
			d.t.Fatal(err)
		}
		content[len(content)/2] ^= 1
		if err := os.WriteFile(files[0], content, 0o600); err != nil {
			d.t.Fatal(err)
		}
		if got := d.segmentOf(d.another(folder), on(2015, 12, 31)).Table.Digest(); got != want {
			d.t.Error("a damaged segment file was believed")
		}
	})
}

func TestSegmentsTellOnlyWhatWasKnown(t *testing.T) {
	each(t, func(d *desk) {
		d.save(d.fuping, d.household(fuping, 1))
		at := on(2015, 12, 31)
		at.KnownAt = d.now.AddDate(0, 0, -1)
		if s := d.segmentOf(d.Registry, at); s.Table.Len() != 0 || s.Head != 0 {
			d.t.Errorf("yesterday %d households were known", s.Table.Len())
		}
	})
}
