package network

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/day"
	"liandong/errs"
)

// Read takes a timetable's trains of a day. It reads a GTFS feed, or tables named stations.csv, trips.csv and stop_times.csv with the days on
// which each train runs.
func Read(files Source, stations *Stations, on day.Date) (*Timetable, error) {
	trains, err := trainsOf(files, stations, on)
	if err != nil {
		return nil, err
	}
	t := &Timetable{On: on, Stations: stations.ID, Rides: []Ride{}}
	for _, key := range sortedKeys(trains) {
		one := trains[key]
		if slices.ContainsFunc(one.calls, func(c call) bool { _, ours := stations.of[c.station]; return ours }) {
			t.Trains++
		}
		t.Rides = append(t.Rides, stations.rides(one)...)
	}
	if t.Trains == 0 {
		return nil, invalid("", on.Chinese()+"没有列车停靠本市的车站。请核对日期；本市车站有："+stations.names()+"。",
			"No train stops at a station of the city on "+on.String()+". Check the day; the stations are "+stations.names()+".")
	}
	return t, nil
}

func trainsOf(files Source, stations *Stations, on day.Date) (map[string]*train, error) {
	tables, there, err := files.Open("stations.csv")
	if err != nil {
		return nil, err
	}
	if there {
		tables.Close()
		return fromTables(files, stations, on)
	}
	return fromGTFS(files, stations, on)
}

