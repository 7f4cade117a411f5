// Package boundary keeps the official boundaries that a city brings along: its approved base map with the map approval number (审图号), which
// stands on every map, print and big screen that shows it. No boundary is shipped; a city without one draws a schematic picture.
//
// A file is checked before anything is kept: whole rings, divisions of this city, each where it must lie, a coordinate system that is named. What is
// kept is a paper with who and when in the ledger, and can be withdrawn, not changed. The room stands on dossiers and knows no other.
package boundary

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/place"
)

// System is the coordinate system of a file.
type System string

// The systems in which the official maps of China are given out. The first two differ by centimetres; the third is shifted by some hundred metres, so that
// it must never be drawn over the others.
const (
	WGS84    System = "wgs84"
	CGCS2000 System = "cgcs2000" // 2000 国家大地坐标系
	GCJ02    System = "gcj02"    // 国测局坐标, of maps on the internet
)

// Systems lists them.
func Systems() []System { return []System{CGCS2000, WGS84, GCJ02} }

// ParseSystem reads the word of a system. There is no default: nobody can see from the numbers which one they are in.
func ParseSystem(text string) (System, error) {
	word := System(strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(text)))
	if !slices.Contains(Systems(), word) {
		return "", invalid("coordinates", "请写明坐标系：cgcs2000（2000 国家大地坐标系）、wgs84 或 gcj02。百度坐标（bd09）和平面坐标请先转换。",
			"Name the coordinate system: cgcs2000, wgs84 or gcj02. Coordinates of Baidu (bd09) and of a plane must be converted first.")
	}
	return word, nil
}

// number is how approval numbers are written: GS(2019)1822号, GS京(2023)0412号, 冀S(2020)012号, 冀保S(2021)3号.
var number = regexp.MustCompile(`^(?:GS\p{Han}?|\p{Han}{1,4}S)\((?:19|20)\d{2}\)\d{1,6}号$`)

// ParseNumber reads a map approval number and gives it as it is printed: with half-width parentheses, without spaces.
func ParseNumber(text string) (string, error) {
	as := strings.NewReplacer(" ", "", "\u3000", "", "（", "(", "）", ")", "[", "(", "]", ")", "〔", "(", "〕", ")", "审图号：", "", "审图号:", "", "审图号", "").Replace(text)
	if !number.MatchString(as) {
		return "", invalid("approval_number", "审图号「"+text+"」看不懂。请照批件填写，如 GS(2019)1822号、冀S(2020)012号。",
			"The map approval number \""+text+"\" cannot be read. Write it as it was given, such as GS(2019)1822号 or 冀S(2020)012号.")
	}
	return as, nil
}

// Area is what a division covers: polygons, each an outer ring and its holes, closed, in degrees with longitude first.
type Area struct {
	Division place.ID          `json:"division"`
	Polygons [][][]place.Point `json:"polygons"`
}

// Set is what one file says.
type Set struct {
	Name   string   `json:"name"`   // of the file
	Digest string   `json:"digest"` // SHA-256 of the file, hexadecimal
	Number string   `json:"approval_number"`
	System System   `json:"coordinates"`
	From   day.Date `json:"from"` // since when the boundaries are these; zero for every day
	Areas  []Area   `json:"areas"`
}

// Count is how many divisions of a level a set has.
type Count struct {
	Level place.Level
	Areas int
}

// Counts tells how many divisions of each level there are, the widest first.
func (s *Set) Counts() []Count {
	var all []Count
	for level := place.County; level <= place.Village; level++ {
		n := 0
		for i := range s.Areas {
			if s.Areas[i].Division.Level() == level {
				n++
			}
		}
		if n > 0 {
			all = append(all, Count{level, n})
		}
	}
	return all
}

// Kept is a set that was kept, without its areas.
type Kept struct {
	ID        uuid.UUID
	Version   int64
	Set       Set // without areas
	Counts    []Count
	Actor     string
	Recorded  time.Time
	Withdrawn time.Time // zero while it holds
	By        string    // who withdrew it
	Reason    string
}

// Finding is something about one feature of a file, or about all of it where Feature is 0.
type Finding struct {
	Feature int       `json:"feature"` // from 1
	Text    errs.Text `json:"text"`
}

func invalid(where, zh, en string) error {
	return errs.New(errs.Invalid, "boundary", zh, en).At(where)
}
