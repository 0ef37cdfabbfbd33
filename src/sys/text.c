// SPDX-License-Identifier: MIT
#include "sys/text.h"

#include <errno.h>
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
	int n = vsnprintf(t->buf + t->len, room, fmt, args);

	if (n < 0 || (size_t)n >= room) {
		t->cut = true;
		t->len = t->size - 1;
	} else {
		t->len += (size_t)n;
	}
}

/* C1 controls (0x80 to 0x9f) are left alone: they are half of most UTF-8 letters. */
static bool is_control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_v(t, fmt, args);
	va_end(args);
}

bool text_needs_escape(const char *name)
{
	for (; *name; name++)
		if (is_control((unsigned char)*name))
			return true;
	return false;
}

void text_add_name(struct text *t, const char *name)
{
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (is_control(c))
			text_add(t, "\\%03o", c);
		else
			text_add(t, "%c", c);
	}
}

bool text_copy(char *dst, size_t size, const char *s)
{
	size_t len = strlen(s);

	if (len >= size)
		return false;
	memcpy(dst, s, len + 1);
	return true;
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
	size_t best = strlen(word) / 2 + 1;
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
