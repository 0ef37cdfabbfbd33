/* SPDX-License-Identifier: MIT */
/*
 * What is: the facts that the checks judge, gathered once, before granit has changed anything.
 * Gathering touches the system and judges nothing. A fact that could not be had is a fact too: its
 * trouble says so, and the checks that need it answer "unknown".
 *
 * Whose strings: path and environment are the caller's environ; what names an option's value is the
 * policy's; mount rows, files, programs and everything else read from the system lie in the arena,
 * and are of no use once that is unmapped. A posture must not be kept longer.
 */
#pragma once

#include <time.h>

#include "facts/account.h"
#include "facts/host.h"
#include "facts/image.h"
#include "facts/leads.h"
#include "facts/mounts.h"
#include "facts/process.h"
#include "facts/smallfiles.h"
#include "facts/status.h"
#include "policy/policy.h"
#include "posture/loaders.h"
#include "seal/verify.h"
#include "sys/sight.h"
#include "sys/trouble.h"

enum fact {
	FACT_ROOT = 1 << 0,
	FACT_MOUNTS = 1 << 1,  /* the table */
	FACT_VOLUMES = 1 << 2, /* what lies at the mount points */
	FACT_STATUS = 1 << 3,
	FACT_PROGRAMS = 1 << 4,
	FACT_DECLARED = 1 << 5,
	FACT_FDS = 1 << 6,
	FACT_CWD = 1 << 7,
	FACT_APP = 1 << 8,
	FACT_NAMESPACES = 1 << 9,
	FACT_HIDDEN = 1 << 10,
	FACT_DEVICES = 1 << 11,
	FACT_NETWORK = 1 << 12,
	FACT_LANDLOCK = 1 << 13,
	FACT_TERMINAL = 1 << 14,
	FACT_RLIMITS = 1 << 15,
	FACT_CGROUP = 1 << 16,
	FACT_SYSCTLS = 1 << 17,
	FACT_LSM = 1 << 18,
	FACT_CORE_PATTERN = 1 << 19,
	FACT_TOKENS = 1 << 20,
	FACT_ENVIRONMENT = 1 << 21,
	FACT_LOADERS = 1 << 22,
	FACT_IMAGE_NOTES = 1 << 23, /* small files that an image may have */
	FACT_RUNTIME = 1 << 24,     /* what tells the runtimes apart */
	FACT_CONFIG = 1 << 25,      /* gathered already: it comes with the policy */
	FACT_SEAL = 1 << 26,        /* the manifest, and all that it names */
	FACT_PLACES = 1 << 27,      /* which of kernel_places there are */
	FACT_FOREIGN = 1 << 28,     /* volumes that programs could be started from */
	FACT_MAPPING = 1 << 29,     /* what the block device of the root is made of */
	/* Those that an image has before it runs: */
	FACTS_OF_IMAGE = FACT_PROGRAMS | FACT_LOADERS | FACT_IMAGE_NOTES | FACT_CONFIG | FACT_SEAL,
};

/* The root directory. */
struct root_facts {
	struct trouble trouble;
	/* statvfs(3) says so, for mount and file system both; where it says nothing, the probe. */
	bool flag_read_only;
	bool is_flag_untold;
	int probe_error; /* of renaming a file there that does not exist: 0 or an errno */
	bool has_mount_id;
	uint64_t mount_id; /* of the mount that it really is, whatever is mounted over it */
	bool is_by_table;  /* nobody says which it is: the one on top at "/", by the table */
};

/* A path of --writable. */
struct declared_facts {
	int error; /* of asking for write access: 0 or an errno */
};

struct foreign_facts {
	struct image_volume *first;
	size_t count; /* read-only volumes that programs could be started from */
	/* Of the program, and what it is run with: the first path that is not on the image's
	 * mount, and was not declared; or NULL. */
	const char *part;
	/* Where there is no such part: of what the program is run with, the first that is reached
	 * through a writable mount, and its mount point. */
	const char *open_part, *open_at;
	/* What it is run with, not on the image's mount, that its user can change; or NULL. */
	const char *loose_part;
	bool landlock; /* it keeps execve(2) from them, once it is asked for */
	bool kept_out; /* and there is no loader to start programs in another way */
	bool out_of_memory;
};

