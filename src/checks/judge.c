// SPDX-License-Identifier: MIT
/* What judges share: how they report what they found, and what that leads to. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "checks/check.h"

static printf_like(2, 0) const char *format(struct finding *f, const char *fmt, va_list args)
{
	size_t room;
	char *text;
	int n;

	if (!f->arena)
		return "";
	text = arena_rest(f->arena, &room);
	if (!text || room < 2)
		return "(no memory to say it)";
	n = vsnprintf(text, room, fmt, args);
	if (n < 0 || (size_t)n >= room)
		n = (int)strlen(text);
	arena_keep(f->arena, text, (size_t)n + 1);
	return text;
}

/* The first items of a kind are kept; a graver item replaces a lesser one. */
static printf_like(3, 0) void add_item(struct finding *f, enum item_kind kind, const char *fmt,
				       va_list args)
{
	size_t at = f->count;

	f->seen[kind] = true;
	if (!f->arena)
		return;
	if (!f->items)
		f->items = arena_take(f->arena, FINDING_ITEMS, sizeof(*f->items));
	if (!f->items) {
		f->untold++;
		return;
	}
	if (at == FINDING_ITEMS) {
		f->untold++;
		for (at = FINDING_ITEMS; at > 0 && f->items[at - 1].kind >= kind; at--)
			;
		if (at == 0)
			return;
		at--;
	} else {
		f->count++;
	}
	f->items[at] = (struct item){.kind = kind, .text = format(f, fmt, args)};
}

static void set_subject(struct finding *f, const char *subject)
{
	if (!f->subject && subject)
		f->subject = subject;
}

void found_grave(struct finding *f, const char *subject, const char *fmt, ...)
{
	va_list args;

	/* A lesser finding may have come first; the fix has to be for the graver one. */
	if (!f->seen[ITEM_GRAVE] && subject)
		f->subject = NULL;
	set_subject(f, subject);
	va_start(args, fmt);
	add_item(f, ITEM_GRAVE, fmt, args);
	va_end(args);
}

void found_lesser(struct finding *f, const char *subject, const char *fmt, ...)
{
	va_list args;

	set_subject(f, subject);
	va_start(args, fmt);
	add_item(f, f->levels.lesser == LEVEL_OFF ? ITEM_NOTE : ITEM_LESSER, fmt, args);
	va_end(args);
}

void found_unknown(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, ITEM_UNKNOWN, fmt, args);
	va_end(args);
}

void found_note(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, ITEM_NOTE, fmt, args);
	va_end(args);
}

bool found_trouble(struct finding *f, const struct trouble *t)
{
	if (!t->tried)
		return false;
	found_unknown(f, "cannot %s %s: %s", t->tried, t->what,
		      t->why ? t->why : strerror(t->error));
	return true;
}

bool is_declared(const struct policy *p, const char *path, bool exec)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if ((p->writable[i].exec || !exec) && path_is_beneath(path, p->writable[i].path))
			return true;
	return false;
}

const struct mount *mount_to_judge(const struct posture *s, size_t *at)
{
	while (*at < s->mounts.count) {
		const struct mount *m = &s->mounts.rows[(*at)++];

		if (!m->known)
			return m;
	}
	return NULL;
}

bool is_writable_fs(const struct posture *s, const char *path, const char *fstype)
{
	const struct mount *m = mounts_by_path(&s->mounts, path);

	return m && (!m->known || m->uncovered) && !m->read_only && strcmp(m->fstype, fstype) == 0;
}

const char *told(struct finding *f, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = format(f, fmt, args);
	va_end(args);
	return text;
}

const char *shown(struct finding *f, const char *name)
{
	struct text t;
	size_t room;
	char *buf;

	if (!f->arena || !text_needs_escape(name))
		return name;
	buf = arena_rest(f->arena, &room);
	if (!buf || room < 2)
		return "(a name that there is no memory for)";
	text_init(&t, buf, room);
	text_add_name(&t, name);
	arena_keep(f->arena, buf, t.len + 1);
	return buf;
}

static void conclude(struct finding *f)
{
	f->verdict = f->seen[ITEM_GRAVE] || f->seen[ITEM_LESSER] ? VERDICT_VIOLATION
		     : f->seen[ITEM_UNKNOWN]                     ? VERDICT_UNKNOWN
		     : f->not_applicable                         ? VERDICT_NOT_APPLICABLE
								 : VERDICT_PASS;
	/* What is not known may be the worst. */
	if (f->seen[ITEM_GRAVE] || f->seen[ITEM_UNKNOWN])
		f->level = f->levels.grave;
	if (f->seen[ITEM_LESSER] && f->levels.lesser > f->level)
		f->level = f->levels.lesser;
}

void check_judge(const struct policy *p, const struct posture *s, size_t i, struct arena *a,
		 struct finding *ret)
{
	const struct check *c = check_at(i);

	*ret = (struct finding){.check = c, .levels = p->levels[i], .arena = a};
	if (ret->levels.grave == LEVEL_OFF && ret->levels.lesser == LEVEL_OFF)
		return;
	if (p->root && (c->needs & ~(unsigned int)FACTS_OF_IMAGE))
		ret->not_applicable = true;
	else
		c->judge(p, s, ret);
	conclude(ret);
}

void checks_judge(const struct policy *p, const struct posture *s, struct arena *a,
		  struct finding *findings)
{
	for (size_t i = 0; check_at(i); i++)
		check_judge(p, s, i, a, &findings[i]);
}

unsigned int checks_needs(const struct policy *p)
{
	const struct check *c;
	unsigned int needs = 0;

	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		if (p->levels[i].grave != LEVEL_OFF || p->levels[i].lesser != LEVEL_OFF)
			needs |= c->needs;
	return needs;
}

int check_find(const char *id)
{
	const struct check *c;

	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		if (strcmp(c->id, id) == 0)
			return (int)i;
	return -1;
}
