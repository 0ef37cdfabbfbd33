// SPDX-License-Identifier: MIT
/* Paths, patterns, numbers and characters, against what their definitions say word by word. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exhaust.h"
#include "facts/mounts.h"
#include "sys/compiler.h"
#include "sys/text.h"

/* ---- paths: absolute, without empty parts and without a slash at the end */

enum { LONGEST_PATH = 7, MOST_PATHS = 4096, MOST_PARTS = LONGEST_PATH / 2 + 1 };

struct path {
	char text[LONGEST_PATH + 1];
	char parts[MOST_PARTS][LONGEST_PATH + 1]; /* "/a/bb": "a", "bb" */
	size_t n;
};

static bool is_normal(const char *path)
{
	size_t len = strlen(path);

	return path[0] == '/' && (len == 1 || path[len - 1] != '/') && !strstr(path, "//");
}

static struct path split(const char *text)
{
	struct path p = {.n = 0};
	size_t len = 0;

	memcpy(p.text, text, strlen(text));
	for (const char *c = text; *c; c++) {
		if (*c == '/' && c[1]) {
			p.n++;
			len = 0;
		} else if (*c != '/') {
			p.parts[p.n - 1][len++] = *c;
		}
	}
	return p;
}

static void try_pair(const struct path *x, const struct path *y)
{
	int order, got = path_compare(x->text, y->text, strlen(y->text));
	size_t same = 0;

	while (same < x->n && same < y->n && strcmp(x->parts[same], y->parts[same]) == 0)
		same++;
	if (path_is_beneath(x->text, y->text) != (same == y->n))
		exhaust_wrong("path_is_beneath(%s, %s)", x->text, y->text);
	/* Part by part; what lies below comes behind. */
	if (same < x->n && same < y->n)
		order = strcmp(x->parts[same], y->parts[same]);
	else
		order = (x->n > y->n) - (x->n < y->n);
	if ((got > 0) - (got < 0) != (order > 0) - (order < 0))
		exhaust_wrong("path_compare(%s, %s) is %d", x->text, y->text, got);
}

/* Every directory above, from the parts. */
static void try_above(const struct path *p)
{
	size_t len = strlen(p->text);

	for (size_t n = p->n;; n--) {
		size_t expected = n == 1;

		for (size_t i = 0; i + 1 < n; i++)
			expected += 1 + strlen(p->parts[i]);
		if (path_len_above(p->text, len) != expected)
			exhaust_wrong("path_len_above(%s, %zu)", p->text, len);
		if (expected == 0)
			break;
		len = expected;
	}
}

uint64_t exhaust_paths(void)
{
	static struct path paths[MOST_PATHS];
	char text[LONGEST_PATH + 1] = "";
	size_t n = 0;

	do
		if (is_normal(text) && n < MOST_PATHS)
			paths[n++] = split(text);
	while (exhaust_next(text, "/a!b", LONGEST_PATH));
	for (size_t i = 0; i < n; i++) {
		try_above(&paths[i]);
		for (size_t j = 0; j < n; j++)
			try_pair(&paths[i], &paths[j]);
	}
	return (uint64_t)n * n;
}

/* ---- patterns */

/* NOLINTNEXTLINE(misc-no-recursion): as deep as both are long */
static bool fits(const char *s, const char *pattern)
{
	if (!*pattern)
		return !*s;
	if (*pattern == '*')
		return fits(s, pattern + 1) || (*s && fits(s + 1, pattern));
	return *s && (*pattern == '?' || *pattern == *s) && fits(s + 1, pattern + 1);
}

uint64_t exhaust_patterns(void)
{
	char s[8] = "", pattern[8] = "";
	uint64_t n = 0;

	do {
		s[0] = '\0';
		do {
			if (text_matches(s, pattern) != fits(s, pattern))
				exhaust_wrong("text_matches(\"%s\", \"%s\")", s, pattern);
			n++;
		} while (exhaust_next(s, "ab", 7));
	} while (exhaust_next(pattern, "ab*?", 6));
	return n;
}

