package access

import (
	"context"
	"time"

	"liandong/errs"
	"liandong/internal/db"
)

// Sessions keeps what scs.SessionManager stores, in the city's database. Only the hash of a session's token is kept.
type Sessions struct{ db *db.DB }

// NewSessions is the store of sessions over an open database.
func NewSessions(d *db.DB) *Sessions { return &Sessions{d} }

// FindCtx gives a session's data; not found once it has expired. It is part of scs.CtxStore, as the other methods are.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT data FROM session WHERE token_hash = ? AND expires_at > ?`, hashOf(token), tx.Now()).Scan(&data)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		found = err == nil
		return err
	})
	return data, found, err
}

// CommitCtx writes a session and takes away those that have expired.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM session WHERE expires_at <= ? OR token_hash = ?`, tx.Now(), hashOf(token)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO session (token_hash, data, expires_at) VALUES (?, ?, ?)`, hashOf(token), data, expiry)
		return err
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM session WHERE token_hash = ?`, hashOf(token))
		return err
	})
}

// Find, Commit and Delete are the same without a context, which the interface of scs asks for and its manager does not use.

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
