/* SPDX-License-Identifier: MIT */
/* Files of procfs, opened so that no mount over them is followed. */
#pragma once

#include "sys/compiler.h"

/*
 * Opens /proc, without following a link. Returns a descriptor, the caller's to close, or -errno;
 * -EMEDIUMTYPE: what is there is not a procfs, and would tell what somebody wants us to believe.
 */
int proc_open(void) must_check;

/*
 * Opens a file of procfs for reading, name relative to the open directory proc; no mount may lie on
 * the way. Returns a descriptor, the caller's to close, or -errno; -EXDEV: something is mounted
 * over it.
 */
int proc_file_open(int proc, const char *name) must_check;
