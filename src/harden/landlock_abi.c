// SPDX-License-Identifier: MIT
/* The table of what is asked for, by Landlock's ABI. */
#include "harden/landlock_abi.h"

#include "sys/text.h"

static bool always(const struct policy *p)
{
	(void)p;
	return true;
}

static bool has_ports(const struct ports *ports, bool udp)
{
	for (size_t i = 0; i < ports->count; i++)
		if (ports->list[i].udp == udp)
			return true;
	return false;
}

static bool listens_tcp(const struct policy *p)
{
	return has_ports(&p->listen, false);
}

static bool listens_udp(const struct policy *p)
{
	return has_ports(&p->listen, true);
}

static bool connects_tcp(const struct policy *p)
{
	return has_ports(&p->connect, false);
}

static bool connects_udp(const struct policy *p)
{
	return has_ports(&p->connect, true);
}

static bool connects_unix(const struct policy *p)
{
	return p->connect_unix.count > 0;
}

/*
 * Not in it: reading, which the program needs everywhere; and IOCTL_DEV (ABI 5), for which devices
 * there are is the runtime's choice, judged by the check "devices", and GPUs, terminals and tunnels
 * would be lost.
 */
static const struct {
	int abi;
	bool (*is_asked)(const struct policy *p);
	struct landlock_wish wish;
	bool named; /* by an option: it must hold */
} wishes[] = {
	{.abi = 2,
	 .is_asked = always,
	 .wish.fs = FS_EXECUTE | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_CHAR |
		    FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK |
		    FS_MAKE_SYM | FS_REFER},
	{.abi = 3, .is_asked = always, .wish.fs = FS_TRUNCATE},
	{.abi = 4, .is_asked = listens_tcp, .wish.net = NET_BIND_TCP, .named = true},
	{.abi = 4, .is_asked = connects_tcp, .wish.net = NET_CONNECT_TCP, .named = true},
	{.abi = 6, .is_asked = always, .wish.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL},
	{.abi = 7, .is_asked = always, .wish.flags = LOG_NEW_EXEC_ON},
	{.abi = 9, .is_asked = connects_unix, .wish.fs = FS_RESOLVE_UNIX, .named = true},
	{.abi = 10, .is_asked = listens_udp, .wish.net = NET_BIND_UDP, .named = true},
	{.abi = 10, .is_asked = connects_udp, .wish.net = NET_CONNECT_UDP, .named = true},
};

struct landlock_wish landlock_wish(const struct policy *p, int abi)
{
	struct landlock_wish all = {0};

	for (size_t i = 0; i < array_length(wishes); i++) {
		if (!wishes[i].is_asked(p))
			continue;
		if (wishes[i].named)
			all.abi_named = wishes[i].abi;
		if (wishes[i].abi > abi)
			continue;
		all.fs |= wishes[i].wish.fs;
		all.net |= wishes[i].wish.net;
		all.scoped |= wishes[i].wish.scoped;
		all.flags |= wishes[i].wish.flags;
	}
	return all;
}
