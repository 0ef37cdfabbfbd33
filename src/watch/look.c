// SPDX-License-Identifier: MIT
/* The looker: judges the rows of a mount table that are new or changed. */
#include "watch/look.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "checks/check.h"
#include "report/report.h"

/* ---- rows */

/* FNV-1a, 64 bits. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < n; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): all are set */
		hash = (hash ^ b[i]) * UINT64_C(1099511628211);
	return hash;
}

/* With the NUL, so that what ends one string does not begin the next. */
static uint64_t hash_name(uint64_t hash, const char *s)
{
	return hash_bytes(hash, s, strlen(s) + 1);
}

/* Whatever a judge may look at. What the kernel says of peer groups changes from outside. */
static uint64_t row_hash(const struct mount *m)
{
	const bool flags[] = {m->read_only, m->super_read_only, m->noexec, m->nosuid,
			      m->nodev,     m->shared,          m->covered};
	const uint64_t ids[] = {m->id, m->parent};
	uint64_t hash = hash_bytes(UINT64_C(14695981039346656037), ids, sizeof(ids));

	hash = hash_bytes(hash, flags, sizeof(flags));
	hash = hash_name(hash, m->device);
	hash = hash_name(hash, m->root);
	hash = hash_name(hash, m->point);
	hash = hash_name(hash, m->fstype);
	return hash_name(hash, m->super_options);
}

static int compare_rows(const void *a, const void *b)
{
	const struct look_row *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

int look_remember(const struct mount_table *t, struct look_row *rows)
{
	if (t->count > LOOK_ROWS)
		return -E2BIG;
	for (size_t i = 0; i < t->count; i++)
		rows[i] = (struct look_row){row_hash(&t->rows[i]), t->rows[i].parent};
	qsort(rows, t->count, sizeof(*rows), compare_rows);
	return (int)t->count;
}

static const struct look_row *find_row(const struct look_request *q, uint64_t hash)
{
	const struct look_row key = {.hash = hash};

	return bsearch(&key, q->known, q->known_count, sizeof(key), compare_rows);
}

/* What lies below a mount that has gone is what paths lead to now. */
static void mark_uncovered(struct mount_table *t, uint64_t parent)
{
	for (size_t i = 0; i < t->count; i++)
		t->rows[i].uncovered |= t->rows[i].id == parent;
}

/* Marks what was judged before. Returns 0 or -ENOMEM. */
static int mark_known(const struct look_request *q, struct mount_table *t, struct arena *a)
{
	bool *still_there = arena_take(a, q->known_count, sizeof(*still_there));

	if (!still_there)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++) {
		struct mount *m = &t->rows[i];
		const struct look_row *row;

		m->hash = row_hash(m);
		row = find_row(q, m->hash);
		m->known = row != NULL;
		if (row)
			still_there[row - q->known] = true;
	}
	for (size_t i = 0; i < q->known_count; i++)
		if (!still_there[i])
			mark_uncovered(t, q->known[i].parent);
	return 0;
}

/* ---- looking */

static bool is_avoided(const struct look_request *q, uint64_t hash)
{
	for (size_t i = 0; i < q->leave_out_count; i++)
		if (q->leave_out[i] == hash)
			return true;
	return false;
}

/* Returns whether all of them were looked at. */
static bool look_at_news(const struct look_request *q, struct posture *s)
{
	bool all = true;

	for (size_t i = 0; i < s->mounts.count; i++) {
		struct mount *m = &s->mounts.rows[i];

		if (m->known)
			continue;
		if (is_avoided(q, m->hash)) {
			m->known = true; /* for this time */
			all = false;
			continue;
		}
		/* A compiler must not put it off: the next call may not come back. */
		*(volatile uint64_t *)&q->page->touching = m->hash;
		posture_look_at(s, m);
	}
	q->page->touching = 0;
	return all;
}

/* ---- judging */

static bool is_watched(const struct policy *p, size_t i)
{
	unsigned int needs = check_at(i)->needs;

	if (!(needs & FACTS_OF_MOUNTS) || needs & ~(unsigned int)FACTS_OF_SECOND_LOOK)
		return false;
	return check_highest_level(p, i) >= LEVEL_WARN;
}

bool look_is_of_use(const struct policy *p)
{
	for (size_t i = 0; i < checks_count(); i++)
		if (is_watched(p, i))
			return true;
	return false;
}

static size_t judge_watched(const struct policy *p, const struct posture *s, struct arena *a,
			    struct finding *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < checks_count(); i++) {
		if (!is_watched(p, i))
			continue;
		check_judge(p, s, i, a, &ret[n]);
		n += ret[n].level >= LEVEL_WARN;
	}
	return n;
}

