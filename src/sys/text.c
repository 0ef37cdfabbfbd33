// SPDX-License-Identifier: MIT
/* Builds, reads and writes text, and parses numbers and times. */
#include "sys/text.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void text_init(struct text *t, char *buf, size_t size)
{
	*t = (struct text){.buf = buf, .size = size};
	buf[0] = '\0';
}

void text_add_v(struct text *t, const char *fmt, va_list args)
{
	size_t room = t->size - t->len;
	int n;

	if (text_is_full(t)) {
		t->cut = true;
		return;
	}
	n = vsnprintf(t->buf + t->len, room, fmt, args);
	if (n < 0 || (size_t)n >= room) {
		t->cut = true;
		t->len = t->size - 1;
	} else {
		t->len += (size_t)n;
	}
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_v(t, fmt, args);
	va_end(args);
}

/* ECMA-48, 8.3.117 (SGR): what every terminal has, readable on a light and on a dark background. */
static const char *const color_sequences[] = {
	[TEXT_BAD] = "\033[1;31m", [TEXT_DOUBTFUL] = "\033[33m", [TEXT_GOOD] = "\033[32m",
	[TEXT_ASIDE] = "\033[2m",  [TEXT_HEADING] = "\033[1m",
};

void text_add_colored(struct text *t, enum text_color color, const char *fmt, ...)
{
	va_list args;

	if (t->colored)
		text_add_string(t, color_sequences[color]);
	va_start(args, fmt);
	text_add_v(t, fmt, args);
	va_end(args);
	if (t->colored)
		text_add_string(t, "\033[0m");
}

