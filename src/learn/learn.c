// SPDX-License-Identifier: MIT
/*
 * --learn: its processes. What the listener looks at is held up by it, and by nothing else: process
 * 1 has the same descriptor, and lets everything go on if the listener comes to a bad end.
 */
#include "learn/learn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "launch/terminal.h"
#include "learn/learnt.h"
#include "report/say.h"
#include "sys/below.h"
#include "sys/clock.h"
#include "sys/exit.h"

enum { PATIENCE_MS = 2000 /* for the reader of standard error */ };

/* One of the two that do nothing but pass on. */
struct relay {
	struct learnt *n;
	struct log *log;
	const struct policy *policy;
	pid_t child;
	int signals;
	int socket;   /* where the listener's descriptor comes from; -1: it came, or never will */
	int notices;  /* that descriptor; -1: there is none */
	bool listens; /* it looks at what comes */
	bool answers; /* or lets it go on without a look */
	int status;   /* of the child, as waitpid(2) has it */
	bool ended;
	bool told; /* by a signal that somebody sent: it may have ended for that */
};

/* ---- the report */

/* From its beginning: what came on USR1 is not to be read as the last word. */
static int write_report_file(int file, const struct text *t)
{
	struct stat st;

	if (fstat(file, &st) == 0 && S_ISREG(st.st_mode) &&
	    (ftruncate(file, 0) < 0 || lseek(file, 0, SEEK_SET) < 0))
		return -errno;
	return text_write(t, file);
}

static void report_learnt(const struct relay *r)
{
	struct learnt *n = learnt_copy(r->n);
	struct arena a = {0};
	struct text t;
	size_t room;
	char *buf = arena_rest(&a, &room);
	int w;

	if (!n || !buf) {
		say(r->log, "--learn: not enough memory for the report");
		return;
	}
	walk_after(n);
	text_init(&t, buf, room);
	learn_report(&t, n);
	r->log->patience = PATIENCE_MS;
	w = n->file < 0 ? log_write(r->log, &t) : write_report_file(n->file, &t);
	if (w < 0 && n->file >= 0)
		say(r->log, "--learn: cannot write the report: %s", strerror(-w));
	arena_unmap(&a);
}

/* A first look, by a process of its own: nobody waits for it. */
static void report_meanwhile(const struct relay *r)
{
	pid_t pid = _Fork();

	if (pid != 0)
		return;
	report_learnt(r);
	_exit(0);
}

/* ---- passing on */

/* It comes twice: what both wait for is theirs once. */
static void take_listener(struct relay *r)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char nothing;
	struct iovec part = {&nothing, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control.bytes)};
	ssize_t n = recvmsg(r->socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && CMSG_FIRSTHDR(&message)) {
		memcpy(&r->notices, CMSG_DATA(&control.head), sizeof(r->notices));
		n = send(r->socket, &nothing, sizeof(nothing), MSG_NOSIGNAL);
	} else if (n > 0) {
		/* unix(7): what there is no descriptor left for is dropped. */
		errno = EMFILE;
		n = -1;
	}
	if (n < 0)
		r->n->cut_off = errno;
	(void)close(r->socket);
	r->socket = -1;
}

static void collect_children(struct relay *r)
{
	int status;
	pid_t pid;

	while ((pid = child_next(&status)) > 0) {
		if (pid != r->child)
			continue;
		if (WIFSTOPPED(status)) {
			terminal_stop_with(r->child, WSTOPSIG(status));
		} else {
			r->status = status;
			r->ended = true;
		}
	}
}

static void pass_signals_on(struct relay *r)
{
	int batch[SIGNAL_BATCH];
	size_t count = signals_read(r->signals, batch);

	for (size_t i = 0; i < count; i++) {
		if (batch[i] == SIGCHLD)
			collect_children(r);
		else if (batch[i] == SIGUSR1 && (r->listens || r->answers))
			report_meanwhile(r);
		else {
			r->told = true;
			(void)kill(r->child, batch[i]);
		}
	}
}

/* Until the child has ended. */
static void relay_until_end(struct relay *r)
{
	while (!r->ended) {
		const bool reads = r->listens || r->answers;
		struct pollfd fds[] = {{.fd = r->signals, .events = POLLIN},
				       {.fd = r->socket, .events = POLLIN},
				       {.fd = reads ? r->notices : -1, .events = POLLIN}};

		if (poll(fds, array_length(fds), -1) <= 0)
			continue;
		if (fds[0].revents)
			pass_signals_on(r);
		if (fds[1].revents)
			take_listener(r);
		if (fds[2].revents & POLLIN) {
			if (!(r->listens ? listen_once(r->n, r->notices)
					 : listen_blindly(r->n, r->notices)))
				r->notices = -1;
		} else if (fds[2].revents) {
			/* All that had the filter have ended. */
			r->notices = -1;
		}
	}
}

