/* SPDX-License-Identifier: MIT */
/* Host names. musl's getaddrinfo(3) would add 17 kB, and keep signals waiting. */
#pragma once

#include "net/connect.h"
#include "sys/arena.h"
#include "sys/text.h"

enum { RESOLVE_MOST = 8 }; /* addresses of a name that are tried */

/*
 * The addresses of host, which is a numeric address, or a name in /etc/hosts or the DNS. Uses the
 * arena and leaves it as it was. Returns how many there are, at least one; -ECANCELED; or another
 * -errno with the reason added to why.
 */
int resolve(const char *host, uint16_t port, struct patience *p, struct arena *a,
	    union address ret[RESOLVE_MOST], struct text *why) must_check;
