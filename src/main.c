// SPDX-License-Identifier: MIT
/* The whole story: policy, posture, judge, report, harden, start, supervise. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "checks/check.h"
#include "harden/harden.h"
#include "launch/start.h"
#include "options/options.h"
#include "options/parse.h"
#include "report/report.h"
#include "report/say.h"
#include "seal/make.h"
#include "supervise/supervise.h"
#include "sys/exit.h"
#include "tools/tools.h"
#include "watch/watch.h"

/*
 * Descriptors 0 to 2 are taken for the standard ones by everybody, so no file of granit's may come
 * to lie there. Where there is no /dev/null the program gets them closed, as granit did.
 */
static int fill_standard_fds(void)
{
	struct pollfd fds[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};

	if (poll(fds, array_length(fds), 0) <= 0)
		return 0;
	for (size_t i = 0; i < array_length(fds); i++) {
		if (!(fds[i].revents & POLLNVAL))
			continue;
		/* The lowest free descriptor is the one that is missing. */
		if (open("/dev/null", O_RDWR) < 0 && open("/", O_PATH | O_CLOEXEC) < 0)
			return -errno;
	}
	return 0;
}

/* An empty text with all the room there is. */
static int text_in(struct arena *a, struct text *ret)
{
	size_t room;
	char *buf = arena_rest(a, &room);

	if (!buf) {
		say("cannot get memory for a text: raise the memory limit");
		return -ENOMEM;
	}
	text_init(ret, buf, room);
	return 0;
}

/* what: "the report", say. */
static int print(const struct text *t, const char *what)
{
	int r = text_write(t, STDOUT_FILENO);

	if (r < 0)
		say("cannot write %s to standard output: %s", what, strerror(-r));
	return r;
}

/* For the modes that only tell. */
static own_frame int tell(struct arena *a, void (*make)(struct text *out))
{
	struct text t;

	if (text_in(a, &t) < 0)
		return EXIT_GRANIT;
	make(&t);
	return print(&t, "the text") < 0 ? EXIT_GRANIT : 0;
}

static void version_text(struct text *out)
{
	text_add(out, "granit " GRANIT_VERSION "\n");
}

static void license_text(struct text *out)
{
	text_add(
		out,
		"granit is free software under the MIT licence. Its binary holds libcap-ng, under\n"
		"the GNU Lesser General Public License 2.1 or later, parts of nettle (Copyright\n"
		"2001, 2012 Niels Moller), under the GNU Lesser General Public License 3 or "
		"later,\n"
		"or the GNU General Public License 2 or later, parts of libsodium (Copyright\n"
		"2013-2019 Frank Denis), under the ISC licence, and musl, under the MIT "
		"licence.\n");
}

struct judgement {
	struct posture posture;
	struct finding *findings;
	struct tally tally;
	bool knows_privileges;
};

static struct report report_of(const struct policy *p, const struct judgement *j)
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

/* Before the judges, who judge what the program will be. */
static int resolve_user(const struct policy *p, struct arena *a, struct posture *s)
{
	char why[PIPE_BUF];
	struct text err;

	text_init(&err, why, sizeof(why));
	if (!p->user || p->root)
		return 0;
	text_add(&err, "--user=");
	text_add_name(&err, p->user);
	text_add(&err, ": ");
	if (account_resolve(p->user, -1, a, &s->account, &err) == 0) {
		posture_ask_for_account(p, s);
		return 0;
	}
	fail(p, "%s", why);
	return -EINVAL;
}

static int look_and_judge(const struct policy *p, struct arena *a, struct judgement *ret)
{
	unsigned int needs = checks_needs(p) | (p->takes_steps ? FACT_STATUS : 0);

	if (p->landlock != LANDLOCK_OFF && p->mode == MODE_RUN)
		needs |= FACTS_OF_LANDLOCK;
	if (!p->root) {
		posture_gather(p, needs, environ, a, &ret->posture);
	} else {
		int r = posture_gather_image(p, needs, a, &ret->posture);

		if (r < 0) {
			fail(p, "--root: cannot open the directory %s: %s", p->root, strerror(-r));
			return r;
		}
	}
	if (resolve_user(p, a, &ret->posture) < 0)
		return -EINVAL;
	harden_foresee(p, &ret->posture, &ret->posture.resulting);
	ret->findings = arena_take(a, checks_count(), sizeof(*ret->findings));
	if (!ret->findings) {
		fail(p, "cannot get memory for the findings: raise the memory limit");
		return -ENOMEM;
	}
	/* A start judges first and looks for words when it has something to say. */
	checks_judge(p, &ret->posture, p->mode == MODE_CHECK ? a : NULL, ret->findings);
	ret->tally = report_count(ret->findings, checks_count());
	ret->knows_privileges =
		needs & FACT_STATUS && !p->root && !ret->posture.status_trouble.tried;
	return 0;
}

