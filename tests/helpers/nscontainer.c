/* SPDX-License-Identifier: MIT */
/*
 * nscontainer [OPTION]... ROOTDIR -- PROGRAM [ARG...]
 *
 * A container without an engine: PROGRAM as PID 1 on ROOTDIR, in namespaces of its own, with the
 * mounts and the capabilities a runtime would give it. Milliseconds where an engine takes a fifth
 * of a second. The exit status is PROGRAM's, 128+N when signal N killed it, 125 when the container
 * could not be made. TERM or INT kills it.
 *
 *	--read-only		/ is mounted read-only
 *	--bind SRC:DST[:OPTS]	mounts SRC, a folder or a file; OPTS: ro noexec nosuid nodev
 *	--tmpfs DST[:OPTS]	a tmpfs; OPTS as above and what tmpfs knows (size=, mode=)
 *	--no-proc		no /proc;  --proc-writable: no read-only and masked paths in it
 *	--no-dev		no /dev
 *	--sys			/sys, read-only
 *	--caps HEX		the capabilities (default: Docker's, a80425fb)
 *	--user UID:GID		whom PROGRAM runs as, without supplementary groups
 *	--no-new-privs
 *	--cwd DIR		where PROGRAM starts (default /)
 *	--net			a network of its own: the loopback only
 *	--tty			takes the terminal on standard input from the caller's session
 *
 * Without root it works too, as a root that is the caller outside. Mount points that are missing
 * are made in ROOTDIR, whose own symbolic links are followed as they stand: it must be a folder
 * that the test made.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nscontainer.h"

void fail(const char *format, ...)
{
	int error = errno;
	va_list ap;

	fputs("nscontainer: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, "%s%s\n", error == 0 ? "" : ": ", error == 0 ? "" : strerror(error));
	exit(125);
}

/* ---- privileges */

static void set_caps(uint64_t mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	memset(data, 0, sizeof(data));
	for (size_t i = 0; i < 2; i++) {
		data[i].permitted = (uint32_t)(mask >> (32 * i));
		data[i].effective = data[i].permitted;
	}
	if (syscall(SYS_capset, &header, data) != 0)
		fail("setting the capabilities %llx", (unsigned long long)mask);
}

static uint64_t permitted_caps(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) != 0)
		fail("capget");
	return (uint64_t)data[1].permitted << 32 | data[0].permitted;
}

static void drop_privileges(const struct container *c)
{
	/* More than there is cannot be given, and a mask of all bits means "all there are". */
	uint64_t mask = c->caps & permitted_caps();

	for (int cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if ((mask >> cap & 1) == 0 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
			fail("dropping capability %d", cap);
	}
	/* EPERM: without root the kernel forbids it, and there are no groups to speak of. */
	if (syscall(SYS_setgroups, 0, NULL) != 0 && errno != EPERM)
		fail("setgroups");
	if (setresgid(c->gid, c->gid, c->gid) != 0 || setresuid(c->uid, c->uid, c->uid) != 0)
		fail("becoming %u:%u", c->uid, c->gid);
	set_caps(c->uid == 0 ? mask : 0);
	if (c->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		fail("no_new_privs");
}

/* ---- processes */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("%s", path);
	close(fd);
}

static void map_user(uid_t uid, gid_t gid)
{
	char map[64];

	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	write_file("/proc/self/gid_map", map);
}

static void loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0)
		fail("the loopback interface");
	close(fd);
}

__attribute__((noreturn)) static void become_program(const struct container *c,
						     const sigset_t *mask)
{
	make_root(c);
	if (c->net)
		loopback_up();
	setsid();
	if (c->tty && ioctl(STDIN_FILENO, TIOCSCTTY, 1) != 0)
		fail("taking the terminal");
	if (chdir(c->cwd) != 0)
		fail("%s", c->cwd);
	drop_privileges(c);
	/* Nothing outlives a killed test. Set last: a change of user clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(c->program[0], c->program);
	fail("%s", c->program[0]);
}

static int wait_for(pid_t child, const sigset_t *signals)
{
	int status;

	for (;;) {
		int number = sigwaitinfo(signals, NULL);

		if (number == SIGTERM || number == SIGINT)
			kill(child, SIGKILL);
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

static int run(const struct container *c)
{
	int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
	uid_t uid = geteuid();
	gid_t gid = getegid();
	sigset_t signals;
	sigset_t mask;
	pid_t child;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	/* Ignored, it would never come. */
	signal(SIGCHLD, SIG_DFL);
	if (c->net)
		flags |= CLONE_NEWNET;
	if (uid != 0)
		flags |= CLONE_NEWUSER;
	child = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
	if (child < 0)
		fail("making the namespaces");
	if (child == 0) {
		if (uid != 0)
			map_user(uid, gid);
		become_program(c, &mask);
	}
	return wait_for(child, &signals);
}

