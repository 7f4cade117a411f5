package portfolio

import (
	"slices"
	"strings"

	"liandong/errs"
)

// Choice is one entry of a code list: the word that files and the API use, and the words on screen.
type Choice struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
}

// Choices is a code list in the order in which people read it.
type Choices []Choice

// Title is a code's words; the code itself where the list does not know it.
func (c Choices) Title(code string) errs.Text {
	if i := slices.IndexFunc(c, func(e Choice) bool { return e.Code == code }); i >= 0 {
		return c[i].Title
	}
	return errs.Text{ZH: code, EN: code}
}

// Parse reads a code or its words in either language; "" stays "", which is unknown.
func (c Choices) Parse(text, where string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	for _, e := range c {
		if text == e.Code || text == e.Title.ZH || strings.EqualFold(text, e.Title.EN) {
			return e.Code, nil
		}
	}
	zh, en := make([]string, len(c)), make([]string, len(c))
	for i, e := range c {
		zh[i], en[i] = e.Title.ZH, e.Code
	}
	return "", invalid(where, "没有「"+text+"」这一项。可用的有："+strings.Join(zh, "、")+"。", "There is no \""+text+"\". There are: "+strings.Join(en, ", ")+".")
}

func (c Choices) check(code, where string) error {
	if code == "" || slices.ContainsFunc(c, func(e Choice) bool { return e.Code == code }) {
		return nil
	}
	_, err := c.Parse("["+code+"]", where)
	return err
}

// OrganisationKinds says what sort of body signs, invests, builds or inspects.
func OrganisationKinds() Choices {
	return Choices{
		{"central_group", errs.Text{ZH: "央企集团", EN: "Central state-owned group"}},
		{"company", errs.Text{ZH: "企业", EN: "Company"}},
		{"institution", errs.Text{ZH: "事业单位", EN: "Public institution"}},
		{"government", errs.Text{ZH: "政府部门", EN: "Government office"}},
	}
}

// AgreementKinds tells a frame for co-operation from a signing of projects.
func AgreementKinds() Choices {
	return Choices{
		{cooperation, errs.Text{ZH: "合作协议", EN: "Cooperation agreement"}},
		{projectSigning, errs.Text{ZH: "项目签约", EN: "Signing of projects"}},
	}
}

const (
	cooperation    = "cooperation"
	projectSigning = "project_signing"
	centralGroup   = "central_group"
	coordination   = "coordination"
	transport      = "transport"
)

// Programmes are the lists that a project may stand on.
func Programmes() Choices {
	return Choices{
		{coordination, errs.Text{ZH: "京津保协同项目", EN: "Beijing-Tianjin-Baoding coordinated projects"}},
		{transport, errs.Text{ZH: "交通一体化", EN: "Transport integration"}},
	}
}

// PlatformKinds are the kinds of places that projects settle on.
func PlatformKinds() Choices {
	return Choices{
		{"park", errs.Text{ZH: "园区", EN: "Park"}},
		{"country_park", errs.Text{ZH: "国别（地区）产业园", EN: "Country or region park"}},
		{"science_city", errs.Text{ZH: "科技城", EN: "Science city"}},
		{"innovation_centre", errs.Text{ZH: "创新中心", EN: "Innovation centre"}},
		{"logistics_park", errs.Text{ZH: "物流园区", EN: "Logistics park"}},
		{"micro_centre", errs.Text{ZH: "微中心城市", EN: "Micro-centre city"}},
		{"rail_town", errs.Text{ZH: "高铁新城", EN: "High-speed-rail town"}},
		{"corridor", errs.Text{ZH: "交通廊道", EN: "Corridor"}},
	}
}

// Zones are the five parts of the city's role 两地三区.
func Zones() Choices {
	return Choices{
		{"recipient", errs.Text{ZH: "非首都功能疏解承接地", EN: "Recipient of non-capital functions"}},
		{"manufacturing", errs.Text{ZH: "先进制造业和战略性新兴产业基地", EN: "Base of advanced manufacturing and strategic new industries"}},
		{"innovation", errs.Text{ZH: "京津冀协同创新试验区", EN: "Joint innovation trial zone"}},
		{"urbanisation", errs.Text{ZH: "新型城镇化和城乡统筹示范区", EN: "Demonstration zone of new-type urbanisation"}},
		{"ecology", errs.Text{ZH: "绿色低碳宜居生态新区", EN: "Green, low-carbon, liveable ecological new zone"}},
	}
}

