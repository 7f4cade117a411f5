package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// accountKey names the account in a session.
const accountKey = "account"

type loginInput struct {
	Body struct {
		Login    string `json:"login" maxLength:"100"`
		Password string `json:"password" maxLength:"512"`
		Code     string `json:"code,omitempty" maxLength:"16" doc:"of the second factor, where the account has one"`
	}
}

type linkInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"of a one-time link: what stands after its #"`
	}
}

type passwordInput struct {
	Body struct {
		Password string `json:"password" maxLength:"512"`
	}
}

type factorInput struct {
	Body struct {
		Code string `json:"code" maxLength:"16" doc:"made with the secret that was given before"`
	}
}

type grantView struct {
	Role      access.Role     `json:"role"`
	Title     errs.Text       `json:"title"`
	Territory ref             `json:"territory"`
	Actions   []access.Action `json:"actions"`
}

type actingView struct {
	Role      access.Role `json:"role"`
	Territory ref         `json:"territory"`
}

type actingInput struct {
	Body struct {
		Role      string `json:"role" doc:"of one of the grants; empty for all of them"`
		Territory string `json:"territory" doc:"of that grant"`
	}
}

type sessionView struct {
	Account string      `json:"account"`
	Name    string      `json:"name"`
	Grants  []grantView `json:"grants"`
	City    ref         `json:"city"`
	Demo    bool        `json:"demo" doc:"everybody in this city is made up"`
	Acting  *actingView `json:"acting,omitempty" doc:"the one grant acted under; absent where all of them hold"`
	AsOf    day.Date    `json:"as_of" doc:"the day that pages open on"`
}

type sessionOutput struct{ Body sessionView }

type factorOutput struct {
	Body struct {
		Secret string `json:"secret"`
		URL    string `json:"url" doc:"for an authenticator"`
	}
}

type none struct{}

// The operations that are written into the log of the system.
const (
	opLogin  = "login"
	opLink   = "login.link"
	opLogout = "logout"
)

func (s *Server) registerEntry() {
	add(s, op{id: "log-in", method: http.MethodPost, path: "/session", summary: "Enter by password", tag: tagEntry, open: true}, func(ctx context.Context, c *call, in *loginInput) (*sessionOutput, error) {
		account, err := s.Accounts.LogIn(ctx, in.Body.Login, in.Body.Password, in.Body.Code)
		if err != nil {
			return nil, err
		}
		return s.enter(ctx, c, account, opLogin)
	})
	add(s, op{id: "redeem-link", method: http.MethodPost, path: "/session/link", summary: "Enter by a one-time link", tag: tagEntry, open: true}, func(ctx context.Context, c *call, in *linkInput) (*sessionOutput, error) {
		account, err := s.Accounts.Redeem(ctx, strings.TrimSpace(in.Body.Token))
		if err != nil {
			return nil, err
		}
		return s.enter(ctx, c, account, opLink)
	})
	add(s, op{id: "session", method: http.MethodGet, path: "/session", summary: "Who is logged in, and what they may do where", tag: tagEntry}, func(ctx context.Context, c *call, _ *none) (*sessionOutput, error) {
		return s.session(ctx, c)
	})
	add(s, op{id: "act-as", method: http.MethodPut, path: "/session/acting", summary: "Act under one of one's grants alone, or under all of them", tag: tagEntry}, s.actAs)
	add(s, op{id: "log-out", method: http.MethodDelete, path: "/session", summary: "Leave", tag: tagEntry, status: http.StatusNoContent}, func(ctx context.Context, c *call, _ *none) (*none, error) {
		if err := s.logEntry(ctx, c.actor.ID, opLogout); err != nil {
			return nil, err
		}
		return nil, errs.Wrap("server.logout", s.sessions.Destroy(ctx))
	})
	add(s, op{id: "set-password", method: http.MethodPut, path: "/session/password", summary: "Set one's own password", tag: tagEntry, status: http.StatusNoContent}, func(ctx context.Context, c *call, in *passwordInput) (*none, error) {
		if err := s.Accounts.SetPassword(ctx, c.actor.ID, in.Body.Password); err != nil {
			return nil, err
		}
		return nil, errs.Wrap("server.password", s.sessions.RenewToken(ctx))
	})
	add(s, op{id: "new-second-factor", method: http.MethodPost, path: "/session/second-factor", summary: "Begin a second factor; it holds once a code confirms it", tag: tagEntry}, func(ctx context.Context, c *call, _ *none) (*factorOutput, error) {
		city, _ := s.Places.Division(s.City)
		secret, url, err := s.Accounts.NewTOTP(city.Name, c.actor.Name)
		if err != nil {
			return nil, err
		}
		s.sessions.Put(ctx, factorKey, secret)
		out := &factorOutput{}
		out.Body.Secret, out.Body.URL = secret, url
		return out, nil
	})
	add(s, op{id: "confirm-second-factor", method: http.MethodPut, path: "/session/second-factor", summary: "Confirm a second factor with a code", tag: tagEntry, status: http.StatusNoContent}, func(ctx context.Context, c *call, in *factorInput) (*none, error) {
		secret := s.sessions.GetString(ctx, factorKey)
		if secret == "" {
			return nil, errs.New(errs.Precondition, "server.factor", "请先申请一个新的动态码密钥。", "Begin a second factor first.")
		}
		if err := s.Accounts.ConfirmTOTP(ctx, c.actor.ID, secret, in.Body.Code); err != nil {
			return nil, err
		}
		s.sessions.Remove(ctx, factorKey)
		return nil, nil
	})
}

// factorKey names a second factor that is not confirmed yet in a session.
const factorKey = "second factor"

// enter makes a session for the account, with a new token, and writes it into the log.
func (s *Server) enter(ctx context.Context, c *call, account access.Account, operation string) (*sessionOutput, error) {
	if err := s.logEntry(ctx, account.ID, operation); err != nil {
		return nil, err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return nil, errs.Wrap("server.enter", err)
	}
	s.sessions.Put(ctx, accountKey, account.ID)
	return &sessionOutput{s.sessionView(access.Actor{ID: account.ID, Name: account.Name, Grants: account.Grants}, c)}, nil
}

func (s *Server) logEntry(ctx context.Context, account, operation string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(tx, ledger.System, ledger.Act{Actor: account, Operation: operation}, []ledger.Entry{{Kind: operation, Text: account}})
		return err
	})
}

func (s *Server) sessionView(a access.Actor, c *call) sessionView {
	v := sessionView{Account: a.ID, Name: a.Name, City: s.ref(s.City, c.today), Demo: s.Demo, AsOf: c.today, Grants: []grantView{}}
	if !s.Shown.IsZero() {
		v.AsOf = s.Shown
	}
	for _, g := range a.Grants {
		v.Grants = append(v.Grants, grantView{g.Role, g.Role.Title(), s.ref(g.Territory, c.today), g.Role.Actions()})
	}
	return v
}

// actingKey names the one grant that somebody acts under in a session, as role and territory.
const actingKey = "acting"

func actingWord(g access.Grant) string { return string(g.Role) + " " + g.Territory.String() }

// acting narrows an actor to the grant that the session acts under. A grant that was taken away since leaves nothing.
func (s *Server) acting(ctx context.Context, a access.Actor) access.Actor {
	word := s.sessions.GetString(ctx, actingKey)
	if word == "" {
		return a
	}
	a.Grants = slices.DeleteFunc(slices.Clone(a.Grants), func(g access.Grant) bool { return actingWord(g) != word })
	return a
}

func (s *Server) actAs(ctx context.Context, c *call, in *actingInput) (*sessionOutput, error) {
	if in.Body.Role == "" {
		s.sessions.Remove(ctx, actingKey)
		return s.session(ctx, c)
	}
	whole, err := s.Accounts.Actor(ctx, c.actor.ID)
	if err != nil {
		return nil, err
	}
	territory, _ := place.ParseID(in.Body.Territory) // what cannot be read is the territory of no grant
	wanted := access.Grant{Role: access.Role(in.Body.Role), Territory: territory}
	for _, g := range whole.Grants {
		if actingWord(g) == actingWord(wanted) {
			s.sessions.Put(ctx, actingKey, actingWord(g))
			return s.session(ctx, c)
		}
	}
	return nil, errs.New(errs.NotFound, "server.actAs", "您没有这个身份。", "You hold no such role there.").At("role")
}

// session is the view of who is logged in, with all their grants whichever they act under.
func (s *Server) session(ctx context.Context, c *call) (*sessionOutput, error) {
	whole, err := s.Accounts.Actor(ctx, c.actor.ID)
	if err != nil {
		return nil, err
	}
	v := s.sessionView(whole, c)
	for _, g := range whole.Grants {
		if actingWord(g) == s.sessions.GetString(ctx, actingKey) {
			v.Acting = &actingView{g.Role, s.ref(g.Territory, c.today)}
		}
	}
	return &sessionOutput{v}, nil
}
