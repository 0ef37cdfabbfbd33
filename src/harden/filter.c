// SPDX-License-Identifier: MIT
/* Builds and installs the seccomp filter of --deny. */
#include "harden/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>

#include "harden/harden.h"
#include "sys/sys.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* since 6.14 */
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U /* since 6.3 */
#endif
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2) /* since 4.17 */
#endif

/* Of ioprio_set(2); linux/ioprio.h, which has them, is young. */
enum { IO_PROCESS = 1, IO_GROUP, IO_USER };

/*
 * Tables of system call numbers. 32-bit ones count too: where the kernel has them any process can
 * make such calls (int 0x80 on amd64), whatever it was compiled for.
 */
enum numbers { AMD64, I386, ARM, GENERIC, POWER, S390, NUMBERS };

static const struct abi {
	uint32_t arch; /* as the filter gets it */
	enum numbers numbers;
} abis[] = {
#if defined(__x86_64__)
	{AUDIT_ARCH_X86_64, AMD64},
	{AUDIT_ARCH_I386, I386},
#elif defined(__i386__)
	{AUDIT_ARCH_I386, I386}, {AUDIT_ARCH_X86_64, AMD64}, /* the kernel may be one of 64 bits */
#elif defined(__aarch64__)
	{AUDIT_ARCH_AARCH64, GENERIC},
	{AUDIT_ARCH_ARM, ARM},
#elif defined(__arm__)
	{AUDIT_ARCH_ARM, ARM},
	{AUDIT_ARCH_AARCH64, GENERIC},
#elif defined(__riscv)
	{AUDIT_ARCH_RISCV64, GENERIC},
	{AUDIT_ARCH_RISCV32, GENERIC},
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	{AUDIT_ARCH_PPC64LE, POWER},
	{AUDIT_ARCH_PPC, POWER}, /* with and without the flag, by version of the kernel */
	{AUDIT_ARCH_PPC | __AUDIT_ARCH_LE, POWER},
#elif defined(__s390x__)
	{AUDIT_ARCH_S390X, S390},
	{AUDIT_ARCH_S390, S390},
#else
#error "add this architecture, with the 32-bit one that its kernel runs too"
#endif
};

/*
 * x32 calls say that they are amd64, with this bit in the number (__X32_SYSCALL_BIT). It is left
 * out of account, since some kernels took amd64's numbers with it too. Elsewhere no call has it.
 */
#define X32_BIT UINT32_C(0x40000000)

enum test {
	HOLDS,    /* always */
	MATCHES,  /* (argument & mask) == value, of the low 32 bits: all that the kernel looks at */
	NOT_NULL, /* a pointer: what has only 32 bits has no others set here */
};

struct condition {
	enum test test;
	uint8_t argument;
	uint32_t mask, value;
};

struct rule {
	enum denial denial;
	uint16_t number[NUMBERS]; /* 0: not there; that number is none of those denied anywhere */
	struct condition when[2]; /* all of them */
	uint16_t error;           /* 0: let through, whatever the rules below say */
};

#define ANY                                                                                        \
	{                                                                                          \
		{                                                                                  \
			HOLDS, 0, 0, 0                                                             \
		}                                                                                  \
	}
#define MASKED(n, mask, value)                                                                     \
	{                                                                                          \
		MATCHES, n, mask, value                                                            \
	}
#define IS_SET(n, flag)   MASKED(n, flag, flag)
#define IS_CLEAR(n, flag) MASKED(n, flag, 0)
#define IS(n, value)      MASKED(n, UINT32_MAX, value)
#define IS_0_OR_1(n)      MASKED(n, ~1U, 0)
#define IS_POINTER(n)                                                                              \
	{                                                                                          \
		NOT_NULL, n, 0, 0                                                                  \
	}

#define EVERYWHERE(n)                                                                              \
	{                                                                                          \
		n, n, n, n, n, n                                                                   \
	}
#ifndef SHM_EXEC
#define SHM_EXEC 0100000
#endif
enum { IPC_SHMAT = 21 }; /* the call of ipc(2); its upper half is a version */

#define EXECVE_FLAGS (AT_EMPTY_PATH | AT_EXECVE_CHECK)

