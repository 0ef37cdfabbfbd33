// SPDX-License-Identifier: MIT
/* Escapes and unescapes the names in a manifest. */
#include "seal/escape.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "sys/text.h"

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

/*
 * As text_octal(), but only for bytes that have to be escaped: a second spelling would be a second
 * name.
 */
static int octal(const char *s, size_t n)
{
	int c = text_octal(s, n);

	return c == 0 || is_plain((unsigned char)c) ? -1 : c;
}

int unescape(const char *s, size_t n, char *dst, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < n; len++) {
		bool plain = is_plain((unsigned char)s[i]);
		int c = plain ? (unsigned char)s[i] : octal(s + i, n - i);

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
