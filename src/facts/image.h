/* SPDX-License-Identifier: MIT */
/*
 * The walk over the image's files: what they are called, what they hold, what they may do. Gathers
 * what a check may want to know of a file and judges nothing. Rows and strings lie in the arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "facts/scan.h"
#include "policy/policy.h"
#include "sys/arena.h"

enum file_mark {
	MARK_SETUID = 1 << 0, /* setuid or setgid */
	MARK_FILE_CAPS = 1 << 1,
	MARK_WORLD_WRITABLE = 1 << 2, /* a directory too, unless it is sticky */
	MARK_DEVICE = 1 << 3,
	MARK_SECRET_NAME = 1 << 4, /* named like a file with keys in it */
	MARK_PRIVATE_KEY = 1 << 5, /* begins like a private key */
	MARK_SCRIPT = 1 << 6,      /* executable, with a "#!" whose interpreter is there */
	MARK_UNREADABLE = 1 << 7,  /* may be executed, but not read */
};

/* A file that a check cares about, and one path that leads to it. */
struct program {
	struct program *next;
	const char *path;
	const char *target;    /* where the link points, or the "#!" line; NULL: neither */
	unsigned int families; /* that its name belongs to: enum family, or-ed */
	unsigned int content;  /* enum content */
	unsigned int marks;    /* enum file_mark */
	unsigned int links;    /* how many names it has, when they are suspiciously many; else 0 */
	bool dangling;         /* a link to nothing */
	bool allowed;          /* it is the file that an --allow names */
};

/* A place that could not be looked at; checks that need it answer "unknown". */
struct blind_spot {
	struct blind_spot *next;
	const char *path;
	int error;
	bool barred; /* neither look (sys/sight.h) may read nor enter or start it */
};

struct image_facts {
	struct program *programs; /* in the order in which they were found */
	struct blind_spot *blind;
	size_t files;    /* that were looked at */
	size_t searched; /* ELF files: all that is mapped of them, or their constants */
	size_t cut;      /* of these: that have more constants than were searched */
	bool full;       /* the whole root mount was walked */
	bool out_of_memory;
	bool links_lost; /* of more files than are remembered: how many links lead to each */
	const char *out_of_budget; /* which one ran out, or NULL */
	bool has_loader;   /* something there maps other programs: a dynamic loader, or a library */
	const char *first; /* of image_look_beneath(): the first program, or NULL */
};

/* Where to look, and for what. Its strings have to last for the call only. */
struct image_request {
	int root;            /* an open directory taken for the root; -1: the process's own */
	bool full;           /* everything on the root's mount, not the program directories alone */
	const char *path;    /* the value of PATH, or NULL */
	const char *program; /* what will be started, wherever it lies, or NULL */
	char *const *arguments; /* its words, up to a NULL, some of which it may start; or NULL */
	const struct policy *policy; /* with the mounts: which of those words to leave alone; */
	const struct mount_table *mounts; /* NULL: none */
	/* Volumes that programs may be started from: looked at as a whole, names and content. */
	const char *const *beneath;
	size_t beneath_count;
	const char *const *allow; /* paths whose files get the mark `allowed` */
	size_t allow_count;
	bool keeps_out; /* on writable volumes nothing can be started: Landlock holds */
	struct scan_budget budget;
	size_t entries; /* of directories, that image_look_beneath() looks at; 0: any number */
};

/* Looks at the files. Problems are part of the answer. */
void image_look(const struct image_request *q, struct arena *a, struct image_facts *ret);

/* A place that is looked at by itself. */
struct image_volume {
	struct image_volume *next;
	const char *path;
	struct image_facts facts;
};

/* Looks at each of the places, a directory or a file, and all that is beneath on the same mount. */
void image_look_beneath(const struct image_request *q, struct image_volume *volumes,
			struct arena *a);
