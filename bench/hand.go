package main

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"liandong/column"
	"liandong/criteria"
)

// household is what the loop reads of one table: typed slices, and a function that says whether a row is answered.
type household struct {
	n                                        int
	area, arable, woodland, grain            numbers
	wage, business, property, transfer, cost numbers
	structure                                []uint8
	dangerous, paved, electricity, water     truths
	members, vehicles, properties, companies list
	labour, atSchool, health, employment     []uint8
	healthKnown                              []uint64
	vehicleKind, propertyKind                []uint8
	inTown, resettlement, annualReturns      truths
}

type numbers struct {
	values []int32
	valid  []uint64
}

func (c *numbers) known(i int) bool { return known(c.valid, i) }

type truths struct{ bits, valid []uint64 }

// at is 0 unknown, 1 no, 2 yes.
func (c *truths) at(i int) int {
	switch {
	case !known(c.valid, i):
		return 0
	case c.bits[i>>6]>>(uint(i)&63)&1 != 0:
		return 2
	}
	return 1
}

type list struct {
	offsets []int32
	valid   []uint64
}

func (c *list) known(i int) bool { return known(c.valid, i) }

func known(valid []uint64, i int) bool {
	return valid == nil || valid[i>>6]>>(uint(i)&63)&1 != 0
}

func householdOf(t *column.Table) *household {
	number := func(path string) numbers { c := t.Lookup(path); return numbers{c.Int32s(), c.Valid()} }
	truth := func(path string) truths { c := t.Lookup(path); return truths{c.Bits(), c.Valid()} }
	lists := func(path string) list { c := t.Lookup(path); return list{c.Offsets(), c.Valid()} }
	codes := func(path string) []uint8 { return t.Lookup(path).Uint8s() }
	return &household{
		n: t.Len(), area: number("housing.area"), arable: number("land.arable"), woodland: number("land.woodland"), grain: number("grain.output"),
		wage: number("income.wage"), business: number("income.business"), property: number("income.property"), transfer: number("income.transfer"), cost: number("income.cost"),
		structure: codes("housing.structure"), dangerous: truth("housing.dangerous"), paved: truth("housing.path_paved"), electricity: truth("electricity"), water: truth("water.safe"),
		members: lists("members"), vehicles: lists("vehicles"), properties: lists("properties"), companies: lists("companies"),
		labour: codes("members.labour"), atSchool: codes("members.at_school"), health: codes("members.health"), employment: codes("members.employment"),
		healthKnown: t.Lookup("members.health").Valid(), vehicleKind: codes("vehicles.kind"), propertyKind: codes("properties.kind"),
		inTown: truth("properties.in_town"), resettlement: truth("properties.resettlement"), annualReturns: truth("companies.annual_returns"),
	}
}

