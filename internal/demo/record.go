package demo

import "liandong/form"

// fields are the form's places of all answers, looked up once.
type fields struct {
	form *form.Form
	kin  kinship

	village, hamlet, group, number, phone, bank, account                                                int
	standard, attribute, mainCause, otherCauses                                                         int
	area, structure, built, dangerous, paved, distance, fuel, water, safe, far, electricity, toilet     int
	broadcasting, cooperative                                                                           int
	arable, irrigated, woodland, returned, orchard, grass, pond, grain, livestock                       int
	wage, business, property, transfer, subsistence, pension, familyPlanning, ecology, cost             int
	medical, schooling, debt                                                                            int
	voteHeld, voteBody, voteAttended, voteAgreed, voteRefused, voteResult                               int
	vehicles, properties, companies, members                                                            int
	herdKind, herdCount, vehicleKind, vehicleCount, propertyKind, inTown, resettlement, role, returnsOf int

	m memberFields
}

type memberFields struct {
	person, number, name, sex, idKind, idNumber, born, relation, ethnicity, education, atSchool, health, labour, place, months int
	medicalInsurance, pensionInsurance, subsistence, employment, steady                                                        int
}

func newFields() *fields {
	f := form.Household()
	s := f.Root
	at := s.Must
	list := func(path string) *form.Section { return s.Fields[at(path)].List }
	m := list("members")
	return &fields{
		form: f, kin: newKinship(f.Codes["relation"]),
		village: at("village"), hamlet: at("natural_village"), group: at("group"), number: at("number"), phone: at("phone"), bank: at("bank"),
		account: at("account"), standard: at("standard"), attribute: at("attribute"), mainCause: at("main_cause"), otherCauses: at("other_causes"),
		area: at("housing.area"), structure: at("housing.structure"), built: at("housing.year_built"), dangerous: at("housing.dangerous"),
		paved: at("housing.path_paved"), distance: at("housing.distance"), fuel: at("fuel"), water: at("water.kind"), safe: at("water.safe"),
		far: at("water.hard_to_reach"), electricity: at("electricity"), toilet: at("toilet"), broadcasting: at("broadcasting"),
		cooperative: at("cooperative"), arable: at("land.arable"), irrigated: at("land.irrigated"), woodland: at("land.woodland"),
		returned: at("land.returned"), orchard: at("land.orchard"), grass: at("land.grass"), pond: at("land.pond"), grain: at("grain.output"),
		livestock: at("livestock"), wage: at("income.wage"), business: at("income.business"), property: at("income.property"),
		transfer: at("income.transfer"), subsistence: at("income.subsistence"), pension: at("income.pension"),
		familyPlanning: at("income.family_planning"), ecology: at("income.ecology"), cost: at("income.cost"), medical: at("spending.medical"),
		schooling: at("spending.schooling"), debt: at("debt"), vehicles: at("vehicles"), properties: at("properties"), companies: at("companies"),
		voteHeld: at("vote.held"), voteBody: at("vote.body"), voteAttended: at("vote.attended"), voteAgreed: at("vote.agreed"),
		voteRefused: at("vote.refused"), voteResult: at("vote.result"),
		members: at("members"), herdKind: list("livestock").Must("kind"), herdCount: list("livestock").Must("count"),
		vehicleKind: list("vehicles").Must("kind"), vehicleCount: list("vehicles").Must("count"), propertyKind: list("properties").Must("kind"),
		inTown: list("properties").Must("in_town"), resettlement: list("properties").Must("resettlement"), role: list("companies").Must("role"),
		returnsOf: list("companies").Must("annual_returns"),
		m: memberFields{
			person: m.Must("person"), number: m.Must("number"), name: m.Must("name"), sex: m.Must("sex"), idKind: m.Must("id_kind"),
			idNumber: m.Must("id_number"), born: m.Must("born"), relation: m.Must("relation"), ethnicity: m.Must("ethnicity"),
			education: m.Must("education"), atSchool: m.Must("at_school"), health: m.Must("health"), labour: m.Must("labour"),
			place: m.Must("away.place"), months: m.Must("away.months"), medicalInsurance: m.Must("medical_insurance"),
			pensionInsurance: m.Must("pension_insurance"), subsistence: m.Must("subsistence"), employment: m.Must("employment"),
			steady: m.Must("steady_income"),
		},
	}
}

