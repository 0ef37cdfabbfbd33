/* SPDX-License-Identifier: MIT */
/*
 * faults FILE INDEX ERRNO PROGRAM [ARG...]
 *
 * Runs PROGRAM until somebody below it executes /granit; from there on the calls of that process
 * and its descendants are counted, until one of them executes /probe, or all end. FILE gets their
 * numbers, one a line, in the order in which they were made; -1 stands for one that never fails.
 * The call with this index fails with this error, and is not made; -1: none does. The status is
 * PROGRAM's, 128+N if signal N killed it.
 *
 * Unlike inject, which has a call fail whenever it is made, this one has a call fail once, and so
 * each in its turn. For x86-64: to keep a call from being made is a matter of the architecture.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

#ifdef __x86_64__

enum { TRACED_MOST = 64, SYSCALL_STOP = SIGTRAP | 0x80 };

struct traced {
	pid_t pid;
	bool known; /* whose child it is; until then it waits */
	bool waits;
	bool counts;  /* it is granit, or descends from it */
	bool inside;  /* of a call */
	bool failing; /* of the call that is to fail */
};

struct tracer {
	struct traced traced[TRACED_MOST];
	FILE *list;
	long index, next;
	int error;
	bool started; /* the program */
};

static void give_up(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* The record of a process, a new one where there is none. */
static struct traced *record_of(struct tracer *t, pid_t pid)
{
	struct traced *unused = NULL;

	for (size_t i = 0; i < TRACED_MOST; i++) {
		if (t->traced[i].pid == pid)
			return &t->traced[i];
		if (!t->traced[i].pid && !unused)
			unused = &t->traced[i];
	}
	if (!unused) {
		errno = ENOMEM;
		give_up("too many processes");
	}
	*unused = (struct traced){.pid = pid};
	return unused;
}

static bool executes(pid_t pid, const char *wanted)
{
	char path[64], name[32] = "";
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fgets(name, sizeof(name), f))
		name[0] = '\0';
	(void)fclose(f);
	name[strcspn(name, "\n")] = '\0';
	return strcmp(name, wanted) == 0;
}

static void set_register(pid_t pid, size_t offset, long value)
{
	if (ptrace(PTRACE_POKEUSER, pid, offset, value) < 0)
		give_up("cannot change a register");
}

/*
 * musl's own, around a fork: it takes the mask that it did not get for the old one. What granit
 * blocks leaves out the signals that are the C library's.
 */
static bool blocks_all_signals(pid_t pid)
{
	const long set = ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user_regs_struct, rsi), NULL);

	return ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user_regs_struct, rdi), NULL) ==
		       SIG_BLOCK &&
	       set && ptrace(PTRACE_PEEKDATA, pid, set, NULL) == -1L;
}

/* Those that the kernel has no error for; the first is the C library's, which cannot live without
 * it. */
static bool never_fails(pid_t pid, long number)
{
	static const long calls[] = {SYS_arch_prctl, SYS_set_tid_address, SYS_getpid,  SYS_gettid,
				     SYS_getppid,    SYS_geteuid,         SYS_getegid, SYS_getuid,
				     SYS_getgid,     SYS_exit_group};

	if (number == SYS_rt_sigprocmask)
		return blocks_all_signals(pid);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == number)
			return true;
	return false;
}

static void at_call(struct tracer *t, struct traced *p)
{
	const size_t number = offsetof(struct user_regs_struct, orig_rax);
	const size_t result = offsetof(struct user_regs_struct, rax);
	bool can_fail;
	long called;

	p->inside = !p->inside;
	if (!p->inside) {
		if (p->failing)
			set_register(p->pid, result, -t->error);
		p->failing = false;
		return;
	}
	if (!p->counts || t->started)
		return;
	called = ptrace(PTRACE_PEEKUSER, p->pid, number, NULL);
	can_fail = !never_fails(p->pid, called);
	fprintf(t->list, "%ld\n", can_fail ? called : -1);
	if (t->next++ == t->index && can_fail) {
		p->failing = true;
		set_register(p->pid, number, -1);
	}
}

/* ESRCH: it was killed meanwhile. */
static void go_on(pid_t pid, int sig)
{
	if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)sig) < 0 && errno != ESRCH)
		give_up("cannot go on");
}

/* It may have stopped before this was heard of. */
static void adopt(struct tracer *t, const struct traced *parent, pid_t pid)
{
	struct traced *child = record_of(t, pid);

	child->known = true;
	child->counts = parent->counts;
	if (child->waits)
		go_on(pid, 0);
	child->waits = false;
}

static void at_event(struct tracer *t, struct traced *p, int event)
{
	unsigned long child = 0;

	if (event == PTRACE_EVENT_EXEC) {
		p->counts |= executes(p->pid, "granit");
		t->started |= p->counts && executes(p->pid, "probe");
		return;
	}
	if (ptrace(PTRACE_GETEVENTMSG, p->pid, NULL, &child) == 0)
		adopt(t, p, (pid_t)child);
}

/* Returns the signal that it is to get. */
static int at_stop(struct tracer *t, struct traced *p, int status)
{
	const int sig = WSTOPSIG(status), event = status >> 16;

	if (sig == SYSCALL_STOP) {
		at_call(t, p);
		return 0;
	}
	if (event == PTRACE_EVENT_STOP)
		return 0;
	if (event) {
		at_event(t, p, event);
		return 0;
	}
	return sig;
}

static int trace(struct tracer *t, pid_t first)
{
	int status, result = 125;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		struct traced *p = record_of(t, pid);
		int sig;

		if (!WIFSTOPPED(status)) {
			p->pid = 0;
			if (pid == first)
				result = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
							     : WEXITSTATUS(status);
			continue;
		}
		sig = at_stop(t, p, status);
		p->waits = !p->known;
		if (p->known)
			go_on(pid, sig);
	}
	return result;
}

int main(int argc, char **argv)
{
	static struct tracer t;
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	pid_t pid;

	if (argc < 5) {
		fputs("usage: faults FILE INDEX ERRNO PROGRAM [ARG...]\n", stderr);
		return 125;
	}
	t.list = fopen(argv[1], "we");
	if (!t.list)
		give_up(argv[1]);
	t.index = strtol(argv[2], NULL, 10);
	t.error = word_number(WORD_ERRNO, argv[3]);
	pid = fork();
	if (pid == 0) {
		(void)kill(getpid(), SIGSTOP);
		execvp(argv[4], argv + 4);
		give_up(argv[4]);
	}
	if (pid < 0 || ptrace(PTRACE_SEIZE, pid, NULL, options) < 0)
		give_up("cannot trace");
	record_of(&t, pid)->known = true;
	(void)kill(pid, SIGCONT);
	return trace(&t, pid);
}

#else

int main(void)
{
	fputs("faults: not for this architecture\n", stderr);
	return 125;
}

#endif
