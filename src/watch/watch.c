// SPDX-License-Identifier: MIT
/* Watches the mount table while the program runs. */
#include "watch/watch.h"

#include <unistd.h>

#include "report/report.h"

static bool is_watched(const struct policy *p, size_t i)
{
	if (check_at(i)->needs & ~(unsigned int)FACTS_OF_MOUNTS)
		return false;
	return p->levels[i].grave >= LEVEL_WARN || p->levels[i].lesser >= LEVEL_WARN;
}

/* FNV-1a: what was said is only ever compared with itself. 0: nothing is wrong. */
static uint32_t summary(const struct finding *f)
{
	uint32_t hash = 2166136261U;

	if (f->level < LEVEL_WARN)
		return 0;
	for (size_t i = 0; i < f->count; i++)
		for (const char *s = f->items[i].text; *s; s++)
			hash = (hash ^ (uint8_t)*s) * 16777619U;
	return hash ? hash : 1;
}

void watch_begin(struct watch *w, const struct policy *p, const struct posture *s,
		 const struct finding *findings, struct arena *a)
{
	bool any = false;

	for (size_t i = 0; check_at(i); i++) {
		struct finding f;

		if (!is_watched(p, i))
			continue;
		any = true;
		if (findings[i].level < LEVEL_WARN)
			continue;
		check_judge(p, s, i, a, &f);
		w->known[i] = summary(&f);
	}
	w->root = s->root.has_mount_id ? s->root.mount_id : 0;
	w->fd = s->mounts_fd;
	if (any || w->fd < 0)
		return;
	(void)close(w->fd);
	w->fd = -1;
}

/* Those that have something new to say, in the order of the table. */
static size_t judge_again(struct watch *w, const struct policy *p, const struct posture *s,
			  struct arena *a, struct finding *ret)
{
	size_t n = 0;

	for (size_t i = 0; check_at(i); i++) {
		uint32_t now;

		if (!is_watched(p, i))
			continue;
		check_judge(p, s, i, a, &ret[n]);
		now = summary(&ret[n]);
		if (now && now != w->known[i])
			n++;
		w->known[i] = now;
	}
	return n;
}

static void report_change(const struct report *r, struct arena *a)
{
	struct text out;
	size_t room;
	char *buf = arena_rest(a, &room);

	if (!buf)
		return;
	text_init(&out, buf, room);
	if (r->policy->format == FORMAT_TEXT)
		text_add(&out, "granit: the mount table has changed\n");
	report_add(&out, r);
	text_write_or_drop(&out, STDERR_FILENO);
}

static own_frame bool look(struct watch *w, const struct policy *p, struct arena *a)
{
	struct finding *findings = arena_take(a, checks_count(), sizeof(*findings));
	struct posture *posture = arena_take(a, 1, sizeof(*posture));
	struct report r = {
		.policy = p, .posture = posture, .findings = findings, .is_change = true};

	if (!findings || !posture)
		return false;
	posture_gather_mounts(w->fd, w->root, a, posture);
	r.count = judge_again(w, p, posture, a, findings);
	if (!r.count)
		return false;
	r.tally = report_count(findings, r.count);
	r.detail = REPORT_WARNINGS;
	posture_look_for_runtime(p, posture);
	report_change(&r, a);
	return r.tally.failed > 0;
}

bool watch_look(struct watch *w, const struct policy *p)
{
	struct arena a = {0};
	bool failed = look(w, p, &a);

	arena_unmap(&a);
	return failed;
}
