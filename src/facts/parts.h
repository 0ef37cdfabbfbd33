/* SPDX-License-Identifier: MIT */
/* Which parts of an ELF file are searched: what gets mapped when it runs, all of it or its
 * constants. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PARTS = 32 };

struct part {
	uint64_t from, to; /* in the file */
};

struct parts {
	struct part of[PARTS];
	size_t count;
	bool cut; /* there are more constants than these */
};

/*
 * head: the first n bytes of an ELF file. all: everything that the kernel or the dynamic loader
 * maps; debugging information, the bulk of many files, is not. Else the parts where a program has
 * its constants, up to a bound each. Where the header is of no use, the whole file.
 */
void parts_find(const uint8_t *head, size_t n, bool all, struct parts *ret);
