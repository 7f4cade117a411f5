package boundary

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/peterstace/simplefeatures/geom"

	"liandong/day"
	"liandong/errs"
	"liandong/place"
)

// File is a file of boundaries as somebody brings it.
type File struct {
	Name   string
	Data   []byte
	Number string // the map approval number
	System string
	From   day.Date // since when the boundaries are these; zero for every day
	On     day.Date // whose codes the file uses
}

// Checked is what came of looking at a file. With a refusal nothing of it may be kept.
type Checked struct {
	Set      Set
	Refusals []Finding
	Notes    []Finding
}

// Err is the first refusal as an error, with how many there are; nil where there is none.
func (c *Checked) Err() error {
	if len(c.Refusals) == 0 {
		return nil
	}
	first := c.Refusals[0].Text
	if more := len(c.Refusals) - 1; more > 0 {
		first.ZH += fmt.Sprintf("另有 %d 处问题。什么也没有写入。", more)
		first.EN += fmt.Sprintf(" There are %d more findings. Nothing was written.", more)
	}
	return invalid("file", first.ZH, first.EN)
}

// check looks at all features of one file.
type check struct {
	places    *place.Gazetteer
	city      place.ID
	divisions func(place.ID) []place.ID
	on        day.Date
	seats     map[place.ID]geom.Point
	found     map[place.ID]*found
	order     []*found
	points    int
	out       *Checked
}

// found is a feature whose division and geometry are understood.
type found struct {
	feature  int // from 1
	title    string
	division place.ID
	shape    geom.MultiPolygon
	inside   geom.Point // a point of its area
}

func (c *check) refuse(feature int, title, zh, en string) {
	if title != "" {
		zh, en = "（"+title+"）"+zh, " ("+title+"): "+en
	} else {
		en = ": " + en
	}
	c.out.Refusals = append(c.out.Refusals, Finding{feature, errs.Text{ZH: fmt.Sprintf("第 %d 个要素%s", feature, zh), EN: fmt.Sprintf("Feature %d%s", feature, en)}})
}

// read checks a file. An error is one that says nothing of any feature; what is wrong with features are refusals.
func (c *check) read(f *File) error {
	number, err := ParseNumber(f.Number)
	if err != nil {
		return err
	}
	system, err := ParseSystem(f.System)
	if err != nil {
		return err
	}
	raw, err := open(f.Data)
	if err != nil {
		return err
	}
	if err := raw.declared(system); err != nil {
		return err
	}
	sum := sha256.Sum256(f.Data)
	c.out.Set = Set{Name: f.Name, Digest: hex.EncodeToString(sum[:]), Number: number, System: system, From: f.From}
	for i, text := range raw.Features {
		c.feature(i+1, text)
	}
	c.inside()
	c.apart()
	c.missing()
	if c.points > maxPoints {
		return invalid("file", fmt.Sprintf("边界线共有 %d 个点，最多 %d 个。请先抽稀。", c.points, maxPoints), fmt.Sprintf("The lines have %d points, more than %d. Thin them out first.", c.points, maxPoints))
	}
	if len(c.order) == 0 && len(c.out.Refusals) == 0 {
		return invalid("file", "文件里没有本市的区县、乡镇或村。", "The file holds no county, township or village of this city.")
	}
	slices.SortFunc(c.out.Set.Areas, func(a, b Area) int { return int(a.Division - b.Division) })
	return nil
}

// feature understands one.
func (c *check) feature(n int, text json.RawMessage) {
	var f feature
	if err := json.Unmarshal(text, &f); err != nil || f.Type != "Feature" {
		c.refuse(n, "", "不是 GeoJSON 的 Feature。", "it is no Feature of GeoJSON.")
		return
	}
	title := f.title()
	division, ok := c.division(n, &f)
	if !ok {
		return
	}
	if division == c.city {
		c.out.Notes = append(c.out.Notes, Finding{n, errs.Text{ZH: fmt.Sprintf("第 %d 个要素是全市的范围，图上由各区县拼成，不另保存。", n), EN: fmt.Sprintf("Feature %d is the whole city, which the counties make up; it is not kept.", n)}})
		return
	}
	if first := c.found[division]; first != nil {
		c.refuse(n, title, fmt.Sprintf("与第 %d 个要素是同一个区划。一个区划的各块请合成一个 MultiPolygon。", first.feature), fmt.Sprintf("it is the same division as feature %d. Put the parts of one division into one MultiPolygon.", first.feature))
		return
	}
	shape, wrong := f.polygons()
	if wrong != nil {
		c.refuse(n, title, wrong.ZH, wrong.EN)
		return
	}
	one := &found{n, title, division, shape, shape.PointOnSurface()}
	c.found[division] = one
	c.order = append(c.order, one)
	polygons, points := pointsOf(shape)
	c.points += points
	c.out.Set.Areas = append(c.out.Set.Areas, Area{division, polygons})
}

