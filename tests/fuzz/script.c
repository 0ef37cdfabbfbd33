/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the start of a script (libFuzzer). The interpreter is what stands behind "#!" and
 * blanks, up to the next one, all of it.
 *
 * The input: a byte for the room that there is, and the script.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "sys/script.h"

static bool ends_name(const char *s, size_t n, size_t at)
{
	return at == n || strchr(" \t\n", s[at]);
}

/* The same, held against a text of which a name has been found. */
static void must_be_named(const char *s, size_t n, const char *name, size_t room)
{
	size_t len = strlen(name), at = 2;

	must(len > 0 && len < room && n > 2 && memcmp(s, "#!", 2) == 0);
	while (at < n && (s[at] == ' ' || s[at] == '\t'))
		at++;
	must(n - at >= len && memcmp(s + at, name, len) == 0 && ends_name(s, n, at + len));
	must(!strpbrk(name, " \t\n"));
}

/* No name: there is none, or it has no room. */
static void must_be_nameless(const char *s, size_t n, size_t room)
{
	size_t at = 2, len = 0;

	if (n <= 2 || memcmp(s, "#!", 2) != 0)
		return;
	while (at < n && (s[at] == ' ' || s[at] == '\t'))
		at++;
	while (!ends_name(s, n, at + len))
		len++;
	must(len == 0 || len >= room);
}

/* Words only lose: each time there are no more bytes, until nothing is left to take away. */
static void must_split(const char *s, size_t n)
{
	char *words = malloc(n + 1);
	size_t left = n + 1, had = 0;

	must(words);
	memcpy(words, s, n);
	words[n] = '\0';
	while (left != had) {
		had = left;
		left = script_split(words, left);
		must(left > 0 && left <= had && words[left - 1] == '\0');
	}
	for (size_t i = 0; i < left; i++)
		must(!strchr("'\"\\ \t\n\v\f\r", words[i]) || !words[i]);
	free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	size_t room = input_byte(&in) + 1U, n;
	char *script = input_bytes(&in, size, &n), *name = malloc(room), *exact = malloc(n + !n);

	must(name && exact);
	memcpy(exact, script, n);
	if (script_interpreter((const uint8_t *)exact, n, name, room))
		must_be_named(script, n, name, room);
	else
		must_be_nameless(script, n, room);
	must_split(script, n);
	free(script);
	free(name);
	free(exact);
	return 0;
}
