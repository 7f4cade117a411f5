package network

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
	"liandong/sheet"
)

// Room keeps the timetables of one city.
type Room struct {
	places   *place.Gazetteer
	city     place.ID
	stations *Stations
	shelf    *dossier.Shelf[Timetable]
}

// New is the room over an open database whose migrations ran.
func New(d *db.DB, places *place.Gazetteer, city place.ID) (*Room, error) {
	stations, err := ShippedStations()
	return &Room{places: places, city: city, stations: stations, shelf: dossier.New(d, machine())}, err
}

const actImported = "imported"

func machine() dossier.Machine[Timetable] {
	return dossier.Machine[Timetable]{
		Kind: "timetable", Noun: errs.Text{ZH: "时刻表", EN: "timetable"},
		Step: func(_ Timetable, e dossier.Entry) (next Timetable, err error) {
			return next, errs.Wrap("network.step", json.Unmarshal(e.Body, &next))
		},
		Head: func(t Timetable) dossier.Head {
			return dossier.Head{State: actImported, Title: t.Name, Subject: "timetable:" + t.On.String()}
		},
	}
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return r.shelf.LedgerRecords() }

// Archive is a timetable as it is sent: the bytes of a zip file.
type Archive struct {
	*sheet.Archive
}

// OpenArchive checks a zip file by the same limits as workbooks: no part is damaged, larger than it says or packed beyond measure.
func OpenArchive(data []byte) (Archive, error) {
	a, err := sheet.OpenArchive(data)
	if err != nil {
		return Archive{}, errs.New(errs.Invalid, "network.OpenArchive",
			"时刻表的压缩包打不开：不是 zip 文件、已损坏，或展开后大得不正常。请重新下载后再导入。", "The archive of the timetable cannot be opened: it is no zip file, is damaged, or unpacks to a size beyond measure. Get it once more and import it again.").Because(err)
	}
	return Archive{a}, nil
}

// Open implements Source; a feed may lie in a folder of the archive.
func (a Archive) Open(name string) (io.ReadCloser, bool, error) {
	for _, part := range a.Names() {
		if path.Base(part) == name {
			return a.Part(part), true, nil
		}
	}
	return nil, false, nil
}

// Imported is a timetable that was kept.
type Imported struct {
	ID uuid.UUID `json:"id"`
	Timetable
}

// Digest is the SHA-256 of a file, hexadecimal.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Import takes a timetable's trains of a day and keeps them under the id, as evidence of that day. The same id again gives what is kept.
func (r *Room) Import(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, name, digest string, files Source, on day.Date) (Imported, error) {
	scope, err := actor.Require(access.CheckClaims, today)
	if err != nil {
		return Imported{}, err
	}
	if !scope.Contains(r.city) {
		return Imported{}, access.NotFound(errs.Text{ZH: "城市", EN: "city"})
	}
	if on.IsZero() {
		return Imported{}, invalid("on", "请写明用时刻表里哪一天的列车。", "Say which day's trains of the timetable are meant.")
	}
	t, err := Read(files, r.stations, on)
	if err != nil {
		return Imported{}, err
	}
	t.Name, t.Digest = name, digest
	kept, err := r.shelf.Add(ctx, actor, dossier.Reader{Scope: scope}, dossier.Draft{ID: id, Dossier: id, Division: r.city, Act: actImported, Body: t, Source: name})
	return Imported{id, kept.State}, err
}

// Timetables lists those that are kept.
func (r *Room) Timetables(ctx context.Context, actor access.Actor, today day.Date) ([]Imported, error) {
	scope, err := actor.Require(access.ReadClaims, today)
	if err != nil {
		return nil, err
	}
	all, err := r.shelf.All(ctx, dossier.Reader{Scope: scope}, dossier.Moment{})
	out := make([]Imported, 0, len(all))
	for i := range all {
		out = append(out, Imported{all[i].Dossier, all[i].State})
	}
	return out, err
}

