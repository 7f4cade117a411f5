package portfolio

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/figure"
	"liandong/money"
	"liandong/place"
)

// overview is what figures of agreements and rates look at: everything of a division at a moment.
type overview struct {
	*view

	scope         access.Scope
	at            Moment
	states        []*State               // within the scope
	signed        []standing[*Agreement] // within the scope, signed and not terminated
	organisations map[ID]*Organisation
	ofAgreement   map[ID][]ID // its projects
	ofGroup       map[ID][]ID // projects of an organisation
}

func (v *view) overview(q figure.Query) *overview {
	o := v.overviewOf(q.Scope.Within(q.Division), Moment{q.AsOf, q.KnownAt})
	o.states = o.within(o.scope)
	for _, a := range o.agreements {
		if o.holds(a.Document) {
			o.signed = append(o.signed, a)
		}
	}
	return o
}

// overviewAt is the overview without its lists: a page of one noun needs none of the others.
func (r *Room) overviewAt(tx *db.Tx, scope access.Scope, m Moment) (*overview, error) {
	v, err := r.viewAt(tx, m)
	if err != nil {
		return nil, err
	}
	return v.overviewOf(scope, m), nil
}

func (v *view) overviewOf(scope access.Scope, m Moment) *overview {
	return &overview{view: v, scope: scope, at: m, organisations: v.byOrganisation, ofAgreement: v.links[AgreementKind], ofGroup: v.links[OrganisationKind]}
}

// holds reports whether an agreement lies in the scope, is signed and not terminated.
func (o *overview) holds(a *Agreement) bool {
	return o.scope.Contains(a.Division) && a.signedAt(o.at)
}

// projects are the states of an agreement's or organisation's projects that lie in the division.
func (o *overview) projects(ids []ID) []*State {
	var all []*State
	for _, id := range ids {
		if s := o.byProject[id]; s != nil && o.scope.Contains(s.Division) {
			all = append(all, s)
		}
	}
	return all
}

func (r *Room) agreementFigures() []figure.Entry {
	return []figure.Entry{
		r.published(figure.Entry{
			Name: "cooperation_agreements", Title: errs.Text{ZH: "合作协议", EN: "Cooperation agreements"}, Unit: errs.Text{ZH: "项", EN: "agreements"}, Status: figure.Done,
			Definition: errs.Text{ZH: "到该日已签订、未终止的合作协议；项目签约不是合作协议，不计。", EN: "Cooperation agreements signed by the day and not terminated; signings of projects are none."},
		}, cooperationAgreements),
		r.published(figure.Entry{
			Name: "signing_groups", Title: errs.Text{ZH: "签约央企集团", EN: "Central state-owned groups that signed"}, Unit: errs.Text{ZH: "家", EN: "groups"}, Status: figure.Done,
			Definition: errs.Text{ZH: "到该日签订合作协议、未终止的央企集团，一家签几项协议也只计一次。", EN: "Central state-owned groups that are a party to a cooperation agreement signed by the day and not terminated, each once however many it signed."},
		}, signingGroups),
		r.published(figure.Entry{
			Name: "coordinated_investment", Title: errs.Text{ZH: "协同项目总投资", EN: "Investment of the coordinated projects"}, Unit: inMoney, Decimals: 2, Status: figure.Done,
			Definition: errs.Text{
				ZH: "京津保协同项目按计数规则计一次的投资额之和（第一种读法：只含项目）。是签约口径的投资，不是完成投资；各行写明是总投资、投资还是协议额。一次签约只有合计数的，按该次签约计一次。",
				EN: "Investment of the coordinated projects, each counted once by the counting rules (the first reading: the projects alone). It is what was signed, not what was carried out; every row says whether it is total investment, investment or the amount of an agreement. A signing that states only a sum counts once, at the signing.",
			},
		}, func(v *view, q figure.Query) figure.Value { return r.investment(v, q, false) }),
		r.published(figure.Entry{
			Name: "coordinated_investment_with_agreements", Title: errs.Text{ZH: "协议和项目投资合计", EN: "Investment of agreements and projects together"}, Unit: inMoney, Decimals: 2, Status: figure.Done,
			Definition: errs.Text{
				ZH: "第二种读法：协同项目投资，加上合作协议额中尚未落到项目的部分。同一笔钱不重复计：协议的项目已计入的，从协议额中减去。",
				EN: "The second reading: the investment of the coordinated projects, and what of the cooperation agreements' amounts has not become projects. No money counts twice: what an agreement's projects carry is taken off its amount.",
			},
		}, func(v *view, q figure.Query) figure.Value { return r.investment(v, q, true) }),
	}
}

func cooperationAgreements(v *view, q figure.Query) figure.Value {
	o := v.overview(q)
	p := newProof(q, false)
	for _, a := range o.signed {
		if a.Document.Kind == cooperation {
			p.add(1, a.Document.Division, func() figure.Row {
				return figure.Row{ID: a.ID.String(), Kind: string(AgreementKind), Division: a.Document.Division, Label: a.Document.Name + "（" + a.Document.signedWords() + "）"}
			})
		}
	}
	return p.value()
}

