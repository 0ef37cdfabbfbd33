/* SPDX-License-Identifier: MIT */
/* A part of a text that is somebody else's: nothing is copied, no NUL ends it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *at;
	size_t len;
};

/* Cuts what stands before the next mark off *rest; without a mark that is all of it. */
struct span span_cut(struct span *rest, char mark);

static inline bool span_is(struct span s, const char *word)
{
	return strlen(word) == s.len && memcmp(s.at, word, s.len) == 0;
}

static inline bool span_begins_with(struct span s, const char *word)
{
	size_t len = strlen(word);

	return s.len >= len && memcmp(s.at, word, len) == 0;
}
