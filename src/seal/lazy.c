// SPDX-License-Identifier: MIT
/* --verify=lazy, before the start: of a sealed image only what the program needs to run. */
#include <errno.h>
#include <limits.h>
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
	struct tree_visitor visitor;
	char *names; /* of libraries, each with its NUL */
	size_t len;  /* bytes of them */
};

/* ---- single files */

/* path from the root's "." on. */
static int look_at(struct lazy *l, const char *path, bool deep)
{
	return tree_look(l->c->root, path, deep, &l->visitor, l->c->arena);
}

/*
 * The links on the way to the file, up to the first: what that one leads to is told by the real
 * path.
 */
static int look_at_way(struct lazy *l, const char *dotted)
{
	char part[PATH_MAX + 1];

	for (const char *end = strchr(dotted + 2, '/'); end; end = strchr(end + 1, '/')) {
		struct sys_statx st;

		memcpy(part, dotted, (size_t)(end - dotted));
		part[end - dotted] = '\0';
		if (sys_statx(l->c->root, part, AT_SYMLINK_NOFOLLOW, SYS_STATX_BASIC, &st) < 0)
			return 0;
		if (S_ISLNK(st.mode))
			return look_at(l, part, false);
	}
	return 0;
}

static int add_library(void *arg, const char *name)
{
	struct lazy *l = arg;
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

/* A file that is started, by a path that may lead over links. */
static int look_at_started(struct lazy *l, const char *path)
{
	cleanup_fd int fd = open_below(l->c->root, path, O_PATH);
	char dotted[PATH_MAX + 1] = ".", real[PATH_MAX];
	int r;

	/* Nothing starts where it is missing. */
	if (fd < 0)
		return 0;
	if (path[0] != '/' || !text_copy(dotted + 1, PATH_MAX, path) || !path_of_fd(-1, fd, real))
		return -ENOEXEC;
	r = look_at_way(l, dotted);
	memcpy(dotted + 1, real, sizeof(real));
	if (r == 0)
		r = look_at(l, dotted, false);
	return r == 0 ? add_needed(l, dotted) : r;
}

static int look_at_what_starts(struct lazy *l)
{
	char path[PATH_MAX], next[PATH_MAX];
	int r;

	if (!l->c->program_file.st_ino)
		return 0;
	if (!text_copy(path, sizeof(path), l->c->program))
		return -ENOEXEC;
	r = look_at_started(l, path);
	for (int i = 0; r == 0 && i < LOADERS_DEEP && program_loader(path, next); i++) {
		memcpy(path, next, sizeof(path));
		r = look_at_started(l, path);
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
	char path[PATH_MAX], target[PATH_MAX];
	int r;

	if (unescape(e->path, e->path_len, path, sizeof(path)) < 0)
		return -ENOEXEC;
	if (!l->c->seen[i])
		l->c->seen[i] = SEEN_NEEDED;
	r = look_at(l, path, false);
	if (r < 0 || e->type == SEAL_FILE)
		return r < 0 ? r : add_needed(l, path);
	if (e->type != SEAL_LINK)
		return 0;
	if (unescape(e->link, e->link_len, target, sizeof(target)) < 0)
		return -ENOEXEC;
	return add_library(l, text_last_part(target));
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

int lazy_compare(struct comparison *c)
{
	struct lazy l = {
		.c = c,
		.visitor = {.visit = compare_name, .blind = cannot_compare, .arg = c},
		.names = arena_take(c->arena, NAMES_BYTES, 1),
	};
	int r = l.names ? look_at_what_starts(&l) : -ENOMEM;

	/* More are added meanwhile: what a library is linked with. */
	for (const char *n = l.names; r == 0 && n < l.names + l.len; n += strlen(n) + 1)
		r = look_at_libraries_called(&l, n);
	for (size_t i = 0; r == 0 && i < ETC_DIRS; i++) {
		char dotted[32];
		struct text t;

		text_init(&t, dotted, sizeof(dotted));
		text_add(&t, ".%s", etc_dirs[i]);
		r = look_at(&l, dotted, true);
	}
	return r;
}
