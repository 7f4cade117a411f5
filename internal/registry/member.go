package registry

import (
	"strings"

	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
)

// ItemTitle names a member of the household as its reader may know it: 户主之妻 张*. Items of other lists have no name.
func (h *Household) ItemTitle(list string, item int) (errs.Text, bool) {
	return ItemTitle(h.Record, list, item, h.Clear)
}

// ItemTitle names a member of a record, as far as one who sees answers up to a sensitivity may know who it is: the relation to the head, and the
// name, which is masked below Personal. It says false for another list, and for a member of whom neither is known.
func ItemTitle(r *form.Record, list string, item int, seen form.Sensitivity) (errs.Text, bool) {
	if list != "members" {
		return errs.Text{}, false
	}
	members, _ := r.Items(r.Section().Must(list))
	if item < 0 || item >= len(members) {
		return errs.Text{}, false
	}
	who, name := relationOf(members[item]), members[item].String("name")
	if name != "" && seen < form.Personal {
		name = access.MaskName(name)
	}
	return errs.Text{ZH: strings.TrimSpace(who.ZH + " " + name), EN: strings.TrimSpace(who.EN + " " + name)}, who.ZH+name != ""
}

// relationOf says what a member is to the head: 户主之长子. Relations that are none, such as "other", say only that.
func relationOf(m *form.Record) errs.Text {
	field := m.Section().Must("relation")
	zh, en := m.WordsOf(field, "zh"), strings.ToLower(m.WordsOf(field, "en"))
	switch m.Code("relation") {
	case "":
		return errs.Text{}
	case "head", "self":
		return errs.Text{ZH: "户主", EN: "head"}
	case "other", "non_relative":
		return errs.Text{ZH: "家庭成员（" + zh + "）", EN: "member (" + en + ")"}
	}
	return errs.Text{ZH: "户主之" + strings.TrimPrefix(zh, "之"), EN: "head's " + en}
}
