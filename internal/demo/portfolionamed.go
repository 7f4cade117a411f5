package demo

import (
	"fmt"

	"liandong/internal/portfolio"
	"liandong/money"
	"liandong/place"
)

// namedRow is a project of the public record with all that the record says of it; what it does not say stays empty.
type namedRow struct {
	name     string
	division place.ID // of the place in its name; the city where the record names none
	amount   int      // hundredths of 亿元, 0 where none is given
	basis    string
	stage    portfolio.Stage
	phase    int
	platform string // of the same name
}

// The counties that stand in the names of the record.
const (
	xushui     place.ID = 130609_000000
	laishui    place.ID = 130623_000000
	zhuozhou   place.ID = 130681_000000
	anguo      place.ID = 130683_000000
	gaobeidian place.ID = 130684_000000
)

// publishedBy is the last day of the month whose newspapers carry the record: what it reports had happened by then.
var publishedBy = portfolioLast

// namedRows are the projects that the newspapers of December 2015 name. The demonstration takes them to stand on the list of coordinated projects.
var namedRows = []namedRow{
	{"长城汽车整车及零部件", Baoding, 38200, "total", portfolio.PhaseComplete, 2, ""},
	{"中国电科涞水产业园", laishui, 12800, "", portfolio.Started, 0, ""},
	{"国际汽车零部件产业园", Baoding, 12000, "", portfolio.Started, 0, ""},
	{"中国航天科技集团乐凯新材料产业园", Baoding, 3986, "", portfolio.Started, 0, ""},
	{"长城汽车变速器", Baoding, 10000, "investment", portfolio.Progressing, 0, ""},
	{"晨阳水漆产业园", Baoding, 3100, "investment", portfolio.Progressing, 0, ""},
	{"普洛斯涿州现代服务业产业聚集区一期", zhuozhou, 1700, "investment", portfolio.Progressing, 0, ""},
	{"保定·中关村创新中心", Baoding, 0, "", portfolio.InOperation, 0, "innovation_centre"},
	{"新发地高碑店物流园区", gaobeidian, 0, "", portfolio.InOperation, 0, "logistics_park"},
}

// The one signing of 13 projects that the record gives as a sum.
const scienceCityProjects, scienceCitySum = 13, 31300

// namedCounted and namedInvestment are what the named rows add to the headlines.
var namedCounted, namedInvestment = namedTotals()

func namedTotals() (int, money.Fen) {
	sum := money.Fen(scienceCitySum)
	for i := range namedRows {
		sum += money.Fen(namedRows[i].amount)
	}
	return len(namedRows) + scienceCityProjects, sum * moneyStep
}

// named writes down the rows of the public record: names, amounts with their basis, and where they stand; nothing else.
func (p *Portfolio) named() {
	for i := range namedRows {
		row := &namedRows[i]
		d := &portfolio.Project{Division: row.division, Name: row.name, Programme: "coordination"}
		if row.platform != "" {
			platform := p.newID()
			p.document(platform, publishedBy, &portfolio.Platform{Division: row.division, Name: row.name, Kind: row.platform})
			d.Platforms = []portfolio.ID{platform}
		}
		id := p.newID()
		p.document(id, publishedBy, d)
		signing := portfolio.Event{Kind: portfolio.Signing, On: publishedBy, NoLaterThan: true, Basis: row.basis}
		if row.amount > 0 {
			sum := money.Fen(row.amount) * moneyStep
			signing.Amount = &sum
		}
		p.event(id, signing)
		p.event(id, portfolio.Event{Kind: portfolio.Staged, Stage: row.stage, Phase: row.phase, On: publishedBy, NoLaterThan: true})
	}
	p.scienceCity()
	p.namedPlatforms()
	for _, name := range []string{"城际铁路", "城市轨道交通", "太行山高速"} {
		p.document(p.newID(), publishedBy, &portfolio.Project{Division: Baoding, Name: name, Programme: "transport"})
	}
}

// scienceCity writes down the signing of 13 projects of which only the sum is public: the projects are there by number, without amounts.
func (p *Portfolio) scienceCity() {
	platform, signing := p.newID(), p.newID()
	p.document(platform, publishedBy, &portfolio.Platform{Division: Baoding, Name: "白洋淀科技城", Kind: "science_city"})
	sum, n := scienceCitySum*moneyStep, scienceCityProjects
	p.document(signing, publishedBy, &portfolio.Agreement{
		Division: Baoding, Name: "白洋淀科技城项目签约", Kind: "project_signing", Signed: publishedBy, NoLaterThan: true, Amount: &sum, StatedProject: &n,
	})
	for i := range n {
		id := p.newID()
		p.document(id, publishedBy, &portfolio.Project{
			Division: Baoding, Name: fmt.Sprintf("白洋淀科技城签约项目之%s（名称未公布）", numerals[i]), Programme: "coordination", Platforms: []portfolio.ID{platform},
		})
		p.event(id, portfolio.Event{Kind: portfolio.Signing, On: publishedBy, NoLaterThan: true, Agreement: &signing})
	}
}

