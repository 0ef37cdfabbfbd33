// SPDX-License-Identifier: MIT
#include "process.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mountid.h"
#include "supervise/lookup.h"
#include "sys/dents.h"
#include "sys/sys.h"
#include "sys/text.h"

/* ---- descriptors */

static void describe_fd(int list, int fd, const char *name, struct arena *a,
			struct inherited_fd *ret)
{
	char target[PATH_MAX];
	struct stat st = {0};
	ssize_t n;
	int flags;

	ret->fd = fd;
	if (fstat(ret->fd, &st) == 0)
		ret->mode = st.st_mode;
	flags = fcntl(ret->fd, F_GETFL);
	ret->open_mode = flags < 0 ? -1 : flags & O_ACCMODE;
	ret->is_path = flags >= 0 && (flags & O_PATH);
	n = readlinkat(list, name, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = '\0';
	ret->target = arena_copy(a, target);
	ret->has_mount_id = mount_id(-1, ret->fd, &ret->mount_id) == 0;
}

void fds_list(int proc, struct arena *a, struct fd_facts *ret)
{
	cleanup_fd int list = openat(proc, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[4096];
	struct dents d = {.dir = list, .buf = buf, .size = sizeof(buf)};
	const struct dirent *e;

	if (list < 0) {
		ret->trouble =
			(struct trouble){.tried = "list", .what = "/proc/self/fd", .error = errno};
		return;
	}
	while ((e = dents_next(&d)) != NULL) {
		int fd = dents_fd(e);

		if (fd <= STDERR_FILENO || fd == list || fd == proc)
			continue;
		if (ret->count == INHERITED_FDS)
			ret->untold++;
		else
			describe_fd(list, fd, e->d_name, a, &ret->fds[ret->count++]);
	}
	if (d.error)
		ret->trouble = (struct trouble){
			.tried = "list", .what = "/proc/self/fd", .error = -d.error};
}

/* ---- working directory */

void cwd_look(struct arena *a, struct cwd_facts *ret)
{
	char path[PATH_MAX];

	/* Not getcwd(3), which turns "(unreachable)" into ENOENT. */
	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		ret->error = errno;
	else
		ret->path = arena_copy(a, path);
}

/* ---- the program */

static int can_write(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0 ? errno : 0;
}

static int can_write_dir_of(const char *path)
{
	char dir[PATH_MAX];
	char *slash;

	if (!text_copy(dir, sizeof(dir), path))
		return ENAMETOOLONG;
	slash = strrchr(dir, '/');
	if (!slash)
		return can_write(".");
	slash[slash == dir] = '\0';
	return can_write(dir);
}

static bool asks_for_loader(int fd)
{
	union {
		Elf64_Ehdr head;
		uint8_t bytes[1024];
	} file;
	const Elf64_Phdr *entries;
	ssize_t n = pread(fd, file.bytes, sizeof(file), 0);

	/* Only for a line of information, so only for files of the own kind. */
	if (n < (ssize_t)sizeof(file.head) || memcmp(file.bytes, ELFMAG, SELFMAG) != 0 ||
	    file.bytes[EI_CLASS] != ELFCLASS64 || file.head.e_phoff != sizeof(file.head))
		return false;
	entries = (const void *)(file.bytes + sizeof(file.head));
	for (size_t i = 0; i < file.head.e_phnum; i++) {
		if (sizeof(file.head) + (i + 1) * sizeof(*entries) > (size_t)n)
			break;
		if (entries[i].p_type == PT_INTERP)
			return true;
	}
	return false;
}

void app_look(char *const *program, const char *search, int proc, struct arena *a,
	      struct app_facts *ret)
{
	char path[PATH_MAX];
	cleanup_fd int fd = -1;

	ret->error = program_find(program[0], search, path);
	if (ret->error)
		return;
	ret->path = arena_copy(a, path);
	fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0)
		ret->is_dynamic = asks_for_loader(fd);
	else
		fd = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC);
	ret->has_mount_id = fd >= 0 && mount_id(proc, fd, &ret->mount_id) == 0;
	ret->write_error = can_write(path);
	ret->dir_write_error = can_write_dir_of(path);
}
