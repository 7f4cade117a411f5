// Package server is the city over HTTP: the API that the desk, scripts and other systems call, the way in, and the pages. It translates
// requests into calls of the rooms and their answers into JSON; it holds no rule and no SQL.
//
// Everybody who asks is an actor with grants; every operation names the action that a role must have, and works within the scope that
// follows. What lies outside is answered as if it did not exist. Errors are problem documents (RFC 9457) with a sentence in both languages.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/internal/identify"
	"liandong/internal/ledger"
	"liandong/internal/portfolio"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/place"
)

// Options are what a Server stands on. All are needed but Now and Log.
type Options struct {
	City     place.ID
	DB       *db.DB
	Places   *place.Gazetteer
	Accounts *access.Accounts
	Sessions *access.Sessions
	Registry *registry.Registry
	Identify *identify.Room
	Profile  *profile.Room
	Figures  *figure.Book
	Works

	Portfolio *portfolio.Room

	Signer  *ledger.Key
	Records []ledger.RecordSource // of every room, for the verification of the log
	Demo    bool                  // the people are made up, and every page says so
	Shown   day.Date              // the day that pages open on; today where it is zero
	Secure  bool                  // the way to the browser is encrypted: cookies are sent over it alone
	Now     func() time.Time
	Log     *slog.Logger
}

// Server answers for one city.
type Server struct {
	Options
	api      huma.API
	sessions *scs.SessionManager
	handler  http.Handler
	readings []*readings // of every sort of table
}

// How long somebody may be away, and how long a session may last, before they enter again (ASVS 5, 7.3).
const (
	idleTime    = 30 * time.Minute
	sessionTime = 10 * time.Hour
)

// Limits of a request: a record of many members fits the first, a workbook of 100,000 rows the second.
const (
	maxBody     = 1 << 20
	maxWorkbook = 64 << 20
)

// Version is that of the API. It moves when the golden file does in a way that a caller would notice.
const Version = "1.0"

// New wires the server.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Options: o, sessions: scs.New()}
	s.sessions.Store = o.Sessions
	s.sessions.IdleTimeout, s.sessions.Lifetime = idleTime, sessionTime
	s.sessions.Cookie.Name, s.sessions.Cookie.HttpOnly, s.sessions.Cookie.Secure = "liandong", true, o.Secure
	s.sessions.Cookie.SameSite, s.sessions.Cookie.Persist = http.SameSiteStrictMode, false
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.writeProblem(w, r, err) }

	mux := http.NewServeMux()
	s.api = humago.New(mux, config())
	s.register()
	documentNulls(s.api.OpenAPI().Components.Schemas)
	s.pages(mux)
	s.handler = s.observed(spoken(secured(http.NewCrossOriginProtection().Handler(s.sessions.LoadAndSave(patterned(mux))))))
	return s
}

// config says how huma documents and answers. It decodes and documents; sentences come from form and errs.
func config() huma.Config {
	c := huma.DefaultConfig("Liandong 联动", Version)
	c.Info.Description = "One ledger of a city's households and projects. Every list, figure and run is asked for as of a day and as known at a moment."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "/api/openapi", "", ""
	c.CreateHooks = nil // no $schema member in answers
	c.Servers = []*huma.Server{{URL: "/"}}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.Schemas.Schema(reflect.TypeFor[problem](), true, "")
	c.Transformers = append(c.Transformers, translated)
	return c
}

// schemaName names the types of the rooms with their room, because two rooms may both have a Change.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if room := path.Base(t.PkgPath()); t.Name() != "" && room != "server" && room != "." {
		return strings.ToUpper(room[:1]) + room[1:] + name
	}
	return name
}

// Close breaks off what the server does besides answering requests, and waits for it. The database must be open until then.
func (s *Server) Close() {
	for _, r := range s.readings {
		r.close()
	}
}

// newReadings are readings that end with the server.
func (s *Server) newReadings() *readings {
	r := newReadings(s.Now)
	s.readings = append(s.readings, r)
	return r
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// secured sets what browsers are asked to keep to: nothing from elsewhere, no frame, no guess of a type, no trace in other sites' logs.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy("")) // a page that makes styles of its own adds its nonce
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// observed logs every request by its pattern, never by its words: a search is a name, and a path an id. A panic answers as a problem.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := s.Now()
		counted := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		pattern := new(string)
		r = r.WithContext(context.WithValue(r.Context(), patternKey{}, pattern))
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "pattern", *pattern, "panic", p, "stack", string(debug.Stack()))
				if counted.bytes == 0 {
					s.writeProblem(counted, r, errs.New(errs.Internal, "server", "", "panic"))
				}
			}
			s.Log.Info("request", "method", r.Method, "pattern", *pattern, "status", counted.status, "bytes", counted.bytes, "ms", s.Now().Sub(started).Milliseconds())
		}()
		next.ServeHTTP(counted, r)
	})
}

