package deprivation

import (
	"fmt"
	"slices"
	"strings"

	"liandong/errs"
)

// The measures. Those that end with a colon take the name of a dimension, or * for each dimension in turn.
const (
	Headcount    = "afh"  // H, the share of the population that is poor
	Intensity    = "afa"  // A, the mean weighted share of deprivations of the poor
	Adjusted     = "afm0" // M0 = H A, the adjusted headcount ratio
	AdjustedGap  = "afm1" // M1, with normalised gaps in place of deprivations
	AdjustedGap2 = "afm2" // M2, with squared gaps
	Uncensored   = "afuncensored:"
	Censored     = "afcensored:"
	Contribution = "afcontribution:"
	GroupShare   = "afgroup" // what the group contributes to the M0 of the whole
)

// MeasureNames lists what a Query takes.
func MeasureNames() []string {
	return []string{Headcount, Intensity, Adjusted, AdjustedGap, AdjustedGap2, Uncensored, Censored, Contribution, GroupShare}
}

// Summary are the measures that everybody can compute and that explain each other.
func Summary() []string {
	return []string{Headcount, Intensity, Adjusted, Uncensored + "*", Censored + "*", Contribution + "*", GroupShare}
}

// IsMeasure reports whether a name is one of this package's.
func IsMeasure(name string) bool {
	kind, _, has := strings.Cut(name, ":")
	if has {
		kind += ":"
	}
	return slices.Contains(MeasureNames(), kind)
}

// wanted is one measure, with the place of its dimension or -1.
type wanted struct {
	kind      string
	dimension int
}

// wants finds the measures named.
func (s *Sample) wants(names []string) (all []wanted, err error) {
	for _, name := range names {
		if !IsMeasure(name) {
			return nil, usage(fmt.Sprintf("没有「%s」这种多维指标。可以用：%s。", name, strings.Join(MeasureNames(), "、")),
				fmt.Sprintf("There is no multidimensional measure %q. There are: %s.", name, strings.Join(MeasureNames(), ", ")))
		}
		kind, dimension, has := strings.Cut(name, ":")
		if !has {
			all = append(all, wanted{kind, -1})
			continue
		}
		at := slices.IndexFunc(s.Dimensions, func(d Dimension) bool { return d.Name == dimension })
		if at < 0 && dimension != "*" {
			return nil, usage(fmt.Sprintf("没有名为「%s」的维度。", dimension), fmt.Sprintf("There is no dimension %q.", dimension))
		}
		for j := range s.Dimensions {
			if j == at || dimension == "*" {
				all = append(all, wanted{kind + ":", j})
			}
		}
	}
	return all, nil
}

func (w wanted) name(s *Sample) string {
	if w.dimension < 0 {
		return w.kind
	}
	return w.kind + s.Dimensions[w.dimension].Name
}

func (w wanted) title(s *Sample) errs.Text {
	of := ""
	if w.dimension >= 0 {
		of = s.Dimensions[w.dimension].Name
	}
	switch w.kind {
	case Headcount:
		return errs.Text{ZH: "多维贫困发生率 H", EN: "Multidimensional headcount ratio H"}
	case Intensity:
		return errs.Text{ZH: "平均剥夺强度 A", EN: "Intensity of deprivation A"}
	case Adjusted:
		return errs.Text{ZH: "多维贫困指数 M0", EN: "Adjusted headcount ratio M0"}
	case AdjustedGap:
		return errs.Text{ZH: "多维贫困深度指数 M1", EN: "Adjusted poverty gap M1"}
	case AdjustedGap2:
		return errs.Text{ZH: "多维贫困强度指数 M2", EN: "Adjusted squared gap M2"}
	case Uncensored:
		return errs.Text{ZH: "「" + of + "」剥夺率", EN: "Uncensored headcount of " + of}
	case Censored:
		return errs.Text{ZH: "贫困人口的「" + of + "」剥夺率", EN: "Censored headcount of " + of}
	case Contribution:
		return errs.Text{ZH: "「" + of + "」对 M0 的贡献", EN: "Contribution of " + of + " to M0"}
	}
	return errs.Text{ZH: "该组对 M0 的贡献", EN: "Contribution of the group to M0"}
}

// conventions are the names of what made the value.
func (q *Query) conventions(s *Sample) map[string]string {
	dimensions := make([]string, len(s.Dimensions))
	for i, d := range s.Dimensions {
		dimensions[i] = fmt.Sprintf("%s%s:%g", d.Name, d.Cutoff, d.Weight)
	}
	return map[string]string{
		"missing": q.Missing, "cutoff": fmt.Sprintf("c>=%g", q.Cutoff), "dimensions": strings.Join(dimensions, " "),
	}
}
