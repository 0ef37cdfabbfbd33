/* SPDX-License-Identifier: MIT */
/* The verbs of the probe that run on: signals, children, network. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"
#include "words.h"

/* ---- signals */

/* By the bare calls: musl keeps signals 32 to 34 from its callers. */
static void block_all(void)
{
	const uint64_t all = ~UINT64_C(0);

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
}

static int next_signal(void)
{
	const uint64_t all = ~UINT64_C(0);
	long got;

	do {
		got = syscall(SYS_rt_sigtimedwait, &all, NULL, NULL, sizeof(all));
	} while (got < 0);
	return (int)got;
}

static void print_signal(int number)
{
	if (number >= 32)
		printf("RT %d\n", number);
	else
		printf("%s %d\n", word_name(WORD_SIGNAL, number), number);
}

int do_trap(char **args)
{
	long count = args[0] == NULL ? 0 : number_of(args[0]);
	int quits = 0;

	block_all();
	puts("ready");
	for (long seen = 1;; seen++) {
		int number = next_signal();

		print_signal(number);
		quits = number == SIGQUIT ? quits + 1 : 0;
		if (seen == count || quits == 2)
			return 0;
	}
}

/* ---- children */

static int zombies(void)
{
	char path[64];
	char line[512];
	int count = 0;
	DIR *dir = opendir("/proc");

	if (dir == NULL)
		return -1;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		const char *state;
		ssize_t n;
		int fd;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, line, sizeof(line) - 1);
		close(fd);
		line[n > 0 ? n : 0] = '\0';
		state = strrchr(line, ')');
		count += state != NULL && state[1] == ' ' && state[2] == 'Z';
	}
	closedir(dir);
	return count;
}

int do_zombies(char **args)
{
	(void)args;
	printf("zombies %d\n", zombies());
	return 0;
}

int do_orphans(char **args)
{
	long count = number_of(args[0]);
	long ms = args[1] == NULL ? 0 : number_of(args[1]);
	int left = 0;
	int ends[2];
	char byte;

	if (pipe(ends) != 0)
		return told("pipe", -1);
	for (long i = 0; i < count; i++) {
		pid_t child = fork_or_die();

		if (child == 0) {
			if (fork_or_die() == 0)
				pause_ms(ms);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	close(ends[1]);
	/* The end of the pipe is the end of the last orphan. */
	while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
		;
	for (int i = 0; i < 100 && (left = zombies()) > 0; i++)
		pause_ms(20);
	printf("zombies %d\n", left);
	return 0;
}

int do_linger(char **args)
{
	bool deaf = args[1] != NULL && strcmp(args[1], "deaf") == 0;
	struct timespec time = {.tv_sec = number_of(args[0])};
	const uint64_t term = UINT64_C(1) << (SIGTERM - 1);

	/* Blocked, TERM waits until it is asked for; the deaf one never asks for it. */
	block_all();
	if (fork_or_die() != 0)
		return 0;
	if (deaf)
		nanosleep(&time, NULL);
	else if (syscall(SYS_rt_sigtimedwait, &term, NULL, &time, sizeof(term)) == SIGTERM)
		puts("linger: TERM");
	puts("linger: end");
	return 0;
}

/* ---- network */

static int tcp_socket(const char *port, struct sockaddr_in *address, in_addr_t host)
{
	*address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)number_of(port)),
		.sin_addr.s_addr = htonl(host),
	};
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

int do_serve(char **args)
{
	static const char answer[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n"
		"Connection: close\r\n\r\ngranit hello\n";
	struct sockaddr_in address;
	struct pollfd polled[2];
	char request[4096];
	sigset_t ends;
	int one = 1;
	int fd = tcp_socket(args[0], &address, INADDR_ANY);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 64) != 0) {
		perror("probe: serve");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	polled[0] = (struct pollfd){.fd = fd, .events = POLLIN};
	polled[1] = (struct pollfd){.fd = signalfd(-1, &ends, SFD_CLOEXEC), .events = POLLIN};
	printf("serving on port %s\n", args[0]);
	for (;;) {
		int client;

		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[1].revents != 0)
			break;
		client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		if (client < 0)
			continue;
		if (read(client, request, sizeof(request)) > 0)
			(void)!write(client, answer, sizeof(answer) - 1);
		close(client);
	}
	puts("stopped");
	return 0;
}

int do_listen(char **args)
{
	const bool udp = strncmp(args[0], "udp:", 4) == 0;
	struct sockaddr_in address;
	int fd = tcp_socket(args[0] + (udp ? 4 : 0), &address, INADDR_LOOPBACK);

	if (udp)
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)told(NULL, bind(fd, (struct sockaddr *)&address, sizeof(address)));
	return 0;
}

int do_get(char **args)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct sockaddr_in address;
	char answer[4096];
	ssize_t n;
	int fd = tcp_socket(args[0], &address, INADDR_LOOPBACK);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		return told(NULL, -1);
	(void)!write(fd, request, sizeof(request) - 1);
	while ((n = read(fd, answer, sizeof(answer))) > 0)
		fwrite(answer, 1, (size_t)n, stdout);
	return 0;
}