static void log_refusal(const struct policy *p, const struct report *r)
{
	char buf[TERMINATION_LOG_BYTES + 1];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	report_short(&t, r);
	say_why(p, &t);
}

/* In run mode everything goes to standard error, and little of it: the output is the program's. */
static void report_run(const struct policy *p, struct judgement *j, struct arena *a)
{
	struct report r = report_of(p, j);
	bool refused = j->tally.failed > 0;
	struct text out;

	if (!refused && p->verbosity < 1 && (p->verbosity < 0 || !j->tally.warned))
		return;
	if (!refused && p->verbosity < 1 && p->format == FORMAT_TEXT) {
		say("%zu warning%s; granit --check explains %s", j->tally.warned,
		    j->tally.warned == 1 ? "" : "s", j->tally.warned == 1 ? "it" : "them");
		return;
	}
	posture_look_for_runtime(p, &j->posture);
	checks_judge(p, &j->posture, a, j->findings);
	if (refused)
		log_refusal(p, &r);
	if (text_in(a, &out) < 0)
		return;
	if (p->verbosity < 1)
		r.detail = refused ? REPORT_FAILURES : REPORT_WARNINGS;
	if (refused && p->format == FORMAT_TEXT) {
		text_add(&out, "granit: refused to start ");
		text_add_name(&out, p->program ? p->program[0] : "granit --pause");
		text_add(&out, ": this container is not immutable\n");
	}
	report_add(&out, &r);
	(void)text_write(&out, STDERR_FILENO);
	arena_keep(a, out.buf, out.len + 1);
}

static own_frame int run_check(const struct policy *p, struct arena *a)
{
	struct judgement j;
	struct report r;
	struct text out;

	if (look_and_judge(p, a, &j) < 0 || text_in(a, &out) < 0)
		return EXIT_GRANIT;
	posture_look_for_runtime(p, &j.posture);
	r = report_of(p, &j);
	report_add(&out, &r);
	if (print(&out, "the report") < 0)
		return EXIT_GRANIT;
	if (!j.tally.failed)
		return 0;
	log_refusal(p, &r);
	return EXIT_REFUSED;
}

/* A seal says that somebody has looked: what the checks refuse is not sealed. */
static own_frame int run_seal(const struct policy *p, struct arena *a)
{
	char why[PIPE_BUF];
	struct judgement j;
	struct report r;
	struct text out;

	if (look_and_judge(p, a, &j) < 0)
		return EXIT_GRANIT;
	if (j.tally.failed) {
		if (text_in(a, &out) < 0)
			return EXIT_GRANIT;
		r = report_of(p, &j);
		r.detail = REPORT_FAILURES;
		if (p->format == FORMAT_TEXT) {
			text_add(&out, "granit: refused to seal ");
			text_add_name(&out, p->root);
			text_add(&out,
				 ": the image does not pass; --ignore=ID leaves a check out\n");
		}
		report_add(&out, &r);
		(void)text_write(&out, STDERR_FILENO);
		return EXIT_REFUSED;
	}
	text_init(&out, why, sizeof(why));
	if (seal_make(p, STDOUT_FILENO, a, &out) == 0)
		return 0;
	fail(p, "%s", why);
	return EXIT_GRANIT;
}

