// SPDX-License-Identifier: MIT
/* Computes SHA-256 digests with nettle. */
#include "seal/digest.h"

void digest_begin(struct digest *d)
{
	sha256_init(&d->state);
}

void digest_add(struct digest *d, const void *data, size_t size)
{
	sha256_update(&d->state, size, data);
}

void digest_end(struct digest *d, unsigned char out[DIGEST_SIZE])
{
	sha256_digest(&d->state, DIGEST_SIZE, out);
}
