// SPDX-License-Identifier: MIT
#include "posture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include "sys/sys.h"

/* ---- /proc */

/*
 * A /proc that is no procfs, or a file bound over one of its own, would tell what somebody wants us
 * to believe. So the type is asked of the kernel, and no mount may lie on the way to the file.
 */
static int open_proc(struct trouble *t)
{
	int fd = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	if (fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	*t = (struct trouble){.tried = "use", .what = "/proc", .error = fd < 0 ? errno : 0};
	if (fd >= 0) {
		t->why = "it is no procfs";
		(void)close(fd);
	}
	return -1;
}

static int open_proc_file(int proc, const char *name)
{
	int fd = sys_openat2(proc, name, O_RDONLY | O_CLOEXEC, RESOLVE_NO_XDEV);
	struct statfs fs;

	/* Before 5.6, and where a seccomp profile is older than the call. */
	if (fd != -ENOSYS && fd != -EPERM)
		return fd;
	fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	(void)close(fd);
	return -EXDEV;
}

/* The whole file as text in the arena, or NULL with *t set. */
static char *read_proc_file(int proc, const char *name, const char *path, struct arena *a,
			    struct trouble *t)
{
	cleanup_fd int fd = open_proc_file(proc, name);
	size_t room, n = 0;
	char *text = arena_rest(a, &room);

	*t = (struct trouble){.tried = "read", .what = path};
	if (fd < 0) {
		t->error = -fd;
		if (fd == -EXDEV)
			t->why = "something is mounted over it";
		return NULL;
	}
	while (text && n < room - 1) {
		ssize_t r = read(fd, text + n, room - 1 - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0) {
			t->error = errno;
			return NULL;
		}
		if (r == 0) {
			text[n] = '\0';
			arena_keep(a, text, n + 1);
			t->tried = NULL;
			return text;
		}
		n += (size_t)r;
	}
	t->error = ENOMEM;
	return NULL;
}

static void gather_mounts(int proc, struct arena *a, struct posture *ret)
{
	struct trouble *t = &ret->mounts_trouble;
	char *text = read_proc_file(proc, "self/mountinfo", "/proc/self/mountinfo", a, t);
	size_t line;
	int r;

	if (!text)
		return;
	r = mounts_parse(text, a, &ret->mounts, &line);
	if (r < 0)
		*t = (struct trouble){.tried = "understand",
				      .what = "/proc/self/mountinfo",
				      .error = -r,
				      .why = r == -EINVAL ? "a line has not the fields it should"
							  : NULL};
}

static void gather_status(int proc, struct arena *a, struct posture *ret)
{
	struct trouble *t = &ret->status_trouble;
	char *text = read_proc_file(proc, "self/status", "/proc/self/status", a, t);

	if (text && status_parse(text, &ret->status, &t->why) < 0)
		*t = (struct trouble){.tried = "understand",
				      .what = "/proc/self/status",
				      .error = EINVAL,
				      .why = t->why};
}

/* ---- the root directory */

/* Kernels before 5.8 tell the mount id only in /proc/self/fdinfo. */
static int mount_id_from_fdinfo(int proc, int fd, uint64_t *ret)
{
	char name[32] = "self/fdinfo/", buf[256];
	cleanup_fd int info = -1;
	const char *line;
	struct text t;
	ssize_t n;

	text_init(&t, name, sizeof(name));
	text_add(&t, "self/fdinfo/%d", fd);
	info = open_proc_file(proc, name);
	if (info < 0)
		return info;
	n = read(info, buf, sizeof(buf) - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	line = strstr(buf, "mnt_id:");
	if (!line)
		return -ENODATA;
	*ret = strtoull(line + strlen("mnt_id:"), NULL, 10);
	return 0;
}

static int mount_id(int proc, int fd, uint64_t *ret)
{
	struct sys_statx st = {0};
	int r = sys_statx(fd, "", AT_EMPTY_PATH, SYS_STATX_MNT_ID, &st);

	if (r < 0 || !(st.mask & SYS_STATX_MNT_ID))
		return mount_id_from_fdinfo(proc, fd, ret);
	*ret = st.mnt_id;
	return 0;
}

static void gather_root(int root, int proc, struct root_facts *ret)
{
	struct statvfs fs;
	int fd;

	if (fstatvfs(root, &fs) < 0) {
		ret->trouble = (struct trouble){.tried = "look at", .what = "/", .error = errno};
		return;
	}
	ret->flag_read_only = fs.f_flag & ST_RDONLY;
	/* O_TMPFILE makes no name: whatever the answer, nothing has changed. */
	fd = openat(root, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	ret->probe_error = fd < 0 ? errno : 0;
	close_fd(&fd);
	ret->has_mount_id = mount_id(proc, root, &ret->mount_id) == 0;
}

/* ---- what lies at the mount points */

/* Where runtimes and their helpers listen, below a directory that might be the host's /run. */
static const char *const runtime_sockets[] = {
	"docker.sock",	    "containerd/containerd.sock", "crio/crio.sock",
	"podman/podman.sock", "cri-dockerd.sock",	  "run/docker.sock",
	"buildkit/buildkitd.sock",
};

static bool holds(int dir, const char *name, mode_t type)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && (st.st_mode & S_IFMT) == type;
}

static void look_into(struct mount *m)
{
	cleanup_fd int dir = openat(AT_FDCWD, m->point, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return;
	for (size_t i = 0; i < array_length(runtime_sockets) && !m->runtime_socket; i++)
		if (holds(dir, runtime_sockets[i], S_IFSOCK))
			m->runtime_socket = runtime_sockets[i];
	m->holds_system = holds(dir, "etc", S_IFDIR) && holds(dir, "usr", S_IFDIR) &&
			  holds(dir, "proc", S_IFDIR);
}

static enum mount_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return MOUNT_DIRECTORY;
	case S_IFREG:
		return MOUNT_FILE;
	case S_IFSOCK:
		return MOUNT_SOCKET;
	default:
		return MOUNT_OTHER;
	}
}

static void look_at_volumes(const struct mount_table *t, uint64_t root)
{
	for (size_t i = 0; i < t->count; i++) {
		struct mount *m = &t->rows[i];
		struct stat st;

		if (m->id == root || mount_is_made_by_runtime(m) || mount_is_covered(t, m, root))
			continue;
		if (stat(m->point, &st) < 0)
			continue; /* the program cannot get there either */
		m->kind = kind_of(st.st_mode);
		if (m->kind == MOUNT_DIRECTORY)
			look_into(m);
	}
}

/* ---- what was declared */

static void gather_declared(const struct policy *p, struct declared_facts *ret)
{
	for (size_t i = 0; i < p->writable_count; i++) {
		const char *path = p->writable[i].path;
		struct stat st;

		/* access(2) answers for the mount, the owner and the mode at once, and changes
		 * nothing. */
		if (stat(path, &st) < 0 || faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
			ret[i].error = errno;
		else
			ret[i].is_directory = S_ISDIR(st.st_mode);
	}
}

static void gather_programs(const struct policy *p, int root, const char *path, struct arena *a,
			    struct posture *ret)
{
	const struct image_request q = {
		.root = root,
		.path = path,
		.allow = p->allow,
		.allow_count = p->allow_count,
	};

	image_look_at_programs(&q, a, &ret->programs);
}

int posture_gather_image(const struct policy *p, struct arena *a, struct posture *ret)
{
	cleanup_fd int root = openat(AT_FDCWD, p->root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*ret = (struct posture){0};
	if (root < 0)
		return -errno;
	gather_programs(p, root, NULL, a, ret);
	return 0;
}

void posture_gather(const struct policy *p, unsigned int needs, const char *path, struct arena *a,
		    struct posture *ret)
{
	cleanup_fd int root = -1, proc = -1;

	*ret = (struct posture){0};
	if (needs & (FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS)) {
		proc = open_proc(&ret->mounts_trouble);
		ret->status_trouble = ret->mounts_trouble;
	}
	if (proc >= 0 && needs & (FACT_MOUNTS | FACT_VOLUMES))
		gather_mounts(proc, a, ret);
	if (proc >= 0 && needs & FACT_STATUS)
		gather_status(proc, a, ret);
	if (needs & FACT_ROOT) {
		root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		gather_root(root, proc, &ret->root);
	}
	if (needs & FACT_VOLUMES)
		look_at_volumes(&ret->mounts, ret->root.mount_id);
	if (needs & FACT_DECLARED)
		gather_declared(p, ret->declared);
	if (needs & FACT_PROGRAMS)
		gather_programs(p, -1, path, a, ret);
}
