// SPDX-License-Identifier: MIT
/* Cuts texts into parts. */
#include "sys/span.h"

struct span span_cut(struct span *rest, char mark)
{
	const char *end = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
	struct span s = {rest->at, end ? (size_t)(end - rest->at) : rest->len};
	size_t taken = s.len + (end != NULL);

	rest->at += taken;
	rest->len -= taken;
	return s;
}
