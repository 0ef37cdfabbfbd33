/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4). */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_BLOCK = 64 };

struct digest {
	uint32_t state[8];
	uint64_t bytes; /* added so far */
	unsigned char block[DIGEST_BLOCK];
};

void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t size);
void digest_end(struct digest *d, unsigned char out[DIGEST_SIZE]);
