package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/network"
)

type importTimetable struct {
	cityFlags
	File string `arg:"" type:"path" help:"GTFS 压缩包，或放着时刻表文件的文件夹。 A GTFS archive, or a folder with the files of a timetable."`
	On   string `required:"" placeholder:"2016-03-10" help:"用哪一天的列车。 Which day's trains."`
}

// timetableResult is the --json shape of the command.
type timetableResult struct {
	network.Imported
	Ways []timetableWay `json:"ways"`
}

// timetableWay is what trains take from one station to one city.
type timetableWay struct {
	From     string `json:"from"`
	Towards  string `json:"towards"`
	Trains   int    `json:"trains"`
	Within   int    `json:"within_half_an_hour"`
	Shortest int    `json:"shortest_minutes"`
	Median   int    `json:"median_minutes"`
}

// Run takes the trains of the day and keeps them as evidence.
func (c *importTimetable) Run(ctx context.Context, p *program) error {
	on, err := day.Parse(c.On)
	if err != nil {
		return err
	}
	files, digest, err := timetableFiles(c.File)
	if err != nil {
		return err
	}
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	t, err := opened.network.Import(ctx, console(), day.InTime(time.Now()), uuid.Must(uuid.NewV7()), filepath.Base(c.File), digest, files, on)
	if err != nil {
		return err
	}
	r := timetableResult{t, waysOf(t.Rides)}
	return p.answer(r, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("已导入 %s 的时刻表：%d 趟列车停靠本市，编号 %s。", t.On, t.Trains, t.ID),
			EN: fmt.Sprintf("The timetable of %s is imported: %d trains stop in the city. Id %s.", t.On, t.Trains, t.ID),
		}))
		for _, way := range r.Ways {
			city := map[string]errs.Text{"beijing": {ZH: "北京", EN: "Beijing"}, "tianjin": {ZH: "天津", EN: "Tianjin"}}[way.Towards]
			fmt.Fprintln(w, p.say(errs.Text{
				ZH: fmt.Sprintf("  %s→%s：%d 趟，30 分钟以内 %d 趟，最快 %d 分钟，中位 %d 分钟", way.From, city.ZH, way.Trains, way.Within, way.Shortest, way.Median),
				EN: fmt.Sprintf("  %s to %s: %d trains, %d within 30 minutes, shortest %d, median %d", way.From, city.EN, way.Trains, way.Within, way.Shortest, way.Median),
			}))
		}
		return nil
	})
}

func waysOf(rides []network.Ride) []timetableWay {
	minutes := map[[2]string][]int{}
	ways := []timetableWay{}
	for i := range rides {
		key := [2]string{rides[i].From, rides[i].Towards}
		if minutes[key] == nil {
			ways = append(ways, timetableWay{From: key[0], Towards: key[1]})
		}
		minutes[key] = append(minutes[key], rides[i].Minutes)
	}
	for i := range ways {
		way := &ways[i]
		all := minutes[[2]string{way.From, way.Towards}]
		slices.Sort(all)
		way.Trains, way.Shortest, way.Median = len(all), all[0], all[len(all)/2]
		for _, n := range all {
			if n <= network.HalfHour {
				way.Within++
			}
		}
	}
	return ways
}

// timetableFiles opens an archive or a folder, with the digest of its bytes.
func timetableFiles(name string) (network.Source, string, error) {
	unreadable := func(err error) error {
		return errs.New(errs.NotFound, "main.import", "不能读「"+name+"」。请检查路径和权限。", name+" cannot be read. Check the path and the rights.").Because(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, "", unreadable(err)
	}
	if !info.IsDir() {
		data, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			return nil, "", unreadable(err)
		}
		archive, err := network.OpenArchive(data)
		return archive, network.Digest(data), err
	}
	folder := timetableFolder{os.DirFS(name)}
	sum := sha256.New()
	for _, one := range []string{"stations.csv", "trips.csv", "stop_times.csv", "stops.txt", "trips.txt", "stop_times.txt", "calendar.txt", "calendar_dates.txt"} {
		file, there, err := folder.Open(one)
		if err != nil {
			return nil, "", unreadable(err)
		}
		if !there {
			continue
		}
		_, err = io.Copy(sum, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, "", unreadable(err)
		}
	}
	return folder, hex.EncodeToString(sum.Sum(nil)), nil
}

type timetableFolder struct{ fs.FS }

// Open implements network.Source.
func (f timetableFolder) Open(name string) (io.ReadCloser, bool, error) {
	file, err := f.FS.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return file, err == nil, errs.Wrap("main.import", err)
}
