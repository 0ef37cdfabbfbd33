/* SPDX-License-Identifier: MIT */
/*
 * A part of somebody else's text: nothing is copied, no NUL ends it, and it is good as long as that
 * text is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *at;
	size_t len;
};

/* Cuts off what precedes the next mark in *rest, and the mark; without one, all of it. */
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
