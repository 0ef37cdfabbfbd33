// SPDX-License-Identifier: MIT
/* Reads the small files whose text is a fact, and looks for the paths whose presence is one. */
#include "facts/smallfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/arena.h"
#include "sys/below.h"
#include "sys/compiler.h"
#include "sys/regular.h"
#include "sys/text.h"

static const char *const paths[FILE_SYSCTL_FIRST] = {
	[FILE_CORE_PATTERN] = "/proc/sys/kernel/core_pattern",
	[FILE_APPARMOR] = "/proc/self/attr/apparmor/current", /* since 5.8 */
	[FILE_LSM_LABEL] = "/proc/self/attr/current",
	[FILE_MEMORY_MAX] = "/sys/fs/cgroup/memory.max",
	[FILE_PIDS_MAX] = "/sys/fs/cgroup/pids.max",
	[FILE_CPU_MAX] = "/sys/fs/cgroup/cpu.max",
	[FILE_V1_MEMORY] = "/sys/fs/cgroup/memory/memory.limit_in_bytes",
	[FILE_V1_PIDS] = "/sys/fs/cgroup/pids/pids.max",
	[FILE_BUILD_EPOCH] = "/etc/granit/build-epoch",
	[FILE_SHELLS] = "/etc/shells",
};

#define ANY 1000000000L

const struct sysctl_wish sysctl_wishes[SYSCTL_COUNT] = {
	{"kernel/unprivileged_bpf_disabled", 1, ANY},
	{"kernel/kptr_restrict", 1, ANY},
	{"kernel/dmesg_restrict", 1, ANY},
	{"kernel/perf_event_paranoid", 2, ANY},
	{"kernel/yama/ptrace_scope", 1, ANY},
	{"kernel/randomize_va_space", 2, 2},
	{"kernel/unprivileged_userns_clone", 0, 0},
	{"kernel/apparmor_restrict_unprivileged_userns", 1, ANY},
	{"kernel/io_uring_disabled", 1, ANY},
	{"vm/memfd_noexec", 1, ANY},
	{"vm/unprivileged_userfaultfd", 0, 0},
	{"vm/mmap_min_addr", 65536, ANY},
	{"fs/protected_symlinks", 1, ANY},
	{"fs/protected_hardlinks", 1, ANY},
	{"fs/protected_fifos", 1, ANY},
	{"fs/protected_regular", 1, ANY},
};

