/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the content of a program (libFuzzer), in a file that is mapped as a whole: a head is
 * put before them, and room, so that they lie across two pieces that are read. What stands there is
 * found, and what is found stands there.
 *
 * The input: a byte of flags (enum flags), one for where the bytes lie, and the content.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/markers.h"
#include "facts/scan.h"
#include "helpers/fuzz.h"

enum flags {
	WITH_ALL = 1,
	AS_IT_IS = 2, /* no head: most bytes are no program then */
	ACROSS = 4,   /* at the end of the first piece */
};

enum { LONGEST = 256 /* bytes of a needle as it stands in a file */ };

/* A needle in the direction in which it is read, its characters so many bytes apart. */
static size_t turn(const char *backwards, size_t apart, char ret[LONGEST])
{
	size_t n = strlen(backwards);

	must(n * apart + 2 < LONGEST);
	memset(ret, 0, LONGEST);
	for (size_t i = 0; i < n; i++)
		ret[i * apart] = backwards[n - 1 - i];
	return apart * (n - 1) + 1;
}

static bool stands_there(const struct needle *d, struct input file, bool alone)
{
	char text[LONGEST + 1] = {0};
	size_t n = turn(d->backwards, d->kind & NEEDLE_WIDE ? 4 : 1, text + 1);

	if (!alone)
		return lies_in(text + 1, n, file.at, file.left);
	if (d->kind & NEEDLE_WIDE)
		return false;
	/* A whole string has a NUL before and behind it. */
	return d->kind & NEEDLE_STRING ? lies_in(text, n + 2, file.at, file.left)
				       : lies_in(text + 1, n, file.at, file.left);
}

/* What a file is by the markers that stand in it; alone: only those that nobody can overlook. */
static unsigned int content_of(struct input file, bool alone)
{
	uint64_t markers = 0;
	unsigned int content = 0;

	for (size_t i = 0; i < array_length(first_needles); i++)
		if (stands_there(&first_needles[i], file, alone))
			markers |= first_needles[i].marker;
	for (size_t i = 0; i < array_length(second_needles); i++)
		if (stands_there(&second_needles[i], file, alone))
			markers |= second_needles[i].marker;
	for (size_t i = 0; i < array_length(meanings); i++)
		if ((markers & meanings[i].markers) == meanings[i].markers)
			content |= meanings[i].content;
	return content;
}

/* A program of one segment, which is the whole file. */
static void put_head(char *file, size_t size)
{
	const Elf64_Ehdr head = {.e_ident = ELFMAG "\2\1\1",
				 .e_type = ET_EXEC,
				 .e_machine = EM_X86_64,
				 .e_phoff = sizeof(Elf64_Ehdr),
				 .e_ehsize = sizeof(Elf64_Ehdr),
				 .e_phentsize = sizeof(Elf64_Phdr),
				 .e_phnum = 1};
	const Elf64_Phdr segment = {
		.p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = size, .p_memsz = size};

	memcpy(file, &head, sizeof(head));
	memcpy(file + sizeof(head), &segment, sizeof(segment));
}

static void scan(struct input file, bool all, bool is_whole)
{
	struct arena a = {0};
	struct scanner s;
	const uint8_t *head;
	size_t head_size;
	int fd = file_of(file.at, file.left), content;
	bool is_elf = file.left >= SELFMAG && memcmp(file.at, ELFMAG, SELFMAG) == 0;

	must(scanner_init(&s, &a, UINT64_C(1) << 30, all) == 0);
	content = scan_file(&s, fd, &head, &head_size);
	must(content >= 0 && !(content & CONTENT_ELF) == !is_elf);
	must(is_elf || (head_size <= file.left && memcmp(head, file.at, head_size) == 0));
	content &= ~(CONTENT_ELF | CONTENT_PACKED);
	must(!((unsigned int)content & ~content_of(file, false)));
	if (is_whole)
		must(!(content_of(file, true) & ~(unsigned int)content));
	arena_unmap(&a);
	must(close(fd) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint8_t flags = input_byte(&in), place = input_byte(&in);
	size_t before = flags & ACROSS ? SCAN_BUFFER - place : 120 + place % 8U;
	char *file;

	if (flags & AS_IT_IS) {
		scan(in, flags & WITH_ALL, false);
		return 0;
	}
	file = calloc(1, before + in.left + 1);
	must(file);
	if (in.left)
		memcpy(file + before, in.at, in.left);
	put_head(file, before + in.left);
	scan((struct input){(uint8_t *)file, before + in.left}, flags & WITH_ALL, true);
	free(file);
	return 0;
}
