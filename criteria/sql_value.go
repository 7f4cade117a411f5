package criteria

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/day"
	"liandong/formula"
)

// value is a node's value as SQL, NULL where it is unknown. In a list's subquery the record of level k is the row i<k>.
func (w *sqlWriter) value(n *formula.Node) string {
	if n.Depth == 0 && !atom(n) && (w.uses[n.ID] > 1 || n.Inner > 0 || w.names[n.ID] != "") {
		return w.kept(n)
	}
	return w.text(n)
}

// kept is a value that its user mentions more than once: a column where it is not short.
func (w *sqlWriter) kept(n *formula.Node) string {
	if n.Depth > 0 || atom(n) {
		return w.text(n)
	}
	i, ok := w.byNode[n.ID]
	if !ok {
		name := w.names[n.ID]
		if name == "" {
			name = "value " + strconv.Itoa(n.ID)
		}
		i = w.add(name, func() string { return w.text(n) })
		w.byNode[n.ID] = i
	}
	w.level = max(w.level, w.columns[i].level)
	return "s." + quoteName(w.columns[i].name)
}

// atom reports whether a value is one word.
func atom(n *formula.Node) bool {
	switch n.Op {
	case formula.OpConst, formula.OpField, formula.OpParameter, formula.OpAsOf, formula.OpScore:
		return true
	}
	return false
}

var sqlOperators = map[formula.Op]string{
	formula.OpAnd: "AND", formula.OpOr: "OR", formula.OpAdd: "+", formula.OpSub: "-", formula.OpMul: "*", formula.OpDiv: "/",
	formula.OpLess: "<", formula.OpLessEqual: "<=", formula.OpEqual: "=",
}

func (w *sqlWriter) text(n *formula.Node) string {
	switch n.Op {
	case formula.OpConst:
		return w.constant(n)
	case formula.OpField:
		if n.Level == 0 {
			return w.base(n.Field())
		}
		return w.converted(w.raw(n.Level, n.Field()), n.Field())
	case formula.OpParameter:
		if v := w.inputs.Parameters[n.Index]; v.Known {
			return w.number(v.Num)
		}
		return "CAST(NULL AS " + w.double() + ")"
	case formula.OpAsOf:
		return w.date(w.inputs.AsOf)
	case formula.OpNot:
		return "(NOT " + w.value(n.Args[0]) + ")"
	case formula.OpNeg:
		return "(- " + w.value(n.Args[0]) + ")"
	case formula.OpIf:
		return w.conditional(n)
	case formula.OpMin2, formula.OpMax2:
		return fmt.Sprintf("(SELECT CASE WHEN COUNT(u.x) = 2 THEN %s(u.x) END FROM (SELECT %s AS x UNION ALL SELECT %s) AS u)",
			choose(n.Op == formula.OpMin2, "MIN", "MAX"), w.value(n.Args[0]), w.value(n.Args[1]))
	case formula.OpCodeIn:
		return w.codeIn(n)
	case formula.OpCodesHave:
		return fmt.Sprintf("((%s & %s) <> 0)", w.value(n.Args[0]), w.integer(int64(n.Mask)))
	case formula.OpCodesSize:
		return w.codesSize(n)
	case formula.OpYears:
		return w.years(n)
	case formula.OpExists, formula.OpAll, formula.OpCount, formula.OpSum, formula.OpLeast, formula.OpGreatest:
		return w.overList(n)
	}
	return w.binary(n)
}

// binary is an operator between two values. A comparison with the score, an interval, is known when both ends agree.
func (w *sqlWriter) binary(n *formula.Node) string {
	a, b := n.Args[0], n.Args[1]
	operator := " " + sqlOperators[n.Op] + " "
	switch {
	case a.Op == formula.OpScore:
		x := w.kept(b)
		return w.agreeing(w.end("score_low")+operator+x, w.end("score_high")+operator+x)
	case b.Op == formula.OpScore:
		x := w.kept(a)
		return w.agreeing(x+operator+w.end("score_low"), x+operator+w.end("score_high"))
	case n.Op == formula.OpDiv:
		return w.finite(n, "("+w.value(a)+" / NULLIF("+w.value(b)+", "+w.number(0)+"))")
	case n.Op == formula.OpAdd, n.Op == formula.OpSub, n.Op == formula.OpMul:
		return w.finite(n, "("+w.value(a)+operator+w.value(b)+")")
	case n.Op == formula.OpEqual && a.Type == formula.TypeText:
		return "(" + w.value(a) + operator + w.value(b) + w.binaryCollation() + ")"
	}
	return "(" + w.value(a) + operator + w.value(b) + ")"
}

func (w *sqlWriter) end(name string) string { return w.column(name, nil) }

func (w *sqlWriter) agreeing(low, high string) string {
	return "(CASE WHEN (" + low + ") = (" + high + ") THEN " + low + " END)"
}

