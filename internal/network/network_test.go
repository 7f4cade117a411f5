package network_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/internal/network"
	"liandong/place"
)

const city place.ID = 130600_000000

var on = day.MustOf(2016, 3, 10) // a Thursday

// feed is a small GTFS feed: files by name.
func feed() map[string]string {
	return map[string]string{
		"stops.txt":          "\ufeffstop_id,stop_name,parent_station\n1,涿州东站,\n2,北京西站,\n2a,3站台,2\n3,保定东,\n4,天津西,\n",
		"trips.txt":          "route_id,service_id,trip_id,trip_short_name\nr,week,a,G1\nr,week,b,G3\nr,never,c,G5\nr,extra,d,G7\n",
		"calendar.txt":       "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nweek,1,1,1,1,1,0,0,20160101,20161231\nnever,0,0,0,0,0,1,1,20160101,20161231\n",
		"calendar_dates.txt": "service_id,date,exception_type\nextra,20160310,1\n",
		"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n" +
			"a,06:40:00,06:42:00,3,1\na,07:05:00,07:06:00,1,2\na,07:30:00,07:30:00,2a,3\n" + // out of the city in 24 and 48 minutes
			"b,23:50:00,23:50:00,3,1\nb,24:31:00,24:31:00,2,2\n" + // past midnight: 41 minutes
			"c,08:00:00,08:00:00,1,1\nc,08:10:00,08:10:00,2,2\n" + // runs at weekends
			"d,09:00:00,09:00:00,2,1\nd,09:30:00,09:30:00,1,2\nd,10:20:00,10:20:00,4,3\n", // from Beijing; on to Tianjin
	}
}

func packed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create("feed/" + name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *network.Room)) {
	t.Helper()
	t.Parallel()
	places, err := place.Open()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachWith(t, slices.Concat(ledger.Migrations(), dossier.Migrations()), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		r, err := network.New(d, places, city)
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, r)
	})
}

func holder(role access.Role, at place.ID) access.Actor {
	return access.Actor{ID: string(role), Grants: []access.Grant{{Role: role, Territory: at}}}
}

func share(t *testing.T, r *network.Room, towards string, division place.ID, asOf day.Date) figure.Value {
	t.Helper()
	for _, e := range r.Figures() {
		if e.Name == "half_hour_share_"+towards {
			scope := access.Console("").Scope(access.ReadFigures, on)
			v, err := e.Compute(t.Context(), figure.Query{Division: division, AsOf: asOf, Scope: scope, Records: scope, Rows: 10})
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatal("no figure")
	return figure.Value{}
}

func TestTheHalfHourIsToldOnceATimetableIsImported(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, r *network.Room) {
		if v := share(t, r, "beijing", city, on); *v.Denominator != 0 || !strings.Contains(v.Notes[0].ZH, "还没有导入") || !v.Evidence.IsZero() {
			t.Errorf("before: %+v", v)
		}
		data := packed(t, feed())
		archive, err := network.OpenArchive(data)
		if err != nil {
			t.Fatal(err)
		}
		id, planner := uuid.New(), holder(access.Planner, city)
		kept, err := r.Import(t.Context(), planner, on, id, "feed.zip", network.Digest(data), archive, on)
		if err != nil || kept.Trains != 3 || len(kept.Rides) != 4 {
			t.Fatalf("%+v, %v", kept, err)
		}
		const zhuozhou, lianchi place.ID = 130681_000000, 130606_000000
		for _, want := range []struct {
			towards      string
			division     place.ID
			above, under float64
		}{{"beijing", city, 1, 3}, {"beijing", zhuozhou, 1, 1}, {"beijing", lianchi, 0, 2}, {"tianjin", city, 0, 1}} {
			v := share(t, r, want.towards, want.division, on)
			if *v.Numerator != want.above || *v.Denominator != want.under || v.RowCount != int64(want.under) || v.Evidence != on {
				t.Errorf("%s of %v: %v of %v, %+v", want.towards, want.division, *v.Numerator, *v.Denominator, v)
			}
		}
		label := share(t, r, "beijing", zhuozhou, on).Rows[0].Label
		if label != "G1 涿州东 07:06→北京西，24 分钟（2016-03-10 的时刻表）" {
			t.Errorf("row %q", label)
		}
		if v := share(t, r, "beijing", city, day.MustOf(2015, 12, 31)); len(v.Notes) != 2 || v.Evidence != on {
			t.Errorf("a day before any timetable: %+v", v)
		}
		if _, err := r.Import(t.Context(), holder(access.Leader, city), on, uuid.New(), "a", "", archive, on); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody who only reads imports: %v", err)
		}
		if _, err := r.Import(t.Context(), holder(access.Planner, zhuozhou), on, uuid.New(), "a", "", archive, on); !errs.Is(err, errs.NotFound) {
			t.Errorf("a county imports for the city: %v", err)
		}
		if all, err := r.Timetables(t.Context(), planner, on); err != nil || len(all) != 1 || all[0].ID != id || all[0].Digest != network.Digest(data) {
			t.Errorf("%+v %v", all, err)
		}
		report, err := ledger.Verify(t.Context(), d, ledger.Options{Records: r.LedgerRecords()})
		if err != nil || !report.OK() || report.Records != 1 {
			t.Errorf("log: %+v, %v", report, err)
		}
	})
}