/* ---- numbers */

/* What the digits are worth, at most 2^127; false: they are not only digits, or none. */
static bool is_worth(const char *s, size_t len, unsigned __int128 *ret)
{
	const unsigned __int128 most = (unsigned __int128)1 << 123;

	*ret = 0;
	for (size_t i = 0; i < len; i++) {
		if (!strchr("0123456789", s[i]))
			return false;
		*ret = *ret > most ? *ret : *ret * 10 + (unsigned __int128)(s[i] - '0');
	}
	return len > 0;
}

static void try_uint(const char *s, uint64_t max)
{
	unsigned __int128 worth;
	bool is_number = is_worth(s, strlen(s), &worth);
	uint64_t got = 0;
	int r = text_to_uint(s, max, &got), expected = !is_number    ? -EINVAL
						       : worth > max ? -ERANGE
								     : 0;

	/* Which of two reasons is told does not matter. */
	if ((r == 0) != (expected == 0) || (is_number && r != expected) || (r == 0 && got != worth))
		exhaust_wrong("text_to_uint(\"%s\", %llu) is %d", s, (unsigned long long)max, r);
}

struct scale {
	const char *unit;
	uint64_t factor;
};

static const struct scale times[] = {{"ms", 1000000},
				     {"s", 1000000000},
				     {"m", 60000000000},
				     {"h", 3600000000000},
				     {"", 1000000000}};
static const struct scale sizes[] = {{"K", 1024}, {"M", 1048576}, {"G", 1073741824}, {"", 1}};

static void try_scaled(const char *s, const struct scale *scales, size_t n,
		       int (*convert)(const char *, uint64_t *))
{
	unsigned __int128 worth = 0;
	bool is_number = false;
	uint64_t got = 0;
	int r = convert(s, &got);

	for (size_t i = 0; i < n && !is_number; i++) {
		size_t len = strlen(s), unit = strlen(scales[i].unit);

		if (len >= unit && strcmp(s + len - unit, scales[i].unit) == 0) {
			is_number = is_worth(s, len - unit, &worth);
			worth *= is_number && worth < UINT64_MAX ? scales[i].factor : 1;
		}
	}
	if ((r == 0) != (is_number && worth <= INT64_MAX) || (r == 0 && got != worth))
		exhaust_wrong("\"%s\" is %d, %llu", s, r, (unsigned long long)got);
}

/* The numbers about the largest that fits, where an overflow would be. */
static uint64_t try_about(unsigned __int128 middle, const char *unit)
{
	uint64_t n = 0;

	for (int off = -300; off <= 300; off++, n++) {
		unsigned __int128 value = middle + (unsigned __int128)(off + 300) - 300;
		char digits[64] = "", *p = digits + sizeof(digits) - 4;

		memcpy(p, unit, strlen(unit));
		do
			*--p = (char)('0' + (int)(value % 10));
		while ((value /= 10) != 0);
		try_scaled(p, times, array_length(times), text_to_time);
		try_scaled(p, sizes, array_length(sizes), text_to_size);
		try_uint(p, UINT64_MAX);
		try_uint(p, INT64_MAX);
	}
	return n;
}

uint64_t exhaust_numbers(void)
{
	static const char *const units[] = {"", "ms", "s", "m", "h", "K", "M", "G"};
	char s[8] = "";
	uint64_t n = 0;

	do {
		for (uint64_t max = 0; max < 120; max++, n++)
			try_uint(s, max);
		try_uint(s, UINT64_MAX);
		try_scaled(s, times, array_length(times), text_to_time);
		try_scaled(s, sizes, array_length(sizes), text_to_size);
		n += 3;
	} while (exhaust_next(s, "09:/ -smhK", 5));
	for (size_t u = 0; u < array_length(units); u++) {
		/* 2^63 and 2^64 divided by each factor, by 10, and as they are. */
		for (size_t i = 0; i < array_length(times); i++)
			for (unsigned int bits = 63; bits < 66; bits++)
				n += try_about(((unsigned __int128)1 << bits) / times[i].factor,
					       units[u]);
		for (unsigned int bits = 33; bits < 80; bits++) {
			n += try_about((unsigned __int128)1 << bits, units[u]);
			n += try_about(((unsigned __int128)1 << bits) / 10, units[u]);
		}
	}
	return n;
}

