/* SPDX-License-Identifier: MIT */
/* Signatures as minisign and signify write them: Ed25519. */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

struct signature_verdict {
	char why[160];     /* it does not hold */
	char comment[256]; /* what was signed with it; its beginning, if there is more */
};

/*
 * Whether the signature of data holds with this public key; both are texts as their tools write
 * them. Returns 0, -EBADMSG: it does not hold, -EINVAL: it is malformed, or -ENOKEY: the key is, or
 * is another one. Touches nothing but its arguments.
 */
int signature_check(const void *data, size_t size, const char *signature, size_t signature_size,
		    const char *key, size_t key_size, struct signature_verdict *ret) must_check;
