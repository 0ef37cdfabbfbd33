/* SPDX-License-Identifier: MIT */
/* The search for many texts at once in a part of a file that lies in memory. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum needle_kind {
	NEEDLE_TEXT = 0,
	NEEDLE_STRING = 1 << 0, /* a whole string, or the name in NAME=value */
	NEEDLE_WIDE = 1 << 1,   /* of characters of four bytes (UTF-32), in either byte order */
};

/* A needle is stored backwards, so that granit's own binary does not contain it. */
struct needle {
	const char *backwards;
	uint64_t marker;
	unsigned int kind; /* enum needle_kind, or-ed */
};

/*
 * The search looks up every fourth four-byte word in an index of words. That suffices for a needle
 * of seven bytes or more: wherever it lies, one of its first four words starts at a multiple of
 * four. For shorter ones a word is looked up at every byte.
 */
enum {
	SEARCH_STEP = 4,
	SEARCH_STEP_SHORT = 1,
	SEARCH_NEEDLES = 32,
	SEARCH_WORDS = SEARCH_NEEDLES * SEARCH_STEP,
	SEARCH_HASH_BITS = 14, /* with fewer, too many other words would collide with a needle's */
	SEARCH_KEPT = 64,      /* longer than any needle and its neighbours */
	SEARCH_MARGIN = 32,    /* behind the bytes, for loads that reach past their end */
};

struct index {
	const struct needle *needles;
	size_t step;
	uint8_t first[1 << SEARCH_HASH_BITS]; /* number, from 1, of its first word; 0: none */
	uint8_t next[SEARCH_WORDS + 1];       /* number of the next word with the same hash */
	uint32_t words[SEARCH_WORDS + 1];
};

/* *ret is all zero; the needles, at most SEARCH_NEEDLES, have to outlive it. */
void index_needles(struct index *ret, const struct needle *needles, size_t count, size_t step);

/*
 * A part of a file in memory. bytes[n] can be read too: where the next byte is not known, it is one
 * that does not end a string.
 */
struct stretch {
	const uint8_t *bytes;
	size_t n;
};

/* The markers of the needles that are found, or-ed. */
uint64_t index_search(const struct index *ix, const struct stretch *s);