/* clang-format off */
static const struct rule rules[] = {
	/*                 AMD64 I386  ARM GENERIC POWER S390 */
	/* personality: all that the program can read is executable then, brk(2)'s area too, which MDWE does
	 * not look at. All bits are the question what it is, which sets nothing. */
	{DENY_WX_MEMORY,       {135, 136, 136,  92, 136, 136}, {IS(0, UINT32_MAX)}, 0},
	{DENY_WX_MEMORY,       {135, 136, 136,  92, 136, 136}, {IS_SET(0, READ_IMPLIES_EXEC)}, EPERM},
	/* shmat: a segment that is attached once to be written, and once to be run. Twice one mapping of
	 * memory, of which MDWE knows nothing. By ipc too, where it is one of its calls. */
	{DENY_WX_MEMORY,       { 30, 397, 305, 196, 397, 397}, {IS_SET(2, SHM_EXEC)}, EACCES},
	{DENY_WX_MEMORY,       {[I386] = 117, [POWER] = 117, [S390] = 117}, {MASKED(0, 0xffff, IPC_SHMAT), IS_SET(2, SHM_EXEC)}, EACCES},
	/* mmap, mmap2: memory without a file that is shared and executable. A copy of that mapping, by mremap(2)
	 * or in a child, may lose X and gain W, and both show the same pages. On s390, and in i386's old call,
	 * what is asked for is in memory, where a filter cannot look. */
	{DENY_WX_MEMORY,       {  9, 192, 192, 222,  90,   0}, {IS_SET(2, PROT_EXEC), IS_SET(3, MAP_SHARED | MAP_ANONYMOUS)}, EACCES},
	/* userfaultfd: fills pages that the program itself may not write. */
	{DENY_WX_MEMORY,       {323, 374, 388, 282, 364, 355}, ANY, EPERM},
	/* What vm.memfd_noexec=2 does (memfd_create(2)), less that it seals where no flag says anything:
	 * a filter cannot. */
	{DENY_MEMFD_EXEC,      {319, 356, 385, 279, 360, 350}, {IS_CLEAR(1, MFD_NOEXEC_SEAL)}, EACCES},
	/* execveat: an open file without a path. Those who only ask whether it may be executed, as
	 * interpreters do because of exec-scripts, are let through. */
	{DENY_MEMFD_EXEC,      {322, 358, 387, 281, 362, 354}, {MASKED(4, EXECVE_FLAGS, AT_EMPTY_PATH)}, EACCES},
	{DENY_MEMFD_EXEC,      {[AMD64] = 545 /* x32 */},      {MASKED(4, EXECVE_FLAGS, AT_EMPTY_PATH)}, EACCES},
	/* unshare */
	{DENY_USER_NAMESPACES, {272, 310, 337,  97, 282, 303}, {IS_SET(0, CLONE_NEWUSER)}, EPERM},
	/* clone, whose flags are the second argument on s390 alone (CONFIG_CLONE_BACKWARDS2) */
	{DENY_USER_NAMESPACES, { 56, 120, 120, 220, 120,   0}, {IS_SET(0, CLONE_NEWUSER)}, EPERM},
	{DENY_USER_NAMESPACES, {[S390] = 120},                 {IS_SET(1, CLONE_NEWUSER)}, EPERM},
	/* clone3: its flags are in memory, where a filter cannot look. To this errno glibc answers
	 * with clone. */
	{DENY_USER_NAMESPACES, EVERYWHERE(435),                ANY, ENOSYS},
	/* setns, as far as it says what it enters: type 0 is "whatever the descriptor is". */
	{DENY_USER_NAMESPACES, {308, 346, 375, 268, 350, 339}, {IS_SET(1, CLONE_NEWUSER)}, EPERM},
	/* ioctl: what dev.tty.legacy_tiocsti=0 answers (tiocsti() in drivers/tty/tty_io.c). */
	{DENY_TIOCSTI,         { 16,  54,  54,  29,  54,  54}, {IS(1, TIOCSTI)}, EIO},
	{DENY_TIOCSTI,         {[AMD64] = 514 /* x32 */},      {IS(1, TIOCSTI)}, EIO},
	/* TIOCLINUX pastes into a virtual console: the same to the one who reads there. */
	{DENY_TIOCSTI,         { 16,  54,  54,  29,  54,  54}, {IS(1, TIOCLINUX)}, EPERM},
	{DENY_TIOCSTI,         {[AMD64] = 514 /* x32 */},      {IS(1, TIOCLINUX)}, EPERM},
	/* io_uring_setup: what kernel.io_uring_disabled=2 answers. */
	{DENY_IO_URING,        EVERYWHERE(425),                ANY, EPERM},
	/* Process 1 by its number. prlimit64: reading its limits is let through. */
	{DENY_PID1,            {302, 340, 369, 261, 325, 334}, {IS(0, 1), IS_POINTER(2)}, EPERM},
	/* sched_setaffinity, sched_setscheduler, sched_setparam, sched_setattr */
	{DENY_PID1,            {203, 241, 241, 122, 222, 239}, {IS(0, 1)}, EPERM},
	{DENY_PID1,            {144, 156, 156, 119, 156, 156}, {IS(0, 1)}, EPERM},
	{DENY_PID1,            {142, 154, 154, 118, 154, 154}, {IS(0, 1)}, EPERM},
	{DENY_PID1,            {314, 351, 380, 274, 355, 345}, {IS(0, 1)}, EPERM},
	/* setpriority. Group 0 is the caller's own, which may be process 1's; process 1 belongs to a
	 * user too. */
	{DENY_PID1,            {141,  97,  97, 140,  97,  97}, {IS(0, PRIO_PROCESS), IS(1, 1)}, EPERM},
	{DENY_PID1,            {141,  97,  97, 140,  97,  97}, {IS(0, PRIO_PGRP), IS_0_OR_1(1)}, EPERM},
	{DENY_PID1,            {141,  97,  97, 140,  97,  97}, {IS(0, PRIO_USER)}, EPERM},
	/* ioprio_set */
	{DENY_PID1,            {251, 289, 314,  30, 273, 282}, {IS(0, IO_PROCESS), IS(1, 1)}, EPERM},
	{DENY_PID1,            {251, 289, 314,  30, 273, 282}, {IS(0, IO_GROUP), IS_0_OR_1(1)}, EPERM},
	{DENY_PID1,            {251, 289, 314,  30, 273, 282}, {IS(0, IO_USER)}, EPERM},
	/* setpgid: into process 1's group, which the terminal's signals go to. */
	{DENY_PID1,            {109,  57,  57, 154,  57,  57}, {IS(1, 1)}, EPERM},
	/* keyctl: a child may give its session keyring to its parent (keyctl_session_to_parent(3)). */
	{DENY_PID1,            {250, 288, 311, 219, 271, 280}, {IS(0, KEYCTL_SESSION_TO_PARENT)}, EPERM},
};
/* clang-format on */

