// SPDX-License-Identifier: MIT
/* --wait-for: until what the program needs is there, or the time is over. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "launch/prepare.h"
#include "net/connect.h"
#include "net/resolve.h"
#include "sys/sys.h"

enum {
	WAIT_MS = 30000,   /* for all of them, unless --timeout says otherwise */
	CONNECT_MS = 3000, /* for one attempt: a host that drops packets may come back as another */
	PAUSE_MS = 20,     /* after the first attempt; doubled after each that follows */
	PAUSE_MOST_MS = 1000,
};

static const uint64_t stopping = SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU);
/* What by default does nothing (signal(7)), or cannot be waited for. */
static const uint64_t harmless = SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) |
				 SIGNAL_BIT(SIGWINCH) | SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGKILL);

static bool is_ignored(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* What would end the program, and so ends waiting for its start. */
static uint64_t signals_that_end(const struct policy *p)
{
	uint64_t set = ~(stopping | harmless);

	for (int signal = 1; signal <= SIGNAL_LAST; signal++)
		if (is_ignored(signal))
			set &= ~SIGNAL_BIT(signal);
	/* The server that ends at WINCH is not there yet. */
	if (p->rewrite[SIGTERM] > 0)
		set |= SIGNAL_BIT(p->rewrite[SIGTERM]);
	if (p->rewrite[SIGINT] > 0)
		set |= SIGNAL_BIT(p->rewrite[SIGINT]);
	return set;
}

/* Connects and hangs up. */
static int try_address(const union address *to, struct patience *p)
{
	struct patience attempt = *p;
	cleanup_fd int fd = -1;

	patience_shorten(&attempt, CONNECT_MS);
	fd = connect_to(to, &attempt);
	p->came = attempt.came;
	return fd < 0 ? fd : 0;
}

/* A container without that family of addresses, as many are for IPv6: nothing is learnt. */
static bool is_no_way(int error)
{
	return error == -ENETUNREACH || error == -EADDRNOTAVAIL || error == -EAFNOSUPPORT;
}

static int try_host(const struct target *t, struct patience *p, struct arena *a, struct text *why)
{
	union address found[RESOLVE_MOST];
	int n = resolve(t->host, t->port, p, a, found, why), told = n;

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		int r = try_address(&found[i], p);

		if (r == 0 || r == -ECANCELED)
			return r;
		if (i == 0 || !is_no_way(r))
			told = r;
	}
	text_add(why, "%s", strerror(-told));
	return told;
}

static int try_socket(const char *path, struct patience *p, struct text *why)
{
	union address to = {.un = {.sun_family = AF_UNIX}};
	int r = text_copy(to.un.sun_path, sizeof(to.un.sun_path), path) ? try_address(&to, p)
									: -ENAMETOOLONG;

	if (r < 0)
		text_add(why, "%s", strerror(-r));
	return r;
}

static int try_file(const char *path, struct text *why)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return 0;
	text_add(why, "%s", strerror(errno));
	return -errno;
}

static int try(const struct target *t, struct patience *p, struct arena *a, struct text *why)
{
	switch (t->kind) {
	case TARGET_TCP:
		return try_host(t, p, a, why);
	case TARGET_UNIX:
		return try_socket(t->path, p, why);
	case TARGET_FILE:
		break;
	}
	return try_file(t->path, why);
}

/* Returns 0, -ETIMEDOUT with the last reason in why, or -ECANCELED. */
static int wait_for(const struct target *t, struct patience *p, struct arena *a, struct text *why)
{
	int64_t pause = PAUSE_MS;
	size_t start = why->len;
	int r;

	for (;;) {
		r = try(t, p, a, why);
		if (r == 0 || r == -ECANCELED)
			break;
		r = patience_wait(p, -1, 0, pause);
		if (r == -ECANCELED)
			break;
		if (patience_is_over(p))
			return -ETIMEDOUT;
		pause = pause < PAUSE_MOST_MS / 2 ? pause * 2 : PAUSE_MOST_MS;
		text_cut(why, start);
	}
	text_cut(why, start);
	return r;
}

static void add_time(struct text *err, int64_t ms)
{
	if (ms % 1000)
		text_add(err, "%lldms", (long long)ms);
	else
		text_add(err, "%llds", (long long)(ms / 1000));
}

static int explain_wait(const struct target *t, int r, int64_t ms, const struct patience *p,
			const char *why, struct text *err)
{
	text_add(err, "--wait-for=");
	text_add_name(err, t->word);
	if (r == -ECANCELED) {
		text_add(err, ": signal %d arrived before it was there", p->came);
		return r;
	}
	text_add(err, ": not there after ");
	add_time(err, ms);
	text_add(err, " (--timeout): %s", why);
	return r;
}

int wait_for_all(const struct policy *p, struct arena *a, int *ret_signal, struct text *err)
{
	const struct targets *waits = &p->wanted->waits;
	int64_t ms = p->timeout < 0 ? WAIT_MS : p->timeout;
	struct patience patience;
	char buf[256];
	struct text why;
	int r = 0;

	if (!waits->count)
		return 0;
	text_init(&why, buf, sizeof(buf));
	patience_begin(&patience, ms, signals_that_end(p));
	/* At a terminal one may want to stop it. */
	(void)sys_sigprocmask(SIG_UNBLOCK, &stopping, NULL);
	for (size_t i = 0; r == 0 && i < waits->count; i++) {
		r = wait_for(&waits->list[i], &patience, a, &why);
		if (r < 0)
			r = explain_wait(&waits->list[i], r, ms, &patience, buf, err);
	}
	(void)sys_sigprocmask(SIG_BLOCK, &stopping, NULL);
	*ret_signal = patience.came;
	patience_end(&patience);
	return r;
}
