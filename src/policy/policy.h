/* SPDX-License-Identifier: MIT */
/*
 * What was asked for: configuration file and command line as one struct, made once and only read
 * afterwards.
 *
 * Its strings are argv's, constants, or in the arena that policy_parse() was given. Process 1 reads
 * them behind the border too, to judge a new mount for one: that arena has to stay mapped as long
 * as granit runs.
 */
#pragma once

#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "policy/target.h"
#include "policy/wanted.h"
#include "sys/arena.h"
#include "sys/sys.h"
#include "sys/text.h"

enum mode {
	MODE_RUN,
	MODE_CHECK,
	MODE_PAUSE,
	MODE_LIST_CHECKS,
	MODE_EXPLAIN,
	MODE_SEAL,
	MODE_HELP,
	MODE_VERSION,
	MODE_LICENSE,
	MODE_TOOL, /* --probe, --sleep, --kill: see struct tool */
};

enum profile {
	PROFILE_PLAIN,
	PROFILE_AUDIT,
	PROFILE_IMMUTABLE,
	PROFILE_RESTRICTED,
	PROFILE_COUNT,
};

enum level {
	LEVEL_OFF, /* not even looked at */
	LEVEL_INFO,
	LEVEL_WARN,
	LEVEL_FAIL,
	LEVEL_COUNT,
};

/*
 * One check can find grave things and lesser ones (a runtime's socket, an unknown one), so levels
 * come in pairs. What --fail, --warn and --ignore say holds for both.
 */
struct levels {
	enum level grave : 8; /* small: the check table has many of them */
	enum level lesser : 8;
};

/* The level of what one check finds at one path: --fail=ID:PATH and its like. */
struct path_level {
	const char *path; /* absolute, in normal form */
	size_t check;     /* the row of the check table */
	enum level level;
	bool by_file; /* the configuration file said so */
};

enum scan {
	SCAN_QUICK, /* the program directories */
	SCAN_FULL,  /* everything on the root's mount */
	SCAN_OFF,
	SCAN_LAZY, /* quick before the start, full beside the running program */
};

/* --verify: what of a sealed image is read. */
enum verify {
	VERIFY_PROGRAMS,
	VERIFY_ALL,
	VERIFY_LAZY, /* before the start what the program needs, all of it beside the program */
	VERIFY_REST, /* that, by another user than before: what he cannot read was read then */
};

/* --scan-budget: what a content scan may take at most. */
struct scan_budget {
	uint64_t nanoseconds;
	uint64_t bytes;
	uint64_t files;
};

enum {
	POLICY_PATHS = 64,  /* that --writable, --allow, levels and their like take, each */
	POLICY_CHECKS = 80, /* rows that the check table may have */
	POLICY_LIMITS = 16, /* that --rlimit sets: as many as there are resources */
	POLICY_KEYS = 8,    /* that --manifest-key takes */
	POLICY_GLOBS = 32,  /* that --unset-env takes */
};

/* Where a refusal is written as well, if it is there: Kubernetes' termination message. */
#define TERMINATION_LOG "/dev/termination-log"

enum color {
	COLOR_AUTO,
	COLOR_NEVER,
};

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_TAP,
};

/* What happens when the mount table changes while the program runs. */
enum watching {
	WATCH_OFF,
	WATCH_WARN,
	WATCH_TERMINATE,
};

enum landlock_mode {
	LANDLOCK_OFF,
	LANDLOCK_AUTO,    /* where the kernel has it */
	LANDLOCK_REQUIRE, /* or the program is not started */
};

/* What --deny takes away beyond privileges: a bit each. Their names are in harden/deny.c. */
enum denial {
	DENY_WX_MEMORY = 1 << 0,
	DENY_MEMFD_EXEC = 1 << 1,
	DENY_USER_NAMESPACES = 1 << 2,
	DENY_TIOCSTI = 1 << 3,
	DENY_EXEC_SCRIPTS = 1 << 4,
	DENY_IO_URING = 1 << 5,
	DENY_PID1 = 1 << 6,
	DENY_ALL = (1 << 7) - 1,
};

/* --rlimit */
struct limit {
	int resource; /* as getrlimit(2) numbers them */
	rlim_t soft, hard;
	bool by_file; /* the configuration file said so */
};

/* The configuration file, as it was when it was read. */
struct config_file {
	const char *path; /* NULL: there is none */
	const char *real; /* the same without links; NULL: not known */
	uint64_t mount;   /* the id of its mount; 0: not known */
	bool unread;      /* of an image that is inspected: only looked at */
	bool read_only_mount;
	uid_t owner;
	mode_t mode;
};

/* One option as it was given, to show where a setting comes from. */
struct setting {
	const char *name;
	const char *value; /* NULL: it takes none */
	size_t line;       /* of the configuration file; 0: the command line */
	bool lowers;       /* it asks for less than the defaults do */
	bool dropped;      /* it does not count: the command line took its place */
	bool of_init;      /* the command line of process 1 */
};

/*
 * Whose options --check judges with in a container that runs: those of process 1 and then its own,
 * where process 1 is granit.
 */
struct believed {
	bool asked;          /* there is a process 1 beside this one */
	const char *why_not; /* it was not believed; NULL: it was */
	bool unshown;        /* it was, by its name: the file that it runs is not shown */
};

