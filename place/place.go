// Package place holds the divisions of China to the village: stable ids, dated codes and names, and what is near a misspelt name.
//
// It is the uppermost room of the ground floor.
package place
