/* SPDX-License-Identifier: MIT */
/*
 * Names as the manifest has them: vis(3) with octal escapes. Escaped are bytes that are not graphic
 * ASCII, and those that mtree(5), its readers' patterns or this file give a meaning to: # = \ * ? [
 * Each name has exactly one escaped form, so escaped names can be compared.
 */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

/* Writes name to dst, size bytes, without a NUL. Returns the length; 0: it does not fit. */
size_t escape(const char *name, char *dst, size_t size) must_check;

/*
 * Writes the name that the n bytes at s stand for to dst, size bytes, with a NUL. Returns 0;
 * -EINVAL: this is not an escaped name; or -ENAMETOOLONG.
 */
int unescape(const char *s, size_t n, char *dst, size_t size) must_check;
