package registry_test

import (
	"strings"
	"testing"

	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
)

func TestHouseholdsAreListedByTheirMaskedNameWithinTheScope(t *testing.T) {
	each(t, func(d *desk) {
		draft := d.Draft(fuping, 1)
		d.MustSave(d.Fuping, draft)
		wanted := []registry.Named{{County: fuping, Household: draft.Household}}
		rows, err := d.Listed(d.Ctx, d.Reads(d.Fuping), wanted)
		if err != nil || rows[draft.Household].Number == "" || rows[draft.Household].Head == "" {
			d.T.Fatalf("%+v %v", rows, err)
		}
		for name, reader := range map[string]access.Actor{"another county": d.Yixian, "nobody": {}} {
			if rows, err := d.Listed(d.Ctx, d.Reads(reader), wanted); err != nil || len(rows) != 0 {
				d.T.Errorf("%s sees %+v %v", name, rows, err)
			}
		}
		leader := registrytest.Holder(access.Leader, baoding)
		if rows, err := d.Listed(d.Ctx, d.Reads(leader), wanted); err != nil || rows[draft.Household].Number != "" || !strings.Contains(rows[draft.Household].Head, "*") {
			d.T.Errorf("a leader sees %+v %v", rows, err)
		}
	})
}
