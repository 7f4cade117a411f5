package demo

import (
	"context"
	"encoding/binary"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/casework"
	"liandong/internal/problem"
	"liandong/internal/strategy"
	"liandong/place"
)

// Followers are the rooms into which the demonstration writes what is followed up.
type Followers struct {
	Problems *problem.Room
	Cases    *casework.Room
	Strategy *strategy.Room
}

// Investor is the account of the demonstration's investor.
const Investor = "demo-investor"

// followUp is one act on one matter of the demonstration, all of which is invented.
type followUp struct {
	matter int
	who    int // 0 the office, 1 another who verifies, 2 the investor
	on     day.Date
	act    string
	words  problem.Act
	papers casework.Act
}

// numbered are ids that follow from the seed: the sort of matter, its number and the step.
func (c *City) numbered(sort byte, matter, step int) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], mixed(c.plan.Seed^uint64(sort)<<56^uint64(matter)<<16^uint64(step)))
	binary.BigEndian.PutUint64(id[8:], mixed(uint64(matter)<<32|uint64(step)<<8|uint64(sort)))
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80 // a UUIDv7 by its marks, so that it sorts with others
	return id
}

// lastHour is later on the last day than anything that the other rooms write.
const lastHour = 20

// FollowUp writes problems, supervised decisions, investors' cases and values of indicators, each with the day on which it happened.
func (c *City) FollowUp(ctx context.Context, rooms Followers, clock *Clock) error {
	defer clock.Run()
	clock.Set(at(LastDay(), lastHour)) // the log of a county goes forward in time: what came in on paper during the year is entered after everything else
	everywhere := access.Console("").Grants
	people := []access.Actor{{ID: "demo", Name: "演示经办", Grants: everywhere}, {ID: "demo-verifier", Name: "演示核实", Grants: everywhere}, {ID: Investor, Name: "演示投资方", Grants: []access.Grant{{Role: access.Investor, Territory: Baoding}}}}
	versions := map[[2]int]int64{}
	next := func(sort byte, matter int) (id, entry uuid.UUID, version int64) {
		key := [2]int{int(sort), matter}
		version = versions[key]
		versions[key]++
		return c.numbered(sort, matter, 0), c.numbered(sort, matter, 1+int(version)), version
	}
	for _, f := range problemsOfTheYear() {
		id, entry, version := next('p', f.matter)
		if _, err := rooms.Problems.Write(ctx, people[f.who], f.on, problem.Writing{Entry: entry, ID: id, Division: demoPlace(f.matter), Version: version, Act: f.act, On: f.on, Body: f.words}); err != nil {
			return errs.Wrap("demo.FollowUp", err)
		}
	}
	for _, f := range decisionsOfTheYear() {
		id, entry, version := next('d', f.matter)
		if _, err := rooms.Problems.WriteDecision(ctx, people[f.who], f.on, problem.Writing{Entry: entry, ID: id, Division: Baoding, Version: version, Act: f.act, On: f.on, Body: f.words}); err != nil {
			return errs.Wrap("demo.FollowUp", err)
		}
	}
	for _, f := range casesOfTheYear(rooms.Cases.Catalogue().Documents) {
		id, entry, version := next('c', f.matter)
		if _, err := rooms.Cases.Write(ctx, people[f.who], f.on, casework.Writing{Entry: entry, ID: id, Division: demoPlace(f.matter), Version: version, Act: f.act, On: f.on, Body: f.papers}); err != nil {
			return errs.Wrap("demo.FollowUp", err)
		}
	}
	for i, e := range enteredValues() {
		if err := rooms.Strategy.Enter(ctx, people[0], LastDay(), c.numbered('v', i, 0), e); err != nil {
			return errs.Wrap("demo.FollowUp", err)
		}
	}
	return nil
}

// demoPlace spreads matters over a few counties.
func demoPlace(matter int) place.ID {
	places := []place.ID{Focus, 130633_000000, 130681_000000, 130684_000000, 130630_000000}
	return places[matter%len(places)]
}

func problemsOfTheYear() []followUp {
	start := day.MustOf(2015, 3, 2)
	titles := []string{"演示：园区道路未接通", "演示：征地补偿未到位", "演示：变电站未送电", "演示：环评批复滞后", "演示：配套资金未到", "演示：入统材料不全", "演示：施工许可未办", "演示：供水管线缺口"}
	kinds := []string{"supply", "land", "supply", "approval", "money", "statistics", "approval", "supply"}
	var all []followUp
	for i, title := range titles {
		on := start.AddDays(30 * i)
		add := func(who, days int, act string, a problem.Act) {
			all = append(all, followUp{matter: i, who: who, on: on.AddDays(days), act: act, words: a})
		}
		add(0, 0, problem.ActFound, problem.Act{Kind: kinds[i], Title: title, Words: "现场核查时发现（演示数据）"})
		if i == len(titles)-1 {
			continue
		}
		add(0, 3, problem.ActStudied, problem.Act{Words: "前期手续衔接不上"})
		add(0, 5, problem.ActAssigned, problem.Act{Office: []string{"交通运输局", "国土资源局", "供电公司", "环境保护局", "财政局", "统计局", "住房城乡建设局"}[i], Supporting: []string{"发展改革委"}, Due: on.AddDays(35)})
		if i < 5 {
			add(0, 28, problem.ActSolved, problem.Act{Words: "已完成", Evidence: []problem.Evidence{{Name: "现场照片（演示）", On: on.AddDays(27)}}})
		}
		if i < 4 {
			add(1, 30, problem.ActClosed, problem.Act{Prevention: "开工前先核对配套条件"})
		}
	}
	return all
}

