/* SPDX-License-Identifier: MIT */
/*
 * Small files whose text is a fact, and paths whose presence is one: two tables, each read once.
 * Texts lie in the arena; names are constants.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum small_file {
	FILE_CORE_PATTERN,
	FILE_APPARMOR,
	FILE_LSM_LABEL,
	FILE_MEMORY_MAX, /* from here to FILE_V1_PIDS: limits of the control group */
	FILE_PIDS_MAX,
	FILE_CPU_MAX,
	FILE_V1_MEMORY,
	FILE_V1_PIDS,
	FILE_BUILD_EPOCH,
	FILE_SHELLS,
	FILE_SYSCTL_FIRST,
	FILE_SYSCTL_LAST = FILE_SYSCTL_FIRST + 15,
	FILE_COUNT,
};

struct small_file_facts {
	int error;        /* errno of reading it, or 0 */
	const char *text; /* its first line, without the newline; NULL on error */
};

/* What a sysctl should be in a container; see sysctl_wishes. */
struct sysctl_wish {
	const char *path; /* below /proc/sys/ */
	long least, most; /* the range of good values */
};

enum { SYSCTL_COUNT = FILE_SYSCTL_LAST - FILE_SYSCTL_FIRST + 1 };
extern const struct sysctl_wish sysctl_wishes[SYSCTL_COUNT];

struct arena;

/* Reads the files from first to last, below the directory root or (-1) the process's own root. */
void small_files_read(int root, enum small_file first, enum small_file last, struct arena *a,
		      struct small_file_facts *ret);

/* What the mapper calls the block device MAJOR:MINOR; ENOENT: it is none of the mapper's. */
void device_mapping_read(const char *device, struct arena *a, struct small_file_facts *ret);

/* The limits of the container's own control group, where they are not the topmost's to tell. */
void group_limits_read(struct arena *a, struct small_file_facts *ret);

enum known_path {
	PATH_SA_TOKEN,
	PATH_EKS_TOKEN,
	PATH_AZURE_TOKEN,
	PATH_DOCKERENV,
	PATH_CONTAINERENV,
	PATH_LD_PRELOAD,
	PATH_LOADER_X86_64, /* from here on, paths in one directory are adjacent */
	PATH_LOADER_PPC64LE,
	PATH_LOADER_AARCH64,
	PATH_LOADER_ARM,
	PATH_LOADER_I386,
	PATH_LOADER_RISCV64,
	PATH_LOADER_S390X,
	PATH_LOADER_ARM_SOFT,
	PATH_LOADER_MUSL_X86_64,
	PATH_LOADER_MUSL_AARCH64,
	PATH_LOADER_MUSL_ARMHF,
	PATH_LOADER_MUSL_I386,
	PATH_LOADER_MUSL_RISCV64,
	PATH_LOADER_MUSL_PPC64LE,
	PATH_LOADER_MUSL_S390X,
	PATH_LOADER_MUSL_ARM,
	PATH_LOADER_MUSL_X32,
	PATH_LOADER_X32,
	PATH_COUNT,
	PATH_LOADER_FIRST = PATH_LOADER_X86_64,
	PATH_LOADER_LAST = PATH_LOADER_X32,
};

struct known_path_facts {
	int error; /* errno of stat(2), or 0: it is there */
	mode_t mode;
	off_t size;
};

const char *known_path_name(enum known_path p);

/*
 * Looks at the paths from first to last, below the directory root or (-1) the process's own root.
 */
void known_paths_look(int root, enum known_path first, enum known_path last,
		      struct known_path_facts *ret);
