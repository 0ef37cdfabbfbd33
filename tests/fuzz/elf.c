/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program (libFuzzer): headers, parts to search, loader, libraries. Program headers
 * lie inside the bytes; what is mapped when the program runs is searched; the loader and the names
 * of libraries are texts that stand in the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/loader.h"
#include "facts/needed.h"
#include "facts/parts.h"
#include "helpers/fuzz.h"
#include "sys/elfhead.h"

enum { HEAD = 4096 /* what is read of a file */ };

static bool is_searched(const struct parts *p, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->of[i].from <= from && p->of[i].to >= to)
			return true;
	return false;
}

/* With all, each segment that has something in the file; else there are parts at least. */
static void must_find_parts(const struct elf_head *h, size_t size)
{
	struct parts all, some;

	parts_find(h->bytes, size, true, &all);
	parts_find(h->bytes, size, false, &some);
	must(all.count > 0 && all.count <= PARTS && some.count > 0 && some.count <= PARTS);
	for (size_t i = 0; i < h->count; i++) {
		struct elf_segment s = elf_segment(h, i);

		if (s.type == PT_LOAD && s.size && s.offset <= INT64_MAX &&
		    s.size <= INT64_MAX - s.offset)
			must(is_searched(&all, s.offset, s.offset + s.size));
	}
}

static void read_head(const char *file, size_t size)
{
	size_t n = size < HEAD ? size : HEAD, entry;
	uint8_t *head = malloc(n + !n);
	struct elf_head h;
	struct parts parts;

	must(head);
	memcpy(head, file, n);
	if (elf_read_head(head, n, &h) == 0) {
		entry = h.wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
		must(elf_is(head, n) && h.table <= n && h.count <= (n - h.table) / entry);
		must_find_parts(&h, n);
	} else if (elf_is(head, n)) {
		/* It may run all the same. */
		parts_find(head, n, true, &parts);
		must(is_searched(&parts, 0, size));
	}
	free(head);
}

static int count_name(void *arg, const char *name)
{
	const struct input *file = arg;

	must(lies_in(name, strlen(name) + 1, file->at, file->left));
	return 0;
}

static void open_file(struct input file)
{
	int fd = file_of(file.at, file.left);
	char path[32], loader[PATH_MAX];

	must(snprintf(path, sizeof(path), "/proc/self/fd/%d", fd) > 0);
	if (program_loader(path, loader)) {
		must(strlen(loader) < PATH_MAX);
		must(lies_in(loader, strlen(loader), file.at, file.left));
	}
	(void)program_open_memory(path);
	must(needed_libraries(fd, count_name, &file) <= 0);
	must(close(fd) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	char *file = input_bytes(&in, size, &size);

	read_head(file, size);
	/* What is an ELF file is mapped, whatever its size. */
	must(elf_is_mapped((uint8_t *)file, size, size) || !elf_is((uint8_t *)file, size));
	open_file((struct input){(uint8_t *)file, size});
	free(file);
	return 0;
}
