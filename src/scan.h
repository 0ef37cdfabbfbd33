/* SPDX-License-Identifier: MIT */
/*
 * What a file holds, whatever it is called. Data that a shell or a multi-call binary cannot do
 * without is looked for in the parts of an ELF file that get mapped when it runs.
 */
#pragma once

#include <stdint.h>

#include "sys/compiler.h"

enum content {
	CONTENT_ELF = 1 << 0,
	CONTENT_SHELL = 1 << 1, /* all the names of variables that only a shell handles itself */
	CONTENT_BUSYBOX = 1 << 2,
	CONTENT_TOYBOX = 1 << 3,
	CONTENT_COREUTILS = 1 << 4, /* the single-binary build */
};

enum { SCAN_BUFFER = 1 << 16 };

struct scanner {
	uint8_t *buf;	     /* SCAN_BUFFER bytes and a margin: scanner_init() */
	uint64_t bytes_left; /* that may still be read */
};

struct arena;

/* Returns 0 or -ENOMEM. budget is in bytes. */
int scanner_init(struct scanner *s, struct arena *a, uint64_t budget) must_check;

/*
 * Looks at the regular file open at fd, from its start. Returns enum content, or-ed, or -errno;
 * -EDQUOT when the budget is used up.
 */
int scan_file(struct scanner *s, int fd) must_check;
