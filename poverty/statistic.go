package poverty

import "math"

// kind is what is added up over records in the order of income. Every measure is a function of a few such sums up to a few places in that order, so
// that a replication of a bootstrap or the deletion of a unit changes sums, never formulas.
type kind uint8

const (
	kindWeight    kind = iota // w
	kindIncome                // w y
	kindRank                  // w y (C - w/2), C the cumulated weight with the record's own
	kindSquare                // w² y
	kindLog                   // w ln y
	kindIncomeLog             // w y ln y, 0 for y = 0
	kindPower                 // w y^order
	kindGap                   // w ((line - y)/line)^order
)

type statistic struct {
	kind  kind
	order float64
	line  float64
}

var (
	sumWeight    = statistic{kind: kindWeight}
	sumIncome    = statistic{kind: kindIncome}
	sumRank      = statistic{kind: kindRank}
	sumSquare    = statistic{kind: kindSquare}
	sumLog       = statistic{kind: kindLog}
	sumIncomeLog = statistic{kind: kindIncomeLog}
)

func sumPower(order float64) statistic { return statistic{kind: kindPower, order: order} }

func sumGap(order, line float64) statistic { return statistic{kindGap, order, line} }

// of is the statistic's function of income: what is multiplied by the weight. Rank and square depend on weights and have none.
func (s statistic) of(y float64) float64 {
	switch s.kind {
	case kindIncome:
		return y
	case kindLog:
		return math.Log(y)
	case kindIncomeLog:
		if y == 0 {
			return 0
		}
		return y * math.Log(y)
	case kindPower:
		return power(y, s.order)
	case kindGap:
		return power((s.line-y)/s.line, s.order)
	}
	return 1
}

// power is math.Pow with the common orders in one multiplication.
func power(x, order float64) float64 {
	switch order {
	case 0:
		return 1
	case 1:
		return x
	case 2:
		return x * x
	}
	return math.Pow(x, order)
}

// distribution is a weighted sample in ascending order of income: the whole or a group, as drawn, as replicated by a bootstrap, or without a unit.
type distribution interface {
	length() int
	income(i int) float64
	// sum adds the statistic over the first `to` records.
	sum(s statistic, to int) float64
	// observations is the number of records that are there.
	observations() float64
}

func total(d distribution, s statistic) float64 { return d.sum(s, d.length()) }

func mean(d distribution) float64 { return total(d, sumIncome) / total(d, sumWeight) }

// below is the number of leading records with income < x, or <= x.
func below(d distribution, x float64, inclusive bool) int {
	low, high := 0, d.length()
	for low < high {
		middle := int(uint(low+high) >> 1)
		if y := d.income(middle); y < x || (inclusive && y == x) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// poorCount is the number of leading records that are poor.
func poorCount(d distribution, line float64, c *Conventions) int {
	return below(d, line, c.Poor == PoorAtOrBelow)
}

// equalWeight is how near a cumulated weight must be to p·W, relative to W, to count as equal. Weights such as 504.57 add up to p·W only up to
// rounding; without a tolerance the quantile would change when all weights are doubled.
const equalWeight = 1e-12

// quantile is the quantile of order p of the first n records.
func quantile(d distribution, p float64, n int, rule string) float64 {
	whole := d.sum(sumWeight, n)
	target, slack := p*whole, equalWeight*whole
	lower := reach(d, n, target-slack)
	switch {
	case rule == QuantileLower:
		return d.income(lower)
	case rule == QuantileStrict && p < 1:
		return d.income(reach(d, n, target+slack))
	case rule == QuantileAverage && p < 1 && d.sum(sumWeight, lower+1) <= target+slack:
		return d.income(lower)/2 + d.income(reach(d, n, target+slack))/2 // each by itself, since their sum need not be a number; halving loses nothing
	}
	return d.income(lower)
}

// reach is the first of n records at which the cumulated weight is above the target, the last if none is.
func reach(d distribution, n int, target float64) int {
	low, high := 0, n-1
	for low < high {
		middle := int(uint(low+high) >> 1)
		if d.sum(sumWeight, middle+1) > target {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// share is the share of the whole income that the poorest p hold: the Lorenz curve, straight between records.
func lorenzAt(d distribution, p float64) float64 {
	target := p * total(d, sumWeight)
	i := reach(d, d.length(), target)
	before := d.sum(sumIncome, i)
	return (before + (target-d.sum(sumWeight, i))*d.income(i)) / total(d, sumIncome)
}
