// SPDX-License-Identifier: MIT
/* The one place that says which checks there are, at which levels, and how to mend what they find.
 */
#include "checks/check.h"

/* clang-format off */
#define OFF    {LEVEL_OFF, LEVEL_OFF}
#define INFOS  {LEVEL_INFO, LEVEL_INFO}
#define WARNS  {LEVEL_WARN, LEVEL_WARN}
#define FAILS  {LEVEL_FAIL, LEVEL_FAIL}
#define MIXED  {LEVEL_FAIL, LEVEL_WARN} /* grave things fail, lesser ones warn */
#define LOADER {LEVEL_WARN, LEVEL_INFO} /* a loader is nothing odd where programs are dynamic */

/*
 * In audit nothing refuses. What only informs, informs everywhere. clang-format has no way to lay
 * out braces that a macro leaves open.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): they are initialisers */
#define LEVELS(immutable, restricted) {	\
	[PROFILE_PLAIN] = OFF,		\
	[PROFILE_AUDIT] = AUDIT_##immutable, \
	[PROFILE_IMMUTABLE] = immutable, \
	[PROFILE_RESTRICTED] = restricted}
#define AUDIT_INFOS  INFOS
#define AUDIT_WARNS  WARNS
#define AUDIT_FAILS  WARNS
#define AUDIT_MIXED  WARNS
#define AUDIT_LOADER LOADER
/* NOLINTEND(bugprone-macro-parentheses) */

/* Words that many rows share. */
#define NOTHING_ENGINE "nothing to set there: the engine decides"
#define NOTHING_NODE   "nothing to set: sysctl.d on the host"
#define OTHER_IMAGE    "an image built without {}"
#define COPY_ONLY      "last stage FROM scratch (or distroless), COPY of the program alone"

const struct check checks[] = {
#include "checks/rows/mounts.inc"
#include "checks/rows/image.inc"
#include "checks/rows/identity.inc"
#include "checks/rows/host.inc"
};
/* clang-format on */

const size_t checks_count = array_length(checks);

_Static_assert(array_length(checks) <= POLICY_CHECKS, "the policy has no room for more checks");
