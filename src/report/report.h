/* SPDX-License-Identifier: MIT */
/*
 * What the findings look like to people and to programs. Makes text in the caller's buffer; a
 * report only points to what was judged, and keeps none of it. Names are constants.
 */
#pragma once

#include "checks/check.h"

struct tally {
	size_t passed, warned, failed;
};

struct tally report_count(const struct finding *findings, size_t n);

/* Which findings a report has. */
enum report_detail {
	REPORT_FAILURES,
	REPORT_WARNINGS, /* and failures */
	REPORT_ALL,
};

struct report {
	const struct policy *policy;
	const struct posture *posture;
	const struct finding *findings;
	size_t count;
	struct tally tally;
	enum report_detail detail;
	bool is_change;      /* of a running container: the findings are what got worse */
	bool has_privileges; /* privileges are known: not those of an image */
};

/* In the format of the policy. */
void report_add(struct text *out, const struct report *r);

/* "refused to start PROGRAM: ID, ..." as one line. */
void report_refusal(struct text *out, const struct report *r);

void report_text(struct text *out, const struct report *r);

/* What was found, in one line without its end: the ids of what warns. */
void report_summary(struct text *out, const struct report *r);

/* One document on one line: doc/report.schema.json describes it. */
void report_json(struct text *out, const struct report *r);
/* https://testanything.org/tap-version-14-specification.html; warnings are TODO tests. */
void report_tap(struct text *out, const struct report *r);
/* For a place with little room, the most important first. */
void report_short(struct text *out, const struct report *r);

enum { TERMINATION_LOG_BYTES = 4096 }; /* that the kubelet reads at most */

/*
 * Writes the message where the policy says a refusal goes as well; a default place that is missing
 * is no error. Returns 0 or -errno.
 */
int termination_log_write(const struct policy *p, const struct text *message) must_check;

/* What the runtime granted and what the program has, side by side, for people. */
void report_privileges(struct text *out, const struct status *before, const struct status *after);

/* Whether the report shows this finding. */
bool report_shows(const struct report *r, const struct finding *f);

/* The finding in a few words: what holds, what is wrong, or what could not be verified. */
void report_add_title(struct text *out, const struct finding *f);

/* Whether there is something to fix: what is not known is no cause that a remedy is for. */
bool report_has_fix(const struct finding *f);

/* Whether it takes something away, or was taken away. */
bool report_is_loss(const struct setting *s);
bool report_has_loss(const struct policy *p);

/* A line: the setting, where it comes from, and whether it counts. */
void report_add_setting(struct text *out, const struct policy *p, const struct setting *s,
			const char *indent);

/* A line of --check in a running container: whose options it judged with. */
void report_add_believed(struct text *out, const struct policy *p, const char *indent);

const char *verdict_name(enum verdict v);

/* The levels of a row in one profile, "fail" or "fail/warn", written to buf. */
const char *levels_name(const struct levels *l, char buf[16]);

/* The items of one kind at a time, the gravest first: *at starts at 0. NULL: no more. */
const struct item *report_next_item(const struct finding *f, size_t *at);

/* The tools that have fixes, in the order of the report. */
struct fix_tool {
	const char *name;          /* for people */
	const char *key;           /* for programs */
	size_t offset;             /* in struct fix */
	unsigned int for_runtimes; /* a bit for each enum runtime that it is of use with */
	bool for_images;           /* of use for an image that does not run */
};
enum { FIX_GRANIT, FIX_DOCKER, FIX_PODMAN, FIX_KUBERNETES, FIX_ECS, FIX_DOCKERFILE, FIX_TOOLS };
extern const struct fix_tool fix_tools[FIX_TOOLS];

/* What stands for the subject in a fix. */
#define FIX_SUBJECT "{path}"

/* What the tool has to set; NULL: nothing of its own. */
const char *report_fix(const struct fix_tool *tool, const struct fix *fix);

/* Likewise, for this finding: NULL also where it is of no use, or about a path that is not known.
 */
const char *report_fix_for(const struct report *r, const struct fix_tool *tool,
			   const struct finding *f);

/* The fix, with the subject, a path for one, in its place. */
void report_add_fix(struct text *out, const char *fix, const char *subject);

/* The check table, for people and for programs; and one row of it with all that is known. */
void report_check_list(struct text *out);
void report_explain(struct text *out, const struct check *c);
void report_check_list_json(struct text *out);
