// SPDX-License-Identifier: MIT
/* What profiles and levels are called. */
#include "policy/policy.h"

const char *const profile_names[PROFILE_COUNT] = {
	[PROFILE_PLAIN] = "plain",
	[PROFILE_AUDIT] = "audit",
	[PROFILE_IMMUTABLE] = "immutable",
	[PROFILE_RESTRICTED] = "restricted",
};

const char *const level_names[LEVEL_COUNT] = {
	[LEVEL_OFF] = "off",
	[LEVEL_INFO] = "info",
	[LEVEL_WARN] = "warn",
	[LEVEL_FAIL] = "fail",
};
