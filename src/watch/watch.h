/* SPDX-License-Identifier: MIT */
/* --watch: the mount table while the program runs. */
#pragma once

#include "checks/check.h"

/* What has to be remembered from the start: little, for process 1 keeps it all its life. */
struct watch {
	int fd;                        /* /proc/self/mountinfo; -1: nothing is watched */
	uint64_t root;                 /* mount id of the root directory */
	uint32_t known[POLICY_CHECKS]; /* what was found before, in short */
};

/* Takes over the posture's descriptor. findings: of all checks; *w is zero but for its descriptor.
 */
void watch_begin(struct watch *w, const struct policy *p, const struct posture *s,
		 const struct finding *findings, struct arena *a);

/*
 * Judges the checks on mounts again and reports on standard error what is worse than before.
 * Returns whether a check at level fail is among it. What cannot be looked at is said, and is no
 * reason for more.
 */
bool watch_look(struct watch *w, const struct policy *p);
