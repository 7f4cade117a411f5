package registry_test

import (
	"testing"

	"liandong/form"
	"liandong/internal/registry"
)

func TestAMemberIsNamedAsFarAsTheReaderMayKnow(t *testing.T) {
	t.Parallel()
	r := form.Household().Root.New()
	if findings, err := r.ReadJSON([]byte(`{"members": [{"relation": "head", "name": "张大山"}, {"relation": "wife", "name": "李红"}, {"relation": "daughter_in_law"}, {"name": "王小二"}, {"relation": "other", "name": "赵四"}, {}], "vehicles": [{"kind": "car"}]}`)); err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	for i, want := range []struct{ open, masked, english string }{
		{"户主 张大山", "户主 张*山", "head 张*山"},
		{"户主之妻 李红", "户主之妻 李*", "head's wife 李*"},
		{"户主之儿媳", "户主之儿媳", "head's daughter-in-law"},
		{"王小二", "王*二", "王*二"},
		{"家庭成员（其他） 赵四", "家庭成员（其他） 赵*", "member (other) 赵*"},
	} {
		open, ok := registry.ItemTitle(r, "members", i, form.Personal)
		masked, _ := registry.ItemTitle(r, "members", i, form.Plain)
		if !ok || open.ZH != want.open || masked.ZH != want.masked || masked.EN != want.english {
			t.Errorf("member %d: %q, masked %q %q", i, open.ZH, masked.ZH, masked.EN)
		}
	}
	for list, item := range map[string]int{"members": 5, "vehicles": 0} {
		if title, ok := registry.ItemTitle(r, list, item, form.Personal); ok {
			t.Errorf("item %d of %s is named %q", item, list, title.ZH)
		}
	}
	if _, ok := registry.ItemTitle(r, "members", 6, form.Personal); ok {
		t.Error("a member who is not there is named")
	}
}
