/* SPDX-License-Identifier: MIT */
/*
 * A check is one row of a table in rows/ and one judge. A judge is pure: it compares the policy
 * with the posture, says what it found through the functions below, and touches nothing else.
 *
 * Rows are constants. What a finding points to is theirs, the posture's, or in its arena: it is
 * good as long as both are.
 */
#pragma once

#include "policy/policy.h"
#include "posture/posture.h"

enum verdict {
	VERDICT_OFF, /* level off: not judged */
	VERDICT_NOT_APPLICABLE,
	VERDICT_PASS,
	VERDICT_VIOLATION,
	VERDICT_UNKNOWN, /* it could not be determined; refuses where a violation would */
};

enum item_kind {
	ITEM_NOTE,
	ITEM_LESSER,
	ITEM_UNKNOWN,
	ITEM_GRAVE,
	ITEM_KINDS,
};

/* One thing that a judge has to say. */
struct item {
	enum item_kind kind;
	enum level level; /* what it leads to; of a note: LEVEL_OFF */
	const char *text;
};

enum { FINDING_ITEMS = 16 }; /* kept for each finding; the rest are only counted */

struct finding {
	const struct check *check;
	struct levels levels;
	const struct policy *policy; /* for the level of what is found at a path */
	size_t row;                  /* of the check */
	enum verdict verdict;
	enum level level;        /* what the verdict leads to; LEVEL_OFF: nothing is wrong */
	enum level target_level; /* what it would lead to in the policy's target profile */
	struct item *items;      /* FINDING_ITEMS of them; NULL: none was recorded */
	size_t count;
	bool not_applicable;   /* set by the judge */
	size_t omitted;        /* items that did not fit */
	bool seen[ITEM_KINDS]; /* which kinds there were */
	const char
		*subject; /* the gravest violation's path, for the {path} in the fixes, or NULL */
	int subject_rank; /* how grave that is */
	struct arena *arena; /* NULL: only the verdict is kept, no words */
};

/*
 * How to fix it, in each tool's words: what can be pasted, or a sentence without a full stop.
 * {path} stands for the finding's subject. NULL: that tool has nothing to set.
 */
struct fix {
	const char *granit;
	const char *docker; /* podman takes the same flags unless podman says otherwise */
	const char *podman;
	const char *kubernetes;
	const char *ecs;   /* of a task or container definition */
	const char *image; /* the Dockerfile's line */
};

/* A judge compares, and reports through found_grave() and its like. */
typedef void judge_function(const struct policy *p, const struct posture *s, struct finding *f);

struct check {
	const char *id;    /* stable: users write it in their options */
	const char *title; /* what must hold */
	const char *wrong; /* what a violation is */
	struct levels levels[PROFILE_COUNT];
	unsigned int needs; /* the facts it looks at: enum fact, or-ed */
	bool judges_file;   /* of the configuration file, which thus has no say in its level */
	bool of_program;    /* --pause starts none: refuses nothing there, unless named */
	judge_function *judge;
	struct fix fix;
	const char *standards; /* items of standards that ask for the same; NULL: none known */
};

/* The row i, counted from 0 through all families; or NULL: there are no more. */
const struct check *check_at(size_t i);

size_t checks_count(void);

/* The row with this id, or -1. */
int check_find(const char *id);

/* The highest level that anything of the row i can lead to, at a path or anywhere. */
enum level check_highest_level(const struct policy *p, size_t i);

/* What --fail, --warn or --ignore says of the row at this path; NULL: nothing. */
const struct path_level *check_level_at(const struct policy *p, size_t row, const char *path);

/* The facts that the checks at a level other than off need. */
unsigned int checks_needs(const struct policy *p);

/*
 * Judges the row i. Without an arena the verdict is all there is: formatting takes most of the
 * time, and a start with nothing wrong shows none.
 */
void check_judge(const struct policy *p, const struct posture *s, size_t i, struct arena *a,
		 struct finding *ret);

