/* SPDX-License-Identifier: MIT */
/* Files of procfs, opened so that no other mount can stand in for them. */
#pragma once

#include "sys/compiler.h"

/*
 * Opens a file of procfs for reading, name relative to the open directory /proc; no mount may lie
 * on the way to it. Returns a descriptor or -errno: -EXDEV when something is mounted over it.
 */
int proc_file_open(int proc, const char *name) must_check;
