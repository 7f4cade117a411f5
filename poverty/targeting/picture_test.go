package targeting_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liandong/errs"
	"liandong/poverty"
	"liandong/poverty/targeting"
)

// drawnCurve finds the points of a curve of an SVG, in the numbers of the axes, which both run from 0 to 1 between the outermost ticks.
func drawnCurve(t *testing.T, svg string, curve int) (points []poverty.Point) {
	t.Helper()
	number := func(text string) float64 {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	at := func(pattern string) float64 { // where a tick stands
		found := regexp.MustCompile(pattern).FindStringSubmatch(svg)
		if found == nil {
			t.Fatalf("no tick %s in\n%s", pattern, svg)
		}
		return number(found[1])
	}
	left, right := at(`<text x="([0-9.]+)" y="[0-9.]+" text-anchor="middle"[^>]*>0%<`), at(`<text x="([0-9.]+)" y="[0-9.]+" text-anchor="middle"[^>]*>100%<`)
	bottom, top := at(`<text x="[0-9.]+" y="([0-9.]+)" dy="4" text-anchor="end"[^>]*>0%<`), at(`<text x="[0-9.]+" y="([0-9.]+)" dy="4" text-anchor="end"[^>]*>100%<`)
	lines := regexp.MustCompile(`<polyline [^>]*points="([^"]+)"`).FindAllStringSubmatch(svg, -1)
	if len(lines) <= curve {
		t.Fatalf("%d curves in\n%s", len(lines), svg)
	}
	numbers := regexp.MustCompile(`-?[0-9.]+`).FindAllString(lines[curve][1], -1)
	for pair := range slices.Chunk(numbers, 2) {
		points = append(points, poverty.Point{X: (number(pair[0]) - left) / (right - left), Y: (number(pair[1]) - bottom) / (top - bottom)})
	}
	return points
}

// TestPicturesDrawWhereTheNumbersSay: of four persons of whom two are poor, the worse score belongs to a poor one, the next to another, the third to a poor one, so the ROC
// curve climbs to a half, steps to the right by a half, climbs to the top, and steps to the end; of ten of benefit the poorest gets five and the richest none, so the
// concentration curve goes through 1/2, 8/10 and 1.
func TestPicturesDrawWhereTheNumbersSay(t *testing.T) {
	t.Parallel()
	s := &targeting.Sample{
		Welfare: []float64{1, 2, 3, 4}, Score: []float64{10, 30, 20, 40}, Selected: []float64{1, 1, 1, 0}, Benefit: []float64{5, 3, 2, 0},
	}
	report, err := s.Assess(targeting.Query{Line: amount(2.5)})
	if err != nil {
		t.Fatal(err)
	}
	source := errs.Text{ZH: "四人", EN: "Four persons"}
	for _, c := range []struct {
		kind  string
		curve []poverty.Point
		says  []string
	}{
		{
			targeting.PictureROC,
			[]poverty.Point{{}, {X: 0, Y: 0.5}, {X: 0.5, Y: 0.5}, {X: 0.5, Y: 1}, {X: 1, Y: 1}},
			[]string{"<title id=\"title\">ROC curve of the score</title>", "Area under the curve 0.750", ">Score (area 0.750)<", ">Drawing lots<", ">Four persons<"},
		},
		{
			targeting.PictureConcentration,
			[]poverty.Point{{}, {X: 0.25, Y: 0.5}, {X: 0.5, Y: 0.8}, {X: 0.75, Y: 1}, {X: 1, Y: 1}},
			[]string{"<title id=\"title\">Concentration curve of benefits</title>", "Concentration index −0.400", ">Benefits (index −0.400)<", ">The same for all<"},
		},
	} {
		picture, err := report.Picture(c.kind, source)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(picture.Curves[0].Points, c.curve, func(a, b poverty.Point) bool { return near(a.X, b.X, 1e-12) && near(a.Y, b.Y, 1e-12) }) {
			t.Errorf("%s: the curve is %v, should be %v", c.kind, picture.Curves[0].Points, c.curve)
		}
		svg := string(picture.SVG("en"))
		for i, want := range [][]poverty.Point{c.curve, {{}, {X: 1, Y: 1}}} {
			got := drawnCurve(t, svg, i)
			if !slices.EqualFunc(got, want, func(a, b poverty.Point) bool { return near(a.X, b.X, 1e-3) && near(a.Y, b.Y, 1e-3) }) {
				t.Errorf("%s: curve %d is drawn through %v, should be %v", c.kind, i, got, want)
			}
		}
		for _, words := range c.says {
			if !strings.Contains(svg, words) {
				t.Errorf("%s does not say %q", c.kind, words)
			}
		}
	}
}

// TestNoPictureOfWhatIsNotThere: a curve that is not defined is refused with its reason, a kind that there is not, and a ROC curve without a score, before anything is read.
func TestNoPictureOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	report, err := (&targeting.Sample{Welfare: []float64{3, 4}, Selected: []float64{0, 0}, Score: []float64{1, 2}}).Assess(targeting.Query{Line: amount(2)})
	if err != nil {
		t.Fatal(err)
	}
	for kind, why := range map[string]string{targeting.PictureROC: "Nobody is under the line", targeting.PictureConcentration: "do not add up to more than zero"} {
		if _, err := report.Picture(kind, errs.Text{}); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).EN, why) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if err := targeting.CheckPicture("pie", true); !errs.Is(err, errs.Usage) {
		t.Errorf("a pie: %v", err)
	}
	if err := targeting.CheckPicture(targeting.PictureROC, false); !errs.Is(err, errs.Usage) {
		t.Errorf("a ROC curve without a score: %v", err)
	}
}