static int status_of(const struct relay *r)
{
	return WIFSIGNALED(r->status) ? EXIT_SIGNAL_BASE + WTERMSIG(r->status)
				      : WEXITSTATUS(r->status);
}

/* ---- process 1 */

/*
 * The listener was killed: what it held up goes on, and process 1 has its child now, and reports
 * in its place.
 */
static void take_over(struct relay *r)
{
	struct learnt *n = r->n;
	int killed_by = WTERMSIG(r->status), status;

	if (r->notices >= 0)
		listen_answer_pending(n, r->notices);
	n->listener_died = killed_by;
	r->child = n->supervisor;
	r->answers = true;
	r->ended = false;
	/* It may have ended already, and been collected: then there is nobody to wait for. */
	switch (waitpid(r->child, &status, WNOHANG)) {
	case 0:
		relay_until_end(r);
		break;
	case -1:
		return;
	default:
		r->status = status;
	}
	n->failed = r->told ? 0 : status_of(r);
	report_learnt(r);
}

static int be_process_1(struct relay *r)
{
	relay_until_end(r);
	if (!r->n->finished && WIFSIGNALED(r->status) && r->n->supervisor)
		take_over(r);
	return status_of(r);
}

/* ---- the listener */

static int be_listener(struct relay *r)
{
	/* In gVisor a descriptor tells of the signals of whoever opened it. */
	int own = signals_open();

	if (own >= 0) {
		close_fd(&r->signals);
		r->signals = own;
	}
	r->listens = true;
	relay_until_end(r);
	/* Where the program was not started there is nothing to tell. */
	r->n->failed = r->told ? 0 : status_of(r);
	if (r->n->cut_off)
		fail(r->log, r->policy,
		     "--learn: cannot hand over what it listens with: %s: raise the limits of "
		     "memory and files; the program was not started",
		     strerror(r->n->cut_off));
	else if (r->n->program)
		report_learnt(r);
	r->n->finished = true;
	return status_of(r);
}

/* ---- the program's own process */

static int in_program(void *arg, bool failed)
{
	struct learnt *n = arg;

	n->program = failed ? 0 : getpid();
	return failed || learn_filter_install(n, n->far_end) ? 0 : EXIT_GRANIT;
}

/* ---- the start */

static int open_report_file(struct log *log, const struct policy *p, struct learnt *n)
{
	char why[PATH_MAX];
	struct text t;

	if (!p->learn_file)
		return 0;
	n->file = open_no_links(p->learn_file, O_WRONLY | O_CREAT | O_NOCTTY);
	if (n->file >= 0)
		return 0;
	text_init(&t, why, sizeof(why));
	text_add_name(&t, p->learn_file);
	fail(log, p, "--learn: cannot write to %s: %s", why, strerror(-n->file));
	return n->file;
}

/* Returns 0; or -errno, having said why. */
static int prepare_to_learn(struct relay *r)
{
	int sockets[2];

	if (open_report_file(r->log, r->policy, r->n) < 0)
		return -EINVAL;
	r->signals = signals_open();
	if (r->signals < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
		fail(r->log, r->policy,
		     "--learn: cannot get a descriptor: raise the limit of files");
		return -EMFILE;
	}
	r->socket = sockets[0];
	r->n->far_end = sockets[1];
	/* For the case that it takes over. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	walk_before(r->n);
	r->n->start_ms = clock_ms();
	return 0;
}

/* Makes a child of this process. Returns whether this is the parent, with its status when it
 * ends. */
static bool split(struct relay *r, int (*parent)(struct relay *), pid_t *ret_shared,
		  int *ret_status)
{
	pid_t pid = child_fork();

	if (pid == 0)
		return false;
	*ret_status = EXIT_GRANIT;
	if (pid < 0) {
		fail(r->log, r->policy, "--learn: cannot make a process: %s", strerror(-pid));
		return true;
	}
	/* Nobody sends any more when the program's own process has not. */
	(void)close(r->n->far_end);
	r->child = pid;
	if (ret_shared)
		*ret_shared = pid;
	*ret_status = parent(r);
	return true;
}

bool learn(struct log *log, const struct policy *p, const struct mount_table *mounts,
	   struct launch *l, int *ret_status)
{
	struct relay r = {.log = log, .policy = p, .socket = -1, .notices = -1};

	*ret_status = EXIT_GRANIT;
	r.n = learnt_new(p, mounts);
	if (!r.n) {
		fail(log, p, "--learn: cannot get memory: raise the memory limit");
		return true;
	}
	if (prepare_to_learn(&r) < 0)
		return true;
	l->granit = getpid();
	l->apart = in_program;
	l->apart_arg = r.n;
	if (split(&r, be_process_1, NULL, ret_status) ||
	    split(&r, be_listener, &r.n->supervisor, ret_status))
		return true;
	/* Theirs alone: it has to close when they end. */
	close_fd(&r.socket);
	/* The listener's end is not the end of what it listens to. */
	child_let_go();
	return false;
}
