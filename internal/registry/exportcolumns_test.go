package registry_test

import (
	"bytes"
	"strings"
	"testing"

	"liandong/column"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/place"
)

// The data file holds what the exporter's territory holds and nothing that is encrypted, and its export is in the log.
func TestADataFileKeepsToTheTerritoryAndHoldsNoSecret(t *testing.T) {
	each(t, func(d *desk) {
		first, second := d.Draft(fuping, 1), d.Draft(fuping, 2)
		d.MustSave(d.Fuping, first)
		d.MustSave(d.Fuping, second)
		d.MustSave(d.Yixian, d.Draft(yixian, 3))
		e := registry.Export{Division: baoding, At: registry.Moment{AsOf: midYear}, Reason: "研究", Notice: "演示数据"}
		var out bytes.Buffer
		written, err := d.ExportColumns(d.Ctx, d.Fuping, e, &out)
		if err != nil || written.Households != 2 || written.Members != 4 {
			d.T.Fatalf("%+v %v", written, err)
		}
		for _, secret := range []string{"19900000000", "13069919720319"} {
			if strings.Contains(out.String(), secret) {
				d.T.Errorf("the file holds %s", secret)
			}
		}
		var names []string
		err = column.ReadParquet(bytes.NewReader(out.Bytes()), form.Household().Root, func(_ string, r *form.Record) error {
			members, _ := r.Items(r.Section().Must("members"))
			names = append(names, members[0].String("name"))
			return nil
		}, func(f *form.LineFault) { d.T.Errorf("cannot be read again: %v", f) })
		if err != nil || len(names) != 2 || names[0] != "单建国" {
			d.T.Errorf("read again: %v %v", names, err)
		}
		village, _ := first.Record.Value(form.Household().Root.Must("village"))
		officer := registrytest.Holder(access.VillageOfficer, place.ID(village))
		if written, err = d.ExportColumns(d.Ctx, officer, e, &out); err != nil || written.Households != 1 {
			d.T.Errorf("a village's: %+v %v", written, err)
		}
		city := registrytest.Holder(access.CityOffice, baoding)
		if _, err := d.ExportColumns(d.Ctx, city, e, &out); !errs.Is(err, errs.Forbidden) {
			d.T.Errorf("by a role that does not see health: %v", err)
		}
		e.Division = yixian
		if _, err := d.ExportColumns(d.Ctx, d.Fuping, e, &out); !errs.Is(err, errs.NotFound) {
			d.T.Errorf("another county's: %v", err)
		}
		e.Division, e.Reason = fuping, " "
		if _, err := d.ExportColumns(d.Ctx, d.Fuping, e, &out); !errs.Is(err, errs.Invalid) {
			d.T.Errorf("without a reason: %v", err)
		}
		d.verified()
	})
}
