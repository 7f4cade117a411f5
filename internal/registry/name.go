package registry

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// reading is a name as search finds it: pinyin without tones and spaces, and the initials.
type reading struct {
	full     string // "zengguofan"
	initials string // "zgf"
}

// Reading gives the pinyin of a name without tones and spaces, and its initials, as search finds it: 曾国藩 is zengguofan and zgf.
func Reading(name string) (full, initials string) {
	r := readName(name)
	return r.full, r.initials
}

// surnames are readings that a family name has and the same character elsewhere has not. From the surname entries of 现代汉语词典.
var surnames = map[string]string{
	"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "任": "ren", "覃": "qin", "朴": "piao",
	"缪": "miao", "华": "hua", "乐": "yue", "黑": "he", "洗": "xian", "冼": "xian", "翟": "zhai", "员": "yun", "折": "she", "种": "chong",
	"秘": "bi", "薄": "bo", "葛": "ge", "燕": "yan", "繁": "po", "召": "shao", "尉": "wei", "牟": "mu", "那": "na", "宁": "ning",
	"石": "shi", "沈": "shen", "贾": "jia", "褚": "chu", "洪": "hong", "纪": "ji", "车": "che", "柏": "bai", "都": "du", "祭": "zhai",
	"句": "gou", "弗": "fei", "隗": "wei", "相": "xiang", "参": "shen", "逄": "pang", "晁": "chao", "郗": "xi", "哈": "ha", "佴": "nai",
	"尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "单于": "chanyu", "澹台": "tantai", "令狐": "linghu", "欧阳": "ouyang",
	"司马": "sima", "诸葛": "zhuge", "上官": "shangguan", "夏侯": "xiahou", "皇甫": "huangfu", "慕容": "murong", "宇文": "yuwen", "司徒": "situ",
}

// The block of CJK unified ideographs that names are written in; rarer characters are looked up one by one.
const firstIdeograph, lastIdeograph = 0x4E00, 0x9FFF

// syllables is the most common toneless reading of every ideograph of the block, made once.
var syllables = sync.OnceValue(func() []string {
	table := make([]string, lastIdeograph-firstIdeograph+1)
	for r := range table {
		table[r] = syllableOf(rune(firstIdeograph + r))
	}
	return table
})

func syllableOf(r rune) string {
	args := pinyin.NewArgs()
	if readings := pinyin.SinglePinyin(r, args); len(readings) > 0 {
		return readings[0]
	}
	return ""
}

// readName gives a name's pinyin and initials. Letters and digits stay as they are in lower case; what has no reading is left out.
func readName(name string) reading {
	var full, initials strings.Builder
	rest := name
	for _, length := range []int{2, 1} { // compound surnames first
		head := firstRunes(name, length)
		if sound, ok := surnames[head]; ok && head != "" {
			full.WriteString(sound)
			initials.WriteString(surnameInitials(head, sound))
			rest = name[len(head):]
			break
		}
	}
	table := syllables()
	for _, r := range rest {
		switch {
		case r >= firstIdeograph && r <= lastIdeograph:
			writeSyllable(&full, &initials, table[r-firstIdeograph])
		case r > lastIdeograph || r > 0x3000:
			writeSyllable(&full, &initials, syllableOf(r))
		case r >= 'A' && r <= 'Z':
			writeSyllable(&full, &initials, string(r+'a'-'A'))
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			writeSyllable(&full, &initials, string(r))
		}
	}
	return reading{full.String(), initials.String()}
}

func writeSyllable(full, initials *strings.Builder, s string) {
	if s != "" {
		full.WriteString(s)
		initials.WriteByte(s[0])
	}
}

// surnameInitials is one letter for a single surname; of a compound one the second syllable's letter too, read on its own.
func surnameInitials(surname, sound string) string {
	var letters strings.Builder
	letters.WriteByte(sound[0])
	runes := []rune(surname)
	for _, r := range runes[1:] {
		if s := syllables()[r-firstIdeograph]; s != "" {
			letters.WriteByte(s[0])
		}
	}
	return letters.String()
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	if n == 0 {
		return s
	}
	return ""
}
