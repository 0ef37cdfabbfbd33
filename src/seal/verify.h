/* SPDX-License-Identifier: MIT */
/*
 * Whether the image is what its manifest says: facts, judged elsewhere. Strings and differences lie
 * in the arena, or are constants or the policy's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/mounts.h"
#include "sys/arena.h"
#include "sys/trouble.h"

struct policy;

/* What vouches for the manifest. */
enum seal_proof {
	SEAL_UNSIGNED,
	SEAL_DIGEST,    /* --manifest-digest */
	SEAL_SIGNATURE, /* --manifest-key */
};

/* Where that came from. What the image itself can say proves only that nothing broke. */
enum seal_origin {
	SEAL_FROM_IMAGE,        /* a file on the root's mount, or the image's own configuration */
	SEAL_FROM_WRITABLE,     /* a file on another mount, which can be written */
	SEAL_FROM_MOUNT,        /* a file on another mount, which is read-only */
	SEAL_FROM_MACHINE,      /* a file of the machine that inspects an image */
	SEAL_FROM_COMMAND_LINE, /* an ENTRYPOINT's or the deployer's: granit cannot tell */
	SEAL_ORIGINS,
};

enum seal_kind {
	SEAL_CHANGED, /* the content */
	SEAL_RETYPED,
	SEAL_REMODED,
	SEAL_REOWNED,
	SEAL_RELINKED,
	SEAL_REMADE, /* another device */
	SEAL_MISSING,
	SEAL_COVERED,
	SEAL_EXTRA_PROGRAM,
	SEAL_EXTRA_PLAIN,
	SEAL_NOT_SEALED,       /* what is to be started: it lies on another mount */
	SEAL_DECLARED_PROGRAM, /* the same, on one that was declared */
	SEAL_MOUNT_IN_ETC,     /* a file is mounted where the image has none */
	SEAL_ROOT_DIFFERS,     /* mode or owner of / itself */
	SEAL_BY_RUNTIME,       /* covered or added by the runtime, or declared: not looked at */
	SEAL_BESIDE,           /* a mount that covers nothing, and was never looked at */
	SEAL_UNMAPPED,         /* an owner that this user namespace has no number for */
	SEAL_OUT_OF_REACH,     /* for granit, and so for the program, which is the same user */
	SEAL_BARRED,           /* for granit, but perhaps not for the program */
	SEAL_CANNOT_LOOK,
	SEAL_KINDS,
};

struct seal_difference {
	struct seal_difference *next;
	enum seal_kind kind;
	const char *path;
	const char *what; /* "mode 0755, not 04755"; NULL: the kind says all */
};

struct seal_facts {
	bool asked;         /* an option asks for the manifest, so it has to be there */
	const char *path;   /* of the manifest; NULL: there is none */
	const char *broken; /* why the manifest is not trusted; NULL: it is */
	enum seal_proof proof;
	enum seal_origin origin;
	char comment[256]; /* the trusted comment, or "" */
	struct trouble trouble;
	struct seal_difference *differences; /* in the order found */
	size_t names, files;                 /* in the manifest; files that were read */
	uint64_t bytes;
	bool programs_only, root_writable, out_of_memory;
	bool lazy;   /* only what the program needs to run, and /etc */
	int program; /* descriptor of the program, read and found as sealed; -1 */
};

struct seal_request {
	const struct policy *policy;
	int root;                         /* the image's, an open directory */
	const struct mount_table *mounts; /* what the runtime mounted; NULL: nothing runs there */
	const char *program;              /* the path of what is to be started; NULL: nothing is */
	bool keep_program;                /* it is to be started through a descriptor */
};

/* Verifies the image. Problems are part of the result; ret->program is the caller's to close. */
void seal_verify(const struct seal_request *q, struct arena *a, struct seal_facts *ret);