type patternKey struct{}

// patterned tells observed which pattern a request met: the handlers between them pass copies of the request.
func patterned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if pattern, ok := r.Context().Value(patternKey{}).(*string); ok {
				*pattern = r.Pattern
			}
		}()
		next.ServeHTTP(w, r)
	})
}

type countingWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the connection.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// call is one request: who asks, where they may do it, on which day.
type call struct {
	actor access.Actor
	scope access.Scope // of the operation's action; empty for an operation that names none
	home  place.ID     // the one division of the grants with the action; the city where there are several
	today day.Date
}

// anybody is the action of operations that need no role.
const anybody access.Action = ""

// op is an operation as the API documents it.
type op struct {
	id, method, path, summary string
	action                    access.Action
	status                    int
	maxBody                   int64
	tag                       string
	open                      bool // nobody need be logged in: the way in
}

// add registers an operation. Whoever is not logged in gets 401, a role that lacks the action 403; the handler works within the scope.
func add[In, Out any](s *Server, o op, handler func(ctx context.Context, c *call, in *In) (*Out, error)) {
	if o.maxBody == 0 {
		o.maxBody = maxBody
	}
	documented := huma.Operation{
		OperationID: o.id, Method: o.method, Path: "/api" + o.path, Summary: o.summary, DefaultStatus: o.status, MaxBodyBytes: o.maxBody, Tags: []string{o.tag},
		SkipValidateBody: true, SkipValidateParams: true, Responses: problems(), BodyReadTimeout: time.Minute,
		Middlewares: huma.Middlewares{s.known},
	}
	if o.action != anybody {
		documented.Description = "Action: " + string(o.action) + "."
	}
	huma.Register(s.api, documented, func(ctx context.Context, in *In) (*Out, error) {
		c, err := s.admit(ctx, o)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := handler(ctx, c, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// known refuses query parameters that the operation does not have: a misspelt as_of must not answer for today.
func (s *Server) known(c huma.Context, next func(huma.Context)) {
	u := c.URL()
	for name := range u.Query() {
		names := []string{}
		for _, p := range c.Operation().Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		if !slices.Contains(names, name) {
			list := strings.Join(names, ", ")
			r, w := humago.Unwrap(c)
			s.writeProblem(w, r, errs.New(errs.Invalid, "server.known", "没有参数「"+name+"」。可用的有："+list+"。", "There is no parameter \""+name+"\". There are: "+list+".").At(name))
			return
		}
	}
	next(c)
}

// admit finds out who asks and whether their role may.
func (s *Server) admit(ctx context.Context, o op) (*call, error) {
	c := &call{today: day.InTime(s.Now())}
	if o.open {
		return c, nil
	}
	actor, err := s.Accounts.Actor(ctx, s.sessions.GetString(ctx, accountKey))
	if err != nil {
		return nil, err
	}
	c.actor = s.acting(ctx, actor)
	if o.action == anybody {
		return c, nil
	}
	c.scope, err = c.actor.Require(o.action, c.today)
	c.home = s.homeOf(c.actor, o.action)
	return c, err
}

// homeOf is the division that a request means which names none: the actor's own where they have one.
func (s *Server) homeOf(actor access.Actor, action access.Action) place.ID {
	home := place.ID(0)
	for _, g := range actor.Grants {
		switch {
		case !g.Role.May(action) || g.Territory == home:
		case home != 0:
			return s.City
		default:
			home = g.Territory
		}
	}
	if !s.City.Contains(home) {
		return s.City
	}
	return home
}

// The parts of the API.
const (
	tagEntry      = "entry"
	tagDivisions  = "divisions"
	tagHouseholds = "households"
	tagFigures    = "figures"
	tagRuns       = "identification"
	tagImports    = "imports"
	tagLog        = "log"
	tagPortfolio  = "portfolio"
)

// register puts every operation into the API.
func (s *Server) register() {
	s.registerEntry()
	s.registerDivisions()
	s.registerForm()
	s.registerHouseholds()
	s.registerMoves()
	s.registerFigures()
	s.registerPictures()
	s.registerRuns()
	s.registerSuppositions()
	s.registerPapers()
	s.registerImports()
	s.registerWorks()
	s.registerLog()
	s.registerPortfolio()
}

// OpenAPI is the description of the API as JSON, for the golden file and for those who call it.
func (s *Server) OpenAPI() ([]byte, error) {
	return s.api.OpenAPI().MarshalJSON()
}
