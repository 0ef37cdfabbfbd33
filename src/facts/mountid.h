/* SPDX-License-Identifier: MIT */
/* Where an open file is: the id of its mount, and its path without links. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/compiler.h"

/*
 * The id of the mount that the file open at fd is on, as in /proc/self/mountinfo. proc is the open
 * directory /proc, or -1: kernels before 5.8 tell it only there. Returns 0 or -errno.
 */
int mount_id(int proc, int fd, uint64_t *ret) must_check;

/*
 * The path of the open file, without links, as the kernel has it; proc as above. False, and an
 * empty path: it is not known, or no path leads there.
 */
bool path_of_fd(int proc, int fd, char path[PATH_MAX]);

/*
 * Whether path leads to the mount that the directory open at dir is on: 1, 0, or -errno where that
 * cannot be told. Before Linux 5.8 file systems are compared.
 */
int path_is_on_mount(const char *path, int dir) must_check;
