/* SPDX-License-Identifier: MIT */
/*
 * A check is one row of the table in table.c and one judge. A judge is pure: it compares the policy
 * with the posture, says what it found through the functions below, and touches nothing else.
 */
#pragma once

#include "policy.h"
#include "posture.h"

enum verdict {
	VERDICT_OFF, /* level off: not judged */
	VERDICT_NOT_APPLICABLE,
	VERDICT_PASS,
	VERDICT_VIOLATION,
	VERDICT_UNKNOWN, /* could not be told; refuses where a violation would */
};

enum item_kind {
	ITEM_NOTE,
	ITEM_LESSER,
	ITEM_UNKNOWN,
	ITEM_GRAVE,
	ITEM_KINDS,
};

/* One thing that a judge has to say. */
struct item {
	enum item_kind kind;
	const char *text;
};

enum { FINDING_ITEMS = 16 }; /* kept of each finding; more are counted only */

struct finding {
	const struct check *check;
	struct levels levels;
	enum verdict verdict;
	enum level level; /* what the verdict leads to; LEVEL_OFF when nothing is wrong */
	struct item items[FINDING_ITEMS];
	size_t count;
	bool not_applicable;	 /* set by the judge */
	size_t untold;		 /* items that did not fit */
	bool seen[ITEM_KINDS];	 /* which kinds there were */
	const char *subject;	 /* the first violation's path, for the {} in the fixes, or NULL */
	struct arena *arena;
};

/* How to mend it, said in the words of each tool; NULL where the tool has nothing to set. */
struct fix {
	const char *docker; /* podman takes the same flags where no podman line is given */
	const char *podman;
	const char *kubernetes;
	const char *image; /* the Dockerfile's line */
};

struct check {
	const char *id; /* stable: users write it in their options */
	const char *title;
	struct levels levels[PROFILE_COUNT];
	unsigned int needs; /* the facts it looks at: enum fact, or-ed */
	void (*judge)(const struct policy *p, const struct posture *s, struct finding *f);
	struct fix fix;
};

extern const struct check checks[];
extern const size_t checks_count;

/* The row with this id, or -1. */
int check_find(const char *id);

/* The facts that the checks at a level other than off need. */
unsigned int checks_needs(const struct policy *p);

/* Judges every row; findings has room for checks_count. */
void checks_judge(const struct policy *p, const struct posture *s, struct arena *a,
		  struct finding *findings);

/*
 * For judges. Subject is the path that the fix is about, or NULL; fmt one line without its end,
 * whose paths go through shown().
 */
void found_grave(struct finding *f, const char *subject, const char *fmt, ...) printf_like(3, 4);
void found_lesser(struct finding *f, const char *subject, const char *fmt, ...) printf_like(3, 4);
void found_unknown(struct finding *f, const char *fmt, ...) printf_like(2, 3);
void found_note(struct finding *f, const char *fmt, ...) printf_like(2, 3);
/* A fact that could not be had; true if so. */
bool found_trouble(struct finding *f, const struct trouble *t);

/* The name with its control bytes escaped, for one line of text; lives as long as the finding. */
const char *shown(struct finding *f, const char *name);

void judge_root_read_only(const struct policy *p, const struct posture *s, struct finding *f);
void judge_root_remount(const struct policy *p, const struct posture *s, struct finding *f);
void judge_writable_mounts(const struct policy *p, const struct posture *s, struct finding *f);
void judge_writable_declared(const struct policy *p, const struct posture *s, struct finding *f);
void judge_sensitive_mounts(const struct policy *p, const struct posture *s, struct finding *f);
void judge_no_shell(const struct policy *p, const struct posture *s, struct finding *f);
void judge_no_shell_content(const struct policy *p, const struct posture *s, struct finding *f);
void judge_no_multicall(const struct policy *p, const struct posture *s, struct finding *f);
void judge_caps_effective(const struct policy *p, const struct posture *s, struct finding *f);
void judge_no_new_privs(const struct policy *p, const struct posture *s, struct finding *f);
void judge_non_root_uid(const struct policy *p, const struct posture *s, struct finding *f);