struct writable {
	const char *path; /* absolute, in normal form */
	bool exec;
	bool by_file;  /* the configuration file said so */
	bool outvoted; /* of programs it says nothing: the command line declares more, or part of it
			*/
};

struct path_list {
	const char **paths; /* up to POLICY_PATHS: absolute, in normal form, never "/" */
	size_t count;
	size_t by_file; /* how many of the first ones the configuration file said */
};

struct port {
	uint16_t number;
	bool udp; /* else TCP */
};

enum { POLICY_PORTS = 64 };

struct ports {
	struct port list[POLICY_PORTS];
	size_t count; /* 0: nothing is restricted */
};

enum { SIGNAL_DROPPED = -1 };

/* What vouches for the manifest, and whether the image's own file said so. */
struct seal_words {
	const char *value; /* NULL: nothing was given */
	bool from_file;    /* the configuration file */
};

/* Hardening steps that some sandboxes have not, and that have no option of their own. */
enum missing {
	MISSING_SECUREBITS = 1 << 0,
};

struct policy {
	enum mode mode;
	enum profile profile;
	struct levels levels[POLICY_CHECKS]; /* by row of the check table */
	enum profile target;                 /* that audit tells of */
	struct levels target_levels[POLICY_CHECKS];
	size_t path_levels_count;
	size_t writable_count;
	const char *root; /* of the image to inspect instead of this container; or NULL */
	enum scan scan;
	struct scan_budget scan_budget;
	const char *manifest; /* --manifest: absolute; NULL: where it is if there is one */
	size_t manifest_keys_count;
	struct seal_words manifest_digest; /* 64 hexadecimal digits */
	enum verify verify;
	bool harden;      /* the profile drops privileges */
	bool takes_steps; /* something is done to the process before the program starts */
	const char *user; /* --user, as given; NULL: the user stays the same */
	uint64_t keep_caps;
	bool allow_new_privs;
	unsigned int allow_missing; /* enum missing, or-ed: restricted starts without them */
	enum landlock_mode landlock;
	unsigned int deny; /* enum denial, or-ed; deny_wanted() says what of it is to be done */
	unsigned int
		deny_named; /* those of them that must hold: the user said so, not the profile */
	size_t limits_count;
	int umask; /* -1: as it is */
	const char *chdir;
	size_t unset_env_count;
	const char *explain; /* the id of a check, or an option's name without dashes */
	bool exec;           /* exec the program instead of supervising it */
	bool learn;          /* nothing is refused or taken away: what the program needs is told */
	const char *learn_file; /* where; NULL: on standard error */
	uint64_t remap[4];      /* exit statuses of the program that count as 0, a bit each */
	enum format format;
	enum color color;
	enum watching watch;
	const char *termination_log; /* NULL: TERMINATION_LOG, if it is there; "none" */
	bool termination_log_asked;  /* by the command line, or a file that it names */
	struct config_file config;
	struct believed believed;
	const struct setting *settings; /* kept for --check and -v only; NULL else */
	size_t settings_count;
	size_t settings_omitted;        /* for which there was no room */
	short rewrite[SIGNAL_LAST + 1]; /* what is forwarded instead; 0: the same signal */
	int parent_death;               /* what granit gets when its own parent dies; 0: nothing */
	int64_t grace; /* ms that what is left has before KILL; -1: granit ends with the program */
	int64_t stop_delay; /* ms that TERM is held back */
	bool warn_orphans;
	bool expand;           /* ${NAME} in the program's arguments */
	struct wanted *wanted; /* what to wait for and what to read; NULL: nothing */
	struct tool tool;
	int64_t timeout; /* ms, of --probe or --wait-for; -1: their defaults */
	bool group;      /* signals go to the program's whole process group */
	int verbosity;   /* -1 quiet, 1 every check, 2 every step too */
	char **program;  /* PROGRAM [ARG]... and NULL; NULL: there is none */
	struct path_list exec_from, allow, connect_unix;
	struct ports listen, connect;

	/* Lists that most containers leave empty, counted above. Their memory is the arena's. */
	struct path_level *path_levels;
	struct writable *writable;
	struct seal_words *manifest_keys; /* a key each, as text or as an absolute path */
	struct limit *limits;
	const char **unset_env; /* patterns of names: text_matches() */
};

/* Whether an option asks for what Landlock alone can hold the program to. */
static inline bool policy_names_reach(const struct policy *p)
{
	return p->listen.count || p->connect.count || p->connect_unix.count;
}

/* Whether something is left to be looked at beside the running program. */
static inline bool policy_is_lazy(const struct policy *p)
{
	return p->verify == VERIFY_LAZY || p->scan == SCAN_LAZY;
}

/* What opens files that are barred to a user: rights over them, or those to become another user. */
#define CAPS_PAST_BARS                                                                             \
	(UINT64_C(1) << CAP_DAC_OVERRIDE | UINT64_C(1) << CAP_DAC_READ_SEARCH |                    \
	 UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID | UINT64_C(1) << CAP_CHOWN |        \
	 UINT64_C(1) << CAP_FOWNER)

/* Whether the program keeps any of that. */
static inline bool policy_passes_bars(const struct policy *p)
{
	return p->keep_caps & CAPS_PAST_BARS;
}

extern const char *const profile_names[PROFILE_COUNT];
extern const char *const level_names[LEVEL_COUNT];
