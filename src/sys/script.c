// SPDX-License-Identifier: MIT
/* Parses the "#!" line of a script. */
#include "sys/script.h"

#include <string.h>

bool script_interpreter(const uint8_t *head, size_t n, char *ret, size_t size)
{
	size_t start = 2, len = 0;

	if (n <= start || head[0] != '#' || head[1] != '!')
		return false;
	while (start < n && (head[start] == ' ' || head[start] == '\t'))
		start++;
	/* A NUL ends it too: strchr(3) finds that one. */
	while (start + len < n && !strchr(" \t\n", head[start + len]))
		len++;
	if (len == 0 || len >= size)
		return false;
	memcpy(ret, head + start, len);
	ret[len] = '\0';
	return true;
}