/* ---- characters */

/* RFC 3629, from the number of the character back to its bytes: no other bytes are one. */
static size_t encode(uint32_t code, uint8_t *ret)
{
	if (code < 0x80) {
		ret[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		ret[0] = (uint8_t)(0xc0 | code >> 6);
		ret[1] = (uint8_t)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		ret[0] = (uint8_t)(0xe0 | code >> 12);
		ret[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		ret[2] = (uint8_t)(0x80 | (code & 0x3f));
		return code >= 0xd800 && code < 0xe000 ? 0 : 3;
	}
	ret[0] = (uint8_t)(0xf0 | code >> 18);
	ret[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
	ret[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	ret[3] = (uint8_t)(0x80 | (code & 0x3f));
	return code < 0x110000 ? 4 : 0;
}

/* Every character is taken, at its length and no shorter. */
static uint64_t try_characters(void)
{
	uint64_t n = 0;

	for (uint32_t code = 0; code < 0x110000; code++) {
		uint8_t bytes[4];
		size_t len = encode(code, bytes);

		if (len == 0)
			continue;
		n++;
		if (text_utf8_length((const char *)bytes, len) != len ||
		    text_utf8_length((const char *)bytes, len - 1) != 0 ||
		    text_code_point((const char *)bytes, len) != code)
			exhaust_wrong("character %#x", code);
	}
	return n;
}

static const uint8_t ends[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};

static bool is_tail(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Which length the first two bytes stand for, by the ones that are taken with all tails. */
static size_t try_tails(uint8_t first, uint8_t second)
{
	const char all[4] = {(char)first, (char)second, (char)0x80, (char)0x80};
	size_t with_all = text_utf8_length(all, 4);

	for (size_t i = 0; i < array_length(ends); i++)
		for (size_t j = 0; j < array_length(ends); j++) {
			const char bytes[4] = {(char)first, (char)second, (char)ends[i],
					       (char)ends[j]};
			size_t len = text_utf8_length(bytes, 4);
			bool cut = (with_all >= 3 && !is_tail(ends[i])) ||
				   (with_all == 4 && !is_tail(ends[j]));

			if (len != (cut ? 0 : with_all))
				exhaust_wrong("bytes %#x %#x %#x %#x: %zu", first, second, ends[i],
					      ends[j], len);
		}
	return with_all;
}

/* No more sequences are taken than there are characters: no byte stands for one in two ways. */
static uint64_t try_sequences(void)
{
	/* How many begin with two bytes; of one byte, it was met with 256 others. */
	static const uint64_t weights[] = {0, 1, 256, UINT64_C(256) * 64, UINT64_C(256) * 64 * 64};
	uint64_t taken = 0, n = 0;

	for (uint32_t two = 0; two < 0x10000; two++, n += array_length(ends) * array_length(ends))
		taken += weights[try_tails((uint8_t)(two >> 8), (uint8_t)two)];
	if (taken != UINT64_C(256) * (0x110000 - 0x800))
		exhaust_wrong("%llu sequences are taken", (unsigned long long)taken / 256);
	return n;
}

uint64_t exhaust_bytes(void)
{
	char s[5] = "\\";
	uint64_t n = try_characters() + try_sequences();

	for (uint32_t three = 0; three < 0x1000000; three++, n++) {
		int expected = -1;

		s[1] = (char)(three >> 16);
		s[2] = (char)(three >> 8);
		s[3] = (char)three;
		if (s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
		    s[3] <= '7')
			expected = (s[1] - '0') * 64 + (s[2] - '0') * 8 + s[3] - '0';
		if (text_octal(s, 4) != expected || text_octal(s, 3) != -1)
			exhaust_wrong("text_octal(\\%#x)", three);
	}
	return n;
}
