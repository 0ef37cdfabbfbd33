/* SPDX-License-Identifier: MIT */
/*
 * inject SYSCALL[:ARGUMENT[:ARGUMENT]]=ERRNO[,...] -- PROGRAM [ARG...]
 *
 * Runs PROGRAM under a seccomp filter in which the named system calls fail with the named errno:
 * older kernels and refusing runtimes, played on this one. With :ARGUMENT only calls with that
 * first argument fail, and so the second. =0 is the liar: the call reports success and does
 *nothing.
 *
 *	inject openat2=ENOSYS,prctl:38=EPERM -- granit --check
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "words.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#else
#error "add the audit name of this architecture"
#endif

/* Numbers that are the same on every architecture, for headers that do not have them yet. */
#ifndef __NR_close_range
#define __NR_close_range 436
#endif
#ifndef __NR_faccessat2
#define __NR_faccessat2 439
#endif
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule       445
#define __NR_landlock_restrict_self  446
#endif

#define CALL(name)                                                                                 \
	{                                                                                          \
#name, __NR_##name                                                                 \
	}

/* What a test may name. Calls that only some architectures have stand behind an #ifdef. */
static const struct {
	const char *name;
	int number;
} calls[] = {
	CALL(capget),
	CALL(capset),
	CALL(chdir),
	CALL(clone),
	CALL(clone3),
	CALL(close),
	CALL(close_range),
	CALL(execve),
	CALL(execveat),
	CALL(faccessat),
	CALL(faccessat2),
	CALL(fchdir),
	CALL(fcntl),
	CALL(fstatfs),
	CALL(getcwd),
	CALL(getdents64),
	CALL(getrandom),
	CALL(ioctl),
	CALL(kill),
	CALL(landlock_add_rule),
	CALL(landlock_create_ruleset),
	CALL(landlock_restrict_self),
	CALL(madvise),
	CALL(memfd_create),
	CALL(mknodat),
	CALL(mprotect),
	CALL(openat),
	CALL(openat2),
	CALL(personality),
	CALL(pipe2),
	CALL(ppoll),
	CALL(prctl),
	CALL(pread64),
	CALL(prlimit64),
	CALL(pwritev2),
	CALL(read),
	CALL(readlinkat),
	CALL(rt_sigaction),
	CALL(rt_sigprocmask),
	CALL(rt_sigtimedwait),
	CALL(seccomp),
	CALL(setgid),
	CALL(setfsgid),
	CALL(setfsuid),
	CALL(sendmsg),
	CALL(recvmsg),
	CALL(sendto),
	CALL(recvfrom),
	CALL(setgroups),
	CALL(setpgid),
	CALL(setresgid),
	CALL(setresuid),
	CALL(setsid),
	CALL(setuid),
	CALL(signalfd4),
	CALL(statfs),
	CALL(statx),
	CALL(umask),
	CALL(wait4),
	CALL(waitid),
	CALL(write),
	CALL(writev),
#ifdef __NR_access
	CALL(access),
#endif
#ifdef __NR_fork
	CALL(fork),
#endif
#ifdef __NR_fstat
	CALL(fstat),
#endif
#ifdef __NR_mmap
	CALL(mmap),
#endif
#ifdef __NR_newfstatat
	CALL(newfstatat),
#endif
#ifdef __NR_open
	CALL(open),
#endif
#ifdef __NR_poll
	CALL(poll),
#endif
#ifdef __NR_readlink
	CALL(readlink),
#endif
#ifdef __NR_renameat
	CALL(renameat),
#endif
#ifdef __NR_setrlimit
	CALL(setrlimit),
#endif
#ifdef __NR_stat
	CALL(stat),
#endif
#ifdef __NR_vfork
	CALL(vfork),
#endif
};

struct rule {
	int call;
	int error;
	size_t arguments;
	uint32_t argument[2];
};

enum {
	MAX_RULES = 64,
	RULE_LENGTH = 7, /* instructions of the longest rule */
};

__attribute__((noreturn)) static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "inject: %s%s%s\n", what, detail == NULL ? "" : ": ",
		detail == NULL ? "" : detail);
	exit(125);
}

static int call_number(const char *name)
{
	long number;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	}
	/* By number too, so that no test has to wait for this table. */
	if (parse_number(name, &number) != 0 || number < 0)
		fail("unknown system call", name);
	return (int)number;
}

/* Splits "CALL[:ARGUMENT[:ARGUMENT]]=ERRNO" in place. */
static struct rule parse_rule(char *text)
{
	struct rule rule = {.call = -1};
	char *error = strchr(text, '=');
	char *argument, *rest = text;
	long number;

	if (error == NULL)
		fail("no '=' in", text);
	*error++ = '\0';
	(void)strsep(&rest, ":");
	while ((argument = strsep(&rest, ":")) != NULL) {
		if (rule.arguments == 2 || parse_number(argument, &number) != 0)
			fail("the arguments must be one number or two", argument);
		rule.argument[rule.arguments++] = (uint32_t)number;
	}
	rule.call = call_number(text);
	rule.error = word_number(WORD_ERRNO, error);
	if (rule.error < 0)
		fail("unknown errno", error);
	return rule;
}

static uint32_t argument_offset(size_t i)
{
	/* The low half: system calls that tests name take an int there. */
	uint32_t offset = (uint32_t)(offsetof(struct seccomp_data, args) + i * sizeof(uint64_t));

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	offset += 4;
#endif
	return offset;
}

/* Returns the number of instructions written to code. */
static size_t compile_rule(const struct rule *rule, struct sock_filter *code)
{
	const struct sock_filter load_call =
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	const struct sock_filter refuse =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)rule->error);
	uint8_t left = (uint8_t)(2 * rule->arguments + 1);
	size_t n = 0;

	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)rule->call, 0,
						 (uint8_t)(rule->arguments == 0 ? left : left + 1));
	for (size_t i = 0; i < rule->arguments; i++) {
		left = (uint8_t)(left - 2);
		code[n++] =
			(struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument_offset(i));
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							 rule->argument[i], 0, left);
	}
	code[n++] = refuse;
	if (rule->arguments != 0)
		code[n++] = load_call; /* for the rules that follow */
	return n;
}

static void install(const struct rule *rules, size_t count)
{
	struct sock_filter code[5 + MAX_RULES * RULE_LENGTH];
	struct sock_fprog program = {.filter = code};
	size_t n = 0;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		n += compile_rule(&rules[i], code + n);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0)
		return;
	/* Only where it cannot be done without: tests of no_new_privs need it unset. */
	if (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
		fail("cannot install the filter", strerror(errno));
}

int main(int argc, char **argv)
{
	struct rule rules[MAX_RULES];
	size_t count = 0;
	bool hits_exec = false;

	if (argc < 4 || strcmp(argv[2], "--") != 0)
		fail("usage: inject SYSCALL[:ARGUMENT[:ARGUMENT]]=ERRNO[,...] -- PROGRAM [ARG...]",
		     NULL);
	for (char *text = strtok(argv[1], ","); text != NULL; text = strtok(NULL, ",")) {
		if (count == MAX_RULES)
			fail("too many rules", NULL);
		rules[count] = parse_rule(text);
		hits_exec = hits_exec || rules[count].call == __NR_execve;
		count++;
	}
	install(rules, count);
	/* The filter holds here too: start PROGRAM by the call that it leaves alone. */
	if (hits_exec)
		syscall(__NR_execveat, AT_FDCWD, argv[3], argv + 3, environ, 0);
	else
		execvp(argv[3], argv + 3);
	fail(argv[3], strerror(errno));
}
