package registry

import (
	"context"
	"io"
	"strings"

	"liandong/column"
	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/place"
)

// ExportColumns writes the households of a division within the actor's territory as one Parquet file for other programs: the form's fields by
// their paths, the status, and whose and of when they are; nothing that is encrypted. Health and causes are among them, so it is for those
// who see them in clear. It is written into the log before the first byte leaves.
func (r *Registry) ExportColumns(ctx context.Context, actor access.Actor, e Export, w io.Writer) (Exported, error) {
	today := day.InTime(r.now())
	scope, err := actor.Require(access.ExportRecords, today)
	if err != nil {
		return Exported{}, err
	}
	if scope = scope.Within(e.Division); scope.IsEmpty() {
		return Exported{}, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
	}
	if scope = scope.AtLeast(form.Sensitive); scope.IsEmpty() {
		return Exported{}, errs.New(errs.Forbidden, "registry.ExportColumns", "您的角色看不到健康状况等敏感内容，不能导出数据文件。请导出表格。",
			"Your role does not see health and the like in clear, so it cannot export the data file. Export a workbook.")
	}
	if strings.TrimSpace(e.Reason) == "" {
		return Exported{}, reasonMissing()
	}
	if e.At, err = r.Snapshot(ctx, e.At); err != nil {
		return Exported{}, err
	}
	if err := r.logExport(ctx, actor, &exporter{r: r, e: e, scope: scope}); err != nil {
		return Exported{}, err
	}
	var counties []place.ID
	for _, county := range r.counties {
		if scope.Touches(county) {
			counties = append(counties, county)
		}
	}
	segments, err := r.Segments(ctx, counties, e.At)
	if err != nil {
		return Exported{}, err
	}
	var written Exported
	var spans []column.Span
	for _, s := range segments {
		keys, members := s.Table.Keys(), s.Table.Lookup("members").Offsets()
		for from := 0; from < keys.Len(); {
			to := from
			for to < keys.Len() && scope.Contains(place.ID(keys.Division[to])) {
				to++
			}
			if to > from {
				spans = append(spans, column.Span{Table: s.Table, From: from, To: to})
				written.Households += to - from
				written.Members += int(members[to] - members[from])
			}
			from = to + 1
		}
	}
	if len(spans) == 0 { // a file without rows still says what its columns are
		spans = append(spans, column.Span{Table: segments[0].Table})
	}
	notes := map[string]string{
		"form": r.form.ID(), "division": e.Division.String(), "division_name": r.places.FullNameOn(e.Division, e.At.AsOf), "as_of": e.At.AsOf.String(), "known_at": e.At.KnownAt.Format("2006-01-02T15:04:05.000000Z07:00"),
	}
	if e.Notice != "" {
		notes["notice"] = e.Notice
	}
	return written, column.WriteParquet(w, notes, spans)
}
