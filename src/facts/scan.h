/* SPDX-License-Identifier: MIT */
/*
 * What a file holds, whatever its name. Looks for data that a shell or a multi-call binary cannot
 * do without, in the parts of an ELF file that are mapped when it runs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/compiler.h"

enum content {
	CONTENT_ELF = 1 << 0,
	CONTENT_SHELL = 1 << 1, /* all of what only a shell handles itself */
	CONTENT_BUSYBOX = 1 << 2,
	CONTENT_TOYBOX = 1 << 3,
	CONTENT_COREUTILS = 1 << 4,   /* the single-binary build */
	CONTENT_OTHER_SHELL = 1 << 5, /* in nushell, rush, Go's shell library, parts of fish */
	CONTENT_PYTHON = 1 << 6,
	CONTENT_PERL = 1 << 7,
	CONTENT_NODE = 1 << 8,
	CONTENT_LUA = 1 << 9,
	CONTENT_AWK = 1 << 10,
	CONTENT_RUBY = 1 << 11,
	CONTENT_PHP = 1 << 12,
	CONTENT_JAVA = 1 << 13,
	CONTENT_TCL = 1 << 14,
	CONTENT_PACKED = 1 << 15, /* by UPX: its content is hidden until it runs */
	CONTENT_QEMU = 1 << 16,   /* runs programs of another architecture, or of its own */
	CONTENT_INTERPRETER = CONTENT_PYTHON | CONTENT_PERL | CONTENT_NODE | CONTENT_LUA |
			      CONTENT_AWK | CONTENT_RUBY | CONTENT_PHP | CONTENT_JAVA |
			      CONTENT_TCL | CONTENT_QEMU,
};

enum { SCAN_BUFFER = 1 << 16 };

struct index;

struct scanner {
	uint8_t *buf; /* SCAN_BUFFER bytes and a margin on either side, in the arena */
	struct index *first, *second; /* what to search for; built on first use, in the arena */
	uint64_t bytes_left;          /* that may still be read */
	unsigned long started, ticks; /* of times(2): since when, for how long */
	bool all;                     /* of each program, and not its constants alone */
	size_t programs, cut;         /* that were searched; that have more constants than were */
	char *loader; /* that the last file names, PATH_MAX bytes in the arena; "": none */
};

struct arena;

/* Returns 0 or -ENOMEM. budget is in bytes; all: see parts_find(). */
int scanner_init(struct scanner *s, struct arena *a, uint64_t budget, bool all) must_check;

/* From now on there are so many nanoseconds; without it, there is no end. */
void scan_start_clock(struct scanner *s, uint64_t nanoseconds);

bool scan_time_is_up(const struct scanner *s);

/*
 * Searches the regular file open at fd, from its start. Returns enum content, or-ed, or -errno;
 * -EDQUOT: the budget is used up, -ETIME: its time is. When it returns 0, the file's first bytes
 * are at *ret_head, in the scanner's buffer, until the next call.
 */
int scan_file(struct scanner *s, int fd, const uint8_t **ret_head, size_t *ret_head_size)
	must_check;
