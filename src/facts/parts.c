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

static uint64_t most_of(const struct elf_segment *s, bool with_code)
{
	if (s->flags & PF_X && with_code)
		return MOST_CODE;
	return s->flags & PF_X && !(s->flags & PF_W) ? 0 : MOST_CONSTANTS;
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
	bool with_code;

	if (r < 0)
		return r;
	with_code = !has_constants_behind_code(&h);
	for (size_t i = 0; i < h.count && r == 0; i++) {
		struct elf_segment s = elf_segment(&h, i);

		if (s.type == PT_LOAD && is_doubtful(&s))
			r = -ENOEXEC;
		else if (is_loaded(&s))
			r = add_segment(ret, &s, page_size(h.machine),
					all ? UINT64_MAX : most_of(&s, with_code));
	}
	return r;
}

void parts_find(const uint8_t *head, size_t n, bool all, struct parts *ret)
{
	*ret = (struct parts){0};
	if (choose_parts(head, n, all, ret) < 0 || !ret->count)
		*ret = (struct parts){.of = {{.from = 0, .to = INT64_MAX}}, .count = 1};
}
