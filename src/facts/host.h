/* SPDX-License-Identifier: MIT */
/* What a container can see of its host. Strings lie in the arena, or are constants. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/arena.h"
#include "sys/trouble.h"

enum namespace_kind {
	NS_PID,
	NS_IPC,
	NS_UTS,
	NS_NET,
	NS_CGROUP,
	NS_USER,
	NS_COUNT,
};

enum namespace_is {
	NAMESPACE_UNTOLD, /* the kernel has no such kind, or does not tell the host's from others */
	NAMESPACE_OWN,
	NAMESPACE_HOST,
};

struct namespace_facts {
	int error; /* errno of looking at it, or 0 */
	enum namespace_is is;
};

void namespaces_look(int proc, struct namespace_facts ret[NS_COUNT]);

/* Directories and files of /proc and /sys through which a kernel is told what to do. */
enum kernel_place {
	PLACE_PROC_SYS,
	PLACE_SYSRQ_TRIGGER,
	PLACE_PROC_BUS,
	PLACE_PROC_FS,
	PLACE_PROC_IRQ,
	PLACE_SYS_KERNEL,
	PLACE_BINFMT_MISC,
	PLACE_SYSFS_KERNEL,
	PLACE_COUNT,
};

extern const char *const kernel_places[PLACE_COUNT];

/* Which of them a kernel or a sandbox does not have. */
void kernel_places_look(bool ret_absent[PLACE_COUNT]);

/* Paths in /proc and /sys that runtimes hide or make read-only. */
struct hidden_path {
	const char *path;
	bool grave; /* lets its reader see the kernel's memory or keys */
};

extern const struct hidden_path hidden_paths[];
extern const size_t hidden_paths_count;

enum { HIDDEN_PATHS = 16 };

struct hidden_facts {
	int error;     /* errno of lstat(2), or 0: it is there */
	bool is_null;  /* it is the device /dev/null */
	bool is_empty; /* it is a directory without entries */
};

void hidden_paths_look(struct hidden_facts ret[HIDDEN_PATHS]);

/* A device in /dev, or anywhere below, that not every container has. */
struct device {
	struct device *next;
	const char *path;
	bool is_block;
	unsigned int major, minor;
};

struct device_facts {
	struct trouble trouble;
	struct device *devices;
};

void devices_list(struct arena *a, struct device_facts *ret);

/* The name of a network interface that only a host has, or NULL. */
const char *host_interface(struct arena *a);

/* The Landlock ABI of the kernel, or -errno. */
int landlock_abi(void);
