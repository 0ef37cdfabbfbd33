// SPDX-License-Identifier: MIT
/* The walk's memory: which files were seen, and the rows of the result. */
#include "facts/image_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "sys/below.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

#ifndef WALK_ROWS /* the tests' own has few */
#define WALK_ROWS (1 << 20)
#endif

enum { MOST_SEEN = WALK_ROWS /* in the table; what has no row is looked at again */ };

/* ---- what was seen */

static struct seen *slot(struct seen *table, size_t room, uint32_t device, uint64_t inode)
{
	size_t i = (size_t)((inode ^ device) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (table[i].used && (table[i].inode != inode || table[i].device != device))
		i = (i + 1) & (room - 1);
	return &table[i];
}

static int grow(struct walk *w)
{
	size_t room = w->room ? w->room * 2 : 64;
	struct seen *table = room > MOST_SEEN ? NULL : arena_take(w->arena, room, sizeof(*table));

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < w->room; i++)
		if (w->seen[i].used)
			*slot(table, room, w->seen[i].device, w->seen[i].inode) = w->seen[i];
	w->seen = table;
	w->room = room;
	return 0;
}

struct seen *walk_find(const struct walk *w, const struct stat *st)
{
	struct seen *s = w->room ? slot(w->seen, w->room, (uint32_t)st->st_dev, st->st_ino) : NULL;

	return s && s->used ? s : NULL;
}

struct seen *walk_see(struct walk *w, const struct stat *st, bool *ret_new)
{
	struct seen *s = walk_find(w, st);

	*ret_new = !s;
	if (s)
		return s;
	if (w->count * 2 >= w->room && grow(w) < 0)
		return NULL;
	s = slot(w->seen, w->room, (uint32_t)st->st_dev, st->st_ino);
	*s = (struct seen){.device = (uint32_t)st->st_dev, .inode = st->st_ino, .used = true};
	w->count++;
	return s;
}

/* ---- the result */

const char *walk_join(struct walk *w, const char *dir, const char *name)
{
	char buf[PATH_MAX + NAME_MAX];
	struct text t;
	char *copy;

	text_init(&t, buf, sizeof(buf));
	text_add_path(&t, dir, name);
	copy = arena_copy(w->arena, buf);
	if (!copy)
		w->facts->out_of_memory = true;
	return copy ? copy : "";
}

void walk_blind(struct walk *w, const char *dir, const char *name, int error)
{
	struct blind_spot *b = arena_take(w->arena, 1, sizeof(*b));

	if (!b) {
		w->facts->out_of_memory = true;
		return;
	}
	*b = (struct blind_spot){.next = w->facts->blind, .error = -error};
	b->path = name ? walk_join(w, dir, name) : arena_copy(w->arena, dir);
	w->facts->blind = b;
	if (!b->path)
		w->facts->out_of_memory = true;
	else if (error == -EACCES && w->request->root < 0)
		b->barred = sight_access(AT_FDCWD, b->path, X_OK) == -EACCES;
}

bool walk_queue(struct walk *w, const char *path, bool is_word)
{
	struct later *l;
	struct seen *s;
	struct stat st;
	bool is_new;
	int r;

	r = stat_in(w->request->root, path, &st);
	if (r == -EACCES)
		walk_blind(w, path, NULL, r);
	if (r < 0 || !S_ISREG(st.st_mode))
		return false;
	s = walk_see(w, &st, &is_new);
	if (s && (s->queued || (s->looked && s->named)))
		return true;
	if (s)
		s->queued = true;
	l = arena_take(w->arena, 1, sizeof(*l));
	if (!l || !(l->path = arena_copy(w->arena, path))) {
		w->facts->out_of_memory = true;
		return true;
	}
	l->is_word = is_word;
	l->depth = is_word ? 1 : w->depth + 1;
	*w->last_later = l;
	w->last_later = &l->next;
	return true;
}

struct program *walk_tell(struct walk *w, const struct place *at, const char *name)
{
	struct program *p = arena_take(w->arena, 1, sizeof(*p));

	if (!p) {
		w->facts->out_of_memory = true;
		return NULL;
	}
	*p = (struct program){.path = walk_join(w, at->dir, name)};
	*w->last = p;
	w->last = &p->next;
	return p;
}
