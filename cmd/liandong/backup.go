package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/secret"
	"liandong/place"
)

type backupCommand struct {
	cityFlags
	Out      string `required:"" type:"path" placeholder:"D" help:"备份写到这个新文件夹。 New folder of the backup."`
	WithKeys bool   `help:"连同密钥一起备份。密钥应另行保管：拿到备份和密钥的人能读出一切。 Put the keys into it. They are better kept apart: whoever has both can read everything."`
}

type restoreCommand struct {
	From string `arg:"" type:"existingdir" help:"备份文件夹。 Folder of the backup."`
	Dir  string `required:"" type:"path" placeholder:"D" help:"恢复到这个新文件夹。 New folder of the city."`
	Keys string `type:"existingdir" placeholder:"D" help:"密钥所在的文件夹；备份中有密钥时不用写。 Folder of the keys, where the backup has none."`
}

const (
	manifestFile   = "backup.json"
	checkpointFile = "checkpoint.txt"
)

// manifest says what a backup holds, so that a damaged one is refused.
type manifest struct {
	City    string            `json:"city"`
	Made    time.Time         `json:"made"`
	Program string            `json:"program"`
	Files   map[string]string `json:"files"` // SHA-256 in hexadecimal
}

// backupResult is the --json shape of both commands.
type backupResult struct {
	Folder  string  `json:"folder"`
	City    string  `json:"city"`
	Bytes   int64   `json:"bytes"`
	Keys    bool    `json:"keys"`
	Seconds float64 `json:"seconds"`
}

// Run copies a city's database as of one moment, while it is being served too, with a signed checkpoint of its log.
func (c *backupCommand) Run(ctx context.Context, p *program) error {
	started := time.Now()
	folder, err := c.folder()
	if err != nil {
		return err
	}
	store, err := db.Open(ctx, c.url(), db.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close()
	name, err := cityName(ctx, store)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.Out); err == nil {
		return errs.New(errs.Conflict, "main.backup", "文件夹「"+c.Out+"」已经存在，没有覆盖。请换一个。", "The folder "+c.Out+" is there already and was not overwritten. Choose another.")
	}
	part := c.Out + ".part" // a backup that was cut short never has its name
	if err := os.RemoveAll(part); err != nil {
		return errs.Wrap("main.backup", err)
	}
	if err := os.MkdirAll(part, 0o700); err != nil {
		return errs.New(errs.Unavailable, "main.backup", "不能建立文件夹「"+part+"」。请检查权限。", "The folder "+part+" cannot be made. Check the rights.").Because(err)
	}
	if err := store.Backup(ctx, filepath.Join(part, db.FileName)); err != nil {
		return err
	}
	if err := checkpointOf(ctx, filepath.Join(part, db.FileName), folder, filepath.Join(part, checkpointFile), name); err != nil {
		return err
	}
	files := []string{demoFile}
	if c.WithKeys {
		files = append(files, secret.MasterFile, ledgerKeyFile)
	}
	for _, file := range files {
		if err := copyFile(filepath.Join(folder, file), filepath.Join(part, file)); err != nil && (file != demoFile || !os.IsNotExist(err)) {
			return errs.Wrap("main.backup", err)
		}
	}
	bytes, err := writeManifest(part, manifest{City: name, Made: time.Now().UTC(), Program: versionWords()})
	if err != nil {
		return err
	}
	if err := os.Rename(part, c.Out); err != nil {
		return errs.Wrap("main.backup", err)
	}
	r := backupResult{Folder: c.Out, City: name, Bytes: bytes, Keys: c.WithKeys, Seconds: time.Since(started).Seconds()}
	return p.answer(r, func(w io.Writer) error {
		t := errs.Text{
			ZH: fmt.Sprintf("%s已备份到 %s（%.1f MB，%.1f 秒）。", name, c.Out, float64(bytes)/1e6, r.Seconds),
			EN: fmt.Sprintf("%s is backed up to %s (%.1f MB, %.1f s).", name, c.Out, float64(bytes)/1e6, r.Seconds),
		}
		if !c.WithKeys {
			t.ZH += "密钥 " + secret.MasterFile + " 和 " + ledgerKeyFile + " 不在其中，请另行保管：没有它们，证件号码、电话和账号读不出来。"
			t.EN += " The keys " + secret.MasterFile + " and " + ledgerKeyFile + " are not in it. Keep them elsewhere: without them ID numbers, phones and accounts cannot be read."
		}
		_, err := fmt.Fprintln(w, p.say(t))
		return err
	})
}

// cityName is whose register a store holds.
func cityName(ctx context.Context, store *db.DB) (string, error) {
	places, err := place.Open()
	if err != nil {
		return "", err
	}
	r, err := registry.New(registry.Options{DB: store, Places: places})
	if err != nil {
		return "", err
	}
	id, err := r.City(ctx)
	return places.FullName(id), err
}

