package strategy

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/ledger"
	"liandong/place"
)

// Room follows the tree of one city.
type Room struct {
	city  place.ID
	book  *figure.Book
	tree  Tree
	shelf *dossier.Shelf[Entered]
}

// New is the room over an open database whose migrations ran.
func New(d *db.DB, book *figure.Book, city place.ID) (*Room, error) {
	tree, err := Shipped()
	return &Room{city: city, book: book, tree: tree, shelf: dossier.New(d, machine())}, err
}

// LedgerRecords gives what the room stores to the verification of the log.
func (r *Room) LedgerRecords() []ledger.RecordSource { return r.shelf.LedgerRecords() }

// Entered is a value that a person entered, of the city or of a peer.
type Entered struct {
	Indicator string   `json:"indicator"`
	Peer      string   `json:"peer,omitempty"` // the city compared with; empty for one's own
	On        day.Date `json:"on"`
	Value     float64  `json:"value"`
	Source    string   `json:"source"`
	recorded  time.Time
}

const actEntered = "entered"

func machine() dossier.Machine[Entered] {
	return dossier.Machine[Entered]{
		Kind: "indicator_value", Noun: errs.Text{ZH: "指标数", EN: "value"},
		Step: func(_ Entered, e dossier.Entry) (Entered, error) {
			var next Entered
			if err := json.Unmarshal(e.Body, &next); err != nil {
				return next, errs.Wrap("strategy.step", err)
			}
			next.recorded = e.Recorded
			if strings.TrimSpace(next.Source) == "" || next.On.IsZero() || next.On.After(e.On) {
				return next, errs.New(errs.Invalid, "strategy.step", "录入的数须写明出处和日期，日期不能晚于录入日。", "A value names its source and a day that is not after the entry.").At("source")
			}
			return next, nil
		},
		Head: func(s Entered) dossier.Head {
			return dossier.Head{State: actEntered, Title: s.Source, Subject: "indicator:" + s.Indicator, Group: s.Peer}
		},
	}
}

// Enter writes a value down. Indicators that a figure gives take none of one's own.
func (r *Room) Enter(ctx context.Context, actor access.Actor, today day.Date, id uuid.UUID, e Entered) error {
	scope, err := actor.Require(access.SetAims, today)
	if err != nil {
		return err
	}
	all := r.tree.all()
	i := slices.IndexFunc(all, func(n *Indicator) bool { return n.ID == e.Indicator })
	if i < 0 || !scope.Contains(r.city) {
		return access.NotFound(errs.Text{ZH: "指标", EN: "indicator"})
	}
	if all[i].Figure != "" && e.Peer == "" {
		return errs.New(errs.Conflict, "strategy.Enter", "这个指标由指标簿给出，不能另外录入。", "The book of figures gives this indicator; it is not entered.").At("indicator")
	}
	if !all[i].allows(e.Value) {
		return errs.New(errs.Invalid, "strategy.Enter", "这个数超出指标可取的范围，请核对数和单位。", "The value is beyond what the indicator can take; check the number and its unit.").At("value")
	}
	if e.Peer != "" && strings.TrimSpace(e.Peer) == "" {
		return errs.New(errs.Invalid, "strategy.Enter", "请填写对比城市的名称。", "Name the peer city.").At("peer")
	}
	_, err = r.shelf.Add(ctx, actor, dossier.Reader{Scope: scope}, dossier.Draft{ID: id, Dossier: id, Division: r.city, Act: actEntered, Body: e, Source: e.Source})
	return err
}

// Peer is another city's latest value.
type Peer struct {
	City  string `json:"city"`
	Point Point  `json:"point"`
}

// Followed is an indicator with what is known of it on a day.
type Followed struct {
	Indicator

	Series   []Point     `json:"series"` // year by year, then the day itself
	Current  *Point      `json:"current"`
	Due      *Point      `json:"due"` // the milestone or target that was due by the day
	OnTrack  *bool       `json:"on_track"`
	Forecast *Forecast   `json:"forecast"` // null where there are too few years
	Peers    []Peer      `json:"peers"`
	Notes    []errs.Text `json:"notes"`
}

// FollowedAim is an aim with its indicators as they stand.
type FollowedAim struct {
	ID         string     `json:"id"`
	Title      errs.Text  `json:"title"`
	Indicators []Followed `json:"indicators"`
}

// FollowedStrategy is a strategy with its aims as they stand.
type FollowedStrategy struct {
	ID    string        `json:"id"`
	Title errs.Text     `json:"title"`
	Aims  []FollowedAim `json:"aims"`
}

// FollowedTree is a strategy tree as it stands on a day.
type FollowedTree struct {
	ID         string             `json:"id"`
	Version    string             `json:"version"`
	Basis      errs.Text          `json:"basis"`
	AsOf       day.Date           `json:"as_of"`
	Strategies []FollowedStrategy `json:"strategies"`
}