// binaryCollation compares texts by their bytes.
func (w *sqlWriter) binaryCollation() string {
	return map[Dialect]string{SQLite: " COLLATE BINARY", Postgres: ` COLLATE "C"`}[w.Dialect] // DuckDB compares so by itself
}

// conditional is a ? b : c, which is known with an unknown condition too where both sides are known and equal. Each side is mentioned once,
// or short.
func (w *sqlWriter) conditional(n *formula.Node) string {
	c, a, b := n.Args[0], n.Args[1], n.Args[2]
	if n.Depth > 0 && (!atom(a) || !atom(b)) {
		least, most := "MIN", "MAX"
		if n.Type == formula.TypeBool && w.Dialect != SQLite {
			least, most = "BOOL_AND", "BOOL_OR"
		}
		return fmt.Sprintf("(SELECT CASE WHEN COUNT(u.x) = COUNT(*) AND %[1]s(u.x) = %[2]s(u.x) THEN %[1]s(u.x) END FROM (SELECT TRUE AS k, %[3]s AS x UNION ALL SELECT FALSE, %[4]s) AS u WHERE COALESCE(u.k = %[5]s, TRUE))",
			least, most, w.value(a), w.value(b), w.value(c))
	}
	first, second := w.kept(a), w.kept(b)
	text := "(CASE " + w.value(c) + " WHEN TRUE THEN " + first + " WHEN FALSE THEN " + second
	if a.Op != formula.OpConst || b.Op != formula.OpConst || a.Num == b.Num {
		text += " ELSE CASE WHEN " + first + " = " + second + " THEN " + first + " END"
	}
	return text + " END)"
}

func (w *sqlWriter) codeIn(n *formula.Node) string {
	v := w.value(n.Args[0])
	var numbers []string
	for _, e := range n.Args[0].Field().Codes {
		if n.Mask&(1<<e.Number) != 0 {
			numbers = append(numbers, strconv.Itoa(e.Number))
		}
	}
	return "(" + v + " IN (" + strings.Join(numbers, ", ") + "))"
}

// codesSize counts the codes that hold.
func (w *sqlWriter) codesSize(n *formula.Node) string {
	v := w.value(n.Args[0])
	bits := []string{"0"}
	for _, e := range n.Args[0].Field().Codes {
		bits = append(bits, fmt.Sprintf("((%s >> %d) & 1)", v, e.Number))
	}
	return "CAST(" + strings.Join(bits, " + ") + " AS " + w.double() + ")"
}

// years is the completed years between two days: the difference of the years, less one before the birthday.
func (w *sqlWriter) years(n *formula.Node) string {
	from, to := w.value(n.Args[0]), w.value(n.Args[1])
	year, dayOfYear := "CAST(EXTRACT(YEAR FROM u.%s) AS INTEGER)", "EXTRACT(MONTH FROM u.%[1]s) * 100 + EXTRACT(DAY FROM u.%[1]s)"
	if w.Dialect == SQLite {
		year, dayOfYear = "CAST(SUBSTR(u.%s, 1, 4) AS INTEGER)", "SUBSTR(u.%s, 6)"
	}
	of := func(what, day string) string { return fmt.Sprintf(what, day) }
	return fmt.Sprintf("(SELECT CAST(%s - %s - CASE WHEN %s < %s THEN 1 ELSE 0 END AS %s) FROM (SELECT %s AS a, %s AS b LIMIT 1) AS u)",
		of(year, "b"), of(year, "a"), of(dayOfYear, "b"), of(dayOfYear, "a"), w.double(), from, to)
}

// overList is a list operation: a count of what holds and what is unknown over the list's records.
func (w *sqlWriter) overList(n *formula.Node) string {
	f := n.Field()
	predicate, item := "TRUE", "0"
	if n.Pred != nil {
		predicate = w.value(n.Pred)
	}
	if takesItem(n) {
		item = w.raw(n.Inner, &f.List.Fields[n.Item])
	}
	const unsure = "COUNT(u.p) < COUNT(*)"
	const lacking = "COUNT(CASE WHEN u.p AND u.v IS NULL THEN 1 END) > 0"
	var result string
	switch n.Op {
	case formula.OpExists:
		result = "CASE WHEN COUNT(CASE WHEN u.p THEN 1 END) > 0 THEN TRUE WHEN " + unsure + " THEN NULL ELSE FALSE END"
	case formula.OpAll:
		result = "CASE WHEN COUNT(CASE WHEN NOT u.p THEN 1 END) > 0 THEN FALSE WHEN " + unsure + " THEN NULL ELSE TRUE END"
	case formula.OpCount:
		result = "CASE WHEN " + unsure + " THEN NULL ELSE " + w.scaled("COUNT(CASE WHEN u.p THEN 1 END)", 0) + " END"
	case formula.OpSum:
		result = "CASE WHEN " + unsure + " OR " + lacking + " THEN NULL ELSE " + w.scaled("COALESCE(SUM(CASE WHEN u.p THEN u.v END), 0)", f.List.Fields[n.Item].Scale) + " END"
	default:
		result = "CASE WHEN " + unsure + " OR " + lacking + " THEN NULL ELSE " +
			w.scaled(choose(n.Op == formula.OpLeast, "MIN", "MAX")+"(CASE WHEN u.p THEN u.v END)", f.List.Fields[n.Item].Scale) + " END"
	}
	return fmt.Sprintf("(CASE WHEN %s IS NOT NULL THEN (SELECT %s FROM (SELECT %s AS p, %s AS v FROM %s) AS u) END)", w.base(f), result, predicate, item, w.items(n))
}

