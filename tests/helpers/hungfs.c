/* SPDX-License-Identifier: MIT */
/*
 * hungfs [--pid PID] [--hung] [--swallow] [--delay MS] DIR
 *
 * A file system that stops answering, as that of a dead server does: mounted on DIR, for the mount
 * namespace of PID if one is given. It holds one file, `file`. Prints "mounted", and after these
 * signals "hung" and "answers":
 *
 *	USR1	from now on nothing is answered
 *	USR2	it is again, and what waited gets its answer
 *	TERM	takes the mount away and ends; whoever waits gets an error
 *
 *	--hung		nothing is answered from the start
 *	--swallow	requests are taken in and kept, not left where they are: who waits for the
 *			answer cannot even be killed
 *	--delay MS	each answer takes that long
 *
 * It ends with whoever started it, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	BUFFER = 128 * 1024 + 4096, /* the kernel wants room for the largest request */
	MAX_HELD = 256,
	FILE_NODE = 2,
	PROTOCOL_MINOR = 31,
};

static const char content[] = "hungfs\n";
static const char file_name[] = "file";

struct request {
	struct fuse_in_header header;
	char body[512]; /* as much as is ever looked at */
};

struct server {
	int fd;
	bool hung;
	bool swallows;
	long delay;
	struct request held[MAX_HELD];
	size_t held_count;
};

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "hungfs: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- answers */

static void answer(const struct server *s, const struct request *r, int error, const void *body,
		   size_t size)
{
	char buffer[4096];
	struct fuse_out_header header = {.len = (uint32_t)(sizeof(header) + size),
					 .error = -error,
					 .unique = r->header.unique};

	memcpy(buffer, &header, sizeof(header));
	if (size > 0)
		memcpy(buffer + sizeof(header), body, size);
	/* ENOENT: who asked was interrupted. */
	(void)!write(s->fd, buffer, sizeof(header) + size);
}

/* Nothing may be kept in a cache: each look has to ask. */
static struct fuse_attr attributes(uint64_t node)
{
	bool is_file = node == FILE_NODE;

	return (struct fuse_attr){
		.ino = node,
		.mode = is_file ? S_IFREG | 0644 : S_IFDIR | 0755,
		.nlink = is_file ? 1 : 2,
		.size = is_file ? sizeof(content) - 1 : 0,
		.blksize = 4096,
	};
}

static void answer_init(const struct server *s, const struct request *r)
{
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION, .minor = PROTOCOL_MINOR, .max_write = 4096};

	answer(s, r, 0, &out, sizeof(out));
}

static void answer_lookup(const struct server *s, const struct request *r)
{
	struct fuse_entry_out out = {.nodeid = FILE_NODE, .attr = attributes(FILE_NODE)};

	if (r->header.nodeid != FUSE_ROOT_ID || strcmp(r->body, file_name) != 0)
		answer(s, r, ENOENT, NULL, 0);
	else
		answer(s, r, 0, &out, sizeof(out));
}

static void answer_readdir(const struct server *s, const struct request *r)
{
	char buffer[FUSE_NAME_OFFSET + sizeof(file_name) + 8] = {0};
	struct fuse_dirent entry = {.ino = FILE_NODE,
				    .off = 1,
				    .namelen = sizeof(file_name) - 1,
				    .type = S_IFREG >> 12};
	struct fuse_read_in in;

	memcpy(&in, r->body, sizeof(in));
	memcpy(buffer, &entry, FUSE_NAME_OFFSET);
	memcpy(buffer + FUSE_NAME_OFFSET, file_name, sizeof(file_name) - 1);
	answer(s, r, 0, buffer,
	       in.offset > 0 ? 0 : FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + sizeof(file_name) - 1));
}

static void answer_read(const struct server *s, const struct request *r)
{
	size_t size = sizeof(content) - 1;
	struct fuse_read_in in;

	memcpy(&in, r->body, sizeof(in));
	if (in.offset >= size)
		size = 0;
	else if (in.offset > 0)
		size -= (size_t)in.offset;
	answer(s, r, 0, content + in.offset % sizeof(content), size);
}

