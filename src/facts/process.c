// SPDX-License-Identifier: MIT
/* Reads the facts about granit's own process: descriptors, working directory, program. */
#include "facts/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "facts/lookup.h"
#include "facts/mountid.h"
#include "sys/dents.h"
#include "sys/elfhead.h"
#include "sys/sight.h"
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

/*
 * Since 6.2 the size of /proc/self/fd is the number of descriptors (kernel commit f1f1f2569901).
 * Most often it shows that there are none but proc and the standard ones, which main() has opened;
 * then the kernel need not create an entry for each.
 */
static bool is_none_inherited(int proc)
{
	const off_t ours = STDERR_FILENO + 2;
	struct stat st;

	return fstatat(proc, "self/fd", &st, 0) == 0 && st.st_size == ours;
}

/* null, zero, full, random, urandom (admin-guide/devices.txt): they drive nothing. */
static bool is_memory_stream(dev_t device)
{
	return major(device) == 1 && minor(device) < 16 && 0x3a8 >> minor(device) & 1;
}

/* A standard descriptor is somebody's to choose: a file, a terminal, a pipe. These are none. */
static bool is_no_stream(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if (S_ISCHR(st.st_mode))
		return !is_memory_stream(st.st_rdev) && !isatty(fd);
	return S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode);
}

/* What closes on exec was not inherited over one: it is granit's own. */
static bool is_inherited(int fd)
{
	return fd <= STDERR_FILENO ? is_no_stream(fd) : fcntl(fd, F_GETFD) == 0;
}

void fds_list(int proc, struct arena *a, struct fd_facts *ret)
{
	bool is_odd = is_no_stream(STDIN_FILENO) || is_no_stream(STDOUT_FILENO) ||
		      is_no_stream(STDERR_FILENO);
	cleanup_fd int list = -1;
	union dents_piece piece;
	const struct dirent *e;
	struct dents d;

	if (!is_odd && is_none_inherited(proc))
		return;
	list = openat(proc, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = dents_of(list, &piece);
	while ((e = dents_next(&d)) != NULL) {
		int fd = dents_fd(e);

		if (fd < 0 || !is_inherited(fd))
			continue;
		if (ret->count == INHERITED_FDS)
			ret->omitted++;
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
	return -sight_access(AT_FDCWD, path, W_OK);
}

/* Cuts a path to its directory. False: there is none above. */
static bool cut_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
		return false;
	if (slash)
		slash[slash == path] = '\0';
	else
		memcpy(path, ".", 2);
	return true;
}

/* Whether the user can replace entry, which lies in dir. */
static bool can_replace(const char *dir, const char *entry)
{
	const unsigned int wanted = SYS_STATX_BASIC | SYS_STATX_MNT_ID;
	struct sys_statx d = {0}, e = {0};
	uid_t user;

	if (can_write(dir) != 0)
		return false;
	if (sight_statx(AT_FDCWD, dir, 0, wanted, &d) < 0 ||
	    sight_statx(AT_FDCWD, entry, AT_SYMLINK_NOFOLLOW, wanted, &e) < 0)
		return true;
	/* A mount point can be neither renamed nor removed: EBUSY. Before 5.8 mounts cannot be told
	 * apart here. */
	if (d.mnt_id != e.mnt_id)
		return false;
	/* In a sticky directory only owners may do that (inode(7)). */
	user = geteuid();
	return !(d.mode & S_ISVTX) || user == 0 || user == d.uid || user == e.uid;
}

/* A directory in which the file at path, or a directory above it, can be replaced; or NULL. */
static const char *find_loose_dir(const char *path, struct arena *a)
{
	char entry[PATH_MAX], dir[PATH_MAX];

	if (!text_copy(dir, sizeof(dir), path))
		return NULL;
	for (;;) {
		memcpy(entry, dir, strlen(dir) + 1);
		if (!cut_last_part(dir))
			return NULL;
		if (can_replace(dir, entry)) {
			const char *copy = arena_copy(a, dir);

			return copy ? copy : "its directory";
		}
	}
}

/* How much of a file is read: program headers are there unless somebody moved them. */
enum { ELF_START = 4096 };

static enum linkage linkage_of(int fd)
{
	uint8_t start[ELF_START];
	ssize_t n = pread(fd, start, sizeof(start), 0);
	struct elf_head h;

	if (n < 0 || elf_read_head(start, (size_t)n, &h) < 0)
		return LINKAGE_UNKNOWN;
	for (size_t i = 0; i < h.count; i++)
		if (elf_segment(&h, i).type == PT_INTERP)
			return LINKAGE_DYNAMIC;
	return LINKAGE_STATIC;
}

/*
 * Opens the program for reading or, where that is not allowed, with O_PATH. *ret_plain: the path
 * has no link, no "..", no "." and no "//", so that nothing else leads there; from 5.6 on the
 * kernel says so in the same call.
 */
static int open_app(const char *path, bool *ret_plain, bool *ret_readable)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = -ENOENT;

	*ret_plain = path[0] == '/' && !strstr(path, "/../") && !strstr(path, "/./") &&
		     !strstr(path, "//");
	*ret_readable = true;
	if (*ret_plain)
		fd = sys_openat2(AT_FDCWD, path, (uint64_t)flags, RESOLVE_NO_SYMLINKS);
	if (*ret_plain && sight_take(fd)) {
		fd = sys_openat2(AT_FDCWD, path, (uint64_t)flags, RESOLVE_NO_SYMLINKS);
		sight_give_back();
	}
	if (fd >= 0)
		return fd;
	*ret_plain = false;
	fd = sight_open(AT_FDCWD, path, flags);
	if (fd >= 0)
		return fd;
	*ret_readable = false;
	return sight_open(AT_FDCWD, path, O_PATH);
}

bool file_can_be_changed(const char *path, struct arena *a)
{
	return can_write(path) == 0 || find_loose_dir(path, a);
}

void app_look_at(const char *path, int proc, struct arena *a, struct app_facts *ret)
{
	char real[PATH_MAX];
	cleanup_fd int fd = -1;
	bool is_plain, is_readable, is_real;

	ret->path = ret->place = arena_copy(a, path);
	fd = open_app(path, &is_plain, &is_readable);
	if (fd >= 0 && is_readable)
		ret->linkage = linkage_of(fd);
	ret->has_mount_id = fd >= 0 && mount_id(proc, fd, &ret->mount_id) == 0;
	ret->write_error = can_write(path);
	is_real = !is_plain && path_of_fd(proc, fd, real);
	ret->real = is_plain ? ret->path : is_real ? arena_copy(a, real) : NULL;
	if (path[0] != '/' && is_real)
		ret->place = arena_copy(a, real);
	if (path[0] == '/' || !is_real)
		ret->loose_dir = find_loose_dir(path, a);
	if (is_real && !ret->loose_dir && strcmp(real, path) != 0)
		ret->loose_dir = find_loose_dir(real, a);
}

void app_look(char *const *program, const char *search, int proc, struct arena *a,
	      struct app_facts *ret)
{
	char path[PATH_MAX];

	ret->error = program_find(program[0], search, path, &ret->file);
	if (ret->error)
		ret->tried = arena_copy(a, path);
	else
		app_look_at(path, proc, a, ret);
}
