package registry

import "liandong/internal/db"

// Migrations are the register's steps, for db.Migrate. In all tables county comes first in every key, so that PostgreSQL can partition by it. Days are counted since
// 1970-01-01, times in microseconds since then, ids are 16 bytes.
func Migrations() []db.Migration {
	return []db.Migration{{Room: "registry", Number: 1, SQL: schema1}, {Room: "registry", Number: 2, SQL: schema2}, {Room: "registry", Number: 3, SQL: schema3}, {Room: "registry", Number: 4, SQL: schema4}, {Room: "registry", Number: 5, SQL: schema5}, {Room: "registry", Number: 6, SQL: schema6}}
}

// schema2 brings what figures divide by.
const schema2 = `
CREATE TABLE rural_population (
	county        INTEGER NOT NULL,
	on_day        INTEGER NOT NULL,
	recorded_at   INTEGER NOT NULL,
	persons       INTEGER NOT NULL,
	local_default INTEGER NOT NULL,
	basis_zh      TEXT NOT NULL,
	basis_en      TEXT NOT NULL,
	leaf          INTEGER NOT NULL,
	PRIMARY KEY (county, on_day, recorded_at)
) WITHOUT ROWID;
`

const schema1 = `
CREATE TABLE household_revision (
	county      INTEGER NOT NULL,
	household   BLOB NOT NULL,
	valid_day   INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	revision    BLOB NOT NULL,
	leaf        INTEGER NOT NULL,
	event       TEXT NOT NULL,
	body        BLOB NOT NULL,
	PRIMARY KEY (county, household, valid_day, recorded_at, revision)
) WITHOUT ROWID;
CREATE TABLE household_current (
	county     INTEGER NOT NULL,
	household  BLOB NOT NULL,
	village    INTEGER NOT NULL,
	number     TEXT NOT NULL,
	head       TEXT NOT NULL,
	pinyin     TEXT NOT NULL,
	initials   TEXT NOT NULL,
	size       INTEGER NOT NULL,
	attribute  INTEGER NOT NULL,
	cause      INTEGER NOT NULL,
	status     INTEGER NOT NULL,
	status_day INTEGER NOT NULL,
	valid_day  INTEGER NOT NULL,
	revision   BLOB NOT NULL,
	version    INTEGER NOT NULL,
	findings   INTEGER NOT NULL,
	PRIMARY KEY (county, household)
) WITHOUT ROWID;
CREATE TABLE member_current (
	county    INTEGER NOT NULL,
	household BLOB NOT NULL,
	person    BLOB NOT NULL,
	village   INTEGER NOT NULL,
	name      TEXT NOT NULL,
	pinyin    TEXT NOT NULL,
	initials  TEXT NOT NULL,
	sex       INTEGER NOT NULL,
	born      INTEGER,
	PRIMARY KEY (county, household, person)
) WITHOUT ROWID;
CREATE TABLE identity_claim (
	blind_index BLOB NOT NULL,
	person      BLOB NOT NULL,
	county      INTEGER NOT NULL,
	household   BLOB NOT NULL,
	PRIMARY KEY (blind_index)
) WITHOUT ROWID;
CREATE TABLE status_change (
	county      INTEGER NOT NULL,
	household   BLOB NOT NULL,
	from_day    INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	status      INTEGER NOT NULL,
	leaf        INTEGER NOT NULL,
	decision    TEXT NOT NULL,
	PRIMARY KEY (county, household, from_day, recorded_at)
) WITHOUT ROWID;
CREATE TABLE quality_finding (
	county    INTEGER NOT NULL,
	household BLOB NOT NULL,
	rule      TEXT NOT NULL,
	person    BLOB NOT NULL,
	path      TEXT NOT NULL,
	village   INTEGER NOT NULL,
	since_day INTEGER NOT NULL,
	PRIMARY KEY (county, household, rule, person)
) WITHOUT ROWID;
CREATE TABLE register (
	city INTEGER NOT NULL,
	PRIMARY KEY (city)
) WITHOUT ROWID;
CREATE TABLE import_run (
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
@later CREATE INDEX household_by_pinyin ON household_current (county, pinyin, household);
@later CREATE INDEX household_by_number ON household_current (county, number);
@later CREATE INDEX member_by_name ON member_current (county, name);
@later CREATE INDEX member_by_pinyin ON member_current (county, pinyin);
@later CREATE INDEX member_by_initials ON member_current (county, initials);
@later CREATE INDEX claim_by_household ON identity_claim (county, household);
`

// schema4 finds what changed between two days.
const schema4 = `
@later CREATE INDEX revision_by_day ON household_revision (county, valid_day);
@later CREATE INDEX status_by_day ON status_change (county, from_day);
`

// schema3 finds what changed since a head of the ledger.
const schema3 = `
@later CREATE INDEX revision_by_leaf ON household_revision (county, leaf);
@later CREATE INDEX status_by_leaf ON status_change (county, leaf);
`

// schema5 keeps what left the lists, and what came out of what. A closed household has the columns of household_current that are not for lists.
const schema5 = `
CREATE TABLE household_closed (
	county     INTEGER NOT NULL,
	household  BLOB NOT NULL,
	village    INTEGER NOT NULL,
	number     TEXT NOT NULL,
	head       TEXT NOT NULL,
	size       INTEGER NOT NULL,
	attribute  INTEGER NOT NULL,
	cause      INTEGER NOT NULL,
	status     INTEGER NOT NULL,
	status_day INTEGER NOT NULL,
	valid_day  INTEGER NOT NULL,
	revision   BLOB NOT NULL,
	version    INTEGER NOT NULL,
	findings   INTEGER NOT NULL,
	PRIMARY KEY (county, household)
) WITHOUT ROWID;
CREATE TABLE household_link (
	county       INTEGER NOT NULL,
	household    BLOB NOT NULL,
	kind         TEXT NOT NULL,
	on_day       INTEGER NOT NULL,
	recorded_at  INTEGER NOT NULL,
	to_village   INTEGER NOT NULL,
	to_household BLOB NOT NULL,
	leaf         INTEGER NOT NULL,
	PRIMARY KEY (county, household, to_household)
) WITHOUT ROWID;
CREATE UNIQUE INDEX link_to ON household_link (to_household);
CREATE INDEX link_by_village ON household_link (to_village);
`

// schema6 says by which rules the findings that are kept were made.
const schema6 = `
CREATE TABLE quality_applied (
	one        INTEGER NOT NULL,
	document   TEXT NOT NULL,
	digest     BLOB NOT NULL,
	applied_at INTEGER NOT NULL,
	PRIMARY KEY (one)
) WITHOUT ROWID;
`
