// SPDX-License-Identifier: MIT
/* Verification: look, judge, report, harden. */
#include "verify.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "harden/harden.h"
#include "report/say.h"
#include "sys/exit.h"

int text_in(struct log *log, struct arena *a, struct text *ret)
{
	size_t room;
	char *buf = arena_rest(a, &room);

	if (!buf) {
		say(log, "cannot get memory for a text: raise the memory limit");
		return -ENOMEM;
	}
	text_init(ret, buf, room);
	return 0;
}

struct report report_of(const struct policy *p, const struct judgement *j)
{
	struct report r = {
		.policy = p,
		.posture = &j->posture,
		.findings = j->findings,
		.count = checks_count(),
		.tally = j->tally,
		.detail = REPORT_ALL,
		.has_privileges = j->knows_privileges,
	};

	return r;
}

/* Before the look, which is the program's too. */
static int resolve_user(struct log *log, const struct policy *p, struct arena *a,
			struct account *ret)
{
	char why[PIPE_BUF];
	struct text err;

	text_init(&err, why, sizeof(why));
	if (!p->user || p->root)
		return 0;
	text_add(&err, "--user=");
	text_add_name(&err, p->user);
	text_add(&err, ": ");
	if (account_resolve(p->user, -1, a, ret, &err) == 0)
		return 0;
	fail(log, p, "%s", why);
	return -EINVAL;
}

/*
 * Relative names of the program mean there what they will mean when it starts. A start that cannot
 * go there ends with the step chdir, which says why.
 */
static int enter_directory(struct log *log, const struct policy *p, const struct account *account)
{
	const struct sight other = account_sight(account);
	char why[PIPE_BUF / 2];
	struct text t;
	int r;

	if (!p->chdir || p->root)
		return 0;
	r = sight_enter(p->user ? &other : NULL, p->chdir);
	if (r == 0 || p->mode != MODE_CHECK)
		return 0;
	text_init(&t, why, sizeof(why));
	text_add_name(&t, p->chdir);
	fail(log, p, "--chdir=%s: %s", why, strerror(-r));
	return r;
}

static void cannot_open_root(struct log *log, const struct policy *p, int error)
{
	char name[PATH_MAX];
	struct text t;

	text_init(&t, name, sizeof(name));
	text_add_name(&t, p->root);
	fail(log, p, "--root: cannot open the directory %s: %s", name, strerror(-error));
}

static int gather_facts(struct log *log, const struct policy *p, unsigned int needs,
			const struct account *account, struct arena *a, struct posture *ret)
{
	int r;

	if (p->root) {
		r = posture_gather_image(p, needs, a, ret);
		if (r < 0)
			cannot_open_root(log, p, r);
		return r;
	}
	r = posture_gather(p, needs, environ, p->user ? account : NULL, a, ret);
	if (r < 0)
		fail(log, p,
		     "--user: granit looked with the rights of that user, and its own did not come "
		     "back: let the runtime set the user instead");
	return r;
}

int look_and_judge(struct log *log, const struct policy *p, struct arena *a, struct judgement *ret)
{
	unsigned int needs = checks_needs(p) | (p->takes_steps ? FACT_STATUS : 0);
	struct account account = {0};
	int r;

	if (resolve_user(log, p, a, &account) < 0 || enter_directory(log, p, &account) < 0)
		return -EINVAL;
	if (p->landlock != LANDLOCK_OFF && p->mode == MODE_RUN)
		needs |= FACTS_OF_LANDLOCK;
	if (p->deny & DENY_WX_MEMORY && p->mode == MODE_RUN)
		needs |= FACT_APP;
	if (p->learn)
		needs |= FACTS_OF_MOUNTS | FACT_STATUS;
	r = gather_facts(log, p, needs, &account, a, &ret->posture);
	if (r < 0)
		return r;
	harden_foresee(p, &ret->posture, &ret->posture.resulting);
	ret->findings = arena_take(a, checks_count(), sizeof(*ret->findings));
	if (!ret->findings) {
		fail(log, p, "cannot get memory for the findings: raise the memory limit");
		return -ENOMEM;
	}
	/* A start judges first and looks for words when it has something to say. */
	checks_judge(p, &ret->posture, p->mode == MODE_CHECK ? a : NULL, ret->findings);
	ret->tally = report_count(ret->findings, checks_count());
	ret->knows_privileges =
		needs & FACT_STATUS && !p->root && !ret->posture.status_trouble.tried;
	return 0;
}

