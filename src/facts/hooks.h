/* SPDX-License-Identifier: MIT */
/* Variables that make the loader or an interpreter load files, and the paths in their values. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum hook_kind {
	HOOK_NONE,
	HOOK_LOADER,
	HOOK_INTERPRETER,
};

/* What a word of a value is. */
enum hook_word_kind {
	WORD_PATH,     /* absolute */
	WORD_RELATIVE, /* to the working directory, or empty, which is that */
	WORD_VARYING,  /* it has a $ in it, which the loader replaces */
};

struct hook_word {
	enum hook_word_kind kind;
	const char *path; /* within the value */
	size_t len;
};

struct hook_group;

/* A variable that is one. */
struct hook {
	const struct hook_group *group; /* NULL: it is none */
	size_t name_len;
	const char *value; /* of the variable */
};

/* What variable, "NAME=value", is. */
struct hook hook_of(const char *variable);

enum hook_kind hook_kind(const struct hook *h);

/* Whether its value is options, of which some hold code or switch off what holds it. */
bool hook_has_options(const struct hook *h);

/* The next word at *value that names a file; *value goes on behind it, and is NULL behind the last
 * one. False: there is none. */
bool hook_next_word(const struct hook *h, const char **value, struct hook_word *ret);

/* Whether a variable of this name is one, or PATH: what it says is loaded. */
bool hook_has_name(const char *name);
