package boundary_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/boundary"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/ledger"
	"liandong/place"
)

const (
	city   place.ID = 130600_000000
	fuping place.ID = 130624_000000
	number          = "GS(2019)1822号"
)

func today() day.Date { return day.MustOf(2015, 12, 31) }

func holder(role access.Role, of place.ID) access.Actor {
	return access.Actor{ID: "account:" + string(role), Grants: []access.Grant{{Role: role, Territory: of}}}
}

func gazetteer(t *testing.T) *place.Gazetteer {
	t.Helper()
	places, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// counties are the divisions of the city that the tests have boundaries of: those whose seats are known.
func counties(t *testing.T, places *place.Gazetteer) []place.ID {
	t.Helper()
	seats, err := places.Seats()
	if err != nil {
		t.Fatal(err)
	}
	var all []place.ID
	for _, s := range seats {
		all = append(all, s.County)
	}
	return all
}

func divisionsOf(t *testing.T, places *place.Gazetteer) func(place.ID) []place.ID {
	t.Helper()
	of := counties(t, places)
	return func(parent place.ID) []place.ID {
		if parent == city {
			return of
		}
		var all []place.ID
		for _, d := range places.Children(parent) {
			all = append(all, d.ID)
		}
		return all
	}
}

// shape is a feature as a mapping program writes it.
type shape struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   any            `json:"geometry"`
}

// drawn are the counties of the schematic picture as if they were official.
func drawn(t *testing.T, places *place.Gazetteer) []shape {
	t.Helper()
	cells, err := places.Schematic(city, divisionsOf(t, places))
	if err != nil {
		t.Fatal(err)
	}
	var all []shape
	for _, c := range cells {
		code, _ := places.CodeOn(c.Division, today())
		all = append(all, shape{"Feature", map[string]any{"XZQDM": "156" + code.String()[:6], "XZQMC": places.NameOn(c.Division, today())}, map[string]any{"type": "Polygon", "coordinates": []any{c.Ring}}})
	}
	return all
}

func file(t *testing.T, shapes []shape) *boundary.File {
	t.Helper()
	data, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": shapes})
	if err != nil {
		t.Fatal(err)
	}
	return &boundary.File{Name: "保定市.geojson", Data: data, Number: number, System: "cgcs2000", On: today()}
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *boundary.Room, places *place.Gazetteer)) {
	t.Helper()
	t.Parallel()
	places := gazetteer(t)
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		test(t, d, boundary.New(d, places, city, divisionsOf(t, places)), places)
	})
}

