/* SPDX-License-Identifier: MIT */
/*
 * torture [--seed N] [--seconds N] [--once] [--deaf] [DEED...]
 *
 * A program that does to process 1, by which it was started, all that it can think of: one deed
 * after the other, at random, or only those that are named. --list names them. Unlike those of
 * `attack` they are meant to last.
 *
 * Prints the seed, "ready", and "quiet" when the time is over: then all its children are gone, and
 * it waits. TERM ends it with status 0, unless it is --deaf; all other signals are taken and
 * forgotten.
 *
 *	--once	each deed once; what floods goes on. Prints "done" instead of "quiet".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define length_of(a) (sizeof(a) / sizeof((a)[0]))

static bool once;
static bool deaf;
static uint64_t state;

/* xorshift64*: the same deeds for the same seed, on every machine. */
static unsigned int below(unsigned int bound)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned int)((state * UINT64_C(2685821657736338717)) >> 33) % bound;
}

static void pause_us(long us)
{
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

/* A child that ends with its parent at the latest; -1 where there are too many. */
static pid_t spawn(void)
{
	pid_t child = fork();

	if (child == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return child;
}

/* ---- deeds: signals */

static int any_signal(void)
{
	static const int some[] = {SIGUSR1, SIGUSR2, SIGPIPE, SIGXFSZ, SIGWINCH, SIGURG,
				   SIGCONT, SIGCHLD, SIGALRM, SIGTTOU, SIGTTIN,  SIGTSTP,
				   SIGIO,   SIGHUP,  SIGINT,  SIGXCPU, SIGPROF};
	unsigned int i = below(length_of(some) + 1);

	/* Real-time ones wait in a queue, each for itself; the first three are the C library's. */
	return i < length_of(some) ? some[i] : 34 + (int)below(31);
}

/* Several processes, for a while; with --once for ever, and of one kind. */
static void flood(void)
{
	enum { FLOODERS = 8 };

	for (int i = 0; i < FLOODERS; i++) {
		unsigned int count = 200 + below(3000);
		int signal = once ? SIGUSR1 : any_signal();

		if (spawn() != 0)
			continue;
		while (once || count-- > 0)
			kill(1, signal);
		_exit(0);
	}
}

static void stop(void)
{
	static const int deadly[] = {SIGSTOP, SIGKILL, SIGTSTP, SIGSEGV, SIGABRT, SIGSYS};

	for (size_t i = 0; i < length_of(deadly); i++)
		kill(1, deadly[i]);
	syscall(SYS_tgkill, 1, 1, SIGSTOP);
}

/* Whether it is a child of process 1 that bears the name of process 1. */
static bool is_looker(pid_t pid, const char *name)
{
	char path[64];
	char line[256];
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	end = strrchr(line, ')');
	/* Behind the bracket: a blank, the state, a blank, the parent. */
	if (end == NULL || strlen(end) < 5 || strtol(end + 4, NULL, 10) != 1)
		return false;
	return strstr(line, name) != NULL;
}

static void lookers(void)
{
	char name[32] = "";
	FILE *file = fopen("/proc/1/comm", "re");
	DIR *dir = opendir("/proc");

	if (file != NULL && fgets(name, sizeof(name), file) != NULL)
		name[strcspn(name, "\n")] = '\0';
	if (file != NULL)
		fclose(file);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		if (pid > 1 && pid != getpid() && name[0] != '\0' && is_looker(pid, name))
			kill(pid, below(2) != 0 ? SIGSTOP : SIGKILL);
	}
	if (dir != NULL)
		closedir(dir);
}

/* ---- deeds: children */

static void orphans(void)
{
	unsigned int count = 10 + below(100);

	for (unsigned int i = 0; i < count; i++) {
		unsigned int us = below(2) == 0 ? 0 : below(20000);
		pid_t child = fork();

		if (child == 0) {
			if (fork() == 0)
				pause_us((long)us);
			_exit(0);
		}
		if (child > 0)
			waitpid(child, NULL, 0);
	}
}

static void helpers(void)
{
	for (int i = 0; i < 10; i++) {
		unsigned int how = below(256);

		if (spawn() != 0)
			continue;
		if (how % 3 == 0)
			kill(getpid(), SIGKILL);
		_exit((int)how);
	}
}

static void crowd(void)
{
	for (int i = 0; i < 100; i++) {
		unsigned int us = below(100000);

		if (spawn() != 0)
			continue;
		pause_us((long)us);
		_exit(0);
	}
}

/* Stops itself, or its whole group; a child in a group of its own wakes it. */
static void job(void)
{
	static const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN};
	pid_t self = getpid();
	int signal = stops[below(length_of(stops))];
	unsigned int us = below(20000);
	uint64_t one = UINT64_C(1) << (signal - 1);

	if (spawn() == 0) {
		setpgid(0, 0);
		pause_us(1000 + (long)us);
		for (int i = 0; i < 100; i++) {
			kill(self, SIGCONT);
			pause_us(1000);
		}
		_exit(0);
	}
	kill(self, signal);
	/* All are blocked, this one for no longer than it takes to stop by it. */
	syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &one, NULL, sizeof(one));
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &one, NULL, sizeof(one));
}

