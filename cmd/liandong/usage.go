package main

import (
	"regexp"
	"slices"
	"strings"

	"liandong/errs"
)

// wrongUse turns the parser's English complaints into Chinese ones. Its first group is what the complaint is about. A complaint
// that is not here is quoted as it is.
var wrongUse = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^unknown flag (.+), did you mean "(.+)"\?`), "没有「$1」这个选项，您要的是不是「$2」？"},
	{regexp.MustCompile(`^unknown flag (.+)`), "没有「$1」这个选项"},
	{regexp.MustCompile(`^unexpected argument (.+), did you mean "(.+)"\?`), "多了「$1」，您要的是不是「$2」？"},
	{regexp.MustCompile(`^unexpected argument (.+)`), "多了「$1」，这里不应有它"},
	{regexp.MustCompile(`^expected one of (.+)`), "缺少命令，可用的有：$1"},
	{regexp.MustCompile(`^expected "(.+)"`), "缺少「$1」"},
	{regexp.MustCompile(`^missing flags?: (--dir\S*) or (--database\S*)$`), "缺少选项 $1 或 $2"},
	{regexp.MustCompile(`^missing flags?: (.+)`), "缺少选项 $1"},
	{regexp.MustCompile(`^(--\S+) must be one of (.+) but got (.+)`), "选项 $1 只能是 $2 之一，而不是 $3"},
	{regexp.MustCompile(`^(--\S+) and (--\S+) can't be used together`), "选项 $1 和 $2 不能同时使用"},
	{regexp.MustCompile(`^(--\S+): expected (?:float|int|uint) value but got "(-\d\S*)" \(short flag\).*`), "选项 $1 后面的「$2」被当成了另一个选项；要写负数，请写成 $1=$2"},
	{regexp.MustCompile(`^(--\S+): expected (\S+) value but got "(-\S*)" \((?:short|long) flag\).*`), "选项 $1 后面缺少值，紧跟着的「$3」是另一个选项"},
	{regexp.MustCompile(`^(--\S+): expected (?:a )?(?:valid )?(?:\d+ bit )?u?int (?:value )?but got "(.*)".*`), "选项 $1 的值「$2」不是整数"},
	{regexp.MustCompile(`^(--\S+): expected (?:a )?float (?:value )?but got "(.*)".*`), "选项 $1 的值「$2」不是数"},
	{regexp.MustCompile(`^(--\S+): expected (.+) but nothing follows`), "选项 $1 后面缺少值"},
	{regexp.MustCompile(`^(--\S+): expected a kind of picture and a file`), "选项 $1 后面要写图的种类和文件名两个词，如 $1 lorenz 图.svg"},
	{regexp.MustCompile(`^(--\S+): (.+)`), "选项 $1 的值不对（$2）"},
}

// usage is the parser's error as a sentence that says where to read on.
func usage(err error) error {
	english := strings.ReplaceAll(strings.TrimRight(err.Error(), "."), `but got "EOL" (<EOL>)`, "but nothing follows")
	return errs.New(errs.Usage, "main.Run",
		"命令用法不对："+ended(inChinese(english), "。")+"请运行 liandong --help 查看用法。",
		"Wrong usage: "+ended(english, ". ")+"Run liandong --help for the usage.")
}

// ended closes a sentence that does not already end as a question.
func ended(sentence, stop string) string {
	switch {
	case strings.HasSuffix(sentence, "?"):
		return sentence + " "
	case strings.HasSuffix(sentence, "？"):
		return sentence
	}
	return sentence + stop
}

func inChinese(english string) string {
	for _, row := range wrongUse {
		if found := row.english.FindStringSubmatchIndex(english); found != nil {
			return string(row.english.ExpandString(nil, row.chinese, english, found))
		}
	}
	return english
}

// languageIn finds --lang among words that could not be parsed as a whole; "" when it is absent or not a language.
func languageIn(words []string) string {
	for i, word := range words {
		value, found := strings.CutPrefix(word, "--lang=")
		if word == "--lang" && i+1 < len(words) {
			value, found = words[i+1], true
		}
		if found && slices.Contains([]string{"zh", "en"}, value) {
			return value
		}
	}
	return ""
}