func TestACityShowsItsOwnBoundariesUntilTheyAreWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, r *boundary.Room, places *place.Gazetteer) {
		admin := holder(access.SystemAdmin, city)
		shown := func() (boundary.Map, bool) {
			m, ok, err := r.Map(t.Context(), city, place.County, today(), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			return m, ok
		}
		if _, ok := shown(); ok {
			t.Fatal("there are boundaries before any were brought")
		}
		id := uuid.New()
		kept, checked, err := r.Import(t.Context(), admin, today(), id, file(t, drawn(t, places)))
		if err != nil || len(checked.Notes) != 0 || kept.Counts[0].Areas != len(counties(t, places)) {
			t.Fatalf("%+v, notes %+v, %v", kept, checked.Notes, err)
		}
		m, ok := shown()
		if !ok || m.Number != number || m.System != boundary.CGCS2000 || len(m.Areas) != len(counties(t, places)) {
			t.Fatalf("%d areas under %q", len(m.Areas), m.Number)
		}
		i := slices.IndexFunc(m.Areas, func(a boundary.Drawn) bool { return a.Division == fuping })
		if i < 0 || len(m.Areas[i].Polygons[0][0]) < 5 || m.Areas[i].Label[0] < 113.9 || m.Areas[i].Label[0] > 114.5 {
			t.Errorf("阜平县 is drawn as %+v", m.Areas[max(i, 0)])
		}
		if _, ok, _ := r.Map(t.Context(), city, place.County, today(), kept.Recorded.Add(-time.Microsecond)); ok {
			t.Error("they were known before they were brought")
		}
		if _, ok, _ := r.Map(t.Context(), fuping, place.Township, today(), time.Time{}); ok {
			t.Error("townships are drawn that no file had")
		}
		again, _, err := r.Import(t.Context(), admin, today(), id, file(t, drawn(t, places)))
		if err != nil || again.Version != 1 {
			t.Errorf("sent once more: %+v, %v", again, err)
		}

		if _, err := r.Withdraw(t.Context(), admin, today(), id, uuid.New(), 1, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("withdrawn without a reason: %v", err)
		}
		gone, err := r.Withdraw(t.Context(), admin, today(), id, uuid.New(), 1, "审图号填错")
		if err != nil || gone.Withdrawn.IsZero() || gone.By != admin.ID {
			t.Fatalf("%+v, %v", gone, err)
		}
		if _, ok := shown(); ok {
			t.Error("they are shown after they were withdrawn")
		}
		if list, err := r.List(t.Context(), admin, today()); err != nil || len(list) != 1 || list[0].Reason != "审图号填错" {
			t.Errorf("list %+v, %v", list, err)
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 2 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

func TestOfSeveralSetsTheOneThatHoldsOnTheDayIsShown(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *boundary.Room, places *place.Gazetteer) {
		for i, from := range []day.Date{{}, day.MustOf(2015, 6, 1), {}} {
			f := file(t, drawn(t, places))
			f.From, f.Number = from, fmt.Sprintf("冀S（2015） %03d 号", i+1)
			if _, _, err := r.Import(t.Context(), holder(access.SystemAdmin, city), today(), uuid.New(), f); err != nil {
				t.Fatal(err)
			}
		}
		for on, want := range map[day.Date]string{day.MustOf(2015, 5, 31): "冀S(2015)003号", day.MustOf(2015, 6, 1): "冀S(2015)002号"} {
			if m, ok, err := r.Map(t.Context(), city, place.County, on, time.Time{}); err != nil || !ok || m.Number != want {
				t.Errorf("on %s: %q, %v", on, m.Number, err)
			}
		}
	})
}

func TestOnlyWhoRunsTheInstallationBringsBoundaries(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, r *boundary.Room, places *place.Gazetteer) {
		for _, who := range []access.Actor{holder(access.CityOffice, city), holder(access.Leader, city), holder(access.SystemAdmin, fuping)} {
			if _, _, err := r.Import(t.Context(), who, today(), uuid.New(), file(t, drawn(t, places))); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", who.ID, err)
			}
			if _, err := r.List(t.Context(), who, today()); err == nil {
				t.Errorf("%s sees the list", who.ID)
			}
		}
	})
}

// TestAMessyFileIsToldByTheNumberOfTheFeature breaks the third feature, 满城区 by its place in the picture, in every way that files are broken.
func TestAMessyFileIsToldByTheNumberOfTheFeature(t *testing.T) {
	t.Parallel()
	places := gazetteer(t)
	r := boundary.New(nil, places, city, divisionsOf(t, places))
	admin := holder(access.SystemAdmin, city)
	ring := func(points ...[2]float64) any {
		return map[string]any{"type": "Polygon", "coordinates": []any{points}}
	}
	for what, c := range map[string]struct {
		mess func(shapes []shape) []shape
		want string
	}{
		"nothing":     {func(s []shape) []shape { return s }, ""},
		"no geometry": {func(s []shape) []shape { s[2].Geometry = nil; return s }, "第 3 个要素（满城区 130607）没有图形。"},
		"a point": {func(s []shape) []shape {
			s[2].Geometry = map[string]any{"type": "Point", "coordinates": []float64{115.3, 38.9}}
			return s
		}, "不是面"},
		"not closed": {func(s []shape) []shape {
			s[2].Geometry = ring([2]float64{115.3, 38.9}, [2]float64{115.4, 38.9}, [2]float64{115.4, 39}, [2]float64{115.3, 39})
			return s
		}, "边界线没有闭合"},
		"a bow": {func(s []shape) []shape {
			s[2].Geometry = ring([2]float64{115.2, 38.9}, [2]float64{115.4, 39}, [2]float64{115.4, 38.9}, [2]float64{115.2, 39}, [2]float64{115.2, 38.9})
			return s
		}, "边界线自己相交（在"},
		"swapped": {func(s []shape) []shape {
			s[2].Geometry = ring([2]float64{38.9, 115.2}, [2]float64{39, 115.2}, [2]float64{39, 115.4}, [2]float64{38.9, 115.2})
			return s
		}, "经度和纬度写反了"},
		"metres": {func(s []shape) []shape {
			s[2].Geometry = ring([2]float64{12836000, 4707000}, [2]float64{12837000, 4707000}, [2]float64{12837000, 4708000}, [2]float64{12836000, 4707000})
			return s
		}, "坐标不是经纬度"},
		"far away": {func(s []shape) []shape {
			s[2].Geometry = ring([2]float64{104, 30}, [2]float64{105, 30}, [2]float64{105, 31}, [2]float64{104, 30})
			return s
		}, "第 3 个要素（满城区 130607）不在它的县城所在的地方"},
		"no such code":   {func(s []shape) []shape { s[2].Properties["XZQDM"] = "130699"; return s }, "区划代码「130699」在 2015-12-31 不存在"},
		"another city":   {func(s []shape) []shape { s[2].Properties["XZQDM"] = "130102"; return s }, "不是本市的区划"},
		"twice":          {func(s []shape) []shape { s[4].Properties["XZQDM"] = s[2].Properties["XZQDM"]; return s }, "第 5 个要素"},
		"no code":        {func(s []shape) []shape { s[2].Properties = map[string]any{"id": 3}; return s }, "第 3 个要素没有区划代码"},
		"by its name":    {func(s []shape) []shape { s[2].Properties = map[string]any{"id": 3, "Name": "满城区"}; return s }, ""},
		"one under two":  {func(s []shape) []shape { s[3].Geometry = s[2].Geometry; return s }, "第 4 个要素"},
		"a string":       {func(s []shape) []shape { s[2] = shape{Type: "Geometry"}; return s }, "不是 GeoJSON 的 Feature"},
		"one is missing": {func(s []shape) []shape { return slices.Delete(s, 2, 3) }, "note: 保定市还缺 满城区的边界"},
	} {
		checked, err := r.Check(admin, today(), file(t, c.mess(drawn(t, places))))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		var sentences []string
		for _, f := range checked.Refusals {
			sentences = append(sentences, f.Text.ZH)
		}
		for _, f := range checked.Notes {
			sentences = append(sentences, "note: "+f.Text.ZH)
		}
		said := strings.Join(sentences, " ")
		if (c.want == "") != (said == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: %q, want %q", what, said, c.want)
		}
		if (checked.Err() == nil) != (len(checked.Refusals) == 0) {
			t.Errorf("%s: %v", what, checked.Err())
		}
	}
}