// division finds whose boundary a feature is: by its code, a county also by its name.
func (c *check) division(n int, f *feature) (place.ID, bool) {
	title, code := f.title(), f.code()
	if code == "" {
		name := f.name()
		if name == "" {
			c.refuse(n, "", "没有区划代码。请在属性里写上 code（6、9 或 12 位代码）。", "it has no division's code. Put one into its properties as code, of 6, 9 or 12 digits.")
			return 0, false
		}
		id, err := c.places.Within(c.city, name)
		if err != nil {
			c.refuse(n, title, "没有区划代码，本市也没有叫这个名字的区县。请在属性里写上 code。", "it has no code, and no county of the city has this name. Put a code into its properties.")
			return 0, false
		}
		return id, true
	}
	id, ok := c.byCode(code)
	if !ok {
		c.refuse(n, title, "区划代码「"+code+"」在 "+c.on.String()+" 不存在。", "there was no division "+code+" on "+c.on.String()+".")
		return 0, false
	}
	if !c.city.Contains(id) {
		c.refuse(n, title, "不是本市的区划。", "it is no division of this city.")
		return 0, false
	}
	return id, true
}

func (c *check) byCode(text string) (place.ID, bool) {
	code, err := place.ParseCode(text)
	if err != nil {
		return 0, false
	}
	if id, err := c.places.ByCode(code, c.on); err == nil {
		return id, true
	}
	id, err := place.ParseID(text)
	if err != nil {
		return 0, false
	}
	_, ok := c.places.Division(id)
	return id, ok
}

// How far, in degrees, an area may lie from where it is known to be: seats are known to a hundredth and may be shifted by another system's half, and
// borders of two levels are drawn by different hands. A county is not wider than reach.
const (
	slack = 0.05
	reach = 2.0
)

// inside holds every area against the place where it must lie: a county around its seat, anything below within its county or near its seat.
func (c *check) inside() {
	for _, f := range c.order {
		seat, known := c.seats[f.division.County()]
		if !known {
			continue // nothing is known of where it lies but that it is in China
		}
		far, _ := geom.Distance(f.shape.AsGeometry(), seat.AsGeometry())
		county := c.found[f.division.County()]
		switch {
		case f.division.Level() == place.County && far > slack:
			c.refuse(f.feature, f.title, "不在它的县城所在的地方。请核对代码与图形是否对应。", "it does not lie where the county's seat is. Check that code and shape belong together.")
		case far > reach || c.widest(f.shape, seat) > reach:
			c.refuse(f.feature, f.title, "伸到了本市以外很远的地方。请核对图形。", "it reaches far out of the city. Check its shape.")
		case county != nil && county != f:
			if out, _ := geom.Distance(county.shape.AsGeometry(), f.inside.AsGeometry()); out > slack {
				c.refuse(f.feature, f.title, fmt.Sprintf("不在所属区县（第 %d 个要素）的范围内。", county.feature), fmt.Sprintf("it does not lie within its county, feature %d.", county.feature))
			}
		}
	}
}

// widest is how far the corners of an area's frame are from a point, in degrees.
func (c *check) widest(shape geom.MultiPolygon, from geom.Point) float64 {
	at, _ := from.XY()
	low, high, _ := shape.Envelope().MinMaxXYs()
	return max(at.X-low.X, high.X-at.X, at.Y-low.Y, high.Y-at.Y)
}

// apart refuses an area in the middle of another of its level: one shape given twice, or under a wrong code.
func (c *check) apart() {
	for _, f := range c.order {
		at, _ := f.inside.XY()
		for _, other := range c.order {
			if f == other || f.division.Level() != other.division.Level() || !other.shape.Envelope().Contains(at) {
				continue
			}
			if geom.Intersects(other.shape.AsGeometry(), f.inside.AsGeometry()) {
				c.refuse(f.feature, f.title, fmt.Sprintf("与第 %d 个要素（%s）重叠。", other.feature, other.title), fmt.Sprintf("it overlaps with feature %d (%s).", other.feature, other.title))
				break
			}
		}
	}
}

// missing notes which divisions beside those of the file have no boundary: they would be white on the map.
func (c *check) missing() {
	parents := map[place.ID]bool{}
	for _, f := range c.order {
		if parent := f.division.At(f.division.Level() - 1); !parents[parent] {
			parents[parent] = true
			c.missingBelow(parent)
		}
	}
}

func (c *check) missingBelow(parent place.ID) {
	var names []string
	for _, id := range c.divisions(parent) {
		if c.found[id] == nil {
			names = append(names, c.places.NameOn(id, c.on))
		}
	}
	if len(names) == 0 {
		return
	}
	const named = 8
	more := errs.Text{}
	if len(names) > named {
		more = errs.Text{ZH: fmt.Sprintf("等 %d 个", len(names)), EN: fmt.Sprintf(" and others, %d in all", len(names))}
		names = names[:named]
	}
	of := c.places.NameOn(parent, c.on)
	c.out.Notes = append(c.out.Notes, Finding{0, errs.Text{
		ZH: of + "还缺 " + strings.Join(names, "、") + more.ZH + "的边界，图上会是空白。", EN: "There is no boundary of " + strings.Join(names, ", ") + more.EN + " in " + of + "; the map will be blank there.",
	}})
}
