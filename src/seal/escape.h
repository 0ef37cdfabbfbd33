/* SPDX-License-Identifier: MIT */
/*
 * Names as the manifest has them: vis(3) with octal escapes. What is no graphic ASCII character is
 * escaped, and what mtree(5), its readers' patterns or this file give a meaning to: # = \ * ? [
 * There is one way to write each name, so names are compared as they are written.
 */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

/* Writes name to dst, size bytes, without a NUL. Returns the length, or 0: there is no room. */
size_t escape(const char *name, char *dst, size_t size) must_check;

/*
 * Writes the name that the n bytes at s stand for to dst, size bytes, with its NUL. Returns 0,
 * -EINVAL: this is not how a name is written, or -ENAMETOOLONG.
 */
int unescape(const char *s, size_t n, char *dst, size_t size) must_check;
