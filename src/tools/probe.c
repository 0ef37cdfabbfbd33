// SPDX-License-Identifier: MIT
/*
 * Only the loopback and sockets of this host: what can ask anybody for a page is a download tool,
 * and that an image without a shell had none is why it has none.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "tools/connect.h"
#include "tools/tools.h"

static int connect_loopback(uint16_t port, struct patience *p)
{
	static const char *const loopback[] = {"127.0.0.1", "::1"};
	int first = 0;

	for (size_t i = 0; i < array_length(loopback); i++) {
		union address a;
		int fd = address_parse(loopback[i], port, &a);

		if (fd == 0)
			fd = connect_to(&a, p);
		if (fd >= 0)
			return fd;
		if (!first)
			first = fd;
		if (fd == -ETIMEDOUT || fd == -ECANCELED)
			break;
	}
	return first;
}

static int send_all(int fd, const struct text *t, struct patience *p)
{
	for (size_t sent = 0; sent < t->len;) {
		ssize_t n = send(fd, t->buf + sent, t->len - sent, MSG_NOSIGNAL);
		int r;

		if (n >= 0) {
			sent += (size_t)n;
			continue;
		}
		if (errno != EAGAIN)
			return -errno;
		r = patience_wait(p, fd, POLLOUT, -1);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The first size bytes of the answer; what comes behind them nobody reads. */
static int receive(int fd, char *buf, size_t size, struct patience *p, size_t *ret_len)
{
	for (*ret_len = 0; *ret_len < size;) {
		int r = patience_wait(p, fd, POLLIN, -1);
		ssize_t n;

		if (r < 0)
			return r;
		n = recv(fd, buf + *ret_len, size - *ret_len, 0);
		if (n == 0)
			return 0;
		if (n > 0)
			*ret_len += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

/* "HTTP/1.1 200 " (RFC 9112, 4): the status, or -EPROTO. */
static int read_status(const char *s, size_t len)
{
	static const char shape[] = "HTTP/1.d ddd";
	int status = 0;

	if (len <= strlen(shape) || !strchr(" \r\n", s[strlen(shape)]))
		return -EPROTO;
	for (size_t i = 0; i < strlen(shape); i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';

		if (shape[i] == 'd' ? !digit : s[i] != shape[i])
			return -EPROTO;
		if (i > 8)
			status = status * 10 + (s[i] - '0');
	}
	return status;
}

/* The status of the page, or -errno. */
static int ask(int fd, const char *page, struct patience *p)
{
	char buf[2048], answer[sizeof("HTTP/1.1 200 ") - 1];
	struct text t;
	size_t len = 0;
	int r;

	text_init(&t, buf, sizeof(buf));
	text_add(&t,
		 "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: granit/" GRANIT_VERSION
		 "\r\nAccept: */*\r\nConnection: close\r\n\r\n",
		 page);
	if (t.cut)
		return -ENAMETOOLONG;
	r = send_all(fd, &t, p);
	if (r == 0)
		r = receive(fd, answer, sizeof(answer), p, &len);
	return r < 0 ? r : read_status(answer, len);
}

static void add_reason(struct text *why, int error, const struct patience *p, const char *doing)
{
	if (error == -ECANCELED)
		text_add(why, "signal %d came before the answer", p->came);
	else if (error == -ETIMEDOUT)
		text_add(why, "no answer in time while %s; --timeout sets how long to wait", doing);
	else if (error == -EPROTO)
		text_add(why, "what answers there is no HTTP/1 server");
	else
		text_add(why, "failed while %s: %s", doing, strerror(-error));
}

int probe_target(const struct target *t, struct patience *p, struct text *why)
{
	cleanup_fd int fd =
		t->kind == TARGET_UNIX ? connect_unix(t->path, p) : connect_loopback(t->port, p);
	int status;

	if (fd < 0) {
		add_reason(why, fd, p, "connecting");
		return fd;
	}
	if (!t->http)
		return 0;
	status = ask(fd, t->page, p);
	if (status < 0) {
		add_reason(why, status, p, "asking for the page");
		return status;
	}
	if (status >= 200 && status < 400)
		return 0;
	text_add(why, "the answer is %d; 200 to 399 would be healthy", status);
	return -EBADMSG;
}
