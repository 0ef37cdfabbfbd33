// SPDX-License-Identifier: MIT
/*
 * Heads of ELF files: every pair of class and byte order, with every size of file up to LONGEST and
 * numbers about every bound in the three fields that say where the program headers are. Behind the
 * file lies memory that cannot be read: who reads there does not live to tell.
 */
#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "exhaust.h"
#include "sys/compiler.h"
#include "sys/elfhead.h"

enum { LONGEST = 260 };

struct fields {
	uint64_t table;
	uint16_t entry, count;
};

static void put(uint8_t *file, size_t size, size_t at, size_t width, uint64_t value, bool big)
{
	for (size_t i = 0; i < width; i++)
		if (at + i < size)
			file[at + i] = (uint8_t)(value >> 8 * (big ? width - 1 - i : i));
}

static void write_head(uint8_t *file, size_t size, bool wide, bool big, const struct fields *f)
{
	const uint8_t ident[] = {0x7f,
				 'E',
				 'L',
				 'F',
				 wide ? ELFCLASS64 : ELFCLASS32,
				 big ? ELFDATA2MSB : ELFDATA2LSB};

	memset(file, 0, size);
	memcpy(file, ident, size < sizeof(ident) ? size : sizeof(ident));
	put(file, size, wide ? 32 : 28, wide ? 8 : 4, f->table, big);
	put(file, size, wide ? 54 : 42, 2, f->entry, big);
	put(file, size, wide ? 56 : 44, 2, f->count, big);
}

/* By elf(5), in numbers that do not wrap around. */
static bool is_good(size_t size, bool wide, const struct fields *f)
{
	unsigned __int128 table = wide ? f->table : (uint32_t)f->table;
	size_t entry = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	return size >= sizeof(Elf64_Ehdr) && f->entry == entry &&
	       table + (unsigned __int128)f->count * entry <= size;
}

static void try_file(const uint8_t *file, size_t size, bool wide, const struct fields *f)
{
	struct elf_head h, found;
	int r = elf_read_head(file, size, &h);
	bool good = is_good(size, wide, f);

	/* A table in the header itself may make sense in another class: other tests have those. */
	if ((r == 0 && !good) || (r < 0 && good && f->table >= sizeof(Elf64_Ehdr)))
		exhaust_wrong("%d: %zu bytes, wide %d, table %#llx, %u entries of %u", r, size,
			      wide, (unsigned long long)f->table, f->count, f->entry);
	/* All of them can be read. Behind the header there are zeros. */
	for (size_t i = 0; r == 0 && i < h.count; i++)
		if (elf_segment(&h, i).type != 0 && h.table >= sizeof(Elf64_Ehdr))
			exhaust_wrong("a segment of nothing");
	if (elf_find_table(file, size, &found) == 0 && found.count * elf_entry_size(&found) > 65536)
		exhaust_wrong("%zu headers", found.count);
}

/* A file of this size with a table at each of its bytes, at some behind it, and far away. */
static uint64_t try_size(uint8_t *file, size_t size, bool wide, bool big)
{
	static const uint16_t entries[] = {0, 1, 31, 32, 33, 55, 56, 57, 0x2000, 0x3800, 0xffff};
	static const uint16_t counts[] = {0, 1,    2,    3,    4,    5,      6,     7,
					  8, 1170, 1171, 2048, 2049, 0x7fff, 0xffff};
	static const uint64_t far[] = {1ULL << 16,
				       (1ULL << 31) - 1,
				       1ULL << 31,
				       (1ULL << 32) - 64,
				       (1ULL << 32) - 1,
				       1ULL << 32,
				       (1ULL << 32) + 64,
				       1ULL << 48,
				       (1ULL << 63) - 1,
				       1ULL << 63,
				       -64ULL,
				       -32ULL,
				       -1ULL};
	const size_t near = size + 4, tables = near + array_length(far);
	uint64_t n = 0;

	for (size_t i = 0; i < tables * array_length(entries) * array_length(counts); i++, n++) {
		size_t t = i / array_length(entries) / array_length(counts);
		struct fields f = {t < near ? t : far[t - near],
				   entries[i / array_length(counts) % array_length(entries)],
				   counts[i % array_length(counts)]};

		write_head(file, size, wide, big, &f);
		try_file(file, size, wide, &f);
	}
	return n;
}

uint64_t exhaust_elf(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t n = 0;

	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE) < 0)
		exhaust_wrong("there is no memory");
	for (size_t size = 0; size <= LONGEST; size++)
		for (unsigned int kind = 0; kind < 4; kind++)
			n += try_size(pages + page - size, size, kind & 1, kind & 2);
	return n;
}