/* ---- command line */

static unsigned long long number_of(const char *text, int base, char **ret_end)
{
	unsigned long long value;

	errno = 0;
	value = strtoull(text, ret_end, base);
	if (errno != 0 || *ret_end == text)
		fail("'%s' is no number", text);
	return value;
}

/* What stands behind NAME= or NAME; NULL when **args is another option. */
static char *value_of(const char *name, char ***args)
{
	size_t length = strlen(name);

	if (strncmp(**args, name, length) != 0)
		return NULL;
	if ((**args)[length] == '=')
		return **args + length + 1;
	if ((**args)[length] != '\0')
		return NULL;
	++*args;
	if (**args == NULL)
		fail("%s wants a value", name);
	return **args;
}

/* Takes "SRC:DST[:OPTS]" or "DST[:OPTS]" apart in place. */
static void add_mount(struct container *c, char *text, bool has_source)
{
	struct extra_mount *extra = &c->mounts[c->mount_count];
	char *colon = strchr(text, ':');

	if ((has_source && colon == NULL) || c->mount_count == MAX_MOUNTS)
		fail("bad mount '%s'", text);
	*extra = (struct extra_mount){.target = text};
	c->mount_count++;
	if (has_source) {
		*colon++ = '\0';
		extra->source = text;
		extra->target = colon;
		colon = strchr(colon, ':');
	}
	if (colon != NULL) {
		*colon++ = '\0';
		extra->options = colon;
	}
}

static void set_user(struct container *c, const char *text)
{
	char *end;

	c->uid = (uid_t)number_of(text, 10, &end);
	if (*end != ':')
		fail("'%s' is not UID:GID", text);
	c->gid = (gid_t)number_of(end + 1, 10, &end);
}

static void parse(struct container *c, char **args)
{
	const struct {
		const char *name;
		bool *value;
	} switches[] = {
		{"--read-only", &c->read_only},
		{"--no-proc", &c->no_proc},
		{"--no-dev", &c->no_dev},
		{"--proc-writable", &c->proc_writable},
		{"--sys", &c->sys},
		{"--no-new-privs", &c->no_new_privs},
		{"--net", &c->net},
		{"--tty", &c->tty},
	};
	char *value;
	char *end;

	for (; *args != NULL && strncmp(*args, "--", 2) == 0; args++) {
		size_t i = 0;

		while (i < length_of(switches) && strcmp(switches[i].name, *args) != 0)
			i++;
		if (i < length_of(switches))
			*switches[i].value = true;
		else if ((value = value_of("--bind", &args)) != NULL)
			add_mount(c, value, true);
		else if ((value = value_of("--tmpfs", &args)) != NULL)
			add_mount(c, value, false);
		else if ((value = value_of("--caps", &args)) != NULL)
			c->caps = number_of(value, 16, &end);
		else if ((value = value_of("--user", &args)) != NULL)
			set_user(c, value);
		else if ((value = value_of("--cwd", &args)) != NULL)
			c->cwd = value;
		else
			fail("unknown option %s", *args);
	}
	if (args[0] == NULL || args[1] == NULL || strcmp(args[1], "--") != 0 || args[2] == NULL)
		fail("usage: nscontainer [OPTION]... ROOTDIR -- PROGRAM [ARG...]");
	c->root = args[0];
	c->program = args + 2;
}

int main(int argc, char **argv)
{
	struct container container = {.caps = 0xa80425fb, .cwd = "/"};

	(void)argc;
	parse(&container, argv + 1);
	return run(&container);
}
