package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/internal/access"
	"liandong/internal/demo"
	"liandong/internal/dossier"
)

// The link that is printed for the investor opens the desk of the three cases that the demonstration holds, and of nothing else.
func TestTheInvestorsLinkOpensTheirOwnCases(t *testing.T) {
	t.Parallel()
	p, _, _ := testProgram(t)
	defer p.Close()
	opened, r, err := (&demoCommand{Dir: filepath.Join(t.TempDir(), "city"), Scale: .0005, Seed: usualSeed}).make(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	enter := func() access.Actor {
		i := slices.IndexFunc(r.Accounts, func(a enteredAccount) bool { return a.Login == "investor" })
		store := access.NewAccounts(opened.db, nil, nil)
		account, err := store.Redeem(t.Context(), strings.TrimPrefix(r.Accounts[i].Link, "/enter#"))
		if err != nil {
			t.Fatal(err)
		}
		actor, err := store.Actor(t.Context(), account.ID)
		if err != nil {
			t.Fatal(err)
		}
		return actor
	}
	page, err := opened.cases.Cases(t.Context(), enter(), demo.LastDay(), dossier.Filter{}, "", 0)
	if err != nil || len(page.Heads) != 3 {
		t.Errorf("%d cases, %v", len(page.Heads), err)
	}
	if err := opened.relink(t.Context(), r.Accounts); err != nil { // a city that is opened again prints new links to the same people
		t.Fatal(err)
	}
	if actor := enter(); actor.ID != demo.Investor || !actor.Scope(access.ReadProjects, demo.LastDay()).IsEmpty() {
		t.Errorf("%+v", actor)
	}
	r.Accounts = append(r.Accounts, enteredAccount{Login: "latecomer", role: access.Leader, territory: demo.Baoding})
	if err := opened.relink(t.Context(), r.Accounts); err != nil || r.Accounts[len(r.Accounts)-1].Link == "" {
		t.Errorf("an account that the city's maker did not know: %v", err)
	}
}
