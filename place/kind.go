package place

import "strings"

// Kind tells what a division is beyond its level.
type Kind uint8

// The kinds that the register must tell apart.
const (
	Ordinary        Kind = iota // province, prefecture, county, village
	Heading                     // 市辖区, 县, 省直辖县级行政区划: a line of the list under which others stand
	Subdistrict                 // 街道
	Town                        // 镇
	RuralTownship               // 乡, 民族乡, 苏木
	StatisticalUnit             // a park, farm or office that statistics count like a township or county
	Community                   // 居民委员会, 社区
	Ended                       // abolished before the list of today
)

// kindOf tells the kind by the classes of GB/T 10114 (001-099 subdistricts, 100-199 towns, 200-399 townships, 400-599 units that are not
// divisions) and by the name, which decides where the two disagree: statisticians also number offices within 001-399.
func kindOf(id ID, name string) Kind {
	switch id.Level() {
	case City, County:
		if name == "市辖区" || name == "县" || strings.Contains(name, "直辖县级") {
			return Heading
		}
		if id.Level() == County && isZone(id) {
			return StatisticalUnit
		}
	case Township:
		return townshipKind(id/spans[Township]%1000, name)
	case Village:
		if strings.HasSuffix(name, "居民委员会") || strings.HasSuffix(name, "居委会") || strings.HasSuffix(name, "社区") {
			return Community
		}
	}
	return Ordinary
}

// isZone reports a county-level number from 71 to 80, which statistics give to development zones.
func isZone(id ID) bool {
	n := id / spans[County] % 100
	return n >= 71 && n <= 80
}

func townshipKind(number ID, name string) Kind {
	switch {
	case number >= 400 && !strings.HasSuffix(name, "镇"):
		return StatisticalUnit
	case strings.HasSuffix(name, "街道") || strings.HasSuffix(name, "街道办事处"):
		return Subdistrict
	case strings.HasSuffix(name, "镇"):
		return Town
	case strings.HasSuffix(name, "乡") || strings.HasSuffix(name, "苏木"):
		return RuralTownship
	}
	return StatisticalUnit
}
