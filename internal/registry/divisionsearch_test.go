package registry_test

import (
	"testing"

	"liandong/day"
	"liandong/place"
)

func TestDivisionsAreFoundByNameAndPinyinWithinTheScope(t *testing.T) {
	each(t, func(d *desk) {
		first := func(words string) string {
			if found := d.FindDivisions(d.Reads(d.Auditor), words, 5); len(found) > 0 {
				return d.Places.NameOn(found[0], day.MustOf(2015, 12, 31))
			}
			return ""
		}
		for words, want := range map[string]string{"阜平": "阜平县", "fuping": "阜平县", "fpx": "阜平县", " Fu ping xian ": "阜平县", "龙泉关": "龙泉关镇", "longquanguan": "龙泉关镇", "": "", "没有这个村": ""} {
			if got := first(words); got != want {
				d.T.Errorf("%q finds %q first, want %q", words, got, want)
			}
		}
		for _, id := range d.FindVillages("cheng", 50) {
			if d.Places.NameOn(id, day.MustOf(2015, 12, 31)) == "" || id.Level() != place.Village {
				d.T.Errorf("%v is no village", id)
			}
		}
		if found := d.FindDivisions(d.Reads(d.Fuping), "易县", 5); len(found) != 0 {
			d.T.Errorf("an office of Fuping finds Yixian: %v", found)
		}
	})
}
