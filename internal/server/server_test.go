package server_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/boundary"
	"liandong/internal/briefing"
	"liandong/internal/casework"
	"liandong/internal/claim"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/identify"
	"liandong/internal/ledger"
	"liandong/internal/network"
	"liandong/internal/portfolio"
	"liandong/internal/problem"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/internal/registry/registrytest"
	"liandong/internal/server"
	"liandong/internal/strategy"
	"liandong/place"
)

const (
	baoding = registrytest.Baoding
	fuping  = registrytest.Fuping
	yixian  = registrytest.Yixian
)

// desk is a served city with one household of two in Fuping, registered poor.
type desk struct {
	*registrytest.Desk
	room      *identify.Room
	claims    *claim.Room
	problems  *problem.Room
	cases     *casework.Room
	strategy  *strategy.Room
	briefings *briefing.Room
	accounts  *access.Accounts
	web       *httptest.Server
	log       *bytes.Buffer
	draft     registry.Draft
	village   place.ID

	projects *portfolio.Room
	network  *network.Room

	boundaries *boundary.Room
}

func each(t *testing.T, test func(d *desk)) {
	registrytest.Each(t, slices.Concat(identify.Migrations(), portfolio.Migrations(), dossier.Migrations()), func(base *registrytest.Desk) {
		d := &desk{Desk: base, log: new(bytes.Buffer)}
		d.room = identify.New(identify.Options{DB: d.DB, Registry: d.Registry, Places: d.Places})
		d.accounts = access.NewAccounts(d.DB, d.Vault, nil)
		d.projects = openProjects(d)
		profiles, err := profile.New(d.Registry, d.Places)
		if err != nil {
			base.T.Fatal(err)
		}
		book, err := figure.NewBook(d.Figures(), profiles.Figures(), d.projects.Figures())
		if err != nil {
			base.T.Fatal(err)
		}
		signer, err := ledger.OpenKey(filepath.Join(base.T.TempDir(), ledger.KeyFile), "liandong", rand.Reader)
		if err != nil {
			base.T.Fatal(err)
		}
		d.claims, err = claim.New(claim.Options{DB: d.DB, Places: d.Places, Book: book, City: baoding})
		if err != nil {
			base.T.Fatal(err)
		}
		if d.problems, err = problem.New(d.DB); err != nil {
			base.T.Fatal(err)
		}
		if d.cases, err = casework.New(d.DB, baoding); err != nil {
			base.T.Fatal(err)
		}
		if d.network, err = network.New(d.DB, d.Places, baoding); err != nil {
			base.T.Fatal(err)
		}
		d.boundaries = boundary.New(d.DB, d.Places, baoding, d.Divisions)
		if d.strategy, err = strategy.New(d.DB, book, baoding); err != nil {
			base.T.Fatal(err)
		}
		d.briefings, err = briefing.New(briefing.Options{DB: d.DB, Places: d.Places, Book: book, City: baoding, Demo: true})
		if err != nil {
			base.T.Fatal(err)
		}
		s := server.New(server.Options{
			Profile:   profiles,
			Portfolio: d.projects,

			Works: server.Works{Claims: d.claims, Briefings: d.briefings, Problems: d.problems, Cases: d.cases, Strategy: d.strategy, Network: d.network, Boundaries: d.boundaries},
			City:  baoding, DB: d.DB, Places: d.Places, Accounts: d.accounts, Sessions: access.NewSessions(d.DB), Registry: d.Registry, Identify: d.room, Figures: book,
			Signer: signer, Records: slices.Concat(d.LedgerRecords(), d.room.LedgerRecords(), d.claims.LedgerRecords(), d.briefings.LedgerRecords(), d.problems.LedgerRecords(), d.cases.LedgerRecords(), d.strategy.LedgerRecords(), d.projects.LedgerRecords(), d.network.LedgerRecords(), d.boundaries.LedgerRecords()), Demo: true, Log: slog.New(slog.NewTextHandler(d.log, nil)),
		})
		d.web = httptest.NewServer(s)
		base.T.Cleanup(func() {
			d.web.Close()
			s.Close()
		})
		d.draft = d.Draft(fuping, 1)
		d.MustSave(d.Fuping, d.draft)
		d.MustSetStatus(fuping, registry.NotOut, day.MustOf(2014, 6, 1), d.draft.Household)
		v, _ := d.draft.Record.Value(form.Household().Root.Must("village"))
		d.village = place.ID(v)
		test(d)
	})
}

// browser is one person's.
type browser struct {
	*desk
	http.Client
	name string
}

func (d *desk) stranger() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.T.Fatal(err)
	}
	return &browser{desk: d, Client: http.Client{Jar: jar}, name: "nobody"}
}

