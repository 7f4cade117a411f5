package criteria

import (
	"fmt"
	"slices"
	"strings"

	"liandong/errs"
)

// Addressee is whom a letter goes to and about what. Names are for the caller to choose: the engine knows none.
type Addressee struct {
	Document errs.Text // the document's title
	Name     string    // how the household is addressed
	Number   string    // its number in the register; empty where there is none
	Place    string    // its village
	Changes  []string  // what is different from the last evaluation, in sentences
}

// Letter is an explanation for the household it is about, in plain Chinese: what was looked at, what counted, what is missing, what would
// change it, that it is a proposal, who decides, and how to object. The desk prints it.
type Letter struct {
	Title      string          `json:"title"`
	Greeting   string          `json:"greeting"`
	Paragraphs []LetterSection `json:"paragraphs"`
	Closing    string          `json:"closing"`
}

// LetterSection is a heading with its sentences.
type LetterSection struct {
	Heading string   `json:"heading"`
	Lines   []string `json:"lines"`
}

// String is the letter as text.
func (l *Letter) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", l.Title, l.Greeting)
	for i, s := range l.Paragraphs {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, s.Heading)
		for _, line := range s.Lines {
			fmt.Fprintf(&b, "   %s\n", line)
		}
	}
	fmt.Fprintf(&b, "\n%s\n", l.Closing)
	return b.String()
}

// Letter writes the letter. What was hidden from the explanation's reader is not in it; the letter says that something was left out.
func (x *Explanation) Letter(to Addressee) *Letter {
	l := &Letter{Title: "关于您家识别评定情况的说明", Greeting: to.Name + "：", Closing: "（本说明由计算机按公开的标准生成，供核对之用，不是决定书。）"}
	if to.Number != "" {
		l.Greeting = to.Name + "（户编号 " + to.Number + "）："
	}
	l.add("看了哪些情况", x.looked(to)...)
	l.add("各项怎样算", x.counted()...)
	l.add("另外核对的情形", x.barred()...)
	l.add("还缺什么", x.lacking()...)
	l.add("按现有情况的结论", x.concluded()...)
	l.add("什么会改变结论", x.turning()...)
	if len(to.Changes) > 0 {
		l.add("与上一次评定相比", to.Changes...)
	}
	l.add("由谁决定，怎样提意见",
		"这是按标准算出的建议，不是决定。村里先由村民代表评议，再公示不少于 7 天，然后由乡镇审核、县里审定，全程由人决定并签字负责。",
		"登记的情况如有不对，或者您不同意，请告诉村委会、驻村工作队或乡镇政府，口头、书面都可以，请他们当面记下来。",
		"提出后会重新核查，先由乡镇核查，仍不同意的由县里核查；核查没有结束，不进入下一步。")
	return l
}

func (l *Letter) add(heading string, lines ...string) {
	l.Paragraphs = append(l.Paragraphs, LetterSection{heading, lines})
}

func (x *Explanation) looked(to Addressee) []string {
	parts := 0
	for _, g := range x.Indicators {
		parts += len(g.Parts)
	}
	line := fmt.Sprintf("按《%s》，依据您家截至 %s 登记的情况评定。", to.Document.ZH, x.AsOf)
	if to.Place != "" {
		line = fmt.Sprintf("您家在%s。", to.Place) + line
	}
	lines := []string{line}
	if parts > 0 {
		lines = append(lines, fmt.Sprintf("一共看了 %d 个方面 %d 项，满分 %s 分，%s。", len(x.Indicators), parts, number(x.Max), directionWords[x.Higher].ZH))
	}
	if !x.InForce {
		lines = append(lines, "这一天该标准不在有效期内，结果只供参考，不能据此作决定。")
	}
	return lines
}

func (x *Explanation) counted() []string {
	lines := []string{}
	for _, g := range x.Indicators {
		lines = append(lines, fmt.Sprintf("%s：%s，满分 %s 分。", titled(g.Title, g.ID).ZH, scoreWords(g.Score[0], g.Score[1]).ZH, number(g.Max)))
		for _, p := range g.Parts {
			lines = append(lines, "· "+p.line())
		}
	}
	for _, n := range x.Parameters {
		if n.Known {
			lines = append(lines, fmt.Sprintf("用到的标准：%s %s。", titled(n.Title, n.Name).ZH, number(n.Value)))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, "这个标准不计分。")
	}
	return lines
}

