// Package house holds the tests of the house itself: which floor a package stands on and what it may import, names, state, comments,
// migrations and what must never be in a tracked file. Each rule carries its reason, and is shown to fail on a small tree of its own.
//
// It has no code for others, imports nothing of the project and is imported by nothing.
package house
