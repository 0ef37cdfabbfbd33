// SPDX-License-Identifier: MIT
/*
 * Which mounts are covered, and which one a path is on: every tree of up to MOST mounts on four
 * places, with every one of them as the process's root, against a walk that goes through it as the
 * kernel does (path_resolution(7), fs/namei.c: after each step, down to the topmost mount there;
 * never at the root itself, where it starts).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "exhaust.h"
#include "facts/settle.h"
#include "sys/arena.h"
#include "sys/compiler.h"

enum { MOST = 5, DEEPEST = 3 };

/* Where a mount can lie on another: on its root, and on directories that all of them have. */
static const char *const places[] = {"", "/a", "/a/b", "/b"};
enum { PLACES = array_length(places), NOWHERE = PLACES };

/* Where one of two steps, "a" and "b", leads from each of the places. */
static const uint8_t steps[PLACES + 1][2] = {
	{1, 3}, {NOWHERE, 2}, {NOWHERE, NOWHERE}, {NOWHERE, NOWHERE}, {NOWHERE, NOWHERE}};

struct tree {
	size_t count;
	struct {
		uint8_t parent, place; /* of all but the first */
		bool shown;            /* in the table: it lies on the root, or below it */
		char point[MOST * 4 + 2];
	} mounts[MOST + 1];
	size_t root;
};

struct position {
	uint8_t mount, place;
};

static struct position down(const struct tree *t, struct position at)
{
	for (size_t i = 1; i < t->count;) {
		if (at.place != NOWHERE && t->mounts[i].parent == at.mount &&
		    t->mounts[i].place == at.place) {
			at = (struct position){(uint8_t)i, 0};
			i = 1;
		} else {
			i++;
		}
	}
	return at;
}

static struct position step(const struct tree *t, struct position at, int which)
{
	at.place = steps[at.place][which];
	return down(t, at);
}

/* All that paths lead to. */
static void walk(const struct tree *t, bool seen[MOST + 1])
{
	struct position todo[(MOST + 1) * (PLACES + 1) * 2 + 1] = {{(uint8_t)t->root, 0}};
	bool known[MOST + 1][PLACES + 1] = {0};
	size_t n = 1;

	while (n > 0) {
		struct position at = todo[--n];

		if (known[at.mount][at.place])
			continue;
		known[at.mount][at.place] = true;
		seen[at.mount] = true;
		for (int which = 0; which < 2; which++)
			todo[n++] = step(t, at, which);
	}
}

/* What the table says of them, as seen from the root; false: a row for each is not possible. */
static void name_points(struct tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t parent = t->mounts[i].parent;

		t->mounts[i].point[0] = '\0';
		t->mounts[i].shown =
			i == t->root || (i > 0 && i > t->root && t->mounts[parent].shown);
		if (t->mounts[i].shown && i != t->root)
			(void)snprintf(t->mounts[i].point, sizeof(t->mounts[i].point), "%s%s",
				       t->mounts[parent].point, places[t->mounts[i].place]);
	}
}

static void write_table(const struct tree *t, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < t->count; i++)
		if (t->mounts[i].shown)
			len += (size_t)snprintf(text + len, size - len,
						"%zu %d 0:%zu / %s rw - tmpfs none rw\n", 100 + i,
						i == 0 ? 1 : 100 + t->mounts[i].parent, i,
						t->mounts[i].point[0] ? t->mounts[i].point : "/");
}

static uint64_t try_paths(const struct tree *t, const struct mount_table *table, const char *text)
{
	char path[DEEPEST * 2 + 1] = "";
	uint64_t n = 0;

	for (unsigned int steps_taken = 0; steps_taken <= DEEPEST; steps_taken++) {
		for (unsigned int way = 0; way < 1U << steps_taken; way++, n++) {
			struct position at = {(uint8_t)t->root, 0};
			const struct mount *m;

			path[0] = '\0';
			for (unsigned int i = 0; i < steps_taken; i++) {
				memcpy(path + (size_t)2 * i, way >> i & 1 ? "/b" : "/a", 3);
				at = step(t, at, (int)(way >> i & 1));
			}
			m = mounts_by_path(table, *path ? path : "/");
			if (!m || m->id != 100U + at.mount)
				exhaust_wrong("%s is on %d, not on %" PRId64 "\n%s", path,
					      100 + at.mount, m ? (int64_t)m->id : -1, text);
		}
	}
	return n;
}

static uint64_t try_tree(struct tree *t, struct arena *a)
{
	char text[1024], copy[1024];
	bool seen[MOST + 1] = {0};
	struct mount_table table;
	size_t line;
	uint64_t n;

	name_points(t);
	write_table(t, text, sizeof(text));
	memcpy(copy, text, sizeof(copy));
	walk(t, seen);
	if (mounts_parse(copy, a, &table, &line) < 0 || mounts_settle(&table, 100 + t->root, a) < 0)
		exhaust_wrong("is not parsed:\n%s", text);
	for (size_t i = 0; i < table.count; i++) {
		const struct mount *m = &table.rows[i];

		if ((m->covered || mount_is_over_root(&table, m)) == seen[m->id - 100])
			exhaust_wrong("%" PRIu64 " is %scovered:\n%s", m->id,
				      m->covered ? "" : "not ", text);
	}
	n = try_paths(t, &table, text);
	memset(a->base, 0, a->used);
	a->used = 0;
	return n;
}

/* Two mounts on one place of one mount: the kernel mounts the second on the first. */
static bool is_taken(const struct tree *t, size_t i)
{
	for (size_t j = 1; j < i; j++)
		if (t->mounts[j].parent == t->mounts[i].parent &&
		    t->mounts[j].place == t->mounts[i].place)
			return true;
	return false;
}

/* The trees that begin with the first mounts of t, each with every root. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as there are mounts */
static uint64_t try_trees(struct tree *t, struct arena *a)
{
	uint64_t n = 0;
	size_t i = t->count;

	for (t->root = 0; t->root < t->count; t->root++)
		n += try_tree(t, a);
	if (i > MOST)
		return n;
	t->count++;
	for (t->mounts[i].parent = 0; t->mounts[i].parent < i; t->mounts[i].parent++)
		for (t->mounts[i].place = 0; t->mounts[i].place < PLACES; t->mounts[i].place++)
			if (!is_taken(t, i))
				n += try_trees(t, a);
	t->count--;
	return n;
}

uint64_t exhaust_mounts(void)
{
	struct tree t = {.count = 1};
	struct arena a = {0};

	return try_trees(&t, &a);
}
