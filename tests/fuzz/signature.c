/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a signature and a key (libFuzzer): the first byte says how many of the others are
 * the key. What is accepted has to be one of the two signatures that were made for the data here,
 * since nobody can make others; all that may differ is what is not signed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *copy(const void *from, size_t size)
{
	char *to = malloc(size ? size : 1);

	if (!to)
		abort();
	memcpy(to, from, size);
	return to;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char signed_text[] = "what is signed\n";
	struct signature_verdict verdict;
	size_t key_size;
	char *key, *signature;
	int r;

	if (size == 0)
		return 0;
	key_size = data[0] < size ? data[0] : size - 1;
	/* In memory of their own, so that who reads on is seen. */
	key = copy(data + 1, key_size);
	signature = copy(data + 1 + key_size, size - 1 - key_size);
	r = signature_check(signed_text, sizeof(signed_text) - 1, signature, size - 1 - key_size,
			    key, key_size, &verdict);
	if ((r == 0) != (verdict.why[0] == '\0'))
		abort();
	if (r == 0 && verdict.comment[0] && strcmp(verdict.comment, "corpus") != 0)
		abort();
	free(key);
	free(signature);
	return 0;
}