// Functions are the kinds of non-capital function that move.
func Functions() Choices {
	return Choices{
		{"manufacturing", errs.Text{ZH: "一般性制造业", EN: "General manufacturing"}},
		{"logistics", errs.Text{ZH: "区域性物流基地和专业市场", EN: "Regional logistics and wholesale markets"}},
		{"services", errs.Text{ZH: "教育、医疗、培训机构", EN: "Education, health and training institutions"}},
		{"offices", errs.Text{ZH: "行政性、事业性服务机构和企业总部", EN: "Administrative services and headquarters"}},
	}
}

// OriginCities are where a project comes from.
func OriginCities() Choices {
	return Choices{
		{"beijing", errs.Text{ZH: "北京", EN: "Beijing"}}, {"tianjin", errs.Text{ZH: "天津", EN: "Tianjin"}}, {"other", errs.Text{ZH: "其他", EN: "Elsewhere"}},
	}
}

// Sectors are the industries of projects; each has its sector of OC4IDS in export.
func Sectors() Choices {
	return Choices{
		{"vehicles", errs.Text{ZH: "汽车及零部件", EN: "Vehicles and parts"}},
		{"new_materials", errs.Text{ZH: "新材料", EN: "New materials"}},
		{"electronics", errs.Text{ZH: "电子信息", EN: "Electronics and information"}},
		{"equipment", errs.Text{ZH: "装备制造", EN: "Machinery and equipment"}},
		{"energy", errs.Text{ZH: "新能源", EN: "New energy"}},
		{"medicine", errs.Text{ZH: "医药健康", EN: "Medicine and health"}},
		{"food", errs.Text{ZH: "农产品和食品", EN: "Farm products and food"}},
		{"logistics", errs.Text{ZH: "现代物流", EN: "Logistics"}},
		{"culture", errs.Text{ZH: "文化旅游", EN: "Culture and tourism"}},
		{"education", errs.Text{ZH: "教育培训", EN: "Education and training"}},
		{"environment", errs.Text{ZH: "节能环保", EN: "Environment"}},
		{"rail", errs.Text{ZH: "铁路", EN: "Railways"}},
		{"urban_rail", errs.Text{ZH: "城市轨道交通", EN: "Urban rail"}},
		{"road", errs.Text{ZH: "公路", EN: "Roads"}},
	}
}

// Bases say which amount a sum of money is: the same project has a 总投资, an 投资 and an 协议额, and they are not alike.
func Bases() Choices {
	return Choices{
		{"total", errs.Text{ZH: "总投资", EN: "Total investment"}},
		{"investment", errs.Text{ZH: "投资", EN: "Investment"}},
		{"agreement", errs.Text{ZH: "协议额", EN: "Amount of the agreement"}},
	}
}

// Sources are where money comes from.
func Sources() Choices {
	return Choices{
		{"own", errs.Text{ZH: "企业自筹", EN: "Own funds"}},
		{"loan", errs.Text{ZH: "银行贷款", EN: "Bank loans"}},
		{"budget", errs.Text{ZH: "财政资金", EN: "Public budget"}},
		{"foreign", errs.Text{ZH: "外资", EN: "Foreign capital"}},
		{"other", errs.Text{ZH: "其他资金", EN: "Other"}},
	}
}

// Roles are what an organisation is to a project.
func Roles() Choices {
	return Choices{
		{"investor", errs.Text{ZH: "投资方", EN: "Investor"}},
		{"owner", errs.Text{ZH: "建设单位", EN: "Owner"}},
		{"builder", errs.Text{ZH: "施工单位", EN: "Builder"}},
		{"inspector", errs.Text{ZH: "督查单位", EN: "Inspector"}},
		{"authority", errs.Text{ZH: "主管部门", EN: "Authority"}},
	}
}