// Tree follows every indicator up to a day, as known at a moment.
func (r *Room) Tree(ctx context.Context, actor access.Actor, today, asOf day.Date, known time.Time) (FollowedTree, error) {
	scope, err := actor.Require(access.ReadFigures, today)
	if err != nil {
		return FollowedTree{}, err
	}
	if !scope.Contains(r.city) {
		return FollowedTree{}, access.NotFound(errs.Text{ZH: "战略目标", EN: "tree of aims"})
	}
	entered, err := r.shelf.All(ctx, dossier.Reader{Scope: scope}, dossier.Moment{KnownAt: known})
	if err != nil {
		return FollowedTree{}, err
	}
	follow := &follow{Room: r, query: figure.Query{Division: r.city, AsOf: asOf, KnownAt: known, Scope: scope}, names: map[string]bool{}}
	for _, e := range r.book.Entries() {
		follow.names[e.Name] = true
	}
	for i := range entered {
		if !entered[i].State.On.After(asOf) {
			follow.entered = append(follow.entered, entered[i].State)
		}
	}
	slices.SortStableFunc(follow.entered, func(a, b Entered) int { // a later word on the same day replaces an earlier one
		if c := a.On.Compare(b.On); c != 0 {
			return c
		}
		return a.recorded.Compare(b.recorded)
	})
	out := FollowedTree{ID: r.tree.ID, Version: r.tree.Version, Basis: r.tree.Basis, AsOf: asOf}
	for _, s := range r.tree.Strategies {
		strategy := FollowedStrategy{ID: s.ID, Title: s.Title}
		for _, a := range s.Aims {
			aim := FollowedAim{ID: a.ID, Title: a.Title}
			for i := range a.Indicators {
				one, err := follow.indicator(ctx, &a.Indicators[i])
				if err != nil {
					return out, err
				}
				aim.Indicators = append(aim.Indicators, one)
			}
			strategy.Aims = append(strategy.Aims, aim)
		}
		out.Strategies = append(out.Strategies, strategy)
	}
	return out, nil
}

type follow struct {
	*Room

	query   figure.Query
	names   map[string]bool
	entered []Entered
}

func (f *follow) indicator(ctx context.Context, n *Indicator) (Followed, error) {
	out := Followed{Indicator: *n, Series: []Point{}, Peers: f.peers(n), Notes: []errs.Text{}}
	var err error
	switch {
	case n.Figure == "":
		out.Series = f.own(n)
	case !f.names[n.Figure]:
		out.Notes = append(out.Notes, errs.Text{ZH: "指标簿里还没有「" + n.Figure + "」。", EN: "The book has no figure " + n.Figure + " yet."})
	default:
		if out.Series, err = f.figures(ctx, n); err != nil {
			return out, err
		}
	}
	if len(out.Series) == 0 {
		out.Notes = append(out.Notes, errs.Text{ZH: "还没有数：请由责任单位录入，并写明出处。", EN: "There is no value yet; the office enters it with its source."})
		return out, nil
	}
	last := out.Series[len(out.Series)-1]
	out.Current = &last
	if due, ok := n.due(f.query.AsOf); ok {
		met := last.Value >= due.Value
		if n.Better == "down" {
			met = last.Value <= due.Value
		}
		out.Due, out.OnTrack = &due, &met
	}
	if out.Forecast = n.forecast(out.Series); out.Forecast == nil {
		out.Notes = append(out.Notes, errs.Text{ZH: "已有的点不足 3 个，不作外推。", EN: "Fewer than three points are known, so nothing is drawn on."})
	}
	return out, nil
}

// figures reads the book at the end of every year since the baseline, and on the day itself. A year without a single record is not a zero.
func (f *follow) figures(ctx context.Context, n *Indicator) ([]Point, error) {
	points := []Point{}
	for year := n.Baseline.On.Year(); year <= f.query.AsOf.Year(); year++ {
		q := f.query
		if end := day.MustOf(year, 12, 31); end.Before(q.AsOf) {
			q.AsOf = end
		}
		got, err := f.book.Get(ctx, n.Figure, q)
		if err != nil {
			return nil, err
		}
		if v := got.Value.Number; !math.IsNaN(v) && !math.IsInf(v, 0) && (got.Value.RowCount > 0 || len(points) > 0) {
			points = append(points, Point{On: q.AsOf, Value: v, Source: "指标 " + n.Figure})
		}
	}
	return points, nil
}

func (f *follow) own(n *Indicator) []Point {
	points := []Point{n.Baseline}
	for _, e := range f.entered {
		if e.Indicator != n.ID || e.Peer != "" {
			continue
		}
		p := Point{On: e.On, Value: e.Value, Source: e.Source}
		if last := len(points) - 1; points[last].On == e.On {
			points[last] = p
			continue
		}
		points = append(points, p)
	}
	return points
}

func (f *follow) peers(n *Indicator) []Peer {
	latest := map[string]Point{}
	for _, e := range f.entered {
		if e.Indicator == n.ID && e.Peer != "" {
			latest[e.Peer] = Point{On: e.On, Value: e.Value, Source: e.Source}
		}
	}
	peers := make([]Peer, 0, len(latest))
	for city, p := range latest {
		peers = append(peers, Peer{city, p})
	}
	slices.SortFunc(peers, func(a, b Peer) int { return strings.Compare(a.City, b.City) }) // by name: nobody is ranked
	return peers
}
