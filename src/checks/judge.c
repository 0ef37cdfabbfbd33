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
		return "(not enough memory for the text)";
	n = vsnprintf(text, room, fmt, args);
	if (n < 0 || (size_t)n >= room)
		n = (int)strlen(text);
	arena_keep(f->arena, text, (size_t)n + 1);
	return text;
}

const struct path_level *check_level_at(const struct policy *p, size_t row, const char *path)
{
	for (size_t i = 0; path && i < p->path_levels_count; i++)
		if (p->path_levels[i].check == row && strcmp(p->path_levels[i].path, path) == 0)
			return &p->path_levels[i];
	return NULL;
}

/* As what it counts there, not as what the judge takes it for. */
static struct item item_at(enum item_kind kind, enum level level, const struct path_level *said)
{
	static const enum item_kind kinds[LEVEL_COUNT] = {
		[LEVEL_OFF] = ITEM_NOTE,
		[LEVEL_INFO] = ITEM_LESSER,
		[LEVEL_WARN] = ITEM_LESSER,
		[LEVEL_FAIL] = ITEM_GRAVE,
	};

	if (said) {
		level = said->level;
		if (kind != ITEM_UNKNOWN || level == LEVEL_OFF)
			kind = kinds[level];
	}
	return (struct item){.kind = level == LEVEL_OFF ? ITEM_NOTE : kind, .level = level};
}

/* The first items of a kind are kept; a graver item replaces a lesser one. NULL: no room. */
static struct item *place_item(struct finding *f, enum item_kind kind)
{
	size_t at = f->count;

	if (!f->items)
		f->items = arena_take(f->arena, FINDING_ITEMS, sizeof(*f->items));
	if (!f->items) {
		f->omitted++;
		return NULL;
	}
	if (at < FINDING_ITEMS) {
		f->count++;
		return &f->items[at];
	}
	f->omitted++;
	while (at > 0 && f->items[at - 1].kind >= kind)
		at--;
	return at ? &f->items[at - 1] : NULL;
}

static void set_subject(struct finding *f, const char *subject, const struct item *item)
{
	int rank = (int)item->level * ITEM_KINDS + (int)item->kind + 1;

	if (!subject || rank <= f->subject_rank)
		return;
	f->subject = subject;
	f->subject_rank = rank;
}

/* What the target profile would make of it. */
static void note_target_level(struct finding *f, enum item_kind kind, const struct path_level *said)
{
	const struct levels *target = &f->policy->target_levels[f->row];
	enum level level = kind == ITEM_NOTE     ? LEVEL_OFF
			   : said                ? said->level
			   : kind == ITEM_LESSER ? target->lesser
						 : target->grave;

	if (level > f->target_level)
		f->target_level = level;
}

static printf_like(5, 0) void add_item(struct finding *f, const char *path, enum item_kind kind,
				       enum level level, const char *fmt, va_list args)
{
	static const char *const options[LEVEL_COUNT] = {[LEVEL_OFF] = "ignore",
							 [LEVEL_INFO] = "",
							 [LEVEL_WARN] = "warn",
							 [LEVEL_FAIL] = "fail"};
	const struct path_level *said = check_level_at(f->policy, f->row, path);
	struct item item = item_at(kind, level, said), *place;

	note_target_level(f, kind, said);
	set_subject(f, path, &item);
	f->seen[item.kind] = true;
	if (item.level > f->level)
		f->level = item.level;
	if (!f->arena)
		return;
	place = place_item(f, item.kind);
	if (!place)
		return;
	item.text = format(f, fmt, args);
	if (said)
		item.text =
			told(f, "%s (--%s=%s:PATH)", item.text, options[said->level], f->check->id);
	*place = item;
}

void found_grave(struct finding *f, const char *subject, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, subject, ITEM_GRAVE, f->levels.grave, fmt, args);
	va_end(args);
}

void found_lesser(struct finding *f, const char *subject, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, subject, ITEM_LESSER, f->levels.lesser, fmt, args);
	va_end(args);
}

void found_unknown_at(struct finding *f, const char *path, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, path, ITEM_UNKNOWN, f->levels.grave, fmt, args);
	va_end(args);
}

/* What is not known may be the worst. */
void found_unknown(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, NULL, ITEM_UNKNOWN, f->levels.grave, fmt, args);
	va_end(args);
}

void found_note(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_item(f, NULL, ITEM_NOTE, LEVEL_OFF, fmt, args);
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
		return "(not enough memory for the name)";
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
}

void check_judge(const struct policy *p, const struct posture *s, size_t i, struct arena *a,
		 struct finding *ret)
{
	const struct check *c = check_at(i);

	*ret = (struct finding){
		.check = c, .levels = p->levels[i], .policy = p, .row = i, .arena = a};
	if (check_highest_level(p, i) == LEVEL_OFF)
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

enum level check_highest_level(const struct policy *p, size_t i)
{
	enum level most = p->levels[i].grave;

	if (p->levels[i].lesser > most)
		most = p->levels[i].lesser;
	for (size_t n = 0; n < p->path_levels_count; n++)
		if (p->path_levels[n].check == i && p->path_levels[n].level > most)
			most = p->path_levels[n].level;
	return most;
}

unsigned int checks_needs(const struct policy *p)
{
	const struct check *c;
	unsigned int needs = 0;

	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		if (check_highest_level(p, i) != LEVEL_OFF)
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
