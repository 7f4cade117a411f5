package registry

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/place"
)

// Population is the rural registered population 农村户籍人口 of a county from a day on: what the incidence of poverty is a share of. It
// comes from the household police registers, not from households of this one.
type Population struct {
	County       place.ID
	On           day.Date
	Persons      int64
	LocalDefault bool      // no published figure was found: whoever reads a figure that rests on it is told
	Basis        errs.Text // where it comes from
}

const (
	opPopulation   = "population.set"
	kindPopulation = "rural_population"
)

type populationRow struct {
	Population
	recordedAt int64
	leaf       int64
}

const populationColumns = "county, on_day, recorded_at, persons, local_default, basis_zh, basis_en, leaf"

func scanPopulation(rows *db.Rows) (populationRow, error) {
	var p populationRow
	var county, on int64
	err := rows.Scan(&county, &on, &p.recordedAt, &p.Persons, &p.LocalDefault, &p.Basis.ZH, &p.Basis.EN, &p.leaf)
	p.County, p.On = place.ID(county), day.FromUnixDays(int(on))
	return p, err
}

func (p *populationRow) entry() ledger.Entry {
	return ledger.Entry{Kind: kindPopulation, Text: p.County.String() + " " + p.On.String(), Digest: sha256.Sum256(
		fmt.Appendf(nil, "%d %s %d %d %t %q %q", int64(p.County), p.On, p.recordedAt, p.Persons, p.LocalDefault, p.Basis.ZH, p.Basis.EN))}
}

// SetPopulation writes down the rural registered population of a county from a day on. A later word on the same day replaces an earlier one
// for whoever reads without a date of knowledge.
func (r *Registry) SetPopulation(ctx context.Context, actor access.Actor, p Population) error {
	scope, err := actor.Require(access.WriteRecords, day.InTime(r.now()))
	if err != nil {
		return err
	}
	if p.County.Level() != place.County || !scope.Contains(p.County) {
		return access.NotFound(errs.Text{ZH: "区县", EN: "county"})
	}
	if p.Persons < 0 || p.Basis.ZH == "" {
		return errs.New(errs.Invalid, "registry.SetPopulation", "人口数不能为负，并须写明出处。", "A population is not negative, and names where it comes from.")
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		row := populationRow{Population: p, recordedAt: tx.Now().UnixMicro()}
		leaf, err := ledger.Append(tx, int64(p.County), ledger.Act{Actor: actor.ID, Operation: opPopulation, Source: p.Basis.ZH}, []ledger.Entry{row.entry()})
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO rural_population (`+populationColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			int64(p.County), int64(p.On.UnixDays()), row.recordedAt, p.Persons, p.LocalDefault, p.Basis.ZH, p.Basis.EN, leaf)
		return err
	})
}

// Populations gives the rural registered population of every county for which it is known at the moment.
func (r *Registry) Populations(ctx context.Context, at Moment) (map[place.ID]Population, error) {
	known := map[place.ID]Population{}
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		clear(known)
		rows, err := db.Collect(tx, scanPopulation, `SELECT `+populationColumns+` FROM rural_population WHERE on_day <= ? AND recorded_at <= ?
			ORDER BY county, on_day, recorded_at`, int64(at.AsOf.UnixDays()), at.known())
		for i := range rows { // the last of a county holds
			known[rows[i].County] = rows[i].Population
		}
		return err
	})
	return known, err
}

type populationRecords struct{}

// Kinds are the leaves of populations.
func (populationRecords) Kinds() []string { return []string{kindPopulation} }

// Records hashes every stored population of a county anew.
func (populationRecords) Records(tx *db.Tx, tree int64) iter.Seq2[ledger.Record, error] {
	return ledger.Scan(tx, func(rows *db.Rows) (ledger.Record, error) {
		p, err := scanPopulation(rows)
		return ledger.Record{Sequence: p.leaf, Entry: p.entry()}, err
	}, `SELECT `+populationColumns+` FROM rural_population WHERE county = ? ORDER BY leaf`, tree)
}