static int read_first_line(int root, const char *path, struct arena *a, const char **ret)
{
	cleanup_fd int fd = root < 0 ? open_in(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
				     : regular_file_open_in(root, path);
	char buf[256];
	ssize_t n;

	if (fd < 0)
		return -fd;
	n = read(fd, buf, sizeof(buf) - 1);
	if (n < 0)
		return errno;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	*ret = arena_copy(a, buf);
	return *ret ? 0 : ENOMEM;
}

/* A directory that may be missing: then nothing below it need be looked up. */
struct absent {
	char dir[64]; /* the last one looked at, with a trailing slash */
	bool is_sure;
};

static size_t dir_length(const char *path)
{
	return (size_t)(strrchr(path, '/') + 1 - path);
}

static bool is_below(const char *path, const char *dir)
{
	return dir[0] && strncmp(path, dir, strlen(dir)) == 0;
}

/* Looks only where that can save a call: when the next path lies in the same directory. */
static void note_absence(int root, const char *path, const char *next, struct absent *ret)
{
	size_t n = dir_length(path);
	struct stat st;

	if (n >= sizeof(ret->dir) || strncmp(path, next, n) != 0 || is_below(path, ret->dir))
		return;
	memcpy(ret->dir, path, n);
	ret->dir[n] = '\0';
	ret->is_sure = stat_in(root, ret->dir, &st) == -ENOENT;
}

static bool is_absent(const char *path, const struct absent *a)
{
	return a->is_sure && is_below(path, a->dir);
}

/* Version 1 of control groups is not read for what version 2 has told. */
static bool is_said(enum small_file f, const struct small_file_facts *facts)
{
	return f >= FILE_V1_MEMORY && f <= FILE_V1_PIDS &&
	       !facts[f - FILE_V1_MEMORY + FILE_MEMORY_MAX].error;
}

void small_files_read(int root, enum small_file first, enum small_file last, struct arena *a,
		      struct small_file_facts *ret)
{
	struct absent absent = {0};

	for (enum small_file f = first; f <= last; f++) {
		char buf[128];
		const char *path = buf;
		struct text t;

		text_init(&t, buf, sizeof(buf));
		if (f >= FILE_SYSCTL_FIRST)
			text_add_path(&t, "/proc/sys", sysctl_wishes[f - FILE_SYSCTL_FIRST].path);
		else
			path = paths[f];
		if (is_said(f, ret))
			continue;
		ret[f].error = is_absent(path, &absent)
				       ? ENOENT
				       : read_first_line(root, path, a, &ret[f].text);
		if (f < last && f + 1 < FILE_SYSCTL_FIRST && ret[f].error == ENOENT)
			note_absence(root, path, paths[f + 1], &absent);
	}
}

void device_mapping_read(const char *device, struct arena *a, struct small_file_facts *ret)
{
	char path[128];
	struct text t;

	text_init(&t, path, sizeof(path));
	text_add(&t, "/sys/dev/block/%s/dm/uuid", device);
	/* File systems without a device have major number 0. */
	ret->error =
		strncmp(device, "0:", 2) == 0 ? ENOENT : read_first_line(-1, path, a, &ret->text);
}

/*
 * With the host's cgroup namespace /sys/fs/cgroup shows the root of all groups, which has no
 * limits: the container's own group is further down. Version 2 has the line "0::/PATH" alone.
 */
void group_limits_read(struct arena *a, struct small_file_facts *ret)
{
	static const char version2[] = "0::/", top[] = "/sys/fs/cgroup";
	const char *line = "";

	if (ret[FILE_MEMORY_MAX].error != ENOENT || !ret[FILE_V1_MEMORY].error ||
	    read_first_line(-1, "/proc/self/cgroup", a, &line) != 0 ||
	    strncmp(line, version2, strlen(version2)) != 0 || strstr(line, "/.."))
		return;
	for (enum small_file f = FILE_MEMORY_MAX; f <= FILE_CPU_MAX; f++) {
		char path[PATH_MAX];
		struct text t;

		text_init(&t, path, sizeof(path));
		text_add(&t, "%s%s%s", top, line + strlen("0::"), paths[f] + strlen(top));
		ret[f].error = read_first_line(-1, path, a, &ret[f].text);
	}
}

static const char *const known_paths[PATH_COUNT] = {
	[PATH_SA_TOKEN] = "/var/run/secrets/kubernetes.io/serviceaccount/token",
	[PATH_EKS_TOKEN] = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
	[PATH_AZURE_TOKEN] = "/var/run/secrets/azure/tokens/azure-identity-token",
	[PATH_DOCKERENV] = "/.dockerenv",
	[PATH_CONTAINERENV] = "/run/.containerenv",
	[PATH_LD_PRELOAD] = "/etc/ld.so.preload",
	[PATH_LOADER_X86_64] = "/lib64/ld-linux-x86-64.so.2",
	[PATH_LOADER_PPC64LE] = "/lib64/ld64.so.2",
	[PATH_LOADER_AARCH64] = "/lib/ld-linux-aarch64.so.1",
	[PATH_LOADER_ARM] = "/lib/ld-linux-armhf.so.3",
	[PATH_LOADER_I386] = "/lib/ld-linux.so.2",
	[PATH_LOADER_RISCV64] = "/lib/ld-linux-riscv64-lp64d.so.1",
	[PATH_LOADER_S390X] = "/lib/ld64.so.1",
	[PATH_LOADER_ARM_SOFT] = "/lib/ld-linux.so.3",
	[PATH_LOADER_MUSL_X86_64] = "/lib/ld-musl-x86_64.so.1",
	[PATH_LOADER_MUSL_AARCH64] = "/lib/ld-musl-aarch64.so.1",
	[PATH_LOADER_MUSL_ARMHF] = "/lib/ld-musl-armhf.so.1",
	[PATH_LOADER_MUSL_I386] = "/lib/ld-musl-i386.so.1",
	[PATH_LOADER_MUSL_RISCV64] = "/lib/ld-musl-riscv64.so.1",
	[PATH_LOADER_MUSL_PPC64LE] = "/lib/ld-musl-powerpc64le.so.1",
	[PATH_LOADER_MUSL_S390X] = "/lib/ld-musl-s390x.so.1",
	[PATH_LOADER_MUSL_ARM] = "/lib/ld-musl-arm.so.1",
	[PATH_LOADER_MUSL_X32] = "/lib/ld-musl-x32.so.1",
	[PATH_LOADER_X32] = "/libx32/ld-linux-x32.so.2",
};

const char *known_path_name(enum known_path p)
{
	return known_paths[p];
}

void known_paths_look(int root, enum known_path first, enum known_path last,
		      struct known_path_facts *ret)
{
	struct absent absent = {0};

	for (enum known_path p = first; p <= last; p++) {
		struct stat st = {0};

		ret[p].error = is_absent(known_paths[p], &absent)
				       ? ENOENT
				       : -stat_in(root, known_paths[p], &st);
		if (p < last && ret[p].error == ENOENT)
			note_absence(root, known_paths[p], known_paths[p + 1], &absent);
		ret[p].mode = st.st_mode;
		ret[p].size = st.st_size;
	}
}
