// SPDX-License-Identifier: MIT
/* Parses ELF and program headers. */
#include "sys/elfhead.h"

#include <errno.h>
#include <string.h>

/* A number of the file's own width and byte order. */
static uint64_t number(const uint8_t *p, size_t width, bool big_endian)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value |= (uint64_t)p[big_endian ? width - 1 - i : i] << (8 * i);
	return value;
}

#define FIELD(h, base, type, name)                                                                 \
	number((base) + offsetof(type, name), sizeof(((type *)0)->name), (h)->big_endian)
#define FIELD_OF(h, base, name, kind)                                                              \
	((h)->wide ? FIELD(h, base, Elf64_##kind, name) : FIELD(h, base, Elf32_##kind, name))

static size_t entry_size(const struct elf_head *h)
{
	return h->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

bool elf_is(const uint8_t *bytes, size_t size)
{
	return size >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

int elf_read_head(const uint8_t *bytes, size_t size, struct elf_head *ret)
{
	struct elf_head h = {.bytes = bytes, .size = size};

	if (!elf_is(bytes, size) || size < sizeof(Elf64_Ehdr))
		return -ENOEXEC;
	h.wide = bytes[EI_CLASS] == ELFCLASS64;
	h.big_endian = bytes[EI_DATA] == ELFDATA2MSB;
	h.machine = (uint16_t)FIELD_OF(&h, bytes, e_machine, Ehdr);
	h.table = FIELD_OF(&h, bytes, e_phoff, Ehdr);
	h.count = (size_t)FIELD_OF(&h, bytes, e_phnum, Ehdr);
	*ret = h;
	if (FIELD_OF(&h, bytes, e_phentsize, Ehdr) != entry_size(&h) || h.table > size ||
	    h.count > (size - h.table) / entry_size(&h))
		return -ENOEXEC;
	return 0;
}

struct elf_segment elf_segment(const struct elf_head *h, size_t i)
{
	const uint8_t *entry = h->bytes + h->table + i * entry_size(h);

	return (struct elf_segment){
		.type = (uint32_t)FIELD_OF(h, entry, p_type, Phdr),
		.offset = FIELD_OF(h, entry, p_offset, Phdr),
		.size = FIELD_OF(h, entry, p_filesz, Phdr),
	};
}