type files map[string]string

// Open implements network.Source.
func (f files) Open(name string) (io.ReadCloser, bool, error) {
	text, ok := f[name]
	return io.NopCloser(strings.NewReader(text)), ok, nil
}

func TestWhatIsWrongWithATimetableIsSaidWhereItIs(t *testing.T) {
	t.Parallel()
	stations, err := network.ShippedStations()
	if err != nil {
		t.Fatal(err)
	}
	with := func(name, from, to string) files {
		f := files(feed())
		f[name] = strings.Replace(f[name], from, to, 1)
		return f
	}
	without := func(names ...string) files {
		f := files(feed())
		for _, n := range names {
			delete(f, n)
		}
		return f
	}
	for what, c := range map[string]struct {
		files files
		on    day.Date
		says  []string
	}{
		"no stops":           {without("stops.txt"), on, []string{"没有「stops.txt」"}},
		"no calendar":        {without("calendar.txt", "calendar_dates.txt"), on, []string{"没有运行日历"}},
		"an unknown stop":    {with("stop_times.txt", ",3,1", ",9,1"), on, []string{"stop_times.txt 第 2 行", "「9」不在 stops.txt"}},
		"an unknown trip":    {with("stop_times.txt", "b,23", "x,23"), on, []string{"stop_times.txt 第 5 行", "「x」不在 trips.txt"}},
		"an unreadable time": {with("stop_times.txt", "06:42:00", "06:72:00"), on, []string{"第 2 行", "06:72:00"}},
		"a time beyond":      {with("stop_times.txt", "24:31:00", "924:31:00"), on, []string{"第 6 行", "924:31:00"}},
		"a lacking column":   {with("trips.txt", "service_id", "service"), on, []string{"缺少列「service_id」"}},
		"an odd quote":       {with("stops.txt", "涿州东站", "\"涿州\"东站"), on, []string{"stops.txt 第 2 行读不懂"}},
		"an odd day":         {with("calendar.txt", "20160101", "2016011"), on, []string{"calendar.txt 第 2 行", "2016011"}},
		"a day of no train":  {files(feed()), day.MustOf(2019, 3, 10), []string{"没有列车停靠本市", "涿州东"}},
		"an empty file":      {with("trips.txt", feed()["trips.txt"], ""), on, []string{"「trips.txt」是空的"}},
		"an endless line":    {with("stops.txt", "涿州东站", strings.Repeat("长", 100_000)), on, []string{"长得不正常"}},
	} {
		_, err := network.Read(c.files, stations, c.on)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, words := range c.says {
			if text := errs.Sentence(err).ZH; !strings.Contains(text, words) {
				t.Errorf("%s is told as %q, which lacks %q", what, text, words)
			}
		}
	}
	whole := packed(t, feed())
	for what, data := range map[string][]byte{"half an archive": whole[:len(whole)/2], "no archive": []byte("hello"), "an altered byte": slices.Concat(whole[:60], []byte{whole[60] ^ 1}, whole[61:])} {
		if _, err := network.OpenArchive(data); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err).ZH, "压缩包打不开") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Tables have no day beside their times: what is earlier than the stop before lies on the day after.
func TestTablesOfTrainsAreReadAsAFeedIs(t *testing.T) {
	t.Parallel()
	stations, err := network.ShippedStations()
	if err != nil {
		t.Fatal(err)
	}
	got, err := network.Read(files{
		"stations.csv":   "station,lon_wgs84,lat_wgs84\n保定东,115.6,38.9\n北京西,116.3,39.9\n",
		"trips.csv":      "trip_id,train_no,running_dates\n1,G1,ALL\n2,G3,2016-03-09|2016-03-10\n3,G5,2016-03-09\n",
		"stop_times.csv": "trip_id,train_no,stop_sequence,station,arrival,departure\n1,G1,1,保定东,,23:50\n1,G1,2,北京西,00:31,\n2,G3,1,保定东,,10:00\n2,G3,2,北京西,10:40,\n3,G5,1,保定东,,11:00\n3,G5,2,北京西,11:20,\n",
	}, stations, on)
	if err != nil || got.Trains != 2 || len(got.Rides) != 2 || got.Rides[0].Minutes != 41 || got.Rides[1].Minutes != 40 {
		t.Errorf("%+v, %v", got, err)
	}
}
