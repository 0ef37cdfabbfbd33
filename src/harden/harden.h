/* SPDX-License-Identifier: MIT */
/*
 * What granit takes away from itself before it starts the program, which inherits that. Names and
 * reasons are constants; so are failures, or they lie in the arena.
 */
#pragma once

#include "posture/posture.h"
#include "sys/text.h"

/* What the steps work on. */
struct harden {
	const struct policy *policy;
	const struct posture *posture;
	const struct status *status; /* before the first step; NULL: not known */
	struct arena *arena;
	struct text *notes; /* lines for -v -v: what was done, or could not be */
	struct text
		*lacks; /* what this kernel has not, and what was removed, for everybody to see */
	bool keeps_bounding;        /* the runtime left no right to empty the bounding set */
	int *const *keep;           /* HARDEN_KEEPS descriptors that stay open; -1: none */
	struct landlock_plan *plan; /* of the step `ways`; NULL: it has made none */
	const char *failure;        /* step_failed()'s, of the step that is running */
};

enum {
	NOTHING_TO_DO = 1,
	HARDEN_KEEPS = 4,
};

/* What the step landlock needs to know. */
enum { FACTS_OF_LANDLOCK = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES };

struct harden_step {
	const char *name;
	/* Returns 0, NOTHING_TO_DO, or what step_failed() does. */
	int (*run)(struct harden *h);
	const char *reason;
	bool by_profile; /* only where the profile drops privileges */
};

extern const struct harden_step harden_steps[];
extern const size_t harden_steps_count;

/*
 * Runs every step in order and stops at the first that fails: returns 0, or -errno with err filled
 * for the user; the process is then half-way and must not start anything. On success err may hold
 * what this kernel lacks, without the end of the line. notes gets one line for each thing that was
 * done or could not be. What keep points to, descriptors or -1, stays open,
 * perhaps under other numbers.
 */
int harden(const struct policy *p, const struct posture *s, int *const keep[HARDEN_KEEPS],
	   struct arena *a, struct text *notes, struct text *err) must_check;

/* What the program will have under this policy, started from this posture. */
void harden_foresee(const struct policy *p, const struct posture *s, struct status *ret);

/*
 * By what a program that may gain privileges at execve(2) becomes user 0: it changes its user, or
 * sets the set-id bit of a file of root's. And by what it gives a file all of the bounding set.
 */
#define CAPS_TO_ROOT      (UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_FOWNER)
#define CAPS_TO_FILE_CAPS (UINT64_C(1) << CAP_SETFCAP)

/* Whether the bounding set, where it was left and no_new_privs is not set, is the program's again
 * with the kept capabilities, or because it is user 0. */
bool harden_gets_all_back(uint64_t kept, bool is_root);

/*
 * Behind the border: drops from process 1 what only the program was to keep, once it has it; but
 * not the right to send it signals. Cannot fail: what does not work leaves granit no stronger than
 * the program.
 */
void harden_give_up(const struct policy *p);

/*
 * Before the start: nobody attaches to process 1, nor looks into its memory. The program's own is
 * another one, which execve(2) makes, and is not hidden.
 */
void harden_hide(const struct policy *p);

/* Whether the step environment would take variable, "NAME=value", away for what it makes programs
 * load. leads: what leads_add() has of it. */
bool harden_objects_to(const struct policy *p, const struct mount_table *t,
		       const struct lead *leads, const char *variable);

/* Whether variable holds options of an interpreter's, of which some are code themselves, so that no
 * file that can be written may set it. */
bool harden_objects_to_options(const struct policy *p, const char *variable);

/* Of PATH, which the step leaves in the environment: whether no file may set it to path. */
bool harden_objects_to_path(const struct policy *p, const struct mount_table *t,
			    const struct lead *leads, const char *path);

/*
 * To be called where a call fails: failure names it, and what can be done about it. It is not
 * copied. Returns -error.
 */
int step_failed(struct harden *h, int error, const char *failure) must_check;

/*
 * For a call that this kernel or sandbox does not have, where another step holds the same: lacks
 * says so in a line, without its end. Returns NOTHING_TO_DO; in restricted -EOPNOTSUPP, unless
 * --allow-missing names the step.
 */
int step_lacks(struct harden *h, enum missing step, const char *lacks) must_check;

/*
 * For what is read back: returns 0 where it holds; else records otherwise, which is not copied, and
 * returns -EPERM.
 */
int step_holds(struct harden *h, bool holds, const char *otherwise) must_check;

/* The failure recorded last, since the step began. */
const char *step_failure(const struct harden *h);

/* Adds bits to the secure bits that are set. */
int harden_add_securebits(struct harden *h, int bits) must_check;

int harden_close_fds(struct harden *h) must_check;
int harden_limit(struct harden *h) must_check;
int harden_set_umask(struct harden *h) must_check;
int harden_change_directory(struct harden *h) must_check;
int harden_lock_securebits(struct harden *h) must_check;
int harden_drop_bounding(struct harden *h) must_check;
int harden_open_ways(struct harden *h) must_check;
int harden_switch_user(struct harden *h) must_check;
int harden_set_caps(struct harden *h) must_check;
int harden_set_no_new_privs(struct harden *h) must_check;
int harden_landlock(struct harden *h) must_check;
int harden_clean_environment(struct harden *h) must_check;
int harden_deny(struct harden *h) must_check;
int harden_read_caps_back(struct harden *h) must_check;
int harden_try_way_back(struct harden *h) must_check;
