/* SPDX-License-Identifier: MIT */
/* Where container runtimes and their helpers listen: who may talk there is root on the host. */
#pragma once

#include <stdbool.h>

/* Whether the last part of path is what such a socket is called. Touches nothing. */
bool is_runtime_socket(const char *path);

/* The place of such a socket below the directory, a constant, as in "crio/crio.sock"; or NULL. */
const char *runtime_socket_below(int dir);
