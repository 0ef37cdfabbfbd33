/* SPDX-License-Identifier: MIT */
/*
 * What is: the facts that the checks judge, gathered once, before granit has changed anything.
 * Gathering touches the system and judges nothing. A fact that could not be had is a fact too: its
 * trouble says so, and the checks that need it answer "unknown".
 */
#pragma once

#include "image.h"
#include "mounts.h"
#include "policy.h"
#include "status.h"
#include "trouble.h"

enum fact {
	FACT_ROOT = 1 << 0,
	FACT_MOUNTS = 1 << 1,  /* the table */
	FACT_VOLUMES = 1 << 2, /* what lies at the mount points */
	FACT_STATUS = 1 << 3,
	FACT_PROGRAMS = 1 << 4,
	FACT_DECLARED = 1 << 5,
	FACTS_OF_IMAGE = FACT_PROGRAMS, /* those that an image has before it runs */
};

/* The root directory. */
struct root_facts {
	struct trouble trouble;
	bool flag_read_only; /* statvfs(3) says so; it answers for mount and file system both */
	int probe_error;     /* of opening an unnamed file for writing there: 0 or an errno */
	bool has_mount_id;
	uint64_t mount_id; /* of the mount that it really is, whatever is mounted over it */
};

/* A path of --writable. */
struct declared_facts {
	int error; /* of asking for write access: 0 or an errno */
	bool is_directory;
};

struct posture {
	struct root_facts root;
	struct trouble mounts_trouble;
	struct mount_table mounts;
	struct trouble status_trouble;
	struct status status;
	struct image_facts programs;
	struct declared_facts declared[POLICY_PATHS];
};

/*
 * Gathers the facts in needs (enum fact, or-ed). path is the value of PATH or NULL. Never fails as
 * a whole.
 */
void posture_gather(const struct policy *p, unsigned int needs, const char *path, struct arena *a,
		    struct posture *ret);

/*
 * The same for an image root that is not running, p->root: only what its files say. Returns 0, or
 * -errno when that directory cannot be opened.
 */
int posture_gather_image(const struct policy *p, struct arena *a, struct posture *ret) must_check;
