// SPDX-License-Identifier: MIT
/* Parses ELF and program headers. */
#include "sys/elfhead.h"

#include <errno.h>
#include <string.h>

#define FARTHEST_TABLE (UINT64_C(1) << 48)

enum { MOST_HEADERS = 1 << 16 /* bytes, all of them: the kernel takes no more */ };

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

size_t elf_entry_size(const struct elf_head *h)
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

/* What musl's loader asks; it lets the sum wrap around. */
static bool has_table_in(const struct elf_head *h, uint64_t file_size)
{
	uint64_t type = FIELD_OF(h, h->bytes, e_type, Ehdr);
	uint64_t table = FIELD_OF(h, h->bytes, e_phentsize, Ehdr) * h->count;
	uint64_t end = h->wide ? h->table + table : (uint32_t)(h->table + table);

	return (type == ET_EXEC || type == ET_DYN) && table > 0 && end <= file_size;
}

bool elf_is_mapped(const uint8_t *bytes, size_t size, uint64_t file_size)
{
	if (elf_is(bytes, size))
		return true;
	for (unsigned int i = 0; i < 4; i++) {
		bool wide = i & 1, big_endian = i & 2;
		struct elf_head h;

		if (size < (wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
			continue;
		h = view_of(bytes, size, wide, big_endian);
		if (has_table_in(&h, file_size))
			return true;
	}
	return false;
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
		    (entry == elf_entry_size(&v) || (may_be_longer && entry > elf_entry_size(&v))))
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
	if (FIELD_OF(&h, bytes, e_phentsize, Ehdr) != elf_entry_size(&h) || h.table > size ||
	    h.count > (size - h.table) / elf_entry_size(&h))
		return -ENOEXEC;
	return is_ambiguous(&h) ? -ENOEXEC : 0;
}

static bool has_entries(const struct elf_head *h, const uint8_t *header)
{
	size_t size = elf_entry_size(h);

	return FIELD_OF(h, header, e_phentsize, Ehdr) == size && h->count > 0 &&
	       h->count <= MOST_HEADERS / size;
}

/* Some look at the machine alone, others at the class too (elf_check_arch() of each). */
static struct elf_head kernel_view_of(const uint8_t *header, size_t size)
{
	struct elf_head h = view_of(header, size, true, false);

	switch (h.machine) {
	case EM_X86_64:
	case EM_AARCH64:
		/* x32 and ILP32 are looked for behind it. */
		if (has_entries(&h, header))
			return h;
		break;
	case EM_386:
	case EM_ARM:
		break;
	default:
		return view_of(header, size, header[EI_CLASS] == ELFCLASS64,
			       header[EI_DATA] == ELFDATA2MSB);
	}
	return view_of(header, size, false, false);
}

int elf_find_table(const uint8_t *bytes, size_t size, struct elf_head *ret)
{
	uint8_t header[sizeof(Elf64_Ehdr)] = {0}; /* behind a short file there are zeros */

	if (!elf_is(bytes, size))
		return -ENOEXEC;
	memcpy(header, bytes, size < sizeof(header) ? size : sizeof(header));
	*ret = kernel_view_of(header, size);
	ret->bytes = bytes;
	return has_entries(ret, header) ? 0 : -ENOEXEC;
}

struct elf_segment elf_segment(const struct elf_head *h, size_t i)
{
	return elf_entry(h, h->bytes + h->table + i * elf_entry_size(h));
}

struct elf_segment elf_entry(const struct elf_head *h, const uint8_t *entry)
{
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
