/* SPDX-License-Identifier: MIT */
/*
 * The manifest of an image: a strict subset of mtree(5). The first line is "#mtree"; each line
 * after it is one name of the image, sorted by bytes, from "." on, with every keyword that its type
 * needs and no other. There are no defaults: what a line does not say is not assumed.
 *
 * Entries point into the text they were parsed from and live as long as it does.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "seal/digest.h"
#include "sys/compiler.h"

#define MANIFEST_DEFAULT "/etc/granit.manifest"

enum {
	MANIFEST_MOST = 64 << 20,    /* bytes of a manifest */
	MANIFEST_ENTRIES = 1000000,  /* names in it */
	ESCAPED_MOST = 4 * 4096 + 8, /* bytes of a path of PATH_MAX, every byte escaped */
};

enum seal_type {
	SEAL_FILE,
	SEAL_DIR,
	SEAL_LINK,
	SEAL_CHAR,
	SEAL_BLOCK,
	SEAL_FIFO,
	SEAL_SOCKET,
	SEAL_TYPES,
};

struct seal_entry {
	const char *path; /* escaped, from "." on; no NUL behind it */
	const char *link; /* escaped; NULL: it is no link */
	uint64_t size;
	uint32_t path_len, link_len;
	uint32_t mode; /* permissions, setuid and sticky bits */
	uint32_t uid, gid;
	uint32_t major, minor; /* of a device */
	enum seal_type type;
	unsigned char digest[DIGEST_SIZE];
};

struct manifest_error {
	size_t line;     /* from 1; 0: the file as a whole */
	const char *why; /* a constant */
};

/* "file", "dir" and so on, by enum seal_type. */
extern const char *const seal_type_names[SEAL_TYPES];

/* The type that the bits of a st_mode mean. */
enum seal_type seal_type_of(unsigned int mode);

/* How many entries the text can have at most: one a line. */
size_t manifest_lines(const char *text, size_t size);

/*
 * Parses the size bytes of text into entries, which has room for `room` of them. Returns 0, or
 * -EINVAL with *error set. Touches nothing but its arguments.
 */
int manifest_parse(const char *text, size_t size, struct seal_entry *entries, size_t room,
		   size_t *ret_count, struct manifest_error *error) must_check;

/* The entry of this escaped path among the sorted ones, or NULL. */
const struct seal_entry *manifest_find(const struct seal_entry *entries, size_t count,
				       const char *path, size_t len);

/* As strcmp(3), for byte strings. */
int manifest_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* Writes the entries, already sorted, to fd. Returns 0 or -errno. */
int manifest_write(int fd, const struct seal_entry *entries, size_t count) must_check;
