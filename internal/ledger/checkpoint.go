package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liandong/errs"
	"liandong/internal/db"
)

// checkpointTitle is the first line of a checkpoint's text, version included.
const checkpointTitle = "liandong city checkpoint v1"

// Checkpoint is what the city's log was at one moment: all trees, their sizes and roots. Kept elsewhere, it proves later that nothing
// before it was changed or cut off.
type Checkpoint struct {
	City  string // code and name, one line
	At    time.Time
	Heads []Head
}

// Sign reads all heads in one snapshot and gives the signed checkpoint as a note of package note. Its text is the title, the city, the moment,
// and a line for every tree: division id, size, root in base64.
func Sign(tx *db.Tx, key *Key, city string) ([]byte, error) {
	heads, err := Heads(tx)
	if err != nil {
		return nil, errs.Wrap("ledger.Sign", err)
	}
	c := Checkpoint{City: oneLine(city), At: tx.Now(), Heads: heads}
	signed, err := note.Sign(&note.Note{Text: c.text()}, key.signer)
	return signed, errs.Wrap("ledger.Sign", err)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (c *Checkpoint) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n", checkpointTitle, c.City, c.At.UTC().Format(time.RFC3339Nano))
	for _, h := range c.Heads {
		fmt.Fprintf(&b, "%d %d %s\n", h.Tree, h.Size, h.Root)
	}
	return b.String()
}

// ReadCheckpoint checks the signature of a checkpoint with the verifying key and reads it.
func ReadCheckpoint(signed []byte, verifier string) (*Checkpoint, error) {
	v, err := note.NewVerifier(strings.TrimSpace(verifier))
	if err != nil {
		return nil, errs.New(errs.Invalid, "ledger.ReadCheckpoint", "验证公钥看不懂。请使用与签名密钥一同生成的公钥文件。",
			"The verifying key cannot be read. Use the public key file that was made together with the signing key.").Because(err)
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return nil, errs.New(errs.Invalid, "ledger.ReadCheckpoint", "校验点的签名不对：文件被改动过，或不是用这个城市的密钥签的。",
			"The checkpoint's signature is wrong: the file was changed, or it was not signed with this city's key.").Because(err)
	}
	return parseCheckpoint(n.Text)
}

func parseCheckpoint(text string) (*Checkpoint, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || lines[0] != checkpointTitle {
		return nil, unreadableCheckpoint()
	}
	at, err := time.Parse(time.RFC3339Nano, lines[2])
	if err != nil {
		return nil, unreadableCheckpoint()
	}
	c := &Checkpoint{City: lines[1], At: at}
	for _, line := range lines[3:] {
		h, err := parseHead(line)
		if err != nil {
			return nil, err
		}
		c.Heads = append(c.Heads, h)
	}
	return c, nil
}

func parseHead(line string) (Head, error) {
	fields := strings.Split(line, " ")
	if len(fields) != 3 {
		return Head{}, unreadableCheckpoint()
	}
	tree, err1 := strconv.ParseInt(fields[0], 10, 64)
	size, err2 := strconv.ParseInt(fields[1], 10, 64)
	root, err3 := tlog.ParseHash(fields[2])
	if err1 != nil || err2 != nil || err3 != nil || size < 0 {
		return Head{}, unreadableCheckpoint()
	}
	return Head{tree, size, root}, nil
}

func unreadableCheckpoint() error {
	return errs.New(errs.Invalid, "ledger.ReadCheckpoint", "这个文件不是本程序的校验点。", "This file is not a checkpoint of this program.")
}
