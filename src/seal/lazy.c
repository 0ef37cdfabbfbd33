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
#include "policy/policy.h"
#include "seal/code.h"
#include "seal/compare.h"
#include "seal/escape.h"
#include "sys/below.h"
#include "sys/script.h"
#include "sys/sight.h"
#include "sys/text.h"

enum {
	NAMES_BYTES = 1 << 16, /* of all names: a large program has 300 libraries */
	START_BYTES = 4096,
};

struct lazy {
	struct comparison *c;
	char *names; /* of libraries and programs, each with its NUL */
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
 * Files are taken by the last part of the name that they are called by: where that is a path, or
 * one with $ORIGIN in it, the sealed files that it leads to are among those of the last part,
 * whatever links lead there. What the loader makes of a '$' in that part ($PLATFORM) is not known.
 */
static int await_name(void *arg, const char *path)
{
	struct lazy *l = arg;
	const char *name = text_last_part(path);
	size_t size = strlen(name) + 1;

	if (strchr(name, '$'))
		return -ENOEXEC;
	/* Nothing is called like that. */
	if (size == 1 || size > NAME_MAX + 1)
		return 0;
	for (const char *n = l->names; n < l->names + l->len; n += strlen(n) + 1)
		if (strcmp(n, name) == 0)
			return 0;
	if (size > NAMES_BYTES - l->len)
		return -ENOEXEC;
	memcpy(l->names + l->len, name, size);
	l->len += size;
	return 0;
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

/*
 * What a word may name: a program that it is to start, wherever PATH or a link lead to it. What
 * --expand, a shell or env make of a '$' is not known.
 */
static int await_word(struct lazy *l, const char *word, size_t n)
{
	char path[PATH_MAX];

	if (memchr(word, '$', n))
		return -ENOEXEC;
	/* Nothing has a path of that length. */
	if (n >= sizeof(path))
		return 0;
	memcpy(path, word, n);
	path[n] = '\0';
	return starts_another(path, true) ? -ENOEXEC : await_name(l, path);
}

static int await_words_between(struct lazy *l, const char *text, const char *between)
{
	int r = 0;

	for (size_t n; r == 0 && *text; text += n) {
		text += strspn(text, between);
		n = strcspn(text, between);
		r = await_word(l, text, n);
	}
	return r;
}

/*
 * Of what tini, timeout, setpriv or "sh -c" are given, nobody but they know which words they start:
 * all count, also those of a text that is one argument.
 */
static int await_words(struct lazy *l, const char *text)
{
	int r = await_word(l, text, strlen(text));

	return r ? r : await_words_between(l, text, " \t\n\v\f\r'\"\\`=:;,&|(){}<>");
}

/* What the loader loads by the environment that the program is started with. */
static int add_preloaded(struct lazy *l)
{
	static const char *const variables[] = {"LD_PRELOAD", "LD_AUDIT"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < array_length(variables); i++) {
		const char *value = getenv(variables[i]);

		r = value ? await_words_between(l, value, " \t\n\v\f\r:") : 0;
	}
	return r;
}

/*
 * What a file is linked with, what it is run with, and what that is told. What cannot be opened is
 * told when it is read.
 */
static int add_needed(struct lazy *l, const char *dotted)
{
	cleanup_fd int fd = tree_open(l->c->root, dotted);
	int r = fd < 0 ? 0 : needed_libraries(fd, await_name, l);
	uint8_t start[START_BYTES];
	ssize_t n = fd < 0 ? -1 : pread(fd, start, sizeof(start), 0);
	char text[PATH_MAX];

	if (r != 0 || n <= 0)
		return r;
	if (program_loader_of(fd, start, (size_t)n, text))
		r = await_name(l, text);
	if (r != 0 || !script_arguments(start, (size_t)n, text, sizeof(text)))
		return r;
	/* "env -S" makes one word of 'a"b"c'. */
	return strpbrk(text, "'\"\\") ? -ENOEXEC : await_words(l, text);
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
	for (char **word = l->c->policy->program; r == 0 && *word; word++)
		r = await_words(l, *word);
	return r;
}

/* ---- files by their names */

/* Large data that a word names is not what runs. */
static bool is_data(const struct lazy *l, const struct seal_entry *e, const char *dotted)
{
	cleanup_fd int fd = -1;
	char head[PROGRAM_HEAD];

	if (may_be_code(e, dotted, l->c->policy->program))
		return false;
	fd = tree_open(l->c->root, dotted);
	return fd >= 0 && pread(fd, head, sizeof(head), 0) == sizeof(head) &&
	       !is_program_head(head, sizeof(head), e->size);
}

/*
 * Loaders look in many places, and in the order of their own, as PATH has many: every sealed file
 * of the name is taken, wherever it lies.
 */
static bool has_name(const struct seal_entry *e, const char *name, size_t len)
{
	return e->path_len > len && e->path[e->path_len - len - 1] == '/' &&
	       memcmp(e->path + e->path_len - len, name, len) == 0;
}

static int look_at_awaited(struct lazy *l, size_t i)
{
	const struct seal_entry *e = &l->c->entries[i];
	char path[PATH_MAX];

	if (e->type == SEAL_LINK)
		return unescape(e->link, e->link_len, path, sizeof(path)) < 0 ? -ENOEXEC
									      : await_name(l, path);
	if (e->type != SEAL_FILE)
		return 0;
	if (unescape(e->path, e->path_len, path, sizeof(path)) < 0)
		return -ENOEXEC;
	if (is_data(l, e, path))
		return 0;
	need(l->c, i);
	return add_needed(l, path);
}

static int look_at_all_called(struct lazy *l, const char *name)
{
	char escaped[4 * NAME_MAX + 1];
	size_t len = escape(name, escaped, sizeof(escaped));
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->c->count; i++)
		if (has_name(&l->c->entries[i], escaped, len))
			r = look_at_awaited(l, i);
	return r;
}

/* ---- what can only be read now: beside the program it is the program's user who reads */

static mode_t bits_of_program(const struct seal_entry *e)
{
	const struct stat st = {.st_mode = e->mode, .st_uid = e->uid, .st_gid = e->gid};

	return sight_bits_of_other(&st);
}

static void need_closed(struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct seal_entry *e = &c->entries[i];
		mode_t bits = bits_of_program(e);

		if (e->type == SEAL_FILE && !(bits & R_OK))
			need(c, i);
		if (e->type != SEAL_DIR || (bits & R_OK && bits & X_OK))
			continue;
		for (size_t j = 0; j < c->count; j++)
			if (entry_is_at_or_below(&c->entries[j], e->path, e->path_len))
				need(c, j);
	}
}