func sortedKeys(trains map[string]*train) []string {
	keys := make([]string, 0, len(trains))
	for k := range trains {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// plain is a station's name as the document of stations writes it.
func plain(name string) string { return strings.TrimSuffix(strings.TrimSpace(name), "站") }

func (s *Stations) matters(name string) bool {
	_, ours := s.of[name]
	return ours || s.city(name) != ""
}

// fromGTFS reads a feed of the General Transit Feed Specification. A platform stands for its station, and a trip that runs by frequency counts once.
func fromGTFS(files Source, stations *Stations, on day.Date) (map[string]*train, error) {
	stops, err := stopsOf(files)
	if err != nil {
		return nil, err
	}
	running, err := servicesOn(files, on)
	if err != nil {
		return nil, err
	}
	trains := map[string]*train{}
	known := map[string]bool{}
	err = each(files, "trips.txt", true, []string{"trip_id", "service_id"}, func(l *line) error {
		id := l.text("trip_id")
		known[id] = true
		if running[l.text("service_id")] {
			name := l.text("trip_short_name")
			for _, other := range []string{"trip_headsign", "trip_id"} {
				if name == "" {
					name = l.text(other)
				}
			}
			trains[id] = &train{name: name}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return trains, each(files, "stop_times.txt", true, []string{"trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"}, func(l *line) error {
		name, ok := stops[l.text("stop_id")]
		switch {
		case !ok:
			return l.wrong("车站「"+l.text("stop_id")+"」不在 stops.txt 里。", "the station "+l.text("stop_id")+" is not in stops.txt.")
		case !known[l.text("trip_id")]:
			return l.wrong("车次「"+l.text("trip_id")+"」不在 trips.txt 里。", "the trip "+l.text("trip_id")+" is not in trips.txt.")
		}
		one := trains[l.text("trip_id")]
		if one == nil || !stations.matters(name) {
			return nil
		}
		c, err := l.call(name, "arrival_time", "departure_time")
		if err == nil {
			one.calls = append(one.calls, c)
		}
		return err
	})
}

func (l *line) call(station, arrival, departure string) (c call, err error) {
	c.station = station
	if c.sequence, err = strconv.Atoi(l.text("stop_sequence")); err != nil {
		return c, l.wrong("站序「"+l.text("stop_sequence")+"」不是整数。", "the place in the order, "+l.text("stop_sequence")+", is no whole number.")
	}
	if c.arrives, err = l.minutes(arrival); err != nil {
		return c, err
	}
	c.departing, err = l.minutes(departure)
	return c, err
}

// stopsOf are the names of stops; a platform has that of the station around it.
func stopsOf(files Source) (map[string]string, error) {
	names, around := map[string]string{}, map[string]string{}
	err := each(files, "stops.txt", true, []string{"stop_id", "stop_name"}, func(l *line) error {
		id := l.text("stop_id")
		names[id] = plain(l.text("stop_name"))
		if parent := l.text("parent_station"); parent != "" {
			around[id] = parent
		}
		return nil
	})
	for id, parent := range around {
		if name := names[parent]; name != "" {
			names[id] = name
		}
	}
	return names, err
}

// servicesOn are the services that run on a day: by the week, and by the exceptions to it.
func servicesOn(files Source, on day.Date) (map[string]bool, error) {
	running, calendars := map[string]bool{}, 0
	weekday := strings.ToLower(time.Date(on.Year(), time.Month(on.Month()), on.Day(), 0, 0, 0, 0, time.UTC).Weekday().String())
	err := each(files, "calendar.txt", false, []string{"service_id", "start_date", "end_date", weekday}, func(l *line) error {
		from, err := l.day("start_date")
		if err != nil {
			return err
		}
		until, err := l.day("end_date")
		if err != nil {
			return err
		}
		calendars++
		if l.text(weekday) == "1" && !on.Before(from) && !on.After(until) {
			running[l.text("service_id")] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(files, "calendar_dates.txt", false, []string{"service_id", "date", "exception_type"}, func(l *line) error {
		d, err := l.day("date")
		if err != nil {
			return err
		}
		calendars++
		if d == on {
			running[l.text("service_id")] = l.text("exception_type") == "1"
		}
		return nil
	})
	if err == nil && calendars == 0 {
		err = errs.New(errs.Invalid, "network.Read", "时刻表没有运行日历，须有 calendar.txt 或 calendar_dates.txt。", "The timetable says of no train on which days it runs; it has neither calendar.txt nor calendar_dates.txt.").At("calendar.txt")
	}
	return running, err
}

// fromTables reads tables of stations, trains and stops. Times have no day: one that is earlier than the one before lies on the day after.
func fromTables(files Source, stations *Stations, on day.Date) (map[string]*train, error) {
	names := map[string]bool{}
	if err := each(files, "stations.csv", true, []string{"station"}, func(l *line) error {
		names[plain(l.text("station"))] = true
		return nil
	}); err != nil {
		return nil, err
	}
	trains, known := map[string]*train{}, map[string]bool{}
	if err := each(files, "trips.csv", true, []string{"trip_id", "train_no", "running_dates"}, func(l *line) error {
		id, dates := l.text("trip_id"), l.text("running_dates")
		known[id] = true
		if dates == "ALL" || slices.Contains(strings.Split(dates, "|"), on.String()) {
			trains[id] = &train{name: l.text("train_no")}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	last := map[string]int{}
	return trains, each(files, "stop_times.csv", true, []string{"trip_id", "stop_sequence", "station", "arrival", "departure"}, func(l *line) error {
		id, name := l.text("trip_id"), plain(l.text("station"))
		switch {
		case !names[name]:
			return l.wrong("车站「"+name+"」不在 stations.csv 里。", "the station "+name+" is not in stations.csv.")
		case !known[id]:
			return l.wrong("车次「"+id+"」不在 trips.csv 里。", "the trip "+id+" is not in trips.csv.")
		}
		one := trains[id]
		if one == nil {
			return nil
		}
		c, err := l.call(name, "arrival", "departure")
		if err != nil {
			return err
		}
		for _, at := range []*int{&c.arrives, &c.departing} {
			for *at >= 0 && *at < last[id] {
				*at += 24 * 60
			}
			last[id] = max(last[id], *at)
		}
		if stations.matters(name) {
			one.calls = append(one.calls, c)
		}
		return nil
	})
}
