package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/briefing"
	"liandong/official"
)

type briefCommand struct {
	List    briefList    `cmd:"" help:"列出题目和已起草的汇报。 List the questions and the briefings that were drafted."`
	Draft   briefDraft   `cmd:"" help:"按题目、区划和日期起草一份汇报。 Draft a briefing on a question, a place and a day."`
	File    briefFile    `cmd:"" help:"把一份汇报写成文件。 Write a briefing into a file."`
	Words   briefWords   `cmd:"" help:"打印一个题目的文件（YAML），作为自己写的起点。 Print the document of a question (YAML), to begin one's own with."`
	Write   briefWrite   `cmd:"" help:"存入本单位自己的题目，或新的版本。 Keep a question of one's own, or a new version of it."`
	Changes briefChanges `cmd:"" help:"与上一次汇报相比有哪些变化。 What changed since the briefing before."`
}

type briefDraft struct {
	cityFlags
	Question string `arg:"" help:"题目，见 brief list。 The question; brief list names them."`
	Division string `placeholder:"130624" help:"区划代码，默认全市。 Code of the division; the city by default."`
	AsOf     string `placeholder:"2015-12-31" help:"哪一天的数，默认今天。 As of this day; today by default."`
	KnownAt  string `placeholder:"T" help:"按哪一时刻已登记的内容，默认现在。 As far as was recorded by then; now by default."`
	Out      string `type:"path" placeholder:"FILE" help:"同时写成 .docx 或 .pdf 文件。 Write it into a .docx or .pdf file too."`
}

// briefResult is the --json shape of the command.
type briefResult struct {
	briefing.Briefing
	Seconds float64 `json:"seconds"`
	File    string  `json:"file,omitempty"`
}

// Run drafts a briefing, which is kept as a draft.
func (c *briefDraft) Run(ctx context.Context, p *program) error {
	today := day.InTime(time.Now())
	asOf, err := dayOr(c.AsOf, today)
	if err != nil {
		return err
	}
	known, err := momentOr(c.KnownAt)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	division, err := opened.division(ctx, c.Division, asOf)
	if err != nil {
		return err
	}
	started := time.Now()
	b, err := opened.briefings.Draft(ctx, console(), today, briefing.Request{ID: uuid.Must(uuid.NewV7()), Question: c.Question, Division: division, AsOf: asOf, KnownAt: known})
	if err != nil {
		return err
	}
	r := briefResult{Briefing: b, File: c.Out}
	if c.Out != "" {
		if err := writeDocument(&b.Document, c.Out); err != nil {
			return err
		}
	}
	r.Seconds = time.Since(started).Seconds()
	return p.answer(r, func(w io.Writer) error {
		printDocument(w, &b.Document)
		fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("已存为草稿，编号 %s，%d 个数、%d 条脚注，用时 %.2f 秒。", b.ID, len(b.Values), len(b.Document.Notes), r.Seconds),
			EN: fmt.Sprintf("Kept as the draft %s: %d numbers, %d footnotes, in %.2f s.", b.ID, len(b.Values), len(b.Document.Notes), r.Seconds),
		}))
		return nil
	})
}

// writeDocument writes a document into a file of the format that its name ends with.
func writeDocument(d *official.Document, path string) error {
	write := d.DOCX
	switch strings.ToLower(filepath.Ext(path)) {
	case ".docx":
	case ".pdf":
		write = d.PDF
	default:
		return errs.New(errs.Usage, "main.brief", "文件名应以 .docx 或 .pdf 结尾。", "The file's name ends in .docx or .pdf.")
	}
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		return errs.New(errs.Unavailable, "main.brief", "不能写文件「"+path+"」。请检查文件夹和权限。", "The file "+path+" cannot be written. Check the folder and the rights.").Because(err)
	}
	if err := write(f); err != nil {
		f.Close()
		os.Remove(path) // what is half written helps nobody
		return err
	}
	return errs.Wrap("main.brief", f.Close())
}

// printDocument shows a document as plain text with the numbers of its footnotes.
func printDocument(w io.Writer, d *official.Document) {
	fmt.Fprintln(w, strings.Join(d.Marks, "　"))
	fmt.Fprintln(w, d.Title)
	for i := range d.Blocks {
		b := &d.Blocks[i]
		fmt.Fprintln(w, plainText(b.Spans))
		if b.Table != nil {
			for _, row := range append([][]official.Span{b.Table.Heads}, b.Table.Rows...) {
				cells := make([]string, len(row))
				for k := range row {
					cells[k] = plainText(row[k : k+1])
				}
				fmt.Fprintln(w, "  "+strings.Join(cells, "　"))
			}
		}
	}
	fmt.Fprintln(w, "脚注")
	for i, n := range d.Notes {
		fmt.Fprintf(w, "[%d] %s\n", i+1, n.Text)
	}
}

func plainText(spans []official.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		if s.Note > 0 {
			fmt.Fprintf(&b, "[%d]", s.Note)
		}
	}
	return b.String()
}