func takesItem(n *formula.Node) bool {
	return n.Op == formula.OpSum || n.Op == formula.OpLeast || n.Op == formula.OpGreatest
}

// items is the FROM of a list's records, those of the row s.
func (w *sqlWriter) items(n *formula.Node) string {
	f := n.Field()
	if n.Level > 0 {
		w.refuse(n.Span, "列表里的列表不能写成 SQL。", "A list within a list is not written as SQL.")
	}
	list := w.base(f)
	if w.Lists == ListTables {
		return fmt.Sprintf("%s AS i%d WHERE i%d.%s = s.%s", quoteName(sqlTable+"_"+f.Path), n.Inner, n.Inner, quoteName("household"), quoteName("household"))
	}
	switch w.Dialect {
	case Postgres:
		return fmt.Sprintf("jsonb_array_elements(%s) AS i%d(value)", list, n.Inner)
	case DuckDB:
		return fmt.Sprintf("(SELECT UNNEST(CAST(%s AS JSON[])) AS value) AS i%d", list, n.Inner)
	}
	return fmt.Sprintf("json_each(%s) AS i%d", list, n.Inner)
}

// raw is the stored value of a field of a list's record.
func (w *sqlWriter) raw(level int, f *formula.Field) string {
	if w.Lists == ListTables {
		return fmt.Sprintf("i%d.%s", level, quoteName(f.Path))
	}
	key := quoteText(`$."` + f.Path + `"`)
	switch w.Dialect {
	case Postgres:
		return fmt.Sprintf("CAST(i%d.value ->> %s AS %s)", level, quoteText(f.Path), w.columnType(f))
	case DuckDB:
		return fmt.Sprintf("CAST(json_extract_string(i%d.value, %s) AS %s)", level, key, w.columnType(f))
	}
	return fmt.Sprintf("json_extract(i%d.value, %s)", level, key)
}

// converted is a stored value as rules read it.
func (w *sqlWriter) converted(raw string, f *formula.Field) string {
	if f.Type != formula.Number {
		return raw
	}
	return w.scaled(raw, f.Scale)
}

// scaled is a whole number of 10^-scale as a double: both are exact, so the one division rounds as ours does.
func (w *sqlWriter) scaled(whole string, scale int) string {
	text := "CAST(" + whole + " AS " + w.double() + ")"
	if scale == 0 {
		return text
	}
	return "(" + text + " / " + w.number(math.Pow10(scale)) + ")"
}

func (w *sqlWriter) double() string {
	return choose(w.Dialect == SQLite, "REAL", "DOUBLE PRECISION")
}

func (w *sqlWriter) constant(n *formula.Node) string {
	switch n.Type {
	case formula.TypeBool:
		return choose(n.Num == 1, "TRUE", "FALSE")
	case formula.TypeDate:
		return w.date(day.FromUnixDays(int(n.Num)))
	case formula.TypeText:
		if strings.ContainsRune(n.Text, 0) {
			w.refuse(n.Span, "文字里有空字符，数据库存不了。", "The text has a NUL, which databases do not hold.")
		}
		return quoteText(n.Text)
	}
	return w.number(n.Num)
}

func (w *sqlWriter) date(d day.Date) string {
	return choose(w.Dialect == SQLite, "", "DATE ") + quoteText(d.String())
}

// number is a double, exactly. SQLite reads up to 15 digits exactly; a longer number is written as the quotient of two whole ones, or their
// product, which are exact.
func (w *sqlWriter) number(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if w.Dialect != SQLite {
		return "CAST('" + strconv.FormatFloat(v, 'g', -1, 64) + "' AS DOUBLE PRECISION)"
	}
	if len(text) <= 16 {
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return choose(v < 0, "("+text+")", text)
	}
	fraction, exponent := math.Frexp(v)
	whole := strconv.FormatFloat(math.Ldexp(fraction, 53), 'f', 1, 64)
	var s strings.Builder
	s.WriteString("(" + whole)
	for exponent -= 53; exponent != 0; {
		step := max(-52, min(52, exponent))
		s.WriteString(choose(step < 0, " / ", " * ") + strconv.FormatFloat(math.Ldexp(1, max(step, -step)), 'f', 1, 64))
		exponent -= step
	}
	return s.String() + ")"
}

func (w *sqlWriter) integer(v int64) string {
	return choose(w.Dialect == SQLite, strconv.FormatInt(v, 10), "CAST('"+strconv.FormatInt(v, 10)+"' AS BIGINT)")
}
