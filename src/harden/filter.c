// SPDX-License-Identifier: MIT
/* Builds and installs the seccomp filter of --deny. */
#include "harden/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>

#include "harden/harden.h"
#include "sys/sys.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* since 6.14 */
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U /* since 6.3 */
#endif

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

struct rule {
	enum denial denial;
	uint16_t number[NUMBERS]; /* 0: not there; that number is none of those denied anywhere */
	/* Denied when (argument & mask) == value, of the low 32 bits: all that the kernel looks at.
	 */
	uint8_t argument;
	uint32_t mask, value;
	uint16_t error; /* 0: let through, whatever the rules below say */
};

#define ANY               0, 0, 0 /* whatever its arguments */
#define IF_SET(n, flag)   n, flag, flag
#define IF_CLEAR(n, flag) n, flag, 0
#define IF_IS(n, value)   n, UINT32_MAX, value

#define EVERYWHERE(n)                                                                              \
	{                                                                                          \
		n, n, n, n, n, n                                                                   \
	}
#define EXECVE_FLAGS (AT_EMPTY_PATH | AT_EXECVE_CHECK)

/* clang-format off */
static const struct rule rules[] = {
	/*                 AMD64 I386  ARM GENERIC POWER S390 */
	/* personality: all that the program can read is executable then, brk(2)'s area too, which MDWE does
	 * not look at. All bits are the question what it is, which sets nothing. */
	{DENY_WX_MEMORY,       {135, 136, 136,  92, 136, 136}, IF_IS(0, UINT32_MAX), 0},
	{DENY_WX_MEMORY,       {135, 136, 136,  92, 136, 136}, IF_SET(0, READ_IMPLIES_EXEC), EPERM},
	/* What vm.memfd_noexec=2 does (memfd_create(2)), less that it seals where no flag says anything:
	 * a filter cannot. */
	{DENY_MEMFD_EXEC,      {319, 356, 385, 279, 360, 350}, IF_CLEAR(1, MFD_NOEXEC_SEAL), EACCES},
	/* execveat: an open file without a path. Those who only ask whether it may be executed, as
	 * interpreters do because of exec-scripts, are let through. */
	{DENY_MEMFD_EXEC,      {322, 358, 387, 281, 362, 354}, 4, EXECVE_FLAGS, AT_EMPTY_PATH, EACCES},
	{DENY_MEMFD_EXEC,      {[AMD64] = 545 /* x32 */},      4, EXECVE_FLAGS, AT_EMPTY_PATH, EACCES},
	/* unshare */
	{DENY_USER_NAMESPACES, {272, 310, 337,  97, 282, 303}, IF_SET(0, CLONE_NEWUSER), EPERM},
	/* clone, whose flags are the second argument on s390 alone (CONFIG_CLONE_BACKWARDS2) */
	{DENY_USER_NAMESPACES, { 56, 120, 120, 220, 120,   0}, IF_SET(0, CLONE_NEWUSER), EPERM},
	{DENY_USER_NAMESPACES, {[S390] = 120},                 IF_SET(1, CLONE_NEWUSER), EPERM},
	/* clone3: its flags are in memory, where a filter cannot look. To this errno glibc answers
	 * with clone. */
	{DENY_USER_NAMESPACES, EVERYWHERE(435),                ANY, ENOSYS},
	/* setns, as far as it says what it enters: type 0 is "whatever the descriptor is". */
	{DENY_USER_NAMESPACES, {308, 346, 375, 268, 350, 339}, IF_SET(1, CLONE_NEWUSER), EPERM},
	/* ioctl: what dev.tty.legacy_tiocsti=0 answers (tiocsti() in drivers/tty/tty_io.c). */
	{DENY_TIOCSTI,         { 16,  54,  54,  29,  54,  54}, IF_IS(1, TIOCSTI), EIO},
	{DENY_TIOCSTI,         {[AMD64] = 514 /* x32 */},      IF_IS(1, TIOCSTI), EIO},
	/* TIOCLINUX pastes into a virtual console: the same to the one who reads there. */
	{DENY_TIOCSTI,         { 16,  54,  54,  29,  54,  54}, IF_IS(1, TIOCLINUX), EPERM},
	{DENY_TIOCSTI,         {[AMD64] = 514 /* x32 */},      IF_IS(1, TIOCLINUX), EPERM},
	/* io_uring_setup: what kernel.io_uring_disabled=2 answers. */
	{DENY_IO_URING,        EVERYWHERE(425),                ANY, EPERM},
};
/* clang-format on */

enum {
	RULE_LENGTH = 7,
	SECTION_LENGTH = 4 + array_length(rules) * RULE_LENGTH + 1,
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

static size_t low_half(uint8_t argument)
{
	size_t offset = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);

	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? offset + sizeof(uint32_t) : offset;
}

/* The number is loaded, before and afterwards. Exactly RULE_LENGTH instructions. */
static void emit_rule(struct code *c, const struct rule *r, uint16_t number)
{
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, number, 0, RULE_LENGTH - 1);
	load(c, low_half(r->argument));
	emit(c, BPF_ALU | BPF_AND | BPF_K, r->mask, 0, 0);
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
	emit(c, BPF_RET | BPF_K, r->error ? SECCOMP_RET_ERRNO | r->error : SECCOMP_RET_ALLOW, 0, 0);
	load_number(c);
}

static void add_section(struct code *c, const struct abi *abi, unsigned int denied)
{
	size_t jump;

	load(c, offsetof(struct seccomp_data, arch));
	jump = c->len;
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, abi->arch, 0, 0);
	load_number(c);
	for (size_t i = 0; i < array_length(rules); i++)
		if ((rules[i].denial & denied) && rules[i].number[abi->numbers])
			emit_rule(c, &rules[i], rules[i].number[abi->numbers]);
	emit(c, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	c->insns[jump].jf = (uint8_t)(c->len - jump - 1);
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

/* seccomp(2); before 3.17, and where a runtime's filter is older than it, prctl(2). */
static int set_filter(const struct sock_fprog *program)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) == 0)
		return 0;
	if (errno == EACCES)
		return -EACCES;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) < 0 ? -errno : 0;
}

/* Where no step before has set no_new_privs, and there is no CAP_SYS_ADMIN to do without it. */
static int set_no_new_privs(struct harden *h)
{
	if (h->policy->allow_new_privs)
		return step_failed(
			h, EACCES,
			"a seccomp filter takes no_new_privs or CAP_SYS_ADMIN: leave "
			"out --allow-new-privs, or of --deny all words but exec-scripts");
	text_add(h->notes, "deny: no_new_privs is set, which a filter needs\n");
	return harden_set_no_new_privs(h);
}

int filter_install(struct harden *h)
{
	struct code code;
	struct sock_fprog program = {.filter = code.insns};
	int r;

	if (!filter_is_wanted(h->policy->deny))
		return NOTHING_TO_DO;
	compile(&code, h->policy->deny);
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
				   "the seccomp filter (CONFIG_SECCOMP_FILTER), without which of "
				   "--deny only exec-scripts can be done");
	return 0;
}

_Static_assert(SECTION_LENGTH <= UINT8_MAX, "a jump has 8 bits");