/* Judges every row, likewise; findings has room for checks_count(). */
void checks_judge(const struct policy *p, const struct posture *s, struct arena *a,
		  struct finding *findings);

/*
 * For judges. subject is the path that the fix is about, or NULL; it is not copied. What is said of
 * it by path has the level that was set for that path. fmt is one line without its end; paths in it
 * go through shown().
 */
void found_grave(struct finding *f, const char *subject, const char *fmt, ...) printf_like(3, 4);
void found_lesser(struct finding *f, const char *subject, const char *fmt, ...) printf_like(3, 4);
void found_unknown(struct finding *f, const char *fmt, ...) printf_like(2, 3);
void found_unknown_at(struct finding *f, const char *path, const char *fmt, ...) printf_like(3, 4);
void found_note(struct finding *f, const char *fmt, ...) printf_like(2, 3);
/* Reports a fact that could not be had; true if so. */
bool found_trouble(struct finding *f, const struct trouble *t);

/*
 * The rows of the mount table that are to be judged: *at starts at 0. In a second look those that
 * were judged before are left out. NULL: no more.
 */
const struct mount *mount_to_judge(const struct posture *s, size_t *at);

/*
 * Whether what bars both looks (sys/sight.h) bars the program too: it will have no rights over
 * files beyond those of its user, and no way to get some. Else what lies behind a bar is unknown.
 */
bool bars_hold(const struct policy *p, const struct posture *s);

/* What can be done about error, an errno, where that is EACCES: it follows the reason; or "". */
const char *bar_remedy(const struct policy *p, const struct posture *s, int error);

/* Whether writable-mounts refuses m, a writable mount that nobody declared. */
bool is_refused_as_writable(const struct policy *p, const struct mount *m);

/* Whether path is on a file system of this kind, and can be written; in a second look: and was not
 * when it was judged before. */
bool is_writable_fs(const struct posture *s, const char *path, const char *fstype);

/* Text for one item; lives as long as the finding. */
const char *told(struct finding *f, const char *fmt, ...) printf_like(2, 3);

/* The name with its control bytes escaped, for one line; lives as long as the finding. */
const char *shown(struct finding *f, const char *name);

judge_function judge_root_read_only, judge_root_superblock_ro, judge_root_verity,
	judge_root_remount, judge_root_mount_shape, judge_writable_mounts, judge_writable_declared,
	judge_writable_exec, judge_writable_suid_dev, judge_mounted_twice, judge_world_writable,
	judge_foreign_programs, judge_app_immutable, judge_dir_fd_leak, judge_cwd_unreachable,
	judge_no_shell, judge_no_shell_content, judge_no_multicall, judge_no_interpreter,
	judge_no_escape_tools, judge_no_network_tools, judge_no_package_manager, judge_no_compiler,
	judge_no_dynamic_loader, judge_ld_preload, judge_env_hooks, judge_path_sane,
	judge_shells_file, judge_setuid_files, judge_device_nodes, judge_packed_binary,
	judge_image_secrets, judge_image_age, judge_non_root_uid, judge_non_root_gid,
	judge_caps_effective, judge_caps_bounding, judge_caps_ambient, judge_no_new_privs,
	judge_seccomp, judge_lsm_confined, judge_landlock, judge_privileged, judge_host_pid,
	judge_host_ipc, judge_host_uts, judge_host_net, judge_host_cgroup_ns, judge_user_ns,
	judge_sensitive_mounts, judge_proc_masked, judge_proc_readonly, judge_core_pattern,
	judge_sys_ro, judge_cgroup_ro, judge_kernel_filesystems, judge_mount_propagation,
	judge_devices, judge_sa_token, judge_env_secrets, judge_sysctls, judge_limits,
	judge_rlimits, judge_stdio_tty, judge_sshd, judge_metadata_service, judge_runtime_detect,
	judge_config_trusted, judge_image_sealed;
