/* SPDX-License-Identifier: MIT */
/* What the findings look like to a person and to programs. Makes text. */
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
	bool is_change;      /* of a container that runs already; findings are what got worse */
	bool has_privileges; /* they are known: not of an image */
};

/* In the format that the policy asks for. */
void report_add(struct text *out, const struct report *r);

void report_text(struct text *out, const struct report *r);
/* One document on one line: doc/report.schema.json describes it. */
void report_json(struct text *out, const struct report *r);
/* https://testanything.org/tap-version-14-specification.html; warnings are TODO tests. */
void report_tap(struct text *out, const struct report *r);
/* For a place of few bytes, the most important first. */
void report_short(struct text *out, const struct report *r);

enum { TERMINATION_LOG_BYTES = 4096 }; /* that the kubelet reads at most */

/*
 * Writes the message where the policy says a refusal goes too; that there is no such place by
 * default is no error. Returns 0 or -errno.
 */
int termination_log_write(const struct policy *p, const struct text *message) must_check;

/* What the runtime gave and what the program has, side by side, for people. */
void report_privileges(struct text *out, const struct status *before, const struct status *after);

/* Whether the report is to hold this finding. */
bool report_shows(const struct report *r, const struct finding *f);

/* Whether it takes something away, or was taken away. */
bool report_is_loss(const struct setting *s);
bool report_has_loss(const struct policy *p);

/* A line: the setting, who said it, and what became of it. */
void report_add_setting(struct text *out, const struct policy *p, const struct setting *s,
			const char *indent);

const char *verdict_name(enum verdict v);

/* How a row's levels in one profile are written: "fail", or "fail/warn". */
const char *levels_name(const struct levels *l, char buf[16]);

/* The items of one kind at a time, the gravest first: *at starts at 0. NULL: no more. */
const struct item *report_next_item(const struct finding *f, size_t *at);

/* The tools that a fix is said for, in the order in which they are printed. */
struct fix_tool {
	const char *name;          /* for people */
	const char *key;           /* for programs */
	size_t offset;             /* in struct fix */
	unsigned int for_runtimes; /* a bit for each enum runtime that it is of use with */
};
enum { FIX_TOOLS = 4 };
extern const struct fix_tool fix_tools[FIX_TOOLS];

/* What the tool has to set, with a {} for the path it is about; NULL: nothing of its own. */
const char *report_fix(const struct fix_tool *tool, const struct fix *fix);

/* The fix with the path, or whatever subject is, in the place of {}. */
void report_add_fix(struct text *out, const char *fix, const char *subject);

/* The check table: id, levels per profile, title, standards; and for programs. */
void report_check_list(struct text *out);
void report_check_list_json(struct text *out);
