/* SPDX-License-Identifier: MIT */
/*
 * The mount table: proc_pid_mountinfo(5) as text in, rows out. Touches nothing but its arguments.
 * Strings of a row point into that text, rows lie in the arena: they are good as long as both are.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sys/arena.h"

enum mount_kind {
	MOUNT_UNSEEN, /* nobody has looked, or the mount point cannot be reached */
	MOUNT_DIRECTORY,
	MOUNT_FILE, /* a regular one */
	MOUNT_SOCKET,
	MOUNT_PIPE,
	MOUNT_OTHER, /* a device */
};

/* Which part of a system a directory is, by what lies in it. */
enum system_part {
	PART_NONE,
	PART_ROOT,
	PART_ETC,
	PART_RUN,
	PART_KUBELET,
	PART_COUNT,
};

struct mount {
	uint64_t id;
	uint64_t parent;
	const char *device; /* major:minor, of the file system */
	const char *root;   /* what of the file system is mounted: the path on its source */
	const char *point;  /* where, as the process sees it */
	const char *fstype;
	const char *super_options; /* of the file system, shared by all its mounts */
	bool read_only;            /* this mount's flag or the file system's: either stops writes */
	bool super_read_only;      /* the file system's alone */
	bool noexec, nosuid, nodev;
	bool shared; /* mounts made here show up elsewhere, and the other way round */
	/* Filled by mounts_settle(): */
	bool covered;     /* another one lies on top, so that no path leads here any more */
	bool of_runtime;  /* mounted in every container by its runtime, and asked for by nobody;
			     volume_look() asks again when the kind is known */
	const char *host; /* its path on the host, where another row shows it; NULL: not known */
	/* Of one that is read-only: another that can be written, and has files of this one; or
	 * NULL. */
	const struct mount *twin;
	/* Filled by the watch, of a second look: */
	uint64_t hash;  /* of all that a judge may look at */
	bool known;     /* it was there, as it is, when all was judged last */
	bool uncovered; /* known, but what was mounted on it has gone */
	/* Filled by volume_look(): */
	enum mount_kind kind;
	bool executable;    /* a file that somebody may execute */
	bool mapped;        /* of the runtime's: a file that a loader would map */
	bool filled;        /* of the runtime's: a directory that is not seen to be empty */
	bool fixed;         /* a file that the program's user cannot change, whatever the flags */
	bool elsewhere;     /* a kernel file system whose owner is not of this user namespace */
	const char *socket; /* one that controls the host, below the mount point; or NULL */
	enum system_part part;
	bool barred;    /* a way there is barred for either look (sys/sight.h) */
	int look_error; /* what kept us from looking there, but would not keep others; 0 */
};

struct mount_table {
	struct mount *rows;
	size_t count;
	const struct mount **by_id; /* the rows, sorted */
	/* Filled by mounts_settle(): those that paths lead to, sorted by mount point. */
	const struct mount **by_point;
	size_t points;
	uint64_t root; /* the id of the mount that the process's root is on; 0: not known */
};

/*
 * Parses mountinfo, a NUL-terminated text that is modified: the rows point into it. Rows are taken
 * from the arena. Returns 0; -EINVAL with *ret_line set to the line (from 1) that could not be
 * parsed; or -ENOMEM.
 */
int mounts_parse(char *mountinfo, struct arena *a, struct mount_table *ret, size_t *ret_line)
	must_check;

/* Whether the process's root directory is on it; the table has to be settled. */
bool mount_is_root(const struct mount_table *t, const struct mount *m);

/*
 * Whether it is mounted on "/" without being the root. No path leads there: paths start at the
 * process's root directory, below whatever was mounted over it later.
 */
bool mount_is_over_root(const struct mount_table *t, const struct mount *m);

/* Whether it shows what the kernel of the host does or keeps, as debugfs and pstore do. */
bool mount_shows_kernel(const struct mount *m);

/* The row with this mount id, or NULL. */
const struct mount *mounts_by_id(const struct mount_table *t, uint64_t id);

/* For mounts_settle(), when it is known which rows are covered. Returns 0 or -ENOMEM. */
int mounts_sort_by_point(struct mount_table *t, struct arena *a) must_check;

/*
 * The mount that path, absolute, is on by the settled table, which knows nothing of symbolic links;
 * or NULL.
 */
const struct mount *mounts_by_path(const struct mount_table *t, const char *path);

/* Whether the two have files in common, on paths of their own. */
bool mounts_have_files_in_common(const struct mount *a, const struct mount *b);

/*
 * Whether the files of m, a read-only one, can be written through other. Either's root is then
 * that of the other, or lies below it.
 */
bool mount_is_open_twin(const struct mount *m, const struct mount *other);

/*
 * A mount through which what lies at path on m, a read-only one, can be written; NULL: none. path
 * is absolute; where links lead to m by another way, any part of it may be meant.
 */
const struct mount *mounts_open_elsewhere(const struct mount_table *t, const struct mount *m,
					  const char *path);

/* A mount through which names in dir on m, a read-only one, can be replaced; NULL: none. */
const struct mount *mounts_dir_open_elsewhere(const struct mount_table *t, const struct mount *m,
					      const char *dir);

/*
 * A writable mount in which a directory on the way to m can be renamed, m with it, so that its path
 * leads elsewhere; NULL: none. A mount point itself cannot be renamed (EBUSY, rename(2)).
 */
const struct mount *mount_way_open(const struct mount_table *t, const struct mount *m);

/* Whether path is dir itself or lies below it; both absolute. */
bool path_is_beneath(const char *path, const char *dir);

/* As strcmp(3), with the first y_len bytes of y; but what lies below a path comes right behind it.
 */
int path_compare(const char *x, const char *y, size_t y_len);

/* How much of the first len bytes of path the directory above is, 1 for "/"; 0: there is none. */
size_t path_len_above(const char *path, size_t len);
