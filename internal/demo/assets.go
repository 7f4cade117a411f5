package demo

// assets are what a visit may not see and the negative list asks about, and the special work of a member.
type assets struct {
	vehicles   [3]herd
	vehicleN   int
	flat, shop bool
	resettled  bool // the flat is resettlement housing
	company    int64
	returns    bool // the company files annual returns
}

// Kinds of vehicles and of employment as the form numbers them.
const (
	car, van, truck, constructionMachine, largeFarmMachine, tractor, motorcycle = 1, 2, 3, 4, 5, 6, 7

	noWork, farming, wageWork, stateSalary, enterpriseSalary, villageSecretary, villageDirector = 1, 2, 3, 4, 5, 6, 7
)

// wealth is how often households of a class have what the negative list names.
type wealth struct {
	car, van, truck, machine, farmMachine, flat, shop, company, state, enterprise, cadre float64
}

var wealths = [...]wealth{
	neverPoor: {.085, .045, .012, .002, .010, .055, .012, .020, .018, .035, .012},
	unseen:    {.020, .010, .002, 0, .002, .010, .002, .004, .003, .006, .004},
	poor:      {.0015, .0012, .0003, 0, .0003, .0012, .0002, .0008, .0003, .0008, .002},
	favoured:  {.070, .040, .008, .001, .006, .050, .010, .015, .015, .020, .015},
	left:      {.004, .004, .002, 0, .001, .003, .001, .002, .001, .006, .003},
}

func (g *generator) endow(h *household) {
	w := &wealths[h.class]
	a := &h.assets
	*a = assets{}
	g.drive(a, w)
	a.flat, a.shop = g.chance(w.flat), g.chance(w.shop)
	if !a.flat && h.registered && g.chance(.006) {
		a.flat, a.resettled = true, true
	}
	if g.chance(w.company) {
		a.company = int64(g.between(1, 2))
		a.returns = g.chance(.8)
	}
	g.employ(h, w)
}

// drive adds vehicles, at most three kinds.
func (g *generator) drive(a *assets, w *wealth) {
	for _, v := range [...]struct {
		share float64
		kind  int64
	}{{w.car, car}, {w.van, van}, {w.truck, truck}, {w.machine, constructionMachine}, {w.farmMachine, largeFarmMachine}, {.07, tractor}, {.21, motorcycle}} {
		if g.chance(v.share) && a.vehicleN < len(a.vehicles) {
			a.vehicles[a.vehicleN] = herd{v.kind, 1}
			a.vehicleN++
		}
	}
}

// employ gives one able member special work.
func (g *generator) employ(h *household, w *wealth) {
	var work uint8
	switch u := g.rng.Float64(); {
	case u < w.state:
		work = stateSalary
	case u < w.state+w.enterprise:
		work = enterpriseSalary
	case u < w.state+w.enterprise+w.cadre:
		work = villageSecretary + uint8(g.rng.IntN(2))
	default:
		return
	}
	for i := range h.people[:h.count] {
		p := &h.people[i]
		if age := p.age(g.opened); p.present && p.able(g.opened) && age >= 25 && age < 58 {
			p.employment = work
			return
		}
	}
}