// of is the timetable that holds on a day: the last one by then, else the first one after; nil where there is none.
func (r *Room) of(ctx context.Context, q figure.Query) (*Timetable, error) {
	everybody := access.Console("").Scope(access.ReadFigures, q.AsOf) // a timetable hangs in every station
	all, err := r.shelf.All(ctx, dossier.Reader{Scope: everybody.Within(r.city)}, dossier.Moment{KnownAt: q.KnownAt})
	var best *Timetable
	for i := range all {
		t := &all[i].State
		switch {
		case best == nil,
			best.On.After(q.AsOf) && t.On.Before(best.On),
			!t.On.After(q.AsOf) && !t.On.Before(best.On):
			best = t
		}
	}
	return best, err
}

// Figures are what the room publishes in the book.
func (r *Room) Figures() []figure.Entry {
	share := func(towards string, name errs.Text) figure.Entry {
		return figure.Entry{
			Name: "half_hour_share_" + towards, Title: errs.Text{ZH: "30分钟以内到" + name.ZH + "的列车", EN: "Trains that reach " + name.EN + " within 30 minutes"}, Unit: errs.Text{ZH: "%", EN: "%"},
			Decimals: 1, Ratio: 100, Status: figure.Done, Opens: access.ReadFigures,
			Definition: errs.Text{
				ZH: "时刻表那一天，从该区划各车站开往" + name.ZH + "的列车中，车上时间（本站开车到" + name.ZH + "第一个停靠站到达，站到站）不超过30分钟的百分比。不含进出站、候车和市内接驳。",
				EN: "Of the trains from the division's stations to " + name.EN + " on the timetable's day, those that take no more than 30 minutes in the vehicle, from leaving here to arriving at the first station there. Ways to and from stations and waiting are left out.",
			},
			Compute: func(ctx context.Context, q figure.Query) (figure.Value, error) { return r.share(ctx, q, towards) },
		}
	}
	return []figure.Entry{share("beijing", errs.Text{ZH: "北京", EN: "Beijing"}), share("tianjin", errs.Text{ZH: "天津", EN: "Tianjin"})}
}

func (r *Room) share(ctx context.Context, q figure.Query, towards string) (figure.Value, error) {
	above, under := 0.0, 0.0
	v := figure.Value{Number: math.NaN(), Numerator: &above, Denominator: &under}
	t, err := r.of(ctx, q)
	if err != nil {
		return v, err
	}
	if t == nil {
		v.Notes = []errs.Text{{ZH: "还没有导入列车时刻表。", EN: "No timetable of trains was imported."}}
		return v, nil
	}
	v.Evidence = t.On
	for i := range t.Rides {
		ride := &t.Rides[i]
		code, err := place.ParseCode(ride.Code)
		if err != nil {
			return v, err
		}
		county, err := r.places.ByCode(code, t.On)
		if err != nil {
			return v, err
		}
		if ride.Towards != towards || !q.Division.Contains(county) {
			continue
		}
		within := 0.0
		if ride.Minutes <= HalfHour {
			within = 1
		}
		above, under = above+within, under+1
		if v.RowCount++; len(v.Rows) < q.Rows && q.Records.Contains(county) {
			label := fmt.Sprintf("%s %s %s→%s，%d 分钟（%s 的时刻表）", ride.Train, ride.From, ride.Departure, ride.To, ride.Minutes, t.On)
			v.Rows = append(v.Rows, figure.Row{ID: ride.Train + " " + ride.From, Division: county, Label: label, Value: within})
		}
	}
	v.Number = 100 * above / under
	v.Notes = append(v.Notes, errs.Text{ZH: "证据是 " + t.On.String() + " 的时刻表（" + t.Name + "），站点归属按 " + t.Stations + "。", EN: "The evidence is the timetable of " + t.On.String() + " (" + t.Name + "); stations lie as " + t.Stations + " says."})
	if t.On.After(q.AsOf) {
		v.Notes = append(v.Notes, errs.Text{ZH: "该日以前没有时刻表，用的是其后最早的一份。", EN: "There is no timetable of that day or before; this is the earliest after it."})
	}
	if under == 0 {
		v.Notes = append(v.Notes, errs.Text{ZH: "这份时刻表里没有这样的列车。", EN: "The timetable has no such trains."})
	}
	return v, nil
}
