// SPDX-License-Identifier: MIT
/* The nearest directory that makes sense, for each path that was written to. */
#include "learn/advice.h"

#include <stdlib.h>
#include <string.h>

#include "facts/mounts.h"
#include "sys/compiler.h"
#include "sys/text.h"

/* Where the program's own files lie, the runtime's, or the kernel's. */
static const char *const never[] = {
	"/",       "/etc",  "/usr", "/bin",  "/sbin", "/lib", "/lib32",   "/lib64",
	"/libx32", "/boot", "/dev", "/proc", "/sys",  "/var", "/var/lib",
};

/* All below them too. */
static const char *const never_below[] = {"/proc",    "/sys",      "/dev",
					  "/usr/bin", "/usr/sbin", "/usr/lib"};

/* Where what is kept usually lies. */
static const char *const keepers[] = {"/var/lib", "/data", "/srv", "/home", "/opt", "/var/spool"};

static bool lies_below_one(const char *path, const char *const *dirs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (path_is_beneath(path, dirs[i]))
			return true;
	return false;
}

bool place_is_never(const char *path)
{
	return is_one_of(path, never) ||
	       lies_below_one(path, never_below, array_length(never_below));
}

bool place_is_volatile(const char *path)
{
	static const char *const dirs[] = {"/run",     "/tmp",     "/var/run",
					   "/var/tmp", "/var/log", "/var/lock"};

	return lies_below_one(path, dirs, array_length(dirs));
}

/* A directory comes right before what lies in it. */
static int compare_as_tree(const void *a, const void *b)
{
	const unsigned char *p = (const unsigned char *)((const struct seen *)a)->path;
	const unsigned char *q = (const unsigned char *)((const struct seen *)b)->path;

	while (*p && *p == *q)
		p++, q++;
	return (*p == '/' ? 1 : *p ? *p + 1 : 0) - (*q == '/' ? 1 : *q ? *q + 1 : 0);
}

/* Whether path is a name in dir itself. */
static bool is_name_in(const char *path, const char *dir)
{
	const char *name = text_last_part(path);
	size_t len = (size_t)(name - path) - 1;

	return len ? strlen(dir) == len && memcmp(path, dir, len) == 0 : strcmp(dir, "/") == 0;
}

/* Modules that python compiles, beside their sources: it goes on where it cannot write them. */
static bool is_cache(const char *path)
{
	static const char name[] = "/__pycache__";
	const char *at = strstr(path, name);

	return at && (at[sizeof(name) - 1] == '/' || !at[sizeof(name) - 1]);
}

static bool is_written(const struct seen *s)
{
	return (s->flags & (SEEN_NAMES | SEEN_CHANGED)) && !(s->flags & SEEN_DENIED);
}

/* ---- what the list says of a directory */

struct advice {
	const struct seen *list;
	size_t n;
	struct place *places;
	size_t count;
};

/*
 * Whether what was made in the directory at i are a few directories, which are there still, and
 * nothing else: they can be given instead of it.
 */
static bool made_few_directories(const struct advice *a, size_t i)
{
	enum { FEW = 4 };
	const struct seen *dir = &a->list[i];
	size_t count = 0;

	for (size_t j = i + 1; j < a->n && path_is_beneath(a->list[j].path, dir->path); j++) {
		const struct seen *s = &a->list[j];

		if (!is_name_in(s->path, dir->path) || !is_written(s) ||
		    (s->flags & SEEN_EXISTED && s->flags & SEEN_DIRECTORY))
			continue;
		if (!(s->flags & SEEN_DIRECTORY) || s->flags & SEEN_GONE)
			return false;
		count++;
	}
	return count && count <= FEW;
}

static bool has_written_below(const struct advice *a, size_t i, bool only_there)
{
	const char *dir = a->list[i].path;

	for (size_t j = i + 1; j < a->n && path_is_beneath(a->list[j].path, dir); j++)
		if (is_name_in(a->list[j].path, dir) && is_written(&a->list[j]) &&
		    !(only_there && a->list[j].flags & SEEN_GONE))
			return true;
	return false;
}

static const struct seen *record_around(const struct advice *a, size_t i)
{
	for (size_t j = i; j--;)
		if (is_name_in(a->list[i].path, a->list[j].path))
			return &a->list[j];
	return NULL;
}

/* The innermost place that path lies in, or NULL. */
static struct place *place_around(const struct advice *a, const char *path)
{
	for (size_t i = a->count; i--;)
		if (a->places[i].kind <= PLACE_FILLED &&
		    path_is_beneath(path, a->places[i].seen->path))
			return &a->places[i];
	return NULL;
}

static void propose(struct advice *a, const struct seen *s, enum place_kind kind)
{
	a->places[a->count++] = (struct place){
		.seen = s,
		.kind = kind,
		.uid = s->uid,
		.gid = s->gid,
		.outlives = kind <= PLACE_FILLED &&
			    lies_below_one(s->path, keepers, array_length(keepers)),
	};
}

