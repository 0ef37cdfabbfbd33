// SPDX-License-Identifier: MIT
/* Expands ${NAME} in arguments, for images without a shell: no splitting, no globbing, no commands.
 */
#include "launch/prepare.h"

#include <errno.h>
#include <string.h>

#include "sys/variables.h"

static int bad(struct text *err, const char *arg, const char *why)
{
	text_add(err, "--expand: ");
	text_add_name(err, arg);
	text_add(err, ": %s", why);
	return -EINVAL;
}

static int unset(struct text *err, const char *name, size_t len, const char *message, size_t n)
{
	text_add(err, "--expand: the variable %.*s is not set, or empty", (int)len, name);
	if (n) {
		text_add(err, ": ");
		text_add_shown(err, message, n);
	} else {
		text_add(err, "; set it, or give a default: ${%.*s:-default}", (int)len, name);
	}
	return -EINVAL;
}

/* *at stands behind "${"; afterwards behind the "}". As in sh(1), with ':' empty counts as unset.
 */
static int add_variable(struct text *out, const char *arg, const char **at, char *const *envp,
			struct text *err)
{
	size_t n = variables_name_length(*at), rest;
	const char *name = *at, *tail = name + n, *end = strchr(tail, '}'), *value;

	if (!end || n == 0 ||
	    (tail != end && strncmp(tail, ":-", 2) != 0 && strncmp(tail, ":?", 2) != 0))
		return bad(err, arg,
			   "only ${NAME}, ${NAME:-default} and ${NAME:?message} are expanded; $$ "
			   "is one $");
	*at = end + 1;
	value = variables_get(envp, name, n);
	if (value && (*value || tail == end)) {
		text_add_bytes(out, value, strlen(value));
		return 0;
	}
	if (tail == end)
		return unset(err, name, n, tail, 0);
	rest = (size_t)(end - tail) - 2;
	if (tail[1] == '?')
		return unset(err, name, n, tail + 2, rest);
	text_add_bytes(out, tail + 2, rest);
	return 0;
}

static int expand(const char *arg, char *const *envp, struct text *out, struct text *err)
{
	const char *at = arg;
	int r = 0;

	while (*at && r == 0) {
		size_t n = strcspn(at, "$");

		text_add_bytes(out, at, n);
		at += n;
		if (!*at)
			break;
		at++;
		if (*at == '{') {
			at++;
			r = add_variable(out, arg, &at, envp, err);
			continue;
		}
		/* A lone '$' is itself, "$$" is one of them. */
		text_add_bytes(out, "$", 1);
		at += *at == '$';
	}
	return r;
}

int expand_arguments(char *const *argv, char *const *envp, struct arena *a, char ***ret,
		     struct text *err)
{
	size_t count = 0;
	char **to;

	while (argv[count])
		count++;
	to = arena_take(a, count + 1, sizeof(*to));
	if (!to)
		return -ENOMEM;
	to[0] = argv[0];
	for (size_t i = 1; i < count; i++) {
		struct text out;
		size_t size;
		int r;

		to[i] = arena_rest(a, &size);
		if (!to[i] || size == 0)
			return -ENOMEM;
		text_init(&out, to[i], size);
		r = expand(argv[i], envp, &out, err);
		if (r < 0)
			return r;
		if (out.cut)
			return -ENOMEM;
		arena_keep(a, to[i], out.len + 1);
	}
	to[count] = NULL;
	*ret = to;
	return 0;
}
