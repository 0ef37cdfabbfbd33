// SPDX-License-Identifier: MIT
#include "seal/escape.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && !strchr("#=\\*?[", c);
}

size_t escape(const char *name, char *dst, size_t size)
{
	size_t n = 0;

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (size - n < 4)
			return 0;
		if (is_plain(c)) {
			dst[n++] = (char)c;
			continue;
		}
		dst[n++] = '\\';
		dst[n++] = (char)('0' + (c >> 6));
		dst[n++] = (char)('0' + (c >> 3 & 7));
		dst[n++] = (char)('0' + (c & 7));
	}
	return n;
}

/* The byte of "\ooo", or -1. */
static int octal(const char *s, size_t n)
{
	int c = 0;

	if (n < 4 || s[1] > '3')
		return -1;
	for (size_t i = 1; i < 4; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		c = c << 3 | (s[i] - '0');
	}
	/* A second way to write a name would be a second name. */
	return c == 0 || is_plain((unsigned char)c) ? -1 : c;
}

int unescape(const char *s, size_t n, char *dst, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < n; len++) {
		bool plain = is_plain((unsigned char)s[i]);
		int c = plain ? (unsigned char)s[i] : s[i] == '\\' ? octal(s + i, n - i) : -1;

		if (c < 0)
			return -EINVAL;
		if (len + 1 >= size)
			return -ENAMETOOLONG;
		dst[len] = (char)c;
		i += plain ? 1 : 4;
	}
	dst[len] = '\0';
	return 0;
}