static void groups(void)
{
	pid_t child = spawn();

	if (child == 0) {
		setpgid(0, 1);
		kill(0, SIGWINCH);
		setsid();
		_exit(0);
	}
	if (child > 0)
		setpgid(child, 1);
	setpriority(PRIO_PGRP, 1, 19);
}

/* ---- deeds: at process 1 itself */

static void limits(void)
{
	static const struct {
		int resource;
		rlim_t value;
	} lower[] = {
		{RLIMIT_AS, 4096},    {RLIMIT_NOFILE, 1},     {RLIMIT_CPU, 1},
		{RLIMIT_FSIZE, 0},    {RLIMIT_DATA, 4096},    {RLIMIT_STACK, 4096},
		{RLIMIT_NPROC, 1},    {RLIMIT_SIGPENDING, 0}, {RLIMIT_MEMLOCK, 0},
		{RLIMIT_MSGQUEUE, 0},
	};

	for (size_t i = 0; i < length_of(lower); i++) {
		const uint64_t limit[2] = {lower[i].value, lower[i].value};

		syscall(SYS_prlimit64, 1, lower[i].resource, limit, NULL);
	}
}

static void schedule(void)
{
	const struct sched_param none = {0};
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	syscall(SYS_sched_setscheduler, 1, SCHED_IDLE, &none);
	syscall(SYS_sched_setaffinity, 1, sizeof(set), &set);
	setpriority(PRIO_PROCESS, 1, 19);
	syscall(SYS_ioprio_set, 1, 1, 3 << 13);
}

static void trace(void)
{
	/* Not let go again: whoever is traced by the stopped is stopped for ever. */
	if (ptrace(PTRACE_ATTACH, 1, NULL, NULL) == 0 || ptrace(PTRACE_SEIZE, 1, NULL, NULL) == 0)
		kill(1, SIGSTOP);
}

static void memory(void)
{
	enum { TEXT = 0x401000 };
	static const char traps[4096] = {1, 2, 3};
	int fd = open("/proc/1/mem", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!pwrite(fd, traps, sizeof(traps), TEXT);
	close(fd);
}

/* ---- deeds: standard error, which it shares with process 1 */

static void noise(void)
{
	/* A description of its own, so that only this one does not wait. */
	int fd = open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);
	char line[512];
	unsigned int count = 1 + below(300);

	if (fd < 0)
		return;
	memset(line, 'n', sizeof(line));
	memcpy(line, "noise ", 6);
	line[sizeof(line) - 1] = '\n';
	while (count-- > 0 && write(fd, line, sizeof(line)) > 0)
		;
	close(fd);
}

