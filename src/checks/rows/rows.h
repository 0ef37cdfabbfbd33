/* SPDX-License-Identifier: MIT */
/* What the rows of the check table are written with: for the files of this folder, and table.c. */
#pragma once

#include "checks/check.h"

/* The checks of one family. */
struct check_table {
	const struct check *rows;
	size_t count;
};

/* So many a family, and there is room for all of them in a policy. */
enum { FAMILY_CHECKS_MOST = 20 };

extern const struct check_table mounts_checks, image_checks, identity_checks, host_checks;

/* A level for what is grave, and one for what is lesser. */
#define OFF    LEVEL_OFF, LEVEL_OFF
#define INFOS  LEVEL_INFO, LEVEL_INFO
#define WARNS  LEVEL_WARN, LEVEL_WARN
#define FAILS  LEVEL_FAIL, LEVEL_FAIL
#define MIXED  LEVEL_FAIL, LEVEL_WARN
#define LOADER LEVEL_WARN, LEVEL_INFO /* it is nothing odd where programs are dynamic */

/* In audit nothing refuses. What only informs, informs everywhere. */
#define LEVELS(immutable, restricted)                                                              \
	[PROFILE_PLAIN] = {OFF}, [PROFILE_AUDIT] = {AUDIT_##immutable},                            \
	[PROFILE_IMMUTABLE] = {immutable}, [PROFILE_RESTRICTED] = {restricted}
#define AUDIT_INFOS  INFOS
#define AUDIT_WARNS  WARNS
#define AUDIT_FAILS  WARNS
#define AUDIT_MIXED  WARNS
#define AUDIT_LOADER LOADER

/* Words that many rows share. */
#define ECS_TMPFS                                                                                  \
	"\"linuxParameters\": {\"tmpfs\": [{\"containerPath\": \"{path}\", \"size\": 64, "         \
	"\"mountOptions\": [\"noexec\", \"nosuid\", \"nodev\", \"mode=1777\"]}]} (on EC2)"
#define OTHER_IMAGE "use an image without {path}"
#define COPY_ONLY   "FROM scratch (or distroless) as the last stage, COPY only what the program needs"
