// SPDX-License-Identifier: MIT
/* Parses ELF and program headers. */
#include "sys/elfhead.h"

#include <errno.h>
#include <string.h>

#define FARTHEST_TABLE (UINT64_C(1) << 48)

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

/* The header as a kernel or loader of one class and byte order sees it, whatever the file claims.
 */
static struct elf_head view_of(const uint8_t *bytes, size_t size, bool wide, bool big_endian)
{
	struct elf_head h = {.bytes = bytes, .size = size, .wide = wide, .big_endian = big_endian};

	h.machine = (uint16_t)FIELD_OF(&h, bytes, e_machine, Ehdr);
	h.entry = FIELD_OF(&h, bytes, e_entry, Ehdr);
	h.table = FIELD_OF(&h, bytes, e_phoff, Ehdr);
	h.count = (size_t)FIELD_OF(&h, bytes, e_phnum, Ehdr);
	return h;
}

/*
 * Whether the header makes sense in another class or byte order too. The kernel wants entries of
 * the size it knows; musl's loader, which can be started with a program as its argument, takes
 * longer ones. Where no file reaches there is no table: 32-bit files of Arm have their flags there.
 */
static bool is_ambiguous(const struct elf_head *h)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct elf_head v = view_of(h->bytes, h->size, i & 1, i & 2);
		size_t entry = (size_t)FIELD_OF(&v, v.bytes, e_phentsize, Ehdr);
		bool may_be_longer = v.big_endian == h->big_endian;

		if ((v.wide == h->wide && v.big_endian == h->big_endian) ||
		    v.table > FARTHEST_TABLE)
			continue;
		if (v.count > 0 &&
		    (entry == entry_size(&v) || (may_be_longer && entry > entry_size(&v))))
			return true;
	}
	return false;
}

int elf_read_head(const uint8_t *bytes, size_t size, struct elf_head *ret)
{
	struct elf_head h;

	if (!elf_is(bytes, size) || size < sizeof(Elf64_Ehdr))
		return -ENOEXEC;
	h = view_of(bytes, size, bytes[EI_CLASS] == ELFCLASS64, bytes[EI_DATA] == ELFDATA2MSB);
	*ret = h;
	if (FIELD_OF(&h, bytes, e_phentsize, Ehdr) != entry_size(&h) || h.table > size ||
	    h.count > (size - h.table) / entry_size(&h))
		return -ENOEXEC;
	return is_ambiguous(&h) ? -ENOEXEC : 0;
}

struct elf_segment elf_segment(const struct elf_head *h, size_t i)
{
	const uint8_t *entry = h->bytes + h->table + i * entry_size(h);

	return (struct elf_segment){
		.type = (uint32_t)FIELD_OF(h, entry, p_type, Phdr),
		.flags = (uint32_t)FIELD_OF(h, entry, p_flags, Phdr),
		.offset = FIELD_OF(h, entry, p_offset, Phdr),
		.size = FIELD_OF(h, entry, p_filesz, Phdr),
		.address = FIELD_OF(h, entry, p_vaddr, Phdr),
		.room = FIELD_OF(h, entry, p_memsz, Phdr),
	};
}

size_t elf_dynamic_size(const struct elf_head *h)
{
	return h->wide ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
}

struct elf_dynamic elf_dynamic(const struct elf_head *h, const uint8_t *entry)
{
	return (struct elf_dynamic){
		.tag = FIELD_OF(h, entry, d_tag, Dyn),
		.value = FIELD_OF(h, entry, d_un, Dyn),
	};
}
