// SPDX-License-Identifier: MIT
/* What the runtime granted and what is left to the program, side by side. */
#include "report/report.h"
#include "sys/capnames.h"

enum { SHOWN_CAPS = 3 };

static void add_row(struct text *out, const char *what, const char *before, const char *after)
{
	text_add(out, "     %-13s %-44s %s\n", what, before, after);
}

static void add_ids(struct text *out, const struct status *before, const struct status *after)
{
	char was[32], is[32];
	struct text a, b;

	text_init(&a, was, sizeof(was));
	text_init(&b, is, sizeof(is));
	text_add(&a, "%u:%u", before->uid[1], before->gid[1]);
	text_add(&b, "%u:%u", after->uid[1], after->gid[1]);
	add_row(out, "user", was, is);
}

static void add_set(struct text *out, const char *what, uint64_t before, uint64_t after)
{
	char was[128], is[128];
	struct text a, b;

	text_init(&a, was, sizeof(was));
	text_init(&b, is, sizeof(is));
	caps_add_names(&a, before, SHOWN_CAPS);
	caps_add_names(&b, after, SHOWN_CAPS);
	add_row(out, what, was, is);
}

void report_privileges(struct text *out, const struct status *before, const struct status *after)
{
	static const char *const sets[CAP_SET_COUNT] = {
		[CAP_SET_PERMITTED] = "permitted", [CAP_SET_INHERITABLE] = "inheritable",
		[CAP_SET_EFFECTIVE] = "effective", [CAP_SET_BOUNDING] = "bounding",
		[CAP_SET_AMBIENT] = "ambient",
	};

	add_row(out, "privileges", "given by the runtime", "left to the program");
	add_ids(out, before, after);
	for (size_t i = 0; i < CAP_SET_COUNT; i++)
		add_set(out, sets[i], before->caps[i], after->caps[i]);
	add_row(out, "no_new_privs", before->no_new_privs == 1 ? "set" : "not set",
		after->no_new_privs == 1 ? "set" : "not set");
	add_row(out, "seccomp", before->seccomp > 0 ? "a filter" : "no filter",
		after->seccomp > 0 ? "a filter" : "no filter");
}
