// SPDX-License-Identifier: MIT
/* --verify=lazy: of the content of a sealed image, what the program needs to run. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/loader.h"
#include "facts/mountid.h"
#include "facts/needed.h"
#include "seal/compare.h"
#include "seal/escape.h"
#include "sys/below.h"
#include "sys/text.h"

enum { NAMES_BYTES = 1 << 16 }; /* of the names of all libraries: a large program has 300 */

struct lazy {
	struct comparison *c;
	char *names; /* of libraries, each with its NUL */
	size_t len;  /* bytes of them */
};

/* ---- single files */

static void need(struct comparison *c, size_t i)
{
	if (c->board->tasks[i].state != HASH_PUT_OFF)
		return;
	c->board->tasks[i].state = HASH_TODO;
	c->bytes += c->entries[i].size;
}

/*
 * Where a library is named by its path, or by one with $ORIGIN in it, the sealed files of that name
 * are among those that are read, whatever links lead there.
 */
static int add_library(void *arg, const char *path)
{
	struct lazy *l = arg;
	const char *name = text_last_part(path);
	size_t size = strlen(name) + 1;

	for (const char *n = l->names; n < l->names + l->len; n += strlen(n) + 1)
		if (strcmp(n, name) == 0)
			return 0;
	if (size > NAMES_BYTES - l->len)
		return -ENOEXEC;
	memcpy(l->names + l->len, name, size);
	l->len += size;
	return 0;
}

/* What it is linked with. What cannot be opened is told when it is read. */
static int add_needed(struct lazy *l, const char *dotted)
{
	cleanup_fd int fd = tree_open(l->c->root, dotted);

	return fd < 0 ? 0 : needed_libraries(fd, add_library, l);
}

/* What the loader loads by the environment that the program is started with. */
static int add_preloaded(struct lazy *l)
{
	static const char *const variables[] = {"LD_PRELOAD", "LD_AUDIT"};
	int r = 0;

	for (size_t i = 0; i < array_length(variables); i++) {
		const char *word = getenv(variables[i]);
		char path[PATH_MAX];

		for (; r == 0 && word && *word; word += *word != '\0') {
			size_t len = strcspn(word, " \t\n:");

			if (len >= sizeof(path))
				return -ENOEXEC;
			memcpy(path, word, len);
			path[len] = '\0';
			word += len;
			r = len ? add_library(l, path) : 0;
		}
	}
	return r;
}

/* What it starts is told by its words, not by what it is linked with. */
static bool starts_another(const char *path, bool is_program)
{
	static const char *const names[] = {"env", "busybox", "toybox", "coreutils"};
	const char *name = text_last_part(path);

	/* The second is a dynamic loader that is not the program's own. */
	return is_one_of(name, names) ||
	       (is_program && (strncmp(name, "ld-", 3) == 0 || strncmp(name, "ld.so", 5) == 0));
}

/* A file that is started, by a path that may lead over links. */
static int look_at_started(struct lazy *l, const char *path, bool is_program)
{
	cleanup_fd int fd = open_below(l->c->root, path, O_PATH);
	char dotted[PATH_MAX + 1] = ".", escaped[ESCAPED_MOST];
	const struct seal_entry *e;

	/* Nothing starts where it is missing. */
	if (fd < 0)
		return 0;
	if (path[0] != '/' || !path_of_fd(-1, fd, dotted + 1) || starts_another(path, is_program) ||
	    starts_another(dotted, is_program))
		return -ENOEXEC;
	e = manifest_find(l->c->entries, l->c->count, escaped,
			  escape(dotted, escaped, sizeof(escaped)));
	if (e)
		need(l->c, (size_t)(e - l->c->entries));
	return add_needed(l, dotted);
}

static int look_at_what_starts(struct lazy *l)
{
	char path[PATH_MAX], next[PATH_MAX];
	int r;

	if (!l->c->program_file.st_ino)
		return 0;
	if (!text_copy(path, sizeof(path), l->c->program))
		return -ENOEXEC;
	r = look_at_started(l, path, true);
	for (int i = 0; r == 0 && i < LOADERS_DEEP && program_loader(path, next); i++) {
		memcpy(path, next, sizeof(path));
		r = look_at_started(l, path, false);
	}
	return r;
}

/* ---- libraries */

/*
 * Loaders look in many places, and in the order of their own: every sealed file of the name is
 * taken, wherever it lies.
 */
static bool has_name(const struct seal_entry *e, const char *name, size_t len)
{
	return e->path_len > len && e->path[e->path_len - len - 1] == '/' &&
	       memcmp(e->path + e->path_len - len, name, len) == 0;
}

static int look_at_library(struct lazy *l, size_t i)
{
	const struct seal_entry *e = &l->c->entries[i];
	char path[PATH_MAX];

	if (e->type == SEAL_FILE) {
		need(l->c, i);
		return unescape(e->path, e->path_len, path, sizeof(path)) < 0 ? -ENOEXEC
									      : add_needed(l, path);
	}
	if (e->type != SEAL_LINK)
		return 0;
	return unescape(e->link, e->link_len, path, sizeof(path)) < 0 ? -ENOEXEC
								      : add_library(l, path);
}

static int look_at_libraries_called(struct lazy *l, const char *name)
{
	char escaped[4 * NAME_MAX + 1];
	size_t len = escape(name, escaped, sizeof(escaped));
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->c->count; i++)
		if (has_name(&l->c->entries[i], escaped, len))
			r = look_at_library(l, i);
	return r;
}

/* ---- all of it */

static bool is_entry_of_etc(const struct seal_entry *e)
{
	char path[PATH_MAX];

	return unescape(e->path, e->path_len, path, sizeof(path)) < 0 || is_in_etc(path);
}

int lazy_choose(struct comparison *c)
{
	struct lazy l = {.c = c, .names = arena_take(c->arena, NAMES_BYTES, 1)};
	int r = l.names ? add_preloaded(&l) : -ENOMEM;

	if (r == 0)
		r = look_at_what_starts(&l);
	/* More are added meanwhile: what a library is linked with. */
	for (const char *n = l.names; r == 0 && n < l.names + l.len; n += strlen(n) + 1)
		r = look_at_libraries_called(&l, n);
	/* What it needs cannot be told: then it needs all. */
	c->lazy = r != -ENOEXEC;
	for (size_t i = 0; i < c->count; i++)
		if (!c->lazy || is_entry_of_etc(&c->entries[i]))
			need(c, i);
	return r == -ENOEXEC ? 0 : r;
}
