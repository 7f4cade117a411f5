package portfolio

import "liandong/internal/db"

// Migrations are the room's steps, for db.Migrate. County is the division under which a noun was first written down (the city where no county was
// known); it never changes, is the first part of every key and names the ledger's tree. Days are counted since 1970-01-01, times in microseconds
// since then, money is in fen, percentages are in hundredths of a point, ids are 16 bytes.
//
//   - portfolio_record: every fact, append-only
//   - portfolio_subject: each noun's newest name and division, and its version
//   - project_state: computed: a project's state for every run of days on which it is the same
//   - project_link: computed: which agreements, organisations and platforms a project belongs to, from which day to which
//   - portfolio_rules: the documents by which the computed tables were made
//   - project_import: what a file wrote, for its undoing
func Migrations() []db.Migration {
	return []db.Migration{{Room: "portfolio", Number: 1, SQL: schema1}, {Room: "portfolio", Number: 2, SQL: schema2}, {Room: "portfolio", Number: 3, SQL: schema3}}
}

// schema3 keeps the way from an id to its noun while much is loaded, because every record of a load looks its noun up; makes one from a kind to its
// documents; and lets two go that nothing asks since lists are made in memory.
const schema3 = `
DROP INDEX IF EXISTS portfolio_subject_by_id;
CREATE INDEX portfolio_subject_whose ON portfolio_subject (subject);
@later CREATE INDEX portfolio_record_by_kind ON portfolio_record (kind, subject, on_day);
DROP INDEX IF EXISTS project_state_by_name;
`

// schema2 adds where a project comes from to its computed state. Without a row in portfolio_rules the states are computed anew at the next start.
const schema2 = `
ALTER TABLE project_state ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE project_state ADD COLUMN moved TEXT NOT NULL DEFAULT '';
DELETE FROM portfolio_rules;
`

const schema1 = `
CREATE TABLE portfolio_record (
	county      INTEGER NOT NULL,
	subject     BLOB NOT NULL,
	kind        TEXT NOT NULL,
	item        BLOB NOT NULL,
	on_day      INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	revision    BLOB NOT NULL,
	leaf        INTEGER NOT NULL,
	body        BLOB NOT NULL,
	PRIMARY KEY (county, subject, kind, item, on_day, recorded_at, revision)
) WITHOUT ROWID;
@later CREATE INDEX portfolio_record_by_leaf ON portfolio_record (county, leaf);
CREATE TABLE portfolio_subject (
	county    INTEGER NOT NULL,
	subject   BLOB NOT NULL,
	kind      TEXT NOT NULL,
	division  INTEGER NOT NULL,
	number    TEXT NOT NULL,
	name      TEXT NOT NULL,
	valid_day INTEGER NOT NULL,
	version   INTEGER NOT NULL,
	PRIMARY KEY (county, subject)
) WITHOUT ROWID;
@later CREATE INDEX portfolio_subject_by_id ON portfolio_subject (subject);
@later CREATE INDEX portfolio_subject_by_number ON portfolio_subject (number, kind);
@later CREATE INDEX portfolio_subject_by_name ON portfolio_subject (kind, name, subject);
CREATE TABLE project_state (
	county     INTEGER NOT NULL,
	project    BLOB NOT NULL,
	from_day   INTEGER NOT NULL,
	until_day  INTEGER NOT NULL,
	division   INTEGER NOT NULL,
	number     TEXT NOT NULL,
	name       TEXT NOT NULL,
	programme  TEXT NOT NULL,
	sector     TEXT NOT NULL,
	zone       TEXT NOT NULL,
	stage      TEXT NOT NULL,
	stage_day  INTEGER,
	phase      INTEGER NOT NULL,
	counted    INTEGER NOT NULL,
	amount     INTEGER,
	complete   INTEGER NOT NULL,
	basis      TEXT NOT NULL,
	counted_day INTEGER,
	no_later   INTEGER NOT NULL,
	light      INTEGER NOT NULL,
	lights     INTEGER NOT NULL,
	started    INTEGER,
	physical   INTEGER,
	planned    INTEGER,
	arrived    INTEGER,
	spent      INTEGER,
	reported   INTEGER,
	owner      INTEGER,
	inspector  INTEGER,
	PRIMARY KEY (county, project, from_day)
) WITHOUT ROWID;
@later CREATE INDEX project_state_by_day ON project_state (until_day, from_day, division, programme, stage, light, counted, amount);
@later CREATE INDEX project_state_by_name ON project_state (name, project, from_day, until_day);
CREATE TABLE project_link (
	kind      TEXT NOT NULL,
	target    BLOB NOT NULL,
	county    INTEGER NOT NULL,
	project   BLOB NOT NULL,
	role      TEXT NOT NULL,
	from_day  INTEGER NOT NULL,
	until_day INTEGER NOT NULL,
	PRIMARY KEY (kind, target, county, project, role, from_day)
) WITHOUT ROWID;
@later CREATE INDEX project_link_by_project ON project_link (county, project);
CREATE TABLE portfolio_rules (
	counting TEXT NOT NULL,
	alerts   TEXT NOT NULL,
	PRIMARY KEY (counting, alerts)
) WITHOUT ROWID;
CREATE TABLE project_import (
	import     BLOB NOT NULL,
	county     INTEGER NOT NULL,
	first_leaf INTEGER NOT NULL,
	leaves     INTEGER NOT NULL,
	file       TEXT NOT NULL,
	actor      TEXT NOT NULL,
	at         INTEGER NOT NULL,
	undone     INTEGER NOT NULL,
	PRIMARY KEY (import, county)
) WITHOUT ROWID;
`
