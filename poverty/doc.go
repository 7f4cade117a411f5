// Package poverty measures poverty, inequality and deprivation as a statistician would sign them: weighted, by any breakdown, with the error
// of sampling, and with every definition named in the result.
//
// Estimate is the front door: a Sample of columns and a Query of measures, a line, conventions and a method for errors give a Report. An Inferrer gives
// the errors of a design to numbers that are made elsewhere; on it stand the packages inside this folder: deprivation (several dimensions, Alkire and
// Foster), change (two dates), targeting (the quality of an identification), proxy (means tests fitted to a survey) and grouped (Lorenz curves of
// published shares).
//
// EstimateInPlace does the same in the memory of the columns; Concentration ranks by another column; GrowthIncidence compares the percentiles of two dates; a Report and a
// Growth can be drawn as a Picture, which is written as SVG.
//
// Where packages and offices differ, Conventions has an option with a name, and each result carries the names that made it. Non-positive incomes,
// empty groups, a line that nobody is under, strata of one unit: each is refused or stated, never a silent number.
//
// Sums are compensated and run over fixed blocks in a fixed order, so one core and sixty-four give the same bits. Nothing here reads a clock, chance
// or environment: a bootstrap takes its seed.
//
// The package is an engine: it knows plain columns, neither the form of a household nor the database, and imports only errs.
package poverty