struct judging {
	const struct look_request *request;
	struct posture *posture;
	struct arena *arena;
	struct finding *findings;
	struct text *out;
	bool failed;
};

static void judge_some(struct judging *j)
{
	struct report r = {.policy = j->request->policy,
			   .posture = j->posture,
			   .findings = j->findings,
			   .is_change = true,
			   .detail = REPORT_WARNINGS};

	r.count = judge_watched(r.policy, j->posture, j->arena, j->findings);
	if (!r.count)
		return;
	r.tally = report_count(j->findings, r.count);
	j->failed |= r.tally.failed > 0;
	posture_look_for_runtime(r.policy, j->posture);
	if (r.policy->format == FORMAT_TEXT && !j->out->len)
		text_add(j->out, "granit: the mount table has changed\n");
	report_add(j->out, &r);
}

/* So many at a time that no finding has more to tell than it keeps. */
static int judge_news(struct judging *j)
{
	struct mount_table *t = &j->posture->mounts;
	struct mount **news = arena_take(j->arena, t->count + 1, sizeof(struct mount *));
	size_t count = 0, from = 0;

	if (!news)
		return -ENOMEM;
	/* Who has to wait for his turn counts as known until it comes. */
	for (size_t i = 0; i < t->count; i++)
		if (!t->rows[i].known) {
			news[count++] = &t->rows[i];
			t->rows[i].known = true;
		}
	do {
		size_t end = count - from < FINDING_ITEMS ? count : from + FINDING_ITEMS;

		for (size_t i = from; i < end; i++)
			news[i]->known = false;
		judge_some(j);
		for (size_t i = from; i < end; i++)
			news[i]->known = true;
		for (size_t i = 0; from == 0 && i < t->count; i++)
			t->rows[i].uncovered = false;
		from = end;
	} while (from < count);
	return 0;
}

/* ---- the answer */

static void answer(struct look_page *page, enum look_state state, const struct text *out)
{
	page->text_len = (uint32_t)out->len;
	/* After all else that is in there: it may be killed in between. */
	__atomic_store_n(&page->state, (uint32_t)state, __ATOMIC_RELEASE);
}

/* Those that were left out are news for the next looker. What points to rows is no longer true. */
static void forget_left_out(const struct look_request *q, struct mount_table *t, struct text *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i];

		if (!is_avoided(q, m->hash) || find_row(q, m->hash)) {
			t->rows[kept++] = *m;
			continue;
		}
		text_add(out, "granit: ");
		text_add_name(out, m->point);
		text_add(out, " is a new mount that does not answer; not judged yet\n");
	}
	t->count = kept;
	t->by_id = t->by_point = NULL;
	t->points = 0;
}

/* Why there is no answer, for process 1 to say. */
static int give_up(struct text *out, const struct trouble *t)
{
	text_cut(out, 0);
	text_add(out, "cannot %s %s: %s", t->tried, t->what, t->why ? t->why : strerror(t->error));
	return -EIO;
}

static int look_and_tell(const struct look_request *q, struct arena *a, struct text *out)
{
	const struct trouble no_memory = {.tried = "get", .what = "memory", .error = ENOMEM};
	const struct trouble too_long = {
		.tried = "judge", .what = "it", .why = "it has too many rows"};
	struct posture *s = arena_take(a, 1, sizeof(*s));
	struct judging j = {.request = q, .posture = s, .arena = a, .out = out};
	bool all;
	int r;

	j.findings = arena_take(a, checks_count(), sizeof(*j.findings));
	if (!s || !j.findings)
		return give_up(out, &no_memory);
	posture_look_again(q->root, a, s);
	if (s->mounts_trouble.tried)
		return give_up(out, &s->mounts_trouble);
	if (mark_known(q, &s->mounts, a) < 0)
		return give_up(out, &no_memory);
	all = look_at_news(q, s);
	if (judge_news(&j) < 0)
		return give_up(out, &no_memory);
	if (!all)
		forget_left_out(q, &s->mounts, out);
	r = look_remember(&s->mounts, q->page->rows[q->answer]);
	if (r < 0)
		return give_up(out, &too_long);
	q->page->count = (uint32_t)r;
	q->page->failed = j.failed;
	return all ? LOOK_DONE : LOOK_PART;
}

__attribute__((noreturn)) void look(const struct look_request *q)
{
	struct arena a = {0};
	struct text out;
	int r;

	/* Where granit is not process 1 nobody else would end it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	text_init(&out, q->page->text, LOOK_TEXT);
	r = look_and_tell(q, &a, &out);
	answer(q->page, r < 0 ? LOOK_NOTHING : (enum look_state)r, &out);
	_exit(0);
}
