/* SPDX-License-Identifier: MIT */
/*
 * The program of the test containers: it runs as the application and prints what the kernel says,
 * one verb a run. Images have no shell, so it is also the only way in (`exec CONTAINER /probe
 * VERB`). `probe` alone lists the verbs.
 *
 * A verb that tries something prints "ok" or the name of the errno, and exits 0 either way: the
 * test compares the word.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "helpers/probe.h"
#include "helpers/words.h"

#ifndef PR_GET_MDWE
#define PR_GET_MDWE 66
#endif

int told(const char *what, long result)
{
	int error = errno; /* printing may change it */

	if (what != NULL)
		printf("%s ", what);
	puts(result < 0 ? word_name(WORD_ERRNO, error) : "ok");
	return 0;
}

void usage(const char *text)
{
	fprintf(stderr, "probe: %s\n", text);
	exit(2);
}

long number_of(const char *text)
{
	long value;

	if (parse_number(text, &value) != 0)
		usage("a number was expected");
	return value;
}

static int word_or_die(enum word_kind kind, const char *text)
{
	int number = word_number(kind, text);

	if (number < 0)
		usage("an unknown word");
	return number;
}

void pause_ms(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

/* Forks or ends: a probe has nothing to say without its child. */
pid_t fork_or_die(void)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("probe: fork");
		exit(1);
	}
	return pid;
}

/* ---- what the kernel says */

static int copy_to_stdout(const char *path)
{
	char buffer[4096];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return told(NULL, -1);
	fflush(stdout);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		if (write(STDOUT_FILENO, buffer, (size_t)n) != n)
			break;
	}
	close(fd);
	return n < 0 ? told(NULL, -1) : 0;
}

static int do_cat(char **args)
{
	for (; *args != NULL; args++)
		(void)copy_to_stdout(*args);
	return 0;
}

static int status_lines(const char *path, const char *const *keys)
{
	char line[512];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return told(NULL, -1);
	while (fgets(line, sizeof(line), file) != NULL) {
		for (const char *const *key = keys; *key != NULL; key++) {
			if (strncmp(line, *key, strlen(*key)) == 0)
				fputs(line, stdout);
		}
	}
	fclose(file);
	return 0;
}

static const char *const credential_keys[] = {
	"Umask:", "Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:", "Seccomp", NULL};
static const char *const signal_keys[] = {"SigBlk:", "SigIgn:", "SigCgt:", NULL};

static int do_status(char **args)
{
	int status = status_lines("/proc/self/status", credential_keys);

	(void)args;
	printf("Securebits:\t%#x\n", (unsigned int)prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	printf("Mdwe:\t%d\n", prctl(PR_GET_MDWE, 0, 0, 0, 0));
	printf("Dumpable:\t%d\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	return status;
}

static int do_init_status(char **args)
{
	(void)args;
	return status_lines("/proc/1/status", credential_keys);
}

static int do_mask(char **args)
{
	(void)args;
	return status_lines("/proc/self/status", signal_keys);
}

static int do_fds(char **args)
{
	char target[4096];
	DIR *dir = opendir("/proc/self/fd");
	ssize_t n;

	(void)args;
	if (dir == NULL)
		return told(NULL, -1);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (entry->d_name[0] == '.' || number_of(entry->d_name) == dirfd(dir))
			continue;
		n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target));
		printf("%s %.*s\n", entry->d_name, n < 0 ? 1 : (int)n, n < 0 ? "?" : target);
	}
	closedir(dir);
	return 0;
}

static void print_limit(rlim_t value)
{
	if (value == RLIM_INFINITY)
		printf("unlimited");
	else
		printf("%llu", (unsigned long long)value);
}

static int do_rlimit(char **args)
{
	struct rlimit limit;

	if (syscall(SYS_prlimit64, 0, word_or_die(WORD_LIMIT, args[0]), NULL, &limit) != 0)
		return told(NULL, -1);
	print_limit(limit.rlim_cur);
	putchar(' ');
	print_limit(limit.rlim_max);
	putchar('\n');
	return 0;
}

static int do_args(char **args)
{
	for (; *args != NULL; args++)
		puts(*args);
	return 0;
}

static int do_env(char **args)
{
	(void)args;
	for (char **e = environ; *e != NULL; e++)
		puts(*e);
	return 0;
}

static int do_cwd(char **args)
{
	char path[4096];

	(void)args;
	/* Not getcwd(3), which hides "(unreachable)". */
	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return told(NULL, -1);
	puts(path);
	return 0;
}

static int do_pgrp(char **args)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);

	(void)args;
	printf("pid %d\nppid %d\npgid %d\nsid %d\nforeground ", getpid(), getppid(), getpgid(0),
	       getsid(0));
	if (foreground < 0)
		return told(NULL, -1);
	printf("%d\n", foreground);
	return 0;
}

static int do_isatty(char **args)
{
	(void)args;
	for (int fd = 0; fd < 3; fd++)
		printf("%d %s\n", fd, isatty(fd) ? "yes" : "no");
	return 0;
}

/* ---- ends and signals */

static int do_exit(char **args)
{
	return (int)number_of(args[0]);
}

static int do_kill(char **args)
{
	kill(getpid(), word_or_die(WORD_SIGNAL, args[0]));
	/* PID 1 of a namespace survives what it has no handler for. */
	return 3;
}

static int do_signal(char **args)
{
	return told(NULL, kill((pid_t)number_of(args[1]), word_or_die(WORD_SIGNAL, args[0])));
}

