// SPDX-License-Identifier: MIT
/* Reads what process 1 was started with. */
#include "facts/init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/procfile.h"
#include "sys/sys.h"

enum {
	CMDLINE_BYTES = 1 << 16,
	NAME_BYTES = 64, /* of a comm, which has 16; of the number that a mountinfo begins with */
};

static const char cmdline[] = "/proc/1/cmdline";

/* The first bytes of a file, as text. */
static int read_start(int proc, const char *name, char buf[NAME_BYTES])
{
	cleanup_fd int fd = proc_file_open(proc, name);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, buf, NAME_BYTES - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return 0;
}

static int cannot_read(const char *name, int r, struct text *why)
{
	text_add(why, "cannot read /proc/%s: %s", name,
		 r == -EXDEV ? "something is mounted over it" : strerror(-r));
	return r;
}

/* By whatever name the image has it: process 1 is called as this process is. */
static int is_granit(int proc, struct text *why)
{
	char name[NAME_BYTES], own[NAME_BYTES];
	int r = read_start(proc, "1/comm", name);

	if (r < 0)
		return cannot_read("1/comm", r, why);
	r = read_start(proc, "self/comm", own);
	if (r < 0)
		return cannot_read("self/comm", r, why);
	if (strcmp(name, own) == 0 || strcmp(name, "granit\n") == 0)
		return 0;
	name[strcspn(name, "\n")] = '\0';
	text_add(why, "process 1 is ");
	text_add_name(why, name);
	text_add(why, ", not granit");
	return -ESRCH;
}

/* As far as both can be read. */
static bool have_same_bytes(int a, int b)
{
	char first[4096], second[sizeof(first)];

	for (off_t at = 0;; at += (off_t)sizeof(first)) {
		ssize_t n = pread(a, first, sizeof(first), at);

		if (n < 0 || pread(b, second, sizeof(second), at) != n ||
		    memcmp(first, second, (size_t)n) != 0)
			return false;
		if (n == 0)
			return true;
	}
}

/*
 * A name and a command line are what a process makes of them: a program that granit has become can
 * call itself so. The file that it runs is the kernel's word, and is shown to whom process 1 could
 * be traced by. An image may have granit twice. Where nothing is shown, *ret_unshown is set.
 */
static int runs_granit(int proc, bool *ret_unshown, struct text *why)
{
	cleanup_fd int own = openat(proc, "self/exe", O_RDONLY | O_CLOEXEC);
	cleanup_fd int its = openat(proc, "1/exe", O_RDONLY | O_CLOEXEC);
	struct stat a, b;

	*ret_unshown = fstatat(proc, "1/exe", &b, 0) < 0;
	if (*ret_unshown || have_same_bytes(own, its))
		return 0;
	/* Who may not read it may still run it. */
	if (fstatat(proc, "self/exe", &a, 0) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return 0;
	text_add(why, "process 1 has the name of granit, and runs another file");
	return -ESRCH;
}

/*
 * Containers can share their processes and nothing else. Its mount namespace is not shown of a
 * process that cannot be traced, but the mounts in it are, and no two mounts have one number.
 */
static int is_of_this_container(int proc, struct text *why)
{
	char its[NAME_BYTES], own[NAME_BYTES];
	int r = read_start(proc, "1/mountinfo", its);

	if (r < 0)
		return cannot_read("1/mountinfo", r, why);
	r = read_start(proc, "self/mountinfo", own);
	if (r < 0)
		return cannot_read("self/mountinfo", r, why);
	its[strcspn(its, " ")] = own[strcspn(own, " ")] = '\0';
	if (strcmp(its, own) == 0)
		return 0;
	text_add(why, "process 1 is in another container");
	return -ESRCH;
}

/* Words that end with a NUL byte each, n bytes in all. */
static int split_words(char *text, size_t n, struct arena *a, struct command_line *ret,
		       struct text *why)
{
	size_t count = 0;

	if (n == 0 || text[n - 1] != '\0') {
		text_add(why, "%s could not be used: it %s", cmdline,
			 n ? "does not end with a NUL byte" : "is empty");
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		count += text[i] == '\0';
	*ret = (struct command_line){.argc = (int)count,
				     .argv = arena_take(a, count + 1, sizeof(*ret->argv))};
	if (!ret->argv) {
		text_add(why, "not enough memory for %s", cmdline);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		ret->argv[i] = text;
		text += strlen(text) + 1;
	}
	return 0;
}

int init_command_line(struct arena *a, struct command_line *ret, bool *ret_unshown,
		      struct text *why)
{
	cleanup_fd int proc = proc_open();
	cleanup_fd int fd = -1;
	char *text;
	size_t n;
	int r;

	if (proc < 0) {
		text_add(why, "cannot use /proc: %s",
			 proc == -EMEDIUMTYPE ? "it is not a procfs" : strerror(-proc));
		return proc;
	}
	r = is_granit(proc, why);
	if (r == 0)
		r = is_of_this_container(proc, why);
	if (r == 0)
		r = runs_granit(proc, ret_unshown, why);
	if (r < 0)
		return r;
	fd = proc_file_open(proc, "1/cmdline");
	text = arena_take(a, CMDLINE_BYTES + 1, 1);
	r = fd < 0 ? fd : text ? text_read(fd, text, CMDLINE_BYTES + 1, &n) : -ENOMEM;
	if (r == -EFBIG)
		text_add(why, "%s could not be used: it is longer than 64 kB", cmdline);
	else if (r < 0)
		return cannot_read("1/cmdline", r, why);
	return r < 0 ? r : split_words(text, n, a, ret, why);
}
