package network

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/errs"
)

// Source is the files of a timetable, by name.
type Source interface {
	// Open gives a file's bytes; false where there is none of the name.
	Open(name string) (io.ReadCloser, bool, error)
}

const (
	// maxRows bounds a table: the whole country's trains of a year have about a million stops.
	maxRows = 20_000_000
	// maxLine bounds one line of a table. A stop has about a hundred bytes, a train with its days of running about a thousand.
	maxLine = 64 << 10
	// maxHours bounds a time: trains that run through two nights arrive after 48:00.
	maxHours = 96
)

func invalid(where, zh, en string) *errs.Error {
	return errs.New(errs.Invalid, "network.Read", zh, en).At(where)
}

// lineGuard ends with an error where a line is longer than maxLine, so that no file fills the memory with one.
type lineGuard struct {
	source io.Reader
	file   string
	run    int
}

// Read implements io.Reader.
func (g *lineGuard) Read(b []byte) (int, error) {
	n, err := g.source.Read(b)
	for _, c := range b[:n] {
		if g.run++; c == '\n' {
			g.run = 0
		}
		if g.run > maxLine {
			return 0, invalid(g.file, "文件「"+g.file+"」里有一行长得不正常，没有读。", "A line of "+g.file+" is long beyond measure; it was not read.")
		}
	}
	return n, err
}

// line is one row of a table, read by the names of its columns.
type line struct {
	file    string
	number  int
	columns map[string]int
	cells   []string
}

func (l *line) text(column string) string {
	if i, ok := l.columns[column]; ok && i < len(l.cells) {
		return strings.TrimSpace(l.cells[i])
	}
	return ""
}

// wrong is an error about the line.
func (l *line) wrong(zh, en string) error {
	return invalid(l.file, fmt.Sprintf("%s 第 %d 行：%s", l.file, l.number, zh), fmt.Sprintf("%s, row %d: %s", l.file, l.number, en))
}

// each reads a table row by row. A file that must be there and is not, or lacks a column, is an error that names it.
func each(files Source, name string, must bool, columns []string, fn func(l *line) error) error {
	file, there, err := files.Open(name)
	if err != nil {
		return err
	}
	if !there {
		if must {
			return invalid(name, "压缩包或文件夹里没有「"+name+"」。GTFS 时刻表须有 stops.txt、trips.txt、stop_times.txt 和 calendar.txt 或 calendar_dates.txt。",
				"There is no "+name+". A GTFS timetable has stops.txt, trips.txt, stop_times.txt and calendar.txt or calendar_dates.txt.")
		}
		return nil
	}
	defer file.Close()
	source := bufio.NewReader(&lineGuard{source: file, file: name})
	if mark, err := source.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = source.Discard(len(mark)) // just peeked at
	}
	reader := csv.NewReader(source)
	reader.ReuseRecord, reader.FieldsPerRecord = true, -1
	l := &line{file: name, columns: map[string]int{}}
	for ; l.number <= maxRows; l.number++ {
		cells, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			if l.number == 0 {
				return invalid(name, "「"+name+"」是空的。", name+" is empty.")
			}
			return nil
		case err != nil:
			return unreadable(name, l.number+1, err)
		case l.number == 0:
			if err := l.head(cells, columns); err != nil {
				return err
			}
			continue
		}
		row := *l
		row.number, row.cells = l.number+1, cells
		if err := fn(&row); err != nil {
			return err
		}
	}
	return errs.New(errs.TooLarge, "network.Read", "「"+name+"」的行数太多，请只保留经过本市的列车。", name+" has too many rows; keep the trains that pass the city.").At(name)
}

// unreadable keeps a sentence that says what is wrong with the file already.
func unreadable(name string, row int, err error) error {
	if _, known := errors.AsType[*errs.Error](err); known {
		return err
	}
	return invalid(name, fmt.Sprintf("%s 第 %d 行读不懂：引号或逗号不配对。", name, row), fmt.Sprintf("%s, row %d cannot be read: quotes or commas do not match.", name, row)).Because(err)
}

func (l *line) head(cells, columns []string) error {
	for i, c := range cells {
		l.columns[strings.ToLower(strings.TrimSpace(c))] = i
	}
	for _, c := range columns {
		if _, ok := l.columns[c]; !ok {
			return invalid(l.file, "「"+l.file+"」缺少列「"+c+"」。", l.file+" lacks the column "+c+".")
		}
	}
	return nil
}

// minutes reads a time of day, which may go past 24:00 for the day after; -1 where it is empty.
func (l *line) minutes(column string) (int, error) {
	text := l.text(column)
	if text == "" {
		return -1, nil
	}
	parts := strings.Split(text, ":")
	wrong := len(parts) < 2 || len(parts) > 3
	values := make([]int, len(parts))
	for i, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		wrong = wrong || err != nil || n < 0 || i > 0 && n > 59 || i == 0 && n > maxHours
		values[i] = n
	}
	if wrong {
		return 0, l.wrong("时间「"+text+"」看不懂。请写成 时:分:秒，次日的写成 24:00 以后，如 25:10:00。", "the time "+text+" cannot be read. Write hours:minutes:seconds, and 25:10:00 for ten past one of the day after.")
	}
	return values[0]*60 + values[1], nil
}

func (l *line) day(column string) (day.Date, error) {
	text := l.text(column)
	if len(text) == 8 {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	d, err := day.Parse(text)
	if err != nil {
		return d, l.wrong("日期「"+l.text(column)+"」看不懂。", "the day "+l.text(column)+" cannot be read.")
	}
	return d, nil
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
