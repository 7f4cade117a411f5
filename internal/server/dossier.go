package server

import (
	"github.com/google/uuid"

	"liandong/errs"
)

// closing names the dossier that is written on, the entry, and the version that was read.
type closing struct {
	id, entry uuid.UUID
	version   int64
}

func closingOf(dossier string, what errs.Text, entry, ifMatch string) (k closing, err error) {
	if k.id, err = id(dossier, what); err != nil {
		return k, err
	}
	if k.entry, err = entryID(entry); err != nil {
		return k, err
	}
	k.version, err = versionOf(ifMatch)
	return k, err
}
