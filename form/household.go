package form

import (
	_ "embed"
	"sync"
)

//go:embed documents/household@2015.yaml
var household2015 []byte

// Household is the household register form household@2015, read once.
var Household = sync.OnceValue(func() *Form {
	f, err := Parse(household2015)
	if err != nil {
		panic(err) // the document is part of the program and read by every test
	}
	return f
})
