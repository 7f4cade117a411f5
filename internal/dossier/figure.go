package dossier

import (
	"context"

	"liandong/day"
	"liandong/internal/figure"
)

// Counted is a figure that counts the dossiers of a shelf, as they were on the day and as known then, for which pick holds. Their titles are the
// proof.
func Counted[S any](s *Shelf[S], e figure.Entry, pick func(d *Dossier[S], on day.Date) bool) figure.Entry {
	return Summed(s, e, func(d *Dossier[S], on day.Date) (float64, bool) { return 1, pick(d, on) })
}

// Summed is a figure that adds up what value gives for each dossier; one that it does not want adds nothing and is no row.
func Summed[S any](s *Shelf[S], e figure.Entry, value func(d *Dossier[S], on day.Date) (float64, bool)) figure.Entry {
	e.Status = figure.Done
	e.Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) {
		var v figure.Value
		all, err := s.All(ctx, Reader{Scope: q.Scope.Within(q.Division)}, Moment{AsOf: q.AsOf, KnownAt: q.KnownAt})
		for i := range all {
			n, wanted := value(&all[i], q.AsOf)
			if !wanted {
				continue
			}
			v.Number += n
			if v.RowCount++; len(v.Rows) < q.Rows && q.Records.Contains(all[i].Division) {
				v.Rows = append(v.Rows, figure.Row{ID: all[i].Dossier.String(), Kind: s.machine.Kind, Division: all[i].Division, Label: all[i].Title, Value: n})
			}
		}
		return v, err
	}
	return e
}

// Share is a figure in percent: of the dossiers in the whole, those that have the part. It is not defined over none.
func Share[S any](s *Shelf[S], e figure.Entry, part func(d *Dossier[S], on day.Date) (has, inWhole bool)) figure.Entry {
	const percent = 100
	e.Status, e.Ratio = figure.Done, percent
	e.Compute = func(ctx context.Context, q figure.Query) (figure.Value, error) {
		var v figure.Value
		above, under := 0.0, 0.0
		all, err := s.All(ctx, Reader{Scope: q.Scope.Within(q.Division)}, Moment{AsOf: q.AsOf, KnownAt: q.KnownAt})
		for i := range all {
			has, inWhole := part(&all[i], q.AsOf)
			if !inWhole {
				continue
			}
			n := 0.0
			if has {
				n = 1
			}
			above, under = above+n, under+1
			if v.RowCount++; len(v.Rows) < q.Rows && q.Records.Contains(all[i].Division) {
				v.Rows = append(v.Rows, figure.Row{ID: all[i].Dossier.String(), Kind: s.machine.Kind, Division: all[i].Division, Label: all[i].Title, Value: n})
			}
		}
		v.Number, v.Numerator, v.Denominator = percent*above/under, &above, &under
		return v, err
	}
	return e
}