func decisionsOfTheYear() []followUp {
	titles := []string{"演示：修通省界断头路", "演示：建立项目月报制度", "演示：园区污水厂年底通水", "演示：清理拖欠的配套资金"}
	var all []followUp
	for i, title := range titles {
		on := day.MustOf(2015, 6, 1).AddDays(40 * i)
		add := func(who, days int, act string, a problem.Act) {
			all = append(all, followUp{matter: i, who: who, on: on.AddDays(days), act: act, words: a})
		}
		add(0, 0, problem.ActFiled, problem.Act{Title: title, Source: "市政府常务会议（演示）"})
		add(0, 2, problem.ActGiven, problem.Act{Office: []string{"交通运输局", "发展改革委", "住房城乡建设局", "财政局"}[i], Due: on.AddDays(60)})
		if i < 2 {
			add(0, 50, problem.ActReported, problem.Act{Words: "已落实", Evidence: []problem.Evidence{{Name: "验收单（演示）", On: on.AddDays(49)}}})
			add(1, 55, problem.ActVerified, problem.Act{})
		}
		if i == 0 {
			add(1, 56, problem.ActEnded, problem.Act{})
		}
	}
	return all
}

func casesOfTheYear(papers []casework.Paper) []followUp {
	titles := map[string]string{}
	for i := range papers {
		titles[papers[i].Code] = papers[i].Title.ZH
	}
	handed := func(on day.Date, codes ...string) (all []casework.Handed) {
		for _, code := range codes {
			all = append(all, casework.Handed{Code: code, Name: "演示：" + titles[code], On: on})
		}
		return all
	}
	first, second, third := day.MustOf(2015, 4, 7), day.MustOf(2015, 6, 8), day.MustOf(2015, 11, 9)
	return []followUp{
		{0, 2, first, casework.ActApplied, problem.Act{}, casework.Act{Matter: "filing", Title: "演示：新材料厂备案", Documents: handed(first, "licence", "identity", "plan")}},
		{0, 0, first.AddDays(1), casework.ActAccepted, problem.Act{}, casework.Act{}},
		{0, 0, first.AddDays(2), casework.ActDone, problem.Act{}, casework.Act{Step: "check"}},
		{0, 0, first.AddDays(6), casework.ActDone, problem.Act{}, casework.Act{Step: "file"}},
		{0, 2, first.AddDays(7), casework.ActRated, problem.Act{}, casework.Act{Rating: 5, Words: "办得快"}},
		{1, 2, second, casework.ActApplied, problem.Act{}, casework.Act{Matter: "construction", Title: "演示：新材料厂开工审批", Documents: handed(second, "deed")}},
		{1, 0, second.AddDays(1), casework.ActReturned, problem.Act{}, casework.Act{Missing: []string{"drawings", "safety"}}},
		{1, 2, second.AddDays(8), casework.ActSupplied, problem.Act{}, casework.Act{Documents: handed(second.AddDays(7), "drawings", "safety")}},
		{1, 0, second.AddDays(9), casework.ActAccepted, problem.Act{}, casework.Act{}},
		{1, 0, second.AddDays(10), casework.ActDone, problem.Act{}, casework.Act{Step: "check"}},
		{1, 0, second.AddDays(25), casework.ActDone, problem.Act{}, casework.Act{Step: "planning"}},
		{1, 0, second.AddDays(30), casework.ActStopped, problem.Act{}, casework.Act{Reason: "hearing", Words: "环评公示"}},
		{1, 0, second.AddDays(50), casework.ActResumed, problem.Act{}, casework.Act{}},
		{2, 2, third, casework.ActApplied, problem.Act{}, casework.Act{Matter: "supply", Title: "演示：新材料厂通水通电"}},
		{2, 0, third.AddDays(1), casework.ActAccepted, problem.Act{}, casework.Act{}},
		{2, 0, third.AddDays(2), casework.ActDone, problem.Act{}, casework.Act{Step: "check"}},
		{2, 0, third.AddDays(9), casework.ActDone, problem.Act{}, casework.Act{Step: "water"}},
	}
}

// enteredValues are invented, and their source says so.
func enteredValues() []strategy.Entered {
	var all []strategy.Entered
	const source = "演示数据（虚构）"
	for i, year := range []int{2013, 2014, 2015} {
		on := day.MustOf(year, 12, 30)
		if year > 2013 {
			all = append(all, strategy.Entered{Indicator: "urbanisation", On: on, Value: 44.5 + float64(i), Source: source})
		}
	}
	return append(all,
		strategy.Entered{Indicator: "urbanisation", Peer: "甲市（演示）", On: day.MustOf(2015, 12, 30), Value: 51.2, Source: source},
		strategy.Entered{Indicator: "urbanisation", Peer: "乙市（演示）", On: day.MustOf(2015, 12, 30), Value: 48.7, Source: source},
	)
}
