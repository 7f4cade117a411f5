package portfolio

import (
	"slices"

	"liandong/day"
	"liandong/internal/db"
	"liandong/place"
)

const stateColumns = `county, project, from_day, division, number, name, programme, sector, zone, stage, stage_day, phase, counted, amount, complete,
	basis, counted_day, no_later, light, lights, started, physical, planned, arrived, spent, reported, owner, inspector, origin, moved`

var stateBulk = []string{
	"county", "project", "from_day", "until_day", "division", "number", "name", "programme", "sector", "zone", "stage", "stage_day", "phase",
	"counted", "amount", "complete", "basis", "counted_day", "no_later", "light", "lights", "started", "physical", "planned", "arrived", "spent", "reported",
	"owner", "inspector", "origin", "moved",
}

// forever is the day until which the last state of a project holds.
const forever = 1 << 31

// lightBits is how many bits of the column lights one light takes; the lowest three are its colour, the next says that it slipped.
const lightBits, colourMask, slipBit = 4, 7, 8

func packLights(s *State) (packed int64) {
	for i, l := range s.Lights {
		bits := int64(l)
		if s.Slipped[i] {
			bits |= slipBit
		}
		packed |= bits << (i * lightBits)
	}
	return packed
}

func unpackLights(packed int64, s *State) {
	for i := range s.Lights {
		bits := packed >> (i * lightBits)
		s.Lights[i], s.Slipped[i] = Light(bits&colourMask), bits&slipBit != 0
	}
}

// hundredths is a percentage as it is stored.
func hundredths(v *float64) *int64 {
	if v == nil {
		return nil
	}
	n := int64(roundHalfAway(*v * percentUnits))
	return &n
}

func percentOf(n *int64) *float64 {
	if n == nil {
		return nil
	}
	v := float64(*n) / percentUnits
	return &v
}

func (s *State) values(until int64) []any {
	return []any{
		int64(s.County), s.Project, s.From, until, int64(s.Division), s.Number, s.Name, s.Programme, s.Sector, s.Zone, string(s.Stage), s.StageSince, s.Phase,
		s.Counted, s.Amount, s.Complete, s.Basis, s.CountedOn, s.NoLater, int64(s.Light), packLights(s), s.Started, hundredths(s.Physical), hundredths(s.Planned),
		s.Arrived, s.Spent, s.ReportedOn, hundredths(s.Owner), hundredths(s.Inspector), s.Origin, s.Function,
	}
}

func scanState(rows *db.Rows) (State, error) {
	var s State
	var county, division, light, lights int64
	var physical, planned, owner, inspector *int64
	err := rows.Scan(&county, &s.Project, &s.From, &division, &s.Number, &s.Name, &s.Programme, &s.Sector, &s.Zone, &s.Stage, &s.StageSince, &s.Phase,
		&s.Counted, &s.Amount, &s.Complete, &s.Basis, &s.CountedOn, &s.NoLater, &light, &lights, &s.Started, &physical, &planned, &s.Arrived, &s.Spent, &s.ReportedOn, &owner, &inspector, &s.Origin, &s.Function)
	s.County, s.Division, s.Light = place.ID(county), place.ID(division), Light(light)
	s.Physical, s.Planned, s.Owner, s.Inspector = percentOf(physical), percentOf(planned), percentOf(owner), percentOf(inspector)
	unpackLights(lights, &s)
	return s, err
}

// link is one row of project_link.
type link struct {
	Kind        Kind
	Target      ID
	Role        string
	From, Until int64
}

// links lists what a project belongs to, from which day to which (not included): by its documents while each holds, by its signings and changes of
// investor from their days on.
func (h *history) links() []link {
	var all []link
	add := func(kind Kind, target ID, role string, from, until int64) {
		if !slices.ContainsFunc(all, func(l link) bool {
			return l.Kind == kind && l.Target == target && l.Role == role && l.From <= from && until <= l.Until
		}) {
			all = append(all, link{kind, target, role, from, until})
		}
	}
	for i, d := range h.Documents {
		from, until := int64(d.On.UnixDays()), int64(forever)
		if i+1 < len(h.Documents) {
			until = int64(h.Documents[i+1].On.UnixDays())
		}
		if until <= from {
			continue
		}
		for _, id := range d.Value.Agreements {
			add(AgreementKind, id, "", from, until)
		}
		for _, id := range d.Value.Platforms {
			add(PlatformKind, id, "", from, until)
		}
		for _, p := range d.Value.Parties {
			add(OrganisationKind, p.Organisation, p.Role, from, until)
		}
	}
	for i := range h.Events {
		e := &h.Events[i]
		on := int64(e.On.UnixDays())
		if e.Kind == Signing && e.Agreement != nil {
			add(AgreementKind, *e.Agreement, "", on, forever)
		}
		if e.Kind == Investor && e.Organisation != nil {
			add(OrganisationKind, *e.Organisation, "investor", on, forever)
		}
	}
	return joined(all)
}

// joined puts links of one target together that follow each other, so that each key is there once.
func joined(all []link) []link {
	slices.SortFunc(all, func(a, b link) int {
		for _, c := range []int{
			compareText(string(a.Kind), string(b.Kind)), slices.Compare(a.Target[:], b.Target[:]), compareText(a.Role, b.Role), int(min(max(a.From-b.From, -1), 1)),
		} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
	var out []link
	for _, l := range all {
		if n := len(out) - 1; n >= 0 && out[n].Kind == l.Kind && out[n].Target == l.Target && out[n].Role == l.Role && l.From <= out[n].Until {
			out[n].Until = max(out[n].Until, l.Until)
			continue
		}
		out = append(out, l)
	}
	return out
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// derived are the computed rows of projects, ready to be stored.
type derived struct {
	states []State
	untils []int64
	links  []link
	owners []*history // of each link
}

func (r *Room) derive(w *watch, h *history, into *derived) {
	states := r.states(w, h, day.Date{})
	for i := range states {
		until := int64(forever)
		if i+1 < len(states) {
			until = int64(states[i+1].From.UnixDays())
		}
		into.states, into.untils = append(into.states, states[i]), append(into.untils, until)
	}
	for _, l := range h.links() {
		into.links, into.owners = append(into.links, l), append(into.owners, h)
	}
}

func (d *derived) store(tx *db.Tx) error {
	if len(d.states) > 0 {
		if _, err := tx.Bulk("project_state", stateBulk, func(yield func([]any) bool) {
			for i := range d.states {
				if !yield(d.states[i].values(d.untils[i])) {
					return
				}
			}
		}); err != nil {
			return err
		}
	}
	if len(d.links) == 0 {
		return nil
	}
	_, err := tx.Bulk("project_link", []string{"kind", "target", "county", "project", "role", "from_day", "until_day"}, func(yield func([]any) bool) {
		for i, l := range d.links {
			if !yield([]any{string(l.Kind), l.Target, int64(d.owners[i].County), d.owners[i].ID, l.Role, l.From, l.Until}) {
				return
			}
		}
	})
	return err
}

// refresh computes a project's states and links anew from its history.
func (r *Room) refresh(tx *db.Tx, h *history) error {
	for _, table := range []string{"project_state", "project_link"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE county = ? AND project = ?`, int64(h.County), h.ID); err != nil {
			return err
		}
	}
	var d derived
	r.derive(r.alerts.watch(), h, &d)
	return d.store(tx)
}
