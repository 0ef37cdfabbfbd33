/* SPDX-License-Identifier: MIT */
/* What granit takes away from itself before it starts the program, which inherits that. */
#pragma once

#include "posture.h"
#include "sys/text.h"

/* What the steps work on. */
struct harden {
	const struct status *status; /* of before the first step; NULL: not known */
	bool keeps_bounding;         /* the runtime left no right to empty the bounding set */
	int *keep;                   /* the one descriptor that stays open; -1: none */
	const char *call;            /* what failed, for the message */
};

struct harden_step {
	const char *name;
	int (*run)(struct harden *h); /* returns 0, or -errno with h->call set */
	const char *reason;
};

extern const struct harden_step harden_steps[];
extern const size_t harden_steps_count;

/*
 * Runs every step in order and stops at the first that fails: returns 0, or -errno with err filled
 * for the user; the process is then half-way and must not start anything. notes gets one line for
 * each thing that was done or could not be. *keep, a descriptor or -1, stays open, perhaps under
 * another number.
 */
int harden(const struct posture *s, int *keep, struct text *notes, struct text *err) must_check;

/* What the program will have by this policy when granit was started with before. */
void harden_foresee(const struct policy *p, const struct status *before, struct status *ret);

int harden_close_fds(struct harden *h) must_check;
int harden_limit_core(struct harden *h) must_check;
int harden_drop_caps(struct harden *h) must_check;
int harden_read_caps_back(struct harden *h) must_check;
int harden_set_no_new_privs(struct harden *h) must_check;
