// SPDX-License-Identifier: MIT
/* Reads the dynamic segment of an ELF file (elf(5)). */
#include "facts/needed.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sys/elfhead.h"

enum {
	START_BYTES = 4096,
	DYNAMIC_MOST = 1 << 16, /* bytes of a dynamic segment: some hundred entries are usual */
};

struct dynamic {
	int fd;
	struct elf_head head;
	uint64_t at, size;  /* of the segment in the file */
	uint64_t names;     /* where the names are in the file */
	uint64_t names_len; /* bytes */
};

/* Where what is at this address when it runs is in the file; false: nowhere. */
static bool file_offset(const struct elf_head *h, uint64_t address, uint64_t *ret)
{
	for (size_t i = 0; i < h->count; i++) {
		struct elf_segment s = elf_segment(h, i);

		if (s.type != PT_LOAD || address < s.address || address - s.address >= s.size)
			continue;
		*ret = s.offset + (address - s.address);
		return true;
	}
	return false;
}

/* Calls each for every entry until it returns something else than 0, and returns that. */
static int each_entry(const struct dynamic *d,
		      int (*each)(void *arg, const struct elf_dynamic *entry), void *arg)
{
	const size_t size = elf_dynamic_size(&d->head);

	for (uint64_t at = 0; at + size <= d->size; at += size) {
		uint8_t bytes[sizeof(Elf64_Dyn)];
		struct elf_dynamic entry;
		int r;

		if (pread(d->fd, bytes, size, (off_t)(d->at + at)) != (ssize_t)size)
			return -ENOEXEC;
		entry = elf_dynamic(&d->head, bytes);
		if (entry.tag == DT_NULL)
			break;
		r = each(arg, &entry);
		if (r != 0)
			return r;
	}
	return 0;
}

static int note_names(void *arg, const struct elf_dynamic *entry)
{
	struct dynamic *d = arg;

	if (entry->tag == DT_STRSZ)
		d->names_len = entry->value;
	if (entry->tag == DT_STRTAB && !file_offset(&d->head, entry->value, &d->names))
		return -ENOEXEC;
	return 0;
}

/* The list of auditors, and glibc's file of settings: nobody links so that is not up to something.
 */
static bool is_beyond_telling(uint64_t tag)
{
	return tag == DT_AUDIT || tag == DT_DEPAUDIT || tag == DT_CONFIG;
}

/* A filtee is loaded by the loader as what is needed is. */
static bool names_library(uint64_t tag)
{
	return tag == DT_NEEDED || tag == DT_AUXILIARY || tag == DT_FILTER;
}

struct telling {
	const struct dynamic *dynamic;
	int (*tell)(void *arg, const char *name);
	void *arg;
};

static int tell_name(void *arg, const struct elf_dynamic *entry)
{
	const struct telling *t = arg;
	const struct dynamic *d = t->dynamic;
	char name[PATH_MAX];
	ssize_t n;

	if (is_beyond_telling(entry->tag))
		return -ENOEXEC;
	if (!names_library(entry->tag))
		return 0;
	if (entry->value >= d->names_len)
		return -ENOEXEC;
	n = pread(d->fd, name, sizeof(name), (off_t)(d->names + entry->value));
	if (n <= 0 || !memchr(name, '\0', (size_t)n))
		return -ENOEXEC;
	return t->tell(t->arg, name);
}

int needed_libraries(int fd, int (*tell)(void *arg, const char *name), void *arg)
{
	uint8_t start[START_BYTES];
	struct dynamic d = {.fd = fd};
	const struct telling t = {&d, tell, arg};
	ssize_t n = pread(fd, start, sizeof(start), 0);
	int r;

	if (n < 0)
		return -errno;
	if (!elf_is_mapped(start, (size_t)n, UINT64_MAX))
		return 0;
	if (elf_read_head(start, (size_t)n, &d.head) < 0)
		return -ENOEXEC;
	for (size_t i = 0; i < d.head.count; i++) {
		struct elf_segment s = elf_segment(&d.head, i);

		if (s.type != PT_DYNAMIC)
			continue;
		if (s.size > DYNAMIC_MOST)
			return -ENOEXEC;
		d.at = s.offset;
		d.size = s.size;
	}
	r = each_entry(&d, note_names, &d);
	return r ? r : each_entry(&d, tell_name, (void *)&t);
}
