package dossier

import "liandong/internal/db"

// Migrations are the tables of dossiers, for db.Migrate.
func Migrations() []db.Migration {
	return []db.Migration{{Room: "dossier", Number: 1, SQL: schema1}}
}

// dossier_entry holds everything; dossier_head is computed from it and serves lists.
const schema1 = `
CREATE TABLE dossier_entry (
	dossier     BLOB NOT NULL,
	sequence    INTEGER NOT NULL,
	kind        TEXT NOT NULL,
	entry       BLOB NOT NULL,
	division    INTEGER NOT NULL,
	on_day      INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	actor       TEXT NOT NULL,
	act         TEXT NOT NULL,
	body        BLOB NOT NULL,
	tree        INTEGER NOT NULL,
	leaf        INTEGER NOT NULL,
	PRIMARY KEY (dossier, sequence)
);
CREATE UNIQUE INDEX dossier_entry_once ON dossier_entry (entry);
@later CREATE INDEX dossier_entry_of_kind ON dossier_entry (kind, dossier, sequence);
@later CREATE INDEX dossier_entry_by_leaf ON dossier_entry (kind, tree, leaf);
CREATE TABLE dossier_head (
	dossier   BLOB NOT NULL,
	kind      TEXT NOT NULL,
	division  INTEGER NOT NULL,
	version   INTEGER NOT NULL,
	state     TEXT NOT NULL,
	is_open   INTEGER NOT NULL,
	holder    TEXT NOT NULL,
	due_day   INTEGER,
	subject   TEXT NOT NULL,
	sort      TEXT NOT NULL,
	title     TEXT NOT NULL,
	owner     TEXT NOT NULL,
	first_day INTEGER NOT NULL,
	last_day  INTEGER NOT NULL,
	PRIMARY KEY (dossier)
) WITHOUT ROWID;
@later CREATE INDEX dossier_head_of_kind ON dossier_head (kind, division, dossier);
@later CREATE INDEX dossier_head_of_owner ON dossier_head (kind, owner);
@later CREATE INDEX dossier_head_of_subject ON dossier_head (kind, subject);
`
