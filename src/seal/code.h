/* SPDX-License-Identifier: MIT */
/*
 * What in an image is code, as far as names and first bytes tell. Paths are as a manifest has them,
 * unescaped: "./usr/lib/x". Nothing is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seal/manifest.h"

enum { SMALL_FILE = 64 << 10 }; /* of this size and smaller anything may be code: bytes */

/*
 * Whether --verify=programs reads the file whatever it begins with: what is executable, settings,
 * what has an ending of code, what one of words (a command line, and NULL; or NULL) names, and what
 * is not large enough to be data alone.
 */
bool may_be_code(const struct seal_entry *e, const char *path, char *const *words);

/*
 * Whether a file is a program by the end of its name, or by its first bytes: PROGRAM_HEAD of them,
 * fewer of a shorter file.
 */
bool has_program_ending(const char *path);
enum { PROGRAM_HEAD = 64 };
bool is_program_head(const void *head, size_t n, uint64_t file_size);

/* Whether an interpreter or a library would obey a file of this name that lies beside the code:
 * pyvenv.cfg, openssl.cnf, .bashrc */
bool has_settings_ending(const char *path);

/* Whether it is shown, played or read by people, by every ending of its name. */
bool is_known_data(const char *path);

/* Whether it is a directory in which the C library, loaders or granit read; lies in one, at any
 * depth
 * ("./etc/group"). */
bool is_etc(const char *path);
bool is_in_etc(const char *path);
