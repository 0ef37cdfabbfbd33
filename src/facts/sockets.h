/* SPDX-License-Identifier: MIT */
/*
 * Sockets through which the host is controlled: of container runtimes, machines, the kubelet,
 * systemd. Anyone who can connect to one is root there, or close to it.
 */
#pragma once

#include <stdbool.h>

/*
 * Whether path ends as that of such a socket does: in its name, with the name of its folder where
 * others are called so, too. Touches nothing.
 */
bool is_control_socket(const char *path);

/* What a search has met besides. */
struct socket_search {
	bool some;   /* one of names is an entry, or may be */
	bool barred; /* a way to where one could lie is barred (sys/sight.h) */
};

/*
 * The path of such a socket below the open directory, as in "crio/crio.sock": a constant, or NULL.
 * list is the same directory, open for reading, or -1. names, up to a NULL, are for the caller, who
 * need not read it again.
 */
const char *control_socket_below(int dir, int list, const char *const *names,
				 struct socket_search *ret);
