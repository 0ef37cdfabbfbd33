// SPDX-License-Identifier: MIT
/* The seccomp filter that tells of calls instead of refusing them (seccomp_unotify(2)). */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "learn/learnt.h"

/* Since 5.0, 5.5 and 5.19. */
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define OWN_ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define OWN_ARCH AUDIT_ARCH_ARM
#elif defined(__riscv)
#define OWN_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__)
#define OWN_ARCH AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define OWN_ARCH AUDIT_ARCH_S390X
#else
#error "add this architecture"
#endif

enum { LOW_HALF = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0 };
enum { ROW_LENGTH = 6, TELLING_LENGTH = 4, TELLING_ROWS = 128 };

struct telling {
	struct sock_filter insns[TELLING_LENGTH + ROW_LENGTH * TELLING_ROWS];
	unsigned short len;
};

static void emit_telling(struct telling *f, uint16_t op, uint32_t k, uint8_t jt, uint8_t jf)
{
	f->insns[f->len++] = (struct sock_filter){.code = op, .jt = jt, .jf = jf, .k = k};
}

static bool is_last_of_call(const struct watched_call *c)
{
	for (const struct watched_call *d = c + 1; d < watched_calls + watched_calls_count; d++)
		if (d->number == c->number)
			return false;
	return true;
}

/* The number is loaded, before and afterwards, if there is an afterwards. */
static void tell_of_row(struct telling *f, const struct watched_call *c)
{
	const uint32_t number = (uint32_t)c->number;
	const uint32_t at = (uint32_t)offsetof(struct seccomp_data, args) + c->argument * 8U;

	if (c->test == TEST_NOTHING) {
		emit_telling(f, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		emit_telling(f, BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
		return;
	}
	emit_telling(f, BPF_JMP | BPF_JEQ | BPF_K, number, 0, c->test == TEST_EQUAL ? 5 : 4);
	emit_telling(f, BPF_LD | BPF_W | BPF_ABS, at + LOW_HALF, 0, 0);
	if (c->test == TEST_EQUAL) {
		emit_telling(f, BPF_ALU | BPF_AND | BPF_K, c->mask, 0, 0);
		emit_telling(f, BPF_JMP | BPF_JEQ | BPF_K, c->value, 0, 1);
	} else {
		emit_telling(f, BPF_JMP | BPF_JSET | BPF_K, c->mask, 0, 1);
	}
	emit_telling(f, BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
	if (is_last_of_call(c))
		emit_telling(f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	else
		emit_telling(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
}

static void tell_of_all(struct telling *f)
{
	f->len = 0;
	emit_telling(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	emit_telling(f, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0);
	emit_telling(f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	emit_telling(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	for (size_t i = 0; i < watched_calls_count; i++)
		tell_of_row(f, &watched_calls[i]);
	emit_telling(f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

/* The descriptor, or -errno. With fewer flags where the kernel knows fewer. */
static int listener_of(const struct sock_fprog *program)
{
	static const unsigned long flags[] = {
		SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	};
	long fd = -1;

	for (size_t i = 0; i < array_length(flags); i++) {
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			     SECCOMP_FILTER_FLAG_NEW_LISTENER | flags[i], program);
		if (fd >= 0 || errno != EINVAL)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

/*
 * Whether answers may say that the call goes on (5.5): to one that nobody waits for. With a filter
 * that tells of nothing, for one that did could not be taken back.
 */
static int can_let_go_on(void)
{
	struct sock_filter all = {.code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW};
	const struct sock_fprog program = {.len = 1, .filter = &all};
	cleanup_fd int fd = listener_of(&program);
	struct seccomp_notif_resp answer = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	if (fd < 0)
		return fd;
	return ioctl(fd, (int)SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno == ENOENT ? 0
											: -EINVAL;
}

static int new_listener(struct learnt *n)
{
	struct telling f;
	struct sock_fprog program = {.filter = f.insns};
	int r = can_let_go_on();

	n->deaf = "seccomp(2) with a listener (Linux 5.5; EBUSY: the engine listens already)";
	if (r == -EACCES && !n->policy->allow_new_privs) {
		(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		r = can_let_go_on();
	}
	if (r < 0)
		return r;
	tell_of_all(&f);
	program.len = f.len;
	return listener_of(&program);
}

/* Returns 0 or -errno. */
static int send_listener(int socket, int fd)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char nothing = 0;
	struct iovec part = {&nothing, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.bytes)};

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Whoever has it answers with a byte, or closes its end. Returns 0 or -errno. */
static int wait_for_receiver(int socket)
{
	char answer;
	ssize_t n;

	do {
		n = recv(socket, &answer, sizeof(answer), 0);
	} while (n < 0 && errno == EINTR);
	return n > 0 ? 0 : n < 0 ? -errno : -ECONNRESET;
}

bool learn_filter_install(struct learnt *n, int socket)
{
	cleanup_fd int fd = new_listener(n);
	int r = 0;

	if (fd < 0) {
		n->deaf_error = -fd;
		return true;
	}
	n->deaf = NULL;
	for (size_t i = 0; i < LEARN_RECEIVERS && r == 0; i++)
		r = send_listener(socket, fd);
	for (size_t i = 0; i < LEARN_RECEIVERS && r == 0; i++)
		r = wait_for_receiver(socket);
	if (r < 0 && !n->cut_off)
		n->cut_off = -r;
	return r == 0;
}

_Static_assert(ROW_LENGTH *TELLING_ROWS + TELLING_LENGTH < BPF_MAXINSNS, "one filter");
