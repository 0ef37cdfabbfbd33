/* SPDX-License-Identifier: MIT */
/*
 * attack [--first NAME] [NAME...]
 * attack --list
 *
 * The program of somebody who wants process 1. Started by granit as the container's program, it
 * tries all that one process can do to another of its user, or only what is named, and prints
 * "won NAME" for each that succeeded. What was refused is not spoken of. The exit status is 0.
 *
 * NAME/high is the same call with a bit set that the kernel drops, NAME/i386 by int 0x80,
 * NAME/x32 by the numbers of x32; --list names those that there are here.
 *
 * --first NAME: that one before the C library has begun, at the first instruction of the program:
 * process 1 may not have come yet to what it does after the start. A trailing "only" in the place
 * of names leaves it at that.
 */
#include "attack.h"

#include <asm/unistd.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

long raw(long number, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = 0; /* flags, where there are six */
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "memory", "rcx", "r11");
	return r;
#else
	long r = syscall(number, a, b, c, d, e, 0L);

	return r < 0 ? -errno : r;
#endif
}

long raw_int80(long number, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)r;
#else
	(void)number, (void)a, (void)b, (void)c, (void)d, (void)e;
	return -ENOSYS;
#endif
}

static const char *const suffixes[WAYS] = {"", "/high", "/i386", "/x32"};
static const struct attempt *const lists[] = {reading_attempts, changing_attempts};

/* ---- the first instruction */

static const struct attempt *first; /* what --first names; NULL: nothing */
static bool first_won;

/* In a container's own namespace processes have small numbers, and it is the first or second. */
static bool is_program_of_process_1(void)
{
	enum { FEW = 300 };

	return raw(__NR_getppid, 0, 0, 0, 0, 0) == 1 && raw(__NR_getpid, 0, 0, 0, 0, 0) < FEW;
}

static void try_first(int argc, char **argv)
{
	if (argc < 3 || strcmp(argv[1], "--first") != 0 || !is_program_of_process_1())
		return;
	for (size_t l = 0; l < length_of(lists); l++) {
		for (const struct attempt *a = lists[l]; a->name != NULL; a++) {
			if (strcmp(a->name, argv[2]) != 0)
				continue;
			first_won = a->won(NATIVE, a->text, a->what);
			first = a;
			return;
		}
	}
}

#ifdef __x86_64__
/* The Makefile makes this the entry point. The C library's own follows, on the same stack. */
__asm__(".globl attack_entry\n"
	"attack_entry:\n\t"
	"xor %ebp, %ebp\n\t"
	"mov %rsp, %rdi\n\t"
	"mov %rsp, %rbx\n\t"
	"call attack_begin\n\t"
	"mov %rbx, %rsp\n\t"
	"jmp _start\n");

void attack_begin(long *stack);

/* Where the kernel puts them: the number of arguments, then the arguments. */
__attribute__((used)) void attack_begin(long *stack)
{
	try_first((int)stack[0], (char **)(stack + 1));
}
#endif

/* ---- the rest */

/* Kernels without i386's calls answer with SIGSEGV; those without x32's, with ENOSYS. */
static bool has_int80(void)
{
	enum { I386_GETPID = 20 };
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(raw_int80(I386_GETPID, 0, 0, 0, 0, 0) > 0 ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool ways[WAYS] = {[NATIVE] = true, [HIGH_BITS] = sizeof(long) == 8};

static void find_ways(void)
{
#ifdef __x86_64__
	ways[INT80] = has_int80();
	ways[X32] = true;
#else
	(void)has_int80;
#endif
}

static void try_ways(const struct attempt *a, bool only_list)
{
	for (int way = NATIVE; way < (a->all_ways ? WAYS : NATIVE + 1); way++) {
		if (!ways[way])
			continue;
		if (only_list)
			printf("%s%s\n", a->name, suffixes[way]);
		else if (a->won((enum way)way, a->text, a->what))
			printf("won %s%s\n", a->name, suffixes[way]);
	}
}

static bool is_named(const char *name, char **names)
{
	if (*names == NULL)
		return true;
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && strcmp(argv[1], "--list") == 0;

	if (!list && !is_program_of_process_1()) {
		fputs("attack: process 1 did not start this: it would be the machine's own\n",
		      stderr);
		return 2;
	}
#ifndef __x86_64__
	try_first(argc, argv);
#endif
	if (argc > 2 && strcmp(argv[1], "--first") == 0) {
		if (first == NULL) {
			fprintf(stderr, "attack: there is no '%s': attack --list\n", argv[2]);
			return 2;
		}
		if (first_won)
			printf("won %s\n", first->name);
		argv += 2;
	}
	find_ways();
	for (size_t l = 0; l < length_of(lists); l++) {
		for (const struct attempt *a = lists[l]; a->name != NULL; a++) {
			if (list || (a != first && is_named(a->name, argv + 1)))
				try_ways(a, list);
		}
	}
	return 0;
}
