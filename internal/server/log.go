package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

type logInput struct {
	Division   string `query:"division" doc:"the log of this county alone; everything in the asker's territory by default"`
	From       string `query:"from" format:"date-time"`
	Until      string `query:"until" format:"date-time"`
	Actor      string `query:"actor"`
	Operations string `query:"operations" doc:"separated by commas: show,identify.run"`
	Subject    string `query:"subject" doc:"a household"`
	After      string `query:"after" doc:"next of the page before"`
	Limit      int    `query:"limit" default:"50"`
}

type actView struct {
	Tree      string     `json:"tree" doc:"the county, or empty for the log of the system"`
	County    *ref       `json:"county,omitempty"`
	First     int64      `json:"first" doc:"its first entry within the tree, from 0"`
	Count     int64      `json:"count" doc:"entries"`
	At        string     `json:"at"`
	Actor     string     `json:"actor"`
	ActorName string     `json:"actor_name,omitempty" doc:"of the account; absent where it is a program"`
	Operation string     `json:"operation"`
	Reason    string     `json:"reason,omitempty"`
	Source    string     `json:"source,omitempty"`
	Subject   *uuid.UUID `json:"subject,omitempty"`
}

type logOutput struct {
	Body struct {
		Acts []actView `json:"acts"`
		Next string    `json:"next,omitempty"`
	}
}

type verifyOutput struct {
	Body struct {
		OK bool `json:"ok"`
		*ledger.Report
	}
}

type checkpointOutput struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (s *Server) registerLog() {
	add(s, op{id: "log", method: http.MethodGet, path: "/log", summary: "Who did or read what, the latest first", tag: tagLog, action: access.ReadLog}, s.acts)
	add(s, op{id: "verify-log", method: http.MethodPost, path: "/log/verify", summary: "Recompute the log and compare every record with it", tag: tagLog, action: access.VerifyLog}, s.verify)
	add(s, op{id: "checkpoint", method: http.MethodGet, path: "/log/checkpoint", summary: "A signed checkpoint over all heads, to be kept elsewhere", tag: tagLog, action: access.VerifyLog}, s.checkpoint)
}

func (s *Server) acts(ctx context.Context, c *call, in *logInput) (*logOutput, error) {
	f, err := s.logFilter(c, in)
	if err != nil {
		return nil, err
	}
	out := &logOutput{}
	out.Body.Acts = []actView{}
	if len(f.Trees) == 0 {
		return out, nil
	}
	var acts []ledger.Recorded
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		acts, err = ledger.Acts(tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, err := namesOf(ctx, s, acts, func(a *ledger.Recorded) string { return a.Actor })
	if err != nil {
		return nil, err
	}
	for i := range acts {
		v := s.actView(&acts[i], c)
		v.ActorName = names[v.Actor]
		out.Body.Acts = append(out.Body.Acts, v)
	}
	if len(acts) == f.Limit {
		last := &acts[len(acts)-1]
		out.Body.Next = stamp(last.At) + "_" + place.ID(last.Tree).String() + "_" + etag(last.First)
	}
	return out, nil
}

func (s *Server) logFilter(c *call, in *logInput) (f ledger.Filter, err error) {
	if f.Trees, err = s.trees(c, in.Division); err != nil {
		return f, err
	}
	for _, bound := range []struct {
		text, where string
		to          *time.Time
	}{{in.From, "from", &f.From}, {in.Until, "until", &f.Until}} {
		m := MomentInput{KnownAt: bound.text}
		moment, err := m.moment(c)
		if err != nil {
			return f, at(err, bound.where)
		}
		*bound.to = moment.KnownAt
	}
	if in.Subject != "" {
		if f.Subject, err = id(in.Subject, noHousehold()); err != nil {
			return f, err
		}
	}
	f.Actor, f.Limit = in.Actor, pageOf(in.Limit)
	for operation := range strings.SplitSeq(in.Operations, ",") {
		if operation = strings.TrimSpace(operation); operation != "" {
			f.Operations = append(f.Operations, operation)
		}
	}
	if in.After != "" {
		f.After, err = afterOf(in.After)
	}
	return f, err
}

// afterOf reads where a page begins.
func afterOf(text string) (*ledger.Recorded, error) {
	wrong := errs.New(errs.Invalid, "server.after", "翻页位置看不懂，请从第一页重新开始。", "The place to go on from cannot be read; begin with the first page.").At("after")
	parts := strings.Split(text, "_")
	if len(parts) != 3 {
		return nil, wrong
	}
	moment, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return nil, wrong
	}
	tree, err := place.ParseID(parts[1])
	if err != nil {
		return nil, wrong
	}
	last := &ledger.Recorded{At: moment, Tree: int64(tree)}
	for _, digit := range strings.Trim(parts[2], `"`) {
		if digit < '0' || digit > '9' {
			return nil, wrong
		}
		last.First = 10*last.First + int64(digit-'0')
	}
	return last, nil
}

// trees are the logs the asker may read: those of counties that lie in their territory whole, and the system's for those of the city.
func (s *Server) trees(c *call, division string) ([]int64, error) {
	var trees []int64
	if division != "" {
		county, err := s.division(c, division, c.today)
		if err != nil {
			return nil, err
		}
		if county.Level() != place.County || !c.scope.Contains(county) {
			return nil, access.NotFound(errs.Text{ZH: "区划", EN: "division"})
		}
		return []int64{int64(county)}, nil
	}
	for _, county := range s.Registry.Counties() {
		if c.scope.Contains(county) {
			trees = append(trees, int64(county))
		}
	}
	if c.scope.Contains(s.City) {
		trees = append(trees, int64(s.City), ledger.System) // what is of no one county, such as agreements, and what is of no place
	}
	return trees, nil
}

func (s *Server) actView(a *ledger.Recorded, c *call) actView {
	v := actView{First: a.First, Count: a.Count, At: stamp(a.At), Actor: a.Actor, Operation: a.Operation, Reason: a.Reason, Source: a.Source}
	if a.Tree != ledger.System {
		county := s.ref(place.ID(a.Tree), c.today)
		v.Tree, v.County = county.ID, &county
	}
	if a.Subject != (uuid.UUID{}) {
		v.Subject = &a.Subject
	}
	return v
}

// whole refuses whoever's territory is less than the city: the log is verified as one.
func (s *Server) whole(c *call) error {
	if !c.scope.Contains(s.City) {
		return access.NotFound(errs.Text{ZH: "全市日志", EN: "log of the city"})
	}
	return nil
}

func (s *Server) verify(ctx context.Context, c *call, _ *none) (*verifyOutput, error) {
	if err := s.whole(c); err != nil {
		return nil, err
	}
	report, err := ledger.Verify(ctx, s.DB, ledger.Options{Records: s.Records})
	if err != nil {
		return nil, err
	}
	out := &verifyOutput{}
	out.Body.OK, out.Body.Report = report.OK(), report
	return out, nil
}

func (s *Server) checkpoint(ctx context.Context, c *call, _ *none) (*checkpointOutput, error) {
	if err := s.whole(c); err != nil {
		return nil, err
	}
	out := &checkpointOutput{Type: "text/plain; charset=utf-8"}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		out.Body, err = ledger.Sign(tx, s.Signer, s.Places.FullName(s.City))
		return err
	})
	return out, err
}
