/* SPDX-License-Identifier: MIT */
/* The implementations of SHA-256 for this architecture; see sha256_compress.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/compiler.h"

/* One block of 64 bytes; constants are the 64 of FIPS 180-4. */
typedef void sha256_compress_function(uint32_t *state, const uint8_t *block,
				      const uint32_t *constants);

struct sha256_way {
	const char *name;
	sha256_compress_function *compress;
	bool (*works_here)(void); /* NULL: everywhere */
};

/*
 * The best first; a constant table. Returns how many; 0: nettle has only one on this architecture.
 */
size_t sha256_ways(const struct sha256_way **ret) must_check;

/* The one in use. Whoever sets it knows that it works here: a test does. */
extern sha256_compress_function *sha256_chosen_way;

/* What nettle calls, where scripts/build-nettle.sh builds it. */
sha256_compress_function granit_sha256_compress;
