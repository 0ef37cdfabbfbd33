/* SPDX-License-Identifier: MIT */
/* From a policy to a verdict, and from there to a hardened granit. Before the border only. */
#pragma once

#include "checks/check.h"
#include "launch/children.h"
#include "report/report.h"
#include "watch/watch.h"

/* What was seen and what is thought of it. All of it lives as long as the arena. */
struct judgement {
	struct posture posture;
	struct finding *findings;
	struct tally tally;
	bool knows_privileges;
};

/*
 * Gathers the facts that the policy's checks need and judges them. Returns 0; or -errno, having
 * said why.
 */
int look_and_judge(struct log *log, const struct policy *p, struct arena *a, struct judgement *ret)
	must_check;

/* A report on everything; its pointers are into j. */
struct report report_of(const struct policy *p, const struct judgement *j);

/* Writes a refusal to the termination log. */
void log_refusal(struct log *log, const struct policy *p, const struct report *r);

/* An empty text with all the room that the arena has. Returns 0; or -ENOMEM, having said so. */
int text_in(struct log *log, struct arena *a, struct text *ret) must_check;

/* What the start needs of the verification. What it points to lives as long as the arena. */
struct verification {
	struct verified *verified; /* its descriptor is the caller's to close */
	struct watch *watch;
	struct mount_table *mounts;
};

/*
 * Everything up to the program's start: verifies, reports, takes the hardening steps. Returns 0, or
 * the exit status that says why not.
 */
int verify_and_harden(struct log *log, const struct policy *p, struct arena *a,
		      const struct verification *ret) must_check;