struct posture {
	struct root_facts root;
	struct trouble mounts_trouble;
	struct mount_table mounts;
	struct small_file_facts root_mapping; /* the root's device, as its mapper names it */
	bool in_gvisor;                       /* a kernel of its own: /proc/sys is not the host's */
	bool is_half_blind;  /* sight_was_denied(): of volumes nothing is reckoned */
	bool is_second_look; /* while the program runs: see posture_look_again() */
	/* Where it is to be watched: /proc/self/mountinfo, which is in the set since before it was
	 * read; -1: it is not. The set may be -errno. The caller's to close. */
	int mounts_fd, events_fd;
	struct trouble status_trouble;
	struct status status;
	struct account account;  /* whom --user means; of no use without it */
	struct status resulting; /* what the program will have */
	struct image_facts programs;
	struct foreign_facts foreign;
	struct declared_facts declared[POLICY_PATHS];
	struct fd_facts fds;
	struct cwd_facts cwd;
	struct app_facts app;
	struct app_facts script;     /* that the app is told to run, if it is an interpreter */
	struct loader_files loaders; /* that the app is run with */
	struct namespace_facts namespaces[NS_COUNT];
	struct hidden_facts hidden[HIDDEN_PATHS];
	bool absent[PLACE_COUNT]; /* of kernel_places */
	struct seal_facts seal;
	struct device_facts devices;
	const char *host_interface; /* or NULL */
	int landlock_abi;           /* or -errno */
	bool terminal[3];           /* descriptors 0 to 2 */
	struct rlimit core, nofile;
	struct small_file_facts files[FILE_COUNT];
	struct known_path_facts paths[PATH_COUNT];
	pid_t pid;
	time_t now;
	const char *path;         /* the value of PATH, or NULL */
	char *const *environment; /* as execve(2) takes it */
	const struct lead *leads; /* where the paths in it lead */
	/* The mount point of a writable mount that the configuration file is reached through. */
	const char *config_way;
};

/*
 * Gathers the facts in needs (enum fact, or-ed). environment outlives *ret. account: whom --user
 * means, whose rights over files the second look has (sys/sight.h); NULL: there is no --user.
 * Returns 0, or -EPERM if granit's own rights did not come back.
 */
int posture_gather(const struct policy *p, unsigned int needs, char *const *environment,
		   const struct account *account, struct arena *a, struct posture *ret) must_check;

/* Whether Landlock will keep programs from being started on volumes, as far as that can be told
 * before it is asked for. */
bool posture_expects_landlock(const struct policy *p, const struct posture *s);

/* Looks at the volumes, when all other facts are there. */
void foreign_look(const struct policy *p, struct arena *a, struct posture *s);

/* Whether --exec-from or --writable=PATH:exec declares anything for programs. */
bool declared_for_programs(const struct policy *p);

/*
 * Adds all that is declared for programs to what is looked at, with what is mounted in it: it is
 * looked at like the image. The names are the policy's and the table's. Returns 0 or -ENOMEM.
 */
int declared_add_places(const struct policy *p, const struct mount_table *t, struct arena *a,
			struct image_request *q) must_check;

/* Asks for write access to what --writable declares. */
void declared_look(const struct policy *p, struct declared_facts *ret);

/*
 * Asks again what --writable declares, for whom --user means: granit, still another user, was the
 * wrong one to ask. Where that says nothing new, *ret stays as it is.
 */
void declared_ask_for(const struct policy *p, const struct sight *a, struct declared_facts *ret);

/* The facts that a new mount changes, and all that a second look has. */
enum {
	FACTS_OF_MOUNTS = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_PLACES,
	FACTS_OF_SECOND_LOOK = FACTS_OF_MOUNTS | FACT_NAMESPACES,
};

/*
 * The mount table again, while the program runs, for a process that may block: from a mountinfo of
 * its own, for the one that is watched says only once that it has changed, and shares its offset
 * with its parent's. root: the mount id of the root directory (0: not known), which never changes.
 * What lies at the mount points is left to posture_look_at().
 */
void posture_look_again(uint64_t root, struct arena *a, struct posture *ret);
void posture_look_at(struct posture *s, struct mount *m);

/*
 * The same for an image root that is not running, p->root: only what its files say. Returns 0, or
 * -errno when that directory cannot be opened.
 */
int posture_gather_image(const struct policy *p, unsigned int needs, struct arena *a,
			 struct posture *ret) must_check;

/* Who made the container, as far as it can be told: for hints, never for a verdict. */
enum runtime {
	RUNTIME_UNKNOWN,
	RUNTIME_DOCKER,
	RUNTIME_PODMAN,
	RUNTIME_KUBERNETES,
	RUNTIME_ECS,
	RUNTIME_FARGATE,
	RUNTIME_CLOUD_RUN,
	RUNTIME_LXC,
	RUNTIME_NSPAWN,
};

enum runtime posture_runtime(const struct posture *s);

/* "Docker", say; NULL when it is not known. */
const char *runtime_name(enum runtime r);

/* The same, with the engine below it and the sandbox around it. */
void posture_add_platform(const struct posture *s, struct text *out);

/* Nothing that a runtime would give it is its own: granit was started on the host itself. */
bool posture_is_host(const struct posture *s);

/* Its marks, if they have not been looked at; in an image there are none. */
void posture_look_for_runtime(const struct policy *p, struct posture *s);
