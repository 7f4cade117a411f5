package registry

import (
	"strings"

	"liandong/errs"
	"liandong/form"
	"liandong/sheet"
)

// The keys under which layouts know what is no field of the form.
const (
	keyProvince   = "place.province"
	keyCity       = "place.city"
	keyCounty     = "place.county"
	keyTownship   = "place.township"
	keyVillage    = "place.village"
	keyStated     = "stated.income_per_head"
	prefixHouse   = "household."
	prefixMember  = "member."
	nationalTitle = "贫困人口信息（家庭成员）"
)

// placeKeys are the levels of a household's place, from the province down.
func placeKeys() []string {
	return []string{keyProvince, keyCity, keyCounty, keyTownship, keyVillage}
}

// NationalLayout is the table that the national system exports: title rows, one row for every member, the household's answers on every row
// or on the head's alone.
func NationalLayout() sheet.Layout {
	f := func(key string, headings ...string) sheet.Field { return sheet.Field{Key: key, Headings: headings} }
	required := func(f sheet.Field) sheet.Field { f.Required = true; return f }
	unit := func(f sheet.Field, unit string) sheet.Field { f.Unit = unit; return f }
	h, m := func(path string) string { return prefixHouse + path }, func(path string) string { return prefixMember + path }
	return sheet.Layout{Name: "national", Title: errs.Text{ZH: "全国系统导出表", EN: "Export of the national system"}, Fields: []sheet.Field{
		f(keyProvince, "省（自治区、直辖市）", "省"), f(keyCity, "市（盟、州）", "市"), required(f(keyCounty, "县（市、区、旗）", "县")),
		required(f(keyTownship, "乡（镇）", "乡镇")), required(f(keyVillage, "行政村")), f(h("natural_village"), "自然村"),
		required(f(h("number"), "户编号")), f(m("number"), "人编号"), required(f(m("name"), "姓名")), f(m("id_kind"), "证件类型"),
		required(f(m("id_number"), "证件号码", "身份证号码", "身份证号")), f(m("sex"), "性别"), f(m("born"), "出生日期"), f(m("ethnicity"), "民族"),
		required(f(m("relation"), "与户主关系")), f(m("education"), "文化程度"), f(m("at_school"), "在校生状况"), f(m("health"), "健康状况"),
		f(m("labour"), "劳动技能", "劳动能力"), f(m("away.place"), "务工所在地"), unit(f(m("away.months"), "务工时间（月）", "务工时间"), "月"),
		f(m("medical_insurance"), "是否参加城乡居民基本医疗保险"), f(h("attribute"), "户类型", "贫困户属性"), f(h("main_cause"), "主要致贫原因"),
		f(h("other_causes"), "其他致贫原因"), unit(f(h("income.wage"), "工资性收入"), "元"), unit(f(h("income.business"), "生产经营性收入"), "元"),
		unit(f(h("income.property"), "财产性收入"), "元"), unit(f(h("income.transfer"), "转移性收入"), "元"), unit(f(h("income.cost"), "生产经营性支出"), "元"),
		unit(f(keyStated, "人均纯收入（元）", "人均纯收入"), "元"), unit(f(h("land.arable"), "耕地面积（亩）", "耕地面积"), "亩"),
		unit(f(h("land.woodland"), "林地面积（亩）", "林地面积"), "亩"), unit(f(h("housing.area"), "住房面积"), "平方米"), f(h("housing.structure"), "住房结构", "主要住房结构"),
		f(h("housing.dangerous"), "是否危房户"), f(h("electricity"), "是否通生活用电"), f(h("water.safe"), "是否解决安全饮用水"),
		unit(f(h("housing.distance"), "与村主干路距离（公里）", "与村主干路距离"), "公里"), f(h("housing.path_paved"), "入户道路是否硬化", "入户路是否硬化"),
		f(h("toilet"), "是否有卫生厕所"), f(h("phone"), "户联系电话", "联系电话"), f(h("bank"), "开户银行"), f(h("account"), "银行账号"),
	}}
}

// unitHeadings are the units that the own template writes behind a heading.
var unitHeadings = map[string]string{"yuan": "元", "m2": "平方米", "mu": "亩", "km": "公里", "kg/year": "公斤", "months": "月", "persons": "人"}

// OwnLayout is the register's own template: every answer of the form that can stand in a cell, under the form's words.
func OwnLayout(f *form.Form) sheet.Layout {
	l := sheet.Layout{Name: "own", Title: errs.Text{ZH: "联动登记模板", EN: "The register's own template"}}
	for i, heading := range []string{"省", "市", "县", "乡镇", "行政村"} {
		l.Fields = append(l.Fields, sheet.Field{Key: placeKeys()[i], Headings: []string{heading}, Required: i >= 2})
	}
	members := f.Root.Fields[f.Root.Must("members")].List
	l.Fields = append(l.Fields, cells(f.Root, prefixHouse, "")...)
	l.Fields = append(l.Fields, cells(members, prefixMember, "成员")...)
	return l
}

// cells are a section's fields that have words.
func cells(s *form.Section, prefix, clash string) []sheet.Field {
	var fields []sheet.Field
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Type == form.Division || f.Type == form.Key || f.Path == "members" {
			continue
		}
		heading := strings.ReplaceAll(f.Title.ZH, "其中：", "其中")
		if clash != "" && f.Path == "subsistence" {
			heading = clash + heading
		}
		field := sheet.Field{Key: prefix + f.Path, Headings: []string{heading}, Unit: unitHeadings[f.Unit]}
		if field.Unit != "" {
			field.Headings[0] += "（" + field.Unit + "）"
		}
		field.Required = f.Required || f.Path == "number" && prefix == prefixHouse
		fields = append(fields, field)
	}
	return fields
}

// Layouts are the tables that an import knows.
func Layouts(f *form.Form) []sheet.Layout { return []sheet.Layout{NationalLayout(), OwnLayout(f)} }
