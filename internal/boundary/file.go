package boundary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/peterstace/simplefeatures/geom"

	"liandong/errs"
	"liandong/place"
)

// What a file may hold. A province's villages with every bend of their borders are under all of them.
const (
	MaxFile     = 64 << 20
	maxFeatures = 50_000
	maxPoints   = 3_000_000
)

// collection is a GeoJSON file (RFC 7946); features are read one by one, so that a broken one is named by its number.
type collection struct {
	Type     string            `json:"type"`
	Features []json.RawMessage `json:"features"`
	CRS      *struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	} `json:"crs"` // of the standard before; many programs still write it
}

type feature struct {
	Type       string          `json:"type"`
	ID         any             `json:"id"`
	Properties map[string]any  `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

// open reads the outer shell of a file.
func open(data []byte) (collection, error) {
	var c collection
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > MaxFile:
		return c, invalid("file", fmt.Sprintf("文件超过 %d MB。请先把边界线抽稀，或分级、分县导出。", MaxFile>>20), fmt.Sprintf("The file is larger than %d MB. Thin the lines out, or export it by level or county.", MaxFile>>20))
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return c, invalid("file", "这是压缩包。请在制图软件里把 Shapefile 等导出为 GeoJSON 再导入。", "This is an archive. Export the shapefile as GeoJSON from the mapping program and import that.")
	case !utf8.Valid(data):
		return c, invalid("file", "文件不是 UTF-8 编码的 GeoJSON。请导出时选 UTF-8。", "The file is not GeoJSON in UTF-8. Choose UTF-8 when exporting.")
	}
	if err := json.Unmarshal(data, &c); err != nil {
		line := 0
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			line = lineOf(data, syntax.Offset)
		case errors.As(err, &kind):
			line = lineOf(data, kind.Offset)
		}
		return c, errs.New(errs.Invalid, "boundary", fmt.Sprintf("文件不是完整的 GeoJSON（第 %d 行）。请重新导出。", line), fmt.Sprintf("The file is not whole GeoJSON (line %d). Export it again.", line)).At("file").Because(err)
	}
	switch {
	case c.Type == "Topology":
		return c, invalid("file", "这是 TopoJSON。请导出为 GeoJSON。", "This is TopoJSON. Export it as GeoJSON.")
	case c.Type != "FeatureCollection" || len(c.Features) == 0:
		return c, invalid("file", "文件里没有要素。需要的是 GeoJSON 的 FeatureCollection，每个区划一个要素。", "The file has no features. A FeatureCollection of GeoJSON is needed, with a feature for each division.")
	case len(c.Features) > maxFeatures:
		return c, invalid("file", fmt.Sprintf("要素超过 %d 个。", maxFeatures), fmt.Sprintf("There are more than %d features.", maxFeatures))
	}
	return c, nil
}

func lineOf(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
}

// declared holds the coordinate system that the file names, where it names one, against the one that was said.
func (c *collection) declared(said System) error {
	if c.CRS == nil || c.CRS.Properties.Name == "" {
		return nil
	}
	name := c.CRS.Properties.Name
	is := map[string]System{"4490": CGCS2000, "4326": WGS84, "CRS84": WGS84, "4979": WGS84, "4480": CGCS2000}[name[strings.LastIndexAny(name, ":/")+1:]]
	switch is {
	case said:
		return nil
	case "":
		return invalid("file", "文件的坐标系是「"+name+"」，不是经纬度。请按 2000 国家大地坐标系（EPSG:4490）导出经纬度。",
			"The file's coordinate system is "+name+", which is not degrees. Export degrees of CGCS2000 (EPSG:4490).")
	}
	return invalid("coordinates", "文件写明坐标系是 "+strings.ToUpper(string(is))+"，填写的是 "+strings.ToUpper(string(said))+"。请核对。",
		"The file says that its coordinates are "+strings.ToUpper(string(is))+", not "+strings.ToUpper(string(said))+". Check which.")
}

// names are what properties hold a division's code and name in, in files of the surveying and civil offices and of common programs; in lower case.
var (
	codeNames = []string{"division", "id", "code", "adcode", "pac", "xzqdm", "qhdm", "gb", "dm", "区划代码", "行政区划代码", "代码"}
	areaNames = []string{"name", "xzqmc", "qhmc", "mc", "区划名称", "名称"}
)

// property finds the first of some properties whose text is one.
func (f *feature) property(names []string, is func(text string) bool) string {
	for _, name := range names {
		for key, value := range f.Properties {
			if text := written(value); strings.EqualFold(key, name) && is(text) {
				return text
			}
		}
	}
	return ""
}

// written is a property as text: programs write codes as numbers too.
func written(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

// name is what the feature calls its division.
func (f *feature) name() string {
	return f.property(areaNames, func(text string) bool { return text != "" })
}

// code is what the feature says its division's code is, without the country's 156 before it; "" where no property looks like one: many programs number
// features under the name id.
func (f *feature) code() string {
	text := f.property(codeNames, isCode)
	if own := written(f.ID); text == "" && isCode(own) {
		text = own
	}
	return uncoded(text)
}

func isCode(text string) bool {
	_, err := place.ParseCode(uncoded(text))
	return err == nil
}

// uncoded takes the country's number off.
func uncoded(text string) string {
	if rest, ok := strings.CutPrefix(text, "156"); ok && (len(rest) == 6 || len(rest) == 9 || len(rest) == 12) {
		return rest
	}
	return text
}

// title is how findings call the feature.
func (f *feature) title() string {
	name, code := f.name(), f.code()
	if name == "" || code == "" {
		return name + code
	}
	return name + " " + code
}

// polygons reads the geometry. What is wrong with it is a sentence.
func (f *feature) polygons() (geom.MultiPolygon, *errs.Text) {
	var none geom.MultiPolygon
	if len(f.Geometry) == 0 || string(f.Geometry) == "null" {
		return none, &errs.Text{ZH: "没有图形。", EN: "it has no geometry."}
	}
	g, err := geom.UnmarshalGeoJSON(f.Geometry, geom.NoValidate{})
	if err != nil {
		return none, &errs.Text{ZH: "图形读不懂，请重新导出。", EN: "its geometry cannot be read; export it again."}
	}
	g = g.Force2D()
	var m geom.MultiPolygon
	switch g.Type() {
	case geom.TypePolygon:
		m = g.MustAsPolygon().AsMultiPolygon()
	case geom.TypeMultiPolygon:
		m = g.MustAsMultiPolygon()
	default:
		return none, &errs.Text{ZH: "是" + g.Type().String() + "，不是面（Polygon 或 MultiPolygon）。", EN: "it is a " + g.Type().String() + ", not a Polygon or MultiPolygon."}
	}
	if m.IsEmpty() {
		return none, &errs.Text{ZH: "图形是空的。", EN: "its geometry is empty."}
	}
	if wrong := degrees(m.Envelope()); wrong != nil {
		return none, wrong
	}
	if err := m.Validate(); err != nil {
		return none, broken(err)
	}
	return m.ForceCCW(), nil
}

// The frame of China in degrees, wide enough for every system of coordinates.
const (
	chinaWest, chinaEast   = 73.0, 136.0
	chinaSouth, chinaNorth = 3.0, 54.0
)

// degrees says what is wrong with coordinates that cannot be longitudes and latitudes in China.
func degrees(e geom.Envelope) *errs.Text {
	low, lowOK := e.Min().XY()
	high, highOK := e.Max().XY()
	within := func(west, south, east, north float64) bool {
		return low.X >= west && high.X <= east && low.Y >= south && high.Y <= north
	}
	switch {
	case !lowOK || !highOK:
		return &errs.Text{ZH: "坐标不是数。", EN: "its coordinates are not numbers."}
	case within(chinaWest, chinaSouth, chinaEast, chinaNorth):
		return nil
	case within(chinaSouth, chinaWest, chinaNorth, chinaEast):
		return &errs.Text{ZH: "经度和纬度写反了（GeoJSON 先经度后纬度）。", EN: "longitude and latitude are swapped; GeoJSON has longitude first."}
	case math.Max(math.Abs(low.X), math.Abs(high.X)) > 180 || math.Max(math.Abs(low.Y), math.Abs(high.Y)) > 90:
		return &errs.Text{ZH: "坐标不是经纬度（可能是以米计的平面坐标）。请导出经纬度。", EN: "its coordinates are not degrees; they may be metres of a plane. Export degrees."}
	}
	return &errs.Text{ZH: "位置不在中国境内。", EN: "it lies outside of China."}
}

// violations are the ways in which rings can be broken, by the words of the library that finds them.
var violations = []struct {
	said string
	text errs.Text
}{
	{"ring not closed", errs.Text{ZH: "边界线没有闭合", EN: "a ring is not closed"}},
	{"ring not simple", errs.Text{ZH: "边界线自己相交", EN: "a ring crosses itself"}},
	{"only one distinct", errs.Text{ZH: "边界线只有一个点", EN: "a ring is a single point"}},
	{"ring empty", errs.Text{ZH: "有空的边界线", EN: "a ring is empty"}},
	{"nested rings", errs.Text{ZH: "洞里又有洞", EN: "a hole lies in a hole"}},
	{"outside of exterior", errs.Text{ZH: "洞在边界线之外", EN: "a hole lies outside of its ring"}},
	{"disconnected interior", errs.Text{ZH: "洞把面切成了几块", EN: "holes cut the area into pieces"}},
	{"polygon rings intersect", errs.Text{ZH: "洞与边界线相交", EN: "a hole crosses another ring"}},
	{"child polygons touch", errs.Text{ZH: "各块之间有重叠", EN: "its parts overlap"}},
}

func broken(err error) *errs.Text {
	said := err.Error()
	where := ""
	if _, at, ok := strings.Cut(said, "(at or near"); ok {
		where = strings.Trim(at, " {}()")
	}
	near := errs.Text{}
	if where != "" {
		near = errs.Text{ZH: "（在 " + where + " 附近）", EN: " near " + where}
	}
	i := slices.IndexFunc(violations, func(v struct {
		said string
		text errs.Text
	},
	) bool {
		return strings.Contains(said, v.said)
	})
	if i < 0 {
		return &errs.Text{ZH: "图形不成立" + near.ZH + "。请用制图软件修复几何后再导出。", EN: "its geometry does not hold" + near.EN + ". Repair it in the mapping program and export it again."}
	}
	return &errs.Text{ZH: violations[i].text.ZH + near.ZH + "。请用制图软件修复几何后再导出。", EN: violations[i].text.EN + near.EN + ". Repair the geometry in the mapping program and export it again."}
}

// scale is how many parts of a degree are kept: six decimals, a tenth of a metre.
const scale = 1e6

func pointsOf(m geom.MultiPolygon) (polygons [][][]place.Point, points int) {
	for _, p := range m.Coordinates() {
		var rings [][]place.Point
		for _, sequence := range p {
			ring := make([]place.Point, sequence.Length())
			for i := range ring {
				at := sequence.GetXY(i)
				ring[i] = place.Point{rounded(at.X), rounded(at.Y)}
			}
			points += len(ring)
			rings = append(rings, ring)
		}
		polygons = append(polygons, rings)
	}
	return polygons, points
}

func rounded(v float64) float64 { return math.Round(v*scale) / scale }
