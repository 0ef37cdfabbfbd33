// SPDX-License-Identifier: MIT
/* The process that verifies beside the running program. */
#include <linux/ioprio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checks/check.h"
#include "report/report.h"
#include "watch/rest.h"

/* Whether the check says more when all is looked at. */
static bool is_of_rest(const struct policy *p, unsigned int left, size_t i)
{
	return check_at(i)->needs & left && check_highest_level(p, i) >= LEVEL_WARN;
}

/*
 * Time that nobody wants; nothing of it fails in a way that matters. The second pace needs no
 * privilege either.
 */
static void go_slowly(enum rest_pace pace)
{
	const struct sched_param zero = {0};

	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		      IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
	if (pace == REST_BATCH)
		(void)setpriority(PRIO_PROCESS, 0, 19);
	(void)syscall(SYS_sched_setscheduler, 0, pace == REST_BATCH ? SCHED_BATCH : SCHED_IDLE,
		      &zero);
}

/* As at the start, but all of it. The user is the program's by now. */
static void look_at_all(struct policy *p, unsigned int left, struct arena *a, struct posture *s)
{
	unsigned int needs = FACT_STATUS;

	for (size_t i = 0; i < checks_count(); i++)
		if (is_of_rest(p, left, i))
			needs |= check_at(i)->needs;
	if (p->verify == VERIFY_LAZY)
		p->verify = p->user ? VERIFY_REST : VERIFY_ALL;
	if (p->scan == SCAN_LAZY)
		p->scan = SCAN_FULL;
	p->watch = WATCH_OFF;
	p->user = NULL;
	if (posture_gather(p, needs, environ, NULL, a, s) < 0)
		return; /* never, without another user to look as */
	s->resulting = s->status;
}

static size_t judge_all(const struct policy *p, unsigned int left, const struct posture *s,
			struct arena *a, struct finding *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < checks_count(); i++) {
		if (!is_of_rest(p, left, i))
			continue;
		check_judge(p, s, i, a, &ret[n]);
		n += ret[n].level >= LEVEL_WARN;
	}
	return n;
}

static void tell_rest(struct text *out, struct report *r)
{
	const struct seal_facts *seal = &r->posture->seal;

	if (r->policy->format != FORMAT_TEXT) {
		report_add(out, r);
		return;
	}
	text_add(out, "granit: verified beside the program: ");
	if (r->tally.failed) {
		text_add(out, "the image is not as it should be\n");
		report_text(out, r);
		return;
	}
	if (r->count)
		report_summary(out, r);
	else
		text_add(out, "all is as it should be");
	if (seal->files)
		text_add(out, " (%zu names, %zu files, %llu MB)", seal->names, seal->files,
			 (unsigned long long)(seal->bytes >> 20));
	text_add(out, "\n");
}

__attribute__((noreturn)) void rest_work(const struct policy *p, const struct rest *rest)
{
	struct rest_page *page = rest->page;
	struct arena a = {0};
	struct policy *all = arena_take(&a, 1, sizeof(*all));
	struct posture *s = arena_take(&a, 1, sizeof(*s));
	struct finding *findings = arena_take(&a, checks_count(), sizeof(*findings));
	struct report r = {.policy = all, .posture = s, .findings = findings, .is_change = true};
	struct text out;

	/* Where granit is not process 1 nobody else would end it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	go_slowly(rest->pace);
	if (!all || !s || !findings)
		_exit(1);
	*all = *p;
	look_at_all(all, rest->left, &a, s);
	r.count = judge_all(all, rest->left, s, &a, findings);
	r.tally = report_count(findings, r.count);
	r.detail = r.tally.failed ? REPORT_FAILURES : REPORT_WARNINGS;
	posture_look_for_runtime(all, s);
	text_init(&out, page->text, REST_TEXT);
	if (r.tally.failed || p->verbosity >= 0)
		tell_rest(&out, &r);
	page->text_len = (uint32_t)out.len;
	page->failed = r.tally.failed > 0;
	/* After all else that is in there: it may be killed in between. */
	__atomic_store_n(&page->done, 1, __ATOMIC_RELEASE);
	_exit(0);
}