// handLoop measures a loop that somebody would write for this document alone, over the same memory, first without and then with reasons (a
// byte for every part and bar).
func handLoop(_ context.Context, tables []*column.Table, want []answer) ([]measured, error) {
	all := make([]*household, len(tables))
	starts := make([]int, len(tables))
	n := 0
	for i, t := range tables {
		all[i], starts[i] = householdOf(t), n
		n += t.Len()
	}
	got := make([]answer, n)
	reasons := make([][reasonCount]byte, n)
	var lines []measured
	for _, with := range []bool{false, true} {
		seconds, err := median(func() error {
			each(all, func(table, from, to int) {
				for i := from; i < to; i++ {
					at := starts[table] + i
					var because *[reasonCount]byte
					if with {
						because = &reasons[at]
					}
					got[at] = all[table].judge(i, because)
				}
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := same("the loop by hand", got, want); err != nil {
			return nil, err
		}
		what := "a loop written by hand in Go for this document, without reasons"
		if with {
			what = "the same loop with a byte for every reason"
		}
		lines = append(lines, measured{what, n, seconds})
	}
	return lines, nil
}

// each hands out runs of 4,096 rows to all threads.
func each(all []*household, fn func(table, from, to int)) {
	const run = 4096
	type job struct{ table, from, to int }
	var jobs []job
	for i, h := range all {
		for at := 0; at < h.n; at += run {
			jobs = append(jobs, job{i, at, min(at+run, h.n)})
		}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for k := next.Add(1) - 1; k < int64(len(jobs)); k = next.Add(1) - 1 {
				fn(jobs[k].table, jobs[k].from, jobs[k].to)
			}
		})
	}
	group.Wait()
}

// reasonCount is 12 parts, 5 bars and the condition of being poor.
const reasonCount = 18

// sum is both ends of a score. Points below zero are unknown.
type sum struct{ low, high int }

func (s *sum) add(points, most int, because *[reasonCount]byte, at int) {
	if because != nil {
		because[at] = byte(points)
	}
	if points < 0 {
		s.high += most
		return
	}
	s.low += points
	s.high += points
}

// judge is the document written out: as the rules say, an unknown input makes a part unknown.
func (h *household) judge(i int, because *[reasonCount]byte) answer {
	from, to := h.members.offsets[i], h.members.offsets[i+1]
	size := float64(to - from)
	var s sum
	structure := [...]int{-1, 8, 6, 4, 0, 2}
	s.add(structure[h.structure[i]], 8, because, 0)
	s.add(perHead(&h.area, i, size, 10, []float64{15, 30}, []int{0, 3, 6}), 6, because, 1)
	s.add([...]int{-1, 3, 0}[h.dangerous.at(i)], 3, because, 2)
	s.add([...]int{-1, 0, 1}[h.paved.at(i)], 1, because, 3)
	s.add([...]int{-1, 0, 1}[h.electricity.at(i)], 1, because, 4)
	s.add([...]int{-1, 0, 1}[h.water.at(i)], 1, because, 5)
	s.add(perHead(&h.grain, i, size, 1, []float64{150, 300}, []int{0, 8, 15}), 15, because, 6)
	s.add(perHead(&h.arable, i, size, 100, []float64{0.5, 1, 2}, []int{0, 4, 8, 12}), 12, because, 7)
	woodland := -1
	if h.woodland.known(i) {
		if woodland = 0; float64(h.woodland.values[i])/100 > 0 {
			woodland = 3
		}
	}
	s.add(woodland, 3, because, 8)
	able, pupils, ill, salary, cadre := h.people(int(from), int(to))
	s.add(share(able, size), 25, because, 9)
	s.add([...]int{-1, 5, 0}[ill], 5, because, 10)
	atSchool := -1
	switch {
	case pupils < 0:
	case pupils == 0:
		atSchool = 20
	case pupils == 1:
		atSchool = 10
	case pupils == 2:
		atSchool = 5
	default:
		atSchool = 0
	}
	s.add(atSchool, 20, because, 11)

	looks := 0
	if s.high < 60 {
		looks = 2
	} else if s.low >= 60 {
		looks = 1
	}
	income := h.income(i, size)
	poor := min(looks, income)
	if looks == 1 || income == 1 {
		poor = 1
	}
	flat, vehicle, company := h.flat(i), h.vehicle(i), h.company(i)
	if because != nil {
		for k, bar := range [...]int{salary, cadre, flat, vehicle, company, poor} {
			because[12+k] = byte(bar)
		}
	}
	return answer{outcomeOf(poor, [...]int{salary, flat, vehicle, company}, cadre), float64(s.low), float64(s.high)}
}

func outcomeOf(poor int, vetoes [4]int, review int) criteria.Outcome {
	if poor == 1 {
		return criteria.NotProposed
	}
	open := poor == 0
	for _, v := range vetoes {
		if v == 2 {
			return criteria.Barred
		}
		open = open || v == 0
	}
	switch {
	case open:
		return criteria.Undetermined
	case review != 1:
		return criteria.UnderReview
	}
	return criteria.Proposed
}

// perHead is a chain of thresholds of an amount by the household's size.
func perHead(c *numbers, i int, size, scale float64, bounds []float64, points []int) int {
	if size == 0 || !c.known(i) {
		return -1
	}
	v := float64(c.values[i]) / scale / size
	for k, b := range bounds {
		if v < b {
			return points[k]
		}
	}
	return points[len(bounds)]
}

func share(able int, size float64) int {
	if able < 0 || size == 0 {
		return -1
	}
	switch v := float64(able) / size; {
	case v <= 0:
		return 0
	case v < 0.34:
		return 8
	case v < 0.5:
		return 15
	case v < 0.67:
		return 20
	}
	return 25
}

// people goes over the members once. Counts are -1 where a member's answer that they need is missing.
func (h *household) people(from, to int) (able, pupils, ill, salary, cadre int) {
	ill, salary, cadre = 1, 1, 1
	ableOpen, pupilsOpen := false, false
	for m := from; m < to; m++ {
		switch h.labour[m] {
		case 0:
			ableOpen = true
		case 1, 2:
			able++
		}
		switch h.atSchool[m] {
		case 0:
			pupilsOpen = true
		case 1, 21:
		default:
			pupils++
		}
		switch {
		case !known(h.healthKnown, m):
			ill = orUnknown(ill)
		case h.health[m]&(1<<2|1<<3|1<<4) != 0:
			ill = 2
		}
		switch h.employment[m] {
		case 0:
			salary, cadre = orUnknown(salary), orUnknown(cadre)
		case 4, 5:
			salary = 2
		case 6, 7:
			cadre = 2
		}
	}
	if ableOpen {
		able = -1
	}
	if pupilsOpen {
		pupils = -1
	}
	return able, pupils, ill, salary, cadre
}

// orUnknown is what "or" with an unknown makes of an answer: what is true stays true, all else is unknown.
func orUnknown(now int) int {
	if now == 2 {
		return now
	}
	return 0
}

func (h *household) income(i int, size float64) int {
	if size == 0 || !h.wage.known(i) || !h.business.known(i) || !h.property.known(i) || !h.transfer.known(i) || !h.cost.known(i) {
		return 0
	}
	net := float64(h.wage.values[i])/100 + float64(h.business.values[i])/100 + float64(h.property.values[i])/100 + float64(h.transfer.values[i])/100 - float64(h.cost.values[i])/100
	if net/size < 2855 {
		return 2
	}
	return 1
}

func (h *household) vehicle(i int) int {
	if !h.vehicles.known(i) {
		return 0
	}
	is := 1
	for k := h.vehicles.offsets[i]; k < h.vehicles.offsets[i+1]; k++ {
		switch h.vehicleKind[k] {
		case 0:
			is = orUnknown(is)
		case 1, 2, 4, 5:
			is = 2
		}
	}
	return is
}

func (h *household) flat(i int) int {
	if !h.properties.known(i) {
		return 0
	}
	is := 1
	for k := int(h.properties.offsets[i]); k < int(h.properties.offsets[i+1]); k++ {
		switch h.bought(k) {
		case 0:
			is = orUnknown(is)
		case 2:
			is = 2
		}
	}
	return is
}

// bought says whether a property is a flat or shop in town that was no resettlement: 0 unknown, 1 no, 2 yes.
func (h *household) bought(k int) int {
	kind := 1
	switch h.propertyKind[k] {
	case 0:
		kind = 0
	case 1, 2:
		kind = 2
	}
	town, other := h.inTown.at(k), [...]int{0, 2, 1}[h.resettlement.at(k)]
	switch {
	case kind == 1 || town == 1 || other == 1:
		return 1
	case kind == 0 || town == 0 || other == 0:
		return 0
	}
	return 2
}

func (h *household) company(i int) int {
	if !h.companies.known(i) {
		return 0
	}
	is := 1
	for k := int(h.companies.offsets[i]); k < int(h.companies.offsets[i+1]); k++ {
		switch h.annualReturns.at(k) {
		case 0:
			is = orUnknown(is)
		case 2:
			is = 2
		}
	}
	return is
}
