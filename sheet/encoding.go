package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"liandong/errs"
)

// Encoding is a character set of separated text.
type Encoding uint8

// The character sets that are told apart.
const (
	UTF8    Encoding = iota + 1 // with or without a byte order mark
	UTF16LE                     // what Excel writes as "Unicode text"; told by its mark
	UTF16BE
	GB18030 // what Excel and WPS write as CSV on a Chinese Windows; GBK and GB 2312 are parts of it
)

// String is the encoding's usual name.
func (e Encoding) String() string {
	return [...]string{"", "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"}[e]
}

const (
	bomUTF8    = "\xef\xbb\xbf"
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
)

// detectEncoding tells the character set and gives the data without its mark; UTF-16 is turned into UTF-8 here, the others are
// decoded row by row, since neither has separators, quotes or line ends inside a character.
func detectEncoding(data []byte) (Encoding, []byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte(bomUTF16LE)):
		text, err := fromUTF16(data[2:], UTF16LE, binary.LittleEndian)
		return UTF16LE, text, err
	case bytes.HasPrefix(data, []byte(bomUTF16BE)):
		text, err := fromUTF16(data[2:], UTF16BE, binary.BigEndian)
		return UTF16BE, text, err
	}
	if before, _, zero := bytes.Cut(data, []byte{0}); zero {
		row := 1 + bytes.Count(before, []byte("\n"))
		return 0, nil, invalid("sheet.Open",
			"这里有空字节（NUL），文字表格（CSV）里不会有它，文件不是文字表格或者已经损坏。请从原来的系统重新导出，或在 Excel、WPS 里打开后另存为 CSV（UTF-8）。",
			"Here is a zero byte (NUL), which no text table (CSV) has, so the file is none or is damaged. Export it again, or open it in Excel or WPS and save it as CSV (UTF-8).").
			At(fmt.Sprintf("第 %d 行 (row %d)", row, row))
	}
	if text, marked := bytes.CutPrefix(data, []byte(bomUTF8)); marked {
		return UTF8, text, nil
	}
	if looksUTF8(data) {
		return UTF8, data, nil
	}
	return GB18030, data, nil
}

// looksUTF8 reports whether data are UTF-8, if need be damaged: of the bytes beyond ASCII nine in ten belong to sound characters.
// In GB18030 text fewer than a quarter do by chance. Without this a damaged UTF-8 file would be read as GB18030 rubbish.
func looksUTF8(data []byte) bool {
	sound, broken := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case n > 1:
			sound += n
		case r == utf8.RuneError:
			broken++
		}
		data = data[n:]
	}
	return broken*9 <= sound
}

func fromUTF16(data []byte, e Encoding, order binary.ByteOrder) ([]byte, error) {
	text := make([]byte, 0, len(data)+len(data)/2)
	for i := 0; i < len(data); i += 2 {
		if i+1 == len(data) {
			return nil, undecodable(e, 1+bytes.Count(text, []byte("\n")))
		}
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i+3 < len(data) {
				low = rune(order.Uint16(data[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, undecodable(e, 1+bytes.Count(text, []byte("\n")))
			}
			i += 2
		}
		text = utf8.AppendRune(text, r)
	}
	return text, nil
}

// decode appends the characters of b to dst as UTF-8; false when some bytes are none in this encoding.
func (e Encoding) decode(dst, b []byte) ([]byte, bool) {
	if e != GB18030 {
		return append(dst, b...), utf8.Valid(b)
	}
	if ascii(b) {
		return append(dst, b...), true
	}
	decoder := simplifiedchinese.GB18030.NewDecoder()
	start := len(dst)
	for {
		dst = append(dst, make([]byte, 2*len(b)+utf8.UTFMax)...)
		n, read, err := decoder.Transform(dst[start:], b, true)
		if dst = dst[:start+n]; !errors.Is(err, transform.ErrShortDst) {
			// The decoder writes U+FFFD for what it cannot read; no register text holds one of its own.
			return dst, err == nil && !bytes.ContainsRune(dst[start:], utf8.RuneError)
		}
		start, b = start+n, b[read:]
	}
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func undecodable(e Encoding, row int) *errs.Error {
	return invalid("sheet.Open",
		fmt.Sprintf("第 %d 行有无法按 %s 解码的字节，文件可能已损坏，没有读取。请用 WPS 表格或 Excel 另存为「CSV UTF-8」或「Excel 工作簿（*.xlsx）」。", row, e),
		fmt.Sprintf(`Row %d has bytes that are no %s text; the file may be damaged and was not read. Save it again as "CSV UTF-8" or "Excel workbook (*.xlsx)".`, row, e))
}

// runeLen is the length in bytes of the first character of s.
func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
