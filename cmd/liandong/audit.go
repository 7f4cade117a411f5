package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/ledger"
)

type auditCommand struct {
	Verify     auditVerify     `cmd:"" help:"重新计算日志并核对每条记录。 Recompute the log and compare every record with it."`
	Checkpoint auditCheckpoint `cmd:"" help:"签出一份检查点，请另行保存。 Sign a checkpoint, to be kept elsewhere."`
}

type auditVerify struct {
	cityFlags
	Checkpoint []string `type:"existingfile" help:"另行保存的检查点文件，可给多个。 Checkpoints that were kept elsewhere."`
	Verifier   string   `placeholder:"KEY" help:"检查点的公钥；默认用本城市文件夹中的。 Key that checks them; that of the city's folder by default."`
}

// auditResult is the --json shape of the command.
type auditResult struct {
	OK      bool    `json:"ok"`
	Seconds float64 `json:"seconds"`
	*ledger.Report
}

// Run verifies the log. It ends with 1 when anything is wrong.
func (c *auditVerify) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	verifier := c.Verifier
	if verifier == "" {
		verifier = opened.signer.Verifier()
	}
	options := ledger.Options{Records: opened.records()}
	for _, path := range c.Checkpoint {
		signed, err := os.ReadFile(path)
		if err != nil {
			return errs.New(errs.NotFound, "main.audit", "读不到检查点文件「"+path+"」。", "The checkpoint "+path+" cannot be read.").Because(err)
		}
		checkpoint, err := ledger.ReadCheckpoint(signed, verifier)
		if err != nil {
			return err
		}
		options.Checkpoints = append(options.Checkpoints, checkpoint)
	}
	started := time.Now()
	report, err := ledger.Verify(ctx, opened.db, options)
	if err != nil {
		return err
	}
	r := auditResult{OK: report.OK(), Seconds: time.Since(started).Seconds(), Report: report}
	if err := p.answer(r, func(w io.Writer) error { return p.printAudit(w, &r) }); err != nil {
		return err
	}
	if !r.OK {
		return errs.New(errs.Conflict, "main.audit",
			"日志或记录被改动过，见上面列出的第一处。请保护现场，并与另行保存的检查点和备份对照。", "The log or the records were tampered with; the first bad entry of each tree is listed above. Keep everything as it is and compare with checkpoints and backups kept elsewhere.")
	}
	return nil
}

func (p *program) printAudit(w io.Writer, r *auditResult) error {
	fmt.Fprintln(w, p.say(errs.Text{
		ZH: fmt.Sprintf("核对了 %d 棵树、%d 次操作、%d 条日志、%d 条记录，用时 %.1f 秒。", r.Trees, r.Acts, r.Leaves, r.Records, r.Seconds),
		EN: fmt.Sprintf("Checked %d trees, %d acts, %d leaves and %d records in %.1f s.", r.Trees, r.Acts, r.Leaves, r.Records, r.Seconds),
	}))
	for _, f := range r.Faults {
		fmt.Fprintln(w, p.say(f.Text))
	}
	if r.OK {
		fmt.Fprintln(w, p.say(errs.Text{ZH: "一切相符。", EN: "Everything agrees."}))
	}
	return nil
}

type auditCheckpoint struct {
	cityFlags
	Out string `type:"path" placeholder:"FILE" help:"写到这个文件，默认打印出来。 Write to this file; printed by default."`
}

// Run signs the heads of all trees.
func (c *auditCheckpoint) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	id, err := opened.registry.City(ctx)
	if err != nil {
		return err
	}
	var signed []byte
	err = opened.db.Read(ctx, func(tx *db.Tx) error {
		signed, err = ledger.Sign(tx, opened.signer, opened.places.FullName(id))
		return err
	})
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = p.stdout.Write(signed)
		return err
	}
	return errs.Wrap("main.checkpoint", os.WriteFile(filepath.Clean(c.Out), signed, 0o600))
}
