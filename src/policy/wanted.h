/* SPDX-License-Identifier: MIT */
/*
 * What is to be done between hardening and the program's start, as the policy keeps it. Strings
 * live as long as the policy's; those of secrets_auto's variables are found later and kept
 * elsewhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "policy/target.h"

enum {
	ENV_FILES_MOST = 16, /* that --env-file takes */
	SECRETS_MOST = 64,   /* that --secret takes */
};

struct secret {
	const char *name; /* of the variable */
	const char *file;
	bool by_variable; /* NAME_FILE said so */
};

struct wanted {
	struct targets waits;
	const char *env_files[ENV_FILES_MOST];
	size_t env_files_count;
	struct secret secrets[SECRETS_MOST];
	size_t secrets_count;
	bool secrets_auto; /* NAME_FILE stands for NAME */
};
