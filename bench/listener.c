/*
 * A server beside a program: listens on the loopback, accepts, hangs up.
 *
 *	listener PORT PROGRAM [ARG]...
 *
 * PROGRAM takes this process's place. The server naps between batches: were it woken by each
 * connection, who connects would be measured with its wake-up.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "bench.h"

const char *const tool = "listener";

static int listen_on(unsigned int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 4096) < 0)
		die("cannot listen on port %u", port);
	return fd;
}

__attribute__((noreturn)) static void serve(int fd)
{
	const struct timespec nap = {.tv_nsec = 50000000};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (peer >= 0)
			close(peer);
		else
			nanosleep(&nap, NULL);
	}
}

int main(int argc, char **argv)
{
	pid_t pid;
	int fd;

	if (argc < 3)
		die_usage("usage: listener PORT PROGRAM [ARG]...");
	fd = listen_on(parse_number("PORT", argv[1]));
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		serve(fd);
	close(fd);
	execv(argv[2], argv + 2);
	die("cannot run %s", argv[2]);
}
