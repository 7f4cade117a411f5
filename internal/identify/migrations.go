package identify

import "liandong/internal/db"

// Migrations are the room's steps, for db.Migrate.
func Migrations() []db.Migration {
	return []db.Migration{{Room: "identify", Number: 1, SQL: schema1}, {Room: "identify", Number: 2, SQL: schema2}}
}

// The steps in the lives of documents; a version's state is its last one.
const schema2 = `
CREATE TABLE criteria_event (
	event       BLOB NOT NULL,
	recorded_at INTEGER NOT NULL,
	document    TEXT NOT NULL,
	digest      BLOB NOT NULL,
	state       TEXT NOT NULL,
	valid_from  INTEGER NOT NULL,
	actor       TEXT NOT NULL,
	note        TEXT NOT NULL,
	leaf        INTEGER NOT NULL,
	PRIMARY KEY (event)
) WITHOUT ROWID;
`

// A run's verdicts are one compact body a county: see encode.
const schema1 = `
CREATE TABLE criteria_text (
	digest   BLOB NOT NULL,
	document TEXT NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (digest)
) WITHOUT ROWID;
CREATE TABLE identification_run (
	run         BLOB NOT NULL,
	recorded_at INTEGER NOT NULL,
	document    TEXT NOT NULL,
	digest      BLOB NOT NULL,
	division    INTEGER NOT NULL,
	as_of       INTEGER NOT NULL,
	known_at    INTEGER NOT NULL,
	in_force    INTEGER NOT NULL,
	actor       TEXT NOT NULL,
	title_zh    TEXT NOT NULL,
	title_en    TEXT NOT NULL,
	leaf        INTEGER NOT NULL,
	PRIMARY KEY (run)
) WITHOUT ROWID;
CREATE TABLE identification_result (
	run      BLOB NOT NULL,
	county   INTEGER NOT NULL,
	head     INTEGER NOT NULL,
	segment  BLOB NOT NULL,
	verdicts BLOB NOT NULL,
	leaf     INTEGER NOT NULL,
	PRIMARY KEY (county, run)
);
CREATE INDEX result_of_run ON identification_result (run, county);
`
