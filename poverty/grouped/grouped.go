// Package grouped estimates poverty and inequality from published tables, which give shares of income by shares of the population and no records. It
// fits Lorenz curves of two families, the general quadratic and the beta, to the points, says whether the fit is a Lorenz curve at all, and takes the
// measures and their elasticities from the curve and a mean: the method of the World Bank's POVCAL (Datt, Computational Tools for Poverty Measurement
// and Analysis, IFPRI FCND Discussion Paper 50 (1998)).
//
// It imports only errs. The numbers have no sampling error: a table does not say how its survey was drawn.
package grouped

import (
	"fmt"
	"math"

	"liandong/errs"
)

// Point is one place on a Lorenz curve: the poorest share Population holds the share Income.
type Point struct{ Population, Income float64 }

// leastPoints is how many points inside the curve a fit of three parameters needs to leave one to judge it by.
const leastPoints = 4

// leastShare is how far from zero and one a point must lie to take part in a fit.
const leastShare = 1e-9

func invalid(zh, en string) *errs.Error { return errs.New(errs.Invalid, "grouped.Points", zh, en) }

// FromShares makes points of shares of the population and of income by class, the poorest first. Each column may be in shares, per cent or any other
// unit: it is divided by its sum.
func FromShares(population, income []float64) ([]Point, error) {
	if len(population) != len(income) {
		return nil, invalid(fmt.Sprintf("人口份额有 %d 个，收入份额有 %d 个，应一样多。", len(population), len(income)), fmt.Sprintf("There are %d shares of population and %d of income.", len(population), len(income)))
	}
	people, money := 0.0, 0.0
	for i := range population {
		if !(population[i] > 0) || !(income[i] >= 0) || math.IsInf(population[i], 0) || math.IsInf(income[i], 0) {
			return nil, atClass(invalid("人口份额应大于零，收入份额不能为负。", "A class has a population above zero and an income of zero or more."), i)
		}
		people += population[i]
		money += income[i]
	}
	if !(money > 0) {
		return nil, invalid("收入份额的总和不大于零。", "The incomes do not add up to more than zero.")
	}
	points := make([]Point, len(population))
	p, l := 0.0, 0.0
	for i := range points {
		p += population[i]
		l += income[i]
		points[i] = Point{p / people, l / money}
	}
	return points, check(points)
}

// FromMeans makes points of the population and the mean income of each class, the poorest first, with the mean of all.
func FromMeans(population, means []float64) (points []Point, mean float64, err error) {
	if len(population) != len(means) {
		return nil, 0, invalid(fmt.Sprintf("人口份额有 %d 个，平均收入有 %d 个，应一样多。", len(population), len(means)), fmt.Sprintf("There are %d shares of population and %d means.", len(population), len(means)))
	}
	income, people, money := make([]float64, len(means)), 0.0, 0.0
	for i, m := range means {
		income[i] = m * population[i]
		people += population[i]
		money += income[i]
	}
	points, err = FromShares(population, income)
	return points, money / people, err
}

// FromCumulated takes cumulated shares as they are printed, in shares or per cent.
func FromCumulated(population, income []float64) ([]Point, error) {
	if len(population) != len(income) || len(population) == 0 {
		return nil, invalid("累计人口份额和累计收入份额应一样多。", "There must be as many cumulated shares of income as of population.")
	}
	last := len(population) - 1
	scale := 1.0
	if math.Max(population[last], income[last]) > 1+1e-6 {
		scale = 100
	}
	points := make([]Point, len(population))
	for i := range points {
		points[i] = Point{population[i] / scale, income[i] / scale}
		if !(points[i].Population >= 0 && points[i].Population <= 1+1e-6 && points[i].Income >= 0 && points[i].Income <= 1+1e-6) {
			return nil, atClass(invalid("累计份额应在 0 与 1（或 100%）之间。", "A cumulated share lies between 0 and 1, or 100 per cent."), i)
		}
	}
	return points, check(points)
}

func atClass(e *errs.Error, i int) error {
	return e.At(fmt.Sprintf("第 %d 组 (class %d)", i+1, i+1))
}

// check refuses points that no Lorenz curve has: they rise, and the classes grow richer.
func check(points []Point) error {
	inside, before, slope := 0, Point{}, 0.0
	for i, p := range points {
		dp, dl := p.Population-before.Population, p.Income-before.Income
		if !(dp > 0) || dl < -1e-12 {
			return atClass(invalid("累计份额应一组比一组大。", "Cumulated shares rise from class to class."), i)
		}
		if next := dl / dp; next < slope*(1-1e-3)-1e-9 { // printed shares are rounded
			return atClass(invalid("这一组比前一组更穷。请按收入从低到高排列。", "The class is poorer than the one before it. Sort the classes from the poorest."), i)
		}
		slope = max(slope, dl/dp)
		if p.Income > p.Population+1e-9 {
			return atClass(invalid("最穷的一部分人所占的收入份额大于人口份额，不是洛伦兹曲线。", "The poorest hold more than their share, so this is no Lorenz curve."), i)
		}
		if p.Population < 1-leastShare && p.Income > leastShare {
			inside++
		}
		before = p
	}
	if inside < leastPoints {
		return invalid(
			fmt.Sprintf("表里有 %d 组，能用来拟合的点只有 %d 个：累计到 100%% 的最后一组和没有收入的组不算点。曲线有三个参数，至少需要 %d 个点，也就是 %d 组以上（如五等份）。请用分得更细的表。", len(points), inside, leastPoints, leastPoints+1),
			fmt.Sprintf("The table has %s and so %s to fit: the last class, at 100 per cent, and classes without income give none. A curve has three parameters and needs %d points, so %d classes or more, such as fifths. Take a finer table.",
				errs.Count(len(points), "class", "classes"), errs.Count(inside, "point", "points"), leastPoints, leastPoints+1))
	}
	return nil
}