/* ---- all of it */

static bool is_entry_of_etc(const struct seal_entry *e)
{
	char path[PATH_MAX];

	return unescape(e->path, e->path_len, path, sizeof(path)) < 0 || is_in_etc(path);
}

/* Lists that the loader obeys, and that are read when the program starts, or by programs later. */
static bool is_preloaded_by_file(const struct comparison *c)
{
	const struct wanted *w = c->policy->wanted;
	struct stat st;

	return (w && w->env_files_count) || stat_in(c->root, "/etc/ld.so.preload", &st) != -ENOENT;
}

int lazy_choose(struct comparison *c)
{
	struct lazy l = {.c = c, .names = arena_take(c->arena, NAMES_BYTES, 1)};
	int r = !l.names ? -ENOMEM : is_preloaded_by_file(c) ? -ENOEXEC : add_preloaded(&l);

	if (r == 0)
		r = look_at_what_starts(&l);
	/* More are added meanwhile: what a file is linked with, and where a link leads. */
	for (const char *n = l.names; r == 0 && n < l.names + l.len; n += strlen(n) + 1)
		r = look_at_all_called(&l, n);
	/* What it needs cannot be told: then it needs all. */
	c->lazy = r != -ENOEXEC;
	for (size_t i = 0; i < c->count; i++)
		if (!c->lazy || is_entry_of_etc(&c->entries[i]))
			need(c, i);
	need_closed(c);
	return r == -ENOEXEC ? 0 : r;
}