type briefList struct{ cityFlags }

// Run lists the questions and the briefings.
func (c *briefList) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	today := day.InTime(time.Now())
	all, err := opened.briefings.Briefings(ctx, console(), today)
	if err != nil {
		return err
	}
	questions, err := opened.briefings.Questions(ctx, console(), today)
	if err != nil {
		return err
	}
	return p.answer(struct {
		Questions []briefing.Question `json:"questions"`
		Briefings []briefing.Briefing `json:"briefings"`
	}{questions, all}, func(w io.Writer) error {
		for i := range questions {
			own := ""
			if questions[i].Own {
				own = p.say(errs.Text{ZH: "（本单位 " + questions[i].Version + "）", EN: " (our own, " + questions[i].Version + ")"})
			}
			fmt.Fprintf(w, "%-14s %s%s\n", questions[i].ID, p.say(questions[i].Asks), own)
		}
		for i := range all {
			fmt.Fprintf(w, "%s  %s  %s  %s\n", all[i].ID, all[i].AsOf, all[i].State, all[i].Document.Title)
		}
		return nil
	})
}

type briefWords struct {
	cityFlags
	Question string `arg:"" help:"题目，见 brief list。 The question; brief list names them."`
}

// Run prints the document of a question.
func (c *briefWords) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	q, err := opened.briefings.Question(ctx, console(), day.InTime(time.Now()), c.Question)
	if err != nil {
		return err
	}
	return p.answer(struct {
		briefing.Question
		Text string `json:"text"`
	}{q, string(q.Text)}, func(w io.Writer) error {
		_, err := w.Write(q.Text)
		return err
	})
}

type briefWrite struct {
	cityFlags
	File string `arg:"" type:"existingfile" help:"题目文件（YAML）。 The document of the question (YAML)."`
}

// Run keeps a question of the city's own.
func (c *briefWrite) Run(ctx context.Context, p *program) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return errs.New(errs.NotFound, "main.brief", "读不到文件「"+c.File+"」。", "The file "+c.File+" cannot be read.").Because(err)
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	q, err := opened.briefings.WriteQuestion(ctx, console(), day.InTime(time.Now()), uuid.Must(uuid.NewV7()), text)
	if err != nil {
		return err
	}
	return p.answer(q, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, p.say(errs.Text{ZH: "已存入题目 " + q.Name() + "：" + q.Asks.ZH, EN: "The question " + q.Name() + " is kept: " + q.Asks.EN}))
		return err
	})
}

// briefOne names one briefing.
type briefOne struct {
	cityFlags
	ID string `arg:"" help:"汇报的编号。 Id of the briefing."`
}

func (c *briefOne) open(ctx context.Context, p *program) (*city, uuid.UUID, error) {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return nil, id, errs.New(errs.Usage, "main.brief", "「"+c.ID+"」不是汇报的编号。", c.ID+" is no id of a briefing.")
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	return opened, id, err
}

type briefFile struct {
	briefOne
	Out string `required:"" type:"path" placeholder:"FILE" help:"写成 .docx 或 .pdf 文件。 A .docx or .pdf file."`
}

// Run writes a briefing into a file.
func (c *briefFile) Run(ctx context.Context, p *program) error {
	opened, id, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	b, err := opened.briefings.Briefing(ctx, console(), day.InTime(time.Now()), id)
	if err != nil {
		return err
	}
	if err := writeDocument(&b.Document, c.Out); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": c.Out}, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "已写入「" + c.Out + "」。", EN: "Written to " + c.Out + "."}))
		return nil
	})
}

type briefChanges struct{ briefOne }

// Run says what changed.
func (c *briefChanges) Run(ctx context.Context, p *program) error {
	opened, id, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	changes, err := opened.briefings.Changes(ctx, console(), day.InTime(time.Now()), id)
	if err != nil {
		return err
	}
	return p.answer(changes, func(w io.Writer) error {
		if changes.Before == nil {
			fmt.Fprintln(w, p.say(errs.Text{ZH: "以前没有同一题目、同一区划的汇报。", EN: "There is no earlier briefing on the same question and place."}))
			return nil
		}
		fmt.Fprintln(w, p.say(errs.Text{ZH: fmt.Sprintf("与 %s 相比：%d 个数不变，%d 个有变化。", changes.Before, changes.Same, len(changes.Changed)), EN: fmt.Sprintf("Against %s: %d numbers stayed, %d changed.", changes.Before, changes.Same, len(changes.Changed))}))
		for i := range changes.Changed {
			one := &changes.Changed[i]
			_, name := opened.named(one.Division, day.InTime(time.Now()))
			fmt.Fprintf(w, "  %s %s  %s → %s %s\n", name, p.say(one.Title), valueOrDash(one.Before, one.Decimals), valueOrDash(one.After, one.Decimals), one.Unit.ZH)
		}
		return nil
	})
}

func valueOrDash(v *float64, decimals int) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprintf("%.*f", decimals, *v)
}
