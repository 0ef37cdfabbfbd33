// SPDX-License-Identifier: MIT
/* The modes that start no program: --check, --seal, those that tell, the tools; and --learn. */
#include "modes.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "launch/signals.h"
#include "learn/learn.h"
#include "options/options.h"
#include "report/say.h"
#include "seal/make.h"
#include "sys/exit.h"
#include "tools/tools.h"
#include "verify.h"

/* what: "the report", say. */
static int print(struct log *log, const struct text *t, const char *what)
{
	int r = text_write(t, STDOUT_FILENO);

	if (r < 0)
		say(log, "cannot write %s to standard output: %s", what, strerror(-r));
	return r;
}

/* A text for standard output. */
static int output_in(struct log *log, const struct policy *p, struct arena *a, struct text *ret)
{
	int r = text_in(log, a, ret);

	if (r == 0)
		ret->colored = is_colored(p, STDOUT_FILENO);
	return r;
}

/* For the modes that only tell. */
static own_frame int tell(struct log *log, const struct policy *p, struct arena *a,
			  void (*make)(struct text *out))
{
	struct text t;

	if (output_in(log, p, a, &t) < 0)
		return EXIT_GRANIT;
	make(&t);
	return print(log, &t, "the text") < 0 ? EXIT_GRANIT : 0;
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

static own_frame int explain(struct log *log, const struct policy *p, struct arena *a)
{
	int check = check_find(p->explain);
	struct text t;

	if (output_in(log, p, a, &t) < 0)
		return EXIT_GRANIT;
	if (check >= 0)
		report_explain(&t, check_at((size_t)check));
	else
		option_explain(&t, option_by_name(p->explain));
	return print(log, &t, "the text") < 0 ? EXIT_GRANIT : 0;
}

int run_telling(struct log *log, const struct policy *p, struct arena *a)
{
	switch (p->mode) {
	case MODE_LIST_CHECKS:
		return tell(log, p, a,
			    p->format == FORMAT_JSON ? report_check_list_json : report_check_list);
	case MODE_EXPLAIN:
		return explain(log, p, a);
	case MODE_HELP:
		return tell(log, p, a, options_help);
	case MODE_LICENSE:
		return tell(log, p, a, license_text);
	case MODE_VERSION:
		return tell(log, p, a, version_text);
	default:
		return EXIT_GRANIT;
	}
}

int run_check(struct log *log, const struct policy *p, struct arena *a)
{
	struct judgement j;
	struct report r;
	struct text out;

	if (look_and_judge(log, p, a, &j) < 0 || output_in(log, p, a, &out) < 0)
		return EXIT_GRANIT;
	posture_look_for_runtime(p, &j.posture);
	r = report_of(p, &j);
	report_add(&out, &r);
	if (print(log, &out, "the report") < 0)
		return EXIT_GRANIT;
	if (!j.tally.failed)
		return 0;
	log_refusal(log, p, &r);
	return EXIT_REFUSED;
}

/* A seal says that somebody has looked: what the checks refuse is not sealed. */
int run_seal(struct log *log, const struct policy *p, struct arena *a)
{
	char why[PIPE_BUF];
	struct judgement j;
	struct report r;
	struct text out;

	if (look_and_judge(log, p, a, &j) < 0)
		return EXIT_GRANIT;
	if (j.tally.failed) {
		if (text_in(log, a, &out) < 0)
			return EXIT_GRANIT;
		out.colored = is_colored(p, STDERR_FILENO);
		r = report_of(p, &j);
		r.detail = REPORT_FAILURES;
		if (p->format == FORMAT_TEXT) {
			text_add(&out, "granit: refused to seal ");
			text_add_name(&out, p->root);
			text_add(&out, ": the image does not pass; --ignore=ID skips a check\n");
		}
		report_add(&out, &r);
		(void)log_write(log, &out);
		return EXIT_REFUSED;
	}
	text_init(&out, why, sizeof(why));
	if (seal_make(p, STDOUT_FILENO, a, &out) == 0)
		return 0;
	fail(log, p, "%s", why);
	return EXIT_GRANIT;
}

/* Why goes to standard error alone: the termination log is the program's. */
int run_tool(struct log *log, const struct policy *p)
{
#if GRANIT_TOOLS
	char buf[PIPE_BUF];
	struct text why;
	int status;

	/* A tool reads what ends it, and says so. */
	signals_hold();
	text_init(&why, buf, sizeof(buf));
	status = tool_run(p, &why);
	if (status)
		say(log, "%s", buf);
	return status;
#else
	(void)log, (void)p;
	return EXIT_GRANIT;
#endif
}

bool run_learning(struct log *log, const struct policy *p, const struct mount_table *mounts,
		  struct launch *l, int *ret_status)
{
#if GRANIT_TOOLS
	return learn(log, p, mounts, l, ret_status);
#else
	(void)log, (void)p, (void)mounts, (void)l, (void)ret_status;
	return false;
#endif
}