// line is a part in one sentence, with the answers it rests on and where they are from.
func (p *ExplainedPart) line() string {
	title := titled(p.Title, p.ID).ZH
	switch {
	case p.Hidden:
		return title + "：涉及不在此显示的内容，没有列出。"
	case !p.Known:
		why := "算不出来"
		if len(p.Why) > 0 {
			why = p.Why[0].ZH
		}
		return fmt.Sprintf("%s：不明（%s），可能是 0 到 %s 分。", title, why, number(p.Max))
	}
	return fmt.Sprintf("%s：%s，得 %s 分，满分 %s 分。", title, strings.Join(readWords(p.Reads, "zh"), "；"), number(p.Points), number(p.Max))
}

// readWords are answers with their sources, in a language; more than six are counted.
func readWords(reads []ExplainedAnswer, language string) []string {
	const most = 6
	var words []string
	for i := range reads {
		if i == most {
			words = append(words, both(fmt.Sprintf("等 %d 项", len(reads)), fmt.Sprintf("and so on, %d in all", len(reads))).In(language))
			break
		}
		a := &reads[i]
		w := both(a.Title.ZH+"为"+a.Words.ZH, a.Title.EN+": "+a.Words.EN).In(language)
		if a.Source != nil {
			w += both("（"+a.Source.Text().ZH+"）", " ("+a.Source.Text().EN+")").In(language)
		}
		words = append(words, w)
	}
	if len(words) == 0 {
		words = append(words, both("不看登记内容", "reads no answer").In(language))
	}
	return words
}

func (x *Explanation) barred() []string {
	var met, unknown []string
	hidden := 0
	for _, b := range x.Bars {
		title := titled(b.Title, b.ID).ZH
		switch {
		case b.Hidden:
			hidden++
		case b.Met == Yes:
			met = append(met, "属于「"+title+"」，"+map[BarKind]string{Veto: "需要核实；核实之前不纳入，也不会因此自动取消。", Review: "需要从严审核。"}[b.Kind])
		case b.Met == Unknown:
			unknown = append(unknown, "是不是「"+title+"」，还不清楚。")
		}
	}
	lines := slices.Concat(met, unknown)
	if len(lines) == 0 && hidden == 0 {
		lines = []string{fmt.Sprintf("核对了 %d 种情形，没有发现您家有其中任何一种。", len(x.Bars))}
	}
	if hidden > 0 {
		lines = append(lines, fmt.Sprintf("另有 %d 种情形涉及不在此显示的内容，没有列出。", hidden))
	}
	return lines
}

func (x *Explanation) lacking() []string {
	if len(x.Missing) == 0 {
		return []string{"没有缺少会影响结论的内容。"}
	}
	lines := []string{"下面的内容没有登记，所以还下不了结论，请协助补上："}
	for _, a := range x.Missing {
		lines = append(lines, "· "+a.Title.ZH)
	}
	return lines
}

func (x *Explanation) concluded() []string {
	score := ""
	if x.Higher != "" {
		score = "得分" + scoreWords(x.Score[0], x.Score[1]).ZH + "。"
	}
	says := map[string]string{
		Proposed.String():     "建议纳入，进入村民评议。",
		UnderReview.String():  "建议从严审核以后再定。",
		Undetermined.String(): "登记的内容不全，暂时没有结论。",
		Barred.String():       "疑似不符合，待核实；核实有出入的，可以继续申请。",
		NotProposed.String():  "暂不建议纳入。",
	}
	return []string{score + says[x.Outcome]}
}

func (x *Explanation) turning() []string {
	if x.Change == nil {
		return []string{"没有哪一项单独改变就能改变结论。情况有较大变化时，请随时申请重新评定。"}
	}
	return []string{x.Change.Text.ZH, "这里说的是登记内容有误或情况确实变化的时候，不是要您去改。"}
}
