/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), by nettle. Allocates nothing. */
#pragma once

#include <stddef.h>

#include <nettle/sha2.h>

enum { DIGEST_SIZE = SHA256_DIGEST_SIZE };

struct digest {
	struct sha256_ctx state;
};

void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t size);
void digest_end(struct digest *d, unsigned char out[DIGEST_SIZE]);
