package server

import (
	"context"
	"math"
	"net/http"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/figure"
	"liandong/place"
)

type figureInput struct {
	Name     string `path:"name"`
	Division string `query:"division" doc:"stable id or code; the city by default"`
	Rows     int    `query:"rows" doc:"how many rows of proof to give, at most 1000"`
	MomentInput
}

type oneFigureInput struct {
	Name     string `path:"name"`
	Division string `query:"division" doc:"stable id or code; the city by default. Several, separated by commas, are taken together"`
	Rows     int    `query:"rows" doc:"how many rows of proof to give, at most 1000"`
	MomentInput
}

// BookEntry is a figure's words. It is exported, as every type that another one embeds, because huma documents exported parts alone.
type BookEntry struct {
	Name       string        `json:"name"`
	Title      errs.Text     `json:"title"`
	Unit       errs.Text     `json:"unit"`
	Definition errs.Text     `json:"definition"`
	Status     figure.Status `json:"status"`
	Decimals   int           `json:"decimals"`
}

type bookOutput struct {
	Body struct {
		Figures []BookEntry `json:"figures"`
	}
}

// figureView is a figure with its words. value is null where it is not defined; the notes say why.
type figureView struct {
	BookEntry
	Division    ref         `json:"division"`
	AsOf        day.Date    `json:"as_of"`
	Value       *float64    `json:"value" doc:"null where it is not defined; the notes say why"`
	Numerator   *float64    `json:"numerator,omitempty"`
	Denominator *float64    `json:"denominator,omitempty"`
	RowCount    int64       `json:"row_count" doc:"how many rows make the number"`
	Rows        []proofRow  `json:"rows,omitempty" doc:"those of them that the asker may open"`
	Notes       []errs.Text `json:"notes,omitempty"`
}

type proofRow struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind,omitempty" doc:"project, agreement, organisation or platform; a household's record or a division where it is absent"`
	Division ref     `json:"division"`
	Label    string  `json:"label"`
	Value    float64 `json:"value"`
}

type figureOutput struct{ Body figureView }

type figurePartsOutput struct {
	Body struct {
		Whole figureView   `json:"whole"`
		Parts []figureView `json:"parts" doc:"of the divisions one level below"`
	}
}

// maxProof bounds the rows of one answer: more is an export.
const maxProof = 1000

func (s *Server) registerFigures() {
	s.registerMeasures()
	add(s, op{id: "figures", method: http.MethodGet, path: "/figures", summary: "The book of figures", tag: tagFigures, action: access.ReadFigures},
		func(_ context.Context, _ *call, _ *none) (*bookOutput, error) {
			out := &bookOutput{}
			for _, e := range s.Figures.Entries() {
				out.Body.Figures = append(out.Body.Figures, BookEntry{e.Name, e.Title, e.Unit, e.Definition, e.Status, e.Decimals})
			}
			return out, nil
		})
	add(s, op{id: "figure", method: http.MethodGet, path: "/figures/{name}", summary: "A figure of a division on a day, with its proof", tag: tagFigures, action: access.ReadFigures},
		s.figure)
	add(s, op{id: "figure-parts", method: http.MethodGet, path: "/figures/{name}/parts", summary: "A figure of a division and of each division below it", tag: tagFigures, action: access.ReadFigures},
		func(ctx context.Context, c *call, in *figureInput) (*figurePartsOutput, error) {
			q, err := s.query(c, in)
			if err != nil {
				return nil, err
			}
			whole, err := s.Figures.Get(ctx, in.Name, q)
			if err != nil {
				return nil, err
			}
			q.Rows = 0
			parts, err := s.Figures.ByDivision(ctx, in.Name, q, s.Registry.Divisions(q.Division))
			if err != nil {
				return nil, err
			}
			out := &figurePartsOutput{}
			out.Body.Whole, out.Body.Parts = s.figureView(&whole), make([]figureView, 0, len(parts))
			for i := range parts {
				out.Body.Parts = append(out.Body.Parts, s.figureView(&parts[i]))
			}
			return out, nil
		})
}

// figure gives one figure, of one division or of several together.
func (s *Server) figure(ctx context.Context, c *call, in *oneFigureInput) (*figureOutput, error) {
	names := strings.Split(in.Division, ",")
	q, err := s.query(c, &figureInput{in.Name, names[0], in.Rows, in.MomentInput})
	if err != nil {
		return nil, err
	}
	divisions := []place.ID{q.Division}
	for _, name := range names[1:] {
		other, err := s.division(c, name, q.AsOf)
		if err != nil {
			return nil, err
		}
		divisions = append(divisions, other)
	}
	var f figure.Figure
	if len(divisions) == 1 {
		f, err = s.Figures.Get(ctx, in.Name, q)
	} else {
		f, err = s.Figures.Together(ctx, in.Name, q, divisions)
	}
	if err != nil {
		return nil, err
	}
	return &figureOutput{s.figureView(&f)}, nil
}

func (s *Server) query(c *call, in *figureInput) (figure.Query, error) {
	moment, err := in.moment(c)
	if err != nil {
		return figure.Query{}, err
	}
	division, err := s.division(c, in.Division, moment.AsOf)
	return figure.Query{
		Division: division, AsOf: moment.AsOf, KnownAt: moment.KnownAt, Scope: c.scope, Records: c.actor.Scope(s.Figures.Opens(in.Name), c.today), Rows: min(max(in.Rows, 0), maxProof),
	}, err
}

func (s *Server) figureView(f *figure.Figure) figureView {
	v := figureView{
		BookEntry: BookEntry{f.Name, f.Title, f.Unit, f.Definition, f.Status, f.Decimals}, Division: s.ref(f.Division, f.AsOf), AsOf: f.AsOf,
		Value: finite(&f.Value.Number), Numerator: finite(f.Value.Numerator), Denominator: finite(f.Value.Denominator), RowCount: f.Value.RowCount, Notes: f.Value.Notes,
	}
	for _, r := range f.Value.Rows {
		v.Rows = append(v.Rows, proofRow{r.ID, r.Kind, s.ref(r.Division, f.AsOf), r.Label, r.Value})
	}
	return v
}

// finite is the number, or null where there is none: JSON knows no NaN.
func finite(v *float64) *float64 {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return nil
	}
	return v
}
