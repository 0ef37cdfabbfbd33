/* SPDX-License-Identifier: MIT */
/*
 * What was learnt: one mapping that process 1, the listener and who reports for it share. Its
 * strings lie in it, or in memory that all of them had before they were made.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "facts/mounts.h"
#include "learn/advice.h"
#include "policy/policy.h"
#include "sys/sys.h"
#include "sys/text.h"

enum {
	LEARN_SEEN = 4096,
	LEARN_INDEX = 4 * LEARN_SEEN, /* slots that paths are found by; a power of two */
	LEARN_NAMES = 1 << 20,        /* bytes of paths */
	LEARN_BEFORE = 1 << 18,       /* slots for names of the image; a power of two */
	LEARN_VOLUMES = 64,
	LEARN_PORTS = 32,
	LEARN_PROGRAMS = 64,
	LEARN_REPEATS = 512,
	LEARN_IDS = 32,
	LEARN_VARIABLES = 32,
	LEARN_NOTICE = 512,  /* bytes of a notification, for kernels to come too */
	LEARN_RECEIVERS = 2, /* process 1 and the listener */
};

/* A writable mount that somebody made on purpose. */
struct learnt_volume {
	const char *point;
	struct seen top; /* whose it is */
	bool anonymous;  /* the image asked for it, and the engine made it */
	bool written, exec;
	bool unread; /* not all of it could be looked through */
};

struct learnt_port {
	uint16_t number;
	bool is_udp; /* else TCP, or what is held to ports as that is */
};

struct learnt_program {
	const char *path;
	char by[16];           /* the name of who started it */
	unsigned int families; /* enum family, or-ed */
	bool is_link;          /* the name that it was called by, which is not its own */
};

/* What a process of user 0 became. */
struct learnt_id {
	uint32_t id;
	bool is_group;
};

/* A variable called *_FILE, by which a program takes a secret or its configuration from a file. */
struct learnt_variable {
	const char *text;          /* NAME=PATH, of the environment */
	const char *path;          /* where in it */
	const struct mount *mount; /* that the file is on; NULL: it is the image's own */
	bool is_missing;
};

struct learnt {
	const struct policy *policy;
	const struct mount_table *mounts;
	int file;    /* of the report; -1: standard error */
	int far_end; /* of the socket that the listener's descriptor comes from */
	/* Who does what. */
	pid_t supervisor;  /* granit as ever */
	pid_t program;     /* its child */
	bool finished;     /* the listener has come to its end, and has reported */
	int listener_died; /* by this signal; 0: it did not */
	/* Why there is no listener: the call that failed, and its errno. NULL: there is one. */
	const char *deaf;
	int deaf_error;
	/*
	 * The error for which the listener's descriptor was not handed over. The filter cannot be
	 * taken back, so the program does not start: nobody would let its calls go on. 0: it was.
	 */
	int cut_off;
	/* The clock that files are stamped by, before the program started. */
	int64_t start_seconds;
	int64_t start_nanoseconds;
	int64_t start_ms;             /* of the monotonic clock */
	uint64_t accepted;            /* TCP connections, before; UINT64_MAX: not known */
	unsigned int first_free_port; /* that takes no capability */
	bool root_read_only;
	int failed; /* the status other than 0 with which the program ended of its own accord; 0 */
	/* What the walk could not do. */
	bool before_full; /* there are more names than it has room for */
	int walk_error;
	size_t blind; /* directories that could not be read */
	/* What the listener could not do. */
	size_t unreadable;
	char unreadable_by[16];
	pid_t memory_of; /* whose memory is open */
	int memory;      /* -1: nobody's */
	uint64_t repeats[LEARN_REPEATS];
	size_t lost; /* for which there was no room */
	/* What was found. */
	size_t seen_count, names_used, before_count, volumes_count, ports_count, programs_count,
		places_count, ids_count, variables_count;
	unsigned int words; /* of --deny (enum denial) that the program would not live with */
	uint64_t caps;      /* that calls of it take */
	struct seen seen[LEARN_SEEN];
	uint16_t index[LEARN_INDEX]; /* one more than the place in seen; 0: free */
	struct learnt_volume volumes[LEARN_VOLUMES];
	struct learnt_port ports[LEARN_PORTS];
	struct learnt_program programs[LEARN_PROGRAMS];
	struct learnt_id ids[LEARN_IDS];
	struct learnt_variable variables[LEARN_VARIABLES];
	struct place places[LEARN_SEEN];
	/* The notification that is being looked at: its sender waits for an answer. */
	_Alignas(8) char notice[LEARN_NOTICE];
	char names[LEARN_NAMES];
	uint64_t before[LEARN_BEFORE]; /* hashes of the image's names; 0: free */
};

/* It was written, as far as it was looked at. */
static inline bool volume_is_needed(const struct learnt_volume *v)
{
	return v->written || v->unread;
}

/* A mapping for all that, or NULL. */
struct learnt *learnt_new(const struct policy *p, const struct mount_table *mounts);

/* A copy that may be changed without anybody seeing it; its strings are the other's. Or NULL. */
struct learnt *learnt_copy(const struct learnt *n);

