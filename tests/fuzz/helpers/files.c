// SPDX-License-Identifier: MIT
/*
 * Files that are not there. The linker leads the calls here (--wrap), and on to the functions
 * themselves while nothing was given.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { FILES = 8 };

struct given {
	const char *path; /* NULL: not given */
	int fd;           /* stays open from one input to the next; 0: not made yet */
};

static struct given given[FILES];
static bool are_given;
static size_t piece;
static char asked_for[PATH_MAX];

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */

int __real_open_in(int root, const char *path, int flags);
int __wrap_open_in(int root, const char *path, int flags);
int __real_regular_file_open(const char *path);
int __wrap_regular_file_open(const char *path);
int __real_regular_file_open_in(int root, const char *path);
int __wrap_regular_file_open_in(int root, const char *path);
int __real_proc_file_open(int proc, const char *name);
int __wrap_proc_file_open(int proc, const char *name);
ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);

static void fill(int fd, const void *bytes, size_t size)
{
	must(ftruncate(fd, 0) == 0);
	must(pwrite(fd, bytes, size, 0) == (ssize_t)size);
}

/* The next one that was not given. */
static struct given *next_given(void)
{
	for (size_t i = 0; i < FILES; i++)
		if (!given[i].path)
			return &given[i];
	fuzz_broken("there is room for one more file", __FILE__, __LINE__);
}

void file_given(const char *path, const void *bytes, size_t size, unsigned int mode)
{
	struct given *g = next_given();

	if (!g->fd)
		g->fd = memfd_create("given", MFD_CLOEXEC);
	must(g->fd > 0);
	g->path = path;
	fill(g->fd, bytes, size);
	must(fchmod(g->fd, mode) == 0);
	are_given = true;
}

void files_forget(void)
{
	for (size_t i = 0; i < FILES; i++)
		given[i].path = NULL;
	are_given = false;
	piece = 0;
}

int file_of(const void *bytes, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	must(fd >= 0);
	fill(fd, bytes, size);
	return fd;
}

const char *file_asked_for(void)
{
	return asked_for;
}

void files_come_in_pieces(size_t most)
{
	piece = most;
}

/* From its start, as if just opened: nobody has it open twice. */
static int open_given(const char *path)
{
	must(text_copy(asked_for, sizeof(asked_for), path));
	for (size_t i = 0; i < FILES; i++)
		if (given[i].path && strcmp(given[i].path, path) == 0)
			return lseek(given[i].fd, 0, SEEK_SET) < 0
				       ? -errno
				       : fcntl(given[i].fd, F_DUPFD_CLOEXEC, 3);
	return -ENOENT;
}

int __wrap_open_in(int root, const char *path, int flags)
{
	return are_given ? open_given(path) : __real_open_in(root, path, flags);
}

int __wrap_regular_file_open(const char *path)
{
	return are_given ? open_given(path) : __real_regular_file_open(path);
}

int __wrap_regular_file_open_in(int root, const char *path)
{
	return are_given ? open_given(path) : __real_regular_file_open_in(root, path);
}

int __wrap_proc_file_open(int proc, const char *name)
{
	return are_given ? open_given(name) : __real_proc_file_open(proc, name);
}

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	return __real_read(fd, buf, piece && size > piece ? piece : size);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