static void serve(const struct server *s, const struct request *r)
{
	struct fuse_attr_out attr = {.attr = attributes(r->header.nodeid)};
	struct fuse_statfs_out statfs = {.st = {.bsize = 4096, .frsize = 4096, .namelen = 255}};
	struct fuse_open_out opened = {0};

	if (s->delay > 0)
		nanosleep(&(struct timespec){.tv_sec = s->delay / 1000,
					     .tv_nsec = s->delay % 1000 * 1000000},
			  NULL);
	switch (r->header.opcode) {
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	case FUSE_INIT:
		answer_init(s, r);
		return;
	case FUSE_LOOKUP:
		answer_lookup(s, r);
		return;
	case FUSE_GETATTR:
		answer(s, r, 0, &attr, sizeof(attr));
		return;
	case FUSE_STATFS:
		answer(s, r, 0, &statfs, sizeof(statfs));
		return;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(s, r, 0, &opened, sizeof(opened));
		return;
	case FUSE_READDIR:
		answer_readdir(s, r);
		return;
	case FUSE_READ:
		answer_read(s, r);
		return;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
	case FUSE_DESTROY:
		answer(s, r, 0, NULL, 0);
		return;
	default:
		answer(s, r, ENOSYS, NULL, 0);
	}
}

/* ---- requests */

/* Returns false when the mount is gone. */
static bool take_request(struct server *s)
{
	static char buffer[BUFFER];
	struct request r = {0};
	ssize_t n = read(s->fd, buffer, sizeof(buffer));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN || errno == ENOENT;
	memcpy(&r, buffer, (size_t)n < sizeof(r) ? (size_t)n : sizeof(r));
	if (!s->hung)
		serve(s, &r);
	else if (s->held_count < MAX_HELD)
		s->held[s->held_count++] = r;
	return true;
}

static void answer_again(struct server *s)
{
	s->hung = false;
	for (size_t i = 0; i < s->held_count; i++)
		serve(s, &s->held[i]);
	s->held_count = 0;
}

/* Returns false when it is to end. */
static bool take_signal(struct server *s, int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return true;
	switch (info.ssi_signo) {
	case SIGUSR1:
		s->hung = true;
		puts("hung");
		return true;
	case SIGUSR2:
		answer_again(s);
		puts("answers");
		return true;
	default:
		return false;
	}
}

static void run(struct server *s, int signals)
{
	struct pollfd polled[] = {{.fd = signals, .events = POLLIN}, {.events = POLLIN}};

	for (;;) {
		polled[1].fd = s->hung && !s->swallows ? -1 : s->fd;
		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[0].revents != 0 && !take_signal(s, signals))
			return;
		if (polled[0].revents == 0 && polled[1].revents != 0 && !take_request(s))
			return;
	}
}

/* ---- the mount */

static void enter(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNS) != 0)
		fail(path);
	close(fd);
}

/* Before the first request is read: with --hung not even the first is answered. */
static void mount_on(const struct server *s, const char *dir)
{
	char options[128];

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 s->fd);
	if (mount("hungfs", dir, "fuse", MS_NOSUID | MS_NODEV, options) != 0)
		fail(dir);
}

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
	static struct server s;
	const char *pid = NULL;
	char **arg = argv + 1;
	int signals;

	(void)argc;
	for (; arg[0] != NULL && arg[1] != NULL; arg++) {
		if (strcmp(*arg, "--hung") == 0)
			s.hung = true;
		else if (strcmp(*arg, "--swallow") == 0)
			s.swallows = true;
		else if (strcmp(*arg, "--delay") == 0)
			s.delay = strtol(*++arg, NULL, 10);
		else if (strcmp(*arg, "--pid") == 0)
			pid = *++arg;
		else
			break;
	}
	if (arg[0] == NULL || arg[1] != NULL) {
		fputs("usage: hungfs [--pid PID] [--hung] [--swallow] [--delay MS] DIR\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	signals = block_signals();
	/* Not below the namespace's own /dev, which has none. */
	s.fd = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (s.fd < 0)
		fail("/dev/fuse");
	if (pid != NULL)
		enter(pid);
	mount_on(&s, *arg);
	puts("mounted");
	run(&s, signals);
	/* Without the descriptor nobody waits any more, and then taking it away does not. */
	close(s.fd);
	(void)umount2(*arg, MNT_DETACH);
	return 0;
}