/* Instructions, at most. */
enum {
	CONDITION_LENGTH = 4,
	CONDITIONS = array_length(((struct rule *)NULL)->when),
	RULE_LENGTH = 4 + CONDITIONS * CONDITION_LENGTH,
	SECTION_LENGTH = 6 + array_length(rules) * RULE_LENGTH,
	FILTER_LENGTH = array_length(abis) * SECTION_LENGTH + 1,
};

/* The instructions so far. */
struct code {
	struct sock_filter insns[FILTER_LENGTH];
	size_t len;
};

static void emit(struct code *c, uint16_t op, uint32_t k, uint8_t jt, uint8_t jf)
{
	c->insns[c->len++] = (struct sock_filter){.code = op, .jt = jt, .jf = jf, .k = k};
}

static void load(struct code *c, size_t offset)
{
	emit(c, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void load_number(struct code *c)
{
	load(c, offsetof(struct seccomp_data, nr));
	emit(c, BPF_ALU | BPF_AND | BPF_K, ~X32_BIT, 0, 0);
}

static size_t half_of(uint8_t argument, bool high)
{
	size_t offset = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);

	return high == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ? offset
								: offset + sizeof(uint32_t);
}

static uint8_t condition_length(const struct condition *w)
{
	switch (w->test) {
	case MATCHES:
		return w->mask == UINT32_MAX ? 2 : 3;
	case NOT_NULL:
		return 4;
	default:
		return 0;
	}
}

/* Goes on behind it if it holds, else as many instructions further. */
static void emit_condition(struct code *c, const struct condition *w, uint8_t further)
{
	if (w->test == HOLDS)
		return;
	load(c, half_of(w->argument, false));
	if (w->test == NOT_NULL) {
		emit(c, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2);
		load(c, half_of(w->argument, true));
		emit(c, BPF_JMP | BPF_JEQ | BPF_K, 0, further, 0);
		return;
	}
	if (w->mask != UINT32_MAX)
		emit(c, BPF_ALU | BPF_AND | BPF_K, w->mask, 0, 0);
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, w->value, 0, further);
}