var numerals = [...]string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"}

// namedPlatforms writes down the other platforms and corridors that the plan names.
func (p *Portfolio) namedPlatforms() {
	for _, row := range []struct {
		name     string
		kind     string
		division place.ID
	}{
		{"安国中药都", "park", anguo},
		{"徐水（大王店）经济开发区", "park", xushui},
		{"保定国家高新技术开发区", "park", Baoding},
		{"京广铁路", "corridor", Baoding},
		{"京港澳高速", "corridor", Baoding},
		{"大广高速", "corridor", Baoding},
		{"张石高速", "corridor", Baoding},
		{"太行山高速", "corridor", Baoding},
		{"京昆高速", "corridor", Baoding},
		{"京广高铁", "corridor", Baoding},
	} {
		p.document(p.newID(), publishedBy, &portfolio.Platform{Division: row.division, Name: row.name, Kind: row.kind})
	}
}

// sector is an industry with invented products and its place in the plan.
type sector struct {
	code, zone, function string
	products             []string
}

var sectors = []sector{
	{"vehicles", "manufacturing", "manufacturing", []string{"汽车电机", "汽车内饰件", "轻量化车架", "车用线束", "制动系统"}},
	{"new_materials", "manufacturing", "manufacturing", []string{"高性能薄膜", "碳纤维制品", "水性涂层", "磁性材料", "特种玻璃"}},
	{"electronics", "innovation", "manufacturing", []string{"传感器", "数据中心", "智能终端", "电路板", "物联网模组"}},
	{"equipment", "manufacturing", "manufacturing", []string{"数控机床", "环保装备", "输变电设备", "工业机器人", "精密铸件"}},
	{"energy", "ecology", "manufacturing", []string{"光伏组件", "储能电池", "风电叶片", "地热利用"}},
	{"medicine", "innovation", "services", []string{"现代中药", "医疗器械", "生物制剂", "康复医院"}},
	{"food", "urbanisation", "logistics", []string{"农产品加工", "冷链食品", "净菜配送", "乳品加工"}},
	{"logistics", "recipient", "logistics", []string{"智慧物流园", "仓储配送中心", "商贸市场", "快递分拨中心"}},
	{"culture", "ecology", "services", []string{"文化创意园", "康养小镇", "生态旅游区"}},
	{"education", "recipient", "services", []string{"职业学院新校区", "培训基地", "科研院所中试基地"}},
	{"environment", "ecology", "manufacturing", []string{"再生资源利用", "污水处理", "固废处置"}},
}

// Invented names. None of them is known to be a firm's.
var (
	groupFirsts      = []string{"中霖", "国砺", "华岑", "中旻", "国堃", "华霁", "中澍", "国珩", "华峤", "中昱", "国澄", "华垚"}
	groupSeconds     = []string{"能源集团", "装备集团", "建设集团", "材料集团", "信息集团", "物流集团"}
	agreementFirsts  = []string{"产业转移", "科技创新", "现代物流", "新能源", "城市建设", "生态环境", "装备制造", "医药健康", "文化旅游"}
	agreementSeconds = []string{"合作框架", "战略合作", "园区共建", "项目落地", "联合研发", "产业基金", "人才培训", "示范基地", "配套服务", "平台共建"}
	projectFirsts    = []string{"霁云", "岚桥", "澄源", "栖霞川", "砺石", "朗岳", "沐川", "云麓", "青垣", "旭岭", "瀚洲", "峻驰", "谷雨", "清澜", "晴川", "远岫", "泓屹", "煦阳", "卓泓", "柏舟"}
	companySeconds   = []string{"投资有限公司", "科技有限公司", "实业有限公司", "产业发展有限公司"}
	occasions        = []string{"经贸洽谈会", "项目集中签约仪式", "央企恳谈会", "产业对接会"}
)

func platformSeconds(kind string) []string {
	switch kind {
	case "country_park":
		return []string{"国别产业园"}
	case "micro_centre":
		return []string{"微中心城市"}
	case "rail_town":
		return []string{"高铁新城"}
	case "logistics_park":
		return []string{"物流园区"}
	}
	return []string{"产业园", "工业园", "科技园"}
}
