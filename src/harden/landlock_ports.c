// SPDX-License-Identifier: MIT
/* Landlock's rules for ports (ABI 4: TCP, 10: UDP). */
#include "harden/landlock_ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "harden/landlock_abi.h"
#include "sys/sys.h"

enum { RULE_NET_PORT = 2 };

/* struct landlock_net_port_attr: 64 bits each, the port in the order of this machine's bytes. */
enum { ALLOWED_ACCESS, PORT, PORT_ATTRIBUTES };

static int allow_port(struct harden *h, int ruleset, uint64_t right, uint16_t number)
{
	const uint64_t attributes[PORT_ATTRIBUTES] = {[ALLOWED_ACCESS] = right, [PORT] = number};
	int r = sys_landlock_add_rule(ruleset, RULE_NET_PORT, attributes);

	return r < 0 ? step_failed(h, -r, "landlock_add_rule for a port") : 0;
}

static int allow_ports(struct harden *h, int ruleset, const struct ports *ports, uint64_t tcp,
		       uint64_t udp)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ports->count; i++)
		r = allow_port(h, ruleset, ports->list[i].udp ? udp : tcp, ports->list[i].number);
	return r;
}

int landlock_add_ports(struct harden *h, int ruleset, uint64_t net)
{
	const struct policy *p = h->policy;
	int r = allow_ports(h, ruleset, &p->listen, NET_BIND_TCP, NET_BIND_UDP);

	/* A socket that sends without having been bound is bound to port 0, any free one. */
	if (r == 0 && net & NET_BIND_UDP)
		r = allow_port(h, ruleset, NET_BIND_UDP, 0);
	return r ? r : allow_ports(h, ruleset, &p->connect, NET_CONNECT_TCP, NET_CONNECT_UDP);
}

static bool is_listed(const struct ports *ports, bool udp, uint16_t number)
{
	for (size_t i = 0; i < ports->count; i++)
		if (ports->list[i].udp == udp && ports->list[i].number == number)
			return true;
	return false;
}

/* Above the privileged ones, which have an EACCES of their own. */
static uint16_t unlisted_port(const struct ports *ports, bool udp)
{
	uint16_t number = UINT16_MAX;

	while (is_listed(ports, udp, number))
		number--;
	return number;
}

/*
 * Whether the call on this port is forbidden, which the kernel asks Landlock before it does
 * anything. Without a socket there is nothing to try.
 */
static bool is_denied(bool udp, uint16_t number,
		      int (*call)(int fd, const struct sockaddr *address, socklen_t len))
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(number),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	cleanup_fd int fd =
		socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 || (call(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 &&
			  errno == EACCES);
}

int landlock_try_ports(struct harden *h, uint64_t net)
{
	const struct policy *p = h->policy;
	bool holds = true;

	if (net & NET_BIND_TCP)
		holds &= is_denied(false, unlisted_port(&p->listen, false), bind);
	if (net & NET_BIND_UDP)
		holds &= is_denied(true, unlisted_port(&p->listen, true), bind);
	if (net & NET_CONNECT_TCP)
		holds &= is_denied(false, unlisted_port(&p->connect, false), connect);
	if (net & NET_CONNECT_UDP)
		holds &= is_denied(true, unlisted_port(&p->connect, true), connect);
	return step_holds(h, holds, "ports are not restricted, though the kernel said so");
}
