package registry

import (
	"liandong/errs"
	"liandong/form"
	"liandong/ident"
	"liandong/internal/db"
	"liandong/internal/secret"
	"liandong/place"
)

// seal replaces a record's plain secrets by their sealed bytes, keeping the old bytes of previous where the answer is the same, so that an
// unchanged household has an unchanged body. previous may be nil.
func (r *Registry) seal(key *secret.Key, household ID, record, previous *form.Record) error {
	if err := sealSection(key, household, record, previous, r.fields.householdSecrets); err != nil {
		return err
	}
	members, _ := record.Items(r.fields.members)
	var old []*form.Record
	if previous != nil {
		old, _ = previous.Items(r.fields.members)
	}
	for _, m := range members {
		if err := sealSection(key, PersonOf(m), m, withKey(old, m), r.fields.memberSecrets); err != nil {
			return err
		}
	}
	return nil
}

func sealSection(key *secret.Key, owner ID, record, previous *form.Record, secrets []int) error {
	for _, i := range secrets {
		plain, ok := record.Text(i)
		if !ok {
			continue
		}
		var old []byte
		if previous != nil {
			if sealed, ok := previous.Text(i); ok {
				old = []byte(sealed)
			}
		}
		sealed, err := key.Seal(nil, old, owner, record.Section().Fields[i].Path, []byte(plain))
		if err != nil {
			return err
		}
		record.SetText(i, string(sealed))
	}
	return nil
}

// unseal replaces a stored record's sealed bytes by the plain answers. A household whose key was destroyed keeps no secret: the answers are
// cleared.
func (r *Registry) unseal(key *secret.Key, household ID, record *form.Record) error {
	if err := unsealSection(key, household, record, r.fields.householdSecrets); err != nil {
		return err
	}
	members, _ := record.Items(r.fields.members)
	for _, m := range members {
		if err := unsealSection(key, PersonOf(m), m, r.fields.memberSecrets); err != nil {
			return err
		}
	}
	return nil
}

func unsealSection(key *secret.Key, owner ID, record *form.Record, secrets []int) error {
	for _, i := range secrets {
		sealed, ok := record.Text(i)
		if !ok {
			continue
		}
		if key == nil {
			record.Clear(i)
			continue
		}
		plain, err := key.Open(nil, []byte(sealed), owner, record.Section().Fields[i].Path)
		if err != nil {
			return err
		}
		record.SetText(i, string(plain))
	}
	return nil
}

// identityKind names ID numbers in the blind index.
const identityKind = "citizen_id"

// keyOf opens a household's key and makes one for a household that has none.
func (r *Registry) keyOf(tx *db.Tx, county place.ID, household ID) (*secret.Key, error) {
	key, err := r.keys.KeyOf(tx, int64(county), household)
	if !errs.Is(err, errs.NotFound) || secret.IsDestroyed(err) {
		return key, err
	}
	if key, err = r.keys.NewKey(int64(county), household); err != nil {
		return nil, err
	}
	return key, key.Store(tx)
}

// claim is one person's right to a number: the number's blind index and whose it is.
type claim struct {
	blind  secret.Blind
	person ID
	name   string
}

// claims lists the identities that the plain record holds. Placeholders and numbers that cannot be right claim nothing: they are findings.
func (r *Registry) claims(record *form.Record) []claim {
	members, _ := record.Items(r.fields.members)
	var out []claim
	for _, m := range members {
		text, ok := m.Text(r.fields.idNumber)
		if !ok {
			continue
		}
		if blind, ok := r.blindOf(text); ok {
			out = append(out, claim{blind, PersonOf(m), m.String("name")})
		}
	}
	return out
}

// blindOf is the blind index of an ID number; false for one that cannot be right.
func (r *Registry) blindOf(text string) (secret.Blind, bool) {
	number, fault := ident.Inspect(text)
	if fault != ident.FaultNone {
		return secret.Blind{}, false
	}
	return r.keys.Index(identityKind, number.Person()), true
}

// holder is who has claimed an identity.
type holder struct {
	person    ID
	county    place.ID
	household ID
}

func holderOf(tx *db.Tx, blind secret.Blind) (holder, bool, error) {
	var h holder
	var county int64
	err := tx.QueryRow(`SELECT person, county, household FROM identity_claim WHERE blind_index = ?`, blind).Scan(&h.person, &county, &h.household)
	if errs.Is(err, errs.NotFound) {
		return holder{}, false, nil
	}
	h.county = place.ID(county)
	return h, err == nil, err
}

// claimAll gives the household the identities of its record and takes back those of persons it no longer has.
func (r *Registry) claimAll(tx *db.Tx, county place.ID, household ID, wanted []claim) error {
	if _, err := tx.Exec(`DELETE FROM identity_claim WHERE county = ? AND household = ?`, int64(county), household); err != nil {
		return err
	}
	for _, c := range wanted {
		taken, ok, err := holderOf(tx, c.blind)
		if err != nil {
			return err
		}
		if ok {
			return duplicateIdentity(c.name, taken.household == household)
		}
		if _, err := tx.Exec(`INSERT INTO identity_claim (blind_index, person, county, household) VALUES (?, ?, ?, ?)`,
			c.blind, c.person, int64(county), household); err != nil {
			return err
		}
	}
	return nil
}

// duplicateIdentity says that a number is taken without saying by whom: the other household may be outside the reader's territory.
func duplicateIdentity(name string, sameHousehold bool) error {
	if sameHousehold {
		return errs.New(errs.Conflict, "registry.claim",
			"「"+name+"」的证件号码与本户另一名成员相同。请核对。", "The ID number of \""+name+"\" is also that of another member of this household. Check both.")
	}
	return errs.New(errs.Conflict, "registry.claim",
		"「"+name+"」的证件号码已登记在另一户。请核对号码；确属同一人时，请先在原户办理迁出。",
		"The ID number of \""+name+"\" already stands in another household. Check it; if it is the same person, record the move out of that household first.")
}
