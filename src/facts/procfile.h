/* SPDX-License-Identifier: MIT */
/* Files of procfs, opened so that no mount over them is followed. */
#pragma once

#include "sys/compiler.h"

/*
 * Opens a file of procfs for reading, name relative to the open directory proc; no mount may lie on
 * the way. Returns a descriptor, the caller's to close, or -errno; -EXDEV: something is mounted
 * over it.
 */
int proc_file_open(int proc, const char *name) must_check;
