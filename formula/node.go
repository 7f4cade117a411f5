package formula

import "liandong/errs"

// Op is what a node does. The table of package comment eval.go says how each treats the unknown.
type Op uint8

// The operations. Booleans are three-valued (strict Kleene), numbers are float64 or unknown.
const (
	OpConst     Op = iota + 1 // Num, Bool (0/1), Text or Date as stored in the node
	OpField                   // an answer of the record at Level
	OpParameter               // Inputs.Parameters[Index]
	OpAsOf                    // Inputs.AsOf, a date
	OpScore                   // Inputs.Score, an interval; only compared
	OpNot
	OpAnd // two operands
	OpOr
	OpAdd
	OpSub
	OpMul
	OpDiv // by zero: unknown
	OpNeg
	OpMin2 // min(a, b)
	OpMax2
	OpLess // numbers and dates; Greater is Less with the operands exchanged
	OpLessEqual
	OpEqual     // numbers, dates, texts, booleans, codes of one list
	OpIf        // condition ? a : b
	OpCodeIn    // the Code operand is one of Mask
	OpCodesHave // the Codes operand has any of Mask
	OpCodesSize // how many codes hold
	OpYears     // completed years from the first date to the second
	OpExists    // Kleene or of Pred over the list at Index of the record at Level
	OpAll       // Kleene and
	OpCount     // how many items meet Pred; all of them where Pred is nil
	OpSum       // exact sum of the field Item over the items that meet Pred
	OpLeast     // least of the field Item; unknown for no items
	OpGreatest
)

// ValueType is the type of a node's value.
type ValueType uint8

// The types of values.
const (
	TypeBool ValueType = iota + 1
	TypeNum
	TypeCode
	TypeCodes
	TypeDate
	TypeText
	TypeScore // an interval of numbers
)

// Node is one operation of a checked formula. Nodes are shared: equal operations of one Builder are one node, so that each is computed once.
// Nodes never change after they are built.
type Node struct {
	ID   int // its place in Builder.Nodes; operands come before
	Op   Op
	Type ValueType
	Args []*Node

	Level  int     // OpField: which record, 0 the outermost; list operations: which record holds the list. Items are one level deeper than Inner-1
	Index  int     // OpField and list operations: the field in its schema; OpParameter: the parameter
	Schema *Schema // OpField and list operations: the schema of that record
	Mask   uint64  // OpCodeIn, OpCodesHave: bit n for the code numbered n
	Num    float64 // OpConst; dates as days, booleans as 0 and 1
	Text   string  // OpConst of TypeText

	Inner  int   // list operations: the level of the items
	Pred   *Node // list operations: the predicate over an item, nil for none
	Item   int   // OpSum, OpLeast, OpGreatest: the item's Number field
	Depth  int   // the deepest level the node reads; 0 where it depends on the outermost record alone
	Scored bool  // reads the score, which is there only after the parts
	Span   Position

	cost float64 // steps for one record: see cost.go
}

// Field is the schema's field that the node reads.
func (n *Node) Field() *Field { return &n.Schema.Fields[n.Index] }

// Position is where a text stands: line and column from 1, in the document the formula was read from.
type Position struct{ Line, Column int }

// Limits that keep a formula answerable within a person's patience, whatever somebody types.
const (
	maxText  = 4000    // characters of one formula: the longest of the shipped documents has 400
	maxDeep  = 60      // brackets and operators within each other: the parser's own stack
	maxWhole = 1 << 53 // whole numbers that a float64 tells apart from their neighbours
	maxNodes = 2000    // operations of one document
	maxLists = 2       // comprehensions within each other: households × members × members is the most that is ever needed
)

// Parameter is a named number of a document.
type Parameter struct {
	Name  string
	Title errs.Text
}