void text_add_bytes(struct text *t, const char *s, size_t n)
{
	size_t room = t->size - 1 - t->len;

	if (n > room) {
		t->cut = true;
		n = room;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

void text_add_string(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void text_add_number(struct text *t, uint64_t n)
{
	char digits[20]; /* of UINT64_MAX */
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	text_add_bytes(t, digits + at, sizeof(digits) - at);
}

void text_add_word(struct text *t, const char *word, size_t len, size_t *column, size_t indent)
{
	enum { TERMINAL_WIDTH = 80 };

	if (*column > indent && *column + 1 + len > TERMINAL_WIDTH) {
		text_add(t, "\n%*s", (int)indent, "");
		*column = indent;
	} else if (*column > indent) {
		text_add_bytes(t, " ", 1);
		++*column;
	}
	text_add_bytes(t, word, len);
	*column += len;
}

void text_add_part(struct text *t, const char *name)
{
	if (t->len && t->buf[t->len - 1] != '/')
		text_add_bytes(t, "/", 1);
	text_add_bytes(t, name, strlen(name));
}

void text_add_path(struct text *t, const char *dir, const char *name)
{
	text_add_bytes(t, dir, strlen(dir));
	text_add_part(t, name);
}

void text_cut(struct text *t, size_t len)
{
	t->len = len;
	t->buf[len] = '\0';
}

/* First bytes from here to there are followed by more bytes, of which the first has its own bounds:
 * no character is written longer than need be, none is a surrogate or beyond U+10FFFF. */
static const struct {
	uint8_t first, last, least, most;
	size_t length;
} utf8[] = {
	{0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
	{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
	{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

size_t text_utf8_length(const char *s, size_t n)
{
	const uint8_t *b = (const uint8_t *)s;
	size_t row = 0, length;

	while (row < array_length(utf8) && b[0] > utf8[row].last)
		row++;
	if (row == array_length(utf8) || b[0] < utf8[row].first)
		return 0;
	length = utf8[row].length;
	if (length > n || (length > 1 && (b[1] < utf8[row].least || b[1] > utf8[row].most)))
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/*
 * What a terminal or an editor obeys instead of showing it: control characters, U+0080 to U+009F
 * too; what turns the direction of writing, so that a name reads as another one; what takes no room
 * or begins a line (Unicode Standard Annexes 9 and 14, Technical Report 36).
 */
static const struct {
	uint32_t first, last;
} not_shown[] = {
	{0x0, 0x1f},      {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
	{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
	{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

uint32_t text_code_point(const char *s, size_t length)
{
	static const uint8_t bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (uint8_t)s[0] & bits[length];

	for (size_t i = 1; i < length; i++)
		c = c << 6 | ((uint8_t)s[i] & 0x3f);
	return c;
}

bool text_is_obeyed(const char *s, size_t length)
{
	uint32_t c = text_code_point(s, length);

	for (size_t i = 0; i < array_length(not_shown); i++)
		if (c >= not_shown[i].first && c <= not_shown[i].last)
			return true;
	return false;
}

/* The length of the character at s if it can be shown as it is; 0 if not. */
static size_t showable(const char *s, size_t n)
{
	size_t length = text_utf8_length(s, n);

	return length && text_is_obeyed(s, length) ? 0 : length;
}

bool text_needs_escape(const char *name)
{
	for (size_t left = strlen(name), n; left; name += n, left -= n) {
		n = showable(name, left);
		if (n == 0)
			return true;
	}
	return false;
}

void text_add_shown(struct text *t, const char *s, size_t n)
{
	for (size_t length; n; s += length, n -= length) {
		length = showable(s, n);
		if (length) {
			text_add_bytes(t, s, length);
			continue;
		}
		text_add(t, "\\%03o", (unsigned char)*s);
		length = 1;
	}
}

void text_add_name(struct text *t, const char *name)
{
	text_add_shown(t, name, strlen(name));
}

int text_octal(const char *s, size_t n)
{
	int c = 0;

	if (n < 4 || s[0] != '\\' || s[1] > '3')
		return -1;
	for (size_t i = 1; i < 4; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		c = c << 3 | (s[i] - '0');
	}
	return c;
}

bool text_copy(char *dst, size_t size, const char *s)
{
	size_t len = strlen(s);

	if (len >= size)
		return false;
	memcpy(dst, s, len + 1);
	return true;
}

int text_read(int fd, char *buf, size_t size, size_t *ret_len)
{
	for (*ret_len = 0; *ret_len < size;) {
		ssize_t n = read(fd, buf + *ret_len, size - *ret_len);

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		*ret_len += n > 0 ? (size_t)n : 0;
	}
	return -EFBIG;
}

int text_write(const struct text *t, int fd)
{
	size_t done = 0;

	while (done < t->len) {
		ssize_t n = write(fd, t->buf + done, t->len - done);

		if (n >= 0) {
			done += (size_t)n;
		} else if (errno == EAGAIN) {
			/* The descriptor is the deployer's and may be non-blocking. Wait for the
			 * reader, but not for ever: a report is no reason to hang. */
			struct pollfd p = {.fd = fd, .events = POLLOUT};

			if (poll(&p, 1, 1000) <= 0)
				return -EAGAIN;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

int text_to_uint(const char *s, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned int digit = (unsigned int)*s - '0';

		if (digit > 9)
			return -EINVAL;
		if (digit > max || value > (max - digit) / 10)
			return -ERANGE;
		value = value * 10 + digit;
	}
	*ret = value;
	return 0;
}

bool text_is_among(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

char *text_next_word(char **list)
{
	char *word = strsep(list, ",");

	if (!word)
		return NULL;
	word += strspn(word, " \t");
	for (size_t len = strlen(word); len && strchr(" \t", word[len - 1]); len--)
		word[len - 1] = '\0';
	return word;
}

bool text_matches(const char *s, const char *pattern)
{
	const char *star = NULL, *resume = NULL;

	while (*s) {
		if (*pattern == '*') {
			star = pattern++;
			resume = s;
		} else if (*pattern == '?' || *pattern == *s) {
			pattern++;
			s++;
		} else if (star) {
			/* The last '*' takes one byte more; earlier ones need not. */
			pattern = star + 1;
			s = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

const char *text_last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* A number and the unit behind it, which may be missing when units has a "" for that. */
static int number_with_unit(const char *s, const struct unit *units, size_t n, uint64_t *ret)
{
	char digits[24];
	size_t len = strspn(s, "0123456789");
	uint64_t value;
	int r;

	if (len >= sizeof(digits))
		return -ERANGE;
	memcpy(digits, s, len);
	digits[len] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s + len, units[i].name) != 0)
			continue;
		r = text_to_uint(digits, INT64_MAX / units[i].factor, &value);
		if (r == 0)
			*ret = value * units[i].factor;
		return r;
	}
	return -EINVAL;
}

int text_to_time(const char *s, uint64_t *ret_nanoseconds)
{
	static const struct unit units[] = {
		{"", UINT64_C(1000000000)},   {"s", UINT64_C(1000000000)},    {"ms", 1000000},
		{"m", UINT64_C(60000000000)}, {"h", UINT64_C(3600000000000)},
	};

	return number_with_unit(s, units, array_length(units), ret_nanoseconds);
}

int text_to_size(const char *s, uint64_t *ret)
{
	static const struct unit units[] = {
		{"", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};

	return number_with_unit(s, units, array_length(units), ret);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, one row kept; words beyond the row's length count as far apart. */
static size_t distance(const char *a, const char *b)
{
	enum { LONGEST = 40 };
	size_t row[LONGEST + 1];
	size_t len = strlen(b);

	if (len > LONGEST || strlen(a) > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t above = row[j];

			row[j] = smallest(above + 1, row[j - 1] + 1,
					  diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
	/* A quarter of the letters and one: what is farther away is another word. */
	size_t best = strlen(word) / 4 + 2;
	const char *ret = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, words[i]);

		if (d < best) {
			best = d;
			ret = words[i];
		}
	}
	return ret;
}