/* The number is loaded, before and afterwards. */
static void emit_rule(struct code *c, const struct rule *r, uint16_t number)
{
	enum { RETURN = 1, LOAD_NUMBER = 2 };
	uint8_t left = RETURN;

	for (size_t i = 0; i < CONDITIONS; i++)
		left = (uint8_t)(left + condition_length(&r->when[i]));
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, number, 0,
	     left > RETURN ? (uint8_t)(left + LOAD_NUMBER) : left);
	for (size_t i = 0; i < CONDITIONS; i++) {
		left = (uint8_t)(left - condition_length(&r->when[i]));
		emit_condition(c, &r->when[i], left);
	}
	emit(c, BPF_RET | BPF_K, r->error ? SECCOMP_RET_ERRNO | r->error : SECCOMP_RET_ALLOW, 0, 0);
	if (r->when[0].test != HOLDS)
		load_number(c);
}

static void add_section(struct code *c, const struct abi *abi, unsigned int denied)
{
	size_t jump;

	load(c, offsetof(struct seccomp_data, arch));
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, abi->arch, 1, 0);
	/* The one jump that has more than 8 bits. */
	jump = c->len;
	emit(c, BPF_JMP | BPF_JA, 0, 0, 0);
	load_number(c);
	for (size_t i = 0; i < array_length(rules); i++)
		if ((rules[i].denial & denied) && rules[i].number[abi->numbers])
			emit_rule(c, &rules[i], rules[i].number[abi->numbers]);
	emit(c, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	c->insns[jump].k = (uint32_t)(c->len - jump - 1);
}

static void compile(struct code *c, unsigned int denied)
{
	c->len = 0;
	for (size_t i = 0; i < array_length(abis); i++)
		add_section(c, &abis[i], denied);
	/* There is no other kind of call. If there is, its numbers are not known: not allowed. */
	emit(c, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
}

bool filter_is_wanted(unsigned int denied)
{
	for (size_t i = 0; i < array_length(rules); i++)
		if (rules[i].denial & denied)
			return true;
	return false;
}

/* Where there are filters this is what a program at an invalid address leads to. */
bool filter_is_known(void)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 && errno == EFAULT)
		return true;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT;
}

static int call_seccomp(unsigned long flags, const struct sock_fprog *program)
{
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	return r < 0 ? -errno : 0;
}

/*
 * seccomp(2); before 3.17, and where a runtime's filter is older than it, prctl(2). With the flag,
 * since kernels before 5.16 else take a process with a filter for one that is to be slowed down
 * by mitigations of speculation (Documentation/userspace-api/spec_ctrl.rst).
 */
static int set_filter(const struct sock_fprog *program)
{
	int r = call_seccomp(SECCOMP_FILTER_FLAG_SPEC_ALLOW, program);

	if (r == -EINVAL)
		r = call_seccomp(0, program);
	if (r == 0 || r == -EACCES)
		return r;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) < 0 ? -errno : 0;
}

/* Where no step before has set no_new_privs, and there is no CAP_SYS_ADMIN to do without it. */
static int set_no_new_privs(struct harden *h)
{
	if (h->policy->allow_new_privs)
		return step_failed(h, EACCES,
				   "a seccomp filter needs no_new_privs or CAP_SYS_ADMIN: remove "
				   "--allow-new-privs, or all words of --deny but exec-scripts");
	text_add(h->notes, "deny: no_new_privs is set, which a filter needs\n");
	return harden_set_no_new_privs(h);
}

int filter_install(struct harden *h, unsigned int denied)
{
	struct code code;
	struct sock_fprog program = {.filter = code.insns};
	int r;

	if (!filter_is_wanted(denied))
		return NOTHING_TO_DO;
	compile(&code, denied);
	program.len = (unsigned short)code.len;
	r = set_filter(&program);
	if (r == -EACCES) {
		r = set_no_new_privs(h);
		if (r < 0)
			return r;
		r = set_filter(&program);
	}
	if (r < 0)
		return step_failed(h, -r,
				   "the seccomp filter (CONFIG_SECCOMP_FILTER), without which only "
				   "--deny=exec-scripts is possible");
	return 0;
}

_Static_assert(RULE_LENGTH <= UINT8_MAX, "a conditional jump has 8 bits");
_Static_assert(FILTER_LENGTH <= BPF_MAXINSNS, "the kernel takes no longer ones");
