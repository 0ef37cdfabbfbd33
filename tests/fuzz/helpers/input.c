// SPDX-License-Identifier: MIT
/* Inputs in parts, and what has to hold of texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

void fuzz_broken(const char *what, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

uint8_t input_byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

char *input_bytes(struct input *in, size_t n, size_t *ret_size)
{
	char *copy;

	if (n > in->left)
		n = in->left;
	copy = malloc(n + 1);
	if (!copy)
		abort();
	if (n)
		memcpy(copy, in->at, n);
	copy[n] = '\0';
	in->at += n;
	in->left -= n;
	*ret_size = n;
	return copy;
}

char *input_part(struct input *in, uint8_t mark, size_t *ret_size)
{
	const uint8_t *end = in->left ? memchr(in->at, mark, in->left) : NULL;
	char *part = input_bytes(in, end ? (size_t)(end - in->at) : in->left, ret_size);

	(void)input_byte(in);
	return part;
}

char *input_text(struct input *in)
{
	size_t n;

	return input_part(in, '\0', &n);
}

void must_be_a_line(const struct text *t)
{
	must(t->len > 0 && t->len < t->size);
	must(strlen(t->buf) == t->len);
	/* What is cut may end in a part of a character. */
	must(t->cut || !text_needs_escape(t->buf));
}

bool same_bytes(const void *x, const void *y, size_t n)
{
	return memcmp(x, y, n) == 0;
}

bool lies_in(const void *part, size_t n, const void *whole, size_t size)
{
	return n == 0 || memmem(whole, size, part, n) != NULL;
}
