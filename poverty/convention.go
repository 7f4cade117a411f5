package poverty

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
)

// The quantile of order p of a weighted sample with distribution function F.
const (
	QuantileLower   = "lower"   // inf{x: F(x) >= p}: convey, definition 1 of Hyndman and Fan, The American Statistician 50 (1996), 363
	QuantileAverage = "average" // as lower, and the mean of the two neighbours where F(x) = p: Eurostat's commands for EU-SILC, definition 2 of Hyndman and Fan
	QuantileStrict  = "strict"  // inf{x: F(x) > p}: laeken 0.5.2, whose own branch for equality is never reached
)

// Who is poor.
const (
	PoorBelow     = "below"       // income < line: Foster, Greer and Thorbecke count the line itself as poor, Eurostat and laeken do not
	PoorAtOrBelow = "at-or-below" // income <= line: convey; Foster, Greer and Thorbecke, Econometrica 52 (1984), 761-766
)

// Whose quantile or mean makes a relative line.
const (
	LineNational = "national" // the whole sample's line for every group
	LineLocal    = "local"    // each group's own
)

// The form of the Gini coefficient with weights.
const (
	GiniMidRank = "mid-rank" // 2·Σ w y (C - w/2) / (W·Σ w y) - 1, C the cumulated weight with the record's own: laeken; free of the scale of weights
	GiniConvey  = "convey"   // 2·Σ w y (C - 1/2) / (W·Σ w y) - 1: convey 1.0.1; right for weights of one, changes with the scale of other weights
)

// The factor for a small sample, which makes the Gini coefficient of one owner of everything equal 1.
const (
	FactorNone         = "none"
	FactorObservations = "n/(n-1)" // n the number of observations: Deaton, The Analysis of Household Surveys (1997), 139
	FactorPopulation   = "N/(N-1)" // N the sum of weights, taken as frequencies
)

// Sen's and Thon's measures.
const (
	FormLimit  = "limit"  // of infinitely many persons: replication invariant, free of the scale of weights
	FormFinite = "finite" // as printed by Sen, Econometrica 44 (1976), 223, and Thon, Review of Income and Wealth 25 (1979), 438; weights count persons
)

// Where shares of the poorest and richest are cut.
const (
	ShareThreshold    = "threshold"    // whole records: income <= lower quantile, income > upper quantile: laeken, Eurostat
	ShareInterpolated = "interpolated" // the Lorenz curve, straight between records: the World Bank
)

// Whether the sampling error of an estimated line counts.
const (
	LineErrorIn  = "in"
	LineErrorOut = "out" // the line is taken as if it were known
)

// Band widths of the normal kernel that estimates the density at a quantile, where linearisation needs one.
const (
	BandwidthObservations = "sd-observations"     // standard deviation × n^(-1/5), n the number of observations
	BandwidthWeights      = "sd-weights"          // standard deviation × W^(-1/5), W the sum of weights: convey, vardpoor; changes with the scale of weights
	BandwidthRobust       = "robust-observations" // 0.9 × min(standard deviation, interquartile range/1.349) × n^(-1/5): Silverman, Density Estimation (1986), 48
)

// How the ranks of tied incomes enter linearisation.
const (
	TiesShared = "shared" // tied records share the middle of their ranks, so equal records have equal influence
	TiesRecord = "record" // records keep the order of the file within ties: convey
)

// How a bootstrap draws in a stratum of n units.
const (
	BootstrapRescaled = "n-1" // n-1 units, weights times n/(n-1): Rao and Wu, JASA 83 (1988), 231; right for small strata
	BootstrapPlain    = "n"   // n units: laeken's naive bootstrap; too small by (n-1)/n
)

// The interval around an estimate.
const (
	IntervalT          = "t"          // estimate ± t quantile × standard error, degrees of freedom = units - strata
	IntervalNormal     = "normal"     // estimate ± normal quantile × standard error
	IntervalLogit      = "logit"      // for shares: the t interval on the scale of log odds, so that it stays between 0 and 1; other measures have the t interval, and say so
	IntervalPercentile = "percentile" // of the bootstrap replications, and refused with other methods: Efron, Annals of Statistics 7 (1979), 1
)

// A stratum of which a single unit was drawn says nothing about its variance.
const (
	SingleRefused   = "refused"   // no standard error, with the reason
	SingleCertainty = "certainty" // it was sure to be drawn: no contribution
	SingleCentred   = "centred"   // its distance from the mean of all units: survey's "adjust"
)

// Conventions are the definitions in which packages and offices differ, by name. An empty field means the default, the first of Choices.
type Conventions struct {
	Quantile    string // quantile
	Poor        string // poor
	LineScope   string // line-scope
	LineError   string // line-error
	Gini        string // gini
	GiniFactor  string // gini-factor
	Sen         string // sen
	SST         string // sst
	Shares      string // shares
	Ties        string // ties
	Bandwidth   string // bandwidth
	Bootstrap   string // bootstrap
	Interval    string // interval
	SingleUnit  string // single-unit-stratum
	OutOfDomain string // out-of-domain: refused, dropped, kept or floor:AMOUNT; see Measure
}

// What happens to incomes for which a measure is not defined.
const (
	DomainRefused = "refused" // no value, with the reason
	DomainDropped = "dropped" // the measure is taken over the others
	DomainKept    = "kept"    // the formula is used as it is where it can be computed, negative incomes included; refused elsewhere
	domainFloor   = "floor:"  // incomes below the amount count as the amount
)

// Choice is one convention with its options, the default first.
type Choice struct {
	Name    string
	Options []string
	field   func(*Conventions) *string
}

