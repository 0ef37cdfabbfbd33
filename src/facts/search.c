// SPDX-License-Identifier: MIT
/* Searches memory for many texts at once, narrow and wide ones. */
#include "facts/search.h"

#include <stdbool.h>
#include <string.h>

enum {
	WORD = 4,
	WIDE = 4, /* bytes of a wide character */
	UNROLLED = 4,
};

_Static_assert(WORD + UNROLLED * SEARCH_STEP <= (size_t)SEARCH_MARGIN, "loads reach too far");
_Static_assert(SEARCH_WORDS <= UINT8_MAX, "no number for a word");

static uint32_t word_at(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/*
 * Of 60 odd multipliers this one had the fewest false candidates in 200 MB of Debian's programs and
 * libraries: 1.2 % of the blocks of four words; the golden ratio's had 2.1 %.
 */
static size_t hash(const uint8_t *p)
{
	return (word_at(p) * UINT32_C(0x8193aaa5)) >> (32 - SEARCH_HASH_BITS);
}

static bool is_string(const struct needle *d)
{
	return d->kind & NEEDLE_STRING;
}

static bool is_wide(const struct needle *d)
{
	return d->kind & NEEDLE_WIDE;
}

/* The bytes that are compared: with the NUL before a narrow string, and what is behind it left out.
 */
static size_t needle_length(const struct needle *d)
{
	size_t len = strlen(d->backwards);

	return is_wide(d) ? WIDE * (len - 1) + 1 : len + is_string(d);
}

/* In both byte orders a wide text has three zeros between two characters. */
static uint8_t needle_byte(const struct needle *d, size_t i)
{
	const size_t len = strlen(d->backwards);

	if (is_wide(d))
		return i % WIDE ? 0 : (uint8_t)d->backwards[len - 1 - i / WIDE];
	return (uint8_t)d->backwards[len - 1 + is_string(d) - i];
}

/*
 * Wide characters lie at multiples of four. There a text begins with its first character, or that
 * one ends the word before, where the high byte comes first.
 */
static size_t words_of(const struct needle *d)
{
	return is_wide(d) ? 2 : SEARCH_STEP;
}

static void index_word(struct index *ix, const struct needle *d, size_t at, size_t number)
{
	const uint8_t word[WORD] = {needle_byte(d, at), needle_byte(d, at + 1),
				    needle_byte(d, at + 2), needle_byte(d, at + 3)};
	uint8_t *slot = &ix->first[hash(word)];

	ix->next[number] = *slot;
	ix->words[number] = word_at(word);
	*slot = (uint8_t)number;
}

void index_needles(struct index *ret, const struct needle *needles, size_t count, size_t step)
{
	/* Zero already; but to read a page before it is written would fault twice. */
	memset(ret->first, 0, sizeof(ret->first));
	ret->needles = needles;
	ret->step = step;
	for (size_t n = 0; n < count; n++)
		for (size_t i = 0; i < step && i < words_of(&needles[n]); i++)
			index_word(ret, &needles[n], i, n * step + i + 1);
}

static bool is_end(uint8_t c)
{
	return c == '\0' || c == '=';
}

static bool is_zero(const uint8_t *p, size_t n)
{
	while (n && !*p) {
		p++;
		n--;
	}
	return !n;
}

/* Whether what was found from start on, n bytes, is no part of a longer string. */
static bool stands_alone(const struct needle *d, const struct stretch *s, size_t start, size_t n)
{
	const uint8_t *end = s->bytes + start + n;

	if (!is_wide(d))
		return is_end(*end);
	return start >= WIDE && is_zero(s->bytes + start - WIDE, WIDE) &&
	       start + n + WIDE <= s->n && is_zero(end, WIDE - 1) && is_end(end[WIDE - 1]);
}

static bool needle_at(const struct needle *d, const struct stretch *s, size_t start)
{
	size_t n = needle_length(d);

	if (start + n > s->n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s->bytes[start + i] != needle_byte(d, i))
			return false;
	return !is_string(d) || stands_alone(d, s, start, n);
}

static uint64_t look_closely(const struct index *ix, const struct stretch *s, size_t at)
{
	const uint32_t word = word_at(s->bytes + at);
	uint64_t found = 0;

	for (size_t i = ix->first[hash(s->bytes + at)]; i; i = ix->next[i]) {
		const struct needle *d = &ix->needles[(i - 1) / ix->step];
		size_t before = (i - 1) % ix->step;

		if (ix->words[i] == word && before <= at && needle_at(d, s, at - before))
			found |= d->marker;
	}
	return found;
}

/*
 * The next block of words, from p on, one of which may begin a needle; end or behind it: none. A
 * scan spends its time here: one branch for several words.
 */
static const uint8_t *next_block(const uint8_t *first, size_t step, const uint8_t *p,
				 const uint8_t *end)
{
	while (p < end && !(first[hash(p)] | first[hash(p + step)] | first[hash(p + 2 * step)] |
			    first[hash(p + 3 * step)]))
		p += UNROLLED * step;
	return p;
}

uint64_t index_search(const struct index *ix, const struct stretch *s)
{
	const uint8_t *end = s->bytes + s->n;
	const size_t step = ix->step;
	uint64_t found = 0;

	for (const uint8_t *p = s->bytes; (p = next_block(ix->first, step, p, end)) < end;
	     p += UNROLLED * step)
		for (size_t k = 0; k < UNROLLED; k++)
			found |= look_closely(ix, s, (size_t)(p - s->bytes) + k * step);
	return found;
}