static int do_sleep(char **args)
{
	pause_ms((long)(strtod(args[0], NULL) * 1000));
	return 0;
}

/* AT_EXECFN (getauxval(3)): the path of execve(2), or the descriptor of execveat(2). */
static int do_execfn(char **args)
{
	unsigned long address = getauxval(AT_EXECFN);
	const char *through;
	char name[16];

	(void)args;
	if (prctl(PR_GET_NAME, name, 0, 0, 0) != 0)
		return told(NULL, -1);
	memcpy(&through, &address, sizeof(through));
	printf("%s %s\n", through, name);
	return 0;
}

/* ---- verbs */

static const struct verb {
	const char *name;
	int (*run)(char **args);
	int needs; /* arguments it cannot do without */
	const char *help;
} verbs[] = {
	{"args", do_args, 0, "[ARG...]: its arguments, one a line"},
	{"bind", do_bind, 2, "FROM TO: mounts FROM on TO too"},
	{"caps-try", do_caps_try, 0, "things that need a capability, and how each went"},
	{"cat", do_cat, 1, "FILE...: what the files hold"},
	{"connect", do_connect, 1, "SOCKET: connects to it, by path"},
	{"cwd", do_cwd, 0, "the working directory as the kernel says it"},
	{"brk-exec", do_brk_exec, 0, "whether memory of brk(2) may be run that is written"},
	{"deny-pid1", do_deny_pid1, 0, "system calls that change process 1, and how each went"},
	{"deny-try", do_deny_try, 0, "system calls that --deny is about, and how each went"},
	{"env", do_env, 0, "the environment"},
	{"exec", do_exec, 1, "PROGRAM [ARG...]: becomes PROGRAM"},
	{"exec-copy", do_exec_copy, 1,
	 "DIR: copies itself into DIR and runs the copy, which prints \"ran\""},
	{"exec-env", do_exec_env, 2,
	 "[NAME=VALUE]... -- PROGRAM [ARG...]: becomes PROGRAM with this environment"},
	{"exec-uncapable", do_exec_uncapable, 1, "PROGRAM [ARG...]: without capabilities"},
	{"exec-memfd", do_exec_memfd, 0, "the same from a memfd"},
	{"execfn", do_execfn, 0, "through what it was executed, and what it is called"},
	{"exit", do_exit, 1, "STATUS"},
	{"fds", do_fds, 0, "open descriptors and what they are"},
	{"get", do_get, 1, "PORT: asks the HTTP server on 127.0.0.1"},
	{"init-status", do_init_status, 0, "identity and privileges of process 1"},
	{"int80", do_int80, 0, "a system call of i386's, which a kernel may have none of"},
	{"isatty", do_isatty, 0, "for descriptors 0 to 2"},
	{"kill", do_kill, 1, "SIGNAL: sends it to itself"},
	{"linger", do_linger, 1,
	 "SECONDS [deaf]: leaves a child behind, which ends on TERM unless deaf"},
	{"listen", do_listen, 1,
	 "[udp:]PORT: binds a socket to it on 127.0.0.1, which does not listen"},
	{"map-copy", do_map_copy, 1,
	 "DIR: makes a file in DIR, and memory of it that is executable"},
	{"map-wx", do_map_wx, 0, "memory that is writable and executable"},
	{"mask", do_mask, 0, "blocked, ignored and caught signals"},
	{"orphans", do_orphans, 1,
	 "COUNT [MS]: orphans that end after MS, then the zombies that are left"},
	{"own-priority", do_own_priority, 0, "changes its own processors, priority, group"},
	{"pgrp", do_pgrp, 0, "pid, ppid, pgid, sid, foreground process group of descriptor 0"},
	{"ptrace", do_ptrace, 1, "PID: attaches to it"},
	{"remount", do_remount, 0, "makes / writable"},
	{"rename", do_rename, 1,
	 "DIR: moves a file that it makes from one folder there to another"},
	{"rlimit", do_rlimit, 1, "NAME: soft and hard limit"},
	{"serve", do_serve, 1, "PORT: an HTTP server that ends on TERM"},
	{"setuid0", do_setuid0, 0, "becomes root"},
	{"signal", do_signal, 2, "SIGNAL PID: sends it"},
	{"sleep", do_sleep, 1, "SECONDS"},
	{"status", do_status, 0, "its own identity and privileges"},
	{"tmpfs", do_tmpfs, 1, "DIR: mounts a tmpfs there"},
	{"trap", do_trap, 0,
	 "[COUNT]: prints \"ready\", then each signal; ends after COUNT or two QUITs"},
	{"umount", do_umount, 1, "DIR: takes away what is mounted there"},
	{"truncate", do_truncate, 1, "FILE: empties it"},
	{"when", do_when, 2, "FIFO VERB [ARG...]: does it when something is written to FIFO"},
	{"write", do_write, 1, "FILE: opens it for writing, making it if need be"},
	{"write-read", do_write_read, 1, "FILE: opens it for both"},
	{"zombies", do_zombies, 0, "how many there are"},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (size_t i = 0; argc > 1 && i < length_of(verbs); i++) {
		if (strcmp(verbs[i].name, argv[1]) != 0)
			continue;
		if (argc - 2 < verbs[i].needs)
			usage(verbs[i].help);
		return verbs[i].run(argv + 2);
	}
	for (size_t i = 0; i < length_of(verbs); i++)
		fprintf(stderr, "probe %s %s\n", verbs[i].name, verbs[i].help);
	return 2;
}
