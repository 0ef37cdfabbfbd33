/* SPDX-License-Identifier: MIT */
/* The sockets of container runtimes and their helpers: whoever can connect is root on the host. */
#pragma once

#include <stdbool.h>

/* Whether the last part of path is the name of such a socket. Touches nothing. */
bool is_runtime_socket(const char *path);

/*
 * The path of such a socket below the open directory, as in "crio/crio.sock": a constant, or NULL.
 */
const char *runtime_socket_below(int dir);
