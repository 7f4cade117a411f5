package place_test

import (
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/errs"
	"liandong/place"
)

// gazetteer is opened once for all tests: it is immutable.
var gazetteer = sync.OnceValues(place.Open)

func open(t testing.TB) *place.Gazetteer {
	t.Helper()
	g, err := gazetteer()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func code(t *testing.T, s string) place.Code {
	t.Helper()
	c, err := place.ParseCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	baoding    place.ID = 130600000000
	mancheng   place.ID = 130607000000
	lianchi    place.ID = 130606000000
	fuping     place.ID = 130624000000
	fupingSeat          = fuping + 100000
)

func TestCodesChangeAndLandDoesNot(t *testing.T) {
	t.Parallel()
	g := open(t)
	may, june := day.MustOf(2015, 5, 31), day.MustOf(2015, 6, 1)
	for _, c := range []struct {
		code string
		on   day.Date
		id   place.ID
		name string
	}{
		{"130621", may, mancheng, "满城县"},
		{"130607", june, mancheng, "满城区"},
		{"130622", may, 130608000000, "清苑县"},
		{"130625", may, 130609000000, "徐水县"},
		{"130602", may, 130602000000, "新市区"},
		{"130602", june, 130602000000, "竞秀区"},
		{"130606", june, lianchi, "莲池区"},
		{"130604", may, 130604000000, "南市区"},
		{"460000", day.MustOf(2015, 1, 1), 460000000000, "海南省"},
	} {
		id, err := g.ByCode(code(t, c.code), c.on)
		if err != nil || id != c.id || g.NameOn(id, c.on) != c.name {
			t.Errorf("%s on %v: %v %s %v; want %v %s", c.code, c.on, id, g.NameOn(id, c.on), err, c.id, c.name)
		}
		if back, ok := g.CodeOn(c.id, c.on); !ok || back.String() != c.code {
			t.Errorf("%v on %v bears %v, want %s", c.id, c.on, back, c.code)
		}
	}
	for _, c := range []struct {
		code string
		on   day.Date
		says string
	}{{"130607", may, ""}, {"130621", june, "130607"}, {"130604", june, "130606"}, {"130603", june, "130606"}, {"139999", june, ""}} {
		if id, err := g.ByCode(code(t, c.code), c.on); !errs.Is(err, errs.NotFound) || !strings.Contains(errs.Sentence(err).ZH, c.says) {
			t.Errorf("%s on %v: %v %v", c.code, c.on, id, err)
		}
	}
}

func TestAVillageKeepsItsIDWhileItsCodeFollowsTheCounty(t *testing.T) {
	t.Parallel()
	g := open(t)
	villages := g.Villages(mancheng)
	if len(villages) < 100 {
		t.Fatalf("满城 has %d villages", len(villages))
	}
	id := villages[0].ID
	before, _ := g.CodeOn(id, day.MustOf(2015, 5, 31))
	after, _ := g.CodeOn(id, day.MustOf(2015, 6, 1))
	if !strings.HasPrefix(before.String(), "130621") || !strings.HasPrefix(after.String(), "130607") || before.String()[6:] != after.String()[6:] {
		t.Errorf("%v, then %v", before, after)
	}
	if back, err := g.ByCode(before, day.MustOf(2015, 5, 31)); err != nil || back != id {
		t.Errorf("the old code leads to %v, %v", back, err)
	}
	if name := g.FullNameOn(id, day.MustOf(2015, 5, 31)); !strings.HasPrefix(name, "河北省保定市满城县") {
		t.Errorf("full name %s", name)
	}
	if name := g.FullName(id); !strings.HasPrefix(name, "河北省保定市满城区") {
		t.Errorf("full name today %s", name)
	}
}

func TestNamesAreFoundAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	g := open(t)
	want, err := g.Find("河北省", "保定市", "阜平县", "吴王口乡", "吴王口村村民委员会")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range [][]string{
		{"河北省", "保定市", "阜平县", "吴王口乡", "吴王口村"},
		{"河北", "保定", "阜平", "吴王口", "吴王口"},
		{"河北省", "", "保定市", "阜平县", " 吴王口乡", "吴王口村委会"},
	} {
		if id, err := g.Find(path...); err != nil || id != want {
			t.Errorf("%v: %v %v", path, id, err)
		}
	}
	if id, err := g.Find("河北省", "保定市", "满城县"); err != nil || id != mancheng {
		t.Errorf("a former name: %v %v", id, err)
	}
	if id, err := g.Find("北京市", "东城区"); err != nil || id != 110101000000 {
		t.Errorf("a district under a heading: %v %v", id, err)
	}
}

func TestAnUnknownVillageNamesTheNearest(t *testing.T) {
	t.Parallel()
	g := open(t)
	_, err := g.Find("河北省", "保定市", "阜平县", "吴王口乡", "吴主口村")
	if !errs.Is(err, errs.NotFound) || !strings.Contains(errs.Sentence(err).ZH, "吴王口村") {
		t.Errorf("%v", errs.Sentence(err).ZH)
	}
	if near := g.Nearest(fuping, "阜平真", 3); len(near) == 0 || near[0].Name != "阜平镇" {
		t.Errorf("near 阜平真: %v", near)
	}
}

func TestParksAreToldFromTownships(t *testing.T) {
	t.Parallel()
	g := open(t)
	units := 0
	for _, county := range g.Children(baoding) {
		for _, d := range g.Children(county.ID) {
			if d.Kind == place.StatisticalUnit {
				units++
			}
		}
	}
	if units != 15 {
		t.Errorf("%d statistical units among Baoding's townships, 15 are known", units)
	}
}

func TestDingzhouIsManagedByTheProvince(t *testing.T) {
	t.Parallel()
	g := open(t)
	if by, ok := g.AdministeredBy(130682000000, day.MustOf(2015, 12, 31)); !ok || by != 130000000000 {
		t.Errorf("%v %v", by, ok)
	}
	if _, ok := g.AdministeredBy(130682000000, day.MustOf(2010, 1, 1)); ok {
		t.Error("already in 2010")
	}
	if _, ok := g.AdministeredBy(fuping, day.MustOf(2015, 12, 31)); ok {
		t.Error("阜平 too")
	}
}

func TestTheWholeCountryIsThere(t *testing.T) {
	t.Parallel()
	g := open(t)
	if n := len(g.Children(place.Country)); n != 34 {
		t.Errorf("%d provinces and regions, want 34", n)
	}
	if seats, err := g.Seats(); err != nil || len(seats) != 24 {
		t.Errorf("%d seats, %v", len(seats), err)
	}
}

// An id lies in the interval of every division above it and of none beside it.
func TestIntervalsNest(t *testing.T) {
	t.Parallel()
	g := open(t)
	villages := g.Villages(fuping)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(villages).Draw(t, "village").ID
		for level := place.CountryLevel; level <= place.Village; level++ {
			above := v.At(level)
			if above.Level() != level || !above.Contains(v) || (level > place.CountryLevel && above.Parent() != v.At(level-1)) {
				t.Fatalf("%v at level %d: %v", v, level, above)
			}
		}
		if place.ID(130633000000).Contains(v) {
			t.Fatalf("%v lies in another county", v)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("130624")
	f.Add("130624100201")
	f.Add("x")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := place.ParseCode(s); err == nil && c.String() != strings.TrimSpace(s) {
			t.Fatalf("%q became %q", s, c)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		g, err := place.Open()
		if err != nil {
			b.Fatal(err)
		}
		g.Villages(fuping)
	}
}