static void flags(void)
{
	int status = fcntl(STDERR_FILENO, F_GETFL);

	if (status >= 0)
		fcntl(STDERR_FILENO, F_SETFL, status ^ O_NONBLOCK);
}

static const struct deed {
	const char *name;
	void (*run)(void);
} deeds[] = {
	{"flood", flood},     {"stop", stop},         {"lookers", lookers}, {"orphans", orphans},
	{"helpers", helpers}, {"crowd", crowd},       {"job", job},         {"groups", groups},
	{"limits", limits},   {"schedule", schedule}, {"trace", trace},     {"memory", memory},
	{"noise", noise},     {"flags", flags},
};

/* ---- the loop */

/* Takes what is pending, or comes within the time, and forgets it; TERM ends the program. */
static void take_signals(long us)
{
	static const uint64_t all = ~UINT64_C(0);
	const struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	const struct timespec no_time = {0};
	const struct timespec *wait = &time;
	long signal;

	/* By the bare call: the C library keeps signals 32 to 34 to itself. */
	while ((signal = syscall(SYS_rt_sigtimedwait, &all, NULL, wait, sizeof(all))) > 0) {
		if (signal == SIGTERM && !deaf)
			exit(0);
		wait = &no_time;
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void wait_for_children(void)
{
	while (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD)
		take_signals(1000);
}

static const struct deed *find_deed(const char *name)
{
	for (size_t i = 0; i < length_of(deeds); i++) {
		if (strcmp(deeds[i].name, name) == 0)
			return &deeds[i];
	}
	fprintf(stderr, "torture: there is no deed '%s'\n", name);
	exit(2);
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void torture(const struct deed *const *chosen, unsigned int count, long seconds)
{
	time_t end = now() + seconds;

	if (once) {
		for (unsigned int i = 0; i < count; i++)
			chosen[i]->run();
		puts("done");
		return;
	}
	while (seconds == 0 || now() < end) {
		chosen[below(count)]->run();
		take_signals((long)below(10000));
	}
	wait_for_children();
	puts("quiet");
}

static char **parse(char **arg, long *ret_seconds)
{
	for (; *arg != NULL && strncmp(*arg, "--", 2) == 0; arg++) {
		if (strcmp(*arg, "--once") == 0)
			once = true;
		else if (strcmp(*arg, "--deaf") == 0)
			deaf = true;
		else if (strcmp(*arg, "--seed") == 0 && arg[1] != NULL)
			state = strtoull(*++arg, NULL, 10);
		else if (strcmp(*arg, "--seconds") == 0 && arg[1] != NULL)
			*ret_seconds = strtol(*++arg, NULL, 10);
		else if (strcmp(*arg, "--list") == 0) {
			for (size_t i = 0; i < length_of(deeds); i++)
				puts(deeds[i].name);
			exit(0);
		} else {
			fprintf(stderr, "torture: what is %s?\n", *arg);
			exit(2);
		}
	}
	return arg;
}

int main(int argc, char **argv)
{
	static const uint64_t all = ~UINT64_C(0);
	const struct deed *chosen[length_of(deeds)];
	unsigned int count = 0;
	long seconds = 0;
	char **names;

	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	names = parse(argv + 1, &seconds);
	for (; *names != NULL && count < length_of(deeds); names++)
		chosen[count++] = find_deed(*names);
	for (size_t i = 0; count == 0 && i < length_of(deeds); i++)
		chosen[i] = &deeds[i];
	if (count == 0)
		count = length_of(deeds);
	/* The machine's own process 1 is nobody's to torture. */
	if (getppid() != 1 || getpid() > 300) {
		fputs("torture: process 1 did not start this\n", stderr);
		return 2;
	}
	if (state == 0)
		state = (uint64_t)time(NULL);
	printf("seed %llu\n", (unsigned long long)state);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
	puts("ready");
	torture(chosen, count, seconds);
	for (;;)
		take_signals(1000000);
}
