package registry_test

import (
	"os"
	"path/filepath"
	"testing"

	"liandong/column"
	"liandong/day"
	"liandong/form"
	"liandong/internal/registry"
	"liandong/place"
)

// segmentOf reads the county's segment through a register.
func (d *desk) segmentOf(r *registry.Registry, at registry.Moment) *column.Segment {
	d.T.Helper()
	segments, err := r.Segments(d.Ctx, []place.ID{fuping}, at)
	if err != nil {
		d.T.Fatal(err)
	}
	return segments[0]
}

// another is a register over the same store that remembers nothing: it makes every segment from the records, or reads it from the folder.
func (d *desk) another(folder string) *registry.Registry {
	d.T.Helper()
	r, err := registry.New(registry.Options{DB: d.DB, Places: d.Places, City: baoding, Segments: folder})
	if err != nil {
		d.T.Fatal(err)
	}
	return r
}

func TestSegmentsHoldWhatTheRegisterSays(t *testing.T) {
	each(t, func(d *desk) {
		wage := form.Household().Root.Must("income.wage")
		var drafts []registry.Draft
		for i := range 12 {
			draft := d.Draft(fuping, i)
			d.MustSave(d.Fuping, draft)
			drafts = append(drafts, draft)
		}
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 1, 1), drafts[0].Household, drafts[1].Household)
		before := d.segmentOf(d.Registry, on(2015, 12, 31))

		changed := drafts[3]
		changed.Record = changed.Record.Clone()
		changed.Record.SetValue(wage, 999_00)
		changed.Valid, changed.Version, changed.Event = day.MustOf(2015, 1, 1), 1, registry.Rechecked
		d.MustSave(d.Fuping, changed)
		d.MustSave(d.Fuping, d.Draft(fuping, 40))
		d.MustSetStatus(fuping, registry.Out, day.MustOf(2015, 11, 1), drafts[1].Household)

		for _, day := range []registry.Moment{on(2014, 6, 30), on(2015, 12, 31), on(2013, 12, 31), on(2015, 1, 1), on(2015, 10, 31), on(2016, 1, 1)} {
			patched := d.segmentOf(d.Registry, day)
			if anew := d.segmentOf(d.another(""), day); patched.Table.Digest() != anew.Table.Digest() || patched.Head != anew.Head {
				d.T.Errorf("%s: a segment that was patched differs from one that was made anew", day.AsOf)
			}
			d.compare(patched, day)
		}
		if after := d.segmentOf(d.Registry, on(2015, 12, 31)); after.Table.Digest() == before.Table.Digest() || after.Table.Len() != 13 {
			d.T.Error("the changes did not reach the segment")
		}
	})
}

// compare looks every household of a segment up in the register.
func (d *desk) compare(s *column.Segment, at registry.Moment) {
	d.T.Helper()
	wage, status := s.Table.Lookup("income.wage"), s.Table.Lookup("register.status")
	for i := range s.Table.Len() {
		key := s.Table.Keys().Key(i)
		h, err := d.Household(d.Ctx, d.Reads(d.Fuping), key.ID, at)
		if err != nil {
			d.T.Fatal(err)
		}
		want, _ := h.Record.Value(form.Household().Root.Must("income.wage"))
		gotWage, _ := wage.Value(i)
		gotStatus, _ := status.Value(i)
		if gotWage != want || registry.Status(gotStatus) != h.Status || key.Division != h.Village || key.Valid != h.Valid {
			d.T.Errorf("%s at %s: wage %d status %d, want %d %d", h.Number, at.AsOf, gotWage, gotStatus, want, h.Status)
		}
	}
}

func TestDamagedSegmentFilesAreMadeAgain(t *testing.T) {
	each(t, func(d *desk) {
		d.MustSave(d.Fuping, d.Draft(fuping, 1))
		folder := t.TempDir()
		want := d.segmentOf(d.another(folder), on(2015, 12, 31)).Table.Digest()
		files, _ := filepath.Glob(filepath.Join(folder, "*.arrow"))
		if len(files) != 1 {
			d.T.Fatalf("files %v", files)
		}
		content, err := os.ReadFile(files[0])
		if err != nil {
			d.T.Fatal(err)
		}
		content[len(content)/2] ^= 1
		if err := os.WriteFile(files[0], content, 0o600); err != nil {
			d.T.Fatal(err)
		}
		if got := d.segmentOf(d.another(folder), on(2015, 12, 31)).Table.Digest(); got != want {
			d.T.Error("a damaged segment file was believed")
		}
	})
}

func TestSegmentsTellOnlyWhatWasKnown(t *testing.T) {
	each(t, func(d *desk) {
		d.MustSave(d.Fuping, d.Draft(fuping, 1))
		at := on(2015, 12, 31)
		at.KnownAt = d.Now.AddDate(0, 0, -1)
		if s := d.segmentOf(d.Registry, at); s.Table.Len() != 0 || s.Head != 0 {
			d.T.Errorf("yesterday %d households were known", s.Table.Len())
		}
	})
}

func TestASegmentOfAnotherDayIsMadeFromTheNearest(t *testing.T) {
	each(t, func(d *desk) {
		wage := form.Household().Root.Must("income.wage")
		for i := range 20 {
			draft := d.Draft(fuping, i)
			d.MustSave(d.Fuping, draft)
			if i%9 == 0 {
				draft.Record = draft.Record.Clone()
				draft.Record.SetValue(wage, int64(i)*100)
				draft.Valid, draft.Version, draft.Event = day.MustOf(2015, 1+i/3, 7), 1, registry.Rechecked
				d.MustSave(d.Fuping, draft)
			}
		}
		folder := t.TempDir()
		r := d.another(folder)
		for _, at := range []registry.Moment{on(2015, 12, 31), on(2015, 3, 31), on(2014, 12, 31), on(2015, 4, 1), on(2015, 4, 7), on(2013, 1, 1)} {
			got, want := d.segmentOf(r, at), d.segmentOf(d.another(""), at)
			if got.Table.Digest() != want.Table.Digest() {
				d.T.Errorf("%s: made from another day it differs from one made anew", at.AsOf)
			}
		}
		if one, same := d.segmentOf(r, on(2015, 4, 10)), d.segmentOf(r, on(2015, 5, 31)); one != same {
			d.T.Error("two days between which nothing happened have two segments")
		}
		if files, _ := filepath.Glob(filepath.Join(folder, "*.arrow")); len(files) > 5 {
			d.T.Errorf("%d files for five states", len(files))
		}
	})
}
