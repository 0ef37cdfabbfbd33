// SPDX-License-Identifier: MIT
/* Parses the "#!" line of a script. */
#include "sys/script.h"

#include <string.h>

/* Where the text ends that begins at `at`, with one of these; a NUL ends it too: strchr(3) finds
 * it. */
static size_t text_end(const uint8_t *head, size_t n, size_t at, const char *ends)
{
	while (at < n && !strchr(ends, head[at]))
		at++;
	return at;
}

static size_t behind_blanks(const uint8_t *head, size_t n, size_t at)
{
	while (at < n && (head[at] == ' ' || head[at] == '\t'))
		at++;
	return at;
}

static bool is_script(const uint8_t *head, size_t n)
{
	return n > 2 && head[0] == '#' && head[1] == '!';
}

bool script_interpreter(const uint8_t *head, size_t n, char *ret, size_t size)
{
	size_t start = behind_blanks(head, n, 2);
	size_t len = text_end(head, n, start, " \t\n") - start;

	if (!is_script(head, n) || len == 0 || len >= size)
		return false;
	memcpy(ret, head + start, len);
	ret[len] = '\0';
	return true;
}

bool script_arguments(const uint8_t *head, size_t n, char *ret, size_t size)
{
	size_t start = text_end(head, n, behind_blanks(head, n, 2), " \t\n");
	size_t len;

	start = behind_blanks(head, n, start);
	len = text_end(head, n, start, "\n") - start;
	if (!is_script(head, n) || len == 0)
		return false;
	if (len >= size)
		len = size - 1;
	memcpy(ret, head + start, len);
	ret[len] = '\0';
	return true;
}

/* What the backslash at *at stands for; *at moves to what it takes with it. NUL: the word ends. */
static char unescaped(const char *text, size_t *at, char quote)
{
	static const char names[] = "fnrtv", meant[] = "\f\n\r\t\v";
	char next = text[*at + 1];
	const char *name = next ? strchr(names, next) : NULL;

	if (!next)
		return '\0';
	if (quote == '\'' && next != '\'' && next != '\\')
		return '\\';
	++*at;
	if (quote == '\'')
		return next;
	if (name)
		return meant[name - names];
	if (next == '_')
		return quote ? ' ' : '\0';
	return (char)(next == 'c' ? '\0' : next);
}

size_t script_split(char *text, size_t n)
{
	size_t to = 0;
	char quote = '\0';

	for (size_t at = 0; at < n; at++) {
		char c = text[at];

		if (c == '\0') {
			quote = '\0';
		} else if (c == quote || (!quote && (c == '\'' || c == '"'))) {
			quote = (char)(quote ? '\0' : c);
			continue;
		} else if (c == '\\') {
			c = unescaped(text, &at, quote);
		} else if (!quote && strchr(" \t\n\v\f\r", c)) {
			c = '\0';
		}
		text[to++] = c;
	}
	return to;
}