func TestAFileThatIsNoneIsToldAsAWhole(t *testing.T) {
	t.Parallel()
	places := gazetteer(t)
	r := boundary.New(nil, places, city, divisionsOf(t, places))
	good := file(t, drawn(t, places))
	for what, c := range map[string]struct {
		mess func(f *boundary.File)
		want string
	}{
		"an archive":   {func(f *boundary.File) { f.Data = []byte("PK\x03\x04rest") }, "压缩包"},
		"cut off":      {func(f *boundary.File) { f.Data = append([]byte("{\n\n"), f.Data[1:400]...) }, "（第 3 行）"},
		"TopoJSON":     {func(f *boundary.File) { f.Data = []byte(`{"type": "Topology"}`) }, "TopoJSON"},
		"empty":        {func(f *boundary.File) { f.Data = []byte(`{"type": "FeatureCollection", "features": []}`) }, "没有要素"},
		"not UTF-8":    {func(f *boundary.File) { f.Data = []byte{'{', 0xb1, 0xa3, '}'} }, "UTF-8"},
		"no system":    {func(f *boundary.File) { f.System = "" }, "请写明坐标系"},
		"of Baidu":     {func(f *boundary.File) { f.System = "bd09" }, "请写明坐标系"},
		"another":      {func(f *boundary.File) { f.Data = declared(f.Data, "urn:ogc:def:crs:OGC:1.3:CRS84") }, "文件写明坐标系是 WGS84"},
		"projected":    {func(f *boundary.File) { f.Data = declared(f.Data, "urn:ogc:def:crs:EPSG::4549") }, "不是经纬度"},
		"as it says":   {func(f *boundary.File) { f.Data = declared(f.Data, "urn:ogc:def:crs:EPSG::4490") }, ""},
		"no number":    {func(f *boundary.File) { f.Number = "" }, "审图号"},
		"not a number": {func(f *boundary.File) { f.Number = "2019年1822号" }, "照批件填写"},
	} {
		f := *good
		c.mess(&f)
		_, err := r.Check(holder(access.SystemAdmin, city), today(), &f)
		if c.want == "" && err == nil {
			continue
		}
		if !errs.Is(err, errs.Invalid) || c.want == "" || !strings.Contains(errs.Sentence(err).ZH, c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func declared(data []byte, name string) []byte {
	return append([]byte(`{"crs":{"type":"name","properties":{"name":"`+name+`"}},`), data[1:]...)
}
