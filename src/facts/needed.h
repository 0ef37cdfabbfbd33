/* SPDX-License-Identifier: MIT */
/* The libraries that an ELF file is linked with, by the names or paths that it has for them
 * (DT_NEEDED, DT_AUXILIARY, DT_FILTER). */
#pragma once

/*
 * Calls tell for each name, which is good during the call only, until it returns something else
 * than 0. Returns that; 0: all were told, or it is no ELF file, or not linked with any; -ENOEXEC:
 * they cannot be told; or another -errno.
 */
int needed_libraries(int fd, int (*tell)(void *arg, const char *name), void *arg);
