package demo

import (
	"crypto/sha256"
	"errors"
	"math"
	"os"
	"slices"
	"sync"
	"testing"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/registry"
	"liandong/place"
)

// scale is small by default and full at night.
func scale() float64 {
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		return 1
	}
	return .02
}

var gazetteer = sync.OnceValue(func() *place.Gazetteer {
	g, err := place.Open()
	if err != nil {
		panic(err)
	}
	return g
})

func cityOf(t testing.TB, seed uint64, scale float64) *City {
	t.Helper()
	c, err := Plan{Seed: seed, Scale: scale}.City(gazetteer())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// on is the household's record and status on a day.
func on(in *registry.Intake, d day.Date) (*form.Record, registry.Status) {
	var r *form.Record
	status := registry.NotRegistered
	for i := range in.Revisions {
		if !in.Revisions[i].Valid.After(d) {
			r = in.Revisions[i].Record
		}
	}
	for _, s := range in.Statuses {
		if !s.On.After(d) {
			status = s.Status
		}
	}
	return r, status
}

// sums are people on the register and poor, at the opening and at the two year ends.
type sums struct {
	key, city                            [3]int
	households, people, revisions, never int
}

func count(c *City) sums {
	var s sums
	members := form.Household().Root.Must("members")
	days := [3]day.Date{openingDay, yearEnds[0], yearEnds[1]}
	for i, county := range c.Counties() {
		for in := range c.Households(county) {
			s.households++
			s.revisions += len(in.Revisions)
			if len(in.Statuses) == 0 {
				s.never++
			}
			for k, d := range days {
				r, status := on(in, d)
				items, _ := r.Items(members)
				if k == 0 {
					s.people += len(items)
				}
				if status.Poor() {
					s.city[k] += len(items)
					s.key[k] += len(items) * toInt(c.counties[i].key)
				}
			}
		}
	}
	return s
}

func TestTheCityComesToThePublicFigures(t *testing.T) {
	t.Parallel()
	scale := scale()
	c := cityOf(t, 1, scale)
	s := count(c)
	t.Logf("households %d, people %d, revisions %d, never on the register %d; poor nine %v, city %v", s.households, s.people, s.revisions, s.never, s.key, s.city)
	near := func(what string, got int, want, tolerance float64) {
		t.Helper()
		if math.Abs(float64(got)-want) > tolerance {
			t.Errorf("%s: %d, want %.0f within %.0f", what, got, want, tolerance)
		}
	}
	persons := func(n float64) float64 { return math.Max(n*scale, 12) } // a county's last household decides a person or two
	near("nine counties at the opening", s.key[0], 811_577*scale, 1)
	near("nine counties at the end of 2014", s.key[1], 605_000*scale, persons(300))
	near("nine counties at the end of 2015", s.key[2], 469_193*scale, persons(300))
	near("city at the opening", s.city[0], 1_033_577*scale, 1)
	near("city at the end of 2014", s.city[1], 810_000*scale, persons(500))
	near("city at the end of 2015", s.city[2], 660_000*scale, persons(300))
	near("households", s.households, 430_000*scale, 8_000*scale)
	near("people", s.people, 1_350_000*scale, 15_000*scale)
	if share := float64(s.never) / float64(s.households); share < .22 || share > .28 {
		t.Errorf("%.3f of the households were never on the register, want about a quarter", share)
	}
	if mean := float64(s.revisions) / float64(s.households); mean < 2.5 || mean > 3 {
		t.Errorf("%.2f revisions a household, want 2.5 to 3", mean)
	}
}

func TestIncidenceIsThePublishedOne(t *testing.T) {
	t.Parallel()
	for _, scale := range []float64{1, .02} {
		c := cityOf(t, 1, scale)
		var key, all int64
		for i, p := range c.RuralRegistered() {
			if !p.LocalDefault || p.Basis.ZH == "" || p.On.IsZero() {
				t.Fatalf("%s: the figure does not say where it comes from", p.County)
			}
			all += p.Persons
			if c.counties[i].key {
				key += p.Persons
			}
		}
		if want := int64(math.Round(2_536_179 * scale)); key != want {
			t.Errorf("scale %v: rural population of the nine counties %d, want %d", scale, key, want)
		}
		if want := 11_194_382 * .78 * scale; math.Abs(float64(all)-want) > 1.5 {
			t.Errorf("scale %v: rural population %d, want %.0f", scale, all, want)
		}
	}
}

// digest is over everything a county's households say.
func digest(c *City, county place.ID) [sha256.Size]byte {
	h := sha256.New()
	var b []byte
	for in := range c.Households(county) {
		b = append(b[:0], in.Household[:]...)
		for _, r := range in.Revisions {
			b = append(b, r.Valid.String()+r.Recorded.String()+string(r.Event)...)
			b = r.Record.AppendBody(b)
		}
		for _, s := range in.Statuses {
			b = append(b, s.On.String()+s.Recorded.String()+s.Status.String()+s.Decision...)
		}
		h.Write(b)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func TestTheSeedDecidesEveryByte(t *testing.T) {
	t.Parallel()
	a, again, other := cityOf(t, 7, .005), cityOf(t, 7, .005), cityOf(t, 8, .005)
	first := map[place.ID][sha256.Size]byte{}
	for _, county := range a.Counties() {
		first[county] = digest(a, county)
	}
	var wg sync.WaitGroup
	for _, county := range slices.Backward(again.Counties()) { // the order and company of counties do not matter
		wg.Go(func() {
			if digest(again, county) != first[county] {
				t.Errorf("%s: the same seed made other bytes", county)
			}
			if digest(other, county) == first[county] {
				t.Errorf("%s: another seed made the same bytes", county)
			}
		})
	}
	wg.Wait()
}

func TestACityNeedsAScale(t *testing.T) {
	t.Parallel()
	for _, scale := range []float64{0, -1, math.NaN(), 1e9} {
		if _, err := (Plan{Scale: scale}).City(gazetteer()); !errs.Is(err, errs.Invalid) {
			t.Errorf("scale %v: %v, want a sentence", scale, err)
		}
	}
}

func TestAHalfReadCountyStops(t *testing.T) {
	t.Parallel()
	c := cityOf(t, 1, .01)
	n := 0
	for range c.Households(Focus) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Fatalf("%d households", n)
	}
	for range c.Households(Baoding) {
		t.Fatal(errors.New("a city is no county"))
	}
}