// Choices lists all conventions.
func Choices() []Choice {
	return []Choice{
		{"quantile", []string{QuantileAverage, QuantileLower, QuantileStrict}, func(c *Conventions) *string { return &c.Quantile }},
		{"poor", []string{PoorBelow, PoorAtOrBelow}, func(c *Conventions) *string { return &c.Poor }},
		{"line-scope", []string{LineNational, LineLocal}, func(c *Conventions) *string { return &c.LineScope }},
		{"line-error", []string{LineErrorIn, LineErrorOut}, func(c *Conventions) *string { return &c.LineError }},
		{"gini", []string{GiniMidRank, GiniConvey}, func(c *Conventions) *string { return &c.Gini }},
		{"gini-factor", []string{FactorNone, FactorObservations, FactorPopulation}, func(c *Conventions) *string { return &c.GiniFactor }},
		{"sen", []string{FormLimit, FormFinite}, func(c *Conventions) *string { return &c.Sen }},
		{"sst", []string{FormLimit, FormFinite}, func(c *Conventions) *string { return &c.SST }},
		{"shares", []string{ShareThreshold, ShareInterpolated}, func(c *Conventions) *string { return &c.Shares }},
		{"ties", []string{TiesShared, TiesRecord}, func(c *Conventions) *string { return &c.Ties }},
		{"bandwidth", []string{BandwidthObservations, BandwidthWeights, BandwidthRobust}, func(c *Conventions) *string { return &c.Bandwidth }},
		{"bootstrap", []string{BootstrapRescaled, BootstrapPlain}, func(c *Conventions) *string { return &c.Bootstrap }},
		{"interval", []string{IntervalT, IntervalNormal, IntervalLogit, IntervalPercentile}, func(c *Conventions) *string { return &c.Interval }},
		{"single-unit-stratum", []string{SingleRefused, SingleCertainty, SingleCentred}, func(c *Conventions) *string { return &c.SingleUnit }},
		{"out-of-domain", []string{DomainRefused, DomainDropped, DomainKept, domainFloor + "AMOUNT"}, func(c *Conventions) *string { return &c.OutOfDomain }},
	}
}

// Presets are the conventions of other packages as far as they differ from the defaults.
func Presets() map[string]Conventions {
	return map[string]Conventions{
		"default": {},
		"laeken":  {Quantile: QuantileStrict, Bootstrap: BootstrapPlain, Interval: IntervalNormal, OutOfDomain: DomainKept},
		"convey": {
			Quantile: QuantileLower, Poor: PoorAtOrBelow, Gini: GiniConvey, Ties: TiesRecord, Bandwidth: BandwidthWeights, Interval: IntervalNormal,
			SingleUnit: SingleRefused, OutOfDomain: DomainKept,
		},
		"eurostat":   {Quantile: QuantileAverage, OutOfDomain: DomainKept},
		"world-bank": {Quantile: QuantileLower, Shares: ShareInterpolated},
	}
}

// ParseConventions reads a preset and single choices, as in "laeken,poor=at-or-below". An empty text gives the defaults.
func ParseConventions(text string) (Conventions, error) {
	var c Conventions
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		name, value, isChoice := strings.Cut(part, "=")
		preset, known := Presets()[part]
		switch {
		case part == "":
		case isChoice:
			if err := c.choose(name, value); err != nil {
				return c, err
			}
		case known:
			c = preset
		default:
			return c, noSuch("口径", "convention", part, append(presetNames(), choiceNames()...))
		}
	}
	return c.filled()
}

func (c *Conventions) choose(name, value string) error {
	for _, choice := range Choices() {
		if choice.Name == name {
			*choice.field(c) = value
			return nil
		}
	}
	return noSuch("口径", "convention", name, choiceNames())
}

func presetNames() []string {
	return []string{"default", "laeken", "convey", "eurostat", "world-bank"}
}

func choiceNames() (names []string) {
	for _, c := range Choices() {
		names = append(names, c.Name)
	}
	return names
}

// filled puts defaults for what is empty and refuses what is no option.
func (c *Conventions) filled() (Conventions, error) {
	full := *c
	for _, choice := range Choices() {
		field := choice.field(&full)
		switch {
		case *field == "":
			*field = choice.Options[0]
		case choice.Name == "out-of-domain" && strings.HasPrefix(*field, domainFloor):
			if _, ok := c.floor(); !ok {
				return full, noSuch("口径", "convention", choice.Name+"="+*field, choice.Options)
			}
		case !slices.Contains(choice.Options, *field):
			return full, noSuch("口径", "convention", choice.Name+"="+*field, choice.Options)
		}
	}
	return full, nil
}

// floor is the amount of "floor:AMOUNT", which is finite and not negative.
func (c *Conventions) floor() (amount float64, ok bool) {
	text, found := strings.CutPrefix(c.OutOfDomain, domainFloor)
	if !found {
		return 0, false
	}
	amount, err := strconv.ParseFloat(text, 64)
	return amount, err == nil && amount >= 0 && !math.IsInf(amount, 0)
}

// named gives the conventions of the names as pairs for a result.
func (c *Conventions) named(names []string) map[string]string {
	pairs := map[string]string{}
	for _, choice := range Choices() {
		if slices.Contains(names, choice.Name) {
			pairs[choice.Name] = *choice.field(c)
		}
	}
	return pairs
}

func noSuch(zh, en, what string, options []string) error {
	list := strings.Join(options, ", ")
	return errs.New(errs.Usage, "poverty.Parse", fmt.Sprintf("没有「%s」这种%s。可以用：%s。", what, zh, list), fmt.Sprintf("There is no %s %q. There are: %s.", en, what, list))
}