// link makes an account with one grant and gives its one-time link's token.
func (d *desk) link(role access.Role, territory place.ID) string {
	d.T.Helper()
	var token string
	err := d.DB.Write(d.Ctx, func(tx *db.Tx) error {
		var err error
		id := fmt.Sprint(role, " ", territory)
		token, err = d.accounts.Create(tx, access.Account{ID: id, Login: id, Name: id, Grants: []access.Grant{{Role: role, Territory: territory}}})
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return token
}

// enter logs somebody new in by a one-time link.
func (d *desk) enter(role access.Role, territory place.ID) *browser {
	d.T.Helper()
	b := d.stranger()
	b.name = string(role)
	if status, body := b.ask("POST", "/session/link", map[string]any{"token": d.link(role, territory)}); status != http.StatusOK {
		d.T.Fatalf("link: %d %s", status, body)
	}
	return b
}

// ask calls the API. A body of bytes is sent as it is, anything else as JSON.
func (b *browser) ask(method, path string, body any, header ...string) (int, []byte) {
	b.T.Helper()
	status, text, _ := b.answer(method, path, body, header...)
	return status, text
}

func (b *browser) answer(method, path string, body any, header ...string) (int, []byte, http.Header) {
	b.T.Helper()
	var send io.Reader
	content := "application/json"
	switch v := body.(type) {
	case nil:
	case []byte:
		send, content = bytes.NewReader(v), "application/octet-stream"
	default:
		text, err := json.Marshal(v)
		if err != nil {
			b.T.Fatal(err)
		}
		send = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(b.Ctx, method, b.web.URL+"/api"+path, send)
	if err != nil {
		b.T.Fatal(err)
	}
	if send != nil {
		r.Header.Set("Content-Type", content)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := b.Do(r)
	if err != nil {
		b.T.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return answer.StatusCode, text, answer.Header
}

// get asks and reads the answer, which must be good.
func (b *browser) get(into any, method, path string, body any, header ...string) http.Header {
	b.T.Helper()
	status, text, answered := b.answer(method, path, body, header...)
	if status >= 300 {
		b.T.Fatalf("%s: %s %s: %d %s", b.name, method, path, status, text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			b.T.Fatalf("%s: %v in %s", path, err, text)
		}
	}
	return answered
}

// said is the parts of a problem that tests look at.
type said struct {
	Status   int
	Kind     string
	Detail   string
	Where    string
	Message  struct{ ZH, EN string }
	Findings []struct {
		Where   string
		Kind    string
		Message struct{ ZH, EN string }
	}
}

func (b *browser) refused(want int, method, path string, body any, header ...string) said {
	b.T.Helper()
	status, text, answered := b.answer(method, path, body, header...)
	var p said
	if err := json.Unmarshal(text, &p); err != nil || status != want || p.Status != want || answered.Get("Content-Type") != "application/problem+json" || p.Message.ZH == "" || p.Message.EN == "" {
		b.T.Fatalf("%s: %s %s: %d %s (%v), want a problem of %d", b.name, method, path, status, text, err, want)
	}
	return p
}

// TestTheDescriptionOfTheAPIIsTheGoldenFile fails on every change of the API. RECORD_OPENAPI=1 writes the new one, for review with the change.
func TestTheDescriptionOfTheAPIIsTheGoldenFile(t *testing.T) {
	t.Parallel()
	got := description(t)
	golden := filepath.Join("testdata", "openapi.json")
	if os.Getenv("RECORD_OPENAPI") != "" {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the API is not what testdata/openapi.json says; see what changed, move server.Version where callers notice, and record it with RECORD_OPENAPI=1")
	}
}

// TestEveryPartOfAnAnswerIsDocumented looks for the parts that an embedded type gives: of one whose name is not exported huma documents none.
func TestEveryPartOfAnAnswerIsDocumented(t *testing.T) {
	t.Parallel()
	var described struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal(description(t), &described); err != nil {
		t.Fatal(err)
	}
	for schema, want := range map[string][]string{
		"DivisionView": {"id", "name", "children"}, "FigureView": {"name", "title", "unit", "value"}, "DocumentOutputBody": {"id", "parameters", "text"}, "CodeView": {"code", "title"},
	} {
		for _, property := range want {
			if described.Components.Schemas[schema].Properties[property] == nil {
				t.Errorf("%s has no %s: is it of an embedded type that is not exported?", schema, property)
			}
		}
	}
}

func description(t *testing.T) []byte {
	t.Helper()
	compact, err := server.New(server.Options{Places: registrytest.Places(t)}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", "\t"); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func TestAOneTimeLinkOpensOnceAndAPasswordAfterIt(t *testing.T) {
	each(t, func(d *desk) {
		token := d.link(access.CountyOffice, fuping)
		b := d.stranger()
		b.refused(401, "GET", "/session", nil)
		var session struct {
			Name   string
			Demo   bool
			Grants []struct {
				Territory struct{ Name, Code string }
				Actions   []string
			}
		}
		answered := b.get(&session, "POST", "/session/link", map[string]any{"token": token})
		if cookie := answered.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
			d.T.Errorf("cookie %q", cookie)
		}
		if !session.Demo || session.Grants[0].Territory.Code != "130624" || !slices.Contains(session.Grants[0].Actions, "write_records") {
			d.T.Errorf("session %+v", session)
		}
		d.stranger().refused(401, "POST", "/session/link", map[string]any{"token": token})

		b.refused(422, "PUT", "/session/password", map[string]any{"password": "short"})
		b.get(nil, "PUT", "/session/password", map[string]any{"password": "山上下雨了我就去看你"})
		b.get(nil, "GET", "/session", nil) // still logged in, with a new token
		again := d.stranger()
		login := fmt.Sprint(access.CountyOffice, " ", fuping)
		if p := again.refused(401, "POST", "/session", map[string]any{"login": login, "password": "山上下雨了我就不去了"}); strings.Contains(p.Message.EN, "unknown") {
			d.T.Errorf("%+v", p)
		}
		again.get(nil, "POST", "/session", map[string]any{"login": login, "password": "山上下雨了我就去看你"})
		again.get(nil, "DELETE", "/session", nil)
		again.refused(401, "GET", "/session", nil)

		var log struct {
			Acts []struct{ Operation, Actor string }
		}
		d.enter(access.Auditor, baoding).get(&log, "GET", "/log?operations=login,login.link,logout", nil)
		var operations []string
		for _, a := range log.Acts {
			operations = append(operations, a.Operation)
		}
		if want := []string{"login.link", "logout", "login", "login.link"}; !slices.Equal(operations, want) {
			d.T.Errorf("the log has %v, want %v", operations, want)
		}
	})
}

func TestAnotherSitesPageCannotActForWhoeverIsLoggedIn(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		if status, _ := b.ask("DELETE", "/session", nil, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
			d.T.Errorf("a request of another site is answered with %d", status)
		}
		b.get(nil, "GET", "/session", nil)
	})
}

func TestProblemsSpeakBothLanguagesAndKeepInternalsInside(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		if p := b.refused(404, "GET", "/households/"+uuid.NewString(), nil, "Accept-Language", "en-GB,en;q=0.9,zh;q=0.5"); p.Detail != p.Message.EN {
			d.T.Errorf("asked in English: %q", p.Detail)
		}
		if p := b.refused(404, "GET", "/households/not-an-id", nil); p.Detail != p.Message.ZH {
			d.T.Errorf("asked in no language: %q", p.Detail)
		}
		if p := b.refused(422, "GET", "/figures/persons?as_off=2015-12-31", nil); p.Where != "as_off" || !strings.Contains(p.Message.EN, "as_of,") && !strings.Contains(p.Message.EN, "as_of") {
			d.T.Errorf("a misspelt parameter: %+v", p)
		}
		if p := b.refused(422, "GET", "/figures/persons?as_of=yesterday", nil); p.Where != "as_of" {
			d.T.Errorf("%+v", p)
		}
		b.refused(422, "GET", "/households?limit=many", nil)
		b.refused(422, "GET", "/households?status=happy", nil)
		b.refused(422, "GET", "/households?after=%7B%7D", nil)
		if status, text := b.ask("POST", "/runs", []byte("{"), "Content-Type", "application/json"); status != 400 && status != 422 || !bytes.Contains(text, []byte(`"zh"`)) {
			d.T.Errorf("half a body: %d %s", status, text)
		}
		if status, _ := b.ask("POST", "/search/identity", map[string]any{"number": strings.Repeat("1", 2<<20)}); status != http.StatusRequestEntityTooLarge {
			d.T.Errorf("a body of 2 MB: %d", status)
		}
	})
}

func TestRequestsAreLoggedWithoutNames(t *testing.T) {
	each(t, func(d *desk) {
		b := d.enter(access.CountyOffice, fuping)
		b.get(nil, "GET", "/search?q="+"shanjianguo", nil)
		b.get(nil, "GET", "/households/"+d.draft.Household.String(), nil)
		if log := d.log.String(); strings.Contains(log, "shanjianguo") || strings.Contains(log, d.draft.Household.String()) || !strings.Contains(log, "/api/households/{id}") {
			d.T.Errorf("log:\n%s", log)
		}
	})
}