// Bits of household.misses: questions that real forms leave open, with how often they do.
const (
	noArea = 1 << iota
	noBuilt
	noDistance
	noPaved
	noSafe
	noToilet
	noBroadcast
	noIrrigated
	noGrain
	noLivestock
	noProperty
	noMedical
	noDebt
	noFlats
	noCompanies
)

// gaps are the shares of households whose form has no answer, in the order of the bits above. Where an answer decides who is proposed, fewer
// are left open, as clerks are asked for these first.
var gaps = [...]float64{.004, .02, .02, .02, .008, .02, .02, .02, .010, .02, .012, .02, .02, .004, .004}

func (g *generator) forget(h *household) {
	for i, share := range gaps {
		if g.chance(share) {
			h.misses |= 1 << i
		}
	}
}

// recall fills some of the gaps at a re-check.
func (g *generator) recall(h *household) {
	if h.misses != 0 && g.chance(.25) {
		h.misses &= h.misses - 1
	}
}

// fill answers the record from the household as it is on the day.
func (f *fields) fill(r *form.Record, h *household, on moment) {
	r.SetValue(f.village, int64(h.village.id))
	r.SetText(f.hamlet, h.hamlet)
	r.SetText(f.group, h.group)
	r.SetText(f.number, h.number)
	setText(r, f.phone, h.phone)
	setText(r, f.bank, h.bank)
	setText(r, f.account, h.account)
	if h.registered {
		r.SetValue(f.standard, 1)
	}
	if h.attribute != 0 {
		r.SetValue(f.attribute, h.attribute)
	}
	if h.cause != 0 {
		r.SetValue(f.mainCause, h.cause)
	}
	if h.others != 0 {
		r.SetValue(f.otherCauses, h.others)
	}
	f.fillHouse(r, h)
	f.fillFarm(r, h)
	f.fillIncome(r, h)
	f.fillAssets(r, h)
	f.fillVote(r, h, on)
	begin(r, f.members)
	for i := range int8(h.count) {
		if h.people[i].present {
			f.fillMember(r.Add(f.members), h, i, on)
		}
	}
}

func setText(r *form.Record, field int, text string) {
	if text != "" {
		r.SetText(field, text)
	}
}

// begin answers a list with no items yet, keeping the memory of the items it had.
func begin(r *form.Record, list int) { r.SetValue(list, 0) }

func setBool(r *form.Record, field int, yes bool) { r.SetValue(field, int64(toInt(yes))) }

func (f *fields) fillHouse(r *form.Record, h *household) {
	d := &h.house
	known := func(miss uint32) bool { return h.misses&miss == 0 }
	if known(noArea) {
		r.SetValue(f.area, d.area)
	}
	r.SetValue(f.structure, d.structure)
	if known(noBuilt) {
		r.SetValue(f.built, d.built)
	}
	setBool(r, f.dangerous, d.dangerous)
	if known(noPaved) {
		setBool(r, f.paved, d.paved)
	}
	if known(noDistance) {
		r.SetValue(f.distance, d.distance)
	}
	r.SetValue(f.fuel, d.fuel)
	r.SetValue(f.water, d.water)
	if known(noSafe) {
		setBool(r, f.safe, d.waterSafe)
	}
	setBool(r, f.far, d.waterFar)
	setBool(r, f.electricity, d.electricity)
	if known(noToilet) {
		setBool(r, f.toilet, d.toilet)
	}
	if known(noBroadcast) {
		setBool(r, f.broadcasting, d.broadcast)
	}
	setBool(r, f.cooperative, d.cooperative)
}

func (f *fields) fillFarm(r *form.Record, h *household) {
	l := &h.farm
	r.SetValue(f.arable, l.arable)
	if h.misses&noIrrigated == 0 {
		r.SetValue(f.irrigated, l.irrigated)
	}
	r.SetValue(f.woodland, l.woodland)
	r.SetValue(f.returned, l.returned)
	r.SetValue(f.orchard, l.orchard)
	r.SetValue(f.grass, l.grass)
	r.SetValue(f.pond, l.pond)
	if h.misses&noGrain == 0 {
		r.SetValue(f.grain, l.grain)
	}
	if h.misses&noLivestock == 0 {
		begin(r, f.livestock)
		for _, herd := range l.livestock[:l.herds] {
			item := r.Add(f.livestock)
			item.SetValue(f.herdKind, herd.kind)
			item.SetValue(f.herdCount, herd.count)
		}
	}
}

