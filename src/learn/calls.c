// SPDX-License-Identifier: MIT
/*
 * The calls that are watched under --learn: what makes, changes or starts something, and what
 * --deny takes away. Those of the machine's own kind alone; of others (int 0x80) the walk tells.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "learn/learnt.h"

/* Since 6.6, 6.3 and 6.14: one number for all architectures. */
enum { NR_FCHMODAT2 = 452 };
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif
#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif
#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#endif
#ifndef __NR_clone3
#define __NR_clone3 435
#endif

#define WRITES                 (O_ACCMODE | O_CREAT | O_TRUNC)
#define ANY_OF(n, bits)        .test = TEST_ANY_OF, .argument = (n), .mask = (bits)
#define IS_MASKED(n, bits, is) .test = TEST_EQUAL, .argument = (n), .mask = (bits), .value = (is)
#define PLACE(dir_at, path_at) .dir = (dir_at), .path = (path_at)
#define SETS(n)                .about = (n)
#define WORD(bit)              .kind = CALL_WORD, .about = (uint8_t)__builtin_ctz(bit)
#define NEEDS(cap)             .kind = CALL_CAPABILITY, .about = (cap)
#define USER(n)                .kind = CALL_IDENTITY, .about = CAP_SETUID, .argument = (n)
#define GROUP(n)               .kind = CALL_IDENTITY, .about = CAP_SETGID, .argument = (n)
#define GROUPS                 .kind = CALL_GROUPS, .about = CAP_SETGID
#ifdef __NR_setgroups32 /* the numbers of the older one have 16 bits */
#define SHORT_GROUPS NEEDS(CAP_SETGID)
#else
#define SHORT_GROUPS GROUPS
#endif
#ifdef __s390x__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* The filter goes through them in this order: what programs call all the time comes first. */
const struct watched_call watched_calls[] = {
	{__NR_openat, .kind = CALL_OPEN, PLACE(0, 1), ANY_OF(2, WRITES)},
#ifdef __NR_open /* younger architectures have those with a directory alone */
	{__NR_open, .kind = CALL_OPEN, PLACE(-1, 0), ANY_OF(1, WRITES)},
	{__NR_creat, .kind = CALL_CREATE, PLACE(-1, 0)},
	{__NR_mkdir, .kind = CALL_MKDIR, PLACE(-1, 0)},
	{__NR_mknod, .kind = CALL_MAKE, PLACE(-1, 0)},
	{__NR_symlink, .kind = CALL_MAKE, PLACE(-1, 1)},
	{__NR_link, .kind = CALL_MAKE, PLACE(-1, 1)},
	{__NR_unlink, .kind = CALL_REMOVE, PLACE(-1, 0)},
	{__NR_rmdir, .kind = CALL_REMOVE, PLACE(-1, 0)},
	{__NR_rename, .kind = CALL_REMOVE, PLACE(-1, 0)},
	{__NR_rename, .kind = CALL_MOVE, PLACE(-1, 1)},
	{__NR_chmod, .kind = CALL_CHANGE, PLACE(-1, 0), SETS(SETS_MODE)},
	{__NR_chown, .kind = CALL_CHANGE, PLACE(-1, 0), SETS(SETS_OWNER)},
	{__NR_lchown, .kind = CALL_CHANGE, PLACE(-1, 0), SETS(SETS_OWNER)},
	{__NR_chown, NEEDS(CAP_CHOWN)},
	{__NR_lchown, NEEDS(CAP_CHOWN)},
#endif
#ifdef __NR_renameat
	{__NR_renameat, .kind = CALL_REMOVE, PLACE(0, 1)},
	{__NR_renameat, .kind = CALL_MOVE, PLACE(2, 3)},
#endif
	{__NR_openat2, .kind = CALL_OPEN, PLACE(0, 1)},
	{__NR_mkdirat, .kind = CALL_MKDIR, PLACE(0, 1)},
	{__NR_mknodat, .kind = CALL_MAKE, PLACE(0, 1)},
	{__NR_symlinkat, .kind = CALL_MAKE, PLACE(1, 2)},
	{__NR_linkat, .kind = CALL_MAKE, PLACE(2, 3)},
	{__NR_unlinkat, .kind = CALL_REMOVE, PLACE(0, 1)},
	{__NR_renameat2, .kind = CALL_REMOVE, PLACE(0, 1)},
	{__NR_renameat2, .kind = CALL_MOVE, PLACE(2, 3)},
	{__NR_fchmodat, .kind = CALL_CHANGE, PLACE(0, 1), SETS(SETS_MODE)},
	{NR_FCHMODAT2, .kind = CALL_CHANGE, PLACE(0, 1), SETS(SETS_MODE)},
	{__NR_fchownat, .kind = CALL_CHANGE, PLACE(0, 1), SETS(SETS_OWNER)},
	{__NR_truncate, .kind = CALL_CHANGE, PLACE(-1, 0)},
	{__NR_fchmod, .kind = CALL_CHANGE_OPEN, PLACE(0, -1), SETS(SETS_MODE)},
	{__NR_fchown, .kind = CALL_CHANGE_OPEN, PLACE(0, -1), SETS(SETS_OWNER)},
	{__NR_execve, .kind = CALL_EXECUTE, PLACE(-1, 0)},
	{__NR_execveat, .kind = CALL_EXECUTE, PLACE(0, 1)},
#ifdef __NR_bind
	{__NR_bind, .kind = CALL_BIND, PLACE(0, 1)},
#endif
	/* What a word of --deny would refuse. */
	{__NR_mprotect, WORD(DENY_WX_MEMORY), ANY_OF(2, PROT_EXEC)},
#ifdef __NR_mmap2
	{__NR_mmap2, WORD(DENY_WX_MEMORY),
	 IS_MASKED(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC)},
	{__NR_mmap2, .kind = CALL_MAP, PLACE(4, -1), ANY_OF(2, PROT_EXEC)},
#elif !defined(__s390x__) /* there its arguments lie in memory */
	{__NR_mmap, WORD(DENY_WX_MEMORY),
	 IS_MASKED(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC)},
	{__NR_mmap, .kind = CALL_MAP, PLACE(4, -1), ANY_OF(2, PROT_EXEC)},
#endif
	{__NR_memfd_create, WORD(DENY_MEMFD_EXEC), IS_MASKED(1, MFD_NOEXEC_SEAL, 0)},
	{__NR_execveat, WORD(DENY_MEMFD_EXEC),
	 IS_MASKED(4, AT_EMPTY_PATH | AT_EXECVE_CHECK, AT_EMPTY_PATH)},
	{__NR_unshare, WORD(DENY_USER_NAMESPACES), ANY_OF(0, CLONE_NEWUSER)},
	{__NR_setns, WORD(DENY_USER_NAMESPACES), ANY_OF(1, CLONE_NEWUSER)},
	{__NR_clone, WORD(DENY_USER_NAMESPACES), ANY_OF(CLONE_FLAGS, CLONE_NEWUSER)},
	{__NR_clone3, .kind = CALL_CLONE3},
	{__NR_ioctl, WORD(DENY_TIOCSTI), IS_MASKED(1, UINT32_MAX, TIOCSTI)},
	{__NR_ioctl, WORD(DENY_TIOCSTI), IS_MASKED(1, UINT32_MAX, TIOCLINUX)},
	{__NR_io_uring_setup, WORD(DENY_IO_URING)},
	/* What takes a capability of user 0. */
	{__NR_fchown, NEEDS(CAP_CHOWN)},
	{__NR_fchownat, NEEDS(CAP_CHOWN)},
	{__NR_setuid, USER(0)},
	{__NR_setreuid, USER(1)},
	{__NR_setresuid, USER(1)},
	{__NR_setgid, GROUP(0)},
	{__NR_setregid, GROUP(1)},
	{__NR_setresgid, GROUP(1)},
	{__NR_setgroups, SHORT_GROUPS},
	/* Not tgkill(2), by which threads wake each other; signal 0 only asks who is there. */
	{__NR_kill, .kind = CALL_SIGNAL, ANY_OF(1, UINT32_MAX)},
	{__NR_chroot, NEEDS(CAP_SYS_CHROOT)},
	{__NR_mount, NEEDS(CAP_SYS_ADMIN)},
/* What 32 bits have beside them, for numbers that grew. */
#ifdef __NR_truncate64
	{__NR_truncate64, .kind = CALL_CHANGE, PLACE(-1, 0)},
#endif
#ifdef __NR_setuid32
	{__NR_chown32, .kind = CALL_CHANGE, PLACE(-1, 0), SETS(SETS_OWNER)},
	{__NR_lchown32, .kind = CALL_CHANGE, PLACE(-1, 0), SETS(SETS_OWNER)},
	{__NR_fchown32, .kind = CALL_CHANGE_OPEN, PLACE(0, -1), SETS(SETS_OWNER)},
	{__NR_chown32, NEEDS(CAP_CHOWN)},
	{__NR_lchown32, NEEDS(CAP_CHOWN)},
	{__NR_fchown32, NEEDS(CAP_CHOWN)},
	{__NR_setuid32, USER(0)},
	{__NR_setreuid32, USER(1)},
	{__NR_setresuid32, USER(1)},
	{__NR_setgid32, GROUP(0)},
	{__NR_setregid32, GROUP(1)},
	{__NR_setresgid32, GROUP(1)},
	{__NR_setgroups32, GROUPS},
#endif
};

const size_t watched_calls_count = array_length(watched_calls);

bool call_is_of_row(const struct watched_call *c, int number, const uint64_t args[6])
{
	uint32_t bits = (uint32_t)args[c->argument] & c->mask;

	if (c->number != number)
		return false;
	return c->test == TEST_NOTHING || (c->test == TEST_ANY_OF ? bits != 0 : bits == c->value);
}
