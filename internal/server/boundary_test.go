package server_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/internal/access"
)

// mapAnswer is what a test asks of a map.
type mapAnswer struct {
	Schematic bool   `json:"schematic"`
	Number    string `json:"approval_number"`
	Features  []struct {
		Properties struct {
			ID string `json:"id"`
		} `json:"properties"`
		Geometry struct {
			Type        string           `json:"type"`
			Coordinates [][][][2]float64 `json:"coordinates"`
		} `json:"geometry"`
	} `json:"features"`
}

func TestMapsShowTheCitysOwnBoundariesWithTheirNumber(t *testing.T) {
	each(t, func(d *desk) {
		system, leader, elsewhere := d.enter(access.SystemAdmin, baoding), d.enter(access.Leader, baoding), d.enter(access.CountyOffice, yixian)
		of := func(b *browser, more string) (m mapAnswer) {
			b.get(&m, "GET", "/map?division=130600&as_of=2015-12-31"+more, nil)
			return m
		}
		if m := of(leader, ""); !m.Schematic || m.Number != "" || len(m.Features) == 0 || m.Features[0].Geometry.Type != "MultiPolygon" {
			d.T.Fatalf("before: %+v", m)
		}
		const path = "/boundaries?name=a.geojson&approval_number=GS（2019）1822号&coordinates=CGCS2000&codes_of=2015-12-31"
		var checked struct {
			Kept     bool
			Refusals []struct{ Feature int }
			Notes    []struct{ Feature int }
		}
		swapped := []byte(strings.ReplaceAll(string(fupingBoundary()), "114", "117"))
		system.get(&checked, "POST", path+"&preview=true", swapped)
		if checked.Kept || len(checked.Refusals) != 1 || checked.Refusals[0].Feature != 1 {
			d.T.Errorf("a preview of a county in the wrong place: %+v", checked)
		}
		system.refused(422, "POST", path+"&id="+uuid.NewString(), swapped)
		if m := of(leader, ""); !m.Schematic {
			d.T.Error("something was kept of a file that was refused")
		}
		id := uuid.NewString()
		system.get(&checked, "POST", path+"&id="+id, fupingBoundary())
		if !checked.Kept || len(checked.Notes) == 0 {
			d.T.Errorf("kept: %+v", checked)
		}
		m := of(leader, "")
		if m.Schematic || m.Number != "GS(2019)1822号" || len(m.Features) != 1 || m.Features[0].Properties.ID != "130624000000" || m.Features[0].Geometry.Coordinates[0][0][0] != [2]float64{114, 38.7} {
			d.T.Errorf("after: %+v", m)
		}
		if m := of(leader, "&schematic=true"); !m.Schematic {
			d.T.Error("the schematic picture is not given to who asks for it")
		}
		if m := of(leader, "&known_at=2015-01-01T00:00:00Z"); !m.Schematic {
			d.T.Error("the boundaries were known before they were brought")
		}
		if m := of(elsewhere, ""); len(m.Features) != 0 {
			d.T.Errorf("another county sees %+v", m)
		}
		system.get(nil, "POST", "/boundaries/"+id+"/withdrawal", map[string]any{"entry": uuid.NewString(), "reason": "换新版"}, "If-Match", `"1"`)
		if m := of(leader, ""); !m.Schematic {
			d.T.Error("boundaries that were withdrawn are shown")
		}
	})
}
