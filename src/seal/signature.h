/* SPDX-License-Identifier: MIT */
/* Signatures as minisign and signify write them: Ed25519. */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

struct signature_verdict {
	char why[160];     /* why it is not valid */
	char comment[256]; /* the trusted comment, or as much of it as fits */
};

/*
 * Whether the signature of data is valid with this public key; both are texts as minisign and
 * signify write them. Returns 0; -EBADMSG: it is not valid; -EINVAL: it is malformed; -ENOKEY: the
 * key is, or belongs to another signature. *ret points nowhere. Touches nothing but its arguments.
 */
int signature_check(const void *data, size_t size, const char *signature, size_t signature_size,
		    const char *key, size_t key_size, struct signature_verdict *ret) must_check;
