package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"liandong/errs"
	"liandong/form"
	"liandong/internal/registry"
)

// problem is what went wrong, as RFC 9457 writes it, in both languages.
type problem struct {
	Type     string    `json:"type" doc:"about:blank: the kind says it all"`
	Title    string    `json:"title" doc:"the kind in words"`
	Status   int       `json:"status"`
	Kind     string    `json:"kind" doc:"stable name of the kind of failure"`
	Detail   string    `json:"detail" doc:"what happened and what to do, in the language of Accept-Language, Chinese by default"`
	Message  errs.Text `json:"message" doc:"the same in both languages"`
	Where    string    `json:"where,omitempty" doc:"the field, row or file"`
	Findings []finding `json:"findings,omitempty" doc:"every wrong answer of a record that was not written"`
}

// finding is one wrong answer.
type finding struct {
	Where    string    `json:"where" doc:"path of the answer: members[2].labour"`
	Kind     string    `json:"kind"`
	Severity string    `json:"severity"`
	Message  errs.Text `json:"message"`
}

func findingsOf(in []form.Finding) []finding {
	out := make([]finding, 0, len(in))
	for _, f := range in {
		out = append(out, finding{Where: f.Where(), Kind: f.Kind, Severity: string(f.Severity), Message: f.Text})
	}
	return out
}

// Error implements error.
func (p *problem) Error() string { return p.Kind + ": " + p.Message.EN }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// kindTitles are the kinds in words.
var kindTitles = map[errs.Kind]errs.Text{
	errs.Internal: {ZH: "程序出错", EN: "Internal error"}, errs.Invalid: {ZH: "内容有误", EN: "Invalid"}, errs.NotFound: {ZH: "没有找到", EN: "Not found"},
	errs.Forbidden: {ZH: "没有权限", EN: "Forbidden"}, errs.Unauthenticated: {ZH: "没有登录", EN: "Not logged in"}, errs.Conflict: {ZH: "有冲突", EN: "Conflict"},
	errs.Precondition: {ZH: "缺少前一步", EN: "Precondition"}, errs.TooLarge: {ZH: "太大", EN: "Too large"}, errs.Unavailable: {ZH: "暂时不可用", EN: "Unavailable"}, errs.Usage: {ZH: "用法有误", EN: "Usage"},
}

// problemOf makes an error readable. What an internal error holds stays here.
func problemOf(err error, language string) *problem {
	kind := errs.KindOf(err)
	sentence := errs.Sentence(err)
	p := &problem{
		Type: "about:blank", Title: kindTitles[kind].In(language), Status: kind.Status(), Kind: kind.String(), Message: sentence, Detail: sentence.In(language),
	}
	if known, ok := errors.AsType[*errs.Error](err); ok && kind != errs.Internal {
		p.Where = known.Where
	}
	if refused, ok := errors.AsType[*registry.Refused](err); ok {
		p.Findings = findingsOf(refused.Findings)
	}
	return p
}

// problem is the answer to an error; an internal one is logged with everything it holds.
func (s *Server) problem(ctx context.Context, err error) error {
	if errs.KindOf(err) == errs.Internal && !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(ctx, "internal error", "error", err.Error())
	}
	return problemOf(err, languageOf(ctx))
}

func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err, preferred(r.Header.Get("Accept-Language")))
	if errs.KindOf(err) == errs.Internal {
		s.Log.Error("internal error", "error", err.Error())
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the reader has gone where it cannot be written
}

type languageKey struct{}

func languageOf(ctx context.Context) string {
	language, _ := ctx.Value(languageKey{}).(string)
	return language
}

// spoken keeps the language that the browser prefers.
func spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), languageKey{}, preferred(r.Header.Get("Accept-Language")))))
	})
}

// preferred is "en" where English stands before Chinese among the accepted languages.
func preferred(accept string) string {
	zh, en := strings.Index(accept, "zh"), strings.Index(accept, "en")
	if en >= 0 && (zh < 0 || en < zh) {
		return "en"
	}
	return "zh"
}

// translated turns what huma itself finds wrong, a body that is no JSON or a number that is none, into a problem of ours.
func translated(ctx huma.Context, _ string, v any) (any, error) {
	theirs, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	places := make([]string, len(theirs.Errors))
	for i, d := range theirs.Errors {
		places[i] = d.Location + ": " + d.Message
	}
	list := strings.Join(places, "; ")
	zh, en := "请求无法读懂："+list+"。", "The request cannot be read: "+list+"."
	kind := errs.Invalid
	switch theirs.Status {
	case http.StatusRequestEntityTooLarge:
		kind, zh, en = errs.TooLarge, "发送的内容太大。", "What was sent is too large."
	case http.StatusRequestTimeout:
		kind, zh, en = errs.Unavailable, "发送得太慢，连接已断开。请再试一次。", "It was sent too slowly, and the connection was closed. Try again."
	}
	p := problemOf(errs.New(kind, "server", zh, en), preferred(ctx.Header("Accept-Language")))
	p.Status = theirs.Status
	return p, nil
}

// problems documents the failures that any operation may answer with.
func problems() map[string]*huma.Response {
	return map[string]*huma.Response{"default": {
		Description: "What went wrong, in both languages",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}}
}
