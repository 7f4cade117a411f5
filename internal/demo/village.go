package demo

import (
	"math"
	"strconv"

	"liandong/place"
)

// settlements lists the villages of a county that can have households: those of townships, towns and streets, not of parks and farms that
// only statistics count as townships.
func settlements(places *place.Gazetteer, county place.ID) []place.Division {
	var all []place.Division
	for _, township := range places.Children(county) {
		if township.Kind != place.StatisticalUnit {
			all = append(all, places.Villages(township.ID)...)
		}
	}
	return all
}

// village is a village being filled.
type village struct {
	id       place.ID
	hard     float64   // how much poorer than its county, about -1 to 1
	surnames [3]string // the families that most of its people belong to
	hamlets  []string
	groups   int

	registered, never int64 // people of the county's villages up to and with this one
}

// villagesOf weighs the county's villages: sizes are skewed, some have no household of the ledger, and residents' committees have few.
func (g *generator) villagesOf() []village {
	list := make([]village, len(g.county.villages))
	registered, never := make([]float64, len(list)), make([]float64, len(list))
	for i, d := range g.county.villages {
		v := &list[i]
		v.id = d.ID
		v.hard = clamp(g.rng.NormFloat64()*.5, -1, 1)
		weight := math.Exp(g.rng.NormFloat64() * .75)
		switch empty := .03; {
		case d.Kind == place.Community:
			weight *= .06
			if g.chance(.6) {
				weight = 0
			}
		case !g.county.key && g.chance(.12), g.chance(empty):
			weight = 0
		}
		registered[i], never[i] = weight*(1+.6*v.hard), weight*(1-.3*v.hard)
		g.settle(v)
	}
	cumulate(list, apportion(g.county.opening, registered), apportion(g.county.never, never))
	return list
}

func cumulate(list []village, registered, never []int64) {
	var r, n int64
	for i := range list {
		r, n = r+registered[i], n+never[i]
		list[i].registered, list[i].never = r, n
	}
}

// settle gives a village its families, natural villages and groups.
func (g *generator) settle(v *village) {
	for i := range v.surnames {
		v.surnames[i] = g.surname()
	}
	style := hamletStyles[g.county.landscape]
	count := g.between(style.least, style.most)
	for i := range count {
		v.hamlets = append(v.hamlets, g.hamletName(v, style, i))
	}
	v.groups = g.between(2, 8)
}

// hamletStyle is how natural villages are named and how many a village has.
type hamletStyle struct {
	least, most int
	endings     []string
}

var hamletStyles = [...]hamletStyle{
	plain:    {1, 2, []string{"庄", "营", "屯", "寨", "村", "佐", "铺"}},
	lake:     {1, 2, []string{"庄", "口", "堤", "淀头", "村", "台"}},
	hills:    {2, 4, []string{"庄", "峪", "沟", "台", "洼", "岭"}},
	mountain: {3, 7, []string{"沟", "峪", "台", "坨", "岭", "坪", "庄", "洼", "梁", "岔"}},
}

var hamletFronts = []string{"东", "西", "南", "北", "上", "下", "大", "小", "前", "后", "石", "柳", "枣树", "杏树", "白石", "黄土", "龙泉", "水泉"}

func (g *generator) hamletName(v *village, style hamletStyle, i int) string {
	ending := style.endings[g.rng.IntN(len(style.endings))]
	if i < len(v.surnames) && g.chance(.6) {
		return v.surnames[i] + "家" + ending
	}
	return hamletFronts[g.rng.IntN(len(hamletFronts))] + ending
}

// groupNames are the names of villagers' groups, 第1组 and so on.
func groupNames() []string {
	names := make([]string, 9)
	for i := range names {
		names[i] = "第" + strconv.Itoa(i) + "组"
	}
	return names
}
