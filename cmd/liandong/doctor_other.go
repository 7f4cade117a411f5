//go:build !unix

package main

import "liandong/errs"

// lookAtSpace is not told by this system.
func lookAtSpace(string) (errs.Text, error) {
	return errs.Text{ZH: "此系统不报告磁盘剩余空间。", EN: "This system does not tell how much of the disk is free."}, nil
}
