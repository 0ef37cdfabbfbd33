/* SPDX-License-Identifier: MIT */
/*
 * hello [PORT]: a web server as small as a real one can be, for an image that holds nothing else.
 *
 *	GET /		a line of text
 *	GET /healthz	"ok", for health probes
 *
 * One client after the other, each with five seconds in all, so that a slow one cannot hold the
 * others up for long. TERM or INT ends it with status 0.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_PORT = 8080, CLIENT_MS = 5000, BACKLOG = 64 };

static const struct page {
	const char *path;
	const char *text;
} pages[] = {
	{"/", "Hello from a container that cannot be changed.\n"},
	{"/healthz", "ok\n"},
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until fd is ready for the events. False: time is up, or a signal says to stop. */
static bool wait_for(int fd, short events, int signals, int64_t deadline)
{
	struct pollfd polled[] = {{.fd = fd, .events = events}, {.fd = signals, .events = POLLIN}};
	int ready;

	do {
		int64_t left = deadline - now_ms();

		ready = poll(polled, 2, deadline == 0 ? -1 : left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0 && polled[1].revents == 0;
}

/* Reads up to the empty line that ends a request's head; its body, if any, is of no interest. */
static bool read_head(int client, int signals, int64_t deadline, char *head, size_t size)
{
	size_t len = 0;

	while (len < size - 1 && wait_for(client, POLLIN, signals, deadline)) {
		ssize_t n = read(client, head + len, size - 1 - len);

		if (n <= 0)
			break;
		len += (size_t)n;
		head[len] = '\0';
		if (strstr(head, "\r\n\r\n") != NULL)
			return true;
	}
	return false;
}

static void write_all(int client, int signals, int64_t deadline, const char *text, size_t len)
{
	while (len > 0 && wait_for(client, POLLOUT, signals, deadline)) {
		ssize_t n = send(client, text, len, MSG_NOSIGNAL);

		if (n < 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* What is asked for: the page, or an error's. Cuts the head into words. */
static const char *find_page(char *head, const char **ret_status, bool *ret_head_only)
{
	char *rest = NULL;
	const char *method = strtok_r(head, " ", &rest);
	char *path = strtok_r(NULL, " \r", &rest);

	*ret_head_only = method != NULL && strcmp(method, "HEAD") == 0;
	if (method == NULL || path == NULL) {
		*ret_status = "400 Bad Request";
		return "That is no request.\n";
	}
	if (strcmp(method, "GET") != 0 && !*ret_head_only) {
		*ret_status = "405 Method Not Allowed\r\nAllow: GET, HEAD";
		return "Only GET and HEAD are answered.\n";
	}
	path[strcspn(path, "?")] = '\0';
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(path, pages[i].path) == 0) {
			*ret_status = "200 OK";
			return pages[i].text;
		}
	}
	*ret_status = "404 Not Found";
	return "There is no such page.\n";
}

static void serve_client(int client, int signals)
{
	int64_t deadline = now_ms() + CLIENT_MS;
	char head[4096], answer[1024];
	const char *status, *text;
	bool head_only;
	int len;

	if (!read_head(client, signals, deadline, head, sizeof(head)))
		return;
	text = find_page(head, &status, &head_only);
	len = snprintf(answer, sizeof(answer),
		       "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
		       "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		       status, strlen(text), head_only ? "" : text);
	write_all(client, signals, deadline, answer, (size_t)len);
}

static int open_port(uint16_t port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_ANY),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1;

	if (fd < 0)
		return -1;
	/* A server that is started again need not wait for the old one's connections to time out.
	 */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_signals(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	return signalfd(-1, &stop, SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long port = argc > 1 ? strtoul(argv[1], &end, 10) : DEFAULT_PORT;
	int server, signals;

	if (argc > 2 || (end != NULL && (end == argv[1] || *end != '\0')) || port < 1 ||
	    port > UINT16_MAX) {
		fputs("usage: hello [PORT], a number from 1 to 65535\n", stderr);
		return 2;
	}
	signals = open_signals();
	server = open_port((uint16_t)port);
	if (signals < 0 || server < 0) {
		fprintf(stderr, "hello: cannot listen on port %lu: %s\n", port, strerror(errno));
		return 1;
	}
	printf("hello: listening on port %lu\n", port);
	fflush(stdout);
	while (wait_for(server, POLLIN, signals, 0)) {
		int client = accept4(server, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client < 0)
			continue;
		serve_client(client, signals);
		close(client);
	}
	puts("hello: stopped");
	return 0;
}
