/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the arguments of a program that --expand looks through (libFuzzer), held against a
 * second way to do it: part by part from the left, each either text or one of the four forms. A
 * message tells no value.
 *
 * The input: arguments, with a NUL between them.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "launch/prepare.h"

enum { ARGUMENTS = 8, OUT = 1 << 16 };

/* The byte in the value makes it another text than what an argument has. */
static char of_a[] = "A=v\002lue", of_long[] = "LONG_1=\002\002 ${A} $$", of_empty[] = "E=";
static char *const variables[] = {of_a, of_long, of_empty, NULL};

/* The value of the variable whose name these bytes are; NULL: none is set. */
static const char *value_of(const char *name, size_t n)
{
	for (char *const *v = variables; *v; v++)
		if (strcspn(*v, "=") == n && strncmp(*v, name, n) == 0)
			return *v + n + 1;
	return NULL;
}

static bool is_name(const char *s, size_t n)
{
	if (!n || (*s >= '0' && *s <= '9'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(s[i] == '_' || (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'z') ||
		      (s[i] >= 'A' && s[i] <= 'Z')))
			return false;
	return true;
}

/* What stands between "${" and "}", n bytes. False: it cannot be expanded. */
static bool add_form(struct text *out, const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n), *value;
	size_t len = colon ? (size_t)(colon - s) : n;

	if (!is_name(s, len) || (colon && (len + 1 == n || !strchr("-?", colon[1]))))
		return false;
	value = value_of(s, len);
	if (value && (*value || !colon)) {
		text_add_string(out, value);
		return true;
	}
	if (!colon || colon[1] == '?')
		return false;
	text_add_bytes(out, colon + 2, n - len - 2);
	return true;
}

static bool expand_again(struct text *out, const char *s)
{
	const char *end;

	while (*s) {
		if (s[0] != '$' || (s[1] != '{' && s[1] != '$')) {
			text_add_bytes(out, s++, 1);
		} else if (s[1] == '$') {
			text_add_bytes(out, "$", 1);
			s += 2;
		} else {
			end = strchr(s, '}');
			if (!end || !add_form(out, s + 2, (size_t)(end - s) - 2))
				return false;
			s = end + 1;
		}
	}
	return true;
}

static void must_be_expanded(char *const *from, char *const *to, bool done)
{
	static char buf[OUT];
	bool can_be = true;
	struct text out;

	for (size_t i = 1; from[i] && can_be; i++) {
		text_init(&out, buf, sizeof(buf));
		can_be = expand_again(&out, from[i]);
		must(out.cut || !done || (can_be && strcmp(to[i], buf) == 0));
	}
	must(can_be == done);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	char program[] = "${A}", *from[ARGUMENTS + 2] = {program}, **to = NULL, buf[1 << 13];
	size_t count = 1;
	struct arena a = {0};
	struct text err;
	int r;

	while (in.left && count <= ARGUMENTS)
		from[count++] = input_text(&in);
	text_init(&err, buf, sizeof(buf));
	r = expand_arguments(from, variables, &a, &to, &err);
	must_be_expanded(from, to, r == 0);
	if (r == 0) {
		must(to[0] == program && !to[count] && !err.len);
	} else {
		must_be_a_line(&err);
		must(!strchr(buf, '\002'));
	}
	arena_unmap(&a);
	while (--count > 0)
		free(from[count]);
	return 0;
}
