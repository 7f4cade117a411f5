package sheet

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/day"
)

// numberFormat is what a cell's style says of its number, as far as it changes what the cell means.
type numberFormat struct {
	date    bool
	percent bool
	zeros   int // a format of nothing but this many zeros: the number is a code with leading zeros
}

// readStyles reads the number format of every cell style.
func (w *workbook) readStyles(name string) error {
	b, err := w.archive.small(name)
	if err != nil || b == nil {
		return err
	}
	codes := map[string]string{}
	s := newScanner(bytes.NewReader(b))
	inCells := false
	for {
		t, err := s.next()
		if err != nil || t == tokenEnd {
			return unreadable(name, err)
		}
		switch {
		case string(s.name) == "cellXfs":
			inCells = t == tokenOpen
		case t == tokenOpen && string(s.name) == "numFmt":
			v, err := s.values("numFmtId", "formatCode")
			if err != nil {
				return unreadable(name, err)
			}
			codes[v[0]] = v[1]
		case t == tokenOpen && inCells && string(s.name) == "xf":
			id, err := s.attr("numFmtId", false)
			if err != nil {
				return unreadable(name, err)
			}
			w.formats = append(w.formats, formatOf(id, codes))
		}
	}
}

// formatOf reads a format by its number: a built-in one (ECMA-376 part 1, 18.8.30, with the East Asian dates 27 to 36 and 50 to
// 58) or one of the workbook's own.
func formatOf(id string, codes map[string]string) numberFormat {
	if code, own := codes[id]; own {
		return parseFormat(code)
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return numberFormat{}
	}
	date := n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
	return numberFormat{date: date, percent: n == 9 || n == 10}
}

// parseFormat reads the first section of a format code, the one for positive numbers.
func parseFormat(code string) numberFormat {
	bare := stripLiterals(code)
	f := numberFormat{percent: strings.Contains(bare, "%")}
	lower := strings.ToLower(bare)
	if strings.Contains(lower, "general") || strings.Contains(bare, "通用格式") {
		return numberFormat{}
	}
	f.date = strings.ContainsAny(lower, "ymdhs")
	if len(bare) > 1 && len(bare) <= maxZeros && strings.Trim(bare, "0") == "" {
		f.zeros = len(bare)
	}
	return f
}

// stripLiterals drops what a format shows as it stands: quoted and escaped characters, padding, colours and conditions in
// brackets; elapsed times such as [h] stay.
func stripLiterals(code string) string {
	var b strings.Builder
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case ';':
			return b.String()
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			start := i + 1
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			if inside := strings.ToLower(string(runes[start:min(i, len(runes))])); strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "" {
				b.WriteString(inside)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// significant is how many digits of a number spreadsheets keep and show.
const significant = 15

// numberText writes a stored number in plain digits. raw is how the file has it.
func numberText(raw string, f float64, format numberFormat) string {
	switch {
	case format.percent:
		return plain(f*100) + "%"
	case format.zeros > 0 && f >= 0 && f == math.Trunc(f) && f < maxExact:
		return fmt.Sprintf("%0*d", format.zeros, int64(f))
	case isPlain(raw):
		return raw
	default:
		return plain(f)
	}
}

// isPlain reports whether raw can be shown as it is: digits with at most one point between them, no needless zeros, and not the long
// binary form of a short decimal.
func isPlain(raw string) bool {
	digits := strings.TrimPrefix(raw, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if !decimal(whole) || (len(whole) > 1 && whole[0] == '0') || (whole == "0" && !point && raw[0] == '-') {
		return false
	}
	return !point || (decimal(fraction) && fraction[len(fraction)-1] != '0' && len(digits)-1 <= significant)
}

func decimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// plain writes f with at most 15 significant digits and no exponent; beyond what any register holds, with one.
func plain(f float64) string {
	short := strconv.FormatFloat(f, 'g', significant, 64)
	rounded, err := strconv.ParseFloat(short, 64)
	if err != nil || math.Abs(rounded) >= 1e40 || (rounded != 0 && math.Abs(rounded) < 1e-20) {
		return short
	}
	if rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

const (
	secondsADay  = 86_400
	lastSerial   = 2_958_466 // the day after 9999-12-31
	shift1904    = 1_462     // days between the two ways of counting
	falseLeapDay = 60        // 1900-02-29, which spreadsheets count although it never was
)

// serialEpoch is day 0 for every day after the false leap day.
func serialEpoch() day.Date { return day.MustOf(1899, 12, 30) }

// dateText writes a serial day; false when it is none.
func dateText(serial float64, date1904 bool) (string, bool) {
	if date1904 {
		serial += shift1904
	}
	if serial < 0 || serial >= lastSerial || math.IsNaN(serial) {
		return "", false
	}
	whole := math.Floor(serial)
	second := int(math.Round((serial - whole) * secondsADay))
	days := int(whole) + second/secondsADay
	second %= secondsADay
	if days >= lastSerial {
		return "", false
	}
	clock := fmt.Sprintf("%02d:%02d:%02d", second/3600, second/60%60, second%60)
	switch {
	case days == 0:
		return clock, true
	case second == 0:
		return serialDay(days), true
	default:
		return serialDay(days) + " " + clock, true
	}
}

func serialDay(days int) string {
	switch {
	case days == falseLeapDay:
		return "1900-02-29"
	case days < falseLeapDay:
		days++
	}
	return serialEpoch().AddDays(days).String()
}