/* ---- one record */

static void judge_directory(struct advice *a, size_t i)
{
	const struct seen *s = &a->list[i];
	const struct place *around = place_around(a, s->path);

	/* A tmpfs around it hides a directory of the image, with its owner and its mode. */
	if (around && (around->kind == PLACE_FILLED || !(s->flags & SEEN_EXISTED)))
		return;
	if (s->flags & SEEN_GONE)
		return;
	if (place_is_never(s->path)) {
		if (s->flags & SEEN_NAMES && !has_written_below(a, i, true))
			propose(a, s, PLACE_NAMES);
		return;
	}
	if (!(s->flags & SEEN_HIDES))
		propose(a, s, PLACE_TMPFS);
	else if (!made_few_directories(a, i))
		propose(a, s, PLACE_FILLED);
}

/* Of the image, and changed where it lies: in an empty directory it would be missing. */
static void judge_file(struct advice *a, size_t i)
{
	const struct seen *s = &a->list[i], *dir = record_around(a, i);
	struct place *around = place_around(a, s->path);

	if (s->flags & SEEN_GONE && !(s->flags & SEEN_EXISTED))
		return;
	if (around) {
		if (s->flags & SEEN_EXISTED && is_name_in(s->path, around->seen->path) &&
		    !place_is_volatile(s->path))
			around->kind = PLACE_FILLED;
		return;
	}
	if (!dir || dir->flags & SEEN_HIDES || place_is_never(dir->path))
		propose(a, s, PLACE_FILE);
	else
		propose(a, dir,
			s->flags & SEEN_EXISTED && !place_is_volatile(s->path) ? PLACE_FILLED
									       : PLACE_TMPFS);
}

/* Of those that need nothing the first stands for all. */
static void judge_once(struct advice *a, const struct seen *s, enum place_kind kind)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->places[i].kind == kind)
			return;
	if (!place_around(a, s->path))
		propose(a, s, kind);
}

/* A word of the name: error.log, localhost_access_log.2026-01-01.txt, and no login. */
static bool is_log(const char *path)
{
	const char *name = text_last_part(path);

	for (const char *at = name; (at = strstr(at, "log")); at += 3)
		if ((at == name || strchr("._-", at[-1])) && (!at[3] || strchr("._-", at[3])))
			return true;
	return false;
}

/* What a place has to hold, and whether programs are started from it. */
static void sum_up(struct advice *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct seen *s = &a->list[i];
		struct place *around = place_around(a, s->path);

		if (!around)
			continue;
		around->exec |= (s->flags & SEEN_EXECUTED) != 0;
		if (s->flags & SEEN_DIRECTORY)
			continue;
		around->size += s->size;
		around->logs |= around->kind == PLACE_TMPFS && is_written(s) && is_log(s->path);
	}
}

/*
 * User 0 writes to folders of others by a capability. Where all that was made is its own, the
 * folder may be, too.
 */
static void find_owner(const struct advice *a, struct place *p)
{
	const struct seen *dir = p->seen, *made = NULL;
	enum { WRITABLE_FOR_ALL = 02, UNKNOWN = SEEN_GONE | SEEN_MISSING | SEEN_EXISTED };

	if (p->kind != PLACE_TMPFS || dir->mode & WRITABLE_FOR_ALL)
		return;
	for (size_t i = 0; i < a->n; i++) {
		const struct seen *s = &a->list[i];

		if (s == dir || s->flags & UNKNOWN || !is_written(s) ||
		    !path_is_beneath(s->path, dir->path))
			continue;
		if (s->uid == dir->uid)
			return;
		made = s;
	}
	if (made && made->uid == 0) {
		p->uid = made->uid;
		p->gid = made->gid;
	}
}

size_t advise(struct seen *list, size_t n, struct place *ret)
{
	struct advice a = {.list = list, .n = n, .places = ret};

	qsort(list, n, sizeof(*list), compare_as_tree);
	for (size_t i = 0; i < n; i++) {
		if (!is_written(&list[i])) {
			if ((list[i].flags & (SEEN_SAME | SEEN_EXISTED | SEEN_DENIED)) ==
			    (SEEN_SAME | SEEN_EXISTED))
				judge_once(&a, &list[i], PLACE_SAME);
			continue;
		}
		if (is_cache(list[i].path))
			judge_once(&a, &list[i], PLACE_CACHE);
		else if (list[i].flags & SEEN_DIRECTORY)
			judge_directory(&a, i);
		else
			judge_file(&a, i);
	}
	sum_up(&a);
	for (size_t i = 0; i < a.count; i++)
		find_owner(&a, &a.places[i]);
	return a.count;
}
