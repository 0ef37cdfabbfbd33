/* SPDX-License-Identifier: MIT */
/* The start of an ELF file (elf(5)) of any class and byte order, as bytes in memory. */
#pragma once

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/compiler.h"

struct elf_head {
	const uint8_t *bytes;
	size_t size;
	bool wide, big_endian;
	uint16_t machine;
	uint64_t entry; /* the address that the program starts at */
	uint64_t table; /* where the program headers are */
	size_t count;   /* how many of them */
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, size;  /* in the file */
	uint64_t address, room; /* in memory */
};

/* Whether the bytes are the start of an ELF file, however broken. */
bool elf_is(const uint8_t *bytes, size_t size);

/*
 * Whether a loader may map the file of file_size bytes that starts with these: all ELF files, and
 * what has a sensible header behind another start. musl's loader, told to start a file, looks at
 * neither magic, class nor byte order (ldso/dynlink.c, map_library()). ELF_HEADER bytes will do.
 */
enum { ELF_HEADER = sizeof(Elf64_Ehdr) };
bool elf_is_mapped(const uint8_t *bytes, size_t size, uint64_t file_size);

/*
 * Reads the headers in the first size bytes of a file; *ret points into them. Returns 0, or
 * -ENOEXEC: it is no ELF file, its program headers are not among the bytes, or a kernel may read
 * other ones than these: it does not look at the class and byte order that the file claims, but
 * takes the header for one of its own.
 */
int elf_read_head(const uint8_t *bytes, size_t size, struct elf_head *ret) must_check;

struct elf_segment elf_segment(const struct elf_head *h, size_t i);

/*
 * Reads the header as the kernel does that runs such a program: where the program headers are,
 * which may be behind the first size bytes. Returns 0 or -ENOEXEC: no kernel takes it.
 */
int elf_find_table(const uint8_t *bytes, size_t size, struct elf_head *ret) must_check;

/* How many bytes a program header has. */
size_t elf_entry_size(const struct elf_head *h);

/* The one at entry, elf_entry_size() bytes. */
struct elf_segment elf_entry(const struct elf_head *h, const uint8_t *entry);

/* One of the pairs of numbers (elf(5): Elf64_Dyn) that a dynamic segment consists of. */
struct elf_dynamic {
	uint64_t tag, value;
};

size_t elf_dynamic_size(const struct elf_head *h);

/* The one at entry, elf_dynamic_size() bytes. */
struct elf_dynamic elf_dynamic(const struct elf_head *h, const uint8_t *entry);