// checkpointOf signs the heads of the copy's log, which are those of the moment of the copy.
func checkpointOf(ctx context.Context, copied, keys, out, city string) error {
	signer, err := ledger.OpenKey(filepath.Join(keys, ledgerKeyFile), "liandong", rand.Reader)
	if err != nil {
		return err
	}
	store, err := db.Open(ctx, db.URL(filepath.Dir(copied)), db.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close()
	var signed []byte
	if err := store.Read(ctx, func(tx *db.Tx) error {
		signed, err = ledger.Sign(tx, signer, city)
		return err
	}); err != nil {
		return err
	}
	return errs.Wrap("main.backup", os.WriteFile(out, signed, 0o600))
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}

func digestOf(path string) (digest string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// backupFiles are those that a backup may hold, the manifest aside.
func backupFiles() []string {
	return []string{db.FileName, checkpointFile, demoFile, secret.MasterFile, ledgerKeyFile}
}

func writeManifest(folder string, m manifest) (bytes int64, err error) {
	m.Files = map[string]string{}
	for _, file := range backupFiles() {
		digest, size, err := digestOf(filepath.Join(folder, file))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return 0, errs.Wrap("main.backup", err)
		}
		m.Files[file], bytes = digest, bytes+size
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, manifestFile), text, 0o600)
	}
	return bytes, errs.Wrap("main.backup", err)
}

// Run makes a city from a backup, after comparing every file with what the backup says, and checks its log against the checkpoint that was
// signed when it was made.
func (c *restoreCommand) Run(ctx context.Context, p *program) error {
	started := time.Now()
	m, bytes, err := readBackup(c.From)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.Dir); err == nil {
		return errs.New(errs.Conflict, "main.restore", "文件夹「"+c.Dir+"」已经存在，没有覆盖。请换一个。", "The folder "+c.Dir+" is there already and was not overwritten. Choose another.")
	}
	keys := c.Keys
	if _, inside := m.Files[secret.MasterFile]; inside && keys == "" {
		keys = c.From
	}
	if keys == "" {
		return errs.New(errs.Usage, "main.restore", "备份里没有密钥。请用 --keys 指明密钥文件夹。", "The backup holds no keys. Name their folder with --keys.")
	}
	part := c.Dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return errs.Wrap("main.restore", err)
	}
	if err := os.MkdirAll(part, 0o700); err != nil {
		return errs.New(errs.Unavailable, "main.restore", "不能建立文件夹「"+part+"」。请检查权限。", "The folder "+part+" cannot be made. Check the rights.").Because(err)
	}
	for file, from := range map[string]string{db.FileName: c.From, demoFile: c.From, secret.MasterFile: keys, ledgerKeyFile: keys} {
		err := copyFile(filepath.Join(from, file), filepath.Join(part, file))
		if os.IsNotExist(err) && file == demoFile {
			continue
		}
		if err != nil {
			return errs.New(errs.NotFound, "main.restore", "读不到「"+filepath.Join(from, file)+"」。", filepath.Join(from, file)+" cannot be read.").Because(err)
		}
	}
	if err := p.restored(ctx, part, filepath.Join(c.From, checkpointFile)); err != nil {
		return err
	}
	if err := os.Rename(part, c.Dir); err != nil {
		return errs.Wrap("main.restore", err)
	}
	r := backupResult{Folder: c.Dir, City: m.City, Bytes: bytes, Keys: true, Seconds: time.Since(started).Seconds()}
	return p.answer(r, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, p.say(errs.Text{
			ZH: fmt.Sprintf("%s已恢复到 %s，日志与备份时的检查点相符（备份于 %s）。", m.City, c.Dir, m.Made.Format(time.DateTime)),
			EN: fmt.Sprintf("%s is restored to %s; its log agrees with the checkpoint of the backup, made %s UTC.", m.City, c.Dir, m.Made.Format(time.DateTime)),
		}))
		return err
	})
}

// restored opens the city that was put together and verifies its log, then lets go of it so that its folder can take its name.
func (p *program) restored(ctx context.Context, dir, checkpoint string) error {
	quiet := &program{stdin: p.stdin, stdout: io.Discard, stderr: io.Discard, line: p.line}
	defer quiet.Close()
	verify := auditVerify{cityFlags: cityFlags{Dir: dir}, Checkpoint: []string{checkpoint}}
	return verify.Run(ctx, quiet)
}

func readBackup(folder string) (m manifest, bytes int64, err error) {
	damaged := func(file string) error {
		return errs.New(errs.Invalid, "main.restore", "备份中的「"+file+"」缺失或已损坏，没有恢复任何内容。请换一份备份。", file+" of the backup is missing or damaged, and nothing was restored. Use another backup.")
	}
	text, err := os.ReadFile(filepath.Join(folder, manifestFile))
	if err != nil || json.Unmarshal(text, &m) != nil || m.Files[db.FileName] == "" || m.Files[checkpointFile] == "" {
		return m, 0, damaged(manifestFile)
	}
	for file, want := range m.Files {
		digest, size, err := digestOf(filepath.Join(folder, filepath.Base(file)))
		if err != nil || digest != want {
			return m, 0, damaged(file)
		}
		bytes += size
	}
	return m, bytes, nil
}
