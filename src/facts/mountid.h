/* SPDX-License-Identifier: MIT */
/* The id of the mount that an open file is on. */
#pragma once

#include <stdint.h>

#include "sys/compiler.h"

/*
 * The id of the mount that the file open at fd is on, as in /proc/self/mountinfo. proc is the open
 * directory /proc, or -1: kernels before 5.8 tell it only there. Returns 0 or -errno.
 */
int mount_id(int proc, int fd, uint64_t *ret) must_check;