void log_refusal(struct log *log, const struct policy *p, const struct report *r)
{
	char buf[TERMINATION_LOG_BYTES + 1];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	report_short(&t, r);
	say_why(log, p, &t);
}

/* In run mode everything goes to standard error, and little of it: the output is the program's. */
static void report_run(struct log *log, const struct policy *p, struct judgement *j,
		       struct arena *a)
{
	struct report r = report_of(p, j);
	bool refused = j->tally.failed > 0;
	char line[PIPE_BUF];
	struct text out;

	if (!refused && p->verbosity < 1 && (p->verbosity < 0 || !j->tally.warned))
		return;
	if (!refused && p->verbosity < 1 && p->format == FORMAT_TEXT) {
		text_init(&out, line, sizeof(line));
		report_summary(&out, &r);
		say(log, "%s", line);
		return;
	}
	posture_look_for_runtime(p, &j->posture);
	checks_judge(p, &j->posture, a, j->findings);
	if (refused)
		log_refusal(log, p, &r);
	if (text_in(log, a, &out) < 0)
		return;
	if (p->verbosity < 1)
		r.detail = refused ? REPORT_FAILURES : REPORT_WARNINGS;
	if (refused && p->format == FORMAT_TEXT) {
		out.colored = is_colored(p, STDERR_FILENO);
		text_add(&out, "granit: ");
		report_refusal(&out, &r);
	}
	report_add(&out, &r);
	(void)log_write(log, &out);
	arena_keep(a, out.buf, out.len + 1);
}

/* Takes the steps. Returns 0, or the exit status, having said why. */
static own_frame int take_steps(struct log *log, const struct policy *p, const struct posture *s,
				int *const keep[], struct arena *a)
{
	enum { NOTES = 1 << 16 };
	char why[PIPE_BUF], unread[1], *notes_buf = unread;
	struct text err, notes;

	if (p->verbosity > 1)
		notes_buf = arena_take(a, NOTES, 1);
	if (!notes_buf) {
		fail(log, p, "cannot get memory for the start: raise the memory limit");
		return EXIT_GRANIT;
	}
	text_init(&notes, notes_buf, p->verbosity > 1 ? NOTES : sizeof(unread));
	text_init(&err, why, sizeof(why));
	if (harden(p, s, keep, a, &notes, &err) < 0) {
		fail(log, p, "%s; the program was not started", why);
		return EXIT_GRANIT;
	}
	if (err.len && p->verbosity >= 0)
		say(log, "%s", why);
	if (p->verbosity > 1)
		(void)log_write(log, &notes);
	return 0;
}

own_frame int verify_and_harden(struct log *log, const struct policy *p, struct arena *a,
				const struct verification *ret)
{
	int *const keep[HARDEN_KEEPS] = {&ret->watch->mounts, &ret->watch->events,
					 &ret->verified->fd, &log->fd};
	struct judgement j;
	int r;

	if (!p->takes_steps && !p->learn && !checks_needs(p))
		return 0;
	if (look_and_judge(log, p, a, &j) < 0)
		return EXIT_GRANIT;
	report_run(log, p, &j, a);
	if (j.tally.failed)
		return EXIT_REFUSED;
	r = watch_begin(ret->watch, p, &j.posture);
	if (r < 0) {
		fail(log, p, "cannot watch the mount table: %s; --watch=off turns this off",
		     strerror(-r));
		return EXIT_GRANIT;
	}
	*ret->verified =
		(struct verified){j.posture.seal.program, j.posture.app.path,  j.posture.app.file,
				  j.posture.app.error,    j.posture.app.tried, j.posture.loaders};
	*ret->mounts = j.posture.mounts;
	return p->takes_steps ? take_steps(log, p, &j.posture, keep, a) : 0;
}