/* What environment files are held against, kept for as long as the arena. */
static int keep_posture(const struct policy *p, struct arena *a, const struct posture *s,
			const struct posture **ret)
{
	struct posture *copy;

	if (!p->harden || !p->wanted)
		return 0;
	copy = arena_take(a, 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *s;
	*ret = copy;
	return 0;
}

/*
 * Everything up to the program's start. Returns 0, or the exit status that says why not. *posture
 * is set where it will be needed; *verified is the caller's to close.
 */
static own_frame int verify_and_harden(const struct policy *p, struct arena *a, struct watch *watch,
				       struct verified *verified, const struct posture **posture)
{
	enum { NOTES = 1 << 16 };
	char why[PIPE_BUF], unread[1], *notes_buf = unread;
	int *const keep[] = {&watch->fd, &verified->fd};
	struct text err, notes;
	struct judgement j;

	if (look_and_judge(p, a, &j) < 0)
		return EXIT_GRANIT;
	report_run(p, &j, a);
	if (j.tally.failed)
		return EXIT_REFUSED;
	watch_begin(watch, p, &j.posture, j.findings, a);
	*verified = (struct verified){j.posture.seal.program, j.posture.app.path};
	if (!p->takes_steps)
		return 0;
	if (p->verbosity > 1)
		notes_buf = arena_take(a, NOTES, 1);
	if (!notes_buf || keep_posture(p, a, &j.posture, posture) < 0) {
		fail(p, "cannot get memory for the start: raise the memory limit");
		return EXIT_GRANIT;
	}
	text_init(&notes, notes_buf, p->verbosity > 1 ? NOTES : sizeof(unread));
	text_init(&err, why, sizeof(why));
	if (harden(p, &j.posture, keep, a, &notes, &err) < 0) {
		fail(p, "%s; the program was not started", why);
		return EXIT_GRANIT;
	}
	if (p->verbosity > 1)
		(void)text_write(&notes, STDERR_FILENO);
	return 0;
}

/* What is large lives in functions that return before the program runs: a stack never shrinks. */
static int run(const struct policy *p, struct arena *a, const struct inherited_signals *inherited)
{
	struct launch launch = {
		.argv = p->program,
		/* That was judged, though --unset-env may take it from the program. */
		.search = getenv("PATH"),
		.signals = inherited,
		.verified.fd = -1,
	};
	const struct posture *posture = NULL;
	struct watch watch = {.fd = -1};
	launch_phase *phase = NULL;
	int signals, status = 0;
	pid_t pid;

	if (p->takes_steps || checks_needs(p))
		status = verify_and_harden(p, a, &watch, &launch.verified, &posture);
	if (status)
		return status;
	launch.envp = environ;
	if (p->exec) {
		(void)start(p, posture, &launch, &phase, &status);
		return status;
	}
	signals = signals_open();
	/* Without it orphans would go to somebody else: to who knows whom. */
	if (getpid() != 1)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* A change of ids clears it (prctl(2)), so not before that. */
	if (p->parent_death)
		(void)prctl(PR_SET_PDEATHSIG, p->parent_death, 0, 0, 0);
	pid = p->mode == MODE_RUN ? start(p, posture, &launch, &phase, &status) : 0;
	close_fd(&launch.verified.fd);
	if (pid < 0)
		return status;
	/* Not before: what the configuration file says of the termination log lies in it. */
	arena_unmap(a);

	/* From now on granit must not die: as PID 1 it would take the whole container with it. */

	harden_give_up(p);
	return supervise(p, pid, phase, signals, &watch);
}

#if GRANIT_TOOLS
/* Why goes to standard error alone: the termination log is the program's. */
static own_frame int run_tool(const struct policy *p)
{
	char buf[PIPE_BUF];
	struct text why;
	int status;

	text_init(&why, buf, sizeof(buf));
	status = tool_run(p, &why);
	if (status)
		say("%s", buf);
	return status;
}
#endif

static own_frame int parse(int argc, char **argv, struct arena *a, struct policy *ret)
{
	char why[PIPE_BUF];
	struct text err;
	int r;

	text_init(&err, why, sizeof(why));
	r = policy_parse(argc, argv, a, ret, &err);
	if (r < 0)
		fail(ret, "%s", why);
	return r;
}

int main(int argc, char **argv)
{
	struct inherited_signals inherited;
	struct arena arena = {0};
	struct policy policy;

	if (fill_standard_fds() < 0 || signals_block(&inherited) < 0 ||
	    parse(argc, argv, &arena, &policy) < 0)
		return EXIT_GRANIT;
	if (policy.mode == MODE_CHECK || policy.mode == MODE_SEAL)
		signals_let_end(&inherited);
	switch (policy.mode) {
	case MODE_RUN:
	case MODE_PAUSE:
		return run(&policy, &arena, &inherited);
	case MODE_CHECK:
		return run_check(&policy, &arena);
	case MODE_SEAL:
		return run_seal(&policy, &arena);
	case MODE_LIST_CHECKS:
		return tell(&arena, policy.format == FORMAT_JSON ? report_check_list_json
								 : report_check_list);
	case MODE_HELP:
		return tell(&arena, options_help);
	case MODE_LICENSE:
		return tell(&arena, license_text);
	case MODE_VERSION:
		return tell(&arena, version_text);
	case MODE_TOOL:
#if GRANIT_TOOLS
		return run_tool(&policy);
#else
		break;
#endif
	}
	return EXIT_GRANIT;
}