func (a *Agreement) signedWords() string {
	if a.NoLaterThan {
		return "不晚于 " + a.Signed.String() + " 签订"
	}
	return a.Signed.String() + " 签订"
}

func signingGroups(v *view, q figure.Query) figure.Value {
	o := v.overview(q)
	signed := map[ID]int{}
	var order []ID
	for _, a := range o.signed {
		if a.Document.Kind != cooperation {
			continue
		}
		for _, party := range a.Document.Parties {
			if g := o.organisations[party.Organisation]; g == nil || g.Kind != centralGroup {
				continue
			}
			if signed[party.Organisation] == 0 {
				order = append(order, party.Organisation)
			}
			signed[party.Organisation]++
		}
	}
	p := newProof(q, false)
	for _, id := range order {
		g := o.organisations[id]
		p.add(1, g.Division, func() figure.Row {
			return figure.Row{ID: id.String(), Kind: string(OrganisationKind), Division: g.Division, Label: fmt.Sprintf("%s（%d 项协议）", g.Name, signed[id])}
		})
	}
	return p.value()
}

// investment adds the counted money of the coordinated projects and of signings that were not split; for the second reading also what of the
// agreements has not become projects.
func (r *Room) investment(of *view, q figure.Query, agreements bool) figure.Value {
	o := of.overview(q)
	p := newProof(q, true)
	byBasis := map[string]money.Fen{}
	carried := o.carried()
	unknown := 0
	for i := range o.states {
		s := o.states[i]
		switch {
		case s.Programme != coordination || !s.Counted:
		case s.Amount == nil && !carried[s.Project]:
			unknown++
		case s.Amount != nil:
			byBasis[s.Basis] += *s.Amount
			p.add(*s.Amount, s.Division, func() figure.Row {
				return figure.Row{ID: s.Project.String(), Kind: string(ProjectKind), Division: s.Division, Label: fmt.Sprintf("%s（%s，%s，%s）", s.Name, basisWords(s.Basis), s.counted(), r.counting.ID)}
			})
		}
	}
	for _, a := range o.signed {
		rule := &r.counting.Unsplit
		if a.Document.Kind == cooperation {
			rule = &r.counting.Remainder
		}
		if a.Document.Kind == cooperation && !agreements || !rule.covers(a.Document.Kind) {
			continue
		}
		if rest := unsplit(a.Document, o.coordinated(o.ofAgreement[a.ID])); rest != nil {
			byBasis[a.Document.Basis] += *rest
			p.add(*rest, a.Document.Division, func() figure.Row {
				return figure.Row{ID: a.ID.String(), Kind: string(AgreementKind), Division: a.Document.Division, Label: fmt.Sprintf("%s（%s，%s；%s）", a.Document.Name, basisWords(a.Document.Basis), a.Document.signedWords(), rule.Text.ZH)}
			})
		}
	}
	v := p.value()
	v.Notes = append(append(basisNotes(byBasis), unknownNote(unknown)...), p.unlocated(r.city)...)
	return v
}

// coordinated are the states of those projects that stand on the coordination list.
func (o *overview) coordinated(ids []ID) []*State {
	var all []*State
	for _, s := range o.projects(ids) {
		if s.Programme == coordination {
			all = append(all, s)
		}
	}
	return all
}

// carried says of which projects the money stands at a signing that was not split.
func (o *overview) carried() map[ID]bool {
	all := map[ID]bool{}
	for _, a := range o.signed {
		projects := o.coordinated(o.ofAgreement[a.ID])
		if a.Document.Kind != projectSigning || unsplit(a.Document, projects) == nil {
			continue
		}
		for _, s := range projects {
			all[s.Project] = true
		}
	}
	return all
}

func (rule *AgreementRule) covers(kind string) bool { return slices.Contains(rule.Agreements, kind) }

func basisWords(basis string) string {
	if basis == "" {
		return "口径未写明"
	}
	return Bases().Title(basis).ZH
}

// basisNotes tell how much of a sum is which amount.
func basisNotes(by map[string]money.Fen) []errs.Text {
	var zh, en []string
	for _, c := range append(Bases(), Choice{"", errs.Text{ZH: "口径未写明", EN: "basis not stated"}}) {
		if n := by[c.Code]; n > 0 {
			words := inHundredM(n)
			zh, en = append(zh, c.Title.ZH+" "+words), append(en, c.Title.EN+" "+words)
		}
	}
	if len(zh) < 2 {
		return nil
	}
	return []errs.Text{{ZH: "按口径分：" + strings.Join(zh, "，") + "（亿元）。", EN: "By basis: " + strings.Join(en, ", ") + " (100 million yuan)."}}
}

// inHundredM writes an amount in 亿元 with its two decimals, or as many as it needs.
func inHundredM(n money.Fen) string {
	s := strconv.FormatFloat(float64(n)/float64(money.HundredM), 'f', -1, 64)
	if whole, decimals, _ := strings.Cut(s, "."); len(decimals) < 2 {
		return whole + "." + (decimals + "00")[:2]
	}
	return s
}

