// SPDX-License-Identifier: MIT
/* Chooses the parts of an ELF file that are searched. */
#include "facts/parts.h"

#include <errno.h>

#include "sys/elfhead.h"

enum {
	MOST_CONSTANTS = 1 << 20, /* bytes of a part that a look which is not for all reads */
	MOST_CODE = 4 << 20,
	SMALL_PAGE = 1 << 12,
	LARGE_PAGE = 1 << 16,
};

/* The kernel maps whole pages. Where it may have been built for larger ones, theirs count. */
static uint64_t page_size(uint16_t machine)
{
	switch (machine) {
	case EM_386:
	case EM_X86_64:
	case EM_ARM:
	case EM_S390:
	case EM_RISCV:
		return SMALL_PAGE;
	default:
		return LARGE_PAGE;
	}
}

static void add_part(struct parts *r, uint64_t from, uint64_t to)
{
	struct part *last = r->count ? &r->of[r->count - 1] : NULL;

	/* Segments are adjacent in most files. */
	if (last && from >= last->from && from <= last->to) {
		if (to > last->to)
			last->to = to;
		return;
	}
	r->of[r->count++] = (struct part){.from = from, .to = to};
}

static bool is_loaded(const struct elf_segment *s)
{
	return s->type == PT_LOAD && s->size > 0;
}

/*
 * What is mapped cannot be told from a segment that ends behind the end of all files, or that has
 * more memory than file and cannot be written: musl's loader maps more of the file then.
 */
static bool is_doubtful(const struct elf_segment *s)
{
	return s->offset > INT64_MAX || s->size > INT64_MAX - s->offset - LARGE_PAGE ||
	       (s->room != s->size && !(s->flags & PF_W));
}

static bool overlaps(const struct elf_segment *a, const struct elf_segment *b)
{
	return a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

/*
 * No linker does that. Flags of such bytes tell nothing: constants could be executed, and a segment
 * over them claim to hold all there are. Segments before i are not doubtful themselves.
 */
static bool is_mapped_twice(const struct elf_head *h, size_t i, const struct elf_segment *s)
{
	for (size_t k = 0; k < i; k++) {
		struct elf_segment other = elf_segment(h, k);

		if (is_loaded(&other) && is_loaded(s) && overlaps(&other, s))
			return true;
	}
	return false;
}

/* Linkers that do not separate them keep constants with the code. */
static bool has_constants_behind_code(const struct elf_head *h)
{
	uint64_t code = 0, constants = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct elf_segment s = elf_segment(h, i);
		uint64_t *last = s.flags & PF_X ? &code : &constants;

		if (is_loaded(&s) && (s.flags & PF_X || !(s.flags & PF_W)) && s.offset > *last)
			*last = s.offset;
	}
	return constants > code;
}

static size_t count_code(const struct elf_head *h)
{
	size_t count = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct elf_segment s = elf_segment(h, i);

		count += is_loaded(&s) && s.flags & PF_X;
	}
	return count;
}

/*
 * Of several executed segments one has the code: where the program starts. Constants run as well
 * from another that is marked so.
 */
static bool is_code_alone(const struct elf_head *h, const struct elf_segment *s)
{
	return has_constants_behind_code(h) &&
	       (count_code(h) == 1 || (h->entry >= s->address && h->entry - s->address < s->size));
}

static uint64_t most_of(const struct elf_head *h, const struct elf_segment *s)
{
	if (!(s->flags & PF_X))
		return MOST_CONSTANTS;
	if (!is_code_alone(h, s))
		return MOST_CODE;
	return (s->flags & PF_W) ? MOST_CONSTANTS : 0;
}

static int add_segment(struct parts *r, const struct elf_segment *s, uint64_t page, uint64_t most)
{
	uint64_t end = (s->offset + s->size + page - 1) & ~(page - 1);

	if (!most)
		return 0;
	if (s->size > most) {
		r->cut = true;
		end = s->offset + most;
	}
	if (r->count == PARTS)
		return -E2BIG;
	add_part(r, s->offset & ~(page - 1), end);
	return 0;
}

static int choose_parts(const uint8_t *head, size_t n, bool all, struct parts *ret)
{
	struct elf_head h;
	int r = elf_read_head(head, n, &h);

	if (r < 0)
		return r;
	for (size_t i = 0; i < h.count && r == 0; i++) {
		struct elf_segment s = elf_segment(&h, i);

		if (s.type == PT_LOAD && (is_doubtful(&s) || is_mapped_twice(&h, i, &s)))
			r = -ENOEXEC;
		else if (is_loaded(&s))
			r = add_segment(ret, &s, page_size(h.machine),
					all ? UINT64_MAX : most_of(&h, &s));
	}
	return r;
}

void parts_find(const uint8_t *head, size_t n, bool all, struct parts *ret)
{
	*ret = (struct parts){0};
	if (choose_parts(head, n, all, ret) < 0 || !ret->count)
		*ret = (struct parts){.of = {{.from = 0, .to = INT64_MAX}}, .count = 1};
}
