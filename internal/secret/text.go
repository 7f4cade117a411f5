package secret

import "fmt"

// SealText encrypts what belongs to no household, such as an account's second factor. The purpose is bound to it: a text that was moved to
// another account does not open. Its key hangs on the root that Rewrap leaves as it is.
func (v *Vault) SealText(purpose string, plain []byte) ([]byte, error) {
	s, err := v.textSealer(v.suite)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 1+nonceSize, 1+nonceSize+len(plain)+tagSize)
	sealed[0] = byte(v.suite)
	if err := v.read(sealed[1:]); err != nil {
		return nil, err
	}
	return s.aead.Seal(sealed, sealed[1:], plain, []byte(purpose)), nil
}

// OpenText decrypts what SealText gave for the purpose.
func (v *Vault) OpenText(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+nonceSize+tagSize {
		return nil, ErrForged
	}
	s, err := v.textSealer(Suite(sealed[0]))
	if err != nil {
		return nil, err
	}
	plain, err := s.aead.Open(nil, sealed[1:1+nonceSize], sealed[1+nonceSize:], []byte(purpose))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrForged, purpose)
	}
	return plain, nil
}

func (v *Vault) textSealer(s Suite) (*sealer, error) {
	key, err := v.master.derive("text", s)
	if err != nil {
		return nil, err
	}
	return newSealer(s, key)
}
