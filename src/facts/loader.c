// SPDX-License-Identifier: MIT
/* Reads the start of a program for the file that the kernel runs it with (execve(2)). */
#include "facts/loader.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/mountid.h"
#include "sys/elfhead.h"
#include "sys/script.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

/* Program headers lie there unless somebody moved them: those are read where they are. */
enum { START_BYTES = 4096 };

/* So many bytes of the file at offset, most often among those that were read already. */
static bool read_bytes(int fd, const struct elf_head *h, uint64_t offset, void *ret, size_t n)
{
	if (offset > h->size || n > h->size - offset)
		return pread(fd, ret, n, (off_t)offset) == (ssize_t)n;
	memcpy(ret, h->bytes + offset, n);
	return true;
}

static bool read_segment(int fd, const struct elf_head *h, size_t i, struct elf_segment *ret)
{
	size_t size = elf_entry_size(h);
	uint8_t entry[sizeof(Elf64_Phdr)];

	if (!read_bytes(fd, h, h->table + i * size, entry, size))
		return false;
	*ret = elf_entry(h, entry);
	return true;
}

static bool loader_of_elf(int fd, const struct elf_head *h, char ret[PATH_MAX])
{
	struct elf_segment s;

	for (size_t i = 0; i < h->count; i++) {
		if (!read_segment(fd, h, i, &s))
			return false;
		/* The kernel takes the first one, and its text has to end with a NUL. */
		if (s.type == PT_INTERP)
			return s.size >= 2 && s.size <= PATH_MAX &&
			       read_bytes(fd, h, s.offset, ret, s.size) && ret[s.size - 1] == '\0';
	}
	return false;
}

bool program_loader_of(int fd, const uint8_t *start, size_t n, char ret[PATH_MAX])
{
	struct elf_head h;

	if (elf_find_table(start, n, &h) == 0)
		return loader_of_elf(fd, &h, ret);
	return script_interpreter(start, n, ret, PATH_MAX);
}

/* A driver may do something when its node is opened. NONBLOCK: a FIFO could take the file's place.
 */
static int open_program(const char *path)
{
	struct stat st;

	if (sight_stat(AT_FDCWD, path, 0, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	return sight_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

bool program_loader(const char *path, char ret[PATH_MAX])
{
	cleanup_fd int fd = open_program(path);
	uint8_t start[START_BYTES];
	ssize_t n = fd < 0 ? -1 : pread(fd, start, sizeof(start), 0);

	return n >= 0 && program_loader_of(fd, start, (size_t)n, ret);
}

static const char *open_memory_of(int fd, const struct elf_head *h)
{
	/* Kernels of 32 bits, and those that run such programs, take silence for a yes. */
	bool is_stack_open = !h->wide;
	struct elf_segment s;

	for (size_t i = 0; i < h->count; i++) {
		if (!read_segment(fd, h, i, &s))
			return NULL;
		if (s.type == PT_LOAD && s.flags & PF_W && s.flags & PF_X)
			return "a segment that is writable and executable (LOAD, RWE)";
		/* The last one counts. */
		if (s.type == PT_GNU_STACK)
			is_stack_open = s.flags & PF_X;
	}
	return is_stack_open ? "an executable stack (GNU_STACK: link it with -z noexecstack)"
			     : NULL;
}

const char *program_open_memory(const char *path)
{
	cleanup_fd int fd = open_program(path);
	uint8_t start[START_BYTES];
	ssize_t n = fd < 0 ? -1 : pread(fd, start, sizeof(start), 0);
	struct elf_head h;

	return n >= 0 && elf_find_table(start, (size_t)n, &h) == 0 ? open_memory_of(fd, &h) : NULL;
}

bool program_part_elsewhere(int root, const char *path, char part[PATH_MAX])
{
	char next[PATH_MAX];
	int r;

	if (!text_copy(part, PATH_MAX, path))
		return false;
	/* Interpreters may name each other in a circle. */
	for (int depth = 0; (r = path_is_on_mount(part, root)) == 1; depth++) {
		if (depth == LOADERS_DEEP || !program_loader(part, next))
			return false;
		memcpy(part, next, PATH_MAX);
	}
	return r == 0;
}
