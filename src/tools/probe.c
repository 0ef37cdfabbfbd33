// SPDX-License-Identifier: MIT
/*
 * --probe: connects to a socket, or requests a page and looks at the status.
 *
 * Only the loopback and local sockets: a tool that can request any page is a download tool, which
 * an image without a shell is meant not to have.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "net/connect.h"
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

/* ---- the answer */

struct reader {
	int fd;
	struct patience *patience;
	char buf[512];
	size_t at, len;
};

/* Reads more. Returns 0, or -errno; -ENODATA: the peer has hung up. */
static int receive_more(struct reader *r)
{
	for (;;) {
		/* Data may never run out: then waiting takes no time. */
		bool late = r->len && patience_is_over(r->patience);
		int error = late ? -ETIMEDOUT : patience_wait(r->patience, r->fd, POLLIN, -1);
		ssize_t n;

		if (error < 0)
			return error;
		n = recv(r->fd, r->buf, sizeof(r->buf), 0);
		if (n == 0)
			return -ENODATA;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n < 0)
			continue;
		r->at = 0;
		r->len = (size_t)n;
		return 0;
	}
}

/* The next byte, or -errno. */
static int next(struct reader *r)
{
	int error = r->at == r->len ? receive_more(r) : 0;

	return error < 0 ? error : (unsigned char)r->buf[r->at++];
}

/* Parses "HTTP/1.1 200 " (RFC 9112, 4) and the end of the line. Returns the status, or -EPROTO. */
static int read_status(struct reader *r)
{
	static const char shape[] = "HTTP/1.d ddd";
	int status = 0, c;

	for (size_t i = 0; i < strlen(shape); i++) {
		bool digit;

		c = next(r);
		if (c < 0)
			return c;
		digit = c >= '0' && c <= '9';
		if (shape[i] == 'd' ? !digit : c != shape[i])
			return -EPROTO;
		if (i > 8)
			status = status * 10 + (c - '0');
	}
	c = next(r);
	/* It ends the line, which skip_head() has to see. */
	if (c == '\n')
		r->at--;
	return c < 0 ? c : c == ' ' || c == '\r' || c == '\n' ? status : -EPROTO;
}

/* Skips the rest of a head whose status was read, with the empty line that ends it. */
static int skip_head(struct reader *r)
{
	/* The remainder of the first line does not count as an empty one. */
	for (size_t len = 1;;) {
		int c = next(r);

		if (c < 0)
			return c;
		if (c == '\n' && len == 0)
			return 0;
		if (c == '\n')
			len = 0;
		else if (c != '\r')
			len++;
	}
}

/*
 * "A client MUST be able to parse one or more 1xx responses received prior to a final response"
 * (RFC 9110, 15.2). 101 is an exception: nobody asked to switch protocols.
 */
static int read_final_status(struct reader *r)
{
	for (;;) {
		int status = read_status(r), error;

		if (status < 100 || status > 199 || status == 101)
			return status;
		error = skip_head(r);
		if (error < 0)
			return error;
	}
}

/* The status of the page, or -errno. */
static int get_status(int fd, const char *page, struct patience *p)
{
	struct reader answer = {.fd = fd, .patience = p};
	char buf[2048];
	struct text t;
	int r;

	text_init(&t, buf, sizeof(buf));
	text_add(&t,
		 "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: granit/" GRANIT_VERSION
		 "\r\nAccept: */*\r\nConnection: close\r\n\r\n",
		 page);
	if (t.cut)
		return -ENAMETOOLONG;
	r = send_all(fd, &t, p);
	/* The server may have answered and hung up before reading the whole request. */
	if (r < 0 && r != -EPIPE && r != -ECONNRESET)
		return r;
	return read_final_status(&answer);
}

static void add_reason(struct text *why, int error, const struct patience *p, const char *doing)
{
	if (error == -ECANCELED)
		text_add(why, "signal %d came before the answer", p->came);
	else if (error == -ETIMEDOUT)
		text_add(why, "no answer in time while %s; --timeout sets how long to wait", doing);
	else if (error == -ENODATA)
		text_add(why, "it hung up before its answer was complete");
	else if (error == -EPROTO)
		text_add(why, "what answers is not an HTTP/1 server");
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
	status = get_status(fd, t->page, p);
	if (status < 0) {
		add_reason(why, status, p, "asking for the page");
		return status;
	}
	if (status >= 200 && status < 400)
		return 0;
	text_add(why, "the answer is %d; 200 to 399 would be healthy", status);
	return -EBADMSG;
}
