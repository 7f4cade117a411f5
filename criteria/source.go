package criteria

import "liandong/errs"

// Source is where an answer comes from: the revision of the register that brought it.
type Source struct {
	Revision string    `json:"revision"`
	Valid    string    `json:"valid"` // the day from which it holds, 2015-06-01
	Event    errs.Text `json:"event"` // why there is such a revision: a visit, a correction, a workbook
	Source   string    `json:"source,omitempty"`
}

// Text is the source in a few words: 2015-06-01 走访.
func (s *Source) Text() errs.Text {
	t := errs.Text{ZH: s.Valid + " " + s.Event.ZH, EN: s.Valid + ", " + s.Event.EN}
	if s.Source != "" {
		t.ZH += "，" + s.Source
		t.EN += ", " + s.Source
	}
	return t
}

// SetSources tells where the answers come from, as far as the caller knows; nil for an answer without a source. An answer that is missing has
// none. It is called before Hide, which takes the sources of hidden answers away.
func (x *Explanation) SetSources(of func(path string) *Source) {
	set := func(reads []ExplainedAnswer) {
		for i := range reads {
			if reads[i].Known {
				reads[i].Source = of(reads[i].Path)
			}
		}
	}
	for i := range x.Indicators {
		for k := range x.Indicators[i].Parts {
			set(x.Indicators[i].Parts[k].Reads)
		}
	}
	for i := range x.Bars {
		set(x.Bars[i].Reads)
	}
	set(x.Poor.Reads)
}

// Since is one thing that was different when the record was evaluated before.
type Since struct {
	What   errs.Text `json:"what"`
	Before errs.Text `json:"before"`
	After  errs.Text `json:"after"`
}

// Text is the difference in a sentence.
func (s *Since) Text() errs.Text {
	return errs.Text{ZH: s.What.ZH + "：上次" + s.Before.ZH + "，这次" + s.After.ZH + "。", EN: s.What.EN + ": " + s.Before.EN + " before, " + s.After.EN + " now."}
}
