/* SPDX-License-Identifier: MIT */
/*
 * System calls that musl has no function for, or whose function would hide something we need.
 * All return a value >= 0, or -errno. No wrapper retries; none allocates.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_close_range
#define __NR_close_range 436 /* one number for all architectures since 5.0 */
#endif
#ifndef __NR_openat2
#define __NR_openat2 437
#endif
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule       445
#define __NR_landlock_restrict_self  446
#endif

/*
 * Signal sets are the kernel's own 64 bits: musl's sigset functions leave out the signals 32 to 34,
 * which a program built against another libc may well be sent (34 is glibc's SIGRTMIN).
 */
#define SIGNAL_BIT(sig)   (UINT64_C(1) << ((sig)-1))
#define SIGNAL_LAST       64
#define KERNEL_SIGSET_LEN 8

/* Not an answer about what was asked, but about our own means. */
static inline bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == EINTR;
}

static inline int sys_result(long r)
{
	return r < 0 ? -errno : (int)r;
}

/*
 * Whether the effective user may do that, in R_OK, W_OK, X_OK. Profiles of runtimes from before
 * faccessat2(2) (Linux 5.8) answer EPERM to it, which musl takes for the file's answer.
 */
static inline int sys_access(int dir, const char *path, int mode)
{
	if (faccessat(dir, path, mode, AT_EACCESS) == 0)
		return 0;
	if (errno != EPERM || getuid() != geteuid() || getgid() != getegid())
		return -errno;
	return sys_result(faccessat(dir, path, mode, 0));
}

static inline int sys_sigprocmask(int how, const uint64_t *set, uint64_t *old)
{
	return sys_result(syscall(SYS_rt_sigprocmask, how, set, old, KERNEL_SIGSET_LEN));
}

static inline int sys_signalfd(uint64_t set, int flags)
{
	return sys_result(syscall(SYS_signalfd4, -1, &set, KERNEL_SIGSET_LEN, flags));
}

/* As the kernel takes them, whatever the C library's time_t is. */
struct sys_timespec {
	int64_t seconds;
	int64_t nanoseconds;
};

/*
 * Waits for a signal of the set, which is blocked, at most ms milliseconds (-1: for ever). Returns
 * its number, -EAGAIN when the time is over, or -EINTR.
 */
static inline int sys_sigtimedwait(uint64_t set, siginfo_t *ret, int64_t ms)
{
	const struct sys_timespec t = {ms / 1000, ms % 1000 * 1000000};

#ifdef __NR_rt_sigtimedwait_time64 /* where time_t had 32 bits, since 5.1 */
	const struct {
		long seconds, nanoseconds;
	} old = {(long)t.seconds, (long)t.nanoseconds};
	int r = sys_result(syscall(__NR_rt_sigtimedwait_time64, &set, ret, ms < 0 ? NULL : &t,
				   KERNEL_SIGSET_LEN));

	if (r != -ENOSYS)
		return r;
	return sys_result(
		syscall(SYS_rt_sigtimedwait, &set, ret, ms < 0 ? NULL : &old, KERNEL_SIGSET_LEN));
#else
	return sys_result(
		syscall(SYS_rt_sigtimedwait, &set, ret, ms < 0 ? NULL : &t, KERNEL_SIGSET_LEN));
#endif
}

static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	/* A mode is an error where nothing is made. */
	struct open_how how = {
		.flags = flags, .mode = (flags & O_CREAT) ? 0644 : 0, .resolve = resolve};

	return sys_result(syscall(__NR_openat2, dir, path, &how, sizeof(how)));
}

static inline int sys_close_range(unsigned int first, unsigned int last)
{
	return sys_result(syscall(__NR_close_range, first, last, 0));
}

/* Fills buf with struct linux_dirent64 records; returns the bytes filled, 0 at the end. */
static inline int sys_getdents(int dir, void *buf, size_t size)
{
	return sys_result(syscall(SYS_getdents64, dir, buf, size));
}

/*
 * statx(2)'s answer as the kernel lays it out. A copy of our own, since newer versions of musl and
 * the kernel's header both define struct statx, and older ones of musl do not.
 */
struct sys_statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, spare0;
	uint64_t ino, size, blocks, attributes_mask;
	uint64_t times[8];
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t mnt_id;
	uint64_t spare1[13];
};
#define SYS_STATX_BASIC  0x7ff  /* all that stat(2) tells */
#define SYS_STATX_MNT_ID 0x1000 /* since 5.8 */

static inline int sys_statx(int dir, const char *path, int flags, unsigned int mask,
			    struct sys_statx *ret)
{
	return sys_result(syscall(SYS_statx, dir, path, flags, mask, ret));
}

static inline int sys_execveat(int dir, const char *path, char *const *argv, char *const *envp,
			       int flags)
{
	return sys_result(syscall(SYS_execveat, dir, path, argv, envp, flags));
}

/* Before 5.8 there is no mount id: then the device has to do. */
static inline bool sys_is_same_mount(const struct sys_statx *a, const struct sys_statx *b)
{
	if (a->mask & b->mask & SYS_STATX_MNT_ID)
		return a->mnt_id == b->mnt_id;
	return a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

static inline int sys_landlock_create_ruleset(const void *attributes, size_t size, uint32_t flags)
{
	return sys_result(syscall(__NR_landlock_create_ruleset, attributes, size, flags));
}

static inline int sys_landlock_add_rule(int ruleset, int type, const void *attributes)
{
	return sys_result(syscall(__NR_landlock_add_rule, ruleset, type, attributes, 0));
}

static inline int sys_landlock_restrict_self(int ruleset, uint32_t flags)
{
	return sys_result(syscall(__NR_landlock_restrict_self, ruleset, flags));
}
