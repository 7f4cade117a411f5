package demo

import (
	"time"

	"liandong/day"
)

// openingDay is the day of the register's opening, from which every household's history begins.
var openingDay = day.MustOf(2013, 12, 31)

// yearEnds are the days on which the public figures are read.
var yearEnds = [2]day.Date{day.MustOf(2014, 12, 31), day.MustOf(2015, 12, 31)}

// decisionYear is one year of the register's work: changes in spring and summer, the re-check 动态调整 in autumn, decisions before its end.
type decisionYear struct {
	year                     int
	line                     float64 // yuan a head and year: the national line at current prices
	pension                  int     // yuan a month of the basic pension
	changeFirst, changeLast  day.Date
	recheckFirst, recheckEnd day.Date
	leaving                  day.Date // 预脱贫 is noted from
	removal                  day.Date // 清退 takes effect
	exit                     day.Date // first day on which a county may decide exits and entries
}

var decisionYears = [2]decisionYear{
	{
		2014, 2800, 70, day.MustOf(2014, 3, 5), day.MustOf(2014, 8, 20), day.MustOf(2014, 9, 18), day.MustOf(2014, 10, 28),
		day.MustOf(2014, 10, 30), day.MustOf(2014, 11, 10), day.MustOf(2014, 11, 24),
	},
	{
		2015, 2855, 75, day.MustOf(2015, 3, 5), day.MustOf(2015, 8, 20), day.MustOf(2015, 9, 16), day.MustOf(2015, 10, 26),
		day.MustOf(2015, 10, 29), day.MustOf(2015, 11, 9), day.MustOf(2015, 11, 20),
	},
}

// openingLine and openingPension are those of 2013.
const openingLine, openingPension = 2736, 55

// exitDays is how many days the counties' decisions are spread over.
const exitDays = 26

// office is the clock of the county offices.
var office = time.FixedZone("UTC+8", 8*60*60)

// at is an hour of a day in the offices.
func at(d day.Date, hour int) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), hour, 0, 0, 0, office)
}

// hours are the moments at which a county wrote things down. There are few, because one act of the ledger holds all that came at one moment.
type hours struct {
	opening    time.Time
	changed    [2]time.Time
	rechecked  [2]time.Time
	leaving    [2]time.Time
	removed    [2]time.Time
	exit       [2]day.Date
	exited     [2]time.Time
	correction [2]time.Time
}

func (c *countyPlan) hours() hours {
	h := hours{opening: at(day.MustOf(2014, 1, 6).AddDays(c.index%12), 9+c.index/12)}
	for y := range decisionYears {
		d := &decisionYears[y]
		h.changed[y] = at(d.changeLast.AddDays(5+c.index%9), 10)
		h.rechecked[y] = at(d.recheckEnd.AddDays(1), 17)
		h.leaving[y] = at(d.leaving, 18)
		h.removed[y] = at(d.removal, 11)
		h.exit[y] = d.exit.AddDays((c.index*7 + y*3) % exitDays)
		h.exited[y] = at(h.exit[y], 15)
	}
	h.correction = [2]time.Time{at(day.MustOf(2015, 2, 2).AddDays(c.index), 14), at(day.MustOf(2015, 12, 22).AddDays(c.index%6), 14)}
	return h
}

// LastDay is the last day of which the demonstration tells.
func LastDay() day.Date { return yearEnds[1] }