func unknownNote(n int) []errs.Text {
	if n == 0 {
		return nil
	}
	return []errs.Text{{ZH: fmt.Sprintf("另有 %d 个已签约项目没有投资额，未计入。", n), EN: fmt.Sprintf("%d signed projects state no amount and add nothing.", n)}}
}

// rateFigures are the three rates of the groups' pages, over a division.
func (r *Room) rateFigures() []figure.Entry {
	rate := func(name string, title, definition errs.Text, of func(o *overview) (above, under float64, rows []rateRow, note []errs.Text)) figure.Entry {
		return r.published(figure.Entry{
			Name: name, Title: title, Unit: inPercent, Decimals: 1, Ratio: percent, Status: figure.Done, Definition: definition,
		}, func(v *view, q figure.Query) figure.Value { return rateOf(v, q, of) })
	}
	return []figure.Entry{
		rate("fulfilment_rate", errs.Text{ZH: "履约率", EN: "Fulfilment rate"}, errs.Text{
			ZH: "合作协议中已有项目签约落地的占全部合作协议的百分比（本地口径）。明细逐项列出协议，1 为已落地，0 为尚未。",
			EN: "Share of the cooperation agreements that have led to at least one signed project (local definition). The rows list every agreement: 1 where it has, 0 where not.",
		}, (*overview).fulfilment),
		rate("start_rate", errs.Text{ZH: "开工率", EN: "Start rate"}, errs.Text{
			ZH: "已签约协同项目中已经开工的占全部已签约协同项目的百分比；开工以后暂停的仍算开工。明细中 1 为已开工，0 为尚未；只知道现在的阶段而不知道开工日的，按阶段计。",
			EN: "Share of the signed coordinated projects whose work has begun, also where it was suspended later. Rows: 1 where it has, 0 where not.",
		}, (*overview).starts),
		rate("funds_arrival_rate", errs.Text{ZH: "资金到位率", EN: "Share of money arrived"}, errs.Text{
			ZH: "已签约协同项目累计到位资金占计入投资额的百分比，只含既有投资额、又有到位资金月报的项目。明细为各项目的到位资金（亿元）。",
			EN: "Money arrived as a share of the counted investment, over the signed coordinated projects that have both an amount and a report of money arrived. Rows: money arrived, in 100 million yuan.",
		}, (*overview).arrivals),
	}
}

// rateOf divides what a rate adds up, with the records under it as its proof.
func rateOf(in *view, q figure.Query, of func(o *overview) (above, under float64, rows []rateRow, note []errs.Text)) figure.Value {
	above, under, rows, notes := of(in.overview(q))
	if under == 0 {
		return undefined(errs.Text{ZH: "没有可以计算的记录。", EN: "There are no records to compute it from."})
	}
	v := figure.Value{Number: percent * above / under, Numerator: &above, Denominator: &under, RowCount: int64(len(rows)), Notes: notes}
	for _, row := range rows {
		if len(v.Rows) < q.Rows && q.Records.Contains(row.division) {
			v.Rows = append(v.Rows, figure.Row{ID: row.id.String(), Kind: string(row.kind), Division: row.division, Label: row.label, Value: row.value})
		}
	}
	return v
}

const percent = 100

// rateRow is one record under a rate.
type rateRow struct {
	id       ID
	kind     Kind
	division place.ID
	label    string
	value    float64
}

func (o *overview) fulfilment() (above, under float64, rows []rateRow, notes []errs.Text) {
	for _, a := range o.signed {
		if a.Document.Kind != cooperation {
			continue
		}
		fulfilled := 0.0
		for _, s := range o.projects(o.ofAgreement[a.ID]) {
			if s.Counted {
				fulfilled = 1
			}
		}
		above, under = above+fulfilled, under+1
		rows = append(rows, rateRow{a.ID, AgreementKind, a.Document.Division, a.Document.Name, fulfilled})
	}
	return above, under, rows, nil
}

func (o *overview) starts() (above, under float64, rows []rateRow, notes []errs.Text) {
	for i := range o.states {
		s := o.states[i]
		if s.Programme != coordination || !s.Counted {
			continue
		}
		begun := 0.0
		if !s.Started.IsZero() {
			begun = 1
		}
		above, under = above+begun, under+1
		rows = append(rows, rateRow{s.Project, ProjectKind, s.Division, s.Name, begun})
	}
	return above, under, rows, nil
}

func (o *overview) arrivals() (above, under float64, rows []rateRow, notes []errs.Text) {
	left := 0
	for i := range o.states {
		s := o.states[i]
		if s.Programme != coordination || !s.Counted {
			continue
		}
		if s.Amount == nil || s.Arrived == nil {
			left++
			continue
		}
		arrived := float64(*s.Arrived) / float64(money.HundredM)
		above, under = above+arrived, under+float64(*s.Amount)/float64(money.HundredM)
		rows = append(rows, rateRow{s.Project, ProjectKind, s.Division, s.Name, arrived})
	}
	if left > 0 {
		notes = append(notes, errs.Text{ZH: fmt.Sprintf("%d 个项目缺投资额或到位资金，不参与计算。", left), EN: fmt.Sprintf("%d projects lack an amount or a report of money and take no part.", left)})
	}
	return above, under, rows, notes
}
