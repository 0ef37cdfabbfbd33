// SPDX-License-Identifier: MIT
/* Programs that a volume brings along: the image was looked at, and they were not in it. */
#include <string.h>

#include "checks/check.h"
#include "facts/foreign.h"

/* The first shell is enough, and the volume is what can be set. */
static bool judge_shells(const struct image_volume *m, struct finding *f)
{
	const struct program *i = m->facts.programs;

	while (i && (i->allowed || !(i->content & CONTENT_SHELL)))
		i = i->next;
	if (i)
		found_grave(f, m->path, "%s, on the volume %s, is a shell by its content",
			    shown(f, i->path), shown(f, m->path));
	return i != NULL;
}

/* Such a file may be a shell. Landlock starts none; a loader would have to read it. */
static void judge_unreadable(const struct posture *s, const struct image_volume *m,
			     struct finding *f)
{
	const struct program *i = m->facts.programs;

	while (i && (i->allowed || !(i->marks & MARK_UNREADABLE)))
		i = i->next;
	if (i && !s->foreign.landlock)
		found_unknown_at(f, m->path,
				 "%s, on the volume %s, can be started but not read: it may be "
				 "anything",
				 shown(f, i->path), shown(f, m->path));
}

/* What a runtime puts beside the program may be programs (--init, ECS' agent), but no shell. */
static bool is_of_runtime(const struct posture *s, const char *point)
{
	const struct mount *m = mounts_by_path(&s->mounts, point);

	return m && m->of_runtime;
}

/* A place there that could not be looked at, and that the program may well enter; or NULL. */
static const struct blind_spot *find_blind_spot(const struct image_facts *i, bool hold)
{
	const struct blind_spot *b = i->blind;

	while (b && b->barred && hold)
		b = b->next;
	return b;
}

static void judge_foreign_volume(const struct policy *p, const struct posture *s,
				 const struct image_volume *m, struct finding *f)
{
	const struct blind_spot *b = find_blind_spot(&m->facts, bars_hold(p, s));
	const char *point = shown(f, m->path);

	if (judge_shells(m, f) || is_of_runtime(s, m->path))
		return;
	judge_unreadable(s, m, f);
	if (m->facts.out_of_memory)
		found_unknown_at(f, m->path, "not enough memory to scan the volume %s", point);
	if (b)
		found_unknown_at(f, m->path, "cannot look at %s, on the volume %s: %s%s",
				 shown(f, b->path), point, strerror(b->error),
				 bar_remedy(p, s, b->error));
	else if (m->facts.first)
		found_lesser(f, m->path, "the volume %s has programs that are not in the image: %s",
			     point, shown(f, m->facts.first));
	else if (m->facts.out_of_budget)
		found_lesser(
			f, m->path,
			"the volume %s was not scanned completely: its budget of %s is used up",
			point, m->facts.out_of_budget);
}

/* The program is not started then; without Landlock it is one that is not the image's. */
static void judge_part(const struct posture *s, struct finding *f)
{
	const char *part = s->foreign.part;
	const struct mount *m = part ? mounts_by_path(&s->mounts, part) : NULL;
	const char *subject = m ? m->point : part;

	if (part && s->foreign.landlock)
		found_grave(f, subject,
			    "%s is on a volume, and Landlock starts programs from the image only",
			    shown(f, part));
	else if (s->foreign.loose_part)
		found_grave(f, subject,
			    "%s, which the program is run with, is on a volume, and the user that "
			    "runs it can change it",
			    shown(f, s->foreign.loose_part));
	else if (part)
		found_lesser(f, subject, "%s is on a volume, not in the image", shown(f, part));
}

/* What lies at its end is the image's, today. */
static void judge_open_part(const struct foreign_facts *facts, struct finding *f)
{
	if (facts->open_part)
		found_grave(f, facts->open_at,
			    "the program is run with %s, and where that leads is decided on %s, "
			    "which is writable",
			    shown(f, facts->open_part), shown(f, facts->open_at));
}

/* What is written there is no program of the image's, and starts. */
static void judge_exec_from(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {
		const char *from = exec_from_on_writable(p, &s->mounts, m);

		if (from)
			found_lesser(f, m->point,
				     "programs start from %s, as --exec-from says, and %s, which "
				     "holds them, can be written",
				     shown(f, from), shown(f, m->point));
	}
}

void judge_foreign_programs(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct foreign_facts *facts = &s->foreign;

	(void)found_trouble(f, &s->mounts_trouble);
	judge_part(s, f);
	judge_open_part(facts, f);
	judge_exec_from(p, s, f);
	if (facts->out_of_memory)
		found_unknown(f, "not enough memory to scan all volumes");
	for (const struct image_volume *m = facts->first; m; m = m->next)
		judge_foreign_volume(p, s, m, f);
	if (facts->count && facts->kept_out)
		found_note(f,
			   "not scanned: %zu read-only volume%s; Landlock starts nothing there, "
			   "and no dynamic loader was found that could",
			   facts->count, facts->count == 1 ? "" : "s");
	else if (facts->count && p->scan == SCAN_OFF)
		found_note(f, "not scanned (--scan=off): %zu read-only volume%s", facts->count,
			   facts->count == 1 ? "" : "s");
}
