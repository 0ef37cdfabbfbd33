/* SPDX-License-Identifier: MIT */
/* The verbs of the probe that try something, and say how the kernel answered. */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"
#include "words.h"

int do_write(char **args)
{
	bool made = access(args[0], F_OK) != 0;
	int fd = open(args[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)told(NULL, fd);
	if (fd >= 0 && made)
		unlink(args[0]);
	return 0;
}

/* For a FIFO, which opens for writing alone only when somebody reads. */
int do_write_read(char **args)
{
	return told(NULL, open(args[0], O_RDWR | O_CLOEXEC));
}

int do_truncate(char **args)
{
	return told(NULL, truncate(args[0], 0));
}

/* Makes DIR/a/file and moves it to DIR/b, as a mail server or a package cache does. */
int do_rename(char **args)
{
	char from[4096], to[4096];
	int fd;

	for (const char *name = "ab"; *name; name++) {
		snprintf(from, sizeof(from), "%s/%c", args[0], *name);
		(void)mkdir(from, 0700);
	}
	snprintf(from, sizeof(from), "%s/a/file", args[0]);
	snprintf(to, sizeof(to), "%s/b/file", args[0]);
	fd = open(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return told(NULL, -1);
	close(fd);
	return told(NULL, rename(from, to));
}

int do_connect(char **args)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", args[0]);
	return told(NULL, fd < 0 ? fd : connect(fd, (struct sockaddr *)&to, sizeof(to)));
}

int do_setuid0(char **args)
{
	(void)args;
	return told(NULL, setresuid(0, 0, 0));
}

int do_exec(char **args)
{
	execve(args[0], args, environ);
	return told(NULL, -1);
}

/* Without capabilities: not shown what a process that has some, or that hides, executes. */
int do_exec_uncapable(char **args)
{
	for (int i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
		;
	return do_exec(args);
}

int do_exec_env(char **args)
{
	char **border = args;

	while (*border != NULL && strcmp(*border, "--") != 0)
		border++;
	if (border[0] == NULL || border[1] == NULL)
		usage("NAME=VALUE... -- PROGRAM");
	*border = NULL;
	execve(border[1], border + 1, args);
	return told(NULL, -1);
}

int do_when(char **args)
{
	char byte;
	int fd = open(args[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) < 0)
		return told(NULL, -1);
	args[0] = (char *)"probe";
	execv("/proc/self/exe", args);
	return told(NULL, -1);
}

/* What a dropper does: puts a program into the file, and runs it; that program prints "ran". */
static int run_copy(int fd, const char *path)
{
	static char *const ran[] = {(char *)"probe", (char *)"args", (char *)"ran", NULL};
	char buffer[65536];
	ssize_t n;
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || from < 0)
		return told(NULL, -1);
	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		if (write(fd, buffer, (size_t)n) != n)
			return told(NULL, -1);
	}
	if (path == NULL) {
		(void)syscall(SYS_execveat, fd, "", ran, environ, AT_EMPTY_PATH);
		return told(NULL, -1);
	}
	close(fd);
	execve(path, ran, environ);
	(void)told(NULL, -1);
	unlink(path);
	return 0;
}

int do_exec_copy(char **args)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/probe-copy", args[0]);
	return run_copy(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700), path);
}

int do_exec_memfd(char **args)
{
	(void)args;
	return run_copy((int)syscall(SYS_memfd_create, "probe", 0), NULL);
}

/* As a loader maps a library; what is in it does not matter. */
int do_map_copy(char **args)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/probe.so", args[0]);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, path, sizeof(path)) < 0)
		return told(NULL, -1);
	return told(NULL, mmap(NULL, sizeof(path), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) ==
					  MAP_FAILED
				  ? -1
				  : 0);
}

int do_map_wx(char **args)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	(void)args;
	if (p == MAP_FAILED)
		return told(NULL, -1);
	munmap(p, 4096);
	return told(NULL, 0);
}

int do_remount(char **args)
{
	(void)args;
	return told(NULL, mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
}

int do_bind(char **args)
{
	return told(NULL, mount(args[0], args[1], NULL, MS_BIND, NULL));
}

int do_tmpfs(char **args)
{
	return told(NULL, mount("tmpfs", args[0], "tmpfs", 0, NULL));
}

int do_umount(char **args)
{
	return told(NULL, umount2(args[0], MNT_DETACH));
}

int do_ptrace(char **args)
{
	/* Attached, the other stops; it goes on when this process ends. */
	return told(NULL, ptrace(PTRACE_ATTACH, (pid_t)number_of(args[0]), NULL, NULL));
}

static long try_setuid(void)
{
	return setresuid(54321, 54321, 54321);
}

static long try_setgid(void)
{
	return setresgid(54321, 54321, 54321);
}

static long try_setpcap(void)
{
	return prctl(PR_CAPBSET_DROP, 0, 0, 0, 0);
}

static long try_sys_chroot(void)
{
	return chroot("/");
}

static long try_sys_admin(void)
{
	return unshare(CLONE_NEWNS);
}

static long try_net_raw(void)
{
	return socket(AF_INET, SOCK_RAW, 1 /* ICMP */);
}

static long try_sys_nice(void)
{
	return setpriority(PRIO_PROCESS, 0, -5);
}

static long try_kill(void)
{
	return kill(1, 0);
}

static const struct {
	const char *name;
	long (*try)(void);
} privileges[] = {
	{"setuid", try_setuid},         {"setgid", try_setgid},       {"setpcap", try_setpcap},
	{"sys_chroot", try_sys_chroot}, {"sys_admin", try_sys_admin}, {"net_raw", try_net_raw},
	{"sys_nice", try_sys_nice},     {"kill_pid1", try_kill},
};

int do_caps_try(char **args)
{
	(void)args;
	for (size_t i = 0; i < length_of(privileges); i++) {
		fflush(stdout);
		/* Each in a process of its own: one that succeeds takes the next one's means away.
		 */
		if (fork_or_die() == 0)
			exit(told(privileges[i].name, privileges[i].try()));
		wait(NULL);
	}
	return 0;
}