func (f *fields) fillIncome(r *form.Record, h *household) {
	in := &h.income
	fen := func(field int, yuan int64) { r.SetValue(field, yuan*100) }
	fen(f.wage, in.wage)
	fen(f.business, in.business)
	if h.misses&noProperty == 0 {
		fen(f.property, in.property)
	}
	fen(f.transfer, in.transfer)
	fen(f.subsistence, in.subsistence)
	fen(f.pension, in.pension)
	fen(f.familyPlanning, in.familyPlanning)
	fen(f.ecology, in.eco)
	fen(f.cost, in.cost)
	if h.misses&noMedical == 0 {
		fen(f.medical, in.medical)
	}
	fen(f.schooling, in.schooling)
	if h.misses&noDebt == 0 {
		fen(f.debt, in.debt)
	}
}

func (f *fields) fillAssets(r *form.Record, h *household) {
	a := &h.assets
	begin(r, f.vehicles)
	for _, v := range a.vehicles[:a.vehicleN] {
		item := r.Add(f.vehicles)
		item.SetValue(f.vehicleKind, v.kind)
		item.SetValue(f.vehicleCount, v.count)
	}
	if h.misses&noFlats == 0 {
		begin(r, f.properties)
		if a.flat {
			f.fillProperty(r.Add(f.properties), 1, a.resettled)
		}
		if a.shop {
			f.fillProperty(r.Add(f.properties), 2, false)
		}
	}
	if h.misses&noCompanies == 0 {
		begin(r, f.companies)
		if a.company != 0 {
			item := r.Add(f.companies)
			item.SetValue(f.role, a.company)
			setBool(item, f.returnsOf, a.returns)
		}
	}
}

func (f *fields) fillProperty(item *form.Record, kind int64, resettled bool) {
	item.SetValue(f.propertyKind, kind)
	setBool(item, f.inTown, true)
	setBool(item, f.resettlement, resettled)
}

func (f *fields) fillMember(r *form.Record, h *household, i int8, on moment) {
	p, m := &h.people[i], &f.m
	r.SetText(m.person, p.key)
	r.SetText(m.number, p.number)
	r.SetText(m.name, p.name)
	r.SetValue(m.sex, int64(p.sex))
	if p.idNumber != "" {
		r.SetValue(m.idKind, int64(p.card))
		r.SetText(m.idNumber, p.idNumber)
	}
	r.SetValue(m.born, int64(p.born))
	r.SetValue(m.relation, h.relation(i, &f.kin))
	if p.missing&noEthnicity == 0 {
		r.SetValue(m.ethnicity, int64(p.ethnicity))
	}
	age, stage := p.age(on), p.stage(on)
	r.SetValue(m.atSchool, int64(stage))
	if stage == notAtSchool && age >= 6 && p.missing&noEducation == 0 {
		r.SetValue(m.education, int64(p.education))
	}
	r.SetValue(m.health, p.health)
	if p.missing&noLabour == 0 {
		r.SetValue(m.labour, p.labour(on))
	}
	if p.months > 0 && age >= 16 {
		r.SetValue(m.place, int64(p.away))
		r.SetValue(m.months, int64(p.months))
	}
	setBool(r, m.medicalInsurance, p.insured)
	if p.missing&noPension == 0 {
		setBool(r, m.pensionInsurance, p.pensioned && age >= 16)
	}
	setBool(r, m.subsistence, p.allowance)
	r.SetValue(m.employment, p.occupation(on, age))
	if p.health&disabled != 0 {
		setBool(r, m.steady, p.steady)
	}
}

// occupation is what the person lives by.
func (p *person) occupation(on moment, age int) int64 {
	labour := p.labour(on)
	switch {
	case p.employment != 0:
		return int64(p.employment)
	case age < 16 || p.stage(on) != notAtSchool || labour >= lostLabour:
		return noWork
	case p.worked != 0:
		return wageWork
	}
	return farming
}
