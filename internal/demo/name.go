package demo

import "strings"

// surnameRow is a family name with its share in ten thousand.
type surnameRow struct {
	name  string
	share int
}

// Family names by how common they are in the north, from the lists of frequent surnames that the public security organs publish; below
// them rarer ones whose reading as a name differs from their usual one, and compound ones.
var surnameTable = []surnameRow{
	{"王", 1080},
	{"李", 930},
	{"张", 960},
	{"刘", 790},
	{"杨", 360},
	{"赵", 390},
	{"陈", 250},
	{"孙", 240},
	{"马", 220},
	{"高", 190},
	{"郭", 190},
	{"田", 150},
	{"崔", 130},
	{"宋", 150},
	{"周", 120},
	{"韩", 150},
	{"许", 100},
	{"任", 90},
	{"冯", 110},
	{"胡", 90},
	{"魏", 110},
	{"朱", 90},
	{"徐", 100},
	{"吴", 100},
	{"梁", 90},
	{"董", 90},
	{"郑", 70},
	{"谢", 50},
	{"曹", 80},
	{"于", 70},
	{"杜", 70},
	{"贾", 80},
	{"石", 70},
	{"苏", 60},
	{"史", 60},
	{"侯", 60},
	{"孟", 60},
	{"范", 50},
	{"何", 50},
	{"白", 50},
	{"安", 50},
	{"康", 40},
	{"庞", 40},
	{"段", 40},
	{"耿", 40},
	{"郝", 50},
	{"常", 40},
	{"尹", 30},
	{"齐", 40},
	{"牛", 40},
	{"刁", 8},
	{"甄", 25},
	{"臧", 20},
	{"路", 25},
	{"邢", 35},
	{"樊", 20},
	{"靳", 25},
	{"佟", 10},
	{"蔡", 25},
	{"吕", 40},
	{"卢", 30},
	{"姚", 35},
	{"申", 20},
	{"焦", 20},
	{"霍", 15},
	{"武", 30},
	{"陶", 15},
	{"邓", 15},
	{"罗", 15},
	{"林", 20},
	{"黄", 30},
	{"袁", 30},
	{"彭", 15},
	{"肖", 25},
	{"江", 12},
	{"丁", 20},
	{"夏", 15},
	{"钟", 8},
	{"汪", 10},
	{"戴", 8},
	{"曾", 14},
	{"单", 14},
	{"仇", 9},
	{"解", 12},
	{"区", 3},
	{"查", 3},
	{"盖", 4},
	{"覃", 3},
	{"朴", 3},
	{"缪", 3},
	{"华", 6},
	{"乐", 3},
	{"翟", 30},
	{"员", 3},
	{"秘", 5},
	{"葛", 15},
	{"燕", 8},
	{"牟", 4},
	{"宁", 10},
	{"纪", 12},
	{"柏", 4},
	{"都", 2},
	{"逄", 2},
	{"尉", 3},
	{"薄", 3},
	{"冼", 2},
	{"句", 2},
	{"沈", 20},
	{"车", 6},
	{"褚", 4},
	{"欧阳", 3},
	{"上官", 2},
	{"司马", 2},
	{"诸葛", 1},
	{"尉迟", 1},
	{"令狐", 1},
}

// era is how children of some years were named: the characters that came first and last, and how many had one character only.
type era struct {
	until  int // last year of birth
	single float64
	male   [2]string
	female [2]string
}

var eras = []era{
	{
		1949, .16,
		[2]string{"振玉福德金洪长景文连凤树永万广殿成占国根", "山林田福海生才祥堂昌义顺保奎臣明春仁贵和"},
		[2]string{"秀桂玉凤淑兰素金翠春荣景瑞振文", "英兰芝珍荣花芬琴清娥云梅莲香敏"},
	},
	{
		1964, .14,
		[2]string{"建国志永文金玉福保树振新双胜秋根连全运", "国军明林生平华民海山春祥友田成利良忠才玉"},
		[2]string{"秀桂玉淑素凤春金兰翠荣会俊爱新", "英兰芬珍荣芝琴花梅平敏霞云娥香"},
	},
	{
		1979, .20,
		[2]string{"建志永立卫文红新国海春占俊树宝秋增会爱", "军强伟民华东明辉杰利峰刚勇斌生红平波林旺"},
		[2]string{"丽红艳秀晓春秋海爱玉俊立彦会素", "霞丽红梅英敏华娟芳玲荣燕萍云辉"},
	},
	{
		1994, .34,
		[2]string{"建志海晓立亚伟文宏少东永鹏俊振", "伟超涛磊鹏飞龙强杰辉亮波峰宁斌勇凯帅坤旺"},
		[2]string{"晓丽艳亚海雪春红文静佳立小娟彦", "娜静丽敏燕霞娟婷芳洁倩颖玲蕾莎"},
	},
	{
		2100, .13,
		[2]string{"子浩宇梓一佳俊文博思家天嘉明泽", "轩涵宇豪然阳辰昊杰航泽硕睿鑫凯琪博森旭轩"},
		[2]string{"子梓欣佳雨诗思梦紫一可若嘉怡语", "涵怡萱琪瑶彤妍雅悦桐馨诺蕊菲晴"},
	},
}

// nameTables draw names in one step: the surnames repeated by their share.
type nameTables struct {
	surnames []string
	eras     []eraTable
}

type eraTable struct {
	era
	male, female [2][]string
}

func newNameTables() *nameTables {
	t := &nameTables{}
	for _, row := range surnameTable {
		for range row.share {
			t.surnames = append(t.surnames, row.name)
		}
	}
	for _, e := range eras {
		row := eraTable{era: e}
		for i := range 2 {
			row.male[i], row.female[i] = strings.Split(e.male[i], ""), strings.Split(e.female[i], "")
		}
		t.eras = append(t.eras, row)
	}
	return t
}

func (t *nameTables) era(year int) *eraTable {
	for i := range t.eras {
		if year <= t.eras[i].until {
			return &t.eras[i]
		}
	}
	return &t.eras[len(t.eras)-1]
}

func (g *generator) surname() string {
	return g.city.names.surnames[g.rng.IntN(len(g.city.names.surnames))]
}

// familyName is a surname that fits the village: most people bear one of its families'.
func (g *generator) familyName() string {
	if g.chance(.72) {
		return g.village.surnames[min(g.rng.IntN(4), 2)%3]
	}
	return g.surname()
}

// given adds a given name of the years to b.
func (g *generator) given(b []byte, year int, male bool) []byte {
	e := g.city.names.era(year)
	parts := &e.female
	if male {
		parts = &e.male
	}
	if !g.chance(e.single) {
		b = append(b, parts[0][g.rng.IntN(len(parts[0]))]...)
	}
	return append(b, parts[1][g.rng.IntN(len(parts[1]))]...)
}
