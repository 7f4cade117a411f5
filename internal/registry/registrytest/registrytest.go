// Package registrytest is a small register with people who work with it, on both stores, for tests of the register and of the rooms that
// stand beside it. Its people are made up. It is imported by tests only.
package registrytest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/form"
	"liandong/ident"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/secret"
	"liandong/place"
)

// The divisions that tests work in.
const (
	Baoding place.ID = 130600000000
	Fuping  place.ID = 130624000000
	Yixian  place.ID = 130633000000
)

// Places is the gazetteer, opened once.
func Places(t testing.TB) *place.Gazetteer {
	t.Helper()
	places, err := gazetteer()
	if err != nil {
		t.Fatal(err)
	}
	return places
}

var gazetteer = sync.OnceValues(place.Open)

// Desk is a register of Baoding, the people who work with it, and their day.
type Desk struct {
	T   *testing.T
	Ctx context.Context
	DB  *db.DB
	*registry.Registry
	Vault   *secret.Vault
	Places  *place.Gazetteer
	Now     time.Time
	Fuping  access.Actor // of the county office
	Yixian  access.Actor
	Leader  access.Actor // of the city
	Auditor access.Actor
}

// Each runs a test on both stores, each with a fresh register. migrations are those of rooms beside the register.
func Each(t *testing.T, migrations []db.Migration, test func(d *Desk)) {
	t.Helper()
	t.Parallel()
	places := Places(t)
	all := slices.Concat(ledger.Migrations(), secret.Migrations(), access.Migrations(), registry.Migrations(), migrations)
	dbtest.EachWith(t, all, db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		master, err := secret.NewMaster(rand.NewChaCha8([32]byte{1}))
		if err != nil {
			t.Fatal(err)
		}
		vault, err := secret.New(master, secret.AES256GCM, rand.NewChaCha8([32]byte{2}))
		if err != nil {
			t.Fatal(err)
		}
		r, err := registry.New(registry.Options{DB: d, Keys: vault, Places: places, City: Baoding, Now: dbtest.Start, Segments: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		test(&Desk{
			T: t, Ctx: context.Background(), DB: d, Registry: r, Vault: vault, Places: places, Now: dbtest.Start(),
			Fuping: Holder(access.CountyOffice, Fuping), Yixian: Holder(access.CountyOffice, Yixian), Leader: Holder(access.Leader, Baoding), Auditor: Holder(access.Auditor, Baoding),
		})
	})
}

// Holder is somebody who holds one role over a division.
func Holder(role access.Role, id place.ID) access.Actor {
	return access.Actor{ID: fmt.Sprint(role, " ", id), Grants: []access.Grant{{Role: role, Territory: id}}}
}

// Number is the ID number of a made-up person: area 130699, the birth day, a sequence.
func Number(born day.Date, sequence int) string {
	s := "130699" + strings.ReplaceAll(born.String(), "-", "") + fmt.Sprintf("%03d", sequence)
	return s + string(ident.CheckCharacter(s))
}

// Answer writes an answer as a clerk would type it.
func (d *Desk) Answer(r *form.Record, path, words string) {
	d.T.Helper()
	if finding := r.ReadText(r.Section().Must(path), words, day.Date{}); finding != nil {
		d.T.Fatal(finding.Text)
	}
}

// Draft is a household of two in a village of the county, opened at the beginning of 2014.
func (d *Desk) Draft(county place.ID, sequence int) registry.Draft {
	d.T.Helper()
	f := form.Household()
	r := f.Root.New()
	village := d.Places.Villages(county)[sequence%100].ID
	r.SetValue(f.Root.Must("village"), int64(village))
	d.Answer(r, "number", fmt.Sprintf("%d%06d", county/1e6, sequence))
	d.Answer(r, "phone", "19900000000")
	d.Answer(r, "main_cause", "因病")
	d.Answer(r, "income.wage", "5850")
	for i, name := range []string{"单建国", "曾桂英"} {
		m := r.Add(f.Root.Must("members"))
		born := day.MustOf(1972+i, 3, 19)
		person := uuid.Must(uuid.NewV7())
		m.SetText(m.Section().Must("person"), string(person[:]))
		d.Answer(m, "name", name)
		d.Answer(m, "relation", []string{"户主", "配偶"}[i])
		d.Answer(m, "sex", []string{"男", "女"}[i])
		d.Answer(m, "id_number", Number(born, 2*sequence+1-i))
		d.Answer(m, "born", born.String())
		d.Answer(m, "health", "健康")
	}
	return registry.Draft{Household: uuid.Must(uuid.NewV7()), Valid: day.MustOf(2014, 1, 1), Event: registry.Opened, Record: r, Source: "走访"}
}

// MustSave saves a draft.
func (d *Desk) MustSave(actor access.Actor, draft registry.Draft) registry.Saved {
	d.T.Helper()
	saved, err := d.Save(d.Ctx, actor, draft)
	if err != nil {
		d.T.Fatal(err)
	}
	return saved
}

// MustSetStatus sets the status of households of a county as a decision would.
func (d *Desk) MustSetStatus(county place.ID, status registry.Status, from day.Date, households ...registry.ID) {
	d.T.Helper()
	changes := map[registry.ID]registry.Status{}
	for _, id := range households {
		changes[id] = status
	}
	if err := d.DB.Write(d.Ctx, func(tx *db.Tx) error { return d.SetStatus(tx, d.Fuping, county, "决定", from, changes) }); err != nil {
		d.T.Fatal(err)
	}
}

// Reads is where an actor reads records.
func (d *Desk) Reads(a access.Actor) access.Scope {
	return a.Scope(access.ReadRecords, day.InTime(d.Now))
}