/* Never 0. */
uint64_t learnt_hash(const char *s);

/* A copy of the string among the names; NULL: there is no room, which is counted. */
const char *learnt_keep(struct learnt *n, const char *s);

/* The name of a process, or as much of it as the kernel would have kept. */
void learnt_name(char ret[16], const char *name);

/* The record of this path, made if there is none; NULL: there is no room, which is counted. */
struct seen *learnt_at(struct learnt *n, const char *path);

/* The same, for what a process called `by` did there. */
void learnt_add(struct learnt *n, const char *path, unsigned int flags, const char *by);

/* Whether there is a record of it that says so. */
bool learnt_is_changed(const struct learnt *n, const char *path);

/* Whether there is one, and of nothing but that its owner or mode was set to what it was. */
bool learnt_stayed(const struct learnt *n, const char *path);

/* The record of the directory that path lies in. */
struct seen *learnt_parent(struct learnt *n, const char *path);

/* The volume that path lies on; NULL: none. */
struct learnt_volume *learnt_volume_of(struct learnt *n, const char *path);

/* Whether path, absolute, is on the image's own mount, and not the report's own file. */
bool learnt_is_of_image(const struct learnt *n, const char *path);

/* Unless it is known already. */
void learnt_note_id(struct learnt *n, uint32_t id, bool is_group);

/* Those of the environment, whose strings they are from then on. */
void learnt_note_variables(struct learnt *n, char *const *environment);

void learnt_note_name(struct learnt *n, const char *path);
bool learnt_was_there(const struct learnt *n, const char *path);

/* ---- walk.c */

/* Remembers the names of a writable image, and the writable mounts. Before the program starts. */
void walk_before(struct learnt *n);

/*
 * What was written, by the files' times; and what the report has to know of each record. Then
 * fills the places. For a process that may block.
 */
void walk_after(struct learnt *n);

/* ---- calls.c and filter.c */

/*
 * In the process that becomes the program: installs the filter and sends its descriptor to each
 * LEARN_RECEIVERS that hold the other end. From here on somebody has to listen: false, with
 * n->cut_off, if one of them has not answered that it got it.
 */
bool learn_filter_install(struct learnt *n, int socket) must_check;

/* What a row of the table of calls is about. From CALL_WORD on it says all without memory. */
enum call_kind {
	CALL_OPEN,        /* the argument behind path, for open(2)'s flags; memory for openat2(2) */
	CALL_CREATE,      /* likewise, and always for writing */
	CALL_MAKE,        /* a name that must not be there yet */
	CALL_MKDIR,       /* the same, and a directory\'s */
	CALL_REMOVE,      /* a name that has to be there */
	CALL_MOVE,        /* a name that may be there */
	CALL_CHANGE,      /* of what is there already */
	CALL_CHANGE_OPEN, /* the same, by descriptor */
	CALL_EXECUTE,
	CALL_MAP, /* memory to be executed, of an open file: a library, most of the time */
	CALL_BIND,
	CALL_CLONE3,
	CALL_WORD, /* of --deny */
	CALL_CAPABILITY,
	CALL_IDENTITY, /* the same; the argument is whom it becomes */
	CALL_GROUPS,   /* the same; of a list that lies in memory */
	CALL_SIGNAL,   /* the same, if it is sent to another user's process */
};

struct watched_call {
	int number;
	uint8_t kind; /* enum call_kind */
	int8_t dir;   /* which argument is the directory; -1: it is the working directory */
	int8_t path;
	uint8_t about; /* a bit's number: of enum denial, or a capability; or enum call_sets */
	/* Tested by the filter: argument & mask, == value, or != 0 where any is set. */
	uint8_t test; /* enum call_test */
	uint8_t argument;
	uint32_t mask, value;
};

/* What of a file behind its directory, path or descriptor; 0: something else. */
enum call_sets { SETS_OWNER = 1, SETS_MODE };

enum call_test { TEST_NOTHING, TEST_ANY_OF, TEST_EQUAL };

extern const struct watched_call watched_calls[];
extern const size_t watched_calls_count;

/* Whether the filter would have told of this call because of the row. */
bool call_is_of_row(const struct watched_call *c, int number, const uint64_t args[6]);

/* ---- listen.c */

/* Receives a notification, looks and answers. Returns false: nobody can send any more. */
bool listen_once(struct learnt *n, int fd);

/* Answers what is being looked at, and is if somebody else died over it. */
void listen_answer_pending(struct learnt *n, int fd);

/* Receives one and answers it, without a look. */
bool listen_blindly(struct learnt *n, int fd);

/* ---- report.c */

/* After walk_after(): all that is to be told, in the policy's format. */
void learn_report(struct text *out, const struct learnt *n);

/* json.c: one line. */
void learn_report_json(struct text *out, const struct learnt *n);

/* TCP connections that were accepted in this network namespace; UINT64_MAX: not known. */
uint64_t learn_accepted(void);

/* Of them those since walk_before(). */
uint64_t learn_accepted_since(const struct learnt *n);
